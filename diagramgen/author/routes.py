"""Route tables, and routes wherever one is written: `0.0.0.0/0 -> 10.0.1.4`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book
from diagramgen.author.places import NET, Thing
from diagramgen.author.rules import Networks, free_name, is_network
from diagramgen.author.values import Json, addresses, flag
from diagramgen.model.references import key
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.unknown import is_unknown

_HOPS = {"internet": "internet", "virtualnetworkgateway": "gateway", "vnetlocal": "vnet", "none": "none"}
_IN_ROUTES = frozenset({"vnet", "subnet", "site"})


def write_route_tables(book: Book) -> None:
    """Route tables with their routes, the widest last."""
    named = Networks(book)
    for thing in (table for table in book.of("route_tables") if table.parent is None):
        entry, p = thing.entry, thing.resource.properties
        stops = flag(p.get("disableBgpRoutePropagation"))
        if stops is not None and stops is not False:
            entry["propagate_gateway_routes"] = not stops if isinstance(stops, bool) else stops
        parts = [part for part in book.topology.parts_of(thing.id) if part.type == NET + "routetables/routes"]
        if parts:
            entry["routes"] = {}
        for part in sorted(parts, key=_order):
            _write_route(part, thing, book, named)
        if parts and all(_is_unnamed(part, entry["routes"]) for part in parts):
            entry["routes"] = list(entry["routes"].values())
        is_told = book.topology.tells(thing.id, "routes")
        if is_told and not parts and p.get("routes") == []:
            entry["routes"] = []
        if not is_told and not thing.resource.is_ghost:
            entry["more"] = "unknown"


def _write_route(part: Resource, table: Thing, book: Book, named: Networks) -> None:
    routes = table.entry["routes"]
    name = free_name(part.name, routes)
    book.rename(part.id, f"{table.shown}/routes/{escape(name)}")
    line = part.envelope.get("line")
    if book.unsaid == "default" and isinstance(line, str):
        routes[name] = line
        return
    routes[name] = book.entries[part.id] = route(part.properties, book, named)
    if name != part.name:
        routes[name]["name"] = part.name


def _is_unnamed(part: Resource, routes: Json) -> bool:
    """Whether the reader gives a route the name that it has."""
    is_line = isinstance(routes.get(part.name), str)
    return is_line and part.name == f"to {part.properties.get('addressPrefix')}"


def _order(part: Resource) -> str:
    return part.name.lower()


def route(p: Mapping[str, Any], book: Book, named: Networks) -> Json:
    """The fields of a route; words that stand for what the spec cannot say are overruled by `azure`."""
    named_hop = book.name(key(p.get("nextHop")), ("resource", "hub_resource"))
    return {"prefix": prefix(p.get("addressPrefix"), book, named), "next": named_hop or next_hop(p)}


def prefix(value: object, book: Book, named: Networks) -> str:
    """Where a route leads: a network, a tag, a name, or a mark of what is not known."""
    text = value.strip() if isinstance(value, str) else ""
    if is_unknown(text):
        return text
    if name := named.name(text, _IN_ROUTES):
        return name
    if is_network(text) and "-" not in text:
        return text
    if service_tag(text) == text:
        return text
    return f"tag:{text}" if text else "0.0.0.0/0"


def next_hop(p: Mapping[str, Any]) -> str:
    """Where a route sends: an address, or one of the spec's words."""
    kind = p.get("nextHopType")
    address = p.get("nextHopIpAddress")
    if isinstance(kind, str) and kind.strip().lower() in _HOPS:
        return _HOPS[kind.strip().lower()]
    if isinstance(address, str) and (found := addresses(address)):
        return found[0]
    return "none"
