"""The marks of the notation, a function each: shapes from a place and a paint, nothing decided about where.

Lines are drawn through the middle of a pixel, so that they are crisp at 100 %; the exact way stays in the
tag. Arrowheads are polygons, not markers: every renderer agrees on them. A theme's `wobble` makes lines
stray as a hand would, always the same way for the same line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import floor, hypot
from zlib import crc32

from diagramgen.draw.scene import Disc, Outline, Pen, Picture, Polyline, Rectangle, Shape, Words
from diagramgen.draw.theme import Stroke, Theme
from diagramgen.geometry import Point, Rect
from diagramgen.layout.measure import clean_text, is_estimate, set_width
from diagramgen.layout.plan import FontMetrics, PlacedKey, PlacedMark, PlacedText

_MARK_SIGNS: Mapping[str, str] = {
    "azure-cloud": "own/azure",
    "azure": "own/azure",
    "vnet": "own/vnet",
    "subscription": "own/subscription",
    "nsg": "own/nsg",
    "gap": "own/gap",
    "unknown": "own/unknown",
}
"""Marks that are one sign, whatever icon they name."""

# Lines


def pen_of(stroke: Stroke) -> Pen:
    return Pen(stroke.color, stroke.width, stroke.dash, stroke.round_caps)


def crisp(point: Point) -> Point:
    """The middle of the pixel that the point begins."""
    return Point(floor(point.x) + 0.5, floor(point.y) + 0.5)


def line(points: Sequence[Point], pen: Pen, theme: Theme) -> Shape:
    """A way along `points`, drawn by hand where the theme says so."""
    if theme.wobble and len(points) > 1:
        return Outline("".join(_by_hand(a, b, theme.wobble) for a, b in pairwise(points)), pen)
    return Polyline(tuple(points), pen)


def _by_hand(a: Point, b: Point, wobble: float) -> str:
    """One stroke as a pen would draw it: bowed a little, its ends a little off; always the same."""
    seed = crc32(f"{a.x:g},{a.y:g},{b.x:g},{b.y:g}".encode())

    def stray(step: int, most: float) -> float:
        return (((seed >> (step * 4)) & 15) / 7.5 - 1) * most

    length = hypot(b.x - a.x, b.y - a.y) or 1.0
    bow = min(wobble * 1.6, length / 40)
    loose = min(wobble * 0.6, length / 20)
    nx, ny = -(b.y - a.y) / length, (b.x - a.x) / length
    ends = [Point(p.x + stray(i, loose), p.y + stray(i + 1, loose)) for i, p in ((0, a), (2, b))]
    bends = [
        Point(a.x + (b.x - a.x) * t + nx * stray(i, bow), a.y + (b.y - a.y) * t + ny * stray(i, bow))
        for i, t in ((4, 0.33), (6, 0.66))
    ]
    texts = [f"{round(p.x, 2):g} {round(p.y, 2):g}" for p in (ends[0], *bends, ends[1])]
    return f"M{texts[0]}C{texts[1]} {texts[2]} {texts[3]}"


# Frames


def frame(box: Rect, stroke: Stroke, theme: Theme, gaps: Sequence[Rect] = ()) -> Shape:
    """A frame, open where one of `gaps` (the signs on it) lies across it."""
    corner = crisp(Point(box.x, box.y))
    shown = Rect(corner.x, corner.y, box.width, box.height)
    pen = pen_of(stroke)
    if not gaps and not theme.wobble:
        return Rectangle(shown, pen)
    ways = _open_ways(shown, gaps)
    if theme.wobble:
        strokes = (_by_hand(a, b, theme.wobble) for way in ways for a, b in pairwise(way))
        return Outline("".join(strokes), pen)
    return Outline("".join("M" + "L".join(f"{p.x:g} {p.y:g}" for p in way) for way in ways), pen)


def _open_ways(box: Rect, gaps: Sequence[Rect]) -> list[list[Point]]:
    """What is left of a frame's outline, clockwise from its top left corner, without what `gaps` cover."""
    corners = [
        Point(box.x, box.y),
        Point(box.right, box.y),
        Point(box.right, box.bottom),
        Point(box.x, box.bottom),
    ]
    ways: list[list[Point]] = []
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        for a, b in _left_over(start, end, gaps):
            if ways and ways[-1][-1] == a:
                ways[-1].append(b)
            else:
                ways.append([a, b])
    if len(ways) > 1 and ways[-1][-1] == ways[0][0]:
        ways[0] = ways.pop()[:-1] + ways[0]
    return ways


def _left_over(start: Point, end: Point, gaps: Sequence[Rect]) -> list[tuple[Point, Point]]:
    """The pieces of one side that no gap covers, in its direction."""
    length = abs(end.x - start.x) + abs(end.y - start.y)
    dx, dy = (end.x > start.x) - (end.x < start.x), (end.y > start.y) - (end.y < start.y)
    covered = []
    for gap in gaps:
        if (gap.y <= start.y <= gap.bottom) if dx else (gap.x <= start.x <= gap.right):
            spans = sorted(
                (
                    (gap.x - start.x) * dx + (gap.y - start.y) * dy if dx else (gap.y - start.y) * dy,
                    (gap.right - start.x) * dx if dx else (gap.bottom - start.y) * dy,
                )
            )
            covered.append((max(0.0, spans[0]), min(length, spans[1])))
    pieces, at = [], 0.0
    for low, high in sorted(c for c in covered if c[0] < c[1]):
        if low > at:
            pieces.append((at, low))
        at = max(at, high)
    if at < length:
        pieces.append((at, length))
    return [
        (Point(start.x + dx * a, start.y + dy * a), Point(start.x + dx * b, start.y + dy * b))
        for a, b in pieces
    ]


# Links


def arrow(points: Sequence[Point], stroke: Stroke, at_start: bool, at_end: bool, theme: Theme) -> list[Shape]:
    """A line with what its kind has at its ends: arrowheads, or dots at both."""
    way = [crisp(p) for p in points]
    if stroke.end == "dot":
        return _dotted_line(way, stroke, theme)
    heads: list[Shape] = []
    if at_end and stroke.end == "arrow":
        heads.append(_head(way, stroke, 0.45 if at_start and len(way) == 2 else 0.9))
    if at_start and stroke.end == "arrow":
        way.reverse()
        heads.append(_head(way, stroke, 0.5 if at_end and len(way) == 2 else 0.9))
        way.reverse()
    return [line(way, pen_of(stroke), theme), *heads]


def _head(way: list[Point], stroke: Stroke, most: float) -> Shape:
    """The head at the end of `way`, which is cut back to the head's foot.

    It takes at most that share of the last step.
    """
    tip, before = way[-1], way[-2]
    step = hypot(tip.x - before.x, tip.y - before.y) or 1.0
    ux, uy = (tip.x - before.x) / step, (tip.y - before.y) / step
    length, width = stroke.head
    scale = min(1.0, step * most / length)
    length, half = length * scale, max(width * scale, stroke.width) / 2
    foot = Point(tip.x - ux * length, tip.y - uy * length)
    way[-1] = Point(foot.x + ux * 0.5, foot.y + uy * 0.5)
    sides = (Point(foot.x - uy * half, foot.y + ux * half), Point(foot.x + uy * half, foot.y - ux * half))
    return Polyline((tip, *sides), None, stroke.color, closed=True)


def _dotted_line(way: list[Point], stroke: Stroke, theme: Theme) -> list[Shape]:
    """A line between two dots that touch its ends from inside."""
    radius = stroke.head[0] / 2
    dots: list[Shape] = []
    for _ in range(2):
        tip, before = way[-1], way[-2]
        step = hypot(tip.x - before.x, tip.y - before.y) or 1.0
        inset = min(radius, step * 0.45)
        way[-1] = Point(tip.x - (tip.x - before.x) / step * inset, tip.y - (tip.y - before.y) / step * inset)
        dots.append(Disc(way[-1], radius, fill=stroke.color))
        way.reverse()
    return [line(way, pen_of(stroke), theme), *dots]


# Boundaries


def red_line(
    start: Point, end: Point, stroke: Stroke, nailed: tuple[bool, bool], theme: Theme
) -> list[Shape]:
    """A boundary's piece; `nailed` ends get the dot that says: computed, not only declared."""
    way = (crisp(start), crisp(end))
    shapes: list[Shape] = [line(way, pen_of(stroke), theme)]
    if stroke.end == "dot":
        ends = zip(way, nailed, strict=True)
        shapes += [Disc(point, stroke.head[0] / 2, fill=stroke.color) for point, is_outer in ends if is_outer]
    return shapes


# Signs, numbers and texts


def mark(placed: PlacedMark, theme: Theme) -> list[Shape]:
    """A placed sign: a number's disc, a badge with its control's icon, a sign of our own, or an icon."""
    if placed.kind == "number":
        return number(placed.box, placed.text, placed.of, theme)
    if placed.kind == "badge":
        return badge(placed.box, placed.icon, theme)
    if placed.kind == "dot":
        return [Disc(placed.box.center, placed.box.width / 2, fill=theme.link("peering").color)]
    own = _MARK_SIGNS.get(placed.kind)
    name = own or placed.icon
    return [Picture(name, placed.box)] if name else []


def number(box: Rect, digits: str, of: str, theme: Theme) -> list[Shape]:
    """A boundary's number: a disc in a ring of white, which `box` holds both."""
    radius = box.width / 2.2
    font = theme.metrics.fonts["number"]
    font = FontMetrics(round(min(font.size, radius * 1.1), 2), font.line_height, font.bold)
    ring = Pen(theme.marks["number-ring"], round(radius * 0.2, 2))
    words = Words(
        digits,
        Point(box.center.x, round(box.center.y + font.size * 0.357, 2)),
        "middle",
        set_width(digits, font),
        font.size,
        theme.text["number"],
        weight=600,
        style="number",
        of=of,
        room=box,
    )
    return [Disc(box.center, radius, ring, theme.marks["number"]), words]


def badge(box: Rect, icon: str | None, theme: Theme) -> list[Shape]:
    """A control's icon on a white disc with a red ring, where the traffic crosses the line."""
    shapes: list[Shape] = [Picture("own/badge", box)]
    if icon:
        inset = box.width * 0.2
        shapes.append(Picture(icon, box.grown(-inset, -inset, -inset, -inset)))
    return shapes


_ASCENT, _DESCENT = 1.069, 0.293
"""Of Open Sans, in ems: what its letters reach above and below the baseline."""


def words(placed: PlacedText, theme: Theme, in_veil: bool = False) -> Words | None:
    """A placed text in its theme's font and colour, or None when nothing of it can be drawn."""
    text = clean_text(placed.text)
    if not text:
        return None
    font, room = theme.metrics.fonts[placed.style], placed.room
    x = {"start": room.x, "middle": room.x + room.width / 2, "end": room.right}[placed.anchor]
    baseline = room.y + room.height / 2 + (_ASCENT - _DESCENT) / 2 * font.size * 0.94
    return Words(
        text,
        Point(round(x, 2), round(baseline, 2)),
        placed.anchor,
        0 if is_estimate(text) else placed.width,
        font.size,
        theme.text[placed.style],
        weight=_weight(placed.style, font),
        italic=font.italic,
        style=placed.style,
        of=placed.of,
        room=room,
        opacity=theme.veil if placed.faded and not in_veil else 1.0,
    )


def _weight(style: str, font: FontMetrics) -> int:
    if not font.bold:
        return 400
    return 600 if style in ("number", "key-title") else 700


# The key


def key_sample(entry: PlacedKey, theme: Theme) -> list[Shape]:
    """What an entry of the key explains, as it looks in the drawing, inside the entry's box.

    `mark` is `KIND:NAME`: `boundary:gap`, `link:peering`, `frame:vnet.workload`, `number:1`, `badge:ICON`,
    `icon:ICON`, or the kind of a mark by itself (`nsg`, `vnet`, `gap`, ...).
    """
    kind, _, name = entry.mark.partition(":")
    draw = _SAMPLES.get(kind)
    if draw is not None:
        return draw(name, entry.box, theme)
    return mark(PlacedMark(kind, _square(entry.box), icon=name or None), theme)


def _boundary_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    status = name or "no-path"
    y = box.center.y
    start, end = Point(box.x + 3, y), Point(box.right - 3, y)
    sign = _MARK_SIGNS.get(status)
    if sign:
        side = min(box.height, 14)
        end = Point(box.right - side - 3, y)
        stroke = theme.boundary(status)
        stroke = replace(stroke, dash=tuple(round(step * 0.5, 2) for step in stroke.dash))
        shapes = red_line(start, end, stroke, (True, True), theme)
        return [*shapes, Picture(sign, Rect(box.right - side, y - side / 2, side, side))]
    stroke = theme.boundary("no-path", declared=True) if status == "declared" else theme.boundary(status)
    return red_line(start, end, stroke, (True, True), theme)


def _link_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    kind, _, style = name.partition(".")
    y = box.center.y
    way = (Point(box.x, y), Point(box.right, y))
    is_one_way = kind in ("flow", "internet", "open-flow")
    shapes = arrow(way, theme.link(kind, style), not is_one_way, True, theme)
    if kind == "open-flow":
        side = min(box.height, 13)
        shapes.append(Picture("own/gap", Rect(box.x + 6, y - side / 2, side, side)))
    return shapes


def _frame_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    kind, _, style = name.partition(".")
    return [frame(Rect(box.x + 1, box.y + 1, box.width - 2, box.height - 2), theme.frame(kind, style), theme)]


def _number_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    return number(_square(box), name, "", theme)


def _badge_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    return badge(_square(box), name or None, theme)


def _icon_sample(name: str, box: Rect, theme: Theme) -> list[Shape]:
    return [Picture(name, _square(box))]


_SAMPLES: Mapping[str, Callable[[str, Rect, Theme], list[Shape]]] = {
    "boundary": _boundary_sample,
    "link": _link_sample,
    "frame": _frame_sample,
    "number": _number_sample,
    "badge": _badge_sample,
    "icon": _icon_sample,
}


def _square(box: Rect) -> Rect:
    """The largest square in `box`, at its right end: beside the text that explains it."""
    side = min(box.width, box.height)
    return Rect(box.right - side, box.center.y - side / 2, side, side)
