"""Plan: where everything is. Made by layout, read by draw; no Azure, no paint. px, y down, half-px steps.

Every list is in drawing order (back to front) and free of duplicates; ids are the sketch's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from diagramgen.geometry import Point, Rect

TextStyle = Literal[
    "title", "subtitle", "azure", "name", "caption", "frame-name", "subnet-name", "site-name", "region-name",
    "group-name", "side-label", "mark-name", "link-name", "bullet", "number", "key-title", "key", "note",
    "abbreviation", "outside-name", "badge", "title-block",
]  # fmt: skip
Anchor = Literal["start", "middle", "end"]


class PlacedText(NamedTuple):
    """One line of text in its room. `room` is wide enough for every font that may be used; the text is set at
    `width` px (`textLength`) inside it, at its start, middle or end. `of` is the id of what it names.
    """

    of: str
    text: str
    style: TextStyle
    room: Rect
    width: float
    anchor: Anchor
    faded: bool = False


class PlacedMark(NamedTuple):
    """A small sign: `icon` (with `icon` set), `nsg`, `number`, `gap`, `unknown`, `badge`, `azure-cloud`, `dot`, ..."""

    kind: str
    box: Rect
    of: str = ""
    icon: str | None = None
    text: str = ""
    tooltip: tuple[str, ...] = ()
    faded: bool = False


class PlacedBox(NamedTuple):
    """A frame, or a resource's icon. `box` is the frame's or the icon's rectangle."""

    id: str
    kind: str
    name: str
    box: Rect
    parent: str | None = None
    type: str = ""
    style: str = ""
    icon: str | None = None
    tooltip: tuple[str, ...] = ()
    marks: tuple[PlacedMark, ...] = ()
    texts: tuple[PlacedText, ...] = ()
    faded: bool = False


class PlacedLink(NamedTuple):
    """A line: the whole way from `a` to `b`, at least two points, each step along one axis.

    `marks` lie on it: an open flow's warning. `along` is the id of a link that is drawn there already.
    """

    id: str
    kind: str
    a: str
    b: str
    points: tuple[Point, ...]
    heads: Literal["none", "a", "b", "both"]
    bundle: str = ""
    style: str = ""
    tooltip: tuple[str, ...] = ()
    texts: tuple[PlacedText, ...] = ()
    faded: bool = False
    marks: tuple[PlacedMark, ...] = ()
    along: str = ""


class PlacedBoundary(NamedTuple):
    """A piece of red line between two sides: dead straight, from `start` to `end`.

    Pieces of one long line meet end to end. `marks` holds the gap or question sign and the badges of controls; the
    number's disc belongs to the last piece of a long line. `badge` is the icon of the control that enforces it.
    """

    level: str
    a: str
    b: str
    status: str
    start: Point
    end: Point
    by: tuple[str, ...] = ()
    declared: bool = False
    tooltip: tuple[str, ...] = ()
    marks: tuple[PlacedMark, ...] = ()
    faded: bool = False
    badge: str = ""


class PlacedKey(NamedTuple):
    """One entry of the key: its mark's room and its text."""

    mark: str
    box: Rect
    text: PlacedText
    abbreviation: str = ""


class Plan(NamedTuple):
    """A whole drawing, placed. `texts` and `marks` belong to no box (title, notes, title block, key heading)."""

    name: str
    width: float
    height: float
    title: str
    description: str
    boxes: tuple[PlacedBox, ...]
    links: tuple[PlacedLink, ...]
    boundaries: tuple[PlacedBoundary, ...]
    texts: tuple[PlacedText, ...] = ()
    marks: tuple[PlacedMark, ...] = ()
    rules: tuple[tuple[Point, Point], ...] = ()  # thin lines of a title block
    key: tuple[PlacedKey, ...] = ()
    notices: tuple[str, ...] = ()  # what the drawing leaves out, for the program to say


class FontMetrics(NamedTuple):
    """Size (px), line height (px) and weight of one text style."""

    size: float
    line_height: float
    bold: bool = False
    italic: bool = False


class Metrics(NamedTuple):
    """A theme's measures for layout, from `styles/*.yaml` (`metrics:`), px."""

    fonts: Mapping[str, FontMetrics]
    icon: float  # a resource's icon, its side
    small_icon: float  # an NSG's shield, a VNet's mark
    gutter: float  # the least white between siblings
    padding: float  # the least white between a frame and what it holds
    number_radius: float
    line_overshoot: float  # red line beyond the sides it separates
    track: float  # distance of parallel links
    margin: float  # white round the page
