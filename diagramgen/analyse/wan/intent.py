"""Routing intent: which traffic a hub sends through its firewall, whatever its tables say.

https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diagramgen.analyse.addresses import NET
from diagramgen.analyse.wan.shapes import are_items, items, texts
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import key
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import Ranges, parse_addresses

TABLE = NET + "virtualhubs/hubroutetables"
INTENT = NET + "virtualhubs/routingintent"
DEFAULT, NONE = "defaultroutetable", "noneroutetable"
"""The tables that every hub has."""
RFC1918: tuple[Ranges, ...] = tuple(
    parse_addresses(text) or () for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
"""What routing intent takes for private without being told more.

https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#staticroute
"""


class Intent(NamedTuple):
    """Routing intent: the ids of the next hops, "" for a policy that the hub does not have."""

    internet: str = ""
    private: str = ""
    place: Place = NOWHERE
    faults: tuple[str, ...] = ()


def read_intent(parts: Sequence[Resource]) -> Intent:
    """Routing intent from the parts of a hub: from its resource, else from the static routes that Azure makes of it.

    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#staticroute
    """
    hops: dict[str, list[str]] = {"internet": [], "privatetraffic": []}
    faults: list[str] = []
    stated = [part for part in parts if part.type == INTENT]
    place = stated[0].place if stated else NOWHERE
    for part in stated:
        policies = part.properties.get("routingPolicies")
        if not are_items(policies):
            faults.append("its routing intent cannot be read")
        for policy in items(policies):
            faults += _read_policy(policy, hops)
    if not stated:
        place = _policy_routes(parts, hops)
    faults += [
        f"its routing intent has several policies for {word}"
        for word, ids in hops.items()
        if len(set(ids)) > 1
    ]
    return Intent(
        hops["internet"][0] if hops["internet"] else "",
        hops["privatetraffic"][0] if hops["privatetraffic"] else "",
        place, tuple(faults),
    )  # fmt: skip


def _read_policy(policy: Mapping[str, Any], hops: dict[str, list[str]]) -> list[str]:
    """Files the next hop of a policy under what it is for; what is wrong with it."""
    words = [word.lower() for word in texts(policy.get("destinations"))]
    if not words or not all(word in hops for word in words):
        return ["a policy of its routing intent has destinations that cannot be read"]
    for word in words:
        hops[word].append(key(policy.get("nextHop")) or "?")
    return []


def _policy_routes(parts: Sequence[Resource], hops: dict[str, list[str]]) -> Place:
    """Files the next hops of the routes by which a Default table shows routing intent; where they stand."""
    place = NOWHERE
    names = {"_policy_privatetraffic": "privatetraffic", "_policy_publictraffic": "internet"}
    for part in parts:
        is_default = part.type == TABLE and part.name.lower() == DEFAULT
        for route in items(part.properties.get("routes")) if is_default else ():
            word = names.get(str(route.get("name")).lower())
            if word:
                hops[word].append(key(route.get("nextHop")) or "?")
                place = part.place
    return place
