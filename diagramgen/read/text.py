"""Bytes of an input -> text.

Exports come as UTF-8 with and without a byte order mark, and as UTF-16 (PowerShell's `az ... > file.json`),
so the encoding is told from the bytes, never from a name. What is no text at all (a picture called `.json`)
is named for what it is.
"""

from __future__ import annotations

import codecs

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins like it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or a Visio, Excel or Word file)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_HINT = "export the state as JSON with the commands that `diagramgen query` prints"
_SAVED_PLAN = "a saved Terraform plan: give what `terraform show -json PLAN` prints of it"


def decode(source_name: str, data: bytes) -> str:
    """The text of an input, without byte order mark, line ends as they are.

    Raises:
        InputError: the bytes are no text, or not in the encoding that they announce.

    >>> decode("a.json", '\\ufeff{"é": 1}'.encode("utf-16-le"))
    '{"é": 1}'
    """
    for magic, what in _NO_TEXT:
        if data.startswith(magic):
            message = f"`{source_name}` is {what}, no text"
            is_plan = magic == b"PK\x03\x04" and b"tfplan" in data[:100]
            raise _refusal(source_name, "not-text", message, hints=(_SAVED_PLAN if is_plan else _HINT,))
    mark, encoding = _encoding_of(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as problem:
        raise _bad_byte(source_name, data, encoding, problem.start + len(mark)) from None
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise _refusal(source_name, "not-text", f"`{source_name}` is no text: it has a NUL character", line)
    return text


def _encoding_of(data: bytes) -> tuple[bytes, str]:
    """The byte order mark (or nothing) and the encoding; unmarked UTF-16 has a zero in every other byte."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    if len(data) >= 4 and len(data) % 2 == 0:
        if data[1] == 0 == data[3] and data[0] and data[2]:
            return b"", "utf-16-le"
        if data[0] == 0 == data[2] and data[1] and data[3]:
            return b"", "utf-16-be"
    return b"", "utf-8"


def _bad_byte(source_name: str, data: bytes, encoding: str, offset: int) -> InputError:
    """The error for the first byte that is not in its encoding."""
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    line = data.count(b"\n", 0, offset) + 1
    message = f"`{source_name}` is not valid {name}: byte 0x{data[offset]:02x} at offset {offset}"
    hints = ("save it as UTF-8; in PowerShell write exports with `| Out-File -Encoding utf8`",)
    return _refusal(source_name, "bad-encoding", message, line, hints)


def _refusal(
    source_name: str, code: str, message: str, line: int | None = None, hints: tuple[str, ...] = ()
) -> InputError:
    return InputError([Diagnostic("error", code, message, Place(source_name), hints, line=line)])
