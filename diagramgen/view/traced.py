"""Traced: a sketch with one packet's way marked, and everything off the way faded."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from diagramgen.analyse.trace import Trace
from diagramgen.analyse.verdicts import Hop
from diagramgen.model.traffic import service_text
from diagramgen.view.sketch import Box, Link, Sketch


def with_trace(sketch: Sketch, trace: Trace) -> Sketch:
    """The sketch with an arrow for each step of the way, up to where the packet is dropped; the last tells the verdict.

    Hops that the drawing does not show are passed over. Both ends stand out, also where the packet does not arrive.
    """
    frames = dict(_frames(sketch.roots, ()))
    stops = _stops(trace, frames)
    service = service_text(((trace.packet.service, trace.packet.service),))
    words = (f"{service}: {trace.verdict}", trace.decided_by)
    links = []
    for number, (a, b) in enumerate(itertools.pairwise(stops)):
        is_last = number == len(stops) - 2
        style = (
            "" if trace.verdict == "allowed" else "unknown" if trace.verdict == "unknown" else "disconnected"
        )
        links.append(
            Link(
                f"trace/{number + 1}", "flow", a, b, "b", words[:1] if is_last else (), (), words, style=style
            )
        )
    shown = frozenset((*stops, *({trace.source, trace.target} & frames.keys())))
    kept = {rid for stop in shown for rid in (stop, *frames.get(stop, ()))}
    roots = tuple(_faded(box, kept, shown) for box in sketch.roots)
    others = tuple(link._replace(faded=True) for link in sketch.links)
    return sketch._replace(
        roots=roots, links=(*others, *links), subtitle=f"{words[0]}, decided by {words[1]}"
    )


def _stops(trace: Trace, frames: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The drawn boxes on the way, up to the one where the packet is dropped."""
    found: list[str] = []
    for hop in trace.hops:
        if hop.id in frames and (not found or found[-1] != hop.id):
            found.append(hop.id)
        if trace.verdict == "denied" and _drops(hop, trace):
            break
    if trace.verdict != "denied" and trace.target in frames and (not found or found[-1] != trace.target):
        found.append(trace.target)
    return found


def _drops(hop: Hop, trace: Trace) -> bool:
    return any(trace.packet in outcome.denied for _, outcome in hop.outcomes)


def _frames(boxes: Iterable[Box], above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each box with the frames round it."""
    for box in boxes:
        yield box.id, above
        yield from _frames(box.children, (*above, box.id))


def _faded(box: Box, kept: set[str], stops: frozenset[str]) -> Box:
    """A box, faded unless the way touches it, goes through it, or ends at the frame round it, or would."""
    is_kept = box.id in kept
    inner = stops | frozenset(child.id for child in box.children) if box.id in stops else stops
    children = tuple(
        _faded(child, kept | inner if box.id in stops else kept, inner) for child in box.children
    )
    return box._replace(faded=not is_kept, children=children)
