"""What a spec of existing things says is what Azure's REST API lists of them: a case each, with both."""

# ruff: noqa: E501 - a case reads best on few lines
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from diagramgen.analyse import analyse_topology
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Topology
from diagramgen.read import Source, read_records
from diagramgen.read.spec.language.resources import BELONGS

GUID = "8b5f0c2e-0000-4000-8000-1c2d3e4f5a6b"
IN_GROUP = f"/subscriptions/{GUID}/resourceGroups/rg/providers"
NET = f"{IN_GROUP}/Microsoft.Network"
VNET = f"{NET}/virtualNetworks/v"
Json = dict[str, Any]


class Case(NamedTuple):
    """What is said in a subscription with the VNet `v` and its subnet `s`, and what the REST API lists: `rest` are rows of
    type, id, properties and what stands beside them."""

    name: str
    shared: str = ""
    resources: str = ""
    subnet: str = ""
    vnet: str = ""
    services: str = ""
    rest: tuple[tuple[str, str, Json, Json], ...] = ()
    in_subnet: Mapping[str, Any] = {}
    in_vnet: Mapping[str, Any] = {}


def ref(rid: str) -> Json:
    return {"id": rid}


def net(kind: str, name: str, properties: Json, /, **beside: Any) -> tuple[str, str, Json, Json]:
    return (f"Microsoft.Network/{kind}", f"{NET}/{kind}/{name}", properties, beside)


def child(kind: str, rid: str, properties: Json, /, **beside: Any) -> tuple[str, str, Json, Json]:
    return (kind, rid, properties, beside)


def of(kind: str, name: str, properties: Json, /, **beside: Any) -> tuple[str, str, Json, Json]:
    return (kind, f"{IN_GROUP}/{kind}/{name}", properties, beside)


SUBNET = f"{VNET}/subnets/s"


def nic(name: str, machine: str, *configurations: Json, **more: Any) -> tuple[str, str, Json, Json]:
    owner = (
        {"virtualMachine": ref(f"{IN_GROUP}/Microsoft.Compute/virtualMachines/{machine}")} if machine else {}
    )
    return net("networkInterfaces", name, {**owner, "ipConfigurations": list(configurations), **more})


def ip(name: str = "ipconfig1", primary: bool = True, subnet: str = SUBNET, **more: Any) -> Json:
    return {"name": name, "properties": {"subnet": ref(subnet), "primary": primary, **more}}


def vm(name: str, *nics: str) -> tuple[str, str, Json, Json]:
    listed = [ref(f"{NET}/networkInterfaces/{each}") for each in nics]
    return of("Microsoft.Compute/virtualMachines", name, {"networkProfile": {"networkInterfaces": listed}})


LB = f"{NET}/loadBalancers/lb"
GW = f"{NET}/applicationGateways/gw"
HUB = f"{NET}/virtualHubs/h"
SITE = f"{IN_GROUP}/Microsoft.Web/sites/app"

CASES = (
    Case(
        "an NSG's rules, as lines and in full",
        shared="""
asgs: [web]
nsgs:
  n:
    rules:
      in: 100 allow inbound tcp/443,8000-8100 from 10.0.0.0/8, tag:NewService to web
      out: {priority: 200, access: deny, direction: outbound, protocol: udp, source: any, source_ports: 53,
            destination: Storage.WestEurope, destination_ports: [1-9, 20], description: why}
      mixed: {priority: 300, access: allow, direction: inbound, azure: {sourceAddressPrefix: 10.0.0.1/8, protocol: "6"}}
""",
        subnet="nsg: n",
        in_subnet={"networkSecurityGroup": ref(f"{NET}/networkSecurityGroups/n")},
        rest=(
            net("applicationSecurityGroups", "web", {}),
            net("networkSecurityGroups", "n", {"securityRules": [
                {"name": "in", "properties": {
                    "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
                    "sourceAddressPrefixes": ["10.0.0.0/8", "NewService"], "sourcePortRange": "*",
                    "destinationApplicationSecurityGroups": [ref(f"{NET}/applicationSecurityGroups/web")],
                    "destinationPortRanges": ["443", "8000-8100"]}},
                {"name": "out", "properties": {
                    "priority": 200, "access": "Deny", "direction": "Outbound", "protocol": "Udp", "description": "why",
                    "sourceAddressPrefix": "*", "sourcePortRange": "53",
                    "destinationAddressPrefix": "Storage.WestEurope", "destinationPortRanges": ["1-9", "20"]}},
                {"name": "mixed", "properties": {
                    "priority": 300, "access": "Allow", "direction": "Inbound", "protocol": "6",
                    "sourceAddressPrefix": "10.0.0.1/8", "sourcePortRange": "*", "destinationAddressPrefix": "*",
                    "destinationPortRange": "*"}},
            ]}),
        ),
    ),
    Case(
        "routes and whether those of gateways hold",
        shared="""
route_tables:
  rt: {propagate_gateway_routes: false, routes: {all: 0.0.0.0/0 -> 10.0.9.4, gone: {prefix: tag:NewService, next: none}}}
""",
        subnet="route_table: rt",
        in_subnet={"routeTable": ref(f"{NET}/routeTables/rt")},
        rest=(
            net("routeTables", "rt", {"disableBgpRoutePropagation": True, "routes": [
                {"name": "all", "properties": {
                    "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.9.4"}},
                {"name": "gone", "properties": {"addressPrefix": "NewService", "nextHopType": "None"}},
            ]}),
        ),
    ),
    Case(
        "a subnet with all that it may have",
        subnet="service_endpoints: [Microsoft.Sql, {service: Microsoft.Storage, locations: [westeurope]}], "
        "service_endpoint_policies: sep, delegation: Microsoft.Web/serverFarms, default_outbound: false, "
        "private_endpoint_policies: routes, nat_gateway: nat",
        in_subnet={
            "serviceEndpoints": [
                {"service": "Microsoft.Sql"}, {"service": "Microsoft.Storage", "locations": ["westeurope"]},
            ],
            "serviceEndpointPolicies": [ref(f"{NET}/serviceEndpointPolicies/sep")],
            "delegations": [
                {"name": "Microsoft.Web/serverFarms", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
            ],
            "defaultOutboundAccess": False,
            "privateEndpointNetworkPolicies": "RouteTableEnabled",
            "natGateway": ref(f"{NET}/natGateways/nat"),
        },
        shared="""
service_endpoint_policies: {sep: {allows: {Microsoft.Storage: [blobs, /subscriptions/x]}}}
public_ip_prefixes: {pre: {address: 20.50.60.0/31}}
nat_gateways: {nat: {public_ip_prefix: pre}}
""",
        services="blobs: storage",
        rest=(
            net("serviceEndpointPolicies", "sep", {"serviceEndpointPolicyDefinitions": [
                {"name": "Microsoft.Storage", "properties": {
                    "service": "Microsoft.Storage",
                    "serviceResources": [f"{IN_GROUP}/Microsoft.Storage/storageAccounts/blobs", "/subscriptions/x"],
                }},
            ]}),
            net("publicIPPrefixes", "pre", {"ipPrefix": "20.50.60.0/31"}),
            net("natGateways", "nat", {"publicIpPrefixes": [ref(f"{NET}/publicIPPrefixes/pre")]}),
            of("Microsoft.Storage/storageAccounts", "blobs", {}),
        ),
    ),
    Case(
        "a VNet's DNS servers and protection",
        vnet="dns_servers: [10.0.0.9, 10.0.0.8], ddos_plan: plan",
        in_vnet={
            "dhcpOptions": {"dnsServers": ["10.0.0.9", "10.0.0.8"]},
            "enableDdosProtection": True,
            "ddosProtectionPlan": ref(f"{NET}/ddosProtectionPlans/plan"),
        },
        shared="ddos_plans: [plan]\npublic_ips: {pip: {address: 20.1.2.3, sku: standard, ddos: inherited}}",
        rest=(
            net("ddosProtectionPlans", "plan", {}),
            net("publicIPAddresses", "pip", {
                "ipAddress": "20.1.2.3", "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
            }, sku={"name": "Standard"}),
        ),
    ),
    Case(
        "a machine with several NICs and addresses",
        resources="""{m: {type: vm, nics: {
            a: {forwarding: true, nsg: n, ip_configurations: {one: {ip: 10.0.1.4, asg: web}, two: {ip: 10.0.1.5, public_ip: pip}}},
            b: {ip: 10.0.1.6}}}, lone: {type: nic, ip: 10.0.1.9}}""",
        shared="asgs: [web]\nnsgs: {n: {rules: []}}\npublic_ips: [pip]",
        rest=(
            vm("m", "a", "b"),
            nic("a", "m",
                ip("one", privateIPAddress="10.0.1.4",
                   applicationSecurityGroups=[ref(f"{NET}/applicationSecurityGroups/web")]),
                ip("two", False, privateIPAddress="10.0.1.5", publicIPAddress=ref(f"{NET}/publicIPAddresses/pip")),
                enableIPForwarding=True, networkSecurityGroup=ref(f"{NET}/networkSecurityGroups/n")),
            nic("b", "m", ip(privateIPAddress="10.0.1.6")),
            net("networkInterfaces", "lone", {"ipConfigurations": [
                {"name": "ipconfig1", "properties": {"subnet": ref(SUBNET), "privateIPAddress": "10.0.1.9",
                                                     "privateIPAllocationMethod": "Static"}}]}),
            net("applicationSecurityGroups", "web", {}),
            net("networkSecurityGroups", "n", {"securityRules": []}),
            net("publicIPAddresses", "pip", {}),
        ),
    ),
    Case(
        "a scale set",
        resources="{set: {type: vmss, nics: {n: {nsg: nsg, asg: web}}}}",
        shared="asgs: [web]\nnsgs: {nsg: {rules: []}}",
        rest=(
            of("Microsoft.Compute/virtualMachineScaleSets", "set", {
                "virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [
                    {"name": "n", "properties": {
                        "networkSecurityGroup": ref(f"{NET}/networkSecurityGroups/nsg"),
                        "ipConfigurations": [
                            ip(applicationSecurityGroups=[ref(f"{NET}/applicationSecurityGroups/web")])],
                    }},
                ]}},
            }),
            net("applicationSecurityGroups", "web", {}),
            net("networkSecurityGroups", "nsg", {"securityRules": []}),
        ),
    ),
    Case(
        "a load balancer in detail",
        resources="""{m: {type: vm, nics: {a: {ip: 10.0.1.4}}}, lb: {type: load_balancer, sku: Standard,
            frontends: {out: {public_ip: pip}, in: {ip: 10.0.1.9}},
            pools: {web: [m], far: [10.0.1.77]},
            rules: ["tcp/443 at out -> web:8443", {protocol: any, frontend: in, pool: far, outbound_snat: false, name: ha}],
            inbound_nat: {ssh: tcp/50001 at out -> m:22, many: tcp/50010-50019 at out -> web:22},
            outbound: {o: {pool: web, frontend: out, protocol: any}}}}""",
        shared="public_ips: [pip]",
        rest=(
            vm("m", "a"), nic("a", "m", ip(privateIPAddress="10.0.1.4")), net("publicIPAddresses", "pip", {}),
            net("loadBalancers", "lb", {
                "frontendIPConfigurations": [
                    {"name": "out", "properties": {"publicIPAddress": ref(f"{NET}/publicIPAddresses/pip")}},
                    {"name": "in", "properties": {"subnet": ref(SUBNET), "privateIPAddress": "10.0.1.9"}},
                ],
                "backendAddressPools": [
                    {"name": "web", "properties": {"backendIPConfigurations": [
                        ref(f"{NET}/networkInterfaces/a/ipConfigurations/ipconfig1")]}},
                    {"name": "far", "properties": {"loadBalancerBackendAddresses": [
                        {"name": "10.0.1.77", "properties": {"ipAddress": "10.0.1.77", "virtualNetwork": ref(VNET)}}]}},
                ],
                "loadBalancingRules": [
                    {"name": "tcp-443", "properties": {
                        "protocol": "Tcp", "frontendPort": 443, "backendPort": 8443,
                        "frontendIPConfiguration": ref(f"{LB}/frontendIPConfigurations/out"),
                        "backendAddressPool": ref(f"{LB}/backendAddressPools/web")}},
                    {"name": "ha", "properties": {
                        "protocol": "All", "frontendPort": 0, "backendPort": 0, "disableOutboundSnat": True,
                        "frontendIPConfiguration": ref(f"{LB}/frontendIPConfigurations/in"),
                        "backendAddressPool": ref(f"{LB}/backendAddressPools/far")}},
                ],
                "inboundNatRules": [
                    {"name": "ssh", "properties": {
                        "protocol": "Tcp", "frontendPort": 50001, "backendPort": 22,
                        "frontendIPConfiguration": ref(f"{LB}/frontendIPConfigurations/out"),
                        "backendIPConfiguration": ref(f"{NET}/networkInterfaces/a/ipConfigurations/ipconfig1")}},
                    {"name": "many", "properties": {
                        "protocol": "Tcp", "frontendPortRangeStart": 50010, "frontendPortRangeEnd": 50019,
                        "backendPort": 22, "frontendIPConfiguration": ref(f"{LB}/frontendIPConfigurations/out"),
                        "backendAddressPool": ref(f"{LB}/backendAddressPools/web")}},
                ],
                "outboundRules": [
                    {"name": "o", "properties": {
                        "protocol": "All", "frontendIPConfigurations": [ref(f"{LB}/frontendIPConfigurations/out")],
                        "backendAddressPool": ref(f"{LB}/backendAddressPools/web")}},
                ],
            }, sku={"name": "Standard"}),
        ),
    ),
    Case(
        "an application gateway in detail",
        resources="""{gw: {type: application_gateway, sku: {name: WAF_v2, tier: WAF_v2}, waf: p,
            frontends: {out: {public_ip: pip}, in: {ip: 10.0.1.9}},
            pools: {web: [10.0.1.4], api: [api.contoso.com]},
            listeners: {https: {frontend: out, port: 443, protocol: https, hosts: [www.contoso.com]},
                        inner: {frontend: in, port: 8080, protocol: http, waf: p2}},
            routing: [{listener: https, pool: web, backend_port: 8443, backend_protocol: https, priority: 10,
                       name: r1, paths: {api: {paths: [/api/*], pool: api, backend_port: 80, waf: p2}}},
                      inner -> web:8080]}}""",
        shared="public_ips: [pip]\nwaf_policies: {p: {mode: prevention, enabled: true}, p2: {mode: detection}}",
        rest=(
            net("publicIPAddresses", "pip", {}),
            net("ApplicationGatewayWebApplicationFirewallPolicies", "p",
                {"policySettings": {"mode": "Prevention", "state": "Enabled"}}),
            net("ApplicationGatewayWebApplicationFirewallPolicies", "p2", {"policySettings": {"mode": "Detection"}}),
            net("applicationGateways", "gw", {
                "sku": {"name": "WAF_v2", "tier": "WAF_v2"},
                "firewallPolicy": ref(f"{NET}/ApplicationGatewayWebApplicationFirewallPolicies/p"),
                "gatewayIPConfigurations": [{"name": "gateway", "properties": {"subnet": ref(SUBNET)}}],
                "frontendIPConfigurations": [
                    {"name": "out", "properties": {"publicIPAddress": ref(f"{NET}/publicIPAddresses/pip")}},
                    {"name": "in", "properties": {"subnet": ref(SUBNET), "privateIPAddress": "10.0.1.9"}},
                ],
                "frontendPorts": [
                    {"name": "port_443", "properties": {"port": 443}}, {"name": "port_8080", "properties": {"port": 8080}},
                ],
                "backendAddressPools": [
                    {"name": "web", "properties": {"backendAddresses": [{"ipAddress": "10.0.1.4"}]}},
                    {"name": "api", "properties": {"backendAddresses": [{"fqdn": "api.contoso.com"}]}},
                ],
                "backendHttpSettingsCollection": [
                    {"name": "https_8443", "properties": {"protocol": "Https", "port": 8443}},
                    {"name": "http_80", "properties": {"protocol": "Http", "port": 80}},
                    {"name": "http_8080", "properties": {"protocol": "Http", "port": 8080}},
                ],
                "httpListeners": [
                    {"name": "https", "properties": {
                        "frontendIPConfiguration": ref(f"{GW}/frontendIPConfigurations/out"),
                        "frontendPort": ref(f"{GW}/frontendPorts/port_443"), "protocol": "Https",
                        "hostNames": ["www.contoso.com"]}},
                    {"name": "inner", "properties": {
                        "frontendIPConfiguration": ref(f"{GW}/frontendIPConfigurations/in"),
                        "frontendPort": ref(f"{GW}/frontendPorts/port_8080"), "protocol": "Http",
                        "firewallPolicy": ref(f"{NET}/ApplicationGatewayWebApplicationFirewallPolicies/p2")}},
                ],
                "requestRoutingRules": [
                    {"name": "r1", "properties": {
                        "priority": 10, "ruleType": "PathBasedRouting",
                        "httpListener": ref(f"{GW}/httpListeners/https"), "urlPathMap": ref(f"{GW}/urlPathMaps/r1")}},
                    {"name": "inner-rule", "properties": {
                        "httpListener": ref(f"{GW}/httpListeners/inner"),
                        "backendAddressPool": ref(f"{GW}/backendAddressPools/web"),
                        "backendHttpSettings": ref(f"{GW}/backendHttpSettingsCollection/http_8080")}},
                ],
                "urlPathMaps": [
                    {"name": "r1", "properties": {
                        "defaultBackendAddressPool": ref(f"{GW}/backendAddressPools/web"),
                        "defaultBackendHttpSettings": ref(f"{GW}/backendHttpSettingsCollection/https_8443"),
                        "pathRules": [{"name": "api", "properties": {
                            "paths": ["/api/*"], "backendAddressPool": ref(f"{GW}/backendAddressPools/api"),
                            "backendHttpSettings": ref(f"{GW}/backendHttpSettingsCollection/http_80"),
                            "firewallPolicy": ref(f"{NET}/ApplicationGatewayWebApplicationFirewallPolicies/p2")}}]}},
                ],
            }),
        ),
    ),
    Case(
        "a firewall with rules of its own and forced tunnelling",
        resources="""{fw: {type: firewall, sku: Standard, ip: 10.0.1.4, public_ip: pip, threat_intelligence: alert, management_ip: pip2,
            rule_collections: {net: {priority: 200, action: allow, rules: {r: "tcp,udp/53 from 10.0.0.0/8 to 10.9.0.4"}},
                               nat: {priority: 100, action: dnat, rules: {d: tcp/22 from any to 20.1.2.3 -> 10.0.1.9:2222}},
                               app: {priority: 300, action: deny, rules: {a: "https/443 from any to *.contoso.com"}}}}}""",
        shared="public_ips: [pip, pip2]",
        rest=(
            net("publicIPAddresses", "pip", {}), net("publicIPAddresses", "pip2", {}),
            net("azureFirewalls", "fw", {
                "sku": {"name": "AZFW_VNet", "tier": "Standard"}, "threatIntelMode": "Alert",
                "ipConfigurations": [{"name": "ipconfig1", "properties": {
                    "subnet": ref(SUBNET), "privateIPAddress": "10.0.1.4", "privateIPAllocationMethod": "Static",
                    "publicIPAddress": ref(f"{NET}/publicIPAddresses/pip")}}],
                "managementIpConfiguration": {
                    "name": "management", "properties": {"publicIPAddress": ref(f"{NET}/publicIPAddresses/pip2")}},
                "networkRuleCollections": [{"name": "net", "properties": {
                    "priority": 200, "action": {"type": "Allow"}, "rules": [{
                        "name": "r", "protocols": ["TCP", "UDP"], "sourceAddresses": ["10.0.0.0/8"],
                        "destinationAddresses": ["10.9.0.4"], "destinationPorts": ["53"]}]}}],
                "natRuleCollections": [{"name": "nat", "properties": {
                    "priority": 100, "action": {"type": "Dnat"}, "rules": [{
                        "name": "d", "protocols": ["TCP"], "sourceAddresses": ["*"],
                        "destinationAddresses": ["20.1.2.3"], "destinationPorts": ["22"],
                        "translatedAddress": "10.0.1.9", "translatedPort": "2222"}]}}],
                "applicationRuleCollections": [{"name": "app", "properties": {
                    "priority": 300, "action": {"type": "Deny"}, "rules": [{
                        "name": "a", "protocols": [{"protocolType": "Https", "port": 443}], "sourceAddresses": ["*"],
                        "targetFqdns": ["*.contoso.com"]}]}}],
            }),
        ),
    ),
    Case(
        "a firewall policy with groups",
        shared="""
ip_groups: {offices: [192.168.0.0/17], parks: {address: [192.168.128.0/18], tags: {a: b}}}
firewall_policies:
  base: {tier: premium, intrusion_detection: deny, private_ranges: [10.0.0.0/8], dns_proxy: true, dns_servers: [10.0.0.4]}
  p:
    parent: base
    threat_intelligence: "off"
    rule_collection_groups:
      g: {priority: 150, rule_collections: {c: {priority: 200, action: allow, rules: [
        {protocol: [tcp], ports: [443, 8443], source: [offices, parks], destination: [Storage, sql.contoso.com], name: full, description: d}]},
        d: {priority: 300, action: deny, rules: [
        {protocol: [http, https], destination: [WindowsUpdate, tag:NewTag], web_categories: [News], urls: [a.b/c], name: app}]}}}
""",
        rest=(
            net("ipGroups", "offices", {"ipAddresses": ["192.168.0.0/17"]}),
            net("ipGroups", "parks", {"ipAddresses": ["192.168.128.0/18"]}, tags={"a": "b"}),
            net("firewallPolicies", "base", {
                "sku": {"tier": "Premium"}, "intrusionDetection": {"mode": "Deny"},
                "snat": {"privateRanges": ["10.0.0.0/8"]}, "dnsSettings": {"enableProxy": True, "servers": ["10.0.0.4"]},
            }),
            net("firewallPolicies", "p", {
                "basePolicy": ref(f"{NET}/firewallPolicies/base"), "threatIntelMode": "Off",
                "ruleCollectionGroups": [ref(f"{NET}/firewallPolicies/p/ruleCollectionGroups/g")],
            }),
            child("Microsoft.Network/firewallPolicies/ruleCollectionGroups",
                  f"{NET}/firewallPolicies/p/ruleCollectionGroups/g", {
                      "priority": 150, "ruleCollections": [{
                          "name": "c", "priority": 200, "action": {"type": "Allow"},
                          "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [{
                              "name": "full", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "description": "d",
                              "sourceIpGroups": [f"{NET}/ipGroups/offices", f"{NET}/ipGroups/parks"],
                              "destinationAddresses": ["Storage"], "destinationFqdns": ["sql.contoso.com"],
                              "destinationPorts": ["443", "8443"]}]}, {
                          "name": "d", "priority": 300, "action": {"type": "Deny"},
                          "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [{
                              "name": "app", "ruleType": "ApplicationRule", "sourceAddresses": ["*"],
                              "protocols": [{"protocolType": "Http", "port": 80}, {"protocolType": "Https", "port": 443}],
                              "fqdnTags": ["WindowsUpdate", "NewTag"], "targetUrls": ["a.b/c"],
                              "webCategories": ["News"]}]}]}),
        ),
    ),
    Case(
        "gateways and their connections",
        resources="""{gw: {type: vpn_gateway, sku: VpnGw2AZ, asn: 65515, active_active: true, public_ip: pip,
             p2s: {address: 172.16.0.0/24, protocols: [OpenVPN]}, default_site: branch},
             er: {type: expressroute_gateway}, gw2: {type: vpn_gateway}}""",
        shared=f"""
public_ips: [pip]
local_networks: {{branch: {{address: [192.168.7.0/24], gateway: 203.0.113.7, asn: 65010}}}}
circuits: {{c: {{provider: Equinix, bandwidth: 1 Gbps, location: Amsterdam, peerings: private, sku: {{name: Standard_MeteredData}}}}}}
connections:
  - {{from: branch, to: gw, status: connected, bgp: true, name: to-branch, id: {NET}/connections/to-branch}}
  - {{from: c, to: er, name: to-c, resource_group: rg}}
  - {{from: gw2, to: gw, type: vnet-to-vnet, status: disconnected, name: between, resource_group: rg}}
""",
        rest=(
            net("publicIPAddresses", "pip", {}),
            net("virtualNetworkGateways", "gw", {
                "gatewayType": "Vpn", "activeActive": True, "bgpSettings": {"asn": 65515},
                "sku": {"name": "VpnGw2AZ", "tier": "VpnGw2AZ"},
                "ipConfigurations": [{"name": "ipconfig1", "properties": {
                    "subnet": ref(SUBNET), "publicIPAddress": ref(f"{NET}/publicIPAddresses/pip")}}],
                "vpnClientConfiguration": {
                    "vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]}, "vpnClientProtocols": ["OpenVPN"]},
                "gatewayDefaultSite": ref(f"{NET}/localNetworkGateways/branch"),
            }, sku={"name": "VpnGw2AZ"}),
            net("virtualNetworkGateways", "er", {
                "gatewayType": "ExpressRoute",
                "ipConfigurations": [{"name": "ipconfig1", "properties": {"subnet": ref(SUBNET)}}]}),
            net("virtualNetworkGateways", "gw2", {
                "gatewayType": "Vpn",
                "ipConfigurations": [{"name": "ipconfig1", "properties": {"subnet": ref(SUBNET)}}]}),
            net("localNetworkGateways", "branch", {
                "gatewayIpAddress": "203.0.113.7", "bgpSettings": {"asn": 65010},
                "localNetworkAddressSpace": {"addressPrefixes": ["192.168.7.0/24"]}}),
            net("expressRouteCircuits", "c", {
                "serviceProviderProperties": {
                    "serviceProviderName": "Equinix", "peeringLocation": "Amsterdam", "bandwidthInMbps": 1000},
                "peerings": [{"name": "AzurePrivatePeering", "properties": {"peeringType": "AzurePrivatePeering"}}],
            }, sku={"name": "Standard_MeteredData"}),
            net("connections", "to-branch", {
                "virtualNetworkGateway1": ref(f"{NET}/virtualNetworkGateways/gw"), "connectionType": "IPsec",
                "localNetworkGateway2": ref(f"{NET}/localNetworkGateways/branch"), "connectionStatus": "Connected",
                "enableBgp": True}),
            net("connections", "to-c", {
                "virtualNetworkGateway1": ref(f"{NET}/virtualNetworkGateways/er"), "connectionType": "ExpressRoute",
                "peer": ref(f"{NET}/expressRouteCircuits/c")}),
            net("connections", "between", {
                "virtualNetworkGateway1": ref(f"{NET}/virtualNetworkGateways/gw"), "connectionType": "Vnet2Vnet",
                "virtualNetworkGateway2": ref(f"{NET}/virtualNetworkGateways/gw2"), "connectionStatus": "NotConnected"}),
        ),
    ),
    Case(
        "a private endpoint",
        resources="{pe: {type: private_endpoint, to: kv, group: vault, state: pending, dns_zone: [z], asg: web, nics: {n: {ip: 10.0.1.7}}}}",
        services="kv: {type: key_vault, public_access: false, bypass: [AzureServices]}",
        shared="asgs: [web]\nprivate_dns_zones: {z: {vnets: [v]}}",
        rest=(
            net("applicationSecurityGroups", "web", {}), net("privateDnsZones", "z", {}),
            child("Microsoft.Network/privateDnsZones/virtualNetworkLinks", f"{NET}/privateDnsZones/z/virtualNetworkLinks/v",
                  {"virtualNetwork": ref(VNET)}),
            of("Microsoft.KeyVault/vaults", "kv",
               {"publicNetworkAccess": "Disabled", "networkAcls": {"bypass": "AzureServices"}}),
            net("privateEndpoints", "pe", {
                "subnet": ref(SUBNET), "networkInterfaces": [ref(f"{NET}/networkInterfaces/n")],
                "privateLinkServiceConnections": [{"name": "pe", "properties": {
                    "privateLinkServiceId": f"{IN_GROUP}/Microsoft.KeyVault/vaults/kv", "groupIds": ["vault"],
                    "privateLinkServiceConnectionState": {"status": "Pending"}}}],
                "applicationSecurityGroups": [ref(f"{NET}/applicationSecurityGroups/web")],
                "privateDnsZoneGroups": [{"name": "default", "properties": {"privateDnsZoneConfigs": [
                    {"name": "z", "properties": {"privateDnsZoneId": f"{NET}/privateDnsZones/z"}}]}}],
            }),
            net("networkInterfaces", "n", {
                "privateEndpoint": ref(f"{NET}/privateEndpoints/pe"),
                "ipConfigurations": [ip(privateIPAddress="10.0.1.7")]}),
        ),
    ),
    Case(
        "services and who may reach them",
        services="""
          st: {type: storage, sku: Standard_LRS, public_access: true, allowed_subnets: [s], allowed_addresses: [203.0.113.0/24]}
          db: {type: sql, allowed_addresses: {office: 203.0.113.4-203.0.113.9}, allowed_subnets: [s]}
          acr: {type: container_registry, allowed_addresses: [203.0.113.7], bypass: [AzureServices]}
          bus: {type: service_bus, allowed_addresses: [203.0.113.7], allowed_subnets: [s]}
          cos: {type: cosmos, allowed_addresses: [203.0.113.7]}
          app: {type: app_service, kind: "app,linux", integration: s,
                restrictions: {a: 100 allow from s, b: {priority: 200, access: deny, source: [203.0.113.0/24, 198.51.100.7]}}}
""",
        rest=(
            of("Microsoft.Storage/storageAccounts", "st", {
                "publicNetworkAccess": "Enabled", "networkAcls": {
                    "defaultAction": "Deny", "virtualNetworkRules": [ref(SUBNET)], "ipRules": [{"value": "203.0.113.0/24"}]},
            }, sku={"name": "Standard_LRS"}),
            of("Microsoft.Sql/servers", "db", {}),
            child("Microsoft.Sql/servers/firewallRules", f"{IN_GROUP}/Microsoft.Sql/servers/db/firewallRules/office",
                  {"startIpAddress": "203.0.113.4", "endIpAddress": "203.0.113.9"}),
            child("Microsoft.Sql/servers/virtualNetworkRules", f"{IN_GROUP}/Microsoft.Sql/servers/db/virtualNetworkRules/s",
                  {"virtualNetworkSubnetId": SUBNET}),
            of("Microsoft.ContainerRegistry/registries", "acr", {
                "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7", "action": "Allow"}]},
                "networkRuleBypassOptions": "AzureServices"}),
            of("Microsoft.ServiceBus/namespaces", "bus", {}),
            child("Microsoft.ServiceBus/namespaces/networkRuleSets",
                  f"{IN_GROUP}/Microsoft.ServiceBus/namespaces/bus/networkRuleSets/default", {
                      "defaultAction": "Deny", "ipRules": [{"ipMask": "203.0.113.7", "action": "Allow"}],
                      "virtualNetworkRules": [{"subnet": ref(SUBNET)}]}),
            of("Microsoft.DocumentDB/databaseAccounts", "cos", {
                "ipRules": [{"ipAddressOrRange": "203.0.113.7"}], "isVirtualNetworkFilterEnabled": False}),
            of("Microsoft.Web/sites", "app", {
                "virtualNetworkSubnetId": SUBNET, "siteConfig": {"ipSecurityRestrictions": [
                    {"name": "a", "priority": 100, "action": "Allow", "vnetSubnetResourceId": SUBNET},
                    {"name": "b", "priority": 200, "action": "Deny", "ipAddress": "203.0.113.0/24,198.51.100.7"}]},
            }, kind="app,linux"),
        ),
    ),
    Case(
        "a virtual hub with its connections",
        shared="""
circuits: {c: {peerings: [private]}}
vpn_sites: {site: {address: 192.168.7.0/24, gateway: 203.0.113.7, virtual_wan: w}}
virtual_wans:
  w:
    type: standard
    hubs:
      h:
        address: 10.100.0.0/23
        region: westeurope
        prefers: as_path
        sku: standard
        vpn_gateway: {name: vg, asn: 65515}
        expressroute_gateway: {name: eg}
        route_tables: {t: {labels: [one], routes: {r: 0.0.0.0/0 -> v}}}
        connections: {v: {name: to-v, internet_security: false, route_table: t, propagate_to: [defaultRouteTable], labels: [x],
                          static_routes: {q: 10.9.0.0/16 -> 10.0.1.4}}}
        bgp_connections: {b: {ip: 10.0.1.4, asn: 65010, vnet: v}}
connections:
  - {from: site, to: h/vpn_gateway, name: to-site, route_table: t, labels: [y]}
  - {from: c, to: h, name: to-c}
""",
        rest=(
            net("virtualWans", "w", {"type": "Standard"}),
            net("virtualHubs", "h", {
                "virtualWan": ref(f"{NET}/virtualWans/w"), "addressPrefix": "10.100.0.0/23", "sku": "Standard",
                "hubRoutingPreference": "ASPath", "vpnGateway": ref(f"{NET}/vpnGateways/vg"),
                "expressRouteGateway": ref(f"{NET}/expressRouteGateways/eg")}, location="westeurope"),
            net("vpnGateways", "vg", {"virtualHub": ref(HUB), "bgpSettings": {"asn": 65515}}, location="westeurope"),
            net("expressRouteGateways", "eg", {"virtualHub": ref(HUB)}, location="westeurope"),
            net("vpnSites", "site", {
                "addressSpace": {"addressPrefixes": ["192.168.7.0/24"]}, "virtualWan": ref(f"{NET}/virtualWans/w"),
                "vpnSiteLinks": [{"name": "link", "properties": {"ipAddress": "203.0.113.7"}}]}),
            net("expressRouteCircuits", "c", {
                "peerings": [{"name": "AzurePrivatePeering", "properties": {"peeringType": "AzurePrivatePeering"}}]}),
            child("Microsoft.Network/virtualHubs/hubRouteTables", f"{HUB}/hubRouteTables/t", {
                "labels": ["one"], "routes": [{
                    "name": "r", "destinationType": "CIDR", "destinations": ["0.0.0.0/0"], "nextHopType": "ResourceId",
                    "nextHop": f"{HUB}/hubVirtualNetworkConnections/to-v"}]}),
            child("Microsoft.Network/virtualHubs/hubVirtualNetworkConnections",
                  f"{HUB}/hubVirtualNetworkConnections/to-v", {
                      "remoteVirtualNetwork": ref(VNET), "enableInternetSecurity": False, "routingConfiguration": {
                          "associatedRouteTable": ref(f"{HUB}/hubRouteTables/t"),
                          "propagatedRouteTables": {"ids": [ref(f"{HUB}/hubRouteTables/defaultRouteTable")], "labels": ["x"]},
                          "vnetRoutes": {"staticRoutes": [
                              {"name": "q", "addressPrefixes": ["10.9.0.0/16"], "nextHopIpAddress": "10.0.1.4"}]}}}),
            child("Microsoft.Network/virtualHubs/bgpConnections", f"{HUB}/bgpConnections/b", {
                "peerIp": "10.0.1.4", "peerAsn": 65010,
                "hubVirtualNetworkConnection": ref(f"{HUB}/hubVirtualNetworkConnections/to-v")}),
            child("Microsoft.Network/vpnGateways/vpnConnections", f"{NET}/vpnGateways/vg/vpnConnections/to-site", {
                "remoteVpnSite": ref(f"{NET}/vpnSites/site"), "routingConfiguration": {
                    "associatedRouteTable": ref(f"{HUB}/hubRouteTables/t"),
                    "propagatedRouteTables": {"labels": ["y"]}}}),
            child("Microsoft.Network/expressRouteGateways/expressRouteConnections",
                  f"{NET}/expressRouteGateways/eg/expressRouteConnections/to-c", {
                      "expressRouteCircuitPeering": ref(f"{NET}/expressRouteCircuits/c/peerings/AzurePrivatePeering")}),
        ),
    ),
    Case(
        "a network manager",
        shared="""
network_manager:
  name: nm
  subscription: Prod
  resource_group: rg
  scope: [Prod]
  groups: {g: {members: [v]}}
  connectivity: {mesh: {topology: mesh, groups: [g], across_regions: true, deployed: true}}
  security_admin:
    a: {collections: {c: {groups: [g], rules: {r: 10 always_allow inbound tcp/22 from 10.0.0.0/8 to any}}}}
""",
        rest=(
            net("networkManagers", "nm", {"networkManagerScopes": {"subscriptions": [f"/subscriptions/{GUID}"]}}),
            child("Microsoft.Network/networkManagers/networkGroups", f"{NET}/networkManagers/nm/networkGroups/g", {}),
            child("Microsoft.Network/networkManagers/networkGroups/staticMembers",
                  f"{NET}/networkManagers/nm/networkGroups/g/staticMembers/v", {"resourceId": VNET}),
            child("Microsoft.Network/networkManagers/connectivityConfigurations",
                  f"{NET}/networkManagers/nm/connectivityConfigurations/mesh", {
                      "connectivityTopology": "Mesh", "deployed": True, "appliesToGroups": [{
                          "networkGroupId": f"{NET}/networkManagers/nm/networkGroups/g", "isGlobal": "True",
                          "groupConnectivity": "DirectlyConnected", "useHubGateway": "False"}]}),
            child("Microsoft.Network/networkManagers/securityAdminConfigurations",
                  f"{NET}/networkManagers/nm/securityAdminConfigurations/a", {}),
            child("Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections",
                  f"{NET}/networkManagers/nm/securityAdminConfigurations/a/ruleCollections/c", {
                      "appliesToGroups": [{"networkGroupId": f"{NET}/networkManagers/nm/networkGroups/g"}]}),
            child("Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules",
                  f"{NET}/networkManagers/nm/securityAdminConfigurations/a/ruleCollections/c/rules/r", {
                      "priority": 10, "access": "AlwaysAllow", "direction": "Inbound", "protocol": "Tcp",
                      "sources": [{"addressPrefixType": "IPPrefix", "addressPrefix": "10.0.0.0/8"}],
                      "destinations": [{"addressPrefixType": "IPPrefix", "addressPrefix": "*"}],
                      "sourcePortRanges": ["0-65535"], "destinationPortRanges": ["22"]}),
        ),
    ),
    Case(
        "what the language has no word for",
        vnet="azure: {flowTimeoutInMinutes: 10, addressSpace: {addressPrefixes: [10.0.0.0/15]}}, tags: {env: prod}",
        in_vnet={"flowTimeoutInMinutes": 10, "addressSpace": {"addressPrefixes": ["10.0.0.0/15"]}},
        shared="""
azure_resources:
  alloc: {type: Microsoft.Network/ipAllocations, subscription: Prod, properties: {type: Hypernet, vnet: {id: v}}}
  extension: {type: Microsoft.Insights/diagnosticSettings, in: s, name: default, properties: {storageAccountId: v}}
  deep: {type: Microsoft.Network/virtualNetworks/taps, in: v, tags: {a: b}, zones: [1], sku: X, kind: k}
  far: {type: Microsoft.Network/ipAllocations, id: /subscriptions/other/resourceGroups/rgx/providers/Microsoft.Network/ipAllocations/far}
""",
        rest=(
            net("ipAllocations", "alloc", {"type": "Hypernet", "vnet": ref(VNET)}),
            child("Microsoft.Insights/diagnosticSettings", f"{SUBNET}/providers/Microsoft.Insights/diagnosticSettings/default",
                  {"storageAccountId": VNET}),
            child("Microsoft.Network/virtualNetworks/taps", f"{VNET}/taps/deep", {}, tags={"a": "b"}, zones=["1"],
                  sku={"name": "X"}, kind="k"),
            child("Microsoft.Network/ipAllocations",
                  "/subscriptions/other/resourceGroups/rgx/providers/Microsoft.Network/ipAllocations/far", {}),
        ),
    ),
    Case(
        "what nobody knows",
        vnet="address: ['{space}', 10.0.0.0/16]",
        in_vnet={"addressSpace": {"addressPrefixes": ["{space}", "10.0.0.0/16"]}},
        subnet="default_outbound: '{private}'",
        in_subnet={"defaultOutboundAccess": "{private}"},
        shared="""
nsgs: {n: {rules: {
  line: "{priority of r} allow inbound tcp/{port} from {parameters('x, y')} to any",
  full: {priority: "{p}", access: "{a}", direction: "{d}", protocol: "{proto}", source: "{s}", destination_ports: ["{ports}", 443]}}}}
route_tables: {rt: {propagate_gateway_routes: "{flag}", routes: {r: "{prefix} -> {hop}"}}}
""",
        rest=(
            net("networkSecurityGroups", "n", {"securityRules": [
                {"name": "line", "properties": {
                    "priority": "{priority of r}", "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
                    "sourceAddressPrefix": "{parameters('x, y')}", "sourcePortRange": "*",
                    "destinationAddressPrefix": "*", "destinationPortRange": "{port}"}},
                {"name": "full", "properties": {
                    "priority": "{p}", "access": "{a}", "direction": "{d}", "protocol": "{proto}",
                    "sourceAddressPrefix": "{s}", "sourcePortRange": "*", "destinationAddressPrefix": "*",
                    "destinationPortRanges": ["{ports}", "443"]}},
            ]}),
            net("routeTables", "rt", {"disableBgpRoutePropagation": "{flag}", "routes": [
                {"name": "r", "properties": {
                    "addressPrefix": "{prefix}", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "{hop}"}}]}),
        ),
    ),
)  # fmt: skip


def spec_of(case: Case) -> str:
    vnet = case.vnet if case.vnet.startswith("address") else f"address: [10.0.0.0/16], {case.vnet}"
    resources = f"resources: {' '.join(case.resources.split())}" if case.resources else ""
    inner = ", ".join(filter(None, ["address: 10.0.1.0/24", case.subnet, resources]))
    lines = [line for line in case.services.splitlines() if line.strip()]
    services = (
        "\n".join(["    services:", *(f"      {line.strip()}" for line in _joined(lines))]) if lines else ""
    )
    return (
        f"unsaid: unknown\nsubscriptions:\n  Prod:\n    id: {GUID}\n    resource_group: rg\n"
        f"    vnets:\n      v: {{{vnet.rstrip(', ')}, subnets: {{s: {{{inner}}}}}}}\n{services}\n{case.shared}\n"
    )


def _joined(lines: list[str]) -> list[str]:
    """Lines that go on in the next one as one."""
    found: list[str] = []
    for line in lines:
        if found and found[-1].count("{") > found[-1].count("}"):
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
    return found


def rest_of(case: Case) -> str:
    subnet = {"name": "s", "id": SUBNET, "properties": {"addressPrefix": "10.0.1.0/24", **case.in_subnet}}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    vnet = {**space, "subnets": [subnet], "virtualNetworkPeerings": [], **case.in_vnet}
    rows = [
        *case.rest,
        net("virtualNetworks", "v", vnet, tags={"env": "prod"} if "tags" in case.vnet else {}),
    ]
    return json.dumps([
        {"id": rid, "name": rid.rsplit("/", 1)[1], "type": kind, "properties": properties, **beside}
        for kind, rid, properties, beside in rows
    ] + [{"id": f"/subscriptions/{GUID}", "name": "Prod", "type": "Microsoft.Resources/subscriptions",
          "properties": {"displayName": "Prod", "subscriptionId": GUID}}])  # fmt: skip


def topology(name: str, text: str) -> Topology:
    reading = read_records([Source(name, text.encode())])
    assert [d.message for d in reading.diagnostics if d.code != "no-properties"] == []
    return build_topology(reading)


def plain(value: Any, key: str = "") -> Any:
    """A value without what Azure ignores: the case of ids, empty values, ids of parts, how an address was given."""
    if isinstance(value, Mapping):
        found = {k: plain(v, k) for k, v in value.items() if k != "privateIPAllocationMethod"}
        if "name" in found:
            found.pop("id", None)
        return {k: v for k, v in found.items() if v not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [plain(v, key) for v in value]
    return (
        value.lower() if isinstance(value, str) and value.startswith("/") and "providers" in value else value
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_spec_of_what_exists_says_what_the_rest_api_lists(case: Case) -> None:
    told, listed = topology("a.yaml", spec_of(case)), topology("a.json", rest_of(case))
    assert sorted(told.resources) == sorted(listed.resources)
    for rid, resource in listed.resources.items():
        own = told.resources[rid]
        assert (own.type, own.parent, own.location) == (resource.type, resource.parent, resource.location)
        mine, theirs = plain(own.properties), plain(resource.properties)
        for name in (
            "subnets",
            "routes",
            "securityRules",
            "virtualNetworkPeerings",
            "privateDnsZoneGroups",
            "peerings",
        ):
            assert (
                bool(mine.pop(name, []))
                or not theirs.pop(name, [])
                or name in ("privateDnsZoneGroups", "peerings")
            )
            theirs.pop(name, None)
        assert mine == theirs, rid
        for name in ("sku", "kind", "zones", "tags"):
            if name != "sku" or "sku" in resource.envelope:
                assert own.envelope.get(name) == resource.envelope.get(name), (rid, name)
    for field in ("nsg_of", "route_table_of", "nat_gateway_of", "asgs_of", "public_ips_of", "hub_connections",
                  "private_links", "service_links", "service_endpoints", "network_groups", "sites"):  # fmt: skip
        mine, theirs = getattr(told, field), getattr(listed, field)
        if field == "hub_connections":
            mine, theirs = ([each._replace(place=None) for each in links] for links in (mine, theirs))
        assert mine == theirs, field
    assert [c._replace(place=None) for c in told.connections] == [
        c._replace(place=None) for c in listed.connections
    ]


@pytest.mark.parametrize("unsaid", ["default", "planned"])
@pytest.mark.parametrize("word", sorted(BELONGS["bypass"] | BELONGS["restrictions"]))
def test_whatever_a_service_calls_its_rules_nobody_else_is_let_in(word: str, unsaid: str) -> None:
    service = f"{{type: {word}, public_access: true, allowed_addresses: [203.0.113.4-203.0.113.9]}}"
    told = topology("a.yaml", f"unsaid: {unsaid}\nservices: {{S: {service}}}\nvnets: [V]")
    analysis = analyse_topology(told)
    (rid,) = (r.id for r in told.resources.values() if r.name == "S")
    answers = analysis.services.public(rid, analysis.addresses.internet)
    others = (
        "unknown" if word == "sql" and unsaid == "planned" else "denied"
    )  # databases may have rules of their own
    assert [answer.verdict for answer in answers] == ["allowed", others]
