"""Flows: what rules let pass by name, as green arrows with their ports; and what a spec says of flows, proved.

Between subnets that stand side by side the arrows are computed. A flow that the spec states and the rules prove becomes
one arrow with the computed one; a flow that they do not prove stays as told, drawn as an intention.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from diagramgen.analyse import Analysis
from diagramgen.analyse.reach import Zone
from diagramgen.analyse.verdicts import Rule
from diagramgen.model.topology import Flow
from diagramgen.model.traffic import (
    NOTHING_AT_ALL,
    SERVICES,
    Ranges,
    between,
    covers,
    difference,
    parse_service,
    union,
)
from diagramgen.view.sketch import Link
from diagramgen.view.verdict_words import name_of, port_label, rule_line, services_in_words

SUBNET = "microsoft.network/virtualnetworks/subnets"
VNET = "microsoft.network/virtualnetworks"
MOST_SUBNETS = 40
"""In drawings of more subnets only stated flows are drawn: so many arrows would hide the lines."""
MOST_ZONES = 64
MOST_RULES = 6
Proof = Literal["named", "default", "denied", "unknown"]
PROOF_WORDS: dict[Proof, str] = {
    "named": "as stated, and as the rules allow",
    "default": "as stated; it passes by default, no rule names it",
    "denied": "as stated only: the rules do not let it pass",
    "unknown": "as stated only: the input does not tell whether it passes",
}


class Passing(NamedTuple):
    """What rules let pass by name in one direction."""

    services: Ranges = ()
    rules: tuple[Rule, ...] = ()


class FlowJudge:
    """Answers what passes between subnets, and whether what a spec states does."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.topology = analysis.topology
        self._told: dict[tuple[str, str], Ranges] = {}

    def named(self, source: str, target: str) -> Passing:
        """What rules let pass by name from one subnet to another."""
        boundary = self.analysis.boundary("subnet", source, target)
        services: Ranges = ()
        rules: dict[str, Rule] = {}
        for flow in boundary.flows if boundary is not None else ():
            if flow.source == source and flow.target == target and flow.is_specific and flow.is_sure:
                services = union(services, flow.packets.services)
                rules |= {rule.id: rule for rule in flow.rules if not rule.is_default}
        return Passing(services, tuple(rules.values()))

    def proof(self, flow: Flow) -> Proof | None:
        """Whether a stated flow passes from its source to its target; None where that is not judged: without rules,
        or between other things."""
        services = stated_services(flow.ports)
        if not self.analysis.has_rules or not services:
            return None
        return self._one_way(flow.source, flow.target, services)

    def _one_way(self, source: str, target: str, services: Ranges) -> Proof | None:
        sources, targets = self._zones(source), self._zones(target)
        if not 0 < len(sources) * len(targets) <= MOST_ZONES:
            return None
        allowed = named = unknown = NOTHING_AT_ALL
        for one in sources:
            for other in targets:
                reach = self.analysis.reacher.reach(
                    one, other, between(one.addresses, other.addresses, services)
                )
                allowed |= reach.allowed
                named |= reach.allowed & reach.specific
                unknown |= reach.unknown
        whole = services != SERVICES
        if named and (not whole or covers(named.services, services)):
            return "named"
        if allowed and (not whole or covers(allowed.services, services)):
            return "default"
        return "unknown" if unknown else "denied"

    def _zones(self, rid: str) -> list[Zone]:
        zones = self.analysis.zones
        resource = self.topology.resources.get(rid)
        if resource is None:
            return [zones.site(rid)] if rid in self.analysis.addresses.sites else []
        if resource.type == SUBNET:
            return [] if rid in zones.transit else [zones.subnet(rid)]
        if resource.type == VNET:
            return list(zones.of_vnet(rid))
        frame = self.topology.resources.get(resource.parent or "")
        addresses = self.analysis.addresses.resource(rid)
        if frame is None or frame.type != SUBNET or frame.id in zones.transit or not addresses:
            return []
        return [Zone(rid, "subnet", addresses, frame.id, frame.parent or "")]

    # Arrows

    def tell(self, flow: Flow) -> None:
        """Remembers that an arrow of its own shows a flow."""
        services = stated_services(flow.ports)
        for a, b in (
            (flow.source, flow.target),
            *(((flow.target, flow.source),) if flow.is_both_ways else ()),
        ):
            way = (self._subnet_of(a), self._subnet_of(b))
            self._told[way] = union(self._told.get(way, ()), services)

    def _subnet_of(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        while resource is not None and resource.type != SUBNET:
            resource = self.topology.resources.get(resource.parent or "")
        return resource.id if resource is not None else ""

    def computed(self, a: str, b: str, faded: bool = False) -> Link | None:
        """The arrows between two subnets: what rules let pass, less what is told already."""
        there, back = (
            passing._replace(services=difference(passing.services, self._told.get(way, ())))
            for way in ((a, b), (b, a))
            for passing in (self.named(*way),)
        )
        if not there.services and not back.services:
            return None
        if not there.services:
            a, b, there, back = b, a, back, there
        return self.arrow(f"flow:{a}|{b}", a, b, there, back, "allowed flow, by the rules", faded)

    def arrow(self, rid: str, a: str, b: str, there: Passing, back: Passing, title: str, faded: bool) -> Link:
        """One arrow, or two side by side where something passes back too."""
        is_pair = bool(back.services)
        lines = [title, *self._way(a, b, there), *(self._way(b, a, back) if is_pair else ())]
        return Link(
            rid, "flow", a, b, "both" if is_pair else "b", (port_label(there.services),), (), tuple(lines),
            pair=is_pair, faded=faded, back_label=(port_label(back.services),) if is_pair else (),
        )  # fmt: skip

    def _way(self, source: str, target: str, passing: Passing) -> Iterable[str]:
        yield (
            f"{services_in_words(passing.services)} from {name_of(self.topology, source)} "
            f"to {name_of(self.topology, target)}"
        )
        yield from (rule_line(rule) for rule in passing.rules[:MOST_RULES])
        if len(passing.rules) > MOST_RULES:
            yield f"and {len(passing.rules) - MOST_RULES} more rules"


def stated_label(ports: str) -> str:
    """A stated flow's ports as computed ones are written.

    >>> stated_label("tcp/443, udp/53")
    '443, udp/53'
    """
    return port_label(stated_services(ports))


def stated_services(ports: str) -> Ranges:
    """The services that a stated flow names, all where it names none; none where the words are not understood.

    >>> stated_services("tcp/443, udp/53")
    ((443, 443), (65589, 65589))
    """
    if not ports.strip():
        return SERVICES
    found: Ranges = ()
    protocol = "any"
    for part in ports.split(","):
        word, slash, numbers = part.strip().partition("/")
        if slash or not word[:1].isdigit():
            protocol = word
        services = parse_service(protocol, numbers if slash else word if word[:1].isdigit() else "*")
        if not services:
            return ()
        found = union(found, services)
    return found
