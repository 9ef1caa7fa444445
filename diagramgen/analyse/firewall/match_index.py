"""An index of rules by source and by destination: which of many can match packets between two sets of addresses.

Along each axis the ends of all ranges cut the numbers into pieces, and each piece knows, as bits of one number, the
rules that hold it. A look-up joins the bits of the pieces that it touches; what stands in both axes is worth trying.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from diagramgen.analyse.verdicts import Match
from diagramgen.model.traffic import Ranges

_MOST = 20_000
"""Look-ups to remember; packet sets come from subnets, so few differ."""


class MatchIndex:
    """Matches in order of evaluation, a bit each: the first is bit 0."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self.matches = tuple(matches)
        self._sources = _Axis([match.possible.sources for match in self.matches])
        self._destinations = _Axis([match.possible.destinations for match in self.matches])

    def sources(self, ranges: Ranges) -> int:
        """The matches that hold one of these source addresses."""
        return self._sources.mask(ranges)

    def destinations(self, ranges: Ranges) -> int:
        """The matches that hold one of these destination addresses."""
        return self._destinations.mask(ranges)

    def pick(self, mask: int) -> list[Match]:
        """The matches of a mask, in order."""
        found = []
        while mask:
            low = mask & -mask
            found.append(self.matches[low.bit_length() - 1])
            mask ^= low
        return found


class _Axis:
    def __init__(self, sets: list[Ranges]) -> None:
        changes: dict[int, int] = defaultdict(int)
        for at, ranges in enumerate(sets):
            for low, high in ranges:
                changes[low] ^= 1 << at
                changes[high + 1] ^= 1 << at
        self._starts = sorted(changes)
        self._masks = []
        mask = 0
        for start in self._starts:
            mask ^= changes[start]
            self._masks.append(mask)
        self._known: dict[Ranges, int] = {}

    def mask(self, ranges: Ranges) -> int:
        known = self._known.get(ranges)
        if known is not None:
            return known
        found = 0
        for low, high in ranges:
            first = max(0, bisect_right(self._starts, low) - 1)
            for at in range(first, bisect_right(self._starts, high)):
                if self._starts[at] <= high and (at + 1 == len(self._starts) or self._starts[at + 1] > low):
                    found |= self._masks[at]
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[ranges] = found
        return found
