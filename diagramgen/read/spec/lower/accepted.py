"""What is accepted -> records: which findings or which boundary, why, and until when.

Beside an export there may be a spec that says nothing else; what is meant is then named by its Azure id, and whether
the export holds it is seen when findings are compared.
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.record import key_of
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import ANYTHING
from diagramgen.read.spec.shapes import Item, Told


def lower_accepted(spec: Told, context: Context) -> None:
    """All acceptances."""
    for item in spec.get("accepted", ()):
        if _says_what(item.value, context):
            _lower_acceptance(item.value, context)


def _says_what(told: Told, context: Context) -> bool:
    """Whether it names findings or a boundary, and not both; complains where not."""
    if not told.is_whole or "reason" not in told or "until" not in told:
        return False
    here = told.place
    hint = "write `rule: ZT-08` and `on: NAME`, or `between: [A, B]`"
    if "on" not in told and "between" not in told:
        context.error("missing-key", "an acceptance needs the key `on` or `between`", here, hint)
    elif "on" in told and "between" in told:
        context.error(
            "wrong-value", "an acceptance has `on` or `between`, not both", told.at("between").key, hint
        )
    elif "on" in told and "rule" not in told:
        context.error("missing-key", "an acceptance with `on` needs the key `rule`", here, hint)
    elif "between" in told and len(told.get("between")) != 2:
        message = f"a boundary is between 2 sides, and here are {len(told.get('between'))}"
        context.error("wrong-value", message, told.at("between"))
    elif "on" in told and not told.get("on"):
        context.error("wrong-value", "`on` names nothing", told.at("on"))
    else:
        return True
    return False


def _lower_acceptance(told: Told, context: Context) -> None:
    key = "between" if "between" in told else "on"
    ids = {_id_of(item, context) for item in told.get(key)}
    if None in ids:
        return
    if key == "between" and len(ids) == 1:
        context.error("boundary-with-itself", "a boundary has two different sides", told.at(key))
        return
    keys = sorted(filter(None, ids))
    rule = told.get("rule", "")
    said: dict[str, Any] = {
        "rule": rule,
        key: [{"id": rid} for rid in keys],
        "reason": told.get("reason"),
        "until": told.get("until"),
    }
    context.put(
        f"accepted/{rule or 'boundary'} {key} {' | '.join(keys)}",
        "diagramgen/acceptance",
        f"{rule} {key} {', '.join(shorten(item.value.strip()) for item in told.get(key))}".strip(),
        {name: value for name, value in said.items() if value},
        told.place,
        {name: told.at(name) for name in told},
    )


def _id_of(item: Item, context: Context) -> str | None:
    """The key of a name of this spec, or of an Azure id as it stands; None, and said, where it is neither."""
    text = item.value.strip()
    if text.startswith("/") and not context.names.named(text, ANYTHING):
        return key_of(text)
    found = context.names.find(text, ANYTHING, item.place)
    return found.key if found else None
