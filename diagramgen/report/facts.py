"""Report: everything that a writer needs, without a clock, a file or a topology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from diagramgen.analyse.verdicts import SEVERITIES, Boundary, Finding, Level, Severity, Status
from diagramgen.located import NOTHING, NOWHERE, Place
from diagramgen.model.topology import Acceptance

Threshold = Literal["critical", "high", "medium", "low", "none"]
"""The mildest severity that makes a run fail; `none` lets none fail it."""

WORST_FIRST: tuple[Status, ...] = ("gap", "unknown", "enforced", "no-path")


class RuleFacts(NamedTuple):
    """A rule that was asked: what it demands in one line, what to do about it, and where Microsoft says so.

    `elsewhere` names checks like it in other programs.
    """

    id: str
    title: str
    severity: Severity
    fix: str = ""
    sources: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class LevelRow(NamedTuple):
    """A row of the summary: what holds between things of one level, by default and here.

    `holds` counts what nothing connects and what a control holds; `accepted` those gaps that count no more.
    """

    level: Level
    default: str
    connections: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    holds: int = 0
    gaps: int = 0
    unknown: int = 0
    accepted: int = 0


class Cell(NamedTuple):
    """What may go from one zone to another: the status of that direction, and the services as people write them."""

    status: Status
    text: str = ""


class Block(NamedTuple):
    """Zones that are compared with each other: those inside `frame`, or the networks themselves where it is ""."""

    frame: str
    zones: tuple[str, ...]


class Matrix(NamedTuple):
    """Zones against zones, in blocks, the worst first; pairs that are in no cell are not compared."""

    blocks: tuple[Block, ...] = ()
    cells: Mapping[tuple[str, str], Cell] = NOTHING

    @property
    def zones(self) -> tuple[str, ...]:
        """Every zone once, in the order of the blocks."""
        return tuple(dict.fromkeys(zone for block in self.blocks for zone in block.zones))


class Suppressed(NamedTuple):
    """A finding that is accepted: why, until which day (YYYY-MM-DD), and where that is said."""

    finding: Finding
    reason: str
    until: str
    place: Place = NOWHERE


class InputFacts(NamedTuple):
    """What was judged: files with their formats, how much of what, and what the judgement does not cover.

    `incomplete` are the reader's own words on what the input lacks, `assumptions` the codes that verdicts rest on.
    """

    formats: Mapping[str, str] = NOTHING
    counts: Mapping[str, int] = NOTHING
    not_understood: Mapping[str, int] = NOTHING
    incomplete: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    capabilities: tuple[tuple[str, str], ...] = ()
    service_tags: str = ""


class Report(NamedTuple):
    """The result of `check`. `boundaries` are those to list, worst first, then by level; `omitted` counts by level the
    pairs that nothing connects and that are not listed one by one.

    `findings` are those that count: neither accepted nor in the baseline, worst first. `names` maps ids to what people
    call them, `homes` a thing to the frame round it, `texts` the sources to their texts, for line numbers.
    `accepted` are boundaries that are accepted as they are, by their two sides in id order.
    """

    title: str
    levels: tuple[LevelRow, ...]
    boundaries: tuple[Boundary, ...]
    omitted: tuple[tuple[str, int], ...]
    matrix: Matrix
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    accepted: Mapping[tuple[str, str], Acceptance]
    expired: tuple[Acceptance, ...]
    unused: tuple[Acceptance, ...]
    baseline_known: int
    rules: tuple[RuleFacts, ...]
    fail_on: Threshold
    input: InputFacts
    names: Mapping[str, str]
    homes: Mapping[str, str]
    texts: Mapping[str, str]

    def name(self, rid: str) -> str:
        """What people call the thing with that id; its last part where nothing tells."""
        return self.names.get(rid) or rid.rstrip("/").rsplit("/", 1)[-1] or rid

    def is_accepted(self, boundary: Boundary) -> bool:
        """Whether a gap is accepted as it is, and no finding of it counts."""
        return sides(boundary) in self.accepted and boundary.status in ("gap", "unknown")

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings for which the run fails."""
        return tuple(finding for finding in self.findings if reaches(finding.severity, self.fail_on))


def sides(boundary: Boundary) -> tuple[str, str]:
    """Both sides in id order, whichever is the outside."""
    return (boundary.a, boundary.b) if boundary.a <= boundary.b else (boundary.b, boundary.a)


def reaches(severity: Severity, threshold: Threshold) -> bool:
    """Whether something of that severity makes a run fail.

    >>> reaches("high", "medium"), reaches("low", "medium"), reaches("critical", "none")
    (True, False, False)
    """
    return threshold != "none" and SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
