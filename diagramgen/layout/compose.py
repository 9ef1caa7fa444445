"""Composing: from a settled draft to a plan, every box, link, red line and word at its place."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from diagramgen.geometry import Point, Rect
from diagramgen.layout import lines as red
from diagramgen.layout import overlays as over
from diagramgen.layout.badges import Badges
from diagramgen.layout.draft import Draft
from diagramgen.layout.labels import Labeller
from diagramgen.layout.lines import SIGN
from diagramgen.layout.near import Segments
from diagramgen.layout.outside import OuterSide
from diagramgen.layout.plan import (
    Metrics,
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedMark,
    PlacedText,
    Plan,
)
from diagramgen.layout.route import ancestors
from diagramgen.layout.sheet import Mover, Sheet, extent_of, grown
from diagramgen.layout.tree import Item, items
from diagramgen.layout.ways import (
    points_of,
)
from diagramgen.view.sketch import KeyEntry, Link, Sketch


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
        segments = Segments(s for link in links for s in zip(link.points, link.points[1:], strict=False))
        long_lines = red.join(self.pieces, self.sketch.boundaries)
        red.thin_numbers(long_lines)
        discs = [mark.box for line in outer_lines for mark in line.marks if mark.kind == "number"]
        boundaries = [
            b for line in long_lines for b in red.place_line(line, segments, long_lines, discs, self.metrics)
        ] + outer_lines
        links = self._along(links)
        own = {link.id: link.badge for link in self.sketch.links if link.badge}
        boundaries = Badges(self.sketch.boundaries, links, self.draft.by_id, own).put_on(boundaries)
        overlays = over.place(self.sketch.overlays, self.draft.by_id)
        labeller = Labeller(self.metrics, segments)
        labeller.taken.extend(grown(b.start, b.end, 3) for b in boundaries)
        labeller.taken.extend(mark.box for b in boundaries for mark in b.marks)
        boxes = self._boxes(labeller)
        frames = [box.box for box in boxes if box.kind not in ("resource", "internet", "users")]
        over_boxes = [self._overlay(placed, labeller, frames) for placed in overlays]
        walls = [box.box for box in (*boxes, *over_boxes)]
        links = [self._warned(link, labeller, walls) for link in links]
        links = self._label_links(links, labeller, walls)
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

    def _along(self, links: list[PlacedLink]) -> list[PlacedLink]:
        """The links, and those that take the way of one that is drawn."""
        by_id = {link.id: link for link in links}
        for link in self.sketch.links:
            below = by_id.get(link.along)
            if below is None:
                continue
            bundle = below.bundle or below.id
            by_id[below.id] = below._replace(bundle=bundle)
            near = self.draft.by_id[below.a]
            a, b = (link.a, link.b) if link.a in map(_id, (near, *ancestors(near))) else (link.b, link.a)
            by_id[link.id] = PlacedLink(link.id, link.kind, a, b, below.points, "none", bundle, link.style,
                                        link.tooltip, (), link.faded, along=below.id)  # fmt: skip
        return list(by_id.values())

    def _warned(self, link: PlacedLink, labeller: Labeller, walls: Sequence[Rect]) -> PlacedLink:
        """An open flow with its warning sign, or one that is not known with its question mark, on the part of its way
        that is its own."""
        sign = {"open-flow": "gap", "unknown-flow": "unknown"}.get(link.kind)
        if sign is None:
            return link
        box = labeller.on_way(link.points, SIGN, walls, self._hub_end(link))
        return link._replace(marks=(PlacedMark(sign, box, link.id, tooltip=link.tooltip, faded=link.faded),))

    def _hub_end(self, link: PlacedLink) -> str:
        """At which end a bundle's members meet, where the link is in one: `a`, `b` or nothing."""
        others = [other for other in self.sketch.links if other.bundle and other.bundle == link.bundle]
        if link.along and len(others) > 1:
            return "a" if all(link.a in (other.a, other.b) for other in others) else "b"
        return ""

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
            labeller.taken.extend(mark.box for mark in marks)
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
            link = by_id.get(placed.id.removesuffix("#back"))
            texts: list[PlacedText] = []
            words = self._words(link, placed, {other.id for other in links}) if link is not None else ()
            if words:
                for label in (
                    words,
                    tuple(text.rpartition("/")[2] for text in words),
                    tuple(map(_first, words)),
                ):
                    texts = texts or labeller.beside(
                        placed.id, label, "link-name", placed.points, walls, placed.faded
                    )
            if link is not None and link.bullets and placed.id == link.id:
                p, q = placed.points[0], placed.points[-1]
                bullets = tuple(f"• {text}" for text in link.bullets)
                texts += labeller.lines(
                    placed.id, bullets, "bullet", min(p.x, q.x) + 16, p.y + 12, "start", placed.faded
                )
            done.append(placed._replace(texts=tuple(texts)))
        return done

    @staticmethod
    def _words(link: Link, placed: PlacedLink, ids: AbstractSet[str]) -> tuple[str, ...]:
        """The label of a placed link, or of the arrow back; of both where a pair is one line with two heads."""
        if link.stops_at_line and link.kind == "internet":
            return ()
        if placed.id != link.id:
            return link.back_label
        if link.back_label and link.back_label != link.label and f"{link.id}#back" not in ids:
            return tuple(
                f"{there} / {back}" for there, back in zip(link.label, link.back_label, strict=False)
            )
        return link.label

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
        occurring |= {f"badge:{mark.icon}" for b in boundaries for mark in b.marks if mark.kind == "badge"}
        occurring |= {_link_mark(link) for link in links}
        entries = [
            entry
            for entry in self.sketch.key
            if entry.mark.partition(":")[0] not in OF_WHAT_OCCURS or entry.mark in occurring
        ]
        page = Sheet(self.sketch, self.metrics, extent, _with_one_solid(entries))
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


def _first(ports: str) -> str:
    """The first of several ports, and how many more there are.

    >>> _first("443, 445, 5671"), _first("443")
    ('443 +2', '443')
    """
    first, *more = ports.split(", ")
    return f"{first} +{len(more)}" if more and "+" not in ports else ports


def _id(item: Item) -> str:
    return item.id


OF_WHAT_OCCURS = ("boundary", "number", "badge", "link", "gap", "unknown")
"""Marks of which the key has an entry only where they occur."""


def _with_one_solid(entries: list[KeyEntry]) -> list[KeyEntry]:
    """Lines that hold for whichever reason look alike: one entry for both."""
    holding = [entry for entry in entries if entry.mark in ("boundary:no-path", "boundary:enforced")]
    if len(holding) < 2:
        return entries
    both = KeyEntry(holding[1].mark, f"{holding[0].text}, or {holding[1].text.rpartition(': ')[2]}")
    return [both if entry is holding[0] else entry for entry in entries if entry is not holding[1]]


def _link_mark(link: PlacedLink) -> str:
    """The mark of the key that stands for a link as it is drawn."""
    if link.along:
        return "gap" if link.kind == "open-flow" else "unknown"
    return f"link:{link.kind}" + (f".{link.style}" if link.style in ("pending", "disconnected") else "")


def _state_mark(boundary: PlacedBoundary) -> str:
    """The mark of the key that stands for a line as it is drawn."""
    is_declared = boundary.declared and boundary.status in ("no-path", "enforced")
    return f"boundary:{'declared' if is_declared else boundary.status}"
