"""Writes the spec of an estate."""

from __future__ import annotations

from diagramgen.author.compose import compose
from diagramgen.author.dress import dress
from diagramgen.author.yaml_text import write_yaml
from diagramgen.model.topology import Topology
from diagramgen.read.record import Reading


def write_spec(topology: Topology, reading: Reading, title: str = "") -> str:
    """The text of a spec that draws the same picture with the same verdicts as what was read."""
    book = compose(topology, reading)
    document = book.document if not title or "title" in book.document else {"title": title, **book.document}
    return write_yaml(dress(document, book.remarks))
