"""An estate, whatever it was read from, as the text of a spec that a person likes to read and edit."""

from diagramgen.author.write import write_spec

__all__ = ["write_spec"]
