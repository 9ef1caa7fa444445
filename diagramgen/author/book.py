"""The book that is being written: every thing with its entry, and the names by which entries refer to things.

A reference is the shortest name that means one thing alone to the reader of the spec, who is asked: the reader's own
table of names is made from the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from diagramgen.author.estate import Estate
from diagramgen.author.naming import Naming
from diagramgen.author.places import Thing
from diagramgen.author.pools import BALANCERS
from diagramgen.author.values import Json, body, entries
from diagramgen.model.references import at, keys
from diagramgen.model.topology import Topology
from diagramgen.read.record import Reading
from diagramgen.read.spec.names import ANYTHING


class Kept(dict[str, Any]):
    """A mapping that is written even where it says nothing."""


class Wider(NamedTuple):
    """What to do where words do not say exactly what some fields of a resource are; None for all of them. `is_last`:
    only where saying the difference in Azure's words does not help."""

    fields: frozenset[str] | None
    give_up: Callable[[], None]
    is_last: bool = False


class Book(Estate):
    """The things of an estate and what has been written of them.

    `read` has the properties of each resource that the program reads. `entries` are the entries of things and of their
    parts, by id; `renamed` maps these ids to paths in the spec, and `told` are resources that others' entries tell of.
    `document` is the spec as plain values, `remarks` are comments beside an entry (by its identity) or a key in it.
    What follows is of the round of `exact` in hand: `same` are ids that parts have in the spec and not in the estate,
    `paths` those of its records, `inexact` what differs, and `lost` what the spec's words do not make.
    """

    def __init__(
        self,
        topology: Topology,
        reading: Reading,
        things: dict[str, Thing],
        read: Mapping[str, Json],
        unsaid: str,
    ) -> None:
        super().__init__(topology, reading, read)
        self.unsaid = unsaid
        self.lost: set[str] = set()
        self.errors: list[Any] = []
        self.widen: dict[str, Wider] = {}
        self.same: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.remarks: dict[tuple[int, str], str] = {}
        self.told: set[str] = set()
        self.inexact: dict[str, Any] = {}
        self.things = things
        self.document: Json = {}
        self.renamed: dict[str, str] = {rid: thing.shown.lower() for rid, thing in things.items()}
        self.entries: dict[str, Json] = {rid: thing.entry for rid, thing in things.items()}
        self._in_collection: dict[str, list[Thing]] = defaultdict(list)
        self._inside: dict[Thing, list[Thing]] = defaultdict(list)
        for thing in things.values():
            self._in_collection[thing.collection].append(thing)
            if thing.parent is not None:
                self._inside[thing.parent].append(thing)
        self._naming = Naming(things.values())

    # Things

    def of(self, *collections: str) -> list[Thing]:
        """The things of some collections, in the order of their ids."""
        return [thing for collection in collections for thing in self._in_collection[collection]]

    def inside(self, parent: Thing, *collections: str) -> list[Thing]:
        """The things of some collections that stand in another one."""
        return [thing for thing in self._inside[parent] if thing.collection in collections]

    def rename(self, rid: str, shown: str) -> None:
        """Says under which id of the spec something is told that has no entry with a name of its own."""
        self.renamed[rid] = shown.lower()

    def fall_back(self, rid: str, fields: Collection[str], *words: str, is_last: bool = False) -> None:
        """Says which words of a thing's entry are given up, all of them, if they do not say exactly what the fields
        of the resource are; `is_last` as in `Wider`."""
        entry = self.entries[rid]

        def give_up() -> None:
            for word in words:
                entry.pop(word, None)

        if any(word in entry for word in words):
            self.widen[rid] = Wider(frozenset(fields), give_up, is_last)

    def part_of(self, path: str) -> tuple[str, str]:
        """The thing that a part belongs to, by its path in the spec, and the part behind it."""
        head, rest = path, ""
        while head:
            if head in self._by_path:
                return self._by_path[head], rest
            head, slash, tail = head.rpartition("/")
            rest = slash + tail + rest
        return "", ""

    @cached_property
    def _by_path(self) -> Mapping[str, str]:
        return {thing.shown.lower(): rid for rid, thing in self.things.items()}

    def shown(self, rid: str) -> str:
        """The path of a thing in the spec."""
        return self.things[rid].shown

    @cached_property
    def balancers(self) -> frozenset[str]:
        """The load balancers and application gateways that the spec has words for."""
        return frozenset(thing.id for thing in self.of("resources") if thing.resource.type in BALANCERS)

    @cached_property
    def lister(self) -> str:
        """The subnet whose list of who stands there is kept where an interface is named and not told: as long as one
        subnet has such a list, the interface stands in none that does not list it."""
        told = self.topology.resources
        named = {
            nic
            for r in told.values()
            for nic in keys(at(r.properties, "networkProfile", "networkInterfaces"))
        }
        for pools in (
            r.properties.get("backendAddressPools") for r in told.values() if r.id in self.balancers
        ):
            for pool in entries(pools):
                named |= {
                    rid.split("/ipconfigurations/")[0]
                    for rid in keys(body(pool).get("backendIPConfigurations"))
                }
        if named <= told.keys() or self.unsaid == "default":
            return ""
        return next(
            (s.id for s in self.of("subnets") if keys(s.resource.properties.get("ipConfigurations"))), ""
        )

    # Names

    def name(self, rid: str, kinds: Collection[str] = ANYTHING) -> str | None:
        """The shortest text that means one thing among those of some kinds; None for what the spec does not name."""
        return self._naming.name(self.renamed.get(rid, ""), kinds)

    def names_in(self, rids: Iterable[str], kinds: Collection[str] = ANYTHING) -> list[str] | None:
        """The names of several things; None if the spec does not name one of them."""
        found = [self.name(rid, kinds) for rid in rids]
        return [name for name in found if name is not None] if None not in found else None

    def called(self, name: str, *kinds: str) -> list[str]:
        """The paths of all things of some kinds that have a name."""
        return self._naming.called(name, *kinds)

    def means(self, text: str, kinds: Collection[str]) -> bool:
        """Whether the reader would take a text for the name of a thing of some kinds."""
        return self._naming.means(text, kinds)

    def public_ips(self, rids: Iterable[str], owner: str) -> Any:
        """What the spec says of a thing's public IPs: their names, `True` for one of its own, None for none."""
        listed = [rid for rid in rids if rid]
        if listed == [f"{owner}/public_ip"]:
            return True
        names = [name for rid in listed if (name := self.name(rid, ("public_ip",))) is not None]
        return one_or_many(names) if names else None


def one_or_many(values: list[Any]) -> Any:
    """A value alone, or the list of several."""
    return values[0] if len(values) == 1 else values
