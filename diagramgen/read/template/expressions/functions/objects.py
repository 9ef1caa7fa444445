"""Functions of objects.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object
"""

from __future__ import annotations

from diagramgen.read.template.expressions.compare import open_keys
from diagramgen.read.template.expressions.functions.json_text import read_json
from diagramgen.read.template.expressions.functions.order import in_order
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Unknown, Value


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
    names = _names(whole)
    if names is None:
        return derived(evaluation.budget, "items", [whole], "array")
    return [{"key": name, "value": whole[name]} for name in names]


def object_keys(evaluation: Evaluation, whole: Value) -> Value:
    """`objectKeys`: the names in an object, by the alphabet.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-object#objectkeys
    """
    names = _names(whole)
    return derived(evaluation.budget, "objectKeys", [whole], "array") if names is None else names


def _names(whole: Value) -> list[str] | None:
    """The names of an object in order; None where the names or their order are not certain."""
    if isinstance(whole, Unknown) or (len(whole) > 1 and open_keys(whole)):
        return None
    return in_order(whole)


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
        if isinstance(whole, Unknown) or open_keys(whole) or open_keys(merged):
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
