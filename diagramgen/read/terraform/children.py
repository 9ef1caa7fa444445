"""The children of networks, NSGs and route tables: their lists, completed from the whole document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from diagramgen.read.record import key_of
from diagramgen.read.resource import type_of
from diagramgen.read.terraform.made import NET, VNET, Index, Made, key_of_entry
from diagramgen.read.terraform.marks import mark_of
from diagramgen.read.terraform.resource import TerraformResource
from diagramgen.read.unknown import is_unknown

IsConfigured = Callable[[TerraformResource, str], bool]


class Collection(NamedTuple):
    """Children of one kind: REST's property, and the attribute that lists them."""

    property: str
    attribute: str


COLLECTIONS: Mapping[str, tuple[Collection, ...]] = {
    VNET: (Collection("subnets", "subnet"), Collection("virtualNetworkPeerings", "vnet_peerings")),
    NET + "networksecuritygroups": (Collection("securityRules", "security_rule"),),
    NET + "routetables": (Collection("routes", "route"),),
}
"""By the owner's type."""


def drop_gone(index: Index) -> None:
    """Takes what a plan takes away out of the lists of its owners."""
    for key, one in index.own.items() if index.gone else ():
        for collection in COLLECTIONS.get(type_of(key), ()):
            properties, name = one.body["properties"], collection.property
            if isinstance(listed := properties.get(name), list):
                properties[name] = [e for e in listed if key_of_entry(one.body, name, e) not in index.gone]


def fill_collections(index: Index, is_configured: IsConfigured) -> None:
    """Lists the children that the document holds; says so where there may be others."""
    for key, one in index.own.items():
        for collection in COLLECTIONS.get(type_of(key), ()):
            _fill(index, key, one, collection, is_configured)
    for key in index.by_key.keys() - index.known:
        for collection in COLLECTIONS.get(type_of(key), ()):
            index.mark(key, index.by_key[key][0], collection.property)


def _fill(index: Index, key: str, one: Made, collection: Collection, is_configured: IsConfigured) -> None:
    properties, name = one.body["properties"], collection.property
    untold = mark_of(one.resource.address, collection.attribute)
    children = index.children.get((key, name.lower()), {})
    listed = properties.get(name)
    if not isinstance(listed, list):
        if not _is_empty(index, key, one.resource, collection, is_configured):
            properties[name] = untold
            return
        listed = []
    entries = {key_of_entry(one.body, name, each): each for each in listed}
    if name != "subnets":  # a network's copy of a subnet tells what is attached to it
        for child in entries.keys() & children:
            entries[child] = {"id": entries[child].get("id") or children[child]}
    entries |= {child: {"id": shown} for child, shown in children.items() if child not in entries}
    properties[name] = list(entries.values())
    names_alone = (
        child
        for child, each in entries.items()
        if isinstance(each, dict) and not each.get("properties") and child not in index.known
    )
    if one.resource.mode == "data" and any(names_alone):
        properties[name].append(untold)


def _is_empty(
    index: Index, key: str, resource: TerraformResource, collection: Collection, is_configured: IsConfigured
) -> bool:
    """Whether a resource without a list has no children but the document's own."""
    if resource.mode == "data" or f"{type_of(key)}/{collection.property.lower()}" in index.strays:
        return False
    if collection.attribute == "vnet_peerings":
        return index.is_closed(key_of(str(resource.values.get("id"))))
    told = resource.values.get(collection.attribute)
    if resource.is_new and is_unknown(told):
        return not is_configured(resource, collection.attribute)
    return not told
