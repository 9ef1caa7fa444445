"""Taking an element of a list or a property of an object: `x.y`, `x['y']`, `x[0]`, and the functions that do.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-object#tryget
"""

from __future__ import annotations

from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, part_of
from diagramgen.read.template.values import Partial, Unknown, Value, digest, is_open


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
    evaluation.budget.spend(len(whole) // 8)
    for key, value in whole.items():
        if key.lower() == folded:
            return value
    if isinstance(whole, Partial):
        return whole.absent(name)
    if is_open(whole):
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
                whole = derived(evaluation.budget, "tryGet", [whole, step])
            else:
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


def has_key(evaluation: Evaluation, whole: dict[str, Value], name: str) -> bool | None:
    """Whether an object has a name; case does not matter."""
    evaluation.budget.spend(len(whole) // 8)
    folded = name.lower()
    if name in whole or any(key.lower() == folded for key in whole):
        return True
    return None if is_open(whole) else False


ROWS = rows(
    ("indexFromEnd", 2, 2, ("array", "int"), "", index_from_end, "aware", True),
    ("tryGet", 2, None, ("any", "string|int"), "", try_get, "aware", True),
    ("tryIndexFromEnd", 2, None, ("array|null", "int", "string|int"), "", try_index_from_end, "aware", True),
)
