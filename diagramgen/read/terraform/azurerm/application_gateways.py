"""Application gateways, whose parts refer to each other by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    nested,
    part_ref,
    rest,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    blocks,
    first_of,
    flag,
    listed,
    number,
    ref,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource


class _Parts(NamedTuple):
    """A collection of parts: the block, REST's collection, its fields, and its references to other parts by name:
    attribute, REST's property, the collection where that part is."""

    block: str
    collection: str
    fields: Fields
    links: tuple[tuple[str, str, str], ...] = ()


_FRONTS = "frontendIPConfigurations"
_POOLS = "backendAddressPools"
_SETTINGS = "backendHttpSettingsCollection"
_TO_LISTENER = (
    ("frontend_ip_configuration_name", "frontendIPConfiguration", _FRONTS),
    ("frontend_port_name", "frontendPort", "frontendPorts"),
    ("ssl_certificate_name", "sslCertificate", "sslCertificates"),
)
_TO_BACKEND = (
    ("backend_address_pool_name", "backendAddressPool", _POOLS),
    ("backend_http_settings_name", "backendHttpSettings", _SETTINGS),
    ("redirect_configuration_name", "redirectConfiguration", "redirectConfigurations"),
)
_BACKEND: Fields = (
    Field("port", "port", number),
    Field("protocol", "protocol"),
    Field("host_name", "hostName"),
)
_LISTENER: Fields = (
    Field("protocol", "protocol"),
    Field("host_name", "hostName"),
    Field("host_names", "hostNames", texts),
    Field("firewall_policy_id", "firewallPolicy", ref),
)
_REDIRECT: Fields = (
    Field("redirect_type", "redirectType"),
    Field("target_url", "targetUrl"),
)
_COLLECTIONS: tuple[_Parts, ...] = (
    _Parts("gateway_ip_configuration", "gatewayIPConfigurations", (Field("subnet_id", "subnet", ref),)),
    _Parts(
        "frontend_ip_configuration",
        _FRONTS,
        (
            Field("subnet_id", "subnet", ref),
            Field("private_ip_address", "privateIPAddress"),
            Field("private_ip_address_allocation", "privateIPAllocationMethod"),
            Field("public_ip_address_id", "publicIPAddress", ref),
        ),
    ),
    _Parts("frontend_port", "frontendPorts", (Field("port", "port", number),)),
    _Parts("backend_http_settings", _SETTINGS, _BACKEND),
    _Parts("backend", "backendSettingsCollection", _BACKEND),
    _Parts("http_listener", "httpListeners", _LISTENER, _TO_LISTENER),
    _Parts("listener", "listeners", _LISTENER, _TO_LISTENER),
    _Parts(
        "request_routing_rule",
        "requestRoutingRules",
        (Field("rule_type", "ruleType"), Field("priority", "priority")),
        (
            *_TO_BACKEND,
            ("http_listener_name", "httpListener", "httpListeners"),
            ("url_path_map_name", "urlPathMap", "urlPathMaps"),
        ),
    ),
    _Parts(
        "routing_rule",
        "routingRules",
        (Field("priority", "priority"),),
        (
            _TO_BACKEND[0],
            ("backend_name", "backendSettings", "backendSettingsCollection"),
            ("listener_name", "listener", "listeners"),
        ),
    ),
    _Parts(
        "redirect_configuration",
        "redirectConfigurations",
        _REDIRECT,
        (("target_listener_name", "targetListener", "httpListeners"),),
    ),
)
_PATH = _Parts(
    "path_rule",
    "pathRules",
    (Field("paths", "paths", texts), Field("firewall_policy_id", "firewallPolicy", ref)),
    _TO_BACKEND,
)
_WAF: Fields = (
    Field("enabled", "enabled", flag),
    Field("firewall_mode", "firewallMode"),
    Field("rule_set_type", "ruleSetType"),
    Field("rule_set_version", "ruleSetVersion"),
)
_GATEWAY: Fields = (
    Field("firewall_policy_id", "firewallPolicy", ref),
    Field("force_firewall_policy_association", "forceFirewallPolicyAssociation", flag),
    Field("waf_configuration", "webApplicationFirewallConfiguration", nested(_WAF)),
    Field(
        "sku", "sku", nested((Field("name", "name"), Field("tier", "tier"), Field("capacity", "capacity")))
    ),
)


def _gateway(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    azure_id = lookup.id_of(resource)
    properties = body(values, _GATEWAY)
    for each in _COLLECTIONS:
        told = _parts(azure_id, azure_id, each, values)
        if told is not None:
            properties[each.collection] = told
    pools = values.get("backend_address_pool")
    if pools is not None:
        properties[_POOLS] = untold(pools) or [_pool(azure_id, each) for each in blocks(pools)]
    maps = values.get("url_path_map")
    if maps is not None:
        properties["urlPathMaps"] = untold(maps) or [_path_map(azure_id, each) for each in blocks(maps)]
    yield rest(resource, lookup, properties)


def _parts(gateway: str, owner: str, kind: _Parts, values: Mapping[str, Any]) -> Any:
    """The parts of a kind: of the gateway, or of a path map. What they name is a part of the gateway."""
    told = values.get(kind.block)
    if untold(told) or told is None:
        return untold(told)
    return [
        _named(owner, kind.collection, each, body(each, kind.fields) | _links(gateway, kind.links, each))
        for each in blocks(told)
    ]


def _named(owner: str, collection: str, values: Mapping[str, Any], properties: Json) -> Json:
    name = text(values.get("name"))
    return {"id": f"{owner}/{collection}/{name}", "name": name, "properties": properties}


def _links(gateway: str, links: tuple[tuple[str, str, str], ...], values: Mapping[str, Any]) -> Json:
    found = {prop: part_ref(gateway, collection, values.get(name)) for name, prop, collection in links}
    return {prop: reference for prop, reference in found.items() if reference}


def _pool(gateway: str, values: Mapping[str, Any]) -> Json:
    """A pool with its addresses, which older versions of the provider called lists."""
    hosts = listed(first_of(values, "fqdns", "fqdn_list"))
    addresses = listed(first_of(values, "ip_addresses", "ip_address_list"))
    told = [{"fqdn": each} for each in hosts] + [{"ipAddress": each} for each in addresses]
    return _named(gateway, _POOLS, values, {"backendAddresses": told})


def _path_map(gateway: str, values: Mapping[str, Any]) -> Json:
    name = text(values.get("name"))
    defaults = (
        ("default_backend_address_pool_name", "defaultBackendAddressPool", _POOLS),
        ("default_backend_http_settings_name", "defaultBackendHttpSettings", _SETTINGS),
        ("default_redirect_configuration_name", "defaultRedirectConfiguration", "redirectConfigurations"),
    )
    properties = _links(gateway, defaults, values)
    properties["pathRules"] = _parts(gateway, f"{gateway}/urlPathMaps/{name}", _PATH, values) or []
    return _named(gateway, "urlPathMaps", values, properties)


CONVERTERS: Mapping[str, Converter] = {"azurerm_application_gateway": _gateway}
