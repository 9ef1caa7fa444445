"""A Terraform document -> rows: its instances, each converted, and what they tell together completed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.model.kinds import KINDS
from diagramgen.read.context import Context
from diagramgen.read.extract import Extract, Row
from diagramgen.read.record import UNTOLD, key_of
from diagramgen.read.resource import is_resource_id, type_of
from diagramgen.read.terraform import azapi, notes
from diagramgen.read.terraform.azurerm import CONVERTERS, make_id
from diagramgen.read.terraform.estate import Estate
from diagramgen.read.terraform.generations import later_state
from diagramgen.read.terraform.made import Made
from diagramgen.read.terraform.masks import count_secrets
from diagramgen.read.terraform.neighbours import neighbours_of
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.terraform.told import told_of
from diagramgen.read.terraform.whole import complete


def read_terraform(document: dict[str, Any], place: Place, context: Context) -> Extract:
    """The rows of a state or plan. The document is used as it is, not copied."""
    if (older := later_state(document, place, context)) is not None:
        return Extract(("older Terraform state",), diagnostics=(older,))
    told = told_of(document, place, context.options.plan_side)
    estate = Estate(told.side.instances, told.configuration, _make_id)
    resources = [estate.resource_of(one) for one in estate.instances.values() if one.is_azure]
    made = [made for resource in resources for made in _converted(resource, estate)]
    untold = complete(made, resources, told.side, estate.is_configured, neighbours_of(context))
    rows = [Row(_planned(one), one.resource.place) for one in made]
    rows += _not_understood(resources, place)
    looked_up = {one.resource.address for one in made if one.resource.mode == "data"}
    said = [*told.diagnostics, *notes.notes_on_instances(told.side.instances, looked_up)]
    if untold:
        said.append(notes.untold_attachments(untold, place))
    said += notes.doubles(estate.doubles, estate.instances)
    if links := estate.open_links:
        said.append(notes.open_links(links, place))
    secrets = sum(count_secrets(one.attributes, one.sensitive) for one in told.side.instances)
    return Extract((told.name,), tuple(rows), diagnostics=tuple(said), secrets=secrets)


def _make_id(resource: TerraformResource, lookup: Lookup) -> str:
    return (
        azapi.make_id(resource, lookup) if resource.type.startswith("azapi_") else make_id(resource, lookup)
    )


def _converter(resource: TerraformResource) -> Converter | None:
    if resource.type.startswith("azapi_"):
        table = azapi.DATA_CONVERTERS if resource.mode == "data" else azapi.CONVERTERS
        return table.get(resource.type)
    return CONVERTERS.get(resource.type)


def _converted(resource: TerraformResource, lookup: Lookup) -> Iterator[Made]:
    converter = _converter(resource)
    for body in converter(resource, lookup) if converter is not None else ():
        if is_resource_id(body.get("id")):
            if not isinstance(body.get("properties"), dict):
                body["properties"] = {}
            yield Made(resource, body)


def _planned(one: Made) -> dict[str, Any]:
    """A body, marked as told by a declaration where Terraform manages the resource itself."""
    is_own = key_of(str(one.resource.values.get("id"))) == one.key
    if is_own and one.resource.mode == "managed" and not one.body.get(UNTOLD):
        one.body["isPlanned"] = True
    return one.body


def _not_understood(resources: Iterable[TerraformResource], place: Place) -> Iterator[Row]:
    """Rows for resources without a converter, so that they are counted; they say nothing of any other resource."""
    for resource in resources:
        if resource.mode == "managed" and _converter(resource) is None:
            told = resource.values.get("id")
            is_alone = is_resource_id(told) and type_of(key_of(str(told))) not in KINDS
            document = hashlib.sha1(f"{place.source}#{place.document}".encode()).hexdigest()[:8]
            shown_id = str(told) if is_alone else f"terraform/{document}/{resource.address}"
            body = {
                "id": shown_id,
                "name": resource.name,
                "type": f"terraform/{resource.type}",
                "properties": {"address": resource.address},
            }
            yield Row(body, resource.place)
