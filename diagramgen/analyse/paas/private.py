"""Private ways to a service: private endpoints, private origins of Front Door, and services that stand in a subnet.

A connection is told by the endpoint, by the service, or by both; only an approved one carries traffic. The rules of
the public endpoint do not hold for it: https://learn.microsoft.com/azure/private-link/private-endpoint-overview
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diagramgen.analyse.addresses import NET, Addresses
from diagramgen.analyse.paas.dns import DnsZones
from diagramgen.analyse.paas.injected import injected_paths
from diagramgen.analyse.paas.subject import place_of
from diagramgen.analyse.paas.ways import PrivatePath, items, vnet_of
from diagramgen.analyse.verdicts import Rule
from diagramgen.located import Place
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES

ENDPOINT = NET + "privateendpoints"
_ORIGIN = "microsoft.cdn/profiles/origingroups/origins"
_CONNECTIONS = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
_STATES = {
    "approved": True, "pending": False, "rejected": False, "disconnected": False, "removed": False, "expired": False,
}  # fmt: skip


class _Told(NamedTuple):
    """What one side tells of a connection."""

    endpoint: str
    service: str
    groups: tuple[str, ...]
    state: str
    place: Place


def private_paths(topology: Topology, addresses: Addresses) -> Mapping[str, tuple[PrivatePath, ...]]:
    """The private ways to each service by its id, sorted by endpoint."""
    pairs: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for told in (*_told_by_endpoints(topology), *_told_by_services(topology)):
        pairs[(told.service, told.endpoint)].append(told)
    zones = DnsZones(topology)
    found: dict[str, list[PrivatePath]] = defaultdict(list)
    for (service, endpoint), sides in sorted(pairs.items()):
        found[service].append(_endpoint_path(topology, addresses, zones, service, endpoint, sides))
    for path in (*_origins(topology), *injected_paths(topology, addresses, zones)):
        found[path.service].append(path)
    return {service: tuple(paths) for service, paths in found.items()}


def _told_by_endpoints(topology: Topology) -> Iterator[_Told]:
    for endpoint in topology.of_type(ENDPOINT):
        for name in _CONNECTIONS:
            for number, connection in enumerate(items(endpoint.properties.get(name))):
                inner = at(connection, "properties")
                p = inner if isinstance(inner, Mapping) else connection
                service = key(at(p, "privateLinkServiceId"))
                if service:
                    place = place_of(endpoint, name, number)
                    yield _Told(endpoint.id, service, _groups(p), _state(p), place)


def _told_by_services(topology: Topology) -> Iterator[_Told]:
    for resource in topology.resources.values():
        if resource.type.endswith("/privateendpointconnections"):
            service = (
                key(resource.envelope.get("parent"))
                or resource.id.rsplit("/privateendpointconnections/", 1)[0]
            )
            yield from _connection(service, resource.properties, resource.place / "properties")
        for number, connection in enumerate(items(resource.properties.get("privateEndpointConnections"))):
            inner = at(connection, "properties")
            place = place_of(resource, "privateEndpointConnections", number)
            yield from _connection(resource.id, inner if isinstance(inner, Mapping) else connection, place)


def _connection(service: str, p: object, place: Place) -> Iterator[_Told]:
    endpoint = key(at(p, "privateEndpoint"))
    if endpoint:
        yield _Told(endpoint, service, _groups(p), _state(p), place)


def _endpoint_path(
    topology: Topology, addresses: Addresses, zones: DnsZones, service: str, endpoint: str, sides: list[_Told]
) -> PrivatePath:  # fmt: skip
    resource = topology.resources.get(endpoint)
    subnet = (key(resource.properties.get("subnet")) or resource.parent or "") if resource is not None else ""
    groups = tuple(sorted({group for told in sides for group in told.groups}))
    states = list(dict.fromkeys(told.state for told in sides if told.state))
    approved = {_STATES.get(state.lower()) for state in states}
    label = resource.label if resource is not None else last_segment(endpoint)
    said = f"private endpoint {label}" + (f" ({', '.join(groups)})" if groups else "")
    said += f": {' or '.join(states) or 'state not told'}"
    is_approved = approved.pop() if len(approved) == 1 else None
    rule = Rule(endpoint, label, endpoint, label, "private-link", "deny" if is_approved is False else "allow", 0, said,
                sides[0].place, stage="service")  # fmt: skip
    found = (addresses.resource(endpoint) or addresses.subnet(subnet)) if resource is not None else NO_RANGES
    state = " / ".join(states)
    return PrivatePath(endpoint, service, groups, subnet, vnet_of(topology, subnet), found, state, is_approved, rule,
                       "private-endpoint", zones.of_endpoint(endpoint), zones.custom)  # fmt: skip


def _origins(topology: Topology) -> Iterator[PrivatePath]:
    """Private origins. https://learn.microsoft.com/azure/frontdoor/private-link"""
    for origin in topology.of_type(_ORIGIN):
        shared = origin.properties.get("sharedPrivateLinkResource")
        service = key(at(shared, "privateLink"))
        if not service:
            continue
        profile = _profile_of(topology, origin)
        told = at(shared, "status")
        state = told if isinstance(told, str) else ""
        group = at(shared, "groupId")
        rule = Rule(origin.id, origin.label, profile, last_segment(profile), "private-link", "allow", 0,
                    f"private origin of {last_segment(profile)}: {state or 'state not told'}",
                    place_of(origin, "sharedPrivateLinkResource"), stage="service")  # fmt: skip
        groups = (group,) if isinstance(group, str) and group else ()
        yield PrivatePath(
            profile, service, groups, "", "", NO_RANGES, state, _STATES.get(state.lower()), rule, "front-door"
        )


def _profile_of(topology: Topology, origin: Resource) -> str:
    """The Front Door profile above an origin."""
    found: Resource | None = origin
    for _ in range(3):
        above = key(found.envelope.get("parent")) if found is not None else ""
        found = topology.resources.get(above)
        if found is not None and found.type == "microsoft.cdn/profiles":
            return above
    return origin.id.split("/origingroups/")[0]


def _groups(p: object) -> tuple[str, ...]:
    groups = at(p, "groupIds") or at(p, "groupId")
    listed = groups if isinstance(groups, list | tuple) else (groups,)
    return tuple(group for group in listed if isinstance(group, str) and group)


def _state(p: object) -> str:
    state = at(p, "privateLinkServiceConnectionState", "status") or at(p, "privateLinkServiceConnectionState")
    return state.strip() if isinstance(state, str) else ""
