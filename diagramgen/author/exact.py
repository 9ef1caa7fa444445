"""Makes the spec say exactly what the estate was: what its words leave open or get wrong is said in Azure's own.

The spec is lowered by the reader's own code, and each record is compared with the resource that it stands for, by
what the program reads (`essence`). What differs is written under `azure`; an id that does not follow is written as
`subscription`, `resource_group` or `id`. What the reader makes nothing of is given up and told as any resource of Azure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Json
from diagramgen.author.canon import Knows, canonical
from diagramgen.author.common import group_of
from diagramgen.author.essence import essence, kept
from diagramgen.author.places import RAW, SHARED
from diagramgen.author.references import referring
from diagramgen.author.values import entries
from diagramgen.located import Place
from diagramgen.model.references import key, subscription_of
from diagramgen.model.topology import Resource
from diagramgen.read.record import Record
from diagramgen.read.spec.check import check
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.lower import lower_by_path
from diagramgen.read.spec.shapes import Told

ROUNDS = 6
"""How often the spec is lowered at most: what is corrected may move what depends on it."""


def lowered(document: Mapping[str, Any]) -> tuple[Mapping[str, Record], list[Any]]:
    """The records that a spec's plain values make, by their paths, and what the reader complains of."""
    found: list[Any] = []
    checked = check(SPEC, document, Place("spec"), found.append)
    assert isinstance(checked, Told), found
    records = lower_by_path(checked, declare_names(checked, found.append), found.append)
    return records, [each for each in found if each.severity == "error"]


def make_exact(book: Book) -> None:
    """Corrects the entries until the records that they make are the resources that they stand for."""
    for _ in range(ROUNDS):
        records, errors = lowered(book.document)
        book.same = _alias(records, book)
        comparing = _Comparing(book, records)
        changed = [rid for rid, path in list(book.renamed.items()) if comparing.corrects(rid, path)]
        if not changed:
            break
    book.errors = errors


def _alias(records: Mapping[str, Record], book: Book) -> dict[str, str]:
    """The ids that parts have in the spec, where they are not those of the estate."""
    found: dict[str, str] = {}
    for rid, path in book.renamed.items():
        record, resource = records.get(path), book.resource(rid)
        if record is None or resource is None:
            continue
        if record.id != rid:
            found[rid] = record.id
        ours, theirs = (entries(r.properties.get("ipConfigurations")) for r in (resource, record))
        for one, other in zip(ours, theirs, strict=False):
            name = str(one.get("name") or "ipconfig1").lower()
            told = key(one) or f"{rid}/ipconfigurations/{name}"
            if key(other) and key(other) != told:
                found[told] = key(other)
    return found


class _Comparing:
    """One round: what the entries make, beside what they stand for."""

    def __init__(self, book: Book, records: Mapping[str, Record]) -> None:
        self.book, self.records = book, records
        self.knows = Knows(
            book.topology.resources, {r.id for r in records.values()}, book.hosts, book.networks, book.outside
        )

    def corrects(self, rid: str, path: str) -> bool:
        """Whether the entry of a resource had to be corrected."""
        book = self.book
        resource, record = book.resource(rid), self.records.get(path)
        if resource is None:
            return False
        if record is None:
            book.lost.add(rid)
            return False
        if rid in book.things and record.id != rid and book.unsaid != "default":
            if _correct_id(resource, book.entries[rid], book):
                return True
        return self._corrects_properties(resource, record)

    def _corrects_properties(self, resource: Resource, record: Record) -> bool:
        book = self.book
        if resource.is_ghost and not resource.is_untold:
            return False
        wanted = self._essence(resource.type, _aliased(kept(resource.type, resource.properties), book.same))
        given = self._essence(record.type, kept(record.type, record.properties))
        if wanted == given:
            return False
        wrong = {name for name in {*given, *wanted} if given.get(name) != wanted.get(name)}
        wider = book.widen.get(resource.id)
        if wider is not None and (wider.fields is None or wrong & wider.fields):
            del book.widen[resource.id]
            wider.give_up()
            return True
        entry = book.entries.get(resource.id)
        patch = difference(
            given, wanted, kept(record.type, record.properties), kept(resource.type, resource.properties)
        )
        said = referring(patch, book)
        if entry is None or not patch or entry.get("azure") == said:
            book.inexact[resource.id] = (given, wanted)
            return False
        entry["azure"] = {**entry.get("azure", {}), **said}
        return True

    def _essence(self, type_: str, properties: Mapping[str, Any]) -> Any:
        return essence(canonical(type_, properties, self.knows)) or {}


def _aliased(value: Any, same: Mapping[str, str]) -> Any:
    """A value with the ids that parts have in the spec."""
    if not same:
        return value
    if isinstance(value, Mapping):
        return {name: _aliased(inner, same) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_aliased(inner, same) for inner in value]
    if isinstance(value, str) and value.startswith("/"):
        head, rest = value.strip().lower().rstrip("/"), ""
        while "/" in head.strip("/"):
            if head in same:
                return same[head] + rest
            head, slash, tail = head.rpartition("/")
            rest = slash + tail + rest
    return value


_SHARED = frozenset({*SHARED.values(), "network_manager", "hubs", RAW}) - {"management_groups"}
"""Collections of what may say in which subscription it is."""
_UNGROUPED = frozenset({"subscriptions", "management_groups", "subnets", "groups"})
"""Collections of what is in no resource group, or in that of what it belongs to."""


def _correct_id(resource: Resource, entry: Json, book: Book) -> bool:
    """Says where a resource is, then its whole id."""
    thing = book.things[resource.id]
    if thing.collection == "subscriptions":
        return False
    subscription = book.name(subscription_of(resource.id), ("subscription",))
    if (
        thing.collection in _SHARED
        and subscription is not None
        and "subscription" not in entry
        and "id" not in entry
    ):
        entry["subscription"] = subscription
        return True
    group = group_of(resource)
    if (
        thing.collection not in _UNGROUPED
        and group
        and entry.get("resource_group") != group
        and "id" not in entry
    ):
        entry["resource_group"] = group
        return True
    if "id" in entry and thing.collection != "management_groups":
        return False
    for word in ("subscription", "resource_group"):
        entry.pop(word, None)
    entry["id"] = book.shown_id(resource)
    return True


def difference(given: Any, wanted: Any, has: Any, wants: Any) -> Json:
    """What has to be laid over `has` so that its essence becomes that of `wants`, property by property."""
    patch: Json = {}
    given, wanted = given if isinstance(given, dict) else {}, wanted if isinstance(wanted, dict) else {}
    for name in sorted({*given, *wanted}):
        if given.get(name) == wanted.get(name):
            continue
        for field in _FIELDS.get(name, (name,)):
            if wants.get(field) is not None:
                patch[field] = _laid_over(has.get(field), wants[field], given.get(name), wanted.get(name))
            elif has.get(field) is not None:
                patch[field] = None
    return patch


_FIELDS = {
    "addressPrefixes": ("addressPrefix", "addressPrefixes"),
    "sourceAddressPrefixes": ("sourceAddressPrefix", "sourceAddressPrefixes"),
    "destinationAddressPrefixes": ("destinationAddressPrefix", "destinationAddressPrefixes"),
    "sourcePortRanges": ("sourcePortRange", "sourcePortRanges"),
    "destinationPortRanges": ("destinationPortRange", "destinationPortRanges"),
    "addresses": ("ipConfigurations",),
    "httpListeners": ("frontendPorts", "httpListeners"),
    "requestRoutingRules": ("backendHttpSettingsCollection", "requestRoutingRules", "urlPathMaps"),
}  # fmt: skip
"""The fields that a part of an essence comes from, where they have other names."""


def _laid_over(has: Any, wants: Any, given: Any, wanted: Any) -> Any:
    """A value to lay over another one: of mappings only what differs, lists and texts whole."""
    if isinstance(has, Mapping) and isinstance(wants, Mapping):
        inner = difference(given, wanted, has, wants)
        return inner or dict(wants)
    return wants
