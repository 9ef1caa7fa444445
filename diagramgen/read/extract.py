"""What a reader of one format finds in one document: rows, pages, and what there is to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place


@dataclass(frozen=True, slots=True)
class Row:
    """One resource as an export writes it; `is_flat` where it may be flattened as `az` prints it."""

    resource: dict[str, Any]
    place: Place
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query's answer: `total` rows are in all pages together, None where it does not say.

    `has_more`: the page says that another one follows.
    """

    place: Place
    count: int
    total: int | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """A document, read: `formats` names what it was recognised as."""

    formats: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    pages: tuple[Page, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def join(extracts: Iterable[Extract]) -> Extract:
    """Several extracts as one, in their order."""
    listed = tuple(extracts)
    return Extract(
        tuple(dict.fromkeys(name for one in listed for name in one.formats)),
        tuple(row for one in listed for row in one.rows),
        tuple(page for one in listed for page in one.pages),
        tuple(diagnostic for one in listed for diagnostic in one.diagnostics),
    )
