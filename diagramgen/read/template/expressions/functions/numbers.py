"""Functions of numbers: whole ones of 64 bits.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from diagramgen.read.template.expressions.functions.row import rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import undocumented
from diagramgen.read.template.values import Value

_WHOLE = re.compile(r"\s*[-+]?[0-9]{1,19}\s*")
_DECIMAL = re.compile(r"\s*[-+]?[0-9]{0,40}\.?[0-9]{1,40}(?:[eE][-+]?[0-9]{1,3})?\s*")


def add(left: int, right: int) -> int:
    """`add`: the sum."""
    return _within("add", left + right)


def sub(left: int, right: int) -> int:
    """`sub`: the difference."""
    return _within("sub", left - right)


def mul(left: int, right: int) -> int:
    """`mul`: the product."""
    return _within("mul", left * right)


def div(left: int, right: int) -> int:
    """`div`: the whole part of the quotient, cut towards 0.

    >>> div(8, 3), div(-8, 3)
    (2, -2)
    """
    quotient = abs(left) // abs(_divisor("div", right))
    return _within("div", quotient if (left < 0) == (right < 0) else -quotient)


def mod(left: int, right: int) -> int:
    """`mod`: what the division leaves, with the sign of the first number.

    >>> mod(7, 3), mod(-7, 3)
    (1, -1)
    """
    rest = abs(left) % abs(_divisor("mod", right))
    return -rest if left < 0 else rest


def int_(value: Value) -> Value:
    """`int`: the number that a text writes."""
    if isinstance(value, float):
        return undocumented("int", [value], "a decimal number", "int")
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value):
            raise TemplateProblem("`int` takes a whole number or its digits, and the text is none")
        value = int(value)
    return _within("int", value)


def float_(value: Value) -> Value:
    """`float`: the decimal number that a text writes."""
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise TemplateProblem("`float` takes a number or its digits, and the text is none")
    number = float(value)
    if not math.isfinite(number):
        raise TemplateProblem("`float` takes a number of 64 bits")
    return number


def min_(*values: Value) -> int:
    """`min`: the least of the numbers, or of those in a list."""
    return _extreme("min", min, values)


def max_(*values: Value) -> int:
    """`max`: the greatest of the numbers, or of those in a list."""
    return _extreme("max", max, values)


def _extreme(name: str, choose: Callable[[list[int]], int], values: tuple[Value, ...]) -> int:
    numbers = [number for value in values for number in (value if isinstance(value, list) else [value])]
    if not numbers or not all(type(number) is int for number in numbers):
        raise TemplateProblem(f"`{name}` takes whole numbers, or a list of at least one")
    return choose(numbers)


def _divisor(name: str, number: int) -> int:
    if number == 0:
        raise TemplateProblem(f"`{name}` divides by 0")
    return number


def _within(name: str, number: int) -> int:
    if not -(2**63) <= number < 2**63:
        raise TemplateProblem(f"`{name}` gives a number of more than 64 bits")
    return number


ROWS = rows(
    ("add", 2, 2, ("int",), "int", add),
    ("div", 2, 2, ("int",), "int", div),
    ("float", 1, 1, ("string|int|float",), "", float_),
    ("int", 1, 1, ("string|int|float",), "int", int_),
    ("max", 1, None, ("int|array",), "int", max_),
    ("min", 1, None, ("int|array",), "int", min_),
    ("mod", 2, 2, ("int",), "int", mod),
    ("mul", 2, 2, ("int",), "int", mul),
    ("sub", 2, 2, ("int",), "int", sub),
)
