"""Which of two texts comes first, where that is certain.

Azure orders texts by .NET's invariant culture (`A` after `a`, as the examples of `greater` and `less` show) or by
their upper case; documented is only "alphabetically". For letters and digits all agree; of signs, some ways put `_`
behind the letters and some before, and some skip `-` and `'`. So a text is put into order in each way, and an order in
which they differ is not known.
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison#greater
https://learn.microsoft.com/dotnet/standard/base-types/comparing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TypeAlias

_SIGNS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$ "

_Rank: TypeAlias = tuple[list[tuple[int, str]], str]


def _by_culture(text: str) -> _Rank:
    """As a dictionary: signs, digits, letters; lower case first where nothing else differs (Unicode's collation)."""
    ranks = [(_SIGNS.find(one), "") if one in _SIGNS else (len(_SIGNS), one.lower()) for one in text]
    return ranks, text.swapcase()


def _by_words(text: str) -> _Rank:
    """The same without `-` and `'` (Windows' word sort)."""
    return _by_culture(text.replace("-", "").replace("'", ""))


_WAYS: tuple[Callable[[str], _Rank], ...] = (_by_culture, _by_words)


def precedes(left: str, right: str) -> bool | None:
    """Whether a text comes before another one in each culture's way; None where the ways differ.

    >>> precedes("a", "A"), precedes("b", "A"), precedes("a-c", "ab")
    (True, False, None)
    """
    if left == right:
        return False
    if not (left.isascii() and right.isascii()):
        return None
    if all(way(left) < way(right) for way in _WAYS):
        return True
    return False if all(way(left) > way(right) for way in _WAYS) else None


def in_order(names: Iterable[str]) -> list[str] | None:
    """Names by the alphabet; None where the ways differ.

    >>> in_order(["b", "C", "a"]), in_order(["a_b", "ab"])
    (['a', 'b', 'C'], None)
    """
    order = sorted(names, key=_by_culture)
    certain = all(precedes(a, b) and a.upper() <= b.upper() for a, b in pairwise(order))
    return order if certain else None
