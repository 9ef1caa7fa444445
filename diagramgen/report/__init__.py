"""Reports: what the analysis proved of an estate, for people and for programs; `WRITERS` has a row for each form.

    applied = apply_acceptances(findings, boundaries, topology.acceptances, today)
    report  = build_report(reading, topology, boundaries, applied)
    text    = WRITERS["text"](report, width=100, color=False, show_all=False)

All three are pure: the day, the files and the terminal are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from diagramgen.report.accept import Applied, accepted_boundaries, apply_acceptances
from diagramgen.report.baseline import fingerprint, read_baseline, without_known, write_baseline
from diagramgen.report.build import build_report
from diagramgen.report.facts import (
    Block,
    Cell,
    InputFacts,
    LevelRow,
    Matrix,
    Report,
    RuleFacts,
    Suppressed,
    Threshold,
    reaches,
)
from diagramgen.report.json_report import write_json
from diagramgen.report.junit import write_junit
from diagramgen.report.markdown import write_markdown
from diagramgen.report.rules import RULES, chosen_rules, unknown_rules
from diagramgen.report.sarif import write_sarif
from diagramgen.report.text import write_text
from diagramgen.report.words import headline

__all__ = [
    "RULES",
    "SUFFIXES",
    "WRITERS",
    "Applied",
    "Block",
    "Cell",
    "InputFacts",
    "LevelRow",
    "Matrix",
    "Report",
    "RuleFacts",
    "Suppressed",
    "Threshold",
    "Writer",
    "accepted_boundaries",
    "apply_acceptances",
    "build_report",
    "chosen_rules",
    "fingerprint",
    "headline",
    "reaches",
    "read_baseline",
    "unknown_rules",
    "without_known",
    "write_baseline",
]


class Writer(Protocol):
    """A report as text. `width` is in columns; `show_all` folds nothing. Writers for programs ignore all three."""

    def __call__(self, report: Report, /, *, width: int, color: bool, show_all: bool) -> str: ...


WRITERS: Mapping[str, Writer] = {
    "text": write_text,
    "json": write_json,
    "sarif": write_sarif,
    "junit": write_junit,
    "markdown": write_markdown,
}
SUFFIXES: Mapping[str, str] = {
    ".txt": "text", ".json": "json", ".sarif": "sarif", ".sarif.json": "sarif", ".xml": "junit", ".md": "markdown",
}  # fmt: skip
"""The form that a file's name asks for by its end."""
