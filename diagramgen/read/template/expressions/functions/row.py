"""What a row of the table of functions says, and the checks that a row makes possible for all functions alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.scope import Scope
from diagramgen.read.template.expressions.syntax import Node
from diagramgen.read.template.expressions.unknowns import kind_of
from diagramgen.read.template.values import Kind, Value


class Evaluation(Protocol):
    """What a function sees of the evaluation that calls it."""

    @property
    def scope(self) -> Scope:
        """The template around the expression."""

    @property
    def budget(self) -> Budget:
        """What the template may still cost."""

    def value_of(self, node: Node) -> Value:
        """The value of an argument that is not yet evaluated."""


class Lambda(Protocol):
    """A function that is an argument of another: `lambda('x', add(lambdaVariables('x'), 1))`."""

    @property
    def arity(self) -> int:
        """How many values it takes."""

    def __call__(self, *values: Value) -> Value:
        """The value of its body; values beyond its arity are left out."""


class Function(NamedTuple):
    """A function of template expressions.

    `most` is None where it takes any number of arguments. `takes` has the kinds of each argument, "|" between them;
    the last goes for all further ones. `gives` is of which kind the result is for sure, "" if it depends.

    `implementation` depends on how it deals with what is not known:
    "plain" takes the arguments alone, and is called only when all is known, at every depth;
    "aware" takes the evaluation as well, and arguments of which any may be or hold `Unknown`;
    "lazy" takes the evaluation and the arguments as nodes, and evaluates those that it needs.
    """

    name: str
    least: int
    most: int | None
    takes: tuple[str, ...]
    gives: Kind
    implementation: Callable[..., Value]
    form: Literal["plain", "aware", "lazy"] = "plain"
    passes: bool = False
    """Whether it gives one of its arguments or what is in them: then nothing new is made."""
    kinds: tuple[frozenset[str], ...] = ()
    """`takes` for looking up; filled in by `rows`."""


_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ARTICLES = {
    "null": "null",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a decimal number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
    "lambda": "a lambda",
    "unknown": "what is not known",
    "any": "a value",
}


def check_count(function: Function, count: int) -> None:
    """Makes sure that a function gets as many arguments as it takes.

    Raises:
        TemplateProblem: it gets more or less.
    """
    least, most = function.least, function.most
    if count < least or (most is not None and count > most):
        if most is None:
            takes = f"at least {least}"
        else:
            takes = str(least) if least == most else f"{least} to {most}"
        raise TemplateProblem(f"`{function.name}` takes {takes} arguments, not {count}")


def check_kinds(function: Function, arguments: Sequence[Value]) -> None:
    """Makes sure that all arguments that are known are of a kind that the function takes.

    Raises:
        TemplateProblem: one is not.
    """
    kinds = function.kinds
    last = len(kinds) - 1
    for index, argument in enumerate(arguments):
        place = min(index, last)
        kind = kind_of(argument)
        if kind not in kinds[place]:
            raise wrong_kind(function.name, index, function.takes[place], kind)


def wrong_kind(name: str, index: int, wanted: str, kind: str) -> TemplateProblem:
    """The problem of an argument that is of the wrong kind; `index` counts from 0."""
    takes = " or ".join(_ARTICLES[one] for one in wanted.split("|"))
    ordinal = f"its {_ORDINALS[index]} argument" if index < len(_ORDINALS) else f"argument {index + 1}"
    return TemplateProblem(f"`{name}` takes {takes} as {ordinal}, not {_ARTICLES[kind]}")


def rows(*functions: tuple[Any, ...]) -> tuple[Function, ...]:
    """Rows of the table from what is written in one."""
    written = (Function(*function) for function in functions)
    return tuple(row._replace(kinds=tuple(map(_kinds, row.takes))) for row in written)


def _kinds(takes: str) -> frozenset[str]:
    if takes == "lambda":
        return frozenset({takes})
    return frozenset(_ARTICLES) - {"lambda"} if takes == "any" else frozenset({*takes.split("|"), "unknown"})
