"""The whole program as a command, for tests that look at it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONIOENCODING": "utf-8",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "diagramgen-pycache"),
}
"""Modules are compiled once for all commands, whatever the tests themselves are told, and outside the checkout."""


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
    environment = {**ENVIRONMENT, **(env or {})}
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
