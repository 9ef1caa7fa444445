"""Ranges: sets of whole numbers along one axis, as sorted, disjoint, closed ranges that do not touch; and the three
axes of packets: addresses, services, source ports."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter

Range = tuple[int, int]
Ranges = tuple[Range, ...]

NO_RANGES: Ranges = ()
IPV6_BASE = 1 << 32
NAMELESS_BASE = 1 << 130
NAMELESS_EITHER = NAMELESS_BASE + (1 << 40)
"""From here on nameless addresses may be of either family; below they are IPv4."""
LAST_ADDRESS = 1 << 140
_BEHIND = (LAST_ADDRESS + 1, LAST_ADDRESS + 1)
_END = itemgetter(1)
IPV4: Ranges = ((0, IPV6_BASE - 1),)
IPV6: Ranges = ((IPV6_BASE, IPV6_BASE + (1 << 128) - 1),)
ADDRESSES: Ranges = ((0, LAST_ADDRESS),)
"""Every address of both families, and every nameless one."""

TCP, UDP, ICMP, ESP, AH, OTHER = 0, 65536, 131072, 131073, 131074, 131075
"""Where each protocol begins on the axis of services."""
SERVICES: Ranges = ((0, OTHER),)
PORTS: Ranges = ((0, 65535),)
EPHEMERAL: Ranges = ((49152, 65535),)
"""Ports that a client takes: https://www.rfc-editor.org/rfc/rfc6335#section-6"""
TCP_PORTS: Ranges = ((TCP, TCP + 65535),)
UDP_PORTS: Ranges = ((UDP, UDP + 65535),)
PROTOCOLS: dict[str, Ranges] = {
    "tcp": TCP_PORTS, "udp": UDP_PORTS, "icmp": ((ICMP, ICMP),), "esp": ((ESP, ESP),), "ah": ((AH, AH),),
    "any": SERVICES, "*": SERVICES, "icmpv4": ((ICMP, ICMP),), "icmpv6": ((ICMP, ICMP),),
}  # fmt: skip


def union(a: Ranges, b: Ranges) -> Ranges:
    """All numbers of `a` and of `b`.

    >>> union(((1, 3), (9, 9)), ((4, 5),))
    ((1, 5), (9, 9))
    """
    if a is b or not b:
        return a
    if not a:
        return b
    few, many = (a, b) if len(a) < len(b) else (b, a)
    if len(few) > 4:
        return a if a == b else normal((*a, *b))
    for low, high in few:
        many = _inserted(many, low, high)
    return many


def _inserted(ranges: Ranges, low: int, high: int) -> Ranges:
    """`ranges` with one range more, which joins those that it meets; the same object where they hold it."""
    first = bisect_left(ranges, low - 1, key=_END)
    end = bisect_left(ranges, (high + 2,))
    if first < end:
        if ranges[first][0] <= low and high <= ranges[first][1]:
            return ranges
        low, high = min(low, ranges[first][0]), max(high, ranges[end - 1][1])
    return (*ranges[:first], (low, high), *ranges[end:])


def normal(ranges: Iterable[Range]) -> Ranges:
    """Any ranges in the one normal form: sorted, joined where they meet or overlap, those upside down left out.

    >>> normal([(4, 5), (9, 8), (1, 3)])
    ((1, 5),)
    """
    found: list[Range] = []
    end = -2
    for low, high in sorted(ranges):
        if high < low:
            continue
        if low > end + 1:
            found.append((low, high))
            end = high
        elif high > end:
            found[-1] = (found[-1][0], high)
            end = high
    return tuple(found)


def intersection(a: Ranges, b: Ranges) -> Ranges:
    """The numbers that are in both: `a` itself where `b` covers it, else `b` itself where `a` covers that.

    >>> intersection(((1, 5), (8, 12)), ((4, 9),))
    ((4, 5), (8, 9))
    """
    if a is b:
        return a
    if not a or not b:
        return ()
    if len(a) == 1 and len(b) == 1:
        a_low, a_high = a[0]
        b_low, b_high = b[0]
        if b_low <= a_low and a_high <= b_high:
            return a
        if a_low <= b_low and b_high <= a_high:
            return b
        low = a_low if a_low > b_low else b_low
        high = a_high if a_high < b_high else b_high
        return ((low, high),) if low <= high else ()
    if a[-1][1] < b[0][0] or b[-1][1] < a[0][0]:
        return ()
    few, many = (a, b) if len(a) < len(b) else (b, a)
    found = _cut_out(few, many) if len(few) == 1 or 4 * len(few) <= len(many) else _merged(a, b)
    return a if found == a else b if found == b else found


def _cut_out(few: Ranges, many: Ranges) -> Ranges:
    """The intersection of a few ranges with many: whole runs of the many are copied at once."""
    found: list[Range] = []
    for low, high in few:
        first = bisect_left(many, low, key=_END)
        end = bisect_left(many, (high + 1,), first)
        if first == end:
            continue
        at = len(found)
        found += many[first:end]
        if found[at][0] < low:
            found[at] = (low, found[at][1])
        if found[-1][1] > high:
            found[-1] = (found[-1][0], high)
    return tuple(found)


def _merged(a: Ranges, b: Ranges) -> Ranges:
    """The intersection, in one walk along both."""
    found: list[Range] = []
    rest = iter(b)
    b_low, b_high = next(rest)
    for low, high in a:
        while b_high < low:
            b_low, b_high = next(rest, _BEHIND)
        while b_low <= high:
            found.append((b_low if b_low > low else low, b_high if b_high < high else high))
            if b_high > high:
                break
            b_low, b_high = next(rest, _BEHIND)
    return tuple(found)


def difference(a: Ranges, b: Ranges) -> Ranges:
    """The numbers of `a` that are not in `b`. `a` itself where they share none.

    >>> difference(((1, 9),), ((3, 4), (9, 20)))
    ((1, 2), (5, 8))
    """
    if a is b or not a:
        return ()
    if not b or b[-1][1] < a[0][0] or a[-1][1] < b[0][0]:
        return a
    if len(b) == 1:
        return _cleared(a, *b[0])
    return intersection(a, _gaps(b, a[0][0], a[-1][1]))


def _cleared(ranges: Ranges, low: int, high: int) -> Ranges:
    """`ranges` without the numbers of one range; the same object where they have none of them."""
    first = bisect_left(ranges, low, key=_END)
    end = bisect_left(ranges, (high + 1,), first)
    if first == end:
        return ranges
    found = list(ranges[:first])
    if ranges[first][0] < low:
        found.append((ranges[first][0], low - 1))
    if high < ranges[end - 1][1]:
        found.append((high + 1, ranges[end - 1][1]))
    found += ranges[end:]
    return tuple(found)


def _gaps(ranges: Ranges, low: int, high: int) -> Ranges:
    """The numbers from `low` to `high` that are in none of `ranges`."""
    between = ranges[bisect_left(ranges, low, key=_END) : bisect_left(ranges, (high + 1,))]
    if not between:
        return ((low, high),)
    found = [(one[1] + 1, other[0] - 1) for one, other in pairwise(between)]
    if low < between[0][0]:
        found.insert(0, (low, between[0][0] - 1))
    if between[-1][1] < high:
        found.append((between[-1][1] + 1, high))
    return tuple(found)


def covers(a: Ranges, b: Ranges) -> bool:
    """Whether every number of `b` is in `a`.

    >>> covers(((1, 9),), ((2, 3), (9, 9)))
    True
    """
    if a is b or not b:
        return True
    if not a or b[0][0] < a[0][0] or a[-1][1] < b[-1][1]:
        return False
    # Ranges of `a` do not touch, so that one of them must hold a range of `b` whole.
    return len(a) == 1 or a == b or all(a[bisect_left(a, high, key=_END)][0] <= low for low, high in b)


def overlap(a: Ranges, b: Ranges) -> bool:
    """Whether some number is in both."""
    if not a or not b or a[-1][1] < b[0][0] or b[-1][1] < a[0][0]:
        return False
    few, many = (a, b) if len(a) < len(b) else (b, a)
    if len(many) == 1:
        return True
    for low, high in few:
        at = bisect_left(many, low, key=_END)
        if at < len(many) and many[at][0] <= high:
            return True
    return False


def size(ranges: Ranges) -> int:
    """How many numbers there are.

    >>> size(((1, 3), (9, 9)))
    4
    """
    return sum(high - low + 1 for low, high in ranges)
