"""Front Doors (Standard, Premium and classic), content delivery networks, and Traffic Manager."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    members,
    nested,
    part_ref,
    parts,
    piece,
    rest,
    simple,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    enabled,
    flag,
    listed,
    number,
    ref,
    refs,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_SKU: Fields = (Field("sku_name", "sku.name"), Field("sku", "sku.name"))
_ENDPOINT: Fields = (
    Field("enabled", "enabledState", enabled, "Enabled"),
    Field("host_name", "hostName"),
)
_ROUTE: Fields = (
    Field("enabled", "enabledState", enabled, "Enabled"),
    Field("cdn_frontdoor_origin_group_id", "originGroup", ref),
    Field("cdn_frontdoor_custom_domain_ids", "customDomains", refs),
    Field("patterns_to_match", "patternsToMatch", texts),
    Field("supported_protocols", "supportedProtocols", texts),
    Field("forwarding_protocol", "forwardingProtocol", default="MatchRequest"),
    Field("link_to_default_domain", "linkToDefaultDomain", enabled, "Enabled"),
    Field("https_redirect_enabled", "httpsRedirect", enabled),
)
"""https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/cdn_frontdoor_route"""
_PRIVATE_LINK: Fields = (
    Field("private_link_target_id", "privateLink", ref),
    Field("target_type", "groupId"),
    Field("location", "privateLinkLocation"),
    Field("request_message", "requestMessage"),
)
_ORIGIN: Fields = (
    Field("host_name", "hostName"),
    Field("http_port", "httpPort", number),
    Field("https_port", "httpsPort", number),
    Field("origin_host_header", "originHostHeader"),
    Field("enabled", "enabledState", enabled),
    Field("health_probes_enabled", "enabledState", enabled, "Enabled"),
    Field("priority", "priority"),
    Field("weight", "weight"),
    Field("private_link", "sharedPrivateLinkResource", nested(_PRIVATE_LINK)),
)
_GROUP: Fields = (Field("session_affinity_enabled", "sessionAffinityState", enabled),)
_DOMAIN: Fields = (Field("host_name", "hostName"), Field("dns_zone_id", "azureDnsZone", ref))


def _domain_of_routes(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A custom domain, given to routes by a resource of its own."""
    domain = refs([resource.values.get("cdn_frontdoor_custom_domain_id")])
    for route in listed(resource.values.get("cdn_frontdoor_route_ids")) if domain else []:
        yield from piece(route, {"customDomains": [dict(each) for each in domain or []]})


def _security_policy(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A WAF policy and the domains before which it stands."""
    told = resource.values.get("security_policies")
    firewall = block(block(told).get("firewall"))
    parameters: Json = {"type": "WebApplicationFirewall"}
    parameters |= body(firewall, (Field("cdn_frontdoor_firewall_policy_id", "wafPolicy", ref),))
    associations = firewall.get("association")
    parameters["associations"] = untold(associations) or [_association(each) for each in blocks(associations)]
    if untold(told):
        parameters["associations"] = untold(told)
    yield rest(resource, lookup, {"parameters": parameters})


def _association(values: Mapping[str, Any]) -> Json:
    domains = [each.get("cdn_frontdoor_domain_id") for each in blocks(values.get("domain"))]
    patterns = body(values, (Field("patterns_to_match", "patternsToMatch", texts),))
    return {"domains": refs(domains) or [], **patterns}


_DELIVERED: Fields = (
    Field("host_name", "hostName"),
    Field("http_port", "httpPort", number),
    Field("https_port", "httpsPort", number),
)
_DELIVERY: Fields = (
    Field("fqdn", "hostName"),
    Field("host_name", "hostName"),
    Field("is_http_allowed", "isHttpAllowed", flag, True),
    Field("is_https_allowed", "isHttpsAllowed", flag, True),
    Field("origin_host_header", "originHostHeader"),
    Field("origin", "origins", members(_DELIVERED)),
)
_BACKEND: Fields = (
    Field("address", "address"),
    Field("host_header", "backendHostHeader"),
    Field("http_port", "httpPort", number),
    Field("https_port", "httpsPort", number),
    Field("enabled", "enabledState", enabled, "Enabled"),
    Field("priority", "priority"),
    Field("weight", "weight"),
)
_FRONT: Fields = (
    Field("host_name", "hostName"),
    Field("web_application_firewall_policy_link_id", "webApplicationFirewallPolicyLink", ref),
)
_CLASSIC_ROUTE: Fields = (
    Field("enabled", "enabledState", enabled, "Enabled"),
    Field("accepted_protocols", "acceptedProtocols", texts),
    Field("patterns_to_match", "patternsToMatch", texts),
)


def _classic(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    door = lookup.id_of(resource)
    properties = body(
        values, (Field("load_balancer_enabled", "enabledState", enabled), Field("cname", "cname"))
    )
    properties["frontendEndpoints"] = (
        parts(door, "frontendEndpoints", values.get("frontend_endpoint"), _FRONT) or []
    )
    pools = values.get("backend_pool")
    properties["backendPools"] = untold(pools) or [_pool(door, each) for each in blocks(pools)]
    rules = values.get("routing_rule")
    properties["routingRules"] = untold(rules) or [_rule(door, each) for each in blocks(rules)]
    yield rest(resource, lookup, properties)


def _pool(door: str, values: Mapping[str, Any]) -> Json:
    name = text(values.get("name"))
    backends = [body(each, _BACKEND) for each in blocks(values.get("backend"))]
    return {"id": f"{door}/backendPools/{name}", "name": name, "properties": {"backends": backends}}


def _rule(door: str, values: Mapping[str, Any]) -> Json:
    """A routing rule; one that only redirects has no pool."""
    name = text(values.get("name"))
    properties = body(values, _CLASSIC_ROUTE)
    fronts = [part_ref(door, "frontendEndpoints", each) for each in listed(values.get("frontend_endpoints"))]
    properties["frontendEndpoints"] = [each for each in fronts if each]
    forwarded = block(values.get("forwarding_configuration"))
    pool = part_ref(door, "backendPools", forwarded.get("backend_pool_name"))
    protocol = body(forwarded, (Field("forwarding_protocol", "forwardingProtocol", default="HttpsOnly"),))
    properties["routeConfiguration"] = {"backendPool": pool, **protocol} if pool else {}
    return {"id": f"{door}/routingRules/{name}", "name": name, "properties": properties}


_PROFILE: Fields = (
    Field("profile_status", "profileStatus", default="Enabled"),
    Field("traffic_routing_method", "trafficRoutingMethod"),
    Field(
        "dns_config",
        "dnsConfig",
        nested((Field("relative_name", "relativeName"), Field("ttl", "ttl", number))),
    ),
    Field("fqdn", "dnsConfig.fqdn"),
)
_TARGET: Fields = (
    Field("target_resource_id", "targetResourceId"),
    Field("target", "target"),
    Field("enabled", "endpointStatus", enabled),
    Field("endpoint_status", "endpointStatus", default="Enabled"),
    Field("endpoint_location", "endpointLocation"),
    Field("priority", "priority"),
    Field("weight", "weight"),
)


def _target(kind: str) -> Converter:
    """The converter of an endpoint, which is a part of its profile."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        azure_id = lookup.id_of(resource)
        profile = text(values.get("profile_id")) or azure_id.rpartition(f"/{kind}/")[0]
        endpoint = {
            "id": azure_id,
            "name": text(values.get("name")),
            "type": f"Microsoft.Network/trafficManagerProfiles/{kind}",
            "properties": body(values, _TARGET),
        }
        yield from piece(profile, {"endpoints": [endpoint]})

    return convert


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_cdn_frontdoor_profile": simple(
        (
            Field("resource_guid", "frontDoorId"),
            Field("response_timeout_seconds", "originResponseTimeoutSeconds"),
        ),
        _SKU,
    ),
    "azurerm_cdn_frontdoor_endpoint": simple(_ENDPOINT),
    "azurerm_cdn_frontdoor_origin_group": simple(_GROUP),
    "azurerm_cdn_frontdoor_origin": simple(_ORIGIN),
    "azurerm_cdn_frontdoor_route": simple(_ROUTE),
    "azurerm_cdn_frontdoor_custom_domain": simple(_DOMAIN),
    "azurerm_cdn_frontdoor_custom_domain_association": _domain_of_routes,
    "azurerm_cdn_frontdoor_security_policy": _security_policy,
    "azurerm_cdn_profile": simple((), _SKU),
    "azurerm_cdn_endpoint": simple(_DELIVERY),
    "azurerm_frontdoor": _classic,
    "azurerm_traffic_manager_profile": simple(_PROFILE),
    "azurerm_traffic_manager_azure_endpoint": _target("azureEndpoints"),
    "azurerm_traffic_manager_external_endpoint": _target("externalEndpoints"),
    "azurerm_traffic_manager_nested_endpoint": _target("nestedEndpoints"),
    "azurerm_traffic_manager_endpoint": _target("azureEndpoints"),
}
