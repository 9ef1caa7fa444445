"""Further gaps: those between things that do not stand side by side, so that no red line shows them.

Each becomes an open flow, which crosses the lines between the two. Where a peering or hub connection between them is
drawn already, the open flow takes its way; so does the question mark of a pair of which nobody knows what passes. Where
broken lines alone stand between two things, the reader sees that nothing holds there; such pairs are told in a note and
not drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from diagramgen.analyse import Analysis
from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import NOTHING_AT_ALL, size
from diagramgen.view.sketch import Box, Further, Level, Line, Link
from diagramgen.view.verdict_words import name_of, told

VNET = "microsoft.network/virtualnetworks"
SUBNET = VNET + "/subnets"
MOST_DRAWN = 12
"""Open flows with ways of their own that one drawing shows; the worst are chosen, and the others counted."""
MOST_NAMED = 3
JOINS = ("peering", "hub-connection")


class FurtherGaps:
    """Finds the gaps that the lines of one drawing do not show. `roots` is what is drawn, with its links."""

    def __init__(
        self, analysis: Analysis, roots: Iterable[Box], links: Iterable[Link], shown: frozenset[Level]
    ) -> None:
        self.analysis = analysis
        self.topology: Topology = analysis.topology
        self.shown = shown
        self.boxes = {box.id: box for box in _flat(roots)}
        self.joins = {
            frozenset(self._vnet_of(end) for end in (link.a, link.b)): link
            for link in links
            if link.kind in JOINS
        }

    def __call__(self, lines: Sequence[Line]) -> Further:
        """The gaps that none of `lines` shows, and the joins of which nothing is known."""
        drawn: list[Boundary] = []
        implied: list[Boundary] = []
        for level in ("vnet", "subnet"):
            if level in self.shown:
                for boundary, is_implied in self._gaps(level, lines):
                    (implied if is_implied else drawn).append(boundary)
        along = [b for b in drawn if frozenset((b.a, b.b)) in self.joins]
        apart = sorted((b for b in drawn if frozenset((b.a, b.b)) not in self.joins), key=_weight)
        links = [self._link(b, self.joins[frozenset((b.a, b.b))].id) for b in along]
        links += [self._link(boundary) for boundary in apart[:MOST_DRAWN]]
        links += self._doubtful(lines)
        left = apart[MOST_DRAWN:]
        notes = []
        if implied:
            notes.append(f"Broken lines alone stand between {self._pairs(implied)}: open to each other too")
        if left:
            notes.append(f"Not drawn: {len(left)} more open flows, such as {self._pairs(left)}")
        notices = [f"{len(left)} more gaps lie between things that do not stand side by side, and are not drawn: "
                   f"{self._pairs(left)}"] if left else []  # fmt: skip
        return Further(tuple(links), tuple(notes), tuple(notices))

    def _pairs(self, found: Sequence[Boundary]) -> str:
        names = [
            f"{name_of(self.topology, b.a)} and {name_of(self.topology, b.b)}" for b in found[:MOST_NAMED]
        ]
        more = len(found) - MOST_NAMED
        return "; ".join(names) + (f"; and {more} more pairs" if more > 0 else "")

    def _gaps(self, level: Level, lines: Sequence[Line]) -> Iterator[tuple[Boundary, bool]]:
        """The gaps of a level that no line shows, and whether broken lines alone stand between the two."""
        shown = {frozenset((line.a, line.b)) for line in lines}
        broken = [line for line in lines if line.status == "gap"]
        together = _Sets((line.a, line.b) for line in broken if line.level == level)
        torn = {frozenset((line.a, line.b)) for line in broken}
        for group in self._groups(level):
            for a, b in combinations(group, 2):
                if (
                    frozenset((a, b)) in shown
                    or self._frames_show(a, b, torn)
                    or not self._is_gap(level, a, b)
                ):
                    continue
                boundary = self.analysis.boundary(level, a, b)
                if boundary is not None:
                    yield boundary, together.are_one(a, b)

    def _doubtful(self, lines: Sequence[Line]) -> Iterator[Link]:
        """Joins between VNets of which it is not known what passes, where no line shows that."""
        shown = {frozenset((line.a, line.b)) for line in lines}
        dotted = {frozenset((line.a, line.b)) for line in lines if line.status == "unknown"}
        for pair, join in sorted(self.joins.items(), key=lambda item: item[1].id):
            a, b = min(pair), max(pair)
            if "vnet" not in self.shown or pair in shown or a == b or self._frames_show(a, b, dotted):
                continue
            boundary = self.analysis.boundary("vnet", a, b)
            if boundary is not None and boundary.status == "unknown":
                yield Link(f"unknown:{a}|{b}", "unknown-flow", a, b, tooltip=told(self.topology, boundary),
                           faded=join.faded, along=join.id)  # fmt: skip

    def _is_gap(self, level: Level, a: str, b: str) -> bool:
        if level == "vnet":
            return self.analysis.networks.vnets(a, b).status == "gap"
        boundary = self.analysis.boundary(level, a, b)
        return boundary is not None and boundary.status == "gap"

    def _groups(self, level: Level) -> Iterator[list[str]]:
        """Things that are compared with one another: all VNets, or the subnets of a VNet."""
        vnets = sorted(box.id for box in self.boxes.values() if box.type == VNET and box.style != "ghost")
        if level == "vnet":
            yield vnets
            return
        transit = self.analysis.zones.transit
        for vnet in vnets:
            yield sorted(box.id for box in _flat(self.boxes[vnet].children)
                         if box.type == SUBNET and box.id not in transit)  # fmt: skip

    def _frames_show(self, a: str, b: str, torn: set[frozenset[str]]) -> bool:
        """Whether a broken line between frames round the two shows it."""
        return bool(torn) and any(
            frozenset((one, other)) in torn for one in self._frames(a) for other in self._frames(b)
        )

    def _frames(self, rid: str) -> list[str]:
        found = []
        resource = self.topology.resources.get(rid)
        while resource is not None and resource.parent is not None:
            found.append(resource.parent)
            resource = self.topology.resources.get(resource.parent)
        return found

    def _vnet_of(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return resource.parent or rid if resource is not None and resource.type == SUBNET else rid

    def _link(self, boundary: Boundary, along: str = "") -> Link:
        a, b = boundary.a, boundary.b
        ways = {self._side(flow.source, a, b) for flow in boundary.gaps}
        if ways == {b}:
            a, b = b, a
        lines = told(self.topology, boundary)
        title = f"open flow between {name_of(self.topology, a)} and {name_of(self.topology, b)}"
        faded = self.boxes[a].faded and self.boxes[b].faded
        return Link(f"open:{a}|{b}", "open-flow", a, b, "both" if len(ways) > 1 else "b", (), (), (title, *lines),
                    faded=faded, along=along)  # fmt: skip

    def _side(self, rid: str, a: str, b: str) -> str:
        return a if a in (rid, *self._frames(rid)) else b


class _Sets:
    """Which things are one, by pairs that are."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._over: dict[str, str] = {}
        for a, b in pairs:
            self._over[self._top(a)] = self._top(b)

    def are_one(self, a: str, b: str) -> bool:
        return self._top(a) == self._top(b)

    def _top(self, rid: str) -> str:
        while self._over.get(rid, rid) != rid:
            rid = self._over[rid]
        return rid


def _weight(boundary: Boundary) -> tuple[int, int, str, str]:
    """Worst first: between VNets before subnets, then by how many services pass."""
    packets = NOTHING_AT_ALL
    for flow in boundary.gaps[:8]:
        packets = packets | flow.packets
    return (0 if boundary.level == "vnet" else 1, -size(packets.services), boundary.a, boundary.b)


def _flat(boxes: Iterable[Box]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _flat(box.children)
