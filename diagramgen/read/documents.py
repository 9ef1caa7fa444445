"""JSON text -> documents: the fast parser, several documents in one file, and errors that show the spot.

`az ... >> file.json` appends, so one file can hold several documents. orjson parses; the standard library
only finds where a document ends, so that there is one idea of what JSON is. Nesting is bounded: a hundred
megabytes of brackets end in an error at once. Of two equal keys in an object the last counts, as in every
reader of JSON.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place

Json = Any
"""What JSON can hold: dict, list, str, int, float, bool, None."""

_TOO_DEEP = "nested too deep to be an export"
_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]+|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_DECODER = json.JSONDecoder()

MOST_DOCUMENTS = 10_000
"""Documents that one file may hold; appended exports hold a few."""


def parse_documents(source_name: str, text: str) -> tuple[Json, ...]:
    """The JSON documents of a text, in their order; at least one.

    Raises:
        InputError: the text is no JSON; the message says where and how.

    >>> parse_documents("two.json", '{"a": 1} [2]')
    ({'a': 1}, [2])
    """
    try:
        return (orjson.loads(text),)
    except orjson.JSONDecodeError:
        return tuple(_one_by_one(source_name, text))


def _one_by_one(source_name: str, text: str) -> Iterator[Json]:
    """Every document of a text that is not exactly one."""
    position, length = _after_blank(text, 0), len(text)
    if position == length:
        raise _syntax_error(source_name, text, 0)
    for count in itertools.count(1):
        if position >= length:
            return
        if count > MOST_DOCUMENTS:
            what = f"more than {MOST_DOCUMENTS} documents in one file"
            raise _error(source_name, "json-syntax", what, text, position)
        end = _end_of_document(source_name, text, position)
        try:
            yield orjson.loads(text[position:end])
        except orjson.JSONDecodeError:
            raise _syntax_error(source_name, text, position) from None
        position = _after_blank(text, end)


def _after_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _end_of_document(source_name: str, text: str, position: int) -> int:
    """Where the document that begins at `position` ends; the end of the text where it is broken."""
    try:
        return _DECODER.raw_decode(text, position)[1]
    except RecursionError:
        raise _error(source_name, "json-too-deep", _TOO_DEEP, text, position) from None
    except ValueError:  # broken, or a number of thousands of digits
        return len(text)


def _syntax_error(source_name: str, text: str, start: int) -> InputError:
    """The error for broken JSON that begins at `start`: where it breaks, and whether it breaks off."""
    try:
        orjson.loads(text[start:])
    except orjson.JSONDecodeError as problem:
        what, position = _plain(problem.msg), start + problem.pos
    else:
        raise AssertionError("only called for JSON that orjson refused")
    if "depth" in what or "recursion" in what:
        return _error(source_name, "json-too-deep", _TOO_DEEP, text, start)
    if position >= len(text.rstrip()):
        return _broken_off(source_name, text, start)
    return _error(source_name, "json-syntax", what, text, position, _hints(text, position))


def _broken_off(source_name: str, text: str, start: int) -> InputError:
    """The error for JSON that ends too early, with what was still open."""
    opened = [0, 0]
    for token in _TOKEN.finditer(text, start):
        sign = token.group()[0]
        if sign in "{}":
            opened[0] += 1 if sign == "{" else -1
        elif sign in "[]":
            opened[1] += 1 if sign == "[" else -1
    still = " and ".join(f"{n} `{sign}`" for n, sign in zip(opened, "{[", strict=True) if n > 0)
    message = "the file breaks off" + (f": {still} still open" if still else " within a value")
    hints = ("the export was cut short (full disk, interrupted command, copied in part): export again",)
    return _error(source_name, "json-syntax", message, text, len(text.rstrip()), hints)


def _plain(message: str) -> str:
    """The parser's own words, without the position that we tell in ours."""
    message = message.split(": line ")[0].strip()
    return message[:1].lower() + message[1:] or "no JSON"


def _hints(text: str, position: int) -> tuple[str, ...]:
    around = text[max(0, position - 2) : position + 3]
    if "//" in around or "/*" in around:
        return ("JSON has no comments; take them out",)
    if "'" in around:
        return ("JSON quotes with \", not with '; export with `-o json`",)
    if text.startswith(("NaN", "Infinity", "-Infinity"), position):
        return ("NaN and Infinity are no JSON",)
    return ()


def _error(
    source_name: str, code: str, what: str, text: str, position: int, hints: tuple[str, ...] = ()
) -> InputError:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    message = f"`{source_name}` cannot be read as JSON: {what}"
    where = Place(source_name)
    return InputError([Diagnostic("error", code, message, where, hints, line=line, column=column)])
