"""What Azure does not know -> records with types that begin with `diagramgen/`.

The drawing's title, sites, the Internet, users and groups. Lists are sorted where their order means nothing,
so that it cannot change the drawing.
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import DRAWN, Named
from diagramgen.read.spec.shapes import Told


def lower_outside(spec: Told, context: Context) -> None:
    """The document, sites, the Internet, users and groups."""
    for site in context.names.all("site"):
        _lower_site(site, context)
    _lower_internet(spec, context)
    for users in context.names.all("users"):
        goals = context.find_all(users.value.get("to"), DRAWN)
        count = users.value.get("count", 1)
        context.add(
            users,
            "diagramgen/users",
            {"to": [g.ref for g in goals]},
            {"to": "to"},
            count=count if count > 1 else None,
        )
    for group in context.names.all("group"):
        members = context.find_all(group.value.get("members"), DRAWN)
        context.add(group, "diagramgen/group", {"members": [m.ref for m in members]}, {"members": "members"})
    _lower_document(spec, context)


def _lower_document(spec: Told, context: Context) -> None:
    """What is said of the drawing as a whole, also where that is nothing: the record tells that a spec was read."""
    block = {
        item.name: item.value
        for item in sorted(spec.get("title_block", ()), key=lambda i: i.name.lower())
        if isinstance(item.value, str)
    }
    said = {
        "title": spec.get("title"),
        "subtitle": spec.get("subtitle"),
        "titleBlock": block or None,
        "tenant": spec.get("tenant"),
    }
    properties = {k: v for k, v in said.items() if v is not None}
    if properties or context.records:
        places = {
            "title": spec.at("title"),
            "subtitle": spec.at("subtitle"),
            "titleBlock": spec.at("title_block"),
            "tenant": spec.at("tenant"),
        }
        context.put(
            "document",
            "diagramgen/document",
            spec.get("title", "document"),
            properties,
            spec.place,
            places,
            "",
            {} if context.has_defaults else {"isPartial": True},
        )


def _lower_site(site: Named, context: Context) -> None:
    told: Told = site.value
    resources: list[dict[str, Any]] = []
    for thing in sorted((c for c in site.children if c.kind == "resource"), key=lambda c: c.key):
        said = {
            "name": thing.name,
            "type": thing.word,
            "icon": thing.value.get("icon"),
            "label": thing.value.get("label"),
            "count": thing.value.get("count", 1),
            "id": thing.key,
        }
        resources.append({k: v for k, v in said.items() if v is not None})
    users = sorted({item.value for item in told.get("users", ())}, key=str.lower)
    ends = context.find_all(told.get("stands_for"), ("local_network", "vpn_site", "circuit"))
    context.add(
        site,
        "diagramgen/on-premises",
        {
            "addressPrefixes": [str(n) for n in site.networks],
            "users": users,
            "resources": resources,
            **({"standsFor": [end.ref for end in ends]} if ends else {}),
        },
        {"addressPrefixes": "address", "users": "users", "resources": "resources", "standsFor": "stands_for"},
    )


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
            entry = {
                "to": goal.ref,
                "label": stream.get("label"),
                "direction": stream.get("direction", "in"),
                "views": views or None,
            }
            traffic.append({k: v for k, v in entry.items() if v is not None})
    traffic.sort(key=lambda t: (t["to"]["id"], t["direction"], t.get("label", ""), t.get("views", [])))
    beside = {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    context.put(
        "internet",
        "diagramgen/internet",
        "Internet",
        {"traffic": traffic},
        told.place,
        {"traffic": told.at("traffic")},
        "",
        beside,
    )
