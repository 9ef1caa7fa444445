"""What a template declares of its parameters: their types, with references to definitions followed.

https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diagramgen.diagnostics import InputError
from diagramgen.read.documents import Json, parse_documents
from diagramgen.read.secrets import is_secret_key
from diagramgen.read.template.values import Kind, Unknown, Value, unknown_parameter

_KINDS: Mapping[str, Kind] = {
    "string": "string",
    "int": "int",
    "bool": "bool",
    "array": "array",
    "object": "object",
}
_LONGEST_WAY = 20
"""References from one definition to the next that are followed."""

_PORTAL_NAME = re.compile(r"[a-z][A-Za-z]*s_(.+)_name")


class Declared:
    """A parameter's declaration: `name` as written, `type` in lower case, "" where none is given."""

    __slots__ = ("declaration", "has_default", "is_nullable", "is_secure", "name", "type")

    def __init__(self, name: str, declaration: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
        self.name = name
        self.declaration = {**_definition(declaration, definitions), **declaration}
        told = self.declaration.get("type")
        self.type = told.lower() if isinstance(told, str) else ""
        self.is_secure = self.type.startswith("secure") or (
            self.type in ("", "string") and is_secret_key(name.lower())
        )
        self.is_nullable = self.declaration.get("nullable") is True
        self.has_default = "defaultValue" in self.declaration

    @property
    def kind(self) -> Kind:
        """What is sure of a value that is not known."""
        if self.is_nullable:
            return ""
        return _KINDS.get(self.type.removeprefix("secure"), "")

    @property
    def is_no_text(self) -> bool:
        """Whether an empty text can be no value of it, but only the place for one."""
        return self.type in ("int", "bool", "array", "object")

    def absent(self) -> Unknown:
        """What stands for the parameter where nothing gives it a value."""
        return unknown_parameter(self.name, self.kind)

    def secret(self) -> Unknown:
        """What stands for a secret, whether or not it is told."""
        return Unknown(self.absent().text, f"parameter `{self.name}` is a secret", self.kind)

    def guess(self) -> str | None:
        """The name that the portal wrote into the name of a parameter without a value, as good as it can be told.

        >>> Declared("virtualNetworks_hub_name", {"type": "String"}, {}).guess()
        'hub'
        """
        found = _PORTAL_NAME.fullmatch(self.name)
        return found.group(1) if found and self.declaration.get("type") == "String" else None

    def allows(self, value: Value) -> bool:
        """Whether a value is among those that are allowed; true where that cannot be told."""
        allowed = self.declaration.get("allowedValues")
        if not isinstance(allowed, list) or isinstance(value, Unknown) or value is None:
            return True
        if isinstance(value, list):
            return value in allowed or all(self.allows(each) for each in value)
        folded = [each.lower() if isinstance(each, str) else each for each in allowed]
        return (value.lower() if isinstance(value, str) else value) in folded


def declarations(template: Mapping[str, Any]) -> dict[str, Declared]:
    """The parameters of a template, by their names in lower case."""
    listed, definitions = template.get("parameters"), template.get("definitions")
    named = definitions if isinstance(definitions, dict) else {}
    return {
        name.lower(): Declared(name, declaration if isinstance(declaration, dict) else {}, named)
        for name, declaration in (listed.items() if isinstance(listed, dict) else ())
    }


def parsed(text: str, kind: str) -> Json:
    """A value from the command line, as a parameter of this type has it.

    Raises:
        ValueError: it is none of this type; the message says what was expected.

    >>> parsed("3", "int"), parsed("True", "bool"), parsed("[1]", "array"), parsed("[1]", "string")
    (3, True, [1], '[1]')
    """
    kind = kind.removeprefix("secure")
    if kind == "int":
        if re.fullmatch(r"-?\d{1,18}", text.strip()) is None:
            raise ValueError("a whole number")
        return int(text)
    if kind == "bool":
        if text.strip().lower() not in ("true", "false"):
            raise ValueError("`true` or `false`")
        return text.strip().lower() == "true"
    if kind in ("array", "object"):
        expected: type = list if kind == "array" else dict
        try:
            value = parse_documents("", text)[0]
        except InputError:
            value = None
        if not isinstance(value, expected):
            raise ValueError("a JSON list" if kind == "array" else "a JSON object")
        return value
    return text


def _definition(declaration: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the definition says that a declaration refers to."""
    found: dict[str, Any] = {}
    for _ in range(_LONGEST_WAY):
        reference = declaration.get("$ref")
        if not isinstance(reference, str):
            break
        named = definitions.get(reference.rpartition("/")[2])
        if not isinstance(named, Mapping):
            break
        declaration = named
        found = {**named, **found}
    return found
