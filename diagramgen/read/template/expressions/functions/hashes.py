"""Functions that make names: `uniqueString`, `guid`, `newGuid`.

`guid` is a UUID of version 5 (RFC 9562, section 5.5) of the arguments with `-` between them, in a namespace that
Microsoft documents; `uniqueString` is a MurmurHash of 64 bits of the same text in 13 letters of base 32, as Microsoft's
provider of Terraform computes it. Both are tested with values that Microsoft's own engine gave.
https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#guid
https://registry.terraform.io/providers/Azure/azapi/latest/docs/functions/unique_string
"""

from __future__ import annotations

from uuid import UUID, uuid5

from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.unknowns import derived, only_deployed, undocumented
from diagramgen.read.template.values import Unknown, Value

NAMESPACE = UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_MASK = 0xFFFF_FFFF


def guid(evaluation: Evaluation, *parts: Value) -> Value:
    """`guid`: the same UUID for the same texts."""
    text = _joined(evaluation, "guid", parts)
    return str(uuid5(NAMESPACE, text)) if isinstance(text, str) else text


def unique_string(evaluation: Evaluation, *parts: Value) -> Value:
    """`uniqueString`: the same 13 letters and digits for the same texts."""
    text = _joined(evaluation, "uniqueString", parts)
    return _in_letters(_murmur_hash(text.encode())) if isinstance(text, str) else text


def new_guid() -> Value:
    """`newGuid`: another one at every call."""
    return only_deployed("newGuid", [], "name")


def _joined(evaluation: Evaluation, name: str, parts: tuple[Value, ...]) -> str | Unknown:
    if any(isinstance(part, Unknown) for part in parts):
        return derived(evaluation.budget, name, parts, "name", brief=True)
    if not all(isinstance(part, str) for part in parts):
        return undocumented(name, parts, "what is no text", "name")
    evaluation.budget.spend(sum(map(len, parts)) // 8)
    return "-".join(parts)


def _in_letters(number: int) -> str:
    """A number of 64 bits in 13 letters, the highest bits first."""
    return "".join(_LETTERS[(number << 1 >> shift) & 31] for shift in range(60, -1, -5))


def _murmur_hash(text: bytes) -> int:
    """MurmurHash3 with 64 bits, of two lanes of 32 bits, seed 0."""
    first = second = 0
    whole = len(text) - len(text) % 8
    for at in range(0, whole, 8):
        first ^= _mixed(text[at : at + 4], 597399067, 15, 2869860233)
        first = (_rotated(first, 19) + second) * 5 + 1444728091 & _MASK
        second ^= _mixed(text[at + 4 : at + 8], 2869860233, 17, 597399067)
        second = (_rotated(second, 13) + first) * 5 + 197830471 & _MASK
    first ^= _mixed(text[whole : whole + 4], 597399067, 15, 2869860233)
    second ^= _mixed(text[whole + 4 :], 2869860233, 17, 597399067)
    first, second = first ^ len(text), second ^ len(text)
    first = first + second & _MASK
    second = first + second & _MASK
    first, second = _spread(first), _spread(second)
    first = first + second & _MASK
    second = first + second & _MASK
    return second << 32 | first


def _mixed(lane: bytes, factor: int, turn: int, other: int) -> int:
    return _rotated(int.from_bytes(lane, "little") * factor & _MASK, turn) * other & _MASK


def _rotated(lane: int, turn: int) -> int:
    return (lane << turn | lane >> 32 - turn) & _MASK


def _spread(lane: int) -> int:
    lane = (lane ^ lane >> 16) * 2246822507 & _MASK
    lane = (lane ^ lane >> 13) * 3266489909 & _MASK
    return lane ^ lane >> 16


ROWS = rows(
    ("guid", 1, None, ("any",), "name", guid, "aware"),
    ("newGuid", 0, 0, (), "name", new_guid),
    ("uniqueString", 1, None, ("any",), "name", unique_string, "aware"),
)
