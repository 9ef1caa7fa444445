"""Gateways of virtual hubs, VPN sites, and the connections between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    members,
    nested,
    rest,
    several,
    simple,
)
from diagramgen.read.terraform.azurerm.values import Json, blocks, flag, ref, texts, untold
from diagramgen.read.terraform.azurerm.wan import routing, routing_of
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_BGP: Fields = (Field("asn", "asn"), Field("peer_weight", "peerWeight"))
_INSTANCE: Fields = (
    Field("id", "id"),
    Field("private_ip_address", "privateIPAddress"),
    Field("public_ip_address", "publicIPAddress"),
)
_VPN_GATEWAY: Fields = (
    Field("virtual_hub_id", "virtualHub", ref),
    Field("scale_unit", "vpnGatewayScaleUnit"),
    Field("bgp_settings", "bgpSettings", nested(_BGP)),
    Field("ip_configuration", "ipConfigurations", several(_INSTANCE)),
)
_SITE_BGP: Fields = (Field("asn", "asn"), Field("peering_address", "bgpPeeringAddress"))
_SITE_LINK: Fields = (
    Field("ip_address", "ipAddress"),
    Field("fqdn", "fqdn"),
    Field("bgp", "bgpProperties", nested(_SITE_BGP)),
    Field("speed_in_mbps", "linkProperties.linkSpeedInMbps"),
    Field("provider_name", "linkProperties.linkProviderName"),
)
_SITE: Fields = (
    Field("virtual_wan_id", "virtualWan", ref),
    Field("address_cidrs", "addressSpace.addressPrefixes", texts),
    Field("device_vendor", "deviceProperties.deviceVendor"),
    Field("device_model", "deviceProperties.deviceModel"),
    Field("link", "vpnSiteLinks", members(_SITE_LINK)),
)
_LINK: Fields = (
    Field("vpn_site_link_id", "vpnSiteLink", ref),
    Field("bandwidth_mbps", "connectionBandwidth"),
    Field("bgp_enabled", "enableBgp", flag),
    Field("protocol", "vpnConnectionProtocolType"),
)
_BRANCH: Fields = (
    Field("remote_vpn_site_id", "remoteVpnSite", ref),
    Field("internet_security_enabled", "enableInternetSecurity", flag, False),
    Field("vpn_link", "vpnLinkConnections", members(_LINK)),
)
_CIRCUIT: Fields = (
    Field("express_route_circuit_peering_id", "expressRouteCircuitPeering", ref),
    Field("internet_security_enabled", "enableInternetSecurity", flag),
    Field("enable_internet_security", "enableInternetSecurity", flag, False),
    Field("routing_weight", "routingWeight"),
)
_CIRCUIT_GATEWAY: Fields = (
    Field("virtual_hub_id", "virtualHub", ref),
    Field("scale_units", "autoScaleConfiguration.bounds.min"),
    Field("allow_non_virtual_wan_traffic", "allowNonVirtualWanTraffic", flag),
)


def _pool(value: Any) -> Any:
    """The prefixes of all pools of a connection."""
    if is_unknown(value):
        return value
    found: list[Any] = []
    for each in blocks(value):
        told = texts(each.get("address_prefixes"))
        found += told if isinstance(told, list) else [told] if told else []
    return found or None


_CLIENTS: Fields = (
    Field("vpn_client_address_pool", "vpnClientAddressPool.addressPrefixes", _pool),
    Field("internet_security_enabled", "enableInternetSecurity", flag),
)
_P2S_GATEWAY: Fields = (
    Field("virtual_hub_id", "virtualHub", ref),
    Field("vpn_server_configuration_id", "vpnServerConfiguration", ref),
    Field("scale_unit", "vpnGatewayScaleUnit"),
    Field("connection_configuration", "p2SConnectionConfigurations", members(_CLIENTS)),
)


def _clients(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A gateway for people who dial in, with the routing of each of its configurations."""
    properties = body(resource.values, _P2S_GATEWAY)
    told = blocks(resource.values.get("connection_configuration"))
    made = properties.get("p2SConnectionConfigurations")
    for values, each in zip(told, made if isinstance(made, list) else [], strict=False):
        inner = values.get("route")
        found = None if resource.is_new and untold(inner) else routing(inner, resource.is_new)
        if found and isinstance(each, dict):
            each["properties"]["routingConfiguration"] = found
    yield rest(resource, lookup, properties)


def _connection(fields: Fields) -> Converter:
    """The converter of a branch's connection to a hub."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        yield rest(resource, lookup, body(resource.values, fields) | routing_of(resource, lookup))

    return convert


_SERVER: Fields = (
    Field("vpn_authentication_types", "vpnAuthenticationTypes", texts),
    Field("vpn_protocols", "vpnProtocols", texts),
)
_APPLIANCE: Fields = (Field("virtual_hub_id", "virtualHub", ref),)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_vpn_gateway": simple(_VPN_GATEWAY),
    "azurerm_vpn_gateway_connection": _connection(_BRANCH),
    "azurerm_vpn_site": simple(_SITE),
    "azurerm_vpn_server_configuration": simple(_SERVER),
    "azurerm_point_to_site_vpn_gateway": _clients,
    "azurerm_express_route_gateway": simple(_CIRCUIT_GATEWAY),
    "azurerm_express_route_connection": _connection(_CIRCUIT),
    "azurerm_palo_alto_virtual_network_appliance": simple(_APPLIANCE),
}
