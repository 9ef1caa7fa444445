"""Dress: the words and signs of a box outside its core, measured before anything is placed.

For each kind of box: how its name breaks into lines, which room that takes on which side (`margin`), and how wide
the frame must be at least to carry it. `diagramgen.layout.labels` sets them once the frame has its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from diagramgen.geometry import Insets
from diagramgen.layout.measure import room_width, wrap
from diagramgen.layout.plan import Metrics
from diagramgen.view.sketch import Box

NSG_WIDTH, NSG_HEIGHT = 16.0, 19.0
NSG_OUT_X, NSG_OUT_Y = 8.0, 10.0
FRAME_MARK = 18.0
SUBSCRIPTION_MARK = (34.0, 27.0)
CLOUD = (66.0, 44.0)
CLOUD_ABOVE = 32.0
PORT_ROOM = 40.0
EMPTY_FRAME = (104.0, 86.0)
NAME_ROOM = 230.0


@dataclass(slots=True, eq=False, repr=False)
class Dress:
    """What a box wears: lines of text by place, and the room they need."""

    margin: Insets = field(default_factory=Insets)
    min_width: float = 0.0
    min_height: float = 0.0
    name: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    side_label: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    mark_name: tuple[str, ...] = ()
    icon: float = 0.0
    mark_room: float = 0.0  # width that marks and their name take at the left of the top edge
    name_room: float = 0.0  # width that the name takes at the right of the top edge
    pad_top: float = 0.0  # more room inside the top edge
    pad_left: float = 0.0


def dress(box: Box, metrics: Metrics) -> Dress:
    """The dress of `box`, by its kind."""
    if box.kind == "resource":
        return _resource(box, metrics)
    if box.kind == "subnet":
        return _subnet(box, metrics)
    if box.kind == "azure":
        return _azure(metrics)
    if box.kind == "internet":
        return _outside(box, metrics)
    if box.kind == "users":
        return _resource(box, metrics)
    if box.kind == "on-premises":
        return _named_above(box, metrics, "site-name")
    if box.kind == "management-group":
        return _named_above(box, metrics, "frame-name")
    if box.kind == "region":
        return _region(box, metrics)
    return _named_below(box, metrics)


def width_of(lines: tuple[str, ...], style: str, metrics: Metrics) -> float:
    """The room that the widest of `lines` needs, px."""
    return max((room_width(line, metrics.fonts[style]) for line in lines), default=0.0)


def height_of(lines: tuple[str, ...], style: str, metrics: Metrics) -> float:
    """The height of the lines set under one another, px."""
    return len(lines) * metrics.fonts[style].line_height


def icon_size(box: Box, metrics: Metrics) -> float:
    """A resource's icon: those that guard an entry are drawn larger, as in the article."""
    return round(metrics.icon * 1.3) if box.role == "entry" else metrics.icon


def _resource(box: Box, metrics: Metrics) -> Dress:
    fonts = metrics.fonts
    size = icon_size(box, metrics)
    name = wrap(box.name, fonts["name"], 104.0, 4) if box.name else ()
    caption = tuple(line for text in box.caption for line in wrap(text, fonts["caption"], 104.0, 2))
    side = wrap(box.side_label, fonts["side-label"], 52.0, 3) if box.side_label else ()
    over = wrap(box.over, fonts["name"], 110.0, 1) if box.over else ()
    wide = max(
        width_of(name, "name", metrics),
        width_of(caption, "caption", metrics),
        width_of(over, "name", metrics),
    )
    overhang = max(0.0, (wide - size) / 2)
    side_room = width_of(side, "side-label", metrics) + 3 if side else 0.0
    below = height_of(name, "name", metrics) + height_of(caption, "caption", metrics)
    margin = Insets(
        left=overhang,
        top=height_of(over, "name", metrics) + (3 if over else 0),
        right=max(overhang, side_room),
        bottom=below + 3 if below else 0.0,
    )
    return Dress(margin, size, size, name, caption, side, over, icon=size)


def _subnet(box: Box, metrics: Metrics) -> Dress:
    fonts = metrics.fonts
    name = wrap(_with_caption(box), fonts["subnet-name"], 190.0, 2) if box.name else ()
    shield = next((mark for mark in box.marks if mark.kind == "nsg"), None)
    mark_name = wrap(shield.name, fonts["mark-name"], 170.0, 1) if shield and shield.name else ()
    name_height = height_of(name, "subnet-name", metrics)
    icons = len(box.marks) * (NSG_WIDTH + 4) - NSG_OUT_X if box.marks else 0.0
    mark_width = max(icons, width_of(mark_name, "mark-name", metrics) - NSG_OUT_X)
    top = name_height + 1
    if box.marks:
        top = max(top, NSG_OUT_Y + 1 + height_of(mark_name, "mark-name", metrics))
    stacked = bool(mark_name)
    width = max(
        width_of(name, "subnet-name", metrics) + (icons if stacked else mark_width) + PORT_ROOM, mark_width
    )
    if stacked and top < NSG_OUT_Y + 1 + name_height + 2:
        width = max(width, mark_width + 12 + width_of(name, "subnet-name", metrics))
    empty = 44.0 if not box.children else 0.0
    return Dress(
        Insets(left=NSG_OUT_X if box.marks else 0.0, top=top),
        max(width, 96.0), empty, name, mark_name=mark_name, pad_top=6.0 if box.marks else 0.0,
        pad_left=4.0 if box.marks else 0.0, mark_room=mark_width, name_room=width_of(name, "subnet-name", metrics),
    )  # fmt: skip


def _with_caption(box: Box) -> str:
    return " · ".join((box.name, *box.caption)) if box.name else ""


def _named_below(box: Box, metrics: Metrics) -> Dress:
    """VNet, subscription, virtual hub, group: name under the bottom edge at the right, mark across the edge."""
    font = metrics.fonts["frame-name"]
    words = _with_caption(box)
    one_line = wrap(words, font, NAME_ROOM, 1)
    fits = not words or one_line == (words,)
    name = (
        (one_line if fits else (*wrap(box.name, font, NAME_ROOM, 2), *_captions(box, metrics)))
        if words
        else ()
    )
    mark = _mark_width(box)
    right = below = 0.0
    if box.kind == "subscription":
        right, below = SUBSCRIPTION_MARK[0] - 22.0, SUBSCRIPTION_MARK[1] / 2
    elif box.icon:
        below = FRAME_MARK / 2
    width = width_of(name, "frame-name", metrics) + mark + (PORT_ROOM if words else 8)
    empty = (0.0, 0.0) if box.children else EMPTY_FRAME
    corner = _corner_marks(box)
    return Dress(
        Insets(left=corner, top=9.0 if box.marks else 0.0, right=right,
               bottom=max(height_of(name, "frame-name", metrics) + 3, below)),
        max(width, empty[0]), empty[1], name, pad_top=4.0 if box.marks else 0.0,
    )  # fmt: skip


def _captions(box: Box, metrics: Metrics) -> tuple[str, ...]:
    return wrap(" · ".join(box.caption), metrics.fonts["frame-name"], NAME_ROOM, 2) if box.caption else ()


def _corner_marks(box: Box) -> float:
    return 6.0 if box.marks else 0.0


def _mark_width(box: Box) -> float:
    """Room at the right end of the bottom edge that the frame's own sign takes."""
    if box.kind == "subscription":
        return 24.0
    return FRAME_MARK + 12.0 if box.icon else 0.0


def _named_above(box: Box, metrics: Metrics, style: str) -> Dress:
    name = wrap(_with_caption(box), metrics.fonts[style], NAME_ROOM, 2)
    width = width_of(name, style, metrics) + (FRAME_MARK + 6 if box.icon else 0)
    return Dress(Insets(top=height_of(name, style, metrics) + 3), max(width, EMPTY_FRAME[0]), 60.0, name)


def _region(box: Box, metrics: Metrics) -> Dress:
    font = metrics.fonts["region-name"]
    name = wrap(box.name, font, NAME_ROOM, 1)
    over = wrap(box.over, font, NAME_ROOM, 1) if box.over else ()
    width = max(width_of(name, "region-name", metrics), width_of(over, "region-name", metrics)) + PORT_ROOM
    above = height_of(over, "region-name", metrics)
    return Dress(
        Insets(top=above + 2 if above else 0.0), width, 60.0, name, over=over, pad_top=font.line_height
    )


def _azure(metrics: Metrics) -> Dress:
    return Dress(Insets(top=CLOUD_ABOVE), 200.0, 120.0, ("Azure",), pad_top=CLOUD[1] - CLOUD_ABOVE)


def _outside(box: Box, metrics: Metrics) -> Dress:
    name = wrap(box.name, metrics.fonts["outside-name"], 118.0, 3) if box.name else ()
    return Dress(
        Insets(), max(width_of(name, "outside-name", metrics), 20.0),
        max(height_of(name, "outside-name", metrics), 30.0), name,
    )  # fmt: skip
