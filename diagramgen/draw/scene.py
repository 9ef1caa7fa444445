"""Scene: shapes with paint, back to front, and links back to the ids that they stand for.

The last frozen value before bytes: a writer prints it and decides nothing. px, y down. Colours are `#rrggbb`;
`None` means no paint. Small signs that return are drawn once, as symbols, and placed as pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import Anchor
from diagramgen.located import NOTHING


class Shade(NamedTuple):
    """A fill that runs from one colour at the top to another at the bottom."""

    top: str
    bottom: str


class Pen(NamedTuple):
    """The paint of a line; `dash` alternates ink and white, px."""

    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    round_caps: bool = False


Fill = str | Shade | None


class Rectangle(NamedTuple):
    box: Rect
    pen: Pen | None = None
    fill: Fill = None
    radius: float = 0.0


class Disc(NamedTuple):
    center: Point
    radius: float
    pen: Pen | None = None
    fill: Fill = None


class Polyline(NamedTuple):
    """An open way, or a closed one that may be filled."""

    points: tuple[Point, ...]
    pen: Pen | None = None
    fill: Fill = None
    closed: bool = False


class Outline(NamedTuple):
    """A curve, in SVG's path language (https://www.w3.org/TR/SVG2/paths.html)."""

    d: str
    pen: Pen | None = None
    fill: Fill = None


class Words(NamedTuple):
    """One line of text from, about or up to `at`, whose y is the baseline.

    It is set at `length` px, freely when that is 0. `of` is the id of what it names, `room` the box that it
    must not leave.
    """

    text: str
    at: Point
    anchor: Anchor
    length: float
    size: float
    color: str
    weight: int = 400
    italic: bool = False
    style: str = ""
    of: str = ""
    room: Rect | None = None
    opacity: float = 1.0


class Picture(NamedTuple):
    """An icon or a symbol in a box."""

    name: str
    box: Rect


Shape = Rectangle | Disc | Polyline | Outline | Words | Picture


class NodeTag(NamedTuple):
    """What a group shows: a frame or a resource's icon."""

    id: str
    kind: str
    box: Rect
    name: str
    parent: str | None = None
    type: str = ""
    style: str = ""


class LinkTag(NamedTuple):
    """What a group shows: a link, by its whole way."""

    id: str
    kind: str
    a: str
    b: str
    points: tuple[Point, ...]
    bundle: str = ""
    style: str = ""


class BoundaryTag(NamedTuple):
    """What a group shows: a piece of red line between two sides."""

    level: str
    status: str
    a: str
    b: str
    points: tuple[Point, Point]
    by: tuple[str, ...] = ()
    declared: bool = False


class MarkTag(NamedTuple):
    """What a group shows: a small sign, and the id that it says something of."""

    kind: str
    of: str = ""


Tag = NodeTag | LinkTag | BoundaryTag | MarkTag


class Group(NamedTuple):
    """Shapes that belong together; `opacity` below 1 is the veil of what is not the subject."""

    tag: Tag
    shapes: tuple[Shape | Group, ...]
    tooltip: tuple[str, ...] = ()
    opacity: float = 1.0


class Symbol(NamedTuple):
    """A sign drawn once, on a grid of its own."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


class Scene(NamedTuple):
    """A whole drawing, painted. `symbols` are the own signs in use, `icons` the pictures that a writer
    needs."""

    name: str
    width: float
    height: float
    title: str
    description: str
    page: str
    font_family: tuple[str, ...]
    shapes: tuple[Shape | Group, ...]
    symbols: Mapping[str, Symbol] = NOTHING
    icons: tuple[str, ...] = ()
    icon_paint: Literal["colour", "grey"] = "colour"
