"""`Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`: REST's properties under other names."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
from diagramgen.read.lists import read_list
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
_NAME = "PowerShell resources"
_DROPPED = frozenset(
    {"Id", "ResourceName", "Type", "ResourceGroupName", "SubscriptionId", "ExtensionResourceType"}
)


def is_resources(document: Json) -> bool:
    """Whether this is a list, or one, of what Get-AzResource gives."""
    return any(map(_is_resource, document)) if isinstance(document, list) else _is_resource(document)


def read_resources(document: Json, place: Place) -> Extract:
    """The resources, under REST's names."""
    if isinstance(document, dict):
        return Extract((_NAME,), (Row(_renamed(document), place),))
    return read_list(
        [_renamed(item) if _has_id(item) else item for item in document], place, _NAME, is_flat=False
    )


def _is_resource(item: Json) -> bool:
    return _has_id(item) and "Properties" in item


def _has_id(item: Json) -> bool:
    return isinstance(item, dict) and is_resource_id(item.get("ResourceId"))


def _renamed(item: dict[str, Any]) -> dict[str, Any]:
    return {_NAMES.get(key, key): value for key, value in item.items() if key not in _DROPPED}
