"""Gateways of networks, their connections, and what these lead to; ExpressRoute circuits; Bastion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, members, nested, parts, rest, simple
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    first_of,
    flag,
    ref,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_CONFIGURATION: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("public_ip_address_id", "publicIPAddress", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_address_allocation", "privateIPAllocationMethod"),
)
_BGP: Fields = (
    Field("asn", "asn"),
    Field("peer_weight", "peerWeight"),
    Field("peering_address", "bgpPeeringAddress"),
    Field("bgp_peering_address", "bgpPeeringAddress"),
)
_CLIENT_POOL: Fields = (Field("address_prefixes", "vpnClientAddressPool.addressPrefixes", texts),)
_CLIENTS: Fields = (
    Field("address_space", "vpnClientAddressPool.addressPrefixes", texts),
    Field("vpn_client_protocols", "vpnClientProtocols", texts),
    Field("vpn_auth_types", "vpnAuthenticationTypes", texts),
    Field(
        "virtual_network_gateway_client_connection",
        "vngClientConnectionConfigurations",
        members(_CLIENT_POOL),
    ),
)
_GATEWAY: Fields = (
    Field("type", "gatewayType"),
    Field("vpn_type", "vpnType"),
    Field("bgp_enabled", "enableBgp", flag),
    Field("enable_bgp", "enableBgp", flag),
    Field("active_active", "activeActive", flag),
    Field("private_ip_address_enabled", "enablePrivateIpAddress", flag),
    Field("generation", "vpnGatewayGeneration"),
    Field("sku", "sku.name"),
    Field("default_local_network_gateway_id", "gatewayDefaultSite", ref),
    Field("remote_vnet_traffic_enabled", "allowRemoteVnetTraffic", flag, False),
    Field("virtual_wan_traffic_enabled", "allowVirtualWanTraffic", flag, False),
    Field("bgp_settings", "bgpSettings", nested(_BGP)),
    Field("custom_route", "customRoutes", nested((Field("address_prefixes", "addressPrefixes", texts),))),
    Field("vpn_client_configuration", "vpnClientConfiguration", nested(_CLIENTS)),
)
"""https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_network_gateway"""


def _gateway(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = body(values, _GATEWAY)
    if resource.mode == "data":
        for name in ("allowRemoteVnetTraffic", "allowVirtualWanTraffic"):
            properties.pop(name)
    configurations = parts(
        lookup.id_of(resource), "ipConfigurations", values.get("ip_configuration"), _CONFIGURATION
    )
    if configurations:
        properties["ipConfigurations"] = configurations
    yield rest(resource, lookup, properties)


_CONNECTION: Fields = (
    Field("type", "connectionType"),
    Field("virtual_network_gateway_id", "virtualNetworkGateway1", ref),
    Field("peer_virtual_network_gateway_id", "virtualNetworkGateway2", ref),
    Field("local_network_gateway_id", "localNetworkGateway2", ref),
    Field("express_route_circuit_id", "peer", ref),
    Field("routing_weight", "routingWeight"),
    Field("connection_protocol", "connectionProtocol"),
    Field("connection_mode", "connectionMode"),
    Field("bgp_enabled", "enableBgp", flag),
    Field("enable_bgp", "enableBgp", flag),
    Field("express_route_gateway_bypass", "expressRouteGatewayBypass", flag),
    Field("use_policy_based_traffic_selectors", "usePolicyBasedTrafficSelectors", flag),
)
_LOCAL_NETWORK: Fields = (
    Field("address_space", "localNetworkAddressSpace.addressPrefixes", texts),
    Field("gateway_address", "gatewayIpAddress"),
    Field("gateway_fqdn", "fqdn"),
    Field("bgp_settings", "bgpSettings", nested(_BGP)),
)
_CIRCUIT: Fields = (
    Field("service_provider_name", "serviceProviderProperties.serviceProviderName"),
    Field("peering_location", "serviceProviderProperties.peeringLocation"),
    Field("bandwidth_in_mbps", "serviceProviderProperties.bandwidthInMbps"),
    Field("service_provider_provisioning_state", "serviceProviderProvisioningState"),
    Field("express_route_port_id", "expressRoutePort", ref),
    Field("bandwidth_in_gbps", "bandwidthInGbps"),
    Field("allow_classic_operations", "allowClassicOperations", flag),
)
_CIRCUIT_PEERING: Fields = (
    Field("peering_type", "peeringType"),
    Field("vlan_id", "vlanId"),
    Field("peer_asn", "peerASN"),
    Field("azure_asn", "azureASN"),
    Field("primary_peer_address_prefix", "primaryPeerAddressPrefix"),
    Field("secondary_peer_address_prefix", "secondaryPeerAddressPrefix"),
    Field("route_filter_id", "routeFilter", ref),
)
_PORT: Fields = (
    Field("peering_location", "peeringLocation"),
    Field("bandwidth_in_gbps", "bandwidthInGbps"),
    Field("encapsulation", "encapsulation"),
)


def _circuit(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    sku = body(block(resource.values.get("sku")), (Field("tier", "tier"), Field("family", "family")))
    if sku.keys() == {"tier", "family"}:
        sku["name"] = f"{sku['tier']}_{sku['family']}"
    yield rest(resource, lookup, body(resource.values, _CIRCUIT), {"sku": sku} if sku else {})


_BASTION: Fields = (
    Field("dns_name", "dnsName"),
    Field("scale_units", "scaleUnits"),
    Field("ip_connect_enabled", "enableIpConnect", flag),
    Field("shareable_link_enabled", "enableShareableLink", flag),
    Field("tunneling_enabled", "enableTunneling", flag),
    Field("private_only_enabled", "enablePrivateOnlyBastion", flag),
    Field("virtual_network_id", "virtualNetwork", ref),
)


def _bastion(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A Bastion host; one of the SKU Premium without a public address is private alone.

    https://learn.microsoft.com/azure/bastion/private-only-deployment
    """
    values = resource.values
    properties = body(values, _BASTION)
    told = values.get("ip_configuration")
    configurations = parts(lookup.id_of(resource), "bastionHostIpConfigurations", told, _CONFIGURATION)
    if configurations:
        properties["ipConfigurations"] = configurations
    if text(values.get("sku")).lower() == "premium" and not untold(told):
        has_address = first_of(block(told), "public_ip_address_id") is not None
        properties.setdefault("enablePrivateOnlyBastion", not has_address)
    yield rest(resource, lookup, properties, body(values, (Field("sku", "sku.name", default="Basic"),)))


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_virtual_network_gateway": _gateway,
    "azurerm_virtual_network_gateway_connection": simple(_CONNECTION),
    "azurerm_local_network_gateway": simple(_LOCAL_NETWORK),
    "azurerm_express_route_circuit": _circuit,
    "azurerm_express_route_circuit_peering": simple(_CIRCUIT_PEERING),
    "azurerm_express_route_circuit_authorization": simple(
        (Field("authorization_use_status", "authorizationUseStatus"),)
    ),
    "azurerm_express_route_port": simple(_PORT),
    "azurerm_bastion_host": _bastion,
}
