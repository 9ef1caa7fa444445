"""The written SVG keeps the drawing contract, whatever names it is given."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_plan import sample_plan

from diagramgen.draw import draw_scene
from diagramgen.geometry import Point, Rect
from diagramgen.layout.plan import PlacedBoundary, PlacedBox, PlacedLink, PlacedText, Plan
from diagramgen.system import load_icons, read_theme, theme_names
from diagramgen.write.svg import escape, number, write_svg

SVG = "{http://www.w3.org/2000/svg}"
REFERENCE = read_theme()
PNG = b"\x89PNG\r\n\x1a\nnot really"


def sample(name: str = "reference") -> bytes:
    theme = read_theme(name)
    scene = draw_scene(sample_plan(theme.metrics), theme)
    return write_svg(scene, load_icons(scene.icons))


@pytest.fixture(scope="module")
def root() -> ET.Element:
    return ET.fromstring(sample())


@pytest.mark.parametrize("name", theme_names())
def test_the_same_plan_gives_the_same_bytes(name: str) -> None:
    assert sample(name) == sample(name)


def test_the_root_tells_a_screen_reader_what_it_is(root: ET.Element) -> None:
    assert root.get("role") == "img"
    assert root.get("viewBox") == "0 0 1240 860"
    labels = (root.get("aria-labelledby") or "").split()
    told = {e.get("id"): e.text for e in root if e.tag in (SVG + "title", SVG + "desc")}
    assert [told[label] for label in labels] == [
        "Every mark of the notation",
        "A sheet that holds every mark once.",
    ]


def test_nothing_acts_and_nothing_points_outside(root: ET.Element) -> None:
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "defs", "linearGradient", "stop", "symbol", "image", "use", "g", "rect",
            "path", "circle", "text",
        }  # fmt: skip
        for key, value in element.attrib.items():
            assert not key.startswith("on") and key not in ("style", "transform")
            if key == "href":
                assert value.startswith(("#", "data:image/png;base64,"))


def test_every_id_is_defined_once_and_every_reference_leads_to_one(root: ET.Element) -> None:
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) and all(i and i.startswith("sample-") for i in ids)
    wanted = {v[1:] for e in root.iter() if (v := e.get("href")) and v.startswith("#")}
    wanted |= {v[5:-1] for e in root.iter() if (v := e.get("fill", "")).startswith("url(")}
    assert wanted <= set(ids)


def test_nodes_links_and_boundaries_carry_the_attributes_of_the_contract(root: ET.Element) -> None:
    plan = sample_plan(REFERENCE.metrics)
    by_class = {c: [g for g in root.iter(SVG + "g") if (g.get("class") or "").split()[0] == c]
                for c in ("node", "link", "boundary")}  # fmt: skip
    assert [g.get("data-id") for g in by_class["node"]] == [b.id for b in plan.boxes]
    for g, box in zip(by_class["node"], plan.boxes, strict=True):
        assert g.get("data-kind") == box.kind and g.get("data-parent") == box.parent
        assert g.get("data-box") == " ".join(
            map(number, (box.box.x, box.box.y, box.box.width, box.box.height))
        )
        assert g.find(SVG + "title") is not None
    assert len(by_class["link"]) == len(plan.links)
    for g in by_class["link"]:
        assert g.get("data-from") and g.get("data-to") and g.get("data-kind")
        assert re.fullmatch(r"[\d.]+,[\d.]+( [\d.]+,[\d.]+)+", g.get("data-points") or "")
        assert g.find(SVG + "title") is not None
    assert len(by_class["boundary"]) == len(plan.boundaries)
    for g in by_class["boundary"]:
        assert g.get("data-level") and g.get("data-status") and g.get("data-a")
        assert len((g.get("data-points") or "").split()) == 2


def test_every_text_says_what_it_names_and_keeps_to_a_width(root: ET.Element) -> None:
    for text in root.iter(SVG + "text"):
        assert text.get("data-of") is not None
        room = [float(v) for v in (text.get("data-box") or "").split()]
        assert float(text.get("textLength") or 0) <= room[2] + 0.01
        assert text.get("lengthAdjust") == "spacingAndGlyphs"


def test_each_icon_is_embedded_once(root: ET.Element) -> None:
    pictures = [e.get("href") for e in root.iter(SVG + "image")]
    assert len(pictures) == len(set(pictures)) == 8


def plan_named(name: str, id: str) -> Plan:
    room = Rect(0, 0, 100, 14)
    text = PlacedText(id, name, "name", room, 40, "start")
    box = PlacedBox(id, "vnet", name, Rect(0, 0, 90, 90), id, name, name, tooltip=(name, id), texts=(text,))
    link = PlacedLink(id, name, id, id, (Point(0, 0), Point(9, 0)), "both", name, name, (name,), (text,))
    line = PlacedBoundary("vnet", id, id, "gap", Point(0, 0), Point(9, 0), (name,), tooltip=(name,))
    return Plan(name, 100, 100, name, name, (box,), (link,), (line,), (text,))


HOSTILE = (
    "<script>alert(1)</script>", "]]>", "\"' onload='x'", "a&b&lt;", "\x00\x1b[31m", "\ud800 lone", "-->",
    "<!--", "مرحبا \u202e abc", "\U0001f468\u200d\U0001f469 \u0301", "\ufffe\uffff", "x" * 300,
    "tab\tnew\nline\r",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_and_nothing_else(name: str) -> None:
    data = write_svg(draw_scene(plan_named(name, name), REFERENCE), {})
    root = ET.fromstring(data)
    assert {e.tag for e in root.iter()} <= {
        SVG + t for t in ("svg", "title", "desc", "g", "rect", "path", "text", "defs")
    }
    assert b"<script" not in data and b"onload='" not in data.replace(b"&quot;' onload='x'", b"")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gives_well_formed_xml(name: str, id: str) -> None:
    root = ET.fromstring(write_svg(draw_scene(plan_named(name, id), REFERENCE), {}))
    assert root.tag == SVG + "svg"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\r")))
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    if "\ufffe" in text or "\uffff" in text:
        return
    assert ET.fromstring(f'<a b="{escape(text)}"/>').get("b") == text


@given(st.floats(-1e6, 1e6))
def test_numbers_are_short_and_close(value: float) -> None:
    text = number(value)
    assert re.fullmatch(r"-?\d+(\.\d{0,1}[1-9])?", text) and text != "-0"
    assert abs(float(text) - value) <= 0.0051


def test_an_icon_that_is_not_there_is_an_empty_box() -> None:
    box = PlacedBox("a", "resource", "a", Rect(0, 0, 28, 28), icon="none/such")
    scene = draw_scene(Plan("p", 50, 50, "P", "", (box,), (), ()), REFERENCE)
    assert b'rx="3"' in write_svg(scene, {})
    assert b"<image" in write_svg(scene, {"none/such": PNG})


def test_two_icons_whose_names_look_alike_keep_their_own_ids() -> None:
    boxes = tuple(PlacedBox(n, "resource", n, Rect(0, 0, 9, 9), icon=n) for n in ("a/b-c", "a-b/c"))
    scene = draw_scene(Plan("p", 50, 50, "P", "", boxes, (), ()), REFERENCE)
    root = ET.fromstring(write_svg(scene, {"a/b-c": PNG, "a-b/c": PNG + b"2"}))
    assert len({e.get("href") for e in root.iter(SVG + "use")}) == 2


def test_a_font_family_cannot_break_out_of_its_attribute() -> None:
    scene = draw_scene(Plan("p", 50, 50, "P", "", (), (), ()), REFERENCE)
    scene = scene._replace(font_family=('a" onload="x', "B'c; fill:red"))
    root = ET.fromstring(write_svg(scene, {}))
    assert root.get("onload") is None
    assert root.get("font-family") == "'a onloadx', 'Bc fillred'"
