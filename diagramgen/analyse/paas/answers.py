"""Answers: what the lines of a service's firewall say to its callers.

A `Gate` is a service's public endpoint: lines in order, the answer where none matches, and what leaves a doubt over
both. Callers are addresses (of the Internet), or a subnet that calls over its service endpoint. The first line that
matches decides; a line that only may match leaves the caller unknown, unless all that follows says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diagramgen.analyse.addresses import PUBLIC
from diagramgen.analyse.verdicts import Evidence, FlowVerdict, Rule
from diagramgen.model.traffic import (
    ADDRESSES,
    IPV4,
    NO_RANGES,
    Ranges,
    covers,
    difference,
    intersection,
    size,
    union,
)

BROAD_SIZE = 1 << 24
"""From as many public addresses on (a /8) a line counts as admitting anyone."""
PUBLIC_IPV4 = intersection(PUBLIC, IPV4)
ANY_SUBNET = "*"
IN_DATA_PLANE = ("ASSUME_DATA_PLANE_AUTH",)


class Admission(NamedTuple):
    """What a service's own network rules say to one class of callers over its public endpoint.

    `decided_by` is a code (`ipRule`, `public:defaultAction=Allow`, `public:disabled` ...), `sources` are the callers
    meant. `is_broad`: what decides lets anyone in, or anyone in Azure.
    """

    verdict: FlowVerdict
    decided_by: str
    sources: Ranges
    rule: Rule | None
    is_broad: bool = False
    assumptions: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What one line says, without the callers whom it says it to."""

    verdict: FlowVerdict
    code: str
    rule: Rule | None = None
    is_broad: bool = False
    assumptions: tuple[str, ...] = ()

    def to(self, sources: Ranges) -> Admission:
        """The answer as given to these callers."""
        assumptions = (*self.assumptions, *(IN_DATA_PLANE if self.verdict == "allowed" else ()))
        return Admission(self.verdict, self.code, sources, self.rule, self.is_broad, assumptions)


NOT_EXPORTED = Answer("unknown", "public:rules not in the input")
NOT_UNDERSTOOD = Answer("unknown", "public:not-understood")


class Entry(NamedTuple):
    """One line: the public addresses that it matches surely and possibly, or the subnet that it lets in.

    `subnet` is an id, or `*` for whoever calls over a service endpoint; with `is_sure` false the line may have no
    effect. `is_azure`: it holds for every caller in Azure. `is_everyone`: it holds for every caller.
    """

    answer: Answer
    sure: Ranges = NO_RANGES
    possible: Ranges = NO_RANGES
    subnet: str = ""
    is_sure: bool = True
    is_azure: bool = False
    is_everyone: bool = False


class Gate(NamedTuple):
    """A service's public endpoint. `doubt` is an answer that may hold instead of any other one.

    `refused` are address ranges that a line names without effect, as they are private. `is_blind_in_region`: lines
    with addresses do not see callers of the service's own region.
    """

    otherwise: Answer
    entries: tuple[Entry, ...] = ()
    doubt: Answer | None = None
    errors: tuple[Evidence, ...] = ()
    refused: tuple[tuple[Ranges, Rule], ...] = ()
    is_blind_in_region: bool = False


def decide(gate: Gate, callers: Ranges, from_azure: bool = False) -> list[tuple[Ranges, Answer]]:
    """A partition of callers' public addresses with the answer to each part, in the order of the lines.

    `from_azure`: the callers are known to be in Azure.
    """
    open_parts: list[tuple[Ranges, tuple[Answer, ...]]] = [(callers, ())] if callers else []
    found: list[tuple[Ranges, tuple[Answer, ...]]] = []
    for entry in gate.entries:
        is_whole = entry.is_everyone or (entry.is_azure and from_azure)
        sure, possible = (ADDRESSES, ADDRESSES) if is_whole else (entry.sure, entry.possible)
        if not possible or not open_parts:
            continue
        left: list[tuple[Ranges, tuple[Answer, ...]]] = []
        for part, before in open_parts:
            hit = intersection(part, sure)
            maybe = difference(intersection(part, possible), hit)
            rest = difference(part, union(hit, maybe))
            if hit:
                found.append((hit, (*before, entry.answer)))
            if maybe:
                left.append((maybe, (*before, entry.answer)))
            if rest:
                left.append((rest, before))
        open_parts = left
    found += [(part, (*before, gate.otherwise)) for part, before in open_parts]
    return [(part, _settle(answers, gate.doubt)) for part, answers in found]


def decide_unnamed(gate: Gate, callers: Ranges, from_azure: bool, sees_addresses: bool = True) -> Answer:
    """The answer to a caller whose public address is one of `callers`: certain only where all get the same.

    `sees_addresses`: lines with addresses apply to the caller.
    """
    entries = gate.entries if sees_addresses else tuple(e for e in gate.entries if e.is_everyone)
    parts = decide(gate._replace(entries=entries), callers, from_azure)
    if len({answer.verdict for _, answer in parts}) == 1:
        return max(parts, key=lambda part: size(part[0]))[1]
    lines = [answer for _, answer in parts if answer is not gate.otherwise]
    return _unsure((*lines, gate.otherwise), ("ASSUME_ADDRESS_UNKNOWN",))


def decide_inside(gate: Gate, subnet: str) -> Answer:
    """The answer to callers who come over the service endpoint of their subnet.

    The service then sees the subnet and a private address, so lines with public addresses do not match; whether one
    for all addresses does is not documented for every service.

    https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
    """
    answers: list[Answer] = []
    for entry in gate.entries:
        is_ours = entry.subnet in (subnet, ANY_SUBNET)
        if entry.is_everyone or (is_ours and entry.is_sure):
            return _settle((*answers, entry.answer), gate.doubt)
        if is_ours or entry.is_azure or covers(entry.possible, PUBLIC_IPV4):
            answers.append(entry.answer)
    return _settle((*answers, gate.otherwise), gate.doubt)


def either(answers: Sequence[Answer]) -> Answer:
    """The answer where one of several ways is taken and the input does not tell which."""
    return answers[0] if len({answer.verdict for answer in answers}) == 1 else _unsure(answers)


def admissions(parts: Iterable[tuple[Ranges, Answer]]) -> tuple[Admission, ...]:
    """Parts as admissions, those with one and the same answer joined."""
    joined: dict[Answer, Ranges] = {}
    for ranges, answer in parts:
        joined[answer] = union(joined.get(answer, NO_RANGES), ranges)
    return tuple(answer.to(ranges) for answer, ranges in joined.items())


def _settle(answers: Sequence[Answer], doubt: Answer | None) -> Answer:
    """The answer of lines that may match and, last, the one that does."""
    answer = answers[-1] if len({a.verdict for a in answers}) == 1 else _unsure(answers)
    if doubt is not None and answer.verdict not in ("unknown", doubt.verdict):
        return Answer("unknown", doubt.code, doubt.rule, answer.is_broad, doubt.assumptions)
    return answer


def _unsure(answers: Sequence[Answer], assumptions: tuple[str, ...] = ()) -> Answer:
    codes = dict.fromkeys(code for answer in answers for code in answer.assumptions)
    is_broad = any(answer.is_broad for answer in answers)
    return Answer("unknown", answers[0].code, answers[0].rule, is_broad, (*codes, *assumptions))
