"""Functions of lists, and those of lists and objects alike.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array
"""

from __future__ import annotations

from collections.abc import Sequence

from diagramgen.read.template.expressions.compare import equal, some
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.functions.texts import concatenated
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, kind_of, undocumented
from diagramgen.read.template.values import Kind, Partial, Unknown, Value, is_open

LONGEST_RANGE = 10_000
"""https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array#range"""

LARGEST = 2**31 - 1


def array(evaluation: Evaluation, value: Value) -> Value:
    """`array`: a list with the value in it; a list stays."""
    if kind_of(value) == "unknown":
        return derived(evaluation.budget, "array", [value], "array")
    return value if kind_of(value) == "array" else [value]


def create_array(evaluation: Evaluation, *values: Value) -> Value:
    """`createArray`: the arguments as a list."""
    return list(values)


def range_(start: int, count: int) -> Value:
    """`range`: whole numbers from one on."""
    if not 0 <= count <= LONGEST_RANGE:
        raise TemplateProblem(f"`range` makes 0 to {LONGEST_RANGE:,} numbers, not {count:,}")
    if start + count > LARGEST:
        raise TemplateProblem(f"`range` goes beyond {LARGEST:,}")
    return list(range(start, start + count))


def flatten(evaluation: Evaluation, lists: Value) -> Value:
    """`flatten`: the elements of the lists in a list."""
    if isinstance(lists, Unknown):
        return derived(evaluation.budget, "flatten", [lists], "array")
    if any(kind_of(inner) not in ("array", "unknown") for inner in lists):
        raise TemplateProblem("`flatten` takes a list of lists, and the list holds something else")
    return concatenated(evaluation, lists)


def distinct(evaluation: Evaluation, values: Value) -> Value:
    """`distinct`: each value once, where it is first."""
    if isinstance(values, Unknown):
        return derived(evaluation.budget, "distinct", [values], "array")
    found = _once(evaluation, values)
    return derived(evaluation.budget, "distinct", [values], "array") if found is None else found


def union(evaluation: Evaluation, *wholes: Value) -> Value:
    """`union`: the elements of lists, each once; or objects over each other, also what is nested in them.

    Of two equal names the later counts; lists inside objects are not merged.
    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object#union
    """
    kind = _common_kind("union", wholes)
    if any(whole is None for whole in wholes):
        return undocumented("union", wholes, "null")
    if any(isinstance(whole, Partial | Unknown) for whole in wholes):
        return derived(evaluation.budget, "union", wholes, kind)
    if kind == "array":
        found = _once(evaluation, [element for whole in wholes for element in whole])
        return derived(evaluation.budget, "union", wholes, "array") if found is None else found
    merged: dict[str, Value] = {}
    for whole in wholes:
        if (merged and is_open(whole)) or is_open(merged):
            return derived(evaluation.budget, "union", wholes, "object")
        merged = _merged(evaluation, merged, whole)
    return merged


def intersection(evaluation: Evaluation, *wholes: Value) -> Value:
    """`intersection`: the elements that all lists have, or the properties that all objects have alike."""
    kind = _common_kind("intersection", wholes)
    if any(whole is None for whole in wholes):
        return undocumented("intersection", wholes, "null")
    found: Value = None
    if not any(isinstance(whole, Unknown) for whole in wholes):
        found = _in_all(evaluation, wholes) if kind == "array" else _alike_in_all(evaluation, wholes)
    return derived(evaluation.budget, "intersection", wholes, kind) if found is None else found


def _common_kind(name: str, wholes: Sequence[Value]) -> Kind:
    kinds = {kind_of(whole) for whole in wholes} - {"unknown", "null"}
    if len(kinds) > 1:
        raise TemplateProblem(f"`{name}` takes lists or objects, not both")
    return "array" if "array" in kinds else "object" if kinds else ""


def _once(evaluation: Evaluation, values: Sequence[Value]) -> list[Value] | None:
    """Each value once; None where two may be the same or not."""
    found: list[Value] = []
    plain: set[tuple[type, Value]] = set()
    nested: list[Value] = []
    unknowns: list[Value] = []
    for value in values:
        evaluation.budget.spend()
        if isinstance(value, Unknown):
            candidates = found
        elif isinstance(value, dict | list):
            candidates = nested + unknowns
        elif (type(value), value) in plain:
            continue
        else:
            candidates = unknowns
            plain.add((type(value), value))
        there = some(equal(evaluation.budget, other, value) for other in candidates)
        if there is None:
            return None
        if not there:
            found.append(value)
            if isinstance(value, Unknown):
                unknowns.append(value)
            elif isinstance(value, dict | list):
                nested.append(value)
    return found


def _merged(evaluation: Evaluation, below: dict[str, Value], above: dict[str, Value]) -> dict[str, Value]:
    merged = dict(below)
    spelling = {key.lower(): key for key in merged}
    evaluation.budget.spend(1 + (len(below) + len(above)) // 8)
    for key, value in above.items():
        there = spelling.setdefault(key.lower(), key)
        old = merged.get(there)
        if isinstance(old, dict) and _is_closed(old) and _is_closed(value):
            merged[there] = _merged(evaluation, old, value)
        elif there in merged and _may_be_object(old) and _may_be_object(value):
            merged[there] = derived(evaluation.budget, "union", [old, value])
        else:
            merged[there] = value
    return merged


def _is_closed(value: Value) -> bool:
    return isinstance(value, dict) and not is_open(value)


def _may_be_object(value: Value) -> bool:
    return kind_of(value) in ("object", "unknown")


def _in_all(evaluation: Evaluation, lists: Sequence[list[Value]]) -> list[Value] | None:
    once = _once(evaluation, lists[0])
    if once is None:
        return None
    found = []
    for value in once:
        for other in lists[1:]:
            there = some(equal(evaluation.budget, element, value) for element in other)
            if there is None:
                return None
            if not there:
                break
        else:
            found.append(value)
    return found


def _alike_in_all(evaluation: Evaluation, objects: Sequence[dict[str, Value]]) -> dict[str, Value] | None:
    if any(map(is_open, objects)):
        return None
    found = {}
    folded = [{key.lower(): value for key, value in other.items()} for other in objects[1:]]
    evaluation.budget.spend(sum(map(len, objects)))
    for key, value in objects[0].items():
        for other in folded:
            if key.lower() not in other:
                break
            same = equal(evaluation.budget, other[key.lower()], value)
            if same is None:
                return None
            if not same:
                break
        else:
            found[key] = value
    return found


ROWS = rows(
    ("array", 1, 1, ("any",), "array", array, "aware"),
    ("createArray", 0, None, ("any",), "array", create_array, "aware"),
    ("distinct", 1, 1, ("array",), "array", distinct, "aware"),
    ("flatten", 1, 1, ("array",), "array", flatten, "aware"),
    ("intersection", 2, None, ("array|object|null",), "", intersection, "aware"),
    ("range", 2, 2, ("int",), "array", range_),
    ("union", 1, None, ("array|object|null",), "", union, "aware"),
)
