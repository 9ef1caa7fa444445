"""PNG and JSON, and how files come in and go out."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from sample_plan import sample_plan

from diagramgen.diagnostics import EnvironmentProblem
from diagramgen.draw import draw_scene
from diagramgen.model.kinds import KINDS
from diagramgen.system import load_icons, read_source, read_theme, write_whole
from diagramgen.write import WRITERS, Drawing, write_drawing
from diagramgen.write.png import write_png

SVG_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18" onload="x()"><script>x()</script>'
    b'<image href="https://example.com/a.png"/><path d="M0 0h9v9z" fill="url(#a)"/></svg>'
)


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    theme = read_theme()
    plan = sample_plan(theme.metrics)
    scene = draw_scene(plan, theme)
    return Drawing(plan, scene, load_icons(scene.icons), scale=0.5)


@pytest.mark.parametrize("suffix", [*WRITERS, ".SVG"])
def test_every_writer_writes_the_same_bytes_twice(drawing: Drawing, suffix: str) -> None:
    assert write_drawing(drawing, suffix) == write_drawing(drawing, suffix) != b""


def test_a_png_has_the_scaled_size(drawing: Drawing) -> None:
    data = write_drawing(drawing, ".png")
    assert struct.unpack(">II", data[16:24]) == (620, 430)


def test_a_png_shows_letters_in_their_weights_without_any_font_of_the_machine() -> None:
    def picture(attributes: str) -> bytes:
        text = f'<text x="5" y="20" font-family="Segoe UI, sans-serif" {attributes}>Handgloves</text>'
        return write_png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">{text}</svg>'.encode(), 1
        )

    looks = [picture(a) for a in ('opacity="0"', "", 'font-weight="700"', 'font-style="italic"')]
    assert len(set(looks)) == 4


def test_a_png_has_the_pages_colour_up_to_its_edge() -> None:
    def picture(side: float, page: str | None) -> bytes:
        square = f'<rect width="{side}" height="{side}" fill="#abcdef"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="10.5" height="10.5">{square}</svg>'
        return write_png(svg.encode(), 2, page=page)

    assert picture(10.5, "#abcdef") == picture(20, None) != picture(10.5, None)


def test_json_is_the_geometry_of_the_plan(drawing: Drawing) -> None:
    told = json.loads(write_drawing(drawing, ".json"))
    assert (told["width"], told["height"]) == (1240, 860)
    assert told["boxes"][0]["id"] == "azure"
    assert told["boxes"][0]["box"] == {"x": 250, "y": 100, "width": 966, "height": 620}


def test_every_kind_of_resource_has_an_icon() -> None:
    names = {kind.icon for kind in KINDS.values() if kind.icon}
    assert {n for n in names if not n.startswith("own/")} == set(load_icons(names))


def test_microsofts_own_icons_take_the_place_of_the_bundled_ones_made_harmless(tmp_path: Path) -> None:
    folder = tmp_path / "Icons" / "networking"
    folder.mkdir(parents=True)
    (folder / "10061-icon-service-Virtual-Networks.svg").write_bytes(SVG_ICON)
    (folder / "10084-icon-service-Firewalls.svg").write_bytes(b'<!DOCTYPE x [<!ENTITY a "b">]><svg/>')
    icons = load_icons(["networking/virtual-networks", "networking/firewalls", "no/such"], tmp_path)
    assert set(icons) == {"networking/virtual-networks", "networking/firewalls"}
    assert icons["networking/firewalls"].startswith(b"\x89PNG")
    drawn = icons["networking/virtual-networks"]
    assert b"<path" in drawn and b"url(#a)" in drawn
    assert not any(word in drawn for word in (b"script", b"onload", b"example.com"))


def test_a_folder_of_icons_that_is_not_there_is_said() -> None:
    with pytest.raises(EnvironmentProblem, match="no folder"):
        load_icons(["networking/firewalls"], Path("/nowhere/at/all"))


def test_a_file_is_replaced_whole_and_keeps_its_rights(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a.svg"
    write_whole(target, b"one")
    target.chmod(0o640)
    write_whole(target, b"two")
    assert target.read_bytes() == b"two" == read_source(target)
    assert target.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in target.parent.iterdir()] == ["a.svg"]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(EnvironmentProblem, match="cannot write"):
        write_whole(tmp_path / "file" / "a.svg", b"one")
    with pytest.raises(EnvironmentProblem, match="cannot write"):
        write_whole(tmp_path, b"one")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot read"):
        read_source(tmp_path / "none")
