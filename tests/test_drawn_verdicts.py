"""What the analysis computes, as it is drawn: states of lines, badges, flows, open flows, the key."""

from __future__ import annotations

import json
from textwrap import dedent, indent

import pytest
from drawn_plans import analysis_of

from diagramgen.layout.plan import PlacedBoundary, PlacedLink, Plan
from diagramgen.pipeline import Analysis, choose_view, draw, undrawn_boundaries
from diagramgen.system import read_theme
from diagramgen.view.flows import MOST_SUBNETS, SUBNET
from diagramgen.view.further import MOST_DRAWN
from diagramgen.write.svg import write_svg

THEME = read_theme()
DENY = "4096 deny inbound any from any to any"
SHUT = f"NSG-shut: {{rules: [{DENY}, 4096 deny outbound any from any to any]}}"


def estate(spec: str) -> Analysis:
    return analysis_of({"spec.yaml": dedent(spec).encode()})


def plan_of(spec: str, view: str | None = None) -> Plan:
    plan, _ = draw(estate(spec), THEME, view)
    return plan


def tiers(nsgs: str, web: str = "", app: str = "", data: str = "", more: str = "") -> str:
    """One VNet with three tiers in a column."""
    told = dedent(f"""
        vnets:
          V:
            address: 10.0.0.0/16
            subnets:
              Web: {{address: 10.0.1.0/24, resources: {{VM: vm}}, {web}}}
              App: {{address: 10.0.2.0/24, resources: {{VM: vm}}, {app}}}
              Data: {{address: 10.0.3.0/24, resources: {{VM: vm}}, {data}}}
        nsgs:
    """)
    return told + indent(dedent(nsgs), "  ") + "\n" + dedent(more)


WEB_APP = f"""
NSG-web: {{rules: [{DENY}]}}
NSG-app: {{rules: [100 allow inbound tcp/8443 from Web to App, {DENY}]}}
NSG-data: {{rules: [100 allow inbound tcp/1433 from App to Data, {DENY}]}}
"""
HELD = ("nsg: NSG-web", "nsg: NSG-app", "nsg: NSG-data")


def line_between(plan: Plan, a: str, b: str) -> PlacedBoundary:
    (found,) = (line for line in plan.boundaries if {_last(line.a), _last(line.b)} == {a, b})
    return found


def links(plan: Plan, kind: str) -> list[PlacedLink]:
    return [link for link in plan.links if link.kind == kind]


def ways(plan: Plan, kind: str) -> set[tuple[str, str]]:
    return {(_last(link.a), _last(link.b)) for link in links(plan, kind)}


def labels(link: PlacedLink) -> list[str]:
    return [text.text for text in link.texts]


def _last(rid: str) -> str:
    return rid.rsplit("/", 1)[-1]


# Lines


def test_a_line_that_rules_prove_is_drawn_enforced_by_the_control() -> None:
    line = line_between(plan_of(tiers(WEB_APP, *HELD)), "web", "app")
    assert (line.status, line.declared, "NSG-app" in line.by) == ("enforced", False, True)


def test_a_line_that_rules_do_not_hold_is_a_gap_with_its_sign() -> None:
    line = line_between(plan_of(tiers(WEB_APP, *HELD[:2])), "app", "data")
    assert line.status == "gap"
    assert [mark.kind for mark in line.marks if mark.kind != "number"] == ["gap"]


def test_a_declared_line_is_drawn_as_declared_where_there_are_no_rules() -> None:
    spec = "vnets: {V: {subnets: {A: , B: }}}\nboundaries: [A | B]"
    line = line_between(plan_of(spec), "a", "b")
    assert (line.status, line.declared) == ("no-path", True)


def test_without_rules_a_line_that_is_not_declared_is_what_azure_makes_of_it() -> None:
    assert line_between(plan_of("vnets: {V: {subnets: {A: , B: }}}"), "a", "b").status == "gap"


def test_rules_overrule_what_is_declared() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD[:2], more="boundaries: [App | Data by NSG-app]"))
    line = line_between(plan, "app", "data")
    assert (line.status, line.declared) == ("gap", False)
    assert "declared as enforced, which the rules contradict" in line.tooltip


def test_what_the_rules_leave_open_stays_as_declared() -> None:
    spec = """
    vnets: {V: {address: 10.0.0.0/16, subnets: {A: {address: 10.0.1.0/24, resources: {VM: vm}}}}}
    on_premises: {Site: {address: 192.168.0.0/16}}
    connections: [{from: Site, to: azure}]
    nsgs: [NSG]
    route_tables: {RT: {routes: [0.0.0.0/0 -> none]}}
    boundaries: [Site | azure]
    """
    (line,) = (line for line in plan_of(spec).boundaries if line.level == "on-premises")
    assert (line.status, line.declared) == ("no-path", True)
    assert line.tooltip[0] == "no path, as declared"


def test_a_view_of_declared_lines_shows_these_alone_as_computed() -> None:
    more = """
    boundaries: [Web | App]
    views: {few: {boundaries: declared}}
    """
    plan = plan_of(tiers(WEB_APP, *HELD, more=more), "few")
    assert [(line.level, line.status) for line in plan.boundaries] == [("subnet", "enforced")]


def test_there_is_no_line_beside_a_subnet_of_the_platforms_own_services() -> None:
    spec = """
    nsgs: {NSG: {rules: [4096 deny inbound any from any to any]}}
    vnets:
      V:
        address: 10.0.0.0/16
        subnets:
          GatewaySubnet: {address: 10.0.0.0/24, resources: {GW: vpn_gateway}}
          Work: {address: 10.0.1.0/24, resources: {VM: vm}}
    """
    assert [line for line in plan_of(spec).boundaries if line.level == "subnet"] == []


def test_a_tooltip_tells_status_controls_what_passes_and_the_deciding_rules() -> None:
    told = line_between(plan_of(tiers(WEB_APP, *HELD)), "web", "app").tooltip
    assert told[0] == "enforced: only named traffic passes"
    assert told[1].startswith("by ") and "NSG-app" in told[1]
    assert "tcp/8443 passes from Web to App" in told
    assert any(line.startswith("decides: NSG-app") and "tcp/8443" in line for line in told)


def test_a_tooltip_is_never_long() -> None:
    rules = "\n".join(f"- {100 + n} allow inbound tcp/{1000 + 2 * n} from Web to App" for n in range(40))
    nsgs = f"NSG-app:\n  rules:\n{indent(rules, '    ')}\n    - {DENY}\nNSG-web: {{rules: [{DENY}]}}"
    told = line_between(plan_of(tiers(nsgs, "nsg: NSG-web", "nsg: NSG-app")), "web", "app").tooltip
    assert len(told) < 30
    assert sum(line.startswith("decides: ") for line in told) <= 6
    assert any(line.startswith("and ") and line.endswith(" more") for line in told)


# Flows


def test_flows_between_neighbours_come_from_the_rules_with_their_ports() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD))
    assert ways(plan, "flow") == {("web", "app"), ("app", "data")}
    assert sorted(text for link in links(plan, "flow") for text in labels(link)) == ["1433", "8443"]


def test_what_passes_by_default_is_no_green_arrow() -> None:
    assert ways(plan_of(tiers(WEB_APP, *HELD[:2])), "flow") == {("web", "app")}


def test_flows_both_ways_are_two_arrows_with_a_label_each() -> None:
    nsgs = f"""
    NSG-web: {{rules: [100 allow inbound tcp/443 from App to Web, {DENY}]}}
    NSG-app: {{rules: [100 allow inbound tcp/8443 from Web to App, {DENY}]}}
    """
    plan = plan_of(tiers(nsgs, "nsg: NSG-web", "nsg: NSG-app"))
    found = {(_last(link.a), _last(link.b)): labels(link) for link in links(plan, "flow")}
    assert found == {("web", "app"): ["8443"], ("app", "web"): ["443"]}


def test_a_stated_flow_that_the_rules_prove_is_one_arrow_with_the_computed_one() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD, more="flows: ['Web -> App [tcp/8443]']"))
    assert len(links(plan, "flow")) == 2
    (stated,) = (link for link in links(plan, "flow") if _last(link.a) == "web")
    assert stated.style == ""
    assert "as stated, and as the rules allow: tcp/8443" in stated.tooltip


def test_a_stated_flow_that_the_rules_deny_is_an_intention() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD, more="flows: ['Web -> App [tcp/22]']"))
    styles = {link.style: labels(link) for link in links(plan, "flow") if _last(link.a) == "web"}
    assert styles == {"pending": ["22"], "": ["8443"]}
    assert "link:flow.pending" in {entry.mark for entry in plan.key}


def test_a_stated_flow_is_drawn_where_its_ends_are_no_neighbours() -> None:
    nsgs = f"NSG-data: {{rules: [100 allow inbound tcp/1433 from Web to Data, {DENY}]}}"
    plan = plan_of(tiers(nsgs, "", "", "nsg: NSG-data", more="flows: ['Web -> Data [tcp/1433]']"))
    assert ("web", "data") in ways(plan, "flow")


def test_each_way_of_a_stated_flow_is_proved_by_itself() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD, more="flows: ['Web <-> App [tcp/8443]']"))
    styles = {
        (_last(link.a), link.style)
        for link in links(plan, "flow")
        if {_last(link.a), _last(link.b)} == {"web", "app"}
    }
    assert styles == {("web", ""), ("app", "pending")}


def test_a_sketch_without_rules_draws_its_flows_as_told() -> None:
    plan = plan_of("vnets: {V: {subnets: {A: , B: }}}\nflows: ['A -> B [tcp/443]']")
    (flow,) = links(plan, "flow")
    assert (flow.style, labels(flow)) == ("", ["tcp/443"])


def test_in_large_drawings_only_stated_flows_are_drawn() -> None:
    subnets = "\n".join(f"    S{n}: {{address: 10.0.{n}.0/24, nsg: NSG}}" for n in range(MOST_SUBNETS + 1))
    spec = (
        f"nsgs: {{NSG: {{rules: [100 allow inbound tcp/443 from V to V, {DENY}]}}}}\n"
        f"vnets:\n  V:\n   address: 10.0.0.0/16\n   subnets:\n{subnets}\nflows: ['S1 -> S2 [tcp/443]']\n"
    )
    assert ways(plan_of(spec), "flow") == {("s1", "s2")}


# Badges


def badges(plan: Plan) -> list[tuple[str, str | None]]:
    return [
        (line.level, mark.icon) for line in plan.boundaries for mark in line.marks if mark.kind == "badge"
    ]


def test_the_control_has_its_badge_where_the_flow_crosses() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD))
    assert badges(plan) == [("subnet", "own/nsg")] * 2
    for line in plan.boundaries:
        for mark in line.marks:
            if mark.kind == "badge":
                assert mark.box.center.y == line.start.y
                crossing = [link for link in links(plan, "flow") if {link.a, link.b} == {line.a, line.b}]
                assert abs(mark.box.center.x - crossing[0].points[0].x) < 8


HUB = """
nsgs: {NSG-in: {rules: [100 allow inbound tcp/443 from Spoke to Shared, 4096 deny inbound any from any to any]},
       NSG-out: {rules: [4096 deny inbound any from any to any]}}
subscriptions:
  One: {vnets: {Hub: {address: 10.0.0.0/16, subnets: {Shared: {address: 10.0.1.0/24, NSGA, resources: {VM: vm}}}}}}
  Two: {vnets: {Spoke: {address: 10.1.0.0/16, subnets: {Work: {address: 10.1.1.0/24, NSGB, resources: {VM: vm}}}}}}
peerings: [Hub <-> Spoke]
"""


def test_a_peering_has_the_badge_of_what_holds_it_and_none_where_nothing_does() -> None:
    held = HUB.replace("NSGA", "nsg: NSG-in").replace("NSGB", "nsg: NSG-out")
    assert badges(plan_of(held)) == [("subscription", "own/nsg")]
    assert badges(plan_of(held.replace("nsg: NSG-in, ", ""))) == []


def test_arrows_from_the_internet_have_the_badge_of_where_they_enter() -> None:
    spec = """
    waf_policies: {WAF: {mode: prevention}}
    firewall_policies: {FWP: {rule_collections: {In: {priority: 200, action: dnat,
      rules: [tcp/22 from 203.0.113.0/24 to PIP -> 10.0.3.4:22]}}}}
    public_ips: {PIP: {address: 20.0.0.1}}
    route_tables: {RT: {routes: [0.0.0.0/0 -> FW]}}
    nsgs: {NSG: {rules: [4096 deny inbound any from any to any]}}
    vnets:
      V:
        address: 10.0.0.0/16
        subnets:
          Ingress: {address: 10.0.1.0/24, resources: {GW: {type: application_gateway, waf: WAF, public_ip: true}}}
          Filter: {address: 10.0.2.0/24, resources: {FW: {type: firewall, policy: FWP, public_ip: PIP}}}
          Work: {address: 10.0.3.0/24, nsg: NSG, route_table: RT, resources: {VM: vm}}
    internet: {traffic: [{to: Ingress, label: HTTPS, direction: in}, {to: Filter, label: SSH, direction: in}]}
    """
    found = [icon for level, icon in badges(plan_of(spec)) if level == "internet"]
    assert found == ["networking/application-gateways", "networking/firewalls"]


def test_admin_rules_have_a_badge_of_their_own() -> None:
    spec = HUB.replace("NSGA, ", "").replace("NSGB, ", "") + dedent("""
    network_manager:
      groups: {All: {members: [Hub, Spoke]}}
      security_admin: {base: {groups: [All], rules: [10 deny inbound any from VirtualNetwork to any]}}
    """)
    assert badges(plan_of(spec)) == [("subscription", "own/network-manager")]


def test_a_route_that_drops_packets_is_a_control_with_a_badge() -> None:
    spec = """
    vnets:
      V:
        address: 10.0.0.0/16
        subnets:
          A: {address: 10.0.1.0/24, route_table: RT, resources: {VM: vm}}
          B: {address: 10.0.2.0/24, route_table: RT, resources: {VM: vm}}
    route_tables: {RT: {routes: [10.0.0.0/16 -> none]}}
    """
    analysis = estate(spec)
    first, second = (subnet.id for subnet in analysis.topology.of_type(SUBNET))
    state = choose_view(analysis).boundaries.between("subnet", first, second)
    assert state is not None
    assert (state.status, state.badge) == ("enforced", "networking/route-tables")


def test_a_declared_line_has_no_badge() -> None:
    spec = "vnets: {V: {subnets: {A: , B: }}}\nnsgs: [N]\nboundaries: [A | B by N]\nflows: [A -> B]"
    assert badges(plan_of(spec)) == []


# Gaps that no line shows


def test_a_gap_past_a_closed_tier_is_an_open_flow_across_the_lines() -> None:
    plan = plan_of(tiers(SHUT, "", "nsg: NSG-shut", ""))
    assert ways(plan, "open-flow") == {("data", "web")}
    (flow,) = links(plan, "open-flow")
    assert [mark.kind for mark in flow.marks] == ["gap"]
    assert flow.heads == "both"
    for line in (line_between(plan, "web", "app"), line_between(plan, "app", "data")):
        assert line.status == "enforced"
        low, high = sorted((line.start.x, line.end.x))
        assert any(low < p.x < high for p in flow.points), "it goes round no line"
    assert "link:open-flow" in {entry.mark for entry in plan.key}


def test_an_open_flow_has_a_head_at_the_ends_where_it_arrives() -> None:
    nsgs = f"{SHUT}\nNSG-web: {{rules: [{DENY}]}}"
    (flow,) = links(plan_of(tiers(nsgs, "nsg: NSG-web", "nsg: NSG-shut", "")), "open-flow")
    assert (_last(flow.a), _last(flow.b), flow.heads) == ("web", "data", "b")


def test_where_broken_lines_alone_part_two_things_a_note_tells_that_they_are_open() -> None:
    plan = plan_of(tiers("NSG: {rules: [100 deny inbound any from Internet to any]}"))
    assert links(plan, "open-flow") == []
    assert any("between Data and Web" in text.text for text in plan.texts)


SPOKES = """
subscriptions:
  Sub hub: {vnets: {Hub: {address: 10.0.0.0/16, subnets: {Shared: {address: 10.0.1.0/24, resources: {VM: vm}}}}}}
  Sub A: {vnets: {A: {address: 10.1.0.0/16, subnets: {Work: {address: 10.1.1.0/24, nsg: NSG, resources: {VM: vm}}}}}}
  Sub B: {vnets: {B: {address: 10.2.0.0/16, subnets: {Job: {address: 10.2.1.0/24, WAY resources: {VM: vm}}}}}}
layout: {columns: 3, order: [Sub hub, Sub A, Sub B]}
nsgs: {NSG: {rules: [4096 deny inbound any from any to any, 4096 deny outbound any from any to any]}}
peerings: [Hub <-> B]
"""


def test_a_gap_along_a_peering_is_a_warning_on_it() -> None:
    plan = plan_of(SPOKES.replace("WAY", ""))
    (flow,) = links(plan, "open-flow")
    (peering,) = links(plan, "peering")
    assert flow.points == peering.points and flow.bundle == peering.bundle != ""
    assert {_last(flow.a), _last(flow.b)} == {"hub", "b"}
    assert "gap" in {entry.mark for entry in plan.key}


def test_a_peering_of_which_nobody_knows_what_passes_bears_a_question_mark() -> None:
    spec = SPOKES.replace("WAY", "route_table: RT,").replace(
        "Shared: {address", "Shared: {route_table: RT-hub, address"
    )
    spec += """
    route_tables: {RT: {routes: [10.0.0.0/16 -> Router]}, RT-hub: {routes: [10.2.0.0/16 -> Router]}}
    """.replace("    route", "route").strip()
    spec = spec.replace("resources: {VM: vm}}}}}}\n  Sub A:", "resources: {VM: vm}}, Edge: {address: 10.0.2.0/24, "
                        "nsg: NSG, resources: {Router: nva}}}}}}\n  Sub A:")  # fmt: skip
    spec = spec.replace("peerings: [Hub <-> B]", "peerings: [{between: [Hub, B], forwarded_traffic: true}]")
    found = links(plan_of(spec), "unknown-flow")
    assert [[mark.kind for mark in link.marks] for link in found] == [["unknown"]]


def test_more_open_flows_than_can_be_read_are_counted_and_told() -> None:
    count = 14
    subnets = "\n".join(
        f"    S{n:02}: {{address: 10.0.{n}.0/24{', nsg: NSG-shut' if n % 2 else ''}}}" for n in range(count)
    )
    spec = f"nsgs: {{{SHUT}}}\nvnets:\n  V:\n   address: 10.0.0.0/16\n   subnets:\n{subnets}\nlayout: {{columns: 1}}\n"
    analysis = estate(spec)
    plan, _ = draw(analysis, THEME)
    gaps = [boundary for boundary in analysis.boundaries("subnet") if boundary.status == "gap"]
    shown = [line for line in plan.boundaries if line.status == "gap"]
    drawn = links(plan, "open-flow")
    assert len(drawn) == MOST_DRAWN < len(gaps) - len(shown)
    (said,) = (d for d in undrawn_boundaries(analysis, [(None, plan)]) if d.code == "gaps-not-drawn")
    assert said.severity == "warning" and " more gaps " in said.message
    assert any("more open flows" in text.text for text in plan.texts)


def test_a_gap_towards_the_internet_brings_the_internet_into_the_drawing() -> None:
    plan = plan_of(tiers(WEB_APP, *HELD))
    (line,) = (line for line in plan.boundaries if line.level == "internet")
    assert line.status == "gap"
    private = (f"{nsg}, default_outbound: false" for nsg in HELD)
    assert not [line for line in plan_of(tiers(WEB_APP, *private)).boundaries if line.level == "internet"]


# The key and the file


def test_the_key_explains_what_occurs_and_nothing_else() -> None:
    marks = {entry.mark for entry in plan_of(tiers(WEB_APP, *HELD)).key}
    assert {
        "boundary:enforced",
        "boundary:gap",
        "badge:own/nsg",
        "link:flow",
        "number:3",
        "number:4",
    } <= marks
    assert not marks & {
        "boundary:unknown",
        "link:open-flow",
        "gap",
        "badge:networking/firewalls",
        "link:flow.pending",
    }


@pytest.mark.parametrize("theme", ["reference", "dark", "high-contrast", "print", "sketch"])
def test_every_theme_draws_an_open_flow_in_a_paint_of_its_own(theme: str) -> None:
    look = read_theme(theme)
    assert look.link("open-flow") != look.link("flow")
    assert look.link("open-flow").dash and look.link("open-flow").color == look.boundary("gap").color


def test_the_drawing_carries_status_control_and_open_flow_for_programs() -> None:
    _, scene = draw(estate(tiers(SHUT, "", "nsg: NSG-shut", "")), THEME)
    svg = write_svg(scene, {}).decode()
    assert 'data-status="enforced"' in svg and 'data-by="NSG-shut"' in svg
    assert 'data-kind="open-flow"' in svg


NET = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network"


def exported(*resources: dict[str, object]) -> Plan:
    plan, _ = draw(analysis_of({"estate.json": json.dumps(list(resources)).encode()}), THEME, None)
    return plan


def vnet_that_peers(far: str) -> dict[str, object]:
    peering = {"name": "p", "properties": {"remoteVirtualNetwork": {"id": far}, "peeringState": "Connected"}}
    return {"id": f"{NET}/virtualNetworks/v", "type": "Microsoft.Network/virtualNetworks",
            "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [],
                           "virtualNetworkPeerings": [peering]}}  # fmt: skip


def test_a_public_load_balancer_stands_in_no_subnet() -> None:
    address = {"id": f"{NET}/publicIPAddresses/ip", "type": "Microsoft.Network/publicIPAddresses",
               "properties": {"ipAddress": "20.0.0.1"}}  # fmt: skip

    def balancer(name: str, **front: object) -> dict[str, object]:
        return {"id": f"{NET}/loadBalancers/{name}", "type": "Microsoft.Network/loadBalancers",
                "properties": {"frontendIPConfigurations": [{"name": "f", "properties": front}]}}  # fmt: skip

    plan = exported(vnet_that_peers(f"{NET}/virtualNetworks/w"), address,
                    balancer("outer", publicIPAddress={"id": address["id"]}),
                    balancer("inner", privateIPAddress="10.0.0.4"))  # fmt: skip
    frames = {box.id: box.name for box in plan.boxes}
    stand_in = {box.name: frames.get(box.parent or "") for box in plan.boxes}
    assert stand_in["outer"] == "Public load balancers"
    assert stand_in["inner"] == "Subnet not in the input"


def test_nothing_is_said_of_a_subscription_whose_id_is_not_known() -> None:
    body = {"id": "/subscriptions/{hubSubscriptionId}/resourceGroups/r/providers/Microsoft.Network/publicIPAddresses/x",
            "type": "Microsoft.Network/publicIPAddresses", "properties": {"sku": 1}}  # fmt: skip
    plan = exported(vnet_that_peers(f"{NET}/virtualNetworks/w"), body)
    assert not [box for box in plan.boxes if "no networks" in box.name or "hubSubscriptionId" in box.name]


def test_a_drawing_counts_what_the_input_holds() -> None:
    plan = exported(vnet_that_peers(f"{NET}/virtualNetworks/w"))
    assert [text.text for text in plan.texts if text.style == "subtitle"] == ["1 subscription · 1 VNet"]


@pytest.mark.parametrize(
    ("name", "style"), [("hubVnet", "workload"), ("CoreHub", "workload"), ("github", "member")]
)
def test_of_two_peers_the_one_that_is_called_a_hub_is_drawn_as_one(name: str, style: str) -> None:
    plan = plan_of(f"vnets: {{A: {{subnets: [S]}}, {name}: {{subnets: [T]}}}}\npeerings: [A <-> {name}]")
    assert [box.style for box in plan.boxes if box.name == name] == [style]


def test_a_tooltip_tells_doubts_in_words_and_no_codes() -> None:
    peered = [vnet_that_peers(f"{NET}/virtualNetworks/w")]
    store = {"id": f"{NET.replace('Network', 'Storage')}/storageAccounts/sa", "properties": {"x": 1},
             "type": "Microsoft.Storage/storageAccounts"}  # fmt: skip
    told = [text for line in exported(*peered, store).boundaries for text in line.tooltip]
    assert "what sa admits is not told: the rules of its firewall are not in the input" in told
    assert not [text for text in told if "public:" in text or "??" in text]
