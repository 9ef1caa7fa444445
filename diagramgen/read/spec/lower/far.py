"""Networks on premises as Azure's gateways know them: local network gateways and VPN sites -> records.

https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#lng
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named

_NET = "microsoft.network/"


def lower_far_networks(context: Context) -> None:
    """All of both kinds."""
    for network in context.names.all("local_network"):
        properties = _device(network)
        if prefixes := _prefixes(network, context):
            properties["localNetworkAddressSpace"] = {"addressPrefixes": prefixes}
        places = {"localNetworkAddressSpace": "address", "bgpSettings": "asn"}
        context.add(network, _NET + "localnetworkgateways", properties, places)
    for site in context.names.all("vpn_site"):
        said = _device(site)
        asn = said.pop("bgpSettings", None)
        properties = (
            {"vpnSiteLinks": [{"name": "link", "properties": _link(said, asn)}]} if said or asn else {}
        )
        if prefixes := _prefixes(site, context):
            properties["addressSpace"] = {"addressPrefixes": prefixes}
        if wan := context.find(site.value, "virtual_wan", "virtual_wan"):
            properties["virtualWan"] = wan.ref
        context.add(site, _NET + "vpnsites", properties, {"addressSpace": "address"})


def _device(thing: Named) -> dict[str, Any]:
    """The device there: its address or host name, and what it calls itself in BGP."""
    said: dict[str, Any] = {}
    if gateway := thing.value.get("gateway"):
        said["gatewayIpAddress" if is_address(gateway) else "fqdn"] = gateway
    if asn := thing.value.get("asn"):
        said["bgpSettings"] = {"asn": asn}
    return said


def _link(device: dict[str, Any], bgp: Any) -> dict[str, Any]:
    address = device.get("gatewayIpAddress")
    said = {"ipAddress": address, "fqdn": device.get("fqdn"), "bgpProperties": bgp}
    return {key: value for key, value in said.items() if value is not None}


def _prefixes(thing: Named, context: Context) -> list[str]:
    return context.ordered(str(item.value) for item in thing.value.get("address", ()))


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ip_address(text.strip())
    except ValueError:
        return False
    return True
