"""The result of a what-if: the resources before a deployment, or after it.

https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.extract import Extract
from diagramgen.read.inputs import PlanSide
from diagramgen.read.template.claims import changes_in
from diagramgen.read.template.evaluated import State, rows_of

_PLANNED = frozenset({"create", "modify", "deploy"})
"""Changes after which the state is what the template says; the others leave what there was."""


def read_what_if(document: dict[str, Any], place: Place, context: Context) -> Extract:
    """The resources on the side that the options choose."""
    found = changes_in(document)
    assert found is not None, "the document was recognised by its changes"
    listed, path = found
    where = Place(place.source, (*place.path, *path), place.document)
    side = context.options.plan_side
    changes = [
        ({key.lower(): value for key, value in one.items()}, where / n) for n, one in enumerate(listed)
    ]
    states = [state for change, at in changes if (state := _state(change, at, side)) is not None]
    rows, told = rows_of(states, place)
    only_ids = sum(state.is_untold for state in states)
    return Extract(("what-if",), rows, diagnostics=(*told, *_told(only_ids, place)))


def _state(change: dict[str, Any], place: Place, side: PlanSide) -> State | None:
    """The resource of a change on one side; None where there is none."""
    kind = str(change.get("changetype", "")).lower()
    before, after = _body(change, "before"), _body(change, "after")
    if side == "before":
        if kind in ("create", "unsupported") or (before is None and kind == "deploy"):
            return None
        chosen, is_planned = before, False
    else:
        if kind == "delete":
            return None
        chosen, is_planned = (
            (before, False) if kind in ("ignore", "nochange") and after is None else (after, kind in _PLANNED)
        )
    name = "before" if chosen is before else "after"
    if chosen is not None:
        return State({"id": _id_of(change), **chosen}, place / name, is_planned)
    return State({"id": _id_of(change)}, place, is_planned, is_untold=True)


def _body(change: dict[str, Any], name: str) -> dict[str, Any] | None:
    body = change.get(name)
    return body if isinstance(body, dict) and body else None


def _id_of(change: dict[str, Any]) -> str:
    told = change.get("resourceid") or change.get("fullyqualifiedresourceid")
    return told if isinstance(told, str) else ""


def _told(only_ids: int, place: Place) -> Iterator[Diagnostic]:
    if only_ids:
        have = "1 resource has" if only_ids == 1 else f"{only_ids} resources have"
        hold = "it holds" if only_ids == 1 else "they hold"
        text = f"{have} only an id in the what-if: nothing is known of what {hold}"
        hint = "repeat it with `--result-format FullResourcePayloads --no-pretty-print`"
        yield Diagnostic("warning", "template-what-if", text, place, (hint,))
