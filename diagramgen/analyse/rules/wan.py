"""Rules on Virtual WAN: secured hubs, routing intent, and isolation where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    Found,
    evidence,
    is_exported,
    is_known,
    known_subnets,
    label,
    labels,
    listed,
    told,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import at, key, keys, leaves_open, strings
from diagramgen.model.topology import Resource

_APPLIANCE = "microsoft.network/networkvirtualappliances"
_DEFAULT = "/defaultroutetable"


class Joined(NamedTuple):
    """A VNet's connection to a virtual hub, if its own words are in the input.

    `is_open`: it uses the Default table and is known there, as are all that say nothing of tables.
    """

    connection: Resource
    hub: str
    vnet: str
    is_open: bool
    says_default: bool


def _hubs(estate: Estate) -> list[tuple[Resource, frozenset[str]]]:
    """The virtual hubs that the input holds, with what routing intent takes there."""
    found = []
    for hub in estate.wan.hubs:
        resource = estate.topology.resources.get(hub)
        if resource is not None and is_known(resource):
            found.append((resource, estate.wan.intent(hub)))
    return found


def _joined(estate: Estate) -> list[Joined]:
    found = []
    for each in estate.topology.hub_connections:
        connection = estate.topology.resources.get(each.id)
        if connection is None or not is_known(connection):
            continue
        routing = connection.properties.get("routingConfiguration")
        learners = at(routing, "propagatedRouteTables")
        ids, labels_told = keys(at(learners, "ids")), at(learners, "labels")
        words = [str(word).lower() for word in labels_told] if isinstance(labels_told, list | tuple) else []
        says_default = any(table.endswith(_DEFAULT) for table in ids) or "default" in words
        table = key(at(routing, "associatedRouteTable"))
        uses_default = not table or table.endswith(_DEFAULT)
        is_readable = routing is None or isinstance(routing, Mapping)
        is_open = is_readable and uses_default and (says_default or not (ids or words))
        found.append(Joined(connection, each.hub, each.vnet, is_open, says_default))
    return found


def zt_21(estate: Estate) -> Iterator[Found]:
    """Every virtual hub holds a firewall, and routing intent sends private and Internet traffic through it.

    An export that lacks the intent of a hub with a firewall is not judged, unless its connections show that there is
    none.
    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
    """
    topology = estate.topology
    joined = _joined(estate)
    for hub, intent in _hubs(estate):
        name, inside = label(topology, hub.id), _inspectors(estate, hub)
        if not inside and not hub.properties.get("securityPartnerProvider"):
            yield Found(
                (hub.id,),
                f"virtual hub {name} has no firewall: nothing inspects what passes through it",
                (evidence(hub, f"{name} names no `azureFirewall`", "azureFirewall"),),
                f"add an Azure Firewall to {name}, and routing intent for Internet and private traffic",
            )
            continue
        lacking = [word for word in ("private", "internet") if word not in intent]
        if _is_intent_open(estate, hub):
            continue
        if not lacking or not _tells_intent(hub, intent, joined):
            continue
        what = listed(word.replace("internet", "Internet") for word in lacking)
        yield Found(
            (hub.id, *inside),
            f"virtual hub {name} has a firewall, but routing intent does not send {what} traffic through it",
            tuple(_intent_evidence(estate, hub)),
            f"set routing intent of {name} for {what} traffic (in a spec "
            "`routing_intent: [internet, private]`), and do so on every hub of the WAN",
        )


def _is_intent_open(estate: Estate, hub: Resource) -> bool:
    """Whether the input leaves open what routing intent a hub has."""
    return any(
        part.type.endswith(("/routingintent", "/hubroutetables"))
        and (part.is_conditional or any(leaves_open(text) for _, text in strings(part.properties)))
        for part in estate.topology.parts_of(hub.id)
    )


def _inspectors(estate: Estate, hub: Resource) -> list[str]:
    """The firewalls and appliances in a hub."""
    appliances = [
        r.id for r in estate.topology.of_type(_APPLIANCE) if key(r.properties.get("virtualHub")) == hub.id
    ]
    named = keys(hub.properties.get("networkVirtualAppliances"))
    return list(dict.fromkeys((*estate.wan.firewalls(hub.id), *appliances, *named)))


def _tells_intent(hub: Resource, intent: frozenset[str], joined: list[Joined]) -> bool:
    """Whether the input tells the routing intent of a hub, or proves that there is none for private traffic.

    With such an intent no connection propagates to the Default table.
    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#rollback
    """
    if intent or not is_exported(hub):
        return True
    return any(each.hub == hub.id and each.says_default for each in joined)


def _intent_evidence(estate: Estate, hub: Resource) -> Iterator[Evidence]:
    parts = [part for part in estate.topology.parts_of(hub.id) if part.type.endswith("/routingintent")]
    for part in parts:
        yield evidence(part, "its routing intent", "routingPolicies")
    if not parts:
        yield evidence(hub, f"{label(estate.topology, hub.id)} without routing intent")


def zt_22(estate: Estate) -> Iterator[Found]:
    """VNets on a hub with an Internet policy learn its default route, and their route tables let hub routes in.

    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
    """
    topology = estate.topology
    intents = {hub.id: intent for hub, intent in _hubs(estate) if intent}
    tables_of = _stopping_tables(estate) if intents else {}
    for joined in _joined(estate):
        if joined.hub not in intents:
            continue
        name, at_hub = label(topology, joined.vnet), label(topology, joined.hub)
        proofs, faults, fixes, ids = [], [], [], []
        if (
            "internet" in intents[joined.hub]
            and joined.connection.properties.get("enableInternetSecurity") is False
        ):
            text = "`enableInternetSecurity` is false"
            proofs.append(evidence(joined.connection, text, "enableInternetSecurity"))
            faults.append("its connection does not take in the hub's default route")
            fixes.append(f"set `enableInternetSecurity: true` on the connection of {name} to {at_hub}")
        for table, subnets in tables_of.get(joined.vnet, {}).items():
            resource = topology.resources[table]
            text = "`disableBgpRoutePropagation` is true"
            proofs.append(evidence(resource, text, "disableBgpRoutePropagation"))
            faults.append(f"{label(topology, table)} keeps the hub's routes from {labels(topology, subnets)}")
            fixes.append(f"set `disableBgpRoutePropagation: false` on {label(topology, table)}")
            ids += [table, *subnets]
        if faults:
            yield Found(
                (joined.vnet, joined.hub, *ids),
                f"traffic of {name} does not go through the firewall of {at_hub}: {', and '.join(faults)}",
                tuple(proofs),
                "; ".join(fixes),
            )


def _stopping_tables(estate: Estate) -> dict[str, dict[str, list[str]]]:
    """For each VNet the route tables that stop propagation, with the subnets that have them."""
    found: dict[str, dict[str, list[str]]] = {}
    for subnet in known_subnets(estate.topology):
        table = estate.topology.route_table_of.get(subnet.id, "")
        if table and subnet.parent and estate.routing.stops_propagation(table):
            found.setdefault(subnet.parent, {}).setdefault(table, []).append(subnet.id)
    return found


def zt_23(estate: Estate) -> Iterator[Found]:
    """Without routing intent, route tables and labels of a virtual hub keep VNets apart.

    Left to the Default table, every VNet and every branch reaches every other one.
    https://learn.microsoft.com/azure/virtual-wan/scenario-any-to-any
    """
    topology = estate.topology
    joined = _joined(estate)
    for hub, intent in _hubs(estate):
        if (
            "private" in intent
            or told(hub.properties, "sku") == "basic"
            or not _tells_intent(hub, intent, joined)
            or _is_intent_open(estate, hub)
        ):
            continue
        near = [each for each in joined if each.hub == hub.id and each.is_open]
        beside = _same_wan(estate, hub)
        far = [each.vnet for each in joined if each.is_open and each.hub in beside]
        branches = [
            branch.site for other in (hub.id, *sorted(beside)) for branch in estate.wan.branches(other)
        ]
        vnets = [each.vnet for each in near]
        others = [rid for rid in dict.fromkeys((*far, *branches)) if rid not in vnets]
        if not near or len(vnets) + len(others) < 2:
            continue
        whom = labels(topology, (*vnets, *others), 6)
        yield Found(
            (hub.id, *vnets, *others),
            f"virtual hub {label(topology, hub.id)} joins {whom} any to any, by its Default route table",
            tuple(_openness(each) for each in near),
            f"set routing intent for private traffic on {label(topology, hub.id)}, or give VNets that must stay apart "
            "route tables and labels of their own",
        )


def _same_wan(estate: Estate, hub: Resource) -> frozenset[str]:
    """The other hubs of a hub's WAN, which it is joined to."""
    wan = key(hub.properties.get("virtualWan"))
    others = (other for other, _ in _hubs(estate) if wan and key(other.properties.get("virtualWan")) == wan)
    return frozenset(other.id for other in others) - {hub.id}


def _openness(joined: Joined) -> Evidence:
    text = f"{joined.connection.label}: uses defaultRouteTable, and propagates to it"
    return evidence(joined.connection, text, "routingConfiguration")
