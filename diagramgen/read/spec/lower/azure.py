"""`azure`: properties in the REST API's own shape, merged into what the spec's words make of a thing.

In them `{id: NAME}` means a thing of the spec, and so does a text behind a key that ends in `Id` where something is
called so. What begins with a slash is an id of Azure and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.names import IN_AZURE, Named, NameTable
from diagramgen.read.unknown import is_unknown

_REFERS = re.compile(r"(?:^|[a-z])I[dD]s?$|^ids?$|^nextHop$|^publicIpAddresses$")


def resolved(value: Any, names: NameTable, place: Place, near: Named | None = None, key: str = "") -> Any:
    """A copy of a value in which the names of things are their keys."""
    if isinstance(value, Mapping):
        return {name: resolved(inner, names, place / name, near, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, names, place / index, near, key) for index, inner in enumerate(value)]
    if isinstance(value, str) and reads_reference(key):
        return reference(value, names, place, near) or value
    return value


def reads_reference(key: str) -> bool:
    """Whether a text behind a key is taken for the name of a thing, where something is called so."""
    return _REFERS.search(key) is not None


def reference(text: str, names: NameTable, place: Place, near: Named | None = None) -> str:
    """The key of what a name, a path, or a path with a part behind it means; "" where it means nothing."""
    if text.startswith("/") or is_unknown(text) or not text.strip():
        return ""
    if names.named(text, IN_AZURE):
        found = names.find(text, IN_AZURE, place, near=near)
        return found.key if found else ""
    steps = text.split("/")
    for count in range(len(steps) - 1, 0, -1):
        head = "/".join(steps[:count])
        if names.named(head, IN_AZURE):
            found = names.find(head, IN_AZURE, place, near=near)
            return "/".join([found.key, *(step.lower() for step in steps[count:])]) if found else ""
    return ""


def merged(first: Any, second: Any) -> Any:
    """The first value with the second over it: mappings key by key, lists of named things by name; None takes away.

    >>> merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    >>> merged([{"name": "x", "v": 1}], [{"name": "x", "w": 2}, {"name": "y"}])
    [{'name': 'x', 'v': 1, 'w': 2}, {'name': 'y'}]
    """
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        both = {**first, **{key: merged(first.get(key), value) for key, value in second.items()}}
        return {key: value for key, value in both.items() if value is not None}
    if isinstance(first, list) and isinstance(second, list):
        ours, theirs = _by_name(first), _by_name(second)
        if ours is not None and theirs is not None:
            return [*(merged(v, theirs.get(k)) if k in theirs else v for k, v in ours.items()),
                    *(_without_none(v) for k, v in theirs.items() if k not in ours)]  # fmt: skip
    return _without_none(second)


def _by_name(values: list[Any]) -> dict[str, Any] | None:
    """Mappings by their names; None where one has none, or two have the same."""
    found = {str(v["name"]).lower(): v for v in values if isinstance(v, Mapping) and v.get("name")}
    return found if len(found) == len(values) else None


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    return value


def near_misses(value: Any, names: NameTable, place: Place) -> list[tuple[str, str, Place]]:
    """The references that mean nothing and nearly are the name of something, each with the hint that says so."""
    found = []
    waiting: list[tuple[str, Any, Place]] = [("", value, place)]
    while waiting:
        key, inner, here = waiting.pop()
        if isinstance(inner, Mapping):
            waiting += [(name, each, here / name) for name, each in inner.items()]
        elif isinstance(inner, list):
            waiting += [(key, each, here / number) for number, each in enumerate(inner)]
        elif key == "id" and isinstance(inner, str) and "/" not in inner and not is_unknown(inner):
            hint = names.suggestion(inner, sorted(IN_AZURE)) if not names.named(inner, IN_AZURE) else ""
            if hint.startswith("did"):
                found.append((shorten(inner), hint, here))
    return found
