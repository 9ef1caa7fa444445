"""The program in six calls, for Python and for the command line alike.

    reading  = read_records(sources)
    topology = build_topology(reading)
    analysis = analyse_topology(topology)
    sketch   = choose_view(analysis, view)
    plan     = plan_layout(sketch, theme.metrics)
    scene    = draw_scene(plan, theme)

Each is a pure function between frozen values. `draw` runs them for one view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.ends import trace_between
from diagramgen.analyse.findings import boundary_findings
from diagramgen.analyse.trace import Trace
from diagramgen.analyse.verdicts import Boundary, Finding
from diagramgen.diagnostics import Diagnostic
from diagramgen.draw import draw_scene
from diagramgen.draw.scene import Scene
from diagramgen.draw.theme import Theme
from diagramgen.layout import plan_layout
from diagramgen.layout.plan import Plan
from diagramgen.model.build import build_topology
from diagramgen.model.scope import Cut, Scope, cut_out, restricted
from diagramgen.model.topology import Topology
from diagramgen.read import Options, Reading, Source, read_records
from diagramgen.view import choose_view, view_names, with_trace
from diagramgen.view.sketch import Sketch

__all__ = [
    "Analysis", "Cut", "Options", "Plan", "Reading", "Scene", "Scope", "Sketch", "Source", "Theme", "Trace",
    "analyse_topology", "anonymise", "build_topology", "check_topology", "choose_view", "cut_out", "draw",
    "draw_scene", "lay_over", "plan_layout", "read_records", "trace_between", "undrawn_boundaries", "view_names",
    "write_spec",
]  # fmt: skip


def lay_over(reading: Reading, overlays: Sequence[Source]) -> Reading:
    """The reading with what overlays (titles, notes, views, sites ...) say of it.

    Raises:
        InputError: an overlay is no overlay, or has errors.
    """
    if not overlays:
        return reading
    from diagramgen.read.overlay import lay_over as with_overlays

    return with_overlays(reading, overlays)


def anonymise(reading: Reading) -> Reading:
    """The same estate under other names and addresses."""
    from diagramgen.read.anonymise import anonymise as disguise

    return disguise(reading)


def draw(
    analysis: Analysis,
    theme: Theme,
    view: str | None = None,
    title: str | None = None,
    trace: Trace | None = None,
    cut: Cut | None = None,
) -> tuple[Plan, Scene]:
    """The plan and the painted scene of one view (None: the whole estate); `title` replaces the input's own, the
    way of a `trace` is marked, and a `cut` shows a part of the estate alone.

    Raises:
        InputError: when the view is not there or names what is not there.
    """
    sketch = choose_view(analysis, view, cut)
    if trace is not None:
        sketch = with_trace(sketch, trace)
    if title is not None:
        sketch = sketch._replace(title=title, show_title=bool(title))
    plan = plan_layout(sketch, theme.metrics)
    return plan, draw_scene(plan, theme)


def write_spec(topology: Topology, reading: Reading, title: str = "", cut: Cut | None = None) -> str:
    """What was read as the text of a spec that draws the same; of a `cut` what is inside, and the rest as outside."""
    from diagramgen.author import write_spec as spec_of

    if cut is not None:
        reading = restricted(reading, topology, cut)
        topology = build_topology(reading)
    return spec_of(topology, reading, title)


def check_topology(
    analysis: Analysis, accepted: Iterable[tuple[str, ...]] = ()
) -> tuple[tuple[Boundary, ...], tuple[Finding, ...]]:
    """Every boundary that is listed, and all that the rules find, before anything is accepted or left out.

    Gaps with one cause are one finding; those between the two sides of `accepted` have one of their own each, so that
    it can be accepted without the others.
    """
    pairs = {frozenset(sides) for sides in accepted}
    boundaries = analysis.boundaries()
    alone = [boundary for boundary in boundaries if {boundary.a, boundary.b} in pairs]
    together = [boundary for boundary in boundaries if {boundary.a, boundary.b} not in pairs]
    own = (boundary_findings(analysis.topology, (each,), analysis.has_rules) for each in alone)
    return boundaries, (*(finding for found in own for finding in found), *analysis.findings(together))


def _frames(topology: Topology, rid: str) -> list[str]:
    """A thing and the frames round it, innermost first."""
    found = [rid]
    resource = topology.resources.get(rid)
    while resource is not None and resource.parent is not None:
        found.append(resource.parent)
        resource = topology.resources.get(resource.parent)
    return found


def undrawn_boundaries(
    analysis: Analysis, drawn: Sequence[tuple[str | None, Plan]]
) -> tuple[Diagnostic, ...]:
    """A warning for each boundary that the spec declares and that no line of `drawn` (view, plan) shows, although
    both its sides are there: neither they nor the frames round them stand side by side; and for gaps that are too many
    to be drawn singly."""
    topology = analysis.topology
    plans = [
        plan
        for view, plan in drawn
        if (topology.views[view] if view else {}).get("boundaries", "all") in ("all", "declared")
    ]
    shown = {frozenset((line.a, line.b)) for plan in plans for line in plan.boundaries}
    outside = {
        line.a for plan in plans for line in plan.boundaries if line.level in ("internet", "on-premises")
    }
    boxes = {box.id for plan in plans for box in plan.boxes}
    found = []
    for boundary in topology.boundaries:
        sides = {boundary.a, boundary.b}
        ways = [(a, b) for a in _frames(topology, boundary.a) for b in _frames(topology, boundary.b)]
        is_shown = any(frozenset(pair) in shown for pair in ways)
        if sides <= boxes and not is_shown and not sides & outside:
            names = [
                topology.resources[side].label if side in topology.resources else side
                for side in sorted(sides)
            ]
            found.append(Diagnostic(
                "warning", "boundary-not-drawn",
                f"the boundary between `{names[0]}` and `{names[1]}` is declared, and no line shows it: the two do not "
                "stand side by side", boundary.place,
                ("`layout: {order: [...]}` can make them neighbours",),
            ))  # fmt: skip
    notices = dict.fromkeys(notice for _, plan in drawn for notice in plan.notices)
    found += [
        Diagnostic("warning", "gaps-not-drawn", notice, hints=("`diagramgen check` lists every one of them",))
        for notice in notices
    ]
    return tuple(found)
