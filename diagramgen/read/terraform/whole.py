"""What a document tells in full: collections of children, and what is attached to subnets and interfaces.

One resource of Terraform's is a part of one of Azure's: subnets, rules and associations stand beside what they belong
to, and another state may hold more of them. So after all resources are converted it is decided what may be concluded:

- What a plan creates has the children and attachments that the plan gives it, and no others.
- A network, NSG or route table of a state lists its children as Terraform last saw them; the document's own are added.
  Data sources list no more than the names of subnets.
- A subnet of a state tells nothing of its NSG, route table and NAT gateway. Where there is no association, there is
  none if the network's own list says so, or if the network is managed here and nothing in its list comes from
  elsewhere. Otherwise it is unknown.
- What a plan takes away is taken out of the lists, which Terraform does not change while planning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from diagramgen.read.record import key_of
from diagramgen.read.resource import type_of
from diagramgen.read.terraform.attributes import mark_of
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.neighbours import Neighbours
from diagramgen.read.terraform.plan import Side
from diagramgen.read.terraform.resource import TerraformResource
from diagramgen.read.unknown import is_unknown

_NET = "microsoft.network/"
_VNET = _NET + "virtualnetworks"
_SUBNET = _VNET + "/subnets"


class Made(NamedTuple):
    """A resource of Azure's in REST's shape, and the instance that it was made from."""

    resource: TerraformResource
    body: dict[str, Any]

    @property
    def key(self) -> str:
        return key_of(self.body["id"])


class _Collection(NamedTuple):
    """Children of one kind: REST's property, and the attribute that lists them."""

    property: str
    attribute: str


_COLLECTIONS: Mapping[str, tuple[_Collection, ...]] = {
    _VNET: (
        _Collection("subnets", "subnet"),
        _Collection("virtualNetworkPeerings", "vnet_peerings"),
    ),
    _NET + "networksecuritygroups": (_Collection("securityRules", "security_rule"),),
    _NET + "routetables": (_Collection("routes", "route"),),
}
_ATTACHED: Mapping[str, tuple[str, str]] = {
    # REST's property: the association, and the attribute of a network's own list that tells of it
    "networkSecurityGroup": ("azurerm_subnet_network_security_group_association", "security_group"),
    "routeTable": ("azurerm_subnet_route_table_association", "route_table_id"),
    "natGateway": ("azurerm_subnet_nat_gateway_association", ""),
}
_ATTACHABLE = {_SUBNET: tuple(_ATTACHED), _NET + "networkinterfaces": ("networkSecurityGroup",)}
_AS_ATTACHED = {_NET + "networksecuritygroups": "networkSecurityGroup", _NET + "routetables": "routeTable"}
_ON_INTERFACE = "azurerm_network_interface_security_group_association"


def complete(
    made: list[Made],
    resources: Iterable[TerraformResource],
    side: Side,
    is_configured: Callable[[TerraformResource, str], bool],
    neighbours: Neighbours,
) -> int:
    """Completes the bodies in place; how many subnets there are of which attachments are not known.

    `is_configured` tells whether an expression gives an attribute.
    """
    whole = _Whole(made, tuple(resources), is_configured, neighbours)
    whole.take_away(side.gone, side.touched)
    whole.fill_collections()
    whole.mark_parts()
    whole.attach_to_interfaces()
    return whole.attach_to_subnets()


class _Whole:
    def __init__(
        self,
        made: list[Made],
        resources: tuple[TerraformResource, ...],
        is_configured: Callable[[TerraformResource, str], bool],
        neighbours: Neighbours,
    ) -> None:
        self.resources = resources
        self.neighbours = neighbours
        self.is_configured = is_configured
        self.by_key: dict[str, list[Made]] = defaultdict(list)
        for one in made:
            self.by_key[one.key].append(one)
        self.own = {key: found for key, all_of in self.by_key.items() if (found := _own(all_of)) is not None}
        self.children: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.strays: set[str] = set()
        self.strangers: dict[str, bool] = {}
        self.gone: set[str] = set()
        self.subnets_of: dict[str, set[str]] = defaultdict(set)
        self.known = self.own.keys() | neighbours.keys
        for key in self.known:
            parent, segment, _ = _split(key)
            if segment == "subnets":
                self.subnets_of[parent].add(key)
        for key, one in self.own.items():
            parent, segment, _ = _split(key)
            self.children[(parent, segment)][key] = str(one.body["id"])
            if parent not in self.by_key and is_unknown(parent.rpartition("/")[2]):
                self.strays.add(type_of(key))

    # What a plan takes away

    def take_away(self, gone: Iterable[Instance], touched: Iterable[Instance]) -> None:
        """Takes what is gone out of lists, and what associations once said out of the copies in networks' lists."""
        lost = {key_of(told) for each in gone if isinstance(told := each.attributes.get("id"), str)}
        self.gone = lost = lost - self.own.keys()
        detached: dict[str, set[str]] = defaultdict(set)
        for each in touched:
            for name, (association, _) in _ATTACHED.items():
                if each.type == association:
                    detached[key_of(str(each.attributes.get("subnet_id")))].add(name)
        if not lost and not detached:
            return
        for key, one in self.own.items():
            for collection in _COLLECTIONS.get(type_of(key), ()):
                self._take_from(one.body, collection.property, lost, detached)
            attached = _AS_ATTACHED.get(type_of(key))
            users = one.body["properties"].get("subnets")
            if attached and isinstance(users, list):
                one.body["properties"]["subnets"] = [
                    each
                    for each in users
                    if attached not in detached.get(_key_of_entry(one.body, "", each), ())
                ]

    @staticmethod
    def _take_from(body: dict[str, Any], name: str, lost: set[str], detached: Mapping[str, set[str]]) -> None:
        listed = body["properties"].get(name)
        if not isinstance(listed, list):
            return
        body["properties"][name] = [each for each in listed if _key_of_entry(body, name, each) not in lost]
        for each in body["properties"][name]:
            properties = each.get("properties") if isinstance(each, dict) else None
            if isinstance(properties, dict):
                for attached in detached.get(_key_of_entry(body, name, each), ()):
                    properties.pop(attached, None)

    # Children

    def fill_collections(self) -> None:
        """Lists the children that the document holds; says so where there may be others."""
        for key, one in self.own.items():
            for collection in _COLLECTIONS.get(type_of(key), ()):
                self._fill(key, one, collection)

    def _fill(self, key: str, one: Made, collection: _Collection) -> None:
        properties, name = one.body["properties"], collection.property
        children = self.children.get((key, name.lower()), {})
        listed = properties.get(name)
        if not isinstance(listed, list):
            if not self._is_empty_list(one.resource, collection, f"{type_of(key)}/{name.lower()}"):
                properties[name] = mark_of(one.resource.address, collection.attribute)
                return
            listed = []
        entries = {_key_of_entry(one.body, name, each): each for each in listed}
        if name != "subnets":  # a network's copy of a subnet tells what is attached to it
            entries |= {
                child: {"id": entries[child].get("id") or children[child]}
                for child in entries.keys() & children
            }
        entries |= {child: {"id": shown} for child, shown in children.items() if child not in entries}
        properties[name] = list(entries.values())
        if one.resource.mode == "data" and any(
            child not in self.known and not each.get("properties")
            for child, each in entries.items()
            if isinstance(each, dict)
        ):
            properties[name].append(mark_of(one.resource.address, collection.attribute))  # no more than names

    def _is_empty_list(self, resource: TerraformResource, collection: _Collection, child_type: str) -> bool:
        """Whether a resource without a list has no children but the document's own."""
        if resource.mode == "data" or child_type in self.strays:
            return False
        if collection.attribute == "vnet_peerings":
            return self._is_closed(key_of(str(resource.values.get("id"))))
        if resource.is_new:
            told = resource.values.get(collection.attribute)
            return not (told and (not is_unknown(told) or self.is_configured(resource, collection.attribute)))
        return not resource.values.get(collection.attribute)

    # Attachments

    def mark_parts(self) -> None:
        """Marks what is not told of networks, rules' owners and subnets of which the document tells only some things,
        such as an association with a subnet that another state manages."""
        for key in self.by_key.keys() - self.own.keys() - self.neighbours.keys:
            one, kind = self.by_key[key][0], type_of(key)
            for collection in _COLLECTIONS.get(kind, ()):
                self._mark(key, one, collection.property, mark_of(one.resource.address, collection.property))
            for name in _ATTACHABLE.get(kind, ()):
                self._mark(key, one, name, mark_of(one.resource.address, name))

    def _mark(self, key: str, one: Made, name: str, untold: str) -> None:
        """Says that nobody knows of a property, be it that there is none."""
        if not self._has(key, name):
            one.body["properties"][name] = untold

    def attach_to_subnets(self) -> int:
        """Marks what may be attached to subnets without the document's knowledge; how many of them."""
        untold: set[str] = set()
        told_in_lists = self._told_in_lists()
        for name, (association, attribute) in _ATTACHED.items():
            is_open = self._has_open_end(association, "subnet_id")
            for key, one in self.own.items():
                if (
                    one.resource.type != "azurerm_subnet"
                    or one.resource.mode == "data"
                    or self._has(key, name)
                ):
                    continue
                if not is_open and (
                    one.resource.is_new
                    or (key, attribute) in told_in_lists
                    or self._is_closed(_split(key)[0])
                ):
                    continue
                self._mark(key, one, name, mark_of(one.resource.address, name))
                untold.add(key)
        return len(untold)

    def attach_to_interfaces(self) -> None:
        """Marks interfaces as having an unknown NSG where an association does not tell which it joins."""
        name = "networkSecurityGroup"
        if self._has_open_end(_ON_INTERFACE, "network_interface_id"):
            for key, one in self.own.items():
                if one.resource.type == "azurerm_network_interface":
                    self._mark(key, one, name, mark_of(one.resource.address, name))

    def _has(self, key: str, name: str) -> bool:
        return any(one.body["properties"].get(name) for one in self.by_key[key])

    def _has_open_end(self, kind: str, attribute: str) -> bool:
        return any(each.type == kind and is_unknown(each.values.get(attribute)) and
                   not str(each.values.get(attribute)).startswith("/") for each in self.resources)  # fmt: skip

    def _told_in_lists(self) -> set[tuple[str, str]]:
        """(subnet, attribute) of what networks' own lists tell of their subnets, be it that there is none."""
        found = set()
        for one in self.own.values():
            for entry in _blocks(one.resource, "subnet"):
                key = f"{one.key}/subnets/{str(entry.get('name')).lower()}"
                found |= {
                    (key, name)
                    for name in ("security_group", "route_table_id")
                    if entry.get(name) is not None
                }
        return found

    def _is_closed(self, network: str) -> bool:
        """Whether a network is managed here, and shows nothing that comes from elsewhere."""
        one = self.own.get(network)
        if one is None or one.resource.mode == "data":
            listed = self.neighbours.listed.get(network)
            return listed is not None and not self._has_strangers(network, listed)
        return one.resource.is_new or not self._has_strangers(network, _blocks(one.resource, "subnet"))

    def _has_strangers(self, network: str, listed: Iterable[Mapping[str, Any]]) -> bool:
        """Whether a network's own list has subnets of others beside ours, or ours with what others attached."""
        if network not in self.strangers:
            self.strangers[network] = self._find_strangers(network, listed)
        return self.strangers[network]

    def _find_strangers(self, network: str, listed: Iterable[Mapping[str, Any]]) -> bool:
        managed = self.subnets_of.get(network, ())
        for entry in listed:
            key = f"{network}/subnets/{str(entry.get('name')).lower()}"
            if managed and key not in managed and key not in self.gone:
                return True
            for name in ("security_group", "route_table_id"):
                told = entry.get(name)
                if isinstance(told, str) and told and key_of(told) not in self.known:
                    return True
        return False


def _own(all_of: list[Made]) -> Made | None:
    """The body of a resource itself among those of what says something of it; managed before looked up."""
    found = [one for one in all_of if key_of(str(one.resource.values.get("id"))) == one.key]
    found = [one for one in found if not one.resource.type.endswith("_association")]
    return min(found, key=lambda one: one.resource.mode == "data", default=None)


def _split(key: str) -> tuple[str, str, str]:
    """The parent's id, the segment and the name of a child's id."""
    steps = key.rsplit("/", 2)
    return (steps[0], steps[1], steps[2]) if len(steps) == 3 else ("", "", key)


def _key_of_entry(body: Mapping[str, Any], collection: str, entry: Any) -> str:
    """The id of an entry of a collection, which may have no more than a name."""
    if not isinstance(entry, dict):
        return str(entry)
    told = entry.get("id") or f"{body['id']}/{collection}/{entry.get('name')}"
    return key_of(str(told))


def _blocks(resource: TerraformResource, attribute: str) -> list[Mapping[str, Any]]:
    if resource.type != "azurerm_virtual_network":
        return []
    told = resource.values.get(attribute)
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
