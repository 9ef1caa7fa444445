"""From what a command was asked to read to the analysed estate, with everything said that there is to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from diagramgen.cli.inputs import Asked, options_of, overlays_of, sources_of
from diagramgen.cli.words import Progress, problems_told, say, tell, tell_unknown

if TYPE_CHECKING:
    from diagramgen.analyse import Analysis
    from diagramgen.analyse.tags import ServiceTags
    from diagramgen.model.scope import Cut
    from diagramgen.model.topology import Topology
    from diagramgen.read import Reading, Source


class Estate(NamedTuple):
    """What was read. `cut` is the part that is meant, None for all of it."""

    sources: list[Source]
    reading: Reading
    topology: Topology
    cut: Cut | None


@contextmanager
def estate_of(asked: Asked, progress: Progress) -> Iterator[Estate]:
    """The estate; problems in it, found now or while it is used, are told with their lines and end the program.

    Warnings are told; under `--strict` they end it too.
    """
    options = options_of(asked)
    sources = sources_of(asked)
    overlays = overlays_of(asked)
    everything = [*sources, *options.parameters, *overlays]
    with problems_told(everything):
        progress.say("reading")
        from diagramgen import pipeline

        reading = pipeline.lay_over(pipeline.read_records(sources, options), overlays)
        if asked.anonymise:
            reading = pipeline.anonymise(reading)
        progress.done()
        tell(reading.diagnostics, everything)
        if asked.strict and any(d.severity == "warning" for d in reading.diagnostics):
            say("error: there are warnings, which `--strict` does not let pass")
            raise typer.Exit(2)
        topology = pipeline.build_topology(reading)
        scope = pipeline.Scope(*map(tuple, (
            asked.subscription, asked.vnet, asked.resource_group, asked.management_group, asked.tag, asked.exclude,
        )))  # fmt: skip
        yield Estate(everything, reading, topology, pipeline.cut_out(topology, scope) if any(scope) else None)


def analysed(asked: Asked, estate: Estate, progress: Progress) -> Analysis:
    """The analysis of the whole estate, whatever part is meant."""
    from diagramgen import pipeline

    tags = service_tags(asked.service_tags)
    progress.say("analysing")
    return pipeline.analyse_topology(estate.topology, tags)


def service_tags(file: Path | None) -> ServiceTags | None:
    """The addresses behind service tags, from Microsoft's file; None without one."""
    from diagramgen.system import read_source

    if file is None:
        return None
    from diagramgen.analyse.tags import read_service_tags

    with problems_told():
        return read_service_tags(read_source(file), str(file))


def tell_what_is_missing(estate: Estate) -> None:
    """One line for each way in which the drawing lacks what the input holds or refers to."""
    tell_unknown(estate.reading.unknown)
    secrets = sum(estate.reading.secrets.values())
    if secrets:
        say(
            f"note: {secrets} {'secret was' if secrets == 1 else 'secrets were'} met in the input and left out"
        )
