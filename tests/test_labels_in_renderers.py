"""No label leaves its room: in Chromium, librsvg and resvg, with fonts of several widths."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree as ET

import pytest
from gallery import OUT
from renderers import (
    DEJAVU,
    LEAN,
    LIBERATION,
    SVG,
    boxes_in_chromium,
    covered_texts,
    picture_in_librsvg,
    picture_in_resvg,
)

PICTURES = sorted(OUT.rglob("*.svg"))
CHAIN = "'Segoe UI', Selawik, 'Open Sans', 'Noto Sans', 'DejaVu Sans', sans-serif"
FAMILIES = (CHAIN, "'DejaVu Sans'", "'Liberation Sans'", "'Liberation Sans Narrow'", "'Liberation Serif'")


@cache
def drawings() -> dict[str, str]:
    return {path.relative_to(OUT).as_posix(): path.read_text(encoding="utf-8") for path in PICTURES}


def names() -> list[str]:
    return [path.relative_to(OUT).as_posix() for path in PICTURES]


@pytest.mark.parametrize("family", FAMILIES)
def test_chromium_sets_every_label_within_its_room(family: str) -> None:
    measured = boxes_in_chromium(list(drawings().values()), family)
    assert len(measured) == len(drawings())
    left = []
    for (name, drawing), boxes in zip(drawings().items(), measured, strict=True):
        texts = list(ET.fromstring(drawing).iter(SVG + "text"))
        for text, box in zip(texts, boxes, strict=True):
            x, _, width, _ = map(float, (text.get("data-box") or "").split())
            if box.x < x - LEAN or box.right > x + width + LEAN:
                left.append(f"{name}: {text.text} at {box.x:.1f} to {box.right:.1f}, room {x} to {x + width}")
    assert left == []


@pytest.mark.parametrize("name", names())
def test_librsvg_sets_every_label_within_its_room(name: str) -> None:
    for family in ("DejaVu Sans", "Liberation Sans"):
        texts, blank = covered_texts(drawings()[name], family)
        assert picture_in_librsvg(texts) == picture_in_librsvg(blank), family


@pytest.mark.parametrize("name", names())
def test_resvg_sets_every_label_within_its_room(name: str) -> None:
    for font in (DEJAVU, LIBERATION):
        texts, blank = covered_texts(drawings()[name], "sans-serif")
        assert picture_in_resvg(texts, font) == picture_in_resvg(blank, font), font.name


LEAVES = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" width="200" height="40" font-size="11">'
    '<text x="10" y="20" data-box="10 8 {width} 18">A label that needs room</text></svg>'
)


def test_a_label_that_leaves_its_room_is_seen() -> None:
    assert boxes_in_chromium([LEAVES.format(width=20)])[0][0].right > 100
    for width, is_seen in ((20, True), (170, False)):
        texts, blank = covered_texts(LEAVES.format(width=width), "DejaVu Sans")
        assert (picture_in_librsvg(texts) != picture_in_librsvg(blank)) == is_seen
        assert (picture_in_resvg(texts, DEJAVU) != picture_in_resvg(blank, DEJAVU)) == is_seen
