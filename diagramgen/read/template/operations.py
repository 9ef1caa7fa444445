"""The operations of a deployment: what Azure was asked to make, and what it answered, where the list tells it.

https://learn.microsoft.com/rest/api/resources/deployment-operations/list
"""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract
from diagramgen.read.template.evaluated import State, rows_of


def read_operations(document: Json, place: Place) -> Extract:
    """The resources whose bodies the operations carry.

    Raises:
        InputError: none carries any.
    """
    where = place / "value" if isinstance(document, dict) else place
    listed = document["value"] if isinstance(document, dict) else document
    states = [
        state
        for n, one in enumerate(listed)
        if (state := _state(one["properties"], where / n / "properties"))
    ]
    if not states:
        message = f"`{place.source}` lists the operations of a deployment, which tell no more than ids"
        hint = (
            "export the deployed state (`diagramgen query`), or the template (`az deployment group export`)"
        )
        raise InputError([Diagnostic("error", "unsupported-format", message, place, (hint,))])
    rows, told = rows_of(states, place)
    if len(states) < len(listed):
        text = f"{len(listed) - len(states)} of {len(listed)} operations do not tell what they made"
        told = (*told, Diagnostic("warning", "template-operations", text, place))
    return Extract(("deployment operations",), rows, diagnostics=told)


def _state(operation: dict[str, Any], place: Place) -> State | None:
    target = operation.get("targetResource")
    for name in ("response", "request"):
        message = operation.get(name)
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, dict) and isinstance(content.get("properties"), dict):
            told = (
                {"id": target.get("id"), "type": target.get("resourceType")}
                if isinstance(target, dict)
                else {}
            )
            return State({**told, **content}, place / name / "content", name == "request")
    return None
