"""Page: one sketch laid out whole. `plan_layout` tries a few shapes, settles the best, and sets the rest round it.

What is outside Azure (Internet, users, sites) stands in a column at the left; each thing there is level with what
it is linked to, so that its link runs straight to the red line between the two.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diagramgen.geometry import Point, Rect, Side, half
from diagramgen.layout import lines as red
from diagramgen.layout import overlays as over
from diagramgen.layout.dress import width_of
from diagramgen.layout.labels import Labeller, Segment
from diagramgen.layout.measure import room_width, wrap
from diagramgen.layout.pack import Packer
from diagramgen.layout.plan import (
    Metrics,
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedMark,
    PlacedText,
    Plan,
)
from diagramgen.layout.route import ancestors
from diagramgen.layout.tree import SIDES, Channel, Grid, Item, channels, grids, items, link_up
from diagramgen.layout.untangle import untangle
from diagramgen.layout.ways import (
    OPPOSITE,
    Ground,
    Ways,
    broken_ways,
    choose_ways,
    lay_tracks,
    points_of,
    set_ports,
)
from diagramgen.view.sketch import LEVEL_NUMBERS, Box, Link, Sketch

OUTSIDE = ("internet", "users", "on-premises")
RATIOS = (0.4, 0.7, 1.0, 1.5, 2.2, 3.2)
OUTER_LINE = 13.5
ARROW = 86.0
OUTSIDE_NAME = 118.0
OUTSIDE_GAP = 34.0
MOST_SETTLES = 8


@dataclass(slots=True, eq=False, repr=False)
class Draft:
    """A tree on its way to a plan: the page's item, what is outside, and everything by id."""

    root: Item
    main: Grid
    outside: list[Item]
    by_id: dict[str, Item]
    metrics: Metrics
    gap: Channel | None = None
    ways: Ways = field(default_factory=Ways)
    column: Grid | None = None
    arrow_at: dict[str, float] = field(default_factory=dict)  # the height of each outer arrow, by link
    cells: list[Item | Grid] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)

    def index(self) -> None:
        """Lists every cell and channel, once the shape is chosen."""
        self.cells = [*items(self.root), *grids(self.root)]
        self.channels = list(channels(self.root))

    def widths(self) -> list[float]:
        """What every channel needs at least, px."""
        return [channel.needed for channel in self.channels]


def plan_layout(sketch: Sketch, metrics: Metrics) -> Plan:
    """Where everything of `sketch` is, px, y down; the same sketch gives the same plan everywhere."""
    draft = _best_draft(sketch, metrics)
    draft.index()
    inner = [link for link in sketch.links if not _is_outer(link, draft)]
    outer = [link for link in sketch.links if _is_outer(link, draft)]
    links = sketch.links
    _settle(draft, links)
    pieces = red.facing_pieces(draft.root, sketch.boundaries)
    red.reserve(pieces, sketch.boundaries, metrics)
    over.reserve(sketch.overlays, draft.by_id, metrics)
    _reserve_labels(draft, sketch, metrics)
    _settle(draft, links)
    ground = Ground(draft.root, draft.by_id, metrics)
    bent: set[str] = set()
    draft.ways = choose_ways(ground, inner, bent)
    for _ in range(MOST_SETTLES):
        before = draft.widths()
        set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
        lay_tracks(draft.ways)
        if draft.widths() == before:
            break
        _settle(draft, links)
        broken = broken_ways(ground, draft.ways)
        if broken:
            bent |= broken
            draft.ways = choose_ways(ground, inner, bent)
    else:
        set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
    writer = _Writer(sketch, metrics, draft, pieces, outer)
    untangle(ground, draft.ways, writer.outer_levels())
    return writer.plan()


def _best_draft(sketch: Sketch, metrics: Metrics) -> Draft:
    """The shape that comes nearest to the wished page with the least area."""
    best: tuple[float, float] | None = None
    known: dict[str, Item] = {}
    for ratio in RATIOS:
        width, height = _draft(sketch, metrics, ratio, known).root.least()
        score = abs(math.log(width / height / sketch.page_ratio)) * 0.8 + math.log(width * height) * 0.8
        if best is None or score < best[0] - 1e-6:
            best = (score, ratio)
    assert best is not None
    return _draft(sketch, metrics, best[1], known)


def _draft(sketch: Sketch, metrics: Metrics, ratio: float, known: dict[str, Item]) -> Draft:
    """The tree for one wished shape; `known` keeps the VNets between drafts, as no shape changes their inside."""
    packer = Packer(metrics, ratio, known=known)
    inside = [box for box in sketch.roots if box.kind not in OUTSIDE]
    outside_boxes = [box for box in sketch.roots if box.kind in OUTSIDE]
    page = Item(box=Box("", "group", ""))
    outside = [
        packer.item(box)
        for box in sorted(outside_boxes, key=lambda b: (OUTSIDE.index(b.kind), b.order, b.id))
    ]
    parts: list[Grid] = []
    column = None
    if outside:
        column = packer.column(list(outside))
        column.extra_x = "end"
        column.extra_y = "start"
        for channel in column.down:
            channel.base = OUTSIDE_GAP
        parts.append(column)
    for item in outside:
        if item.box.kind == "internet":
            words = [text for link in sketch.links if item.id in (link.a, link.b) for text in link.label]
            font = metrics.fonts["outside-name"]
            lines = [line for text in words for line in wrap(text, font, OUTSIDE_NAME, 3)]
            item.min_width = max(item.min_width, width_of(tuple(lines), "outside-name", metrics))
    main = packer.root(inside, sketch.columns) if inside else packer.column([packer.item(_nothing())])
    parts.append(main)
    gap = None
    if outside:
        page.content = packer.row(list(parts))
        page.content.extra_x = "start"
        gap = page.content.across[0][0]
        gap.base = _gap_width(sketch, metrics)
    else:
        page.content = main
    for side in SIDES:
        page.pads[side] = Channel("v" if side in ("left", "right") else "h", 0.0, page, side)
    for item in _tops(page.content):
        item.page = page
    link_up(page, {})
    page.beside = {}
    by_id = {item.id: item for item in items(page.content)}
    return Draft(page, main, outside, by_id, metrics, gap, column=column)


def _tops(grid: Grid) -> Iterator[Item]:
    """The boxes that stand on the page itself."""
    for row in grid.rows:
        for cell in row:
            if isinstance(cell, Item):
                yield cell
            elif isinstance(cell, Grid):
                yield from _tops(cell)


def _nothing() -> Box:
    return Box("nothing", "group", "nothing to show")


def _gap_width(sketch: Sketch, metrics: Metrics) -> float:
    """The white between what is outside and Azure: room for an arrow and the words under it."""
    widest = ARROW
    for link in sketch.links:
        if link.bullets:
            widest = max(widest, width_of(link.bullets, "bullet", metrics) + 44)
        if link.label and link.stops_at_line:
            widest = max(widest, ARROW)
    return widest + OUTER_LINE


def _is_outer(link: Link, draft: Draft) -> bool:
    """Links whose arrow ends at the outer red line are laid with the page, not through channels."""
    outside = {item.id for item in draft.outside}
    return link.stops_at_line and (link.a in outside or link.b in outside)


def _reserve_labels(draft: Draft, sketch: Sketch, metrics: Metrics) -> None:
    """Room for the labels of links: each channel beside a labelled link's end keeps a line's height."""
    for link in sketch.links:
        if not link.label or link.stops_at_line:
            continue
        height = len(link.label) * metrics.fonts["link-name"].line_height + 8
        for end in (link.a, link.b):
            item = draft.by_id.get(end)
            if item is None:
                continue
            for side in ("bottom", "top"):
                channel = item.beside.get(side)
                if channel is not None and channel.frame is None:
                    channel.base = max(channel.base, 2 * height + 12)
    for item in draft.by_id.values():
        if item.box.kind in ("region",) and item.beside:
            item.beside["top"].base = max(item.beside["top"].base, metrics.gutter)
    for link in sketch.links:
        if link.pair and link.a in draft.by_id and link.b in draft.by_id:
            a, b = draft.by_id[link.a], draft.by_id[link.b]
            for side in SIDES:
                if a.beside.get(side) is not None and b.beside.get(_opposite(side)) is a.beside.get(side):
                    a.beside[side].base = max(a.beside[side].base, 30.0)


def _opposite(side: Side) -> Side:
    return OPPOSITE[side]


def _settle(draft: Draft, links: Sequence[Link]) -> None:
    for cell in draft.cells:
        cell.forget()
    width, height = draft.root.least()
    draft.root.settle(0.0, 0.0, width, height)
    _pull_outside(draft, links)


def _pull_outside(draft: Draft, links: Sequence[Link]) -> None:
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
    """What an outer arrow with its words takes, px."""
    font = metrics.fonts["outside-name"]
    lines = sum(len(wrap(text, font, OUTSIDE_NAME, 3)) for text in link.label) or 1
    return max(lines * font.line_height + 6, 30.0 if link.pair else 18.0)


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
class _Writer:
    """Turns a settled draft into a plan."""

    sketch: Sketch
    metrics: Metrics
    draft: Draft
    pieces: list[red.Piece]
    outer: list[Link]
    texts: list[PlacedText] = field(default_factory=list)
    marks: list[PlacedMark] = field(default_factory=list)
    key: list[PlacedKey] = field(default_factory=list)
    rules: list[tuple[Point, Point]] = field(default_factory=list)

    def plan(self) -> Plan:
        links = [self._link(route.link, points_of(route), ()) for route in self.draft.ways.routes]
        links = [half_link for link in links for half_link in self._pairs(link)]
        outer_links, outer_lines = self._outer()
        links += outer_links
        segments: list[Segment] = [
            s for link in links for s in zip(link.points, link.points[1:], strict=False)
        ]
        long_lines = red.join(self.pieces, self.sketch.boundaries)
        red.thin_numbers(long_lines)
        boundaries = [
            b for line in long_lines for b in red.place_line(line, segments, self.metrics)
        ] + outer_lines
        overlays = over.place(self.sketch.overlays, self.draft.by_id)
        labeller = Labeller(self.metrics, segments)
        labeller.taken += [_grown(b.start, b.end, 3) for b in boundaries]
        labeller.taken += [mark.box for b in boundaries for mark in b.marks]
        boxes = self._boxes(labeller)
        frames = [box.box for box in boxes if box.kind not in ("resource", "internet", "users")]
        over_boxes = [self._overlay(placed, labeller, frames) for placed in overlays]
        links = self._label_links(links, labeller, [box.box for box in (*boxes, *over_boxes)])
        return self._page(over_boxes + boxes, links, boundaries, labeller)

    def _link(self, link: Link, points: tuple[Point, ...], texts: tuple[PlacedText, ...]) -> PlacedLink:
        return PlacedLink(link.id, link.kind, link.a, link.b, points, link.heads, link.bundle, link.style,
                          link.tooltip, texts, link.faded)  # fmt: skip

    def _pairs(self, placed: PlacedLink) -> list[PlacedLink]:
        """A pair is drawn as two arrows side by side where it runs straight."""
        link = next(link for link in self.sketch.links if link.id == placed.id)
        if not link.pair or len(placed.points) != 2:
            return [placed]
        p, q = placed.points
        upright = abs(p.x - q.x) < 0.3
        dx, dy = (6.0, 0.0) if upright else (0.0, 6.0)
        out = (Point(p.x - dx, p.y - dy), Point(q.x - dx, q.y - dy))
        back = (Point(q.x + dx, q.y + dy), Point(p.x + dx, p.y + dy))
        there = PlacedLink(placed.id, placed.kind, placed.a, placed.b, out, "b", "", placed.style, placed.tooltip,
                           placed.texts, placed.faded)  # fmt: skip
        home = PlacedLink(f"{placed.id}#back", placed.kind, placed.b, placed.a, back, "b", "", placed.style,
                          placed.tooltip, (), placed.faded)  # fmt: skip
        return [there, home]

    def _outer(self) -> tuple[list[PlacedLink], list[PlacedBoundary]]:
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
                    wrapped = tuple(line for text in label for line in wrap(text, font, OUTSIDE_NAME, 3))
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
                                     level in self.sketch.boundaries.faded_levels))  # fmt: skip
            told.add(level)
        return placed, lines

    def outer_levels(self) -> list[tuple[float, float, float]]:
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

    def _boxes(self, labeller: Labeller) -> list[PlacedBox]:
        placed = []
        for item in items(self.draft.root.content):
            box = item.box
            texts, marks = labeller.item(item, item.worn)
            own = tuple(text for text in self.texts if text.of == item.id)
            placed.append(PlacedBox(
                item.id, box.kind, box.name, item.rect, item.parent.id if item.parent else None, box.type, box.style,
                box.icon if box.kind in ("resource", "users") else None, box.tooltip, tuple(marks),
                (*texts, *own), box.faded,
            ))  # fmt: skip
            if box.kind == "resource":
                labeller.taken.append(item.rect)
            labeller.taken += [mark.box for mark in marks]
        self.texts = []
        return placed

    def _overlay(self, placed: over.PlacedOverlay, labeller: Labeller, walls: Sequence[Rect]) -> PlacedBox:
        overlay, box = placed.overlay, placed.box
        suffix = f"#{placed.part}" if placed.part > 1 else ""
        name = overlay.name if placed.parts == 1 else f"{overlay.name} ({placed.part} of {placed.parts})"
        lines, right, top = labeller.under(name, "group-name", box, walls)
        texts = labeller.lines(overlay.id + suffix, lines, "group-name", right, top, "end", overlay.faded)
        return PlacedBox(
            overlay.id + suffix, overlay.kind, overlay.name, box, None, "", "", None, overlay.tooltip, (),
            tuple(texts), overlay.faded,
        )  # fmt: skip

    def _label_links(
        self, links: list[PlacedLink], labeller: Labeller, walls: Sequence[Rect]
    ) -> list[PlacedLink]:
        by_id = {link.id: link for link in self.sketch.links}
        done = []
        for placed in links:
            link = by_id.get(placed.id)
            texts: list[PlacedText] = []
            if link is not None and link.label and not (link.stops_at_line and link.kind == "internet"):
                for label in (link.label, tuple(text.rpartition("/")[2] for text in link.label)):
                    texts = texts or labeller.beside(
                        placed.id, label, "link-name", placed.points, walls, placed.faded
                    )
            if link is not None and link.bullets:
                p, q = placed.points[0], placed.points[-1]
                bullets = tuple(f"• {text}" for text in link.bullets)
                texts += labeller.lines(
                    placed.id, bullets, "bullet", min(p.x, q.x) + 16, p.y + 12, "start", placed.faded
                )
            done.append(
                PlacedLink(
                    placed.id, placed.kind, placed.a, placed.b, placed.points, placed.heads, placed.bundle,
                    placed.style, placed.tooltip, tuple(texts), placed.faded,
                )
            )  # fmt: skip
        return done

    def _page(
        self,
        boxes: list[PlacedBox],
        links: list[PlacedLink],
        boundaries: list[PlacedBoundary],
        labeller: Labeller,
    ) -> Plan:
        """The drawing with title, abbreviations, key and margin, moved so that everything lies on the page."""
        extent = _extent(boxes, links, boundaries)
        page = _Page(self.sketch, self.metrics, extent)
        page.head()
        page.foot()
        dx, dy, width, height = page.frame()
        move = _Mover(dx, dy)
        return Plan(
            self.sketch.name, width, height, self.sketch.title or self.sketch.name, self.sketch.description,
            tuple(move.box(box) for box in boxes), tuple(move.link(link) for link in links),
            tuple(move.boundary(b) for b in boundaries), tuple(move.text(text) for text in page.texts),
            (), tuple((move.point(p), move.point(q)) for p, q in page.rules),
            tuple(PlacedKey(k.mark, move.rect(k.box), move.text(k.text), k.abbreviation) for k in page.key),
        )  # fmt: skip


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
    ) -> PlacedBoundary:
        radius = metrics.number_radius + 1.5
        marks: list[PlacedMark] = []
        lo, hi = self.lo, self.hi
        if numbered:
            text = str(LEVEL_NUMBERS[self.level])  # type: ignore[index]
            center = _free_center(lo + radius, hi - radius, crossings, radius + 5)
            if center is not None:
                marks.append(
                    PlacedMark("number", red._around(self.x, center, radius, True), text=text, faded=faded)
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
                              Point(self.x, half(hi)), by, declared, tooltip, tuple(marks), faded)  # fmt: skip


def _free_center(first: float, last: float, taken: Sequence[float], room: float) -> float | None:
    """The lowest place on the outer line where nothing crosses: its foot, its head, else on the way up."""
    scan = [last, first, *(last - 4.0 * step for step in range(1, max(int((last - first) / 4), 0)))]
    return next((at for at in scan if all(abs(at - other) >= room for other in taken)), None)


@dataclass(slots=True, eq=False, repr=False)
class _Page:
    """Title above, key and title block below."""

    sketch: Sketch
    metrics: Metrics
    extent: Rect
    texts: list[PlacedText] = field(default_factory=list)
    key: list[PlacedKey] = field(default_factory=list)
    rules: list[tuple[Point, Point]] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0
    right: float = 0.0

    def head(self) -> None:
        """Title, subtitle and abbreviations above the drawing."""
        labeller = Labeller(self.metrics)
        fonts = self.metrics.fonts
        extent = self.extent
        title = (
            wrap(self.sketch.title, fonts["title"], max(extent.width, 320.0), 2)
            if self.sketch.show_title
            else ()
        )
        subtitle = (
            wrap(self.sketch.subtitle, fonts["subtitle"], max(extent.width, 320.0), 2)
            if self.sketch.show_title and self.sketch.subtitle
            else ()
        )
        short = self.sketch.abbreviations
        heights = len(title) * fonts["title"].line_height + len(subtitle) * fonts["subtitle"].line_height
        self.top = extent.y
        self.right = extent.right
        if short:
            height = len(short) * fonts["abbreviation"].line_height
            room = max(room_width(line, fonts["abbreviation"]) for line in short)
            self.top -= height + 6
            self.texts += labeller.lines(
                "", short, "abbreviation", max(extent.right, extent.x + room), self.top, "end"
            )
            self.right = max(self.right, extent.x + room)
        if title:
            self.top -= heights + 14
            y = self.top
            self.texts += labeller.lines("", title, "title", extent.x, y, "start")
            y += len(title) * fonts["title"].line_height
            self.texts += labeller.lines("", subtitle, "subtitle", extent.x, y, "start")
        self.right = max([self.right, *(text.room.right for text in self.texts)])

    def foot(self) -> None:
        """The key in columns, and the title block at its right."""
        self.bottom = self.extent.bottom
        width = max(self.right - self.extent.x, 320.0)
        block = self._block_width()
        if self.sketch.key:
            self._key(width - (block + 30 if block and width > 2 * block else 0))
        if self.sketch.title_block:
            self._block(block, width)
        if self.sketch.notes:
            self._notes(width - (block + 30 if block else 0))

    def _key(self, width: float) -> None:
        labeller = Labeller(self.metrics)
        font = self.metrics.fonts["key"]
        x0, y = self.extent.x, self.extent.bottom + 26
        self.texts += labeller.lines("", ("Key",), "key-title", x0, y + 2, "start")
        x = x0 + 40.0
        row = 20.0
        self.right = max(self.right, x0 + 320)
        for entry in self.sketch.key:
            text = wrap(entry.text, font, max(width - 90, 120), 1)
            room = room_width(text[0], font)
            mark = 38.0 if entry.mark.split(":")[0] in ("boundary", "link", "frame") else 18.0
            wide = mark + 6 + room
            if x + wide > x0 + width and x > x0 + 40:
                x, y = x0 + 40.0, y + row
            place = Rect(half(x), half(y), mark, 16.0)
            placed = labeller.lines("", text, "key", x + mark + 6, y + 8 - font.line_height / 2, "start")[0]
            self.key.append(PlacedKey(entry.mark, place, placed, entry.abbreviation))
            x += math.ceil((wide + 22) / 12) * 12
            self.right = max(self.right, placed.room.right)
        self.bottom = y + row

    def _notes(self, width: float) -> None:
        """Notes under the key, each wrapped to the drawing's width."""
        labeller = Labeller(self.metrics)
        font = self.metrics.fonts["note"]
        y = self.bottom + (6 if self.sketch.key else 26)
        self.texts += labeller.lines("", ("Notes",), "key-title", self.extent.x, y, "start")
        for rid, text in self.sketch.notes:
            lines = wrap(text, font, max(width - 60, 240.0), 6)
            self.texts += labeller.lines(rid, lines, "note", self.extent.x + 56, y + 1, "start")
            y += len(lines) * font.line_height + 3
        self.bottom = max(self.bottom, y + 4)
        self.right = max([self.right, *(text.room.right for text in self.texts)])

    def _block_width(self) -> float:
        fields = self.sketch.title_block
        if not fields:
            return 0.0
        font = self.metrics.fonts["title-block"]
        return (
            max(room_width(name, font) for name, _ in fields)
            + max(min(room_width(v, font), 240.0) for _, v in fields)
            + 26
        )

    def _block(self, block: float, width: float) -> None:
        """Rows of field and value in a thin frame at the right of the foot."""
        labeller = Labeller(self.metrics)
        font = self.metrics.fonts["title-block"]
        row = font.line_height + 6
        beside = width > 2 * block and bool(self.sketch.key)
        x = self.extent.x + width - block
        y = self.extent.bottom + 26 if beside or not self.sketch.key else self.bottom + 12
        names = max(room_width(name, font) for name, _ in self.sketch.title_block) + 12
        top = y
        for name, value in self.sketch.title_block:
            self.texts += labeller.lines("", (name,), "title-block", x + 6, y + 3, "start")
            shown = wrap(value, font, 240.0, 1)
            self.texts += labeller.lines("", shown, "title-block", x + names + 6, y + 3, "start")
            self.rules.append((Point(half(x), half(y)), Point(half(x + block), half(y))))
            y += row
        for at in (x, x + names, x + block):
            self.rules.append((Point(half(at), half(top)), Point(half(at), half(y))))
        self.rules.append((Point(half(x), half(y)), Point(half(x + block), half(y))))
        self.bottom = max(self.bottom, y)
        self.right = max(self.right, x + block)

    def frame(self) -> tuple[float, float, float, float]:
        """How far to move everything, and the page's size."""
        margin = self.metrics.margin
        width = self.right - self.extent.x + 2 * margin
        height = self.bottom - self.top + 2 * margin
        return half(margin - self.extent.x), half(margin - self.top), half(width), half(height)


@dataclass(frozen=True, slots=True)
class _Mover:
    """Moves placed things by (dx, dy)."""

    dx: float
    dy: float

    def point(self, p: Point) -> Point:
        return Point(half(p.x + self.dx), half(p.y + self.dy))

    def rect(self, r: Rect) -> Rect:
        return Rect(half(r.x + self.dx), half(r.y + self.dy), r.width, r.height)

    def text(self, t: PlacedText) -> PlacedText:
        return PlacedText(t.of, t.text, t.style, self.rect(t.room), t.width, t.anchor, t.faded)

    def mark(self, m: PlacedMark) -> PlacedMark:
        return PlacedMark(m.kind, self.rect(m.box), m.of, m.icon, m.text, m.tooltip, m.faded)

    def box(self, b: PlacedBox) -> PlacedBox:
        return PlacedBox(b.id, b.kind, b.name, self.rect(b.box), b.parent, b.type, b.style, b.icon, b.tooltip,
                         tuple(map(self.mark, b.marks)), tuple(map(self.text, b.texts)), b.faded)  # fmt: skip

    def link(self, k: PlacedLink) -> PlacedLink:
        return PlacedLink(k.id, k.kind, k.a, k.b, tuple(map(self.point, k.points)), k.heads, k.bundle, k.style,
                          k.tooltip, tuple(map(self.text, k.texts)), k.faded)  # fmt: skip

    def boundary(self, b: PlacedBoundary) -> PlacedBoundary:
        return PlacedBoundary(b.level, b.a, b.b, b.status, self.point(b.start), self.point(b.end), b.by, b.declared,
                              b.tooltip, tuple(map(self.mark, b.marks)), b.faded)  # fmt: skip


def _grown(p: Point, q: Point, by: float) -> Rect:
    return Rect(min(p.x, q.x) - by, min(p.y, q.y) - by, abs(p.x - q.x) + 2 * by, abs(p.y - q.y) + 2 * by)


def _extent(
    boxes: Sequence[PlacedBox], links: Sequence[PlacedLink], boundaries: Sequence[PlacedBoundary]
) -> Rect:
    """The smallest box round everything that is drawn."""
    rects = [box.box for box in boxes]
    rects += [mark.box for box in boxes for mark in box.marks]
    rects += [text.room for box in boxes for text in box.texts]
    rects += [text.room for link in links for text in link.texts]
    rects += [_grown(p, p, 6) for link in links for p in link.points]
    rects += [_grown(b.start, b.end, 2) for b in boundaries]
    rects += [mark.box for b in boundaries for mark in b.marks]
    return Rect.around(rects)
