"""Takes out of a spec that says all (`unsaid: default`) what the reader assumes anyway.

Every entry leaves out its words one after the other, all entries at once; a word is put back where the record is not
the same without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book
from diagramgen.author.exact import lowered
from diagramgen.author.values import Json
from diagramgen.read.record import Record

_ASSUMED = (
    "sku", "state", "status", "default_outbound", "private_endpoint_policies", "labels", "route_table", "propagate_to",
    "type", "tier", "asn", "ddos", "branch_to_branch", "sync", "kind", "priority", "enabled", "mode",
)  # fmt: skip
"""Words whose value is often what holds without them."""
_TYPED = frozenset({"resources", "services"})
"""Collections of entries that have to say their type."""
_ALWAYS_THERE = frozenset({"defaultRouteTable", "noneRouteTable"})
"""Tables that every hub has."""

Meaning = Mapping[str, Any]


def leave_out_defaults(book: Book) -> None:
    """Makes the entries shorter, without changing what they mean."""
    before = _meaning(book)
    waiting = {path: (entry, words) for path, entry in _entries(book) if (words := _assumed(path, entry))}
    taken: list[tuple[str, Json, str, Any]] = []
    while waiting:
        now = [
            (path, entry, word := words.pop(), entry.pop(word)) for path, (entry, words) in waiting.items()
        ]
        after = _meaning(book)
        for path, entry, word, value in now:
            if after.get(path) == before.get(path):
                taken.append((path, entry, word, value))
            else:
                entry[word] = value
        waiting = {path: each for path, each in waiting.items() if each[1]}
    if _meaning(book) != before:
        for _, entry, word, value in taken:
            entry[word] = value
    for hub in book.of("hubs"):
        for table in book.inside(hub, "route_tables"):
            if not table.entry and table.name in _ALWAYS_THERE:
                hub.entry["route_tables"].pop(table.name)


def _entries(book: Book) -> list[tuple[str, Json]]:
    return [(book.renamed[rid], entry) for rid, entry in book.entries.items() if rid in book.renamed]


def _assumed(path: str, entry: Json) -> list[str]:
    """The words of an entry that may be left out."""
    is_typed = len(steps := path.rsplit("/", 2)) == 3 and steps[1] in _TYPED
    return [word for word in _ASSUMED if word in entry and not (is_typed and word == "type")]


def _meaning(book: Book) -> Meaning:
    """What the records are, by path, and how many errors there are."""
    records, errors = lowered(book.document)
    return {"": len(errors)} | {path: _told(record) for path, record in records.items()}


def _told(record: Record) -> tuple[Any, ...]:
    return record.type, record.name, record.location, record.properties, record.envelope
