"""References: finding resource ids inside properties, and reading what an id says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


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
