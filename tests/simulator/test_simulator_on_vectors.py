"""The simulator itself: it gives the verdict that each test vector expects."""

from __future__ import annotations

from typing import Any

import pytest
import vectors
from vectors import Vector

from simulator import Answer, Packet, Simulator
from simulator.addresses import number
from simulator.cases import Ask, Case
from simulator.cases_services import is_of_services
from simulator.filters import Wire

SUPPORTED = ("nsg", "route", "firewall", "flow")
VECTORS = [
    vector
    for vector in vectors.load()
    if vector.kind in SUPPORTED
    and not is_of_services(vector.given)
    and not vectors.expand(vector).unsupported
]
pytestmark = pytest.mark.skipif(not VECTORS, reason="the vectors' file is not beside the project")


def case_of(vector: Vector) -> tuple[Case, Simulator]:
    case = vectors.expand(vector)
    return case, Simulator(case.arm.resources)


def whole(case: Case, simulator: Simulator) -> Answer:
    """What becomes of the whole flow."""
    ask = asked(case)
    return simulator.answer(Packet(ask.source, ask.target, ask.protocol, ask.source_port, ask.port))


def asked(case: Case) -> Ask:
    assert case.ask is not None
    return case.ask


def wire_of(ask: Ask) -> Wire:
    return Wire(number(ask.source), number(ask.target), ask.protocol.lower(), ask.source_port, ask.port)


def ids_of(kind: str) -> list[Any]:
    return [pytest.param(vector, id=vector.id) for vector in VECTORS if vector.kind == kind]


@pytest.mark.parametrize("vector", ids_of("nsg"))
def test_filters_at_one_end_decide_as_expected(vector: Vector) -> None:
    case, simulator = case_of(vector)
    wire, subnet = wire_of(asked(case)), simulator.estate.subnets[case.at.lower()]
    inbound = case.direction == "In"
    found = simulator.filters.judge(
        wire, wire.target if inbound else wire.source, subnet, "inbound" if inbound else "outbound"
    )
    assert found.verdict == vector.expect["verdict"]
    if vector.expect["decided_by"] != "flow-record":
        assert found.decided_by == vector.expect["decided_by"]


@pytest.mark.parametrize("vector", ids_of("nsg") + ids_of("flow"))
def test_a_whole_flow_has_the_verdict_expected(vector: Vector) -> None:
    case, simulator = case_of(vector)
    found = whole(case, simulator)
    assert found.verdict == vector.expect["verdict"], found
    if vector.kind == "flow" and "decided_by" in vector.expect:
        assert found.decided_by == vector.expect["decided_by"]


@pytest.mark.parametrize("vector", ids_of("route"))
def test_the_route_is_the_one_expected(vector: Vector) -> None:
    case, simulator = case_of(vector)
    found = simulator.routes.route(simulator.estate.subnets[case.at.lower()], number(asked(case).target))
    assert found is not None
    assert (found.kind, found.source) == (vector.expect["next_hop"], vector.expect["source"])
    assert found.address == vector.expect.get("ip", "")


@pytest.mark.parametrize("vector", ids_of("firewall"))
def test_the_firewall_decides_as_expected(vector: Vector) -> None:
    case, simulator = case_of(vector)
    firewall = case.firewall.lower()
    if "order" in vector.expect:
        assert [c["name"] for _, c in simulator.firewalls.order(firewall)] == vector.expect["order"]
        return
    found = simulator.firewalls.judge(firewall, wire_of(asked(case)))
    assert (found.verdict, found.decided_by) == (vector.expect["verdict"], vector.expect["decided_by"])
    if not case.is_filter_only:
        flow = whole(case, simulator)
        assert flow.verdict == vector.expect["verdict"], flow
