"""The layout tree: frames that hold grids, and channels between everything.

A grid is rows of cells with a channel in every gutter; a frame is a cell that holds one grid inside four channels,
its paddings. A channel is the only place where links run, red lines lie and labels outside frames have their room:

    | before (labels) | tracks | red line | tracks | after (labels) |

so it is as wide as what it holds needs, and coordinates follow from the widths: widening a channel is another
`settle`, never another arrangement. All containers can be cut apart by straight lines.

px, y down. `core` sizes are without what stands outside the frame (names, marks): that is `margin`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from diagramgen.geometry import Insets, Point, Rect, Side, half
from diagramgen.layout.dress import Dress
from diagramgen.view.sketch import Box

Runs = Literal["h", "v"]
Extra = Literal["stretch", "center", "start", "end", "first-gutter"]

STUB = 12.0
"""The least way, px, from a track to the frames beside its channel."""
MOST_STRETCH = 1.6
"""A frame's content grows with it to at most so many times its least height; beyond, white is better."""

SIDES: tuple[Side, ...] = ("left", "top", "right", "bottom")


@dataclass(slots=True, eq=False, repr=False)
class Channel:
    """A gutter or a padding. `runs` along x (`h`) or y (`v`); `start` and `width` lie across it.

    `base` is the least middle; `tracks_before` and `tracks_after` count link tracks on the two sides of the red
    line; `frame` is the frame whose padding this is, and `side` which one.
    """

    runs: Runs
    base: float
    frame: Item | None = None
    side: Side | None = None
    before: float = 0.0
    after: float = 0.0
    extra_before: float = 0.0
    extra_after: float = 0.0
    tracks_before: int = 0
    tracks_after: int = 0
    has_line: bool = False
    track: float = 9.0
    clear: float = 11.0
    room_before: float = 0.0  # a link's label beside its track
    start: float = 0.0
    width: float = 0.0
    lo: float = 0.0
    hi: float = 0.0

    @property
    def needed(self) -> float:
        """The least width that holds everything."""
        tracks = (self.tracks_before + self.tracks_after) * self.track
        line = 2 * self.clear if self.has_line else 0.0
        middle = max(self.base, tracks + line + self.room_before + sum(self._edges))
        return self.before + self.extra_before + middle + self.extra_after + self.after

    @property
    def _edges(self) -> tuple[float, float]:
        """White between the frames and the nearest tracks, so that an arrowhead has its stub."""
        if self.has_line:
            return (STUB if self.tracks_before else 0.0, STUB if self.tracks_after else 0.0)
        return (STUB, STUB) if self.tracks_before + self.tracks_after else (0.0, 0.0)

    @property
    def middle_start(self) -> float:
        return self.start + self.before + self.extra_before

    @property
    def middle_width(self) -> float:
        return self.width - self.before - self.after - self.extra_before - self.extra_after

    @property
    def line_at(self) -> float:
        """Where the red line lies: the middle of what its tracks leave."""
        before, after = self._edges
        taken = (self.tracks_before + self.tracks_after) * self.track + self.room_before + before + after
        free = self.middle_width - taken
        if self.runs == "v" and self.frame is not None and self.side == "right":
            free = min(free, 60.0)
        tracks = self.tracks_before * self.track
        return half(self.middle_start + self.room_before + before + tracks + free / 2)

    def track_at(self, index: int, is_before: bool) -> float:
        """The coordinate of a track; 0 is nearest to the line (before) or to the line (after)."""
        if self.has_line:
            step = self.clear + index * self.track
            return half(self.line_at - step) if is_before else half(self.line_at + step)
        count = self.tracks_before + self.tracks_after
        position = (self.tracks_before - 1 - index) if is_before else self.tracks_before + index
        middle = self.middle_start + self.room_before + (self.middle_width - self.room_before) / 2
        return half(middle + (position - (count - 1) / 2) * self.track)


@dataclass(slots=True, eq=False, repr=False)
class Cell:
    """Anything that has a place: `rect` is its core once settled, `beside` the channel on each side."""

    margin: Insets = field(default_factory=Insets)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    beside: dict[Side, Channel] = field(default_factory=dict)
    stretches: bool = True
    grows_down: bool = True
    grows_right: bool = True

    @property
    def rect(self) -> Rect:
        return Rect(self.x, self.y, self.width, self.height)

    def least(self) -> tuple[float, float]:
        """The least core width and height."""
        raise NotImplementedError

    def forget(self) -> None:
        """Drops a remembered size, so that the next `least` sees the channels' new widths."""

    def settle(self, x: float, y: float, width: float, height: float) -> None:
        self.x, self.y, self.width, self.height = half(x), half(y), half(width), half(height)


@dataclass(slots=True, eq=False, repr=False)
class Empty(Cell):
    """A cell of a grid that holds nothing."""

    def least(self) -> tuple[float, float]:
        return 0.0, 0.0


@dataclass(slots=True, eq=False, repr=False)
class Item(Cell):
    """A box: a leaf, or a frame with `content` inside its paddings `pads`."""

    box: Box = None  # type: ignore[assignment]
    worn: Dress = None  # type: ignore[assignment]
    min_width: float = 0.0
    min_height: float = 0.0
    content: Grid | None = None
    pads: dict[Side, Channel] = field(default_factory=dict)
    align: tuple[Literal["start", "center", "stretch"], Literal["start", "center", "end", "stretch"]] = (
        "stretch",
        "start",
    )
    parent: Item | None = None
    page: Item | None = None  # of a box at the top, the page itself
    _least: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        return self.box.id

    def forget(self) -> None:
        self._least = None

    def least(self) -> tuple[float, float]:
        if self._least is not None:
            return self._least
        width, height = self.min_width, self.min_height
        if self.content is not None:
            inner = self.content.least()
            margin = self.content.margin
            for side in SIDES:
                pad = self.pads[side]
                if side in ("left", "top"):
                    pad.after = margin.of(side)
                else:
                    pad.before = margin.of(side)
            width = max(width, self.pads["left"].needed + inner[0] + self.pads["right"].needed)
            height = max(height, self.pads["top"].needed + inner[1] + self.pads["bottom"].needed)
        self._least = half(width), half(height)
        return self._least

    def settle(self, x: float, y: float, width: float, height: float) -> None:
        super(Item, self).settle(x, y, width, height)
        if self.content is None:
            return
        inner = self.content.least()
        pads = self.pads
        free_x = self.width - pads["left"].needed - pads["right"].needed
        free_y = self.height - pads["top"].needed - pads["bottom"].needed
        w = free_x if self.align[0] == "stretch" else min(inner[0], free_x)
        fills = self.align[1] == "stretch" and (
            free_y <= MOST_STRETCH * inner[1] or self.box.kind in ("azure", "group")
        )
        h = free_y if fills else min(inner[1], free_y)
        shift_x = (free_x - w) / 2 if self.align[0] == "center" else 0.0
        shift_y = {"center": (free_y - h) / 2, "end": free_y - h}.get(self.align[1], 0.0)
        cx = self.x + pads["left"].needed + shift_x
        cy = self.y + pads["top"].needed + shift_y
        self.content.settle(cx, cy, w, h)
        content = self.content
        _put(pads["left"], self.x, content.x - self.x, self.y, self.rect.bottom)
        _put(
            pads["right"], content.rect.right, self.rect.right - content.rect.right, self.y, self.rect.bottom
        )
        _put(pads["top"], self.y, content.y - self.y, self.x, self.rect.right)
        _put(
            pads["bottom"],
            content.rect.bottom,
            self.rect.bottom - content.rect.bottom,
            self.x,
            self.rect.right,
        )


@dataclass(slots=True, eq=False, repr=False)
class Grid(Cell):
    """Rows of cells. `across[r][c]` is the channel right of column c in row r, `down[r]` the one under row r.

    Columns share their width over all rows, so gutters of neighbouring rows align.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    across: list[list[Channel]] = field(default_factory=list)
    down: list[Channel] = field(default_factory=list)
    extra_x: Extra = "stretch"
    extra_y: Extra = "start"
    _columns: list[float] = field(default_factory=list)
    _heights: list[float] = field(default_factory=list)
    _gutters: list[float] = field(default_factory=list)
    _least: tuple[float, float] | None = None

    def forget(self) -> None:
        self._least = None

    def least(self) -> tuple[float, float]:
        if self._least is not None:
            return self._least
        count = max(len(row) for row in self.rows)
        sizes = [[cell.least() for cell in row] for row in self.rows]
        self._columns = [max((s[c][0] for s in sizes if c < len(s)), default=0.0) for c in range(count)]
        self._heights = [max(size[1] for size in row) for row in sizes]
        self._reserve()
        self._gutters = [
            max((row[c].needed for row in self.across if c < len(row)), default=0.0) for c in range(count - 1)
        ]
        width = sum(self._columns) + sum(self._gutters)
        height = sum(self._heights) + sum(channel.needed for channel in self.down)
        self._least = half(width), half(height)
        return self._least

    def _reserve(self) -> None:
        """Gives each channel the margins of its neighbours, and the grid the margins of its outermost cells."""
        for r, row in enumerate(self.rows):
            for c, channel in enumerate(self.across[r]):
                channel.before = row[c].margin.right
                channel.after = row[c + 1].margin.left if c + 1 < len(row) else 0.0
            if r < len(self.down):
                self.down[r].before = max(cell.margin.bottom for cell in row)
                self.down[r].after = max(cell.margin.top for cell in self.rows[r + 1])
        self.margin = Insets(
            left=max(row[0].margin.left for row in self.rows),
            top=max(cell.margin.top for cell in self.rows[0]),
            right=max(row[-1].margin.right for row in self.rows),
            bottom=max(cell.margin.bottom for cell in self.rows[-1]),
        )

    def settle(self, x: float, y: float, width: float, height: float) -> None:
        super(Grid, self).settle(x, y, width, height)
        least = self.least()
        columns, gutters, x0 = self._spread(
            self._columns, self._gutters, self.width - least[0], self.extra_x, self.x
        )
        downs = [channel.needed for channel in self.down]
        heights, downs, y0 = self._spread(self._heights, downs, self.height - least[1], self.extra_y, self.y)
        top = y0
        for r, row in enumerate(self.rows):
            left = x0
            for c, cell in enumerate(row):
                _seat(cell, left, top, columns[c], heights[r])
                left += columns[c]
                if c < len(self.across[r]):
                    _put(self.across[r][c], left, gutters[c], top, top + heights[r])
                    left += gutters[c]
            top += heights[r]
            if r < len(self.down):
                _put(self.down[r], top, downs[r], self.x, self.rect.right)
                top += downs[r]

    @staticmethod
    def _spread(
        sizes: list[float], gutters: list[float], extra: float, policy: Extra, origin: float
    ) -> tuple[list[float], list[float], float]:
        """Sizes, gutters and first coordinate once `extra` px are given out."""
        if extra <= 0.25:
            return sizes, gutters, origin
        if policy == "first-gutter" and gutters:
            grown = min(half(extra / 2), half(sizes[-1] * 0.35))
            return [*sizes[:-1], sizes[-1] + grown], [gutters[0] + extra - grown, *gutters[1:]], origin
        if policy == "stretch":
            share = half(extra / len(sizes))
            larger = [size + share for size in sizes]
            larger[-1] += extra - share * len(sizes)
            return larger, gutters, origin
        if policy == "center":
            return sizes, gutters, half(origin + extra / 2)
        if policy == "end":
            return sizes, gutters, origin + extra
        return sizes, gutters, origin


def _put(channel: Channel, start: float, width: float, lo: float, hi: float) -> None:
    channel.start, channel.width, channel.lo, channel.hi = half(start), half(width), half(lo), half(hi)


def _seat(cell: Cell, x: float, y: float, width: float, height: float) -> None:
    """Gives a cell its room: frames and grids fill it, icons stand in its middle."""
    if cell.stretches:
        least = cell.least()
        w = width if cell.grows_right else min(width, least[0])
        cell.settle(x, y, w, height if cell.grows_down else min(height, least[1]))
        return
    w, h = cell.least()
    cell.settle(x + (width - w) / 2, y + (height - h) / 2, w, h)


def link_up(cell: Cell, beside: dict[Side, Channel]) -> None:
    """Tells every cell below which channel lies on each of its sides."""
    cell.beside = beside
    if isinstance(cell, Item) and cell.content is not None:
        link_up(cell.content, cell.pads)
    if isinstance(cell, Grid):
        for r, row in enumerate(cell.rows):
            for c, child in enumerate(row):
                link_up(
                    child,
                    {
                        "left": cell.across[r][c - 1] if c else beside["left"],
                        "right": cell.across[r][c] if c < len(cell.across[r]) else beside["right"],
                        "top": cell.down[r - 1] if r else beside["top"],
                        "bottom": cell.down[r] if r < len(cell.down) else beside["bottom"],
                    },
                )


def items(cell: Cell | None) -> Iterator[Item]:
    """Every box below, a frame before what it holds."""
    if isinstance(cell, Item):
        yield cell
        yield from items(cell.content)
    elif isinstance(cell, Grid):
        for row in cell.rows:
            for child in row:
                yield from items(child)


def grids(cell: Cell | None) -> Iterator[Grid]:
    """Every grid below, an outer one before the inner ones."""
    if isinstance(cell, Item):
        yield from grids(cell.content)
    elif isinstance(cell, Grid):
        yield cell
        for row in cell.rows:
            for child in row:
                yield from grids(child)


def channels(root: Item) -> Iterator[Channel]:
    """Every channel inside `root`, in a stable order."""
    for item in items(root):
        yield from (item.pads[side] for side in SIDES if side in item.pads)
    for grid in grids(root):
        for row in grid.across:
            yield from row
        yield from grid.down


def point(runs: Runs, across: float, along: float) -> Point:
    """The point at `across` a channel and `along` it."""
    return Point(along, across) if runs == "h" else Point(across, along)
