"""Brief names: what nobody knows before the deployment in few words, for drawings, reports and messages.

A name may hold an expression, and a mark that tells it from another: `{substring(replace(guid tloom, '-', ''), 0, 6)}`.
Names and ids keep all of that; people are told what it depends on: `{guid}`.
"""

from __future__ import annotations

import re

LONGEST = 32
"""Characters of an expression that a label shows as it is."""

_UNKNOWN = re.compile(r"\{([^{}]*)\}")
_MARK = re.compile(r"(?<=[\w)…])(?<!\bor)(?<!\bof) (?!false\b)[a-z2-7]{5}(?=$|[,)\]. ])")
_QUOTED = re.compile(r"`[^`]*`")
_CALL = re.compile(r"(\w+)\((.*)\)(?:\[\d+\])?")
_LITERAL = re.compile(r"(?:, ?(?:\d+|'[^']*'))*")
_CUT_WORD = re.compile(r"\.?\w*…")
_NAME = re.compile(r"(?<![\w.'/])[A-Za-z_][\w.-]*(?![\w.(-])")
_OF_TEXTS = frozenset(
    ("first", "last", "replace", "skip", "split", "string", "substring", "take", "tolower", "toupper", "trim")
)


def readable(name: str) -> str:
    """A name whose unknown parts are told briefly: by the expression, or by what it depends on where that is long.

    >>> readable("vnet-{location}"), readable("hub{uniqueString tloom}"), readable("{last(split(vnetId, '|'))}")
    ('vnet-{location}', 'hub{uniqueString}', '{vnetId}')
    >>> readable("{if(and(empty(identifier), greater(length… ahzfy}-agw"), readable("{concat(if(greater(leng… ju2oi}")
    ('{identifier}-agw', '{…}')
    """
    if "{" not in name:
        return name
    return _UNKNOWN.sub(lambda found: "{" + _briefly(found[1]) + "}", name)


def without_marks(message: str) -> str:
    """A message whose quoted names are told without marks.

    >>> without_marks("Azure gives it to `vmuniqueString tloom` at deployment")
    'Azure gives it to `vmuniqueString` at deployment'
    """
    return _QUOTED.sub(lambda found: f"`{_MARK.sub('', found[0][1:-1])}`", message)


def _briefly(expression: str) -> str:
    """An expression without marks and functions that only cut a text; its first name where it is long or nested.

    >>> _briefly("take(myVm(uniqueString tloom), 15)"), _briefly("union(if(empty(tags)))")
    ('myVm(uniqueString)', 'tags')
    """
    text = _without_functions(_MARK.sub("", expression))
    if len(text) <= LONGEST and "…" not in text and text.count("(") < 2:
        return text
    name = _NAME.search(_CUT_WORD.sub("", text))
    return name[0] if name is not None else "…"


def _without_functions(text: str) -> str:
    while (call := _CALL.fullmatch(text)) is not None and call[1].lower() in _OF_TEXTS:
        inner = _first_argument(call[2])
        if not _LITERAL.fullmatch(call[2], len(inner)):
            break
        text = inner
    return text


def _first_argument(arguments: str) -> str:
    depth = 0
    for position, sign in enumerate(arguments):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            return arguments[:position]
    return arguments
