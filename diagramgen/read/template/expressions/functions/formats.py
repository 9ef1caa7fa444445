"""`format`: .NET's composite formatting with the invariant culture.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string#format
https://learn.microsoft.com/dotnet/standard/base-types/composite-formatting
https://learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from diagramgen.read.template.expressions.functions.json_text import quoted_once
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.functions.texts import as_text
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, label, undocumented
from diagramgen.read.template.values import Unknown, Value, contains_unknown, digest, joined
from diagramgen.read.unknown import unknown

WIDEST = 10_000
"""Characters that a place may be wide, and digits that a number may be given."""

_PLACE = re.compile(r"\{\{|\}\}|\{\s*(\d{1,6})\s*(?:,\s*(-?\d{1,9})\s*)?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]")
_STANDARD = re.compile(r"([A-Za-z])(\d{0,4})")
_CUSTOM = re.compile(r"(?P<group>[#0]*,)?(?P<whole>[#0]*)(?:\.(?P<decimals>0*))?")


class _Place(NamedTuple):
    """A place for an argument: `{0,-5:D2}`."""

    index_: int
    width: int
    spec: str


def format_(evaluation: Evaluation, pattern: Value, *values: Value) -> Value:
    """`format`: a text with arguments in the places of it."""
    if isinstance(pattern, Unknown):
        return derived(evaluation.budget, "format", [pattern, *values], "string")
    pieces: list[str | Unknown] = []
    for part in _parsed(pattern) if len(pattern) < 1_000 else _parsed.__wrapped__(pattern):
        if isinstance(part, str):
            pieces.append(part)
        elif part.index_ >= len(values):
            raise TemplateProblem(
                f"`format` has a place `{{{part.index_}}}` and only {len(values)} arguments for it"
            )
        else:
            pieces.append(_placed(evaluation, part, values[part.index_]))
    evaluation.budget.room_for(sum(len(piece) for piece in pieces if isinstance(piece, str)))
    return joined(pieces)


@lru_cache(maxsize=10_000)
def _parsed(pattern: str) -> tuple[str | _Place, ...]:
    parts: list[str | _Place] = []
    end = 0
    for found in _PLACE.finditer(pattern):
        parts.append(pattern[end : found.start()])
        end = found.end()
        if found[0] in ("{{", "}}"):
            parts.append(found[0][0])
        elif found[1] is None:
            raise TemplateProblem(
                "`format` takes a text with places like `{0}`, and this has a brace that is none"
            )
        else:
            spec = (found[3] or "").replace("{{", "{").replace("}}", "}")
            parts.append(_Place(int(found[1]), int(found[2] or 0), spec))
    parts.append(pattern[end:])
    return tuple(part for part in parts if part != "")


def _placed(evaluation: Evaluation, place: _Place, value: Value) -> str | Unknown:
    if abs(place.width) > WIDEST:
        raise TemplateProblem(f"`format` has a place wider than {WIDEST:,} characters")
    if isinstance(value, Unknown):
        return value if not place.width and not place.spec else _unknown_placed(place, value)
    if contains_unknown(value):
        return derived(evaluation.budget, "string", [value], "string")
    text = (
        _formatted(place.spec, value)
        if place.spec and type(value) is int
        else _unformatted(evaluation, value)
    )
    if text is None:
        return undocumented("format", [value], f"the format `{place.spec[:20]}`", "string")
    return text.rjust(place.width) if place.width > 0 else text.ljust(-place.width)


def _unknown_placed(place: _Place, value: Unknown) -> Unknown:
    width = f",{place.width}" if place.width else ""
    spec = f":{place.spec[:20]}" if place.spec else ""
    text = unknown(f"{label(value)}{width}{spec}")
    return Unknown(text, value.why, "string", digest("format", value.identity, place.width, place.spec))


def _unformatted(evaluation: Evaluation, value: Value) -> str:
    if isinstance(value, dict | list):
        evaluation.budget.made(value)
        return quoted_once(value)
    return as_text(value)


def _formatted(spec: str, number: int) -> str | None:
    """A whole number in a format; None where this is not yet known here.

    >>> [_formatted(spec, 1234) for spec in ("D6", "N0", "X", "x8", "000000", "#,##0", "F2", "Q")]
    ['001234', '1,234', '4D2', '000004d2', '001234', '1,234', '1234.00', None]
    """
    standard = _STANDARD.fullmatch(spec)
    if standard is not None:
        return _standard(standard[1], int(standard[2]) if standard[2] else None, number)
    custom = _CUSTOM.fullmatch(spec)
    if custom is None or len(spec) > 100 or not spec.strip(",."):
        return None
    places = (custom["group"] or "") + custom["whole"]
    if places.rstrip("0").count("0"):
        return None  # a `0` before a `#` counts as `0` for all that follow
    digits = str(abs(number)).rjust(places.count("0"), "0")
    if number == 0 and "0" not in places:
        digits = ""
    if "," in places:
        digits = _grouped(digits)
    decimals = "." + custom["decimals"] if custom["decimals"] else ""
    return ("-" if number < 0 else "") + digits + decimals


def _standard(letter: str, precision: int | None, number: int) -> str | None:
    sign, digits = ("-" if number < 0 else ""), str(abs(number))
    match letter.upper():
        case "D" | "G" if letter in "dD" or not precision:
            return sign + digits.rjust(precision or 0, "0")
        case "N" | "F":
            whole = _grouped(digits) if letter in "nN" else digits
            decimals = 2 if precision is None else precision
            return f"{sign}{whole}.{'0' * decimals}" if decimals else sign + whole
        case "X":
            return f"{number & (2**64 - 1) if number < 0 else number:{letter}}".rjust(precision or 0, "0")
        case _:
            return None


def _grouped(digits: str) -> str:
    """Digits with a comma before each three from the right.

    >>> _grouped("0012345")
    '0,012,345'
    """
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return ",".join(groups + [digits[at : at + 3] for at in range(head, len(digits), 3)])


ROWS = rows(("format", 1, None, ("string", "any"), "string", format_, "aware"))
