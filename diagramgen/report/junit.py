"""The report as JUnit XML, which every CI shows: a test case a boundary and a test case a rule.

What makes the run fail is a failure; what is not known, or accepted, is skipped with the reason. There is no standard;
this keeps to what https://github.com/testmoapp/junitxml collects of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from diagramgen.analyse.verdicts import Boundary, Finding
from diagramgen.report.accept import pairs_of
from diagramgen.report.facts import Report, reaches, sides
from diagramgen.report.lines import Lines
from diagramgen.report.words import how, pair

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, https://www.w3.org/TR/xml/#charsets"""


def write_junit(report: Report, *, width: int = 0, color: bool = False, show_all: bool = True) -> str:
    """The report as JUnit XML. It is the same whatever is asked of the layout."""
    junit = _Junit(report)
    root = ET.Element("testsuites", name="diagramgen check")
    _suite(root, "boundaries", list(junit.boundary_cases()))
    _suite(root, "rules", list(junit.rule_cases()))
    for count in ("tests", "failures", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("errors", "0")
    ET.indent(root)
    return "<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(root, encoding="unicode") + "\n"


class _Junit:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.lines = Lines(report.texts)
        self.of_boundary: dict[tuple[str, str], list[Finding]] = {}
        listed = {sides(boundary) for boundary in report.boundaries if boundary.status in ("gap", "unknown")}
        self.of_rule: dict[str, list[Finding]] = {rule.id: [] for rule in report.rules}
        for finding in report.findings:
            for both in pairs_of(finding, listed):
                self.of_boundary.setdefault(both, []).append(finding)
            if not pairs_of(finding, listed) & listed:
                self.of_rule.setdefault(finding.rule, []).append(finding)

    def boundary_cases(self) -> Iterator[ET.Element]:
        for boundary in self.report.boundaries:
            name = f"{pair(self.report, boundary)} ({boundary.level})"
            yield self._boundary_case(boundary, _case(f"diagramgen.boundaries.{boundary.level}", name))

    def rule_cases(self) -> Iterator[ET.Element]:
        titles = {rule.id: rule.title for rule in self.report.rules}
        for rid, findings in sorted(self.of_rule.items()):
            case = _case(f"diagramgen.rules.{rid}", f"{rid} {titles.get(rid, '')}".strip())
            accepted = [s for s in self.report.suppressed if s.finding.rule == rid]
            self._judge(case, findings)
            if not findings and accepted:
                told = "; ".join(dict.fromkeys(f"{s.reason} (until {s.until})" for s in accepted))
                _skip(case, f"{len(accepted)} accepted: {told}")
            yield case

    def _boundary_case(self, boundary: Boundary, case: ET.Element) -> ET.Element:
        findings = self.of_boundary.get(sides(boundary), [])
        why = "; ".join(how(self.report, boundary))
        self._judge(case, findings, f"{boundary.status}: {why}")
        if case.find("failure") is None and boundary.status in ("gap", "unknown"):
            _skip(case, f"{boundary.status}{_not_counted(boundary)}: {why}")
        elif not findings:
            ET.SubElement(case, "system-out").text = _clean(f"{boundary.status}: {why}")
        return case

    def _judge(self, case: ET.Element, findings: list[Finding], message: str = "") -> None:
        """A failure for the findings that make the run fail, with the first one's message where none is given; milder
        ones are only told."""
        failing = [finding for finding in findings if reaches(finding.severity, self.report.fail_on)]
        if failing:
            first = failing[0]
            more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
            said = _clean(message or first.message + more)
            failure = ET.SubElement(case, "failure", message=said, type=first.severity)
            failure.text = _clean("\n\n".join(self._told(finding) for finding in failing))
            self._place(case, first)
        milder = [finding for finding in findings if finding not in failing]
        if milder:
            told = "\n\n".join(self._told(finding) for finding in milder)
            ET.SubElement(case, "system-out").text = _clean(told)

    def _place(self, case: ET.Element, finding: Finding) -> None:
        place = next((evidence.place for evidence in finding.evidence if evidence.place.source), None)
        if place is not None:
            case.set("file", _clean(place.source))
            spot = self.lines.spot(place)
            if spot is not None:
                case.set("line", str(spot[0]))

    def _told(self, finding: Finding) -> str:
        places = [
            f"  {self.lines.shown(e.place)} {e.text}".rstrip() for e in finding.evidence if e.place.source
        ]
        fix = [f"  fix: {finding.fix}"] if finding.fix else []
        return "\n".join([f"{finding.severity}: {finding.message}", *places, *fix])


def _not_counted(boundary: Boundary) -> str:
    """Why a gap is no failure."""
    if boundary.status == "unknown":
        return ""
    return ", counted between the VNets" if boundary.level == "subscription" else ", not counted"


def _case(class_name: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=class_name, name=_clean(name), time="0")


def _skip(case: ET.Element, message: str) -> None:
    ET.SubElement(case, "skipped", message=_clean(message))


def _suite(root: ET.Element, name: str, cases: list[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(cases)), errors="0", time="0")
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.extend(cases)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
