"""The simulator itself: it gives the verdict that each test vector expects."""

import pytest
import vectors

from simulator import Packet, Simulator
from simulator.addresses import number
from simulator.filters import Wire

SUPPORTED = ("nsg", "route", "firewall", "flow")
VECTORS = [
    vector
    for vector in vectors.load()
    if vector.kind in SUPPORTED and (vector.kind != "flow" or vectors.is_of_hubs(vector.given))
]
pytestmark = pytest.mark.skipif(not VECTORS, reason="the vectors' file is not beside the project")


def case_of(vector):
    case = vectors.expand(vector)
    assert case is not None
    if case.unsupported:
        pytest.skip(case.unsupported)
    return case, Simulator(case.arm.resources)


def wire_of(ask):
    return Wire(number(ask.source), number(ask.target), ask.protocol.lower(), ask.source_port, ask.port)


def ids_of(kind):
    return [pytest.param(vector, id=vector.id) for vector in VECTORS if vector.kind == kind]


@pytest.mark.parametrize("vector", ids_of("nsg"))
def test_filters_at_one_end_decide_as_expected(vector):
    case, simulator = case_of(vector)
    wire, subnet = wire_of(case.ask), simulator.estate.subnets[case.at.lower()]
    inbound = case.direction == "In"
    found = simulator.filters.judge(
        wire, wire.target if inbound else wire.source, subnet, "inbound" if inbound else "outbound"
    )
    assert found.verdict == vector.expect["verdict"]
    if vector.expect["decided_by"] != "flow-record":
        assert found.decided_by == vector.expect["decided_by"]


@pytest.mark.parametrize("vector", ids_of("nsg") + ids_of("flow"))
def test_a_whole_flow_has_the_verdict_expected(vector):
    case, simulator = case_of(vector)
    found = simulator.answer(
        Packet(case.ask.source, case.ask.target, case.ask.protocol, 50000, case.ask.port)
    )
    assert found.verdict == vector.expect["verdict"], found
    if vector.kind == "flow" and "decided_by" in vector.expect:
        assert found.decided_by == vector.expect["decided_by"]


@pytest.mark.parametrize("vector", ids_of("route"))
def test_the_route_is_the_one_expected(vector):
    case, simulator = case_of(vector)
    found = simulator.routes.route(simulator.estate.subnets[case.at.lower()], number(case.ask.target))
    assert found is not None
    assert (found.kind, found.source) == (vector.expect["next_hop"], vector.expect["source"])
    assert found.address == vector.expect.get("ip", "")


@pytest.mark.parametrize("vector", ids_of("firewall"))
def test_the_firewall_decides_as_expected(vector):
    case, simulator = case_of(vector)
    firewall = case.firewall.lower()
    if "order" in vector.expect:
        assert [c["name"] for _, c in simulator.firewalls.order(firewall)] == vector.expect["order"]
        return
    found = simulator.firewalls.judge(firewall, wire_of(case.ask))
    assert (found.verdict, found.decided_by) == (vector.expect["verdict"], vector.expect["decided_by"])
    if not case.is_filter_only:
        whole = simulator.answer(
            Packet(case.ask.source, case.ask.target, case.ask.protocol, 50000, case.ask.port)
        )
        assert whole.verdict == vector.expect["verdict"], whole
