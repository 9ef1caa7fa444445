"""The command line: what each command writes, where its words go, and how it ends."""

from __future__ import annotations

import json
import struct
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command import ROOT, diagramgen, files_below

from diagramgen import __version__
from diagramgen.write import WRITERS

SPEC = """\
title: Shop
subscriptions:
  Production:
    vnets:
      Shop:
        address: 10.0.0.0/16
        subnets:
          Web: {address: 10.0.1.0/24, resources: {VM: vm}}
          Data: {address: 10.0.2.0/24}
views:
  all: {}
  web only: {show: [Web]}
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(SPEC)
    return file


def test_the_version_goes_to_stdout(tmp_path: Path) -> None:
    done = diagramgen("--version", folder=tmp_path)
    assert (done.code, done.out.decode(), done.err) == (0, f"diagramgen {__version__}\n", "")


@pytest.mark.parametrize("command", ["", "render", "init", "schema", "query"])
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = diagramgen(*filter(None, [command]), "--help", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(b"Usage: ") and b"diagramgen" in done.out


def test_a_call_without_arguments_shows_the_help_and_is_wrong(tmp_path: Path) -> None:
    done = diagramgen(folder=tmp_path)
    assert done.code == 2
    assert "render" in done.err + done.out.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("rendr", "x.yaml"),
        ("render",),
        ("render", "shop.yaml", "--no-such-option"),
        ("render", "shop.yaml", "--scale", "0"),
        ("init", "--pattern", "no-such-pattern"),
        ("query", "--shell", "fish"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_told_on_stderr_and_writes_nothing(
    arguments: tuple[str, ...], spec: Path, tmp_path: Path
) -> None:
    done = diagramgen(*arguments, folder=tmp_path)
    assert (done.code, done.out) == (2, b"")
    assert done.err
    assert files_below(tmp_path) == ["shop.yaml"]


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_suffix_chooses_the_format(suffix: str, spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "-o", f"deep/er/shop{suffix}", folder=tmp_path)
    assert (done.code, done.out) == (0, b""), done.err
    assert f"drew deep/er/shop{suffix}" in done.err
    drawn = (tmp_path / f"deep/er/shop{suffix}").read_bytes()
    match suffix:
        case ".svg":
            assert ET.fromstring(drawn).tag == SVG + "svg"
        case ".png":
            assert drawn.startswith(b"\x89PNG")
        case ".json":
            assert json.loads(drawn)["boxes"]
        case ".dot":
            assert drawn.startswith(b"digraph") and b"Shop" in drawn
        case _:
            pytest.fail(f"say here what a {suffix} is")


def test_one_call_writes_many_formats(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "-o", "a.svg", "-o", "a.PNG", folder=tmp_path)
    assert done.code == 0, done.err
    assert files_below(tmp_path) == ["a.PNG", "a.svg", "shop.yaml"]


@pytest.mark.parametrize("name", ["shop.svgg", "shop", "shop.pdf", ".svg"])
def test_a_format_that_there_is_not_is_refused_before_anything_is_drawn(
    name: str, spec: Path, tmp_path: Path
) -> None:
    done = diagramgen("render", spec, "-o", "good.svg", "-o", name, folder=tmp_path)
    assert done.code == 2
    assert "cannot tell the format" in done.err and "known here" not in done.err
    assert files_below(tmp_path) == ["shop.yaml"]


def test_without_a_target_every_view_gets_a_file_of_its_name(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, folder=tmp_path)
    assert done.code == 0, done.err
    assert files_below(tmp_path / "out") == ["shop-all.svg", "shop-web-only.svg"]


def test_a_view_is_chosen_by_name_and_shows_less(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "--view", "web only", "-o", "web.svg", folder=tmp_path)
    assert done.code == 0, done.err
    drawn = (tmp_path / "web.svg").read_text()
    assert ">Web<" in drawn and ">Data<" not in drawn


def test_the_name_of_each_view_takes_the_place_of_a_word_in_the_target(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "-o", "pages/{view}.svg", folder=tmp_path)
    assert done.code == 0, done.err
    assert files_below(tmp_path / "pages") == ["all.svg", "web-only.svg"]


def test_a_view_that_there_is_not_is_told_with_the_near_miss(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "--view", "web onyl", "-o", "web.svg", folder=tmp_path)
    assert done.code == 2
    assert "`web onyl`" in done.err and "`web only`" in done.err
    assert files_below(tmp_path) == ["shop.yaml"]


def test_several_views_do_not_fit_in_one_file(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "--view", "all", "--view", "web only", "-o", "a.svg", folder=tmp_path)
    assert done.code == 2
    assert "{view}" in done.err
    assert files_below(tmp_path) == ["shop.yaml"]


def test_a_theme_changes_the_paint_and_an_unknown_one_is_refused(spec: Path, tmp_path: Path) -> None:
    for theme in ("reference", "dark"):
        assert diagramgen("render", spec, "--theme", theme, "-o", f"{theme}.svg", folder=tmp_path).code == 0
    assert (tmp_path / "dark.svg").read_bytes() != (tmp_path / "reference.svg").read_bytes()
    done = diagramgen("render", spec, "--theme", "drak", "-o", "x.svg", folder=tmp_path)
    assert done.code == 2
    assert "`dark`" in done.err
    assert not (tmp_path / "x.svg").exists()


def test_a_title_replaces_the_inputs_own_as_text(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "--title", 'A <b> & "c"', "-o", "a.svg", folder=tmp_path)
    assert done.code == 0, done.err
    assert ET.parse(tmp_path / "a.svg").getroot().findtext(SVG + "title") == 'A <b> & "c"'


def test_a_scale_makes_a_bitmap_larger(spec: Path, tmp_path: Path) -> None:
    assert diagramgen("render", spec, "--scale", "1", "-o", "1.png", folder=tmp_path).code == 0
    assert diagramgen("render", spec, "--scale", "3", "-o", "3.png", folder=tmp_path).code == 0
    one, three = (struct.unpack(">II", (tmp_path / f).read_bytes()[16:24]) for f in ("1.png", "3.png"))
    assert three == pytest.approx([3 * side for side in one], abs=3)


def test_a_folder_of_icons_that_is_not_there_is_an_error(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", spec, "--icons", "nowhere", "-o", "a.svg", folder=tmp_path)
    assert done.code == 2
    assert "`nowhere`" in done.err
    assert files_below(tmp_path) == ["shop.yaml"]


def test_a_dash_reads_standard_input(tmp_path: Path) -> None:
    done = diagramgen("render", "-", "-o", "a.svg", folder=tmp_path, stdin=SPEC.encode())
    assert done.code == 0, done.err
    assert b">Web<" in (tmp_path / "a.svg").read_bytes()


def test_an_error_in_standard_input_names_it(tmp_path: Path) -> None:
    done = diagramgen("render", "-", folder=tmp_path, stdin=b"subscriptions: {A: {vnet: {}}}")
    assert done.code == 2
    assert "<stdin>:1:" in done.err and "vnets" in done.err


def test_several_inputs_and_folders_make_one_estate(tmp_path: Path) -> None:
    folder = tmp_path / "specs" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("subscriptions: {A: {vnets: {One: {address: 10.0.0.0/16}}}}")
    (tmp_path / "specs" / ".hidden.yaml").write_text("not: [a, spec")
    (tmp_path / "b.yaml").write_text("subscriptions: {B: {vnets: {Two: {address: 10.1.0.0/16}}}}")
    done = diagramgen("render", "specs", "b.yaml", "-o", "a.svg", folder=tmp_path)
    assert done.code == 0, done.err
    drawn = (tmp_path / "a.svg").read_text()
    assert ">One" in drawn and ">Two" in drawn


def test_an_input_that_is_not_there_is_told_with_the_near_miss(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", "shpo.yaml", folder=tmp_path)
    assert done.code == 2
    assert "`shpo.yaml`" in done.err and "shop.yaml" in done.err


def test_a_drawing_that_cannot_be_written_leaves_the_others_alone(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    done = diagramgen("render", spec, "-o", "taken/a.svg", folder=tmp_path)
    assert done.code == 2
    assert "cannot write" in done.err
    assert files_below(tmp_path) == ["shop.yaml", "taken"]


def test_an_error_leaves_the_old_drawing_untouched(spec: Path, tmp_path: Path) -> None:
    assert diagramgen("render", spec, "-o", "a.svg", folder=tmp_path, stdin=b"").code == 0
    before = (tmp_path / "a.svg").read_bytes()
    spec.write_text(SPEC.replace("10.0.1.0/24", "10.0.1.0/99"))
    assert diagramgen("render", spec, "-o", "a.svg", folder=tmp_path).code == 2
    assert (tmp_path / "a.svg").read_bytes() == before
    assert files_below(tmp_path) == ["a.svg", "shop.yaml"]


def test_a_reader_of_the_target_sees_it_whole_at_any_time(spec: Path, tmp_path: Path) -> None:
    target, is_over, seen = tmp_path / "a.svg", threading.Event(), set[bytes]()

    def look() -> None:
        while not is_over.is_set():
            if target.exists():
                seen.add(target.read_bytes())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for theme in ("reference", "dark", "reference"):
            assert diagramgen("render", spec, "--theme", theme, "-o", target, folder=tmp_path).code == 0
    finally:
        is_over.set()
        watcher.join()
    assert 1 <= len(seen) <= 2
    assert all(drawn.endswith(b"</svg>\n") for drawn in seen)


def test_init_writes_a_spec_that_draws_and_keeps_a_file_that_is_there(tmp_path: Path) -> None:
    done = diagramgen("init", folder=tmp_path)
    assert (done.code, done.out, files_below(tmp_path)) == (0, b"", ["network.yaml"])
    assert "diagramgen render network.yaml" in done.err
    (tmp_path / "network.yaml").write_text("mine")
    assert diagramgen("init", folder=tmp_path).code == 2
    assert (tmp_path / "network.yaml").read_text() == "mine"
    assert diagramgen("init", "--force", folder=tmp_path).code == 0
    assert diagramgen("render", "network.yaml", "-o", "a.svg", folder=tmp_path).code == 0


@pytest.mark.parametrize("pattern", ["single-vnet", "peered", "hub-spoke", "virtual-wan"])
def test_each_first_spec_goes_to_stdout_and_draws_without_a_word(pattern: str, tmp_path: Path) -> None:
    printed = diagramgen("init", "--pattern", pattern, "-", folder=tmp_path)
    assert (printed.code, printed.err) == (0, "")
    done = diagramgen("render", "-", "-o", "a.svg", folder=tmp_path, stdin=printed.out)
    assert (done.code, done.err) == (0, "drew a.svg\n")


def test_the_schema_is_json_on_stdout(tmp_path: Path) -> None:
    done = diagramgen("schema", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(("shell", "start"), [("bash", b"#!/usr/bin/env bash"), ("powershell", b"#")])
def test_the_queries_are_a_script_on_stdout(shell: str, start: bytes, tmp_path: Path) -> None:
    done = diagramgen("query", "--shell", shell, folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(start) and b"az graph query" in done.out


def test_types_that_are_not_known_are_counted_on_stderr(tmp_path: Path) -> None:
    rows = json.loads((ROOT / "examples/contoso-estate.json").read_bytes())["data"]
    group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
    ids = [f"{group}/providers/Contoso.Odd/things/{n}" for n in range(3)]
    odd = [{"id": id, "name": id[-1], "type": "contoso.odd/things", "properties": {}} for id in ids]
    (tmp_path / "rows.json").write_text(json.dumps({"data": [*rows, *odd], "count": len(rows) + 3}))
    done = diagramgen("render", "rows.json", "-o", "a.svg", folder=tmp_path)
    assert done.code == 0, done.err
    assert "3 contoso.odd/things" in done.err


def test_words_have_no_colour_where_nobody_looks(spec: Path, tmp_path: Path) -> None:
    done = diagramgen("render", "nowhere.yaml", folder=tmp_path, env={"FORCE_COLOR": "", "NO_COLOR": "1"})
    assert "\x1b" not in done.err


def test_a_terminal_that_knows_ascii_alone_gets_the_message_too(tmp_path: Path) -> None:
    done = diagramgen(
        "render", "größe.yaml", folder=tmp_path, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert done.code == 2
    assert "there is no file" in done.err


def test_nothing_is_drawn_of_a_subscription_alone(tmp_path: Path) -> None:
    shown_id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
    address = {
        "id": f"{shown_id}/providers/Microsoft.Network/publicIPAddresses/pip",
        "type": "Microsoft.Network/publicIPAddresses",
        "name": "pip",
        "properties": {"ipAddress": "20.1.1.1"},
    }
    (tmp_path / "rows.json").write_text(json.dumps({"value": [address]}))
    done = diagramgen("render", "rows.json", "-o", "a.svg", folder=tmp_path)
    assert done.code != 0
    assert "nothing-to-draw" in done.err
    assert "1 x Public IP" in done.err
    assert not (tmp_path / "a.svg").exists()
