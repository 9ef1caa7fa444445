"""Overlays: frames round boxes of several parents, such as a network group that spans subscriptions.

One rectangle where it holds all members and nothing else; where something else stands between, one rectangle a
cluster, each with the name: a frame that takes in what is no member would lie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagramgen.geometry import Rect
from diagramgen.layout.plan import Metrics
from diagramgen.layout.route import ancestors
from diagramgen.layout.tree import SIDES, Item
from diagramgen.view.sketch import Overlay

GAP = 9.0
EDGE = 18.0


@dataclass(slots=True, eq=False, repr=False)
class PlacedOverlay:
    """One rectangle of an overlay; `part` counts from 1 where there are `parts` > 1."""

    overlay: Overlay
    box: Rect
    part: int
    parts: int
    nest: int = 0


def reserve(overlays: Sequence[Overlay], by_id: Mapping[str, Item], metrics: Metrics) -> None:
    """Makes room in the channels round the members for the frame's edge and, below, its name."""
    for overlay in overlays:
        members = [by_id[m] for m in overlay.members if m in by_id]
        for cluster in clusters(members, by_id):
            hull = Rect.around([member.rect for member in cluster])
            for member in cluster:
                _reserve_at(member, hull, metrics)


def _reserve_at(member: Item, hull: Rect, metrics: Metrics) -> None:
    for side in SIDES:
        edge = {"left": member.x - hull.x, "top": member.y - hull.y,
                "right": hull.right - member.rect.right, "bottom": hull.bottom - member.rect.bottom}[side]  # fmt: skip
        if edge > 1:
            continue
        channel = member.beside[side]
        room = EDGE + (2 * metrics.fonts["group-name"].line_height + 4 if side == "bottom" else 0)
        if side in ("right", "bottom"):
            channel.extra_before = max(channel.extra_before, room)
        else:
            channel.extra_after = max(channel.extra_after, room)


def clusters(members: Sequence[Item], by_id: Mapping[str, Item]) -> list[list[Item]]:
    """Members that one rectangle can hold without taking in anything else, as few clusters as splitting finds."""
    if not members:
        return []
    hull = _hull(members)
    inside = set(map(id, members))
    strangers = [
        item for item in by_id.values()
        if item.box.kind in ("vnet", "virtual-hub", "resource") and id(item) not in inside
        and not any(id(frame) in inside for frame in ancestors(item)) and item.rect.overlaps(hull, 0.5)
    ]  # fmt: skip
    if not strangers or len(members) == 1:
        return [list(members)]
    parents = {id(_subscription(member)) for member in members}
    if len(parents) > 1:
        groups: dict[int, list[Item]] = {}
        for member in members:
            groups.setdefault(id(_subscription(member)), []).append(member)
        return [part for group in groups.values() for part in clusters(group, by_id)]
    rows: dict[float, list[Item]] = {}
    for member in members:
        rows.setdefault(member.y, []).append(member)
    if len(rows) > 1:
        return [part for _, row in sorted(rows.items()) for part in clusters(row, by_id)]
    ordered = sorted(members, key=lambda member: member.x)
    return [part for half in (ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :])
            for part in clusters(half, by_id)]  # fmt: skip


def _subscription(item: Item) -> Item:
    return next((frame for frame in ancestors(item) if frame.box.kind == "subscription"), item)


def _hull(members: Sequence[Item]) -> Rect:
    boxes = []
    for member in members:
        m = member.margin
        boxes.append(member.rect.grown(m.left, m.top, m.right, m.bottom))
    return Rect.around(boxes)


def place(overlays: Sequence[Overlay], by_id: Mapping[str, Item]) -> list[PlacedOverlay]:
    """The rectangles of all overlays, the larger first; equal hulls are nested a little."""
    found: list[PlacedOverlay] = []
    taken: list[Rect] = []
    for overlay in sorted(overlays, key=lambda o: (-len(o.members), o.id)):
        members = [by_id[m] for m in overlay.members if m in by_id]
        parts = clusters(members, by_id)
        for number, cluster in enumerate(parts, 1):
            hull = _hull(cluster).grown(GAP, GAP, GAP, GAP - 3)
            nest = sum(1 for box in taken if abs(box.x - hull.x) < 4 and abs(box.y - hull.y) < 4)
            hull = hull.grown(-3.0 * nest, -3.0 * nest, -3.0 * nest, -3.0 * nest)
            taken.append(hull)
            found.append(PlacedOverlay(overlay, hull, number, len(parts), nest))
    return found
