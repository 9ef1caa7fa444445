"""Untangling: no two links on one line. Tracks keep links apart inside a channel; where stretches of different
channels, or stubs of different boxes, come to lie on one another, one of them is moved a little aside.

A handle is what can be moved as one: a bundle's track in a channel, or its port on a side. It may move within the
middle of its channel, or within what names and marks leave free of its side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diagramgen.geometry import half
from diagramgen.layout.route import Port, Route
from diagramgen.layout.ways import Ground, Ways, free_spans, straight_spans

APART = 4.0
"""Links nearer than this, px, read as one line."""
MOST_ROUNDS = 8


@dataclass(slots=True, eq=False, repr=False)
class Handle:
    """A coordinate that several stretches share: (route, slot) with slot `start`, `end`, `both` or a track's index."""

    key: str
    users: list[tuple[Route, str | int]] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def at(self) -> float:
        route, slot = self.users[0]
        return (
            route.tracks[slot] if isinstance(slot, int) else route.end_at if slot == "end" else route.start_at
        )

    def move(self, at: float) -> None:
        for route, slot in self.users:
            if isinstance(slot, int):
                route.tracks[slot] = at
            else:
                if slot in ("start", "both"):
                    route.start_at = at
                if slot in ("end", "both"):
                    route.end_at = at


@dataclass(slots=True, eq=False, repr=False)
class Stretch:
    """A straight piece of a link: `upright` or level, at one coordinate, from lo to hi."""

    handle: Handle
    upright: bool
    at: float
    lo: float
    hi: float


def untangle(ground: Ground, ways: Ways, levels: Sequence[tuple[float, float, float]] = ()) -> None:
    """Moves stretches of different links apart until none lies on another, as far as there is room.

    `levels` are level lines that stay where they are, as (y, left, right).
    """
    handles = _handles(ground, ways)
    rock = Handle("")
    fixed = [Stretch(rock, False, y, lo, hi) for y, lo, hi in levels]
    for _ in range(MOST_ROUNDS):
        stretches = [*fixed, *(stretch for handle in handles for stretch in _stretches(handle))]
        clashing = _clashing(stretches)
        if not clashing:
            return
        moved = False
        for handle in clashing:
            moved = _shift(handle, handles, fixed) or moved
        if not moved:
            return


def _handles(ground: Ground, ways: Ways) -> list[Handle]:
    found: dict[tuple[object, ...], Handle] = {}
    for route in ways.routes:
        key = route.link.bundle or route.link.id
        if not route.channels:
            handle = Handle(key, [(route, "both")])
            handle.spans = straight_spans(
                ground, route.link, route.start.item, route.end.item, route.start.side
            )
            found[(route.link.id,)] = handle
            continue
        for slot, port in (("start", route.start), ("end", route.end)):
            end = (key if route.link.bundle else (key, slot), port.item.id, port.side)
            handle = found.setdefault(end, Handle(key))
            handle.users.append((route, slot))
            handle.spans = _port_spans(ground, port, handle.spans)
        for i, channel in enumerate(route.channels):
            lane = (key if route.link.bundle else (key, i), id(channel))
            handle = found.setdefault(lane, Handle(key))
            handle.users.append((route, i))
            lo, hi = channel.middle_start, channel.middle_start + channel.middle_width
            if channel.has_line:
                line = channel.line_at
                handle.spans = [(lo, line - channel.clear), (line + channel.clear, hi)]
            else:
                handle.spans = [(lo, hi)]
    return list(found.values())


def _port_spans(ground: Ground, port: Port, known: list[tuple[float, float]]) -> list[tuple[float, float]]:
    spans = free_spans(ground, port.item, port.side, port.through)
    if not spans:
        center = port.item.rect.center
        at = center.x if port.side in ("top", "bottom") else center.y
        spans = [(at - 10, at + 10)]
    if not known:
        return spans
    both = [(max(a, c), min(b, d)) for a, b in known for c, d in spans]
    return [(lo, hi) for lo, hi in both if hi > lo] or known


def _stretches(handle: Handle) -> Iterator[Stretch]:
    for route, slot in handle.users:
        if slot == "both":
            first, last = _edge(route.start), _edge(route.end)
            yield Stretch(
                handle,
                route.start.side in ("top", "bottom"),
                route.start_at,
                min(first, last),
                max(first, last),
            )
        elif isinstance(slot, int):
            first = route.start_at if slot == 0 else route.tracks[slot - 1]
            last = route.end_at if slot == len(route.channels) - 1 else route.tracks[slot + 1]
            upright = route.channels[slot].runs == "v"
            yield Stretch(handle, upright, route.tracks[slot], min(first, last), max(first, last))
        else:
            port, track = (route.start, route.tracks[0]) if slot == "start" else (route.end, route.tracks[-1])
            at = route.start_at if slot == "start" else route.end_at
            edge = _edge(port)
            yield Stretch(handle, port.side in ("top", "bottom"), at, min(edge, track), max(edge, track))


def _edge(port: Port) -> float:
    """Where the side lies, across it."""
    rect = port.item.rect
    return {"left": rect.x, "right": rect.right, "top": rect.y, "bottom": rect.bottom}[port.side]


def _clashing(stretches: Sequence[Stretch]) -> list[Handle]:
    """The handles to move: of two that clash the one with fewer users, ports before tracks."""
    found: dict[int, Handle] = {}
    for upright in (True, False):
        lane = sorted(
            (s for s in stretches if s.upright == upright and s.hi - s.lo > 1), key=lambda s: (s.at, s.lo)
        )
        for i, one in enumerate(lane):
            for other in lane[i + 1 :]:
                if other.at - one.at >= APART:
                    break
                if not one.handle.users and not other.handle.users:
                    continue
                if one.handle.key == other.handle.key and (
                    one.handle is other.handle or _is_bundle(one.handle)
                ):
                    continue
                if min(one.hi, other.hi) - max(one.lo, other.lo) > 1:
                    free = [h for h in (one.handle, other.handle) if h.users]
                    weaker = min(free, key=lambda h: (len(h.users), _is_track(h)))
                    found.setdefault(id(weaker), weaker)
    return list(found.values())


def _is_bundle(handle: Handle) -> bool:
    return bool(handle.users[0][0].link.bundle)


def _is_track(handle: Handle) -> bool:
    return isinstance(handle.users[0][1], int)


def _shift(handle: Handle, handles: Sequence[Handle], fixed: Sequence[Stretch]) -> bool:
    """Moves a handle to the nearest coordinate at which it lies on no other; tells whether it moved."""
    old = handle.at
    others: dict[bool, list[Stretch]] = defaultdict(list)
    others[False] += fixed
    for other in handles:
        if other is handle or (other.key == handle.key and _is_bundle(handle)):
            continue
        for stretch in _stretches(other):
            others[stretch.upright].append(stretch)
    own = list(_stretches(handle))
    near = [s for s in others[own[0].upright] if any(min(s.hi, o.hi) - max(s.lo, o.lo) > 1 for o in own)]
    for gap in (7.0, APART, 2.5):
        best: float | None = None
        for lo, hi in handle.spans:
            step = 0.0
            while lo + step <= hi:
                at = half(lo + step)
                if all(abs(s.at - at) >= gap for s in near) and (
                    best is None or abs(at - old) < abs(best - old)
                ):
                    best = at
                step += 1.0
        if best is not None:
            if abs(best - old) < 0.4:
                return False
            handle.move(best)
            return True
    return False
