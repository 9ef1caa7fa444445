"""Texts, numbers and truth values -> YAML: a text is quoted only where YAML, in any of its versions, would take it for
something else (https://yaml.org/spec/1.2.2/, https://yaml.org/type/)."""

from __future__ import annotations

import re

_WORDS = frozenset({"on"})
"""Keys that the spec's reader takes as they are, whatever other readers of YAML make of them."""


def key_text(text: str, in_flow: bool) -> str:
    return text if text in _WORDS else scalar(text, in_flow)


_NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<"
    r"|[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(:[0-5]?[0-9])*)"
    r"|[-+]?(\.[0-9_]+|[0-9][0-9_]*(:[0-5]?[0-9])*\.[0-9_]*)(e[-+]?[0-9]+)?|[-+]?[0-9][0-9_]*e[-+]?[0-9]+"
    r"|[-+]?\.inf|\.nan"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\s].*)?",
    re.I,
)
"""What some YAML reader takes for null, a truth value, a number or a date: https://yaml.org/type/, and the core schema
of https://yaml.org/spec/1.2.2/."""
_BEGINS_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]|[-](?=[^\s,\[\]{}:\-])")
_BREAKS_PLAIN = re.compile(r": |:$| #|\s$|[\t\n]")
_BREAKS_FLOW = re.compile(r"[,\[\]{}?]|:[,\[\]{}]|::$")
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\xa0\\u2028\\u2029\\ud800-\\udfff\\ufeff\\ufffe\\uffff]')
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", '"': '\\"', "\\": "\\\\"}


def scalar(value: str | int | float | bool | None, in_flow: bool) -> str:
    """A text, number, truth value or nothing, quoted where it must be; `in_flow` within braces.

    >>> [scalar(v, False) for v in ("web", "no", "1.10", "a: b", "*.com", 443, True, None, "")]
    ['web', '"no"', '"1.10"', '"a: b"', '"*.com"', '443', 'true', 'null', '""']
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _is_plain(value) and not (in_flow and _BREAKS_FLOW.search(value)):
        return value
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _is_plain(text: str) -> bool:
    return bool(
        _BEGINS_PLAIN.match(text)
        and not _BREAKS_PLAIN.search(text)
        and not _UNPRINTABLE.search(text)
        and not _NOT_TEXT.fullmatch(text)
        and not text.startswith(("---", "..."))
    )


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    number = ord(character)
    return _SHORT.get(character) or (f"\\x{number:02X}" if number < 256 else f"\\u{number:04X}")
