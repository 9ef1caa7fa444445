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

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.draw import draw_scene
from diagramgen.draw.scene import Scene
from diagramgen.draw.theme import Theme
from diagramgen.layout import plan_layout
from diagramgen.layout.plan import Plan
from diagramgen.model.build import build_topology
from diagramgen.read import Reading, Source, read_records
from diagramgen.view import choose_view, view_names
from diagramgen.view.sketch import Sketch

__all__ = [
    "Analysis", "Plan", "Reading", "Scene", "Sketch", "Source", "Theme", "analyse_topology", "build_topology",
    "choose_view", "draw", "draw_scene", "plan_layout", "read_records", "view_names",
]  # fmt: skip


def draw(
    analysis: Analysis, theme: Theme, view: str | None = None, title: str | None = None
) -> tuple[Plan, Scene]:
    """The plan and the painted scene of one view (None: the whole estate); `title` replaces the input's own.

    Raises:
        InputError: when the view is not there or names what is not there.
    """
    sketch = choose_view(analysis, view)
    if title is not None:
        sketch = sketch._replace(title=title, show_title=bool(title))
    plan = plan_layout(sketch, theme.metrics)
    return plan, draw_scene(plan, theme)
