"""The effective routes of a subnet, and which of them a packet takes.

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.addresses import PLATFORM_DNS, PRIVATE, Network, is_private, network, number
from simulator.estate import Estate, Gateway, Nic, Peering, Subnet, VNet, key

EVERYTHING = Network(0, 2**32 - 1, 0)
RANK = {"User": 0, "Gateway": 1, "Default": 2}
# Choice: between a peering and a connected group for one prefix, the peering.
KIND_RANK = {"VnetLocal": 0, "VNetPeering": 1, "ConnectedGroup": 2}


class Route(NamedTuple):
    """`kind` is the next hop's type, `far` the VNet behind a peering or connected group.

    `is_doubtful`: whether it is there is not sure, as the two ends of a peering do not agree on the prefix or nothing
    tells that a connected group is deployed.
    """

    prefix: Network
    kind: str
    source: str
    address: str = ""
    far: VNet | None = None
    endpoint: Nic | None = None
    is_doubtful: bool = False


class Link(NamedTuple):
    """A peering that carries traffic, as a VNet sees it. `half` is its own half, None where only the other is known."""

    far_id: str
    far: VNet | None
    half: Peering | None
    reverse: Peering | None


class Routes:
    """The routes of an estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._fixed: dict[str, list[Route]] = {}
        self._links: dict[str, list[Link]] = {}
        self.script: list[int] = []
        self.taken: list[tuple[int, int]] = []

    # What a VNet is joined to

    def links(self, vnet: VNet) -> list[Link]:
        if vnet.id not in self._links:
            found = []
            for half in vnet.peerings:
                if half.is_connected:
                    found.append(Link(half.remote, self.estate.vnets.get(half.remote), half, half.reverse))
            for far in self.estate.vnets.values():
                for half in far.peerings:
                    if (
                        half.remote == vnet.id
                        and half.reverse is None
                        and half.is_connected
                        and far is not vnet
                    ):
                        found.append(Link(far.id, far, None, half))
            self._links[vnet.id] = found
        return self._links[vnet.id]

    def link_to(self, vnet: VNet, far: VNet) -> Link | None:
        return next((link for link in self.links(vnet) if link.far is far), None)

    def group_members(self, vnet: VNet) -> list[tuple[VNet, bool]]:
        """The VNets that a connected group joins to this one, and whether that is sure.

        https://learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration
        """
        found = []
        for rid in self.estate.of_type("networkmanagers/connectivityconfigurations"):
            p = self.estate.properties(rid)
            is_mesh = str(p.get("connectivityTopology")).lower() == "mesh"
            for applied in p.get("appliesToGroups") or ():
                is_direct = str(applied.get("groupConnectivity")).lower() == "directlyconnected"
                members = self.members(str(applied.get("networkGroupId")).lower())
                deployed = self.is_deployed(rid)
                if vnet.id not in members or not (is_mesh or is_direct) or deployed == "no":
                    continue
                is_global = "true" in (str(p.get("isGlobal")).lower(), str(applied.get("isGlobal")).lower())
                for member in members:
                    far = self.estate.vnets.get(member)
                    # Choice: a group that is not global joins the VNets of each region among themselves.
                    if far is not None and far is not vnet and (is_global or far.location == vnet.location):
                        found.append((far, deployed == "yes"))
        return found

    def members(self, group: str) -> list[str]:
        """The VNets of a network group; members that a policy adds are not in the input."""
        parts = self.estate.parts(group, "staticMembers")
        return [key(self.estate.properties(rid).get("resourceId")) for rid in parts]

    def is_deployed(self, configuration: str) -> str:
        """Whether a configuration has been deployed: yes, no, or maybe where the input does not tell."""
        told = self.estate.properties(configuration).get("deployed")
        return "yes" if told is True else "no" if told is False else "maybe"

    def used_gateways(self, vnet: VNet) -> list[Gateway]:
        """The gateways whose routes a VNet learns: its own, or those of the one peer that lends them.

        https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
        """
        if vnet.gateways:
            return vnet.gateways
        for link in self.links(vnet):
            lends = link.reverse is not None and link.reverse.allows_transit
            if link.half is not None and link.half.uses_remote_gateways and lends and link.far is not None:
                return link.far.gateways
        return []

    def advertised(self, gateway: Gateway) -> list[Network]:
        """What a gateway tells the other side: its own VNet and those that use it."""
        found = list(gateway.vnet.spaces)
        for vnet in self.estate.vnets.values():
            if vnet is not gateway.vnet and gateway in self.used_gateways(vnet):
                found += vnet.spaces
        return found

    def beyond(self, gateway: Gateway) -> list[tuple[Gateway, Network]]:
        """The networks of other VNets that a gateway reaches: over a shared circuit, over a tunnel between gateways.

        https://learn.microsoft.com/azure/expressroute/expressroute-faqs
        """
        found = []
        for rid, other in self.estate.gateways.items():
            if other.vnet is gateway.vnet:
                continue
            # Both ends must forbid it; https://learn.microsoft.com/azure/expressroute/expressroute-howto-add-gateway-resource-manager
            is_forbidden = gateway.remote_vnet_traffic is False and other.remote_vnet_traffic is False
            shares = any(circuit in other.circuits for circuit in gateway.circuits) and not is_forbidden
            if shares:
                found += [(other, space) for space in self.advertised(other)]
            elif rid in gateway.far_gateways:
                found += [(other, space) for space in other.vnet.spaces]
        return found

    # Tags that depend on what a VNet is joined to

    def is_virtual_network(self, address: int, subnet: Subnet) -> str:
        """Whether the tag VirtualNetwork holds an address, for filters of this subnet: yes, no or maybe.

        https://learn.microsoft.com/azure/virtual-network/service-tags-overview
        """
        joined = self._is_joined(address, subnet)
        if joined == "yes" or address == PLATFORM_DNS:
            return "yes"
        # Choice: every user-defined prefix counts, whatever its next hop; of default routes those that do not lead to
        # the Internet, and they hold private addresses surely. Whether they hold the Internet's the page leaves open:
        # 'this tag might also contain default routes'.
        for route in self.fixed(subnet):
            is_meant = route.prefix.length != 0 or (route.kind != "Internet" and is_private(address))
            if route.source == "User" and is_meant and route.prefix.holds(address):
                return "yes"
        default = self._longest([route for route in self.fixed(subnet) if route.prefix.length == 0])
        return "maybe" if default.kind != "Internet" or joined == "maybe" else "no"

    def is_internet(self, address: int, subnet: Subnet) -> bool:
        """Whether the tag Internet holds an address: public, and no part of what the VNet is joined to.

        Choice: user-defined prefixes and default routes take nothing away from it.
        """
        if is_private(address) or address in (PLATFORM_DNS, number("169.254.169.254")):
            return False
        return self._is_joined(address, subnet) == "no"

    def _is_joined(self, address: int, subnet: Subnet) -> str:
        vnet = subnet.vnet
        if vnet.holds(address):
            return "yes"
        is_possible = False
        for link in self.links(vnet):
            spaces = link.half.spaces if link.half else link.far.spaces if link.far else []
            stored = any(space.holds(address) for space in spaces)
            current = link.far.holds(address) if link.far else stored
            if link.half is not None and not link.half.allows_access:
                continue  # the flag takes the peer out of the tag
            if stored and current and link.half is not None:
                return "yes"
            is_possible = is_possible or stored or current
        for far, is_sure in self.group_members(vnet):
            if far.holds(address):
                if is_sure:
                    return "yes"
                is_possible = True
        # Choice: networks behind a gateway belong to the tag even where the subnet does not learn their routes.
        for gateway in self.used_gateways(vnet):
            known = [*gateway.prefixes, *(space for _, space in self.beyond(gateway))]
            if any(prefix.length != 0 and prefix.holds(address) for prefix in known):
                return "yes"
        return "maybe" if is_possible else "no"

    # Routes

    def route(self, subnet: Subnet, target: int) -> Route | None:
        """The route that a packet from a subnet takes, or one that it may take; None where the input does not tell."""
        if subnet.route_table and not self.estate.get(subnet.route_table):
            return None
        matching = [route for route in self.fixed(subnet) if route.prefix.holds(target)]
        endpoint = self._endpoint_route(subnet, target, matching)
        if endpoint is not None:
            return endpoint
        checked = [self._checked(route, target) for route in matching] + self._unsynchronised(subnet, target)
        found = self._longest([route for route in checked if not route.is_doubtful])
        possible = self._longest(checked)
        if possible.is_doubtful:
            found = self.choose([possible, found])
        is_unrouted = found.kind == "None" and found.source == "Default"
        if is_unrouted and self.estate.vnet_of(target) is None and self._may_learn_more(subnet):
            return None
        return found

    def choose(self, options: list[Route]) -> Route:
        """One of several possible routes: the one that the script asks for, else the first.

        Whoever wants them all walks again with the next script, see `Simulator.answer`.
        """
        place = self.script[len(self.taken)] if len(self.taken) < len(self.script) else 0
        self.taken.append((place, len(options)))
        return options[place]

    def fixed(self, subnet: Subnet) -> list[Route]:
        """The routes of a subnet that do not depend on the packet."""
        if subnet.id not in self._fixed:
            self._fixed[subnet.id] = self._all(subnet)
        return self._fixed[subnet.id]

    def propagates(self, subnet: Subnet) -> bool:
        """Whether the subnet learns what gateways know; a gateway's own subnet always does."""
        p = self.estate.properties(subnet.route_table)
        return p.get("disableBgpRoutePropagation") is not True or subnet.name == "GatewaySubnet"

    def _all(self, subnet: Subnet) -> list[Route]:
        vnet = subnet.vnet
        users = []
        for rid in self.estate.parts(subnet.route_table, "routes") if subnet.route_table else ():
            p = self.estate.properties(rid)
            prefix = network(str(p.get("addressPrefix")))
            if prefix is not None:
                kind = {
                    "vnetlocal": "VnetLocal",
                    "virtualappliance": "VirtualAppliance",
                    "internet": "Internet",
                    "none": "None",
                    "virtualnetworkgateway": "VirtualNetworkGateway",
                }[p["nextHopType"].lower()]
                users.append(Route(prefix, kind, "User", str(p.get("nextHopIpAddress") or "")))  # fmt: skip
        found = [Route(space, "VnetLocal", "Default", far=vnet) for space in vnet.spaces]
        found.append(Route(EVERYTHING, "Internet", "Default"))
        # A default route of one's own takes the routes to nowhere away, and so does a VNet that holds the whole
        # range; one that equals it replaces it, which comes to the same.
        if not any(route.prefix.length == 0 for route in users):
            for block in PRIVATE:
                if not any(space.first <= block.first and block.last <= space.last for space in vnet.spaces):
                    found.append(Route(block, "None", "Default"))
        for link in self.links(vnet):
            spaces = link.half.spaces if link.half else link.far.spaces if link.far else []
            found += [Route(space, "VNetPeering", "Default", far=link.far) for space in spaces]
        for far, is_sure in self.group_members(vnet):
            found += [
                Route(space, "ConnectedGroup", "Default", far=far, is_doubtful=not is_sure)
                for space in far.spaces
            ]
        if self.propagates(subnet):
            for gateway in self.used_gateways(vnet):
                known = [*gateway.prefixes, *(space for _, space in self.beyond(gateway))]
                found += [Route(space, "VirtualNetworkGateway", "Gateway") for space in known]
        return found + users

    def _longest(self, routes: list[Route]) -> Route:
        """The longest prefix; then user-defined before learnt before system routes.

        Routes to the VNet, to peers and to service endpoints are preferred to learnt ones that are longer.
        """
        if any(r.source == "Default" and r.kind in KIND_RANK for r in routes):
            routes = [route for route in routes if route.source != "Gateway"]
        return min(routes, key=lambda r: (-r.prefix.length, RANK[r.source], KIND_RANK.get(r.kind, 3)))

    def _checked(self, route: Route, target: int) -> Route:
        """A peering's route is in doubt where the far VNet does not have (any more) what the peering says."""
        is_stale = route.kind == "VNetPeering" and route.far is not None and not route.far.holds(target)
        return route._replace(is_doubtful=True) if is_stale else route

    def _unsynchronised(self, subnet: Subnet, target: int) -> list[Route]:
        """Routes to what a peer has added and the peering does not know yet."""
        found = []
        for link in self.links(subnet.vnet):
            if link.half is None or link.far is None or any(s.holds(target) for s in link.half.spaces):
                continue
            for space in link.far.spaces:
                if space.holds(target):
                    found.append(Route(space, "VNetPeering", "Default", far=link.far, is_doubtful=True))
        return found

    def _endpoint_route(self, subnet: Subnet, target: int, matching: list[Route]) -> Route | None:
        """The /32 route to a private endpoint in the VNet or a peer, unless a route of one's own invalidates it.

        https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
        Choice: without that policy no user-defined route matters, not even one of 32 bits.
        """
        for nic in self.estate.nics.get(target, ()):
            vnet = nic.subnet.vnet
            if not nic.endpoint_status or not (vnet is subnet.vnet or self.link_to(subnet.vnet, vnet)):
                continue
            if nic.subnet.endpoint_policies.lower() in ("enabled", "routetableenabled"):
                length = max(space.length for space in vnet.spaces if space.holds(target))
                if any(route.source == "User" and route.prefix.length >= length for route in matching):
                    continue
            prefix = Network(target, target, 32)
            return Route(prefix, "InterfaceEndpoint", "Default", far=vnet, endpoint=nic)
        return None

    def _may_learn_more(self, subnet: Subnet) -> bool:
        """Whether a circuit may bring routes that no configuration tells: those of BGP."""
        gateways = self.used_gateways(subnet.vnet) if self.propagates(subnet) else []
        return any(gateway.circuits for gateway in gateways)
