"""Addresses -> other addresses, such that one prefix lies in another exactly where it did before.

Each bit is flipped or not by a keyed hash of the bits before it (Xu, Fan, Ammar, Moon: Prefix-preserving IP address
anonymization, ICNP 2002). The bits that make an address private, shared, link-local or reserved stay, as Azure treats
those differently; so do the last eight of IPv4 and the last 64 of IPv6, so that ranges inside one block stay ranges.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_FIXED = tuple(
    (ip_network(text), bits)
    for text, bits in (
        # block, how many leading bits stay: https://www.iana.org/assignments/iana-ipv4-special-registry
        ("0.0.0.0/8", 32),
        ("10.0.0.0/8", 8),
        ("100.64.0.0/10", 10),
        ("127.0.0.0/8", 32),
        # 168.63.129.16 is Azure's own:
        # https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
        ("168.63.0.0/16", 32),
        ("169.254.0.0/16", 32),
        ("172.16.0.0/12", 12),
        ("192.168.0.0/16", 16),
        ("224.0.0.0/3", 32),
        ("::/0", 16),
        ("0.0.0.0/0", 8),
    )
)
_ADDRESS = re.compile(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9.]+)?"
)


class Addresses:
    """One disguise of all addresses."""

    def __init__(self, key: bytes) -> None:
        def flip(position: tuple[int, int], head: int) -> bool:
            return bool(hashlib.blake2s(f"{position}:{head}".encode(), key=key[:32]).digest()[0] & 1)

        self._flip = cache(flip)

    def text(self, text: str) -> str | None:
        """An address, a network or a range of addresses under another; None where the text is none of these.

        A range over several blocks of 256 addresses has no other that fits, and becomes unknown.

        >>> Addresses(b"key").text("10.0.0.0/8"), Addresses(b"key").text("web")
        ('10.0.0.0/8', None)
        """
        try:
            if "-" in text:
                first, last = (ip_address(end.strip()) for end in text.split("-", 1))
                if int(first) >> 8 != int(last) >> 8:
                    return "{range}"
                return f"{self._address(first)}-{self._address(last)}"
            if "/" in text:
                network = ip_network(text.strip(), strict=False)
                return f"{self._address(network.network_address, network.prefixlen)}/{network.prefixlen}"
            return str(self._address(ip_address(text.strip())))
        except ValueError:
            return None

    def inside(self, text: str) -> str:
        """A text in which every address is another (a list with `;` or blanks)."""
        return _ADDRESS.sub(lambda found: self.text(found.group()) or found.group(), text)

    def _address(self, address: IPv4Address | IPv6Address, length: int = 128) -> IPv4Address | IPv6Address:
        width, value = address.max_prefixlen, int(address)
        kept = _kept(address)
        free_until = min(length, width - (8 if width == 32 else 64))
        result = value
        for position in range(kept, free_until):
            head = value >> (width - position)
            if self._flip((width, position), head):
                result ^= 1 << (width - position - 1)
        return type(address)(result)


def _kept(address: IPv4Address | IPv6Address) -> int:
    """How many leading bits of an address stay."""
    return next(bits for block, bits in _FIXED if block.version == address.version and address in block)
