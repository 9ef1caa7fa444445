"""The program itself: its commands hang on `app`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from diagramgen import __version__
from diagramgen.cli.words import say
from diagramgen.diagnostics import EnvironmentProblem

app = typer.Typer(
    name="diagramgen",
    help="Draw how an Azure estate is segmented, from a YAML spec or an exported state.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run() -> None:
    """Runs the program; what the user can mend ends with a message and exit code 2."""
    try:
        app(standalone_mode=True)
    except EnvironmentProblem as problem:
        say(f"error: {problem}")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if version:
        print(f"diagramgen {__version__}")
        raise typer.Exit
