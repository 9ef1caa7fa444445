"""What is outside Azure: level with what it is linked to, its arrows, and the outer red line before them.

Sites stand level with the gateway that they reach, the Internet and users in the nearest white above or below. The
line covers every way in: where the links of several things cross it out of their order, it is one unbroken line.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from diagramgen.geometry import Point, half
from diagramgen.layout import lines as red
from diagramgen.layout.draft import OUTER_LINE, OUTSIDE_GAP, OUTSIDE_NAME, Draft
from diagramgen.layout.labels import Labeller
from diagramgen.layout.lines import BADGE
from diagramgen.layout.measure import narrow
from diagramgen.layout.plan import (
    Metrics,
    PlacedBoundary,
    PlacedLink,
    PlacedMark,
    PlacedText,
)
from diagramgen.layout.route import ancestors
from diagramgen.layout.tree import Item, items, link_up
from diagramgen.layout.ways import (
    points_of,
)
from diagramgen.view.sketch import LEVEL_NUMBERS, Link, Sketch

DISC_ASIDE = 3.0
"""How far left of the outer line its number stands, px, so that its ring leaves the frame behind whole."""


def pull_outside(draft: Draft, links: Sequence[Link]) -> None:
    """Moves each thing outside level with what it is linked to, in that order, apart, and beside the estate."""
    if not draft.outside or draft.column is None:
        return
    wishes = _wishes(draft, links)
    arrows = {item.id: [link for link in links if link.stops_at_line and item.id in (link.a, link.b)]
              for item in draft.outside}  # fmt: skip
    levels: dict[str, list[float]] = {}  # of each thing's arrows, from its top
    wished: dict[str, float] = {}  # tops
    for item in draft.outside:
        levels[item.id], wished[item.id] = _arrow_levels(draft, item, wishes[item.id], arrows[item.id])
    order, tops = _stack(draft, wished, {rid for rid, found in wishes.items() if found})
    floor = draft.root.rect.bottom
    for i in range(len(order) - 1, -1, -1):
        tops[i] = min(tops[i], floor - order[i].least()[1] - order[i].margin.bottom)
        floor = tops[i] - order[i].margin.top - OUTSIDE_GAP
    for item, top in zip(order, tops, strict=True):
        item.settle(item.x, half(top), item.width, item.least()[1])
        for link, level in zip(arrows[item.id], levels[item.id], strict=True):
            draft.arrow_at[link.id] = half(item.y + level)
    draft.column.rows = [[item] for item in order]
    link_up(draft.column, draft.column.beside)
    for i, channel in enumerate(draft.column.down):
        channel.before, channel.after = order[i].margin.bottom, order[i + 1].margin.top
        channel.start = order[i].rect.bottom
        channel.width = order[i + 1].y - channel.start


def _arrow_levels(
    draft: Draft, item: Item, wish: Sequence[float], arrows: Sequence[Link]
) -> tuple[list[float], float]:
    """The heights of a thing's outer arrows, from its top, and where its top is wished; sets its least height."""
    main = draft.main.rect
    if item.box.kind == "internet" and arrows:
        rooms = [_words_height(link, draft.metrics) for link in arrows]
        aims = list(wish) if len(wish) == len(rooms) else [main.y + main.height * 0.35] * len(rooms)
        if len(draft.outside) > 1:
            aims = [sum(aims) / len(aims) + 0.001 * aim for aim in aims]
        spread = _apart(aims, rooms)
        top = min(y - room / 2 for y, room in zip(spread, rooms, strict=True))
        item.min_height = half(max(y + room / 2 for y, room in zip(spread, rooms, strict=True)) - top)
        item._least = None
        return [y - top for y in spread], top
    height = item.least()[1]
    levels = _apart([height / 2] * len(arrows), [18.0] * len(arrows))
    if wish:
        return levels, min(wish) - height / 2
    if len(draft.outside) == 1:
        return levels, main.y + min(main.height * 0.4, 300) - height / 2
    return levels, main.y + 8.0


def _stack(draft: Draft, wished: dict[str, float], bound: set[str]) -> tuple[list[Item], list[float]]:
    """The things outside from the top down, and their tops: sites level with what they reach, the Internet and users
    in the nearest white above or below them."""
    low = draft.main.rect.y + 8.0
    placed: list[tuple[float, Item]] = []
    sites = [item for item in draft.outside if item.box.kind == "on-premises"]
    for item in sorted(sites, key=lambda item: (item.id not in bound, wished[item.id])):
        placed.append((_free_top(placed, wished[item.id], item, low), item))
    for item in draft.outside:
        if item not in sites:
            placed.append((_free_top(placed, wished[item.id], item, low), item))
    placed.sort(key=lambda entry: entry[0])
    return [item for _, item in placed], [top for top, _ in placed]


def _free_top(placed: Sequence[tuple[float, Item]], wish: float, item: Item, low: float) -> float:
    """The top nearest to `wish`, not above `low`, at which `item` stands clear of everything placed."""
    height = item.least()[1]

    def clears(top: float) -> bool:
        return all(
            top + height + item.margin.bottom + OUTSIDE_GAP <= at - other.margin.top + 0.1
            or top - item.margin.top - OUTSIDE_GAP >= at + other.least()[1] + other.margin.bottom - 0.1
            for at, other in placed
        )

    first = low + item.margin.top
    edges = [max(wish, first), first]
    for at, other in placed:
        edges.append(at - other.margin.top - OUTSIDE_GAP - height - item.margin.bottom)
        edges.append(at + other.least()[1] + other.margin.bottom + OUTSIDE_GAP + item.margin.top)
    return min((top for top in edges if top >= first - 0.1 and clears(top)), key=lambda top: abs(top - wish))


def _wishes(draft: Draft, links: Sequence[Link]) -> dict[str, list[float]]:
    """For each thing outside the heights of what its links lead to, less where inside it they begin."""
    wishes: dict[str, list[float]] = {item.id: [] for item in draft.outside}
    for link in links:
        for own, far in ((link.a, link.b), (link.b, link.a)):
            aim = link.style.removeprefix("at:") if link.style.startswith("at:") else far
            near, target = draft.by_id.get(own), draft.by_id.get(aim)
            if near is None or target is None or target.box.kind == "azure" or aim in wishes:
                continue
            site = next((frame for frame in (near, *ancestors(near)) if frame.id in wishes), None)
            if site is not None:
                inset = near.rect.center.y - site.rect.center.y
                wishes[site.id].append(_level_of(target) - inset)
    return wishes


def _words_height(link: Link, metrics: Metrics) -> float:
    """What an outer arrow with its words and its badge takes, px."""
    font = metrics.fonts["outside-name"]
    lines = sum(len(narrow(text, font, OUTSIDE_NAME, 3)) for text in link.label) or 1
    least = (30.0 if link.pair else 18.0) + (BADGE - 4 if link.badge else 0.0)
    return max(lines * font.line_height + 6, least)


def _apart(heights: Sequence[float], rooms: Sequence[float]) -> list[float]:
    """The heights, moved down where two would come nearer than their rooms allow; in the order given."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], i))
    found = list(heights)
    for before, after in itertools.pairwise(order):
        found[after] = half(max(found[after], found[before] + (rooms[before] + rooms[after]) / 2))
    return found


def _level_of(target: Item) -> float:
    """The height at which an arrow meets a box: its icon's middle where it holds just one row of icons."""
    inside = [item for item in items(target.content) if item.box.kind == "resource"] if target.content else []
    if inside and len({item.y for item in inside}) == 1:
        return inside[0].rect.center.y
    return target.rect.center.y


@dataclass(slots=True, eq=False, repr=False)
class OuterSide:
    """The arrows and red lines between what is outside and the frame behind; `texts` are the words at the arrows."""

    sketch: Sketch
    metrics: Metrics
    draft: Draft
    outer: list[Link]
    texts: list[PlacedText] = field(default_factory=list)

    def place(self) -> tuple[list[PlacedLink], list[PlacedBoundary]]:
        """Arrows from outside that end at the outer red line, and that line."""
        draft = self.draft
        placed: list[PlacedLink] = []
        lines: list[PlacedBoundary] = []
        if not draft.outside or draft.gap is None:
            return placed, lines
        frame = self._frame_behind()
        if frame is None:
            return placed, lines
        x = half(frame.x - OUTER_LINE)
        extents = self._outer_extents()
        font = self.metrics.fonts["outside-name"]
        for item in draft.outside:
            own = [link for link in self.outer if item.id in (link.a, link.b)]
            at = [draft.arrow_at[link.id] for link in own]
            for link, y in zip(own, at, strict=True):
                placed += self._outer_arrow(link, item, y, x, frame)
            if item.box.kind == "internet":
                words = [(link.label or (item.box.name,), y) for link, y in zip(own, at, strict=True)]
                if not any(link.label for link in own):
                    words = [((item.box.name,), sum(at) / len(at) if at else item.rect.center.y)]
                for label, y in words:
                    wrapped = tuple(line for text in label for line in narrow(text, font, OUTSIDE_NAME, 3))
                    top = y - len(wrapped) * font.line_height / 2
                    labeller = Labeller(self.metrics)
                    right = item.rect.right
                    self.texts += labeller.lines(
                        item.id, wrapped, "outside-name", right, top, "end", item.box.faded
                    )
        told: set[str] = set()
        for level, outside_id, inside_id, state in self.sketch.outer:
            site = draft.by_id.get(outside_id)
            inside = draft.by_id.get(inside_id)
            if site is None or inside is None or site not in draft.outside:
                continue
            lo, hi = extents[site.id]
            crossings = [
                p.y for link in placed for p in link.points if link.a == site.id or link.b == site.id
            ]
            crossings += [
                p.y for route in draft.ways.routes
                for p, q in zip(points_of(route), points_of(route)[1:], strict=False)
                if p.y == q.y and min(p.x, q.x) < x < max(p.x, q.x)
            ]  # fmt: skip
            line = _OuterLine(level, site, inside, state.status, x, lo, hi)
            lines.append(line.placed(state.by, state.declared, state.tooltip, crossings, self.metrics,
                                     level in self.sketch.boundaries.numbered and level not in told,
                                     level in self.sketch.boundaries.faded_levels, state.badge))  # fmt: skip
            told.add(level)
        return placed, lines

    def levels(self) -> list[tuple[float, float, float]]:
        """The heights of the outer arrows, and from where to where they run: (y, left, right)."""
        frame = self._frame_behind()
        if frame is None or self.draft.gap is None:
            return []
        found = []
        for item in self.draft.outside:
            own = [link for link in self.outer if item.id in (link.a, link.b)]
            for link, y in ((link, self.draft.arrow_at[link.id]) for link in own):
                for level in (y - 7, y + 7) if link.pair else (y,):
                    found.append((level, item.rect.right, frame.x))
        return found

    def _frame_behind(self) -> Item | None:
        """The outermost frame that the outer line stands before."""
        firsts = [item for item in items(self.draft.main) if item.parent is None]
        return min(firsts, key=lambda item: (item.x, item.y), default=None)

    def _outer_extents(self) -> dict[str, tuple[float, float]]:
        """How far along the outer line each thing outside reaches: a little more than itself, apart from others."""
        frame = self._frame_behind()
        assert frame is not None
        found = {}
        ordered = sorted(self.draft.outside, key=lambda item: item.y)
        alone = len(ordered) == 1
        crossings = self._crossings(half(frame.x - OUTER_LINE))
        for i, item in enumerate(ordered):
            grow = 60.0 if item.height < 120 else 24.0
            if alone and item.box.kind == "on-premises":
                grow = 60.0
            lo, hi = item.y - grow, item.rect.bottom + grow
            reach = self._reach_of(item) if alone else None
            if reach is not None:
                lo, hi = min(item.y - 12, reach[0] - 12), max(item.rect.bottom + 12, reach[1] + 12) + 34
            if i:
                lo = max(lo, (ordered[i - 1].rect.bottom + item.y) / 2 + 4)
            if i + 1 < len(ordered):
                hi = min(hi, (item.rect.bottom + ordered[i + 1].y) / 2 - 4)
            ceiling = frame.y + (-30 if frame.box.kind == "azure" else 4)
            found[item.id] = (
                half(max(lo, min(ceiling, item.y))),
                half(max(min(hi, frame.rect.bottom - 4), item.rect.bottom)),
            )
        if all(found[rid][0] + 6 <= y <= found[rid][1] - 6 for rid, ys in crossings.items() for y in ys):
            return found
        return self._unbroken(ordered, [y for ys in crossings.values() for y in ys])

    def _reach_of(self, item: Item) -> tuple[float, float] | None:
        """From where to where what the arrows of a thing are meant for stands: the frame round each target icon."""
        tops: list[float] = []
        for link in self.outer:
            target = (
                self.draft.by_id.get(link.style.removeprefix("at:")) if item.id in (link.a, link.b) else None
            )
            if target is None or target.box.kind in ("azure", "vnet", "subscription"):
                continue
            frame = target if target.box.kind != "resource" or target.parent is None else target.parent
            if frame.box.kind in ("subnet", "group", "resource"):
                tops += [frame.y, frame.rect.bottom]
        return (min(tops), max(tops)) if tops else None

    def _unbroken(
        self, ordered: Sequence[Item], crossings: Sequence[float]
    ) -> dict[str, tuple[float, float]]:
        """One line along everything outside and every crossing, in pieces that meet midway between two things."""
        cuts = [half((a.rect.bottom + b.y) / 2) for a, b in itertools.pairwise(ordered)]
        first = half(min([ordered[0].y - 42, *(y - 24 for y in crossings)]))
        last = half(max([ordered[-1].rect.bottom + 42, *(y + 24 for y in crossings)]))
        return {
            item.id: (lo, hi) for item, lo, hi in zip(ordered, [first, *cuts], [*cuts, last], strict=True)
        }

    def _crossings(self, x: float) -> dict[str, list[float]]:
        """The heights at which routed links cross the outer line, by the thing outside that they belong to."""
        found: dict[str, list[float]] = {item.id: [] for item in self.draft.outside}
        for route in self.draft.ways.routes:
            for end in (route.start.item, route.end.item):
                owner = next((frame for frame in (end, *ancestors(end)) if frame.id in found), None)
                if owner is None:
                    continue
                way = points_of(route)
                found[owner.id] += [
                    p.y
                    for p, q in itertools.pairwise(way)
                    if p.y == q.y and min(p.x, q.x) < x < max(p.x, q.x)
                ]
        return found

    def _outer_arrow(self, link: Link, item: Item, y: float, x: float, frame: Item) -> list[PlacedLink]:
        start = half(item.rect.right + (6 if item.box.kind == "internet" else 3))
        ends = (Point(start, y), Point(x, y))
        far = frame.id
        if not link.pair:
            heads = {"a": "a" if link.a == item.id else "b", "b": "b" if link.a == item.id else "a"}.get(
                link.heads, link.heads
            )
            return [PlacedLink(link.id, link.kind, item.id, far, ends, heads, "", "",  # type: ignore[arg-type]
                               link.tooltip, (), link.faded)]  # fmt: skip
        up, down = y - 7, y + 7
        there = PlacedLink(link.id, link.kind, item.id, far, (Point(start, up), Point(x, up)), "b", "", "",
                           link.tooltip, (), link.faded)  # fmt: skip
        back = PlacedLink(f"{link.id}#back", link.kind, far, item.id, (Point(x, down), Point(start, down)), "b",
                          "", "", link.tooltip, (), link.faded)  # fmt: skip
        return [there, back]


@dataclass(slots=True, eq=False, repr=False)
class _OuterLine:
    """The red line between one thing outside and what is behind it."""

    level: str
    site: Item
    inside: Item
    status: str
    x: float
    lo: float
    hi: float

    def placed(
        self,
        by: tuple[str, ...],
        declared: bool,
        tooltip: tuple[str, ...],
        crossings: Sequence[float],
        metrics: Metrics,
        numbered: bool,
        faded: bool,
        badge: str,
    ) -> PlacedBoundary:
        radius = metrics.number_radius + 1.5
        marks: list[PlacedMark] = []
        lo, hi = self.lo, self.hi
        if numbered:
            text = str(LEVEL_NUMBERS[self.level])  # type: ignore[index]
            center = _free_center(lo + radius, hi - radius, crossings, radius + 5)
            if center is not None:
                marks.append(
                    PlacedMark(
                        "number",
                        red._around(self.x - DISC_ASIDE, center, radius, True),
                        text=text,
                        faded=faded,
                    )
                )
                if center == hi - radius and hi - lo > 4 * radius:
                    hi = center - radius - 2
                elif center == lo + radius and hi - lo > 4 * radius:
                    lo = center + radius + 2
        sign = {"gap": "gap", "unknown": "unknown"}.get(self.status)
        if sign:
            discs = [
                y
                for mark in marks
                for y in (mark.box.center.y - 10, mark.box.center.y, mark.box.center.y + 10)
            ]
            at = red._free_place(lo, hi, [*crossings, *discs], red.SIGN / 2 + 3)
            if at is not None:
                marks.append(PlacedMark(sign, red._around(self.x, at, red.SIGN / 2, True), faded=faded))
        return PlacedBoundary(self.level, self.site.id, self.inside.id, self.status, Point(self.x, half(lo)),
                              Point(self.x, half(hi)), by, declared, tooltip, tuple(marks), faded,
                              badge)  # fmt: skip


def _free_center(first: float, last: float, taken: Sequence[float], room: float) -> float | None:
    """The lowest place on the outer line where nothing crosses: its foot, its head, else on the way up."""
    scan = [last, first, *(last - 4.0 * step for step in range(1, max(int((last - first) / 4), 0)))]
    return next((at for at in scan if all(abs(at - other) >= room for other in taken)), None)
