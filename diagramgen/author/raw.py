"""Resources that the spec has no words for, in Azure's own shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book
from diagramgen.author.common import sku
from diagramgen.author.places import RAW, Thing
from diagramgen.author.references import referring
from diagramgen.model.references import key
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import IN_AZURE


def write_raw(book: Book) -> None:
    """All of them."""
    for thing in book.of(RAW):
        _write(thing, book)


def _write(thing: Thing, book: Book) -> None:
    resource, entry = thing.resource, thing.entry
    entry["type"] = shown_type(resource, book)
    above = key(resource.envelope.get("parent")) or _owner(resource)
    is_part = above in book.things and resource.type.startswith(book.things[above].resource.type + "/")
    if is_part and (name := book.name(above, IN_AZURE)) is not None:
        entry["in"] = name
    kind = resource.envelope.get("kind")
    if isinstance(kind, str) and kind:
        entry["kind"] = kind
    sku(thing)
    write_properties(thing, book.read[resource.id], book)


def _owner(resource: Resource) -> str:
    """The id of what a child belongs to."""
    is_child = resource.type.count("/") > 1 and resource.id.startswith("/")
    return resource.id.rsplit("/", 2)[0] if is_child else ""


def write_properties(thing: Thing, properties: Mapping[str, Any], book: Book) -> bool:
    """Says the properties of a resource; gives whether that is new."""
    said = referring(properties, book)
    if thing.resource.is_ghost or thing.entry.get("properties", {}) == said:
        return False
    thing.entry["properties"] = said
    return True


def shown_type(resource: Resource, book: Book) -> str:
    """The type of a resource as its id spells it."""
    told = resource.envelope.get("spelledType")
    if isinstance(told, str) and told:
        return told
    tail = book.shown_id(resource).rpartition("/providers/")[2].split("/")
    spelt = "/".join([tail[0], *tail[1::2]])
    return spelt if spelt.lower() == resource.type else resource.type
