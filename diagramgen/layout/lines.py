"""Red lines: which boxes face each other across a channel, and the straight pieces drawn between them.

A line lies on the middle that its channel keeps for it, covers what the two sides share, and joins with its
neighbours of the same state into one long line whose pieces meet end to end. Numbers, gap and question marks have
their places on the line where no link crosses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from diagramgen.geometry import Point, Rect, Side, half
from diagramgen.layout.near import Segments
from diagramgen.layout.plan import Metrics, PlacedBoundary, PlacedMark
from diagramgen.layout.tree import Cell, Channel, Empty, Grid, Item, grids
from diagramgen.view.sketch import LEVEL_NUMBERS, Boundaries, BoundaryState, Level

TRANSPARENT = ("region", "management-group")
SIGN = 15.0
BADGE = 20.0
"""The disc with the icon of the control, where a link crosses a line that it enforces."""
JOIN = 90.0
REACH = 48.0
"""How far beyond a line's end, px, a passing link is still one that goes round it."""
BEYOND = 9.0


class Face(NamedTuple):
    """Two neighbours across a channel, and the stretch from `lo` to `hi` along it that they share."""

    channel: Channel
    level: Level
    a: Item
    b: Item
    lo: float
    hi: float


@dataclass(slots=True, eq=False, repr=False)
class Piece:
    """A stretch of boundary between `a` and `b` in one channel, from `lo` to `hi` along it."""

    channel: Channel
    level: Level
    a: Item
    b: Item
    state: BoundaryState
    lo: float = 0.0
    hi: float = 0.0


@dataclass(slots=True, eq=False, repr=False)
class LongLine:
    """Pieces of one state in one channel that meet end to end, sorted along it."""

    pieces: list[Piece]
    numbered: bool
    faded: bool
    at: float = 0.0
    lo: float = 0.0
    hi: float = 0.0
    crossed: list[float] = field(default_factory=list)


def faces(root: Item) -> list[Face]:
    """Every two siblings that face each other across a channel and are two sides of a boundary."""
    found: list[Face] = []
    for grid in grids(root.content):
        for r, row in enumerate(grid.rows):
            for c, channel in enumerate(grid.across[r]):
                found += _pairs(channel, _edge(row[c], "right"), _edge(row[c + 1], "left"))
            if r < len(grid.down):
                above = [item for cell in _row_edge(grid, r, "bottom") for item in cell]
                below = [item for cell in _row_edge(grid, r + 1, "top") for item in cell]
                found += _pairs(grid.down[r], above, below)
    return found


def pieces_of(found: Sequence[Face], boundaries: Boundaries) -> list[Piece]:
    """A piece for every two neighbours whose boundary is drawn."""
    pieces = []
    for face in found:
        state = boundaries.between(face.level, face.a.id, face.b.id)
        if state is not None:
            pieces.append(Piece(face.channel, face.level, face.a, face.b, state, face.lo, face.hi))
    return pieces


def _row_edge(grid: Grid, r: int, side: Side) -> list[list[Item]]:
    return [_edge(cell, side) for cell in grid.rows[r]]


def _edge(cell: Cell, side: Side) -> list[Item]:
    """The boxes that stand at one side of a cell; frames that are no boundary are looked through."""
    if isinstance(cell, Empty):
        return []
    if isinstance(cell, Item):
        if cell.box.kind in TRANSPARENT and cell.content is not None:
            return _edge(cell.content, side)
        return [cell]
    assert isinstance(cell, Grid)
    if side in ("left", "right"):
        order = 1 if side == "left" else -1
        rows = [
            next((_edge(c, side) for c in row[::order] if not isinstance(c, Empty)), []) for row in cell.rows
        ]
        return [item for row in rows for item in row]
    row_order = range(len(cell.rows)) if side == "top" else range(len(cell.rows) - 1, -1, -1)
    found: list[Item] = []
    for c in range(max(len(row) for row in cell.rows)):
        for r in row_order:
            if c < len(cell.rows[r]) and not isinstance(cell.rows[r][c], Empty):
                found += _edge(cell.rows[r][c], side)
                break
    return found


def _pairs(channel: Channel, before: Sequence[Item], after: Sequence[Item]) -> list[Face]:
    found = []
    for a in before:
        for b in after:
            level = level_between(a, b)
            if level is not None:
                lo, hi = _shared(channel, a, b)
                if hi - lo > 4:
                    found.append(Face(channel, level, a, b, lo, hi))
    return found


def _shared(channel: Channel, a: Item, b: Item) -> tuple[float, float]:
    if channel.runs == "v":
        return max(a.y, b.y), min(a.rect.bottom, b.rect.bottom)
    return max(a.x, b.x), min(a.rect.right, b.rect.right)


def level_between(a: Item, b: Item) -> Level | None:
    """The level of the boundary between two neighbours, or None where they are no two sides of one."""
    networks = ("vnet", "virtual-hub")
    kinds = (a.box.kind, b.box.kind)
    if kinds == ("subscription", "subscription"):
        return "subscription"
    if a.box.kind in networks and b.box.kind in networks:
        return "vnet"
    if kinds == ("subnet", "subnet") and a.parent is b.parent:
        return "subnet"
    services = [item for item in (a, b) if item.box.style == "services"]
    if len(services) == 1 and any(kind in (*networks, "subscription") for kind in kinds):
        return "paas"
    return None


def reserve(pieces: Sequence[Piece], boundaries: Boundaries, metrics: Metrics) -> None:
    """Tells every channel that it holds a line, and how clear it must be for its signs."""
    for piece in pieces:
        channel = piece.channel
        channel.has_line = True
        clear = 11.0
        if piece.level in boundaries.numbered and piece.level != "subnet":
            clear = metrics.number_radius + 5.0
        elif piece.level in boundaries.numbered:
            clear = metrics.number_radius + 2.0
        channel.clear = max(channel.clear, clear)


def join(pieces: Sequence[Piece], boundaries: Boundaries) -> list[LongLine]:
    """Long lines: neighbours on one channel with one state and little between them."""
    by_channel: dict[Channel, list[Piece]] = {}
    for piece in pieces:
        by_channel.setdefault(piece.channel, []).append(piece)
    lines: list[LongLine] = []
    for channel, found in by_channel.items():
        run: list[Piece] = []
        for piece in sorted(found, key=lambda p: (p.lo, p.hi, p.a.id, p.b.id)):
            piece.lo, piece.hi = _shared(channel, piece.a, piece.b)
            if run and _same(run[-1], piece) and piece.lo - run[-1].hi <= JOIN:
                middle = half((run[-1].hi + piece.lo) / 2)
                run[-1].hi = piece.lo = middle
                run.append(piece)
                continue
            if run:
                lines.append(_line(run, boundaries))
            run = [piece]
        lines.append(_line(run, boundaries))
    return lines


def _same(one: Piece, other: Piece) -> bool:
    return (one.level, one.state.status, one.state.declared) == (
        other.level,
        other.state.status,
        other.state.declared,
    )


def _line(run: list[Piece], boundaries: Boundaries) -> LongLine:
    level = run[0].level
    return LongLine(
        run, level in boundaries.numbered,
        level in boundaries.faded_levels or all(piece.a.box.faded and piece.b.box.faded for piece in run),
        run[0].channel.line_at, run[0].lo, run[-1].hi,
    )  # fmt: skip


def thin_numbers(lines: list[LongLine]) -> None:
    """Where a level has more lines than a reader wants numbered, only the first, from the left, keeps its number."""
    for level in LEVEL_NUMBERS:
        numbered = [line for line in lines if line.numbered and line.pieces[0].level == level]
        if len(numbered) <= (4 if level == "subnet" else 8):
            continue
        keep = sorted(numbered, key=lambda line: (line.lo + line.at, line.at))[:1]
        for line in numbered:
            line.numbered = line in keep


def place_line(
    line: LongLine, segments: Segments, lines: Sequence[LongLine], discs: list[Rect],
    metrics: Metrics,
) -> list[PlacedBoundary]:  # fmt: skip
    """The pieces of a long line with their signs; `segments` are the links that may cross it, `lines` all lines,
    `discs` the numbers and signs that stand already, to which the line's own are added."""
    vertical = line.pieces[0].channel.runs == "v"
    _reach_out(line, segments, lines, vertical)
    line.crossed = _crossings(line, segments, vertical)
    lo, hi = line.lo, line.hi
    over = min(metrics.line_overshoot, 5.0)
    radius = metrics.number_radius + 1.5
    disc: float | None = None
    if line.numbered:
        disc, lo, hi = _number(line, vertical, radius, over, discs)
        line.numbered = disc is not None
    elif hi - lo > 40:
        lo, hi = lo - over, hi + over
    marks: list[PlacedMark] = []
    owner = line.pieces[-1]
    if disc is not None:
        text = str(LEVEL_NUMBERS[owner.level])
        discs.append(_around(line.at, disc, radius, vertical))
        marks.append(PlacedMark("number", discs[-1], text=text, faded=line.faded))
    sign = {"gap": "gap", "unknown": "unknown"}.get(owner.state.status)
    if sign and hi - lo > SIGN + 6:
        taken = [*line.crossed, *((disc - 10, disc, disc + 10) if disc is not None else ())]
        at = _free_place(
            lo, hi, taken, SIGN / 2 + 3,
            lambda at: any(_around(line.at, at, SIGN / 2, vertical).overlaps(disc) for disc in discs),
        )  # fmt: skip
        if at is not None:
            discs.append(_around(line.at, at, SIGN / 2, vertical))
            marks.append(PlacedMark(sign, discs[-1], faded=line.faded))
    placed = []
    for i, piece in enumerate(line.pieces):
        first = lo if i == 0 else piece.lo
        last = hi if i == len(line.pieces) - 1 else piece.hi
        first, last = max(min(first, hi), lo), min(max(last, lo), hi)
        start, end = (
            (Point(line.at, first), Point(line.at, last))
            if vertical
            else (Point(first, line.at), Point(last, line.at))
        )
        a, b = (piece.a, piece.b)
        placed.append(PlacedBoundary(
            piece.level, a.id, b.id, piece.state.status, _half(start), _half(end), piece.state.by,
            piece.state.declared, piece.state.tooltip, tuple(marks) if piece is owner else (), line.faded,
            piece.state.badge,
        ))  # fmt: skip
    return placed


def _reach_out(line: LongLine, segments: Segments, lines: Sequence[LongLine], vertical: bool) -> None:
    """Lengthens a line over links that would pass just beyond its end: no way leads round a boundary unseen.

    It stays inside the channels beside its sides, and short of red lines that run across.
    """
    low, high = -1e9, 1e9
    for piece in line.pieces:
        for side in (piece.a, piece.b):
            before, after = (side.beside["top"], side.beside["bottom"]) if vertical else (
                side.beside["left"], side.beside["right"])  # fmt: skip
            low = max(low, before.middle_start)
            high = min(high, after.middle_start + after.middle_width)
    near = _passing(line, 4 * REACH, segments, vertical)  # a line that reaches out may have to do so again
    beside = [at for at in near if not line.lo + 4 <= at <= line.hi - 4]
    across = [
        other.at
        for other in lines
        if (other.pieces[0].channel.runs == "v") != vertical and other.lo - 8 < line.at < other.hi + 8
    ] if beside else []  # fmt: skip
    for at in sorted(beside, key=lambda at: abs(at - (line.lo + line.hi) / 2)):
        if line.lo - REACH <= at < line.lo + 4 and at - BEYOND > low + 3:
            if not any(at - BEYOND - 6 < other < line.lo for other in across):
                line.lo = line.pieces[0].lo = min(line.lo, half(at - BEYOND))
        elif (
            line.hi - 4 < at <= line.hi + REACH
            and at + BEYOND < high - 3
            and not any(line.hi < other < at + BEYOND + 6 for other in across)
        ):
            line.hi = line.pieces[-1].hi = max(line.hi, half(at + BEYOND))


def _number(
    line: LongLine, vertical: bool, radius: float, over: float, discs: Sequence[Rect]
) -> tuple[float | None, float, float]:
    """Centre of the disc along the line, and the line's ends beside it.

    At the upper or the customary end; where a link crosses there, at the other one; else on the line itself, and
    nowhere where links cross all along it. A line too short to give up its end carries the disc on it.
    """

    beside = BADGE / 2 if any(piece.state.badge for piece in line.pieces) else 0.0

    def is_free(at: float) -> bool:
        place = _around(line.at, at, radius, vertical)
        return all(abs(cross - at) >= radius + 3 + beside for cross in line.crossed) and not any(
            place.overlaps(disc) for disc in discs
        )

    level = line.pieces[0].level
    lo, hi = line.lo, line.hi
    inset = 2.0 if vertical else radius if level == "subnet" else radius - 4
    short = 6.0 if level == "subnet" and not vertical else -over
    start, end = lo + inset, hi - inset
    order = (start,) if vertical else (end, start) if level == "subnet" else (start, end)
    ends = {start: line.pieces[0], end: line.pieces[-1]}
    for at in order:
        lo_shared, hi_shared = _shared(line.pieces[0].channel, ends[at].a, ends[at].b)
        if hi_shared - lo_shared >= 2.4 * (inset + radius + 2) and is_free(at):
            return (at, at + radius + 2, hi - short) if at == start else (at, lo + short, at - radius - 2)
    step = 4.0 if order[0] == start else -4.0
    at = order[0]
    while lo - 2 <= at <= hi + 2:
        if is_free(at):
            return half(at), lo + short, hi - short
        at += step
    return None, lo + short, hi - short


def _free_place(
    lo: float,
    hi: float,
    crossed: Sequence[float],
    room: float,
    is_taken: Callable[[float], bool] | None = None,
) -> float | None:
    """The place nearest to the middle of a line where no link crosses and nothing else stands, or None."""
    middle = (lo + hi) / 2
    steps = int((hi - lo) / 2 / 4)
    for step in range(steps + 1):
        for at in (middle + 4 * step, middle - 4 * step):
            inside = lo + room <= at <= hi - room
            if inside and all(abs(at - cross) > room + 2 for cross in crossed):
                if is_taken is not None and is_taken(at):
                    continue
                return half(at)
    return None


def _crossings(line: LongLine, segments: Segments, vertical: bool) -> list[float]:
    return [at for at in _passing(line, 30.0, segments, vertical) if line.lo - 30 < at < line.hi + 30]


def _passing(line: LongLine, beyond: float, segments: Segments, vertical: bool) -> list[float]:
    """Where links pass straight over the line, lengthened by `beyond` at both ends, along it."""
    across, lo, length = line.at, line.lo - beyond - 1, line.hi - line.lo + 2 * beyond + 2
    room = Rect(across - 0.2, lo, 0.4, length) if vertical else Rect(lo, across - 0.2, length, 0.4)
    found = []
    for p, q in segments.across(room):
        if vertical and abs(p.y - q.y) < 0.3 and min(p.x, q.x) < across < max(p.x, q.x):
            found.append(p.y)
        if not vertical and abs(p.x - q.x) < 0.3 and min(p.y, q.y) < across < max(p.y, q.y):
            found.append(p.x)
    return found


def _around(across: float, along: float, radius: float, vertical: bool) -> Rect:
    x, y = (across, along) if vertical else (along, across)
    return Rect(half(x - radius), half(y - radius), half(2 * radius), half(2 * radius))


def _half(p: Point) -> Point:
    return Point(half(p.x), half(p.y))
