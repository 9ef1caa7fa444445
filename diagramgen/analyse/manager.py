"""The network manager: which VNets it joins directly, and which VNets its security admin rules reach.

What a configuration says holds only once it is deployed, and an export of resources does not tell that: its effect is
then possible, not sure. In a spec a configuration counts as deployed unless it says otherwise.

https://learn.microsoft.com/azure/virtual-network-manager/concept-deployments
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diagramgen.located import Place
from diagramgen.model.references import at, flag, items, key, keys, leaves_open, listed, word
from diagramgen.model.topology import NetworkGroup, Resource, Topology
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
MEMBERSHIPS = NET + "networkgroupmemberships"
ADMIN = NET + "networkmanagers/securityadminconfigurations"
COMMITS = NET + "networkmanagers/commits"
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
    `is_open`: it may have further rules, which the input does not tell.
    """

    id: str
    name: str
    rules: tuple[Resource, ...]
    vnets: frozenset[str]
    is_sure: bool
    only_allows: frozenset[str] = frozenset()
    is_open: bool = False


def is_deployed(
    topology: Topology,
    configuration: Resource,
    region: str = "",
    vnet: str = "",
    commits: Sequence[Resource] | None = None,
) -> bool | None:
    """Whether a configuration is deployed, to a region if one is named; None where the input does not tell.

    A deployment names the configurations and the regions that it is for, or has the VNets for which it is known to be
    effective (the keys of `targetNetworks`); where the input holds some for a manager, they are taken as all there are.
    `commits` are all deployments, where the caller has them at hand.
    https://learn.microsoft.com/rest/api/networkmanager/network-manager-commits/post
    """
    told = configuration.properties.get("deployed")
    if isinstance(told, bool):
        return told
    if not configuration.is_exported:
        return True
    kind = "connectivity" if configuration.type.endswith("/connectivityconfigurations") else "securityadmin"
    manager = configuration.id.rsplit("/", 2)[0]
    found: set[bool | None] = set()
    for commit in topology.of_type(COMMITS) if commits is None else commits:
        p = commit.properties
        if not commit.id.startswith(manager + "/") or word(p, "commitType") not in (kind, None):
            continue
        told, regions = items(p.get("configurationIds")), set(map(_folded, items(p.get("targetLocations"))))
        is_there = not region or not regions or _folded(region) in regions
        networks = p.get("targetNetworks")
        if isinstance(networks, Mapping):  # proof for these, and nothing of others
            if configuration.id in keys(told) and (vnet in networks or not (region or vnet)):
                found.add(True)
            continue
        if configuration.id in keys(told) and is_there:
            found.add(None if commit.is_conditional or word(p, "commitType") is None else True)
        else:
            is_open = any(map(leaves_open, (*map(key, told), *regions))) or not _are_lists(p)
            found.add(None if is_open else False)
    return True if True in found else None if None in found or not found else False


def _are_lists(commit: Mapping[str, object]) -> bool:
    names = ("configurationIds", "targetLocations")
    return all(commit.get(name) is None or isinstance(commit[name], list | tuple) for name in names)


def _folded(place: object) -> str:
    return str(place).lower().replace(" ", "")


def connected_groups(topology: Topology) -> tuple[ConnectedGroup, ...]:
    """The groups that a mesh, or hub and spoke with direct connectivity, makes.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration
    """
    found = []
    groups = {group.id: group for group in topology.network_groups}
    commits = topology.of_type(COMMITS)
    for resource in topology.of_type(NET + "networkmanagers/connectivityconfigurations"):
        if is_deployed(topology, resource, commits=commits) is False:
            continue
        shape = word(resource.properties, "connectivityTopology")
        is_mesh = shape in ("mesh", None)
        is_clear = shape is not None and not resource.is_conditional
        joined: list[frozenset[str]] = []
        names: list[str] = []
        applies, is_whole = listed(resource.properties.get("appliesToGroups"))
        others = frozenset[str]() if is_whole and not resource.is_untold else _in_scope(topology, resource)
        for applied in applies:
            direct = word(applied, "groupConnectivity")
            is_clear = is_clear and direct is not None
            if not (is_mesh or direct in ("directlyconnected", None)):
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
        spans = [flag(each, "isGlobal", default=False) for each in (resource.properties, *applies)]
        is_global = True if True in spans else None if None in spans else False
        for members in joined:
            reached = {
                member: is_deployed(topology, resource, _region(topology, member), member, commits)
                for member in members
            }
            members = frozenset(member for member, deployed in reached.items() if deployed is not False)
            for region, is_known in _by_region(topology, members, is_global):
                is_sure = is_known and is_clear and all(reached[member] for member in region)
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
    if (
        group is None
        or group.is_open
        or any(
            not key(member.properties.get("resourceId"))
            for member in topology.of_type(NET + "networkmanagers/networkgroups/staticmembers")
            if member.id.startswith(group.id + "/")
        )
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
    topology: Topology, members: frozenset[str], is_global: bool | None
) -> list[tuple[frozenset[str], bool]]:
    """The members that reach each other: those of one region, unless the mesh is global. Where the input tells the
    regions of some alone, all may be of one.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration#enable-global-mesh
    """
    regions: dict[str, set[str]] = defaultdict(set)
    for member in members:
        regions["" if is_global else _region(topology, member)].add(member)
    if len(regions) > 1 and ("" in regions or is_global is None or any(map(is_unknown, regions))):
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
    commits = topology.of_type(COMMITS)
    found = []
    for collection in topology.of_type(ADMIN + "/rulecollections"):
        owner = key(collection.envelope.get("parent")) or collection.id.rsplit("/rulecollections/", 1)[0]
        configuration = topology.resources.get(owner)
        vnets: frozenset[str] = frozenset()
        applies, is_whole = listed(collection.properties.get("appliesToGroups"))
        others = (
            frozenset[str]() if is_whole and not collection.is_untold else _in_scope(topology, collection)
        )
        for applied in applies:
            group = groups.get(key(at(applied, "networkGroupId")))
            vnets |= frozenset(group.members) if group is not None else frozenset()
            if _is_open(topology, group):
                others |= _in_scope(topology, collection)
        told = (
            at(configuration.properties, "applyOnNetworkIntentPolicyBasedServices") if configuration else None
        )
        words = {str(each).lower() for each in told} if isinstance(told, list | tuple) else set()
        only_allows = intent & vnets if "allowrulesonly" in words else frozenset()
        if not words & {"all", "allowrulesonly"}:
            if (told is not None and not isinstance(told, list | tuple)) or any(map(is_unknown, words)):
                others |= vnets & intent
            vnets -= intent
        by_state: dict[bool | None, set[str]] = defaultdict(set)
        for vnet in vnets:
            region = _region(topology, vnet)
            is_clear = not collection.is_conditional and not (configuration and configuration.is_conditional)
            deployed = is_deployed(topology, configuration, region, vnet, commits) if configuration else None
            by_state[deployed if is_clear or deployed is False else None].add(vnet)
        if configuration is None or is_deployed(topology, configuration, commits=commits) is not False:
            by_state[None] |= others - vnets
        for deployed in (True, None):
            if by_state[deployed]:
                is_open = not listed(collection.properties.get("rules"))[1] or collection.is_untold
                found.append(AdminCollection(
                    collection.id, collection.label, tuple(rules[collection.id]), frozenset(by_state[deployed]),
                    deployed is True, only_allows, is_open
                ))  # fmt: skip
    for configuration in topology.of_type(ADMIN):
        if not listed(configuration.properties.get("ruleCollections"))[1] or configuration.is_untold:
            found.append(AdminCollection(configuration.id, configuration.label, (), _in_scope(topology, configuration),
                                         False, is_open=True))  # fmt: skip
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
