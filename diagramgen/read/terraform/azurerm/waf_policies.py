"""WAF policies, of application gateways and of Front Doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, rest, several, simple
from diagramgen.read.terraform.azurerm.values import Json, block, enabled, flag, texts, untold
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_VARIABLE: Fields = (Field("variable_name", "variableName"), Field("selector", "selector"))
_CONDITION: Fields = (
    Field("match_variables", "matchVariables", several(_VARIABLE)),
    Field("match_variable", "matchVariable"),
    Field("selector", "selector"),
    Field("operator", "operator"),
    Field("negation_condition", "negationConditon", flag),
    Field("match_values", "matchValues", texts),
)
_CUSTOM_RULE: Fields = (
    Field("name", "name"),
    Field("priority", "priority"),
    Field("rule_type", "ruleType"),
    Field("type", "ruleType"),
    Field("action", "action"),
    Field("enabled", "state", enabled),
    Field("match_conditions", "matchConditions", several(_CONDITION)),
    Field("match_condition", "matchConditions", several(_CONDITION)),
)
_SETTINGS_OF_POLICY: Fields = (
    Field("enabled", "state", enabled, "Enabled"),
    Field("mode", "mode", default="Prevention"),
)
_RULE_SET: Fields = (Field("type", "ruleSetType", default="OWASP"), Field("version", "ruleSetVersion"))


def _policy(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A WAF policy of gateways. Where it says nothing of its state and mode, it is on, and prevents.

    https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/web_application_firewall_policy
    """
    values = resource.values
    told = values.get("policy_settings")
    properties: Json = {"policySettings": untold(told) or body(block(told), _SETTINGS_OF_POLICY)}
    if resource.mode == "data" and not block(told):
        del properties["policySettings"]
    custom = several(_CUSTOM_RULE)(values.get("custom_rules"))
    if custom is not None:
        properties["customRules"] = custom
    sets = several(_RULE_SET)(block(values.get("managed_rules")).get("managed_rule_set"))
    if sets:
        properties["managedRules"] = {"managedRuleSets": sets}
    yield rest(resource, lookup, properties)


_DOOR_POLICY: Fields = (
    Field("enabled", "policySettings.enabledState", enabled, "Enabled"),
    Field("mode", "policySettings.mode"),
    Field("custom_rule", "customRules.rules", several(_CUSTOM_RULE)),
    Field("managed_rule", "managedRules.managedRuleSets", several(_RULE_SET)),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_web_application_firewall_policy": _policy,
    "azurerm_cdn_frontdoor_firewall_policy": simple(_DOOR_POLICY, (Field("sku_name", "sku.name"),)),
    "azurerm_frontdoor_firewall_policy": simple(_DOOR_POLICY),
}
