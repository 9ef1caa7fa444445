"""Properties of Azure with names for ids, as `azure` takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book
from diagramgen.model.references import key as key_of
from diagramgen.read.spec.lower.azure import reads_reference
from diagramgen.read.spec.names import IN_AZURE
from diagramgen.read.unknown import is_unknown

_FRAMES = frozenset({"subscriptions", "management_groups"})


def referring(value: Any, book: Book, key: str = "") -> Any:
    """A value in which what the reader takes for references are names of things of the spec."""
    if isinstance(value, Mapping):
        return {name: referring(inner, book, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [referring(inner, book, key) for inner in value]
    if isinstance(value, str) and "/" in value and reads_reference(key):
        return _name(value, book) or value
    return value


def _name(text: str, book: Book) -> str | None:
    """A thing's name, or that of what a part belongs to with the part behind it."""
    head, rest = key_of(text), ""
    while "/" in head.strip("/"):
        found, part = (head, "") if head in book.things else book.part_of(book.paths.get(head, ""))
        if found and (not rest or book.things[found].collection not in _FRAMES):
            name = book.name(found, IN_AZURE)
            said = f"{name}{part}{rest}"
            return None if name is None or said.startswith("/") or is_unknown(said) else said
        head, slash, tail = head.rpartition("/")
        rest = slash + tail + rest
    return None
