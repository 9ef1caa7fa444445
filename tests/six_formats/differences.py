"""What each format cannot tell, or tells otherwise than the REST API does: the named differences, with their reasons.

A difference is a path to a fact with `-` before it where only REST tells it, `+` where only the format does, and `~`
where both do and differently; `*` stands for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Differences = Mapping[str, tuple[str, ...]]
"""By the reason for them."""

PRIVATE_INTERFACE: Differences = {
    "Azure makes the interface of a private endpoint by itself": (
        "- networkinterfaces/pe-orders-nic*", "- frame > networkinterfaces/pe-orders-nic",
    ),
}  # fmt: skip
DEFAULT_RULES: Differences = {
    "Azure adds the default rules of an NSG, which are the same everywhere": (
        "- networksecuritygroups/*/defaultsecurityrules/*", "- networksecuritygroups/* > defaultSecurityRules",
    ),
}  # fmt: skip
USERS: Differences = {
    "what a resource is used by is told by its users alone": (
        "- networksecuritygroups/* > subnets", "- networksecuritygroups/* > networkInterfaces",
        "- natgateways/* > subnets", "- ipgroups/* > firewallPolicies",
        "- applicationgatewaywebapplicationfirewallpolicies/* > applicationGateways",
    ),
}  # fmt: skip
MORE_USERS: Differences = {
    "what a resource is used by is told by its users alone: tables, policies and pools too": (
        "- routetables/* > subnets", "- firewallpolicies/* > firewalls", "- firewallpolicies/* > ruleCollectionGroups",
        "- loadbalancers/* > backendAddressPools > [pool] > backendIPConfigurations",
    ),
}  # fmt: skip
CONNECTED: Differences = {
    "whether a tunnel is up is known where it is": (
        "- connections/con-office > connectionStatus", "- connection > *lgw-office -> *vgw-hub > status",
    ),
}  # fmt: skip
DNS_COUNTS: Differences = {
    "Azure counts and watches what is in a zone": (
        "- privatednszones/* > numberOfVirtualNetworkLinks", "- privatednszones/* > virtualNetworkLinkState",
    ),
}  # fmt: skip
RECORD_COUNT: Differences = {"Azure counts the records": ("- privatednszones/* > numberOfRecordSets",)}
PEERING_STATE: Differences = {
    "a peering has a state once both halves are deployed": (
        "- virtualnetworks/*/virtualnetworkpeerings/* > peeringState",
        "- virtualnetworks/*/virtualnetworkpeerings/* > peeringSyncLevel",
        "- peering > * > state", "- peering > * > sync", "~ peering > * > is_planned",
        "~ peering > virtualnetworks/vnet-data | virtualnetworks/vnet-hub",
        "~ peering > virtualnetworks/vnet-hub | virtualnetworks/vnet-shop",
    ),
    "which prefixes a peering brings is read from the far VNet": (
        "- virtualnetworks/*/virtualnetworkpeerings/* > remoteAddressSpace > addressPrefixes",
        "- virtualnetworks/*/virtualnetworkpeerings/* > remoteVirtualNetworkAddressSpace > addressPrefixes",
        "- peering > * > remote_prefixes", "- peering > * > current_prefixes",
    ),
}  # fmt: skip
ENDPOINT_REGIONS: Differences = {
    "Azure adds the regions of a service endpoint": (
        "- virtualnetworks/*/subnets/snet-tools > serviceEndpoints > *",
    ),
}
NO_ADDRESSES: Differences = {
    "Azure gives public addresses and names": (
        "- publicipaddresses/* > ipAddress",
        "- bastionhosts/* > dnsName",
    ),
}
FIREWALL_ADDRESS: Differences = {
    "Azure gives the firewall its address": (
        "- azurefirewalls/* > ipConfigurations > [ipconfig1] > privateIPAddress",
    ),
}
LED_BY_NUMBER: Differences = {
    "so that nobody knows what stands at the address to which the spokes send their packets": (
        "~ boundary > internet > internet > virtualnetworks/vnet-shop",
        "- controls > internet > internet > virtualnetworks/vnet-shop",
        "~ boundary > on-premises > on-premises > virtualnetworks/vnet-data",
        "- controls > on-premises > on-premises > virtualnetworks/vnet-data",
        "~ boundary > vnet > virtualnetworks/vnet-data > virtualnetworks/vnet-shop",
        "- controls > vnet > virtualnetworks/vnet-data > virtualnetworks/vnet-shop",
        "~ boundary > vnet > virtualnetworks/vnet-hub > virtualnetworks/vnet-shop",
        "- controls > vnet > virtualnetworks/vnet-hub > virtualnetworks/vnet-shop",
    ),
}  # fmt: skip
GATEWAY_LED_BY_NUMBER: Differences = {
    "so that nobody knows what stands at the address to which the gateway sends packets": (
        "~ boundary > on-premises > on-premises > virtualnetworks/vnet-shop",
        "- controls > on-premises > on-premises > virtualnetworks/vnet-shop",
    ),
}  # fmt: skip
LED_BY_REFERENCE: Differences = {
    "a route names the firewall, and its address will be that of the firewall": (
        "+ routetables/*/routes/* > nextHop", "~ routetables/*/routes/* > nextHopIpAddress",
        "~ virtualnetworks/vnet-shop > dhcpOptions > dnsServers",
    ),
}  # fmt: skip
WAY_IN: Differences = {
    "so that nobody knows which address of the firewall the rule for the partner is about": (
        "~ boundary > internet > internet > virtualnetworks/vnet-hub",
        "- controls > internet > internet > virtualnetworks/vnet-hub",
    ),
}  # fmt: skip
UNDEPLOYED_ENDPOINT: Differences = {
    "the interface of a private endpoint is not there yet": (
        "- privateendpoints/pe-orders > networkInterfaces",
    ),
}
TERRAFORM: Differences = {
    **DEFAULT_RULES, **PRIVATE_INTERFACE, **USERS, **CONNECTED, **DNS_COUNTS, **PEERING_STATE, **ENDPOINT_REGIONS,
    "the provider has no attribute for it": (
        "- bastionhosts/* > ipConfigurations > [ipconfig1] > privateIPAllocationMethod",
        "- privatednszones/* > location",
        "- virtualnetworkgateways/* > sku > capacity", "- virtualnetworkgateways/* > sku > tier",
        "- virtualnetworks/vnet-* > enableDdosProtection",
        "- virtualnetworks/*/virtualnetworkpeerings/* > doNotVerifyRemoteGateways",
        "- loadbalancers/* > loadBalancingRules > [https] > backendAddressPool",
        "- microsoft.storage/storageaccounts/* > networkAcls > virtualNetworkRules > * > action",
        "- microsoft.storage/storageaccounts/* > networkAcls > virtualNetworkRules > * > state",
    ),
    "the provider says more than the yardstick": (
        "+ bastionhosts/* > enable*", "+ bastionhosts/* > scaleUnits", "+ connections/* > connectionMode",
        "+ connections/* > routingWeight", "+ connections/* > usePolicyBasedTrafficSelectors",
        "+ microsoft.compute/virtualmachines/* > storageProfile > osDisk > osType",
        "+ microsoft.storage/storageaccounts/* > isHnsEnabled",
        "+ microsoft.storage/storageaccounts/* > supportsHttpsTrafficOnly",
        "+ networkinterfaces/* > enableAcceleratedNetworking", "+ virtualnetworkgateways/* > allow*",
        "+ virtualnetworkgateways/* > vpnGatewayGeneration", "+ virtualnetworkgateways/* > bgpSettings*",
    ),
}  # fmt: skip
AFTER_APPLY: Differences = {
    "what the provider computes is known after apply": (
        "~ azurefirewalls/* > ipConfigurations > [ipconfig1] > privateIPAddress",
        "~ azurefirewalls/* > threatIntelMode",
        "~ bastionhosts/* > dnsName", "~ connections/* > connectionProtocol",
        "~ firewallpolicies/* > [partner] > destinationAddresses",
        "~ networkinterfaces/* > ipConfigurations > [ipconfig1] > primary", "~ privatednszones/* > numberOfRecordSets",
        "+ privateendpoints/* > customDnsConfigs", "+ publicipaddresses/* > dnsSettings > fqdn",
        "~ publicipaddresses/* > ipAddress", "- virtualnetworkgateways/* > bgpSettings > asn",
    ),
}  # fmt: skip
SPEC: Differences = {
    **DEFAULT_RULES, **DNS_COUNTS, **RECORD_COUNT,
    "what a resource is used by is told by its users alone": (
        *(pattern for named in USERS.values() for pattern in named), "- routetables/* > subnets",
        "- firewallpolicies/* > firewalls",
        "- interface of * > ipConfigurations > [ipconfig1] > loadBalancerBackendAddressPools",
    ),
    "a spec has no interfaces of private endpoints": (
        "- interface of privateendpoints/*", "- frame > interface of privateendpoints/*",
        "- privateendpoints/* > networkInterfaces", "- privateendpoints/* > customNetworkInterfaceName",
        "- privateendpoints/* > ipConfigurations > [ipconfig1] > groupId",
        "- privateendpoints/* > ipConfigurations > [ipconfig1] > memberName",
    ),
    "a spec has the regions of VNets, and of resources that are drawn": (
        "- applicationgatewaywebapplicationfirewallpolicies/* > location", "- applicationsecuritygroups/* > location",
        "- connections/* > location", "- firewallpolicies/* > location", "- ipgroups/* > location",
        "- localnetworkgateways/* > location", "- natgateways/* > location", "- networksecuritygroups/* > location",
        "- privatednszones/* > location", "- publicipaddresses/* > location", "- routetables/* > location",
    ),
    "a spec has no word for what means nothing for segmentation": (
        "- interface of * > ipConfigurations > [ipconfig1] > privateIPAddressVersion",
        "- loadbalancers/* > frontendIPConfigurations > [front] > privateIPAddressVersion",
        "- loadbalancers/* > frontendIPConfigurations > [front] > privateIPAllocationMethod",
        "- applicationgateways/* > frontendIPConfigurations > [public] > privateIPAllocationMethod",
        "- bastionhosts/* > ipConfigurations > [ipconfig1] > privateIPAllocationMethod",
        "- virtualnetworkgateways/* > ipConfigurations > [ipconfig1] > privateIPAllocationMethod",
        "+ azurefirewalls/* > ipConfigurations > [ipconfig1] > privateIPAllocationMethod",
        "- * > sku > capacity", "- * > sku > tier", "- * > managedRules > managedRuleSets > *",
        "- bastionhosts/* > dnsName", "- connections/* > connectionProtocol",
        "- firewallpolicies/* > terminateTLS", "- loadbalancers/* > loadBalancingRules > [https] > enableFloatingIP",
        "- loadbalancers/* > loadBalancingRules > [https] > backendAddressPools",
        "- loadbalancers/* > loadBalancingRules > [https] > probe", "- loadbalancers/* > probes > *",
        "- microsoft.compute/virtualmachines/* > hardwareProfile > vmSize", "- natgateways/* > idleTimeoutInMinutes",
        "- microsoft.storage/storageaccounts/* > networkAcls > virtualNetworkRules > * > action",
        "- microsoft.storage/storageaccounts/* > networkAcls > virtualNetworkRules > * > state",
        "- publicipaddresses/* > idleTimeoutInMinutes", "- publicipaddresses/* > publicIPAddressVersion",
        "- virtualnetworks/vnet-* > enableDdosProtection", "- virtualnetworks/* > doNotVerifyRemoteGateways",
        "- virtualnetworks/* > privateLinkServiceNetworkPolicies",
    ),
    "a spec leaves out what is Azure's default": (
        "- virtualnetworks/* > peerCompleteVnets", "- virtualnetworks/* > privateEndpointNetworkPolicies",
    ),
    "which prefixes a peering brings now is those of the far VNet": (
        "- virtualnetworks/* > remoteVirtualNetworkAddressSpace > addressPrefixes", "- peering > * > current_prefixes",
    ),
    "a subscription has a name of its own in a spec": (
        "+ subscription > displayName", "+ subscription > subscriptionId",
    ),
}  # fmt: skip
BY_HAND: Differences = {
    "a spec tells all there is, so that it need not list what belongs to a thing": (
        "- firewallpolicies/* > ruleCollectionGroups", "- networksecuritygroups/* > securityRules",
        "- routetables/* > routes", "- virtualnetworks/vnet-* > subnets",
        "- virtualnetworks/vnet-* > virtualNetworkPeerings",
    ),
    "what is not said is Azure's default": (
        "- azurefirewalls/* > threatIntelMode", "- publicipaddresses/* > ddosSettings > protectionMode",
        "- virtualnetworks/* > defaultOutboundAccess", "- microsoft.storage/storageaccounts/* > kind",
    ),
    "the public address of a rule is named": ("+ firewallpolicies/* > [partner] > destinationPublicIps",),
    "a gateway with an AS number speaks BGP": (
        "~ virtualnetworkgateways/* > enableBgp", "- connections/* > enableBgp",
    ),
}  # fmt: skip
AS_WRITTEN: Differences = {
    "what is Azure's default is not written": (
        "- applicationgateways/* > requestRoutingRules > [web] > ruleType", "- interface of * > enableIPForwarding",
        "- natgateways/* > sku > name", "- privatednszones/* > registrationEnabled",
        "- publicipaddresses/* > publicIPAllocationMethod", "- routetables/* > disableBgpRoutePropagation",
        "- virtualnetworkgateways/* > activeActive", "- virtualnetworkgateways/* > vpnType",
    ),
    "descriptions are not written": ("- networksecuritygroups/*/securityrules/* > description",),
}  # fmt: skip


class Format(NamedTuple):
    """A format: the differences that it has, and the codes of what is said of it."""

    differences: Differences
    codes: frozenset[str] = frozenset()
    is_spec: bool = False


FORMATS: Mapping[str, Format] = {
    "Resource Graph": Format({"a subscription has a state": ("+ subscription > state",)}),
    "az": Format({}),
    "PowerShell": Format({}),
    "ARM export": Format({
        **DEFAULT_RULES, **PRIVATE_INTERFACE, **USERS, **MORE_USERS, **CONNECTED, **DNS_COUNTS, **RECORD_COUNT,
        **FIREWALL_ADDRESS, **LED_BY_NUMBER, **GATEWAY_LED_BY_NUMBER, **UNDEPLOYED_ENDPOINT,
    }),
    "Bicep": Format({
        **DEFAULT_RULES, **PRIVATE_INTERFACE, **USERS, **MORE_USERS, **CONNECTED, **DNS_COUNTS, **RECORD_COUNT,
        **PEERING_STATE, **ENDPOINT_REGIONS, **NO_ADDRESSES, **FIREWALL_ADDRESS, **GATEWAY_LED_BY_NUMBER,
        **LED_BY_REFERENCE, **WAY_IN, **UNDEPLOYED_ENDPOINT,
        "peerings are resources of their own": ("- virtualnetworks/vnet-* > virtualNetworkPeerings",),
    }, frozenset(("template-expanded", "template-unknown"))),
    "Terraform state": Format(TERRAFORM),
    "Terraform plan": Format({
        **TERRAFORM, **AFTER_APPLY, **MORE_USERS, **WAY_IN, **LED_BY_REFERENCE, **UNDEPLOYED_ENDPOINT,
    }),
    "spec": Format({**SPEC, **BY_HAND}, is_spec=True),
    "spec of the REST bodies": Format({**SPEC, **AS_WRITTEN}, is_spec=True),
}  # fmt: skip
