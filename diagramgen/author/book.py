"""The book that is being written: every thing with its entry, and the names by which entries refer to things.

A reference is the shortest name that means one thing alone to the reader of the spec, who is asked: the reader's own
table of names is made from the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from diagramgen.author.canon import HOST_NAMES, hosts_in
from diagramgen.author.groups import Groups, group_of, spelled_groups
from diagramgen.author.places import HUB_PARTS, NIC, Thing
from diagramgen.author.pools import BALANCERS, in_pools
from diagramgen.author.values import body, entries, texts
from diagramgen.located import Place
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.record import Reading, Record
from diagramgen.read.spec.check import check
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.names import ANYTHING, NameTable
from diagramgen.read.spec.shapes import Told

Json = dict[str, Any]


class Kept(dict[str, Any]):
    """A mapping that is written even where it says nothing."""


class Wider(NamedTuple):
    """What to do where words do not say exactly what some fields of a resource are; None for all of them. `is_last`:
    only where saying the difference in Azure's words does not help."""

    fields: frozenset[str] | None
    give_up: Callable[[], None]
    is_last: bool = False


class Book:
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
        self.topology = topology
        self.read = read
        self.unsaid = unsaid
        self.lost: set[str] = set()
        self.errors: list[Any] = []
        self.widen: dict[str, Wider] = {}
        self.same: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.remarks: dict[tuple[int, str], str] = {}
        self.told: set[str] = set()
        self.inexact: dict[str, Any] = {}
        self.formats = frozenset(reading.formats.values())
        self.records: dict[str, Record] = {record.id: record for record in reading.records}
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
        self._names: NameTable | None = None
        self._known: dict[tuple[str, Collection[str]], str | None] = {}

    # Things

    def of(self, *collections: str) -> list[Thing]:
        """The things of some collections, in the order of their ids."""
        return [thing for collection in collections for thing in self._in_collection[collection]]

    def inside(self, parent: Thing, *collections: str) -> list[Thing]:
        """The things of some collections that stand in another one."""
        return [thing for thing in self._inside[parent] if thing.collection in collections]

    def resource(self, rid: str) -> Resource | None:
        """A resource that the input tells of or names."""
        return self.topology.resources.get(rid)

    def shown_id(self, resource: Resource) -> str:
        """The id of a resource as the input writes it."""
        record = self.records.get(resource.id)
        shown = record.shown_id.strip().rstrip("/") if record is not None else ""
        return shown if shown.lower() == resource.id else resource.id

    def group_of(self, resource: Resource) -> str:
        """The resource group of a resource, as the spec writes it; "" for what is in none."""
        return group_of(resource, self._groups)

    @cached_property
    def _groups(self) -> Groups:
        return spelled_groups(self.topology.resources.values())

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
    def hosts(self) -> frozenset[str]:
        """The host names by which something refers to something else."""
        found: set[str] = set()
        if all(HOST_NAMES.isdisjoint(properties) for properties in self.read.values()):
            return frozenset()
        for properties in self.read.values():
            found |= hosts_in({n: v for n, v in properties.items() if n not in HOST_NAMES})
        return frozenset(found)

    @cached_property
    def networks(self) -> Mapping[str, tuple[str, ...]]:
        """The networks of each VNet."""
        return {
            thing.id: tuple(texts(at(thing.resource.properties, "addressSpace", "addressPrefixes")))
            for thing in self.of("vnets")
        }

    @cached_property
    def outside(self) -> frozenset[str]:
        """What the input only names."""
        return frozenset(r.id for r in self.topology.resources.values() if r.is_outside)

    @cached_property
    def keeps_tags(self) -> bool:
        """Whether tags are written: a person wrote them, in a spec."""
        return self.formats <= {"spec", "overlay"}

    @cached_property
    def balancers(self) -> frozenset[str]:
        """The load balancers and application gateways that the spec has words for."""
        return frozenset(thing.id for thing in self.of("resources") if thing.resource.type in BALANCERS)

    @cached_property
    def in_pools(self) -> Mapping[str, list[str]]:
        """The IP configurations that say of a pool or NAT rule that they are in it."""
        return in_pools(self.topology.resources.values())

    @cached_property
    def lister(self) -> str:
        """The subnet whose list of who stands there is kept where an interface is named and not told: as long as one
        subnet has such a list, the interface stands in none that does not list it."""
        told = self.topology.resources
        named = {nic for r in told.values() for nic in keys(at(r.properties, "networkProfile", "networkInterfaces"))}
        for pools in (r.properties.get("backendAddressPools") for r in told.values() if r.id in self.balancers):
            for pool in entries(pools):
                named |= {rid.split("/ipconfigurations/")[0] for rid in keys(body(pool).get("backendIPConfigurations"))}
        if named <= told.keys() or self.unsaid == "default":
            return ""
        return next((s.id for s in self.of("subnets") if keys(s.resource.properties.get("ipConfigurations"))), "")

    @cached_property
    def nics(self) -> Mapping[str, list[Resource]]:
        """The interfaces of each machine and private endpoint, in its own order where it tells one."""
        found: dict[str, dict[str, Resource]] = defaultdict(dict)
        for resource in self.topology.resources.values():
            for rid in keys(at(resource.properties, "networkProfile", "networkInterfaces")):
                if (nic := self.resource(rid)) is not None and nic.type == NIC:
                    found[resource.id][rid] = nic
        for nic in self.topology.of_type(NIC):
            owner = key(nic.properties.get("virtualMachine")) or key(nic.properties.get("privateEndpoint"))
            if owner:
                found[owner][nic.id] = nic
        return {owner: list(nics.values()) for owner, nics in found.items()}

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The machine or private endpoint that each interface belongs to."""
        return {nic.id: owner for owner, nics in self.nics.items() for nic in nics}

    # Names

    def set_names(self, skeleton: Json) -> None:
        """Takes the names of a spec that has all its things, and need not say anything of them."""
        checked = check(SPEC, skeleton, Place(""), lambda _: None)
        assert isinstance(checked, Told)
        self._names = declare_names(checked, lambda _: None)
        self._known.clear()

    def name(self, rid: str, kinds: Collection[str] = ANYTHING) -> str | None:
        """The shortest text that means one thing among those of some kinds; None for what the spec does not name."""
        asked = (rid, kinds if isinstance(kinds, frozenset) else frozenset(kinds))
        if asked not in self._known:
            self._known[asked] = self._shortest(rid, asked[1])
        return self._known[asked]

    def names_in(self, rids: Iterable[str], kinds: Collection[str] = ANYTHING) -> list[str] | None:
        """The names of several things; None if the spec does not name one of them."""
        found = [self.name(rid, kinds) for rid in rids]
        return [name for name in found if name is not None] if None not in found else None

    def _shortest(self, rid: str, kinds: Collection[str]) -> str | None:
        assert self._names is not None, "names are asked for before they are set"
        thing = self._names.by_key.get(self.renamed.get(rid, ""))
        if thing is None or thing.kind not in kinds:
            return None
        parts, parent = [thing.name], thing.parent
        while True:
            text = "/".join(parts)
            if "/" not in thing.name and self._names.named(text, kinds) == [thing]:
                return text
            if parent is None:
                return thing.shown
            parts.insert(0, parent.name)
            parent = parent.parent

    def called(self, name: str, *kinds: str) -> list[str]:
        """The paths of all things of some kinds that have a name."""
        assert self._names is not None
        return [thing.shown for thing in self._names.named(name, kinds)]

    def public_ips(self, rids: Iterable[str], owner: str) -> Any:
        """What the spec says of a thing's public IPs: their names, `True` for one of its own, None for none."""
        listed = [rid for rid in rids if rid]
        if listed == [f"{owner}/public_ip"]:
            return True
        names = [name for rid in listed if (name := self.name(rid, ("public_ip",))) is not None]
        return one_or_many(names) if names else None

    def means(self, text: str, kinds: Collection[str]) -> bool:
        """Whether the reader would take a text for the name of a thing of some kinds."""
        assert self._names is not None
        return bool(self._names.named(text, kinds))


def one_or_many(values: list[Any]) -> Any:
    """A value alone, or the list of several."""
    return values[0] if len(values) == 1 else values


def skeleton(things: Iterable[Thing]) -> Json:
    """A spec in which every thing stands in its place and says no more than its type."""
    document: Json = {}
    made: dict[Thing, Json] = {}
    for thing in sorted(things, key=_depth):
        above = document if thing.parent is None else made[thing.parent]
        entry: Json = {"type": thing.entry["type"]} if "type" in thing.entry else {}
        made[thing] = entry
        if thing.collection in HUB_PARTS.values():
            above[thing.collection] = entry
        else:
            above.setdefault(thing.collection, {})[thing.name] = entry
    return document


def _depth(thing: Thing) -> int:
    depth, parent = 0, thing.parent
    while parent is not None:
        depth, parent = depth + 1, parent.parent
    return depth
