"""The gallery: every example drawn into `out/`, as the command line draws it. `PICTURES` has a row for each command.

python tests/gallery.py              # exit 1 and a list when a committed picture is stale
python tests/gallery.py --rewrite    # draws `out/` anew, and a page of old beside new for a person to look at
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from command import ENVIRONMENT, ROOT

OUT = ROOT / "out"
EXAMPLES = sorted(file for file in (ROOT / "examples").iterdir() if file.suffix in (".yaml", ".json"))
THEMES = ("dark", "high-contrast", "print", "sketch")
"""All but the default, which draws everything else."""

PICTURES: tuple[tuple[str, ...], ...] = (
    *((str(example),) for example in EXAMPLES),
    *(
        (
            str(ROOT / "examples/reference-architecture.yaml"),
            "--theme",
            theme,
            "-o",
            f"out/themes/{theme}.svg",
        )
        for theme in THEMES
    ),
)
"""The arguments of `diagramgen render`, run in a folder of its own: the whole gallery."""


def draw_gallery(folder: Path) -> Mapping[str, bytes]:
    """Every picture by its name below `out/`, drawn in `folder`.

    Raises:
        RuntimeError: when a command fails, with what it said.
    """
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda arguments: _render(arguments, folder), PICTURES))
    return pictures_below(folder / "out")


def _render(arguments: tuple[str, ...], folder: Path) -> None:
    command = [sys.executable, "-m", "diagramgen", "render", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode != 0:
        raise RuntimeError(f"render {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")


def pictures_below(folder: Path) -> Mapping[str, bytes]:
    """All files below a folder by their path in it, sorted."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def stale_pictures(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    """What to say of every picture that is not as it would be drawn now; nothing when all is fresh.

    >>> stale_pictures({"a.svg": b"1", "b.svg": b"1"}, {"a.svg": b"2", "c.svg": b"1"})
    ['a.svg has changed', 'b.svg is drawn no more', 'c.svg is new']
    """
    said = []
    for name in sorted({*old, *new}):
        if name not in new:
            said.append(f"{name} is drawn no more")
        elif name not in old:
            said.append(f"{name} is new")
        elif old[name] != new[name]:
            said.append(f"{name} has changed")
    return said


def rewrite(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Makes `out/` hold the new pictures and nothing else."""
    for name in old.keys() - new.keys():
        (OUT / name).unlink()
    for name, drawn in new.items():
        file = OUT / name
        if old.get(name) != drawn:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(drawn)


def build_page(old: Mapping[str, bytes], new: Mapping[str, bytes], folder: Path) -> Path:
    """A page that shows what has changed first, old beside new, and then the rest."""
    for side, pictures in (("old", old), ("new", new)):
        for name, drawn in pictures.items():
            file = folder / side / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(drawn)
    names = sorted({*old, *new}, key=lambda name: (old.get(name) == new.get(name), name))
    rows = "\n".join(_row(name, old, new) for name in names)
    page = folder / "index.html"
    page.write_text(f"{_HEAD}\n{rows}\n", encoding="utf-8")
    return page


_HEAD = """<!doctype html><meta charset="utf-8"><title>Gallery, old beside new</title>
<style>body{font:14px sans-serif;margin:16px} section{display:flex;gap:16px;border-top:1px solid #999}
figure{flex:1;min-width:0;margin:8px 0} img{max-width:100%;background:#fff}</style>"""


def _row(name: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> str:
    sides = (("new", new),) if old.get(name) == new.get(name) else (("old", old), ("new", new))
    figures = (
        f'<figure><img src="{side}/{escape(name)}" alt="{side}"><figcaption>{side}</figcaption></figure>'
        if name in pictures
        else f"<figure>{side}: none</figure>"
        for side, pictures in sides
    )
    return f"<h2>{escape(name)}</h2><section>{''.join(figures)}</section>"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares the committed gallery with what is drawn now.")
    parser.add_argument("--rewrite", action="store_true", help="draw out/ anew and build the page to look at")
    wants_rewrite = parser.parse_args().rewrite
    with tempfile.TemporaryDirectory() as folder:
        old, new = pictures_below(OUT), draw_gallery(Path(folder))
    said = stale_pictures(old, new)
    print("\n".join(said) or f"{len(new)} pictures are fresh")
    if wants_rewrite:
        rewrite(old, new)
        print(f"look at {build_page(old, new, Path(tempfile.mkdtemp(prefix='gallery-')))}")
        return 0
    if said:
        print("run `python tests/gallery.py --rewrite`, and look at the pictures", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
