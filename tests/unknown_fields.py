"""Fields of an estate that may be unknown: where they are, and what each may be.

An estate is a list of resources in the shape of the ARM REST API. `worlds` gives, for one field, the same estate with
each of several values that the field may have; `marked` gives it with a text in braces in its place, as a template or a
plan has it whose parameter is not known.
"""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.model.references import type_of_id

Json = dict[str, Any]
Path = tuple[str | int, ...]
ABSENT = object()
"""In place of a value: the field is not there."""
MARK = "{unknown}"
_WORDS: Mapping[str, tuple[Any, ...]] = {
    "access": ("Allow", "Deny"), "direction": ("Inbound", "Outbound"), "protocol": ("Tcp", "Udp", "Icmp", "*"),
    "peeringSyncLevel": ("FullyInSync", "LocalNotInSync", "RemoteNotInSync", ABSENT),
    "nextHopType": ("VirtualAppliance", "None", "Internet", "VirtualNetworkGateway", "VnetLocal"),
    "publicNetworkAccess": ("Enabled", "Disabled", "SecuredByPerimeter", ABSENT),
    "publicNetworkAccessForIngestion": ("Enabled", "Disabled"),
    "publicNetworkAccessForQuery": ("Enabled", "Disabled"),
    "privateEndpointNetworkPolicies": ("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
    "defaultAction": ("Allow", "Deny"), "bypass": ("AzureServices", "None", ABSENT),
    "status": ("Approved", "Pending"), "gatewayType": ("Vpn", "ExpressRoute"),
    "connectionType": ("IPsec", "ExpressRoute", "Vnet2Vnet"),
    "groupConnectivity": ("None", "DirectlyConnected"), "connectivityTopology": ("HubAndSpoke", "Mesh"),
    "isGlobal": ("True", "False", ABSENT), "useHubGateway": ("True", "False", ABSENT),
    "mode": ("Prevention", "Detection"), "state": ("Enabled", "Disabled", "Ready"),
    "enabledState": ("Enabled", "Disabled", ABSENT), "threatIntelMode": ("Alert", "Deny", "Off", ABSENT),
    "tier": ("Basic", "Standard", "Premium", "WAF_v2", "Standard_v2"),
    "virtualNetworkType": ("External", "Internal", "None"),
    "ruleType": ("NetworkRule", "ApplicationRule", "NatRule"), "translatedPort": ("443", "22"),
    "commitType": ("Connectivity", "SecurityAdmin"), "location": ("westeurope", "northeurope"),
    "forwardingProtocol": ("HttpOnly", "HttpsOnly", "MatchRequest"),
    "orchestrationMode": ("Flexible", "Uniform", ABSENT), "firewallMode": ("Prevention", "Detection"),
    "serviceName": ("Microsoft.Web/serverFarms", "Microsoft.Sql/managedInstances"),
    "service": ("Microsoft.Storage", "Microsoft.Sql"),
    "vnetLocalRouteOverrideCriteria": ("Equal", "Contains", ABSENT),
    "hubRoutingPreference": ("ExpressRoute", "VpnGateway", "ASPath", ABSENT),
    "ipAddress": ("20.1.1.1", "198.51.100.77"), "accessMode": ("Enforced", "Learning"),
    "sourceAddressPrefix": ("*", "VirtualNetwork", "Internet", "10.0.0.0/8", "203.0.113.0/24"),
    "destinationAddressPrefix": ("*", "VirtualNetwork", "Internet", "10.0.0.0/8"),
    "destinationPortRange": ("*", "443", "22", "1000-2000"), "sourcePortRange": ("*", "50000"),
    "priority": (100, 105, 115, 4096), "fqdn": ("x.contoso.com",),
    "allowRemoteVnetTraffic": (True, False, ABSENT),
}  # fmt: skip
"""What a field of this name may hold."""
_FIXED = frozenset({"type", "name", "etag", "groupIds", "kind"})
_REQUIRED = frozenset({
    "subnet", "ipConfigurations", "remoteVirtualNetwork", "addressSpace", "gatewayIPConfigurations", "properties",
    "networkProfile", "networkInterfaces", "virtualHub", "frontendIPConfiguration", "backendAddressPool",
    "frontendPort", "httpListener", "virtualNetworkGateway1", "localNetworkGateway2", "peer", "nextHop", "virtualWan",
    "rules", "privateLinkServiceConnections", "virtualMachineProfile", "networkInterfaceConfigurations", "domains",
    "frontendIPConfigurations", "addressPrefixes", "frontendPorts", "httpListeners", "requestRoutingRules",
    "sku", "backendAddressPools", "backendHttpSettingsCollection", "protocols", "parameters", "associations",
    "privateEndpoint", "hubIPAddresses", "publicIPs", "localNetworkAddressSpace", "privateLinkServiceId",
    "primaryEndpoints",
    "privateLinkServiceConnectionState", "policySettings", "virtualMachine", "originGroup", "destinations", "wafPolicy",
    "sourceAddressPrefixes",
    "action", "sourceAddresses", "destinationAddresses", "destinationPorts", "ipProtocols", "backendHttpSettings",
})  # fmt: skip
"""What Azure does not do without, where a resource has it at all."""


class Field(NamedTuple):
    """A field of an estate: `kind` is the type of the resource that has it, `steps` the names on the way to it."""

    path: Path
    kind: str

    @property
    def steps(self) -> str:
        """The way to it, without numbers."""
        return ".".join(str(step) for step in self.path[1:] if isinstance(step, str))


CONDITION = "isConditional"
"""In place of a field's name: whether the resource is there at all."""


def fields(resources: list[Json]) -> list[Field]:
    """Every field below `properties` and `sku` of every resource, its location, and whether it is there."""
    found = []
    for at, resource in enumerate(resources):
        for path in _below(resource, (at,)):
            is_free = len(path) != 2 or not _is_needed(resources, resource)
            if path[-1] == "id" and _is_own_id(resources, path) and _is_resource(path) and is_free:
                found.append(Field((*path[:-1], CONDITION), str(resource["type"])))
            is_inside = len(path) > 2 and path[1] in ("properties", "sku")
            is_field = is_inside or path[1:] in (("properties",), ("location",))
            if is_field and path[-1] not in _FIXED:
                found.append(Field(path, str(resource["type"])))
    return found


def _below(value: Any, path: Path) -> Iterator[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*path, step)
        yield from _below(each, (*path, step))


def at(resources: list[Json], path: Path) -> Any:
    """The value at a path."""
    value: Any = resources
    for step in path:
        value = value[step]
    return value


def changed(resources: list[Json], path: Path, value: Any) -> list[Json]:
    """The estate with another value at a path, or with none."""
    found = copy.deepcopy(resources)
    place = at(found, path[:-1])
    if value is not ABSENT:
        place[path[-1]] = copy.deepcopy(value)
    else:
        del place[path[-1]]
    return found


def marked(resources: list[Json], field: Field) -> Iterator[list[Json]]:
    """The estate with the field unknown."""
    if field.path[-1] == CONDITION:
        yield changed(resources, field.path, True)
        return
    yield changed(resources, field.path, MARK)


_CHILDREN = ("subnets", "virtualNetworkPeerings", "securityRules", "routes")


def _is_resource(path: Path) -> bool:
    """Whether what has this `id` is a resource of its own, and no part of one."""
    return len(path) == 2 or path[-3] in _CHILDREN[1:]


_FRAMES = ("virtualnetworks", "virtualhubs", "virtualwans", "virtualnetworkgateways", "privateendpoints")
"""Types without which the things inside have nowhere to stand."""


def _is_needed(resources: list[Json], resource: Json) -> bool:
    """Whether something cannot be without a resource."""
    rid = resource["id"]
    return str(resource["type"]).lower().endswith(_FRAMES) or any(
        isinstance(at(resources, path), str) and at(resources, path).startswith(rid)
        for number, other in enumerate(resources) if other is not resource
        for path in _below(other, (number,)) if set(path) & _REQUIRED - {"properties"}
    )  # fmt: skip


def _is_own_id(resources: list[Json], path: Path) -> bool:
    """Whether an `id` is that of a child that stands here, and no reference."""
    return path[-1] == "id" and "properties" in at(resources, path[:-1])


def is_markable(resources: list[Json], field: Field) -> bool:
    """Whether a field is one that a template may leave open: not the identity of a child."""
    return not _is_own_id(resources, field.path)


_BOUND = frozenset({"addressSpace", "remoteAddressSpace", "remoteVirtualNetworkAddressSpace", "subnets"})


def worlds(resources: list[Json], field: Field) -> list[list[Json]]:
    """The estates that an estate with this field unknown may be."""
    if field.path[-1] == CONDITION:
        return [resources, _without(resources, field.path[:-1])]
    told = at(resources, field.path)
    values: list[Any] = [told]
    values += _WORDS.get(str(field.path[-1]), ())
    if isinstance(told, bool):
        values += [not told, ABSENT]
    elif isinstance(told, dict):
        values += _objects(resources, field, told)
    elif isinstance(told, list):
        values += [[each for each in told if each is not one] for one in told[:3] if len(told) > 1]
        is_free = all(isinstance(each, str) for each in told) and not set(field.path) & _BOUND
        alike = [each for each in _alike(resources, field, list) if each or field.path[-1] not in _REQUIRED]
        values += alike[:2] if is_free else []
        values += [] if field.path[-1] in _REQUIRED else [[], ABSENT]
    elif isinstance(told, str):
        values += _texts(resources, field, told)
    elif isinstance(told, int):
        values += _alike(resources, field, int)[:3]
    if isinstance(field.path[-1], int) and len(at(resources, field.path[:-1])) > 1:
        values.append(ABSENT)
    found: list[Any] = []
    for value in values:
        if not any(value is known or (value == known and type(value) is type(known)) for known in found):
            found.append(value)
    return [changed(resources, field.path, value) for value in found if not _is_whole(field, value)]


def _without(resources: list[Json], path: Path) -> list[Json]:
    """The estate without a resource, its children, and all that refers to it."""
    rid = at(resources, path)["id"]

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(inner) for name, inner in value.items() if not refers(inner)}
        if isinstance(value, list):
            return [kept(inner) for inner in value if not refers(inner)]
        return value

    def refers(value: Any) -> bool:
        told = value.get("id") if isinstance(value, dict) else value
        return isinstance(told, str) and (told == rid or told.startswith(rid + "/"))

    found: list[Json] = kept(resources)
    return found


def _is_whole(field: Field, value: Any) -> bool:
    """Whether a value is none for `properties` themselves or a location."""
    return value is ABSENT and field.path[1:] in (("properties",), ("location",))


def _objects(resources: list[Json], field: Field, told: Json) -> list[Any]:
    if field.path[-1] == "properties":
        found = []
        for name in told:
            inner = Field((*field.path, name), field.kind)
            found += [at(world, field.path) for world in worlds(resources, inner)[1:3]]
        return found[:12]
    absent = [] if field.path[-1] in _REQUIRED or isinstance(field.path[-1], int) else [ABSENT]
    if set(told) == {"id"}:
        return [*absent, *({"id": each} for each in _targets(resources, field, told["id"]))]
    return absent


def _texts(resources: list[Json], field: Field, told: str) -> list[Any]:
    if told.startswith("/subscriptions/"):
        return _targets(resources, field, told)
    try:
        ipaddress.ip_network(told, strict=False)
    except ValueError:
        return _alike(resources, field, str)[:3]
    if "/" not in told:
        return [told.rpartition(".")[0] + "." + last for last in ("4", "99")] if "." in told else []
    if "localNetworkAddressSpace" in field.path:
        return ["192.168.222.0/24"]
    if set(field.path) & {
        "subnets",
        "addressSpace",
        "remoteAddressSpace",
        "remoteVirtualNetworkAddressSpace",
    }:
        return []  # other prefixes overlap those of others, or leave what stands there outside
    return [each for each in _alike(resources, field, str) if "/" in each][:4]


def _targets(resources: list[Json], field: Field, told: str) -> list[str]:
    """Other things to which a reference may lead; what has an address stands where that lies."""
    holder = at(resources, field.path[: -2 if field.path[-1] == "id" else -1])
    if "/subnets/" in told and isinstance(holder, dict) and "privateIPAddress" in holder:
        return []
    if "remoteVirtualNetwork" in field.path and "virtualNetworkPeerings" in field.path:
        return []  # the far end has a half of its own
    return _ids_like(resources, told)


def _ids_like(resources: list[Json], told: str) -> list[str]:
    """The ids of other things of the same type."""
    known = {each for each in _ids(resources) if type_of_id(each) == type_of_id(told) and each != told}
    return sorted(known)[:4]


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str) and "properties" in value:
            yield value["id"]
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _alike(resources: list[Json], field: Field, kind: type) -> list[Any]:
    """Other values of fields that are called the same."""
    told = at(resources, field.path)
    name = next((step for step in reversed(field.path) if isinstance(step, str)), "")
    found: list[Any] = []
    for each in fields(resources):
        other = next((step for step in reversed(each.path) if isinstance(step, str)), "")
        value = at(resources, each.path) if other == name else None
        if isinstance(value, kind) and not isinstance(value, bool) and value != told and value not in found:
            found.append(value)
    return found
