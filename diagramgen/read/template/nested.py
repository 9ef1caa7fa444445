"""A deployment inside a template: its template, written there or linked, its values and where it goes.

https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.located import Place
from diagramgen.read.template.claims import is_bare_template
from diagramgen.read.template.deployment import ABSENT, Deployment, Given
from diagramgen.read.template.expressions import TooMuch
from diagramgen.read.template.files import Linked, words_of
from diagramgen.read.template.frames import Frame
from diagramgen.read.template.instance import Instance
from diagramgen.read.template.parameter_files import entries_of
from diagramgen.read.template.run import DEEPEST_DEPLOYMENT
from diagramgen.read.template.targets import text_of
from diagramgen.read.template.values import Unknown, Value
from diagramgen.read.template.walk import evaluate_tree
from diagramgen.read.unknown import unknown


def open_nested(instance: Instance) -> Deployment | None:
    """The deployment that a resource of the type `Microsoft.Resources/deployments` makes; None where its template is
    not there, which is told.

    Raises:
        TooMuch: deployments are nested without end.
    """
    outer = instance.deployment
    if outer.depth >= DEEPEST_DEPLOYMENT:
        raise TooMuch(f"deployments are nested more than {DEEPEST_DEPLOYMENT} deep")
    properties = {name.lower(): (name, value) for name, value in _written(instance).items()}
    place = instance.place / "properties"
    linked = _template_of(instance, properties, place)
    if linked is None:
        return None
    given = _given(instance, properties, place)
    return Deployment(
        linked.template, linked.place, instance.target, given, outer.run, instance.name,
        parent=outer, around=_around(instance, properties), link=linked.uri, doubts=doubts_of(instance),
    )  # fmt: skip


def doubts_of(instance: Instance) -> tuple[str, ...]:
    """The conditions, not known, under which a resource is deployed: its own, and those of what it is nested in."""
    own = []
    if isinstance(instance.condition, Unknown):
        own.append(text_of(instance.condition))
    if isinstance(instance.turn, Unknown):
        own.append(text_of(instance.turn))
    return (*instance.deployment.doubts, *own)


def _written(instance: Instance) -> Mapping[str, Any]:
    """The properties as written: the template in them must not be evaluated here."""
    written = instance.raw.get("properties")
    if isinstance(written, str):
        written = evaluate_tree(
            written, instance.frame, instance.place / "properties", instance.deployment.run
        )
    return written if isinstance(written, dict) else {}


def _template_of(
    instance: Instance, properties: Mapping[str, tuple[str, Any]], place: Place
) -> Linked | None:
    run = instance.deployment.run
    if "template" in properties:
        name, template = properties["template"]
        if isinstance(template, str):
            template = evaluate_tree(template, instance.frame, place / name, run)
        if isinstance(template, dict) and (is_bare_template(template) or "resources" in template):
            return Linked(template, place / name, None)
        what = text_of(template) if isinstance(template, Unknown) else "its template"
        run.unresolved.append((what, place / name, "the template of a nested deployment is not known"))
        return None
    name, link = properties.get("templatelink", ("templateLink", None))
    told = evaluate_tree(link, instance.frame, place / name, run)
    if not isinstance(told, dict):
        run.unresolved.append((text_of(instance.name), place, "a deployment has no template"))
        return None
    return _linked_template(instance, told, link, place / name)


def _linked_template(instance: Instance, told: dict[str, Value], link: Any, place: Place) -> Linked | None:
    run = instance.deployment.run
    if told.get("id"):
        why = "a template spec is no file: export it with `az ts export`, and give its template"
        run.unresolved.append((text_of(told["id"]), place, why))
        return None
    relative, uri = told.get("relativePath"), told.get("uri")
    words = words_of(link, instance.frame.owner.template)
    found = run.files.linked_template(place.source, relative, uri, words)
    if found is None:
        what = _what(relative, uri, words)
        run.unresolved.append(
            (what, place, "give the linked template as a further input, or put it beside this one")
        )
    return found


def _what(relative: Value, uri: Value, words: list[str]) -> str:
    """What to call a link; what follows `?` in a URI may be a secret."""
    known = [text_of(told) for told in (relative, uri) if told and not isinstance(told, Unknown)]
    partly = [text_of(told) for told in (relative, uri) if told and ".json" in text_of(told)]
    return (next(iter((*known, *partly, *words)), "") or text_of(uri) or "a linked file").partition("?")[0]


def _around(instance: Instance, properties: Mapping[str, tuple[str, Any]]) -> Callable[[Frame], Frame] | None:
    """What evaluates a nested template before the deployment itself does: with outer scope the template around it, and
    within such a one everything that is written there; None where it stands in a file or a variable of its own."""
    if not isinstance(properties.get("template", ("", None))[1], dict):
        return None
    if not _has_inner_scope(instance, properties):
        return instance.frame.then
    return instance.frame.then_only if instance.frame.again is not None else None


def _has_inner_scope(instance: Instance, properties: Mapping[str, tuple[str, Any]]) -> bool:
    name, options = properties.get("expressionevaluationoptions", ("", None))
    place = instance.place / "properties" / name
    told = evaluate_tree(options, instance.frame, place, instance.deployment.run)
    return isinstance(told, dict) and str(told.get("scope", "")).lower() == "inner"


def _given(instance: Instance, properties: Mapping[str, tuple[str, Any]], place: Place) -> dict[str, Given]:
    """The values of the parameters, evaluated in the frame of the deployment when they are asked for."""
    name, listed = properties.get("parameters", ("parameters", None))
    frame, run = instance.frame, instance.deployment.run
    if isinstance(listed, str):
        listed = evaluate_tree(listed, frame, place / name, run)
        if isinstance(listed, Unknown):
            return _AllUnknown(listed)
    given: dict[str, Given] = _linked_values(instance, properties, place)
    if isinstance(listed, dict):
        for parameter, entry in listed.items():
            given[parameter.lower()] = _Entry(parameter, entry, frame, place / name / parameter, instance)
    return given


def _linked_values(
    instance: Instance, properties: Mapping[str, tuple[str, Any]], place: Place
) -> dict[str, Given]:
    """The values of a linked parameter file."""
    if "parameterslink" not in properties:
        return {}
    name, link = properties["parameterslink"]
    run = instance.deployment.run
    told = evaluate_tree(link, instance.frame, place / name, run)
    uri, relative = (told.get("uri"), told.get("relativePath")) if isinstance(told, dict) else (None, None)
    found = run.files.linked_parameters(
        place.source, relative, uri, words_of(link, instance.frame.owner.template)
    )
    if found is None:
        what = _what(relative, uri, [])
        run.unresolved.append((what, place / name, "give the linked parameter file beside the template"))
        return {}
    return {entry.name.lower(): entry.given() for entry in entries_of(*found)}


class _Entry:
    """The value of one parameter of a nested deployment."""

    def __init__(self, name: str, entry: Any, frame: Frame, place: Place, instance: Instance) -> None:
        self.name, self.entry, self.frame, self.place, self.instance = name, entry, frame, place, instance

    def __call__(self) -> Value:
        told = evaluate_tree(self.entry, self.frame, self.place, self.instance.deployment.run)
        if isinstance(told, Unknown):
            return Unknown(unknown(self.name), told.why)
        if not isinstance(told, dict):
            return ABSENT
        folded = {name.lower(): value for name, value in told.items()}
        if "reference" in folded and "value" not in folded:
            return Unknown(unknown(self.name), f"parameter `{self.name}` comes from a key vault")
        return folded.get("value", ABSENT)


class _AllUnknown(dict[str, Given]):
    """Values of which not even the names are known."""

    def __init__(self, why: Unknown) -> None:
        super().__init__()
        self.why = why

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Given:
        told = Unknown(unknown(name), self.why.why)
        return lambda: told
