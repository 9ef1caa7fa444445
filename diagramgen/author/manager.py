"""The network manager: groups, connectivity and security admin rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Kept, one_or_many
from diagramgen.author.places import MANAGER, Thing
from diagramgen.author.rules import IN_RULES, Networks, where
from diagramgen.author.values import Json, entries, ports, texts, whole, word
from diagramgen.model.references import at, key
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape

_ACCESS = {"allow": "allow", "deny": "deny", "alwaysallow": "always_allow"}
_DIRECTION = {"inbound": "inbound", "outbound": "outbound"}
_PROTOCOL = {"any": "any", "*": "any", "tcp": "tcp", "udp": "udp", "icmp": "icmp", "esp": "esp", "ah": "ah"}


def write_manager(book: Book) -> None:
    """The manager that the spec has a place for, with all that it holds."""
    for manager in book.of("network_manager"):
        _write(manager, book)


def _children(owner: str, kind: str, book: Book) -> list[Resource]:
    found = [r for r in book.topology.of_type(f"{MANAGER}/{kind}") if key(r.envelope.get("parent")) == owner]
    return sorted(found, key=lambda r: r.name.lower())


def _write(manager: Thing, book: Book) -> None:
    entry, shown = manager.entry, "network_manager"
    told = at(manager.resource.properties, "networkManagerScopes")
    held = [text for field in ("subscriptions", "managementGroups") for text in texts(at(told, field))]
    names = [book.name(text.lower().rstrip("/"), ("subscription", "management_group")) for text in held]
    if scope := [name for name in names if name is not None]:
        entry["scope"] = one_or_many(scope)
    for group in book.inside(manager, "groups"):
        _write_group(group, book)
    for configuration in _children(manager.id, "connectivityconfigurations", book):
        fields = _connectivity(configuration, book)
        if fields is not None:
            entry.setdefault("connectivity", {})[configuration.name] = book.entries[configuration.id] = fields
            book.rename(configuration.id, f"{shown}/connectivity/{escape(configuration.name)}")
    named = Networks(book)
    for configuration in _children(manager.id, "securityadminconfigurations", book):
        fields = book.entries[configuration.id] = {}
        entry.setdefault("security_admin", {})[configuration.name] = fields
        book.rename(configuration.id, f"{shown}/security_admin/{escape(configuration.name)}")
        _write_security_admin(configuration, fields, book, named)


def _write_group(group: Thing, book: Book) -> None:
    members = {}
    for member in _children(group.id, "networkgroups/staticmembers", book):
        vnet = key(member.properties.get("resourceId"))
        if (name := book.name(vnet, ("vnet",))) is not None:
            members[name] = member
            book.rename(member.id, f"{group.shown}/members/{escape(book.shown(vnet))}")
    if members:
        group.entry["members"] = one_or_many(sorted(members, key=str.lower))


def _groups_of(p: Mapping[str, Any], book: Book) -> list[str] | None:
    return book.names_in(
        (key(a.get("networkGroupId")) for a in entries(p.get("appliesToGroups"))), ("network_group",)
    )


def _connectivity(configuration: Resource, book: Book) -> Json | None:
    """None where the spec has no word for its topology, or does not name its hub or groups."""
    p = configuration.properties
    topology = word(p.get("connectivityTopology"), {"mesh": "mesh", "hubandspoke": "hub_and_spoke"})
    groups = _groups_of(p, book)
    hub = book.name(key(at(p, "hubs", "*", "resourceId")), ("vnet",))
    if topology is None or groups is None or (topology == "hub_and_spoke" and hub is None):
        return None
    fields: Json = {"topology": topology}
    if topology == "hub_and_spoke":
        fields["hub"] = hub
    if groups:
        fields["groups"] = one_or_many(groups)
    applied = entries(p.get("appliesToGroups"))
    if topology == "hub_and_spoke" and _all(applied, "groupConnectivity", "directlyconnected"):
        fields["direct"] = True
    for name, field in (("use_hub_gateway", "useHubGateway"), ("across_regions", "isGlobal")):
        if _all(applied, field, "true"):
            fields[name] = True
    if isinstance(deployed := p.get("deployed"), bool):
        fields["deployed"] = deployed
    return fields


def _all(applied: list[Mapping[str, Any]], field: str, value: str) -> bool:
    return bool(applied) and all(str(each.get(field)).lower() == value for each in applied)


def _write_security_admin(configuration: Resource, fields: Json, book: Book, named: Networks) -> None:
    if isinstance(deployed := configuration.properties.get("deployed"), bool):
        fields["deployed"] = deployed
    shown = book.renamed[configuration.id]
    kind = "securityadminconfigurations/rulecollections"
    for collection in _children(configuration.id, kind, book):
        told: Json = {}
        if groups := _groups_of(collection.properties, book):
            told["groups"] = one_or_many(groups)
        path = f"{shown}/rule_collections/{escape(collection.name)}"
        rules = _children(collection.id, f"{kind}/rules", book)
        if rules:
            told["rules"] = {}
        for rule in sorted(rules, key=_order):
            told["rules"][rule.name] = book.entries[rule.id] = _rule(rule.properties, book, named)
            book.rename(rule.id, f"{path}/rules/{escape(rule.name)}")
        fields.setdefault("collections", {})[collection.name] = book.entries[collection.id] = told
        book.rename(collection.id, path)
    fields.setdefault("collections", Kept())


def _order(rule: Resource) -> tuple[str, int, str]:
    priority = rule.properties.get("priority")
    return (
        str(rule.properties.get("direction")),
        priority if isinstance(priority, int) else 10**6,
        rule.name,
    )


def _rule(p: Mapping[str, Any], book: Book, named: Networks) -> Json:
    protocol = word(p.get("protocol"), _PROTOCOL)
    fields: Json = {
        "priority": whole(p.get("priority"), 1, 4096) or 1,
        "access": word(p.get("access"), _ACCESS) or "deny",
        "direction": word(p.get("direction"), _DIRECTION) or "inbound",
        "protocol": None if protocol == "any" else protocol,
        "source": _side(p.get("sources"), book, named),
        "source_ports": _ports(p.get("sourcePortRanges")),
        "destination": _side(p.get("destinations"), book, named),
        "destination_ports": _ports(p.get("destinationPortRanges")),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _side(value: object, book: Book, named: Networks) -> Any:
    listed = [text for each in entries(value) for text in texts(each.get("addressPrefix"))]
    said = [found for text in listed if (found := where(text, book, named, IN_RULES)) is not None]
    return None if said in ([], ["any"]) else one_or_many(said)


def _ports(value: object) -> Any:
    listed = [text for text in texts(value) if text != "0-65535"]
    found = ports(listed) if listed else None
    return one_or_many([int(n) if n.isdecimal() else n for n in found]) if found else None
