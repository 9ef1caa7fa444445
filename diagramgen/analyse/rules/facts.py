"""Facts that many rules ask for, and the shape in which a rule tells what it found.

Nothing here decides anything: who stands in a subnet, what a subnet is for, what something is called, where in the
input a property stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from diagramgen.analyse.verdicts import Evidence, Severity
from diagramgen.located import Place
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource, Topology

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
NIC = NET + "networkinterfaces"
NSG = NET + "networksecuritygroups"
ROUTE_TABLE = NET + "routetables"
FIREWALL = NET + "azurefirewalls"
APPLICATION_GATEWAY = NET + "applicationgateways"
LOAD_BALANCER = NET + "loadbalancers"
GATEWAY = NET + "virtualnetworkgateways"
BASTION = NET + "bastionhosts"
PRIVATE_ENDPOINT = NET + "privateendpoints"
NVA = "diagramgen/nva"

Role = Literal[
    "gateway",
    "firewall",
    "route-server",
    "bastion",
    "application-gateway",
    "appliance",
    "endpoints",
    "platform",
    "workload",
]


Roles = Mapping[str, Role]
"""What each subnet is for, by its id."""
Standing = Mapping[str, list[Resource]]
"""What stands in each subnet and virtual hub, by its id."""


class Found(NamedTuple):
    """One thing that a rule found; `severity` where it differs from the rule's own."""

    ids: tuple[str, ...]
    message: str
    evidence: tuple[Evidence, ...] = ()
    fix: str = ""
    severity: Severity | None = None


# Names and places


def label(topology: Topology, rid: str) -> str:
    """What a resource is called, in backticks; a subnet, whose name alone says little, with its VNet."""
    resource = topology.resources.get(rid)
    if resource is None:
        return f"`{last_segment(rid)}`"
    vnet = topology.resources.get(resource.parent or "")
    name = resource.label or resource.name
    if resource.type == SUBNET and vnet is not None:
        return f"`{vnet.label or vnet.name}/{name}`"
    return f"`{name}`"


def verb(names: Sequence[object] | Mapping[str, object], one: str, several: str) -> str:
    """The form of a verb for one thing or for several."""
    return one if len(names) == 1 else several


def listed(names: Iterable[str], limit: int = 4) -> str:
    """Names as a sentence lists them, at most `limit` of them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    shown = list(names)
    if len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def labels(topology: Topology, ids: Iterable[str], limit: int = 4) -> str:
    """Several resources as a sentence lists them."""
    return listed((label(topology, rid) for rid in ids), limit)


_SPEC_KEYS: Mapping[str, str] = {
    "networkSecurityGroup": "nsg", "routeTable": "route_table", "serviceEndpoints": "service_endpoints",
    "defaultOutboundAccess": "default_outbound", "privateEndpointNetworkPolicies": "private_endpoint_policies",
    "disableBgpRoutePropagation": "propagate_gateway_routes", "publicNetworkAccess": "public_access",
    "threatIntelMode": "threat_intelligence", "firewallPolicy": "policy", "peeringState": "state",
    "enableInternetSecurity": "internet_security", "ddosProtectionPlan": "ddos_plan",
}  # fmt: skip


def is_exported(resource: Resource) -> bool:
    """Whether it is told as Azure's own state tells it, not as a spec does."""
    return resource.is_exported


def place_of(resource: Resource, *path: str | int) -> Place:
    """The place of a property; that of the resource where the property is not written."""
    if resource.id.startswith("/"):
        place = resource.place / "properties"
        for step in path:
            place = place / step
        return place
    spec_key = _SPEC_KEYS.get(str(path[0])) if path else None
    return resource.place / spec_key if spec_key else resource.place


def evidence(resource: Resource, text: str, *path: str | int) -> Evidence:
    """What stands at a property of a resource."""
    return Evidence(place_of(resource, *path), text, resource.id)


def told(properties: Mapping[str, Any], *path: str) -> str:
    """A word of the properties in lower case; "" where it is absent or no text."""
    value = at(properties, *path)
    return value.strip().lower() if isinstance(value, str) else ""


def entries(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list | tuple) else ()


def inner(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of an object inside a resource, whether they are nested or flat."""
    nested = value.get("properties")
    return nested if isinstance(nested, Mapping) else value


# What the input tells


def is_known(resource: Resource | None) -> bool:
    """Whether the input holds the resource itself and not only a reference to it."""
    return resource is not None and not resource.is_ghost and (bool(resource.properties) or resource.is_told)


def is_sketch(topology: Topology) -> bool:
    """Whether this is a spec that says no rule and no route at all, so that their absence means nothing."""
    return topology.is_spec and not any(r.type in _RULES for r in topology.resources.values())


_RULES = frozenset({
    NSG + "/securityrules", ROUTE_TABLE + "/routes", NET + "firewallpolicies/rulecollectiongroups",
    NET + "networkmanagers/securityadminconfigurations/rulecollections/rules",
})  # fmt: skip


def known_subnets(topology: Topology) -> Iterator[Resource]:
    """The subnets whose own properties the input holds, in the order of their ids."""
    for resource in topology.resources.values():
        if resource.type == SUBNET and is_known(resource):
            yield resource


def residents(topology: Topology) -> Standing:
    """What stands in each subnet and virtual hub."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in topology.resources.values():
        if resource.parent and resource.type != SUBNET:
            found[resource.parent].append(resource)
    return found


_ROLES_BY_NAME: Mapping[str, Role] = {
    "gatewaysubnet": "gateway", "azurefirewallsubnet": "firewall", "azurefirewallmanagementsubnet": "firewall",
    "routeserversubnet": "route-server", "azurebastionsubnet": "bastion",
}  # fmt: skip
_ROLES_BY_TYPE: Mapping[str, Role] = {
    GATEWAY: "gateway", FIREWALL: "firewall", NET + "virtualhubs": "route-server", BASTION: "bastion",
    APPLICATION_GATEWAY: "application-gateway", NVA: "appliance",
}  # fmt: skip


def role_of(subnet: Resource, standing: Standing) -> Role:
    """What a subnet is for: told by the names that Azure reserves, else by what stands in it."""
    by_name = _ROLES_BY_NAME.get(subnet.name.lower())
    if by_name:
        return by_name
    if any(service.startswith("microsoft.network/") for service in delegated(subnet)):
        return "platform"
    inside = standing.get(subnet.id, [])
    for resource in inside:
        if resource.type in _ROLES_BY_TYPE:
            return _ROLES_BY_TYPE[resource.type]
    machines = [resource for resource in inside if resource.type != NIC]
    if machines and all(resource.type == PRIVATE_ENDPOINT for resource in machines):
        return "endpoints"
    return "workload"


def delegated(subnet: Resource) -> list[str]:
    """The services to which a subnet is given, in lower case."""
    return [told(inner(each), "serviceName") for each in entries(subnet.properties.get("delegations"))]


def roles(topology: Topology) -> Mapping[str, Role]:
    """The role of every subnet whose body is known."""
    standing = residents(topology)
    return {subnet.id: role_of(subnet, standing) for subnet in known_subnets(topology)}


def vnet_of(topology: Topology, rid: str) -> str:
    """The VNet in which something stands, or ""."""
    resource = topology.resources.get(rid)
    for _ in range(4):
        if resource is None:
            return ""
        if resource.type == VNET:
            return resource.id
        resource = topology.resources.get(resource.parent or "")
    return ""


def sku_of(resource: Resource) -> str:
    """The name of its SKU in lower case, or ""."""
    for holder in (resource.envelope, resource.properties):
        sku = holder.get("sku")
        name = at(sku, "name") if isinstance(sku, Mapping) else sku
        if isinstance(name, str):
            return name.lower()
    return ""


def tier_of(resource: Resource) -> str:
    """The tier of its SKU, or the SKU's name, in lower case."""
    for holder in (resource.properties, resource.envelope):
        tier = at(holder, "sku", "tier")
        if isinstance(tier, str):
            return tier.lower()
    return sku_of(resource)


def nics(topology: Topology) -> Iterator[tuple[Resource, str]]:
    """Each interface whose body is known, with the machine that it belongs to, or itself."""
    for nic in topology.of_type(NIC):
        if is_known(nic):
            yield nic, key(nic.properties.get("virtualMachine")) or nic.id


def owner_of(topology: Topology, rid: str) -> str:
    """The machine of an interface; what has no machine, itself."""
    resource = topology.resources.get(rid)
    machine = (
        key(resource.properties.get("virtualMachine"))
        if resource is not None and resource.type == NIC
        else ""
    )
    return machine or rid


def nsgs_at(topology: Topology, nic: Resource) -> tuple[str, ...] | None:
    """The NSGs that filter an interface, its own and its subnet's; None where the input does not tell."""
    subnet = topology.resources.get(nic.parent or "")
    if subnet is None or subnet.type != SUBNET or not is_known(subnet):
        return None
    found = (topology.nsg_of.get(nic.id), topology.nsg_of.get(subnet.id))
    return tuple(nsg for nsg in found if nsg)
