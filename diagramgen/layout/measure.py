"""How wide a text is, without a font at hand, and how to break it into a room.

Two widths a text. `set_width` is its natural width in Open Sans, which is close to Segoe UI; the SVG fixes
each text at it (`textLength`). `room_width` is what the widest of the common fallbacks needs, DejaVu Sans: a
room of that width holds the text even in a renderer that ignores `textLength` (librsvg). Letters are looked
up one by one, kerning is left out: it makes lines narrower.

Letters outside the tables are taken by their class: wide East Asian ones as an em, combining ones as nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from diagramgen.layout import widths
from diagramgen.layout.plan import FontMetrics

ELLIPSIS = "…"

_UNKNOWN_SET, _UNKNOWN_ROOM = 750, 1000
"""A letter of a script without a table (Arabic, Devanagari, Thai); the widest usual letters stay below."""

_EMOJI_SET, _EMOJI_ROOM = 1250, 1400
"""Noto Color Emoji is 1.245 em wide, Segoe UI Emoji 1.37 em."""

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"  # no XML text may hold these
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # these turn the direction of what follows
)
"""Letters that are never drawn: https://www.w3.org/TR/xml/#charsets, https://www.unicode.org/reports/tr9/."""


class _Letters(dict[str, int]):
    """Widths by letter, worked out when first asked for."""

    def __init__(self, runs: Mapping[int, str], unknown: int, emoji: int) -> None:
        super().__init__()
        self._runs, self._unknown, self._emoji = runs, unknown, emoji

    def __missing__(self, letter: str) -> int:
        width = self._in_table(ord(letter))
        if not width:
            width = self._by_class(letter)
        self[letter] = width
        return width

    def _in_table(self, code: int) -> int:
        for first, digits in self._runs.items():
            at = (code - first) * 3
            if 0 <= at < len(digits):
                return int(digits[at : at + 3], 16)
        return 0

    def _by_class(self, letter: str) -> int:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            return 0
        if is_emoji(letter):
            return self._emoji
        if unicodedata.east_asian_width(letter) in ("W", "F"):
            return 1000
        return self._unknown


_SET = {
    (False, False): _Letters(widths.SET, _UNKNOWN_SET, _EMOJI_SET),
    (True, False): _Letters(widths.SET_BOLD, _UNKNOWN_SET, _EMOJI_SET),
    (False, True): _Letters(widths.SET_ITALIC, _UNKNOWN_SET, _EMOJI_SET),
    (True, True): _Letters(widths.SET_BOLD_ITALIC, _UNKNOWN_SET, _EMOJI_SET),
}
_ROOM = {
    False: _Letters(widths.ROOM, _UNKNOWN_ROOM, _EMOJI_ROOM),
    True: _Letters(widths.ROOM_BOLD, _UNKNOWN_ROOM, _EMOJI_ROOM),
}


def clean_text(text: str) -> str:
    """The text as it may be drawn: one line, no control character, no lone surrogate, blanks run together.

    >>> clean_text(" a\\tb\\x00\\n c ")
    'a b c'
    """
    return " ".join(_FORBIDDEN.sub("", text).split())


def room_width(text: str, font: FontMetrics) -> float:
    """The width, px, that holds `text` in any of the fonts that may stand in.

    >>> room_width("VM", FontMetrics(10, 14)) > set_width("VM", FontMetrics(10, 14)) > 0
    True
    """
    return _thousandths(text, font.bold, font.italic)[1] * font.size / 1000


def set_width(text: str, font: FontMetrics) -> float:
    """The natural width of `text`, px, in Open Sans: what goes to `textLength`."""
    return _thousandths(text, font.bold, font.italic)[0] * font.size / 1000


def is_estimate(text: str) -> bool:
    """Whether the width of `text` is only an upper guess: scripts that shape their letters, and emoji.

    Such a text is better left at its font's own width; its room is wide enough.

    >>> is_estimate("vnet-1"), is_estimate("שלום"), is_estimate("東京")
    (False, True, False)
    """
    return not text.isascii() and any(0x0590 <= ord(c) < 0x1100 or is_emoji(c) for c in text)


@lru_cache(maxsize=65536)
def _thousandths(text: str, bold: bool, italic: bool) -> tuple[int, int]:
    """Natural width and room in thousandths of the font's size; the room is never the narrower."""
    natural = sum(map(_SET[bold, italic].__getitem__, text))
    return natural, max(natural, sum(map(_ROOM[bold].__getitem__, text)))


def wrap(text: str, font: FontMetrics, max_width: float, max_lines: int) -> tuple[str, ...]:
    """`text` in at most `max_lines` lines of at most `max_width` px room each.

    Lines break at blanks. Only a word that is wider than a line breaks after `-`, `_`, `.`, `/`, then
    before a hump of camelCase, then between any two graphemes. What does not fit loses its middle, so that
    head and tail survive. A room narrower than a single grapheme still gets that grapheme.

    >>> wrap("Azure Firewall subnet", FontMetrics(11, 15), 100, 2)
    ('Azure Firewall', 'subnet')
    >>> wrap("vnet-production-westeurope-001", FontMetrics(11, 15), 120, 2)
    ('vnet-production-', 'westeurope-001')
    >>> wrap("vnet-production-westeurope-001", FontMetrics(11, 15), 100, 1)
    ('vnet-pr…ope-001',)
    """
    rest, lines = clean_text(text), list[str]()
    while rest and len(lines) < max_lines - 1 and room_width(rest, font) > max_width:
        line, rest = _first_line(rest, font, max_width)
        lines.append(line)
    return (*lines, shorten(rest, font, max_width)) if rest else tuple(lines)


def narrow(text: str, font: FontMetrics, max_width: float, max_lines: int) -> tuple[str, ...]:
    """`text` in as few lines as `wrap` needs, and these as even as may be.

    >>> narrow("HTTP/HTTPS Internet traffic", FontMetrics(11, 14), 118, 3)
    ('HTTP/HTTPS', 'Internet traffic')
    """
    best = wrap(text, font, max_width, max_lines)
    for step in range(1, 20):
        lines = wrap(text, font, max_width * (1 - step * 0.04), max_lines)
        if len(lines) != len(best) or "".join(lines).replace(" ", "") != "".join(best).replace(" ", ""):
            break
        if not any(line and line[-1] in "-_./" for line in lines[:-1]):
            best = lines
    return best


def shorten(text: str, font: FontMetrics, max_width: float) -> str:
    """`text` itself where it fits; else its head and tail with an ellipsis between.

    >>> shorten("snet-application-gateway", FontMetrics(11, 15), 90)
    'snet-a…ateway'
    """
    if room_width(text, font) <= max_width:
        return text
    parts = tuple(graphemes(text))
    spare = max_width - room_width(ELLIPSIS, font)
    head = tail = 0
    while head + tail < len(parts):
        part = parts[head] if head <= tail else parts[-1 - tail]
        spare -= room_width(part, font)
        if spare < -1e-9:
            break
        head, tail = (head + 1, tail) if head <= tail else (head, tail + 1)
    if not head:
        return ELLIPSIS if room_width(ELLIPSIS, font) <= max_width else parts[0]
    end = "".join(parts[len(parts) - tail :])
    return "".join(parts[:head]).rstrip() + ELLIPSIS + end.lstrip()


def _first_line(text: str, font: FontMetrics, max_width: float) -> tuple[str, str]:
    """As many words as fit, and the rest; a word wider than a whole line is broken."""
    at = _last_fitting(text, [m.start() for m in re.finditer(" ", text)], font, max_width)
    if at:
        return text[:at], text[at + 1 :]
    word = text.split(" ", 1)[0]
    for breaks in (_AFTER_SIGNS, _BEFORE_HUMPS):
        at = _last_fitting(word, [m.end() for m in breaks.finditer(word)], font, max_width)
        if at:
            return text[:at], text[at:].lstrip()
    ends, at = list[int](), 0
    for part in graphemes(word):
        at += len(part)
        ends.append(at)
    at = _last_fitting(word, ends, font, max_width) or ends[0]
    return text[:at], text[at:].lstrip()


_AFTER_SIGNS = re.compile(r"(?<=\w)[-_./](?=\w)")
_BEFORE_HUMPS = re.compile(r"[a-z0-9](?=[A-Z])")


def _last_fitting(text: str, ends: list[int], font: FontMetrics, max_width: float) -> int:
    """The last of `ends` (ascending) up to which `text` fits, or 0."""
    found = 0
    for end in ends:
        if room_width(text[:end], font) > max_width:
            break
        found = end
    return found


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for single letters: marks, joined emoji, flags and Hangul syllables stay whole.

    A plain form of https://unicode.org/reports/tr29/ that never cuts more finely.

    >>> [len(g) for g in graphemes("ae\\u0301\\U0001F1E9\\U0001F1EAx")]
    [1, 2, 2, 1]
    """
    if text.isascii():
        yield from text
        return
    cluster = ""
    for letter in text:
        if cluster and not _joins(cluster, letter):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _joins(cluster: str, letter: str) -> bool:
    """Whether `letter` belongs to the cluster before it."""
    code, last = ord(letter), ord(cluster[-1])
    if unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf") or 0x1F3FB <= code <= 0x1F3FF:
        return True
    if last == 0x200D or (_is_hangul_part(code) and (_is_hangul_part(last) or 0xAC00 <= last <= 0xD7A3)):
        return True
    return _is_flag_half(code) and _is_flag_half(last) and len(cluster) % 2 == 1


def _is_hangul_part(code: int) -> bool:
    return 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97F or 0xD7B0 <= code <= 0xD7FF


def _is_flag_half(code: int) -> bool:
    return 0x1F1E6 <= code <= 0x1F1FF


def is_emoji(letter: str) -> bool:
    """Whether the letter is usually drawn as a coloured picture."""
    code = ord(letter)
    return 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or code in (0x231A, 0x231B, 0x23E9, 0x2B50)
