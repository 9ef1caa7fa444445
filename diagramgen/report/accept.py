"""What is accepted: findings with a reason and an end are told, and no longer counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from diagramgen.analyse.verdicts import Boundary, Finding
from diagramgen.located import NOTHING
from diagramgen.model.topology import Acceptance
from diagramgen.report.facts import Suppressed, sides

BOUNDARY_RULES = "SEG-"
"""How the ids of findings about one boundary begin; the first two of their `ids` are its sides."""


class Applied(NamedTuple):
    """What acceptances make of findings: those that count, and those that are accepted.

    `accepted` are boundaries by their sides in id order. `expired` acceptances cover nothing any more, though they
    would fit something; `unused` ones fit nothing.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    accepted: Mapping[tuple[str, str], Acceptance] = NOTHING
    expired: tuple[Acceptance, ...] = ()
    unused: tuple[Acceptance, ...] = ()


def apply_acceptances(
    findings: Iterable[Finding], boundaries: Iterable[Boundary], acceptances: Sequence[Acceptance], today: str
) -> Applied:
    """The findings sorted by what is accepted on the day `today` (YYYY-MM-DD); the last day of an acceptance counts.

    Where several acceptances fit one finding, the one that lasts longest is told.
    """
    in_force = sorted(
        (a for a in acceptances if a.until >= today), key=lambda a: (a.until, a.ids), reverse=True
    )
    over = [a for a in acceptances if a.until < today]
    gaps = {sides(boundary) for boundary in boundaries if boundary.status in ("gap", "unknown")}
    counting: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[Acceptance] = set()
    for finding in findings:
        fitting = [acceptance for acceptance in in_force if _fits(acceptance, finding)]
        used.update(fitting)
        if fitting:
            suppressed.append(Suppressed(finding, fitting[0].reason, fitting[0].until, fitting[0].place))
        else:
            counting.append(finding)
            used.update(acceptance for acceptance in over if _fits(acceptance, finding))
    accepted = {a.ids: a for a in reversed(in_force) if _is_boundary(a) and a.ids in gaps}
    used.update(a for a in acceptances if _is_boundary(a) and a.ids in gaps)
    return Applied(
        tuple(counting),
        tuple(suppressed),
        {pair: accepted[pair] for pair in sorted(accepted)},
        tuple(a for a in over if a in used),
        tuple(a for a in acceptances if a not in used),
    )


def _is_boundary(acceptance: Acceptance) -> bool:
    return acceptance.is_between and not acceptance.rule


def _fits(acceptance: Acceptance, finding: Finding) -> bool:
    if _is_boundary(acceptance):
        return finding.rule.startswith(BOUNDARY_RULES) and set(finding.ids[:2]) == set(acceptance.ids)
    if acceptance.rule != finding.rule:
        return False
    named = set(acceptance.ids)
    return named <= set(finding.ids) if acceptance.is_between else bool(named & set(finding.ids))
