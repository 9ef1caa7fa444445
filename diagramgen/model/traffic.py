"""Traffic: exact sets of packets, with union, intersection, difference, emptiness and a witness.

A packet has five fields: source and destination address, protocol, source and destination port. Three axes of whole
numbers carry them:

- addresses: IPv4 first, IPv6 behind it, and then NAMELESS addresses: one number for something that has an address
  that the input does not tell;
- services: protocol and destination port in one number (TCP's 65,536, UDP's 65,536, then ICMP, ESP, AH, others);
- source ports: 0 to 65535.

Along one axis a set is `Ranges`: sorted, disjoint, closed ranges that do not touch. A `PacketSet` is a union of boxes,
each the product of four ranges. Rules are boxes already, and a boundary's sides cut them small, so that unions of
boxes stay short; `benchmarks/packet_sets.py` compares them with decision diagrams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Range = tuple[int, int]
Ranges = tuple[Range, ...]

NO_RANGES: Ranges = ()
IPV6_BASE = 1 << 32
NAMELESS_BASE = 1 << 130
_LAST = 1 << 140
IPV4: Ranges = ((0, IPV6_BASE - 1),)
IPV6: Ranges = ((IPV6_BASE, IPV6_BASE + (1 << 128) - 1),)
ADDRESSES: Ranges = ((0, _LAST),)
"""Every address of both families, and every nameless one."""

TCP, UDP, ICMP, ESP, AH, OTHER = 0, 65536, 131072, 131073, 131074, 131075
"""Where each protocol begins on the axis of services."""
SERVICES: Ranges = ((0, OTHER),)
PORTS: Ranges = ((0, 65535),)
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
    if not a or a == b:
        return b
    if not b:
        return a
    return normal((*a, *b))


def normal(ranges: Iterable[Range]) -> Ranges:
    """Any ranges in the one normal form: sorted, joined where they meet or overlap."""
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            if high > found[-1][1]:
                found[-1] = (found[-1][0], high)
        elif low <= high:
            found.append((low, high))
    return tuple(found)


def intersection(a: Ranges, b: Ranges) -> Ranges:
    """The numbers that are in both.

    >>> intersection(((1, 5), (8, 12)), ((4, 9),))
    ((4, 5), (8, 9))
    """
    if a is b:
        return a
    if len(a) == 1 and len(b) == 1:
        low = a[0][0] if a[0][0] > b[0][0] else b[0][0]
        high = a[0][1] if a[0][1] < b[0][1] else b[0][1]
        if low > high:
            return ()
        return a if (low, high) == a[0] else ((low, high),)
    found: list[Range] = []
    i = j = 0
    while i < len(a) and j < len(b):
        low = max(a[i][0], b[j][0])
        high = min(a[i][1], b[j][1])
        if low <= high:
            found.append((low, high))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def difference(a: Ranges, b: Ranges) -> Ranges:
    """The numbers of `a` that are not in `b`.

    >>> difference(((1, 9),), ((3, 4), (9, 20)))
    ((1, 2), (5, 8))
    """
    if not a or not b or b[-1][1] < a[0][0] or a[-1][1] < b[0][0]:
        return a
    found: list[Range] = []
    j = 0
    for low, high in a:
        while j and b[j - 1][1] >= low:
            j -= 1
        while j < len(b) and b[j][1] < low:
            j += 1
        at = low
        while j < len(b) and b[j][0] <= high:
            if b[j][0] > at:
                found.append((at, b[j][0] - 1))
            at = b[j][1] + 1
            if at > high:
                break
            j += 1
        if at <= high:
            found.append((at, high))
    return tuple(found)


def covers(a: Ranges, b: Ranges) -> bool:
    """Whether every number of `b` is in `a`.

    >>> covers(((1, 9),), ((2, 3), (9, 9)))
    True
    """
    if a is b or not b:
        return True
    if len(a) == 1:
        return a[0][0] <= b[0][0] and b[-1][1] <= a[0][1]
    return not difference(b, a)


def overlap(a: Ranges, b: Ranges) -> bool:
    """Whether some number is in both."""
    if len(a) == 1 and len(b) == 1:
        return a[0][0] <= b[0][1] and b[0][0] <= a[0][1]
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i][1] < b[j][0]:
            i += 1
        elif b[j][1] < a[i][0]:
            j += 1
        else:
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
    source_port: int = 49152

    def __str__(self) -> str:
        """As a person writes it.

        >>> str(Packet(1, 2, 443))
        'tcp/443 from 0.0.0.1 to 0.0.0.2'
        """
        service = service_text(((self.service, self.service),))
        return f"{service} from {address_text(self.source)} to {address_text(self.destination)}"


def box_intersection(a: Box, b: Box) -> Box | None:
    """The box of packets that are in both, or None."""
    destinations = intersection(a[1], b[1])
    if not destinations:
        return None
    sources = intersection(a[0], b[0])
    if not sources:
        return None
    services = intersection(a[2], b[2])
    if not services:
        return None
    ports = intersection(a[3], b[3])
    return Box(sources, destinations, services, ports) if ports else None


def _box_difference(a: Box, b: Box) -> list[Box] | None:
    """What is left of `a` without `b`, in disjoint boxes; None where they share nothing."""
    common = box_intersection(a, b)
    if common is None:
        return None
    found: list[Box] = []
    services = difference(a[2], common[2])
    if services:
        found.append(Box(a[0], a[1], services, a[3]))
    destinations = difference(a[1], common[1])
    if destinations:
        found.append(Box(a[0], destinations, common[2], a[3]))
    sources = difference(a[0], common[0])
    if sources:
        found.append(Box(sources, common[1], common[2], a[3]))
    ports = difference(a[3], common[3])
    if ports:
        found.append(Box(common[0], common[1], common[2], ports))
    return found


def _box_covers(a: Box, b: Box) -> bool:
    return covers(a[0], b[0]) and covers(a[1], b[1]) and covers(a[2], b[2]) and covers(a[3], b[3])


class PacketSet:
    """A set of packets: a union of boxes. Immutable; equal where the packets are the same.

    >>> web = PacketSet.of(Box(services=parse_service("tcp", "443")))
    >>> bool(web - web), web & EVERYTHING == web
    (False, True)
    """

    __slots__ = ("boxes",)
    boxes: tuple[Box, ...]

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self.boxes = tuple(boxes)

    @classmethod
    def of(cls, box: Box | None) -> PacketSet:
        """The packets of one box; of none for None."""
        return cls((box,)) if box is not None and all(box) else NOTHING_AT_ALL

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __and__(self, other: PacketSet) -> PacketSet:
        if self is other or other is EVERYTHING:
            return self
        if self is EVERYTHING:
            return other
        found = []
        for a in self.boxes:
            for b in other.boxes:
                common = box_intersection(a, b)
                if common is not None:
                    found.append(common)
        return PacketSet(_absorbed(found)) if len(found) > 1 else PacketSet(found)

    def __or__(self, other: PacketSet) -> PacketSet:
        if not self.boxes or self is other:
            return other
        if not other.boxes:
            return self
        return PacketSet(_absorbed([*self.boxes, *other.boxes]))

    def __sub__(self, other: PacketSet) -> PacketSet:
        left = list(self.boxes)
        for b in other.boxes:
            rest: list[Box] = []
            is_cut = False
            for a in left:
                parts = _box_difference(a, b)
                if parts is None:
                    rest.append(a)
                else:
                    is_cut = True
                    rest += parts
            if is_cut:
                left = rest
            if not left:
                return NOTHING_AT_ALL
        return self if len(left) == len(self.boxes) and tuple(left) == self.boxes else PacketSet(left)

    def __le__(self, other: PacketSet) -> bool:
        return not self - other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PacketSet) and (
            self.boxes == other.boxes or (self <= other and other <= self)
        )

    def __hash__(self) -> int:
        return hash((self.sources, self.destinations, self.services))

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
        return normal(r for box in self.boxes for r in box.sources)

    @property
    def destinations(self) -> Ranges:
        """Every destination address that occurs."""
        return normal(r for box in self.boxes for r in box.destinations)

    @property
    def services(self) -> Ranges:
        """Every service that occurs."""
        return normal(r for box in self.boxes for r in box.services)

    def witness(self) -> Packet | None:
        """One packet of the set, the same each time; None where it is empty."""
        if not self.boxes:
            return None
        box = min(self.boxes, key=lambda b: (b.services, b.destinations, b.sources))
        ports = intersection(box.source_ports, ((49152, 65535),)) or box.source_ports
        return Packet(box.sources[0][0], box.destinations[0][0], box.services[0][0], ports[0][0])

    def from_to(self, sources: Ranges, destinations: Ranges) -> PacketSet:
        """The packets from `sources` to `destinations`."""
        return self & PacketSet.of(Box(sources, destinations))


def _holds(ranges: Ranges, number: int) -> bool:
    return any(low <= number <= high for low, high in ranges)


def _absorbed(boxes: list[Box]) -> list[Box]:
    """The same packets in fewer boxes: covered ones go, those that differ along one axis join."""
    found: list[Box] = []
    for box in boxes:
        added = box
        while True:
            for at, known in enumerate(found):
                joined = _joined(known, added)
                if joined is not None:
                    added = joined
                    del found[at]
                    break
            else:
                break
        found.append(added)
    return found


def _joined(a: Box, b: Box) -> Box | None:
    """One box with the packets of both, or None where that is no box."""
    differing = [axis for axis in range(4) if a[axis] != b[axis]]
    if not differing:
        return a
    if len(differing) == 1:
        axis = differing[0]
        parts = list(a)
        parts[axis] = union(a[axis], b[axis])
        return Box(*parts)
    if _box_covers(a, b):
        return a
    if _box_covers(b, a):
        return b
    return None


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
            low, high = _number(ip_address(first.strip())), _number(ip_address(last.strip()))
            return ((low, high),) if low <= high else None
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
    if text.strip() in ("*", "", "any", "Any"):
        return PORTS
    found = []
    for part in text.split(","):
        low, _, high = part.strip().partition("-")
        if not low.strip().isdigit() or (high and not high.strip().isdigit()):
            return NO_RANGES
        found.append((int(low), min(int(high or low), 65535)))
    return normal(found)


def address_text(number: int) -> str:
    """An address as text; `?` for a nameless one.

    >>> address_text(167772161)
    '10.0.0.1'
    """
    if number >= NAMELESS_BASE:
        return "?"
    return str(IPv6Address(number - IPV6_BASE) if number >= IPV6_BASE else IPv4Address(number))


def address_texts(ranges: Ranges, limit: int = 8) -> list[str]:
    """The addresses as networks or ranges, at most `limit` of them and then `...`.

    >>> address_texts(((167772160, 167772163), (1, 3)))
    ['10.0.0.0/30', '0.0.0.1-0.0.0.3']
    """
    found: list[str] = []
    for low, high in ranges:
        if len(found) == limit:
            return [*found, "..."]
        if low >= NAMELESS_BASE:
            continue
        found.append(_range_text(low, min(high, NAMELESS_BASE - 1)))
    return found or (["?"] if ranges else [])


def _range_text(low: int, high: int) -> str:
    if low == 0 and high >= IPV6_BASE + (1 << 128) - 1:
        return "any"
    if low < IPV6_BASE <= high:
        return f"{address_text(low)}-{address_text(high)}"
    count = high - low + 1
    start = low - IPV6_BASE if low >= IPV6_BASE else low
    if count & (count - 1) == 0 and start % count == 0:
        length = (128 if low >= IPV6_BASE else 32) - (count.bit_length() - 1)
        network: IPv4Network | IPv6Network = (
            IPv6Network((start, length)) if low >= IPV6_BASE else IPv4Network((start, length))
        )
        return address_text(low) if count == 1 else str(network)
    return f"{address_text(low)}-{address_text(high)}"


def service_text(services: Ranges) -> str:
    """Services as people write them.

    >>> service_text(((80, 80), (443, 443), (65589, 65589)))
    'tcp/80,443 udp/53'
    >>> service_text(SERVICES)
    'any'
    """
    if covers(services, SERVICES):
        return "any"
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
    """A line for each box, `tcp/443 from A to B`, in the order of their services."""
    boxes = sorted(packets.boxes, key=lambda b: (b.services, b.sources, b.destinations))
    for box in boxes[:limit]:
        ports = "" if box.source_ports == PORTS else f" (source ports {_port_text(box.source_ports, 0)[1:]})"
        yield (
            f"{service_text(box.services)} from {', '.join(address_texts(box.sources, 4))} "
            f"to {', '.join(address_texts(box.destinations, 4))}{ports}"
        )
    if len(boxes) > limit:
        yield f"and {len(boxes) - limit} more"
