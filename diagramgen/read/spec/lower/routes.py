"""Route tables -> records; prefix and next hop of a route, wherever one is written."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    Network,
    RouteLine,
    parse_cidr,
)
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import LineError, Told

_NET = "microsoft.network/"


_KEYWORD_HOPS = {
    "internet": "Internet",
    "gateway": "VirtualNetworkGateway",
    "vnet": "VnetLocal",
    "none": "None",
}


def lower_route_tables(context: Context) -> None:
    """Route tables with their routes."""
    for table in context.names.all("route_table"):
        _lower_route_table(table, context)


def _lower_route_table(table: Named, context: Context) -> None:
    told: Told = table.value
    context.add(
        table,
        _NET + "routetables",
        {"disableBgpRoutePropagation": not told.get("propagate_gateway_routes", True)},
        {"disableBgpRoutePropagation": "propagate_gateway_routes"},
    )
    for item in told.get("routes", ()):
        if not isinstance(item.value, RouteLine):
            continue
        route = item.value
        prefix = route_prefix(route, item.place, context)
        hop = next_hop(route, item.place, context)
        if prefix is None or hop is None:
            continue
        name = item.name or f"to {prefix}"
        context.put(
            f"{table.shown}/routes/{escape(name)}",
            _NET + "routetables/routes",
            name,
            {"addressPrefix": prefix, **hop},
            item.place,
            dict.fromkeys(("addressPrefix", *hop), item.place),
            "",
            {"parent": table.key, "line": route.text},
        )


def route_prefix(route: RouteLine, place: Place, context: Context) -> str | None:
    """The prefix or tag of a route."""
    text = route.prefix.text
    if tag := service_tag(text):
        return tag
    found = context.names.named(text, {"vnet", "subnet", "site"})
    if len(found) == 1 and len(found[0].networks) == 1:
        return str(found[0].networks[0])
    try:
        network: Network = parse_cidr(text)
        return str(network)
    except LineError as error:
        if "/" in text and text[0].isdigit():
            context.error(
                error.code,
                error.message,
                place,
                *error.hints,
                span=(route.prefix.start + error.span[0], error.span[1]),
            )
        elif found:
            context.error(
                "no-address",
                f"`{shorten(text)}` has not exactly one address",
                place,
                "write a route for each of its networks",
                span=route.prefix.span,
            )
        else:
            context.error(
                "bad-cidr",
                f"`{shorten(text)}` is no network, service tag, or name of a VNet, subnet or site",
                place,
                context.names.suggestion(text, ("vnet", "subnet", "site")),
                span=route.prefix.span,
            )
        return None


def next_hop(route: RouteLine, place: Place, context: Context) -> dict[str, Any] | None:
    """Where a route leads; `nextHop` names the appliance where the spec does."""
    text = route.next_hop.text
    if text.lower() in _KEYWORD_HOPS:
        return {"nextHopType": _KEYWORD_HOPS[text.lower()]}
    if text[0].isdigit() or ":" in text:
        address = context.where((route.next_hop,), place).prefixes
        return (
            {"nextHopType": "VirtualAppliance", "nextHopIpAddress": address[0].split("/")[0]}
            if address
            else None
        )
    kinds = ("resource", "hub_resource")
    named = context.names.named(text, kinds)
    if not named:
        others = context.names.named(text, {"vnet", "subnet", "site"})
        if others:
            context.names.find(text, kinds, place, route.next_hop.span)
        else:
            context.error(
                "unknown-name",
                f"`{shorten(text)}` is no next hop",
                place,
                context.names.suggestion(text, kinds, tuple(_KEYWORD_HOPS))
                or "write an address, an appliance by name, `internet`, `gateway`, `vnet` or `none`",
                span=route.next_hop.span,
            )
        return None
    appliance = context.names.find(text, kinds, place, route.next_hop.span)
    if appliance is None:
        return None
    hop: dict[str, Any] = {"nextHopType": "VirtualAppliance", "nextHop": appliance.ref}
    if address_text := context.address_of(appliance):
        hop["nextHopIpAddress"] = address_text
    return hop
