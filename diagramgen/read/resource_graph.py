"""Answers of Azure Resource Graph, from `az graph query -o json` and the REST API: rows, or a table.

https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
"""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Page
from diagramgen.read.lists import read_list

_ENVELOPE = frozenset(
    (
        "count",
        "totalRecords",
        "total_records",
        "resultTruncated",
        "skip_token",
        "$skipToken",
        "skipToken",
        "facets",
    )
)


def is_answer(document: Json) -> bool:
    """Whether this is the envelope of an answer, or the table inside one."""
    if not isinstance(document, dict):
        return False
    if _is_of_powershell(document):
        return True
    return _is_table(document) or (
        (isinstance(document.get("data"), list) or _is_table(document.get("data")))
        and bool(document.keys() & _ENVELOPE)
    )


def read_answer(document: dict[str, Any], place: Place) -> Extract:
    """The rows of an answer, and how many there are in all."""
    if _is_of_powershell(document):
        found = read_list(document["Data"], place / "Data", "Resource Graph", is_flat=False)
        page = Page(place, len(document["Data"]), None, bool(document["SkipToken"]))
        return Extract(found.formats, found.rows, (page,), found.diagnostics)
    if _is_table(document):
        return read_list(_rows_of_table(document), place / "rows", "Resource Graph", is_flat=False)
    rows, where = document["data"], place / "data"
    if isinstance(rows, dict):
        rows, where = _rows_of_table(rows), where / "rows"
    found = read_list(rows, where, "Resource Graph", is_flat=False)
    total = document.get("totalRecords", document.get("total_records"))
    page = Page(
        place,
        len(rows),
        total if isinstance(total, int) else None,
        any(document.get(name) for name in ("skip_token", "$skipToken", "skipToken"))
        or document.get("resultTruncated") in ("true", True),
    )
    return Extract(found.formats, found.rows, (page,), found.diagnostics)


def _is_of_powershell(document: dict[str, Any]) -> bool:
    """What `Search-AzGraph` gives, as a whole.

    https://learn.microsoft.com/powershell/module/az.resourcegraph/search-azgraph
    """
    return isinstance(document.get("Data"), list) and "SkipToken" in document


def _is_table(value: Json) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("columns"), list)
        and isinstance(value.get("rows"), list)
    )


def _rows_of_table(table: dict[str, Any]) -> list[Json]:
    """The rows as objects; a row that is no list stays what it is."""
    names = [
        str(column.get("name")) if isinstance(column, dict) else str(column) for column in table["columns"]
    ]
    return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in table["rows"]]
