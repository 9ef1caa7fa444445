"""The rules: their pages are their fixtures, and what they must not find is here."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rule_pages import PAGES, ROOT, analysed, findings, read_page

from diagramgen.analyse.rules import RULES, run_rules
from diagramgen.analyse.verdicts import SEVERITIES
from diagramgen.diagnostics import InputError

CORPUS = ROOT.parent / "shared" / "corpus"
HEADINGS = ("What it checks", "Why it matters", "Fails", "Passes", "Not judged", "Sources")
EXAMPLES = sorted((ROOT / "examples").glob("*.*"))
GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"


def rid(kind: str, name: str) -> str:
    """An id such as Azure writes it; `kind` is short for a type of Microsoft.Network."""
    provider = "" if kind.startswith("Microsoft.") else "Microsoft.Network/"
    return f"{GROUP}/{provider}{kind}/{name}"


def export(*resources: tuple[str, str, dict[str, Any]]) -> str:
    """A list of resources as Azure exports them: type, name, properties and what stands beside them under `+`."""
    listed = []
    for kind, name, properties in resources:
        beside = properties.pop("+", {})
        listed.append({"id": rid(kind, name), "name": name, "properties": properties, **beside})
    return json.dumps(listed)


def vnet(
    name: str, prefix: str, *subnets: tuple[str, dict[str, Any]], **more: Any
) -> tuple[str, str, dict[str, Any]]:
    """A VNet with its subnets."""
    children = [
        {"id": rid("virtualNetworks", name) + f"/subnets/{each}", "name": each, "properties": p}
        for each, p in subnets
    ]
    properties = {
        "addressSpace": {"addressPrefixes": [prefix]},
        "subnets": children,
        "virtualNetworkPeerings": [],
    }
    return ("virtualNetworks", name, properties | more)


def nsg(name: str, *rules: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """An NSG; a rule's name is its place in the list."""
    children = [{"name": f"rule{n}", "properties": rule} for n, rule in enumerate(rules)]
    return ("networkSecurityGroups", name, {"securityRules": children})


def rule(priority: int, access: str, **more: Any) -> dict[str, Any]:
    """An inbound rule for TCP, from anywhere to anywhere."""
    usual = {"sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "sourcePortRange": "*"}
    return {"priority": priority, "access": access, "direction": "Inbound", "protocol": "Tcp"} | usual | more


def found(text: str, name: str) -> list[str]:
    """The first id of each finding of one rule."""
    return [finding.ids[0].rpartition("/")[2] for finding in findings(text, name)]


# The table and the pages


def test_there_are_forty_rules_in_order() -> None:
    assert list(RULES) == [f"ZT-{number:02}" for number in range(1, 41)]
    assert all(row.severity in SEVERITIES and row.sources and row.fix for row in RULES.values())
    assert all(s.startswith("https://learn.microsoft.com/") for row in RULES.values() for s in row.sources)


def test_every_check_documents_its_source() -> None:
    for row in RULES.values():
        assert "https://learn.microsoft.com/" in (row.check.__doc__ or ""), row.id


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_page(name: str) -> None:
    page, row = read_page(name), RULES[name]
    assert (page.id, page.title) == (name, row.title)
    assert page.headings[: len(HEADINGS)] == HEADINGS
    assert f"Severity: {row.severity}." in page.text
    assert all(source in page.text for source in (*row.sources, *row.elsewhere))
    assert (ROOT / row.page).is_file()


def test_the_overview_lists_every_rule_and_no_page_is_left_over() -> None:
    overview = (PAGES / "README.md").read_text(encoding="utf-8")
    for row in RULES.values():
        assert f"| [{row.id}]({row.id}.md) | {row.title} | {row.severity} |" in overview
    assert {path.stem for path in PAGES.glob("ZT-*.md")} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_the_failing_example_of_a_page_is_found_and_the_mended_one_is_not(name: str) -> None:
    page = read_page(name)
    assert page.under("Fails")
    assert page.under("Passes")
    for example in page.under("Fails"):
        told = findings(example.text, name, name=f"{name}.{example.language}")
        assert told
        for finding in told:
            assert finding.severity == RULES[name].severity
            assert finding.ids
            assert finding.message
            assert finding.fix
            assert finding.evidence
            assert all(e.place.source == f"{name}.{example.language}" and e.text for e in finding.evidence)
    for example in page.under("Passes"):
        assert findings(example.text, name) == ()


# All together


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_findings_of_the_gallery_are_sorted_and_single(path: Path) -> None:
    told = run_rules(analysed(path.read_text(encoding="utf-8"), path.name))
    assert list(told) == sorted(told, key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.ids))
    twice = [key for key, times in Counter((f.rule, f.ids) for f in told).items() if times > 1]
    assert not twice
    assert all(e.place.source == path.name for finding in told for e in finding.evidence)


def test_rules_are_selected_and_ignored() -> None:
    text = read_page("ZT-03").under("Fails")[0].text
    analysis = analysed(text)
    everything = {finding.rule for finding in run_rules(analysis)}
    assert {"ZT-03", "ZT-38"} <= everything
    assert {f.rule for f in run_rules(analysis, frozenset({"ZT-03"}))} == {"ZT-03"}
    assert {f.rule for f in run_rules(analysis, ignore=frozenset({"ZT-03"}))} == everything - {"ZT-03"}


def test_a_sketch_without_any_rule_is_not_blamed_for_what_it_does_not_say() -> None:
    sketch = """
vnets:
  Hub: {address: 10.0.0.0/16, subnets: {Firewall: {address: 10.0.1.0/26, resources: {FW: firewall}}}}
  Shop: {address: 10.1.0.0/16, subnets: {Web: {address: 10.1.1.0/24, resources: {VM: vm}}, Data: }}
peerings: [Hub <-> Shop]
services: [storage]
boundaries: [Web | Data]
"""
    assert findings(sketch) == ()


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_no_real_file_breaks_a_rule() -> None:
    read = 0
    for path in sorted(CORPUS.glob("**/*.json")):
        try:
            analysis = analysed(path.read_text(encoding="utf-8-sig"), path.name)
        except (InputError, UnicodeDecodeError):
            continue
        read += 1
        for finding in run_rules(analysis):
            assert finding.ids
            assert finding.evidence
    assert read > 100


# NSGs


def test_zt_01_leaves_the_subnets_of_gateways_and_firewalls_alone() -> None:
    text = export(
        vnet("v", "10.0.0.0/16", ("GatewaySubnet", {"addressPrefix": "10.0.0.0/27"}),
             ("AzureFirewallSubnet", {"addressPrefix": "10.0.1.0/26"}),
             ("RouteServerSubnet", {"addressPrefix": "10.0.2.0/27"}),
             ("app", {"addressPrefix": "10.0.3.0/24"})),
    )  # fmt: skip
    assert found(text, "ZT-01") == ["app"]


def test_zt_01_knows_nothing_of_a_subnet_that_is_only_referred_to() -> None:
    subnet = rid("virtualNetworks", "elsewhere") + "/subnets/app"
    interface = {"ipConfigurations": [{"name": "i", "properties": {"subnet": {"id": subnet}}}]}
    assert found(export(("networkInterfaces", "nic", interface)), "ZT-01") == []


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ("[]", True),
        ("[100 allow inbound tcp/443 from Web to any]", True),
        ("[4096 deny inbound tcp/1433 from any to any]", True),
        ("[4096 deny inbound any from Internet to any]", True),
        ("[100 allow inbound any from VirtualNetwork to any, 4096 deny inbound any from any to any]", True),
        ("[4096 deny inbound any from VirtualNetwork to any]", False),
        ("[4096 deny inbound any from Web to any]", False),
        ("[4096 deny inbound any from 10.0.0.0/8 to any]", False),
        ("[100 allow inbound any from Web to any, 4096 deny inbound any from any to any]", False),
    ],
)
def test_zt_02_asks_for_a_deny_of_what_is_inside(lines: str, is_open: bool) -> None:
    text = f"""
vnets:
  V: {{address: 10.0.0.0/16, subnets: {{Web: {{address: 10.0.1.0/24}}, Data: {{address: 10.0.2.0/24, nsg: N}}}}}}
nsgs: {{N: {{rules: {lines}}}, M: {{rules: [4096 deny inbound any from any to any]}}}}
"""
    assert found(text, "ZT-02") == (["n"] if is_open else [])


def test_zt_02_is_content_with_the_nsgs_of_all_interfaces() -> None:
    text = """
vnets:
  V: {address: 10.0.0.0/16, subnets: {Web: , Data: {address: 10.0.2.0/24, nsg: N, resources: {VM: {type: vm, nsg: M}}}}}
nsgs: {N: {rules: [100 allow inbound tcp/443 from Web to any]}, M: {rules: [4096 deny inbound any from any to any]}}
"""
    assert found(text.replace("Web: ,", "Web: {address: 10.0.1.0/24},"), "ZT-02") == []


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ({"sourceAddressPrefix": "", "sourceAddressPrefixes": ["Internet"], "destinationPortRange": "22"}, True),
        ({"destinationPortRanges": ["80", "3000-4000"]}, True),
        ({"sourceAddressPrefix": "0.0.0.0/0", "destinationPortRange": "*", "protocol": "*"}, True),
        ({"sourceAddressPrefixes": ["0.0.0.0/1", "128.0.0.0/1"], "sourceAddressPrefix": "",
          "destinationPortRange": "22"}, True),
        ({"sourceAddressPrefix": "203.0.113.0/24", "destinationPortRange": "22"}, False),
        ({"sourceAddressPrefix": "VirtualNetwork", "destinationPortRange": "22"}, False),
        ({"destinationPortRange": "443"}, False),
        ({"destinationPortRange": "22", "protocol": "Udp"}, False),
        ({"destinationPortRange": "22", "access": "Deny"}, False),
        ({"destinationPortRange": "22", "direction": "Outbound"}, False),
    ],
)  # fmt: skip
def test_zt_03_reads_singular_and_plural_fields(more: dict[str, Any], is_found: bool) -> None:
    assert found(export(nsg("n", rule(100, "Allow") | more)), "ZT-03") == (["n"] if is_found else [])


def test_zt_03_counts_a_deny_above_and_none_below() -> None:
    opened, closed = (
        rule(200, "Allow", destinationPortRange="22"),
        rule(100, "Deny", destinationPortRange="*"),
    )
    assert found(export(nsg("n", opened, closed)), "ZT-03") == []
    assert found(export(nsg("n", opened, closed | {"priority": 300})), "ZT-03") == ["n"]
    partly = closed | {"sourceAddressPrefix": "198.51.100.0/24"}
    assert found(export(nsg("n", opened, partly)), "ZT-03") == ["n"]


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("100 allow inbound any from any to any", True),
        ("100 allow inbound tcp from VirtualNetwork to any", True),
        ("100 allow inbound udp from 10.0.0.0/8 to 10.0.1.0/24", True),
        ("100 allow outbound any from any to Internet", True),
        ("100 allow outbound any from any to Storage", False),
        ("100 allow inbound icmp from any to any", False),
        ("100 allow inbound tcp/443 from any to any", False),
        ("100 allow inbound any from 10.0.1.0/24 to any", False),
        ("100 deny inbound any from any to any", False),
    ],
)
def test_zt_04_calls_a_broad_far_end_with_all_ports_any_any(line: str, is_found: bool) -> None:
    text = f"vnets: {{V: {{address: 10.0.0.0/16}}}}\nnsgs: {{N: {{rules: [{line}]}}}}"
    assert found(text, "ZT-04") == (["n"] if is_found else [])


def test_zt_03_takes_ipv6_by_itself() -> None:
    opened = rule(200, "Allow", destinationPortRange="22")
    assert found(export(nsg("n", opened | {"sourceAddressPrefix": "::/0"})), "ZT-03") == ["n"]
    closed = rule(100, "Deny", destinationPortRange="*", sourceAddressPrefix="::/0")
    assert found(export(nsg("n", opened, closed)), "ZT-03") == ["n"]


def test_zt_04_leaves_out_what_rules_above_decide_for() -> None:
    dead = "[100 deny inbound any from any to any, 200 allow inbound any from VirtualNetwork to any]"
    assert found(f"vnets: {{V: }}\nnsgs: {{N: {{rules: {dead}}}}}", "ZT-04") == []


def test_zt_38_does_not_guess_whose_an_unknown_address_is() -> None:
    text = """
vnets: {V: {address: 10.0.0.0/16, subnets: {Web: {address: 10.0.1.0/24, nsg: N}}}}
nsgs: {N: {rules: [100 allow inbound tcp/22 from 10.99.0.0/26 to any]}}
"""
    assert found(text, "ZT-38") == []
    assert found(text.replace("10.99.0.0/26", "10.0.1.0/24"), "ZT-38") == ["n"]
    assert found(text.replace("10.99.0.0/26", "203.0.113.7"), "ZT-38") == ["n"]


def test_zt_37_does_not_judge_addresses_in_place_of_a_tag() -> None:
    text = read_page("ZT-37").under("Passes")[0].text
    assert found(text.replace("from GatewayManager", "from 20.0.0.0/16"), "ZT-37") == []
    assert (
        found(text.replace("- 110 allow inbound tcp/65200-65535 from GatewayManager to any", ""), "ZT-37")
        != []
    )


# Peerings and routes


def test_zt_05_is_silent_where_nothing_passes_or_the_far_vnet_is_not_there() -> None:
    text = read_page("ZT-05").under("Fails")[0].text
    closed = text.replace("100 allow inbound tcp/443 from VirtualNetwork to any, ", "")
    assert found(closed, "ZT-05") == []
    far = {"remoteVirtualNetwork": {"id": rid("virtualNetworks", "far")}, "peeringState": "Connected"}
    near = vnet("near", "10.0.0.0/16", ("app", {"addressPrefix": "10.0.1.0/24"}),
                virtualNetworkPeerings=[{"name": "to-far", "properties": far}])  # fmt: skip
    assert found(export(near), "ZT-05") == []


@pytest.mark.parametrize(
    ("told", "is_found"),
    [
        ({"peeringState": "Connected", "peeringSyncLevel": "FullyInSync"}, False),
        ({"peeringState": "Connected", "peeringSyncLevel": "RemoteNotInSync"}, True),
        ({"peeringState": "Disconnected"}, True),
        ({"peeringState": "Initiated"}, True),
        ({"peeringState": "Connected"}, False),
        ({}, False),
    ],
)
def test_zt_06_reads_the_state_of_a_half_whose_other_half_is_not_there(
    told: dict[str, str], is_found: bool
) -> None:
    half = {"remoteVirtualNetwork": {"id": rid("virtualNetworks", "far")}, **told}
    near = vnet("near", "10.0.0.0/16", virtualNetworkPeerings=[{"name": "to-far", "properties": half}])
    assert bool(found(export(near), "ZT-06")) == is_found


def test_zt_06_finds_a_half_that_stands_alone() -> None:
    half = {"remoteVirtualNetwork": {"id": rid("virtualNetworks", "far")}}
    near = vnet("near", "10.0.0.0/16", virtualNetworkPeerings=[{"name": "to-far", "properties": half}])
    assert found(export(near, vnet("far", "10.1.0.0/16")), "ZT-06") == ["far"]


def test_zt_07_does_not_judge_a_route_table_that_is_not_there() -> None:
    table = {"id": rid("routeTables", "elsewhere")}
    firewall = {"ipConfigurations": [{"name": "c", "properties": {
        "privateIPAddress": "10.0.1.4",
        "subnet": {"id": rid("virtualNetworks", "v") + "/subnets/AzureFirewallSubnet"}}}]}  # fmt: skip

    def estate(app: dict[str, Any]) -> str:
        return export(
            vnet("v", "10.0.0.0/16", ("AzureFirewallSubnet", {"addressPrefix": "10.0.1.0/26"}),
                 ("app", {"addressPrefix": "10.0.2.0/24"} | app)),
            ("azureFirewalls", "fw", firewall),
        )  # fmt: skip

    assert found(estate({}), "ZT-07") == ["app"]
    assert found(estate({"routeTable": table}), "ZT-07") == []
    assert found(estate({"defaultOutboundAccess": False}), "ZT-07") == []


def test_zt_15_leaves_what_lacks_the_way_in_alone_to_zt_17() -> None:
    text = read_page("ZT-17").under("Fails")[0].text
    assert findings(text, "ZT-15") == ()
    assert len(findings(text, "ZT-17")) == 1


def test_zt_16_is_low_without_a_gateway_and_silent_on_virtual_hubs() -> None:
    text = """
vnets:
  V:
    address: 10.0.0.0/16
    subnets:
      AzureFirewallSubnet: {address: 10.0.1.0/26, resources: {FW: firewall}}
      App: {address: 10.0.2.0/24, route_table: RT}
route_tables: {RT: {routes: [0.0.0.0/0 -> FW]}}
"""
    assert [f.severity for f in findings(text, "ZT-16")] == ["low"]
    hub = "virtual_wans: {W: {hubs: {H: {address: 10.9.0.0/23, connections: [V]}}}}\n"
    assert findings(text + hub, "ZT-16") == ()


def test_zt_18_counts_the_flags_of_the_gateways() -> None:
    def estate(*flags: bool | None) -> str:
        circuit = {"id": rid("expressRouteCircuits", "er")}
        listed: list[tuple[str, str, dict[str, Any]]] = []
        for name, prefix, flag in zip("ab", ("10.1.0", "10.2.0"), flags, strict=True):
            subnet = rid("virtualNetworks", name) + "/subnets/GatewaySubnet"
            gateway: dict[str, Any] = {"gatewayType": "ExpressRoute", "ipConfigurations": [
                {"name": "c", "properties": {"subnet": {"id": subnet}}}]}  # fmt: skip
            if flag is not None:
                gateway["allowRemoteVnetTraffic"] = flag
            listed += [
                vnet(name, f"{prefix}.0/16", ("GatewaySubnet", {"addressPrefix": f"{prefix}.0/27"})),
                ("virtualNetworkGateways", f"gw-{name}", gateway),
                ("connections", f"c-{name}", {
                    "connectionType": "ExpressRoute", "peer": circuit,
                    "virtualNetworkGateway1": {"id": rid("virtualNetworkGateways", f"gw-{name}")}}),
            ]  # fmt: skip
        return export(*listed)

    assert found(estate(None, None), "ZT-18") == ["a"]
    assert found(estate(True, True), "ZT-18") == ["a"]
    assert found(estate(False, False), "ZT-18") == []


def test_zt_19_finds_a_connected_group_beside_the_hub() -> None:
    text = read_page("ZT-19").under("Passes")[0].text
    manager = """
network_manager:
  groups: {Spokes: {members: [Orders, Stock]}}
  connectivity: {star: {topology: hub_and_spoke, hub: Hub, groups: [Spokes], direct: true}}
"""
    assert found(text + manager, "ZT-19") == ["orders"]
    assert found(text + manager.replace("direct: true", "direct: false"), "ZT-19") == []


def test_zt_20_finds_a_default_route_that_catches_nothing_inside() -> None:
    text = read_page("ZT-20").under("Fails")[0].text
    beside = text.replace(", 10.0.2.0/24 -> FW", "")
    assert len(findings(beside, "ZT-20")) == 1
    assert "beside it" in findings(beside, "ZT-20")[0].message


def test_zt_31_counts_a_nat_gateway_as_a_decision() -> None:
    text = read_page("ZT-31").under("Fails")[0].text
    with_nat = text.replace("nsg: NSG-app", "nsg: NSG-app, nat_gateway: NAT") + "nat_gateways: [NAT]\n"
    assert findings(with_nat, "ZT-31") == ()


# Ways in


def test_zt_09_follows_a_basic_load_balancer_to_its_machines() -> None:
    text = """
vnets:
  V:
    address: 10.0.0.0/16
    subnets:
      Web:
        address: 10.0.1.0/24
        resources: {VM: vm, LB: {type: load_balancer, sku: Basic, public_ip: PIP, backends: [VM]}}
      Other: {address: 10.0.2.0/24, nsg: N}
public_ips: {PIP: {address: 20.50.60.70, sku: basic}}
nsgs: {N: {rules: [4096 deny inbound any from any to any]}}
"""
    assert found(text, "ZT-09") == ["vm"]
    assert found(text.replace("address: 10.0.1.0/24", "nsg: N\n        address: 10.0.1.0/24"), "ZT-09") == []


def test_zt_10_takes_a_firewall_beside_a_gateway_for_one_kind() -> None:
    text = """
vnets:
  V:
    address: 10.0.0.0/16
    subnets:
      AzureFirewallSubnet: {address: 10.0.0.0/26, resources: {FW: {type: firewall, policy: P, public_ip: PIP}}}
      Ingress:
        address: 10.0.1.0/24
        resources: {Entry: {type: application_gateway, waf: true, public_ip: true, backends: [VM]}}
      Web: {address: 10.0.2.0/24, resources: {VM: {type: vm, ip: 10.0.2.4}}}
public_ips: {PIP: {address: 20.50.60.70}}
firewall_policies:
  P: {rule_collections: {In: {priority: 200, action: dnat, rules: [tcp/22 from 203.0.113.0/24 to PIP -> 10.0.2.4:22]}}}
"""
    assert findings(text, "ZT-10") == ()
    assert len(findings(text.replace("tcp/22 from", "tcp/443 from"), "ZT-10")) == 1


def test_zt_13_finds_a_private_origin_whose_public_endpoint_is_open() -> None:
    text = """
services:
  Door: {type: front_door, waf: W, origins: [{to: Site, private_link: true}]}
  Site: {type: storage, public_access: true}
waf_policies: {W: {mode: prevention}}
"""
    assert found(text, "ZT-13") == ["site"]
    assert found(text.replace("public_access: true", "public_access: false"), "ZT-13") == []


def test_zt_13_finds_machines_and_balancers_that_answer_to_everyone() -> None:
    text = """
vnets:
  Shop:
    address: 10.0.0.0/16
    subnets: {Web: {address: 10.0.1.0/24, nsg: N, resources: {Server: {type: vm, public_ip: true}}}}
services: {Door: {type: front_door, waf: W, origins: [Server]}}
waf_policies: {W: {mode: prevention}}
nsgs: {N: {rules: [100 allow inbound tcp/443 from Internet to any, 4096 deny inbound any from any to any]}}
"""
    assert found(text, "ZT-13") == ["server"]
    assert found(text.replace("from Internet", "from AzureFrontDoor.Backend"), "ZT-13") == []


def test_zt_14_counts_what_nsgs_behind_a_balancer_let_in() -> None:
    text = """
vnets:
  Shop:
    address: 10.0.0.0/16
    subnets:
      Web:
        address: 10.0.1.0/24
        nsg: N
        resources: {VM: vm, LB: {type: load_balancer, public_ip: true, backends: [VM]}}
nsgs: {N: {rules: [100 allow inbound tcp/1433 from Internet to any, 4096 deny inbound any from any to any]}}
"""
    assert "lets tcp/1433 in" in findings(text, "ZT-14")[0].message
    assert findings(text.replace("1433", "443"), "ZT-14") == ()
    assert findings(text.replace("from Internet", "from VirtualNetwork"), "ZT-14") == ()


# Virtual WAN


def hub_estate(connection: dict[str, Any] | None, *more: tuple[str, str, dict[str, Any]]) -> str:
    """A hub with a firewall and two VNets, as exports give them, without any routing intent."""
    hub = rid("virtualHubs", "hub")
    listed: list[tuple[str, str, dict[str, Any]]] = [
        ("virtualWans", "wan", {"type": "Standard"}),
        ("virtualHubs", "hub", {
            "virtualWan": {"id": rid("virtualWans", "wan")}, "addressPrefix": "10.100.0.0/23",
            "provisioningState": "Succeeded", "azureFirewall": {"id": rid("azureFirewalls", "fw")}}),
        ("azureFirewalls", "fw", {"sku": {"name": "AZFW_Hub"}, "virtualHub": {"id": hub}}),
    ]  # fmt: skip
    for number, name in enumerate("ab", 1):
        listed.append(vnet(name, f"10.{number}.0.0/16"))
        properties = {"remoteVirtualNetwork": {"id": rid("virtualNetworks", name)}} | (connection or {})
        listed.append(("virtualHubs/hub/hubVirtualNetworkConnections", name, properties))
    return export(*listed, *more)


def test_zt_21_and_23_do_not_take_a_missing_intent_for_none() -> None:
    assert found(hub_estate(None), "ZT-21") == []
    assert found(hub_estate(None), "ZT-23") == []


def test_zt_21_and_23_see_by_the_connections_that_there_is_no_intent() -> None:
    table = {"id": rid("virtualHubs", "hub") + "/hubRouteTables/defaultRouteTable"}
    routing = {
        "associatedRouteTable": table,
        "propagatedRouteTables": {"ids": [table], "labels": ["default"]},
    }
    text = hub_estate({"routingConfiguration": routing})
    assert found(text, "ZT-21") == ["hub"]
    assert found(text, "ZT-23") == ["hub"]


# Services


def storage(**properties: Any) -> str:
    """A storage account as Azure exports it."""
    return export(("Microsoft.Storage/storageAccounts", "data", properties))


def test_zt_24_does_not_take_missing_rules_for_open_ones() -> None:
    assert found(storage(publicNetworkAccess="Enabled"), "ZT-24") == []
    opened = {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}}
    assert found(storage(**opened), "ZT-24") == ["data"]
    assert found(storage(**opened | {"networkAcls": {"defaultAction": "Deny"}}), "ZT-24") == []
    assert found(storage(**opened | {"publicNetworkAccess": "Disabled"}), "ZT-24") == []


def test_zt_25_needs_the_list_of_connections() -> None:
    opened = {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}}
    connection = {"properties": {"privateEndpoint": {"id": rid("privateEndpoints", "pe")}}}
    assert found(storage(**opened), "ZT-25") == []
    assert found(storage(**opened, privateEndpointConnections=[]), "ZT-25") == ["data"]
    for status, expected in (("Approved", []), ("Pending", ["data"])):
        state = {"privateLinkServiceConnectionState": {"status": status}}
        listed = [{"properties": connection["properties"] | state}]
        assert found(storage(**opened, privateEndpointConnections=listed), "ZT-25") == expected


@pytest.mark.parametrize(
    ("first", "last", "access", "is_found"),
    [
        ("0.0.0.0", "0.0.0.0", "Enabled", True),
        ("0.0.0.0", "255.255.255.255", "Enabled", True),
        ("203.0.113.0", "203.0.114.255", "Enabled", True),
        ("203.0.113.0", "203.0.113.255", "Enabled", False),
        ("0.0.0.0", "0.0.0.0", "Disabled", False),
        ("?", None, "Enabled", False),
    ],
)
def test_zt_27_measures_the_rules_of_a_server(
    first: str, last: str | None, access: str, is_found: bool
) -> None:
    text = export(
        ("Microsoft.Sql/servers", "db", {"publicNetworkAccess": access}),
        ("Microsoft.Sql/servers/db/firewallRules", "r", {"startIpAddress": first, "endIpAddress": last}),
    )
    assert found(text, "ZT-27") == (["db"] if is_found else [])


def test_zt_28_needs_the_policy_of_the_kind_that_is_there() -> None:
    text = read_page("ZT-28").under("Fails")[0].text
    assert findings(text.replace("        nsg: NSG-endpoints\n", ""), "ZT-28") == ()
    subnet = {
        "addressPrefix": "10.0.1.0/24",
        "networkSecurityGroup": {"id": rid("networkSecurityGroups", "n")},
    }
    endpoint = {"subnet": {"id": rid("virtualNetworks", "v") + "/subnets/pe"}}
    for policy, expected in (("RouteTableEnabled", ["pe"]), ("NetworkSecurityGroupEnabled", [])):
        told = subnet | {"privateEndpointNetworkPolicies": policy}
        estate = export(
            vnet("v", "10.0.0.0/16", ("pe", told)),
            nsg("n", rule(100, "Deny")),
            ("privateEndpoints", "e", endpoint),
        )
        assert found(estate, "ZT-28") == expected


def test_zt_29_does_not_judge_vnets_with_dns_servers_of_their_own() -> None:
    text = read_page("ZT-29").under("Fails")[0].text
    assert (
        findings(
            text.replace("address: 10.1.0.0/16", "address: 10.1.0.0/16\n    dns_servers: [10.0.0.4]"), "ZT-29"
        )
        == ()
    )


def test_zt_30_finds_a_rule_for_all_of_storage() -> None:
    text = """
vnets: {V: {address: 10.0.0.0/16, subnets: {App: {address: 10.0.1.0/24, nsg: N}}}}
nsgs: {N: {rules: [100 allow outbound tcp/443 from any to Storage, 4096 deny outbound any from any to any]}}
"""
    assert found(text, "ZT-30") == ["app"]
    assert found(text.replace("to Storage", "to Sql"), "ZT-30") == []


# Firewalls and the network manager


def test_zt_33_counts_the_strictest_policy_of_a_chain() -> None:
    text = """
vnets: {Hub: {address: 10.0.0.0/16, subnets: {AzureFirewallSubnet: {resources: {FW: {type: firewall, policy: Child}}}}}}
firewall_policies: {Base: {threat_intelligence: deny}, Child: {parent: Base, threat_intelligence: alert}}
"""
    assert findings(text, "ZT-33") == ()
    assert found(text.replace("threat_intelligence: deny", "threat_intelligence: off"), "ZT-33") == ["child"]
    assert (
        findings(
            text.replace("Child: {parent", "Child: {tier: basic, parent").replace("deny", "alert"), "ZT-33"
        )
        == ()
    )


def test_zt_33_wants_idps_to_deny_in_the_premium_tier() -> None:
    def estate(mode: str, parent: bool = False) -> str:
        policy: dict[str, Any] = {
            "sku": {"tier": "Premium"},
            "threatIntelMode": "Deny",
            "intrusionDetection": {"mode": mode},
        }
        if parent:
            policy["basePolicy"] = {"id": rid("firewallPolicies", "elsewhere")}
        firewall = {"sku": {"tier": "Premium"}, "firewallPolicy": {"id": rid("firewallPolicies", "p")}}
        return export(("firewallPolicies", "p", policy), ("azureFirewalls", "fw", firewall))

    assert found(estate("Alert"), "ZT-33") == ["p"]
    assert found(estate("Deny"), "ZT-33") == []
    assert found(estate("Alert", parent=True), "ZT-33") == []


def test_zt_34_finds_a_translation_that_is_left_over() -> None:
    text = """
vnets:
  Hub:
    address: 10.0.0.0/16
    subnets: {AzureFirewallSubnet: {address: 10.0.1.0/26, resources: {FW: {type: firewall, policy: P, public_ip: PIP}}}}
public_ips: {PIP: {address: 20.50.60.70}}
firewall_policies:
  P: {rule_collections: {In: {priority: 200, action: dnat, rules: [tcp/443 from any to 20.9.9.9 -> 10.0.2.4:443]}}}
"""
    assert found(text, "ZT-34") == ["p"]
    assert found(text.replace("20.9.9.9", "20.50.60.70"), "ZT-34") == []
    assert found(text.replace("from any", "from 203.0.113.0/24"), "ZT-34") == []


def test_zt_34_wants_names_in_application_rules() -> None:
    text = """
vnets:
  Hub:
    address: 10.0.0.0/16
    subnets: {AzureFirewallSubnet: {address: 10.0.1.0/26, resources: {FW: {type: firewall, policy: P}}}}
firewall_policies: {P: {rule_collections: {Out: {priority: 200, action: allow, rules: ["https/443 from any to any"]}}}}
"""
    assert found(text, "ZT-34") == ["p"]
    assert found(text.replace("to any", "to *.contoso.com"), "ZT-34") == []


def test_zt_35_does_not_guess_the_members_of_a_group() -> None:
    text = read_page("ZT-35").under("Fails")[0].text
    assert findings(text.replace("members: [Shop]", "label: by policy"), "ZT-35") == ()


def test_zt_36_leaves_narrow_rules_alone() -> None:
    text = read_page("ZT-36").under("Fails")[0].text
    assert findings(text.replace("always_allow", "allow"), "ZT-36") == ()
    assert findings(text.replace("inbound any", "inbound tcp/443"), "ZT-36") == ()
