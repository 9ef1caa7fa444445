"""A plan becomes a scene: what is drawn of each mark, and that nothing moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from sample_plan import sample_plan

from diagramgen.draw import draw_scene, marks
from diagramgen.draw.scene import (
    BoundaryTag,
    Disc,
    Group,
    LinkTag,
    MarkTag,
    NodeTag,
    Outline,
    Picture,
    Polyline,
    Rectangle,
    Scene,
    Shape,
    Words,
)
from diagramgen.draw.theme import Theme
from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import PlacedBoundary, PlacedBox, PlacedLink, PlacedMark, PlacedText, Plan
from diagramgen.system import read_theme, theme_names

REFERENCE = read_theme()


def plan_of(
    boxes: Iterable[PlacedBox] = (),
    links: Iterable[PlacedLink] = (),
    boundaries: Iterable[PlacedBoundary] = (),
) -> Plan:
    return Plan("p", 400, 300, "P", "", tuple(boxes), tuple(links), tuple(boundaries))


def link(id: str, *points: tuple[float, float], bundle: str = "", faded: bool = False) -> PlacedLink:
    way = tuple(Point(*p) for p in points)
    return PlacedLink(id, "peering", "a", id, way, "both", bundle, faded=faded)


def groups(scene: Scene, tag: type) -> list[Group]:
    return [g for g in scene.shapes if isinstance(g, Group) and isinstance(g.tag, tag)]


def flat(shapes: Iterable[Shape | Group]) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from flat(shape.shapes)
        else:
            yield shape


@pytest.mark.parametrize("name", theme_names())
def test_every_theme_draws_the_same_things_at_the_same_places(name: str) -> None:
    theme = read_theme(name)
    plan = sample_plan(REFERENCE.metrics)
    plain, other = draw_scene(plan, REFERENCE), draw_scene(plan, theme)
    for tag in (NodeTag, LinkTag, BoundaryTag, MarkTag):
        assert [g.tag for g in groups(plain, tag)] == [g.tag for g in groups(other, tag)]
    rooms = [[w.room for w in flat(s.shapes) if isinstance(w, Words)] for s in (plain, other)]
    assert rooms[0] == rooms[1]


def test_the_same_plan_gives_the_same_scene_even_when_drawn_by_hand() -> None:
    theme = read_theme("sketch")
    plan = sample_plan(theme.metrics)
    assert draw_scene(plan, theme) == draw_scene(plan, theme)


def test_a_frame_is_open_under_the_signs_that_lie_across_it() -> None:
    mark = PlacedMark("vnet", Rect(170, 190, 20, 15), "v")
    box = PlacedBox("v", "vnet", "v", Rect(100, 100, 100, 97), marks=(mark,))
    (group,) = groups(draw_scene(plan_of([box]), REFERENCE), NodeTag)
    outline = group.shapes[0]
    assert isinstance(outline, Outline)
    assert outline.d == "M169 197.5L100.5 197.5L100.5 100.5L200.5 100.5L200.5 197.5L191 197.5"


def test_a_sign_on_a_corner_opens_both_sides() -> None:
    ways = marks._open_ways(Rect(0, 0, 100, 50), [Rect(90, 40, 30, 30)])
    assert ways == [[Point(90, 50), Point(0, 50), Point(0, 0), Point(100, 0), Point(100, 40)]]


def test_a_frame_without_signs_is_a_rectangle_on_whole_pixels() -> None:
    box = PlacedBox("v", "subnet", "v", Rect(100, 100.5, 100, 97))
    (group,) = groups(draw_scene(plan_of([box]), REFERENCE), NodeTag)
    assert isinstance(group.shapes[0], Rectangle)
    assert group.shapes[0].box == Rect(100.5, 100.5, 100, 97)
    assert group.shapes[0].fill is None


def test_arrowheads_touch_the_ends_and_the_line_stops_at_their_feet() -> None:
    line, head, tail = marks.arrow(
        (Point(0, 0), Point(100, 0)), REFERENCE.link("peering"), True, True, REFERENCE
    )
    assert isinstance(line, Polyline) and isinstance(head, Polyline) and isinstance(tail, Polyline)
    assert (head.points[0], tail.points[0]) == (Point(100.5, 0.5), Point(0.5, 0.5))
    assert (line.points[0].x, line.points[-1].x) == (16.5, 84.5)


def test_heads_shrink_on_a_short_line_and_never_overlap() -> None:
    for length in range(1, 40):
        _, head, tail = marks.arrow(
            (Point(0, 0), Point(length, 0)), REFERENCE.link("peering"), True, True, REFERENCE
        )
        assert isinstance(head, Polyline) and isinstance(tail, Polyline)
        assert min(p.x for p in head.points) >= max(p.x for p in tail.points) - 0.01


def test_a_bundle_draws_its_trunk_once() -> None:
    trunk = [(0.0, 10.0), (100.0, 10.0)]
    links = [
        link(f"s{n}", *trunk[:1], (40.0 + 20 * n, 10.0), (40.0 + 20 * n, 60.0), bundle="b") for n in range(3)
    ]
    drawn = [flat(g.shapes) for g in groups(draw_scene(plan_of(links=links), REFERENCE), LinkTag)]
    ways = [s.points for shapes in drawn for s in shapes if isinstance(s, Polyline) and not s.closed]
    level = [abs(b.x - a.x) for way in ways for a, b in pairwise(way) if a.y == b.y]
    assert sum(level) == 80.5 - 16.5
    heads = [s for g in groups(draw_scene(plan_of(links=links), REFERENCE), LinkTag) for s in g.shapes]
    assert sum(isinstance(s, Polyline) and s.closed for s in heads) == 4


def test_a_faded_link_leaves_the_shared_trunk_to_one_in_full_strength() -> None:
    links = [
        link("faded", (0, 10), (50, 10), (50, 60), bundle="b", faded=True),
        link("full", (0, 10), (90, 10), (90, 60), bundle="b"),
    ]
    faded, full = groups(draw_scene(plan_of(links=links), REFERENCE), LinkTag)
    assert (faded.opacity, full.opacity) == (0.5, 1)
    assert {p.x for s in flat(full.shapes) if isinstance(s, Polyline) for p in s.points} >= {90.5}
    assert all(
        p.x == 50.5 for s in flat(faded.shapes) if isinstance(s, Polyline) and not s.closed for p in s.points
    )


def test_only_outer_ends_of_computed_lines_are_nailed_and_not_beside_their_number() -> None:
    number = PlacedMark("number", Rect(84, -40, 32, 32), text="1")
    pieces = [
        PlacedBoundary("subscription", "a", "b", "no-path", Point(100, 0), Point(100, 50), marks=(number,)),
        PlacedBoundary("subscription", "a", "c", "no-path", Point(100, 50), Point(100, 90)),
        PlacedBoundary("vnet", "d", "e", "no-path", Point(0, 20), Point(60, 20), declared=True),
    ]
    drawn = groups(draw_scene(plan_of(boundaries=pieces), REFERENCE), BoundaryTag)
    dots = [[s.center for s in g.shapes if isinstance(s, Disc)] for g in drawn]
    assert dots == [[], [Point(100.5, 90.5)], []]


def test_signs_lie_above_thick_links_and_thin_links_below_red_lines() -> None:
    scene = draw_scene(sample_plan(REFERENCE.metrics), REFERENCE)
    order = [g.tag for g in scene.shapes if isinstance(g, Group)]
    kinds = [
        t.kind if isinstance(t, LinkTag) else "line" if isinstance(t, BoundaryTag) else "" for t in order
    ]
    first_line, last_line = kinds.index("line"), len(kinds) - 1 - kinds[::-1].index("line")
    assert max(i for i, k in enumerate(kinds) if k == "flow") < first_line
    assert min(i for i, k in enumerate(kinds) if k == "peering") > last_line
    badge = next(i for i, t in enumerate(order) if isinstance(t, MarkTag) and t.kind == "badge")
    assert badge > max(i for i, k in enumerate(kinds) if k == "peering")


def test_what_is_faded_is_veiled_once() -> None:
    text = PlacedText("v", "name", "name", Rect(0, 0, 40, 14), 30, "start", True)
    box = PlacedBox("v", "vnet", "v", Rect(0, 0, 9, 9), texts=(text,), faded=True,
                    marks=(PlacedMark("vnet", Rect(50, 50, 5, 5), faded=True),))  # fmt: skip
    (group,) = groups(draw_scene(plan_of([box]), REFERENCE), NodeTag)
    inner = [s.opacity for s in group.shapes if isinstance(s, Words | Group)]
    assert (group.opacity, inner) == (0.5, [1, 1])
    (alone,) = groups(draw_scene(plan_of([box._replace(faded=False)]), REFERENCE), NodeTag)
    assert [s.opacity for s in alone.shapes if isinstance(s, Words | Group)] == [0.5, 0.5]


def test_a_text_of_nothing_but_control_characters_is_not_drawn() -> None:
    text = PlacedText("v", "\x00\u202e ", "name", Rect(0, 0, 40, 14), 30, "start")
    assert marks.words(text, REFERENCE) is None


def test_letters_stay_inside_the_height_of_their_room() -> None:
    for style, font in REFERENCE.metrics.fonts.items():
        room = Rect(10, 20, 100, font.line_height)
        words = marks.words(PlacedText("v", "Åg", style, room, 20, "start"), REFERENCE)
        assert words is not None
        assert words.at.y - 0.78 * font.size >= room.y - 0.6
        assert words.at.y + 0.24 * font.size <= room.bottom + 0.6


def test_the_scene_names_the_icons_it_needs_and_holds_the_signs_it_drew() -> None:
    scene = draw_scene(sample_plan(REFERENCE.metrics), REFERENCE)
    used = {s.name for s in flat(scene.shapes) if isinstance(s, Picture)}
    assert used == {*scene.icons, *scene.symbols}
    assert all(name.startswith("own/") for name in scene.symbols)
    assert "networking/firewalls" in scene.icons and "own/nsg" in scene.symbols


def test_an_unknown_kind_of_box_or_link_is_drawn_plainly() -> None:
    theme: Theme = REFERENCE
    assert theme.frame("never-heard-of") == theme.frames["other"]
    assert theme.link("never-heard-of", "pending").dash == (6, 4.5)
