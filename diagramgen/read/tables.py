"""Tables of text (CSV) -> rows of Resource Graph, where a table has these."""

from __future__ import annotations

from diagramgen.read.documents import Json


def rows_of_csv(source_name: str, text: str) -> Json | None:
    """The rows of a CSV that Resource Graph saved, None for any other text; not yet."""
    return None
