"""Rules on the way between Azure and on-premises: inspected in both directions, and no way from VNet to VNet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    Found,
    Roles,
    evidence,
    is_known,
    is_sketch,
    label,
    labels,
    roles,
    told,
    verb,
)
from diagramgen.analyse.rules.ways import (
    appliance_text,
    default_route,
    prefix_text,
    route_evidence,
    subnets_in,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.traffic import Ranges


def zt_15(estate: Estate) -> Iterator[Found]:
    """A spoke uses the hub's gateway only if a firewall sees what passes between it and on-premises.

    A spoke whose own way is inspected, and that lacks the way in alone, is left to ZT-17.
    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    role = roles(topology)
    for hub, spokes in estate.routing.transit_users.items():
        for spoke in spokes:
            wrong = _straight_out(estate, spoke, role)
            half = next((near for far, _, near, _ in estate.routing.peers(spoke) if far == hub), None)
            if not wrong or half is None or half.uses_remote_gateways is not True:
                continue
            name, at_hub = label(topology, spoke), label(topology, hub)
            uses = Evidence(half.place, f"peering {name} -> {at_hub}: `useRemoteGateways` is true", half.id)
            yield Found(
                (spoke, hub),
                f"{name} uses the gateway of {at_hub}, and no firewall sees what passes between it and on-premises",
                (uses, *wrong, *_straight_in(estate, spoke, hub, role)),
                f"send what passes between {name} and the GatewaySubnet of {at_hub} through the firewall, by routes on "
                f"both and without gateway routes in {name}; or set `useRemoteGateways: false` on the peering",
            )


def _straight_out(estate: Estate, spoke: str, role: Roles) -> tuple[Evidence, ...]:
    """What sends a spoke's subnets to on-premises past every appliance."""
    topology = estate.topology
    found = []
    for subnet in subnets_in(estate, spoke, role):
        pieces = estate.routing.routes(subnet).split(estate.addresses.on_premises)
        direct = [route for _, route in pieces if route.next_hop == "VirtualNetworkGateway" and route.is_sure]
        if direct:
            found.append(route_evidence(topology, direct[0], subnet))
        elif not pieces and _learns_anything(estate, subnet):
            text = f"{label(topology, subnet)} takes in what the gateway learns"
            found.append(evidence(topology.resources[subnet], text, "routeTable"))
    return tuple(found)


def _straight_in(estate: Estate, spoke: str, hub: str, role: Roles) -> Iterator[Evidence]:
    """What sends the gateway's traffic to a spoke past every appliance."""
    for gateway_subnet in subnets_in(estate, hub, role, ("gateway",)):
        for _, route in estate.routing.routes(gateway_subnet).split(estate.addresses.vnet(spoke)):
            if route.next_hop == "VNetPeering" and route.is_sure:
                yield route_evidence(estate.topology, route, gateway_subnet)


def _learns_anything(estate: Estate, subnet: str) -> bool:
    """Whether a subnet takes in whatever a gateway learns, which is longer than its own default route."""
    table = estate.topology.route_table_of.get(subnet)
    if table is None:
        return True
    return is_known(estate.topology.resources.get(table)) and not estate.routing.stops_propagation(table)


def zt_16(estate: Estate) -> Iterator[Found]:
    """Subnets that send 0.0.0.0/0 to a firewall do not learn routes from gateways, which would go past it.

    VNets on a virtual hub need propagation and are left to ZT-22. Low where no gateway is near yet.
    https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#border-gateway-protocol
    """
    topology = estate.topology
    role = roles(topology)
    on_hubs = {connection.vnet for connection in topology.hub_connections}
    by_table: dict[str, list[str]] = defaultdict(list)
    for subnet, is_for in role.items():
        table = topology.route_table_of.get(subnet, "")
        if is_for in ("gateway", "firewall") or not is_known(topology.resources.get(table)):
            continue
        route = default_route(estate, subnet)
        is_sent = route is not None and route.next_hop == "VirtualAppliance"
        if (
            is_sent
            and not estate.routing.stops_propagation(table)
            and topology.resources[subnet].parent not in on_hubs
        ):
            by_table[table].append(subnet)
    for table, subnets in by_table.items():
        resource = topology.resources[table]
        near = sorted({gateway for subnet in subnets for gateway in _gateways_near(estate, subnet)})
        why = (
            f"routes learnt from {labels(topology, near)} go past the firewall" if near
            else "routes of any gateway that comes will go past the firewall"
        )  # fmt: skip
        yield Found(
            (table, *subnets),
            f"route table {label(topology, table)} sends {labels(topology, subnets)} to a firewall, and takes in "
            f"gateway routes too: {why}",
            (evidence(resource, "`disableBgpRoutePropagation` is not true", "disableBgpRoutePropagation"),),
            f"set `disableBgpRoutePropagation: true` on {label(topology, table)} (in a spec "
            "`propagate_gateway_routes: false`)",
            None if near else "low",
        )  # fmt: skip


def _gateways_near(estate: Estate, subnet: str) -> tuple[str, ...]:
    """The gateways whose routes a subnet's VNet learns."""
    vnet = estate.topology.resources[subnet].parent or ""
    remote = estate.routing.remote_gateway_vnet(vnet)
    return (
        estate.routing.gateways.of(vnet)
        or estate.routing.gateways.of(remote)
        or ((remote,) if remote else ())
    )


def zt_17(estate: Estate) -> Iterator[Found]:
    """GatewaySubnet sends what is for the spokes to the firewall that the spokes send to.

    https://learn.microsoft.com/security/zero-trust/azure-infrastructure-networking
    """
    topology = estate.topology
    role = roles(topology)
    for gateway_subnet, is_for in role.items():
        vnet = topology.resources[gateway_subnet].parent or ""
        if is_for != "gateway" or not estate.routing.gateways.of(vnet):
            continue
        direct: dict[str, Evidence] = {}
        for served in (vnet, *estate.routing.transit_users.get(vnet, ())):
            for subnet in subnets_in(estate, served, role):
                if _sends_to_appliance(estate, subnet):
                    for _, route in estate.routing.routes(gateway_subnet).split(
                        estate.addresses.subnet(subnet)
                    ):
                        if route.next_hop in ("VNetPeering", "VnetLocal") and route.is_sure:
                            direct.setdefault(subnet, route_evidence(topology, route, gateway_subnet))
        if not direct:
            continue
        name, table = label(topology, gateway_subnet), topology.route_table_of.get(gateway_subnet)
        where = label(topology, table) if table else f"a route table at {name}"
        vnets = list(dict.fromkeys(topology.resources[subnet].parent or "" for subnet in direct))
        hop = _next_hop_text(estate, next(iter(direct)))
        lines = ", ".join(f"`{prefix_text(estate, rid)} -> {hop}`" for rid in vnets[:4])
        yield Found(
            (gateway_subnet, *([table] if table else []), *vnets),
            f"{name} passes traffic from on-premises straight to {labels(topology, vnets)}, "
            f"{verb(vnets, 'which answers', 'which answer')} through the firewall: uninspected in, and asymmetric",
            tuple(direct.values())[:8],
            f"add to {where}: {lines}",
        )  # fmt: skip


def _sends_to_appliance(estate: Estate, subnet: str) -> bool:
    """Whether a subnet's way to on-premises is an appliance; to the Internet, where no site is told."""
    far: Ranges = estate.addresses.on_premises
    pieces = estate.routing.routes(subnet).split(far) if far else []
    if pieces:
        return all(route.next_hop == "VirtualAppliance" and route.is_sure for _, route in pieces)
    route = default_route(estate, subnet)
    return route is not None and route.next_hop == "VirtualAppliance"


def _next_hop_text(estate: Estate, subnet: str) -> str:
    route = default_route(estate, subnet)
    for _, found in estate.routing.routes(subnet).split(estate.addresses.on_premises):
        if found.next_hop == "VirtualAppliance":
            route = found
    return appliance_text(route) if route is not None else "the firewall"


def zt_18(estate: Estate) -> Iterator[Found]:
    """VNets that nothing else joins do not share an ExpressRoute circuit, over which they reach each other.

    The flags `allowRemoteVnetTraffic` of their gateways, both false, close that way.
    https://learn.microsoft.com/azure/expressroute/expressroute-faqs
    """
    topology = estate.topology
    for vnet in sorted({home for home, _ in estate.routing.gateways.home.values()}):
        for reached in estate.routing.gateways.reached(vnet, estate.routing.advertised):
            is_news = bool(reached.circuit) and vnet < reached.vnet and reached.is_sure
            if not is_news or _is_joined(estate, vnet, reached.vnet):
                continue
            a, b, circuit = (label(topology, rid) for rid in (vnet, reached.vnet, reached.circuit))
            yield Found(
                (vnet, reached.vnet, reached.circuit),
                f"{a} and {b} are on ExpressRoute circuit {circuit}, and reach each other over it",
                (Evidence(reached.place, reached.text, reached.gateway), *_flags(estate, vnet, reached.vnet)),
                f"set `allowRemoteVnetTraffic: false` on the ExpressRoute gateways of {a} and {b}, or give one of "
                "them a circuit of its own",
            )  # fmt: skip


def _is_joined(estate: Estate, a: str, b: str) -> bool:
    """Whether two VNets are meant to talk: peered, or in one connected group."""
    peers = {far for far, peering, _, _ in estate.routing.peers(a) if estate.routing.carries(peering) != "no"}
    return b in peers or any(b in group.members for group in estate.routing.groups_of.get(a, ()))


def _flags(estate: Estate, *vnets: str) -> Iterator[Evidence]:
    """What the ExpressRoute gateways of VNets say of traffic from other VNets."""
    for gateway in (gateway for vnet in vnets for gateway in estate.routing.gateways.of(vnet)):
        resource = estate.topology.resources[gateway]
        flag = resource.properties.get("allowRemoteVnetTraffic")
        if told(resource.properties, "gatewayType") == "expressroute":
            said = "not told" if flag is None else str(flag).lower()
            text = f"{label(estate.topology, gateway)}: `allowRemoteVnetTraffic` is {said}"
            yield evidence(resource, text, "allowRemoteVnetTraffic")
