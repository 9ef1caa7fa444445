"""A scope for tests of template expressions: parameters and variables from dictionaries, a target, canned answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagramgen.read.template.expressions import Budget, Target, TemplateProblem, evaluate
from diagramgen.read.template.values import Unknown, Value, joined, unknown_parameter

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
NO_SUBSCRIPTION = Unknown("{subscription}", "the input does not tell the subscription", "name")
NO_GROUP = Unknown("{resourceGroup}", "the input does not tell the resource group", "name")


class FakeScope:
    """What is not given is an unknown parameter or variable; variables may hold expressions."""

    def __init__(
        self,
        parameters: Mapping[str, Value] | None = None,
        variables: Mapping[str, Value] | None = None,
        target: Target = Target(SUBSCRIPTION, "rg-net"),  # noqa: B008
        budget: Budget | None = None,
    ) -> None:
        self.given = {name.lower(): value for name, value in (parameters or {}).items()}
        self.variables = {name.lower(): value for name, value in (variables or {}).items()}
        self.made: dict[str, Value] = {}
        self.where = target
        self.budget = budget or Budget()
        self.turns: dict[str | None, Value] = {None: 0}

    def parameter(self, name: str) -> Value:
        return self.given.setdefault(name.lower(), unknown_parameter(name))

    def variable(self, name: str) -> Value:
        key = name.lower()
        if key not in self.made:
            source = self.variables.get(key, Unknown("{" + name + "}", "no such variable"))
            self.made[key] = evaluate(source, self, self.budget)
        return self.made[key]

    def copy_index(self, loop: str | None) -> Value:
        if loop not in self.turns:
            raise TemplateProblem(f"there is no loop `{loop}`")
        return self.turns[loop]

    def reference(self, target: Value, arguments: Sequence[Value]) -> Value:
        return Unknown("{reference}", "`reference` is known only after the deployment")

    def references(self, target: Value, arguments: Sequence[Value]) -> Value:
        return Unknown("{references}", "`references` is known only after the deployment", "array")

    def target(self) -> Target:
        return self.where

    def resource_group(self) -> Value:
        subscription, group, _ = self.where
        return {
            "id": joined(["/subscriptions/", subscription, "/resourceGroups/", group]),
            "name": group,
            "location": Unknown("{location}", "the input does not tell where the resource group is", "name"),
            "type": "Microsoft.Resources/resourceGroups",
        }

    def subscription(self) -> Value:
        subscription = self.where.subscription
        return {"id": joined(["/subscriptions/", subscription]), "subscriptionId": subscription}

    def management_group(self) -> Value:
        return {"name": self.where.management_group}

    def tenant(self) -> Value:
        return {"tenantId": Unknown("{tenant}", "the input does not tell the tenant", "name")}

    def deployment(self) -> Value:
        return {"name": "main"}

    def environment(self) -> Value:
        return {"name": "AzureCloud"}

    def user_function(self, namespace: str, name: str, arguments: Sequence[Value]) -> Value:
        if (namespace, name) != ("contoso", "double"):
            raise TemplateProblem(f"the template has no function `{namespace}.{name}`")
        return evaluate(
            "[add(parameters('n'), parameters('n'))]", FakeScope({"n": arguments[0]}), self.budget
        )


def valued(expression: str, scope: FakeScope | None = None, **parameters: Value) -> Value:
    """The value of an expression without its brackets."""
    scope = scope or FakeScope(parameters)
    return evaluate(f"[{expression}]", scope, scope.budget)
