"""Virtual WAN: what hubs do with packets, over whole topologies from specs and from exported state."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.wan import HubNextHop, VirtualWan
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import ADDRESSES, IPV4, Ranges, intersection, normal, parse_addresses
from diagramgen.read import Source, read_records

NET = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network"
HUB1, HUB2 = f"{NET}/virtualHubs/hub1".lower(), f"{NET}/virtualHubs/hub2".lower()
FW1, FW2 = f"{NET}/azureFirewalls/fw1".lower(), f"{NET}/azureFirewalls/fw2".lower()
SPEC1, SPEC2 = "virtual_wans/wan/hubs/h1", "virtual_wans/wan/hubs/h2"


class Estate:
    """A topology, its addresses and its Virtual WAN, with short ways to ask."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.addresses = Addresses(topology)
        self.wan = VirtualWan(topology, self.addresses)

    def to(self, name: str) -> Ranges:
        """The addresses of a network, an id, or the IPv4 Internet."""
        if name == "internet":
            return intersection(self.addresses.internet, IPV4)
        return parse_addresses(name) or self.addresses.resource(name)

    def hop(self, hub: str, came_from: str, target: str) -> HubNextHop:
        """The one next hop for all addresses of `target`."""
        return only(self.wan.next_hops(hub, came_from, self.to(target)))

    def way(self, hub: str, came_from: str, target: str) -> list[str]:
        """The kinds and ids of all next hops, through firewalls and hubs to the end."""
        found = []
        hop = self.hop(hub, came_from, target)
        while len(found) < 9:
            found.append(f"{hop.kind} {hop.id}".strip())
            if hop.kind == "remote-hub":
                hub, came_from = hop.id, hub
                hop = self.hop(hub, came_from, target)
            elif hop.kind == "firewall":
                hop = only(self.wan.after_firewall(hub, self.to(target)))
            else:
                break
        return found

    def prefixes(self, vnet: str) -> dict[Ranges, str]:
        return dict(self.wan.injected(vnet))


def only(pieces: tuple[tuple[Ranges, HubNextHop], ...]) -> HubNextHop:
    hops = {hop.target for _, hop in pieces}
    assert len(hops) == 1, pieces
    return pieces[0][1]


def spec(text: str) -> Estate:
    reading = read_records([Source("a.yaml", dedent(text).encode())])
    return Estate(build_topology(reading))


def arm(*resources: dict[str, Any]) -> Estate:
    return Estate(build_topology(read_records([Source("a.json", json.dumps(list(resources)).encode())])))


def resource(kind: str, name: str, **properties: Any) -> dict[str, Any]:
    """A resource by its type below Microsoft.Network and its name, both with `/` for children."""
    kinds, names = kind.split("/"), name.split("/")
    path = "/".join(f"{k}/{n}" for k, n in zip(kinds, names, strict=True))
    return {
        "id": f"{NET}/{path}",
        "name": names[-1],
        "type": f"Microsoft.Network/{kind}",
        "properties": properties,
    }


def ref(kind: str, name: str) -> dict[str, str]:
    return {"id": resource(kind, name)["id"]}


def wan(**properties: Any) -> dict[str, Any]:
    return resource("virtualWans", "wan", type="Standard", **properties)


def hub(name: str, **properties: Any) -> dict[str, Any]:
    return resource("virtualHubs", name, virtualWan=ref("virtualWans", "wan"), sku="Standard", **properties)


def firewall(name: str, hub_name: str) -> dict[str, Any]:
    return resource("azureFirewalls", name, virtualHub=ref("virtualHubs", hub_name), sku={"name": "AZFW_Hub"})


def vnet(name: str, *prefixes: str) -> dict[str, Any]:
    return resource("virtualNetworks", name, addressSpace={"addressPrefixes": list(prefixes)})


def vnet_id(name: str) -> str:
    return f"{NET}/virtualNetworks/{name}".lower()


def table(
    hub_name: str, name: str, labels: list[str], routes: dict[str, str] | None = None
) -> dict[str, Any]:
    """A route table; `routes` from a prefix to the next hop's id."""
    rows = [
        {"name": f"r{at}", "destinationType": "CIDR", "destinations": [prefix], "nextHop": hop}
        for at, (prefix, hop) in enumerate((routes or {}).items())
    ]  # fmt: skip
    return resource("virtualHubs/hubRouteTables", f"{hub_name}/{name}", labels=labels, routes=rows)


def routing(
    hub_name: str, associated: str, tables: list[str], labels: list[str] | None = None
) -> dict[str, Any]:
    return {
        "associatedRouteTable": ref("virtualHubs/hubRouteTables", f"{hub_name}/{associated}"),
        "propagatedRouteTables": {
            "ids": [ref("virtualHubs/hubRouteTables", t if "/" in t else f"{hub_name}/{t}") for t in tables],
            "labels": labels or [],
        },
    }


def connection(hub_name: str, name: str, **properties: Any) -> dict[str, Any]:
    return resource("virtualHubs/hubVirtualNetworkConnections", f"{hub_name}/{name}",
                    remoteVirtualNetwork=ref("virtualNetworks", name), **properties)  # fmt: skip


def site(name: str, hub_name: str, *prefixes: str, **properties: Any) -> list[dict[str, Any]]:
    """A VPN site, its gateway in the hub, and the connection between them."""
    return [
        resource("vpnSites", name, addressSpace={"addressPrefixes": list(prefixes)}),
        resource("vpnGateways", f"gw-{name}", virtualHub=ref("virtualHubs", hub_name)),
        resource(
            "vpnGateways/vpnConnections", f"gw-{name}/c", remoteVpnSite=ref("vpnSites", name), **properties
        ),
    ]


def site_link(name: str) -> str:
    return f"{NET}/vpnGateways/gw-{name}/vpnConnections/c".lower()


def site_id(name: str) -> str:
    return f"{NET}/vpnSites/{name}".lower()


def intent(hub_name: str, hop: str, *words: str) -> dict[str, Any]:
    policies = [{"name": word, "destinations": [word], "nextHop": hop} for word in words]
    return resource("virtualHubs/routingIntent", f"{hub_name}/intent", routingPolicies=policies)


TWO_HUBS = """
    vnets:
      A: {address: 10.1.0.0/16, subnets: {a1: {address: 10.1.1.0/24}, a2: {address: 10.1.2.0/24}}}
      B: {address: 10.2.0.0/16}
      C: {address: 10.3.0.0/16}
    on_premises: {Shop: {address: 192.168.1.0/24}, Office: {address: 192.168.2.0/24}}
    connections: [Shop -> H1 via vpn, Office -> H2 via vpn]
    firewall_policies: [P]
    virtual_wans:
      WAN:
        hubs:
          H1: {HUB1, connections: {A: {internet_security: true}, B: {internet_security: false}}}
          H2: {HUB2, connections: {C: {internet_security: true}}}
    """


def two_hubs(first: str = "", second: str = "") -> Estate:
    """Two hubs, each with routing intent for the traffic that its words name; plain without words."""
    text = TWO_HUBS
    for mark, words in (("HUB1", first), ("HUB2", second)):
        secured = f", firewall: P, routing_intent: [{words}]" if words else ""
        text = text.replace(mark, f"vpn_gateway: true{secured}")
    return spec(text)


# Any to any, labels, isolation


def test_hubs_join_everything_by_default() -> None:
    estate = two_hubs()
    assert estate.way(SPEC1, "vnets/a", "vnets/b") == ["connection vnets/b"]
    assert estate.way(SPEC1, "vnets/a", "vnets/c") == [f"remote-hub {SPEC2}", "connection vnets/c"]
    branch = next(b for b in estate.wan.branches(SPEC1))
    assert (branch.kind, branch.site, branch.prefixes) == (
        "vpn",
        "on_premises/shop",
        parse_addresses("192.168.1.0/24"),
    )
    assert estate.way(SPEC1, "vnets/a", "on_premises/shop") == [f"branch {branch.id}"]
    assert estate.way(SPEC1, branch.id, "vnets/c") == [f"remote-hub {SPEC2}", "connection vnets/c"]
    assert estate.way(SPEC1, "vnets/a", "on_premises/office")[0] == f"remote-hub {SPEC2}"
    assert estate.hop(SPEC1, "vnets/a", "internet").kind == "none"
    assert estate.hop(SPEC1, "vnets/a", "10.9.0.0/16").kind == "none"
    assert (estate.wan.hub_of("vnets/c"), estate.wan.vnets_of(SPEC1)) == (SPEC2, ("vnets/a", "vnets/b"))
    assert estate.wan.hub_of("vnets/nowhere") == ""
    assert not estate.wan.is_secured(SPEC1)
    assert estate.wan.advertises(SPEC1, "vnets/a") == estate.wan.advertises(SPEC1, "vnets/c") == "allowed"


def test_next_hops_partition_what_is_asked_for() -> None:
    estate = two_hubs()
    pieces = estate.wan.next_hops(SPEC1, "vnets/a", ADDRESSES)
    assert normal(r for ranges, _ in pieces for r in ranges) == ADDRESSES
    assert sum(high - low + 1 for ranges, _ in pieces for low, high in ranges) == ADDRESSES[0][1] + 1
    assert estate.wan.next_hops(SPEC1, "vnets/a", ()) == ()


def isolated(*more: dict[str, Any]) -> Estate:
    """VW-02: VNets use RT_VNET and announce to Default; branches use Default and announce to both."""
    spoke = routing("hub1", "RT_VNET", ["defaultRouteTable"])
    return arm(
        wan(), hub("hub1"), table("hub1", "RT_VNET", []), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"),
        connection("hub1", "a", routingConfiguration=spoke), connection("hub1", "b", routingConfiguration=spoke),
        *site("shop", "hub1", "192.168.0.0/24",
              routingConfiguration=routing("hub1", "defaultRouteTable", ["RT_VNET", "defaultRouteTable"])), *more,
    )  # fmt: skip


def test_vw_02_isolated_vnets_reach_branches_and_not_each_other() -> None:
    estate = isolated()
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "none"
    assert estate.hop(HUB1, vnet_id("a"), site_id("shop")).kind == "branch"
    assert estate.hop(HUB1, site_link("shop"), vnet_id("b")).kind == "connection"
    assert list(estate.prefixes(vnet_id("a"))) == [parse_addresses("192.168.0.0/24")]
    assert estate.wan.advertises(HUB1, vnet_id("a")) == "allowed"


def red_and_blue() -> Estate:
    """VW-04: two colours of VNets with tables of their own; what is not of one colour goes to the firewall."""
    everything = {"0.0.0.0/0": FW1}
    rows = [wan(), hub("hub1"), firewall("fw1", "hub1"), table("hub1", "RT_BLUE", ["blue"], everything),
            table("hub1", "RT_RED", ["red"], everything),
            table("hub1", "defaultRouteTable", ["default"], {"10.0.0.0/8": FW1})]  # fmt: skip
    for name, prefix, colour in (("blue1", "10.1.0.0/16", "BLUE"), ("blue2", "10.2.0.0/16", "BLUE"),
                                 ("red", "10.3.0.0/16", "RED")):  # fmt: skip
        told = routing("hub1", f"RT_{colour}", [f"RT_{colour}"], [colour.lower()])
        rows += [vnet(name, prefix), connection("hub1", name, routingConfiguration=told)]
    told = routing("hub1", "defaultRouteTable", ["defaultRouteTable"])
    return arm(*rows, *site("shop", "hub1", "192.168.0.0/24", routingConfiguration=told))


def test_vw_04_other_colours_are_reached_through_the_firewall() -> None:
    estate = red_and_blue()
    way = estate.way(HUB1, vnet_id("blue1"), vnet_id("red"))
    assert way == [f"firewall {FW1}", f"connection {vnet_id('red')}"]
    assert estate.hop(HUB1, vnet_id("blue1"), vnet_id("red")).route == "static 0.0.0.0/0 in RT_BLUE"
    assert estate.way(HUB1, site_link("shop"), vnet_id("red")) == way
    assert estate.way(HUB1, vnet_id("red"), site_id("shop")) == [
        f"firewall {FW1}",
        f"branch {site_link('shop')}",
    ]
    assert estate.way(HUB1, vnet_id("red"), "internet") == [f"firewall {FW1}", "internet"]
    assert estate.wan.advertises(HUB1, vnet_id("red")) == "allowed"


def test_vw_05_one_colour_is_reached_directly_because_the_longest_prefix_wins() -> None:
    hop = red_and_blue().hop(HUB1, vnet_id("blue1"), vnet_id("blue2"))
    assert (hop.kind, hop.id, hop.route) == ("connection", vnet_id("blue2"), "propagated by blue2")


def test_vw_04_as_a_spec() -> None:
    estate = spec("""
        vnets: {Blue: {address: 10.1.0.0/16}, Red: {address: 10.2.0.0/16}}
        firewall_policies: [P]
        virtual_wans:
          WAN:
            hubs:
              H1:
                firewall: P
                route_tables:
                  RT-blue: {labels: [blue], routes: [0.0.0.0/0 -> H1/firewall]}
                  RT-red: {labels: [red], routes: [0.0.0.0/0 -> H1/firewall]}
                connections:
                  Blue: {route_table: RT-blue, labels: [blue]}
                  Red: {route_table: RT-red, labels: [red]}
        """)
    assert estate.way(SPEC1, "vnets/blue", "vnets/red") == [
        f"firewall {SPEC1}/firewall",
        "connection vnets/red",
    ]
    assert estate.wan.advertises(SPEC1, "vnets/red") == "denied"


def test_static_routes_beat_learned_ones_of_the_same_prefix() -> None:
    rows = [wan(), hub("hub1"), firewall("fw1", "hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"),
            connection("hub1", "a"), connection("hub1", "b")]  # fmt: skip
    same = arm(*rows, table("hub1", "defaultRouteTable", [], {"10.2.0.0/16": FW1}))
    assert same.way(HUB1, vnet_id("a"), vnet_id("b")) == [f"firewall {FW1}", f"connection {vnet_id('b')}"]
    shorter = arm(*rows, table("hub1", "defaultRouteTable", [], {"10.0.0.0/8": FW1}))
    assert shorter.way(HUB1, vnet_id("a"), vnet_id("b")) == [f"connection {vnet_id('b')}"]
    longer = arm(*rows, table("hub1", "defaultRouteTable", [], {"10.2.3.0/24": FW1}))
    assert longer.hop(HUB1, vnet_id("a"), "10.2.3.0/24").kind == "firewall"
    assert longer.hop(HUB1, vnet_id("a"), "10.2.4.0/24").kind == "connection"


def test_nothing_is_learned_from_what_propagates_to_none() -> None:
    told = routing("hub1", "defaultRouteTable", ["noneRouteTable"], ["none"])
    estate = arm(wan(), hub("hub1"), hub("hub2"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"),
                 vnet("c", "10.3.0.0/16"), connection("hub1", "a"), connection("hub2", "c"),
                 connection("hub1", "b", routingConfiguration=told))  # fmt: skip
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "none"
    assert estate.hop(HUB2, vnet_id("c"), vnet_id("b")).kind == "none"
    assert estate.hop(HUB1, vnet_id("b"), vnet_id("a")).kind == "connection"
    assert estate.wan.advertises(HUB1, vnet_id("b")) == "denied"


def test_a_label_is_the_tables_of_all_hubs_that_carry_it() -> None:
    told = routing("hub1", "RT", [], ["Shared"])
    estate = arm(wan(), hub("hub1"), hub("hub2"), table("hub1", "RT", ["shared"]), table("hub2", "RT", ["shared"]),
                 vnet("a", "10.1.0.0/16"), vnet("c", "10.3.0.0/16"), vnet("d", "10.4.0.0/16"),
                 connection("hub1", "a", routingConfiguration=told), connection("hub2", "d"),
                 connection("hub2", "c", routingConfiguration=routing("hub2", "RT", ["RT"], ["shared"])))  # fmt: skip
    assert estate.way(HUB2, vnet_id("c"), vnet_id("a")) == [
        f"remote-hub {HUB1}",
        f"connection {vnet_id('a')}",
    ]
    assert estate.hop(HUB2, vnet_id("d"), vnet_id("a")).kind == "none"


def test_a_table_listed_without_labels_leaves_open_whether_default_tables_learn_it_too() -> None:
    estate = arm(wan(), hub("hub1"), table("hub1", "RT", []), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"),
                 connection("hub1", "a", routingConfiguration=routing("hub1", "RT", ["RT"])),
                 connection("hub1", "b"))  # fmt: skip
    assert estate.hop(HUB1, vnet_id("b"), vnet_id("a")).kind == "unknown"
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "none"
    assert parse_addresses("10.1.0.0/16") in estate.prefixes(vnet_id("b"))
    assert estate.wan.advertises(HUB1, vnet_id("a")) == "unknown"


# Routing intent


def test_vw_07_private_intent_on_both_hubs_inspects_twice() -> None:
    estate = two_hubs("internet, private", "internet, private")
    fw1, fw2 = f"firewall {SPEC1}/firewall", f"firewall {SPEC2}/firewall"
    assert estate.way(SPEC1, "vnets/a", "vnets/c") == [fw1, f"remote-hub {SPEC2}", fw2, "connection vnets/c"]
    assert estate.way(SPEC1, "vnets/a", "vnets/b") == [fw1, "connection vnets/b"]
    shop, office = (estate.wan.branches(h)[0].id for h in (SPEC1, SPEC2))
    assert estate.way(SPEC1, shop, "vnets/c") == [fw1, f"remote-hub {SPEC2}", fw2, "connection vnets/c"]
    assert estate.way(SPEC1, shop, "on_premises/office") == [
        fw1,
        f"remote-hub {SPEC2}",
        fw2,
        f"branch {office}",
    ]
    assert estate.way(SPEC1, "vnets/a", "internet") == [fw1, "internet"]
    assert estate.hop(SPEC1, "vnets/a", "vnets/b").route == "routing intent PrivateTraffic"
    assert estate.wan.intent(SPEC1) == {"internet", "private"}
    assert estate.wan.intent_next_hop(SPEC1, "private") == f"{SPEC1}/firewall"
    assert estate.wan.is_secured(SPEC1) and not estate.wan.problems(SPEC1)
    assert estate.wan.advertises(SPEC1, "vnets/c") == "allowed"


def test_vw_08_a_plain_hub_beside_a_secured_one_is_direct_inside() -> None:
    estate = two_hubs("", "internet, private")
    assert estate.way(SPEC1, "vnets/a", "vnets/b") == ["connection vnets/b"]
    assert estate.way(SPEC1, "vnets/a", "on_premises/shop")[0].startswith("branch ")


def test_vw_09_between_a_plain_and_a_secured_hub_the_secured_one_inspects() -> None:
    estate = two_hubs("", "internet, private")
    fw2 = f"firewall {SPEC2}/firewall"
    assert estate.way(SPEC1, "vnets/a", "vnets/c") == [f"remote-hub {SPEC2}", fw2, "connection vnets/c"]
    assert estate.way(SPEC2, "vnets/c", "vnets/a") == [fw2, f"remote-hub {SPEC1}", "connection vnets/a"]


def test_vw_10_a_default_route_does_not_cross_hubs() -> None:
    estate = two_hubs("", "internet, private")
    assert estate.hop(SPEC1, "vnets/a", "internet").kind == "none"
    assert IPV4 not in estate.prefixes("vnets/a") and estate.wan.may_inject("vnets/a") == ()


def test_vw_11_nothing_is_injected_for_the_vnets_own_space() -> None:
    for estate in (two_hubs("private"), two_hubs()):
        own = parse_addresses("10.1.0.0/16")
        assert own not in estate.prefixes("vnets/a")
    injected = two_hubs("private").prefixes("vnets/a")
    assert [*injected] == [parse_addresses(t) for t in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    assert set(injected.values()) == {"routing intent PrivateTraffic"}


def test_vw_12_the_default_route_is_a_gateway_route_that_a_subnet_may_refuse() -> None:
    assert two_hubs("internet, private").prefixes("vnets/a")[IPV4] == "routing intent Internet"


def test_vw_13_a_connection_without_internet_security_learns_no_default_route() -> None:
    estate = two_hubs("internet")
    assert IPV4 in estate.prefixes("vnets/a")
    assert IPV4 not in estate.prefixes("vnets/b") and estate.wan.may_inject("vnets/b") == ()
    assert estate.way(SPEC1, "vnets/a", "vnets/b") == ["connection vnets/b"]


def test_whether_a_default_route_is_learned_is_open_where_the_flag_is_absent() -> None:
    estate = arm(wan(), hub("hub1"), firewall("fw1", "hub1"), intent("hub1", FW1, "Internet"),
                 vnet("a", "10.1.0.0/16"), connection("hub1", "a"))  # fmt: skip
    assert IPV4 not in estate.prefixes(vnet_id("a"))
    assert estate.wan.may_inject(vnet_id("a")) == ((IPV4, "routing intent Internet"),)


@pytest.mark.parametrize("form", ["spec", "table", "connection", "static"])
def test_vw_14_routing_intent_with_custom_tables_is_no_configuration(form: str) -> None:
    if form == "spec":
        estate = spec("""
            vnets: {A: {address: 10.1.0.0/16}, B: {address: 10.2.0.0/16}}
            firewall_policies: [P]
            virtual_wans:
              WAN:
                hubs:
                  H1: {firewall: P, routing_intent: [private], route_tables: {RT-x: {labels: [x]}}, connections: [A, B]}
            """)
        hub_id, a, b = SPEC1, "vnets/a", "vnets/b"
    else:
        told = routing("hub1", "RT_X", []) if form == "connection" else None
        more = {"table": table("hub1", "RT_X", []),
                "static": table("hub1", "defaultRouteTable", [], {"10.9.0.0/16":
                    ref("virtualHubs/hubVirtualNetworkConnections", "hub1/b")["id"]})}  # fmt: skip
        estate = arm(wan(), hub("hub1"), firewall("fw1", "hub1"), intent("hub1", FW1, "PrivateTraffic"),
                     vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "b"),
                     connection("hub1", "a", routingConfiguration=told),
                     *([more[form]] if form in more else []))  # fmt: skip
        hub_id, a, b = HUB1, vnet_id("a"), vnet_id("b")
    assert len(estate.wan.problems(hub_id)) == 1
    assert "routing intent does not go with" in estate.wan.problems(hub_id)[0]
    assert (
        estate.hop(hub_id, a, b).kind
        == only(estate.wan.after_firewall(hub_id, estate.to(b))).kind
        == "unknown"
    )
    assert estate.prefixes(a) and estate.wan.advertises(hub_id, a) == "unknown"


def test_internet_intent_alone_leaves_private_traffic_direct() -> None:
    estate = two_hubs("internet", "internet")
    assert estate.way(SPEC1, "vnets/a", "vnets/c") == [f"remote-hub {SPEC2}", "connection vnets/c"]
    assert estate.way(SPEC1, "vnets/a", "internet") == [f"firewall {SPEC1}/firewall", "internet"]


def test_private_intent_takes_networks_without_addresses_too() -> None:
    estate = spec("""
        vnets: [A, B]
        firewall_policies: [P]
        virtual_wans: {WAN: {hubs: {H1: {firewall: P, routing_intent: [private], connections: [A, B]}}}}
        """)
    assert estate.way(SPEC1, "vnets/a", "vnets/b") == [f"firewall {SPEC1}/firewall", "connection vnets/b"]


def test_private_intent_does_not_vouch_for_public_ranges_that_it_does_not_list() -> None:
    rows = [wan(), hub("hub1"), firewall("fw1", "hub1"), intent("hub1", FW1, "PrivateTraffic"),
            vnet("a", "10.1.0.0/16"), vnet("b", "40.0.0.0/16"), connection("hub1", "a"),
            connection("hub1", "b")]  # fmt: skip
    assert arm(*rows).hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
    listed = arm(*rows, table("hub1", "defaultRouteTable", [], {"40.0.0.0/8": FW1}))
    assert listed.way(HUB1, vnet_id("a"), vnet_id("b")) == [f"firewall {FW1}", f"connection {vnet_id('b')}"]


def test_intent_is_seen_in_the_routes_that_azure_makes_of_it() -> None:
    told = table("hub1", "defaultRouteTable", ["default"], {"10.0.0.0/8": FW1})
    told["properties"]["routes"][0]["name"] = "_policy_PrivateTraffic"
    estate = arm(wan(), hub("hub1"), firewall("fw1", "hub1"), told)
    assert estate.wan.intent(HUB1) == {"private"}


def test_next_hops_of_intent_that_are_no_firewall_of_the_hub_are_not_vouched_for() -> None:
    nva, saas = f"{NET}/networkVirtualAppliances/n", f"{NET[:-17]}PaloAltoNetworks.Cloudngfw/firewalls/f"
    for target, kind in (
        (nva, "nva"),
        (saas, "nva"),
        (FW2, "unknown"),
        (f"{NET}/azureFirewalls/gone", "unknown"),
    ):
        estate = arm(wan(), hub("hub1"), hub("hub2"), firewall("fw2", "hub2"), vnet("a", "10.1.0.0/16"),
                     intent("hub1", target, "PrivateTraffic"), vnet("b", "10.2.0.0/16"),
                     connection("hub1", "a"), connection("hub1", "b"))  # fmt: skip
        assert (estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind, target) == (kind, target)


def test_branches_reach_private_endpoints_past_private_intent_unless_the_subnet_says_otherwise() -> None:
    def estate(policies: str) -> Estate:
        endpoint = resource("privateEndpoints", "pe", subnet=ref("virtualNetworks/subnets", "a/s"),
                            customDnsConfigs=[{"ipAddresses": ["10.1.0.7"]}])  # fmt: skip
        subnet = resource("virtualNetworks/subnets", "a/s", addressPrefix="10.1.0.0/24",
                          privateEndpointNetworkPolicies=policies)  # fmt: skip
        return arm(wan(), hub("hub1"), firewall("fw1", "hub1"), intent("hub1", FW1, "PrivateTraffic"), subnet,
                   vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "a"),
                   connection("hub1", "b"), endpoint, *site("shop", "hub1", "192.168.0.0/24"))  # fmt: skip

    open_to, kept = estate("Disabled"), estate("Enabled")
    assert open_to.hop(HUB1, site_link("shop"), "10.1.0.7").kind == "connection"
    assert open_to.hop(HUB1, site_link("shop"), "10.1.0.8").kind == "firewall"
    assert open_to.hop(HUB1, vnet_id("b"), "10.1.0.7").kind == "firewall"
    assert kept.hop(HUB1, site_link("shop"), "10.1.0.7").kind == "firewall"


def test_forced_tunnelling_leaves_the_way_to_the_internet_open() -> None:
    rows = [wan(), hub("hub1"), firewall("fw1", "hub1"), intent("hub1", FW1, "PrivateTraffic"),
            table("hub1", "defaultRouteTable", [], {"0.0.0.0/0": FW1}), vnet("a", "10.1.0.0/16"),
            connection("hub1", "a", enableInternetSecurity=True), vnet("n", "10.9.0.0/16")]  # fmt: skip
    assert arm(*rows).way(HUB1, vnet_id("a"), "internet") == [f"firewall {FW1}", "unknown"]
    static = {
        "vnetRoutes": {"staticRoutes": [{"addressPrefixes": ["0.0.0.0/0"], "nextHopIpAddress": "10.9.0.4"}]}
    }
    estate = arm(*rows, connection("hub1", "n", routingConfiguration=static))
    assert estate.way(HUB1, vnet_id("a"), "internet") == [f"firewall {FW1}", f"connection {vnet_id('n')}"]


# Branches


def test_branches_reach_each_other_as_the_wan_says() -> None:
    for allowed, kind in ((True, "branch"), (False, "none"), ("?", "unknown")):
        estate = arm(wan(allowBranchToBranchTraffic=allowed), hub("hub1"), vnet("a", "10.1.0.0/16"),
                     connection("hub1", "a"), *site("shop", "hub1", "192.168.1.0/24"),
                     *site("mall", "hub1", "192.168.2.0/24"))  # fmt: skip
        assert estate.hop(HUB1, site_link("shop"), site_id("mall")).kind == kind
        assert estate.hop(HUB1, site_link("shop"), vnet_id("a")).kind == "connection"
        assert estate.hop(HUB1, vnet_id("a"), site_id("mall")).kind == "branch"


def circuit(name: str, hub_name: str) -> list[dict[str, Any]]:
    return [
        resource("expressRouteCircuits", name),
        resource("expressRouteGateways", f"er-{name}", virtualHub=ref("virtualHubs", hub_name)),
        resource("expressRouteGateways/expressRouteConnections", f"er-{name}/c",
                 expressRouteCircuitPeering=ref("expressRouteCircuits/peerings", f"{name}/AzurePrivatePeering")),
    ]  # fmt: skip


def test_a_circuit_is_a_branch_with_a_nameless_address() -> None:
    estate = arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), connection("hub1", "a"), *circuit("x", "hub1"),
                 *circuit("y", "hub1"), *site("shop", "hub1", "192.168.1.0/24"))  # fmt: skip
    kinds = {branch.kind: branch for branch in estate.wan.branches(HUB1)}
    assert set(kinds) == {"expressroute", "vpn"}
    far = f"{NET}/expressRouteCircuits/x".lower()
    link = f"{NET}/expressRouteGateways/er-x/expressRouteConnections/c".lower()
    assert estate.hop(HUB1, vnet_id("a"), far).target == ("branch", link, "")
    assert estate.hop(HUB1, site_link("shop"), far).kind == "branch"
    assert estate.hop(HUB1, link.replace("er-x", "er-y"), far).kind == "none"
    assert estate.addresses.sites[far] in estate.prefixes(vnet_id("a"))


def test_a_default_route_reaches_a_branch_that_asks_for_it() -> None:
    told = routing("hub1", "defaultRouteTable", ["noneRouteTable"], ["none"])
    for asks, verdict in ((False, "denied"), (True, "unknown")):
        estate = arm(wan(), hub("hub1"), firewall("fw1", "hub1"), vnet("a", "10.1.0.0/16"),
                     table("hub1", "defaultRouteTable", [], {"0.0.0.0/0": FW1}),
                     connection("hub1", "a", routingConfiguration=told),
                     *site("shop", "hub1", "192.168.1.0/24", enableInternetSecurity=asks))  # fmt: skip
        assert estate.wan.advertises(HUB1, vnet_id("a")) == verdict


def test_people_who_dial_in_are_a_branch_with_their_pool() -> None:
    pool = {"properties": {"vpnClientAddressPool": {"addressPrefixes": ["172.30.0.0/24"]}}}
    gateway = resource(
        "p2sVpnGateways", "p", virtualHub=ref("virtualHubs", "hub1"), p2SConnectionConfigurations=[pool]
    )
    estate = arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), connection("hub1", "a"), gateway)
    (branch,) = estate.wan.branches(HUB1)
    assert (branch.kind, branch.prefixes) == ("p2s", parse_addresses("172.30.0.0/24"))
    assert estate.hop(HUB1, vnet_id("a"), "172.30.0.9").id == branch.id
    assert estate.hop(HUB1, branch.id, vnet_id("a")).kind == "connection"


def test_a_site_of_a_spec_may_dial_in_or_stand_behind_an_appliance() -> None:
    estate = spec("""
        vnets: {A: {address: 10.1.0.0/16}}
        on_premises: {Home: {address: 172.30.0.0/24}, Store: {address: 192.168.0.0/24, resources: {Till: branch}}}
        virtual_wans: {WAN: {hubs: {H1: {p2s_gateway: true, nva: true, connections: [A]}}}}
        connections: [Home -> H1 via point-to-site, Store/Till -> H1/nva via sd-wan]
        """)
    kinds = {branch.site: branch.kind for branch in estate.wan.branches(SPEC1)}
    assert kinds == {"on_premises/home": "p2s", "on_premises/store/resources/till": "sd-wan"}
    assert estate.hop(SPEC1, "vnets/a", "on_premises/home").kind == "branch"
    assert estate.hop(SPEC1, "vnets/a", "192.168.0.0/24").kind == "branch"


def test_expressroute_is_preferred_to_a_tunnel_unless_the_hub_says_otherwise() -> None:
    text = """
        vnets: {A: {address: 10.1.0.0/16}}
        on_premises: {Home: {address: 172.30.0.0/24}}
        virtual_wans: {WAN: {hubs: {H1: {connections: [A]}}}}
        connections: [Home -> H1 via vpn, Home -> H1 via expressroute]
        """
    assert spec(text).hop(SPEC1, "vnets/a", "on_premises/home").id.endswith("via expressroute")


def test_a_basic_wan_joins_branches_to_vnets_and_no_vnets_to_each_other() -> None:
    estate = arm(resource("virtualWans", "wan", type="Basic"), hub("hub1"), hub("hub2"), vnet("a", "10.1.0.0/16"),
                 vnet("b", "10.2.0.0/16"), vnet("c", "10.3.0.0/16"), connection("hub1", "a"), connection("hub1", "b"),
                 connection("hub2", "c"), *site("shop", "hub1", "192.168.1.0/24"))  # fmt: skip
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "none"
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("c")).kind == "none"
    assert estate.hop(HUB1, vnet_id("a"), site_id("shop")).kind == "branch"
    assert estate.hop(HUB1, site_link("shop"), vnet_id("b")).kind == "connection"
    assert estate.hop(HUB1, site_link("shop"), vnet_id("c")).kind == "none"


# Appliances in VNets and hubs


def spoke_nva(static: dict[str, Any], *more: dict[str, Any], own: str = "10.9.0.4") -> Estate:
    """VNet `n` holds an appliance to which its connection leads on for 10.50.0.0/16."""
    told = {
        "staticRoutes": [{"name": "r", "addressPrefixes": ["10.50.0.0/16"], "nextHopIpAddress": own}],
        **static,
    }
    return arm(wan(), hub("hub1"), hub("hub2"), vnet("a", "10.1.0.0/16"), vnet("n", "10.9.0.0/16"),
               vnet("c", "10.3.0.0/16"), connection("hub1", "a"), connection("hub2", "c"),
               connection("hub1", "n", routingConfiguration={"vnetRoutes": told}), *more)  # fmt: skip


def test_static_routes_on_a_connection_lead_to_an_appliance_in_its_vnet() -> None:
    estate = spoke_nva({})
    assert estate.hop(HUB1, vnet_id("a"), "10.50.1.0/24").target == ("connection", vnet_id("n"), "10.9.0.4")
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("n")).target == ("connection", vnet_id("n"), "")
    assert estate.way(HUB2, vnet_id("c"), "10.50.1.0/24") == [
        f"remote-hub {HUB1}",
        f"connection {vnet_id('n')}",
    ]
    assert parse_addresses("10.50.0.0/16") in estate.prefixes(vnet_id("c"))


def test_static_routes_that_do_not_spread_want_a_route_in_the_table() -> None:
    kept = {"staticRoutesConfig": {"propagateStaticRoutes": False}}
    assert spoke_nva(kept).hop(HUB1, vnet_id("a"), "10.50.1.0/24").kind == "none"
    target = ref("virtualHubs/hubVirtualNetworkConnections", "hub1/n")["id"]
    estate = spoke_nva(
        kept, table("hub1", "defaultRouteTable", [], {"10.50.0.0/16": target, "10.60.0.0/16": target})
    )
    assert estate.hop(HUB1, vnet_id("a"), "10.50.1.0/24").target == ("connection", vnet_id("n"), "10.9.0.4")
    assert estate.hop(HUB1, vnet_id("a"), "10.60.1.0/24").kind == "unknown"
    assert estate.hop(HUB2, vnet_id("c"), "10.50.1.0/24").kind == "none"


def test_a_static_route_that_holds_the_vnet_takes_its_own_traffic_too_unless_it_is_bypassed() -> None:
    def estate(criteria: str) -> Estate:
        told = {"staticRoutes": [{"addressPrefixes": ["10.0.0.0/8"], "nextHopIpAddress": "10.9.0.4"}],
                "staticRoutesConfig": {"vnetLocalRouteOverrideCriteria": criteria}}  # fmt: skip
        return arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("n", "10.9.0.0/16"), connection("hub1", "a"),
                   connection("hub1", "n", routingConfiguration={"vnetRoutes": told}))  # fmt: skip

    assert estate("Contains").hop(HUB1, vnet_id("a"), vnet_id("n")).address == "10.9.0.4"
    assert estate("Equal").hop(HUB1, vnet_id("a"), vnet_id("n")).address == ""


def test_static_routes_are_not_exchanged_between_hubs() -> None:
    estate = arm(wan(), hub("hub1"), hub("hub2"), firewall("fw1", "hub1"), vnet("a", "10.1.0.0/16"),
                 vnet("b", "10.2.0.0/16"), vnet("c", "10.3.0.0/16"), connection("hub1", "a"), connection("hub1", "b"),
                 connection("hub2", "c"), table("hub1", "defaultRouteTable", [], {"10.2.0.0/16": FW1}))  # fmt: skip
    assert estate.way(HUB1, vnet_id("a"), vnet_id("b")) == [f"firewall {FW1}", f"connection {vnet_id('b')}"]
    assert estate.way(HUB2, vnet_id("c"), vnet_id("b")) == [
        f"remote-hub {HUB1}",
        f"connection {vnet_id('b')}",
    ]


def test_a_firewall_without_intent_is_not_trusted_with_traffic_between_hubs() -> None:
    told = routing("hub1", "RT", [], ["x"])
    estate = arm(wan(), hub("hub1"), hub("hub2"), firewall("fw1", "hub1"), vnet("a", "10.1.0.0/16"),
                 vnet("c", "10.3.0.0/16"), connection("hub1", "a", routingConfiguration=told), connection("hub2", "c"),
                 table("hub1", "RT", ["x"], {"0.0.0.0/0": FW1}))  # fmt: skip
    assert estate.way(HUB1, vnet_id("a"), vnet_id("c")) == [f"firewall {FW1}", f"unknown {HUB2}"]


def test_what_appliances_announce_by_bgp_is_not_taken_for_no_route() -> None:
    via = ref("virtualHubs/hubVirtualNetworkConnections", "hub1/n")
    session = resource(
        "virtualHubs/bgpConnections", "hub1/peer", peerIp="10.9.0.4", hubVirtualNetworkConnection=via
    )
    in_hub = resource("networkVirtualAppliances", "sdwan", virtualHub=ref("virtualHubs", "hub1"))
    for speaker in (session, in_hub):
        estate = spoke_nva({}, speaker)
        hop = estate.hop(HUB1, vnet_id("a"), "10.77.0.0/16")
        assert (hop.kind, hop.id) == ("nva", speaker["id"].lower())
        assert estate.hop(HUB1, vnet_id("a"), vnet_id("n")).kind == "connection"
        assert estate.hop(HUB2, vnet_id("c"), "10.77.0.0/16").kind == "unknown"
        assert estate.hop(HUB2, vnet_id("c"), "internet").kind == "none"
        assert estate.hop(HUB1, HUB2, "10.77.0.0/16").kind == "nva"
        assert parse_addresses("10.0.0.0/8") in estate.prefixes(vnet_id("a"))
        assert [ranges for ranges, _ in estate.wan.may_inject(vnet_id("a"))] == [IPV4]


# What the input does not tell


def test_a_hub_outside_the_input_is_unknown_from_every_side() -> None:
    estate = arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "a"),
                 connection("gone", "b"))  # fmt: skip
    gone = HUB1.replace("hub1", "gone")
    assert estate.wan.hubs == (gone, HUB1) and estate.wan.hub_of(vnet_id("b")) == gone
    assert estate.hop(gone, vnet_id("b"), vnet_id("a")).kind == "unknown"
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
    assert estate.wan.advertises(gone, vnet_id("b")) == estate.wan.advertises(HUB1, vnet_id("b")) == "unknown"
    assert estate.prefixes(vnet_id("b")) and estate.wan.may_inject(vnet_id("b"))
    assert estate.hop("no hub at all", vnet_id("b"), vnet_id("a")).kind == "unknown"


def test_a_table_outside_the_input_is_unknown() -> None:
    told = routing("hub1", "RT_GONE", ["defaultRouteTable"])
    estate = arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "b"),
                 connection("hub1", "a", routingConfiguration=told))  # fmt: skip
    assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
    assert estate.hop(HUB1, vnet_id("b"), vnet_id("a")).kind == "connection"


def test_an_exported_hub_without_its_tables_is_unknown_and_a_described_one_is_not() -> None:
    rows = [
        wan(),
        vnet("a", "10.1.0.0/16"),
        vnet("b", "10.2.0.0/16"),
        connection("hub1", "a"),
        connection("hub1", "b"),
    ]
    assert arm(hub("hub1"), *rows).hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "connection"
    exported = hub("hub1", provisioningState="Succeeded", routingState="Provisioned")
    assert arm(exported, *rows).hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
    with_tables = arm(exported, *rows, table("hub1", "defaultRouteTable", ["default"]))
    assert with_tables.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "connection"


def test_a_route_to_a_missing_or_unreadable_next_hop_is_unknown() -> None:
    rows = [wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "a"),
            connection("hub1", "b")]  # fmt: skip
    for target in (FW1, f"{NET}/virtualHubs/hub1/hubVirtualNetworkConnections/gone", "", "[parameters('x')]"):
        estate = arm(*rows, table("hub1", "defaultRouteTable", [], {"10.2.0.0/16": target}))
        assert estate.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
        assert estate.hop(HUB1, vnet_id("a"), "10.3.0.0/16").kind == "none"
    unreadable = arm(
        *rows, firewall("fw1", "hub1"), table("hub1", "defaultRouteTable", [], {"Office365": FW1})
    )
    assert unreadable.hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"


def test_route_maps_leave_open_what_is_learned() -> None:
    def estate(rules: list[Any], word: str) -> Estate:
        told = {**routing("hub1", "defaultRouteTable", ["defaultRouteTable"], ["default"]),
                word: ref("virtualHubs/routeMaps", "hub1/m")}  # fmt: skip
        return arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), connection("hub1", "b"),
                   connection("hub1", "a", routingConfiguration=told),
                   resource("virtualHubs/routeMaps", "hub1/m", rules=rules))  # fmt: skip

    assert estate([{"name": "r"}], "inboundRouteMap").hop(HUB1, vnet_id("b"), vnet_id("a")).kind == "unknown"
    assert estate([{"name": "r"}], "outboundRouteMap").hop(HUB1, vnet_id("a"), vnet_id("b")).kind == "unknown"
    assert estate([], "inboundRouteMap").hop(HUB1, vnet_id("b"), vnet_id("a")).kind == "connection"


def test_two_vnets_with_one_prefix_are_not_told_apart() -> None:
    estate = arm(wan(), hub("hub1"), vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), vnet("b2", "10.2.0.0/16"),
                 connection("hub1", "a"), connection("hub1", "b"), connection("hub1", "b2"))  # fmt: skip
    assert estate.hop(HUB1, vnet_id("a"), "10.2.0.0/16").kind == "unknown"


def test_a_route_server_is_no_virtual_hub() -> None:
    server = resource("virtualHubs", "rs", sku="Standard")
    inner = resource(
        "virtualHubs/ipConfigurations", "rs/c", subnet=ref("virtualNetworks/subnets", "a/RouteServerSubnet")
    )
    assert arm(server, inner, vnet("a", "10.1.0.0/16")).wan.hubs == ()


def test_addresses_of_services_named_later_follow_the_default_route() -> None:
    estate = two_hubs("internet")
    assert estate.way(SPEC1, "vnets/a", "internet") == [f"firewall {SPEC1}/firewall", "internet"]
    storage = estate.addresses.service("services/s", frozenset({"storage"}))
    assert only(estate.wan.next_hops(SPEC1, "vnets/a", storage)).kind == "firewall"
    assert only(estate.wan.after_firewall(SPEC1, storage)).kind == "internet"


WRONG: list[Any] = [None, "", True, [], ["x"], [None], [[]], {}, {"id": 3}]
UNREADABLE: list[Any] = [7, "[parameters('x')]", [7], [{}], ["[x]"]]


def many_shapes() -> list[dict[str, Any]]:
    """Two hubs with something of everything that the analysis reads."""
    to_a = ref("virtualHubs/hubVirtualNetworkConnections", "hub1/a")
    statics = {
        "staticRoutes": [{"addressPrefixes": ["10.5.0.0/16"], "nextHopIpAddress": "10.1.0.4"}],
        "staticRoutesConfig": {"propagateStaticRoutes": True, "vnetLocalRouteOverrideCriteria": "Contains"},
    }
    told = {**routing("hub1", "RT", ["RT", "defaultRouteTable"], ["default"]), "vnetRoutes": statics}
    pool = {"properties": {"vpnClientAddressPool": {"addressPrefixes": ["172.30.0.0/24"]}}}
    return [
        wan(allowBranchToBranchTraffic=True), hub("hub1", azureFirewall={"id": FW1}, routeTable={"routes": []}),
        hub("hub2"), firewall("fw1", "hub1"), firewall("fw2", "hub2"), intent("hub2", FW2, "Internet"),
        table("hub1", "defaultRouteTable", ["default"], {"0.0.0.0/0": FW1}),
        table("hub1", "RT", ["x"], {"10.2.0.0/16": FW1}),
        vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16"), vnet("c", "10.3.0.0/16"),
        connection("hub1", "a", enableInternetSecurity=True, routingConfiguration=told), connection("hub2", "c"),
        connection("hub1", "b", routingConfiguration=routing("hub1", "defaultRouteTable", ["RT"], ["x", "default"])),
        *site("shop", "hub1", "192.168.0.0/24"), *site("mall", "hub2", "192.168.1.0/24"),
        resource("p2sVpnGateways", "p", virtualHub=ref("virtualHubs", "hub1"), p2SConnectionConfigurations=[pool]),
        resource("virtualHubs/bgpConnections", "hub1/peer", hubVirtualNetworkConnection=to_a),
    ]  # fmt: skip


def mutations(rows: list[dict[str, Any]], wrong: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The resources with one value of one of them replaced, and which; networks are for `Addresses` to read."""
    for number, row in enumerate(rows):
        for path in paths(row["properties"]):
            if "addressSpace" not in path:
                changed = copy.deepcopy(rows)
                put(changed[number]["properties"], path, wrong)
                yield f"{row['name']} {path}", changed


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_no_shape_is_a_crash(wrong: Any) -> None:
    for _, rows in mutations(many_shapes(), wrong):
        assert answers(arm(*rows))


@pytest.mark.parametrize("wrong", UNREADABLE, ids=repr)
def test_what_cannot_be_read_changes_answers_to_unknown_only(wrong: Any) -> None:
    """Except for what says that there is a link at all, and whose absence is the absence of a resource."""
    rows = many_shapes()[:-2]
    before = answers(arm(*rows))
    for name, changed in mutations(rows, wrong):
        if not any(word in name for word in ("remoteV", "virtualHub")):
            after = answers(arm(*changed))
            for question, answer in before.items():
                assert after[question] in (answer, "unknown"), (name, question)


def answers(estate: Estate) -> dict[tuple[str, ...], str]:
    """The kind of next hop for many questions; `unknown` where it is more than one."""
    found: dict[tuple[str, ...], str] = {}
    sources = (
        vnet_id("a"),
        vnet_id("b"),
        vnet_id("c"),
        site_link("shop"),
        site_link("mall"),
        HUB1,
        HUB2,
        "nothing",
    )
    targets = [f"10.{n}.0.0/16" for n in (1, 2, 3, 5, 77)] + ["192.168.0.0/24", "192.168.1.0/24", "8.8.8.8"]
    for name in (HUB1, HUB2):
        for target in targets:
            ranges = parse_addresses(target) or ()
            for source in sources:
                found[name, source, target] = kind(estate.wan.next_hops(name, source, ranges))
            found[name, "firewall", target] = kind(estate.wan.after_firewall(name, ranges))
        for vnet_name in "abc":
            found[name, vnet_name] = estate.wan.advertises(name, vnet_id(vnet_name))
        assert isinstance(estate.wan.branches(name), tuple) and isinstance(estate.wan.problems(name), tuple)
    assert isinstance((estate.wan.injected(vnet_id("a")), estate.wan.may_inject(vnet_id("b"))), tuple)
    return found


def kind(pieces: tuple[tuple[Ranges, HubNextHop], ...]) -> str:
    kinds = {hop.kind for _, hop in pieces}
    return kinds.pop() if len(kinds) == 1 else "unknown"


def paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value below stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [above] if above else []
    for step, below in inner:
        found += paths(below, (*above, step))
    return found


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new
