"""Route tables with their routes, and route filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, parts, rest, simple
from diagramgen.read.terraform.azurerm.values import Json, back_refs, flag, inverted, text
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_TABLE: Fields = (
    Field("bgp_route_propagation_enabled", "disableBgpRoutePropagation", inverted),
    Field("disable_bgp_route_propagation", "disableBgpRoutePropagation", flag, False),
    Field("subnets", "subnets", back_refs),
)
"""The switch says the opposite from version 4 of the provider on:
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/4.0-upgrade-guide#azurerm_route_table
"""
_ROUTE: Fields = (
    Field("address_prefix", "addressPrefix"),
    Field("next_hop_type", "nextHopType"),
    Field("next_hop_in_ip_address", "nextHopIpAddress"),
)


_APPLIANCES = frozenset(
    f"azurerm_{name}"
    for name in ("firewall", "lb", "network_interface", "linux_virtual_machine", "windows_virtual_machine")
)


def _route_table(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = body(values, _TABLE)
    routes = parts(lookup.id_of(resource), "routes", values.get("route"), _ROUTE)
    if isinstance(routes, list) and all(isinstance(route, dict) for route in routes):
        properties["routes"] = routes
        for route in routes:
            route["properties"] |= _appliance(route["properties"], lookup)
    yield rest(resource, lookup, properties)


def _route(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    told = body(resource.values, _ROUTE)
    yield rest(resource, lookup, told | _appliance(told, lookup))


def _appliance(route: Json, lookup: Lookup) -> Json:
    """What a route leads to whose next hop is the address of a resource that has none yet: a plan has that address
    `{azurerm_firewall.hub.ip_configuration[0].private_ip_address}`, which names the resource."""
    address = text(route.get("nextHopIpAddress")).removeprefix("{").removesuffix("}")
    while "." in address:
        address = address.rpartition(".")[0]
        found = lookup.resource(address)
        if found is not None:
            return {"nextHop": {"id": lookup.id_of(found)}} if found.type in _APPLIANCES else {}
    return {}


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_route_table": _route_table,
    "azurerm_route": _route,
    "azurerm_route_filter": simple(()),
}
