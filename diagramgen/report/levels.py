"""The summary: a row for each level of segmentation, as the article's summary table has them, filled in for an estate.

https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation, "Summary"; that table has no row for
platform services, which the article treats in its text, and one more for the guest firewall of a single machine,
which no exported state shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from diagramgen.analyse.verdicts import LEVELS, Boundary, Level
from diagramgen.model.references import at, subscription_of
from diagramgen.model.topology import Acceptance, Resource, Topology
from diagramgen.report.facts import LevelRow, sides

DEFAULTS: Mapping[Level, str] = {
    "subscription": "no communication",
    "vnet": "no communication",
    "subnet": "open communication",
    "internet": "no way in",
    "on-premises": "no communication",
    "paas": "open to any network",
}
"""What holds where nobody configured anything. Services accept any network until they are told otherwise:
https://learn.microsoft.com/azure/storage/common/storage-network-security"""

_NET = "microsoft.network/"
_METHODS: Mapping[str, str] = {
    "nsg": "NSG", "admin": "security admin rules", "firewall": "Azure Firewall", "nva": "network appliance",
    "waf": "web application firewall", "paas": "the service's own firewall", "private-link": "Private Link",
    "route": "routes", "peering": "peering flags", "platform": "the platform's own rules",
}  # fmt: skip


def level_rows(
    topology: Topology,
    boundaries: Iterable[Boundary],
    omitted: Iterable[tuple[str, int]],
    accepted: Mapping[tuple[str, str], Acceptance],
) -> tuple[LevelRow, ...]:
    """A row a level, all six, in the order of the article."""
    by_level: dict[str, list[Boundary]] = {level: [] for level in LEVELS}
    for boundary in boundaries:
        by_level[boundary.level].append(boundary)
    apart = Counter(dict(omitted))
    rows = []
    for level in LEVELS:
        mine = by_level[level]
        status = Counter(boundary.status for boundary in mine)
        is_accepted = sum(b.status == "gap" and sides(b) in accepted for b in mine)
        rows.append(LevelRow(
            level, DEFAULTS[level], _connections(topology, level), _methods(topology, mine),
            status["enforced"] + status["no-path"] + apart[level], status["gap"] - is_accepted, status["unknown"],
            is_accepted,
        ))  # fmt: skip
    return tuple(rows)


def _methods(topology: Topology, boundaries: Iterable[Boundary]) -> tuple[str, ...]:
    """What holds the boundaries of a level that something connects, the most frequent first."""
    found: Counter[str] = Counter()
    for boundary in boundaries:
        if boundary.status == "enforced":
            kinds = {_METHODS[rule.kind] for rule in boundary.rules if rule.control in boundary.by_ids}
            found.update(
                kinds or {_kind_label(topology, rid) for rid in boundary.by_ids} - {""} or boundary.by
            )
    return tuple(name for name, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _kind_label(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    return resource.kind.label if resource is not None and resource.kind is not None else ""


def _connections(topology: Topology, level: Level) -> tuple[str, ...]:
    """What connects here, counted."""
    match level:
        case "subscription":
            counted = _between_networks(topology, across=True)
        case "vnet":
            counted = _between_networks(topology, across=False)
        case "subnet":
            return ("the VNet itself",)
        case "internet":
            counted = _ways_in(topology)
        case "on-premises":
            counted = _lines(topology)
        case "paas":
            counted = _service_links(topology)
    return tuple(_counted(number, *words) for words, number in counted.items() if number)


_Words = tuple[str, str]


def _between_networks(topology: Topology, across: bool) -> dict[_Words, int]:
    """What joins VNets; with `across`, those of different subscriptions alone."""

    def counts(a: str, b: str) -> bool:
        return not across or _subscription(topology, a) != _subscription(topology, b)

    hubs: dict[str, set[str]] = {}
    for joined in topology.hub_connections:
        hubs.setdefault(joined.hub, set()).add(
            _subscription(topology, joined.vnet) if across else joined.vnet
        )
    groups = [{_subscription(topology, member) if across else member for member in group.members}
              for group in topology.network_groups if group.topology]  # fmt: skip
    return {
        ("VNet peering", "VNet peerings"): sum(
            p.state == "connected" and counts(p.a, p.b) for p in topology.peerings
        ),
        ("VNet-to-VNet VPN", "VNet-to-VNet VPNs"): sum(
            c.kind == "vnet-to-vnet" and counts(c.a, c.b) for c in topology.connections
        ),
        ("virtual hub", "virtual hubs"): sum(len(members) > 1 for members in hubs.values()),
        ("network group", "network groups"): sum(len(members) > 1 for members in groups),
    }


def _subscription(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    while resource is not None and resource.type != "microsoft.resources/subscriptions" and resource.parent:
        rid, resource = resource.parent, topology.resources.get(resource.parent)
    is_found = resource is not None and resource.type == "microsoft.resources/subscriptions"
    return rid if is_found else subscription_of(rid)


def _ways_in(topology: Topology) -> dict[_Words, int]:
    with_ip = [topology.resources[rid] for rid in topology.public_ips_of if rid in topology.resources]
    types = Counter(resource.type for resource in with_ip)
    types.update(r.type for r in topology.resources.values() if r.type in _FRONT_DOORS)
    known = {
        ("machine with a public IP", "machines with public IPs"): sum(types[name] for name in _MACHINES),
        ("public load balancer", "public load balancers"): types[_NET + "loadbalancers"],
        ("Application Gateway", "Application Gateways"): types[_NET + "applicationgateways"],
        ("Front Door", "Front Doors"): sum(types[name] for name in _FRONT_DOORS),
        ("firewall with a public IP", "firewalls with public IPs"): types[_NET + "azurefirewalls"],
        ("Bastion", "Bastions"): types[_NET + "bastionhosts"],
        ("NAT gateway (out)", "NAT gateways (out)"): types[_NET + "natgateways"],
    }
    others = sum(types.values()) - sum(known.values())
    return {**known, ("other public IP", "other public IPs"): others}


_MACHINES = (
    "microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets", "diagramgen/nva",
    _NET + "networkinterfaces",
)  # fmt: skip
_FRONT_DOORS = ("microsoft.cdn/profiles", _NET + "frontdoors")


def _lines(topology: Topology) -> dict[_Words, int]:
    kinds = Counter(connection.kind for connection in topology.connections)
    return {
        ("VPN", "VPNs"): kinds["vpn"],
        ("ExpressRoute connection", "ExpressRoute connections"): kinds["expressroute"],
        ("SD-WAN", "SD-WANs"): kinds["sd-wan"],
        ("other connection", "other connections"): kinds["other"],
    }


def _service_links(topology: Topology) -> dict[_Words, int]:
    kinds = Counter(link.kind for link in topology.service_links)
    public = sum(_is_public(resource) for resource in topology.resources.values())
    return {
        ("private endpoint", "private endpoints"): len({link.endpoint for link in topology.private_links}),
        ("service endpoint", "service endpoints"): kinds["service-endpoint"],
        ("VNet integration", "VNet integrations"): kinds["integration"],
        ("public endpoint", "public endpoints"): public,
    }


def _is_public(resource: Resource) -> bool:
    """Whether a service says by its own words that public networks reach it."""
    is_service = resource.kind is not None and resource.kind.home == "service"
    return is_service and str(at(resource.properties, "publicNetworkAccess") or "").lower() == "enabled"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
