"""`Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`: REST's properties below capitalised names."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
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
}
_DROPPED = frozenset({"Id", "ResourceName", "Type", "ResourceGroupName", "SubscriptionId", "ExtensionResourceType"})


def is_resources(document: Json) -> bool:
    """Whether this is a list, or one, of what Get-AzResource gives."""
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and is_resource_id(first.get("ResourceId")) and "Properties" in first


def read_resources(document: Json, place: Place) -> Extract:
    """The resources, under REST's names."""
    listed = document if isinstance(document, list) else [document]
    rows = tuple(
        Row(_renamed(item), place / index if isinstance(document, list) else place)
        for index, item in enumerate(listed)
        if isinstance(item, dict) and is_resource_id(item.get("ResourceId"))
    )
    return Extract(("PowerShell resources",), rows)


def _renamed(item: dict[str, Any]) -> dict[str, Any]:
    return {_NAMES.get(key, key): value for key, value in item.items() if key not in _DROPPED}
