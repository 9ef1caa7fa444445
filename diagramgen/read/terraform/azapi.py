"""The azapi provider: bodies that are in the shape of the ARM REST API already.

`body` is an object (from 2.0 on) or JSON text (before); `output` holds what was exported of the answer.
https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.documents import Json
from diagramgen.read.lists import is_resource
from diagramgen.read.record import UNTOLD
from diagramgen.read.terraform.marks import mark_of
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_GROUP = "Microsoft.Resources/resourceGroups"


def make_id(resource: TerraformResource, lookup: Lookup) -> str:
    """The Azure id of a planned resource: below its parent, by type and name.

    >>> _below("/subscriptions/s/resourceGroups/g", "Microsoft.Network/virtualNetworks", "v")
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v'
    """
    values = resource.values
    told = values.get("resource_id")
    if isinstance(told, str) and told:
        return told
    kind = type_of(resource)
    if not kind:
        return ""
    parent = values.get("parent_id")
    if not isinstance(parent, str) or not parent:
        parent = f"/subscriptions/{lookup.subscription_of(resource)}"
    name = values.get("name")
    return _below(parent, kind, name if isinstance(name, str) and name else _untold(resource))


def _untold(resource: TerraformResource) -> str:
    return mark_of(resource.address, "name")


def type_of(resource: TerraformResource) -> str:
    """The type as REST writes it, without its version; empty where it is not known."""
    told = resource.values.get("type")
    return told.partition("@")[0].strip("/ ") if isinstance(told, str) and not is_unknown(told) else ""


def _below(parent: str, kind: str, name: str) -> str:
    parent = parent.rstrip("/")
    if kind.lower() == _GROUP.lower():
        return f"{parent}/resourceGroups/{name}"
    above, _, last = kind.rpartition("/")
    if above.count("/") and f"/{above.lower()}/" in _types_in(parent):
        return f"{parent}/{last}/{name}"
    return f"{parent}/providers/{kind}/{name}"


def _types_in(azure_id: str) -> str:
    """The type that an id spells out, in lower case between slashes."""
    provider, *steps = azure_id.lower().rpartition("/providers/")[2].split("/")
    return "/".join(["", provider, *steps[::2], ""])


def _resource(resource: TerraformResource, lookup: Lookup) -> Iterator[dict[str, Any]]:
    body, output = _object(resource.values.get("body")), _object(resource.values.get("output"))
    row = _row(resource, lookup, _merged(body or {}, output or {}))
    if row is not None:
        if body is None:
            row[UNTOLD] = True
        yield row


def _piece(resource: TerraformResource, lookup: Lookup) -> Iterator[dict[str, Any]]:
    """What an update says of a resource that somebody else makes."""
    row = _row(resource, lookup, _object(resource.values.get("body")) or {})
    if row is not None and row["properties"]:
        yield row


def _looked_up(resource: TerraformResource, lookup: Lookup) -> Iterator[dict[str, Any]]:
    """What a data source exports: everything where it asks for `*`, else nobody knows of the rest."""
    row = _row(resource, lookup, _object(resource.values.get("output")) or {})
    if row is not None:
        exported = resource.values.get("response_export_values")
        if exported != ["*"] and exported != "*":
            row[UNTOLD] = True
        yield row


def _list(resource: TerraformResource, lookup: Lookup) -> Iterator[dict[str, Any]]:
    output = _object(resource.values.get("output")) or {}
    listed = output.get("value")
    yield from (dict(each) for each in (listed if isinstance(listed, list) else ()) if is_resource(each))


def _row(resource: TerraformResource, lookup: Lookup, told: dict[str, Any]) -> dict[str, Any] | None:
    azure_id, kind = lookup.id_of(resource), type_of(resource)
    if not azure_id or not kind:
        return None
    values = resource.values
    row = {**told, "id": azure_id, "type": kind}
    name = values.get("name")
    row["name"] = name if isinstance(name, str) and name else azure_id.rstrip("/").rpartition("/")[2]
    for member in ("location", "tags"):
        if values.get(member):
            row[member] = values[member]
    if not isinstance(row.get("properties"), dict):
        row["properties"] = {}
    return row


def _object(value: Json) -> dict[str, Any] | None:
    """A body as an object; None where it is not told."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, Mapping) and value.keys() == {
        "value",
        "type",
    }:  # as state files keep what has no schema
        value = value["value"]
    if value is None:
        return {}
    return dict(value) if isinstance(value, Mapping) else None


def _merged(first: Json, second: Json, depth: int = 0) -> Any:
    """What was asked for, with what the answer adds to it."""
    if isinstance(first, Mapping) and isinstance(second, Mapping) and depth < 50:
        both = {key: _merged(value, second.get(key), depth + 1) for key, value in first.items()}
        return {**second, **both}
    return second if first is None else first


CONVERTERS: Mapping[str, Converter] = {
    "azapi_resource": _resource,
    "azapi_update_resource": _piece,
}
DATA_CONVERTERS: Mapping[str, Converter] = {
    "azapi_resource": _looked_up,
    "azapi_resource_list": _list,
}
