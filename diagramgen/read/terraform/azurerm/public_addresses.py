"""Public IP addresses and prefixes, and the NAT gateways that use them."""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, linked, simple
from diagramgen.read.terraform.azurerm.values import ref, refs
from diagramgen.read.terraform.resource import Converter

_SKU: Fields = (Field("sku", "sku.name"), Field("sku_tier", "sku.tier"))
_ADDRESS: Fields = (
    Field("ip_address", "ipAddress"),
    Field("allocation_method", "publicIPAllocationMethod"),
    Field("public_ip_address_allocation", "publicIPAllocationMethod"),
    Field("ip_version", "publicIPAddressVersion"),
    Field("idle_timeout_in_minutes", "idleTimeoutInMinutes"),
    Field("domain_name_label", "dnsSettings.domainNameLabel"),
    Field("fqdn", "dnsSettings.fqdn"),
    Field("reverse_fqdn", "dnsSettings.reverseFqdn"),
    Field("public_ip_prefix_id", "publicIPPrefix", ref),
    Field("ddos_protection_mode", "ddosSettings.protectionMode"),
    Field("ddos_protection_plan_id", "ddosSettings.ddosProtectionPlan", ref),
)
_PREFIX: Fields = (
    Field("ip_prefix", "ipPrefix"),
    Field("prefix_length", "prefixLength"),
    Field("ip_version", "publicIPAddressVersion"),
)
_NAT: Fields = (
    Field("idle_timeout_in_minutes", "idleTimeoutInMinutes"),
    Field("public_ip_address_ids", "publicIpAddresses", refs),
    Field("public_ip_prefix_ids", "publicIpPrefixes", refs),
)
_ADDRESS_OF_NAT: Fields = (Field("public_ip_address_id", "publicIpAddresses", lambda v: refs([v])),)
_PREFIX_OF_NAT: Fields = (Field("public_ip_prefix_id", "publicIpPrefixes", lambda v: refs([v])),)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_public_ip": simple(_ADDRESS, _SKU),
    "azurerm_public_ip_prefix": simple(_PREFIX, _SKU),
    "azurerm_nat_gateway": simple(_NAT, (Field("sku_name", "sku.name"),)),
    "azurerm_nat_gateway_public_ip_association": linked("nat_gateway_id", _ADDRESS_OF_NAT),
    "azurerm_nat_gateway_public_ip_prefix_association": linked("nat_gateway_id", _PREFIX_OF_NAT),
}
