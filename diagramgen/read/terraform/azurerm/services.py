"""Further platform services, each with its own way to write network rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.access import access_of, acls, addresses, service
from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    nested,
    not_told,
    rest,
    settled,
    simple,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    enabled,
    first_of,
    flag,
    plain,
    text,
    texts,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_SKU: Fields = (Field("sku", "sku.name"), Field("sku_name", "sku.name"), Field("capacity", "sku.capacity"))


def _registry(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A registry. Only the Premium tier has rules; without any it lets everyone in.

    https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
    """
    values = resource.values
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _REGISTRY)}
    rules = acls(settled(resource, "network_rule_set", lookup))
    if rules is None and resource.mode == "managed" and text(values.get("sku")).lower() == "premium":
        rules = {"defaultAction": "Allow", "ipRules": []}
    if rules is not None:
        properties["networkRuleSet"] = rules
    yield rest(resource, lookup, properties, body(values, _SKU[:1]))


_REGISTRY: Fields = (
    Field("login_server", "loginServer"),
    Field("network_rule_bypass_option", "networkRuleBypassOptions"),
    Field("admin_enabled", "adminUserEnabled", flag),
)


def _with_acls(fields: Fields) -> Converter:
    """The converter of a service whose firewall is off without rules; a data source tells of no rules at all."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, fields)}
        rules = acls(settled(resource, "network_acls", lookup))
        if rules is not None or resource.mode == "data":
            properties["networkAcls"] = rules or {"defaultAction": not_told(resource, "network_acls")}
        kind = text(values.get("kind"))
        envelope = body(values, _SKU[1:2]) | ({"kind": kind} if kind else {})
        yield rest(resource, lookup, properties, envelope)

    return convert


_COGNITIVE: Fields = (
    Field("endpoint", "endpoint"),
    Field("custom_subdomain_name", "customSubDomainName"),
    Field("outbound_network_access_restricted", "restrictOutboundNetworkAccess", flag),
    Field("outbound_network_access_restrited", "restrictOutboundNetworkAccess", flag),
)


def _search(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A search service. https://learn.microsoft.com/azure/search/service-configure-firewall"""
    values = resource.values
    properties = {
        "publicNetworkAccess": access_of(resource, lookup),
        **body(values, (Field("endpoint", "endpoint"),)),
    }
    if resource.mode == "managed" or values.get("allowed_ips") is not None:
        rules = {"ipRules": addresses(values.get("allowed_ips"))}
        properties["networkRuleSet"] = rules | body(values, (Field("network_rule_bypass_option", "bypass"),))
    yield rest(resource, lookup, properties, body(values, _SKU[:1]))


_WORKSPACE: Fields = (
    Field("public_access_behind_virtual_network_enabled", "allowPublicAccessWhenBehindVnet", flag),
    Field("managed_network", "managedNetwork", nested((Field("isolation_mode", "isolationMode"),))),
    Field("discovery_url", "discoveryUrl"),
)


def _batch(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A Batch account, with rules for its account and for the management of its nodes."""
    values = resource.values
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _BATCH)}
    profile = block(values.get("network_profile"))
    sides = (("account_access", "accountAccess"), ("node_management_access", "nodeManagementAccess"))
    found = {name: acls(profile.get(attribute)) for attribute, name in sides if plain(profile.get(attribute))}
    if resource.mode == "data" and not found:
        found = {name: {"defaultAction": not_told(resource, "network_profile")} for _, name in sides}
    if found:
        properties["networkProfile"] = found
    yield rest(resource, lookup, properties)


_BATCH: Fields = (
    Field("account_endpoint", "accountEndpoint"),
    Field("pool_allocation_mode", "poolAllocationMode"),
)


def _api_management(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _API_MANAGEMENT)}
    if resource.mode == "managed":
        properties.setdefault("virtualNetworkType", "None")
    hosts = [
        {"type": kind, "hostName": each.get("host_name")}
        for told in blocks(values.get("hostname_configuration"))
        for attribute, kind in (
            ("proxy", "Proxy"),
            ("management", "Management"),
            ("developer_portal", "DeveloperPortal"),
        )
        for each in blocks(told.get(attribute))
    ]
    if hosts:
        properties["hostnameConfigurations"] = hosts
    name, _, capacity = text(values.get("sku_name")).partition("_")
    sku = {"name": name, "capacity": int(capacity) if capacity.isdecimal() else None}
    yield rest(resource, lookup, properties, {"sku": sku} if name else {})


_API_MANAGEMENT: Fields = (
    Field("virtual_network_type", "virtualNetworkType"),
    Field(
        "virtual_network_configuration",
        "virtualNetworkConfiguration",
        nested((Field("subnet_id", "subnetResourceId"),)),
    ),
    Field("public_ip_address_id", "publicIpAddressId"),
    Field("public_ip_addresses", "publicIpAddresses", texts),
    Field("private_ip_addresses", "privateIPAddresses", texts),
    Field("gateway_url", "gatewayUrl"),
)


def _wrapped(value: Any) -> Any:
    """A parameter of a Databricks workspace, which is an object with a value."""
    return {"value": value} if plain(value) is not None else None


_DATABRICKS_PARAMETERS: Fields = (
    Field("virtual_network_id", "customVirtualNetworkId", _wrapped),
    Field("public_subnet_name", "customPublicSubnetName", _wrapped),
    Field("private_subnet_name", "customPrivateSubnetName", _wrapped),
    Field("no_public_ip", "enableNoPublicIp", _wrapped),
)
_DATABRICKS: Fields = (
    Field("custom_parameters", "parameters", nested(_DATABRICKS_PARAMETERS)),
    Field("network_security_group_rules_required", "requiredNsgRules"),
    Field("managed_resource_group_id", "managedResourceGroupId"),
    Field("workspace_url", "workspaceUrl"),
)
_FOR_INGESTION, _FOR_QUERY = "publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"
_LOG_ANALYTICS: Fields = (
    Field("internet_ingestion_access_type", _FOR_INGESTION),
    Field("internet_ingestion_enabled", _FOR_INGESTION, enabled),
    Field("internet_query_access_type", _FOR_QUERY),
    Field("internet_query_enabled", _FOR_QUERY, enabled),
    Field("sku", "sku.name"),
)


def _log_analytics(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    properties = body(resource.values, _LOG_ANALYTICS)
    for name in (_FOR_INGESTION, _FOR_QUERY) if resource.mode == "managed" else ():
        properties.setdefault(name, "Enabled")
    yield rest(resource, lookup, properties)


_SPRING_NETWORK: Fields = (
    Field("app_subnet_id", "appSubnetId"),
    Field("service_runtime_subnet_id", "serviceRuntimeSubnetId"),
)
_SPRING: Fields = (Field("network", "networkProfile", nested(_SPRING_NETWORK)),)
_NODE: Fields = (
    Field("virtual_network_id", "virtualNetworkProfile.id"),
    Field("subnet_id", "virtualNetworkProfile.subnet"),
)


def _cluster(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An HDInsight cluster, with the subnets of its kinds of nodes."""
    nodes = block(resource.values.get("roles"))
    kinds = [(name, block(nodes.get(f"{name}_node"))) for name in ("head", "worker", "zookeeper")]
    roles = [{"name": f"{name}node", **body(told, _NODE)} for name, told in kinds if told]
    version = first_of(resource.values, "cluster_version")
    yield rest(resource, lookup, {"clusterVersion": version, "computeProfile": {"roles": roles}})


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_container_registry": _registry,
    "azurerm_cognitive_account": _with_acls(_COGNITIVE),
    "azurerm_ai_services": _with_acls(_COGNITIVE),
    "azurerm_search_service": _search,
    "azurerm_machine_learning_workspace": service(_WORKSPACE),
    "azurerm_ai_foundry": service(_WORKSPACE),
    "azurerm_batch_account": _batch,
    "azurerm_api_management": _api_management,
    "azurerm_databricks_workspace": service(_DATABRICKS, _SKU[:1]),
    "azurerm_data_factory": service(),
    "azurerm_recovery_services_vault": service((), _SKU[:1]),
    "azurerm_automation_account": service((), _SKU[1:2]),
    "azurerm_log_analytics_workspace": _log_analytics,
    "azurerm_spring_cloud_service": simple(_SPRING, _SKU[1:2]),
    **{
        f"azurerm_hdinsight_{name}_cluster": _cluster
        for name in ("hadoop", "hbase", "interactive_query", "kafka", "spark")
    },
}
