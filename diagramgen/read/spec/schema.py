"""The definitions of the language -> JSON Schema (2020-12), for editors and other programs.

The schema takes every spec that the program takes. The program is stricter: it knows grammars, names and
addresses, where the schema has a pattern. A text that YAML reads as a number or truth value (a subnet named
`010`) is let through.
"""

from __future__ import annotations

from typing import Any, assert_never

from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.shapes import Either, Flag, Form, Free, Many, Names, Shape, Text, Whole, Word

SCHEMA_ID = "urn:diagramgen:schema:spec"
EXAMPLE = {
    "title": "A web application",
    "vnets": {
        "Shop": {
            "address": "10.0.0.0/16",
            "subnets": {
                "Web": {"address": "10.0.1.0/24", "nsg": "NSG-web", "resources": {"VM": "vm x2"}},
                "Data": {
                    "address": "10.0.2.0/24",
                    "nsg": "NSG-data",
                    "resources": {"SQL": "sql_managed_instance"},
                },
            },
        }
    },
    "nsgs": {
        "NSG-web": {"rules": ["100 allow inbound tcp/443 from Internet to Web"]},
        "NSG-data": {
            "rules": ["100 allow inbound tcp/1433 from Web to Data", "4096 deny inbound any from any to any"]
        },
    },
    "flows": ["Web -> Data [tcp/1433]"],
}


def spec_schema() -> dict[str, Any]:
    """The JSON Schema of a spec, with a description for every key that has one."""
    definitions: dict[str, Any] = {}
    root = _form(SPEC, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "diagramgen spec",
        **root,
        "examples": [EXAMPLE],
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    match shape:
        case Text():
            return _text(shape)
        case Flag():
            return _described(_or_mark({"type": "boolean"}, shape), shape.description)
        case Whole():
            whole = {"type": "integer", "minimum": shape.low, "maximum": shape.high}
            return _described(_or_mark(whole, shape), shape.description)
        case Word():
            return _described(_or_mark({"enum": list(shape.words)}, shape), shape.description)
        case Free():
            return _described({"type": "object"}, shape.description)
        case Many():
            items = _schema(shape.item, definitions)
            listed: dict[str, Any] = {"type": "array", "items": items}
            return _described({"anyOf": [items, listed]} if shape.lone else listed, shape.description)
        case Names():
            return _names(shape, definitions)
        case Form():
            if shape.title not in definitions:
                definitions[shape.title] = {}  # before its fields, which may refer to it
                definitions[shape.title] = _form(shape, definitions)
            return {"$ref": f"#/$defs/{shape.title}"}
        case Either():
            return _described({"anyOf": [_schema(s, definitions) for s in shape.shapes]}, shape.description)
        case _:
            assert_never(shape)


def _text(shape: Text) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": ["string", "number", "boolean"]}
    if shape.pattern:
        schema["pattern"] = shape.pattern
    if shape.words:
        schema = {"anyOf": [{"enum": list(shape.words)}, schema]}
    if shape.pattern:
        schema = _or_mark(schema, shape)
    if shape.examples:
        schema["examples"] = list(shape.examples)
    return _described(schema, shape.description or shape.what[0].upper() + shape.what[1:] + ".")


_MARK = {"type": "string", "pattern": r"\{[^{}]*\}"}
"""A text that says of a value that it is not known."""


def _or_mark(schema: dict[str, Any], shape: Text | Flag | Whole | Word) -> dict[str, Any]:
    return {"anyOf": [schema, _MARK]} if shape.may_be_unknown else schema


def _names(shape: Names, definitions: dict[str, Any]) -> dict[str, Any]:
    entry = {"anyOf": [{"type": "null"}, _schema(shape.entry, definitions)]}
    mapping: dict[str, Any] = {"type": "object", "additionalProperties": entry}
    if not shape.bare:
        return _described(mapping, shape.description)
    return _described(
        {"anyOf": [mapping, {"type": "array", "items": {"type": ["string", "number", "boolean"]}}]},
        shape.description,
    )


def _form(shape: Form, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {
        key: _nullable(_schema(field, definitions), key in shape.required)
        for key, field in shape.fields.items()
    }
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if shape.required:
        schema["required"] = list(shape.required)
    if shape.may_extend:
        schema["patternProperties"] = {"^x-": True}
    return _described(schema, shape.description)


def _nullable(schema: dict[str, Any], is_required: bool) -> dict[str, Any]:
    """A key with nothing behind it is as good as no key."""
    if is_required:
        return schema
    described = {"description": schema.pop("description")} if "description" in schema else {}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}], **described}
    return {"anyOf": [schema, {"type": "null"}], **described}


def _described(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description} if description else schema
