"""Zones: what a boundary has on each side, as the places where packets begin and end.

Subnets where only the platform's own services stand (gateways, firewalls, Bastion, Route Server) are no zones: packets
pass through them, and what passes is judged between the zones that send and receive.
"""

from __future__ import annotations

from functools import cached_property

from diagramgen.analyse.addresses import INTERNET, Addresses
from diagramgen.analyse.reach import Zone
from diagramgen.analyse.security import Security
from diagramgen.model.topology import Topology

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
_RESERVED = {
    "gatewaysubnet", "azurefirewallsubnet", "azurefirewallmanagementsubnet", "azurebastionsubnet", "routeserversubnet",
}  # fmt: skip
"""Names that Azure keeps for its own services.

https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services
"""
_PASSED_THROUGH = {
    NET + "azurefirewalls", NET + "virtualnetworkgateways", NET + "bastionhosts", NET + "virtualhubs",
}  # fmt: skip


class Zones:
    """The zones of a topology."""

    def __init__(self, topology: Topology, addresses: Addresses, security: Security) -> None:
        self.topology = topology
        self.addresses = addresses
        self.security = security
        self._of_vnet: dict[str, tuple[Zone, ...]] = {}

    @cached_property
    def transit(self) -> frozenset[str]:
        """Subnets of the platform's own services."""
        services: dict[str, bool] = {}
        for resource in self.topology.resources.values():
            if resource.parent and resource.kind is not None and resource.kind.home in ("subnet", "hub"):
                is_passed = resource.type in _PASSED_THROUGH
                services[resource.parent] = services.get(resource.parent, True) and is_passed
            elif resource.type == NET + "virtualhubs" and resource.parent:
                services.setdefault(resource.parent, True)
        named = {s.id for s in self.topology.of_type(SUBNET) if s.name.lower() in _RESERVED}
        return frozenset(named | {subnet for subnet, only in services.items() if only})

    def subnet(self, subnet: str) -> Zone:
        """The zone of one subnet: its prefixes, or its interfaces alone where only they are protected."""
        resource = self.topology.resources[subnet]
        alone = self.security.nic_only(subnet)
        assumptions = ("ASSUME_NIC_ONLY",) if alone else ()
        if not alone and subnet in self.endpoints_alone:
            alone = self.security.endpoints_in.get(subnet, ())
        return Zone(
            subnet,
            "subnet",
            alone or self.addresses.subnet(subnet),
            subnet,
            resource.parent or "",
            assumptions,
        )

    @cached_property
    def endpoints_alone(self) -> frozenset[str]:
        """Subnets where nothing but private endpoints stands: nobody there begins a conversation."""
        others = set()
        for resource in self.topology.resources.values():
            if resource.parent and resource.type != NET + "privateendpoints":
                is_endpoints = resource.type == NET + "networkinterfaces" and resource.properties.get(
                    "privateEndpoint"
                )
                if not is_endpoints:
                    others.add(resource.parent)
        others |= self.security.unseen_in.keys()
        others |= {subnet.id for subnet in self.topology.of_type(SUBNET) if subnet.is_ghost}
        return frozenset(subnet for subnet in self.security.endpoints_in if subnet not in others)

    def of_vnet(self, vnet: str) -> tuple[Zone, ...]:
        """The zones of a VNet: its subnets but those passed through; the VNet itself where it has no subnets, or where
        the input does not tell all of them."""
        known = self._of_vnet.get(vnet)
        if known is None:
            subnets = self.addresses.subnets_of.get(vnet, ())
            known = tuple(self.subnet(s) for s in subnets if s not in self.transit)
            if not subnets or not self.topology.tells(vnet, "subnets"):
                known = (*known, Zone(vnet, "vnet", self.addresses.vnet(vnet), vnet, vnet))
            self._of_vnet[vnet] = known
        return known

    def site(self, site: str) -> Zone:
        """A site, or the clients of a point-to-site gateway."""
        return Zone(site, "site", self.addresses.sites.get(site, ()))

    @cached_property
    def internet(self) -> Zone:
        """Everything outside."""
        return Zone(INTERNET, "internet", self.addresses.internet)

    @cached_property
    def vnets(self) -> tuple[str, ...]:
        """Every VNet, sorted by id."""
        return tuple(vnet.id for vnet in self.topology.of_type(VNET))

    @cached_property
    def vnets_by_frame(self) -> dict[str, list[str]]:
        """The VNets in each subscription, or other frame round them; "" for those at the top."""
        found: dict[str, list[str]] = {}
        for vnet in self.topology.of_type(VNET):
            found.setdefault(vnet.parent or "", []).append(vnet.id)
        return found
