"""What `reference()` gives: the state of a resource as far as the templates tell it, the outputs of a deployment.

A resource of the templates has the properties that they write, and others that only Azure knows: its
state is `Partial`.
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#reference
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diagramgen.read.template.instance import Instance
from diagramgen.read.template.resources import Resources
from diagramgen.read.template.targets import path_segments, text_of
from diagramgen.read.template.values import Partial, Unknown, Value, joined

_DEEPEST = 60


def state_of(resources: Resources, target: Value, arguments: Sequence[Value]) -> Value:
    """The state of the resource that `target` means; of one that no template tells, only its name."""
    found = resources.find(target)
    if found is None:
        what = _short(text_of(path_segments(target)[-1])) if path_segments(target) else "reference"
        return Partial({}, what, f"`{what}` is not in the template")
    return _state(found, arguments)


def states_of(resources: Resources, target: Value, arguments: Sequence[Value]) -> Value:
    """The states of all turns of a loop."""
    found = resources.named(text_of(target))
    open_ended = next((one.turn for one in found if isinstance(one.turn, Unknown)), None)
    if not found or open_ended is not None:
        what = _short(text_of(target))
        return Unknown(
            "{" + what + "}", open_ended.why if open_ended else f"`{what}` is not in the template", "array"
        )
    return [_state(one, ["", *arguments[-1:]]) for one in found]


def _state(instance: Instance, arguments: Sequence[Value]) -> Value:
    what = _name_of(instance)
    asked = arguments[1].lower() if len(arguments) > 1 and isinstance(arguments[1], str) else ""
    if asked == "info":
        return Partial(_identity(instance), what, _why(what))
    properties = _properties(instance, what)
    if asked != "full":
        return properties
    body = {} if instance.is_existing else instance.body()
    known = {name: _opened(value, f"{what}.{name}") for name, value in body.items()}
    return Partial({**known, **_identity(instance), "properties": properties}, what, _why(what))


def _identity(instance: Instance) -> dict[str, Value]:
    """What names a resource, whatever its state is.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceinfo
    """
    known = {
        "id": instance.id,
        "resourceId": instance.id,
        "name": instance.name,
        "type": instance.kind,
        "apiVersion": instance.raw.get("apiVersion", ""),
        "subscriptionId": instance.target.subscription,
        "resourceGroupName": instance.target.resource_group,
    }
    return {name: value for name, value in known.items() if value is not None}


def _properties(instance: Instance, what: str) -> Value:
    if instance.condition is False:
        return Partial({}, what, f"`{what}` is not deployed")
    if instance.is_deployment and not instance.is_existing:
        inner = instance.inner
        why = f"the template of `{what}` is not there"
        if inner is not None and inner.is_telling:
            inner, why = None, f"an output of `{what}` refers to itself"
        outputs: Value = Partial({}, f"{what}.outputs", why) if inner is None else inner.outputs()
        return Partial({"outputs": outputs, "provisioningState": "Succeeded"}, what, _why(what))
    if instance.is_existing:
        return Partial({}, what, f"`{what}` exists already: the template does not tell its state")
    if instance.in_progress():
        return Partial({}, what, f"`{what}` refers to itself")
    told = instance.body().get("properties")
    if isinstance(told, dict):
        return _opened(_with_ids(told, instance.id), what, text_of(instance.id))
    return told if isinstance(told, Unknown) else Partial({}, what, _why(what), of=text_of(instance.id))


def _with_ids(properties: Mapping[str, Any], above: Value) -> dict[str, Any]:
    """The properties with the ids that Azure gives to the parts of a resource: its subnets, its IP configurations."""
    found = {}
    for name, value in properties.items():
        if isinstance(value, list):
            value = [_with_id(part, name, above) for part in value]
        found[name] = value
    return found


def _with_id(part: Value, collection: str, above: Value) -> Value:
    if not isinstance(part, dict) or "id" in part or not isinstance(part.get("name"), (str, Unknown)):
        return part
    return {**part, "id": joined([above, f"/{collection}/", part["name"]])}


def _opened(value: Value, what: str, of: str = "", depth: int = 0) -> Value:
    """The value with every object in it open for what only Azure knows; `of` is the id of the resource."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, Partial):
        return value
    if isinstance(value, dict):
        told = {
            name: inner for name, inner in value.items() if inner is not None
        }  # Azure chooses what is null
        known = {name: _opened(inner, f"{what}.{name}", of, depth + 1) for name, inner in told.items()}
        return Partial(known, what, _why(what.partition(".")[0]), of=of)
    if isinstance(value, list):
        return [_opened(inner, f"{what}[{n}]", of, depth + 1) for n, inner in enumerate(value)]
    return value


def _why(what: str) -> str:
    return f"Azure gives it to `{what}` at deployment"


def _name_of(instance: Instance) -> str:
    """The last segment of the name; a symbolic name is not used, so that it makes no difference to have one."""
    steps = path_segments(instance.name)
    return _short(text_of(steps[-1]) if steps else "resource")


def _short(text: str) -> str:
    """A name for what a value belongs to, without the marks of what is not known in it."""
    return text.replace("{", "").replace("}", "")
