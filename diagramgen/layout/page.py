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
from diagramgen.layout.tree import SIDES, Channel, Item
from diagramgen.layout.untangle import untangle
from diagramgen.layout.ways import (
    OPPOSITE,
    Ground,
    broken_ways,
    choose_ways,
    lay_tracks,
    set_ports,
)
from diagramgen.view.sketch import Line, Link, Sketch

MOST_SETTLES = 8
BESIDE = 64.0
"""White, px, beside a pair of arrows and their labels on an edge."""


def plan_layout(sketch: Sketch, metrics: Metrics) -> Plan:
    """Where everything of `sketch` is, px, y down; the same sketch gives the same plan everywhere."""
    draft = best_draft(sketch, metrics)
    draft.index()
    _settle(draft, sketch.links)
    faces = red.faces(draft.root)
    pieces = red.pieces_of(faces, sketch.boundaries)
    sketch, notices = _with_computed(sketch, faces, pieces)
    links = sketch.links
    inner = [link for link in links if not link.along and not _is_outer(link, draft)]
    outer = [link for link in links if _is_outer(link, draft)]
    red.reserve(pieces, sketch.boundaries, metrics)
    over.reserve(sketch.overlays, draft.by_id, metrics)
    _reserve_labels(draft, sketch, metrics)
    _settle(draft, links)
    ground = Ground(draft.root, draft.by_id, metrics)
    bent: set[str] = set()
    draft.ways = choose_ways(ground, inner, bent)
    for _ in range(MOST_SETTLES):
        before = draft.widths()
        crowded = set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
        lay_tracks(draft.ways)
        if draft.widths() == before and not crowded:
            break
        _settle(draft, links)
        broken = broken_ways(ground, draft.ways) | crowded
        if broken:
            bent |= broken
            draft.ways = choose_ways(ground, inner, bent)
    else:
        set_ports(ground, draft.ways)
        lay_tracks(draft.ways)
    outside = OuterSide(sketch, metrics, draft, outer)
    untangle(ground, draft.ways, outside.levels())
    return Composer(sketch, metrics, draft, pieces, outside).plan()._replace(notices=notices)


def _with_computed(
    sketch: Sketch, faces: Sequence[red.Face], pieces: Sequence[red.Piece]
) -> tuple[Sketch, tuple[str, ...]]:
    """The sketch with what is known only once its boxes have neighbours: flows between them, and gaps that no line
    shows; and what is left out."""
    found = [sketch.flow_between(face.a.id, face.b.id) for face in faces if face.level == "subnet"]
    flows = {link.id: link for link in found if link is not None}
    lines = [Line(p.level, p.a.id, p.b.id, p.state.status) for p in pieces]
    lines += [Line(level, a, b, state.status) for level, a, b, state in sketch.outer]
    further = sketch.further(lines)
    stated = (link for link in sketch.links if link.id not in flows)
    links = (*stated, *(flows[rid] for rid in sorted(flows)), *further.links)
    notes = (*sketch.notes, *(("", text) for text in further.notes))
    return sketch._replace(links=links, notes=notes), further.notices


def _is_outer(link: Link, draft: Draft) -> bool:
    """Links whose arrow ends at the outer red line are laid with the page, not through channels."""
    outside = {item.id for item in draft.outside}
    return link.stops_at_line and (link.a in outside or link.b in outside)


def _reserve_labels(draft: Draft, sketch: Sketch, metrics: Metrics) -> None:
    """Room for the labels of links: the channel that a labelled link crosses, or the ones beside its ends, keep a
    line's height or width."""
    for link in sketch.links:
        if not link.label or link.stops_at_line:
            continue
        height = len(link.label) * metrics.fonts["link-name"].line_height + 8
        a, b = draft.by_id.get(link.a), draft.by_id.get(link.b)
        shared = _shared_channel(a, b) if a is not None and b is not None else None
        width = max(width_of(label, "link-name", metrics) for label in (link.label, link.back_label or ("",)))
        if shared is not None and link.kind == "flow":
            for item in (a, b) if shared.runs == "h" else ():
                assert item is not None
                disc = 2 * metrics.number_radius if "subnet" in sketch.boundaries.numbered else 0.0
                item.min_width = max(item.min_width, 2 * width + disc + BESIDE)
            needed = 2 * height + 12 if shared.runs == "h" else 2 * width + 34 if width < 90 else 0.0
            shared.base = max(shared.base, needed)
            continue
        for item in (end for end in (a, b) if end is not None):
            for side in SIDES[1::2]:
                channel = item.beside.get(side)
                if channel is not None and channel.frame is None:
                    channel.base = max(channel.base, 2 * height + 12)
        if shared is not None and shared.runs == "v" and width < 90:
            shared.base = max(shared.base, 2 * width + 34)
    for item in draft.by_id.values():
        if item.box.kind in ("region",) and item.beside:
            item.beside["top"].base = max(item.beside["top"].base, metrics.gutter)
    for link in sketch.links:
        if link.pair and link.a in draft.by_id and link.b in draft.by_id:
            a, b = draft.by_id[link.a], draft.by_id[link.b]
            for side in SIDES:
                if a.beside.get(side) is not None and b.beside.get(OPPOSITE[side]) is a.beside.get(side):
                    a.beside[side].base = max(a.beside[side].base, 30.0)


def _shared_channel(a: Item, b: Item) -> Channel | None:
    """The channel across which two boxes face each other."""
    for side in SIDES:
        channel = a.beside.get(side)
        if channel is not None and b.beside.get(OPPOSITE[side]) is channel:
            return channel
    return None


def _settle(draft: Draft, links: Sequence[Link]) -> None:
    for cell in draft.cells:
        cell.forget()
    width, height = draft.root.least()
    draft.root.settle(0.0, 0.0, width, height)
    pull_outside(draft, links)
