"""Marks of what is not known (`{name}`) inside a short line: whatever they hold, they are one word of it.

Before a line is parsed, the signs that mean something in a line are changed for others inside marks, one for one, so
that places in the line stay what they are; in what comes out they are changed back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from diagramgen.read.spec.shapes import LineError, Mark

T = TypeVar("T")

_SIGNS = "{} \t,-<>|[]/:;.=@*'\"()"
_HIDDEN = "".join(chr(0xE000 + number) for number in range(len(_SIGNS)))
"""From Unicode's private use area, which no name in Azure holds."""
_HIDE = str.maketrans(_SIGNS, _HIDDEN)
_SHOW = str.maketrans(_HIDDEN, _SIGNS)
_MARK = re.compile(r"\{[^{}]*\}")


def keeps_marks(parse: Callable[[str], T]) -> Callable[[str], T]:
    """A parser of lines that takes each mark for one word."""

    @wraps(parse)
    def parse_hidden(text: str) -> T:
        if "{" not in text or any(sign in text for sign in _HIDDEN):
            return parse(text)
        try:
            shown: T = _shown(parse(_MARK.sub(lambda mark: mark.group().translate(_HIDE), text)))
        except LineError as error:
            hints = tuple(hint.translate(_SHOW) for hint in error.hints)
            raise LineError(error.message.translate(_SHOW), error.span, *hints, code=error.code) from None
        return shown

    return parse_hidden


def mark_in(text: str) -> Mark | None:
    """The word of a line as a mark, where it is or holds one.

    >>> mark_in("tcp") is None
    True
    """
    return Mark(text) if _HIDDEN[0] in text else None


def _shown(value: Any) -> Any:
    """What was parsed, with the signs changed back in every text of it."""
    if isinstance(value, str):
        return type(value)(value.translate(_SHOW))
    if isinstance(value, tuple):
        inner = [_shown(each) for each in value]
        return type(value)(*inner) if hasattr(value, "_fields") else tuple(inner)
    return value
