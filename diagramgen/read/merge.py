"""Records of all inputs -> one record an id.

The same resource comes from several files and places: a subnet in its VNet and in a list of subnets, a VNet
in two exports. The richer telling wins where two disagree, whatever the order of the inputs, and what only
one of them says is kept. The result is sorted by id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import filterfalse
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.model.kinds import KINDS
from diagramgen.read.children import CHILDREN
from diagramgen.read.record import FRAGMENT, NAME_ONLY, UNTOLD, Record, key_of
from diagramgen.read.resource import CONTAINERS
from diagramgen.read.unknown import is_unknown

_FLEETING = frozenset(
    {"etag", "provisioningState", "resourceGuid", "lastModified", "changedTime", "resourceGroup"}
)
"""Keys that differ between exports without meaning anything for a drawing."""


def merge_records(records: Iterable[Record]) -> tuple[tuple[Record, ...], tuple[Diagnostic, ...]]:
    """One record an id, sorted by id, and a warning for every value on which two inputs disagree."""
    by_id: dict[str, list[Record]] = {}
    for record in records:
        by_id.setdefault(record.id, []).append(record)
    merged, warnings = [], []
    for key in sorted(by_id):
        same = _told(by_id[key])
        if len(same) == 1:
            merged.append(same[0])
        else:
            record, found = _merge_same(same)
            merged.append(record)
            warnings += found
    return tuple(merged), tuple(warnings)


def _told(same: list[Record]) -> list[Record]:
    """The records but those that only name the thing, where another tells of it. Fragments add to what is told."""
    told = [record for record in same if not record.envelope.keys() & {NAME_ONLY, UNTOLD, FRAGMENT}]
    if not told and any(FRAGMENT in record.envelope for record in same):
        return [replace(record, envelope=_without_fragment(record) | {UNTOLD: True}) for record in same]
    fragments = [record for record in same if FRAGMENT in record.envelope]
    return [*told, *(replace(record, envelope=_without_fragment(record)) for record in fragments)] or same


def _without_fragment(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.envelope.items() if name != FRAGMENT}


def _merge_same(same: list[Record]) -> tuple[Record, list[Diagnostic]]:
    """Records of one id as one: the richest, with what the others add where they do not contradict it.

    A record that contradicts it adds nothing but children: of two states of a rule, parts of both are
    neither.
    """
    richest, *others = sorted(same, key=_rank)
    properties: Any = richest.properties
    envelope: Any = richest.envelope
    places = dict(richest.places)
    quarrels: list[Diagnostic] = []
    for other in others:
        paths = tuple(_differences(properties, other.properties))
        if paths:
            quarrels.append(_quarrel(richest, other, paths))
        said = _children_of(other) if paths else other.properties
        properties = _merged(properties, said)
        envelope = _merged(envelope, other.envelope)
        places = {**other.places, **places}
    is_titled = richest.type in CONTAINERS
    record = replace(
        richest,
        type=min((r.type for r in same), key=lambda kind: (kind not in KINDS, not kind, kind)),
        name=min((r.name for r in same), key=lambda name: (_is_in_id(name, richest) == is_titled, name)),
        shown_id=min(r.shown_id for r in same),
        location=richest.location or max(r.location for r in same),
        properties=properties,
        envelope=envelope,
        places=places,
    )
    return record, quarrels


def _is_in_id(name: str, record: Record) -> bool:
    """Whether the name is only the last step of the id: a subscription's is a GUID, its title says more."""
    return record.id.endswith("/" + name.lower())


def _rank(record: Record) -> tuple[int, str, Place]:
    """The order of merging: the richest first, equals by content, and by place only where all is equal."""
    said = json.dumps([record.properties, record.envelope, record.name], sort_keys=True, default=str)
    return -len(said), said, record.place


def _quarrel(richest: Record, other: Record, paths: tuple[tuple[str, ...], ...]) -> Diagnostic:
    listed = ", ".join(f"`{'.'.join(path)}`" for path in paths[:3]) + (" ..." if len(paths) > 3 else "")
    text = f"`{richest.name}` is told twice with different {listed}: the richer telling counts"
    where = Place(
        richest.place.source, (*richest.place.path, "properties", *paths[0]), richest.place.document
    )
    return Diagnostic("warning", "conflict", text, where, related=(("the other", other.place),))


def _children_of(record: Record) -> dict[str, Any]:
    """The collections of children among the properties."""
    names = {collection for collection, _ in CHILDREN.get(record.type, ())}
    return {name: value for name, value in record.properties.items() if name in names}


def _merged(first: Any, second: Any) -> Any:
    """Two values as one, the first leading and what is told before what is not; nothing is changed in place."""
    if is_unknown(first):
        return first if second is None else second
    if is_unknown(second):
        return second if first is None else first
    if _is_absent(first):
        return first if second is None else second
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        both = {key: _merged(value, second[key]) if key in second else value for key, value in first.items()}
        return both | {key: value for key, value in second.items() if key not in first}
    if isinstance(first, list) and isinstance(second, list):
        return _merged_lists(first, second)
    return first


def _merged_lists(first: list[Any], second: list[Any]) -> list[Any]:
    """Entries with ids or names are merged by these, and sorted by them if any is new; else the first list stays,
    or the one that is whole.
    """
    if _is_whole(first) != _is_whole(second):
        whole, part = (first, second) if _is_whole(first) else (second, first)
        rest = list(filterfalse(is_unknown, part))
        return whole if _keyed(whole) is None else _merged_lists(whole, rest)
    ours, theirs = _keyed(first), _keyed(second)
    if ours is None or theirs is None:
        return first
    both = {key: _merged(entry, theirs.get(key)) for key, entry in ours.items()}
    if theirs.keys() <= ours.keys():
        return list(both.values())
    both |= {key: entry for key, entry in theirs.items() if key not in ours}
    return [both[key] for key in sorted(both)]


def _differences(first: Any, second: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of the scalars, and of lists without keys, that both tell and tell differently."""
    if first is None or second is None or (_is_absent(first) and _is_absent(second)):
        return
    if is_unknown(first) or is_unknown(second):
        return
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in sorted((first.keys() & second.keys()) - _FLEETING):
            yield from _differences(first[key], second[key], (*path, key))
    elif isinstance(first, list) and isinstance(second, list):
        ours, theirs = (_keyed(list(filterfalse(is_unknown, each))) for each in (first, second))
        if ours is not None and theirs is not None:  # lists of children, or of references: a longer one adds
            for key in sorted(ours.keys() & theirs.keys()):
                yield from _differences(ours[key], theirs[key], path)
        elif not _agree(first, second):
            yield path
    elif _folded(first) != _folded(second):
        yield path


def _agree(first: list[Any], second: list[Any]) -> bool:
    """Whether two lists without keys may be the same: of one that is not whole, its entries are in the other."""
    ours, theirs = ([_folded(one) for one in each if not is_unknown(one)] for each in (first, second))
    if _is_whole(first) and _is_whole(second):
        return sorted(ours) == sorted(theirs)
    return (not _is_whole(first) or set(theirs) <= set(ours)) and (
        not _is_whole(second) or set(ours) <= set(theirs)
    )


def _is_whole(listed: list[Any]) -> bool:
    """Whether a list tells all of its entries: one whose place an unknown takes may stand for any."""
    return not any(map(is_unknown, listed))


def _keyed(listed: list[Any]) -> dict[str, Any] | None:
    """The entries by id, else by name; None where one has neither or two have the same."""
    keyed: dict[str, Any] = {}
    for entry in listed:
        if not isinstance(entry, Mapping):
            return None
        key = entry.get("id") or entry.get("name")
        if not isinstance(key, str) or key_of(key) in keyed:
            return None
        keyed[key_of(key)] = entry
    return keyed


def _is_absent(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _folded(value: Any) -> str:
    """Text without case: ids differ in case between exports."""
    return json.dumps(value, sort_keys=True, default=str).lower()
