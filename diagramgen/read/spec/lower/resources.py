"""Resources of subnets, and services outside VNets -> records: a table, with a function where a type differs.

What a table row does not say is the same for all: type, label, count, place in the subnet. Shapes are those
of https://learn.microsoft.com/azure/templates/, as far as segmentation needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.located import Place
from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.lower.access import service_access
from diagramgen.read.spec.lower.application_gateways import lower_application_gateway
from diagramgen.read.spec.lower.classic import classic_rules
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.load_balancers import lower_load_balancer
from diagramgen.read.spec.lower.machines import lower_machine, lower_nic, put_nics
from diagramgen.read.spec.lower.parts import (
    Lower,
    Properties,
    ip_configurations,
    own_address,
    public_ips,
    region_of,
    sku_of,
    subnet_ref,
)
from diagramgen.read.spec.lower.policies import safety_of
from diagramgen.read.spec.lower.services import lower_front_door, lower_traffic_manager
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.shapes import Told

_NET = "microsoft.network/"


_TYPES = {
    "vpn_gateway": _NET + "virtualnetworkgateways",
    "expressroute_gateway": _NET + "virtualnetworkgateways",
    "route_server": _NET + "virtualhubs",
    "function_app": "microsoft.web/sites",
    "other": "diagramgen/other",
}
_PLACES = {
    "firewallPolicy": "policy",
    "privateLinkServiceConnections": "to",
    "publicNetworkAccess": "public_access",
    "sku": "sku",
    "bgpSettings": "asn",
    "virtualNetworkSubnetId": "integration",
}


def lower_resource(thing: Named, context: Context) -> None:
    """The record of a resource or service, and those of its parts."""
    type_ = _TYPES.get(thing.word) or WORDS[thing.word].type
    properties, envelope = _BY_WORD.get(thing.word, _lower_any)(thing, context)
    told: Told = thing.value
    count = told.get("count", 1)
    if told.get("zones"):
        envelope["zones"] = context.ordered(item.value for item in told.get("zones"))
    envelope.setdefault("sku", sku_of(told))
    if kind := told.get("kind"):
        envelope["kind"] = kind
    if count > 1:
        envelope |= {"count": count, "each": told.get("each", False)}
    context.add(thing, type_, properties, _PLACES, region_of(thing), **envelope)


def _lower_any(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    subnet = subnet_ref(thing)
    properties: Properties = {"subnet": subnet} if subnet else {}
    if ips := public_ips(thing, context):
        properties["publicIPAddresses"] = [{"id": ip} for ip in ips]
    return properties | service_access(thing, context), {}


def _lower_firewall(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    context.address_of(thing)
    policy = context.find(told, "policy", "firewall_policy")
    properties: Properties = {}
    tier = told.get("sku") or (policy and policy.value and policy.value.get("tier"))
    if isinstance(tier, str) or context.has_defaults:
        tier = capital(tier) if isinstance(tier, str) else "Standard"
        properties["sku"] = {"name": "AZFW_VNet", "tier": tier}
    if isinstance(told.get("sku"), dict):
        properties["sku"] = told.get("sku")
    properties["ipConfigurations"] = ip_configurations(thing, context)
    if management := told.get("management_ip"):
        properties["managementIpConfiguration"] = _management(thing, management, context)
    if policy:
        properties["firewallPolicy"] = policy.ref
    properties |= safety_of(told) | classic_rules(thing, context)
    return properties, {}


def _management(thing: Named, said: object, context: Context) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/firewall/management-nic"""
    vnet = thing.within("vnet")
    name = "azurefirewallmanagementsubnet"
    subnets = [c for c in vnet.children if c.kind == "subnet" and c.name.lower() == name] if vnet else []
    inner: Properties = {"subnet": subnets[0].ref} if subnets else {}
    if isinstance(said, str) and (ip := context.find(thing.value, "management_ip", "public_ip")):
        inner["publicIPAddress"] = ip.ref
    return {"name": "management", "properties": inner}


def _lower_private_endpoint(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    properties: Properties = {"subnet": subnet_ref(thing)} if subnet_ref(thing) else {}
    if nics := put_nics(thing, context, "privateEndpoint"):
        properties["networkInterfaces"] = nics
    if address := own_address(thing, context):
        properties["ipConfigurations"] = [
            {"name": "ipconfig1", "properties": {"privateIPAddress": address["privateIPAddress"]}}
        ]
    if target := context.find(told, "to", "service", "resource", near=thing):
        link: Properties = {"privateLinkServiceId": target.key}
        state = told.get("state", "approved" if context.has_defaults else "unknown")
        if state != "unknown":
            link["privateLinkServiceConnectionState"] = {"status": capital(state)}
        if group := told.get("group"):
            link["groupIds"] = [group]
        properties["privateLinkServiceConnections"] = [{"name": thing.name, "properties": link}]
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        properties["applicationSecurityGroups"] = [a.ref for a in asgs]
    if zones := context.find_all(told.get("dns_zone"), ("private_dns_zone",)):
        configurations = [{"name": z.name, "properties": {"privateDnsZoneId": z.key}} for z in zones]
        context.put(
            f"{thing.shown}/dns_zone_group",
            _NET + "privateendpoints/privatednszonegroups",
            "default",
            {"privateDnsZoneConfigs": configurations},
            told.at("dns_zone"),
            None,
            "",
            {"parent": thing.key},
        )
    return properties, {}


def _lower_private_link_service(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    properties: Properties = {"ipConfigurations": ip_configurations(thing, context)}
    if balancer := context.find(thing.value, "load_balancer", "resource", near=thing):
        properties["loadBalancerFrontendIpConfigurations"] = [
            {"id": f"{balancer.key}/frontendipconfigurations/frontend1"}
        ]
    return properties, {}


def _lower_gateway(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    gateway_type = "ExpressRoute" if thing.word == "expressroute_gateway" else "Vpn"
    properties: Properties = {}
    if thing.word != "gateway" or context.has_defaults:
        properties["gatewayType"] = gateway_type
    properties["ipConfigurations"] = ip_configurations(thing, context)
    if gateway_type == "Vpn" and context.has_defaults:
        properties |= {"vpnType": "RouteBased", "activeActive": False}
    if "active_active" in told:
        properties["activeActive"] = told.get("active_active")
    if asn := told.get("asn"):
        properties |= {**context.usually(enableBgp=True), "bgpSettings": {"asn": asn}}
    if sku := told.get("sku"):
        properties["sku"] = {"name": sku, "tier": sku} if isinstance(sku, str) else sku
    if p2s := told.get("p2s"):
        properties["vpnClientConfiguration"] = _users(p2s, context)
    if site := context.find(told, "default_site", "local_network"):
        properties["gatewayDefaultSite"] = site.ref
    return properties, {}


def _users(said: Any, context: Context) -> Properties:
    """https://learn.microsoft.com/azure/vpn-gateway/point-to-site-about"""
    told = said if isinstance(said, Told) else Told(Place(""), {"address": said})
    inner: Properties = {}
    if addresses := told.get("address"):
        texts = context.ordered(str(item.value) for item in addresses)
        inner["vpnClientAddressPool"] = {"addressPrefixes": texts}
    if protocols := told.get("protocols"):
        inner["vpnClientProtocols"] = [item.value for item in protocols]
    return context.with_azure(inner, told)


def _lower_route_server(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    configuration = f"{thing.shown}/ipconfigurations/ipconfig1"
    inner = ip_configurations(thing, context)[0]["properties"]
    context.put(
        configuration,
        _NET + "virtualhubs/ipconfigurations",
        "ipconfig1",
        inner,
        thing.place,
        None,
        "",
        {"parent": thing.key},
    )
    properties: Properties = {
        **context.usually(sku="Standard", allowBranchToBranchTraffic=False),
        "ipConfigurations": [{"id": configuration.lower()}],
    }
    if "branch_to_branch" in told:
        properties["allowBranchToBranchTraffic"] = told.get("branch_to_branch")
    if asn := told.get("asn"):
        properties["virtualRouterAsn"] = asn
    return properties, {"kind": "RouteServer"}


def _lower_bastion(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    usual = "Standard" if context.has_defaults else None
    return {"ipConfigurations": ip_configurations(thing, context)}, {"sku": sku_of(thing.value, usual)}


def _in_subnet(key: str, build: Callable[[str], Any]) -> Lower:
    """A type that names its subnet in a way of its own."""

    def lower(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
        properties, envelope = _lower_any(thing, context)
        if subnet := properties.pop("subnet", None):
            properties[key] = build(subnet["id"])
        return properties, envelope

    return lower


def _lower_cluster(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """https://learn.microsoft.com/azure/aks/private-clusters"""
    properties, envelope = _in_subnet("agentPoolProfiles", _agent_pools)(thing, context)
    if "private_cluster" in thing.value:
        is_private = thing.value.get("private_cluster")
        profile = properties.get("apiServerAccessProfile", {})
        properties["apiServerAccessProfile"] = {**profile, "enablePrivateCluster": is_private}
    return properties, envelope


def _agent_pools(subnet: str) -> list[dict[str, str]]:
    return [{"name": "default", "vnetSubnetID": subnet}]


def _lower_function_app(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    return _lower_any(thing, context)[0], {"kind": "functionapp"}


_BY_WORD: dict[str, Lower] = {
    "vm": lower_machine,
    "vmss": lower_machine,
    "nva": lower_machine,
    "nic": lower_nic,
    "firewall": _lower_firewall,
    "application_gateway": lower_application_gateway,
    "load_balancer": lower_load_balancer,
    "private_endpoint": _lower_private_endpoint,
    "private_link_service": _lower_private_link_service,
    "gateway": _lower_gateway,
    "vpn_gateway": _lower_gateway,
    "expressroute_gateway": _lower_gateway,
    "route_server": _lower_route_server,
    "bastion": _lower_bastion,
    "front_door": lower_front_door,
    "front_door_classic": lower_front_door,
    "traffic_manager": lower_traffic_manager,
    "function_app": _lower_function_app,
    "sql_managed_instance": _in_subnet("subnetId", lambda key: key),
    "aks": _lower_cluster,
    "container_group": _in_subnet("subnetIds", lambda key: [{"id": key}]),
    "container_apps": _in_subnet("vnetConfiguration", lambda key: {"infrastructureSubnetId": key}),
    "app_service_environment": _in_subnet("virtualNetwork", lambda key: {"id": key}),
    "api_management": _in_subnet("virtualNetworkConfiguration", lambda key: {"subnetResourceId": key}),
    "redis": _in_subnet("subnetId", lambda key: key),
}
