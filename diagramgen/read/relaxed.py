"""ARM templates as people write them -> JSON: comments and strings of several lines are made plain.

Every character keeps its place, so that messages name the right line and column.
https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def relaxed(text: str) -> str:
    r"""The same text, of the same length, with blanks for comments and for line ends inside strings.

    >>> relaxed('{"a": "b\nc"} // d')
    '{"a": "b c"}     '
    """
    return _TOKEN.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    token = found.group()
    if token.startswith('"'):
        return re.sub(r"[\r\n\t]", " ", token)
    return re.sub(r"[^\n]", " ", token)
