"""`import`, `inventory`, `init`, `schema` and `query`: an estate as a spec, what was read, a first spec, the spec's
JSON Schema, and the commands that export from Azure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diagramgen.cli.app import app
from diagramgen.cli.estate import estate_of, tell_what_is_missing
from diagramgen.cli.inputs import Asked, takes_estate
from diagramgen.cli.words import Progress, fail, put_out, save, say


class Pattern(StrEnum):
    """The first specs that `init` writes."""

    single_vnet = "single-vnet"
    peered = "peered"
    hub_spoke = "hub-spoke"
    virtual_wan = "virtual-wan"


class Shell(StrEnum):
    """Shells that `query` writes for."""

    bash = "bash"
    powershell = "powershell"


@app.command("import", short_help="Write what was read as a spec that draws the same.")
@takes_estate
def import_(
    asked: Asked,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The spec to write; - for "
                      "stdout.")] = Path("-"),
    title: Annotated[str, typer.Option(metavar="TEXT", help="The spec's title.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:  # fmt: skip
    """Write what was read as a spec to edit, which draws the same with the same verdicts."""
    is_there = str(output) != "-" and output.exists()
    if is_there and not force:
        fail(
            f"`{output}` is there already and was not touched",
            "name another file, or say --force to replace it",
        )
    with estate_of(asked, Progress()) as estate:
        from diagramgen import pipeline

        tell_what_is_missing(estate)
        text = pipeline.write_spec(estate.topology, estate.reading, title, estate.cut)
    if str(output) == "-":
        put_out(text.rstrip("\n"))
    else:
        save(output, text.encode())


class InventoryForm(StrEnum):
    """The forms of the inventory."""

    text = "text"
    json = "json"


@app.command(short_help="Tell what was read, and what is missing or not understood.")
@takes_estate
def inventory(
    asked: Asked,
    form: Annotated[InventoryForm, typer.Option("--format", help="text or json.")] = InventoryForm.text,
) -> None:
    """Tell what was read: files, formats, counts, what is missing, not understood, or a secret."""
    with estate_of(asked, Progress()) as estate:
        from diagramgen.report.inventory import inventory_json, inventory_text, take_inventory

        taken = take_inventory(estate.reading, estate.topology)
    put_out((inventory_json if form is InventoryForm.json else inventory_text)(taken).rstrip("\n"))


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The spec to write; - for stdout.")] = Path(
        "network.yaml"
    ),
    pattern: Annotated[Pattern, typer.Option(help="What the first spec shows.")] = Pattern.single_vnet,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a commented first spec to edit."""
    from diagramgen.read.spec import init_spec

    text = init_spec(pattern.value)
    if str(file) == "-":
        put_out(text.rstrip("\n"))
        return
    if file.exists() and not force:
        fail(
            f"`{file}` is there already and was not touched",
            "name another file, or say --force to replace it",
        )
    save(file, text.encode())
    say(f"draw it with: diagramgen render {file}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the spec language, for editors."""
    import json

    from diagramgen.read.spec import spec_schema

    put_out(json.dumps(spec_schema(), indent=2, ensure_ascii=False))


@app.command(short_help="Print the commands that export from Azure.")
def query(
    shell: Annotated[Shell, typer.Option(help="The shell to write for.")] = Shell.bash,
) -> None:
    """Print the commands that export from Azure what `render` wants, with paging."""
    from diagramgen.read.query import query_commands

    put_out(query_commands(shell.value).rstrip("\n"))
