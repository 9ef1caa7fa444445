"""The Azure id of a resource that does not exist yet, from its own attributes."""

from __future__ import annotations

from diagramgen.read.resource import is_resource_id
from diagramgen.read.terraform.azurerm.azure_types import KINDS
from diagramgen.read.terraform.azurerm.values import first_of, text
from diagramgen.read.terraform.resource import Lookup, TerraformResource
from diagramgen.read.unknown import RESOURCE_GROUP, unknown

_MANAGEMENT_GROUPS = "/providers/Microsoft.Management/managementGroups/"
_NAMES = {
    "azurerm_express_route_circuit_peering": ("peering_type",),
    "azurerm_management_group": ("name", "group_id"),
}
"""The attributes that may hold a resource's name, where `name` is not it."""


def make_id(resource: TerraformResource, lookup: Lookup) -> str:
    """The Azure id of a planned resource; "" for what is no Azure resource of its own, such as an association.

    What is not known stays visible in it: `/subscriptions/{subscription}/resourceGroups/rg/providers/...`.
    """
    kind = KINDS.get(resource.type)
    if kind is None:
        return ""
    match resource.type:
        case "azurerm_subscription":
            return f"/subscriptions/{_told(resource, 'subscription_id')}"
        case "azurerm_resource_group":
            return f"{_subscription(resource, lookup)}/resourceGroups/{_told(resource, 'name')}"
        case "azurerm_management_group":
            return _MANAGEMENT_GROUPS + _name(resource)
        case "azurerm_network_security_perimeter_association":
            profile = _told(resource, "network_security_perimeter_profile_id")
            perimeter = profile.rpartition("/profiles/")[0]
            return _below(resource, lookup, perimeter or profile, kind.azure, _name(resource))
        case "azurerm_network_manager_deployment":
            manager = _told(resource, "network_manager_id")
            name = f"{_told(resource, 'scope_access')}-{_told(resource, 'location')}"
            return _below(resource, lookup, manager, kind.azure, name.replace(" ", ""))
    for parents in kind.parents.split("|"):
        if parents.endswith("_id") and first_of(resource.values, parents) is not None:
            return _below(resource, lookup, _told(resource, parents), kind.azure, _name(resource))
    return _by_names(resource, lookup)


def _by_names(resource: TerraformResource, lookup: Lookup) -> str:
    """The id of a resource of a resource group, or of a child whose attributes name its parents."""
    kind = KINDS[resource.type]
    alternatives = kind.parents.split("|")
    named = next((each for each in alternatives if not each.endswith("_id")), alternatives[0])
    names = [_told(resource, attribute) for attribute in filter(None, named.split("/"))]
    provider, *types = kind.azure.split("/")
    steps = [f"{step}/{name}" for step, name in zip(types, [*names, _name(resource)], strict=False)]
    return "/".join([group_prefix(resource, lookup), "providers", provider, *steps])


def _below(resource: TerraformResource, lookup: Lookup, parent: str, azure: str, name: str) -> str:
    """The id of a child by the id of its parent; a parent that is not told becomes the name in a parent's id."""
    if not is_resource_id(parent):
        provider, *types = azure.split("/")
        steps = [f"{step}/{parent}" for step in types[:-1]]
        parent = "/".join([group_prefix(resource, lookup), "providers", provider, *steps])
    return f"{parent.rstrip('/')}/{azure.rpartition('/')[2]}/{name}"


def group_prefix(resource: TerraformResource, lookup: Lookup) -> str:
    """The id of the resource group that a resource names."""
    group = text(first_of(resource.values, "resource_group_name")) or RESOURCE_GROUP
    return f"{_subscription(resource, lookup)}/resourceGroups/{group}"


def _subscription(resource: TerraformResource, lookup: Lookup) -> str:
    return f"/subscriptions/{lookup.subscription_of(resource)}"


def _name(resource: TerraformResource) -> str:
    return _told(resource, *_NAMES.get(resource.type, ("name",)))


def _told(resource: TerraformResource, *attributes: str) -> str:
    """The text of the first of these attributes that is set; where none is, what stands for it."""
    found = first_of(resource.values, *attributes)
    return str(found) if isinstance(found, str | int) else unknown(f"{resource.address}.{attributes[0]}")
