"""Worlds: the estates that the input may mean, and what is certain because it is so in every one of them.

Where a declaration leaves a condition, a switch or a reference open, the estate is analysed in several states besides:
with each possible value of what is open. A verdict that one of these contradicts is unknown, and what a rule finds in
the estate but not in one of them is no finding. What is open without end is left to the analysis itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.verdicts import Boundary, Status
from diagramgen.model.build import build_topology
from diagramgen.model.open_points import MANY, OpenPoint, decided, open_points
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import NAMELESS_BASE, Ranges, normal
from diagramgen.read.record import Reading

Analysed = TypeVar("Analysed")
HOLDS: frozenset[Status] = frozenset(("no-path", "enforced"))
_WORK = 30_000
"""About so many resources are analysed in all worlds together: of a large estate there are fewer worlds."""
_FEW = 3
"""Up to so many open points are named where a verdict depends on one of them."""


class Worlds(Generic[Analysed]):
    """The worlds of a topology, analysed; each is made when it is first asked. There are none where nothing is open."""

    def __init__(self, topology: Topology, analyse: Callable[[Topology], Analysed]) -> None:
        self.points: tuple[OpenPoint, ...] = open_points(topology.records)
        self._topology, self._analyse = topology, analyse
        self._made: list[Analysed] = []
        most = max(4, min(MANY, _WORK // max(1, len(topology.resources))))
        self._left = decided(topology.records, self.points, most) if self.points else iter(())

    def __iter__(self) -> Iterator[Analysed]:
        number = 0
        while True:
            if number == len(self._made):
                records = next(self._left, None)
                if records is None:
                    return
                reading = Reading(records, unknown=self._topology.unknown)
                self._made.append(self._analyse(build_topology(reading)))
            yield self._made[number]
            number += 1

    @property
    def reason(self) -> str:
        """Why something is not known: the points by name where they are few."""
        names = list(dict.fromkeys(f"`{point.text}`" for point in self.points))
        if len(names) <= _FEW:
            return f"it depends on {' and '.join(names)}, which the input does not tell"
        return f"it depends on what the input leaves open: {len(names)} conditions and values"


def is_there(base: Topology, world: Topology, rid: str) -> bool:
    """Whether a world has a thing that may be absent, so that it can be asked about it."""
    told, other = base.resources.get(rid), world.resources.get(rid)
    return told is None or (other is not None and (told.is_ghost or not other.is_ghost))


def certain(found: Boundary, others: Iterator[Boundary], reason: str) -> Boundary:
    """What is certain of a boundary: its status where it is the same in all worlds, else unknown."""
    directions = dict(found.directions)
    for other in others:
        status = _both(found.status, other.status)
        if status != found.status and status == other.status:
            found = other._replace(directions=found.directions)
        elif status != found.status:
            flows = tuple(flow._replace(is_sure=False) for flow in found.flows)
            found = found._replace(status=status, by=(), by_ids=(), flows=flows, reason=reason)
        for name, told in other.directions:
            directions[name] = _both(directions[name], told)
        if found.status == "unknown" and set(directions.values()) <= {"unknown"}:
            break
    return found._replace(directions=tuple(directions.items()))


def _both(one: Status, other: Status) -> Status:
    """The status that two worlds have in common."""
    if one == other:
        return one
    return "enforced" if {one, other} <= HOLDS else "unknown"


def translated(ranges: Ranges, base: Addresses, world: Addresses) -> Ranges | None:
    """Addresses as a world has them: those that the input does not tell have other numbers there. None where one is of
    nothing that the world has."""
    owners = {nameless.number: nameless.owner for nameless in base.nameless.values()}
    found = []
    for low, high in ranges:
        if low < NAMELESS_BASE:
            found.append((low, high))
            continue
        known = world.nameless.get(owners.get(low, ""))
        if known is None:
            return None
        found.append((known.number, known.number))
    return normal(found)
