"""The `values` of `terraform show -json`: a tree of modules -> the instances in it.

https://developer.hashicorp.com/terraform/internals/json-format#values-representation
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import ModulePath, parse_path, split_module
from diagramgen.read.terraform.instance import Instance, key_from


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
    kind, name, values = resource.get("type"), resource.get("name"), resource.get("values")
    if not isinstance(kind, str) or not isinstance(name, str) or not isinstance(values, dict):
        return None
    return Instance(
        module=module_of(resource, module),
        mode="data" if resource.get("mode") == "data" else "managed",
        type=kind,
        name=name,
        key=key_from(resource.get("index")),
        provider=str(resource.get("provider_name") or ""),
        attributes=values,
        place=place,
        sensitive=resource.get("sensitive_values", False),
    )


def module_of(resource: dict[str, Any], module: ModulePath = ()) -> ModulePath:
    """The module of a resource: as its own address says, else that in which it stands."""
    address = resource.get("address")
    told = split_module(parse_path(address))[0] if isinstance(address, str) else ()
    return told or module


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
