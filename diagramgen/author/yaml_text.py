"""Plain values -> YAML as a person writes it: short leaves in braces on one line, everything above them indented.

A mapping or list stands on one line where it fits and nothing in it asks for more room (`Tall`); text is quoted only
where YAML, in any of its versions, would take it for something else. What is written is read back as the same values
(https://yaml.org/spec/1.2.2/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

WIDTH = 120
LONGEST_PLAIN_KEY = 900
"""A longer key needs YAML's `?`: https://yaml.org/spec/1.2.2/#742-flow-mappings allows 1024 characters."""


class Tall(NamedTuple):
    """A mapping or list that gets a line an entry, however short it is."""

    value: Any


class Remarked(NamedTuple):
    """A value with comments: lines above its key, and one beside it."""

    value: Any
    above: tuple[str, ...] = ()
    beside: str = ""


class Anchored(NamedTuple):
    """A value that others repeat by its name."""

    name: str
    value: Any


class Alias(NamedTuple):
    """The value that is anchored under a name."""

    name: str


def plain(value: Any) -> Any:
    """The values without what is said of their form; aliases must be resolved by `anchors` of the same document.

    >>> plain({"a": Tall([Remarked(1, beside="one")])})
    {'a': [1]}
    """
    return _plain(value, {})


def _plain(value: Any, anchors: dict[str, Any]) -> Any:
    match value:
        case Tall(inner) | Remarked(inner, _, _):
            return _plain(inner, anchors)
        case Anchored(name, inner):
            anchors[name] = _plain(inner, anchors)
            return anchors[name]
        case Alias(name):
            return anchors[name]
        case dict():
            return {key: _plain(inner, anchors) for key, inner in value.items()}
        case list():
            return [_plain(inner, anchors) for inner in value]
    return value


def write_yaml(document: Mapping[str, Any]) -> str:
    """The text of a mapping; an empty line between its entries where one of two is no single line.

    >>> print(write_yaml({"title": "no", "vnets": {"Hub": Tall({"address": "10.0.0.0/16"})}}), end="")
    title: "no"
    <BLANKLINE>
    vnets:
      Hub:
        address: 10.0.0.0/16
    """
    blocks = [list(_entry(key, value, 0)) for key, value in document.items()]
    lines: list[str] = []
    for position, block in enumerate(blocks):
        if position and (len(block) > 1 or len(blocks[position - 1]) > 1):
            lines.append("")
        lines += block
    return "\n".join(lines) + "\n"


# Blocks


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of `key: value`."""
    value, above, beside = _remarks(value)
    pad = " " * indent
    for line in above:
        yield f"{pad}# {line}" if line else f"{pad}#"
    name = scalar(key, False)
    head = f"{pad}{name}:"
    if len(name) > LONGEST_PLAIN_KEY:
        yield f"{pad}? {name}"
        head = f"{pad}:"
    yield from _value(head, value, beside, indent)


def _value(head: str, value: Any, beside: str, indent: int) -> Iterator[str]:
    """What stands behind `head`, on its line or below it."""
    tail = f"  # {beside}" if beside else ""
    anchor = ""
    if isinstance(value, Anchored):
        anchor, value = f" &{value.name}", value.value
    if value is None:
        yield head + anchor + tail
        return
    if not _is_tree(value):
        yield f"{head}{anchor} {_flow(value, 0)}{tail}"
        return
    short = _flow(value, WIDTH - len(head) - len(anchor) - 1)
    if short is not None:
        yield f"{head}{anchor} {short}{tail}"
        return
    inner = value.value if isinstance(value, Tall) else value
    yield head + anchor + tail
    yield from _block(inner, indent + 2)


def _block(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(key, inner, indent)
        return
    for item in value:
        yield from _item(item, indent)


def _item(item: Any, indent: int) -> Iterator[str]:
    """The lines of a list's item; a tall mapping begins behind the dash."""
    item, above, beside = _remarks(item)
    pad = " " * indent
    for line in above:
        yield f"{pad}# {line}" if line else f"{pad}#"
    inner = item.value if isinstance(item, Tall) else item
    if isinstance(inner, Mapping) and inner and _flow(item, WIDTH - indent - 2) is None:
        first, *rest = _block(inner, indent + 2)
        yield f"{pad}- {first.lstrip()}"
        yield from rest
        return
    yield from _value(f"{pad}-", item, beside, indent)


def _remarks(value: Any) -> tuple[Any, tuple[str, ...], str]:
    if isinstance(value, Remarked):
        return value.value, value.above, value.beside
    return value, (), ""


def _is_tree(value: Any) -> bool:
    return isinstance(value, (Mapping, list, Tall))


# Lines


def _flow(value: Any, room: int) -> str | None:
    """The value on one line; None where it is too long for `room`, or asks for several."""
    if isinstance(value, (Tall, Remarked, Anchored)):
        inner = value.value
        return _flow(inner, room) if isinstance(value, Tall) and not inner else None
    if isinstance(value, Alias):
        return f"*{value.name}"
    if isinstance(value, Mapping):
        return _braces(value, room)
    if isinstance(value, list):
        return _brackets(value, room)
    return scalar(value, False)


def _braces(value: Mapping[str, Any], room: int) -> str | None:
    parts: list[str] = []
    left = room - 2
    for key, inner in value.items():
        name = scalar(key, True)
        text = "null" if inner is None else _in_flow(inner, left)
        if text is None or len(name) > LONGEST_PLAIN_KEY:
            return None
        parts.append(f"{name}: {text}")
        left -= len(parts[-1]) + 2
        if left < -2:
            return None
    return "{" + ", ".join(parts) + "}"


def _brackets(value: list[Any], room: int) -> str | None:
    parts: list[str] = []
    left = room - 2
    for inner in value:
        text = "null" if inner is None else _in_flow(inner, left)
        if text is None:
            return None
        parts.append(text)
        left -= len(text) + 2
        if left < -2:
            return None
    return "[" + ", ".join(parts) + "]"


def _in_flow(value: Any, room: int) -> str | None:
    return scalar(value, True) if isinstance(value, str) else _flow(value, room)


# Scalars

_NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<"
    r"|[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(:[0-5]?[0-9])*)"
    r"|[-+]?(\.[0-9_]+|[0-9][0-9_]*(:[0-5]?[0-9])*\.[0-9_]*)(e[-+]?[0-9]+)?|[-+]?[0-9][0-9_]*e[-+]?[0-9]+"
    r"|[-+]?\.inf|\.nan"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\s].*)?",
    re.I,
)
"""What some YAML reader takes for null, a truth value, a number or a date: https://yaml.org/type/ and the core schema."""
_BEGINS_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]|[-](?=[^\s,\[\]{}:\-])")
_BREAKS_PLAIN = re.compile(r": |:$| #|\s$|[\t\n]")
_BREAKS_FLOW = re.compile(r"[,\[\]{}?]|:[,\[\]{}]|::$")
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\xa0\\u2028\\u2029\\ud800-\\udfff\\ufeff\\ufffe\\uffff]')
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", '"': '\\"', "\\": "\\\\"}


def scalar(value: str | int | float | bool | None, in_flow: bool) -> str:
    """A text, number, truth value or nothing, quoted where it must be; `in_flow` within braces.

    >>> [scalar(v, False) for v in ("web", "no", "1.10", "a: b", "*.com", 443, True, None, "")]
    ['web', '"no"', '"1.10"', '"a: b"', '"*.com"', '443', 'true', 'null', '""']
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _is_plain(value) and not (in_flow and _BREAKS_FLOW.search(value)):
        return value
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _is_plain(text: str) -> bool:
    return bool(
        _BEGINS_PLAIN.match(text)
        and not _BREAKS_PLAIN.search(text)
        and not _UNPRINTABLE.search(text)
        and not _NOT_TEXT.fullmatch(text)
        and not text.startswith(("---", "..."))
    )


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    return _SHORT.get(character) or (f"\\x{number:02X}" if number < 256 else f"\\u{number:04X}")
