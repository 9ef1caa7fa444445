"""Network manager: groups and their members, configurations, rules, and deployments, which are commits in REST.

https://learn.microsoft.com/rest/api/networkmanager/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.azure_types import azure_type
from diagramgen.read.terraform.azurerm.ids import make_id
from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    nested,
    not_told,
    rest,
    several,
    simple,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    boolean_word,
    inverted,
    listed,
    number,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_SCOPE: Fields = (
    Field("management_group_ids", "managementGroups", texts),
    Field("subscription_ids", "subscriptions", texts),
)
_MANAGER: Fields = (
    Field("scope", "networkManagerScopes", nested(_SCOPE)),
    Field("scope_accesses", "networkManagerScopeAccesses", texts),
    Field("description", "description"),
)
_GROUP: Fields = (
    Field("member_type", "memberType", default="VirtualNetwork"),
    Field("description", "description"),
)
_MEMBER: Fields = (Field("target_virtual_network_id", "resourceId"), Field("region", "region"))
_APPLIED: Fields = (
    Field("network_group_id", "networkGroupId"),
    Field("group_connectivity", "groupConnectivity"),
    Field("use_hub_gateway", "useHubGateway", boolean_word, "False"),
    Field("global_mesh_enabled", "isGlobal", boolean_word, "False"),
)
_HUB: Fields = (Field("resource_id", "resourceId"), Field("resource_type", "resourceType"))
_CONNECTIVITY: Fields = (
    Field("connectivity_topology", "connectivityTopology"),
    Field("applies_to_group", "appliesToGroups", several(_APPLIED)),
    Field("hub", "hubs", several(_HUB)),
    Field("global_mesh_enabled", "isGlobal", boolean_word, "False"),
    Field("delete_existing_peering_enabled", "deleteExistingPeering", boolean_word, "False"),
    Field("description", "description"),
)


def _groups(value: Any) -> Any:
    return untold(value) or [{"networkGroupId": each} for each in listed(value)]


_NONE = ["None"]
_SECURITY: Fields = (
    Field(
        "apply_on_network_intent_policy_based_services",
        "applyOnNetworkIntentPolicyBasedServices",
        texts,
        _NONE,
    ),
    Field("description", "description"),
)
_COLLECTION: Fields = (
    Field("network_group_ids", "appliesToGroups", _groups),
    Field("description", "description"),
)
_END: Fields = (
    Field("address_prefix", "addressPrefix"),
    Field("address_prefix_type", "addressPrefixType"),
)
_RULE: Fields = (
    Field("action", "access"),
    Field("direction", "direction"),
    Field("priority", "priority", number),
    Field("protocol", "protocol"),
    Field("source_port_ranges", "sourcePortRanges", texts),
    Field("destination_port_ranges", "destinationPortRanges", texts),
    Field("source", "sources", several(_END)),
    Field("destination", "destinations", several(_END)),
    Field("description", "description"),
)


def _rule(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    yield rest(resource, lookup, body(resource.values, _RULE), {"kind": "Custom"})


def _deployment(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A deployment to a region, as the commit that makes it; its id in a state is no id of Azure's."""
    values = resource.values
    word, region = text(values.get("scope_access")), text(values.get("location"))
    configurations = values.get("configuration_ids")
    told = {
        "commitType": word or not_told(resource, "scope_access"),
        "targetLocations": [region] if region else [],
        "configurationIds": untold(configurations) or listed(configurations),
    }
    azure_id = make_id(resource, lookup)
    name = azure_id.rpartition("/")[2]
    kind = azure_type(resource.type)
    yield {"id": azure_id, "name": name, "type": kind, "properties": told}


_ROUTE_COLLECTION: Fields = (
    Field("network_group_ids", "appliesTo", _groups),
    Field(
        "bgp_route_propagation_enabled",
        "disableBgpRoutePropagation",
        lambda v: boolean_word(inverted(v)),
        "True",
    ),
    Field("description", "description"),
)
_TO: Fields = (Field("type", "type"), Field("address", "destinationAddress"))
_HOP: Fields = (Field("type", "nextHopType"), Field("address", "nextHopAddress"))
_ROUTE: Fields = (
    Field("destination", "destination", nested(_TO)),
    Field("next_hop", "nextHop", nested(_HOP)),
    Field("description", "description"),
)
_SCOPE_CONNECTION: Fields = (
    Field("target_scope_id", "resourceId"),
    Field("tenant_id", "tenantId"),
    Field("connection_state", "connectionState"),
)
_POOL: Fields = (
    Field("address_prefixes", "addressPrefixes", texts),
    Field("parent_pool_name", "parentPoolName"),
    Field("display_name", "displayName"),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_network_manager": simple(_MANAGER),
    "azurerm_network_manager_network_group": simple(_GROUP),
    "azurerm_network_manager_static_member": simple(_MEMBER),
    "azurerm_network_manager_connectivity_configuration": simple(_CONNECTIVITY),
    "azurerm_network_manager_security_admin_configuration": simple(_SECURITY),
    "azurerm_network_manager_admin_rule_collection": simple(_COLLECTION),
    "azurerm_network_manager_admin_rule": _rule,
    "azurerm_network_manager_deployment": _deployment,
    "azurerm_network_manager_routing_configuration": simple((Field("description", "description"),)),
    "azurerm_network_manager_routing_rule_collection": simple(_ROUTE_COLLECTION),
    "azurerm_network_manager_routing_rule": simple(_ROUTE),
    "azurerm_network_manager_scope_connection": simple(_SCOPE_CONNECTION),
    "azurerm_network_manager_ipam_pool": simple(_POOL),
}
