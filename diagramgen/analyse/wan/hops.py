"""Next hops of a hub: what a route names, or what is joined to the hubs, as the hop that packets take."""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.analyse.wan.hubs import APPLIANCE, FIREWALL, Hub, StaticRoute
from diagramgen.analyse.wan.links import Link
from diagramgen.analyse.wan.routes import HubNextHop, unknown
from diagramgen.model.references import last_segment
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import covers, overlap, parse_addresses, size

_OWN_FILTERS = ("/networkvirtualappliances/", "/paloaltonetworks.cloudngfw/", "/securitypartnerproviders/")
"""Next hops whose rules the input does not hold, known by their ids."""


class NextHops:
    """Finds the hop for a link or for what a route names."""

    def __init__(self, topology: Topology, hubs: Mapping[str, Hub], links: tuple[Link, ...]) -> None:
        self.topology, self.hubs, self.links = topology, hubs, links
        self.by_id = {link.id: link for link in links}
        self._by_owner = {link.owner: link for link in reversed(links)}

    def of_link(self, hub: Hub, link: Link, route: str, address: str = "") -> HubNextHop:
        """The hop from `hub` to what a link joins, by a route that `route` describes; `?` is an unreadable address."""
        home = self.hubs[link.hub]
        if not home.is_known:
            return unknown(
                f"{link.name} is joined to {home.name}, which is not in the input", home.id, link.place
            )
        if address == "?":
            return unknown(f"{route}, which cannot be read", link.owner, link.place)
        if link.hub != hub.id:
            return HubNextHop("remote-hub", link.hub, f"{route} at {home.name}", link.place)
        if link.is_branch:
            return HubNextHop("branch", link.id, route, link.place)
        return HubNextHop("connection", link.owner, route, link.place, address)

    def of_route(self, hub: Hub, route: StaticRoute) -> HubNextHop:
        """The next hop that a static route or a policy names."""
        target, text, place = route.target, route.text, route.place
        link = self.by_id.get(target) or self._by_owner.get(target)
        resource = self.topology.resources.get(target)
        if link is not None and self.hubs[link.hub].is_joined(hub):
            return self._onward(hub, link, route)
        if resource is not None and resource.type in (APPLIANCE, "diagramgen/nva"):
            return HubNextHop("nva", target, text, place)
        if any(mark in target for mark in _OWN_FILTERS):
            return HubNextHop("nva", target, text, place)
        if resource is not None and resource.type == FIREWALL:
            if target in hub.firewalls:
                return HubNextHop("firewall", target, text, place)
            return unknown(f"{text} to a firewall that is not in {hub.name}", target, place)
        address = parse_addresses(target)
        if address is not None and size(address) == 1:
            owner = next((x for x in self.links if x.hub == hub.id and overlap(x.ranges, address)), None)
            if owner is not None and not owner.is_branch:
                return HubNextHop("connection", owner.owner, text, place, target)
        named = f" to {last_segment(target)}" if target.strip("?") else ""
        return unknown(f"{text}{named}, a next hop that is not in the input", target, place)

    def _onward(self, hub: Hub, link: Link, route: StaticRoute) -> HubNextHop:
        """A static route to a VNet's connection, which must name the address that leads on.

        https://learn.microsoft.com/azure/virtual-wan/static-routes#configuration-options
        """
        if link.hub != hub.id or link.is_branch:
            return self.of_link(hub, link, route.text)
        is_own = bool(route.prefix) and covers(link.ranges, route.prefix)
        addresses = [r.address for r in link.routes if route.prefix and covers(r.prefix, route.prefix)]
        if is_own and (link.bypasses_routes or not addresses):
            return HubNextHop("connection", link.owner, route.text, route.place)
        if addresses and addresses[0] != "?":
            return HubNextHop("connection", link.owner, route.text, route.place, addresses[0])
        text = f"{route.text} to {link.name}, whose connection names no next hop for it"
        return unknown(text, link.owner, route.place)

    def label(self, rid: str) -> str:
        """What a resource is called, in the input or not."""
        resource = self.topology.resources.get(rid)
        return resource.label if resource is not None else last_segment(rid)
