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
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from diagramgen import __version__
from diagramgen.diagnostics import Diagnostic, EnvironmentProblem, InputError, did_you_mean

if TYPE_CHECKING:
    from diagramgen.analyse.tags import ServiceTags
    from diagramgen.model.topology import Acceptance
    from diagramgen.read import Source
    from diagramgen.report import Report, RuleFacts

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


class Form(StrEnum):
    """The forms of a report."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    markdown = "markdown"


class FailOn(StrEnum):
    """The mildest severity for which `check` ends with 1."""

    critical = "critical"
    high = "high"
    medium = "medium"
    low = "low"
    none = "none"


class Shell(StrEnum):
    """Shells that `query` writes for."""

    bash = "bash"
    powershell = "powershell"


class Protocol(StrEnum):
    """The protocols that `trace` follows."""

    tcp = "tcp"
    udp = "udp"
    icmp = "icmp"
    esp = "esp"
    ah = "ah"
    any = "any"


class TraceForm(StrEnum):
    """The forms in which `trace` answers."""

    text = "text"
    json = "json"


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
    service_tags: Annotated[Path | None, typer.Option(metavar="FILE", help="Microsoft's weekly ServiceTags_Public "
                            "file: the addresses behind service tags.")] = None,
) -> None:  # fmt: skip
    """Draw an estate: subscriptions, VNets, subnets, links, and the boundaries between them as red lines."""
    targets = _drawings(output or [])
    with _told_words():
        tags = _service_tags(service_tags)
    with _told(inputs) as sources:
        _draw_all(sources, inputs, targets, view or [], theme, icons, scale, title, tags)


def _draw_all(
    sources: list[Source], inputs: list[str], targets: list[Path], views: list[str], theme_name: str,
    icons_dir: Path | None, scale: float, title: str | None, tags: ServiceTags | None,
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
    analysis = pipeline.analyse_topology(pipeline.build_topology(reading), tags)
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
def check(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Specs or exported state: files, folders or - "
                      "for stdin; several are merged into one estate.")],
    form: Annotated[Form | None, typer.Option("--format", help="The form of the report on stdout; text, where no file "
                    "is asked for.")] = None,
    output: Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write the "
                      "report; .txt, .json, .sarif, .xml (JUnit) or .md. Repeatable.")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="End with 1 for findings of that severity or worse.")] = FailOn.high,
    select: Annotated[list[str] | None, typer.Option(metavar="ID", help="Ask this rule alone, such as ZT-08, or a "
                      "family, such as ZT; repeatable.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="ID", help="Leave this rule out; repeatable.")] = None,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Count only findings that are not in this "
                        "file.")] = None,
    new_baseline: Annotated[Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write the findings of "
                            "this run to a file for --baseline, and end with 0.")] = None,
    service_tags: Annotated[Path | None, typer.Option(metavar="FILE", help="Microsoft's weekly ServiceTags_Public "
                            "file: the addresses behind service tags.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Fold nothing away.")] = False,
) -> None:  # fmt: skip
    """Judge the segmentation: every boundary, who reaches whom, and the Zero Trust rules."""
    from diagramgen.report import RULES, chosen_rules, reaches

    forms = _forms_of(output or [])
    with _told_words():
        rules = chosen_rules(RULES, select or (), ignore or ())
        known = _known_findings(baseline)
        tags = _service_tags(service_tags)
    with _told(inputs) as sources:
        report, every = _checked(sources, rules, known, tags, fail_on)
    if form is not None or not forms:
        _print(_report_text(report, (form or Form.text).value, show_all, is_file=False).rstrip("\n"))
    for file, name in forms:
        _write(file, _report_text(report, name, show_all, is_file=True))
    if new_baseline is not None:
        _write(new_baseline, every)
        return
    if form is not Form.text and (form is not None or forms):
        _say(_headline(report))
    if any(reaches(finding.severity, fail_on.value) for finding in report.findings):
        raise typer.Exit(1)


def _checked(
    sources: list[Source],
    rules: tuple[RuleFacts, ...],
    known: frozenset[str],
    tags: ServiceTags | None,
    fail_on: FailOn,
) -> tuple[Report, str]:
    """The report on what the sources hold, and the text of a baseline with everything that counts in it."""
    from datetime import date

    from diagramgen import pipeline
    from diagramgen.report import (
        RULES,
        accepted_boundaries,
        apply_acceptances,
        build_report,
        unknown_rules,
        without_known,
        write_baseline,
    )

    progress = _Progress()
    progress.say("reading")
    reading = pipeline.read_records(sources)
    topology = pipeline.build_topology(reading)
    if wrong := unknown_rules(topology.acceptances, RULES):
        raise InputError((*reading.diagnostics, *wrong))
    _report(reading.diagnostics, sources)
    progress.say("analysing")
    analysis = pipeline.analyse_topology(topology, tags) if tags else pipeline.analyse_topology(topology)
    left_out = {rule.id for rule in RULES} - {rule.id for rule in rules}
    acceptances, today = [a for a in topology.acceptances if a.rule not in left_out], date.today().isoformat()
    boundaries, findings = pipeline.check_topology(analysis, accepted_boundaries(acceptances, today))
    progress.done()
    findings = tuple(finding for finding in findings if finding.rule not in left_out)
    applied = apply_acceptances(findings, boundaries, acceptances, today)
    new, old = without_known(applied.findings, known)
    _report_acceptances(applied.expired, applied.unused, sources)
    report = build_report(
        reading, topology, boundaries, applied._replace(findings=new), baseline_known=old, rules=rules,
        omitted=getattr(analysis, "omitted", ()), fail_on=fail_on.value,
        service_tags=f"{tags.name} ({tags.date})" if tags and tags.date else tags.name if tags else "",
    )  # fmt: skip
    return report, write_baseline(applied.findings)


@app.command()
def trace(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Specs or exported state: files, folders or - "
                      "for stdin; several are merged into one estate.")],
    source: Annotated[str, typer.Option("--from", metavar="END", help="Where packets begin: an id, a name, an address, "
                      "internet or on-premises.")],
    target: Annotated[str, typer.Option("--to", metavar="END", help="Where they go.")],
    port: Annotated[str, typer.Option(metavar="N", help="The destination port, or several: 443, 80-90; any without "
                    "it.")] = "*",
    protocol: Annotated[Protocol, typer.Option(help="tcp, udp, icmp, esp, ah or any.")] = Protocol.tcp,
    form: Annotated[TraceForm, typer.Option("--format", help="text or json.")] = TraceForm.text,
    output: Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help="Draw the estate with the "
                      "way marked; .svg, .png, .dot or .json (geometry). Repeatable.")] = None,
    service_tags: Annotated[Path | None, typer.Option(metavar="FILE", help="Microsoft's weekly ServiceTags_Public "
                            "file: the addresses behind service tags.")] = None,
    theme: Annotated[str, typer.Option(help="The theme of the drawing.")] = "reference",
) -> None:  # fmt: skip
    """Follow a packet: can A reach B, by which way, and which rule decides? Ends with 0 if it can, else with 1."""
    from diagramgen.model.traffic import parse_service

    services = parse_service(protocol.value, port)
    if not services:
        _fail(f"`{port}` is no port", "write 443, 80-90 or 80,443")
    targets = _drawings(output or [])
    with _told_words():
        tags = _service_tags(service_tags)
    with _told(inputs) as sources:
        verdict = _traced(sources, (source, target), services, tags, form.value, targets, theme)
    if verdict != "allowed":
        raise typer.Exit(1)


def _traced(
    sources: list[Source],
    ends: tuple[str, str],
    services: tuple[tuple[int, int], ...],
    tags: ServiceTags | None,
    form: str,
    targets: list[Path],
    theme: str,
) -> str:
    """Traces, prints and draws; the verdict."""
    from diagramgen import pipeline
    from diagramgen.report.traces import trace_json, trace_text

    reading = pipeline.read_records(sources)
    _report(reading.diagnostics, sources)
    analysis = pipeline.analyse_topology(pipeline.build_topology(reading), tags)
    found = pipeline.trace_between(analysis, *ends, services)
    if form == "json":
        _print(trace_json(found, analysis.topology, reading.sources).rstrip("\n"))
    else:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        _print(trace_text(found, analysis.topology, reading.sources, color).rstrip("\n"))
    if targets:
        from diagramgen.system import read_theme

        plan, scene = pipeline.draw(analysis, read_theme(theme), trace=found)
        _save(list(_written(plan, scene, targets, None, 2.0)))
    return found.verdict


def _drawings(output: list[str]) -> list[Path]:
    """The files to draw to; a suffix that is no drawing's ends the program."""
    targets = [Path(file) for file in output]
    for target in targets:
        if target.suffix.lower() not in FORMATS:
            hint = did_you_mean(target.suffix or target.name, FORMATS)
            _fail(
                f"cannot tell the format of `{target}`: its name must end in one of {', '.join(FORMATS)}",
                *hint,
            )
    return targets


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


def _forms_of(files: list[str]) -> list[tuple[Path, str]]:
    """The form of each file by the end of its name."""
    from diagramgen.report import SUFFIXES

    found = []
    for file in files:
        name = Path(file).name.lower()
        suffix = next(
            (s for s in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(s) and name != s), None
        )
        if suffix is None:
            ends = [s for s in SUFFIXES if s.count(".") == 1]
            hint = did_you_mean(Path(file).suffix or name, ends)
            _fail(f"cannot tell the format of `{file}`: its name must end in one of {', '.join(ends)}", *hint)
        found.append((Path(file), SUFFIXES[suffix]))
    return found


def _known_findings(baseline: Path | None) -> frozenset[str]:
    """The fingerprints in a baseline file; none without one."""
    from diagramgen.read.text import decode
    from diagramgen.report import read_baseline
    from diagramgen.system import read_source

    if baseline is None:
        return frozenset()
    return read_baseline(str(baseline), decode(str(baseline), read_source(baseline)))


def _service_tags(file: Path | None) -> ServiceTags | None:
    from diagramgen.system import read_source

    if file is None:
        return None
    from diagramgen.analyse.tags import read_service_tags

    return read_service_tags(read_source(file), str(file))


def _report_text(report: Report, form: str, show_all: bool, is_file: bool) -> str:
    """The report in one form, as wide as the terminal and in colours where there is one that wants them."""
    from shutil import get_terminal_size

    from diagramgen.report import WRITERS

    has_colors = not is_file and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = 120 if is_file else get_terminal_size((100, 24)).columns
    color = has_colors and os.environ.get("TERM") != "dumb"
    return WRITERS[form](report, width=width, color=color, show_all=show_all)


def _headline(report: Report) -> str:
    from diagramgen.report import headline

    return headline(report)


def _write(file: Path, text: str) -> None:
    from diagramgen.system import write_whole

    write_whole(file, text.encode("utf-8", "backslashreplace"))
    _say(f"wrote {file}")


def _report_acceptances(
    expired: tuple[Acceptance, ...], unused: tuple[Acceptance, ...], sources: list[Source]
) -> None:
    """Warnings of acceptances that are over, notes of those that fit nothing."""
    over = [
        Diagnostic(
            "warning", "acceptance-ended", f"the last day of this acceptance was {a.until}: its findings count again",
            a.place / "until", ("mend what it is about, or set a new day",),
        )
        for a in expired
    ]  # fmt: skip
    idle = [
        Diagnostic("note", "acceptance-unused", "this acceptance fits nothing that was found", a.place)
        for a in unused
    ]
    _report((*over, *idle), sources)


@contextmanager
def _told_words() -> Iterator[None]:
    """Errors in what options say, told without lines, end the program."""
    try:
        yield
    except InputError as error:
        _report(error.diagnostics, [])
        raise typer.Exit(2) from None


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
    except UnicodeEncodeError:
        plain = text.replace("─", "-")
        print(
            plain.encode(sys.stdout.encoding or "ascii", "backslashreplace").decode(
                sys.stdout.encoding or "ascii"
            )
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = None
        raise EnvironmentProblem(
            f"cannot write to stdout: {(error.strerror or str(error)).lower()}"
        ) from error


def _fail(message: str, *hints: str) -> NoReturn:
    _say(f"error: {message}")
    for hint in hints:
        _say(f"  hint: {hint}")
    raise typer.Exit(2)
