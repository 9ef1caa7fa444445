"""Parts that several types of resource share: subnet, public IPs, addresses, backend pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.shapes import Told

_NET = "microsoft.network/"


Properties = dict[str, Any]
Lower = Callable[[Named, Context], tuple[Properties, dict[str, Any]]]
"""The properties and the envelope of a resource."""


MACHINES = ("vm", "vmss", "nva", "nic")


def region_of(thing: Named) -> str:
    """The region that is said of a thing or of its VNet."""
    here: Named | None = thing
    while here is not None:
        if isinstance(here.value, Told) and (region := here.value.get("region")) is not None:
            return str(region)
        here = here.parent
    return ""


def sku_of(told: Told, usual: str | None = None) -> dict[str, Any] | None:
    """The SKU that is told, a name or in Azure's own shape; else the usual one."""
    sku = told.get("sku", usual)
    return {"name": sku} if isinstance(sku, str) else sku


def subnet_ref(thing: Named) -> dict[str, str] | None:
    subnet = thing.within("subnet")
    return subnet.ref if subnet else None


def public_ips(thing: Named, context: Context) -> list[str]:
    """The keys of a resource's public IPs; `true` makes one of its own."""
    said = thing.value.get("public_ip")
    if said is None or said is False:
        return []
    if said is True:
        shown = f"{thing.shown}/public_ip"
        place = thing.value.at("public_ip")
        context.put(
            shown,
            _NET + "publicipaddresses",
            f"{thing.name} public IP",
            context.usually(publicIPAllocationMethod="Static"),
            place,
            None,
            "",
            {"parent": thing.key, **({"sku": {"name": "Standard"}} if context.has_defaults else {})},
        )
        return [shown.lower()]
    return [ip.key for ip in context.find_all(said, ("public_ip",))]


def own_address(thing: Named, context: Context) -> dict[str, str]:
    """The private address, where the spec says one or a rule or route has asked for it."""
    if ip := thing.value.get("ip"):
        return {"privateIPAddress": ip, "privateIPAllocationMethod": "Static"}
    if ip := context.lent_addresses.get(thing.key):
        return {"privateIPAddress": ip, "privateIPAllocationMethod": "Dynamic"}
    return {}


def ip_configurations(thing: Named, context: Context) -> list[dict[str, Any]]:
    """One configuration in the subnet, and one more for each further public IP."""
    subnet = subnet_ref(thing)
    ips: list[str | None] = [*public_ips(thing, context)] or [None]
    configurations = []
    for index, ip in enumerate(ips):
        properties: Properties = (
            {"subnet": subnet, **own_address(thing, context)} if index == 0 and subnet else {}
        )
        if ip:
            properties["publicIPAddress"] = {"id": ip}
        configurations.append({"name": f"ipconfig{index + 1}", "properties": properties})
    return configurations
