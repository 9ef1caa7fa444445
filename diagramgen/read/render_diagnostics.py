"""Diagnostics -> text for people: file, line and column, the line itself, a caret under what is meant, and
hints.

    specs/hub.yaml:12:14: error[bad-cidr]: `10.0.0.1/16` has bits set right of its prefix
       |
    12 |     address: 10.0.0.1/16
       |              ^^^^^^^^^^^
       = the network is `10.0.0.0/16`; an address alone is `10.0.0.1/32`

What comes from the input is made harmless: control characters, terminal escapes and bidirectional overrides
are shown by their names, and long lines are cut round the caret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place, lines_of
from diagramgen.read.relaxed import is_template_text
from diagramgen.read.secrets import masked, masked_json, without_secrets

LINE_WIDTH = 100
"""How many characters of a source line are shown."""

_LONG = 4000
"""How much of a line is looked through for secrets before a part of it is shown."""

_JSON = re.compile("[\ufeff \\t\\r\\n]*[{\\[]")

_RANK = {"error": 0, "warning": 1, "note": 2}


def render_diagnostics(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """All diagnostics, in the order of their places, without a line break at the end.

    `sources` maps the names of sources to their texts (`Reading.sources`); where a text is missing, the place
    is told as a path of keys.
    """
    spotted = [(d, _spot_of(d, sources)) for d in diagnostics]
    spotted.sort(
        key=lambda pair: (pair[0].place.source if pair[0].place else "~", pair[1] or (1 << 60, 0, 0))
    )
    return "\n\n".join(_render(d, spot, sources) for d, spot in spotted)


def summarise(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each severity: '2 errors, 1 warning'."""
    counts = dict.fromkeys(_RANK, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    return ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in counts.items() if n)


Spot = tuple[int, int, int]
"""Line and column from 1, and the length of what is meant."""


def spot_of(text: str, place: Place, span: tuple[int, int] | None = None) -> Spot | None:
    """Line, column and length of a place in a text, whether spec, JSON or a table."""
    if _JSON.match(text) or is_template_text(text):
        from diagramgen.read.positions import locate as locate_in_json

        found = locate_in_json(text, place)
        if found is not None:
            return (*found, 1)
    if place.path and isinstance(place.path[0], int):
        from diagramgen.read.tables import line_of_row

        line = line_of_row(text, place.path[0])
        return (line, 1, 1) if line else None
    from diagramgen.read.spec.positions import locate

    spot = locate(text, place, span)
    return (spot.line, spot.column, spot.length) if spot else None


def _spot_of(diagnostic: Diagnostic, sources: Mapping[str, str]) -> Spot | None:
    if diagnostic.line is not None:
        return (diagnostic.line, diagnostic.column or 1, diagnostic.span[1] if diagnostic.span else 1)
    if diagnostic.place is None or not diagnostic.place.path or not sources.get(diagnostic.place.source):
        return None
    return spot_of(sources[diagnostic.place.source], diagnostic.place, diagnostic.span)


def _render(diagnostic: Diagnostic, spot: Spot | None, sources: Mapping[str, str]) -> str:
    head = f"{diagnostic.severity}[{diagnostic.code}]: {make_visible(without_secrets(diagnostic.message))}"
    place = diagnostic.place
    lines = [f"{_where(place, spot)}: {head}" if place is not None and place.source else head]
    excerpt = _excerpt(sources.get(place.source, ""), spot) if place and spot else []
    lines += excerpt
    margin = " " * (len(str(spot[0])) if spot and excerpt else 1)
    lines += [f"{margin} = {make_visible(without_secrets(hint))}" for hint in diagnostic.hints]
    for word, related in diagnostic.related:
        if not related.source:
            continue
        there = spot_of(text, related) if (text := sources.get(related.source)) and related.path else None
        lines.append(f"{margin} = {make_visible(word)}: {_where(related, there)}")
    return "\n".join(lines)


def _where(place: Place, spot: Spot | None) -> str:
    name = make_visible(place.source)
    if spot is not None:
        return f"{name}:{spot[0]}:{spot[1]}"
    if not place.path:
        return name
    steps = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in place.path)
    return f"{name}: at {make_visible(steps.removeprefix('.'))}"


def _excerpt(text: str, spot: Spot) -> list[str]:
    """The source line with a caret line under it, and a margin with its number."""
    number, column, length = spot
    lines = lines_of(text)
    if number > len(lines):
        return []
    line = _masked_line(lines, number, column, masked_json if _JSON.match(text) else masked)
    if not line.strip():
        return []
    start = min(column - 1, len(line))
    length = max(1, min(length, len(line) - start))
    first = max(0, start - LINE_WIDTH // 3) if len(line) > LINE_WIDTH else 0
    shown = line[first : first + LINE_WIDTH]
    length = min(length, len(shown) - (start - first)) if start < first + len(shown) else 1
    before, meant = (
        make_visible(shown[: start - first]),
        make_visible(shown[start - first : start - first + length]),
    )
    after = make_visible(shown[start - first + length :])
    dots, more = ("..." if first else ""), ("..." if first + LINE_WIDTH < len(line) else "")
    margin = " " * len(str(number))
    carets = " " * _width(dots + before) + "^" * max(1, _width(meant))
    return [f"{margin} |", f"{number} | {dots}{before}{meant}{after}{more}", f"{margin} | {carets}"]


def _masked_line(lines: Sequence[str], number: int, column: int, mask: Callable[[str], str]) -> str:
    """A line with the secrets in it masked; what stands before it tells which of its values are secrets."""
    line = lines[number - 1]
    if len(line) > _LONG:  # a whole document in one line: what is far off is not shown anyway
        first = max(0, column - _LONG // 2)
        return " " * first + mask(line[first : first + _LONG])
    before = "\n".join(lines[max(0, number - 3) : number - 1])[-_LONG:]
    return mask(f"{before}\n{line}")[-len(line) :] if line else line


def make_visible(text: str) -> str:
    """A text in which nothing moves the cursor, colours the terminal or turns the direction of writing.

    >>> make_visible("a\\tb\\x1b[31m")
    'a b<U+001B>[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if c == "\t" else c if _is_harmless(c) else f"<U+{ord(c):04X}>" for c in text)


def _is_harmless(character: str) -> bool:
    """Whether a character prints as itself; joiners (U+200C, U+200D) are what emoji and scripts need."""
    category = unicodedata.category(character)
    return (category[0] not in "C" and category not in ("Zl", "Zp")) or character in "\u200c\u200d"


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0
        if unicodedata.combining(c) or c in "\u200c\u200d\ufe0f"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )
