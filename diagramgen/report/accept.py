"""What is accepted: findings with a reason and an end are told, and no longer counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from diagramgen.analyse.verdicts import Boundary, Finding
from diagramgen.located import NOTHING
from diagramgen.model.topology import Acceptance
from diagramgen.report.facts import Suppressed, sides

BOUNDARY_RULES = "SEG-"
"""How the ids of findings about boundaries begin; their `ids` are the sides, those of the first boundary first."""


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


def accepted_boundaries(acceptances: Iterable[Acceptance], today: str) -> frozenset[tuple[str, ...]]:
    """The sides, in id order, of the boundaries that are accepted as they are on the day `today`."""
    return frozenset(a.ids for a in acceptances if _is_boundary(a) and a.until >= today)


def apply_acceptances(
    findings: Iterable[Finding], boundaries: Iterable[Boundary], acceptances: Sequence[Acceptance], today: str
) -> Applied:
    """The findings sorted by what is accepted on the day `today` (YYYY-MM-DD); the last day of an acceptance counts.

    Where several acceptances fit one finding, the one that lasts longest is told. A finding about several boundaries
    is accepted only where all of them are.
    """
    in_force = sorted((a for a in acceptances if a.until >= today), key=_lasting, reverse=True)
    over = [a for a in acceptances if a.until < today]
    open_pairs = {sides(boundary) for boundary in boundaries if boundary.status in ("gap", "unknown")}
    counting: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[Acceptance] = set()
    for finding in findings:
        pairs = pairs_of(finding, open_pairs)
        fitting = _fitting(in_force, finding, pairs)
        used.update(fitting)
        if fitting:
            suppressed.append(Suppressed(finding, fitting[0].reason, fitting[0].until, fitting[0].place))
        else:
            counting.append(finding)
            used.update(_fitting(over, finding, pairs))
    accepted = {a.ids: a for a in reversed(in_force) if _is_boundary(a) and a.ids in open_pairs}
    used.update(a for a in acceptances if _is_boundary(a) and a.ids in open_pairs)
    return Applied(
        tuple(counting),
        tuple(suppressed),
        {(pair[0], pair[1]): accepted[pair] for pair in sorted(accepted)},
        tuple(a for a in over if a in used),
        tuple(a for a in acceptances if a not in used),
    )


def pairs_of(finding: Finding, open_pairs: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The boundaries that a finding is about, by their sides in id order; none for other findings.

    A finding that names more than two things is about every boundary of `open_pairs` between two of them.
    """
    if not finding.rule.startswith(BOUNDARY_RULES) or len(finding.ids) < 2:
        return frozenset()
    first, second = sorted(finding.ids[:2])
    named = set(finding.ids)
    if len(named) < 3:
        return frozenset({(first, second)})
    return frozenset({(first, second), *((a, b) for a, b in open_pairs if a in named and b in named)})


def _lasting(acceptance: Acceptance) -> tuple[str, tuple[str, ...]]:
    return acceptance.until, acceptance.ids


def _is_boundary(acceptance: Acceptance) -> bool:
    return acceptance.is_between and not acceptance.rule


def _fitting(
    acceptances: Sequence[Acceptance], finding: Finding, pairs: frozenset[tuple[str, str]]
) -> list[Acceptance]:
    """The acceptances that cover a finding; those of boundaries only where they cover all of its boundaries, the one
    that ends first before the others."""
    fitting = [acceptance for acceptance in acceptances if _fits(acceptance, finding)]
    whole = [acceptance for acceptance in acceptances if _is_boundary(acceptance) and acceptance.ids in pairs]
    return (
        [*fitting, *reversed(whole)]
        if pairs and pairs <= {acceptance.ids for acceptance in whole}
        else fitting
    )


def _fits(acceptance: Acceptance, finding: Finding) -> bool:
    """Whether an acceptance of a rule's findings covers one."""
    if acceptance.rule != finding.rule:
        return False
    named = set(acceptance.ids)
    return named <= set(finding.ids) if acceptance.is_between else bool(named & set(finding.ids))
