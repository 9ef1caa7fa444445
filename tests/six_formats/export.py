"""The estate as the portal and `az group export` write a template of it: a parameter for every name, ids as
expressions, children inside their parent and beside it, and nothing that only Azure can set.

https://learn.microsoft.com/azure/azure-resource-manager/templates/export-template-portal
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from six_formats.rest import Json

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
READ_ONLY = {
    "Microsoft.Network/networkSecurityGroups": ("defaultSecurityRules", "subnets", "networkInterfaces"),
    "Microsoft.Network/routeTables": ("subnets",),
    "Microsoft.Network/natGateways": ("subnets",),
    "Microsoft.Network/networkInterfaces": ("virtualMachine", "privateEndpoint"),
    "Microsoft.Network/privateEndpoints": ("networkInterfaces",),
    "Microsoft.Network/firewallPolicies": ("firewalls", "ruleCollectionGroups"),
    "Microsoft.Network/ipGroups": ("firewallPolicies",),
    "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": ("applicationGateways",),
    "Microsoft.Network/connections": ("connectionStatus",),
    "Microsoft.Network/privateDnsZones": ("numberOfVirtualNetworkLinks", "numberOfRecordSets"),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": ("virtualNetworkLinkState",),
}
"""Properties that are no part of a template, by type: https://learn.microsoft.com/azure/templates/microsoft.network/"""
_INSIDE = {
    "Microsoft.Network/azureFirewalls": (("ipConfigurations", "privateIPAddress"),),
    "Microsoft.Network/loadBalancers": (("backendAddressPools", "backendIPConfigurations"),),
}
"""The same, of parts of a resource."""
_OWN = {
    "Microsoft.Network/virtualNetworks": ("subnets", "virtualNetworkPeerings"),
    "Microsoft.Network/networkSecurityGroups": ("securityRules",),
    "Microsoft.Network/routeTables": ("routes",),
    "Microsoft.Network/loadBalancers": ("backendAddressPools",),
}
"""Children that an export repeats as resources of their own."""
_RESOURCES = frozenset((
    *(f"{owner}/{each}" for owner, own in _OWN.items() for each in own),
    "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
))  # fmt: skip
"""Types of children that are resources; all else in an id is a part of one."""


def template(bodies: list[Json]) -> Json:
    """The template of these resources, all of one resource group."""
    tops = [each for each in bodies if each["type"].count("/") == 1 and not _is_made_by_azure(each)]
    parameters = {_parameter(each["id"]): {"defaultValue": each["name"], "type": "String"} for each in tops}
    resources = [made for each in bodies if not _is_made_by_azure(each) for made in _resources(each)]
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "parameters": parameters, "variables": {},
            "resources": resources}  # fmt: skip


def _is_made_by_azure(body: Json) -> bool:
    """Whether Azure makes a resource by itself: the interface of a private endpoint is not exported."""
    return "privateEndpoint" in body["properties"]


def _resources(body: Json) -> Iterator[Json]:
    settable = without_read_only(body)
    yield _resource(settable)
    for collection in _OWN.get(body["type"], ()):
        for child in settable["properties"].get(collection, ()):
            yield _resource(child)


def _resource(body: Json) -> Json:
    told = {key: value for key, value in body.items() if key not in ("id", "name", "type", "properties")}
    properties = with_expressions(body["properties"], expression)
    return {"type": body["type"], "apiVersion": "2024-05-01", "name": _name(body["id"]), **told,
            "dependsOn": sorted(_expressions(properties)), "properties": properties}  # fmt: skip


def without_read_only(body: Json) -> Json:
    """A copy of a body without what nobody can set."""
    hidden = (*READ_ONLY.get(body["type"], ()), "provisioningState")
    properties = {key: _settable(value) for key, value in body["properties"].items() if key not in hidden}
    for collection, name in _INSIDE.get(body["type"], ()):
        for part in properties[collection]:
            part["properties"].pop(name, None)
    return {**body, "properties": properties}


def _settable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _settable(inner) for key, inner in value.items() if key != "provisioningState"}
    return [_settable(each) for each in value] if isinstance(value, list) else value


def with_expressions(value: Any, write: Callable[[str], str]) -> Any:
    """A value with every id as `write` writes it."""
    if isinstance(value, dict):
        return {key: with_expressions(inner, write) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_expressions(each, write) for each in value]
    return write(value) if isinstance(value, str) and value.startswith("/subscriptions/") else value


def expression(rid: str) -> str:
    """An id as an expression: of a part of a resource, that of the resource with the rest behind it."""
    provider, steps, rest = split(rid)
    kind = "/".join([provider, *steps[::2]])
    call = f"resourceId('{kind}', {', '.join([_given(rid), *(repr(each) for each in steps[3::2])])})"
    return f"[concat({call}, '/{'/'.join(rest)}')]" if rest else f"[{call}]"


def split(rid: str) -> tuple[str, list[str], list[str]]:
    """The provider of an id, the steps that lead to a resource, and those within it."""
    provider, *steps = rid.partition("/providers/")[2].split("/")
    end = 4 if "/".join([provider, *steps[:4:2]]) in _RESOURCES else 2
    return provider, steps[:end], steps[end:]


def _name(rid: str) -> str:
    _, steps, _ = split(rid)
    return f"[concat({_given(rid)}, '/{steps[3]}')]" if len(steps) > 2 else f"[{_given(rid)}]"


def _given(rid: str) -> str:
    return f"parameters('{_parameter(rid)}')"


def _parameter(rid: str) -> str:
    """The name of a parameter: `virtualNetworks_vnet_hub_name`."""
    _, (kind, name, *_), _ = split(rid)
    return f"{kind}_{name.replace('-', '_').replace('.', '_')}_name"


def _expressions(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {found for inner in value.values() for found in _expressions(inner)}
    if isinstance(value, list):
        return {found for each in value for found in _expressions(each)}
    return {value} if isinstance(value, str) and value.startswith("[resourceId(") else set()
