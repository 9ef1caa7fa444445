"""Findings on the boundaries themselves: contradictions to what a spec declares (SEG-01), and gaps (SEG-02).

Gaps with one cause are one finding: the rule that lets pass what no specific rule allows, or the want of any filter,
with every boundary that it breaks. Gaps between subscriptions are those of their VNets, and told there.
"""

from __future__ import annotations

from collections.abc import Iterable

from diagramgen.analyse.verdicts import SEVERITIES, AllowedFlow, Boundary, Evidence, Finding, Rule, Severity
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import service_text

HOLDS = ("no-path", "enforced")
_OUTER = {"internet": "the Internet", "azure": "Azure"}


def boundary_findings(
    topology: Topology, boundaries: Iterable[Boundary], has_rules: bool
) -> tuple[Finding, ...]:
    """What is to be said of the boundaries, worst first. Without rules a spec states its intent, and nothing
    contradicts it."""
    contradictions: list[Finding] = []
    by_cause: dict[tuple[str, str], list[Boundary]] = {}
    for boundary in boundaries:
        if boundary.declared and has_rules and _contradicts(boundary):
            contradictions.append(_contradiction(topology, boundary))
        if (
            boundary.status == "gap"
            and boundary.level != "subscription"
            and not (boundary.declared and not has_rules)
        ):
            by_cause.setdefault((boundary.level, _cause(boundary)), []).append(boundary)
    gaps = [_gap(topology, group) for group in by_cause.values()]
    found = [*contradictions, *gaps]
    return tuple(sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.ids)))


def _contradicts(boundary: Boundary) -> bool:
    """Whether the rules prove something else than is declared: that it does not hold, or that there is a way."""
    if boundary.status == "gap":
        return boundary.declared != "gap"
    return boundary.declared == "no-path" and boundary.status == "enforced"


def _contradiction(topology: Topology, boundary: Boundary) -> Finding:
    a, b = (_name(topology, rid) for rid in (boundary.a, boundary.b))
    words = {"no-path": "without a path", "enforced": "enforced", "gap": "a gap", "unknown": "unknown"}
    told = f"`{a} | {b}` is declared {words[boundary.declared]}"
    if boundary.status == "gap":
        message = f"{told}, but {boundary.reason or 'traffic passes that no specific rule allows'}"
    else:
        message = f"{told}, but the two are connected and {', '.join(boundary.by) or 'rules'} let named traffic pass"
    declared = Evidence(boundary.declared_place, "declared here", boundary.a)
    severity: Severity = "high" if boundary.status == "gap" else "medium"
    fix = _fix(boundary) if boundary.status == "gap" else "declare it enforced, by the controls named here"
    evidence = (declared, *_evidence(topology, boundary))
    return Finding("SEG-01", severity, (boundary.a, boundary.b), message, evidence, fix)


def _gap(topology: Topology, group: list[Boundary]) -> Finding:
    first = group[0]
    a, b = (_name(topology, rid) for rid in (first.a, first.b))
    flow = _worst(first)
    sample = ""
    if flow is not None and flow.packets:
        box = min(flow.packets.boxes, key=lambda box: (box.services, box.destinations))
        ends = f"from {_shown(topology, flow.source)} to {_shown(topology, flow.target)}"
        sample = f" ({service_text(box.services)} {ends})"
    rest = len(group) - 1
    others = f", and {rest} more such {'boundaries' if rest > 1 else 'boundary'}" if rest else ""
    reason = first.reason or "traffic passes that no specific rule allows"
    message = f"`{a} | {b}` does not hold: {reason}{sample}{others}"
    ids = tuple(dict.fromkeys(rid for boundary in group for rid in (boundary.a, boundary.b)))
    severity = min((boundary.severity for boundary in group), key=SEVERITIES.index)
    return Finding("SEG-02", severity, ids, message, _evidence(topology, first), _fix(first))


def _cause(boundary: Boundary) -> str:
    """What the gaps of several boundaries have in common: the rule that lets pass, else the boundary alone."""
    rule = _letting(boundary)
    if rule is not None:
        return rule.id
    return f"{boundary.a} {boundary.b}" if boundary.level in ("internet", "paas") else boundary.reason


def _worst(boundary: Boundary) -> AllowedFlow | None:
    return next(iter(boundary.gaps), None)


def _letting(boundary: Boundary) -> Rule | None:
    flow = _worst(boundary)
    return flow.rules[-1] if flow is not None and flow.rules else None


def _evidence(topology: Topology, boundary: Boundary) -> tuple[Evidence, ...]:
    flow = _worst(boundary)
    if flow is None:
        return tuple(Evidence(rule.place, rule.text, rule.id) for rule in boundary.rules[:3])
    found = [Evidence(rule.place, f"{rule.control_name}: {rule.text}", rule.id) for rule in flow.rules]
    last = flow.way[-1] if flow.way else None
    if last is not None and last.kind == "subnet" and not last.outcomes and last.id in topology.resources:
        found.insert(0, Evidence(topology.resources[last.id].place, f"{last.name} has no NSG", last.id))
    found += [
        Evidence(hop.route_place, hop.route, hop.id)
        for hop in flow.way
        if hop.route and hop.route_place.source
    ]
    return tuple(found[:6])


def _fix(boundary: Boundary) -> str:
    rule = _letting(boundary)
    match boundary.level:
        case "internet" if boundary.directions and dict(boundary.directions).get("in") == "gap":
            return "admit only named sources, or put a WAF or firewall in the way of what comes in"
        case "internet":
            return "send 0.0.0.0/0 to a firewall with specific rules, or deny the Internet in the NSG"
        case "on-premises":
            return "route both directions through a firewall: the gateway's subnet and the spokes"
        case "paas":
            return "switch public access off, or deny by default and name who may come"
    flow = _worst(boundary)
    last = flow.way[-1] if flow is not None and flow.way else None
    if last is not None and last.kind == "subnet" and not last.outcomes:
        return f"attach an NSG to {last.name} that allows by name what it serves and denies the rest"
    if rule is None:
        return "attach an NSG that allows by name what is needed and denies the rest"
    if rule.is_default:
        return f"add a rule to {rule.control_name} that denies what {rule.name} would let pass, below the named allows"
    return f"narrow rule {rule.name} of {rule.control_name} to the sources, destinations and ports that are needed"


def _name(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    if resource is not None:
        return resource.label or resource.name
    site = next((site for site in topology.sites if site.id == rid), None)
    return site.label if site is not None else _OUTER.get(rid, rid.rsplit("/", 1)[-1])


def _shown(topology: Topology, rid: str) -> str:
    resource = topology.resources.get(rid)
    parent = topology.resources.get(resource.parent or "") if resource is not None else None
    if parent is not None and parent.type == "microsoft.network/virtualnetworks":
        return f"{parent.label}/{_name(topology, rid)}"
    return _name(topology, rid)
