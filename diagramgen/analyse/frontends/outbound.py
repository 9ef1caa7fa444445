"""Egress: by which public address machines of a subnet reach the Internet, where their route leads there.

A NAT gateway serves the whole subnet and comes before all else. Without one, each machine has the public address of
its own, else the outbound rules of its balancer, else what Azure gives to machines in subnets that are not private.
https://learn.microsoft.com/azure/nat-gateway/nat-overview#nat-gateway-configurations
https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import NamedTuple

from diagramgen.analyse.addresses import NET, Addresses
from diagramgen.analyse.frontends.entries import Egress
from diagramgen.analyse.frontends.estate import LOAD_BALANCER, Estate
from diagramgen.analyse.frontends.interfaces import SCALE_SET, Configuration
from diagramgen.analyse.frontends.load_balancers import pool_members, public_ip_of
from diagramgen.analyse.frontends.shapes import (
    body,
    is_of_spec,
    listed,
    part_id,
    part_name,
    place_of,
    sku_of,
    word,
)
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import key, keys, last_segment
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES, Ranges, overlap

_DEDICATED = frozenset(
    NET + kind
    for kind in (
        "applicationgateways",
        "azurefirewalls",
        "bastionhosts",
        "virtualnetworkgateways",
        "virtualhubs",
    )
)
_RESERVED = frozenset({
    "azurefirewallsubnet", "azurefirewallmanagementsubnet", "azurebastionsubnet", "gatewaysubnet", "routeserversubnet",
})  # fmt: skip
"""Services that have a subnet to themselves, and names that Azure keeps for them: no machine stands there.

https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services
"""


class _Outbound(NamedTuple):
    """A balancer's way out for an interface."""

    balancer: str
    place: Place
    is_sure: bool


def egress(
    topology: Topology, addresses: Addresses, subnet: str, source: Ranges = NO_RANGES
) -> tuple[Egress, ...]:
    """The ways out of a subnet, or of the machine there that has the address `source`, by kind and id, never none:
    `none` where machines have no way out, `unknown` where the subnet's body is not in the input. Routes and NSGs are
    not looked at."""
    ways = _ways(addresses) if addresses.topology is topology else Ways(topology, addresses)
    return ways.out_of(subnet, source)


@lru_cache(maxsize=1)
def _ways(addresses: Addresses) -> Ways:
    """One estate's ways, kept while its subnets are asked for one by one."""
    return Ways(addresses.topology, addresses)


class Ways:
    """The ways out of the subnets of a topology."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        self.estate = Estate(topology, addresses)
        self._outbound = _outbound(self.estate)

    def out_of(self, subnet: str, source: Ranges = NO_RANGES) -> tuple[Egress, ...]:
        """See `egress`."""
        resource = self.estate.get(subnet)
        if resource is None or not (resource.properties or is_of_spec(resource)):
            return (Egress(subnet, "unknown", subnet, resource.place if resource else NOWHERE, False),)
        gateway = self._nat_gateway(resource)
        if gateway is not None:
            return (gateway,)
        machines = self._in.get(subnet, [])
        if source:
            machines = [c for c in machines if overlap(self.estate.addresses.nic(c.nic), source)]
        ways = [*self._explicit(resource, machines), *(() if source else self._of_firewalls(resource))]
        found = {(way.kind, way.id): way for way in ways}
        if self._has_default(resource, machines):
            place = place_of(resource, "defaultOutboundAccess")
            found["default", subnet] = Egress(subnet, "default", subnet, place)
        none = Egress(subnet, "none", subnet, place_of(resource, "defaultOutboundAccess"))
        return tuple(found[way] for way in sorted(found)) or (none,)

    def _nat_gateway(self, subnet: Resource) -> Egress | None:
        rid = self.estate.topology.nat_gateway_of.get(subnet.id, "")
        if not rid:
            return None
        gateway = self.estate.get(rid)
        if gateway is None:
            return Egress(subnet.id, "nat-gateway", rid, place_of(subnet, "natGateway"), False)
        has_address = any("publicip" in name.lower() and value for name, value in gateway.properties.items())
        is_sure = (has_address or is_of_spec(gateway)) and not gateway.is_conditional
        return Egress(subnet.id, "nat-gateway", rid, gateway.place, is_sure)

    def _explicit(self, subnet: Resource, machines: Sequence[Configuration]) -> Iterator[Egress]:
        """Public addresses of machines, and balancers for machines without one."""
        for configuration in machines:
            if configuration.public_ip:
                yield Egress(subnet.id, "public-ip", configuration.public_ip, configuration.place)
            elif not self._has_public_ip(configuration):
                for way in self._outbound.get(configuration.nic, ()):
                    yield Egress(subnet.id, "load-balancer", way.balancer, way.place, way.is_sure)

    def _of_firewalls(self, subnet: Resource) -> Iterator[Egress]:
        """What a firewall sends on from here."""
        for firewall in self.estate.of_type(NET + "azurefirewalls"):
            for ip in (
                self.estate.topology.public_ips_of.get(firewall.id, ())
                if firewall.parent == subnet.id
                else ()
            ):
                yield Egress(subnet.id, "public-ip", ip, firewall.place)

    def _has_default(self, subnet: Resource, machines: Sequence[Configuration]) -> bool:
        """Whether machines there may have the address that Azure gives unasked: some machine has no other way, or
        none is known yet."""
        is_private = subnet.properties.get("defaultOutboundAccess") is False
        if is_private or subnet.name.lower() in _RESERVED or subnet.id in self._dedicated:
            return False
        return not machines or any(
            not (self._has_public_ip(c) or self._outbound.get(c.nic) or self._is_without_default(c))
            for c in machines
        )

    @cached_property
    def _dedicated(self) -> Set[str]:
        """Subnets in which a service stands that shares its subnet with nobody."""
        return {r.parent or "" for kind in _DEDICATED for r in self.estate.topology.of_type(kind)}

    @cached_property
    def _in(self) -> Mapping[str, list[Configuration]]:
        """The IP configurations of machines by subnet; a private endpoint or service opens no connections."""
        found: dict[str, list[Configuration]] = defaultdict(list)
        for configuration in self.estate.configurations.values():
            if not self._is_managed(configuration.nic):
                found[configuration.subnet].append(configuration)
        return found

    def _is_managed(self, nic: str) -> bool:
        resource = self.estate.get(nic)
        p = resource.properties if resource is not None else {}
        return bool(key(p.get("privateEndpoint")) or key(p.get("privateLinkService")))

    def _has_public_ip(self, told: Configuration) -> bool:
        """Whether any interface of the machine has one: that ends its default access."""
        return any(c.public_ip for c in self._of_machine.get(told.machine, ()))

    @cached_property
    def _of_machine(self) -> Mapping[str, list[Configuration]]:
        found: dict[str, list[Configuration]] = defaultdict(list)
        for configuration in self.estate.configurations.values():
            found[configuration.machine].append(configuration)
        return found

    def _is_without_default(self, told: Configuration) -> bool:
        """Machines that Azure gives no address: of flexible scale sets, and behind an internal Standard balancer.

        https://learn.microsoft.com/azure/load-balancer/load-balancer-overview#secure-by-default
        """
        machine = self.estate.get(told.machine)
        if machine is None:
            return False
        scale_set = machine if machine.type == SCALE_SET else self.estate.get(
            key(machine.properties.get("virtualMachineScaleSet")))  # fmt: skip
        if scale_set is not None and word(scale_set.properties.get("orchestrationMode")) == "flexible":
            return True
        return any(self._is_internal(pool) for pool in (*told.pools, *self._pools_listing.get(told.id, ())))

    @cached_property
    def _pools_listing(self) -> Mapping[str, list[str]]:
        """The pools of balancers that list an IP configuration, which may not say so itself."""
        found: dict[str, list[str]] = defaultdict(list)
        for balancer in self.estate.of_type(LOAD_BALANCER):
            for item, _ in self.estate.parts(balancer, "backendAddressPools"):
                for cid in keys(body(item).get("backendIPConfigurations")):
                    pool = part_id(balancer.id, "backendaddresspools", item)
                    found[self.estate.configuration(cid).id].append(pool)
        return found

    def _is_internal(self, pool: str) -> bool:
        balancer = self.estate.get(pool.split("/backendaddresspools/")[0])
        if balancer is None or balancer.type != LOAD_BALANCER:
            return False
        fronts = [body(f) for f in listed(balancer.properties.get("frontendIPConfigurations"))]
        is_standard = sku_of(balancer.envelope.get("sku")) == "standard"
        return is_standard and bool(fronts) and not any(public_ip_of(front) for front in fronts)


def _outbound(estate: Estate) -> Mapping[str, list[_Outbound]]:
    """For each interface the balancers whose public frontends it may use for connections of its own."""
    found: dict[str, list[_Outbound]] = defaultdict(list)
    for balancer in estate.of_type(LOAD_BALANCER):
        parts = estate.parts(balancer, "frontendIPConfigurations")
        public = {part_name(item) for item, _ in parts if public_ip_of(body(item))}
        if not public:
            continue
        pools = {part_name(item): item for item, _ in estate.parts(balancer, "backendAddressPools")}
        for pool, way in _pools_out(estate, balancer, public, pools):
            item = pools.get(last_segment(pool), {"id": pool})
            for cid in pool_members(estate, part_id(balancer.id, "backendaddresspools", item), body(item)):
                found[estate.configuration(cid).nic].append(way)
    return found


def _pools_out(
    estate: Estate, balancer: Resource, public: Set[str], pools: Iterable[str]
) -> Iterator[tuple[str, _Outbound]]:
    """The pools (ids) that go out by a balancer: by an outbound rule, and by a load balancing rule that does not forbid
    it. Where no rules are told, all may."""
    is_told = False
    for collection, front_key in (("outboundRules", "frontendIPConfigurations"), ("loadBalancingRules", "")):
        is_told |= collection in balancer.properties
        for item, place in estate.parts(balancer, collection):
            is_told = True
            p = body(item)
            if isinstance(item.get("properties"), str):
                yield from ((pool, _Outbound(balancer.id, place, False)) for pool in pools)
                continue
            fronts = keys(p.get(front_key)) or keys([p.get("frontendIPConfiguration")])
            if (
                public & {last_segment(front) for front in fronts}
                and p.get("disableOutboundSnat") is not True
            ):
                way = _Outbound(balancer.id, place, True)
                yield from (
                    (pool, way)
                    for pool in (*keys([p.get("backendAddressPool")]), *keys(p.get("backendAddressPools")))
                )
    if not is_told:
        yield from ((pool, _Outbound(balancer.id, balancer.place, False)) for pool in pools)
