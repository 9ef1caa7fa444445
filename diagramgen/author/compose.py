"""The estate as a spec in plain values: every section in the order in which a person reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagramgen.author.absent import absent_things, spoken_things
from diagramgen.author.app_gateways import write_app_gateways
from diagramgen.author.balancers import write_balancers
from diagramgen.author.book import Book
from diagramgen.author.common import sku, write_common
from diagramgen.author.connections import write_connections
from diagramgen.author.distinct import name_all
from diagramgen.author.essence import kept
from diagramgen.author.exact import make_exact
from diagramgen.author.front_doors import write_front_doors
from diagramgen.author.gateways import write_gateways
from diagramgen.author.machines import write_machines
from diagramgen.author.manager import write_manager
from diagramgen.author.network import write_tree
from diagramgen.author.order import by_address, natural
from diagramgen.author.outside import write_outside
from diagramgen.author.peerings import write_peerings
from diagramgen.author.places import (
    HUB,
    HUB_PARTS,
    MANAGEMENT_GROUP,
    RAW,
    SUBNET,
    SUBSCRIPTION,
    VNET,
    Thing,
    is_told,
    is_told_by_owner,
    place_things,
)
from diagramgen.author.policies import write_policies
from diagramgen.author.raw import write_raw
from diagramgen.author.routes import write_route_tables
from diagramgen.author.rules import write_nsgs
from diagramgen.author.services import write_services
from diagramgen.author.shared import write_shared
from diagramgen.author.simplest import leave_out_defaults
from diagramgen.author.values import Json
from diagramgen.author.wan import write_wans
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.record import Reading

ROUNDS = 5
"""How often writing begins again at most, each time with more that the spec has no words for."""
SECTIONS = (
    "title", "subtitle", "title_block", "tenant", "unsaid", "management_groups", "subscriptions", "vnets", "services",
    "groups", "virtual_wans", "network_manager", "peerings", "connections", "on_premises", "local_networks",
    "vpn_sites", "circuits", "internet", "users", "flows", "nsgs", "asgs", "route_tables", "firewall_policies",
    "ip_groups", "waf_policies", "nat_gateways", "public_ips", "public_ip_prefixes", "private_dns_zones",
    "ddos_plans", "service_endpoint_policies", RAW, "boundaries", "accepted", "views", "notes", "layout",
)  # fmt: skip
_WRITERS: tuple[Callable[[Book], None], ...] = (
    write_tree, write_nsgs, write_route_tables, write_policies, write_shared, write_machines, write_gateways,
    write_balancers, write_app_gateways, write_front_doors, write_services, write_wans, write_manager, write_peerings,
    write_connections, write_raw, write_common,
)  # fmt: skip


def compose(topology: Topology, reading: Reading) -> Book:
    """The book of an estate, exact."""
    read = {rid: kept(rid, r.type, r.properties) for rid, r in topology.resources.items()}
    others = [*absent_things(topology, read), *spoken_things(reading)]
    raw: set[str] = set()
    for _ in range(ROUNDS):
        book = _write(topology, reading, others, read, raw)
        if book.lost <= raw:
            break
        raw |= book.lost
    if book.unsaid == "default":
        leave_out_defaults(book)
    return book


def _write(
    topology: Topology,
    reading: Reading,
    others: Iterable[Resource],
    read: Mapping[str, Json],
    raw: set[str],
) -> Book:
    things = place_things(topology, others, raw)
    name_all(things.values(), topology)
    for thing in things.values():
        if (word := word_of(thing)) is not None:
            thing.entry["type"] = word
    book = Book(topology, reading, things, read, _unsaid(topology, things.values()))
    for resource in topology.resources.values():
        if is_told_by_owner(resource):
            book.rename(resource.id, resource.id)
    for write in _WRITERS:
        write(book)
    for thing in things.values():
        is_own = thing.resource.type == "microsoft.network/azurefirewalls"
        if thing.collection in ("resources", "services") and "sku" not in thing.entry and not is_own:
            sku(thing)
    write_outside(book)
    book.lost |= {
        r.id
        for r in topology.resources.values()
        if is_told(r) and r.id not in book.renamed and r.id not in book.told and not r.is_outside
    }
    if not book.lost - raw:
        assemble(book)
        make_exact(book)
    return book


def _unsaid(topology: Topology, things: Iterable[Thing]) -> str:
    """How far what the spec does not say is known: as most of the estate is told."""
    if topology.is_spec:
        return "default"
    told = (t.resource for t in things if t.resource.type not in (SUBSCRIPTION, MANAGEMENT_GROUP))
    planned = Counter(resource.is_planned for resource in told if not resource.is_ghost)
    return "planned" if planned[True] > planned[False] else "unknown"


def word_of(thing: Thing) -> str | None:
    """The word for the type of a resource or service."""
    resource, kind = thing.resource, thing.resource.kind
    if thing.collection not in ("resources", "services"):
        return None
    if resource.type == "diagramgen/other":
        return "other"
    if kind is None:
        return None
    if resource.type == "microsoft.network/virtualnetworkgateways":
        told = str(resource.properties.get("gatewayType")).lower()
        return {"vpn": "vpn_gateway", "expressroute": "expressroute_gateway"}.get(told, "gateway")
    if resource.type == HUB:
        return "route_server"
    if resource.type == "microsoft.web/sites" and str(resource.envelope.get("kind")).lower() == "functionapp":
        return "function_app"
    return kind.word


# Putting together


def assemble(book: Book) -> None:
    """Puts every entry into its place in the document, in the order in which a person reads it."""
    sections: Json = dict(book.document)
    if book.unsaid != "default":
        sections["unsaid"] = book.unsaid
    hubs = _hubs(book)
    for thing in sorted(book.things.values(), key=lambda t: (_depth(t), _order(t, hubs))):
        above = sections if thing.parent is None else thing.parent.entry
        if thing.collection in HUB_PARTS.values() or thing.collection == "network_manager":
            above[thing.collection] = thing.entry
        else:
            above.setdefault(thing.collection, {})[thing.name] = thing.entry
    book.document = {name: sections[name] for name in SECTIONS if name in sections}


def _depth(thing: Thing) -> int:
    return 0 if thing.parent is None else 1 + _depth(thing.parent)


def _hubs(book: Book) -> frozenset[str]:
    """The VNets that hold what a hub holds, or with which most are peered, and what they stand in."""
    counts: Counter[str] = Counter()
    for peering in book.topology.peerings:
        counts.update((peering.a, peering.b))
    equipped = {t.parent.parent.id for t in book.of("resources") if t.resource.kind is not None
                and t.resource.kind.word in ("firewall", "gateway") and t.parent and t.parent.parent}  # fmt: skip
    hubs = {rid for rid, count in counts.items() if count > 1 and (rid in equipped or count > 2)}
    for rid in tuple(hubs):
        thing = book.things.get(rid)
        while thing is not None and thing.parent is not None:
            thing = thing.parent
            hubs.add(thing.id)
    return frozenset(hubs)


def _order(thing: Thing, hubs: frozenset[str]) -> tuple[Any, ...]:
    """Hubs first, subnets by address, all else by name."""
    resource = thing.resource
    rank = by_address(resource.properties) if resource.type == SUBNET else (0, 0)
    is_first = thing.id in hubs if resource.type in (VNET,) or thing.collection == "subscriptions" else False
    return (resource.is_ghost, not is_first, rank, natural(thing.name))
