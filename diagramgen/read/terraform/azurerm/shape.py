"""Tables of fields -> bodies in the shape of the ARM REST API.

Most of a converter is a table: an attribute, the path of REST's property, and how the value is converted. What a table
cannot say (parts with ids of their own, values that depend on each other) is a small function beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.located import NOTHING
from diagramgen.read.record import FRAGMENT, key_of
from diagramgen.read.resource import is_resource_id, type_of
from diagramgen.read.terraform.azurerm.azure_types import azure_type
from diagramgen.read.terraform.azurerm.values import Json, block, plain, text, untold
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import unknown

Convert = Callable[[Any], Any]


class Field(NamedTuple):
    """An attribute and REST's property: `path` has points between its keys. Of several rows with one path the first
    that gives a value counts, so that an attribute's older names follow its new one. `default` is what the provider or
    Azure takes where nothing is set and no other row gives a value."""

    attribute: str
    path: str
    convert: Convert = plain
    default: Any = None


Fields = tuple[Field, ...]


def body(values: Mapping[str, Any], fields: Iterable[Field]) -> Json:
    """The properties that the attributes give."""
    found: Json = {}
    rows = tuple(fields)
    told = [(field.path, field.convert(values.get(field.attribute))) for field in rows]
    for path, value in (*told, *((field.path, field.default) for field in rows)):
        if value is not None:
            _put(found, path.split("."), value)
    return found


def nested(fields: Fields) -> Convert:
    """The conversion of a single block into an object; None where there is none, its text where it is not told."""

    def convert(value: Any) -> Any:
        told = block(value)
        return body(told, fields) if told else untold(value)

    return convert


def several(fields: Fields) -> Convert:
    """The conversion of blocks into a list of objects; entries that are not told stay texts."""

    def convert(value: Any) -> Any:
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list | tuple):
            return untold(value)
        return [body(each, fields) if isinstance(each, Mapping) else each for each in value if plain(each)]

    return convert


def members(fields: Fields) -> Convert:
    """The conversion of named blocks into REST's `name` and `properties`; entries that are not told stay texts."""

    def convert(value: Any) -> Any:
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list | tuple):
            return untold(value)
        return [
            {"name": text(each.get("name")) or "default", "properties": body(each, fields)}
            if isinstance(each, Mapping)
            else each
            for each in value
            if plain(each) is not None
        ]

    return convert


def parts(owner: str, collection: str, value: Any, fields: Fields) -> Any:
    """Named blocks as the parts of a resource, which have ids of their own; see `members`."""
    found = members(fields)(value)
    if isinstance(found, list):
        for each in found:
            if isinstance(each, dict):
                each["id"] = f"{owner}/{collection}/{each['name']}"
    return found


def part_ref(owner: str, collection: str, name: Any) -> Json | None:
    """A reference to a part of a resource by its name."""
    return {"id": f"{owner}/{collection}/{name}"} if isinstance(name, str) and name else None


def rest(
    resource: TerraformResource, lookup: Lookup, properties: Json, envelope: Mapping[str, Any] = NOTHING
) -> Json:
    """A whole resource: what every one has, `envelope` beside the properties, and these."""
    values = resource.values
    azure_id = lookup.id_of(resource)
    found: Json = {
        "id": azure_id,
        "name": text(values.get("name")) or azure_id.rstrip("/").rpartition("/")[2],
        "type": azure_type(resource.type),
    }
    for name in ("location", "tags", "zones"):
        value = plain(values.get(name))
        if value is not None:
            found[name] = value
    if plain(values.get("zone")) is not None:
        found["zones"] = [values["zone"]]
    return {**found, **envelope, "properties": properties}


def piece(azure_id: Any, properties: Json) -> Iterator[Json]:
    """A part of what is known of another resource, by its id; nothing where the id is not told."""
    if isinstance(azure_id, str) and is_resource_id(azure_id):
        kind = type_of(key_of(azure_id))
        name = azure_id.rstrip("/").rpartition("/")[2]
        yield {"id": azure_id, "name": name, "type": kind, FRAGMENT: True, "properties": properties}


def simple(fields: Fields, envelope: Fields = ()) -> Converter:
    """The converter of a resource that tables tell all about."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        yield rest(resource, lookup, body(values, fields), body(values, envelope))

    return convert


def linked(attribute: str, fields: Fields) -> Converter:
    """The converter of an association: what it says of the resource that an attribute names."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        yield from piece(resource.values.get(attribute), body(resource.values, fields))

    return convert


def not_told(resource: TerraformResource, attribute: str) -> str:
    """What stands for a value that Azure has and this instance does not tell."""
    return unknown(f"{resource.address}.{attribute}")


def settled(resource: TerraformResource, attribute: str, lookup: Lookup) -> Any:
    """An attribute, or None where a plan that creates the resource does not configure it: what has a default of
    Azure's is shown as known after apply all the same. A plan does not show a `dynamic` block whose number is not known
    yet either, so such a block counts as not configured."""
    value = resource.values.get(attribute)
    is_default = resource.is_new and untold(value) and not lookup.is_configured(resource, attribute)
    return None if is_default else value


def owner_of(azure_id: str) -> str:
    """The id of what a part or child belongs to."""
    return azure_id.rstrip("/").rsplit("/", 2)[0]


def _put(found: Json, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = found.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        found = inner
    found.setdefault(path[-1], value)
