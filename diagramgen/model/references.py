"""References: finding resource ids inside properties, and reading what an id says of itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from diagramgen.read.unknown import is_unknown


def key(value: object) -> str:
    """The key of a reference: of `{"id": ...}` or of an id itself; empty where there is none."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value.strip().lower().rstrip("/") if isinstance(value, str) else ""


def keys(values: object) -> tuple[str, ...]:
    """The keys of a list of references, in the list's order without empty ones."""
    if not isinstance(values, list | tuple):
        return ()
    return tuple(found for found in (key(value) for value in values) if found)


def items(value: object) -> tuple[Any, ...]:
    """The entries of a list; none where it is no list.

    >>> items([1, None]), items("text"), items(None)
    ((1, None), (), ())
    """
    return tuple(value) if isinstance(value, list | tuple) else ()


def at(properties: object, *path: str) -> Any:
    """The value behind nested keys; an index `*` takes the first element of a list; None where it ends.

    >>> at({"a": [{"b": 1}]}, "a", "*", "b")
    1
    """
    value: Any = properties
    for step in path:
        if step == "*":
            value = value[0] if isinstance(value, list | tuple) and value else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            return None
    return value


def flag(properties: object, *path: str, default: bool | None = None) -> bool | None:
    """A switch: `default` where it is absent, None where what stands there is no yes and no no.

    >>> [flag({"on": told}, "on", default=True) for told in (False, "True", None, "{on}", 1)]
    [False, True, True, None, None]
    """
    told = at(properties, *path)
    if told is None or told == "":
        return default if is_told_at(properties, *path) else None
    if isinstance(told, str):
        return {"true": True, "false": False}.get(told.strip().lower())
    return told if isinstance(told, bool) else None


def word(properties: object, *path: str, among: Collection[str] = (), default: str = "") -> str | None:
    """A word in lower case: `default` where it is absent, None where it is no text, not known, or none of `among`.

    >>> [word({"mode": told}, "mode", among=("on", "off"), default="off") for told in ("On", None, "{mode}", "idle", 7)]
    ['on', 'off', None, None, None]
    """
    told = at(properties, *path)
    if told is None or told == "":
        return default if is_told_at(properties, *path) else None
    if not isinstance(told, str) or is_unknown(told):
        return None
    folded = told.strip().lower()
    return folded if not among or folded in among else None


def is_told_at(properties: object, *path: str) -> bool:
    """Whether the way to a value is an object at every step, so that a value that is absent is surely absent.

    >>> is_told_at({"a": {}}, "a", "b"), is_told_at({"a": "{a}"}, "a", "b"), is_told_at({}, "a", "b")
    (True, False, True)
    """
    value: Any = properties
    for step in path[:-1]:
        value = value.get(step) if isinstance(value, Mapping) else value
        if value is None:
            return True
        if not isinstance(value, Mapping):
            return False
    return isinstance(value, Mapping)


def listed(value: object) -> tuple[tuple[Mapping[str, Any], ...], bool]:
    """The objects of a list, and whether those are all: not where it is no list, or where one is not known.

    >>> listed([{"id": "/x"}, "{y}"]), listed("{all}"), listed(None)
    ((({'id': '/x'},), False), ((), False), ((), True))
    """
    if value is None:
        return (), True
    if not isinstance(value, list | tuple):
        return (), False
    found = tuple(each for each in value if isinstance(each, Mapping))
    return found, len(found) == len(value)


def may_mean(reference: str, rid: str) -> bool:
    """Whether a reference (a key) may be to the thing with this id: what is not known of it may be anything.

    >>> may_mean("/sites/{s}/vnets/hub", "/sites/1/vnets/hub"), may_mean("{id}", "/x"), may_mean("/x", "/y")
    (True, True, False)
    """
    if reference == rid:
        return True
    if not is_unknown(reference):
        return is_unknown(rid) and _pattern(rid).fullmatch(reference) is not None
    if is_unknown(rid):
        ours, theirs = reference.split("/"), rid.split("/")
        alike = (
            one == other or is_unknown(one) or is_unknown(other)
            for one, other in zip(ours, theirs, strict=False)
        )
        return len(ours) == len(theirs) and all(alike)
    return _pattern(reference).fullmatch(rid) is not None


def leaves_open(reference: str) -> bool:
    """Whether a reference, or another text, does not tell what it means. An id does where its names are known: the
    subscription and group of a deployment may be unknown, and are the same wherever their marks stand.

    >>> leaves_open("/subscriptions/{subscription}/resourceGroups/rg/providers/A/b/c"), leaves_open("{x.id}")
    (False, True)
    """
    _, is_id, names = reference.rpartition("/providers/")
    return is_unknown(names if is_id else reference)


@lru_cache(maxsize=2000)
def _pattern(reference: str) -> re.Pattern[str]:
    """What an id looks like that a reference means; the unknown beginning of one may be a whole path."""
    parts = re.split(r"\{[^{}]*\}", reference)
    head = ".*" if not parts[0] else re.escape(parts[0]) + "[^/]*"
    return re.compile(head + "[^/]*".join(map(re.escape, parts[1:])))


def strings(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every string below with the name of its key, dictionaries in key order."""
    if depth > 40:
        return
    if isinstance(value, Mapping):
        for name in sorted(value, key=str):
            inner = value[name]
            if isinstance(inner, str):
                yield str(name), inner
            else:
                yield from strings(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            if isinstance(inner, str):
                yield "", inner
            else:
                yield from strings(inner, depth + 1)


def subscription_of(resource_id: str) -> str:
    """The id of the subscription that an Azure id names, or "".

    >>> subscription_of("/subscriptions/s1/resourcegroups/rg")
    '/subscriptions/s1'
    """
    parts = resource_id.split("/")
    return "/".join(parts[:3]) if len(parts) > 2 and parts[1] == "subscriptions" and parts[2] else ""


def last_segment(resource_id: str) -> str:
    """The name at an id's end."""
    return resource_id.rstrip("/").rsplit("/", 1)[-1]


def resource_group_of(resource_id: str) -> str:
    """The name of the resource group that an Azure id names, or ""."""
    parts = resource_id.split("/")
    return parts[4] if len(parts) > 4 and parts[3].lower() == "resourcegroups" else ""


def vnet_of_subnet(subnet_id: str) -> str:
    """The VNet's id inside a subnet's id, or "".

    >>> vnet_of_subnet("/x/virtualnetworks/v/subnets/s")
    '/x/virtualnetworks/v'
    """
    head, found, tail = subnet_id.rpartition("/subnets/")
    return head if found and "/" not in tail else ""


def type_of_id(resource_id: str) -> str:
    """The ARM type that an id names, lower case, or "".

    >>> type_of_id("/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks/v/subnets/n")
    'microsoft.network/virtualnetworks/subnets'
    """
    _, found, tail = resource_id.lower().rpartition("/providers/")
    parts = tail.split("/")
    return "/".join([parts[0], *parts[1::2]]) if found and len(parts) > 2 else ""
