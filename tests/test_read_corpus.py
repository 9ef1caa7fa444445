"""Real files: everything that is in them comes out of them, counted without the readers' help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from diagramgen.diagnostics import InputError
from diagramgen.read import Source, key_of, read_records

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
COUNTED = (
    "virtualnetworks",
    "virtualnetworks/subnets",
    "virtualnetworks/virtualnetworkpeerings",
    "networksecuritygroups",
    "networksecuritygroups/securityrules",
    "networksecuritygroups/defaultsecurityrules",
    "routetables/routes",
)


def files(*kinds: str) -> list[Path]:
    return sorted(f for kind in kinds for f in (CORPUS / kind).glob("**/*") if f.is_file())


def bodies(value: Any) -> Iterator[str]:
    """The ids of all objects that have properties, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str) and isinstance(value.get("properties"), dict):
            yield key_of(value["id"])
        for inner in value.values():
            yield from bodies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from bodies(inner)


def counted(keys: set[str]) -> Counter[str]:
    """How many ids there are of each type that is counted, told from the ids alone."""
    count: Counter[str] = Counter()
    for key in keys:
        steps = key.partition("/providers/microsoft.network/")[2].split("/")
        count["/".join(steps[::2])] += 1
    return Counter({kind: count[kind] for kind in COUNTED if count[kind]})


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    "path",
    files("rest-list", "rest-assembled", "rest-get", "arg"),
    ids=lambda path: str(path.relative_to(CORPUS)),
)
def test_nothing_in_a_real_file_is_lost(path: Path) -> None:
    there = counted(set(bodies(orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf")))))
    try:
        reading = read_records([Source(path.name, path.read_bytes())])
    except InputError as problem:
        assert not there, problem
        return
    assert counted({record.id for record in reading.records}) == there
    assert reading.records


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("path", files("."), ids=str)
def test_every_file_of_the_corpus_is_read_or_refused_with_reasons(path: Path) -> None:
    try:
        read_records([Source(path.name, path.read_bytes())])
    except InputError as problem:
        assert all(d.message for d in problem.diagnostics)
