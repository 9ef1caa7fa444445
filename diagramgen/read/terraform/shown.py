"""The `values` of `terraform show -json`: a tree of modules -> the instances in it.

https://developer.hashicorp.com/terraform/internals/json-format#values-representation
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import ModulePath, parse_path, split_module
from diagramgen.read.terraform.instance import Instance, key_from
from diagramgen.read.terraform.resource import Mode


def instances_of_values(values: Json, place: Place) -> Iterator[Instance]:
    """The instances of a state or of planned values, a module before those that it calls.

    Objects that wait to be destroyed (`deposed_key`) are left out: their successors are there.
    """
    waiting: list[tuple[Json, Place]] = []
    if isinstance(values, dict):
        waiting.append((values.get("root_module"), place / "root_module"))
    while waiting:
        module, where = waiting.pop()
        if not isinstance(module, dict):
            continue
        path = split_module(parse_path(str(module.get("address") or "")))[0]
        for index, resource in enumerate(_listed(module.get("resources"))):
            found = _instance(resource, path, where / "resources" / index)
            if found is not None:
                yield found
        inner = _listed(module.get("child_modules"))
        waiting += [
            (child, where / "child_modules" / index) for index, child in reversed(list(enumerate(inner)))
        ]


def _instance(resource: Json, module: ModulePath, place: Place) -> Instance | None:
    if not isinstance(resource, dict) or resource.get("deposed_key"):
        return None
    bare = bare_instance(resource, place, module)
    values = resource.get("values")
    if bare is None or not isinstance(values, dict):
        return None
    return replace(bare, attributes=values, sensitive=resource.get("sensitive_values", False))


def bare_instance(entry: dict[str, Any], place: Place, module: ModulePath = ()) -> Instance | None:
    """An instance without attributes: who it is, as the members say, and where they are missing the address.

    `module` is the one in which it stands. None for what has neither type nor name.
    """
    address = entry.get("address")
    told, rest = split_module(parse_path(address)) if isinstance(address, str) else ((), ())
    is_data = entry.get("mode") == "data" or (bool(rest) and rest[0].value == "data")
    if rest and rest[0].value == "data":
        rest = rest[1:]
    kind = _text(entry.get("type")) or _text(rest[0].value if rest else "")
    name = _text(entry.get("name")) or _text(rest[1].value if len(rest) > 1 else "")
    if not kind or not name:
        return None
    key = entry["index"] if "index" in entry else rest[2].value if len(rest) > 2 else None
    provider = _text(entry.get("provider_name"))
    mode: Mode = "data" if is_data else "managed"
    return Instance(told or module, mode, kind, name, key_from(key), provider, {}, place)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
