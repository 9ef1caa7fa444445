"""JSON text -> documents, and the places of values in it."""

import time

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.read.documents import parse_documents
from diagramgen.read.positions import locate


def test_several_documents_in_one_file_come_in_their_order() -> None:
    assert parse_documents("a", '{"a": 1}\n{"a": 2}[3]') == ({"a": 1}, {"a": 2}, [3])


def test_of_two_equal_keys_the_last_counts() -> None:
    assert parse_documents("a", '{"a": 1, "a": 2}') == ({"a": 2},)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"value": [\n  {"id": "x"},\n', 2, 15, "the file breaks off: 1 `{` and 1 `[` still open"),
        ('{"a": "xy', 1, 10, "the file breaks off: 1 `{` still open"),
        ('{"a": 1}\n{"b": ', 2, 6, "the file breaks off: 1 `{` still open"),
        ("[1,\n 2,]", 2, 3, "trailing comma is not allowed"),
        ("{'a': 1}", 1, 2, "unexpected character"),
        ("[NaN]", 1, 2, "unexpected character"),
        ('["\\ud800"]', 1, 3, "no low surrogate in string"),
    ],
)
def test_broken_json_tells_line_and_column(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_documents("a.json", text)
    (found,) = caught.value.diagnostics
    assert found.message.startswith("`a.json` cannot be read as JSON: ")
    assert words in found.message
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize(
    "text", ["[" * 20_000_000, '{"a":' * 1_000_000, "[" * 500 + "]" * 500 + "[" * 100_000]
)
def test_brackets_without_end_are_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        parse_documents("a.json", text)
    assert caught.value.diagnostics[0].code == "json-too-deep"
    assert time.perf_counter() - start < 5


def test_a_string_without_end_is_refused_at_once() -> None:
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        parse_documents("a.json", '["' + '\\"' * 1_000_000)
    assert "the file breaks off" in caught.value.diagnostics[0].message
    assert time.perf_counter() - start < 5


def test_documents_without_end_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        parse_documents("a.json", "[]" * 10_001)
    assert "more than 10000 documents" in caught.value.diagnostics[0].message


TWO = '{"a": [10,\n  {"b": "x", "b": "é"}]}\n[{"Name": 7,\n "deep": {"x": null}}]'


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("f"), (1, 1)),
        (Place("f", ("a",)), (1, 7)),
        (Place("f", ("a",)).key, (1, 2)),
        (Place("f", ("a", 0)), (1, 8)),
        (Place("f", ("a", 1, "b")), (2, 19)),
        (Place("f", (0, "deep", "x"), document=1), (4, 16)),
        (Place("f", (0, "name"), document=1), (3, 11)),
        (Place("f", ("a", 1, "missing", "more")), (2, 3)),
        (Place("f", ("a", "properties", 1)), (2, 3)),
        (Place("f", ("a",), document=2), None),
    ],
)
def test_a_place_is_found_in_the_text(place: Place, expected: tuple[int, int] | None) -> None:
    assert locate(TWO, place) == expected


def test_broken_text_gives_no_place_or_the_deepest_one() -> None:
    assert locate("", Place("f", ("a",))) is None
    assert locate("{", Place("f", ("a",))) == (1, 1)
    assert locate("{nonsense", Place("f", (), document=1)) is None
    assert locate("[" * 100_000, Place("f", (7,))) is None
