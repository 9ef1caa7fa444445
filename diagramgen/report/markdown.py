"""The report as Markdown, for a comment on a pull request: the result first, details folded away.

Names come from the input, which may be anybody's: nothing in them becomes markup, a link or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from diagramgen.analyse.verdicts import ASSUMPTIONS, SEVERITIES, Evidence, Finding
from diagramgen.read.render_diagnostics import make_visible
from diagramgen.report.facts import Report
from diagramgen.report.lines import Lines
from diagramgen.report.words import (
    LEVEL_NAMES,
    STATUS_WORDS,
    acceptance_of,
    counted,
    headline,
    how,
    input_words,
    pair,
)

MOST = 20
"""How many rows of a table, and findings of a severity, are told before the rest is folded."""
LONGEST = 60_000
"""Characters; a comment on GitHub holds 65,536."""


def write_markdown(report: Report, *, width: int = 0, color: bool = False, show_all: bool = False) -> str:
    """The report as GitHub-flavoured Markdown; without `show_all` short enough for one comment."""
    most = 100_000 if show_all else MOST
    while True:
        text = "\n".join(_Markdown(report, most).lines()) + "\n"
        if show_all or len(text) <= LONGEST or most == 1:
            return text if show_all or len(text) <= LONGEST else text[:LONGEST] + "\n\n(cut here)\n"
        most = max(1, most // 2)


class _Markdown:
    def __init__(self, report: Report, most: int) -> None:
        self.report, self.most = report, most
        self.lines_of = Lines(report.texts)

    def lines(self) -> Iterator[str]:
        report = self.report
        yield f"## {prose(report.title) or 'Segmentation'}"
        yield ""
        yield f"**{headline(report)}**"
        yield ""
        yield from self._summary()
        yield from self._boundaries()
        for severity, found in groupby(report.findings, key=lambda finding: finding.severity):
            yield from self._findings(severity, list(found))
        yield from self._accepted()
        yield from self._limits()

    def _summary(self) -> Iterator[str]:
        yield "| Between | By default | Connected here by | Held here by | Held | Gaps | Unknown |"
        yield "| --- | --- | --- | --- | ---: | ---: | ---: |"
        for row in self.report.levels:
            gaps = f"**{row.gaps:,}**" if row.gaps else "0"
            gaps += f" ({row.accepted:,} accepted)" if row.accepted else ""
            connections, methods = (
                "<br>".join(map(prose, words)) or "-" for words in (row.connections, row.methods)
            )
            numbers = (f"{row.holds:,}", gaps, f"{row.unknown:,}")
            yield _row(LEVEL_NAMES[row.level], row.default, connections, methods, *numbers)

    def _boundaries(self) -> Iterator[str]:
        told = [b for b in self.report.boundaries if b.status in ("gap", "unknown")]
        if not told:
            return
        yield ""
        yield "### Boundaries that do not hold for sure"
        yield ""
        yield "| | Level | Between | How |"
        yield "| --- | --- | --- | --- |"
        for boundary in told[: self.most]:
            word = STATUS_WORDS[boundary.status].lower()
            word = word if self.report.is_accepted(boundary) else f"**{word}**"
            why = "<br>".join(prose(line) for line in how(self.report, boundary))
            yield _row(word, boundary.level, prose(pair(self.report, boundary)), why)
        yield from _rest(len(told) - self.most, "boundary", "boundaries")

    def _findings(self, severity: str, found: Sequence[Finding]) -> Iterator[str]:
        is_folded = severity not in SEVERITIES[:2]
        title = f"{severity.capitalize()} ({len(found)})"
        yield ""
        yield f"<details><summary>{title}</summary>\n" if is_folded else f"### {title}\n"
        for finding in found[: self.most]:
            yield f"- **{finding.rule}** {prose(finding.message)}"
            for evidence in finding.evidence[:3]:
                yield f"  <br>{self._evidence(evidence)}"
            if finding.fix:
                yield f"  <br>fix: {prose(finding.fix)}"
        yield from _rest(len(found) - self.most, "finding", "findings")
        if is_folded:
            yield "\n</details>"

    def _evidence(self, evidence: Evidence) -> str:
        where = code(self.lines_of.shown(evidence.place)) if evidence.place.source else ""
        return " ".join(filter(None, (where, code(evidence.text) if evidence.text else "")))

    def _accepted(self) -> Iterator[str]:
        report = self.report
        if not (report.suppressed or report.expired or report.unused):
            return
        yield f"\n<details><summary>Accepted ({len(report.suppressed)})</summary>\n"
        for s in report.suppressed[: self.most]:
            yield f"- **{s.finding.rule}** {prose(s.finding.message)}<br>{prose(s.reason)}, until {s.until}"
        yield from _rest(len(report.suppressed) - self.most, "finding", "findings")
        for acceptance in report.expired:
            yield f"- ended on {acceptance.until}: {prose(acceptance_of(report, acceptance))}"
        for acceptance in report.unused:
            yield f"- fits nothing: {prose(acceptance_of(report, acceptance))}"
        yield "\n</details>"

    def _limits(self) -> Iterator[str]:
        facts = self.report.input
        yield "\n<details><summary>What this rests on</summary>\n"
        yield f"- {prose(input_words(self.report))}"
        for message in facts.incomplete:
            yield f"- incomplete: {prose(message)}"
        for kind, number in facts.not_understood.items():
            yield f"- not understood, and so not judged: {number:,} {code(kind)}"
        for assumption in facts.assumptions:
            yield f"- {code(assumption)}: {prose(ASSUMPTIONS.get(assumption, ''))}"
        unseen = [what for what, state in facts.capabilities if state != "judged"]
        if unseen:
            yield f"- not judged: {prose('; '.join(unseen))}"
        yield "\n</details>"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _rest(number: int, one: str, many: str) -> Iterator[str]:
    if number > 0:
        yield ""
        yield f"and {counted(number, one, many)} more: `diagramgen check --all`"


_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$])")


def prose(text: str) -> str:
    """A text in which only what stands in backticks is markup, as messages write values so.

    >>> prose("the port of `a|b` is <open> to @all")
    'the port of `a\\\\|b` is &lt;open&gt; to @\\u200ball'
    """
    parts = make_visible(text).split("`")
    if len(parts) % 2 == 0:
        return _escaped("`".join(parts))
    return "".join(code(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))


def code(text: str) -> str:
    """A text as code, in a table too.

    >>> code("a`b"), code("a|b")
    ('``a`b``', '`a\\\\|b`')
    """
    shown = make_visible(text).replace("|", "\\|").strip()
    if not shown:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def _escaped(text: str) -> str:
    marked = _MARKUP.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return marked.replace("@", "@\u200b").replace("://", ":\u200b//")
