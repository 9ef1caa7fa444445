"""Links: what joins two things, each read from whichever records tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Literal

from diagramgen.model.references import at, flag, items, key, keys, last_segment, listed, strings, word
from diagramgen.model.topology import (
    Connection,
    HubConnection,
    NetworkGroup,
    Peering,
    PeeringHalf,
    PrivateLink,
    Resource,
    ServiceLink,
    Site,
)
from diagramgen.read.record import Record
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
PEERING = VNET + "/virtualnetworkpeerings"
MEMBERSHIPS = NET + "networkgroupmemberships"
ON_PREMISES = "on-premises"
"""The id of the one site that stands for the far ends of an export's connections."""

_STATES = ("initiated", "connected", "disconnected")

ConnectionKind = Literal["vpn", "expressroute", "sd-wan", "vnet-to-vnet", "other"]
_CONNECTION_KINDS: Mapping[str, ConnectionKind] = {
    "ipsec": "vpn", "vpn": "vpn", "vpnclient": "vpn", "s2s": "vpn", "expressroute": "expressroute", "sd-wan": "sd-wan",
    "sdwan": "sd-wan", "vnet2vnet": "vnet-to-vnet", "vnet-to-vnet": "vnet-to-vnet",
}  # fmt: skip


def peerings(resources: Mapping[str, Resource]) -> tuple[Peering, ...]:
    """Both halves of each peering joined; several records of one direction count as one."""
    halves: dict[tuple[str, str], dict[str, PeeringHalf]] = defaultdict(dict)
    unread: dict[str, Resource] = {}
    labels: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for resource in resources.values():
        if resource.type == VNET and not listed(resource.properties.get("virtualNetworkPeerings"))[1]:
            unread.setdefault(resource.id, resource)
        if resource.type != PEERING:
            continue
        near = key(resource.envelope.get("parent")) or resource.id.rsplit("/virtualnetworkpeerings/", 1)[0]
        far = key(resource.properties.get("remoteVirtualNetwork"))
        if not far:
            unread.setdefault(near, resource)
        if not far or near == far:
            continue
        pair = (near, far) if near < far else (far, near)
        halves[pair].setdefault(near, _half(resource))
        label = str(resource.envelope.get("label") or "")
        through = keys(resource.envelope.get("through"))
        if label or through:
            labels[pair] = (label, tuple(sorted(through)))
    for pair, made in _made_peerings(resources).items():
        if pair not in halves:
            halves[pair] = made
    for pair, found in halves.items():
        for near in pair:
            if near in unread and near not in found:
                found[near] = PeeringHalf(None, "", None, None, None, None, unread[near].place, unread[near].id,
                                          is_complete=None)  # fmt: skip
    return tuple(
        Peering(a, b, found.get(a), found.get(b), *labels.get((a, b), ("", ())))
        for (a, b), found in sorted(halves.items())
    )


def _made_peerings(resources: Mapping[str, Resource]) -> dict[tuple[str, str], dict[str, PeeringHalf]]:
    """The peerings that a network manager makes between a hub and its spokes, as a spec tells of it; an export lists
    them as they are.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration#hub-and-spoke-topology
    """
    members = {group.id: group.members for group in network_groups(resources)}
    with_gateway = {resource.parent for resource in resources.values()
                    if resource.type == NET + "virtualnetworkgateways"}  # fmt: skip
    found: dict[tuple[str, str], dict[str, PeeringHalf]] = {}
    for resource in resources.values():
        p = resource.properties
        is_star = str(p.get("connectivityTopology") or "").lower() == "hubandspoke"
        if not resource.type.endswith("/connectivityconfigurations") or resource.is_exported or not is_star:
            continue
        hub = key(at(p, "hubs", "*", "resourceId"))
        has_gateway = any(subnet and subnet.startswith(hub + "/") for subnet in with_gateway)
        for applied in p.get("appliesToGroups") or ():
            uses = str(at(applied, "useHubGateway")).lower() == "true" and has_gateway
            for spoke in members.get(key(at(applied, "networkGroupId")), ()):
                if not hub or spoke == hub or p.get("deployed") is False:
                    continue
                half = PeeringHalf("Connected", "FullyInSync", True, True, place=resource.place)
                found[(min(hub, spoke), max(hub, spoke))] = {
                    hub: half._replace(allows_gateway_transit=uses), spoke: half._replace(uses_remote_gateways=uses)
                }  # fmt: skip
    return found


def _half(resource: Resource) -> PeeringHalf:
    p = resource.properties
    state = word(p, "peeringState", among=_STATES)
    is_complete = flag(p, "peerCompleteVnets", default=True)
    names = (p.get("localSubnetNames"), p.get("remoteSubnetNames"))
    if is_complete is False and not all(map(_are_texts, names)):
        is_complete = None  # which subnets are peered is not told
    return PeeringHalf(
        str(p["peeringState"]) if state else None, word(p, "peeringSyncLevel") or "",
        flag(p, "allowVirtualNetworkAccess", default=True), flag(p, "allowForwardedTraffic", default=False),
        flag(p, "allowGatewayTransit", default=False), flag(p, "useRemoteGateways", default=False), resource.place,
        resource.id, _texts(at(p, "remoteAddressSpace", "addressPrefixes")),
        _texts(at(p, "remoteVirtualNetworkAddressSpace", "addressPrefixes")), is_complete, _texts(names[0]),
        _texts(names[1]), state == "" and resource.is_planned, resource.is_conditional,
    )  # fmt: skip


def _are_texts(value: object) -> bool:
    """Whether a value is a list of texts all of which are known."""
    return isinstance(value, list | tuple) and all(isinstance(e, str) and not is_unknown(e) for e in value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list | tuple) else ()


def hub_connections(resources: Mapping[str, Resource]) -> tuple[HubConnection, ...]:
    """VNets joined to virtual hubs."""
    found = []
    for resource in resources.values():
        if resource.type == NET + "virtualhubs/hubvirtualnetworkconnections":
            hub = (
                key(resource.envelope.get("parent"))
                or resource.id.rsplit("/hubvirtualnetworkconnections/", 1)[0]
            )
            vnet = key(resource.properties.get("remoteVirtualNetwork"))
            if vnet:
                found.append(HubConnection(resource.id, hub, vnet, resource.place))
    return tuple(found)


def private_links(resources: Mapping[str, Resource]) -> tuple[PrivateLink, ...]:
    """Private endpoints and their targets, and Front Door origins that are resources of the input."""
    found = []
    for resource in resources.values():
        if resource.type == NET + "privateendpoints":
            for name in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
                for entry in items(resource.properties.get(name)):
                    p = at(entry, "properties")
                    target = key(at(p, "privateLinkServiceId"))
                    groups = items(at(p, "groupIds"))
                    status = at(p, "privateLinkServiceConnectionState", "status")
                    if target:
                        found.append(
                            PrivateLink(resource.id, target, ", ".join(map(str, groups)), str(status or ""))
                        )
        elif resource.type == "microsoft.cdn/profiles/origingroups/origins":
            target = key(at(resource.properties, "sharedPrivateLinkResource", "privateLink")) or key(
                at(resource.properties, "azureOrigin")
            )
            profile = _profile_of(resource, resources)
            if target and profile in resources:
                private = at(resource.properties, "sharedPrivateLinkResource") is not None
                found.append(PrivateLink(profile, target, "", "origin" if not private else "private origin"))
    return tuple(sorted(found, key=lambda link: (link.endpoint, link.target, link.group)))


def _profile_of(origin: Resource, resources: Mapping[str, Resource]) -> str:
    """The Front Door profile of an origin, as its parents or its id tell."""
    group = resources.get(key(origin.envelope.get("parent")))
    above = key(group.envelope.get("parent")) if group is not None else ""
    return above or origin.id.split("/origingroups/")[0]


def service_links(resources: Mapping[str, Resource]) -> tuple[ServiceLink, ...]:
    """Subnets that a service's firewall lets in by service endpoint, and subnets that a service sends into."""
    found = []
    for resource in resources.values():
        if resource.kind is None or resource.kind.home != "service":
            continue
        acls = at(resource.properties, "networkAcls", "virtualNetworkRules")
        for rule in items(acls or resource.properties.get("virtualNetworkRules")):
            subnet = key(rule) or key(at(rule, "virtualNetworkResourceId"))
            if subnet:
                found.append(ServiceLink(subnet, resource.id, "service-endpoint"))
        inside = key(resource.properties.get("virtualNetworkSubnetId"))
        if inside:
            found.append(ServiceLink(inside, resource.id, "integration"))
    return tuple(sorted(set(found), key=lambda link: (link.subnet, link.service, link.kind)))


def network_groups(resources: Mapping[str, Resource]) -> tuple[NetworkGroup, ...]:
    """Network groups with their members, static or as Resource Graph lists those that a policy adds, and the topology
    that a configuration gives them.

    https://learn.microsoft.com/azure/virtual-network-manager/how-to-view-applied-configurations
    """
    members: dict[str, set[str]] = defaultdict(set)
    open_groups: set[str] = set()
    topologies: dict[str, str] = {}
    for resource in resources.values():
        if resource.type.endswith("/networkgroups/staticmembers"):
            group = key(resource.envelope.get("parent")) or resource.id.rsplit("/staticmembers/", 1)[0]
            member = key(resource.properties.get("resourceId"))
            if resource.is_conditional or not member or (is_unknown(member) and member not in resources):
                open_groups.add(group)
            elif not is_unknown(member) or not resources[member].is_ghost:
                members[group].add(member)
            else:
                open_groups.add(group)
        elif resource.type == MEMBERSHIPS:
            for _, text in strings(resource.properties):
                if "/networkgroups/" in text.lower():
                    members[key(text)].add(resource.id.split("/providers/microsoft.network/networkgroupm")[0])
        elif resource.type.endswith("/connectivityconfigurations"):
            for applied in items(resource.properties.get("appliesToGroups")):
                group = str(at(applied, "networkGroupId") or "").lower()
                topologies[group] = str(resource.properties.get("connectivityTopology") or "")
    found = []
    for resource in resources.values():
        if resource.type == NET + "networkmanagers/networkgroups":
            known = tuple(sorted(m for m in members.get(resource.id, ()) if m in resources))
            is_whole = listed(resource.properties.get("staticMembers"))[1] and not resource.is_conditional
            is_open = resource.id in open_groups or not is_whole
            found.append(
                NetworkGroup(resource.id, resource.label, known, topologies.get(resource.id, ""), is_open)
            )
    return tuple(found)


def connections(resources: Mapping[str, Resource], outside: Mapping[str, Record]) -> tuple[Connection, ...]:
    """Tunnels and circuits: of virtual network gateways, of virtual hubs, and as a spec states them."""
    found: list[Connection] = []
    for resource in resources.values():
        p = resource.properties
        if resource.type == NET + "connections":
            near = key(p.get("virtualNetworkGateway1"))
            far = (
                key(p.get("localNetworkGateway2"))
                or key(p.get("peer"))
                or key(p.get("virtualNetworkGateway2"))
            )
            found += _connection(resource, far, near, str(p.get("connectionType") or ""))
        elif resource.type == NET + "vpngateways/vpnconnections":
            gateway = key(resource.envelope.get("parent")) or resource.id.rsplit("/vpnconnections/", 1)[0]
            found += _connection(resource, key(p.get("remoteVpnSite")), gateway, "vpn")
        elif resource.type == NET + "expressroutegateways/expressrouteconnections":
            gateway = (
                key(resource.envelope.get("parent")) or resource.id.rsplit("/expressrouteconnections/", 1)[0]
            )
            circuit = key(p.get("expressRouteCircuitPeering")).split("/peerings/")[0]
            found += _connection(resource, circuit, gateway, "expressroute")
    for record in outside.values():
        if record.type == "diagramgen/connection":
            p = record.properties
            kind = _kind(str(p.get("connectionType") or ""))
            found.append(Connection(
                record.id, key(p.get("from")), key(p.get("to")), kind,
                str(p.get("label") or record.envelope.get("label") or ""),
                tuple(map(str, p.get("tunnels") or ())), str(p.get("status") or ""), record.place,
                key(p.get("circuit")),
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda c: c.id))


def _connection(resource: Resource, far: str, near: str, kind: str) -> list[Connection]:
    if not resource.is_told and not is_unknown(resource.name):
        far, near = far or f"{{{resource.name}: far end}}", near or f"{{{resource.name}: gateway}}"
    if not far or not near:
        return []
    status = str(resource.properties.get("connectionStatus") or "")
    return [Connection(resource.id, far, near, _kind(kind), "", (), status, resource.place)]


def _kind(word: str) -> ConnectionKind:
    return _CONNECTION_KINDS.get(word.lower().replace("_", "-").replace(" ", ""), "other")


def sites(resources: Mapping[str, Resource], outside: Mapping[str, Record]) -> tuple[Site, ...]:
    """Sites as a spec names them; the far ends of an export's connections as machines of the sites that stand for them,
    else of one on-premises site."""
    found = []
    far_ends = {end[0]: end for end in _far_ends(resources)}
    for record in sorted(outside.values(), key=lambda record: record.id):
        if record.type == "diagramgen/on-premises":
            p = record.properties
            label = record.envelope.get("label")
            own = [far_ends.pop(rid) for rid in keys(p.get("standsFor")) if rid in far_ends]
            machines = tuple(
                (f"{record.id}/resources/{m.get('name')}".lower(), str(m.get("label") or m.get("name") or ""),
                 str(m.get("type") or ""), str(m.get("icon") or ""))
                for m in p.get("resources") or ()
            )  # fmt: skip
            found.append(Site(record.id, str(record.name if label is None else label), _prefixes(p),
                              tuple(map(str, p.get("users") or ())), tuple(sorted((*machines, *own)))))  # fmt: skip
    if far_ends:
        found.append(Site(ON_PREMISES, "On-premises", (), (), tuple(far_ends.values())))
    return tuple(sorted(found, key=lambda site: site.id))


def _prefixes(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, properties.get("addressPrefixes") or ()))


def _far_ends(resources: Mapping[str, Resource]) -> list[tuple[str, str, str, str]]:
    """Local networks and VPN sites, and circuits that a connection names, known or not, as (id, name, word, icon).

    A circuit that a spec tells carries connections of its sites, unless one ends at it.
    """
    types = {NET + "localnetworkgateways": "local_network", NET + "vpnsites": "vpn_site",
             NET + "expressroutecircuits": "circuit"}  # fmt: skip
    named: dict[str, str] = {}
    shown: dict[str, str] = {}
    for resource in resources.values():
        is_carrier = types.get(resource.type) == "circuit" and not resource.is_exported
        if resource.type in types and not is_carrier:
            named[resource.id] = types[resource.type]
    for connection in connections(resources, {}):
        known = resources.get(connection.a)
        if known is not None and known.type in types:
            named.setdefault(known.id, types[known.type])
        for type_name, kind in types.items():
            if f"/{type_name.rsplit('/', 1)[1]}/" in connection.a and connection.a.startswith("/"):
                named.setdefault(connection.a, kind)
                shown[connection.a] = _as_written(connection.a, resources[connection.id])
        if is_unknown(connection.a) and connection.kind != "vnet-to-vnet":
            named.setdefault(connection.a, types[NET + "localnetworkgateways"])
    found = []
    for rid, kind in sorted(named.items()):
        name = resources[rid].label if rid in resources else shown.get(rid) or last_segment(rid)
        found.append((rid, name, kind, ""))
    return found


def _as_written(rid: str, resource: Resource) -> str:
    """The name at the end of an id, as a resource writes it that refers to it."""
    written = (text.strip().rstrip("/") for _, text in strings(resource.properties))
    return next((text.rpartition("/")[2] for text in written if text.lower() == rid), "")
