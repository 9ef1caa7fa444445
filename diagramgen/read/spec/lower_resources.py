"""Resources of subnets and services outside VNets -> records: one function a type where types differ, in one table.

What a table row does not say is the same for all: type, label, count, place in the subnet. Shapes are those of
https://learn.microsoft.com/azure/templates/, as far as segmentation needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.context import Context
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"
Properties = dict[str, Any]
Lower = Callable[[Named, Context], tuple[Properties, dict[str, Any]]]
"""The properties and the envelope of a resource."""

_TYPES = {
    "vpn_gateway": _NET + "virtualnetworkgateways",
    "expressroute_gateway": _NET + "virtualnetworkgateways",
    "route_server": _NET + "virtualhubs",
    "function_app": "microsoft.web/sites",
    "other": "diagramgen/other",
}
_PLACES = {"firewallPolicy": "policy", "privateLinkServiceConnections": "to", "publicNetworkAccess": "public_access",
           "sku": "sku", "bgpSettings": "asn", "virtualNetworkSubnetId": "integration"}  # fmt: skip
_MACHINES = ("vm", "vmss", "nva", "nic")


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


def region_of(thing: Named) -> str:
    """The region that is said of a thing or of its VNet."""
    here: Named | None = thing
    while here is not None:
        if isinstance(here.value, Told) and (region := here.value.get("region")):
            return str(region)
        here = here.parent
    return ""


# Parts that several types share -------------------------------------------------------------------------------------


def _subnet(thing: Named) -> dict[str, str] | None:
    subnet = thing.within("subnet")
    return subnet.ref if subnet else None


def public_ips(thing: Named, context: Context) -> list[str]:
    """The keys of a resource's public IPs; `true` makes one of its own."""
    said = thing.value.get("public_ip")
    if said is None or said is False:
        return []
    if said is True:
        shown = f"{thing.shown}/public_ip"
        place = thing.value.at("public_ip")
        context.put(shown, _NET + "publicipaddresses", f"{thing.name} public IP", {"publicIPAllocationMethod": "Static"},
                    place, None, "", {"parent": thing.key, "sku": {"name": "Standard"}})
        return [shown.lower()]
    return [ip.key for ip in context.find_all(said, ("public_ip",))]


def _address(thing: Named, context: Context) -> dict[str, str]:
    """The private address, where the spec says one or a rule or route has asked for it."""
    if ip := thing.value.get("ip"):
        return {"privateIPAddress": ip, "privateIPAllocationMethod": "Static"}
    if ip := context.lent_addresses.get(thing.key):
        return {"privateIPAddress": ip, "privateIPAllocationMethod": "Dynamic"}
    return {}


def _ip_configurations(thing: Named, context: Context) -> list[dict[str, Any]]:
    """One configuration in the subnet, and one more for each further public IP."""
    subnet = _subnet(thing)
    ips: list[str | None] = [*public_ips(thing, context)] or [None]
    configurations = []
    for index, ip in enumerate(ips):
        properties: Properties = {"subnet": subnet, **_address(thing, context)} if index == 0 and subnet else {}
        if ip:
            properties["publicIPAddress"] = {"id": ip}
        configurations.append({"name": f"ipconfig{index + 1}", "properties": properties})
    return configurations


def _backends(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """A backend pool as gateways and load balancers have it; `backends` in the envelope are the keys of what is named."""
    configurations, addresses, keys = [], [], []
    for item in thing.value.get("backends", ()):
        target = _backend(item, thing, context)
        if isinstance(target, Named):
            keys.append(target.key)
            if target.word in _MACHINES:
                configurations.append({"id": f"{target.key}/nic/ipconfigurations/ipconfig1"})
            else:
                addresses.append({"fqdn": target.name})
        elif target:
            addresses.append({"ipAddress": target} if target[0].isdigit() or ":" in target else {"fqdn": target})
    if not keys and not addresses:
        return {}, {}
    pool: Properties = {}
    if configurations:
        pool["backendIPConfigurations"] = sorted(configurations, key=lambda c: c["id"])
    if addresses:
        pool["backendAddresses"] = sorted(addresses, key=str)
    return {"backendAddressPools": [{"name": "backends", "properties": pool}]}, {"backends": sorted(keys)} if keys else {}


def _backend(item: Item, thing: Named, context: Context) -> Named | str | None:
    kinds = ("resource", "service", "subnet")
    text = item.value.strip()
    if context.names.named(text, kinds):
        return context.names.find(text, kinds, item.place, near=thing)
    if "." in text or ":" in text:
        return text.lower() if " " not in text else None
    context.names.find(text, ("resource", "service", "subnet"), item.place, near=thing)
    return None


# Types --------------------------------------------------------------------------------------------------------------


def _lower_any(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    subnet = _subnet(thing)
    properties: Properties = {"subnet": subnet} if subnet else {}
    if ips := public_ips(thing, context):
        properties["publicIPAddresses"] = [{"id": ip} for ip in ips]
    return properties | _service_access(thing, context), {}


def _lower_machine(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    nic = f"{thing.shown}/nic"
    configuration: Properties = {**({"subnet": _subnet(thing)} if _subnet(thing) else {}), **_address(thing, context), "primary": True}
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        configuration["applicationSecurityGroups"] = [a.ref for a in asgs]
    if ips := public_ips(thing, context):
        configuration["publicIPAddress"] = {"id": ips[0]}
    properties: Properties = {
        "virtualMachine": thing.ref,
        "enableIPForwarding": thing.word == "nva",
        "ipConfigurations": [{"id": f"{nic.lower()}/ipconfigurations/ipconfig1", "name": "ipconfig1", "properties": configuration}],
    }
    if nsg := context.find(told, "nsg", "nsg"):
        properties["networkSecurityGroup"] = nsg.ref
    envelope: dict[str, Any] = {"parent": thing.key}
    context.put(nic, _NET + "networkinterfaces", f"{thing.name} NIC", properties, thing.place,
                {"ipConfigurations": told.at("asg") if "asg" in told else thing.place,
                 **({"networkSecurityGroup": told.at("nsg")} if "nsg" in told else {})}, region_of(thing), envelope)  # fmt: skip
    return {"networkProfile": {"networkInterfaces": [{"id": nic.lower()}]}}, {}


def _lower_nic(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    configurations = _ip_configurations(thing, context)
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        configurations[0]["properties"]["applicationSecurityGroups"] = [a.ref for a in asgs]
    nsg = context.find(told, "nsg", "nsg")
    return {"ipConfigurations": configurations, **({"networkSecurityGroup": nsg.ref} if nsg else {})}, {}


def _lower_firewall(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    context.address_of(thing)
    properties: Properties = {"sku": {"name": "AZFW_VNet", "tier": told.get("sku", "Standard")},
                              "ipConfigurations": _ip_configurations(thing, context)}  # fmt: skip
    if policy := context.find(told, "policy", "firewall_policy"):
        properties["firewallPolicy"] = policy.ref
    return properties, {}


def _lower_application_gateway(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    waf = told.get("waf")
    fronts = []
    if subnet := _subnet(thing):
        if address := _address(thing, context):
            fronts.append({"name": "private", "properties": {"subnet": subnet, **address}})
        elif "public_ip" not in told:
            fronts.append({"name": "private", "properties": {"subnet": subnet}})
    fronts += [{"name": f"public{i + 1}", "properties": {"publicIPAddress": {"id": ip}}} for i, ip in enumerate(public_ips(thing, context))]
    tier = "WAF_v2" if waf else "Standard_v2"
    properties: Properties = {"sku": {"name": told.get("sku", tier), "tier": tier}, "frontendIPConfigurations": fronts}
    if subnet:
        properties["gatewayIPConfigurations"] = [{"name": "gateway", "properties": {"subnet": subnet}}]
    if waf is True:
        properties["webApplicationFirewallConfiguration"] = {"enabled": True, "firewallMode": "Prevention"}
    elif waf and (policy := context.find(told, "waf", "waf_policy")):
        properties["firewallPolicy"] = policy.ref
    pools, envelope = _backends(thing, context)
    return properties | pools, envelope


def _lower_load_balancer(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    ips = public_ips(thing, context)
    if told.get("internal") and ips:
        context.error("contradiction", f"`{shorten(thing.name)}` is internal and has a public IP", told.at("internal"),
                      "leave one of the two", related=(("here", told.at("public_ip")),))
    fronts = [{"name": f"frontend{i + 1}", "properties": {"publicIPAddress": {"id": ip}}} for i, ip in enumerate(ips)]
    if not fronts and (subnet := _subnet(thing)):
        fronts = [{"id": f"{thing.key}/frontendipconfigurations/frontend1", "name": "frontend1", "properties": {"subnet": subnet, **_address(thing, context)}}]
    pools, envelope = _backends(thing, context)
    return {"frontendIPConfigurations": fronts, **pools}, {"sku": {"name": told.get("sku", "Standard")}, **envelope}


def _lower_private_endpoint(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    properties: Properties = {"subnet": _subnet(thing)} if _subnet(thing) else {}
    if address := _address(thing, context):
        properties["ipConfigurations"] = [{"name": "ipconfig1", "properties": {"privateIPAddress": address["privateIPAddress"]}}]
    if target := context.find(told, "to", "service", "resource", near=thing):
        link: Properties = {"privateLinkServiceId": target.key, "privateLinkServiceConnectionState": {"status": "Approved"}}
        if group := told.get("group"):
            link["groupIds"] = [group]
        properties["privateLinkServiceConnections"] = [{"name": thing.name, "properties": link}]
    if asgs := context.find_all(told.get("asg"), ("asg",)):
        properties["applicationSecurityGroups"] = [a.ref for a in asgs]
    if zone := context.find(told, "dns_zone", "private_dns_zone"):
        configurations = [{"name": zone.name, "properties": {"privateDnsZoneId": zone.key}}]
        context.put(f"{thing.shown}/dns_zone_group", _NET + "privateendpoints/privatednszonegroups", "default",
                    {"privateDnsZoneConfigs": configurations}, told.at("dns_zone"), None, "", {"parent": thing.key})
    return properties, {}


def _lower_private_link_service(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    properties: Properties = {"ipConfigurations": _ip_configurations(thing, context)}
    if balancer := context.find(thing.value, "load_balancer", "resource", near=thing):
        properties["loadBalancerFrontendIpConfigurations"] = [{"id": f"{balancer.key}/frontendipconfigurations/frontend1"}]
    return properties, {}


def _lower_gateway(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    gateway_type = "ExpressRoute" if thing.word == "expressroute_gateway" else "Vpn"
    properties: Properties = {"gatewayType": gateway_type, "ipConfigurations": _ip_configurations(thing, context)}
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
    inner = _ip_configurations(thing, context)[0]["properties"]
    context.put(configuration, _NET + "virtualhubs/ipconfigurations", "ipconfig1", inner, thing.place, None, "", {"parent": thing.key})
    properties: Properties = {"sku": "Standard", "ipConfigurations": [{"id": configuration.lower()}],
                              "allowBranchToBranchTraffic": told.get("branch_to_branch", False)}  # fmt: skip
    if asn := told.get("asn"):
        properties["virtualRouterAsn"] = asn
    return properties, {"kind": "RouteServer"}


def _lower_bastion(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    return {"ipConfigurations": _ip_configurations(thing, context)}, {"sku": {"name": thing.value.get("sku", "Standard")}}


def _lower_front_door(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    has_private = _lower_origins(thing, context)
    waf = told.get("waf")
    if isinstance(waf, str) and (policy := context.find(told, "waf", "waf_policy")):
        parameters = {"type": "WebApplicationFirewall", "wafPolicy": policy.ref}
        context.put(f"{thing.shown}/security_policy", "microsoft.cdn/profiles/securitypolicies", "waf", {"parameters": parameters},
                    told.at("waf"), None, "", {"parent": thing.key})
    elif waf is True:
        context.put(f"{thing.shown}/security_policy", "microsoft.cdn/profiles/securitypolicies", "waf",
                    {"parameters": {"type": "WebApplicationFirewall"}}, told.at("waf"), None, "", {"parent": thing.key})
    sku = told.get("sku", "Premium_AzureFrontDoor" if has_private or waf else "Standard_AzureFrontDoor")
    return {}, {"sku": {"name": sku}}


def _lower_origins(thing: Named, context: Context) -> bool:
    """The origins of a Front Door; whether any is reached by Private Link."""
    group = f"{thing.shown}/origin_groups/default"
    kind = "microsoft.cdn/profiles/origingroups"
    origins = thing.value.get("origins", ())
    if origins:
        context.put(group, kind, "default", {}, thing.value.at("origins"), None, "", {"parent": thing.key})
    has_private = False
    for item in origins:
        told = item.value if isinstance(item.value, Told) else Told(item.place, {"to": item.value})
        place = told.at("to") if isinstance(item.value, Told) else item.place
        kinds = ("service", "resource")
        target = context.names.find(told.get("to"), kinds, place) if "to" in told else None
        if "to" not in told and "host" not in told:
            context.error("missing-key", "an origin needs the key `to` or `host`", item.place)
        if target is None and "host" not in told:
            continue
        name = target.name if target else told.get("host")
        properties: Properties = {"hostName": told.get("host", name), "enabledState": "Enabled"}
        if target:
            properties["azureOrigin"] = target.ref
        if told.get("private_link") and target:
            has_private = True
            properties["sharedPrivateLinkResource"] = {"privateLink": target.ref, "status": "Approved"}
        context.put(f"{group}/origins/{escape(target.shown if target else name)}", kind + "/origins", name, properties, item.place,
                    {"azureOrigin": place}, "", {"parent": group.lower()})  # fmt: skip
    return has_private


def _lower_traffic_manager(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    endpoints = []
    for item in thing.value.get("origins", ()):
        name = item.value.get("to") if isinstance(item.value, Told) else item.value
        place = item.value.at("to") if isinstance(item.value, Told) else item.place
        if name and (target := context.names.find(name, ("service", "resource", "public_ip"), place)):
            endpoints.append({"name": target.name, "properties": {"targetResourceId": target.key}})
    return {"endpoints": sorted(endpoints, key=lambda e: str(e["properties"]))}, {}


def _service_access(thing: Named, context: Context) -> Properties:
    """Who may reach a PaaS service on its public address."""
    told: Told = thing.value
    properties: Properties = {}
    if "public_access" in told:
        properties["publicNetworkAccess"] = "Enabled" if told.get("public_access") else "Disabled"
    subnets = context.find_all(told.get("allowed_subnets"), ("subnet",))
    addresses = sorted({item.value for item in told.get("allowed_addresses", ())}, key=lambda n: (n.version, n))
    if "allowed_subnets" in told or "allowed_addresses" in told:
        properties["networkAcls"] = {"defaultAction": "Deny", "virtualNetworkRules": [s.ref for s in subnets],
                                     "ipRules": [{"value": str(n)} for n in addresses]}  # fmt: skip
    elif told.get("public_access"):
        properties["networkAcls"] = {"defaultAction": "Allow", "virtualNetworkRules": [], "ipRules": []}
    if subnet := context.find(told, "integration", "subnet"):
        properties["virtualNetworkSubnetId"] = subnet.key
    return properties


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
    "front_door": _lower_front_door,
    "front_door_classic": _lower_front_door,
    "traffic_manager": _lower_traffic_manager,
    "function_app": _lower_function_app,
    "sql_managed_instance": _in_subnet("subnetId", lambda key: key),
    "aks": _in_subnet("agentPoolProfiles", lambda key: [{"name": "default", "vnetSubnetID": key}]),
    "container_group": _in_subnet("subnetIds", lambda key: [{"id": key}]),
    "container_apps": _in_subnet("vnetConfiguration", lambda key: {"infrastructureSubnetId": key}),
    "app_service_environment": _in_subnet("virtualNetwork", lambda key: {"id": key}),
    "api_management": _in_subnet("virtualNetworkConfiguration", lambda key: {"subnetResourceId": key}),
    "redis": _in_subnet("subnetId", lambda key: key),
}
