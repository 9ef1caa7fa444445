"""Functions of objects.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object
"""

from __future__ import annotations

from diagramgen.read.template.expressions.functions.json_text import read_json
from diagramgen.read.template.expressions.functions.order import in_order
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Partial, Unknown, Value, is_open, is_open_name, unknown_name


def create_object(evaluation: Evaluation, *pairs: Value) -> Value:
    """`createObject`: names and values by turns."""
    if len(pairs) % 2:
        raise TemplateProblem("`createObject` takes pairs of a name and a value, and one lacks its value")
    made: dict[str, Value] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        if kind_of(name) not in ("string", "unknown"):
            raise TemplateProblem("`createObject` takes a text as a name")
        made[name.text if isinstance(name, Unknown) else name] = value
    return made


def items(evaluation: Evaluation, whole: Value) -> Value:
    """`items`: an object as a list of `{key, value}`, by the alphabet."""
    names = _names(evaluation, "items", whole)
    if isinstance(names, Unknown):
        return names
    return [{"key": _shown(name), "value": whole[name]} for name in names]


def object_keys(evaluation: Evaluation, whole: Value) -> Value:
    """`objectKeys`: the names in an object, by the alphabet.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-object#objectkeys
    """
    names = _names(evaluation, "objectKeys", whole)
    return names if isinstance(names, Unknown) else list(map(_shown, names))


def _shown(name: str) -> str | Unknown:
    return unknown_name(name) if is_open_name(name) else name


def _names(evaluation: Evaluation, name: str, whole: Value) -> list[str] | Unknown:
    """The names of an object in order, if both are certain."""
    if isinstance(whole, Partial | Unknown) or (is_open(whole) and len(whole) > 1):
        return derived(evaluation.budget, name, [whole], "array")
    evaluation.budget.spend(sum(map(len, whole)) // 4)
    order = in_order(whole)
    return undocumented(name, [whole], "signs in names", "array") if order is None else order


def shallow_merge(evaluation: Evaluation, objects: Value) -> Value:
    """`shallowMerge`: objects over each other, the later counts; what is nested in them is not merged.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-object#shallowmerge
    """
    if isinstance(objects, Unknown):
        return derived(evaluation.budget, "shallowMerge", [objects], "object")
    merged: dict[str, Value] = {}
    spelling: dict[str, str] = {}
    for whole in objects:
        if whole is None:
            return undocumented("shallowMerge", [objects], "null", "object")
        if kind_of(whole) not in ("object", "unknown"):
            raise TemplateProblem("`shallowMerge` takes a list of objects, and the list holds something else")
        if isinstance(whole, Unknown) or is_open(whole) or is_open(merged):
            return derived(evaluation.budget, "shallowMerge", [objects], "object")
        for key, value in whole.items():
            merged[spelling.setdefault(key.lower(), key)] = value
    return merged


def json(text: str) -> Value:
    """`json`: the value of a JSON text."""
    return read_json("json", text)


def null() -> Value:
    """`null`: null."""
    return None


ROWS = rows(
    ("createObject", 0, None, ("any",), "object", create_object, "aware"),
    ("items", 1, 1, ("object",), "array", items, "aware"),
    ("json", 1, 1, ("string",), "", json),
    ("null", 0, 0, (), "", null),
    ("objectKeys", 1, 1, ("object",), "array", object_keys, "aware"),
    ("shallowMerge", 1, 1, ("array",), "object", shallow_merge, "aware"),
)
