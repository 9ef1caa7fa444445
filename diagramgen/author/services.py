"""Platform services and who may reach them, and private endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.machines import nic_fields
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import Json, addresses, body, entries, flag, mapping, texts, whole, word
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.grammar import parse_range
from diagramgen.read.spec.names import escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import LineError

ENDPOINT = NET + "privateendpoints"
_ACCESS = {"enabled": True, "disabled": False}
_STATES = {
    "approved": "approved",
    "pending": "pending",
    "rejected": "rejected",
    "disconnected": "disconnected",
}
_WITH_LISTS = frozenset({
    "container_registry", "search", "event_grid", "machine_learning", "event_hub", "service_bus", "cosmos", "batch",
    "sql", "postgresql", "postgresql_single", "mysql", "mysql_single", "synapse", "redis",
})  # fmt: skip
"""Types that keep their rules elsewhere than in `networkAcls`."""
_HAS_NO_ACCESS = frozenset({
    "front_door", "front_door_classic", "traffic_manager", "dns_zone", "private_dns_zone", "virtual_wan",
})  # fmt: skip


def write_services(book: Book) -> None:
    """All of both, wherever they stand."""
    for thing in book.of("services", "resources"):
        kind = thing.resource.kind
        if thing.resource.type == ENDPOINT:
            _write_endpoint(thing, book.nics.get(thing.id, []), book)
        elif kind is not None and kind.word == "aks":
            private = flag(at(thing.resource.properties, "apiServerAccessProfile", "enablePrivateCluster"))
            if private is not None:
                thing.entry["private_cluster"] = private
        if kind is not None and kind.home == "service" and kind.word not in _HAS_NO_ACCESS:
            _write_access(thing, book)


def _write_access(thing: Thing, book: Book) -> None:
    p, entry, word_ = thing.resource.properties, thing.entry, str(thing.entry.get("type"))
    access = p.get("publicNetworkAccess")
    if isinstance(access, str) and access.lower() in _ACCESS:
        entry["public_access"] = _ACCESS[access.lower()]
    acls = mapping(p.get("networkAcls"))
    if acls and word_ not in _WITH_LISTS and str(acls.get("defaultAction")).lower() == "deny":
        _write_acls(entry, acls, book)
        book.fall_back(thing.id, ("networkAcls",), "allowed_subnets", "allowed_addresses", "bypass")
    if word_ in ("app_service", "function_app"):
        _write_restrictions(thing, book)
    subnet = book.name(key(p.get("virtualNetworkSubnetId")), ("subnet",))
    if subnet is not None and word_ in ("app_service", "function_app", "api_management"):
        entry["integration"] = subnet


def _write_acls(entry: Json, acls: Mapping[str, Any], book: Book) -> None:
    subnets = book.names_in((key(rule) for rule in entries(acls.get("virtualNetworkRules"))), ("subnet",))
    listed = [text for rule in entries(acls.get("ipRules")) for text in texts(rule.get("value"))]
    if subnets:
        entry["allowed_subnets"] = one_or_many(subnets)
    if (listed and all(map(_is_range, listed))) or not subnets:
        entry["allowed_addresses"] = one_or_many(listed) if listed else []
    bypass = acls.get("bypass")
    if isinstance(bypass, str) and bypass:
        entry["bypass"] = one_or_many([each.strip() for each in bypass.split(",") if each.strip()])


def _is_range(text: str) -> bool:
    try:
        parse_range(text)
    except (LineError, ValueError):
        return False
    return True


def _write_restrictions(thing: Thing, book: Book) -> None:
    """https://learn.microsoft.com/azure/app-service/overview-access-restrictions"""
    told = at(thing.resource.properties, "siteConfig", "ipSecurityRestrictions")
    if not isinstance(told, list | tuple):
        return
    found = {}
    for number, rule in enumerate(entries(told), 1):
        access = word(rule.get("action"), {"allow": "allow", "deny": "deny"})
        priority = whole(rule.get("priority"), 1, 2**31 - 1)
        if access is None or priority is None:
            return
        source = _source(rule, book)
        found[str(rule.get("name") or f"rule {number}")] = {
            "priority": priority,
            "access": access,
            "source": source,
        }
    thing.entry["restrictions"] = found or []
    book.fall_back(thing.id, ("siteConfig",), "restrictions")


def _source(rule: Mapping[str, Any], book: Book) -> Any:
    subnet = book.name(key(rule.get("vnetSubnetResourceId")), ("subnet",))
    listed = [part.strip() for text in texts(rule.get("ipAddress")) for part in text.split(",")]
    is_tag = str(rule.get("tag") or "").lower() == "servicetag"
    said = ["any" if text.lower() == "any" else _tag(text) if is_tag else text for text in listed]
    return one_or_many([*([subnet] if subnet is not None else []), *said] or ["any"])


def _tag(text: str) -> str:
    return text if service_tag(text) == text else f"tag:{text}"


# Private endpoints


def _write_endpoint(thing: Thing, nics: list[Resource], book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    links = entries(p.get("privateLinkServiceConnections"))
    link = body(links[0]) if links else {}
    target = book.name(key(link.get("privateLinkServiceId")), ("service", "resource"))
    if target is not None:
        entry["to"] = target
        groups = texts(link.get("groupIds"))
        if len(groups) == 1:
            entry["group"] = groups[0]
        state = word(at(link, "privateLinkServiceConnectionState", "status"), _STATES)
        if state is not None:
            entry["state"] = state
    if groups_ := book.names_in(keys(p.get("applicationSecurityGroups")), ("asg",)):
        entry["asg"] = one_or_many(groups_)
    _write_addresses(thing, nics, book)
    _write_zones(thing, book)


def _write_addresses(thing: Thing, nics: list[Resource], book: Book) -> None:
    """The address of an endpoint with one; else its interfaces."""
    lists = [entries(r.properties.get("ipConfigurations")) for r in (thing.resource, *nics)]
    told = [a for listed in lists for c in listed for a in addresses(body(c).get("privateIPAddress")) or []]
    if len(set(told)) == 1:
        thing.entry["ip"] = told[0]
        book.told |= {nic.id for nic in nics}
    elif nics:
        for nic in nics:
            fields = book.entries[nic.id] = nic_fields(nic, thing, book)
            thing.entry.setdefault("nics", {})[nic.name] = fields
            book.rename(nic.id, f"{thing.shown}/nics/{escape(nic.name)}")


def _write_zones(thing: Thing, book: Book) -> None:
    """The zones of the endpoint's group of them, where there is one group and the spec names them all."""
    groups = [
        part for part in book.topology.parts_of(thing.id) if part.type == ENDPOINT + "/privatednszonegroups"
    ]
    if len(groups) != 1:
        return
    told = entries(groups[0].properties.get("privateDnsZoneConfigs"))
    zones = book.names_in((key(body(each).get("privateDnsZoneId")) for each in told), ("private_dns_zone",))
    if zones:
        thing.entry["dns_zone"] = one_or_many(zones)
        book.rename(groups[0].id, f"{thing.shown}/dns_zone_group")
