"""What `az ... list` and `az ... show` print -> REST's shape.

The command line tool lifts everything out of `properties`, at every level, adds `resourceGroup` beside each
id and, in older versions, prints null for what is absent. Here it is nested again. A nested object gets its
`properties` back where REST has them: where it has an id and a name of its own, or is in one of the
collections listed here.
"""

from __future__ import annotations

import re
from typing import Any

from diagramgen.read.documents import Json

_ENVELOPE = frozenset(
    {
        *("id", "name", "type", "location", "tags", "etag", "zones", "sku", "kind", "identity", "plan"),
        *("managedBy", "extendedLocation", "resourceGroup", "subscriptionId", "tenantId", "systemData"),
        *("resources", "children"),
    }
)
_SUB_ENVELOPE = frozenset({"id", "name", "type", "etag", "zones"})
_SKU_INSIDE = frozenset(
    {
        "microsoft.network/applicationgateways",
        "microsoft.network/azurefirewalls",
        "microsoft.network/firewallpolicies",
        "microsoft.network/virtualhubs",
        "microsoft.network/virtualnetworkgateways",
    }
)
_SUB_RESOURCES = frozenset(
    {
        "delegations",
        "ipconfigurations",
        "loadbalancerbackendaddresses",
        "manualprivatelinkserviceconnections",
        "networkinterfaceconfigurations",
        "networkinterfaces",
        "privatednszoneconfigs",
        "privateendpointconnections",
        "privatelinkserviceconnections",
        "publicipaddressconfiguration",
    }
)
_RENAMED = {"typePropertiesType": "type", "networkRuleSet": "networkAcls"}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def nest(flat: dict[str, Any], kind: str) -> dict[str, Any]:
    """The flattened resource of this type (lower case) in REST's shape.

    >>> nest({"id": "/x", "name": "v", "addressSpace": {}}, "microsoft.network/virtualnetworks")
    {'id': '/x', 'name': 'v', 'properties': {'addressSpace': {}}}
    """
    is_network = kind.startswith("microsoft.network/")
    outside: dict[str, Any] = {}
    inside: dict[str, Any] = {}
    for key, value in flat.items():
        if value is None:
            continue
        if key in _ENVELOPE and not (key == "sku" and kind in _SKU_INSIDE):
            outside[key] = value
        else:
            inside[_RENAMED.get(key, key)] = _nest_value(value, key, is_network)
    outside["properties"] = inside
    return outside


def is_bare_id(value: Json) -> bool:
    """Whether this is the id of a subscription, a tenant or a manager's scope alone: a GUID."""
    return isinstance(value, str) and _GUID.fullmatch(value) is not None


def is_account(row: Json) -> bool:
    """Whether this is a row of `az account list`, whose id is the bare id of the subscription."""
    return (
        isinstance(row, dict)
        and is_bare_id(row.get("id"))
        and "tenantId" in row
        and bool(row.keys() & {"isDefault", "state", "cloudName", "environmentName"})
    )


def subscription_of(account: dict[str, Any]) -> dict[str, Any]:
    """The subscription that a row of `az account list` tells of, in REST's shape."""
    return {
        "id": f"/subscriptions/{account['id']}",
        "name": account.get("name"),
        "type": "Microsoft.Resources/subscriptions",
        "tenantId": account["tenantId"],
        "properties": {"state": account.get("state", "")},
    }


def _nest_value(value: Json, key: str, is_network: bool) -> Json:
    if isinstance(value, list):
        return [_nest_value(item, key, is_network) for item in value]
    if not isinstance(value, dict):
        return value
    has_id = "id" in value
    members = {
        name: _nest_value(inner, name, is_network)
        for name, inner in value.items()
        if inner is not None and not (has_id and name == "resourceGroup")
    }
    is_sub_resource = key.lower() in _SUB_RESOURCES or (is_network and has_id and "name" in members)
    if not is_sub_resource or "properties" in members:
        return members
    inside = {name: inner for name, inner in members.items() if name not in _SUB_ENVELOPE}
    outside = {name: inner for name, inner in members.items() if name in _SUB_ENVELOPE}
    return {**outside, "properties": inside} if inside else outside
