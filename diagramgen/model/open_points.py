"""Open points: what a declaration leaves open and of which there are few possibilities, and estates that decide them.

A template may declare a thing under a condition that nobody knows offline, and may leave a switch, a word or a
reference to a parameter. Each such point has a handful of values. What is open without end, such as an address, is no
point: the analysis knows how to conclude nothing from it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from diagramgen.model.open_fields import HOLDERS, LISTS, NET, REFERENCES, WORDS
from diagramgen.model.references import key, may_mean, type_of_id
from diagramgen.read.record import NAME_ONLY, Record
from diagramgen.read.unknown import is_unknown

MANY = 16
"""Up to so many combinations all are made; of more, as many at random, the same ones every time."""
_CANDIDATES = 8
Step = str | int
Place = tuple[str, tuple[Step, ...]]
"""A record's id and the way to a field in its properties; the empty way means the record itself."""


class _Word:
    """A value that is none: nothing is there, or the text stays as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ABSENT, OPEN = _Word("absent"), _Word("open")


class OpenPoint(NamedTuple):
    """What is open: `text` is its mark or the name of what may be absent. All places have one value at a time."""

    text: str
    places: tuple[Place, ...]
    values: tuple[Any, ...]


def open_points(records: Sequence[Record]) -> tuple[OpenPoint, ...]:
    """What is open in an estate, sorted; nothing where no record is a declaration's.

    One mark means one value: places that hold the same text and have the same possibilities are one point, and so are
    things under one condition whose text is told.
    """
    if not any(r.envelope.get("isPlanned") or r.envelope.get("isConditional") for r in records):
        return ()
    known = [record for record in records if not record.envelope.get(NAME_ONLY)]
    by_type = _ids_by_type(known)
    told = frozenset(record.id for record in known)
    found: dict[tuple[str, str], list[tuple[Place, tuple[Any, ...]]]] = {}
    for record in records:
        condition = record.envelope.get("isConditional")
        if condition:
            said = record.envelope.get("condition") or condition
            text = said if isinstance(said, str) else record.name
            name = text if isinstance(said, str) else record.id
            found.setdefault((text, name), []).append(((record.id, ()), (OPEN, ABSENT)))
        for place, values in _placements(record, by_type):
            found.setdefault((record.name, repr(place)), []).append((place, values))
        for way, text, values in _fields(record.properties, (), "", by_type):
            if key(text) in told:
                continue  # the same text is the same value, in a subscription that is not known too
            where = (record.id, way)
            found.setdefault((text, repr(values) if is_whole_mark(text) else repr(where)), []).append(
                (where, values)
            )
    points = [
        OpenPoint(text, tuple(place for place, _ in same), same[0][1]) for (text, _), same in found.items()
    ]
    return tuple(sorted(points, key=lambda point: (point.text.lower(), point.places)))


def _placements(record: Record, by_type: Mapping[str, list[str]]) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    """Where something may stand, or lead, of which nothing tells where."""
    p = record.properties
    is_placed = bool(p.get("virtualHub")) or any("/subnets/" in text.lower() or (name == "subnet" and not is_whole_mark(
        text)) for name, text in strings_below(p))  # fmt: skip
    for holder, kind in HOLDERS.get(record.type, ()):
        ids = by_type.get(kind, [])[:_CANDIDATES]
        if not ids or (record.type.endswith("/connections") and not record.envelope.get("isUntold")):
            continue
        is_told = (
            is_placed if kind.endswith("/subnets") or holder == "virtualHub" else bool(key(p.get(holder)))
        )
        if not is_told:
            yield (record.id, ("", holder)), (OPEN, *({"id": rid} for rid in ids))


def is_whole_mark(text: str) -> bool:
    """Whether a text is one mark and nothing else."""
    return text.startswith("{") and text.find("}") == len(text) - 1


def strings_below(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text below with the name of the field that holds it, or the reference that it is the id of."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for step, inner in value.items():
            yield from strings_below(inner, name if step == "id" else str(step))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_below(inner, name)


def _placed(properties: Mapping[str, Any], holder: str, subnet: Any) -> Mapping[str, Any]:
    """Properties of something that stands in a subnet, or leads somewhere."""
    if not holder.endswith("Configurations"):
        return {**properties, holder: subnet}
    told = properties.get(holder)
    entries = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list | tuple) else []
    first = entries[0] if entries else {"name": "placed"}
    inner = first.get("properties")
    p = {**(inner if isinstance(inner, Mapping) else {}), "subnet": subnet}
    return {**properties, holder: [{**first, "properties": p}, *entries[1:]]}


def _ids_by_type(records: Iterable[Record]) -> Mapping[str, list[str]]:
    """The ids of each type, sorted: what is concluded must not depend on the order of what was read."""
    found: dict[str, list[str]] = {}
    for record in sorted(records, key=lambda record: record.id):
        found.setdefault(record.type, []).append(record.id)
    return found


def _fields(
    value: Any, way: tuple[Step, ...], name: str, by_type: Mapping[str, list[str]]
) -> Iterator[tuple[tuple[Step, ...], str, tuple[Any, ...]]]:
    """The fields below that are open and have few values: the way to each, its text, the values."""
    if isinstance(value, str):
        if is_unknown(value):
            values = _values(value, name, bool(way) and isinstance(way[-1], int), by_type)
            if len(values) > 1:
                yield way, value, values
    elif isinstance(value, Mapping):
        told = value.get("id")
        if name in REFERENCES and set(value) == {"id"} and isinstance(told, str):
            yield from _fields(told, way, name, by_type)
            return
        for step, inner in value.items():
            if step != "id":
                yield from _fields(inner, (*way, step), step, by_type)
    elif isinstance(value, list | tuple):
        for step, inner in enumerate(value):
            yield from _fields(inner, (*way, step), name, by_type)


def _values(text: str, name: str, is_entry: bool, by_type: Mapping[str, list[str]]) -> tuple[Any, ...]:
    """The values that a field may have whose text is not known."""
    is_whole = is_whole_mark(text)
    if is_entry:
        return (OPEN, ABSENT) if is_whole else ()
    if name in WORDS:
        return WORDS[name]
    if name in LISTS:
        return OPEN, []
    if name not in REFERENCES:
        return ()
    is_optional, types = REFERENCES[name]
    ids = [rid for kind in types for rid in by_type.get(kind, ()) if may_mean(key(text), rid)]
    named = [rid for rid in ids if not is_unknown(rid) or type_of_id(rid)][:_CANDIDATES]
    return (OPEN, *((ABSENT,) if is_optional and is_whole else ()), *({"id": rid} for rid in named))


def decided(
    records: Sequence[Record], points: Sequence[OpenPoint], most: int = MANY
) -> Iterator[tuple[Record, ...]]:
    """Estates in which the points are decided, none twice: all combinations where there are few."""
    lasting = [record for record in records if not _is_guess(record)]
    for values in _combinations(points, most):
        yield _with_values(lasting, points, values)


def _is_guess(record: Record) -> bool:
    """Whether a record only names what a reference that is not known may mean: where it means something else, there is
    no such thing, and else the reference names it again."""
    return bool(record.envelope.get(NAME_ONLY)) and is_unknown(record.id) and not record.properties


def _combinations(points: Sequence[OpenPoint], most: int) -> Iterator[tuple[Any, ...]]:
    if prod(min(len(point.values), MANY + 1) for point in points) <= most:
        yield from product(*(point.values for point in points))
        return
    yield tuple(point.values[0] for point in points)
    yield tuple(point.values[-1] for point in points)
    chance = random.Random(len(points))
    orders = [chance.sample(range(len(point.values)), len(point.values)) for point in points]
    for number in range(most - 2):
        if not number % 8:
            orders = [chance.sample(order, len(order)) for order in orders]
        yield tuple(point.values[order[(number + number // len(order)) % len(order)]]
                    for point, order in zip(points, orders, strict=True))  # fmt: skip


def _with_values(
    records: Sequence[Record], points: Sequence[OpenPoint], values: Sequence[Any]
) -> tuple[Record, ...]:
    """The estate with a value for every point."""
    gone: set[str] = set()
    there: set[str] = set()
    changes: dict[str, list[tuple[tuple[Step, ...], Any]]] = {}
    for point, value in zip(points, values, strict=True):
        for rid, way in point.places:
            if not way:
                (gone if value is ABSENT else there).add(rid)
            elif value is not OPEN:
                changes.setdefault(rid, []).append((way, value))
    found = []
    for record in records:
        if _is_gone(record.id, gone):
            continue
        properties: Any = _without_children(record.properties, gone) if gone else record.properties
        if any(NET + "publicipaddresses/" in rid for rid in gone):
            properties = _without_addresses(properties, gone)
        for way, value in changes.get(record.id, ()):
            is_placed = way[0] == ""
            properties = (
                _placed(properties, str(way[1]), value) if is_placed else _changed(properties, way, value)
            )
        envelope = record.envelope
        if record.id in there:
            envelope = {name: told for name, told in envelope.items() if name != "isConditional"}
        found.append(Record(record.id, record.type, record.name, _settled(properties), record.place, record.shown_id,
                            record.location, envelope, record.places))  # fmt: skip
    return tuple(found)


def _is_gone(rid: str, gone: set[str]) -> bool:
    """Whether a thing, or one that it is a part of, is among the absent."""
    while rid:
        if rid in gone:
            return True
        rid = rid.rpartition("/")[0]
    return False


def _without_children(properties: Mapping[str, Any], gone: set[str]) -> Mapping[str, Any]:
    """Properties whose lists of parts do not name what is absent."""
    found = dict(properties)
    for name, listed in properties.items():
        if isinstance(listed, list) and any(
            isinstance(each, Mapping) and key(each) in gone for each in listed
        ):
            found[name] = [each for each in listed if not (isinstance(each, Mapping) and key(each) in gone)]
    return found


def _without_addresses(value: Any, gone: set[str]) -> Any:
    """A value without references to public addresses that are absent."""
    if isinstance(value, Mapping):
        return {name: _without_addresses(inner, gone) for name, inner in value.items()
                if name != "publicIPAddress" or key(inner) not in gone}  # fmt: skip
    return [_without_addresses(inner, gone) for inner in value] if isinstance(value, list | tuple) else value


def _changed(value: Any, way: tuple[Step, ...], new: Any) -> Any:
    """A copy with another value at the end of the way; entries that are absent leave a hole for `_settled` to close."""
    step, rest = way[0], way[1:]
    if isinstance(value, Mapping):
        copied = dict(value)
        if not rest and new is ABSENT:
            copied.pop(str(step), None)
        elif not rest:
            copied[str(step)] = new
        elif step in copied:
            copied[str(step)] = _changed(copied[str(step)], rest, new)
        return copied
    if isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
        entries = list(value)
        entries[step] = new if not rest else _changed(entries[step], rest, new)
        return entries
    return value


def _settled(value: Any) -> Any:
    """A value without the holes that absent entries of lists leave."""
    if isinstance(value, Mapping):
        return {name: _settled(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(inner) for inner in value if inner is not ABSENT]
    return value
