"""Functions that make resource ids: a type and names, zipped.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, undocumented
from diagramgen.read.template.values import Unknown, Value, joined

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GROUP_TYPE = "microsoft.resources/resourcegroups"


def resource_id(evaluation: Evaluation, *arguments: Value) -> Value:
    """`resourceId([subscription], [resource group], type, name, ...)`: at the scope of the deployment by default."""
    target = evaluation.scope.target()
    before, kind, names = _split("resourceId", arguments, 2)
    if kind is None:
        return derived(evaluation.budget, "resourceId", arguments, "string")
    subscription, group = target.subscription, target.resource_group
    if len(before) == 2:
        subscription, group = before
    elif before and isinstance(before[0], str) and _GUID.fullmatch(before[0]):
        if group is not None:
            return undocumented("resourceId", arguments, "a subscription and no resource group", "string")
        subscription = before[0]
    elif before:
        group = before[0]
    if subscription is None:
        return joined(_path([], kind, names))
    if kind.lower() == _GROUP_TYPE:
        if group is not None:
            return undocumented("resourceId", arguments, "a resource group in a resource group", "string")
        return _group_id(subscription, names)
    if group is None:
        return joined(_path(["/subscriptions/", subscription], kind, names))
    return joined(_path(["/subscriptions/", subscription, "/resourceGroups/", group], kind, names))


def subscription_resource_id(evaluation: Evaluation, *arguments: Value) -> Value:
    """`subscriptionResourceId([subscription], type, name, ...)`: of what belongs to a subscription."""
    before, kind, names = _split("subscriptionResourceId", arguments, 1)
    if kind is None:
        return derived(evaluation.budget, "subscriptionResourceId", arguments, "string")
    subscription = before[0] if before else evaluation.scope.target().subscription
    if subscription is None:
        raise TemplateProblem(
            "`subscriptionResourceId` needs a subscription, and the deployment is above all"
        )
    if kind.lower() == _GROUP_TYPE:
        return _group_id(subscription, names)
    return joined(_path(["/subscriptions/", subscription], kind, names))


def management_group_resource_id(evaluation: Evaluation, *arguments: Value) -> Value:
    """`managementGroupResourceId([management group], type, name, ...)`: of what belongs to a management group."""
    before, kind, names = _split("managementGroupResourceId", arguments, 1)
    group = before[0] if before else evaluation.scope.target().management_group
    if kind is None or group is None:
        return derived(evaluation.budget, "managementGroupResourceId", arguments, "string")
    return joined(_path(["/providers/Microsoft.Management/managementGroups/", group], kind, names))


def tenant_resource_id(evaluation: Evaluation, *arguments: Value) -> Value:
    """`tenantResourceId(type, name, ...)`: of what belongs to the tenant."""
    _, kind, names = _split("tenantResourceId", arguments, 0)
    if kind is None:
        return derived(evaluation.budget, "tenantResourceId", arguments, "string")
    if kind.lower() == "microsoft.resources/subscriptions":
        return joined(["/subscriptions/", names[0]])
    return joined(_path([], kind, names))


def extension_resource_id(evaluation: Evaluation, base: Value, *arguments: Value) -> Value:
    """`extensionResourceId(id, type, name, ...)`: of what extends the resource with an id."""
    _, kind, names = _split("extensionResourceId", arguments, 0)
    if kind is None:
        return derived(evaluation.budget, "extensionResourceId", [base, *arguments], "string")
    return joined(_path([base], kind, names))


def _split(
    name: str, arguments: Sequence[Value], most_before: int
) -> tuple[Sequence[Value], str | None, Sequence[Value]]:
    """What stands before the type, the type (None where it is not known), and as many names as it has segments.

    The type is the argument with a slash. What stands before it and is not known is a subscription or a group.
    """
    candidates = [
        at for at, kind in enumerate(arguments[: most_before + 1]) if isinstance(kind, str) and "/" in kind
    ]
    if not candidates:
        if any(isinstance(argument, Unknown) for argument in arguments[: most_before + 1]):
            return (), None, ()
        raise TemplateProblem(
            f"`{name}` takes a type like `Microsoft.Network/virtualNetworks`, and there is none"
        )
    at = next((at for at in candidates if "." in arguments[at].partition("/")[0]), candidates[0])
    kind, names = arguments[at].strip("/"), arguments[at + 1 :]
    if kind.count("/") != len(names):
        raise TemplateProblem(
            f"`{name}` takes a name for each segment of the type `{kind[:80]}` behind its provider: "
            f"{kind.count('/')}, not {len(names)}"
        )
    return arguments[:at], kind, names


def _path(scope: list[Value], kind: str, names: Sequence[Value]) -> list[Value]:
    provider, *steps = kind.split("/")
    return [
        *scope,
        f"/providers/{provider}",
        *chain.from_iterable((f"/{step}/", name) for step, name in zip(steps, names, strict=True)),
    ]


def _group_id(subscription: Value, names: Sequence[Value]) -> Value:
    """The id of a resource group, which has no provider in it."""
    return joined(["/subscriptions/", subscription, "/resourceGroups/", names[0]])


ROWS = rows(
    ("extensionResourceId", 3, None, ("string",), "string", extension_resource_id, "aware"),
    ("managementGroupResourceId", 2, None, ("string",), "string", management_group_resource_id, "aware"),
    ("resourceId", 2, None, ("string",), "string", resource_id, "aware"),
    ("subscriptionResourceId", 2, None, ("string",), "string", subscription_resource_id, "aware"),
    ("tenantResourceId", 2, None, ("string",), "string", tenant_resource_id, "aware"),
)
