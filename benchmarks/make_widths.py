#!/usr/bin/env python3
"""Write `diagramgen/layout/widths.py`: how wide letters are, from the fonts that a reader may have.

    python benchmarks/make_widths.py DEJAVU_DIR

Needs `fonttools`, the `fontpkg-open-sans` package and a folder with `DejaVuSans*.ttf`
(https://dejavu-fonts.github.io, the widest of the common fallbacks). Run by hand when the fonts change; the
table is committed, so neither font is needed to draw.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fontpkg_open_sans
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

RANGES = (
    (0x0020, 0x007F), (0x00A0, 0x0250), (0x02B0, 0x02E0), (0x0370, 0x0530), (0x1E00, 0x2000),
    (0x2010, 0x2028), (0x2030, 0x205F), (0x2070, 0x20C0), (0x2100, 0x2150), (0x2190, 0x2200),
    (0x2200, 0x2270), (0x25A0, 0x2600),
)  # fmt: skip
TARGET = Path(__file__).resolve().parent.parent / "diagramgen" / "layout" / "widths.py"


def open_sans(file: str, weight: int) -> TTFont:
    """One static instance of the variable font."""
    font = TTFont(Path(fontpkg_open_sans.ROOT) / "files" / file)
    return instantiateVariableFont(font, {"wght": weight, "wdth": 100})


def advances(font: TTFont) -> dict[int, int]:
    """Advance widths in thousandths of an em, rounded up, by code point."""
    metrics, em = font["hmtx"], font["head"].unitsPerEm
    return {code: -(-metrics[name][0] * 1000 // em) for code, name in font.getBestCmap().items()}


def table(name: str, sources: tuple[dict[int, int], ...], doc: str) -> str:
    """One table as source text: a run of letters is a text of three hexadecimal digits a letter."""
    lines = [f"{name}: Mapping[int, str] = {{"]
    for first, end in RANGES:
        found = [max((s.get(code, 0) for s in sources), default=0) for code in range(first, end)]
        digits = "".join(f"{value:03x}" for value in found)
        lines.append(f"    {first:#06x}: (")
        lines += [f'        "{digits[at : at + 96]}"' for at in range(0, len(digits), 96)]
        lines.append("    ),")
    return "\n".join([*lines, "}", f'"""{doc}"""', ""])


def main() -> None:
    dejavu = Path(sys.argv[1])
    upright, slanted = "OpenSans[wdth,wght].ttf", "OpenSans-Italic[wdth,wght].ttf"
    regular, bold = advances(open_sans(upright, 400)), advances(open_sans(upright, 700))
    italic, bold_italic = advances(open_sans(slanted, 400)), advances(open_sans(slanted, 700))
    wide = tuple(advances(TTFont(dejavu / f"DejaVuSans{s}.ttf")) for s in ("", "-Oblique"))
    wide_bold = tuple(advances(TTFont(dejavu / f"DejaVuSans{s}.ttf")) for s in ("-Bold", "-BoldOblique"))
    parts = (
        '"""Widths of letters, by the first code point of a run; written by `benchmarks/make_widths.py`.\n\n'
        "Three hexadecimal digits a letter, thousandths of an em; 000: the font has no such letter.\n"
        'They are texts because Python reads a long text ten times faster than as many numbers.\n"""\n\n'
        "# fmt: off\nfrom __future__ import annotations\n\nfrom collections.abc import Mapping\n",
        table("SET", (regular,), "Open Sans."),
        table("SET_BOLD", (bold,), "Open Sans Bold."),
        table("SET_ITALIC", (italic,), "Open Sans Italic."),
        table("SET_BOLD_ITALIC", (bold_italic,), "Open Sans Bold Italic."),
        table("ROOM", (regular, italic, *wide), "The widest of Open Sans and DejaVu Sans, also slanted."),
        table("ROOM_BOLD", (bold, bold_italic, *wide_bold), "The same, bold."),
    )
    TARGET.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
