"""Outer lines: the boundary between each thing outside (the Internet, users, a site) and what is drawn of Azure.

It is judged for everything that the drawing shows behind it: every VNet, every platform service, every Front Door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from diagramgen.analyse import AZURE, INTERNET, Analysis
from diagramgen.analyse.boundaries import boundary_of
from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.topology import DeclaredBoundary
from diagramgen.view.boundaries import BoundaryJudge, joined
from diagramgen.view.sketch import Boundaries, BoundaryState, Box, Level, Link
from diagramgen.view.verdict_words import control_icon

VNET = "microsoft.network/virtualnetworks"
SUBNET = VNET + "/subnets"


class OuterLines:
    """Makes the outer lines of one drawing; `roots` is what is drawn of Azure."""

    def __init__(
        self, analysis: Analysis, judge: BoundaryJudge, roots: Sequence[Box], links: Iterable[Link],
        folded: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.analysis = analysis
        self.judge = judge
        self.behind = roots[0].id if roots else ""
        self.boxes = list(_flat(roots))
        self.drawn = {box.id for box in self.boxes}
        self.shown = self.drawn | {rid for rid, shown in folded.items() if shown in self.drawn}
        self.links = list(links)
        self._computed: dict[str, Boundary | None] = {}

    def open_to_internet(self) -> Link | None:
        """The arrow that shows a gap towards the Internet, where the drawing would not show the Internet else."""
        if not self.behind or self.judge.only_stated or not self.analysis.has_rules:
            return None
        computed = self._boundary("internet", INTERNET)
        if computed is None or computed.status != "gap":
            return None
        ways = {direction for direction, status in computed.directions if status == "gap"}
        heads: Literal["a", "b", "both"] = "a" if ways == {"out"} else "b" if ways == {"in"} else "both"
        told = ("Internet traffic", *((computed.reason,) if computed.reason else ()))
        return Link("internet:gap", "internet", INTERNET, AZURE, heads, tooltip=told, pair=heads == "both",
                    stops_at_line=True, style=f"at:{self.behind}")  # fmt: skip

    def lines(
        self, boundaries: Boundaries, outside: Iterable[Box]
    ) -> list[tuple[Level, str, str, BoundaryState]]:
        """Level, id outside, id inside and state of each line."""
        found: list[tuple[Level, str, str, BoundaryState]] = []
        for box in outside if self.behind else ():
            level: Level = "on-premises" if box.kind == "on-premises" else "internet"
            if level in boundaries.shown:
                line = self._line(level, box)
                if line is not None:
                    found.append((level, box.id, *line))
        return found

    def badged(self, links: Iterable[Link]) -> list[Link]:
        """The links, those that lead in from outside with the icon of the control where they enter."""
        return [
            link._replace(badge=self._control(link.style.removeprefix("at:")))
            if link.kind == "internet" and link.stops_at_line
            else link
            for link in links
        ]

    def _control(self, aim: str) -> str:
        computed = self._computed.get(INTERNET)
        for rid in computed.by_ids if computed is not None and computed.status == "enforced" else ():
            if self._is_inside(rid, aim):
                return control_icon(self.analysis.topology, rid)
        return ""

    def _line(self, level: Level, box: Box) -> tuple[str, BoundaryState] | None:
        source = INTERNET if level == "internet" else box.id
        inside, declared = self._declared(level, box, source)
        if declared is None and self.judge.only_stated:
            return None
        if declared is not None and not self.analysis.has_rules:
            return inside, self.judge.as_declared(declared)
        computed = self._boundary(level, source)
        if inside != self.behind and computed is not None:
            own = self.analysis.boundary(level, source, inside)
            inside = inside if own is not None and own.status == computed.status else self.behind
        state = self.judge.state([computed], declared)
        return None if state is None else (inside, state)

    def _declared(self, level: Level, box: Box, source: str) -> tuple[str, DeclaredBoundary | None]:
        """What the spec declares of the line, and of which thing behind it: of one that the box's arrows lead to, else
        of Azure as a whole, else of any that is drawn."""
        stated = [
            (b if a == source else a, declared)
            for (known, a, b), declared in sorted(self.analysis.declared.items(), key=lambda item: item[0])
            if known == level and source in (a, b)
        ]
        aims = {link.style.removeprefix("at:") for link in self.links if link.a == box.id}
        inside = [(rid, declared) for rid, declared in stated if rid in self.drawn and rid != AZURE]
        near = [(rid, declared) for rid, declared in inside if any(self._is_inside(aim, rid) for aim in aims)]
        whole = [(self.behind, declared) for rid, declared in stated if rid == AZURE]
        return next(iter([*near, *whole, *inside]), (self.behind, None))

    def _is_inside(self, rid: str, frame: str) -> bool:
        at = self.analysis.topology.resources.get(rid)
        while at is not None:
            if at.id == frame:
                return True
            at = self.analysis.topology.resources.get(at.parent or "")
        return rid == frame

    def _boundary(self, level: Level, source: str) -> Boundary | None:
        if source not in self._computed:
            self._computed[source] = joined([part for part in self._parts(level, source) if part is not None])
        return self._computed[source]

    def _parts(self, level: Level, source: str) -> Iterator[Boundary | None]:
        """The verdicts on everything that is drawn behind the line."""
        for vnet in self._vnets():
            yield self.analysis.boundary(level, source, vnet)
        if level == "internet":
            for service in sorted(self.analysis.services.ids):
                if service in self.shown:
                    yield self.analysis.boundary("paas", service, INTERNET)
            for entry in self.analysis.frontends:
                leads_nowhere = not any(target.vnet for target in entry.targets)
                if entry.kind == "front-door" and entry.owner in self.shown and leads_nowhere:
                    judgement = self.analysis.internet.by_entry(entry, "")
                    yield boundary_of("internet", INTERNET, AZURE, judgement)

    def _vnets(self) -> list[str]:
        found: dict[str, None] = {}
        for box in self.boxes:
            if box.type == VNET:
                found[box.id] = None
            elif box.type == SUBNET:
                found[self.analysis.topology.resources[box.id].parent or ""] = None
        return [vnet for vnet in found if vnet]


def _flat(boxes: Iterable[Box]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _flat(box.children)
