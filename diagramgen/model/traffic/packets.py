"""Packets: boxes and unions of boxes, with set algebra, emptiness and a witness."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from diagramgen.model.traffic.ranges import (
    _END,
    ADDRESSES,
    EPHEMERAL,
    IPV4,
    IPV6,
    IPV6_BASE,
    LAST_ADDRESS,
    NAMELESS_BASE,
    NAMELESS_EITHER,
    PORTS,
    SERVICES,
    Range,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    union,
)
from diagramgen.model.traffic.words import (
    _port_text,
    address_text,
    address_texts,
    service_text,
)


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

    >>> web = PacketSet.of(Box(services=((443, 443),)))
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

    >>> bool(between(((1, 9),), ((IPV6_BASE, IPV6_BASE + 9),)))
    False
    """
    if sources and destinations and sources[-1][1] < IPV6_BASE and destinations[-1][1] < IPV6_BASE:
        return PacketSet.of(Box(sources, destinations, services))
    found = []
    for family, nameless in ((IPV4, NAMELESS_BASE), (IPV6, NAMELESS_EITHER)):
        either = (*family, (nameless, LAST_ADDRESS))
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
