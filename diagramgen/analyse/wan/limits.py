"""What a hub does not join, and what Azure does not accept of its configuration."""

from __future__ import annotations

from collections.abc import Sequence

from diagramgen.analyse.wan.hubs import Hub
from diagramgen.analyse.wan.intent import DEFAULT, NONE
from diagramgen.analyse.wan.links import Link, LinkKind


def meets(hub: Hub, source: LinkKind, link: Link) -> bool | None:
    """Whether a hub lets what comes from `source` reach a link at all; None where the input does not tell.

    A Basic WAN joins neither VNets nor hubs: https://learn.microsoft.com/azure/virtual-wan/virtual-wan-about#basicstandard.
    ExpressRoute circuits reach each other by Global Reach only, and other branches as the WAN's flag says:
    https://learn.microsoft.com/azure/virtual-wan/virtual-wan-faq
    """
    if hub.is_basic and (link.hub != hub.id or (source == "vnet" and link.kind == "vnet")):
        return False
    if source == "vnet" or link.kind == "vnet":
        return True
    if source == "expressroute" and link.kind == "expressroute":
        return False
    return hub.branches_meet


def find_problems(hub: Hub, links: Sequence[Link]) -> tuple[str, ...]:
    """What Azure does not accept beside routing intent.

    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#prereq
    """
    found = list(hub.intent.faults)
    if not (hub.intent.internet or hub.intent.private):
        return tuple(found)
    custom = {table.name for name, table in hub.tables.items() if name not in (DEFAULT, NONE)}
    used = {link.table[1] for link in links if link.hub == hub.id and link.table is not None}
    custom |= used - {DEFAULT, NONE, *hub.tables}
    if custom:
        found.append(f"routing intent does not go with custom route tables ({', '.join(sorted(custom))})")
    vnets = {name for link in links if not link.is_branch for name in (link.id, link.owner)}
    to_vnets = [route.text for route in hub.tables[DEFAULT].routes if route.target in vnets]
    if to_vnets:
        found.append(f"routing intent does not go with static routes to a VNet ({to_vnets[0]})")
    return tuple(found)
