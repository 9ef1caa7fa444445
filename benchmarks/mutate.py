"""Damages the files of a folder at random and reads, judges and draws each: a drawing or an input error, nothing else.

    python benchmarks/mutate.py FOLDER... [--times 10000] [--seed 1] [--draw 0.2] [--keep DIR] [--limit 20]

Bytes are flipped, cut, doubled; keys are dropped, renamed, moved; values swapped for others of any type. The same seed
damages the same files in the same way. `--draw` is the share that is drawn and checked too, `--limit` the seconds that
one file may take. Exit 1 where anything but a result or an input error came of one; `--keep` keeps these.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import Source, analyse_topology, build_topology, check_topology, draw, read_records
from diagramgen.read.render_diagnostics import render_diagnostics
from diagramgen.system import read_theme

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 10**400, "", "x", "*", "/", "10.0.0.0/8", "0.0.0.0/0", "::/0", "999.1.1.1/99", "[",
    "]", "[parameters('x')]", "[concat(", "{x}", "[[a]", "/subscriptions/s",
    "/subscriptions/s/resourceGroups/g/providers/"
    "Microsoft.Network/virtualNetworks/v", [], {}, [[]], [None], {"id": None}, {"id": {}}, {"": ""}, ["a", 1, {}],
    "\\u0000", "\\ud800", "A" * 5000, "../../x", "Microsoft.Network/virtualNetworks", "true", "1-", "70000",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", type=float, default=0.2)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--limit", type=int, default=20)
    a = parser.parse_args()
    files = sorted(file for folder in a.folder for file in folder.rglob("*") if file.is_file())
    ended: Counter[str] = Counter()
    slowest = 0.0
    for number in range(a.times):
        dice = random.Random(f"{a.seed} {number}")
        file = dice.choice(files)
        data = damaged(file.read_bytes(), dice)
        started = time.perf_counter()
        how = run(file.name, data, dice.random() < a.draw, a.limit)
        slowest = max(slowest, time.perf_counter() - started)
        ended[how.split(":")[0] if how.startswith("CRASH") else how] += 1
        if how.startswith("CRASH"):
            print(f"{number} {file.name}: {how}", flush=True)
            if a.keep:
                a.keep.mkdir(parents=True, exist_ok=True)
                (a.keep / f"{number}-{file.name}").write_bytes(data)
    print(f"{a.times} files: {dict(ended)}; slowest {slowest:.1f} s")
    return 1 if ended["CRASH"] else 0


def run(name: str, data: bytes, is_drawn: bool, limit_s: int) -> str:
    """How it ended: 'read', 'drawn', 'refused', or 'CRASH: ...'."""
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(limit_s)
    try:
        try:
            reading = read_records([Source(name, data)])
            render_diagnostics(reading.diagnostics, reading.sources)
            analysis = analyse_topology(build_topology(reading))
            if is_drawn:
                check_topology(analysis)
                draw(analysis, read_theme("reference"))
                return "drawn"
            return "read"
        except InputError as error:
            text = data.decode("utf-8", "replace")
            render_diagnostics(error.diagnostics, {name: text})
            return "refused"
    except Exception as problem:
        last = traceback.extract_tb(problem.__traceback__)[-1]
        return f"CRASH: {type(problem).__name__} {str(problem)[:100]} at {Path(last.filename).name}:{last.lineno}"
    finally:
        signal.alarm(0)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("took too long")


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The file with one to six damages."""
    try:
        document = json.loads(data)
    except ValueError:
        document = None
    if document is None or dice.random() < 0.15:
        for _ in range(dice.randint(1, 6)):
            data = _damage_bytes(data, dice)
        return data
    for _ in range(dice.randint(1, 6)):
        document = _damage_value(document, dice)
    return json.dumps(document, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def _damage_bytes(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    match dice.randrange(5):
        case 0:
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at + dice.randrange(1, 50) :]
        case 3:
            return data[:at] + data[at : at + 40] + data[at:]
        case _:
            return (
                data[:at]
                + dice.choice([b"{", b"}", b"[", b"]", b'"', b",", b"\n", b"\\", b"\xff"])
                + data[at:]
            )


def _damage_value(document: Any, dice: random.Random) -> Any:
    """Damages one place somewhere in the document."""
    here, way = document, []
    while isinstance(here, (dict, list)) and here and (not way or dice.random() < 0.85):
        key = dice.choice(sorted(here)) if isinstance(here, dict) else dice.randrange(len(here))
        way.append((here, key))
        here = here[key]
    if not way:
        return dice.choice(VALUES)
    holder, key = way[-1]
    match dice.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[dice.choice(["id", "name", "type", "properties", "x", key.upper(), key.lower()])] = (
                holder.pop(key)
            )
        case 2:
            holder[key] = [here]
        case 3:
            holder[key] = {"properties": here}
        case 4 if isinstance(holder, list):
            holder.append(copy.deepcopy(here))
        case 5:
            other, there = dice.choice(way)
            holder[key] = copy.deepcopy(other[there])
        case _:
            holder[key] = copy.deepcopy(dice.choice(VALUES))
    return document


if __name__ == "__main__":
    sys.exit(main())
