"""Functions that take a function: `map(variables('names'), lambda('name', toLower(lambdaVariables('name'))))`.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda
"""

from __future__ import annotations

from functools import cmp_to_key

from diagramgen.read.template.expressions.functions.row import Evaluation, Lambda, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Kind, Partial, Unknown, Value


class _Undecided(Exception):
    """A claim that is not known decides the result."""


def map_(evaluation: Evaluation, values: Value, function: Lambda) -> Value:
    """`map`: what a lambda gives for each element (and its number)."""
    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "map", values, "array")
    return [function(value, index) for index, value in enumerate(values)]


def filter_(evaluation: Evaluation, values: Value, function: Lambda) -> Value:
    """`filter`: the elements for which a lambda holds."""
    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "filter", values, "array")
    try:
        return [value for index, value in enumerate(values) if _claim("filter", function(value, index))]
    except _Undecided:
        return _of_unknown(evaluation, "filter", values, "array")


def sort(evaluation: Evaluation, values: Value, function: Lambda) -> Value:
    """`sort`: in the order in which a lambda says of two elements that the first comes before the second."""

    def compared(left: Value, right: Value) -> int:
        if _claim("sort", function(left, right)):
            return -1
        return 1 if _claim("sort", function(right, left)) else 0

    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "sort", values, "array")
    try:
        return sorted(values, key=cmp_to_key(compared))
    except _Undecided:
        return _of_unknown(evaluation, "sort", values, "array")


def reduce(evaluation: Evaluation, values: Value, initial: Value, function: Lambda) -> Value:
    """`reduce`: what a lambda makes of the result so far and each element (and its number)."""
    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "reduce", values, "")
    result = initial
    for index, value in enumerate(values):
        result = function(result, value, index)
    return result


def map_values(evaluation: Evaluation, whole: Value, function: Lambda) -> Value:
    """`mapValues`: an object with what a lambda gives for each value."""
    if isinstance(whole, Partial | Unknown):
        return _of_unknown(evaluation, "mapValues", whole, "object")
    return {key: function(value) for key, value in whole.items()}


def to_object(evaluation: Evaluation, values: Value, key: Lambda, value: Lambda | None = None) -> Value:
    """`toObject`: an object of the elements (or what a lambda gives for them), with names that a lambda gives."""
    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "toObject", values, "object")
    made: dict[str, Value] = {}
    folded: set[str] = set()
    for element in values:
        name = _name("toObject", key(element))
        made[name] = element if value is None else value(element)
        folded.add(name.lower())
    if len(folded) < len(values):
        return undocumented("toObject", [values], "two elements of one name", "object")
    return made


def group_by(evaluation: Evaluation, values: Value, key: Lambda, value: Lambda | None = None) -> Value:
    """`groupBy`: lists of the elements of the same name."""
    if isinstance(values, Unknown):
        return _of_unknown(evaluation, "groupBy", values, "object")
    groups: dict[str, list[Value]] = {}
    spelling: dict[str, str] = {}
    for element in values:
        name = key(element)
        if isinstance(name, Unknown):
            return _of_unknown(evaluation, "groupBy", values, "object")
        name = _name("groupBy", name)
        group = groups.setdefault(spelling.setdefault(name.lower(), name), [])
        group.append(element if value is None else value(element))
    return dict(groups)


def _of_unknown(evaluation: Evaluation, name: str, values: Value, kind: Kind) -> Unknown:
    """What a lambda makes of what is not known: at every call another value, as far as can be told."""
    made = derived(evaluation.budget, name, [values], kind)
    return Unknown(made.text, made.why, kind)


def _claim(name: str, claim: Value) -> bool:
    if isinstance(claim, Unknown):
        raise _Undecided
    if not isinstance(claim, bool):
        raise TemplateProblem(f"the lambda of `{name}` gives {kind_of(claim)}, not true or false")
    return claim


def _name(name: str, key: Value) -> str:
    if isinstance(key, Unknown):
        return key.text
    if not isinstance(key, str):
        raise TemplateProblem(f"the lambda of `{name}` gives {kind_of(key)} as a name, not a text")
    return key


ROWS = rows(
    ("filter", 2, 2, ("array", "lambda"), "array", filter_, "aware"),
    ("groupBy", 2, 3, ("array", "lambda"), "object", group_by, "aware"),
    ("map", 2, 2, ("array", "lambda"), "array", map_, "aware"),
    ("mapValues", 2, 2, ("object", "lambda"), "object", map_values, "aware"),
    ("reduce", 3, 3, ("array", "any", "lambda"), "", reduce, "aware"),
    ("sort", 2, 2, ("array", "lambda"), "array", sort, "aware"),
    ("toObject", 2, 3, ("array", "lambda"), "object", to_object, "aware"),
)
