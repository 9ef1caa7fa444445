"""The rules that hold for a firewall: those of its policy and of the policies above, or its classic rules.

In each pass the rules of a parent come before those of its child, whatever their priorities. Firewalls with one policy
share one chain. What is absent (a policy, a parent, a group of rules) may decide on every packet that reaches it.

https://learn.microsoft.com/azure/firewall/rule-processing
https://learn.microsoft.com/azure/firewall-manager/policy-overview#hierarchical-policies
"""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.analyse.firewall.match_index import MatchIndex
from diagramgen.analyse.firewall.policy import RuleSet, read_classic, read_policy
from diagramgen.analyse.firewall.rules import ApplicationRule, Kind, NatRule
from diagramgen.analyse.firewall.words import NAME_ASSUMPTIONS, Words
from diagramgen.analyse.verdicts import Access, Match, Rule
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import key
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import Box

UNKNOWN_RULES = "ASSUME_FIREWALL_RULES_UNKNOWN"
"""Rules of a firewall are not in the input, or illegible."""
INHERITED_NAT = "ASSUME_NAT_INHERITED"
"""One page says that a policy inherits its parent's DNAT rules, another that it does not:
https://learn.microsoft.com/azure/firewall/rule-processing,
https://learn.microsoft.com/azure/firewall-manager/policy-overview#hierarchical-policies
"""
FIREWALL = "microsoft.network/azurefirewalls"
_POLICY = "microsoft.network/firewallpolicies"
_PASSES: tuple[Kind, ...] = ("nat", "network", "application")
_ACCESSES: tuple[Access, ...] = ("allow", "deny")


class Chain(NamedTuple):
    """The rules of all levels in order.

    `ids` are policies, the furthest parent first, also absent ones; `policies` those that the input holds. `unread` is
    what of their rules is absent or illegible and may stand before any, `unknown` what that may do, `missing_groups`
    are absent IP groups. `matches` are network and application rules; bits are places in it: `network_bits`, and
    `name_bits` those of rules on host names. `proxied` are the ids of application rules.
    """

    ids: tuple[str, ...]
    policies: tuple[Resource, ...]
    nat: tuple[NatRule, ...]
    network: tuple[Match, ...]
    application: tuple[ApplicationRule, ...]
    unread: tuple[str, ...]
    unknown: tuple[Match, ...]
    missing_groups: tuple[str, ...]
    order: tuple[str, ...]
    matches: MatchIndex
    network_bits: int
    name_bits: int
    proxied: frozenset[str]


class _Level(NamedTuple):
    id: str
    body: Resource | None
    rules: RuleSet


class Chains:
    """Reads each policy once."""

    def __init__(self, topology: Topology, words: Words) -> None:
        self._topology, self._words = topology, words
        self._sets: dict[str, RuleSet] = {}
        self._known: dict[str, Chain] = {}

    def of(self, firewall: str) -> Chain:
        """The chain of a firewall; one that allows and denies nothing for sure where its body is absent."""
        body = body_of(self._topology, firewall)
        if body is None:
            return self._kept(firewall, ())
        if not body.properties.get("firewallPolicy"):
            if firewall not in self._known:
                level = _Level(firewall, body, read_classic(body, self._words))
                self._known[firewall] = _chained((level,), ())
            return self._known[firewall]
        return self._kept(_referred(body, "firewallPolicy"), None)

    def _kept(self, first: str, ids: tuple[str, ...] | None) -> Chain:
        if first not in self._known:
            levels = self._levels(first)
            self._known[first] = _chained(levels, tuple(level.id for level in levels) if ids is None else ids)
        return self._known[first]

    def _levels(self, first: str) -> tuple[_Level, ...]:
        """A policy and its parents, the furthest first; the last is absent where the way up breaks off."""
        found: list[_Level] = []
        at_policy = first
        while at_policy:
            body = body_of(self._topology, at_policy)
            if body is None or body.type != _POLICY or at_policy in {level.id for level in found}:
                found.append(_Level(at_policy, None, RuleSet(unread=(at_policy,))))
                break
            if at_policy not in self._sets:
                self._sets[at_policy] = read_policy(body, self._topology, self._words)
            found.append(_Level(at_policy, body, self._sets[at_policy]))
            at_policy = _referred(body, "basePolicy")
        return tuple(found[::-1])


def body_of(topology: Topology, rid: str) -> Resource | None:
    """A firewall or policy with its properties; None for one of which little more than its id is known."""
    resource = topology.resources.get(rid)
    if resource is None or resource.is_ghost or resource.is_untold or resource.is_conditional:
        return None
    return None if resource.type == FIREWALL and not resource.properties else resource


def _referred(body: Resource, field: str) -> str:
    """The id that a field refers to, one that nothing has where the reference is illegible; "" for none."""
    value = body.properties.get(field)
    return key(value) or (f"{body.id}/{field.lower()}" if value else "")


def _chained(levels: tuple[_Level, ...], ids: tuple[str, ...]) -> Chain:
    nat: list[NatRule] = []
    network: list[Match] = []
    application: list[ApplicationRule] = []
    unread: dict[str, None] = {}
    unknown: list[Match] = []
    groups: dict[str, None] = {}
    for level in levels:
        unread |= dict.fromkeys(level.rules.unread)
        groups |= dict.fromkeys(level.rules.missing_groups)
        own = _unknown_rules(level) if level.rules.unread else []
        unknown += own
        network += own
        network += level.rules.network
        application += level.rules.application
        for rule in level.rules.nat:
            codes = (UNKNOWN_RULES,) * bool(unread) + (INHERITED_NAT,) * (level is not levels[-1])
            nat.append(_doubted(rule, codes) if codes else rule)
    matches = (*network, *(rule.match for rule in application))
    return Chain(
        ids, tuple(level.body for level in levels if level.body is not None), tuple(nat), tuple(network),
        tuple(application), tuple(unread), tuple(unknown), tuple(groups),
        tuple(name for kind in _PASSES for level in levels for found, name in level.rules.order if found == kind),
        MatchIndex(matches), (1 << len(network)) - 1,
        sum(1 << at for at, match in enumerate(matches) if NAME_ASSUMPTIONS[1] in match.assumptions),
        frozenset(rule.match.rule.id for rule in application),
    )  # fmt: skip


def _doubted(nat: NatRule, codes: tuple[str, ...]) -> NatRule:
    return nat._replace(match=nat.match._replace(sure=None, assumptions=(*nat.match.assumptions, *codes)))


def _unknown_rules(level: _Level) -> list[Match]:
    """What stands for rules that are not in the input: they may allow every packet, and they may deny it."""
    place: Place = NOWHERE if level.body is None else level.body.place
    name = level.id.rsplit("/", 1)[-1] if level.body is None else level.body.label or level.body.name
    return [
        Match(
            Rule(f"{level.id}/not-in-the-input", "?", level.id, name, "firewall", access,
                 text=f"rules of {name} are not in the input", place=place, stage="firewall"),
            None, Box(), assumptions=(UNKNOWN_RULES,),
        )
        for access in _ACCESSES
    ]  # fmt: skip
