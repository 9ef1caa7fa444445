"""What is wrong with the geometry of a plan, told in sentences; an empty list is a good drawing.

Written against the drawing contract and without the layout's help, so that both would have to be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise

from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import PlacedBoundary, PlacedBox, PlacedLink, PlacedText, Plan

CROSSING = ("network-group", "region", "group")
"""Kinds of frames that may cross others, and whose members need not be their children."""

TOUCH = 14.0
"""How far from a frame or icon a link may end, px: an icon's name or a frame's red line stand between."""

SLACK = 0.75
"""What rounding may cost, px."""


def plan_faults(plan: Plan) -> list[str]:
    """Every fault of the plan."""
    boxes = {box.id: box for box in plan.boxes}
    return [
        *_box_faults(plan, boxes),
        *_link_faults(plan, boxes),
        *_boundary_faults(plan, boxes),
        *_label_faults(plan),
        *_sign_faults(plan),
    ]


# Boxes


def _box_faults(plan: Plan, boxes: Mapping[str, PlacedBox]) -> Iterator[str]:
    page = Rect(0, 0, plan.width, plan.height)
    if len(boxes) < len(plan.boxes):
        yield "two boxes have one id"
    solid = [box for box in plan.boxes if box.kind not in CROSSING]
    for box in plan.boxes:
        if box.box.width <= 0 or box.box.height <= 0:
            yield f"{box.id} has no size"
        if not page.contains(box.box, SLACK):
            yield f"{box.id} leaves the page"
        if box.parent is not None and box.parent not in boxes:
            yield f"the parent of {box.id} is not drawn"
    for box in solid:
        parent = boxes.get(box.parent or "")
        if parent is not None and not parent.box.contains(box.box, SLACK):
            yield f"{box.id} leaves its parent"
    for a, b in combinations(solid, 2):
        if a.parent == b.parent and _overlap(a.box, b.box):
            yield f"{a.id} and {b.id} overlap"


def _overlap(a: Rect, b: Rect, slack: float = SLACK) -> bool:
    return min(a.right, b.right) - max(a.x, b.x) > slack and min(a.bottom, b.bottom) - max(a.y, b.y) > slack


def _ancestors(id: str | None, boxes: Mapping[str, PlacedBox]) -> frozenset[str]:
    """The box and all that holds it."""
    found = set[str]()
    while id is not None and id in boxes and id not in found:
        found.add(id)
        id = boxes[id].parent
    return frozenset(found)


# Links


def _link_faults(plan: Plan, boxes: Mapping[str, PlacedBox]) -> Iterator[str]:
    page = Rect(0, 0, plan.width, plan.height)
    for link in plan.links:
        name = f"link {link.a} - {link.b}"
        if len(link.points) < 2:
            yield f"{name} has no way"
            continue
        if link.a not in boxes or link.b not in boxes:
            yield f"{name} ends at what is not drawn"
            continue
        for end, point in ((link.a, link.points[0]), (link.b, link.points[-1])):
            if not boxes[end].box.contains(Rect(point.x, point.y, 0, 0), TOUCH):
                yield f"{name} does not touch {end}: it ends at {point.x:g},{point.y:g}"
        if any(not page.contains(Rect(p.x, p.y, 0, 0), SLACK) for p in link.points):
            yield f"{name} leaves the page"
        yield from _way_faults(name, link, boxes)
    for first, second in combinations(plan.links, 2):
        if not (first.bundle and first.bundle == second.bundle) and _run_together(first, second):
            yield f"link {first.a} - {first.b} lies on link {second.a} - {second.b}"


def _way_faults(name: str, link: PlacedLink, boxes: Mapping[str, PlacedBox]) -> Iterator[str]:
    own = _ancestors(link.a, boxes) | _ancestors(link.b, boxes)
    for start, end in pairwise(link.points):
        if start.x != end.x and start.y != end.y:
            yield f"{name} runs askew from {start.x:g},{start.y:g}"
    for box in boxes.values():
        if box.id in own or box.kind in CROSSING:
            continue
        if any(_enters(start, end, box.box) for start, end in pairwise(link.points)):
            yield f"{name} runs through {box.id}"


def _enters(start: Point, end: Point, box: Rect, slack: float = SLACK) -> bool:
    """Whether a step along an axis runs through the inside of a box."""
    return (
        max(start.x, end.x) > box.x + slack
        and min(start.x, end.x) < box.right - slack
        and max(start.y, end.y) > box.y + slack
        and min(start.y, end.y) < box.bottom - slack
    )


def _run_together(first: PlacedLink, second: PlacedLink) -> bool:
    """Whether a step of one lies on a step of the other for more than 2 px."""
    for a, b in pairwise(first.points):
        for c, d in pairwise(second.points):
            upright = a.x == b.x and c.x == d.x and abs(a.x - c.x) < 0.6
            level = a.y == b.y and c.y == d.y and abs(a.y - c.y) < 0.6
            if upright and min(max(a.y, b.y), max(c.y, d.y)) - max(min(a.y, b.y), min(c.y, d.y)) > 2:
                return True
            if level and min(max(a.x, b.x), max(c.x, d.x)) - max(min(a.x, b.x), min(c.x, d.x)) > 2:
                return True
    return False


# Boundaries


def _boundary_faults(plan: Plan, boxes: Mapping[str, PlacedBox]) -> Iterator[str]:
    page = Rect(0, 0, plan.width, plan.height)
    for line in plan.boundaries:
        name = f"the {line.level} boundary {line.a} | {line.b}"
        if line.start.x != line.end.x and line.start.y != line.end.y:
            yield f"{name} is not straight"
        if line.start == line.end:
            yield f"{name} has no length"
        sides = [id for id in (line.a, line.b) if id]
        if any(id not in boxes for id in sides):
            yield f"{name} is between what is not drawn"
            continue
        if any(not page.contains(Rect(p.x, p.y, 0, 0), SLACK) for p in (line.start, line.end)):
            yield f"{name} leaves the page"
        common = frozenset.intersection(*(_ancestors(id, boxes) - {id} for id in sides))
        for box in boxes.values():
            if box.kind not in CROSSING and box.id not in common and _enters(line.start, line.end, box.box):
                yield f"{name} runs through {box.id}"
        if len(sides) == 2 and not _lies_between(line, *(boxes[id].box for id in sides)):
            yield f"{name} does not lie between its sides"


def _lies_between(line: PlacedBoundary, a: Rect, b: Rect) -> bool:
    if line.start.x == line.end.x:
        x = line.start.x
        return a.right <= x + 1 <= b.x + 2 or b.right <= x + 1 <= a.x + 2
    y = line.start.y
    return a.bottom <= y + 1 <= b.y + 2 or b.bottom <= y + 1 <= a.y + 2


# Labels


def _label_faults(plan: Plan) -> Iterator[str]:
    page = Rect(0, 0, plan.width, plan.height)
    texts = [text for text in _texts(plan) if text.text.strip()]
    for text in texts:
        if not page.contains(text.room, SLACK):
            yield f"`{text.text}` leaves the page"
        if text.width > text.room.width + SLACK:
            yield f"`{text.text}` is wider than its room"
    rooms = [(text, _inked(text.room)) for text in texts]
    for (a, room_a), (b, room_b) in combinations(rooms, 2):
        if _overlap(room_a, room_b):
            yield f"`{a.text}` lies on `{b.text}`"
    icons = [box for box in plan.boxes if box.kind == "resource"]
    for text, room in rooms:
        for icon in icons:
            if text.of != icon.id and _overlap(room, icon.box):
                yield f"`{text.text}` lies on the icon {icon.id}"
        for link in plan.links:
            if any(_enters(start, end, room, 0.2) for start, end in pairwise(link.points)):
                yield f"`{text.text}` lies on the link {link.a} - {link.b}"


# Signs on lines


def _sign_faults(plan: Plan) -> Iterator[str]:
    """Numbers, badges, warnings and question marks hide no other, no letter and no icon."""
    signs = [mark for line in (*plan.boundaries, *plan.links) for mark in line.marks]
    texts = [(text, _inked(text.room)) for text in _texts(plan) if text.text.strip()]
    for a, b in combinations(signs, 2):
        if _overlap(a.box, b.box):
            yield f"a {a.kind} lies on a {b.kind} at {a.box.x:g},{a.box.y:g}"
    for sign in signs:
        for text, room in texts:
            if _overlap(sign.box, room):
                yield f"a {sign.kind} lies on `{text.text}`"
        for box in plan.boxes:
            if box.kind == "resource" and _overlap(sign.box, box.box):
                yield f"a {sign.kind} lies on the icon {box.id}"


def _texts(plan: Plan) -> Iterable[PlacedText]:
    yield from plan.texts
    for box in plan.boxes:
        yield from box.texts
    for link in plan.links:
        yield from link.texts
    for entry in plan.key:
        yield entry.text


def _inked(room: Rect) -> Rect:
    """The part of a room where letters are: less the white above and below a line."""
    return Rect(room.x + 1, room.y + 2.2, max(0.0, room.width - 2), max(0.0, room.height - 4.4))
