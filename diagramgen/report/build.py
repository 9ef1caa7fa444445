"""Verdicts -> report: what to list, in which order, and what people call the things in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagramgen.analyse.verdicts import LEVELS, SEVERITIES, Boundary, Finding
from diagramgen.model.topology import Topology
from diagramgen.read.record import Reading
from diagramgen.report.accept import Applied
from diagramgen.report.facts import WORST_FIRST, Report, RuleFacts, Threshold
from diagramgen.report.inputs import CAPABILITIES, input_facts
from diagramgen.report.levels import level_rows
from diagramgen.report.matrix import build_matrix
from diagramgen.report.names import homes_of, names_of
from diagramgen.report.rules import RULES


def build_report(
    reading: Reading,
    topology: Topology,
    boundaries: Sequence[Boundary],
    applied: Applied,
    *,
    title: str = "",
    omitted: Iterable[tuple[str, int]] = (),
    baseline_known: int = 0,
    rules: Sequence[RuleFacts] = RULES,
    fail_on: Threshold = "high",
    capabilities: tuple[tuple[str, str], ...] = CAPABILITIES,
    service_tags: str = "",
) -> Report:
    """The report on an estate. `applied` are its findings after acceptances and baseline; `omitted` counts, by level,
    pairs that nothing connects and that are in no boundary."""
    apart = tuple(omitted)
    ids = _ids_of(boundaries, applied)
    homes = homes_of(topology, ids)
    names = names_of(topology, ids | set(homes.values()))
    return Report(
        title=title or str(topology.document.get("title") or ""),
        levels=level_rows(topology, boundaries, apart, applied.accepted),
        boundaries=tuple(sorted(boundaries, key=_boundary_order)),
        omitted=apart,
        matrix=build_matrix(topology, boundaries),
        findings=tuple(sorted(applied.findings, key=finding_order)),
        suppressed=tuple(sorted(applied.suppressed, key=lambda s: finding_order(s.finding))),
        accepted=applied.accepted,
        expired=applied.expired,
        unused=applied.unused,
        baseline_known=baseline_known,
        rules=tuple(rules),
        fail_on=fail_on,
        input=input_facts(reading, topology, boundaries, capabilities, service_tags),
        names=names,
        homes=homes,
        texts=reading.sources,
    )


def finding_order(finding: Finding) -> tuple[int, str, tuple[str, ...], str]:
    """Worst first, then by rule and by what they are about."""
    return (SEVERITIES.index(finding.severity), finding.rule, finding.ids, finding.message)


def _boundary_order(boundary: Boundary) -> tuple[int, int, int, str, str]:
    return (
        WORST_FIRST.index(boundary.status),
        SEVERITIES.index(boundary.severity) if boundary.status == "gap" else 0,
        LEVELS.index(boundary.level),
        boundary.a,
        boundary.b,
    )


def _ids_of(boundaries: Iterable[Boundary], applied: Applied) -> set[str]:
    """Everything that the report names."""
    found: set[str] = set()
    for boundary in boundaries:
        found |= {boundary.a, boundary.b, *boundary.by_ids}
        for flow in boundary.flows:
            found |= {flow.source, flow.target}
    for finding in (*applied.findings, *(suppressed.finding for suppressed in applied.suppressed)):
        found.update(finding.ids)
    for acceptance in (*applied.expired, *applied.unused):
        found.update(acceptance.ids)
    return found - {""}
