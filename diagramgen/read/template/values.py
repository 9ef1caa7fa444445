"""The values of templates: JSON, and `Unknown` where nobody can know a value before the deployment.

An `Unknown` says what stands in its place (`text`), why it is not known (`why`), and what is known of it
nevertheless: of which `kind` it is, of which `pieces` it is made, and whether it is the same as another one
(`identity`). What is known lets `last(split(id, '/'))` be certain although nobody knows the subscription in the id.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from diagramgen.read.documents import Json
from diagramgen.read.unknown import unknown

Value = Any
"""JSON (dict, list, str, int, float, bool, None), or `Unknown` in the place of any value in it. No key of an object
is `Unknown`: a key that is not known is its text. Values are shared and never changed."""

Kind = Literal["", "string", "name", "int", "bool", "array", "object"]
"""What an unknown value is sure to be; "" says nothing, and it may be null. A "name" is a string that is not empty
and has no slash, as one segment of a resource id."""

_FRESH = itertools.count()


def _fresh_identity() -> str:
    return f"#{next(_FRESH)}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known before the deployment.

    `text` stands in its place, what is unknown in braces (`vnet-{location}`, see `diagramgen.read.unknown`). `why`
    says why it is not known ("parameter `location` has no value"). Two of the same `identity` are the same value in
    every deployment; equal texts prove nothing. `pieces` are what it is joined of: strings and unknown strings, or
    lists and unknown lists. `of` is the id of the resource that has it, where Azure gives it to one of the templates.
    """

    text: str
    why: str
    kind: Kind = field(default="", compare=False)
    identity: str = field(default_factory=_fresh_identity, compare=False)
    pieces: tuple[Value, ...] = field(default=(), compare=False)
    of: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return f"Unknown({self.text!r}, {self.why!r})"


class Partial(dict[str, Any]):
    """An object of which only some members are known: a resource's state has more than its template writes.

    A member that it lacks is what `absent` gives, never a problem. Its members may be `Partial` themselves. What a
    function makes of it whole (`length`, `union`, `items` ...) is not known. As for `Unknown`, two of the same
    `identity` are the same object.
    """

    __slots__ = ("identity", "of", "what", "why")

    def __init__(
        self, known: dict[str, Any], what: str, why: str, identity: str | None = None, of: str = ""
    ) -> None:
        super().__init__(known)
        self.what = what
        self.why = why
        self.identity = identity or _fresh_identity()
        self.of = of

    def absent(self, name: str) -> Unknown:
        """What stands for a member that is not known; the same for the same name.

        >>> Partial({}, "pip", "Azure chooses it").absent("ipAddress")
        Unknown('{pip.ipAddress}', 'Azure chooses it')
        """
        identity = digest("absent", self.identity, name.lower())
        return Unknown(unknown(f"{self.what}.{name}"), self.why, identity=identity, of=self.of)


def joined(parts: Iterable[str | Unknown]) -> str | Unknown:
    """The parts as one string: a plain string where all are known.

    >>> joined(["/subscriptions/", Unknown("{subscription}", "not told"), "/x"])
    Unknown('/subscriptions/{subscription}/x', 'not told')
    """
    pieces: list[str | Unknown] = []
    for part in parts:
        for piece in _text_pieces(part):
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    unknowns = [piece for piece in pieces if isinstance(piece, Unknown)]
    if not unknowns:
        return "".join(piece for piece in pieces if isinstance(piece, str))
    if len(pieces) == 1 and unknowns[0].kind in ("string", "name"):
        return unknowns[0]
    text = "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)
    identity = digest("join", *(piece if isinstance(piece, str) else (piece.identity,) for piece in pieces))
    return Unknown(text, unknowns[0].why, "string", identity, tuple(pieces))


def _text_pieces(part: str | Unknown) -> tuple[str | Unknown, ...]:
    return part.pieces if isinstance(part, Unknown) and part.pieces and part.kind == "string" else (part,)


def digest(*parts: object) -> str:
    """A short name for a list of parts that is the same for the same parts only."""
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def plain(value: Value) -> Json:
    """The value as JSON, every `Unknown` as its text.

    >>> plain({"name": Unknown("vnet-{location}", "no value")})
    {'name': 'vnet-{location}'}
    """
    if isinstance(value, Unknown):
        return value.text
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def contains_unknown(value: Value) -> bool:
    """Whether a value is, or holds at any depth, what is not known."""
    return first_unknown(value) is not None


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown value in a value, itself included; the name of a property may be unknown too."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, dict):
        if is_open(value):
            return _open_end(value)
        value = value.values()
    elif not isinstance(value, list):
        return None
    for inner in value:
        found = first_unknown(inner)
        if found is not None:
            return found
    return None


def is_open(value: dict[str, Value]) -> bool:
    """Whether an object may have a property of any name: it is `Partial`, or one of its names is not known."""
    return isinstance(value, Partial) or any(map(is_open_name, value))


def is_open_name(name: str) -> bool:
    """Whether the name of a property is the text of what is not known.

    >>> is_open_name("{location}"), is_open_name("location")
    (True, False)
    """
    return "{" in name and "}" in name


def unknown_name(text: str) -> Unknown:
    """The name of a property that is not known."""
    return Unknown(text, "the name of a property is not known", "string")


def _open_end(value: dict[str, Value]) -> Unknown:
    """What is not known of an open object."""
    if isinstance(value, Partial):
        return Unknown(unknown(value.what), value.why, "object")
    return unknown_name(next(filter(is_open_name, value)))


def unknown_parameter(name: str, kind: Kind = "") -> Unknown:
    """What stands for a parameter without a value; `kind` is what its declaration makes sure ("" if nullable)."""
    return Unknown(unknown(name), f"parameter `{name}` has no value", kind)
