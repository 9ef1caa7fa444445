"""The report for a person at a terminal: the summary, the boundaries, the matrix, the findings.

It says everything in words, so that colours only help. What is long is folded, with a count and how to see the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from diagramgen.analyse.verdicts import ASSUMPTIONS, SEVERITIES, Boundary, Evidence, Finding, Severity, Status
from diagramgen.read.render_diagnostics import make_visible
from diagramgen.report.facts import WORST_FIRST, Block, Report
from diagramgen.report.lines import Lines
from diagramgen.report.tables import Column, Entry, Style, columns_of, cut, pad, paint, render_table, wrap
from diagramgen.report.words import (
    CELL_MEANINGS,
    CELL_SIGNS,
    LEVEL_NAMES,
    STATUS_WORDS,
    acceptance_of,
    counted,
    headline,
    how,
    input_words,
    pair,
)

NARROWEST, WIDEST = 80, 140
MOST_BOUNDARIES: dict[Status, int] = {"gap": 20, "unknown": 10, "enforced": 10, "no-path": 5}
"""How many boundaries of a status are listed before the rest is folded."""
MOST_OF_A_RULE = 5
"""How many findings of one rule are told in full before the rest is folded."""
MOST_ZONES = 40
"""How many zones the matrices show in all; `--format json` has every one."""
_LONGEST_NAME = 24
_SEE_ALL = "`--all` shows them"
_CORNER = "from, down; to, across"

_STATUS_STYLES: dict[Status, Style] = {
    "gap": "bold red", "unknown": "magenta", "enforced": "green", "no-path": "green",
}  # fmt: skip
_SEVERITY_STYLES: dict[Severity, Style] = {
    "critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan",
}  # fmt: skip


def write_text(report: Report, *, width: int = 100, color: bool = False, show_all: bool = False) -> str:
    """The report as text in `width` columns, at least 80 and at most 140."""
    return "\n".join(_Text(report, min(max(width, NARROWEST), WIDEST), color, show_all).lines()) + "\n"


class _Text:
    def __init__(self, report: Report, width: int, color: bool, show_all: bool) -> None:
        self.report, self.width, self.color, self.show_all = report, width, color, show_all
        self.places = Lines(report.texts)

    def lines(self) -> Iterator[str]:
        if self.report.title:
            yield from self._wrapped(self.report.title, "", "bold")
        yield from self._wrapped(input_words(self.report), "", "dim")
        yield from self._section("Summary", self._summary())
        yield from self._section("Boundaries", self._boundaries())
        yield from self._section("Who reaches whom", self._matrix())
        yield from self._section("Findings", self._findings())
        yield from self._section("Accepted", self._accepted())
        yield from self._section("What this rests on", self._limits())
        yield ""
        yield from self._wrapped(headline(self.report), "", "bold")

    # Parts

    def _summary(self) -> Iterator[str]:
        columns = (
            Column("Between", 13), Column("By default", 13), Column("Connected here by", 12),
            Column("Held here by", 10), Column("Held", 20, True), Column("Gaps", 20, True), Column("Unknown", 20, True),
        )  # fmt: skip
        rows = [
            (
                _entry(LEVEL_NAMES[row.level]), _entry(row.default), _entry(*_listed(row.connections)),
                _entry(*_listed(row.methods)), _number(row.holds, "green"), _number(row.gaps, "bold red"),
                _number(row.unknown, "magenta"),
            )
            for row in self.report.levels
        ]  # fmt: skip
        yield from render_table(columns, rows, self.width, self.color)
        for row in self.report.levels:
            if row.accepted:
                yield f"  {counted(row.accepted, 'gap')} between {LEVEL_NAMES[row.level].lower()} accepted"

    def _boundaries(self) -> Iterator[str]:
        rows = []
        for status, group in groupby(self.report.boundaries, key=lambda boundary: boundary.status):
            mine = list(group)
            shown = mine if self.show_all else mine[: MOST_BOUNDARIES[status]]
            rows += [self._boundary(boundary) for boundary in shown]
            if len(mine) > len(shown):
                more = f"and {len(mine) - len(shown):,} more"
                rows.append(
                    (_entry(STATUS_WORDS[status].lower()), _entry(""), _entry(more), _entry(_SEE_ALL))
                )
        columns = (Column("", 7), Column("Level", 6), Column("Between", 20), Column("How", 24))
        if rows:
            yield from render_table(columns, rows, self.width, self.color)
        for level, number in self.report.omitted:
            yield f"  and {number:,} pairs ({level}) that nothing connects, not listed one by one"

    def _boundary(self, boundary: Boundary) -> tuple[Entry, ...]:
        report = self.report
        is_accepted = report.is_accepted(boundary)
        word = STATUS_WORDS[boundary.status].lower() if is_accepted else STATUS_WORDS[boundary.status]
        home = report.homes.get(boundary.b, "") if boundary.level == "subnet" else ""
        sides = (pair(report, boundary), f"in {report.name(home)}") if home else (pair(report, boundary),)
        style = None if is_accepted else _STATUS_STYLES[boundary.status]
        return (
            _entry(word, style=style),
            _entry(boundary.level),
            _entry(*sides),
            _entry(*how(report, boundary)),
        )

    def _matrix(self) -> Iterator[str]:
        left, hidden = MOST_ZONES, 0
        for block in self.report.matrix.blocks:
            if not self.show_all and left < min(2, len(block.zones)):
                hidden += len(block.zones)
                continue
            room = len(block.zones) if self.show_all else min(len(block.zones), left)
            shown, cells = self._fitting(block, room)
            left -= len(shown)
            if block.frame:
                yield ""
                yield self._paint(f"Inside {make_visible(self.report.name(block.frame))}", "bold")
            yield from self._block(shown, cells)
            if len(shown) < len(block.zones):
                yield f"  {counted(len(block.zones) - len(shown), 'zone')} with less to tell left out"
        if hidden:
            yield f"  {counted(hidden, 'zone')} of further VNets left out: `--format json` has all"
        if self.report.matrix.blocks:
            meanings = [f"{CELL_SIGNS[status]} {meaning}" for status, meaning in CELL_MEANINGS.items()]
            yield from self._wrapped("; ".join(meanings), "  ", "dim")

    def _fitting(self, block: Block, most: int) -> tuple[list[str], bool]:
        """The zones of a block that the page holds, those with the worst cells first; whether cells hold texts."""
        zones = block.zones
        label = self._label_width(zones) + 2
        if len(zones) <= min(most, self.width // 4):
            text = max(columns_of(self._cell_text(a, b, True)) for a in zones for b in zones)
            if label + len(zones) * (text + 2) <= self.width:
                return list(zones), True
        room = max(2, min(most, (self.width - label) // 4))
        if len(zones) > room:
            worst = self._worst_cells
            kept = set(sorted(zones, key=lambda zone: worst.get(zone, 9))[:room])
            zones = tuple(zone for zone in zones if zone in kept)
        return list(zones), False

    @cached_property
    def _worst_cells(self) -> dict[str, int]:
        """The rank of the worst cell of each zone, 0 for a gap."""
        worst: dict[str, int] = {}
        for pair_of_zones, cell in self.report.matrix.cells.items():
            for zone in pair_of_zones:
                worst[zone] = min(worst.get(zone, 9), WORST_FIRST.index(cell.status))
        return worst

    def _block(self, zones: Sequence[str], has_texts: bool) -> Iterator[str]:
        names = [cut(self._name(zone), _LONGEST_NAME) for zone in zones]
        label = self._label_width(zones)
        cells = [[self._cell_text(a, b, has_texts) for b in zones] for a in zones]
        wide = max(2, *(columns_of(cell) for row in cells for cell in row))
        heads = "  ".join(pad(str(at), wide) for at in range(1, len(zones) + 1))
        yield self._paint(f"{pad(_CORNER, label)}  {heads}".rstrip(), "dim")
        for at, (name, row) in enumerate(zip(names, cells, strict=True), 1):
            told = "  ".join(pad(cell, wide).replace(cell, self._painted(cell), 1) for cell in row)
            yield f"{pad(f'{at:>2}  {name}', label)}  {told}".rstrip()

    def _label_width(self, zones: Sequence[str]) -> int:
        """The width of the column with the names of the rows, and their numbers."""
        longest = max(columns_of(self._name(zone)) for zone in zones)
        return max(len(_CORNER), min(longest, _LONGEST_NAME) + 4)

    def _painted(self, cell: str) -> str:
        status = next((status for status, sign in CELL_SIGNS.items() if cell[:1] == sign), None)
        return self._paint(cell, _STATUS_STYLES[status]) if status and status != "no-path" else cell

    def _cell_text(self, source: str, target: str, has_text: bool) -> str:
        """`! tcp/443`, or the sign alone; blank for a pair that is not compared."""
        cell = self.report.matrix.cells.get((source, target))
        if source == target or cell is None:
            return " " if source != target else "-"
        sign = CELL_SIGNS[cell.status]
        return f"{sign} {cut(make_visible(cell.text), 16)}" if has_text and cell.text else sign

    def _findings(self) -> Iterator[str]:
        told: Counter[str] = Counter()
        of_rule = Counter(finding.rule for finding in self.report.findings)
        for severity in SEVERITIES:
            mine = [finding for finding in self.report.findings if finding.severity == severity]
            for at, finding in enumerate(mine):
                if at == 0:
                    word = f"{severity} ({len(mine)})"
                    yield self._paint(word, _SEVERITY_STYLES[severity])
                told[finding.rule] += 1
                if self.show_all or told[finding.rule] <= MOST_OF_A_RULE:
                    yield from self._finding(finding)
                elif told[finding.rule] == of_rule[finding.rule]:
                    more = of_rule[finding.rule] - MOST_OF_A_RULE
                    yield f"  {finding.rule}  and {more:,} more of this rule: {_SEE_ALL}"
        if not self.report.findings:
            yield "  none"

    def _finding(self, finding: Finding) -> Iterator[str]:
        head, *rest = self._wrapped(finding.message, "         ")
        yield f"  {self._paint(pad(finding.rule, 6), _SEVERITY_STYLES[finding.severity])} {head.strip()}"
        yield from rest
        names = [self.report.name(rid) for rid in finding.ids]
        known = [name for name in dict.fromkeys(names) if name not in finding.message]
        if known:
            shown = ", ".join(known[:6]) + (f" and {len(known) - 6} more" if len(known) > 6 else "")
            yield from self._wrapped(f"concerns: {shown}", "         ")
        for evidence in finding.evidence[: None if self.show_all else 3]:
            yield from self._evidence(evidence)
        if len(finding.evidence) > 3 and not self.show_all:
            yield f"         and {counted(len(finding.evidence) - 3, 'place')} more"
        if finding.fix:
            yield from self._wrapped(f"fix: {finding.fix}", "         ")

    def _evidence(self, evidence: Evidence) -> Iterator[str]:
        where = make_visible(self.places.shown(evidence.place)) if evidence.place.source else ""
        text = make_visible(evidence.text)
        if columns_of(where) + columns_of(text) + 11 <= self.width:
            yield "         " + "  ".join(filter(None, (self._paint(where, "dim"), text)))
            return
        yield from self._wrapped(where, "         ", "dim")
        yield from self._wrapped(text, "           ")

    def _accepted(self) -> Iterator[str]:
        for suppressed in self.report.suppressed:
            finding = suppressed.finding
            names = ", ".join(self.report.name(rid) for rid in finding.ids[:3])
            where = f" ({self.places.shown(suppressed.place)})" if suppressed.place.source else ""
            said = f"{finding.rule}  {names}: {suppressed.reason}, until {suppressed.until}{where}"
            yield from self._wrapped(said, "  ")
        for acceptance in self.report.expired:
            where = f" ({self.places.shown(acceptance.place)})" if acceptance.place.source else ""
            said = f"ended on {acceptance.until}: {acceptance_of(self.report, acceptance)}{where}"
            yield from self._wrapped(said, "  ", "yellow")
        for acceptance in self.report.unused:
            where = f" ({self.places.shown(acceptance.place)})" if acceptance.place.source else ""
            yield from self._wrapped(f"fits nothing: {acceptance_of(self.report, acceptance)}{where}", "  ")
        if self.report.baseline_known:
            yield f"  {counted(self.report.baseline_known, 'finding')} known from the baseline, not told again"

    def _limits(self) -> Iterator[str]:
        facts = self.report.input
        for message in facts.incomplete:
            yield from self._wrapped(f"incomplete: {message}", "  ", "yellow")
        if facts.not_understood:
            kinds = sorted(facts.not_understood.items(), key=lambda item: (-item[1], item[0]))
            shown = kinds if self.show_all else kinds[:6]
            told = ", ".join(f"{number:,} {kind}" for kind, number in shown)
            more = f" and {len(kinds) - len(shown)} types more" if len(kinds) > len(shown) else ""
            yield from self._wrapped(f"not understood, and so not judged: {told}{more}", "  ", "yellow")
        for code in facts.assumptions:
            yield from self._wrapped(f"{code}: {ASSUMPTIONS.get(code, code)}", "  ")
        if facts.service_tags:
            yield from self._wrapped(f"service tags: {facts.service_tags}", "  ")
        unseen = [what for what, state in facts.capabilities if state not in ("judged",)]
        if unseen:
            yield from self._wrapped("not judged: " + "; ".join(unseen), "  ", "dim")

    # Words

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        """A titled part; nothing where it has no lines."""
        first = next(lines, None)
        if first is None:
            return
        yield ""
        yield self._paint(title.upper(), "bold")
        yield first
        yield from lines

    def _wrapped(self, text: str, indent: str, style: Style | None = None) -> Iterator[str]:
        for line in wrap(make_visible(text), self.width - len(indent)):
            yield indent + self._paint(line, style)

    def _name(self, rid: str) -> str:
        return make_visible(self.report.name(rid))

    def _paint(self, text: str, style: Style | None) -> str:
        return paint(text, style, self.color)


def _entry(*lines: str, style: Style | None = None) -> Entry:
    return Entry(tuple(make_visible(line) for line in lines), style)


def _number(number: int, style: Style) -> Entry:
    return Entry((f"{number:,}",), style if number else None)


def _listed(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words) or ("-",)
