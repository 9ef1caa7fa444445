"""Routing: the effective routes of every subnet, as a partition of all addresses.

System routes, peerings, connected groups, gateways and virtual hubs, private endpoints and user-defined routes compete:
the longest prefix wins, among equal ones the user's before BGP's before the system's. What a route cannot be sure of (a
service tag without prefixes, a Route Server whose appliance's routes are not told) is marked so.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from operator import is_
from typing import Literal, NamedTuple

from diagramgen.analyse.addresses import PUBLIC, Addresses, private_addresses
from diagramgen.analyse.gateways import Gateways
from diagramgen.analyse.manager import ConnectedGroup, connected_groups
from diagramgen.analyse.tags import ServiceTags, tag_match
from diagramgen.analyse.wan import VirtualWan
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import at, flag, key, listed, may_mean, word
from diagramgen.model.topology import Peering, PeeringHalf, Resource, Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    NAMELESS_BASE,
    NO_RANGES,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    union,
)
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
NextHop = Literal[
    "VnetLocal", "VNetPeering", "ConnectedGroup", "VirtualNetworkGateway", "VirtualHub", "VirtualAppliance", "Internet",
    "None", "InterfaceEndpoint", "VirtualNetworkServiceEndpoint",
]  # fmt: skip
Source = Literal["User", "BGP", "Default"]
MANY = 8
"""Sets of more ranges than this, such as the Internet, are split once."""
ENDPOINTS = 1000
"""The rank of routes to endpoints: longer than any prefix."""
RANKS: Mapping[Source, int] = {"User": 10, "BGP": 2, "Default": 1}
"""Which of two routes with one prefix wins; user routes to service tags rank between, see `_tag_rank`."""
_RESERVED = tuple(
    parse_addresses(p) or () for p in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_PRIVATE = normal(r for ranges in _RESERVED for r in ranges)
_DEFAULT = parse_addresses("0.0.0.0/0") or ()
_DEFAULT_6 = parse_addresses("::/0") or ()
_LEARNED: frozenset[NextHop] = frozenset({"Internet", "None", "VirtualAppliance", "VirtualNetworkGateway"})
"""Next hops of routes that a longer prefix from a gateway goes before."""
_HOST = parse_addresses("168.63.129.16") or ()
_SERVICE_TAGS: Mapping[str, str] = {
    "microsoft.storage": "storage", "microsoft.sql": "sql", "microsoft.keyvault": "azurekeyvault",
    "microsoft.azurecosmosdb": "azurecosmosdb", "microsoft.eventhub": "eventhub", "microsoft.web": "appservice",
    "microsoft.servicebus": "servicebus", "microsoft.containerregistry": "azurecontainerregistry",
    "microsoft.cognitiveservices": "cognitiveservicesmanagement",
}  # fmt: skip
"""The service tag of each kind of service endpoint."""
_USER_HOPS: Mapping[str, NextHop] = {
    "virtualappliance": "VirtualAppliance", "virtualnetworkgateway": "VirtualNetworkGateway", "vnetlocal": "VnetLocal",
    "internet": "Internet", "none": "None",
}  # fmt: skip


STRAIGHT: frozenset[NextHop] = frozenset({"Internet", "VirtualNetworkServiceEndpoint"})
"""Next hops that lead out with nothing on the way."""


class Route(NamedTuple):
    """Where packets go next. `target` is the VNet, gateway, hub or endpoint that the next hop means, `address` that of
    an appliance. A route that is not sure may not be there: the next best may hold then, or, where `is_open_ended`, one
    that nobody tells."""

    next_hop: NextHop
    source: Source = "Default"
    target: str = ""
    address: Ranges = NO_RANGES
    text: str = ""
    place: Place = NOWHERE
    is_sure: bool = True
    is_open_ended: bool = False


class Contents(NamedTuple):
    """What the tag VirtualNetwork holds for the interfaces of a subnet; equal tokens mean equal contents."""

    token: str
    sure: Ranges
    possible: Ranges


class UserRoute(NamedTuple):
    """A route of a table: the addresses that its prefix surely holds, and those that it may hold where it is a tag
    whose contents are not known; `rank` tells it from others with one prefix."""

    sure: Ranges
    possible: Ranges
    rank: int
    route: Route


class RouteMap:
    """All addresses by route. A piece has one route that is sure, or several of which one holds: the best first."""

    def __init__(self, candidates: Iterable[tuple[Ranges, tuple[int, int], Route]]) -> None:
        self._lows: list[int] = []
        self._highs: list[int] = []
        self._routes: list[tuple[Route, ...]] = []
        self._doubted: dict[int, tuple[Route, Route]] = {}
        self._split: dict[Ranges, list[tuple[Ranges, Route]]] = {}
        self._sweep(candidates)

    def _sweep(self, candidates: Iterable[tuple[Ranges, tuple[int, int], Route]]) -> None:
        """Cuts the axis at every end of a range; the candidate of the highest rank wins each piece, and where it is
        not sure, the next one behind it."""
        events: list[tuple[int, int, int, tuple[int, int], Route, int]] = []
        points = set()
        for ranges, rank, route in candidates:
            for low, high in ranges:
                events.append((low, -rank[0], -rank[1], rank, route, high))
                points |= {low, high + 1}
        events.sort(key=lambda e: (e[0], e[1], e[2], e[4].next_hop, e[4].target, e[4].text))
        heap: list[tuple[int, int, int, Route, int]] = []
        position = 0
        cuts = sorted(points)
        for at_cut, low in enumerate(cuts[:-1]):
            while position < len(events) and events[position][0] == low:
                _, prefix, source, _, route, high = events[position]
                heapq.heappush(heap, (prefix, source, position, route, high))
                position += 1
            while heap and heap[0][4] < low:
                heapq.heappop(heap)
            if heap:
                best = heap[0][3]
                is_settled = best.is_sure or best.is_open_ended
                self._append(low, cuts[at_cut + 1] - 1, (best,) if is_settled else self._in_doubt(low, heap))

    def _in_doubt(self, low: int, heap: list[tuple[int, int, int, Route, int]]) -> tuple[Route, ...]:
        """The routes of which one holds, up to the first that is sure; that one alone where all do the same."""
        found: list[Route] = []
        for _, _, _, route, high in sorted(heap, key=lambda entry: entry[:3]):
            if high < low or route in found:
                continue
            if route.is_sure and all(_is_same(route, other) for other in found):
                return (route,)
            if route.is_sure:
                known = self._doubted.setdefault(id(route), (route, route._replace(is_sure=False)))
                found.append(known[1])
                break
            found.append(route)
            if route.is_open_ended:
                break
        return tuple(found)

    def _append(self, low: int, high: int, routes: tuple[Route, ...]) -> None:
        is_same = self._routes and self._highs[-1] == low - 1 and len(routes) == len(self._routes[-1])
        if is_same and all(map(is_, routes, self._routes[-1])):
            self._highs[-1] = high
        else:
            self._lows.append(low)
            self._highs.append(high)
            self._routes.append(routes)

    def split(self, ranges: Ranges) -> list[tuple[Ranges, Route]]:
        """The pieces of `ranges` by route, in the order in which they come; one is there for each of its routes."""
        if len(ranges) > MANY:
            known = self._split.get(ranges)
            if known is None:
                known = self._split[ranges] = self._find_pieces(ranges)
            return known
        return self._find_pieces(ranges)

    def _find_pieces(self, ranges: Ranges) -> list[tuple[Ranges, Route]]:
        found: dict[int, tuple[Route, list[tuple[int, int]]]] = {}
        for low, high in ranges:
            at_piece = max(bisect_right(self._lows, low) - 1, 0)
            while at_piece < len(self._lows) and self._lows[at_piece] <= high:
                first, last = max(low, self._lows[at_piece]), min(high, self._highs[at_piece])
                if first <= last:
                    for route in self._routes[at_piece]:
                        found.setdefault(id(route), (route, []))[1].append((first, last))
                at_piece += 1
        return [(normal(pieces), route) for route, pieces in found.values()]

    def __iter__(self) -> Iterator[tuple[Ranges, Route]]:
        by_route: dict[int, tuple[Route, list[tuple[int, int]]]] = {}
        for low, high, routes in zip(self._lows, self._highs, self._routes, strict=True):
            for route in routes:
                by_route.setdefault(id(route), (route, []))[1].append((low, high))
        return iter([(normal(pieces), route) for route, pieces in by_route.values()])


class Routing:
    """The routes of a topology."""

    def __init__(
        self, topology: Topology, addresses: Addresses, wan: VirtualWan, tags: ServiceTags | None = None
    ) -> None:
        self.topology = topology
        self.addresses = addresses
        self.wan = wan
        self._tags = tags
        self.gateways = Gateways(topology, addresses)
        self._maps: dict[tuple[str, str, str], RouteMap] = {}
        self._by_subnet: dict[str, RouteMap] = {}
        self._contents: dict[tuple[str, str], Contents] = {}
        self.peerings = (*topology.peerings, *possible_peerings(topology))
        """All that there are, and those that may be as the input does not tell which VNets they join."""
        self.peerings_of: dict[str, list[Peering]] = defaultdict(list)
        for peering in self.peerings:
            self.peerings_of[peering.a].append(peering)
            self.peerings_of[peering.b].append(peering)
        self.groups_of: dict[str, list[ConnectedGroup]] = defaultdict(list)
        self._open_groups = [group for group in connected_groups(topology) if group.others]
        for group in connected_groups(topology):
            for member in group.members:
                self.groups_of[member].append(group)

    # Public

    def routes(self, subnet: str) -> RouteMap:
        """The effective routes of a subnet, or of a VNet without subnets."""
        own = self._by_subnet.get(subnet)
        if own is not None:
            return own
        vnet = self.vnet_of(subnet)
        table = self.topology.route_table_of.get(subnet, "")
        partial = subnet if any(not _is_whole(p) for p in self.peerings_of.get(vnet, ())) else ""
        is_own = subnet in self._service_endpoints or subnet in self.open_endpoints
        partial = partial or (subnet if is_own or self._is_missing(subnet) else "")
        known = (vnet, table, partial)
        if known not in self._maps:
            self._maps[known] = RouteMap(self._candidates(vnet, table, subnet))
        self._by_subnet[subnet] = self._maps[known]
        return self._maps[known]

    def vnet_of(self, subnet: str) -> str:
        """The VNet of a subnet; a VNet's own id stands for itself."""
        resource = self.topology.resources.get(subnet)
        return (resource.parent or "") if resource is not None and resource.type == SUBNET else subnet

    def virtual_network(self, subnet: str) -> Contents:
        """What the tag VirtualNetwork holds for interfaces in a subnet: the VNet, peers that the flags let in,
        connected groups, on-premises networks, prefixes of user-defined routes, the host's address; possibly
        everything where a default route leads elsewhere than to the Internet.

        https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
        """
        vnet = self.vnet_of(subnet)
        table = self.topology.route_table_of.get(subnet, "")
        if (vnet, table) not in self._contents:
            self._contents[(vnet, table)] = self._tag_contents(vnet, table)
        return self._contents[(vnet, table)]

    def carries(self, peering: Peering) -> Literal["yes", "no", "maybe"]:
        """Whether a peering carries packets: connected on both sides, as far as the input tells.

        What is declared counts as it will be when it is deployed: with both halves it gets connected.
        https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
        """
        halves = [half for half in (peering.a_half, peering.b_half) if half is not None]
        if_there: Literal["yes", "maybe"] = "maybe" if any(half.is_conditional for half in halves) else "yes"
        is_planned = any(half.is_planned for half in halves)
        if peering.is_possible:
            return "maybe"
        match peering.state:
            case "disconnected":
                return "no"
            case "pending":
                return if_there if is_planned and len(halves) == 2 else "maybe" if is_planned else "no"
            case "connected":
                return if_there if all(half.state or half.is_planned for half in halves) else "maybe"
        if len(halves) == 2:
            return if_there if all(half.is_planned for half in halves) else "maybe"
        if not halves or halves[0].is_planned or not halves[0].id:
            return "maybe"  # the other half may be in another template
        far = peering.b if peering.b_half is None else peering.a
        resource = self.topology.resources.get(far)
        return "maybe" if resource is None or not self._tells_peerings(resource) else "no"

    @staticmethod
    def _tells_peerings(vnet: Resource) -> bool:
        """Whether the input tells all halves of peerings that a VNet owns."""
        return vnet.is_told and listed(vnet.properties.get("virtualNetworkPeerings"))[1]

    def is_planned(self, vnet: str, far: str) -> bool:
        """Whether a peering is declared and not yet known to be connected."""
        return any(half is not None and half.is_planned for half in self.halves(vnet, far))

    def peers(self, vnet: str) -> list[tuple[str, Peering, PeeringHalf | None, PeeringHalf | None]]:
        """The VNets peered with one: id, peering, the near half and the far half."""
        found = []
        for peering in self.peerings_of.get(vnet, ()):
            if peering.a == vnet:
                found.append((peering.b, peering, peering.a_half, peering.b_half))
            else:
                found.append((peering.a, peering, peering.b_half, peering.a_half))
        return found

    def halves(self, vnet: str, far: str) -> tuple[PeeringHalf | None, PeeringHalf | None]:
        """The half of a peering that a VNet owns, and that of its peer."""
        peering = self._peering_of.get((min(vnet, far), max(vnet, far)))
        if peering is None:
            return None, None
        halves = (peering.a_half, peering.b_half)
        return halves if peering.a == vnet else halves[::-1]

    @cached_property
    def _peering_of(self) -> Mapping[tuple[str, str], Peering]:
        return {(peering.a, peering.b): peering for peering in self.peerings}

    def is_joined(self, vnet: str) -> bool:
        """Whether anything at all joins a VNet to other networks, or may where the input lacks it; else nothing can get
        in, whoever sends it."""
        return bool(
            self._is_missing(vnet) or vnet in self.open_gateways
            or any(self.carries(peering) != "no" for peering in self.peerings_of.get(vnet, ()))
            or self.groups_of.get(vnet) or self.gateways.of(vnet) or self.wan.hub_of(vnet)
            or any(vnet in group.others for group in self._open_groups)
        )  # fmt: skip

    def open_group(self, a: str, b: str) -> str:
        """The name of a configuration that may join two VNets directly, as the input does not tell who belongs to its
        groups; "" where there is none."""
        return next((g.name for g in self._open_groups if a in g.others and b in g.others and a != b), "")

    def remote_gateway_vnet(self, vnet: str) -> str:
        """The VNet whose gateways a VNet uses over a peering, "" for none."""
        return self.lender(vnet)[0]

    def lender(self, vnet: str) -> tuple[str, bool]:
        """That VNet, and whether it surely lends its gateways."""
        return next(self._lenders(vnet), ("", True))

    def _lenders(self, vnet: str) -> Iterator[tuple[str, bool]]:
        """The VNets whose gateways a VNet uses over peerings, and whether it surely does. Both halves must say so; one
        that the input lacks may.

        https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
        """
        for far, peering, near, away in self.peers(vnet):
            is_open = self._is_missing(vnet) or peering.is_possible
            uses = near.uses_remote_gateways if near is not None else None if is_open else False
            lends = away.allows_gateway_transit if away is not None else None
            if uses is False or lends is False or self.carries(peering) == "no":
                continue
            yield far, uses is True and lends is True and self.carries(peering) == "yes"

    @cached_property
    def transit_users(self) -> Mapping[str, tuple[str, ...]]:
        """For each VNet with gateways, the VNets that use them over peerings."""
        found: dict[str, list[str]] = defaultdict(list)
        for vnet in sorted(self.peerings_of):
            for hub, _ in self._lenders(vnet):
                found[hub].append(vnet)
        return {hub: tuple(vnets) for hub, vnets in found.items()}

    def advertised(self, vnet: str) -> Ranges:
        """What the gateways of a VNet advertise: its own space and that of the VNets that use them, or may."""
        ranges = self.addresses.vnet(vnet)
        for user in self.transit_users.get(vnet, ()):
            ranges = union(ranges, self.addresses.vnet(user))
        return ranges

    def perhaps_advertised(self, vnet: str) -> Ranges:
        """The part of it of which that is not sure."""
        ranges: Ranges = NO_RANGES
        for user in self.transit_users.get(vnet, ()):
            if (vnet, True) not in self._lenders(user):
                ranges = union(ranges, self.addresses.vnet(user))
        return ranges

    def user_routes(self, table: str) -> list[UserRoute]:
        """The routes of a table."""
        found: list[UserRoute] = []
        for part in self.topology.parts_of(table):
            if part.type != NET + "routetables/routes":
                continue
            p = part.properties
            told = p.get("addressPrefix")
            prefix = told if isinstance(told, str) else "?"
            hop = _USER_HOPS.get(str(p.get("nextHopType") or "").lower())
            address = parse_addresses(str(p.get("nextHopIpAddress") or "")) or NO_RANGES
            ranges = parse_addresses(prefix)
            if ranges is not None:
                sure, possible, rank = ranges, ranges, RANKS["User"]
            else:
                sure, possible, _ = tag_match(prefix, self._tags, self.addresses)
                rank = _tag_rank(prefix)
            text = str(
                part.envelope.get("line")
                or f"{prefix} -> {p.get('nextHopIpAddress') or p.get('nextHopType')}"
            )
            table_name = self.topology.resources[table].label if table in self.topology.resources else table
            is_sure = hop is not None and not part.is_conditional
            route = Route(hop or "VirtualAppliance", "User", key(p.get("nextHop")), address,
                          f"{text} ({table_name})", part.place, is_sure, hop is None)  # fmt: skip
            found.append(UserRoute(sure, possible, rank, route))
        return found

    # Building

    def _candidates(self, vnet: str, table: str, subnet: str) -> list[tuple[Ranges, tuple[int, int], Route]]:
        own = self.addresses.vnet(vnet)
        found: list[tuple[Ranges, tuple[int, int], Route]] = []
        user = self.user_routes(table) if table else []
        is_missing = (bool(table) and self._is_missing(table)) or self._is_missing(subnet)
        learned = self._learned(vnet, table)
        defaults = [told for told in user if told.sure in (_DEFAULT, _DEFAULT_6)]
        has_default = any(told.route.is_sure or told.route.is_open_ended for told in defaults) or any(
            route.is_sure and route.next_hop == "VirtualHub" and ranges in (_DEFAULT, _DEFAULT_6)
            for ranges, route in learned
        )
        internet = Route("Internet", text="system route 0.0.0.0/0")
        found += [(_DEFAULT, (0, 1), internet), (_DEFAULT_6, (0, 1), internet)]
        if not has_default:
            nowhere = Route("None", text="system route for private addresses", is_sure=not defaults)
            found += [(r, (_length(r), 0), nowhere) for r in _RESERVED if not covers(own, r)]
        local = Route("VnetLocal", target=vnet, text="system route of the VNet")
        found += [(piece, (_length(piece), 1), local) for piece in self.addresses.prefixes(vnet)]
        system = own
        for ranges, route in self._peer_routes(vnet, subnet):
            found += [(piece, (_length(piece), 1), route) for piece in _pieces(ranges)]
            system = union(system, ranges)
        for ranges, route in learned:
            found += [
                (difference(piece, system), (_length(piece), RANKS["BGP"]), route)
                for piece in _pieces(ranges)
            ]
        named: list[tuple[Ranges, tuple[int, int], Route]] = []
        for told in user:
            route = told.route
            if route.next_hop == "VnetLocal":
                route = route._replace(target=vnet)
            plain = tuple(r for r in told.sure if r[0] < NAMELESS_BASE)
            found += [(piece, (_length(piece), told.rank), route) for piece in _pieces(plain)]
            if told.rank < RANKS["User"]:
                # Services that a tag surely holds, whatever prefixes it has.
                held = tuple(r for r in told.sure if r[0] >= NAMELESS_BASE)
                named += [(held, (1, told.rank), route)] if held else []
        found += self._endpoint_routes(vnet, subnet, user)
        found += self._service_routes(subnet)
        found = [*self._with_nameless(found), *named]
        if is_missing:
            return [
                (r, rank, route._replace(is_sure=False, is_open_ended=rank[0] < ENDPOINTS))
                for r, rank, route in found
            ]
        if self._learns_anything(vnet) and self._propagates(table) is not False:
            # A longer prefix that nobody tells goes before all but the network's own, its peers' and its endpoints'.
            found = [
                (r, rank, _in_doubt(route) if route.next_hop in _LEARNED else route)
                for r, rank, route in found
            ]
        doubted: Ranges = NO_RANGES
        for told in user:
            doubted = union(doubted, difference(told.possible, told.sure))
        return list(_doubting(found, doubted)) if doubted else found

    def _is_missing(self, rid: str) -> bool:
        """Whether the input lacks a route table with its routes, a subnet, or a VNet with its subnets."""
        resource = self.topology.resources.get(rid)
        if resource is None or resource.is_ghost or resource.type == SUBNET:
            return resource is None or not resource.is_told
        if resource.type == NET + "routetables" and resource.is_conditional:
            return True
        return not self.topology.tells(rid, "routes" if resource.type == NET + "routetables" else "subnets")

    def _peer_routes(self, vnet: str, subnet: str) -> list[tuple[Ranges, Route]]:
        found = []
        for far, peering, near, away in self.peers(vnet):
            carried = self.carries(peering)
            if carried == "no":
                continue
            name = self._name(far)
            place = near.place if near is not None else away.place if away is not None else NOWHERE
            space, doubted = self._remote_space(far, near)
            half = near or away
            is_known = half is None or half.is_complete is not None
            if half is not None and half.is_complete is False:
                space = intersection(space, self._remote_subnets(far, half, near is not None)) or space
                own = half.local_subnets if near is not None else half.remote_subnets
                resource = self.topology.resources.get(subnet)
                if own and resource is not None and resource.type == SUBNET and resource.name not in own:
                    found.append((space, Route("None", target=far, place=place,
                                               text=f"subnet peering with {name} leaves this subnet out")))  # fmt: skip
                    continue
            route = Route("VNetPeering", target=far, text=f"peering with {name}", place=place,
                          is_sure=carried == "yes" and is_known)  # fmt: skip
            told = [r for text in (near.remote_prefixes if near else ()) if (r := parse_addresses(text))]
            if space:
                found += [(piece, route) for piece in _cut(space, told or self.addresses.prefixes(far))]
            if doubted:
                found.append(
                    (doubted, route._replace(is_sure=False, text=f"peering with {name}, not in sync"))
                )
        for group in self.groups_of.get(vnet, ()):
            for member in sorted(group.members - {vnet}):
                route = Route("ConnectedGroup", target=member, text=f"connected group {group.name}", place=group.place,
                              is_sure=group.is_sure)  # fmt: skip
                found += [(piece, route) for piece in self.addresses.prefixes(member)]
        return found

    def _remote_space(self, far: str, near: PeeringHalf | None) -> tuple[Ranges, Ranges]:
        """The space of a peer that there are routes to, and what it has besides and is not in sync."""
        actual = self.addresses.vnet(far)
        parsed = [parse_addresses(text) for text in (near.remote_prefixes if near else ())]
        if None in parsed:
            return NO_RANGES, actual
        told = normal(r for ranges in parsed for r in ranges or ())
        if not told:
            return actual, NO_RANGES
        numbered = tuple(r for r in actual if r[0] < NAMELESS_BASE)
        nameless = tuple(r for r in actual if r[0] >= NAMELESS_BASE)
        return union(told, nameless), difference(numbered, told)

    def _remote_subnets(self, far: str, half: PeeringHalf, is_near: bool) -> Ranges:
        names = half.remote_subnets if is_near else half.local_subnets
        ranges: Ranges = NO_RANGES
        for subnet in self.addresses.subnets_of.get(far, ()):
            if self.topology.resources[subnet].name in names:
                ranges = union(ranges, self.addresses.subnet(subnet))
        return ranges

    def _learned(self, vnet: str, table: str) -> list[tuple[Ranges, Route]]:
        """What gateways and virtual hubs give a VNet's subnets, unless the table stops propagation."""
        propagates = self._propagates(table)
        if propagates is False:
            return []
        found = []
        for ranges, text in self.wan.injected(vnet):
            hub = self.wan.hub_of(vnet)
            found.append((ranges, Route("VirtualHub", "BGP", hub, text=text, place=self._place(hub))))
        for ranges, text in self.wan.may_inject(vnet):
            hub = self.wan.hub_of(vnet)
            found.append(
                (ranges, Route("VirtualHub", "BGP", hub, text=text, place=self._place(hub), is_sure=False))
            )
        found += self._gateway_routes(vnet)
        if propagates is None:
            found = [(ranges, route._replace(is_sure=False)) for ranges, route in found]
        return found

    def _gateway_routes(self, vnet: str) -> list[tuple[Ranges, Route]]:
        found = []
        owners = [(vnet, True)] if self.gateways.of(vnet) else list(self._lenders(vnet))[:1]
        for owner, is_sure in owners:
            for reached in self.gateways.reached(owner, self.advertised):
                if reached.vnet == vnet:
                    continue
                route = Route("VirtualNetworkGateway", "BGP", reached.gateway, text=reached.text,
                              place=reached.place, is_sure=reached.is_sure and is_sure)  # fmt: skip
                told = self.addresses.prefixes(reached.site) if reached.site else self.addresses.prefixes(
                    reached.vnet, *self.transit_users.get(reached.vnet, ()))  # fmt: skip
                if reached.site and not covers(
                    self.addresses.sites.get(reached.site, NO_RANGES), reached.ranges
                ):
                    told = ()
                doubted = self.perhaps_advertised(reached.vnet) if reached.vnet else NO_RANGES
                for piece in told or _pieces(reached.ranges):
                    is_known = route.is_sure and not overlap(piece, doubted)
                    found.append((piece, route._replace(is_sure=is_known)))
        return found

    def may_learn(self, subnet: str) -> bool:
        """Whether gateways give a subnet routes that only BGP tells: their prefixes are not in the input.

        https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-bgp-overview
        """
        vnet = self.vnet_of(subnet)
        table = self.topology.route_table_of.get(subnet, "")
        owner = vnet if self.gateways.of(vnet) else self.remote_gateway_vnet(vnet)
        if not owner or (table and self.stops_propagation(table)):
            return False
        reached = self.gateways.reached(owner, self.advertised)
        return any(each.site and each.ranges and each.ranges[-1][1] >= NAMELESS_BASE for each in reached)

    def stops_propagation(self, table: str) -> bool:
        """Whether a route table keeps gateway routes away."""
        return self._propagates(table) is False

    def _propagates(self, table: str) -> bool | None:
        """Whether a subnet with this route table, or with none, learns what gateways tell; None where that is open."""
        if not table:
            return True
        resource = self.topology.resources.get(table)
        if resource is None or resource.is_ghost:
            return None
        told = flag(resource.properties, "disableBgpRoutePropagation", default=False)
        return None if told is None or resource.is_conditional else not told

    def _learns_anything(self, vnet: str) -> bool:
        """Whether a VNet learns routes that the input does not tell: those of a Route Server's appliances, and those of
        a gateway that the input lacks."""
        return self.has_route_server(vnet) or self._has_unseen_gateway(vnet) or vnet in self.open_gateways

    @cached_property
    def open_gateways(self) -> frozenset[str]:
        """The VNets with a subnet for gateways of which the input does not tell whether any stands there."""
        return frozenset(
            self.vnet_of(subnet.id)
            for subnet in self.topology.of_type(SUBNET)
            if subnet.name.lower() == "gatewaysubnet" and is_unknown(subnet.properties.get("ipConfigurations"))
            and not self.gateways.of(self.vnet_of(subnet.id))
        )  # fmt: skip

    def _has_unseen_gateway(self, vnet: str) -> bool:
        """Whether a VNet uses gateways of a peer of which the input holds none; a spec need not tell any."""
        owner = "" if self.gateways.of(vnet) else self.remote_gateway_vnet(vnet)
        return bool(owner) and not self.gateways.of(owner) and self.topology.is_exported(vnet)

    def _endpoint_routes(
        self, vnet: str, subnet: str, user: list[UserRoute]
    ) -> list[tuple[Ranges, tuple[int, int], Route]]:
        """The /32 of every private endpoint in the VNet and its peers, unless a user's route overrides it.

        https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
        """
        found = []
        near = {vnet: True}
        near |= {
            far: self.carries(p) == "yes" for far, p, _, _ in self.peers(vnet) if self.carries(p) != "no"
        }
        for group in self.groups_of.get(vnet, ()):
            near |= {member: False for member in group.members if member not in near}
        for home, is_sure in near.items():
            for endpoint, addresses, at_subnet in self._endpoints.get(home, ()):
                space = tuple(r for r in self.addresses.vnet(home) if r[0] < NAMELESS_BASE)
                overrides = _overrides(user, addresses, space)
                obeys = self._obeys_routes(at_subnet) if overrides is not False else False
                if obeys and overrides:
                    continue
                is_there = is_sure and obeys is False and not self._may_be_absent(endpoint)
                route = Route("InterfaceEndpoint", target=home, text=f"private endpoint {self._name(endpoint)}",
                              place=self._place(endpoint), is_sure=is_there)  # fmt: skip
                found.append((addresses, (ENDPOINTS, 0), route))
        return found

    def _service_routes(self, subnet: str) -> list[tuple[Ranges, tuple[int, int], Route]]:
        """Straight to the services that a subnet has endpoints for; no other route overrides these.

        https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
        """
        found = []
        if subnet in self.open_endpoints:
            doubted = Route("VirtualNetworkServiceEndpoint", text="service endpoints that the input does not tell",
                            place=self._place(subnet), is_sure=False)  # fmt: skip
            found.append((union(PUBLIC, self._services), (ENDPOINTS, 1), doubted))
        for service in self._service_endpoints.get(subnet, ()):
            tag = _SERVICE_TAGS.get(service.lower().removesuffix(".global"), "")
            own = normal((n.number, n.number) for n in self.addresses.nameless.values() if tag in n.tags)
            told = self._tags.prefixes(tag) if self._tags is not None and tag else None
            route = Route(
                "VirtualNetworkServiceEndpoint", text=f"service endpoint {service}", place=self._place(subnet)
            )
            found += [(piece, (ENDPOINTS + 1, 0), route) for piece in _pieces(union(own, told or NO_RANGES))]
            if told is None:
                found.append((PUBLIC, (ENDPOINTS, 1), route._replace(is_sure=False)))
        return found

    @property
    def _services(self) -> Ranges:
        """The nameless addresses of platform services."""
        return normal((n.number, n.number) for n in self.addresses.nameless.values() if n.tags)

    @cached_property
    def open_endpoints(self) -> frozenset[str]:
        """The subnets whose service endpoints are not all known."""
        found = set()
        for subnet in self.topology.of_type(SUBNET):
            told, is_whole = listed(subnet.properties.get("serviceEndpoints"))
            if not is_whole or any(is_unknown(at(each, "service")) for each in told):
                found.add(subnet.id)
        return frozenset(found)

    @cached_property
    def _service_endpoints(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for endpoint in self.topology.service_endpoints:
            found[endpoint.subnet].append(endpoint.service)
        return found

    @cached_property
    def _endpoints(self) -> Mapping[str, list[tuple[str, Ranges, str]]]:
        found: dict[str, list[tuple[str, Ranges, str]]] = defaultdict(list)
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            subnet = key(endpoint.properties.get("subnet")) or endpoint.parent or ""
            addresses = self.addresses.resource(endpoint.id)
            if addresses and subnet:
                found[self.vnet_of(subnet)].append((endpoint.id, addresses, subnet))
        for subnet, nics in self.addresses.nics_in.items():
            for nic in nics:
                resource = self.topology.resources.get(nic)
                rid = key(resource.properties.get("privateEndpoint")) if resource is not None else ""
                if rid and rid not in self.topology.resources:  # only its interface is in the input
                    found[self.vnet_of(subnet)].append((rid, self.addresses.nic(nic), subnet))
        return found

    def _obeys_routes(self, subnet: str) -> bool | None:
        """Whether routes hold for the private endpoints of a subnet; None where that is not in the input."""
        resource = self.topology.resources.get(subnet)
        if resource is None or not resource.is_told:
            return None
        told = word(resource.properties, "privateEndpointNetworkPolicies")
        return None if told is None else told in ("enabled", "routetableenabled")

    def _with_nameless(
        self, found: list[tuple[Ranges, tuple[int, int], Route]]
    ) -> list[tuple[Ranges, tuple[int, int], Route]]:
        """Candidates for nameless addresses: what surely holds one routes it, what may hold one adds doubt. One
        that lies in a known prefix goes where that prefix goes; only others have routes of their own."""
        if not self.addresses.nameless:
            return found
        # One that may lie in either of two prefixes of its VNet lies in none for sure.
        located = {low for ranges, rank, _ in found if 0 < rank[0] < ENDPOINTS
                   for low, _ in self.addresses.expand(tuple(r for r in ranges if r[0] < NAMELESS_BASE))[0]
                   if low >= NAMELESS_BASE}  # fmt: skip
        result = []
        for ranges, rank, route in found:
            plain = tuple(r for r in ranges if r[0] < NAMELESS_BASE)
            is_own = rank[0] >= ENDPOINTS  # routes to one address, whatever prefix holds it
            own = tuple(r for r in ranges if r[0] >= NAMELESS_BASE and (is_own or r[0] not in located))
            if plain:
                sure, possible = self.addresses.expand(plain)
                result.append((sure, rank, route))
                if possible != sure and (rank[1] in (RANKS["User"], RANKS["BGP"]) or not rank[0]):
                    # Whether it is longer than the prefix that leads there is not told; a default route is not.
                    order = (ENDPOINTS // 2 + rank[0], rank[1]) if rank[0] else rank
                    result.append((difference(possible, sure), order, route._replace(is_sure=False)))
            if own:
                result.append((own, (max(rank[0], 1), rank[1]), route))
        return result

    def _tag_contents(self, vnet: str, table: str) -> Contents:
        sure = union(self.addresses.vnet(vnet), _HOST)
        possible: Ranges = NO_RANGES
        for far, peering, near, _ in self.peers(vnet):
            carried = self.carries(peering)
            if carried == "no" or (near is not None and near.allows_access is False):
                continue
            is_sure = carried == "yes" and (near is None or near.allows_access is True)
            space, doubted = self._remote_space(far, near)
            possible = union(possible, doubted)
            sure, possible = (union(sure, space), possible) if is_sure else (sure, union(possible, space))
        for group in self.groups_of.get(vnet, ()):
            for member in group.members:
                space = self.addresses.vnet(member)
                sure, possible = (
                    (union(sure, space), possible) if group.is_sure else (sure, union(possible, space))
                )
        for group in self._open_groups:
            for member in group.others if vnet in group.others else ():
                possible = union(possible, self.addresses.vnet(member))
        is_stopped = self._propagates(table) is not True
        for ranges, route in self._learned(vnet, ""):
            if covers(ranges, _DEFAULT):
                possible = ADDRESSES if not is_stopped else possible
            elif is_stopped or not route.is_sure:
                possible = union(possible, ranges)
            else:
                sure = union(sure, ranges)
        for told in self.user_routes(table) if table else ():
            is_conditional = not (told.route.is_sure or told.route.is_open_ended)
            if told.sure in (_DEFAULT, _DEFAULT_6):
                if told.route.next_hop != "Internet" or not told.route.is_sure:
                    # Prefixes of user-defined routes belong to the tag; whether public ones of a default route do,
                    # the documentation leaves open.
                    sure, possible = sure if is_conditional else union(sure, _PRIVATE), ADDRESSES
            elif told.rank == RANKS["User"] and not is_conditional:
                sure = union(sure, self.addresses.expand(told.sure)[0])
            else:
                possible = union(possible, told.possible)  # whether tags of routes count is not documented
        if (table and self._is_missing(table)) or self._learns_anything(vnet):
            possible = ADDRESSES
        return Contents(f"{vnet} {table}", sure, union(sure, possible))

    def has_route_server(self, vnet: str) -> bool:
        """Whether a VNet, or the one whose gateways it uses, holds a Route Server."""
        return vnet in self._route_server_vnets or self.remote_gateway_vnet(vnet) in self._route_server_vnets

    @cached_property
    def _route_server_vnets(self) -> frozenset[str]:
        """VNets where a Route Server may bring in the routes of appliances.

        https://learn.microsoft.com/azure/route-server/overview
        """
        found = set()
        for hub in self.topology.of_type(NET + "virtualhubs"):
            if not hub.properties.get("virtualWan") and hub.parent and self.vnet_of(hub.parent) != hub.parent:
                found.add(self.vnet_of(hub.parent))
        return frozenset(found)

    # Appliances

    def appliances_at(self, vnet: str, address: Ranges) -> list[str]:
        """The firewalls, interfaces and load balancers that have a next hop's address, in the VNet or a peer of it."""
        near = {vnet} | {far for far, peering, _, _ in self.peers(vnet) if self.carries(peering) != "no"}
        near |= {member for group in self.groups_of.get(vnet, ()) for member in group.members}
        return (
            [rid for home, rid, ranges in self._by_address.get(address[0][0], ()) if home in near]
            if address
            else []
        )

    def may_reach(self, vnet: str, address: Ranges) -> bool:
        """Whether a next hop can have an address: it must lie in the VNet itself or in one that is joined to it.

        https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#user-defined
        """
        near = [vnet, *(far for far, peering, _, _ in self.peers(vnet) if self.carries(peering) != "no")]
        near += [member for group in self.groups_of.get(vnet, ()) for member in group.members]
        if not address or self.wan.hub_of(vnet):
            return True
        return any(overlap(self.addresses.expand(address)[1], self.addresses.vnet(each)) for each in near)

    @cached_property
    def _by_address(self) -> Mapping[int, list[tuple[str, str, Ranges]]]:
        found: dict[int, list[tuple[str, str, Ranges]]] = defaultdict(list)
        for resource in self.topology.resources.values():
            if resource.type in (NET + "azurefirewalls", NET + "loadbalancers"):
                ranges = private_addresses(resource)
            elif resource.type == NET + "networkinterfaces":
                ranges = tuple(r for r in self.addresses.nic(resource.id) if r[0] < NAMELESS_BASE)
            else:
                continue
            home = self.vnet_of(self.subnet_of(resource))
            for low, high in ranges:
                for number in range(low, min(high, low + 256) + 1):
                    found[number].append((home, resource.id, ranges))
        return {number: sorted(owners) for number, owners in found.items()}

    def subnet_of(self, resource: Resource) -> str:
        """The subnet in which a firewall, interface or load balancer stands."""
        for name in ("ipConfigurations", "frontendIPConfigurations"):
            told = key(at(resource.properties, name, "*", "properties", "subnet"))
            if told:
                return told
        return resource.parent or ""

    def _may_be_absent(self, rid: str) -> bool:
        resource = self.topology.resources.get(rid)
        return resource is not None and resource.is_conditional

    def _name(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return (resource.label or resource.name) if resource is not None else rid.rsplit("/", 1)[-1]

    def _place(self, rid: str) -> Place:
        resource = self.topology.resources.get(rid)
        return resource.place if resource is not None else NOWHERE


def possible_peerings(topology: Topology) -> Iterator[Peering]:
    """The peerings that there may be besides those that the input tells of: where the peerings of a VNet, or the far
    end of one, are not known."""
    known = {(peering.a, peering.b) for peering in topology.peerings}
    vnets = [vnet for vnet in topology.of_type(VNET) if not is_unknown(vnet.id) or vnet.is_told]
    found: dict[tuple[str, str], Peering] = {}
    for peering in topology.peerings:
        for near, far, half in (
            (peering.a, peering.b, peering.a_half), (peering.b, peering.a, peering.b_half)
        ):  # fmt: skip
            far_end = topology.resources.get(far)
            if half is not None and is_unknown(far) and (far_end is None or far_end.is_ghost):
                for other in vnets:
                    if may_mean(far, other.id):
                        _add_possible(found, known, near, other.id, half)
    open_ended = {vnet.id for vnet in vnets if not listed(vnet.properties.get("virtualNetworkPeerings"))[1]}
    for half_told in topology.of_type(VNET + "/virtualnetworkpeerings"):
        if not key(half_told.properties.get("remoteVirtualNetwork")):
            open_ended.add(key(half_told.envelope.get("parent")))
    for near in sorted(open_ended):
        for other in vnets:
            _add_possible(found, known, near, other.id, None)
    yield from found.values()


def _add_possible(
    found: dict[tuple[str, str], Peering], known: set[tuple[str, str]], near: str, far: str, half: PeeringHalf | None
) -> None:  # fmt: skip
    pair = (near, far) if near < far else (far, near)
    if near != far and pair not in known and pair not in found:
        halves = (half, None) if near < far else (None, half)
        found[pair] = Peering(*pair, *halves)._replace(is_possible=True)


def _tag_rank(tag: str) -> int:
    """How a route to a service tag ranks among those with one prefix: below explicit ones, a region's tag before that
    of all regions, AzureCloud last.

    https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#service-tags-for-user-defined-routes
    """
    head, _, region = tag.lower().partition(".")
    return RANKS["User"] - (1 if region else 2) - (2 if head == "azurecloud" else 0)


def _in_doubt(route: Route) -> Route:
    return route._replace(is_sure=False, is_open_ended=True)


def _doubting(
    found: list[tuple[Ranges, tuple[int, int], Route]], doubted: Ranges
) -> Iterator[tuple[Ranges, tuple[int, int], Route]]:
    """The candidates, in doubt where another route may lead away what tags hold that are not known: those of user
    routes and of the default route; all of them where a prefix is no tag but cannot be read."""
    is_unreadable = covers(doubted, _PRIVATE)
    for ranges, rank, route in found:
        may_lose = route.source == "User" or not rank[0] or (is_unreadable and rank[0] < ENDPOINTS)
        common = intersection(ranges, doubted) if may_lose else NO_RANGES
        if not common:
            yield ranges, rank, route
            continue
        yield common, rank, _in_doubt(route)
        yield difference(ranges, common), rank, route


def _is_same(one: Route, other: Route) -> bool:
    """Whether two routes do the same with a packet. To a service's own prefixes straight is straight."""
    if one.next_hop in STRAIGHT:
        return other.next_hop in STRAIGHT
    return (one.next_hop, one.target, one.address) == (other.next_hop, other.target, other.address)


def _overrides(user: Iterable[UserRoute], endpoint: Ranges, space: Ranges) -> bool | None:
    """Whether a user's route is at least as long as the VNet's prefix round an endpoint; None where that is open.

    https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
    """
    found: bool | None = False
    for told in user:
        if covers(told.sure, endpoint) and any(covers((piece,), told.sure) for piece in space):
            return True
        if overlap(told.possible, endpoint) and told.possible != told.sure:
            found = None
    return found


def _is_whole(peering: Peering) -> bool:
    return all(half is None or half.is_complete is True for half in (peering.a_half, peering.b_half))


def _cut(ranges: Ranges, prefixes: Iterable[Ranges]) -> list[Ranges]:
    """Some addresses by the prefixes that hold them, and the rest in pieces of its own."""
    found = []
    rest = ranges
    for prefix in prefixes:
        common = intersection(ranges, prefix)
        if common:
            found.append(common)
            rest = difference(rest, prefix)
    return [*found, *_pieces(rest)]


def _pieces(ranges: Ranges) -> list[Ranges]:
    return [(piece,) for piece in ranges]


def _length(ranges: Ranges) -> int:
    """How long a prefix is, 0 for a default route of either family; 129 for nameless addresses."""
    low, high = ranges[0]
    if low >= NAMELESS_BASE:
        return 129
    bits = (high - low + 1).bit_length() - 1
    return (128 if low >= (1 << 32) else 32) - bits


def overlaps_default(ranges: Ranges) -> bool:
    """Whether a route is a default route."""
    return overlap(ranges, _DEFAULT) and covers(ranges, _DEFAULT)
