"""Functions that encode texts, and those of URIs.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from diagramgen.read.template.expressions.functions.json_text import read_json
from diagramgen.read.template.expressions.functions.row import rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import undocumented
from diagramgen.read.template.values import Value


def base64_(text: str) -> str:
    """`base64`: a text (as UTF-8) in base 64."""
    return base64.b64encode(text.encode()).decode()


def base64_to_string(text: str) -> str:
    """`base64ToString`: the text that is in base 64."""
    return _decoded("base64ToString", text)


def base64_to_json(text: str) -> Value:
    """`base64ToJson`: the JSON value that is in base 64."""
    return read_json("base64ToJson", _decoded("base64ToJson", text))


def data_uri(text: str) -> str:
    """`dataUri`: a text as a data URI."""
    return "data:text/plain;charset=utf8;base64," + base64_(text)


def data_uri_to_string(text: str) -> Value:
    """`dataUriToString`: the text in a data URI."""
    head, comma, content = text.partition(",")
    if not comma or not head.lower().startswith("data:"):
        raise TemplateProblem("`dataUriToString` takes a data URI, and the text is none")
    if head.lower().endswith(";base64"):
        return _decoded("dataUriToString", content)
    return uri_component_to_string(content)


def uri_component(text: str) -> str:
    """`uriComponent`: a text as a part of a URI; all but letters, digits and `-_.~` is encoded (RFC 3986)."""
    return quote(text, safe="-_.~")


def uri_component_to_string(text: str) -> str:
    """`uriComponentToString`: the text of an encoded part of a URI."""
    return unquote_to_bytes(text).decode(errors="replace")


def uri(base: str, relative: str) -> Value:
    """`uri`: a relative URI on a base (RFC 3986, section 5)."""
    try:
        if urlsplit(base).scheme.lower() in ("http", "https"):
            return urljoin(base, relative)
    except ValueError:
        pass
    return undocumented("uri", [base, relative], "a base that is no web address", "string")


def parse_uri(text: str) -> Value:
    """`parseUri`: not yet evaluated."""
    return undocumented("parseUri", [text], "the parts of a URI", "object")


def build_uri(parts: Value) -> Value:
    """`buildUri`: not yet evaluated."""
    return undocumented("buildUri", [parts], "the parts of a URI", "string")


def _decoded(name: str, text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise TemplateProblem(f"`{name}` takes a text in base 64, and this is none") from None


_TEXT = ("string",)

ROWS = rows(
    ("base64", 1, 1, _TEXT, "string", base64_),
    ("base64ToJson", 1, 1, _TEXT, "", base64_to_json),
    ("base64ToString", 1, 1, _TEXT, "string", base64_to_string),
    ("buildUri", 1, 1, ("object",), "string", build_uri),
    ("dataUri", 1, 1, _TEXT, "string", data_uri),
    ("dataUriToString", 1, 1, _TEXT, "string", data_uri_to_string),
    ("parseUri", 1, 1, _TEXT, "object", parse_uri),
    ("uri", 2, 2, _TEXT, "string", uri),
    ("uriComponent", 1, 1, _TEXT, "string", uri_component),
    ("uriComponentToString", 1, 1, _TEXT, "string", uri_component_to_string),
)
