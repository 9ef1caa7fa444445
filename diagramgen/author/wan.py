"""Virtual WANs, their hubs, and what is connected to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import HUB, HUB_PARTS, Thing
from diagramgen.author.routes import prefix
from diagramgen.author.rules import Networks
from diagramgen.author.values import (
    Json,
    addresses,
    body,
    entries,
    flag,
    mapping,
    networks,
    texts,
    whole,
    word,
)
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape

_TYPES = {"standard": "standard", "basic": "basic"}
_PREFERS = {"expressroute": "expressroute", "vpngateway": "vpn", "aspath": "as_path"}
_INTENTS = {"internet": "internet", "privatetraffic": "private"}


def write_wans(book: Book) -> None:
    """All of them."""
    for thing in book.of("virtual_wans"):
        if (type_ := word(thing.resource.properties.get("type"), _TYPES)) is not None:
            thing.entry["type"] = type_
    named = Networks(book)
    for thing in book.of("hubs"):
        _write_hub(thing, book, named)
    for thing in book.of(*HUB_PARTS.values()):
        _write_part(thing, book)


def _write_hub(thing: Thing, book: Book, named: Networks) -> None:
    p, entry = thing.resource.properties, thing.entry
    if found := networks(p.get("addressPrefix")):
        entry["address"] = found[0]
    if (sku := word(p.get("sku"), _TYPES)) is not None:
        entry["sku"] = sku
    if (prefers := word(p.get("hubRoutingPreference"), _PREFERS)) is not None and prefers != "expressroute":
        entry["prefers"] = prefers
    parts = book.topology.parts_of(thing.id)
    for part in parts:
        if part.type == HUB + "/routingintent":
            _write_intent(thing, part, book)
    for table in book.inside(thing, "route_tables"):
        table.entry.update(_table(table.resource, book, named))
    _write_connections(thing, book)
    peers = [part for part in parts if part.type == HUB + "/bgpconnections"]
    for peer in peers:
        entry.setdefault("bgp_connections", {})[peer.name] = book.entries[peer.id] = _peer(peer, book)
        book.rename(peer.id, f"{thing.shown}/bgp_connections/{escape(peer.name)}")


def _write_intent(thing: Thing, part: Resource, book: Book) -> None:
    """https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies"""
    said = set()
    for policy in entries(part.properties.get("routingPolicies")):
        aims = [_INTENTS.get(text.lower()) for text in texts(policy.get("destinations"))]
        said |= {aim for aim in aims if aim is not None}
    if said:
        thing.entry["routing_intent"] = one_or_many(sorted(said))
        book.rename(part.id, f"{thing.shown}/routing_intent")


def _table(table: Resource, book: Book, named: Networks) -> Json:
    fields: Json = {}
    if labels := texts(table.properties.get("labels")):
        fields["labels"] = one_or_many(labels)
    routes = {}
    for number, route in enumerate(entries(table.properties.get("routes")), 1):
        aims, hop = texts(route.get("destinations")), _hop(key(route.get("nextHop")), book)
        if len(aims) == 1 and hop is not None:
            routes[str(route.get("name") or f"route {number}")] = {
                "prefix": prefix(aims[0], book, named),
                "next": hop,
            }
    if routes:
        fields["routes"] = routes
    return fields


def _hop(rid: str, book: Book) -> str | None:
    return book.name(rid, ("vnet", "hub_resource", "resource"))


def _write_connections(thing: Thing, book: Book) -> None:
    found: Json = {}
    for connection in book.topology.hub_connections:
        if connection.hub != thing.id:
            continue
        resource = book.resource(connection.id)
        name = book.name(connection.vnet, ("vnet",))
        if resource is None or name is None or name in found:
            continue
        found[name] = book.entries[connection.id] = _connection(resource, book)
        book.rename(connection.id, f"{thing.shown}/connections/{escape(book.shown(connection.vnet))}")
    if found:
        thing.entry["connections"] = dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _connection(resource: Resource, book: Book) -> Json:
    p = resource.properties
    fields: Json = {}
    if (
        resource.name.lower()
        != str(book.resource(key(p.get("remoteVirtualNetwork"))) and _vnet_name(p, book)).lower()
    ):
        fields["name"] = resource.name
    fields |= routing(p, book)
    routes = {}
    for number, route in enumerate(entries(at(p, "routingConfiguration", "vnetRoutes", "staticRoutes")), 1):
        aims, hop = texts(route.get("addressPrefixes")), addresses(route.get("nextHopIpAddress"))
        if len(aims) == 1 and hop:
            routes[str(route.get("name") or f"route {number}")] = {"prefix": aims[0], "next": hop[0]}
    if routes:
        fields["static_routes"] = routes
    if (secures := flag(p.get("enableInternetSecurity"))) is not None:
        fields["internet_security"] = secures
    return fields


def _vnet_name(p: Mapping[str, Any], book: Book) -> str:
    vnet = book.resource(key(p.get("remoteVirtualNetwork")))
    return vnet.name if vnet is not None else ""


def routing(p: Mapping[str, Any], book: Book) -> Json:
    """The route tables of a hub that decide for a connection, and that learn from it."""
    told = mapping(p.get("routingConfiguration"))
    fields: Json = {}
    if (table := book.name(key(told.get("associatedRouteTable")), ("hub_route_table",))) is not None:
        fields["route_table"] = table
    propagated = mapping(told.get("propagatedRouteTables"))
    if tables := book.names_in(keys(propagated.get("ids")), ("hub_route_table",)):
        fields["propagate_to"] = one_or_many(tables)
    if labels := texts(propagated.get("labels")):
        fields["labels"] = one_or_many(labels)
    return fields


def _peer(peer: Resource, book: Book) -> Json:
    p = peer.properties
    fields: Json = {}
    if found := addresses(p.get("peerIp")):
        fields["ip"] = found[0]
    if (asn := whole(p.get("peerAsn"), 1, 2**32 - 1)) is not None:
        fields["asn"] = asn
    connection = book.resource(key(p.get("hubVirtualNetworkConnection")))
    if connection is not None:
        vnet = book.name(key(connection.properties.get("remoteVirtualNetwork")), ("vnet",))
        if vnet is not None:
            fields["vnet"] = vnet
    return fields


def _write_part(thing: Thing, book: Book) -> None:
    """A hub's firewall or gateway."""
    p, entry = thing.resource.properties, thing.entry
    if thing.collection == "firewall":
        policy = key(p.get("firewallPolicy"))
        if (name := book.name(policy, ("firewall_policy",))) is not None:
            entry["policy"] = name
        above, tier = book.resource(policy), at(p, "sku", "tier")
        if isinstance(tier, str) and (
            above is None or str(at(above.properties, "sku", "tier")).lower() != tier.lower()
        ):
            entry["sku"] = tier
        if found := addresses(at(p, "hubIPAddresses", "privateIPAddress")):
            entry["ip"] = found[0]
        public = [
            a
            for each in entries(at(p, "hubIPAddresses", "publicIPs", "addresses"))
            for a in texts(each.get("address"))
        ]
        if public and addresses(public):
            entry["public_ip"] = one_or_many(public)
        return
    if (asn := whole(at(p, "bgpSettings", "asn"), 1, 2**32 - 1)) is not None:
        entry["asn"] = asn
    pools = entries(p.get("p2SConnectionConfigurations"))
    if len(pools) == 1 and (pool := networks(at(body(pools[0]), "vpnClientAddressPool", "addressPrefixes"))):
        entry["address"] = one_or_many(pool)
        book.fall_back(thing.id, ("p2SConnectionConfigurations",), "address")
