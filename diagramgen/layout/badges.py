"""Badges: the sign of the control that enforces a boundary, where links of its two sides cross the line.

Links that cross near one another share a badge. It lies on none of the numbers and signs that are there already; where
an arrow ends at the line, it lies beside the arrow, which keeps its head.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diagramgen.geometry import Rect, half
from diagramgen.layout.lines import BADGE
from diagramgen.layout.plan import PlacedBoundary, PlacedLink, PlacedMark
from diagramgen.layout.route import ancestors
from diagramgen.layout.tree import Item

NO_TRAFFIC = ("disconnected", "pending", "unknown")
SHARED = 26.0
"""Crossings nearer than that, px, share a badge."""
ASIDE = 24.0
"""How far from a crossing its badge may stand, px."""
REACHES = 1.0
"""How far from the line, px, an arrow that stops at it may end."""


class Crossing(NamedTuple):
    """Where along the line a link meets it, whether it ends there, and the icon of what holds it."""

    at: float
    ends_there: bool
    icon: str


def with_badges(
    boundaries: Sequence[PlacedBoundary], links: Sequence[PlacedLink], by_id: Mapping[str, Item],
    own: Mapping[str, str],
) -> list[PlacedBoundary]:  # fmt: skip
    """The lines with their badges; `own` are those of single links, by id. A link along which an open flow goes has
    none: nothing holds it."""
    open_ways = {link.along for link in links}
    steps = _Steps(
        [
            link for link in links
            if link.style not in NO_TRAFFIC and link.kind != "open-flow" and link.id not in open_ways
        ],
        by_id,
        own,
    )  # fmt: skip
    taken = [mark.box for boundary in boundaries for mark in boundary.marks]
    placed = []
    for boundary in boundaries:
        marks: list[PlacedMark] = []
        if boundary.badge and not boundary.declared:
            for crossings in _clusters(steps.crossings(boundary)):
                box = _place(boundary, crossings, taken)
                if box is not None:
                    taken.append(box)
                    marks.append(PlacedMark("badge", box, icon=crossings[0].icon, tooltip=boundary.tooltip,
                                            faded=boundary.faded))  # fmt: skip
        placed.append(boundary._replace(marks=(*boundary.marks, *marks)) if marks else boundary)
    return placed


class _Steps:
    """The steps of all links, upright ones and level ones apart, sorted by where they lie."""

    def __init__(
        self, links: Sequence[PlacedLink], by_id: Mapping[str, Item], own: Mapping[str, str]
    ) -> None:
        self._own = own
        found: dict[bool, list[tuple[float, float, float, int]]] = {True: [], False: []}
        self._links = links
        self._by_id = by_id
        for number, link in enumerate(links):
            for p, q in itertools.pairwise(link.points):
                upright = abs(p.x - q.x) < 0.3
                at, lo, hi = (p.x, p.y, q.y) if upright else (p.y, p.x, q.x)
                found[upright].append((at, min(lo, hi), max(lo, hi), number))
        self._steps = {upright: sorted(steps) for upright, steps in found.items()}

    def crossings(self, boundary: PlacedBoundary) -> list[Crossing]:
        """Where links of the boundary's sides meet its line, sorted."""
        vertical = boundary.start.x == boundary.end.x
        across = boundary.start.x if vertical else boundary.start.y
        ends = (boundary.start.y, boundary.end.y) if vertical else (boundary.start.x, boundary.end.x)
        first, last = min(ends), max(ends)
        steps = self._steps[not vertical]
        found = []
        for at, lo, hi, number in steps[bisect_left(steps, (first,)) : bisect_right(steps, (last, 1e9))]:
            if not lo - REACHES <= across <= hi + REACHES:
                continue
            link = self._links[number]
            sides = {boundary.a, boundary.b}
            own = [end for end in (link.a, link.b) if sides & self._around(end)]
            if own:
                told = self._own.get(link.id.removesuffix("#back"))
                icon = told or self._service_icon(own, boundary) or boundary.badge
                found.append(Crossing(at, min(across - lo, hi - across) <= REACHES, icon))
        return found

    def _around(self, rid: str) -> set[str]:
        """A box and the frames round it."""
        item = self._by_id.get(rid)
        return {rid, *(frame.id for frame in ancestors(item))} if item is not None else {rid}

    def _service_icon(self, ends: Sequence[str], boundary: PlacedBoundary) -> str:
        """The icon of the platform service that a link leads to: each admits its callers itself."""
        if boundary.level != "paas":
            return ""
        boxes = [self._by_id[end].box for end in ends if end in self._by_id]
        return next(
            (box.icon or "" for box in boxes if box.kind == "resource" and self._is_service(box.id)), ""
        )

    def _is_service(self, rid: str) -> bool:
        return any(frame.box.style == "services" for frame in ancestors(self._by_id[rid]))


def _clusters(crossings: Sequence[Crossing]) -> list[list[Crossing]]:
    found: list[list[Crossing]] = []
    for crossing in crossings:
        near = bool(found) and crossing.at - found[-1][-1].at < SHARED
        if near and crossing.icon == found[-1][-1].icon:
            found[-1].append(crossing)
        else:
            found.append([crossing])
    return found


def _place(boundary: PlacedBoundary, crossings: Sequence[Crossing], taken: Sequence[Rect]) -> Rect | None:
    """The free place on the line nearest to the middle of the crossings; None where all is taken."""
    vertical = boundary.start.x == boundary.end.x
    across = boundary.start.x if vertical else boundary.start.y
    lo, hi = sorted((boundary.start.y, boundary.end.y) if vertical else (boundary.start.x, boundary.end.x))
    middle = (crossings[0].at + crossings[-1].at) / 2
    stops = [crossing.at for crossing in crossings if crossing.ends_there]
    reach = ASIDE + (crossings[-1].at - crossings[0].at) / 2
    for step in range(int(reach / 2) + 1):
        for at in (middle + 2 * step, middle - 2 * step):
            if not lo + BADGE / 2 - 4 <= at <= hi - BADGE / 2 + 4 or any(
                abs(at - s) < BADGE / 2 + 4 for s in stops
            ):
                continue
            x, y = (across, at) if vertical else (at, across)
            box = Rect(half(x - BADGE / 2), half(y - BADGE / 2), BADGE, BADGE)
            if not any(box.grown(1, 1, 1, 1).overlaps(other) for other in taken):
                return box
    return None
