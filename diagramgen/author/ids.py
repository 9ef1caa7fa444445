"""Where a thing is told to be, so that it gets its own id: the subscription, the resource group, or the id itself."""

from __future__ import annotations

from diagramgen.author.book import Book
from diagramgen.author.places import RAW, SHARED, Thing
from diagramgen.model.references import subscription_of

_SHARED = frozenset({*SHARED.values(), "network_manager", "hubs", RAW}) - {"management_groups"}
"""Collections of what may say in which subscription it is."""
_UNGROUPED = frozenset({"subscriptions", "management_groups", "subnets", "groups"})
"""Collections of what is in no resource group, or in that of what it belongs to."""


def correct_id(thing: Thing, book: Book) -> bool:
    """Says where a thing is, then its whole id; whether there was more to say."""
    resource, entry = thing.resource, thing.entry
    if thing.collection == "subscriptions" or (
        thing.collection == "route_tables" and thing.parent is not None
    ):
        return False
    subscription = book.name(subscription_of(resource.id), ("subscription",))
    if (
        thing.collection in _SHARED
        and subscription is not None
        and "subscription" not in entry
        and "id" not in entry
    ):
        entry["subscription"] = subscription
        return True
    group = book.group_of(resource)
    if (
        thing.collection not in _UNGROUPED
        and group
        and entry.get("resource_group") != group
        and "id" not in entry
    ):
        entry["resource_group"] = group
        return True
    if "id" in entry and thing.collection != "management_groups":
        return False
    for word in ("subscription", "resource_group"):
        entry.pop(word, None)
    entry["id"] = book.shown_id(resource)
    return True
