"""Selection: which things a view shows, and which of them are faded. A view never changes the model.

An entry is a name, a glob over names (`* tier subnet`), a path (`Workload VNET/Subnet`), or a word for a class of
things (`internet`, `peerings`, `services` ...). Naming a frame to be faded or in focus means it and what it holds;
where something inside it is named too, the frame stands for itself alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.topology import Topology

CLASSES = (
    "internet", "on_premises", "users", "services", "peerings", "connections", "flows", "private_links", "nsgs",
    "asgs", "route_tables", "network_groups", "regions", "groups", "azure", "subscriptions", "vnets", "subnets",
    "resources", "notes",
)  # fmt: skip
_TYPES: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("microsoft.resources/subscriptions",),
    "vnets": ("microsoft.network/virtualnetworks", "microsoft.network/virtualhubs"),
    "subnets": ("microsoft.network/virtualnetworks/subnets",),
}


@dataclass(slots=True)
class Selection:
    """What one view shows and fades. Sets of ids; classes by their words."""

    visible: set[str]
    classes: set[str]
    frames: set[str] | None  # kinds of enclosing frames that are drawn round what `show` names; None for all
    faded: set[str] = field(default_factory=set)
    faded_classes: set[str] = field(default_factory=set)

    def shows(self, word: str) -> bool:
        return word in self.classes


def select(topology: Topology, view_name: str, view: Mapping[str, Any]) -> Selection:
    """The selection that a view's `show`, `hide`, `focus`, `fade` and `frames` make.

    Raises:
        InputError: when an entry names nothing.
    """
    finder = _Finder(topology, view_name)
    show_ids, show_words = finder.find(_listed(view.get("show")), "show")
    hide_ids, hide_words = finder.find(_listed(view.get("hide")), "hide")
    fade_ids, fade_words = finder.find(_listed(view.get("fade")), "fade")
    focus_ids, focus_words = finder.find(_listed(view.get("focus")), "focus")
    finder.finish()
    everything = set(finder.names)
    visible, classes = everything, set(CLASSES)
    frames = _frames(view.get("frames"))
    if show_ids or show_words:
        named = set(show_ids)
        for word in show_words:
            named |= finder.members(word)
        visible = finder.below(named) | finder.above(named, frames)
        outer = {"internet", "on_premises", "users"}
        classes = (set(CLASSES) - outer) | (show_words & outer)
        if finder.sites & show_ids:
            classes.add("on_premises")
    visible = visible - finder.below(hide_ids)
    classes -= hide_words
    if "services" in hide_words:
        visible -= finder.services()
    if view.get("subnets") is False:
        hide_words.add("subnets")
    if view.get("resources") is False:
        hide_words.add("resources")
    for word in ("vnets", "subnets"):
        if word in hide_words:
            visible -= finder.of_class(word)
    if "subscriptions" in hide_words:
        visible -= {rid for rid in visible if finder.is_of(rid, "subscriptions")}
    if "resources" in hide_words:
        visible -= finder.leaves()
    if "groups" in hide_words:
        visible -= finder.groups()
    faded = finder.strong(fade_ids)
    faded_classes = set(fade_words)
    if focus_ids or focus_words:
        strong = finder.strong(focus_ids)
        for word in focus_words:
            strong |= finder.members(word)
        faded |= {rid for rid in everything if rid not in strong}
        faded_classes |= {"azure", "internet", "users", "network_groups", "regions"} - focus_words
    for word in fade_words:
        faded |= finder.members(word)
    return Selection(visible, classes, frames, faded, faded_classes)


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return sorted(str(entry) for entry in value) if isinstance(value, Iterable) else []


def _frames(value: object) -> set[str] | None:
    if value in (None, "all"):
        return None
    if value == "none":
        return set()
    return set(_listed(value))


class _Finder:
    """Finds what entries name, and collects those that name nothing."""

    def __init__(self, topology: Topology, view_name: str) -> None:
        self._topology = topology
        self._view = view_name
        self._problems: list[Diagnostic] = []
        self.sites = {site.id for site in topology.sites}
        self.parents: dict[str, str | None] = {r.id: r.parent for r in topology.resources.values()}
        self.names: dict[str, tuple[str, ...]] = {}
        for resource in topology.resources.values():
            if resource.kind is None or resource.kind.home not in ("container", "subnet", "hub", "service"):
                continue
            own = (resource.label, resource.name)
            parent = topology.resources.get(resource.parent or "")
            paths = tuple(f"{p}/{n}" for p in (parent.label, parent.name) for n in own) if parent else ()
            self.names[resource.id] = (*own, *paths, resource.id)
        for site in topology.sites:
            self.names[site.id] = (site.label, site.id.rsplit("/", 1)[-1], site.id)
            for rid, label, _, _ in site.machines:
                self.names[rid] = (label, rid)
                self.parents[rid] = site.id
        for group in topology.groups:
            self.names[group.id] = (group.label, group.id.rsplit("/", 1)[-1], group.id)
        for network_group in topology.network_groups:
            self.names[network_group.id] = (
                network_group.label,
                network_group.id.rsplit("/", 1)[-1],
                network_group.id,
            )
        for users in topology.users:
            self.names[users.id] = (users.label, users.id)
        self._children: dict[str, list[str]] = {}
        for rid, parent_id in self.parents.items():
            if parent_id:
                self._children.setdefault(parent_id, []).append(rid)
        for group in topology.groups:
            self._children.setdefault(group.id, []).extend(group.members)

    def find(self, entries: Sequence[str], what: str) -> tuple[set[str], set[str]]:
        """Ids and class words that the entries name."""
        ids: set[str] = set()
        words: set[str] = set()
        for entry in entries:
            folded = entry.lower().replace("-", "_")
            if folded in CLASSES and not any(entry in names for names in self.names.values()):
                words.add(folded)
                continue
            found = self._named(entry)
            if not found and folded in CLASSES:
                words.add(folded)
            elif not found:
                known = sorted({names[0] for names in self.names.values() if names[0]})
                self._problems.append(Diagnostic(
                    "error", "view", f"view `{self._view}`: `{what}` names `{entry}`, and nothing has that name",
                    hints=did_you_mean(entry, [*known, *CLASSES]),
                ))  # fmt: skip
            ids |= found
        return ids, words

    def _named(self, entry: str) -> set[str]:
        """What an entry means: ids, names and paths first; labels, which need not be unique, only after them."""
        resources = self._topology.resources
        exact = {
            rid for rid in self.names if rid in resources and entry.lower() == resources[rid].name.lower()
        }
        if exact:
            return exact
        return {rid for rid, names in self.names.items() if any(_matches(entry, name) for name in names)}

    def finish(self) -> None:
        if self._problems:
            raise InputError(self._problems)

    def below(self, ids: Iterable[str]) -> set[str]:
        """The ids and everything that they hold."""
        found: set[str] = set()
        waiting = list(ids)
        while waiting:
            rid = waiting.pop()
            if rid not in found:
                found.add(rid)
                waiting += self._children.get(rid, [])
        return found

    def above(self, ids: Iterable[str], frames: set[str] | None) -> set[str]:
        """The frames that enclose the ids, of the kinds in `frames` (None for all)."""
        found = set()
        kinds = {
            "microsoft.network/virtualnetworks": "vnet",
            "microsoft.resources/subscriptions": "subscription",
            "microsoft.management/managementgroups": "management_group",
            "microsoft.network/virtualnetworks/subnets": "subnet",
            "microsoft.network/virtualhubs": "virtual_hub",
        }
        for rid in ids:
            at = self.parents.get(rid)
            while at:
                resource = self._topology.resources.get(at)
                kind = kinds.get(resource.type, "") if resource else ""
                if frames is None or kind in {frame.replace("-", "_") for frame in frames}:
                    found.add(at)
                at = self.parents.get(at)
        return found

    def strong(self, ids: set[str]) -> set[str]:
        """What stays in full strength (or fades) when `ids` are named: each with all that it holds, but a frame in
        which something else is named too stands for itself alone."""
        found = set(ids)
        for rid in ids:
            inside = self.below([rid])
            if not (inside - {rid}) & ids:
                found |= inside
        return found

    def services(self) -> set[str]:
        return {
            r.id for r in self._topology.resources.values() if r.kind is not None and r.kind.home == "service"
        } | {group.id for group in self._topology.groups}

    def groups(self) -> set[str]:
        return {group.id for group in self._topology.groups}

    def is_of(self, rid: str, word: str) -> bool:
        resource = self._topology.resources.get(rid)
        return resource is not None and resource.type in _TYPES[word]

    def of_class(self, word: str) -> set[str]:
        """Frames of one kind with all that they hold."""
        return self.below(rid for rid in self.names if self.is_of(rid, word))

    def members(self, word: str) -> set[str]:
        """The boxes that a class word means; empty for classes of links and marks."""
        if word == "services":
            return self.services()
        if word == "resources":
            return self.leaves()
        if word == "groups":
            return self.below(self.groups())
        if word == "on_premises":
            return self.below(self.sites)
        return {rid for rid in self.names if word in _TYPES and self.is_of(rid, word)}

    def leaves(self) -> set[str]:
        return {
            r.id
            for r in self._topology.resources.values()
            if r.kind is not None and r.kind.home in ("subnet", "hub")
        }


def _matches(pattern: str, name: str) -> bool:
    if pattern == name or pattern.lower() == name.lower():
        return True
    return any(sign in pattern for sign in "*?") and fnmatchcase(name.lower(), pattern.lower())
