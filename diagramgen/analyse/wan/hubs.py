"""Virtual hubs as the input tells them: their route tables, static routes, routing intent, firewalls and appliances.

What cannot be read (a template expression in place of a list, a hub that is only referred to) is kept as such, so
that whoever routes with it says `unknown` and not `no route`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diagramgen.analyse.addresses import NET, SUBNET
from diagramgen.analyse.wan.intent import DEFAULT, NONE, TABLE, Intent, read_intent
from diagramgen.analyse.wan.shapes import are_items, are_texts, items, texts
from diagramgen.located import NOTHING, NOWHERE, Place
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES, Ranges, parse_addresses

__all__ = [
    "APPLIANCE",
    "DEFAULT",
    "FIREWALL",
    "NONE",
    "Hub",
    "HubTable",
    "StaticRoute",
    "TableKey",
    "read_hubs",
    "table_key",
]

HUB = NET + "virtualhubs"
BGP = HUB + "/bgpconnections"
FIREWALL = NET + "azurefirewalls"
APPLIANCE = NET + "networkvirtualappliances"

TableKey = tuple[str, str]
"""A hub's id and the name of one of its route tables, lower case."""


class StaticRoute(NamedTuple):
    """A static route of a hub's table. `prefix` is one network, or nothing where the input's cannot be read: such a
    route may hold any address. `target` is a resource's id or an address, lower case."""

    prefix: Ranges
    target: str
    text: str
    place: Place = NOWHERE


class HubTable(NamedTuple):
    """A route table of a hub. `is_known` is false where the input does not tell its routes, `are_labels_known` where
    it may carry any label."""

    name: str
    labels: frozenset[str] = frozenset()
    routes: tuple[StaticRoute, ...] = ()
    is_known: bool = True
    are_labels_known: bool = True


class Hub(NamedTuple):
    """A virtual hub. `wan` is "" where the input does not tell it. `branches_meet`: whether the WAN lets branches
    reach each other, None where that is not told.

    `firewalls` are the Azure Firewalls in it, `appliances` the NVAs. `peers` are BGP sessions with appliances: the
    session's id and the connection of the VNet where the appliance stands.
    """

    id: str
    name: str
    wan: str
    is_known: bool
    is_basic: bool = False
    branches_meet: bool | None = None
    prefers_vpn: bool = False
    tables: Mapping[str, HubTable] = NOTHING
    intent: Intent = Intent()
    firewalls: tuple[str, ...] = ()
    appliances: tuple[str, ...] = ()
    peers: tuple[tuple[str, str], ...] = ()

    def is_joined(self, other: Hub) -> bool:
        """Whether two hubs are in one WAN."""
        return self.id == other.id or (self.wan == other.wan and bool(self.wan))

    def may_be_joined(self, other: Hub) -> bool:
        """Whether two hubs may be in one WAN: they are, or the WAN of one cannot be read."""
        return self.is_joined(other) or any(not hub.wan or hub.wan.startswith("[") for hub in (self, other))


def read_hubs(topology: Topology) -> dict[str, Hub]:
    """Every virtual hub that the input holds or refers to, by id; Route Servers, which share its type, are none."""
    inside: dict[str, list[Resource]] = defaultdict(list)
    for resource in topology.resources.values():
        hub = key(resource.properties.get("virtualHub"))
        if hub:
            inside[hub].append(resource)
    hubs = {
        r.id: _hub(topology, r, inside[r.id])
        for r in topology.of_type(HUB)
        if not _is_route_server(topology, r)
    }
    for connection in topology.hub_connections:
        if connection.hub not in topology.resources:
            hubs[connection.hub] = Hub(connection.hub, last_segment(connection.hub), "", False)
    return dict(sorted(hubs.items()))


def table_key(reference: str, topology: Topology) -> TableKey | None:
    """The table that an id names, in the input or not; None for what is no id of a table.

    Every hub has a table `defaultRouteTable` and one `noneRouteTable` without being told.
    """
    resource = topology.resources.get(reference)
    if resource is not None and resource.type == TABLE:
        return _owner(resource), resource.name.lower()
    for segment in ("/hubroutetables/", "/route_tables/"):
        hub, found, name = reference.rpartition(segment)
        if found and name and "/" not in name:
            return hub, name
    return None


def _is_route_server(topology: Topology, resource: Resource) -> bool:
    if resource.properties.get("virtualWan"):
        return False
    frame = topology.resources.get(resource.parent or "")
    return (frame is not None and frame.type == SUBNET) or any(
        part.type == HUB + "/ipconfigurations" for part in topology.parts_of(resource.id)
    )


def _owner(part: Resource) -> str:
    return key(part.envelope.get("parent")) or part.id.rsplit("/", 2)[0]


def _hub(topology: Topology, hub: Resource, inside: Sequence[Resource]) -> Hub:
    p = hub.properties
    wan = topology.resources.get(key(p.get("virtualWan")))
    kinds = {str(p.get("sku")).lower(), str(wan.properties.get("type")).lower() if wan is not None else ""}
    tables = _tables(topology, hub)
    intent = read_intent(topology.parts_of(hub.id))
    if DEFAULT not in tables:
        tables[DEFAULT] = _implied_default(hub, intent)
    named = key(p.get("azureFirewall"))
    firewalls = {r.id for r in inside if r.type == FIREWALL} | ({named} - {""})
    peers = tuple((part.id, key(part.properties.get("hubVirtualNetworkConnection")))
                  for part in topology.parts_of(hub.id) if part.type == BGP)  # fmt: skip
    return Hub(
        hub.id, hub.label or hub.name, key(p.get("virtualWan")), not hub.is_ghost, "basic" in kinds,
        _branches_meet(wan), str(p.get("hubRoutingPreference")).lower() == "vpngateway", tables, intent,
        tuple(sorted(firewalls)), tuple(r.id for r in inside if r.type == APPLIANCE), peers,
    )  # fmt: skip


def _branches_meet(wan: Resource | None) -> bool | None:
    """On unless it is switched off.

    https://learn.microsoft.com/azure/virtual-wan/virtual-wan-faq#is-branch-to-branch-connectivity-allowed-in-virtual-wan
    """
    allowed = wan.properties.get("allowBranchToBranchTraffic", True) if wan is not None else None
    return allowed if isinstance(allowed, bool) else None


def _tables(topology: Topology, hub: Resource) -> dict[str, HubTable]:
    built_in = {DEFAULT: {"default"}, NONE: {"none"}}
    found: dict[str, HubTable] = {}
    for part in topology.parts_of(hub.id):
        if part.type != TABLE:
            continue
        name = part.name.lower()
        told, routes = part.properties.get("labels"), part.properties.get("routes")
        labels = {label.lower() for label in texts(told)} | built_in.get(name, set())
        found[name] = HubTable(
            part.name,
            frozenset(labels),
            _routes(routes, part.name, part.place),
            are_items(routes),
            are_texts(told),
        )
    if DEFAULT in found:
        old = found[DEFAULT]
        found[DEFAULT] = old._replace(routes=old.routes + _old_routes(hub))
    return found


def _implied_default(hub: Resource, intent: Intent) -> HubTable:
    """The Default table where the input lacks it: empty for a hub that a template or a spec describes, not known for
    a hub as Azure exports it, whose tables are exported on their own."""
    is_exported = "provisioningState" in hub.properties or "routingState" in hub.properties
    is_known = not is_exported or bool(intent.private or intent.internet)
    return HubTable("defaultRouteTable", frozenset({"default"}), _old_routes(hub), is_known)


def _old_routes(hub: Resource) -> tuple[StaticRoute, ...]:
    """Routes from before tables had associations, which the hub itself carries.

    https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing#route
    """
    old = _routes(at(hub.properties, "routeTable", "routes"), hub.name, hub.place)
    for table in items(hub.properties.get("virtualHubRouteTableV2s")):
        inner = at(table, "properties", "routes") or table.get("routes")
        old += _routes(inner, str(table.get("name") or hub.name), hub.place)
    return old


def _routes(value: object, table: str, place: Place) -> tuple[StaticRoute, ...]:
    found: list[StaticRoute] = []
    for route in items(value):
        hops = texts(route.get("nextHops"))
        target = (
            key(route.get("nextHop")) or key(route.get("nextHopIpAddress")) or key(hops[0] if hops else "")
        )
        told = route.get("destinations") or route.get("addressPrefixes")
        for text in [*texts(told), *([] if told and are_texts(told) else ["?"])]:
            prefix = parse_addresses(text)
            words = f"static {text.strip()} in {table}"
            found.append(StaticRoute(prefix if prefix is not None else NO_RANGES, target, words, place))
    return tuple(found)
