"""Trace: one packet's way through the estate, hop by hop, as a traceroute would show it.

In: a packet between two addresses, or two named ends with a service. Out: the verdict, the code and the rule that
decided, the hops with the filters met and the route that led on, and the way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diagramgen.analyse.addresses import INTERNET, PLATFORM
from diagramgen.analyse.boundaries import Judgement
from diagramgen.analyse.frontends import Frontend, Target, egress
from diagramgen.analyse.internet import InternetJudge
from diagramgen.analyse.platform import PlatformJudge
from diagramgen.analyse.reach import NOWHERE_VNET, Reach, Reacher, Way, Zone, rule_code
from diagramgen.analyse.routing import STRAIGHT
from diagramgen.analyse.security import may_go_past_nsgs, without_nsg
from diagramgen.analyse.verdicts import FlowVerdict, Hop, Outcome, Rule
from diagramgen.analyse.zones import Zones
from diagramgen.model.traffic import (
    Box,
    Packet,
    PacketSet,
    Ranges,
    between,
    intersection,
    overlap,
    size,
)

MANY_DOUBLES = 8
"""So many owners of one address are tried with every owner of the other."""
NET = "microsoft.network/"
MANY_PORTS = 1000
"""Whoever is said to listen to more ports than this, of that the port is not told."""


class Trace(NamedTuple):
    """What becomes of one packet. `decided_by` is a code: `subnet:100`, `nic:DenyAllInBound`, `admin:10`,
    `firewall:default-deny`, `route:None`, `return-route:None`, `asymmetric-return`, with `?` at its end where it may
    have decided. `rule` is the rule that decided, where one did. `back` are the hops of the answer.

    `is_one_way`: the packet arrives although no conversation comes about.
    """

    verdict: FlowVerdict
    decided_by: str
    packet: Packet
    source: str
    target: str
    hops: tuple[Hop, ...] = ()
    back: tuple[Hop, ...] = ()
    rule: Rule | None = None
    assumptions: tuple[str, ...] = ()
    is_one_way: bool = False
    reason: str = ""


class Tracer:
    """Follows single packets."""

    def __init__(
        self, reacher: Reacher, zones: Zones, internet: InternetJudge, platform: PlatformJudge
    ) -> None:
        self.reacher = reacher
        self.zones = zones
        self.internet = internet
        self.platform = platform
        self.services = platform.services
        self.addresses = reacher.addresses
        self.security = reacher.security

    def packet(self, packet: Packet, source: Zone | None = None, target: Zone | None = None) -> Trace:
        """What becomes of a packet; `source` and `target` tell which of several things with its addresses is meant."""
        found = self._one(packet, source, target)
        for other in self._doubles(packet, found):
            if self._one(other, source, target).verdict != found.verdict:
                return found._replace(verdict="unknown", decided_by="address:whose?", rule=None,
                                      assumptions=(*found.assumptions, "ASSUME_ADDRESS_UNKNOWN"),
                                      reason="whose address it is, is not told, and would decide")  # fmt: skip
        return found

    def _doubles(self, packet: Packet, found: Trace) -> Iterator[Packet]:
        """The same packet, as it is where an address is that of something whose address is not told."""
        if found.verdict == "unknown":
            return
        sources = (packet.source, *self._who_else(packet.source, found.source))
        targets = (packet.destination, *self._who_else(packet.destination, found.target))
        for source in sources:
            for target in targets[: None if source == packet.source else MANY_DOUBLES]:
                if (source, target) != (packet.source, packet.destination):
                    yield packet._replace(source=source, destination=target)

    def _who_else(self, number: int, zone: str) -> tuple[int, ...]:
        """The nameless addresses of which one may be this: in the same subnet, or of a site that the input lacks."""
        sites, known = self.addresses.sites, self.reacher.topology.resources
        if zone not in sites:
            return self.addresses.who_else(number, zone)
        return tuple(n.number for n in self.addresses.nameless.values()
                     if n.owner in sites and n.owner.startswith("/") and n.owner not in known)  # fmt: skip

    def _one(self, packet: Packet, source: Zone | None, target: Zone | None) -> Trace:
        source = source or self.zone_at(packet.source)
        target = target or self.zone_at(packet.destination)
        if (
            source is not None
            and source.kind == "vnet"
            and self._may_be_in_a_subnet(source.vnet, packet.source)
        ):
            source = None
        if target is not None and target.kind == "vnet" and self.addresses.subnets_of.get(target.vnet):
            target = None  # in the space of a VNet, but in none of its subnets: nobody is there
        if target is None and source is not None and source.subnet:
            # Nobody known has that address: routes may tell that nothing gets there.
            target = nowhere(((packet.destination, packet.destination),))
        if (
            target is not None
            and target.vnet == NOWHERE_VNET
            and self.addresses.may_be_held(target.addresses)
        ):
            target = None
        if source is None or target is None:
            return Trace("unknown", "address:not-in-the-input", packet, source.id if source else "",
                         target.id if target else "", assumptions=("ASSUME_ADDRESS_UNKNOWN",))  # fmt: skip
        packets = PacketSet.of(_box(packet))
        if overlap(PLATFORM, ((packet.destination, packet.destination),)) and source.subnet:
            return self._to_platform(packet, packets, source)
        if target.kind == "service":
            return self._to_service(packet, source, target)
        if overlap(PLATFORM, ((packet.source, packet.source),)) and target.subnet:
            return self._from_platform(packet, packets, source, target)
        if source.kind == "internet":
            return self._from_internet(packet, packets, target)
        reach = self.reacher.reach(source, target, packets)
        if target.kind == "internet":
            return self._to_internet(packet, packets, source, reach)
        return self._told(packet, packets, source, target, reach)

    def _may_be_in_a_subnet(self, vnet: str, number: int) -> bool:
        """Whether an address of a VNet that lies in none of its subnets may lie in one whose prefix is not told."""
        subnets = self.addresses.subnets_of.get(vnet, ())
        here: Ranges = ((number, number),)
        known = (self.addresses.nameless.get(subnet) for subnet in subnets)
        return any(each is not None and (not each.within or overlap(each.within, here)) for each in known)

    # Where an address is

    def zone_at(self, number: int) -> Zone | None:
        """The zone of an address: a subnet, a VNet's rest, a site, a service, the Internet; None for a private address
        that nothing in the input has."""
        here: Ranges = ((number, number),)
        rest: Zone | None = None  # the space of a VNet where none of its subnets is
        for vnet in self.zones.vnets:
            if overlap(self.addresses.vnet(vnet), here):
                for subnet in self.addresses.subnets_of.get(vnet, ()):
                    if overlap(self.addresses.subnet(subnet), here):
                        return Zone(subnet, "subnet", self.addresses.subnet(subnet), subnet, vnet)
                rest = rest or Zone(vnet, "vnet", self.addresses.vnet(vnet), vnet, vnet)
        if rest is not None and not self.addresses.subnets_of.get(rest.vnet):
            return rest
        for site, ranges in sorted(
            self.addresses.sites.items(),
            key=lambda item: (self.reacher.topology.is_exported(item[0]), item[0]),
        ):
            if overlap(ranges, here):
                return Zone(site, "site", ranges)
        if rest is not None:
            return rest
        for service in self.services.ids:
            zone = self.platform.zone(service)
            if overlap(zone.addresses, here):
                return zone
        if overlap(self.zones.internet.addresses, here):
            return self.zones.internet
        if overlap(PLATFORM, here):
            return Zone("platform", "internet", PLATFORM)
        return None

    # Kinds of ends

    def _told(self, packet: Packet, packets: PacketSet, source: Zone, target: Zone, reach: Reach) -> Trace:
        ways = [way for way in reach.ways if not way.stopped] or list(reach.ways)
        best = next(
            (w for w in ways if w.sure), next((w for w in ways if w.maybe), ways[0] if ways else None)
        )
        if best is None:
            return Trace("denied", "route:None", packet, source.id, target.id, assumptions=reach.assumptions)
        answer = PacketSet.of(Box(packets.destinations, packets.sources))
        back: tuple[Hop, ...] = ()
        if not best.stopped:
            back = next(
                (way.hops for way in self.reacher.ways(target, source, answer, has_filters=False)), ()
            )
        verdict: FlowVerdict = "allowed" if reach.allowed else "unknown" if reach.unknown else "denied"
        is_one_way = bool(reach.exposed) and verdict != "allowed"
        code, rule = self._decided(verdict, packet, best, reach)
        hops = best.hops
        if verdict == "denied" and rule is not None:
            hops, back = _until_denied(hops, packet), ()
        reason = ""
        is_asymmetric = reach.return_code == "asymmetric-return" and not best.doubts
        if is_asymmetric and verdict != "allowed" and rule is None:
            reason = "answers go by another way than the question, which a firewall or an appliance may drop"
        return Trace(
            verdict,
            code,
            packet,
            source.id,
            target.id,
            hops,
            back,
            rule,
            reach.assumptions,
            is_one_way,
            reason,
        )

    def _decided(
        self, verdict: FlowVerdict, packet: Packet, way: Way, reach: Reach
    ) -> tuple[str, Rule | None]:
        """The code of what decided, and its rule."""
        if verdict == "allowed":
            return last_allowing(way.hops, packet)
        if verdict == "denied":
            if reach.exposed:
                return reach.return_code or "asymmetric-return", None
            code, rule = first_denying(way.hops, packet)
            return (code, rule) if code else (way.stopped or reach.return_code or "route:None", None)
        if way.doubts:
            return way.doubts[0], None
        if reach.return_code == "asymmetric-return":
            # What decides is the route by which the question avoided the firewall that the answer meets.
            route = next((hop.route for hop in way.hops if hop.route), "")
            return f"route:{route.split(':')[0]}" if route else reach.return_code, None
        return reach.return_code or "?", None

    def _to_platform(self, packet: Packet, packets: PacketSet, source: Zone) -> Trace:
        """To the platform's DNS and metadata: NSGs hold only where a rule names the platform's own tags.

        https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
        """
        passage = self.security.to_platform(source.subnet, packets)
        hops = (Hop("subnet", source.subnet, source.id.rsplit("/", 1)[-1], outcomes=passage.stages),)
        code, rule = first_denying(hops, packet)
        if passage.allowed:
            return Trace("allowed", "platform:exempt", packet, source.id, "platform", hops)
        if passage.unknown:
            return Trace("unknown", _doubt(passage.stages), packet, source.id, "platform", hops)
        return Trace("denied", code, packet, source.id, "platform", hops, rule=rule)

    def _from_platform(self, packet: Packet, packets: PacketSet, source: Zone, target: Zone) -> Trace:
        """From the platform, which sends health probes: no route leads here, NSGs filter by the tag AzureLoadBalancer.

        https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview#probe-source-ip-address
        """
        passage = self.security.inbound(target.subnet, packets, (PLATFORM, target.addresses))
        hops = (Hop("subnet", target.subnet, target.id.rsplit("/", 1)[-1], outcomes=passage.stages),)
        base = Trace("allowed", "none", packet, source.id, target.id, hops)
        if passage.denied:
            code, rule = first_denying(hops, packet)
            return base._replace(verdict="denied", decided_by=code, rule=rule)
        if passage.unknown:
            return base._replace(verdict="unknown", decided_by=_doubt(passage.stages))
        code, rule = last_allowing(hops, packet)
        return base._replace(decided_by=code, rule=rule)

    def _to_internet(self, packet: Packet, packets: PacketSet, source: Zone, reach: Reach) -> Trace:
        found = self._told(packet, packets, source, self.zones.internet, reach)
        is_past = any(way.transits for way in reach.ways if not way.stopped)
        if (
            found.verdict == "denied"
            or len(found.hops) > 1
            or is_past
            or source.kind not in ("subnet", "vnet")
        ):
            return found
        methods = egress(
            self.reacher.topology, self.addresses, source.subnet, ((packet.source, packet.source),)
        )
        kinds = {method.kind for method in methods}
        if (not kinds or kinds == {"none"}) and self._is_behind_unseen(source.subnet, packet.source):
            return found._replace(verdict="unknown", decided_by="outbound-method?", rule=None)
        if not kinds or kinds == {"none"}:
            return found._replace(verdict="denied", decided_by="no-outbound-method", rule=None,
                                  reason="the subnet is private and has no way out")  # fmt: skip
        known = (self.reacher.topology.resources.get(method.id) for method in methods)
        if kinds == {"unknown"} or all(each is not None and each.is_conditional for each in known):
            return found._replace(verdict="unknown", decided_by="outbound-method?")
        kind = methods[0].kind if methods else "default"
        code = "default-outbound-access" if kind == "default" else kind
        return found._replace(decided_by=code) if found.rule is None and found.verdict == "allowed" else found

    def _from_internet(self, packet: Packet, packets: PacketSet, target: Zone) -> Trace:
        """In by whichever entry leads to the address. The port may be the entry's, or that at which packets arrive."""
        here: Ranges = ((packet.destination, packet.destination),)
        fallback: Trace | None = None
        sessions = ""
        for entry in self.internet.frontends:
            if entry.sources is not None and not entry.sources:
                continue  # only the inside reaches it
            found: list[Trace] = []
            is_there = entry.subnet == target.subnet and not entry.is_source_kept
            if entry.subnet and is_there and overlap(entry.services, ((packet.service, packet.service),)):
                found.append(self._to_entry(packet, packets, target, entry))
            for goal in entry.targets:
                services = _arriving(packet.service, entry, goal)
                if not services or not overlap(goal.addresses, here):
                    continue
                if entry.kind in ("bastion", "gateway"):
                    sessions = sessions or entry.name  # people sign in there: it passes no packets on
                elif not target.vnet or goal.vnet == target.vnet:
                    found.append(self._past_entry(packet, services, target, entry, goal))
            for each in found:
                if each.verdict == "allowed":
                    return each
            fallback = fallback or (found[0] if found else None)
        if fallback is not None:
            return fallback
        may_lead_here = any(
            goal.vnet == target.vnet and not goal.is_known and not goal.addresses
            for entry in self.internet.frontends
            for goal in entry.targets
        )
        if may_lead_here or self._is_behind_unseen(target.subnet, packet.destination):
            return Trace("unknown", "public-entry?", packet, INTERNET, target.id,
                         reason="interfaces or balancers that may be public are not in the input")  # fmt: skip
        reason = "nothing gives that address a way in from the Internet"
        if sessions:
            reason += f" but sessions of those who sign in at {sessions}"
        return Trace("denied", "no-public-entry", packet, INTERNET, target.id, reason=reason)

    def _is_behind_unseen(self, subnet: str, number: int) -> bool:
        """Whether an address may be that of an interface that the input lacks, or stands behind such a balancer."""
        here: Ranges = ((number, number),)
        return overlap(self.security.unseen_in.get(subnet, ()), here) or overlap(
            self.security.behind_unseen.get(subnet, ()), here)  # fmt: skip

    def _past_entry(
        self, packet: Packet, services: Ranges, target: Zone, entry: Frontend, goal: Target
    ) -> Trace:
        """On from an entry to what is behind it, as one of `services`: as it came, or as the entry sends it anew."""
        door = self.internet.doors.get(entry.id)
        outer = (Hop("firewall", door.owner, self.reacher._name(door.owner)),) if door else ()
        entered = (Hop("internet", INTERNET, "Internet"), *outer, Hop(entry.kind, entry.id, entry.name))
        code = f"{entry.kind}:{entry.name}"
        base = Trace("allowed", code, packet, INTERNET, target.id, entered, rule=entry.rule)
        if entry.sources is not None and not overlap(entry.sources, ((packet.source, packet.source),)):
            return base._replace(verdict="denied")
        if entry.is_source_kept:
            arriving = packet._replace(service=services[0][0])
            packets = PacketSet.of(_box(arriving))
            found = self._past_filters(arriving, packets, target, entered, entry.needs_nsg)
            return found._replace(packet=packet)
        judgement: Judgement = self.internet.by_entry(entry, goal.vnet)
        base = base._replace(reason=judgement.reason)
        if judgement.status not in ("gap", "enforced"):
            return base._replace(verdict="unknown")
        if entry.subnet:
            found = self._from_entry(base, services, target, entry)
            is_asked = overlap(entry.services, ((packet.service, packet.service),))
            if found.verdict == "allowed" and not is_asked and size(goal.services) > MANY_PORTS:
                return found._replace(verdict="unknown")  # at which port it calls its backends is not told
            return found
        if goal.subnet and not goal.is_private_link:
            outside = self.zones.internet.addresses
            passage = self.security.inbound(
                goal.subnet, between(outside, goal.addresses, services), (outside, goal.addresses)
            )
            if not passage.allowed and not passage.unknown:
                rules = [d.match.rule for _, o in passage.stages for d in o.decisions if d.sure]
                stage = passage.stages[-1][0]
                return base._replace(
                    verdict="denied", decided_by=f"{stage}:{rule_code(rules[-1])}", rule=rules[-1]
                )
            if not passage.allowed:
                return base._replace(verdict="unknown", decided_by=_doubt(passage.stages), rule=None)
        return base

    def _from_entry(self, base: Trace, services: Ranges, target: Zone, entry: Frontend) -> Trace:
        """On from the subnet of a gateway or firewall, which sends packets of its own, past the NSGs of both ends."""
        own = self.addresses.subnet(entry.subnet)
        outside = self.zones.internet.addresses
        opened = self.security.inbound(entry.subnet, between(outside, own, entry.services), (outside, own))
        is_outer = entry.kind == "application-gateway" and entry.id not in self.internet.doors
        if is_outer and own and not opened.allowed:
            hop = base.hops[-1]._replace(outcomes=opened.stages)
            if opened.unknown:
                return base._replace(verdict="unknown", decided_by=_doubt(opened.stages), rule=None)
            rule = next(d.match.rule for _, o in opened.stages for d in o.decisions if o.denied)
            code = f"{opened.stages[-1][0]}:{rule_code(rule)}"
            return base._replace(verdict="denied", decided_by=code, rule=rule, hops=(*base.hops[:-1], hop))
        zone = Zone(entry.subnet, "subnet", own, entry.subnet, entry.vnet)
        goal = base.packet.destination
        packets = between(own, ((goal, goal),), services)
        reach = self.reacher.reach(zone, target, packets)
        sent = (reach.allowed or reach.unknown or packets).witness()
        if sent is None:
            return base
        told = self._told(sent, packets, zone, target, reach)
        first = base.hops[-1]._replace(route=told.hops[0].route if told.hops else "")
        found = base._replace(
            hops=(*base.hops[:-1], first, *told.hops[1:]), back=told.back, assumptions=told.assumptions
        )
        if told.verdict == "allowed":
            return found
        return found._replace(
            verdict=told.verdict, decided_by=told.decided_by, rule=told.rule, reason=told.reason
        )

    def _to_entry(self, packet: Packet, packets: PacketSet, target: Zone, entry: Frontend) -> Trace:
        """To the entry point itself: a gateway's listener, a firewall's public address."""
        way = (Hop("internet", INTERNET, "Internet"), Hop(entry.kind, entry.owner or entry.id, entry.name))
        if entry.sources is not None and not overlap(entry.sources, ((packet.source, packet.source),)):
            return Trace(
                "denied", f"{entry.kind}:{entry.name}", packet, INTERNET, target.id, way, rule=entry.rule
            )
        passage = self.security.inbound(
            target.subnet, packets, (self.zones.internet.addresses, target.addresses)
        )
        hops = (way[0], way[1]._replace(outcomes=passage.stages))
        base = Trace(
            "allowed", f"{entry.kind}:{entry.name}", packet, INTERNET, target.id, hops, rule=entry.rule
        )
        if passage.denied:
            code, rule = first_denying(hops, packet)
            return base._replace(verdict="denied", decided_by=code, rule=rule)
        if passage.unknown or not entry.is_sure:
            return base._replace(verdict="unknown", decided_by=_doubt(passage.stages))
        return base

    def _past_filters(
        self,
        packet: Packet,
        packets: PacketSet,
        target: Zone,
        entered: tuple[Hop, ...],
        needs_nsg: bool | None,
    ) -> Trace:
        sides = (self.zones.internet.addresses, target.addresses)
        passage = self.security.inbound(target.subnet, packets, sides)
        hops = (*entered, Hop("subnet", target.subnet, target.id.rsplit("/", 1)[-1], outcomes=passage.stages))
        base = Trace("allowed", "none", packet, INTERNET, target.id, hops)
        if passage.denied:
            code, rule = first_denying(hops, packet)
            return base._replace(verdict="denied", decided_by=code, rule=rule)
        if needs_nsg is not False and without_nsg(passage):
            if needs_nsg and not may_go_past_nsgs(passage):
                return base._replace(verdict="denied", decided_by="platform:StandardLbSecureByDefault")
            return base._replace(verdict="unknown", decided_by="platform:sku?")
        pieces = self.reacher.routing.routes(target.subnet).split(((packet.source, packet.source),))
        if pieces and all(r.next_hop not in STRAIGHT and r.is_sure for _, r in pieces):
            return base._replace(verdict="denied", decided_by="asymmetric-return", is_one_way=True,
                                 reason="answers leave by another way than the question came")  # fmt: skip
        if any(r.next_hop not in STRAIGHT or not r.is_sure for _, r in pieces):
            return base._replace(verdict="unknown", decided_by="asymmetric-return?",
                                 reason="whether answers leave as the question came is not told")  # fmt: skip
        if passage.unknown:
            return base._replace(verdict="unknown", decided_by=_doubt(passage.stages))
        code, rule = last_allowing(hops, packet)
        return base._replace(decided_by=code if rule else "none", rule=rule)

    def _to_service(self, packet: Packet, source: Zone, target: Zone) -> Trace:
        """To a platform service: over a private endpoint where one leads there, else by its public endpoint."""
        services = self.services
        found: list[Trace] = []
        for path in services.private_paths(target.id):
            if path.is_approved is False or not path.addresses or source.kind == "internet":
                continue
            endpoint = self.platform.endpoint_zone(path)
            packets = PacketSet.of(Box(((packet.source, packet.source),) if packet.source else source.addresses,
                                       path.addresses, ((packet.service, packet.service),)))  # fmt: skip
            reach = self.reacher.reach(source, endpoint, packets)
            if not reach.has_path:
                continue
            witness = packets.witness() or packet
            told = self._told(witness, packets, source, endpoint, reach)
            if told.verdict == "allowed":
                verdict: FlowVerdict = "allowed" if path.is_approved else "unknown"
                ends = (("private-endpoint", path.endpoint), ("service", target.id))
                passed = (Hop(kind, rid, self.reacher._name(rid)) for kind, rid in ends)
                told = told._replace(
                    verdict=verdict, decided_by="private-endpoint", hops=(*told.hops, *passed)
                )
            found.append(told._replace(target=target.id))
        found.append(self._public_service(packet, source, target))
        if source.kind == "internet":
            found += self._by_entries(packet, target)
        for verdict in ("allowed", "unknown", "denied"):
            for told in found:
                if told.verdict == verdict:
                    return told
        return found[-1]

    def _by_entries(self, packet: Packet, target: Zone) -> Iterator[Trace]:
        """From the Internet by gateways that reach a service past its public endpoint."""
        for entry in self.platform.entries(target.id):
            if not overlap(entry.services, ((packet.service, packet.service),)):
                continue
            judgement = self.internet.by_entry(entry, "")
            verdict: FlowVerdict = "allowed" if judgement.status in ("gap", "enforced") else "unknown"
            service = Hop("service", target.id, self.reacher._name(target.id))
            hops = (Hop("internet", INTERNET, "Internet"), Hop(entry.kind, entry.id, entry.name), service)
            yield Trace(verdict, f"{entry.kind}:{entry.name}", packet, INTERNET, target.id, hops, rule=entry.rule,
                        reason=judgement.reason)  # fmt: skip

    def _public_service(self, packet: Packet, source: Zone, target: Zone) -> Trace:
        services = self.services
        outside = self.zones.internet.addresses
        callers = (
            intersection(outside, ((packet.source, packet.source),)) if source.kind == "internet" else outside
        )
        answers = services.public(target.id, callers or outside, source.subnet or None)
        policy = services.endpoint_policy(source.subnet, target.id) if source.subnet else None
        if policy is not None and policy.verdict != "allowed":
            answers = (policy,)
        verdicts = {answer.verdict for answer in answers}
        if source.kind == "site" and len(verdicts) > 1:
            verdicts = {"unknown"}  # by which public address a site calls is not told
        verdict: FlowVerdict = (
            "allowed" if "allowed" in verdicts else "unknown" if "unknown" in verdicts else "denied"
        )
        chosen = next((a for a in answers if a.verdict == verdict), answers[0] if answers else None)
        code = chosen.decided_by if chosen else "not-told"
        name = "Internet" if source.kind == "internet" else self.reacher._name(source.id)
        hops: tuple[Hop, ...] = (Hop(source.kind, source.id, name),)
        if source.subnet:
            own: Ranges = ((packet.source, packet.source),) if packet.source else source.addresses
            packets = PacketSet.of(Box(own, target.addresses, ((packet.service, packet.service),)))
            reach = self.reacher.reach(source, target, packets)
            if not reach.allowed:
                sent = packets.witness() or packet
                told = self._told(sent, packets, source, target, reach)
                if not reach.unknown or verdict != "denied":
                    return told._replace(verdict="unknown" if reach.unknown else "denied")
            hops = next((way.hops for way in reach.ways if way.sure), hops)
            is_straight = len(hops) == 1 and hops[0].route.startswith("Internet")
            here: Ranges = ((packet.source, packet.source),)
            ways_out = egress(self.reacher.topology, self.addresses, source.subnet, here)
            is_cut_off = is_straight and {way.kind for way in ways_out} == {"none"}
            if is_cut_off and source.subnet in self.reacher.routing.open_endpoints:
                verdict = "denied" if verdict == "denied" else "unknown"
            elif is_cut_off:
                return Trace("denied", "no-outbound-method", packet, source.id, target.id, hops,
                             reason="the subnet is private and has no way out")  # fmt: skip
        service = Hop("service", target.id, self.reacher._name(target.id))
        rule, assumptions = (chosen.rule, chosen.assumptions) if chosen else (None, ())
        return Trace(verdict, code, packet, source.id, target.id, (*hops, service), (), rule, assumptions)


def _arriving(service: int, entry: Frontend, target: Target) -> Ranges:
    """As what a packet arrives that is sent for `service` to an entry, or that is meant to arrive so; any of many where
    the port at which a gateway calls its backends is not told."""
    own: Ranges = ((service, service),)
    if overlap(entry.services, own) and not entry.is_source_kept and size(target.services) > MANY_PORTS:
        return target.services
    if overlap(target.services, own):
        return own
    if not overlap(entry.services, own):
        return ()
    alike = [low for low, _ in target.services if low >> 16 == service >> 16]
    return ((alike[0], alike[0]),) if alike else ()


def nowhere(addresses: Ranges) -> Zone:
    """The zone of addresses that nothing in the input has."""
    return Zone("nowhere", "vnet", addresses, "", NOWHERE_VNET)


def _box(packet: Packet) -> Box:
    return Box(*(((number, number),) for number in packet))


def first_denying(hops: Sequence[Hop], packet: Packet) -> tuple[str, Rule | None]:
    """The first rule on a way that surely denies a packet, as a code, or nothing."""
    for hop in hops:
        for stage, outcome in hop.outcomes:
            if packet in outcome.denied:
                for decision in outcome.decisions:
                    if decision.match.rule.access == "deny" and packet in decision.possible:
                        return f"{stage}:{rule_code(decision.match.rule)}", decision.match.rule._replace(
                            stage=stage
                        )
    return "", None


def _until_denied(hops: tuple[Hop, ...], packet: Packet) -> tuple[Hop, ...]:
    """The hops up to that where a packet ends."""
    for order, hop in enumerate(hops, 1):
        if any(packet in outcome.denied for _, outcome in hop.outcomes):
            return (*hops[: order - 1], hop._replace(route=""))
    return hops


def last_allowing(hops: Sequence[Hop], packet: Packet) -> tuple[str, Rule | None]:
    """The last rule on a way that allows a packet; where no filter stood, the route that led there."""
    found: tuple[str, Rule | None] = ("", None)
    for hop in hops:
        for stage, outcome in hop.outcomes:
            for decision in outcome.decisions:
                if decision.match.rule.access != "deny" and packet in decision.possible:
                    rule = decision.match.rule._replace(stage=stage)
                    found = (f"{stage}:{rule_code(rule)}", rule)
    if found[0]:
        return found
    return (f"route:{hops[0].route.split(':')[0]}" if hops and hops[0].route else "none"), None


def _doubt(stages: Sequence[tuple[str, Outcome]]) -> str:
    for stage, outcome in stages:
        if outcome.unknown:
            for decision in outcome.decisions:
                if decision.sure is not decision.possible:
                    return f"{stage}:{rule_code(decision.match.rule)}?"
    return "?"
