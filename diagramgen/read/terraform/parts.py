"""What expressions are made of: values, resources, calls of modules, and what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import Key, ModulePath, Path, parse_path
from diagramgen.read.terraform.configuration import Expression
from diagramgen.read.terraform.instance import Instance

MOST_PARTS = 500
"""Parts of one expression that are followed; beyond, it counts as open."""


class Scope(NamedTuple):
    """Where an expression stands: in which module, and in which instance of a resource or of a module call.

    `siblings` is how many instances there are of that resource.
    """

    module: ModulePath
    key: Key = None
    for_each: Expression = None
    siblings: int = 1


class Known(NamedTuple):
    """A value that the plan tells."""

    value: Json


class Things(NamedTuple):
    """Instances of one resource by key, and the way to the value within each; several where the expression does not
    tell which, or means all."""

    instances: Mapping[Key, Instance]
    path: Path = ()


class Calls(NamedTuple):
    """Instances of a module that is called, as whole objects; several where the expression does not tell which."""

    parent: ModulePath
    name: str
    keys: tuple[Key, ...]


class Open(NamedTuple):
    """Something that the plan does not tell: a local value, a provider's function, a deeper expression."""

    what: str = ""


Part = Known | Things | Calls | Open
Parts = tuple[Part, ...]


def full_references(references: Json) -> list[Path]:
    """The references as paths, without those that are only the beginning of another."""
    paths = [parse_path(text) for text in references or () if isinstance(text, str)] if (
        isinstance(references, list)
    ) else []  # fmt: skip
    beginnings = {path[:end] for path in paths for end in range(1, len(path))}
    return list(dict.fromkeys(path for path in paths if path and path not in beginnings))


def is_several(part: Part) -> bool:
    match part:
        case Things(instances, ()):
            return len(instances) > 1 or None not in instances
        case Calls():
            return len(part.keys) > 1
    return False


def is_scalar(part: Part) -> bool:
    return isinstance(part, Known) and (
        part.value is None or isinstance(part.value, str | int | float | bool)
    )


def instances_at(group: Mapping[Key, Instance], path: Path) -> Parts:
    """The instances that a reference to a resource means; none where it has no instance with that key."""
    if not path or not path[0].is_key or path[0].value == "*":
        return (Things(group, path[1:] if path and path[0].is_key else path),)
    key = key_among(group, path[0].value)
    return () if key is None else (Things({None: group[key]}, path[1:]),)


def key_among(keys: Mapping[Key, Any], value: Json) -> Key:
    """The key that equals a value; None where there is none.

    >>> key_among({0: "a", 1: "b"}, "1"), key_among({"a": 0}, "b"), key_among({1: "a"}, True)
    (1, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if value in keys:
        return value
    number = int(value[:18]) if isinstance(value, str) and value.isdecimal() else None
    return number if number in keys else None


def key_by_name(instances: Mapping[Key, Instance], name: Json) -> Key:
    """The key of the only instance with this name; outputs often give maps by name."""
    if len(instances) > MOST_PARTS:
        return None
    named = [key for key, instance in instances.items() if instance.attributes.get("name") == name]
    return named[0] if len(named) == 1 else None


def entry_of(entries: list[Json], key: Key) -> Parts:
    """The entry of a list that became a map or set: the key itself, or the one object that is known by it."""
    if key in entries:
        return (Known(key),)
    named = [
        entry
        for entry in entries
        if isinstance(entry, dict) and key in (entry.get("name"), entry.get("key"), entry.get("id"))
    ]
    return (Known(named[0]),) if len(named) == 1 else (Open(),)


def walk(value: Json, path: Path) -> Parts:
    for step in path:
        is_there = (
            step.value in value
            if isinstance(value, dict)
            else isinstance(value, list) and isinstance(step.value, int) and step.value < len(value)
        )
        if not is_there:
            return (Open(),)
        value = value[step.value]
    return (Known(value),)
