"""PNG: the SVG, rendered with the bundled Open Sans, so that a machine without any font shows its texts too.

The machine's own fonts are left out: the same drawing gives the same picture everywhere, as far as Open
Sans has the letters. Only for letters that it lacks (Chinese, emoji) are the machine's fonts asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def write_png(svg: bytes, scale: float = 2.0, families: Sequence[str] = (), page: str | None = None) -> bytes:
    """The SVG as PNG, `scale` pixels a px, in those of `families` that a `fontpkg-...` package brings.

    `page` is the colour where the SVG draws nothing, None for none: of a width of 525.5 px the last pixel column.
    """
    import resvg_py

    text = svg.decode("utf-8")
    return resvg_py.svg_to_bytes(
        svg_string=text,
        background=page,
        zoom=scale,
        font_files=[file for name in dict.fromkeys((*families, "Open Sans")) for file in _font_files(name)],
        skip_system_fonts=not _needs_other_fonts(text),
        sans_serif_family="Open Sans",
        font_family="Open Sans",
    )


@cache
def _font_files(family: str) -> tuple[str, ...]:
    """The files of a family, where its package is installed; of Open Sans every weight is in one file.

    >>> len(_font_files("Open Sans")), _font_files("No Such Font")
    (2, ())
    """
    spec = find_spec("fontpkg_" + re.sub(r"\W+", "_", family.lower()))
    if spec is None or spec.origin is None:
        return ()
    return tuple(sorted(str(file) for file in (Path(spec.origin).parent / "files").glob("*.ttf")))


def _needs_other_fonts(text: str) -> bool:
    """Whether a letter lies beyond Latin, Greek, Cyrillic, Hebrew and common signs."""
    return not text.isascii() and any(
        letter > "\u05ff" and not "\u1e00" <= letter <= "\u22ff" for letter in set(text)
    )
