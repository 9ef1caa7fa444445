"""Routes of a hub and what they make of a destination: the longest prefix decides, static routes before learned ones.

A route may be unsure, or hold an address only possibly. Then what lies behind it is looked at too, and where the
candidates differ the next hop is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from diagramgen.located import NOWHERE, Place
from diagramgen.model.traffic import ADDRESSES, Range, Ranges, difference, intersection, normal

NextHopKind = Literal["connection", "branch", "remote-hub", "firewall", "nva", "internet", "none", "unknown"]


class HubNextHop(NamedTuple):
    """Where a hub sends packets. `id` is the VNet of a `connection`, the link of a `branch`, a `remote-hub`, or the
    firewall or appliance. `address`, of a `connection` only: the address in the VNet to which the hub hands the
    packets, such as an appliance's; "" where it hands them to their destination itself.
    """

    kind: NextHopKind
    id: str
    route: str
    place: Place = NOWHERE
    address: str = ""

    @property
    def target(self) -> tuple[str, str, str]:
        """What makes it the same hop as another, whatever the routes that led there."""
        return self.kind, self.id, self.address


NO_ROUTE = HubNextHop("none", "", "no route")
Fib = tuple[tuple[Ranges, HubNextHop], ...]
"""A partition of all addresses by next hop."""


class Entry(NamedTuple):
    """A route: the addresses that it holds surely and possibly, and where they go. `size` is that of its prefix.

    `grade` settles ties after static before learned, the lowest first. `is_catch_all` marks what stands for routes
    that the input cannot tell.
    """

    sure: Ranges
    possible: Ranges
    size: int
    hop: HubNextHop
    grade: int = 0
    is_static: bool = False
    is_sure: bool = True
    is_default: bool = False
    is_catch_all: bool = False
    prefix: Ranges = ()

    @property
    def rank(self) -> tuple[int, bool, int, str]:
        """By which entries are tried, the lowest first.

        https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing-preference#selection
        """
        return self.size, not self.is_static, self.grade, self.hop.id


def partition(entries: Iterable[Entry]) -> Fib:
    """Every address with its next hop; `none` for what no entry holds."""
    undecided: list[tuple[Ranges, tuple[HubNextHop, ...]]] = [(ADDRESSES, ())]
    decided: dict[HubNextHop, list[Range]] = {}
    ordered = sorted(entries, key=lambda entry: entry.rank)
    twice = _announced_twice(ordered)
    for entry in ordered:
        is_sure = entry.is_sure and (entry.is_static or entry.sure[:1] not in twice)
        left: list[tuple[Ranges, tuple[HubNextHop, ...]]] = []
        for ranges, doubts in undecided:
            hit = intersection(ranges, entry.sure) if is_sure else ()
            if hit:
                decided.setdefault(_settled((*doubts, entry.hop)), []).extend(hit)
                ranges = difference(ranges, hit)
            perhaps: Ranges = ()
            if not is_sure or entry.possible is not entry.sure:
                perhaps = intersection(ranges, entry.possible)
            if perhaps:
                left.append((perhaps, (*doubts, entry.hop)))
                ranges = difference(ranges, perhaps)
            if ranges:
                left.append((ranges, doubts))
        undecided = left
    for ranges, doubts in undecided:
        decided.setdefault(_settled((*doubts, NO_ROUTE)), []).extend(ranges)
    return tuple(sorted(((normal(found), hop) for hop, found in decided.items()), key=lambda piece: piece[0]))


def cut(fib: Fib, destinations: Ranges) -> Fib:
    """The part of a partition that concerns `destinations`."""
    found = ((intersection(ranges, destinations), hop) for ranges, hop in fib)
    return tuple((ranges, hop) for ranges, hop in found if ranges)


def unknown(route: str, target: str = "", place: Place = NOWHERE) -> HubNextHop:
    """A next hop that the input does not tell, and why."""
    return HubNextHop("unknown", target, route, place)


def _announced_twice(entries: Iterable[Entry]) -> set[Ranges]:
    """The first ranges of prefixes that two VNets announce alike: nobody can say which one gets the packets."""
    first: dict[tuple[Ranges, int, int], tuple[str, str, str]] = {}
    found: set[Ranges] = set()
    for entry in entries:
        if not entry.is_static and entry.hop.kind in ("connection", "remote-hub"):
            target = first.setdefault((entry.sure[:1], entry.size, entry.grade), entry.hop.target)
            if target != entry.hop.target:
                found.add(entry.sure[:1])
    return found


def _settled(hops: tuple[HubNextHop, ...]) -> HubNextHop:
    """The one next hop where all candidates agree, else `unknown` with all of them."""
    last = hops[-1]
    if all(hop.target == last.target for hop in hops):
        return last
    routes = tuple(dict.fromkeys(hop.route for hop in hops))
    named = next((hop for hop in hops if hop.kind == "unknown"), hops[0])
    return unknown(" or ".join(routes), named.id if named.kind == "unknown" else "", named.place)
