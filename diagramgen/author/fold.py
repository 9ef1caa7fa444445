"""Folds what is told several times: the first gets an anchor, the others repeat it by its name.

https://yaml.org/spec/1.2.2/#3222-anchors-and-aliases
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.author.essence import as_text
from diagramgen.author.yaml_text import Alias, Anchored, Remarked, Tall, plain

_FOLDED = {"rules": 4, "routes": 4, "azure": 3, "rule_collections": 2}
"""Keys whose values may be folded, and how many lines they need for that."""
_FEWEST = 3
"""How often something must be told to be folded."""


def fold(document: dict[str, Any]) -> dict[str, Any]:
    """The document with anchors where a person would copy."""
    counts = Counter(text for _, text in _candidates(document))
    folding = _Folding({text for text, count in counts.items() if count >= _FEWEST})
    found = folding.value(document, "")
    assert isinstance(found, dict)
    return found


def _candidates(value: Any) -> Iterator[tuple[str, str]]:
    """The values that may be folded, each with a text that equal ones share."""
    inner = _bare(value)
    if isinstance(inner, Mapping):
        for key, each in inner.items():
            if _is_long(key, each):
                yield key, as_text(plain(each))
            yield from _candidates(each)
    elif isinstance(inner, list):
        for each in inner:
            yield from _candidates(each)


def _bare(value: Any) -> Any:
    while isinstance(value, (Tall, Remarked)):
        value = value.value
    return value


def _is_long(key: str, value: Any) -> bool:
    """Whether a value takes so much room that repeating it by name is easier to read."""
    return key in _FOLDED and isinstance(_bare(value), (dict, list)) and _size(value) >= _FOLDED[key]


def _size(value: Any) -> int:
    """How many values there are in a value."""
    inner = _bare(value)
    if isinstance(inner, Mapping):
        inner = list(inner.values())
    return sum(map(_size, inner)) if isinstance(inner, list) else 1


class _Folding:
    """The anchors so far."""

    def __init__(self, repeated: set[str]) -> None:
        self.repeated = repeated
        self.names: dict[str, str] = {}

    def value(self, value: Any, name: str) -> Any:
        """A value in which what is told again is repeated by name; `name` is that of the thing that it is told of."""
        if isinstance(value, Tall):
            return Tall(self.value(value.value, name))
        if isinstance(value, Remarked):
            return value._replace(value=self.value(value.value, name))
        if isinstance(value, list):
            return [self.value(each, name) for each in value]
        if not isinstance(value, dict):
            return value
        return {key: self._entry(key, each, name) for key, each in value.items()}

    def _entry(self, key: str, value: Any, name: str) -> Any:
        text = as_text(plain(value)) if _is_long(key, value) else ""
        if text in self.names:
            return Alias(self.names[text])
        if text in self.repeated:
            self.names[text] = self._free(f"{name} {key}")
            return Anchored(self.names[text], value)
        return self.value(value, key)

    def _free(self, name: str) -> str:
        """An anchor like a name."""
        found = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "same"
        number, free = 2, found
        while free in self.names.values():
            free, number = f"{found}-{number}", number + 1
        return free
