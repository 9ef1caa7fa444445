"""Ways: which links run straight, which take the channels; then ports, tracks and points.

Two steps. `choose_ways` fixes the topology on a settled tree: straight between facing sides where nothing stands
between, else the cheapest way through the channels, a hub's links as one trunk. `lay_tracks` gives every stretch in
a channel its track and tells each channel how many it must hold; after the tree has settled anew with those widths
it is called again, and `points_of` reads the final coordinates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from diagramgen.geometry import Point, Rect, Side, half
from diagramgen.layout.dress import NSG_OUT_X, NSG_WIDTH, width_of
from diagramgen.layout.plan import Metrics
from diagramgen.layout.route import TRUNK_DISCOUNT, ChannelGraph, Port, Route, ancestors, ports, side_middle
from diagramgen.layout.tree import Channel, Item, channels, items, point
from diagramgen.view.sketch import Link

OPPOSITE: Mapping[Side, Side] = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
LEAST_PORT = 8.0
PAIR_GAP = 12.0
MOST_STRAIGHT = 3
"""A hub's links to more spokes than that are one trunk, even where each could run straight."""


@dataclass(slots=True, eq=False, repr=False)
class Ways:
    """All links of a drawing with their ways, and where each link's ports are."""

    routes: list[Route] = field(default_factory=list)
    unrouted: list[Link] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Ground:
    """What routing needs to know of a settled tree."""

    root: Item
    by_id: Mapping[str, Item]
    metrics: Metrics

    solid: list[Item] = field(default_factory=list)
    lined: list[Channel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.solid = [item for item in items(self.root) if item is not self.root]
        self.lined = [channel for channel in channels(self.root) if channel.has_line]


def choose_ways(ground: Ground, links: Sequence[Link], bent: AbstractSet[str] = frozenset()) -> Ways:
    """The way of every link, trunks first; those in `bent` (ids) may not run straight."""
    ways = Ways()
    ends = {end for link in links for end in (link.a, link.b)}
    joined = [item for rid, item in ground.by_id.items() if rid in ends]
    graph = ChannelGraph(joined, lambda item, side: blocked(ground, item, side))
    crowd: dict[Channel, int] = defaultdict(int)
    for bundle in _bundles(links):
        known = [
            link for link in bundle if link.a in ground.by_id and link.b in ground.by_id and link.a != link.b
        ]
        ways.unrouted += [link for link in bundle if link not in known]
        may_run_straight = len(known) <= MOST_STRAIGHT and not any(link.id in bent for link in known)
        straight = [_straight(ground, link) for link in known] if may_run_straight else []
        if known and len(straight) == len(known) and all(straight):
            ways.routes += [route for route in straight if route is not None]
            continue
        routed = _trunk(ground, graph, known, crowd) if len(known) > 1 else []
        if len(known) == 1:
            found = _single(ground, graph, known[0], crowd)
            routed = [found] if found else []
        ways.routes += routed
        done = {route.link.id for route in routed}
        ways.unrouted += [link for link in known if link.id not in done]
        for route in routed:
            for channel in route.channels:
                crowd[channel] += 1
    return ways


def broken_ways(ground: Ground, ways: Ways) -> set[str]:
    """The ids of straight links whose sides no longer face each other freely, since the tree settled anew."""
    return {
        route.link.id
        for route in ways.routes
        if not route.channels
        and straight_at(ground, route.link, route.start.item, route.end.item, route.start.side) is None
    }


def _bundles(links: Sequence[Link]) -> list[list[Link]]:
    """Links of one bundle together, others alone, in order of first sight; trunks first, they take most room."""
    groups: dict[str, list[Link]] = {}
    for link in links:
        groups.setdefault(link.bundle or f"\0{link.id}", []).append(link)
    return sorted(groups.values(), key=lambda group: -len(group))


def _straight(ground: Ground, link: Link) -> Route | None:
    """A straight way between facing sides, if nothing else stands between them."""
    a, b = ground.by_id[link.a], ground.by_id[link.b]
    for side in _facing(a, b):
        at = straight_at(ground, link, a, b, side)
        if at is not None:
            start = Port(a, side, a.beside[side])
            end = Port(b, OPPOSITE[side], b.beside[OPPOSITE[side]])
            return Route(link, start, end, (), at, at)
    return None


def _facing(a: Item, b: Item) -> list[Side]:
    if a.rect.bottom <= b.y:
        below: list[Side] = ["bottom"]
    elif b.rect.bottom <= a.y:
        below = ["top"]
    else:
        below = []
    if a.rect.right <= b.x:
        return [*below, "right"]
    if b.rect.right <= a.x:
        return [*below, "left"]
    return below


def straight_at(ground: Ground, link: Link, a: Item, b: Item, side: Side) -> float | None:
    """The coordinate at which a straight link may run from `side` of `a` to the facing side of `b`, or None."""
    wish = _wish(a, b, side)
    best: float | None = None
    for low, high in straight_spans(ground, link, a, b, side):
        at = min(max(wish, low), high)
        if best is None or abs(at - wish) < abs(best - wish):
            best = at
    return None if best is None else half(best)


def straight_spans(ground: Ground, link: Link, a: Item, b: Item, side: Side) -> list[tuple[float, float]]:
    """The coordinates at which a straight link may run: both sides free there, and nothing between them."""
    if a.box.kind == "resource" and side == "bottom" and a.worn.name:
        return []
    if b.box.kind == "resource" and side == "top" and b.worn.name:
        return []
    if a.box.kind == "resource" and side == "right" and a.worn.side_label:
        return []
    if b.box.kind == "resource" and side == "left" and b.worn.side_label:
        return []
    spans = _common(
        free_spans(ground, a, side, ancestors(a), b), free_spans(ground, b, OPPOSITE[side], ancestors(b), a)
    )
    spans = _in_line_with_tiers(ground, a, b, side, spans)
    vertical = side in ("top", "bottom")
    free = set(map(id, (*ancestors(a), *ancestors(b), a, b)))
    first, last = (a, b) if side in ("right", "bottom") else (b, a)
    lo = first.rect.bottom if vertical else first.rect.right
    hi = last.y if vertical else last.x
    hindrances = []
    for item in ground.solid:
        if id(item) in free:
            continue
        room = _with_labels(item)
        low, high = (room.y, room.bottom) if vertical else (room.x, room.right)
        if high > lo + 0.5 and low < hi - 0.5:
            hindrances.append((room.x, room.right) if vertical else (room.y, room.bottom))
    for channel in ground.lined:
        if channel.runs == ("v" if vertical else "h") and channel.hi > lo and channel.lo < hi:
            hindrances.append((channel.line_at - channel.clear, channel.line_at + channel.clear))
    wide = PAIR_GAP / 2 + 3 if link.pair else 3.0
    free_of = _without(spans, [(x - wide, y + wide) for x, y in hindrances])
    return [(low + wide, high - wide) for low, high in free_of if high - low >= 2 * wide]


def _in_line_with_tiers(
    ground: Ground, a: Item, b: Item, side: Side, spans: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Where all tiers of a column leave the same stretch free, flows between two of them keep to it."""
    if (
        side not in ("top", "bottom")
        or a.box.kind != "subnet"
        or a.parent is not b.parent
        or a.parent is None
    ):
        return spans
    column = [item for item in items(a.parent.content) if item.box.kind == "subnet" and item.x == a.x]
    shared = spans
    for item in column:
        shared = _common(shared, free_spans(ground, item, "top"))
    return shared if any(hi - lo > PAIR_GAP + 6 for lo, hi in shared) else spans


def _wish(a: Item, b: Item, side: Side) -> float:
    """Where a straight link would stand best: the middle of what the two sides share."""
    if side in ("top", "bottom"):
        return (max(a.x, b.x) + min(a.rect.right, b.rect.right)) / 2
    return (max(a.y, b.y) + min(a.rect.bottom, b.rect.bottom)) / 2


def _with_labels(item: Item) -> Rect:
    m = item.margin
    return item.rect.grown(m.left, m.top, m.right, m.bottom)


def free_spans(
    ground: Ground, item: Item, side: Side, through: Iterable[Item] = (), toward: Item | None = None
) -> list[tuple[float, float]]:
    """The stretches of a side, as coordinates along it, that no label or mark takes.

    `through` are frames whose edge on that side is crossed too; those that also enclose `toward` are not.
    """
    vertical = side in ("top", "bottom")
    spans = [
        (item.x + LEAST_PORT, item.rect.right - LEAST_PORT)
        if vertical
        else (item.y + 4, item.rect.bottom - 4)
    ]
    inner = set(map(id, ancestors(toward))) if toward is not None else set()
    for frame in (item, *(frame for frame in through if id(frame) not in inner)):
        spans = _without(spans, blocked(ground, frame, side))
    return spans


def blocked(ground: Ground, item: Item, side: Side) -> list[tuple[float, float]]:
    """Stretches of a side that a frame's own name and marks take."""
    worn = item.worn
    if item.box.kind == "resource":
        return []
    right = item.rect.right
    if side == "top" and item.box.kind == "subnet":
        taken = []
        if item.box.marks:
            name = width_of(worn.mark_name, "mark-name", ground.metrics)
            icons = len(item.box.marks) * (NSG_WIDTH + 4)
            taken.append((item.x - NSG_OUT_X, item.x - NSG_OUT_X + max(name, icons) + 4))
        if worn.name:
            taken.append((right - width_of(worn.name, "subnet-name", ground.metrics) - 6, right))
        return taken
    if side == "top" and item.box.kind == "azure":
        return [(item.x, item.x + 84)]
    if side == "top" and item.box.kind in ("on-premises", "management-group", "region"):
        style = {"on-premises": "site-name", "region": "region-name"}.get(item.box.kind, "frame-name")
        lines = (*worn.name, *worn.over)
        return [(right - width_of(lines, style, ground.metrics) - 8, right)]
    if side == "bottom" and item.box.kind in ("vnet", "virtual-hub", "subscription", "group"):
        mark = 30.0 if item.box.icon or item.box.kind == "subscription" else 4.0
        return [(right - mark - width_of(worn.name, "frame-name", ground.metrics) - 6, right)]
    return []


def _common(
    one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    both = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return [(lo, hi) for lo, hi in both if hi - lo > 0.5]


def _without(
    spans: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What is left of `spans` when `taken` is cut out.

    >>> _without([(0, 10)], [(3, 4)])
    [(0, 3), (4, 10)]
    """
    left = list(spans)
    for lo, hi in taken:
        cut: list[tuple[float, float]] = []
        for a, b in left:
            if hi <= a or lo >= b:
                cut.append((a, b))
                continue
            if a < lo:
                cut.append((a, lo))
            if hi < b:
                cut.append((hi, b))
        left = cut
    return left


def _sides(ground: Ground, item: Item) -> list[Side]:
    """The sides at which links may end: not where an icon's own words stand."""
    if item.box.kind != "resource":
        return ["left", "top", "right", "bottom"]
    worn = item.worn
    sides: list[Side] = ["left"]
    if not worn.over:
        sides.append("top")
    if not worn.side_label:
        sides.append("right")
    if not (worn.name or worn.caption):
        sides.append("bottom")
    return sides


def _ports(ground: Ground, item: Item, other: Item) -> list[tuple[Port, float]]:
    found = []
    inside_other = set(map(id, (other, *ancestors(other))))
    for port in ports(item, _sides(ground, item)):
        if any(id(frame) in inside_other for frame in port.through):
            continue
        spans = free_spans(ground, item, port.side, port.through)
        if not spans and (port.through or item.box.kind != "resource"):
            continue
        found.append((port, _nearest(spans, side_middle(item, port.side))))
    return found


def _nearest(spans: Sequence[tuple[float, float]], wish: float) -> float:
    if not spans:
        return half(wish)
    best = min((min(max(wish, lo), hi) for lo, hi in spans), key=lambda at: abs(at - wish))
    return half(best)


def _single(ground: Ground, graph: ChannelGraph, link: Link, crowd: Mapping[Channel, int]) -> Route | None:
    a, b = ground.by_id[link.a], ground.by_id[link.b]
    frames = {id(frame) for frame in (*ancestors(a), *ancestors(b))}
    found = graph.shortest(_ports(ground, a, b), _ports(ground, b, a), frames, crowd=crowd)
    if found is None:
        return None
    start, end, channels, _ = found
    return Route(link, start, end, channels)


def _trunk(
    ground: Ground, graph: ChannelGraph, links: Sequence[Link], crowd: Mapping[Channel, int]
) -> list[Route]:
    """Routes of one bundle: from the end that they share, nearest first, each following what is there already."""
    hub_id = _shared_end(links)
    hub = ground.by_id[hub_id]
    far = {link.id: ground.by_id[link.b if link.a == hub_id else link.a] for link in links}
    nearest = sorted(links, key=lambda link: (_distance(hub, far[link.id]), link.id))
    votes: dict[tuple[Side, Channel], float] = defaultdict(float)
    for link in nearest[:: max(1, len(nearest) // 6)]:
        spoke = far[link.id]
        frames = {id(frame) for frame in (*ancestors(hub), *ancestors(spoke))}
        found = graph.shortest(_ports(ground, hub, spoke), _ports(ground, spoke, hub), frames)
        if found:
            votes[(found[0].side, found[0].channel)] += 1
    if not votes:
        return []
    side = max(
        sorted({key[0] for key in votes}), key=lambda s: sum(v for key, v in votes.items() if key[0] == s)
    )
    taken: dict[tuple[int, int], float] = {}
    routes = []
    for link in nearest:
        spoke = far[link.id]
        frames = {id(frame) for frame in (*ancestors(hub), *ancestors(spoke))}
        starts = [port for port in _ports(ground, hub, spoke) if port[0].side == side]
        ends = _ports(ground, spoke, hub)
        found = graph.shortest(starts, ends, frames, taken, crowd)
        if found is None:
            continue
        start, end, channels, edges = found
        for edge in edges:
            taken[edge] = TRUNK_DISCOUNT
        routes.append(
            Route(link, start, end, channels) if link.a == hub_id else Route(link, end, start, channels[::-1])
        )
    return routes


def _shared_end(links: Sequence[Link]) -> str:
    count: dict[str, int] = defaultdict(int)
    for link in links:
        count[link.a] += 1
        count[link.b] += 1
    return max(sorted(count), key=lambda key: count[key])


def _distance(one: Item, other: Item) -> float:
    a, b = one.rect.center, other.rect.center
    return abs(a.x - b.x) + abs(a.y - b.y)


@dataclass(slots=True, eq=False, repr=False)
class _Stretch:
    """What one bundle (or link) takes in one channel: the union of its members' intervals, and where its ends go."""

    key: str
    lo: float = 1e9
    hi: float = -1e9
    before: int = 0
    after: int = 0
    users: list[tuple[Route, int]] = field(default_factory=list)


def set_ports(ground: Ground, ways: Ways) -> set[str]:
    """Gives every route its coordinate on the two sides that it joins; links at one side stand apart. Returns the ids
    of straight links that find no place of their own."""
    crowded = set()
    wanted: dict[tuple[str, Side], dict[str, list[tuple[Route, bool]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    used: dict[tuple[str, Side], list[tuple[float, float]]] = defaultdict(list)
    for route in ways.routes:
        if not route.channels and not _set_straight(ground, route, used):
            crowded.add(route.link.id)
    for route in ways.routes:
        if route.channels:
            key = route.link.bundle or route.link.id
            wanted[(route.start.item.id, route.start.side)][_port_key(route, key, True)].append((route, True))
            wanted[(route.end.item.id, route.end.side)][_port_key(route, key, False)].append((route, False))
    for (item_id, side), groups in sorted(wanted.items()):
        item = ground.by_id[item_id]
        through: tuple[Item, ...] = ()
        for users in groups.values():
            for route, at_start in users:
                port = route.start if at_start else route.end
                through = port.through if len(port.through) > len(through) else through
        spans = _without(free_spans(ground, item, side, through), used[(item_id, side)])
        ordered = sorted(groups, key=lambda key: (_leaves_toward(groups[key], side), key))
        for key, at in zip(
            ordered, _spread(spans, len(ordered), item, side, ground.metrics.track), strict=True
        ):
            for route, at_start in groups[key]:
                if at_start:
                    route.start_at = at
                else:
                    route.end_at = at
    return crowded


def _port_key(route: Route, key: str, at_start: bool) -> str:
    return key if route.link.bundle else f"{key}/{at_start}"


def _set_straight(
    ground: Ground, route: Route, used: dict[tuple[str, Side], list[tuple[float, float]]]
) -> bool:
    """Gives a straight link its coordinate; tells whether it has a place of its own there."""
    a, b, side = route.start.item, route.end.item, route.start.side
    at = straight_at(ground, route.link, a, b, side)
    if at is None:
        at = route.start_at
    taken = used[(a.id, side)] + used[(b.id, OPPOSITE[side])]
    step = ground.metrics.track + (PAIR_GAP if route.link.pair else 0)
    spans = straight_spans(ground, route.link, a, b, side)
    own = PAIR_GAP / 2 if route.link.pair else 0.0
    free = _without(spans, [(lo - own, hi + own) for lo, hi in taken])
    for offset in (0.0, step, -step, 2 * step, -2 * step, 3 * step, -3 * step):
        if any(lo <= at + offset <= hi for lo, hi in free):
            at += offset
            break
    else:
        at = _nearest(free or spans, at)
    route.start_at = route.end_at = half(at)
    wide = step / 2 + 1
    used[(a.id, side)].append((at - wide, at + wide))
    used[(b.id, OPPOSITE[side])].append((at - wide, at + wide))
    return bool(free)


def _leaves_toward(users: Sequence[tuple[Route, bool]], side: Side) -> float:
    """Where the links at a port come from, along the side: ports in that order cross least."""
    route, at_start = users[0]
    other = route.end.item if at_start else route.start.item
    center = other.rect.center
    return center.x if side in ("top", "bottom") else center.y


def _spread(
    spans: Sequence[tuple[float, float]], count: int, item: Item, side: Side, track: float
) -> list[float]:
    """`count` coordinates on a side, around its middle, inside the free spans."""
    middle = side_middle(item, side)
    if not spans:
        return [half(middle + (i - (count - 1) / 2) * 4.0) for i in range(count)]
    if count == 1:
        return [_nearest(spans, middle)]
    span = max(spans, key=lambda s: s[1] - s[0])
    step = min(track, (span[1] - span[0]) / count)
    center = min(max(middle, span[0] + step * (count - 1) / 2), span[1] - step * (count - 1) / 2)
    return [half(center + (i - (count - 1) / 2) * step) for i in range(count)]


def lay_tracks(ways: Ways) -> None:
    """Gives every stretch its track; sets each channel's number of tracks from what runs there. The number never
    falls, so that widening and laying anew come to an end."""
    for route in ways.routes:
        if len(route.tracks) != len(route.channels):
            route.tracks = [c.middle_start + c.middle_width / 2 for c in route.channels]
    stretches: dict[Channel, dict[str, _Stretch]] = defaultdict(dict)
    for route in ways.routes:
        key = route.link.bundle or route.link.id
        for i, channel in enumerate(route.channels):
            stretch = stretches[channel].setdefault(key, _Stretch(key))
            one, two = _ends(route, i)
            stretch.lo, stretch.hi = min(stretch.lo, one, two), max(stretch.hi, one, two)
            for before in _directions(route, i):
                if before:
                    stretch.before += 1
                else:
                    stretch.after += 1
            stretch.users.append((route, i))
    for channel, found in stretches.items():
        groups: dict[bool, list[_Stretch]] = {True: [], False: []}
        for stretch in found.values():
            groups[stretch.before >= stretch.after].append(stretch)
        counts = {}
        placed: list[tuple[_Stretch, int, bool]] = []
        for is_before, group in groups.items():
            lanes: list[list[_Stretch]] = []
            for stretch in sorted(group, key=lambda s: (-(s.hi - s.lo), s.lo, s.key)):
                lane = next(
                    (i for i, lane in enumerate(lanes) if all(_apart(stretch, s) for s in lane)), len(lanes)
                )
                if lane == len(lanes):
                    lanes.append([])
                lanes[lane].append(stretch)
                placed.append((stretch, lane, is_before))
            counts[is_before] = len(lanes)
        channel.tracks_before = max(channel.tracks_before, counts[True])
        channel.tracks_after = max(channel.tracks_after, counts[False])
        for stretch, lane, is_before in placed:
            for route, i in stretch.users:
                route.tracks[i] = channel.track_at(lane, is_before)


def _apart(one: _Stretch, other: _Stretch) -> bool:
    return one.hi + 8 < other.lo or other.hi + 8 < one.lo


def _ends(route: Route, i: int) -> tuple[float, float]:
    """Where the stretch in channel `i` begins and ends, along the channel."""
    first = route.start_at if i == 0 else route.tracks[i - 1]
    last = route.end_at if i == len(route.channels) - 1 else route.tracks[i + 1]
    return first, last


def _directions(route: Route, i: int) -> tuple[bool, bool]:
    """For both ends of the stretch in channel `i`: does the link go on to the side before the channel?"""
    middle = route.tracks[i]
    if i == 0:
        first = route.start.side in ("right", "bottom")
    else:
        edge = _ends(route, i - 1)[0]
        first = edge < middle
    if i == len(route.channels) - 1:
        last = route.end.side in ("right", "bottom")
    else:
        edge = _ends(route, i + 1)[1]
        last = edge < middle
    return first, last


def points_of(route: Route) -> tuple[Point, ...]:
    """The way as points: from the one side's edge to the other's, without needless bends."""
    first = _on_side(route.start, route.start_at)
    last = _on_side(route.end, route.end_at)
    found = [first]
    along = route.start_at
    for i, channel in enumerate(route.channels):
        across = route.tracks[i]
        found.append(point(channel.runs, across, along))
        along = across
    if route.channels:
        final = route.channels[-1]
        found.append(point(final.runs, route.tracks[-1], route.end_at))
    found.append(last)
    return _simple(found)


def _on_side(port: Port, at: float) -> Point:
    rect = port.item.rect
    if port.side == "left":
        return Point(rect.x, at)
    if port.side == "right":
        return Point(rect.right, at)
    return Point(at, rect.y if port.side == "top" else rect.bottom)


def _simple(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without repeated points and points on the straight between their neighbours."""
    kept: list[Point] = []
    for p in points:
        if kept and abs(kept[-1].x - p.x) < 0.3 and abs(kept[-1].y - p.y) < 0.3:
            continue
        if len(kept) >= 2 and _in_line(kept[-2], kept[-1], p):
            kept[-1] = p
        else:
            kept.append(p)
    return tuple(kept)


def _in_line(a: Point, b: Point, c: Point) -> bool:
    return (abs(a.x - b.x) < 0.3 and abs(b.x - c.x) < 0.3) or (abs(a.y - b.y) < 0.3 and abs(b.y - c.y) < 0.3)
