"""Event Hubs, Service Bus and Event Grid, with their network rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.resource import is_resource_id
from diagramgen.read.terraform.azurerm.access import access_of, addresses, rule_set, service
from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, rest, settled
from diagramgen.read.terraform.azurerm.values import Json, block, text, untold
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_SKU: Fields = (Field("sku", "sku.name"), Field("capacity", "sku.capacity"))


def _namespace(attribute: str, separate: str) -> Converter:
    """The converter of a messaging namespace; its rules are a child in REST. Without any, everyone is let in.

    https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering
    """

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        azure_id = lookup.id_of(resource)
        properties = {"publicNetworkAccess": access_of(resource, lookup)}
        yield rest(resource, lookup, properties, body(values, _SKU))
        told = settled(resource, attribute, lookup)
        if block(told):
            yield _rules(azure_id, resource.type, rule_set(block(told)))
        elif untold(told):
            yield _rules(azure_id, resource.type, {"defaultAction": untold(told)})
        elif resource.mode == "managed" and not _are_separate(azure_id, separate, lookup):
            yield _rules(azure_id, resource.type, {"defaultAction": "Allow", "ipRules": []})

    return convert


_SERVICE_BUS_RULES = "azurerm_servicebus_namespace_network_rule_set"


def _namespace_of(rules: TerraformResource) -> str:
    """The namespace that rules of their own are for; their id is that of the namespace with a step more."""
    named = text(rules.values.get("namespace_id"))
    return named or text(rules.values.get("id")).partition("/networkRuleSets/")[0]


def _are_separate(namespace: str, kind: str, lookup: Lookup) -> bool:
    """Whether rules of their own are for a namespace, or may be, as theirs is not told."""
    named = [_namespace_of(each) for each in (lookup.of_type(kind) if kind else ())]
    return any(told.lower() == namespace.lower() or not is_resource_id(told) for told in named)


def _separate_rules(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    namespace = _namespace_of(resource)
    if namespace.startswith("/"):
        yield _rules(namespace, "azurerm_servicebus_namespace", rule_set(resource.values))


def _rules(namespace: str, kind: str, properties: Json) -> Json:
    provider = "Microsoft.EventHub" if kind == "azurerm_eventhub_namespace" else "Microsoft.ServiceBus"
    return {
        "id": f"{namespace}/networkRuleSets/default",
        "name": "default",
        "type": f"{provider}/namespaces/networkRuleSets",
        "properties": properties,
    }


_TOPIC: Fields = (
    Field("inbound_ip_rule", "inboundIpRules", lambda v: addresses(v, "ipMask") or None),
    Field("endpoint", "endpoint"),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_servicebus_namespace": _namespace("network_rule_set", _SERVICE_BUS_RULES),
    _SERVICE_BUS_RULES: _separate_rules,
    "azurerm_eventhub_namespace": _namespace("network_rulesets", ""),
    "azurerm_eventgrid_topic": service(_TOPIC),
    "azurerm_eventgrid_domain": service(_TOPIC),
    "azurerm_eventgrid_namespace": service(_TOPIC),
}
