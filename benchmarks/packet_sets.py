"""Compares three ways to hold a set of packets on rule lists like those of network security groups.

    python benchmarks/packet_sets.py [--rules 10 50 200] [--runs 3]

- boxes: `PacketSet`, the product of many ranges along each axis, as the analysis uses it;
- intervals: the same with one range along each axis, so that a rule with 4 prefixes and 3 ports is 12 of them;
- bdd: binary decision diagrams over 98 bits (https://doi.org/10.1109/TC.1986.1676819), with a table of unique nodes and
  tables of results.

Each computes what a list allows (`pair`: between two subnets, 200 times; `hub`: from 160 prefixes to a subnet, 32
times; `whole`: of everything, 4 times), and the intersection of every two results that follow each other. All must hold
as many packets. Printed are the milliseconds of the boxes, the times of the others as multiples of that, and how many
boxes, intervals and nodes a result has. Building the rules is not timed. Intervals are left out of `whole`, where 10
rules come to 37,000 of them. Run it by hand on a quiet machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple, Protocol, TypeVar

from diagramgen.model.traffic import (
    IPV4,
    PORTS,
    SERVICES,
    Box,
    PacketSet,
    Ranges,
    intersection,
    normal,
    parse_addresses,
    parse_service,
    size,
)

VNETS = 40
SUBNETS = 8
EVERY_PACKET = Box(IPV4, IPV4, SERVICES, PORTS)
LIMIT_MS = 2000
"""Longer rule lists are not tried with intervals once they took so long."""
Set = TypeVar("Set")


class Algebra(Protocol[Set]):
    """A way to hold sets of packets."""

    def of(self, box: Box) -> Set: ...
    def common(self, a: Set, b: Set) -> Set: ...
    def without(self, a: Set, b: Set) -> Set: ...
    def union(self, a: Set, b: Set) -> Set: ...
    def packets(self, a: Set) -> int:
        """How many packets there are."""
        ...

    def length(self, a: Set) -> int:
        """How much there is to hold: boxes or nodes."""
        ...


class Boxes:
    """`PacketSet`."""

    def of(self, box: Box) -> PacketSet:
        return PacketSet.of(box)

    def common(self, a: PacketSet, b: PacketSet) -> PacketSet:
        return a & b

    def without(self, a: PacketSet, b: PacketSet) -> PacketSet:
        return a - b

    def union(self, a: PacketSet, b: PacketSet) -> PacketSet:
        return a | b

    def packets(self, a: PacketSet) -> int:
        return sum(prod(map(size, box)) for box in a.normal().boxes)

    def length(self, a: PacketSet) -> int:
        return len(a.boxes)


Interval = tuple[int, ...]
"""The low and the high end along each of the four axes."""


class Intervals:
    """Lists of disjoint products of one range along each axis."""

    def of(self, box: Box) -> list[Interval]:
        return [(*a, *b, *c, *d) for a in box[0] for b in box[1] for c in box[2] for d in box[3]]

    def common(self, a: list[Interval], b: list[Interval]) -> list[Interval]:
        return [found for one in a for other in b if (found := _meet(one, other)) is not None]

    def without(self, a: list[Interval], b: list[Interval]) -> list[Interval]:
        for other in b:
            left: list[Interval] = []
            for one in a:
                found = _meet(one, other)
                if found is None:
                    left.append(one)
                elif found != one:
                    left += _beside(one, found)
            a = left
        return a

    def union(self, a: list[Interval], b: list[Interval]) -> list[Interval]:
        return [*a, *self.without(b, a)]

    def packets(self, a: list[Interval]) -> int:
        return sum(prod(box[axis + 1] - box[axis] + 1 for axis in (0, 2, 4, 6)) for box in a)

    def length(self, a: list[Interval]) -> int:
        return len(a)


def _meet(a: Interval, b: Interval) -> Interval | None:
    if a[3] < b[2] or b[3] < a[2] or a[1] < b[0] or b[1] < a[0] or a[5] < b[4] or b[5] < a[4]:
        return None
    if a[7] < b[6] or b[7] < a[6]:
        return None
    return (
        max(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), min(a[3], b[3]),
        max(a[4], b[4]), min(a[5], b[5]), max(a[6], b[6]), min(a[7], b[7]),
    )  # fmt: skip


def _beside(box: Interval, part: Interval) -> list[Interval]:
    """`box` without `part`, which lies in it."""
    found: list[Interval] = []
    rest = list(box)
    for at in (4, 2, 0, 6):
        if rest[at] < part[at]:
            found.append(_with(rest, at, rest[at], part[at] - 1))
        if part[at + 1] < rest[at + 1]:
            found.append(_with(rest, at, part[at + 1] + 1, rest[at + 1]))
        rest[at : at + 2] = part[at : at + 2]
    return found


def _with(box: Sequence[int], at: int, low: int, high: int) -> Interval:
    return (*box[:at], low, high, *box[at + 2 :])


class Diagrams:
    """Reduced ordered binary decision diagrams: a set is the number of a node, 0 the empty one, 1 everything.

    Destinations stand first, then sources, services and source ports, each from its highest bit.
    """

    AXES = ((1, 32), (0, 32), (2, 18), (3, 16))
    BITS = sum(bits for _, bits in AXES)

    def __init__(self) -> None:
        self.nodes: list[tuple[int, int, int]] = [(self.BITS, 0, 0), (self.BITS, 1, 1)]
        self.unique: dict[tuple[int, int, int], int] = {}
        self.commons: dict[tuple[int, int], int] = {}
        self.withouts: dict[tuple[int, int], int] = {}
        self.unions: dict[tuple[int, int], int] = {}

    def node(self, bit: int, low: int, high: int) -> int:
        if low == high:
            return low
        found = self.unique.setdefault((bit, low, high), len(self.nodes))
        if found == len(self.nodes):
            self.nodes.append((bit, low, high))
        return found

    def of(self, box: Box) -> int:
        then = 1
        first = self.BITS
        for axis, bits in reversed(self.AXES):
            first -= bits
            then = self._axis(box[axis], first, bits, 0, then)
        return then

    def _axis(self, ranges: Ranges, bit: int, bits: int, start: int, then: int) -> int:
        """The numbers of `ranges`, all of them from `start` on and of so many bits."""
        if not ranges:
            return 0
        half = start + (1 << bits >> 1)
        if ranges == ((start, start + (1 << bits) - 1),):
            return then
        low = self._axis(intersection(ranges, ((start, half - 1),)), bit + 1, bits - 1, start, then)
        high = self._axis(
            intersection(ranges, ((half, start + (1 << bits) - 1),)), bit + 1, bits - 1, half, then
        )
        return self.node(bit, low, high)

    def common(self, a: int, b: int) -> int:
        if a == b or b == 1 or a == 0:
            return a
        if a == 1 or b == 0:
            return b
        pair = (a, b) if a < b else (b, a)
        found = self.commons.get(pair)
        if found is None:
            found = self.commons[pair] = self._apply(self.common, a, b)
        return found

    def without(self, a: int, b: int) -> int:
        if a == b or a == 0 or b == 1:
            return 0
        if b == 0:
            return a
        found = self.withouts.get((a, b))
        if found is None:
            found = self.withouts[a, b] = self._apply(self.without, a, b)
        return found

    def union(self, a: int, b: int) -> int:
        if a == b or b == 0 or a == 1:
            return a
        if a == 0 or b == 1:
            return b
        pair = (a, b) if a < b else (b, a)
        found = self.unions.get(pair)
        if found is None:
            found = self.unions[pair] = self._apply(self.union, a, b)
        return found

    def _apply(self, operation: Callable[[int, int], int], a: int, b: int) -> int:
        bit_a, low_a, high_a = self.nodes[a]
        bit_b, low_b, high_b = self.nodes[b]
        if bit_a < bit_b:
            return self.node(bit_a, operation(low_a, b), operation(high_a, b))
        if bit_b < bit_a:
            return self.node(bit_b, operation(a, low_b), operation(a, high_b))
        return self.node(bit_a, operation(low_a, low_b), operation(high_a, high_b))

    def packets(self, a: int) -> int:
        counted: dict[int, int] = {0: 0, 1: 1}

        def below(node: int) -> int:
            """Packets from the node's own bit on."""
            if node not in counted:
                bit, low, high = self.nodes[node]
                counted[node] = sum(below(next_) << (self.nodes[next_][0] - bit - 1) for next_ in (low, high))
            return counted[node]

        return below(a) << self.nodes[a][0]

    def length(self, a: int) -> int:
        seen: set[int] = set()
        todo = [a]
        while todo:
            node = todo.pop()
            if node > 1 and node not in seen:
                seen.add(node)
                todo += self.nodes[node][1:]
        return len(seen)


# Rule lists


class RuleLine(NamedTuple):
    """A rule: what it matches, and whether it allows it."""

    box: Box
    is_allow: bool


def subnet(vnet: int, number: int) -> str:
    return f"10.{vnet}.{number}.0/24"


def addresses(*texts: str) -> Ranges:
    return normal(r for text in texts for r in parse_addresses(text) or ())


def some_subnet(draw: random.Random) -> str:
    return subnet(draw.randrange(VNETS), draw.randrange(SUBNETS))


def make_list(vnet: int, rules: int, draw: random.Random) -> list[RuleLine]:
    """A security group of a VNet: `rules` rules of its own, and then the three defaults.

    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
    """
    estate = addresses(*(f"10.{number}.0.0/20" for number in range(VNETS)), "192.168.0.0/16")
    found = [make_rule(vnet, draw) for _ in range(rules)]
    return [
        *found,
        RuleLine(Box(estate, estate), is_allow=True),
        RuleLine(Box(addresses("168.63.129.16")), is_allow=True),
        RuleLine(Box(), is_allow=False),
    ]


def make_rule(vnet: int, draw: random.Random) -> RuleLine:
    """From subnets, a VNet, a site or anywhere, to subnets of the VNet, on some ports."""
    sources = draw.choice((
        [some_subnet(draw) for _ in range(draw.randint(1, 4))],
        [subnet(vnet, draw.randrange(SUBNETS))],
        [f"10.{draw.randrange(VNETS)}.0.0/20"],
        ["192.168.0.0/16"],
        ["0.0.0.0/0"],
        [f"10.{draw.randrange(VNETS)}.{draw.randrange(SUBNETS)}.{draw.randrange(4, 250)}" for _ in range(3)],
    ))  # fmt: skip
    targets = [subnet(vnet, draw.randrange(SUBNETS)) for _ in range(draw.choice((1, 1, 2, 3)))]
    words = ("80", "443", "22", "3389", "1433", "5432", "8080-8090", "53", "445", "49152-65535", "*")
    ports = draw.sample(words, draw.choice((1, 1, 2, 4)))
    protocol = draw.choice(("tcp", "tcp", "tcp", "udp", "*"))
    services = normal(r for port in ports for r in parse_service(protocol, port))
    return RuleLine(Box(addresses(*sources), addresses(*targets), services), draw.random() < 0.7)


# What is computed


class Work(NamedTuple):
    """Rule lists, and for each of them the packets that are asked of it."""

    lists: list[list[RuleLine]]
    asked: list[list[Box]]


def pair(rules: int, draw: random.Random) -> Work:
    """From some subnet to one of the list's own, as the analysis asks."""
    vnets = draw.sample(range(VNETS), 4)
    asked = [
        [
            Box(addresses(some_subnet(draw)), addresses(subnet(vnet, draw.randrange(SUBNETS))))
            for _ in range(50)
        ]
        for vnet in vnets
    ]
    return Work([make_list(vnet, rules, draw) for vnet in vnets], asked)


def hub(rules: int, draw: random.Random) -> Work:
    """From everywhere in the estate, in its single subnets, to one of the list's own."""
    vnets = draw.sample(range(VNETS), 4)
    estate = addresses(*(subnet(vnet, number) for vnet in range(VNETS) for number in range(0, SUBNETS, 2)))
    asked = [[Box(estate, addresses(subnet(vnet, number))) for number in range(SUBNETS)] for vnet in vnets]
    return Work([make_list(vnet, rules, draw) for vnet in vnets], asked)


def whole(rules: int, draw: random.Random) -> Work:
    """From anywhere to anywhere."""
    return Work([make_list(vnet, rules, draw) for vnet in range(4)], [[EVERY_PACKET]] * 4)


def allowed(algebra: Algebra[Set], rules: list[tuple[Set, bool]], packets: Set) -> list[Set]:
    """What the first rule that matches allows; none where that is nothing."""
    found: list[Set] = []
    for matched, is_allow in rules:
        hit = algebra.common(packets, matched)
        if not hit:
            continue
        if is_allow:
            found = [algebra.union(found[0], hit) if found else hit]
        packets = algebra.without(packets, matched)
        if not packets:
            break
    return found


class Timed(NamedTuple):
    """Milliseconds, the least of all runs; how many packets each result has; and how long they are on average."""

    judge_ms: float
    meet_ms: float
    packets: list[int]
    length: float


def measure(make: Callable[[], Algebra[Set]], work: Work, runs: int) -> Timed:
    """Time the first matches, and then the intersection of each two results that stand next to each other."""
    timed: list[tuple[float, float]] = []
    for _ in range(runs):
        algebra = make()
        lists = [[(algebra.of(in_ipv4(rule.box)), rule.is_allow) for rule in rules] for rules in work.lists]
        asked = [[algebra.of(box) for box in some] for some in work.asked]
        start = time.perf_counter()
        found = [
            one
            for rules, some in zip(lists, asked, strict=True)
            for packets in some
            for one in allowed(algebra, rules, packets)
        ]
        middle = time.perf_counter()
        met = [algebra.common(one, other) for one, other in pairwise(found)]
        timed.append((middle - start, time.perf_counter() - middle))
    return Timed(
        min(judge for judge, _ in timed) * 1000,
        min(meet for _, meet in timed) * 1000,
        [algebra.packets(one) for one in (*found, *met)],
        statistics.mean(algebra.length(one) for one in found),
    )


def in_ipv4(box: Box) -> Box:
    return Box(intersection(box.sources, IPV4), intersection(box.destinations, IPV4), *box[2:])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 50, 200])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print("              first match                          intersection                         length")
    print(
        "work  rules      boxes   intervals      bdd           boxes   intervals      bdd        boxes intervals bdd"
    )
    for make_work in (pair, hub, whole):
        with_intervals = make_work is not whole
        for rules in options.rules:
            work = make_work(rules, random.Random(rules))
            found = [measure(Boxes, work, options.runs), measure(Diagrams, work, options.runs)]
            if with_intervals:
                found.insert(1, measure(Intervals, work, 1))
                with_intervals = found[1].judge_ms < LIMIT_MS
            assert all(timed.packets == found[0].packets for timed in found), "they hold different packets"
            print_line(f"{make_work.__name__:5} {rules:5}", found)


def print_line(name: str, found: list[Timed]) -> None:
    columns = [name]
    for times in ([timed.judge_ms for timed in found], [timed.meet_ms for timed in found]):
        ratios = [f"{one / times[0]:8.2f} x" for one in times[1:]]
        columns.append(f"{times[0]:8.1f} ms {'  '.join(['       - '] * (2 - len(ratios)) + ratios)}")
    lengths = [f"{timed.length:.0f}" for timed in found]
    print("  ".join([*columns, " / ".join(lengths if len(lengths) == 3 else [lengths[0], "-", lengths[1]])]))


if __name__ == "__main__":
    main()
