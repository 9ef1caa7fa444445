"""Subnets, and what is attached to them by resources of their own: NSGs, route tables, NAT gateways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, linked, nested, not_told, rest
from diagramgen.read.terraform.azurerm.values import (
    Json,
    blocks,
    disabled,
    enabled,
    first_of,
    flag,
    listed,
    ref,
    refs,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

SUBNET: Fields = (
    Field("default_outbound_access_enabled", "defaultOutboundAccess", flag),
    Field("private_endpoint_network_policies", "privateEndpointNetworkPolicies"),
    Field("private_endpoint_network_policies_enabled", "privateEndpointNetworkPolicies", enabled),
    Field("enforce_private_link_endpoint_network_policies", "privateEndpointNetworkPolicies", disabled),
    Field("private_link_service_network_policies_enabled", "privateLinkServiceNetworkPolicies", enabled),
    Field("enforce_private_link_service_network_policies", "privateLinkServiceNetworkPolicies", disabled),
    Field("service_endpoint_policy_ids", "serviceEndpointPolicies", refs),
    Field("route_table_id", "routeTable", ref),
    Field("network_security_group_id", "networkSecurityGroup", ref),
)
"""Policies for private endpoints: a word from 3.107 on, before that a boolean, before that its opposite.

https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/4.0-upgrade-guide
"""


def prefixes(values: Mapping[str, Any]) -> Json:
    """The prefixes of a subnet: one in the singular, several in the plural, as REST has them."""
    told = texts(values.get("address_prefixes")) or texts(values.get("address_prefix"))
    if told is None:
        told = _allocated(values.get("ip_address_pool"))
    if told is None or isinstance(told, str):
        return {"addressPrefix": told} if told else {}
    return {"addressPrefix": told[0]} if len(told) == 1 else {"addressPrefixes": told}


def _allocated(pools: Any) -> Any:
    """The prefixes that IPAM pools have allocated; the text of what is not told yet."""
    if is_unknown(pools):
        return pools
    found = [each for pool in blocks(pools) for each in listed(pool.get("allocated_ip_address_prefixes"))]
    return found or None


def service_endpoint(value: Any) -> Any:
    """Service endpoints as REST lists them, from names, or from blocks."""
    if is_unknown(value):
        return value
    if not isinstance(value, list | tuple):
        return None
    found: list[Any] = []
    for each in value:
        name = each.get("service") if isinstance(each, Mapping) else each
        if text(name):
            found.append({"service": name})
    return found or None


def delegation(value: Any) -> Any:
    """Delegations, each a name and the service to which the subnet is given."""
    if not isinstance(value, list | tuple):
        return untold(value)
    found: list[Any] = []
    for each in value:
        if not isinstance(each, Mapping):
            found.append(each)
            continue
        service = _delegated(each.get("service_delegation"))
        found.append({"name": text(each.get("name")), "properties": service})
    return found or None


_delegated = nested((Field("name", "serviceName"), Field("actions", "actions", texts)))
_WHOLE: Fields = (
    *SUBNET,
    Field("service_endpoint", "serviceEndpoints", service_endpoint),
    Field("service_endpoints", "serviceEndpoints", service_endpoint),
    Field("delegation", "delegations", delegation),
    Field("sharing_scope", "sharingScope"),
)


def _subnet(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A subnet; a data source tells what is attached to it, but for a NAT gateway."""
    values = resource.values
    properties = {**prefixes(values), **body(values, _WHOLE)}
    if resource.mode == "data":
        properties["natGateway"] = {"id": not_told(resource, "nat_gateway_id")}
    yield rest(resource, lookup, properties)


_DEFINITION: Fields = (
    Field("name", "name"),
    Field("service", "properties.service", default="Microsoft.Storage"),
    Field("service_resources", "properties.serviceResources", texts),
)


def _endpoint_policy(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    told = first_of(resource.values, "definition")
    definitions = untold(told) or [body(each, _DEFINITION) for each in blocks(told)]
    yield rest(resource, lookup, {"serviceEndpointPolicyDefinitions": definitions})


_NSG: Fields = (Field("network_security_group_id", "networkSecurityGroup", ref),)
_ROUTE_TABLE: Fields = (Field("route_table_id", "routeTable", ref),)
_NAT_GATEWAY: Fields = (Field("nat_gateway_id", "natGateway", ref),)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_subnet": _subnet,
    "azurerm_subnet_network_security_group_association": linked("subnet_id", _NSG),
    "azurerm_subnet_route_table_association": linked("subnet_id", _ROUTE_TABLE),
    "azurerm_subnet_nat_gateway_association": linked("subnet_id", _NAT_GATEWAY),
    "azurerm_subnet_service_endpoint_storage_policy": _endpoint_policy,
}
