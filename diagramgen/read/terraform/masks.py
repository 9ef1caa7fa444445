"""Masks: of the shape of a value, True where it is not known yet, or where it is sensitive.

Plans have a mask for each; so have states, in which the paths of version 4 are made into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.read.documents import Json
from diagramgen.read.secrets import REMOVED, is_secret_key

_DEEPEST = 40


def is_nothing(mask: Json) -> bool:
    """Whether a mask marks nothing, told from its top alone: the cheap cases."""
    return mask is False or mask is None or mask == {} or mask == []


def below(value: Json, key: str | int) -> Json:
    """What stands behind a key or index of a value or mask; False where nothing does."""
    if isinstance(value, Mapping):
        return value.get(key, False)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return False


def hidden(value: Any, mask: Json, instead: str, depth: int = 0) -> Any:
    """A value with what its mask marks as sensitive replaced.

    >>> hidden({"a": "x", "b": ["y", None]}, {"b": [True, True]}, "{s}")
    {'a': 'x', 'b': ['{s}', None]}
    """
    if mask is True or (depth > _DEEPEST and not is_nothing(mask)):
        return None if value is None else instead
    if isinstance(value, Mapping) and isinstance(mask, dict) and mask:
        return {key: hidden(inner, mask.get(key), instead, depth + 1) for key, inner in value.items()}
    if isinstance(value, list) and isinstance(mask, list | dict) and mask:
        return [hidden(inner, below(mask, index), instead, depth + 1) for index, inner in enumerate(value)]
    return value


def count_secrets(value: Any, mask: Json, key: str = "", depth: int = 0) -> int:
    """How many values are secret: as their mask says, or as the name of the attribute gives away.

    >>> count_secrets({"a": "x", "b": ["y", None], "shared_key": "z"}, {"b": [True, True]})
    2
    """
    if depth > _DEEPEST or value is None or value == "":
        return 0
    if isinstance(value, dict):
        return sum(count_secrets(inner, below(mask, name) if mask is not True else True, name, depth + 1)
                   for name, inner in value.items())  # fmt: skip
    if isinstance(value, list):
        masks = [True if mask is True else below(mask, index) for index in range(len(value))]
        return sum(count_secrets(v, m, key, depth + 1) for v, m in zip(value, masks, strict=True))
    is_named = isinstance(value, str) and value != REMOVED and is_secret_key(key.lower())
    return int(mask is True or is_named)
