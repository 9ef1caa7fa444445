"""Plain values -> YAML as a person writes it: short leaves in braces on one line, everything above them indented.

A mapping or list stands on one line where it fits and nothing in it asks for more room (`Tall`); text is quoted only
where YAML, in any of its versions, would take it for something else. What is written is read back as the same values
(https://yaml.org/spec/1.2.2/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.author.yaml_scalars import key_text, scalar

WIDTH = 120
LONGEST_PLAIN_KEY = 900
"""A longer key needs YAML's `?`: https://yaml.org/spec/1.2.2/#742-flow-mappings allows 1024 characters."""


class Tall(NamedTuple):
    """A mapping or list that gets a line an entry, however short it is."""

    value: Any


class Remarked(NamedTuple):
    """A value with a comment: beside it, or above it where it is long."""

    value: Any
    comment: str


class Anchored(NamedTuple):
    """A value that others repeat by its name."""

    name: str
    value: Any


class Alias(NamedTuple):
    """The value that is anchored under a name."""

    name: str


def plain(value: Any) -> Any:
    """The values without what is said of their form; aliases must be resolved by `anchors` of the same document.

    >>> plain({"a": Tall([Remarked(1, "one")])})
    {'a': [1]}
    """
    return _plain(value, {})


def _plain(value: Any, anchors: dict[str, Any]) -> Any:
    match value:
        case Tall(inner) | Remarked(inner, _):
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


def write_yaml(document: Mapping[str, Any], head: Iterable[str] = ()) -> str:
    """The text of a mapping below the comments of its head; an empty line between its entries where one of two is no
    single line.

    >>> print(write_yaml({"title": "no", "vnets": {"Hub": Tall({"address": "10.0.0.0/16"})}}), end="")
    title: "no"
    <BLANKLINE>
    vnets:
      Hub:
        address: 10.0.0.0/16
    """
    blocks = [list(_entry(key, value, 0)) for key, value in document.items()]
    lines = [f"# {line}" for line in head]
    lines += [""] if lines and blocks else []
    for position, block in enumerate(blocks):
        if position and (len(block) > 1 or len(blocks[position - 1]) > 1):
            lines.append("")
        lines += block
    return "\n".join(lines) + "\n"


# Blocks


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of `key: value`."""
    value, comment = _remark(value)
    pad = " " * indent
    name = key_text(key, False)
    head = f"{pad}{name}:"
    if len(name) > LONGEST_PLAIN_KEY:
        yield f"{pad}? {name}"
        head = f"{pad}:"
    yield from _commented(_value(head, value, indent), comment, pad)


def _commented(lines: Iterable[str], comment: str, pad: str) -> Iterator[str]:
    """The lines with a comment beside the first of them, or above it."""
    first, *rest = lines
    if comment and len(first) + len(comment) + 4 > WIDTH:
        yield f"{pad}# {comment}"
    elif comment:
        first = f"{first}  # {comment}"
    yield first
    yield from rest


def _value(head: str, value: Any, indent: int) -> Iterator[str]:
    """What stands behind `head`, on its line or below it."""
    if isinstance(value, Anchored):
        head, value = f"{head} &{value.name}", value.value
    if value is None:
        yield head
        return
    short = _flow(value, WIDTH - len(head) - 1) if _is_tree(value) else _flow(value, 0)
    if short is not None:
        yield f"{head} {short}"
        return
    yield head
    yield from _block(value.value if isinstance(value, Tall) else value, indent + 2)


def _block(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(key, inner, indent)
        return
    for item in value:
        yield from _item(item, indent)


def _item(item: Any, indent: int) -> Iterator[str]:
    """The lines of a list's item; a tall mapping begins behind the dash."""
    item, comment = _remark(item)
    pad = " " * indent
    inner = item.value if isinstance(item, Tall) else item
    if isinstance(inner, Mapping) and inner and _flow(item, WIDTH - indent - 2) is None:
        first, *rest = _block(inner, indent + 2)
        yield from _commented((f"{pad}- {first.lstrip()}", *rest), comment, pad)
        return
    yield from _commented(_value(f"{pad}-", item, indent), comment, pad)


def _remark(value: Any) -> tuple[Any, str]:
    return (value.value, value.comment) if isinstance(value, Remarked) else (value, "")


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
        name = key_text(key, True)
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
