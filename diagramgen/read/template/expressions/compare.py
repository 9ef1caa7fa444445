"""Whether two values are equal: True, False, or None where neither is proved; and what is certain of unknown texts."""

from __future__ import annotations

from collections.abc import Iterable

from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.expressions.unknowns import kind_of
from diagramgen.read.template.values import Unknown, Value, is_open, is_open_name


def equal(budget: Budget, left: Value, right: Value) -> bool | None:
    """Whether two values are the same, as `equals` judges it: texts by case, numbers by kind, lists in order.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison#equals
    """
    budget.spend()
    if left is right:
        return True
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_objects(budget, left, right)
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and every(
            equal(budget, a, b) for a, b in zip(left, right, strict=True)
        )
    return bool(left == right)


def every(claims: Iterable[bool | None]) -> bool | None:
    """Whether all claims hold.

    >>> every([True, None, False]), every([True, None]), every([])
    (False, None, True)
    """
    proved = True
    for claim in claims:
        if claim is False:
            return False
        proved = proved and claim is not None
    return True if proved else None


def some(claims: Iterable[bool | None]) -> bool | None:
    """Whether one claim holds.

    >>> some([False, None, True]), some([False, None]), some([])
    (True, None, False)
    """
    open_ = False
    for claim in claims:
        if claim is True:
            return True
        open_ = open_ or claim is None
    return None if open_ else False


def _equal_objects(budget: Budget, left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if is_open(left) or is_open(right):
        shared = (name for name in left if name in right and not is_open_name(name))
        return False if any(equal(budget, left[name], right[name]) is False for name in shared) else None
    if len(left) != len(right):
        return False
    if any(key not in right for key in left):
        folded = {key.lower() for key in left} == {key.lower() for key in right}
        return None if folded else False
    return every(equal(budget, value, right[key]) for key, value in left.items())


def _equal_unknown(left: Value, right: Value) -> bool | None:
    if isinstance(left, Unknown) and isinstance(right, Unknown) and left.identity == right.identity:
        return True
    kinds = {kind_of(left), kind_of(right)}
    if "unknown" not in kinds and len(kinds) > 1:
        return False
    if "name" in (getattr(left, "kind", ""), getattr(right, "kind", "")) and any(
        isinstance(side, str) and (not side or "/" in side) for side in (left, right)
    ):
        return False
    return False if kinds == {"string"} and _texts_differ(left, right) else None


def _texts_differ(left: Value, right: Value) -> bool:
    """Whether two texts are different in every deployment: they begin or end differently, or one is too short."""
    heads, tails = (head(left), head(right)), (tail(left), tail(right))
    short, long = sorted(heads, key=len)
    short_end, long_end = sorted(tails, key=len)
    if isinstance(left, str) and len(left) < certain_length(right):
        return True
    if isinstance(right, str) and len(right) < certain_length(left):
        return True
    return not long.startswith(short) or not long_end.endswith(short_end)


def head(text: Value) -> str:
    """With what a text begins for sure."""
    if isinstance(text, str):
        return text
    first = text.pieces[0] if text.pieces else ""
    return first if isinstance(first, str) else ""


def tail(text: Value) -> str:
    """With what a text ends for sure."""
    if isinstance(text, str):
        return text
    last = text.pieces[-1] if text.pieces else ""
    return last if isinstance(last, str) else ""


def certain_length(text: Value) -> int:
    """How many characters a text has at least."""
    if isinstance(text, str):
        return len(text)
    pieces = text.pieces or (text,)
    return sum(len(piece) if isinstance(piece, str) else piece.kind == "name" for piece in pieces)
