"""The small signs that this program draws itself, each once, on a grid of its own, in the theme's colours.

Their looks follow the article's figures; the shapes are ours. `SIGNS` has a row for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagramgen.draw.scene import Disc, Fill, Outline, Pen, Polyline, Rectangle, Shade, Shape, Symbol
from diagramgen.draw.theme import Theme
from diagramgen.geometry import Point, Rect

Colors = Mapping[str, str]


def sign(name: str, theme: Theme) -> Symbol | None:
    """The sign `own/name` in the theme's colours, or None when there is no such sign."""
    row = SIGNS.get(name)
    if row is None:
        return None
    width, height, shapes = row
    return Symbol(width, height, shapes({**theme.marks, "page": theme.page}))


def _azure(colors: Colors) -> tuple[Shape, ...]:
    """The cloud that stands for Azure; its name is written on it."""
    return (Outline(_CLOUD, fill=Shade(colors["cloud-top"], colors["cloud-bottom"])),)


_CLOUD = (
    "M14 40C6 40 0 34.3 0 27C0 19.8 5.7 14.1 13.1 13.6C15.3 5.6 22 0 30.5 0C40 0 47.3 6.7 48.2 15.6"
    "C55 16.3 60 21.5 60 28C60 34.8 54.4 40 47.5 40Z"
)


def _nsg(colors: Colors) -> tuple[Shape, ...]:
    """A quartered shield."""
    light, top, bottom = colors["shield-light"], colors["shield-top"], colors["shield-bottom"]
    middle = _between(top, bottom)
    return (
        Outline(
            "M10 0C8 0 6.8 .8 5.4 1.8C4.1 2.7 2.8 3.1 .8 3.1C.3 3.1 0 3.4 0 3.9V10.8C0 16.4 4 20.7 9.4 23.8"
            "C9.8 24 10.2 24 10.6 23.8C16 20.7 20 16.4 20 10.8V3.9C20 3.4 19.7 3.1 19.2 3.1"
            "C17.2 3.1 15.9 2.7 14.6 1.8C13.2 .8 12 0 10 0Z",
            fill=colors["shield-edge"],
        ),
        Outline("M10 1.1C8.4 1.1 7.4 1.8 6.1 2.7C4.7 3.7 3.2 4.1 1.1 4.2V11.5H10Z", fill=light),
        Outline(
            "M10 1.1C11.6 1.1 12.6 1.8 13.9 2.7C15.3 3.7 16.8 4.1 18.9 4.2V11.5H10Z", fill=Shade(top, middle)
        ),
        Outline("M1.1 11.5C1.4 15.9 4.9 19.8 10 22.8V11.5Z", fill=Shade(middle, bottom)),
        Outline("M18.9 11.5C18.6 15.9 15.1 19.8 10 22.8V11.5Z", fill=light),
    )


def _vnet(colors: Colors) -> tuple[Shape, ...]:
    """Two angle brackets round three dots."""
    edge, strong, light = (
        Pen(colors["vnet-edge"], 4.6, round_caps=True),
        Pen(colors["vnet-strong"], 3),
        Pen(colors["vnet-light"], 3),
    )
    dots = Shade(colors["vnet-dot-top"], colors["vnet-dot-bottom"])
    left, right = ((9.6, 2.6), (2.6, 12.0), (9.6, 21.4)), ((22.4, 2.6), (29.4, 12.0), (22.4, 21.4))
    shapes: list[Shape] = []
    for top, middle, bottom in (left, right):
        way = (Point(*top), Point(*middle), Point(*bottom))
        shapes += [Polyline(way, edge), Polyline(way[1:], light), Polyline(way[:2], strong)]
    for x in (10.4, 16.0, 21.6):
        shapes.append(Disc(Point(x, 12), 2, fill=dots))
    return tuple(shapes)


def _subscription(colors: Colors) -> tuple[Shape, ...]:
    """A cloud that a pencil writes on."""
    blue, page = colors["subscription"], colors["page"]
    body = ((17.9, 21.2), (18.3, 17.2), (27.7, 6.2), (31.1, 9.1), (21.7, 20.1))
    whole = (*body[:2], (29.2, 4.4), (32.6, 7.3), *body[3:])
    cap = ((28.7, 5.0), (30.0, 3.5), (33.4, 6.4), (32.1, 7.9))
    return (
        Outline(
            "M6.4 29C2.8 29 0 26.5 0 23.1C0 19.8 2.8 17.2 6.4 17.2C7 17.2 7.6 17.3 8.2 17.4"
            "C9.3 12.6 13.6 9.2 18.7 9.2C24.5 9.2 29.3 13.4 29.9 18.8C30 19.6 30 20.3 29.9 21.1"
            "C32.9 20.9 35 22.7 35 25C35 27.3 33.1 29 30.6 29Z",
            fill=blue,
        ),
        Polyline(_points(whole), Pen(page, 3.2, round_caps=True), page, closed=True),
        Polyline(_points(body[:3] + body[3:]), None, blue, closed=True),
        Polyline(_points(((18.6, 20.3), (18.75, 18.7), (20.2, 19.9))), None, page, closed=True),
        Polyline(_points(cap), Pen(blue, 1.2, round_caps=True), blue, closed=True),
    )


def _user(colors: Colors) -> tuple[Shape, ...]:
    """Head and shoulders."""
    skin = Shade(colors["user-top"], colors["user-bottom"])
    return _person(0, skin, colors["user-shirt"])


def _users(colors: Colors) -> tuple[Shape, ...]:
    """Two people, one behind the other."""
    skin, page = Shade(colors["user-top"], colors["user-bottom"]), colors["page"]
    front = _person(-3, skin, colors["user-shirt"])
    edge = Pen(page, 2.4, round_caps=True)
    cut = (Outline(_shoulders(-3), edge, page), Disc(Point(9, 7), 5.3, edge, page))
    return (*_person(3, skin, colors["user-shirt"]), *cut, *front)


def _person(dx: float, skin: Fill, shirt: str) -> tuple[Shape, ...]:
    def at(x: float) -> str:
        return f"{round(x + dx, 2):g}"

    collar = f"M{at(9.2)} 12.2L{at(12)} 19.2L{at(14.8)} 12.2C{at(13.1)} 13.5 {at(10.9)} 13.5 {at(9.2)} 12.2Z"
    return (
        Outline(_shoulders(dx), fill=skin),
        Outline(collar, fill=shirt),
        Disc(Point(12 + dx, 7), 5.3, fill=skin),
    )


def _shoulders(dx: float) -> str:
    def at(x: float) -> str:
        return f"{round(x + dx, 2):g}"

    return (
        f"M{at(3)} 21C{at(3)} 15.6 {at(6.8)} 12.4 {at(12)} 12.4C{at(17.2)} 12.4 {at(21)} 15.6 {at(21)} 21"
        f"V21.8C{at(21)} 22.8 {at(20.3)} 23.4 {at(19.4)} 23.4H{at(4.6)}"
        f"C{at(3.7)} 23.4 {at(3)} 22.8 {at(3)} 21.8Z"
    )


def _datacenter(colors: Colors) -> tuple[Shape, ...]:
    """A house of many windows."""
    wall, window = Shade(colors["building-top"], colors["building-bottom"]), colors["building-window"]
    shapes: list[Shape] = [Rectangle(Rect(4.5, 0, 15, 24), fill=wall, radius=0.9)]
    for y in (2.6, 7.9, 13.3):
        for x in (6.3, 10.6, 14.9):
            shapes.append(Rectangle(Rect(x, y, 2.8, 3.3), fill=window, radius=0.2))
    shapes.append(Rectangle(Rect(10.6, 18.6, 2.8, 4.9), fill=window, radius=0.2))
    return tuple(shapes)


def _branch(colors: Colors) -> tuple[Shape, ...]:
    """A small house with a roof."""
    wall, window = Shade(colors["building-top"], colors["building-bottom"]), colors["building-window"]
    return (
        Outline(
            "M12 2L23.2 10.4C23.8 10.9 23.5 11.8 22.7 11.8H21V21.8C21 22.5 20.5 23 19.8 23H4.2"
            "C3.5 23 3 22.5 3 21.8V11.8H1.3C.5 11.8 .2 10.9 .8 10.4Z",
            fill=wall,
        ),
        Rectangle(Rect(5.8, 12.4, 3.4, 3.4), fill=window, radius=0.2),
        Rectangle(Rect(14.8, 12.4, 3.4, 3.4), fill=window, radius=0.2),
        Rectangle(Rect(10.2, 15.4, 3.6, 7.2), fill=window, radius=0.2),
    )


def _nva(colors: Colors) -> tuple[Shape, ...]:
    """An appliance that filters: a box with arrows in and out."""
    white = colors["appliance-sign"]
    pen = Pen(white, 1.7)
    return (
        Rectangle(Rect(1, 4, 22, 16), fill=colors["appliance"], radius=1.6),
        Polyline(_points(((4, 9.2), (15.6, 9.2))), pen),
        Polyline(_points(((15.2, 6.6), (19.8, 9.2), (15.2, 11.8))), None, white, closed=True),
        Polyline(_points(((20, 14.8), (8.4, 14.8))), pen),
        Polyline(_points(((8.8, 12.2), (4.2, 14.8), (8.8, 17.4))), None, white, closed=True),
    )


def _network_manager(colors: Colors) -> tuple[Shape, ...]:
    """One hand over many networks: a hub with three nodes in a hexagon."""
    white, shade = colors["manager-sign"], Shade(colors["manager-top"], colors["manager-bottom"])
    center, ends = Point(12, 12), _points(((12, 5.4), (6.3, 15.4), (17.7, 15.4)))
    spokes = tuple(Polyline((center, end), Pen(white, 1.4)) for end in ends)
    discs = tuple(Disc(end, 2.1, fill=white) for end in ends)
    return (Outline(_HEXAGON, fill=shade), *spokes, Disc(center, 2.9, fill=white), *discs)


_HEXAGON = (
    "M10.9 .8C11.6 .4 12.4 .4 13.1 .8L21.3 5.5C22 5.9 22.4 6.6 22.4 7.4V16.6C22.4 17.4 22 18.1 21.3 18.5"
    "L13.1 23.2C12.4 23.6 11.6 23.6 10.9 23.2L2.7 18.5C2 18.1 1.6 17.4 1.6 16.6V7.4C1.6 6.6 2 5.9 2.7 5.5Z"
)


def _internet(colors: Colors) -> tuple[Shape, ...]:
    """A globe."""
    pen = Pen(colors["globe-line"], 1)
    return (
        Disc(Point(12, 12), 11, fill=Shade(colors["globe-top"], colors["globe-bottom"])),
        Outline("M12 1.4C5.4 7.2 5.4 16.8 12 22.6C18.6 16.8 18.6 7.2 12 1.4Z", pen),
        Outline(
            "M1.4 12H22.6M12 1.4V22.6M3.2 6.6C8.4 9 15.6 9 20.8 6.6M3.2 17.4C8.4 15 15.6 15 20.8 17.4", pen
        ),
    )


def _gap(colors: Colors) -> tuple[Shape, ...]:
    """A warning triangle."""
    return (
        Outline("M12 2L23 21H1Z", Pen(colors["gap-edge"], 1.6, round_caps=True), colors["gap"]),
        Outline("M10.7 8.2H13.3L12.9 15H11.1Z", fill=colors["gap-sign"]),
        Disc(Point(12, 17.6), 1.35, fill=colors["gap-sign"]),
    )


def _unknown(colors: Colors) -> tuple[Shape, ...]:
    """A question mark in a ring."""
    ring = colors["unknown-ring"]
    hook = "M8.6 9.6C8.6 7.5 10 6.2 12.1 6.2C14.2 6.2 15.5 7.5 15.5 9.2C15.5 11.6 12.1 11.8 12.1 14.6"
    return (
        Disc(Point(12, 12), 10.6, Pen(ring, 1.8), colors["unknown"]),
        Outline(hook, Pen(ring, 1.9)),
        Disc(Point(12.1, 17.5), 1.3, fill=ring),
    )


def _badge(colors: Colors) -> tuple[Shape, ...]:
    """The disc behind a control's icon."""
    return (Disc(Point(12, 12), 11.2, Pen(colors["badge-ring"], 1.6), colors["badge"]),)


def _between(a: str, b: str) -> str:
    """The colour half way.

    >>> _between("#000000", "#204060")
    '#102030'
    """
    return "#" + "".join(f"{(int(a[i : i + 2], 16) + int(b[i : i + 2], 16)) // 2:02x}" for i in (1, 3, 5))


def _points(pairs: tuple[tuple[float, float], ...]) -> tuple[Point, ...]:
    return tuple(Point(x, y) for x, y in pairs)


SIGNS: Mapping[str, tuple[float, float, Callable[[Colors], tuple[Shape, ...]]]] = {
    "own/azure": (60, 40, _azure),
    "own/nsg": (20, 24, _nsg),
    "own/vnet": (32, 24, _vnet),
    "own/subscription": (35, 30, _subscription),
    "own/user": (24, 24, _user),
    "own/users": (24, 24, _users),
    "own/datacenter": (24, 24, _datacenter),
    "own/branch": (24, 24, _branch),
    "own/nva": (24, 24, _nva),
    "own/network-manager": (24, 24, _network_manager),
    "own/internet": (24, 24, _internet),
    "own/gap": (24, 24, _gap),
    "own/unknown": (24, 24, _unknown),
    "own/badge": (24, 24, _badge),
}
"""By name: the grid's width and height, and what is drawn on it."""
