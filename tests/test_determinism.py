"""The same estate gives the same bytes: on every run, in any order, in one file or in many."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, diagramgen
from drawn_plans import analysis_of, drawn
from gallery import EXAMPLES

from diagramgen.layout.plan import Plan
from diagramgen.pipeline import draw, view_names
from diagramgen.read.spec import init_spec
from diagramgen.read.spec.loading import load_yaml
from diagramgen.system import load_icons, read_theme
from diagramgen.write import Drawing, write_drawing

EXPORT = ROOT / "examples/contoso-estate.json"
ROWS = json.loads(EXPORT.read_bytes())["data"]
SPECS = [example for example in EXAMPLES if example.suffix == ".yaml"]
THEME = read_theme()
SEEDS = range(4)


def svg_of(sources: Mapping[str, bytes]) -> bytes:
    plan, scene = draw(analysis_of(sources), THEME, None, "estate")
    return write_drawing(Drawing(plan, scene, load_icons(scene.icons)), ".svg")


def answer(rows: Iterable[Any]) -> bytes:
    """Rows as Resource Graph answers them."""
    listed = list(rows)
    return json.dumps({"count": len(listed), "data": listed, "total_records": len(listed)}).encode()


def shuffled(value: Any, lot: random.Random) -> Any:
    """The value with every mapping's keys and every list of objects in another order."""
    if isinstance(value, dict):
        keys = list(value)
        lot.shuffle(keys)
        return {key: shuffled(value[key], lot) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, lot) for item in value]
        if all(isinstance(item, dict) and "id" in item for item in items):
            lot.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.name))
def test_no_order_of_a_set_or_hash_shows_in_any_format(example: Path, tmp_path: Path) -> None:
    seen: dict[str, set[bytes]] = {}
    for seed in ("0", "1", "4242"):
        targets = [tmp_path / f"{seed}{suffix}" for suffix in (".svg", ".json", ".dot")]
        wanted = [word for target in targets for word in ("-o", target)]
        done = diagramgen("render", example, *wanted, folder=tmp_path, env={"PYTHONHASHSEED": seed})
        assert done.code == 0, done.err
        for target in targets:
            seen.setdefault(target.suffix, set()).add(target.read_bytes())
    assert {suffix: len(drawings) for suffix, drawings in seen.items()} == {".svg": 1, ".json": 1, ".dot": 1}


def test_a_bitmap_is_the_same_twice(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        assert (
            diagramgen("render", ROOT / "examples/single-vnet-tiers.yaml", "-o", name, folder=tmp_path).code
            == 0
        )
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.fixture(scope="module")
def as_exported() -> bytes:
    return svg_of({"rows.json": answer(ROWS)})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_and_of_lists_in_them_does_not_matter(seed: int, as_exported: bytes) -> None:
    lot = random.Random(seed)
    rows = shuffled(ROWS, lot)
    lot.shuffle(rows)
    assert svg_of({"rows.json": answer(rows)}) == as_exported


@pytest.mark.parametrize("seed", SEEDS)
def test_one_file_or_many_does_not_matter(seed: int, as_exported: bytes) -> None:
    lot = random.Random(seed)
    parts: list[list[Any]] = [[] for _ in range(5)]
    for row in ROWS:
        lot.choice(parts).append(row)
    files = {f"{n}.json": answer(part) for n, part in enumerate(parts) if part}
    assert svg_of(files) == as_exported
    assert svg_of(dict(reversed(files.items()))) == as_exported


def test_the_same_resources_given_twice_are_one(as_exported: bytes) -> None:
    assert svg_of({"a.json": answer(ROWS), "b.json": answer(reversed(ROWS))}) == as_exported


def test_the_case_of_ids_joins_nothing_anew(as_exported: bytes) -> None:
    """Azure writes one id in many ways; only names are drawn as written, so these stay."""
    text = (
        answer(ROWS)
        .decode()
        .replace("/resourceGroups/", "/RESOURCEGROUPS/")
        .replace("/providers/", "/Providers/")
    )
    assert svg_of({"rows.json": text.encode()}) == as_exported


def reordered(value: Any, lot: random.Random, key: str = "") -> Any:
    """The spec's values with all keys and lists in another order; `order` and addresses of DNS servers mean theirs."""
    if isinstance(value, dict):
        keys = list(value)
        lot.shuffle(keys)
        return {name: reordered(value[name], lot, name) for name in keys}
    if isinstance(value, list):
        items = [reordered(item, lot) for item in value]
        if key not in ("order", "dns_servers"):
            lot.shuffle(items)
        return items
    return value


def plans_of(text: str) -> Mapping[str | None, Plan]:
    """Every view of a spec, and the whole of it."""
    analysis = analysis_of({"spec.yaml": text.encode()})
    views = (None, *view_names(analysis.topology))
    return {view: draw(analysis, THEME, view, "spec")[0] for view in views}


def plan_of(text: str, view: str | None = None) -> Plan:
    return draw(analysis_of({"spec.yaml": text.encode()}), THEME, view, "spec")[0]


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: str(path.stem))
def test_the_order_of_keys_and_lists_in_a_spec_does_not_matter(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    expected = plans_of(text)
    value, _ = load_yaml(spec.name, text)
    for seed in SEEDS:
        again = json.dumps(reordered(value, random.Random(seed)), ensure_ascii=False)
        for view, plan in plans_of(again).items():
            assert plan == expected[view], view


@pytest.mark.parametrize("pattern", ["single-vnet", "hub-spoke"])
def test_a_plan_is_the_same_twice_in_one_process(pattern: str) -> None:
    assert plan_of(init_spec(pattern)) == plan_of(init_spec(pattern))


def test_a_view_draws_the_same_whether_others_were_drawn_before() -> None:
    text = (ROOT / "examples/reference-architecture.yaml").read_text(encoding="utf-8")
    alone = plan_of(text, "on-premises")
    plan_of(text, "nsg-asg")
    assert plan_of(text, "on-premises") == alone


def test_nothing_of_this_machine_is_in_a_drawing(tmp_path: Path) -> None:
    _, scene = drawn("reference-architecture", None)
    text = write_drawing(Drawing(drawn("reference-architecture", None)[0], scene, {}), ".svg").decode()
    assert str(ROOT) not in text and "/usr/" not in text and "/tmp" not in text
