"""Front Door profiles that a spec tells, with their one group of origins, and Traffic Manager profiles."""

from __future__ import annotations

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import Json, body, entries, texts
from diagramgen.model.references import at, key
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape

_PROFILE = "microsoft.cdn/profiles"
_REACHED = ("service", "resource")


def write_front_doors(book: Book) -> None:
    """All of both."""
    for thing in book.of("services"):
        if thing.resource.type == _PROFILE:
            _write_profile(thing, book)
        elif thing.resource.type == NET + "trafficmanagerprofiles":
            _write_traffic_manager(thing, book)


def _write_profile(thing: Thing, book: Book) -> None:
    parts = book.topology.parts_of(thing.id)
    for part in parts:
        if part.type == _PROFILE + "/securitypolicies" and part.name == "waf":
            policy = book.name(key(at(part.properties, "parameters", "wafPolicy")), ("waf_policy",))
            thing.entry["waf"] = policy if policy is not None else True
            book.rename(part.id, f"{thing.shown}/security_policy")
    groups = [part for part in parts if part.type == _PROFILE + "/origingroups"]
    if len(groups) == 1 and groups[0].name == "default":
        shown = f"{thing.shown}/origin_groups/default"
        origins = [_origin(part, shown, book) for part in book.topology.parts_of(groups[0].id)]
        if origins:
            thing.entry["origins"] = origins
            book.rename(groups[0].id, shown)


def _origin(part: Resource, group: str, book: Book) -> Json:
    """An origin in full."""
    p = part.properties
    target = key(p.get("azureOrigin"))
    name = book.name(target, _REACHED)
    host = texts(p.get("hostName"))
    entry: Json = book.entries.setdefault(part.id, {})
    if name is not None:
        entry["to"] = name
    if host and (name is None or host[0] != book.things[target].name):
        entry["host"] = host[0]
    if p.get("sharedPrivateLinkResource") and name is not None:
        entry["private_link"] = True
    last = book.shown(target) if name is not None else part.name
    book.rename(part.id, f"{group}/origins/{escape(last)}")
    return entry


def _write_traffic_manager(thing: Thing, book: Book) -> None:
    told = entries(thing.resource.properties.get("endpoints"))
    names = book.names_in(
        (key(body(each).get("targetResourceId")) for each in told), (*_REACHED, "public_ip")
    )
    if names:
        thing.entry["origins"] = one_or_many(names)
        book.fall_back(thing.id, ("endpoints",), "origins")
