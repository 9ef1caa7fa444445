"""A spec's text -> records: the stages of reading, in order.

    load_yaml      text     -> plain values       knows YAML
    check          values   -> checked values     knows the definitions in `language`
    merge_specs    checked  -> checked            several files as one
    declare_names  checked  -> NameTable          knows what is called what
    lower          names    -> Record...          knows what Azure calls it

Every stage goes on after an error where it can, so that one run shows all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError, near_miss
from diagramgen.located import Place
from diagramgen.read.record import Reading, Record
from diagramgen.read.spec.check import Report, check, kind_of, shorten
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.language import SPEC, looks_like_spec
from diagramgen.read.spec.loading import load_yaml
from diagramgen.read.spec.lower import lower
from diagramgen.read.spec.merge import merge_specs
from diagramgen.read.spec.shapes import Told

MOST_ERRORS = 1000
_BEGINNINGS = "a spec starts with `subscriptions:` or `vnets:`; `diagramgen init` writes a first one"


def read_spec(source_name: str, text: str) -> Reading:
    """The records that a spec says, sorted by id, and what there is to warn of.

    Raises:
        InputError: the text is no spec, or has errors: all of them at once.
    """
    return read_specs({source_name: text})


def read_specs(texts: Mapping[str, str]) -> Reading:
    """The records of a spec that may be split into several files: names hold across all of them.

    Raises:
        InputError: a text is no spec, or there are errors: those of all files at once.
    """
    found = _Found()
    try:
        records = _read(texts, found)
    except _TooMany:
        records = ()
    if any(d.severity == "error" for d in found.diagnostics):
        raise InputError(found.diagnostics)
    return Reading(records, tuple(found.diagnostics), dict(texts), dict.fromkeys(texts, "spec"))


class _TooMany(Exception):
    """More errors than anyone reads."""


class _Found:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def __call__(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)
        if len(self.diagnostics) >= MOST_ERRORS:
            self.diagnostics.append(
                Diagnostic("note", "too-many", f"there may be more: reading stopped after {MOST_ERRORS:,}")
            )
            raise _TooMany


def checked_specs(texts: Mapping[str, str], found: Report) -> Told | None:
    """What all the texts say together, checked and not yet lowered; None if there is nothing to go on with."""
    specs = [spec for source, text in sorted(texts.items()) if (spec := _check_text(source, text, found))]
    return merge_specs(specs, found) if specs else None


def _read(texts: Mapping[str, str], found: _Found) -> tuple[Record, ...]:
    spec = checked_specs(texts, found)
    return lower(spec, declare_names(spec, found), found) if spec is not None else ()


def _check_text(source: str, text: str, found: Report) -> Told | None:
    """The checked values of one file, or None if there is nothing to go on with."""
    try:
        value, problems = load_yaml(source, text.removeprefix("\ufeff"))
    except InputError as error:
        problems = list(error.diagnostics)
        for problem in problems:
            found(problem)
        return None
    for problem in problems:
        found(problem)
    root = Place(source)
    if not looks_like_spec(value):
        found(_not_a_spec(value, root))
        return None
    checked = check(SPEC, value, root, found)
    return checked if isinstance(checked, Told) else None


def _not_a_spec(value: Any, root: Place) -> Diagnostic:
    if value is None or value == {} or value == []:
        return Diagnostic(
            "error", "empty", "there is nothing in this file", root, (_BEGINNINGS,), line=1, column=1
        )
    if not isinstance(value, dict):
        kind = kind_of(value) if isinstance(value, list) else "a text, which may be a secret and is not shown"
        line = 1 if isinstance(value, list) else None
        return Diagnostic(
            "error",
            "not-a-spec",
            f"this is YAML, and no spec: it holds {kind}",
            root,
            (_BEGINNINGS,),
            line=line,
        )
    keys = list(value)
    listed = ", ".join(f"`{shorten(k, 40)}`" for k in keys[:5]) + (" ..." if len(keys) > 5 else "")
    close = next((f"did you mean `{c}`?" for k in keys[:20] if (c := near_miss(k, tuple(SPEC.fields)))), "")
    hints = (close, _BEGINNINGS) if close else (_BEGINNINGS,)
    return Diagnostic(
        "error",
        "not-a-spec",
        f"this is YAML, and no spec: its keys are {listed}",
        (root / keys[0]).key,
        hints,
    )
