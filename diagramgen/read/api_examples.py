"""Examples of Azure's REST API -> the answer that each shows.

An example holds a call and the answers to it: `{"parameters": {...}, "responses": {"200": {"body": ...}}}`. The answer
of success that has a body is read like any other; what was sent is no state. Its names and addresses are made up, which
a note says.

https://github.com/Azure/autorest/blob/main/docs/extensions/readme.md#x-ms-examples
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract
from diagramgen.read.refused import Refusal

Read = Callable[[Json, Place, Context], Extract]
"""Reads one document of any format."""
_WITHOUT_ANSWER = Refusal("an example of Azure's REST API whose answer is empty", lambda document: True)


def is_example(document: Json) -> bool:
    """Whether this is an example of a call: parameters, and answers by their status codes."""
    if not isinstance(document, dict) or not isinstance(document.get("parameters"), dict):
        return False
    answers = document.get("responses")
    return (
        isinstance(answers, dict)
        and bool(answers)
        and all(code.isdecimal() or code == "default" for code in answers)
    )


def read_example(document: dict[str, Any], place: Place, context: Context, read: Read) -> Extract:
    """What the first answer of success that has a body says.

    Raises:
        InputError: no answer has a body, or it is of no format that is read.
    """
    for code in sorted(document["responses"]):
        answer = document["responses"][code]
        body = answer.get("body") if isinstance(answer, dict) else None
        if code.startswith("2") and isinstance(body, dict | list) and body:
            found = read(body, place / "responses" / code / "body", context)
            text = f"`{place.source}` is an example of Azure's REST API: what it tells is made up"
            note = Diagnostic("note", "example", text, place)
            return found._replace(
                formats=("example of the REST API", *found.formats), diagnostics=(note, *found.diagnostics)
            )
    raise _WITHOUT_ANSWER.error(place)
