"""`diagramgen check`: judge the segmentation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagramgen.cli.app import app
from diagramgen.cli.estate import Estate, analysed, estate_of, service_tags
from diagramgen.cli.inputs import Asked, takes_estate
from diagramgen.cli.words import Progress, fail, has_colors, problems_told, put_out, save, say, tell
from diagramgen.diagnostics import Diagnostic, InputError, near_miss_hint

if TYPE_CHECKING:
    from diagramgen.model.topology import Acceptance
    from diagramgen.report import Report, RuleFacts


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


@app.command(short_help="Judge the segmentation: boundaries, zone matrix, findings.")
@takes_estate
def check(
    asked: Asked,
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
    show_all: Annotated[bool, typer.Option("--all", help="Fold nothing away.")] = False,
) -> None:  # fmt: skip
    """Judge the segmentation: every boundary, who reaches whom, and the Zero Trust rules."""
    from diagramgen.report import RULES, chosen_rules, reaches

    forms = _forms_of(output or [])
    with problems_told():
        rules = chosen_rules(RULES, select or (), ignore or ())
        known = _known_findings(baseline)
    progress = Progress()
    with estate_of(asked, progress) as estate:
        report, every = _checked(asked, estate, rules, known, fail_on, progress)
    if form is not None or not forms:
        put_out(_report_text(report, (form or Form.text).value, show_all, is_file=False).rstrip("\n"))
    for file, name in forms:
        save(file, _report_text(report, name, show_all, is_file=True).encode("utf-8", "backslashreplace"))
    if new_baseline is not None:
        save(new_baseline, every.encode())
        return
    if form is not Form.text and (form is not None or forms):
        from diagramgen.report import headline

        say(headline(report))
    if any(reaches(finding.severity, fail_on.value) for finding in report.findings):
        raise typer.Exit(1)


def _checked(
    asked: Asked,
    estate: Estate,
    rules: tuple[RuleFacts, ...],
    known: frozenset[str],
    fail_on: FailOn,
    progress: Progress,
) -> tuple[Report, str]:
    """The report on the estate, and the text of a baseline with everything that counts in it."""
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

    topology, cut = estate.topology, estate.cut
    if wrong := unknown_rules(topology.acceptances, RULES):
        raise InputError(wrong)
    analysis = analysed(asked, estate, progress)
    left_out = {rule.id for rule in RULES} - {rule.id for rule in rules}
    acceptances, today = [a for a in topology.acceptances if a.rule not in left_out], date.today().isoformat()
    boundaries, findings = pipeline.check_topology(analysis, accepted_boundaries(acceptances, today))
    progress.done()
    findings = tuple(finding for finding in findings if finding.rule not in left_out)
    if cut is not None:
        boundaries = tuple(each for each in boundaries if cut.holds_any(topology, (each.a, each.b)))
        findings = tuple(finding for finding in findings if cut.holds_any(topology, finding.ids))
    applied = apply_acceptances(findings, boundaries, acceptances, today)
    new, old = without_known(applied.findings, known)
    _tell_acceptances(applied.expired, applied.unused if cut is None else (), estate)
    tags = service_tags(asked.service_tags)
    report = build_report(
        estate.reading, topology, boundaries, applied._replace(findings=new), baseline_known=old, rules=rules,
        omitted=getattr(analysis, "omitted", ()) if cut is None else (), fail_on=fail_on.value,
        service_tags=f"{tags.name} ({tags.date})" if tags and tags.date else tags.name if tags else "",
    )  # fmt: skip
    return report, write_baseline(applied.findings)


def _forms_of(files: list[str]) -> list[tuple[Path, str]]:
    """The form of each file by the end of its name."""
    from diagramgen.report import SUFFIXES

    found = []
    for file in files:
        name = Path(file).name.lower()
        longest_first = sorted(SUFFIXES, key=len, reverse=True)
        suffix = next((s for s in longest_first if name.endswith(s) and name != s), None)
        if suffix is None:
            ends = [s for s in SUFFIXES if s.count(".") == 1]
            hint = near_miss_hint(Path(file).suffix or name, ends)
            fail(f"cannot tell the format of `{file}`: its name must end in one of {', '.join(ends)}", *hint)
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


def _report_text(report: Report, form: str, show_all: bool, is_file: bool) -> str:
    """The report in one form, as wide as the terminal and in colours where there is one that wants them."""
    from shutil import get_terminal_size

    from diagramgen.report import WRITERS

    width = 120 if is_file else get_terminal_size((100, 24)).columns
    return WRITERS[form](report, width=width, color=not is_file and has_colors(), show_all=show_all)


def _tell_acceptances(
    expired: tuple[Acceptance, ...], unused: tuple[Acceptance, ...], estate: Estate
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
    tell((*over, *idle), estate.sources)
