"""Functions of texts and lists alike: their size, their ends, what is in them.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

from diagramgen.read.template.expressions.compare import certain_length, equal, some
from diagramgen.read.template.expressions.functions.access import has_key
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.functions.texts import letter_by_letter
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Kind, Partial, Unknown, Value, is_open, joined


def length(evaluation: Evaluation, value: Value) -> Value:
    """`length`: of a text, a list or an object."""
    if isinstance(value, Partial | Unknown) or (
        isinstance(value, dict) and is_open(value) and len(value) > 1
    ):
        return derived(evaluation.budget, "length", [value], "int")
    return len(value)


def empty(evaluation: Evaluation, value: Value) -> Value:
    """`empty`: whether a text, a list or an object has nothing in it; null has nothing."""
    if isinstance(value, Partial) and not value:
        return derived(evaluation.budget, "empty", [value], "bool")
    if not isinstance(value, Unknown):
        return not value
    if kind_of(value) == "string" and certain_length(value):
        return False
    if any(isinstance(piece, list) for piece in value.pieces):
        return False
    return derived(evaluation.budget, "empty", [value], "bool")


def first(evaluation: Evaluation, value: Value) -> Value:
    """`first`: the first character or element; of an empty text the empty text, of an empty list null."""
    return _end(evaluation, "first", value, 0)


def last(evaluation: Evaluation, value: Value) -> Value:
    """`last`: the last character or element; of an empty text the empty text, of an empty list null."""
    return _end(evaluation, "last", value, -1)


def _end(evaluation: Evaluation, name: str, value: Value, index: int) -> Value:
    if isinstance(value, Unknown):
        end = value.pieces[index] if value.pieces else value
        if isinstance(end, Unknown):
            return derived(evaluation.budget, name, [value], "string" if kind_of(value) == "string" else "")
        value = end
    if not value:
        return "" if isinstance(value, str) else None
    return value[index]


def take(evaluation: Evaluation, value: Value, count: Value) -> Value:
    """`take`: the first characters or elements; all, where there are less."""
    if isinstance(count, int) and count <= 0 and kind_of(value) != "unknown":
        return [] if kind_of(value) == "array" else ""
    if isinstance(value, Unknown) and isinstance(count, int) and value.pieces:
        head = value.pieces[0]
        if not isinstance(head, Unknown) and len(head) >= count:
            return head[:count]
    if isinstance(value, Unknown) or isinstance(count, Unknown):
        return derived(evaluation.budget, "take", [value, count], _kind(value))
    return value[:count]


def skip(evaluation: Evaluation, value: Value, count: Value) -> Value:
    """`skip`: without the first characters or elements; nothing, where there are less."""
    if isinstance(count, int) and count <= 0:
        return value
    if isinstance(value, Unknown) and isinstance(count, int):
        head = value.pieces[0] if value.pieces else ""
        if not isinstance(head, Unknown) and len(head) >= count:
            return _without_head(evaluation, value, count)
    if isinstance(value, Unknown) or isinstance(count, Unknown):
        return derived(evaluation.budget, "skip", [value, count], _kind(value))
    return value[count:]


def _without_head(evaluation: Evaluation, value: Unknown, count: int) -> Value:
    head, *rest = value.pieces
    if kind_of(value) == "string":
        return joined([head[count:], *rest])
    remaining = tuple(piece for piece in (head[count:], *rest) if piece != [])
    if len(remaining) == 1:
        return remaining[0]
    unknown = derived(evaluation.budget, "skip", [value, count], "array")
    return Unknown(unknown.text, unknown.why, "array", unknown.identity, remaining)


def _kind(value: Value) -> Kind:
    kind = kind_of(value)
    return kind if kind == "string" or kind == "array" else ""


def substring(evaluation: Evaluation, text: Value, start: Value, count: Value = None) -> Value:
    """`substring`: characters from one on; they have to be there."""
    arguments = [text, start] if count is None else [text, start, count]
    if isinstance(start, Unknown) or isinstance(count, Unknown):
        return derived(evaluation.budget, "substring", arguments, "string")
    if start < 0 or (count is not None and count < 0):
        raise TemplateProblem("`substring` takes a start and a length of 0 or more")
    if isinstance(text, Unknown):
        head = text.pieces[0] if text.pieces else ""
        if isinstance(head, str) and start + (count or 0) <= len(head):
            return skip(evaluation, text, start) if count is None else head[start : start + count]
        return derived(evaluation.budget, "substring", arguments, "string")
    end = len(text) if count is None else start + count
    if start > len(text) or end > len(text):
        raise TemplateProblem(
            f"`substring` goes beyond the end of the text, which has {len(text)} characters"
        )
    return text[start:end]


def contains(evaluation: Evaluation, whole: Value, wanted: Value) -> Value:
    """`contains`: a list a value, an object a name (case does not matter), a text a text (case matters)."""
    if isinstance(whole, Unknown):
        found: bool | None = _unknown_contains(evaluation, whole, wanted)
    elif isinstance(whole, list):
        found = some(equal(evaluation.budget, element, wanted) for element in whole)
    elif isinstance(wanted, Unknown):
        found = False if whole == {} and not isinstance(whole, Partial) else None
        if isinstance(whole, str) and len(whole) < certain_length(wanted):
            found = False
    elif not isinstance(wanted, str):
        return undocumented("contains", [whole, wanted], "a text or object and what is no text", "bool")
    elif isinstance(whole, dict):
        found = has_key(evaluation, whole, wanted)
    else:
        found = wanted in whole
    return derived(evaluation.budget, "contains", [whole, wanted], "bool") if found is None else found


def _unknown_contains(evaluation: Evaluation, whole: Unknown, wanted: Value) -> bool | None:
    for piece in whole.pieces:
        if isinstance(piece, str) and isinstance(wanted, str) and wanted in piece:
            return True
        if isinstance(piece, list) and some(equal(evaluation.budget, element, wanted) for element in piece):
            return True
    return None


def index_of(evaluation: Evaluation, whole: Value, wanted: Value) -> Value:
    """`indexOf`: where a text has a text (case does not matter) or a list a value, from 0; -1 if nowhere."""
    return _position(evaluation, "indexOf", whole, wanted, from_end=False)


def last_index_of(evaluation: Evaluation, whole: Value, wanted: Value) -> Value:
    """`lastIndexOf`: where it is for the last time."""
    return _position(evaluation, "lastIndexOf", whole, wanted, from_end=True)


def _position(evaluation: Evaluation, name: str, whole: Value, wanted: Value, *, from_end: bool) -> Value:
    if isinstance(whole, list):
        order = range(len(whole))
        for index in reversed(order) if from_end else order:
            same = equal(evaluation.budget, whole[index], wanted)
            if same is None:
                return derived(evaluation.budget, name, [whole, wanted], "int")
            if same:
                return index
        return -1
    if not isinstance(whole, Unknown) and not isinstance(wanted, str | Unknown):
        return undocumented(name, [whole, wanted], "a text and what is no text", "int")
    if not isinstance(wanted, str) or (isinstance(whole, Unknown) and (from_end or not whole.pieces)):
        return derived(evaluation.budget, name, [whole, wanted], "int")
    if from_end and not wanted:
        return undocumented(name, [whole], "the empty text", "int")
    known = whole.pieces[0] if isinstance(whole, Unknown) else whole
    budget = evaluation.budget
    if isinstance(known, str):
        text, part = letter_by_letter(budget, known, str.lower), letter_by_letter(budget, wanted, str.lower)
        found = text.rfind(part) if from_end else text.find(part)
        if found >= 0 or isinstance(whole, str):
            return found
    return derived(evaluation.budget, name, [whole, wanted], "int")


_SIZED = "string|array|object"
_ROW = "string|array"

ROWS = rows(
    ("contains", 2, 2, (_SIZED, "any"), "bool", contains, "aware"),
    ("empty", 1, 1, (_SIZED + "|null",), "bool", empty, "aware"),
    ("first", 1, 1, (_ROW,), "", first, "aware", True),
    ("indexOf", 2, 2, (_ROW, "any"), "int", index_of, "aware"),
    ("last", 1, 1, (_ROW,), "", last, "aware", True),
    ("lastIndexOf", 2, 2, (_ROW, "any"), "int", last_index_of, "aware"),
    ("length", 1, 1, (_SIZED,), "int", length, "aware"),
    ("skip", 2, 2, (_ROW, "int"), "", skip, "aware"),
    ("substring", 2, 3, ("string", "int", "int"), "string", substring, "aware"),
    ("take", 2, 2, (_ROW, "int"), "", take, "aware"),
)
