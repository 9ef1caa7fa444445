"""The Internet and a network: what comes in by each entry, and what leaves by each subnet's way out.

In: an address on a machine or balancer is as open as the NSGs behind it; a gateway with a WAF in prevention lets only
inspected HTTP pass; a firewall's DNAT is as narrow as its sources. Out: a default route through a firewall is as narrow
as its rules; straight out, only what NSGs deny is held.

https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from diagramgen.analyse.addresses import INTERNET
from diagramgen.analyse.boundaries import NO_PATH, Judgement, judge, together
from diagramgen.analyse.frontends import Egress, Frontend, Target, egress
from diagramgen.analyse.reach import Reach, Reacher, Way, Zone
from diagramgen.analyse.routing import STRAIGHT
from diagramgen.analyse.security import Passage, may_go_past_nsgs, without_nsg
from diagramgen.analyse.verdicts import AllowedFlow, Hop, Rule, Status
from diagramgen.analyse.zones import Zones
from diagramgen.model.traffic import (
    ADDRESSES,
    NOTHING_AT_ALL,
    Box,
    PacketSet,
    between,
    intersection,
    overlap,
    service_text,
    size,
)
from diagramgen.read.unknown import is_unknown

BROAD_SOURCES = 1 << 24
"""From as many public addresses on (a /8), a rule lets in whoever likes."""
FRONT_DOOR_TAG = "azurefrontdoor.backend"


class InternetJudge:
    """Judges the line between the Internet and each VNet.

    `frontends` are all entries; `doors` has by the id of an entry that a firewall's DNAT leads to, and that sees the
    firewall's address, the entry of that DNAT rule.
    """

    def __init__(self, reacher: Reacher, zones: Zones, frontends: tuple[Frontend, ...]) -> None:
        self.reacher = reacher
        self.zones = zones
        self.topology = reacher.topology
        self.addresses = reacher.addresses
        self.security = reacher.security
        self.routing = reacher.routing
        self._behind = _behind_firewalls(frontends)
        outer = {entry.id: entry for entry in frontends}
        self.doors = {entry.id: outer[rid] for rid, entries in self._behind.items() for entry in entries}
        self.frontends = (*frontends, *(entry for entries in self._behind.values() for entry in entries))
        self._into: dict[str, Judgement] = {}
        self._out_of: dict[str, Judgement] = {}

    def into(self, vnet: str) -> Judgement:
        """What comes in, over all entries that lead into a VNet or stand in it."""
        if vnet not in self._into:
            parts = [self.by_entry(entry, vnet) for entry in self._entries.get(vnet, ())]
            unseen = self.security.unseen_in.keys() | self.security.behind_unseen.keys()
            if any(subnet in unseen for subnet in self.addresses.subnets_of.get(vnet, ())):
                parts.append(Judgement("unknown", reason="what may be public there is not in the input",
                                       assumptions=("ASSUME_ADDRESS_UNKNOWN",)))  # fmt: skip
            self._into[vnet] = together([*parts, *self._untold(vnet)])
        return self._into[vnet]

    def out_of(self, vnet: str) -> Judgement:
        """What leaves a VNet's subnets for the Internet."""
        if vnet not in self._out_of:
            zones = [zone for zone in self.zones.of_vnet(vnet) if zone.kind == "subnet"]
            self._out_of[vnet] = together([*map(self.from_zone, zones), *self._untold(vnet)])
        return self._out_of[vnet]

    def _untold(self, vnet: str) -> list[Judgement]:
        """What is to be said of a VNet of which the input does not hold all subnets, or not what stands in them."""
        if self.topology.tells(vnet, "subnets"):
            subnets = map(self.topology.resources.get, self.addresses.subnets_of.get(vnet, ()))
            if not any(s is not None and is_unknown(s.properties.get("ipConfigurations")) for s in subnets):
                return []
            return [Judgement("unknown", reason="what stands there is not told by the input")]
        return [Judgement("unknown", reason=f"{self.reacher._name(vnet)} is not in the input")]

    @cached_property
    def _entries(self) -> Mapping[str, list[Frontend]]:
        found: dict[str, list[Frontend]] = defaultdict(list)
        for entry in self.frontends:
            for vnet in dict.fromkeys((entry.vnet, *(target.vnet for target in entry.targets))):
                if vnet:
                    found[vnet].append(entry)
        return found

    # In

    def by_entry(self, entry: Frontend, vnet: str) -> Judgement:
        """What one entry lets in."""
        if entry.sources is not None and not entry.sources:
            return NO_PATH
        targets = [t for t in entry.targets if t.vnet == vnet]
        match entry.kind:
            case "public-ip" | "load-balancer":
                found = together(self._to_target(entry, target) for target in targets)
            case "application-gateway" | "front-door":
                found = self._by_proxy(entry, vnet)
            case "firewall":
                found = self._by_firewall(entry)
            case "bastion" | "gateway" | "traffic-manager":
                found = _held(entry, "sessions are authenticated there" if entry.kind == "bastion" else "")
            case _:
                found = self._not_told(entry)
        if not entry.is_sure and found.status in ("gap", "enforced"):
            found = found._replace(
                status="unknown", reason=f"{entry.name}: not all that it refers to is in the input"
            )
        return found

    def _to_target(self, entry: Frontend, target: Target) -> Judgement:
        """Past the NSGs of a machine that has a public address, or stands behind a balancer that keeps the source."""
        outside = self.zones.internet.addresses if entry.sources is None else entry.sources
        packets = between(outside, target.addresses, target.services)
        if not target.is_known or not packets:
            return self._not_told(entry)
        sides = (outside, target.addresses)
        passage = self.security.inbound(target.subnet, packets, sides)
        closed = without_nsg(passage) if entry.needs_nsg is not False else NOTHING_AT_ALL
        if closed and may_go_past_nsgs(passage):
            return self._not_told(entry)
        if closed and entry.needs_nsg is None:
            return self._not_told(entry)._replace(reason=f"the SKU of {entry.name} is not told")
        if closed and not passage.allowed - closed:
            rule = _platform_rule(entry, "Standard public addresses are closed until an NSG allows traffic")
            return Judgement("enforced", ((entry.id, f"{entry.name} (Standard, no NSG)"),), rules=(rule,))
        if closed:
            passage = passage._replace(allowed=passage.allowed - closed, unknown=passage.unknown - closed)
        broad = self._broad(passage, packets)
        hop = Hop("subnet", target.subnet, self.reacher._name(target.subnet), outcomes=passage.stages)
        way = (Hop("internet", INTERNET, "Internet"), Hop("public-ip", entry.id, entry.name), hop)
        rules = tuple(d.match.rule._replace(stage=stage) for stage, o in passage.stages for d in o.decisions)
        lost = self._lost_answers(target)
        flows = []
        for part, is_specific in ((passage.allowed & broad, False), (passage.allowed - broad, True)):
            if part:
                allowing = tuple(r for r in rules if r.access != "deny" and self._decided(passage, r, part))
                flows.append(AllowedFlow(INTERNET, target.subnet, part, allowing, way, is_specific, True,
                                         "one-way" if lost else ""))  # fmt: skip
        unknown = passage.unknown & broad if broad else passage.unknown
        azure = _from_azure(passage)
        for part, is_sure in ((azure, True), (passage.unknown - azure, False)):
            if part:
                flows.append(AllowedFlow(INTERNET, target.subnet, part, (), way, False, is_sure, "tag"))
        is_open = bool(passage.allowed & broad or azure)
        status: Status = "gap" if is_open else "unknown" if unknown or passage.unknown else "enforced"
        by = tuple(dict.fromkeys((r.control, r.control_name) for r in rules))
        assumptions = [a for _, o in passage.stages for a in o.assumptions]
        ports = service_text((passage.allowed & broad).services)
        reason = f"{entry.name} is open to the Internet on {ports}" if status == "gap" else ""
        if azure and not passage.allowed & broad:
            reason = f"{entry.name} is open to all of Azure, other customers too, on {service_text(azure.services)}"
        return Judgement(status, by, tuple(flows), rules, tuple(dict.fromkeys(assumptions)), reason)

    def _broad(self, passage: Passage, packets: PacketSet) -> PacketSet:
        """The packets that nothing, or a rule for very many sources, lets in."""
        named = NOTHING_AT_ALL
        for _, outcome in passage.stages:
            for decision in outcome.decisions:
                match = decision.match
                if (
                    match.rule.access == "deny"
                    or match.rule.is_default
                    or match.is_broad
                    or match.is_for_azure
                ):
                    continue
                outside = intersection(match.possible.sources, self.zones.internet.addresses)
                if size(tuple(r for r in outside if r[1] < 1 << 32)) < BROAD_SOURCES:
                    named |= decision.possible
        return packets - named

    @staticmethod
    def _decided(passage: Passage, rule: Rule, packets: PacketSet) -> bool:
        return any(
            decision.match.rule.id == rule.id and bool(decision.possible & packets)
            for _, outcome in passage.stages
            for decision in outcome.decisions
        )

    def _lost_answers(self, target: Target) -> bool:
        """Whether answers to the Internet leave by an appliance that never saw the question.

        https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#default-route
        """
        pieces = self.routing.routes(target.subnet).split(self.zones.internet.addresses)
        return bool(pieces) and all(r.next_hop not in STRAIGHT and r.is_sure for _, r in pieces)

    def _by_proxy(self, entry: Frontend, vnet: str) -> Judgement:
        """An application gateway or Front Door: as good as its WAF, unless an NSG keeps everyone from it."""
        if entry.kind == "application-gateway" and entry.subnet and entry.id not in self.doors:
            address = self.addresses.subnet(entry.subnet)
            packets = between(self.zones.internet.addresses, address, entry.services)
            passage = self.security.inbound(entry.subnet, packets, (self.zones.internet.addresses, address))
            if packets and not passage.allowed and not passage.unknown:
                return Judgement("enforced", tuple({(r.control, r.control_name): None for r in _rules(passage)}),
                                 rules=_rules(passage))  # fmt: skip
        name = self.reacher._name(entry.owner) if entry.owner else entry.name
        services = service_text(entry.services)
        match entry.waf:
            case "prevention":
                return Judgement("enforced", ((entry.owner or entry.id, f"{name} (WAF)"),),
                                 rules=(entry.rule,) if entry.rule else ())  # fmt: skip
            case "unknown":
                return self._not_told(entry)._replace(reason=f"the WAF policy of {name} is not in the input")
        if not any(t.vnet == vnet for t in entry.targets) and entry.vnet != vnet:
            return NO_PATH
        words = {"detection": "its WAF only detects", "disabled": "its WAF is off"}
        way = (Hop("internet", INTERNET, "Internet"), Hop(entry.kind, entry.id, name))
        packets = PacketSet.of(Box(self.zones.internet.addresses, ADDRESSES, entry.services))
        flow = AllowedFlow(INTERNET, entry.subnet or vnet, packets, (entry.rule,) if entry.rule else (), way)
        reason = f"{services} enters by {name} and {words.get(entry.waf, 'no WAF inspects it')}"
        return Judgement("gap", (), (flow,), (entry.rule,) if entry.rule else (), (), reason)

    def _by_firewall(self, entry: Frontend) -> Judgement:
        """A DNAT rule: as good as the gateway that it leads to or the NSGs behind it, enforced where its sources are
        few, else open at layer 4."""
        by = ((entry.owner, self.reacher._name(entry.owner)),)
        rules = (entry.rule,) if entry.rule else ()
        gateways = self._behind.get(entry.id, ())
        if gateways and {target.id for target in entry.targets} <= {gateway.owner for gateway in gateways}:
            found = together(self._by_proxy(gateway, gateway.vnet) for gateway in gateways)
            return found._replace(by=(*by, *found.by), rules=(*rules, *found.rules))
        held = self._held_by_nsgs(entry)
        if held is not None:
            return held
        outside = self.zones.internet.addresses if entry.sources is None else entry.sources
        is_broad = size(tuple(r for r in outside if r[1] < 1 << 32)) >= BROAD_SOURCES
        way = (
            Hop("internet", INTERNET, "Internet"),
            Hop("firewall", entry.owner, self.reacher._name(entry.owner)),
        )
        packets = PacketSet.of(Box(outside, ADDRESSES, entry.services))
        goal = next((t.subnet or t.vnet for t in entry.targets), entry.subnet)
        flow = AllowedFlow(INTERNET, goal, packets, rules, way, not is_broad)
        if not is_broad:
            return Judgement("enforced", by, (flow,), rules)
        reason = f"DNAT rule {entry.name} lets in any source on {service_text(entry.services)} (layer 4 only)"
        return Judgement("gap", (), (flow,), rules, (), reason)

    def _held_by_nsgs(self, entry: Frontend) -> Judgement | None:
        """Where NSGs let nothing of the firewall's come to any target: it puts its own address in place of the source.

        https://learn.microsoft.com/azure/firewall/destination-nat-rules
        """
        own = self.addresses.subnet(entry.subnet)
        rules: list[Rule] = []
        is_told = True
        for target in entry.targets:
            packets = between(own, target.addresses, target.services)
            if not packets or not target.subnet or not target.is_known:
                return None
            passage = self.security.inbound(target.subnet, packets, (own, target.addresses))
            if passage.allowed:
                return None
            is_told = is_told and not passage.unknown
            rules += _rules(passage)
        if not is_told:
            return self._not_told(entry)
        by = tuple(dict.fromkeys((rule.control, rule.control_name) for rule in rules))
        return Judgement("enforced", by, rules=tuple(rules)) if rules else None

    def _not_told(self, entry: Frontend) -> Judgement:
        return Judgement("unknown", reason=f"what {entry.name} lets in is not told by the input",
                         rules=(entry.rule,) if entry.rule else ())  # fmt: skip

    # Out

    def from_zone(self, zone: Zone) -> Judgement:
        """What leaves one subnet for the Internet."""
        reach = self.reacher.reach(zone, self.zones.internet)
        methods = egress(self.topology, self.addresses, zone.subnet)
        parts = []
        for way in reach.ways:
            if way.stopped or way.hops[0].route.startswith("VirtualNetworkServiceEndpoint"):
                continue  # what goes to services is judged there
            if len(way.hops) > 1 or way.transits:  # past something, seen or not
                parts.append(judge(_only(reach, way)))
            else:
                parts += [self._straight_out(zone, way, method) for method in methods]
        if not parts:
            return NO_PATH
        return together(parts)

    def _straight_out(self, zone: Zone, way: Way, method: Egress) -> Judgement:
        """By the subnet's own way out, past its NSGs alone."""
        if method.kind == "none":
            return self._perhaps_out(zone)
        if method.kind == "unknown" or not method.is_sure:
            found = judge(_reach_of(zone, way))
            return found._replace(status="unknown", reason="its way out is not told by the input") if (
                found.status == "gap") else found  # fmt: skip
        # Whoever may reach the whole Internet on one port may reach anyone.
        narrow = PacketSet(
            box for box in way.specific.boxes
            if size(tuple(r for r in box.destinations if r[1] < 1 << 32)) < BROAD_SOURCES
        )  # fmt: skip
        may_be_narrow = PacketSet(
            box for box in way.perhaps_specific.boxes
            if size(tuple(r for r in box.destinations if r[1] < 1 << 32)) < BROAD_SOURCES
        ) if way.perhaps_specific else NOTHING_AT_ALL  # fmt: skip
        found = judge(_reach_of(zone, way._replace(specific=narrow, perhaps_specific=may_be_narrow)))
        if found.status == "gap":
            names = {"default": "default outbound access", "nat-gateway": "a NAT gateway", "public-ip": "a public IP",
                     "load-balancer": "a load balancer"}  # fmt: skip
            name = self.reacher._name(zone.id)
            return found._replace(reason=f"{name} reaches the Internet by {names[method.kind]}, uninspected")
        return found

    def _perhaps_out(self, zone: Zone) -> Judgement:
        """Out of a subnet of which nothing tells a way out: there may be one where machines or balancers are unseen."""
        if zone.subnet in self.security.unseen_in or zone.subnet in self.security.behind_unseen:
            return Judgement(
                "unknown", reason="machines or balancers that may have a way out are not in the input"
            )
        return NO_PATH


def _only(reach: Reach, way: Way) -> Reach:
    """A reach of one way."""
    flows = tuple(flow for flow in reach.flows if flow.way == way.hops)
    return Reach(way.sure, way.maybe, NOTHING_AT_ALL, way.specific, flows, (way,), True, way.assumptions,
                 perhaps_specific=way.perhaps_specific)  # fmt: skip


def _reach_of(zone: Zone, way: Way) -> Reach:
    flows = []
    for packets, is_sure in ((way.sure, True), (way.maybe, False)):
        for part, is_specific in ((packets - way.specific, False), (packets & way.specific, True)):
            if part:
                rules = tuple(d.match.rule._replace(stage=stage) for hop in way.hops for stage, o in hop.outcomes
                              for d in o.decisions if d.match.rule.access != "deny" and d.possible & part)  # fmt: skip
                flows.append(AllowedFlow(zone.id, INTERNET, part, rules, way.hops, is_specific, is_sure))
    return Reach(way.sure, way.maybe, NOTHING_AT_ALL, way.specific, tuple(flows), (way,), True,
                 (*zone.assumptions, *way.assumptions), perhaps_specific=way.perhaps_specific)  # fmt: skip


def _behind_firewalls(frontends: tuple[Frontend, ...]) -> Mapping[str, tuple[Frontend, ...]]:
    """For each DNAT rule, by the id of its entry, the private listeners of application gateways that it leads to.

    https://learn.microsoft.com/azure/architecture/example-scenario/gateway/firewall-application-gateway
    """
    private = [e for e in frontends if e.kind == "application-gateway" and e.sources == ()]
    found: dict[str, tuple[Frontend, ...]] = {}
    for entry in frontends if private else ():
        if entry.kind == "firewall":
            reached = tuple(
                gateway._replace(
                    id=f"{gateway.id}/from/{entry.id}", sources=entry.sources, is_sure=gateway.is_sure and entry.is_sure
                )
                for target in entry.targets
                for gateway in private
                if gateway.owner == target.id and overlap(gateway.services, target.services)
            )  # fmt: skip
            if reached:
                found[entry.id] = reached
    return found


def _from_azure(passage: Passage) -> PacketSet:
    """Packets that a rule for all of Azure lets in, where its tag's prefixes are not known: some surely are, as no
    earlier rule may decide on them and every other filter lets them pass.

    https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
    """
    found = NOTHING_AT_ALL
    for stage, outcome in passage.stages:
        for decision in outcome.decisions:
            if decision.match.is_for_azure and decision.match.rule.access != "deny":
                part = decision.possible & passage.unknown
                for other, judged in passage.stages:
                    part = part & judged.allowed if other != stage else part
                found |= part
            if decision.sure is not decision.possible and decision.sure != decision.possible:
                break
    return found


def _held(entry: Frontend, reason: str) -> Judgement:
    return Judgement("enforced", ((entry.owner or entry.id, entry.name),), reason=reason)


def _platform_rule(entry: Frontend, text: str) -> Rule:
    return Rule(f"{entry.id}/secure-by-default", "StandardLbSecureByDefault", entry.id, entry.name, "platform", "deny",
                text=text, place=entry.place, stage="platform")  # fmt: skip


def _rules(passage: Passage) -> tuple[Rule, ...]:
    return tuple(d.match.rule._replace(stage=stage) for stage, o in passage.stages for d in o.decisions)
