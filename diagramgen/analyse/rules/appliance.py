"""ZT-32: interfaces that forward other machines' packets."""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    LOAD_BALANCER,
    NET,
    NVA,
    ROUTE_TABLE,
    Found,
    entries,
    evidence,
    inner,
    is_known,
    label,
    nics,
)
from diagramgen.model.references import key, leaves_open, strings
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NAMELESS_BASE, NO_RANGES, Ranges, overlap, parse_addresses, union


def zt_32(estate: Estate) -> Iterator[Found]:
    """IP forwarding is on only where a route leads: at appliances.

    Known are next hops of route tables and hub connections, machines behind a load balancer that is one, and BGP
    peers. Nothing is found in an input without route tables, or where one is missing.
    https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface#enable-or-disable-ip-forwarding
    """
    topology = estate.topology
    tables = set(topology.route_table_of.values())
    if not topology.of_type(ROUTE_TABLE) or any(
        not is_known(topology.resources.get(table)) or not topology.tells(table, "routes") for table in tables
    ):
        return
    hops = _next_hops(estate)
    if hops is None:
        return
    named = {part.id for part in topology.resources.values() if part.type == NVA} | _named_hops(estate)
    for nic, machine in nics(topology):
        own: Ranges = tuple(r for r in estate.addresses.nic(nic.id) if r[0] < NAMELESS_BASE)
        is_nva = machine in named or nic.id in named
        if nic.properties.get("enableIPForwarding") is not True or is_nva or not own or overlap(own, hops):
            continue
        if _is_behind_next_hop(estate, nic, hops):
            continue
        name = label(topology, machine)
        yield Found(
            (machine, nic.id) if machine != nic.id else (nic.id,),
            f"interface {label(topology, nic.id)} of {name} forwards packets of others, and no route leads there",
            (evidence(nic, "`enableIPForwarding` is true", "enableIPForwarding"),),
            f"switch IP forwarding off on {label(topology, nic.id)}, or add the route that makes {name} an appliance",
        )  # fmt: skip


def _next_hops(estate: Estate) -> Ranges | None:
    """Every address that a route of the input sends to, or with which routes are exchanged; None where one of them is
    neither known nor that of an appliance that the route names."""
    found: Ranges = NO_RANGES
    named = _naming_routes(estate)
    for resource in estate.topology.resources.values():
        if resource.type.startswith(NET) and resource.type.endswith(
            ("/routes", "/hubvirtualnetworkconnections", "/bgpconnections", "/hubroutetables")
        ):
            names_its_hop = resource.id in named
            for name, text in strings(resource.properties):
                if name not in ("nextHopIpAddress", "peerIp", "nextHop"):
                    continue
                if leaves_open(text) and not (name == "nextHopIpAddress" and names_its_hop):
                    return None
                found = union(found, parse_addresses(text) or NO_RANGES)
    return found


def _naming_routes(estate: Estate) -> set[str]:
    """Routes that name the appliance that they send to, by its id."""
    return {part.id for part in estate.topology.of_type(ROUTE_TABLE + "/routes")
            if not leaves_open(key(part.properties.get("nextHop")) or "{}")}  # fmt: skip


def _named_hops(estate: Estate) -> set[str]:
    return {key(part.properties.get("nextHop")) for part in estate.topology.resources.values()
            if part.type == ROUTE_TABLE + "/routes"} - {""}  # fmt: skip


def _is_behind_next_hop(estate: Estate, nic: Resource, hops: Ranges) -> bool:
    """Whether a load balancer whose address is a next hop has the interface among its machines, or may have it."""
    pools = {
        key(pool).split("/backendaddresspools/")[0]
        for configuration in entries(nic.properties.get("ipConfigurations"))
        for pool in entries(inner(configuration).get("loadBalancerBackendAddressPools"))
    }
    for balancer in estate.topology.of_type(LOAD_BALANCER):
        if overlap(estate.addresses.resource(balancer.id), hops):
            told = [text.lower() for _, text in strings(balancer.properties.get("backendAddressPools"))]
            backends = balancer.envelope.get("backends")
            spec = [str(b) for b in backends] if isinstance(backends, list | tuple) else []
            if (
                balancer.id in pools
                or any(nic.id in text for text in told)
                or nic.envelope.get("parent") in spec
            ):
                return True
    return any(not is_known(estate.topology.resources.get(balancer)) for balancer in pools)
