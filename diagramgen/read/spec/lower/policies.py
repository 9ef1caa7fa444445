"""Policies of firewalls and of web application firewalls -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.circles import refuse_circles
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.filters import lower_collection, name_of, refuse_equal_priorities
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


def lower_policies(context: Context) -> None:
    """Firewall policies with their rules, and WAF policies."""
    for policy in context.names.all("firewall_policy"):
        _lower_firewall_policy(policy, context)
    refuse_circles("firewall_policy", context)
    for policy in context.names.all("waf_policy"):
        _lower_waf_policy(policy, context)


def _lower_firewall_policy(policy: Named, context: Context) -> None:
    told: Told = policy.value
    properties: dict[str, Any] = {}
    if tier := told.get("tier", "standard" if context.has_defaults else ""):
        properties["sku"] = {"tier": capital(tier)}
    properties |= safety_of(told)
    if parent := context.find(told, "parent", "firewall_policy"):
        properties["basePolicy"] = parent.ref
    groups = [] if told.get("outside") else _groups(policy)
    if told.get("more") or (not context.has_defaults and (groups or "rule_collection_groups" in told)):
        listed = [{"id": f"{policy.key}/groups/{escape(g.name).lower()}"} for g in groups]
        listed += [{"id": f"{policy.key}/groups/{{more}}"}] if told.get("more") else []
        properties["ruleCollectionGroups"] = listed
    context.add(
        policy,
        _NET + "firewallpolicies",
        properties,
        {"basePolicy": "parent", "sku": "tier", "threatIntelMode": "threat_intelligence"},
    )
    for group in groups:
        _lower_group(group, policy, context)


def safety_of(told: Told) -> dict[str, Any]:
    """What a policy, or a firewall without one, does besides its rules."""
    said: dict[str, Any] = {}
    if mode := told.get("threat_intelligence"):
        said["threatIntelMode"] = capital(mode)
    if mode := told.get("intrusion_detection"):
        said["intrusionDetection"] = {"mode": capital(mode)}
    if ranges := told.get("private_ranges"):
        said["snat"] = {"privateRanges": [str(item.value) for item in ranges]}
    dns: dict[str, Any] = {}
    if "dns_proxy" in told:
        dns["enableProxy"] = told.get("dns_proxy")
    if servers := told.get("dns_servers"):
        dns["servers"] = [item.value for item in servers]
    return said | ({"dnsSettings": dns} if dns else {})


def _groups(policy: Named) -> list[Item]:
    """The groups of rule collections; those that stand in none are in one called `default`."""
    told: Told = policy.value
    found = list(told.get("rule_collection_groups", ()))
    if collections := told.get("rule_collections"):
        place = told.at("rule_collections")
        group = Told(
            place, {"priority": 200, "rule_collections": collections}, True, {"rule_collections": place}
        )
        found.append(Item(group, place, "default"))
    return found


def _lower_group(group: Item, policy: Named, context: Context) -> None:
    told: Told = group.value
    collections = told.get("rule_collections", ())
    lowered = [lower_collection(item, context) for item in _by_name(collections, context)]
    refuse_equal_priorities(collections, policy, context)
    properties = {} if "priority" not in told else {"priority": told.get("priority")}
    context.put(
        f"{policy.shown}/groups/{escape(group.name)}",
        _NET + "firewallpolicies/rulecollectiongroups",
        group.name,
        {**properties, "ruleCollections": lowered},
        group.place,
        {"ruleCollections": told.at("rule_collections"), **_rule_places(collections)},
        "",
        {"parent": policy.key},
        told,
        policy,
    )


def _by_name(items: tuple[Item, ...], context: Context) -> list[Item]:
    return sorted(items, key=lambda c: c.name.lower()) if context.has_defaults else list(items)


def _rule_places(collections: tuple[Item, ...]) -> dict[str, Place]:
    """Where each rule stands, by `COLLECTION/RULE`: rules are lowered sorted by name."""
    return {
        f"{item.name}/{name_of(rule, at)}": rule.place
        for item in collections
        for at, rule in enumerate(item.value.get("rules", ()))
    }


def _lower_waf_policy(policy: Named, context: Context) -> None:
    told: Told = policy.value
    users = [
        r
        for r in context.names.all("resource", "service")
        if isinstance(r.value, Told)
        and isinstance(r.value.get("waf"), str)
        and policy in context.names.named(r.value.get("waf"), {"waf_policy"})
    ]
    fronts = [u for u in users if u.word.startswith("front_door")]
    if fronts and len(fronts) < len(users):
        other = next(u for u in users if u not in fronts)
        context.error(
            "wrong-kind",
            f"the WAF policy `{shorten(policy.name)}` cannot serve a Front Door and an Application Gateway",
            policy.place.key,
            "Azure keeps the two apart: write a policy for each",
            related=(
                ("a Front Door uses it here", fronts[0].value.at("waf")),
                ("an Application Gateway here", other.value.at("waf")),
            ),
        )
    is_front = told.get("for") == "front_door" or ("for" not in told and bool(fronts))
    settings: dict[str, Any] = {}
    if mode := told.get("mode", "prevention" if context.has_defaults else ""):
        settings["mode"] = capital(mode)
    if "enabled" in told or context.has_defaults:
        enabled = told.get("enabled", True)
        state = {True: "Enabled", False: "Disabled"}.get(enabled, enabled)
        settings["enabledState" if is_front else "state"] = state
    type_ = (
        "frontdoorwebapplicationfirewallpolicies"
        if is_front
        else "applicationgatewaywebapplicationfirewallpolicies"
    )
    properties = {"policySettings": settings} if settings else {}
    context.add(policy, _NET + type_, properties, {"policySettings": "mode"})
