"""Routes of a template whose next hop is an address that Azure gives at deployment: what they lead to.

`reference(firewall).ipConfigurations[0].properties.privateIPAddress` is no address yet, and tells all the same which
firewall is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.record import key_of
from diagramgen.read.resource import type_of
from diagramgen.read.template.values import Unknown, Value

_TABLES = "microsoft.network/routetables"
_APPLIANCES = frozenset(
    f"microsoft.network/{kind}" for kind in ("azurefirewalls", "loadbalancers", "networkinterfaces")
)


def lead_routes(kind: str, properties: Value, written: dict[str, Any]) -> None:
    """Gives the routes of a route table, or the properties of one route, the appliance that they lead to (`nextHop`).

    `properties` are evaluated, `written` the same as JSON; nothing but `written` is changed.
    """
    for evaluated, route in _routes(kind.lower(), properties, written):
        address = evaluated.get("nextHopIpAddress")
        if isinstance(address, Unknown) and _is_address_of_appliance(address):
            route["nextHop"] = {"id": address.of}


def _is_address_of_appliance(value: Unknown) -> bool:
    is_address = value.text.lower().endswith(".privateipaddress}")
    return is_address and type_of(key_of(value.of)) in _APPLIANCES


def _routes(
    kind: str, properties: Value, written: dict[str, Any]
) -> Iterator[tuple[Mapping[str, Value], dict[str, Any]]]:
    if not isinstance(properties, dict):
        return
    if kind == f"{_TABLES}/routes":
        yield properties, written
    listed, made = properties.get("routes"), written.get("routes")
    if kind == _TABLES and isinstance(listed, list) and isinstance(made, list):
        for evaluated, route in zip(listed, made, strict=True):
            inner = evaluated.get("properties") if isinstance(evaluated, dict) else None
            if isinstance(inner, dict):
                yield inner, route["properties"]
