"""REST's bodies in the envelopes of other exports: Resource Graph rows, `az` lists, PowerShell's resources.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
https://learn.microsoft.com/cli/azure/network
https://learn.microsoft.com/powershell/module/az.resources/get-azresource
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from six_formats import network as n
from six_formats.rest import Json

_APART = ("rulecollectiongroups", "privatednszonegroups")
"""Children that are no rows of Resource Graph's table `resources`."""
_ROW = {
    "kind": "", "managedBy": "", "sku": None, "plan": None, "tags": None, "identity": None, "zones": None,
    "extendedLocation": None, "location": "",
}  # fmt: skip
_AZ_RENAMED = {"networkAcls": "networkRuleSet"}
_AZ_NULLS = ("tags", "zones", "identity", "extendedLocation")


def graph_answers(bodies: list[Json], subscriptions: tuple[str, ...]) -> Mapping[str, Json]:
    """What `az graph query` prints: subscriptions and resources; and what the API lists, children that have no row."""
    containers = [
        {**_ROW, "id": f"/subscriptions/{each}", "name": f"sub-{each[0]}", "tenantId": n.TENANT, "resourceGroup": "",
         "type": "microsoft.resources/subscriptions", "subscriptionId": each, "properties": {"state": "Enabled"}}
        for each in subscriptions
    ]  # fmt: skip
    return {
        "containers": _answer(containers),
        "resources": _answer([_row(each) for each in bodies if not _is_apart(each)]),
        "below": {"value": [each for each in bodies if _is_apart(each)]},
    }


def _is_apart(body: Json) -> bool:
    return str(body["type"]).lower().endswith(_APART)


def _answer(rows: list[Json]) -> Json:
    return {"count": len(rows), "data": rows, "skip_token": None, "total_records": len(rows)}


def _row(body: Json) -> Json:
    steps = body["id"].split("/")
    return {
        **_ROW, **copy.deepcopy(body), "type": body["type"].lower(), "tenantId": n.TENANT,
        "subscriptionId": steps[2], "resourceGroup": steps[4].lower(),
    }  # fmt: skip


def az_lists(bodies: list[Json]) -> Mapping[str, list[Json]]:
    """What `az ... list -o json` prints, a file a type: no `properties` at any level, and groups beside ids."""
    found: dict[str, list[Json]] = {}
    for body in bodies:
        name = body["type"].replace("/", "-")
        found.setdefault(name, []).append({**dict.fromkeys(_AZ_NULLS), **_flat(body)})
    return found


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return [_flat(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {_AZ_RENAMED.get(key, key): _flat(inner) for key, inner in value.items() if key != "properties"}
    if "properties" in value:
        told |= _flat(value["properties"])
    if "virtualNetworkRules" in told:
        told["virtualNetworkRules"] = [
            {"virtualNetworkResourceId": each.pop("id"), **each} for each in told["virtualNetworkRules"]
        ]
    steps = str(told.get("id", "")).split("/")
    return {**told, "resourceGroup": steps[4]} if len(steps) > 4 else told


def powershell_resources(bodies: list[Json]) -> list[Json]:
    """What `Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100` gives, children in `resources` as PSRule's
    `Export-AzRuleData` adds them."""
    tops = [_resource(each) for each in bodies if not _is_apart(each)]
    for child in filter(_is_apart, bodies):
        owner = child["id"].rsplit("/", 2)[0]
        (above,) = [each for each in tops if each["ResourceId"] == owner]
        above.setdefault("resources", []).append(_resource(child))
    return tops


def _resource(body: Json) -> Json:
    steps = body["id"].split("/")
    sku = body.get("sku")
    return {
        "ResourceId": body["id"], "Id": body["id"], "Identity": None, "Kind": body.get("kind"),
        "Location": body.get("location"), "ManagedBy": None, "ResourceName": body["name"], "Name": body["name"],
        "ExtensionResourceName": None, "ParentResource": None, "Plan": None,
        "Properties": copy.deepcopy(body["properties"]), "ResourceGroupName": steps[4], "Type": body["type"],
        "ResourceType": body["type"], "ExtensionResourceType": None,
        "Sku": sku and {key.capitalize(): each for key, each in sku.items()}, "Tags": None, "TagsTable": None,
        "SubscriptionId": steps[2], "CreatedTime": None, "ChangedTime": None, "ETag": None,
    }  # fmt: skip
