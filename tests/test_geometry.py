"""The geometry of drawings: judged by `plan_faults`, on every view of every example and on made-up estates."""

from __future__ import annotations

import pytest
from drawn_plans import drawn, example_views
from hypothesis import given, settings
from made_sketches import sketches
from plan_faults import plan_faults

from diagramgen.geometry import Point, Rect
from diagramgen.layout import plan_layout
from diagramgen.layout.plan import PlacedBoundary, PlacedBox, PlacedLink, PlacedMark, PlacedText, Plan
from diagramgen.system import read_theme, theme_names
from diagramgen.view.sketch import Box, Sketch

METRICS = read_theme().metrics


@pytest.mark.parametrize(("stem", "view"), example_views(), ids=str)
def test_every_view_of_every_example_is_drawn_without_a_fault(stem: str, view: str | None) -> None:
    plan, _ = drawn(stem, view)
    assert plan_faults(plan) == []


@pytest.mark.parametrize("theme", theme_names())
def test_a_themes_measures_leave_room_for_everything(theme: str) -> None:
    plan, _ = drawn("hub-and-spoke", None, theme)
    assert plan_faults(plan) == []


def boxes(sketch: Sketch) -> list[Box]:
    found, todo = [], list(sketch.roots)
    while todo:
        box = todo.pop()
        found.append(box)
        todo += box.children
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(sketches())
def test_any_estate_is_drawn_whole_and_without_a_fault(sketch: Sketch) -> None:
    plan = plan_layout(sketch, METRICS)
    assert plan_faults(plan) == []
    assert {box.id for box in boxes(sketch)} <= {box.id for box in plan.boxes}
    assert {link.id for link in sketch.links} <= {link.id for link in plan.links}
    assert {overlay.id for overlay in sketch.overlays} <= {box.id for box in plan.boxes}


@settings(max_examples=15, deadline=None, derandomize=True)
@given(sketches())
def test_any_estate_is_laid_out_the_same_way_twice(sketch: Sketch) -> None:
    assert plan_layout(sketch, METRICS) == plan_layout(sketch, METRICS)


VNET_A = PlacedBox("a", "vnet", "A", Rect(20, 20, 100, 60))
VNET_B = PlacedBox("b", "vnet", "B", Rect(160, 20, 100, 60))
SUBNET = PlacedBox("a/s", "subnet", "S", Rect(30, 30, 80, 40), "a")
ICON = PlacedBox("a/s/i", "resource", "I", Rect(50, 40, 28, 28), "a/s")
LINK = PlacedLink("l", "peering", "a", "b", (Point(120, 40), Point(160, 40)), "both")
LINE = PlacedBoundary("vnet", "a", "b", "unknown", Point(140, 10), Point(140, 90))
SIGN = PlacedMark("gap", Rect(132, 60, 15, 15))
TEXT = PlacedText("a", "A", "name", Rect(20, 90, 20, 14), 12, "start")
GOOD = Plan("p", 300, 120, "P", "", (VNET_A, VNET_B, SUBNET, ICON), (LINK,), (LINE,), (TEXT,))


def moved(box: PlacedBox, x: float, y: float = 20) -> PlacedBox:
    return box._replace(box=Rect(x, y, box.box.width, box.box.height))


def with_way(*points: tuple[float, float]) -> Plan:
    return GOOD._replace(links=(LINK._replace(points=tuple(Point(x, y) for x, y in points)),))


def with_line(x1: float, y1: float, x2: float, y2: float) -> Plan:
    return GOOD._replace(boundaries=(LINE._replace(start=Point(x1, y1), end=Point(x2, y2)),))


def with_text(x: float, y: float, width: float = 12) -> Plan:
    return GOOD._replace(texts=(TEXT._replace(room=Rect(x, y, 20, 14), width=width),))


def with_signs(*signs: PlacedMark) -> Plan:
    return GOOD._replace(boundaries=(LINE._replace(marks=signs),))


BAD = {
    "a and b overlap": GOOD._replace(boxes=(VNET_A, moved(VNET_B, 110), SUBNET, ICON)),
    "leaves its parent": GOOD._replace(boxes=(VNET_A, VNET_B, moved(SUBNET, 60), ICON)),
    "b leaves the page": GOOD._replace(boxes=(VNET_A, moved(VNET_B, 250), SUBNET, ICON)),
    "two boxes have one id": GOOD._replace(boxes=(*GOOD.boxes, VNET_B)),
    "a/s has no size": GOOD._replace(boxes=(VNET_A, VNET_B, SUBNET._replace(box=Rect(30, 30, 0, 40)))),
    "the parent of a/s is not drawn": GOOD._replace(boxes=(VNET_A, VNET_B, SUBNET._replace(parent="x"))),
    "does not touch a": with_way((136, 40), (160, 40)),
    "runs askew": with_way((120, 40), (160, 50)),
    "runs through a/s": with_way((30, 50), (160, 50)),
    "ends at what is not drawn": GOOD._replace(links=(LINK._replace(b="x"),)),
    "lies on link": GOOD._replace(links=(LINK, LINK._replace(id="m"))),
    "is not straight": with_line(140, 10, 150, 90),
    "has no length": with_line(140, 10, 140, 10),
    "runs through b": with_line(200, 10, 200, 90),
    "does not lie between its sides": with_line(280, 10, 280, 90),
    "is between what is not drawn": GOOD._replace(boundaries=(LINE._replace(b="x"),)),
    "`A` leaves the page": with_text(290, 90),
    "`A` is wider than its room": with_text(20, 90, 30),
    "`A` lies on the icon a/s/i": with_text(45, 45),
    "`A` lies on the link a - b": with_text(130, 33),
    "`A` lies on `A`": GOOD._replace(texts=(TEXT, TEXT._replace(of="b"))),
    "a gap lies on a badge": with_signs(SIGN, SIGN._replace(kind="badge")),
    "a gap lies on `A`": with_signs(SIGN._replace(box=Rect(25, 90, 15, 15))),
    "a gap lies on the icon a/s/i": with_signs(SIGN._replace(box=Rect(55, 45, 15, 15))),
}


def test_the_judge_is_content_with_a_good_plan() -> None:
    assert plan_faults(GOOD) == []


@pytest.mark.parametrize("fault", BAD)
def test_the_judge_sees_each_kind_of_fault(fault: str) -> None:
    found = plan_faults(BAD[fault])
    assert any(fault in said for said in found), found
