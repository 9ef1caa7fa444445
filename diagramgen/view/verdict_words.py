"""Words of verdicts: what the tooltip of a red line tells, and which icon stands for the control that enforces it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diagramgen.analyse.addresses import INTERNET
from diagramgen.analyse.doubts import doubts_in_words
from diagramgen.analyse.verdicts import ASSUMPTIONS, AllowedFlow, Boundary, Rule, Status
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import SERVICES, Ranges, difference, service_text

MOST_LINES = 6
ROUTE = "networking/route-tables"
PRIVATE_ENDPOINT = "network/private-endpoint"
_STATUS_WORDS: Mapping[Status, str] = {
    "no-path": "no path: nothing connects the two sides",
    "enforced": "enforced: only named traffic passes",
    "gap": "gap: traffic passes that no specific rule allows",
    "unknown": "not known: the input does not tell whether this boundary holds",
}


def told(topology: Topology, boundary: Boundary) -> tuple[str, ...]:
    """The tooltip of a red line, the most telling first."""
    return tuple(_told(topology, boundary))


def _told(topology: Topology, boundary: Boundary) -> Iterator[str]:
    yield _STATUS_WORDS[boundary.status]
    if boundary.declared and boundary.declared != boundary.status:
        yield f"declared as {boundary.declared}, which the rules contradict"
    if len({status for _, status in boundary.directions}) > 1:
        yield "; ".join(f"{direction}: {status}" for direction, status in boundary.directions)
    if boundary.by:
        yield f"by {', '.join(_short(boundary.by))}"
    yield from doubts_in_words(boundary.reason)
    yield from _short(_passing(topology, boundary))
    yield from _short(f"decides: {line}" for line in _deciding(boundary))
    yield from (f"assumed: {ASSUMPTIONS.get(code, code)}" for code in _short(boundary.assumptions))


def _passing(topology: Topology, boundary: Boundary) -> list[str]:
    """What passes, a line each way; in a gap only what makes it one."""
    flows: Iterable[AllowedFlow] = boundary.flows
    if boundary.status == "gap":
        flows = boundary.gaps
    lines: dict[str, None] = {}
    for flow in flows:
        verb = "passes" if flow.is_sure else "may pass"
        services = services_in_words(flow.packets.services)
        what = services.replace("any", "anything", 1) if services.startswith("any") else services
        lines[f"{what} {verb} from {name_of(topology, flow.source)} to {name_of(topology, flow.target)}"] = (
            None
        )
    return list(lines)


def _deciding(boundary: Boundary) -> list[str]:
    """The rules that decided, those that a person wrote first."""
    rules = sorted(boundary.rules, key=lambda rule: rule.is_default)
    written = [rule for rule in rules if not rule.is_default]
    return list(dict.fromkeys(rule_line(rule) for rule in written or rules))


def rule_line(rule: Rule) -> str:
    """A rule with the control that holds it, as one line."""
    words = rule.text or rule.name
    return words if rule.control_name in words else f"{rule.control_name}: {words}"


def _short(lines: Iterable[str]) -> list[str]:
    """At most so many lines, and how many more there are."""
    every = list(lines)
    more = len(every) - MOST_LINES
    return [*every[:MOST_LINES], f"and {more} more"] if more > 0 else every


def name_of(topology: Topology, rid: str) -> str:
    """What a thing is called."""
    if rid == INTERNET:
        return "the Internet"
    resource = topology.resources.get(rid)
    if resource is not None:
        return resource.label or resource.name or rid
    return next((site.label for site in topology.sites if site.id == rid), rid.rsplit("/", 1)[-1])


def badge_of(topology: Topology, boundary: Boundary) -> str:
    """The icon of the first control that enforces a boundary; "" where none does."""
    if boundary.status != "enforced":
        return ""
    named = zip(boundary.by_ids, boundary.by, strict=False)
    return next((icon for rid, name in named if (icon := control_icon(topology, rid, name))), "")


def control_icon(topology: Topology, rid: str, name: str = "") -> str:
    """The icon of a control, or of what it is a part of. A subnet controls what its private endpoints let in, or by a
    route, as the control's name then says."""
    if name.startswith("route "):
        return ROUTE
    at = rid
    while at:
        resource = topology.resources.get(at)
        if resource is not None and resource.kind is not None and resource.kind.icon:
            return PRIVATE_ENDPOINT if resource.type.endswith("/subnets") else resource.kind.icon
        at = at.rpartition("/")[0]
    return ""


def services_in_words(services: Ranges) -> str:
    """Services as people write them, and what is left out where that is shorter.

    >>> services_in_words(difference(SERVICES, ((22, 22),)))
    'any but tcp/22'
    """
    told, rest = service_text(services), difference(SERVICES, services)
    without = f"any but {service_text(rest)}" if rest else told
    return without if len(without) < len(told) else told


def port_label(services: Ranges, most: int = 3) -> str:
    """The ports beside an arrow, TCP's without a word; at most so many of them.

    >>> port_label(((443, 443), (8443, 8443), (65589, 65589)))
    '443, 8443, udp/53'
    >>> port_label(((22, 22), (80, 80), (443, 443), (1433, 1433), (65589, 65589)))
    '22, 80, 443 +2'
    """
    found = []
    for words in services_in_words(services).removeprefix("any but ").split(" "):
        protocol, _, ports = words.partition("/")
        for port in ports.split(",") if ports else ():
            found.append(protocol if port == "*" else port if protocol == "tcp" else f"{protocol}/{port}")
        if not ports:
            found.append(protocol)
    if services_in_words(services).startswith("any but "):
        found[0] = f"any but {found[0]}"
    shown = ", ".join(found[:most])
    return f"{shown} +{len(found) - most}" if len(found) > most else shown
