"""Parts of load balancers that stand as resources of their own -> parts of their balancers.

A template deploys `Microsoft.Network/loadBalancers/inboundNatRules` beside the balancer, and a list of NAT rules or
pools may be exported alone. REST gives all of them inside the balancer, and so do the records, so that nobody has to
look in two places. What is not sure to be there (a condition that is not known) stays on its own.

https://learn.microsoft.com/azure/templates/microsoft.network/loadbalancers/inboundnatrules
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from diagramgen.read.record import UNTOLD, Record, key_of

_BALANCER = "microsoft.network/loadbalancers"
_COLLECTIONS: Mapping[str, str] = {
    f"{_BALANCER}/{collection.lower()}": collection
    for collection in (
        "backendAddressPools", "frontendIPConfigurations", "inboundNatRules", "loadBalancingRules", "outboundRules",
    )
}  # fmt: skip


def with_balancer_parts(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records, with the parts of every balancer among them inside it."""
    records = tuple(records)
    balancers = {r.id for r in records if r.type == _BALANCER and UNTOLD not in r.envelope}
    parts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        owner = record.id.rsplit("/", 2)[0]
        if record.type in _COLLECTIONS and owner in balancers and _is_sure(record):
            parts[owner].append(record)
    whole = {
        r.id: found for r in records if r.id in parts and (found := _with_parts(r, parts[r.id])) is not None
    }
    inside = {part.id for owner in whole for part in parts[owner]}
    return tuple(whole.get(record.id, record) for record in records if record.id not in inside)


def _is_sure(part: Record) -> bool:
    return not part.envelope.keys() & {UNTOLD, "isConditional"}


def _with_parts(balancer: Record, parts: list[Record]) -> Record | None:
    """The balancer with these parts; None where it does not tell which it has."""
    properties, places = dict(balancer.properties), dict(balancer.places)
    for part in parts:
        collection = _COLLECTIONS[part.type]
        listed = properties.get(collection) or []
        if not isinstance(listed, list):
            return None
        if not any(_is(entry, part) for entry in listed):
            places[f"{collection}/{len(listed)}"] = part.place
            listed = [
                *listed,
                {"id": part.shown_id or part.id, "name": part.name, "properties": part.properties},
            ]
        properties[collection] = listed
    return replace(balancer, properties=properties, places=places)


def _is(entry: Any, part: Record) -> bool:
    """Whether an entry tells of the part itself."""
    if not isinstance(entry, Mapping) or "properties" not in entry:
        return False
    told = entry.get("id")
    return (
        key_of(told) == part.id
        if isinstance(told, str)
        else str(entry.get("name")).lower() == part.name.lower()
    )
