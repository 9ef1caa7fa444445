"""What every grammar of a short line is made of: pieces with their place in the line, and how to cut it."""

from __future__ import annotations

import re
from typing import NamedTuple

from diagramgen.diagnostics import did_you_mean
from diagramgen.read.spec.grammar.marks import mark_in
from diagramgen.read.spec.shapes import LineError


class Piece(NamedTuple):
    """A part of a line, and where it begins in it."""

    text: str
    start: int = 0

    @property
    def span(self) -> tuple[int, int]:
        return (self.start, max(1, len(self.text)))


class PairLine(NamedTuple):
    """Two names with an arrow `->` or `<->`; `detail` is what stands in brackets or after `via`."""

    text: str
    a: Piece
    b: Piece
    both: bool
    detail: str = ""


def next_word(words: list[Piece], index: int, text: str, wanted: str, shape: str) -> Piece:
    if index < len(words):
        return words[index]
    raise LineError(
        f"the line ends where {wanted} was expected",
        (len(text.rstrip()), 1),
        f"write `{shape}`" if "`" not in shape else shape,
    )


def one_of(piece: Piece, known: tuple[str, ...]) -> str:
    """One of the words, or a mark of what is not known."""
    if (mark := mark_in(piece.text)) is not None:
        return mark
    word = piece.text.lower()
    if word in known:
        return word
    wanted = " or ".join(f"`{k}`" for k in known)
    raise LineError(
        f"expected {wanted}, found `{cut(piece.text)}`",
        piece.span,
        *(h for h in did_you_mean(word, known) if h.startswith("did")),
    )


def from_to(text: str, start: int, hint: str) -> tuple[Piece, Piece]:
    """What stands after `from` and after `to`."""
    is_cut = re.search(r"/[\w-]+$", text)
    quotes = ("in a list in `[...]`, a line with a comma needs quotes",) if is_cut else ()
    rest = text[start:]
    match = re.match(r"\s+from\s+", rest, re.I)
    if not match:
        at = start + len(rest) - len(rest.lstrip())
        raise LineError("`from` was expected after the protocol", (min(at, len(text)), 1), hint, *quotes)
    middle = start + match.end()
    to = re.compile(r"(?<=\s)to(?=\s)", re.I).search(text, middle)
    if not to or not text[to.end() :].strip():
        raise LineError("`to` and where to are missing", (len(text.rstrip()), 1), hint, *quotes)
    return Piece(text[middle : to.start()], middle), Piece(text[to.end() :], to.end())


def halves(text: str, separator: str, hint: str) -> tuple[Piece, Piece]:
    before, found, after = text.partition(separator)
    if not found:
        raise LineError(f"no `{separator}` in `{cut(text)}`", (0, max(1, len(text))), hint)
    left, right = trim(Piece(before)), trim(Piece(after, len(before) + len(separator)))
    for side, where in ((left, "before"), (right, "after")):
        if not side.text:
            raise LineError(f"nothing stands {where} `{separator}`", (len(before), len(separator)), hint)
    return left, right


def parse_pair(text: str, hint: str) -> PairLine:
    both = "<->" in text
    if not both and "<-" in text:
        raise LineError("an arrow points to the right", (text.index("<-"), 2), hint)
    a, b = halves(text, "<->" if both else "->", hint)
    return PairLine(text, a, b, both)


def split(piece: Piece) -> tuple[Piece, ...]:
    """The parts between commas.

    Raises:
        LineError: a part is empty.
    """
    parts, start = [], piece.start
    for text in piece.text.split(","):
        part = trim(Piece(text, start))
        if not part.text:
            raise LineError(
                "nothing stands here between the commas" if "," in piece.text else "nothing stands here",
                (min(part.start, start), 1),
            )
        parts.append(part)
        start += len(text) + 1
    return tuple(parts)


def trim(piece: Piece) -> Piece:
    stripped = piece.text.lstrip()
    return Piece(stripped.rstrip(), piece.start + len(piece.text) - len(stripped))


def cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
