"""Estate: what the inventory looks up: resources and their children and parts, where they stand, who has which
public address or host name, and which VNets are near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from diagramgen.analyse.addresses import NET, NIC, SUBNET, VNET
from diagramgen.analyse.frontends.interfaces import PUBLIC_IP, Interfaces
from diagramgen.analyse.frontends.shapes import (
    body,
    listed,
    mapping,
    numbered,
    part_name,
    place_of,
    text,
    texts,
    word,
)
from diagramgen.located import Place
from diagramgen.model.references import at, key, vnet_of_subnet
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import Ranges, normal, parse_addresses

HUB = NET + "virtualhubs"
LOAD_BALANCER = NET + "loadbalancers"


class Estate(Interfaces):
    """A topology with its addresses, and indexes over them, each built when first asked for."""

    def get(self, rid: str) -> Resource | None:
        """The resource whose body the input holds; None for a ghost too."""
        found = self.topology.resources.get(rid)
        return None if found is None or found.is_ghost else found

    def of_type(self, kind: str) -> list[Resource]:
        """The resources of a type that the input holds, in the order of their ids."""
        return self._by_type.get(kind, [])

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.topology.resources.values():
            if not resource.is_ghost:
                found[resource.type].append(resource)
        return found

    def children(self, owner: str, segment: str) -> list[Resource]:
        """The child resources of an owner whose type ends in `segment`, in the order of their ids."""
        return [child for child in self._children.get(owner, ()) if child.type.endswith("/" + segment)]

    @cached_property
    def _children(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.topology.resources.values():
            owner = key(resource.envelope.get("parent"))
            if owner:
                found[owner].append(resource)
        return found

    def parts(self, owner: Resource, collection: str) -> list[tuple[Mapping[str, Any], Place]]:
        """The parts in a collection of an owner, those that are resources of their own too, with their places."""
        found = [
            (item, place_of(owner, collection, number))
            for number, item in numbered(owner.properties.get(collection))
        ]
        known = {part_name(item) for item, _ in found}
        for child in self.children(owner.id, collection.lower()):
            if child.name.lower() not in known:
                found.append(
                    ({"id": child.id, "name": child.name, "properties": child.properties}, child.place)
                )
        return found

    # Where things stand

    def stands(self, resource: Resource) -> tuple[str, str]:
        """The VNet (or virtual hub) and the subnet in which a resource stands, "" where it does in none."""
        parent = self.topology.resources.get(resource.parent or "")
        if parent is not None and parent.type == SUBNET:
            return self.vnet_of(parent.id), parent.id
        if parent is not None and parent.type in (HUB, VNET):
            return parent.id, ""
        return "", ""

    def vnet_of(self, subnet: str) -> str:
        """The VNet of a subnet."""
        found = self.topology.resources.get(subnet)
        return found.parent if found is not None and found.parent else vnet_of_subnet(subnet)

    def near(self, vnet: str) -> tuple[frozenset[str], ...]:
        """The VNets to which an address that is used in a VNet or virtual hub may belong, nearest first: itself, those
        that it is joined to, and all. Addresses occur in several VNets, so that an address alone names nothing."""
        if vnet not in self._near:
            self._near[vnet] = self._nearest(vnet)
        return self._near[vnet]

    @cached_property
    def _near(self) -> dict[str, tuple[frozenset[str], ...]]:
        return {}

    def _nearest(self, vnet: str) -> tuple[frozenset[str], ...]:
        joined = {end for p in self.topology.peerings if vnet in (p.a, p.b) for end in (p.a, p.b)}
        joined |= {c.vnet for c in self.topology.hub_connections if c.hub == vnet}
        everything = {v.id for v in self.topology.of_type(VNET)}
        return frozenset({vnet}), frozenset(joined - {vnet}), frozenset(everything - joined - {vnet})

    @cached_property
    def residents(self) -> Mapping[int, list[Resource]]:
        """The firewalls, gateways and services that tell a private address as their own."""
        found: dict[int, list[Resource]] = defaultdict(list)
        for resource in self.topology.resources.values():
            for low, high in _told_addresses(resource) if resource.type != NIC else ():
                if low == high:
                    found[low].append(resource)
        return found

    @cached_property
    def private_fronts(self) -> Mapping[int, list[tuple[Resource, str, str]]]:
        """By their address the frontends of balancers that stand in subnets: balancer, frontend's name, VNet."""
        found: dict[int, list[tuple[Resource, str, str]]] = defaultdict(list)
        for balancer in self.of_type(LOAD_BALANCER):
            for item, _ in self.parts(balancer, "frontendIPConfigurations"):
                p = body(item)
                for low, _high in parse_addresses(text(p.get("privateIPAddress"))) or ():
                    found[low].append((balancer, part_name(item), self.vnet_of(key(p.get("subnet")))))
        return found

    # Public addresses and names

    @cached_property
    def holders(self) -> Mapping[str, str]:
        """For each public IP, the resource that has it: for an interface's, the interface."""
        found: dict[str, str] = {}
        for configuration in self.configurations.values():
            if configuration.public_ip:
                found[configuration.public_ip] = configuration.nic
        for rid, ips in self.topology.public_ips_of.items():
            resource = self.topology.resources.get(rid)
            if resource is not None and resource.type != NET + "natgateways":
                for ip in ips:
                    found.setdefault(ip, rid)
        return found

    @cached_property
    def hosts(self) -> Mapping[str, str]:
        """The ids of public IPs and services by their public address and host names, in lower case."""
        found: dict[str, str] = {}
        for resource in self.topology.resources.values():
            for host in _host_names(resource):
                found.setdefault(host, resource.id)
        return found


def _told_addresses(resource: Resource) -> Ranges:
    p = resource.properties
    told = [at(p, "hubIPAddresses", "privateIPAddress"), *texts(p.get("privateIPAddresses"))]
    for name in ("ipConfigurations", "frontendIPConfigurations"):
        told += [body(configuration).get("privateIPAddress") for configuration in listed(p.get(name))]
    return normal(r for value in told for r in parse_addresses(text(value)) or ())


def _host_names(resource: Resource) -> Iterator[str]:
    p = resource.properties
    if resource.type == PUBLIC_IP:
        yield from filter(None, (text(p.get("ipAddress")), word(at(p, "dnsSettings", "fqdn"))))
    elif resource.type == NET + "trafficmanagerprofiles":
        yield from filter(None, (word(at(p, "dnsConfig", "fqdn")),))
    elif resource.kind is not None and resource.kind.home == "service":
        yield from filter(None, map(_host_of, _service_names(p)))


def _service_names(p: Mapping[str, Any]) -> Iterator[object]:
    """Names and URLs of a service's public side."""
    for name in ("defaultHostName", "hostName", "vaultUri", "gatewayUrl", "fullyQualifiedDomainName"):
        yield p.get(name)
    yield p.get("loginServer")
    for name in ("hostNames", "enabledHostNames"):
        yield from texts(p.get(name))
    yield from mapping(p.get("primaryEndpoints")).values()
    yield from (item.get("hostName") for item in listed(p.get("hostnameConfigurations")))


def _host_of(value: object) -> str:
    """The host of a URL, or a host name itself.

    >>> _host_of("https://Shop.blob.core.windows.net/"), _host_of("nonsense")
    ('shop.blob.core.windows.net', '')
    """
    name = word(value)
    host = (name.partition("://")[2] or name).split("/")[0].split(":")[0]
    return host if "." in host else ""
