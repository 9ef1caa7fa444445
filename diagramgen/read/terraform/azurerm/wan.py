"""Virtual WAN: hubs with their connections, tables and routing intent, and Route Servers, which are hubs in REST."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.record import FRAGMENT
from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    nested,
    not_told,
    owner_of,
    piece,
    rest,
    settled,
    several,
    simple,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    first_of,
    flag,
    ref,
    refs,
    text,
    texts,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_WAN: Fields = (
    Field("type", "type", default="Standard"),
    Field("allow_branch_to_branch_traffic", "allowBranchToBranchTraffic", flag, True),
    Field("disable_vpn_encryption", "disableVpnEncryption", flag),
    Field("office365_local_breakout_category", "office365LocalBreakoutCategory"),
)
_OLD_ROUTE: Fields = (
    Field("address_prefixes", "addressPrefixes", texts),
    Field("next_hop_ip_address", "nextHopIpAddress"),
)
_HUB: Fields = (
    Field("address_prefix", "addressPrefix"),
    Field("virtual_wan_id", "virtualWan", ref),
    Field("sku", "sku"),
    Field("hub_routing_preference", "hubRoutingPreference"),
    Field("branch_to_branch_traffic_enabled", "allowBranchToBranchTraffic", flag),
    Field("virtual_router_asn", "virtualRouterAsn"),
    Field("virtual_router_ips", "virtualRouterIps", texts),
    Field("route", "routeTable.routes", several(_OLD_ROUTE)),
)
_LEARNERS: Fields = (
    Field("route_table_ids", "ids", refs),
    Field("ids", "ids", refs),
    Field("labels", "labels", texts),
)
_STATIC: Fields = (
    Field("name", "name"),
    Field("address_prefixes", "addressPrefixes", texts),
    Field("next_hop_ip_address", "nextHopIpAddress"),
)
_CRITERIA = "vnetRoutes.staticRoutesConfig.vnetLocalRouteOverrideCriteria"
_SPREADS = "vnetRoutes.staticRoutesConfig.propagateStaticRoutes"
_ROUTING: Fields = (
    Field("associated_route_table_id", "associatedRouteTable", ref),
    Field("associated_route_table", "associatedRouteTable", ref),
    Field("inbound_route_map_id", "inboundRouteMap", ref),
    Field("outbound_route_map_id", "outboundRouteMap", ref),
    Field("propagated_route_table", "propagatedRouteTables", nested(_LEARNERS)),
    Field("static_vnet_route", "vnetRoutes.staticRoutes", several(_STATIC)),
    Field("static_vnet_local_route_override_criteria", _CRITERIA),
    Field("static_vnet_propagate_static_routes_enabled", _SPREADS, flag),
)
"""Routing of a connection, of a network or of a branch."""
_CONNECTION: Fields = (
    Field("remote_virtual_network_id", "remoteVirtualNetwork", ref),
    Field("internet_security_enabled", "enableInternetSecurity", flag, False),
)
"""https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_hub_connection"""
_ROUTE: Fields = (
    Field("name", "name"),
    Field("destinations", "destinations", texts),
    Field("destinations_type", "destinationType"),
    Field("next_hop", "nextHop"),
    Field("next_hop_type", "nextHopType"),
)
_POLICY: Fields = (
    Field("name", "name"),
    Field("destinations", "destinations", texts),
    Field("next_hop", "nextHop"),
)
_INTENT: Fields = (Field("routing_policy", "routingPolicies", several(_POLICY)),)
_IP: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("public_ip_address_id", "publicIPAddress", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_allocation_method", "privateIPAllocationMethod"),
)
_BGP: Fields = (
    Field("peer_asn", "peerAsn"),
    Field("peer_ip", "peerIp"),
    Field("virtual_network_connection_id", "hubVirtualNetworkConnection", ref),
)


def _hub(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A hub. A data source tells nothing of its routes; a hub with a state is one whose tables stand elsewhere."""
    properties = body(resource.values, _HUB)
    if resource.mode == "data":
        properties["routingState"] = not_told(resource, "routing_state")
    yield rest(resource, lookup, properties)


def _connection(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    yield rest(resource, lookup, body(resource.values, _CONNECTION) | routing_of(resource, lookup))


def routing_of(resource: TerraformResource, lookup: Lookup) -> Json:
    """The routing of a connection. What a plan shows of a new one as known after apply, and no reference gives, is not
    configured: Azure then takes the Default table, and no label."""
    found = routing(settled(resource, "routing", lookup), resource.is_new)
    return {"routingConfiguration": found} if found else {}


def routing(value: Any, is_new: bool) -> Any:
    """See `routing_of`."""
    found = nested(_ROUTING)(value)
    if is_new and isinstance(found, dict):
        learners = found.get("propagatedRouteTables")
        if is_unknown(learners):
            del found["propagatedRouteTables"]
        elif isinstance(learners, dict) and is_unknown(learners.get("labels")):
            del learners["labels"]
    return found


def _table(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A hub's route table with the routes that stand in it."""
    labels = texts(resource.values.get("labels"))
    routes = several(_ROUTE)(settled(resource, "route", lookup))
    if routes is None:
        routes = [] if resource.mode == "managed" else not_told(resource, "route")
    properties: Json = {"labels": [] if labels is None else labels, "routes": routes}
    yield rest(resource, lookup, properties)


def _route(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A route of a table: of the Default table, which no resource makes, too. It is there with its hub."""
    table = text(resource.values.get("route_table_id"))
    for found in piece(table, {"routes": [body(resource.values, _ROUTE)]}):
        hub = lookup.with_id(owner_of(table)) if table.lower().endswith("/defaultroutetable") else None
        if hub is not None and hub.mode == "managed":
            del found[FRAGMENT]
        yield found


def _partner(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A security partner's service, and its hub, which names it."""
    values = resource.values
    fields = (
        Field("virtual_hub_id", "virtualHub", ref),
        Field("security_provider_name", "securityProviderName"),
    )
    yield rest(resource, lookup, body(values, fields))
    yield from piece(
        values.get("virtual_hub_id"), {"securityPartnerProvider": {"id": lookup.id_of(resource)}}
    )


def _route_server(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A Route Server: a hub without a WAN, with an IP configuration in its subnet."""
    values = resource.values
    azure_id = lookup.id_of(resource)
    hub = rest(resource, lookup, {**body(values, _HUB), "sku": text(first_of(values, "sku")) or "Standard"})
    configuration = {
        "id": f"{azure_id}/ipConfigurations/ipConfig1",
        "name": "ipConfig1",
        "properties": body(values, _IP),
    }
    hub["properties"]["ipConfigurations"] = [configuration]
    yield hub


_RULE: Fields = (
    Field("name", "name"),
    Field("match_criterion", "matchCriteria", lambda v: v if isinstance(v, list) else None),
    Field("action", "actions", lambda v: v if isinstance(v, list) else None),
)


def _route_map(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    rules = several(_RULE)(resource.values.get("rule"))
    yield rest(resource, lookup, {"rules": [] if rules is None else rules})


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_virtual_wan": simple(_WAN),
    "azurerm_virtual_hub": _hub,
    "azurerm_virtual_hub_connection": _connection,
    "azurerm_virtual_hub_route_table": _table,
    "azurerm_virtual_hub_route_table_route": _route,
    "azurerm_virtual_hub_routing_intent": simple(_INTENT),
    "azurerm_virtual_hub_ip": simple(_IP),
    "azurerm_virtual_hub_bgp_connection": simple(_BGP),
    "azurerm_virtual_hub_security_partner_provider": _partner,
    "azurerm_route_map": _route_map,
    "azurerm_route_server": _route_server,
    "azurerm_route_server_bgp_connection": simple(_BGP),
}
