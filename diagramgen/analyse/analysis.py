"""Analysis: a topology with everything that can be asked of its segmentation, worked out when it is asked.

Parts are built once and in one order: addresses, services, firewalls, hubs, routes, filters, walks, verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from diagramgen.analyse.addresses import INTERNET, Addresses
from diagramgen.analyse.boundaries import Judgement, boundary_of, together
from diagramgen.analyse.declared import level_of
from diagramgen.analyse.findings import boundary_findings
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.frontends import Frontend, frontends
from diagramgen.analyse.internet import InternetJudge
from diagramgen.analyse.networks import NetworkJudge
from diagramgen.analyse.paas import Services
from diagramgen.analyse.platform import PlatformJudge
from diagramgen.analyse.reach import Reacher, Zone
from diagramgen.analyse.routing import Routing
from diagramgen.analyse.security import Security
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.trace import Trace, Tracer
from diagramgen.analyse.verdicts import LEVELS, Boundary, Finding, Level, Status
from diagramgen.analyse.wan import VirtualWan
from diagramgen.analyse.worlds import Worlds, certain, is_there, translated
from diagramgen.analyse.zones import Zones
from diagramgen.model.topology import DeclaredBoundary, Topology
from diagramgen.model.traffic import Packet

AZURE = "azure"
SUBSCRIPTION = "microsoft.resources/subscriptions"
VNET = "microsoft.network/virtualnetworks"
SUBNET = VNET + "/subnets"
HUB = "microsoft.network/virtualhubs"
MANY_VNETS = 300
"""From here on, pairs of VNets in different subscriptions that a firewall holds apart are counted, not listed."""
HOLDS: frozenset[Status] = frozenset(("no-path", "enforced"))


class Analysis:
    """What is known of an estate's segmentation. `tags` are the prefixes of service tags, where a file gives them."""

    def __init__(self, topology: Topology, tags: ServiceTags | None = None, is_world: bool = False) -> None:
        self.topology = topology
        self.tags = tags
        self._is_world = is_world
        self._known: dict[tuple[Level, str, str], Boundary | None] = {}

    # Parts

    @cached_property
    def addresses(self) -> Addresses:
        """Who has which addresses."""
        found = Addresses(self.topology)
        services = Services(self.topology, found, self.tags)
        for service in services.ids:
            found.service(service, services.tags(service))
        return found

    @cached_property
    def services(self) -> Services:
        """Platform services and whom they admit."""
        return Services(self.topology, self.addresses, self.tags)

    @cached_property
    def firewalls(self) -> Firewalls:
        """Azure Firewalls and their rules."""
        return Firewalls(self.topology, self.addresses, self.tags)

    @cached_property
    def wan(self) -> VirtualWan:
        """Virtual hubs and their routes."""
        return VirtualWan(self.topology, self.addresses)

    @cached_property
    def routing(self) -> Routing:
        """Effective routes."""
        return Routing(self.topology, self.addresses, self.wan, self.tags)

    @cached_property
    def security(self) -> Security:
        """NSGs and admin rules."""
        return Security(self.topology, self.addresses, self.routing, self.tags)

    @cached_property
    def reacher(self) -> Reacher:
        """Walks."""
        return Reacher(self.topology, self.addresses, self.routing, self.security, self.firewalls, self.wan)

    @cached_property
    def zones(self) -> Zones:
        """Places where packets begin and end."""
        return Zones(self.topology, self.addresses, self.security)

    @cached_property
    def frontends(self) -> tuple[Frontend, ...]:
        """Ways in from the Internet."""
        return frontends(self.topology, self.addresses, self.firewalls)

    @cached_property
    def networks(self) -> NetworkJudge:
        """Verdicts between networks."""
        return NetworkJudge(self.reacher, self.zones)

    @cached_property
    def internet(self) -> InternetJudge:
        """Verdicts on the Internet."""
        return InternetJudge(self.reacher, self.zones, self.frontends)

    @cached_property
    def platform(self) -> PlatformJudge:
        """Verdicts on services."""
        return PlatformJudge(self.reacher, self.zones, self.services, self.internet)

    @cached_property
    def tracer(self) -> Tracer:
        """Single packets."""
        return Tracer(self.reacher, self.zones, self.internet, self.platform)

    @cached_property
    def worlds(self) -> Worlds[Analysis]:
        """The estates that this one may be; none where the input leaves nothing open, and for each of them."""
        topology = self.topology._replace(records=()) if self._is_world else self.topology
        return Worlds(topology, lambda world: Analysis(world, self.tags, is_world=True))

    def trace(self, packet: Packet, source: Zone | None = None, target: Zone | None = None) -> Trace:
        """What becomes of one packet; `source` and `target` tell which of several things with its addresses it is."""
        found = self.tracer.packet(packet, source, target)
        for world in self.worlds if found.verdict != "unknown" else ():
            other = world.trace_as(self, packet, source, target)
            if other is not None and other.verdict != found.verdict:
                return found._replace(
                    verdict="unknown", decided_by="open", rule=None, reason=self.worlds.reason
                )
        return found

    def trace_as(
        self, base: Analysis, packet: Packet, source: Zone | None, target: Zone | None
    ) -> Trace | None:
        """The trace of a packet of another world in this one; None where this one lacks an end of it."""
        numbers = [
            translated(((number, number),), base.addresses, self.addresses)
            for number in (packet.source, packet.destination)
        ]
        ends = [zone and self._same_zone(base, zone) for zone in (source, target)]
        if not all(numbers) or (source and not ends[0]) or (target and not ends[1]):
            return None
        first, second = (ranges[0][0] for ranges in numbers if ranges)
        return self.tracer.packet(packet._replace(source=first, destination=second), *ends)

    def _same_zone(self, base: Analysis, zone: Zone) -> Zone | None:
        """A zone of another world as it is in this one."""
        addresses = translated(zone.addresses, base.addresses, self.addresses)
        homes = (zone.id, zone.subnet, zone.vnet)
        if addresses is None or not all(is_there(base.topology, self.topology, home) for home in homes):
            return None
        return zone._replace(addresses=addresses)

    # Boundaries

    def boundary(self, level: Level, a: str, b: str) -> Boundary | None:
        """The boundary between two things, by id; the order does not matter. None where there is none: between subnets
        that only hold the platform's services, or things that are not on that level."""
        first, second = self._ordered(level, a, b)
        known = (level, first, second)
        if known not in self._known:
            judgement = self._judge(level, first, second)
            found = (
                None
                if judgement is None
                else self._with_declared(boundary_of(level, first, second, judgement))
            )
            if found is not None and level == "internet":
                found = found._replace(directions=self._directions(second))
            if found is not None and self.worlds.points:
                found = certain(found, self._elsewhere(level, first, second), self.worlds.reason)
            self._known[known] = found
        return self._known[known]

    def _elsewhere(self, level: Level, a: str, b: str) -> Iterator[Boundary]:
        """A boundary in the worlds that have both of its sides."""
        for world in self.worlds:
            if all(is_there(self.topology, world.topology, side) for side in (a, b)):
                other = world.boundary(level, a, b)
                if other is not None:
                    yield other

    def boundaries(self, level: Level | None = None) -> tuple[Boundary, ...]:
        """Every boundary of one level, or of all, sorted by level and ids.

        Between VNets of different subscriptions only those that something joins are listed.
        """
        found = []
        for each in (level,) if level else LEVELS:
            for a, b in self._pairs(each):
                boundary = self.boundary(each, a, b)
                if boundary is not None:
                    found.append(boundary)
        return tuple(found)

    def findings(self, boundaries: Iterable[Boundary] | None = None) -> tuple[Finding, ...]:
        """What is wrong: contradictions and gaps among the boundaries, and what the Zero Trust rules find."""
        from diagramgen.analyse.rules import run_rules  # a drawing does without the rules

        told = self.boundaries() if boundaries is None else boundaries
        found = run_rules(self)
        for world in self.worlds:
            proven = {(each.rule, rid) for each in run_rules(world) for rid in each.ids}
            found = tuple(each for each in found if (each.rule, each.ids[0]) in proven or not is_there(
                self.topology, world.topology, each.ids[0]))  # fmt: skip
        return (*boundary_findings(self.topology, told, self.has_rules), *found)

    @staticmethod
    def _ordered(level: Level, a: str, b: str) -> tuple[str, str]:
        """For inner levels both in id order; for outer ones the outside first."""
        if level in ("subscription", "vnet", "subnet"):
            return (a, b) if a <= b else (b, a)
        if level == "internet":
            return (a, b) if a == INTERNET else (b, a)
        return a, b

    def _judge(self, level: Level, a: str, b: str) -> Judgement | None:
        match level:
            case "subnet":
                return self._subnets(a, b)
            case "vnet":
                return self._vnets(a, b)
            case "subscription":
                return self.networks.frames(self.vnets_of(a), self.vnets_of(b)) if a != b else None
            case "internet":
                return self._internet(b) if a == INTERNET else None
            case "on-premises":
                return self._on_premises(a, b)
            case "paas":
                return self._paas(a, b)

    def _subnets(self, a: str, b: str) -> Judgement | None:
        resources = self.topology.resources
        if a == b or not all(rid in resources and resources[rid].type == SUBNET for rid in (a, b)):
            return None
        if a in self.zones.transit or b in self.zones.transit:
            return None
        return self.networks.zones_apart(self.zones.subnet(a), self.zones.subnet(b))

    def _vnets(self, a: str, b: str) -> Judgement | None:
        resources = self.topology.resources
        types = [resources[rid].type if rid in resources else "" for rid in (a, b)]
        if a == b or any(each not in (VNET, HUB) for each in types):
            return None
        if HUB in types:
            return self._hub(a if types[0] == HUB else b, b if types[0] == HUB else a, types)
        return self.networks.vnets(a, b)

    def _hub(self, hub: str, other: str, types: list[str]) -> Judgement | None:
        """A virtual hub holds no zones; its firewall, where it has one, is what stands between."""
        firewalls = [(f, self.topology.resources[f].label) for f in self.firewalls.ids
                     if self.topology.resources[f].parent == hub]  # fmt: skip
        if types == [HUB, HUB] or not firewalls or self.wan.hub_of(other) != hub:
            return None
        return Judgement("enforced", tuple(firewalls), reason="a virtual hub holds no zone to reach")

    def _internet(self, inside: str) -> Judgement | None:
        vnets = self.vnets_of(inside)
        if not vnets and inside != AZURE:
            return None
        return together(
            part for vnet in vnets for part in (self.internet.into(vnet), self.internet.out_of(vnet))
        )

    def _directions(self, inside: str) -> tuple[tuple[str, Status], ...]:
        vnets = self.vnets_of(inside)
        return (
            ("in", together(self.internet.into(vnet) for vnet in vnets).status),
            ("out", together(self.internet.out_of(vnet) for vnet in vnets).status),
        )

    def _on_premises(self, site: str, inside: str) -> Judgement | None:
        vnets = self.vnets_of(inside)
        if site not in self.addresses.sites or (not vnets and inside != AZURE):
            return None
        return together(self.networks.sites(site, vnet) for vnet in vnets)

    def _paas(self, a: str, b: str) -> Judgement | None:
        service, other = (a, b) if a in self.services.ids else (b, a)
        if service not in self.services.ids:
            return None
        if other == INTERNET:
            return self.platform.from_internet(service)
        vnets = self.vnets_of(other)
        return together(self.platform.from_vnet(service, vnet) for vnet in vnets) if vnets else None

    def vnets_of(self, rid: str) -> tuple[str, ...]:
        """The VNets in a frame: a VNet's own id, a subscription's or management group's, or all of Azure's."""
        if rid == AZURE:
            return self.zones.vnets
        resource = self.topology.resources.get(rid)
        if resource is None:
            return ()
        if resource.type == VNET:
            return (rid,)
        direct = self.zones.vnets_by_frame.get(rid, [])
        return (*direct, *(vnet for child in self._frames.get(rid, ()) for vnet in self.vnets_of(child)))

    @cached_property
    def _frames(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for resource in self.topology.resources.values():
            if resource.parent and resource.type in (SUBSCRIPTION, "microsoft.management/managementgroups"):
                found.setdefault(resource.parent, []).append(resource.id)
        return found

    def _pairs(self, level: Level) -> Iterable[tuple[str, str]]:
        """The pairs of a level that are listed."""
        resources = self.topology.resources
        match level:
            case "subscription":
                frames = [s for s in self.zones.vnets_by_frame if s and resources[s].type == SUBSCRIPTION]
                yield from _pairs_of(sorted(frames))
            case "vnet":
                found = {
                    pair for vnets in self.zones.vnets_by_frame.values() for pair in _pairs_of(sorted(vnets))
                }
                found |= {pair for pair in self.networks.joined_pairs() if self._is_listed(*pair)}
                yield from sorted(found)
            case "subnet":
                for vnet in self.zones.vnets:
                    yield from _pairs_of(sorted(self.addresses.subnets_of.get(vnet, ())))
            case "internet":
                yield from ((INTERNET, vnet) for vnet in self.zones.vnets)
            case "on-premises":
                known = [site.id for site in self.topology.sites]
                pools = [site for site in self.addresses.sites if self._is_gateway(site)]
                yield from ((site, vnet) for site in [*known, *sorted(pools)] for vnet in self.zones.vnets)
            case "paas":
                for service in self.services.ids:
                    yield service, INTERNET
                    near = self._vnets_near(service)
                    yield from ((service, vnet) for vnet in self.zones.vnets if vnet in near)

    def _is_listed(self, a: str, b: str) -> bool:
        """Whether a pair of VNets in different subscriptions is listed: one with a path, and in a large estate only
        where a firewall does not hold all of it."""
        judgement = self.networks.vnets(a, b)
        if len(self.zones.vnets) > MANY_VNETS and judgement.status == "enforced" and not judgement.flows:
            return False
        return judgement.status != "no-path"

    @cached_property
    def omitted(self) -> tuple[tuple[Level, int], ...]:
        """How many pairs of each level hold without a word: `boundaries` leaves them out."""
        vnets = len(self.zones.vnets)
        left = vnets * (vnets - 1) // 2 - sum(1 for _ in self._pairs("vnet"))
        return (("vnet", left),) if left else ()

    def _is_gateway(self, rid: str) -> bool:
        """Whether a site stands for the clients of a point-to-site gateway."""
        resource = self.topology.resources.get(rid)
        return resource is not None and resource.type.endswith(("/virtualnetworkgateways", "/p2svpngateways"))

    def _vnets_near(self, service: str) -> frozenset[str]:
        """The VNets that have something to do with a service; all of them in a small estate."""
        if len(self.zones.vnets) * len(self.services.ids) <= 400:
            return frozenset(self.zones.vnets)
        near = {path.vnet for path in self.services.private_paths(service)}
        near |= {
            self.routing.vnet_of(link.subnet)
            for link in self.topology.service_links
            if link.service == service
        }
        return frozenset(near)

    # Declared

    @cached_property
    def declared(self) -> Mapping[tuple[Level, str, str], DeclaredBoundary]:
        """What a spec declares, by level and ids."""
        found: dict[tuple[Level, str, str], DeclaredBoundary] = {}
        for each in self.topology.boundaries:
            level = each.level or level_of(self.topology, each)
            for known in LEVELS:
                if known == level:
                    found[(known, *self._ordered(known, each.a, each.b))] = each
        return found

    def _with_declared(self, boundary: Boundary) -> Boundary:
        told = self.declared.get((boundary.level, boundary.a, boundary.b))
        if told is None and boundary.level in ("on-premises", "paas"):
            told = self.declared.get((boundary.level, boundary.b, boundary.a))
        return boundary if told is None else boundary._replace(declared=told.status, declared_place=told.place,
                                                               declared_by=told.by)  # fmt: skip

    @cached_property
    def has_rules(self) -> bool:
        """Whether the input says anything of rules and routes; a sketch without them states its intent alone."""
        return any(
            resource.type.endswith(
                ("/securityrules", "/routes", "/rulecollectiongroups", "/rulecollections/rules")
            )
            for parts in self.topology.parts.values()
            for resource in parts
        )


def _pairs_of(ids: list[str]) -> Iterable[tuple[str, str]]:
    for position, a in enumerate(ids):
        for b in ids[position + 1 :]:
            yield a, b


def analyse_topology(topology: Topology, tags: ServiceTags | None = None) -> Analysis:
    """The analysis of a topology; nothing is worked out before it is asked for."""
    return Analysis(topology, tags)
