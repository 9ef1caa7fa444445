"""Platform services: the line between a service and the Internet, and between a service and a VNet.

Two ways are judged apart: the public endpoint, as the service's own firewall admits callers, and each private endpoint,
as routes and filters lead to it. A private endpoint alone closes nothing.

https://learn.microsoft.com/azure/private-link/private-endpoint-overview
"""

from __future__ import annotations

from collections.abc import Iterable

from diagramgen.analyse.addresses import INTERNET
from diagramgen.analyse.boundaries import NO_PATH, Judgement, judge, together
from diagramgen.analyse.frontends import Frontend, egress
from diagramgen.analyse.internet import InternetJudge
from diagramgen.analyse.paas import Admission, PrivatePath, Services
from diagramgen.analyse.reach import Reacher, Way, Zone
from diagramgen.analyse.verdicts import AllowedFlow, Hop, Status
from diagramgen.analyse.zones import Zones
from diagramgen.model.traffic import ADDRESSES, NOTHING_AT_ALL, TCP_PORTS, Box, PacketSet, Ranges


class PlatformJudge:
    """Judges services."""

    def __init__(
        self, reacher: Reacher, zones: Zones, services: Services, internet: InternetJudge | None = None
    ) -> None:
        self.reacher = reacher
        self.zones = zones
        self.services = services
        self.internet = internet

    def from_internet(self, service: str) -> Judgement:
        """What the public endpoint admits from the Internet, and what comes by gateways that reach it privately."""
        answers = self.services.public(service, self.zones.internet.addresses)
        parts = [self._admitted(service, INTERNET, answer) for answer in answers]
        if self.internet is not None:
            parts += [self.internet.by_entry(entry, "") for entry in self.entries(service)]
        return together(parts)

    def entries(self, service: str) -> list[Frontend]:
        """The Front Doors and application gateways that reach a service past its public endpoint.

        https://learn.microsoft.com/azure/frontdoor/private-link
        """
        found = []
        for entry in self.internet.frontends if self.internet is not None else ():
            is_open = entry.sources is None or bool(entry.sources)
            goals = [goal for goal in entry.targets if goal.id == service] if is_open else []
            is_linked = any(goal.is_private_link for goal in goals)
            is_gateway = bool(goals) and entry.kind == "application-gateway"
            if is_linked or (is_gateway and self._reaches(entry.subnet, service)):
                found.append(entry)
        return found

    def _reaches(self, subnet: str, service: str) -> bool:
        """Whether a gateway's subnet has a private way to a service."""
        if subnet not in self.reacher.topology.resources:
            return False
        return any(part.flows for part in self._private(service, self.zones.subnet(subnet)))

    def from_vnet(self, service: str, vnet: str) -> Judgement:
        """What gets from a VNet to a service."""
        parts = []
        for zone in self.zones.of_vnet(vnet):
            parts += [*self._public(service, zone), *self._private(service, zone)]
        return together(parts)

    def zone(self, service: str) -> Zone:
        """A service's public endpoint as a zone."""
        return Zone(service, "service", self.reacher.addresses.service(service, self.services.tags(service)))

    def _public(self, service: str, zone: Zone) -> Iterable[Judgement]:
        reach = self.reacher.reach(zone, self.zone(service))
        if not reach.has_path:
            return []
        if not reach.allowed and not reach.unknown:
            return [judge(reach)]
        is_cut_off = all(self._is_cut_off(zone, way) for way in reach.ways if not way.stopped)
        may_be_near = zone.subnet in self.reacher.routing.open_endpoints
        if is_cut_off and not may_be_near:
            return []
        policy = self.services.endpoint_policy(zone.subnet, service)
        if policy is not None and policy.verdict == "denied":
            return [self._admitted(service, zone.id, policy)]
        found = []
        for answer in self.services.public(service, self.zones.internet.addresses, zone.subnet):
            judgement = self._admitted(service, zone.id, answer)
            if judgement.status == "gap" and (is_cut_off or not reach.allowed):
                judgement = judgement._replace(
                    status="unknown", reason="whether packets get there is not told"
                )
            found.append(judgement)
        return found

    def _is_cut_off(self, zone: Zone, way: Way) -> bool:
        """Whether a way leads straight to the Internet from a private subnet, which has no way out.

        https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
        """
        is_unseen = zone.subnet in self.reacher.security.unseen_in or zone.subnet in (
            self.reacher.security.behind_unseen)  # fmt: skip
        if len(way.hops) != 1 or way.transits or is_unseen or not way.hops[0].route.startswith("Internet"):
            return False
        methods = egress(self.reacher.topology, self.reacher.addresses, zone.subnet)
        return {method.kind for method in methods} == {"none"}

    def _private(self, service: str, zone: Zone) -> Iterable[Judgement]:
        found = []
        for path in self.services.private_paths(service):
            if path.is_approved is False or not path.addresses:
                continue
            reach = self.reacher.reach(zone, self.endpoint_zone(path))
            if not reach.has_path:
                continue
            name = self.reacher._name(path.endpoint)
            hop = Hop("private-endpoint", path.endpoint, name)
            packets = reach.allowed or reach.unknown
            flow = AllowedFlow(zone.id, service, packets, (), (hop,), True, path.is_approved is True)
            flows = (flow,) if flow.packets else ()
            found.append(Judgement("enforced", ((path.endpoint, f"Private Link ({name})"),), flows,
                                   assumptions=("ASSUME_DNS_PRIVATE_ZONE", "ASSUME_DATA_PLANE_AUTH")))  # fmt: skip
        return found

    def endpoint_zone(self, path: PrivatePath) -> Zone:
        """A private endpoint as a zone."""
        return Zone(path.endpoint, "subnet", path.addresses, path.subnet, path.vnet)

    def _admitted(self, service: str, source: str, answer: Admission) -> Judgement:
        name = self.reacher._name(service)
        rules = (answer.rule,) if answer.rule else ()
        packets = PacketSet.of(Box(answer.sources or ADDRESSES, self._address(service), TCP_PORTS))
        match answer.verdict:
            case "denied":
                told = answer.rule.text if answer.rule and answer.rule.text else answer.decided_by
                return Judgement("enforced", ((service, f"{name} ({told})"),), (), rules, answer.assumptions)
            case "unknown":
                return Judgement("unknown", rules=rules, assumptions=answer.assumptions,
                                 reason=f"what {name} admits is not told: {answer.decided_by}")  # fmt: skip
            case "allowed":
                status: Status = "gap" if answer.is_broad else "enforced"
                flow = AllowedFlow(source, service, packets or NOTHING_AT_ALL, rules, (), not answer.is_broad)
                reason = f"{name} admits anyone: {answer.decided_by}" if answer.is_broad else ""
                return Judgement(
                    status, ((service, f"{name} (firewall)"),), (flow,), rules, answer.assumptions, reason
                )
        return NO_PATH

    def _address(self, service: str) -> Ranges:
        return self.reacher.addresses.service(service, self.services.tags(service))
