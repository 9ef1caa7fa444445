"""Virtual WANs and their hubs -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.declare import BUILT_IN_HUB_TABLES
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.routes import line_of, next_hop, route_prefix
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


_PARTS = {
    "firewall": ("firewall", "azureFirewall"),
    "vpn_gateway": ("hub_vpn_gateway", "vpnGateway"),
    "expressroute_gateway": ("hub_expressroute_gateway", "expressRouteGateway"),
    "p2s_gateway": ("hub_p2s_gateway", "p2SVpnGateway"),
    "nva": ("hub_nva", ""),
}
"""The word of each resource of a hub, and the hub's property that refers to it."""


def lower_hubs(context: Context) -> None:
    """Every Virtual WAN, and its hubs."""
    for wan in context.names.all("virtual_wan"):
        context.add(
            wan,
            _NET + "virtualwans",
            {"type": wan.value.get("type", "standard").capitalize()},
            {"type": "type"},
        )
    for hub in context.names.all("virtual_hub"):
        _lower_hub(hub, context)


def _lower_hub(hub: Named, context: Context) -> None:
    told: Told = hub.value
    subscription = context.find(told, "subscription", "subscription")
    properties: dict[str, Any] = {"virtualWan": hub.parent.ref if hub.parent else None, "sku": "Standard"}
    if hub.networks:
        properties["addressPrefix"] = str(hub.networks[0])
    for part in (c for c in hub.children if c.kind == "hub_resource"):
        _lower_part(part, hub, properties, context)
    context.add(
        hub,
        _NET + "virtualhubs",
        properties,
        {"addressPrefix": "address", "azureFirewall": "firewall"},
        told.get("region", ""),
        parent=subscription.key if subscription else (hub.parent.key if hub.parent else None),
    )
    for table in (c for c in hub.children if c.kind == "hub_route_table"):
        _lower_hub_table(table, context)
    _lower_intent(hub, context)
    for item in told.get("connections", ()):
        _lower_connection(item, hub, context)


def _lower_part(part: Named, hub: Named, properties: dict[str, Any], context: Context) -> None:
    word, referrer = _PARTS[part.word]
    said = hub.value.get(part.word)
    told = said if isinstance(said, Told) else Told(hub.value.at(part.word))
    inner: dict[str, Any] = {"virtualHub": hub.ref}
    if part.word == "firewall":
        inner["sku"] = {"name": "AZFW_Hub", "tier": told.get("sku", "Standard")}
        policy = (
            context.find(hub.value, "firewall", "firewall_policy")
            if isinstance(said, str)
            else context.find(told, "policy", "firewall_policy")
        )
        if policy:
            inner["firewallPolicy"] = policy.ref
        if ip := told.get("ip"):
            inner["hubIPAddresses"] = {"privateIPAddress": ip}
    elif asn := told.get("asn"):
        inner["bgpSettings"] = {"asn": asn}
    if referrer:
        properties[referrer] = part.ref
    sku = told.get("sku")
    envelope = {"sku": {"name": sku}} if sku and part.word != "firewall" else {}
    context.add(
        part, WORDS[word].type, inner, {"firewallPolicy": "policy"}, hub.value.get("region", ""), **envelope
    )


def _lower_hub_table(table: Named, context: Context) -> None:
    told: Told = table.value
    labels = sorted({item.value for item in told.get("labels", ())})
    if table.name == BUILT_IN_HUB_TABLES[0]:
        labels = sorted({*labels, "default"})
    elif table.name == BUILT_IN_HUB_TABLES[1]:
        labels = sorted({*labels, "none"})
    routes = [r for item in told.get("routes", ()) if (r := _hub_route(item, context))]
    context.add(
        table,
        _NET + "virtualhubs/hubroutetables",
        {"labels": labels, "routes": sorted(routes, key=lambda r: str(r["name"]))},
        {"labels": "labels", "routes": "routes"},
    )


def _hub_route(item: Item, context: Context) -> dict[str, Any] | None:
    """A route of a hub's table: its next hop is a resource, or a VNet's connection."""
    route = line_of(item)
    if route is None:
        return None
    prefix = route_prefix(route, item.place, context)
    kinds = ("vnet", "hub_resource", "resource")
    target = context.names.find(route.next_hop.text, kinds, item.place, route.next_hop.span)
    if prefix is None or target is None:
        return None
    return {
        "name": item.name or f"to {prefix}",
        "destinationType": "CIDR",
        "destinations": [prefix],
        "nextHopType": "ResourceId",
        "nextHop": target.key,
    }


def _lower_intent(hub: Named, context: Context) -> None:
    intent = sorted({item.value for item in hub.value.get("routing_intent", ())})
    if not intent:
        return
    place = hub.value.at("routing_intent")
    hop = next((c for word in ("firewall", "nva") for c in hub.children if c.word == word), None)
    if hop is None:
        context.error(
            "no-next-hop",
            f"routing intent of `{shorten(hub.name)}` needs a firewall in the hub",
            place,
            "add `firewall: true` to the hub",
        )
        return
    words = {"internet": ("InternetTraffic", "Internet"), "private": ("PrivateTraffic", "PrivateTraffic")}
    policies = [{"name": words[w][0], "destinations": [words[w][1]], "nextHop": hop.key} for w in intent]
    context.put(
        f"{hub.shown}/routing_intent",
        _NET + "virtualhubs/routingintent",
        "routing intent",
        {"routingPolicies": policies},
        place,
        {"routingPolicies": place},
        "",
        {"parent": hub.key},
    )


def _takes_internet(hub: Named) -> bool:
    """Whether a hub is meant to take its VNets' Internet traffic, where the connection does not say."""
    intent = hub.value.get("routing_intent", ()) if isinstance(hub.value, Told) else ()
    return any(item.value == "internet" for item in intent)


def _lower_connection(item: Item, hub: Named, context: Context) -> None:
    told: Told = item.value
    vnet = context.names.find(item.name, ("vnet",), item.place.key)
    if vnet is None:
        return
    table = context.find(told, "route_table", "hub_route_table", near=hub)
    tables = context.find_all(told.get("propagate_to"), ("hub_route_table",), near=hub)
    default = f"{hub.key}/route_tables/{BUILT_IN_HUB_TABLES[0].lower()}"
    labels = sorted({i.value for i in told.get("labels", ())})
    routing: dict[str, Any] = {
        "associatedRouteTable": table.ref if table else {"id": default},
        "propagatedRouteTables": {
            "ids": [t.ref for t in tables] if tables or "labels" in told else [{"id": default}],
            "labels": labels,
        },
    }
    if routes := [r for i in told.get("static_routes", ()) if (r := _static_route(i, context))]:
        routing["vnetRoutes"] = {"staticRoutes": sorted(routes, key=lambda r: str(r["name"]))}
    properties = {
        "remoteVirtualNetwork": vnet.ref,
        "enableInternetSecurity": told.get("internet_security", _takes_internet(hub)),
        "routingConfiguration": routing,
    }
    envelope = {"parent": hub.key, **({"label": label} if (label := told.get("label")) is not None else {})}
    context.put(
        f"{hub.shown}/connections/{escape(vnet.shown)}",
        _NET + "virtualhubs/hubvirtualnetworkconnections",
        vnet.name,
        properties,
        item.place,
        {"enableInternetSecurity": told.at("internet_security"), "routingConfiguration": item.place},
        "",
        envelope,
    )


def _static_route(item: Item, context: Context) -> dict[str, Any] | None:
    if (line := line_of(item)) is None:
        return None
    prefix, hop = route_prefix(line, item.place, context), next_hop(line, item.place, context)
    if prefix is None or hop is None:
        return None
    return {
        "name": item.name or f"to {prefix}",
        "addressPrefixes": [prefix],
        "nextHopIpAddress": hop.get("nextHopIpAddress", ""),
    }
