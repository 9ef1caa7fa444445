"""Traces in words: one packet's way, hop by hop, as text and as JSON.

Each hop tells the filters met there, the rule of each that decided with its place in the input, and the route that led
on; then comes the way of the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.doubts import doubts_in_words
from diagramgen.analyse.trace import Trace
from diagramgen.analyse.verdicts import ASSUMPTIONS, Hop, Outcome, Rule
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import Packet, address_text, service_text
from diagramgen.report.lines import Lines
from diagramgen.report.names import names_of

_DOES = {"allow": "allows", "deny": "denies", "always-allow": "always allows"}


class Filter(NamedTuple):
    """What one control said to the packet: the rule that decided, whether it surely did, and what came out."""

    stage: str
    rule: Rule | None
    is_sure: bool
    said: str


def trace_json(trace: Trace, topology: Topology, texts: Mapping[str, str]) -> str:
    """The trace for other programs; `decided_by` is the code, `rule` the rule behind it with its place."""
    lines = Lines(texts)
    said = {
        "verdict": trace.verdict,
        "decided_by": trace.decided_by,
        "from": trace.source,
        "to": trace.target,
        "packet": _packet(trace.packet),
        "rule": _rule(trace.rule, lines) if trace.rule else None,
        "reason": trace.reason,
        "hops": [_hop(hop, trace.packet, lines) for hop in trace.hops],
        "return": [_hop(hop, None, lines) for hop in trace.back],
        "one_way_exposure": trace.is_one_way,
        "assumptions": list(trace.assumptions),
        "names": dict(names_of(topology, [trace.source, trace.target, *(hop.id for hop in trace.hops)])),
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def trace_text(trace: Trace, topology: Topology, texts: Mapping[str, str], color: bool = False) -> str:
    """The trace for people."""
    return "\n".join(_Text(trace, topology, texts, color).lines()) + "\n"


class _Text:
    """Writes one trace."""

    def __init__(self, trace: Trace, topology: Topology, texts: Mapping[str, str], color: bool) -> None:
        self.trace = trace
        self.topology = topology
        self.places = Lines(texts)
        self.color = color
        ids = [trace.source, trace.target, *(hop.id for hop in (*trace.hops, *trace.back))]
        self.names = names_of(topology, ids)

    def lines(self) -> Iterator[str]:
        trace = self.trace
        service = service_text(((trace.packet.service, trace.packet.service),))
        source = self._end(trace.source, trace.packet.source)
        target = self._end(trace.target, trace.packet.destination)
        yield f"{self._painted(trace.verdict)}: {service} from {source} to {target}"
        yield f"  decided by {trace.decided_by}{self._by_rule(trace.rule)}"
        if trace.verdict == "unknown":
            yield from (
                f"  {doubt}" for doubt in doubts_in_words(trace.decided_by) if doubt != trace.decided_by
            )
        if trace.reason:
            yield f"  {trace.reason}"
        if trace.is_one_way:
            yield "  the packet arrives, but no conversation comes about: what is sent one way (UDP) is exposed"
        yield ""
        for number, hop in enumerate(trace.hops, 1):
            yield from self._hop(number, hop)
        if trace.back:
            yield ""
            yield "answers go " + " -> ".join(self._name(hop) for hop in trace.back)
        if trace.assumptions:
            yield ""
            yield "assuming that"
            yield from (f"  {ASSUMPTIONS.get(code, code)} ({code})" for code in trace.assumptions)

    def _end(self, rid: str, number: int) -> str:
        name = self.names.get(rid, rid)
        address = address_text(number)
        return name if address == "?" else f"{name} ({address})"

    def _by_rule(self, rule: Rule | None) -> str:
        if rule is None:
            return ""
        return f"\n  {rule.control_name}: {rule.text}{self._at(rule)}"

    def _at(self, rule: Rule) -> str:
        return f"  ({self.places.shown(rule.place)})" if rule.place.source else ""

    def _name(self, hop: Hop) -> str:
        return self.names.get(hop.id) or hop.name or hop.kind

    def _hop(self, number: int, hop: Hop) -> Iterator[str]:
        kind = hop.kind.replace("-", " ")
        name = self._name(hop)
        shown = name if kind in name.lower() else f"{name} ({kind})"
        yield f"{number:>2}  {shown}"
        for each in filters_of(hop, self.trace.packet):
            if each.rule is None:
                yield f"      {each.stage:<9} {each.said}"
                continue
            word = _DOES[each.rule.access] if each.is_sure else "may allow or deny"
            text = f"{each.rule.control_name}: {each.rule.text}{self._at(each.rule)}"
            yield f"      {each.stage:<9} {word} by {text}"
        if hop.route:
            place = f"  ({self.places.shown(hop.route_place)})" if hop.route_place.source else ""
            yield f"      route     {hop.route}{place}"

    def _painted(self, verdict: str) -> str:
        if not self.color:
            return verdict.upper()
        codes = {"allowed": "32", "denied": "31", "unknown": "33"}
        return f"\x1b[1;{codes[verdict]}m{verdict.upper()}\x1b[0m"


def filters_of(hop: Hop, packet: Packet) -> Iterator[Filter]:
    """What the controls met at a hop said to one packet; those that never saw it are left out."""
    for stage, outcome in hop.outcomes:
        said = _said(outcome, packet)
        if said == "not seen":
            continue
        for decision in outcome.decisions:
            if packet in decision.possible:
                yield Filter(stage, decision.match.rule, packet in decision.sure, said)
                if packet in decision.sure:
                    break
        else:
            if not any(packet in decision.possible for decision in outcome.decisions):
                yield Filter(stage, None, True, "no rule matches: passes")


def _said(outcome: Outcome, packet: Packet) -> str:
    for word, packets in (
        ("allowed", outcome.allowed),
        ("denied", outcome.denied),
        ("unknown", outcome.unknown),
    ):
        if packet in packets:
            return word
    return "not seen"


def _packet(packet: Packet) -> dict[str, Any]:
    return {
        "source": address_text(packet.source),
        "destination": address_text(packet.destination),
        "service": service_text(((packet.service, packet.service),)),
        "source_port": packet.source_port,
    }


def _hop(hop: Hop, packet: Packet | None, lines: Lines) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": hop.kind, "id": hop.id, "name": hop.name, "route": hop.route}
    if hop.route_place.source:
        said["route_place"] = _place(hop.route_place, lines)
    if packet is not None:
        said["filters"] = [
            {
                "stage": each.stage,
                "verdict": each.said,
                "sure": each.is_sure,
                "rule": _rule(each.rule, lines) if each.rule else None,
            }
            for each in filters_of(hop, packet)
        ]
    return said


def _rule(rule: Rule, lines: Lines) -> dict[str, Any]:
    said = {
        "id": rule.id,
        "name": rule.name,
        "control": rule.control,
        "control_name": rule.control_name,
        "access": rule.access,
        "priority": rule.priority,
        "text": rule.text,
        "default": rule.is_default,
    }
    return {**said, **(_place(rule.place, lines) if rule.place.source else {})}


def _place(place: Any, lines: Lines) -> dict[str, Any]:
    spot = lines.spot(place)
    return {"file": place.source, "line": spot[0] if spot else None, "path": "/".join(map(str, place.path))}


WRITERS: Mapping[str, Callable[[Trace, Topology, Mapping[str, str]], str]] = {
    "text": trace_text,
    "json": trace_json,
}
"""By the word of `--format`."""
