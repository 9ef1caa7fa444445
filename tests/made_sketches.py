"""Hypothesis makes estates, as sketches of the shapes that views make: what layout may be asked to place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from zlib import crc32

from hypothesis import strategies as st

from diagramgen.view.sketch import (
    Boundaries,
    BoundaryState,
    Box,
    BoxKind,
    Further,
    KeyEntry,
    Level,
    Line,
    Link,
    Overlay,
    Role,
    SideMark,
    Sketch,
    Status,
)

WORDS = (
    "VM",
    "web",
    "app gateway",
    "a rather long name of a subnet",
    "snet-prod-weu-frontend-001",
    "Größe",
    "網路",
)
STATUSES: tuple[Status, ...] = ("no-path", "enforced", "gap", "unknown")
LEVELS: tuple[Level, ...] = ("subscription", "vnet", "subnet", "internet", "on-premises", "paas")
FIREWALL = "networking/firewalls"
OUTER = (BoundaryState("unknown"), BoundaryState("enforced", badge=FIREWALL), BoundaryState("gap"))
KEY = (
    KeyEntry("boundary:unknown", "boundary not known to hold"),
    KeyEntry("boundary:enforced", "boundary holds: enforced"),
    KeyEntry(f"badge:{FIREWALL}", "Azure Firewall enforces"),
    KeyEntry("link:flow", "allowed flow"),
    KeyEntry("link:open-flow", "open flow: no rule names it"),
    KeyEntry("gap", "open: traffic passes that no rule names"),
)
PORTS = ("443", "443, 8443, udp/53", "any but tcp/22")
NSG = SideMark("nsg", "networking/network-security-groups-classic", "NSG-web")


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """An estate of at most three subscriptions, with an outside, links and overlays."""
    subscriptions = tuple(
        draw(_subscription(f"s{n}")) for n in range(draw(st.integers(min_value=1, max_value=3)))
    )
    vnets = [vnet for subscription in subscriptions for vnet in subscription.children]
    azure = Box("azure", "azure", "Azure", children=subscriptions)
    outside = draw(st.lists(st.sampled_from(("internet", "on-premises")), unique=True))
    roots = (azure, *(_outside(kind, n) for n, kind in enumerate(outside)))
    peerings = draw(_peerings(vnets))
    links = (*peerings, *draw(_flows(vnets)), *_outer_links(outside, azure))
    seed = draw(st.integers(min_value=0, max_value=7))
    boundaries = draw(_boundaries())
    return Sketch(
        name="made",
        title=draw(st.sampled_from(("", "A made-up estate"))),
        description="made",
        roots=roots,
        links=links,
        overlays=draw(_network_groups(vnets)),
        boundaries=boundaries,
        outer=tuple((_level(kind), kind, "azure", draw(st.sampled_from(OUTER))) for kind in outside),
        key=draw(st.sampled_from(((), KEY))),
        flow_between=_Flows(seed),
        further=_Further(seed, peerings, vnets, boundaries),
    )


@st.composite
def _subscription(draw: st.DrawFn, id: str) -> Box:
    count = draw(st.integers(min_value=1, max_value=5))
    has_hub = draw(st.booleans())
    vnets = tuple(
        draw(_vnet(f"{id}/v{n}", "hub" if has_hub and n == 0 else draw(st.sampled_from(("plain", "spoke")))))
        for n in range(count)
    )
    return Box(id, "subscription", f"Subscription {id}", icon="general/subscriptions", children=vnets)


@st.composite
def _vnet(draw: st.DrawFn, id: str, role: Role) -> Box:
    subnets = tuple(draw(_subnet(f"{id}/n{n}")) for n in range(draw(st.integers(min_value=0, max_value=4))))
    name, prefix = draw(st.sampled_from(WORDS)), draw(st.sampled_from(((), ("10.0.0.0/16",))))
    return Box(
        id, "vnet", name, icon="networking/virtual-networks", style="workload", role=role, caption=prefix,
        children=subnets,
    )  # fmt: skip


@st.composite
def _subnet(draw: st.DrawFn, id: str) -> Box:
    icons = tuple(
        Box(
            f"{id}/r{n}", "resource", draw(st.sampled_from(WORDS)), icon="compute/virtual-machine",
            side_label=draw(st.sampled_from(("", "ASG-web"))),
        )
        for n in range(draw(st.integers(min_value=0, max_value=3)))
    )  # fmt: skip
    return Box(
        id, "subnet", draw(st.sampled_from(WORDS)), role=draw(st.sampled_from(("plain", "entry", "tier"))),
        marks=draw(st.sampled_from(((), (NSG,)))), children=icons,
        caption=draw(st.sampled_from(((), ("10.0.1.0/24",)))),
    )  # fmt: skip


@st.composite
def _peerings(draw: st.DrawFn, vnets: list[Box]) -> tuple[Link, ...]:
    """Between any two VNets, at most one each."""
    pairs = [(a.id, b.id) for n, a in enumerate(vnets) for b in vnets[n + 1 :]]
    if not pairs:
        return ()
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6))
    label = draw(st.sampled_from(((), ("VNet peering",))))
    return tuple(
        Link(
            f"peering-{a}-{b}",
            "peering",
            a,
            b,
            label=label,
            heads=draw(st.sampled_from(("both", "a", "none"))),
        )
        for a, b in sorted(chosen)
    )


@st.composite
def _flows(draw: st.DrawFn, vnets: list[Box]) -> tuple[Link, ...]:
    """Between two subnets of one VNet."""
    pairs = [
        (a.id, b.id) for vnet in vnets for n, a in enumerate(vnet.children) for b in vnet.children[n + 1 :]
    ]
    if not pairs:
        return ()
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=4))
    return tuple(
        Link(f"flow-{a}-{b}", "flow", a, b, heads="b", pair=draw(st.booleans())) for a, b in sorted(chosen)
    )


@st.composite
def _network_groups(draw: st.DrawFn, vnets: list[Box]) -> tuple[Overlay, ...]:
    members = sorted(vnet.id for vnet in vnets if vnet.role == "plain")
    if len(members) < 2 or draw(st.booleans()):
        return ()
    chosen = draw(st.lists(st.sampled_from(members), unique=True, min_size=2, max_size=4))
    return (Overlay("group", "network-group", "Network group", tuple(sorted(chosen))),)


@st.composite
def _boundaries(draw: st.DrawFn) -> Boundaries:
    return Boundaries(
        judge=_Judge(draw(st.integers(min_value=0, max_value=7))),
        shown=frozenset(draw(st.sets(st.sampled_from(LEVELS)))),
        numbered=frozenset(draw(st.sets(st.sampled_from(LEVELS)))),
    )


class _Judge:
    """Verdicts by lot, always the same for the same two boxes."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, level: Level, a: str, b: str) -> BoundaryState | None:
        lot = _lot(self.seed, level, *sorted((a, b)))
        if lot % 6 == 5:
            return None
        status = STATUSES[lot % 6 % len(STATUSES)]
        badge = (FIREWALL, "own/nsg")[lot // 6 % 2] if status == "enforced" else ""
        return BoundaryState(status, declared=lot % 11 == 0, tooltip=(status,), badge=badge)


class _Flows:
    """Computed flows by lot."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, a: str, b: str) -> Link | None:
        lot = _lot(self.seed, "flow", a, b)
        if lot % 3 == 0:
            return None
        is_pair = lot % 3 == 1
        return Link(f"computed-{a}-{b}", "flow", a, b, heads="both" if is_pair else "b", pair=is_pair,
                    label=(PORTS[lot // 3 % len(PORTS)],), back_label=("8443",) if is_pair else ())  # fmt: skip


class _Further:
    """Open flows: along some peerings, and between some subnets that no line parts, where the view draws such lines."""

    def __init__(
        self, seed: int, peerings: tuple[Link, ...], vnets: list[Box], boundaries: Boundaries
    ) -> None:
        self.seed = seed
        self.boundaries = boundaries
        self.peerings = peerings
        self.vnets = vnets

    def __call__(self, lines: Sequence[Line]) -> Further:
        parted = {frozenset((line.a, line.b)) for line in lines}
        links = [
            Link(f"open-{peering.id}", "open-flow", peering.a, peering.b, "both", along=peering.id)
            for peering in self.peerings
            if _lot(self.seed, peering.id) % 2
        ]
        for vnet in self.vnets:
            for a, b in combinations([child.id for child in vnet.children if child.kind == "subnet"], 2):
                state = self.boundaries.between("subnet", a, b)
                if frozenset((a, b)) not in parted and state is not None and state.status == "gap":
                    links.append(Link(f"open-{a}-{b}", "open-flow", a, b, "both"))
        notes = ("one gap more",) if self.seed % 2 else ()
        return Further(tuple(links), notes, notes)


def _lot(seed: int, *words: str) -> int:
    return crc32(" ".join((str(seed), *words)).encode())


def _outside(kind: str, n: int) -> Box:
    made: BoxKind = "internet" if kind == "internet" else "on-premises"
    inside = () if made == "internet" else (Box(f"dc{n}", "resource", "Datacenter", icon="own/datacenter"),)
    return Box(kind, made, "Internet" if made == "internet" else "Amsterdam", role="outside", children=inside)


def _level(kind: str) -> Level:
    return "internet" if kind == "internet" else "on-premises"


def _outer_links(outside: list[str], azure: Box) -> tuple[Link, ...]:
    return tuple(
        Link(f"{kind}-link", "internet" if kind == "internet" else "vpn", kind, azure.id, label=(f"{kind} traffic",),
             stops_at_line=kind == "internet", pair=kind == "internet", style="at:azure")
        for kind in outside
    )  # fmt: skip
