"""The whole program as a command, for tests that look at it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said where."""

    code: int
    out: bytes
    err: str


def diagramgen(
    *arguments: str | Path, folder: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Done:
    """Runs the command in `folder`; whatever it is given, it never shows a traceback."""
    command = [sys.executable, "-m", "diagramgen", *map(str, arguments)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})}
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, env=environment, timeout=120, check=False
    )
    said = done.stderr.decode("utf-8")
    assert "Traceback" not in said, said
    assert done.returncode in (0, 1, 2), said
    return Done(done.returncode, done.stdout, said)


def files_below(folder: Path) -> list[str]:
    """What files there are, hidden ones too, by their path in the folder."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
