"""Whatever the analysis reads of a resource, Terraform's reader can give, or it is named here why not.

The analysis, the findings and the view run over the estate of all pairs with properties that note which of their keys
are asked for. The converters run over attributes of many shapes, and what they give is noted as well.
"""

import copy
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from read_samples import read
from terraform_pairs import NETWORKS, PLACE, Estate, Json, Pair, instance
from terraform_pairs_edge import ENTRIES, FIREWALLS, GATEWAYS, LINKS
from terraform_pairs_services import CONTAINERS, DATA, SERVICES, SITES

from diagramgen.pipeline import analyse_topology, build_topology, check_topology, choose_view
from diagramgen.read.resource import records_of
from diagramgen.read.terraform.azurerm import CONVERTERS

Path = tuple[str, ...]
Asked = set[tuple[str, Path]]
GENERIC = 8
"""Read of more types than this, a property is looked for in any resource: it is enough that one can have it."""

LIVE = "Azure tells it of what is running, no configuration does"
OTHER_SIDE = "Terraform tells it from the other side of the link"
OTHER_NAME = "another service's or an older name for what has its own name here"
NO_ATTRIBUTE = "azurerm has no attribute for it"
CHILDREN = "its children are resources of their own in Terraform"
EXCEPTIONS: Mapping[str, str] = {
    # patterns of paths, with the end of a type before a blank where only that type is meant
    "*provisioningState": LIVE, "connectionStatus": LIVE, "enabledHostNames": LIVE, "numberOfVirtualNetworkLinks": LIVE,
    "peeringState": LIVE, "peeringSyncLevel": LIVE, "remote*AddressSpace": LIVE, "serviceEndpoints.locations": LIVE,
    "sharedPrivateLinkResource.status": LIVE, "*virtualNetworkRules.state": LIVE, "virtualnetworkrules state": LIVE,
    "targetNetworks": LIVE,
    "publicipaddresses ipConfiguration": OTHER_SIDE, "inboundNat*.backendIPConfiguration": OTHER_SIDE,
    "networkinterfaces private*": OTHER_SIDE, "privateEndpointConnections": OTHER_SIDE,
    "virtualhubs networkVirtualAppliances": OTHER_SIDE, "networksecuritygroups networkInterfaces": OTHER_SIDE,
    "networksecuritygroups subnets": OTHER_SIDE, "natgateways subnets": OTHER_SIDE,
    "applicationgateways backendAddressPools.properties.backendIPConfigurations": OTHER_SIDE,
    "*loadBalancerBackendAddresses.properties.networkInterfaceIPConfiguration": NO_ATTRIBUTE,
    "*loadBalancerBackendAddresses.properties.subnet": NO_ATTRIBUTE, "*privateLinkResourceId": NO_ATTRIBUTE,
    "routingRules.properties.webApplicationFirewallPolicyLink": NO_ATTRIBUTE, "*.destinationPublicIps": NO_ATTRIBUTE,
    "*ipv6*Rules": NO_ATTRIBUTE, "virtualMachineProfile.*.gatewayLoadBalancer": NO_ATTRIBUTE,
    "deployed": "a spec's own word", "loadBalancingRules.properties.": "no property", "": "no property",
    "virtualNetworkPeerings": CHILDREN, "firewallRules": CHILDREN, "networkgroups staticMembers": CHILDREN,
    "securityadminconfigurations ruleCollections": CHILDREN, "rulecollections rules": CHILDREN,
    "virtualHubRouteTableV2s": OTHER_NAME, "routes.nextHops": OTHER_NAME, "*ules.start*": OTHER_NAME,
    "*ules.end*": OTHER_NAME, "*pRules.properties": OTHER_NAME, "*pRules.value": OTHER_NAME,
        "ipRules.action": OTHER_NAME,
    "ipRules.ipMask": OTHER_NAME, "virtualNetworkRules.*": OTHER_NAME, "virtualnetworkrules *": OTHER_NAME,
    "firewallrules *": OTHER_NAME, "policySettings.*tate": OTHER_NAME,
        "frontendIPConfigurations.privateIPAddress": OTHER_NAME,
    "ipConfigurations.privateIPAddress": OTHER_NAME, "ipConfigurations.properties": OTHER_NAME, "*sku.tier": OTHER_NAME,
    "loadBalancingRules.properties.*": OTHER_NAME, "*Nat*.properties.backendAddressPools": OTHER_NAME,
    "outboundRules.properties.*": OTHER_NAME, "azurefirewalls *RuleCollections.properties.rules.*": OTHER_NAME,
    "azurefirewalls intrusionDetection": OTHER_NAME, "azurefirewalls transportSecurity": OTHER_NAME,
    "expressroutecircuits localNetworkAddressSpace": OTHER_NAME, "vpnsites localNetworkAddressSpace": OTHER_NAME,
    # asked of every resource that may have such things
    "networkinterfaces natGateway": "a subnet's", "networkinterfaces routeTable": "a subnet's",
    "virtualnetworks serviceEndpoint*": "a subnet's",
        "*ipConfigurations.properties.applicationSecurityGroups": "an interface's",
    "networkinterfaces *loadBalancerInboundNatPools": "a scale set's",
        "*.loadBalancerInboundNatRules": "an interface's",
    "networkProfile.networkInterfaces": "a machine's",
    "applicationgateways backendAddressPools.properties.loadBalancerBackendAddresses": "a load balancer's",
}  # fmt: skip


def _is_excepted(kind: str, path: Path) -> bool:
    told = ".".join(path)
    for pattern in EXCEPTIONS:
        end, _, wanted = pattern.rpartition(" ")
        if fnmatchcase(told, wanted) and (not end or kind.endswith(end)):
            return True
    return False


class Noted(Mapping[str, Any]):
    """Properties that note in `asked` which of their keys are asked for; to look at all of them asks for none."""

    def __init__(self, values: Mapping[str, Any], kind: str, asked: Asked, path: Path = ()) -> None:
        self._values, self._kind, self._asked, self._path = values, kind, asked, path

    def __getitem__(self, key: str) -> Any:
        self._asked.add((self._kind, (*self._path, key)))
        return self._noted(key, self._values[key])

    def __contains__(self, key: object) -> bool:
        self._asked.add((self._kind, (*self._path, str(key))))
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> Any:
        return [(key, self._noted(key, value)) for key, value in self._values.items()]

    def values(self) -> Any:
        return [value for _, value in self.items()]

    def _noted(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return Noted(value, self._kind, self._asked, (*self._path, key))
        return [self._noted(key, each) for each in value] if isinstance(value, list) else value


def _keys(value: Any, kind: str, path: Path, found: Asked) -> None:
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        found.add((kind, (*path, key)))
        _keys(inner, kind, (*path, key), found)
    for inner in value if isinstance(value, list) else ():
        _keys(inner, kind, path, found)


_PAIRS: Mapping[str, Pair] = {
    **NETWORKS, **FIREWALLS, **GATEWAYS, **LINKS, **ENTRIES, **CONTAINERS, **DATA, **SERVICES, **SITES,
}  # fmt: skip


@cache
def _asked() -> Asked:
    """What is asked for of each type, over each pair alone and over an estate of nearly all of them."""
    found: Asked = set()
    apart = ("a firewall in a hub", "a firewall with classic rules", "a storage account with rules of their own",
             "a public container group with a port of its container")  # fmt: skip
    together = [body for title, pair in _PAIRS.items() if title not in apart for body in pair.rest]
    for bodies in (together, *(_PAIRS[title].rest for title in apart)):
        reading = read({"value": copy.deepcopy(list(bodies))})
        noted = tuple(
            replace(record, properties=Noted(record.properties, record.type, found))
            for record in reading.records
        )
        topology = build_topology(replace(reading, records=noted))
        analysis = analyse_topology(topology)
        check_topology(analysis)
        choose_view(analysis, None)
    return found


class _Drawn(dict[str, Any]):
    """Attributes that all are there, with values and blocks by chance."""

    def __init__(self, drawn: random.Random, depth: int) -> None:
        super().__init__(name="x")
        self.drawn, self.depth = drawn, depth

    def __missing__(self, name: str) -> Any:
        self[name] = self._draw(name)
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]

    def _draw(self, name: str) -> Any:
        owner = self.drawn.choice(
            ("virtualNetworks/v/subnets/s", "loadBalancers/l", "loadBalancers/l/backendAddressPools/p")
        )
        azure_id = f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/{owner}"
        if name.endswith("_id") and self.drawn.random() < 0.8:
            return azure_id
        if self.depth and self.drawn.random() < 0.55:
            return [_Drawn(self.drawn, self.depth - 1)]
        appliance = "{azurerm_firewall.fw.ip_configuration[0].private_ip_address}"
        return self.drawn.choice(("x", ["x", "y"], True, azure_id, [azure_id], None, 7, appliance))


@cache
def _given() -> Asked:
    """What the converters give of each type."""
    found: Asked = set()
    firewall = instance("firewall", {"name": "fw", "resource_group_name": "rg"}, "fw")
    for kind in CONVERTERS:
        drawn = random.Random(kind)
        for number in range(150):
            one = instance(
                kind.removeprefix("azurerm_"),
                _Drawn(drawn, 5),
                is_new=number % 2 == 0,
                is_data=number % 5 == 0,
            )
            for body in Estate([one, firewall]).bodies()[:-1]:
                _note(body, found)
    for pair in _PAIRS.values():
        for body in Estate([instance(k, copy.deepcopy(v)) for k, v in pair.terraform]).bodies():
            _note(body, found)
    return found


def _note(body: Json, found: Asked) -> None:
    for record in records_of(body, PLACE):
        _keys(record.properties, record.type, (), found)


def test_all_that_is_read_can_be_given_or_is_named() -> None:
    given = _given()
    kinds: dict[Path, set[str]] = defaultdict(set)
    for kind, path in _asked():
        kinds[path].add(kind)
    missing = []
    for path, read_of in sorted(kinds.items()):
        lacking = {kind for kind in read_of if (kind, path) not in given and not _is_excepted(kind, path)}
        if lacking == read_of or (lacking and len(read_of) <= GENERIC):
            missing.append((".".join(path), sorted(lacking)))
    assert missing == []


def test_what_is_named_as_an_exception_is_read() -> None:
    unread = set(EXCEPTIONS)
    for kind, path in _asked():
        told = ".".join(path)
        for pattern in list(unread):
            end, _, wanted = pattern.rpartition(" ")
            if fnmatchcase(told, wanted) and (not end or kind.endswith(end)):
                unread.discard(pattern)
    assert unread == set()
