"""Badges: the sign of the control that holds a link's traffic, where the link crosses a red line.

A link that joins both sides of a line is held by what enforces the line. One that crosses on its way into one side,
such as a hub's peering between two spokes, is held by what enforces the boundary between its own two ends. Links that
cross near one another share a badge; none lies on a number, a sign or an arrowhead.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from diagramgen.geometry import Point, Rect, half
from diagramgen.layout.lines import BADGE
from diagramgen.layout.near import Rooms
from diagramgen.layout.plan import PlacedBoundary, PlacedLink, PlacedMark
from diagramgen.layout.route import ancestors
from diagramgen.layout.tree import Item
from diagramgen.view.sketch import Boundaries, BoxKind, Level

NO_TRAFFIC = ("disconnected", "pending", "unknown")
SHARED = 26.0
"""Crossings nearer than that, px, share a badge."""
ASIDE = 24.0
"""How far from a crossing its badge may stand, px."""
REACHES = 1.0
"""How far from the line, px, an arrow that stops at it may end."""
AT_THE_HUB = 1e6
"""What makes a crossing beside the hub of a bundle the last choice: the far end tells more."""
HEAD = 11.0
HOLDS = ("enforced", "no-path")
_FRAMES: Mapping[str, tuple[BoxKind, ...]] = {
    "subscription": ("subscription",), "vnet": ("vnet", "virtual-hub"), "subnet": ("subnet",),
}  # fmt: skip
"""Which frames stand on the two sides of the lines of a level."""


class Crossing(NamedTuple):
    """Where along a line a link crosses it, how far that is from the link's end on one side of it (0 where it joins
    both), the icon of what holds the link, and what is told of that."""

    line: int
    at: float
    link: str
    way: float
    icon: str
    tooltip: tuple[str, ...]


class Badges:
    """Finds the badges of one drawing. `own` are the icons of links that say themselves what holds them, by id."""

    def __init__(
        self,
        boundaries: Boundaries,
        links: Sequence[PlacedLink],
        by_id: Mapping[str, Item],
        own: Mapping[str, str],
    ) -> None:
        open_ways = {link.along for link in links}
        self._hubs = _hubs(links)
        self._judged = boundaries
        self._by_id = by_id
        self._own = own
        self._heads = [head for link in links for head in _heads(link)]
        self._links = [link for link in links if link.style not in NO_TRAFFIC and link.kind != "open-flow"
                       and link.id not in open_ways]  # fmt: skip
        steps: dict[bool, list[tuple[float, float, float, int, int]]] = {True: [], False: []}
        for number, link in enumerate(self._links):
            for step, (p, q) in enumerate(itertools.pairwise(link.points)):
                upright = abs(p.x - q.x) < 0.3
                at, lo, hi = (p.x, p.y, q.y) if upright else (p.y, p.x, q.x)
                steps[upright].append((at, min(lo, hi), max(lo, hi), number, step))
        self._steps = {upright: sorted(found) for upright, found in steps.items()}

    def put_on(self, lines: Sequence[PlacedBoundary]) -> list[PlacedBoundary]:
        """The lines with their badges."""
        taken = Rooms([*self._heads, *(mark.box for line in lines for mark in line.marks)])
        marks: dict[int, list[PlacedMark]] = {}
        for cluster in _clusters(self._chosen(lines)):
            line = lines[cluster[0].line]
            box = _place(line, cluster, taken)
            if box is not None:
                taken.append(box)
                mark = PlacedMark(
                    "badge", box, icon=cluster[0].icon, tooltip=cluster[0].tooltip, faded=line.faded
                )
                marks.setdefault(cluster[0].line, []).append(mark)
        return [
            line._replace(marks=(*line.marks, *marks.get(number, ()))) for number, line in enumerate(lines)
        ]

    def _chosen(self, lines: Sequence[PlacedBoundary]) -> list[Crossing]:
        """Where links cross lines, each link that joins no line's two sides once, near its end; sorted."""
        found = [crossing for number, line in enumerate(lines) for crossing in self._crossings(number, line)]
        nearest: dict[str, Crossing] = {}
        for crossing in found:
            known = nearest.get(crossing.link)
            if known is None or crossing.way < known.way:
                nearest[crossing.link] = crossing
        return sorted(
            (c for c in found if not c.way or nearest[c.link] is c), key=lambda c: (c.line, c.at, c.link)
        )

    def _crossings(self, number: int, line: PlacedBoundary) -> Iterable[Crossing]:
        if line.status not in HOLDS or line.declared:
            return
        vertical = line.start.x == line.end.x
        across = line.start.x if vertical else line.start.y
        ends = (line.start.y, line.end.y) if vertical else (line.start.x, line.end.x)
        steps = self._steps[not vertical]
        for at, lo, hi, index, step in steps[
            bisect_left(steps, (min(ends),)) : bisect_right(steps, (max(ends), 1e9))
        ]:
            if lo - REACHES <= across <= hi + REACHES:
                link = self._links[index]
                place = Point(across, at) if vertical else Point(at, across)
                crossing = self._crossing(number, line, link, at, _ways(link.points, step, place))
                if crossing is not None:
                    yield crossing

    def _crossing(
        self, number: int, line: PlacedBoundary, link: PlacedLink, at: float, ways: tuple[float, float]
    ) -> Crossing | None:
        sides = [{line.a, line.b} & self._around(end) for end in (link.a, link.b)]
        rid = link.id.removesuffix("#back")
        if (sides[0] and sides[1]) or line.level not in _FRAMES:
            icon = self._own.get(rid) or self._service_icon(link, line) or line.badge
            return Crossing(number, at, rid, 0.0, icon, line.tooltip) if icon and any(sides) else None
        if not any(sides):
            return None
        state = self._between_ends(line, link)
        if state is None or not state[0]:
            return None
        near, way = (link.a, ways[0]) if sides[0] else (link.b, ways[1])
        if near == self._hubs.get(link.bundle):
            way += AT_THE_HUB
        return Crossing(number, at, rid, max(way, 0.1), *state)

    def _between_ends(self, line: PlacedBoundary, link: PlacedLink) -> tuple[str, tuple[str, ...]] | None:
        """The badge and the words of the boundary between the frames round a link's own ends."""
        frames = [self._frame(end, line.level) for end in (link.a, link.b)]
        if frames[0] is None or frames[1] is None or frames[0] == frames[1]:
            return None
        level: Level = line.level  # type: ignore[assignment]
        state = self._judged.between(level, frames[0], frames[1])
        return None if state is None or state.declared else (state.badge, state.tooltip)

    def _frame(self, rid: str, level: str) -> str | None:
        item = self._by_id.get(rid)
        frames = (item, *ancestors(item)) if item is not None else ()
        return next((frame.id for frame in frames if frame.box.kind in _FRAMES[level]), None)

    def _around(self, rid: str) -> set[str]:
        """A box and the frames round it."""
        item = self._by_id.get(rid)
        return {rid, *(frame.id for frame in ancestors(item))} if item is not None else {rid}

    def _service_icon(self, link: PlacedLink, line: PlacedBoundary) -> str:
        """The icon of the platform service that a link leads to: each admits its callers itself."""
        if line.level != "paas":
            return ""
        items = [self._by_id[end] for end in (link.a, link.b) if end in self._by_id]
        services = [
            item for item in items
            if item.box.kind == "resource" and any(f.box.style == "services" for f in ancestors(item))
        ]  # fmt: skip
        return next((item.box.icon or "" for item in services), "")


def _hubs(links: Iterable[PlacedLink]) -> dict[str, str]:
    """The end that all links of a bundle share, by bundle."""
    shared: dict[str, set[str]] = {}
    for link in links:
        if link.bundle and not link.along:
            ends = {link.a, link.b}
            shared[link.bundle] = shared[link.bundle] & ends if link.bundle in shared else ends
    return {bundle: ends.pop() for bundle, ends in shared.items() if len(ends) == 1}


def _ways(points: Sequence[Point], step: int, place: Point) -> tuple[float, float]:
    """How far a place on a step of a way is from its begin and from its end."""
    before = (*points[: step + 1], place)
    after = (place, *points[step + 1 :])
    first, last = (
        sum(abs(p.x - q.x) + abs(p.y - q.y) for p, q in itertools.pairwise(way)) for way in (before, after)
    )
    return first, last


def _heads(link: PlacedLink) -> Iterable[Rect]:
    """The room of a link's arrowheads, and of the ends of arrows that stop at a line."""
    for has_head, point, before in (
        (link.heads in ("b", "both"), link.points[-1], link.points[-2]),
        (link.heads in ("a", "both"), link.points[0], link.points[1]),
    ):
        if has_head or link.kind == "internet":
            dx, dy = _sign(before.x - point.x), _sign(before.y - point.y)
            x, y = point.x + dx * HEAD / 2, point.y + dy * HEAD / 2
            wide = 8.0 if has_head else 3.0
            yield (
                Rect(x - HEAD / 2, y - wide / 2, HEAD, wide)
                if dx
                else Rect(x - wide / 2, y - HEAD / 2, wide, HEAD)
            )


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _clusters(crossings: Sequence[Crossing]) -> list[list[Crossing]]:
    found: list[list[Crossing]] = []
    for crossing in crossings:
        last = found[-1][-1] if found else None
        if (
            last is not None
            and (last.line, last.icon) == (crossing.line, crossing.icon)
            and crossing.at - last.at < SHARED
        ):
            found[-1].append(crossing)
        else:
            found.append([crossing])
    return found


def _place(line: PlacedBoundary, crossings: Sequence[Crossing], taken: Rooms) -> Rect | None:
    """The free place on the line nearest to the middle of the crossings; None where all is taken."""
    vertical = line.start.x == line.end.x
    across = line.start.x if vertical else line.start.y
    lo, hi = sorted((line.start.y, line.end.y) if vertical else (line.start.x, line.end.x))
    middle = (crossings[0].at + crossings[-1].at) / 2
    reach = ASIDE + (crossings[-1].at - crossings[0].at) / 2
    for step in range(int(reach / 2) + 1):
        for at in (middle + 2 * step, middle - 2 * step):
            if lo + BADGE / 2 - 4 <= at <= hi - BADGE / 2 + 4:
                x, y = (across, at) if vertical else (at, across)
                box = Rect(half(x - BADGE / 2), half(y - BADGE / 2), BADGE, BADGE)
                if not taken.overlap(box.grown(1, 1, 1, 1)):
                    return box
    return None
