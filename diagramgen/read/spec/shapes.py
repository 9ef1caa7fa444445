"""The vocabulary in which the spec language is defined: what a value may look like.

`language` writes the definitions with these words; `check` holds a file against them; `schema` turns the same
definitions into JSON Schema. A definition is data: it has a description for people and editors, and no code
but the parser of a short line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagramgen.located import Place


class LineError(Exception):
    """A short text that does not follow its grammar, and where: `span` is first character and length."""

    def __init__(self, message: str, span: tuple[int, int], *hints: str, code: str = "bad-line") -> None:
        super().__init__(message)
        self.message, self.span, self.hints, self.code = message, span, hints, code


class Mark(str):
    """A text such as `{name}` that stands where nobody knows the value (see diagramgen/read/unknown.py)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text; `parse` turns it into a value or raises LineError. `what` names it: 'a CIDR'.

    `pattern` holds for every text that `parse` takes, and perhaps for others: the schema uses it. What
    `may_be_unknown` may be a Mark instead, here and in the shapes below.
    """

    what: str = "a text"
    parse: Callable[[str], object] | None = None
    pattern: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    description: str = ""
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Flag:
    """`true` or `false`."""

    description: str = ""
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A whole number, both ends included."""

    low: int
    high: int
    description: str = ""
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One of a few words."""

    words: tuple[str, ...]
    description: str = ""
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Free:
    """A mapping with any keys and values, kept as it is; `what` names it: 'a mapping of tags'."""

    what: str
    description: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """A list; with `lone`, one item may stand without the list."""

    item: Shape
    lone: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A mapping from names to entries, any of which may be empty; with `bare`, also a list of names alone.

    `what` is one of the things named ('a VNet').
    """

    what: str
    entry: Shape
    bare: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A mapping with known keys; `what` is the thing ('a subnet'), `title` its name in the schema."""

    what: str
    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    may_extend: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """One of several shapes, told apart by the kind of the value (text, list, mapping ...)."""

    shapes: tuple[Shape, ...]
    description: str = ""


Shape = Text | Flag | Whole | Word | Free | Many | Names | Form | Either


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A checked value with its place, and its name where it has one."""

    value: Any
    place: Place
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A checked mapping with known keys: what was said, without what was wrong (`is_whole`: nothing was).

    `places` tells where a key stands that is not below `place` (specs in several files).
    """

    place: Place
    values: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        value = self.values.get(key)
        return default if value is None else value

    def at(self, key: str) -> Place:
        return self.places.get(key) or self.place / key

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)
