"""The addresses of Azure Firewalls: where routes lead, where DNAT listens, and what the far side sees as the source."""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.analyse.addresses import PRIVATE, PUBLIC, Addresses
from diagramgen.analyse.firewall.chain import body_of
from diagramgen.analyse.firewall.rules import NatRule
from diagramgen.analyse.firewall.words import texts_of
from diagramgen.analyse.verdicts import Match
from diagramgen.model.references import at, key
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    IPV6_BASE,
    NAMELESS_BASE,
    NO_RANGES,
    TCP,
    TCP_PORTS,
    UDP,
    UDP_PORTS,
    Box,
    PacketSet,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    union,
)

_PRIVATE_V4: Ranges = normal(r for r in PRIVATE if r[1] < IPV6_BASE)


class Translation(NamedTuple):
    """What a DNAT rule makes of packets: they go on changed, and no other rule sees them. Not sure: perhaps."""

    match: Match
    before: PacketSet
    after: PacketSet
    is_sure: bool


class FirewallAddresses:
    """Look-ups by the id of a firewall; none where it is not in the input."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        self._topology, self._addresses = topology, addresses

    def private(self, firewall: str) -> Ranges:
        """The address to which routes lead; none where the input does not tell it."""
        return self._addresses.resource(firewall)

    def public(self, firewall: str) -> Ranges:
        """The addresses on which DNAT rules listen, nameless ones for those that the input does not tell.

        A firewall of a virtual hub always has some: https://learn.microsoft.com/azure/virtual-wan/howto-firewall
        """
        body = body_of(self._topology, firewall)
        if body is None:
            return NO_RANGES
        found: Ranges = NO_RANGES
        for configuration in _configurations(body):
            rid = key(_within(configuration, "publicIPAddress"))
            found = union(found, self.public_ip(rid)) if rid else found
        told = at(body.properties, "hubIPAddresses", "publicIPs", "addresses")
        for address in told if isinstance(told, list | tuple) else ():
            found = union(found, _parsed(at(address, "address")))
        if not found and key(body.properties.get("virtualHub")):
            found = self._addresses.service(f"{firewall}/publicip", frozenset())
        return found

    def public_ip(self, rid: str) -> Ranges:
        """The address of a public IP resource, nameless where it is not told."""
        resource = self._topology.resources.get(rid)
        known = _parsed(resource.properties.get("ipAddress")) if resource is not None else NO_RANGES
        return known or self._addresses.service(rid, frozenset())

    def seen(self, firewall: str) -> Ranges:
        """What the far side sees in place of a source: any address of the firewall's subnet, or of its hub."""
        body = body_of(self._topology, firewall)
        if body is None:
            return NO_RANGES
        for configuration in _configurations(body):
            subnet = self._addresses.subnet(key(_within(configuration, "subnet")))
            if subnet:
                return subnet
        hub = self._topology.resources.get(key(body.properties.get("virtualHub")))
        prefix = _parsed(hub.properties.get("addressPrefix")) if hub is not None else NO_RANGES
        return prefix or self.private(firewall)

    def unchanged(self, firewall: str, policies: tuple[Resource, ...]) -> Ranges:
        """The destinations whose packets keep their source: private ones, or what the policy or firewall counts so.

        Networks and sites whose addresses are not told count as private.
        https://learn.microsoft.com/azure/firewall/snat-private-range
        """
        body = body_of(self._topology, firewall)
        told: object = None
        for policy in policies[::-1]:
            told = told or at(policy.properties, "snat", "privateRanges")
        if body is not None and not body.properties.get("firewallPolicy"):
            told = at(body.properties, "additionalProperties", "Network.SNAT.PrivateRanges")
        found: Ranges = NO_RANGES
        for word in texts_of(told) or ("IANAPrivateRanges",):
            found = union(found, _PRIVATE_V4 if word.lower() == "ianaprivateranges" else _parsed(word))
        known = self._addresses.nameless.values()
        return union(
            found, normal((n.number, n.number) for n in known if not n.within or overlap(found, n.within))
        )

    def narrowed(self, firewall: str, nat: NatRule) -> NatRule:
        """A DNAT rule of a policy as it holds for one of its firewalls: on that one's addresses.

        An address that the rule names and that no firewall is known to have may be one that is not told.
        """
        public = self.public(firewall)
        own = union(public, self.private(firewall))
        by_id: Ranges = NO_RANGES
        for rid in nat.public_ips:
            by_id = union(by_id, self.public_ip(rid))
        sure = intersection(union(nat.named[0], by_id), own)
        others = difference(nat.named[1], own)
        may_be_other = bool(others) and others[0][0] < NAMELESS_BASE
        possible = intersection(union(nat.named[1], by_id), own) if may_be_other else sure
        body = body_of(self._topology, firewall)
        if body is None or not (public or _configurations(body)):
            possible = union(possible, difference(nat.named[1], PRIVATE))
        match = nat.match
        box = match.sure._replace(destinations=sure) if match.sure is not None and sure else None
        whole = match.possible._replace(destinations=possible)
        return nat._replace(match=match._replace(sure=whole if box == whole else box, possible=whole))

    def translate(
        self, firewall: str, rules: tuple[NatRule, ...], unknown: tuple[Match, ...], packets: PacketSet
    ) -> list[Translation]:
        """What DNAT rules, narrowed to a firewall, do with packets; then what `unknown` ones may do.

        The target sees an address of the firewall's subnet as the source.
        https://learn.microsoft.com/azure/firewall/destination-nat-rules
        """
        found: list[Translation] = []
        must = may = packets
        for nat in rules:
            possible = may & PacketSet.of(nat.match.possible)
            if not possible:
                continue
            sure = must & PacketSet.of(nat.match.sure)
            for part, is_sure in ((sure, True), (possible - sure, False)):
                if part:
                    found.append(Translation(nat.match, part, self._translated(firewall, nat, part), is_sure))
            may = may - PacketSet.of(nat.match.sure)
            must = must - PacketSet.of(nat.match.possible)
        for match in unknown:
            own = may & PacketSet.of(Box(destinations=self.public(firewall) or ADDRESSES))
            if own:
                nat = NatRule(match, ADDRESSES)
                found.append(Translation(match, own, self._translated(firewall, nat, own), False))
        return found

    def _translated(self, firewall: str, nat: NatRule, packets: PacketSet) -> PacketSet:
        is_public = covers(PUBLIC, nat.addresses)
        sources = self.public(firewall) if is_public else self.seen(firewall)
        return PacketSet(
            Box(sources or PRIVATE, nat.addresses, _with_ports(box.services, nat.ports))
            for box in packets.boxes
        )


def _with_ports(services: Ranges, ports: Ranges | None) -> Ranges:
    """Services with other ports, the protocols as they were.

    >>> _with_ports(((443, 443), (65589, 65589)), ((8443, 8443),))
    ((8443, 8443), (73979, 73979))
    """
    if ports is None:
        return services
    found = difference(services, union(TCP_PORTS, UDP_PORTS))
    for base, protocol in ((TCP, TCP_PORTS), (UDP, UDP_PORTS)):
        if overlap(services, protocol):
            found = union(found, normal((low + base, high + base) for low, high in ports))
    return found


def _configurations(body: Resource) -> tuple[object, ...]:
    told = body.properties.get("ipConfigurations")
    return tuple(told) if isinstance(told, list | tuple) else ()


def _within(configuration: object, name: str) -> object:
    return at(configuration, "properties", name) or at(configuration, name)


def _parsed(value: object) -> Ranges:
    return (parse_addresses(value) or NO_RANGES) if isinstance(value, str) else NO_RANGES
