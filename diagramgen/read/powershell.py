"""What Azure PowerShell's cmdlets give, through `ConvertTo-Json -Depth 100`: REST's properties under other names.

`Get-AzResource -ExpandProperties` (and PSRule's `Export-AzRuleData`, which collects it) puts an envelope of its own
round REST's `Properties`; `Get-AzVirtualNetwork` and its like give models of their own (`powershell_models`). Files mix
both with REST's own shape, so that each entry is told by itself.

https://learn.microsoft.com/powershell/module/az.resources/get-azresource
https://azure.github.io/PSRule.Rules.Azure/commands/Export-AzRuleData/
"""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read import az
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
from diagramgen.read.lists import strangers_warning, unknown_document
from diagramgen.read.powershell_models import is_model, rows_of_model
from diagramgen.read.record import UNTOLD
from diagramgen.read.resource import is_resource_id

_NAMES = {
    "ResourceId": "id",
    "Name": "name",
    "ResourceType": "type",
    "Location": "location",
    "Properties": "properties",
    "Tags": "tags",
    "Sku": "sku",
    "Kind": "kind",
    "Zones": "zones",
    "Identity": "identity",
    "Plan": "plan",
    "ManagedBy": "managedBy",
}
_DROPPED = frozenset(
    {
        *("Id", "ResourceName", "Type", "ResourceGroupName", "SubscriptionId", "ExtensionResourceType"),
        *("ExtensionResourceName", "ParentResource", "TagsTable", "ETag", "ChangedTime", "CreatedTime"),
        *("ProvisioningState", "resources", "Resources"),
    }
)
_RESOURCES = "PowerShell resources"
_MODELS = "PowerShell models"


def is_resources(document: Json) -> bool:
    """Whether this is a list, or one, of what a cmdlet of Azure PowerShell gives."""
    return any(map(_is_of_powershell, _entries(document)))


def read_resources(document: Json, place: Place) -> Extract:
    """The resources under REST's names, children that stand beside their properties as rows of their own.

    Raises:
        InputError: none of the entries has properties, as `Get-AzResource` without `-ExpandProperties` gives them.
    """
    gathered = _Gathered()
    entries, where = _entries(document), _place_of_entries(document, place)
    for index, entry in enumerate(entries):
        gathered.add(entry, where / index if where is not None else place)
    if not gathered.rows:
        raise unknown_document(entries, place)
    if gathered.has_only_envelopes():
        raise _without_properties(len(gathered.rows), place)
    warnings = (
        *_names_alone(gathered.names_alone),
        *strangers_warning(len(gathered.rows), gathered.strangers),
    )
    return Extract(tuple(gathered.formats), tuple(gathered.rows), diagnostics=warnings)


class _Gathered:
    """What the entries read so far have given."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.formats: dict[str, None] = {}
        self.strangers: list[Place] = []
        self.names_alone: list[Row] = []

    def add(self, entry: Json, place: Place) -> None:
        """Takes in one entry and its children."""
        if not isinstance(entry, dict):
            self.strangers += [place] if entry is not None else []
            return
        if is_model(entry):
            self.formats[_MODELS] = None
            for row in rows_of_model(entry, place):
                self.rows.append(row)
                self.names_alone += [row] if row.resource.get(UNTOLD) else []
            return
        self.formats[_RESOURCES] = None
        resource = _resource_of(entry)
        if resource is not None:
            self.rows.append(Row(resource, place))
        else:
            self.strangers.append(place)
        for name in ("resources", "Resources"):
            children = entry.get(name)
            for index, child in enumerate(children if isinstance(children, list) else ()):
                self.add(child, place / name / index)

    def has_only_envelopes(self) -> bool:
        """Whether Get-AzResource gave names alone."""
        return _MODELS not in self.formats and all(
            not row.resource.get("properties") and "/providers/" in str(row.resource["id"])
            for row in self.rows
        )


def _is_of_powershell(item: Json) -> bool:
    if not isinstance(item, dict):
        return False
    is_envelope = is_resource_id(item.get("ResourceId")) and ("Properties" in item or "ResourceType" in item)
    return is_envelope or is_model(item) or _is_subscription(item)


def _is_subscription(item: dict[str, Any]) -> bool:
    """What Get-AzSubscription gives: its id is bare.

    https://learn.microsoft.com/powershell/module/az.accounts/get-azsubscription
    """
    return az.is_bare_id(item.get("Id")) and "TenantId" in item and "State" in item


def _entries(document: Json) -> list[Json]:
    """The entries of a list; of the object that Windows PowerShell makes of a list; or one object alone."""
    if isinstance(document, dict):
        if document.keys() == {"value", "Count"} and isinstance(document["value"], list):
            return list(document["value"])
        return [document]
    return document if isinstance(document, list) else []


def _place_of_entries(document: Json, place: Place) -> Place | None:
    if isinstance(document, dict):
        return place / "value" if document.keys() == {"value", "Count"} else None
    return place


def _resource_of(item: dict[str, Any]) -> dict[str, Any] | None:
    """An entry in REST's shape, None where it is no resource."""
    if _is_subscription(item):
        return az.subscription_of(
            {"id": item["Id"], "name": item.get("Name"), "tenantId": item["TenantId"], "state": item["State"]}
        )
    resource = {_NAMES[key]: _plain(key, value) for key, value in item.items() if key in _NAMES}
    resource |= {key: value for key, value in item.items() if key not in _NAMES and key not in _DROPPED}
    if item.get("ExtensionResourceType"):
        resource.pop("type", None)  # that of what it extends; the id tells its own
    return resource if is_resource_id(resource.get("id")) else None


def _plain(key: str, value: Json) -> Json:
    """A part of the envelope with REST's spelling: PowerShell writes its members with capitals."""
    if key not in ("Sku", "Identity", "Plan") or not isinstance(value, dict):
        return value
    return {name[:1].lower() + name[1:]: inner for name, inner in value.items() if inner is not None}


def _without_properties(count: int, place: Place) -> InputError:
    message = f"`{place.source}` holds only names: not one of its {count} resources has `Properties`"
    hint = "repeat the export with `Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`"
    return InputError([Diagnostic("error", "no-properties", message, place, (hint,))])


def _names_alone(rows: list[Row]) -> tuple[Diagnostic, ...]:
    """A warning for models whose properties do not have REST's names."""
    if not rows:
        return ()
    kinds = ", ".join(sorted({f"`{row.resource['type']}`" for row in rows})[:3])
    text = f"of {len(rows)} resources only the names are read ({kinds}): what their cmdlets give is not what Azure says"
    hint = "export these with `Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`"
    return (Diagnostic("warning", "names-only", text, rows[0].place, (hint,)),)
