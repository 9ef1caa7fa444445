"""The command line: arguments in, files out, words to stderr, data to stdout.

Exit 0: done. 1: done, with findings. 2: the input or the call is wrong. A drawing is written whole or not at all.
"""

from diagramgen.cli import check, convert, render, trace  # noqa: F401  each adds its commands to `app`
from diagramgen.cli.app import app, run

__all__ = ["app", "run"]
