"""`--overlay` lays a team's own words over a fresh export; what no longer matches is told and left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import ROOT, diagramgen

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.model.topology import Topology
from diagramgen.pipeline import Source, analyse_topology, build_topology, lay_over, read_records

ESTATE = ROOT / "examples" / "contoso-estate.json"


def laid(text: str) -> tuple[Topology, list[Diagnostic]]:
    reading = read_records([Source(ESTATE.name, ESTATE.read_bytes())])
    known = len(reading.diagnostics)
    reading = lay_over(reading, [Source("notes.yaml", text.encode())])
    return build_topology(reading), list(reading.diagnostics[known:])


def test_title_notes_sites_views_and_layout_are_taken() -> None:
    topology, said = laid("""
title: Contoso, reviewed
notes: [{on: vnet-hub-weu, text: The hub}, Reviewed in May]
on_premises: {Amsterdam: {address: 192.168.0.0/16, users: [Staff]}}
views: {shop: {show: [Contoso Web Shop], focus: [vnet-shop-prod-weu/snet-web]}}
layout: {order: [Contoso Web Shop]}
""")
    assert not said
    assert topology.document["title"] == "Contoso, reviewed"
    assert {text for _, text in topology.notes} == {"The hub", "Reviewed in May"}
    assert any(rid.endswith("/virtualnetworks/vnet-hub-weu") for rid, _ in topology.notes)
    assert "Amsterdam" in {site.label for site in topology.sites}
    assert topology.views["shop"]["focus"][0].endswith("/vnet-shop-prod-weu/subnets/snet-web")
    assert topology.layout["order"][0].startswith("/subscriptions/")


def test_a_site_stands_for_what_azure_knows_of_it() -> None:
    topology, said = laid("on_premises: {Amsterdam: {users: [Staff], stands_for: lgw-amsterdam}}")
    (site,) = topology.sites
    assert not said
    assert site.label == "Amsterdam" and site.users == ("Staff",)
    assert [machine[1] for machine in site.machines] == ["lgw-amsterdam"]


def test_an_overlay_changes_no_verdict() -> None:
    bare = build_topology(read_records([Source(ESTATE.name, ESTATE.read_bytes())]))
    topology, _ = laid(
        "title: T\nnotes: [{on: vnet-hub-weu, text: The hub}]\nviews: {hub: {show: [vnet-hub-weu]}}\n"
    )
    before, after = (
        [(b.level, b.a, b.b, b.status) for b in analyse_topology(t).boundaries()] for t in (bare, topology)
    )
    assert before == after


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("notes: [{on: vnet-gone, text: x}]", "nothing here is called `vnet-gone`"),
        ("notes: [{on: snet-web, text: x}]", "`snet-web` is the name of 2 things"),
        ("views: {v: {show: [vnet-hub-weu, vnet-gone]}}", "nothing here is called `vnet-gone`"),
        ("views: {v: {show: ['gone-*']}}", "nothing here fits `gone-*`"),
        ("layout: {order: [vnet-gone]}", "nothing here is called `vnet-gone`"),
        ("groups: {G: {members: [vnet-gone, vnet-hub-weu]}}", "`vnet-gone`"),
        ("flows: [vnet-gone -> vnet-hub-weu]", "nothing here is called `vnet-gone`"),
    ],
)
def test_what_no_longer_matches_is_a_warning_with_its_place(entry: str, word: str) -> None:
    _, said = laid(f"title: T\n{entry}\n")
    assert [d.severity for d in said] == ["warning"]
    assert word in said[0].message
    assert said[0].place is not None and said[0].place.source == "notes.yaml"


def test_a_near_miss_is_offered() -> None:
    _, said = laid("notes: [{on: vnet-hub-wue, text: x}]")
    assert said[0].hints == ("did you mean `vnet-hub-weu`?",)


def test_a_view_of_nothing_that_is_left_is_left_out() -> None:
    topology, _ = laid("views: {old: {show: [vnet-gone]}, new: {show: [vnet-hub-weu]}}")
    assert set(topology.views) == {"new"}


def test_an_estate_is_no_overlay() -> None:
    with pytest.raises(InputError) as caught:
        laid("vnets: {A: {address: 10.0.0.0/16}}")
    assert "an overlay says nothing of `vnets`" in caught.value.diagnostics[0].message


def test_all_other_mistakes_in_an_overlay_are_errors() -> None:
    with pytest.raises(InputError):
        laid("notes: [{onn: vnet-hub-weu, text: x}]")


def test_the_command_draws_views_of_the_overlay(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(
        "views: {hub: {title: The hub, show: [vnet-hub-weu]}}\nnotes: [{on: gone, text: x}]"
    )
    done = diagramgen(
        "render",
        ESTATE,
        "--overlay",
        "notes.yaml",
        "--view",
        "hub",
        "-o",
        "hub.svg",
        "-o",
        "hub.json",
        folder=tmp_path,
    )
    assert done.code == 0 and "notes.yaml:2:" in done.err
    assert "The hub" in (tmp_path / "hub.svg").read_text()
    kinds = {link["kind"] for link in json.loads((tmp_path / "hub.json").read_text())["links"]}
    assert "vpn" not in kinds  # its other end is not in the view
