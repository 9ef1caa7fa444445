"""Near: what lies near a place, among thousands of rooms and links, without looking at each.

The page is cut into square cells; every cell knows what touches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from diagramgen.geometry import Point, Rect

CELL = 128.0
Segment = tuple[Point, Point]
Thing = TypeVar("Thing")


class _Cells(Generic[Thing]):
    """Things by the cells that they touch."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[int, Thing]]] = {}
        self._number = 0

    def put(self, thing: Thing, left: float, top: float, right: float, bottom: float) -> None:
        self._number += 1
        entry = (self._number, thing)
        for cell in _cells(left, top, right, bottom):
            self._cells.setdefault(cell, []).append(entry)

    def at(self, left: float, top: float, right: float, bottom: float) -> Iterable[Thing]:
        """What touches the cells of a box, each once, in the order in which it was put."""
        cells = [self._cells[cell] for cell in _cells(left, top, right, bottom) if cell in self._cells]
        if len(cells) < 2:
            return [thing for entries in cells for _, thing in entries]
        return [
            thing for _, thing in sorted({n: t for entries in cells for n, t in entries}.items(), key=_number)
        ]


def _number(entry: tuple[int, object]) -> int:
    return entry[0]


def _cells(left: float, top: float, right: float, bottom: float) -> Iterator[tuple[int, int]]:
    for i in range(int(left // CELL), int(right // CELL) + 1):
        for j in range(int(top // CELL), int(bottom // CELL) + 1):
            yield i, j


class Rooms:
    """Rooms that are taken."""

    def __init__(self, rooms: Iterable[Rect] = ()) -> None:
        self._cells: _Cells[Rect] = _Cells()
        self.extend(rooms)

    def append(self, room: Rect) -> None:
        self._cells.put(room, room.x, room.y, room.right, room.bottom)

    def extend(self, rooms: Iterable[Rect]) -> None:
        for room in rooms:
            self.append(room)

    def overlap(self, room: Rect) -> bool:
        """Whether some room overlaps this one.

        >>> Rooms([Rect(0, 0, 9, 9)]).overlap(Rect(8, 8, 9, 9))
        True
        """
        return any(room.overlaps(other) for other in self._cells.at(room.x, room.y, room.right, room.bottom))


class Segments:
    """Straight pieces of links."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self._cells: _Cells[Segment] = _Cells()
        for p, q in segments:
            self._cells.put((p, q), min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y))

    def across(self, room: Rect) -> Iterator[Segment]:
        """Those that pass through a room."""
        for p, q in self._cells.at(room.x, room.y, room.right, room.bottom):
            if (
                min(p.x, q.x) < room.right
                and max(p.x, q.x) > room.x
                and min(p.y, q.y) < room.bottom
                and max(p.y, q.y) > room.y
            ):
                yield p, q

    def cross(self, room: Rect) -> bool:
        """Whether one passes through a room.

        >>> Segments([(Point(0, 5), Point(9, 5))]).cross(Rect(2, 2, 4, 4))
        True
        """
        return next(self.across(room), None) is not None
