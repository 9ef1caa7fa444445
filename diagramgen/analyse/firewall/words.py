"""Words of a firewall's rules -> addresses: prefixes, ranges, service tags, IP groups and host names.

A side of a rule is what it matches surely and what it may match. What cannot be read, or is referred to and absent, may
be any address.

https://learn.microsoft.com/azure/firewall/policy-rule-sets
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from diagramgen.analyse.addresses import PLATFORM, Addresses
from diagramgen.analyse.firewall.host_names import HostNames
from diagramgen.analyse.tags import ServiceTags, Tagged, tag_match
from diagramgen.model.references import key
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    IPV4,
    IPV6_BASE,
    NAMELESS_BASE,
    NO_RANGES,
    PROTOCOLS,
    SERVICES,
    Ranges,
    covers,
    normal,
    parse_addresses,
    parse_ports,
    parse_service,
    union,
)

NET = "microsoft.network/"
ANY = frozenset({"*", "any", "0.0.0.0/0"})
"""An Azure Firewall knows IPv4 alone: all of it is everything.

https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview#limitations
"""
NAME_ASSUMPTIONS = ("ASSUME_ADDRESS_UNKNOWN", "ASSUME_DNS_PRIVATE_ZONE")
_BROAD_TAGS = frozenset({"internet", "virtualnetwork", "azurecloud"})
_UNKNOWN: Tagged = ((), ADDRESSES, ("ASSUME_ADDRESS_UNKNOWN",))


class Side(NamedTuple):
    """One side of a rule: its addresses, its words for people, whether it is broad, and the ids of absent IP groups."""

    sure: Ranges = NO_RANGES
    possible: Ranges = NO_RANGES
    assumptions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_broad: bool = False
    missing: tuple[str, ...] = ()


class Words:
    """Reads words as the topology tells them. What it knows of nameless addresses is of the time when it is made."""

    def __init__(self, topology: Topology, addresses: Addresses, tags: ServiceTags | None) -> None:
        self.topology, self.addresses, self.tags = topology, addresses, tags
        self._known: dict[str, Tagged] = {}
        self._hosts = HostNames(topology, addresses)

    def side(self, prefixes: object, groups: object = None, names: tuple[str, ...] = ()) -> Side:
        """What a rule's prefixes, IP groups and host names mean together; any address where it names nothing."""
        texts = texts_of(prefixes)
        parts = [self._side_of(text) for text in texts]
        parts += [self._group(group) for group in _items(groups)]
        if names:
            parts.append(Side((), self.named(names), NAME_ASSUMPTIONS, names))
        if not parts:
            parts = [Side(*_UNKNOWN, ("?",))]
        sure = normal(r for part in parts for r in part.sure)
        possible = normal(r for part in parts for r in part.possible)
        told = normal(r for text in texts for r in parse_addresses(text) or ())
        if len(texts) > 1 and told:  # prefixes may hold together what none of them holds
            held = (ADDRESSES, ADDRESSES) if covers(told, IPV4) else self.addresses.expand(told)
            sure, possible = union(sure, held[0]), union(possible, held[1])
        return Side(
            sure,
            possible,
            tuple(dict.fromkeys(code for part in parts for code in part.assumptions)),
            tuple(word for part in parts for word in part.words),
            any(part.is_broad for part in parts) or _is_broad(told),
            tuple(dict.fromkeys(rid for part in parts for rid in part.missing)),
        )

    def _side_of(self, text: str) -> Side:
        folded = text.strip().lower()
        found = self._known.get(folded)
        if found is None:
            found = self._known[folded] = self._read(folded)
        is_any = folded in ANY
        return Side(*found, ("any" if is_any else text,), is_any or folded in _BROAD_TAGS)

    def _read(self, word: str) -> Tagged:
        if word in ANY:
            return ADDRESSES, ADDRESSES, ()
        parsed = parse_addresses(word)
        if parsed is not None:
            sure, possible = self.addresses.expand(parsed)
            return sure, possible, () if sure == possible else ("ASSUME_ADDRESS_UNKNOWN",)
        if word == "internet":
            own = normal(r for r in self._hosts.public if r[0] >= NAMELESS_BASE)
            return *(union(self.addresses.internet, own),) * 2, ()
        if word == "virtualnetwork":  # no word that Azure Firewall knows
            return _UNKNOWN
        if word == "azureloadbalancer" or word.startswith("azureplatform"):
            return PLATFORM, PLATFORM, ()
        return tag_match(word, self.tags, self.addresses)

    def _group(self, reference: object) -> Side:
        """https://learn.microsoft.com/azure/firewall/ip-groups"""
        rid = key(reference)
        group = self.topology.resources.get(rid)
        told = group.properties.get("ipAddresses") if group is not None else None
        if group is None or not isinstance(told, list | tuple):
            return Side(*_UNKNOWN, (self.name_of(rid),), missing=(rid,) if rid else ())
        side = self.side(told) if told else Side()
        return side._replace(words=(self.name_of(rid),))

    def name_of(self, rid: str) -> str:
        """What a resource is called; the end of its id where the input lacks it."""
        resource = self.topology.resources.get(rid)
        return (resource.label or resource.name) if resource is not None else rid.rsplit("/", 1)[-1] or "?"

    def named(self, names: Iterable[str]) -> Ranges:
        """Every address to which one of the host names may lead."""
        return self._hosts.addresses_of(names)


def _is_broad(ranges: Ranges) -> bool:
    """Whether addresses make up a /8 or more in a row."""
    return any(high - low + 1 >= 1 << (24 if low < IPV6_BASE else 120) for low, high in ranges)


def _items(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def texts_of(value: object) -> tuple[str, ...]:
    """The words of a list, or of a text with commas; `?` for what is no text."""
    found: list[str] = []
    for item in _items(value):
        if isinstance(item, str):
            found += [part.strip() for part in item.split(",") if part.strip()]
        else:
            found.append(str(item) if isinstance(item, int) and not isinstance(item, bool) else "?")
    return tuple(found)


def read_services(protocols: tuple[str, ...], ports: tuple[str, ...]) -> tuple[Ranges, bool]:
    """The services that a network or NAT rule means, and whether all of its words could be read.

    Protocol `Any` with ports is TCP and UDP: https://learn.microsoft.com/azure/firewall/policy-rule-sets
    """
    found: Ranges = NO_RANGES
    is_sure = bool(protocols)
    for protocol in protocols or ("?",):
        if protocol.lower() not in PROTOCOLS:
            return SERVICES, False
        if protocol.lower().startswith("icmp"):
            found = union(found, parse_service(protocol))
            continue
        for text in ports or ("?",):
            numbers = read_ports(text)
            is_sure = is_sure and bool(numbers)
            found = union(found, parse_service(protocol, text if numbers else "*"))
    return found, is_sure


def read_ports(text: str) -> Ranges:
    """The ports of a text, none where it is illegible."""
    return parse_ports(text) if text.isascii() else NO_RANGES


def service_words(protocols: tuple[str, ...], ports: tuple[str, ...]) -> str:
    """As a person writes it.

    >>> service_words(("TCP", "UDP"), ("53",)), service_words(("Any",), ("*",)), service_words(("ICMP",), ("*",))
    ('tcp,udp/53', 'any', 'icmp')
    """
    words = ",".join(protocol.lower() for protocol in protocols) or "?"
    told = ",".join(ports)
    if words.startswith("icmp") or (words == "any" and told == "*"):
        return words
    return f"{words}/{told or '?'}"
