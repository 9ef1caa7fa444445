"""Words: addresses and services as people write them, to ranges and back."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from diagramgen.model.traffic.ranges import (
    AH,
    ESP,
    ICMP,
    IPV4,
    IPV6,
    IPV6_BASE,
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
    union,
)


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


@lru_cache(maxsize=20_000)
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


@lru_cache(maxsize=20_000)
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
