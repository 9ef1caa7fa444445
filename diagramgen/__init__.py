"""Draws how an Azure estate is segmented: a spec or an exported state in, an SVG with red lines out.

`diagramgen.pipeline` is the Python API; `diagramgen.cli` the program.
"""

__version__ = "0.1.0"
