"""Databases and caches, with their firewall rules, which are resources of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.access import access_of, addresses, service, subnets
from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, rest, several, simple
from diagramgen.read.terraform.azurerm.values import (
    Json,
    first_of,
    flag,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_RANGE: Fields = (
    Field("start_ip_address", "startIpAddress"),
    Field("end_ip_address", "endIpAddress"),
)
_SUBNET_RULE: Fields = (
    Field("subnet_id", "virtualNetworkSubnetId"),
    Field("ignore_missing_vnet_service_endpoint", "ignoreMissingVnetServiceEndpoint", flag),
)
_NAME: Fields = (
    Field("fully_qualified_domain_name", "fullyQualifiedDomainName"),
    Field("fqdn", "fullyQualifiedDomainName"),
)
_FLEXIBLE: Fields = (
    Field("delegated_subnet_id", "network.delegatedSubnetResourceId"),
    Field("private_dns_zone_id", "network.privateDnsZoneArmResourceId"),
    *_NAME,
)


def _flexible(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A flexible server: one in a subnet has no public side.

    https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
    """
    values = resource.values
    properties = body(values, _FLEXIBLE)
    inside = first_of(values, "delegated_subnet_id") is not None
    network = properties.setdefault("network", {})
    network["publicNetworkAccess"] = access_of(resource, lookup, "Disabled" if inside else "Enabled")
    yield rest(resource, lookup, properties)


_INSTANCE: Fields = (
    Field("subnet_id", "subnetId"),
    Field("public_data_endpoint_enabled", "publicDataEndpointEnabled", flag, False),
    *_NAME,
)


def _ranges(value: Any) -> Any:
    """Address rules of Cosmos DB: a list, or in old versions of the provider one text with commas."""
    told = value.split(",") if isinstance(value, str) and not untold(value) else value
    found = addresses(told, "ipAddressOrRange")
    if isinstance(found, list):
        return [{"ipAddressOrRange": text(each["ipAddressOrRange"]).strip()} for each in found]
    return found


def _bypass(value: Any) -> Any:
    told = flag(value)
    return ("AzureServices" if told else "None") if isinstance(told, bool) else told


_COSMOS: Fields = (
    Field("ip_range_filter", "ipRules", _ranges),
    Field("is_virtual_network_filter_enabled", "isVirtualNetworkFilterEnabled", flag, False),
    Field("virtual_network_rule", "virtualNetworkRules", subnets),
    Field("network_acl_bypass_for_azure_services", "networkAclBypass", _bypass),
    Field("network_acl_bypass_ids", "networkAclBypassResourceIds", texts),
    Field("geo_location", "locations", several((Field("location", "locationName"),))),
    Field("endpoint", "documentEndpoint"),
)


def _cosmos(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An account; a data source tells of its rules or not, depending on its version."""
    values = resource.values
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _COSMOS)}
    if resource.mode == "data" and all(values.get(field.attribute) is None for field in _COSMOS[:3]):
        for name in ("ipRules", "isVirtualNetworkFilterEnabled", "virtualNetworkRules"):
            properties.pop(name, None)
    kind = text(values.get("kind"))
    yield rest(resource, lookup, properties, {"kind": kind} if kind else {})


_REDIS: Fields = (
    Field("subnet_id", "subnetId"),
    Field("private_static_ip_address", "staticIP"),
    Field("hostname", "hostName"),
    Field("sku_name", "sku.name"),
    Field("family", "sku.family"),
    Field("capacity", "sku.capacity"),
    Field("non_ssl_port_enabled", "enableNonSslPort", flag),
    Field("enable_non_ssl_port", "enableNonSslPort", flag),
)
_REDIS_RULE: Fields = (Field("start_ip", "startIP"), Field("end_ip", "endIP"))


def _managed_network(value: Any) -> Any:
    told = flag(value)
    return ("default" if told else None) if isinstance(told, bool) else told


_SYNAPSE: Fields = (
    Field("managed_virtual_network_enabled", "managedVirtualNetwork", _managed_network),
    Field(
        "connectivity_endpoints",
        "connectivityEndpoints",
        lambda v: dict(v) if isinstance(v, Mapping) else None,
    ),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_mssql_server": service(_NAME),
    "azurerm_mssql_database": simple(
        (Field("elastic_pool_id", "elasticPoolId"), Field("collation", "collation"))
    ),
    "azurerm_mssql_firewall_rule": simple(_RANGE),
    "azurerm_mssql_virtual_network_rule": simple(_SUBNET_RULE),
    "azurerm_mssql_managed_instance": simple(_INSTANCE),
    "azurerm_sql_server": service(_NAME),
    "azurerm_sql_database": simple(
        (Field("elastic_pool_name", "elasticPoolName"), Field("collation", "collation"))
    ),
    "azurerm_sql_firewall_rule": simple(_RANGE),
    "azurerm_sql_virtual_network_rule": simple(_SUBNET_RULE),
    "azurerm_sql_managed_instance": simple(_INSTANCE),
    "azurerm_postgresql_flexible_server": _flexible,
    "azurerm_postgresql_flexible_server_firewall_rule": simple(_RANGE),
    "azurerm_mysql_flexible_server": _flexible,
    "azurerm_mysql_flexible_server_firewall_rule": simple(_RANGE),
    "azurerm_cosmosdb_account": _cosmos,
    "azurerm_redis_cache": service(_REDIS),
    "azurerm_redis_firewall_rule": simple(_REDIS_RULE),
    "azurerm_redis_enterprise_cluster": service((Field("hostname", "hostName"),)),
    "azurerm_managed_redis": service((Field("hostname", "hostName"),)),
    "azurerm_synapse_workspace": service(_SYNAPSE),
    "azurerm_synapse_firewall_rule": simple(_RANGE),
    **{
        f"azurerm_{name}_{kind}": converter
        for name in ("postgresql", "mysql", "mariadb")
        for kind, converter in (
            ("server", service(_NAME)),
            ("firewall_rule", simple(_RANGE)),
            ("virtual_network_rule", simple(_SUBNET_RULE)),
        )
    },
}
