"""Reading properties whose shape nobody vouches for: lists of mappings, lists of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def items(value: object) -> list[Mapping[str, Any]]:
    """The mappings in a list; none where it is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def are_items(value: object) -> bool:
    """Whether a value is a list of mappings and nothing else, or absent."""
    return value is None or (isinstance(value, list | tuple) and len(items(value)) == len(value))


def texts(value: object) -> list[str]:
    """The strings in a list, or the one string."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def are_texts(value: object) -> bool:
    """Whether a value is a list of strings, none of them a template's expression, or absent."""
    found = texts(value)
    return value is None or (
        isinstance(value, list | tuple)
        and len(found) == len(value)
        and not any(text.startswith("[") for text in found)
    )
