"""Addresses as whole numbers, networks as their first and last, ports as ranges. IPv4 only."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import NamedTuple


class Network(NamedTuple):
    """The addresses from `first` to `last`; `length` is the prefix length (-1 for a range `A-B`)."""

    first: int
    last: int
    length: int

    def holds(self, address: int) -> bool:
        return self.first <= address <= self.last


@cache
def number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


@cache
def network(text: str) -> Network | None:
    """The network that a text means, or None where it is none: a tag, IPv6, something else.

    >>> network("10.0.0.0/8") == Network(number("10.0.0.0"), number("10.255.255.255"), 8)
    True
    >>> network("VirtualNetwork")
    """
    if text.lower() in ("*", "any"):
        text = "0.0.0.0/0"
    first, dash, last = text.partition("-")
    try:
        if dash:
            return Network(number(first.strip()), number(last.strip()), -1)
        found = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return None
    return Network(int(found.network_address), int(found.broadcast_address), found.prefixlen)


PRIVATE = tuple(
    found
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    if (found := network(text))
)
"""RFC 1918 and RFC 6598: the ranges for which Azure has a system route to nowhere.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default
"""

PLATFORM_DNS = number("168.63.129.16")
PLATFORM_IMDS = number("169.254.169.254")


def is_private(address: int) -> bool:
    return any(block.holds(address) for block in PRIVATE)


@cache
def ports(text: str) -> tuple[int, int] | None:
    """The first and the last port of `*`, `443` or `8000-8100`; None for anything else.

    >>> ports("*"), ports("22"), ports("80-90"), ports("http")
    ((0, 65535), (22, 22), (80, 90), None)
    """
    if text == "*":
        return 0, 65535
    first, dash, last = text.partition("-")
    try:
        return int(first), int(last if dash else first)
    except ValueError:
        return None
