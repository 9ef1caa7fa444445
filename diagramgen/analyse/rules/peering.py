"""Rules on what joins VNets: peerings that work, that are inspected, that do not go round the firewall."""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.routing import Route
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found, Roles, is_exported, is_known, is_sketch, label, roles
from diagramgen.analyse.rules.ways import (
    appliances,
    default_route,
    direct_routes,
    holders,
    prefix_text,
    route_evidence,
    stands_in,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.topology import Peering, PeeringHalf, Topology


def zt_05(estate: Estate) -> Iterator[Found]:
    """Peered VNets talk through a firewall or an appliance, not directly.

    Nothing is found where filters let nothing pass, or where the far VNet is not in the input.
    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    role = roles(topology)
    if is_sketch(topology):
        return
    for peering in topology.peerings:
        if estate.routing.carries(peering) != "yes":
            continue
        direct = direct_routes(estate, peering.a, peering.b, role, "VNetPeering")
        if not direct or _nothing_passes(estate, peering.a, peering.b):
            continue
        subnet, far, route = direct[0]
        a, b = label(topology, peering.a), label(topology, peering.b)
        hub = next((vnet for vnet in (peering.a, peering.b) if vnet in holders(estate, role)), "")
        first = "" if hub else f"peer {a} and {b} with a hub instead, and "
        firewall = f"the firewall in {label(topology, hub)}" if hub else "the hub's firewall"
        yield Found(
            (peering.a, peering.b),
            f"{a} and {b} are peered and talk directly: no firewall sees what passes from {label(topology, subnet)} to "
            f"{label(topology, far)}",
            (*_halves(topology, peering), route_evidence(topology, route, subnet)),
            f"{first}route {prefix_text(estate, peering.b)} from {a} and {prefix_text(estate, peering.a)} from {b} to "
            f"{firewall}",
        )  # fmt: skip


def _nothing_passes(estate: Estate, a: str, b: str) -> bool:
    boundary = estate.boundary("vnet", a, b)
    return boundary is not None and not any(flow.is_sure for flow in boundary.flows)


def zt_06(estate: Estate) -> Iterator[Found]:
    """Peerings are connected and in sync, and have both of their halves.

    https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
    """
    topology = estate.topology
    for peering in topology.peerings:
        wrong = [_fault(topology, near, far, half, other)
                 for near, far, half, other in ((peering.a, peering.b, peering.a_half, peering.b_half),
                                                (peering.b, peering.a, peering.b_half, peering.a_half))]  # fmt: skip
        found = [each for each in wrong if each is not None]
        if not found:
            continue
        a, b = label(topology, peering.a), label(topology, peering.b)
        texts = [text for _, text, _ in found]
        yield Found(
            (peering.a, peering.b),
            f"the peering of {a} and {b} is not in order: {'; '.join(texts)}",
            tuple(Evidence(half.place, text, half.id) for half, text, _ in found),
            "; ".join(dict.fromkeys(fix for _, _, fix in found)),
        )  # fmt: skip


def _fault(
    topology: Topology, near: str, far: str, half: PeeringHalf | None, other: PeeringHalf | None
) -> tuple[PeeringHalf, str, str] | None:
    """What is wrong with one half: it, the fault, and its cure."""
    if half is None:
        return None
    to = f"{label(topology, near)} to {label(topology, far)}"
    back = f"{label(topology, far)} to {label(topology, near)}"
    state, sync = (half.state or "").lower(), half.sync.lower()
    if state == "disconnected":
        return half, f"from {to} it is `Disconnected`", f"delete the half from {to} and peer both VNets anew"
    is_orphan = other is None and state != "connected" and _tells_peerings(topology, far)
    if state == "initiated" or is_orphan:
        says = "is `Initiated`" if state else "stands alone"
        return (
            half,
            f"from {to} it {says}, and the other half is missing",
            f"create the peering from {back}, or delete this",
        )
    if state in ("", "connected") and sync and sync != "fullyinsync":
        return (
            half,
            f"from {to} it is `{half.sync}`",
            f"sync the peering from {to}, so that routes for new ranges appear",
        )
    return None


def _tells_peerings(topology: Topology, vnet: str) -> bool:
    """Whether the input tells all peerings of a VNet."""
    resource = topology.resources.get(vnet)
    if resource is None or not is_known(resource):
        return False
    return not is_exported(resource) or isinstance(
        resource.properties.get("virtualNetworkPeerings"), list | tuple
    )


def zt_19(estate: Estate) -> Iterator[Found]:
    """Nothing joins two VNets past the firewall that both send their traffic to.

    The system route of a peering or of a connected group is longer than 0.0.0.0/0 and wins.
    https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
    """
    topology = estate.topology
    role = roles(topology)
    for peering in topology.peerings:
        if estate.routing.carries(peering) == "yes" and _is_bypass(estate, peering.a, peering.b, role):
            direct = direct_routes(estate, peering.a, peering.b, role, "VNetPeering")
            if direct:
                yield _bypass(
                    estate, (peering.a, peering.b), "a peering", direct[0], _halves(topology, peering)
                )
    for pair, group in _joined(estate):
        if _is_bypass(estate, *pair, role):
            direct = direct_routes(estate, *pair, role, "ConnectedGroup")
            if direct:
                yield _bypass(estate, pair, f"connected group `{group}`", direct[0], ())


def _joined(estate: Estate) -> Iterator[tuple[tuple[str, str], str]]:
    """Pairs of VNets in one connected group, each once."""
    seen = set()
    for vnet in sorted(estate.routing.groups_of):
        for group in estate.routing.groups_of[vnet]:
            for member in sorted(group.members):
                if vnet < member and (vnet, member) not in seen and group.is_sure:
                    seen.add((vnet, member))
                    yield (vnet, member), group.name


def _is_bypass(estate: Estate, a: str, b: str, role: Roles) -> bool:
    """Whether both VNets send to one appliance, and neither is the one that holds it."""
    mine, yours = appliances(estate, a, role), appliances(estate, b, role)
    return any(
        not stands_in(estate, a, route) and not stands_in(estate, b, route)
        for key, route in mine.items() if key in yours
    )  # fmt: skip


def _bypass(
    estate: Estate,
    pair: tuple[str, str],
    what: str,
    direct: tuple[str, str, Route],
    halves: tuple[Evidence, ...],
) -> Found:
    topology = estate.topology
    subnet, far, route = direct
    default = default_route(estate, subnet)
    a, b = label(topology, pair[0]), label(topology, pair[1])
    sent = () if default is None else (route_evidence(topology, default, subnet),)
    cure = (
        f"delete the peering of {a} and {b}" if halves else f"switch off direct connectivity for {a} and {b}"
    )
    return Found(
        pair,
        f"{a} and {b} send to the same firewall, and {what} joins them past it: {label(topology, subnet)} reaches "
        f"{label(topology, far)} directly",
        (route_evidence(topology, route, subnet), *sent, *halves),
        f"{cure}, or route {prefix_text(estate, pair[1])} from {a} and {prefix_text(estate, pair[0])} from {b} to the "
        "firewall as well",
    )  # fmt: skip


def _halves(topology: Topology, peering: Peering) -> tuple[Evidence, ...]:
    """The halves of a peering that the input holds."""
    told = ((peering.a, peering.b, peering.a_half), (peering.b, peering.a, peering.b_half))
    return tuple(
        Evidence(half.place, f"peering {label(topology, a)} -> {label(topology, b)}: {half.state or 'there'}", half.id)
        for a, b, half in told if half is not None
    )  # fmt: skip
