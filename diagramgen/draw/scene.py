"""Scene: shapes with paint, back to front, and links back to the ids that they stand for.

The last frozen value before bytes: a writer prints it and decides nothing. px, y down. Colours are `#rrggbb`;
`None` means no paint. Small signs that return are drawn once, as symbols, and placed as pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import Anchor


@dataclass(frozen=True, slots=True)
class Shade:
    """A fill that runs from one colour at the top to another at the bottom."""

    top: str
    bottom: str


@dataclass(frozen=True, slots=True)
class Pen:
    """The paint of a line; `dash` alternates ink and white, px."""

    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    round_caps: bool = False


Fill = str | Shade | None


@dataclass(frozen=True, slots=True)
class Rectangle:
    box: Rect
    pen: Pen | None = None
    fill: Fill = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    center: Point
    radius: float
    pen: Pen | None = None
    fill: Fill = None


@dataclass(frozen=True, slots=True)
class Polyline:
    """An open way, or a closed one that may be filled."""

    points: tuple[Point, ...]
    pen: Pen | None = None
    fill: Fill = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A curve, in SVG's path language (https://www.w3.org/TR/SVG2/paths.html)."""

    d: str
    pen: Pen | None = None
    fill: Fill = None


@dataclass(frozen=True, slots=True)
class Words:
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


@dataclass(frozen=True, slots=True)
class Picture:
    """An icon or a symbol in a box."""

    name: str
    box: Rect


Shape = Rectangle | Disc | Polyline | Outline | Words | Picture


@dataclass(frozen=True, slots=True)
class NodeTag:
    """What a group shows: a frame or a resource's icon."""

    id: str
    kind: str
    box: Rect
    name: str
    parent: str | None = None
    type: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class LinkTag:
    """What a group shows: a link, by its whole way."""

    id: str
    kind: str
    a: str
    b: str
    points: tuple[Point, ...]
    bundle: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryTag:
    """What a group shows: a piece of red line between two sides."""

    level: str
    status: str
    a: str
    b: str
    points: tuple[Point, Point]
    by: tuple[str, ...] = ()
    declared: bool = False


@dataclass(frozen=True, slots=True)
class MarkTag:
    """What a group shows: a small sign, and the id that it says something of."""

    kind: str
    of: str = ""


Tag = NodeTag | LinkTag | BoundaryTag | MarkTag


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together; `opacity` below 1 is the veil of what is not the subject."""

    tag: Tag
    shapes: tuple[Shape | Group, ...]
    tooltip: tuple[str, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A sign drawn once, on a grid of its own."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Scene:
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
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    icons: tuple[str, ...] = ()
    icon_paint: Literal["colour", "grey"] = "colour"
