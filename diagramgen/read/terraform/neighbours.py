"""What the other Terraform documents of the input manage.

A network is often in one state and what is attached to its subnets in another: read together, they tell all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.located import NOTHING, Place
from diagramgen.read.context import Context
from diagramgen.read.record import key_of
from diagramgen.read.terraform import claims
from diagramgen.read.terraform.generations import later_state
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.told import told_of

_KEPT = frozenset(
    {
        "azurerm_nat_gateway",
        "azurerm_network_interface",
        "azurerm_network_security_group",
        "azurerm_route_table",
        "azurerm_subnet",
        "azurerm_virtual_network",
    }
)


class Neighbours(NamedTuple):
    """What the documents together manage: the ids, and the subnets that networks list of themselves."""

    keys: frozenset[str] = frozenset()
    listed: Mapping[str, tuple[Mapping[str, Any], ...]] = NOTHING


def neighbours_of(context: Context) -> Neighbours:
    """What all Terraform documents of the input manage; nothing where there is but one."""
    memory: dict[str, Any] = {} if context.memory is None else context.memory.setdefault(__name__, {})
    if "found" not in memory:
        memory["found"] = _gather(context)
    found: Neighbours = memory["found"]
    return found


def _gather(context: Context) -> Neighbours:
    documents = [
        (document, Place(name, document=index))
        for name, all_of in context.documents.items()
        for index, document in enumerate(all_of)
        if claims.is_document(document) and later_state(document, Place(name), context) is None
    ]
    if len(documents) < 2:
        return Neighbours()
    keys: set[str] = set()
    listed: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for document, place in documents:
        for instance in told_of(document, place, context.options.plan_side).side.instances:
            if (key := _key_of(instance)) is not None:
                keys.add(key)
                if instance.type == "azurerm_virtual_network":
                    subnets = instance.attributes.get("subnet")
                    entries = subnets if isinstance(subnets, list) else ()
                    listed[key] = tuple(each for each in entries if isinstance(each, Mapping))
    return Neighbours(frozenset(keys), listed)


def _key_of(instance: Instance) -> str | None:
    told = instance.attributes.get("id")
    is_kept = instance.mode == "managed" and instance.type in _KEPT
    return key_of(told) if is_kept and isinstance(told, str) else None
