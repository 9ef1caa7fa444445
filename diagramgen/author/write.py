"""Writes the spec of an estate."""

from __future__ import annotations

from diagramgen.author.comments import head_of, remark
from diagramgen.author.compose import compose
from diagramgen.author.dress import dress
from diagramgen.author.fold import fold
from diagramgen.author.yaml_text import write_yaml
from diagramgen.model.topology import Topology
from diagramgen.read.record import Reading


def write_spec(topology: Topology, reading: Reading, title: str = "") -> str:
    """The text of a spec that draws the same picture with the same verdicts as what was read."""
    book = compose(topology, reading)
    document = ({"title": title} | book.document | {"title": title}) if title else book.document
    remark(book)
    head = head_of(book, reading.formats, reading.secrets)
    return write_yaml(fold(dress(document, book.remarks)), head)
