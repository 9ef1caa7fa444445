"""Rule collections that a firewall keeps itself, without a policy -> its properties.

https://learn.microsoft.com/azure/templates/microsoft.network/azurefirewalls
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.filters import lower_collection, refuse_equal_priorities
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.shapes import Told

_LISTS = {
    "NetworkRule": "networkRuleCollections",
    "ApplicationRule": "applicationRuleCollections",
    "NatRule": "natRuleCollections",
}


def classic_rules(thing: Named, context: Context) -> dict[str, Any]:
    """The three lists of rule collections; nothing where none is told."""
    told: Told = thing.value
    items = told.get("rule_collections", ())
    if "rule_collections" not in told:
        return {}
    if "policy" in told and items:
        message = f"`{thing.name}` has a policy, and so none but its rules"
        hint = "put the rules into the policy, or leave it out"
        context.refuse("contradiction", message, told.at("rule_collections").key, hint)
    refuse_equal_priorities(items, thing, context)
    found: dict[str, Any] = {}
    for item in items:
        collection = lower_collection(item, context)
        kinds = {str(rule.pop("ruleType", "")) for rule in collection["rules"]}
        is_nat = collection["ruleCollectionType"].startswith("FirewallPolicyNat")
        kind = "NatRule" if is_nat else next(iter(sorted(kinds)), "NetworkRule")
        inner = {
            "priority": collection["priority"],
            "action": {"type": "Dnat"} if is_nat else collection["action"],
            "rules": [_rule(rule) for rule in collection["rules"]],
        }
        listed = found.setdefault(_LISTS.get(kind, "networkRuleCollections"), [])
        listed.append({"name": collection["name"], "properties": inner})
    return found


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule with the names that its fields have on a firewall itself."""
    return {"protocols" if name == "ipProtocols" else name: value for name, value in rule.items()}
