"""Timing whole commands, in turn, so that a busy moment falls on all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def diagramgen_command() -> list[str]:
    """The installed program beside this interpreter, as a user starts it."""
    return [str(Path(sys.executable).parent / "diagramgen")]


def cold_start_environment() -> dict[str, str]:
    """The environment of a user: compiled modules are kept between runs."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def time_in_turn(commands: Mapping[str, Sequence[str]], runs: int, folder: Path) -> dict[str, list[float]]:
    """Seconds of each run by the command's name; every round runs each command once.

    Raises:
        subprocess.CalledProcessError: when a command fails.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, env=cold_start_environment(), check=True, capture_output=True)
            times[name].append(time.perf_counter() - started)
    return times
