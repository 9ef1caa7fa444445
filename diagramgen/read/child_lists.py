"""A list of children with the parent that it is of, as `diagramgen query` writes it.

REST's answer to 'which firewall rules has this server?' names the server only in the ids of the rules, so that an
empty one tells nothing. With `parentId` and `collection` beside `value` it tells that there are none; without `value`
that they could not be had.
"""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.children import CHILDREN
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
from diagramgen.read.lists import read_list
from diagramgen.read.record import FRAGMENT, key_of
from diagramgen.read.resource import is_resource_id, type_of
from diagramgen.read.unknown import MORE


def is_child_list(document: Json) -> bool:
    """Whether this is a list of children that says whose."""
    return (
        isinstance(document, dict)
        and is_resource_id(document.get("parentId"))
        and isinstance(document.get("collection"), str)
        and (document.get("value") is None or isinstance(document["value"], list))
    )


def read_child_list(document: dict[str, Any], place: Place) -> Extract:
    """The children, and of their parent what belongs to it; not all, where a further page follows or none came."""
    parent, collection = document["parentId"], document["collection"]
    listed = document.get("value")
    found = read_list(listed, place / "value", "", is_flat=False) if listed else Extract()
    is_whole = listed is not None and not document.get("nextLink") and len(found.rows) == len(listed)
    ids: list[Json] = (
        [{"id": row.resource["id"]} for row in found.rows] if _keeps_ids(parent, collection) else []
    )
    told = [*ids, *([] if is_whole else [MORE])]
    is_said = told or not found.rows  # of others than these the children themselves tell that there are some
    rows = (*found.rows, *([_fragment(parent, collection, told, place)] if is_said else []))
    return Extract(("list of children",), rows, diagnostics=(*found.diagnostics, *_missing(document, place)))


def _keeps_ids(parent: str, collection: str) -> bool:
    """Whether the parent lists the ids of these children among its properties."""
    return collection in dict(CHILDREN.get(type_of(key_of(parent)), ()))


def _fragment(parent: str, collection: str, told: list[Json], place: Place) -> Row:
    return Row({"id": parent, "properties": {collection: told}, FRAGMENT: True}, place)


def _missing(document: dict[str, Any], place: Place) -> tuple[Diagnostic, ...]:
    if document.get("value") is not None:
        return ()
    name = str(document["parentId"]).rstrip("/").rsplit("/", 1)[-1]
    text = f"`{document['collection']}` of `{name}` could not be exported: what they say is unknown"
    return (Diagnostic("warning", "incomplete-export", text, place),)
