"""Reach: which packets get from one zone to another, by which ways, past which filters, and back again.

A walk starts at the source's subnet, leaves it through its filters, follows the effective routes from element to
element (firewalls, appliances, gateways, circuits, virtual hubs), and enters the destination through its filters. Whole
sets of packets walk at once and split where routes do. What an element does that the input does not tell turns sure
packets into possible ones. Conversations need a way back: it is walked too, without filters, as those remember flows; a
firewall must see both directions.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.routing import Route, Routing
from diagramgen.analyse.security import Passage, Security, Sides, perhaps_specifically, specifically
from diagramgen.analyse.verdicts import AllowedFlow, Hop, Outcome, Rule
from diagramgen.analyse.wan import HubNextHop, VirtualWan
from diagramgen.model.references import at, items, key
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    NO_RANGES,
    NOTHING_AT_ALL,
    Box,
    PacketSet,
    Ranges,
    between,
    difference,
    intersection,
    overlap,
    union,
)

NET = "microsoft.network/"
MAX_HOPS = 16
NOWHERE_VNET = "nowhere"
"""The VNet of a zone for addresses that nothing in the input has."""
ZoneKind = Literal["subnet", "vnet", "site", "internet", "service"]


class Zone(NamedTuple):
    """Where packets begin or end: a subnet, a VNet without subnets, a site, the Internet, a platform service.

    `subnet` is where filters and routes are looked up: the subnet's id, or the VNet's where it has none; "" outside.
    """

    id: str
    kind: ZoneKind
    addresses: Ranges
    subnet: str = ""
    vnet: str = ""
    assumptions: tuple[str, ...] = ()


class Way(NamedTuple):
    """Packets that went one way. `sources` and `destinations` are those that routes took along; `sure` and `maybe` what
    of them filters let arrive, surely and possibly (disjoint); `specific` what can only pass by a rule that names it.

    `stopped` is empty where the way arrives, else a code such as `route:None`. `doubts` are codes of what made packets
    only possible. `transits` are the appliances passed that keep state.
    """

    sources: Ranges
    destinations: Ranges
    sure: PacketSet
    maybe: PacketSet
    specific: PacketSet
    transits: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    stopped: str = ""
    doubts: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    is_source_changed: bool = False
    may_change_source: bool = False
    perhaps_specific: PacketSet = NOTHING_AT_ALL


class Reach(NamedTuple):
    """What gets from one zone to another. `exposed` arrives without a way back that works: packets, not conversations.

    `unknown` may be allowed, `arriving` may be exposed. `ways` are all that were walked; `has_path` tells whether
    routes lead there at all.
    """

    allowed: PacketSet
    unknown: PacketSet
    exposed: PacketSet
    specific: PacketSet
    flows: tuple[AllowedFlow, ...]
    ways: tuple[Way, ...]
    has_path: bool
    assumptions: tuple[str, ...]
    return_code: str = ""
    arriving: PacketSet = NOTHING_AT_ALL
    perhaps_specific: PacketSet = NOTHING_AT_ALL


class _Walk(NamedTuple):
    """What does not change on a walk."""

    target: Zone
    sides: Sides
    source_vnet: str
    has_filters: bool


class Reacher:
    """Walks packets through a topology."""

    def __init__(
        self, topology: Topology, addresses: Addresses, routing: Routing, security: Security, firewalls: Firewalls,
        wan: VirtualWan,
    ) -> None:  # fmt: skip
        self.topology = topology
        self.addresses = addresses
        self.routing = routing
        self.security = security
        self.firewalls = firewalls
        self.wan = wan
        self._firewall_ids = frozenset(firewalls.ids)

    # Public

    def reach(self, source: Zone, target: Zone, packets: PacketSet | None = None) -> Reach:
        """What gets from `source` to `target`, of all packets or of some."""
        if packets is None:
            packets = between(source.addresses, target.addresses)
        ways = tuple(self.ways(source, target, packets))
        allowed = unknown = exposed = arriving = specific = perhaps = NOTHING_AT_ALL
        flows: list[AllowedFlow] = []
        return_code = ""
        for way in ways:
            if way.stopped or not (way.sure or way.maybe):
                continue
            back, code = self._back(way, source, target)
            return_code = return_code or code
            sure, lost, doubtful = back
            complete = way.sure & sure if sure is not None else way.sure
            one_way = way.sure - complete
            broken = one_way & lost
            unsure = (way.maybe | (one_way & doubtful)) - broken
            arriving |= unsure & lost
            unsure = unsure - lost
            allowed |= complete
            exposed |= one_way
            unknown |= unsure
            specific |= way.specific
            perhaps |= way.perhaps_specific
            flows += self._flows(source, target, way, complete, one_way, unsure)
        unknown = unknown - allowed
        assumptions = [
            *source.assumptions,
            *target.assumptions,
            *(a for way in ways for a in way.assumptions),
        ]
        return Reach(allowed, unknown, exposed - allowed, specific, tuple(flows), ways,
                     any(not way.stopped for way in ways), tuple(dict.fromkeys(assumptions)), return_code,
                     arriving - allowed - exposed, perhaps)  # fmt: skip

    def ways(self, source: Zone, target: Zone, packets: PacketSet, has_filters: bool = True) -> Iterator[Way]:
        """Every way that packets from `source` to `target` go, those that do not arrive too."""
        walk = _Walk(target, (source.addresses, target.addresses), source.vnet, has_filters)
        start = Way(packets.sources, packets.destinations, packets, NOTHING_AT_ALL, NOTHING_AT_ALL)
        if source.kind in ("subnet", "vnet"):
            outcomes: tuple[tuple[str, Outcome], ...] = ()
            if has_filters:
                start, passage = _passed(start, self.security.outbound(source.subnet, packets, walk.sides))
                outcomes = passage.stages
            here = Hop("subnet" if source.kind == "subnet" else "vnet", source.subnet, self._name(source.subnet),
                       outcomes=outcomes)  # fmt: skip
            start = start._replace(hops=(here,))
            if target.kind in ("subnet", "vnet") and self.routing.open_group(source.vnet, target.vnet):
                # Straight there, or as the routes say that are known.
                start = _doubted(start, "group:members-not-told", "ASSUME_GROUP_MEMBERS")
                direct = here._replace(route="ConnectedGroup: members not in the input")
                yield self._arrive(walk, start._replace(hops=(direct,)))
            yield from self._from_subnet(walk, start, source.subnet, source.vnet, False)
        elif source.kind == "site":
            yield from self._from_site(walk, start, source.id)

    # The way back

    def _back(
        self, way: Way, source: Zone, target: Zone
    ) -> tuple[tuple[PacketSet | None, PacketSet, PacketSet], str]:
        """The packets of a way whose answers come back, those whose answers are lost, and those in doubt (None for the
        first: all); and the code of what is wrong."""
        everything = (None, NOTHING_AT_ALL, NOTHING_AT_ALL)
        if source.kind not in ("subnet", "vnet", "site") or way.may_change_source:
            return everything, ""
        whole = PacketSet.of(Box(way.sources, way.destinations))
        if len(way.hops) > 1 and way.hops[-2].route.startswith("InterfaceEndpoint"):
            # A private endpoint answers straight to whom it sees, past any firewall on the way.
            if way.transits and not way.is_source_changed:
                return (NOTHING_AT_ALL, NOTHING_AT_ALL, whole), "asymmetric-return"
            return everything, ""
        if len(way.hops) == 2 and source.vnet == target.vnet and self._is_local(target, source):
            return everything, ""
        answers = PacketSet.of(Box(way.destinations, way.sources))
        if way.is_source_changed or target.kind not in ("subnet", "vnet", "site"):
            firewall = next((t for t in reversed(way.transits) if t in self._firewall_ids), "")
            from_firewall = self._from_firewall(firewall, way, source)
            if from_firewall is None:
                return everything, ""
            to_firewall = self._to_firewall(firewall, way, target)
            if to_firewall and all(back.stopped for back in to_firewall):
                return (NOTHING_AT_ALL, whole, NOTHING_AT_ALL), f"return-{to_firewall[0].stopped}"
            if any(back.stopped or not back.sure for back in to_firewall):
                return (NOTHING_AT_ALL, NOTHING_AT_ALL, whole), "return"
            backs, expected = from_firewall, way.transits[: way.transits.index(firewall)][::-1]
        else:
            backs, expected = self.ways(target, source, answers, has_filters=False), way.transits[::-1]
        good = lost = doubtful = NOTHING_AT_ALL
        code = ""
        for back in backs:
            box = PacketSet.of(Box(back.destinations, back.sources))
            if back.stopped:
                code = code or f"return-{back.stopped}"
                lost |= box
            elif back.transits != expected:
                code = code or "asymmetric-return"
                # Where the way there avoids a firewall that the way back meets, answers are dropped or not: in doubt.
                if set(back.transits) - set(way.transits) or any(t.startswith("nva:") for t in back.transits):
                    doubtful |= box
                else:
                    lost |= box
            elif back.maybe and not back.sure:
                doubtful |= box
                code = code or (f"return-{back.doubts[0]}" if back.doubts else "return")
            else:
                good |= box
        if not code and not whole - good:
            return everything, ""
        return (good, lost - good - doubtful, doubtful), code

    def _to_firewall(self, firewall: str, way: Way, target: Zone) -> list[Way]:
        """The ways of answers from a network to the firewall whose address it saw; none from outside."""
        subnet = self.routing.subnet_of(self.topology.resources[firewall])
        if target.kind not in ("subnet", "vnet") or not subnet:
            return []
        addresses = self.addresses.subnet(subnet)
        there = Zone(subnet, "subnet", addresses, subnet, self.routing.vnet_of(subnet))
        return list(self.ways(target, there, between(way.destinations, addresses), has_filters=False))

    def _from_firewall(self, firewall: str, way: Way, source: Zone) -> Iterator[Way] | None:
        """The ways of answers from a firewall that put its own address in place of the source; None where its subnet is
        not known, as in a virtual hub."""
        subnet = self.routing.subnet_of(self.topology.resources[firewall]) if firewall else ""
        vnet = self.routing.vnet_of(subnet)
        if not subnet or vnet == subnet:
            return None
        answers = PacketSet.of(Box(way.destinations, way.sources))
        start = Way(way.destinations, way.sources, answers, NOTHING_AT_ALL, NOTHING_AT_ALL,
                    hops=(Hop("firewall", firewall, self._name(firewall)),))  # fmt: skip
        walk = _Walk(source, (way.destinations, source.addresses), "", False)
        return self._from_subnet(walk, start, subnet, vnet, False)

    def _is_local(self, target: Zone, source: Zone) -> bool:
        pieces = self.routing.routes(target.subnet).split(source.addresses)
        return all(route.next_hop == "VnetLocal" and route.is_sure for _, route in pieces)

    def _flows(
        self, source: Zone, target: Zone, way: Way, complete: PacketSet, one_way: PacketSet, unsure: PacketSet
    ) -> Iterator[AllowedFlow]:
        for packets, is_sure, reason in (
            (complete, True, ""), (one_way, True, "one-way"), (unsure, False, ", ".join(way.doubts)),
        ):  # fmt: skip
            if not packets:
                continue
            named = packets & way.specific
            unnamed = packets - way.specific
            in_doubt = unnamed & way.perhaps_specific if way.perhaps_specific else NOTHING_AT_ALL
            for part, is_specific, is_told in (
                (unnamed - in_doubt, False, True), (in_doubt, False, False), (named, True, True),
            ):  # fmt: skip
                if part:
                    yield AllowedFlow(source.id, target.id, part, _deciding(way, part), way.hops, is_specific,
                                      is_sure and is_told, reason)  # fmt: skip

    # Steps

    def _from_subnet(self, walk: _Walk, way: Way, subnet: str, vnet: str, is_gateway: bool) -> Iterator[Way]:
        """On from a subnet, by its routes. `is_gateway`: a gateway of the VNet sends, so forwarding needs no leave."""
        if len(way.hops) > MAX_HOPS:
            yield way._replace(stopped="loop")
            return
        for part, route in self.routing.routes(subnet).split(way.destinations):
            taken = _taken(way, part, route)
            if route.is_open_ended:
                yield self._unseen(walk, taken, f"route:{route.next_hop}?")
            match route.next_hop:
                case "VnetLocal" | "VNetPeering" | "ConnectedGroup" | "InterfaceEndpoint":
                    yield from self._deliver(walk, taken, route, vnet, is_gateway)
                case "VirtualAppliance":
                    yield from self._to_appliance(walk, taken, route, vnet, is_gateway)
                case "VirtualNetworkGateway":
                    yield from self._to_gateway(walk, taken, route, vnet)
                case "VirtualHub":
                    yield from self._to_hub(walk, taken, route.target, vnet)
                case "Internet" | "VirtualNetworkServiceEndpoint":
                    if walk.target.kind in ("internet", "service"):
                        yield taken
                    else:
                        yield taken._replace(stopped="route:Internet")
                case "None":
                    # BGP may tell a gateway of more prefixes than the input does.
                    is_outside = walk.target.kind == "site" or walk.target.vnet == NOWHERE_VNET
                    if is_outside and route.source == "Default" and self.routing.may_learn(subnet):
                        yield _doubted(taken, "route:VirtualNetworkGateway?", "ASSUME_ONPREM_PREFIXES")
                    else:
                        yield taken._replace(stopped="route:None")

    def _deliver(self, walk: _Walk, way: Way, route: Route, vnet: str, is_gateway: bool) -> Iterator[Way]:
        if walk.target.vnet != route.target:
            yield way._replace(stopped="route:another-network")
            return
        if route.next_hop == "VNetPeering" and not is_gateway:
            way = self._forwarded(walk, way, vnet, route.target)
        yield self._arrive(walk, way)

    def _forwarded(self, walk: _Walk, way: Way, vnet: str, to: str) -> Way:
        """Over a peering, which takes packets that began in another VNet only where the far half allows it.

        https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#create-a-peering
        """
        near, away = self.routing.halves(vnet, to)
        codes = ["ASSUME_REMOTE_PEER"] if near is None or away is None else []
        codes += ["ASSUME_PEERINGS_DEPLOYED"] if self.routing.is_planned(vnet, to) else []
        if codes:
            way = way._replace(assumptions=tuple(dict.fromkeys((*way.assumptions, *codes))))
        if walk.source_vnet == vnet or way.is_source_changed:
            return way
        if away is not None and away.allows_forwarded is not True:
            told = "=false" if away.allows_forwarded is False else "?"
            way = _doubted(way, f"peering:allowForwardedTraffic{told}")
        elif away is None and near is not None:
            way = _doubted(way, "peering:far-half")
        return way

    def _arrive(self, walk: _Walk, way: Way) -> Way:
        """In through the filters of the destination."""
        target = walk.target
        kind = "subnet" if target.kind == "subnet" else "vnet"
        hop = Hop(kind, target.subnet, self._name(target.subnet))
        if not walk.has_filters:
            return way._replace(hops=(*way.hops, hop))
        packets = way.sure | way.maybe
        if way.is_source_changed:
            changed = PacketSet(box._replace(sources=self._seen_source(way)) for box in packets.boxes)
            passage = self.security.inbound(
                target.subnet, changed, (self._seen_source(way), target.addresses)
            )
            passage = _with_any_source(passage, packets)
        else:
            passage = self.security.inbound(target.subnet, packets, walk.sides)
            if way.may_change_source and passage.denied:
                # An unseen appliance may put another source in: what only the true one forbids may come in after all.
                anyone = PacketSet(box._replace(sources=ADDRESSES) for box in passage.denied.boxes)
                other = self.security.inbound(target.subnet, anyone, (ADDRESSES, target.addresses))
                let_in = _with_any_source(other, passage.denied)
                more = let_in.allowed | let_in.unknown
                passage = passage._replace(unknown=passage.unknown | more, denied=passage.denied - more,
                                           specific=passage.specific - more)  # fmt: skip
        way, passage = _passed(way, passage)
        return way._replace(hops=(*way.hops, hop._replace(outcomes=passage.stages)))

    def _seen_source(self, way: Way) -> Ranges:
        """The address that a firewall puts in place of the source: one of its subnet's."""
        for hop in reversed(way.hops):
            if hop.kind == "firewall":
                resource = self.topology.resources[hop.id]
                subnet = self.routing.subnet_of(resource)
                return self.addresses.subnet(subnet) or self.firewalls.snat_addresses(hop.id) or ADDRESSES
        return ADDRESSES

    def _to_appliance(
        self, walk: _Walk, way: Way, route: Route, vnet: str, is_gateway: bool
    ) -> Iterator[Way]:
        owners = self.routing.appliances_at(vnet, route.address)
        if not owners and route.target in self.topology.resources:
            owners = [route.target]
        if len(owners) > 1:
            way = _doubted(way, "route:several-next-hops")
        if not owners and not self.routing.may_reach(vnet, route.address):
            yield way._replace(stopped="route:VirtualAppliance-unreachable")
            return
        if not owners:
            # Nobody known has that address: what stands there, and where it sends, is not told.
            way = way._replace(hops=(*way.hops, Hop("nva", "", "an appliance outside the input")))
            yield self._unseen(walk, way, "nva:not-in-the-input")
            return
        for owner in owners[:1]:
            resource = self.topology.resources[owner]
            home = self.routing.vnet_of(self.routing.subnet_of(resource))
            if home != vnet and not is_gateway:
                way = self._forwarded(walk, way, vnet, home)
            if any(hop.id == owner for hop in way.hops):
                yield way._replace(stopped="loop")
            elif owner in self._firewall_ids:
                yield from self._through_firewall(walk, way, owner)
            else:
                yield from self._through_nva(walk, way, owner, resource.type)

    def _through_firewall(self, walk: _Walk, way: Way, firewall: str, hub: str = "") -> Iterator[Way]:
        """Through an Azure Firewall and on. What its application rules pass goes on from the firewall's own address."""
        hop = Hop("firewall", firewall, self._name(firewall))
        proxied = NOTHING_AT_ALL
        if walk.has_filters:
            outcome = self.firewalls.decide(firewall, way.sure | way.maybe)
            named = specifically(outcome, walk.sides)
            perhaps = perhaps_specifically(outcome, walk.sides)
            passage = Passage(
                outcome.allowed, outcome.unknown, outcome.denied, (("firewall", outcome),), named, perhaps
            )
            way, passage = _passed(way, passage)
            hop = hop._replace(outcomes=passage.stages)
            proxied = self.firewalls.proxied(firewall, outcome)
        way = way._replace(hops=(*way.hops, hop), transits=(*way.transits, firewall))
        changed = self.firewalls.snats(firewall, way.destinations)
        is_changed = way.is_source_changed or (bool(changed) and way.destinations == changed)
        if proxied and not is_changed:
            own = way._replace(sure=way.sure & proxied, maybe=way.maybe & proxied, is_source_changed=True)
            if own.sure or own.maybe:
                yield from self._after_firewall(walk, own, firewall, hub)
            way = way._replace(sure=way.sure - proxied, maybe=way.maybe - proxied)
        yield from self._after_firewall(walk, way._replace(is_source_changed=is_changed), firewall, hub)

    def _after_firewall(self, walk: _Walk, way: Way, firewall: str, hub: str) -> Iterator[Way]:
        """On from a firewall: by its virtual hub, or by the routes of its subnet."""
        if hub:
            for part, step in self.wan.after_firewall(hub, way.destinations):
                yield from self._hub_step(walk, _restricted(way, part), hub, step)
            return
        subnet = self.routing.subnet_of(self.topology.resources[firewall])
        yield from self._from_subnet(walk, way, subnet, self.routing.vnet_of(subnet), False)

    def _through_nva(self, walk: _Walk, way: Way, rid: str, type_name: str) -> Iterator[Way]:
        """Through somebody else's appliance: what it lets pass is not told."""
        resource = self.topology.resources[rid]
        nics = [rid] if type_name == NET + "networkinterfaces" else self._backends(rid)
        forwards = [self._forwards(nic) for nic in nics]
        hop = Hop("nva" if len(nics) < 2 else "load-balancer", rid, self._name(rid))
        way = way._replace(hops=(*way.hops, hop), transits=(*way.transits, f"nva:{rid}"))
        if forwards and all(answer is False for answer in forwards):
            yield way._replace(stopped="nva:no-ip-forwarding")
            return
        way = _doubted(way, "nva:policy-not-in-the-input", "ASSUME_NVA_POLICY_UNKNOWN")
        way = way._replace(may_change_source=True)
        subnet = self.routing.subnet_of(resource)
        if nics and nics[0] in self.topology.resources:
            subnet = self.routing.subnet_of(self.topology.resources[nics[0]]) or subnet
        for onward in self._from_subnet(walk, way, subnet, self.routing.vnet_of(subnet), False):
            if onward.stopped:
                # It may translate addresses, or know tunnels that no route of its subnet tells of.
                onward = self._unseen(walk, onward._replace(stopped=""), "nva:policy-not-in-the-input")
            yield onward

    def _forwards(self, nic: str) -> bool | None:
        resource = self.topology.resources.get(nic)
        told = resource.properties.get("enableIPForwarding") if resource is not None else None
        return told if isinstance(told, bool) else None

    def _backends(self, balancer: str) -> list[str]:
        """The interfaces behind an internal load balancer."""
        found = []
        for pool in items(self.topology.resources[balancer].properties.get("backendAddressPools")):
            for configuration in items(at(pool, "properties", "backendIPConfigurations")):
                found.append(key(configuration).split("/ipconfigurations/")[0])
        for nic in self.topology.of_type(NET + "networkinterfaces"):
            for configuration in items(nic.properties.get("ipConfigurations")):
                for pool in items(at(configuration, "properties", "loadBalancerBackendAddressPools")):
                    if key(pool).startswith(balancer + "/"):
                        found.append(nic.id)
        return list(dict.fromkeys(found))

    # Gateways and sites

    def _to_gateway(self, walk: _Walk, way: Way, route: Route, vnet: str) -> Iterator[Way]:
        gateways = self.routing.gateways
        if route.source == "User" and self.routing.has_route_server(vnet):
            # What a Route Server has learnt leads to an appliance, and looks like a route to a gateway.
            yield self._unseen(walk, way, "route-server:appliance")
            return
        owner, is_sure = (vnet, True) if gateways.of(vnet) else self.routing.lender(vnet)
        if not is_sure:
            way = _doubted(way, "peering:useRemoteGateways?", "ASSUME_REMOTE_PEER")
        if not owner:
            yield way._replace(stopped="route:VirtualNetworkGateway without a gateway")
            return
        if not gateways.of(owner):
            yield self._unseen(walk, way, "gateway:not-in-the-input")
            return
        gateway = route.target if route.target in gateways.of(owner) else gateways.of(owner)[0]
        hop = Hop("gateway", gateway, self._name(gateway))
        way = way._replace(hops=(*way.hops, hop))
        target = walk.target
        is_reached = False
        told = gateways.reached(owner, self.routing.advertised)
        for reached in told:
            common = intersection(way.destinations, reached.ranges)
            if not common:
                continue
            part = _restricted(way, common)
            if not reached.is_sure:
                part = _doubted(part, "gateway:circuit-flags" if reached.circuit else "gateway:not-in-the-input",
                                "ASSUME_CIRCUIT_TRANSIT" if reached.circuit else "ASSUME_EXPORT_COMPLETE")  # fmt: skip
            if reached.site and target.kind == "site" and overlap(target.addresses, reached.ranges):
                is_reached = True
                yield part._replace(hops=(*part.hops, self._site(reached.site)))
            elif reached.vnet and target.kind in ("subnet", "vnet"):
                if reached.circuit:
                    part = part._replace(
                        hops=(*part.hops, Hop("circuit", reached.circuit, self._name(reached.circuit))),
                        assumptions=(*part.assumptions, "ASSUME_CIRCUIT_TRANSIT"),
                    )
                is_reached = True
                yield from self._enter_vnet(walk, part, reached.vnet)
        if not is_reached and not told and self.topology.is_exported(gateway):
            # An export may lack the connections of a gateway that it holds.
            yield self._unseen(walk, way, "route:VirtualNetworkGateway")
        elif not is_reached:
            if (
                target.kind in ("subnet", "vnet")
                and any(r.site for r in told)
                and self._is_advertised(target)
            ):
                yield self._unseen(walk, way, "route:VirtualNetworkGateway")
            elif target.kind in ("internet", "service") or (
                told and (target.kind == "site" or target.vnet == NOWHERE_VNET)
            ):
                yield _doubted(way, "route:VirtualNetworkGateway", "ASSUME_ONPREM_PREFIXES")
            else:
                yield way._replace(stopped="gateway:no-route")

    def _is_advertised(self, target: Zone) -> bool:
        """Whether some gateway tells on-premises networks of a zone, so that they could send packets back there."""
        homes = self.routing.gateways.vnets
        return any(overlap(target.addresses, self.routing.advertised(vnet)) for vnet in homes)

    def _enter_vnet(self, walk: _Walk, way: Way, vnet: str, gateway: str = "") -> Iterator[Way]:
        """In by a gateway of a VNet, which routes as its subnet does; by the first where none is named."""
        gateways = self.routing.gateways
        gateway = gateway or next(iter(gateways.of(vnet)), "")
        subnet = gateways.subnet_of(gateway, vnet)
        if any(hop.id == gateway and hop.kind == "gateway" for hop in way.hops):
            yield way._replace(stopped="loop")
            return
        way = way._replace(hops=(*way.hops, Hop("gateway", gateway, self._name(gateway))))
        yield from self._from_subnet(walk, way, subnet, vnet, True)

    def _from_site(self, walk: _Walk, way: Way, site: str) -> Iterator[Way]:
        """From a site by every gateway and virtual hub that it is connected to."""
        here = self._site(site)
        sites = {site, *(rid for rid in self.addresses.sites if self._is_part_of(rid, site))}
        is_connected = False
        for vnet in self.routing.gateways.vnets:
            told = [
                r for r in self.routing.gateways.reached(vnet, self.routing.advertised) if r.site in sites
            ]
            if not told:
                continue
            is_connected = True
            common = intersection(way.destinations, self.routing.advertised(vnet))
            sources: Ranges = NO_RANGES
            for reached in told:
                sources = union(sources, reached.ranges)
            doubted = self.routing.perhaps_advertised(vnet) if any(r.is_sure for r in told) else common
            for each in (difference(common, doubted), intersection(common, doubted)):
                part = _restricted(way._replace(hops=(here,)), each, intersection(way.sources, sources))
                if each and overlap(each, doubted):
                    part = _doubted(part, "gateway:not-in-the-input", "ASSUME_EXPORT_COMPLETE")
                if part.destinations and part.sources:
                    yield from self._enter_vnet(walk, part, vnet, told[0].gateway)
        for hub in self.wan.hubs:
            for branch in self.wan.branches(hub):
                if branch.site in sites:
                    is_connected = True
                    entry = way._replace(hops=(here, Hop("gateway", branch.id, self._branch(branch.id))))
                    yield from self._to_hub(walk, entry, hub, branch.id)
        if not is_connected:
            yield way._replace(stopped="gateway:not-connected", hops=(here,))

    def _site(self, site: str) -> Hop:
        """A site, or the clients of a point-to-site gateway, which stand under its id."""
        resource = self.topology.resources.get(site)
        serves_clients = resource is not None and resource.type.endswith(
            ("/virtualnetworkgateways", "/p2svpngateways")
        )
        return Hop("site", site, f"clients of {self._name(site)}" if serves_clients else self._name(site))

    def _branch(self, rid: str) -> str:
        """How a branch of a hub is called: as its tunnel or circuit, else as the gateway at which that ends."""
        found = next((connection for connection in self.topology.connections if connection.id == rid), None)
        if found is None:
            return self._name(rid)
        ends = (self._name(end) for end in (found.b, found.a) if end in self.topology.resources)
        return found.label or next(ends, self._name(rid))

    def _is_part_of(self, rid: str, site: str) -> bool:
        return any(known.id == site and any(machine[0] == rid for machine in known.machines)
                   for known in self.topology.sites)  # fmt: skip

    # Virtual hubs

    def _to_hub(self, walk: _Walk, way: Way, hub: str, came_from: str) -> Iterator[Way]:
        hop = Hop("virtual-hub", hub, self._name(hub))
        if len(way.hops) > MAX_HOPS or sum(known.id == hub for known in way.hops) > 1:
            yield way._replace(stopped="loop")
            return
        way = way._replace(hops=(*way.hops, hop))
        if self.wan.problems(hub):
            way = _doubted(way, "hub:invalid-configuration")
        for part, step in self.wan.next_hops(hub, came_from, way.destinations):
            yield from self._hub_step(walk, _restricted(way, part), hub, step)

    def _hub_step(self, walk: _Walk, way: Way, hub: str, step: HubNextHop) -> Iterator[Way]:
        last = way.hops[-1]
        way = way._replace(hops=(*way.hops[:-1], last._replace(route=step.route, route_place=step.place)))
        target = walk.target
        match step.kind:
            case "connection":
                if step.id == target.vnet and not step.address:
                    yield self._arrive(walk, way)
                elif step.address or target.kind in ("subnet", "vnet"):
                    # An appliance in a connected VNet, or a VNet behind one: where it routes on is not told.
                    yield self._unseen(walk, way, "hub:indirect-spoke")
                else:
                    yield way._replace(stopped="route:another-network")
            case "branch":
                if target.kind == "site":
                    if self._is_at(hub, step.id, target.id):
                        yield way._replace(hops=(*way.hops, self._site(target.id)))
                    else:
                        yield way._replace(stopped="route:another-network")
                elif target.kind in ("internet", "service"):
                    yield _doubted(way, "route:VirtualNetworkGateway", "ASSUME_ONPREM_PREFIXES")
                else:
                    yield way._replace(stopped="route:another-network")
            case "remote-hub":
                yield from self._to_hub(walk, way, step.id, hub)
            case "firewall":
                if any(known.id == step.id and known.kind == "firewall" for known in way.hops):
                    yield way._replace(stopped="loop")
                elif step.id in self._firewall_ids:
                    yield from self._through_firewall(walk, way, step.id, hub)
                else:
                    yield self._unseen(walk, way, "firewall:not-in-the-input")
            case "internet":
                yield (
                    way if target.kind in ("internet", "service") else way._replace(stopped="route:Internet")
                )
            case "none":
                yield way._replace(stopped="route:None")
            case _:
                yield self._unseen(walk, way, "hub:not-in-the-input" if step.kind == "unknown" else "nva")

    def _is_at(self, hub: str, branch: str, site: str) -> bool:
        """Whether a branch of a hub leads to a site, or may."""
        known = [b for b in self.wan.branches(hub) if b.id == branch]
        return not known or any(b.site in (site, "") or self._is_part_of(b.site, site) for b in known)

    def _unseen(self, walk: _Walk, way: Way, code: str) -> Way:
        """Past something unseen, which may lead anywhere that anything leads to at all."""
        target = walk.target
        if target.vnet == NOWHERE_VNET:
            return _doubted(way._replace(may_change_source=True), code, "ASSUME_NVA_POLICY_UNKNOWN")
        is_other = target.kind in ("subnet", "vnet") and target.vnet != walk.source_vnet
        if is_other and not self.routing.is_joined(target.vnet):
            return way._replace(stopped="route:another-network")
        way = _doubted(way, code, "ASSUME_NVA_POLICY_UNKNOWN")
        way = way._replace(transits=(*way.transits, "nva:?"), may_change_source=True)
        return self._arrive(walk, way) if walk.target.kind in ("subnet", "vnet") else way

    def _name(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        if resource is not None:
            return resource.label or resource.name
        for site in self.topology.sites:
            if site.id == rid:
                return site.label
        return rid.rsplit("/", 1)[-1]


def _taken(way: Way, part: Ranges, route: Route) -> Way:
    """The packets of a way that a route takes, its text noted at the hop they leave."""
    taken = _restricted(way, part)
    if taken.hops:
        last = taken.hops[-1]._replace(route=f"{route.next_hop}: {route.text}", route_place=route.place)
        taken = taken._replace(hops=(*taken.hops[:-1], last))
    return taken if route.is_sure else _doubted(taken, f"route:{route.next_hop}?")


def _restricted(way: Way, destinations: Ranges, sources: Ranges | None = None) -> Way:
    if destinations == way.destinations and (sources is None or sources == way.sources):
        return way
    box = PacketSet.of(Box(ADDRESSES if sources is None else sources, destinations))
    return way._replace(sources=way.sources if sources is None else sources, destinations=destinations,
                        sure=way.sure & box, maybe=way.maybe & box, specific=way.specific & box)  # fmt: skip


def _doubted(way: Way, code: str, *assumptions: str) -> Way:
    """The same way, with no packet sure any more."""
    return way._replace(
        sure=NOTHING_AT_ALL, maybe=way.maybe | way.sure, doubts=tuple(dict.fromkeys((*way.doubts, code))),
        assumptions=tuple(dict.fromkeys((*way.assumptions, *assumptions))),
    )  # fmt: skip


def _passed(way: Way, passage: Passage) -> tuple[Way, Passage]:
    """The packets of a way after filters."""
    sure = passage.allowed & way.sure if way.maybe else passage.allowed
    maybe = ((passage.allowed | passage.unknown) & way.maybe) | (passage.unknown & way.sure) if (
        way.maybe or passage.unknown) else NOTHING_AT_ALL  # fmt: skip
    assumptions = way.assumptions
    doubts = way.doubts
    for stage, outcome in passage.stages:
        if outcome.assumptions:
            assumptions = tuple(dict.fromkeys((*assumptions, *outcome.assumptions)))
        if outcome.unknown:
            doubts = tuple(dict.fromkeys((*doubts, f"{stage}:{_first_doubt(outcome)}?")))
    perhaps = way.perhaps_specific | passage.perhaps_specific
    return way._replace(sure=sure, maybe=maybe, specific=way.specific | passage.specific, doubts=doubts,
                        assumptions=assumptions, perhaps_specific=perhaps), passage  # fmt: skip


def _first_doubt(outcome: Outcome) -> str:
    for decision in outcome.decisions:
        if decision.sure is not decision.possible:
            return rule_code(decision.match.rule)
    return "?"


def rule_code(rule: Rule) -> str:
    """How a rule is called in codes: its priority, or its name where it has none of its own."""
    return (
        rule.name if rule.is_default or not rule.priority or rule.kind == "firewall" else str(rule.priority)
    )


def _with_any_source(passage: Passage, packets: PacketSet) -> Passage:
    """A passage judged with another source, told of the packets as they were sent."""

    def original(changed: PacketSet) -> PacketSet:
        return packets & PacketSet(box._replace(sources=ADDRESSES) for box in changed.boxes)

    return passage._replace(allowed=original(passage.allowed), unknown=original(passage.unknown),
                            denied=original(passage.denied), specific=original(passage.specific),
                            perhaps_specific=original(passage.perhaps_specific))  # fmt: skip


def _deciding(way: Way, packets: PacketSet) -> tuple[Rule, ...]:
    """The rules on a way that let packets pass, in the order met."""
    found: dict[str, Rule] = {}
    for hop in way.hops:
        for stage, outcome in hop.outcomes:
            for decision in outcome.decisions:
                if decision.match.rule.access != "deny" and decision.possible & packets:
                    found.setdefault(decision.match.rule.id, decision.match.rule._replace(stage=stage))
    return tuple(found.values())
