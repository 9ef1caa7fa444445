"""Boundaries: what is known of each segmentation boundary of an estate.

Not yet computed from rules and routes: a boundary that the spec declares has the state it declares, every other one
is `unknown`, because nothing may be drawn as protected that was not proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diagramgen.model.topology import DeclaredBoundary, Topology

INTERNET = "internet"
AZURE = "azure"


class Verdict(NamedTuple):
    """What holds between two sides: `status` of the contract, the controls by name, whether only declared."""

    status: str
    by: tuple[str, ...] = ()
    is_declared: bool = False


class Analysis(NamedTuple):
    """A topology and the verdicts on its boundaries, keyed by level and both ids in sorted order."""

    topology: Topology
    verdicts: Mapping[tuple[str, str, str], Verdict]


def analyse_topology(topology: Topology) -> Analysis:
    """The verdicts of everything that is known so far."""
    verdicts: dict[tuple[str, str, str], Verdict] = {}
    for declared in topology.boundaries:
        level = declared.level or level_of(topology, declared)
        first, second = sorted((declared.a, declared.b))
        verdicts[(level, first, second)] = Verdict(declared.status, declared.by, True)
    return Analysis(topology, verdicts)


def level_of(topology: Topology, declared: DeclaredBoundary) -> str:
    """The level of a declared boundary, from what its sides are."""
    sides = {declared.a, declared.b}
    if INTERNET in sides:
        return "internet"
    if sides & {site.id for site in topology.sites}:
        return "on-premises"
    types = {topology.resources[side].type for side in sides if side in topology.resources}
    by_type = {
        "microsoft.resources/subscriptions": "subscription",
        "microsoft.network/virtualnetworks/subnets": "subnet",
        "microsoft.network/virtualnetworks": "vnet",
        "microsoft.network/virtualhubs": "vnet",
    }
    levels = {by_type.get(type_name, "paas") for type_name in types}
    for level in ("paas", "vnet", "subscription", "subnet"):
        if level in levels:
            return level
    return "subnet"
