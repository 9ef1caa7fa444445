"""A deployment -> rows: every resource that it and all that is nested in it deploys, in the shape of the REST API.

What nobody knows is a mark (`{location}`). A resource under a condition that is not known is kept and says so beside
its properties (`isConditional`, `condition`), and so do the children that it carries. Deployments are expanded and
are no rows themselves, nor are resources that exist already: only references to them are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from diagramgen.located import Place
from diagramgen.model.kinds import KINDS
from diagramgen.read.children import CHILDREN
from diagramgen.read.extract import Row
from diagramgen.read.record import UNTOLD
from diagramgen.read.template.deployment import Deployment, Given
from diagramgen.read.template.files import Files
from diagramgen.read.template.instance import Instance
from diagramgen.read.template.nested import doubts_of, open_nested
from diagramgen.read.template.next_hops import lead_routes
from diagramgen.read.template.order import Trail, in_order
from diagramgen.read.template.run import Run
from diagramgen.read.template.targets import (
    RESOURCE_GROUPS,
    UNTOLD_PLACE,
    id_text,
    path_segments,
    target_of_schema,
)
from diagramgen.read.template.values import Unknown, Value
from diagramgen.read.unknown import SUBSCRIPTION

PLANNED = "isPlanned"
CONDITIONAL = "isConditional"

_DEEPEST_CALLS = 6000
"""Calls of functions within each other, of which one step from module to module takes some forty."""

_NAME = Unknown("{deployment}", "it is known when the template is deployed", "name", "deployment")


@dataclass(slots=True)
class Expansion:
    """The rows of a template, and how many resources came to nothing, by why. `trails` lead to its resources (see
    `Run.follow`)."""

    rows: list[Row] = field(default_factory=list)
    deployments: int = 0
    not_deployed: int = 0
    existing: int = 0
    foreign: int = 0
    replaced: int = 0
    conditional: list[tuple[str, str, Place]] = field(default_factory=list)
    untold: list[tuple[str, Place]] = field(default_factory=list)
    trails: dict[str, Trail] = field(default_factory=dict)


def expansion_of(
    template: Mapping[str, Any], place: Place, given: Mapping[str, Given], files: Files
) -> tuple[Expansion, Run]:
    """The expansion of a template; the second one where the first met references to what another nested template
    deploys: only then is known what has which id.

    Raises:
        TooMuch: the template is built to explode.
    """
    schema = template.get("$schema")
    target = target_of_schema(schema if isinstance(schema, str) else "")
    trails: dict[str, tuple[int, ...]] = {}
    while True:
        run = Run(files, open_nested, trails=trails)
        run.root = Deployment(template, place, target, given, run, _NAME)
        with _deep_recursion():
            expansion = expand(run.root, run)
        if trails or not run.missed & expansion.trails.keys():
            return expansion, run
        trails = expansion.trails


def expand(deployment: Deployment, run: Run) -> Expansion:
    """Everything that a deployment deploys.

    Raises:
        TooMuch: the template is built to explode.
    """
    expansion = Expansion()
    found: list[tuple[Trail, Row]] = []
    _gather(deployment, run, expansion, (), found)
    expansion.rows = in_order(deployment, found)
    expansion.replaced = len(found) - len(expansion.rows)
    if any(_is_in_unknown_subscription(row) for row in expansion.rows):
        expansion.rows.append(_subscription(deployment.place))
    return expansion


def _gather(
    deployment: Deployment, run: Run, expansion: Expansion, above: Trail, found: list[tuple[Trail, Row]]
) -> None:
    for position, instance in enumerate(deployment.resources):
        trail = (*above, position)
        if instance.is_foreign:
            expansion.foreign += 1
        elif instance.is_existing:
            expansion.existing += 1
        elif instance.condition is False:
            expansion.not_deployed += 1
        elif instance.is_deployment:
            if instance.inner is not None:
                expansion.deployments += 1
                expansion.trails.setdefault(instance.key, trail)
                _gather(instance.inner, run, expansion, trail, found)
        else:
            expansion.trails.setdefault(instance.key, trail)
            found.append((trail, _row(instance, run, expansion)))


def _is_in_unknown_subscription(row: Row) -> bool:
    in_it = row.resource["id"].startswith(f"/subscriptions/{SUBSCRIPTION}/")
    return in_it and row.resource["type"].lower() in KINDS


def _subscription(place: Place) -> Row:
    """The subscription of the deployment, whose id nobody knows: the input tells of it as of what it deploys."""
    told = {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "name": SUBSCRIPTION,
        "type": "Microsoft.Resources/subscriptions",
        "properties": {},
        PLANNED: True,
    }
    return Row(told, place)


def _row(instance: Instance, run: Run, expansion: Expansion) -> Row:
    body = instance.body()
    names = path_segments(instance.name)
    resource: dict[str, Any] = {
        "id": id_text(as_json(instance.id, run)),
        "name": as_json(names[-1], run) if names else "",
        "type": _type_of(instance),
        **{name: as_json(value, run) for name, value in body.items() if name != "properties"},
        PLANNED: True,
    }
    properties = body.get("properties")
    resource["properties"] = as_json(properties, run) if isinstance(properties, dict) else {}
    lead_routes(instance.kind, properties, resource["properties"])
    if isinstance(properties, Unknown):
        resource[UNTOLD] = True
        expansion.untold.append((resource["name"], instance.place))
    doubts = doubts_of(instance)
    if doubts:
        expansion.conditional.append((resource["name"], doubts[-1], instance.place))
    mark(resource, doubts)
    return Row(resource, instance.place)


def _type_of(instance: Instance) -> str:
    if instance.kind.lower() == RESOURCE_GROUPS:
        return "Microsoft.Resources/subscriptions/resourceGroups"
    return instance.kind


def mark(resource: dict[str, Any], doubts: tuple[str, ...]) -> None:
    """Says of a resource, and of the children that it carries, that they are planned, and under which conditions."""
    for each in _with_children(resource, resource["type"].lower()):
        each[PLANNED] = True
        if doubts:
            each[CONDITIONAL] = True
            each["condition"] = " and ".join(dict.fromkeys(doubts))


def _with_children(resource: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    yield resource
    properties = resource.get("properties")
    for collection, segment in CHILDREN.get(kind, ()):
        listed = properties.get(collection) if isinstance(properties, dict) else None
        for child in listed if isinstance(listed, list) else ():
            if isinstance(child, dict) and child.keys() - {"id"}:
                yield from _with_children(child, f"{kind}/{segment}".lower())


def as_json(value: Value, run: Run) -> Any:
    """A value as JSON, what is not known in it as marks; why it is not known is counted."""
    if isinstance(value, Unknown):
        if value.why != UNTOLD_PLACE:
            run.reasons[value.why] += 1
        return id_text(value) if value.text.startswith("/") else value.text
    if isinstance(value, dict):
        return {name: as_json(inner, run) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner, run) for inner in value]
    return value


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Room on the stack for a template in which each of 50 modules takes a value from the one before."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, _DEEPEST_CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
