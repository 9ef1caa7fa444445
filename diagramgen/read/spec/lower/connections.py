"""Connections as Azure knows them: from a local network, a VPN site, a circuit or a gateway to a gateway -> records.

https://learn.microsoft.com/azure/templates/microsoft.network/connections
https://learn.microsoft.com/azure/templates/microsoft.network/vpngateways/vpnconnections
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import PairLine
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

FAR = frozenset({"circuit", "local_network", "vpn_site"})
"""Kinds of far ends that Azure has resources for."""
OF_HUBS = frozenset({"route_table", "propagate_to", "labels"})
OF_AZURE = OF_HUBS | {
    *(
        "bgp",
        "name",
        "id",
        "azure",
        "condition",
        "untold",
        "unsaid",
        "region",
        "resource_group",
        "tags",
        "subscription",
    )
}
"""What may be said of a connection that Azure knows."""
_GATEWAYS = frozenset({"gateway", "vpn_gateway", "expressroute_gateway"})
_NET = "microsoft.network/"
_TYPES = {
    "vpn": "IPsec",
    "expressroute": "ExpressRoute",
    "vnet-to-vnet": "Vnet2Vnet",
    "point-to-site": "VPNClient",
}


def is_gateway(thing: Named) -> bool:
    """Whether a thing is a virtual network gateway."""
    return thing.kind == "resource" and thing.word in _GATEWAYS


def lower_azure_connection(item: Item, told: Told, start: Named, goal: Named, context: Context) -> None:
    """The record of one connection."""
    gateway = _gateway(start, goal)
    if gateway is None:
        context.error(
            "wrong-kind",
            f"a connection from `{shorten(start.name)}` ends at a gateway, and `{shorten(goal.name)}` is none",
            told.at("to") if "to" in told else item.place,
            "name a VPN or ExpressRoute gateway, or one of a virtual hub: `Hub/vpn_gateway`",
        )
        return
    what = f"a connection from `{shorten(start.name)}` to `{shorten(gateway.name)}`"
    is_plain = is_gateway(gateway)
    refuse_keys(told, {"tunnels", "circuit"} | (OF_HUBS if is_plain else {"bgp"}), what, "", context)
    if is_plain:
        _between_gateways(item, told, start, gateway, context)
    else:
        _to_hub(item, told, start, gateway, context)


def refuse_keys(told: Told, keys: Collection[str], what: str, hint: str, context: Context) -> None:
    """An error for each key that means nothing here."""
    for key in told:
        if key in keys:
            context.error("unknown-key", f"{what} has no key `{key}`", told.at(key).key, hint)


def _gateway(start: Named, goal: Named) -> Named | None:
    """The gateway that is meant by the end of a connection; of a hub, the one that fits its beginning."""
    if goal.kind == "virtual_hub":
        word = "expressroute_gateway" if start.kind == "circuit" else "vpn_gateway"
        return next((c for c in goal.children if c.kind == "hub_resource" and c.word == word), None)
    is_hubs = goal.kind == "hub_resource" and goal.word in ("vpn_gateway", "expressroute_gateway")
    return goal if is_hubs or is_gateway(goal) else None


def _status(told: Told) -> dict[str, Any]:
    status = told.get("status", "unknown")
    words = {"disconnected": "NotConnected"}
    return {} if status == "unknown" else {"connectionStatus": words.get(status, capital(status))}


def _between_gateways(item: Item, told: Told, start: Named, gateway: Named, context: Context) -> None:
    far = {"circuit": "peer", "local_network": "localNetworkGateway2"}.get(
        start.kind, "virtualNetworkGateway2"
    )
    usual = {"peer": "expressroute", "localNetworkGateway2": "vpn"}.get(far, "vnet-to-vnet")
    type_ = (item.value.detail if isinstance(item.value, PairLine) else told.get("type", "")) or usual
    properties: dict[str, Any] = {
        "virtualNetworkGateway1": gateway.ref,
        far: start.ref,
        "connectionType": _TYPES.get(type_, type_),
        **_status(told),
    }
    if "bgp" in told:
        properties["enableBgp"] = told.get("bgp")
    name = told.get("name", f"{start.name} to {gateway.name}")
    subscription = context.find(told, "subscription", "subscription")
    context.put(
        f"connections/{escape(start.shown)} -> {escape(gateway.shown)} {type_}",
        _NET + "connections",
        name,
        properties,
        item.place,
        {"connectionType": item.place},
        told.get("region", ""),
        {"parent": subscription.key if subscription else _home(gateway)},
        told,
        gateway,
    )


def _home(gateway: Named) -> str:
    """The subscription of a gateway, or the VNet that it stands in."""
    above = gateway.within("subscription") or gateway.within("vnet") or gateway
    return above.key


def _to_hub(item: Item, told: Told, start: Named, gateway: Named, context: Context) -> None:
    is_circuit = gateway.word == "expressroute_gateway"
    if (start.kind == "circuit") != is_circuit or start.kind == "local_network":
        wanted = "a circuit" if is_circuit else "a VPN site"
        context.error("wrong-kind", f"`{shorten(gateway.name)}` of a hub connects {wanted}", item.place)
        return
    far = (
        {"expressRouteCircuitPeering": {"id": f"{start.key}/peerings/azureprivatepeering"}}
        if is_circuit
        else {"remoteVpnSite": start.ref}
    )
    properties: dict[str, Any] = {**far, **_status(told)}
    if routing := routing_of(told, gateway, context):
        properties["routingConfiguration"] = routing
    kind = "expressroutegateways/expressrouteconnections" if is_circuit else "vpngateways/vpnconnections"
    context.put(
        f"{gateway.shown}/connections/{escape(start.shown)}",
        _NET + kind,
        told.get("name", start.name),
        properties,
        item.place,
        {"routingConfiguration": item.place},
        "",
        {"parent": gateway.key},
        told,
        gateway,
    )


def routing_of(told: Told, near: Named, context: Context) -> dict[str, Any]:
    """Association and propagation of a hub's connection, as far as they are told."""
    routing: dict[str, Any] = {}
    if table := context.find(told, "route_table", "hub_route_table", near=near):
        routing["associatedRouteTable"] = table.ref
    if "propagate_to" in told or "labels" in told:
        tables = context.find_all(told.get("propagate_to"), ("hub_route_table",), near=near)
        labels = context.ordered(item.value for item in told.get("labels", ()))
        routing["propagatedRouteTables"] = {"ids": [t.ref for t in tables], "labels": labels}
    return routing
