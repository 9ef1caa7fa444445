"""What is attached to subnets and interfaces, and where nobody knows whether something is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from diagramgen.read.record import key_of
from diagramgen.read.resource import type_of
from diagramgen.read.terraform.children import COLLECTIONS
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.made import NET, SUBNET, Index, Made, key_of_entry, listed_subnets, split
from diagramgen.read.terraform.resource import TerraformResource
from diagramgen.read.unknown import is_unknown

_ATTACHED: Mapping[str, tuple[str, str]] = {
    # REST's property: the association, and the attribute of a network's own list that tells of it
    "networkSecurityGroup": ("azurerm_subnet_network_security_group_association", "security_group"),
    "routeTable": ("azurerm_subnet_route_table_association", "route_table_id"),
    "natGateway": ("azurerm_subnet_nat_gateway_association", ""),
}
_NSG = "networkSecurityGroup"
_ATTACHABLE = {SUBNET: tuple(_ATTACHED), NET + "networkinterfaces": (_NSG,)}
_AS_ATTACHED = {NET + "networksecuritygroups": _NSG, NET + "routetables": "routeTable"}
_ON_INTERFACE = "azurerm_network_interface_security_group_association"


def drop_detached(index: Index, touched: Iterable[Instance]) -> None:
    """Takes what a plan's associations once said out of the copies in lists; those that remain say it themselves."""
    detached: dict[str, set[str]] = defaultdict(set)
    for each in touched:
        for name, (association, _) in _ATTACHED.items():
            if each.type == association:
                detached[key_of(str(each.attributes.get("subnet_id")))].add(name)
    for key, one in index.own.items() if detached else ():
        for collection in COLLECTIONS.get(type_of(key), ()):
            _drop_from_copies(one, collection.property, detached)
        attached = _AS_ATTACHED.get(type_of(key))
        users = one.body["properties"].get("subnets")
        if attached and isinstance(users, list):
            kept = [u for u in users if attached not in detached.get(key_of_entry(one.body, "", u), ())]
            one.body["properties"]["subnets"] = kept


def _drop_from_copies(one: Made, name: str, detached: Mapping[str, set[str]]) -> None:
    listed = one.body["properties"].get(name)
    for each in listed if isinstance(listed, list) else ():
        properties = each.get("properties") if isinstance(each, dict) else None
        if isinstance(properties, dict):
            for attached in detached.get(key_of_entry(one.body, name, each), ()):
                properties.pop(attached, None)


def mark_attachments(index: Index, resources: Sequence[TerraformResource]) -> int:
    """Marks what may be attached without the document's knowledge; to how many subnets."""
    for key in (
        index.by_key.keys() - index.known
    ):  # others manage them, and the document has an association alone
        for name in _ATTACHABLE.get(type_of(key), ()):
            index.mark(key, index.by_key[key][0], name)
    if _has_open_end(resources, _ON_INTERFACE, "network_interface_id"):
        for key, one in index.own.items():
            if one.resource.type == "azurerm_network_interface":
                index.mark(key, one, _NSG)
    return _mark_subnets(index, resources)


def _mark_subnets(index: Index, resources: Sequence[TerraformResource]) -> int:
    untold: set[str] = set()
    told_in_lists = _told_in_lists(index)
    for name, (association, attribute) in _ATTACHED.items():
        is_open = _has_open_end(resources, association, "subnet_id")
        for key, one in index.own.items():
            is_managed = one.resource.type == "azurerm_subnet" and one.resource.mode == "managed"
            if not is_managed or index.has(key, name):
                continue
            is_told = (
                one.resource.is_new or (key, attribute) in told_in_lists or index.is_closed(split(key)[0])
            )
            if is_open or not is_told:
                index.mark(key, one, name)
                untold.add(key)
    return len(untold)


def _has_open_end(resources: Iterable[TerraformResource], kind: str, attribute: str) -> bool:
    """Whether an association does not tell what it joins, so that it may be anything."""
    told = (str(each.values.get(attribute)) for each in resources if each.type == kind)
    return any(is_unknown(each) and not each.startswith("/") for each in told)


def _told_in_lists(index: Index) -> set[tuple[str, str]]:
    """(subnet, attribute) of what networks' own lists tell of their subnets, be it that there is none."""
    found = set()
    for one in index.own.values():
        for entry in listed_subnets(one.resource):
            key = f"{one.key}/subnets/{str(entry.get('name')).lower()}"
            found |= {
                (key, name) for name in ("security_group", "route_table_id") if entry.get(name) is not None
            }
    return found
