"""States of one lineage: Terraform keeps the one before the last as `terraform.tfstate.backup`, and people keep copies.
The latest alone counts, as the others tell what is no more.

https://developer.hashicorp.com/terraform/cli/commands/state/push tells of lineage and serial.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json


def later_state(document: dict[str, Any], place: Place, context: Context) -> Diagnostic | None:
    """The warning that an input holds a later state of the same things; None where this is the latest.

    A copy from which another estate was made has the lineage of the first, and things of its own: it counts as well.
    """
    lineage, serial = _generation(document)
    if not lineage:
        return None
    own = set(_ids(document))
    later = {
        other_serial: name
        for name, documents in context.documents.items()
        for other in documents
        if (told := _generation(other))[0] == lineage and (other_serial := told[1]) > serial
        and _is_same_estate(own, set(_ids(other)))
    }  # fmt: skip
    if not later:
        return None
    last = max(later)
    name = later[last]
    text = f"`{place.source}` is an older state (serial {serial}) of what `{name}` tells (serial {last}): left out"
    return Diagnostic("warning", "terraform-older", text, Place(place.source))


def _generation(document: Json) -> tuple[str, int]:
    """Lineage and serial of a state; ("", 0) for anything else."""
    if not isinstance(document, dict):
        return "", 0
    lineage, serial = document.get("lineage"), document.get("serial")
    return (lineage, serial) if isinstance(lineage, str) and isinstance(serial, int) else ("", 0)


def _is_same_estate(older: set[str], later: set[str]) -> bool:
    return not later or not older or bool(older & later)


def _ids(document: dict[str, Any]) -> Iterator[str]:
    """Ids of what the state manages, in lower case: of instances (version 4), of primaries (before)."""
    for resource in _listed(document.get("resources")):
        for instance in _listed(resource.get("instances")) if resource.get("mode") == "managed" else ():
            for member in ("attributes", "attributes_flat"):
                yield from _id_in(instance.get(member))
    for module in _listed(document.get("modules")):
        resources = module.get("resources")
        for name, resource in resources.items() if isinstance(resources, dict) else ():
            if isinstance(resource, dict) and not str(name).startswith("data."):
                yield from _id_in(resource.get("primary"))


def _listed(value: Json) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _id_in(attributes: Json) -> Iterator[str]:
    if isinstance(attributes, dict) and isinstance(attributes.get("id"), str):
        yield attributes["id"].lower()
