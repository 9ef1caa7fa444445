"""A scope shows a part of an estate: the rest that is joined with it stays as ghosts, and no verdict changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from command import ROOT, diagramgen

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import (
    Scope,
    Source,
    analyse_topology,
    build_topology,
    choose_view,
    cut_out,
    read_records,
)
from diagramgen.view.sketch import Box

ESTATE = ROOT / "examples" / "contoso-estate.json"
SPEC = """
management_groups: {Landing zones: , Corp: {parent: Landing zones}}
subscriptions:
  Platform:
    vnets: {Hub: {address: 10.0.0.0/16, subnets: {Jump: {address: 10.0.1.0/24, resources: {Jump host: vm}}}}}
  Shop:
    management_group: Corp
    vnets:
      Web shop: {address: 10.1.0.0/16, subnets: {Web: {address: 10.1.1.0/24, resources: {Server: vm}}}}
      Alone: {address: 10.2.0.0/16, subnets: {Batch: {address: 10.2.1.0/24}}}
  Lab:
    vnets: {Lab: {address: 10.3.0.0/16, subnets: {Bench: {address: 10.3.1.0/24}}}}
peerings: [Hub <-> Web shop, Hub <-> Lab]
"""


def boxes(scope: Scope, text: str = SPEC) -> dict[str, str]:
    """The style of each box that the scope leaves, by name."""
    analysis = analyse_topology(build_topology(read_records([Source("estate.yaml", text.encode())])))
    sketch = choose_view(analysis, None, cut_out(analysis.topology, scope))
    return {box.name: box.style for box in flat(sketch.roots)}


def flat(found: Iterable[Box]) -> Iterable[Box]:
    for box in found:
        yield box
        yield from flat(box.children)


def test_a_subscription_is_shown_with_ghosts_of_what_it_is_joined_with() -> None:
    found = boxes(Scope(subscriptions=("shop",)))
    assert {"Web shop", "Web", "Server", "Alone", "Batch"} <= found.keys()
    assert found["Hub"] == found["Platform"] == "ghost"
    assert found["Web shop"] != "ghost"
    assert not {"Jump", "Jump host", "Lab", "Bench"} & found.keys()


def test_a_vnet_is_shown_in_its_subscription() -> None:
    found = boxes(Scope(vnets=("alone",)))
    assert "Batch" in found and found["Shop"] != "ghost"
    assert not {"Hub", "Web shop", "Lab"} & found.keys()


def test_a_management_group_is_all_below_it() -> None:
    found = boxes(Scope(management_groups=("Landing*",)))
    assert {"Shop", "Web", "Batch"} <= found.keys()
    assert found["Hub"] == "ghost" and "Lab" not in found


def test_several_kinds_narrow_each_other_and_several_of_one_are_alternatives() -> None:
    assert "Batch" not in boxes(Scope(subscriptions=("Shop",), vnets=("Web*", "Lab")))
    assert {"Batch", "Bench"} <= boxes(Scope(vnets=("Alone", "Lab"))).keys()


def test_what_is_excluded_goes_with_what_it_holds_and_stays_as_a_ghost_where_it_is_joined() -> None:
    found = boxes(Scope(excluded=("Hub", "Alone")))
    assert found["Hub"] == "ghost" and "Jump" not in found and "Alone" not in found and "Bench" in found


@pytest.mark.parametrize(
    ("pattern", "fits"), [("env", True), ("ENV=prod", True), ("env=p*", True), ("env=dev", False)]
)
def test_a_tag_chooses_what_has_it_and_what_that_holds(pattern: str, fits: bool) -> None:
    rows = [
        {"id": f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/{name}", "name": name,
         "type": "microsoft.network/virtualnetworks", "tags": {"Env": tag}, "properties": {
             "addressSpace": {"addressPrefixes": [f"10.{n}.0.0/16"]},
             "subnets": [{"name": f"in-{name}", "properties": {"addressPrefix": f"10.{n}.0.0/24"}}]}}
        for n, (name, tag) in enumerate([("a", "Prod"), ("b", "test")])
    ]  # fmt: skip
    if not fits:
        with pytest.raises(InputError):
            boxes(Scope(tags=(pattern,)), json.dumps(rows))
        return
    found = boxes(Scope(tags=(pattern,)), json.dumps(rows))
    assert "in-a" in found
    assert ("in-b" in found) == (pattern == "env")


def test_a_pattern_that_fits_nothing_is_an_error_with_the_near_miss(tmp_path: Path) -> None:
    done = diagramgen("render", ESTATE, "--vnet", "vnet-hug-weu", "-o", "a.svg", folder=tmp_path)
    assert done.code == 2
    assert "`--vnet vnet-hug-weu` fits nothing in the input" in done.err
    assert "did you mean `vnet-hub-weu`?" in done.err
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.parametrize(
    ("scope", "hint"),
    [
        (
            ("--subscription", "Shp"),
            "known here: `Contoso Connectivity`, `Contoso Development`, `Contoso ERP ",
        ),
        (("--tag", "env=prod"), "nothing in the input has tags"),
    ],
)
def test_a_pattern_without_a_near_miss_is_told_what_there_is(
    scope: tuple[str, str], hint: str, tmp_path: Path
) -> None:
    assert hint in diagramgen("render", ESTATE, *scope, folder=tmp_path).err


def test_scopes_that_exclude_each_other_leave_nothing_and_say_so(tmp_path: Path) -> None:
    done = diagramgen(
        "render",
        ESTATE,
        "--vnet",
        "vnet-hub-weu",
        "--exclude",
        "vnet-hub-weu",
        "-o",
        "a.svg",
        folder=tmp_path,
    )
    assert done.code == 2 and "leaves nothing" in done.err


def test_verdicts_inside_a_scope_are_those_of_the_whole_estate(tmp_path: Path) -> None:
    whole = json.loads(diagramgen("check", ESTATE, "--format", "json", folder=tmp_path).out)
    part = json.loads(
        diagramgen("check", ESTATE, "--format", "json", "--resource-group", "rg-erp-*", folder=tmp_path).out
    )
    known = {(b["level"], b["a"], b["b"]): b["status"] for b in whole["boundaries"]}
    assert 0 < len(part["boundaries"]) < len(known)
    assert all(known[b["level"], b["a"], b["b"]] == b["status"] for b in part["boundaries"])
    assert all(
        any("rg-erp-" in rid for rid in (b["a"], b["b"])) for b in part["boundaries"] if b["level"] != "paas"
    )
