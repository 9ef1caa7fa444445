"""State files -> instances: version 4, and the flat attributes of version 3 and before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import Call, ModulePath, parse_path, split_module
from diagramgen.read.terraform.flat import expand
from diagramgen.read.terraform.instance import Instance, key_from
from diagramgen.read.terraform.resource import Mode


def instances_of_state(document: dict[str, Any], place: Place) -> Iterator[Instance]:
    """The instances of a state of version 4. Objects that wait to be destroyed are left out."""
    for index, resource in enumerate(document["resources"]):
        if not isinstance(resource, dict) or not isinstance(resource.get("instances"), list):
            continue
        kind, name = resource.get("type"), resource.get("name")
        if not isinstance(kind, str) or not isinstance(name, str):
            continue
        module = split_module(parse_path(str(resource.get("module") or "")))[0]
        mode: Mode = "data" if resource.get("mode") == "data" else "managed"
        where = place / "resources" / index / "instances"
        for number, told in enumerate(resource["instances"]):
            attributes = _attributes(told)
            if attributes is not None:
                yield Instance(
                    module, mode, kind, name, key_from(told.get("index_key")),
                    str(resource.get("provider") or ""), attributes, where / number,
                    sensitive=_mask(told.get("sensitive_attributes")),
                )  # fmt: skip


def instances_of_old_state(document: dict[str, Any], place: Place) -> Iterator[Instance]:
    """The instances of a state of version 3: `modules[].resources["type.name.0"].primary.attributes`, all texts.

    https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/state.go
    """
    for index, module in enumerate(document["modules"]):
        resources = module.get("resources") if isinstance(module, dict) else None
        if not isinstance(resources, dict):
            continue
        path = module.get("path")
        calls = tuple(Call(str(name)) for name in (path[1:] if isinstance(path, list) else ()))
        for address, told in resources.items():
            found = _old_instance(address, told, calls, place / "modules" / index / "resources" / address)
            if found is not None:
                yield found


def _old_instance(address: str, told: Json, module: ModulePath, place: Place) -> Instance | None:
    primary = told.get("primary") if isinstance(told, dict) else None
    flat = primary.get("attributes") if isinstance(primary, dict) else None
    if not isinstance(flat, dict):
        return None
    mode: Mode = "data" if address.startswith("data.") else "managed"
    kind, _, rest = address.removeprefix("data.").partition(".")
    name, _, number = rest.partition(".")
    key = int(number[:18]) if number.isdecimal() else None
    return Instance(module, mode, kind, name, key, str(told.get("provider") or ""), expand(flat), place)


def _attributes(instance: Json) -> dict[str, Any] | None:
    """An instance's attributes; None where it has none, or only waits to be destroyed."""
    if not isinstance(instance, dict) or instance.get("deposed"):
        return None
    if isinstance(instance.get("attributes"), dict):
        found: dict[str, Any] = instance["attributes"]
        return found
    flat = instance.get("attributes_flat")  # of a state that was upgraded and never applied since
    return expand(flat) if isinstance(flat, dict) else None


def _mask(paths: Json) -> Json:
    """The mask of sensitive attributes, from the list of paths to them.

    >>> _mask([[{"type": "get_attr", "value": "site_config"},
    ...         {"type": "index", "value": {"value": 0, "type": "number"}}]])
    {'site_config': {0: True}}
    """
    mask: dict[Any, Any] = {}
    for path in paths if isinstance(paths, list) else ():
        steps = tuple(_steps(path if isinstance(path, list) else [path]))
        inner = mask
        for step in steps[:-1]:
            below = inner.setdefault(step, {})
            if below is True:
                break
            inner = below
        else:
            if steps:
                inner[steps[-1]] = True
    return mask


def _steps(path: Iterable[Json]) -> Iterator[str | int]:
    for step in path:
        value = step.get("value") if isinstance(step, dict) else step
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, float):
            value = int(value)
        if isinstance(value, str | int):
            yield value
