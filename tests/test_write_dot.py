"""The DOT export is one that Graphviz lays out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drawn_plans import drawn, example_views


def test_graphviz_lays_out_the_exported_graph(tmp_path: Path) -> None:
    dot = shutil.which("graphviz-pure", path=str(Path(sys.executable).parent)) or shutil.which("dot")
    if dot is None:
        pytest.skip("no Graphviz here")
    from diagramgen.write.dot import write_dot

    for stem, view in example_views()[:6]:
        plan, _ = drawn(stem, view)
        source = tmp_path / "estate.dot"
        source.write_bytes(write_dot(plan))
        done = subprocess.run([dot, "-Tsvg", str(source)], capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count(b"<g id=") >= len(plan.boxes)
