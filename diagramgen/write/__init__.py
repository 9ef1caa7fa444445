"""Writing: a finished drawing as bytes, a writer a format. `WRITERS` has a row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from diagramgen.draw.scene import Scene
from diagramgen.layout.plan import Plan
from diagramgen.located import NOTHING
from diagramgen.write.dot import write_dot
from diagramgen.write.plan_json import write_plan_json
from diagramgen.write.png import write_png
from diagramgen.write.svg import write_svg

__all__ = ["WRITERS", "Drawing", "write_dot", "write_drawing", "write_plan_json", "write_png", "write_svg"]


class Drawing(NamedTuple):
    """All that a writer may need. `icons` are the scene's pictures, `scale` the pixels a px of a bitmap."""

    plan: Plan
    scene: Scene
    icons: Mapping[str, bytes] = NOTHING
    scale: float = 2.0


Writer = Callable[[Drawing], bytes]


def _png(drawing: Drawing) -> bytes:
    svg = write_svg(drawing.scene, drawing.icons)
    return write_png(svg, drawing.scale, drawing.scene.font_family, drawing.scene.page)


WRITERS: Mapping[str, Writer] = {
    ".svg": lambda drawing: write_svg(drawing.scene, drawing.icons),
    ".png": lambda drawing: _png(drawing),
    ".dot": lambda drawing: write_dot(drawing.plan),
    ".json": lambda drawing: write_plan_json(drawing.plan),
}
"""By the suffix of the file, lower case, with its dot."""


def write_drawing(drawing: Drawing, suffix: str) -> bytes:
    """The drawing in the format of that suffix.

    Raises:
        KeyError: when there is no such format; ask `WRITERS` first.
    """
    return WRITERS[suffix.lower()](drawing)
