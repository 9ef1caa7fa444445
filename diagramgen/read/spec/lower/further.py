"""`azure_resources` -> records: resources of any type, in the REST API's own shape."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import IN_AZURE, Named
from diagramgen.read.spec.shapes import Told


def lower_further(context: Context) -> None:
    """All of them."""
    for thing in context.names.all("azure_resource"):
        _lower_resource(thing, context)


def _lower_resource(thing: Named, context: Context) -> None:
    told: Told = thing.value
    spelled = told.get("type", "").strip().strip("/")
    type_ = spelled.lower()
    if "type" not in told:
        return
    if "/" not in type_ or any(not step for step in type_.split("/")):
        context.error(
            "wrong-value",
            f"`{told.get('type')}` is no type of Azure",
            told.at("type"),
            "write it as Azure does: `Microsoft.Network/ipAllocations`",
        )
        return
    owner = context.find(told, "in", *IN_AZURE)
    if owner is not None and _is_above(thing, owner, context):
        context.error("circle", "a resource cannot stand in itself", told.at("in"))
        return
    sku = told.get("sku")
    envelope: dict[str, Any] = {
        "parent": owner.key if owner else None,
        "kind": told.get("kind"),
        "spelledType": spelled if spelled != type_ else None,
        "sku": {"name": sku} if isinstance(sku, str) else sku,
        "zones": [item.value for item in told.get("zones", ())] or None,
    }
    context.add(thing, type_, {}, None, **envelope)


def _is_above(thing: Named, owner: Named, context: Context) -> bool:
    """Whether a thing stands above its owner already."""
    seen: set[str] = set()
    here: Named | None = owner
    while here is not None and here.key not in seen:
        if here is thing:
            return True
        seen.add(here.key)
        inner = here.value.get("in") if isinstance(here.value, Told) else None
        found = context.names.named(inner, IN_AZURE) if isinstance(inner, str) else []
        here = found[0] if len(found) == 1 else None
    return False
