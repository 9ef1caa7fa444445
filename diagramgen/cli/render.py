"""`diagramgen render`: draw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from diagramgen.cli.app import app
from diagramgen.cli.estate import analysed, estate_of, tell_what_is_missing
from diagramgen.cli.inputs import Asked, stem_of, takes_estate
from diagramgen.cli.words import Progress, fail, problems_told, save, tell
from diagramgen.diagnostics import near_miss_hint

FORMATS = (".svg", ".png", ".dot", ".json")


@app.command(short_help="Draw an estate as SVG, PNG, DOT or geometry in JSON.")
@takes_estate
def render(
    asked: Asked,
    output: Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help="Where to draw; .svg, "
                      ".png, .dot or .json (geometry). Repeatable. `{view}` in it stands for each view's name. "
                      "Without it, every view goes to out/NAME.svg.")] = None,
    view: Annotated[list[str] | None, typer.Option("--view", metavar="NAME",
                    help="A view of the spec; repeatable.")] = None,
    theme: Annotated[str, typer.Option(metavar="NAME|FILE",
                     help="reference, dark, print, high-contrast, sketch, or a YAML file.")] = "reference",
    icons: Annotated[Path | None, typer.Option(metavar="DIR",
                     help="A folder of Microsoft's own SVG icons to use.")] = None,
    scale: Annotated[float, typer.Option(metavar="NUMBER", min=0.1, max=10.0,
                     help="Pixels of a PNG for each px of the drawing.")] = 2.0,
    title: Annotated[str | None, typer.Option(metavar="TEXT",
                     help="The drawing's title, instead of the input's.")] = None,
) -> None:  # fmt: skip
    """Draw an estate: subscriptions, VNets, subnets, links, and the boundaries between them as red lines."""
    from diagramgen.system import read_theme

    targets = drawing_files(output or [])
    with problems_told():
        paint = read_theme(theme)
    progress = Progress()
    stem = "estate" if asked.anonymise else stem_of(asked.inputs)
    with estate_of(asked, progress) as estate:
        from diagramgen import pipeline

        tell_what_is_missing(estate)
        analysis = analysed(asked, estate, progress)
        jobs = _jobs(stem, pipeline.view_names(analysis.topology), view or [], targets)
        _refuse_collisions(jobs)
        drawn: list[tuple[Path, bytes]] = []
        plans = []
        for name, files in jobs:
            progress.say(f"drawing {name or stem}")
            plan, scene = pipeline.draw(analysis, paint, name, title, cut=estate.cut)
            plans.append((name, plan))
            drawn += written(plan, scene, files, icons, scale)
        progress.done()
        tell(pipeline.undrawn_boundaries(analysis, plans), estate.sources)
    for file, data in drawn:
        save(file, data, "drew")


def drawing_files(output: list[str]) -> list[Path]:
    """The files to draw to; a suffix that is no drawing's ends the program."""
    targets = [Path(file) for file in output]
    for target in targets:
        if target.suffix.lower() not in FORMATS:
            hint = near_miss_hint(target.suffix or target.name, FORMATS)
            known = ", ".join(FORMATS)
            fail(f"cannot tell the format of `{target}`: its name must end in one of {known}", *hint)
    return targets


def written(
    plan: object, scene: object, files: list[Path], icons_dir: Path | None = None, scale: float = 2.0
) -> Iterator[tuple[Path, bytes]]:
    """What each file is to hold; each format is made once."""
    from diagramgen.system import load_icons
    from diagramgen.write import Drawing, write_drawing

    drawing = Drawing(plan, scene, load_icons(scene.icons, icons_dir), scale)  # type: ignore[arg-type,attr-defined]
    made: dict[str, bytes] = {}
    for file in files:
        suffix = file.suffix.lower()
        if suffix not in made:
            made[suffix] = write_drawing(drawing, suffix)
        yield file, made[suffix]


def _jobs(
    stem: str, known: tuple[str, ...], views: list[str], targets: list[Path]
) -> list[tuple[str | None, list[Path]]]:
    """Which view goes to which files.

    A view that is named like the input, or `default`, stands for the whole file; without `-o` all views are drawn.
    """
    own = next((name for name in (stem, "default") if name in known), None)
    if not targets:
        chosen: list[str | None] = [own, *(name for name in known if name != own)]
        if views or (known and own is None):
            chosen = [*(views or known)]
        return [(name, [Path("out") / f"{_file_name(stem, name)}.svg"]) for name in chosen]
    single = [target for target in targets if "{view}" not in str(target)]
    many = [target for target in targets if "{view}" in str(target)]
    if len(views) > 1 and single:
        fail(
            f"several views, one file: `{single[0]}`",
            "write `{view}` in the file's name, such as -o 'out/{view}.svg'",
        )
    every: list[str | None] = [*(views or known)] or [None]
    jobs = [
        (name, [Path(str(t).replace("{view}", _safe(name or stem))) for t in many]) for name in every if many
    ]
    if single:
        jobs.append((views[0] if views else own, single))
    return jobs


def _refuse_collisions(jobs: list[tuple[str | None, list[Path]]]) -> None:
    """Ends the program where two views would be written to one file."""
    owner: dict[Path, str | None] = {}
    for view, files in jobs:
        for file in files:
            if owner.setdefault(file, view) != view:
                fail(f"the views `{owner[file]}` and `{view}` would both be written to `{file}`",
                     "rename one of them, or draw them one at a time with --view and -o")  # fmt: skip


def _file_name(stem: str, view: str | None) -> str:
    return _safe(stem if view is None or view in (stem, "default") else f"{stem}-{view}")


def _safe(name: str) -> str:
    """A name that is a good file name on every system."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")
    return kept[:120] or "estate"
