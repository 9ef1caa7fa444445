"""Ids -> what people call the things, one name each, and the frame that a thing stands in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from diagramgen.model.references import last_segment
from diagramgen.model.topology import Resource, Topology


def names_of(topology: Topology, ids: Iterable[str]) -> Mapping[str, str]:
    """The label of each id, with those of the frames round it where several things are called the same."""
    outside = _outside(topology)
    wanted = sorted(set(ids))
    shared = Counter(_label(resource) for resource in topology.resources.values() if resource.kind is None
                     or resource.kind.home not in ("part", "link"))  # fmt: skip
    named = {rid: outside[rid] if rid in outside else _name(topology, rid, shared) for rid in wanted}
    twins: dict[str, list[str]] = defaultdict(list)
    for rid, name in named.items():
        twins[name].append(rid)
    for name, alike in twins.items():
        if len(alike) > 1:
            named |= {rid: f"{name} ({_where(rid)})" if _where(rid) else rid for rid in alike}
    return named


def homes_of(topology: Topology, ids: Iterable[str]) -> Mapping[str, str]:
    """The frame round each thing that stands in one."""
    found = {}
    for rid in sorted(set(ids)):
        resource = topology.resources.get(rid)
        if resource is not None and resource.parent:
            found[rid] = resource.parent
    return found


def _outside(topology: Topology) -> dict[str, str]:
    """What is no resource: the Internet, Azure as a whole, sites, users, groups."""
    found = {
        "internet": topology.internet_label or "Internet",
        "azure": "Azure",
        "on-premises": "On-premises",
    }
    for things in (topology.sites, topology.users, topology.groups, topology.network_groups):
        found |= {thing.id: thing.label or last_segment(thing.id) for thing in things}
    return found


def _name(topology: Topology, rid: str, shared: Counter[str]) -> str:
    resource = topology.resources.get(rid)
    if resource is None:
        return last_segment(rid) or rid
    name = _label(resource)
    if shared[name] < 2 and not _is_part(resource):
        return name
    frame = topology.resources.get(resource.parent or _owner(resource))
    return f"{_label(frame)}/{name}" if frame is not None else name


def _label(resource: Resource) -> str:
    return resource.label or resource.name or last_segment(resource.id)


def _is_part(resource: Resource) -> bool:
    return resource.kind is not None and resource.kind.home == "part"


def _owner(resource: Resource) -> str:
    return str(resource.envelope.get("parent") or "")


def _where(rid: str) -> str:
    """What tells apart things of one name in several resource groups or subscriptions."""
    parts = rid.split("/")
    if len(parts) > 4 and parts[1] == "subscriptions" and parts[3] == "resourcegroups":
        return f"{parts[4]} in {parts[2][:8]}"
    return ""
