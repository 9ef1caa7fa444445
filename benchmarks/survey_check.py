"""Checks every file below a folder and prints a line a file: what it holds, the verdicts by level, findings, seconds.

    python benchmarks/survey_check.py FOLDER [--only TEXT] [--slow SECONDS]

Every report is written too, and thrown away. Exit 1 where a file made a traceback or took longer than `--slow`.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from diagramgen.analyse.verdicts import LEVELS, SEVERITIES
from diagramgen.diagnostics import InputError
from diagramgen.model.topology import Topology
from diagramgen.pipeline import Source, analyse_topology, build_topology, check_topology, read_records
from diagramgen.report import WRITERS, apply_acceptances, build_report

NET = "microsoft.network/"
KINDS = {
    "vnets": NET + "virtualnetworks", "subnets": NET + "virtualnetworks/subnets",
    "peerings": NET + "virtualnetworks/virtualnetworkpeerings", "rules": NET + "networksecuritygroups/securityrules",
}  # fmt: skip
SIGNS = {"no-path": "n", "enforced": "e", "gap": "g", "unknown": "u"}


def survey(folder: Path, only: str, slow: float) -> int:
    """Prints the table; returns how many files went wrong."""
    wrong = 0
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for file in files:
        name = str(file.relative_to(folder)) if file != folder else file.name
        if only not in name:
            continue
        started = time.perf_counter()
        try:
            row = check(file)
            took = time.perf_counter() - started
            wrong += took > slow
            print(f"{'SLOW ' if took > slow else 'ok   '} {name}: {row} {took:.2f}s", flush=True)
        except InputError as error:
            print(f"refused {name}: {error.diagnostics[0].message[:120]}")
        except Exception:
            wrong += 1
            print(f"CRASH {name}: {traceback.format_exc().strip().splitlines()[-1]}")
            if only:
                traceback.print_exc()
    print(f"{wrong} wrong; {', '.join(f'{sign} {status}' for status, sign in SIGNS.items())}")
    return wrong


def check(file: Path) -> str:
    """What a file holds and what is proved of it, on one line."""
    reading = read_records([Source(file.name, file.read_bytes())])
    topology = build_topology(reading)
    boundaries, findings = check_topology(analyse_topology(topology))
    applied = apply_acceptances(findings, boundaries, topology.acceptances, "2000-01-01")
    report = build_report(reading, topology, boundaries, applied)
    for write in WRITERS.values():
        write(report, width=100, color=False, show_all=True)
    verdicts = {level: Counter(b.status for b in boundaries if b.level == level) for level in LEVELS}
    told = [f"{level} {_short(found)}" for level, found in verdicts.items() if found]
    severities = Counter(finding.severity for finding in findings)
    found = [f"{severities[severity]} {severity}" for severity in SEVERITIES if severities[severity]]
    return f"{counted(topology)} | {', '.join(told) or 'no boundary'} | {', '.join(found) or 'no finding'} |"


def counted(topology: Topology) -> str:
    """How many resources of the kinds that matter the input itself holds."""
    held = Counter(r.type for r in topology.resources.values() if not r.is_ghost)
    return " ".join(f"{held[kind]:3} {word}" for word, kind in KINDS.items())


def _short(found: Counter[str]) -> str:
    return "".join(f"{found[status]}{sign}" for status, sign in SIGNS.items() if found[status])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="files whose names hold this text")
    parser.add_argument("--slow", type=float, default=30.0, help="seconds that no file may take")
    options = parser.parse_args()
    sys.exit(1 if survey(options.folder, options.only, options.slow) else 0)
