"""Points, rectangles and intervals in drawing units (px, y down).

Everything that is placed on the page is one of these frozen values; coordinates are rounded to half a px so
that the same input gives the same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Side = Literal["left", "top", "right", "bottom"]


def half(value: float) -> float:
    """The nearest multiple of 0.5.

    >>> half(3.3), half(3.2), half(-0.1)
    (3.5, 3.0, 0.0)
    """
    return round(value * 2) / 2 + 0.0


class Point(NamedTuple):
    """A place on the page, px, y down."""

    x: float
    y: float


class Rect(NamedTuple):
    """An axis-parallel box: left top corner, width and height, px, y down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """The box with that much more on each side.

        >>> Rect(10, 10, 5, 5).grown(1, 2, 3, 4)
        Rect(x=9, y=8, width=9, height=11)
        """
        return Rect(self.x - left, self.y - top, self.width + left + right, self.height + top + bottom)

    def overlaps(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether the two share more than `slack` in both directions.

        >>> Rect(0, 0, 4, 4).overlaps(Rect(4, 0, 4, 4))
        False
        """
        return (
            min(self.right, other.right) - max(self.x, other.x) > slack
            and min(self.bottom, other.bottom) - max(self.y, other.y) > slack
        )

    def contains(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether `other` lies inside, by at most `slack` outside."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    @staticmethod
    def around(boxes: list[Rect]) -> Rect:
        """The smallest box that holds all of `boxes` (at least one)."""
        x = min(box.x for box in boxes)
        y = min(box.y for box in boxes)
        return Rect(x, y, max(b.right for b in boxes) - x, max(b.bottom for b in boxes) - y)


@dataclass(slots=True)
class Insets:
    """What stands outside a frame, on each side, px."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def of(self, side: Side) -> float:
        return float(getattr(self, side))
