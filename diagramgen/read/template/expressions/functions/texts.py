"""Functions of texts: joining, changing, and what is known of a text of which a part is not.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from diagramgen.read.template.expressions.compare import certain_length
from diagramgen.read.template.expressions.functions.json_text import json_text
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Kind, Unknown, Value, contains_unknown, digest, joined


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
        for piece in (part.pieces or (part,)) if isinstance(part, Unknown) else (part,):
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
    return _each_letter(text, "toLower", str.lower)


def to_upper(evaluation: Evaluation, text: Value) -> Value:
    """`toUpper`: by the invariant culture, letter by letter."""
    return _each_letter(text, "toUpper", str.upper)


def trim(evaluation: Evaluation, text: Value) -> Value:
    """`trim`: without the blanks around it."""
    return text.strip() if isinstance(text, str) else _changed(text, "trim")


def _each_letter(text: Value, name: str, change: Callable[[str], str]) -> Value:
    if isinstance(text, str):
        return letter_by_letter(text, change)
    if not text.pieces:
        return _changed(text, name)
    return joined(
        letter_by_letter(piece, change) if isinstance(piece, str) else _changed(piece, name)
        for piece in text.pieces
    )


def letter_by_letter(text: str, change: Callable[[str], str]) -> str:
    """A change of case that changes no length, as .NET's is.

    >>> letter_by_letter("straße", str.upper)
    'STRAßE'
    """
    if text.isascii():
        return change(text)
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
    return derived(evaluation.budget, "replace", [text, old, new], "string")


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


def split(evaluation: Evaluation, text: Value, delimiters: Value) -> Value:
    """`split`: the parts of a text between delimiters, of which there may be several."""
    signs = [delimiters] if isinstance(delimiters, str) else delimiters
    if contains_unknown(signs):
        return derived(evaluation.budget, "split", [text, delimiters], "array")
    if not all(isinstance(sign, str) for sign in signs):
        raise TemplateProblem("`split` takes a text or a list of texts as its second argument")
    signs = [sign for sign in signs if sign]
    if not signs and delimiters == []:
        return undocumented("split", [text], "no delimiter", "array")
    if isinstance(text, str):
        return re.split("|".join(map(re.escape, signs)), text) if signs else [text]
    return _split_pieces(evaluation, text, signs)


def _split_pieces(evaluation: Evaluation, text: Unknown, signs: list[str]) -> Value:
    """The parts of a text that is known in pieces: the first and last ones may be certain, or all."""
    whole = derived(evaluation.budget, "split", [text, signs], "array")
    if any(len(sign) > 1 for sign in signs) or not signs:
        return whole
    runs: list[list[list[str | Unknown]]] = [[[]]]
    for piece in text.pieces or (text,):
        if isinstance(piece, str):
            first, *rest = re.split("|".join(map(re.escape, signs)), piece)
            runs[-1][-1].append(first)
            runs[-1].extend([part] for part in rest)
        elif piece.kind == "name" and signs == ["/"]:
            runs[-1][-1].append(piece)
        else:
            runs.append([[]])
    if len(runs) == 1:
        return [joined(part) for part in runs[0]]
    head = [joined(part) for part in runs[0][:-1]]
    tail = [joined(part) for part in runs[-1][1:]]
    gap = Unknown(whole.text, whole.why, "array", digest("gap", whole.identity))
    pieces = tuple(piece for piece in (head, gap, tail) if piece != [])
    return Unknown(whole.text, whole.why, "array", whole.identity, pieces if len(pieces) > 1 else ())


def starts_with(evaluation: Evaluation, text: Value, beginning: Value) -> Value:
    """`startsWith`: case does not matter."""
    return _at_end(evaluation, "startsWith", text, beginning, forward=True)


def ends_with(evaluation: Evaluation, text: Value, ending: Value) -> Value:
    """`endsWith`: case does not matter."""
    return _at_end(evaluation, "endsWith", text, ending, forward=False)


def _at_end(evaluation: Evaluation, name: str, text: Value, wanted: Value, *, forward: bool) -> Value:
    known, whole = _certain_end(text, forward)
    asked, asked_whole = _certain_end(wanted, forward)
    size = min(len(known), len(asked))
    if asked_whole and len(asked) <= len(known):
        return known[:size] == asked
    if known[:size] != asked[:size] or (whole and len(known) < certain_length(wanted)):
        return False
    return derived(evaluation.budget, name, [text, wanted], "bool")


def _certain_end(text: Value, forward: bool) -> tuple[str, bool]:
    """The certain characters of a text from one end on, in lower case, and whether they are all of it."""
    pieces = [text] if isinstance(text, str) else text.pieces
    end = pieces[0 if forward else -1] if pieces else ""
    characters = letter_by_letter(end, str.lower) if isinstance(end, str) else ""
    return characters if forward else characters[::-1], isinstance(text, str)


def like(evaluation: Evaluation, text: Value, pattern: Value) -> Value:
    """`like`: whether a text is as a pattern says, `*` for any characters; case does not matter.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string
    """
    if isinstance(text, Unknown) or isinstance(pattern, Unknown):
        return derived(evaluation.budget, "like", [text, pattern], "bool")
    if "?" in pattern or "[" in pattern or "~" in pattern:
        return undocumented("like", [text, pattern], "signs other than `*`", "bool")
    first, *rest = (letter_by_letter(part, str.lower) for part in pattern.split("*"))
    text = letter_by_letter(text, str.lower)
    if not rest:
        return bool(text == first)
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


_TEXT = "string|int|bool"

ROWS = rows(
    ("concat", 1, None, ("string|int|bool|array",), "", concat, "aware"),
    ("endsWith", 2, 2, ("string",), "bool", ends_with, "aware"),
    ("join", 2, 2, ("array", "string"), "string", join, "aware"),
    ("like", 2, 2, ("string",), "bool", like, "aware"),
    ("padLeft", 2, 3, ("string|int", "int", "string"), "string", pad_left, "aware"),
    ("replace", 3, 3, ("string",), "string", replace, "aware"),
    ("split", 2, 2, ("string", "string|array"), "array", split, "aware"),
    ("startsWith", 2, 2, ("string",), "bool", starts_with, "aware"),
    ("string", 1, 1, ("any",), "string", string, "aware"),
    ("toLower", 1, 1, ("string",), "string", to_lower, "aware"),
    ("toUpper", 1, 1, ("string",), "string", to_upper, "aware"),
    ("trim", 1, 1, ("string",), "string", trim, "aware"),
)
