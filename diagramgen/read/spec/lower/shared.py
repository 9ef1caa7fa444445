"""What the tree refers to by name, and has no part of its own elsewhere -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Told

_NET = "microsoft.network/"


def lower_shared(context: Context) -> None:
    """ASGs, IP groups, DDoS plans, public IPs, NAT gateways, private DNS zones and circuits."""
    for asg in context.names.all("asg"):
        context.add(asg, _NET + "applicationsecuritygroups", {})
    for group in context.names.all("ip_group"):
        addresses = sorted({item.value for item in group.value or ()}, key=lambda n: (n.version, n))
        said = {"ipAddresses": [str(n) for n in addresses]}
        context.put(group.shown, _NET + "ipgroups", group.name, said, group.place)
    for plan in context.names.all("ddos_plan"):
        context.add(plan, _NET + "ddosprotectionplans", {})
    for ip in context.names.all("public_ip"):
        sku = ip.value.get("sku", "standard").capitalize()
        properties = {"publicIPAllocationMethod": "Static"}
        if address := ip.value.get("address"):
            properties["ipAddress"] = address
        context.add(ip, _NET + "publicipaddresses", properties, {"ipAddress": "address"}, sku={"name": sku})
    for nat in context.names.all("nat_gateway"):
        ips = context.find_all(nat.value.get("public_ip"), ("public_ip",))
        context.add(
            nat,
            _NET + "natgateways",
            {"publicIpAddresses": [i.ref for i in ips]} if ips else {},
            {"publicIpAddresses": "public_ip"},
            sku={"name": "Standard"},
        )
    for circuit in context.names.all("circuit"):
        _lower_circuit(circuit, context)
    _lower_zones(context)


def _lower_zones(context: Context) -> None:
    for zone in context.names.all("private_dns_zone"):
        context.add(zone, _NET + "privatednszones", {})
        for vnet in context.find_all(zone.value.get("vnets"), ("vnet",)):
            context.put(
                f"{zone.shown}/links/{escape(vnet.shown)}",
                _NET + "privatednszones/virtualnetworklinks",
                vnet.name,
                {"virtualNetwork": vnet.ref, "registrationEnabled": False},
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
    context.add(
        circuit,
        _NET + "expressroutecircuits",
        {"serviceProviderProperties": provider} if provider else {},
        {"serviceProviderProperties": "provider"},
    )
