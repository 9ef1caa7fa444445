"""What a reader of one format finds in one document: rows, pages, and what there is to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place


class Row(NamedTuple):
    """One resource as an export writes it; `is_flat` where it may be flattened as `az` prints it."""

    resource: dict[str, Any]
    place: Place
    is_flat: bool = False


class Page(NamedTuple):
    """One page of a query's answer: `held` rows of `total` in all pages together, None where it does not say.

    `has_more`: the page says that another one follows. `of` is what it lists, the same for all pages of one list; ""
    where it is empty.
    """

    place: Place
    held: int
    total: int | None
    has_more: bool
    of: str = ""


class Extract(NamedTuple):
    """A document, read: `formats` names what it was recognised as; `secrets` is how many values its reader knows to be
    secret beside those that `spelling.tidy` finds in the rows."""

    formats: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    pages: tuple[Page, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    secrets: int = 0


def join(extracts: Iterable[Extract]) -> Extract:
    """Several extracts as one, in their order."""
    listed = tuple(extracts)
    return Extract(
        tuple(dict.fromkeys(name for one in listed for name in one.formats)),
        tuple(row for one in listed for row in one.rows),
        tuple(page for one in listed for page in one.pages),
        tuple(diagnostic for one in listed for diagnostic in one.diagnostics),
        sum(one.secrets for one in listed),
    )
