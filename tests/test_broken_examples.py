"""Three copies of the reference architecture, each with one thing changed: exactly the line that it held breaks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from drawn_plans import drawn, example_analysis

from diagramgen.analyse.verdicts import Status

REFERENCE = "reference-architecture"
ONE, TWO = "subscriptions/azure subscription 1", "subscriptions/azure subscription 2"
WORKLOAD = f"{ONE}/vnets/workload vnet"
APP, FRONT_END = f"{WORKLOAD}/subnets/app tier subnet", f"{WORKLOAD}/subnets/front end tier subnet"
BROKEN: Mapping[str, Mapping[tuple[str, str, str], str]] = {
    "broken-nsg-rule": {("subnet", APP, FRONT_END): "enforced"},
    "broken-route": {("internet", "internet", WORKLOAD): "enforced"},
    "broken-peering": {
        ("subscription", ONE, TWO): "no-path",
        ("vnet", f"{ONE}/vnets/vnet 1", f"{TWO}/vnets/vnet 3"): "no-path",
    },
}
"""By example: the boundaries that are gaps there, and what they are in the reference."""


def statuses(stem: str) -> dict[tuple[str, str, str], Status]:
    found = example_analysis(stem).boundaries()
    return {(boundary.level, boundary.a, boundary.b): boundary.status for boundary in found}


def drawn_statuses(stem: str) -> dict[tuple[str, str, str], str]:
    plan, _ = drawn(stem, stem)
    return {(line.level, line.a, line.b): line.status for line in plan.boundaries}


def test_every_line_of_the_reference_is_proved_to_hold() -> None:
    by_level: dict[str, set[str]] = {}
    for (level, _, _), status in statuses(REFERENCE).items():
        by_level.setdefault(level, set()).add(status)
    assert by_level.pop("on-premises") == {"unknown"}, "the article leaves open where that connection ends"
    assert set().union(*by_level.values()) == {"enforced", "no-path"}


def test_no_figure_of_the_reference_shows_a_gap() -> None:
    for view in (None, *example_analysis(REFERENCE).topology.views):
        plan, _ = drawn(REFERENCE, view)
        for line in plan.boundaries:
            is_declared = line.level == "on-premises"
            assert line.status in ("enforced", "no-path") and line.declared == is_declared, (view, line)
        assert not [link for link in plan.links if link.kind == "open-flow"], view


@pytest.mark.parametrize("stem", BROKEN)
def test_exactly_the_line_that_was_held_is_a_gap(stem: str) -> None:
    whole, broken = statuses(REFERENCE), statuses(stem)
    differing = {key for key in whole.keys() | broken.keys() if whole.get(key) != broken.get(key)}
    assert differing == BROKEN[stem].keys()
    for key in differing:
        assert (whole.get(key, "no-path"), broken[key]) == (BROKEN[stem][key], "gap")


@pytest.mark.parametrize("stem", BROKEN)
def test_exactly_that_line_is_drawn_broken(stem: str) -> None:
    lines = drawn_statuses(stem)
    gaps = {key for key, status in lines.items() if status == "gap"}
    expected = next(iter(BROKEN[stem]))
    assert len(gaps) == 1
    (gap,) = gaps
    assert (gap[0], {*gap[1:]}) == (expected[0], {*expected[1:]})
    assert {key[0] for key in lines} >= {"subscription", "vnet", "subnet", "internet"}


@pytest.mark.parametrize("stem", BROKEN)
def test_a_broken_example_differs_from_the_reference_in_one_thing_alone(stem: str) -> None:
    """Of what both say (all but titles, views and the views of traffic), one entry is more or less."""
    whole, broken = resources(REFERENCE), resources(stem)
    gone, come = whole.keys() - broken.keys(), broken.keys() - whole.keys()
    halves = 2 if stem == "broken-peering" else 0  # each VNet has its half of a peering
    assert (len(gone), len(come)) == ((0, halves) if halves else (1, 0))
    assert all(whole[rid] == broken[rid] for rid in whole.keys() & broken.keys())


def resources(stem: str) -> dict[str, object]:
    topology = example_analysis(stem).topology
    found: dict[str, object] = {rid: dict(r.properties) for rid, r in topology.resources.items()}
    for parts in topology.parts.values():
        found |= {part.id: dict(part.properties) for part in parts}
    return found
