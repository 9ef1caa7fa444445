"""What a JSON document is, told from its content, never from its name: one table of formats, a row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read import (
    api_examples,
    az,
    child_lists,
    cloudnetdraw,
    effective,
    lists,
    manager_lists,
    network_watcher,
    powershell,
    recordings,
    refused,
    resource_graph,
)
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, join
from diagramgen.read.template import claims
from diagramgen.read.terraform import claims as terraform


class Format(NamedTuple):
    """A format that is read: whether it claims a document, and how it is read.

    `read` takes the document and its place; `read_in_context`, where a row has it, the context as well. Of what
    `is_source` the keys are names that a person chose, so that its rows alone are Azure's words.
    """

    claims: Callable[[Json], bool]
    read: Callable[[Any, Place], Extract] | None = None
    read_in_context: Callable[[Any, Place, Context], Extract] | None = None
    is_source: bool = False


def is_source(document: Json) -> bool:
    """Whether the keys of a document are a person's own words, which nobody may spell in another way."""
    return any(row.is_source and row.claims(document) for row in FORMATS)


def read_document(document: Json, place: Place, context: Context = Context()) -> Extract:  # noqa: B008
    """The rows of one JSON document of any format.

    Raises:
        InputError: the format is unknown, or known and not read; the message says what to export instead.
    """
    _refuse(refused.FOREIGN, document, place)
    for row in FORMATS:
        if row.claims(document):
            if row.read_in_context is not None:
                return row.read_in_context(document, place, context)
            if row.read is not None:
                return row.read(document, place)
    _refuse(refused.LEFTOVERS, document, place)
    raise lists.unknown_document(document, place)


_SPEC_WORDS = frozenset(
    ("subscriptions", "vnets", "virtual_wans", "management_groups", "network_manager", "on_premises", "nsgs")
)


def is_spec(document: Json) -> bool:
    """Whether a JSON object is a spec: it has the words of one, and no Azure resources behind them."""
    return (
        isinstance(document, dict)
        and bool(document.keys() & _SPEC_WORDS)
        and not any(refusal.claims(document) for refusal in refused.FOREIGN)
        and not any(row.claims(document) for row in FORMATS)
    )


def _refuse(refusals: Iterable[refused.Refusal], document: Json, place: Place) -> None:
    for refusal in refusals:
        if refusal.claims(document):
            raise refusal.error(place)


def _is_rest_list(document: Json) -> bool:
    if not isinstance(document, dict) or "id" in document:
        return False
    listed = document.get("value")
    is_empty = listed == [] or (
        listed is None and document.keys() <= {"value", "nextLink"} and "value" in document
    )
    return lists.holds_resources(listed) or is_empty


def _is_empty(document: Json) -> bool:
    return isinstance(document, list) and not document


def _are_accounts(document: Json) -> bool:
    return az.is_account(document) or (isinstance(document, list) and any(map(az.is_account, document)))


def _are_pages(document: Json) -> bool:
    """A list of whole answers, as `jq --slurp` or a loop over pages makes it."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(page, list) or any(claims(page) for claims in _PAGES) for page in document)
    )


def _read_pages(document: list[Json], place: Place, context: Context) -> Extract:
    return join(read_document(page, place / index, context) for index, page in enumerate(document))


def _read_batch(document: dict[str, Any], place: Place, context: Context) -> Extract:
    return recordings.read_batch(document, place, context, read_document)


def _read_recording(document: dict[str, Any], place: Place, context: Context) -> Extract:
    return recordings.read_recording(document, place, context, read_document)


def _read_example(document: dict[str, Any], place: Place, context: Context) -> Extract:
    return api_examples.read_example(document, place, context, read_document)


def _is_bundle(document: Json) -> bool:
    return isinstance(document, dict) and any(
        lists.is_resource(value) or lists.holds_resources(value) for value in document.values()
    )


def _read_template(document: dict[str, Any], place: Place, context: Context) -> Extract:
    from diagramgen.read.template.read import read_template

    return read_template(document, place, context)


def _read_parameters(document: dict[str, Any], place: Place, context: Context) -> Extract:
    from diagramgen.read.template.read import read_parameters

    return read_parameters(document, place, context)


def _read_snapshot(document: dict[str, Any], place: Place) -> Extract:
    from diagramgen.read.template.snapshot import read_snapshot

    return read_snapshot(document, place)


def _read_what_if(document: dict[str, Any], place: Place, context: Context) -> Extract:
    from diagramgen.read.template.what_if import read_what_if

    return read_what_if(document, place, context)


def _read_operations(document: Json, place: Place) -> Extract:
    from diagramgen.read.template.operations import read_operations

    return read_operations(document, place)


def _read_terraform(document: dict[str, Any], place: Place, context: Context) -> Extract:
    from diagramgen.read.terraform.reader import read_terraform

    return read_terraform(document, place, context)


_PAGES: tuple[Callable[[Json], bool], ...] = (
    _is_rest_list,
    resource_graph.is_answer,
    manager_lists.is_answer,
    network_watcher.is_topology,
    cloudnetdraw.is_topology,
)
"""Answers of which a list may be made: one a page, one a resource group."""

FORMATS: tuple[Format, ...] = (
    Format(claims.is_template, read_in_context=_read_template, is_source=True),
    Format(claims.is_parameters, read_in_context=_read_parameters, is_source=True),
    Format(claims.is_snapshot, _read_snapshot),
    Format(claims.is_what_if, read_in_context=_read_what_if),
    Format(claims.is_operations, _read_operations),
    Format(child_lists.is_child_list, child_lists.read_child_list),
    Format(cloudnetdraw.is_topology, cloudnetdraw.read_topology),
    Format(manager_lists.is_answer, read_in_context=manager_lists.read_answer),
    Format(terraform.is_document, read_in_context=_read_terraform, is_source=True),
    Format(network_watcher.is_topology, network_watcher.read_topology),
    Format(recordings.is_batch, read_in_context=_read_batch),
    Format(recordings.is_recording, read_in_context=_read_recording),
    Format(api_examples.is_example, read_in_context=_read_example),
    Format(effective.is_rules, read_in_context=effective.read_rules),
    Format(effective.is_view, effective.read_view),
    Format(effective.is_routes, read_in_context=effective.read_routes),
    Format(resource_graph.is_answer, resource_graph.read_answer),
    Format(_is_rest_list, lists.read_rest_list),
    Format(lists.is_resource, lists.read_resource),
    Format(_are_accounts, lists.read_accounts),
    Format(powershell.is_resources, powershell.read_resources),
    Format(lists.holds_resources, lists.read_resource_list),
    Format(_is_empty, lambda document, place: Extract(("empty list",))),
    Format(_are_pages, read_in_context=_read_pages),
    Format(_is_bundle, lists.read_bundle),
)
"""In the order in which they are asked, the most telling first."""
