"""Template expressions: `[concat(parameters('name'), '-vnet')]` -> the value, or an `Unknown` that says why not.

`evaluate` walks a whole JSON value and evaluates every string in it that is an expression. What lies outside the
expression it asks of a `Scope`; what a template may cost is bounded by a `Budget`.
"""

from __future__ import annotations

from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.evaluator import evaluate
from diagramgen.read.template.expressions.problem import TemplateProblem, TooMuch
from diagramgen.read.template.expressions.scope import Scope, Target

__all__ = ["Budget", "Scope", "Target", "TemplateProblem", "TooMuch", "evaluate"]
