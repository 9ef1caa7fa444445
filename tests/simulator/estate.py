"""The resources of an estate, found by id, with the few things looked up that the simulator asks for again and again.

Nothing is concluded here: what Azure makes of it stands in `filters`, `routes`, `firewall` and `walk`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.addresses import Network, network, number

Json = Mapping[str, Any]
NET = "microsoft.network/"


@dataclass(eq=False)
class Peering:
    """One half: what the VNet that owns it says. `reverse` is the other VNet's half, None where it is absent."""

    remote: str
    state: str
    spaces: list[Network]
    allows_access: bool
    allows_forwarded: bool
    allows_transit: bool
    uses_remote_gateways: bool
    reverse: Peering | None = None

    @property
    def is_connected(self) -> bool:
        """Only Connected on both sides carries traffic; an absent side tells nothing against this one."""
        return self.state == "connected" and (self.reverse is None or self.reverse.state == "connected")


@dataclass(eq=False)
class Gateway:
    """A virtual network gateway, and what its connections lead to."""

    vnet: VNet
    subnet: Subnet
    kind: str
    prefixes: list[Network] = field(default_factory=list)
    circuits: list[str] = field(default_factory=list)
    far_gateways: list[str] = field(default_factory=list)
    remote_vnet_traffic: bool | None = None


@dataclass(eq=False)
class VNet:
    id: str
    location: str
    spaces: list[Network]
    subnets: list[Subnet] = field(default_factory=list)
    peerings: list[Peering] = field(default_factory=list)
    gateways: list[Gateway] = field(default_factory=list)

    def holds(self, address: int) -> bool:
        return any(space.holds(address) for space in self.spaces)


@dataclass(eq=False)
class Subnet:
    id: str
    name: str
    vnet: VNet
    prefixes: list[Network]
    nsg: str
    route_table: str
    has_nat_gateway: bool
    endpoint_policies: str
    has_default_outbound: bool

    def holds(self, address: int) -> bool:
        return any(prefix.holds(address) for prefix in self.prefixes)


@dataclass(eq=False)
class Nic:
    """What has one private address in a subnet. `endpoint_status` is "" but for private endpoints."""

    id: str
    subnet: Subnet
    address: int
    nsg: str
    asgs: frozenset[str]
    forwards: bool
    public_skus: list[str]
    endpoint_status: str = ""
    frontends: list[tuple[str, str, int, int]] = field(
        default_factory=list
    )  # sku, protocol, front and back port
    has_outbound_rule: bool = False


class Estate:
    """An estate by its resources: `vnets`, `subnets`, `nics` by address, `firewalls` by address ..."""

    def __init__(self, resources: Sequence[Json]) -> None:
        self.resources: dict[str, Json] = {}
        self.children: dict[tuple[str, str], list[str]] = {}
        for resource in resources:
            self._take(resource)
        self.vnets = {rid: self._vnet(rid) for rid in self.of_type("virtualnetworks")}
        self.subnets = {subnet.id: subnet for vnet in self.vnets.values() for subnet in vnet.subnets}
        for vnet in self.vnets.values():
            for peering in vnet.peerings:
                far = self.vnets.get(peering.remote)
                halves = far.peerings if far else []
                peering.reverse = next((half for half in halves if half.remote == vnet.id), None)
        self.nics: dict[int, list[Nic]] = {}
        self._take_nics()
        self._take_load_balancers()
        self.firewalls: dict[int, list[tuple[str, Subnet]]] = {}
        self._take_firewalls()
        self.gateways: dict[str, Gateway] = {}
        self._take_gateways()

    def get(self, rid: str) -> Json:
        return self.resources.get(rid, {})

    def properties(self, rid: str) -> Json:
        return self.get(rid).get("properties") or {}

    def of_type(self, name: str) -> list[str]:
        return [rid for rid, found in self.resources.items() if _type(found) == NET + name]

    def parts(self, rid: str, segment: str) -> list[str]:
        return self.children.get((rid, segment.lower()), [])

    def vnet_of(self, address: int) -> VNet | None:
        return next((vnet for vnet in self.vnets.values() if vnet.holds(address)), None)

    def subnet_of(self, address: int) -> Subnet | None:
        return next((subnet for subnet in self.subnets.values() if subnet.holds(address)), None)

    def nic_of(self, address: int, vnet: VNet) -> Nic | None:
        return next((nic for nic in self.nics.get(address, ()) if nic.subnet.vnet is vnet), None)

    def _take(self, resource: Json) -> None:
        """Keeps a resource and, as resources of their own, the children inside its properties."""
        rid = key(resource)
        kept = self.resources.setdefault(rid, resource)
        if kept is not resource and len(str(resource)) > len(str(kept)):
            self.resources[rid] = resource  # the same child, told twice: the one that tells more
        head, _, _ = rid.rpartition("/")
        parent, _, segment = head.rpartition("/")
        listed = self.children.setdefault((parent, segment), [])
        if rid not in listed:
            listed.append(rid)
        for collection in ("subnets", "virtualNetworkPeerings", "securityRules", "routes"):
            for child in (resource.get("properties") or {}).get(collection) or ():
                if not isinstance(child, Mapping) or "properties" not in child:
                    continue  # a mere reference: an NSG and a route table name their subnets
                if not child.get("id"):
                    child = {**child, "id": f"{rid}/{collection}/{child.get('name')}"}
                self._take(child)

    def _vnet(self, rid: str) -> VNet:
        p = self.properties(rid)
        spaces = networks((p.get("addressSpace") or {}).get("addressPrefixes"))
        vnet = VNet(rid, str(self.get(rid).get("location") or "").lower(), spaces)
        for subnet in self.parts(rid, "subnets"):
            vnet.subnets.append(self._subnet(subnet, vnet))
        for part in self.parts(rid, "virtualNetworkPeerings"):
            half = self.properties(part)
            # Routes follow what the peering has synchronised, not what the remote VNet holds by now:
            # https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
            stored = half.get("remoteAddressSpace") or half.get("remoteVirtualNetworkAddressSpace") or {}
            far = key(half.get("remoteVirtualNetwork"))
            current = (self.properties(far).get("addressSpace") or {}).get("addressPrefixes")
            vnet.peerings.append(Peering(
                far, str(half.get("peeringState") or "").lower(), networks(stored.get("addressPrefixes") or current),
                half.get("allowVirtualNetworkAccess") is not False, half.get("allowForwardedTraffic") is True,
                half.get("allowGatewayTransit") is True, half.get("useRemoteGateways") is True,
            ))  # fmt: skip
        return vnet

    def _subnet(self, rid: str, vnet: VNet) -> Subnet:
        p = self.properties(rid)
        prefixes = networks([p.get("addressPrefix"), *(p.get("addressPrefixes") or ())])
        return Subnet(
            rid, str(self.get(rid).get("name")), vnet, prefixes, key(p.get("networkSecurityGroup")),
            key(p.get("routeTable")), bool(p.get("natGateway")),
            # absent means Disabled: https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
            str(p.get("privateEndpointNetworkPolicies") or "Disabled"),
            # absent means the old default: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
            p.get("defaultOutboundAccess") is not False,
        )  # fmt: skip

    def _take_nics(self) -> None:
        for rid in self.of_type("networkinterfaces"):
            p = self.properties(rid)
            for configuration in _configurations(p):
                subnet = self.subnets.get(key(configuration.get("subnet")))
                address = configuration.get("privateIPAddress")
                if subnet is None or not address:
                    continue
                public = self.get(key(configuration.get("publicIPAddress")))
                nic = Nic(
                    rid, subnet, number(address), key(p.get("networkSecurityGroup")),
                    frozenset(key(asg) for asg in configuration.get("applicationSecurityGroups") or ()),
                    p.get("enableIPForwarding") is True,
                    [str((public.get("sku") or {}).get("name") or "Basic")] if public else [],
                    self._endpoint_status(rid),
                )  # fmt: skip
                self.nics.setdefault(nic.address, []).append(nic)

    def _endpoint_status(self, nic: str) -> str:
        for rid in self.of_type("privateendpoints"):
            p = self.properties(rid)
            if nic in [key(one) for one in p.get("networkInterfaces") or ()]:
                for name in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
                    for connection in p.get(name) or ():
                        shaped = connection.get("properties") or {}
                        state = shaped.get("privateLinkServiceConnectionState") or {}
                        return str(state.get("status") or "Approved")
        return ""

    def _take_load_balancers(self) -> None:
        """Gives each NIC the public frontends that lead to it."""
        for rid in self.of_type("loadbalancers"):
            p = self.properties(rid)
            sku = str((self.get(rid).get("sku") or {}).get("name") or "Basic")
            public = {
                key(front)
                for front in p.get("frontendIPConfigurations") or ()
                if (front.get("properties") or {}).get("publicIPAddress")
            }
            for pool in p.get("backendAddressPools") or ():
                members = {
                    key(one).split("/ipconfigurations/")[0]
                    for one in (pool.get("properties") or {}).get("backendIPConfigurations") or ()
                }
                for nic in [nic for nics in self.nics.values() for nic in nics if nic.id in members]:
                    for rule in _shaped(p.get("loadBalancingRules")):
                        pools = key(rule.get("backendAddressPool")) == key(pool)
                        if pools and key(rule.get("frontendIPConfiguration")) in public:
                            protocol = str(rule.get("protocol")).lower()
                            nic.frontends.append((sku, protocol, rule["frontendPort"], rule["backendPort"]))
                    for rule in _shaped(p.get("outboundRules")):
                        if key(rule.get("backendAddressPool")) == key(pool):
                            nic.has_outbound_rule = True

    def _take_firewalls(self) -> None:
        for rid in self.of_type("azurefirewalls"):
            for configuration in _configurations(self.properties(rid)):
                subnet = self.subnets.get(key(configuration.get("subnet")))
                address = configuration.get("privateIPAddress")
                if subnet is not None and address:
                    self.firewalls.setdefault(number(address), []).append((rid, subnet))

    def _take_gateways(self) -> None:
        for rid in self.of_type("virtualnetworkgateways"):
            p = self.properties(rid)
            for configuration in _configurations(p)[:1]:
                subnet = self.subnets.get(key(configuration.get("subnet")))
                if subnet is not None:
                    allowed = p.get("allowRemoteVnetTraffic")
                    gateway = Gateway(subnet.vnet, subnet, str(p.get("gatewayType")).lower())
                    gateway.remote_vnet_traffic = allowed if isinstance(allowed, bool) else None
                    pool = (p.get("vpnClientConfiguration") or {}).get("vpnClientAddressPool") or {}
                    gateway.prefixes += networks(pool.get("addressPrefixes"))
                    self.gateways[rid] = gateway
                    subnet.vnet.gateways.append(gateway)
        for rid in self.of_type("connections"):
            p = self.properties(rid)
            near, far = key(p.get("virtualNetworkGateway1")), key(p.get("virtualNetworkGateway2"))
            for one, other in ((near, far), (far, near)):
                if one in self.gateways and other:
                    self.gateways[one].far_gateways.append(other)
            if near in self.gateways:
                site = (
                    self.properties(key(p.get("localNetworkGateway2"))).get("localNetworkAddressSpace") or {}
                )
                self.gateways[near].prefixes += networks(site.get("addressPrefixes"))
                if key(p.get("peer")):
                    self.gateways[near].circuits.append(key(p.get("peer")))


def key(value: object) -> str:
    """The lower-case id of a resource or of a reference to one; "" where there is none."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value.strip().lower().rstrip("/") if isinstance(value, str) else ""


def networks(texts: object) -> list[Network]:
    """The IPv4 networks among the texts of a list."""
    listed = texts if isinstance(texts, list | tuple) else ()
    return [found for text in listed if isinstance(text, str) and (found := network(text)) is not None]


def _type(resource: Json) -> str:
    return str(resource.get("type") or "").lower()


def _configurations(properties: Json) -> list[Json]:
    return _shaped(properties.get("ipConfigurations"))


def _shaped(listed: object) -> list[Json]:
    return list(_each(listed))


def _each(listed: object) -> Iterator[Json]:
    for one in listed if isinstance(listed, list | tuple) else ():
        yield one.get("properties") or {}
