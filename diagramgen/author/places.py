"""Where each thing of an estate is said in its spec, and what it is called there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagramgen.model.kinds import KINDS
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource, Topology

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
HUB = NET + "virtualhubs"
HUB_TABLE = HUB + "/hubroutetables"
PUBLIC_IP = NET + "publicipaddresses"
NIC = NET + "networkinterfaces"
WAN = NET + "virtualwans"
MANAGER = NET + "networkmanagers"
SUBSCRIPTION = "microsoft.resources/subscriptions"
MANAGEMENT_GROUP = "microsoft.management/managementgroups"
SHARED: Mapping[str, str] = {
    MANAGEMENT_GROUP: "management_groups",
    NET + "networksecuritygroups": "nsgs",
    NET + "applicationsecuritygroups": "asgs",
    NET + "routetables": "route_tables",
    NET + "firewallpolicies": "firewall_policies",
    NET + "ipgroups": "ip_groups",
    NET + "applicationgatewaywebapplicationfirewallpolicies": "waf_policies",
    NET + "frontdoorwebapplicationfirewallpolicies": "waf_policies",
    NET + "ddosprotectionplans": "ddos_plans",
    NET + "natgateways": "nat_gateways",
    NET + "publicipaddresses": "public_ips",
    NET + "publicipprefixes": "public_ip_prefixes",
    NET + "privatednszones": "private_dns_zones",
    NET + "serviceendpointpolicies": "service_endpoint_policies",
    NET + "expressroutecircuits": "circuits",
    NET + "localnetworkgateways": "local_networks",
    NET + "vpnsites": "vpn_sites",
    WAN: "virtual_wans",
    "diagramgen/on-premises": "on_premises",
    "diagramgen/users": "users",
    "diagramgen/group": "groups",
    "diagramgen/view": "views",
}
"""Types that stand at the top of a spec, under a key of their own."""
HUB_PARTS: Mapping[str, str] = {
    NET + "azurefirewalls": "firewall",
    NET + "vpngateways": "vpn_gateway",
    NET + "expressroutegateways": "expressroute_gateway",
    NET + "p2svpngateways": "p2s_gateway",
    NET + "networkvirtualappliances": "nva",
}
"""Types of which a virtual hub names one each."""
READ_ALONE = frozenset({
    MANAGER, NET + "networkgroupmemberships", NET + "virtualhubs/routemaps", NET + "networksecurityperimeters",
    NET + "networksecurityperimeters/resourceassociations", "microsoft.web/serverfarms",
})  # fmt: skip
"""Types without a place of their own that verdicts depend on."""
READ_CHILDREN = frozenset({
    "afdendpoints", "backendaddresspools", "bgpconnections", "capacitypools", "commits", "config",
    "connectivityconfigurations", "databases", "endpoints", "expressrouteconnections", "firewallrules",
    "frontendipconfigurations", "hubroutetables", "hubvirtualnetworkconnections", "inboundnatpools",
    "inboundnatrules", "ipconfigurations", "ipv6firewallrules", "loadbalancingrules", "networkgroups",
    "networkrulesets", "networksecurityperimeterconfigurations", "origingroups", "origins", "outboundrules",
    "peerings", "privatednszonegroups", "privateendpointconnections", "routes", "routingintent",
    "rulecollectiongroups", "rulecollections", "rules", "securityadminconfigurations", "securitypolicies",
    "securityrules", "staticmembers", "virtualnetworklinks", "virtualnetworkpeerings",
    "virtualnetworkrules", "volumes", "vpnconnections",
})  # fmt: skip
"""The last words of the types of children that verdicts depend on, unless an entry of their parent tells of them."""
UNNAMED = frozenset({*HUB_PARTS.values(), "network_manager"})
"""Collections that hold one thing, which has no name as a key."""
RAW = "azure_resources"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LONGEST = 1000


@dataclass(slots=True, eq=False)
class Thing:
    """Something with a name in the spec. `collection` is the key under which it stands in `parent` (None: at the top);
    `entry` is what is said of it."""

    resource: Resource
    collection: str
    parent: Thing | None
    name: str = ""
    entry: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id in the estate that is written down."""
        return self.resource.id

    @property
    def shown(self) -> str:
        """Its path in the spec, which is its id there."""
        before = f"{self.parent.shown}/" if self.parent else ""
        part = "" if self.collection in UNNAMED else "/" + escape(self.name)
        return f"{before}{self.collection}{part}"


def escape(name: str) -> str:
    """A name as a part of a path."""
    return name.strip().replace("/", "%2F")


def place_things(topology: Topology, others: Iterable[Resource], raw: Collection[str]) -> dict[str, Thing]:
    """The things of an estate that a spec names, by id, what stands above others first.

    `others` are things that are no resources of the estate: sites, views, and what is referred to and absent. `raw` are
    the ids of what the spec has no words for.
    """
    things: dict[str, Thing] = {}
    placing = _Placing(topology, things, raw)
    for resource in sorted([*topology.resources.values(), *others], key=_depth):
        placing.place(resource)
    return things


def _depth(resource: Resource) -> tuple[int, str]:
    is_last = resource.type == NIC or (resource.type == HUB and not resource.properties.get("virtualWan"))
    if is_last:
        return (len(_ORDER) + 1, resource.id)
    return (_ORDER.index(resource.type) if resource.type in _ORDER else len(_ORDER), resource.id)


_ORDER = (MANAGEMENT_GROUP, SUBSCRIPTION, WAN, HUB, VNET, SUBNET, MANAGER, MANAGER + "/networkgroups")
"""Types in which others stand: these come first, and interfaces and Route Servers last."""


class _Placing:
    """Finds the collection of each resource; what is a part of another one is left to whoever writes that."""

    def __init__(self, topology: Topology, things: dict[str, Thing], raw: Collection[str]) -> None:
        self.topology = topology
        self.things = things
        self.raw = raw
        self.taken: set[tuple[str, str]] = set()
        self.machines = {
            nic: resource.id
            for resource in topology.resources.values()
            for nic in keys(at(resource.properties, "networkProfile", "networkInterfaces"))
        }

    def place(self, resource: Resource) -> None:
        is_own_ip = resource.type == PUBLIC_IP and is_told_by_owner(resource)
        found = self._collection(resource) if resource.id not in self.raw and not is_own_ip else None
        if resource.id in self.raw:
            found = RAW, None
        if found is not None:
            collection, parent = found
            self.things[resource.id] = Thing(resource, collection, parent)

    def _is_owned(self, nic: Resource) -> bool:
        """Whether an interface is told with the machine or private endpoint that it belongs to."""
        named = key(nic.properties.get("virtualMachine")) or key(nic.properties.get("privateEndpoint"))
        owner = self.things.get(named or self.machines.get(nic.id, ""))
        return owner is not None and owner.collection != RAW

    def _collection(self, resource: Resource) -> tuple[str, Thing | None] | None:
        above = self.things.get(resource.parent or "")
        kind = KINDS.get(resource.type)
        if resource.type == SUBSCRIPTION:
            return "subscriptions", None
        if resource.type in SHARED:
            return SHARED[resource.type], None
        if resource.type == VNET:
            return "vnets", above if above is not None and above.collection == "subscriptions" else None
        if resource.type == SUBNET:
            return ("subnets", above) if above is not None else None
        if resource.type == HUB and (wan := self.things.get(key(resource.properties.get("virtualWan")))):
            return "hubs", wan
        if resource.type == HUB and above is not None and above.collection == "subnets":
            return "resources", above
        if resource.type == HUB_TABLE:
            named = key(resource.envelope.get("parent"))
            owner = self.things.get(named or resource.id.rpartition("/hubroutetables/")[0])
            return ("route_tables", owner) if owner is not None and owner.collection == "hubs" else None
        if resource.type == MANAGER:
            return (
                None
                if any(t.collection == "network_manager" for t in self.things.values())
                else ("network_manager", None)
            )
        if resource.type == MANAGER + "/networkgroups":
            owner = self.things.get(key(resource.envelope.get("parent")))
            return ("groups", owner) if owner is not None and owner.collection == "network_manager" else None
        if (
            kind is None
            or kind.home not in ("subnet", "hub", "service")
            or (resource.type == NIC and self._is_owned(resource))
        ):
            return None
        return self._home(resource, kind.home, above)

    def _home(self, resource: Resource, home: str, above: Thing | None) -> tuple[str, Thing | None] | None:
        if home == "service" and resource.type.count("/") > 1 and resource.id.startswith("/"):
            return RAW, None
        if home == "service":
            return "services", above if above is not None and above.collection == "subscriptions" else None
        if above is not None and above.collection == "subnets":
            return "resources", above
        part = HUB_PARTS.get(resource.type, "")
        if above is not None and above.collection == "hubs" and part:
            is_taken = (above.id, part) in self.taken
            self.taken.add((above.id, part))
            return None if is_taken else (part, above)
        return None


def is_told_by_owner(resource: Resource) -> bool:
    """Whether a spec says a public IP with the thing that has it, as `public_ip: true`."""
    return not resource.id.startswith("/") and resource.id.endswith("/public_ip")


def is_told(resource: Resource) -> bool:
    """Whether a drawing or a verdict may depend on a resource, so that the spec has to tell of it."""
    kind = KINDS.get(resource.type)
    if resource.type == NIC:
        return True
    if kind is not None and kind.home in ("container", "subnet", "hub", "service", "link"):
        return True
    last = resource.type.rpartition("/")[2]
    return (
        resource.type in READ_ALONE
        or resource.type in SHARED
        or (resource.type.count("/") > 1 and last in READ_CHILDREN)
    )


def clean(text: str) -> str:
    """A text that may be a name in a spec."""
    return _CONTROL.sub(" ", text).strip()[:_LONGEST].strip() or "unnamed"
