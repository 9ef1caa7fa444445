"""Parents that run in a circle."""

from __future__ import annotations

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named


def refuse_circles(kind: str, context: Context) -> None:
    """An error for every circle of parents."""
    parents: dict[str, Named] = {}
    for thing in context.names.all(kind):
        found = context.names.named(thing.value.get("parent", ""), {kind})
        if len(found) == 1:
            parents[thing.key] = found[0]
    done: set[str] = set()
    for thing in context.names.all(kind):
        trail: list[Named] = []
        here: Named | None = thing
        while here is not None and here.key not in done and here not in trail:
            trail.append(here)
            here = parents.get(here.key)
        if here is not None and here in trail:
            circle = trail[trail.index(here) :]
            way = " -> ".join(f"`{shorten(t.name, 40)}`" for t in (*circle[:6], circle[0]))
            context.error("circle", f"parents that run in a circle: {way}", circle[0].value.at("parent"))
        done.update(t.key for t in trail)
