"""Words that all reports for people share: what levels and statuses are called, what passes, how a boundary holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from diagramgen.analyse.doubts import RULES_UNKNOWN, doubts_in_words
from diagramgen.analyse.verdicts import ASSUMPTIONS, SEVERITIES, AllowedFlow, Boundary, Level, Status
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
    said = [*_passing(report, boundary), *doubts_in_words(boundary.reason)]
    if boundary.status == "enforced":
        said.insert(0, f"by {', '.join(boundary.by)}" if boundary.by else "")
    if boundary.status == "no-path" and not boundary.reason:
        said.append("nothing connects them")
    if boundary.status == "unknown":
        if named := _undecided(boundary):
            said = [*(line for line in said if line not in RULES_UNKNOWN), *named]
        said += [ASSUMPTIONS.get(code, code) for code in boundary.assumptions[:2]]
    if boundary.declared and boundary.declared != boundary.status:
        said.append(f"declared as {boundary.declared}")
    acceptance = report.accepted.get(sides(boundary))
    if acceptance is not None and report.is_accepted(boundary):
        said.insert(0, f"accepted until {acceptance.until}: {acceptance.reason}")
    told = tuple(dict.fromkeys(filter(None, said)))
    return told or ((CELL_MEANINGS[boundary.status],) if boundary.status in ("gap", "unknown") else ())


def _passing(report: Report, boundary: Boundary) -> list[str]:
    """What passes, a line a goal: that for which it is a gap, or unknown, or else all that is allowed."""
    reasons: dict[str, None] = {}
    if boundary.status == "gap":
        flows, verb = boundary.gaps, "passes"
    elif boundary.status == "unknown":
        flows, verb = tuple(f for f in boundary.flows if not f.is_sure and not f.is_specific), "may pass"
    else:
        flows, verb = boundary.flows, ""
    if verb:
        reasons = dict.fromkeys(
            flow.reason for flow in flows if flow.reason and flow.reason != boundary.reason
        )
    lines = []
    for (services, target), sources in _ways(flows).items():
        way = f"from {listed([report.name(source) for source in sources])} to {report.name(target)}"
        lines.append(f"{services} {verb} {way}" if verb else f"lets {services} pass {way}")
    if len(lines) > 3:
        lines = [*lines[:2], f"and {len(lines) - 2} ways more"]
    doubts = dict.fromkeys(doubt for reason in reasons for doubt in doubts_in_words(reason))
    return [*lines, *list(doubts)[:2]]


def _undecided(boundary: Boundary) -> list[str]:
    """What is not known of the controls on the way, by their names, which the codes of doubts leave out."""
    texts = (
        f"{rule.control_name}: {rule.text}" if rule.control_name else rule.text
        for rule in boundary.rules
        if rule.name == "?"
    )
    return list(dict.fromkeys(texts))[:2]


def _ways(flows: Iterable[AllowedFlow]) -> Mapping[tuple[str, str], list[str]]:
    """By services and target the sources of some flows, each way once with all its services."""
    services: dict[tuple[str, str], dict[str, None]] = {}
    for flow in flows:
        words = service_text(flow.packets.services) if flow.packets else "traffic"
        services.setdefault((flow.source, flow.target), {})[
            words.replace("any", "anything", 1) if words.startswith("any") else words
        ] = None
    ways: dict[tuple[str, str], list[str]] = {}
    for (source, target), passing in services.items():
        ways.setdefault((", ".join(passing), target), []).append(source)
    return ways


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names in a row, at most `most` of them.

    >>> listed(["Web", "App", "Data"], 2)
    'Web, App and 1 more'
    """
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


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
