"""Makes the spec say exactly what the estate was: what its words leave open or get wrong is said in Azure's own.

The spec is lowered by the reader's own code, and each record is compared with the resource that it stands for, by
what the program reads (`essence`). What differs is written under `azure`; an id that does not follow is written as
`subscription`, `resource_group` or `id`. What the reader makes nothing of is given up and told as a resource of Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.author.book import Book, Wider
from diagramgen.author.canon import canonical
from diagramgen.author.differences import difference, laid_over
from diagramgen.author.essence import essence, kept
from diagramgen.author.ids import correct_id
from diagramgen.author.knows import Knows
from diagramgen.author.places import NET, RAW, SHARED
from diagramgen.author.pools import in_pools, with_members
from diagramgen.author.raw import write_properties
from diagramgen.author.references import referring
from diagramgen.author.values import Json, entries, safe
from diagramgen.located import Place
from diagramgen.model.references import key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.record import Record
from diagramgen.read.spec.check import check
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.lower import lower_by_path
from diagramgen.read.spec.shapes import Told

ROUNDS = 12
"""How often the spec is lowered at most: what is corrected may move what depends on it."""


def lowered(document: Json) -> tuple[Mapping[str, Record], list[Any]]:
    """The records that a spec's plain values make, by their paths, and what the reader complains of."""
    found: list[Any] = []
    checked = check(SPEC, safe(document), Place("spec"), found.append)
    assert isinstance(checked, Told), found
    records = lower_by_path(checked, declare_names(checked, found.append), found.append)
    return records, [each for each in found if each.severity == "error"]


def make_exact(book: Book) -> None:
    """Corrects the entries until the records that they make are the resources that they stand for."""
    for _ in range(ROUNDS):
        records, errors = lowered(book.document)
        book.same = _alias(records, book)
        book.paths = {record.id: path for path, record in records.items()}
        book.inexact.clear()
        comparing = _Comparing(book, records)
        things = list(book.renamed.items())
        moved = [rid for rid, path in things if comparing.corrects_id(rid, path)]
        if moved:
            continue  # references to them may be right then
        changed = [rid for rid, path in things if comparing.corrects(rid, path)]
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
        made = {record.id for record in records.values()}
        self.knows = Knows(
            book.topology.resources, made, book.hosts, book.networks, book.outside, book.balancers
        )
        self.members = {pool: _aliased(rids, book.same) for pool, rids in book.in_pools.items()}
        self.made_members = in_pools(records.values())

    def corrects_id(self, rid: str, path: str) -> bool:
        """Whether it had to be said where a thing is."""
        thing, record = self.book.things.get(rid), self.records.get(path)
        if thing is None or record is None or record.id == rid or self.book.unsaid == "default":
            return False
        return correct_id(thing, self.book)

    def corrects(self, rid: str, path: str) -> bool:
        """Whether the entry of a resource had to be corrected."""
        resource, record = self.book.resource(rid), self.records.get(path)
        if resource is None or (resource.is_ghost and not resource.is_untold):
            return False
        if record is None:
            self.book.lost.add(rid)
            return False
        return self._corrects_properties(resource, record)

    def _corrects_properties(self, resource: Resource, record: Record) -> bool:
        has, wants = self._properties(resource, record)

        def come_to(properties: Mapping[str, Any]) -> Json:
            found = canonical(resource.type, properties, self.knows)
            if resource.id == self.book.lister:
                found["ipConfigurations"] = keys(properties.get("ipConfigurations"))
            return essence(found) or {}

        given, wanted = come_to(has), come_to(wants)
        if wanted == given:
            return self._becomes_told(resource, record)
        thing = self.book.things.get(resource.id)
        if thing is not None and thing.collection == RAW and write_properties(thing, wants, self.book):
            return True
        wrong = {name for name in {*given, *wanted} if given.get(name) != wanted.get(name)}
        if self._gives_up(resource.id, wrong) or self._patches(resource.id, difference(has, wants, come_to)):
            return True
        self.book.inexact[resource.id] = (given, wanted)
        return False

    def _properties(self, resource: Resource, record: Record) -> tuple[Json, Json]:
        """What the spec makes and what the estate has, each told from one side."""
        rid = resource.id
        has = kept(record.id, record.type, record.properties)
        wants = dict(_aliased(self.book.read[rid], self.book.same))
        if isinstance(wants.get(_PEERINGS), list | tuple):
            wants[_PEERINGS] = []  # those that are told are listed by the reader
        if rid in self.book.balancers:
            wants = with_members(self.book.same.get(rid, rid), wants, self.members)
            has = with_members(record.id, has, self.made_members)
        return has, wants

    def _gives_up(self, rid: str, wrong: set[str]) -> bool:
        """Whether an entry gave up words that do not say what is."""
        wider = self.book.widen.get(rid)
        if wider is None or not (wider.fields is None or wrong & wider.fields):
            return False
        entry = self.book.entries.get(rid)
        if wider.is_last and entry is not None:
            self.book.widen[rid] = Wider(wider.fields, _undoing(entry, wider.give_up))
            return False
        del self.book.widen[rid]
        wider.give_up()
        return True

    def _patches(self, rid: str, patch: Json) -> bool:
        """Whether an entry says more in Azure's words than before."""
        entry = self.book.entries.get(rid)
        if entry is None:
            return False
        before = entry.get("azure", {})
        after = laid_over(before, referring(patch, self.book))
        if after == before:
            return False
        entry["azure"] = after
        return True

    def _becomes_told(self, resource: Resource, record: Record) -> bool:
        """Whether it had to be said that a resource is told, although there is nothing to tell of it."""
        entry = self.book.entries.get(resource.id)
        is_same = resource.is_told == resource._replace(properties=record.properties).is_told
        if is_same or entry is None or not resource.is_told or resource.type in _MAY_BE_UNTOLD:
            return False
        entry["azure"] = {"provisioningState": "Succeeded"}
        return True


_MAY_BE_UNTOLD = frozenset(SHARED) - {
    NET + "firewallpolicies",
    NET + "networksecuritygroups",
    NET + "routetables",
}
"""Types of which it makes no difference whether the input tells more than that there is one."""
_PEERINGS = "virtualNetworkPeerings"


def _undoing(entry: Json, give_up: Callable[[], None]) -> Callable[[], None]:
    """Gives up words and what was laid over them."""
    before = entry.get("azure")

    def undo() -> None:
        give_up()
        entry.pop("azure", None)
        if before is not None:
            entry["azure"] = before

    return undo


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
