"""What the tree refers to by name, and has no part of its own elsewhere -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.far import lower_far_networks
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Mark, Told

_NET = "microsoft.network/"


def lower_shared(context: Context) -> None:
    """ASGs, IP groups, DDoS plans, public IPs, NAT gateways, private DNS zones, circuits and local networks."""
    for asg in context.names.all("asg"):
        context.add(asg, _NET + "applicationsecuritygroups", {})
    for group in context.names.all("ip_group"):
        _lower_ip_group(group, context)
    for plan in context.names.all("ddos_plan"):
        context.add(plan, _NET + "ddosprotectionplans", {})
    for ip in context.names.all("public_ip"):
        _lower_public_ip(ip, context)
    for prefix in context.names.all("public_ip_prefix"):
        address = prefix.value.get("address")
        said = {"ipPrefix": str(address)} if address else {}
        sku = {"name": "Standard"} if context.has_defaults else None
        context.add(prefix, _NET + "publicipprefixes", said, {"ipPrefix": "address"}, sku=sku)
    for nat in context.names.all("nat_gateway"):
        _lower_nat_gateway(nat, context)
    for circuit in context.names.all("circuit"):
        _lower_circuit(circuit, context)
    for policy in context.names.all("service_endpoint_policy"):
        _lower_endpoint_policy(policy, context)
    lower_far_networks(context)
    _lower_zones(context)


def _lower_ip_group(group: Named, context: Context) -> None:
    told = group.value if isinstance(group.value, Told) else Told(group.place, {"address": group.value})
    addresses = {i.value for i in told.get("address") or ()}
    known = sorted((n for n in addresses if not isinstance(n, Mark)), key=lambda n: (n.version, n))
    texts = [*map(str, known), *sorted(n for n in addresses if isinstance(n, Mark))]
    if not context.has_defaults:
        texts = [str(i.value) for i in told.get("address") or ()]
    context.add(group, _NET + "ipgroups", {"ipAddresses": texts})


def _lower_public_ip(ip: Named, context: Context) -> None:
    told: Told = ip.value
    properties = context.usually(publicIPAllocationMethod="Static")
    if address := told.get("address"):
        properties["ipAddress"] = address
    if ddos := told.get("ddos"):
        modes = {"inherited": "VirtualNetworkInherited"}
        properties["ddosSettings"] = {"protectionMode": modes.get(ddos, capital(ddos))}
    if host := told.get("host"):
        properties["dnsSettings"] = {"fqdn": host}
    if prefix := context.find(told, "prefix", "public_ip_prefix"):
        properties["publicIPPrefix"] = prefix.ref
    sku = told.get("sku", "standard" if context.has_defaults else None)
    said = {"name": capital(sku)} if sku else None
    context.add(ip, _NET + "publicipaddresses", properties, {"ipAddress": "address"}, sku=said)


def _lower_nat_gateway(nat: Named, context: Context) -> None:
    properties: dict[str, Any] = {}
    if ips := context.find_all(nat.value.get("public_ip"), ("public_ip",)):
        properties["publicIpAddresses"] = [i.ref for i in ips]
    if prefixes := context.find_all(nat.value.get("public_ip_prefix"), ("public_ip_prefix",)):
        properties["publicIpPrefixes"] = [p.ref for p in prefixes]
    sku = {"name": "Standard"} if context.has_defaults else None
    context.add(nat, _NET + "natgateways", properties, {"publicIpAddresses": "public_ip"}, sku=sku)


def _lower_endpoint_policy(policy: Named, context: Context) -> None:
    """https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview"""
    definitions = []
    for item in policy.value.get("allows", ()):
        resources = [_reached(each, context) for each in item.value]
        said = {"service": item.name, "serviceResources": [rid for rid in resources if rid]}
        definitions.append({"name": item.name, "properties": said})
    properties = {"serviceEndpointPolicyDefinitions": definitions} if definitions else {}
    context.add(
        policy, _NET + "serviceendpointpolicies", properties, {"serviceEndpointPolicyDefinitions": "allows"}
    )


def _reached(item: Item, context: Context) -> str:
    """The id of what may be reached: of Azure, or a service or subscription of the spec."""
    text = item.value.strip()
    if text.startswith("/") and not context.names.named(text, ("service", "subscription")):
        return str(text)
    found = context.names.find(text, ("service", "subscription"), item.place)
    return found.key if found else ""


def _lower_zones(context: Context) -> None:
    for zone in context.names.all("private_dns_zone"):
        context.add(zone, _NET + "privatednszones", {})
        for vnet in context.find_all(zone.value.get("vnets"), ("vnet",)):
            context.put(
                f"{zone.shown}/links/{escape(vnet.shown)}",
                _NET + "privatednszones/virtualnetworklinks",
                vnet.name,
                {"virtualNetwork": vnet.ref, **context.usually(registrationEnabled=False)},
                zone.value.at("vnets"),
                {"virtualNetwork": zone.value.at("vnets")},
                "",
                {"parent": zone.key},
            )


def _lower_circuit(circuit: Named, context: Context) -> None:
    told: Told = circuit.value
    provider: dict[str, Any] = {}
    if name := told.get("provider"):
        provider["serviceProviderName"] = name
    if location := told.get("location"):
        provider["peeringLocation"] = location
    if bandwidth := told.get("bandwidth"):
        number, _, unit = bandwidth.strip().partition(" ")
        scale = {"gbps": 1000, "mbps": 1}.get(unit.strip().lower())
        if scale is None or not number.replace(".", "", 1).isdecimal() or not number.isascii():
            context.error(
                "wrong-value",
                f"`{shorten(bandwidth)}` is no bandwidth",
                told.at("bandwidth"),
                "write `50 Mbps` or `1 Gbps`",
            )
        else:
            provider["bandwidthInMbps"] = int(float(number) * scale)
    sku = told.get("sku")
    context.add(
        circuit,
        _NET + "expressroutecircuits",
        {"serviceProviderProperties": provider} if provider else {},
        {"serviceProviderProperties": "provider"},
        sku={"name": sku} if isinstance(sku, str) else sku,
    )
    for item in told.get("peerings", ()):
        name = {"private": "AzurePrivatePeering", "microsoft": "MicrosoftPeering"}.get(item.value)
        context.put(
            f"{circuit.shown}/peerings/{name or 'AzurePublicPeering'}",
            _NET + "expressroutecircuits/peerings",
            name or "AzurePublicPeering",
            {"peeringType": name or "AzurePublicPeering"},
            item.place,
            None,
            "",
            {"parent": circuit.key},
        )
