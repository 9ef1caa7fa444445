"""What only a spec says: sites, the Internet, users, groups, flows, boundaries, views, notes, what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import Thing
from diagramgen.author.values import Json, entries, mapping, networks, texts
from diagramgen.model.references import key, keys
from diagramgen.read.record import Record
from diagramgen.read.spec.names import DRAWN

_SELECTIONS = ("show", "hide", "focus", "fade")


def write_outside(book: Book) -> None:
    """All of it, in the order in which a reader wants it."""
    for thing in book.of("on_premises"):
        _write_site(thing, book)
    for thing in book.of("users"):
        if to := _names(thing, "to", book):
            thing.entry["to"] = one_or_many(to)
        count = thing.resource.envelope.get("count")
        if isinstance(count, int) and count > 1:
            thing.entry["count"] = count
    for thing in book.of("groups"):
        if thing.parent is None:
            thing.entry["members"] = _names(thing, "members", book)
    for thing in book.of("views"):
        _write_view(thing, book)
    for record in book.records.values():
        if write := _WRITERS.get(record.type):
            write(record, book)
    for section in ("connections", "flows", "boundaries", "accepted"):
        if section in book.document:
            book.document[section].sort(key=lambda entry: [str(value).lower() for value in entry.values()])


def _names(thing: Thing, field: str, book: Book) -> list[str]:
    rids = keys(thing.resource.properties.get(field))
    return sorted((n for rid in rids if (n := _drawn(rid, book)) is not None), key=str.lower)


def _drawn(rid: str, book: Book) -> str | None:
    return rid if rid in ("internet", "azure") else book.name(rid, DRAWN)


def _write_site(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    if ends := book.names_in(keys(p.get("standsFor")), ("local_network", "vpn_site", "circuit")):
        entry["stands_for"] = one_or_many(ends)
    if found := networks(p.get("addressPrefixes")):
        entry["address"] = one_or_many(found)
    if users := texts(p.get("users")):
        entry["users"] = one_or_many(users)
    listed: Json = {}
    for machine in entries(p.get("resources")):
        said = {
            word: machine[word]
            for word in ("type", "count", "icon", "label")
            if machine.get(word) is not None
        }
        if said.get("count") == 1:
            del said["count"]
        listed[str(machine.get("name"))] = said
    if listed:
        entry["resources"] = listed


def _write_view(thing: Thing, book: Book) -> None:
    for word, value in thing.resource.properties.items():
        if word in _SELECTIONS:
            thing.entry[word] = [book.name(text) or text for text in texts(value)]
        elif word == "layout":
            thing.entry[word] = _layout(mapping(value), book)
        else:
            thing.entry[word] = list(value) if isinstance(value, list | tuple) else value


def _layout(said: Mapping[str, Any], book: Book) -> Json:
    found: Json = {}
    for word, value in said.items():
        if word in ("order", "hub"):
            found[word] = [name for rid in texts(value) if (name := _drawn(rid, book)) is not None]
        else:
            found[word] = f"{value:g}" if isinstance(value, float) else value
    return found


def _document(record: Record, book: Book) -> None:
    for word, field in (
        ("title", "title"),
        ("subtitle", "subtitle"),
        ("title_block", "titleBlock"),
        ("tenant", "tenant"),
    ):
        if (value := record.properties.get(field)) is not None:
            book.document[word] = dict(value) if isinstance(value, Mapping) else value


def _internet(record: Record, book: Book) -> None:
    traffic = []
    for told in entries(record.properties.get("traffic")):
        if (to := _drawn(key(told.get("to")), book)) is not None:
            entry = {
                "to": to,
                **{
                    word: told[word] for word in ("label", "direction", "views") if told.get(word) is not None
                },
            }
            if entry.get("direction") == "in":
                del entry["direction"]
            traffic.append(entry)
    said = _plain(record)
    if traffic:
        said["traffic"] = traffic
    book.document["internet"] = said or True


def _plain(record: Record) -> Json:
    return {
        word: record.envelope[word] for word in ("label", "note") if record.envelope.get(word) is not None
    }


def _connection(record: Record, book: Book) -> None:
    p = record.properties
    start, goal = _drawn(key(p.get("from")), book), _drawn(key(p.get("to")), book)
    if start is None or goal is None:
        return
    entry: Json = {"from": start, "to": goal}
    if p.get("connectionType"):
        entry["type"] = p["connectionType"]
    if (circuit := book.name(key(p.get("circuit")), ("circuit",))) is not None:
        entry["circuit"] = circuit
    for word in ("status", "label"):
        if p.get(word) is not None:
            entry[word] = p[word]
    if tunnels := texts(p.get("tunnels")):
        entry["tunnels"] = one_or_many(tunnels)
    book.document.setdefault("connections", []).append(entry | _plain(record))


def _flow(record: Record, book: Book) -> None:
    p = record.properties
    start, goal = _drawn(key(p.get("from")), book), _drawn(key(p.get("to")), book)
    if start is None or goal is None:
        return
    entry: Json = {"from": start, "to": goal}
    if p.get("ports"):
        entry["ports"] = p["ports"]
    if p.get("both"):
        entry["both"] = True
    book.document.setdefault("flows", []).append(entry | _plain(record))


def _boundary(record: Record, book: Book) -> None:
    p = record.properties
    a, b = _drawn(key(p.get("a")), book), _drawn(key(p.get("b")), book)
    if a is None or b is None:
        return
    entry: Json = {"between": [a, b], "level": p.get("level"), "status": p.get("status")}
    if by := texts(p.get("by")):
        entry["by"] = one_or_many(by)
    book.document.setdefault("boundaries", []).append(entry | _plain(record))


def _acceptance(record: Record, book: Book) -> None:
    p = record.properties
    entry: Json = {}
    if p.get("rule"):
        entry["rule"] = p["rule"]
    for word in ("on", "between"):
        if found := keys(p.get(word)):
            entry[word] = [book.name(rid) or rid for rid in found]
            if word == "on":
                entry[word] = one_or_many(entry[word])
    entry |= {"reason": p.get("reason"), "until": p.get("until")}
    book.document.setdefault("accepted", []).append(entry)


def _note(record: Record, book: Book) -> None:
    text, on = record.properties.get("text"), key(record.properties.get("on"))
    if isinstance(text, str) and text:
        name = _drawn(on, book) or book.name(on) if on else None
        if name is not None or not on:
            entry = {"on": name, "text": text} if name is not None else text
            book.document.setdefault("notes", []).append(entry)
            book.document["notes"].sort(key=str)


def _layout_hints(record: Record, book: Book) -> None:
    book.document["layout"] = _layout(record.properties, book)


_WRITERS = {
    "diagramgen/document": _document,
    "diagramgen/internet": _internet,
    "diagramgen/connection": _connection,
    "diagramgen/flow": _flow,
    "diagramgen/boundary": _boundary,
    "diagramgen/acceptance": _acceptance,
    "diagramgen/note": _note,
    "diagramgen/layout": _layout_hints,
}
