"""What Azure does not know -> records with types that begin with `diagramgen/`.

The drawing's title, sites, the Internet, users, connections, flows, declared boundaries, groups, views, notes and
layout hints. Lists are sorted where their order means nothing, so that it cannot change the drawing.
"""

from __future__ import annotations

import zlib
from fnmatch import fnmatchcase
from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.context import Context
from diagramgen.read.spec.language import CLASSES, LEVELS
from diagramgen.read.spec.lines import BoundaryLine, PairLine, Piece
from diagramgen.read.spec.names import ANYTHING, DRAWN, Named, escape
from diagramgen.read.spec.shapes import Item, Told

_CONTROLS = ("nsg", "asg", "firewall_policy", "waf_policy", "resource", "service", "hub_resource", "route_table", "network_group",
             "site", "private_dns_zone", "nat_gateway", "ddos_plan")  # fmt: skip
_LEVEL_OF = {"management_group": "subscription", "subscription": "subscription", "vnet": "vnet", "virtual_hub": "vnet",
             "subnet": "subnet", "resource": "subnet", "service": "paas", "site": "on-premises", "users": "internet",
             "network_group": "vnet", "group": "paas", "virtual_wan": "vnet", "hub_resource": "subnet"}  # fmt: skip
_OUTER_FIRST = ("internet", "on-premises", "paas", "subscription", "vnet", "subnet")
assert set(_OUTER_FIRST) == set(LEVELS)


def lower_outside(spec: Told, context: Context) -> None:
    """Everything round the network, and how it is shown."""
    _lower_document(spec, context)
    for site in context.names.all("site"):
        _lower_site(site, context)
    _lower_internet(spec, context)
    for users in context.names.all("users"):
        goals = context.find_all(users.value.get("to"), DRAWN)
        count = users.value.get("count", 1)
        context.add(users, "diagramgen/users", {"to": [g.ref for g in goals]}, {"to": "to"}, count=count if count > 1 else None)
    for group in context.names.all("group"):
        members = context.find_all(group.value.get("members"), DRAWN)
        context.add(group, "diagramgen/group", {"members": [m.ref for m in members]}, {"members": "members"})
    for item in spec.get("connections", ()):
        _lower_connection(item, context)
    for item in spec.get("flows", ()):
        _lower_flow(item, context)
    for item in spec.get("boundaries", ()):
        _lower_boundary(item, context)
    for view in context.names.all("view"):
        _lower_view(view, context)
    for item in spec.get("notes", ()):
        _lower_note(item, context)
    if layout := spec.get("layout"):
        context.put("layout", "diagramgen/layout", "layout", _layout(layout, context), layout.place)


def _lower_document(spec: Told, context: Context) -> None:
    block = {item.name: item.value for item in sorted(spec.get("title_block", ()), key=lambda i: i.name.lower()) if isinstance(item.value, str)}
    said = {"title": spec.get("title"), "subtitle": spec.get("subtitle"), "titleBlock": block or None, "tenant": spec.get("tenant")}
    properties = {k: v for k, v in said.items() if v is not None}
    if properties:
        places = {"title": spec.at("title"), "subtitle": spec.at("subtitle"), "titleBlock": spec.at("title_block"), "tenant": spec.at("tenant")}
        context.put("document", "diagramgen/document", spec.get("title", "document"), properties, spec.place, places)


def _lower_site(site: Named, context: Context) -> None:
    told: Told = site.value
    resources: list[dict[str, Any]] = []
    for thing in sorted((c for c in site.children if c.kind == "resource"), key=lambda c: c.key):
        said = {"name": thing.name, "type": thing.word, "icon": thing.value.get("icon"), "label": thing.value.get("label"),
                "count": thing.value.get("count", 1), "id": thing.key}  # fmt: skip
        resources.append({k: v for k, v in said.items() if v is not None})
    users = sorted({item.value for item in told.get("users", ())}, key=str.lower)
    context.add(site, "diagramgen/on-premises", {"addressPrefixes": [str(n) for n in site.networks], "users": users, "resources": resources},
                {"addressPrefixes": "address", "users": "users", "resources": "resources"})


def _lower_internet(spec: Told, context: Context) -> None:
    said = spec.get("internet")
    if said is None or said is False:
        return
    told = said if isinstance(said, Told) else Told(spec.at("internet"))
    traffic = []
    for item in told.get("traffic", ()):
        stream: Told = item.value
        goal = context.find(stream, "to", *DRAWN)
        views = sorted({v.name for v in context.find_all(stream.get("views"), ("view",))})
        if goal is not None:
            entry = {"to": goal.ref, "label": stream.get("label"), "direction": stream.get("direction", "in"), "views": views or None}
            traffic.append({k: v for k, v in entry.items() if v is not None})
    traffic.sort(key=lambda t: (t["to"]["id"], t["direction"], t.get("label", ""), t.get("views", [])))
    beside = {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    context.put("internet", "diagramgen/internet", "Internet", {"traffic": traffic}, told.place, {"traffic": told.at("traffic")}, "", beside)


def _ends(item: Item, keys: tuple[str, str], context: Context, kinds: frozenset[str]) -> tuple[Named | None, Named | None]:
    """The two things that a line or a mapping joins."""
    if isinstance(item.value, (PairLine, BoundaryLine)):
        line = item.value
        return (context.names.find(line.a.text, kinds, item.place, line.a.span), context.names.find(line.b.text, kinds, item.place, line.b.span))
    told: Told = item.value
    return context.find(told, keys[0], *kinds), context.find(told, keys[1], *kinds)


def _told(item: Item) -> Told:
    return item.value if isinstance(item.value, Told) else Told(item.place)


def _lower_connection(item: Item, context: Context) -> None:
    told = _told(item)
    start, goal = _ends(item, ("from", "to"), context, DRAWN)
    circuit = context.find(told, "circuit", "circuit")
    if start is None or goal is None:
        return
    type_ = item.value.detail if isinstance(item.value, PairLine) else told.get("type", "expressroute" if circuit else "")
    said = {"from": start.ref, "to": goal.ref, "connectionType": type_ or None, "circuit": circuit.ref if circuit else None,
            "tunnels": sorted({t.value for t in told.get("tunnels", ())}, key=str.lower) or None, "status": told.get("status"),
            "label": told.get("label")}  # fmt: skip
    name = f"{start.name} -> {goal.name}" + (f" via {type_}" if type_ else "")
    shown = f"connections/{escape(start.shown)} -> {escape(goal.shown)}" + (f" via {type_}" if type_ else "")
    beside = {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    places = {k: told.at(k) for k in ("from", "to", "circuit", "tunnels", "status", "label") if k in told}
    context.put(shown, "diagramgen/connection", name, {k: v for k, v in said.items() if v is not None}, item.place, places, "", beside)


def _lower_flow(item: Item, context: Context) -> None:
    told = _told(item)
    start, goal = _ends(item, ("from", "to"), context, DRAWN)
    if start is None or goal is None:
        return
    is_line = isinstance(item.value, PairLine)
    ports = item.value.detail if is_line else told.get("ports", "")
    both = item.value.both if is_line else told.get("both", False)
    said = {"from": start.ref, "to": goal.ref, "ports": ports or None, "both": both}
    arrow = "<->" if both else "->"
    tail = f" [{ports}]" if ports else ""
    beside = {"label": told.get("label")} if "label" in told else {}
    context.put(f"flows/{escape(start.shown)} {arrow} {escape(goal.shown)}{tail}", "diagramgen/flow", f"{start.name} {arrow} {goal.name}{tail}",
                {k: v for k, v in said.items() if v is not None}, item.place, None, "", beside)  # fmt: skip


# Boundaries ---------------------------------------------------------------------------------------------------------


def _lower_boundary(item: Item, context: Context) -> None:
    told = _told(item)
    if isinstance(item.value, BoundaryLine):
        a, b = _ends(item, ("", ""), context, DRAWN)
        controls = [(p, item.place) for p in item.value.by]
    else:
        sides = told.get("between", ())
        if "between" in told and len(sides) != 2:
            context.error("wrong-value", f"a boundary is between 2 sides, and here are {len(sides)}", told.at("between"))
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
    name = f"{a.name} | {b.name}"
    one, other = sorted((a, b), key=lambda t: t.key)
    beside = {"note": told.get("note")} if "note" in told else {}
    context.put(f"boundaries/{escape(one.shown)} | {escape(other.shown)} at {level}", "diagramgen/boundary", name,
                {"a": a.ref, "b": b.ref, "level": level, "status": status, "by": by, "byIds": by_ids}, item.place,
                {k: told.at(k) for k in ("level", "status", "by") if k in told}, "", beside)  # fmt: skip


def _level(a: Named, b: Named) -> str:
    levels = {"internet" if t.key == "internet" else _LEVEL_OF.get(t.kind, "") for t in (a, b)}
    return next((level for level in _OUTER_FIRST if level in levels), "internet")


def _controls(pieces: list[tuple[Piece, Place]], is_line: bool, context: Context) -> tuple[list[str], list[str]]:
    """What enforces a boundary: as written, and the keys of what is named. Free text is allowed, a near miss is told."""
    texts, keys = [], []
    for piece, place in pieces:
        texts.append(piece.text)
        found = context.names.named(piece.text, _CONTROLS)
        if len(found) == 1:
            keys.append(found[0].key)
        elif found:
            context.names.find(piece.text, _CONTROLS, place, piece.span if is_line else None)
        elif (hint := context.names.suggestion(piece.text, _CONTROLS)).startswith("did"):
            context.warn("unknown-name", f"no control is called `{shorten(piece.text)}`: it is shown as it is written", place, hint)
    return sorted(set(texts)), sorted(set(keys))


# Views, notes, layout -----------------------------------------------------------------------------------------------


def _lower_view(view: Named, context: Context) -> None:
    told: Told = view.value
    said: dict[str, Any] = {}
    for key in told:
        value = told.get(key)
        if key in ("show", "hide", "focus", "fade"):
            said[key] = [item.value for item in value]
            for item in value:
                _check_selector(item, context)
        elif key == "layout":
            said[key] = _layout(value, context)
        elif isinstance(value, tuple):
            said[key] = sorted({item.value for item in value})
        elif value is not None:
            said[key] = value
    context.add(view, "diagramgen/view", {k: sorted(set(v)) if k in ("show", "hide", "focus", "fade") else v for k, v in said.items()},
                {k: k for k in said})


def _check_selector(item: Item, context: Context) -> None:
    """Whether a word of a view selects anything: a class, a name, a path, or a glob."""
    text = item.value.strip()
    if text in CLASSES or context.names.named(text, ANYTHING):
        return
    if any(c in text for c in "*?["):
        pattern = text.lower().rpartition("/")[2]
        if any(fnmatchcase(name, pattern) for name in context.names.by_name):
            return
        context.error("unknown-name", f"nothing here fits `{shorten(text)}`", item.place)
        return
    context.error("unknown-name", f"nothing here is called `{shorten(text)}`", item.place, context.names.suggestion(text, sorted(ANYTHING), CLASSES))


def _layout(told: Told, context: Context) -> dict[str, Any]:
    said: dict[str, Any] = {k: told.get(k) for k in ("columns",) if k in told}
    if "ratio" in told:
        ratio = _ratio(told, context)
        if ratio is not None:
            said["ratio"] = ratio
    for key in ("order", "hub"):
        kinds = DRAWN if key == "order" else ("vnet", "virtual_hub")
        if key in told:
            found = [t.key for item in told.get(key) if (t := context.names.find(item.value, kinds, item.place))]
            said[key] = list(dict.fromkeys(found)) if key == "order" else sorted(set(found))
    return said


def _ratio(told: Told, context: Context) -> float | None:
    """`1.5`, `16:9` or `2` as a number from 0.1 to 10."""
    width, colon, height = str(told.get("ratio")).partition(":")
    try:
        ratio = float(width) / (float(height) if colon else 1.0)
    except (ValueError, ZeroDivisionError):
        ratio = 0.0
    if not 0.1 <= ratio <= 10:
        context.error("wrong-value", f"`{shorten(str(told.get('ratio')))}` is no ratio", told.at("ratio"), "write `1.5` or `16:9`")
        return None
    return round(ratio, 4)


def _lower_note(item: Item, context: Context) -> None:
    told = _told(item)
    text = item.value if isinstance(item.value, str) else told.get("text", "")
    on = context.find(told, "on", *ANYTHING)
    if not text:
        return
    mark = zlib.crc32(f"{on.key if on else ''}\n{text}".encode())
    context.put(f"notes/{mark:08x}", "diagramgen/note", shorten(text, 40), {"on": on.ref if on else None, "text": text}, item.place)
