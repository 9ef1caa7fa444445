"""What an estate refers to and does not hold, where the spec names such things: NSGs, route tables, policies ...

They are written as `outside`, so that what refers to them can name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.author.places import MANAGEMENT_GROUP, SHARED
from diagramgen.model.references import strings, type_of_id
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.record import Reading, key_of


def absent_things(topology: Topology, read: Mapping[str, Mapping[str, Any]]) -> list[Resource]:
    """A ghost for each, sorted by id; `read` has the properties of each resource that the program reads."""
    found: dict[str, Resource] = {}
    for properties in read.values():
        for _, text in strings(properties):
            if text.startswith("/"):
                for shown in _owners(text.strip().rstrip("/")):
                    rid = key_of(shown)
                    kind = type_of_id(rid)
                    if kind in SHARED and kind != MANAGEMENT_GROUP and rid not in topology.resources:
                        found.setdefault(rid, _ghost(rid, kind, shown))
    return [found[rid] for rid in sorted(found)]


def _ghost(rid: str, kind: str, shown: str) -> Resource:
    """What is referred to under an id, which is written as `shown`."""
    name, steps = shown.rpartition("/")[2], shown.strip("/").split("/")
    group = steps[3] if len(steps) > 3 and steps[2].lower() == "resourcegroups" else ""
    envelope = {"resourceGroup": group} if group else {}
    return Resource(rid, kind, name, name, None, {}, envelope, is_ghost=True)


def _owners(shown: str) -> Iterator[str]:
    """An id, and that of the resource that it names a part of."""
    yield shown
    head, found, tail = shown.rpartition("/providers/")
    steps = tail.split("/")
    if found and len(steps) > 3:
        yield f"{head}{found}{'/'.join(steps[:3])}"


def spoken_things(reading: Reading) -> list[Resource]:
    """What only a spec says and gives a name: sites, users, groups and views."""
    types = ("diagramgen/on-premises", "diagramgen/users", "diagramgen/group", "diagramgen/view")
    return [
        Resource(r.id, r.type, r.name, str(r.envelope.get("label", r.name)), None, r.properties, r.envelope)
        for r in reading.records
        if r.type in types
    ]
