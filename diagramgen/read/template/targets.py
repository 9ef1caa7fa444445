"""Where deployments go, and the ids that resources get there.

A template says neither its subscription nor its resource group; a nested deployment may say both. A segment of an id
that is not known stays one segment: `/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/...`.
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid
"""

from __future__ import annotations

import re

from diagramgen.read.template.expressions import Target
from diagramgen.read.template.values import Unknown, Value, joined
from diagramgen.read.unknown import RESOURCE_GROUP, SUBSCRIPTION

_MARK = re.compile(r"\{[^{}]*\}")
UNTOLD_PLACE = "a template does not say where it is deployed"

NO_SUBSCRIPTION = Unknown(SUBSCRIPTION, UNTOLD_PLACE, "name", "subscription")
_RESOURCE_GROUP = Unknown(RESOURCE_GROUP, UNTOLD_PLACE, "name", "resourceGroup")
_MANAGEMENT_GROUP = Unknown("{managementGroup}", UNTOLD_PLACE, "name", "managementGroup")
_NO_NAME = Unknown("{name}", "the name has fewer segments than the type", "name")

RESOURCE_GROUPS = "microsoft.resources/resourcegroups"
SUBSCRIPTIONS = "microsoft.resources/subscriptions"
_MANAGEMENT = "microsoft.management/managementgroups"


def target_of_schema(schema: str) -> Target:
    """Where a template goes, as its `$schema` says."""
    folded = schema.lower()
    if "subscriptiondeploymenttemplate" in folded:
        return Target(NO_SUBSCRIPTION)
    if "managementgroupdeploymenttemplate" in folded:
        return Target(management_group=_MANAGEMENT_GROUP)
    if "tenantdeploymenttemplate" in folded:
        return Target()
    return Target(NO_SUBSCRIPTION, _RESOURCE_GROUP)


def redirected(target: Target, scope: Value, subscription: Value, resource_group: Value) -> Target:
    """The target that a nested deployment or an existing resource names; what it leaves out stays as it is.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-to-resource-group
    """
    if _is_given(scope):
        return target_in(scope, target)
    if _is_given(resource_group):
        told = subscription if _is_given(subscription) else target.subscription
        return Target(told if told is not None else NO_SUBSCRIPTION, resource_group)
    if _is_given(subscription):
        return Target(subscription)
    return target


def target_in(scope: Value, target: Target) -> Target:
    """The target that the id of a scope names; a scope that is not known at all is somewhere else."""
    steps = path_segments(scope)
    words = [step.lower() if isinstance(step, str) else "" for step in steps]
    if not steps:
        return Target()
    if words[0] == "providers":
        steps, words = steps[1:], words[1:]
    if words[:2] == _MANAGEMENT.split("/") and len(steps) > 2:
        return Target(management_group=steps[2])
    if words[0] == "subscriptions" and len(steps) > 1:
        has_group = len(steps) > 3 and words[2] == "resourcegroups"
        return Target(steps[1], steps[3] if has_group else None)
    if len(steps) == 1 and isinstance(steps[0], Unknown):
        return target._replace(
            **{
                name: _elsewhere(steps[0], name)
                for name, told in target._asdict().items()
                if told is not None
            }
        )
    return target


def scope_id(target: Target) -> Value:
    """The id of what a deployment goes to; empty for the tenant."""
    if target.management_group is not None:
        return joined(["/providers/Microsoft.Management/managementGroups/", target.management_group])
    if target.subscription is None:
        return ""
    parts = ["/subscriptions/", target.subscription]
    if target.resource_group is not None:
        parts += ["/resourceGroups/", target.resource_group]
    return joined(parts)


def resource_id(kind: str, name: Value, target: Target, extended: Value = None) -> Value:
    """The id of a resource of this type and name (both whole, from the root) in a target; `extended` is the value of
    `scope`: the id of the resource that it extends, or where else it goes."""
    steps = zipped(kind, path_segments(name))
    folded = kind.lower()
    if folded == SUBSCRIPTIONS:
        return joined(steps[-2:])
    if folded == RESOURCE_GROUPS:
        if _is_given(extended):
            target = target_in(extended, target)
        return joined([scope_id(target._replace(resource_group=None)), *steps[-2:]])
    if folded.startswith(_MANAGEMENT) and not _is_given(extended):
        return joined(["/providers/", *steps])
    return joined([_base(target, extended), "/providers/", *steps])


def zipped(kind: str, names: list[Value]) -> list[Value]:
    """The type and the names as the end of an id.

    >>> "".join(zipped("A.B/c/d", ["x", "y"]))
    'A.B/c/x/d/y'
    """
    provider, *types = [step for step in kind.split("/") if step] or ["{type}"]
    if len(names) > len(types):
        names = names[len(names) - len(types) :]
    missing = len(types) - len(names)
    filled = [*([names[0]] if missing and names else []), *([_NO_NAME] * (missing - 1)), *names]
    filled += [_NO_NAME] * (len(types) - len(filled))
    steps: list[Value] = [provider]
    for one, name in zip(types, filled, strict=True):
        steps += [f"/{one}/", name]
    return steps


def path_segments(path: Value) -> list[Value]:
    """What stands between the slashes of a name or an id, without empty segments.

    >>> path_segments("/a//b/")
    ['a', 'b']
    """
    steps: list[list[Value]] = [[]]
    for piece in path.pieces or (path,) if isinstance(path, Unknown) else (path,):
        if isinstance(piece, str):
            first, *further = piece.split("/")
            steps[-1].append(first)
            steps += [[step] for step in further]
        elif isinstance(piece, Unknown):
            steps[-1].append(piece)
        elif piece is not None:
            steps[-1].append(str(piece))
    return [step for step in map(joined, steps) if step != ""]


def text_of(value: Value) -> str:
    """A value as text, what is not known in it as marks."""
    if isinstance(value, Unknown):
        return value.text
    return value if isinstance(value, str) else "" if value is None else str(value)


def id_text(value: Value) -> str:
    """An id as text; a slash within what is not known would look like one between segments.

    >>> id_text(Unknown("/a/{b/c}", ""))
    '/a/{b|c}'
    """
    return _MARK.sub(lambda found: found.group().replace("/", "|"), text_of(value))


def _base(target: Target, extended: Value) -> Value:
    """What stands before `/providers/`."""
    if not _is_given(extended):
        return scope_id(target)
    whole = extended.pieces[0] if isinstance(extended, Unknown) and extended.pieces else extended
    if isinstance(whole, str) and whole.startswith("/"):
        steps = path_segments(extended)
        return joined(part for step in steps for part in ("/", step))
    steps = path_segments(extended)
    if isinstance(whole, str) and whole.lower().startswith(_MANAGEMENT):
        return joined(["/providers", *(part for step in steps for part in ("/", step))])
    if isinstance(whole, str) and whole.lower().startswith("subscriptions/"):
        return joined(part for step in steps for part in ("/", step))
    if len(steps) == 1:
        return joined(["/", steps[0]])
    return joined([scope_id(target), "/providers", *(part for step in steps for part in ("/", step))])


def _elsewhere(scope: Unknown, name: str) -> Unknown:
    """A part of a scope that is not known at all, under that scope's own text."""
    text = text_of(scope).replace("}", f".{name}}}") if scope.text.count("}") == 1 else scope.text
    return Unknown(text, scope.why, "name", f"{name} in {scope.identity}")


def _is_given(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, str) and value != "")
