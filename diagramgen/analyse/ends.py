"""Ends: what a person names as the beginning or end of a trace, as zones.

An id, a name or a path of names (`Hub VNet/Web`), an address, `internet`, `on-premises`. A network stands for all of
its zones, a machine for its interfaces; `trace_between` then follows the packet that gets farthest.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.addresses import INTERNET, ON_PREMISES, PRIVATE
from diagramgen.analyse.analysis import Analysis
from diagramgen.analyse.reach import Zone
from diagramgen.analyse.trace import Trace, nowhere
from diagramgen.analyse.verdicts import FlowVerdict
from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.references import key
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    EPHEMERAL,
    NAMELESS_BASE,
    SERVICES,
    Box,
    Packet,
    PacketSet,
    Ranges,
    between,
    intersection,
    overlap,
    parse_addresses,
)

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
_DOCUMENTATION = parse_addresses("203.0.113.0/24") or ()
FRAMES = ("microsoft.resources/subscriptions", "microsoft.management/managementgroups", VNET)
_BETTER: dict[FlowVerdict, int] = {"allowed": 0, "unknown": 1, "denied": 2}


def trace_between(analysis: Analysis, source: str, target: str, services: Ranges = SERVICES) -> Trace:
    """What becomes of packets of some services between two ends: the packet that gets farthest, and its verdict.

    Raises:
        InputError: when an end is not there, or means several things.
    """
    sources, targets = find_end(analysis, source, "--from"), find_end(analysis, target, "--to")
    found: list[Trace] = []
    for begin in sources:
        for end in targets:
            if begin.id != end.id or begin.addresses != end.addresses:
                found.append(_farthest(analysis, begin, end, services))
    if not found:
        raise InputError([Diagnostic("error", "same-end", f"`{source}` and `{target}` are the same thing")])
    return min(found, key=lambda trace: _BETTER[trace.verdict])


def _farthest(analysis: Analysis, source: Zone, target: Zone, services: Ranges) -> Trace:
    """The trace of the packet between two zones that gets farthest, of those with a client's source port (RFC 6335)."""
    packets = between(source.addresses, target.addresses, services) & PacketSet.of(
        Box(source_ports=EPHEMERAL)
    )
    candidates: list[PacketSet] = [packets]
    if target.kind != "service" and source.kind != "internet" and packets:
        reach = analysis.reacher.reach(source, target, packets)
        candidates = [reach.allowed, reach.unknown, reach.exposed, packets]
    elif source.kind == "internet":
        candidates = [*_entering(analysis, packets), packets]
    packet = next((_witness(c, source, target) for c in candidates if c), None)
    if packet is None:
        packet = Packet(source.addresses[0][0] if source.addresses else 0,
                        target.addresses[0][0] if target.addresses else 0, services[0][0])  # fmt: skip
    return analysis.trace(packet, source, target)


def _witness(packets: PacketSet, source: Zone, target: Zone) -> Packet | None:
    """A packet between addresses that machines may have: not the five of a subnet that Azure keeps, and from the
    Internet one of those for documentation (RFC 5737)."""
    ends = (_usable(source), _usable(target))
    return (packets.from_to(*ends) or packets).witness()


def _usable(zone: Zone) -> Ranges:
    if zone.kind == "internet":
        return intersection(zone.addresses, _DOCUMENTATION) or zone.addresses
    return tuple((low + 4, high - 1) if high - low > 6 else (low, high) for low, high in zone.addresses)


def _entering(analysis: Analysis, packets: PacketSet) -> Iterator[PacketSet]:
    """The packets for which something gives the destination a way in."""
    for entry in analysis.frontends:
        common = packets & between(analysis.zones.internet.addresses, analysis.addresses.subnet(entry.subnet),
                                   entry.services)  # fmt: skip
        if entry.subnet and common:
            yield common
        for goal in entry.targets:
            common = packets & between(analysis.zones.internet.addresses, goal.addresses, goal.services)
            if not common:
                continue
            if entry.is_source_kept and goal.subnet:
                sides = (analysis.zones.internet.addresses, goal.addresses)
                passage = analysis.security.inbound(goal.subnet, common, sides)
                yield passage.allowed or passage.unknown or common
            else:
                yield common


def find_end(analysis: Analysis, text: str, option: str) -> tuple[Zone, ...]:
    """The zones that a person means.

    Raises:
        InputError: with the near misses, when nothing or several things are called so.
    """
    topology = analysis.topology
    word = text.strip()
    folded = word.lower().replace("_", "-")
    if folded == INTERNET:
        return (analysis.zones.internet,)
    if folded == ON_PREMISES:
        sites = [site.id for site in topology.sites]
        if not sites:
            raise _error(option, "the input holds nothing on premises")
        return tuple(analysis.zones.site(site) for site in sites)
    parsed = parse_addresses(word)
    if parsed is not None:
        return (_at_address(analysis, parsed, word, option),)
    resource = _named(topology, word, option)
    if isinstance(resource, str):
        return (analysis.zones.site(resource),)
    return _zones_of(analysis, resource, option)


def _at_address(analysis: Analysis, ranges: Ranges, word: str, option: str) -> Zone:
    zone = analysis.tracer.zone_at(ranges[0][0])
    if zone is None and option == "--to":
        return nowhere(ranges)  # routes may tell that nothing gets there
    if zone is None and overlap(PRIVATE, ranges):
        zone = _untold_site(analysis)
        if zone is not None:
            return zone
    if zone is None:
        raise _error(option, f"no network of the input holds the address `{word}`",
                     "give an address in a VNet, in a site, or a public one")  # fmt: skip
    return zone._replace(addresses=intersection(zone.addresses, ranges) or ranges)


def _untold_site(analysis: Analysis) -> Zone | None:
    """A site of which the input does not tell all prefixes, so that any private address may be there."""
    for site in analysis.topology.sites:
        untold = tuple(r for r in analysis.addresses.sites[site.id] if r[0] >= NAMELESS_BASE)
        if untold:
            return analysis.zones.site(site.id)._replace(addresses=untold)
    return None


def _named(topology: Topology, word: str, option: str) -> Resource | str:
    """The resource, or the id of the site, with an id, a name or the end of a path of names."""
    rid = key(word)
    if rid in topology.resources:
        return topology.resources[rid]
    for site in topology.sites:
        if rid in (site.id, site.label.lower()):
            return site.id
    steps = [step.strip().lower() for step in word.split("/") if step.strip()]
    found = [r for r in topology.resources.values() if _is_called(topology, r, steps) and _can_be_end(r)]
    outer = [r for r in found if r.parent not in {other.id for other in found}]
    if len(outer) == 1:
        return outer[0]
    if len(outer) > 1:
        paths = [_path(topology, r) for r in outer]
        told = ", ".join(f"`{path}`" for path in paths[:6])
        raise _error(option, f"{len(outer)} things are called `{word}`", f"write one of: {told}")
    known = sorted({r.label or r.name for r in topology.resources.values() if _can_be_end(r)})
    known += [site.label for site in topology.sites] + [INTERNET, ON_PREMISES]
    raise _error(option, f"nothing in the input is called `{word}`", *did_you_mean(word, known))


def _can_be_end(resource: Resource) -> bool:
    kind = resource.kind
    return kind is not None and kind.home in ("container", "subnet", "service")


def _is_called(topology: Topology, resource: Resource, steps: list[str]) -> bool:
    at: Resource | None = resource
    for step in reversed(steps):
        if at is None or step not in (at.name.lower(), at.label.lower()):
            return False
        at = topology.resources.get(at.parent or "")
    return bool(steps)


def _path(topology: Topology, resource: Resource) -> str:
    names = []
    at: Resource | None = resource
    while at is not None:
        names.append(at.label or at.name)
        at = topology.resources.get(at.parent or "")
    return "/".join(reversed(names))


def _zones_of(analysis: Analysis, resource: Resource, option: str) -> tuple[Zone, ...]:
    if resource.type in FRAMES:
        zones = tuple(
            zone for vnet in analysis.vnets_of(resource.id) for zone in analysis.zones.of_vnet(vnet)
        )
        if zones:
            return zones
        raise _error(
            option, f"`{resource.label or resource.name}` holds no subnet where packets could begin or end"
        )
    if resource.type == SUBNET:
        return (analysis.zones.subnet(resource.id),)
    if resource.id in analysis.addresses.sites:
        return (analysis.zones.site(resource.id),)
    if resource.id in analysis.services.ids:
        return (analysis.platform.zone(resource.id),)
    addresses = analysis.addresses.resource(resource.id)
    subnet = _subnet_of(analysis.topology, resource)
    if addresses and subnet:
        return (Zone(subnet, "subnet", addresses, subnet, analysis.routing.vnet_of(subnet)),)
    if subnet:
        return (analysis.zones.subnet(subnet),)
    raise _error(option, f"`{resource.label or resource.name}` has no address that the input tells",
                 "name its subnet, or an address")  # fmt: skip


def _subnet_of(topology: Topology, resource: Resource) -> str:
    parent = topology.resources.get(resource.parent or "")
    return parent.id if parent is not None and parent.type == SUBNET else ""


def _error(option: str, message: str, *hints: str) -> InputError:
    return InputError([Diagnostic("error", "unknown-end", f"{message} ({option})", hints=tuple(hints))])
