"""Sketch: what is drawn, before anyone knows where. The last stage that knows Azure makes it; layout only reads it.

A sketch is a tree of boxes (frames that hold boxes, and leaves with an icon), links between boxes, overlays that
cross frames, the state of every boundary, and the entries of the key. Text is already chosen; nothing is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

BoxKind = Literal[
    "azure", "management-group", "subscription", "region", "vnet", "subnet", "resource", "virtual-hub",
    "network-group", "on-premises", "internet", "users", "group",
]  # fmt: skip
Level = Literal["subscription", "vnet", "subnet", "internet", "on-premises", "paas"]
Status = Literal["no-path", "enforced", "gap", "unknown"]

LEVEL_NUMBERS: Mapping[Level, int] = {
    "subscription": 1, "vnet": 2, "subnet": 3, "internet": 4, "on-premises": 5, "paas": 6,
}  # fmt: skip
"""Numbers 1 to 4 as in Microsoft's article; 5 and 6 are this program's extensions."""

Role = Literal["plain", "entry", "tier", "hub", "spoke", "service", "site", "outside", "member"]
"""How a box takes part in its parent's arrangement; `layout` has a place for each."""


class SideMark(NamedTuple):
    """A small icon on a frame's corner with a name above it: an NSG's shield on a subnet."""

    kind: str  # "nsg", "route-table", "nat-gateway", "waf", "ddos"
    icon: str  # icon name, see `diagramgen.model.kinds`
    name: str  # "" where only the icon is drawn
    tooltip: tuple[str, ...] = ()


class Box(NamedTuple):
    """A frame or an icon.

    `style` picks the frame's paint among those of its kind: a VNet is `workload`, `standalone`, `member` or `ghost`.
    `caption` are further short lines under the name (prefixes, policy, count). `side_label` stands right of an icon
    (an ASG's name). `order` sorts siblings; equal orders fall back to name and id.
    """

    id: str
    kind: BoxKind
    name: str
    type: str = ""  # ARM type, for `data-type` only
    icon: str | None = None
    style: str = ""
    role: Role = "plain"
    caption: tuple[str, ...] = ()
    side_label: str = ""
    over: str = ""  # a line above the icon, such as 'Front Door origin'
    marks: tuple[SideMark, ...] = ()
    tooltip: tuple[str, ...] = ()
    children: tuple[Box, ...] = ()
    faded: bool = False
    at_end: bool = False
    columns: int = 0  # wished columns of the grid inside, 0 for the best shape
    order: tuple[float | str, ...] = ()


class Link(NamedTuple):
    """A line between two boxes. `kind` is the contract's (`peering`, `flow`, `vpn`, `expressroute`, ...).

    `heads`: at which ends arrowheads stand. `stops_at_line`: the arrow ends at the red line, not at the box (Internet
    and on-premises arrows of the article). `label` lines stand beside it, the first named like the link. Links of
    one `bundle` are drawn as a trunk with stubs. `pair`: drawn as two antiparallel arrows, the one from `b` to `a`
    with `back_label`. `along` is the id of a link whose way this one takes: only its warning sign is drawn there.
    `badge` is the icon of what holds this link's own traffic, where that is not simply what holds the line.
    """

    id: str
    kind: str
    a: str
    b: str
    heads: Literal["none", "a", "b", "both"] = "both"
    label: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    tooltip: tuple[str, ...] = ()
    bundle: str = ""
    pair: bool = False
    stops_at_line: bool = False
    style: str = ""  # "", "disconnected", "pending", "unknown"
    faded: bool = False
    back_label: tuple[str, ...] = ()
    along: str = ""
    badge: str = ""


class Overlay(NamedTuple):
    """A frame round boxes that need not share a parent: a network group, a region."""

    id: str
    kind: BoxKind
    name: str
    members: tuple[str, ...]
    caption: tuple[str, ...] = ()
    tooltip: tuple[str, ...] = ()
    faded: bool = False


class BoundaryState(NamedTuple):
    """The verdict on one boundary. `declared` means stated by the spec, not computed. `badge` is the icon of the
    control that enforces it, which is drawn where links cross the line; "" where none is."""

    status: Status
    by: tuple[str, ...] = ()
    declared: bool = False
    tooltip: tuple[str, ...] = ()
    badge: str = ""


def not_told(level: Level, a: str, b: str) -> BoundaryState | None:
    """What is known of a boundary where nobody judges."""
    return BoundaryState("unknown", tooltip=("the input does not tell whether this boundary holds",))


class Boundaries(NamedTuple):
    """The state of the boundary between any two boxes: asked by layout for those that stand side by side alone, since
    an estate has more pairs than anyone could judge. `judge` gives the state, or None for no line.

    `shown` says which levels are drawn.
    """

    judge: Callable[[Level, str, str], BoundaryState | None] = not_told
    shown: frozenset[Level] = frozenset()
    faded_levels: frozenset[Level] = frozenset()
    numbered: frozenset[Level] = frozenset()

    def between(self, level: Level, a: str, b: str) -> BoundaryState | None:
        """The state to draw between `a` and `b`, or None for no line."""
        return self.judge(level, a, b) if level in self.shown else None


class KeyEntry(NamedTuple):
    """One entry of the key: a mark, and what it stands for. `mark` is a name that `draw` knows, or a text."""

    mark: str
    text: str
    abbreviation: str = ""


class Line(NamedTuple):
    """A red line that layout draws between two neighbours."""

    level: Level
    a: str
    b: str
    status: Status


class Further(NamedTuple):
    """Gaps that no line shows, as things do not stand side by side: links that show them, what is told of those that
    are not drawn singly, and `notices`, which the program says to its user."""

    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def no_flow(a: str, b: str) -> Link | None:
    """No flow between two neighbours."""
    return None


def nothing_further(lines: Sequence[Line]) -> Further:
    """No gap but those that lines show."""
    return Further()


class Sketch(NamedTuple):
    """A whole drawing in words.

    Layout alone knows who stands where, so it asks: `flow_between` gives the allowed flow between two subnets that
    stand side by side, in the place of the link of that id where there is one; `further` the gaps that none of the
    lines shows.
    """

    name: str
    title: str
    description: str
    roots: tuple[Box, ...]
    links: tuple[Link, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    boundaries: Boundaries = Boundaries()
    outer: tuple[tuple[Level, str, str, BoundaryState], ...] = ()  # level, id outside, id inside, state
    key: tuple[KeyEntry, ...] = ()
    abbreviations: tuple[str, ...] = ()  # 'NSG = Network Security Group', drawn at the top
    subtitle: str = ""
    title_block: tuple[tuple[str, str], ...] = ()  # field name, value
    notes: tuple[tuple[str, str], ...] = ()  # box id or "", text
    show_title: bool = True
    page_ratio: float = 1.5  # wished width / height
    columns: int = 0  # wished columns where several roots stand side by side, 0 for the best shape
    flow_between: Callable[[str, str], Link | None] = no_flow
    further: Callable[[Sequence[Line]], Further] = nothing_further
