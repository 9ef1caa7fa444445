"""Security rules -> `100 allow inbound tcp/443 from Internet to Web`, in fields; `lines` makes the line of them.

Prefixes stand as they are written, but where a prefix is exactly the one network of one subnet or VNet alone, its name
stands for it. A prefix that the spec's words cannot say is left to `azure`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import NET, SUBNET, VNET, Thing, clean
from diagramgen.author.values import Json, networks, ports, texts, whole, word
from diagramgen.model.references import keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.grammar import parse_cidr, parse_range
from diagramgen.read.spec.names import escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import LineError
from diagramgen.read.unknown import is_unknown

IN_RULES = frozenset({"asg", "subnet", "vnet", "site", "resource", "public_ip", "virtual_hub"})
"""What a rule of an NSG may name."""
_ACCESS = {"allow": "allow", "deny": "deny", "alwaysallow": "always_allow"}
_DIRECTION = {"inbound": "inbound", "outbound": "outbound"}
_PROTOCOL = {"*": "any", "any": "any", "tcp": "tcp", "udp": "udp", "icmp": "icmp", "esp": "esp", "ah": "ah"}


def write_nsgs(book: Book) -> None:
    """NSGs with their rules, inbound first, by priority."""
    named = Networks(book)
    for subnet in book.of("subnets"):
        nsg = book.things.get(book.topology.nsg_of.get(subnet.id, ""))
        if nsg is not None and nsg.resource.is_ghost and (label := subnet.resource.envelope.get("nsg_label")):
            nsg.entry["label"] = str(label)
    for thing in book.of("nsgs"):
        parts = [
            p
            for p in book.topology.parts_of(thing.id)
            if p.type == NET + "networksecuritygroups/securityrules"
        ]
        if parts:
            thing.entry["rules"] = rules(parts, thing.shown, book, named)
        is_told = book.topology.tells(thing.id, "securityRules")
        if is_told and not parts and thing.resource.properties.get("securityRules") == []:
            thing.entry["rules"] = []
        if not is_told and not thing.resource.is_ghost:
            thing.entry["more"] = "unknown"


def rules(parts: Iterable[Resource], owner: str, book: Book, named: Networks) -> Json:
    """Rules by name, each in full."""
    found: Json = {}
    for part in sorted(parts, key=_order):
        name = free_name(part.name, found)
        book.rename(part.id, f"{owner}/rules/{escape(name)}")
        line = part.envelope.get("line")
        if book.unsaid == "default" and isinstance(line, str):
            found[name] = line
            continue
        found[name] = book.entries[part.id] = rule(part.properties, book, named)
        if name != part.name:
            found[name]["name"] = part.name
    return found


def free_name(name: str, taken: Collection[str]) -> str:
    """A name for one more part of a thing, whatever the case of the others."""
    folded = {each.strip().lower() for each in taken}
    found, number = clean(name), 2
    while found.lower() in folded:
        found, number = f"{clean(name)} {number}", number + 1
    return found


def _order(part: Resource) -> tuple[str, int, str]:
    direction, priority = part.properties.get("direction"), part.properties.get("priority")
    number = priority if isinstance(priority, int) else 10**6
    return (str(direction).lower(), number, part.name.lower())


def rule(p: Mapping[str, Any], book: Book, named: Networks, low: int = 100) -> Json:
    """The fields of a rule, without those that its words cannot say."""
    protocol = word(p.get("protocol"), _PROTOCOL)
    fields: Json = {
        "priority": whole(p.get("priority"), low, 4096),
        "access": word(p.get("access"), _ACCESS),
        "direction": word(p.get("direction"), _DIRECTION),
        "protocol": None if protocol == "any" else protocol,
        "source": one_or_none(list(ends(p, "source", book, named))),
        "source_ports": _ports(p, "source"),
        "destination": one_or_none(list(ends(p, "destination", book, named))),
        "destination_ports": _ports(p, "destination"),
    }
    fields = {key: value for key, value in fields.items() if value is not None}
    return {"priority": low, "access": "deny", "direction": "inbound"} | fields


def one_or_none(values: list[str]) -> Any:
    """A value alone, or the list of several; None where that is any."""
    return None if values in ([], ["any"]) else one_or_many(values)


def _ports(p: Mapping[str, Any], end: str) -> Any:
    told = [*texts(p.get(f"{end}PortRange")), *texts(p.get(f"{end}PortRanges"))]
    found = ports(dict.fromkeys(told))
    return one_or_many([int(port) if port.isdecimal() else port for port in found]) if found else None


def ends(p: Mapping[str, Any], end: str, book: Book, named: Networks) -> Iterator[str]:
    """What one end of a rule names."""
    groups = keys(p.get(f"{end}ApplicationSecurityGroups"))
    names = book.names_in(groups, ("asg",))
    if names:
        yield from names
    for prefix in dict.fromkeys(
        [*texts(p.get(f"{end}AddressPrefix")), *texts(p.get(f"{end}AddressPrefixes"))]
    ):
        if (text := where(prefix, book, named)) is not None:
            yield text


def where(prefix: str, book: Book, named: Networks, kinds: frozenset[str] = IN_RULES) -> str | None:
    """A prefix, tag or `*` as a rule of the spec writes it; None where it has no word for it."""
    text = prefix.strip()
    if text == "*" or text.lower() == "any":
        return "any"
    if is_unknown(text):
        return text
    if name := named.name(text, kinds):
        return name
    if is_network(text):
        return text
    if not text or "," in text:
        return None
    return text if service_tag(text) == text and not book.means(text, kinds) else f"tag:{text}"


def is_network(text: str) -> bool:
    """Whether a text is an address, a network or a range of addresses."""
    try:
        if "-" in text:
            parse_range(text)
        else:
            parse_cidr(text)
    except (LineError, ValueError):
        return False
    return True


class Networks:
    """The one subnet or VNet whose only network is a prefix."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._holders: dict[str, list[Thing]] = defaultdict(list)
        for thing in book.of("vnets", "subnets"):
            found = _networks(thing.resource)
            for network in found:
                self._holders[network.lower()].append(thing)
        self._single = {
            thing.id for thing in book.of("vnets", "subnets") if len(_networks(thing.resource)) == 1
        }

    def name(self, prefix: str, kinds: frozenset[str]) -> str | None:
        """The name that means exactly a prefix."""
        holders = self._holders.get(prefix.lower(), ())
        if len(holders) != 1 or holders[0].id not in self._single or "/" not in prefix:
            return None
        name = self.book.name(holders[0].id, kinds)
        is_plain = name is not None and not is_network(name) and name.lower() not in ("any", "*")
        return name if is_plain and service_tag(name or "") is None else None


def _networks(resource: Resource) -> list[str]:
    p = resource.properties
    if resource.type == VNET:
        space = p.get("addressSpace")
        return networks(space.get("addressPrefixes") if isinstance(space, Mapping) else None) or []
    assert resource.type == SUBNET
    return (
        networks(list(dict.fromkeys([*texts(p.get("addressPrefix")), *texts(p.get("addressPrefixes"))])))
        or []
    )
