"""Declared boundaries -> records: their sides, their level, and what enforces them."""

from __future__ import annotations

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    BoundaryLine,
    Piece,
)
from diagramgen.read.spec.language.words import LEVELS
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.links import ends_of, told_of
from diagramgen.read.spec.names import DRAWN, Named, escape
from diagramgen.read.spec.shapes import Item, Told

_CONTROLS = (
    "nsg",
    "asg",
    "firewall_policy",
    "waf_policy",
    "resource",
    "service",
    "hub_resource",
    "route_table",
    "network_group",
    "site",
    "private_dns_zone",
    "nat_gateway",
    "ddos_plan",
)
_LEVEL_OF = {
    "management_group": "subscription",
    "subscription": "subscription",
    "vnet": "vnet",
    "virtual_hub": "vnet",
    "subnet": "subnet",
    "resource": "subnet",
    "service": "paas",
    "site": "on-premises",
    "users": "internet",
    "network_group": "vnet",
    "group": "paas",
    "virtual_wan": "vnet",
    "hub_resource": "subnet",
}
_OUTER_FIRST = ("internet", "on-premises", "paas", "subscription", "vnet", "subnet")
assert set(_OUTER_FIRST) == set(LEVELS)


def lower_boundaries(spec: Told, context: Context) -> None:
    """All declared boundaries."""
    for item in spec.get("boundaries", ()):
        _lower_boundary(item, context)


def _lower_boundary(item: Item, context: Context) -> None:
    told = told_of(item)
    if isinstance(item.value, BoundaryLine):
        a, b = ends_of(item, ("", ""), context, DRAWN)
        controls = [(p, item.place) for p in item.value.by]
    else:
        sides = told.get("between", ())
        if "between" in told and len(sides) != 2:
            context.error(
                "wrong-value", f"a boundary is between 2 sides, and here are {len(sides)}", told.at("between")
            )
        if len(sides) != 2:
            return
        a, b = (context.names.find(s.value, DRAWN, s.place) for s in sides)
        controls = [(Piece(i.value.strip()), i.place) for i in told.get("by", ())]
    if a is None or b is None:
        return
    if a is b:
        context.error("boundary-with-itself", "a boundary has two different sides", item.place)
        return
    by, by_ids = _controls(controls, isinstance(item.value, BoundaryLine), context)
    level = told.get("level") or _level(a, b)
    status = told.get("status", "enforced" if by else "no-path")
    a, b = sorted((a, b), key=_outermost)
    name = f"{a.name} | {b.name}"
    beside = {"note": told.get("note")} if "note" in told else {}
    context.put(
        f"boundaries/{escape(a.shown)} | {escape(b.shown)} at {level}",
        "diagramgen/boundary",
        name,
        {"a": a.ref, "b": b.ref, "level": level, "status": status, "by": by, "byIds": by_ids},
        item.place,
        {k: told.at(k) for k in ("level", "status", "by") if k in told},
        "",
        beside,
    )


def _outermost(side: Named) -> tuple[int, str]:
    """The order of two sides: the outside first, equals by name, however they are written."""
    ranks = {"outside": 0 if side.key == "internet" else 3, "users": 1, "site": 2, "service": 4, "group": 4}
    return (ranks.get(side.kind, 5), side.key)


def _level(a: Named, b: Named) -> str:
    levels = {"internet" if t.key == "internet" else _LEVEL_OF.get(t.kind, "") for t in (a, b)}
    return next((level for level in _OUTER_FIRST if level in levels), "internet")


def _controls(
    pieces: list[tuple[Piece, Place]], is_line: bool, context: Context
) -> tuple[list[str], list[str]]:
    """What enforces a boundary: as written, and the keys of what is named; a near miss is told."""
    texts, keys = [], []
    for piece, place in pieces:
        texts.append(piece.text)
        found = context.names.named(piece.text, _CONTROLS)
        if len(found) == 1:
            keys.append(found[0].key)
        elif found:
            context.names.find(piece.text, _CONTROLS, place, piece.span if is_line else None)
        elif (hint := context.names.suggestion(piece.text, _CONTROLS)).startswith("did"):
            context.warn(
                "unknown-name",
                f"no control is called `{shorten(piece.text)}`: it is shown as it is written",
                place,
                hint,
            )
    return sorted(set(texts)), sorted(set(keys))
