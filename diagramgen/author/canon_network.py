"""Networks and what stands in them, told so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.author.knows import Knows, Properties
from diagramgen.author.places import HUB, NET, SUBNET, VNET
from diagramgen.author.values import body, entries, texts
from diagramgen.model.references import at, key, keys


def _subnet(p: Properties, knows: Knows) -> None:
    """Only those who stand there and are not known; no word for 'no policies' is needed."""
    strangers = [rid for c in keys(p.pop("ipConfigurations", ())) if not knows(rid := owner_of(c))]
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


def owner_of(configuration: str) -> str:
    """What an IP configuration belongs to."""
    if "/virtualmachinescalesets/" in configuration:
        return configuration.split("/virtualmachines/")[0]
    for mark in (
        "/ipconfigurations/", "/frontendipconfigurations/", "/gatewayipconfigurations/",
        "/bastionhostipconfigurations/", "/azurefirewallipconfigurations/",
    ):  # fmt: skip
        if mark in configuration:
            return configuration.split(mark)[0]
    return configuration.rsplit("/", 2)[0]


_OF_BALANCERS = (
    "loadBalancerBackendAddressPools", "loadBalancerInboundNatRules", "applicationGatewayBackendAddressPools",
)  # fmt: skip
"""By which an IP configuration says in which pools it is, and which NAT rules lead to it."""


def _nic(p: Properties, knows: Knows) -> None:
    p["ipConfigurations"] = [plain_configuration(body(c), knows) for c in entries(p.get("ipConfigurations"))]
    p.pop("privateEndpoint", None)


def plain_configuration(p: Mapping[str, Any], knows: Knows) -> Properties:
    """An IP configuration without its name, and without the pools that tell of it themselves."""
    return only(p, "subnet", "privateIPAddress", "publicIPAddress", "applicationSecurityGroups") | _strangers(
        p, knows
    )


def only(p: Mapping[str, Any], *fields: str) -> Properties:
    """Some fields of a mapping, as far as it has them."""
    return {field: p[field] for field in fields if p.get(field) is not None}


def _strangers(p: Mapping[str, Any], knows: Knows) -> Properties:
    """The pools and NAT rules of which nothing else tells what is in them."""
    found = {
        f: [rid for rid in keys(p.get(f)) if rid.rsplit("/", 2)[0] not in knows.balancers]
        for f in _OF_BALANCERS
    }
    return {field: rids for field, rids in found.items() if rids}


def _scale_set(p: Properties, knows: Knows) -> None:
    """The interfaces that it describes, whatever they are called."""
    network = at(p, "virtualMachineProfile", "networkProfile")
    told = at(network, _INTERFACES)
    if isinstance(told, list | tuple):
        listed = [_interface(body(nic), knows) for nic in entries(told)]
        p["virtualMachineProfile"] = {
            **p["virtualMachineProfile"],
            "networkProfile": {**network, _INTERFACES: listed},
        }


_INTERFACES = "networkInterfaceConfigurations"


def _interface(p: Mapping[str, Any], knows: Knows) -> Properties:
    return {**p, "ipConfigurations": [_described(body(c), knows) for c in entries(p.get("ipConfigurations"))]}


def _described(p: Mapping[str, Any], knows: Knows) -> Properties:
    """An IP configuration of a scale set, without the pools that tell of it themselves."""
    return {n: v for n, v in p.items() if n not in _OF_BALANCERS and n != "primary"} | _strangers(p, knows)


def _with_configurations(*fields: str) -> Callable[[Properties, Knows], None]:
    """IP configurations by what they say, whatever they are called."""

    def change(p: Properties, knows: Knows) -> None:
        for field in fields:
            if field in p:
                told = [plain_configuration(body(c), knows) for c in entries(p[field])]
                p[field] = [{n: v for n, v in c.items() if n != "privateIPAddress" or v} for c in told]
        inner = p.get("managementIpConfiguration")
        if isinstance(inner, Mapping):
            p["managementIpConfiguration"] = plain_configuration(body(inner), knows)

    return change


def _public_ip(p: Properties, knows: Knows) -> None:
    """What it is attached to, where that is not known."""
    attached = key(p.pop("ipConfiguration", None))
    if attached and not knows(owner_of(attached)):
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


def _p2s_gateway(p: Properties, knows: Knows) -> None:
    """The pools of addresses, whatever they are called."""
    if "p2SConnectionConfigurations" in p:
        p["p2SConnectionConfigurations"] = [body(each) for each in entries(p["p2SConnectionConfigurations"])]


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


_NIC = NET + "networkinterfaces"
_IP_CONFIGURATIONS = _with_configurations("ipConfigurations")
NETWORKS: Mapping[str, Callable[[Properties, Knows], None]] = {
    VNET: _vnet,
    NET + "networksecuritygroups": _attached,
    NET + "routetables": _attached,
    NET + "natgateways": _attached,
    SUBNET: _subnet,
    _NIC: _nic,
    "microsoft.compute/virtualmachinescalesets": _scale_set,
    HUB: _hub,
    NET + "publicipaddresses": _public_ip,
    NET + "azurefirewalls": _IP_CONFIGURATIONS,
    NET + "virtualnetworkgateways": _IP_CONFIGURATIONS,
    NET + "bastionhosts": _IP_CONFIGURATIONS,
    NET + "p2svpngateways": _p2s_gateway,
    NET + "privatelinkservices": _IP_CONFIGURATIONS,
    NET + "privateendpoints": _endpoint,
    VNET + "/virtualnetworkpeerings": _peering,
    NET + "privatednszones": _zone,
}
"""How a resource of each type is changed."""
