"""What a function gives when it cannot know: an `Unknown` with a short, readable text that tells it from others.

`{vnetName}` in, `{replace(vnetName) k3f2a}` out. Texts become names and ids by which resources are told apart, so that
a text that leaves something out ends with a mark of what it leaves out. Known texts are left out of it, as one may be
a password; signs (`/`) and numbers stay.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

from diagramgen.read.template.expressions.budget import Budget
from diagramgen.read.template.values import Kind, Partial, Unknown, Value, digest, first_unknown, plain
from diagramgen.read.unknown import unknown

LONGEST = 48
"""Characters of a text; a longer one is cut and marked."""

NOT_KNOWN = "it is known only after the deployment"

ValueKind = Literal["null", "bool", "int", "float", "string", "array", "object", "lambda", "unknown"]

_KINDS: dict[type, ValueKind] = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    list: "array",
    dict: "object",
    Partial: "object",
}


def kind_of(value: Value) -> ValueKind:
    """Of which kind a value is; "unknown" where an unknown one could be of any.

    >>> [kind_of(value) for value in (None, True, 1, "a", [], Unknown("{x}", ""), Unknown("{x}", "", "name"))]
    ['null', 'bool', 'int', 'string', 'array', 'unknown', 'string']
    """
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, Unknown):
        return "string" if value.kind == "name" else value.kind or "unknown"
    return "lambda"


def derived(
    budget: Budget, name: str, arguments: Sequence[Value], kind: Kind = "", brief: bool = False
) -> Unknown:
    """What the function `name` gives for arguments of which some are not known.

    The same function of the same arguments gives the same value. `brief` leaves the arguments out of the text.
    """
    cause = first_unknown(list(arguments))
    return Unknown(
        unknown(_call(name, arguments, brief)),
        cause.why if cause is not None else f"`{name}` depends on a name that is not known",
        kind,
        digest(name, *(key_of(budget, argument) for argument in arguments)),
    )


def only_deployed(name: str, arguments: Sequence[Value], kind: Kind = "") -> Unknown:
    """What a function gives that only the deployment can tell: another value at every call."""
    return Unknown(unknown(_call(name, arguments)), f"`{name}`: {NOT_KNOWN}", kind)


def undocumented(name: str, arguments: Sequence[Value], what: str, kind: Kind = "") -> Unknown:
    """What a function gives where Azure's documentation does not say what it does."""
    return Unknown(unknown(_call(name, arguments)), f"what `{name}` does with {what} is not documented", kind)


def part_of(budget: Budget, base: Unknown, at: Value) -> Unknown:
    """A property or element of what is not known.

    >>> part_of(Budget(), Unknown("{subnet}", "no value"), "id").text
    '{subnet.id}'
    """
    step = f".{at}" if isinstance(at, str) else f"[{label(at)}]"
    text = _shortened(label(base) + step, (base, at))
    return Unknown(unknown(text), base.why, "", digest("at", base.identity, key_of(budget, at)))


def key_of(budget: Budget, value: Value) -> object:
    """What is the same for the same value in every deployment, and for no other."""
    budget.spend()
    if isinstance(value, Unknown):
        return ("?", value.identity)
    if isinstance(value, list):
        return [key_of(budget, inner) for inner in value]
    if isinstance(value, dict):
        names = {key: key_of(budget, inner) for key, inner in value.items()}
        return ("partial", value.identity, names) if isinstance(value, Partial) else names
    return value


def label(value: Value) -> str:
    """A value inside the text of another: without its braces; "" where it is left out.

    >>> [label(value) for value in (Unknown("{x}", ""), Unknown("a-{x}", ""), 3, True, "/", "hunter2")]
    ['x', 'a-(x)', '3', 'true', "'/'", '']
    """
    if isinstance(value, Unknown):
        return value.text[1:-1] if _is_one(value.text) else unknown(value.text)[1:-1]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and len(value) <= 3 and not any(map(str.isalnum, value)):
        return f"'{value}'"
    return ""


def _is_one(text: str) -> bool:
    return text.startswith("{") and text.endswith("}") and text.count("{") == 1


def _call(name: str, arguments: Sequence[Value], brief: bool = False) -> str:
    labels = [label(argument) for argument in arguments]
    told = ", ".join(filter(None, labels))
    if brief or (not told and arguments):
        return f"{name} {_mark(arguments)}"
    text = f"{name}({told})" if told else name
    return _shortened(text if all(labels) else f"{text} {_mark(arguments)}", arguments)


def _shortened(text: str, parts: Sequence[Value]) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 8]}… {_mark((text, *parts))}"


def _mark(parts: Sequence[Value]) -> str:
    """Five letters that tell one list of values from another.

    >>> _mark(["a"]), _mark(["b"])
    ('knwxv', 'x32q6')
    """
    content = repr(plain(list(parts))).encode(errors="surrogatepass")
    return b32encode(blake2b(content, digest_size=5).digest()).decode().lower()[:5]
