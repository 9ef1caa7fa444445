"""Page: one sketch laid out whole. `plan_layout` is the stage: draft, settle, route, settle again, compose.

Widening a channel for its links moves everything beside it, so tracks are laid and the tree is settled in turn until
no channel wants more room; numbers of tracks never fall, so that this ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from diagramgen.layout import lines as red
from diagramgen.layout import overlays as over
from diagramgen.layout.compose import Composer
from diagramgen.layout.draft import Draft, best_draft
from diagramgen.layout.dress import width_of
from diagramgen.layout.outside import OuterSide, pull_outside
from diagramgen.layout.plan import (
    Metrics,
    Plan,
)
from diagramgen.layout.tree import SIDES
from diagramgen.layout.untangle import untangle
from diagramgen.layout.ways import (
    OPPOSITE,
    Ground,
    broken_ways,
    choose_ways,
    lay_tracks,
    set_ports,
)
from diagramgen.view.sketch import Link, Sketch

MOST_SETTLES = 8


def plan_layout(sketch: Sketch, metrics: Metrics) -> Plan:
    """Where everything of `sketch` is, px, y down; the same sketch gives the same plan everywhere."""
    draft = best_draft(sketch, metrics)
    draft.index()
    inner = [link for link in sketch.links if not _is_outer(link, draft)]
    outer = [link for link in sketch.links if _is_outer(link, draft)]
    links = sketch.links
    _settle(draft, links)
    pieces = red.facing_pieces(draft.root, sketch.boundaries)
    red.reserve(pieces, sketch.boundaries, metrics)
    over.reserve(sketch.overlays, draft.by_id, metrics)
    _reserve_labels(draft, sketch, metrics)
    _settle(draft, links)
    ground = Ground(draft.root, draft.by_id, metrics)
    bent: set[str] = set()
    draft.ways = choose_ways(ground, inner, bent)
    for _ in range(MOST_SETTLES):
        before = draft.widths()
        set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
        lay_tracks(draft.ways)
        if draft.widths() == before:
            break
        _settle(draft, links)
        broken = broken_ways(ground, draft.ways)
        if broken:
            bent |= broken
            draft.ways = choose_ways(ground, inner, bent)
    else:
        set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
    outside = OuterSide(sketch, metrics, draft, outer)
    untangle(ground, draft.ways, outside.levels())
    return Composer(sketch, metrics, draft, pieces, outside).plan()


def _is_outer(link: Link, draft: Draft) -> bool:
    """Links whose arrow ends at the outer red line are laid with the page, not through channels."""
    outside = {item.id for item in draft.outside}
    return link.stops_at_line and (link.a in outside or link.b in outside)


def _reserve_labels(draft: Draft, sketch: Sketch, metrics: Metrics) -> None:
    """Room for the labels of links: each channel beside a labelled link's end keeps a line's height."""
    for link in sketch.links:
        if not link.label or link.stops_at_line:
            continue
        height = len(link.label) * metrics.fonts["link-name"].line_height + 8
        for end in (link.a, link.b):
            item = draft.by_id.get(end)
            if item is None:
                continue
            for side in ("bottom", "top"):
                channel = item.beside.get(side)
                if channel is not None and channel.frame is None:
                    channel.base = max(channel.base, 2 * height + 12)
        a, b = draft.by_id.get(link.a), draft.by_id.get(link.b)
        width = width_of(link.label, "link-name", metrics)
        if a is not None and b is not None and width < 90:
            for one, other in ((a, b), (b, a)):
                if "right" in one.beside and one.beside["right"] is other.beside.get("left"):
                    one.beside["right"].base = max(one.beside["right"].base, 2 * width + 34)
    for item in draft.by_id.values():
        if item.box.kind in ("region",) and item.beside:
            item.beside["top"].base = max(item.beside["top"].base, metrics.gutter)
    for link in sketch.links:
        if link.pair and link.a in draft.by_id and link.b in draft.by_id:
            a, b = draft.by_id[link.a], draft.by_id[link.b]
            for side in SIDES:
                if a.beside.get(side) is not None and b.beside.get(OPPOSITE[side]) is a.beside.get(side):
                    a.beside[side].base = max(a.beside[side].base, 30.0)


def _settle(draft: Draft, links: Sequence[Link]) -> None:
    for cell in draft.cells:
        cell.forget()
    width, height = draft.root.least()
    draft.root.settle(0.0, 0.0, width, height)
    pull_outside(draft, links)
