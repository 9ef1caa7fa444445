"""Bounds on what one template may cost, so that one built to explode ends in words at once.

Azure has bounds of its own: 4 MB, 256 parameters, 800 copies
(https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices). Ours are above what templates
within them make.
"""

from __future__ import annotations

from diagramgen.read.template.expressions.problem import TooMuch
from diagramgen.read.template.values import Partial, Unknown, Value

MOST_STEPS = 1_000_000
"""Functions called, properties taken and elements looked at."""

MOST_VALUES = 2_000_000
"""Values made: each one, and each 50 characters of a text."""

DEEPEST = 150
"""Levels of objects, expressions and variables inside each other; Python's own limit is 1000 calls, some 5 a level."""

DEEPEST_VALUE = 100
"""Levels of lists and objects inside each other; real values have 20."""

CHARACTERS_A_VALUE = 50


class Budget:
    """What evaluating a whole template may still cost: one for a template and all that is nested in it."""

    __slots__ = ("depth", "most_steps", "most_values", "steps", "values")

    def __init__(self, steps: int = MOST_STEPS, values: int = MOST_VALUES) -> None:
        self.most_steps = self.steps = steps
        self.most_values = self.values = values
        self.depth = 0

    def spend(self, steps: int = 1) -> None:
        """Counts steps.

        Raises:
            TooMuch: there are more than any real template needs.
        """
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch(f"the template needs more than {self.most_steps:,} steps: is it built to explode?")

    def enter(self) -> None:
        """Counts a step that goes one level deeper; `self.depth -= 1` leaves it.

        Raises:
            TooMuch: there are more, or it is deeper, than in any real template.
        """
        self.steps -= 1
        if self.steps < 0:
            self.spend(0)
        if self.depth >= DEEPEST:
            raise TooMuch(
                f"the template nests deeper than {DEEPEST} levels of objects, expressions and variables: "
                "does a variable need itself?"
            )
        self.depth += 1

    def made(self, value: Value) -> None:
        """Counts a value that was made, with all values in it, as often as they occur.

        Raises:
            TooMuch: more was made than any real template makes.
        """
        kind = type(value)
        if kind is str:
            self._take(1 + len(value) // CHARACTERS_A_VALUE)
        elif kind is dict or kind is list or kind is Partial:
            self._made_all(value)
        elif kind is Unknown:
            self._take(1 + len(value.text) // CHARACTERS_A_VALUE + len(value.pieces))

    def room_for(self, characters: int) -> None:
        """Makes sure, before a text is made, that there is room for it.

        Raises:
            TooMuch: there is none.
        """
        if characters // CHARACTERS_A_VALUE > self.values:
            self._take(characters // CHARACTERS_A_VALUE)

    def _made_all(self, value: Value) -> None:
        level, values, depth = [value], self.values, 0
        while level and values >= 0:
            depth += 1
            below: list[Value] = []
            values -= len(level)
            for inner in level:
                kind = type(inner)
                if kind is str:
                    values -= len(inner) // CHARACTERS_A_VALUE
                elif kind is dict or kind is Partial:
                    below.extend(inner.values())
                elif kind is list:
                    below.extend(inner)
                elif kind is Unknown:
                    values -= len(inner.text) // CHARACTERS_A_VALUE
            level = below
            if depth > DEEPEST_VALUE:
                raise TooMuch(f"the template makes a value that nests deeper than {DEEPEST_VALUE} levels")
        self.values = values
        self._take(0)

    def _take(self, values: int) -> None:
        self.values -= values
        if self.values < 0:
            raise TooMuch(
                f"the template makes more than {self.most_values:,} values: is it built to explode?"
            )
