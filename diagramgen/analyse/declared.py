"""Declared boundaries: the level of one, from what its sides are."""

from __future__ import annotations

from diagramgen.analyse.addresses import INTERNET
from diagramgen.model.topology import DeclaredBoundary, Topology

_BY_TYPE = {
    "microsoft.resources/subscriptions": "subscription",
    "microsoft.network/virtualnetworks/subnets": "subnet",
    "microsoft.network/virtualnetworks": "vnet",
    "microsoft.network/virtualhubs": "vnet",
}


def level_of(topology: Topology, declared: DeclaredBoundary) -> str:
    """The level of a declared boundary, from what its sides are."""
    sides = {declared.a, declared.b}
    if INTERNET in sides:
        return "internet"
    if sides & {site.id for site in topology.sites}:
        return "on-premises"
    types = {topology.resources[side].type for side in sides if side in topology.resources}
    levels = {_BY_TYPE.get(type_name, "paas") for type_name in types}
    for level in ("paas", "vnet", "subscription", "subnet"):
        if level in levels:
            return level
    return "subnet"
