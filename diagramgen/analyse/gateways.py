"""Gateways: what the virtual network gateways of a VNet reach: sites, VNets behind other gateways, VNets that share an
ExpressRoute circuit, and point-to-site clients.

Connections that are configured count; whether they are up is not judged.

https://learn.microsoft.com/azure/expressroute/expressroute-faqs (VNets on one circuit reach each other)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from diagramgen.analyse.addresses import Addresses
from diagramgen.located import Place
from diagramgen.model.references import at, flag, key, keys, may_mean, word
from diagramgen.model.topology import Connection, Resource, Topology
from diagramgen.model.traffic import IPV4, Ranges, normal, parse_addresses
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
GATEWAY = NET + "virtualnetworkgateways"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"


class Reached(NamedTuple):
    """Addresses behind a gateway: of a `site`, or of another `vnet` (with the VNets that use its gateway)."""

    ranges: Ranges
    gateway: str
    site: str
    vnet: str
    circuit: str
    text: str
    place: Place
    is_sure: bool = True


class Gateways:
    """The gateways of a topology, by the VNet that holds them. One that the input lacks may stand in any VNet that has
    a subnet for it, or of which the input holds nothing."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        self.topology = topology
        self.addresses = addresses
        self.home: dict[str, tuple[str, str]] = {}  # gateway or VNet that a spec connects -> VNet, subnet
        self.unseen: dict[
            str, dict[str, str]
        ] = {}  # gateway that is named and absent -> VNets where it may be, subnet
        for gateway in topology.of_type(GATEWAY):
            subnet = (
                key(at(gateway.properties, "ipConfigurations", "*", "properties", "subnet")) or gateway.parent
            )
            vnet = self._vnet_of(subnet or "")
            if vnet:
                self.home[gateway.id] = (vnet, subnet or "")
        for network in topology.of_type(SUBNET):
            for configuration in keys(network.properties.get("ipConfigurations")):
                # A gateway that the input lacks, known from the subnet in which it stands.
                if "/virtualnetworkgateways/" in configuration and network.parent:
                    self.home.setdefault(
                        configuration.split("/ipconfigurations/")[0], (network.parent, network.id)
                    )
        for connection in topology.connections:
            resource = topology.resources.get(connection.b)
            if resource is not None and resource.type == NET + "virtualnetworks":
                self.home.setdefault(resource.id, (resource.id, self._gateway_subnet(resource.id)))
            elif resource is not None and resource.type == SUBNET and resource.parent:
                self.home.setdefault(resource.id, (resource.parent, resource.id))

        for rid in self._unseen_ids():
            self.unseen[rid] = self._places_for(rid)

    def _unseen_ids(self) -> list[str]:
        """The gateways that connections name and of which nothing else is known."""
        ends = {connection.b for connection in self.topology.connections}
        ends |= {
            c.a
            for c in self.topology.connections
            if c.kind in ("vnet-to-vnet", "other") or not is_unknown(c.a)
        }
        ends |= {gateway.id for gateway in self.topology.of_type(GATEWAY)}
        return sorted(end for end in ends if _is_gateway(end) and end not in self.home
                      and self._hub_of(end) == "")  # fmt: skip

    def _hub_of(self, gateway: str) -> str:
        resource = self.topology.resources.get(gateway)
        return key(resource.properties.get("virtualHub")) if resource is not None else ""

    def _places_for(self, gateway: str) -> dict[str, str]:
        """The VNets where a gateway may stand, with its subnet there: in one there is one for VPN and one for
        ExpressRoute at most, and none where the gateway of a peer is used.

        https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
        """
        kinds = {c.kind == "expressroute" for c in self.topology.connections if gateway in (c.a, c.b)}
        users = {half.id.rsplit("/virtualnetworkpeerings/", 1)[0] for p in self.topology.peerings
                 for half in (p.a_half, p.b_half) if half is not None and half.uses_remote_gateways is True
                 and not half.is_conditional}  # fmt: skip
        found = {}
        for vnet in self.topology.of_type(VNET):
            subnet = self._gateway_subnet(vnet.id)
            taken = {self._is_expressroute(rid) for rid, (home, _) in self.home.items() if home == vnet.id}
            if not self._may_stand(gateway, subnet, vnet.id):
                continue
            if vnet.is_ghost or (subnet != vnet.id and vnet.id not in users and not kinds <= taken):
                found[vnet.id] = subnet
        return found

    def _may_stand(self, gateway: str, subnet: str, vnet: str) -> bool:
        """Whether a gateway whose subnet is not known may stand in a VNet, as far as is told of it."""
        resource = self.topology.resources.get(gateway)
        told = (
            key(at(resource.properties, "ipConfigurations", "*", "properties", "subnet")) if resource else ""
        )
        return not told or may_mean(told, subnet if subnet != vnet else vnet + "/subnets/gatewaysubnet")

    def _is_expressroute(self, gateway: str) -> bool | None:
        resource = self.topology.resources.get(gateway)
        told = word(resource.properties, "gatewayType") if resource is not None else None
        return told == "expressroute" if told else None

    def of(self, vnet: str) -> tuple[str, ...]:
        """The gateways in a VNet, and those that may be there."""
        return self._by_vnet.get(vnet, ())

    @cached_property
    def vnets(self) -> tuple[str, ...]:
        """The VNets with gateways, or in which some may be, sorted."""
        return tuple(sorted(self._by_vnet))

    def subnet_of(self, gateway: str, vnet: str) -> str:
        """The subnet of a gateway in a VNet; the VNet itself where that is not told."""
        if gateway in self.home:
            return self.home[gateway][1]
        return self.unseen.get(gateway, {}).get(vnet, vnet)

    def reached(self, vnet: str, advertised: Callable[[str], Ranges]) -> list[Reached]:
        """Everything that the gateways of a VNet reach; `advertised` gives what a VNet's gateways tell others."""
        found = []
        for gateway in self.of(vnet):
            resource = self.topology.resources.get(gateway)
            is_seen = gateway in self.home and not (resource is not None and resource.is_conditional)
            for connection in self._connections.get(gateway, ()):
                over = self._over(connection, gateway, vnet, advertised)
                found += (
                    over
                    if is_seen
                    and gateway in (connection.a, connection.b)
                    and not self._may_be_absent(connection)
                    else [reached._replace(is_sure=False) for reached in over]
                )
            if resource is None:
                continue
            clients = self.addresses.sites.get(gateway, ())
            if clients:
                found.append(
                    Reached(
                        clients, gateway, gateway, "", "", "point-to-site clients", resource.place, is_seen
                    )
                )
        return found

    def _over(
        self, connection: Connection, gateway: str, vnet: str, advertised: Callable[[str], Ranges]
    ) -> list[Reached]:
        far = connection.b if connection.a == gateway and connection.b != gateway else connection.a
        text = f"{connection.kind} {connection.label or far.rsplit('/', 1)[-1]}"
        if far in self.home or far in self.unseen:
            others = self.unseen[far] if far in self.unseen else (self.home[far][0],)
            return [Reached(advertised(other), gateway, "", other, "", f"VNet-to-VNet with {other.rsplit('/', 1)[-1]}",
                            connection.place, far in self.home)
                    for other in others if other != vnet]  # fmt: skip
        found = []
        if far in self.addresses.sites:
            found.append(Reached(self.addresses.sites[far], gateway, far, "", "", text, connection.place))
            told = self.topology.resources.get(far)
            if "/localnetworkgateways/" in far and (told is None or told.is_ghost):
                # Its prefixes may be all of them.
                found.append(Reached(IPV4, gateway, far, "", "", text, connection.place, False))
        circuit = connection.circuit or (far if "/expressroutecircuits/" in far else "")
        for other_gateway, other, place in self._on_circuit.get(circuit, ()):
            if other != vnet and other_gateway != gateway:
                is_seen = other_gateway in self.home
                flags = [self._lets_remote_vnets(gateway), self._lets_remote_vnets(other_gateway)]
                if flags != [False, False]:
                    found.append(Reached(
                        advertised(other), gateway, "", other, circuit,
                        f"ExpressRoute circuit {circuit.rsplit('/', 1)[-1]} shared with {other.rsplit('/', 1)[-1]}",
                        place, False not in flags and is_seen,
                    ))  # fmt: skip
        return found

    def _lets_remote_vnets(self, gateway: str) -> bool | None:
        resource = self.topology.resources.get(gateway)
        return flag(resource.properties, "allowRemoteVnetTraffic") if resource is not None else None

    def _may_be_absent(self, connection: Connection) -> bool:
        known = map(
            self.topology.resources.get, (connection.id, connection.a, connection.b, connection.circuit)
        )
        return any(resource is not None and resource.is_conditional for resource in known)

    @cached_property
    def _connections(self) -> Mapping[str, list[Connection]]:
        found: dict[str, list[Connection]] = defaultdict(list)
        for connection in self.topology.connections:
            for end in {connection.a, connection.b}:
                if end in self.home or end in self.unseen:
                    found[end].append(connection)
                if end in self.unseen and is_unknown(end):
                    for gateway in self.home:  # it may be any of them
                        if may_mean(end, gateway):
                            found[gateway].append(
                                connection._replace(a=connection.a if end == connection.b else gateway)
                            )
        return found

    @cached_property
    def _on_circuit(self) -> Mapping[str, list[tuple[str, str, Place]]]:
        """The gateways on each circuit with their VNets."""
        found: dict[str, list[tuple[str, str, Place]]] = defaultdict(list)
        for gateway, connections in sorted(self._connections.items()):
            for connection in connections:
                far = connection.b if connection.a == gateway else connection.a
                circuit = connection.circuit or (far if "/expressroutecircuits/" in far else "")
                homes = self.unseen[gateway] if gateway in self.unseen else (self.home[gateway][0],)
                found[circuit] += [(gateway, home, connection.place) for home in homes if circuit]
        return found

    @cached_property
    def _by_vnet(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for gateway, (vnet, _) in sorted(self.home.items()):
            found[vnet].append(gateway)
        for gateway, places in self.unseen.items():
            for vnet in places:
                found[vnet].append(gateway)
        return {vnet: tuple(gateways) for vnet, gateways in found.items()}

    def _gateway_subnet(self, vnet: str) -> str:
        for subnet in self.addresses.subnets_of.get(vnet, ()):
            if self.topology.resources[subnet].name.lower() == "gatewaysubnet":
                return subnet
        return vnet

    def _vnet_of(self, subnet: str) -> str:
        resource: Resource | None = self.topology.resources.get(subnet)
        if resource is None:
            return ""
        return (resource.parent or "") if resource.type == SUBNET else subnet


def _is_gateway(end: str) -> bool:
    """Whether the end of a connection is a virtual network gateway, or may be."""
    return "/virtualnetworkgateways/" in end or (is_unknown(end) and "/" not in end)


def _parsed(prefixes: object) -> Ranges:
    texts = [text for text in prefixes if isinstance(text, str)] if isinstance(prefixes, list | tuple) else []
    return normal(r for text in texts for r in parse_addresses(text) or ())
