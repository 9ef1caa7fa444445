"""Rules of a firewall policy, or classic rules of a firewall, in order of evaluation.

Rule collection groups hold collections, collections hold rules of one type. Groups come by their priority, collections
by theirs, rules as they stand; which type comes first is a matter of the firewall. Read once a policy, however many
firewalls use it.

https://learn.microsoft.com/azure/firewall/rule-processing
https://learn.microsoft.com/azure/firewall/policy-rule-sets
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.firewall.rules import (
    ApplicationRule,
    Collection,
    Kind,
    NatRule,
    kind_of,
    read_application_rule,
    read_nat_rule,
    read_network_rule,
    whole,
)
from diagramgen.analyse.firewall.words import Words
from diagramgen.analyse.verdicts import Access, Match
from diagramgen.model.references import keys
from diagramgen.model.topology import Resource, Topology

_CLASSIC: tuple[tuple[Kind, str], ...] = (
    ("nat", "natRuleCollections"),
    ("network", "networkRuleCollections"),
    ("application", "applicationRuleCollections"),
)
_ACCESSES: Mapping[str, Access] = {"allow": "allow", "deny": "deny", "dnat": "allow"}


class RuleSet(NamedTuple):
    """The rules of one policy or classic firewall, without those that it inherits.

    `unread` are ids of groups, and names of collections, that are absent or illegible: their place in the order is
    unknown, so they may decide on every packet first. `missing_groups` are ids of absent IP groups.
    """

    nat: tuple[NatRule, ...] = ()
    network: tuple[Match, ...] = ()
    application: tuple[ApplicationRule, ...] = ()
    order: tuple[tuple[Kind, str], ...] = ()
    unread: tuple[str, ...] = ()
    missing_groups: tuple[str, ...] = ()


def read_policy(policy: Resource, topology: Topology, words: Words) -> RuleSet:
    """The rules of a policy."""
    groups = [p for p in topology.parts_of(policy.id) if p.type.endswith("/rulecollectiongroups")]
    seen = {group.id for group in groups}
    unread = [rid for rid in keys(policy.properties.get("ruleCollectionGroups")) if rid not in seen]
    if not policy.is_told and not groups:
        unread.append(policy.id)
    found: list[tuple[tuple[int, str, int], Collection]] = []
    for group in groups:
        priority = whole(group.properties.get("priority"))
        told = group.properties.get("ruleCollections")
        if priority is None or not (told is None or isinstance(told, list | tuple)):
            unread.append(group.id)
            continue
        for at, value in enumerate(told or ()):
            collection = _policy_collection(policy, group, priority, at, value)
            if collection is None:
                unread.append(f"{group.id}/{_name(value, at)}")
            else:
                found.append(((priority, group.id, collection.priority), collection))
    found.sort(key=lambda pair: pair[0])
    return _read_rules([collection for _, collection in found], words, unread)


def read_classic(firewall: Resource, words: Words) -> RuleSet:
    """The rules that stand on a firewall itself."""
    unread: list[str] = []
    found: list[Collection] = []
    for kind, field in _CLASSIC:
        told = firewall.properties.get(field)
        if not (told is None or isinstance(told, list | tuple)):
            unread.append(f"{firewall.id}/{field}")
            continue
        for at, value in enumerate(told or ()):
            collection = _classic_collection(firewall, kind, field, at, value)
            if collection is None:
                unread.append(f"{firewall.id}/{_name(value, at)}")
            else:
                found.append(collection)
    found.sort(key=lambda collection: collection.priority)
    return _read_rules(found, words, unread)


def _policy_collection(
    policy: Resource, group: Resource, group_priority: int, at: int, value: object
) -> Collection | None:
    read = _head(value)
    if read is None:
        return None
    access, priority, rules = read
    name = _name(value, at)
    is_spec = group.place.path[-1:] == ("rule_collections",)
    place = (
        group.place / name / "rules"
        if is_spec
        else group.place / "properties" / "ruleCollections" / at / "rules"
    )
    return Collection(policy, f"{group.id}/{name}", name, None, access, priority,
                       f"{group_priority}/{priority}", rules, place, not is_spec,
                       group.places)  # fmt: skip


def _classic_collection(
    firewall: Resource, kind: Kind, field: str, at: int, value: object
) -> Collection | None:
    inner = value.get("properties") if isinstance(value, Mapping) else None
    read = _head(inner if isinstance(inner, Mapping) else value)
    if read is None:
        return None
    access, priority, rules = read
    place = firewall.place / "properties" / field / at / "properties" / "rules"
    name = _name(value, at)
    return Collection(firewall, f"{firewall.id}/{name}", name, kind, access, priority, str(priority), rules,
                       place, True)  # fmt: skip


def _head(value: object) -> tuple[Access, int, tuple[Any, ...]] | None:
    """Access, priority and rules of a collection; None where one of them is illegible."""
    if not isinstance(value, Mapping):
        return None
    action = value.get("action")
    word = action.get("type") if isinstance(action, Mapping) else action
    access = _ACCESSES.get(str(word).lower())
    priority = whole(value.get("priority"))
    rules = value.get("rules")
    if access is None or priority is None or not (rules is None or isinstance(rules, list | tuple)):
        return None
    if not all(isinstance(rule, Mapping) for rule in rules or ()):
        return None
    return access, priority, tuple(rules or ())


def _read_rules(collections: list[Collection], words: Words, unread: list[str]) -> RuleSet:
    nat: list[NatRule] = []
    network: list[Match] = []
    application: list[ApplicationRule] = []
    order: dict[tuple[Kind, str], str] = {}
    missing: dict[str, None] = {}
    for collection in collections:
        for at, value in enumerate(collection.rules):
            kind = collection.kind or kind_of(value)
            order[(kind, collection.id)] = collection.name
            match kind:
                case "nat":
                    translation, *sides_read = read_nat_rule(collection, at, value, words)
                    nat.append(translation)
                case "network":
                    found, *sides_read = read_network_rule(collection, at, value, words)
                    network.append(found)
                case "application":
                    named, *sides_read = read_application_rule(collection, at, value, words)
                    application.append(named)
            for side in sides_read:
                missing |= dict.fromkeys(side.missing)
    return RuleSet(
        tuple(nat), tuple(network), tuple(application), tuple((kind, name) for (kind, _), name in order.items()),
        tuple(dict.fromkeys(unread)), tuple(missing),
    )  # fmt: skip


def _name(value: object, at: int) -> str:
    name = value.get("name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) and name else str(at)
