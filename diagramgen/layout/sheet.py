"""The sheet: title and abbreviations above a drawing, key, notes and title block below, and the page's size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from diagramgen.geometry import Point, Rect, half
from diagramgen.layout.labels import Labeller
from diagramgen.layout.measure import room_width, wrap
from diagramgen.layout.plan import (
    Metrics,
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedMark,
    PlacedText,
)
from diagramgen.view.sketch import KeyEntry, Sketch


@dataclass(slots=True, eq=False, repr=False)
class Sheet:
    """Title above, key and title block below."""

    sketch: Sketch
    metrics: Metrics
    extent: Rect
    entries: Sequence[KeyEntry]  # of the key, those that occur
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
        if self.entries:
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
        for entry in self.entries:
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
        y = self.bottom + (6 if self.entries else 26)
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
        beside = width > 2 * block and bool(self.entries)
        x = self.extent.x + width - block
        y = self.extent.bottom + 26 if beside or not self.entries else self.bottom + 12
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
class Mover:
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
        return k._replace(points=tuple(map(self.point, k.points)), texts=tuple(map(self.text, k.texts)),
                          marks=tuple(map(self.mark, k.marks)))  # fmt: skip

    def boundary(self, b: PlacedBoundary) -> PlacedBoundary:
        return PlacedBoundary(b.level, b.a, b.b, b.status, self.point(b.start), self.point(b.end), b.by, b.declared,
                              b.tooltip, tuple(map(self.mark, b.marks)), b.faded, b.badge)  # fmt: skip


def grown(p: Point, q: Point, by: float) -> Rect:
    return Rect(min(p.x, q.x) - by, min(p.y, q.y) - by, abs(p.x - q.x) + 2 * by, abs(p.y - q.y) + 2 * by)


def extent_of(
    boxes: Sequence[PlacedBox], links: Sequence[PlacedLink], boundaries: Sequence[PlacedBoundary]
) -> Rect:
    """The smallest box round everything that is drawn."""
    rects = [box.box for box in boxes]
    rects += [mark.box for box in boxes for mark in box.marks]
    rects += [text.room for box in boxes for text in box.texts]
    rects += [text.room for link in links for text in link.texts]
    rects += [grown(p, p, 6) for link in links for p in link.points]
    rects += [mark.box for link in links for mark in link.marks]
    rects += [grown(b.start, b.end, 2) for b in boundaries]
    rects += [mark.box for b in boundaries for mark in b.marks]
    return Rect.around(rects)
