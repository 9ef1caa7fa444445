"""What each thing of an estate is called in its spec.

Names are those of Azure. Where two of one collection share a name, what tells them apart stands in brackets behind
it: the resource group, the subscription, the type, or a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from diagramgen.author.groups import group_of, spelled_groups
from diagramgen.author.places import MANAGER, SUBSCRIPTION, UNNAMED, Thing, clean
from diagramgen.model.kinds import KINDS
from diagramgen.model.references import subscription_of
from diagramgen.model.topology import Resource, Topology


def name_all(things: Iterable[Thing], topology: Topology) -> None:
    """A name for each, one of its kind in its collection whatever its case."""
    siblings: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing in things:
        siblings[(thing.parent.id if thing.parent else "", thing.collection)].append(thing)
    for group in siblings.values():
        _name_group(group, topology)


def _name_group(group: list[Thing], topology: Topology) -> None:
    alike: dict[str, list[Thing]] = defaultdict(list)
    for thing in group:
        thing.name = _own_name(thing)
        alike[thing.name.lower()].append(thing)
    taken = set(alike)
    for same in alike.values():
        if len(same) == 1:
            continue
        names = next(
            (found for found in _distinctions(same, topology)
             if len({n.lower() for n in found}) == len(found) and not taken & {n.lower() for n in found}),
            None,
        )  # fmt: skip
        for thing, name in zip(same, names or _numbered(same, taken), strict=True):
            thing.name = name
            taken.add(name.lower())


def _own_name(thing: Thing) -> str:
    resource = thing.resource
    if thing.collection in UNNAMED:
        return "Network manager" if resource.type == MANAGER else _word(resource)
    return clean(resource.label if resource.type == SUBSCRIPTION else resource.name)


def _distinctions(same: list[Thing], topology: Topology) -> Iterator[list[str]]:
    """Names with what may tell things of one name apart, the shortest first."""
    spelled = spelled_groups(topology.resources.values())
    groups = [clean(group) if (group := group_of(thing.resource, spelled)) else "" for thing in same]
    frames = [_subscription(thing.resource, topology) for thing in same]
    words = [_word(thing.resource) for thing in same]
    for marks in (groups, frames, words, *map(_joined, ((groups, frames), (groups, frames, words)))):
        if all(marks):
            yield [f"{thing.name} ({mark})" for thing, mark in zip(same, marks, strict=True)]


def _joined(columns: tuple[list[str], ...]) -> list[str]:
    return [", ".join(filter(None, row)) for row in zip(*columns, strict=True)]


def _numbered(same: list[Thing], taken: set[str]) -> Iterator[str]:
    number = 1
    for thing in same:
        while (name := f"{thing.name} {number}").lower() in taken:
            number += 1
        number += 1
        yield name


def _subscription(resource: Resource, topology: Topology) -> str:
    found = topology.resources.get(subscription_of(resource.id))
    return clean(found.label) if found is not None else ""


def _word(resource: Resource) -> str:
    kind = KINDS.get(resource.type)
    return kind.label if kind is not None else resource.type.rpartition("/")[2]
