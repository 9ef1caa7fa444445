"""What may be said of everything: names, regions, groups, tiers, and how far the input tells of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import HUB_PARTS, MANAGEMENT_GROUP, RAW, SUBSCRIPTION, Thing
from diagramgen.author.values import Json, mapping, texts
from diagramgen.model.kinds import KINDS
from diagramgen.model.topology import Resource

_TREE = frozenset({"vnets", "services", "resources", "hubs", RAW, *HUB_PARTS.values()})
"""Collections of what has a region of its own; a resource in a subnet has that of its VNet."""


def write_common(book: Book) -> None:
    """The fields that all things share."""
    for thing in book.things.values():
        entry: Json = {}
        resource = thing.resource
        if resource.name != thing.name and thing.collection != "subscriptions":
            entry["name"] = resource.name
        if (label := resource.envelope.get("label")) is not None:
            entry["label"] = str(label)
        if (note := resource.envelope.get("note")) is not None:
            entry["note"] = str(note)
        entry |= told_as(resource, book)
        if book.keeps_tags:
            entry |= _as_written(resource, book)
        if thing.collection in ("resources", "services"):
            entry |= _beside(thing)
        home = book.name(resource.parent or "", ("subscription",)) if thing.collection == "hubs" else None
        if home is not None and book.unsaid == "default":
            entry["subscription"] = home
        if thing.collection in _TREE and resource.location and resource.location != _region_above(thing):
            entry["region"] = resource.location
        thing.entry.update({key: value for key, value in entry.items() if key not in thing.entry})
    for rid, entry in book.entries.items():
        if rid not in book.things and (part := book.resource(rid)) is not None:
            entry.update(told_as(part, book))
    _write_groups(book)


def _as_written(resource: Resource, book: Book) -> Json:
    """What only a spec keeps: tags, and where something is whose id does not follow from that."""
    said: Json = {}
    tags = {name: str(value) for name, value in mapping(resource.envelope.get("tags")).items()}
    if tags:
        said["tags"] = tags
    if book.unsaid == "default" and isinstance(told := resource.envelope.get("azureId"), str):
        said["id"] = told
    return said


def _beside(thing: Thing) -> Json:
    """What stands beside the properties of a resource: how many there are, what kind, which zones."""
    envelope = thing.resource.envelope
    said: Json = {}
    count = envelope.get("count")
    if isinstance(count, int) and count > 1:
        said["count"] = count
        if envelope.get("each"):
            said["each"] = True
    if isinstance(icon := envelope.get("icon"), str):
        said["icon"] = icon
    if zones := [str(zone) for zone in texts(envelope.get("zones"))]:
        said["zones"] = one_or_many([int(zone) if zone.isdecimal() else zone for zone in zones])
    kind, usual = envelope.get("kind"), _KINDS.get(str(thing.entry.get("type")), "")
    if isinstance(kind, str) and kind and kind.lower() != usual:
        said["kind"] = kind
    return said


_KINDS = {"function_app": "functionapp", "route_server": "routeserver"}
"""The kinds that follow from a type's word."""


def _region_above(thing: Thing) -> str:
    """The region that a thing has without saying so: that of the VNet that it stands in."""
    above = thing.parent
    while above is not None and above.collection not in ("vnets", "hubs"):
        above = above.parent
    return above.resource.location if above is not None else ""


def told_as(resource: Resource, book: Book) -> Json:
    """How far the input tells of something, where that is not as of everything."""
    said: Json = {}
    if resource.is_untold:
        said["untold"] = True
    elif resource.is_ghost:
        said["outside"] = True
    if resource.envelope.get("isConditional"):
        said["condition"] = _condition(resource)
    is_frame = resource.type in (SUBSCRIPTION, MANAGEMENT_GROUP)
    differs = resource.is_planned != (book.unsaid == "planned") and not resource.is_ghost and not is_frame
    if differs and book.unsaid != "default":
        said["unsaid"] = "planned" if resource.is_planned else "unknown"
    return said


def _condition(resource: Resource) -> str:
    """The condition on which something is there, else a mark of its own for it."""
    envelope = resource.envelope
    told = next(
        (t for name in ("condition", "isConditional") if isinstance(t := envelope.get(name), str) and t), None
    )
    return told or f"{{condition of {re.sub('[{}]', '', resource.name)}}}"


def sku(thing: Thing) -> None:
    """The SKU of a resource, a word where its name says it all."""
    told = mapping(thing.resource.envelope.get("sku")) or mapping(thing.resource.properties.get("sku"))
    found = {key: told[key] for key in ("name", "tier") if isinstance(told.get(key), str) and told[key]}
    if set(found) == {"name"} or ("name" in found and found["name"].startswith(found["tier"])):
        thing.entry["sku"] = found["name"]
    elif found:
        thing.entry["sku"] = found


# Resource groups


def _write_groups(book: Book) -> None:
    """The resource group that most things of a subscription are in stands there, any other with what is in it."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for thing in book.things.values():
        if (
            (above := _subscription(thing)) is not None
            and above is not thing
            and book.group_of(thing.resource)
        ):
            counts[above.id][book.group_of(thing.resource)] += 1
    for subscription in book.of("subscriptions"):
        found = counts[subscription.id]
        if found:
            subscription.entry["resource_group"] = max(sorted(found), key=lambda g: found[g])
    for thing in book.things.values():
        if (
            thing.collection in ("vnets", "services", "resources")
            and (above := _subscription(thing)) is not None
        ):
            group = book.group_of(thing.resource)
            if group and group.lower() != str(_inherited(thing)).lower():
                thing.entry["resource_group"] = group


def _inherited(thing: Thing) -> str:
    """The resource group that a thing has without saying so."""
    above = thing.parent
    while above is not None:
        if "resource_group" in above.entry:
            return str(above.entry["resource_group"])
        above = above.parent
    return ""


def _subscription(thing: Thing) -> Thing | None:
    above: Thing | None = thing
    while above is not None and above.resource.type != SUBSCRIPTION:
        above = above.parent
    return above


def is_drawn(resource: Resource) -> bool:
    """Whether a resource has a place of its own in a drawing."""
    kind = KINDS.get(resource.type)
    return kind is not None and kind.home in ("container", "subnet", "hub", "service")
