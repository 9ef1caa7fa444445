"""Functions that ask: the template around the expression, or Azure, which nobody can ask offline.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-scope
"""

from __future__ import annotations

from collections.abc import Callable

from diagramgen.read.template.expressions.functions.numbers import add
from diagramgen.read.template.expressions.functions.row import Evaluation, Function, rows
from diagramgen.read.template.expressions.problem import Stopped, TemplateProblem
from diagramgen.read.template.expressions.scope import Scope
from diagramgen.read.template.expressions.syntax import Literal, Node
from diagramgen.read.template.expressions.unknowns import NOT_KNOWN, derived, label, only_deployed
from diagramgen.read.template.values import Kind, Unknown, Value, first_unknown
from diagramgen.read.unknown import unknown


def parameters(evaluation: Evaluation, name: Value) -> Value:
    """`parameters`: the value of a parameter."""
    if isinstance(name, Unknown):
        return derived(evaluation.budget, "parameters", [name])
    return evaluation.scope.parameter(name)


def variables(evaluation: Evaluation, name: Value) -> Value:
    """`variables`: the value of a variable."""
    if isinstance(name, Unknown):
        return derived(evaluation.budget, "variables", [name])
    return evaluation.scope.variable(name)


def copy_index(evaluation: Evaluation, *arguments: Value) -> Value:
    """`copyIndex([loop], [offset])`: the turn of a copy loop, from 0 or an offset.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric#copyindex
    """
    loop = arguments[0] if arguments and isinstance(arguments[0], str) else None
    rest = arguments[0 if loop is None else 1 :]
    if len(rest) > 1 or any(isinstance(offset, str) for offset in rest):
        raise TemplateProblem("`copyIndex` takes the name of a loop, an offset, or both in this order")
    turn = evaluation.scope.copy_index(loop)
    offset = rest[0] if rest else 0
    if isinstance(turn, int) and isinstance(offset, int):
        return add(turn, offset)
    return turn if offset == 0 else derived(evaluation.budget, "copyIndex", [turn, offset], "int")


def reference(evaluation: Evaluation, target: Value, *arguments: Value) -> Value:
    """`reference`: the state of a resource."""
    return evaluation.scope.reference(target, arguments)


def resource_info(evaluation: Evaluation, target: Value) -> Value:
    """`resourceInfo`: the id, name and type of a resource, by its symbolic name.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource
    """
    return evaluation.scope.reference(target, ["", "Info"])


def references(evaluation: Evaluation, target: Value, *arguments: Value) -> Value:
    """`references`: the states of the resources of a copy loop."""
    return evaluation.scope.references(target, arguments)


def nameof(evaluation: Evaluation, node: Node) -> Value:
    """`nameof`: Bicep evaluates it before it writes a template, so that a text is all that can be there."""
    value = evaluation.value_of(node)
    return value if isinstance(value, str) and isinstance(node, Literal) else only_deployed("nameof", [])


def any_(evaluation: Evaluation, value: Value) -> Value:
    """`any`: the same value, without a type in Bicep."""
    return value


def fail(evaluation: Evaluation, node: Node) -> Value:
    """`fail`: stops the deployment.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-flow-control#fail
    """
    said = f": {node.value[:200]}" if isinstance(node, Literal) and isinstance(node.value, str) else ""
    raise Stopped(f"the template itself stops the deployment here{said}")


def list_function(name: str) -> Function:
    """The row for one of the functions `list...` of resource providers, such as `listKeys`."""

    def listed(evaluation: Evaluation, target: Value, *arguments: Value) -> Value:
        shown = target if isinstance(target, str) else label(target)
        text = unknown(f"{name}({shown.rstrip('/').rpartition('/')[2]})")
        return Unknown(text, f"`{name}`: {NOT_KNOWN}")

    return rows((name, 1, 4, ("any",), "", listed, "aware"))[0]


def _asked(ask: Callable[[Scope], Value]) -> Callable[[Evaluation], Value]:
    return lambda evaluation: ask(evaluation.scope)


def _live(name: str, least: int, most: int | None, kind: Kind) -> tuple[object, ...]:
    """The row of a function that only Azure can answer: the same call gives the same answer."""

    def answer(evaluation: Evaluation, *arguments: Value) -> Value:
        made = derived(evaluation.budget, name, arguments, kind)
        cause = first_unknown(list(arguments))
        why = cause.why if cause is not None else f"`{name}`: {NOT_KNOWN}"
        return Unknown(made.text, why, kind, made.identity)

    return (name, least, most, ("any",), kind, answer, "aware")


ROWS = rows(
    ("any", 1, 1, ("any",), "", any_, "aware", True),
    ("copyIndex", 0, 2, ("string|int", "int"), "int", copy_index, "aware"),
    ("deployment", 0, 0, (), "", _asked(lambda scope: scope.deployment()), "aware", True),
    ("environment", 0, 0, (), "", _asked(lambda scope: scope.environment()), "aware", True),
    ("fail", 1, 1, (), "", fail, "lazy"),
    ("managementGroup", 0, 0, (), "", _asked(lambda scope: scope.management_group()), "aware", True),
    ("nameof", 1, 1, (), "", nameof, "lazy"),
    ("parameters", 1, 1, ("string",), "", parameters, "aware", True),
    ("reference", 1, 3, ("any",), "", reference, "aware", True),
    ("references", 1, 3, ("any",), "", references, "aware", True),
    ("resourceGroup", 0, 0, (), "", _asked(lambda scope: scope.resource_group()), "aware", True),
    ("resourceInfo", 1, 1, ("any",), "object", resource_info, "aware", True),
    ("subscription", 0, 0, (), "", _asked(lambda scope: scope.subscription()), "aware", True),
    ("tenant", 0, 0, (), "", _asked(lambda scope: scope.tenant()), "aware", True),
    ("variables", 1, 1, ("string",), "", variables, "aware", True),
    _live("deployer", 0, 0, "object"),
    _live("externalInput", 1, 2, ""),
    _live("externalInputs", 1, 1, ""),
    _live("getSecret", 4, 5, "string"),
    _live("pickZones", 3, 5, "array"),
    _live("providers", 1, 2, "object"),
    _live("roleDefinitions", 1, 1, "object"),
    _live("target", 0, 1, ""),
    _live("toLogicalZone", 3, 3, "string"),
    _live("toLogicalZones", 3, 3, "array"),
    _live("toPhysicalZone", 3, 3, "string"),
    _live("toPhysicalZones", 3, 3, "array"),
)
