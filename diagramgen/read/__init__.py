"""Files -> records: a module a format, each recognised by content; what is wrong is told all at once."""

from diagramgen.read.inputs import Options, Source
from diagramgen.read.record import Reading, Record, key_of
from diagramgen.read.sources import read_records, texts_of

__all__ = ["Options", "Reading", "Record", "Source", "key_of", "read_records", "texts_of"]
