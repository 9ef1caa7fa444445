"""Pairs of Terraform and REST: firewalls, gateways, Virtual WAN, private links, DNS, entries, network manager."""

from __future__ import annotations

from collections.abc import Mapping

from terraform_pairs import WEU, Pair, S, body, here, net

_SUBNET = net("virtualNetworks/subnets", "hub", "app")
_VNET, _FAR = net("virtualNetworks", "hub"), net("virtualNetworks", "spoke")
_IP = net("publicIPAddresses", "pip")
_FW, _POLICY = net("azureFirewalls", "fw"), net("firewallPolicies", "pol")
_GROUP = f"{_POLICY}/ruleCollectionGroups/rules"
_IPS = net("ipGroups", "ips")
_WAN, _HUB = net("virtualWans", "wan"), net("virtualHubs", "hub1")
_TABLE = f"{_HUB}/hubRouteTables/apps"
_DEFAULT = f"{_HUB}/hubRouteTables/defaultRouteTable"
_JOIN = f"{_HUB}/hubVirtualNetworkConnections/spoke"
_VNG, _LNG = net("virtualNetworkGateways", "vng"), net("localNetworkGateways", "site")
_CIRCUIT = net("expressRouteCircuits", "er")
_VPNGW, _SITE = net("vpnGateways", "vpngw"), net("vpnSites", "branch")
_ERGW = net("expressRouteGateways", "ergw")
_PE, _PLS, _ZONE = (
    net("privateEndpoints", "pe"),
    net("privateLinkServices", "pls"),
    net("privateDnsZones", "privatelink.x"),
)
_AGW = net("applicationGateways", "agw")
_WAF = net("ApplicationGatewayWebApplicationFirewallPolicies", "waf")
_ANM = net("networkManagers", "anm")

FIREWALLS: Mapping[str, Pair] = {
    "a firewall in a network, with a policy": Pair(
        (
            ("firewall", here(
                _FW, sku_name="AZFW_VNet", sku_tier="Premium", firewall_policy_id=_POLICY, threat_intel_mode="Alert",
                private_ip_ranges=[], virtual_hub=[], zones=["1"], dns_servers=None,
                ip_configuration=[{"name": "ip", "subnet_id": _SUBNET, "private_ip_address": "10.0.0.4",
                                   "public_ip_address_id": _IP}],
                management_ip_configuration=[{"name": "m", "subnet_id": f"{_SUBNET}m", "private_ip_address": "",
                                              "public_ip_address_id": f"{_IP}2"}],
            )),
            ("firewall_policy", here(
                _POLICY, base_policy_id=f"{_POLICY}0", sku="Premium", threat_intelligence_mode="Deny",
                private_ip_ranges=["100.64.0.0/10"], dns=[{"proxy_enabled": True, "servers": ["10.0.0.5"]}],
                intrusion_detection=[{"mode": "Deny", "private_ranges": [], "traffic_bypass": [],
                                      "signature_overrides": []}],
                tls_certificate=[{"name": "ca", "key_vault_secret_id": "https://kv/ca"}],
                rule_collection_groups=[_GROUP], firewalls=[_FW], threat_intelligence_allowlist=[],
            )),
            ("firewall_policy_rule_collection_group", {
                "id": _GROUP, "name": "rules", "firewall_policy_id": _POLICY, "priority": 200,
                "application_rule_collection": [{"name": "web", "priority": 300, "action": "Allow", "rule": [{
                    "name": "ms", "description": "", "protocols": [{"type": "Https", "port": 443}],
                    "source_addresses": ["10.0.0.0/8"], "source_ip_groups": [], "destination_addresses": [],
                    "destination_fqdns": ["*.microsoft.com"], "destination_urls": [], "destination_fqdn_tags": [],
                    "web_categories": [], "terminate_tls": False, "http_headers": []}]}],
                "network_rule_collection": [{"name": "net", "priority": 200, "action": "Deny", "rule": [{
                    "name": "smb", "description": "", "protocols": ["TCP"], "destination_ports": ["445"],
                    "source_addresses": ["*"], "source_ip_groups": [], "destination_addresses": [],
                    "destination_ip_groups": [_IPS], "destination_fqdns": []}]}],
                "nat_rule_collection": [{"name": "in", "priority": 100, "action": "Dnat", "rule": [{
                    "name": "rdp", "description": "", "protocols": ["TCP"], "source_addresses": ["1.2.3.4"],
                    "source_ip_groups": [], "destination_address": "20.1.2.3", "destination_ports": ["3390"],
                    "translated_address": "10.0.1.4", "translated_fqdn": "", "translated_port": 3389}]}],
            }),
            ("ip_group", here(_IPS, cidrs=["10.1.0.0/16"])),
            ("ip_group_cidr", {"id": f"{_IPS}/cidrs/x", "ip_group_id": _IPS, "cidr": "10.2.0.0/16"}),
            ("ip_group_cidr", {"id": f"{_IPS}/cidrs/y", "ip_group_id": _IPS, "cidr": "10.3.0.0/16"}),
        ),
        (
            body(_FW, {
                "sku": {"name": "AZFW_VNet", "tier": "Premium"}, "firewallPolicy": {"id": _POLICY},
                    "threatIntelMode": "Alert",
                "ipConfigurations": [{"id": f"{_FW}/azureFirewallIpConfigurations/ip", "name": "ip", "properties": {
                    "subnet": {"id": _SUBNET}, "privateIPAddress": "10.0.0.4", "publicIPAddress": {"id": _IP}}}],
                "managementIpConfiguration": {"id": f"{_FW}/azureFirewallIpConfigurations/m", "name": "m",
                    "properties": {
                    "subnet": {"id": f"{_SUBNET}m"}, "publicIPAddress": {"id": f"{_IP}2"}}},
            }, zones=["1"], **WEU),
            body(_POLICY, {
                "basePolicy": {"id": f"{_POLICY}0"}, "sku": {"tier": "Premium"}, "threatIntelMode": "Deny",
                "snat": {"privateRanges": ["100.64.0.0/10"]}, "dnsSettings": {"enableProxy": True,
                    "servers": ["10.0.0.5"]},
                "intrusionDetection": {"mode": "Deny", "configuration": {"bypassTrafficSettings": []}},
                "transportSecurity": {"certificateAuthority": {"name": "ca", "keyVaultSecretId": "https://kv/ca"}},
                "ruleCollectionGroups": [{"id": _GROUP}], "firewalls": [{"id": _FW}],
            }, **WEU),
            body(_GROUP, {"priority": 200, "ruleCollections": [
                {"name": "web", "priority": 300, "action": {"type": "Allow"},
                 "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [{
                     "name": "ms", "ruleType": "ApplicationRule", "protocols": [{"protocolType": "Https", "port": 443}],
                     "sourceAddresses": ["10.0.0.0/8"], "targetFqdns": ["*.microsoft.com"], "terminateTLS": False}]},
                {"name": "net", "priority": 200, "action": {"type": "Deny"},
                 "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": [{
                     "name": "smb", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "destinationPorts": ["445"],
                     "sourceAddresses": ["*"], "destinationIpGroups": [_IPS]}]},
                {"name": "in", "priority": 100, "action": {"type": "Dnat"},
                 "ruleCollectionType": "FirewallPolicyNatRuleCollection", "rules": [{
                     "name": "rdp", "ruleType": "NatRule", "ipProtocols": ["TCP"], "sourceAddresses": ["1.2.3.4"],
                     "destinationAddresses": ["20.1.2.3"], "destinationPorts": ["3390"],
                     "translatedAddress": "10.0.1.4", "translatedPort": "3389"}]},
            ]}),
            body(_IPS, {"ipAddresses": ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]}, **WEU),
        ),
    ),
    "a firewall in a hub": Pair(
        (("firewall", here(
            _FW, sku_name="AZFW_Hub", sku_tier="Standard", firewall_policy_id=_POLICY, threat_intel_mode="",
            ip_configuration=[], management_ip_configuration=[], private_ip_ranges=None,
            virtual_hub=[{"virtual_hub_id": _HUB, "public_ip_count": 1, "private_ip_address": "10.9.0.132",
                          "public_ip_addresses": ["20.9.9.9"]}],
        )), ("virtual_hub", here(_HUB, address_prefix="10.9.0.0/23", virtual_wan_id=_WAN))),
        (body(_FW, {
            "sku": {"name": "AZFW_Hub", "tier": "Standard"}, "firewallPolicy": {"id": _POLICY},
                "virtualHub": {"id": _HUB},
            "hubIPAddresses": {"privateIPAddress": "10.9.0.132",
                               "publicIPs": {"count": 1, "addresses": [{"address": "20.9.9.9"}]}},
        }, **WEU), body(_HUB, {
            "azureFirewall": {"id": _FW}, "addressPrefix": "10.9.0.0/23", "virtualWan": {"id": _WAN}}, **WEU)),
    ),
    "a firewall with classic rules": Pair(
        (
            ("firewall", here(_FW, sku_name="AZFW_VNet", sku_tier="Standard", firewall_policy_id="",
                              threat_intel_mode="Deny", private_ip_ranges=["IANAPrivateRanges", "20.0.0.0/8"],
                              ip_configuration=[], virtual_hub=[])),
            ("firewall_network_rule_collection", {
                "id": f"{_FW}/networkRuleCollections/n", "name": "n", "azure_firewall_name": "fw",
                "resource_group_name": "rg", "priority": 100, "action": "Allow", "rule": [{
                    "name": "dns", "description": "", "source_addresses": ["10.0.0.0/8"], "source_ip_groups": [],
                    "destination_addresses": ["10.0.0.4"], "destination_ip_groups": [], "destination_fqdns": [],
                    "destination_ports": ["53"], "protocols": ["UDP"]}]}),
            ("firewall_application_rule_collection", {
                "id": f"{_FW}/applicationRuleCollections/a", "name": "a", "azure_firewall_name": "fw",
                "resource_group_name": "rg", "priority": 100, "action": "Allow", "rule": [{
                    "name": "update", "description": "", "source_addresses": ["*"], "source_ip_groups": [],
                    "fqdn_tags": ["WindowsUpdate"], "target_fqdns": [], "protocol": []}]}),
            ("firewall_nat_rule_collection", {
                "id": f"{_FW}/natRuleCollections/d", "name": "d", "azure_firewall_name": "fw",
                "resource_group_name": "rg", "priority": 100, "action": "Dnat", "rule": [{
                    "name": "rdp", "description": "", "source_addresses": ["*"], "source_ip_groups": [],
                    "destination_addresses": ["20.1.2.3"], "destination_ports": ["3390"], "protocols": ["TCP"],
                    "translated_address": "10.0.1.4", "translated_port": "3389"}]}),
        ),
        (body(_FW, {
            "sku": {"name": "AZFW_VNet", "tier": "Standard"}, "threatIntelMode": "Deny",
            "additionalProperties": {"Network.SNAT.PrivateRanges": "IANAPrivateRanges, 20.0.0.0/8"},
            "networkRuleCollections": [{"id": f"{_FW}/networkRuleCollections/n", "name": "n", "properties": {
                "priority": 100, "action": {"type": "Allow"}, "rules": [{
                    "name": "dns", "sourceAddresses": ["10.0.0.0/8"], "destinationAddresses": ["10.0.0.4"],
                    "destinationPorts": ["53"], "protocols": ["UDP"]}]}}],
            "applicationRuleCollections": [{"id": f"{_FW}/applicationRuleCollections/a", "name": "a", "properties": {
                "priority": 100, "action": {"type": "Allow"}, "rules": [{
                    "name": "update", "sourceAddresses": ["*"], "fqdnTags": ["WindowsUpdate"], "protocols": []}]}}],
            "natRuleCollections": [{"id": f"{_FW}/natRuleCollections/d", "name": "d", "properties": {
                "priority": 100, "action": {"type": "Dnat"}, "rules": [{
                    "name": "rdp", "sourceAddresses": ["*"], "destinationAddresses": ["20.1.2.3"],
                    "destinationPorts": ["3390"], "protocols": ["TCP"], "translatedAddress": "10.0.1.4",
                    "translatedPort": "3389"}]}}],
        }, **WEU),),
    ),
}  # fmt: skip

GATEWAYS: Mapping[str, Pair] = {
    "gateways of networks": Pair(
        (
            ("virtual_network_gateway", here(
                _VNG, type="Vpn", vpn_type="RouteBased", sku="VpnGw1AZ", generation="Generation1", active_active=False,
                enable_bgp=True, private_ip_address_enabled=False, default_local_network_gateway_id=_LNG,
                remote_vnet_traffic_enabled=True, virtual_wan_traffic_enabled=False, custom_route=[],
                bgp_settings=[{"asn": 65515, "peer_weight": 0, "peering_addresses": []}],
                ip_configuration=[{"name": "ip", "subnet_id": _SUBNET, "public_ip_address_id": _IP,
                                   "private_ip_address_allocation": "Dynamic"}],
                vpn_client_configuration=[{"address_space": ["172.16.0.0/24"], "vpn_client_protocols": ["OpenVPN"],
                                           "vpn_auth_types": ["AAD"], "virtual_network_gateway_client_connection": [
                    {"name": "admins", "policy_group_names": ["a"], "address_prefixes": ["172.16.1.0/24"]}]}],
            )),
            ("local_network_gateway", here(
                _LNG, address_space=["192.168.0.0/16"], gateway_address="80.1.1.1", gateway_fqdn="",
                bgp_settings=[{"asn": 65010, "bgp_peering_address": "192.168.0.1", "peer_weight": 0}])),
            ("virtual_network_gateway_connection", here(
                net("connections", "to-site"), type="IPsec", virtual_network_gateway_id=_VNG,
                local_network_gateway_id=_LNG, peer_virtual_network_gateway_id="", express_route_circuit_id="",
                routing_weight=10, connection_protocol="IKEv2", connection_mode="Default", enable_bgp=False,
                shared_key="(removed)", use_policy_based_traffic_selectors=False)),
            ("express_route_circuit", here(
                _CIRCUIT, sku=[{"tier": "Standard", "family": "MeteredData"}], service_provider_name="X",
                peering_location="Y", bandwidth_in_mbps=50, service_key="(removed)", express_route_port_id="",
                service_provider_provisioning_state="Provisioned", allow_classic_operations=False)),
            ("express_route_circuit_peering", {
                "id": f"{_CIRCUIT}/peerings/AzurePrivatePeering", "peering_type": "AzurePrivatePeering", "vlan_id": 100,
                "express_route_circuit_name": "er", "resource_group_name": "rg", "peer_asn": 65020,
                "primary_peer_address_prefix": "10.255.0.0/30", "secondary_peer_address_prefix": "10.255.0.4/30",
                "route_filter_id": "", "azure_asn": 12076}),
            ("bastion_host", here(
                net("bastionHosts", "bas"), sku="Standard", scale_units=2, ip_connect_enabled=False,
                    tunneling_enabled=True,
                shareable_link_enabled=False, virtual_network_id="", dns_name="bst.x",
                ip_configuration=[{"name": "ip", "subnet_id": _SUBNET, "public_ip_address_id": _IP}])),
        ),
        (
            body(_VNG, {
                "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": {"name": "VpnGw1AZ"},
                "vpnGatewayGeneration": "Generation1", "activeActive": False, "enableBgp": True,
                "enablePrivateIpAddress": False, "gatewayDefaultSite": {"id": _LNG}, "allowRemoteVnetTraffic": True,
                "allowVirtualWanTraffic": False, "bgpSettings": {"asn": 65515, "peerWeight": 0},
                "ipConfigurations": [{"id": f"{_VNG}/ipConfigurations/ip", "name": "ip", "properties": {
                    "subnet": {"id": _SUBNET}, "publicIPAddress": {"id": _IP},
                        "privateIPAllocationMethod": "Dynamic"}}],
                "vpnClientConfiguration": {
                    "vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]}, "vpnClientProtocols": ["OpenVPN"],
                    "vpnAuthenticationTypes": ["AAD"], "vngClientConnectionConfigurations": [
                        {"name": "admins", "properties": {"vpnClientAddressPool": {"addressPrefixes": [
                            "172.16.1.0/24"]}}}]},
            }, **WEU),
            body(_LNG, {
                "localNetworkAddressSpace": {"addressPrefixes": ["192.168.0.0/16"]}, "gatewayIpAddress": "80.1.1.1",
                "bgpSettings": {"asn": 65010, "bgpPeeringAddress": "192.168.0.1", "peerWeight": 0}}, **WEU),
            body(net("connections", "to-site"), {
                "connectionType": "IPsec", "virtualNetworkGateway1": {"id": _VNG}, "localNetworkGateway2": {"id": _LNG},
                "routingWeight": 10, "connectionProtocol": "IKEv2", "connectionMode": "Default", "enableBgp": False,
                "usePolicyBasedTrafficSelectors": False}, **WEU),
            body(_CIRCUIT, {
                "serviceProviderProperties": {"serviceProviderName": "X", "peeringLocation": "Y",
                    "bandwidthInMbps": 50},
                "serviceProviderProvisioningState": "Provisioned", "allowClassicOperations": False,
            }, sku={"name": "Standard_MeteredData", "tier": "Standard", "family": "MeteredData"}, **WEU),
            body(f"{_CIRCUIT}/peerings/AzurePrivatePeering", {
                "peeringType": "AzurePrivatePeering", "vlanId": 100, "peerASN": 65020, "azureASN": 12076,
                "primaryPeerAddressPrefix": "10.255.0.0/30", "secondaryPeerAddressPrefix": "10.255.0.4/30"}),
            body(net("bastionHosts", "bas"), {
                "dnsName": "bst.x", "scaleUnits": 2, "enableIpConnect": False, "enableTunneling": True,
                "enableShareableLink": False,
                "ipConfigurations": [{"id": f"{net('bastionHosts', 'bas')}/bastionHostIpConfigurations/ip",
                    "name": "ip",
                                      "properties": {"subnet": {"id": _SUBNET}, "publicIPAddress": {"id": _IP}}}],
            }, sku={"name": "Standard"}, **WEU),
        ),
    ),
    "a Virtual WAN": Pair(
        (
            ("virtual_wan", here(_WAN, type="Standard", allow_branch_to_branch_traffic=True,
                disable_vpn_encryption=False,
                                 office365_local_breakout_category="None")),
            ("virtual_hub", here(_HUB, address_prefix="10.9.0.0/23", virtual_wan_id=_WAN, sku="Standard",
                                 hub_routing_preference="VpnGateway", branch_to_branch_traffic_enabled=False, route=[],
                                 virtual_router_asn=65515, virtual_router_ips=["10.9.0.68"],
                                 default_route_table_id=_DEFAULT)),
            ("virtual_hub_connection", {
                "id": _JOIN, "name": "spoke", "virtual_hub_id": _HUB, "remote_virtual_network_id": _FAR,
                "internet_security_enabled": True, "routing": [{
                    "associated_route_table_id": _TABLE, "inbound_route_map_id": "", "outbound_route_map_id": "",
                    "propagated_route_table": [{"labels": ["none"], "route_table_ids": [_DEFAULT]}],
                    "static_vnet_route": [{"name": "nva", "address_prefixes": ["10.8.0.0/16"],
                                           "next_hop_ip_address": "10.7.0.4"}],
                    "static_vnet_local_route_override_criteria": "Equal",
                    "static_vnet_propagate_static_routes_enabled": True}]}),
            ("virtual_hub_route_table", {
                "id": _TABLE, "name": "apps", "virtual_hub_id": _HUB, "labels": ["apps"], "route": [{
                    "name": "all", "destinations": ["0.0.0.0/0"], "destinations_type": "CIDR", "next_hop": _FW,
                    "next_hop_type": "ResourceId"}]}),
            ("virtual_hub_route_table_route", {
                "id": f"{_DEFAULT}/routes/nva", "name": "nva", "route_table_id": _DEFAULT,
                    "destinations": ["10.8.0.0/16"],
                "destinations_type": "CIDR", "next_hop": _JOIN, "next_hop_type": "ResourceId"}),
            ("virtual_hub_routing_intent", {
                "id": f"{_HUB}/routingIntent/intent", "name": "intent", "virtual_hub_id": _HUB, "routing_policy": [
                    {"name": "private", "destinations": ["PrivateTraffic"], "next_hop": _FW}]}),
            ("virtual_hub_bgp_connection", {
                "id": f"{_HUB}/bgpConnections/nva", "name": "nva", "virtual_hub_id": _HUB, "peer_asn": 65001,
                "peer_ip": "10.7.0.4", "virtual_network_connection_id": _JOIN}),
            ("virtual_hub_security_partner_provider", here(
                net("securityPartnerProviders", "zs"), virtual_hub_id=_HUB, security_provider_name="ZScaler")),
            ("vpn_gateway", here(
                _VPNGW, virtual_hub_id=_HUB, scale_unit=1, routing_preference="Microsoft Network",
                bgp_settings=[{"asn": 65515, "peer_weight": 0, "bgp_peering_address": ""}],
                ip_configuration=[{"id": "Instance0", "private_ip_address": "10.9.0.4",
                    "public_ip_address": "20.5.5.5"}])),
            ("vpn_site", here(_SITE, virtual_wan_id=_WAN, address_cidrs=["172.20.0.0/16"], device_vendor="V",
                              device_model="", o365_policy=[], link=[{
                                  "id": f"{_SITE}/vpnSiteLinks/l", "name": "l", "ip_address": "80.2.2.2", "fqdn": "",
                                  "provider_name": "", "speed_in_mbps": 10,
                                  "bgp": [{"asn": 65030, "peering_address": "172.20.0.1"}]}])),
            ("vpn_gateway_connection", {
                "id": f"{_VPNGW}/vpnConnections/branch", "name": "branch", "vpn_gateway_id": _VPNGW,
                "remote_vpn_site_id": _SITE, "internet_security_enabled": False, "routing": [{
                    "associated_route_table": _DEFAULT,
                    "propagated_route_table": [{"labels": ["default"], "route_table_ids": [_DEFAULT]}]}],
                "vpn_link": [{"name": "l", "vpn_site_link_id": f"{_SITE}/vpnSiteLinks/l", "bandwidth_mbps": 10,
                              "bgp_enabled": False, "protocol": "IKEv2", "shared_key": "(removed)"}]}),
            ("point_to_site_vpn_gateway", here(
                net("p2sVpnGateways", "p2s"), virtual_hub_id=_HUB,
                    vpn_server_configuration_id=net("vpnServerConfigurations", "s"),
                scale_unit=1, connection_configuration=[{
                    "name": "all", "vpn_client_address_pool": [{"address_prefixes": ["172.30.0.0/24"]}],
                    "internet_security_enabled": False, "route": [{
                        "associated_route_table_id": _DEFAULT, "propagated_route_table": [{"ids": [_DEFAULT],
                            "labels": []}]}]}])),
            ("vpn_server_configuration", here(net("vpnServerConfigurations", "s"), vpn_authentication_types=["AAD"],
                                              vpn_protocols=["OpenVPN"])),
            ("express_route_gateway", here(_ERGW, virtual_hub_id=_HUB, scale_units=1,
                allow_non_virtual_wan_traffic=False)),
            ("express_route_connection", {
                "id": f"{_ERGW}/expressRouteConnections/er", "name": "er", "express_route_gateway_id": _ERGW,
                "express_route_circuit_peering_id": f"{_CIRCUIT}/peerings/AzurePrivatePeering", "routing_weight": 0,
                "enable_internet_security": False, "routing": []}),
            ("route_map", {"id": f"{_HUB}/routeMaps/m", "name": "m", "virtual_hub_id": _HUB, "rule": []}),
        ),
        (
            body(_WAN, {"type": "Standard", "allowBranchToBranchTraffic": True, "disableVpnEncryption": False,
                        "office365LocalBreakoutCategory": "None"}, **WEU),
            body(_HUB, {
                "addressPrefix": "10.9.0.0/23", "virtualWan": {"id": _WAN}, "sku": "Standard",
                "hubRoutingPreference": "VpnGateway", "allowBranchToBranchTraffic": False, "virtualRouterAsn": 65515,
                "virtualRouterIps": ["10.9.0.68"], "routeTable": {"routes": []},
                "securityPartnerProvider": {"id": net("securityPartnerProviders", "zs")}}, **WEU),
            body(_JOIN, {
                "remoteVirtualNetwork": {"id": _FAR}, "enableInternetSecurity": True, "routingConfiguration": {
                    "associatedRouteTable": {"id": _TABLE},
                    "propagatedRouteTables": {"labels": ["none"], "ids": [{"id": _DEFAULT}]},
                    "vnetRoutes": {
                        "staticRoutes": [{"name": "nva", "addressPrefixes": ["10.8.0.0/16"],
                            "nextHopIpAddress": "10.7.0.4"}],
                        "staticRoutesConfig": {"vnetLocalRouteOverrideCriteria": "Equal",
                            "propagateStaticRoutes": True}}}}),
            body(_TABLE, {"labels": ["apps"], "routes": [{
                "name": "all", "destinations": ["0.0.0.0/0"], "destinationType": "CIDR", "nextHop": _FW,
                "nextHopType": "ResourceId"}]}),
            body(_DEFAULT, {"routes": [{"name": "nva", "destinations": ["10.8.0.0/16"], "destinationType": "CIDR",
                                        "nextHop": _JOIN, "nextHopType": "ResourceId"}]}),
            body(f"{_HUB}/routingIntent/intent", {"routingPolicies": [
                {"name": "private", "destinations": ["PrivateTraffic"], "nextHop": _FW}]}),
            body(f"{_HUB}/bgpConnections/nva", {"peerAsn": 65001, "peerIp": "10.7.0.4",
                                                "hubVirtualNetworkConnection": {"id": _JOIN}}),
            body(net("securityPartnerProviders", "zs"), {"virtualHub": {"id": _HUB},
                "securityProviderName": "ZScaler"}, **WEU),
            body(_VPNGW, {
                "virtualHub": {"id": _HUB}, "vpnGatewayScaleUnit": 1, "bgpSettings": {"asn": 65515, "peerWeight": 0},
                "ipConfigurations": [{"id": "Instance0", "privateIPAddress": "10.9.0.4",
                    "publicIPAddress": "20.5.5.5"}]}, **WEU),
            body(_SITE, {
                "virtualWan": {"id": _WAN}, "addressSpace": {"addressPrefixes": ["172.20.0.0/16"]},
                "deviceProperties": {"deviceVendor": "V"}, "vpnSiteLinks": [{"name": "l", "properties": {
                    "ipAddress": "80.2.2.2", "linkProperties": {"linkSpeedInMbps": 10},
                    "bgpProperties": {"asn": 65030, "bgpPeeringAddress": "172.20.0.1"}}}]}, **WEU),
            body(f"{_VPNGW}/vpnConnections/branch", {
                "remoteVpnSite": {"id": _SITE}, "enableInternetSecurity": False, "routingConfiguration": {
                    "associatedRouteTable": {"id": _DEFAULT},
                    "propagatedRouteTables": {"labels": ["default"], "ids": [{"id": _DEFAULT}]}},
                "vpnLinkConnections": [{"name": "l", "properties": {
                    "vpnSiteLink": {"id": f"{_SITE}/vpnSiteLinks/l"}, "connectionBandwidth": 10, "enableBgp": False,
                    "vpnConnectionProtocolType": "IKEv2"}}]}),
            body(net("p2sVpnGateways", "p2s"), {
                "virtualHub": {"id": _HUB}, "vpnServerConfiguration": {"id": net("vpnServerConfigurations", "s")},
                "vpnGatewayScaleUnit": 1, "p2SConnectionConfigurations": [{"name": "all", "properties": {
                    "vpnClientAddressPool": {"addressPrefixes": ["172.30.0.0/24"]}, "enableInternetSecurity": False,
                    "routingConfiguration": {"associatedRouteTable": {"id": _DEFAULT},
                                             "propagatedRouteTables": {"ids": [{"id": _DEFAULT}]}}}}]}, **WEU),
            body(net("vpnServerConfigurations", "s"), {"vpnAuthenticationTypes": ["AAD"],
                "vpnProtocols": ["OpenVPN"]}, **WEU),
            body(_ERGW, {"virtualHub": {"id": _HUB}, "autoScaleConfiguration": {"bounds": {"min": 1}},
                         "allowNonVirtualWanTraffic": False}, **WEU),
            body(f"{_ERGW}/expressRouteConnections/er", {
                "expressRouteCircuitPeering": {"id": f"{_CIRCUIT}/peerings/AzurePrivatePeering"}, "routingWeight": 0,
                "enableInternetSecurity": False}),
            body(f"{_HUB}/routeMaps/m", {"rules": []}),
        ),
    ),
    "a Route Server, and a hub's IP": Pair(
        (
            ("route_server", here(net("virtualHubs", "rs"), sku="Standard", subnet_id=_SUBNET, public_ip_address_id=_IP,
                                  branch_to_branch_traffic_enabled=True, hub_routing_preference="ExpressRoute",
                                  virtual_router_asn=65515, virtual_router_ips=[], routing_state="Provisioned")),
            ("route_server_bgp_connection", {
                "id": f"{net('virtualHubs', 'rs')}/bgpConnections/nva", "name": "nva",
                "route_server_id": net("virtualHubs", "rs"), "peer_asn": 65001, "peer_ip": "10.0.3.4"}),
            ("virtual_hub_ip", {
                "id": f"{net('virtualHubs', 'old')}/ipConfigurations/ip", "name": "ip",
                    "virtual_hub_id": net("virtualHubs", "old"),
                "subnet_id": _SUBNET, "public_ip_address_id": _IP, "private_ip_address": "",
                "private_ip_allocation_method": "Dynamic"}),
        ),
        (
            body(net("virtualHubs", "rs"), {
                "sku": "Standard", "allowBranchToBranchTraffic": True, "hubRoutingPreference": "ExpressRoute",
                "virtualRouterAsn": 65515, "ipConfigurations": [{
                    "id": f"{net('virtualHubs', 'rs')}/ipConfigurations/ipConfig1", "name": "ipConfig1",
                    "properties": {"subnet": {"id": _SUBNET}, "publicIPAddress": {"id": _IP}}}]}, **WEU),
            body(f"{net('virtualHubs', 'rs')}/bgpConnections/nva", {"peerAsn": 65001, "peerIp": "10.0.3.4"}),
            body(f"{net('virtualHubs', 'old')}/ipConfigurations/ip", {
                "subnet": {"id": _SUBNET}, "publicIPAddress": {"id": _IP}, "privateIPAllocationMethod": "Dynamic"}),
        ),
    ),
}  # fmt: skip

LINKS: Mapping[str, Pair] = {
    "private endpoints and link services": Pair(
        (
            ("private_endpoint", here(
                _PE, subnet_id=_SUBNET, custom_network_interface_name="", ip_configuration=[],
                network_interface=[{"id": net("networkInterfaces", "pe.nic"), "name": "pe.nic"}],
                custom_dns_configs=[{"fqdn": "x.vault.azure.net", "ip_addresses": ["10.0.1.7"]}],
                private_service_connection=[{
                    "name": "kv", "is_manual_connection": False, "private_connection_resource_alias": "",
                    "private_connection_resource_id": net("privateLinkServices", "pls"), "subresource_names": ["vault"],
                    "request_message": "", "private_ip_address": "10.0.1.7"}],
                private_dns_zone_group=[{"name": "default", "id": f"{_PE}/privateDnsZoneGroups/default",
                                         "private_dns_zone_ids": [_ZONE]}],
            )),
            ("private_endpoint_application_security_group_association", {
                "id": "x|y", "private_endpoint_id": _PE,
                "application_security_group_id": net("applicationSecurityGroups", "web")}),
            ("private_link_service", here(
                _PLS, load_balancer_frontend_ip_configuration_ids=[net("loadBalancers/frontendIPConfigurations", "lb",
                    "f")],
                destination_ip_address="", auto_approval_subscription_ids=["s"], visibility_subscription_ids=[],
                    fqdns=[],
                alias="pls.guid", nat_ip_configuration=[{
                    "name": "nat", "subnet_id": _SUBNET, "private_ip_address": "", "private_ip_address_version": "IPv4",
                    "primary": True}])),
            ("private_dns_zone", {"id": _ZONE, "name": "privatelink.x", "resource_group_name": "rg", "tags": {},
                                  "number_of_record_sets": 2, "max_number_of_virtual_network_links": 1000}),
            ("private_dns_zone_virtual_network_link", {
                "id": f"{_ZONE}/virtualNetworkLinks/hub", "name": "hub", "resource_group_name": "rg",
                "private_dns_zone_name": "privatelink.x", "virtual_network_id": _VNET, "registration_enabled": False,
                "resolution_policy": "Default", "tags": {}}),
            ("private_dns_resolver", here(net("dnsResolvers", "res"), virtual_network_id=_VNET)),
            ("private_dns_resolver_inbound_endpoint", {
                "id": f"{net('dnsResolvers', 'res')}/inboundEndpoints/in", "name": "in", "location": "westeurope",
                "private_dns_resolver_id": net("dnsResolvers", "res"), "ip_configurations": [
                    {"subnet_id": _SUBNET, "private_ip_address": "10.0.1.8",
                        "private_ip_allocation_method": "Dynamic"}]}),
            ("private_dns_resolver_outbound_endpoint", {
                "id": f"{net('dnsResolvers', 'res')}/outboundEndpoints/out", "name": "out", "location": "westeurope",
                "private_dns_resolver_id": net("dnsResolvers", "res"), "subnet_id": _SUBNET}),
        ),
        (
            body(_PE, {
                "subnet": {"id": _SUBNET}, "networkInterfaces": [{"id": net("networkInterfaces", "pe.nic")}],
                "customDnsConfigs": [{"fqdn": "x.vault.azure.net", "ipAddresses": ["10.0.1.7"]}],
                "applicationSecurityGroups": [{"id": net("applicationSecurityGroups", "web")}],
                "privateLinkServiceConnections": [{
                    "id": f"{_PE}/privateLinkServiceConnections/kv", "name": "kv", "properties": {
                        "privateLinkServiceId": _PLS, "groupIds": ["vault"],
                        "privateLinkServiceConnectionState": {"status": "Approved"}}}],
            }, **WEU),
            body(f"{_PE}/privateDnsZoneGroups/default", {"privateDnsZoneConfigs": [
                {"name": "privatelink.x", "properties": {"privateDnsZoneId": _ZONE}}]}),
            body(_PLS, {
                "loadBalancerFrontendIpConfigurations": [{"id": net("loadBalancers/frontendIPConfigurations", "lb",
                    "f")}],
                "autoApproval": {"subscriptions": ["s"]}, "alias": "pls.guid",
                "ipConfigurations": [{"id": f"{_PLS}/ipConfigurations/nat", "name": "nat", "properties": {
                    "subnet": {"id": _SUBNET}, "privateIPAddressVersion": "IPv4", "primary": True}}]}, **WEU),
            body(_ZONE, {"numberOfRecordSets": 2, "maxNumberOfVirtualNetworkLinks": 1000}),
            body(f"{_ZONE}/virtualNetworkLinks/hub", {"virtualNetwork": {"id": _VNET}, "registrationEnabled": False,
                                                      "resolutionPolicy": "Default"}),
            body(net("dnsResolvers", "res"), {"virtualNetwork": {"id": _VNET}}, **WEU),
            body(f"{net('dnsResolvers', 'res')}/inboundEndpoints/in", {"ipConfigurations": [
                {"subnet": {"id": _SUBNET}, "privateIPAddress": "10.0.1.8", "privateIPAllocationMethod": "Dynamic"}]},
                    **WEU),
            body(f"{net('dnsResolvers', 'res')}/outboundEndpoints/out", {"subnet": {"id": _SUBNET}}, **WEU),
        ),
    ),
    "network manager": Pair(
        (
            ("network_manager", here(_ANM, scope=[{"subscription_ids": [S], "management_group_ids": []}],
                                     scope_accesses=["Connectivity", "SecurityAdmin"], description="")),
            ("network_manager_network_group", {"id": f"{_ANM}/networkGroups/prod", "name": "prod",
                                               "network_manager_id": _ANM, "member_type": "VirtualNetwork"}),
            ("network_manager_static_member", {
                "id": f"{_ANM}/networkGroups/prod/staticMembers/hub", "name": "hub", "region": "westeurope",
                "network_group_id": f"{_ANM}/networkGroups/prod", "target_virtual_network_id": _VNET}),
            ("network_manager_connectivity_configuration", {
                "id": f"{_ANM}/connectivityConfigurations/mesh", "name": "mesh", "network_manager_id": _ANM,
                "connectivity_topology": "HubAndSpoke", "global_mesh_enabled": False,
                    "delete_existing_peering_enabled": True,
                "hub": [{"resource_id": _VNET, "resource_type": "Microsoft.Network/virtualNetworks"}],
                "applies_to_group": [{"group_connectivity": "DirectlyConnected", "global_mesh_enabled": True,
                                      "use_hub_gateway": True, "network_group_id": f"{_ANM}/networkGroups/prod"}]}),
            ("network_manager_security_admin_configuration", {
                "id": f"{_ANM}/securityAdminConfigurations/sec", "name": "sec", "network_manager_id": _ANM,
                "apply_on_network_intent_policy_based_services": ["AllowRulesOnly"]}),
            ("network_manager_admin_rule_collection", {
                "id": f"{_ANM}/securityAdminConfigurations/sec/ruleCollections/all", "name": "all",
                "security_admin_configuration_id": f"{_ANM}/securityAdminConfigurations/sec",
                "network_group_ids": [f"{_ANM}/networkGroups/prod"]}),
            ("network_manager_admin_rule", {
                "id": f"{_ANM}/securityAdminConfigurations/sec/ruleCollections/all/rules/no-ssh", "name": "no-ssh",
                "admin_rule_collection_id": f"{_ANM}/securityAdminConfigurations/sec/ruleCollections/all",
                    "action": "Deny",
                "direction": "Inbound", "priority": 1, "protocol": "Tcp", "source_port_ranges": ["0-65535"],
                "destination_port_ranges": ["22"], "description": "",
                "source": [{"address_prefix_type": "ServiceTag", "address_prefix": "Internet"}],
                "destination": [{"address_prefix_type": "IPPrefix", "address_prefix": "*"}]}),
            ("network_manager_deployment", {
                "id": f"{_ANM}/commit|westeurope|SecurityAdmin", "network_manager_id": _ANM, "location": "westeurope",
                "scope_access": "SecurityAdmin", "configuration_ids": [f"{_ANM}/securityAdminConfigurations/sec"],
                "triggers": None}),
        ),
        (
            body(_ANM, {"networkManagerScopes": {"subscriptions": [S]},
                        "networkManagerScopeAccesses": ["Connectivity", "SecurityAdmin"]}, **WEU),
            body(f"{_ANM}/networkGroups/prod", {"memberType": "VirtualNetwork"}),
            body(f"{_ANM}/networkGroups/prod/staticMembers/hub", {"resourceId": _VNET, "region": "westeurope"}),
            body(f"{_ANM}/connectivityConfigurations/mesh", {
                "connectivityTopology": "HubAndSpoke", "isGlobal": "False", "deleteExistingPeering": "True",
                "hubs": [{"resourceId": _VNET, "resourceType": "Microsoft.Network/virtualNetworks"}],
                "appliesToGroups": [{"networkGroupId": f"{_ANM}/networkGroups/prod", "isGlobal": "True",
                                     "groupConnectivity": "DirectlyConnected", "useHubGateway": "True"}]}),
            body(f"{_ANM}/securityAdminConfigurations/sec", {"applyOnNetworkIntentPolicyBasedServices": [
                "AllowRulesOnly"]}),
            body(f"{_ANM}/securityAdminConfigurations/sec/ruleCollections/all", {
                "appliesToGroups": [{"networkGroupId": f"{_ANM}/networkGroups/prod"}]}),
            body(f"{_ANM}/securityAdminConfigurations/sec/ruleCollections/all/rules/no-ssh", {
                "access": "Deny", "direction": "Inbound", "priority": 1, "protocol": "Tcp",
                    "sourcePortRanges": ["0-65535"],
                "destinationPortRanges": ["22"],
                "sources": [{"addressPrefixType": "ServiceTag", "addressPrefix": "Internet"}],
                "destinations": [{"addressPrefixType": "IPPrefix", "addressPrefix": "*"}]}, kind="Custom"),
            body(f"{_ANM}/commits/SecurityAdmin-westeurope", {
                "commitType": "SecurityAdmin", "targetLocations": ["westeurope"],
                "configurationIds": [f"{_ANM}/securityAdminConfigurations/sec"]}),
        ),
    ),
}  # fmt: skip


def _agw(collection: str, name: str) -> str:
    return f"{_AGW}/{collection}/{name}"


_DOOR = "Microsoft.Cdn/profiles"
_AFD = net("x", "y").rpartition("/providers/")[0] + f"/providers/{_DOOR}/afd"
_CLASSIC = net("frontDoors", "old")
_TM = net("trafficManagerProfiles", "tm")
ENTRIES: Mapping[str, Pair] = {
    "an application gateway with a WAF policy": Pair(
        (
            ("application_gateway", here(
                _AGW, sku=[{"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2}], firewall_policy_id=_WAF,
                waf_configuration=[], force_firewall_policy_association=True,
                gateway_ip_configuration=[{"name": "g", "subnet_id": _SUBNET, "id": _agw("gatewayIPConfigurations",
                    "g")}],
                frontend_ip_configuration=[{"name": "pub", "public_ip_address_id": _IP, "subnet_id": "",
                                            "private_ip_address": "", "private_ip_address_allocation": "Dynamic"}],
                frontend_port=[{"name": "443", "port": 443}],
                backend_address_pool=[{"name": "web", "ip_addresses": ["10.0.1.4"], "fqdns": ["app.contoso.com"]}],
                backend_http_settings=[{"name": "https", "port": 8443, "protocol": "Https", "host_name": ""}],
                http_listener=[{"name": "l", "frontend_ip_configuration_name": "pub", "frontend_port_name": "443",
                                "protocol": "Https", "host_name": "", "host_names": ["shop.contoso.com"],
                                "ssl_certificate_name": "c", "firewall_policy_id": ""}],
                request_routing_rule=[{"name": "r", "rule_type": "PathBasedRouting", "http_listener_name": "l",
                                       "url_path_map_name": "paths", "priority": 10, "backend_address_pool_name": ""}],
                url_path_map=[{"name": "paths", "default_backend_address_pool_name": "web",
                               "default_backend_http_settings_name": "https", "path_rule": [{
                                   "name": "api", "paths": ["/api/*"], "backend_address_pool_name": "web",
                                   "backend_http_settings_name": "https", "firewall_policy_id": f"{_WAF}2"}]}],
                redirect_configuration=[], listener=None, routing_rule=None, backend=None,
            )),
            ("web_application_firewall_policy", here(
                _WAF, policy_settings=[{"enabled": True, "mode": "Prevention", "request_body_check": True}],
                custom_rules=[{"name": "fd", "priority": 1, "rule_type": "MatchRule", "action": "Block",
                    "enabled": True,
                               "match_conditions": [{
                                   "match_variables": [{"variable_name": "RequestHeaders", "selector": "X-Azure-FDID"}],
                                   "operator": "Equal", "negation_condition": True, "match_values": ["guid"]}]}],
                managed_rules=[{"managed_rule_set": [{"type": "OWASP", "version": "3.2"}], "exclusion": []}])),
        ),
        (
            body(_AGW, {
                "sku": {"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2}, "firewallPolicy": {"id": _WAF},
                "forceFirewallPolicyAssociation": True,
                "gatewayIPConfigurations": [{"id": _agw("gatewayIPConfigurations", "g"), "name": "g",
                                             "properties": {"subnet": {"id": _SUBNET}}}],
                "frontendIPConfigurations": [{"id": _agw("frontendIPConfigurations", "pub"), "name": "pub",
                    "properties": {
                    "publicIPAddress": {"id": _IP}, "privateIPAllocationMethod": "Dynamic"}}],
                "frontendPorts": [{"id": _agw("frontendPorts", "443"), "name": "443", "properties": {"port": 443}}],
                "backendAddressPools": [{"id": _agw("backendAddressPools", "web"), "name": "web", "properties": {
                    "backendAddresses": [{"fqdn": "app.contoso.com"}, {"ipAddress": "10.0.1.4"}]}}],
                "backendHttpSettingsCollection": [{"id": _agw("backendHttpSettingsCollection", "https"),
                    "name": "https",
                                                   "properties": {"port": 8443, "protocol": "Https"}}],
                "httpListeners": [{"id": _agw("httpListeners", "l"), "name": "l", "properties": {
                    "frontendIPConfiguration": {"id": _agw("frontendIPConfigurations", "pub")},
                    "frontendPort": {"id": _agw("frontendPorts", "443")}, "protocol": "Https",
                    "hostNames": ["shop.contoso.com"], "sslCertificate": {"id": _agw("sslCertificates", "c")}}}],
                "requestRoutingRules": [{"id": _agw("requestRoutingRules", "r"), "name": "r", "properties": {
                    "ruleType": "PathBasedRouting", "priority": 10, "httpListener": {"id": _agw("httpListeners", "l")},
                    "urlPathMap": {"id": _agw("urlPathMaps", "paths")}}}],
                "urlPathMaps": [{"id": _agw("urlPathMaps", "paths"), "name": "paths", "properties": {
                    "defaultBackendAddressPool": {"id": _agw("backendAddressPools", "web")},
                    "defaultBackendHttpSettings": {"id": _agw("backendHttpSettingsCollection", "https")},
                    "pathRules": [{"id": f"{_agw('urlPathMaps', 'paths')}/pathRules/api", "name": "api", "properties": {
                        "paths": ["/api/*"], "backendAddressPool": {"id": _agw("backendAddressPools", "web")},
                        "backendHttpSettings": {"id": _agw("backendHttpSettingsCollection", "https")},
                        "firewallPolicy": {"id": f"{_WAF}2"}}}]}}],
                "redirectConfigurations": [],
            }, **WEU),
            body(_WAF, {
                "policySettings": {"state": "Enabled", "mode": "Prevention"},
                "customRules": [{"name": "fd", "priority": 1, "ruleType": "MatchRule", "action": "Block",
                    "state": "Enabled",
                                 "matchConditions": [{
                                     "matchVariables": [{"variableName": "RequestHeaders", "selector": "X-Azure-FDID"}],
                                     "operator": "Equal", "negationConditon": True, "matchValues": ["guid"]}]}],
                "managedRules": {"managedRuleSets": [{"ruleSetType": "OWASP", "ruleSetVersion": "3.2"}]}}, **WEU),
        ),
    ),
    "a Front Door": Pair(
        (
            ("cdn_frontdoor_profile", here(_AFD, sku_name="Premium_AzureFrontDoor", resource_guid="g", location=None,
                                           response_timeout_seconds=120)),
            ("cdn_frontdoor_endpoint", {"id": f"{_AFD}/afdEndpoints/e", "name": "e", "cdn_frontdoor_profile_id": _AFD,
                                        "enabled": True, "host_name": "e.azurefd.net", "tags": {}}),
            ("cdn_frontdoor_origin_group", {"id": f"{_AFD}/originGroups/g", "name": "g",
                "cdn_frontdoor_profile_id": _AFD,
                                            "session_affinity_enabled": True}),
            ("cdn_frontdoor_origin", {
                "id": f"{_AFD}/originGroups/g/origins/o", "name": "o",
                    "cdn_frontdoor_origin_group_id": f"{_AFD}/originGroups/g",
                "host_name": "app.azurewebsites.net", "http_port": 80, "https_port": 443, "enabled": True,
                    "priority": 1,
                "weight": 500, "origin_host_header": "", "private_link": [{
                    "private_link_target_id": net("privateLinkServices", "pls"), "target_type": "",
                        "location": "westeurope",
                    "request_message": "please"}]}),
            ("cdn_frontdoor_route", {
                "id": f"{_AFD}/afdEndpoints/e/routes/r", "name": "r",
                    "cdn_frontdoor_endpoint_id": f"{_AFD}/afdEndpoints/e",
                "cdn_frontdoor_origin_group_id": f"{_AFD}/originGroups/g", "enabled": True, "patterns_to_match": ["/*"],
                "supported_protocols": ["Http", "Https"], "forwarding_protocol": "HttpsOnly",
                    "https_redirect_enabled": True,
                "link_to_default_domain": False, "cdn_frontdoor_custom_domain_ids": []}),
            ("cdn_frontdoor_custom_domain", {"id": f"{_AFD}/customDomains/d", "name": "d",
                "cdn_frontdoor_profile_id": _AFD,
                                             "host_name": "shop.contoso.com", "dns_zone_id": ""}),
            ("cdn_frontdoor_custom_domain_association", {
                "id": f"{_AFD}/associations/a", "cdn_frontdoor_custom_domain_id": f"{_AFD}/customDomains/d",
                "cdn_frontdoor_route_ids": [f"{_AFD}/afdEndpoints/e/routes/r"]}),
            ("cdn_frontdoor_firewall_policy", here(
                net("FrontDoorWebApplicationFirewallPolicies", "fdwaf"), sku_name="Premium_AzureFrontDoor",
                    enabled=True,
                mode="Detection", location=None, custom_rule=[], managed_rule=[
                    {"type": "Microsoft_DefaultRuleSet", "version": "2.1", "action": "Block"}])),
            ("cdn_frontdoor_security_policy", {
                "id": f"{_AFD}/securityPolicies/s", "name": "s", "cdn_frontdoor_profile_id": _AFD,
                    "security_policies": [{
                    "firewall": [{"cdn_frontdoor_firewall_policy_id": net("FrontDoorWebApplicationFirewallPolicies",
                        "fdwaf"),
                                  "association": [{"patterns_to_match": ["/*"], "domain": [
                                      {"cdn_frontdoor_domain_id": f"{_AFD}/customDomains/d", "active": True}]}]}]}]}),
        ),
        (
            body(_AFD, {"frontDoorId": "g", "originResponseTimeoutSeconds": 120},
                sku={"name": "Premium_AzureFrontDoor"}),
            body(f"{_AFD}/afdEndpoints/e", {"enabledState": "Enabled", "hostName": "e.azurefd.net"}),
            body(f"{_AFD}/originGroups/g", {"sessionAffinityState": "Enabled"}),
            body(f"{_AFD}/originGroups/g/origins/o", {
                "hostName": "app.azurewebsites.net", "httpPort": 80, "httpsPort": 443, "enabledState": "Enabled",
                    "priority": 1,
                "weight": 500, "sharedPrivateLinkResource": {
                    "privateLink": {"id": net("privateLinkServices", "pls")}, "privateLinkLocation": "westeurope",
                    "requestMessage": "please"}}),
            body(f"{_AFD}/afdEndpoints/e/routes/r", {
                "enabledState": "Enabled", "originGroup": {"id": f"{_AFD}/originGroups/g"}, "patternsToMatch": ["/*"],
                "supportedProtocols": ["Http", "Https"], "forwardingProtocol": "HttpsOnly", "httpsRedirect": "Enabled",
                "linkToDefaultDomain": "Disabled", "customDomains": [{"id": f"{_AFD}/customDomains/d"}]}),
            body(f"{_AFD}/customDomains/d", {"hostName": "shop.contoso.com"}),
            body(net("FrontDoorWebApplicationFirewallPolicies", "fdwaf"), {
                "policySettings": {"enabledState": "Enabled", "mode": "Detection"}, "customRules": {"rules": []},
                "managedRules": {"managedRuleSets": [{"ruleSetType": "Microsoft_DefaultRuleSet",
                    "ruleSetVersion": "2.1"}]},
            }, sku={"name": "Premium_AzureFrontDoor"}),
            body(f"{_AFD}/securityPolicies/s", {"parameters": {
                "type": "WebApplicationFirewall", "wafPolicy": {"id": net("FrontDoorWebApplicationFirewallPolicies",
                    "fdwaf")},
                "associations": [{"domains": [{"id": f"{_AFD}/customDomains/d"}], "patternsToMatch": ["/*"]}]}}),
        ),
    ),
    "a classic Front Door": Pair(
        (("frontdoor", here(
            _CLASSIC, location=None, load_balancer_enabled=True, cname="old.azurefd.net",
            frontend_endpoint=[{"name": "fe", "host_name": "old.azurefd.net", "web_application_firewall_policy_link_id":
                                net("FrontDoorWebApplicationFirewallPolicies", "fdwaf")}],
            backend_pool=[{"name": "bp", "backend": [{"address": "20.1.2.3", "host_header": "x", "http_port": 80,
                                                      "https_port": 443, "enabled": True, "priority": 1,
                                                          "weight": 50}]}],
            routing_rule=[{"name": "r", "enabled": True, "accepted_protocols": ["Https"], "patterns_to_match": ["/*"],
                           "frontend_endpoints": ["fe"], "redirect_configuration": [], "forwarding_configuration": [
                               {"backend_pool_name": "bp", "forwarding_protocol": "HttpsOnly"}]}],
        )),),
        (body(_CLASSIC, {
            "enabledState": "Enabled", "cname": "old.azurefd.net",
            "frontendEndpoints": [{"id": f"{_CLASSIC}/frontendEndpoints/fe", "name": "fe", "properties": {
                "hostName": "old.azurefd.net", "webApplicationFirewallPolicyLink": {
                    "id": net("FrontDoorWebApplicationFirewallPolicies", "fdwaf")}}}],
            "backendPools": [{"id": f"{_CLASSIC}/backendPools/bp", "name": "bp", "properties": {"backends": [{
                "address": "20.1.2.3", "backendHostHeader": "x", "httpPort": 80, "httpsPort": 443,
                    "enabledState": "Enabled",
                "priority": 1, "weight": 50}]}}],
            "routingRules": [{"id": f"{_CLASSIC}/routingRules/r", "name": "r", "properties": {
                "enabledState": "Enabled", "acceptedProtocols": ["Https"], "patternsToMatch": ["/*"],
                "frontendEndpoints": [{"id": f"{_CLASSIC}/frontendEndpoints/fe"}],
                "routeConfiguration": {"backendPool": {"id": f"{_CLASSIC}/backendPools/bp"},
                                       "forwardingProtocol": "HttpsOnly"}}}],
        }),),
    ),
    "Traffic Manager and a content delivery network": Pair(
        (
            ("traffic_manager_profile", here(_TM, location=None, profile_status="Enabled",
                traffic_routing_method="Priority",
                                             dns_config=[{"relative_name": "shop", "ttl": 60}],
                                                 fqdn="shop.trafficmanager.net")),
            ("traffic_manager_azure_endpoint", {
                "id": f"{_TM}/azureEndpoints/a", "name": "a", "profile_id": _TM, "target_resource_id": _IP,
                    "enabled": True,
                "priority": 1, "weight": 1}),
            ("traffic_manager_external_endpoint", {
                "id": f"{_TM}/externalEndpoints/b", "name": "b", "profile_id": _TM, "target": "x.contoso.com",
                "enabled": False, "priority": 2, "weight": 1, "endpoint_location": ""}),
            ("cdn_endpoint", here(
                f"{_AFD}2/endpoints/c", profile_name="afd2", fqdn="c.azureedge.net", is_http_allowed=False,
                is_https_allowed=True, origin_host_header="",
                origin=[{"name": "o", "host_name": "app.azurewebsites.net", "http_port": 80, "https_port": 443}])),
        ),
        (
            body(_TM, {
                "profileStatus": "Enabled", "trafficRoutingMethod": "Priority",
                "dnsConfig": {"relativeName": "shop", "ttl": 60, "fqdn": "shop.trafficmanager.net"},
                "endpoints": [
                    {"id": f"{_TM}/azureEndpoints/a", "name": "a",
                        "type": "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
                     "properties": {"targetResourceId": _IP, "endpointStatus": "Enabled", "priority": 1, "weight": 1}},
                    {"id": f"{_TM}/externalEndpoints/b", "name": "b",
                     "type": "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
                     "properties": {"target": "x.contoso.com", "endpointStatus": "Disabled", "priority": 2,
                         "weight": 1}}],
            }),
            body(f"{_AFD}2/endpoints/c", {
                "hostName": "c.azureedge.net", "isHttpAllowed": False, "isHttpsAllowed": True,
                "origins": [{"name": "o", "properties": {"hostName": "app.azurewebsites.net", "httpPort": 80,
                    "httpsPort": 443}}],
            }, **WEU),
        ),
    ),
}  # fmt: skip
