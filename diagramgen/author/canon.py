"""What is told twice in an export, from either end of a reference, told once: so that it can be compared.

A subnet names its NSG and the NSG its subnets; a pool its interfaces and an interface its pools. The spec says each
once, and the reader makes one end of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from diagramgen.author.places import HUB, MANAGEMENT_GROUP, NET, SUBNET, SUBSCRIPTION, VNET
from diagramgen.author.values import body, entries, texts
from diagramgen.model.kinds import KINDS
from diagramgen.model.references import at, key, keys, last_segment, strings

Properties = dict[str, Any]


class Knows(NamedTuple):
    """What the estate holds, and who asks: ids, the host names that something refers to, and the networks of VNets."""

    ids: Collection[str]
    more_ids: Collection[str]
    hosts: Collection[str]
    networks: Mapping[str, Collection[str]]
    outside: Collection[str]

    def __call__(self, rid: str) -> bool:
        """Whether the estate holds a resource."""
        return rid in self.ids or rid in self.more_ids


_NIC = NET + "networkinterfaces"
_ENDPOINT = NET + "privateendpoints"
_ONE_SIDED = {
    SUBNET: ("networkSecurityGroup", "routeTable", "natGateway"),
    NET + "networksecuritygroups": ("securityRules", "defaultSecurityRules"),
    NET + "routetables": ("routes",),
    NET + "firewallpolicies": ("ruleCollectionGroups", "firewalls", "childPolicies"),
    NET + "applicationgatewaywebapplicationfirewallpolicies": ("applicationGateways", "httpListeners", "pathBasedRules"),
    NET + "frontdoorwebapplicationfirewallpolicies": ("frontendEndpointLinks", "securityPolicyLinks", "routingRuleLinks"),
    NET + "ipgroups": ("firewalls", "firewallPolicies"),
    NET + "expressroutecircuits": ("peerings",),
    NET + "privatednszones": ("virtualNetworkLinks",),
    NET + "virtualwans": ("virtualHubs", "vpnSites"),
    NET + "networkmanagers": (),
    VNET: ("subnets", "ipAllocations"),
    "microsoft.compute/virtualmachines": ("networkProfile",),
    _ENDPOINT: ("networkInterfaces", "privateDnsZoneGroups"),
    MANAGEMENT_GROUP: ("details", "displayName"),
    SUBSCRIPTION: ("managementGroupAncestorsChain", "displayName", "state", "managementGroup", "subscriptionId"),
}  # fmt: skip
"""By type: properties that list what other records tell, or that the topology is asked for."""


def canonical(type_: str, properties: Mapping[str, Any], knows: Knows) -> Properties:
    """Properties without what other resources tell of; `knows` says which ids the estate holds."""
    found = {name: value for name, value in properties.items() if name not in _ONE_SIDED.get(type_, ())}
    for field in HOST_NAMES:
        if field in found and not any(host in knows.hosts for host in hosts_in(found[field])):
            del found[field]
    if (change := _BY_TYPE.get(type_)) is not None:
        change(found, knows)
    kind = KINDS.get(type_)
    if kind is not None and kind.home == "service":
        _service(found)
    return found


HOST_NAMES = (
    "defaultHostName", "hostName", "vaultUri", "gatewayUrl", "fullyQualifiedDomainName", "loginServer", "hostNames",
    "enabledHostNames", "primaryEndpoints", "hostnameConfigurations", "dnsSettings", "dnsConfig", "customDnsConfigs",
)  # fmt: skip
"""Properties that tell under which names something answers: needed where something else asks for such a name."""


def hosts_in(value: object) -> set[str]:
    """The host names in a value."""
    found = {text.strip().lower() for _, text in strings({"": value}) if "." in text}
    return {(text.partition("://")[2] or text).split("/")[0].split(":")[0] for text in found}


def _subnet(p: Properties, knows: Knows) -> None:
    """Only those who stand there and are not known; no word for 'no policies' is needed."""
    strangers = [rid for c in keys(p.pop("ipConfigurations", ())) if not knows(rid := _owner(c))]
    if strangers:
        p["ipConfigurations"] = sorted(strangers)
    if str(p.get("privateEndpointNetworkPolicies")).lower() == "disabled":
        del p["privateEndpointNetworkPolicies"]
    p["serviceEndpoints"] = [
        {
            "service": e.get("service"),
            **({"locations": places} if (places := texts(e.get("locations"))) != ["*"] else {}),
        }
        for e in entries(p.get("serviceEndpoints"))
    ]
    p["delegations"] = [body(d).get("serviceName") for d in entries(p.get("delegations"))]


def _owner(configuration: str) -> str:
    """What an IP configuration belongs to."""
    if "/virtualmachinescalesets/" in configuration:
        return configuration.split("/virtualmachines/")[0]
    for mark in ("/ipconfigurations/", "/frontendipconfigurations/", "/gatewayipconfigurations/", "/bastionhostipconfigurations/",
                 "/azurefirewallipconfigurations/"):  # fmt: skip
        if mark in configuration:
            return configuration.split(mark)[0]
    return configuration.rsplit("/", 2)[0]


def _nic(p: Properties, knows: Knows) -> None:
    p["ipConfigurations"] = [_plain_configuration(body(c), knows) for c in entries(p.get("ipConfigurations"))]
    p.pop("privateEndpoint", None)


def _plain_configuration(p: Mapping[str, Any], knows: Knows) -> Properties:
    """An IP configuration without its name, and without the pools that tell of it themselves."""
    found = {n: v for n, v in p.items() if n in (
        "subnet", "privateIPAddress", "publicIPAddress", "applicationSecurityGroups")}  # fmt: skip
    for field in (
        "loadBalancerBackendAddressPools", "loadBalancerInboundNatRules", "loadBalancerInboundNatPools",
        "applicationGatewayBackendAddressPools",
    ):  # fmt: skip
        strangers = [rid for rid in keys(p.get(field)) if not knows(rid.rsplit("/", 2)[0])]
        if strangers:
            found[field] = strangers
    return found


def _with_configurations(*fields: str) -> Callable[[Properties, Knows], None]:
    """IP configurations by what they say, whatever they are called."""

    def change(p: Properties, knows: Knows) -> None:
        for field in fields:
            if field in p:
                told = [_plain_configuration(body(c), knows) for c in entries(p[field])]
                p[field] = [{n: v for n, v in c.items() if n != "privateIPAddress" or v} for c in told]
        inner = p.get("managementIpConfiguration")
        if isinstance(inner, Mapping):
            p["managementIpConfiguration"] = _plain_configuration(body(inner), knows)

    return change


def _public_ip(p: Properties, knows: Knows) -> None:
    """What it is attached to, where that is not known."""
    attached = key(p.pop("ipConfiguration", None))
    if attached and not knows(_owner(attached)):
        p["ipConfiguration"] = {"id": attached}


def _hub(p: Properties, knows: Knows) -> None:
    """Without what stands in it and tells so, and with its older routes only where there are any."""
    for field in ("azureFirewall", "vpnGateway", "expressRouteGateway", "p2SVpnGateway"):
        if knows(key(p.get(field))):
            del p[field]
    for field in ("networkVirtualAppliances", "ipConfigurations", "bgpConnections"):
        p[field] = [rid for rid in keys(p.get(field)) if not knows(rid)]
        if not p[field]:
            del p[field]
    if not at(p, "routeTable", "routes"):
        p.pop("routeTable", None)
    if not p.get("virtualHubRouteTableV2s"):
        p.pop("virtualHubRouteTableV2s", None)
    if str(p.get("hubRoutingPreference")).lower() == "expressroute":
        del p["hubRoutingPreference"]
    for field in ("provisioningState", "routingState"):
        p.pop(field, None)


_BACK_REFERENCES = frozenset({
    "httpListeners", "requestRoutingRules", "urlPathMaps", "loadBalancingRules", "outboundRules", "inboundNatRules",
    "inboundNatPools", "pathRules", "backendHttpSettingsCollection",
})  # fmt: skip


def _without_back_references(parts: object) -> list[Properties]:
    """The parts of a list without ids, and without the lists of what refers to them."""
    return [
        {"name": str(part.get("name") or last_segment(key(part))).lower(),
         **{n: v for n, v in body(part).items() if n not in _BACK_REFERENCES}}
        for part in entries(parts)
    ]  # fmt: skip


def _balancer(p: Properties, knows: Knows) -> None:
    fronts = _without_back_references(p.get("frontendIPConfigurations"))
    p["frontendIPConfigurations"] = [
        {
            "name": f["name"],
            **_plain_configuration(f, knows),
            **_only(f, "publicIPPrefix", "gatewayLoadBalancer"),
        }
        for f in fronts
    ]
    p["backendAddressPools"] = [
        _pool(pool) for pool in _without_back_references(p.get("backendAddressPools"))
    ]
    for field in ("loadBalancingRules", "outboundRules", "inboundNatRules", "inboundNatPools"):
        if field in p:
            p[field] = [_balancer_rule(rule) for rule in _without_back_references(p[field])]
    for field in ("inboundNatPools",):
        if not p.get(field):
            p.pop(field, None)


def _only(p: Mapping[str, Any], *fields: str) -> Properties:
    return {field: p[field] for field in fields if p.get(field) is not None}


def _pool(pool: Properties) -> Properties:
    listed = [
        body(a).get("ipAddress") for a in entries(pool.get("loadBalancerBackendAddresses"))
        if not key(body(a).get("networkInterfaceIPConfiguration"))
    ]  # fmt: skip
    addresses = [a.get("ipAddress") or a.get("fqdn") for a in entries(pool.get("backendAddresses"))]
    return {
        "name": pool["name"],
        "configurations": sorted(keys(pool.get("backendIPConfigurations"))),
        "addresses": sorted(map(str, filter(None, [*listed, *addresses]))),
    }


def _balancer_rule(rule: Properties) -> Properties:
    found = dict(rule)
    pools = keys(found.pop("backendAddressPools", ()))
    if pools and not found.get("backendAddressPool"):
        found["backendAddressPool"] = {"id": pools[0]}
    if str(found.get("protocol")).lower() in ("*", "all"):
        found["protocol"] = "all"
    if not found.get("frontendPortRangeEnd"):
        found.pop("frontendPortRangeStart", None)
        found.pop("frontendPortRangeEnd", None)
    else:
        found.pop("frontendPort", None)
    return found


def _gateway(p: Properties, knows: Knows) -> None:
    """With ports and settings where they are used, whatever they are called."""
    ports = {part["name"]: part.get("port") for part in _without_back_references(p.pop("frontendPorts", ()))}
    settings = {
        part["name"]: _only(part, "port", "protocol")
        for part in _without_back_references(p.pop("backendHttpSettingsCollection", ()))
    }
    maps = {part["name"]: part for part in _without_back_references_deep(p.pop("urlPathMaps", ()))}
    fronts = _without_back_references(p.get("frontendIPConfigurations"))
    p["frontendIPConfigurations"] = [{"name": f["name"], **_plain_configuration(f, knows)} for f in fronts]
    p["backendAddressPools"] = [
        _pool(pool) for pool in _without_back_references(p.get("backendAddressPools"))
    ]
    p["gatewayIPConfigurations"] = [
        _only(body(c), "subnet") for c in entries(p.get("gatewayIPConfigurations"))
    ]
    p["httpListeners"] = [_listener(each, ports) for each in _without_back_references(p.get("httpListeners"))]
    p["requestRoutingRules"] = [
        _routing(each, settings, maps) for each in _without_back_references(p.get("requestRoutingRules"))
    ]
    p.pop("forceFirewallPolicyAssociation", None)
    if isinstance(p.get("sku"), Mapping):
        p["sku"] = _only(p["sku"], "name", "tier")


def _without_back_references_deep(parts: object) -> list[Properties]:
    return [
        {"name": str(part.get("name") or last_segment(key(part))).lower(), **body(part)}
        for part in entries(parts)
    ]


def _name(reference: object) -> str:
    return last_segment(key(reference))


def _listener(p: Properties, ports: Mapping[str, Any]) -> Properties:
    found = _only(p, "name", "protocol", "firewallPolicy")
    found["front"] = _name(p.get("frontendIPConfiguration"))
    found["port"] = ports.get(_name(p.get("frontendPort")))
    found["hosts"] = texts(p.get("hostNames")) or texts(p.get("hostName"))
    return found


def _routing(p: Properties, settings: Mapping[str, Properties], maps: Mapping[str, Properties]) -> Properties:
    found = _only(p, "name", "priority")
    found["listener"] = _name(p.get("httpListener"))
    paths = maps.get(_name(p.get("urlPathMap")))
    if paths is None:
        return (
            found
            | _goal(p, settings, "backendAddressPool", "backendHttpSettings")
            | _only(p, "redirectConfiguration")
        )
    found |= _goal(paths, settings, "defaultBackendAddressPool", "defaultBackendHttpSettings")
    found["paths"] = [
        {"name": str(r.get("name")).lower(), **_goal(body(r), settings, "backendAddressPool", "backendHttpSettings"),
         **_only(body(r), "paths", "firewallPolicy")}
        for r in entries(paths.get("pathRules"))
    ]  # fmt: skip
    return found


def _goal(p: Mapping[str, Any], settings: Mapping[str, Properties], pool: str, setting: str) -> Properties:
    return {"pool": _name(p.get(pool)), "how": settings.get(_name(p.get(setting)), {})}


def _service(p: Properties) -> None:
    """Rules of the service's firewall without what every one of them says, and no tier."""
    acls = p.get("networkAcls")
    if isinstance(acls, Mapping):
        p["networkAcls"] = {**acls, **{
            field: [{n: v for n, v in rule.items() if not _says_nothing(n, v)} for rule in entries(acls.get(field))]
            for field in ("ipRules", "virtualNetworkRules") if isinstance(acls.get(field), list | tuple)
        }}  # fmt: skip
    p.pop("sku", None)


def _says_nothing(name: str, value: object) -> bool:
    folded = str(value).lower()
    return (name == "action" and folded == "allow") or (name == "state" and folded == "succeeded") or (
        name == "ignoreMissingVnetServiceEndpoint")  # fmt: skip


def _endpoint(p: Properties, knows: Knows) -> None:
    """Targets and addresses, whoever tells them."""
    for field in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        p[field] = [_link(body(each)) for each in entries(p.get(field))]
        if not p[field]:
            del p[field]
    p.pop("ipConfigurations", None)


def _link(p: Mapping[str, Any]) -> Properties:
    found = {"to": key(p.get("privateLinkServiceId")), "groups": texts(p.get("groupIds"))}
    return found | {"status": at(p, "privateLinkServiceConnectionState", "status")}


def _peering(p: Properties, knows: Knows) -> None:
    """Without what a peering that is in order says: all of both VNets, and their present networks."""
    if p.get("peerCompleteVnets") is True:
        del p["peerCompleteVnets"]
    if str(p.get("peeringSyncLevel")).lower() == "fullyinsync":
        del p["peeringSyncLevel"]
    far = set(knows.networks.get(key(p.get("remoteVirtualNetwork")), ()))
    for field in ("remoteAddressSpace", "remoteVirtualNetworkAddressSpace"):
        told = set(texts(at(p, field, "addressPrefixes")))
        if field in p and (not told or told == far):
            del p[field]


def _zone(p: Properties, knows: Knows) -> None:
    """How many VNets see it is told by its links."""
    p.pop("numberOfVirtualNetworkLinks", None)


def _attached(p: Properties, knows: Knows) -> None:
    """To what it is attached that does not tell so itself: it is absent, or only named."""
    for field in ("subnets", "networkInterfaces"):
        strangers = [rid for rid in keys(p.pop(field, ())) if not knows(rid) or rid in knows.outside]
        if strangers:
            p[field] = sorted(strangers)


def _vnet(p: Properties, knows: Knows) -> None:
    """Whether its peerings are told; which they are tell the peerings."""
    if "virtualNetworkPeerings" in p:
        p["virtualNetworkPeerings"] = isinstance(p["virtualNetworkPeerings"], list | tuple)


_BY_TYPE: Mapping[str, Callable[[Properties, Knows], None]] = {
    VNET: _vnet,
    NET + "networksecuritygroups": _attached,
    NET + "routetables": _attached,
    NET + "natgateways": _attached,
    SUBNET: _subnet,
    _NIC: _nic,
    HUB: _hub,
    NET + "publicipaddresses": _public_ip,
    NET + "azurefirewalls": _with_configurations("ipConfigurations"),
    NET + "virtualnetworkgateways": _with_configurations("ipConfigurations"),
    NET + "bastionhosts": _with_configurations("ipConfigurations"),
    NET + "privatelinkservices": _with_configurations("ipConfigurations"),
    NET + "loadbalancers": _balancer,
    NET + "applicationgateways": _gateway,
    _ENDPOINT: _endpoint,
    VNET + "/virtualnetworkpeerings": _peering,
    NET + "privatednszones": _zone,
}
