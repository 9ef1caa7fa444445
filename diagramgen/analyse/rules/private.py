"""Rules on private endpoints and service endpoints: filters that hold, names that resolve, no way to other accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    PRIVATE_ENDPOINT,
    Found,
    entries,
    evidence,
    is_known,
    is_sketch,
    known_subnets,
    label,
    labels,
    listed,
    told,
    verb,
)
from diagramgen.analyse.rules.nsg_fields import NsgRule, is_internet, nsg_rules, rule_names
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource

_HOLDS_FOR: Mapping[str, tuple[str, ...]] = {
    "enabled": ("NSG", "route table"), "networksecuritygroupenabled": ("NSG",), "routetableenabled": ("route table",),
}  # fmt: skip
_STORAGE = "microsoft.storage"
_TYPES: Mapping[str, tuple[str, ...]] = {
    _STORAGE: ("microsoft.storage/storageaccounts",), "microsoft.keyvault": ("microsoft.keyvault/vaults",),
    "microsoft.sql": ("microsoft.sql/servers", "microsoft.dbforpostgresql/servers", "microsoft.dbformysql/servers",
                      "microsoft.synapse/workspaces"),
    "microsoft.azurecosmosdb": ("microsoft.documentdb/databaseaccounts",),
    "microsoft.eventhub": ("microsoft.eventhub/namespaces",),
    "microsoft.servicebus": ("microsoft.servicebus/namespaces",),
    "microsoft.cognitiveservices": ("microsoft.cognitiveservices/accounts",),
    "microsoft.containerregistry": ("microsoft.containerregistry/registries",),
    "microsoft.web": ("microsoft.web/sites",),
}  # fmt: skip
"""The types behind each service endpoint.

https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
"""


def zt_28(estate: Estate) -> Iterator[Found]:
    """An NSG or route table at private endpoints is in force: the subnet's network policies are on.

    They are off unless `privateEndpointNetworkPolicies` says so.
    https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
    """
    topology = estate.topology
    endpoints: dict[str, list[str]] = defaultdict(list)
    for endpoint in topology.of_type(PRIVATE_ENDPOINT):
        endpoints[key(endpoint.properties.get("subnet")) or endpoint.parent or ""].append(endpoint.id)
    for subnet in known_subnets(topology):
        if subnet.id not in endpoints:
            continue
        policy = told(subnet.properties, "privateEndpointNetworkPolicies")
        attached = {
            "NSG": topology.nsg_of.get(subnet.id),
            "route table": topology.route_table_of.get(subnet.id),
        }
        idle = {kind: rid for kind, rid in attached.items()
                if rid and kind not in _HOLDS_FOR.get(policy, ()) and _says_something(estate, rid)}  # fmt: skip
        if not idle:
            continue
        name, inside = label(topology, subnet.id), labels(topology, endpoints[subnet.id])
        what = listed(f"{kind} {label(topology, rid)}" for kind, rid in idle.items())
        yield Found(
            (subnet.id, *idle.values(), *endpoints[subnet.id]),
            f"{what} of {name} {verb(idle, 'does', 'do')} not hold for the private endpoints there, {inside}: network "
            "policies are off",
            (evidence(subnet, f"{name}: `privateEndpointNetworkPolicies` is {policy or 'not set, that is Disabled'}",
                      "privateEndpointNetworkPolicies"),),
            f"set `privateEndpointNetworkPolicies: Enabled` on {name} (in a spec `private_endpoint_policies: true`)",
        )  # fmt: skip


def _says_something(estate: Estate, rid: str) -> bool:
    """Whether an NSG or route table has lines of its own, as far as the input tells."""
    resource = estate.topology.resources.get(rid)
    return resource is None or resource.is_ghost or bool(estate.topology.parts_of(rid))


def zt_29(estate: Estate) -> Iterator[Found]:
    """VNets that use a private endpoint see its private DNS zone, else names lead to the public endpoint.

    Judged are the endpoint's own VNet, and those from which a spec's flows lead to it. With custom DNS servers, or
    where the links of a zone are not all in the input, nothing is found.
    https://learn.microsoft.com/azure/private-link/private-endpoint-dns
    """
    topology = estate.topology
    for service in estate.services.ids:
        for path in estate.services.private_paths(service):
            if path.kind != "private-endpoint" or path.is_approved is False or not path.vnet:
                continue
            users = _clients_of(estate, {path.endpoint, service, path.subnet}) | {path.vnet}
            blind = sorted(vnet for vnet in users if path.has_dns_link(vnet) is False)
            if not blind:
                continue
            name, zones = label(topology, path.endpoint), _zones(estate, path.endpoint)
            yield Found(
                (path.endpoint, *blind, *(zone.id for zone in zones)),
                f"{labels(topology, blind)} {verb(blind, 'does', 'do')} not see the private DNS zone of {name}: names "
                f"of {label(topology, service)} lead to its public endpoint from there",
                tuple(evidence(zone, f"zone {zone.label} has no link to {labels(topology, blind)}") for zone in zones)
                or (Evidence(path.rule.place, path.rule.text, path.endpoint),),
                f"link {listed(f'`{zone.label}`' for zone in zones) or 'the zone'} to {labels(topology, blind)}",
            )  # fmt: skip


def _clients_of(estate: Estate, goals: set[str]) -> set[str]:
    """The VNets from which flows of a spec lead to something."""
    resources = estate.topology.resources
    found = set()
    for flow in estate.topology.flows:
        for source, target in ((flow.source, flow.target), (flow.target, flow.source))[
            : 1 + flow.is_both_ways
        ]:
            at_source = resources.get(source)
            while target in goals and at_source is not None:
                if at_source.type == "microsoft.network/virtualnetworks":
                    found.add(at_source.id)
                at_source = resources.get(at_source.parent or "")
    return found


def _zones(estate: Estate, endpoint: str) -> list[Resource]:
    """The zones that an endpoint's zone groups name and the input holds."""
    found = []
    for group in estate.topology.parts_of(endpoint):
        for configuration in entries(group.properties.get("privateDnsZoneConfigs")):
            zone = estate.topology.resources.get(key(at(configuration, "properties", "privateDnsZoneId")))
            if zone is not None:
                found.append(zone)
    return found


def zt_30(estate: Estate) -> Iterator[Found]:
    """A service endpoint, or a tag of a whole service, opens a way to one's own accounts, not to everyone's.

    An endpoint is accounted for by an endpoint policy (storage) or by a service that lets the subnet in. Nothing is
    found where the input holds no service of that kind.
    https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    let_in = {(link.subnet, topology.resources[link.service].type) for link in topology.service_links
              if link.kind == "service-endpoint"}  # fmt: skip
    for subnet in known_subnets(topology):
        policies = keys(subnet.properties.get("serviceEndpointPolicies"))
        services = [e.service for e in topology.service_endpoints if e.subnet == subnet.id]
        idle = [s for s in services if _is_idle(estate, s.lower(), subnet.id, let_in)
                and not (policies and s.lower().startswith(_STORAGE))]  # fmt: skip
        lines = [] if policies else _tag_lines(estate, subnet)
        if not idle and not lines:
            continue
        name = label(topology, subnet.id)
        proofs = [
            evidence(subnet, f"{name}: service endpoint {service}", "serviceEndpoints") for service in idle
        ]
        ways = [f"service endpoint {listed(f'`{service}`' for service in idle)}"] if idle else []
        ways += [f"rule {rule_names(lines)}"] if lines else []
        yield Found(
            (subnet.id, *({topology.nsg_of[subnet.id]} if lines else set())),
            f"from {name} {listed(ways)} {verb([*idle, *lines], 'opens', 'open')} a way to accounts of every customer, "
            "and neither a service's rule nor an endpoint policy narrows it",
            (*proofs, *(rule.evidence for rule in lines)),
            f"attach a service endpoint policy to {name} that lists your accounts, or use private endpoints and remove "
            f"{listed(ways)}",
        )  # fmt: skip


def _is_idle(estate: Estate, service: str, subnet: str, let_in: set[tuple[str, str]]) -> bool:
    """Whether the input holds services behind an endpoint, and none of them lets the subnet in."""
    types = _TYPES.get(service.removesuffix(".global"), ())
    there = [r for kind in types for r in estate.topology.of_type(kind) if is_known(r)]
    return bool(there) and not any((subnet, kind) in let_in for kind in types)


def _tag_lines(estate: Estate, subnet: Resource) -> list[NsgRule]:
    """Outbound rules that allow the whole of Storage from a subnet that a firewall does not stand before."""
    nsg = estate.topology.nsg_of.get(subnet.id, "")
    rules = nsg_rules(estate.topology, nsg) if nsg else None
    found = [
        rule for rule in rules or ()
        if rule.direction == "outbound" and rule.access == "allow" and not is_internet(rule.destinations)
        and any(word == "storage" or word.startswith("storage.") for word in rule.destinations)
    ]  # fmt: skip
    return [] if found and _is_let_in(estate, subnet.id) else found


def _is_let_in(estate: Estate, subnet: str) -> bool:
    """Whether a firewall sees the traffic, or a storage account lets the subnet in by its endpoint."""
    pieces = estate.routing.routes(subnet).split(estate.addresses.internet)
    is_seen = any(route.next_hop == "VirtualAppliance" for _, route in pieces)
    links = [
        link
        for link in estate.topology.service_links
        if link.subnet == subnet and link.kind == "service-endpoint"
    ]
    return is_seen or any(
        estate.topology.resources[link.service].type == _TYPES[_STORAGE][0] for link in links
    )  # fmt: skip
