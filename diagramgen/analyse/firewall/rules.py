"""Single rules of Azure Firewall -> matches: what each matches surely and possibly, and how a person reads it.

https://learn.microsoft.com/azure/firewall/policy-rule-sets
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from diagramgen.analyse.firewall.words import (
    NAME_ASSUMPTIONS,
    Side,
    Words,
    read_ports,
    read_services,
    service_words,
    texts_of,
)
from diagramgen.analyse.verdicts import Access, Match, Rule
from diagramgen.located import NOTHING, Place
from diagramgen.model.references import keys
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import (
    ADDRESSES,
    NO_RANGES,
    PORTS,
    TCP_PORTS,
    UDP_PORTS,
    Box,
    Ranges,
    covers,
    intersection,
    union,
)

Kind = Literal["nat", "network", "application"]
_KINDS: Mapping[str, Kind] = {
    "natrule": "nat", "networkrule": "network", "applicationrule": "application",
}  # fmt: skip
_WEB_PORTS = {"http": 80, "https": 443, "mssql": 1433}


class NatRule(NamedTuple):
    """A DNAT rule: packets to an address of the firewall that it matches go on to `addresses`, to `ports` (None: to
    the same as before). `named` are the destinations that it names, surely and possibly, of which a firewall has
    some; `public_ips` are ids of public addresses among them."""

    match: Match
    addresses: Ranges
    ports: Ranges | None = None
    named: tuple[Ranges, Ranges] = (ADDRESSES, ADDRESSES)
    public_ips: tuple[str, ...] = ()


class ApplicationRule(NamedTuple):
    """A rule on host names: `protocols` as `https/443`, and what it leads to. `match` is sure for target `*` alone."""

    match: Match
    protocols: tuple[str, ...]
    fqdns: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Collection(NamedTuple):
    """A legible collection: `id` begins the ids of its rules, `priorities` are as a person reads them."""

    owner: Resource
    id: str
    name: str
    kind: Kind | None
    access: Access
    priority: int
    priorities: str
    rules: tuple[Any, ...]
    place: Place
    has_places: bool
    places: Mapping[str, Place] = NOTHING


def kind_of(rule: Mapping[str, Any]) -> Kind:
    """The type of a rule of a policy."""
    told = _KINDS.get(str(rule.get("ruleType")).lower())
    if told:
        return told
    if "translatedAddress" in rule or "translatedFqdn" in rule:
        return "nat"
    return "application" if "protocols" in rule or "targetFqdns" in rule or "fqdnTags" in rule else "network"


def read_network_rule(
    collection: Collection, at: int, value: Mapping[str, Any], words: Words
) -> tuple[Match, Side, Side]:
    """The match of a network rule, and its two sides."""
    sources, destinations = _sides(value, words)
    protocols, ports = _network_service(value)
    text = f"{service_words(protocols, ports)} from {_list(sources)} to {_list(destinations)}"
    rule = _rule(collection, at, value, text)
    return _match(rule, sources, destinations, *read_services(protocols, ports)), sources, destinations


def read_nat_rule(
    collection: Collection, at: int, value: Mapping[str, Any], words: Words
) -> tuple[NatRule, Side, Side]:
    """A DNAT rule, and its two sides.

    https://learn.microsoft.com/azure/firewall/destination-nat-rules
    """
    sources, destinations = _sides(value, words)
    protocols, ports = _network_service(value)
    public_ips = keys(value.get("destinationPublicIps"))
    if public_ips and not texts_of(value.get("destinationAddresses")):
        destinations = Side(words=tuple(words.name_of(rid) for rid in public_ips))
    told, name, told_port = (value.get(f"translated{what}") for what in ("Address", "Fqdn", "Port"))
    target = words.side(told).sure if isinstance(told, str) and told else NO_RANGES
    numbers = read_ports(str(told_port or "*"))
    goal = f"{told or name or '?'}:{told_port}" if told_port else str(told or name or "?")
    text = f"{service_words(protocols, ports)} from {_list(sources)} to {_list(destinations)}"
    rule = _rule(collection, at, value, text, f"dnat to {goal}")
    anywhere = Side(ADDRESSES, ADDRESSES, destinations.assumptions)
    match = _match(rule, sources, anywhere, *read_services(protocols, ports))
    if not target or not numbers:
        codes = (*match.assumptions, *(NAME_ASSUMPTIONS if name else NAME_ASSUMPTIONS[:1]))
        match = match._replace(sure=None, assumptions=tuple(dict.fromkeys(codes)))
    changed_to = None if not told_port or numbers == PORTS else numbers or PORTS
    nat = NatRule(match, target or ADDRESSES, changed_to,
                  (destinations.sure, destinations.possible), public_ips)  # fmt: skip
    return nat, sources, destinations


def read_application_rule(
    collection: Collection, at: int, value: Mapping[str, Any], words: Words
) -> tuple[ApplicationRule, Side]:
    """A rule on host names, and its sources. Only a target `*` tells which addresses it means.

    https://learn.microsoft.com/azure/firewall/features#application-fqdn-filtering-rules
    """
    sources = words.side(value.get("sourceAddresses"), value.get("sourceIpGroups"))
    protocols, services, is_sure = _web_services(value.get("protocols"))
    fqdns, urls = texts_of(value.get("targetFqdns")), texts_of(value.get("targetUrls"))
    tags, categories = texts_of(value.get("fqdnTags")), texts_of(value.get("webCategories"))
    targets = (*fqdns, *urls, *tags, *categories)
    if "*" in targets:
        destinations = Side(ADDRESSES, ADDRESSES, (), ("any",), True)
    elif targets:
        hosts = (*fqdns, *(url.split("://")[-1].split("/")[0] for url in urls))
        destinations = Side(NO_RANGES, words.named(hosts), NAME_ASSUMPTIONS, targets)
    else:
        destinations = words.side(None)
    if value.get("destinationAddresses"):
        narrower = words.side(value["destinationAddresses"])
        possible = intersection(destinations.possible, narrower.possible)
        destinations = destinations._replace(
            sure=intersection(destinations.sure, narrower.sure), possible=possible
        )
    text = f"{', '.join(protocols) or '?'} from {_list(sources)} to {_list(destinations)}"
    match = _match(_rule(collection, at, value, text), sources, destinations, services, is_sure)
    return ApplicationRule(match, protocols, fqdns, urls, tags, categories), sources


def _web_services(value: object) -> tuple[tuple[str, ...], Ranges, bool]:
    """Protocols in words, their services, and whether all could be read; HTTP and HTTPS where none is told."""
    found: Ranges = NO_RANGES
    names: list[str] = []
    is_sure = True
    for protocol in value if isinstance(value, list | tuple) else ():
        told = protocol if isinstance(protocol, Mapping) else {}
        name = str(told.get("protocolType") or "?").lower()
        port = whole(told.get("port")) if told.get("port") is not None else _WEB_PORTS.get(name)
        is_legible = port is not None and 0 <= port <= 65535
        is_sure = is_sure and is_legible and name in _WEB_PORTS
        found = union(found, ((port, port),) if port is not None and is_legible else PORTS)
        names.append(f"{name}/{port if is_legible else '?'}")
    if not names:
        return ("http/80", "https/443"), ((80, 80), (443, 443)), False
    return tuple(names), found, is_sure


def _sides(value: Mapping[str, Any], words: Words) -> tuple[Side, Side]:
    names = texts_of(value.get("destinationFqdns"))
    return (
        words.side(value.get("sourceAddresses"), value.get("sourceIpGroups")),
        words.side(value.get("destinationAddresses"), value.get("destinationIpGroups"), names),
    )


def _network_service(rule: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return texts_of(rule.get("ipProtocols") or rule.get("protocols")), texts_of(rule.get("destinationPorts"))


def _match(rule: Rule, sources: Side, destinations: Side, services: Ranges, is_sure: bool) -> Match:
    possible = Box(sources.possible, destinations.possible, services)
    sure: Box | None = None
    if is_sure and sources.sure and destinations.sure:
        box = Box(sources.sure, destinations.sure, services)
        sure = possible if box == possible else box
    is_broad = sources.is_broad and any(covers(services, ports) for ports in (TCP_PORTS, UDP_PORTS))
    return Match(rule, sure, possible, is_broad,
                 tuple(dict.fromkeys((*sources.assumptions, *destinations.assumptions))))  # fmt: skip


def _rule(collection: Collection, at: int, value: Mapping[str, Any], text: str, verb: str = "") -> Rule:
    name = str(value.get("name") or at)
    owner = collection.owner
    line = f"{collection.name} / {text}: {verb or collection.access} (priority {collection.priorities})"
    own = collection.places.get(f"{collection.name}/{name}")
    place = own or (collection.place / at if collection.has_places else collection.place)
    return Rule(f"{collection.id}/{name}", name, owner.id, owner.label or owner.name, "firewall", collection.access,
                collection.priority, line, place, stage="firewall")  # fmt: skip


def _list(side: Side) -> str:
    return ", ".join(side.words[:4]) + (f" and {len(side.words) - 4} more" if len(side.words) > 4 else "")


def whole(value: object) -> int | None:
    """A whole number, written as such or as a text."""
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
