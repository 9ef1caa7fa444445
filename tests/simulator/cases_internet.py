"""Vectors IN-*: what comes in from the Internet and what goes out, as whole estates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.arm import Arm, Rule
from simulator.cases import Ask, Case, Json

OUTSIDE = "203.0.113.9"
MACHINE = "10.1.1.4"

NSGS: Mapping[str, list[Rule] | None] = {
    "none": None,
    "default": [],
    "Allow Tcp Internet->*:3389": [(100, "In", "Allow", "Tcp", "Internet", "*", "*", "3389")],
    "Allow Internet:443": [(100, "In", "Allow", "Tcp", "Internet", "*", "*", "443")],
    "Allow AppGwSubnet->:443, Deny *": [
        (100, "In", "Allow", "Tcp", "10.1.2.0/24", "*", "*", "443"),
        (4096, "In", "Deny", "*", "*", "*", "*", "*"),
    ],
    "Allow AzureFrontDoor.Backend:443, Deny Internet": [
        (100, "In", "Allow", "Tcp", "AzureFrontDoor.Backend", "*", "*", "443"),
        (200, "In", "Deny", "*", "Internet", "*", "*", "*"),
    ],
}
"""The NSGs of the vectors' words."""


def is_of_internet(given: Json) -> bool:
    return any(word in given for word in ("vm", "lb", "appgw", "fd", "subnet"))


def expand_internet(given: Json, flow: Json | None, direction: str = "") -> Case:
    """A VNet with one machine, and whatever lets traffic in to it or out of it."""
    arm = Arm()
    vnet = arm.vnet("v", "10.1.0.0/16")
    words = given.get("backend_nsg") or given.get("nsg") or (given.get("origin") or {}).get("nsg")
    if "appgw" in given:
        words = words or "Allow AppGwSubnet->:443, Deny *"
    rules = NSGS[words or "none"]
    nsg = None if rules is None else arm.nsg("nsg", rules)
    table = arm.route_table("rt", given["udr"]) if given.get("udr") else None
    wanted = given.get("subnet") or {}
    subnet = arm.subnet(vnet, "s", "10.1.1.0/24", nsg=nsg, route_table=table, nat=_nat_gateway(arm, wanted))
    if wanted.get("defaultOutboundAccess") is not None:
        arm.set(subnet, defaultOutboundAccess=wanted["defaultOutboundAccess"])
    sku = (given.get("vm") or given.get("origin") or {}).get("publicIp")
    public = arm.public_ip("pip", sku, "20.50.60.70") if sku else ""
    nic = arm.nic("vm", subnet, MACHINE, public_ip=public)
    if "lb" in given:
        front, back = (int(port) for port in given["lb"]["rule"].split("->"))
        frontend = arm.public_ip("pip-lb", given["lb"]["sku"])
        arm.load_balancer("lb", [nic], given["lb"]["sku"], public_ip=frontend, rules=[("Tcp", front, back)])
    if "appgw" in given:
        _application_gateway(arm, vnet, given["appgw"])
    if "fd" in given:
        site = _front_door(arm, given)
        if site:
            return Case(arm, boundary=("paas", "internet", site))
    question = _ask(flow)
    if question and "lb" in given:
        question = question._replace(port=back)  # as the machine gets it
    return Case(arm, question, ("internet", "internet", vnet), direction=direction)


def _ask(flow: Json | None) -> Ask | None:
    if not flow:
        return None
    ends = {"internet": OUTSIDE, "vm": MACHINE, "backend": MACHINE}
    return Ask(ends[flow["src"]], ends[flow["dst"]], port=int(flow.get("dport") or 443))


def _nat_gateway(arm: Arm, wanted: Json) -> str | None:
    if not wanted.get("natGateway"):
        return None
    public = {"publicIpAddresses": [{"id": arm.public_ip("pip-nat")}]}
    return arm.add("natGateways", "nat", public, sku={"name": "Standard"})


def _application_gateway(arm: Arm, vnet: str, given: Json) -> None:
    """An application gateway in a subnet of its own before the machine, with its WAF policy."""
    subnet = arm.subnet(vnet, "agw", "10.1.2.0/24")
    rid = arm.id_of("applicationGateways", "agw")
    properties: dict[str, Any] = {
        "sku": {"name": given["sku"], "tier": given["sku"], "capacity": 2},
        "gatewayIPConfigurations": [_part(rid, "gatewayIPConfigurations", "g", {"subnet": {"id": subnet}})],
        "frontendIPConfigurations": [
            _part(rid, "frontendIPConfigurations", "f", {"publicIPAddress": {"id": arm.public_ip("pip-agw")}})
        ],
        "frontendPorts": [_part(rid, "frontendPorts", "p", {"port": 443})],
        "backendAddressPools": [
            _part(rid, "backendAddressPools", "b", {"backendAddresses": [{"ipAddress": MACHINE}]})
        ],
        "backendHttpSettingsCollection": [
            _part(rid, "backendHttpSettingsCollection", "h", {"port": 443, "protocol": "Https"})
        ],
        "httpListeners": [
            _part(rid, "httpListeners", "l", {
                "frontendIPConfiguration": {"id": f"{rid}/frontendIPConfigurations/f"},
                "frontendPort": {"id": f"{rid}/frontendPorts/p"}, "protocol": "Https",
            })
        ],
        "requestRoutingRules": [
            _part(rid, "requestRoutingRules", "r", {
                "ruleType": "Basic", "httpListener": {"id": f"{rid}/httpListeners/l"},
                "backendAddressPool": {"id": f"{rid}/backendAddressPools/b"},
                "backendHttpSettings": {"id": f"{rid}/backendHttpSettingsCollection/h"},
            })
        ],
    }  # fmt: skip
    if given.get("waf"):
        settings = {"state": given["waf"]["state"], "mode": given["waf"]["mode"]}
        policy = arm.add(
            "ApplicationGatewayWebApplicationFirewallPolicies", "waf", {"policySettings": settings}
        )
        properties["firewallPolicy"] = {"id": policy}
    arm.add("applicationGateways", "agw", properties)


def _part(rid: str, segment: str, name: str, properties: Json) -> Json:
    return {"id": f"{rid}/{segment}/{name}", "name": name, "properties": properties}


def _front_door(arm: Arm, given: Json) -> str:
    """A Front Door profile with a WAF policy; the id of its origin where that is a service."""
    profile = arm.add("Microsoft.Cdn/profiles", "fd", {}, sku={"name": "Premium_AzureFrontDoor"})
    settings = {"enabledState": "Enabled", "mode": given["fd"]["waf"]}
    policy = arm.add("FrontDoorWebApplicationFirewallPolicies", "wafedge", {"policySettings": settings})
    endpoint = arm.child(
        profile, "afdEndpoints", "e", {"hostName": "e.azurefd.net", "enabledState": "Enabled"}
    )
    group = arm.child(profile, "originGroups", "g", {})
    arm.child(endpoint, "routes", "r", {
        "originGroup": {"id": group}, "patternsToMatch": ["/*"], "enabledState": "Enabled",
        "linkToDefaultDomain": "Enabled", "customDomains": [],
    })  # fmt: skip
    arm.child(profile, "securityPolicies", "s", {"parameters": {
        "type": "WebApplicationFirewall", "wafPolicy": {"id": policy},
        "associations": [{"domains": [{"id": endpoint}], "patternsToMatch": ["/*"]}],
    }})  # fmt: skip
    origin: dict[str, Any] = {"hostName": "20.50.60.70", "enabledState": "Enabled", "httpsPort": 443}
    site = ""
    if given["fd"].get("privateLink"):
        access = given["origin"]["publicNetworkAccess"]
        shaped = {"publicNetworkAccess": access, "defaultHostName": "site.azurewebsites.net"}
        site = arm.add("Microsoft.Web/sites", "site", shaped, kind="app")
        origin["hostName"] = "site.azurewebsites.net"
        origin["sharedPrivateLinkResource"] = {
            "privateLink": {"id": site}, "groupId": "sites", "status": given["fd"]["privateLink"],
        }  # fmt: skip
    elif not given["origin"].get("publicIp"):
        # An NSG that lets Front Door in needs a machine that Front Door can reach.
        configuration = arm.by_id[arm.id_of("networkInterfaces", "vm")]["properties"]["ipConfigurations"][0]
        configuration["properties"]["publicIPAddress"] = {
            "id": arm.public_ip("pip", "Standard", "20.50.60.70")
        }
    arm.child(group, "origins", "o", origin)
    return site
