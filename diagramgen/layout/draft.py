"""Drafts: the tree of a whole page in the shape that fits it best, before anything is settled.

A few wished shapes are tried; what the shape cannot change, the inside of VNets, is built once. What is outside
Azure stands in a column at the left, everything else right of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from diagramgen.layout.dress import width_of
from diagramgen.layout.measure import narrow
from diagramgen.layout.pack import Packer
from diagramgen.layout.plan import (
    Metrics,
)
from diagramgen.layout.tree import SIDES, Channel, Grid, Item, channels, grids, items, link_up
from diagramgen.layout.ways import (
    Ways,
)
from diagramgen.view.sketch import Box, Sketch

OUTSIDE = ("internet", "users", "on-premises")
RATIOS = (0.4, 0.7, 1.0, 1.5, 2.2, 3.2)
OUTER_LINE = 13.5
"""px from the outer red line to the frame behind it: an arrow that ends at the line is still at the frame."""
ARROW = 86.0
OUTSIDE_NAME = 118.0
OUTSIDE_GAP = 34.0


@dataclass(slots=True, eq=False, repr=False)
class Draft:
    """A tree on its way to a plan: the page's item, what is outside, and everything by id."""

    root: Item
    main: Grid
    outside: list[Item]
    by_id: dict[str, Item]
    metrics: Metrics
    gap: Channel | None = None
    ways: Ways = field(default_factory=Ways)
    column: Grid | None = None
    arrow_at: dict[str, float] = field(default_factory=dict)  # the height of each outer arrow, by link
    cells: list[Item | Grid] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)

    def index(self) -> None:
        """Tells every cell what is beside it and lists them all, once the shape is chosen."""
        assert self.root.content is not None
        for item in _tops(self.root.content):
            item.page = self.root
        link_up(self.root, {})
        self.root.beside = {}
        self.by_id = {item.id: item for item in items(self.root.content)}
        self.cells = [*items(self.root), *grids(self.root)]
        self.channels = list(channels(self.root))

    def widths(self) -> list[float]:
        """What every channel needs at least, px."""
        return [channel.needed for channel in self.channels]


def best_draft(sketch: Sketch, metrics: Metrics) -> Draft:
    """The shape that comes nearest to the wished page with the least area."""
    best: tuple[float, float] | None = None
    known: dict[str, Item] = {}
    for ratio in RATIOS:
        width, height = _draft(sketch, metrics, ratio, known).root.least()
        score = abs(math.log(width / height / sketch.page_ratio)) * 0.8 + math.log(width * height) * 0.8
        if best is None or score < best[0] - 1e-6:
            best = (score, ratio)
    assert best is not None
    return _draft(sketch, metrics, best[1], known)


def _draft(sketch: Sketch, metrics: Metrics, ratio: float, known: dict[str, Item]) -> Draft:
    """The tree for one wished shape; `known` keeps the VNets between drafts, as no shape changes their inside."""
    packer = Packer(metrics, ratio, known=known)
    inside = [box for box in sketch.roots if box.kind not in OUTSIDE]
    outside_boxes = [box for box in sketch.roots if box.kind in OUTSIDE]
    page = Item(box=Box("", "group", ""))
    outside = [
        packer.item(box)
        for box in sorted(outside_boxes, key=lambda b: (OUTSIDE.index(b.kind), b.order, b.id))
    ]
    parts: list[Grid] = []
    column = None
    if outside:
        column = packer.column(list(outside))
        column.extra_x = "end"
        column.extra_y = "start"
        for channel in column.down:
            channel.base = OUTSIDE_GAP
        parts.append(column)
    for item in outside:
        if item.box.kind == "internet":
            words = [text for link in sketch.links if item.id in (link.a, link.b) for text in link.label]
            font = metrics.fonts["outside-name"]
            lines = [line for text in words for line in narrow(text, font, OUTSIDE_NAME, 3)]
            item.min_width = max(item.min_width, width_of(tuple(lines), "outside-name", metrics))
    main = packer.root(inside, sketch.columns) if inside else packer.column([packer.item(_nothing())])
    parts.append(main)
    gap = None
    if outside:
        page.content = packer.row(list(parts))
        page.content.extra_x = "start"
        gap = page.content.across[0][0]
        gap.base = _gap_width(sketch, metrics)
    else:
        page.content = main
    for side in SIDES:
        page.pads[side] = Channel("v" if side in ("left", "right") else "h", 0.0, page, side)
    return Draft(page, main, outside, {}, metrics, gap, column=column)


def _tops(grid: Grid) -> Iterator[Item]:
    """The boxes that stand on the page itself."""
    for row in grid.rows:
        for cell in row:
            if isinstance(cell, Item):
                yield cell
            elif isinstance(cell, Grid):
                yield from _tops(cell)


def _nothing() -> Box:
    return Box("nothing", "group", "nothing to show")


def _gap_width(sketch: Sketch, metrics: Metrics) -> float:
    """The white between what is outside and Azure: room for an arrow and the words under it."""
    widest = ARROW
    for link in sketch.links:
        if link.bullets:
            widest = max(widest, width_of(link.bullets, "bullet", metrics) + 44)
        if link.label and link.stops_at_line:
            widest = max(widest, ARROW)
    return widest + OUTER_LINE
