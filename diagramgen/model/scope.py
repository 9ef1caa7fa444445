"""Scope: the part of an estate that a drawing or report is about. The estate itself, and every verdict, stays whole.

A scope chooses by the names of what encloses a thing: its management groups, subscription, resource group and VNet, and
by tags. Of what lies outside, those that something inside is joined with stay visible as ghosts, and so do the frames
round what is inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.references import key, resource_group_of, strings, subscription_of
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.record import UNTOLD, Reading

SUBSCRIPTION = "microsoft.resources/subscriptions"
MANAGEMENT_GROUP = "microsoft.management/managementgroups"
VNET = "microsoft.network/virtualnetworks"
HUB = "microsoft.network/virtualhubs"
_KEPT = frozenset({"addressSpace", "addressPrefix", "virtualWan", "sku"})
"""What a ghost shows of its own."""
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Scope(NamedTuple):
    """What to choose, as globs (`*`, `?`, `[...]`) without case: several of one kind are alternatives, kinds narrow
    each other. `tags` are `NAME` or `NAME=VALUE`. `excluded` names anything: a thing with what it holds."""

    subscriptions: tuple[str, ...] = ()
    vnets: tuple[str, ...] = ()
    resource_groups: tuple[str, ...] = ()
    management_groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


class Cut(NamedTuple):
    """An estate cut by a scope: ids inside it, and ids of the ghosts at its edge."""

    inside: frozenset[str]
    edge: frozenset[str]

    def holds_any(self, topology: Topology, ids: Iterable[str]) -> bool:
        """Whether any of the ids, or what it is a part of, is inside."""
        return any(rid in self.inside or _owner(topology, rid) in self.inside for rid in ids)


def cut_out(topology: Topology, scope: Scope) -> Cut:
    """What the scope chooses of an estate.

    Raises:
        InputError: a pattern fits nothing in the estate, or all of them together nothing.
    """
    search = _Search(topology)
    inside = search.inside(scope)
    if not inside:
        raise InputError([Diagnostic("error", "empty-scope", "the scope leaves nothing of the estate",
                                     hints=("each option narrows what the others leave",))])  # fmt: skip
    return Cut(frozenset(inside), frozenset(_edge(topology, inside) - inside))


def within(topology: Topology, cut: Cut) -> Topology:
    """The estate as a drawing of the cut shows it: what is inside with its links, and ghosts at the edge."""
    resources = {}
    holders = _frames_round(topology, cut.inside)
    for rid, resource in topology.resources.items():
        if rid in cut.edge:
            stays = resource.is_ghost or (
                rid in holders and resource.type in (SUBSCRIPTION, MANAGEMENT_GROUP)
            )
            resources[rid] = resource if stays else _ghost(resource)
        elif rid in cut.inside or not _is_box(resource):
            resources[rid] = resource

    def is_joined(*ids: str) -> bool:
        return any(rid in cut.inside for rid in ids)

    connections = tuple(c for c in topology.connections if is_joined(c.a, c.b))
    ends = {end for c in connections for end in (c.a, c.b)}
    sites = tuple(
        site for site in topology.sites
        if site.id in ends or any(machine[0] in ends for machine in site.machines)
        or not topology.connections
    )  # fmt: skip
    return topology._replace(
        resources=resources,
        peerings=tuple(p for p in topology.peerings if is_joined(p.a, p.b)),
        connections=connections,
        hub_connections=tuple(c for c in topology.hub_connections if is_joined(c.hub, c.vnet)),
        private_links=tuple(p for p in topology.private_links if is_joined(p.endpoint, p.target)),
        service_links=tuple(s for s in topology.service_links if is_joined(s.subnet, s.service)),
        traffic=tuple(t for t in topology.traffic if is_joined(t.target)),
        sites=sites,
    )


class _Search:
    """Finds which resources have what a scope asks for; knows the frames round each."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self._frames: dict[str, tuple[Resource, ...]] = {}

    def inside(self, scope: Scope) -> set[str]:
        kinds: tuple[tuple[str, tuple[str, ...], Callable[[Resource], Iterable[str]]], ...] = (
            ("--subscription", scope.subscriptions, self._subscriptions),
            ("--vnet", scope.vnets, self._vnets),
            ("--resource-group", scope.resource_groups, self._groups),
            ("--management-group", scope.management_groups, self._management_groups),
            ("--tag", scope.tags, self._tags),
        )
        problems: list[Diagnostic] = []
        inside = {rid for rid, resource in self.topology.resources.items() if not resource.is_ghost}
        for option, patterns, names_of in kinds:
            if patterns:
                inside &= self._fitting(option, patterns, names_of, problems)
        if scope.excluded:
            inside -= self._fitting("--exclude", scope.excluded, self._everything, problems)
        if problems:
            raise InputError(problems)
        return inside

    def _fitting(
        self, option: str, patterns: tuple[str, ...], names_of: Callable[[Resource], Iterable[str]],
        problems: list[Diagnostic],
    ) -> set[str]:  # fmt: skip
        """The resources of which some name fits some pattern; a problem for each pattern that fits nothing."""
        found: set[str] = set()
        known: dict[str, str] = {}
        used: set[str] = set()
        is_tag = option == "--tag"
        folded = [_tag_pattern(p) if is_tag else p.strip().lower().rstrip("/") for p in patterns]
        fits: dict[str, frozenset[int]] = {}
        for rid, resource in self.topology.resources.items():
            for name in names_of(resource):
                known.setdefault(name.lower(), name)
                lowered = name.lower()
                if lowered not in fits:
                    fits[lowered] = frozenset(n for n, p in enumerate(folded) if fnmatchcase(lowered, p))
                if fits[lowered]:
                    found.add(rid)
                    used.update(patterns[n] for n in fits[lowered])
        for pattern in patterns:
            if pattern not in used:
                message = f"`{option} {pattern}` fits nothing in the input"
                hints = _scope_hints(pattern, known.values())
                if is_tag and not known:
                    hints = ("nothing in the input has tags",)
                problems.append(Diagnostic("error", "empty-scope", message, hints=hints))
        return found

    def frames(self, resource: Resource) -> tuple[Resource, ...]:
        """A resource and the frames round it; of a part its owner and the frames round that."""
        known = self._frames.get(resource.id)
        if known is None:
            self._frames[resource.id] = (resource,)  # ends a circle
            above = self.topology.resources.get(resource.parent or _owner(self.topology, resource.id))
            known = (resource, *(self.frames(above) if above is not None and above is not resource else ()))
            self._frames[resource.id] = known
        return known

    def _named(self, resource: Resource, *types: str) -> Iterator[str]:
        for frame in self.frames(resource):
            if frame.type in types:
                yield from (frame.label, frame.name, frame.id)

    def _subscriptions(self, resource: Resource) -> Iterator[str]:
        yield from self._named(resource, SUBSCRIPTION)
        if subscription := subscription_of(resource.id):
            yield subscription.rsplit("/", 1)[-1]
            named = self.topology.resources.get(subscription)
            if named is not None:
                yield from (named.label, named.name, named.id)

    def _vnets(self, resource: Resource) -> Iterator[str]:
        yield from self._named(resource, VNET, HUB)

    def _groups(self, resource: Resource) -> Iterator[str]:
        for frame in self.frames(resource):
            if group := resource_group_of(frame.id):
                yield group
        if not resource.id.startswith("/"):  # a spec says it of a thing, or of what is round it
            told = (frame.envelope.get("resourceGroup") for frame in self.frames(resource))
            yield from (str(group) for group in [next(filter(None, told), None)] if group)

    def _management_groups(self, resource: Resource) -> Iterator[str]:
        yield from self._named(resource, MANAGEMENT_GROUP)
        subscription = self.topology.resources.get(subscription_of(resource.id))
        if subscription is not None and subscription is not resource:
            yield from self._named(subscription, MANAGEMENT_GROUP)

    def _tags(self, resource: Resource) -> Iterator[str]:
        containers = [self.topology.resources.get(subscription_of(resource.id))]
        if group := resource_group_of(resource.id):
            containers.append(
                self.topology.resources.get(f"{subscription_of(resource.id)}/resourcegroups/{group}")
            )
        for frame in (*self.frames(resource), *(c for c in containers if c is not None)):
            tags = frame.envelope.get("tags")
            if isinstance(tags, Mapping):
                yield from (f"{name}={'' if value is None else value}" for name, value in tags.items())

    def _everything(self, resource: Resource) -> Iterator[str]:
        for frame in self.frames(resource):
            yield from (frame.label, frame.name, frame.id)
            if group := resource_group_of(frame.id):
                yield group
        yield from self._subscriptions(resource)


def _scope_hints(pattern: str, known: Iterable[str]) -> tuple[str, ...]:
    """What may have been meant: names, and ids of subscriptions where these have no others."""
    shown = sorted(name for name in known if not name.startswith("/"))
    return did_you_mean(pattern, [name for name in shown if not _GUID.fullmatch(name)] or shown)


def _tag_pattern(text: str) -> str:
    """A tag's pattern: a bare name stands for any value.

    >>> _tag_pattern("Env"), _tag_pattern("env = Prod*")
    ('env=*', 'env=prod*')
    """
    name, found, value = text.partition("=")
    return f"{name.strip()}={value.strip() if found else '*'}".lower()


def _owner(topology: Topology, rid: str) -> str:
    """The id of what a part (a rule, a route) belongs to, "" where nothing is known of it."""
    resource = topology.resources.get(rid)
    if resource is None:
        return ""
    return str(resource.envelope.get("parent") or resource.parent or "")


def _edge(topology: Topology, inside: set[str]) -> set[str]:
    """What something inside is joined with, and the frames round all of it."""
    found: set[str] = set()
    pairs = [
        *((p.a, p.b) for p in topology.peerings), *((c.hub, c.vnet) for c in topology.hub_connections),
        *((c.a, c.b) for c in topology.connections), *((p.endpoint, p.target) for p in topology.private_links),
        *((s.subnet, s.service) for s in topology.service_links),
    ]  # fmt: skip
    for a, b in pairs:
        if a in inside or b in inside:
            found |= {_standing(topology, a), _standing(topology, b)}
    return (found | _frames_round(topology, [*inside, *found])) & set(topology.resources)


def _frames_round(topology: Topology, ids: Iterable[str]) -> set[str]:
    """The frames that enclose the ids, all the way up."""
    found: set[str] = set()
    for rid in ids:
        at = topology.resources.get(rid)
        while at is not None and at.parent and at.parent not in found:
            found.add(at.parent)
            at = topology.resources.get(at.parent)
    return found


def _standing(topology: Topology, rid: str) -> str:
    """The VNet or hub in which the far end of a link stands, as a ghost shows no more; else the end itself."""
    at = topology.resources.get(rid)
    while at is not None:
        if at.type in (VNET, HUB):
            return at.id
        at = topology.resources.get(at.parent or "")
    return rid


def _is_box(resource: Resource) -> bool:
    return resource.kind is None or resource.kind.home in ("container", "subnet", "hub", "service")


def _ghost(resource: Resource) -> Resource:
    kept = {name: value for name, value in resource.properties.items() if name in _KEPT}
    return resource._replace(
        properties=kept, is_ghost=True, envelope={**resource.envelope, "isOutOfScope": True}
    )


def restricted(reading: Reading, topology: Topology, cut: Cut) -> Reading:
    """The reading of what is inside alone, with what it rests on (NSGs, route tables, policies ...); of the ghosts at
    the edge no more than what they are called and their addresses."""
    known = {record.id: record for record in reading.records}
    kept = {rid for rid in known if rid in cut.inside or _owner(topology, rid) in cut.inside}
    kept |= {rid for rid, record in known.items() if record.type.startswith("diagramgen/")}
    waiting = list(kept)
    while waiting:
        resource = topology.resources.get(waiting.pop())
        if resource is None:
            continue
        named = {key(text) for _, text in strings(resource.properties)}
        parts = {part.id for part in topology.parts_of(resource.id)}
        for rid in (named | parts) & known.keys() - kept:
            other = topology.resources.get(rid)
            if other is None or not _is_box(other):
                kept.add(rid)
                waiting.append(rid)
    holders = _frames_round(topology, cut.inside)
    records = []
    for rid, record in known.items():
        if rid in kept or (rid in holders and record.type in (SUBSCRIPTION, MANAGEMENT_GROUP)):
            records.append(record)
        elif rid in cut.edge:
            properties = {name: value for name, value in record.properties.items() if name in _KEPT}
            records.append(replace(record, properties=properties, envelope={**record.envelope, UNTOLD: True}))
    return replace(reading, records=tuple(records))
