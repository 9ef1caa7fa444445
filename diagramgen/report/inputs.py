"""What was judged, for the head of a report: how much of what, and what the verdicts do not cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.topology import Topology
from diagramgen.read.record import Reading
from diagramgen.report.facts import InputFacts

_NET = "microsoft.network/"
_COUNTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("subscriptions", ("microsoft.resources/subscriptions",)),
    ("vnets", (_NET + "virtualnetworks",)),
    ("subnets", (_NET + "virtualnetworks/subnets",)),
    ("virtual hubs", (_NET + "virtualhubs",)),
    ("NSGs", (_NET + "networksecuritygroups",)),
    ("security rules", (_NET + "networksecuritygroups/securityrules",)),
    ("route tables", (_NET + "routetables",)),
    ("routes", (_NET + "routetables/routes",)),
    ("firewalls", (_NET + "azurefirewalls",)),
    ("public IPs", (_NET + "publicipaddresses",)),
    ("private endpoints", (_NET + "privateendpoints",)),
    ("machines", ("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets", "diagramgen/nva")),
)  # fmt: skip
_LACKS = frozenset({"incomplete-export", "no-properties"})

CAPABILITIES: tuple[tuple[str, str], ...] = (
    ("NSGs of subnets and interfaces, ASGs, default rules", "judged"),
    ("security admin rules of the network manager", "judged"),
    ("peerings, connected groups, Virtual WAN, gateways, shared circuits", "judged"),
    ("routes of users, of the system and of gateways", "judged"),
    ("Azure Firewall: network and DNAT rules", "judged"),
    ("Azure Firewall: rules with host names", "unknown"),
    ("firewalls of platform services, private endpoints, service endpoints", "judged"),
    ("service tags", "unknown"),
    ("rules of third-party appliances", "unknown"),
    ("firewalls inside machines, identities and keys of services", "not seen"),
    ("custom DNS, routes that appliances advertise", "not seen"),
    ("network security perimeters, overlays inside AKS", "not seen"),
    ("what runs: tunnels, gateways and machines count as up", "not seen"),
)
"""What verdicts take into account, what makes them unknown, and what they do not see."""


def input_facts(
    reading: Reading,
    topology: Topology,
    boundaries: Iterable[Boundary],
    capabilities: tuple[tuple[str, str], ...] = CAPABILITIES,
    service_tags: str = "",
) -> InputFacts:
    """The facts of what was read; `service_tags` names the file of service tags, "" without one."""
    types = Counter(resource.type for resource in topology.resources.values() if not resource.is_ghost)
    counts = {name: sum(types[each] for each in known) for name, known in _COUNTED}
    counts["peerings"] = len(topology.peerings)
    counts["connections"] = len(topology.connections)
    return InputFacts(
        formats=dict(sorted(reading.formats.items())),
        counts={name: number for name, number in counts.items() if number},
        not_understood=dict(sorted(topology.unknown.items())),
        incomplete=tuple(d.message for d in reading.diagnostics if d.code in _LACKS),
        assumptions=tuple(sorted({code for boundary in boundaries for code in boundary.assumptions})),
        capabilities=tuple(
            (what, "judged" if what == "service tags" and service_tags else state)
            for what, state in capabilities
        ),
        service_tags=service_tags,
    )
