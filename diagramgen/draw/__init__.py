"""Drawing: a plan and a theme in, a scene out. Places are the plan's, paint is the theme's.

Back to front: frames with their signs and texts, thin links, red lines, thick links, the signs on red
lines, the key. So a red line lies over the allowed flows that cross it, and under a peering, as in the
article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from diagramgen.draw import marks
from diagramgen.draw.scene import (
    BoundaryTag,
    Group,
    LinkTag,
    MarkTag,
    NodeTag,
    Picture,
    Polyline,
    Scene,
    Shape,
    Words,
)  # fmt: skip
from diagramgen.draw.signs import sign
from diagramgen.draw.theme import Theme
from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import (
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedMark,
    PlacedText,
    Plan,
)  # fmt: skip

__all__ = ["draw_scene"]

_FRAMELESS = ("resource", "internet")
"""Kinds that are a name, or an icon that is not there, and never a frame."""

_THICK = 2.0
"""A link that is wider, px, is drawn over red lines."""


def draw_scene(plan: Plan, theme: Theme) -> Scene:
    """The plan, painted."""
    links = _links(plan.links, theme)
    lines, signs = _boundaries(plan.boundaries, theme)
    shapes: list[Shape | Group] = [
        *_texts(plan.texts, theme),
        *(marks.line(rule, marks.pen_of(theme.frame("rule")), theme) for rule in plan.rules),
        *(_box(box, theme) for box in plan.boxes),
        *(group for is_thick, group in links if not is_thick),
        *lines,
        *(group for is_thick, group in links if is_thick),
        *signs,
        *(_mark(mark, mark.of, theme) for link in plan.links for mark in link.marks),
        *(_mark(mark, mark.of, theme) for mark in plan.marks),
        *(_key(entry, theme) for entry in plan.key),
    ]
    pictures = sorted(set(_pictures(shapes)))
    symbols = {name: symbol for name in pictures if (symbol := sign(name, theme)) is not None}
    return Scene(
        name=plan.name,
        width=plan.width,
        height=plan.height,
        title=plan.title,
        description=plan.description,
        page=theme.page,
        font_family=theme.font_family,
        shapes=tuple(shapes),
        symbols=symbols,
        icons=tuple(name for name in pictures if name not in symbols),
        icon_paint="grey" if theme.grey_icons else "colour",
    )


def _box(box: PlacedBox, theme: Theme) -> Group:
    """A frame with the signs on it, or a resource's icon, and its texts."""
    is_icon = box.icon is not None
    shapes: list[Shape | Group] = []
    if is_icon and box.icon:
        shapes.append(Picture(box.icon, box.box))
    elif box.kind not in _FRAMELESS:
        gaps = [mark.box.grown(1, 1, 1, 1) for mark in box.marks if mark.kind not in ("azure-cloud", "azure")]
        shapes.append(marks.frame(box.box, theme.frame(box.kind, box.style), theme, gaps))
    shapes += [_mark(mark, mark.of or box.id, theme, box.faded) for mark in box.marks]
    shapes += _texts(box.texts, theme, box.faded)
    tag = NodeTag(box.id, box.kind, box.box, box.name, box.parent, box.type, box.style)
    return Group(tag, tuple(shapes), _told(box.name, box.tooltip), theme.veil if box.faded else 1.0)


def _told(name: str, tooltip: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a tooltip, the name first."""
    if not name or (tooltip and tooltip[0].startswith(name)):
        return tooltip
    return (name, *tooltip)


def _links(links: Sequence[PlacedLink], theme: Theme) -> list[tuple[bool, Group]]:
    """Every link, and whether it is thick; what a bundle shares is drawn once, by its first link.

    Links in full strength come first in a bundle, so that no veil lies on a shared trunk that one of them
    needs.
    """
    drawn: dict[str, _Trunk] = {}
    groups = {}
    for link in sorted(links, key=lambda link: link.faded):
        stroke = theme.link(link.kind, link.style)
        at_start, at_end = link.heads in ("a", "both"), link.heads in ("b", "both")
        parts = [] if link.along else marks.arrow(link.points, stroke, at_start, at_end, theme)
        if link.bundle:
            parts = drawn.setdefault(link.bundle, _Trunk()).left_over(parts)
        tag = LinkTag(link.id, link.kind, link.a, link.b, link.points, link.bundle, link.style)
        label = link.texts[0].text if link.texts else ""
        shapes = (*parts, *_texts(link.texts, theme, link.faded))
        group = Group(tag, shapes, _told(label, link.tooltip), theme.veil if link.faded else 1.0)
        groups[id(link)] = (stroke.width > _THICK, group)
    return [groups[id(link)] for link in links]


class _Trunk:
    """What has been drawn of a bundle: steps along either axis, and arrowheads."""

    def __init__(self) -> None:
        self._steps: dict[tuple[bool, float], list[tuple[float, float]]] = {}
        self._heads: set[object] = set()

    def left_over(self, shapes: list[Shape]) -> list[Shape]:
        """Those shapes, or pieces of them, that the bundle has not got yet."""
        found: list[Shape] = []
        for shape in shapes:
            if isinstance(shape, Polyline) and not shape.closed:
                found += [Polyline(way, shape.pen) for way in self._ways(shape.points)]
            elif shape not in self._heads:
                self._heads.add(shape)
                found.append(shape)
        return found

    def _ways(self, points: tuple[Point, ...]) -> list[tuple[Point, ...]]:
        """The stretches of a way that are new, joined where they follow each other."""
        ways: list[list[Point]] = []
        for a, b in pairwise(points):
            for start, end in self._new(a, b):
                if ways and ways[-1][-1] == start:
                    ways[-1].append(end)
                else:
                    ways.append([start, end])
        return [tuple(way) for way in ways]

    def _new(self, a: Point, b: Point) -> list[tuple[Point, Point]]:
        """The pieces of one step that are new, from `a` to `b`."""
        upright = a.x == b.x
        if not upright and a.y != b.y:
            return [(a, b)]
        line = self._steps.setdefault((upright, a.x if upright else a.y), [])
        first, last = (a.y, b.y) if upright else (a.x, b.x)
        at, end, pieces = min(first, last), max(first, last), list[tuple[float, float]]()
        for low, high in sorted(line):
            if low > at and at < end:
                pieces.append((at, min(low, end)))
            at = max(at, high)
        if at < end:
            pieces.append((at, end))
        line.append((min(first, last), end))
        if first > last:
            pieces = [(high, low) for low, high in reversed(pieces)]
        return [
            (Point(a.x, p), Point(a.x, q)) if upright else (Point(p, a.y), Point(q, a.y)) for p, q in pieces
        ]


def _boundaries(pieces: Sequence[PlacedBoundary], theme: Theme) -> tuple[list[Group], list[Group]]:
    """The red lines, and the signs on them, which lie above all links."""
    ends = Counter(key for piece in pieces for key in _line_ends(piece))
    numbered = {place for piece in pieces for place in _number_places(piece)}
    lines, signs = [], []
    for piece in pieces:
        first, last = _line_ends(piece)
        nailed = (_is_nailed(first, ends, numbered), _is_nailed(last, ends, numbered))
        stroke = theme.boundary(piece.status, piece.declared)
        tag = BoundaryTag(
            piece.level, piece.status, piece.a, piece.b, (piece.start, piece.end), piece.by, piece.declared
        )
        opacity = theme.veil if piece.faded else 1.0
        shapes = marks.red_line(piece.start, piece.end, stroke, nailed, theme)
        lines.append(Group(tag, tuple(shapes), piece.tooltip, opacity))
        for mark in piece.marks:
            is_faded = mark.faded or piece.faded
            signs.append(_mark(_on_crisp_line(mark), mark.of or piece.a, theme, is_faded=is_faded))
    return lines, signs


def _on_crisp_line(mark: PlacedMark) -> PlacedMark:
    """The sign moved with its line to the middle of a pixel, so that it sits on it evenly."""
    at, crisp = mark.box.center, marks.crisp(mark.box.center)
    box = mark.box
    return mark._replace(box=Rect(box.x + crisp.x - at.x, box.y + crisp.y - at.y, box.width, box.height))


_LinePlace = tuple[bool, float, float]
"""Upright or not, where the line lies, and how far along it, in steps."""


def _line_ends(piece: PlacedBoundary) -> tuple[tuple[bool, Point], tuple[bool, Point]]:
    """Both ends with the line's direction: pieces of one long line share such an end."""
    upright = piece.start.x == piece.end.x
    return (upright, piece.start), (upright, piece.end)


_NEAR = 8.0
"""Steps, px, in which places along a line are compared; a disc's edge and the line's end are closer."""


def _is_nailed(end: tuple[bool, Point], ends: Counter[tuple[bool, Point]], numbered: set[_LinePlace]) -> bool:
    """Whether a long line ends there, and not under or beside its number."""
    upright, at = end
    across, along = (at.x, at.y) if upright else (at.y, at.x)
    return ends[end] == 1 and (upright, across, along // _NEAR) not in numbered


def _number_places(piece: PlacedBoundary) -> Iterator[_LinePlace]:
    """The places on the piece's line that a number's disc covers or nearly does."""
    upright = piece.start.x == piece.end.x
    for mark in piece.marks:
        if mark.kind == "number":
            low, size = (mark.box.y, mark.box.height) if upright else (mark.box.x, mark.box.width)
            across = piece.start.x if upright else piece.start.y
            for step in range(int((low - _NEAR) // _NEAR), int((low + size + _NEAR) // _NEAR) + 1):
                yield upright, across, float(step)


def _mark(
    mark: PlacedMark, of: str, theme: Theme, in_veil: bool = False, is_faded: bool | None = None
) -> Group:
    """A sign with its tooltip; `in_veil`: what it lies in is faded as a whole."""
    placed = mark if mark.of else PlacedMark(mark.kind, mark.box, of, mark.icon, mark.text)
    veiled = (mark.faded if is_faded is None else is_faded) and not in_veil
    shapes = tuple(marks.mark(placed, theme))
    return Group(MarkTag(mark.kind, of), shapes, mark.tooltip, theme.veil if veiled else 1.0)


def _key(entry: PlacedKey, theme: Theme) -> Group:
    """An entry of the key: the mark as it is drawn, and what it stands for."""
    shapes = [*marks.key_sample(entry, theme), *_texts((entry.text,), theme)]
    return Group(MarkTag("key", entry.text.of), tuple(shapes))


def _texts(texts: Iterable[PlacedText], theme: Theme, in_veil: bool = False) -> list[Words]:
    """Texts that hold anything; `in_veil`: what they lie in is faded as a whole."""
    return [words for text in texts if (words := marks.words(text, theme, in_veil)) is not None]


def _pictures(shapes: Iterable[Shape | Group]) -> Iterator[str]:
    """The names of all pictures in use."""
    for shape in shapes:
        if isinstance(shape, Picture):
            yield shape.name
        elif isinstance(shape, Group):
            yield from _pictures(shape.shapes)
