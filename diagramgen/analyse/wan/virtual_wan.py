"""Virtual WAN: what a virtual hub does with packets, asked by whoever follows them from hop to hop.

A hub is a router. Every connection is associated with one of its tables, which says what the connection reaches, and
announces its prefixes to tables, whose connections then reach it. Routing intent sends private or Internet traffic
through the hub's firewall instead. What the input does not tell (a hub outside it, an appliance's announcements, an
unreadable route) is `unknown` or `nva`, never `none`.

https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
"""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.verdicts import FlowVerdict
from diagramgen.analyse.wan.hubs import read_hubs
from diagramgen.analyse.wan.intent import DEFAULT, NONE, RFC1918
from diagramgen.analyse.wan.limits import find_problems
from diagramgen.analyse.wan.links import Link, LinkKind, read_links
from diagramgen.analyse.wan.routes import NO_ROUTE, Entry, Fib, HubNextHop, cut, partition, unknown
from diagramgen.analyse.wan.tables import HubRoutes
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import IPV4, Ranges, covers

__all__ = ["Branch", "HubNextHop", "VirtualWan"]


class Branch(NamedTuple):
    """Something outside Azure that is joined to a hub. `site` is a site of the topology, or the machine that stands for
    one; for people who dial in it is their gateway. `prefixes` hold a nameless address where the input tells none, and
    are empty for a pool that it does not tell.
    """

    id: str
    hub: str
    kind: LinkKind
    site: str
    prefixes: Ranges


class VirtualWan:
    """The virtual hubs of a topology and how they route."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        self._hubs = read_hubs(topology)
        self._links = read_links(topology, addresses, self._hubs)
        self._routes = HubRoutes(topology, addresses, self._hubs, self._links)
        self._addresses = addresses
        self._by_vnet: dict[str, Link] = {}
        for link in self._links:
            if not link.is_branch:
                self._by_vnet.setdefault(link.owner, link)
        self._branches = {link.id: link for link in self._links if link.is_branch}
        self._problems = {hub.id: find_problems(hub, self._links) for hub in self._hubs.values()}
        self._fibs: dict[tuple[str, str, str, int], Fib] = {}
        self._made: dict[tuple[str, str, str, int], list[Entry]] = {}
        self.hubs: tuple[str, ...] = tuple(self._hubs)

    # What is joined to what

    def hub_of(self, vnet: str) -> str:
        """The hub to which a VNet is connected, "" where to none."""
        link = self._by_vnet.get(vnet)
        return link.hub if link is not None else ""

    def vnets_of(self, hub: str) -> tuple[str, ...]:
        """The VNets connected to a hub, sorted."""
        return tuple(sorted(vnet for vnet, link in self._by_vnet.items() if link.hub == hub))

    def branches(self, hub: str) -> tuple[Branch, ...]:
        """The branches of a hub, sorted by id."""
        return tuple(
            Branch(link.id, link.hub, link.kind, link.owner, link.ranges)
            for link in self._branches.values()
            if link.hub == hub
        )

    def intent(self, hub: str) -> frozenset[str]:
        """Which traffic routing intent takes: `internet`, `private`."""
        return frozenset(word for word in ("internet", "private") if self.intent_next_hop(hub, word))

    def intent_next_hop(self, hub: str, word: str) -> str:
        """The id of the firewall or appliance that takes `internet` or `private` traffic, "" without a policy."""
        if hub not in self._hubs:
            return ""
        return self._hubs[hub].intent.private if word == "private" else self._hubs[hub].intent.internet

    def firewalls(self, hub: str) -> tuple[str, ...]:
        """The Azure Firewalls in a hub."""
        return self._hubs[hub].firewalls if hub in self._hubs else ()

    def is_secured(self, hub: str) -> bool:
        """Whether a firewall, or an appliance by routing intent, stands in the hub."""
        return bool(self.firewalls(hub) or self.intent(hub))

    def problems(self, hub: str) -> tuple[str, ...]:
        """What makes a hub's configuration one that Azure does not accept; all its next hops are then `unknown`."""
        return self._problems.get(hub, ())

    # Where packets go

    def injected(self, vnet: str) -> tuple[tuple[Ranges, str], ...]:
        """The routes that the hub gives the subnets of a VNet as gateway routes: one prefix each, and why.

        A default route only with `enableInternetSecurity`, and nothing equal to or inside the VNet's own space.
        Routes that are not sure are among them: `next_hops` then says `unknown`.
        """
        return tuple(
            (prefix, text) for prefix, text in self._learned(vnet) if not covers(prefix, IPV4)
            or self._by_vnet[vnet].internet is True
        )  # fmt: skip

    def may_inject(self, vnet: str) -> tuple[tuple[Ranges, str], ...]:
        """Default routes that the VNet may learn from the hub or not: the input does not tell."""
        link = self._by_vnet.get(vnet)
        if link is None or link.internet is False:
            return ()
        if link.internet and any(covers(prefix, IPV4) for prefix, _ in self.injected(vnet)):
            return ()
        return tuple((IPV4, text) for prefix, text in self._learned(vnet, True) if covers(prefix, IPV4))[:1]

    def next_hops(self, hub: str, came_from: str, destinations: Ranges) -> Fib:
        """Where a hub sends what enters it from a VNet, a branch or another hub: a partition of `destinations`."""
        broken = self._broken(hub)
        if broken is not None:
            return ((destinations, broken),) if destinations else ()
        if came_from in self._hubs:
            if not self._hubs[came_from].may_be_joined(self._hubs[hub]):
                return ((destinations, NO_ROUTE),) if destinations else ()
            return cut(self._fib(hub, "<remote>"), destinations)
        link = self._by_vnet.get(came_from) or self._branches.get(came_from)
        if link is None or link.hub != hub or not self._has_table(link):
            text = "the route table of the connection is not in the input"
            return ((destinations, unknown(text, came_from)),) if destinations else ()
        if link.table is not None and link.table[1] == NONE:
            return ((destinations, NO_ROUTE),) if destinations else ()
        found = cut(self._fib(hub, link.table[1] if link.table else DEFAULT, link.kind), destinations)
        if link.learns_all:
            return found
        text = f"a route map decides what {link.name} learns"
        return tuple(
            (ranges, hop if hop.kind == "none" else unknown(f"{hop.route}; {text}", hop.id, link.place))
            for ranges, hop in found
        )

    def after_firewall(self, hub: str, destinations: Ranges) -> Fib:
        """Where the hub's firewall, or the appliance in its place, sends on what it lets pass.

        At a `remote-hub` ask `next_hops` of that hub with this one as `came_from`: private intent there inspects again.
        """
        broken = self._broken(hub)
        if broken is not None:
            return ((destinations, broken),) if destinations else ()
        return cut(self._fib(hub, "<firewall>"), destinations)

    def advertises(self, hub: str, vnet: str) -> FlowVerdict:
        """Whether the branches of a hub learn the way to a VNet.

        https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#prefixadvertisments
        """
        link = self._by_vnet.get(vnet)
        if link is None:
            return "denied"
        home = self._hubs[link.hub]
        if self._broken(hub) is not None or not home.is_known:
            return "unknown"
        if any(not b.learns_all for b in self._branches.values() if b.hub == hub):
            return "unknown"
        if self._hubs[hub].intent.private:
            learned: FlowVerdict = "unknown" if (hub, DEFAULT) in link.maybe else "denied"
            return "allowed" if link.hub == hub or (hub, DEFAULT) in link.sure else learned
        kinds = {hop.kind for _, hop in cut(self._fib(hub, "<advertised>"), link.ranges)}
        if kinds & {"unknown", "nva"} or not kinds:
            return "unknown"
        if "none" in kinds:
            # A default route of the hub is announced to the branches that ask for it.
            asked = {b.internet for b in self._branches.values() if b.hub == hub}
            has_default = any(entry.is_default for entry in self._entries(hub, DEFAULT, "vpn"))
            return "unknown" if has_default and asked != {False} else "denied"
        return "allowed"

    # Inside

    def _broken(self, hub: str) -> HubNextHop | None:
        """Why nothing can be said of a hub's routing, or None."""
        known = self._hubs.get(hub)
        if known is None or not known.is_known:
            return unknown(f"{known.name if known else hub} is not in the input", hub)
        problems = self._problems[hub]
        if problems:
            return unknown(f"{known.name}: {problems[0]}", hub)
        if not known.tables[DEFAULT].is_known:
            return unknown(f"the route tables of {known.name} are not in the input", hub)
        return None

    def _has_table(self, link: Link) -> bool:
        if link.table is None or link.table[0] != link.hub:
            return False
        table = self._hubs[link.hub].tables.get(link.table[1])
        return link.table[1] == NONE or (table is not None and table.is_known)

    def _key(self, hub: str, table: str, kind: LinkKind) -> tuple[str, str, str, int]:
        """What a cache is kept under; services get their nameless addresses only when they are first asked for."""
        return hub, table, kind, len(self._addresses.nameless)

    def _entries(self, hub: str, table: str, kind: LinkKind = "vnet") -> list[Entry]:
        """The routes of a table, or those of the pseudo-tables `<remote>`, `<firewall>` and `<advertised>`."""
        found = self._made.get(self._key(hub, table, kind))
        if found is None:
            routes, known = self._routes, self._hubs[hub]
            if table == "<remote>":
                found = routes.of_remote(known)
            elif table == "<firewall>":
                found = routes.of_firewall(known)
            elif table == "<advertised>":
                found = [entry for entry in self._entries(hub, DEFAULT, "vpn") if not entry.is_default]
            else:
                found = routes.of_table(known, table, kind)
            self._made[self._key(hub, table, kind)] = found
        return found

    def _fib(self, hub: str, table: str, kind: LinkKind = "vnet") -> Fib:
        found = self._fibs.get(self._key(hub, table, kind))
        if found is None:
            found = self._fibs[self._key(hub, table, kind)] = partition(self._entries(hub, table, kind))
        return found

    def _learned(self, vnet: str, with_hidden: bool = False) -> list[tuple[Ranges, str]]:
        """The routes of a VNet's table, sorted; `with_hidden` also what stands for routes that nobody tells."""
        link = self._by_vnet.get(vnet)
        if link is None:
            return []
        anything = [*RFC1918, *([IPV4] if with_hidden else ())]
        broken = self._broken(link.hub)
        if broken is not None or not self._has_table(link):
            text = (
                broken.route if broken is not None else f"the route table of {link.name} is not in the input"
            )
            return [(prefix, text) for prefix in anything]
        if link.table is None or link.table[1] == NONE:
            return []
        found: dict[Ranges, str] = {}
        own = self._addresses.vnet(vnet)
        for entry in sorted(self._entries(link.hub, link.table[1], "vnet"), key=lambda entry: entry.rank):
            for prefix in anything if entry.is_catch_all or not entry.sure else (entry.prefix,):
                if prefix and not covers(own, prefix):
                    found.setdefault(prefix, entry.hop.route)
        return sorted(found.items())
