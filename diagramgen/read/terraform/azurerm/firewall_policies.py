"""Firewall policies and their groups of rule collections.

https://learn.microsoft.com/azure/templates/microsoft.network/firewallpolicies/rulecollectiongroups
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, nested, rest, several, simple
from diagramgen.read.terraform.azurerm.values import (
    Json,
    back_refs,
    blocks,
    flag,
    listed,
    number,
    plain,
    ref,
    texts,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_SPACE_NAMES: Fields = (
    Field("fqdns", "fqdns", texts),
    Field("ip_addresses", "ipAddresses", texts),
)
_SIDES: Fields = (
    Field("source_addresses", "sourceAddresses", texts),
    Field("source_ip_groups", "sourceIpGroups", texts),
    Field("destination_addresses", "destinationAddresses", texts),
    Field("destination_ip_groups", "destinationIpGroups", texts),
    Field("destination_ports", "destinationPorts", texts),
)
_BYPASS: Fields = (Field("name", "name"), Field("protocol", "protocol"), *_SIDES)
_INTRUSION: Fields = (
    Field("mode", "mode"),
    Field("private_ranges", "configuration.privateRanges", texts),
    Field("traffic_bypass", "configuration.bypassTrafficSettings", several(_BYPASS)),
)
_CERTIFICATE: Fields = (Field("name", "name"), Field("key_vault_secret_id", "keyVaultSecretId"))
_POLICY: Fields = (
    Field("base_policy_id", "basePolicy", ref),
    Field("threat_intelligence_mode", "threatIntelMode", default="Alert"),
    Field("threat_intelligence_allowlist", "threatIntelWhitelist", nested(_SPACE_NAMES)),
    Field("intrusion_detection", "intrusionDetection", nested(_INTRUSION)),
    Field("tls_certificate", "transportSecurity.certificateAuthority", nested(_CERTIFICATE)),
    Field("private_ip_ranges", "snat.privateRanges", texts),
    Field(
        "dns",
        "dnsSettings",
        nested((Field("proxy_enabled", "enableProxy", flag), Field("servers", "servers", texts))),
    ),
    Field("sku", "sku.tier"),
    Field("rule_collection_groups", "ruleCollectionGroups", back_refs),
    Field("firewalls", "firewalls", back_refs),
)
"""Which groups a policy has is known once they are there; what a plan adds are resources of their own."""


def _port_text(value: Any) -> Any:
    return None if plain(value) is None else str(value)


_NAMED: Fields = (Field("name", "name"), Field("description", "description"))
_PROTOCOLS: Fields = (Field("type", "protocolType"), Field("port", "port", number))
_NETWORK_RULE: Fields = (
    *_NAMED,
    Field("", "ruleType", default="NetworkRule"),
    Field("protocols", "ipProtocols", texts),
    *_SIDES,
    Field("destination_fqdns", "destinationFqdns", texts),
)
_APPLICATION_RULE: Fields = (
    *_NAMED,
    Field("", "ruleType", default="ApplicationRule"),
    Field("protocols", "protocols", several(_PROTOCOLS)),
    *_SIDES[:3],
    Field("destination_fqdns", "targetFqdns", texts),
    Field("destination_urls", "targetUrls", texts),
    Field("destination_fqdn_tags", "fqdnTags", texts),
    Field("web_categories", "webCategories", texts),
    Field("terminate_tls", "terminateTLS", flag),
)
_NAT_RULE: Fields = (
    *_NAMED,
    Field("", "ruleType", default="NatRule"),
    Field("protocols", "ipProtocols", texts),
    *_SIDES[:2],
    Field("destination_address", "destinationAddresses", lambda v: listed([v]) or None),
    Field("destination_ports", "destinationPorts", texts),
    Field("translated_address", "translatedAddress"),
    Field("translated_fqdn", "translatedFqdn"),
    Field("translated_port", "translatedPort", _port_text),
)
_COLLECTION: Fields = (
    Field("name", "name"),
    Field("priority", "priority", number),
    Field("action", "action.type"),
)
_COLLECTIONS: tuple[tuple[str, Fields, str], ...] = (
    ("application_rule_collection", _APPLICATION_RULE, "FirewallPolicyFilterRuleCollection"),
    ("network_rule_collection", _NETWORK_RULE, "FirewallPolicyFilterRuleCollection"),
    ("nat_rule_collection", _NAT_RULE, "FirewallPolicyNatRuleCollection"),
)


def _group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    found: list[Any] = []
    for attribute, rule, kind in _COLLECTIONS:
        told = values.get(attribute)
        found += [_collection(each, rule, kind) for each in blocks(told)]
        found += [each for each in listed(told) if is_unknown(each)]
    properties = body(values, (Field("priority", "priority", number),))
    yield rest(resource, lookup, {**properties, "ruleCollections": found})


def _collection(values: Mapping[str, Any], rule: Fields, kind: str) -> Json:
    read: Callable[[Any], Any] = several(rule)
    rules = read(values.get("rule"))
    return {**body(values, _COLLECTION), "ruleCollectionType": kind, "rules": [] if rules is None else rules}


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_firewall_policy": simple(_POLICY),
    "azurerm_firewall_policy_rule_collection_group": _group,
}
