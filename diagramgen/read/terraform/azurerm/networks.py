"""Virtual networks: the network with the subnets and peerings that it lists, peerings, DNS servers, DDoS plans.

A peering of Terraform has no state: what each half says is known, not whether Azure has connected them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    linked,
    nested,
    not_told,
    rest,
    several,
    simple,
)
from diagramgen.read.terraform.azurerm.subnets import SUBNET, delegation, prefixes, service_endpoint
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    flag,
    listed,
    plain,
    ref,
    text,
    texts,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_NETWORK: Fields = (
    Field("address_space", "addressSpace.addressPrefixes", texts),
    Field("dns_servers", "dhcpOptions.dnsServers", texts),
    Field("bgp_community", "bgpCommunities.virtualNetworkCommunity"),
    Field("private_endpoint_vnet_policies", "privateEndpointVNetPolicies"),
    Field("guid", "resourceGuid"),
    Field("encryption", "encryption", nested((Field("enforcement", "enforcement"),))),
)
_PLAN: Fields = (Field("id", "ddosProtectionPlan", ref), Field("enable", "enableDdosProtection", flag))
_INLINE: Fields = (
    *SUBNET,
    Field("security_group", "networkSecurityGroup", ref),
    Field("service_endpoint", "serviceEndpoints", service_endpoint),
    Field("service_endpoints", "serviceEndpoints", service_endpoint),
    Field("delegation", "delegations", delegation),
)
"""A subnet inside a network; older versions of the provider tell less of it."""
_PEERING: Fields = (
    Field("remote_virtual_network_id", "remoteVirtualNetwork", ref),
    Field("allow_virtual_network_access", "allowVirtualNetworkAccess", flag, True),
    Field("allow_forwarded_traffic", "allowForwardedTraffic", flag, False),
    Field("allow_gateway_transit", "allowGatewayTransit", flag, False),
    Field("use_remote_gateways", "useRemoteGateways", flag, False),
    Field("peer_complete_virtual_networks_enabled", "peerCompleteVnets", flag),
    Field("only_ipv6_peering_enabled", "enableOnlyIPv6Peering", flag),
    Field("local_subnet_names", "localSubnetNames", texts),
    Field("remote_subnet_names", "remoteSubnetNames", texts),
)
"""The defaults are those of
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_network_peering."""


def _virtual_network(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    azure_id = lookup.id_of(resource)
    properties = body(values, _NETWORK)
    if "addressSpace" not in properties and (pools := pool_prefixes(values)):
        properties["addressSpace"] = {"addressPrefixes": pools}
    properties |= body(block(values.get("ddos_protection_plan")), _PLAN)
    subnets = _subnets(azure_id, values, lookup)
    if subnets is not None:
        properties["subnets"] = subnets
    peerings = values.get("vnet_peerings")
    if isinstance(peerings, Mapping):
        properties["virtualNetworkPeerings"] = [
            _far(resource, azure_id, name, remote) for name, remote in peerings.items() if text(remote)
        ]
    yield rest(resource, lookup, properties)


def pool_prefixes(values: Mapping[str, Any]) -> list[Any]:
    """The prefixes that IPAM pools have allocated; the text of what is not told yet."""
    pools = values.get("ip_address_pool")
    if is_unknown(pools):
        return [pools]
    return [prefix for pool in blocks(pools) for prefix in listed(pool.get("allocated_ip_address_prefixes"))]


def _subnets(network: str, values: Mapping[str, Any], lookup: Lookup) -> list[Json] | None:
    """The subnets that the network lists: whole ones, of a data source their names alone. None where it lists none, as
    subnets of their own are made after the network was last read."""
    inline = [each for each in blocks(values.get("subnet")) if text(each.get("name"))]
    found = [_inline(network, each, lookup) for each in inline]
    names = [{"id": f"{network}/subnets/{name}"} for name in listed(values.get("subnets")) if text(name)]
    return [*found, *names] or None


_ASSOCIATIONS = {
    "networkSecurityGroup": "azurerm_subnet_network_security_group_association",
    "routeTable": "azurerm_subnet_route_table_association",
}


def _inline(network: str, values: Mapping[str, Any], lookup: Lookup) -> Json:
    """A subnet inside its network. Where it is a resource of its own, that one tells of it, and the network's copy is
    as old as its last reading: only what else is attached counts."""
    name = text(values["name"])
    azure_id = f"{network}/subnets/{name}"
    properties = body(values, _INLINE)
    own = lookup.with_id(azure_id)
    if own is None or own.type != "azurerm_subnet":
        return {"id": azure_id, "name": name, "properties": {**prefixes(values), **properties}}
    kept = {
        key: value
        for key, value in properties.items()
        if key in _ASSOCIATIONS and not lookup.referring(_ASSOCIATIONS[key], "subnet_id", azure_id)
    }
    return {"id": azure_id, "name": name, "properties": kept} if kept else {"id": azure_id}


def _far(resource: TerraformResource, network: str, name: str, remote: str) -> Json:
    """A peering of which a data source tells no more than the two ends."""
    azure_id = f"{network}/virtualNetworkPeerings/{name}"
    flags = {
        key: not_told(resource, f"vnet_peerings.{name}")
        for key in ("allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways")
    }
    return {"id": azure_id, "name": name, "properties": {"remoteVirtualNetwork": {"id": remote}, **flags}}


def _plan(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    networks = [{"id": each} for each in listed(resource.values.get("virtual_network_ids")) if plain(each)]
    yield rest(resource, lookup, {"virtualNetworks": networks} if networks else {})


_DNS_SERVERS: Fields = (Field("dns_servers", "dhcpOptions.dnsServers", texts),)
_WATCHER_LOG: Fields = (
    Field("target_resource_id", "targetResourceId"),
    Field("network_security_group_id", "targetResourceId"),
    Field("storage_account_id", "storageId"),
    Field("enabled", "enabled", flag),
)
_PROFILE_CONFIGURATION: Fields = (Field("name", "name"), Field("subnet_id", "properties.subnet", ref))
_PROFILE_INTERFACE: Fields = (
    Field("name", "name"),
    Field("ip_configuration", "properties.ipConfigurations", several(_PROFILE_CONFIGURATION)),
)


def _profile(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    told = blocks(resource.values.get("container_network_interface"))
    interfaces = [body(each, _PROFILE_INTERFACE) for each in told]
    yield rest(resource, lookup, {"containerNetworkInterfaceConfigurations": interfaces})


_PERIMETER: Fields = (
    Field("access_mode", "accessMode"),
    Field("resource_id", "privateLinkResource", ref),
    Field("network_security_perimeter_profile_id", "profile", ref),
)
_PERIMETER_RULE: Fields = (
    Field("direction", "direction"),
    Field("address_prefixes", "addressPrefixes", texts),
    Field("fqdns", "fullyQualifiedDomainNames", texts),
    Field("service_tags", "serviceTags", texts),
    Field("subscription_ids", "subscriptions", lambda v: [{"id": each} for each in listed(v)] or None),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_virtual_network": _virtual_network,
    "azurerm_virtual_network_peering": simple(_PEERING),
    "azurerm_virtual_network_dns_servers": linked("virtual_network_id", _DNS_SERVERS),
    "azurerm_network_ddos_protection_plan": _plan,
    "azurerm_ddos_protection_plan": _plan,
    "azurerm_network_watcher": simple(()),
    "azurerm_network_watcher_flow_log": simple(_WATCHER_LOG),
    "azurerm_network_profile": _profile,
    "azurerm_network_security_perimeter": simple(()),
    "azurerm_network_security_perimeter_profile": simple(()),
    "azurerm_network_security_perimeter_association": simple(_PERIMETER),
    "azurerm_network_security_perimeter_access_rule": simple(_PERIMETER_RULE),
}
