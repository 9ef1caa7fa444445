"""Tables of text (CSV) -> rows of Resource Graph, where a table has these; a word of advice where it has not.

Resource Graph Explorer saves a row a resource, with JSON in the cells of `properties`, `tags`, `sku` ..., and the word
`null` for what is absent. The columns are those of the query, in its order and in any case. A spreadsheet that saved
the table again may have put `;` or a tab between the cells, and cuts cells of more than 32,767 characters.

https://learn.microsoft.com/azure/governance/resource-graph/first-query-portal
https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.documents import Json, parse_documents
from diagramgen.read.resource import is_resource_id

_SEPARATORS = ",;\t|"
_COLUMNS = {
    name.lower(): name
    for name in (
        *(
            "id",
            "name",
            "type",
            "tenantId",
            "kind",
            "location",
            "resourceGroup",
            "subscriptionId",
            "managedBy",
        ),
        *("sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation"),
    )
}
"""The columns of the table `resources`.

https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
"""
_HEAD = re.compile(r"\A\ufeff?(?:sep=(?P<sep>.)\r?\n)?(?P<line>[^\r\n]*)\r?\n?")
_NAME = re.compile(r"[\w$][\w$ ./()\[\]:#%?*-]*", re.UNICODE)
_CELL_LIMIT = 32_767
_EXPORT = "in the portal's Resource Graph Explorer choose 'Download as JSON', or use `diagramgen query`"


class _Foreign(NamedTuple):
    """A table of another tool, told by columns that it has (lower case): `what` follows '... is'."""

    columns: frozenset[str]
    what: str
    advice: str = _EXPORT


_FOREIGN = tuple(
    _Foreign(frozenset(columns), what, *advice)
    for columns, what, *advice in (
        (("correlation id", "operation name"), "an activity log, which tells events and no state"),
        (("operationname", "eventtimestamp"), "an activity log, which tells events and no state"),
        (("mgid", "subscriptionid"), "a table of Azure Governance Visualizer, which has no resource ids"),
        (("mgpath",), "a table of Azure Governance Visualizer, which has no resource ids"),
        (("subscriptionmgpath",), "a table of Azure Governance Visualizer, which has no resource ids"),
        (("managementgroupid", "subscriptionid"), "a table of Azure Governance Visualizer, which has no resource ids"),
        (("priority", "port", "protocol", "source", "destination", "action"),
         "the rules of an NSG as the portal lists them, without the NSG that they belong to"),
        (("priority", "access", "direction"), "a list of rules, without the NSG that they belong to"),
    )
)  # fmt: skip


def rows_of_csv(source_name: str, text: str) -> list[Json] | None:
    """The rows of a table that Resource Graph saved, as objects; None for text that is no table.

    Raises:
        InputError: it is a table without ids or properties, or it is broken.
    """
    head = _HEAD.match(text)
    separator = _separator(head.group("line"), head.group("sep")) if head else ""
    if head is None or not separator:
        return None
    start = head.start("line")
    columns = [_COLUMNS.get(name.lower(), name) for name in _names(text[start:], separator)]
    if len(columns) < 2 or not all(map(_NAME.fullmatch, filter(None, columns))):
        return None
    known = set(columns) & set(_COLUMNS.values())
    if "id" not in known and not _is_foreign(columns) and len(known) < 2:
        return None
    _refuse_foreign(source_name, columns)
    if "id" not in known:
        raise _without_ids(source_name, columns)
    rows = [
        _row(source_name, line, dict(zip(columns, cells, strict=False)))
        for line, cells in _records(source_name, text[start:], separator, text.count("\n", 0, start))
    ]
    _refuse_poor(source_name, columns, rows)
    return rows


def line_of_row(text: str, index: int) -> int | None:
    """The line (from 1) on which a row of a table begins; None where the text is no table, or has no such row."""
    lines = _lines_of_rows(text)
    return lines[index] if 0 <= index < len(lines) else None


@lru_cache(maxsize=2)
def _lines_of_rows(text: str) -> tuple[int, ...]:
    head = _HEAD.match(text)
    separator = _separator(head.group("line"), head.group("sep")) if head else ""
    if head is None or not separator:
        return ()
    start = head.start("line")
    return tuple(line for line, _ in _records("", text[start:], separator, text.count("\n", 0, start)))


def _separator(line: str, told: str | None) -> str:
    """What stands between the cells of a table with this first line, "" where it is none."""
    if told and told in _SEPARATORS:
        return told
    bare = re.sub(r'"[^"]*"', "x", line)
    counted = {separator: bare.count(separator) for separator in _SEPARATORS}
    best = max(counted, key=lambda separator: counted[separator])
    return best if counted[best] else ""


def _names(text: str, separator: str) -> list[str]:
    """The names of the columns."""
    try:
        return [
            name.strip()
            for name in next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator))
        ]
    except (csv.Error, StopIteration):
        return []


def _records(source_name: str, text: str, separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """The records below the head, each with the line on which it begins; `before` lines stand above the head."""
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 0
    try:
        for number, cells in enumerate(reader):
            if number and any(cells):
                yield before + begins + 1, cells
            begins = reader.line_num
    except csv.Error as problem:
        message = f"`{source_name}` cannot be read as a table (CSV): {problem}"
        line = before + reader.line_num
        raise InputError(
            [Diagnostic("error", "csv-syntax", message, Place(source_name), line=line)]
        ) from None


def _row(source_name: str, line: int, cells: dict[str, str]) -> dict[str, Any]:
    """A record as an object: absent where a cell is empty or `null`, JSON where a cell holds an object or a list."""
    row: dict[str, Any] = {}
    for name, cell in cells.items():
        text = cell.strip()
        if not name or not text or text.lower() == "null":
            continue
        row[name] = _value(source_name, line, name, text) if text[0] in "{[" else text
    return row


def _value(source_name: str, line: int, name: str, cell: str) -> Json:
    try:
        return parse_documents(source_name, cell)[0]
    except InputError:
        if name not in ("properties", "sku"):
            return cell
    what = "is cut off" if len(cell) >= _CELL_LIMIT - 10 else "is no JSON"
    message = f"`{source_name}`: the cell of `{name}` {what}"
    hints = (
        f"a spreadsheet cuts cells at {_CELL_LIMIT} characters: use the file as the portal saved it, or JSON",
    )
    raise InputError([Diagnostic("error", "csv-syntax", message, Place(source_name), hints, line=line)])


def _is_foreign(columns: list[str]) -> bool:
    names = {name.lower() for name in columns}
    return any(row.columns <= names for row in _FOREIGN)


def _refuse_foreign(source_name: str, columns: list[str]) -> None:
    names = {name.lower() for name in columns}
    for row in _FOREIGN:
        if row.columns <= names and "properties" not in names:
            raise _error(source_name, "unsupported-format", f"`{source_name}` is {row.what}", row.advice)


def _without_ids(source_name: str, columns: list[str]) -> InputError:
    shown = ", ".join(f"`{name[:40]}`" for name in columns[:4]) + (" ..." if len(columns) > 4 else "")
    message = (
        f"`{source_name}` is a table (CSV) of names for people, without resource ids: its columns are {shown}"
    )
    return _error(source_name, "unsupported-format", message, _EXPORT)


def _refuse_poor(source_name: str, columns: list[str], rows: list[Json]) -> None:
    """Nothing, for rows of which at least one has an id and properties.

    Raises:
        InputError: they tell names alone.
    """
    if rows and not any(is_resource_id(row.get("id")) for row in rows):
        message = f"`{source_name}` is a table (CSV) whose column `id` holds names and no resource ids"
        hint = "turn 'Formatted results' off in the portal's Resource Graph Explorer, and download again"
        raise _error(source_name, "unsupported-format", message, hint)
    if "properties" not in columns and not any(_is_container(row) for row in rows):
        message = f"`{source_name}` is a table (CSV) without a column `properties`: it tells names alone"
        hint = "query whole rows, without `project` (`resources | where type startswith 'microsoft.network'`)"
        raise _error(source_name, "no-properties", message, hint)


def _is_container(row: Json) -> bool:
    return str(row.get("type")).lower().startswith(("microsoft.resources/", "microsoft.management/"))


def _error(source_name: str, code: str, message: str, hint: str) -> InputError:
    return InputError([Diagnostic("error", code, message, Place(source_name), (hint,))])
