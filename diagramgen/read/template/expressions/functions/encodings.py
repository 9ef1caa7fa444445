"""Functions that encode texts, and those of URIs.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from diagramgen.read.template.expressions.functions.json_text import read_json
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, undocumented
from diagramgen.read.template.values import Unknown, Value, joined


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


def uri(evaluation: Evaluation, base: Value, relative: Value) -> Value:
    """`uri`: a relative URI on a base (RFC 3986, section 5). The path to a file stays known on a base that is not."""
    if isinstance(base, str) and not _is_web_address(base):
        return undocumented("uri", [base, relative], "a base that is no web address", "string")
    if isinstance(base, str) and isinstance(relative, str):
        try:
            return urljoin(base, relative)
        except ValueError:
            return undocumented("uri", [base, relative], "what is no web address", "string")
    head = relative if isinstance(relative, str) else next(iter(relative.pieces), "")
    if not isinstance(head, str) or _PATH.match(head) is None:
        return derived(evaluation.budget, "uri", [base, relative], "string")
    return joined([_folder(evaluation, base), "/", relative])


def _folder(evaluation: Evaluation, base: Value) -> Value:
    """The URI of the folder in which a base is, without a slash at its end."""
    if isinstance(base, str):
        return urljoin(base, ".").rstrip("/")
    tail = base.pieces[-1] if base.pieces else ""
    if isinstance(tail, str) and "/" in tail and "//" not in tail:
        return joined([*base.pieces[:-1], tail[: tail.rindex("/")]])
    inside = derived(evaluation.budget, "uri", [base], "string")
    return Unknown(base.text, base.why, "string", inside.identity)


def _is_web_address(base: str) -> bool:
    try:
        return urlsplit(base).scheme.lower() in ("http", "https")
    except ValueError:
        return False


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
_PATH = re.compile(r"[\w-]+(?:\.[\w-]+)*(?:/|\.\w)")
"""The beginning of a relative path: no scheme, no host, and no step upward."""

ROWS = rows(
    ("base64", 1, 1, _TEXT, "string", base64_),
    ("base64ToJson", 1, 1, _TEXT, "", base64_to_json),
    ("base64ToString", 1, 1, _TEXT, "string", base64_to_string),
    ("buildUri", 1, 1, ("object",), "string", build_uri),
    ("dataUri", 1, 1, _TEXT, "string", data_uri),
    ("dataUriToString", 1, 1, _TEXT, "string", data_uri_to_string),
    ("parseUri", 1, 1, _TEXT, "object", parse_uri),
    ("uri", 2, 2, _TEXT, "string", uri, "aware"),
    ("uriComponent", 1, 1, _TEXT, "string", uri_component),
    ("uriComponentToString", 1, 1, _TEXT, "string", uri_component_to_string),
)
