"""Words: captions and tooltips, the facts that are known of a thing in short lines. Nothing secret is ever shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.model.references import at, key, resource_group_of
from diagramgen.model.topology import Peering, PeeringHalf, Resource, Topology
from diagramgen.read.unknown import MORE, is_unknown

MOST_RULES = 12


def prefixes(resource: Resource) -> tuple[str, ...]:
    """Address prefixes of a VNet, subnet or virtual hub, IPv4 first, as written."""
    p = resource.properties
    found: list[str] = []
    for value in (p.get("addressPrefixes"), at(p, "addressSpace", "addressPrefixes"), p.get("addressPrefix")):
        if isinstance(value, str):
            value = [value]
        for prefix in value if isinstance(value, list | tuple) else ():
            if isinstance(prefix, str) and prefix and prefix not in (*found, MORE):
                found.append(prefix)
    return tuple(sorted(found, key=lambda prefix: (":" in prefix, found.index(prefix))))


def short_prefixes(resource: Resource, most: int = 2) -> str:
    """The first prefixes, and how many more there are, or dots where that is not told."""
    found = prefixes(resource)
    shown = ", ".join(found[:most])
    if len(found) > most:
        return f"{shown} +{len(found) - most}"
    told = at(resource.properties, "addressSpace", "addressPrefixes")
    return f"{shown} ..." if shown and isinstance(told, list | tuple) and MORE in told else shown


def is_open(resource: Resource, what: str) -> bool:
    """Whether the input does not even tell if a subnet or interface has an NSG, a route table, a NAT gateway."""
    fields = {"NSG": "networkSecurityGroup", "route table": "routeTable", "NAT gateway": "natGateway"}
    return is_unknown(resource.properties.get(fields[what]))


def ghost_word(resource: Resource) -> str:
    """Why a ghost is one, in two words for its caption; "" for what is none."""
    if not resource.is_outside:
        return ""
    return "not in scope" if resource.envelope.get("isOutOfScope") else "not in the input"


def facts(topology: Topology, resource: Resource) -> tuple[str, ...]:
    """What a tooltip tells of a resource, the most telling first."""
    return tuple(line for line in _facts(topology, resource) if line)


def _facts(topology: Topology, resource: Resource) -> Iterator[str]:
    p = resource.properties
    kind = resource.kind
    if resource.is_ghost and not resource.is_outside:
        yield "the input tells only that it is there"
    elif resource.is_ghost:
        is_cut = resource.envelope.get("isOutOfScope")
        yield (
            "outside the scope of this drawing"
            if is_cut
            else "not in the input: known only from what refers to it"
        )
    yield kind.label if kind is not None else resource.type
    if resource.label != resource.name and resource.name:
        yield f"name: {resource.name}"
    found = prefixes(resource)
    if found:
        yield "address space: " + ", ".join(found)
    if resource.location:
        yield f"region: {resource.location}"
    group = resource_group_of(resource.id)
    if group:
        yield f"resource group: {group}"
    sku = at(resource.envelope, "sku", "name") or at(p, "sku", "name")
    tier = at(resource.envelope, "sku", "tier") or at(p, "sku", "tier")
    if isinstance(sku, str):
        yield f"SKU: {sku}" + (f", {tier}" if isinstance(tier, str) and tier != sku else "")
    for title, mapping in (("NSG", topology.nsg_of), ("route table", topology.route_table_of),
                           ("NAT gateway", topology.nat_gateway_of)):  # fmt: skip
        if resource.id in mapping and not is_open(resource, title):
            yield f"{title}: {_label(topology, mapping[resource.id])}"
    services = sorted({e.service for e in topology.service_endpoints if e.subnet == resource.id})
    if services:
        yield "service endpoints: " + ", ".join(services)
    delegation = at(p, "delegations", "*", "properties", "serviceName") or at(
        p, "delegations", "*", "serviceName"
    )
    if isinstance(delegation, str):
        yield f"delegated to {delegation}"
    for address in _addresses(p):
        yield f"private address: {address}"
    ips = topology.public_ips_of.get(resource.id, ())
    if ips:
        yield "public IP: " + ", ".join(_public(topology, ip) for ip in ips)
    if resource.type == "microsoft.network/virtualhubs":
        yield from _hub_facts(topology, resource)
    policy = key(p.get("firewallPolicy"))
    if policy:
        yield f"policy: {_label(topology, policy)}"
    groups = topology.asgs_of.get(resource.id, ())
    if groups:
        yield "ASG: " + ", ".join(_label(topology, group) for group in groups)
    note = resource.envelope.get("note")
    if note:
        yield str(note)


def _hub_facts(topology: Topology, hub: Resource) -> Iterator[str]:
    """What a virtual hub routes by: its routing intent and its route tables with their labels."""
    for part in topology.parts_of(hub.id):
        if part.type.endswith("/routingintent"):
            policies = part.properties.get("routingPolicies") or ()
            aims = sorted({str(d) for policy in policies for d in at(policy, "destinations") or ()})
            yield f"routing intent: {', '.join(aims) or 'none'}"
        elif part.type.endswith("/hubroutetables"):
            labels = ", ".join(map(str, part.properties.get("labels") or ()))
            yield f"route table {part.name}" + (f" ({labels})" if labels else "")


def _label(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    if resource is None:
        return f"{rid.rsplit('/', 1)[-1]} (not in the input)"
    is_mark = resource.kind is not None and resource.kind.home == "mark"
    return (resource.label or resource.name) + (
        " (not in the input)" if resource.is_ghost and is_mark else ""
    )


def _addresses(properties: Mapping[str, Any]) -> list[str]:
    found = []
    for configuration in properties.get("ipConfigurations") or ():
        address = at(configuration, "properties", "privateIPAddress") or at(configuration, "privateIPAddress")
        if isinstance(address, str) and address:
            found.append(address)
    return found[:4]


def _public(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    address = resource.properties.get("ipAddress") if resource else None
    return f"{_label(topology, rid)} {address}" if isinstance(address, str) else _label(topology, rid)


def nsg_facts(topology: Topology, rid: str) -> tuple[str, ...]:
    """An NSG's rules in order of direction and priority, as lines."""
    rules = []
    for resource in topology.parts_of(rid):
        if resource.type.endswith("/securityrules"):
            p = resource.properties
            direction, priority = str(p.get("direction") or ""), p.get("priority")
            order = priority if isinstance(priority, int) else 99999
            rules.append((direction.lower(), order, resource.name, _rule_line(topology, p)))
    lines = [f"{direction} {order} {line}" for direction, order, _, line in sorted(rules)]
    more = len(lines) - MOST_RULES
    resource_or_none = topology.resources.get(rid)
    missing = () if resource_or_none and not resource_or_none.is_ghost else ("rules not in the input",)
    return (*missing, *lines[:MOST_RULES], *((f"and {more} more rules",) if more > 0 else ()))


def _rule_line(topology: Topology, p: Mapping[str, Any]) -> str:
    ports = _many(p, "destinationPortRange")
    source = _end(topology, p, "source")
    target = _end(topology, p, "destination")
    protocol = str(p.get("protocol") or "*").lower()
    return f"{str(p.get('access') or '').lower()} {protocol}/{ports} from {source} to {target}"


def _many(p: Mapping[str, Any], name: str) -> str:
    values = [v for v in (p.get(name + "s") or ()) if isinstance(v, str)]
    single = p.get(name)
    if isinstance(single, str) and single:
        values.insert(0, single)
    return ",".join(values[:6]) + ("..." if len(values) > 6 else "") or "*"


def _end(topology: Topology, p: Mapping[str, Any], side: str) -> str:
    groups = p.get(f"{side}ApplicationSecurityGroups") or ()
    if groups:
        return ", ".join(_label(topology, key(group)) for group in groups)
    values = [v for v in (p.get(f"{side}AddressPrefixes") or ()) if isinstance(v, str)]
    single = p.get(f"{side}AddressPrefix")
    if isinstance(single, str) and single:
        values.insert(0, single)
    return ", ".join(values[:4]) + (" ..." if len(values) > 4 else "") or "*"


def peering_facts(topology: Topology, peering: Peering) -> tuple[str, ...]:
    """A peering's state and flags, a line a side."""
    lines = [f"VNet peering, {peering.state}"]
    for own, far, half in ((peering.a, peering.b, peering.a_half), (peering.b, peering.a, peering.b_half)):
        lines.append(f"{_label(topology, own)} to {_label(topology, far)}: {_half_line(half)}")
    return tuple(lines)


def _half_line(half: PeeringHalf | None) -> str:
    if half is None:
        return "not in the input"
    flags = [
        *(["no access to the VNet"] if half.allows_access is False else []),
        *(["forwarded traffic"] if half.allows_forwarded else []),
        *(["gateway transit"] if half.allows_gateway_transit else []),
        *(["uses remote gateways"] if half.uses_remote_gateways else []),
        *([f"sync {half.sync}"] if half.sync and half.sync.lower() != "fullyinsync" else []),
    ]
    return ", ".join([half.state or "state not in the input", *flags])
