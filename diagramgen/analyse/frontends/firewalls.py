"""Firewalls: a way in for each DNAT rule on a public address of the firewall, as far as no earlier rule takes its
packets.

Who evaluates the rules says what they translate; here that becomes entries. The target sees the firewall's address.
https://learn.microsoft.com/azure/firewall/destination-nat-rules
"""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.addresses import NET, PUBLIC, VNET
from diagramgen.analyse.firewall import Firewalls, Translation
from diagramgen.analyse.frontends.entries import Frontend, Sku, Target
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.load_balancers import joined
from diagramgen.analyse.frontends.resolve import of_address
from diagramgen.analyse.frontends.shapes import body, listed, text
from diagramgen.model.references import at, key
from diagramgen.model.references import listed as all_listed
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import (
    NO_RANGES,
    SERVICES,
    Box,
    PacketSet,
    Ranges,
    address_text,
    covers,
    overlap,
    parse_addresses,
    size,
)

FIREWALL = NET + "azurefirewalls"
_MOST = 16
"""Addresses of one translation that are told apart: Azure lets a rule name one."""


def firewalls_in(estate: Estate, firewalls: Firewalls) -> Iterator[Frontend]:
    """The ways in through firewalls with public addresses; where rules are missing, one that is not sure for them."""
    for firewall in estate.of_type(FIREWALL):
        public = firewalls.public_addresses(firewall.id)
        if not _tells_addresses(firewall):
            yield _not_told(estate, firewall)
        if not public:
            continue
        for told in firewalls.translate(firewall.id, PacketSet.of(Box(PUBLIC, public))):
            yield _of_translation(estate, firewall, told)


def _tells_addresses(firewall: Resource) -> bool:
    """Whether the input tells the public addresses of a firewall, or that it has none."""
    told, is_whole = all_listed(firewall.properties.get("ipConfigurations"))
    return firewall.is_told and is_whole and not any(isinstance(each.get("properties"), str) for each in told)


def _not_told(estate: Estate, firewall: Resource) -> Frontend:
    """What may lead in through a firewall whose addresses are not known."""
    vnet, subnet = estate.stands(firewall)
    return Frontend(
        f"{firewall.id}/not-told", firewall.name, "firewall", vnet, subnet, (), "unknown", SERVICES, None,
        tuple(_anywhere(estate)), "", "",
        False, firewall.place, None, False, firewall.id,
    )  # fmt: skip


def _anywhere(estate: Estate) -> list[Target]:
    """Every VNet, as a DNAT rule that cannot be read may lead to any."""
    return [Target(vnet.id, "", vnet.id, NO_RANGES, SERVICES, False) for vnet in estate.of_type(VNET)]


def _of_translation(estate: Estate, firewall: Resource, told: Translation) -> Frontend:
    rule = told.match.rule
    vnet, subnet = estate.stands(firewall)
    sources = told.before.sources
    public_ips = _public_ips(estate, firewall, told.before.destinations)
    return Frontend(
        rule.id, f"{firewall.name}/{rule.name}", "firewall", vnet, subnet, public_ips, _sku(estate, public_ips),
        told.before.services, None if covers(sources, PUBLIC) else sources, _targets(estate, vnet, told), "", "",
        False, rule.place, rule, told.is_sure, firewall.id,
    )  # fmt: skip


def _targets(estate: Estate, vnet: str, told: Translation) -> tuple[Target, ...]:
    """What has the translated address; unknown where the rule names a host."""
    found: list[Target] = []
    for box in told.after.boxes:
        if size(box.destinations) > _MOST:
            found += _anywhere(estate) or [Target(told.match.rule.id, "", "", NO_RANGES, box.services, False)]
            continue
        for low, high in box.destinations:
            for number in range(low, high + 1):
                found += of_address(estate, address_text(number), vnet, box.services)
    return tuple(joined(found))


def _public_ips(estate: Estate, firewall: Resource, numbers: Ranges) -> tuple[str, ...]:
    """The public addresses of a firewall that lie in `numbers`; all where that cannot be told."""
    p = firewall.properties
    found = {key(body(c).get("publicIPAddress")): NO_RANGES for c in listed(p.get("ipConfigurations"))}
    for rid in found:
        resource = estate.get(rid)
        found[rid] = (
            parse_addresses(text(resource.properties.get("ipAddress")) if resource else "") or NO_RANGES
        )
    for item in listed(at(p, "hubIPAddresses", "publicIPs", "addresses")):
        found[text(item.get("address"))] = parse_addresses(text(item.get("address"))) or NO_RANGES
    found.pop("", None)
    return tuple(ip for ip in found if overlap(found[ip], numbers)) or tuple(found)


def _sku(estate: Estate, public_ips: tuple[str, ...]) -> Sku:
    skus = {estate.sku(ip) for ip in public_ips}
    return skus.pop() if len(skus) == 1 else "unknown"
