"""DOT: the drawing as a graph for Graphviz and its relatives; frames are clusters, links are edges between them.

Graphviz joins nodes only, so every frame has an invisible point inside, and an edge that means the frame ends at
its cluster (`lhead`, `ltail`). Positions are not told: who wants this drawing's own takes the SVG.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagramgen.layout.plan import PlacedBox, Plan

_COLORS: Mapping[str, str] = {
    "peering": "#00b050", "hub-connection": "#00b050", "flow": "#00b050", "private-link": "#bf9000",
}  # fmt: skip
_DIRECTIONS: Mapping[str, str] = {"both": "both", "a": "back", "b": "forward", "none": "none"}


def write_dot(plan: Plan) -> bytes:
    """The plan as a DOT graph, UTF-8; names of nodes are numbers in drawing order, labels are the real names."""
    from graphviz import Digraph, escape

    numbers = {box.id: f"n{i}" for i, box in enumerate(plan.boxes)}
    graph = Digraph(
        plan.name or "estate",
        graph_attr={"compound": "true", "label": escape(plan.title), "labelloc": "t"},
        node_attr={"shape": "box", "fontname": "Segoe UI"},
        edge_attr={"fontname": "Segoe UI"},
    )
    inside: dict[str | None, list[PlacedBox]] = {}
    for box in plan.boxes:
        inside.setdefault(box.parent, []).append(box)
    frames = {box.id for box in plan.boxes if box.kind != "resource"}
    _fill(graph, inside.get(None, ()), inside, numbers, Digraph, escape)
    for link in plan.links:
        if link.id.endswith("#back") or link.a not in numbers or link.b not in numbers:
            continue
        attributes = {"color": _COLORS.get(link.kind, "#000000"), "dir": _DIRECTIONS[link.heads]}
        if link.a in frames:
            attributes["ltail"] = f"cluster_{numbers[link.a]}"
        if link.b in frames:
            attributes["lhead"] = f"cluster_{numbers[link.b]}"
        graph.edge(numbers[link.a], numbers[link.b], **attributes)
    return str(graph.source).encode()


def _fill(graph, boxes: Sequence[PlacedBox], inside, numbers: Mapping[str, str], digraph, escape) -> None:  # type: ignore[no-untyped-def]
    """Puts boxes into a graph or cluster, frames as clusters with what they hold."""
    for box in boxes:
        if box.kind == "resource":
            graph.node(numbers[box.id], escape(box.name))
            continue
        cluster = digraph(
            f"cluster_{numbers[box.id]}", graph_attr={"label": escape(box.name), "style": "dashed"}
        )
        cluster.node(numbers[box.id], "", shape="point", style="invis")
        _fill(cluster, inside.get(box.id, ()), inside, numbers, digraph, escape)
        graph.subgraph(cluster)
