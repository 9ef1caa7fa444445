"""The network manager: which VNets it joins directly, and which VNets its security admin rules reach.

What a configuration says holds only once it is deployed, and an export of resources does not tell that: its effect is
then possible, not sure. In a spec a configuration counts as deployed unless it says otherwise.

https://learn.microsoft.com/azure/virtual-network-manager/concept-deployments
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from diagramgen.located import Place
from diagramgen.model.references import at, items, key, keys
from diagramgen.model.topology import NetworkGroup, Resource, Topology

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
MEMBERSHIPS = NET + "networkgroupmemberships"
ADMIN = NET + "networkmanagers/securityadminconfigurations"
_UNREACHED_SUBNETS = {
    "gatewaysubnet", "azurefirewallsubnet", "azurefirewallmanagementsubnet", "azurebastionsubnet", "routeserversubnet",
}  # fmt: skip
_UNREACHED_TYPES = {
    NET + "applicationgateways", NET + "azurefirewalls", NET + "bastionhosts", NET + "virtualnetworkgateways",
}  # fmt: skip
_INTENT_POLICY = ("microsoft.sql/managedinstances", "microsoft.databricks/workspaces")


class ConnectedGroup(NamedTuple):
    """VNets that reach each other without peerings; `is_sure` where the deployment is known. `others` may belong to it
    too, where the input does not tell all members."""

    id: str
    name: str
    members: frozenset[str]
    is_sure: bool
    place: Place
    others: frozenset[str] = frozenset()


class AdminCollection(NamedTuple):
    """Security admin rules of one collection and the VNets that they are for.

    `is_sure`: known to be deployed. `only_allows`: in VNets with network intent policies only its Allow rules hold.
    """

    id: str
    name: str
    rules: tuple[Resource, ...]
    vnets: frozenset[str]
    is_sure: bool
    only_allows: frozenset[str] = frozenset()


def is_deployed(topology: Topology, configuration: Resource, region: str = "") -> bool | None:
    """Whether a configuration is deployed, to a region if one is named; None where the input does not tell.

    A deployment names the configurations and the regions that it is for; where the input holds some for a manager, they
    are taken as all there are.
    https://learn.microsoft.com/rest/api/networkmanager/network-manager-commits/post
    """
    told = configuration.properties.get("deployed")
    if isinstance(told, bool):
        return told
    if not configuration.is_exported:
        return True
    kind = "connectivity" if configuration.type.endswith("/connectivityconfigurations") else "securityadmin"
    manager = configuration.id.rsplit("/", 2)[0]
    found: bool | None = None
    for commit in topology.of_type(NET + "networkmanagers/commits"):
        p = commit.properties
        if not commit.id.startswith(manager + "/") or str(p.get("commitType")).lower() != kind:
            continue
        regions = {_folded(place) for place in items(p.get("targetLocations"))}
        is_named = configuration.id in keys(p.get("configurationIds"))
        found = bool(found) or (is_named and (not region or not regions or _folded(region) in regions))
    return found


def _folded(place: object) -> str:
    return str(place).lower().replace(" ", "")


def connected_groups(topology: Topology) -> tuple[ConnectedGroup, ...]:
    """The groups that a mesh, or hub and spoke with direct connectivity, makes.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration
    """
    found = []
    groups = {group.id: group for group in topology.network_groups}
    for resource in topology.of_type(NET + "networkmanagers/connectivityconfigurations"):
        if is_deployed(topology, resource) is False:
            continue
        is_mesh = str(resource.properties.get("connectivityTopology") or "").lower() == "mesh"
        joined: list[frozenset[str]] = []
        names: list[str] = []
        others: frozenset[str] = frozenset()
        for applied in items(resource.properties.get("appliesToGroups")):
            direct = str(at(applied, "groupConnectivity") or "").lower() == "directlyconnected"
            if not (is_mesh or direct):
                continue
            group = groups.get(key(at(applied, "networkGroupId")))
            if _is_open(topology, group):
                others |= _in_scope(topology, resource)
            if group is None:
                continue
            members = frozenset(group.members)
            if is_mesh and joined:
                joined[0] |= members
            else:
                joined.append(members)
            names.append(group.label)
        is_global = str(resource.properties.get("isGlobal") or "").lower() == "true" or any(
            str(at(applied, "isGlobal") or "").lower() == "true"
            for applied in items(resource.properties.get("appliesToGroups"))
        )
        for members in joined:
            reached = {
                member: is_deployed(topology, resource, _region(topology, member)) for member in members
            }
            members = frozenset(member for member, deployed in reached.items() if deployed is not False)
            for region, is_known in _by_region(topology, members, is_global):
                is_sure = is_known and all(reached[member] for member in region)
                found.append(ConnectedGroup(resource.id, names[0], region, is_sure, resource.place))
        if others:
            found.append(
                ConnectedGroup(resource.id, resource.label, frozenset(), False, resource.place, others)
            )
    return tuple(found)


def _is_open(topology: Topology, group: NetworkGroup | None) -> bool:
    """Whether the input does not tell who belongs to a group: it lacks the group, or lists no member of one that a
    policy may fill.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-network-groups#dynamic-membership
    """
    if group is None or any(
        not key(member.properties.get("resourceId"))
        for member in topology.of_type(NET + "networkmanagers/networkgroups/staticmembers")
        if member.id.startswith(group.id + "/")
    ):
        return True
    return topology.is_exported(group.id) and not group.members and not topology.of_type(MEMBERSHIPS)


def _in_scope(topology: Topology, configuration: Resource) -> frozenset[str]:
    """The VNets for which a manager's configuration may be: those of the subscriptions that it manages.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-network-manager-scope
    """
    manager = topology.resources.get(
        configuration.id.split("/connectivityconf")[0].split("/securityadminc")[0]
    )
    scopes = at(manager.properties, "networkManagerScopes") if manager is not None else None
    named = [key(scope) + "/" for scope in items(at(scopes, "subscriptions"))]
    is_told = bool(named) and not items(at(scopes, "managementGroups"))
    vnets = (vnet.id for vnet in topology.of_type(VNET))
    return frozenset(vnet for vnet in vnets if not is_told or vnet.startswith(tuple(named)))


def _by_region(
    topology: Topology, members: frozenset[str], is_global: bool
) -> list[tuple[frozenset[str], bool]]:
    """The members that reach each other: those of one region, unless the mesh is global. Where the input tells the
    regions of some alone, all may be of one.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration#enable-global-mesh
    """
    regions: dict[str, set[str]] = defaultdict(set)
    for member in members:
        regions["" if is_global else _region(topology, member)].add(member)
    if len(regions) > 1 and "" in regions:
        return [(members, False)]
    return [(frozenset(found), True) for found in regions.values() if len(found) > 1]


def _region(topology: Topology, vnet: str) -> str:
    resource = topology.resources.get(vnet)
    return _folded(resource.location) if resource is not None else ""


def admin_collections(topology: Topology) -> tuple[AdminCollection, ...]:
    """The rule collections that are, or may be, deployed.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
    """
    groups = {group.id: group for group in topology.network_groups}
    intent = _vnets_with_intent_policies(topology)
    rules: dict[str, list[Resource]] = defaultdict(list)
    for rule in topology.of_type(ADMIN + "/rulecollections/rules"):
        rules[key(rule.envelope.get("parent")) or rule.id.rsplit("/rules/", 1)[0]].append(rule)
    found = []
    for collection in topology.of_type(ADMIN + "/rulecollections"):
        owner = key(collection.envelope.get("parent")) or collection.id.rsplit("/rulecollections/", 1)[0]
        configuration = topology.resources.get(owner)
        vnets: frozenset[str] = frozenset()
        others: frozenset[str] = frozenset()
        for applied in items(collection.properties.get("appliesToGroups")):
            group = groups.get(key(at(applied, "networkGroupId")))
            vnets |= frozenset(group.members) if group is not None else frozenset()
            if _is_open(topology, group):
                others |= _in_scope(topology, collection)
        told = (
            at(configuration.properties, "applyOnNetworkIntentPolicyBasedServices") if configuration else None
        )
        words = {str(word).lower() for word in told} if isinstance(told, list | tuple) else set()
        only_allows = intent & vnets if "allowrulesonly" in words else frozenset()
        if not words & {"all", "allowrulesonly"}:
            vnets -= intent
        by_state: dict[bool | None, set[str]] = defaultdict(set)
        for vnet in vnets:
            region = _region(topology, vnet)
            by_state[configuration and is_deployed(topology, configuration, region)].add(vnet)
        if configuration is None or is_deployed(topology, configuration) is not False:
            by_state[None] |= others - vnets
        for deployed in (True, None):
            if by_state[deployed]:
                found.append(AdminCollection(collection.id, collection.label, tuple(rules[collection.id]),
                                             frozenset(by_state[deployed]), deployed is True, only_allows))  # fmt: skip
    return tuple(found)


def _vnets_with_intent_policies(topology: Topology) -> frozenset[str]:
    """VNets with SQL managed instances or Databricks, which admin rules skip."""
    found = set()
    for resource in topology.resources.values():
        subnet = topology.resources.get(resource.parent or "")
        if resource.type in _INTENT_POLICY and subnet is not None and subnet.type == SUBNET and subnet.parent:
            found.add(subnet.parent)
        if resource.type == SUBNET and resource.parent:
            for delegation in items(resource.properties.get("delegations")):
                service = str(at(delegation, "properties", "serviceName") or "").lower()
                if service in _INTENT_POLICY:
                    found.add(resource.parent)
    return frozenset(found)


def unreached_subnets(topology: Topology) -> frozenset[str]:
    """Subnets that admin rules never reach: those of gateways, firewalls, Bastion and Route Server.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins#nonapplication-of-security-admin-rules
    """
    found = set()
    for resource in topology.resources.values():
        if resource.type == SUBNET and resource.name.lower() in _UNREACHED_SUBNETS:
            found.add(resource.id)
        elif resource.type in _UNREACHED_TYPES and resource.parent:
            found.add(resource.parent)
    return frozenset(found)
