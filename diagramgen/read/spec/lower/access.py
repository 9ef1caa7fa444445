"""Who may reach a platform service on its public address -> the properties and children in which its type keeps that.

https://learn.microsoft.com/azure/templates/ has every type; diagramgen/analyse/paas reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from diagramgen.located import Place
from diagramgen.model.kinds import WORDS
from diagramgen.read.spec.grammar import Piece, RestrictionLine
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.parts import Properties
from diagramgen.read.spec.lower.where import where
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import Item, Told
from diagramgen.read.unknown import is_unknown

_Keep = Callable[[Named, list[Item], list[Named], Context], Properties]
"""From the address rules (named or not) and the subnets that are let in: properties; children are put."""


def service_access(thing: Named, context: Context) -> Properties:
    """Who may reach a service."""
    told: Told = thing.value
    properties: Properties = {}
    if "public_access" in told:
        access = told.get("public_access")
        properties["publicNetworkAccess"] = {True: "Enabled", False: "Disabled"}.get(access, access)
    if "allowed_subnets" in told or "allowed_addresses" in told:
        subnets = context.find_all(told.get("allowed_subnets"), ("subnet",))
        properties |= _keeper(thing, context)(thing, _addresses(told, context), subnets, context)
    elif context.has_defaults and _is_said_to_be_open(told):
        properties["networkAcls"] = {"defaultAction": "Allow", "virtualNetworkRules": [], "ipRules": []}
    if bypass := told.get("bypass"):
        words = ", ".join(capital(item.value) for item in bypass)
        if thing.word == "container_registry" and not context.has_defaults:
            properties["networkRuleBypassOptions"] = words
        else:
            properties["networkAcls"] = {**properties.get("networkAcls", {}), "bypass": words}
    if subnet := context.find(told, "integration", "subnet"):
        properties["virtualNetworkSubnetId"] = subnet.key
    if "restrictions" in told:
        rules = [r for item in told.get("restrictions") if (r := _restriction(item, context))]
        said = properties.get("siteConfig", {}).get("ipSecurityRestrictions", [])
        properties["siteConfig"] = {"ipSecurityRestrictions": [*said, *rules]}
    return properties


def _is_said_to_be_open(told: Told) -> bool:
    return "restrictions" not in told and (told.get("public_access") is True or "bypass" in told)


def _keeper(thing: Named, context: Context) -> _Keep:
    """Where the rules of a service are kept: a spec that says all there is has one place for those of all types."""
    if context.has_defaults and "restrictions" not in thing.value:
        return _in_acls
    return _KEPT.get(thing.word, _in_acls)


def _addresses(told: Told, context: Context) -> list[Item]:
    items = [item for item in told.get("allowed_addresses", ()) if isinstance(item.value, str)]
    unique = {(item.name, item.value): item for item in items}
    return sorted(unique.values(), key=lambda i: _by_number(i.value)) if context.has_defaults else items


def _by_number(text: str) -> tuple[int, int, str]:
    """The order of addresses, networks and ranges; what is not known last."""
    try:
        first = ip_address(text.split("-")[0].split("/")[0])
    except ValueError:
        return (9, 0, text)
    return (first.version, int(first), text)


# Where each type keeps its rules


def _in_acls(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    return {
        "networkAcls": {
            "defaultAction": "Deny",
            "virtualNetworkRules": [s.ref for s in subnets],
            "ipRules": [{"value": item.value} for item in addresses],
        }
    }


def _in_rule_set(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    rules = [{"value": item.value, "action": "Allow"} for item in addresses]
    inner: Properties = {"defaultAction": "Deny", "ipRules": rules}
    if subnets:
        inner["virtualNetworkRules"] = [{**s.ref, "action": "Allow"} for s in subnets]
    return {"networkRuleSet": inner}


def _in_list(name: str, field: str, **more: str) -> _Keep:
    def keep(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
        return {name: [{field: item.value, **more} for item in addresses] if field else
                [item.value for item in addresses]}  # fmt: skip

    return keep


def _in_namespace(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    """Event Hubs and Service Bus: https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering"""
    rules = {
        "defaultAction": "Deny",
        "ipRules": [{"ipMask": item.value, "action": "Allow"} for item in addresses],
        "virtualNetworkRules": [{"subnet": s.ref} for s in subnets],
    }
    _put_child(thing, "networkRuleSets", "default", rules, _place_of(thing), context)
    return {}


def _in_cosmos(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    return {
        "ipRules": [{"ipAddressOrRange": item.value} for item in addresses],
        "isVirtualNetworkFilterEnabled": bool(subnets),
        "virtualNetworkRules": [s.ref for s in subnets],
    }


def _in_batch(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    rules = [{"value": item.value, "action": "Allow"} for item in addresses]
    return {"networkProfile": {"accountAccess": {"defaultAction": "Deny", "ipRules": rules}}}


def _in_restrictions(
    thing: Named, addresses: list[Item], subnets: list[Named], context: Context
) -> Properties:
    """What may reach an app; who is not listed may not."""
    goals = [{"vnetSubnetResourceId": s.key} for s in subnets] + [{"ipAddress": i.value} for i in addresses]
    rules = [{"priority": 100 + n, "action": "Allow", **goal} for n, goal in enumerate(goals)]
    return {"siteConfig": {"ipSecurityRestrictions": rules}}


def _in_cluster(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    """https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"""
    return {"apiServerAccessProfile": {"authorizedIPRanges": [item.value for item in addresses]}}


def _in_children(thing: Named, addresses: list[Item], subnets: list[Named], context: Context) -> Properties:
    """Rules that are resources of their own, a first and a last address each."""
    for number, item in enumerate(addresses):
        first, last = ends_of_range(item.value)
        name = item.name or f"rule{number + 1}"
        rule = {"startIpAddress": first, "endIpAddress": last}
        _put_child(thing, "firewallRules", name, rule, item.place, context)
    for subnet in subnets:
        rule = {"virtualNetworkSubnetId": subnet.key}
        place = thing.value.at("allowed_subnets")
        _put_child(thing, "virtualNetworkRules", subnet.name, rule, place, context, escape(subnet.shown))
    return {}


def ends_of_range(text: str) -> tuple[str, str]:
    """The first and the last address of a network or range; what is not known stays as it is.

    >>> ends_of_range("203.0.113.0/24"), ends_of_range("203.0.113.4-203.0.113.9")
    (('203.0.113.0', '203.0.113.255'), ('203.0.113.4', '203.0.113.9'))
    """
    if is_unknown(text):
        return text, text
    first, dash, last = text.partition("-")
    if dash:
        return first, last
    network = ip_network(text)
    return str(network[0]), str(network[-1])


def _put_child(
    thing: Named,
    segment: str,
    name: str,
    properties: Properties,
    place: Place,
    context: Context,
    part: str = "",
) -> None:
    context.put(
        f"{thing.shown}/{segment}/{part or escape(name)}",
        f"{WORDS[thing.word].type}/{segment.lower()}",
        name,
        properties,
        place,
        dict.fromkeys(properties, place),
        "",
        {"parent": thing.key},
    )


def _place_of(thing: Named) -> Place:
    told: Told = thing.value
    return told.at("allowed_addresses" if "allowed_addresses" in told else "allowed_subnets")


_KEPT: dict[str, _Keep] = {
    "container_registry": _in_rule_set,
    "search": _in_rule_set,
    "event_grid": _in_list("inboundIpRules", "ipMask", action="Allow"),
    "machine_learning": _in_list("ipAllowlist", ""),
    "event_hub": _in_namespace,
    "service_bus": _in_namespace,
    "cosmos": _in_cosmos,
    "batch": _in_batch,
    "app_service": _in_restrictions,
    "function_app": _in_restrictions,
    "aks": _in_cluster,
    **dict.fromkeys(
        ("sql", "postgresql", "postgresql_single", "mysql", "mysql_single", "synapse", "redis"), _in_children
    ),
}
"""By the type's word; all others have `networkAcls`."""


# App Service


def _restriction(item: Item, context: Context) -> Properties | None:
    """https://learn.microsoft.com/azure/app-service/overview-access-restrictions"""
    line = item.value
    if isinstance(line, RestrictionLine):
        told, priority, access, sources = None, line.priority, line.access, line.sources
        places = [item.place] * len(sources)
    else:
        told = line
        if not told.is_whole:
            return None
        priority, access = told.get("priority"), told.get("access")
        items = told.get("source", ())
        sources, places = tuple(Piece(i.value.strip()) for i in items), [i.place for i in items]
    said: Properties = {"priority": priority, "action": capital(str(access))}
    if name := (told.get("name", item.name) if told is not None else item.name):
        said["name"] = name
    texts = []
    for piece, place in zip(sources, places, strict=True):
        text = piece.text
        if text.lower() == "any":
            texts.append("Any")
        elif context.names.named(text, ("subnet",)) and (
            subnet := context.names.find(text, ("subnet",), place, piece.span)
        ):
            said["vnetSubnetResourceId"] = subnet.key
        elif tag := (text[4:].strip() if text.lower().startswith("tag:") else service_tag(text)):
            said["tag"] = "ServiceTag"
            texts.append(tag)
        else:
            texts += where(context, (piece,), place).prefixes
    if texts:
        said["ipAddress"] = ",".join(texts)
    return said if told is None else context.with_azure(said, told)
