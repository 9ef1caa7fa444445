"""Addresses: which numbers of the axis each thing of an estate has.

Things with prefixes have those. What has an address that the input does not tell (a machine without one, a VNet of a
sketch without an address space, a site whose prefixes BGP would tell, a service's public endpoint) gets a NAMELESS
address of its own, together with the ranges in which it must lie. So a rule for a network matches a nameless address
surely where the network holds all of those ranges, possibly where it holds some, and never where it holds none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from diagramgen.model.references import at, items, key, keys, listed
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    IPV4,
    IPV6,
    IPV6_BASE,
    NAMELESS_BASE,
    NAMELESS_EITHER,
    NO_RANGES,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    union,
)

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
NIC = NET + "networkinterfaces"
_FOR_CLIENTS = (NET + "virtualnetworkgateways", NET + "p2svpngateways")
ON_PREMISES = "on-premises"
INTERNET = "internet"


def _parsed(*texts: str) -> Ranges:
    return normal(r for text in texts for r in parse_addresses(text) or ())


def read_prefixes(*values: object) -> tuple[Ranges, bool]:
    """The addresses of prefixes in any shape (texts, lists of texts), and whether all could be read.

    >>> read_prefixes("10.0.0.0/30", None, ["10.0.0.4/30"])
    (((167772160, 167772167),), True)
    >>> read_prefixes(["10.0.0.0/30", 7])
    (((167772160, 167772163),), False)
    """
    found: list[tuple[int, int]] = []
    is_whole = True
    for ranges in _each_prefix(values):
        found += ranges or ()
        is_whole = is_whole and ranges is not None
    return normal(found), is_whole


def _each_prefix(values: Iterable[object]) -> Iterator[Ranges | None]:
    """Each prefix by itself; None for one that cannot be read."""
    for value in values:
        if value is None or value == "":
            continue
        for text in value if isinstance(value, list | tuple) else (value,):
            yield parse_addresses(text) if isinstance(text, str) else None


PRIVATE: Ranges = _parsed("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""RFC 1918, RFC 6598, RFC 4193."""
_NOT_PUBLIC = union(
    PRIVATE, _parsed("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "168.63.129.16/32")
)
PUBLIC: Ranges = union(difference(IPV4, _NOT_PUBLIC), _parsed("2000::/3"))
"""What the Internet routes, before an estate takes its own share."""
PLATFORM = _parsed("168.63.129.16/32", "169.254.169.254/32")
"""DNS, DHCP, health probes; instance metadata.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""


class Nameless(NamedTuple):
    """A nameless address: its number, whose it is, the ranges in which it lies, and service tags that hold it."""

    number: int
    owner: str
    within: Ranges
    tags: frozenset[str] = frozenset()


class Addresses:
    """The addresses of a topology. Look-ups by id give Ranges; unknown ids give none."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.nameless: dict[str, Nameless] = {}
        self._vnets: dict[str, Ranges] = {}
        self._told: dict[str, tuple[Ranges, ...]] = {}
        self._subnets: dict[str, Ranges] = {}
        self._nics: dict[str, Ranges] = {}
        self._expanded: dict[Ranges, tuple[Ranges, Ranges]] = {}
        self.subnets_of: dict[str, list[str]] = defaultdict(list)
        self.nics_in: dict[str, list[str]] = defaultdict(list)
        self._read_networks()
        self._read_interfaces()

    # Look-ups

    def vnet(self, vnet: str) -> Ranges:
        """The whole address space of a VNet, with the nameless addresses in it."""
        return self._vnets.get(vnet, NO_RANGES)

    def subnet(self, subnet: str) -> Ranges:
        """The prefixes of a subnet and the nameless addresses in it."""
        return self._subnets.get(subnet, NO_RANGES)

    def nic(self, nic: str) -> Ranges:
        """The private addresses of a network interface."""
        return self._nics.get(nic, NO_RANGES)

    def resource(self, rid: str) -> Ranges:
        """The private addresses of anything: a network, an interface, a machine, a firewall, an endpoint, a site."""
        for found in (self._vnets.get(rid), self._subnets.get(rid), self._nics.get(rid)):
            if found:
                return found
        if rid in self.sites:
            return self.sites[rid]
        resource = self.topology.resources.get(rid)
        if resource is None:
            return NO_RANGES
        ranges: Ranges = NO_RANGES
        for nic in self.nics_of.get(rid, ()):
            ranges = union(ranges, self.nic(nic))
        return ranges or private_addresses(resource) or self._anonymous(rid)

    def prefixes(self, *ids: str) -> tuple[Ranges, ...]:
        """The address spaces of VNets and sites as they are told, prefix by prefix, as routes know them: two halves of
        a network are two prefixes. What lies outside of all comes in pieces of its own."""
        found: list[Ranges] = []
        for rid in ids:
            told = self._told.get(rid, ())
            rest = self._vnets.get(rid) or self.sites.get(rid, NO_RANGES)
            for piece in told:
                rest = difference(rest, piece)
            found += [*told, *((piece,) for piece in rest)]
        return tuple(found)

    def _anonymous(self, rid: str) -> Ranges:
        known = self.nameless.get(rid)
        return ((known.number, known.number),) if known else NO_RANGES

    def expand(self, ranges: Ranges) -> tuple[Ranges, Ranges]:
        """The addresses that a prefix of a rule matches surely, and those that it may match: nameless ones too."""
        found = self._expanded.get(ranges)
        if found is None:
            sure = [n.number for n in self.nameless.values() if n.within and covers(ranges, n.within)]
            possible = [n.number for n in self.nameless.values()
                        if not n.within or overlap(ranges, n.within)]  # fmt: skip
            found = (
                union(ranges, normal((n, n) for n in sure)) if sure else ranges,
                union(ranges, normal((n, n) for n in possible)) if possible else ranges,
            )
            self._expanded[ranges] = found
        return found

    def may_be_held(self, ranges: Ranges) -> bool:
        """Whether something whose address is not told may have one of these."""
        return any(
            not nameless.within or overlap(nameless.within, ranges) for nameless in self.nameless.values()
        )

    def who_else(self, number: int, subnet: str) -> tuple[int, ...]:
        """The nameless addresses in a subnet of which one may be this very address, whose owner is not told."""
        here: Ranges = ((number, number),)
        if number >= NAMELESS_BASE or number in self._told_numbers:
            return ()
        within = self._subnets.get(subnet, NO_RANGES)
        return tuple(n.number for n in self.nameless.values() if n.owner != subnet and overlap(
            within, ((n.number, n.number),)) and (not n.within or overlap(n.within, here)))  # fmt: skip

    @cached_property
    def _told_numbers(self) -> frozenset[int]:
        """The addresses whose owner is told."""
        told = list(self._nics.values())
        told += [private_addresses(resource) for resource in self.topology.resources.values()]
        return frozenset(low for ranges in told for low, high in ranges if low == high)

    def owner_of(self, number: int, vnets: frozenset[str]) -> str:
        """The id of the subnet, in one of `vnets`, that holds an address; "" where none does."""
        for vnet in sorted(vnets):
            for subnet in self.subnets_of.get(vnet, ()):
                if overlap(self._subnets[subnet], ((number, number),)):
                    return subnet
        return ""

    @cached_property
    def nics_of(self) -> dict[str, list[str]]:
        """The interfaces of each machine, private endpoint and whatever else names or owns some."""
        found: dict[str, list[str]] = defaultdict(list)
        for nic in self._nics:
            resource = self.topology.resources.get(nic)
            if resource is None:
                continue
            for name in ("virtualMachine", "privateEndpoint", "privateLinkService"):
                owner = key(resource.properties.get(name))
                if owner:
                    found[owner].append(nic)
        for resource in self.topology.resources.values():
            named = keys(at(resource.properties, "networkProfile", "networkInterfaces"))
            if resource.type == NET + "privateendpoints":
                named = keys(resource.properties.get("networkInterfaces"))
            for nic in named:
                if nic in self._nics and nic not in found[resource.id]:
                    found[resource.id].append(nic)
        return found

    @cached_property
    def sites(self) -> dict[str, Ranges]:
        """The prefixes of each site, local network and VPN site by id; a nameless address where none are told. The
        clients of a point-to-site gateway stand under the gateway's id."""
        found: dict[str, Ranges] = {}
        for site in self.topology.sites:
            told = list(filter(None, map(parse_addresses, site.prefixes)))
            ranges = _own(told)
            for rid, _, _, _ in site.machines:
                resource = self.topology.resources.get(rid)
                if resource is not None:
                    own = list(_each_prefix(_site_prefixes(resource)))
                    self._told[rid] = tuple(filter(None, own))
                    told += self._told[rid]
                    far = _own(self._told[rid])
                    is_whole = None not in own
                    if far:
                        far = far if is_whole else union(far, self._name(rid, NO_RANGES))
                        found[rid] = far
                        ranges = union(ranges, far)
                if self.topology.is_exported(rid) and rid not in found:
                    found[rid] = self._name(rid, NO_RANGES)
                    ranges = union(ranges, found[rid])
            self._told[site.id] = tuple(told)
            found[site.id] = ranges or self._name(site.id, NO_RANGES)
        for resource in self.topology.resources.values():
            pools = filter(None, _each_prefix(_client_pools(resource)))
            if resource.type in _FOR_CLIENTS and (told := list(pools)):
                self._told[resource.id] = tuple(told)
                found[resource.id] = _own(told)
        return found

    @cached_property
    def on_premises(self) -> Ranges:
        """Everything on premises."""
        return normal(r for ranges in self.sites.values() for r in ranges)

    @cached_property
    def internet(self) -> Ranges:
        """The addresses of the Internet: public ones that no VNet and no site of the estate uses."""
        own = normal(r for ranges in (*self._vnets.values(), self.on_premises) for r in ranges)
        return difference(PUBLIC, own)

    def service(self, rid: str, tags: frozenset[str]) -> Ranges:
        """The nameless public address of a platform service, which lies in its service tags (lower case)."""
        if rid not in self.nameless:
            self._name(rid, intersection(PUBLIC, IPV4), tags)
        return self._anonymous(rid)

    def _name(self, owner: str, within: Ranges, tags: frozenset[str] = frozenset()) -> Ranges:
        if owner not in self.nameless:
            is_ipv4 = bool(within) and within[-1][1] < IPV6_BASE
            first = NAMELESS_BASE if is_ipv4 else NAMELESS_EITHER
            number = first + 2 * len(self.nameless)  # apart, so that two never join into one range
            self.nameless[owner] = Nameless(number, owner, within, tags)
            self._expanded.clear()
        return self._anonymous(owner)

    # Reading

    def _read_networks(self) -> None:
        resources = self.topology.resources
        for resource in resources.values():
            if resource.type == VNET:
                space = resource.properties.get("addressSpace")
                told = at(space, "addressPrefixes") if isinstance(space, Mapping) else space
                ranges, is_whole = read_prefixes(told)
                self._told[resource.id] = tuple(filter(None, _each_prefix([told])))
                if (
                    not ranges or not is_whole or resource.is_ghost
                ):  # a peering need not tell all of a far space
                    ranges = union(ranges, self._name(resource.id, NO_RANGES))
                self._vnets[resource.id] = ranges
        for resource in resources.values():
            if resource.type != SUBNET or not resource.parent:
                continue
            vnet = resource.parent
            self.subnets_of[vnet].append(resource.id)
            ranges, is_whole = subnet_prefixes(resource)
            if not ranges or not is_whole:
                ranges = union(ranges, self._name(resource.id, self._within(vnet)))
            self._subnets[resource.id] = ranges
            if not covers(self._vnets.get(vnet, NO_RANGES), ranges):
                self._vnets[vnet] = union(self._vnets.get(vnet, NO_RANGES), ranges)

    def _within(self, network: str) -> Ranges:
        """The ranges in which something without an address must lie that is in a VNet or subnet; none where the space
        of that is not told either."""
        if network in self.nameless and network not in self._subnets:
            return NO_RANGES
        space = self._subnets.get(network) or self._vnets.get(network, NO_RANGES)
        told = tuple(r for r in space if r[0] < NAMELESS_BASE)
        if network not in self.nameless:
            return told
        rest = self.nameless[network].within
        return union(told, rest) if rest else NO_RANGES

    def _read_interfaces(self) -> None:
        for resource in self.topology.resources.values():
            if resource.type == NIC:
                self._read_interface(resource)
            elif resource.type == "microsoft.compute/virtualmachinescalesets":
                self._read_scale_set(resource)
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            subnet = key(endpoint.properties.get("subnet")) or endpoint.parent or ""
            named = any(nic in self._nics for nic in keys(endpoint.properties.get("networkInterfaces")))
            if subnet in self._subnets and not named and not private_addresses(endpoint):
                self._in_subnet(endpoint.id, subnet)

    def _read_interface(self, nic: Resource) -> None:
        ranges: Ranges = NO_RANGES
        subnet = ""
        configurations, is_whole = listed(nic.properties.get("ipConfigurations"))
        for configuration in configurations:
            subnet = subnet or key(at(configuration, "properties", "subnet"))
            address, is_read = read_prefixes(at(configuration, "properties", "privateIPAddress"))
            ranges, is_whole = union(ranges, address), is_whole and is_read
        endpoint = self.topology.resources.get(key(nic.properties.get("privateEndpoint")))
        told = key(endpoint.properties.get("subnet")) if endpoint is not None else ""
        subnet = subnet or told or (nic.parent or "")
        machine = self.topology.resources.get(key(nic.properties.get("virtualMachine")))
        several = machine is not None and isinstance(machine.envelope.get("count"), int)
        if not ranges or not is_whole or (several and machine is not None and machine.envelope["count"] > 1):
            ranges = union(ranges, self._in_subnet(nic.id, subnet))
        self._nics[nic.id] = ranges
        if subnet in self._subnets:
            self.nics_in[subnet].append(nic.id)
            self._hold(subnet, ranges)

    def _read_scale_set(self, scale_set: Resource) -> None:
        """Interfaces that a scale set only describes: each gets a nameless address in its subnet."""
        profile = at(scale_set.properties, "virtualMachineProfile", "networkProfile")
        for number, configuration in enumerate(items(at(profile, "networkInterfaceConfigurations"))):
            subnet = key(at(configuration, "properties", "ipConfigurations", "*", "properties", "subnet"))
            if subnet in self._subnets:
                nic = f"{scale_set.id}/networkinterfaces/{number}"
                self._nics[nic] = self._in_subnet(nic, subnet)
                self.nics_in[subnet].append(nic)

    def _in_subnet(self, owner: str, subnet: str) -> Ranges:
        """A nameless address in a subnet, of which the subnet and its VNet then hold the number."""
        ranges = self._name(owner, self._within(subnet))
        self._hold(subnet, ranges)
        return ranges

    def _hold(self, subnet: str, ranges: Ranges) -> None:
        """Lets a subnet and its VNet have the addresses of what stands there: the prefixes of both may not be told."""
        if subnet not in self._subnets or covers(self._subnets[subnet], ranges):
            return
        self._subnets[subnet] = union(self._subnets[subnet], ranges)
        resource = self.topology.resources.get(subnet)
        vnet = (resource.parent or "") if resource is not None else ""
        self._vnets[vnet] = union(self._vnets.get(vnet, NO_RANGES), ranges)


def subnet_prefixes(subnet: Resource) -> tuple[Ranges, bool]:
    """The prefixes of a subnet, from the singular field and the plural one, and whether all could be read."""
    return read_prefixes(subnet.properties.get("addressPrefix"), subnet.properties.get("addressPrefixes"))


def private_addresses(resource: Resource) -> Ranges:
    """The private addresses that a resource's own IP configurations tell: firewalls, gateways, load balancers."""
    found: list[str] = []
    p = resource.properties
    for name in ("ipConfigurations", "frontendIPConfigurations"):
        for configuration in items(p.get(name)):
            address = at(configuration, "properties", "privateIPAddress") or at(
                configuration, "privateIPAddress"
            )
            if _is_text(address):
                found.append(address)
    hub = at(p, "hubIPAddresses", "privateIPAddress")
    if _is_text(hub):
        found.append(hub)
    if resource.type == NET + "privateendpoints":
        for configuration in items(p.get("customDnsConfigs")):
            found += filter(_is_text, items(at(configuration, "ipAddresses")))
    return _parsed(*found)


def _client_pools(gateway: Resource) -> list[object]:
    """The prefixes of which the clients of a point-to-site gateway get their addresses.

    https://learn.microsoft.com/azure/vpn-gateway/point-to-site-about
    """
    p = gateway.properties
    parts = [
        *items(p.get("p2SConnectionConfigurations")),
        *items(at(p, "vpnClientConfiguration", "vngClientConnectionConfigurations")),
    ]
    owners = [p.get("vpnClientConfiguration"), *(at(part, "properties") for part in parts)]
    return [at(owner, "vpnClientAddressPool", "addressPrefixes") for owner in owners]


def _site_prefixes(resource: Resource) -> tuple[object, ...]:
    p = resource.properties
    return (at(p, "localNetworkAddressSpace", "addressPrefixes") or at(p, "addressSpace", "addressPrefixes"),)


def _own(prefixes: Iterable[Ranges]) -> Ranges:
    """What a site has of its own: a default route sends everything there, and makes nothing a part of it."""
    return normal(r for prefix in prefixes if prefix not in (IPV4, IPV6) for r in prefix)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
