"""The program's entry: answers `--version` at once, and leaves everything else to `diagramgen.cli`."""

from __future__ import annotations

import gc
import sys

from diagramgen import __version__


def main() -> None:
    """Runs the command line; exits 0 when done, 1 with findings, 2 when the input or the call is wrong."""
    if sys.argv[1:] == ["--version"]:
        print(f"diagramgen {__version__}")
        return
    # A drawing makes many objects and few circles of them: looking for circles took a tenth of the time.
    gc.set_threshold(200_000, 20, 20)
    from diagramgen.cli import run

    run()


if __name__ == "__main__":
    main()
