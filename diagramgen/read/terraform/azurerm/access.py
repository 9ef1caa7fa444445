"""Who may reach a platform service from outside: the switch for public access, and rules for addresses and subnets.

A managed service without the switch has Azure's default, which is open; of one that a data source tells, what the
source does not tell is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, not_told, rest, settled
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    enabled,
    first_of,
    listed,
    plain,
    text,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

ACCESS: Fields = (
    Field("public_network_access", "publicNetworkAccess"),
    Field("public_network_access_type", "publicNetworkAccess"),
    Field("public_network_access_enabled", "publicNetworkAccess", enabled),
    Field("public_network_enabled", "publicNetworkAccess", enabled),
)


def access_of(resource: TerraformResource, lookup: Lookup, default: str = "Enabled") -> Any:
    """The switch for public access."""
    names = ("public_network_access", "public_network_access_enabled", "public_network_enabled")
    told = body({name: settled(resource, name, lookup) for name in names}, ACCESS).get("publicNetworkAccess")
    if told is not None:
        return told
    return default if resource.mode == "managed" else not_told(resource, names[1])


def service(fields: Fields = (), envelope: Fields = ()) -> Converter:
    """The converter of a service with the switch, and whatever else tables tell."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, fields)}
        yield rest(resource, lookup, properties, body(values, envelope))

    return convert


def addresses(value: Any, key: str = "value") -> Any:
    """Address rules as REST lists them, from texts or from blocks, which may say more than the address.

    >>> addresses(["20.1.2.3"]), addresses([{"ip_mask": "20.0.0.0/8", "action": "Allow"}], "ipMask")
    ([{'value': '20.1.2.3', 'action': 'Allow'}], [{'ipMask': '20.0.0.0/8', 'action': 'Allow'}])
    """
    if untold(value):
        return untold(value)
    found: list[Any] = []
    for each in listed(value):
        if isinstance(each, Mapping):
            told = first_of(each, "ip_mask", "ip_range", "ip_address")
            found.append({key: told, "action": text(each.get("action")) or "Allow"})
        else:
            found.append({key: each, "action": "Allow"})
    return found


def subnets(value: Any) -> Any:
    """Subnet rules as REST lists them, from ids or from blocks that name one."""
    if untold(value):
        return untold(value)
    found: list[Any] = []
    for each in listed(value):
        told = first_of(each, "subnet_id", "id") if isinstance(each, Mapping) else each
        found.append({"id": told} if isinstance(told, str) else each)
    return found


_ACLS: Fields = (
    Field("default_action", "defaultAction"),
    Field("bypass", "bypass", lambda v: ", ".join(map(str, v)) if isinstance(v, list) and v else plain(v)),
)


def acls(value: Any) -> Any:
    """A default action with the addresses and subnets let in against it; None where it is not set, the text of one
    that is not told. Attributes have several names, one service another."""
    told = block(value)
    if not told:
        return untold(value)
    found = body(told, _ACLS)
    found["ipRules"] = addresses(first_of(told, "ip_rules", "ip_rule"))
    names = ("virtual_network_subnet_ids", "virtual_network_rules", "virtual_network")
    found["virtualNetworkRules"] = subnets(first_of(told, *names))
    exceptions = [
        body(each, (Field("endpoint_resource_id", "resourceId"), Field("endpoint_tenant_id", "tenantId")))
        for each in blocks(told.get("private_link_access"))
    ]
    return {**found, "resourceAccessRules": exceptions} if exceptions else found


def rule_set(values: Mapping[str, Any]) -> Json:
    """The network rule set of an Event Hubs or Service Bus namespace, from whatever attributes tell of it."""
    found = body(values, (*_ACLS[:1], *ACCESS, *_TRUSTED))
    found["ipRules"] = addresses(first_of(values, "ip_rules", "ip_rule"), "ipMask")
    told = first_of(values, "network_rules", "virtual_network_rule")
    found["virtualNetworkRules"] = untold(told) or [
        {"subnet": each} if isinstance(each, Mapping) else each for each in subnets(told)
    ]
    return found


_TRUSTED: Fields = (
    Field("trusted_services_allowed", "trustedServiceAccessEnabled"),
    Field("trusted_service_access_enabled", "trustedServiceAccessEnabled"),
)
