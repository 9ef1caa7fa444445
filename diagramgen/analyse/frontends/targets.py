"""Targets: what an entry leads to, from an IP configuration, an id or a private address; balancers are not followed."""

from __future__ import annotations

from collections.abc import Iterable

from diagramgen.analyse.addresses import SUBNET, VNET
from diagramgen.analyse.frontends.entries import Target
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.interfaces import Configuration
from diagramgen.model.references import type_of_id, vnet_of_subnet
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, Ranges, covers, parse_addresses, union


def of_configurations(estate: Estate, cids: Iterable[str], services: Ranges) -> list[Target]:
    """The targets of IP configurations, those of one interface as one."""
    found: dict[str, Target] = {}
    for cid in cids:
        target = _of_configuration(estate, estate.configuration(cid), services)
        found[target.id] = merged(found[target.id], target) if target.id in found else target
    return list(found.values())


def _of_configuration(estate: Estate, told: Configuration, services: Ranges) -> Target:
    vnet = estate.vnet_of(told.subnet) if told.subnet else ""
    return Target(told.nic, told.subnet, vnet, told.addresses, services, told.is_known)


def of_thing(estate: Estate, rid: str, services: Ranges) -> list[Target]:
    """The targets that an id names: the interfaces of a machine, a subnet, a network, a gateway, a service."""
    nics = [rid] if rid in estate.of_nic else sorted(estate.addresses.nics_of.get(rid, ()))
    nics += [nic for nic in estate.of_nic if nic.startswith(rid + "/networkinterfaces/") and nic not in nics]
    found = of_configurations(estate, (c.id for nic in nics for c in estate.of_nic.get(nic, ())), services)
    if found:
        return found
    resource = estate.get(rid)
    if resource is None:
        return [_absent(estate, rid, services)]
    if resource.type == SUBNET:
        return [Target(rid, rid, estate.vnet_of(rid), estate.addresses.subnet(rid), services)]
    if resource.type == VNET:
        return [Target(rid, "", rid, estate.addresses.vnet(rid), services)]
    return [of_resident(estate, resource, services)]


def of_resident(estate: Estate, resource: Resource, services: Ranges) -> Target:
    """A resource that stands in a subnet with addresses that Azure gives it there, or a service outside networks.

    A gateway's instances may have any address of their subnet.
    """
    vnet, subnet = estate.stands(resource)
    own = estate.addresses.subnet(subnet) if subnet else NO_RANGES
    return Target(resource.id, subnet, vnet, own, services)


def _absent(estate: Estate, rid: str, services: Ranges) -> Target:
    """What only an id tells: of a subnet and what is in a subnet's list, where it stands."""
    if type_of_id(rid) == SUBNET:
        return Target(rid, rid, vnet_of_subnet(rid), estate.addresses.subnet(rid), services, False)
    vnet = rid if type_of_id(rid) == VNET else ""
    return Target(rid, "", vnet, estate.addresses.vnet(vnet), services, False)


def at_address(estate: Estate, address: str, vnet: str, services: Ranges) -> Target:
    """The target that has a private address, as one sees it from a VNet or hub; the subnet or the bare address where
    its body is not in the input, or where two networks that are equally near both have it."""
    number = parse_addresses(address)
    if not number:
        return Target(address, "", "", NO_RANGES, services, False)
    holders = _holders(estate, number, services)
    for vnets in estate.near(vnet):
        found = [target for target in holders if target.vnet in vnets]
        if not found:
            found = [
                Target(subnet, subnet, v, number, services, False)
                for v in sorted(vnets)
                for subnet in estate.addresses.subnets_of.get(v, ())
                if covers(estate.addresses.subnet(subnet), number)
            ]
        if found:
            return found[0] if len(found) == 1 else Target(address, "", "", number, services, False)
    return Target(address, "", "", number, services, False)


def _holders(estate: Estate, number: Ranges, services: Ranges) -> list[Target]:
    """The interfaces that have an address, and where none has it, whatever else tells it as its own."""
    told = estate.at_number.get(number[0][0], ())
    found = [_of_configuration(estate, configuration, services) for configuration in told]
    if not found:
        found = [
            of_resident(estate, resource, services) for resource in estate.residents.get(number[0][0], ())
        ]
    return [target._replace(addresses=number) for target in found]


def merged(a: Target, b: Target) -> Target:
    """Two tellings of one target as one."""
    return a._replace(
        addresses=union(a.addresses, b.addresses),
        services=union(a.services, b.services),
        is_known=a.is_known and b.is_known,
        is_private_link=a.is_private_link and b.is_private_link,
    )
