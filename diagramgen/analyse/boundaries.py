"""Boundaries: the verdict on each, from what gets across it.

Between two sides every pair of their zones is walked in both directions. What passes is told apart: packets that a rule
allows by name, and packets that pass by default, by an any-any rule or because nothing stands there. One sure packet of
the second kind makes a gap; without one, packets that may be such make it unknown; else the line holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from diagramgen.analyse.addresses import INTERNET
from diagramgen.analyse.reach import Reach, Way
from diagramgen.analyse.verdicts import AllowedFlow, Boundary, Level, Rule, Severity, Status
from diagramgen.located import NOWHERE
from diagramgen.model.traffic import NOTHING_AT_ALL, TCP, PacketSet, Ranges, overlap, size

WORSE: Mapping[Status, int] = {"no-path": 0, "enforced": 1, "unknown": 2, "gap": 3}
MAX_FLOWS = 40
"""Flows that one boundary tells of; the rest is like them."""
_MANAGEMENT = ((TCP + 22, TCP + 22), (TCP + 3389, TCP + 3389), (TCP + 5985, TCP + 5986))


class Judgement(NamedTuple):
    """What is known of one boundary, or of a part of it; parts add up with `together`."""

    status: Status
    by: tuple[tuple[str, str], ...] = ()  # id and name of the controls, most telling first
    flows: tuple[AllowedFlow, ...] = ()
    rules: tuple[Rule, ...] = ()
    assumptions: tuple[str, ...] = ()
    reason: str = ""


NO_PATH = Judgement("no-path", reason="nothing joins the two sides", assumptions=("ASSUME_EXPORT_COMPLETE",))


def judge(reach: Reach) -> Judgement:
    """The verdict on one direction between two zones."""
    passing = reach.allowed | reach.exposed
    open_packets = passing - reach.specific
    doubtful = (reach.unknown | reach.arriving) - reach.specific
    if open_packets and reach.perhaps_specific:
        doubtful |= open_packets & reach.perhaps_specific
        open_packets = open_packets - reach.perhaps_specific
    by, rules = _controls(reach)
    if open_packets:
        status: Status = "gap"
    elif doubtful:
        status = "unknown"
    elif reach.has_path or any(_is_stopped_by_user(way) for way in reach.ways):
        status = "enforced"
    else:
        return NO_PATH._replace(assumptions=tuple(dict.fromkeys((*NO_PATH.assumptions, *reach.assumptions))))
    flows = tuple(sorted(reach.flows, key=_badness))[:MAX_FLOWS]
    return Judgement(status, by, flows, rules, reach.assumptions, _reason(status, reach, flows))


def _is_stopped_by_user(way: Way) -> bool:
    return way.stopped == "route:None" and bool(way.hops) and way.hops[-1].route_place != NOWHERE


def _badness(flow: AllowedFlow) -> tuple[int, str, str]:
    rank = (
        0 if flow.is_sure and not flow.is_specific else 1 if not flow.is_sure and not flow.is_specific else 2
    )
    return rank, flow.source, flow.target


def _controls(reach: Reach) -> tuple[tuple[tuple[str, str], ...], tuple[Rule, ...]]:
    """The controls that denied something or allowed it by name, firewalls first, and the rules that decided."""
    found: dict[str, tuple[int, str]] = {}
    rules: dict[tuple[str, str], Rule] = {}
    for way in reach.ways:
        if _is_stopped_by_user(way):
            hop = way.hops[-1]
            found.setdefault(hop.id, (2, f"route {hop.route.removeprefix('None: ')}"))
        if way.stopped:
            continue
        for hop in way.hops:
            for stage, outcome in hop.outcomes:
                for decision in outcome.decisions:
                    rule = decision.match.rule
                    if stage == "platform":
                        continue
                    rules.setdefault((stage, rule.id), rule._replace(stage=stage))
                    if (rule.access == "deny" and decision.sure) or (
                        not rule.is_default and not decision.match.is_broad
                    ):
                        is_firewall = stage == "firewall"
                        rid, name = (hop.id, hop.name) if is_firewall else (rule.control, rule.control_name)
                        found.setdefault(rid, (0 if is_firewall else 1, name))
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[1][1], item[0]))
    return tuple((rid, name) for rid, (_, name) in ordered), tuple(rules.values())


def _reason(status: Status, reach: Reach, flows: tuple[AllowedFlow, ...]) -> str:
    if status == "gap":
        worst = flows[0]
        last = worst.way[-1] if worst.way else None
        inspected = [rule for rule in worst.rules if rule.kind == "firewall"]
        if last is not None and last.kind == "subnet" and not last.outcomes and not inspected:
            return f"{last.name} has no NSG"
        if worst.rules:
            rule = (inspected or worst.rules)[-1]
            told = f"rule {rule.name} of {rule.control_name}"
            return f"{told} lets pass what no specific rule allows"
        return "nothing on the way filters"
    if status == "unknown":
        doubts = [doubt for way in reach.ways for doubt in way.doubts]
        return f"not told by the input: {doubts[0]}" if doubts else "not told by the input"
    return ""


def together(parts: Iterable[Judgement]) -> Judgement:
    """The verdict on a boundary from those on its parts: the worst status, and all of what bears on it."""
    parts = list(parts)
    if not parts:
        return NO_PATH
    status = max((part.status for part in parts), key=lambda s: WORSE[s])
    by: dict[str, str] = {}
    rules: dict[str, Rule] = {}
    flows: list[AllowedFlow] = []
    assumptions: dict[str, None] = {}
    for part in parts:
        by |= {rid: name for rid, name in part.by if rid not in by}
        rules |= {rule.id + rule.stage: rule for rule in part.rules if rule.id + rule.stage not in rules}
        flows += part.flows
        assumptions |= dict.fromkeys(part.assumptions)
    reasons = {part.reason for part in parts if part.status == status}
    reason = next((part.reason for part in parts if part.status == status and part.reason), "")
    if status in ("no-path", "enforced") and len(reasons) > 1:
        reason = ""
    flows.sort(key=_badness)
    return Judgement(status, tuple(by.items()), tuple(flows[:MAX_FLOWS]), tuple(rules.values()), tuple(assumptions),
                     reason)  # fmt: skip


def boundary_of(level: Level, a: str, b: str, judgement: Judgement) -> Boundary:
    """The boundary with a verdict."""
    gaps = [flow for flow in judgement.flows if flow.is_sure and not flow.is_specific]
    names = judgement.by if judgement.status == "enforced" else ()
    return Boundary(
        level, a, b, judgement.status, tuple(name for _, name in names), tuple(rid for rid, _ in names),
        judgement.flows, judgement.rules, judgement.assumptions, judgement.reason, severity=_severity(level, gaps),
    )  # fmt: skip


def _severity(level: Level, gaps: list[AllowedFlow]) -> Severity:
    entering = [flow for flow in gaps if flow.source == INTERNET] if level == "internet" else []
    packets = NOTHING_AT_ALL
    for flow in entering[:8]:
        packets = packets | flow.packets
    services: Ranges = packets.services
    return "critical" if overlap(services, _MANAGEMENT) or size(services) > 1000 else "high"


def exposure(packets: PacketSet) -> str:
    """One packet as an example, or nothing."""
    witness = packets.witness()
    return str(witness) if witness else ""
