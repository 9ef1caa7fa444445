"""Networks: the verdicts between subnets, VNets, subscriptions and sites.

Large estates have half a million pairs of VNets, and nearly all of them are one of two: nothing joins them, or both
send everything to one firewall, none of whose rules speaks of the two. Both are known from the networks' routes and the
masks of the firewall's rules, without a walk; only the others are walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from diagramgen.analyse.boundaries import NO_PATH, Judgement, judge, together
from diagramgen.analyse.fabric import Fabric
from diagramgen.analyse.reach import Reacher, Zone
from diagramgen.analyse.zones import Zones
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import Ranges, union

NET = "microsoft.network/"
MANY_VNETS = 60
"""From here on pairs behind one firewall are judged by VNet, not subnet by subnet."""
EXITS = ("VirtualAppliance", "VirtualNetworkGateway", "VirtualHub")


NOT_IN_INPUT = Judgement("unknown", reason="neither VNet is in the input: what joins them is not told")
OPEN_GATEWAY = Judgement("unknown", reason="a gateway that the input does not tell may join them")


class Doors(NamedTuple):
    """How packets leave a VNet: `direct` are the VNets that its routes lead to, `has_exits` tells whether a route leads
    to an appliance, gateway or hub, `firewall` is the one that every such route of every subnet leads to, or ""."""

    direct: frozenset[str]
    has_exits: bool
    firewall: str
    is_sure: bool


class NetworkJudge:
    """Judges pairs of networks; verdicts are kept."""

    def __init__(self, reacher: Reacher, zones: Zones) -> None:
        self.reacher = reacher
        self.zones = zones
        self.fabric = Fabric(reacher, zones)
        self.topology: Topology = reacher.topology
        self._doors: dict[str, Doors] = {}
        self._pairs: dict[tuple[str, str], Judgement] = {}
        self._masks: dict[tuple[str, str], tuple[int, int]] = {}
        self._fabric: dict[tuple[str, ...], Judgement] = {}
        self._led: dict[tuple[str, str], bool | None] = {}
        self._spaces: dict[str, Ranges] = {}

    # Pairs

    def zones_apart(self, a: Zone, b: Zone) -> Judgement:
        """The verdict between two zones, both directions."""
        return together((judge(self.reacher.reach(a, b)), judge(self.reacher.reach(b, a))))

    def vnets(self, a: str, b: str) -> Judgement:
        """The verdict between two VNets. Where neither is in the input, their peerings are not either."""
        known = self._known(a, b)
        if known.status == "no-path" and self.topology.resources[a].is_ghost:
            return NOT_IN_INPUT if self.topology.resources[b].is_ghost else known
        return known

    def _known(self, a: str, b: str) -> Judgement:
        group = self.reacher.routing.open_group(a, b)
        if self.islands[a] != self.islands[b] and not group:
            return NO_PATH
        pair = (a, b) if a < b else (b, a)
        known = self._pairs.get(pair)
        if known is None:
            known = self._quick(*pair) or self._walked(*pair)
            if group:
                known = together((known, self._by_open_group(group)))
            ends = [link for link in self._private_links if {a, b} == set(link[1:])]
            if ends:
                known = together((known, *(self._by_private_link(endpoint) for endpoint, _, _ in ends)))
            self._pairs[pair] = known
        return known

    def sites(self, site: str, vnet: str) -> Judgement:
        """The verdict between a site and a VNet."""
        outside = self.zones.site(site)
        loose = [c for c in self.topology.connections if site in (c.a, c.b) and "azure" in (c.a, c.b)]
        parts = [self.zones_apart(outside, zone) for zone in self.zones.of_vnet(vnet)]
        if loose:
            parts.append(
                Judgement("unknown", reason="a connection ends at Azure: which network it joins is not told")
            )
        elif not self.zones.of_vnet(vnet) and self.reacher.routing.gateways.of(vnet):
            parts.append(self._only_services(vnet))
        return together(parts)

    def frames(self, a: tuple[str, ...], b: tuple[str, ...]) -> Judgement:
        """The verdict between two sets of VNets: of two subscriptions."""
        parts: dict[int, Judgement] = {}
        reached = {self.islands[vnet] for vnet in a} & {self.islands[vnet] for vnet in b}
        for first in a if reached else ():
            for second in b:
                found = self.vnets(first, second)
                parts[id(found)] = found
        return together(parts.values())

    # Islands

    @cached_property
    def islands(self) -> Mapping[str, int]:
        """The number of the island of each VNet: what nothing joins, not even by way of others, lies on different
        ones. VNets whose packets may go anywhere lie on one with all that anything joins."""
        routing = self.reacher.routing
        parent: dict[str, str] = {vnet: vnet for vnet in self.zones.vnets}

        def root(rid: str) -> str:
            while parent.setdefault(rid, rid) != rid:
                parent[rid] = rid = parent[parent[rid]]
            return rid

        def join(one: str, other: str) -> None:
            parent[root(one)] = root(other)

        for peering in routing.peerings:
            if routing.carries(peering) != "no":
                join(peering.a, peering.b)
        for vnet in self.zones.vnets:
            for group in routing.groups_of.get(vnet, ()):
                join(vnet, group.id)
            if self.reacher.wan.hub_of(vnet):
                join(vnet, "virtual hubs")
            if routing.gateways.of(vnet):
                for reached in routing.gateways.reached(vnet, routing.advertised):
                    if reached.vnet:
                        join(vnet, reached.vnet)
        for _, source, target in self._private_links:
            join(source, target)
        lost = [vnet for vnet in self.zones.vnets if self._may_lead_anywhere(vnet)]
        if lost:
            for vnet in [*lost, *filter(routing.is_joined, self.zones.vnets)]:
                join(vnet, lost[0])
        numbers: dict[str, int] = {}
        return {vnet: numbers.setdefault(root(vnet), len(numbers)) for vnet in self.zones.vnets}

    def _may_lead_anywhere(self, vnet: str) -> bool:
        if vnet in self.reacher.routing.open_gateways:
            return True
        for zone in self.zones.of_vnet(vnet):
            for _, route in self.reacher.routing.routes(zone.subnet):
                is_appliance = route.next_hop == "VirtualAppliance"
                if route.is_open_ended or (is_appliance and not self._firewall_of(vnet, route.address)):
                    return True
        return False

    @cached_property
    def _private_links(self) -> list[tuple[str, str, str]]:
        """Private endpoints of private link services: endpoint, its VNet, the service's VNet."""
        found = []
        for link in self.topology.private_links:
            service, endpoint = (self.topology.resources.get(rid) for rid in (link.target, link.endpoint))
            if service is None or endpoint is None or service.type != NET + "privatelinkservices":
                continue
            homes = [self.reacher.routing.vnet_of(r.parent or "") for r in (endpoint, service)]
            if all(home in self._vnets for home in homes) and homes[0] != homes[1]:
                found.append((endpoint.id, homes[0], homes[1]))
        return found

    @cached_property
    def _vnets(self) -> frozenset[str]:
        """The VNets that there are."""
        return frozenset(self.zones.vnets)

    # Without a walk

    def _quick(self, a: str, b: str) -> Judgement | None:
        if not self.zones.of_vnet(a) or not self.zones.of_vnet(b):
            return None  # where only gateways and firewalls stand, no zone has doors
        doors_a, doors_b = self.doors(a), self.doors(b)
        if not doors_a.is_sure or not doors_b.is_sure:
            return None
        if b in doors_a.direct or a in doors_b.direct:
            return None
        if not doors_a.has_exits and not doors_b.has_exits:
            return None if self._are_peers(a, b) else NO_PATH
        there = self._lands(doors_a, b)
        back = self._lands(doors_b, a)
        if there is None or back is None:
            return None
        if not there and not back:
            return None if self._are_peers(a, b) else NO_PATH
        for doors, source, target in ((doors_a, a, b), (doors_b, b, a)):
            if (
                doors.firewall
                and self._mask(doors.firewall, source)[0] & self._mask(doors.firewall, target)[1]
            ):
                return None
        return self._by_firewalls(doors_a.firewall if there else "", doors_b.firewall if back else "")

    def doors(self, vnet: str) -> Doors:
        """How packets leave a VNet."""
        known = self._doors.get(vnet)
        if known is None:
            known = self._doors[vnet] = self._find_doors(vnet)
        return known

    def _find_doors(self, vnet: str) -> Doors:
        direct: set[str] = set()
        firewalls: set[str] = set()
        has_exits = False
        is_sure = True
        seen = set()
        for zone in self.zones.of_vnet(vnet):
            routes = self.reacher.routing.routes(zone.subnet)
            if id(routes) in seen:
                continue
            seen.add(id(routes))
            through = set()
            for _, route in routes:
                if route.next_hop in ("VNetPeering", "ConnectedGroup", "InterfaceEndpoint"):
                    direct.add(route.target)
                elif route.next_hop in EXITS:
                    has_exits = True
                    through.add(self._firewall_of(vnet, route.address) if route.next_hop == EXITS[0] else "")
                is_sure = is_sure and route.is_sure
            firewalls |= through or {""}
        only = firewalls.pop() if len(firewalls) == 1 else ""
        return Doors(frozenset(direct - {vnet}), has_exits, only, is_sure)

    def _firewall_of(self, vnet: str, address: Ranges) -> str:
        owners = self.reacher.routing.appliances_at(vnet, address)
        return owners[0] if len(owners) == 1 and owners[0] in self.reacher.firewalls.ids else ""

    def _lands(self, doors: Doors, vnet: str) -> bool | None:
        """Whether routes lead through these doors to another VNet; None where that takes a walk."""
        if not doors.has_exits:
            return False
        return self._leads(doors.firewall, vnet, 4) if doors.firewall else None

    def _leads(self, firewall: str, vnet: str, depth: int) -> bool | None:
        """Whether a firewall's subnet routes all of a VNet there, over a peering or further firewalls."""
        key = (firewall, vnet)
        if key not in self._led:
            self._led[key] = self._find_lead(firewall, vnet, depth)
        return self._led[key]

    def _find_lead(self, firewall: str, vnet: str, depth: int) -> bool | None:
        routing = self.reacher.routing
        subnet = routing.subnet_of(self.topology.resources[firewall])
        answers: set[bool | None] = set()
        for _, route in routing.routes(subnet).split(self._space(vnet)):
            if not route.is_sure or not depth:
                return None
            if route.next_hop in ("VNetPeering", "VnetLocal") and route.target == vnet:
                answers.add(True)
            elif route.next_hop in ("None", "Internet", "VNetPeering", "VnetLocal"):
                answers.add(False)
            elif route.next_hop == "VirtualAppliance":
                onward = self._firewall_of(routing.vnet_of(subnet), route.address)
                answers.add(self._leads(onward, vnet, depth - 1) if onward and onward != firewall else None)
            else:
                return None
        return answers.pop() if len(answers) == 1 else None

    def _space(self, vnet: str) -> Ranges:
        """The addresses of a VNet's zones."""
        if vnet not in self._spaces:
            ranges: Ranges = ()
            for zone in self.zones.of_vnet(vnet):
                ranges = union(ranges, zone.addresses)
            self._spaces[vnet] = ranges
        return self._spaces[vnet]

    def _mask(self, firewall: str, vnet: str) -> tuple[int, int]:
        """The rules of a firewall that speak of a VNet as source, and as destination."""
        key = (firewall, vnet)
        if key not in self._masks:
            ranges = self._space(vnet)
            rules = self.reacher.firewalls
            self._masks[key] = (
                rules.sources_mask(firewall, ranges),
                rules.destinations_mask(firewall, ranges),
            )
        return self._masks[key]

    def _by_firewalls(self, *firewalls: str) -> Judgement:
        """Held by firewalls none of whose rules speaks of the two sides."""
        held = tuple(dict.fromkeys(filter(None, firewalls)))
        if held not in self._fabric:
            by = tuple((firewall, self.topology.resources[firewall].label) for firewall in held)
            names = " and ".join(name for _, name in by)
            self._fabric[held] = Judgement("enforced", by, reason=f"no rule of {names} joins them",
                                           assumptions=("ASSUME_EXPORT_COMPLETE",))  # fmt: skip
        return self._fabric[held]

    # With a walk

    def _walked(self, a: str, b: str) -> Judgement:
        pairs = [(x, y) for x in self.zones.of_vnet(a) for y in self.zones.of_vnet(b)]
        if not pairs:
            joined = b in self.doors(a).direct or a in self.doors(b).direct or self._are_peers(a, b)
            if not joined:
                return OPEN_GATEWAY if self.reacher.routing.open_gateways & {a, b} else NO_PATH
            empty = a if not self.zones.of_vnet(a) else b
            return self._only_services(empty)
        doors_a, doors_b = self.doors(a), self.doors(b)
        is_open = b in doors_a.direct or a in doors_b.direct or not (doors_a.is_sure and doors_b.is_sure)
        if is_open or not (self._lands(doors_a, b) and self._lands(doors_b, a)):
            return together(self.zones_apart(x, y) for x, y in pairs)
        if doors_a.firewall == doors_b.firewall and len(self.zones.vnets) > MANY_VNETS:
            found = self.fabric.judge(doors_a.firewall, a, b)
            if found is not None:
                return found
        parts = []
        for x, y in pairs:
            parts += [self._behind(doors_a.firewall, x, y), self._behind(doors_b.firewall, y, x)]
        return together(parts)

    def _behind(self, firewall: str, source: Zone, target: Zone) -> Judgement:
        """One direction between zones whose packets all go through a firewall: walked where a rule speaks of both."""
        if self._zone_mask(firewall, source)[0] & self._zone_mask(firewall, target)[1]:
            return judge(self.reacher.reach(source, target))
        return self._by_firewalls(firewall)

    def _zone_mask(self, firewall: str, zone: Zone) -> tuple[int, int]:
        key = (firewall, zone.id)
        if key not in self._masks:
            rules = self.reacher.firewalls
            self._masks[key] = (
                rules.sources_mask(firewall, zone.addresses), rules.destinations_mask(firewall, zone.addresses)
            )  # fmt: skip
        return self._masks[key]

    def _are_peers(self, a: str, b: str) -> bool:
        return any(
            far == b and self.reacher.routing.carries(p) != "no"
            for far, p, _, _ in self.reacher.routing.peers(a)
        )

    def _by_open_group(self, group: str) -> Judgement:
        if (group,) not in self._fabric:
            self._fabric[(group,)] = Judgement("unknown", assumptions=("ASSUME_GROUP_MEMBERS",),
                                               reason=f"{group} may join them: its members are not told")  # fmt: skip
        return self._fabric[(group,)]

    def _by_private_link(self, endpoint: str) -> Judgement:
        """One service of the far VNet, reached by a private endpoint of the near one."""
        name = self.topology.resources[endpoint].label
        return Judgement(
            "enforced", ((endpoint, f"Private Link ({name})"),), reason="one service, by Private Link"
        )

    def _only_services(self, vnet: str) -> Judgement:
        """A hub where only gateways, firewalls and the like stand: nothing to reach but them."""
        by = self._firewalls_in.get(vnet, ())
        return Judgement(
            "enforced",
            by,
            reason="only gateways, firewalls and the like stand there: no zone to reach",
        )

    @cached_property
    def _firewalls_in(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for firewall in self.reacher.firewalls.ids:
            resource = self.topology.resources[firewall]
            home = self.reacher.routing.vnet_of(self.reacher.routing.subnet_of(resource))
            found.setdefault(home, []).append((firewall, resource.label))
        return {vnet: tuple(firewalls) for vnet, firewalls in found.items()}

    # All

    def joined_pairs(self) -> Iterator[tuple[str, str]]:
        """The pairs of VNets of one island, sorted: all others have no path."""
        by_island: dict[int, list[str]] = {}
        for vnet in self.zones.vnets:
            by_island.setdefault(self.islands[vnet], []).append(vnet)
        for vnets in by_island.values():
            for position, a in enumerate(vnets):
                for b in vnets[position + 1 :]:
                    yield a, b
