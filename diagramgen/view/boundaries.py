"""Red lines: from the analysis' verdict on a boundary to the state in which it is drawn.

What is computed is drawn, and what a spec declares only where the rules cannot know: where the input holds none, or
does not tell enough. A verdict on several things that one box stands for (a frame of services, all of Azure) is the
worst of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from diagramgen.analyse import Analysis
from diagramgen.analyse.boundaries import WORSE
from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.topology import DeclaredBoundary
from diagramgen.view.sketch import BoundaryState, Box, Level, Status
from diagramgen.view.verdict_words import badge_of, told


class BoundaryJudge:
    """Judges the boundaries of one drawing, each once. `members` tells for a frame that is no Azure resource, such as a
    group of services, which resources it stands for; `only_stated` leaves out what the spec does not declare."""

    def __init__(
        self, analysis: Analysis, members: Mapping[str, Sequence[str]], only_stated: bool = False
    ) -> None:
        self.analysis = analysis
        self.members = members
        self.only_stated = only_stated
        self._known: dict[tuple[Level, str, str], BoundaryState | None] = {}

    def __call__(self, level: Level, a: str, b: str) -> BoundaryState | None:
        """The state between two boxes, or None for no line."""
        first, second = (a, b) if a <= b else (b, a)
        known = (level, first, second)
        if known not in self._known:
            self._known[known] = self._judge(level, first, second)
        return self._known[known]

    def _judge(self, level: Level, a: str, b: str) -> BoundaryState | None:
        declared = self.declared(level, a, b)
        if self.only_stated and declared is None:
            return None
        if declared is not None and not self.analysis.has_rules:
            return self.as_declared(declared)
        pairs = [(x, y) for x in self.members.get(a, (a,)) for y in self.members.get(b, (b,))]
        found = [self.analysis.boundary(level, x, y) for x, y in pairs]
        if level == "subscription":
            found += [self.analysis.boundary("vnet", hub, vnet) for hub, vnet in self._joined_hubs(a, b)]
        return self.state(found, declared)

    def _joined_hubs(self, a: str, b: str) -> Iterable[tuple[str, str]]:
        """The virtual hubs of one frame with the VNets of the other that are joined to them."""
        resources = self.analysis.topology.resources
        for connection in self.analysis.topology.hub_connections:
            ends = [resources.get(connection.hub), resources.get(connection.vnet)]
            if {end.parent for end in ends if end is not None} == {a, b}:
                yield connection.hub, connection.vnet

    def declared(self, level: Level, a: str, b: str) -> DeclaredBoundary | None:
        """What the spec declares between two things, in either order."""
        found = self.analysis.declared
        return found.get((level, a, b)) or found.get((level, b, a))

    def state(
        self, found: Iterable[Boundary | None], declared: DeclaredBoundary | None
    ) -> BoundaryState | None:
        """The state of a line from the verdicts on its parts, and what is declared of it; None where there is
        nothing to judge."""
        computed = joined([boundary for boundary in found if boundary is not None])
        if computed is None or (declared is not None and computed.status == "unknown"):
            return None if declared is None else self.as_declared(declared, computed)
        if declared is not None:
            computed = computed._replace(declared=declared.status)
        return BoundaryState(
            computed.status,
            computed.by,
            False,
            told(self.analysis.topology, computed),
            badge_of(self.analysis.topology, computed),
        )

    def as_declared(self, declared: DeclaredBoundary, computed: Boundary | None = None) -> BoundaryState:
        """The state as the spec says it; `computed` tells why the rules cannot."""
        words = {"no-path": "no path", "enforced": "enforced", "gap": "gap", "unknown": "not known"}
        by = (f"by {', '.join(declared.by)}",) if declared.by else ()
        why = (f"computed: {computed.reason or 'not told by the input'}",) if computed is not None else ()
        lines = (f"{words[declared.status]}, as declared", *by, *why)
        return BoundaryState(cast(Status, declared.status), declared.by, True, lines)


def joined(found: Sequence[Boundary]) -> Boundary | None:
    """One verdict from several: the worst status, with all that bears on it."""
    if len(found) < 2:
        return found[0] if found else None
    worst = max(found, key=lambda boundary: WORSE[boundary.status])
    worst = worst._replace(level=found[0].level, a=found[0].a, b=found[0].b)
    alike = [boundary for boundary in found if boundary.status == worst.status]
    controls = {
        rid: name for boundary in found for rid, name in zip(boundary.by_ids, boundary.by, strict=False)
    }
    if worst.status != "enforced":
        controls = {}
    return worst._replace(
        by=tuple(controls.values()),
        by_ids=tuple(controls),
        flows=tuple(
            flow for boundary in (*alike, *(b for b in found if b not in alike)) for flow in boundary.flows
        ),
        rules=tuple({rule.id: rule for boundary in found for rule in boundary.rules}.values()),
        assumptions=tuple(dict.fromkeys(a for boundary in found for a in boundary.assumptions)),
        reason=worst.reason or next((boundary.reason for boundary in alike if boundary.reason), ""),
        directions=_directions(found),
    )


def _directions(found: Sequence[Boundary]) -> tuple[tuple[str, Status], ...]:
    """In and out over several boundaries with the Internet."""
    worst: dict[str, Status] = {}
    for boundary in found:
        for direction, status in boundary.directions:
            if direction not in worst or WORSE[status] > WORSE[worst[direction]]:
                worst[direction] = status
    return tuple(worst.items())


def members_of(boxes: Iterable[Box], folded: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each frame that is no resource the resources in it, those too that are `folded` into an icon of another."""
    stands_for: dict[str, list[str]] = {}
    for rid, shown in folded.items():
        stands_for.setdefault(shown, []).append(rid)
    found: dict[str, tuple[str, ...]] = {}
    waiting = list(boxes)
    while waiting:
        box = waiting.pop()
        waiting += box.children
        if box.kind == "group":
            found[box.id] = tuple(
                rid for child in box.children for rid in stands_for.get(child.id, (child.id,))
            )
    return found
