"""Policies of firewalls and of web application firewalls -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    APPLICATION_PROTOCOLS,
    FilterLine,
)
from diagramgen.read.spec.lower.circles import refuse_circles
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.service_tags import fqdn_tag
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


_FILTER_PROTOCOLS = {"any": "Any", "tcp": "TCP", "udp": "UDP", "icmp": "ICMP"}


def lower_policies(context: Context) -> None:
    """Firewall policies with their rules, and WAF policies."""
    for policy in context.names.all("firewall_policy"):
        _lower_firewall_policy(policy, context)
    refuse_circles("firewall_policy", context)
    for policy in context.names.all("waf_policy"):
        _lower_waf_policy(policy, context)


def _lower_firewall_policy(policy: Named, context: Context) -> None:
    told: Told = policy.value
    properties: dict[str, Any] = {"sku": {"tier": told.get("tier", "standard").capitalize()}}
    if mode := told.get("threat_intelligence"):
        properties["threatIntelMode"] = mode.capitalize()
    if parent := context.find(told, "parent", "firewall_policy"):
        properties["basePolicy"] = parent.ref
    context.add(
        policy,
        _NET + "firewallpolicies",
        properties,
        {"basePolicy": "parent", "sku": "tier", "threatIntelMode": "threat_intelligence"},
    )
    collections = told.get("rule_collections", ())
    if not collections:
        return
    lowered = [
        c
        for item in sorted(collections, key=lambda c: c.name.lower())
        if (c := _rule_collection(item, context))
    ]
    _refuse_equal_priorities(collections, policy, context)
    context.put(
        f"{policy.shown}/groups/default",
        _NET + "firewallpolicies/rulecollectiongroups",
        "default",
        {"priority": 200, "ruleCollections": lowered},
        told.at("rule_collections"),
        {"ruleCollections": told.at("rule_collections"), **_rule_places(collections)},
        "",
        {"parent": policy.key},
    )


def _rule_places(collections: tuple[Item, ...]) -> dict[str, Place]:
    """Where each rule stands, by `COLLECTION/RULE`: rules are lowered sorted by name."""
    return {
        f"{item.name}/{rule.name or rule.value.text}": rule.place
        for item in collections
        for rule in item.value.get("rules", ())
        if isinstance(rule.value, FilterLine)
    }


def _refuse_equal_priorities(collections: tuple[Item, ...], policy: Named, context: Context) -> None:
    taken: dict[int, Item] = {}
    for item in collections:
        priority = item.value.get("priority")
        if priority is not None and taken.setdefault(priority, item) is not item:
            context.error(
                "duplicate-priority",
                f"two rule collections of `{shorten(policy.name)}` have the priority {priority}",
                item.value.at("priority"),
                related=(("first here", taken[priority].value.at("priority")),),
            )


def _rule_collection(item: Item, context: Context) -> dict[str, Any] | None:
    told: Told = item.value
    action = told.get("action", "deny")
    rules: list[dict[str, Any]] = []
    kinds: dict[str, Item] = {}
    for rule in told.get("rules", ()):
        if isinstance(rule.value, FilterLine):
            lowered = _filter_rule(rule, action, context)
            kinds.setdefault(lowered["ruleType"], rule)
            rules.append(lowered)
    if len(kinds) > 1:
        second = list(kinds.values())[1]
        context.error(
            "mixed-collection",
            f"the rule collection `{shorten(item.name)}` mixes network and application rules",
            second.place,
            "Azure keeps them apart: write a collection for each",
            related=(("the first kind is here", next(iter(kinds.values())).place),),
        )
    is_nat = action == "dnat"
    return {
        "name": item.name,
        "priority": told.get("priority", 65000),
        "ruleCollectionType": "FirewallPolicyNatRuleCollection"
        if is_nat
        else "FirewallPolicyFilterRuleCollection",
        "action": {"type": "DNAT" if is_nat else action.capitalize()},
        "rules": sorted(rules, key=lambda r: str(r["name"])),
    }


def _filter_rule(item: Item, action: str, context: Context) -> dict[str, Any]:
    line: FilterLine = item.value
    name = item.name or line.text
    source = context.where(line.sources, item.place, has_names=False)
    rule: dict[str, Any] = {
        "name": name,
        "sourceAddresses": source.prefixes,
        "sourceIpGroups": source.ip_groups,
    }
    is_application = line.protocols[0] in APPLICATION_PROTOCOLS
    if (action == "dnat") != (line.translated is not None):
        wanted = (
            "needs ` -> ADDRESS:PORT` after it"
            if action == "dnat"
            else "has ` -> ADDRESS:PORT`, but its collection's action is not `dnat`"
        )
        context.error("bad-line", f"the rule {wanted}", item.place, span=(0, len(line.text)))
    if is_application:
        ports = line.ports or ({"http": "80", "https": "443", "mssql": "1433"}[line.protocols[0]],)
        return rule | {
            "ruleType": "ApplicationRule",
            **_fqdns(line, item, context),
            "protocols": [
                {"protocolType": p.capitalize(), "port": int(port.split("-")[0])}
                for p in line.protocols
                for port in ports
            ],
        }
    target = context.where(line.destinations, item.place, has_names=False, has_fqdns=True)
    rule |= {
        "ipProtocols": [_FILTER_PROTOCOLS[p] for p in line.protocols],
        "destinationAddresses": target.prefixes,
        "destinationPorts": list(line.ports) or ["*"],
    }
    if line.translated:
        return rule | {
            "ruleType": "NatRule",
            "translatedAddress": line.translated[0],
            "translatedPort": line.translated[1],
            **({"destinationPublicIps": [{"id": k} for k in target.public_ips]} if target.public_ips else {}),
        }
    return rule | {
        "ruleType": "NetworkRule",
        "destinationIpGroups": target.ip_groups,
        "destinationFqdns": target.fqdns,
    }


def _fqdns(line: FilterLine, item: Item, context: Context) -> dict[str, Any]:
    fqdns, tags = [], []
    for piece in line.destinations:
        text = piece.text
        if text.lower() in ("any", "*"):
            fqdns.append("*")
        elif tag := fqdn_tag(text):
            tags.append(tag)
        elif "." in text and " " not in text and "/" not in text.partition("/")[0]:
            fqdns.append(text.lower())
        else:
            context.error(
                "bad-line",
                f"`{shorten(text)}` is no host name or FQDN tag, which an application rule leads to",
                item.place,
                "write `www.contoso.com`, `*.contoso.com`, `WindowsUpdate` or `any`",
                span=piece.span,
            )
    return {"targetFqdns": sorted(set(fqdns)), "fqdnTags": sorted(set(tags))}


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
    settings: dict[str, Any] = {"mode": told.get("mode", "prevention").capitalize()}
    state = "Enabled" if told.get("enabled", True) else "Disabled"
    settings["enabledState" if fronts else "state"] = state
    type_ = (
        "frontdoorwebapplicationfirewallpolicies"
        if fronts
        else "applicationgatewaywebapplicationfirewallpolicies"
    )
    context.add(policy, _NET + type_, {"policySettings": settings}, {"policySettings": "mode"})
