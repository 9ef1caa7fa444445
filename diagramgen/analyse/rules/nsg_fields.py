"""Rules of NSGs and of the network manager by their own words, without an estate to resolve them in.

What the packet sets of `diagramgen.analyse.security` say of two zones, a rule on one NSG asks of the NSG alone: does a
line open this port to the Internet at large, whatever stands behind? Singular and plural fields are one here.
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from diagramgen.analyse.addresses import PUBLIC
from diagramgen.analyse.rules.facts import NSG, entries, is_exported, listed, place_of, told
from diagramgen.analyse.verdicts import Evidence
from diagramgen.located import Place
from diagramgen.model.references import keys, last_segment, leaves_open, strings
from diagramgen.model.references import listed as listed_whole
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    IPV4,
    NO_RANGES,
    SERVICES,
    TCP_PORTS,
    UDP_PORTS,
    Ranges,
    difference,
    intersection,
    normal,
    parse_addresses,
    parse_service,
    service_text,
    size,
    union,
)

Direction = Literal["inbound", "outbound"]
Access = Literal["allow", "deny", "always-allow", "?"]
_ACCESS: Mapping[str, Access] = {"allow": "allow", "deny": "deny", "alwaysallow": "always-allow"}
_ANY = frozenset({"*", "any", "0.0.0.0/0"})
_OPEN = _ANY | {"internet", "::/0"}
_BROAD = _OPEN | {"virtualnetwork", "azurecloud"}
_LARGE = 1 << 24
"""How many addresses make a supernet: a /8, section `any-any` of docs/rules/README.md."""


class NsgRule(NamedTuple):
    """One rule: ends as words in lower case (prefixes, tags, `asg:NAME`), `*` for anything.

    What cannot be read proves nothing: `access` is then `?`, or `services` of an allow is empty.
    """

    id: str
    name: str
    priority: int
    direction: Direction
    access: Access
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    services: Ranges
    text: str
    place: Place

    @property
    def evidence(self) -> Evidence:
        """The rule as it stands in the input."""
        return Evidence(self.place, self.text, self.id)


def nsg_rules(topology: Topology, nsg: str) -> tuple[NsgRule, ...] | None:
    """The rules of an NSG without its defaults, first first; None where the input does not hold them."""
    owner = topology.resources.get(nsg)
    if owner is None or owner.is_ghost or owner.type != NSG:
        return None
    parts = [part for part in topology.parts_of(nsg) if part.type == NSG + "/securityrules"]
    if (
        not parts
        and is_exported(owner)
        and not isinstance(owner.properties.get("securityRules"), list | tuple)
    ):
        return None
    if (
        owner.is_conditional
        or not listed_whole(owner.properties.get("securityRules"))[1]
        or any(map(_is_open, parts))
    ):
        return None
    return tuple(sorted((_nsg_rule(part) for part in parts), key=lambda rule: (rule.priority, rule.id)))


def _is_open(rule: Resource) -> bool:
    """Whether the input does not tell all of a rule, or whether it is there."""
    return (
        rule.is_untold
        or rule.is_conditional
        or any(leaves_open(text) for _, text in strings(rule.properties))
    )


def admin_rule(rule: Resource) -> NsgRule:
    """A security admin rule in the same shape."""
    p = rule.properties
    ends = [
        tuple(str(e.get("addressPrefix") or "?") for e in entries(p.get(end)))
        for end in ("sources", "destinations")
    ]
    return _rule(rule, ends[0] or ("*",), ends[1] or ("*",), _texts(p.get("destinationPortRanges")) or ("*",))


def _nsg_rule(rule: Resource) -> NsgRule:
    p = rule.properties
    ports = _texts(p.get("destinationPortRange")) + _texts(p.get("destinationPortRanges"))
    return _rule(rule, _end(p, "source"), _end(p, "destination"), ports or ("*",))


def _rule(
    rule: Resource, sources: tuple[str, ...], destinations: tuple[str, ...], ports: tuple[str, ...]
) -> NsgRule:
    p = rule.properties
    protocol = told(p, "protocol") or "*"
    priority = p.get("priority")
    number = priority if isinstance(priority, int) else 4097
    direction: Direction = "outbound" if told(p, "direction") == "outbound" else "inbound"
    access = _ACCESS.get(told(p, "access"), "?")
    services = [parse_service(protocol, port) for port in ports]
    readable = normal(r for each in services for r in each) if all(services) else NO_RANGES
    if not readable and access != "allow":
        readable, access = SERVICES, "?"  # it may stop anything
    line = rule.envelope.get("line")
    text = str(line) if line else (
        f"{number} {access.replace('-', '_')} {direction} {service_text(readable) if readable else '?'} "
        f"from {_shown(sources)} to {_shown(destinations)}"
    )  # fmt: skip
    return NsgRule(rule.id, rule.label or rule.name, number, direction, access, _folded(sources), _folded(destinations),
                   readable, text, place_of(rule) if line else rule.place)  # fmt: skip


def _end(p: Mapping[str, Any], end: str) -> tuple[str, ...]:
    words = _texts(p.get(f"{end}AddressPrefix")) + _texts(p.get(f"{end}AddressPrefixes"))
    words += tuple(f"asg:{last_segment(asg)}" for asg in keys(p.get(f"{end}ApplicationSecurityGroups")))
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip()) or ("*",)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str | int):
        return (str(value),) if str(value).strip() else ()
    return tuple(str(v) for v in value if isinstance(v, str | int)) if isinstance(value, list | tuple) else ()


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple("*" if word.lower() in _ANY else word.lower() for word in words)


def _shown(words: Iterable[str]) -> str:
    return ", ".join("any" if word.lower() in ("*", "any") else word.removeprefix("asg:") for word in words)


# What the words mean


def addresses_of(words: Iterable[str]) -> Ranges:
    """The addresses that words name as numbers; tags and groups name none."""
    found: Ranges = NO_RANGES
    for word in words:
        found = union(found, IPV4 if word == "*" else parse_addresses(word) or NO_RANGES)
    return found


def is_internet(words: tuple[str, ...]) -> bool:
    """Whether words mean the Internet at large: anyone, `Internet`, or a /8 and more of public addresses.

    >>> is_internet(("0.0.0.0/1", "128.0.0.0/1")), is_internet(("203.0.113.0/24",))
    (True, False)
    """
    return any(word in _OPEN for word in words) or size(intersection(addresses_of(words), PUBLIC)) >= _LARGE


def is_broad(words: tuple[str, ...]) -> bool:
    """Whether words mean everyone of a kind: the Internet, the whole virtual network, all of Azure, a /8 and more.

    >>> is_broad(("10.0.0.0/8",)), is_broad(("storage",))
    (True, False)
    """
    return any(word in _BROAD for word in words) or size(addresses_of(words)) >= _LARGE


def is_all_ports(services: Ranges) -> bool:
    """Whether all ports of TCP or of UDP are among the services."""
    return any(size(intersection(services, ports)) == 65536 for ports in (TCP_PORTS, UDP_PORTS))


def is_any_any(rule: NsgRule) -> bool:
    """Whether a rule names neither who nor what: its far end is broad, and all ports are open.

    The far end of an inbound rule is its source, that of an outbound one its destination.
    """
    far = rule.sources if rule.direction == "inbound" else rule.destinations
    return is_broad(far) and is_all_ports(rule.services)


def deciding(
    rules: Iterable[NsgRule],
    direction: Direction,
    means: Callable[[tuple[str, ...]], bool],
    services: Ranges = SERVICES,
) -> list[tuple[NsgRule, Ranges]]:
    """The rules that decide on `services` for a far end, first first, and on which of them each decides.

    `means` tells whether the words of a rule's far end hold the whole of that far end. Rules for a part of it, or for a
    part of what stands behind the NSG, decide on a part alone and leave the rest to those below.
    """
    found: list[tuple[NsgRule, Ranges]] = []
    left = services
    for rule in rules:
        if rule.direction != direction:
            continue
        far, near = (
            (rule.sources, rule.destinations) if direction == "inbound" else (rule.destinations, rule.sources)
        )
        hit = intersection(rule.services, left)
        if not hit or not means(far) or (rule.access != "allow" and _is_ipv6(far)):
            continue
        found.append((rule, hit))
        if _is_ipv6(far):
            continue
        if "*" in near or "virtualnetwork" in near:
            left = difference(left, hit)
    return found


def _is_ipv6(words: tuple[str, ...]) -> bool:
    """Whether words name IPv6 alone, of which rules for IPv4 take nothing away."""
    return all(":" in word and not word.startswith("asg:") for word in words)


def opened_to_internet(rules: Iterable[NsgRule], services: Ranges) -> list[tuple[NsgRule, Ranges]]:
    """The inbound rules that let the Internet at large in to some of `services`, with those services."""
    decided = deciding(rules, "inbound", is_internet, services)
    return [(rule, hit) for rule, hit in decided if rule.access in ("allow", "always-allow")]


def users_of(topology: Topology) -> Mapping[str, list[str]]:
    """The subnets and interfaces at which each NSG stands."""
    found: dict[str, list[str]] = {}
    for place, nsg in topology.nsg_of.items():
        found.setdefault(nsg, []).append(place)
    return found


def known_nsgs(topology: Topology) -> list[tuple[Resource, tuple[NsgRule, ...]]]:
    """The NSGs whose rules the input holds, with those rules."""
    found = [(nsg, nsg_rules(topology, nsg.id)) for nsg in topology.of_type(NSG)]
    return [(nsg, rules) for nsg, rules in found if rules is not None]


def rule_names(rules: Iterable[NsgRule]) -> str:
    """Rules as a sentence lists them, each by its name."""
    return listed(dict.fromkeys(f"`{rule.name}`" for rule in rules))
