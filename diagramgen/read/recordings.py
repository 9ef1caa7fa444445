"""Answers of Azure kept with the calls that they answered: batches, and recordings of tests -> the answers themselves.

A batch (`/batch` of Azure Resource Manager) holds answers of one moment. A recording (VCR cassettes as JSON or YAML,
session files of Azure's SDKs) holds a conversation: of the answers to one address the last counts, as the state at its
end, whether the resource was asked for or written; what was deleted meanwhile may still be in it, which a warning says.

https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
https://github.com/Azure/azure-sdk-tools/tree/main/tools/test-proxy
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json, parse_documents
from diagramgen.read.extract import Extract, Row, join
from diagramgen.read.record import key_of
from diagramgen.read.spelling import tidy

Read = Callable[[Json, Place, Context], Extract]
"""Reads one document of any format."""
_CALLS = ("interactions", "Entries", "networkCallRecords")
_CASSETTE = re.compile(r"\s*interactions:\s*\n\s*-\s")
_TELLING = frozenset({("GET", 200), ("PUT", 200), ("PUT", 201), ("PATCH", 200)})
"""Methods and statuses of calls that are answered with what a resource is."""
_EMPTY: tuple[Json, ...] = (None, "", "{}", "null", {}, [])


class Answer(NamedTuple):
    """The answer to one call: `address` is what was asked for, without parameters; `body` as it was kept."""

    method: str
    address: str
    status: int
    body: Json
    place: Place


def is_batch(document: Json) -> bool:
    """Whether this is the answer to a batch."""
    listed = document.get("responses") if isinstance(document, dict) else None
    return isinstance(listed, list) and any(
        isinstance(one, dict) and {"content", "body"} & one.keys() for one in listed
    )


def is_cassette_text(text: str) -> bool:
    """Whether this is the beginning of a VCR cassette in YAML. https://vcrpy.readthedocs.io/en/latest/serialization.html"""
    return _CASSETTE.match(text) is not None


def is_recording(document: Json) -> bool:
    """Whether this is a recording of calls."""
    return isinstance(document, dict) and any(
        isinstance(document.get(name), list) and any(map(_is_call, document[name][:3])) for name in _CALLS
    )


def read_batch(document: dict[str, Any], place: Place, context: Context, read: Read) -> Extract:
    """All answers of a batch that are resources."""
    answers = []
    for index, one in enumerate(document["responses"]):
        if isinstance(one, dict):
            name = "content" if "content" in one else "body"
            status = _status(one.get("httpStatusCode", one.get("status")))
            answers.append(
                Answer("GET", str(index), status, one.get(name), place / "responses" / index / name)
            )
    found = join(_read_all(answers, context, read))
    diagnostics = (*_failed(answers, place), *found.diagnostics)
    return found._replace(formats=("batch of answers", *found.formats), diagnostics=diagnostics)


def read_recording(document: dict[str, Any], place: Place, context: Context, read: Read) -> Extract:
    """What the last answer to each question says."""
    last: dict[str, Answer] = {}
    for answer in _answers(document, place):
        if (answer.method, answer.status) in _TELLING and answer.body not in _EMPTY:
            last.pop(answer.address, None)
            last[answer.address] = answer
    rows: dict[str, Row] = {}
    found = join(_read_all(last.values(), context, read))
    for row in found.rows:
        key = key_of(str(row.resource.get("id")))
        rows.pop(key, None)
        rows[key] = row
    text = f"`{place.source}` is a recording of calls: the last answer to each counts, what was deleted is still drawn"
    warning = Diagnostic("warning", "recording", text, place)
    return Extract(
        ("recording", *found.formats), tuple(rows.values()), diagnostics=(warning,), secrets=found.secrets
    )


def _read_all(answers: Iterable[Answer], context: Context, read: Read) -> Iterator[Extract]:
    """What each answer holds; those that hold no resources (an operation's result, an empty list) are passed over."""
    for answer in answers:
        body, secrets = _parsed(answer.body, answer.place)
        if answer.status >= 400 or not isinstance(body, dict | list) or not body:
            continue
        with contextlib.suppress(InputError):
            found = read(body, answer.place, context)
            yield found._replace(secrets=found.secrets + secrets)


def _failed(answers: list[Answer], place: Place) -> tuple[Diagnostic, ...]:
    failed = [answer for answer in answers if answer.status >= 400]
    if not failed:
        return ()
    text = f"{len(failed)} of the {len(answers)} calls of a batch failed: what they asked for is not in the export"
    return (Diagnostic("warning", "incomplete-export", text, failed[0].place),)


def _answers(document: dict[str, Any], place: Place) -> Iterator[Answer]:
    for name in _CALLS:
        listed = document.get(name)
        for index, call in enumerate(listed if isinstance(listed, list) else ()):
            if _is_call(call):
                yield _answer(call, place / name / index)


def _answer(call: dict[str, Any], place: Place) -> Answer:
    """The answer to a recorded call, in any of the spellings."""
    request, response = (_dict(call.get(name)) for name in ("request", "response"))
    if response:  # a VCR cassette
        status = response.get("status")
        code = status.get("code") if isinstance(status, dict) else response.get("statusCode", status)
        body = response.get("body")
        inner = next(
            (body[name] for name in ("data", "string") if isinstance(body, dict) and name in body), body
        )
        return Answer(
            str(request.get("method")).upper(), _address(request.get("uri", request.get("url"))), _status(code), inner,
            place / "response" / "body",
        )  # fmt: skip
    answered = _dict(call.get("Response"))
    method, uri = call.get("RequestMethod", call.get("Method")), call.get("RequestUri", call.get("Uri"))
    body = answered.get("Body") if answered else call.get("ResponseBody")
    status = answered.get("StatusCode") if answered else call.get("StatusCode")
    where = place / "Response" / "Body" if answered else place / "ResponseBody"
    return Answer(str(method).upper(), _address(uri), _status(status), body, where)


def _is_call(call: Json) -> bool:
    return isinstance(call, dict) and (
        {"request", "response"} <= call.keys() or bool({"RequestUri", "Uri"} & call.keys())
    )


def _parsed(body: Json, place: Place) -> tuple[Json, int]:
    """A body as JSON, which many recordings keep as text, and the number of secrets that were in the text."""
    if not isinstance(body, str):
        return body, 0
    try:
        found = parse_documents(place.source, body)[0]
        return found, tidy(found, place)
    except InputError:
        return None, 0


def _address(uri: Json) -> str:
    return str(uri).partition("?")[0].lower()


def _status(value: Json) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 200


def _dict(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
