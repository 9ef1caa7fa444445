"""Chromium, librsvg and resvg, as judges of where letters really are. What is not installed is skipped.

Where `NOTHING_SKIPPED` is set, as in CI, what is not installed fails instead.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import resvg_py

from diagramgen.geometry import Rect

SVG = "{http://www.w3.org/2000/svg}"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
LIBERATION = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
LEAN = 2.0
"""How far a slanted last letter may lean out of its room, px."""


def program(*names: str) -> str:
    """The first of these programs that is installed; the test is skipped where there is none."""
    for name in names:
        if found := shutil.which(name):
            return found
    return absent(f"{names[0]} is not installed")


def absent(reason: str) -> str:
    if os.environ.get("NOTHING_SKIPPED"):
        pytest.fail(reason)
    pytest.skip(reason)


# Chromium tells the box of every text


_MEASURE = """
const told = [...document.querySelectorAll('svg')].map(svg => {
  const m = svg.getScreenCTM();
  return [...svg.querySelectorAll('text')].map(text => {
    const b = text.getBoundingClientRect();
    return [(b.left - m.e) / m.a, (b.top - m.f) / m.d, b.width / m.a, b.height / m.d];
  });
});
document.getElementById('told').textContent = '@@' + JSON.stringify(told) + '@@';
"""


def boxes_in_chromium(drawings: Sequence[str], family: str = "") -> list[list[Rect]]:
    """For each drawing the boxes of its texts in document order, set in `family` where one is given."""
    chromium = program("chromium", "chromium-browser", "google-chrome")
    style = f"<style>svg text {{ font-family: {family} }}</style>" if family else ""
    bodies = "".join(f"<div>{drawing}</div>" for drawing in drawings)
    page = f'<!doctype html><meta charset="utf-8">{style}<body>{bodies}<pre id="told"></pre><script>{_MEASURE}</script>'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            f"--user-data-dir={folder}/user",
        )
        command = [chromium, *options, file.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    found = re.search(r"@@(\[.*\])@@", done.stdout)
    assert found, done.stderr[-2000:]
    return [[Rect(*box) for box in boxes] for boxes in json.loads(html.unescape(found[1]))]


# librsvg and resvg tell nothing but pixels: what is left when every room is painted over?


def covered_texts(drawing: str, family: str, slack: float = LEAN) -> tuple[str, str]:
    """Only the texts of a drawing, in `family`, with their rooms painted over; and the paint alone."""
    root = ET.fromstring(drawing)
    box = root.get("viewBox")
    texts, covers = [], []
    for text in root.iter(SVG + "text"):
        x, y, width, height = map(float, (text.get("data-box") or "0 0 0 0").split())
        covers.append(
            f'<rect x="{x - slack}" y="{y - slack}" width="{width + 2 * slack}" height="{height + 2 * slack}"/>'
        )
        text.set("fill", "#000000")
        text.attrib.pop("opacity", None)
        texts.append(ET.tostring(text, encoding="unicode"))
    size = "".join(f' {key}="{root.get(key)}"' for key in ("width", "height"))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{size} font-family="{html.escape(family)}" '
        f'font-size="{root.get("font-size")}">'
    )
    paint = f'<g fill="#ffffff">{"".join(covers)}</g></svg>'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return f"{head}{ground}{''.join(texts)}{paint}", f"{head}{ground}{paint}"


def picture_in_librsvg(drawing: str) -> bytes:
    done = subprocess.run(
        [program("rsvg-convert")],
        input=drawing.encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def picture_in_resvg(drawing: str, *fonts: Path) -> bytes:
    for font in fonts:
        if not font.is_file():
            absent(f"{font.name} is not installed")
    family = "DejaVu Sans" if DEJAVU in fonts else "Liberation Sans"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing, font_files=[str(font) for font in fonts], skip_system_fonts=True,
            font_family=family, sans_serif_family=family,
        )
    )  # fmt: skip
