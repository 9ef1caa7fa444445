"""YAML as an imported spec is written: the same values come back, and the text is as a person writes it."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from diagramgen.author.fold import fold
from diagramgen.author.yaml_text import Remarked, Tall, plain, write_yaml
from diagramgen.read.spec.loading import load_yaml

ODD = (
    "no", "on", "1.10", "010", "1_0", "0x1f", "2024-05-02", "null", "true", "True", "<<", "=", "a: b", "1e3", ".5", "-",
    "- a", "::", "fd00::/48", "a:b", "é ü", "日本", "---", "...", "-1", "1:30", "+5", "", " ", "#", "a #b", "*.com",
    "&a",
    "{mark}", "tcp/443 -> web", "a\nb", "\u2028", "\ufeff", "~",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("a1:- #,[]{}&*!|>'\"%@`?=~._\n\t", max_size=6),
    st.sampled_from(ODD),
)


def _remarked(value: Any) -> Remarked:
    return Remarked(value, "a comment: {with} [all] # of it")


LEAVES = st.one_of(TEXTS, st.integers(0, 10**6), st.booleans())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4).map(Tall),
        st.lists(inner, max_size=4).map(Tall),
        st.dictionaries(TEXTS, inner.map(_remarked), max_size=3),
        st.lists(inner.map(_remarked), max_size=3),
    ),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, TREES, min_size=1, max_size=4))
def test_what_is_written_comes_back(document: dict[str, Any]) -> None:
    value, problems = load_yaml("", write_yaml(document, ("made by a test",)))
    assert (value, list(problems)) == (plain(document), [])


@given(
    st.dictionaries(TEXTS, st.lists(LEAVES, min_size=4, max_size=6), min_size=1, max_size=3),
    st.integers(3, 5),
)
def test_what_is_folded_comes_back(rules: dict[str, Any], times: int) -> None:
    document = {"nsgs": Tall({f"NSG {number}": {"rules": Tall(dict(rules))} for number in range(times)})}
    folded = fold(document)
    value, problems = load_yaml("", write_yaml(folded))
    assert (value, list(problems)) == (plain(document), [])
    assert ("*nsg-0-rules" in write_yaml(folded)) == (sum(map(len, rules.values())) >= 4)


def test_other_readers_of_yaml_take_texts_for_texts() -> None:
    document = {"names": {text: text for text in ODD if text != "on"}, "list": [text for text in ODD if text]}
    assert yaml.safe_load(write_yaml(document)) == document


def test_short_things_share_a_line_and_long_ones_do_not() -> None:
    web = {"address": "10.0.1.0/24", "nsg": "NSG-web"}
    document = {"title": "Shop", "vnets": {"Hub": {"address": "10.0.0.0/16", "subnets": Tall({"Web": web})}}}
    assert write_yaml(document).splitlines() == [
        "title: Shop",
        "",
        "vnets:",
        "  Hub:",
        "    address: 10.0.0.0/16",
        "    subnets:",
        "      Web: {address: 10.0.1.0/24, nsg: NSG-web}",
    ]


def test_a_comment_stands_beside_its_line_or_above_one_that_is_long() -> None:
    short, long = (
        Remarked("a", "why"),
        Remarked("x" * 90, "because it is so, and this line would be too long"),
    )
    assert write_yaml({"one": short, "two": long}).splitlines() == [
        "one: a  # why",
        "",
        "# because it is so, and this line would be too long",
        "two: " + "x" * 90,
    ]
