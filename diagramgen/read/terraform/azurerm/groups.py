"""What holds resources: management groups, subscriptions, resource groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.terraform.azurerm.azure_types import azure_type
from diagramgen.read.terraform.azurerm.shape import rest
from diagramgen.read.terraform.azurerm.values import Json, blocks, first_of, listed, ref, text
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource


def _resource_group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    yield rest(resource, lookup, {})


def _subscription(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A subscription by its GUID: the id of the managed resource is that of an alias."""
    values = resource.values
    named = text(first_of(values, "subscription_id"))
    azure_id = f"/subscriptions/{named}" if named else lookup.id_of(resource)
    title = text(first_of(values, "display_name", "subscription_name"))
    yield from _titled(azure_id, title)


def _subscriptions(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    for each in blocks(resource.values.get("subscriptions")):
        guid = text(each.get("subscription_id"))
        if guid:
            yield from _titled(f"/subscriptions/{guid}", text(each.get("display_name")))


def _titled(azure_id: str, title: str) -> Iterator[Json]:
    properties = {"displayName": title} if title else {}
    name = title or azure_id.rpartition("/")[2]
    yield {"id": azure_id, "name": name, "type": azure_type("azurerm_subscription"), "properties": properties}


def _management_group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A management group, and for the subscriptions that it lists, that they are in it."""
    values = resource.values
    group = rest(resource, lookup, {})
    title = text(first_of(values, "display_name"))
    if title:
        group["properties"]["displayName"] = group["name"] = title
    above = ref(values.get("parent_management_group_id"))
    if above:
        group["properties"]["details"] = {"parent": above}
    yield group
    for guid in listed(values.get("subscription_ids")):
        yield from _member(f"/subscriptions/{guid}", group["id"])


def _association(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    group = text(values.get("management_group_id"))
    if group:
        yield from _member(values.get("subscription_id"), group)


def _member(subscription: object, group: str) -> Iterator[Json]:
    """A subscription as Resource Graph tells of it: with the names of the groups above it, nearest first."""
    azure_id = text(subscription)
    if azure_id.startswith("/subscriptions/"):
        chain = [{"name": group.rstrip("/").rpartition("/")[2]}]
        yield {
            "id": azure_id,
            "name": azure_id.rpartition("/")[2],
            "type": azure_type("azurerm_subscription"),
            "properties": {"managementGroupAncestorsChain": chain},
        }


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_resource_group": _resource_group,
    "azurerm_subscription": _subscription,
    "azurerm_subscriptions": _subscriptions,
    "azurerm_management_group": _management_group,
    "azurerm_management_group_subscription_association": _association,
}
