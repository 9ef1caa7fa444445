"""The report for other programs: everything in it, ids as in the drawing, keys as docs/contract says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from diagramgen.analyse.verdicts import ASSUMPTIONS, AllowedFlow, Boundary, Evidence, Finding
from diagramgen.located import Place
from diagramgen.model.topology import Acceptance
from diagramgen.model.traffic import describe, service_text
from diagramgen.report.baseline import fingerprint
from diagramgen.report.facts import Report
from diagramgen.report.lines import Lines


def write_json(report: Report, *, width: int = 0, color: bool = False, show_all: bool = True) -> str:
    """The report as indented JSON; the options that layout knows mean nothing here, nothing is ever folded."""
    lines = Lines(report.texts)
    said = {
        "title": report.title,
        "summary": [row._asdict() for row in report.levels],
        "boundaries": [_boundary(report, boundary, lines) for boundary in report.boundaries],
        "deciding_rules": _deciding(report, lines),
        "omitted": [{"level": level, "pairs": number} for level, number in report.omitted],
        "matrix": _matrix(report),
        "findings": [_finding(finding, lines) for finding in report.findings],
        "accepted": [
            {
                **_finding(s.finding, lines),
                "reason": s.reason,
                "until": s.until,
                "place": _place(s.place, lines),
            }
            for s in report.suppressed
        ],
        "accepted_boundaries": [_acceptance(a, lines) for a in report.accepted.values()],
        "expired": [_acceptance(acceptance, lines) for acceptance in report.expired],
        "unused": [_acceptance(acceptance, lines) for acceptance in report.unused],
        "baseline_known": report.baseline_known,
        "fail_on": report.fail_on,
        "failing": len(report.failing),
        "rules": [rule._asdict() for rule in report.rules],
        "names": dict(report.names),
        "input": _input(report),
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _boundary(report: Report, boundary: Boundary, lines: Lines) -> dict[str, Any]:
    said: dict[str, Any] = {
        "level": boundary.level,
        "a": boundary.a,
        "b": boundary.b,
        "status": boundary.status,
        "severity": boundary.severity,
        "by": list(boundary.by),
        "by_ids": list(boundary.by_ids),
        "allowed": [_flow(flow) for flow in boundary.flows],
        "rules": list(dict.fromkeys(rule.id for rule in boundary.rules)),
        "assumptions": list(boundary.assumptions),
        "reason": boundary.reason,
        "accepted": report.is_accepted(boundary),
    }
    if boundary.directions:
        said["directions"] = dict(boundary.directions)
    if boundary.declared:
        said["declared"] = {"status": boundary.declared, **_place(boundary.declared_place, lines)}
    return said


def _deciding(report: Report, lines: Lines) -> dict[str, Any]:
    """The rules that boundaries and their flows name, by id, with their places."""
    found: dict[str, Any] = {}
    for boundary in report.boundaries:
        for rule in (*boundary.rules, *(rule for flow in boundary.flows for rule in flow.rules)):
            if rule.id not in found:
                found[rule.id] = {
                    "name": rule.name,
                    "kind": rule.kind,
                    "control": rule.control,
                    "control_name": rule.control_name,
                    "access": rule.access,
                    "text": rule.text,
                    **(_place(rule.place, lines) if rule.place.source else {}),
                }
    return dict(sorted(found.items()))


def _flow(flow: AllowedFlow) -> dict[str, Any]:
    return {
        "from": flow.source,
        "to": flow.target,
        "services": service_text(flow.packets.services) if flow.packets else "",
        "packets": list(describe(flow.packets)),
        "rules": [rule.id for rule in flow.rules],
        "way": [{"kind": hop.kind, "id": hop.id, "route": hop.route} for hop in flow.way],
        "specific": flow.is_specific,
        "sure": flow.is_sure,
        "reason": flow.reason,
    }


def _matrix(report: Report) -> dict[str, Any]:
    matrix = report.matrix
    return {
        "zones": list(matrix.zones),
        "blocks": [{"frame": block.frame, "zones": list(block.zones)} for block in matrix.blocks],
        "cells": [
            {"from": source, "to": target, "status": cell.status, "services": cell.text}
            for (source, target), cell in sorted(matrix.cells.items())
        ],
    }


def _finding(finding: Finding, lines: Lines) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "ids": list(finding.ids),
        "message": finding.message,
        "evidence": [_evidence(evidence, lines) for evidence in finding.evidence],
        "fix": finding.fix,
        "fingerprint": fingerprint(finding),
    }


def _evidence(evidence: Evidence, lines: Lines) -> dict[str, Any]:
    return {**_place(evidence.place, lines), "text": evidence.text, "id": evidence.id}


def _place(place: Place, lines: Lines) -> dict[str, Any]:
    """File, line and column (null where they are not known), and the path of keys as a JSON Pointer (RFC 6901)."""
    spot = lines.spot(place)
    line, column = spot if spot else (None, None)
    return {"file": place.source, "line": line, "column": column, "path": pointer(place)}


def pointer(place: Place) -> str:
    """The keys of a place as a JSON Pointer, https://www.rfc-editor.org/rfc/rfc6901.

    >>> pointer(Place("a.yaml", ("nsgs", "a/b", "rules", 0)))
    '/nsgs/a~1b/rules/0'
    """
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in place.path)


def _acceptance(acceptance: Acceptance, lines: Lines) -> dict[str, Any]:
    return {
        "rule": acceptance.rule,
        "ids": list(acceptance.ids),
        "between": acceptance.is_between,
        "reason": acceptance.reason,
        "until": acceptance.until,
        **_place(acceptance.place, lines),
    }


def _input(report: Report) -> Mapping[str, Any]:
    facts = report.input
    return {
        "files": [{"name": name, "format": kind} for name, kind in facts.formats.items()],
        "counts": dict(facts.counts),
        "not_understood": dict(facts.not_understood),
        "incomplete": list(facts.incomplete),
        "assumptions": [{"code": code, "means": ASSUMPTIONS.get(code, "")} for code in facts.assumptions],
        "capabilities": [{"what": what, "state": state} for what, state in facts.capabilities],
        "service_tags": facts.service_tags,
    }
