"""A JSON value with expressions in it -> the same value with every expression evaluated."""

from __future__ import annotations

from collections.abc import Callable

from diagramgen.read.documents import Json
from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.scope import Scope
from diagramgen.read.template.values import Value


def evaluate(
    value: Json, scope: Scope, budget: Budget, on_problem: Callable[[TemplateProblem], Value] | None = None
) -> Value:
    """The value with every expression in it evaluated, in keys too.

    With `on_problem`, an expression that cannot be evaluated becomes what it gives; without, it raises.

    Raises:
        TemplateProblem: an expression is wrong; or, always raised, `TooMuch`.
    """
    raise NotImplementedError
