"""Whatever stands in a property, the analysis ends with verdicts: it never crashes, and never takes silence for a wall.

One small estate holds a thing of every kind that is judged. Tests put other values in place of its properties.
"""

# The estate stands in lines as an export has them.
# ruff: noqa: E501

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulator.arm import Arm, application_collection, nat_collection, network_collection

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.verdicts import LEVELS
from diagramgen.diagnostics import InputError
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import Packet, parse_addresses
from diagramgen.read import Source, read_records

Path = tuple[str | int, ...]
ODD: tuple[Any, ...] = (
    None, True, 7, -1, 4.5, 1 << 70, "", "²", "x", "10.0.0.0/8", "Internet", [], [None], [7], ["x"], [[["x"]]], {}, {"id": 7},
    {"id": "x"}, [{"id": "/x"}], [{"properties": None}], [{"properties": "x"}], {"properties": {"a": []}}, {"x": {"y": [{"z": 0}]}},
)  # fmt: skip
"""Values of every shape, and words that mean much elsewhere."""


def complete_estate() -> Arm:
    """An estate with something of every kind that the analysis reads."""
    arm = Arm()
    hub, app = arm.vnet("hub", "10.0.0.0/16"), arm.vnet("app", "10.1.0.0/16", "fd00:1::/48")
    far = arm.vnet("far", "10.2.0.0/16", subscription="00000000-0000-0000-0000-000000000002")
    spoke = arm.vnet("spoke", "10.3.0.0/16")
    arm.peer(hub, app, allowForwardedTraffic=True)
    arm.half_peering(app, far, peerCompleteVnets=False, localSubnetNames=["web"], remoteSubnetNames=["s"],
                     remoteVirtualNetworkAddressSpace={"addressPrefixes": ["10.2.0.0/17"]})  # fmt: skip
    arm.set(f"{hub}/virtualNetworkPeerings/app", allowGatewayTransit=True)
    arm.set(f"{app}/virtualNetworkPeerings/hub", useRemoteGateways=True)
    _add_filters(arm, hub, app, far, spoke)
    _add_machines(arm, app)
    _add_firewall(arm, hub)
    _add_gateways(arm, hub)
    _add_entries(arm, app)
    _add_services(arm, app)
    _add_manager(arm, app, spoke)
    _add_virtual_wan(arm, spoke)
    return arm


def _add_filters(arm: Arm, hub: str, app: str, far: str, spoke: str) -> None:
    asgs = {"web": arm.asg("web")}
    nsg = arm.nsg("filter", [
        (100, "In", "Allow", "Tcp", "10.0.0.0/16", "*", "asg:web", "443"),
        (110, "In", "Allow", "Udp", ["10.2.0.0/16", "Storage"], "1024-65535", "10.1.0.0/16", ["53", "100-200"]),
        (120, "Out", "Deny", "*", "VirtualNetwork", "*", "Internet", "*"),
        (4000, "In", "Deny", "*", "*", "*", "*", "*"),
    ], asgs)  # fmt: skip
    table = arm.route_table("rt", [
        ("0.0.0.0/0", "VirtualAppliance", "10.0.1.4"), ("10.0.0.0/16", "None", None), ("Storage", "Internet", None),
        ("10.3.0.0/16", "VirtualNetworkGateway", None),
    ], propagates=False)  # fmt: skip
    nat = arm.add(
        "natGateways",
        "nat",
        {"publicIpAddresses": [{"id": arm.public_ip("nat-ip")}]},
        sku={"name": "Standard"},
    )
    arm.subnet(hub, "AzureFirewallSubnet", "10.0.1.0/26")
    arm.subnet(hub, "GatewaySubnet", "10.0.2.0/27", route_table=table)
    arm.subnet(hub, "shared", "10.0.3.0/24", nat=nat)
    arm.subnet(
        app, "web", "10.1.1.0/24", nsg=nsg, route_table=table, addressPrefixes=["10.1.1.0/24", "fd00:1:0:1::/64"],
        serviceEndpoints=[{"service": "Microsoft.Storage", "locations": ["*"]}], defaultOutboundAccess=False,
        privateEndpointNetworkPolicies="Enabled",
        delegations=[{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
        ipConfigurations=[{"id": arm.id_of("networkInterfaces", "unseen") + "/ipConfigurations/x"}],
    )  # fmt: skip
    arm.subnet(app, "db", "10.1.2.0/24", nsg=nsg)
    arm.subnet(app, "agw", "10.1.3.0/24")
    arm.subnet(far, "s", "10.2.1.0/24")
    arm.subnet(spoke, "s", "10.3.1.0/24")


def _add_machines(arm: Arm, app: str) -> None:
    web, db = f"{app}/subnets/web", f"{app}/subnets/db"
    asg, nsg = arm.id_of("applicationSecurityGroups", "web"), arm.id_of("networkSecurityGroups", "filter")
    machine = arm.nic(
        "web1", web, "10.1.1.4", nsg=nsg, public_ip=arm.public_ip("web1-ip", address="20.1.1.1"), asgs=[asg]
    )
    arm.nic("nva", db, "10.1.2.9", forwarding=True)
    configuration = {
        "name": "c",
        "properties": {"subnet": {"id": db}, "applicationSecurityGroups": [{"id": asg}]},
    }
    nic = {"name": "n", "properties": {
        "networkSecurityGroup": {"id": nsg}, "primary": True, "ipConfigurations": [configuration],
    }}  # fmt: skip
    profile = {"networkProfile": {"networkInterfaceConfigurations": [nic]}}
    arm.add("Microsoft.Compute/virtualMachineScaleSets", "set", {"virtualMachineProfile": profile})
    arm.load_balancer("public", [machine], public_ip=arm.public_ip("lb-ip", "Basic"), rules=[("Tcp", 80, 8080)],
                      has_outbound=True)  # fmt: skip
    arm.load_balancer("inner", [machine], subnet=db, address="10.1.2.10", rules=[("Tcp", 0, 0)])


def _add_firewall(arm: Arm, hub: str) -> None:
    parent = arm.policy("parent")
    policy = arm.policy("policy", parent)
    group = arm.ip_group("group", "10.1.0.0/16", "10.2.0.0-10.2.0.255")
    arm.rule_group(
        parent, "base", 100, [network_collection("deny", 100, "Deny", [("TCP", "*", "10.9.0.0/16", "22")])]
    )
    arm.rule_group(policy, "own", 200, [
        network_collection("net", 100, "Allow", [("TCP", f"group:{group}", "10.1.2.0/24", "443"), ("Any", "10.2.0.0/16", "Sql", "*")]),
        application_collection("web", 200, "Allow", "10.1.0.0/16", "*.contoso.com", [("Https", 443)]),
        nat_collection("nat", 90, {
            "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["20.1.1.9"], "destinationPorts": ["443"],
            "translatedAddress": "10.1.1.4", "translatedPort": "443",
        }),
    ])  # fmt: skip
    arm.firewall("fw", f"{hub}/subnets/AzureFirewallSubnet", "10.0.1.4", policy)
    classic = [{"name": "c", "properties": {"priority": 100, "action": {"type": "Allow"}, "rules": [
        {"name": "r", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["*"], "destinationPorts": ["80"]},
    ]}}]  # fmt: skip
    arm.firewall("classic", f"{hub}/subnets/AzureFirewallSubnet", "10.0.1.5", networkRuleCollections=classic)


def _add_gateways(arm: Arm, hub: str) -> None:
    subnet = f"{hub}/subnets/GatewaySubnet"
    pool = {"vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]}}
    gateway = arm.gateway("vpn", subnet, vpnClientConfiguration=pool)
    express = arm.gateway("er", subnet, "ExpressRoute", allowRemoteVnetTraffic=True)
    arm.connection("tunnel", gateway, arm.site("office", "192.168.0.0/16"))
    arm.connection("circuit", express, arm.circuit("circuit"), "ExpressRoute")
    arm.connection(
        "far-circuit",
        arm.id_of("virtualNetworkGateways", "far"),
        arm.id_of("expressRouteCircuits", "circuit"),
        "ExpressRoute",
    )


def _add_entries(arm: Arm, app: str) -> None:
    policy = arm.add("ApplicationGatewayWebApplicationFirewallPolicies", "waf", {
        "policySettings": {"state": "Enabled", "mode": "Prevention"}, "managedRules": {"managedRuleSets": []},
    })  # fmt: skip
    rid = arm.id_of("applicationGateways", "agw")

    def part(kind: str, **properties: Any) -> list[dict[str, Any]]:
        return [{"id": f"{rid}/{kind}/x", "name": "x", "properties": properties}]

    def named(kind: str) -> dict[str, str]:
        return {"id": f"{rid}/{kind}/x"}

    arm.add("applicationGateways", "agw", {
        "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "firewallPolicy": {"id": policy},
        "gatewayIPConfigurations": part("gatewayIPConfigurations", subnet={"id": f"{app}/subnets/agw"}),
        "frontendIPConfigurations": part("frontendIPConfigurations", publicIPAddress={"id": arm.public_ip("agw-ip")}),
        "frontendPorts": part("frontendPorts", port=443),
        "backendAddressPools": part("backendAddressPools", backendAddresses=[{"ipAddress": "10.1.1.4"}, {"fqdn": "x.contoso.com"}]),
        "backendHttpSettingsCollection": part("backendHttpSettingsCollection", port=443, protocol="Https"),
        "httpListeners": part("httpListeners", frontendIPConfiguration=named("frontendIPConfigurations"),
                              frontendPort=named("frontendPorts"), protocol="Https", hostName="shop.contoso.com"),
        "requestRoutingRules": part("requestRoutingRules", ruleType="Basic", httpListener=named("httpListeners"),
                                    backendAddressPool=named("backendAddressPools"),
                                    backendHttpSettings=named("backendHttpSettingsCollection")),
    })  # fmt: skip
    door = arm.add(
        "Microsoft.Cdn/profiles", "door", {"frontDoorId": "1"}, sku={"name": "Premium_AzureFrontDoor"}
    )
    origins = arm.child(door, "originGroups", "g", {"loadBalancingSettings": {}})
    arm.child(origins, "origins", "o", {"hostName": "20.1.1.1", "enabledState": "Enabled"})
    endpoint = arm.child(door, "afdEndpoints", "e", {"hostName": "e.azurefd.net", "enabledState": "Enabled"})
    arm.child(
        endpoint,
        "routes",
        "r",
        {"originGroup": {"id": origins}, "patternsToMatch": ["/*"], "enabledState": "Enabled"},
    )
    arm.child(door, "securityPolicies", "s", {"parameters": {
        "type": "WebApplicationFirewall", "wafPolicy": {"id": arm.id_of("frontDoorWebApplicationFirewallPolicies", "w")},
        "associations": [{"domains": [{"id": endpoint}], "patternsToMatch": ["/*"]}],
    }})  # fmt: skip
    arm.add(
        "frontDoorWebApplicationFirewallPolicies",
        "w",
        {"policySettings": {"enabledState": "Enabled", "mode": "Prevention"}},
    )
    arm.add("bastionHosts", "bastion", {"ipConfigurations": [{"name": "c", "properties": {
        "subnet": {"id": f"{app}/subnets/db"}, "publicIPAddress": {"id": arm.public_ip("bastion-ip")},
    }}]})  # fmt: skip


def _add_services(arm: Arm, app: str) -> None:
    web = f"{app}/subnets/web"
    storage = arm.add("Microsoft.Storage/storageAccounts", "store", {
        "publicNetworkAccess": "Enabled", "primaryEndpoints": {"blob": "https://store.blob.core.windows.net/"},
        "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": [{"value": "20.5.0.0/24", "action": "Allow"}],
                        "virtualNetworkRules": [{"id": web, "action": "Allow"}],
                        "resourceAccessRules": [{"tenantId": "t", "resourceId": "/x"}]},
    })  # fmt: skip
    sql = arm.add(
        "Microsoft.Sql/servers",
        "sql",
        {"publicNetworkAccess": "Enabled", "fullyQualifiedDomainName": "sql.database.windows.net"},
    )
    arm.child(sql, "firewallRules", "any", {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"})
    arm.child(sql, "virtualNetworkRules", "v", {"virtualNetworkSubnetId": web, "state": "Ready"})
    arm.add(
        "Microsoft.KeyVault/vaults",
        "vault",
        {"networkAcls": {"defaultAction": "Allow"}, "vaultUri": "https://v.vault.azure.net"},
    )
    arm.add("Microsoft.Web/sites", "site", {
        "virtualNetworkSubnetId": web, "defaultHostName": "site.azurewebsites.net",
        "siteConfig": {"ipSecurityRestrictions": [{"ipAddress": "20.7.0.0/16", "action": "Allow", "priority": 100, "name": "a"}]},
    })  # fmt: skip
    endpoint = arm.private_endpoint("pe", web, "10.1.1.20", storage)
    arm.private_endpoint("pe-sql", f"{app}/subnets/db", "10.1.2.20", sql, "sqlServer")
    zone = arm.add("privateDnsZones", "privatelink.blob.core.windows.net", {})
    arm.child(zone, "virtualNetworkLinks", "l", {"virtualNetwork": {"id": app}})
    arm.child(
        endpoint,
        "privateDnsZoneGroups",
        "default",
        {"privateDnsZoneConfigs": [{"name": "z", "properties": {"privateDnsZoneId": zone}}]},
    )


def _add_manager(arm: Arm, app: str, spoke: str) -> None:
    manager = arm.manager()
    group = arm.group(manager, "g", [app, spoke])
    arm.connectivity(manager, "mesh", group)
    arm.admin_rules(manager, "baseline", [(group, [
        (10, "In", "Deny", "Tcp", "Internet", "*", "*", "3389"), (20, "In", "AlwaysAllow", "Tcp", "10.3.0.0/16", "*", "*", "22"),
    ])])  # fmt: skip


def _add_virtual_wan(arm: Arm, spoke: str) -> None:
    wan = arm.add("virtualWans", "wan", {"type": "Standard", "allowBranchToBranchTraffic": True})
    hub = arm.add("virtualHubs", "vhub", {
        "virtualWan": {"id": wan}, "addressPrefix": "10.100.0.0/23", "azureFirewall": {"id": arm.id_of("azureFirewalls", "hubfw")},
    })  # fmt: skip
    default = arm.child(hub, "hubRouteTables", "defaultRouteTable", {
        "labels": ["default"],
        "routes": [{"name": "r", "destinationType": "CIDR", "destinations": ["10.50.0.0/16"], "nextHopType": "ResourceId",
                    "nextHop": arm.id_of("azureFirewalls", "hubfw")}],
    })  # fmt: skip
    arm.child(hub, "hubVirtualNetworkConnections", "spoke", {
        "remoteVirtualNetwork": {"id": spoke}, "enableInternetSecurity": True,
        "routingConfiguration": {"associatedRouteTable": {"id": default}, "propagatedRouteTables": {"labels": ["default"], "ids": [{"id": default}]},
                                 "vnetRoutes": {"staticRoutes": [{"name": "s", "addressPrefixes": ["10.60.0.0/16"], "nextHopIpAddress": "10.3.1.4"}]}},
    })  # fmt: skip
    arm.add("azureFirewalls", "hubfw", {
        "virtualHub": {"id": hub}, "firewallPolicy": {"id": arm.id_of("firewallPolicies", "policy")}, "sku": {"name": "AZFW_Hub", "tier": "Standard"},
        "hubIPAddresses": {"privateIPAddress": "10.100.0.4", "publicIPs": {"count": 1, "addresses": [{"address": "20.9.9.9"}]}},
    })  # fmt: skip
    site = arm.add(
        "vpnSites",
        "branch",
        {"addressSpace": {"addressPrefixes": ["192.168.77.0/24"]}, "virtualWan": {"id": wan}},
    )
    gateway = arm.add("vpnGateways", "hubvpn", {"virtualHub": {"id": hub}})
    arm.child(gateway, "vpnConnections", "branch", {
        "remoteVpnSite": {"id": site}, "routingConfiguration": {"associatedRouteTable": {"id": default}},
    })  # fmt: skip
    clients = arm.add("p2sVpnGateways", "p2s", {"virtualHub": {"id": hub}, "p2SConnectionConfigurations": [
        {"name": "c", "properties": {"vpnClientAddressPool": {"addressPrefixes": ["172.17.0.0/24"]}}},
    ]})  # fmt: skip
    assert clients


ESTATE = json.loads(complete_estate().text())
PACKETS = [
    ("10.1.1.4", "10.1.2.9"), ("10.1.2.9", "10.0.3.7"), ("10.1.1.4", "8.8.8.8"), ("8.8.8.8", "20.1.1.1"), ("8.8.8.8", "10.1.1.4"),
    ("192.168.1.1", "10.1.1.4"), ("10.3.1.4", "10.1.1.4"), ("10.3.1.4", "192.168.77.1"), ("10.2.1.1", "10.1.1.20"),
    ("10.1.1.4", "168.63.129.16"), ("10.50.1.1", "10.60.0.1"), ("172.16.0.3", "10.0.3.3"),
]  # fmt: skip


def number(text: str) -> int:
    found = parse_addresses(text)
    assert found
    return found[0][0]


def analysed(estate: Any) -> Analysis | None:
    """The analysis, or None where the estate is refused as broken."""
    try:
        reading = read_records([Source("estate.json", json.dumps(estate).encode())])
    except InputError:
        return None
    return analyse_topology(build_topology(reading))


def ask_all(analysis: Analysis) -> None:
    """Every boundary, and a few packets."""
    for boundary in analysis.boundaries():
        assert boundary.level in LEVELS
        assert boundary.status in ("no-path", "enforced", "gap", "unknown")
    for source, target in PACKETS:
        for service in (443, 65536 + 53, 131072):
            told = analysis.trace(Packet(number(source), number(target), service))
            assert told.verdict in ("allowed", "denied", "unknown")


def properties(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of everything below `properties` and `sku`, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from (
                below((*path, name), inner)
                if name in ("properties", "sku")
                else properties(inner, (*path, name))
            )
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from properties(inner, (*path, at))


def below(path: Path, value: Any) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from below((*path, name), inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from below((*path, at), inner)


PATHS = tuple(properties(ESTATE))


def changed(path: Path, value: Any) -> Any:
    """The estate with another value at a path."""
    estate = copy.deepcopy(ESTATE)
    place = estate
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = copy.deepcopy(value)
    return estate


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 70000) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([value for value in ODD if isinstance(value, str)]) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "properties", "name", "subnet", "addressPrefixes", "x"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def test_the_estate_is_complete() -> None:
    """Else the other tests would look away from what they mean to test."""
    analysis = analysed(ESTATE)
    assert analysis is not None
    ask_all(analysis)
    assert {boundary.level for boundary in analysis.boundaries()} == set(LEVELS)
    assert {boundary.status for boundary in analysis.boundaries()} >= {"gap", "enforced", "unknown"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(PATHS), value=st.sampled_from(ODD) | json_values)
def test_no_property_of_any_shape_crashes_the_analysis(path: Path, value: Any) -> None:
    analysis = analysed(changed(path, value))
    if analysis is not None:
        ask_all(analysis)
