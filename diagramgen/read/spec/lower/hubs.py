"""Virtual WANs and their hubs -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.declare import BUILT_IN_HUB_TABLES
from diagramgen.read.spec.lower.connections import routing_of
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.parts import sku_of
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
        type_ = wan.value.get("type", "standard" if context.has_defaults else None)
        properties: dict[str, Any] = {"type": capital(type_)} if type_ else {}
        if "branch_to_branch" in wan.value:
            properties["allowBranchToBranchTraffic"] = wan.value.get("branch_to_branch")
        context.add(wan, _NET + "virtualwans", properties, {"type": "type"})
    for hub in context.names.all("virtual_hub"):
        _lower_hub(hub, context)


def _lower_hub(hub: Named, context: Context) -> None:
    told: Told = hub.value
    subscription = context.find(told, "subscription", "subscription")
    properties: dict[str, Any] = {
        "virtualWan": hub.parent.ref if hub.parent else None,
        **context.usually(sku="Standard"),
    }
    if "sku" in told:
        properties["sku"] = capital(told.get("sku"))
    if prefixes := hub.prefixes:
        properties["addressPrefix"] = prefixes[0]
    if prefers := told.get("prefers"):
        properties["hubRoutingPreference"] = _PREFERENCES.get(prefers, prefers)
    for part in (c for c in hub.children if c.kind == "hub_resource"):
        _lower_part(part, hub, properties, context)
    context.add(
        hub,
        _NET + "virtualhubs",
        properties,
        {"addressPrefix": "address", "azureFirewall": "firewall"},
        parent=subscription.key if subscription else (hub.parent.key if hub.parent else None),
    )
    if told.get("outside"):
        return
    for table in (c for c in hub.children if c.kind == "hub_route_table"):
        _lower_hub_table(table, context)
    _lower_intent(hub, context)
    for item in told.get("connections", ()):
        _lower_connection(item, hub, context)
    for item in told.get("bgp_connections", ()):
        _lower_bgp_connection(item, hub, context)


_PREFERENCES = {"expressroute": "ExpressRoute", "vpn": "VpnGateway", "as_path": "ASPath"}
"""https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing-preference"""


def _lower_part(part: Named, hub: Named, properties: dict[str, Any], context: Context) -> None:
    word, referrer = _PARTS[part.word]
    said = hub.value.get(part.word)
    told = said if isinstance(said, Told) else Told(hub.value.at(part.word))
    inner: dict[str, Any] = {"virtualHub": hub.ref}
    if part.word == "firewall":
        inner |= _firewall(told, said, hub, context)
    elif asn := told.get("asn"):
        inner["bgpSettings"] = {"asn": asn}
    if addresses := told.get("address"):
        pool = {"addressPrefixes": [str(item.value) for item in addresses]}
        configuration = {"name": "users", "properties": {"vpnClientAddressPool": pool}}
        inner["p2SConnectionConfigurations"] = [configuration]
    if referrer:
        properties[referrer] = part.ref
    sku = sku_of(told) if part.word != "firewall" else None
    region = told.get("region", hub.value.get("region", ""))
    context.add(part, WORDS[word].type, inner, {"firewallPolicy": "policy"}, region, sku=sku)


def _firewall(told: Told, said: Any, hub: Named, context: Context) -> dict[str, Any]:
    """What a hub's firewall says; its tier is that of its policy where none is told."""
    policy = (
        context.find(hub.value, "firewall", "firewall_policy")
        if isinstance(said, str)
        else context.find(told, "policy", "firewall_policy")
    )
    tier = told.get("sku") or (policy and policy.value and policy.value.get("tier"))
    inner: dict[str, Any] = {}
    if isinstance(tier, str) or context.has_defaults:
        inner["sku"] = {"name": "AZFW_Hub", "tier": capital(tier) if isinstance(tier, str) else "Standard"}
    if isinstance(told.get("sku"), dict):
        inner["sku"] = told.get("sku")
    if policy:
        inner["firewallPolicy"] = policy.ref
    addresses: dict[str, Any] = {"privateIPAddress": told.get("ip")} if "ip" in told else {}
    if public := told.get("public_ip"):
        addresses["publicIPs"] = {"addresses": [{"address": item.value} for item in public]}
    return inner | ({"hubIPAddresses": addresses} if addresses else {})


def _lower_hub_table(table: Named, context: Context) -> None:
    told: Told = table.value
    is_built_in = table.name in BUILT_IN_HUB_TABLES
    if is_built_in and not told.values and not context.has_defaults:
        return
    labels = context.ordered(item.value for item in told.get("labels", ()))
    if is_built_in and (context.has_defaults or "labels" not in told):
        own = "default" if table.name == BUILT_IN_HUB_TABLES[0] else "none"
        labels = sorted({*labels, own})
    routes = [r for item in told.get("routes", ()) if (r := _hub_route(item, context))]
    if context.has_defaults:
        routes.sort(key=lambda r: str(r["name"]))
    context.add(
        table,
        _NET + "virtualhubs/hubroutetables",
        {"labels": labels, "routes": routes},
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
    said = {
        "name": item.name or f"to {prefix}",
        "destinationType": "CIDR",
        "destinations": [prefix],
        "nextHopType": "ResourceId",
        "nextHop": target.key,
    }
    return _in_full(said, item, context)


def _in_full(said: dict[str, Any], item: Item, context: Context) -> dict[str, Any]:
    """A route with what is said of it besides, where it is told in full."""
    if not isinstance(item.value, Told):
        return said
    return context.with_azure({**said, "name": item.value.get("name", said["name"])}, item.value)


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
    routing = routing_of(told, hub, context)
    if context.has_defaults:
        default = {"id": f"{hub.key}/route_tables/{BUILT_IN_HUB_TABLES[0].lower()}"}
        propagated = routing.get("propagatedRouteTables", {"ids": [], "labels": []})
        ids = propagated["ids"] if propagated["ids"] or "labels" in told else [default]
        routing = {
            "associatedRouteTable": routing.get("associatedRouteTable", default),
            "propagatedRouteTables": {"ids": ids, "labels": propagated["labels"]},
        }
    if routes := [r for i in told.get("static_routes", ()) if (r := _static_route(i, context))]:
        if context.has_defaults:
            routes.sort(key=lambda r: str(r["name"]))
        routing["vnetRoutes"] = {"staticRoutes": routes}
    properties: dict[str, Any] = {"remoteVirtualNetwork": vnet.ref}
    if "internet_security" in told or context.has_defaults:
        properties["enableInternetSecurity"] = told.get("internet_security", _takes_internet(hub))
    if routing:
        properties["routingConfiguration"] = routing
    context.put(
        f"{hub.shown}/connections/{escape(vnet.shown)}",
        _NET + "virtualhubs/hubvirtualnetworkconnections",
        vnet.name,
        properties,
        item.place,
        {"enableInternetSecurity": told.at("internet_security"), "routingConfiguration": item.place},
        "",
        {"parent": hub.key},
        told,
        hub,
    )


def _lower_bgp_connection(item: Item, hub: Named, context: Context) -> None:
    """https://learn.microsoft.com/azure/virtual-wan/create-bgp-peering-hub-portal"""
    told: Told = item.value
    properties: dict[str, Any] = {}
    if ip := told.get("ip"):
        properties["peerIp"] = ip
    if asn := told.get("asn"):
        properties["peerAsn"] = asn
    if vnet := context.find(told, "vnet", "vnet"):
        reference = {"id": f"{hub.key}/connections/{escape(vnet.shown).lower()}"}
        properties["hubVirtualNetworkConnection"] = reference
    context.put(
        f"{hub.shown}/bgp_connections/{escape(item.name)}",
        _NET + "virtualhubs/bgpconnections",
        item.name,
        properties,
        item.place,
        None,
        "",
        {"parent": hub.key},
        told,
        hub,
    )


def _static_route(item: Item, context: Context) -> dict[str, Any] | None:
    if (line := line_of(item)) is None:
        return None
    prefix, hop = route_prefix(line, item.place, context), next_hop(line, item.place, context)
    if prefix is None or hop is None:
        return None
    said = {
        "name": item.name or f"to {prefix}",
        "addressPrefixes": [prefix],
        "nextHopIpAddress": hop.get("nextHopIpAddress", ""),
    }
    return _in_full(said, item, context)
