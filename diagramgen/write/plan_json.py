"""JSON: the plan's geometry, for scripts that want to know where everything is. px, y down."""

from __future__ import annotations

from typing import Any

from diagramgen.layout.plan import Plan


def write_plan_json(plan: Plan) -> bytes:
    """The plan, field by field, as indented JSON."""
    import orjson

    return orjson.dumps(plan, _by_name, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _by_name(value: Any) -> Any:
    """A named tuple as an object with its fields."""
    return value._asdict()
