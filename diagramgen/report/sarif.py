"""The report as SARIF 2.1.0, for code scanning: a result a finding, with its place in the input's files.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. What GitHub makes of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from diagramgen import __version__
from diagramgen.analyse.verdicts import Evidence, Finding, Severity
from diagramgen.located import Place
from diagramgen.report.baseline import fingerprint
from diagramgen.report.facts import Report, RuleFacts, Suppressed
from diagramgen.report.lines import Lines

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Mapping[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""A number within the range that GitHub calls by the severity's name: over 9.0, 7.0-8.9, 4.0-6.9, 0.1-3.9."""


def write_sarif(report: Report, *, width: int = 0, color: bool = False, show_all: bool = True) -> str:
    """The report as a SARIF log with one run; accepted findings are results with a suppression."""
    return json.dumps(_Sarif(report).log(), indent=2, ensure_ascii=False) + "\n"


class _Sarif:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.lines = Lines(report.texts)
        told = [*report.findings, *(suppressed.finding for suppressed in report.suppressed)]
        known = {rule.id: rule for rule in report.rules}
        ids = sorted({*known, *(finding.rule for finding in told)})
        self.rules = [known.get(rid) or RuleFacts(rid, rid, _worst(told, rid)) for rid in ids]
        self.number_of = {rid: number for number, rid in enumerate(ids)}

    def log(self) -> dict[str, Any]:
        results = [self._result(finding) for finding in self.report.findings]
        results += [self._suppressed(suppressed) for suppressed in self.report.suppressed]
        driver = {
            "name": "diagramgen",
            "semanticVersion": __version__,
            "rules": [_rule(rule) for rule in self.rules],
        }
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "artifacts": [
                {"location": _artifact(name), "roles": ["analysisTarget"]} for name in self._files()
            ],
            "invocations": [{"executionSuccessful": True}],
            "results": results,
            "properties": {
                "assumptions": list(self.report.input.assumptions),
                "notUnderstood": dict(self.report.input.not_understood),
                "incomplete": list(self.report.input.incomplete),
                "baselineKnown": self.report.baseline_known,
            },
        }
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}

    def _files(self) -> tuple[str, ...]:
        return tuple(self.report.input.formats)

    def _result(self, finding: Finding) -> dict[str, Any]:
        text = f"{finding.message}\nfix: {finding.fix}" if finding.fix else finding.message
        mark = fingerprint(finding)
        placed = [evidence for evidence in finding.evidence if evidence.place.source]
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self.number_of[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": {"text": text},
            "locations": [self._location(finding, placed[0] if placed else None)],
            "partialFingerprints": {"primaryLocationLineHash": mark, "diagramgen/v1": mark},
            "properties": {"severity": finding.severity, "ids": list(finding.ids)},
        }
        if len(placed) > 1:
            result["relatedLocations"] = [
                {"id": number, **self._physical(evidence.place), **_message(evidence)}
                for number, evidence in enumerate(placed[1:], 1)
            ]
        return result

    def _suppressed(self, suppressed: Suppressed) -> dict[str, Any]:
        said: dict[str, Any] = {
            "kind": "external",
            "status": "accepted",
            "justification": f"{suppressed.reason} (until {suppressed.until})",
        }
        if suppressed.place.source:
            said["location"] = self._physical(suppressed.place)
        return {**self._result(suppressed.finding), "suppressions": [said]}

    def _location(self, finding: Finding, evidence: Evidence | None) -> dict[str, Any]:
        """Where a result is shown: at its first evidence, else in the first file, as every result needs a place."""
        logical = {
            "logicalLocations": [
                {"name": self.report.name(rid), "fullyQualifiedName": rid, "kind": "resource"}
                for rid in finding.ids
            ]
        }
        named = logical if finding.ids else {}
        if evidence is not None:
            return {**self._physical(evidence.place), **_message(evidence), **named}
        files = self._files()
        return {**(self._physical(Place(files[0])) if files else {}), **named}

    def _physical(self, place: Place) -> dict[str, Any]:
        spot = self.lines.spot(place)
        physical: dict[str, Any] = {"artifactLocation": _artifact(place.source)}
        if spot is not None:
            physical["region"] = {"startLine": spot[0], "startColumn": spot[1]}
        return {"physicalLocation": physical}


def _rule(rule: RuleFacts) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {
            "text": f"{rule.title}. To mend it: {rule.fix}." if rule.fix else f"{rule.title}."
        },
        "help": {"text": _help(rule, "{0}"), "markdown": _help(rule, "<{0}>")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", "network", "azure"],
            "precision": "high",
            "problem.severity": "error" if rule.severity in ("critical", "high") else "warning",
            "security-severity": _SCORES[rule.severity],
        },
    }
    if rule.sources:
        said["helpUri"] = rule.sources[0]
    return said


def _help(rule: RuleFacts, link: str) -> str:
    """What to know of a rule, `link` being how an address is written."""
    parts = [f"{rule.title}."]
    if rule.fix:
        parts.append(f"To mend it: {rule.fix}.")
    if rule.sources:
        parts.append("See " + ", ".join(link.format(source) for source in rule.sources))
    if rule.elsewhere:
        parts.append("Like it elsewhere: " + ", ".join(rule.elsewhere))
    return "\n\n".join(parts)


def _message(evidence: Evidence) -> dict[str, Any]:
    return {"message": {"text": evidence.text}} if evidence.text else {}


def _artifact(name: str) -> dict[str, str]:
    """The URI of a source: relative where its name is, so that it fits into a repository.

    >>> _artifact("net works/hub.yaml"), _artifact("/srv/hub.yaml")
    ({'uri': 'net%20works/hub.yaml'}, {'uri': 'file:///srv/hub.yaml'})
    """
    path = name.replace("\\", "/").strip("<>")
    if len(path) > 1 and path[1] == ":":
        path = f"/{path}"
    if path.startswith("/"):
        return {"uri": "file://" + quote(path)}
    return {"uri": quote(str(PurePosixPath(path)))}


def _worst(findings: Iterable[Finding], rule: str) -> Severity:
    return next((finding.severity for finding in findings if finding.rule == rule), "medium")
