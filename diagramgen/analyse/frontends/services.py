"""Entries of managed services: Bastion, VPN gateways, API Management, AKS, Traffic Manager and others.

Those whose callers prove who they are (Bastion, VPN) are ways in all the same; what they lead to is decided inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagramgen.analyse.addresses import NET
from diagramgen.analyse.frontends.entries import Frontend, FrontendKind, Target
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.resolve import of_host, of_resource
from diagramgen.analyse.frontends.shapes import (
    HTTPS,
    WEB,
    body,
    listed,
    mapping,
    port_number,
    ports,
    text,
    texts,
    word,
)
from diagramgen.analyse.frontends.targets import of_thing
from diagramgen.analyse.frontends.telling import platform_rule
from diagramgen.model.references import at, key
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import (
    ESP,
    NO_RANGES,
    TCP_PORTS,
    Ranges,
    normal,
    parse_addresses,
    parse_service,
    union,
)

Reader = Callable[[Estate, Resource], Iterator[Frontend]]
_ADMIN = parse_service("tcp", "22,3389")
_IKE: Ranges = union(parse_service("udp", "500,4500"), ((ESP, ESP),))
"""https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq"""


def services(estate: Estate) -> Iterator[Frontend]:
    """The ways in through managed services."""
    for kind, read in _READERS.items():
        for resource in estate.of_type(kind):
            yield from read(estate, resource)


def _entry(
    estate: Estate, owner: Resource, kind: FrontendKind, listens: Ranges, targets: tuple[Target, ...],
    public_ips: tuple[str, ...] = (), sources: Ranges | None = None, stands: tuple[str, str] | None = None,
    is_sure: bool = True, waf: bool = False, part: str = "",
) -> Frontend:  # fmt: skip
    """The entry of a service, which ends its callers' connections. `waf`: it carries web traffic, with no WAF."""
    rid = f"{owner.id}/{part}" if part else owner.id
    skus = {estate.sku(ip) for ip in public_ips}
    rule = platform_rule(estate, owner, rid, part, listens, public_ips, targets, owner.place, sources)
    return Frontend(
        rid, rule.name, kind, *(stands or estate.stands(owner)), public_ips,
        skus.pop() if len(skus) == 1 else "unknown", listens, sources, targets, "none" if waf else "", "", False,
        owner.place, rule, is_sure, owner.id,
    )  # fmt: skip


def _public_ips(estate: Estate, owner: Resource) -> tuple[str, ...]:
    return estate.topology.public_ips_of.get(owner.id, ())


def _addresses(values: object) -> Ranges | None:
    """The addresses of a list of networks; None where it names none, and where one cannot be read."""
    found = [parse_addresses(value) for value in texts(values)]
    known = [ranges for ranges in found if ranges is not None]
    return normal(r for ranges in known for r in ranges) if known and len(known) == len(found) else None


def _bastion(estate: Estate, bastion: Resource) -> Iterator[Frontend]:
    """Admins come by TLS, and Bastion goes on to the machines of its VNet; what it reaches in others is not told here.

    https://learn.microsoft.com/azure/bastion/bastion-overview
    https://learn.microsoft.com/azure/bastion/private-only-deployment
    """
    vnet, subnet = estate.stands(bastion)
    vnet = vnet or key(bastion.properties.get("virtualNetwork"))
    public_ips = _public_ips(estate, bastion)
    rules = listed(at(bastion.properties, "networkAcls", "ipRules"))
    sources = _addresses([rule.get("addressPrefix") for rule in rules])
    if bastion.properties.get("enablePrivateOnlyBastion") is True:
        sources = NO_RANGES
    targets = tuple(of_thing(estate, vnet, _ADMIN)) if vnet else ()
    yield _entry(estate, bastion, "bastion", HTTPS, targets, public_ips, sources, (vnet, subnet), bool(vnet))


def _gateway(estate: Estate, gateway: Resource) -> Iterator[Frontend]:
    """A VPN gateway's public side; an ExpressRoute gateway has none for anybody. The networks and clients behind its
    tunnels are on premises."""
    p = gateway.properties
    if word(p.get("gatewayType")) == "expressroute":
        return
    protocols = {name.lower() for name in texts(at(p, "vpnClientConfiguration", "vpnClientProtocols"))}
    listens = union(_IKE, HTTPS if protocols & {"openvpn", "sstp"} else NO_RANGES)
    yield _entry(estate, gateway, "gateway", listens, (), _public_ips(estate, gateway))


def _hub_gateway(estate: Estate, gateway: Resource) -> Iterator[Frontend]:
    """https://learn.microsoft.com/azure/virtual-wan/virtual-wan-faq"""
    found = [text(item.get("publicIPAddress") or item.get("publicIpAddress"))
             for item in listed(gateway.properties.get("ipConfigurations"))]  # fmt: skip
    listens = union(_IKE, HTTPS if gateway.type.endswith("p2svpngateways") else NO_RANGES)
    hub = key(gateway.properties.get("virtualHub")) or estate.stands(gateway)[0]
    yield _entry(estate, gateway, "gateway", listens, (), tuple(filter(None, found)), stands=(hub, ""))


def _api_management(estate: Estate, service: Resource) -> Iterator[Frontend]:
    """In mode External it is called from the Internet and calls into its VNet; its backends are not in an export.

    https://learn.microsoft.com/azure/api-management/virtual-network-concepts
    """
    p = service.properties
    subnet = key(at(p, "virtualNetworkConfiguration", "subnetResourceId"))
    is_internal = word(p.get("virtualNetworkType")) == "internal"
    if not subnet or is_internal or word(p.get("publicNetworkAccess")) == "disabled":
        return
    vnet = estate.vnet_of(subnet)
    targets = (Target(vnet, "", vnet, estate.addresses.vnet(vnet), TCP_PORTS, False),)
    own = key(p.get("publicIpAddressId"))
    public_ips = (own,) if own else texts(p.get("publicIpAddresses") or p.get("publicIPAddresses"))
    is_sure = word(p.get("virtualNetworkType")) == "external" or not service.is_exported
    yield _entry(
        estate, service, "api-management", WEB, targets, public_ips, None, (vnet, subnet), is_sure, True
    )


def _aks(estate: Estate, cluster: Resource) -> Iterator[Frontend]:
    """The cluster's API server, where it is public. What its balancer publishes is an entry of the balancer.

    https://learn.microsoft.com/azure/aks/private-clusters
    https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
    """
    profile = mapping(cluster.properties.get("apiServerAccessProfile"))
    is_private = profile.get("enablePrivateCluster") is True
    if is_private or not cluster.is_exported:
        return
    sources = _addresses(profile.get("authorizedIPRanges"))
    yield _entry(estate, cluster, "aks", HTTPS, (), (), sources, ("", ""), part="api-server")


def _traffic_manager(estate: Estate, profile: Resource) -> Iterator[Frontend]:
    """Only answers names: no packet passes through it, so that it listens to nothing.

    https://learn.microsoft.com/azure/traffic-manager/traffic-manager-how-it-works
    """
    found: dict[str, Target] = {}
    for item in listed(profile.properties.get("endpoints")):
        p = body(item)
        if word(p.get("endpointStatus")) == "disabled":
            continue
        wanted = key(p.get("targetResourceId"))
        host = text(p.get("target"))
        for target in of_resource(estate, wanted, NO_RANGES) if wanted else of_host(estate, host, NO_RANGES):
            found.setdefault(target.id, target)
    if word(profile.properties.get("profileStatus")) != "disabled":
        yield _entry(estate, profile, "traffic-manager", NO_RANGES, tuple(found.values()), stands=("", ""))


def _other(
    listens: Callable[[Mapping[str, Any]], Ranges], *subnet: str
) -> Callable[[Estate, Resource], Iterator[Frontend]]:
    """A managed service in a subnet that answers the Internet itself where `listens` finds that it does."""

    def read(estate: Estate, resource: Resource) -> Iterator[Frontend]:
        found = listens(resource.properties)
        home = key(at(resource.properties, *subnet))
        if found and home and resource.is_exported:
            stands = (estate.vnet_of(home), home)
            target = Target(resource.id, home, stands[0], estate.addresses.subnet(home), found)
            yield _entry(estate, resource, "other", found, (target,), stands=stands, waf=found == WEB)

    return read


def _container_apps(p: Mapping[str, Any]) -> Ranges:
    """https://learn.microsoft.com/azure/container-apps/networking"""
    return NO_RANGES if at(p, "vnetConfiguration", "internal") is True else WEB


def _app_environment(p: Mapping[str, Any]) -> Ranges:
    """https://learn.microsoft.com/azure/app-service/environment/networking"""
    return WEB if word(p.get("internalLoadBalancingMode")) == "none" else NO_RANGES


def _managed_instance(p: Mapping[str, Any]) -> Ranges:
    """https://learn.microsoft.com/azure/azure-sql/managed-instance/public-endpoint-overview"""
    return ports("tcp", 3342) if p.get("publicDataEndpointEnabled") is True else NO_RANGES


def _container_group(estate: Estate, group: Resource) -> Iterator[Frontend]:
    """A group with a public address stands in no VNet.

    https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts
    """
    told = mapping(group.properties.get("ipAddress"))
    if word(told.get("type")) != "public":
        return
    open_ports = [
        ports(word(p.get("protocol")), port_number(p.get("port"))) for p in listed(told.get("ports"))
    ]
    listens = normal(r for ranges in open_ports for r in ranges)
    target = Target(group.id, "", "", NO_RANGES, listens)
    yield _entry(estate, group, "other", listens, (target,), texts(told.get("ip")), stands=("", ""))


_READERS: Mapping[str, Reader] = {
    NET + "bastionhosts": _bastion,
    NET + "virtualnetworkgateways": _gateway,
    NET + "vpngateways": _hub_gateway,
    NET + "p2svpngateways": _hub_gateway,
    NET + "trafficmanagerprofiles": _traffic_manager,
    "microsoft.apimanagement/service": _api_management,
    "microsoft.containerservice/managedclusters": _aks,
    "microsoft.containerinstance/containergroups": _container_group,
    "microsoft.app/managedenvironments": _other(
        _container_apps, "vnetConfiguration", "infrastructureSubnetId"
    ),
    "microsoft.web/hostingenvironments": _other(_app_environment, "virtualNetwork", "id"),
    "microsoft.sql/managedinstances": _other(_managed_instance, "subnetId"),
}
