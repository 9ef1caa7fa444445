"""Fabric: the verdict on two VNets behind one firewall, from what each lets out and in, without walking zone by zone.

Where a firewall's rule speaks of whole ranges, every pair of spokes has something to say to each other, and walking the
zones of each pair would take minutes in a large estate. What a VNet's filters let out to all others, and in from all
others, is the same for every pair: it is worked out once, and a pair is three intersections. The verdicts are those of
the walk, told by VNet and not by subnet. Rules that open many ports to single networks are left to the walk.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from diagramgen.analyse.boundaries import Judgement
from diagramgen.analyse.reach import Reacher
from diagramgen.analyse.security import Sides, is_open, is_wide, perhaps_specifically, specifically
from diagramgen.analyse.verdicts import AllowedFlow, Hop, Outcome, Rule, Status
from diagramgen.analyse.zones import Zones
from diagramgen.model.traffic import NOTHING_AT_ALL, PacketSet, Ranges, between, covers, difference, union


class Side(NamedTuple):
    """What the filters of a VNet's zones do with packets to all others, or from all others: disjoint sets, what only
    passes by a rule that names it, the controls, and whether that holds for each pair as for all of them."""

    allowed: PacketSet
    unknown: PacketSet
    specific: PacketSet
    controls: tuple[tuple[str, str], ...]
    is_even: bool


class Fabric:
    """Judges pairs of VNets that one firewall joins."""

    def __init__(self, reacher: Reacher, zones: Zones) -> None:
        self.reacher = reacher
        self.zones = zones
        self._sides: dict[tuple[str, bool], Side] = {}
        self._forwards: dict[tuple[str, str], bool] = {}

    def judge(self, firewall: str, a: str, b: str) -> Judgement | None:
        """The verdict on two VNets that reach each other through `firewall` alone; None where it takes a walk."""
        if not (self._lets_forward(firewall, a) and self._lets_forward(firewall, b)):
            return None
        there = self._one_way(firewall, a, b)
        back = self._one_way(firewall, b, a)
        if there is None or back is None:
            return None
        flows = (*there[1], *back[1])
        status = max((there[0], back[0]), key=("enforced", "unknown", "gap").index)
        name = self.reacher.topology.resources[firewall].label
        controls = dict.fromkeys(((firewall, name), *there[2], *back[2]))
        rules = {rule.id: rule for flow in flows for rule in flow.rules}
        reason = (
            "" if status != "gap" else f"{name} and the NSGs behind it let pass what no specific rule allows"
        )
        return Judgement(status, tuple(controls), flows, tuple(rules.values()), (), reason)

    def _one_way(
        self, firewall: str, source: str, target: str
    ) -> tuple[Status, tuple[AllowedFlow, ...], tuple[tuple[str, str], ...]] | None:
        out, into = self._side(source, True), self._side(target, False)
        if not out.is_even or not into.is_even:
            return None
        spaces = (self._space(source), self._space(target))
        packets = between(*spaces)
        outcome = self.reacher.firewalls.decide(firewall, packets)
        if self.reacher.firewalls.proxied(firewall, outcome) or self._opens_some(
            outcome, source, target, spaces
        ):
            return None
        passing = outcome.allowed | outcome.unknown
        passing = passing & (into.allowed | into.unknown)
        passing = passing & (out.allowed | out.unknown) if passing else passing
        if not passing:
            return "enforced", (), into.controls
        allowed = passing - outcome.unknown - into.unknown - out.unknown
        if perhaps_specifically(outcome, spaces):
            return None
        specific = specifically(outcome, spaces) | into.specific | out.specific
        hop = Hop("firewall", firewall, self.reacher.topology.resources[firewall].label)
        flows = []
        for part, is_sure in ((allowed, True), (passing - allowed, False)):
            for some, is_specific in ((part - specific, False), (part & specific, True)):
                if some:
                    rules = _letting(outcome, some)
                    flows.append(AllowedFlow(source, target, some, rules, (hop,), is_specific, is_sure))
        kinds = {(flow.is_sure, flow.is_specific) for flow in flows}
        status: Status = (
            "gap" if (True, False) in kinds else "unknown" if (False, False) in kinds else "enforced"
        )
        return status, tuple(flows), (*into.controls, *out.controls)

    def _opens_some(self, outcome: Outcome, source: str, target: str, spaces: Sides) -> bool:
        """Whether a rule opens zones to each other, but not the whole VNets: that is told zone by zone."""
        for decision in outcome.decisions:
            match = decision.match
            if match.rule.access == "deny" or is_open(match, spaces) or not is_wide(match):
                continue
            box = match.possible
            if any(covers(box.sources, zone.addresses) for zone in self.zones.of_vnet(source)) and any(
                covers(box.destinations, zone.addresses) for zone in self.zones.of_vnet(target)
            ):
                return True
        return False

    def _side(self, vnet: str, is_out: bool) -> Side:
        key = (vnet, is_out)
        if key not in self._sides:
            self._sides[key] = self._find_side(vnet, is_out)
        return self._sides[key]

    def _find_side(self, vnet: str, is_out: bool) -> Side:
        allowed = unknown = specific = NOTHING_AT_ALL
        controls: dict[tuple[str, str], None] = {}
        is_even = True
        others = difference(self._everything, self.reacher.addresses.vnet(vnet))
        for zone in self.zones.of_vnet(vnet):
            ends = (zone.addresses, others) if is_out else (others, zone.addresses)
            judge = self.reacher.security.outbound if is_out else self.reacher.security.inbound
            passage = judge(zone.subnet, between(*ends), ends)
            allowed |= passage.allowed
            unknown |= passage.unknown
            specific |= passage.specific
            is_even = is_even and not passage.perhaps_specific
            for _, outcome in passage.stages:
                for decision in outcome.decisions:
                    match = decision.match
                    if match.rule.access == "deny" or not match.rule.is_default:
                        controls[(match.rule.control, match.rule.control_name)] = None
                    far = match.possible.destinations if is_out else match.possible.sources
                    if match.rule.access != "deny" and is_wide(match) and not covers(far, others):
                        is_even = is_even and match.is_broad
        return Side(allowed, unknown, specific, tuple(controls), is_even)

    @cached_property
    def _everything(self) -> Ranges:
        """The addresses of every VNet."""
        ranges: Ranges = ()
        parts = [self.reacher.addresses.vnet(vnet) for vnet in self.zones.vnets]
        while len(parts) > 1:
            parts = [
                union(*parts[at : at + 2]) if at + 1 < len(parts) else parts[at]
                for at in range(0, len(parts), 2)
            ]
        return parts[0] if parts else ranges

    def _space(self, vnet: str) -> Ranges:
        ranges: Ranges = ()
        for zone in self.zones.of_vnet(vnet):
            ranges = union(ranges, zone.addresses)
        return ranges

    def _lets_forward(self, firewall: str, vnet: str) -> bool:
        """Whether a firewall's VNet is peered with another that takes forwarded packets from it, as far as is told."""
        key = (firewall, vnet)
        if key not in self._forwards:
            routing = self.reacher.routing
            home = routing.vnet_of(routing.subnet_of(self.reacher.topology.resources[firewall]))
            halves = [near for far, _, near, _ in routing.peers(vnet) if far == home]
            self._forwards[key] = any(half is not None and half.allows_forwarded is True for half in halves)
        return self._forwards[key]


def _letting(outcome: Outcome, packets: PacketSet) -> tuple[Rule, ...]:
    """The rules of a firewall that let packets pass, or may."""
    decisions = [d for d in outcome.decisions if d.match.rule.access != "deny"]
    return tuple(d.match.rule for d in decisions if d.possible & packets)
