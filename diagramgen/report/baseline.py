"""The baseline: findings that were there before, so that only new ones count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from diagramgen.analyse.verdicts import Finding
from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place

VERSION = 1


def fingerprint(finding: Finding) -> str:
    """What makes a finding the same one in another run: its rule, what it is about, and what it rests on.

    Lines may move and messages change. A security rule that is widened is new evidence, and so is a finding of higher
    severity: both are new findings.
    """
    rests_on = sorted({(evidence.id, evidence.text) for evidence in finding.evidence})
    said = [finding.rule, finding.severity, sorted(set(finding.ids)), rests_on]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def without_known(findings: Iterable[Finding], known: frozenset[str]) -> tuple[tuple[Finding, ...], int]:
    """The findings that a baseline does not know, and how many it knows."""
    every = tuple(findings)
    new = tuple(finding for finding in every if fingerprint(finding) not in known)
    return new, len(every) - len(new)


def write_baseline(findings: Iterable[Finding]) -> str:
    """The baseline file for these findings: JSON that a person can review, in an order that does not change."""
    entries = {
        fingerprint(finding): {"rule": finding.rule, "ids": list(finding.ids), "message": finding.message}
        for finding in findings
    }
    ordered = sorted(entries.items(), key=lambda item: (item[1]["rule"], item[1]["ids"], item[0]))
    listed = [{"fingerprint": mark, **entry} for mark, entry in ordered]
    return (
        json.dumps({"diagramgen-baseline": VERSION, "findings": listed}, indent=2, ensure_ascii=False) + "\n"
    )


def read_baseline(name: str, text: str) -> frozenset[str]:
    """The fingerprints of a baseline file.

    Raises:
        InputError: the text is no baseline, or one of a later version of the program.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise _error(name, "this is no baseline: it is not JSON") from None
    version = said.get("diagramgen-baseline") if isinstance(said, dict) else None
    if version is None:
        raise _error(name, "this is no baseline: it has no key `diagramgen-baseline`")
    if version != VERSION:
        raise _error(name, f"a baseline of version `{version}`, and this program knows version {VERSION}")
    entries = said.get("findings")
    if not isinstance(entries, list):
        raise _error(name, "the baseline has no list `findings`")
    marks = set()
    for at, entry in enumerate(entries):
        mark = entry.get("fingerprint") if isinstance(entry, dict) else None
        if not isinstance(mark, str):
            raise _error(name, "an entry of the baseline has no `fingerprint`", "findings", at)
        marks.add(mark)
    return frozenset(marks)


def _error(name: str, message: str, *path: str | int) -> InputError:
    hint = "`--write-baseline FILE` writes one"
    return InputError([Diagnostic("error", "baseline", message, Place(name, path), (hint,))])
