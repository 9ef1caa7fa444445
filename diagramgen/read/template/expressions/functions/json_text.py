"""JSON in the texts of templates: written as Azure writes it, and read as forgivingly as Azure reads it.

Azure uses Newtonsoft's Json.NET, which also reads texts in single quotes, names without quotes, comments and a comma
after the last element (https://www.newtonsoft.com/json/help/html/T_Newtonsoft_Json_JsonTextReader.htm).
"""

from __future__ import annotations

import json
import math
import re

from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.values import Value

_RELAXED = re.compile(
    r"""(?P<strict>"(?:[^"\\]+|\\.)*+(?:"|\Z))
      | '(?P<single>(?:[^'\\]+|\\.)*+)(?:'|\Z)
      | (?P<dropped>//[^\n]* | /\*.*?(?:\*/|\Z) | ,(?=\s*+[}\]]))
      | (?<![\w$])(?P<name>[A-Za-z_$][\w$]*+)(?=\s*+:)""",
    re.DOTALL | re.VERBOSE,
)


def json_text(value: Value) -> str:
    """A known value as compact JSON.

    >>> json_text({"a": [1, True, None, "é"]})
    '{"a":[1,true,null,"é"]}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def quoted_once(value: Value) -> str:
    """A known value as compact JSON with single quotes, as `format` writes lists and objects.

    >>> quoted_once({"a": "it's", "b": [2893]})
    "{'a':'it\\\\'s','b':[2893]}"
    """
    if isinstance(value, dict):
        return (
            "{" + ",".join(f"{quoted_once(key)}:{quoted_once(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(quoted_once, value)) + "]"
    if isinstance(value, str):
        inner = json_text(value)[1:-1].replace('\\"', '"').replace("'", "\\'")
        return f"'{inner}'"
    return json_text(value)


def read_json(name: str, text: str) -> Value:
    """The value of a JSON text; `name` is the function that reads it.

    Raises:
        TemplateProblem: it is no JSON.

    >>> read_json("json", "{a: 'b', /* c */ \\"d\\": [1,],}")
    {'a': 'b', 'd': [1]}
    """
    try:
        return _strict(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _strict(_RELAXED.sub(_made_strict, text))
    except (ValueError, RecursionError):
        raise TemplateProblem(f"`{name}` takes the text of a JSON value, and this is none") from None


def _strict(text: str) -> Value:
    value = json.loads(text, parse_float=_finite, parse_constant=_finite, parse_int=_whole)
    if "\\u" in text:
        json_text(value).encode()  # half a character (`\ud800`) is no text
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("no number of JSON")
    return number


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("larger than 64 bits")
    return int(digits)


def _made_strict(found: re.Match[str]) -> str:
    if found["single"] is not None:
        return '"' + found["single"].replace("\\'", "'").replace('"', '\\"').replace('\\\\"', '\\"') + '"'
    if found["name"] is not None:
        return f'"{found["name"]}"'
    return found["strict"] or " "
