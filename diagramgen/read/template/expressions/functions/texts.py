"""Functions of texts: joining them, and changing them.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.compare import certain_length
from diagramgen.read.template.expressions.functions.json_text import json_text
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of
from diagramgen.read.template.values import Kind, Unknown, Value, contains_unknown, digest, joined

_MARK = re.compile(r"(\{[^{}]*\})")


def as_text(value: Value) -> str:
    """A known value as a text, as `string` gives it.

    >>> [as_text(value) for value in (True, 3, None, {"a": [1, "b"]})]
    ['True', '3', '', '{"a":[1,"b"]}']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else json_text(value)


def piece_of(evaluation: Evaluation, value: Value) -> str | Unknown:
    """A value as a piece of a text."""
    if isinstance(value, Unknown):
        return value
    if contains_unknown(value):
        return derived(evaluation.budget, "string", [value], "string")
    evaluation.budget.made(value)
    return as_text(value)


def string(evaluation: Evaluation, value: Value) -> Value:
    """`string`: any value as a text."""
    if isinstance(value, Unknown) and kind_of(value) != "string":
        return _changed(value, "string")
    return piece_of(evaluation, value)


def concat(evaluation: Evaluation, *values: Value) -> Value:
    """`concat`: texts as one text, or lists as one list."""
    kinds = {kind_of(value) for value in values}
    if "array" in kinds:
        if kinds - {"array", "unknown"}:
            raise TemplateProblem("`concat` joins texts or lists, not both")
        return concatenated(evaluation, values)
    total = sum(len(value) for value in values if isinstance(value, str))
    evaluation.budget.room_for(total)
    whole = joined([piece_of(evaluation, value) for value in values])
    if kinds == {"unknown"} and isinstance(whole, Unknown):
        return Unknown(whole.text, whole.why, "", digest("concat", whole.identity))
    return whole


def concatenated(evaluation: Evaluation, lists: Sequence[Value]) -> Value:
    """Lists as one, of which some may be not known."""
    pieces: list[list[Value] | Unknown] = []
    for part in lists:
        known_in_part = isinstance(part, Unknown) and part.kind == "array" and part.pieces
        for piece in known_in_part or (part,):
            if isinstance(piece, Unknown):
                pieces.append(piece)
            elif pieces and isinstance(pieces[-1], list):
                pieces[-1].extend(piece)
            elif piece:
                pieces.append(list(piece))
    if len(pieces) <= 1:
        return pieces[0] if pieces else []
    unknown = derived(evaluation.budget, "concat", list(lists), "array")
    return Unknown(unknown.text, unknown.why, "array", unknown.identity, tuple(pieces))


def join(evaluation: Evaluation, parts: Value, delimiter: Value) -> Value:
    """`join`: the elements of a list as one text, with a text between them."""
    if isinstance(parts, Unknown):
        return derived(evaluation.budget, "join", [parts, delimiter], "string")
    for part in parts:
        if kind_of(part) in ("array", "object", "null"):
            raise TemplateProblem("`join` joins texts and numbers, and the list holds something else")
    between = piece_of(evaluation, delimiter)
    evaluation.budget.room_for(len(parts) * certain_length(between))
    spaced = [piece for part in parts for piece in (between, piece_of(evaluation, part))]
    return joined(spaced[1:])


def to_lower(evaluation: Evaluation, text: Value) -> Value:
    """`toLower`: by the invariant culture, letter by letter."""
    return _each_letter(evaluation.budget, text, "toLower", str.lower)


def to_upper(evaluation: Evaluation, text: Value) -> Value:
    """`toUpper`: by the invariant culture, letter by letter."""
    return _each_letter(evaluation.budget, text, "toUpper", str.upper)


def trim(evaluation: Evaluation, text: Value) -> Value:
    """`trim`: without the blanks around it."""
    return text.strip() if isinstance(text, str) else _changed(text, "trim")


def _each_letter(budget: Budget, text: Value, name: str, change: Callable[[str], str]) -> Value:
    if isinstance(text, str):
        return letter_by_letter(budget, text, change)
    if not text.pieces:
        return _changed(text, name)
    return joined(
        letter_by_letter(budget, piece, change) if isinstance(piece, str) else _changed(piece, name)
        for piece in text.pieces
    )


def letter_by_letter(budget: Budget, text: str, change: Callable[[str], str]) -> str:
    """A change of case that changes no length, as .NET's is.

    >>> letter_by_letter(Budget(), "straße", str.upper)
    'STRAßE'
    """
    if text.isascii():
        return change(text)
    budget.spend(len(text) // 8)
    return "".join(new if len(new := change(letter)) == 1 else letter for letter in text)


def _changed(value: Unknown, name: str) -> Unknown:
    """A text that stays the same to a reader: Azure's names do not know case, nor blanks around them."""
    kind: Kind = "name" if value.kind == "name" and name != "trim" else "string"
    return Unknown(value.text, value.why, kind, digest(name, value.identity))


def replace(evaluation: Evaluation, text: Value, old: Value, new: Value) -> Value:
    """`replace`: a text instead of another, wherever that occurs; case matters."""
    if old == "":
        raise TemplateProblem("`replace` cannot replace the empty text")
    if isinstance(text, str) and isinstance(old, str) and isinstance(new, str):
        evaluation.budget.room_for(len(text) + text.count(old) * max(0, len(new) - len(old)))
        return text.replace(old, new)
    if isinstance(old, str) and _nowhere(text, old):
        return text
    if isinstance(text, str) and isinstance(old, str):
        pieces = text.split(old)
        evaluation.budget.spend(len(pieces))
        return joined([part for piece in pieces for part in (new, piece)][1:])
    made = derived(evaluation.budget, "replace", [text, old, new], "string")
    shown = _replaced_in_known(text, old, new)
    evaluation.budget.room_for(len(shown))
    return Unknown(shown, made.why, "string", made.identity) if shown else made


def _replaced_in_known(text: Value, old: Value, new: Value) -> str:
    """The text for a reader, with what is known of it replaced; "" where the old text is not in that.

    >>> _replaced_in_known(Unknown("{id}-dev-service", ""), "service", "vnet")
    '{id}-dev-vnet'
    """
    if not isinstance(text, Unknown) or not isinstance(old, str):
        return ""
    parts = _MARK.split(text.text)
    if not any(old in part for part in parts[::2]):
        return ""
    told = new.text if isinstance(new, Unknown) else as_text(new)
    return "".join(part if n % 2 else part.replace(old, told) for n, part in enumerate(parts))


def _nowhere(text: Value, old: str) -> bool:
    """Whether a text surely does not contain a single character."""
    pieces = [text] if isinstance(text, str) else text.pieces or (text,)
    return (len(old) == 1 or len(pieces) == 1) and all(
        old not in piece if isinstance(piece, str) else piece.kind == "name" and "/" in old
        for piece in pieces
    )


def pad_left(evaluation: Evaluation, value: Value, width: Value, filler: Value = " ") -> Value:
    """`padLeft`: a text or number, right-aligned in a width."""
    if any(isinstance(argument, Unknown) for argument in (value, width, filler)):
        return derived(evaluation.budget, "padLeft", [value, width, filler], "string")
    if len(filler) != 1:
        raise TemplateProblem("`padLeft` takes a single character as its third argument")
    if width < 0:
        raise TemplateProblem("`padLeft` takes a width of 0 or more")
    evaluation.budget.room_for(width)
    return str(value).rjust(width, filler)


ROWS = rows(
    ("concat", 1, None, ("string|int|bool|array",), "", concat, "aware"),
    ("join", 2, 2, ("array", "string"), "string", join, "aware"),
    ("padLeft", 2, 3, ("string|int", "int", "string"), "string", pad_left, "aware"),
    ("replace", 3, 3, ("string",), "string", replace, "aware"),
    ("string", 1, 1, ("any",), "string", string, "aware"),
    ("toLower", 1, 1, ("string",), "string", to_lower, "aware"),
    ("toUpper", 1, 1, ("string",), "string", to_upper, "aware"),
    ("trim", 1, 1, ("string",), "string", trim, "aware"),
)
