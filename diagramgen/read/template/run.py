"""What the expansion of one template shares: what it may still cost, and what there is to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diagramgen.located import Place
from diagramgen.read.template.expressions import Budget, TemplateProblem, TooMuch
from diagramgen.read.template.files import Files
from diagramgen.read.template.targets import text_of
from diagramgen.read.template.values import Unknown, Value

if TYPE_CHECKING:
    from diagramgen.read.template.deployment import Deployment
    from diagramgen.read.template.instance import Instance

MOST_VALUES = 1_500_000
"""Values of JSON that are visited; a template of 4 MB, which is Azure's limit, has some 200,000."""
MOST_RESOURCES = 20_000
"""Azure allows 800 to a template, and 800 turns to a loop."""
DEEPEST_VALUE = 90
DEEPEST_DEPLOYMENT = 24


@dataclass(slots=True)
class Told:
    """A problem that was met, where it was first met, and how often."""

    message: str
    expression: str
    place: Place
    times: int = 1


@dataclass(slots=True)
class Run:
    """One template and all that is nested in it or linked from it."""

    files: Files
    open_nested: Callable[[Instance], Deployment | None]
    budget: Budget = field(default_factory=Budget)
    values: int = 0
    resources: int = 0
    problems: dict[tuple[str, str], Told] = field(default_factory=dict)
    unresolved: list[tuple[str, Place, str]] = field(default_factory=list)
    without_value: dict[str, Place] = field(default_factory=dict)
    guessed: dict[str, Place] = field(default_factory=dict)
    not_allowed: dict[str, Place] = field(default_factory=dict)
    surplus: dict[str, Place] = field(default_factory=dict)
    open_loops: dict[str, Place] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    is_environment_asked: bool = False
    root: Deployment | None = None
    _index: dict[str, Instance] | None = None

    def visit(self) -> None:
        """Counts a value.

        Raises:
            TooMuch: no real template has as many.
        """
        self.values += 1
        if self.values > MOST_VALUES:
            raise TooMuch(f"it expands to more than {MOST_VALUES:,} values")

    def room_for(self, resources: int) -> None:
        """Counts resources before they are made.

        Raises:
            TooMuch: no real template makes as many.
        """
        self.resources += resources
        if self.resources > MOST_RESOURCES:
            raise TooMuch(f"it expands to more than {MOST_RESOURCES:,} resources")

    def wrong(self, problem: TemplateProblem, place: Place) -> Unknown:
        """What stands for a value that no deployment could evaluate; the problem is told once.

        Raises:
            TooMuch: nothing can be evaluated any more.
        """
        if isinstance(problem, TooMuch):
            raise problem
        key = (problem.message, problem.expression)
        if key in self.problems:
            self.problems[key].times += 1
        else:
            self.problems[key] = Told(problem.message, problem.expression, place)
        return Unknown("{?}", problem.message)

    def find(self, key: str) -> Instance | None:
        """The resource with this id (as text in lower case) in any template; while that is being worked out, in those
        that have been opened so far."""
        if self._index is None and self.root is not None:
            self._index = {}
            waiting = [self.root]
            while waiting:
                resources = waiting.pop(0).resources
                for known, instance in resources.index().items():
                    self._add(known, instance)
                    if (
                        instance.is_deployment
                        and not instance.is_existing
                        and instance.condition is not False
                    ):
                        inner = instance.inner
                        waiting += [inner] if inner is not None else []
        return (self._index or {}).get(key)

    def _add(self, key: str, instance: Instance) -> None:
        known = self._index.get(key) if self._index is not None else None
        if self._index is not None and (known is None or known.is_existing or known.condition is False):
            self._index[key] = instance

    def group_location(self, group: Value) -> Value:
        """The location of the resource group of this id where a template creates it, else None."""
        found = self.find(text_of(group).lower())
        if found is None or found.is_existing or found.in_progress():
            return None
        return found.body().get("location")
