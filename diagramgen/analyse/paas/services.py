"""Services: who may reach each platform service of a topology, over its public endpoint and privately."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from diagramgen.analyse.addresses import NET, PUBLIC, Addresses
from diagramgen.analyse.paas.answers import (
    ANY_SUBNET,
    PUBLIC_IPV4,
    Admission,
    Answer,
    Gate,
    admissions,
    decide,
    decide_inside,
    decide_unnamed,
    either,
)
from diagramgen.analyse.paas.endpoints import comes_over_endpoint, policy_admission, region_of
from diagramgen.analyse.paas.gates import PLANS, Plan, gate_of
from diagramgen.analyse.paas.private import private_paths
from diagramgen.analyse.paas.subjects import Subjects
from diagramgen.analyse.paas.trusted import trusted_rules
from diagramgen.analyse.paas.ways import PrivatePath
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import Evidence, FlowVerdict, Rule
from diagramgen.model.references import last_segment
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES, Ranges, covers, difference, intersection, union

NO_DATA_PLANE = frozenset(
    {
        "microsoft.cdn/profiles", NET + "frontdoors", NET + "trafficmanagerprofiles", NET + "virtualwans",
        NET + "privatednszones", NET + "dnszones",
    }
)  # fmt: skip
"""Types that stand outside VNets and are no service to be reached: entry points, names, a Virtual WAN."""
_STRANGER = "azure/any-tenant"


class Services:
    """The platform services of a topology. Look-ups take the id of a service; all answers are worked out once.

    `tags` has the prefixes of service tags, where they are known.
    """

    def __init__(self, topology: Topology, addresses: Addresses, tags: ServiceTags | None = None) -> None:
        self.topology = topology
        self.addresses = addresses
        self._tags = tags
        self.ids: tuple[str, ...] = tuple(
            rid for rid, resource in sorted(topology.resources.items())
            if resource.kind is not None and resource.kind.home == "service" and resource.type not in NO_DATA_PLANE
        )  # fmt: skip
        """The services judged, sorted."""
        self._gates: dict[tuple[str, str], Gate] = {}
        self._known: dict[tuple[int, Ranges, bool, bool], Answer] = {}
        self.azure: Ranges = NO_RANGES
        """The nameless address of a stranger's machine in Azure, where some service may let such machines in."""
        if any("sql" in self.tags(rid) or "azurecosmosdb" in self.tags(rid) for rid in self.ids):
            self.azure = addresses.service(_STRANGER, frozenset({"azurecloud"}))

    def tags(self, service: str) -> frozenset[str]:
        """The service tags that hold a service's public address, lower case; `azurecloud` where it has no own one."""
        resource, plan = self.topology.resources.get(service), self._plan(service)
        if resource is None or plan is None or not plan.tags:
            return frozenset({"azurecloud"})
        region = "" if len(_regions(resource)) > 1 else region_of(resource)
        return frozenset({*plan.tags, *(f"{tag}.{region}" for tag in plan.tags if region)})

    def public(
        self, service: str, sources: Ranges, subnet: str | None = None, subresource: str = "",
        egress: Ranges | None = None,
    ) -> tuple[Admission, ...]:  # fmt: skip
        """What the service says to callers, as a partition of `sources`.

        With `subnet`, the callers are in it and come over its service endpoint, or else by a public address of Azure:
        one of `egress`, any where that is not told. Without it, public sources come from the Internet as themselves,
        others (a site, a machine behind a firewall) by a public address that is not known. Where `sources` hold the
        whole Internet, the answers are also about `azure`. `subresource` matters where public endpoints differ:
        `scm` of an app, `ingestion` and `query` of Log Analytics, `nodeManagement` of Batch.
        """
        gate = self._gate(service, subresource)
        if subnet is not None:
            return self._refused(gate, sources, self._inside(service, gate, subnet, egress))
        if self.azure and covers(sources, self.addresses.internet):
            sources = union(sources, self.azure)
        public = intersection(sources, union(PUBLIC, self.azure))
        unnamed = difference(sources, public)
        found = admissions(decide(gate, public))
        if unnamed:
            answer = self._unnamed(gate, egress or PUBLIC_IPV4, False)
            found += self._refused(gate, unnamed, answer)
        return found

    def is_public_open(self, service: str) -> FlowVerdict:
        """Whether anyone at all on the Internet, if only one address, may reach it over any public endpoint."""
        verdicts = {
            admission.verdict
            for surface in self._surfaces(service)
            for admission in self.public(service, self.addresses.internet, subresource=surface)
        }
        return "allowed" if "allowed" in verdicts else "unknown" if "unknown" in verdicts else "denied"

    def private_paths(self, service: str) -> tuple[PrivatePath, ...]:
        """The private ways to a service, approved or not; a database has those of its server."""
        found = self._paths.get(service, ())
        server = self._server_of(service)
        return (
            found
            if server == service
            else (*found, *(p._replace(service=service) for p in self._paths.get(server, ())))
        )

    def endpoint_policy(self, subnet: str, service: str) -> Admission | None:
        """What the service endpoint policies of a subnet say to calls to a service, before the service is asked."""
        resource = self.topology.resources.get(service)
        if resource is None:
            return None
        found = policy_admission(self.topology, subnet, resource, self._endpoint_names(service))
        return found._replace(sources=self.addresses.subnet(subnet)) if found is not None else None

    def trusted(self, service: str) -> tuple[Rule, ...]:
        """Exceptions for services of Microsoft and for single resources: information, no gap."""
        return trusted_rules(self._subjects.of(self._server_of(service)))

    def errors(self, service: str) -> tuple[Evidence, ...]:
        """Rules of a service that cannot work: private addresses, unreadable ones, subnets without the endpoint."""
        found: dict[Evidence, None] = {}
        for surface in self._surfaces(service):
            gate = self._gate(service, surface)
            found |= dict.fromkeys(gate.errors)
            for entry in gate.entries:
                rule, name = entry.answer.rule, last_segment(entry.subnet)
                is_named = entry.subnet not in ("", ANY_SUBNET)
                if is_named and rule and self._comes_over_endpoint(entry.subnet, service) is False:
                    message = (
                        f"subnet `{name}` has no service endpoint that serves it: the rule lets nobody in"
                    )
                    found[Evidence(rule.place, message, service)] = None
        return tuple(found)

    def _inside(self, service: str, gate: Gate, subnet: str, egress: Ranges | None) -> Answer:
        """The answer to callers in a subnet.

        https://learn.microsoft.com/azure/storage/common/storage-network-security#grant-access-from-an-internet-ip-range
        """
        answers = []
        is_over = self._comes_over_endpoint(subnet, service)
        if is_over is not False:
            answers.append(decide_inside(gate, subnet))
        if is_over is not True:
            regions = self._region_of_subnet(subnet), region_of(self.topology.resources.get(service))
            is_seen = not (gate.is_blind_in_region and regions[0] and regions[0] == regions[1])
            answers.append(self._unnamed(gate, egress or PUBLIC_IPV4, True, is_seen))
        return either(answers)

    def _unnamed(self, gate: Gate, egress: Ranges, from_azure: bool, is_seen: bool = True) -> Answer:
        """The answer to a caller by one of several public addresses, worked out once."""
        question = (
            id(gate),
            egress,
            from_azure,
            is_seen,
        )  # gates are kept, so that their identities stay theirs
        if question not in self._known:
            self._known[question] = decide_unnamed(gate, egress, from_azure, is_seen)
        return self._known[question]

    def _refused(self, gate: Gate, sources: Ranges, answer: Answer) -> tuple[Admission, ...]:
        """The answer, with the rule that names callers by private addresses, in vain, as what decides on those."""
        found = []
        if answer.verdict == "denied" and answer.code != "public:disabled":
            for ranges, rule in gate.refused:
                hit = intersection(sources, ranges)
                if hit:
                    found.append(Admission("denied", "invalid-rule", hit, rule))
                    sources = difference(sources, hit)
        return (*found, answer.to(sources)) if sources else tuple(found)

    def _gate(self, service: str, surface: str) -> Gate:
        known = self._gates.get((service, surface))
        if known is None:
            known = self._gates[(service, surface)] = gate_of(
                self._subjects.of(self._server_of(service)), surface
            )
        return known

    def _plan(self, service: str) -> Plan | None:
        resource = self.topology.resources.get(service)
        return PLANS.get(resource.type) if resource is not None else None

    def _surfaces(self, service: str) -> tuple[str, ...]:
        plan = self._plan(service)
        return ("", *(plan.surfaces if plan is not None else ()))

    def _server_of(self, service: str) -> str:
        """The server whose rules hold for a database; any other service itself."""
        resource = self.topology.resources.get(service)
        if (
            resource is None
            or resource.type != "microsoft.sql/servers/databases"
            or not service.startswith("/")
        ):
            return service
        return service.rsplit("/databases/", 1)[0]

    def _endpoint_names(self, service: str) -> tuple[str, ...]:
        plan = self._plan(service)
        return plan.endpoints if plan is not None else ()

    def _comes_over_endpoint(self, subnet: str, service: str) -> bool | None:
        resource = self.topology.resources.get(service)
        if resource is None:
            return None
        return comes_over_endpoint(self.topology, subnet, resource, self._endpoint_names(service))

    def _region_of_subnet(self, subnet: str) -> str:
        resource = self.topology.resources.get(subnet)
        return region_of(self.topology.resources.get(resource.parent or "")) if resource is not None else ""

    @cached_property
    def _paths(self) -> Mapping[str, tuple[PrivatePath, ...]]:
        return private_paths(self.topology, self.addresses)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self.topology, self.addresses, self._tags, self.ids, self._paths)


def _regions(service: Resource) -> list[object]:
    """The regions of a service that stands in several, as Cosmos DB may."""
    listed = service.properties.get("locations")
    return list(listed) if isinstance(listed, list | tuple) else []
