"""The pages of docs/rules as fixtures: each has an example that its rule finds fault with, and the same one mended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from diagramgen.analyse.analysis import Analysis
from diagramgen.analyse.rules import run_rules
from diagramgen.analyse.verdicts import Finding
from diagramgen.model.build import build_topology
from diagramgen.read import Source, read_records

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "rules"
_BLOCK = re.compile(r"^```(yaml|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


class Example(NamedTuple):
    """An input in a page, and the heading above it."""

    heading: str
    language: str
    text: str


class Page(NamedTuple):
    """A page: its title without the id, its text, its headings and its examples, in the order of the page."""

    id: str
    title: str
    text: str
    headings: tuple[str, ...]
    examples: tuple[Example, ...]

    def under(self, heading: str) -> list[Example]:
        """The examples under a heading."""
        return [example for example in self.examples if example.heading == heading]


def read_page(rule: str) -> Page:
    """The page of a rule."""
    text = (PAGES / f"{rule}.md").read_text(encoding="utf-8")
    headings = [(match.start(), match.group(1)) for match in _HEADING.finditer(text)]
    examples = []
    for match in _BLOCK.finditer(text):
        above = [heading for start, heading in headings if start < match.start()]
        examples.append(Example(above[-1] if above else "", match.group(1), match.group(2)))
    first = text.partition("\n")[0].removeprefix("# ")
    rid, _, title = first.partition(": ")
    return Page(rid, title, text, tuple(heading for _, heading in headings), tuple(examples))


def analysed(text: str, name: str = "example.yaml") -> Analysis:
    """The analysis of one input."""
    return Analysis(build_topology(read_records([Source(name, text.encode())])))


def findings(text: str, *rules: str, name: str = "example.yaml") -> tuple[Finding, ...]:
    """What the rules find in one input; all rules where none is named."""
    return run_rules(analysed(text, name), frozenset(rules))
