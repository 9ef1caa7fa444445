"""Plans of the examples, for tests that look at drawings without writing them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gallery import EXAMPLES

from diagramgen.draw.scene import Scene
from diagramgen.layout.plan import Plan
from diagramgen.pipeline import (
    Analysis,
    Source,
    analyse_topology,
    build_topology,
    draw,
    read_records,
    view_names,
)
from diagramgen.system import read_theme


def analysis_of(sources: Mapping[str, bytes]) -> Analysis:
    """What the program knows of these files, by their names."""
    return analyse_topology(
        build_topology(read_records(Source(name, text) for name, text in sources.items()))
    )


@cache
def example_analysis(stem: str) -> Analysis:
    (file,) = (example for example in EXAMPLES if example.stem == stem)
    return analysis_of({file.name: file.read_bytes()})


def example_views() -> list[tuple[str, str | None]]:
    """Every example's stem, with each of its views and with none."""
    found: list[tuple[str, str | None]] = []
    for example in EXAMPLES:
        views = view_names(example_analysis(example.stem).topology)
        found += [(example.stem, view) for view in (None, *views)]
    return found


@cache
def drawn(stem: str, view: str | None, theme: str = "reference") -> tuple[Plan, Scene]:
    """The plan and scene of one view of an example."""
    return draw(example_analysis(stem), read_theme(theme), view)
