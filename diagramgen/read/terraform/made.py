"""The Azure resources that a document makes, and how they stand to each other and to other documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from diagramgen.read.record import key_of
from diagramgen.read.resource import type_of
from diagramgen.read.terraform.marks import mark_of
from diagramgen.read.terraform.neighbours import Neighbours
from diagramgen.read.terraform.resource import TerraformResource
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"


class Made(NamedTuple):
    """A resource of Azure's in REST's shape, and the instance that it was made from."""

    resource: TerraformResource
    body: dict[str, Any]

    @property
    def key(self) -> str:
        """The id as records are known by."""
        return key_of(self.body["id"])


class Index:
    """What a document makes, by id. `own` has the bodies of resources themselves, without what associations and other
    parts say of them; `children` the ids of own resources by parent and segment; `strays` the types of those whose
    parent is not known. `gone` is what a plan takes away."""

    def __init__(self, made: list[Made], neighbours: Neighbours) -> None:
        self.neighbours = neighbours
        self.gone: set[str] = set()
        self.by_key: dict[str, list[Made]] = defaultdict(list)
        for one in made:
            self.by_key[one.key].append(one)
        self.own = {key: found for key, all_of in self.by_key.items() if (found := _own(all_of)) is not None}
        self.known = self.own.keys() | neighbours.keys
        self.children: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.strays: set[str] = set()
        for key, one in self.own.items():
            parent, segment = split(key)
            self.children[(parent, segment)][key] = str(one.body["id"])
            if parent not in self.by_key and is_unknown(parent.rpartition("/")[2]):
                self.strays.add(type_of(key))
        self._subnets_of: dict[str, set[str]] = defaultdict(set)
        for key in self.known:
            parent, segment = split(key)
            if segment == "subnets":
                self._subnets_of[parent].add(key)
        self._strangers: dict[str, bool] = {}

    def mark(self, key: str, one: Made, name: str) -> None:
        """Says that nobody knows of a property, be it that there is none."""
        if not self.has(key, name):
            one.body["properties"][name] = mark_of(one.resource.address, name)

    def has(self, key: str, name: str) -> bool:
        """Whether anything tells of a property of the resource with this id."""
        return any(one.body["properties"].get(name) for one in self.by_key[key])

    def is_closed(self, network: str) -> bool:
        """Whether a network is managed here, and shows nothing that comes from elsewhere."""
        one = self.own.get(network)
        if one is None or one.resource.mode == "data":
            listed = self.neighbours.listed.get(network)
            return listed is not None and not self._has_strangers(network, listed)
        return one.resource.is_new or not self._has_strangers(network, listed_subnets(one.resource))

    def _has_strangers(self, network: str, listed: Iterable[Mapping[str, Any]]) -> bool:
        """Whether a network's own list has subnets of others beside ours, or ours with what others attached."""
        if network not in self._strangers:
            self._strangers[network] = self._find_strangers(network, listed)
        return self._strangers[network]

    def _find_strangers(self, network: str, listed: Iterable[Mapping[str, Any]]) -> bool:
        managed = self._subnets_of.get(network, ())
        for entry in listed:
            key = f"{network}/subnets/{str(entry.get('name')).lower()}"
            if managed and key not in managed and key not in self.gone:
                return True
            for name in ("security_group", "route_table_id"):
                told = entry.get(name)
                if isinstance(told, str) and told and key_of(told) not in self.known:
                    return True
        return False


def split(key: str) -> tuple[str, str]:
    """The parent's id and the segment of a child's id."""
    steps = key.rsplit("/", 2)
    return (steps[0], steps[1]) if len(steps) == 3 else ("", "")


def key_of_entry(body: Mapping[str, Any], collection: str, entry: Any) -> str:
    """The id of an entry of a collection, which may have no more than a name."""
    if not isinstance(entry, dict):
        return str(entry)
    told = entry.get("id") or f"{body['id']}/{collection}/{entry.get('name')}"
    return key_of(str(told))


def listed_subnets(resource: TerraformResource) -> list[Mapping[str, Any]]:
    """The subnets that a network lists of itself, with azurerm's attributes."""
    told = resource.values.get("subnet") if resource.type == "azurerm_virtual_network" else None
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []


def _own(all_of: list[Made]) -> Made | None:
    """The body of a resource itself among those of what says something of it; managed before looked up."""
    found = [one for one in all_of if key_of(str(one.resource.values.get("id"))) == one.key]
    found = [one for one in found if not one.resource.type.endswith("_association")]
    return min(found, key=lambda one: one.resource.mode == "data", default=None)
