"""What the simulator knows beside the vectors: each a small estate and one packet."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Packet, Simulator
from simulator.arm import Arm, application_collection, network_collection

A, B, SITE = "10.1.1.4", "10.2.1.4", "172.20.1.1"


class Pair:
    """Two VNets with a machine each, not joined yet."""

    def __init__(self, location: str = "westeurope") -> None:
        self.arm = Arm()
        self.a = self.arm.vnet("a", "10.1.0.0/16")
        self.b = self.arm.vnet("b", "10.2.0.0/16", location=location)
        self.subnet_a = self.arm.subnet(self.a, "s", "10.1.1.0/24")
        self.subnet_b = self.arm.subnet(self.b, "s", "10.2.1.0/24")
        self.arm.nic("a", self.subnet_a, A)
        self.arm.nic("b", self.subnet_b, B)

    def verdict(self, source: str = A, target: str = B, protocol: str = "Tcp", port: int = 443) -> str:
        return Simulator(self.arm.resources).answer(Packet(source, target, protocol, 50000, port)).verdict

    def join_by_hub(self, policy: str) -> None:
        """A hub with a firewall between the two, both routed through it."""
        hub = self.arm.vnet("hub", "10.0.0.0/16")
        self.arm.firewall(
            "fw", self.arm.subnet(hub, "AzureFirewallSubnet", "10.0.1.0/26"), "10.0.1.4", policy
        )
        table = self.arm.route_table("rt", [("0.0.0.0/0", "VirtualAppliance", "10.0.1.4")])
        for vnet, subnet in ((self.a, self.subnet_a), (self.b, self.subnet_b)):
            self.arm.peer(hub, vnet, allowForwardedTraffic=True)
            self.arm.set(subnet, routeTable={"id": table})


def test_a_peering_that_does_not_know_a_new_prefix_yet_leaves_it_unknown() -> None:
    pair = Pair()
    pair.arm.by_id[pair.b]["properties"]["addressSpace"]["addressPrefixes"].append("10.9.0.0/16")
    pair.arm.subnet(pair.b, "new", "10.9.1.0/24")
    pair.arm.half_peering(pair.a, pair.b, remoteAddressSpace={"addressPrefixes": ["10.2.0.0/16"]})
    pair.arm.half_peering(pair.b, pair.a)
    assert pair.verdict() == "allowed"
    assert pair.verdict(target="10.9.1.4") == "unknown"


@pytest.mark.parametrize(
    ("location", "is_global", "deployed", "verdict"),
    [
        ("westeurope", False, True, "allowed"),
        ("northeurope", False, True, "denied"),
        ("northeurope", True, True, "allowed"),
        ("westeurope", False, None, "unknown"),
        ("westeurope", False, False, "denied"),
    ],
)
def test_a_mesh_joins_one_region_unless_it_is_global_and_only_once_it_is_deployed(
    location: str, is_global: bool, deployed: bool | None, verdict: str
) -> None:
    pair = Pair(location)
    manager = pair.arm.manager()
    group = pair.arm.group(manager, "g", [pair.a, pair.b])
    pair.arm.connectivity(manager, "mesh", group, is_global=is_global, deployed=deployed)
    assert pair.verdict() == verdict


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [((None, None), "allowed"), ((False, False), "denied"), ((False, True), "allowed")],
)
def test_a_circuit_joins_vnets_unless_both_gateways_forbid_it(
    flags: tuple[bool | None, bool | None], verdict: str
) -> None:
    pair = Pair()
    circuit = pair.arm.circuit("c")
    for (vnet, prefix), flag in zip(((pair.a, "10.1"), (pair.b, "10.2")), flags, strict=True):
        given: dict[str, Any] = {} if flag is None else {"allowRemoteVnetTraffic": flag}
        subnet = pair.arm.subnet(vnet, "GatewaySubnet", f"{prefix}.255.0/27")
        gateway = pair.arm.gateway(f"gw{prefix}", subnet, "ExpressRoute", **given)
        pair.arm.connection(f"cn{prefix}", gateway, circuit, "ExpressRoute")
    assert pair.verdict() == verdict


def test_only_an_approved_private_endpoint_carries_traffic() -> None:
    for status, verdict in (("Approved", "allowed"), ("Pending", "denied")):
        pair = Pair()
        pair.arm.peer(pair.a, pair.b)
        pair.arm.private_endpoint("pe", pair.subnet_b, "10.2.1.9", "/x", status=status)
        assert pair.verdict(target="10.2.1.9") == verdict


def test_an_unknown_tag_holds_no_private_address() -> None:
    pair = Pair()
    pair.arm.peer(pair.a, pair.b)
    nsg = pair.arm.nsg("n", [(100, "In", "Deny", "*", "Storage", "*", "*", "*")])
    pair.arm.set(pair.subnet_b, networkSecurityGroup={"id": nsg})
    assert pair.verdict() == "allowed"


@pytest.mark.parametrize(
    ("protocol", "ports", "verdict"),
    [("Icmp", "22", "denied"), ("*", "22", "allowed"), ("*", "*", "denied"), ("Tcp", "*", "allowed")],
)
def test_a_rule_with_ports_meets_icmp_only_where_it_names_it(protocol: str, ports: str, verdict: str) -> None:
    pair = Pair()
    pair.arm.peer(pair.a, pair.b)
    nsg = pair.arm.nsg("n", [(100, "In", "Deny", protocol, "*", "*", "*", ports)])
    pair.arm.set(pair.subnet_b, networkSecurityGroup={"id": nsg})
    assert pair.verdict(protocol="Icmp") == verdict


def test_an_application_rule_may_match_what_no_network_rule_does() -> None:
    pair = Pair()
    policy = pair.arm.policy("p")
    names = application_collection("names", 200, "Allow", "*", ["*.example.org"], [("Https", 443)])
    allowed = network_collection("net", 300, "Allow", [(["UDP"], "*", "*", "*")])
    pair.arm.rule_group(policy, "g", 200, [names, allowed])
    pair.join_by_hub(policy)
    assert pair.verdict(port=443) == "denied"  # names lead to public addresses
    assert pair.verdict(port=22) == "denied"
    assert pair.verdict(protocol="Udp") == "allowed"


def test_a_next_hop_outside_the_vnet_and_its_peers_is_out_of_reach() -> None:
    pair = Pair()
    pair.join_by_hub(pair.arm.policy("p"))
    peerings = pair.arm.by_id[pair.a]["properties"]["virtualNetworkPeerings"]
    peerings.clear()
    hub = pair.arm.by_id[pair.arm.id_of("virtualNetworks", "hub")]["properties"]["virtualNetworkPeerings"]
    hub[:] = [half for half in hub if half["properties"]["remoteVirtualNetwork"]["id"] != pair.a]
    found = Simulator(pair.arm.resources).answer(Packet(A, B))
    assert (found.verdict, found.decided_by) == ("denied", "route:VirtualAppliance-unreachable")


def test_a_site_reaches_the_spokes_that_use_its_gateway_and_no_others() -> None:
    for uses, verdict in ((True, "allowed"), (False, "denied")):
        pair = Pair()
        pair.arm.half_peering(pair.a, pair.b, useRemoteGateways=uses)
        pair.arm.half_peering(pair.b, pair.a, allowGatewayTransit=True)
        gateway = pair.arm.gateway("gw", pair.arm.subnet(pair.b, "GatewaySubnet", "10.2.255.0/27"))
        pair.arm.connection("cn", gateway, pair.arm.site("site", "172.20.0.0/16"))
        assert pair.verdict(SITE, B) == "allowed"
        assert pair.verdict(SITE, A) == verdict
        assert pair.verdict(A, SITE) == verdict


def test_a_machine_on_a_private_subnet_needs_a_way_out() -> None:
    for given, verdict in (({}, "allowed"), ({"defaultOutboundAccess": False}, "denied")):
        pair = Pair()
        pair.arm.set(pair.subnet_a, **given)
        assert pair.verdict(target="8.8.8.8") == verdict
