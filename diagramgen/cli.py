"""The command line: arguments in, files out, words to stderr, data to stdout.

Exit 0: done. 1: done, with findings. 2: the input or the call is wrong. A drawing is written whole or not at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagramgen import __version__
from diagramgen.diagnostics import Diagnostic, EnvironmentProblem, InputError, did_you_mean

if TYPE_CHECKING:
    from diagramgen.read import Source

DRAWINGS = (".svg", ".png", ".dot", ".pdf", ".md", ".html")
"""Files in a folder that are drawings and texts about them: not worth a warning each."""
FORMATS = (".svg", ".png", ".dot", ".json")

app = typer.Typer(
    name="diagramgen",
    help="Draw how an Azure estate is segmented, from a YAML spec or an exported state.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Pattern(StrEnum):
    """The first specs that `init` writes."""

    single_vnet = "single-vnet"
    peered = "peered"
    hub_spoke = "hub-spoke"
    virtual_wan = "virtual-wan"


class Shell(StrEnum):
    """Shells that `query` writes for."""

    bash = "bash"
    powershell = "powershell"


def run() -> None:
    """Runs the program; what the user can mend ends with a message and exit code 2."""
    try:
        app(standalone_mode=True)
    except EnvironmentProblem as problem:
        _say(f"error: {problem}")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if version:
        print(f"diagramgen {__version__}")
        raise typer.Exit


@app.command()
def render(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Specs or exported state: files, folders or - "
                      "for stdin; several are merged into one estate.")],
    output: Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help="Where to draw; .svg, "
                      ".png, .dot or .json (geometry). Repeatable. `{view}` in it stands for each view's name. "
                      "Without it, every view goes to out/NAME.svg.")] = None,
    view: Annotated[list[str] | None, typer.Option("--view", metavar="NAME",
                    help="A view of the spec; repeatable.")] = None,
    theme: Annotated[str, typer.Option(
                     help="reference, dark, print, high-contrast, sketch, or a YAML file.")] = "reference",
    icons: Annotated[Path | None, typer.Option(metavar="DIR",
                     help="A folder of Microsoft's own SVG icons to use.")] = None,
    scale: Annotated[float, typer.Option(min=0.1, max=10.0,
                     help="Pixels of a PNG for each px of the drawing.")] = 2.0,
    title: Annotated[str | None, typer.Option(help="The drawing's title, instead of the input's.")] = None,
) -> None:  # fmt: skip
    """Draw an estate: subscriptions, VNets, subnets, links, and the boundaries between them as red lines."""
    targets = [Path(file) for file in output or ()]
    for target in targets:
        if target.suffix.lower() not in FORMATS:
            hint = did_you_mean(target.suffix or target.name, FORMATS)
            _fail(
                f"cannot tell the format of `{target}`: its name must end in one of {', '.join(FORMATS)}",
                *hint,
            )
    with _told(inputs) as sources:
        _draw_all(sources, inputs, targets, view or [], theme, icons, scale, title)


def _draw_all(
    sources: list[Source], inputs: list[str], targets: list[Path], views: list[str], theme_name: str,
    icons_dir: Path | None, scale: float, title: str | None,
) -> None:  # fmt: skip
    from diagramgen import pipeline
    from diagramgen.system import read_theme

    progress = _Progress()
    theme = read_theme(theme_name)
    progress.say("reading")
    reading = pipeline.read_records(sources)
    _report(reading.diagnostics, sources)
    _report_unknown(reading.unknown)
    progress.say("analysing")
    analysis = pipeline.analyse_topology(pipeline.build_topology(reading))
    stem = _stem(inputs)
    known = pipeline.view_names(analysis.topology)
    jobs = _jobs(stem, known, views, targets)
    _refuse_collisions(jobs)
    drawn = []
    plans = []
    for view, files in jobs:
        progress.say(f"drawing {view or stem}")
        plan, scene = pipeline.draw(analysis, theme, view, title)
        plans.append((view, plan))
        drawn += [(file, data) for file, data in _written(plan, scene, files, icons_dir, scale)]
    progress.done()
    _report(pipeline.undrawn_boundaries(analysis, plans), sources)
    _save(drawn)


def _jobs(
    stem: str, known: tuple[str, ...], views: list[str], targets: list[Path]
) -> list[tuple[str | None, list[Path]]]:
    """Which view goes to which files.

    A view that is named like the input, or `default`, stands for the whole file; without `-o` all views are drawn.
    """
    own = next((name for name in (stem, "default") if name in known), None)
    if not targets:
        chosen: list[str | None] = [own, *(name for name in known if name != own)]
        if views or (known and own is None):
            chosen = [*(views or known)]
        return [(name, [Path("out") / f"{_file_name(stem, name)}.svg"]) for name in chosen]
    single = [target for target in targets if "{view}" not in str(target)]
    many = [target for target in targets if "{view}" in str(target)]
    if len(views) > 1 and single:
        _fail(
            f"several views, one file: `{single[0]}`",
            "write `{view}` in the file's name, such as -o 'out/{view}.svg'",
        )
    every: list[str | None] = [*(views or known)] or [None]
    jobs = [
        (name, [Path(str(t).replace("{view}", _safe(name or stem))) for t in many]) for name in every if many
    ]
    if single:
        jobs.append((views[0] if views else own, single))
    return jobs


def _refuse_collisions(jobs: list[tuple[str | None, list[Path]]]) -> None:
    """Ends the program where two views would be written to one file."""
    owner: dict[Path, str | None] = {}
    for view, files in jobs:
        for file in files:
            if owner.setdefault(file, view) != view:
                _fail(
                    f"the views `{owner[file]}` and `{view}` would both be written to `{file}`",
                    "rename one of them, or draw them one at a time with --view and -o",
                )


def _file_name(stem: str, view: str | None) -> str:
    if view is None or view in (stem, "default"):
        return _safe(stem)
    return _safe(f"{stem}-{view}")


def _safe(name: str) -> str:
    """A name that is a good file name on every system."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")
    return kept[:120] or "estate"


def _written(
    plan: object, scene: object, files: list[Path], icons_dir: Path | None, scale: float
) -> Iterator[tuple[Path, bytes]]:
    from diagramgen.system import load_icons
    from diagramgen.write import Drawing, write_drawing

    drawing = Drawing(plan, scene, load_icons(scene.icons, icons_dir), scale)  # type: ignore[arg-type,attr-defined]
    made: dict[str, bytes] = {}
    for file in files:
        suffix = file.suffix.lower()
        if suffix not in made:
            made[suffix] = write_drawing(drawing, suffix)
        yield file, made[suffix]


def _save(drawn: list[tuple[Path, bytes]]) -> None:
    from diagramgen.system import write_whole

    for file, data in drawn:
        write_whole(file, data)
        _say(f"drew {file}")


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The spec to write; - for stdout.")] = Path(
        "network.yaml"
    ),
    pattern: Annotated[Pattern, typer.Option(help="What the first spec shows.")] = Pattern.single_vnet,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a commented first spec to edit."""
    from diagramgen.read.spec import init_spec
    from diagramgen.system import write_whole

    text = init_spec(pattern.value)
    if str(file) == "-":
        _print(text.rstrip("\n"))
        return
    if file.exists() and not force:
        _fail(
            f"`{file}` is there already and was not touched",
            "name another file, or say --force to replace it",
        )
    write_whole(file, text.encode())
    _say(f"wrote {file}\ndraw it with: diagramgen render {file}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the spec language, for editors."""
    import json

    from diagramgen.read.spec import spec_schema

    _print(json.dumps(spec_schema(), indent=2, ensure_ascii=False))


@app.command()
def query(
    shell: Annotated[Shell, typer.Option(help="The shell to write for.")] = Shell.bash,
) -> None:
    """Print the commands that export from Azure what `render` wants, with paging."""
    from diagramgen.read.query import query_commands

    _print(query_commands(shell.value).rstrip("\n"))


@contextmanager
def _told(inputs: list[str]) -> Iterator[list[Source]]:
    """The sources behind `inputs`; errors in them are printed with their lines, and end the program."""
    sources = list(_sources(inputs))
    try:
        yield sources
    except InputError as error:
        _report(error.diagnostics, sources)
        raise typer.Exit(2) from None


def _sources(inputs: list[str]) -> Iterator[Source]:
    from diagramgen.read import Source
    from diagramgen.system import read_source

    seen: set[str] = set()
    for name in inputs:
        path = Path(name)
        if name == "-":
            yield Source("<stdin>", read_source("-"), True)
        elif path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file, path)
                     and file.suffix.lower() not in DRAWINGS]  # fmt: skip
            if not files:
                _fail(
                    f"the folder `{name}` holds no input", "put specs (.yaml) or exported state (.json) there"
                )
            for file in files:
                if str(file) not in seen:
                    seen.add(str(file))
                    yield Source(str(file), read_source(file), False)
        else:
            if not path.exists():
                near = [str(p) for p in path.parent.glob("*")] if path.parent.is_dir() else []
                _fail(f"there is no file `{name}`", *did_you_mean(name, near[:200])[:1])
            if name not in seen:
                seen.add(name)
                yield Source(name, read_source(path), True)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _stem(inputs: list[str]) -> str:
    first = inputs[0]
    if first == "-":
        return "estate"
    path = Path(first).resolve()
    return (path.name if path.is_dir() else path.stem) or "estate"


def _report(diagnostics: tuple[Diagnostic, ...], sources: list[Source]) -> None:
    """Prints diagnostics with the lines that they are about."""
    if not diagnostics:
        return
    from diagramgen.read.render_diagnostics import render_diagnostics
    from diagramgen.read.text import decode

    texts = {}
    for source in sources:
        try:
            texts[source.name] = decode(source.name, source.data)
        except InputError:
            texts[source.name] = ""
    _say(render_diagnostics(diagnostics, texts).rstrip("\n"))


def _report_unknown(unknown: object) -> None:
    counts = dict(unknown)  # type: ignore[call-overload]
    if counts:
        told = ", ".join(
            f"{count} {name}" for name, count in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
        )
        _say(f"note: not drawn, as the program does not know these types: {told}")


class _Progress:
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


def _say(text: str) -> None:
    try:
        print(text, file=sys.stderr)
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), file=sys.stderr)


def _print(text: str) -> None:
    """Data to stdout, whole; a full disk or a closed pipe ends the program with a word."""
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = None
        raise EnvironmentProblem(
            f"cannot write to stdout: {(error.strerror or str(error)).lower()}"
        ) from error


def _fail(message: str, *hints: str) -> None:
    _say(f"error: {message}")
    for hint in hints:
        _say(f"  hint: {hint}")
    raise typer.Exit(2)
