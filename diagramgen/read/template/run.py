"""What the expansion of one template shares: what it may still cost, and what there is to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diagramgen.located import Place
from diagramgen.read.template.expressions import Budget, TemplateProblem, TooMuch
from diagramgen.read.template.files import Files
from diagramgen.read.template.values import Unknown
from diagramgen.read.unknown import unknown

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
    """One template and all that is nested in it or linked from it.

    `spot` is where the expression stands that is being evaluated; None where a name that it uses may still be found in
    another scope.
    """

    files: Files
    open_nested: Callable[[Instance], Deployment | None]
    budget: Budget = field(default_factory=Budget)
    values: int = 0
    resources: int = 0
    problems: dict[tuple[str, str], Told] = field(default_factory=dict)
    unresolved: list[tuple[str, Place, str]] = field(default_factory=list)
    without_value: dict[str, Place] = field(default_factory=dict)
    from_azure: dict[str, Place] = field(default_factory=dict)
    guessed: dict[str, Place] = field(default_factory=dict)
    not_allowed: dict[str, Place] = field(default_factory=dict)
    surplus: dict[str, Place] = field(default_factory=dict)
    open_loops: dict[str, Place] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    marks: int = 0
    open_references: int = 0
    is_environment_asked: bool = False
    spot: Place | None = None
    root: Deployment | None = None
    trails: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)

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

    @contextmanager
    def referring(self) -> Iterator[None]:
        """While the state of a resource is asked for: what goes in a circle then is no mistake, but not known."""
        self.open_references += 1
        try:
            with self.from_surface():
                yield
        finally:
            self.open_references -= 1

    @contextmanager
    def from_surface(self) -> Iterator[None]:
        """While one expression waits for another that it names: each may nest as deep as one may, and the stack bounds
        how many wait for each other."""
        depth, self.budget.depth = self.budget.depth, 0
        try:
            yield
        finally:
            self.budget.depth = depth

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
        self.marks += 1
        return Unknown(unknown(f"?{self.marks}"), problem.message)

    def undeclared(self, kind: str, name: str) -> Unknown:
        """What stands for a parameter or variable that nobody declares; the name tells it apart.

        Raises:
            TemplateProblem: it may be declared in another scope.
        """
        problem = TemplateProblem(f"there is no {kind} `{name}`")
        if self.spot is None:
            raise problem
        return Unknown(unknown(name), self.wrong(problem, self.spot).why)

    def follow(self, key: str) -> Instance | None:
        """The resource with this id, by the trail to it that an earlier expansion of the same template has left: the
        positions of the deployments around it, then its own. What has no trail is remembered as missed."""
        trail = self.trails.get(key)
        if trail is None or self.root is None:
            self.missed.add(key)
            return None
        deployment: Deployment | None = self.root
        instance: Instance | None = None
        for n, position in enumerate(trail):
            instance = deployment.resources.at(position) if deployment is not None else None
            if instance is None:
                return None
            if n + 1 < len(trail):
                deployment = instance.inner
        return instance
