"""A JSON value with expressions in it -> the same value with every expression evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagramgen.located import NOTHING
from diagramgen.read.documents import Json
from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.functions import function_named
from diagramgen.read.template.expressions.functions.access import element
from diagramgen.read.template.expressions.functions.row import Function, check_count, check_kinds
from diagramgen.read.template.expressions.problem import TemplateProblem, TooMuch
from diagramgen.read.template.expressions.scope import Scope
from diagramgen.read.template.expressions.shown import shown
from diagramgen.read.template.expressions.syntax import (
    Access,
    Call,
    Literal,
    Node,
    is_expression,
    parse,
    unescaped,
)
from diagramgen.read.template.expressions.unknowns import derived
from diagramgen.read.template.values import Unknown, Value, contains_unknown, plain

OnProblem = Callable[[TemplateProblem], Value]


def evaluate(value: Json, scope: Scope, budget: Budget, on_problem: OnProblem | None = None) -> Value:
    """The value with every expression in it evaluated, in keys too.

    With `on_problem`, an expression that cannot be evaluated becomes what it gives; without, it raises.

    Raises:
        TemplateProblem: an expression is wrong; or, always raised, `TooMuch`.
    """
    return _Walk(scope, budget, on_problem).value_of(value)


class _Walk:
    """A walk over a JSON value, which stays as it is; what needs no change is shared."""

    def __init__(self, scope: Scope, budget: Budget, on_problem: OnProblem | None) -> None:
        self.evaluation = Evaluation(scope, budget, NOTHING)
        self.budget = budget
        self.on_problem = on_problem

    def value_of(self, value: Json) -> Value:
        if type(value) is str:
            return self.text(value) if value[:1] == "[" else value
        if type(value) is not dict and type(value) is not list:
            return value
        self.budget.enter()
        try:
            if isinstance(value, dict):
                return {self.key(key): self.value_of(inner) for key, inner in value.items()}
            return [self.value_of(inner) for inner in value]
        finally:
            self.budget.depth -= 1

    def text(self, text: str) -> Value:
        if not is_expression(text):
            return unescaped(text)
        try:
            return self.expression(text)
        except TooMuch as problem:
            problem.expression = problem.expression or shown(text)
            raise
        except TemplateProblem as problem:
            problem.expression = problem.expression or shown(text)
            if self.on_problem is None:
                raise
            return self.on_problem(problem)

    def expression(self, text: str) -> Value:
        try:
            value = self.evaluation.value_of(parse(text))
        except RecursionError:
            raise TooMuch("the template nests too deep: does a variable need itself?") from None
        if isinstance(value, dict | list):
            self.budget.made(value)
        return value

    def key(self, key: str) -> str:
        if key[:1] != "[":
            return key
        made = plain(self.text(key))
        return made if isinstance(made, str) else str(made)


class Evaluation:
    """Evaluates the nodes of expressions; `variables` are those of the lambdas around a node."""

    __slots__ = ("budget", "scope", "variables")

    def __init__(self, scope: Scope, budget: Budget, variables: Mapping[str, Value]) -> None:
        self.scope = scope
        self.budget = budget
        self.variables = variables

    def value_of(self, node: Node) -> Value:
        """The value of a node of an expression."""
        if type(node) is Literal:
            return node.value
        budget = self.budget
        budget.enter()
        try:
            if type(node) is Access:
                return element(self, self.value_of(node.base), self.value_of(node.at))
            assert type(node) is Call
            return self.called(node)
        finally:
            budget.depth -= 1

    def called(self, call: Call) -> Value:
        if call.namespace and call.namespace.lower() != "sys":
            return self.scope.user_function(
                call.namespace, call.name, list(map(self.value_of, call.arguments))
            )
        function = function_named(call.name)
        if function is None:
            return self.special(call)
        check_count(function, len(call.arguments))
        made = self.result(function, call)
        if not function.passes:
            self.budget.made(made)
        return made

    def special(self, call: Call) -> Value:
        """What is in no table: the parts of lambdas, and functions that are not known here."""
        if call.key == "lambdavariables":
            return self.lambda_variable(call)
        if call.key == "lambda":
            raise TemplateProblem("a lambda stands where no function takes one")
        made = derived(self.budget, call.name, list(map(self.value_of, call.arguments)))
        return Unknown(made.text, f"`{call.name}` is no function that is known here")

    def result(self, function: Function, call: Call) -> Value:
        if function.form == "lazy":
            return function.implementation(self, *call.arguments)
        arguments = self.arguments(function, call)
        check_kinds(function, arguments)
        if function.form == "aware":
            return function.implementation(self, *arguments)
        if any(map(self.is_open, arguments)):
            return derived(self.budget, function.name, arguments, function.gives)
        return function.implementation(*arguments)

    def arguments(self, function: Function, call: Call) -> list[Value]:
        if "lambda" not in function.takes:
            return list(map(self.value_of, call.arguments))
        return [
            Closure(self, node) if type(node) is Call and node.key == "lambda" else self.value_of(node)
            for node in call.arguments
        ]

    def is_open(self, argument: Value) -> bool:
        """Whether something in an argument is not known."""
        if isinstance(argument, dict | list):
            self.budget.spend(len(argument) // 8)
            return contains_unknown(argument)
        return isinstance(argument, Unknown)

    def lambda_variable(self, call: Call) -> Value:
        name = self.value_of(call.arguments[0]) if len(call.arguments) == 1 else None
        if not isinstance(name, str) or name.lower() not in self.variables:
            raise TemplateProblem("`lambdaVariables` takes the name of a variable of a lambda around it")
        return self.variables[name.lower()]


class Closure:
    """A lambda with the variables around it."""

    __slots__ = ("body", "evaluation", "names")

    def __init__(self, evaluation: Evaluation, call: Call) -> None:
        *names, self.body = call.arguments or (Literal(0),)
        if not all(type(name) is Literal and type(name.value) is str for name in names) or not call.arguments:
            raise TemplateProblem("`lambda` takes names of variables in quotes, and an expression")
        self.names = [str(name.value).lower() for name in names if type(name) is Literal]
        self.evaluation = evaluation

    @property
    def arity(self) -> int:
        """How many values it takes."""
        return len(self.names)

    def __call__(self, *values: Value) -> Value:
        """The value of its body; values beyond its arity are left out."""
        if len(self.names) > len(values):
            raise TemplateProblem(
                f"a lambda with {len(self.names)} variables stands where it gets {len(values)} values"
            )
        outer = self.evaluation
        variables = {**outer.variables, **dict(zip(self.names, values, strict=False))}
        return Evaluation(outer.scope, outer.budget, variables).value_of(self.body)
