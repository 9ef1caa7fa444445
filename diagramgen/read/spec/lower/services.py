"""Front Door, Traffic Manager and PaaS: origins, and who may reach a service -> records."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.parts import Properties, sku_of
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Told

_NET = "microsoft.network/"


def lower_front_door(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    told: Told = thing.value
    has_private = _lower_origins(thing, context)
    waf = told.get("waf")
    if isinstance(waf, str) and (policy := context.find(told, "waf", "waf_policy")):
        parameters = {"type": "WebApplicationFirewall", "wafPolicy": policy.ref}
        context.put(
            f"{thing.shown}/security_policy",
            "microsoft.cdn/profiles/securitypolicies",
            "waf",
            {"parameters": parameters},
            told.at("waf"),
            None,
            "",
            {"parent": thing.key},
        )
    elif waf is True:
        context.put(
            f"{thing.shown}/security_policy",
            "microsoft.cdn/profiles/securitypolicies",
            "waf",
            {"parameters": {"type": "WebApplicationFirewall"}},
            told.at("waf"),
            None,
            "",
            {"parent": thing.key},
        )
    usual = "Premium_AzureFrontDoor" if has_private or waf else "Standard_AzureFrontDoor"
    return {}, {"sku": sku_of(told, usual if context.has_defaults else None)}


def _lower_origins(thing: Named, context: Context) -> bool:
    """The origins of a Front Door; whether any is reached by Private Link."""
    group = f"{thing.shown}/origin_groups/default"
    kind = "microsoft.cdn/profiles/origingroups"
    origins = thing.value.get("origins", ())
    if origins:
        context.put(group, kind, "default", {}, thing.value.at("origins"), None, "", {"parent": thing.key})
    has_private = False
    for item in origins:
        told = item.value if isinstance(item.value, Told) else Told(item.place, {"to": item.value})
        place = told.at("to") if isinstance(item.value, Told) else item.place
        kinds = ("service", "resource")
        target = context.names.find(told.get("to"), kinds, place) if "to" in told else None
        if "to" not in told and "host" not in told:
            context.error("missing-key", "an origin needs the key `to` or `host`", item.place)
        if target is None and "host" not in told:
            continue
        name = target.name if target else told.get("host")
        properties: Properties = {"hostName": told.get("host", name), "enabledState": "Enabled"}
        if target:
            properties["azureOrigin"] = target.ref
        if told.get("private_link") and target:
            has_private = True
            properties["sharedPrivateLinkResource"] = {"privateLink": target.ref, "status": "Approved"}
        context.put(
            f"{group}/origins/{escape(target.shown if target else name)}",
            kind + "/origins",
            name,
            properties,
            item.place,
            {"azureOrigin": place},
            "",
            {"parent": group.lower()},
        )
    return has_private


def lower_traffic_manager(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    endpoints = []
    for item in thing.value.get("origins", ()):
        name = item.value.get("to") if isinstance(item.value, Told) else item.value
        place = item.value.at("to") if isinstance(item.value, Told) else item.place
        if name and (target := context.names.find(name, ("service", "resource", "public_ip"), place)):
            endpoints.append({"name": target.name, "properties": {"targetResourceId": target.key}})
    return {"endpoints": sorted(endpoints, key=lambda e: str(e["properties"]))}, {}
