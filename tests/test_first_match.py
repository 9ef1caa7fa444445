"""The first rule that matches decides: `first_match` against every reading of the uncertain rules, packet by packet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagramgen.analyse.verdicts import Access, FlowVerdict, Match, Outcome, Rule, first_match
from diagramgen.model.traffic import (
    NOTHING_AT_ALL,
    PORTS,
    Box,
    Packet,
    PacketSet,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    parse_service,
)

CHECKED = settings(max_examples=100, deadline=None, derandomize=True)
WIDTH = 4
SPACE = list(product(range(WIDTH), repeat=3))
"""Source, destination and service of every packet: 64 of them, all of one source port."""


AXES = [normal((at, at) for at in range(WIDTH) if some >> at & 1) for some in range(1, 1 << WIDTH)]
"""Every set of numbers of an axis but the empty one; the last is the whole axis."""


class Reading(NamedTuple):
    """What the rules do with one packet when each uncertain rule either matches it or does not."""

    verdict: FlowVerdict
    sure: set[int]
    possible: set[int]


def holds(box: Box | None, packet: Sequence[int]) -> bool:
    return box is not None and all(
        any(low <= number <= high for low, high in ranges)
        for ranges, number in zip(box[:3], packet, strict=True)
    )


def read_every_way(packet: Sequence[int], matches: Sequence[Match]) -> Reading:
    """The verdict on a packet, and the numbers of the rules that surely and possibly decide on it."""
    choices = [
        (True,) if holds(m.sure, packet) else (False, True) if holds(m.possible, packet) else (False,)
        for m in matches
    ]
    deciders = {reading.index(True) if True in reading else -1 for reading in product(*choices)}
    verdicts = {"denied" if at >= 0 and matches[at].rule.access == "deny" else "allowed" for at in deciders}
    verdict: FlowVerdict = "unknown" if len(verdicts) > 1 else "denied" if "denied" in verdicts else "allowed"
    return Reading(verdict, deciders if len(deciders) == 1 else set(), deciders)


def rule(name: str, access: Access) -> Rule:
    return Rule(f"nsg/{name}", name, "nsg", "nsg", "nsg", access)


def boxes() -> st.SearchStrategy[Box]:
    """Boxes of which every other axis is whole."""
    axis = st.sampled_from((*[AXES[-1]] * len(AXES), *AXES))
    return st.builds(Box, axis, axis, axis, st.just(PORTS))


@st.composite
def matches(draw: st.DrawFn, name: str = "r", is_sure: bool = False) -> Match:
    """A rule that matches surely, possibly, or surely in a part of what it possibly matches."""
    possible = draw(boxes())
    kind = "same" if is_sure else draw(st.sampled_from(("same", "equal", "none", "part", "part")))
    if kind == "same":
        sure: Box | None = possible
    elif kind == "equal":
        sure = Box(*possible)
    elif kind == "none":
        sure = None
    else:
        part = Box(*(intersection(a, b) for a, b in zip(possible, draw(boxes()), strict=True)))
        sure = part if all(part) else draw(st.sampled_from((part, None)))
    access: Access = draw(st.sampled_from(("allow", "deny", "always-allow")))
    return Match(rule(name, access), sure, possible, assumptions=(f"ASSUME_{name}",))


@st.composite
def rule_lists(draw: st.DrawFn, is_sure: bool = False, most: int = 6) -> list[Match]:
    return [draw(matches(f"r{at}", is_sure)) for at in range(draw(st.integers(0, most)))]


def packet_sets() -> st.SearchStrategy[PacketSet]:
    return st.lists(boxes(), min_size=1, max_size=2).map(PacketSet)


def verdict_of(outcome: Outcome, packet: Packet) -> list[str]:
    """The sets that hold a packet: one of them."""
    sets = {"allowed": outcome.allowed, "denied": outcome.denied, "unknown": outcome.unknown}
    return [name for name, packets in sets.items() if packet in packets]


def assert_same(one: Outcome, other: Outcome) -> None:
    assert one.allowed == other.allowed
    assert one.denied == other.denied
    assert one.unknown == other.unknown


@settings(max_examples=300, deadline=None, derandomize=True)
@given(packet_sets(), rule_lists(), st.none() | matches("otherwise"))
def test_every_packet_gets_the_verdict_of_all_its_readings(
    packets: PacketSet, rules: list[Match], otherwise: Match | None
) -> None:
    outcome = first_match(packets, rules, otherwise)
    ordered = [*rules, otherwise] if otherwise is not None else rules
    by_rule = {decision.match.rule.name: decision for decision in outcome.decisions}
    assert [d.match for d in outcome.decisions] == [m for m in ordered if m.rule.name in by_rule]
    for fields in SPACE:
        packet = Packet(*fields)
        if packet not in packets:
            assert verdict_of(outcome, packet) == []
            continue
        expected = read_every_way(fields, ordered)
        assert verdict_of(outcome, packet) == [expected.verdict]
        for at, match in enumerate(ordered):
            decision = by_rule.get(match.rule.name)
            assert (decision is not None and packet in decision.sure) == (at in expected.sure)
            assert (decision is not None and packet in decision.possible) == (at in expected.possible)


@CHECKED
@given(packet_sets(), rule_lists(), st.none() | matches("otherwise"))
def test_an_outcome_has_each_packet_once(
    packets: PacketSet, rules: list[Match], otherwise: Match | None
) -> None:
    outcome = first_match(packets, rules, otherwise)
    allowed, denied, unknown = outcome.allowed, outcome.denied, outcome.unknown
    assert allowed | denied | unknown == packets
    assert not allowed & denied
    assert not allowed & unknown
    assert not denied & unknown
    assert outcome.passing == packets - denied
    assert all(d.possible and d.sure <= d.possible <= packets for d in outcome.decisions)


@CHECKED
@given(packet_sets(), rule_lists(is_sure=True))
def test_sure_rules_leave_nothing_unknown_and_assume_nothing(packets: PacketSet, rules: list[Match]) -> None:
    outcome = first_match(packets, rules)
    assert not outcome.unknown
    assert outcome.assumptions == ()
    assert all(decision.sure == decision.possible for decision in outcome.decisions)


@CHECKED
@given(packet_sets(), rule_lists())
def test_an_assumption_is_told_where_a_rule_may_match_or_not(packets: PacketSet, rules: list[Match]) -> None:
    """And not where such a rule is sure of every packet that gets as far."""
    outcome = first_match(packets, rules)
    uncertain = [d.match for d in outcome.decisions if not d.possible <= PacketSet.of(d.match.sure)]
    assert outcome.assumptions == tuple(match.assumptions[0] for match in uncertain)
    assert not outcome.unknown or outcome.assumptions


# Changes of a list of rules that change nothing


def disjoint(a: Box, b: Box) -> bool:
    return any(not overlap(x, y) for x, y in zip(a, b, strict=True))


@CHECKED
@given(packet_sets(), rule_lists(), st.integers(0, 4))
def test_disjoint_neighbours_may_change_places(packets: PacketSet, rules: list[Match], at: int) -> None:
    if at + 1 < len(rules) and disjoint(rules[at].possible, rules[at + 1].possible):
        swapped = [*rules[:at], rules[at + 1], rules[at], *rules[at + 2 :]]
        assert_same(first_match(packets, rules), first_match(packets, swapped))


@CHECKED
@given(packet_sets(), st.permutations(range(WIDTH)), st.lists(matches(), min_size=WIDTH, max_size=WIDTH))
def test_rules_for_different_sources_may_stand_in_any_order(
    packets: PacketSet, order: list[int], rules: list[Match]
) -> None:
    """A rule for each source: what it matches lies in that source alone."""

    def only(box: Box | None, source: int) -> Box | None:
        return None if box is None else Box(intersection(box[0], ((source, source),)), *box[1:])

    apart = [
        match._replace(sure=only(match.sure, source), possible=only(match.possible, source))
        for source, match in enumerate(rules)
    ]
    assert_same(first_match(packets, apart), first_match(packets, [apart[at] for at in order]))


@CHECKED
@given(packet_sets(), rule_lists(), st.integers(0, 5), st.integers(0, 2), st.integers(0, WIDTH - 1))
def test_a_rule_may_be_split_in_two(
    packets: PacketSet, rules: list[Match], at: int, axis: int, cut: int
) -> None:
    """As a prefix is split in its halves: both stand where the rule stood."""
    if at >= len(rules):
        return
    lower = normal([(0, cut)])

    def half(box: Box | None, is_lower: bool) -> Box | None:
        if box is None:
            return None
        parts = list(box)
        parts[axis] = intersection(box[axis], lower) if is_lower else difference(box[axis], lower)
        return Box(*parts) if parts[axis] else None

    halves = []
    for is_lower in (True, False):
        possible = half(rules[at].possible, is_lower)
        if possible is not None:
            halves.append(rules[at]._replace(sure=half(rules[at].sure, is_lower), possible=possible))
    assert_same(first_match(packets, rules), first_match(packets, [*rules[:at], *halves, *rules[at + 1 :]]))


@CHECKED
@given(packet_sets(), rule_lists(), matches("shadowed"), st.data())
def test_a_shadowed_rule_changes_nothing(
    packets: PacketSet, rules: list[Match], extra: Match, draws: st.DataObject
) -> None:
    """A rule in the shadow of one that surely matches more; it may even be uncertain."""
    casting = [at for at, match in enumerate(rules) if match.sure is not None and all(match.sure)]
    if not casting:
        return
    caster = draws.draw(st.sampled_from(casting))
    behind = draws.draw(st.integers(caster + 1, len(rules)))
    shade = rules[caster].sure
    assert shade is not None
    possible = Box(*(intersection(a, b) for a, b in zip(extra.possible, shade, strict=True)))
    shadowed = extra._replace(possible=possible, sure=None)
    outcome = first_match(packets, [*rules[:behind], shadowed, *rules[behind:]])
    assert outcome._replace(matches=()) == first_match(packets, rules)._replace(matches=())


@CHECKED
@given(packet_sets(), rule_lists(is_sure=True))
def test_the_packets_may_come_in_parts(packets: PacketSet, rules: list[Match]) -> None:
    whole = first_match(packets, rules)
    parts = [first_match(PacketSet.of(box), rules) for box in packets.boxes]
    for name in ("allowed", "denied", "unknown"):
        union = NOTHING_AT_ALL
        for part in parts:
            union |= getattr(part, name)
        assert getattr(whole, name) == union


# By hand


def web(access: Access, source: str, port: str = "443", is_sure: bool = True) -> Match:
    box = Box(parse_addresses(source) or (), services=parse_service("tcp", port))
    named = rule(f"{access}-{source}-{port}", access)
    return Match(named, box if is_sure else None, box, assumptions=("ASSUME_TAG_DATA",))


SUBNETS = PacketSet.of(Box(parse_addresses("10.0.1.0/24") or (), parse_addresses("10.0.2.0/24") or ()))
DENY_ALL = Match(rule("DenyAllInBound", "deny"), Box(), Box())


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], "allowed"),
        ([DENY_ALL], "denied"),
        ([web("allow", "10.0.0.0/8"), DENY_ALL], "allowed"),
        ([web("deny", "10.0.0.0/8"), web("allow", "10.0.1.0/24")], "denied"),
        ([web("allow", "10.0.1.0/24", "80-500"), web("deny", "10.0.0.0/8"), DENY_ALL], "allowed"),
        ([web("allow", "10.0.0.0/8", is_sure=False), DENY_ALL], "unknown"),
        ([web("deny", "10.0.0.0/8", is_sure=False), DENY_ALL], "denied"),
        ([web("deny", "10.0.0.0/8", is_sure=False)], "unknown"),
        ([web("allow", "10.0.0.0/8", is_sure=False), web("allow", "10.0.0.0/8")], "allowed"),
        ([web("allow", "10.0.0.0/8", is_sure=False), web("deny", "10.0.0.0/8"), DENY_ALL], "unknown"),
    ],
)  # fmt: skip
def test_a_packet_to_443_is_judged(rules: list[Match], verdict: str) -> None:
    packet = Packet(10 << 24 | 1 << 8 | 4, 10 << 24 | 2 << 8 | 4, 443)
    assert verdict_of(first_match(SUBNETS, rules), packet) == [verdict]


def test_where_nothing_is_denied_or_allowed_the_packets_stay_as_they_are() -> None:
    """So that what passes many controls is not cut smaller and smaller."""
    assert (
        first_match(SUBNETS, [web("allow", "10.0.0.0/8"), web("allow", "10.0.1.0/25", "22")]).allowed
        is SUBNETS
    )
    assert first_match(SUBNETS, [web("deny", "10.0.0.0/8"), DENY_ALL]).denied is SUBNETS


def test_a_control_without_packets_decides_nothing() -> None:
    outcome = first_match(NOTHING_AT_ALL, [DENY_ALL])
    assert outcome._replace(matches=()) == Outcome(NOTHING_AT_ALL)


def test_source_ports_decide_too() -> None:
    high = Box(source_ports=((1024, 65535),))
    outcome = first_match(SUBNETS, [Match(rule("high", "allow"), high, high)], DENY_ALL)
    assert outcome.denied.boxes[0].source_ports == ((0, 1023),)
    assert outcome.allowed.boxes[0].source_ports == ((1024, 65535),)
