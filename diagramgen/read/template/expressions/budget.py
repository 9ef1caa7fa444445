"""Bounds on what one template may cost, so that one built to explode ends in words at once.

Azure has bounds of its own: 4 MB, 256 parameters, 800 copies
(https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices). Ours are above what a template
within them makes.
"""

from __future__ import annotations

from diagramgen.read.template.expressions.problem import TooMuch
from diagramgen.read.template.values import Value

MOST_STEPS = 1_500_000
MOST_VALUES = 1_500_000
DEEPEST = 120


class Budget:
    """What evaluating a whole template may still cost: one for a template and all that is nested in it."""

    __slots__ = ("depth", "steps", "values")

    def __init__(self, steps: int = MOST_STEPS, values: int = MOST_VALUES) -> None:
        self.steps = steps
        self.values = values
        self.depth = 0

    def made(self, value: Value) -> None:
        """Counts a value that was made: one for each value in it, and one for each 50 characters of text.

        Raises:
            TooMuch: more was made than any real template makes.
        """
        raise NotImplementedError

    def room_for(self, characters: int) -> None:
        """Makes sure, before a text is made, that there is room for it."""
        raise TooMuch("")
