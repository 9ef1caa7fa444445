"""`diagramgen trace`: follow a packet."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diagramgen.cli.app import app
from diagramgen.cli.estate import Estate, analysed, estate_of
from diagramgen.cli.inputs import Asked, takes_estate
from diagramgen.cli.render import drawing_files, written
from diagramgen.cli.words import Progress, fail, has_colors, put_out, save


class Protocol(StrEnum):
    """The protocols that `trace` follows."""

    tcp = "tcp"
    udp = "udp"
    icmp = "icmp"
    esp = "esp"
    ah = "ah"
    any = "any"


class TraceForm(StrEnum):
    """The forms in which `trace` answers."""

    text = "text"
    json = "json"


@app.command(short_help="Follow a packet: can A reach B, and which rule decides?")
@takes_estate
def trace(
    asked: Asked,
    source: Annotated[str, typer.Option("--from", metavar="END", help="Where packets begin: an id, a name, an address, "
                      "internet or on-premises.")],
    target: Annotated[str, typer.Option("--to", metavar="END", help="Where they go.")],
    port: Annotated[str, typer.Option(metavar="N", help="The destination port, or several: 443, 80-90; any without "
                    "it.")] = "*",
    protocol: Annotated[Protocol, typer.Option(help="tcp, udp, icmp, esp, ah or any.")] = Protocol.tcp,
    form: Annotated[TraceForm, typer.Option("--format", help="text or json.")] = TraceForm.text,
    output: Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help="Draw the estate with the "
                      "way marked; .svg, .png, .dot or .json (geometry). Repeatable.")] = None,
    theme: Annotated[str, typer.Option(metavar="NAME|FILE", help="The theme of the drawing.")] = "reference",
) -> None:  # fmt: skip
    """Follow a packet: can A reach B, by which way, and which rule decides? Ends with 0 if it can, else with 1."""
    from diagramgen.model.traffic import parse_service

    services = parse_service(protocol.value, port)
    if not services:
        fail(f"`{port}` is no port", "write 443, 80-90 or 80,443")
    targets = drawing_files(output or [])
    progress = Progress()
    with estate_of(asked, progress) as estate:
        verdict = _traced(asked, estate, (source, target), services, form, targets, theme, progress)
    if verdict != "allowed":
        raise typer.Exit(1)


def _traced(
    asked: Asked,
    estate: Estate,
    ends: tuple[str, str],
    services: tuple[tuple[int, int], ...],
    form: TraceForm,
    targets: list[Path],
    theme: str,
    progress: Progress,
) -> str:
    """Traces, prints and draws; the verdict."""
    from diagramgen import pipeline
    from diagramgen.report.traces import trace_json, trace_text

    analysis = analysed(asked, estate, progress)
    found = pipeline.trace_between(analysis, *ends, services)
    progress.done()
    if form is TraceForm.json:
        text = trace_json(found, analysis.topology, estate.reading.sources)
    else:
        text = trace_text(found, analysis.topology, estate.reading.sources, has_colors())
    put_out(text.rstrip("\n"))
    if targets:
        from diagramgen.system import read_theme

        plan, scene = pipeline.draw(analysis, read_theme(theme), trace=found, cut=estate.cut)
        for file, data in written(plan, scene, targets):
            save(file, data, "drew")
    return found.verdict
