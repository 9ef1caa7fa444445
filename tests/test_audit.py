"""The audit beside this project, which reads drawn SVG alone, finds no fault: in the gallery and in real exports."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from command import ROOT
from drawn_plans import analysis_of
from gallery import OUT
from renderers import absent, boxes_in_chromium

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import draw
from diagramgen.system import read_theme
from diagramgen.write.svg import write_svg

SHARED = ROOT.parent / "shared"
AUDIT = SHARED / "tools" / "audit_svg.py"
KINDS = ("arg", "rest-assembled", "rest-get", "rest-list")
THEME = read_theme()

pytestmark = pytest.mark.skipif(not AUDIT.is_file(), reason="the audit is not here")


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_svg", AUDIT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults(audit: ModuleType, drawings: dict[str, str], folder: Path, in_browser: bool) -> dict[str, Any]:
    """What the audit says of each drawing, by name; its texts are measured in one run of Chromium for all."""
    measured: dict[str, list[tuple[float, float, float, float]]] = {}
    if in_browser:
        for drawing, boxes in zip(drawings.values(), boxes_in_chromium(list(drawings.values())), strict=True):
            measured[drawing] = [(b.x, b.y, b.right, b.bottom) for b in boxes]
    audit.measure = lambda drawing, browser: measured[drawing]  # type: ignore[attr-defined]
    found = {}
    for name, drawing in drawings.items():
        file = folder / "drawing.svg"
        file.write_text(drawing, encoding="utf-8")
        judged = audit.audit(file, "chromium" if in_browser else None)
        if judged["faults"]:
            found[name] = judged["examples"]
    return found


@pytest.mark.parametrize("in_browser", [False, True], ids=["as planned", "in Chromium"])
def test_the_gallery_has_no_fault(audit: ModuleType, in_browser: bool, tmp_path: Path) -> None:
    drawings = {file.name: file.read_text(encoding="utf-8") for file in sorted(OUT.rglob("*.svg"))}
    assert faults(audit, drawings, tmp_path, in_browser) == {}


def exports() -> Iterator[Path]:
    for kind in KINDS:
        yield from sorted(file for file in (SHARED / "corpus" / kind).rglob("*") if file.is_file())


def drawn_export(file: Path) -> str | None:
    """The drawing of one export; None where it holds no VNet."""
    try:
        analysis = analysis_of({file.name: file.read_bytes()})
        plan, scene = draw(analysis, THEME)
    except InputError:
        return None
    has_vnet = any(box.kind == "vnet" for box in plan.boxes)
    return write_svg(scene, {}).decode() if has_vnet else None


def test_real_exports_are_drawn_without_a_fault(audit: ModuleType, tmp_path: Path) -> None:
    drawings = {}
    for file in exports():
        drawing = drawn_export(file)
        if drawing is not None:
            drawings[str(file.relative_to(SHARED))] = drawing
    assert len(drawings) > 10
    assert faults(audit, drawings, tmp_path, in_browser=False) == {}
    if shutil.which("chromium"):
        assert faults(audit, drawings, tmp_path, in_browser=True) == {}
    else:
        absent("chromium is not installed")
