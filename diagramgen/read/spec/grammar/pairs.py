"""Two names with something between them: peerings, flows, connections and boundaries."""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.diagnostics import did_you_mean
from diagramgen.read.spec.grammar.pieces import (
    PairLine,
    Piece,
    cut,
    halves,
    parse_pair,
    split,
)
from diagramgen.read.spec.shapes import LineError


class BoundaryLine(NamedTuple):
    text: str
    a: Piece
    b: Piece
    by: tuple[Piece, ...]


def parse_peering(text: str) -> PairLine:
    """`A <-> B` (both halves), `A -> B` (A's half alone)."""
    return parse_pair(text, "write `A <-> B`, or `A -> B` for the half of A alone")


def parse_flow(text: str) -> PairLine:
    """`A -> B [tcp/443]`, `A <-> B [tcp/443]`; what stands in the brackets is shown as it is.

    >>> parse_flow("Web -> Data [tcp/1433]").detail
    'tcp/1433'
    """
    line, bracket, rest = text.rpartition("[")
    if bracket and rest.rstrip().endswith("]"):
        detail = rest.rstrip()[:-1].strip()
    else:
        line, detail = text, ""
    pair = parse_pair(line, "write `A -> B` or `A <-> B`, and `[tcp/443]` after it if you like")
    return PairLine(text, pair.a, pair.b, pair.both, detail)


def parse_connection(text: str) -> PairLine:
    """`SITE -> GATEWAY [via vpn|expressroute|sd-wan]`."""
    line, via, detail = text.partition(" via ")
    detail = detail.strip().lower()
    if via and detail not in CONNECTION_TYPES:
        raise LineError(
            f"`{cut(detail)}` is no type of connection",
            (len(line) + 5, max(1, len(detail))),
            *did_you_mean(detail, CONNECTION_TYPES),
        )
    pair = parse_pair(line, "write `SITE -> GATEWAY`, and ` via vpn` after it if you like")
    return PairLine(text, pair.a, pair.b, pair.both, detail)


CONNECTION_TYPES = ("vpn", "expressroute", "sd-wan", "vnet-to-vnet", "point-to-site")


def parse_boundary(text: str) -> BoundaryLine:
    """`A | B [by CONTROL, CONTROL]`.

    >>> [p.text for p in parse_boundary("Web | Data by NSG-data, ASG-data").by]
    ['NSG-data', 'ASG-data']
    """
    line, by, controls = text.partition(" by ")
    a, b = halves(line, "|", "write `A | B`, and ` by CONTROL` after it if you like")
    return BoundaryLine(text, a, b, split(Piece(controls, len(line) + 4)) if by else ())
