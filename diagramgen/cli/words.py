"""What the program says: words to stderr, data to stdout, and the end of a run that cannot go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from diagramgen.diagnostics import Diagnostic, EnvironmentProblem, InputError

if TYPE_CHECKING:
    from diagramgen.read import Source


def say(text: str) -> None:
    """A line or several to stderr."""
    try:
        print(text, file=sys.stderr)
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), file=sys.stderr)


def put_out(text: str) -> None:
    """Data to stdout, whole; a full disk or a closed pipe ends the program with a word."""
    try:
        print(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        print(text.replace("─", "-").encode(encoding, "backslashreplace").decode(encoding))
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = None
        reason = (error.strerror or str(error)).lower()
        raise EnvironmentProblem(f"cannot write to stdout: {reason}") from error


def save(file: Path, data: bytes, verb: str = "wrote") -> None:
    """Puts a file in its place, whole, and says so."""
    from diagramgen.system import write_whole

    write_whole(file, data)
    say(f"{verb} {file}")


def fail(message: str, *hints: str) -> NoReturn:
    """Ends the program with 2 and a message."""
    say(f"error: {message}")
    for hint in hints:
        say(f"  hint: {hint}")
    raise typer.Exit(2)


def tell(diagnostics: Iterable[Diagnostic], sources: Iterable[Source] = ()) -> None:
    """Diagnostics with the lines that they are about."""
    told = tuple(diagnostics)
    if not told:
        return
    from diagramgen.read import texts_of
    from diagramgen.read.render_diagnostics import render_diagnostics

    say(render_diagnostics(told, texts_of(sources)).rstrip("\n"))


def tell_unknown(unknown: Mapping[str, int]) -> None:
    """How many resources of which types the program does not know."""
    if unknown:
        often = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{number} {name}" for name, number in often)
        say(f"note: not drawn, as the program does not know these types: {listed}")


@contextmanager
def problems_told(sources: Iterable[Source] = ()) -> Iterator[None]:
    """Problems of the input, or of what options say, are told and end the program with 2."""
    try:
        yield
    except InputError as error:
        tell(error.diagnostics, sources)
        raise typer.Exit(2) from None


def has_colors() -> bool:
    """Whether stdout is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """One line on a terminal that tells what is being done; nothing elsewhere."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def say(self, what: str) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[K{what} ...")
            sys.stderr.flush()

    def done(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
