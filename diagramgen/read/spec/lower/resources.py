"""Resources of subnets, and services outside VNets -> records: a table, with a function where a type differs.

What a table row does not say is the same for all: type, label, count, place in the subnet. Shapes are those
of https://learn.microsoft.com/azure/templates/, as far as segmentation needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.parts import (
    Lower,
    Properties,
    backend_pool,
    ip_configurations,
    own_address,
    public_ips,
    region_of,
    subnet_ref,
)
from diagramgen.read.spec.lower.services import lower_front_door, lower_traffic_manager, service_access
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
        envelope["zones"] = sorted(item.value for item in told.get("zones"))
    if sku := told.get("sku"):
        envelope.setdefault("sku", {"name": sku})
    if count > 1:
        envelope |= {"count": count, "each": told.get("each", False)}
    context.add(thing, type_, properties, _PLACES, region_of(thing), **envelope)


def _lower_any(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    subnet = subnet_ref(thing)
    properties: Properties = {"subnet": subnet} if subnet else {}
    if ips := public_ips(thing, context):
        properties["publicIPAddresses"] = [{"id": ip} for ip in ips]
    return properties | service_access(thing, context), {}


def _lower_machine(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    nic = f"{thing.shown}/nic"
    configuration: Properties = {
        **({"subnet": subnet_ref(thing)} if subnet_ref(thing) else {}),
        **own_address(thing, context),
        "primary": True,
    }
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        configuration["applicationSecurityGroups"] = [a.ref for a in asgs]
    if ips := public_ips(thing, context):
        configuration["publicIPAddress"] = {"id": ips[0]}
    properties: Properties = {
        "virtualMachine": thing.ref,
        "enableIPForwarding": thing.word == "nva",
        "ipConfigurations": [
            {
                "id": f"{nic.lower()}/ipconfigurations/ipconfig1",
                "name": "ipconfig1",
                "properties": configuration,
            }
        ],
    }
    if nsg := context.find(told, "nsg", "nsg"):
        properties["networkSecurityGroup"] = nsg.ref
    envelope: dict[str, Any] = {"parent": thing.key}
    context.put(
        nic,
        _NET + "networkinterfaces",
        f"{thing.name} NIC",
        properties,
        thing.place,
        {
            "ipConfigurations": told.at("asg") if "asg" in told else thing.place,
            **({"networkSecurityGroup": told.at("nsg")} if "nsg" in told else {}),
        },
        region_of(thing),
        envelope,
    )
    return {"networkProfile": {"networkInterfaces": [{"id": nic.lower()}]}}, {}


def _lower_nic(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    configurations = ip_configurations(thing, context)
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        configurations[0]["properties"]["applicationSecurityGroups"] = [a.ref for a in asgs]
    nsg = context.find(told, "nsg", "nsg")
    return {"ipConfigurations": configurations, **({"networkSecurityGroup": nsg.ref} if nsg else {})}, {}


def _lower_firewall(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    context.address_of(thing)
    properties: Properties = {
        "sku": {"name": "AZFW_VNet", "tier": told.get("sku", "Standard")},
        "ipConfigurations": ip_configurations(thing, context),
    }
    if policy := context.find(told, "policy", "firewall_policy"):
        properties["firewallPolicy"] = policy.ref
    return properties, {}


def _lower_application_gateway(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    waf = told.get("waf")
    fronts = []
    if subnet := subnet_ref(thing):
        if address := own_address(thing, context):
            fronts.append({"name": "private", "properties": {"subnet": subnet, **address}})
        elif "public_ip" not in told:
            fronts.append({"name": "private", "properties": {"subnet": subnet}})
    fronts += [
        {"name": f"public{i + 1}", "properties": {"publicIPAddress": {"id": ip}}}
        for i, ip in enumerate(public_ips(thing, context))
    ]
    tier = "WAF_v2" if waf else "Standard_v2"
    properties: Properties = {
        "sku": {"name": told.get("sku", tier), "tier": tier},
        "frontendIPConfigurations": fronts,
    }
    if subnet:
        properties["gatewayIPConfigurations"] = [{"name": "gateway", "properties": {"subnet": subnet}}]
    if waf is True:
        properties["webApplicationFirewallConfiguration"] = {"enabled": True, "firewallMode": "Prevention"}
    elif waf and (policy := context.find(told, "waf", "waf_policy")):
        properties["firewallPolicy"] = policy.ref
    pools, envelope = backend_pool(thing, context)
    return properties | pools, envelope


def _lower_load_balancer(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    ips = public_ips(thing, context)
    if told.get("internal") and ips:
        context.error(
            "contradiction",
            f"`{shorten(thing.name)}` is internal and has a public IP",
            told.at("internal"),
            "leave one of the two",
            related=(("here", told.at("public_ip")),),
        )
    fronts = [
        {"name": f"frontend{i + 1}", "properties": {"publicIPAddress": {"id": ip}}}
        for i, ip in enumerate(ips)
    ]
    if not fronts and (subnet := subnet_ref(thing)):
        fronts = [
            {
                "id": f"{thing.key}/frontendipconfigurations/frontend1",
                "name": "frontend1",
                "properties": {"subnet": subnet, **own_address(thing, context)},
            }
        ]
    pools, envelope = backend_pool(thing, context)
    return {"frontendIPConfigurations": fronts, **pools}, {
        "sku": {"name": told.get("sku", "Standard")},
        **envelope,
    }


def _lower_private_endpoint(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    properties: Properties = {"subnet": subnet_ref(thing)} if subnet_ref(thing) else {}
    if address := own_address(thing, context):
        properties["ipConfigurations"] = [
            {"name": "ipconfig1", "properties": {"privateIPAddress": address["privateIPAddress"]}}
        ]
    if target := context.find(told, "to", "service", "resource", near=thing):
        link: Properties = {
            "privateLinkServiceId": target.key,
            "privateLinkServiceConnectionState": {"status": "Approved"},
        }
        if group := told.get("group"):
            link["groupIds"] = [group]
        properties["privateLinkServiceConnections"] = [{"name": thing.name, "properties": link}]
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        properties["applicationSecurityGroups"] = [a.ref for a in asgs]
    if zone := context.find(told, "dns_zone", "private_dns_zone"):
        configurations = [{"name": zone.name, "properties": {"privateDnsZoneId": zone.key}}]
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
    properties: Properties = {
        "gatewayType": gateway_type,
        "ipConfigurations": ip_configurations(thing, context),
    }
    if gateway_type == "Vpn":
        properties |= {"vpnType": "RouteBased", "activeActive": told.get("active_active", False)}
    if asn := told.get("asn"):
        properties |= {"enableBgp": True, "bgpSettings": {"asn": asn}}
    if sku := told.get("sku"):
        properties["sku"] = {"name": sku, "tier": sku}
    return properties, {}


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
        "sku": "Standard",
        "ipConfigurations": [{"id": configuration.lower()}],
        "allowBranchToBranchTraffic": told.get("branch_to_branch", False),
    }
    if asn := told.get("asn"):
        properties["virtualRouterAsn"] = asn
    return properties, {"kind": "RouteServer"}


def _lower_bastion(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    return {"ipConfigurations": ip_configurations(thing, context)}, {
        "sku": {"name": thing.value.get("sku", "Standard")}
    }


def _in_subnet(key: str, build: Callable[[str], Any]) -> Lower:
    """A type that names its subnet in a way of its own."""

    def lower(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
        properties, envelope = _lower_any(thing, context)
        if subnet := properties.pop("subnet", None):
            properties[key] = build(subnet["id"])
        return properties, envelope

    return lower


def _lower_function_app(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    return _lower_any(thing, context)[0], {"kind": "functionapp"}


_BY_WORD: dict[str, Lower] = {
    "vm": _lower_machine,
    "vmss": _lower_machine,
    "nva": _lower_machine,
    "nic": _lower_nic,
    "firewall": _lower_firewall,
    "application_gateway": _lower_application_gateway,
    "load_balancer": _lower_load_balancer,
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
    "aks": _in_subnet("agentPoolProfiles", lambda key: [{"name": "default", "vnetSubnetID": key}]),
    "container_group": _in_subnet("subnetIds", lambda key: [{"id": key}]),
    "container_apps": _in_subnet("vnetConfiguration", lambda key: {"infrastructureSubnetId": key}),
    "app_service_environment": _in_subnet("virtualNetwork", lambda key: {"id": key}),
    "api_management": _in_subnet("virtualNetworkConfiguration", lambda key: {"subnetResourceId": key}),
    "redis": _in_subnet("subnetId", lambda key: key),
}
