"""Routes: the way of each link through the channels, kept as topology until coordinates are final.

A route is the side and frame it leaves, the channels it runs along in turn, and the side and frame it enters. Since
a channel never lies inside a foreign frame, and a frame is crossed only where it encloses one of the two ends, no
route can cut through a box. The graph is sparse: its nodes are the crossings of two channels, about ten a box.

Cost is length plus bends; members of one bundle get what the bundle has already taken at a discount, which turns a
hub's peerings into one trunk with a stub a spoke.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from diagramgen.geometry import Side
from diagramgen.layout.tree import SIDES, Cell, Channel, Grid, Item
from diagramgen.view.sketch import Link

BEND = 70.0
TRUNK_DISCOUNT = 0.15
NAME_TOLL = 260.0


@dataclass(frozen=True, slots=True)
class Port:
    """Where a route may leave or enter: a box's side, and the channel that it meets straight ahead.

    `through` are the frames that the straight way from the side to the channel passes, innermost first.
    """

    item: Item
    side: Side
    channel: Channel
    through: tuple[Item, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Route:
    """A link's way. `channels` alternate in direction; empty for a straight link between facing sides."""

    link: Link
    start: Port
    end: Port
    channels: tuple[Channel, ...]
    start_at: float = 0.0  # coordinate along the start side (x for top and bottom, y for left and right)
    end_at: float = 0.0
    tracks: list[float] = field(default_factory=list)  # coordinate across each channel


@dataclass(slots=True, eq=False, repr=False)
class _Stop:
    """A crossing as it stands on one channel."""

    at: float
    node: int
    gates: tuple[Item, ...]
    toll: float = 0.0  # what passing the gates costs: a name stands in the way


class ChannelGraph:
    """The channels of one settled tree and their crossings, inside the frames that enclose an end of a link.

    `names_at` tells which stretches of a frame's side its name takes; to pass there costs `NAME_TOLL`.
    """

    def __init__(
        self, ends: Iterable[Item], names_at: Callable[[Item, Side], list[tuple[float, float]]]
    ) -> None:
        self._names_at = names_at
        self._stops: dict[Channel, list[_Stop]] = defaultdict(list)
        self._channels: list[tuple[Channel, Channel]] = []
        self._seen: set[tuple[int, int]] = set()
        frames = {id(frame): frame for end in ends for frame in enclosing(end)}
        for frame in frames.values():
            assert frame.content is not None
            self._frame(frame)
            self._inside(frame.content)
        self._places: list[list[int]] = [[0, 0] for _ in self._channels]
        for channel, stops in self._stops.items():
            stops.sort(key=lambda stop: (stop.at, stop.node))
            for place, stop in enumerate(stops):
                self._places[stop.node][int(self._channels[stop.node][1] is channel)] = place

    def _frame(self, item: Item) -> None:
        for vertical in ("left", "right"):
            for horizontal in ("top", "bottom"):
                self._cross(item.pads[vertical], item.pads[horizontal])
        for side in ("left", "right"):
            for other in ("top", "bottom"):
                self._extend(item.pads[other], item, side)
                self._extend(item.pads[side], item, other)

    def _inside(self, grid: Grid) -> None:
        for r, row in enumerate(grid.across):
            above = grid.down[r - 1] if r else grid.beside["top"]
            below = grid.down[r] if r < len(grid.down) else grid.beside["bottom"]
            for channel in row:
                self._end(channel, above, "top")
                self._end(channel, below, "bottom")
        for channel in grid.down:
            self._end(channel, grid.beside["left"], "left")
            self._end(channel, grid.beside["right"], "right")
        for cells in grid.rows:
            for cell in cells:
                if isinstance(cell, Grid):
                    self._inside(cell)

    def _end(self, channel: Channel, stop: Channel, side: Side) -> None:
        self._cross(channel, stop)
        if stop.frame is not None and stop.side == side:
            self._extend(channel, stop.frame, side)

    def _extend(self, channel: Channel, frame: Item, side: Side) -> None:
        """Crossings of `channel` with what lies beyond `side` of `frame`, frame after frame outwards."""
        gates: tuple[Item, ...] = ()
        toll = 0.0
        at: Item | None = frame
        while at is not None and at.beside:
            outer = at.beside[side]
            gates = (*gates, at)
            if any(lo < _middle(channel) < hi for lo, hi in self._names_at(at, side)):
                toll += NAME_TOLL
            self._cross(channel, outer, gates, toll)
            at = outer.frame if outer.frame is not None and outer.side == side else None

    def _cross(self, one: Channel, other: Channel, gates: tuple[Item, ...] = (), toll: float = 0.0) -> None:
        """One crossing; `gates` are the frames between `one`'s own ground and the crossing."""
        if one.runs == other.runs or (id(one), id(other)) in self._seen:
            return
        self._seen.add((id(one), id(other)))
        self._seen.add((id(other), id(one)))
        node = len(self._channels)
        self._channels.append((one, other))
        self._stops[one].append(_Stop(_middle(other), node, gates, toll))
        self._stops[other].append(_Stop(_middle(one), node, ()))

    def shortest(
        self,
        starts: Iterable[tuple[Port, float]],
        ends: Iterable[tuple[Port, float]],
        open_frames: set[int],
        taken: Mapping[tuple[int, int], float] | None = None,
        crowd: Mapping[Channel, int] | None = None,
    ) -> tuple[Port, Port, tuple[Channel, ...], list[tuple[int, int]]] | None:
        """The cheapest way from one of `starts` to one of `ends`; each comes with its coordinate along its side.

        `open_frames` (ids of items) may be crossed. `taken` maps edges to their price factor for this bundle.
        Returns the two ports, the channels in turn, and the edges for `taken`.
        """
        goals: dict[Channel, list[tuple[float, Port]]] = defaultdict(list)
        for port, at in ends:
            goals[port.channel].append((at, port))
        queue: list[tuple[float, int, int, int]] = []
        best: dict[tuple[int, int], float] = {}
        back: dict[tuple[int, int], tuple[int, int] | None] = {}
        origin: dict[tuple[int, int], Port] = {}
        counter = 0
        final: tuple[float, tuple[int, int] | None, Port, Port, Channel] | None = None
        for start, at in starts:
            channel = start.channel
            offset = _reach(start)
            for goal_at, goal in goals.get(channel, ()):
                cost = offset + _reach(goal) + abs(goal_at - at) + (2 * BEND if abs(goal_at - at) > 1 else 0)
                if final is None or cost < final[0] - 1e-6:
                    final = (cost, None, start, goal, channel)
            for stop in self._next(channel, at, open_frames):
                state = (stop.node, int(self._channels[stop.node][1] is channel))
                cost = offset + BEND + abs(stop.at - at) + stop.toll
                if cost < best.get(state, 1e18) - 1e-6:
                    best[state] = cost
                    back[state] = None
                    origin[state] = start
                    heapq.heappush(queue, (cost, counter, *state))
                    counter += 1
        while queue:
            cost, _, node, which = heapq.heappop(queue)
            state = (node, which)
            if cost > best[state] + 1e-6:
                continue
            if final is not None and cost >= final[0]:
                break
            channel = self._channels[node][which]
            stops = self._stops[channel]
            index = self._places[node][which]
            here = stops[index]
            for goal_at, goal in goals.get(channel, ()):
                done = cost + abs(goal_at - here.at) + BEND + _reach(goal)
                if not here.gates and (final is None or done < final[0] - 1e-6):
                    final = (done, state, origin[state], goal, channel)
            moves: list[tuple[float, int, int]] = []
            other = 1 - which
            crowding = 12.0 * crowd.get(self._channels[node][other], 0) if crowd else 0.0
            moves.append((cost + BEND + crowding, node, other))
            for place in (index - 1, index + 1):
                if 0 <= place < len(stops):
                    stop = stops[place]
                    if here.gates is not stop.gates and not _may_pass(here.gates, stop.gates, open_frames):
                        continue
                    factor = taken.get(_edge(node, stop.node), 1.0) if taken else 1.0
                    which_next = int(self._channels[stop.node][1] is channel)
                    toll = abs(stop.toll - here.toll)
                    moves.append(
                        (cost + abs(stop.at - here.at) * factor + toll + 0.01, stop.node, which_next)
                    )
            for price, next_node, next_which in moves:
                following = (next_node, next_which)
                if price < best.get(following, 1e18) - 1e-6:
                    best[following] = price
                    back[following] = state
                    origin[following] = origin[state]
                    heapq.heappush(queue, (price, counter, next_node, next_which))
                    counter += 1
        if final is None:
            return None
        _, state_or_none, start_port, end_port, last = final
        states: list[tuple[int, int]] = []
        at_state = state_or_none
        while at_state is not None:
            states.append(at_state)
            at_state = back[at_state]
        states.reverse()
        ways = [start_port.channel]
        for node, which in states:
            channel = self._channels[node][which]
            if channel is not ways[-1]:
                ways.append(channel)
        if last is not ways[-1]:
            ways.append(last)
        edges = [_edge(a[0], b[0]) for a, b in itertools.pairwise(states) if a[0] != b[0]]
        return start_port, end_port, tuple(ways), edges

    def _next(self, channel: Channel, at: float, open_frames: set[int]) -> list[_Stop]:
        """The crossings nearest to `at` on both sides that lie on the channel's own ground."""
        stops = self._stops[channel]
        index = bisect.bisect_left(stops, at, key=lambda stop: stop.at)
        found = []
        for step in (index - 1, index):
            if 0 <= step < len(stops) and _may_pass((), stops[step].gates, open_frames):
                found.append(stops[step])
        return found


def ports(item: Item, sides: Iterable[Side] = SIDES) -> list[Port]:
    """Every way straight out of a box: to the channel beside it, and on through frames whose edge is next."""
    found = []
    for side in sides:
        through: tuple[Item, ...] = ()
        at: Item = item
        while at.beside:
            channel = at.beside[side]
            found.append(Port(item, side, channel, through))
            if channel.frame is None or channel.side != side:
                break
            at = channel.frame
            through = (*through, at)
    return found


def enclosing(item: Item) -> list[Item]:
    """The frames round a box, innermost first, with the page as the last."""
    found: list[Item] = []
    at: Item | None = item
    while at is not None and at.beside:
        at = _frame_of(at)
        if at is not None:
            found.append(at)
    return found


def _frame_of(item: Item) -> Item | None:
    """The frame whose grid the box stands in: the owner of the paddings that its channels lead to."""
    return item.parent or item.page


def ancestors(item: Item) -> list[Item]:
    """The frames that enclose a box, innermost first."""
    found = []
    at = item.parent
    while at is not None:
        found.append(at)
        at = at.parent
    return found


def side_middle(cell: Cell, side: Side) -> float:
    """The coordinate of the middle of a side, along it."""
    return cell.x + cell.width / 2 if side in ("top", "bottom") else cell.y + cell.height / 2


def _reach(port: Port) -> float:
    """The length of the straight way from the side to its channel."""
    edge = {
        "left": port.item.x,
        "right": port.item.x + port.item.width,
        "top": port.item.y,
        "bottom": port.item.y + port.item.height,
    }[port.side]
    return abs(_middle(port.channel) - edge)


def _middle(channel: Channel) -> float:
    return channel.middle_start + channel.middle_width / 2


def _edge(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _may_pass(here: tuple[Item, ...], there: tuple[Item, ...], open_frames: set[int]) -> bool:
    longer, shorter = (there, here) if len(there) >= len(here) else (here, there)
    return all(id(frame) in open_frames for frame in longer[len(shorter) :])
