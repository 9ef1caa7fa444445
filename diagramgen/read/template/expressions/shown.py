"""An expression as a message may show it: short, and without the texts in it, as one may be a password.

Names of parameters, variables and resource types stay, and texts without a letter or digit.
"""

from __future__ import annotations

import re

LONGEST = 120

_TEXT = re.compile(
    r"(?P<before>\b(?:parameters|variables|copyIndex|lambdaVariables|lambda)\s*\(\s*)?'(?P<text>(?:[^']|'')*)'?",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"[\W_]*|[A-Za-z]+(?:\.[A-Za-z]+)+(?:/[A-Za-z]+)*")


def shown(expression: str) -> str:
    """The expression for a message.

    >>> shown("[concat(parameters('name'), '-', 'hunter2')]")
    "[concat(parameters('name'), '-', '…')]"
    """
    text = " ".join(_TEXT.sub(_without_text, expression[: 10 * LONGEST]).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _without_text(found: re.Match[str]) -> str:
    if found["before"] or _HARMLESS.fullmatch(found["text"]):
        return found[0]
    return "'…'"
