"""Where a value stands: a place (the path of keys to it) -> line and column, worked out only for a message.

Values on the way are skipped by the standard library's scanner, so nothing is kept for files that are right.
The path is the one that a record knows, which is that of the REST shape: where a flattened export has no
`properties` the step is left out, and letters count as equal without case.
"""

from __future__ import annotations

import json
import re

from diagramgen.located import Key, Place
from diagramgen.read.relaxed import is_template_text, relaxed

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def locate(text: str, place: Place) -> tuple[int, int] | None:
    """Line and column (from 1) of a place in a JSON text; of the deepest value known where the path ends.

    None where the document is not there, or where broken JSON is in the way.

    >>> locate('{"value": [\\n  {"id": "x"}]}', Place("a.json", ("value", 0, "id")))
    (2, 10)
    >>> locate('{"value": [\\n  {"id": "x"}]}', Place("a.json", ("value", 0, "id")).key)
    (2, 4)
    """
    try:
        offset = _offset_of(relaxed(text) if is_template_text(text) else text, place)
    except (ValueError, RecursionError):
        return None
    if offset is None:
        return None
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _offset_of(text: str, place: Place) -> int | None:
    value = _after_blank(text, 0)
    for _ in range(place.document):
        value = _after_blank(text, _skip(text, value))
    if value >= len(text):
        return None
    shown = value
    for step, key in enumerate(place.path):
        found = _step(text, value, key)
        if found is None:
            if key == "properties":
                continue
            return shown
        key_offset, value = found
        is_last = step == len(place.path) - 1
        shown = key_offset if place.at_key and is_last else value
    return shown


def _step(text: str, value: int, key: Key) -> tuple[int, int] | None:
    """Offsets of a key and of its value below the value that begins at `value`; both the same in a list."""
    if isinstance(key, int):
        return _item(text, value, key) if text.startswith("[", value) else None
    return _member(text, value, key) if text.startswith("{", value) else None


def _item(text: str, value: int, index: int) -> tuple[int, int] | None:
    position = _after_blank(text, value + 1)
    for _ in range(index):
        if text.startswith("]", position):
            return None
        position = _after_blank(text, _skip(text, position))
        if not text.startswith(",", position):
            return None
        position = _after_blank(text, position + 1)
    return None if text.startswith("]", position) else (position, position)


def _member(text: str, value: int, key: str) -> tuple[int, int] | None:
    """The last member of that name, as the last of equal keys counts; without case where none is exact."""
    exact = folded = None
    position = _after_blank(text, value + 1)
    while text.startswith('"', position):
        name, end = _DECODER.raw_decode(text, position)
        at = _after_blank(text, _after_blank(text, end) + 1)
        if name == key:
            exact = position, at
        elif name.lower() == key.lower():
            folded = position, at
        position = _after_blank(text, _skip(text, at))
        if text.startswith(",", position):
            position = _after_blank(text, position + 1)
    return exact or folded


def _skip(text: str, value: int) -> int:
    """The offset behind the value that begins at `value`."""
    return _DECODER.raw_decode(text, value)[1]


def _after_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position
