"""Parts that several types of resource share: subnet, public IPs, addresses, backend pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


Properties = dict[str, Any]
Lower = Callable[[Named, Context], tuple[Properties, dict[str, Any]]]
"""The properties and the envelope of a resource."""


MACHINES = ("vm", "vmss", "nva", "nic")


def region_of(thing: Named) -> str:
    """The region that is said of a thing or of its VNet."""
    here: Named | None = thing
    while here is not None:
        if isinstance(here.value, Told) and (region := here.value.get("region")):
            return str(region)
        here = here.parent
    return ""


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
            {"publicIPAllocationMethod": "Static"},
            place,
            None,
            "",
            {"parent": thing.key, "sku": {"name": "Standard"}},
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


def backend_pool(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """A backend pool as gateways have it; `backends` in the envelope are the keys of what is named."""
    configurations, addresses, keys = [], [], []
    for item in thing.value.get("backends", ()):
        target = _backend(item, thing, context)
        if isinstance(target, Named):
            keys.append(target.key)
            if target.word in MACHINES:
                configurations.append({"id": f"{target.key}/nic/ipconfigurations/ipconfig1"})
            else:
                addresses.append({"fqdn": target.name})
        elif target:
            addresses.append(
                {"ipAddress": target} if target[0].isdigit() or ":" in target else {"fqdn": target}
            )
    if not keys and not addresses:
        return {}, {}
    pool: Properties = {}
    if configurations:
        pool["backendIPConfigurations"] = sorted(configurations, key=lambda c: c["id"])
    if addresses:
        pool["backendAddresses"] = sorted(addresses, key=str)
    return {"backendAddressPools": [{"name": "backends", "properties": pool}]}, {
        "backends": sorted(keys)
    } if keys else {}


def _backend(item: Item, thing: Named, context: Context) -> Named | str | None:
    kinds = ("resource", "service", "subnet")
    text = item.value.strip()
    if context.names.named(text, kinds):
        return context.names.find(text, kinds, item.place, near=thing)
    if "." in text or ":" in text:
        return text.lower() if " " not in text else None
    context.names.find(text, ("resource", "service", "subnet"), item.place, near=thing)
    return None
