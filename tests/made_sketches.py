"""Hypothesis makes estates, as sketches of the shapes that views make: what layout may be asked to place."""

from __future__ import annotations

from hypothesis import strategies as st

from diagramgen.view.sketch import (
    Boundaries,
    BoundaryState,
    Box,
    BoxKind,
    KeyEntry,
    Level,
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
    links = (*draw(_peerings(vnets)), *draw(_flows(vnets)), *_outer_links(outside, azure))
    return Sketch(
        name="made",
        title=draw(st.sampled_from(("", "A made-up estate"))),
        description="made",
        roots=roots,
        links=links,
        overlays=draw(_network_groups(vnets)),
        boundaries=draw(_boundaries()),
        outer=tuple((_level(kind), kind, "azure", BoundaryState("unknown")) for kind in outside),
        key=draw(st.sampled_from(((), (KeyEntry("boundary:unknown", "boundary not known to hold"),)))),
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
        shown=frozenset(draw(st.sets(st.sampled_from(LEVELS)))),
        numbered=frozenset(draw(st.sets(st.sampled_from(LEVELS)))),
    )


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
