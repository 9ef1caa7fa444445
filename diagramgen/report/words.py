"""Words that all reports for people share: what levels and statuses are called, what passes, how a boundary holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from diagramgen.analyse.verdicts import ASSUMPTIONS, SEVERITIES, Boundary, Level, Status
from diagramgen.model.topology import Acceptance
from diagramgen.model.traffic import service_text
from diagramgen.report.facts import Report, sides

LEVEL_NAMES: Mapping[Level, str] = {
    "subscription": "Subscriptions",
    "vnet": "VNets",
    "subnet": "Subnets of a VNet",
    "internet": "The Internet and a VNet",
    "on-premises": "On-premises and Azure",
    "paas": "Platform services and VNets",
}
STATUS_WORDS: Mapping[Status, str] = {
    "gap": "GAP", "unknown": "UNKNOWN", "enforced": "HELD", "no-path": "NO PATH",
}  # fmt: skip
CELL_SIGNS: Mapping[Status, str] = {"gap": "!", "unknown": "?", "enforced": "=", "no-path": "."}
CELL_MEANINGS: Mapping[Status, str] = {
    "gap": "traffic passes that no rule names",
    "unknown": "the input does not tell",
    "enforced": "held: only what is named passes",
    "no-path": "nothing connects the two",
}


def pair(report: Report, boundary: Boundary) -> str:
    """Both sides by name."""
    return f"{report.name(boundary.a)} | {report.name(boundary.b)}"


def how(report: Report, boundary: Boundary) -> tuple[str, ...]:
    """Why a boundary has its status, the most telling first."""
    said = [*_passing(report, boundary), boundary.reason]
    if boundary.status == "enforced":
        said.insert(0, f"by {', '.join(boundary.by)}" if boundary.by else "")
    if boundary.status == "no-path" and not boundary.reason:
        said.append("nothing connects them")
    if boundary.status == "unknown":
        said += [ASSUMPTIONS.get(code, code) for code in boundary.assumptions[:2]]
    if boundary.declared and boundary.declared != boundary.status:
        said.append(f"declared as {boundary.declared}")
    acceptance = report.accepted.get(sides(boundary))
    if acceptance is not None and report.is_accepted(boundary):
        said.insert(0, f"accepted until {acceptance.until}: {acceptance.reason}")
    told = tuple(dict.fromkeys(filter(None, said)))
    return told or ((CELL_MEANINGS[boundary.status],) if boundary.status in ("gap", "unknown") else ())


def _passing(report: Report, boundary: Boundary) -> list[str]:
    """What passes, a line a direction: that for which it is a gap, or unknown, or else all that is allowed."""
    if boundary.status == "gap":
        flows, verb = boundary.gaps, "passes"
    elif boundary.status == "unknown":
        flows, verb = tuple(f for f in boundary.flows if not f.is_sure and not f.is_specific), "may pass"
    else:
        flows, verb = boundary.flows, ""
    ways: dict[tuple[str, str], list[str]] = {}
    for flow in flows:
        services = service_text(flow.packets.services) if flow.packets else "traffic"
        ways.setdefault((flow.source, flow.target), []).append("anything" if services == "any" else services)
    lines = []
    for (source, target), passing in ways.items():
        words = ", ".join(dict.fromkeys(passing))
        way = f"from {report.name(source)} to {report.name(target)}"
        lines.append(f"{words} {verb} {way}" if verb else f"lets {words} pass {way}")
    if len(lines) > 3:
        lines = [*lines[:2], f"and {len(lines) - 2} ways more"]
    reasons = dict.fromkeys(flow.reason for flow in flows if flow.reason and flow.reason != boundary.reason)
    return [*lines, *list(reasons)[:2]]


def headline(report: Report) -> str:
    """The result in one line: the findings that count, and how many boundaries hold."""
    held = sum(row.holds for row in report.levels)
    gaps = sum(row.gaps for row in report.levels)
    unknown = sum(row.unknown for row in report.levels)
    accepted = sum(row.accepted for row in report.levels)
    boundaries = f"boundaries: {held:,} held, {gaps:,} with gaps, {unknown:,} unknown"
    return f"{severity_counts(report)}; {boundaries}" + (f", {accepted:,} accepted" if accepted else "")


def severity_counts(report: Report) -> str:
    """The findings that count by severity, and those that do not."""
    found = Counter(finding.severity for finding in report.findings)
    words = ", ".join(f"{found[severity]} {severity}" for severity in SEVERITIES if found[severity])
    told = f"findings: {words}" if words else "no findings"
    if report.suppressed:
        told += f", {len(report.suppressed)} accepted"
    if report.baseline_known:
        told += f", {report.baseline_known} known from the baseline"
    return told


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "file"), counted(1200, "file")
    ('1 file', '1,200 files')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def acceptance_of(report: Report, acceptance: Acceptance) -> str:
    """What an acceptance is about, in words."""
    things = [report.name(rid) for rid in acceptance.ids]
    what = " | ".join(things) if acceptance.is_between else ", ".join(things)
    return f"{acceptance.rule} {what}".strip()


def input_words(report: Report) -> str:
    """What was judged, in one line."""
    formats = Counter(report.input.formats.values())
    files = ", ".join(f"{number} {kind or 'of no known kind'}" for kind, number in sorted(formats.items()))
    things = ", ".join(f"{number:,} {_noun(name, number)}" for name, number in report.input.counts.items())
    return f"{counted(len(report.input.formats), 'file')} ({files})" + (f": {things}" if things else "")


def _noun(name: str, number: int) -> str:
    singular = name[:-1] if number == 1 else name
    return {"vnets": "VNets", "vnet": "VNet"}.get(singular, singular)
