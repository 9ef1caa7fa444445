"""YAML is read so that names stay names, and no file costs more than its length."""

from __future__ import annotations

import time

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.read.record import Reading
from diagramgen.read.spec import read_spec
from diagramgen.read.spec.loading import load_yaml
from diagramgen.read.spec.positions import locate


def codes(text: str) -> list[str]:
    """The codes of the errors of a text."""
    with pytest.raises(InputError) as caught:
        read_spec("a.yaml", text)
    return [d.code for d in caught.value.diagnostics]


def names_in(reading: Reading) -> set[str]:
    """The names of what a spec holds, without the record of the spec itself."""
    return {record.name for record in reading.records if record.type != "diagramgen/document"}


def test_names_that_look_like_numbers_or_truth_values_stay_names() -> None:
    reading = read_spec(
        "a.yaml", "vnets: {no: {}, 010: {}, 1.10: {}, 2024-01-02: {}, true: {}, null: {}, 0x1F: {}, 1_0: {}}"
    )
    assert names_in(reading) == {"no", "010", "1.10", "2024-01-02", "true", "null", "0x1F", "1_0"}


def test_values_that_look_like_numbers_stay_text_where_a_text_is_wanted() -> None:
    reading = read_spec(
        "a.yaml",
        "title: 010\nvnets: {A: {region: no, label: 1.10}}\ntitle_block: {date: 2024-05-02, version: 1.0}",
    )
    document, vnet = reading.records
    assert document.properties == {"title": "010", "titleBlock": {"date": "2024-05-02", "version": "1.0"}}
    assert (vnet.location, vnet.envelope["label"]) == ("no", "1.10")


def test_anchors_and_merges_say_things_once() -> None:
    value, found = load_yaml("", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4}]}")
    assert not found
    assert value["b"] == {"x": 1, "y": 3}
    assert value["c"] == {"x": 1, "y": 2, "z": 4}


def test_a_value_behind_an_alias_or_a_merge_is_located_at_its_anchor() -> None:
    text = "a: &a {x: 1}\nb: {<<: *a, y: 3}\nc: *a\n"
    for path in (("b", "x"), ("c", "x")):
        spot = locate(text, Place("", path))
        assert spot is not None and (spot.line, spot.column) == (1, 11)


def test_a_ten_level_alias_bomb_is_refused_quickly() -> None:
    bomb = "x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"x-{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 11)
    )
    start = time.perf_counter()
    assert codes(bomb + "vnets: {}\n") == ["too-large"]
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_in_time_and_memory_that_the_file_bounds(opening: str) -> None:
    start = time.perf_counter()
    assert codes("vnets: " + opening * 2_000_000 if opening != "- " else opening * 2_000_000) == ["too-deep"]
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("---\n", "empty"),
        ("{}", "empty"),
        ("[a, b]", "not-a-spec"),
        ("just words", "not-a-spec"),
        ("vnets: !!python/object:os.system {}", "yaml-tag"),
        ("vnets: *hub", "unknown-alias"),
        ("vnets: &a [*a]", "alias-of-itself"),
        ("vnets: {[a]: b}", "complex-key"),
        ("? {a: b}\n: c", "complex-key"),
        ("vnets: {a: {<<: 5}}", "yaml-merge"),
        ("vnets: {'': {}}", "bad-name"),
        ("vnets: {a: 'x", "yaml-syntax"),
        ("vnets: \x00", "yaml-syntax"),
        ("vnets: \ud800", "yaml-syntax"),
        ("vnets: [" + "a" * 10_001 + "]", "bad-name"),
    ],
)
def test_what_is_no_spec_is_refused_with_a_code(text: str, code: str) -> None:
    assert code in codes(text)


def test_names_with_markup_quotes_emoji_and_other_scripts_are_names() -> None:
    names = ["<script>alert(1)</script>", "]]>", "a\"b'c", "🔥 VNet", "شبكة", "&amp;", "a/b", "x" * 300]
    text = "vnets:\n" + "".join(f"  {_quoted(n)}: {{}}\n" for n in names)
    assert names_in(read_spec("a.yaml", text)) == set(names)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    reading = read_spec("a.yaml", "\ufeffvnets:\r\n  A: {address: 10.0.0.0/16}\r\n")
    assert names_in(reading) == {"A"}


def test_a_spec_without_a_title_is_known_as_a_spec() -> None:
    assert build_topology(read_spec("a.yaml", "vnets: {A: {address: 10.0.0.0/16}}")).is_spec
