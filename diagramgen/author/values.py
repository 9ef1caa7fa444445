"""Properties of any shape -> what the spec's words can take: None where a value is not one that they know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagramgen.read.spec.grammar import parse_address, parse_cidr, parse_ports
from diagramgen.read.spec.shapes import LineError
from diagramgen.read.unknown import is_unknown

Json = dict[str, Any]
"""An entry, or any other mapping that is being made."""
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 50_000


def safe(value: Any) -> Any:
    """A value without the characters that a spec refuses, and without texts that nobody can have written."""
    if isinstance(value, str):
        return _REFUSED.sub(" ", value[:_LONGEST])
    if isinstance(value, dict):
        return {safe(name): safe(inner) for name, inner in value.items()}
    return [safe(each) for each in value] if isinstance(value, list) else value


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def body(value: object) -> Mapping[str, Any]:
    """The properties of an object inside a resource, nested or flat."""
    inner = mapping(value).get("properties")
    return inner if isinstance(inner, Mapping) else mapping(value)


def entries(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def texts(value: object) -> list[str]:
    """The texts of a list, or a text alone."""
    if isinstance(value, str):
        return [value] if value else []
    return (
        [each for each in value if isinstance(each, str) and each] if isinstance(value, list | tuple) else []
    )


def networks(value: object) -> list[str] | None:
    """Networks in CIDR notation, as they are written; None where one is none."""
    return _all(texts(value), parse_cidr) if value is not None else None


def addresses(value: object) -> list[str] | None:
    """Addresses, as they are written; None where one is none."""
    return _all(texts(value), parse_address) if value is not None else None


def ports(values: Iterable[str]) -> list[str] | None:
    """Ports and ranges; an empty list for all of them, None where one is none."""
    listed = list(values)
    if not listed or "*" in listed:
        return [] if listed in ([], ["*"]) else None
    found = _all(listed, parse_ports)
    return found and sorted(found, key=_first_port)


def _first_port(text: str) -> tuple[bool, int]:
    """The first port of a range; what is not known comes last."""
    first = text.partition("-")[0]
    return (not first.isdecimal(), int(first) if first.isdecimal() else 0)


def _all(values: list[str], parse: Callable[[str], object]) -> list[str] | None:
    try:
        for value in values:
            if not is_unknown(value):
                parse(value)
    except (LineError, ValueError):
        return None
    return [value.strip() for value in values]


def whole(value: object, low: int, high: int) -> int | str | None:
    """A whole number within bounds, or a mark of what is not known."""
    if isinstance(value, str):
        return value if is_unknown(value) else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if low <= value <= high else None


def flag(value: object) -> bool | str | None:
    """A truth value, or a mark of what is not known."""
    return value if isinstance(value, bool) or (isinstance(value, str) and is_unknown(value)) else None


def word(value: object, words: Mapping[str, str]) -> str | None:
    """The spec's word for one of Azure's, whatever its case; a mark of what is not known stays."""
    if not isinstance(value, str):
        return None
    return value if is_unknown(value) else words.get(value.strip().lower())
