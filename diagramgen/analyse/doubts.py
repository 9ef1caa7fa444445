"""Doubts in words: why it is not known what passes, for people.

Verdicts name what they could not tell by codes, `subnet:??, route:Internet?`: where on the way, and which rule or route
may or may not hold. JSON has the codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PREFIX = "not told by the input: "
_CODE = re.compile(r"(?:return-)?[a-z]+(?:-[a-z]+)*:[^\s,]+")
_WORDS: Mapping[str, str] = {
    "one-way": "packets arrive and answers do not: what is sent one way (UDP) is exposed",
    "route:several-next-hops": "which of several next hops a packet takes is not known",
    "peering:far-half": "the far half of a peering is not in the input",
    "nva:not-in-the-input": "an appliance on the way is not in the input",
    "nva:policy-not-in-the-input": "the rules of a third-party appliance are not in the input",
    "hub:not-in-the-input": "a virtual hub on the way is not in the input",
    "hub:invalid-configuration": "the configuration of a virtual hub is not valid",
    "gateway:not-in-the-input": "a gateway on the way is not in the input",
    "gateway:circuit-flags": "the settings of an ExpressRoute circuit are not in the input",
    "group:members-not-told": "the members of a network group are not in the input",
    "firewall:not-in-the-input": "the rules of a firewall are not in the input",
}
_RULES: Mapping[str, str] = {
    "subnet": "an NSG", "nic": "an NSG", "admin": "a network manager", "firewall": "a firewall",
}  # fmt: skip
_HOPS: Mapping[str, str] = {
    "Internet": "to the Internet", "VNetPeering": "of a peering", "VnetLocal": "of the VNet", "None": "that drops",
    "VirtualAppliance": "to an appliance", "VirtualNetworkGateway": "to a gateway", "VirtualHub": "to a virtual hub",
}  # fmt: skip
_PUBLIC: Mapping[str, str] = {
    "disabled": "public network access is disabled",
    "enabled": "public network access is not disabled",
    "none": "it has no public address",
    "no-rules": "it has no rules that refuse anyone",
    "defaultAction=Allow": "its firewall lets everyone in",
    "defaultAction=Deny": "its firewall refuses everyone else",
    "not-understood": "its rules are not understood",
    "filter without rules": "its filter has no rules",
    "not in the input": "its settings are not in the input",
    "rules not in the input": "the rules of its firewall are not in the input",
}
"""What decides at the public endpoint of a service, behind `public:`."""
RULES_UNKNOWN = frozenset(f"the rules of {control} are not in the input" for control in _RULES.values())
"""What is said of a control that has no name here."""


def doubts_in_words(reason: str) -> tuple[str, ...]:
    """A reason as people read it, a line each code; any other text as it is.

    >>> doubts_in_words("not told by the input: subnet:??"), doubts_in_words("Web has no NSG")
    (('the rules of an NSG are not in the input',), ('Web has no NSG',))
    >>> doubts_in_words("subnet:200?, route:Internet?")
    ('whether rule 200 of an NSG matches is not known', 'whether the route to the Internet holds is not known')
    >>> doubts_in_words("what sa1 admits is not told: public:not in the input")
    ('what sa1 admits is not told: its settings are not in the input',)
    """
    head, is_public, decided_by = reason.partition("public:")
    if is_public and head[-2:] in ("", ": "):
        return (head + _at_public_endpoint(decided_by),)
    codes = reason.removeprefix(_PREFIX).split(", ")
    if not all(code in _WORDS or _CODE.fullmatch(code) for code in codes):
        return (reason,) if reason else ()
    return tuple(dict.fromkeys(_in_words(code.removeprefix("return-")) for code in codes))


def _in_words(code: str) -> str:
    if code in _WORDS:
        return _WORDS[code]
    where, _, what = code.partition(":")
    name = what.removesuffix("?")
    if where in _RULES and name in ("", "?"):
        return f"the rules of {_RULES[where]} are not in the input"
    if where in _RULES:
        return f"whether rule {name} of {_RULES[where]} matches is not known"
    if where == "route" and name in _HOPS:
        return f"whether the route {_HOPS[name]} holds is not known"
    if where == "peering":
        return f"`{name}` of a peering is not in the input"
    return f"not told by the input: {code}"


def _at_public_endpoint(code: str) -> str:
    setting, is_missing, _ = code.partition(" not in the input")
    return _PUBLIC.get(code, f"`{setting}` is not in the input" if is_missing else code)
