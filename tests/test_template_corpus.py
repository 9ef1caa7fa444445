"""Real templates: everything that is in them comes out of them, and both ways to write one give one topology."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from diagramgen.diagnostics import InputError
from diagramgen.model.build import build_topology
from diagramgen.read import Reading, Source, read_records
from diagramgen.read.relaxed import relaxed

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
TEMPLATES = sorted(
    path
    for kind in ("arm-template", "arm-portal-export", "arm-bicep-build")
    for path in (CORPUS / kind).glob("**/*.json")
    if re.match(rb'[^"]*"\$schema": *"[^"]*deploymentTemplate.json', path.read_bytes()[:5000], re.IGNORECASE)
)
PAIRS = [
    (path, symbolic)
    for path in TEMPLATES
    if (symbolic := path.with_suffix(".symbolicnames.json")) in TEMPLATES
]

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def read(path: Path) -> Reading:
    return read_records([Source("template.json", path.read_bytes())])


def sure_types(template: dict[str, Any], outer: str = "") -> Iterator[str]:
    """The types that a template deploys in any case, told from its raw JSON: no condition, no loop, nothing nested in
    either."""
    listed = template.get("resources")
    for one in listed.values() if isinstance(listed, dict) else listed or ():
        if one.keys() & {"condition", "copy", "existing", "import", "extension"}:
            continue
        kind = one["type"].lower()
        kind = f"{outer}/{kind}" if outer and not kind.startswith("microsoft.") else kind
        properties = one.get("properties")
        if kind != "microsoft.resources/deployments":
            yield kind
            yield from sure_types(one, kind)
        elif isinstance(properties, dict) and isinstance(properties.get("template"), dict):
            yield from sure_types(properties["template"])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_no_type_of_resource_is_lost(path: Path) -> None:
    template = orjson.loads(relaxed(path.read_text(encoding="utf-8-sig")))
    expected = set(sure_types(template))
    expected = {"microsoft.resources/subscriptions/resourcegroups" if kind == "microsoft.resources/resourcegroups"
                else re.sub(r".*/providers/", "", kind) for kind in expected}  # fmt: skip
    try:
        found = {record.type for record in read(path).records}
    except InputError as problem:
        codes = {d.code for d in problem.diagnostics if d.severity == "error"}
        assert codes == {"nothing-to-draw"}, problem
        assert not any(kind.startswith("microsoft.network/virtualnetworks") for kind in expected)
        return
    assert {kind for kind in expected if kind.count("/") == 1} <= found


@pytest.mark.parametrize(("listed", "symbolic"), PAIRS, ids=lambda path: path.name)
def test_lists_and_symbolic_names_give_one_topology(listed: Path, symbolic: Path) -> None:
    first, second = (build_topology(read(path)) for path in (listed, symbolic))
    for name in first._fields:
        if name != "records":
            assert without_places(getattr(first, name)) == without_places(getattr(second, name)), name


def without_places(value: Any) -> Any:
    """The same without the places in the file, which differ."""
    if hasattr(value, "_asdict"):
        if {"source", "path"} <= set(value._fields):
            return None
        return {name: without_places(inner) for name, inner in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [without_places(inner) for inner in value]
    if hasattr(value, "items"):
        return {key: without_places(inner) for key, inner in value.items()}
    return value
