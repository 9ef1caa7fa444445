"""What is told twice in an export, from either end of a reference, told once: so that it can be compared.

A subnet names its NSG and the NSG its subnets; a pool its interfaces and an interface its pools. The spec says each
once, and the reader makes one end of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.canon_balancers import BALANCERS
from diagramgen.author.canon_network import NETWORKS
from diagramgen.author.knows import Knows, Properties
from diagramgen.author.places import MANAGEMENT_GROUP, NET, SUBNET, SUBSCRIPTION, VNET
from diagramgen.author.values import entries
from diagramgen.model.kinds import KINDS
from diagramgen.model.references import key, strings
from diagramgen.read.unknown import is_unknown

_BY_TYPE = {**NETWORKS, **BALANCERS}
_ONE_SIDED = {
    SUBNET: ("networkSecurityGroup", "routeTable", "natGateway"),
    NET + "networksecuritygroups": ("securityRules", "defaultSecurityRules"),
    NET + "routetables": ("routes",),
    NET + "firewallpolicies": ("ruleCollectionGroups", "firewalls", "childPolicies"),
    NET + "applicationgatewaywebapplicationfirewallpolicies": (
        "applicationGateways", "httpListeners", "pathBasedRules"),
    NET + "frontdoorwebapplicationfirewallpolicies": (
        "frontendEndpointLinks", "securityPolicyLinks", "routingRuleLinks"),
    NET + "ipgroups": ("firewalls", "firewallPolicies"),
    NET + "expressroutecircuits": ("peerings",),
    NET + "privatednszones": ("virtualNetworkLinks",),
    NET + "virtualwans": ("virtualHubs", "vpnSites"),
    NET + "networkmanagers": (),
    VNET: ("subnets", "ipAllocations"),
    "microsoft.compute/virtualmachines": ("networkProfile",),
    NET + "privateendpoints": ("networkInterfaces", "privateDnsZoneGroups"),
    MANAGEMENT_GROUP: ("details", "displayName"),
    SUBSCRIPTION: ("managementGroupAncestorsChain", "displayName", "state", "managementGroup", "subscriptionId"),
}  # fmt: skip
"""By type: properties that list what other records tell, or that the topology is asked for."""


def canonical(type_: str, properties: Mapping[str, Any], knows: Knows) -> Properties:
    """Properties of a resource without what other resources tell of; `knows` says which ids the estate holds."""
    found = {name: value for name, value in properties.items() if name not in _ONE_SIDED.get(type_, ())}
    marks = _marks(type_, properties)
    for field in HOST_NAMES & found.keys():
        if not any(host in knows.hosts for host in hosts_in(found[field])):
            del found[field]
    if (change := _BY_TYPE.get(type_)) is not None:
        change(found, knows)
    kind = KINDS.get(type_)
    if kind is not None and kind.home == "service":
        _service(found)
    return found | marks


def _marks(type_: str, properties: Mapping[str, Any]) -> Properties:
    """What stands for something that no other record tells of."""
    kept = (n for n in properties if type_ == SUBNET or n not in _ONE_SIDED.get(type_, ()))
    return {name: properties[name] for name in kept if _is_whole(name, properties[name], type_)}


def _is_whole(name: str, value: object, type_: str) -> bool:
    """Whether a value is a mark, or the body of something that has no id, as a template may write it."""
    if isinstance(value, str):
        return is_unknown(value)
    is_attached = type_ == SUBNET and name in _ONE_SIDED[SUBNET]
    return is_attached and isinstance(value, Mapping) and bool(value) and not key(value)


HOST_NAMES = frozenset({
    "defaultHostName", "hostName", "vaultUri", "gatewayUrl", "fullyQualifiedDomainName", "loginServer", "hostNames",
    "enabledHostNames", "primaryEndpoints", "hostnameConfigurations", "dnsSettings", "dnsConfig", "customDnsConfigs",
})  # fmt: skip
"""Properties that tell under which names something answers: needed where something else asks for such a name."""


def hosts_in(value: object) -> set[str]:
    """The host names in a value."""
    found = {text.strip().lower() for _, text in strings({"": value}) if "." in text}
    return {(text.partition("://")[2] or text).split("/")[0].split(":")[0] for text in found}


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
