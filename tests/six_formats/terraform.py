"""The estate in Terraform's documents: the state after `apply`, and the plan that creates it all.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from six_formats import network as n
from six_formats.azurerm import Estate, Later, Ref, Resource
from six_formats.rest import Json


def state(places: n.Places) -> Json:
    """The state file after `apply`."""
    estate = Estate(places)
    return {
        "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "5ac1e0e2", "outputs": {},
        "resources": [_stated(estate, each) for each in estate.resources.values()], "check_results": None,
    }  # fmt: skip


def _stated(estate: Estate, resource: Resource) -> Json:
    return {
        "mode": "managed", "type": f"azurerm_{resource.kind}", "name": resource.label,
        "provider": 'provider["registry.terraform.io/hashicorp/azurerm"]' + _alias(estate, resource, "."),
        "instances": [{
            "schema_version": 0, "attributes": {"id": resource.id, **_applied(estate, resource.values)},
            "sensitive_attributes": [], "private": "bnVsbA==",
        }],
    }  # fmt: skip


def _applied(estate: Estate, value: Any) -> Any:
    if isinstance(value, Ref):
        return estate.resources[value[:2]].id if value.attribute == "id" else value.applied
    if isinstance(value, Later):
        return _applied(estate, value.value)
    if isinstance(value, dict):
        return {key: _applied(estate, inner) for key, inner in value.items()}
    return [_applied(estate, each) for each in value] if isinstance(value, list) else value


def _alias(estate: Estate, resource: Resource, before: str) -> str:
    """The provider's alias of the part in which a resource is; none where all is in one subscription."""
    is_other = estate.places[resource.part].subscription != estate.places["hub"].subscription
    return f"{before}workloads" if is_other else ""


def plan(places: n.Places) -> Json:
    """The plan that creates everything, as `terraform show -json` prints it."""
    estate = Estate(places)
    resources = list(estate.resources.values())
    providers = {
        f"azurerm{_alias(estate, each, '.')}": estate.places[each.part].subscription for each in resources
    }
    return {
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": True, "complete": True, "errored": False,
        "planned_values": {"root_module": {"resources": [
            {**_entry(each), "schema_version": 0, "values": _known(each.values), "sensitive_values": {}}
            for each in resources]}},
        "resource_changes": [
            {**_entry(each), "change": {
                "actions": ["create"], "before": None, "after": _known(each.values), "before_sensitive": False,
                "after_unknown": {"id": True, **_mask(each.values)}, "after_sensitive": {}}}
            for each in resources],
        "configuration": {
            "provider_config": {key: {
                "name": "azurerm", "full_name": "registry.terraform.io/hashicorp/azurerm",
                **({"alias": key.partition(".")[2]} if "." in key else {}),
                "expressions": {"features": [{}], **_subscription(places, each)}} for key, each in providers.items()},
            "root_module": {"resources": [_configured(estate, each) for each in resources]}},
    }  # fmt: skip


def _subscription(places: n.Places, subscription: str) -> Json:
    """The provider's subscription: it is configured where there are two, else it comes from the environment."""
    is_one = len({place.subscription for place in places.values()}) == 1
    return {} if is_one else {"subscription_id": {"constant_value": subscription}}


def _entry(resource: Resource) -> Json:
    kind = f"azurerm_{resource.kind}"
    return {"address": f"{kind}.{resource.label}", "mode": "managed", "type": kind, "name": resource.label,
            "provider_name": "registry.terraform.io/hashicorp/azurerm"}  # fmt: skip


_SETS = (
    "application_security_group_ids", "source_application_security_group_ids",
    "destination_application_security_group_ids", "virtual_network_subnet_ids",
)  # fmt: skip
"""Sets of ids: while one is not known it is not in them; in a list there is null in its place."""


def _is_known(value: Any) -> bool:
    return not isinstance(value, (Ref, Later))


def _known(value: Any, name: str = "") -> Any:
    """What is known while planning."""
    if isinstance(value, dict):
        return {key: _known(inner, key) for key, inner in value.items() if _is_known(inner)}
    if isinstance(value, list):
        return [_known(each) for each in value if _is_known(each) or name not in _SETS]
    return value if _is_known(value) else None


def _holds_ref(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, Ref) for each in value)


def _mask(value: Any) -> Any:
    """What is not known, in the shape of the values: of objects only members that are not known, of lists all."""
    if isinstance(value, dict):
        marks = {key: _mask(inner) for key, inner in value.items()}
        return {key: mark for key, mark in marks.items() if mark is not False}
    return [_mask(each) for each in value] if isinstance(value, list) else not _is_known(value)


def _configured(estate: Estate, resource: Resource) -> Json:
    kind = f"azurerm_{resource.kind}"
    return {
        "address": f"{kind}.{resource.label}", "mode": "managed", "type": kind, "name": resource.label,
        "provider_config_key": f"azurerm{_alias(estate, resource, '.')}", "schema_version": 0,
        "expressions": dict(_expressions(estate, resource.values)),
    }  # fmt: skip


def _expressions(estate: Estate, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Later) or value in (None, "", []):
            continue  # not configured
        if isinstance(value, Ref):
            yield key, _reference(estate, [value])
        elif _holds_ref(value):
            yield key, _reference(estate, value)
        elif isinstance(value, list) and isinstance(value[0], dict):
            yield key, [dict(_expressions(estate, each)) for each in value]
        elif key == "virtual_network_name":
            yield key, _reference(estate, [Ref("virtual_network", value, "name")])
        else:
            yield key, {"constant_value": value}


def _reference(estate: Estate, refs: list[Ref]) -> Json:
    """An expression with these references, each with its beginnings, as Terraform lists them."""
    found: list[str] = []
    for each in refs:
        target = estate.resources[each[:2]]
        address = f"azurerm_{target.kind}.{target.label}"
        way = f"{address}.{each.attribute}"
        while way != address:
            found.append(way)
            way = re.sub(r"(\.\w+|\[\d+\])$", "", way)
        found.append(address)
    return {"references": found}
