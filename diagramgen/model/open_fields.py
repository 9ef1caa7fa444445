"""Fields that a declaration may leave open and that have few values: switches, words, references, lists.

By name, whatever has the field: https://learn.microsoft.com/azure/templates/ tells them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NET = "microsoft.network/"
SWITCHES: tuple[str, ...] = (
    "allowVirtualNetworkAccess", "allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways",
    "peerCompleteVnets", "disableBgpRoutePropagation", "defaultOutboundAccess", "enableIPForwarding",
    "enableDdosProtection", "enableInternetSecurity", "allowBranchToBranchTraffic", "allowRemoteVnetTraffic",
    "allowVirtualWanTraffic", "allowNonVirtualWanTraffic", "enableBgp", "enablePrivateOnlyBastion",
    "disableOutboundSnat", "enablePrivateCluster", "isVirtualNetworkFilterEnabled", "internal", "isHttpAllowed",
    "isHttpsAllowed", "publicDataEndpointEnabled", "trustedServiceAccessEnabled",
    "scmIpSecurityRestrictionsUseMain", "enabled", "propagateStaticRoutes",
)  # fmt: skip
WORDS: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(SWITCHES, (True, False)),
    "access": ("Allow", "Deny"), "direction": ("Inbound", "Outbound"), "protocol": ("Tcp", "Udp", "Icmp", "*"),
    "peeringState": ("Connected", "Initiated", "Disconnected"), "gatewayType": ("Vpn", "ExpressRoute"),
    "nextHopType": ("VirtualAppliance", "None", "Internet", "VirtualNetworkGateway", "VnetLocal"),
    "publicNetworkAccess": ("Enabled", "Disabled", "SecuredByPerimeter"), "defaultAction": ("Allow", "Deny"),
    "publicNetworkAccessForIngestion": ("Enabled", "Disabled"),
    "publicNetworkAccessForQuery": ("Enabled", "Disabled"),
    "privateEndpointNetworkPolicies": ("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
    "connectionType": ("IPsec", "ExpressRoute", "Vnet2Vnet"), "connectivityTopology": ("HubAndSpoke", "Mesh"),
    "groupConnectivity": ("None", "DirectlyConnected"), "isGlobal": ("True", "False"),
    "useHubGateway": ("True", "False"), "mode": ("Prevention", "Detection", "Deny", "Alert", "Off"),
    "firewallMode": ("Prevention", "Detection"), "state": ("Enabled", "Disabled"),
    "enabledState": ("Enabled", "Disabled"), "threatIntelMode": ("Alert", "Deny", "Off"),
    "virtualNetworkType": ("External", "Internal", "None"), "orchestrationMode": ("Flexible", "Uniform"),
    "internalLoadBalancingMode": ("None", "Web", "Publishing", "Web, Publishing"),
    "linkToDefaultDomain": ("Enabled", "Disabled"),
    "forwardingProtocol": ("HttpOnly", "HttpsOnly", "MatchRequest"),
    "status": ("Approved", "Pending", "Rejected"),
    "hubRoutingPreference": ("ExpressRoute", "VpnGateway", "ASPath"), "accessMode": ("Enforced", "Learning"),
    "vnetLocalRouteOverrideCriteria": ("Equal", "Contains"), "profileStatus": ("Enabled", "Disabled"),
    "endpointStatus": ("Enabled", "Disabled"), "tier": ("Basic", "Standard", "Premium", "WAF_v2", "Standard_v2"),
    "ruleType": ("NetworkRule", "ApplicationRule", "NatRule"),
    "serviceName": ("Microsoft.Web/serverFarms", "Microsoft.Sql/managedInstances", "Microsoft.Databricks/workspaces"),
}  # fmt: skip
"""What such a field may say."""
REFERENCES: Mapping[str, tuple[bool, tuple[str, ...]]] = {
    "networkSecurityGroup": (True, (NET + "networksecuritygroups",)),
    "routeTable": (True, (NET + "routetables",)), "natGateway": (True, (NET + "natgateways",)),
    "publicIPAddress": (True, (NET + "publicipaddresses",)),
    "publicIPPrefix": (True, (NET + "publicipprefixes",)),
    "firewallPolicy": (True, (NET + "firewallpolicies", NET + "applicationgatewaywebapplicationfirewallpolicies")),
    "basePolicy": (True, (NET + "firewallpolicies",)),
    "ddosProtectionPlan": (True, (NET + "ddosprotectionplans",)),
    "subnet": (False, (NET + "virtualnetworks/subnets",)),
    "virtualNetworkSubnetId": (True, (NET + "virtualnetworks/subnets",)),
    "remoteVirtualNetwork": (False, (NET + "virtualnetworks",)), "virtualHub": (True, (NET + "virtualhubs",)),
    "virtualWan": (True, (NET + "virtualwans",)),
    "virtualMachine": (True, ("microsoft.compute/virtualmachines",)),
    "virtualNetworkGateway1": (False, (NET + "virtualnetworkgateways",)),
    "virtualNetworkGateway2": (True, (NET + "virtualnetworkgateways",)),
    "localNetworkGateway2": (True, (NET + "localnetworkgateways",)),
    "peer": (True, (NET + "expressroutecircuits",)), "azureFirewall": (True, (NET + "azurefirewalls",)),
    "privateEndpoint": (True, (NET + "privateendpoints",)),
    "wafPolicy": (True, (NET + "frontdoorwebapplicationfirewallpolicies",)),
    "associatedRouteTable": (True, (NET + "virtualhubs/hubroutetables",)),
    "originGroup": (False, ("microsoft.cdn/profiles/origingroups",)), "gatewayLoadBalancer": (True, ()),
    "networkGroupId": (False, (NET + "networkmanagers/networkgroups",)),
    "resourceId": (False, (NET + "virtualnetworks",)), "privateLinkServiceId": (False, ()),
    "virtualNetwork": (True, (NET + "virtualnetworks",)), "nextHop": (True, ()),
}  # fmt: skip
"""Whether such a reference may be absent, and the types of what it may name."""
LISTS: frozenset[str] = frozenset((
    "applicationGatewayBackendAddressPools", "applicationRuleCollections", "applicationSecurityGroups",
    "associations", "backendAddressPools", "backendAddresses", "backendIPConfigurations", "customDomains",
    "delegations", "destinationIpGroups", "domains", "firewallRules", "frontendIPConfigurations",
    "httpListeners", "ids", "inboundNatPools", "inboundNatRules", "ipConfigurations", "ipRules",
    "ipSecurityRestrictions", "labels", "loadBalancerBackendAddressPools", "loadBalancerBackendAddresses",
    "loadBalancingRules", "natRuleCollections", "networkInterfaces", "networkRuleCollections", "outboundRules",
    "patternsToMatch", "privateEndpointConnections", "publicIpAddresses", "publicIpPrefixes",
    "requestRoutingRules", "resourceAccessRules", "routes", "routingPolicies", "ruleCollections", "rules",
    "scmIpSecurityRestrictions", "serviceEndpointPolicies", "serviceEndpoints", "sourceIpGroups",
    "staticRoutes", "urlPathMaps", "virtualNetworkRules",
))  # fmt: skip
"""Lists that may be empty."""
_SUBNETS = NET + "virtualnetworks/subnets"
HOLDERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    NET + "applicationgateways": (("gatewayIPConfigurations", _SUBNETS),),
    NET + "azurefirewalls": (("ipConfigurations", _SUBNETS), ("virtualHub", NET + "virtualhubs")),
    NET + "bastionhosts": (("ipConfigurations", _SUBNETS),),
    NET + "virtualnetworkgateways": (("ipConfigurations", _SUBNETS),),
    NET + "networkinterfaces": (("ipConfigurations", _SUBNETS),),
    NET + "privateendpoints": (("subnet", _SUBNETS),),
    NET + "virtualhubs/hubvirtualnetworkconnections": (("remoteVirtualNetwork", NET + "virtualnetworks"),),
    NET + "vpngateways/vpnconnections": (("remoteVpnSite", NET + "vpnsites"),),
    NET + "connections": (
        ("virtualNetworkGateway1", NET + "virtualnetworkgateways"),
        ("localNetworkGateway2", NET + "localnetworkgateways"),
    ),
}  # fmt: skip
"""What has to stand in a subnet, or to lead somewhere, with the field that names it and the type of what it names."""
