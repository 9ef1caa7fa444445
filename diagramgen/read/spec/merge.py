"""Several checked specs -> one: what is said in parts, in files of its own, means what it would mean in one file.

Things with one name are one thing, and lists are put together. Two different values for one key are an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.spec.check import Report
from diagramgen.read.spec.shapes import Item, Told


def merge_specs(specs: Sequence[Told], report: Report) -> Told:
    """All that the specs say, each value with the place where it stands; at least one spec."""
    whole = specs[0]
    for spec in specs[1:]:
        whole = _merge_told(whole, spec, report)
    return whole


def _merge_told(one: Told, other: Told, report: Report) -> Told:
    values = {**other.values, **one.values}
    places = {key: (one if key in one.values else other).at(key) for key in values}
    for key in one.values:
        if key in other.values:
            values[key] = _merge(one.values[key], other.values[key], one.at(key), other.at(key), report)
    return Told(one.place, values, one.is_whole and other.is_whole, places)


def _merge(one: Any, other: Any, place: Place, other_place: Place, report: Report) -> Any:
    if isinstance(one, Told) and isinstance(other, Told):
        return _merge_told(one, other, report)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _merge_items(one, other, report)
    if isinstance(one, Told) and not one.values:
        return other
    if isinstance(other, Told) and not other.values:
        return one
    if one != other:
        message = "two files say different things of the same"
        report(Diagnostic("error", "conflict", message, other_place, related=(("the other is here", place),)))
    return one


def _merge_items(one: tuple[Item, ...], other: tuple[Item, ...], report: Report) -> tuple[Item, ...]:
    """Named items by name, other items once each."""
    if not all(isinstance(item, Item) for item in (*one, *other)):
        return one
    merged: dict[Any, Item] = {}
    for index, item in enumerate((*one, *other)):
        key = item.name.strip().lower() if item.name else _value_key(item.value, index)
        if key not in merged:
            merged[key] = item
        elif item.name:
            first = merged[key]
            value = _merge(first.value, item.value, first.place, item.place, report)
            merged[key] = Item(value, first.place, first.name)
    return tuple(merged.values())


def _value_key(value: Any, index: int) -> Any:
    """What makes two items without a name the same; mappings are never."""
    try:
        hash(value)
    except TypeError:
        return index
    return (type(value).__name__, value)
