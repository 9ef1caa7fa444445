"""The test vectors of Azure's segmentation, each expanded into a whole estate and put to the program.

    python tests/vectors.py         prints a table: id, kind, what is expected, what the program says

The vectors stand beside the project, not in it: `../shared/segmentation-vectors.yaml` from its root; where the file is
absent, the tests that need it are skipped. Vectors are short; `cases_*` in `simulator` say what each kind means as
resources.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from simulator.cases import Case
from simulator.cases_filters import expand_firewall, expand_nsg, expand_route
from simulator.cases_hubs import CHANGES, expand_hubs, is_of_hubs

Json = Mapping[str, Any]
FILE = Path(__file__).resolve().parents[2] / "shared" / "segmentation-vectors.yaml"


class Vector(NamedTuple):
    """A vector as the file has it, what `as XX-nn` means filled in."""

    id: str
    kind: str
    title: str
    basis: str
    given: Json
    flow: Json
    expect: Json


def load() -> list[Vector]:
    """The vectors of the file; none where it is absent."""
    if not FILE.is_file():
        return []
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["vectors"]
    by_id = {row["id"]: row for row in rows}
    return [
        Vector(row["id"], row["kind"], row["title"], row["basis"], _given(row, by_id), row.get("flow") or {},
               row["expect"])
        for row in rows
    ]  # fmt: skip


def _given(row: Json, by_id: Json) -> Json:
    given = row.get("given") or {}
    if not isinstance(given, str):
        return copy.deepcopy(given)
    _, base, *rest = given.split(" ", 2)
    found = copy.deepcopy(by_id[base]["given"])
    CHANGES[" ".join(rest)](found)
    return found


def _nsg(vector: Vector) -> Case:
    return expand_nsg(vector.given, vector.flow)


def _route(vector: Vector) -> Case:
    return expand_route(vector.given, vector.flow)


def _firewall(vector: Vector) -> Case:
    return expand_firewall(vector.given, vector.flow or None)


def _hubs(vector: Vector) -> Case | None:
    return expand_hubs(vector.given, vector.flow) if is_of_hubs(vector.given) else None


EXPANSIONS: Mapping[str, tuple[Callable[[Vector], Case | None], ...]] = {
    "nsg": (_nsg,),
    "route": (_route,),
    "firewall": (_firewall,),
    "flow": (_hubs,),
    "boundary": (_hubs,),
}
"""By a vector's kind the expansions to try, in order; None of one means that it is for the next."""


def expand(vector: Vector) -> Case | None:
    """The vector as a whole estate, or None where no expansion knows it."""
    for expansion in EXPANSIONS.get(vector.kind, ()):
        case = expansion(vector)
        if case is not None:
            return case
    return None
