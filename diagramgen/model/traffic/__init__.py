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

from diagramgen.model.traffic.packets import (
    EVERYTHING,
    NOTHING_AT_ALL,
    Box,
    Packet,
    PacketSet,
    between,
    box_intersection,
    describe,
)
from diagramgen.model.traffic.ranges import (
    ADDRESSES,
    AH,
    EPHEMERAL,
    ESP,
    ICMP,
    IPV4,
    IPV6,
    IPV6_BASE,
    LAST_ADDRESS,
    NAMELESS_BASE,
    NAMELESS_EITHER,
    NO_RANGES,
    OTHER,
    PORTS,
    PROTOCOLS,
    SERVICES,
    TCP,
    TCP_PORTS,
    UDP,
    UDP_PORTS,
    Range,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    overlap,
    size,
    union,
)
from diagramgen.model.traffic.words import (
    address_text,
    address_texts,
    parse_addresses,
    parse_ports,
    parse_service,
    service_text,
)

__all__ = [
    "ADDRESSES",
    "AH",
    "EPHEMERAL",
    "ESP",
    "EVERYTHING",
    "ICMP",
    "IPV4",
    "IPV6",
    "IPV6_BASE",
    "LAST_ADDRESS",
    "NAMELESS_BASE",
    "NAMELESS_EITHER",
    "NOTHING_AT_ALL",
    "NO_RANGES",
    "OTHER",
    "PORTS",
    "PROTOCOLS",
    "SERVICES",
    "TCP",
    "TCP_PORTS",
    "UDP",
    "UDP_PORTS",
    "Box",
    "Packet",
    "PacketSet",
    "Range",
    "Ranges",
    "address_text",
    "address_texts",
    "between",
    "box_intersection",
    "covers",
    "describe",
    "difference",
    "intersection",
    "normal",
    "overlap",
    "parse_addresses",
    "parse_ports",
    "parse_service",
    "service_text",
    "size",
    "union",
]
