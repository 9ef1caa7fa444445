"""Security rules, routes and the rules of a firewall policy: text -> what it says."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from diagramgen.read.spec.grammar.marks import keeps_marks, mark_in
from diagramgen.read.spec.grammar.pieces import (
    Piece,
    cut,
    from_to,
    halves,
    next_word,
    one_of,
    split,
)
from diagramgen.read.spec.grammar.words import parse_protocol_ports
from diagramgen.read.spec.shapes import LineError

RULE_PROTOCOLS = ("any", "tcp", "udp", "icmp", "esp", "ah")
FILTER_PROTOCOLS = ("any", "tcp", "udp", "icmp")
APPLICATION_PROTOCOLS = ("http", "https", "mssql")


class RuleLine(NamedTuple):
    """A security rule; `ports` is empty for all of them."""

    text: str
    priority: int | str
    access: str
    direction: str
    protocol: str
    ports: tuple[str, ...]
    sources: tuple[Piece, ...]
    destinations: tuple[Piece, ...]


class RouteLine(NamedTuple):
    text: str
    prefix: Piece
    next_hop: Piece


class FilterLine(NamedTuple):
    """A rule of a firewall policy; `translated` is address and port of a DNAT rule."""

    text: str
    protocols: tuple[str, ...]
    ports: tuple[str, ...]
    sources: tuple[Piece, ...]
    destinations: tuple[Piece, ...]
    translated: tuple[str, str] | None = None


@keeps_marks
def parse_rule(text: str) -> RuleLine:
    """`PRIORITY (allow|deny) (inbound|outbound) PROTOCOL[/PORTS] from ENDPOINTS to ENDPOINTS`.

    >>> rule = parse_rule("100 allow inbound tcp/443 from Internet to 10.0.0.0/24")
    >>> rule.priority, rule.ports, rule.sources[0].text
    (100, ('443',), 'Internet')
    """
    return _parse_rule(text, ("allow", "deny"))


@keeps_marks
def parse_admin_rule(text: str) -> RuleLine:
    """A rule of the network manager, where `always_allow` is a third way to answer."""
    return _parse_rule(text, ("allow", "always_allow", "deny"))


RULE_SHAPE = "PRIORITY allow|deny inbound|outbound PROTOCOL[/PORTS] from WHERE to WHERE"


def _parse_rule(text: str, accesses: tuple[str, ...]) -> RuleLine:
    words = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    first = next_word(words, 0, text, "a priority such as `100`", RULE_SHAPE)
    mark = mark_in(first.text)
    if mark is None and not (first.text.isdecimal() and first.text.isascii() and len(first.text) < 10):
        raise LineError(
            f"a rule begins with its priority, found `{cut(first.text)}`",
            first.span,
            f"write `{RULE_SHAPE}`",
        )
    access = one_of(next_word(words, 1, text, " or ".join(f"`{a}`" for a in accesses), RULE_SHAPE), accesses)
    direction = one_of(
        next_word(words, 2, text, "`inbound` or `outbound`", RULE_SHAPE), ("inbound", "outbound")
    )
    what = next_word(words, 3, text, "a protocol such as `tcp/443`", RULE_SHAPE)
    protocols, ports = parse_protocol_ports(what.text, what.start, RULE_PROTOCOLS)
    if len(protocols) != 1:
        raise LineError(
            "a rule has one protocol", what.span, "write `any/PORTS`, or a rule for each protocol"
        )
    sources, destinations = from_to(text, what.start + len(what.text), f"write `{RULE_SHAPE}`")
    priority = int(first.text) if mark is None else mark
    return RuleLine(
        text, priority, access, direction, protocols[0], ports, split(sources), split(destinations)
    )


@keeps_marks
def parse_filter(text: str) -> FilterLine:
    """A firewall policy's rule: `PROTOCOL/PORTS from WHERE to WHERE [-> ADDRESS:PORT]`.

    >>> parse_filter("https/443 from 10.0.0.0/8 to *.ubuntu.com").destinations[0].text
    '*.ubuntu.com'
    """
    shape = "write `PROTOCOL[/PORTS] from WHERE to WHERE`, and ` -> ADDRESS:PORT` after it for DNAT"
    words = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    what = next_word(words, 0, text, "a protocol such as `tcp/443`", shape)
    protocols, ports = parse_protocol_ports(
        what.text, what.start, (*FILTER_PROTOCOLS, *APPLICATION_PROTOCOLS)
    )
    if any(p in APPLICATION_PROTOCOLS for p in protocols) and any(p in FILTER_PROTOCOLS for p in protocols):
        raise LineError(
            "network and application protocols do not mix in one rule", what.span, "write a rule for each"
        )
    line, arrow, target = text.partition(" -> ")
    sources, destinations = from_to(line, what.start + len(what.text), shape)
    translated = _parse_target(target, len(line) + 4) if arrow else None
    return FilterLine(text, protocols, ports, split(sources), split(destinations), translated)


def _parse_target(text: str, start: int) -> tuple[str, str]:
    address, _, port = text.strip().rpartition(":")
    if mark_in(address) is not None or mark_in(port) is not None:
        return address, port
    match = re.fullmatch(r"\s*(\S+):(\d{1,5})\s*", text)
    if not match or int(match[2]) > 65535:
        raise LineError("a translated address looks like `10.0.0.4:443`", (start, max(1, len(text))))
    try:
        return str(ip_address(match[1].strip("[]"))), match[2]
    except ValueError:
        raise LineError(
            f"`{cut(match[1])}` is no IP address",
            (start + match.start(1), len(match[1])),
            code="bad-address",
        ) from None


@keeps_marks
def parse_route(text: str) -> RouteLine:
    """`PREFIX|TAG -> NEXT`.

    >>> parse_route("0.0.0.0/0 -> Azure Firewall").next_hop
    Piece(text='Azure Firewall', start=13)
    """
    prefix, next_hop = halves(text, "->", "write `PREFIX -> NEXT`, such as `0.0.0.0/0 -> Azure Firewall`")
    return RouteLine(text, prefix, next_hop)
