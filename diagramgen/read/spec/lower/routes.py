"""Route tables -> records; prefix and next hop of a route, wherever one is written."""

from __future__ import annotations

from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    Network,
    Piece,
    RouteLine,
    parse_cidr,
)
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.where import where
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import Item, LineError, Told
from diagramgen.read.unknown import is_unknown

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
    properties: dict[str, Any] = context.usually(disableBgpRoutePropagation=False)
    if (propagates := told.get("propagate_gateway_routes")) is not None:
        is_known = isinstance(propagates, bool)
        properties["disableBgpRoutePropagation"] = not propagates if is_known else propagates
    items = () if told.get("outside") else told.get("routes", ())
    routes = [(item, route) for item in items if (route := route_of(item, context))]
    if told.get("more") or ("routes" in told and not context.has_defaults):
        listed = [{"id": f"{table.key}/routes/{escape(route.name).lower()}"} for _, route in routes]
        properties["routes"] = listed + ([{"id": f"{table.key}/routes/{{more}}"}] if told.get("more") else [])
    context.add(
        table,
        _NET + "routetables",
        properties,
        {"disableBgpRoutePropagation": "propagate_gateway_routes"},
    )
    for item, route in routes:
        if not route.hop:
            continue
        context.put(
            f"{table.shown}/routes/{escape(route.name)}",
            _NET + "routetables/routes",
            route.name,
            {"addressPrefix": route.prefix, **route.hop},
            item.place,
            dict.fromkeys(("addressPrefix", *route.hop), item.place),
            "",
            {"parent": table.key, **({"line": route.line} if route.line and context.has_defaults else {})},
            item.value if isinstance(item.value, Told) else None,
            table,
        )


class Route(NamedTuple):
    """A route, looked up; `hop` is empty where that failed, `line` where it was told in full."""

    name: str
    prefix: str
    hop: dict[str, Any]
    line: str


def route_of(item: Item, context: Context) -> Route | None:
    """A route of a table or of a connection, a line or in full; None where its prefix is none."""
    line = line_of(item)
    if line is None:
        return None
    prefix = route_prefix(line, item.place, context)
    if prefix is None:
        return None
    is_line = isinstance(item.value, RouteLine)
    hop = next_hop(line, item.place, context) or {}
    return Route(item.name or f"to {prefix}", prefix, hop, line.text if is_line else "")


def line_of(item: Item) -> RouteLine | None:
    """A route as its line, however it is told; None where it is not whole."""
    if isinstance(item.value, RouteLine):
        return item.value
    prefix, hop = item.value.get("prefix", ""), item.value.get("next", "")
    if not prefix.strip() or not hop.strip():
        return None
    return RouteLine(f"{prefix} -> {hop}", Piece(prefix.strip()), Piece(hop.strip()))


def route_prefix(route: RouteLine, place: Place, context: Context) -> str | None:
    """The prefix or tag of a route."""
    text = route.prefix.text
    if is_unknown(text):
        return text
    if text.lower().startswith("tag:"):
        return text[4:].strip()
    if tag := service_tag(text):
        return tag
    found = context.names.named(text, {"vnet", "subnet", "site"})
    if len(found) == 1 and len(found[0].prefixes) == 1:
        return found[0].prefixes[0]
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
    if is_unknown(text):
        return {"nextHopType": "VirtualAppliance", "nextHopIpAddress": text}
    if text.lower() in _KEYWORD_HOPS:
        return {"nextHopType": _KEYWORD_HOPS[text.lower()]}
    if text[0].isdigit() or ":" in text:
        address = where(context, (route.next_hop,), place).prefixes
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
