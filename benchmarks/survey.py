"""Draws every file below a folder and prints a line a file: what it is, what was read of it, the audit's faults, and
figures of the drawing; or why it is refused, and what to do.

    python benchmarks/survey.py FOLDER [--audit AUDIT.py] [--browser chromium] [--theme NAME] [--keep OUT] [--only TEXT]

`--audit` names a program that judges an SVG's geometry and prints JSON with `--json`. Exit 1 where a file made a
traceback or a fault.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import (
    Analysis,
    Options,
    Reading,
    Source,
    analyse_topology,
    build_topology,
    draw,
    read_records,
    view_names,
)
from diagramgen.system import find_beside, load_icons, read_theme
from diagramgen.write import Drawing, write_drawing


def survey(
    folder: Path, audit: Path | None, browser: str | None, theme_name: str, keep: Path, only: str
) -> int:
    """Prints the table; returns how many files went wrong."""
    theme = read_theme(theme_name)
    wrong = 0
    total: Counter[str] = Counter()
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for file in files:
        name = str(file.relative_to(folder)) if file != folder else file.name
        if only not in name:
            continue
        started = time.perf_counter()
        try:
            reading = read_records([Source(str(file), file.read_bytes())], Options(find_beside=find_beside))
            analysis = analyse_topology(build_topology(reading))
            views: list[str | None] = [None, *view_names(analysis.topology)]
            for view in views:
                plan, scene = draw(analysis, theme, view)
                took = time.perf_counter() - started
                target = keep / (name.replace("/", "__") + (f"-{view}" if view else "") + ".svg")
                drawing = Drawing(plan, scene, load_icons(scene.icons))
                target.write_bytes(write_drawing(drawing, ".svg"))
                kinds = Counter(box.kind for box in plan.boxes)
                drawn = f"{kinds['vnet']} vnets {kinds['resource']} icons {len(plan.links)} links"
                faults = judge(target, audit, browser) if audit else {}
                wrong += bool(faults)
                total.update(faults)
                shown = f"{name} [{view}]" if view else name
                print(f"{'FAULTS' if faults else 'ok    '} {shown}: {told(reading, analysis)}; drawn {drawn} "
                      f"{plan.width:.0f}x{plan.height:.0f} {took:.2f}s {faults or ''}", flush=True)  # fmt: skip
        except InputError as error:
            first = next((d for d in error.diagnostics if d.severity == "error"), error.diagnostics[0])
            print(f"refused {name}: {first.message[:150]}; {'; '.join(first.hints)[:150]}")
        except Exception:
            wrong += 1
            print(f"CRASH  {name}: {traceback.format_exc().strip().splitlines()[-1]}")
            if only:
                traceback.print_exc()
    print(f"{wrong} wrong; faults {dict(total)}")
    return wrong


COUNTED = {
    "vnets": "virtualnetworks", "subnets": "virtualnetworks/subnets", "nsgs": "networksecuritygroups",
    "rules": "networksecuritygroups/securityrules",
}  # fmt: skip


def told(reading: Reading, analysis: Analysis) -> str:
    """What a file is, and how much of what it tells itself; ghosts are not counted."""
    topology = analysis.topology
    types = Counter(
        r.type.removeprefix("microsoft.network/") for r in topology.resources.values() if not r.is_ghost
    )
    counts = {name: types[kind] for name, kind in COUNTED.items()} | {"peerings": len(topology.peerings)}
    words = [f"{number} {name}" for name, number in counts.items() if number]
    warnings = sum(d.severity == "warning" for d in reading.diagnostics)
    words += [f"{sum(reading.unknown.values())} not understood"] if reading.unknown else []
    words += [f"{warnings} warnings"] if warnings else []
    return f"{', '.join(dict.fromkeys(reading.formats.values()))}: {', '.join(words) or 'no network'}"


def judge(svg: Path, audit: Path, browser: str | None) -> dict[str, int]:
    """The audit's faults by kind."""
    command = [sys.executable, str(audit), str(svg), "--json", *(["--browser", browser] if browser else [])]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode == 2:
        return {"no contract": 1}
    result: dict[str, dict[str, int]] = json.loads(said.stdout)
    return result["faults"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--audit", type=Path)
    parser.add_argument("--browser")
    parser.add_argument("--theme", default="reference")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    a = parser.parse_args()
    keep = a.keep or Path(tempfile.mkdtemp())
    keep.mkdir(parents=True, exist_ok=True)
    return 1 if survey(a.folder, a.audit, a.browser, a.theme, keep, a.only) else 0


if __name__ == "__main__":
    sys.exit(main())
