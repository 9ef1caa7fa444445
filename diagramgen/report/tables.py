"""Tables of text: columns as wide as they need and the page allows, long cells wrapped, colours added last."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Style = Literal["bold", "dim", "red", "yellow", "green", "cyan", "magenta", "bold red"]
_CODES: Mapping[Style, str] = {
    "bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32", "cyan": "36", "magenta": "35",
    "bold red": "1;31",
}  # fmt: skip


class Column(NamedTuple):
    """A column: its heading, the least width to which it may shrink, and whether numbers stand in it."""

    title: str
    least: int = 8
    is_number: bool = False


class Entry(NamedTuple):
    """A cell: lines of text, each wrapped on its own, in one style."""

    lines: tuple[str, ...]
    style: Style | None = None


def paint(text: str, style: Style | None, color: bool) -> str:
    """A text in a style, where colours are wanted."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if color and style and text.strip() else text


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> columns_of("VNet"), columns_of("日本")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200c\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, broken at blanks, and inside what is longer than a line.

    >>> wrap("a gap in the line", 8)
    ['a gap in', 'the line']
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        while columns_of(word) > width:
            room = width - columns_of(line) - 1 if line else width
            if room < 4:
                lines.append(line)
                line, room = "", width
            head = _head(word, room)
            lines.append(f"{line} {head}" if line else head)
            line, word = "", word[len(head) :]
        if line and columns_of(line) + 1 + columns_of(word) > width:
            lines.append(line)
            line = word
        elif word:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line or not lines else lines


def _head(word: str, width: int) -> str:
    """As much of a word as fits, up to the last sign at which ids and addresses may be broken."""
    taken = used = 0
    for character in word:
        used += _columns(character)
        if used > width:
            break
        taken += 1
    head = word[: max(1, taken)]
    at = max(head.rfind(sign) for sign in "/-_.,:|") + 1
    return head[:at] if at > len(head) // 2 else head


def cut(text: str, width: int) -> str:
    """A text of at most `width` columns, its end left off.

    >>> cut("Hub VNet", 5)
    'Hub..'
    """
    if columns_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns_of(kept) + _columns(character) > width - 2:
            break
        kept += character
    return kept.rstrip() + ".."


def pad(text: str, width: int) -> str:
    """A text with blanks up to `width` columns."""
    return text + " " * (width - columns_of(text))


def render_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Entry]], width: int, color: bool, has_head: bool = True
) -> list[str]:
    """The lines of a table no wider than `width`, as far as the least widths of its columns allow."""
    widths = _widths(columns, rows, width, has_head)
    lines = []
    if has_head:
        lines = _row_lines([Entry((column.title,), "bold") for column in columns], columns, widths, color)
        lines.append("─" * (sum(widths) + 2 * (len(widths) - 1)))
    for row in rows:
        lines += _row_lines(row, columns, widths, color)
    return lines


def _row_lines(
    row: Sequence[Entry], columns: Sequence[Column], widths: Sequence[int], color: bool
) -> list[str]:
    """The lines of one row, as many as its longest cell has."""
    wrapped = [
        [part for line in entry.lines for part in wrap(line, width)] or [""]
        for entry, width in zip(row, widths, strict=True)
    ]
    lines = []
    for at in range(max(map(len, wrapped))):
        parts = []
        for entry, told, column, width in zip(row, wrapped, columns, widths, strict=True):
            text = told[at] if at < len(told) else ""
            blanks = " " * (width - columns_of(text))
            painted = paint(text, entry.style, color)
            parts.append(blanks + painted if column.is_number else painted + blanks)
        lines.append("  ".join(parts).rstrip())
    return lines


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Entry]], width: int, has_head: bool
) -> list[int]:
    """What each column needs; where that is too much, the widest gives until all fit."""
    needs = []
    for at, column in enumerate(columns):
        cells = [columns_of(line) for row in rows for line in row[at].lines]
        needs.append(max([columns_of(column.title) if has_head else 1, *cells, 1]))
    least = [min(need, column.least) for need, column in zip(needs, columns, strict=True)]
    room = width - 2 * (len(columns) - 1)
    while sum(needs) > room:
        shrinkable = [at for at in range(len(needs)) if needs[at] > least[at]]
        if not shrinkable:
            break
        widest = max(shrinkable, key=lambda at: needs[at])
        second = max((needs[at] for at in shrinkable if needs[at] < needs[widest]), default=least[widest])
        needs[widest] -= max(1, min(needs[widest] - max(second, least[widest]), sum(needs) - room))
    return needs
