"""Themes: every one is complete, tells meanings apart, and says what is wrong with a file of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.draw.signs import SIGNS, sign
from diagramgen.draw.theme import Theme, make_theme
from diagramgen.layout.plan import TextStyle
from diagramgen.system import read_theme, theme_names

ALL = theme_names()


def luminance(color: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def veiled(color: str, page: str, veil: float) -> str:
    mixed = (
        round(int(color[i : i + 2], 16) * veil + int(page[i : i + 2], 16) * (1 - veil)) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def page_texts(theme: Theme) -> Iterator[tuple[str, str]]:
    """Text styles that stand on the page, and their colours."""
    return ((style, color) for style, color in theme.text.items() if style not in ("azure", "number"))


def test_the_five_themes_are_there_and_reference_comes_first() -> None:
    assert ALL == ("reference", "dark", "high-contrast", "print", "sketch")


@pytest.mark.parametrize("name", ALL)
def test_a_theme_has_a_font_and_a_colour_for_every_text_style(name: str) -> None:
    theme = read_theme(name)
    assert theme.name == name
    assert set(theme.text) == set(theme.metrics.fonts) == set(get_args(TextStyle))


@pytest.mark.parametrize("name", ALL)
def test_every_sign_can_be_drawn_in_every_theme(name: str) -> None:
    theme = read_theme(name)
    for own in SIGNS:
        symbol = sign(own, theme)
        assert symbol is not None and symbol.shapes


def test_the_reference_theme_has_the_numbers_of_the_notation() -> None:
    theme = read_theme()
    seen = {
        kind: (theme.frames[kind].color, theme.frames[kind].width, theme.frames[kind].dash)
        for kind in (
            "azure",
            "subscription",
            "vnet.workload",
            "vnet.standalone",
            "vnet.member",
            "subnet",
            "region",
        )
    }
    assert seen == {
        "azure": ("#000000", 1, (3, 3)),
        "subscription": ("#00b050", 0.75, (2.25, 2.25)),
        "vnet.workload": ("#1490df", 1, (3, 3)),
        "vnet.standalone": ("#002060", 1, (3, 3)),
        "vnet.member": ("#ed7d31", 1, (3, 3)),
        "subnet": ("#7f7f7f", 1.5, (0.01, 4.5)),
        "region": ("#525252", 0.75, (5.25, 3.75)),
    }
    assert theme.frames["subscription"].round_caps and theme.frames["subnet"].round_caps
    assert (theme.link("peering").color, theme.link("peering").width) == ("#00b050", 3)
    assert (theme.link("flow").color, theme.link("flow").width) == ("#00b050", 0.75)
    assert (theme.link("private-link").color, theme.link("private-link").dash) == ("#bf9000", (1.5, 3))
    declared = theme.boundary("enforced", declared=True)
    assert (declared.color, declared.width, declared.dash, declared.round_caps) == ("#ff0000", 2.25, (), True)


@pytest.mark.parametrize("name", ALL)
def test_no_two_statuses_of_a_boundary_look_the_same(name: str) -> None:
    theme = read_theme(name)
    declared, computed = theme.boundary("no-path", declared=True), theme.boundary("no-path")
    looks = [declared, computed, theme.boundary("gap"), theme.boundary("unknown")]
    assert len(set(looks)) == 4
    assert theme.boundary("gap").dash and theme.boundary("unknown").dash and not computed.dash


def test_high_contrast_reaches_aaa_on_texts_even_when_faded_and_on_lines() -> None:
    theme = read_theme("high-contrast")
    for style, color in page_texts(theme):
        assert contrast(veiled(color, theme.page, theme.veil), theme.page) >= 7, style
    for strokes in (theme.frames, theme.links, theme.boundaries):
        for kind, stroke in strokes.items():
            assert contrast(stroke.color, theme.page) >= 7, kind
    assert contrast(theme.text["azure"], theme.marks["cloud-top"]) >= 7
    assert contrast(theme.text["number"], theme.marks["number"]) >= 7


def test_dark_texts_and_lines_reach_aa() -> None:
    theme = read_theme("dark")
    for style, color in page_texts(theme):
        assert contrast(color, theme.page) >= 4.5, style
    for strokes in (theme.links, theme.boundaries):
        for kind, stroke in strokes.items():
            assert contrast(stroke.color, theme.page) >= 3, kind


def test_print_has_no_colour_and_tells_links_apart_by_line_alone() -> None:
    theme = read_theme("print")
    colors = [*theme.text.values(), *theme.marks.values()]
    colors += [s.color for strokes in (theme.frames, theme.links, theme.boundaries) for s in strokes.values()]
    assert all(c[1:3] == c[3:5] == c[5:7] for c in colors)
    kinds = (
        "peering",
        "flow",
        "vpn",
        "expressroute",
        "private-link",
        "service-endpoint",
        "hub-connection",
        "route",
        "integration",
    )
    assert (
        len({(theme.link(k).width, theme.link(k).dash, theme.link(k).end) for k in kinds}) >= len(kinds) - 1
    )
    assert theme.link("peering").color != theme.link("expressroute").color


def test_a_file_of_ones_own_says_only_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nextends: dark\nframes:\n  vnet.spoke: {dash: [1, 2]}\n")
    theme = read_theme(str(file))
    dark = read_theme("dark")
    assert (theme.name, theme.page) == ("mine", dark.page)
    assert (theme.frame("vnet", "spoke").color, theme.frame("vnet", "spoke").dash) == (
        dark.frame("vnet").color,
        (1, 2),
    )


def test_everything_wrong_with_a_theme_is_said_at_once() -> None:
    layer = {
        "pag": "#ffffff",
        "veil": 3,
        "frames": {"vnet": {"stroke": "red", "dsh": [1]}},
        "text": {"name": 7},
    }
    with pytest.raises(InputError) as raised:
        make_theme([("reference", _reference()), ("mine.yaml", layer)])
    said = [(d.message, d.hints) for d in raised.value.diagnostics]
    assert said == [
        ("a theme has no `pag` here", ("did you mean `page`?",)),
        ("`veil` must be a number from 0 to 1, not `3`", ()),
        ("`stroke` must be a colour such as `#ff0000`, not `red`", ()),
        ("a line has no `dsh` here", ("did you mean `dash`?",)),
        ("`name` must be a colour such as `#ffffff`, not `7`", ()),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("- 1\n", "is no mapping"), ("a: [", "expected"), ("extends: nowhere\n", "no theme `nowhere`")],
)
def test_a_file_that_is_no_theme_is_an_input_error(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=said):
        read_theme(str(file))


def test_an_unknown_theme_names_the_near_miss() -> None:
    with pytest.raises(InputError) as raised:
        read_theme("refrence")
    assert raised.value.diagnostics[0].hints == ("did you mean `reference`?",)


def test_themes_that_extend_each_other_are_an_input_error(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(f"extends: {two}\n")
    two.write_text(f"extends: {one}\n")
    with pytest.raises(InputError, match="circle"):
        read_theme(str(one))


def _reference() -> dict[str, object]:
    import yaml

    text = (Path(__file__).parent.parent / "styles" / "reference.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
