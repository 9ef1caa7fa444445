"""`TYPE [xN] [each]`: how many of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagramgen.diagnostics import did_you_mean, near_miss
from diagramgen.model.kinds import WORDS, Kind, kind_of_word
from diagramgen.read.spec.grammar.pieces import (
    Piece,
    cut,
)
from diagramgen.read.spec.shapes import LineError

ON_PREMISES_WORDS = (
    "datacenter",
    "branch",
    "office",
    "server",
    "firewall",
    "router",
    "database",
    "user",
    "other",
)
MOST_OF_A_KIND = 10_000


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """How many of which kind; `word` is the spec's own word for it."""

    text: str
    word: str
    kind: Kind | None
    count: int
    each: bool


def parse_resource(text: str) -> ResourceLine:
    """`TYPE [xN] [each]`.

    >>> line = parse_resource("vm x3 each")
    >>> line.word, line.count, line.each
    ('vm', 3, True)
    """
    return _parse_resource(text, ())


def parse_on_premises_resource(text: str) -> ResourceLine:
    """`TYPE [xN] [each]` with the words for what stands on premises."""
    return _parse_resource(text, ON_PREMISES_WORDS)


def _parse_resource(text: str, words: tuple[str, ...]) -> ResourceLine:
    parts = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    each = len(parts) > 1 and parts[-1].text == "each"
    if each:
        parts.pop()
    count = 1
    if len(parts) > 1 and re.fullmatch(r"[x×][0-9]{1,9}", parts[-1].text):
        number = parts.pop()
        count = int(number.text[1:])
        if not 1 <= count <= MOST_OF_A_KIND:
            raise LineError(
                f"a count of {count:,}: it must be from 1 to {MOST_OF_A_KIND:,}",
                number.span,
                code="out-of-range",
            )
    word = Piece(" ".join(p.text for p in parts), parts[0].start if parts else 0)
    known, kind = _known_word(word, words)
    return ResourceLine(text, known, kind, count, each)


def _known_word(word: Piece, words: tuple[str, ...]) -> tuple[str, Kind | None]:
    folded = word.text.lower()
    if words:
        if folded in words:
            return folded, None
        raise LineError(
            f"`{cut(word.text)}` is no type of resource on premises",
            word.span,
            *did_you_mean(word.text, words),
            code="unknown-type",
        )
    if folded == "other":
        return folded, None
    kind = kind_of_word(word.text)
    if kind is None:
        raise LineError(
            f"`{cut(word.text)}` is no type of resource",
            word.span,
            *_type_hint(word.text),
            code="unknown-type",
        )
    return kind.word, kind


def _type_hint(word: str) -> tuple[str, ...]:
    words = (*WORDS, "other")
    if len(word) < 100 and (close := near_miss(word, words)):
        return (f"did you mean `{close}`?",)
    return (
        "`diagramgen schema` lists the types; `other` with a `label` and an `icon` stands for anything else",
    )
