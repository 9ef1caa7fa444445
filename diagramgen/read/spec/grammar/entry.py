"""Rules of load balancers and application gateways, and access restrictions: text -> what it says."""

from __future__ import annotations

import re
from typing import NamedTuple

from diagramgen.read.spec.grammar.marks import keeps_marks, mark_in
from diagramgen.read.spec.grammar.pieces import Piece, cut, halves, next_word, one_of, split, trim
from diagramgen.read.spec.grammar.words import parse_ports
from diagramgen.read.spec.shapes import LineError

BALANCER_PROTOCOLS = ("any", "tcp", "udp")
_FORWARDING = "write `PROTOCOL/PORT [at FRONTEND] -> POOL[:PORT]`, such as `tcp/443 -> web:8443`"


class ForwardingLine(NamedTuple):
    """A rule of a load balancer; `frontend` is empty where there is but one, `port` for all of them."""

    text: str
    protocol: str
    port: str
    frontend: str
    target: Piece
    backend_port: str


class ListeningLine(NamedTuple):
    """A rule of an application gateway."""

    text: str
    listener: Piece
    pool: Piece
    backend_port: str


class RestrictionLine(NamedTuple):
    """An access restriction of an app."""

    text: str
    priority: int | str
    access: str
    sources: tuple[Piece, ...]


@keeps_marks
def parse_forwarding(text: str) -> ForwardingLine:
    """`PROTOCOL[/PORT] [at FRONTEND] -> TARGET[:PORT]`.

    >>> line = parse_forwarding("tcp/443 at public -> web:8443")
    >>> line.port, line.frontend, line.target.text, line.backend_port
    ('443', 'public', 'web', '8443')
    """
    left, right = halves(text, "->", _FORWARDING)
    service, at, frontend = left.text.partition(" at ")
    protocol, slash, port = service.strip().partition("/")
    known = one_of(Piece(protocol, left.start), BALANCER_PROTOCOLS)
    if slash:
        _one_port(port, left.start + len(protocol) + 1)
    if at and not frontend.strip():
        raise LineError("the name of a frontend is missing after `at`", left.span, _FORWARDING)
    target, backend_port = _port_after(right)
    return ForwardingLine(text, known, port.strip(), frontend.strip(), target, backend_port)


@keeps_marks
def parse_listening(text: str) -> ListeningLine:
    """`LISTENER -> POOL[:PORT]`.

    >>> parse_listening("public-https -> web:8080").backend_port
    '8080'
    """
    listener, right = halves(text, "->", "write `LISTENER -> POOL[:PORT]`")
    pool, port = _port_after(right)
    return ListeningLine(text, listener, pool, port)


@keeps_marks
def parse_restriction(text: str) -> RestrictionLine:
    """`PRIORITY allow|deny from WHERE`.

    >>> parse_restriction("100 allow from 203.0.113.0/24").access
    'allow'
    """
    shape = "PRIORITY allow|deny from WHERE"
    words = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    first = next_word(words, 0, text, "a priority such as `100`", shape)
    mark = mark_in(first.text)
    if mark is None and not (first.text.isdecimal() and first.text.isascii() and len(first.text) < 11):
        message = f"a restriction begins with its priority, found `{cut(first.text)}`"
        raise LineError(message, first.span, f"write `{shape}`")
    access = one_of(next_word(words, 1, text, "`allow` or `deny`", shape), ("allow", "deny"))
    one_of(next_word(words, 2, text, "`from`", shape), ("from",))
    where = next_word(words, 3, text, "a network, a tag or a subnet", shape)
    priority = int(first.text) if mark is None else mark
    return RestrictionLine(text, priority, access, split(Piece(text[where.start :], where.start)))


def _port_after(piece: Piece) -> tuple[Piece, str]:
    """A name, and the port or range that stands after its last colon, if one does."""
    name, colon, port = piece.text.rpartition(":")
    if colon and (re.fullmatch(r"\s*[0-9]+(-[0-9]+)?\s*", port) or mark_in(port)):
        _one_port(port, piece.start + len(name) + 1)
        return trim(Piece(name, piece.start)), port.strip()
    return piece, ""


def _one_port(text: str, start: int) -> None:
    if mark_in(text) is None and len(parse_ports(text, start)) != 1:
        raise LineError("one port or one range was expected", (start, max(1, len(text))), _FORWARDING)
