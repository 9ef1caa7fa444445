"""Containers: container groups, Container Apps environments, Kubernetes and OpenShift clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, nested, piece, rest, several, simple
from diagramgen.read.terraform.azurerm.values import (
    Json,
    blocks,
    first_of,
    flag,
    number,
    plain,
    ref,
    refs,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_PORTS: Fields = (Field("port", "port", number), Field("protocol", "protocol", default="TCP"))
_GROUP: Fields = (
    Field("os_type", "osType"),
    Field("subnet_ids", "subnetIds", refs),
    Field("network_profile_id", "networkProfile", ref),
)
_GROUP_ADDRESS: Fields = (
    Field("ip_address", "ip"),
    Field("dns_name_label", "dnsNameLabel"),
    Field("fqdn", "fqdn"),
)


def _container_group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A group with its address, public unless said otherwise; the ports are the group's, or those of its containers."""
    values = resource.values
    properties = body(values, _GROUP)
    kind = text(values.get("ip_address_type")) or "Public"
    if kind.lower() != "none":
        properties["ipAddress"] = {"type": kind, "ports": _open_ports(values), **body(values, _GROUP_ADDRESS)}
    yield rest(resource, lookup, properties)


def _open_ports(values: Mapping[str, Any]) -> Any:
    told = plain(values.get("exposed_port"))
    if blocks(told):
        return several(_PORTS)(told)
    inside = [port for each in blocks(values.get("container")) for port in blocks(each.get("ports"))]
    return several(_PORTS)(inside) if inside else untold(told) or []


_ENVIRONMENT: Fields = (
    Field("infrastructure_subnet_id", "vnetConfiguration.infrastructureSubnetId"),
    Field("internal_load_balancer_enabled", "vnetConfiguration.internal", flag, False),
    Field("static_ip_address", "staticIp"),
    Field("default_domain", "defaultDomain"),
    Field("public_network_access", "publicNetworkAccess"),
)
_POOL: Fields = (
    Field("name", "name"),
    Field("vnet_subnet_id", "vnetSubnetID"),
    Field("pod_subnet_id", "podSubnetID"),
    Field("node_public_ip_enabled", "enableNodePublicIP", flag),
    Field("enable_node_public_ip", "enableNodePublicIP", flag),
    Field("node_public_ip_prefix_id", "nodePublicIPPrefixID"),
    Field("node_count", "count"),
)
_API_SERVER: Fields = (
    Field("authorized_ip_ranges", "authorizedIPRanges", texts),
    Field("subnet_id", "subnetId"),
    Field("virtual_network_integration_enabled", "enableVnetIntegration", flag),
    Field("vnet_integration_enabled", "enableVnetIntegration", flag),
)
_OUTBOUND: Fields = (
    Field("outbound_ip_address_ids", "outboundIPs.publicIPs", refs),
    Field("outbound_ip_prefix_ids", "outboundIPPrefixes.publicIPPrefixes", refs),
    Field("effective_outbound_ips", "effectiveOutboundIPs", refs),
)
_NETWORK: Fields = (
    Field("network_plugin", "networkPlugin"),
    Field("network_plugin_mode", "networkPluginMode"),
    Field("network_policy", "networkPolicy"),
    Field("outbound_type", "outboundType"),
    Field("load_balancer_sku", "loadBalancerSku"),
    Field("pod_cidr", "podCidr"),
    Field("service_cidr", "serviceCidr"),
    Field("load_balancer_profile", "loadBalancerProfile", nested(_OUTBOUND)),
)
_CLUSTER: Fields = (
    Field("private_cluster_enabled", "apiServerAccessProfile.enablePrivateCluster", flag),
    Field("private_link_enabled", "apiServerAccessProfile.enablePrivateCluster", flag, False),
    Field("private_dns_zone_id", "apiServerAccessProfile.privateDNSZone"),
    Field("api_server_authorized_ip_ranges", "apiServerAccessProfile.authorizedIPRanges", texts),
    Field("network_profile", "networkProfile", nested(_NETWORK)),
    Field("node_resource_group", "nodeResourceGroup"),
    Field("fqdn", "fqdn"),
    Field("private_fqdn", "privateFQDN"),
    Field("kubernetes_version", "kubernetesVersion"),
)


def _cluster(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = body(values, _CLUSTER)
    access = values.get("api_server_access_profile")
    if untold(access):
        properties["apiServerAccessProfile"].setdefault("authorizedIPRanges", untold(access))
    for each in blocks(access):
        properties["apiServerAccessProfile"] |= body(each, _API_SERVER)
    pools = first_of(values, "default_node_pool", "agent_pool_profile")
    if pools is not None:
        properties["agentPoolProfiles"] = several(_POOL)(pools)
    yield rest(resource, lookup, properties)


def _node_pool(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A further pool, as one of the cluster's."""
    pool = body(resource.values, _POOL)
    yield from piece(resource.values.get("kubernetes_cluster_id"), {"agentPoolProfiles": [pool]})


_OPENSHIFT: Fields = (
    Field("api_server_profile", "apiserverProfile", nested((Field("visibility", "visibility"),))),
    Field("ingress_profile", "ingressProfiles", several((Field("visibility", "visibility"),))),
    Field("main_profile", "masterProfile", nested((Field("subnet_id", "subnetId"),))),
    Field("worker_profile", "workerProfiles", several((Field("subnet_id", "subnetId"),))),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_container_group": _container_group,
    "azurerm_container_app_environment": simple(_ENVIRONMENT),
    "azurerm_kubernetes_cluster": _cluster,
    "azurerm_kubernetes_automatic_cluster": _cluster,
    "azurerm_kubernetes_cluster_node_pool": _node_pool,
    "azurerm_redhat_openshift_cluster": simple(_OPENSHIFT),
}
