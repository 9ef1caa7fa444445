"""What an estate is, its verdicts and its picture, in words that name no id: two inputs that say the same have the same
portrait, whatever the ids in them are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from diagramgen import pipeline
from diagramgen.diagnostics import InputError
from diagramgen.layout.plan import Plan
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import PeeringHalf, Topology
from diagramgen.pipeline import Reading
from diagramgen.system import read_theme

Portrait = dict[str, Counter[Any]]
Call = Callable[[str], str]
DRAWN = ("container", "subnet", "hub", "service")
ORDERED = ("subscription", "vnet", "subnet")
"""Levels of boundaries whose two sides are equals."""


def call(topology: Topology) -> Call:
    """A function that names a thing by its type and label, and by what it stands in."""
    known: dict[str, str] = {}
    owners = {
        nic: resource.id
        for resource in topology.resources.values()
        for nic in keys(at(resource.properties, "networkProfile", "networkInterfaces"))
    }
    for nic in topology.of_type("microsoft.network/networkinterfaces"):
        if owner := key(nic.properties.get("virtualMachine")) or key(nic.properties.get("privateEndpoint")):
            owners[nic.id] = owner
    for thing in (*topology.sites, *topology.users, *topology.groups):
        known[thing.id] = f"{type(thing).__name__}:{thing.label}"
    for site in topology.sites:
        for machine, label, _, _ in site.machines:
            known.setdefault(machine, f"{label} in {site.label}".lower())

    def named(rid: str, depth: int = 0) -> str:
        if rid in known:
            return known[rid]
        resource = topology.resources.get(rid)
        if resource is None:
            return _outside(topology, rid, named)
        owner = owners.get(rid, "")
        if owner and depth < 20:
            return f"interface of {named(owner, depth + 1)}"
        kind = resource.kind
        above = resource.parent if kind is not None and kind.home in DRAWN else _owner(resource.envelope)
        own = f"{resource.type.partition('/')[2]}:{resource.name if resource.is_ghost else resource.label}".lower()
        known[rid] = f"{named(above, depth + 1)}/{own}" if above and depth < 20 else own
        return known[rid]

    return named


def _owner(envelope: Mapping[str, Any]) -> str:
    parent = envelope.get("parent")
    return parent if isinstance(parent, str) else ""


def _outside(topology: Topology, rid: str, named: Call) -> str:
    """A part of a thing (`ID#services`, `ID/ipconfigurations/x`), or what the input does not hold."""
    base, mark, rest = rid.partition("#")
    if mark and base in topology.resources:
        return f"{named(base)}#{rest.replace(base, '')}"
    head = rid
    if rid.startswith("/") and "/providers/" in rid:
        return f"{'/'.join(rid.rpartition('/providers/')[2].split('/')[1::2])}:{rid.rpartition('/')[2]}"
    while "/" in head.strip("/"):
        head = head.rpartition("/")[0]
        if (
            head in topology.resources
            and topology.resources[head].type != "microsoft.resources/subscriptions"
        ):
            return f"{named(head)} ... {rid.rpartition('/')[2]}"
    return rid


def network(topology: Topology) -> Portrait:
    """What there is, and how it hangs together."""
    name = call(topology)

    def pairs(found: Mapping[str, str]) -> Counter[Any]:
        return Counter((name(a), name(b)) for a, b in found.items())

    def lists(found: Mapping[str, Iterable[str]]) -> Counter[Any]:
        return Counter((name(a), tuple(sorted(map(name, many)))) for a, many in found.items())

    drawn = [r for r in topology.resources.values() if r.kind is not None and r.kind.home in DRAWN]
    return {
        "resources": Counter(
            (name(r.id), r.is_ghost, r.location if r.type.endswith(_PLACED) else "")
            for r in drawn if not name(r.id).startswith("interface of")
        ),
        "nsgs": pairs(topology.nsg_of),
        "route tables": pairs(topology.route_table_of),
        "NAT gateways": pairs(topology.nat_gateway_of),
        "ASGs": lists(topology.asgs_of),
        "public IPs": lists(topology.public_ips_of),
        "peerings": Counter(
            (*sorted((name(end), _half(half, topology, far))
                     for end, half, far in ((p.a, p.a_half, p.b), (p.b, p.b_half, p.a))),
             p.label, p.state, tuple(map(name, p.through)))
            for p in topology.peerings
        ),
        "connections": Counter(
            (name(c.a), name(c.b), c.kind, c.label, c.tunnels, c.status, name(c.circuit)) for c in topology.connections
        ),
        "hub connections": Counter((name(c.hub), name(c.vnet)) for c in topology.hub_connections),
        "private links": Counter((name(p.endpoint), name(p.target), p.group, p.status) for p in topology.private_links),
        "service endpoints": Counter((name(e.subnet), e.service) for e in topology.service_endpoints),
        "service links": Counter((name(s.subnet), name(s.service), s.kind) for s in topology.service_links),
        "network groups": Counter(
            (g.label, tuple(sorted(map(name, g.members))), g.topology) for g in topology.network_groups
        ),
        "sites": Counter(
            (s.label, s.prefixes, s.users, tuple(sorted((name(m[0]), m[1].lower(), *m[2:]) for m in s.machines)))
            for s in topology.sites
        ),
        "groups": Counter((g.label, tuple(sorted(map(name, g.members)))) for g in topology.groups),
        "flows": Counter((name(f.source), name(f.target), f.ports, f.is_both_ways) for f in topology.flows),
        "traffic": Counter((name(t.target), t.label, t.direction, t.views) for t in topology.traffic),
        "users": Counter((u.label, tuple(sorted(map(name, u.targets))), u.people) for u in topology.users),
        "declared": Counter((b.level, *sorted((name(b.a), name(b.b))), b.status, b.by) for b in topology.boundaries),
        "views": Counter((key, str(value)) for key, value in topology.views.items()),
        "notes": Counter((name(on), text) for on, text in topology.notes),
        "accepted": Counter(
            (a.rule, tuple(sorted(map(name, a.ids))), a.reason, a.until, a.is_between) for a in topology.acceptances
        ),
        "rules": Counter(
            (r.label, name(owner).rpartition("/")[2], _told(r.properties))
            for owner, parts in topology.parts.items()
            for r in parts
            if r.type.endswith(("/securityrules", "/routes", "/rulecollections/rules"))
        ),
    }  # fmt: skip


_PLACED = ("/virtualnetworks", "/virtualhubs", "/storageaccounts", "/vaults", "/sites")
"""Types whose region is told."""


def _half(half: PeeringHalf | None, topology: Topology, far: str) -> str:
    """A half without its place and id, and without networks that are those of the far side anyway."""
    if half is None:
        return "not told"
    resource = topology.resources.get(far)
    space = resource.properties.get("addressSpace") if resource is not None else None
    own = sorted(map(str, space.get("addressPrefixes") or ())) if isinstance(space, Mapping) else []
    lists = [tuple(sorted(told)) for told in (half.remote_prefixes, half.current_prefixes)]
    kept = [() if list(told) == own else told for told in lists]
    sync = "" if half.sync.lower() == "fullyinsync" else half.sync
    return str((half[0], sync, *half[2:6], *kept, *half[10:]))


_OF_RULE = ("priority", "access", "direction", "nextHopType", "nextHopIpAddress")


def _told(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The plain fields of a rule or route: what it says of addresses is compared by the verdicts."""
    return tuple(str(properties.get(field) or "").lower() for field in _OF_RULE)


def verdicts(analysis: pipeline.Analysis) -> Portrait:
    """Every boundary with its status, and every finding with the things that it is about."""
    name = call(analysis.topology)
    boundaries, findings = pipeline.check_topology(analysis)
    return {
        "boundaries": Counter((b.level, *_sides(b.level, name(b.a), name(b.b)), b.status) for b in boundaries),
        "controls": Counter(
            (b.level, *_sides(b.level, name(b.a), name(b.b)), tuple(sorted(map(name, b.by))))
            for b in boundaries if b.status == "enforced"
        ),
        "findings": Counter((f.rule, f.severity, tuple(sorted(map(name, f.ids)))) for f in findings),
    }  # fmt: skip


def _sides(level: str, a: str, b: str) -> tuple[str, str]:
    return (b, a) if level in ORDERED and a > b else (a, b)


def picture(analysis: pipeline.Analysis, view: str | None = None) -> tuple[Portrait, Plan | None]:
    """Boxes, links and lines of the drawing; None for a plan where there is nothing to draw."""
    name = call(analysis.topology)
    try:
        plan = pipeline.plan_layout(pipeline.choose_view(analysis, view), read_theme().metrics)
    except InputError as error:
        return {"nothing": Counter(d.code for d in error.diagnostics)}, None
    labels = {box.id: name(box.id) for box in plan.boxes}
    return {
        "title": Counter([plan.title]),
        "boxes": Counter(
            (box.kind, box.name.lower(), box.style, box.icon, labels.get(box.parent or "", ""),
             tuple((m.kind, m.icon) for m in box.marks), tuple(t.text.lower() for t in box.texts))
            for box in plan.boxes
        ),
        "links": Counter(
            (link.kind, *sorted((name(link.a), name(link.b))), link.heads if link.heads in ("none", "both") else "one",
             link.style, tuple(t.text.lower() for t in link.texts))
            for link in plan.links
        ),
        "lines": Counter(
            (line.level, *sorted((name(line.a), name(line.b))), line.status, line.declared, line.badge)
            for line in plan.boundaries
        ),
        "texts": Counter(text.text.lower() for text in plan.texts),
        "key": Counter(entry.text.text for entry in plan.key),
    }, plan  # fmt: skip


def geometry(plan: Plan | None) -> tuple[Any, ...]:
    """Where everything is, without saying what."""
    if plan is None:
        return ()
    return (
        plan.width,
        plan.height,
        sorted((box.kind, box.name, *box.box) for box in plan.boxes),
        sorted(tuple(sorted((link.points[0], link.points[-1]))) for link in plan.links),
        sorted((line.level, line.status, *sorted((line.start, line.end))) for line in plan.boundaries),
    )


def differences(first: Portrait, second: Portrait) -> list[str]:
    """What only one of two portraits says, a line each."""
    found = []
    for part in sorted({*first, *second}):
        one, other = first.get(part, Counter()), second.get(part, Counter())
        found += [f"{part}: - {each}" for each in sorted(map(str, (one - other).elements()))]
        found += [f"{part}: + {each}" for each in sorted(map(str, (other - one).elements()))]
    return found


def bare(text: str) -> str:
    """A spec's text without its comments."""
    lines = (re.sub(r"(^|\s)#\s.*$|^#$", "", line).rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def faults(reading: Reading) -> list[str]:
    """What is not the same in an estate and in the spec that it is imported as, a line each."""
    topology = pipeline.build_topology(reading)
    text = pipeline.write_spec(topology, reading)
    again = pipeline.read_records([pipeline.Source("imported.yaml", text.encode())])
    same = pipeline.build_topology(again)
    found = differences(network(topology), network(same))
    before, after = pipeline.analyse_topology(topology), pipeline.analyse_topology(same)
    found += differences(verdicts(before), verdicts(after))
    (told, plan), (drawn, drawn_plan) = picture(before), picture(after)
    found += differences(told, drawn)
    if geometry(plan) != geometry(drawn_plan):
        found.append("geometry")
    if bare(pipeline.write_spec(same, again)) != bare(text):
        found.append("imported again, it is another spec")
    return found
