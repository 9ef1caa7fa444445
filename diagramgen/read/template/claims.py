"""What tells templates, parameter files, snapshots and what-ifs from other JSON; light, as every input is asked.

https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
"""

from __future__ import annotations

from typing import Any, NamedTuple

from diagramgen.located import Key
from diagramgen.read.documents import Json

_ENVELOPES: tuple[tuple[Key, ...], ...] = (
    (
        "template",
    ),  # the answer to `exportTemplate`: https://learn.microsoft.com/rest/api/resources/resource-groups
    ("properties", "template"),  # a deployment: https://learn.microsoft.com/rest/api/resources/deployments
    (
        "properties",
        "mainTemplate",
    ),  # a template spec: https://learn.microsoft.com/rest/api/resources/template-specs
    ("mainTemplate",),
    ("properties", "output", "template"),  # `exportTemplate`, as the answer to a long operation
)


class Found(NamedTuple):
    """A template in a document: the keys that lead to it, and the object that it stands in (itself where bare)."""

    template: dict[str, Any]
    path: tuple[Key, ...]
    envelope: dict[str, Any]


def template_in(document: Json) -> Found | None:
    """The template that a document is or carries."""
    if not isinstance(document, dict):
        return None
    if is_bare_template(document):
        return Found(document, (), document)
    for path in _ENVELOPES:
        value: Json = document
        above = document
        for key in path:
            above = value
            value = value.get(key) if isinstance(value, dict) else None
        if is_bare_template(value):
            return Found(value, path, above)
    return None


def is_template(document: Json) -> bool:
    """Whether a document is a template, or carries one."""
    return template_in(document) is not None


def is_bare_template(value: Json) -> bool:
    """Whether this is a template itself: it says so, or it has what every template has.

    >>> is_bare_template({"$schema": "https://x/2019-04-01/deploymentTemplate.json#"})
    True
    """
    if not isinstance(value, dict) or _schema_has(value, "deploymentparameters"):
        return False
    resources = value.get("resources")
    return _schema_has(value, "deploymenttemplate") or (
        isinstance(resources, (list, dict)) and isinstance(value.get("contentVersion"), str)
    )


def is_parameters(document: Json) -> bool:
    """Whether a document is a parameter file: it says so, or holds nothing but values of parameters."""
    if not isinstance(document, dict):
        return False
    if _schema_has(document, "deploymentparameters"):
        return True
    listed = document.get("parameters")
    return (
        not document.keys() - {"$schema", "contentVersion", "parameters", "metadata"}
        and isinstance(listed, dict)
        and bool(listed)
        and all(
            isinstance(entry, dict) and entry.keys() & {"value", "reference"} for entry in listed.values()
        )
    )


def is_snapshot(document: Json) -> bool:
    """Whether a document is what `bicep snapshot` writes."""
    return isinstance(document, dict) and isinstance(document.get("predictedResources"), list)


def is_what_if(document: Json) -> bool:
    """Whether a document is the result of a what-if, as REST, `az` or PowerShell give it."""
    listed = changes_in(document)
    return listed is not None and all(isinstance(c, dict) and _has(c, "changeType") for c in listed[0])


def changes_in(document: Json) -> tuple[list[Any], tuple[Key, ...]] | None:
    """The changes of a what-if and the keys that lead to them."""
    path: tuple[Key, ...] = ()
    if isinstance(document, dict) and isinstance(document.get("properties"), dict):
        document, path = document["properties"], ("properties",)
    if not isinstance(document, dict):
        return None
    for key in ("changes", "Changes"):
        if isinstance(document.get(key), list) and (path or len(document) > 1):
            return document[key], (*path, key)
    return None


def is_operations(document: Json) -> bool:
    """Whether a document lists the operations of a deployment."""
    listed = document.get("value") if isinstance(document, dict) else document
    return (
        isinstance(listed, list)
        and bool(listed)
        and all(isinstance(one, dict) and "operationId" in one and isinstance(one.get("properties"), dict)
                for one in listed)
    )  # fmt: skip


def _schema_has(value: dict[str, Any], word: str) -> bool:
    schema = value.get("$schema")
    return isinstance(schema, str) and word in schema.lower()


def _has(value: dict[str, Any], name: str) -> bool:
    return any(key.lower() == name.lower() for key in value)
