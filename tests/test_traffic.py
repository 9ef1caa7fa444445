"""Sets of packets against brute force: sets of whole numbers and of tuples, enumerated.

The exhaustive tests compare whole spaces of 1,296 packets, some hundred times a run; the others sample packets at and
beside the ends of what the parsers return. Together they look at some 400,000 packets a run.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagramgen.model.traffic import (
    ADDRESSES,
    EVERYTHING,
    IPV4,
    IPV6,
    IPV6_BASE,
    NAMELESS_BASE,
    NO_RANGES,
    NOTHING_AT_ALL,
    OTHER,
    PORTS,
    SERVICES,
    TCP_PORTS,
    UDP,
    UDP_PORTS,
    Box,
    Packet,
    PacketSet,
    Ranges,
    address_text,
    address_texts,
    box_intersection,
    covers,
    describe,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    parse_ports,
    parse_service,
    service_text,
    size,
    union,
)

CHECKED = settings(max_examples=150, deadline=None, derandomize=True)
WIDTH = 6
NETWORKS = (
    "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25", "10.1.3.0/24", "10.1.2.4",
    "10.1.2.5-10.1.3.9", "255.255.255.255", "168.63.129.16/32", "::/0", "fd00::/8", "fd00:1::/64", "::1",
    "2001:db8::5-2001:db8::ff",
)  # fmt: skip
NAMELESS = tuple(((number, number),) for number in (NAMELESS_BASE, NAMELESS_BASE + 2, NAMELESS_BASE + 4))


def numbers(ranges: Ranges) -> set[int]:
    return {number for low, high in ranges for number in range(low, high + 1)}


def is_normal(ranges: Ranges) -> bool:
    """Sorted, none upside down, none that touches the next."""
    ends = [end for low_high in ranges for end in low_high]
    return ends == sorted(ends) and all(a[1] + 1 < b[0] for a, b in pairwise(ranges))


def some_ranges(top: int, most: int) -> st.SearchStrategy[Ranges]:
    """Ranges within 0 to `top`, in normal form."""
    pair = st.tuples(st.integers(0, top), st.integers(0, top))
    return st.lists(pair, max_size=most).map(lambda pairs: normal((min(p), max(p)) for p in pairs))


# Ranges


@CHECKED
@given(some_ranges(80, 25), some_ranges(80, 25) | some_ranges(80, 2))
def test_ranges_are_sets_of_numbers(a: Ranges, b: Ranges) -> None:
    for one, other in ((a, b), (b, a), (a, tuple(a)), (a, a[1:])):
        x, y = numbers(one), numbers(other)
        for found, expected in (
            (union(one, other), x | y),
            (intersection(one, other), x & y),
            (difference(one, other), x - y),
        ):
            assert numbers(found) == expected
            assert is_normal(found)
        assert covers(one, other) == (y <= x)
        assert overlap(one, other) == bool(x & y)
        assert size(one) == len(x)


@CHECKED
@given(some_ranges(80, 25), some_ranges(80, 25) | some_ranges(80, 2))
def test_ranges_that_do_not_change_stay_the_same_object(a: Ranges, b: Ranges) -> None:
    if covers(b, a):
        assert intersection(a, b) is a
        assert difference(a, b) == ()
    if not overlap(a, b):
        assert difference(a, b) is a or not a


@CHECKED
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12))
def test_any_pairs_have_one_normal_form(pairs: list[tuple[int, int]]) -> None:
    expected = {number for low, high in pairs for number in range(low, high + 1)}
    assert numbers(normal(pairs)) == expected
    assert is_normal(normal(pairs))
    assert normal(reversed(normal(pairs))) == normal(pairs)


# Sets of packets, exhaustively

AXES = [normal((at, at) for at in range(WIDTH) if some >> at & 1) for some in range(1 << WIDTH)]
"""Every set of numbers of an axis, the empty one first."""


def boxes(is_empty_allowed: bool = False) -> st.SearchStrategy[Box]:
    axis = st.sampled_from(AXES if is_empty_allowed else AXES[1:])
    return st.builds(Box, *[axis] * 4)


def packet_sets(most: int = 4) -> st.SearchStrategy[PacketSet]:
    return st.lists(boxes(is_empty_allowed=True), max_size=most).map(PacketSet)


def packets_of(packets: PacketSet) -> set[tuple[int, ...]]:
    return {packet for box in packets.boxes for packet in product(*map(numbers, box))}


def packets_in_boxes(packets: PacketSet) -> int:
    """How many packets its boxes have, those in two of them counted twice."""
    return sum(prod(map(size, box)) for box in packets.boxes)


def reboxed(packets: PacketSet, seed: int) -> PacketSet:
    """The same packets in other boxes: cut along some axis, shuffled, some of them twice."""
    draw = random.Random(seed)
    found: list[Box] = []
    for box in packets.boxes:
        axis = draw.randrange(4)
        for number in numbers(box[axis]):
            parts = list(box)
            parts[axis] = ((number, number),)
            found += [Box(*parts)] * draw.choice((1, 1, 2))
    draw.shuffle(found)
    return PacketSet(found)


def is_well_formed(packets: PacketSet) -> bool:
    return all(axis and is_normal(axis) for box in packets.boxes for axis in box)


@CHECKED
@given(packet_sets(), packet_sets())
def test_sets_of_packets_are_sets(a: PacketSet, b: PacketSet) -> None:
    x, y = packets_of(a), packets_of(b)
    for found, expected in ((a | b, x | y), (a & b, x & y), (a - b, x - y)):
        assert packets_of(found) == expected
        assert is_well_formed(found)
        assert bool(found) == bool(expected)
    assert (a <= b) == (x <= y)
    assert (a == b) == (x == y)
    assert a & b <= a <= a | b
    for number, found in ((0, a.sources), (1, a.destinations), (2, a.services)):
        assert found == normal((packet[number], packet[number]) for packet in x)


@CHECKED
@given(packet_sets())
def test_every_packet_is_in_the_set_or_is_not(a: PacketSet) -> None:
    inside = packets_of(a)
    for packet in product(range(WIDTH), repeat=4):
        assert (Packet(*packet) in a) == (packet in inside)


@CHECKED
@given(packet_sets(), boxes())
def test_a_box_splits_a_set_in_two(a: PacketSet, box: Box) -> None:
    inside, outside = a.split(box)
    assert packets_of(inside) == packets_of(a) & packets_of(PacketSet.of(box))
    assert packets_of(outside) == packets_of(a) - packets_of(PacketSet.of(box))
    assert inside is a or outside is a or (inside and outside)


@CHECKED
@given(boxes(), boxes())
def test_a_box_is_split_into_boxes_that_share_nothing(box: Box, other: Box) -> None:
    inside, outside = PacketSet.of(box).split(other)
    assert packets_in_boxes(inside) + packets_in_boxes(outside) == len(packets_of(PacketSet.of(box)))


@CHECKED
@given(packet_sets(6), st.integers(0, 99))
def test_equal_sets_are_equal_however_they_are_boxed(a: PacketSet, seed: int) -> None:
    other = reboxed(a, seed)
    assert a == other
    assert hash(a) == hash(other)
    assert a.witness() == other.witness()
    assert PacketSet.joined(other.boxes) == a == NOTHING_AT_ALL | other
    assert {a: 1}.get(other) == 1
    assert a.normal().boxes == other.normal().boxes
    assert list(describe(a)) == list(describe(other))
    assert a - other == NOTHING_AT_ALL == other - a


@CHECKED
@given(packet_sets())
def test_a_witness_is_the_lowest_packet_of_the_set(a: PacketSet) -> None:
    lowest = min(packets_of(a), key=lambda packet: (packet[2], packet[1], packet[0], packet[3]), default=None)
    assert a.witness() == lowest


def test_a_witness_has_an_ephemeral_source_port_where_it_may() -> None:
    found = [
        PacketSet.of(Box(source_ports=parse_ports(text))).witness()
        for text in ("*", "1-50000", "53,60000", "53")
    ]
    assert [witness and witness.source_port for witness in found] == [49152, 49152, 60000, 53]


@CHECKED
@given(st.lists(boxes(is_empty_allowed=True), max_size=8))
def test_joining_boxes_is_their_union(parts: list[Box]) -> None:
    joined = PacketSet.joined(parts)
    assert packets_of(joined) == packets_of(PacketSet(parts))
    assert is_well_formed(joined)
    for one, other in combinations(joined.boxes, 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) > 1
        assert not any(
            packets_of(PacketSet.of(a)) <= packets_of(PacketSet.of(b))
            for a, b in ((one, other), (other, one))
        )


def test_a_joined_box_joins_those_before_it() -> None:
    """The last makes one with the second, and only so with the first."""
    corners = [Box(((0, 1),), ((0, 1),)), Box(((2, 2),), ((0, 0),)), Box(((2, 2),), ((1, 1),))]
    assert PacketSet.joined(corners).boxes == (Box(((0, 2),), ((0, 1),)),)


@CHECKED
@given(packet_sets(6))
def test_a_normal_form_has_the_same_packets_each_in_one_box(a: PacketSet) -> None:
    found = a.normal()
    assert packets_of(found) == packets_of(a)
    assert is_well_formed(found)
    assert packets_in_boxes(found) == len(packets_of(a))


@pytest.mark.parametrize(
    ("flows", "lines"),
    [
        (("any B A", "443 C A"), ["any from 0.0.0.2 to 0.0.0.0", "tcp/443 from 0.0.0.4 to 0.0.0.0"]),
        (("any A B", "443 A C"), ["any from 0.0.0.0 to 0.0.0.2", "tcp/443 from 0.0.0.0 to 0.0.0.4"]),
        (("443 * A", "22 B A"), ["tcp/22 from 0.0.0.2 to 0.0.0.0", "tcp/443 from any to 0.0.0.0"]),
    ],
)
def test_a_normal_form_is_as_short_as_the_rules(flows: tuple[str, ...], lines: list[str]) -> None:
    hosts = {"A": ((0, 0),), "B": ((2, 2),), "C": ((4, 4),), "*": ADDRESSES}
    found = NOTHING_AT_ALL
    for port, source, target in map(str.split, flows):
        service = SERVICES if port == "any" else parse_service("tcp", port)
        found |= PacketSet.of(Box(hosts[source], hosts[target], service))
    assert list(describe(found)) == lines


@CHECKED
@given(boxes(), boxes())
def test_two_boxes_meet_in_one(a: Box, b: Box) -> None:
    common = box_intersection(a, b)
    expected = packets_of(PacketSet.of(a)) & packets_of(PacketSet.of(b))
    assert packets_of(PacketSet.of(common)) == expected


@CHECKED
@given(packet_sets(), packet_sets(), packet_sets())
def test_the_laws_of_sets_hold(a: PacketSet, b: PacketSet, c: PacketSet) -> None:
    assert a & (b | c) == (a & b) | (a & c)
    assert a - (b | c) == (a - b) & (a - c)
    assert (a - b) | (a & b) == a
    assert a | b == b | a
    assert a & EVERYTHING == a == a | NOTHING_AT_ALL == a - NOTHING_AT_ALL
    assert a | EVERYTHING == EVERYTHING
    assert a.from_to(b.sources, c.destinations) == a & PacketSet.of(Box(b.sources, c.destinations))


def test_a_set_without_packets_is_false_however_it_is_made() -> None:
    hollow = Box(sources=NO_RANGES)
    of_hollow = (PacketSet([hollow]), PacketSet.of(hollow), PacketSet.joined([hollow]))
    for empty in (PacketSet(), PacketSet.of(None), *of_hollow):
        assert not empty
        assert empty == NOTHING_AT_ALL
        assert hash(empty) == hash(NOTHING_AT_ALL)
        assert empty.witness() is None
        assert list(describe(empty)) == []


def test_a_set_is_equal_to_nothing_but_sets() -> None:
    assert EVERYTHING not in (Box(), EVERYTHING.boxes, "any")


def test_some_hundred_boxes_are_joined_one_by_one() -> None:
    """All of a chequered space at last, so that they end as one box."""
    points = [(s, d, v) for s in range(8) for d in range(8) for v in range(8)]
    random.Random(7).shuffle(points)
    found = NOTHING_AT_ALL
    for source, destination, service in points:
        found |= PacketSet.of(Box(*(((at, at),) for at in (source, destination, service))))
    assert found == PacketSet.of(Box(((0, 7),), ((0, 7),), ((0, 7),)))
    assert found.normal().boxes == (Box(((0, 7),), ((0, 7),), ((0, 7),)),)


# Sets of packets as rules write them, sampled


def addresses() -> st.SearchStrategy[Ranges]:
    one = st.sampled_from(NETWORKS).map(lambda text: parse_addresses(text) or ()) | st.sampled_from(NAMELESS)
    return st.lists(one, min_size=1, max_size=4).map(
        lambda found: normal(r for ranges in found for r in ranges)
    )


def services() -> st.SearchStrategy[Ranges]:
    ports = st.sampled_from(("*", "443", "80-90", "22,3389", "0", "65535", "1024-65535"))
    protocols = st.sampled_from(("Tcp", "udp", "ICMP", "esp", "Ah", "any", "*"))
    one = st.builds(parse_service, protocols, ports)
    return st.lists(one, min_size=1, max_size=3).map(
        lambda found: normal(r for ranges in found for r in ranges)
    )


def rule_boxes() -> st.SearchStrategy[Box]:
    ports = st.sampled_from(("*", "*", "*", "1024-65535", "53")).map(parse_ports)
    either = st.just(ADDRESSES) | addresses()
    return st.builds(Box, either, either, services(), ports)


def rule_sets() -> st.SearchStrategy[PacketSet]:
    return st.lists(rule_boxes(), max_size=3).map(PacketSet)


def edges(ranges: Iterable[tuple[int, int]], top: int) -> list[int]:
    """The ends of all ranges, and what lies beside them."""
    near = {end + step for low_high in ranges for end in low_high for step in (-1, 0, 1)}
    return sorted(number for number in near if 0 <= number <= top) or [0]


def sampled(sets: Iterable[PacketSet], seed: int, how_many: int) -> Iterator[Packet]:
    all_boxes = [box for packets in sets for box in packets.boxes]
    tops = (ADDRESSES[0][1], ADDRESSES[0][1], OTHER, 65535)
    axes = [edges((r for box in all_boxes for r in box[axis]), tops[axis]) for axis in range(4)]
    draw = random.Random(seed)
    for _ in range(how_many):
        yield Packet(*(draw.choice(axis) for axis in axes))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(rule_sets(), rule_sets(), st.integers(0, 999))
def test_sets_of_rules_hold_what_their_rules_hold(a: PacketSet, b: PacketSet, seed: int) -> None:
    both, common, rest = a | b, a & b, a - b
    for packet in sampled((a, b), seed, 400):
        in_a, in_b = packet in a, packet in b
        assert (packet in both) == (in_a or in_b)
        assert (packet in common) == (in_a and in_b)
        assert (packet in rest) == (in_a and not in_b)
    assert all(is_well_formed(found) for found in (both, common, rest))
    assert (a <= b) == (not rest)
    for found in (both, common, rest):
        witness = found.witness()
        assert witness in found if witness is not None else not found
        assert len(list(describe(found))) <= 9


# Words


@CHECKED
@given(addresses())
def test_addresses_read_back_from_their_texts(ranges: Ranges) -> None:
    """All but the nameless, which have no text."""
    texts = address_texts(ranges, limit=99)
    named = intersection(ranges, ((0, IPV6[0][1]),))
    if texts == ["any"]:
        assert named == ((0, IPV6[0][1]),)
    elif texts == ["?"]:
        assert not named
    else:
        assert normal(r for text in texts for r in parse_addresses(text) or ()) == named


@CHECKED
@given(addresses(), addresses())
def test_what_is_left_of_addresses_has_a_text(a: Ranges, b: Ranges) -> None:
    for ranges in (difference(ADDRESSES, a), difference(a, b), difference(difference(ADDRESSES, a), b)):
        texts = address_texts(ranges, limit=99)
        if texts not in (["any"], ["?"]):
            read = normal(r for text in texts for r in parse_addresses(text) or ())
            assert read == intersection(ranges, union(IPV4, IPV6))
        assert bool(texts) == bool(ranges)


def read_services(text: str) -> Ranges:
    """The services that a text of `service_text` names."""
    if text == "any":
        return SERVICES
    if text.startswith("any but "):
        return difference(SERVICES, read_services(text.removeprefix("any but ")))
    found: Ranges = NO_RANGES
    for word in text.split():
        protocols, _, ports = word.partition("/")
        for protocol in protocols.split(","):
            one = ((OTHER, OTHER),) if protocol == "other" else parse_service(protocol, ports or "*")
            found = union(found, one)
    return found


@CHECKED
@given(services(), services())
def test_services_read_back_from_their_text(a: Ranges, b: Ranges) -> None:
    for ranges in (a, b, difference(a, b), difference(SERVICES, a)):
        assert read_services(service_text(ranges)) == ranges


@pytest.mark.parametrize(
    ("ranges", "texts"),
    [
        ((), []),
        (ADDRESSES, ["any"]),
        (IPV4, ["0.0.0.0/0"]),
        (IPV6, ["::/0"]),
        (((IPV6_BASE - 1, IPV6_BASE),), ["255.255.255.255", "::"]),
        (((5, 5),), ["0.0.0.5"]),
        (((1, 2),), ["0.0.0.1-0.0.0.2"]),
        (((2, 3),), ["0.0.0.2/31"]),
        (NAMELESS[0], ["?"]),
        (((5, 5), *NAMELESS[0], *NAMELESS[1]), ["0.0.0.5"]),
        (((1, 1), (3, 3), (5, 5), *NAMELESS[0]), ["0.0.0.1", "0.0.0.3", "0.0.0.5"]),
        (((1, 1), (3, 3), (5, 5), (7, 7)), ["0.0.0.1", "0.0.0.3", "0.0.0.5", "..."]),
        (((IPV6[0][1] + 1, ADDRESSES[0][1]),), ["?"]),
    ],
)
def test_addresses_are_written_as_people_write_them(ranges: Ranges, texts: list[str]) -> None:
    assert address_texts(ranges, limit=3) == texts


def test_a_nameless_address_is_a_question_mark() -> None:
    assert address_text(NAMELESS_BASE) == address_text(IPV6[0][1] + 1) == "?"
    assert str(Packet(NAMELESS_BASE, 1, UDP + 53)) == "udp/53 from ? to 0.0.0.1"


def test_a_description_is_a_line_a_box_in_the_order_of_services() -> None:
    net = parse_addresses("10.0.0.0/24") or ()
    many = PacketSet(
        [
            Box(net, net, parse_service("udp", "53")),
            Box(net, ADDRESSES, parse_service("tcp", "443"), parse_ports("1024-65535")),
            Box(net, ADDRESSES, parse_service("tcp", "22")),
        ]
    )
    assert list(describe(many)) == [
        "tcp/22 from 10.0.0.0/24 to any",
        "tcp/443 from 10.0.0.0/24 to any (source ports 1024-65535)",
        "udp/53 from 10.0.0.0/24 to 10.0.0.0/24",
    ]
    assert list(describe(many, limit=1))[1:] == ["and 2 more"]
    assert repr(PacketSet()) == "PacketSet(empty)"


# Wrong input


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789.:/-,*% afx²٣-", max_size=24) | st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for found in (
        parse_addresses(text) or (),
        parse_ports(text),
        parse_service("tcp", text),
        parse_service(text),
    ):
        assert is_normal(found)
    assert covers(PORTS, parse_ports(text))
    assert covers(ADDRESSES, parse_addresses(text) or ())


@pytest.mark.parametrize(
    "text",
    ["", "*", "any", "10.0.0.0/33", "10.0.0", "10", "10.0.0.5-10.0.0.4", "10.0.0.1-::1", "::1-10.0.0.1", "10.0.0.1-",
     "-10.0.0.1", "10.0.0.0/8-10.1.0.0", "VirtualNetwork", "10.0.0.256", "::/129", "10.0.0.1,10.0.0.2"],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_addresses(text) is None


@pytest.mark.parametrize(
    "text",
    ["65536", "80-70", "80-", "-80", "80,", ",", "443,80-70", "80-70000", "99999999999", "9" * 5000, "²", "٣", "a",
     "80 90", "1-2-3", "+80", "*,80"],
)  # fmt: skip
def test_one_wrong_port_makes_none_of_them_ports(text: str) -> None:
    assert parse_ports(text) == NO_RANGES
    assert parse_service("tcp", text) == NO_RANGES
    assert parse_service("any", text) == NO_RANGES


@pytest.mark.parametrize(
    ("text", "ports"),
    [("*", PORTS), ("", PORTS), (" Any ", PORTS), ("ANY", PORTS), ("0-65535", PORTS), ("00443", ((443, 443),)),
     (" 80 , 81-82 ", ((80, 82),)), ("9-9", ((9, 9),))],
)  # fmt: skip
def test_ports_are_read_with_spaces_and_words(text: str, ports: Ranges) -> None:
    assert parse_ports(text) == ports


def test_a_protocol_decides_what_ports_mean() -> None:
    assert parse_service("TCP") == TCP_PORTS
    assert parse_service("udp", "*") == UDP_PORTS
    assert parse_service("Any", "0-65535") == SERVICES
    assert service_text(parse_service("*", "53")) == "tcp,udp/53"
    assert service_text(parse_service("icmp", "no port")) == "icmp"
    assert parse_service("sctp") == parse_service("") == NO_RANGES


@pytest.mark.parametrize(
    "text", ["10.1.2.3/24", " 10.1.2.0/24 ", "10.1.2.0/255.255.255.0", "10.1.2.0 - 10.1.2.255"]
)
def test_addresses_are_read_as_people_write_them(text: str) -> None:
    assert address_texts(parse_addresses(text) or ()) == ["10.1.2.0/24"]
