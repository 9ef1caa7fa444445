"""Resources that a tool has evaluated already, with what it could not evaluate left as expressions -> rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import NOTHING, Place
from diagramgen.read.context import Context
from diagramgen.read.extract import Row
from diagramgen.read.record import UNTOLD
from diagramgen.read.resource import is_resource_id
from diagramgen.read.template.deployment import Deployment
from diagramgen.read.template.expand import as_json, mark
from diagramgen.read.template.expressions import TooMuch
from diagramgen.read.template.files import Files
from diagramgen.read.template.instance import DEPLOYMENTS, spelled
from diagramgen.read.template.nested import open_nested
from diagramgen.read.template.run import Run
from diagramgen.read.template.targets import id_text, resource_id, target_of_schema, text_of
from diagramgen.read.template.telling import tell_unknown
from diagramgen.read.template.values import Unknown
from diagramgen.read.template.walk import evaluate_tree


class State(NamedTuple):
    """A resource in one state: `is_planned` where a template tells it, `is_untold` where only its id is told."""

    resource: dict[str, Any]
    place: Place
    is_planned: bool = True
    is_untold: bool = False


def rows_of(states: Iterable[State], place: Place) -> tuple[tuple[Row, ...], tuple[Diagnostic, ...]]:
    """The resources as rows, and what there is to say of them.

    Raises:
        InputError: the document is built to explode.
    """
    run = Run(Files(Context(), place.source), open_nested)
    run.root = Deployment({}, place, target_of_schema(""), NOTHING, run, "")
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    try:
        for state in states:
            row = _row(state, run)
            if row is None:
                left_out["without an id"] += 1
            elif row.resource["type"].lower() != DEPLOYMENTS:
                rows.append(row)
    except TooMuch as problem:
        message = f"`{place.source}` cannot be read: {problem.message}"
        raise InputError([Diagnostic("error", "template-too-large", message, place)]) from None
    told = [*tell_unknown(run, place)]
    if left_out:
        text = f"{sum(left_out.values())} resources are not Azure's, or have no id, and are not drawn"
        told.append(Diagnostic("note", "template-expanded", text, place))
    return tuple(rows), tuple(told)


def _row(state: State, run: Run) -> Row | None:
    assert run.root is not None, "the deployment in which expressions are evaluated is made first"
    evaluated = evaluate_tree(spelled(state.resource), run.root.frame, state.place, run)
    kind = text_of(evaluated.get("type"))
    rid = evaluated.get("id")
    if isinstance(rid, Unknown) and not is_resource_id(text_of(rid)) and "." in kind:
        rid = resource_id(kind, evaluated.get("name"), run.root.goes_to)
    if not is_resource_id(text_of(rid)):
        return None
    resource = as_json({**evaluated, "id": None, "type": None}, run)
    resource |= {"id": id_text(rid), "type": kind}
    if not isinstance(resource.get("properties"), dict):
        resource["properties"] = {}
        if isinstance(evaluated.get("properties"), Unknown) or state.is_untold:
            resource[UNTOLD] = True
    if state.is_planned:
        mark(resource, ())
    return Row(resource, state.place)
