"""ARM templates as people write them -> JSON: comments, strings of several lines and commas at the end of a list are
made plain.

Every character keeps its place, so that messages name the right line and column.
https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata
"""

from __future__ import annotations

import re
from functools import lru_cache

_SCHEMA = re.compile(r'"\$schema"\s*:\s*"[^"]*deployment(template|parameters)', re.IGNORECASE)
_STRING = r'"(?:[^"\\]+|\\.)*+(?:"|\Z)'
_COMMENT = r"//[^\r\n]*|/\*.*?(?:\*/|\Z)"
_TOKEN = re.compile(f"{_STRING}|{_COMMENT}", re.DOTALL)
_LAST_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)
_OPENING = re.compile(rf"(?:\s+|{_COMMENT})*+", re.DOTALL)


def is_template_text(text: str) -> bool:
    """Whether the text begins as an ARM template or a parameter file, which may hold comments and so be no JSON."""
    return _SCHEMA.search(text, 0, 5000) is not None


@lru_cache(maxsize=4)
def relaxed(text: str) -> str:
    r"""The same text, of the same length, with blanks for comments, line ends inside strings, and commas too many.

    >>> relaxed('{"a": "b\nc",} // d')
    '{"a": "b c" }     '
    """
    return _LAST_COMMA.sub(_without_comma, _TOKEN.sub(_plain, text))


def after_comments(text: str) -> int:
    """The offset at which the text begins, behind blanks and comments.

    >>> after_comments("// exported\\n{}")
    12
    """
    found = _OPENING.match(text)
    return found.end() if found else 0


def _plain(found: re.Match[str]) -> str:
    token = found.group()
    if token.startswith('"'):
        return re.sub(r"[\r\n\t]", " ", token)
    return re.sub(r"[^\r\n]", " ", token)


def _without_comma(found: re.Match[str]) -> str:
    token = found.group()
    return " " if token == "," else token
