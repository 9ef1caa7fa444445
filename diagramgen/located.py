"""Where a value stands in its file: a source and the path of keys that leads to it.

A correct file pays nothing for good messages: values carry only their path; line and column are worked out from
the source's text when a message is printed (`diagramgen.read.positions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

Key = str | int


class Place(NamedTuple):
    """A value's place: the name of its source as the user gave it, and the keys from the root to it.

    `document` counts from 0 where a file holds several JSON documents. `at_key` means the key itself, not the
    value behind it.
    """

    source: str
    path: tuple[Key, ...] = ()
    document: int = 0
    at_key: bool = False

    def __truediv__(self, key: Key) -> Place:
        """The place of one value below.

        >>> (Place("a.yaml") / "vnets" / 0).path
        ('vnets', 0)
        """
        return Place(self.source, (*self.path, key), self.document)

    @property
    def key(self) -> Place:
        """The place of the last key itself."""
        return Place(self.source, self.path, self.document, True)


NOWHERE = Place("")

NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""The empty mapping, as a default that nobody can fill."""


@lru_cache(maxsize=4)
def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, kept for the next message about it.

    >>> lines_of("a\\r\\nb")
    ('a', 'b')
    """
    return tuple(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
