"""The network manager: groups, connectivity, security admin rules -> records."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.rules import admin_rules
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


def lower_manager(spec: Told, context: Context) -> None:
    """The network manager, if there is one, and all that it holds."""
    if (told := spec.get("network_manager")) is None:
        return
    shown, type_ = "network_manager", _NET + "networkmanagers"
    scope = context.find_all(told.get("scope"), ("subscription", "management_group"))
    scopes = {
        "subscriptions": [s.key for s in scope if s.kind == "subscription"],
        "managementGroups": [s.key for s in scope if s.kind == "management_group"],
    }
    subscription = context.find(told, "subscription", "subscription")
    context.put(
        shown,
        type_,
        told.get("name", "Network manager"),
        {"networkManagerScopes": scopes} if scope or context.has_defaults else {},
        told.place,
        {"networkManagerScopes": told.at("scope")},
        told.get("region", ""),
        {"parent": subscription.key} if subscription else {},
        told,
    )
    for group in context.names.all("network_group"):
        member_type = context.usually(memberType="VirtualNetwork")
        context.add(group, type_ + "/networkgroups", member_type, parent=shown)
        for vnet in _members(group, context):
            context.put(
                f"{group.shown}/members/{escape(vnet.shown)}",
                type_ + "/networkgroups/staticmembers",
                vnet.name,
                {"resourceId": vnet.key},
                group.value.at("members"),
                {"resourceId": group.value.at("members")},
                "",
                {"parent": group.key},
            )
    for item in told.get("connectivity", ()):
        _lower_connectivity(item, shown, type_, context)
    for item in told.get("security_admin", ()):
        _lower_security_admin(item, shown, type_, context)


def _members(group: Named, context: Context) -> list[Named]:
    """The VNets of a network group; a glob means every VNet whose name fits."""
    found: dict[str, Named] = {}
    for item in group.value.get("members", ()):
        if "*" in item.value and not context.names.named(item.value, ("vnet",)):
            fitting = [
                v
                for v in context.names.all("vnet")
                if fnmatchcase(v.name.lower(), item.value.strip().lower())
            ]
            if not fitting:
                context.error("unknown-name", f"no VNet fits `{shorten(item.value)}`", item.place)
            found.update((v.key, v) for v in fitting)
        elif vnet := context.names.find(item.value, ("vnet",), item.place):
            found[vnet.key] = vnet
    return [found[key] for key in sorted(found)]


def _lower_connectivity(item: Item, shown: str, type_: str, context: Context) -> None:
    told: Told = item.value
    is_mesh = told.get("topology", "mesh") == "mesh"
    hub = context.find(told, "hub", "vnet")
    if not is_mesh and "hub" not in told:
        context.error("missing-key", "`hub_and_spoke` needs the key `hub`", item.place.key)
    if is_mesh and "hub" in told:
        context.error(
            "contradiction",
            "a mesh has no hub",
            told.at("hub").key,
            "did you mean `topology: hub_and_spoke`?",
        )
    connected = "DirectlyConnected" if is_mesh or told.get("direct") else "None"
    groups = context.find_all(told.get("groups"), ("network_group",))
    properties: dict[str, Any] = {
        "connectivityTopology": "Mesh" if is_mesh else "HubAndSpoke",
        "hubs": [{"resourceId": hub.key, "resourceType": _NET + "virtualnetworks"}] if hub else [],
        "appliesToGroups": [
            {
                "networkGroupId": g.key,
                "groupConnectivity": connected,
                "useHubGateway": _text_of(told.get("use_hub_gateway", False)),
                "isGlobal": _text_of(told.get("across_regions", False)),
            }
            for g in groups
        ],
    }
    if "deployed" in told:
        properties["deployed"] = told.get("deployed")
    context.put(
        f"{shown}/connectivity/{escape(item.name)}",
        type_ + "/connectivityconfigurations",
        item.name,
        properties,
        item.place,
        {
            "connectivityTopology": told.at("topology"),
            "hubs": told.at("hub"),
            "appliesToGroups": told.at("groups"),
        },
        "",
        {"parent": shown},
        told,
    )


def _text_of(flag: object) -> str:
    """A truth value as Azure writes it here, in words; what is not known stays as it is."""
    return str(flag)


def _lower_security_admin(item: Item, shown: str, type_: str, context: Context) -> None:
    told: Told = item.value
    base = f"{shown}/security_admin/{escape(item.name)}"
    kind = type_ + "/securityadminconfigurations"
    state = {"deployed": told.get("deployed")} if "deployed" in told else {}
    context.put(base, kind, item.name, state, item.place, None, "", {"parent": shown}, told)
    if "groups" in told or "rules" in told or "collections" not in told:
        own = Told(told.place, {k: told.get(k) for k in ("groups", "rules") if k in told})
        _lower_collection(Item(own, item.place, item.name), base, kind, context)
    for collection in told.get("collections", ()):
        _lower_collection(collection, base, kind, context)


def _lower_collection(item: Item, base: str, kind: str, context: Context) -> None:
    """A collection of admin rules, with the groups for which they are."""
    told: Told = item.value
    groups = context.find_all(told.get("groups"), ("network_group",))
    collection = f"{base}/rule_collections/{escape(item.name)}"
    context.put(
        collection,
        kind + "/rulecollections",
        item.name,
        {"appliesToGroups": [{"networkGroupId": g.key} for g in groups]},
        item.place,
        {"appliesToGroups": told.at("groups")},
        "",
        {"parent": base.lower()},
        told,
    )
    admin_rules(Named("view", item.name, collection, item.place, told), collection, context)
