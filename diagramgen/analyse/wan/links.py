"""What is joined to virtual hubs: VNets and branches, what they announce, and which tables they use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from diagramgen.analyse.addresses import NET, Addresses
from diagramgen.analyse.wan.hubs import Hub, TableKey
from diagramgen.analyse.wan.intent import DEFAULT
from diagramgen.analyse.wan.propagation import associated_table, has_open_map, learning_tables
from diagramgen.analyse.wan.shapes import are_items, are_texts, items, texts
from diagramgen.located import NOTHING, NOWHERE, Place
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Connection, HubConnection, Resource, Topology
from diagramgen.model.traffic import (
    NAMELESS_BASE,
    NO_RANGES,
    Ranges,
    covers,
    difference,
    normal,
    parse_addresses,
    size,
    union,
)

P2S = NET + "p2svpngateways"
LinkKind = Literal["vnet", "vpn", "expressroute", "p2s", "sd-wan"]
_UNKNOWN_SIZE = (1 << 20) - 1
"""A network whose prefix the input does not tell counts as smaller than any of RFC 1918."""


class Prefix(NamedTuple):
    """A network that is announced, with the nameless addresses in it, and its size, by which prefixes are compared."""

    ranges: Ranges
    size: int

    @property
    def plain(self) -> Ranges:
        """The addresses that have numbers of their own."""
        return tuple(r for r in self.ranges if r[0] < NAMELESS_BASE)


class OwnRoute(NamedTuple):
    """A static route on a VNet's connection: the network and the address in the VNet that leads on to it.

    The network is empty and the address `?` where the input's cannot be read.
    """

    prefix: Ranges
    address: str


class Link(NamedTuple):
    """A VNet or a branch, joined to a hub. `owner` is the VNet, the site, the machine that stands for one, or the P2S
    gateway.

    `table` is the associated one, None where it cannot be read. `sure` are the tables that learn its prefixes,
    `maybe` those of which the input does not tell it. `internet`: whether it learns a default route, None where that
    is not told; branches learn none without being told. `learns_all`: no route map stands between it and what the
    hub announces.
    """

    id: str
    hub: str
    owner: str
    kind: LinkKind
    name: str
    prefixes: tuple[Prefix, ...] = ()
    table: TableKey | None = None
    sure: frozenset[TableKey] = frozenset()
    maybe: frozenset[TableKey] = frozenset()
    internet: bool | None = None
    routes: tuple[OwnRoute, ...] = ()
    spreads_routes: bool = True
    bypasses_routes: bool = False
    learns_all: bool = True
    place: Place = NOWHERE

    @property
    def is_branch(self) -> bool:
        """Whether it is outside Azure."""
        return self.kind != "vnet"

    @property
    def ranges(self) -> Ranges:
        """All that it announces."""
        return normal(r for prefix in self.prefixes for r in prefix.ranges)


def read_links(topology: Topology, addresses: Addresses, hubs: Mapping[str, Hub]) -> tuple[Link, ...]:
    """Everything that is joined to a hub, sorted by id."""
    reader = _Reader(topology, addresses, hubs)
    found = [reader.vnet(connection) for connection in topology.hub_connections if connection.hub in hubs]
    branches = [b for connection in topology.connections if (b := reader.branch(connection)) is not None]
    with_clients = {branch.hub for branch in branches if branch.kind == "p2s"}
    for gateway in topology.of_type(P2S):
        clients = reader.clients(gateway)
        if clients is not None and (clients.prefixes or clients.hub not in with_clients):
            branches.append(clients)
    return tuple(sorted([*found, *branches], key=lambda link: link.id))


class _Reader:
    """Reads links one by one, with what they all need at hand."""

    def __init__(self, topology: Topology, addresses: Addresses, hubs: Mapping[str, Hub]) -> None:
        self.topology, self.addresses, self.hubs = topology, addresses, hubs
        sites = addresses.sites  # gives each site without prefixes its nameless address
        self.sites = sites
        self.within = {nameless.number: nameless.within for nameless in addresses.nameless.values()}

    def vnet(self, connection: HubConnection) -> Link:
        resource = self.topology.resources.get(connection.id)
        vnet = self.topology.resources.get(connection.vnet)
        p = resource.properties if resource is not None else NOTHING
        space = at(vnet.properties, "addressSpace", "addressPrefixes") if vnet is not None else None
        routing = p.get("routingConfiguration")
        told = at(routing, "vnetRoutes") if routing is None or isinstance(routing, Mapping) else routing
        settings = at(told, "staticRoutesConfig")
        internet = p.get("enableInternetSecurity")
        link = Link(
            connection.id, connection.hub, connection.vnet, "vnet",
            vnet.label if vnet is not None else last_segment(connection.vnet),
            self._prefixes(texts(space), self.addresses.vnet(connection.vnet)),
            internet=internet if isinstance(internet, bool) else None,
            routes=_own_routes(told),
            spreads_routes=at(settings, "propagateStaticRoutes") is not False,
            bypasses_routes=str(at(settings, "vnetLocalRouteOverrideCriteria")).lower().startswith("equal"),
            place=connection.place,
        )  # fmt: skip
        return self._routed(link, routing)

    def branch(self, connection: Connection) -> Link | None:
        """The link of a tunnel or circuit that ends at a hub or at a gateway in one."""
        far, hub = connection.a, self._hub_at(connection.b)
        if not hub:
            far, hub = connection.b, self._hub_at(connection.a)
        if not hub:
            return None
        kinds: dict[str, LinkKind] = {"expressroute": "expressroute", "sd-wan": "sd-wan"}
        kind = kinds.get(connection.kind, "vpn")
        if connection.kind == "other" and connection.id.endswith("point-to-site"):
            kind = "p2s"
        resource = self.topology.resources.get(connection.id)
        p = resource.properties if resource is not None else NOTHING
        internet = p.get("enableInternetSecurity") or False
        name, prefixes, ranges = self._site(far)
        link = Link(
            connection.id, hub, far, kind, name, self._prefixes(prefixes, ranges),
            internet=internet if isinstance(internet, bool) else None, place=connection.place,
        )  # fmt: skip
        return self._routed(link, p.get("routingConfiguration"))

    def clients(self, gateway: Resource) -> Link | None:
        """The people who dial in to a hub; without prefixes where the input does not tell their pool."""
        hub = self._hub_at(gateway.id)
        if not hub:
            return None
        pools: list[str] = []
        routing = None
        for configuration in items(gateway.properties.get("p2SConnectionConfigurations")):
            p = at(configuration, "properties")
            pools += texts(at(p, "vpnClientAddressPool", "addressPrefixes"))
            routing = routing or at(p, "routingConfiguration")
        ranges = normal(r for pool in pools for r in parse_addresses(pool) or ())
        prefixes = self._prefixes(pools, ranges)
        link = Link(gateway.id, hub, gateway.id, "p2s", gateway.label, prefixes, place=gateway.place)
        return self._routed(link, routing)

    def _hub_at(self, end: str) -> str:
        if end in self.hubs:
            return end
        resource = self.topology.resources.get(end)
        hub = key(resource.properties.get("virtualHub")) if resource is not None else ""
        return hub if hub in self.hubs else ""

    def _site(self, far: str) -> tuple[str, Sequence[str], Ranges]:
        """The name, the prefixes as written, and all addresses of a site or of a machine that stands in one."""
        for site in self.topology.sites:
            if far == site.id:
                return site.label, site.prefixes, self.sites.get(far, NO_RANGES)
            for rid, label, _, _ in site.machines:
                if rid != far:
                    continue
                if far not in self.sites:
                    return site.label, site.prefixes, self.sites.get(site.id, NO_RANGES)
                resource = self.topology.resources.get(far)
                p = resource.properties if resource is not None else NOTHING
                space = at(p, "localNetworkAddressSpace", "addressPrefixes")
                space = space or at(p, "addressSpace", "addressPrefixes")
                return label, texts(space), self.sites[far]
        return last_segment(far), (), self.addresses.resource(far)

    def _prefixes(self, written: Iterable[str], everything: Ranges) -> tuple[Prefix, ...]:
        """Each network as written, and what else there is: nameless addresses that may lie in any of them."""
        found: list[Prefix] = []
        left = everything
        nameless = [r for r in everything if r[0] >= NAMELESS_BASE]
        for text in written:
            network = parse_addresses(text)
            if network is None:
                continue
            inside = (r for r in nameless if self.within.get(r[0]) and covers(network, self.within[r[0]]))
            prefix = Prefix(union(network, normal(inside)), size(network))
            found.append(prefix)
            left = difference(left, prefix.ranges)
        if left:
            found.append(Prefix(left, max((prefix.size for prefix in found), default=_UNKNOWN_SIZE)))
        return tuple(found)

    def _routed(self, link: Link, routing: object) -> Link:
        """The link with its tables; every branch uses the Default table."""
        hub = self.hubs[link.hub]
        sure, maybe = learning_tables(routing, hub, self.hubs, self.topology)
        table = (hub.id, DEFAULT) if link.is_branch else associated_table(routing, hub, self.topology)
        is_open = routing is None or isinstance(routing, Mapping)
        learns_all = is_open and has_open_map(at(routing, "outboundRouteMap"), self.topology)
        return link._replace(table=table, sure=sure, maybe=maybe, learns_all=learns_all)


def _own_routes(told: object) -> tuple[OwnRoute, ...]:
    """The static routes of a connection; one without a network stands for routes that cannot be read."""
    rows = at(told, "staticRoutes")
    found = (
        [] if are_items(rows) and (told is None or isinstance(told, Mapping)) else [OwnRoute(NO_RANGES, "?")]
    )
    for route in items(rows):
        address = key(route.get("nextHopIpAddress"))
        networks = route.get("addressPrefixes")
        for text in [*texts(networks), *([] if networks and are_texts(networks) else ["?"])]:
            network = parse_addresses(text) or NO_RANGES
            found.append(OwnRoute(network, address if network and parse_addresses(address) else "?"))
    return tuple(found)
