"""Labels and signs: every name gets the room that was reserved for it, beside the links that pass there.

Names under a frame slide along the edge to let a link through; a link's own label looks for a free place beside
its longest stretch and, where there is none, stays in the tooltip.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from diagramgen.geometry import Point, Rect, half
from diagramgen.layout.dress import (
    CLOUD,
    CLOUD_ABOVE,
    FRAME_MARK,
    NSG_HEIGHT,
    NSG_OUT_X,
    NSG_OUT_Y,
    NSG_WIDTH,
    SUBSCRIPTION_MARK,
    Dress,
)
from diagramgen.layout.measure import room_width, set_width, wrap
from diagramgen.layout.near import Rooms, Segment, Segments
from diagramgen.layout.plan import Anchor, FontMetrics, Metrics, PlacedMark, PlacedText, TextStyle
from diagramgen.layout.tree import Item


@dataclass(slots=True, eq=False, repr=False)
class Labeller:
    """Sets the words of boxes and links; remembers the rooms that are taken."""

    metrics: Metrics
    segments: Segments = field(default_factory=Segments)
    taken: Rooms = field(default_factory=Rooms)

    def lines(
        self,
        of: str,
        lines: Sequence[str],
        style: TextStyle,
        x: float,
        y: float,
        anchor: Anchor,
        faded: bool = False,
    ) -> list[PlacedText]:
        """Lines under one another; `x` is the anchor's, `y` the top of the first line."""
        font = self.metrics.fonts[style]
        placed = []
        for i, line in enumerate(lines):
            room = room_width(line, font)
            left = {"start": x, "middle": x - room / 2, "end": x - room}[anchor]
            box = Rect(half(left), half(y + i * font.line_height), half(room + 0.5), font.line_height)
            placed.append(PlacedText(of, line, style, box, round(set_width(line, font), 1), anchor, faded))
            self.taken.append(box)
        return placed

    def item(self, item: Item, worn: Dress) -> tuple[list[PlacedText], list[PlacedMark]]:
        """Texts and marks of one box at its final place."""
        kind = item.box.kind
        if kind in ("resource", "users"):
            return self._resource(item, worn), []
        if kind == "subnet":
            return self._subnet(item, worn)
        if kind == "azure":
            return self._azure(item)
        if kind == "internet":
            return [], []
        if kind in ("on-premises", "management-group"):
            return self._above(item, worn)
        if kind == "region":
            return self._region(item, worn), []
        return self._below(item, worn)

    def _resource(self, item: Item, worn: Dress) -> list[PlacedText]:
        box, rect = item.box, item.rect
        middle = rect.center.x
        fonts = self.metrics.fonts
        texts = self.lines(box.id, worn.name, "name", middle, rect.bottom + 2, "middle", box.faded)
        y = rect.bottom + 2 + len(worn.name) * fonts["name"].line_height
        texts += self.lines(box.id, worn.caption, "caption", middle, y, "middle", box.faded)
        if worn.side_label:
            font = fonts["side-label"]
            top = rect.center.y - len(worn.side_label) * font.line_height / 2 - 2
            texts += self.lines(
                box.id, worn.side_label, "side-label", rect.right + 2, top, "start", box.faded
            )
        if worn.over:
            texts += self.lines(box.id, worn.over, "name", middle, rect.y - 3 - fonts["name"].line_height, "middle",
                                box.faded)  # fmt: skip
        return texts

    def _subnet(self, item: Item, worn: Dress) -> tuple[list[PlacedText], list[PlacedMark]]:
        box, rect = item.box, item.rect
        font = self.metrics.fonts["subnet-name"]
        height = len(worn.name) * font.line_height
        top = rect.y - 1 - height
        width = max((room_width(line, font) for line in worn.name), default=0.0)
        least = rect.x + (worn.mark_room - NSG_OUT_X + 4 if box.marks else 2)
        right = self._slide(rect.right - 2, least, width, top, height)
        texts = self.lines(box.id, worn.name, "subnet-name", right, top, "end", box.faded)
        marks = []
        x = rect.x - NSG_OUT_X
        for mark in box.marks:
            place = Rect(half(x), half(rect.y - NSG_OUT_Y), NSG_WIDTH, NSG_HEIGHT)
            kind = "nsg" if mark.kind == "nsg" else "icon"
            marks.append(PlacedMark(kind, place, box.id, mark.icon, mark.name, mark.tooltip, box.faded))
            x += NSG_WIDTH + 4
        if worn.mark_name:
            y = rect.y - NSG_OUT_Y - 1 - self.metrics.fonts["mark-name"].line_height
            texts += self.lines(
                box.id, worn.mark_name, "mark-name", rect.x - NSG_OUT_X, y, "start", box.faded
            )
        return texts, marks

    def _azure(self, item: Item) -> tuple[list[PlacedText], list[PlacedMark]]:
        rect, box = item.rect, item.box
        cloud = Rect(half(rect.x + 8), half(rect.y - CLOUD_ABOVE), *CLOUD)
        font = self.metrics.fonts["azure"]
        y = cloud.y + CLOUD[1] * 0.64 - font.line_height / 2
        texts = self.lines(box.id, ("Azure",), "azure", cloud.center.x, y, "middle", box.faded)
        return texts, [PlacedMark("azure-cloud", cloud, box.id, text="Azure", faded=box.faded)]

    def _above(self, item: Item, worn: Dress) -> tuple[list[PlacedText], list[PlacedMark]]:
        box, rect = item.box, item.rect
        style: TextStyle = "site-name" if box.kind == "on-premises" else "frame-name"
        font = self.metrics.fonts[style]
        height = len(worn.name) * font.line_height
        y = rect.y - 3 - height
        width = max((room_width(line, font) for line in worn.name), default=0.0)
        mark = FRAME_MARK + 6 if box.icon else 0.0
        right = self._slide(rect.right - 2, rect.x + mark, width + mark, y, height)
        texts = self.lines(box.id, worn.name, style, right, y, "end", box.faded)
        if not box.icon or not texts:
            return texts, []
        left = min(text.room.x for text in texts) - FRAME_MARK - 4
        place = Rect(half(left), half(rect.y - 2 - FRAME_MARK), FRAME_MARK, FRAME_MARK)
        return texts, [PlacedMark("icon", place, box.id, box.icon, faded=box.faded)]

    def _region(self, item: Item, worn: Dress) -> list[PlacedText]:
        box, rect = item.box, item.rect
        font = self.metrics.fonts["region-name"]
        high = font.line_height
        width = max(room_width(line, font) for line in (*worn.name, *worn.over, ""))
        top = rect.y - 2 - high if worn.over else rect.y + 3
        right = self._slide(rect.right - 6, rect.x + 4, width, top, rect.y + 3 + high - top)
        texts = self.lines(box.id, worn.name, "region-name", right, rect.y + 3, "end", box.faded)
        if worn.over:
            texts += self.lines(box.id, worn.over, "region-name", right, rect.y - 2 - high, "end", box.faded)
        return texts

    def _below(self, item: Item, worn: Dress) -> tuple[list[PlacedText], list[PlacedMark]]:
        """VNets, subscriptions, hubs, groups: name under the bottom edge, mark across it."""
        box, rect = item.box, item.rect
        marks = []
        right = rect.right - 4
        if box.kind == "subscription":
            width, height = SUBSCRIPTION_MARK
            place = Rect(half(rect.right - 22), half(rect.bottom - height / 2 - 2), width, height)
            marks.append(PlacedMark("subscription", place, box.id, box.icon, faded=box.faded))
            right = rect.right - 26
        elif box.icon:
            place = Rect(
                half(rect.right - FRAME_MARK - 8), half(rect.bottom - FRAME_MARK / 2), FRAME_MARK, FRAME_MARK
            )
            marks.append(
                PlacedMark("vnet" if box.kind == "vnet" else "icon", place, box.id, box.icon, faded=box.faded)
            )
            right = place.x - 3
        x = rect.x + 4.0
        for mark in box.marks:
            place = Rect(half(x), half(rect.y - 9), 18.0, 18.0)
            marks.append(PlacedMark("icon", place, box.id, mark.icon, mark.name, mark.tooltip, box.faded))
            x += 22
        if not worn.name:
            return [], marks
        font = self.metrics.fonts["frame-name"]
        width = max(room_width(line, font) for line in worn.name)
        height = len(worn.name) * font.line_height
        right = self._slide(right, rect.x + 2, width, rect.bottom + 2, height)
        return self.lines(box.id, worn.name, "frame-name", right, rect.bottom + 2, "end", box.faded), marks

    def _slide(self, right: float, least: float, width: float, y: float, height: float) -> float:
        """The rightmost right end, at or left of `right`, at which no link passes through the name's room; `right`
        itself where there is none, and its left end may not be left of `least`."""
        at = right
        while at - width >= least - 0.5:
            room = Rect(at - width - 3, y, width + 6, height)
            if not self.segments.cross(room):
                return half(at)
            at -= 4
        return half(right)

    def under(
        self, name: str, style: TextStyle, box: Rect, walls: Sequence[Rect]
    ) -> tuple[tuple[str, ...], float, float]:
        """The lines of an overlay's name, their right end and top: under its bottom edge, in as few lines as find a
        place that no frame, line or link crosses; else above its top edge; else two lines at the right."""
        font = self.metrics.fonts[style]
        if not name:
            return (), box.right, box.bottom
        fallback = wrap(name, font, max(130.0, min(box.width - 12, 220.0)), 2)
        for lines in (wrap(name, font, 260.0, 1), _balanced(name, font), wrap(name, font, 96.0, 3)):
            if "…" in "".join(lines):
                continue
            width = max(room_width(line, font) for line in lines)
            height = len(lines) * font.line_height
            for top in (box.bottom + 2, box.y - 2 - height):
                at = box.right - 4
                while at - width >= box.x:
                    if self._is_free(Rect(at - width, top, width, height), walls):
                        return lines, half(at), top
                    at -= 6
        width, height = max(room_width(line, font) for line in fallback), len(fallback) * font.line_height
        for is_strict in (True, False):
            at = box.right - 4
            while at - width >= box.x - 60:
                room = Rect(at - width, box.bottom + 2, width, height)
                if not self.taken.overlap(room) and not (is_strict and self.segments.cross(room)):
                    return fallback, half(at), box.bottom + 2
                at -= 6
        return fallback, box.right - 4, box.bottom + 2

    def beside(
        self,
        of: str,
        lines: Sequence[str],
        style: TextStyle,
        points: Sequence[Point],
        walls: Sequence[Rect],
        faded: bool = False,
    ) -> list[PlacedText]:
        """A link's label beside its longest stretch that has a free place; nothing where none has."""
        font = self.metrics.fonts[style]
        width = max(room_width(line, font) for line in lines)
        height = len(lines) * font.line_height
        stretches = sorted(itertools.pairwise(points), key=lambda s: -_length(s))
        for p, q in stretches:
            for room in _rooms(p, q, width, height):
                if self._is_free(room, walls):
                    return self.lines(of, lines, style, room.x, room.y, "start", faded)
        return []

    def on_way(self, points: Sequence[Point], side: float, walls: Sequence[Rect], shared: str = "") -> Rect:
        """The place of a sign on a link's way: in the middle of its longest stretch, else where it is free. `shared`
        is the end (`a` or `b`) near which the way is that of other links too; the sign keeps to the other."""
        steps = list(itertools.pairwise(points))
        own = sorted(steps, key=lambda s: -_length(s))
        if shared:
            own = steps[::-1] if shared == "a" else steps
        places = [place for step in own for place in _along(step, side)]
        for is_strict in (True, False):
            for room in places:
                grown = room.grown(2, 2, 2, 2) if is_strict else room
                if self.taken.overlap(grown) or (
                    is_strict
                    and (
                        any(segment not in steps for segment in self.segments.across(grown))
                        or any(_on_edge(grown, wall) for wall in walls)
                    )
                ):
                    continue
                self.taken.append(room)
                return room
        return next(
            iter(places), Rect(half(points[0].x - side / 2), half(points[0].y - side / 2), side, side)
        )

    def _is_free(self, room: Rect, walls: Sequence[Rect]) -> bool:
        grown = room.grown(2, 1, 2, 1)
        return (
            not self.taken.overlap(grown)
            and not self.segments.cross(grown)
            and not any(_on_edge(grown, wall) for wall in walls)
        )


def _balanced(name: str, font: FontMetrics) -> tuple[str, ...]:
    """The name in two lines of about the same width."""
    for most in range(70, 260, 8):
        lines = wrap(name, font, float(most), 2)
        if "…" not in "".join(lines):
            return lines
    return wrap(name, font, 260.0, 2)


def _rooms(p: Point, q: Point, width: float, height: float) -> list[Rect]:
    """Places beside a stretch: right or left of an upright one, above or below a level one."""
    found = []
    steps = (0.25, 0.5, 0.75, 0.12, 0.88)
    if abs(p.x - q.x) < 0.3:
        for share in steps:
            y = min(p.y, q.y) + abs(q.y - p.y) * share - height / 2
            found += [Rect(p.x + 6, y, width, height), Rect(p.x - 6 - width, y, width, height)]
    else:
        for share in (0.5, 0.3, 0.7, 0.15, 0.85):
            x = min(p.x, q.x) + abs(q.x - p.x) * share - width / 2
            found += [Rect(x, p.y - 4 - height, width, height), Rect(x, p.y + 4, width, height)]
    return found


def _along(step: Segment, side: float) -> list[Rect]:
    """Places for a sign on a stretch of a way, from its middle outwards, clear of its bends."""
    p, q = step
    length = _length(step)
    found = []
    for away in range(int(max(length - side - 8, 0.0) / 8) + 1):
        for sign in (1, -1) if away else (1,):
            share = 0.5 + sign * away * 4 / (length or 1.0)
            x, y = p.x + (q.x - p.x) * share, p.y + (q.y - p.y) * share
            found.append(Rect(half(x - side / 2), half(y - side / 2), side, side))
    return found if length >= side + 4 else []


def _length(segment: Segment) -> float:
    p, q = segment
    return abs(p.x - q.x) + abs(p.y - q.y)


def _on_edge(room: Rect, frame: Rect) -> bool:
    """Whether the room lies across a frame's edge (inside or outside it is fine)."""
    return room.overlaps(frame) and not frame.contains(room)
