"""What the program says of its input: diagnostics, and the one exception that carries those of a stage.

Three severities: an `error` stops the run (exit 2), a `warning` says that something was left out or doubtful, a
`note` tells a fact. Texts are lower case, values in backticks, no stop after one sentence.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from diagramgen.located import Place

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to say: `code` is stable for scripts, `line` and `column` (from 1) only where no path leads there.

    `related` are further places with a word each, such as ('first here', place). `span` is the part that is meant
    where the value at `place` is a line of text: its first character from 0, and its length.
    """

    severity: Severity
    code: str
    message: str
    place: Place | None = None
    hints: tuple[str, ...] = ()
    related: tuple[tuple[str, Place], ...] = ()
    line: int | None = None
    column: int | None = None
    span: tuple[int, int] | None = None


class InputError(Exception):
    """The user's input is wrong: carries every diagnostic of the stage, errors and the rest."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


class EnvironmentProblem(Exception):
    """Something outside the input is missing or in the way; the text says what to do."""


def near_miss(word: str, known: Sequence[str]) -> str | None:
    """The known word that `word` was probably meant to be.

    >>> near_miss("sunbets", ["subnets", "vnets"])
    'subnets'
    """
    by_folded = {k.lower().replace("-", "_"): k for k in known}
    folded = word.lower().replace("-", "_")
    if folded in by_folded:
        return by_folded[folded]
    found = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def near_miss_hint(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """The hint for an unknown word where a near miss is known; nothing else.

    >>> near_miss_hint(".pgn", [".png", ".svg"]), near_miss_hint(".pdf", [".png", ".svg"])
    (('did you mean `.png`?',), ())
    """
    close = near_miss(word, known)
    return (f"did you mean `{close}`?",) if close is not None else ()


def did_you_mean(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """The hint for an unknown word: the near miss, or the list of what there is when it is short."""
    if close := near_miss_hint(word, known):
        return close
    if known and len(known) <= 12:
        return ("known here: " + ", ".join(f"`{k}`" for k in sorted(known)),)
    return ()
