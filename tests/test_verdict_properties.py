"""Properties of verdicts on random estates: what must never change an answer, or may change it in one way only."""

from __future__ import annotations

import copy
import json
import random
from ipaddress import ip_network
from typing import Any

from estates import Estate, estates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.build import build_topology
from diagramgen.read import Source, read_records

Resources = list[dict[str, Any]]
CHECKED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
HOLDS = ("enforced", "no-path")
JOINING = ("/virtualnetworkpeerings", "/connectivityconfigurations", "microsoft.network/connections")


def resources_of(estate: Estate) -> Resources:
    """The estate's resources, free to change."""
    told: Resources = json.loads(estate.arm.text())["value"]
    return told


def analysed(resources: Resources) -> Analysis:
    text = json.dumps({"value": resources}).encode()
    return analyse_topology(build_topology(read_records([Source("estate.json", text)])))


def boundaries(resources: Resources) -> dict[tuple[str, str, str], Boundary]:
    return {(b.level, b.a, b.b): b for b in analysed(resources).boundaries()}


def groups_of(resources: Resources) -> list[dict[str, Any]]:
    return [r["properties"] for r in resources if r["type"].lower().endswith("networksecuritygroups")]


@CHECKED
@given(estate=estates(), seed=st.integers(0, 2**32 - 1))
def test_a_further_allow_rule_closes_no_gap(estate: Estate, seed: int) -> None:
    draw = random.Random(seed)
    resources = resources_of(estate)
    before = boundaries(resources)
    for group in groups_of(resources):
        rules = group.setdefault("securityRules", [])
        taken = {rule["properties"]["priority"] for rule in rules}
        ports = draw.choice(("*", "443", "1000-1999"))
        rules.append({"name": "added", "properties": {
            "priority": draw.choice([p for p in range(100, 200) if p not in taken]), "access": "Allow",
            "direction": draw.choice(("Inbound", "Outbound")), "protocol": draw.choice(("Tcp", "*")),
            "sourceAddressPrefix": draw.choice(("*", "VirtualNetwork", "10.0.0.0/16", "10.1.1.0/24")),
            "destinationAddressPrefix": draw.choice(("*", "VirtualNetwork", "10.0.0.0/16", "10.1.1.0/24")),
            "sourcePortRange": "*", "destinationPortRange": ports}})  # fmt: skip
    after = boundaries(resources)
    for key, boundary in before.items():
        if boundary.status == "gap":
            assert after[key].status not in HOLDS, (boundary, after[key])


@CHECKED
@given(estate=estates())
def test_vnets_that_nothing_joins_exchange_nothing(estate: Estate) -> None:
    resources = [r for r in resources_of(estate) if not r["type"].lower().endswith(JOINING)]
    for resource in resources:
        resource["properties"].pop("virtualNetworkPeerings", None)
    analysis = analysed(resources)
    for a in analysis.zones.vnets:
        for b in analysis.zones.vnets:
            found = analysis.boundary("vnet", a, b) if a < b else None
            assert found is None or (found.status in HOLDS and not found.flows)


@CHECKED
@given(estate=estates(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_lists_changes_no_answer(estate: Estate, seed: int) -> None:
    resources = resources_of(estate)
    shuffled = copy.deepcopy(resources)
    draw = random.Random(seed)
    draw.shuffle(shuffled)
    for group in groups_of(shuffled):
        draw.shuffle(group.get("securityRules", []))
    before, after = boundaries(resources), boundaries(shuffled)
    assert {k: (b.status, b.by, b.reason) for k, b in before.items()} == {
        k: (b.status, b.by, b.reason) for k, b in after.items()
    }


@CHECKED
@given(estate=estates())
def test_a_prefix_in_two_halves_means_the_same(estate: Estate) -> None:
    resources = resources_of(estate)
    halved = copy.deepcopy(resources)
    for group in groups_of(halved):
        for rule in group.get("securityRules", []):
            for end in ("source", "destination"):
                _halve(rule["properties"], end)
    before, after = boundaries(resources), boundaries(halved)
    assert {k: b.status for k, b in before.items()} == {k: b.status for k, b in after.items()}


def _halve(rule: dict[str, Any], end: str) -> None:
    """One network of a rule as its two halves in the plural field."""
    prefix = rule.get(f"{end}AddressPrefix")
    if isinstance(prefix, str) and "/" in prefix and not prefix.endswith("/32") and prefix != "0.0.0.0/0":
        halves = [str(half) for half in ip_network(prefix).subnets()]
        rule[f"{end}AddressPrefixes"] = [*rule.get(f"{end}AddressPrefixes", []), *halves]
        del rule[f"{end}AddressPrefix"]
