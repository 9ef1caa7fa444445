"""What a spec only names, or says that it does not know, is never taken for a wall or for a hole."""

# ruff: noqa: E501 - an estate reads best on few lines
from __future__ import annotations

from typing import Any

import pytest

from diagramgen.analyse import analyse_topology
from diagramgen.diagnostics import InputError
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Topology
from diagramgen.read import Source, read_records
from diagramgen.read.record import Record

ESTATE = """
vnets:
  Hub:
    address: 10.0.0.0/16
    subnets:
      Web: {address: 10.0.1.0/24, nsg: N, route_table: R, resources: {web: vm}}
      Data: {address: 10.0.2.0/24, nsg: M, resources: {db: vm}}
      Fw: {address: 10.0.3.0/26, resources: {FW: {type: firewall, policy: P}}}
  Spoke: {address: 10.1.0.0/16, subnets: {S: {address: 10.1.0.0/24, route_table: R, resources: {x: vm}}}}
peerings: [Hub <-> Spoke]
nsgs: {N: {rules: [100 allow inbound tcp/443 from Spoke to any, 4096 deny inbound any from any to any]}, M: {rules: [4096 deny inbound any from any to any]}}
route_tables: {R: {routes: [0.0.0.0/0 -> FW]}}
firewall_policies: {P: {rule_collections: {c: {priority: 100, action: allow, rules: [https/443 from S to x.com]}}}}
"""


def topology(text: str, *more: Source) -> Topology:
    return build_topology(read_records([Source("a.yaml", text.encode()), *more]))


def records(text: str) -> dict[str, Record]:
    return {r.id: r for r in read_records([Source("a.yaml", text.encode())]).records}


def status(text: str, level: Any, a: str, b: str) -> str:
    boundary = analyse_topology(topology(text)).boundary(level, a, b)
    assert boundary is not None
    return boundary.status


HUB, SPOKE = "vnets/hub", "vnets/spoke"
WEB, DATA = f"{HUB}/subnets/web", f"{HUB}/subnets/data"


@pytest.mark.parametrize(
    ("told", "instead", "level", "a", "b", "was"),
    [
        ("N: {rules", "N: {more: unknown, rules", "subnet", WEB, DATA, "enforced"),
        (ESTATE[ESTATE.index("nsgs:") : ESTATE.index("route_tables:")], "nsgs: {N: {outside: true}, M: {rules: [4096 deny inbound any from any to any]}}\n",
         "subnet", WEB, DATA, "enforced"),
        ("Data: {address: 10.0.2.0/24, nsg: M, resources: {db: vm}}", "Data: {address: 10.0.2.0/24, outside: true}",
         "subnet", WEB, DATA, "enforced"),
        ("{R: {routes: [0.0.0.0/0 -> FW]}}", "{R: {outside: true}}", "internet", "internet", SPOKE, "enforced"),
        ("{R: {routes: [0.0.0.0/0 -> FW]}}", "{R: {more: unknown}}", "internet", "internet", SPOKE, "enforced"),
        (ESTATE[ESTATE.index("firewall_policies:") :], "firewall_policies: {P: {outside: true}}\n",
         "internet", "internet", SPOKE, "enforced"),
        ("type: firewall, policy: P", "type: firewall, outside: true", "internet", "internet", SPOKE, "enforced"),
        (ESTATE[ESTATE.index("  Spoke:") : ESTATE.index("peerings:")], "  Spoke: {outside: true, address: 10.1.0.0/16}\n",
         "vnet", HUB, SPOKE, "gap"),
    ],
)  # fmt: skip
def test_what_depends_on_something_outside_is_unknown(
    told: str, instead: str, level: str, a: str, b: str, was: str
) -> None:
    changed = ESTATE.replace(told, instead).replace("from S to", "from any to")
    assert changed != ESTATE
    assert status(ESTATE, level, a, b) == was
    assert status(changed, level, a, b) == "unknown"


def test_a_thing_that_is_outside_is_a_ghost_with_what_is_known_of_it() -> None:
    found = topology(
        "vnets: {Far: {outside: true, address: 10.9.0.0/16, label: Partner, subnets: {S: {outside: true, nsg: N}}}}\n"
        "nsgs: {N: {outside: true}}"
    )
    far, subnet = found.resources["vnets/far"], found.resources["vnets/far/subnets/s"]
    assert (far.is_ghost, subnet.is_ghost, far.label) == (True, True, "Partner")
    assert far.properties == {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}
    assert found.nsg_of == {"vnets/far/subnets/s": "nsgs/n"}


def test_a_machine_outside_has_the_interfaces_that_are_told_of_it() -> None:
    text = "vnets: {V: {subnets: {S: {resources: {known: {type: vm, outside: true, ip: 10.0.0.4}, named: {type: vm, outside: true}}}}}}"
    found = topology(text).resources
    subnet = "vnets/v/subnets/s"
    assert {rid for rid in found if rid.endswith("/nic")} == {f"{subnet}/resources/known/nic"}
    for name in ("known", "named"):
        machine = found[f"{subnet}/resources/{name}"]
        assert (machine.is_ghost, machine.parent, machine.properties) == (True, subnet, {})


def test_the_half_of_a_vnet_outside_is_not_told_unless_it_is_spelt_out() -> None:
    text = "vnets: {A: {address: 10.0.0.0/16}, Far: {outside: true}}\npeerings: [{between: [A, Far]%s}]"
    (peering,) = topology(text % "").peerings
    assert peering.a_half is not None
    assert peering.b_half is None
    (peering,) = topology(text % ", b: {state: initiated}").peerings
    assert peering.b_half is not None
    assert peering.b_half.state == "Initiated"


GUID = "8b5f0c2e-0000-4000-8000-1c2d3e4f5a6b"
AZURE = f"/subscriptions/{GUID}/resourcegroups/rg/providers/microsoft.network"


def test_what_another_input_tells_of_a_thing_outside_counts_alone() -> None:
    spec = f"unsaid: unknown\nsubscriptions: {{P: {{id: {GUID}, resource_group: rg, vnets: {{far: {{outside: true}}}}}}}}"
    export = f'{{"id": "{AZURE}/virtualNetworks/far", "name": "far", "type": "Microsoft.Network/virtualNetworks", "properties": {{"addressSpace": {{"addressPrefixes": ["10.0.0.0/8"]}}}}}}'
    found = topology(spec, Source("b.json", export.encode()))
    assert not found.resources[f"{AZURE}/virtualnetworks/far"].is_ghost


def test_what_a_spec_of_existing_things_does_not_say_is_not_known() -> None:
    text = f"""
unsaid: %s
subscriptions: {{P: {{id: {GUID}, resource_group: rg, vnets: {{v: {{address: 10.0.0.0/16, subnets: {{
  a: {{address: 10.0.1.0/24, nsg: n}}, b: {{address: 10.0.2.0/24}}}}}}}}}}}}
nsgs: {{n: %s}}
"""
    vnet = f"{AZURE}/virtualnetworks/v"

    def judged(unsaid: str, nsg: str) -> str:
        return status(text % (unsaid, nsg), "subnet", f"{vnet}/subnets/a", f"{vnet}/subnets/b")

    assert judged("unknown", "{tags: {a: b}}") == "unknown"
    assert judged("unknown", "{rules: []}") == "gap"
    assert judged("planned", "{}") == "gap"
    assert judged("planned", "{untold: true}") == "unknown"
    assert judged("planned", "{condition: deployNsg}") == "unknown"
    assert judged("planned", "{unsaid: unknown, tags: {a: b}}") == "unknown"


def test_ids_of_azure_follow_from_subscription_group_type_and_name() -> None:
    found = records(f"""
unsaid: unknown
subscriptions:
  One: {{id: {GUID}, resource_group: rg, vnets: {{
    v: {{address: 10.0.0.0/16, subnets: {{s: {{nsg: used, resources: {{m: vm}}}}}}}},
    v (2): {{name: v, resource_group: rg2, subnets: {{s: {{nsg: used}}}}}}}}, services: {{st: storage}}}}
  Two: {{id: 22222222-0000-4000-8000-000000000000}}
nsgs: {{used: , told: {{subscription: Two, resource_group: rg9}}, whole: {{id: {AZURE}/networkSecurityGroups/other}}}}
peerings: [v <-> v (2)]
""")
    one = f"/subscriptions/{GUID}/resourcegroups"
    assert {
        f"{one}/rg/providers/microsoft.network/virtualnetworks/v/subnets/s",
        f"{one}/rg2/providers/microsoft.network/virtualnetworks/v/subnets/s",
        f"{one}/rg/providers/microsoft.compute/virtualmachines/m",
        f"{one}/rg/providers/microsoft.storage/storageaccounts/st",
        f"{AZURE}/networksecuritygroups/used",
        "/subscriptions/22222222-0000-4000-8000-000000000000/resourcegroups/rg9/providers/microsoft.network"
        "/networksecuritygroups/told",
        f"{AZURE}/networksecuritygroups/other",
    } <= found.keys()
    halves = [r for r in found.values() if r.type.endswith("/virtualnetworkpeerings")]
    assert {r.properties["remoteVirtualNetwork"]["id"] for r in halves} == {
        f"{one}/rg/providers/microsoft.network/virtualnetworks/v",
        f"{one}/rg2/providers/microsoft.network/virtualnetworks/v",
    }


def test_what_is_odd_in_what_exists_is_told_and_kept() -> None:
    text = """
vnets: {A: {address: 10.0.0.0/16, subnets: {S: {address: 10.9.0.0/24}, T: {address: 10.9.0.0/25}}}}
nsgs: {N: {rules: [100 allow inbound any from any to any, 100 deny inbound tcp/1 from any to any]}}
"""
    with pytest.raises(InputError) as caught:
        read_records([Source("a.yaml", text.encode())])
    reading = read_records([Source("a.yaml", f"unsaid: unknown\n{text}".encode())])
    assert [d.code for d in reading.diagnostics] == [d.code for d in caught.value.diagnostics]
    assert {d.severity for d in reading.diagnostics} == {"warning"}
    assert len([r for r in reading.records if r.type.endswith("/securityrules")]) == 2


def test_properties_of_azure_are_laid_over_what_the_words_say() -> None:
    found = records("""
vnets: {V: {address: 10.0.0.0/16, azure: {addressSpace: null, subnets: null, encryption: {enabled: true}}, subnets: {S: {
  resources: {
    LB: {type: load_balancer, internal: true, azure: {frontendIPConfigurations: [
      {name: frontend1, properties: {privateIPAddress: 10.0.0.9}}, {name: second, properties: {subnet: {id: S}}}]}},
    M: {type: vm, nics: {a: {azure: {ipConfigurations: [{name: ipconfig1, properties: {
      loadBalancerBackendAddressPools: [{id: LB/backendAddressPools/web}]}}]}}}}}}}}}
""")
    assert found["vnets/v"].properties == {"encryption": {"enabled": True}}
    balancer = "vnets/v/subnets/s/resources/lb"
    first, second = found[balancer].properties["frontendIPConfigurations"]
    assert first["properties"] == {"subnet": {"id": "vnets/v/subnets/s"}, "privateIPAddress": "10.0.0.9"}
    assert second == {"name": "second", "properties": {"subnet": {"id": "vnets/v/subnets/s"}}}
    (configuration,) = found["vnets/v/subnets/s/resources/m/nics/a"].properties["ipConfigurations"]
    assert configuration["properties"]["loadBalancerBackendAddressPools"] == [
        {"id": f"{balancer}/backendaddresspools/web"}
    ]


def test_a_firewall_without_a_sku_has_the_tier_of_its_policy() -> None:
    found = records(
        "vnets: {V: {subnets: {S: {resources: {FW: {type: firewall, policy: P}}}}}}\nfirewall_policies: {P: {tier: premium}}"
    )
    assert found["vnets/v/subnets/s/resources/fw"].properties["sku"]["tier"] == "Premium"


def test_a_view_shows_a_thing_that_azure_calls_otherwise() -> None:
    text = "vnets: {hub one: {name: hub}, spoke: }\nviews: {v: {show: [hub one]}}"
    assert records(text)["views/v"].properties["show"] == ["vnets/hub one"]
    found = records(f"unsaid: unknown\n{text}")
    assert found["views/v"].properties["show"] == ["/providers/microsoft.network/virtualnetworks/hub"]
