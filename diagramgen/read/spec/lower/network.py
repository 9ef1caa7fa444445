"""Tenants, subscriptions, VNets and subnets -> records, with the checks of their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    Network,
)
from diagramgen.read.spec.lower.circles import refuse_circles
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.machines import OF_NICS
from diagramgen.read.spec.lower.parts import MACHINES
from diagramgen.read.spec.lower.resources import lower_resource
from diagramgen.read.spec.names import IN_AZURE, Named
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"
_SMALLEST = {4: 29, 6: 64}
"""The smallest subnet by IP version: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"""


def lower_network(context: Context) -> None:
    """The tree, top down."""
    warn_of_outside(context)
    for group in context.names.all("management_group"):
        parent = context.find(group.value, "parent", "management_group")
        details = {"details": {"parent": parent.ref}} if parent else {}
        context.add(
            group,
            "microsoft.management/managementgroups",
            {"displayName": group.value.get("name", group.name), **details},
            {"details": "parent"},
            parent=parent.key if parent else None,
        )
    refuse_circles("management_group", context)
    for subscription in context.names.all("subscription"):
        _lower_subscription(subscription, context)
    for vnet in context.names.all("vnet"):
        _lower_vnet(vnet, context)
    for subnet in context.names.all("subnet"):
        _lower_subnet(subnet, context)
    for thing in context.names.all("resource", "service"):
        if thing.parent is None or thing.parent.kind != "site":
            lower_resource(thing, context)


_TOLD_OUTSIDE = frozenset(
    ("label", "note", "name", "id", "region", "resource_group", "subscription", "tags", "outside", "condition",
     "unsaid", "address", "type", "kind", "sku", "count", "each", "icon", "style", "vnets", "services", "subnets",
     "resources", "hubs", "nsg", "route_table", "nat_gateway", "management_group", "parent", "in", "virtual_wan")
)  # fmt: skip
"""What is known of what is outside: where it is, what is in it, and what is attached to it."""


def warn_of_outside(context: Context) -> None:
    """A warning for what is said of things that are outside, and so is left out."""
    for kind in sorted(IN_AZURE):
        for thing in context.names.all(kind):
            told = thing.value
            if not isinstance(told, Told) or told.get("outside") is not True:
                continue
            for key in told:
                if key not in _TOLD_OUTSIDE and not (key in OF_NICS and thing.word in MACHINES):
                    message = (
                        f"`{shorten(thing.name)}` is outside, so what is said of its `{key}` is left out"
                    )
                    context.warn("told-outside", message, told.at(key).key, "leave out one of the two")


def _lower_subscription(subscription: Named, context: Context) -> None:
    told: Told = subscription.value
    group = context.find(told, "management_group", "management_group")
    name = told.get("name", subscription.name)
    is_nameless = not context.has_defaults and name.lower() == told.get("id", name).lower()
    properties: dict[str, Any] = {} if is_nameless else {"displayName": name}
    if guid := told.get("id"):
        properties["subscriptionId"] = guid
    if group:
        properties["managementGroup"] = group.ref
    context.add(
        subscription,
        "microsoft.resources/subscriptions",
        properties,
        {"subscriptionId": "id", "managementGroup": "management_group"},
        parent=group.key if group else None,
        subscriptionId=told.get("id"),
    )


def _lower_vnet(vnet: Named, context: Context) -> None:
    told: Told = vnet.value
    prefixes = address_texts(vnet, context)
    properties: dict[str, Any] = {}
    if prefixes or context.has_defaults:
        properties["addressSpace"] = {"addressPrefixes": prefixes}
    if told.get("outside"):
        _add_vnet(vnet, properties if prefixes else {}, context)
        return
    if servers := told.get("dns_servers"):
        properties["dhcpOptions"] = {"dnsServers": [item.value for item in servers]}
    if plan := context.find(told, "ddos_plan", "ddos_plan"):
        properties |= {"enableDdosProtection": True, "ddosProtectionPlan": plan.ref}
    more = bool(told.get("more"))
    unsaid = told.get("unsaid", context.unsaid)
    if more if context.has_defaults else "subnets" in told and not more:
        properties["subnets"] = children_of(vnet, told.get("more"), "subnet")
    elif more and unsaid == "planned":
        properties["subnets"] = "{more}"  # what is planned has no subnets where it lists none
    if properties and unsaid == "unknown" and not told.get("more"):
        properties["virtualNetworkPeerings"] = []  # to be filled with the peerings
    _add_vnet(vnet, properties, context)
    _refuse_overlap(((n, vnet) for n in vnet.networks), f"of `{shorten(vnet.name)}`", context)
    _refuse_overlap(
        ((n, c) for c in vnet.children if c.kind == "subnet" for n in c.networks),
        f"in `{shorten(vnet.name)}`",
        context,
    )


def _add_vnet(vnet: Named, properties: dict[str, Any], context: Context) -> None:
    context.add(
        vnet,
        _NET + "virtualnetworks",
        properties,
        {"addressSpace": "address", "dhcpOptions": "dns_servers", "ddosProtectionPlan": "ddos_plan"},
        style=vnet.value.get("style"),
    )


def address_texts(thing: Named, context: Context) -> list[str]:
    """The addresses of a thing, in their own order or as they are told."""
    return thing.prefixes if context.has_defaults else [str(i.value) for i in thing.value.get("address", ())]


def children_of(thing: Named, more: object, kind: str) -> list[dict[str, str]]:
    """References to the children of a kind, as an export lists them; and one that nothing has, where there may be
    `more`."""
    listed = [child.ref for child in thing.children if child.kind == kind]
    return [*listed, {"id": f"{thing.key}/{kind}s/{{more}}"}] if more else listed


def _refuse_overlap(networks: Iterable[tuple[Network, Named]], where: str, context: Context) -> None:
    """An error for every network that overlaps one before it, in the order of addresses."""
    widest: dict[int, tuple[Network, Named]] = {}
    for network, thing in sorted(networks, key=lambda pair: (pair[0].version, pair[0], pair[1].key)):
        before = widest.get(network.version)
        if before is not None and int(before[0].broadcast_address) >= int(network.network_address):
            here, there = _place_of(network, thing), _place_of(before[0], before[1])
            if before[1] is thing:
                context.refuse(
                    "overlap", f"two networks {where} overlap: `{before[0]}` and `{network}`", here
                )
            else:
                context.refuse(
                    "overlap",
                    f"`{shorten(thing.name)}` (`{network}`) overlaps"
                    f" `{shorten(before[1].name)}` (`{before[0]}`) {where}",
                    here,
                    related=((f"`{shorten(before[1].name)}` stands here", there),),
                )
        if before is None or int(network.broadcast_address) > int(before[0].broadcast_address):
            widest[network.version] = (network, thing)


def _place_of(network: Network, thing: Named) -> Place:
    """Where one of a thing's networks is written."""
    items: tuple[Item, ...] = thing.value.get("address", ())
    return next((item.place for item in items if item.value == network), thing.place)


def _lower_subnet(subnet: Named, context: Context) -> None:
    told: Told = subnet.value
    prefixes = address_texts(subnet, context)
    properties: dict[str, Any] = {}
    if len(prefixes) == 1:
        properties["addressPrefix"] = prefixes[0]
    elif prefixes:
        properties["addressPrefixes"] = prefixes
    for key, property_, kind in (
        ("nsg", "networkSecurityGroup", "nsg"),
        ("route_table", "routeTable", "route_table"),
        ("nat_gateway", "natGateway", "nat_gateway"),
    ):
        if thing := context.find(told, key, kind):
            properties[property_] = thing.ref
    if endpoints := told.get("service_endpoints"):
        properties["serviceEndpoints"] = [_endpoint(item) for item in endpoints]
        if context.has_defaults:
            properties["serviceEndpoints"].sort(key=lambda e: str(e["service"]))
    if policies := context.find_all(told.get("service_endpoint_policies"), ("service_endpoint_policy",)):
        properties["serviceEndpointPolicies"] = [p.ref for p in policies]
    if delegations := told.get("delegation"):
        properties["delegations"] = [
            {"name": s, "properties": {"serviceName": s}}
            for s in context.ordered(item.value for item in delegations)
        ]
    if "default_outbound" in told:
        properties["defaultOutboundAccess"] = told.get("default_outbound")
    if "private_endpoint_policies" in told:
        said = told.get("private_endpoint_policies")
        properties["privateEndpointNetworkPolicies"] = _ENDPOINT_POLICIES.get(said, said)
    context.add(
        subnet,
        _NET + "virtualnetworks/subnets",
        properties,
        {
            "addressPrefix": "address",
            "addressPrefixes": "address",
            "networkSecurityGroup": "nsg",
            "routeTable": "route_table",
            "natGateway": "nat_gateway",
            "serviceEndpoints": "service_endpoints",
            "serviceEndpointPolicies": "service_endpoint_policies",
            "delegations": "delegation",
            "defaultOutboundAccess": "default_outbound",
            "privateEndpointNetworkPolicies": "private_endpoint_policies",
        },
    )
    _check_subnet_address(subnet, context)


_ENDPOINT_POLICIES: dict[Any, str] = {
    True: "Enabled",
    False: "Disabled",
    "nsg": "NetworkSecurityGroupEnabled",
    "routes": "RouteTableEnabled",
}
"""https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy"""


def _endpoint(item: Item) -> dict[str, Any]:
    if not isinstance(item.value, Told):
        return {"service": item.value}
    told = item.value
    locations = [i.value for i in told.get("locations", ())]
    return {"service": told.get("service", ""), **({"locations": locations} if locations else {})}


def _check_subnet_address(subnet: Named, context: Context) -> None:
    vnet = subnet.parent
    for network in subnet.networks:
        place = _place_of(network, subnet)
        spaces = [n for n in vnet.networks if n.version == network.version] if vnet else []
        inside = any(
            int(s.network_address) <= int(network.network_address)
            and int(network.broadcast_address) <= int(s.broadcast_address)
            for s in spaces
        )
        if vnet is not None and vnet.networks and not inside:
            listed = ", ".join(f"`{n}`" for n in vnet.networks[:6])
            context.refuse(
                "outside-vnet",
                f"`{network}` lies outside the address space of `{shorten(vnet.name)}`, {listed}",
                place,
                related=(("the address space stands here", vnet.value.at("address")),),
            )
        if not context.has_defaults:
            continue
        if network.version == 4 and network.prefixlen > _SMALLEST[4]:
            context.warn(
                "subnet-size",
                f"`{network}` is smaller than Azure's smallest subnet, `/{_SMALLEST[4]}`",
                place,
            )
        elif network.version == 6 and network.prefixlen != _SMALLEST[6]:
            context.warn("subnet-size", f"`{network}`: Azure's IPv6 subnets are `/{_SMALLEST[6]}`", place)
