"""Functions of texts and lists alike: their size, their ends, what is in them.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

from diagramgen.read.template.expressions.compare import certain_length, equal, open_keys, some
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.functions.texts import letter_by_letter
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, part_of, undocumented
from diagramgen.read.template.values import Kind, Unknown, Value, digest, joined


def length(evaluation: Evaluation, value: Value) -> Value:
    """`length`: of a text, a list or an object."""
    return derived(evaluation.budget, "length", [value], "int") if isinstance(value, Unknown) else len(value)


def empty(evaluation: Evaluation, value: Value) -> Value:
    """`empty`: whether a text, a list or an object has nothing in it; null has nothing."""
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
    if isinstance(value, Unknown) and isinstance(count, int):
        head = value.pieces[0] if value.pieces else ""
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
        found = False if not whole and isinstance(whole, dict) else None
        if isinstance(whole, str) and len(whole) < certain_length(wanted):
            found = False
    elif not isinstance(wanted, str):
        return undocumented("contains", [whole, wanted], "a text or object and what is no text", "bool")
    elif isinstance(whole, dict):
        found = has_key(evaluation, whole, wanted)
    else:
        found = wanted in whole
    return derived(evaluation.budget, "contains", [whole, wanted], "bool") if found is None else found


def has_key(evaluation: Evaluation, whole: dict[str, Value], name: str) -> bool | None:
    """Whether an object has a name; case does not matter."""
    evaluation.budget.spend(len(whole) // 8)
    folded = name.lower()
    if name in whole or any(key.lower() == folded for key in whole):
        return True
    return None if open_keys(whole) else False


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
    if isinstance(known, str):
        text, part = letter_by_letter(known, str.lower), letter_by_letter(wanted, str.lower)
        found = text.rfind(part) if from_end else text.find(part)
        if found >= 0 or isinstance(whole, str):
            return found
    return derived(evaluation.budget, name, [whole, wanted], "int")


def element(evaluation: Evaluation, whole: Value, at: Value) -> Value:
    """An element of a list by its number, or a property of an object by its name; case does not matter.

    Raises:
        TemplateProblem: there is none.
    """
    if isinstance(whole, Unknown):
        head = whole.pieces[0] if whole.pieces else None
        if isinstance(head, list) and isinstance(at, int) and 0 <= at < len(head):
            return head[at]
        return part_of(evaluation.budget, whole, at)
    if isinstance(at, Unknown):
        if not whole and isinstance(whole, list | dict):
            raise TemplateProblem("an element is taken of what has none")
        return derived(evaluation.budget, "element", [whole, at])
    if isinstance(whole, dict) and isinstance(at, str):
        return _property(evaluation, whole, at)
    if isinstance(whole, list) and isinstance(at, int) and not isinstance(at, bool):
        if 0 <= at < len(whole):
            return whole[at]
        raise TemplateProblem(f"element {at} is taken of a list that has {len(whole)}, counting from 0")
    what = f"property `{at}`" if isinstance(at, str) else "an element"
    raise TemplateProblem(f"{what} is taken of what has none")


def _property(evaluation: Evaluation, whole: dict[str, Value], name: str) -> Value:
    if name in whole:
        return whole[name]
    folded = name.lower()
    for key, value in whole.items():
        if key.lower() == folded:
            return value
    if open_keys(whole):
        return derived(evaluation.budget, f"property {name}", [whole])
    raise TemplateProblem(f"the object has no property `{name}`")


def try_get(evaluation: Evaluation, whole: Value, *steps: Value) -> Value:
    """`tryGet`: a property or element, and one of that, and so on; null where there is none."""
    for step in steps:
        if whole is None:
            return None
        if isinstance(whole, dict) and isinstance(step, str):
            there = has_key(evaluation, whole, step)
            if there is None:
                return derived(evaluation.budget, "tryGet", [whole, step])
            whole = _property(evaluation, whole, step) if there else None
        elif isinstance(whole, list) and isinstance(step, int):
            whole = whole[step] if 0 <= step < len(whole) else None
        elif isinstance(whole, Unknown) or isinstance(step, Unknown):
            whole = _tried(evaluation, whole, step)
        else:
            raise TemplateProblem("`tryGet` takes a name of an object or a number of a list")
    return whole


def _tried(evaluation: Evaluation, whole: Value, step: Value) -> Value:
    if isinstance(whole, Unknown) and not isinstance(step, Unknown):
        found = element(evaluation, whole, step)
        if isinstance(found, Unknown) and not found.pieces and found.kind == "":
            return Unknown(found.text, found.why, "", digest("tryGet", found.identity))
        return found
    return derived(evaluation.budget, "tryGet", [whole, step])


def index_from_end(evaluation: Evaluation, whole: Value, at: Value) -> Value:
    """`indexFromEnd`: an element counted from the end, the last is 1."""
    return _from_end(evaluation, "indexFromEnd", whole, at, None)


def try_index_from_end(evaluation: Evaluation, whole: Value, at: Value, *steps: Value) -> Value:
    """`tryIndexFromEnd`: the same; null where there is none."""
    found = _from_end(evaluation, "tryIndexFromEnd", whole, at, ())
    return None if found == () else try_get(evaluation, found, *steps)


def _from_end(evaluation: Evaluation, name: str, whole: Value, at: Value, missing: Value) -> Value:
    if isinstance(whole, Unknown) and isinstance(at, int) and whole.pieces:
        end = whole.pieces[-1]
        if isinstance(end, list) and 1 <= at <= len(end):
            return end[-at]
    if isinstance(whole, Unknown) or isinstance(at, Unknown):
        return derived(evaluation.budget, name, [whole, at])
    if whole is not None and 1 <= at <= len(whole):
        return whole[-at]
    if missing is None:
        raise TemplateProblem(f"`{name}` goes beyond the list, which has {len(whole)} elements")
    return missing


_SIZED = "string|array|object"
_ROW = "string|array"

ROWS = rows(
    ("contains", 2, 2, (_SIZED, "any"), "bool", contains, "aware"),
    ("empty", 1, 1, (_SIZED + "|null",), "bool", empty, "aware"),
    ("first", 1, 1, (_ROW,), "", first, "aware", True),
    ("indexFromEnd", 2, 2, ("array", "int"), "", index_from_end, "aware", True),
    ("indexOf", 2, 2, (_ROW, "any"), "int", index_of, "aware"),
    ("last", 1, 1, (_ROW,), "", last, "aware", True),
    ("lastIndexOf", 2, 2, (_ROW, "any"), "int", last_index_of, "aware"),
    ("length", 1, 1, (_SIZED,), "int", length, "aware"),
    ("skip", 2, 2, (_ROW, "int"), "", skip, "aware"),
    ("substring", 2, 3, ("string", "int", "int"), "string", substring, "aware"),
    ("take", 2, 2, (_ROW, "int"), "", take, "aware"),
    ("tryGet", 2, None, ("any", "string|int"), "", try_get, "aware", True),
    ("tryIndexFromEnd", 2, None, ("array|null", "int", "string|int"), "", try_index_from_end, "aware", True),
)
