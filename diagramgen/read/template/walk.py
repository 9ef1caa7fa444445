"""A JSON value of a template -> its value: expressions evaluated, and loops over properties unrolled.

https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.template.expressions import TemplateProblem, TooMuch, evaluate
from diagramgen.read.template.frames import Frame, Loop
from diagramgen.read.template.run import DEEPEST_VALUE, MOST_RESOURCES, Run
from diagramgen.read.template.values import Unknown, Value, first_unknown, plain
from diagramgen.read.unknown import unknown


def evaluate_tree(value: Json, frame: Frame, place: Place, run: Run, depth: int = 0) -> Value:
    """The value with all expressions and loops in it evaluated; what is wrong is told and `Unknown`.

    Raises:
        TooMuch: the template is built to explode.
    """
    run.visit()
    if isinstance(value, str):
        return _evaluated(value, frame, place, run) if value.startswith("[") else value
    if depth > DEEPEST_VALUE and isinstance(value, (dict, list)):
        raise TooMuch(f"it nests deeper than {DEEPEST_VALUE} levels")
    if isinstance(value, list):
        return [evaluate_tree(item, frame, place / n, run, depth + 1) for n, item in enumerate(value)]
    if isinstance(value, dict):
        return _members(value, frame, place, run, depth)
    return value


def loops_in(members: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The loops over properties that an object holds; none where its `copy` is something else."""
    listed = members.get("copy")
    if (
        isinstance(listed, list)
        and listed
        and all(isinstance(one, dict) and "count" in one for one in listed)
    ):
        return listed
    return []


def unrolled(loop: Mapping[str, Any], frame: Frame, place: Place, run: Run, depth: int = 0) -> Value:
    """The list that a loop over a property makes; `Unknown` where nobody knows how often it turns."""
    name = str(loop.get("name", ""))
    count = count_of(loop, frame, place, run)
    if isinstance(count, Unknown):
        return Unknown(unknown(name), count.why, "array")
    turns = (frame.inside(Loop(name, turn, True)) for turn in range(count))
    return [evaluate_tree(loop.get("input"), turn, place / "input", run, depth + 1) for turn in turns]


def count_of(loop: Mapping[str, Any], frame: Frame, place: Place, run: Run) -> int | Unknown:
    """How often a loop turns."""
    count = evaluate_tree(loop.get("count"), frame, place / "count", run)
    if isinstance(count, float) and count.is_integer():
        count = int(count)
    if isinstance(count, Unknown):
        return count
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        return run.wrong(TemplateProblem("the count of a loop is no whole number"), place / "count")
    if count > MOST_RESOURCES:
        raise TooMuch(f"a loop turns {count:,} times")
    return count


def _evaluated(text: str, frame: Frame, place: Place, run: Run) -> Value:
    around, run.spot = run.spot, place if frame.again is None else None
    try:
        return _value_of(text, frame, run)
    except TemplateProblem as problem:
        return run.wrong(problem, place)
    except RecursionError:
        return run.wrong(
            TemplateProblem("it goes through too many parameters, variables and references"), place
        )
    finally:
        run.spot = around


def _value_of(text: str, frame: Frame, run: Run) -> Value:
    """An expression's value. In a deployment with outer scope an escaped one is left to that deployment itself, and is
    a text where that does not know its names either; one that the template around does not know was meant for it, too.

    Raises:
        TemplateProblem: nobody can evaluate it.
    """
    if frame.again is None or text[-1:] != "]":
        return evaluate(text, frame, run.budget)
    is_escaped = text.startswith("[[")
    try:
        return _value_of(text[1:], frame.again, run) if is_escaped else evaluate(text, frame, run.budget)
    except TooMuch:
        raise
    except TemplateProblem as problem:
        if is_escaped:
            return text[1:]
        try:
            return _value_of(text, frame.again, run)
        except TooMuch:
            raise
        except TemplateProblem:
            raise problem from None


def _members(members: dict[str, Any], frame: Frame, place: Place, run: Run, depth: int) -> dict[str, Value]:
    found: dict[str, Value] = {}
    loops = loops_in(members)
    for key, value in members.items():
        if key == "copy" and loops:
            for n, loop in enumerate(loops):
                found[str(loop.get("name", ""))] = unrolled(loop, frame, place / "copy" / n, run, depth + 1)
            continue
        name = _name(key, frame, place, run) if key.startswith("[") else key
        found[name] = evaluate_tree(value, frame, place / key, run, depth + 1)
    return found


def _name(key: str, frame: Frame, place: Place, run: Run) -> str:
    """The name of a member, which may be an expression."""
    name = plain(_evaluated(key, frame, (place / key).key, run))
    return name if isinstance(name, str) else str(name)


def reason(value: Value) -> str:
    """Why a value is not known, in words; "" where it is known."""
    found = first_unknown(value)
    return found.why if found is not None else ""
