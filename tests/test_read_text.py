"""Bytes -> text: encodings are told from the bytes, and what is no text is named."""

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.read.text import decode

TEXT = '{"name": "vnet-größe"}\n'


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        b"\xef\xbb\xbf" + TEXT.encode("utf-8"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16-le",
        "utf-16-be",
        "utf-16-le without mark",
        "utf-16-be without mark",
    ],
)
def test_the_same_text_comes_out_of_every_encoding(data: bytes) -> None:
    assert decode("a.json", data) == TEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n rest", "`a.json` is a PNG picture, no text"),
        (b"PK\x03\x04 rest", "`a.json` is a ZIP archive (or a Visio, Excel or Word file), no text"),
        (b"ab\0cd", "`a.json` is no text: it has a NUL character"),
        (b'{"a":\n "\xe9"}', "`a.json` is not valid UTF-8: byte 0xe9 at offset 8"),
        (b'\xff\xfe{\0"\0a', "`a.json` is not valid UTF-16: byte 0x61 at offset 6"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode("a.json", data)
    assert [d.message for d in caught.value.diagnostics] == [message]
