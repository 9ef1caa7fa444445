"""Where subnets send their traffic, as several rules ask it of the effective routes."""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.routing import NextHop, Route
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Role, Roles, label, vnet_of
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import (
    IPV4,
    IPV6_BASE,
    NAMELESS_BASE,
    Ranges,
    address_texts,
    intersection,
    overlap,
    size,
)

MACHINES: tuple[Role, ...] = ("workload",)
SERVED: tuple[Role, ...] = ("workload", "endpoints")
"""Subnets that machines begin from, and those that they reach."""


def subnets_in(estate: Estate, vnet: str, role: Roles, wanted: tuple[Role, ...] = MACHINES) -> list[str]:
    """The subnets of a VNet that the input tells of and that are for one of the wanted things."""
    return [s for s in estate.addresses.subnets_of.get(vnet, ()) if role.get(s) in wanted]


def direct_routes(
    estate: Estate, a: str, b: str, role: Roles, next_hop: NextHop
) -> list[tuple[str, str, Route]]:
    """Subnets of two VNets that surely reach each other by a next hop: from, to, and the route."""
    found = []
    for near, far in ((a, b), (b, a)):
        for source in subnets_in(estate, near, role):
            for target in subnets_in(estate, far, role, SERVED):
                for _, route in estate.routing.routes(source).split(estate.addresses.subnet(target)):
                    if route.next_hop == next_hop and route.is_sure:
                        found.append((source, target, route))
                        break
    return found


def default_route(estate: Estate, subnet: str) -> Route | None:
    """The route that most of the Internet's IPv4 addresses take from a subnet; None where none does, or none surely."""
    internet = intersection(estate.addresses.internet, IPV4)
    for ranges, route in estate.routing.routes(subnet).split(internet):
        if 2 * size(ranges) > size(internet):
            return route if route.is_sure else None
    return None


def next_hop_key(route: Route) -> object:
    """What tells one appliance from another: its address, else the resource that the route names."""
    return route.address or route.target


def appliances(estate: Estate, vnet: str, role: Roles) -> dict[object, Route]:
    """The appliances to which subnets of a VNet send what is for the Internet, each with one route that says so."""
    found: dict[object, Route] = {}
    for subnet in subnets_in(estate, vnet, role):
        route = default_route(estate, subnet)
        if route is not None and route.next_hop == "VirtualAppliance" and next_hop_key(route):
            found.setdefault(next_hop_key(route), route)
    return found


def stands_in(estate: Estate, vnet: str, route: Route) -> bool:
    """Whether the appliance of a route stands in a VNet."""
    if route.address:
        return overlap(estate.addresses.vnet(vnet), route.address)
    return vnet_of(estate.topology, route.target) == vnet


def holders(estate: Estate, role: Roles) -> frozenset[str]:
    """The VNets that hold a firewall or an appliance."""
    topology = estate.topology
    return frozenset(
        topology.resources[subnet].parent or ""
        for subnet, is_for in role.items()
        if is_for in ("firewall", "appliance")
    ) - {""}


def route_evidence(topology: Topology, route: Route, subnet: str) -> Evidence:
    """The effective route of a subnet; where Azure itself made it, the subnet."""
    resource = topology.resources[subnet]
    told = f"{label(topology, subnet)}: {route.text}"
    return Evidence(route.place if route.place.source else resource.place, told, subnet)


def appliance_text(route: Route) -> str:
    """The next hop as the input's own route names it, for a route like it."""
    return route.text.split("->")[-1].split("(")[0].strip()


def prefix_text(estate: Estate, rid: str) -> str:
    """The prefixes of a VNet or subnet as a route names them; its name where the input tells none."""
    numbered: Ranges = tuple(r for r in estate.addresses.resource(rid) if r[0] < NAMELESS_BASE)
    four = tuple(r for r in numbered if r[0] < IPV6_BASE)
    resource = estate.topology.resources.get(rid)
    return (
        ", ".join(address_texts(four or numbered, 3))
        or f"the prefix of {resource.label if resource else rid}"
    )


def all_sure(pieces: Iterator[tuple[Ranges, Route]] | list[tuple[Ranges, Route]], next_hop: NextHop) -> bool:
    """Whether every piece surely takes that next hop, and there is one."""
    told = list(pieces)
    return bool(told) and all(route.next_hop == next_hop and route.is_sure for _, route in told)
