"""Pack: arranges boxes by what they mean, as a tree of grids; nothing has a coordinate yet.

Rules, from the reference figures (design, section 3):
- entries of a VNet stand in a left column, tiers in a right one in the order of the flow; many subnets that are no
  tiers fill a near-square grid;
- hubs stand left of the grid of their spokes; services stand below the networks that they serve;
- members of a network group and regions that are not the main one stand in a column at the side that faces the
  neighbour, so that one frame can hold members of two subscriptions;
- what a grid's shape should be (`ratio`, width / height) is a wish of the caller, who tries several.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from diagramgen.layout.dress import PORT_ROOM, SUBSCRIPTION_MARK, Dress, dress
from diagramgen.layout.plan import Metrics
from diagramgen.layout.tree import SIDES, Cell, Channel, Empty, Grid, Item, Runs
from diagramgen.view.sketch import Box


@dataclass(slots=True, eq=False, repr=False)
class Packer:
    """Builds the tree for one drawing. `ratio` shapes the top-level grids, `inner_ratio` those inside them."""

    metrics: Metrics
    ratio: float = 1.5
    inner_ratio: float = 1.0
    known: dict[str, Item] = field(default_factory=dict)

    def item(self, box: Box, facing: str = "right", depth: int = 0) -> Item:
        """The box with everything inside. `facing` is the side that looks at the next subscription."""
        if box.kind in ("vnet", "virtual-hub"):
            if box.id not in self.known:
                self.known[box.id] = self._make(box, facing, depth)
            return self.known[box.id]
        return self._make(box, facing, depth)

    def _make(self, box: Box, facing: str, depth: int) -> Item:
        worn = dress(box, self.metrics)
        content = self._content(box, facing, depth) if box.children else None
        item = Item(
            margin=worn.margin, box=box, worn=worn, min_width=worn.min_width, min_height=worn.min_height
        )
        item.stretches = box.kind not in ("resource", "internet", "users")
        item.grows_down = box.kind != "group" and not (box.kind == "vnet" and not box.children)
        item.grows_right = not (box.kind == "group" and box.role == "service")
        if content is not None:
            item.content = content
            for side in SIDES:
                runs: Runs = "v" if side in ("left", "right") else "h"
                item.pads[side] = self._channel(runs, self._padding(box, side, worn), item, side)
            if box.kind == "region":
                item.pads["top"].extra_before = worn.pad_top
            if box.kind == "subscription":
                item.pads["bottom"].extra_after = SUBSCRIPTION_MARK[1] / 2 - 2
            item.align = ("center", "center") if box.kind == "subnet" else ("stretch", "start")
            if box.kind == "on-premises":
                item.align = ("center", "start")
            elif len(content.rows) == 1 or box.kind in ("azure", "management-group"):
                item.align = (item.align[0], "stretch" if box.kind != "subnet" else "center")
            for child in _children(content):
                child.parent = item
        return item

    def root(self, boxes: Sequence[Box], columns: int = 0) -> Grid:
        """The arrangement of what stands side by side on the page, right of what is outside Azure."""
        cells = [
            self.item(box, "right" if i + 1 < len(boxes) else "left") for i, box in enumerate(_sorted(boxes))
        ]
        return self._grid(cells, self.ratio, columns)

    def column(self, cells: list[Cell]) -> Grid:
        """Cells under one another."""
        return self._rows([[cell] for cell in cells])

    def row(self, cells: list[Cell]) -> Grid:
        """Cells side by side."""
        return self._rows([cells])

    def _padding(self, box: Box, side: str, worn: Dress) -> float:
        pad = self.metrics.padding
        if box.kind == "subnet":
            pad = 9.0
        elif box.kind in ("on-premises", "group"):
            pad = 12.0 if box.style != "users" else 8.0
        if side == "top" and box.kind != "region":
            pad += worn.pad_top
        if side == "left":
            pad += worn.pad_left
        if side == "right" and box.kind == "subscription":
            pad += 2
        return pad

    def _content(self, box: Box, facing: str, depth: int) -> Grid:
        children = _sorted(box.children)
        if box.kind == "subnet" or all(child.kind == "resource" for child in children):
            if box.kind == "on-premises":
                return self._site(children)
            return self._icons(children, box.columns)
        if box.kind in ("vnet", "virtual-hub"):
            return self._subnets(children, box.columns)
        if box.kind == "on-premises":
            return self._site(children)
        return self._estate(box, children, facing, depth)

    def _icons(self, children: Sequence[Box], columns: int = 0) -> Grid:
        """Icons in rows: one row up to four, then a grid that is wider than high."""
        count = len(children)
        width = columns or (count if count <= 4 else max(3, math.ceil(math.sqrt(count * 1.7))))
        cells: list[Cell] = [self.item(child) for child in children]
        grid = self._rows([cells[i : i + width] for i in range(0, count, width)], base=12.0)
        grid.extra_x = "center"
        grid.extra_y = "center"
        return grid

    def _subnets(self, children: Sequence[Box], columns: int) -> Grid:
        """Entry subnets left, tiers right; services of a virtual hub are entries too."""
        entries = [child for child in children if child.role == "entry"]
        tiers = [child for child in children if child.role == "tier"]
        rest = [child for child in children if child.role not in ("entry", "tier")]
        parts: list[Cell] = []
        if entries:
            late = [child for child in entries if child.at_end]
            early = [child for child in entries if not child.at_end]
            if len(entries) > 4 and not tiers and not rest:
                parts.append(
                    self._grid([self.item(child) for child in entries], self.inner_ratio * 0.8, columns)
                )
            else:
                left = self.column([self.item(child) for child in (*early, *late)])
                left.extra_y = "end" if late else "start"
                parts.append(left)
        if tiers and len(tiers) <= 6 and not rest:
            column = [self.item(child) for child in tiers]
            self._align(column)
            right = self.column(list(column))
            right.extra_y = "start"
            parts.append(right)
        elif tiers or rest:
            cells: list[Cell] = [self.item(child) for child in (*tiers, *rest)]
            parts.append(self._grid(cells, self.inner_ratio if len(cells) > 3 else 0.1, columns))
        if len(parts) == 1 and isinstance(parts[0], Grid):
            return parts[0]
        grid = self.row(parts)
        grid.extra_x = "first-gutter"
        return grid

    def _align(self, tiers: Sequence[Item]) -> None:
        """Tiers of one column: icons of rows with as many icons stand under one another, and a stretch of every top
        edge is free of names at the same place, so that flows from tier to tier are in one line."""
        worn = [tier.worn for tier in tiers]
        width = max(mine.mark_room for mine in worn) + max(mine.name_room for mine in worn) + PORT_ROOM
        if width <= 1.35 * max(tier.min_width for tier in tiers):
            for tier in tiers:
                tier.min_width = max(tier.min_width, width)
        rows: dict[int, list[list[Cell]]] = {}
        for tier in tiers:
            if tier.content is not None and len(tier.content.rows) == 1:
                rows.setdefault(len(tier.content.rows[0]), []).append(tier.content.rows[0])
        for found in rows.values():
            for cells in zip(*found, strict=True):
                left, right = (
                    max(cell.margin.left for cell in cells),
                    max(cell.margin.right for cell in cells),
                )
                for cell in cells:
                    cell.margin.left, cell.margin.right = left, right

    def _site(self, children: Sequence[Box]) -> Grid:
        """An on-premises site: its users' inner frame first, machines after it."""
        cells: list[Cell] = [self.item(child) for child in children]
        grid = self.column(cells)
        grid.extra_x = "center"
        return grid

    def _estate(self, box: Box, children: Sequence[Box], facing: str, depth: int) -> Grid:
        """VNets of a subscription, subscriptions of Azure: hubs left, spokes in a grid, services below."""
        if all(child.kind in ("subnet", "resource") for child in children) and any(
            c.kind == "subnet" for c in children
        ):
            return self._subnets(children, box.columns)
        hubs = [child for child in children if child.role in ("hub", "entry")]
        side = [child for child in children if child.role == "member"]
        services = [child for child in children if child.role == "service"]
        rest = [
            child for child in children if child not in hubs and child not in side and child not in services
        ]
        is_wide = depth == 0 or len(children) > 6 or box.kind == "management-group"
        ratio = self.ratio if is_wide else self.inner_ratio
        body: list[Cell] = []
        if hubs:
            left = self._one_or_column([self.item(child, "right", depth + 1) for child in hubs])
            if isinstance(left, Grid):
                left.extra_y = "start"
            body.append(left)
        if rest:
            body.append(self._neighbours(rest, ratio, box.columns, depth))
        if side:
            column = self._one_or_column([self.item(child, facing, depth + 1) for child in side])
            body.insert(0 if facing == "left" else len(body), column)
        if not body:
            return self._services(services, depth)
        grid = self.row(body) if len(body) > 1 else _as_grid(self, body[0])
        if services and len(services) <= 2 and all(s.kind == "resource" for s in services) and len(rest) <= 1:
            return self.row([grid, self._services(services, depth)])
        if services:
            outer = self._rows([[grid], [self._services(services, depth)]])
            outer.extra_y = "start"
            return outer
        return grid

    def _services(self, services: Sequence[Box], depth: int) -> Grid:
        cells: list[Cell] = [self.item(child, "right", depth + 1) for child in services]
        if len(cells) > 6:
            return self._grid(cells, 4.0)
        row = self._rows([cells], base=20.0)
        row.extra_x = "start"
        return row

    def _neighbours(self, boxes: Sequence[Box], ratio: float, columns: int, depth: int) -> Cell:
        count = len(boxes)
        cells: list[Cell] = [
            self.item(child, "right" if i + 1 < count else "left", depth + 1) for i, child in enumerate(boxes)
        ]
        return cells[0] if count == 1 else self._grid(cells, ratio, columns)

    def _one_or_column(self, cells: Sequence[Item]) -> Cell:
        return cells[0] if len(cells) == 1 else self.column(list(cells))

    def _grid(self, cells: Sequence[Cell], ratio: float, columns: int = 0) -> Grid:
        """The cells in reading order, in as many columns as come nearest to `ratio` with few empty places."""
        count = len(cells)
        if not columns:
            sizes = [cell.least() for cell in cells]
            gutter = self.metrics.gutter + 24
            widths = sorted(size[0] for size in sizes)
            if count > 3 and widths[-1] > 1.7 * widths[count // 2]:
                return self._shelves(list(cells), sizes, ratio, gutter)
            columns = min(range(1, count + 1), key=lambda c: (_misfit(sizes, c, ratio, gutter), c))
        rows = [list(cells[i : i + columns]) for i in range(0, count, columns)]
        while len(rows) > 1 and len(rows[-1]) < columns:
            rows[-1].append(Empty())
        return self._rows(rows)

    def _shelves(
        self, cells: list[Cell], sizes: Sequence[tuple[float, float]], ratio: float, gutter: float
    ) -> Grid:
        """Cells of very different sizes in rows of their own columns, as full as the wished shape allows."""
        best: tuple[float, list[list[int]]] | None = None
        total = sum(size[0] + gutter for size in sizes)
        for count in range(1, len(cells) + 1):
            limit = max(total / count, max(size[0] for size in sizes))
            rows: list[list[int]] = [[]]
            used = 0.0
            for i, size in enumerate(sizes):
                if rows[-1] and used + size[0] > limit:
                    rows.append([])
                    used = 0.0
                rows[-1].append(i)
                used += size[0] + gutter
            width = max(sum(sizes[i][0] + gutter for i in row) for row in rows)
            height = sum(max(sizes[i][1] for i in row) + gutter for row in rows)
            blank = 1 - sum(w * h for w, h in sizes) / (width * height)
            score = abs(math.log(width / height / ratio)) + 0.9 * blank
            if best is None or score < best[0] - 1e-9:
                best = (score, rows)
        assert best is not None
        shelves: list[Cell] = []
        for row in best[1]:
            if len(row) == 1:
                shelves.append(cells[row[0]])
                continue
            shelf = self.row([cells[i] for i in row])
            shelf.extra_x = "start"
            shelves.append(shelf)
        return self.column(shelves) if len(shelves) > 1 else _as_grid(self, shelves[0])

    def _rows(self, rows: list[list[Cell]], base: float | None = None) -> Grid:
        gap = self.metrics.gutter if base is None else base
        grid = Grid(rows=rows)
        grid.across = [[self._channel("v", gap) for _ in row[1:]] for row in rows]
        grid.down = [self._channel("h", gap) for _ in rows[1:]]
        grid.extra_y = "stretch" if len(rows) == 1 else "start"
        return grid

    def _channel(
        self, runs: Runs, base: float, frame: Item | None = None, side: str | None = None
    ) -> Channel:
        return Channel(runs, base, frame, side, track=self.metrics.track)  # type: ignore[arg-type]


def _as_grid(packer: Packer, cell: Cell) -> Grid:
    return cell if isinstance(cell, Grid) else packer.row([cell])


def _children(grid: Grid) -> list[Item]:
    found: list[Item] = []
    for row in grid.rows:
        for cell in row:
            if isinstance(cell, Item):
                found.append(cell)
            elif isinstance(cell, Grid):
                found.extend(_children(cell))
    return found


def _sorted(boxes: Sequence[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: (tuple(map(_sortable, box.order)), natural(box.name), box.id))


def _sortable(part: float | str) -> tuple[int, float, tuple[tuple[int, int, str], ...]]:
    return (0, float(part), ()) if isinstance(part, int | float) else (1, 0.0, natural(part))


@lru_cache(maxsize=20_000)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts `VNET 2` before `VNET 10`.

    >>> sorted(["v10", "v2"], key=natural)
    ['v2', 'v10']
    """
    parts: list[tuple[int, int, str]] = []
    word = ""
    digits = ""
    for letter in text.lower() + "\0":
        if letter.isascii() and letter.isdigit():
            if word:
                parts.append((1, 0, word))
                word = ""
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits[:18]), digits))
            digits = ""
        if letter != "\0":
            word += letter
    if word:
        parts.append((1, 0, word))
    return tuple(parts)


def _misfit(sizes: Sequence[tuple[float, float]], columns: int, ratio: float, gutter: float) -> float:
    """How far a grid with so many columns is from the wished shape, and how much of it would be blank."""
    rows = [sizes[i : i + columns] for i in range(0, len(sizes), columns)]
    widths = [max(size[0] for size in sizes[c::columns]) for c in range(columns)]
    heights = [max(size[1] for size in row) for row in rows]
    width = sum(widths) + gutter * (columns - 1)
    height = sum(heights) + gutter * (len(rows) - 1)
    filled = sum(w * h for w, h in sizes)
    blank = 1 - filled / max(width * height, 1.0)
    return abs(math.log(max(width, 1.0) / max(height, 1.0) / ratio)) + 0.9 * blank
