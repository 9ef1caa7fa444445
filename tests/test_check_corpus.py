"""`check` on real exports: it ends on every file, and sees as many networks and rules as the raw JSON holds.

The files lie beside the project, where they are; the counts are made from the JSON alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diagramgen import pipeline
from diagramgen.diagnostics import InputError
from diagramgen.read import Source
from diagramgen.report import WRITERS, apply_acceptances, build_report

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.json")) if CORPUS.is_dir() else []
if not FILES:
    pytest.skip("the corpus is not beside the project", allow_module_level=True)
COUNTED_FOLDERS = ("arg", "rest-assembled", "rest-get", "rest-list")
KINDS = {
    "microsoft.network/virtualnetworks": r"/virtualnetworks/[^/]+$",
    "microsoft.network/virtualnetworks/subnets": r"/virtualnetworks/[^/]+/subnets/[^/]+$",
    "microsoft.network/virtualnetworks/virtualnetworkpeerings": r"/virtualnetworks/[^/]+/virtualnetworkpeerings/[^/]+$",
    "microsoft.network/networksecuritygroups/securityrules": r"/networksecuritygroups/[^/]+/securityrules/[^/]+$",
}


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_check_ends_on_every_file_with_a_report(file: Path) -> None:
    try:
        reading = pipeline.read_records([Source(file.name, file.read_bytes())])
    except InputError:
        return
    topology = pipeline.build_topology(reading)
    boundaries, findings = pipeline.check_topology(pipeline.analyse_topology(topology))
    assert all(boundary.status for boundary in boundaries) and all(finding.message for finding in findings)
    applied = apply_acceptances(findings, boundaries, topology.acceptances, "2000-01-01")
    report = build_report(reading, topology, boundaries, applied)
    assert all(write(report, width=100, color=False, show_all=True) for write in WRITERS.values())


COUNTED = [file for file in FILES if any(folder in file.parts for folder in COUNTED_FOLDERS)]


@pytest.mark.parametrize("file", COUNTED, ids=[f"{file.parent.name}/{file.name}" for file in COUNTED])
def test_check_sees_what_the_file_holds(file: Path) -> None:
    try:
        topology = pipeline.build_topology(pipeline.read_records([Source(file.name, file.read_bytes())]))
    except InputError:
        return
    seen = Counter(r.type for r in topology.resources.values() if not r.is_ghost and r.type in KINDS)
    assert dict(seen) == counted(json.loads(file.read_text(encoding="utf-8-sig")))


def counted(told: Any) -> dict[str, int]:
    """How many different things of each kind the JSON describes; a bare reference describes nothing."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for each in objects(told):
        rid = each.get("id")
        if not isinstance(rid, str) or not is_described(each):
            continue
        for kind, pattern in KINDS.items():
            if re.search(pattern, rid.lower().rstrip("/")):
                found[kind].add(rid.lower().rstrip("/"))
    return {kind: len(ids) for kind, ids in found.items() if ids}


def objects(told: Any) -> Iterator[dict[str, Any]]:
    """Every object in the JSON."""
    if isinstance(told, dict):
        yield told
        for inner in told.values():
            yield from objects(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from objects(inner)


def is_described(each: dict[str, Any]) -> bool:
    """Whether an object says more of a thing than which it is."""
    return bool(set(each) - {"id", "resourceGroup", "name", "type"})
