"""Connections of gateways: from a local network, a VPN site, a circuit or another gateway."""

from __future__ import annotations

from diagramgen.author.book import Book
from diagramgen.author.places import NET
from diagramgen.author.values import Json, flag, word
from diagramgen.author.wan import routing
from diagramgen.model.topology import Connection, Resource
from diagramgen.read.spec.names import escape

_STATUS = {
    "connected": "connected", "connecting": "connecting", "notconnected": "disconnected",
    "disconnected": "disconnected",
}  # fmt: skip
_TYPES = {"vpn": "vpn", "expressroute": "expressroute", "vnet-to-vnet": "vnet-to-vnet"}
_USUAL = {"circuit": "expressroute", "local_network": "vpn"}
_FAR = ("local_network", "vpn_site", "circuit", "resource")
_NEAR = ("resource", "hub_resource")


def write_connections(book: Book) -> None:
    """All that Azure knows; those that a spec draws freely are written with the outside."""
    found = []
    for connection in book.topology.connections:
        resource = book.resource(connection.id)
        entry = _entry(connection, resource, book) if resource is not None else None
        if entry is not None:
            found.append(entry)
    if found:
        book.document["connections"] = sorted(
            found, key=lambda e: (str(e["from"]).lower(), str(e["to"]).lower())
        )


def _entry(connection: Connection, resource: Resource, book: Book) -> Json | None:
    """A connection in full; None where the spec does not name both ends."""
    far, near = book.name(connection.a, _FAR), book.name(connection.b, _NEAR)
    if far is None or near is None:
        return None
    kind = _kind(book.things[connection.a].collection)
    type_ = _TYPES.get(connection.kind, "")
    usual = _USUAL.get(kind, "vnet-to-vnet" if kind == "resource" else type_)
    if resource.type == NET + "connections":
        shown = f"connections/{escape(book.shown(connection.a))} -> {escape(book.shown(connection.b))} {type_ or usual}"
    else:
        shown = f"{book.shown(connection.b)}/connections/{escape(book.shown(connection.a))}"
    if shown.lower() in book.renamed.values():
        return None
    entry: Json = {"from": far, "to": near}
    if type_ and type_ != usual:
        entry["type"] = type_
    entry["name"] = resource.name
    status = word(resource.properties.get("connectionStatus"), _STATUS)
    if status is not None:
        entry["status"] = status
    bgp = flag(resource.properties.get("enableBgp")) if resource.type == NET + "connections" else None
    if bgp is not None and bgp is not False:
        entry["bgp"] = bgp
    entry |= routing(resource.properties, book)
    book.rename(resource.id, shown)
    book.entries[resource.id] = entry
    return entry


def _kind(collection: str) -> str:
    return {"circuits": "circuit", "local_networks": "local_network", "vpn_sites": "vpn_site"}.get(
        collection, "resource"
    )
