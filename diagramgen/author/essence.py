"""What a resource's properties come to, for the program: what it reads, in one spelling.

Two resources with one essence draw and judge alike. The essence leaves out what the program does not read, what says
nothing (null, an empty text), case, and the order of lists whose order means nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.author.read_names import READ
from diagramgen.model.build import WITH_PUBLIC_IPS
from diagramgen.model.kinds import KINDS

HUB = "microsoft.network/virtualhubs"
MEMBERSHIPS = "microsoft.network/networkgroupmemberships"
DEEPEST = 40
_SAYS_NOTHING_EMPTY = frozenset({
    "addressPrefixes", "applicationSecurityGroups", "delegations", "destinationAddressPrefixes",
    "destinationAddresses", "destinationApplicationSecurityGroups", "destinationFqdns",
    "destinationIpGroups", "destinationPortRanges", "dnsServers", "fqdnTags", "labels", "localSubnetNames",
    "networkVirtualAppliances", "publicIpAddresses", "publicIPAddresses", "remoteSubnetNames",
    "applicationRuleCollections", "customRules", "manualPrivateLinkServiceConnections",
    "natRuleCollections", "networkRuleCollections", "serviceEndpointPolicies", "serviceEndpoints",
    "sourceAddressPrefixes", "sourceAddresses", "sourceApplicationSecurityGroups", "sourceIpGroups",
    "sourcePortRanges", "staticRoutes", "targetFqdns", "targetUrls", "webCategories",
})  # fmt: skip
"""Lists that mean the same empty and absent."""
_SAYS_NOTHING_FALSE = frozenset({
    "activeActive", "enableDdosProtection", "enableIPForwarding", "isGlobal", "disableOutboundSnat",
    "disableBgpRoutePropagation", "allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways",
})  # fmt: skip
"""Flags that mean the same `false` and absent."""


def kept(rid: str, type_: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a resource that the program reads, as they are written."""
    if type_ == MEMBERSHIPS:
        return dict(properties)
    found = _kept(properties, _is_frame(type_), 0)
    assert isinstance(found, dict)
    for name, value in found.items():
        if isinstance(value, list):
            found[name] = [_without_id(part, f"{rid}/{name}/".lower()) for part in value]
    if type_ != HUB:
        found.pop("provisioningState", None)
    return found


def _without_id(part: Any, above: str) -> Any:
    """A part of a resource without the id that follows from its name."""
    if not isinstance(part, dict) or not isinstance(told := part.get("id"), str) or not part.get("name"):
        return part
    follows = told.lower() == f"{above}{part['name']}".lower()
    return {name: value for name, value in part.items() if name != "id"} if follows else part


def _is_frame(type_: str) -> Callable[[str], bool]:
    """Whether a text below a name that is not read tells where a resource of this type stands."""
    kind = KINDS.get(type_)
    stands = kind is not None and kind.home in ("subnet", "hub")
    has_ips = type_ in WITH_PUBLIC_IPS

    def tells(text: str) -> bool:
        folded = text.lower()
        return (stands and "/subnets/" in folded) or (has_ips and "/publicipaddresses/" in folded)

    return tells


def _kept(value: Any, tells: Callable[[str], bool], depth: int) -> Any:
    """The parts of a value whose way is read, or that tell where the resource stands; None where there are none."""
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        found = {}
        for key, inner in value.items():
            if key in READ:
                is_whole = isinstance(inner, str) or key == "primaryEndpoints"
                part = inner if is_whole else _kept(inner, tells, depth + 1)
            else:
                part = _telling(inner, tells, depth + 1)
            if part is not None and not _is_noise(key, part) and (part != {} or not inner):
                found[key] = part
        return found
    if isinstance(value, list | tuple):
        return [part for inner in value if (part := _kept(inner, tells, depth + 1)) is not None]
    return value


def _telling(value: Any, tells: Callable[[str], bool], depth: int) -> Any:
    """What of a value tells where a resource stands; None where nothing does."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return value if tells(value) else None
    if isinstance(value, Mapping):
        found = {
            k: part for k, inner in value.items() if (part := _telling(inner, tells, depth + 1)) is not None
        }
        return found or None
    if isinstance(value, list | tuple):
        return [part for inner in value if (part := _telling(inner, tells, depth + 1)) is not None] or None
    return None


def _is_noise(key: str, value: Any) -> bool:
    """Whether a nested field is there in every export and says nothing."""
    if key == "provisioningState":
        return bool(value == "Succeeded")
    return key == "type" and isinstance(value, str) and value.lower().startswith("microsoft.")


_UNORDERED = frozenset(
    {"ruleCollections", "networkRuleCollections", "applicationRuleCollections", "natRuleCollections"}
)
"""Lists whose entries have priorities."""
_PREFIXES = frozenset(
    {"sourceAddressPrefixes", "destinationAddressPrefixes", "sourceAddresses", "destinationAddresses"}
)
_PLURALS = {
    single: single + ending
    for single, ending in (
        ("addressPrefix", "es"), ("sourceAddressPrefix", "es"), ("destinationAddressPrefix", "es"),
        ("sourcePortRange", "s"), ("destinationPortRange", "s"),
    )
}  # fmt: skip
"""Fields that hold one value, and those beside them that hold several."""


def _with_plurals(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping in which what may be told by one value or by several is told by several."""
    if _PLURALS.keys().isdisjoint(value):
        return value
    told = dict(value)
    for single, plural in _PLURALS.items():
        one, many = told.get(single), told.get(plural)
        if isinstance(one, str) and one and (many is None or isinstance(many, list | tuple)):
            told[plural] = [one, *(each for each in many or () if each != one)]
            del told[single]
    return told


def as_text(value: Any) -> str:
    """A text by which values without an order are sorted."""
    return json.dumps(value, sort_keys=True, default=str)


def essence(value: Any, key: str = "") -> Any:
    """A value in one spelling; None where it says nothing.

    >>> essence({"access": "Allow", "sourceAddressPrefixes": [], "ports": ["443", "80"]})
    {'access': 'allow', 'ports': ['443', '80']}
    """
    if isinstance(value, Mapping):
        told = _with_plurals(value)
        found = {name: part for name, inner in told.items() if (part := essence(inner, name)) is not None}
        return found or None
    if isinstance(value, list | tuple):
        parts = [essence(inner, key if key in _PREFIXES else "") for inner in value]
        if not parts and key in _SAYS_NOTHING_EMPTY:
            return None
        if key in _UNORDERED:
            return sorted(parts, key=as_text)
        is_plain = all(not isinstance(part, dict | list) or set(part) == {"id"} for part in parts)
        return sorted(parts, key=str) if is_plain else parts
    if isinstance(value, str):
        folded = value.strip().lower()
        return "*" if folded == "any" and key in _PREFIXES else folded or None
    if value is False and key in _SAYS_NOTHING_FALSE:
        return None
    return value
