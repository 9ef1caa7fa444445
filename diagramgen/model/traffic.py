"""Traffic: exact sets of packets, with union, intersection, difference, emptiness and a witness.

A packet has five fields: source and destination address, protocol, source and destination port. Three axes of whole
numbers carry them:

- addresses: IPv4 first, IPv6 behind it, and then NAMELESS addresses: one number for something that has an address
  that the input does not tell;
- services: protocol and destination port in one number (TCP's 65,536, UDP's 65,536, then ICMP, ESP, AH, others);
- source ports: 0 to 65535.

Along one axis a set is `Ranges`: sorted, disjoint, closed ranges that do not touch. A `PacketSet` is a union of boxes,
each the product of four of them. Rules are boxes already, and a boundary's sides cut them small, so that unions of
boxes stay short: for the packets between two subnets, lists of 10 to 200 rules take binary decision diagrams 10 to 25
times as long, and boxes of one range along each axis 6 to 16 times; only intersections of whole lists are faster with
diagrams (`benchmarks/packet_sets.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import chain, pairwise
from operator import itemgetter
from typing import NamedTuple

Range = tuple[int, int]
Ranges = tuple[Range, ...]

NO_RANGES: Ranges = ()
IPV6_BASE = 1 << 32
NAMELESS_BASE = 1 << 130
NAMELESS_EITHER = NAMELESS_BASE + (1 << 40)
"""From here on nameless addresses may be of either family; below they are IPv4."""
_LAST = 1 << 140
_BEHIND = (_LAST + 1, _LAST + 1)
_END = itemgetter(1)
IPV4: Ranges = ((0, IPV6_BASE - 1),)
IPV6: Ranges = ((IPV6_BASE, IPV6_BASE + (1 << 128) - 1),)
ADDRESSES: Ranges = ((0, _LAST),)
"""Every address of both families, and every nameless one."""

TCP, UDP, ICMP, ESP, AH, OTHER = 0, 65536, 131072, 131073, 131074, 131075
"""Where each protocol begins on the axis of services."""
SERVICES: Ranges = ((0, OTHER),)
PORTS: Ranges = ((0, 65535),)
EPHEMERAL: Ranges = ((49152, 65535),)
"""Ports that a client takes: https://www.rfc-editor.org/rfc/rfc6335#section-6"""
TCP_PORTS: Ranges = ((TCP, TCP + 65535),)
UDP_PORTS: Ranges = ((UDP, UDP + 65535),)
PROTOCOLS: dict[str, Ranges] = {
    "tcp": TCP_PORTS, "udp": UDP_PORTS, "icmp": ((ICMP, ICMP),), "esp": ((ESP, ESP),), "ah": ((AH, AH),),
    "any": SERVICES, "*": SERVICES, "icmpv4": ((ICMP, ICMP),), "icmpv6": ((ICMP, ICMP),),
}  # fmt: skip


def union(a: Ranges, b: Ranges) -> Ranges:
    """All numbers of `a` and of `b`.

    >>> union(((1, 3), (9, 9)), ((4, 5),))
    ((1, 5), (9, 9))
    """
    if a is b or not b:
        return a
    if not a:
        return b
    few, many = (a, b) if len(a) < len(b) else (b, a)
    if len(few) > 4:
        return a if a == b else normal((*a, *b))
    for low, high in few:
        many = _inserted(many, low, high)
    return many


def _inserted(ranges: Ranges, low: int, high: int) -> Ranges:
    """`ranges` with one range more, which joins those that it meets; the same object where they hold it."""
    first = bisect_left(ranges, low - 1, key=_END)
    end = bisect_left(ranges, (high + 2,))
    if first < end:
        if ranges[first][0] <= low and high <= ranges[first][1]:
            return ranges
        low, high = min(low, ranges[first][0]), max(high, ranges[end - 1][1])
    return (*ranges[:first], (low, high), *ranges[end:])


def normal(ranges: Iterable[Range]) -> Ranges:
    """Any ranges in the one normal form: sorted, joined where they meet or overlap, those upside down left out.

    >>> normal([(4, 5), (9, 8), (1, 3)])
    ((1, 5),)
    """
    found: list[Range] = []
    end = -2
    for low, high in sorted(ranges):
        if high < low:
            continue
        if low > end + 1:
            found.append((low, high))
            end = high
        elif high > end:
            found[-1] = (found[-1][0], high)
            end = high
    return tuple(found)


def intersection(a: Ranges, b: Ranges) -> Ranges:
    """The numbers that are in both: `a` itself where `b` covers it, else `b` itself where `a` covers that.

    >>> intersection(((1, 5), (8, 12)), ((4, 9),))
    ((4, 5), (8, 9))
    """
    if a is b:
        return a
    if not a or not b:
        return ()
    if len(a) == 1 and len(b) == 1:
        a_low, a_high = a[0]
        b_low, b_high = b[0]
        if b_low <= a_low and a_high <= b_high:
            return a
        if a_low <= b_low and b_high <= a_high:
            return b
        low = a_low if a_low > b_low else b_low
        high = a_high if a_high < b_high else b_high
        return ((low, high),) if low <= high else ()
    if a[-1][1] < b[0][0] or b[-1][1] < a[0][0]:
        return ()
    few, many = (a, b) if len(a) < len(b) else (b, a)
    found = _cut_out(few, many) if len(few) == 1 or 4 * len(few) <= len(many) else _merged(a, b)
    return a if found == a else b if found == b else found


def _cut_out(few: Ranges, many: Ranges) -> Ranges:
    """The intersection of a few ranges with many: whole runs of the many are copied at once."""
    found: list[Range] = []
    for low, high in few:
        first = bisect_left(many, low, key=_END)
        end = bisect_left(many, (high + 1,), first)
        if first == end:
            continue
        at = len(found)
        found += many[first:end]
        if found[at][0] < low:
            found[at] = (low, found[at][1])
        if found[-1][1] > high:
            found[-1] = (found[-1][0], high)
    return tuple(found)


def _merged(a: Ranges, b: Ranges) -> Ranges:
    """The intersection, in one walk along both."""
    found: list[Range] = []
    rest = iter(b)
    b_low, b_high = next(rest)
    for low, high in a:
        while b_high < low:
            b_low, b_high = next(rest, _BEHIND)
        while b_low <= high:
            found.append((b_low if b_low > low else low, b_high if b_high < high else high))
            if b_high > high:
                break
            b_low, b_high = next(rest, _BEHIND)
    return tuple(found)


def difference(a: Ranges, b: Ranges) -> Ranges:
    """The numbers of `a` that are not in `b`. `a` itself where they share none.

    >>> difference(((1, 9),), ((3, 4), (9, 20)))
    ((1, 2), (5, 8))
    """
    if a is b or not a:
        return ()
    if not b or b[-1][1] < a[0][0] or a[-1][1] < b[0][0]:
        return a
    if len(b) == 1:
        return _cleared(a, *b[0])
    return intersection(a, _gaps(b, a[0][0], a[-1][1]))


def _cleared(ranges: Ranges, low: int, high: int) -> Ranges:
    """`ranges` without the numbers of one range; the same object where they have none of them."""
    first = bisect_left(ranges, low, key=_END)
    end = bisect_left(ranges, (high + 1,), first)
    if first == end:
        return ranges
    found = list(ranges[:first])
    if ranges[first][0] < low:
        found.append((ranges[first][0], low - 1))
    if high < ranges[end - 1][1]:
        found.append((high + 1, ranges[end - 1][1]))
    found += ranges[end:]
    return tuple(found)


def _gaps(ranges: Ranges, low: int, high: int) -> Ranges:
    """The numbers from `low` to `high` that are in none of `ranges`."""
    between = ranges[bisect_left(ranges, low, key=_END) : bisect_left(ranges, (high + 1,))]
    if not between:
        return ((low, high),)
    found = [(one[1] + 1, other[0] - 1) for one, other in pairwise(between)]
    if low < between[0][0]:
        found.insert(0, (low, between[0][0] - 1))
    if between[-1][1] < high:
        found.append((between[-1][1] + 1, high))
    return tuple(found)


def covers(a: Ranges, b: Ranges) -> bool:
    """Whether every number of `b` is in `a`.

    >>> covers(((1, 9),), ((2, 3), (9, 9)))
    True
    """
    if a is b or not b:
        return True
    if not a or b[0][0] < a[0][0] or a[-1][1] < b[-1][1]:
        return False
    # Ranges of `a` do not touch, so that one of them must hold a range of `b` whole.
    return len(a) == 1 or a == b or all(a[bisect_left(a, high, key=_END)][0] <= low for low, high in b)


def overlap(a: Ranges, b: Ranges) -> bool:
    """Whether some number is in both."""
    if not a or not b or a[-1][1] < b[0][0] or b[-1][1] < a[0][0]:
        return False
    few, many = (a, b) if len(a) < len(b) else (b, a)
    if len(many) == 1:
        return True
    for low, high in few:
        at = bisect_left(many, low, key=_END)
        if at < len(many) and many[at][0] <= high:
            return True
    return False


def size(ranges: Ranges) -> int:
    """How many numbers there are.

    >>> size(((1, 3), (9, 9)))
    4
    """
    return sum(high - low + 1 for low, high in ranges)


class Box(NamedTuple):
    """The product of four sets: every packet whose four fields lie in them."""

    sources: Ranges = ADDRESSES
    destinations: Ranges = ADDRESSES
    services: Ranges = SERVICES
    source_ports: Ranges = PORTS


class Packet(NamedTuple):
    """One packet, its fields as numbers of the axes."""

    source: int
    destination: int
    service: int
    source_port: int = EPHEMERAL[0][0]

    def __str__(self) -> str:
        """As a person writes it.

        >>> str(Packet(1, 2, 443))
        'tcp/443 from 0.0.0.1 to 0.0.0.2'
        """
        service = service_text(((self.service, self.service),))
        return f"{service} from {address_text(self.source)} to {address_text(self.destination)}"


def box_intersection(a: Box, b: Box) -> Box | None:
    """The box of packets that are in both, or None. `a` itself, or axes of it, where `b` covers them."""
    destinations = intersection(a[1], b[1])
    if not destinations:
        return None
    sources = intersection(a[0], b[0])
    if not sources:
        return None
    services = intersection(a[2], b[2])
    if not services:
        return None
    ports = a[3] if a[3] is b[3] else intersection(a[3], b[3])
    if not ports:
        return None
    if destinations is a[1] and sources is a[0] and services is a[2] and ports is a[3]:
        return a
    return Box(sources, destinations, services, ports)


def _around(box: Box, part: Box) -> list[Box]:
    """`box` without `part`, in disjoint boxes. `part` is of `box_intersection`: axes not cut are the same objects."""
    found: list[Box] = []
    sources, destinations, services, ports = box
    if part[2] is not services:
        found.append(Box(sources, destinations, difference(services, part[2]), ports))
        services = part[2]
    if part[1] is not destinations:
        found.append(Box(sources, difference(destinations, part[1]), services, ports))
        destinations = part[1]
    if part[0] is not sources:
        found.append(Box(difference(sources, part[0]), destinations, services, ports))
        sources = part[0]
    if part[3] is not ports:
        found.append(Box(sources, destinations, services, difference(ports, part[3])))
    return found


class PacketSet:
    """A set of packets: a union of boxes, none of them empty. Immutable; equal where the packets are the same.

    >>> web = PacketSet.of(Box(services=parse_service("tcp", "443")))
    >>> bool(web - web), web & EVERYTHING == web
    (False, True)
    """

    __slots__ = ("boxes",)
    boxes: tuple[Box, ...]

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self.boxes = tuple(box for box in boxes if all(box))

    @classmethod
    def of(cls, box: Box | None) -> PacketSet:
        """The packets of one box; of none for None."""
        return _packet_set((box,)) if box is not None and all(box) else NOTHING_AT_ALL

    @classmethod
    def joined(cls, boxes: Iterable[Box]) -> PacketSet:
        """The packets of all boxes, in fewer boxes where two make one."""
        return _packet_set(_absorbed((), [box for box in boxes if all(box)]))

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __and__(self, other: PacketSet) -> PacketSet:
        if self is other or other is EVERYTHING:
            return self
        if self is EVERYTHING:
            return other
        if len(other.boxes) == 1:
            return self.split(other.boxes[0])[0]
        if len(self.boxes) == 1:
            return other.split(self.boxes[0])[0]
        found = [box_intersection(a, b) for b in other.boxes for a in self.boxes]
        return _packet_set(_absorbed((), [box for box in found if box is not None]))

    def __or__(self, other: PacketSet) -> PacketSet:
        if not self.boxes or self is other:
            return other
        if not other.boxes:
            return self
        boxes = _absorbed(self.boxes, other.boxes)
        return self if boxes == self.boxes else _packet_set(boxes)

    def __sub__(self, other: PacketSet) -> PacketSet:
        left = self
        for box in other.boxes:
            left = left.split(box)[1]
            if not left.boxes:
                break
        return left

    def split(self, box: Box) -> tuple[PacketSet, PacketSet]:
        """The packets in `box` and those not in it; the set itself where one side has all of them."""
        inside: list[Box] = []
        outside: list[Box] = []
        for own in self.boxes:
            common = box_intersection(own, box)
            if common is None:
                outside.append(own)
            else:
                inside.append(common)
                if common is not own:
                    outside += _around(own, common)
        if not inside:
            return NOTHING_AT_ALL, self
        if not outside:
            return self, NOTHING_AT_ALL
        return _packet_set(tuple(inside)), _packet_set(tuple(outside))

    def __le__(self, other: PacketSet) -> bool:
        return self is other or all(_is_covered(box, other.boxes) for box in self.boxes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PacketSet) and (
            self.boxes == other.boxes or (self <= other and other <= self)
        )

    def __hash__(self) -> int:
        # Equal sets may be boxed in many ways; these are the same in all of them.
        if not self.boxes:
            return 0
        first = min(box.sources[0] for box in self.boxes), min(box.destinations[0] for box in self.boxes)
        return hash((first[0][0], first[1][0], self.services))

    def __contains__(self, packet: Packet) -> bool:
        return any(
            all(_holds(ranges, number) for ranges, number in zip(box, packet, strict=True))
            for box in self.boxes
        )

    def __repr__(self) -> str:
        return f"PacketSet({', '.join(map(str, describe(self))) or 'empty'})"

    @property
    def sources(self) -> Ranges:
        """Every source address that occurs."""
        return self._shadow(0)

    @property
    def destinations(self) -> Ranges:
        """Every destination address that occurs."""
        return self._shadow(1)

    @property
    def services(self) -> Ranges:
        """Every service that occurs."""
        return self._shadow(2)

    def _shadow(self, axis: int) -> Ranges:
        if len(self.boxes) == 1:
            return self.boxes[0][axis]
        return normal(r for ranges in {box[axis] for box in self.boxes} for r in ranges)

    def witness(self) -> Packet | None:
        """One packet of the set, the same for equal sets; None where it is empty.

        It has the lowest service, then destination, then source, and an ephemeral source port where it may.
        """
        boxes = self.boxes
        if not boxes:
            return None
        for axis in (2, 1, 0):
            lowest = min(box[axis][0][0] for box in boxes)
            boxes = tuple(box for box in boxes if box[axis][0][0] == lowest)
        ports = normal(r for box in boxes for r in box.source_ports)
        ephemeral = intersection(ports, EPHEMERAL)
        sources, destinations, services, _ = boxes[0]
        return Packet(sources[0][0], destinations[0][0], services[0][0], (ephemeral or ports)[0][0])

    def normal(self) -> PacketSet:
        """The same packets in a normal form, in boxes that share none: equal sets have equal boxes in equal order.

        Of the forms that cut along one axis first and then the next, it is the one with the fewest boxes and ranges.
        """
        if len(self.boxes) < 2:
            return self
        forms = []
        for order in ((2, 0, 1, 3), (0, 1, 2, 3), (1, 0, 2, 3), (3, 2, 0, 1)):
            parts = _parts([tuple(box[axis] for axis in order) for box in self.boxes])
            forms.append(
                tuple(sorted(Box(*(part[order.index(axis)] for axis in range(4))) for part in parts))
            )
        return _packet_set(min(forms, key=lambda boxes: (len(boxes), sum(map(len, chain(*boxes))))))

    def from_to(self, sources: Ranges, destinations: Ranges) -> PacketSet:
        """The packets from `sources` to `destinations`."""
        return self.split(Box(sources, destinations))[0]


def _packet_set(boxes: tuple[Box, ...]) -> PacketSet:
    """A set of boxes none of which is empty, unchecked."""
    found = PacketSet.__new__(PacketSet)
    found.boxes = boxes
    return found


def between(sources: Ranges, destinations: Ranges, services: Ranges = SERVICES) -> PacketSet:
    """The packets from some addresses to others, each within one family; a nameless address may be of either.

    >>> bool(between(parse_addresses("10.0.0.1") or (), parse_addresses("2001:db8::1") or ()))
    False
    """
    if sources and destinations and sources[-1][1] < IPV6_BASE and destinations[-1][1] < IPV6_BASE:
        return PacketSet.of(Box(sources, destinations, services))
    found = []
    for family, nameless in ((IPV4, NAMELESS_BASE), (IPV6, NAMELESS_EITHER)):
        either = (*family, (nameless, _LAST))
        box = Box(intersection(sources, either), intersection(destinations, either), services)
        if all(box):
            found.append(box)
    return PacketSet(found[:1] if len(found) == 2 and found[0] == found[1] else found)


def _holds(ranges: Ranges, number: int) -> bool:
    at = bisect_left(ranges, number, key=_END)
    return at < len(ranges) and ranges[at][0] <= number


def _is_covered(box: Box, cover: tuple[Box, ...]) -> bool:
    """Whether the boxes of `cover` together hold all of `box`: what one leaves over, those behind it must hold."""
    todo = [(box, 0)]
    while todo:
        rest, start = todo.pop()
        for at in range(start, len(cover)):
            common = box_intersection(rest, cover[at])
            if common is not None:
                if common is not rest:
                    todo += [(part, at + 1) for part in _around(rest, common)]
                break
        else:
            return False
    return True


def _parts(boxes: list[tuple[Ranges, ...]]) -> frozenset[tuple[Ranges, ...]]:
    """Disjoint boxes with the same packets: cut along the first axis where what holds along the others changes."""
    if len(boxes) == 1:
        return frozenset(boxes)
    if len(boxes[0]) == 1:
        return frozenset([(normal(r for (ranges,) in boxes for r in ranges),)])
    alike: dict[frozenset[tuple[Ranges, ...]], list[Range]] = defaultdict(list)
    for among, ranges in _stretches([box[0] for box in boxes]).items():
        alike[_parts([box[1:] for at, box in enumerate(boxes) if among >> at & 1])] += ranges
    return frozenset((normal(ranges), *part) for parts, ranges in alike.items() for part in parts)


def _stretches(axis: list[Ranges]) -> dict[int, list[Range]]:
    """Where along an axis the same boxes have numbers: which ones, as bits, and the ranges."""
    ends = [
        (end, 1 << at) for at, ranges in enumerate(axis) for low, high in ranges for end in (low, high + 1)
    ]
    found: dict[int, list[Range]] = defaultdict(list)
    among = start = 0
    for end, bit in sorted(ends):
        if among and start < end:
            found[among].append((start, end - 1))
        among ^= bit
        start = end
    return found


def _absorbed(known: Iterable[Box], more: Iterable[Box]) -> tuple[Box, ...]:
    """The same packets in fewer boxes: of `more`, covered ones go and those that differ along one axis join."""
    found = list(known)
    for box in more:
        added = box
        at = 0
        while at < len(found):
            joined = _joined(found[at], added)
            if joined is None:
                at += 1
            elif joined is found[at]:
                break
            else:
                del found[at]
                at = at if joined is added else 0
                added = joined
        else:
            found.append(added)
    return tuple(found)


def _joined(a: Box, b: Box) -> Box | None:
    """One box with the packets of both, or None where that is no box; `a` or `b` itself where it covers the other."""
    differing = -1
    for axis in (2, 1, 0, 3):
        if a[axis] is not b[axis] and a[axis] != b[axis]:
            if differing >= 0:
                return a if _box_covers(a, b) else b if _box_covers(b, a) else None
            differing = axis
    if differing < 0:
        return a
    both = union(a[differing], b[differing])
    if both is a[differing]:
        return a
    if both is b[differing]:
        return b
    parts = list(a)
    parts[differing] = both
    return Box(*parts)


def _box_covers(a: Box, b: Box) -> bool:
    return covers(a[2], b[2]) and covers(a[0], b[0]) and covers(a[1], b[1]) and covers(a[3], b[3])


NOTHING_AT_ALL = PacketSet()
EVERYTHING = PacketSet((Box(),))


# Addresses and services as people write them


@lru_cache(maxsize=100_000)
def parse_addresses(text: str) -> Ranges | None:
    """The addresses of a network, an address, or a range `A-B`; None where it is none of these.

    >>> parse_addresses("10.0.0.0/30")
    ((167772160, 167772163),)
    """
    word = text.strip()
    try:
        if "-" in word:
            first, _, last = word.partition("-")
            one, other = ip_address(first.strip()), ip_address(last.strip())
            is_range = one.version == other.version and int(one) <= int(other)
            return ((_number(one), _number(other)),) if is_range else None
        network = ip_network(word, strict=False)
    except ValueError:
        return None
    low = _number(network.network_address)
    return ((low, low + network.num_addresses - 1),)


def _number(address: IPv4Address | IPv6Address) -> int:
    return int(address) + (IPV6_BASE if address.version == 6 else 0)


def parse_service(protocol: str, ports: str = "*") -> Ranges:
    """The services of a protocol word and a port, range `A-B`, or `*`; none where they are wrong.

    >>> parse_service("tcp", "80-81")
    ((80, 81),)
    """
    base = PROTOCOLS.get(protocol.strip().lower())
    if base is None:
        return NO_RANGES
    numbers = parse_ports(ports)
    if base in (TCP_PORTS, UDP_PORTS):
        first = base[0][0]
        return tuple((low + first, high + first) for low, high in numbers)
    if base is SERVICES:
        if numbers == PORTS:
            return SERVICES
        return union(numbers, tuple((low + UDP, high + UDP) for low, high in numbers))
    return base


def parse_ports(text: str) -> Ranges:
    """The ports that `*`, `443`, `80-90` or several of these with commas mean; none where one is wrong.

    >>> parse_ports("80,443-445")
    ((80, 80), (443, 445))
    """
    if text.strip().lower() in ("*", "", "any"):
        return PORTS
    found: list[Range] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low, high = _port(first), _port(last if dash else first)
        if low is None or high is None or high < low:
            return NO_RANGES
        found.append((low, high))
    return normal(found)


def _port(text: str) -> int | None:
    word = text.strip()
    if not (word.isascii() and word.isdecimal() and len(word) <= 5):
        return None
    return int(word) if int(word) <= PORTS[0][1] else None


def address_text(number: int) -> str:
    """An address as text; `?` for a nameless one.

    >>> address_text(167772161)
    '10.0.0.1'
    """
    if number > IPV6[0][1]:
        return "?"
    return str(IPv6Address(number - IPV6_BASE) if number >= IPV6_BASE else IPv4Address(number))


def address_texts(ranges: Ranges, limit: int = 8) -> list[str]:
    """The addresses as networks or ranges, at most `limit` of them and then `...`.

    >>> address_texts(((167772160, 167772163), (1, 3)))
    ['10.0.0.0/30', '0.0.0.1-0.0.0.3']
    """
    if covers(ranges, ((0, IPV6[0][1]),)):
        return ["any"]
    named = (*intersection(ranges, IPV4), *intersection(ranges, IPV6))
    found = [_range_text(low, high) for low, high in named[:limit]]
    if len(named) > limit:
        found.append("...")
    return found or (["?"] if ranges else [])


def _range_text(low: int, high: int) -> str:
    """A range of one family, as a network where it is one."""
    numbers = high - low + 1
    start, bits = (low - IPV6_BASE, 128) if low >= IPV6_BASE else (low, 32)
    if numbers & (numbers - 1) or start % numbers:
        return f"{address_text(low)}-{address_text(high)}"
    length = bits - numbers.bit_length() + 1
    return address_text(low) if numbers == 1 else f"{address_text(low)}/{length}"


def service_text(services: Ranges) -> str:
    """Services as people write them, by what is left out where that is shorter.

    >>> service_text(((80, 80), (443, 443), (65589, 65589)))
    'tcp/80,443 udp/53'
    >>> service_text(difference(SERVICES, ((22, 22),)))
    'any but tcp/22'
    """
    if covers(services, SERVICES):
        return "any"
    told = _services_told(services)
    without = f"any but {_services_told(difference(SERVICES, services))}"
    return without if len(without) < len(told) else told


def _services_told(services: Ranges) -> str:
    both = [_port_text(services, TCP), _port_text(services, UDP)]
    if both[0] and both[0] == both[1]:
        words = [f"tcp,udp{both[0]}"]
    else:
        words = [f"{name}{ports}" for name, ports in zip(("tcp", "udp"), both, strict=True) if ports]
    words += [
        name for name, at in (("icmp", ICMP), ("esp", ESP), ("ah", AH)) if overlap(services, ((at, at),))
    ]
    if overlap(services, ((OTHER, OTHER),)):
        words.append("other")
    return " ".join(words)


def _port_text(services: Ranges, base: int) -> str:
    found = [(low - base, high - base) for low, high in intersection(services, ((base, base + 65535),))]
    if not found:
        return ""
    if found == [(0, 65535)]:
        return "/*"
    return "/" + ",".join(str(low) if low == high else f"{low}-{high}" for low, high in found)


def describe(packets: PacketSet, limit: int = 8) -> Iterator[str]:
    """A line for each box of the normal form, `tcp/443 from A to B`, in the order of their services."""
    boxes = sorted(
        packets.normal().boxes, key=lambda b: (b.services, b.sources, b.destinations, b.source_ports)
    )
    for box in boxes[:limit]:
        ports = "" if box.source_ports == PORTS else f" (source ports {_port_text(box.source_ports, 0)[1:]})"
        yield (
            f"{service_text(box.services)} from {', '.join(address_texts(box.sources, 4))} "
            f"to {', '.join(address_texts(box.destinations, 4))}{ports}"
        )
    if len(boxes) > limit:
        yield f"and {len(boxes) - limit} more"
