"""Interfaces: every IP configuration of the estate, its pools and public address, found from either side.

A pool lists its members' IP configurations, and these list their pools; a subnet lists the configurations in it; a
scale set only describes its interfaces, while a pool lists those of its instances. An export may hold any of these
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from diagramgen.analyse.addresses import NET, NIC, SUBNET, Addresses
from diagramgen.analyse.frontends.entries import Sku
from diagramgen.analyse.frontends.shapes import (
    body,
    mapping,
    numbered,
    part_id,
    part_name,
    place_of,
    sku_of,
    text,
)
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import Ranges, parse_addresses

PUBLIC_IP = NET + "publicipaddresses"
SCALE_SET = "microsoft.compute/virtualmachinescalesets"
_PROFILE = ("virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations")
_POOLS = (
    "loadBalancerBackendAddressPools",
    "applicationGatewayBackendAddressPools",
    "loadBalancerInboundNatRules",
    "loadBalancerInboundNatPools",
)


class Configuration(NamedTuple):
    """An IP configuration of an interface. `machine` has the interface, else it is the interface itself; `pools` are
    the pools, NAT rules and NAT pools that it names; `chained` is the Gateway Load Balancer that its traffic passes
    first. `is_known` is false where only its id is."""

    id: str
    nic: str
    machine: str
    subnet: str
    addresses: Ranges
    public_ip: str = ""
    sku: Sku = "unknown"
    is_forwarding: bool = False
    pools: tuple[str, ...] = ()
    chained: str = ""
    place: Place = NOWHERE
    is_known: bool = True


class Interfaces:
    """The IP configurations of a topology."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        self.topology = topology
        self.addresses = addresses

    def configuration(self, cid: str) -> Configuration:
        """The IP configuration with this id; what its id alone tells where the input does not hold it."""
        for name in (
            cid,
            self._of_instance(cid),
            cid.replace("/nic/ipconfigurations/", "/ipconfigurations/"),
        ):
            if (
                name in self.configurations
            ):  # the last: what a spec's pool calls an interface without a machine
                return self.configurations[name]
        nic = cid.split("/ipconfigurations/")[0]
        subnet = self.subnet_listing.get(cid, "")
        return Configuration(cid, nic, nic, subnet, self.addresses.subnet(subnet), is_known=False)

    @cached_property
    def configurations(self) -> Mapping[str, Configuration]:
        """Every one by id; one that a scale set describes stands for those of all its instances."""
        found: dict[str, Configuration] = {}
        for resource in self.topology.resources.values():
            if resource.type == NIC:
                found |= {c.id: c for c in self._of_interface(resource)}
            elif resource.type == SCALE_SET:
                found |= {c.id: c for c in self._of_profile(resource)}
        return found

    @cached_property
    def members(self) -> Mapping[str, list[str]]:
        """The IP configurations that say of a pool, NAT rule or NAT pool that they are in it."""
        found: dict[str, list[str]] = defaultdict(list)
        for configuration in self.configurations.values():
            for pool in configuration.pools:
                found[pool].append(configuration.id)
        return found

    @cached_property
    def of_nic(self) -> Mapping[str, list[Configuration]]:
        """The IP configurations of each interface."""
        found: dict[str, list[Configuration]] = defaultdict(list)
        for configuration in self.configurations.values():
            found[configuration.nic].append(configuration)
        return found

    @cached_property
    def at_number(self) -> Mapping[int, list[Configuration]]:
        """The IP configurations that have an address, in every network that has it."""
        found: dict[int, list[Configuration]] = defaultdict(list)
        for configuration in self.configurations.values():
            for low, high in configuration.addresses:
                if low == high:
                    found[low].append(configuration)
        return found

    def sku(self, public_ip: str) -> Sku:
        """The SKU of a public IP; `unknown` where its body is not in the input."""
        found = self.topology.resources.get(public_ip)
        return (
            "unknown" if found is None else sku_of(found.envelope.get("sku") or found.properties.get("sku"))
        )

    def _of_interface(self, nic: Resource) -> Iterator[Configuration]:
        told = list(numbered(nic.properties.get("ipConfigurations")))
        machine = key(nic.properties.get("virtualMachine")) or nic.id
        owner = self.topology.resources.get(machine)
        is_nva = owner is not None and owner.type == "diagramgen/nva"
        whole = self.addresses.nic(nic.id)
        for number, item in told:
            p = body(item)
            own = parse_addresses(text(p.get("privateIPAddress"))) if len(told) > 1 else None
            public_ip = key(p.get("publicIPAddress"))
            yield Configuration(
                part_id(nic.id, "ipconfigurations", item),
                nic.id,
                machine,
                key(p.get("subnet")) or self._parent_subnet(nic),
                own or whole,
                public_ip,
                self.sku(public_ip),
                is_nva or nic.properties.get("enableIPForwarding") is True,
                _pools(p),
                key(p.get("gatewayLoadBalancer")),
                place_of(nic, "ipConfigurations", number),
            )

    def _of_profile(self, scale_set: Resource) -> Iterator[Configuration]:
        for number, interface in numbered(at(scale_set.properties, *_PROFILE)):
            nic = f"{scale_set.id}/networkinterfaces/{number}"
            told = body(interface)
            for order, item in numbered(told.get("ipConfigurations")):
                p = body(item)
                cid = f"{nic}/ipconfigurations/{part_name(item)}"
                public = p.get("publicIPAddressConfiguration")
                yield Configuration(
                    cid,
                    nic,
                    scale_set.id,
                    key(p.get("subnet")),
                    self.addresses.nic(nic),
                    f"{cid}/publicipaddresses/{part_name(public)}" if isinstance(public, Mapping) else "",
                    sku_of(mapping(public).get("sku")),
                    told.get("enableIPForwarding") is True,
                    _pools(p),
                    key(p.get("gatewayLoadBalancer")),
                    place_of(scale_set, *_PROFILE, number, "properties", "ipConfigurations", order),
                )

    def _of_instance(self, cid: str) -> str:
        """For the configuration of one instance of a scale set, that of the scale set's profile."""
        scale_set, found, rest = cid.partition("/virtualmachines/")
        steps = rest.split("/")
        if not found or len(steps) != 5:
            return ""
        return f"{self._profile_nics.get((scale_set, steps[2]), '')}/ipconfigurations/{steps[4]}"

    @cached_property
    def _profile_nics(self) -> Mapping[tuple[str, str], str]:
        """By scale set and name of the interface, the id that stands for it in all instances."""
        return {
            (scale_set.id, part_name(interface)): f"{scale_set.id}/networkinterfaces/{number}"
            for scale_set in self.topology.of_type(SCALE_SET)
            for number, interface in numbered(at(scale_set.properties, *_PROFILE))
        }

    @cached_property
    def subnet_listing(self) -> Mapping[str, str]:
        """For each IP configuration that a subnet lists, that subnet."""
        return {
            cid: subnet.id
            for subnet in self.topology.of_type(SUBNET)
            for cid in keys(subnet.properties.get("ipConfigurations"))
        }

    def _parent_subnet(self, resource: Resource) -> str:
        parent = self.topology.resources.get(resource.parent or "")
        return parent.id if parent is not None and parent.type == SUBNET else ""


def _pools(told: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(pool for name in _POOLS for pool in keys(told.get(name)))
