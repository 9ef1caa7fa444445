"""DNS: zones and their links, resolvers with their endpoints and rules."""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, several, simple
from diagramgen.read.terraform.azurerm.values import enabled, flag, ref, refs, texts
from diagramgen.read.terraform.resource import Converter

_ZONE: Fields = (
    Field("number_of_record_sets", "numberOfRecordSets"),
    Field("max_number_of_virtual_network_links", "maxNumberOfVirtualNetworkLinks"),
    Field("name_servers", "nameServers", texts),
)
_LINK: Fields = (
    Field("virtual_network_id", "virtualNetwork", ref),
    Field("registration_enabled", "registrationEnabled", flag, False),
    Field("resolution_policy", "resolutionPolicy"),
)
_RESOLVER: Fields = (Field("virtual_network_id", "virtualNetwork", ref),)
_INBOUND_ADDRESS: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_allocation_method", "privateIPAllocationMethod"),
)
_INBOUND: Fields = (Field("ip_configurations", "ipConfigurations", several(_INBOUND_ADDRESS)),)
_OUTBOUND: Fields = (Field("subnet_id", "subnet", ref),)
_RULESET: Fields = (
    Field("private_dns_resolver_outbound_endpoint_ids", "dnsResolverOutboundEndpoints", refs),
)
_TARGET: Fields = (Field("ip_address", "ipAddress"), Field("port", "port"))
_RULE: Fields = (
    Field("domain_name", "domainName"),
    Field("enabled", "forwardingRuleState", enabled),
    Field("target_dns_servers", "targetDnsServers", several(_TARGET)),
)

CONVERTERS: Mapping[str, Converter] = {
    "azurerm_private_dns_zone": simple(_ZONE),
    "azurerm_private_dns_zone_virtual_network_link": simple(_LINK),
    "azurerm_dns_zone": simple(_ZONE),
    "azurerm_private_dns_resolver": simple(_RESOLVER),
    "azurerm_private_dns_resolver_inbound_endpoint": simple(_INBOUND),
    "azurerm_private_dns_resolver_outbound_endpoint": simple(_OUTBOUND),
    "azurerm_private_dns_resolver_dns_forwarding_ruleset": simple(_RULESET),
    "azurerm_private_dns_resolver_forwarding_rule": simple(_RULE),
    "azurerm_private_dns_resolver_virtual_network_link": simple(_LINK[:1]),
}
