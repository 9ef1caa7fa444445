"""Functions that decide and compare, three-valued: what is not known decides only what it cannot change.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-logical
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagramgen.read.template.expressions.compare import equal
from diagramgen.read.template.expressions.functions.order import precedes
from diagramgen.read.template.expressions.functions.row import Evaluation, rows, wrong_kind
from diagramgen.read.template.expressions.problem import Stopped, TemplateProblem, TooMuch
from diagramgen.read.template.expressions.syntax import Node
from diagramgen.read.template.expressions.unknowns import derived, kind_of, label, undocumented
from diagramgen.read.template.values import Kind, Partial, Unknown, Value
from diagramgen.read.unknown import unknown

_SHORT = re.compile(r"[\w.()/ -]{1,36}")


def if_(evaluation: Evaluation, condition: Node, then: Node, otherwise: Node) -> Value:
    """`if`: one of two values, of which only that one is evaluated.

    Where the condition is not known: what both values share. A branch that stops the deployment counts for none.
    """
    decided = _claim("if", 0, evaluation.value_of(condition))
    if not isinstance(decided, Unknown):
        return evaluation.value_of(then if decided else otherwise)
    try:
        first = _tried(evaluation, then)
    except Stopped:
        return evaluation.value_of(otherwise)
    try:
        return _either(evaluation, decided, first, _tried(evaluation, otherwise))
    except Stopped:
        return first


def _tried(evaluation: Evaluation, node: Node) -> Value:
    """The value of what the deployment may not need, and so may be wrong."""
    try:
        return evaluation.value_of(node)
    except (Stopped, TooMuch):
        raise
    except TemplateProblem as problem:
        return Unknown("{?}", f"it may not be needed, and cannot be evaluated: {problem.message}")


def _either(evaluation: Evaluation, condition: Unknown, then: Value, otherwise: Value) -> Value:
    """What both values share, and an unknown where they differ."""
    if equal(evaluation.budget, then, otherwise):
        return then
    if _are_alike(then, otherwise):
        return {key: _either(evaluation, condition, then[key], otherwise[key]) for key in then}
    if isinstance(then, list) and isinstance(otherwise, list) and len(then) == len(otherwise):
        return [_either(evaluation, condition, a, b) for a, b in zip(then, otherwise, strict=True)]
    kind = _shared_kind(then, otherwise)
    chosen = derived(evaluation.budget, "if", [condition, then, otherwise], kind)
    return Unknown(_alternatives(chosen.text, then, otherwise), condition.why, kind, chosen.identity)


def _are_alike(then: Value, otherwise: Value) -> bool:
    """Whether two objects have the same names for sure."""
    if not (isinstance(then, dict) and isinstance(otherwise, dict)) or then.keys() != otherwise.keys():
        return False
    return not isinstance(then, Partial) and not isinstance(otherwise, Partial)


def _shared_kind(then: Value, otherwise: Value) -> Kind:
    if all(isinstance(side, Unknown) and side.kind == "name" for side in (then, otherwise)):
        return "name"
    kind = kind_of(then)
    if kind != kind_of(otherwise) or kind in ("unknown", "null", "float", "lambda"):
        return ""
    return kind  # type: ignore[return-value]


def _alternatives(text: str, then: Value, otherwise: Value) -> str:
    """`{a or b}` where both are short enough to be read."""
    sides = [side if isinstance(side, str) else label(side) for side in (then, otherwise)]
    return unknown(" or ".join(sides)) if all(map(_SHORT.fullmatch, sides)) else text


def and_(evaluation: Evaluation, *claims: Node) -> Value:
    """`and`: whether all claims hold; after one that does not, no other is evaluated."""
    return _all_or_any(evaluation, "and", claims, decisive=False)


def or_(evaluation: Evaluation, *claims: Node) -> Value:
    """`or`: whether one claim holds; after one that does, no other is evaluated."""
    return _all_or_any(evaluation, "or", claims, decisive=True)


def _all_or_any(evaluation: Evaluation, name: str, nodes: Sequence[Node], *, decisive: bool) -> Value:
    undecided: list[Unknown] = []
    for index, node in enumerate(nodes):
        value = _tried(evaluation, node) if undecided else evaluation.value_of(node)
        claim = _claim(name, index, value)
        if claim is decisive:
            return decisive
        if isinstance(claim, Unknown):
            undecided.append(claim)
    if not undecided:
        return not decisive
    return undecided[0] if len(undecided) == 1 else derived(evaluation.budget, name, undecided, "bool")


def _claim(name: str, index: int, claim: Value) -> bool | Unknown:
    if isinstance(claim, bool | Unknown):
        return claim
    raise wrong_kind(name, index, "bool", kind_of(claim))


def not_(claim: bool) -> bool:
    """`not`: the opposite."""
    return not claim


def bool_(value: Value) -> Value:
    """`bool`: the texts `true` and `false` in any case, and numbers, as a claim."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if value in ("0", "1"):
        return undocumented("bool", [value], "a digit in a text", "bool")
    raise TemplateProblem("`bool` takes true, false or a number, and the text is none of them")


def equals(evaluation: Evaluation, left: Value, right: Value) -> Value:
    """`equals`: whether two values are the same; case matters."""
    same = equal(evaluation.budget, left, right)
    return derived(evaluation.budget, "equals", [left, right], "bool") if same is None else same


def coalesce(evaluation: Evaluation, *nodes: Node) -> Value:
    """`coalesce`: the first value that is not null; no other is evaluated."""
    for index, node in enumerate(nodes):
        value = evaluation.value_of(node)
        if isinstance(value, Unknown) and value.kind == "":
            return _first_unknown_of(evaluation, value, nodes[index + 1 :])
        if value is not None:
            return value
    return None


def _first_unknown_of(evaluation: Evaluation, value: Unknown, nodes: Sequence[Node]) -> Value:
    """What `coalesce` gives from a value on that may be null."""
    others: list[Value] = []
    for node in nodes:
        try:
            other = _tried(evaluation, node)
        except Stopped:
            break
        others.append(other)
        if other is not None and not (isinstance(other, Unknown) and other.kind == ""):
            break
    if all(other is None or equal(evaluation.budget, value, other) for other in others):
        return value
    chosen, last = derived(evaluation.budget, "coalesce", [value, *others]), others[-1]
    text = value.text if last in ("", [], {}) else _alternatives(chosen.text, value, last)
    return Unknown(text, value.why, "", chosen.identity)


def less(evaluation: Evaluation, left: Value, right: Value) -> Value:
    """`less`: whether a number or text comes before another."""
    return _before(evaluation, "less", left, right)


def less_or_equals(evaluation: Evaluation, left: Value, right: Value) -> Value:
    """`lessOrEquals`: whether it does not come after it."""
    return _before(evaluation, "lessOrEquals", left, right)


def greater(evaluation: Evaluation, left: Value, right: Value) -> Value:
    """`greater`: whether a number or text comes after another."""
    return _before(evaluation, "greater", right, left)


def greater_or_equals(evaluation: Evaluation, left: Value, right: Value) -> Value:
    """`greaterOrEquals`: whether it does not come before it."""
    return _before(evaluation, "greaterOrEquals", right, left)


def _before(evaluation: Evaluation, name: str, left: Value, right: Value) -> Value:
    """Whether `left` comes before `right`, or is the same where `name` says so."""
    kinds = {kind_of(left), kind_of(right)} - {"unknown"}
    if len(kinds) > 1 and "string" in kinds:
        raise TemplateProblem(f"`{name}` compares two numbers or two texts")
    if name.endswith("Equals") and equal(evaluation.budget, left, right):
        return True
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        written = [left, right] if name.startswith("less") else [right, left]
        return derived(evaluation.budget, name, written, "bool")
    if not isinstance(left, str):
        return left < right
    evaluation.budget.spend((len(left) + len(right)) // 8)
    found = precedes(left, right)
    return undocumented(name, [left, right], "signs in texts", "bool") if found is None else found


def true() -> bool:
    """`true`."""
    return True


def false() -> bool:
    """`false`."""
    return False


_ORDERED = ("int|float|string",)

ROWS = rows(
    ("and", 1, None, (), "bool", and_, "lazy"),
    ("bool", 1, 1, ("string|int|bool",), "bool", bool_),
    ("coalesce", 1, None, (), "", coalesce, "lazy", True),
    ("equals", 2, 2, ("any",), "bool", equals, "aware"),
    ("false", 0, 0, (), "bool", false),
    ("greater", 2, 2, _ORDERED, "bool", greater, "aware"),
    ("greaterOrEquals", 2, 2, _ORDERED, "bool", greater_or_equals, "aware"),
    ("if", 3, 3, (), "", if_, "lazy", True),
    ("less", 2, 2, _ORDERED, "bool", less, "aware"),
    ("lessOrEquals", 2, 2, _ORDERED, "bool", less_or_equals, "aware"),
    ("not", 1, 1, ("bool",), "bool", not_),
    ("or", 1, None, (), "bool", or_, "lazy"),
    ("true", 0, 0, (), "bool", true),
)
