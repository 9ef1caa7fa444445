"""Lists and single objects of resources, in any envelope -> rows; and what in them is no resource."""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read import az
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Page, Row
from diagramgen.read.record import key_of
from diagramgen.read.resource import is_resource_id, type_of


def is_resource(value: Json) -> bool:
    """Whether this is an object with a resource id; any id will do where type and properties are Azure's."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return False
    return is_resource_id(value["id"]) or (
        isinstance(value.get("properties"), dict)
        and str(value.get("type")).lower().startswith("microsoft.")
        and bool(value["id"].strip("/ "))
    )


def holds_resources(value: Json) -> bool:
    """Whether this is a list with at least one resource in it."""
    return isinstance(value, list) and any(map(is_resource, value))


def read_list(items: list[Json], place: Place, name: str, is_flat: bool = True) -> Extract:
    """The resources of a list; what has no resource id is counted in one warning.

    Raises:
        InputError: not one entry is a resource.
    """
    rows, strangers = [], []
    for index, item in enumerate(items):
        if is_resource(item):
            rows.append(Row(item, place / index, is_flat))
        elif item not in ({}, [], None):
            strangers.append(index)
    if strangers and not rows:
        raise unknown_document(items, place)
    warnings = strangers_warning(len(rows), [place / index for index in strangers])
    return Extract((name,), tuple(rows), diagnostics=warnings)


def read_rest_list(document: dict[str, Any], place: Place) -> Extract:
    """`{"value": [...], "nextLink": ...}`: one page of a list as the REST API and `az rest` print it."""
    items = document["value"] or []
    found = read_list(items, place / "value", "ARM REST list")
    page = Page(place, len(items), None, bool(document.get("nextLink")), _listed(found.rows))
    return Extract(found.formats, found.rows, (page,), found.diagnostics)


def _listed(rows: tuple[Row, ...]) -> str:
    """What a page lists: resources of one type in one subscription."""
    shown_id = rows[0].resource["id"] if rows else ""
    subscription = shown_id.lower().partition("/subscriptions/")[2].partition("/")[0]
    return f"{subscription} {type_of(key_of(shown_id))}" if rows else ""


def read_resource_list(items: list[Json], place: Place) -> Extract:
    """A bare list: rows of Resource Graph as the portal saves them, REST bodies, or what `az ... list`
    prints.
    """
    return read_list(items, place, _name_of_list([item for item in items if is_resource(item)]))


def read_resource(document: dict[str, Any], place: Place) -> Extract:
    """A single resource: `az ... show`, a REST GET, or the portal's JSON view."""
    name = "ARM resource" if isinstance(document.get("properties"), dict) else "az show"
    return Extract((name,), (Row(document, place, True),))


def read_accounts(items: list[Json] | dict[str, Any], place: Place) -> Extract:
    """`az account list` and `az account show`: the subscriptions and their names."""
    if isinstance(items, dict):
        return Extract(("az account",), (Row(az.subscription_of(items), place),))
    rows = [Row(az.subscription_of(one), place / n) for n, one in enumerate(items) if az.is_account(one)]
    return Extract(("az account",), tuple(rows))


def read_bundle(document: dict[str, Any], place: Place) -> Extract:
    """Resources behind names: `{"newVNet": {...}}` as `az ... create` prints it, or collected lists."""
    rows: list[Row] = []
    warnings: list[Diagnostic] = []
    for name, value in document.items():
        if is_resource(value):
            rows.append(Row(value, place / name, True))
        elif holds_resources(value):
            found = read_list(value, place / name, "")
            rows += found.rows
            warnings += found.diagnostics
        elif isinstance(value, (dict, list)) and value:
            text = f"`{name}` in `{place.source}` holds no Azure resources and was left out"
            warnings.append(Diagnostic("warning", "not-a-resource", text, (place / name).key))
    name = "az create" if len(document) == 1 else "collected resources"
    return Extract((name,), tuple(rows), diagnostics=tuple(warnings))


def unknown_document(document: Json, place: Place) -> InputError:
    """The error for JSON that no format claims."""
    hints = ["export the state with the commands that `diagramgen query` prints"]
    if isinstance(document, dict) and isinstance(document.get("value"), list):
        document = document["value"]
    if isinstance(document, list):
        what = f"{_entries(len(document))} but no Azure resource (nothing with a resource `id`)"
        if document and isinstance(document[0], dict):
            what += f"; the first has {_keys_of(document[0])}"
            hints.insert(0, "a `--query` projection leaves the ids out: export without it")
    elif isinstance(document, dict):
        what = f"an object with {_keys_of(document)}, which is no export that is known"
    else:
        what = f"only a single value of JSON, `{str(document)[:40]}`"
    message = f"`{place.source}` holds {what}"
    return InputError([Diagnostic("error", "not-an-export", message, place, tuple(hints))])


def strangers_warning(found: int, strangers: list[Place]) -> tuple[Diagnostic, ...]:
    """The warning for entries that are no resources, beside those that are."""
    if not strangers:
        return ()
    what = f"{len(strangers)} of {_entries(found + len(strangers))}"
    text = f"{what} {'has' if len(strangers) == 1 else 'have'} no resource `id` and cannot be drawn"
    return (Diagnostic("warning", "not-a-resource", text, strangers[0]),)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _name_of_list(resources: list[dict[str, Any]]) -> str:
    if not any(isinstance(one.get("properties"), dict) for one in resources):
        return "az list"
    if all("tenantId" in one and str(one.get("type")).islower() for one in resources):
        return "Resource Graph rows"
    return "ARM REST list"


def _keys_of(members: dict[str, Any]) -> str:
    shown = [f"`{key[:40]}`" for key in list(members)[:4]]
    if not shown:
        return "no members"
    return ", ".join(shown) + (" ..." if len(members) > 4 else "")
