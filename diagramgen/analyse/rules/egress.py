"""Rules on where subnets send what is not for their VNet: to a firewall, and by no way that nobody chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.frontends.outbound import Ways
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    GATEWAY,
    Found,
    Roles,
    entries,
    evidence,
    is_sketch,
    label,
    labels,
    roles,
    verb,
)
from diagramgen.analyse.rules.ways import (
    appliance_text,
    default_route,
    holders,
    prefix_text,
    route_evidence,
    subnets_in,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import key


def zt_07(estate: Estate) -> Iterator[Found]:
    """Where a firewall or an appliance is near, subnets send 0.0.0.0/0 to it.

    Near is the VNet itself or a peer. Subnets without any way out, and VNets on a virtual hub (ZT-22), are not judged.
    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    role = roles(topology)
    holding = holders(estate, role)
    ways_out = Ways(topology, estate.addresses)
    on_hubs = {connection.vnet for connection in topology.hub_connections}
    for subnet, is_for in role.items():
        vnet = topology.resources[subnet].parent or ""
        if is_for != "workload" or vnet in on_hubs:
            continue
        near = [
            far
            for far, p, _, _ in estate.routing.peers(vnet)
            if far in holding and estate.routing.carries(p) == "yes"
        ]
        hub = vnet if vnet in holding else next(iter(near), "")
        route = default_route(estate, subnet)
        if not hub or route is None or route.next_hop != "Internet" or not _has_way_out(ways_out, subnet):
            continue
        name = label(topology, subnet)
        table = topology.route_table_of.get(subnet)
        where = label(topology, table) if table else f"a new route table for {name}"
        yield Found(
            (subnet, *([table] if table else [])),
            f"subnet {name} sends its Internet traffic straight out, not to the firewall in {label(topology, hub)}",
            (route_evidence(topology, route, subnet),),
            f"add `0.0.0.0/0 -> {_firewall(estate, hub, role)}` to {where}, and stop the propagation of gateway routes "
            "there",
        )  # fmt: skip


def _has_way_out(ways: Ways, subnet: str) -> bool:
    """Whether machines of a subnet surely get out where their route leads to the Internet."""
    return any(way.is_sure and way.kind not in ("none", "unknown") for way in ways.out_of(subnet))


def _firewall(estate: Estate, vnet: str, role: Roles) -> str:
    """The address of a VNet's firewall, as a route names it, or its name."""
    topology = estate.topology
    for subnet in subnets_in(estate, vnet, role, ("firewall", "appliance")):
        for resource in topology.resources.values():
            if resource.parent == subnet and resource.type in (
                "microsoft.network/azurefirewalls",
                "diagramgen/nva",
            ):
                addresses = prefix_text(estate, resource.id)
                return resource.label if addresses.startswith("the ") else addresses.removesuffix("/32")
    return "the firewall's address"


def zt_20(estate: Estate) -> Iterator[Found]:
    """A firewall between subnets of one VNet needs routes with the other's prefix, on both.

    The route 0.0.0.0/0 never catches traffic inside the VNet: the system route of the VNet is longer.
    https://learn.microsoft.com/azure/firewall/firewall-faq
    """
    topology = estate.topology
    role = roles(topology)
    for vnet in sorted(estate.addresses.subnets_of):
        subnets = subnets_in(estate, vnet, role)
        via = {s: {t for t in subnets if t != s and _goes_by_appliance(estate, s, t)} for s in subnets}
        one_sided = [(a, b) for a in subnets for b in sorted(via[a])
                     if a not in via[b] and not _may_go_by_appliance(estate, b, a)]  # fmt: skip
        lacking = one_sided + _beside(estate, subnets, via)
        if not lacking:
            continue
        first, second = lacking[0]
        how = (
            "in one direction only" if one_sided
            else "beside it: 0.0.0.0/0 does not catch what stays in the VNet"
        )  # fmt: skip
        yield Found(
            (vnet, *dict.fromkeys(subnet for pair in lacking for subnet in pair)),
            f"{label(topology, first)} and {label(topology, second)} use the firewall, but traffic between them "
            f"passes {how}",
            tuple(_inside(estate, b, a) for a, b in lacking[:8]),
            "; ".join(_cure(estate, a, b, (a, b) in one_sided) for a, b in lacking[:4]),
        )


def _may_go_by_appliance(estate: Estate, source: str, target: str) -> bool:
    """Whether routes that the input does not tell for sure may lead from one subnet to another by an appliance."""
    pieces = estate.routing.routes(source).split(estate.addresses.subnet(target))
    return any(not route.is_sure for _, route in pieces)


def _beside(estate: Estate, subnets: list[str], via: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Pairs of subnets that both send 0.0.0.0/0 to an appliance and have a gap between them."""
    sent = []
    for subnet in subnets:
        route = default_route(estate, subnet)
        if route is not None and route.next_hop == "VirtualAppliance":
            sent.append(subnet)
    pairs = [(a, b) for a in sent for b in sent if a < b and b not in via[a] and a not in via[b]]
    return [(a, b) for a, b in pairs if _is_gap(estate, a, b)]


def _cure(estate: Estate, a: str, b: str, is_one_sided: bool) -> str:
    """The routes that two subnets lack."""
    topology = estate.topology
    back = (
        f"`{prefix_text(estate, a)} -> {_hop_text(estate, b, a)}` to the route table of {label(topology, b)}"
    )
    if is_one_sided:
        return f"add {back}"
    return f"add {back} and `{prefix_text(estate, b)} -> {_hop_text(estate, a, b)}` to that of {label(topology, a)}"


def _is_gap(estate: Estate, a: str, b: str) -> bool:
    boundary = estate.boundary("subnet", a, b)
    return boundary is not None and boundary.status == "gap"


def _goes_by_appliance(estate: Estate, source: str, target: str) -> bool:
    pieces = estate.routing.routes(source).split(estate.addresses.subnet(target))
    return any(route.next_hop == "VirtualAppliance" and route.is_sure for _, route in pieces)


def _inside(estate: Estate, source: str, target: str) -> Evidence:
    """The route by which one subnet reaches another of its VNet."""
    for _, route in estate.routing.routes(source).split(estate.addresses.subnet(target)):
        if route.next_hop != "VirtualAppliance":
            return route_evidence(estate.topology, route, source)
    return evidence(estate.topology.resources[source], "its routes", "routeTable")


def _hop_text(estate: Estate, subnet: str, other: str) -> str:
    """The appliance that two subnets use, by its address."""
    for each in (subnet, other):
        route = default_route(estate, each)
        pieces = estate.routing.routes(each).split(
            estate.addresses.subnet(other if each == subnet else subnet)
        )
        for _, found in [*pieces, *([((), route)] if route is not None else [])]:
            if found.next_hop == "VirtualAppliance":
                return appliance_text(found)
    return "the firewall"


def zt_31(estate: Estate) -> Iterator[Found]:
    """Subnets are private, or their default route leads to what is meant.

    Without that, and without a NAT gateway or the like, Azure gives machines an address that nobody owns.
    https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    role = roles(topology)
    for subnet_id, is_for in role.items():
        subnet = topology.resources[subnet_id]
        if is_for != "workload" or subnet.properties.get("defaultOutboundAccess") is False:
            continue
        if entries(subnet.properties.get("delegations")) or subnet_id in topology.nat_gateway_of:
            continue
        route = default_route(estate, subnet_id)
        if route is None or route.next_hop != "Internet":
            continue
        name = label(topology, subnet_id)
        yield Found(
            (subnet_id,),
            f"subnet {name} is not private: machines without a way out of their own get one from Azure, with an "
            "address that nobody owns",
            (evidence(subnet, f"{name}: `defaultOutboundAccess` is not false", "defaultOutboundAccess"),
             route_evidence(topology, route, subnet_id)),
            f"set `defaultOutboundAccess: false` on {name}, and give it a route to the firewall or a NAT gateway if it "
            "needs the Internet",
        )  # fmt: skip


def zt_40(estate: Estate) -> Iterator[Found]:
    """What is for the Internet does not leave over on-premises, unless it is meant to.

    A spec means it with a flow from the subnet, or its VNet, to the site.
    https://learn.microsoft.com/azure/vpn-gateway/about-site-to-site-tunneling
    """
    topology = estate.topology
    role = roles(topology)
    meant = {flow.source for flow in topology.flows if flow.target in estate.addresses.sites}
    by_table: dict[str, list[str]] = defaultdict(list)
    for subnet, is_for in role.items():
        vnet = topology.resources[subnet].parent or ""
        route = default_route(estate, subnet) if is_for == "workload" and not {subnet, vnet} & meant else None
        if route is not None and route.next_hop == "VirtualNetworkGateway":
            by_table[topology.route_table_of.get(subnet) or vnet].append(subnet)
    for owner, subnets in by_table.items():
        route = default_route(estate, subnets[0])
        if route is None:
            continue
        yield Found(
            (*subnets, owner),
            f"{labels(topology, subnets)} {verb(subnets, 'sends', 'send')} what is for the Internet over the gateway "
            "to on-premises",
            (route_evidence(topology, route, subnets[0]),),
            f"send 0.0.0.0/0 of {labels(topology, subnets)} to a firewall in Azure, or say in a spec that it is meant: "
            "a flow from there to the site",
        )  # fmt: skip
    for gateway in topology.of_type(GATEWAY):
        site = key(gateway.properties.get("gatewayDefaultSite"))
        if site:
            yield Found(
                (gateway.id, site),
                f"gateway {label(topology, gateway.id)} has {label(topology, site)} as its default site: it forces "
                "Internet traffic on-premises",
                (evidence(gateway, "gatewayDefaultSite", "gatewayDefaultSite"),),
                f"remove the default site of {label(topology, gateway.id)}, and send 0.0.0.0/0 to a firewall in Azure",
            )  # fmt: skip
