"""A resource in REST's shape -> records: itself, and a record for every child that it carries.

The reader of a format hands over objects with `id`, `name`, `type`, `properties` and what stands beside them;
here they get their key, their type and their parent. An id tells all three, so that a row without `type`, or
with one that leaves out the parent's part, is still known for what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from diagramgen.located import Place
from diagramgen.model.kinds import KINDS
from diagramgen.read.children import CHILDREN
from diagramgen.read.record import Record, key_of

_SUBSCRIPTION = "microsoft.resources/subscriptions"
_RESOURCE_GROUP = "microsoft.resources/subscriptions/resourcegroups"
MANAGEMENT_GROUP = "microsoft.management/managementgroups"
CONTAINERS = frozenset({_SUBSCRIPTION, _RESOURCE_GROUP, MANAGEMENT_GROUP})
"""Types whose name alone is worth having."""

_NIC = "microsoft.network/networkinterfaces"
_SAME_TYPE = {
    # the NICs of a scale set's instances
    "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces": _NIC,
}
_NOT_ENVELOPE = frozenset(
    {"id", "name", "type", "location", "properties", "etag", "systemData", "apiVersion"}
)


def is_resource_id(value: object) -> TypeGuard[str]:
    """Whether a value looks like an Azure resource id, a leading slash or not.

    >>> [is_resource_id(v) for v in ("/subscriptions/s", "resourceGroups/r/providers/A/b/c", "3f2a", None)]
    [True, True, False, False]
    """
    if not isinstance(value, str):
        return False
    folded = value[:20].lower()
    return folded.startswith(("/subscriptions/", "/providers/", "/resourcegroups/", "subscriptions/")) or (
        "/providers/" in value[:2000].lower()
    )


def type_of(key: str, given: object = None) -> str:
    """The ARM type, lower case, of the resource with this key: as given where known, else as the id says.

    >>> type_of("/subscriptions/s/resourcegroups/r/providers/microsoft.network/virtualnetworks/v/subnets/a")
    'microsoft.network/virtualnetworks/subnets'
    """
    stated = given.strip("/ ").lower() if isinstance(given, str) else ""
    if stated in KINDS:
        return stated
    derived = _type_in(key)
    derived = _SAME_TYPE.get(derived, derived)
    return derived if derived in KINDS or not stated else stated


def records_of(resource: dict[str, Any], place: Place, parent: str = "") -> Iterator[Record]:
    """The record of a resource in REST's shape and those of its children, parents first.

    The resource has an `id`. Its dictionaries are used as they are, not copied.
    """
    shown_id = str(resource["id"]).strip()
    key = key_of(shown_id)
    kind = type_of(key, resource.get("type"))
    properties = resource.get("properties")
    if not isinstance(properties, dict):
        properties = {}
    children = list(_take_children(shown_id, kind, properties, place))
    children += _take_resources(resource, place)
    location = resource.get("location")
    yield Record(
        id=key,
        type=kind,
        name=_name_of(resource, properties, kind, shown_id),
        properties=properties,
        place=place,
        shown_id=shown_id,
        location=location if isinstance(location, str) else "",
        envelope=_envelope(resource, properties, key, kind, shown_id, parent),
    )
    for child, child_place in children:
        yield from records_of(child, child_place, key)


def _type_in(key: str) -> str:
    """The type that an id spells out; the last provider counts, as extensions hang below others."""
    _, provider, after = key.rpartition("/providers/")
    if provider:
        steps = after.split("/")
        return "/".join([steps[0], *steps[1::2]])
    steps = key.strip("/").split("/")
    if steps[0] == "subscriptions":
        return _RESOURCE_GROUP if len(steps) > 2 else _SUBSCRIPTION
    return ""


def _take_children(
    shown_id: str, kind: str, properties: dict[str, Any], place: Place
) -> Iterator[tuple[dict[str, Any], Place]]:
    """Takes the children out of the properties, leaving their ids there, sorted."""
    for collection, segment in CHILDREN.get(kind, ()):
        listed = properties.get(collection)
        if isinstance(listed, dict):
            listed = [listed]
        if not isinstance(listed, list):
            continue
        where = place / "properties" / collection
        kept: list[Any] = []
        for index, child in enumerate(listed):
            if not isinstance(child, dict):
                kept.append(child)
                continue
            child_id = child.get("id")
            if not is_resource_id(child_id):
                child["id"] = child_id = f"{shown_id.rstrip('/')}/{segment}/{child.get('name') or index}"
            kept.append({"id": child_id})
            if child.keys() - {"id", "resourceGroup"}:
                child["type"] = f"{kind}/{segment}".lower()
                yield child, where / index
        properties[collection] = sorted(
            kept, key=lambda one: key_of(one["id"]) if isinstance(one, dict) else ""
        )


def _take_resources(resource: dict[str, Any], place: Place) -> list[tuple[dict[str, Any], Place]]:
    """Takes out children that stand beside the properties: a machine's extensions, a management group's
    members.
    """
    found = []
    for member in ("resources", "children"):
        listed = resource.get(member)
        if isinstance(listed, list) and listed and all(_is_resource(child) for child in listed):
            del resource[member]
            found += [(child, place / member / index) for index, child in enumerate(listed)]
    return found


def _is_resource(value: object) -> bool:
    return isinstance(value, dict) and is_resource_id(value.get("id"))


def _name_of(resource: dict[str, Any], properties: dict[str, Any], kind: str, shown_id: str) -> str:
    """The name as people know it: of a subscription and a management group the display name, of a child its own name,
    which some exports write behind that of its parent (`vnet/subnet`)."""
    titles = [resource.get("displayName"), properties.get("displayName")] if kind in CONTAINERS else []
    last = shown_id.rstrip("/").rpartition("/")[2]
    for candidate in (*titles, resource.get("name")):
        if isinstance(candidate, str) and candidate:
            is_behind_parent = "{" not in candidate and candidate.lower().endswith(f"/{last.lower()}")
            return last if is_behind_parent and kind not in CONTAINERS else candidate
    return last


def _envelope(
    resource: dict[str, Any], properties: dict[str, Any], key: str, kind: str, shown_id: str, parent: str
) -> dict[str, Any]:
    envelope = {
        name: value
        for name, value in resource.items()
        if name not in _NOT_ENVELOPE and value is not None and value != "" and value != {}
    }
    if isinstance(resource.get("properties"), str):
        envelope["isUntold"] = True  # a template's one expression, whose value is not known
    steps = shown_id.strip("/").split("/")
    folded = key.strip("/").split("/")
    if folded[0] == "subscriptions" and len(steps) > 1:
        envelope["subscriptionId"] = folded[1]
        if len(steps) > 3 and folded[2] == "resourcegroups":
            envelope["resourceGroup"] = steps[3]
    above = parent or _parent_of(key, kind, properties)
    if above:
        envelope["parent"] = above
    return envelope


def _parent_of(key: str, kind: str, properties: dict[str, Any]) -> str:
    """The key of what a child resource belongs to, of a subscription or management group what stands above
    it.
    """
    if kind in CONTAINERS:
        return _management_group_above(properties)
    _, provider, after = key.rpartition("/providers/")
    if not provider:
        return ""
    steps = after.count("/")
    return key.rsplit("/", 2)[0] if steps > 2 and steps % 2 == 0 else ""


def _management_group_above(properties: dict[str, Any]) -> str:
    """From `managementGroupAncestorsChain` (nearest first) of a row, or `details.parent` of a management
    group.
    """
    details = properties.get("details")
    above = details.get("parent") if isinstance(details, dict) else None
    if isinstance(above, dict) and isinstance(above.get("id"), str):
        return key_of(above["id"])
    chain = properties.get("managementGroupAncestorsChain")
    if (
        isinstance(chain, list)
        and chain
        and isinstance(chain[0], dict)
        and isinstance(chain[0].get("name"), str)
    ):
        return key_of(f"/providers/Microsoft.Management/managementGroups/{chain[0]['name']}")
    return ""
