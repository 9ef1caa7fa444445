"""Addresses, ports, protocols, dates and ids of rules: text -> the value it says."""

from __future__ import annotations

import re
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from diagramgen.diagnostics import did_you_mean
from diagramgen.read.spec.grammar.marks import mark_in
from diagramgen.read.spec.grammar.pieces import (
    Piece,
    cut,
    split,
)
from diagramgen.read.spec.shapes import LineError

Network = IPv4Network | IPv6Network


def parse_cidr(text: str) -> Network:
    """A network in CIDR notation; an address alone is a network of one.

    >>> str(parse_cidr("10.0.1.0/24"))
    '10.0.1.0/24'

    Raises:
        LineError: it is none, or bits are set right of its prefix; the hint tells the network that was meant.
    """
    stripped = text.strip()
    try:
        return ip_network(stripped)
    except ValueError:
        pass
    whole = (0, len(text))
    address, slash, length = stripped.partition("/")
    try:
        parsed = ip_address(address)
    except ValueError:
        raise LineError(
            f"`{cut(text)}` is no network: {_address_problem(address)}",
            whole,
            "write a CIDR such as `10.0.0.0/16` or `fd00:1::/48`",
            code="bad-cidr",
        ) from None
    most = parsed.max_prefixlen
    if not slash or not length.isdecimal() or not length.isascii() or int(length) > most:
        raise LineError(
            f"`{cut(text)}` is no network: the length after `/` is a number from 0 to {most}",
            (text.find("/") + 1 or len(text), max(1, len(length))),
            code="bad-cidr",
        )
    network = ip_network(stripped, strict=False)
    raise LineError(
        f"`{text}` has bits set right of its prefix",
        whole,
        f"the network is `{network}`; an address alone is `{address}/{most}`",
        code="bad-cidr",
    )


def _address_problem(address: str) -> str:
    octets = address.split(".")
    if len(octets) == 4 and all(o.isdecimal() for o in octets):
        for octet in octets:
            if int(octet[:9] or 0) > 255:
                return f"`{cut(octet)}` is more than 255"
            if len(octet) > 1 and octet[0] == "0":
                return f"`{cut(octet)}` has a leading zero"
    return f"`{cut(address)}` is no IP address"


def parse_address(text: str) -> str:
    """An IP address, in its usual writing.

    Raises:
        LineError: it is none.
    """
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise LineError(
            f"`{cut(text)}` is no IP address: {_address_problem(text.strip())}",
            (0, len(text)),
            code="bad-address",
        ) from None


def parse_ports(text: str, start: int = 0) -> tuple[str, ...]:
    """Ports and ranges, sorted; empty for all.

    >>> parse_ports("443,8000-8100")
    ('443', '8000-8100')

    Raises:
        LineError: a part is no port or range from 0 to 65535.
    """
    if text.strip().lower() in ("*", "any"):
        return ()
    ranges, marks = [], []
    for part in split(Piece(text, start)):
        if (mark := mark_in(part.text)) is not None:
            marks.append(mark)
            continue
        match = re.fullmatch(r"([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?", part.text)
        if not match:
            raise LineError(
                f"`{cut(part.text)}` is no port",
                part.span,
                "write `443`, `80,443` or `8000-8100`",
                code="bad-port",
            )
        low, high = int(match[1]), int(match[2] or match[1])
        if max(low, high) > 65535:
            raise LineError(f"the port `{cut(part.text)}` is more than 65535", part.span, code="bad-port")
        if low > high:
            raise LineError(
                f"the port range `{part.text}` runs backwards",
                part.span,
                f"did you mean `{high}-{low}`?",
                code="bad-port",
            )
        ranges.append((low, high))
    known = tuple(str(low) if low == high else f"{low}-{high}" for low, high in sorted(set(ranges)))
    return known + tuple(dict.fromkeys(marks))


def parse_protocol_ports(
    text: str, start: int, known: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`tcp/443`, `tcp,udp/53`, `any`: protocols and ports."""
    names, slash, ports = text.partition("/")
    protocols = []
    for piece in split(Piece(names, start)):
        protocol = "any" if piece.text == "*" else piece.text.lower()
        if (mark := mark_in(piece.text)) is not None:
            protocol = mark
        elif protocol not in known:
            raise LineError(
                f"`{cut(piece.text)}` is no protocol",
                piece.span,
                *did_you_mean(protocol, known),
                code="bad-protocol",
            )
        protocols.append(protocol)
        if slash and protocol in ("icmp", "esp", "ah"):
            raise LineError(
                f"`{protocol}` has no ports", (start + len(names), len(ports) + 1), code="bad-protocol"
            )
    return tuple(sorted(set(protocols))), parse_ports(ports, start + len(names) + 1) if slash else ()


def parse_range(text: str) -> str:
    """A network, an address, or a first and a last one, in its usual writing.

    >>> parse_range("203.0.113.4 - 203.0.113.9"), parse_range("203.0.113.4/32")
    ('203.0.113.4-203.0.113.9', '203.0.113.4/32')

    Raises:
        LineError: it is none, or runs backwards.
    """
    first, dash, last = text.partition("-")
    if not dash:
        network = parse_cidr(text)
        return str(network) if "/" in text else str(network.network_address)
    low, high = parse_address(first), parse_address(last)
    if ip_address(low).version != ip_address(high).version or int(ip_address(low)) > int(ip_address(high)):
        raise LineError(f"the range `{cut(text)}` runs backwards", (0, len(text)), code="bad-address")
    return f"{low}-{high}"


def parse_date(text: str) -> str:
    """A day of the calendar as `YYYY-MM-DD`.

    >>> parse_date(" 2026-12-31 ")
    '2026-12-31'

    Raises:
        LineError: it is no day, or written another way.
    """
    word = text.strip()
    shape = "write the year first: `2026-12-31`"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        raise LineError(f"`{cut(word)}` is no date", (0, max(1, len(text))), shape, code="bad-date")
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        message = f"`{word}` is no day of the calendar"
        raise LineError(message, (0, max(1, len(text))), code="bad-date") from None


def parse_rule_id(text: str) -> str:
    """The id of a rule of `diagramgen check`, in its usual writing; whether there is such a rule is not asked here.

    >>> parse_rule_id("zt-8")
    'ZT-08'

    Raises:
        LineError: it is none.
    """
    match = re.fullmatch(r"\s*([A-Za-z]{2,8})-([0-9]{1,4})\s*", text)
    if not match:
        raise LineError(
            f"`{cut(text.strip())}` is no id of a rule",
            (0, max(1, len(text))),
            "write it as the report does: `ZT-08`",
            code="bad-rule-id",
        )
    return f"{match[1].upper()}-{int(match[2]):02}"


def parse_reason(text: str) -> str:
    """A reason: any text that says something.

    Raises:
        LineError: it is blank.
    """
    if not text.strip():
        raise LineError("the reason is blank", (0, 1), "say why, for whoever reads it next", code="no-reason")
    return text.strip()
