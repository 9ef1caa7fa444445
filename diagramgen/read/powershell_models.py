"""What `Get-AzVirtualNetwork` and its like give -> REST's shape.

The models of Az.Network are REST's bodies, flattened as `az` flattens them, with capital letters, null for what is
absent, and every object a second time as text (`SubnetsText`). A reference is the whole model of what it refers to, of
which only `Id` is filled: its empty lists tell nothing. Models of other modules differ from REST in names and in values
(numbers for words); of these the id alone is taken.

https://github.com/Azure/azure-powershell/tree/main/src/Network/Network/Models
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.read import az
from diagramgen.read.documents import Json
from diagramgen.read.extract import Row
from diagramgen.read.record import UNTOLD, key_of
from diagramgen.read.resource import is_resource_id, type_of

_LIKE_REST = (
    "microsoft.network/",
    "microsoft.compute/virtualmachines",
    "microsoft.compute/virtualmachinescalesets",
)
_RENAMED = {
    "tag": "tags",
    "resourceGroupName": "resourceGroup",
    "peeredRemoteAddressSpace": "remoteAddressSpace",
    "ruleCollection": "ruleCollections",
    "routeTables": "virtualHubRouteTableV2s",
    "vnetRoute": "vnetRoutes",
}
_PLURAL = {
    "addressPrefix": "addressPrefixes",
    "sourceAddressPrefix": "sourceAddressPrefixes",
    "destinationAddressPrefix": "destinationAddressPrefixes",
    "sourcePortRange": "sourcePortRanges",
    "destinationPortRange": "destinationPortRanges",
}
"""What a model holds as a list under the name of one."""
_DROPPED = frozenset({"TagsTable", "ResourceGuid", "RequestId", "StatusCode"})
_EMPTY_IS_UNTOLD = frozenset({"VirtualNetworkConnections", "RouteTables"})
"""Children of a virtual hub that are asked for by a cmdlet of their own."""


def is_model(item: Json) -> bool:
    """Whether this is an object with an id as Azure PowerShell writes it, and no envelope round REST's properties."""
    if not isinstance(item, dict) or "id" in item:
        return False
    item = _unwrapped(item)
    return is_resource_id(_id_of(item)) and not {"Properties", "ResourceType", "properties"} & item.keys()


def rows_of_model(item: dict[str, Any], place: Place) -> Iterator[Row]:
    """The resource, and those that it holds as whole models (`-ExpandResource`)."""
    item = _unwrapped(item)
    shown_id = _id_of(item)
    kind = type_of(key_of(shown_id))
    if not kind.startswith(_LIKE_REST):
        yield Row({"id": shown_id, "type": kind, UNTOLD: True}, place)
        return
    reader = _Model(key_of(shown_id))
    flat = reader.plain_members(item)
    flat["id"] = shown_id
    yield Row(az.nest(flat, kind), place)
    for other in reader.others:
        yield from rows_of_model(other, place)


class _Model:
    """One model: `others` are the models of other resources that it holds."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.others: list[dict[str, Any]] = []

    def plain_members(self, members: dict[str, Any]) -> dict[str, Any]:
        """The members of an object under REST's names."""
        found: dict[str, Any] = {}
        for key, value in members.items():
            if value is None or key in _DROPPED or _is_text_of_another(key, members):
                continue
            if value == [] and key in _EMPTY_IS_UNTOLD:
                continue
            name = _rest_name(key)
            if isinstance(value, list) and name in _PLURAL:
                name = _PLURAL[name]
            found[name] = value if name == "tags" else self._plain(value)
        if str(found.get("ruleType")).lower() in ("networkrule", "natrule") and "protocols" in found:
            found["ipProtocols"] = found.pop("protocols")
        return found

    def _plain(self, value: Json) -> Json:
        if isinstance(value, list):
            return [self._plain(item) for item in value if item is not None]
        if not isinstance(value, dict):
            return value
        shown_id = value.get("Id")
        if is_resource_id(shown_id) and not key_of(shown_id).startswith(self.owner + "/"):
            if isinstance(value.get("ProvisioningState"), str) and value.get("Name"):
                self.others.append(value)
            return {"id": shown_id}
        return self.plain_members(value)


def _rest_name(key: str) -> str:
    """REST's name of a member: `IPConfigurations` and `AddressSpace` begin with a small letter there.

    >>> [_rest_name(key) for key in ("AddressSpace", "IPTags", "Tag", "IPs")]
    ['addressSpace', 'ipTags', 'tags', 'iPs']
    """
    capitals = len(key) - len(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    small = max(1, capitals - 1) if capitals < len(key) else capitals
    name = key[:small].lower() + key[small:]
    return _RENAMED.get(name, name)


def _is_text_of_another(key: str, members: dict[str, Any]) -> bool:
    """Whether a member is what another one says, as text."""
    return key.endswith("Text") and key != "Text" and (key[:-4] in members or isinstance(members[key], str))


def _id_of(item: dict[str, Any]) -> str:
    shown_id = item.get("Id") or item.get("ResourceId")
    return shown_id if isinstance(shown_id, str) else ""


def _unwrapped(item: dict[str, Any]) -> dict[str, Any]:
    """The group itself, which `Get-AzFirewallPolicyRuleCollectionGroup` wraps in an object with its name."""
    inside = item.get("properties", item.get("Properties"))
    is_group = isinstance(inside, dict) and ("ruleCollection" in inside or "RuleCollection" in inside)
    return inside if is_group and isinstance(inside, dict) else item
