"""Connections and flows -> records; the two ends of a line."""

from __future__ import annotations

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    BoundaryLine,
    PairLine,
)
from diagramgen.read.spec.lower.connections import (
    FAR,
    OF_AZURE,
    is_gateway,
    lower_azure_connection,
    refuse_keys,
)
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import DRAWN, Named, escape
from diagramgen.read.spec.shapes import Item, Told


def lower_links(spec: Told, context: Context) -> None:
    """All connections and flows."""
    for item in spec.get("connections", ()):
        _lower_connection(item, context)
    for item in spec.get("flows", ()):
        _lower_flow(item, context)


def ends_of(
    item: Item, keys: tuple[str, str], context: Context, kinds: frozenset[str]
) -> tuple[Named | None, Named | None]:
    """The two things that a line or a mapping joins."""
    if isinstance(item.value, (PairLine, BoundaryLine)):
        line = item.value
        return (
            context.names.find(line.a.text, kinds, item.place, line.a.span),
            context.names.find(line.b.text, kinds, item.place, line.b.span),
        )
    told: Told = item.value
    return context.find(told, keys[0], *kinds), context.find(told, keys[1], *kinds)


def told_of(item: Item) -> Told:
    return item.value if isinstance(item.value, Told) else Told(item.place)


_ENDS = DRAWN | FAR


def _lower_connection(item: Item, context: Context) -> None:
    told = told_of(item)
    start, goal = ends_of(item, ("from", "to"), context, _ENDS)
    circuit = context.find(told, "circuit", "circuit")
    if start is None or goal is None:
        return
    if start.kind in FAR or is_gateway(start):
        lower_azure_connection(item, told, start, goal, context)
        return
    hint = "it has one where it begins at a local network, a VPN site, a circuit or a gateway"
    refuse_keys(told, OF_AZURE, f"a connection from `{shorten(start.name)}`", hint, context)
    type_ = (
        item.value.detail
        if isinstance(item.value, PairLine)
        else told.get("type", "expressroute" if circuit else "")
    )
    said = {
        "from": start.ref,
        "to": goal.ref,
        "connectionType": type_ or None,
        "circuit": circuit.ref if circuit else None,
        "tunnels": sorted({t.value for t in told.get("tunnels", ())}, key=str.lower) or None,
        "status": told.get("status"),
        "label": told.get("label"),
    }
    name = f"{start.name} -> {goal.name}" + (f" via {type_}" if type_ else "")
    shown = f"connections/{escape(start.shown)} -> {escape(goal.shown)}" + (f" via {type_}" if type_ else "")
    beside = {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    places = {k: told.at(k) for k in ("from", "to", "circuit", "tunnels", "status", "label") if k in told}
    context.put(
        shown,
        "diagramgen/connection",
        name,
        {k: v for k, v in said.items() if v is not None},
        item.place,
        places,
        "",
        beside,
    )


def _lower_flow(item: Item, context: Context) -> None:
    told = told_of(item)
    start, goal = ends_of(item, ("from", "to"), context, DRAWN)
    if start is None or goal is None:
        return
    is_line = isinstance(item.value, PairLine)
    ports = item.value.detail if is_line else told.get("ports", "")
    both = item.value.both if is_line else told.get("both", False)
    said = {"from": start.ref, "to": goal.ref, "ports": ports or None, "both": both}
    arrow = "<->" if both else "->"
    tail = f" [{ports}]" if ports else ""
    beside = {"label": told.get("label")} if "label" in told else {}
    context.put(
        f"flows/{escape(start.shown)} {arrow} {escape(goal.shown)}{tail}",
        "diagramgen/flow",
        f"{start.name} {arrow} {goal.name}{tail}",
        {k: v for k, v in said.items() if v is not None},
        item.place,
        None,
        "",
        beside,
    )
