"""The routes that a hub uses for what comes from its connections, from another hub, and from its own firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.analyse.addresses import NET, PUBLIC, Addresses
from diagramgen.analyse.wan.hops import NextHops
from diagramgen.analyse.wan.hubs import Hub, HubTable, StaticRoute
from diagramgen.analyse.wan.intent import DEFAULT, RFC1918
from diagramgen.analyse.wan.limits import meets
from diagramgen.analyse.wan.links import Link, LinkKind, Prefix
from diagramgen.analyse.wan.routes import Entry, HubNextHop, unknown
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    IPV4,
    Ranges,
    covers,
    difference,
    normal,
    size,
    union,
)

_PRIVATE = normal(r for network in RFC1918 for r in network)
_LAST_SIZE = 1 << 150
_SUMMARY_SIZE = (1 << 20) - 1
"""A route that cannot be read is tried after networks and before summaries such as those of RFC 1918."""
_REMOTE = 10
_PREFERENCE: dict[LinkKind, int] = {"vnet": 0, "expressroute": 1, "vpn": 2, "sd-wan": 3, "p2s": 4}


class HubRoutes:
    """Makes the entries of a hub's tables from what is joined to all hubs of its WAN."""

    def __init__(
        self, topology: Topology, addresses: Addresses, hubs: Mapping[str, Hub], links: tuple[Link, ...]
    ) -> None:
        self.topology, self.addresses, self.hubs, self.links = topology, addresses, hubs, links
        self._hops = NextHops(topology, hubs, links)

    def of_table(self, hub: Hub, name: str, source: LinkKind) -> list[Entry]:
        """The routes for packets from a VNet, or a branch of some kind, that is associated with a table."""
        table = hub.tables[name]
        entries = self._static(hub, table)
        if name == DEFAULT and hub.intent.internet:
            entries.append(self._policy(hub, IPV4, hub.intent.internet, "Internet"))
        if name == DEFAULT and hub.intent.private:
            past = self._past_intent(hub, source) if source != "vnet" else ()
            return [*entries, *self._private(hub), *past, *self._catch_alls(hub, name)]
        for link in self.links:
            can_meet = meets(hub, source, link)
            if can_meet is not False and (hub.id, name) in link.sure | link.maybe:
                entries += self._announced(hub, link, (hub.id, name) in link.sure and can_meet is True)
        return [*entries, *self._catch_alls(hub, name)]

    def of_remote(self, hub: Hub) -> list[Entry]:
        """The routes for packets from another hub: those of private intent, else straight to what is joined here.

        Static routes of a hub's tables do not concern them:
        https://learn.microsoft.com/azure/virtual-wan/static-routes#common-use-cases
        """
        if hub.is_basic:
            return []
        if hub.intent.private:
            static = [e for e in self._static(hub, hub.tables[DEFAULT]) if not e.is_default]
            return [*static, *self._private(hub), *self._catch_alls(hub)]
        local = (link for link in self.links if link.hub == hub.id)
        entries = [entry for link in local for entry in self._announced(hub, link, True, False)]
        return [*(e for e in entries if not e.is_default), *self._catch_alls(hub)]

    def of_firewall(self, hub: Hub) -> list[Entry]:
        """The routes for packets that the hub's firewall lets pass.

        It reaches everything joined to its hub, whichever tables learn it. Between hubs a firewall works with
        routing intent only: https://learn.microsoft.com/azure/virtual-wan/static-routes#configuration
        """
        entries: list[Entry] = []
        for link in self.links:
            if link.hub == hub.id:
                entries += self._announced(hub, link, True)
            elif (hub.id, DEFAULT) in link.sure | link.maybe and not hub.is_basic:
                entries += self._beyond(hub, link)
        return [*entries, *self._to_internet(hub), *self._catch_alls(hub)]

    # Parts

    def _static(self, hub: Hub, table: HubTable) -> list[Entry]:
        return [self._fixed(route.prefix, self._hops.of_route(hub, route)) for route in table.routes]

    def _fixed(self, prefix: Ranges, hop: HubNextHop, grade: int = 0, is_static: bool = True) -> Entry:
        """An entry for a network, which nameless addresses lie in surely or possibly."""
        if not prefix:
            return Entry((), ADDRESSES, 0, hop, grade, is_static, is_sure=False)
        is_default = covers(prefix, IPV4)
        if is_default:
            every = normal((n.number, n.number) for n in self.addresses.nameless.values())
            sure = possible = union(prefix, every)
        else:
            sure, possible = self.addresses.expand(prefix)
        return Entry(
            sure, possible, size(prefix), hop, grade, is_static, is_default=is_default, prefix=prefix
        )

    def _policy(self, hub: Hub, prefix: Ranges, target: str, word: str) -> Entry:
        route = StaticRoute(prefix, target, f"routing intent {word}", hub.intent.place)
        return self._fixed(prefix, self._hops.of_route(hub, route), grade=-1)

    def _private(self, hub: Hub) -> Iterator[Entry]:
        """What private intent adds: private networks, and networks of the WAN of which no address is told.

        Public ranges that a VNet or a branch uses as private ones must be listed; what becomes of them otherwise is
        not documented: https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#troubleshooting
        """
        policies = [self._policy(hub, network, hub.intent.private, "PrivateTraffic") for network in RFC1918]
        yield from policies
        listed = union(_PRIVATE, normal(r for route in hub.tables[DEFAULT].routes for r in route.prefix))
        for link in self.links:
            for prefix in link.prefixes if self.hubs[link.hub].is_joined(hub) else ():
                if not prefix.plain:
                    yield _learned(prefix, policies[0].hop)
                elif not covers(listed, prefix.plain) and not hub.intent.internet:
                    text = f"{link.name} has addresses that private traffic of {hub.name} does not list"
                    yield _learned(prefix, unknown(text))

    def _past_intent(self, hub: Hub, source: LinkKind) -> Iterator[Entry]:
        """Where packets of a branch do not, or perhaps not, go the way of private intent.

        https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#troubleshooting-data-path
        """
        for link in self.links:
            is_peer = self.hubs[link.hub].is_joined(hub)
            if is_peer and link.is_branch and meets(hub, source, link) is not True:
                text = f"whether {hub.name} lets this branch reach {link.name} is not in the input"
                for prefix in link.prefixes:
                    yield _learned(prefix, unknown(text), -1)._replace(is_static=True)
        vnets = {link.owner for link in self.links if link.hub == hub.id and not link.is_branch}
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            subnet = self.topology.resources.get(endpoint.parent or "")
            if subnet is None or subnet.parent not in vnets:
                continue
            policies = str(subnet.properties.get("privateEndpointNetworkPolicies")).lower()
            ranges = self.addresses.resource(endpoint.id)
            if ranges and policies not in ("enabled", "routetableenabled"):
                hop = HubNextHop("connection", subnet.parent or "", f"route of private endpoint {endpoint.label}",
                                 endpoint.place)  # fmt: skip
                yield Entry(ranges, ranges, 1, hop, -1, True)

    def _announced(self, hub: Hub, link: Link, is_sure: bool, only_spread: bool = True) -> Iterator[Entry]:
        """The prefixes of a link and the static routes of its connection, as `hub` sees them."""
        is_remote = link.hub != hub.id
        grade = (_REMOTE if is_remote else 0) + _PREFERENCE[link.kind]
        if link.is_branch and (is_remote or hub.prefers_vpn) and link.kind == "expressroute":
            grade += len(_PREFERENCE)
        for prefix in link.prefixes:
            is_default = covers(prefix.ranges, IPV4)
            if not (is_remote and is_default):
                hop = self._hops.of_link(hub, link, f"propagated by {link.name}", self._inside(link, prefix))
                yield _learned(prefix, hop, grade)._replace(is_sure=is_sure, is_default=is_default)
        for route in link.routes if link.spreads_routes or not only_spread else ():
            text = f"static route on the connection of {link.name}"
            hop = self._hops.of_link(hub, link, text, route.address)
            if not route.prefix:
                yield self._catch_all(hop, is_remote)._replace(size=_SUMMARY_SIZE)
                continue
            entry = self._fixed(route.prefix, hop, grade, is_static=False)
            is_bypassed = link.bypasses_routes and covers(link.ranges, route.prefix)
            if not (is_remote and entry.is_default) and not is_bypassed:
                yield entry._replace(is_sure=is_sure)

    @staticmethod
    def _inside(link: Link, prefix: Prefix) -> str:
        """The appliance to which packets for the VNet's own addresses go too, where a static route holds them.

        https://learn.microsoft.com/azure/virtual-wan/howto-connect-vnet-hub#bypassexplained
        """
        if link.bypasses_routes:
            return ""
        routes = (route for route in link.routes if not covers(route.prefix, IPV4))
        return next((r.address for r in routes if prefix.plain and covers(r.prefix, prefix.plain)), "")

    def _beyond(self, hub: Hub, link: Link) -> Iterator[Entry]:
        is_sure = (hub.id, DEFAULT) in link.sure
        for entry in self._announced(hub, link, is_sure):
            if hub.intent.private:
                yield entry
            else:
                text = f"{entry.hop.route}, and {hub.name} inspects no traffic between hubs without routing intent"
                yield entry._replace(hop=unknown(text, entry.hop.id, entry.hop.place))

    def _to_internet(self, hub: Hub) -> Iterator[Entry]:
        """The firewall's own way out; with forced tunnelling only what somebody announces to the hub.

        https://learn.microsoft.com/azure/virtual-wan/about-internet-routing
        """
        to_firewall = [
            route.text
            for table in hub.tables.values()
            for route in table.routes
            if covers(route.prefix, IPV4) and route.target in (*hub.firewalls, hub.intent.private)
        ]
        public = self.addresses.expand(PUBLIC)[0]
        if hub.intent.internet or (to_firewall and not hub.intent.private):
            hop = HubNextHop("internet", "", "the firewall's own way to the Internet", hub.intent.place)
            yield Entry(public, public, size(IPV4), hop, -1, True, is_default=True)
        elif hub.firewalls or hub.intent.private:
            learned = f"{to_firewall[0]}: the default route of {hub.name} is learned" if to_firewall else ""
            hop = unknown(f"{learned or f'the default route of {hub.name} is'} not in the input")
            yield Entry(public, public, _LAST_SIZE, hop, is_default=True)

    def _catch_alls(self, hub: Hub, table: str = "") -> Iterator[Entry]:
        """Entries in place of the routes that appliances announce, here and at other hubs, by BGP."""
        for other in self.hubs.values():
            if not other.is_joined(hub) or (other is not hub and (hub.is_basic or not table)):
                continue
            speakers = [(rid, table in ("", DEFAULT)) for rid in other.appliances]
            for session, connection in other.peers:
                link = self._hops.by_id.get(connection)
                learners = link.sure | link.maybe if link is not None else frozenset()
                speakers.append((session, not table or link is None or (hub.id, table) in learners))
            for rid, is_heard in speakers:
                if not is_heard:
                    continue
                text = f"what {self._hops.label(rid)} announces to {other.name} is not in the input"
                hop = HubNextHop("nva", rid, text) if other is hub else unknown(text, rid)
                yield self._catch_all(hop, other is not hub)

    def _catch_all(self, hop: HubNextHop, is_remote: bool) -> Entry:
        """An entry for whatever no other holds; for a remote hub without the Internet, as no default route crosses."""
        held = difference(ADDRESSES, self.addresses.expand(PUBLIC)[0]) if is_remote else ADDRESSES
        return Entry(held, held, _LAST_SIZE, hop, _REMOTE if is_remote else 0, is_catch_all=True)


def _learned(prefix: Prefix, hop: HubNextHop, grade: int = 0) -> Entry:
    """An entry for a prefix that a link announces."""
    return Entry(prefix.ranges, prefix.ranges, prefix.size, hop, grade, prefix=prefix.plain or prefix.ranges)
