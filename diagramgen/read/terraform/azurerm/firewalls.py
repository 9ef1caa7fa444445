"""Azure Firewalls in networks and hubs, with classic rules, and IP groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.ids import group_prefix
from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, not_told, parts, piece, rest, several
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    listed,
    plain,
    ref,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_CONFIGURATION: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("public_ip_address_id", "publicIPAddress", ref),
    Field("internal_public_ip_address_id", "publicIPAddress", ref),
)
_SKU: Fields = (Field("sku_name", "name"), Field("sku_tier", "tier"))
_FIREWALL: Fields = (
    Field("firewall_policy_id", "firewallPolicy", ref),
    Field("threat_intel_mode", "threatIntelMode"),
)
_PRIVATE_RANGES = "Network.SNAT.PrivateRanges"


def _firewall(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A firewall, and its hub, which names it. A data source does not tell of classic rules."""
    values = resource.values
    azure_id = lookup.id_of(resource)
    properties = body(values, _FIREWALL)
    if "firewallPolicy" not in properties:
        properties.setdefault("threatIntelMode", "Alert")
        if resource.mode == "data":
            properties["networkRuleCollections"] = not_told(resource, "rules")
    sku = body(values, _SKU)
    if sku:
        properties["sku"] = sku
    configurations = parts(
        azure_id, "azureFirewallIpConfigurations", values.get("ip_configuration"), _CONFIGURATION
    )
    if configurations:
        properties["ipConfigurations"] = configurations
    management = parts(
        azure_id, "azureFirewallIpConfigurations", values.get("management_ip_configuration"), _CONFIGURATION
    )
    if management:
        properties["managementIpConfiguration"] = (
            management[0] if isinstance(management, list) else management
        )
    ranges = texts(values.get("private_ip_ranges"))
    if ranges:
        told = ranges if isinstance(ranges, str) else ", ".join(map(str, ranges))
        properties["additionalProperties"] = {_PRIVATE_RANGES: told}
    hub = _in_hub(values.get("virtual_hub"))
    yield rest(resource, lookup, properties | hub)
    yield from piece((hub.get("virtualHub") or {}).get("id"), {"azureFirewall": {"id": azure_id}})


def _in_hub(value: Any) -> Json:
    """Where a firewall stands in a hub: the hub, and the addresses that it has there."""
    told = block(value)
    if not told:
        return {"virtualHub": ref(untold(value))} if untold(value) else {}
    found = body(told, (Field("virtual_hub_id", "virtualHub", ref),))
    addresses: Json = body(told, (Field("private_ip_address", "privateIPAddress"),))
    public = listed(told.get("public_ip_addresses"))
    if public or plain(told.get("public_ip_count")) is not None:
        addresses["publicIPs"] = {
            "addresses": [{"address": each} for each in public],
            **body(told, (Field("public_ip_count", "count"),)),
        }
    return {**found, "hubIPAddresses": addresses} if addresses else found


_RULE: Fields = (
    Field("name", "name"),
    Field("description", "description"),
    Field("source_addresses", "sourceAddresses", texts),
    Field("source_ip_groups", "sourceIpGroups", texts),
    Field("destination_addresses", "destinationAddresses", texts),
    Field("destination_ip_groups", "destinationIpGroups", texts),
    Field("destination_fqdns", "destinationFqdns", texts),
    Field("destination_ports", "destinationPorts", texts),
    Field("protocols", "protocols", texts),
)
_TYPED: Fields = (Field("type", "protocolType"), Field("port", "port"))
_APPLICATION_RULE: Fields = (
    *_RULE[:4],
    Field("fqdn_tags", "fqdnTags", texts),
    Field("target_fqdns", "targetFqdns", texts),
    Field("protocol", "protocols", several(_TYPED)),
)
_NAT_RULE: Fields = (
    *_RULE,
    Field("translated_address", "translatedAddress"),
    Field("translated_port", "translatedPort", lambda v: None if plain(v) is None else str(v)),
)


def _collection(name: str, rule: Fields) -> Converter:
    """The converter of a classic collection of rules, which is a part of its firewall."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        group = group_prefix(resource, lookup)
        firewall = (
            f"{group}/providers/Microsoft.Network/azureFirewalls/{text(values.get('azure_firewall_name'))}"
        )
        properties: Json = body(values, (Field("priority", "priority"), Field("action", "action.type")))
        properties["rules"] = several(rule)(values.get("rule")) or []
        title = text(values.get("name"))
        told = {"id": f"{firewall}/{name}/{title}", "name": title, "properties": properties}
        yield from piece(firewall, {name: [told]})

    return convert


def _ip_group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An IP group with its networks, those that are resources of their own too."""
    prefixes = _cidrs(resource, lookup.id_of(resource), lookup)
    yield rest(resource, lookup, {"ipAddresses": prefixes})


def _ip_group_cidr(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A network of an IP group, with all others of the group, so that each such part says the same."""
    group = text(resource.values.get("ip_group_id"))
    yield from piece(group, {"ipAddresses": _cidrs(lookup.with_id(group), group, lookup)})


def _cidrs(group: TerraformResource | None, azure_id: str, lookup: Lookup) -> Any:
    told = group.values.get("cidrs") if group is not None else None
    if untold(told):
        return untold(told)
    found = {each: None for each in listed(told) if isinstance(each, str)}
    for each in lookup.referring("azurerm_ip_group_cidr", "ip_group_id", azure_id):
        found |= {cidr: None for cidr in listed([each.values.get("cidr")]) if isinstance(cidr, str)}
    return list(found)


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_firewall": _firewall,
    "azurerm_firewall_network_rule_collection": _collection("networkRuleCollections", _RULE),
    "azurerm_firewall_application_rule_collection": _collection(
        "applicationRuleCollections", _APPLICATION_RULE
    ),
    "azurerm_firewall_nat_rule_collection": _collection("natRuleCollections", _NAT_RULE),
    "azurerm_ip_group": _ip_group,
    "azurerm_ip_group_cidr": _ip_group_cidr,
}
