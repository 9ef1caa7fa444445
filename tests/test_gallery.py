"""The committed gallery in `out/` is what the program draws, and shows every example and theme."""

from __future__ import annotations

from pathlib import Path

from gallery import EXAMPLES, OUT, THEMES, draw_gallery, pictures_below, stale_pictures

from diagramgen.system import theme_names


def test_the_gallery_is_as_it_would_be_drawn_now(tmp_path: Path) -> None:
    said = stale_pictures(pictures_below(OUT), draw_gallery(tmp_path))
    assert not said, "run `python tests/gallery.py --rewrite`, and look at the pictures: " + "; ".join(said)


def test_the_gallery_shows_every_example_and_every_theme() -> None:
    pictures = pictures_below(OUT)
    for example in EXAMPLES:
        assert any(name.startswith(example.stem) for name in pictures), example
    assert {"reference", *THEMES} == set(theme_names())
    assert {f"themes/{theme}.svg" for theme in THEMES} <= pictures.keys()
