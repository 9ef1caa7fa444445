"""What a template leaves open is never taken for what it is not: nothing is claimed that some value of it contradicts.

A field of an estate is put out of sight, as a template's parameter without a value is. Whatever the analysis then
claims for sure of boundaries, packets and rules must be so in each of the estates that this one may be.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Mapping
from functools import lru_cache
from textwrap import dedent
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from simulator.arm import Arm
from spec_as_arm import spec_as_arm
from test_analysis_shapes import complete_estate
from test_unseen_vectors import CASES
from unknown_fields import MARK, Field, at, fields, is_markable, marked, worlds

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.tags import ServiceTags
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.model.open_points import ABSENT, decided, open_points
from diagramgen.model.references import flag, listed, may_mean, word
from diagramgen.model.traffic import Packet, parse_addresses
from diagramgen.read.merge import merge_records
from diagramgen.read.record import Reading, Record
from diagramgen.read.resource import records_of

Json = dict[str, Any]
HELD = ("enforced", "no-path")
PORTS = (443, 22, 80, 65536 + 53, 131072)


def declared(resources: list[Json], tags: ServiceTags | None = None) -> Analysis:
    """The analysis of resources as a template declares them."""
    return analyse_topology(build_topology(Reading(declared_records(resources))), tags)


def declared_records(resources: list[Json]) -> tuple[Record, ...]:
    planned = [_planned(resource) for resource in copy.deepcopy(resources)]
    records = (
        r for n, resource in enumerate(planned) for r in records_of(resource, Place("main.json", (n,)))
    )
    return merge_records(records)[0]


def _planned(value: Any) -> Any:
    """A resource and its children, marked as declared."""
    if isinstance(value, dict):
        for inner in value.values():
            _planned(inner)
        if "id" in value and "properties" in value:
            value["isPlanned"] = True
    elif isinstance(value, list):
        for inner in value:
            _planned(inner)
    return value


class Said(NamedTuple):
    """All that is said of an estate, and what it holds."""

    boundaries: Mapping[tuple[str, str, str], str]
    directions: Mapping[tuple[str, str], str]
    traces: tuple[str, ...]
    findings: frozenset[tuple[str, str]]
    proven: frozenset[tuple[str, str]]
    things: frozenset[str]


def said(analysis: Analysis, packets: list[Packet], keys: list[tuple[str, str, str]] | None = None) -> Said:
    asked = analysis.boundaries() if keys is None else [analysis.boundary(*key) for key in keys]  # type: ignore[arg-type]
    told = [boundary for boundary in asked if boundary is not None]
    found = analysis.findings(())
    return Said(
        {(b.level, b.a, b.b): b.status for b in told},
        {(b.b, name): status for b in told for name, status in b.directions},
        tuple(analysis.trace(packet).verdict for packet in packets),
        frozenset((each.rule, each.ids[0]) for each in found),
        frozenset((each.rule, rid) for each in found for rid in each.ids),
        frozenset(r.id for r in analysis.topology.resources.values() if not r.is_ghost),
    )


def lies(claimed: Said, true: Said, packets: list[Packet]) -> list[str]:
    """What is claimed that is not so."""
    found = []
    pairs = [(str(key), status, true.boundaries.get(key)) for key, status in claimed.boundaries.items()]
    pairs += [(str(key), status, true.directions.get(key)) for key, status in claimed.directions.items()]
    for key, status, other in pairs:
        is_held = status in HELD and other in HELD
        if other is not None and status not in (other, "unknown") and not is_held:
            found.append(f"{key}: {status} though {other}")
    for packet, verdict, other_verdict in zip(packets, claimed.traces, true.traces, strict=True):
        if verdict not in (other_verdict, "unknown"):
            found.append(f"{packet}: {verdict} though {other_verdict}")
    for rule, rid in claimed.findings:
        if (rule, rid) not in true.proven and rid in true.things:
            found.append(f"{rule} of {rid}")
    return found


def some_packets(resources: list[Json], seed: int, amount: int) -> list[Packet]:
    """Packets between addresses that the estate tells, and from and to the Internet."""
    chance = random.Random(seed)
    texts = json.dumps(resources).split('"')
    single = {text for text in texts if text.count(".") == 3 and "/" not in text and parse_addresses(text)}
    numbers = [
        ranges[0][0]
        for text in sorted({*single, "8.8.8.8", "203.0.113.9"})
        if (ranges := parse_addresses(text))
    ]
    found = []
    for _ in range(amount):
        source, target = chance.sample(numbers, 2)
        found.append(Packet(source, target, chance.choice(PORTS), 50000))
    return found


@lru_cache(maxsize=1)
def estates() -> tuple[tuple[list[Json], ServiceTags | None], ...]:
    """An estate with something of every kind, and small ones each of which is about one thing."""
    found: list[tuple[list[Json], ServiceTags | None]] = [
        (json.loads(complete_estate().text())["value"], None)
    ]
    for case in CASES:
        resources = spec_as_arm(dedent(case.estate))
        if case.change is not None:
            case.change(resources)
        found.append((resources, case.tags))
    return tuple(found)


IN_SIGHT = frozenset((
    "securityRules", "routes", "access", "direction", "priority", "protocol", "sourceAddressPrefix", "addressPrefix",
    "destinationAddressPrefix", "destinationPortRange", "sourcePortRange", "nextHopType", "nextHopIpAddress",
    "allowForwardedTraffic", "allowVirtualNetworkAccess", "allowGatewayTransit", "useRemoteGateways", "peeringState",
    "networkSecurityGroup", "routeTable", "natGateway", "disableBgpRoutePropagation", "defaultOutboundAccess",
    "privateEndpointNetworkPolicies", "publicNetworkAccess", "defaultAction", "ipRules", "serviceEndpoints",
    "enableIPForwarding", "publicIPAddress", "applicationSecurityGroups", "firewallPolicy", "basePolicy",
    "ruleCollections", "gatewayType", "connectionType", "localNetworkAddressSpace", "virtualNetworkPeerings",
    "connectivityTopology", "groupConnectivity", "isGlobal", "enableInternetSecurity", "isConditional", "mode", "state",
    "threatIntelMode", "allowRemoteVnetTraffic", "translatedAddress", "translatedPort", "destinationPortRanges",
    "sourceAddressPrefixes", "ddosProtectionPlan", "labels", "routingPolicies", "appliesToGroups", "resourceId",
))  # fmt: skip
"""The fields that templates leave open: of these nothing may be claimed in vain. Of others, such as the whole body of a
gateway, see `test_whatever_is_open_the_analysis_ends_with_verdicts`."""


def open_fields(resources: list[Json]) -> list[Field]:
    return [field for field in fields(resources) if is_markable(resources, field)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_is_claimed_that_some_value_of_an_open_field_contradicts(seed: int) -> None:
    chance = random.Random(seed)
    resources, tags = chance.choice(estates())
    open_ones = [field for field in open_fields(resources) if field.path[-1] in IN_SIGHT]
    if not open_ones:
        return
    field = chance.choice(open_ones)
    packets = some_packets(resources, seed, 6)
    note(f"{field.kind} {field.steps}")
    (estate,) = marked(resources, field)
    claimed = said(declared(estate, tags), packets)
    for world in worlds(resources, field):
        true = said(declared(world, tags), packets, list(claimed.boundaries))
        assert not lies(claimed, true, packets), (field, _shown(world, field))


def _shown(world: list[Json], field: Field) -> str:
    try:
        return json.dumps(at(world, field.path))[:200]
    except (KeyError, IndexError):
        return "absent"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_is_open_the_analysis_ends_with_verdicts(seed: int) -> None:
    chance = random.Random(seed)
    resources, tags = chance.choice(estates())
    field = chance.choice(open_fields(resources))
    for estate in marked(resources, field):
        told = said(declared(estate, tags), some_packets(resources, seed, 3))
        assert set(told.boundaries.values()) <= {*HELD, "gap", "unknown"}


# By hand


def two_vnets() -> Arm:
    """Two peered VNets with a subnet each."""
    arm = Arm()
    one, two = arm.vnet("one", "10.1.0.0/16"), arm.vnet("two", "10.2.0.0/16")
    arm.subnet(one, "a", "10.1.1.0/24")
    arm.subnet(two, "b", "10.2.1.0/24")
    arm.peer(one, two)
    for vnet, far in ((one, "two"), (two, "one")):
        arm.set(f"{vnet}/virtualNetworkPeerings/{far}", peeringState=None, peeringSyncLevel=None)
    return arm


def between(resources: list[Json]) -> str:
    found = declared(resources).boundaries("vnet")
    return found[0].status if found else "not listed"


def half(arm: Arm, near: str = "one", far: str = "two") -> Json:
    found: Json = arm.by_id[f"{arm.id_of('virtualNetworks', near)}/virtualNetworkPeerings/{far}"]
    return found


def test_halves_that_are_declared_get_connected_when_they_are_deployed() -> None:
    (boundary,) = declared(two_vnets().resources).boundaries("vnet")
    assert boundary.status == "gap"
    assert "ASSUME_PEERINGS_DEPLOYED" in boundary.assumptions


def test_half_of_a_declared_peering_may_wait_for_another_template() -> None:
    arm = two_vnets()
    arm.by_id[arm.id_of("virtualNetworks", "two")]["properties"]["virtualNetworkPeerings"] = []
    assert between(arm.resources) == "unknown"


def test_an_export_without_the_state_of_a_peering_does_not_tell_whether_it_carries() -> None:
    records = merge_records(
        r for each in two_vnets().resources for r in records_of(each, Place("export.json"))
    )[0]
    (boundary,) = analyse_topology(build_topology(Reading(records))).boundaries("vnet")
    assert boundary.status == "unknown"


def test_a_conditional_peering_may_not_be_there() -> None:
    arm = two_vnets()
    half(arm)["isConditional"] = True
    (boundary,) = declared(arm.resources).boundaries("vnet")
    assert boundary.status == "unknown"


@pytest.mark.parametrize("name", ["{vnet}", "two{suffix}", "t{middle}o"])
def test_a_peering_whose_far_end_is_not_known_may_lead_to_any_that_is_called_so(name: str) -> None:
    arm = two_vnets()
    head = arm.id_of("virtualNetworks", "two").rpartition("/")[0]
    half(arm)["properties"]["remoteVirtualNetwork"] = {"id": f"{head}/{name}"}
    half(arm, "two", "one")["properties"]["remoteVirtualNetwork"] = {"id": "{one}"}
    found = declared(arm.resources).boundary(
        "vnet", *(arm.id_of("virtualNetworks", v).lower() for v in ("one", "two"))
    )
    assert found is not None
    assert found.status == "unknown"


def test_one_condition_decides_on_all_that_is_under_it() -> None:
    """Both subnets have NSGs that deny, and each is there where the other is not wanted: one of the two always is."""
    arm = two_vnets()
    deny = [(100, "In", "Deny", "*", "*", "*", "*", "*"), (100, "Out", "Deny", "*", "*", "*", "*", "*")]
    nsg = arm.nsg("closed", deny)
    for subnet in ("one/subnets/a", "two/subnets/b"):
        arm.set(arm.id_of("virtualNetworks", subnet), networkSecurityGroup={"id": nsg})
    assert between(arm.resources) == "enforced"
    for rule in arm.by_id[nsg]["properties"]["securityRules"]:
        rule["isConditional"] = True
        rule["condition"] = "{isClosed}"
    records = declared_records(arm.resources)
    (point,) = open_points(records)
    assert (point.text, len(point.places)) == ("{isClosed}", 2)
    assert len(list(decided(records, [point]))) == 2
    assert between(arm.resources) == "unknown"


def test_what_depends_on_a_mark_names_it() -> None:
    arm = two_vnets()
    subnet = arm.id_of("virtualNetworks", "one/subnets/a")
    arm.set(subnet, defaultOutboundAccess="{isPublic}")
    found = declared(arm.resources).boundary(
        "internet", "internet", arm.id_of("virtualNetworks", "one").lower()
    )
    assert found is not None
    assert (found.status, found.reason) == (
        "unknown", "it depends on `{isPublic}`, which the input does not tell",
    )  # fmt: skip


def test_equal_marks_have_equal_values() -> None:
    arm = two_vnets()
    for near, far in (("one", "two"), ("two", "one")):
        half(arm, near, far)["properties"]["allowForwardedTraffic"] = "{forwards}"
    (point,) = open_points(declared_records(arm.resources))
    assert (point.values, len(point.places)) == ((True, False), 2)


def test_many_open_points_make_no_more_worlds_than_few() -> None:
    arm = two_vnets()
    for number in range(40):
        arm.nsg(f"n{number}", [(100, "In", "Deny", "*", "*", "*", "*", "*")])
        arm.resources[-1]["isConditional"] = True
    records = declared_records(arm.resources)
    points = open_points(records)
    made = list(decided(records, points))
    assert len(points) == 40
    assert 4 <= len(made) <= 16
    assert all(any(p.values[1] is ABSENT for p in points) for _ in made)


def test_nothing_is_open_in_an_export() -> None:
    records = merge_records(
        r for each in two_vnets().resources for r in records_of(each, Place("export.json"))
    )[0]
    assert open_points(records) == ()
    assert build_topology(Reading(records)).records == ()


# Words


def test_a_text_is_no_yes() -> None:
    assert flag({"on": MARK}, "on", default=True) is None
    assert flag({"on": "False"}, "on") is False
    assert flag({"box": MARK}, "box", "on", default=True) is None


def test_words_that_are_not_known_are_none() -> None:
    assert word({"mode": "Idle"}, "mode", among=("on", "off")) is None
    assert word({}, "mode", default="off") == "off"


def test_a_list_that_is_none_is_not_told() -> None:
    assert listed(MARK) == ((), False)
    assert listed([{"a": 1}, MARK]) == (({"a": 1},), False)


def test_a_reference_with_marks_may_mean_what_fits() -> None:
    rid = "/subscriptions/1/resourcegroups/rg/providers/microsoft.network/virtualnetworks/hub"
    assert may_mean("{hubid}", rid)
    assert may_mean(
        "/subscriptions/{s}/resourcegroups/{g}/providers/microsoft.network/virtualnetworks/hub", rid
    )
    assert not may_mean(
        "/subscriptions/{s}/resourcegroups/{g}/providers/microsoft.network/virtualnetworks/spoke", rid
    )
    assert not may_mean("/subscriptions/1/x", rid)
