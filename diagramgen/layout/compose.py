"""Composing: from a settled draft to a plan, every box, link, red line and word at its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagramgen.geometry import Point, Rect
from diagramgen.layout import lines as red
from diagramgen.layout import overlays as over
from diagramgen.layout.draft import Draft
from diagramgen.layout.labels import Labeller, Segment
from diagramgen.layout.outside import OuterSide
from diagramgen.layout.plan import (
    Metrics,
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedText,
    Plan,
)
from diagramgen.layout.sheet import Mover, Sheet, extent_of, grown
from diagramgen.layout.tree import items
from diagramgen.layout.ways import (
    points_of,
)
from diagramgen.view.sketch import Link, Sketch


@dataclass(slots=True, eq=False, repr=False)
class Composer:
    """Turns a settled draft into a plan."""

    sketch: Sketch
    metrics: Metrics
    draft: Draft
    pieces: list[red.Piece]
    outside: OuterSide

    def plan(self) -> Plan:
        links = [self._link(route.link, points_of(route), ()) for route in self.draft.ways.routes]
        links = [half_link for link in links for half_link in self._pairs(link)]
        outer_links, outer_lines = self.outside.place()
        links += outer_links
        segments: list[Segment] = [
            s for link in links for s in zip(link.points, link.points[1:], strict=False)
        ]
        long_lines = red.join(self.pieces, self.sketch.boundaries)
        red.thin_numbers(long_lines)
        discs = [mark.box for line in outer_lines for mark in line.marks if mark.kind == "number"]
        boundaries = [
            b for line in long_lines for b in red.place_line(line, segments, long_lines, discs, self.metrics)
        ] + outer_lines
        overlays = over.place(self.sketch.overlays, self.draft.by_id)
        labeller = Labeller(self.metrics, segments)
        labeller.taken += [grown(b.start, b.end, 3) for b in boundaries]
        labeller.taken += [mark.box for b in boundaries for mark in b.marks]
        boxes = self._boxes(labeller)
        frames = [box.box for box in boxes if box.kind not in ("resource", "internet", "users")]
        over_boxes = [self._overlay(placed, labeller, frames) for placed in overlays]
        links = self._label_links(links, labeller, [box.box for box in (*boxes, *over_boxes)])
        return self._page(over_boxes + boxes, links, boundaries, labeller)

    def _link(self, link: Link, points: tuple[Point, ...], texts: tuple[PlacedText, ...]) -> PlacedLink:
        return PlacedLink(link.id, link.kind, link.a, link.b, points, link.heads, link.bundle, link.style,
                          link.tooltip, texts, link.faded)  # fmt: skip

    def _pairs(self, placed: PlacedLink) -> list[PlacedLink]:
        """A pair is drawn as two arrows side by side where it runs straight."""
        link = next(link for link in self.sketch.links if link.id == placed.id)
        if not link.pair or len(placed.points) != 2:
            return [placed]
        p, q = placed.points
        upright = abs(p.x - q.x) < 0.3
        dx, dy = (6.0, 0.0) if upright else (0.0, 6.0)
        out = (Point(p.x - dx, p.y - dy), Point(q.x - dx, q.y - dy))
        back = (Point(q.x + dx, q.y + dy), Point(p.x + dx, p.y + dy))
        there = PlacedLink(placed.id, placed.kind, placed.a, placed.b, out, "b", "", placed.style, placed.tooltip,
                           placed.texts, placed.faded)  # fmt: skip
        home = PlacedLink(f"{placed.id}#back", placed.kind, placed.b, placed.a, back, "b", "", placed.style,
                          placed.tooltip, (), placed.faded)  # fmt: skip
        return [there, home]

    def _boxes(self, labeller: Labeller) -> list[PlacedBox]:
        placed = []
        for item in items(self.draft.root.content):
            box = item.box
            texts, marks = labeller.item(item, item.worn)
            own = tuple(text for text in self.outside.texts if text.of == item.id)
            placed.append(PlacedBox(
                item.id, box.kind, box.name, item.rect, item.parent.id if item.parent else None, box.type, box.style,
                box.icon if box.kind in ("resource", "users") else None, box.tooltip, tuple(marks),
                (*texts, *own), box.faded,
            ))  # fmt: skip
            if box.kind == "resource":
                labeller.taken.append(item.rect)
            labeller.taken += [mark.box for mark in marks]
        return placed

    def _overlay(self, placed: over.PlacedOverlay, labeller: Labeller, walls: Sequence[Rect]) -> PlacedBox:
        overlay, box = placed.overlay, placed.box
        suffix = f"#{placed.part}" if placed.part > 1 else ""
        name = overlay.name if placed.parts == 1 else f"{overlay.name} ({placed.part} of {placed.parts})"
        lines, right, top = labeller.under(name, "group-name", box, walls)
        texts = labeller.lines(overlay.id + suffix, lines, "group-name", right, top, "end", overlay.faded)
        return PlacedBox(
            overlay.id + suffix, overlay.kind, overlay.name, box, None, "", "", None, overlay.tooltip, (),
            tuple(texts), overlay.faded,
        )  # fmt: skip

    def _label_links(
        self, links: list[PlacedLink], labeller: Labeller, walls: Sequence[Rect]
    ) -> list[PlacedLink]:
        by_id = {link.id: link for link in self.sketch.links}
        done = []
        for placed in links:
            link = by_id.get(placed.id)
            texts: list[PlacedText] = []
            if link is not None and link.label and not (link.stops_at_line and link.kind == "internet"):
                for label in (link.label, tuple(text.rpartition("/")[2] for text in link.label)):
                    texts = texts or labeller.beside(
                        placed.id, label, "link-name", placed.points, walls, placed.faded
                    )
            if link is not None and link.bullets:
                p, q = placed.points[0], placed.points[-1]
                bullets = tuple(f"• {text}" for text in link.bullets)
                texts += labeller.lines(
                    placed.id, bullets, "bullet", min(p.x, q.x) + 16, p.y + 12, "start", placed.faded
                )
            done.append(
                PlacedLink(
                    placed.id, placed.kind, placed.a, placed.b, placed.points, placed.heads, placed.bundle,
                    placed.style, placed.tooltip, tuple(texts), placed.faded,
                )
            )  # fmt: skip
        return done

    def _page(
        self,
        boxes: list[PlacedBox],
        links: list[PlacedLink],
        boundaries: list[PlacedBoundary],
        labeller: Labeller,
    ) -> Plan:
        """The drawing with title, abbreviations, key and margin, moved so that everything lies on the page."""
        extent = extent_of(boxes, links, boundaries)
        occurring = {_state_mark(b) for b in boundaries}
        occurring |= {f"number:{mark.text}" for b in boundaries for mark in b.marks if mark.kind == "number"}
        entries = [
            entry
            for entry in self.sketch.key
            if entry.mark.partition(":")[0] not in ("boundary", "number") or entry.mark in occurring
        ]
        page = Sheet(self.sketch, self.metrics, extent, entries)
        page.head()
        page.foot()
        dx, dy, width, height = page.frame()
        move = Mover(dx, dy)
        return Plan(
            self.sketch.name, width, height, self.sketch.title or self.sketch.name, self.sketch.description,
            tuple(move.box(box) for box in boxes), tuple(move.link(link) for link in links),
            tuple(move.boundary(b) for b in boundaries), tuple(move.text(text) for text in page.texts),
            (), tuple((move.point(p), move.point(q)) for p, q in page.rules),
            tuple(PlacedKey(k.mark, move.rect(k.box), move.text(k.text), k.abbreviation) for k in page.key),
        )  # fmt: skip


def _state_mark(boundary: PlacedBoundary) -> str:
    """The mark of the key that stands for a line as it is drawn."""
    is_declared = boundary.declared and boundary.status in ("no-path", "enforced")
    return f"boundary:{'declared' if is_declared else boundary.status}"
