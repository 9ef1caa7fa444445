"""Times what a user waits for most often: `--version` and the reference figure, as whole commands.

    python benchmarks/startup.py [--runs 11] [--imports]

Goals (2 cores): `--version` 0.15 s, the reference figure 0.4 s, medians. `--imports` also lists the modules that cost
most to import on the way to the figure. Run it by hand on a quiet machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from timing import cold_start_environment, diagramgen_command, time_in_turn

SPEC = Path(__file__).resolve().parent.parent / "examples" / "reference-architecture.yaml"
FIGURE = ["render", str(SPEC), "--view", "reference-architecture", "-o", "figure.svg"]


def slowest_imports(folder: Path, count: int = 15) -> list[str]:
    """The lines of `-X importtime` that cost most by themselves."""
    command = [sys.executable, "-X", "importtime", "-m", "diagramgen", *FIGURE]
    done = subprocess.run(
        command, cwd=folder, env=cold_start_environment(), capture_output=True, text=True, check=True
    )
    lines = [
        line for line in done.stderr.splitlines() if line.startswith("import time:") and "self" not in line
    ]
    return sorted(lines, key=lambda line: -int(line.split(":")[1].split("|")[0]))[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--imports", action="store_true")
    a = parser.parse_args()
    commands: dict[str, Sequence[str]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "--version": [*diagramgen_command(), "--version"],
        "--help": [*diagramgen_command(), "--help"],
        "reference figure": [*diagramgen_command(), *FIGURE],
    }
    with tempfile.TemporaryDirectory() as folder:
        time_in_turn(commands, 1, Path(folder))
        for name, times in time_in_turn(commands, a.runs, Path(folder)).items():
            print(f"{name:18} median {median(times):.3f} s   best {min(times):.3f}   worst {max(times):.3f}")
        if a.imports:
            print("\n".join(slowest_imports(Path(folder))))


if __name__ == "__main__":
    main()
