"""One document of an export -> its records, with what was wrong or missing in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.model.kinds import KINDS
from diagramgen.read import az
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Page, Row
from diagramgen.read.manager_lists import implied_by
from diagramgen.read.recognise import is_source, read_document
from diagramgen.read.record import UNTOLD, Record, key_of
from diagramgen.read.resource import CONTAINERS, records_of, type_of
from diagramgen.read.spelling import tidy

_NOT_ALONE = CONTAINERS | {"microsoft.network/networkwatchers", "microsoft.network/networkwatchers/flowlogs"}


class Export(NamedTuple):
    """A document's records in the order of the file, unmerged; `pages` wait for the other pages to be
    counted; `secrets` is how many were left out.
    """

    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...]
    formats: tuple[str, ...]
    pages: tuple[Page, ...]
    secrets: int = 0


def read_export(source_name: str, document: Json, index: int = 0, context: Context = Context()) -> Export:  # noqa: B008
    """The records of a JSON document; `index` tells which document of the source it is.

    The document is changed in place and must not be used afterwards.

    Raises:
        InputError: no export that is read, or one without properties.
    """
    place = Place(source_name, document=index)
    if is_source(document):
        found = read_document(document, place, context)
        secrets = sum(tidy(row.resource, row.place) for row in found.rows)
    else:
        secrets = tidy(document, place)
        found = read_document(document, place, context)
    records: list[Record] = []
    bare: list[Row] = []
    for row in found.rows:
        first, *rest = _records_of_row(row)
        if _is_bare(row, first) and not rest:
            bare.append(row)
            first = replace(first, envelope={**first.envelope, UNTOLD: True})
        records.append(first)
        records += rest
    records += implied_by(records)
    diagnostics = (*found.diagnostics, *_without_properties(found.rows, bare, place))
    return Export(tuple(records), diagnostics, found.formats, found.pages, secrets + found.secrets)


def count_unknown(records: Iterable[Record]) -> Mapping[str, int]:
    """How many records there are of each of Azure's types that nothing is concluded from, by type."""
    records = tuple(records)
    owners = {record.id for record in records if record.type in KINDS}
    counted = Counter(
        record.type or "(no type)"
        for record in records
        if record.type not in KINDS
        and not record.type.startswith("diagramgen/")
        and not _is_part(record, owners)
    )
    return dict(sorted(counted.items()))


_PARTS = frozenset(
    {
        "backendaddresspools",
        "firewallrules",
        "frontendipconfigurations",
        "inboundnatrules",
        "ipv6firewallrules",
        "loadbalancingrules",
        "networkrulesets",
        "networksecurityperimeterconfigurations",
        "outboundrules",
        "privateendpointconnections",
        "routes",
        "virtualnetworkrules",
    }
)
"""Last steps of types of children that count for what they belong to, where that is in the input."""


def _is_part(record: Record, owners: Set[str]) -> bool:
    return record.type.rpartition("/")[2] in _PARTS and record.id.rsplit("/", 2)[0] in owners


def is_worth_drawing(record: Record) -> bool:
    """Whether this is part of a network: a list of subscriptions, or of watchers, alone draws nothing."""
    return record.type in KINDS and record.type not in _NOT_ALONE


def incomplete(pages: Iterable[Page]) -> tuple[Diagnostic, ...]:
    """Warnings for answers of which pages are missing in all that was read."""
    by_total: dict[int, list[Page]] = {}
    open_ends: dict[tuple[str, str], Page] = {}
    for page in pages:
        if page.total is not None:
            by_total.setdefault(page.total, []).append(page)
            continue
        for source, listed in list(open_ends):
            if source == page.place.source and page.of in ("", listed):
                del open_ends[source, listed]  # this is the page that follows
        if page.has_more:
            open_ends[page.place.source, page.of] = page
    warnings = []
    for total, same in sorted(by_total.items()):
        held = sum(page.held for page in same)
        answers = max(1, sum(not page.has_more for page in same))  # each ends with one page that is the last
        if held < total * answers:
            text = f"the export holds {held} of {total * answers} rows: what is missing is not drawn"
            hint = "export every page, as `diagramgen query` shows (`--first 1000` and `--skip-token`)"
            warnings.append(Diagnostic("warning", "incomplete-export", text, same[0].place, (hint,)))
    return (*warnings, *_last_page_missing(list(open_ends.values()), by_total))


def _records_of_row(row: Row) -> list[Record]:
    resource = row.resource
    if row.is_flat and not isinstance(resource.get("properties"), dict):
        resource = az.nest(resource, type_of(key_of(resource["id"]), resource.get("type")))
    return list(records_of(resource, row.place))


def _is_bare(row: Row, record: Record) -> bool:
    """Whether a row tells no more than a name, where its reader expects more. Empty `properties` are all that there is:
    so Azure tells of an application security group."""
    is_told = record.envelope.get(UNTOLD) or record.envelope.get("isPlanned")
    has_body = record.properties or isinstance(row.resource.get("properties"), dict)
    return not has_body and record.type not in CONTAINERS and not is_told


def _without_properties(rows: tuple[Row, ...], bare: list[Row], place: Place) -> tuple[Diagnostic, ...]:
    """A warning for rows that hold only an id and a name; an error where there is nothing else."""
    if not bare:
        return ()
    if len(bare) == len(rows):
        message = f"`{place.source}` holds only names and ids: none of its {len(rows)} rows has `properties`"
        hint = "export whole rows, without `project` or `--query`; `diagramgen query` prints how"
        raise InputError([Diagnostic("error", "no-properties", message, bare[0].place, (hint,))])
    has = "has" if len(bare) == 1 else "have"
    text = f"{len(bare)} of {len(rows)} rows {has} no `properties`: only their names are known"
    return (Diagnostic("warning", "no-properties", text, bare[0].place),)


def _last_page_missing(open_ends: list[Page], by_total: Mapping[int, list[Page]]) -> Iterable[Diagnostic]:
    """The last page that was read says that there are more: nobody knows how many."""
    if open_ends and not by_total:
        text = "the export ends with a link to a further page, which is not in it"
        hint = "`az rest` does not follow `nextLink`: fetch that page as well, or use `diagramgen query`"
        yield Diagnostic("warning", "incomplete-export", text, open_ends[-1].place, (hint,))
