"""Places -> lines: where in its text a value stands, for any number of places in files of any size.

Working out one place in JSON reads the text from its beginning. Exports are long lists, so that the offsets of a list's
items are kept, and only the item itself is read for each place.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping

from diagramgen.located import Key, Place
from diagramgen.read.positions import locate
from diagramgen.read.render_diagnostics import spot_of

_LONG = 100_000
"""From this length on a text is read by the items of its lists."""
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

_List = tuple[str, int, tuple[Key, ...]]


class Lines:
    """The lines of a report's sources."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._known: dict[Place, tuple[int, int] | None] = {}
        self._items: dict[_List, list[tuple[int, int]]] = {}
        self._ends: dict[str, list[int]] = {}

    def spot(self, place: Place) -> tuple[int, int] | None:
        """Line and column, both from 1; None where the source's text is not at hand or the place not in it."""
        if place not in self._known:
            self._known[place] = self._found(place)
        return self._known[place]

    def shown(self, place: Place) -> str:
        """`file:line`, or as much of it as there is."""
        spot = self.spot(place)
        return f"{place.source}:{spot[0]}" if spot else place.source

    def _found(self, place: Place) -> tuple[int, int] | None:
        text = self._texts.get(place.source, "")
        if not text or not place.path:
            return None
        first = next((at for at, step in enumerate(place.path) if isinstance(step, int)), None)
        if len(text) >= _LONG and first is not None and text.lstrip()[:1] in ("{", "["):
            return self._in_list(text, place, first)
        spot = spot_of(text, place)
        return spot[:2] if spot else None

    def _in_list(self, text: str, place: Place, first: int) -> tuple[int, int] | None:
        """The spot of a place below an item of a list, the path of which ends before `first`."""
        key = (place.source, place.document, place.path[:first])
        if key not in self._items:
            self._items[key] = self._offsets(text, Place(place.source, place.path[:first], place.document))
        items, number = self._items[key], place.path[first]
        if not isinstance(number, int) or not 0 <= number < len(items):
            return None
        start, end = items[number]
        inner = locate(text[start:end], Place("", place.path[first + 1 :], 0, place.at_key)) or (1, 1)
        line, column = self._line_of(place.source, text, start)
        return (line, column + inner[1] - 1) if inner[0] == 1 else (line + inner[0] - 1, inner[1])

    def _offsets(self, text: str, place: Place) -> list[tuple[int, int]]:
        """Where each item of a list begins and ends; none where there is no list."""
        spot = locate(text, place)
        if spot is None:
            return []
        at = self._line_starts(place.source, text)[spot[0] - 1] + spot[1] - 1
        if not text.startswith("[", at):
            return []
        found = []
        at = _after_blank(text, at + 1)
        try:
            while at < len(text) and text[at] not in "]":
                end = _DECODER.raw_decode(text, at)[1]
                found.append((at, end))
                at = _after_blank(text, end)
                at = _after_blank(text, at + 1) if text.startswith(",", at) else at
        except (ValueError, RecursionError):
            return found
        return found

    def _line_of(self, source: str, text: str, offset: int) -> tuple[int, int]:
        starts = self._line_starts(source, text)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _line_starts(self, source: str, text: str) -> list[int]:
        if source not in self._ends:
            self._ends[source] = [0, *(found.end() for found in re.finditer("\n", text))]
        return self._ends[source]


def _after_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position
