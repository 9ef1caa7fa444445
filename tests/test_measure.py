"""Text is measured and broken without a font: what that promises to layout."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagramgen.layout.measure import ELLIPSIS, clean_text, graphemes, room_width, set_width, shorten, wrap
from diagramgen.layout.plan import FontMetrics

PLAIN = FontMetrics(11, 14)
fonts = st.builds(
    FontMetrics, st.sampled_from((9.0, 11.0, 16.0)), st.just(14.0), st.booleans(), st.booleans()
)
texts = st.text(max_size=80)


@given(texts, fonts)
def test_a_room_is_never_narrower_than_the_text_set_in_it(text: str, font: FontMetrics) -> None:
    assert room_width(text, font) >= set_width(text, font) >= 0


@given(texts, texts, fonts)
def test_a_longer_text_is_never_narrower(text: str, more: str, font: FontMetrics) -> None:
    assert room_width(text + more, font) >= room_width(text, font)
    assert set_width(text + more, font) >= set_width(text, font)


@given(texts, fonts, st.floats(30, 300), st.integers(1, 4))
def test_no_line_is_wider_than_its_room(text: str, font: FontMetrics, width: float, lines: int) -> None:
    broken = wrap(text, font, width, lines)
    assert len(broken) <= lines
    for line in broken:
        assert line
        assert room_width(line, font) <= width or len(list(graphemes(line))) == 1


@given(texts, fonts)
def test_with_room_enough_nothing_is_lost(text: str, font: FontMetrics) -> None:
    assert "".join(wrap(text, font, 1e6, 3)) == clean_text(text)


@given(texts, st.floats(20, 200))
def test_broken_lines_hold_all_letters_in_order_when_there_are_enough_lines(text: str, width: float) -> None:
    letters = "".join(wrap(text, PLAIN, width, 500)).replace(" ", "")
    assert letters == clean_text(text).replace(" ", "")


@given(texts)
def test_graphemes_put_together_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(texts)
def test_no_grapheme_but_the_first_begins_with_a_combining_mark(text: str) -> None:
    for cluster in list(graphemes(text))[1:]:
        assert unicodedata.category(cluster[0]) not in ("Mn", "Me")


@given(st.text())
def test_a_clean_text_holds_no_control_character_and_stays_clean(text: str) -> None:
    clean = clean_text(text)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in clean)
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("text", "width", "lines", "broken"),
    [
        ("Front end tier subnet", 90, 2, ("Front end tier", "subnet")),
        ("vnet-production-westeurope", 120, 2, ("vnet-production-", "westeurope")),
        ("AzureFirewallManagementSubnet", 130, 2, ("AzureFirewall", "ManagementSubnet")),
        ("10.0.0.0/16", 200, 1, ("10.0.0.0/16",)),
        ("", 100, 2, ()),
        (" \t ", 100, 2, ()),
    ],
)
def test_names_break_where_a_reader_would(
    text: str, width: float, lines: int, broken: tuple[str, ...]
) -> None:
    assert wrap(text, PLAIN, width, lines) == broken


def test_what_does_not_fit_keeps_its_head_and_its_tail() -> None:
    short = shorten("snet-application-gateway-production-001", PLAIN, 120)
    assert short.startswith("snet-") and short.endswith("-001") and ELLIPSIS in short


def test_a_family_emoji_is_cut_whole_or_not_at_all() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for line in wrap(family * 6, PLAIN, 110, 6):
        assert set(graphemes(line)) <= {family, ELLIPSIS}


def test_bold_needs_more_room_and_east_asian_letters_a_full_em() -> None:
    assert room_width("Subscription", FontMetrics(11, 14, bold=True)) > room_width("Subscription", PLAIN)
    assert set_width("東京", PLAIN) == 22
    assert set_width("e\u0301", PLAIN) == set_width("e", PLAIN)
