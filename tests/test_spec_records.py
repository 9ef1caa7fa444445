"""What a spec says becomes records in the shape of the ARM REST API."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.read.record import Reading, Record
from diagramgen.read.render_diagnostics import render_diagnostics
from diagramgen.read.spec import init_spec, read_spec, read_specs
from diagramgen.read.spec.loading import load_yaml
from diagramgen.read.spec.patterns import PATTERNS

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.yaml"))
NET = "microsoft.network/"


def records(text: str) -> dict[str, Record]:
    """The records of a spec by id."""
    return {r.id: r for r in read_spec("a.yaml", text).records}


def test_ids_are_the_paths_of_the_spec_and_parents_their_keys() -> None:
    found = records("subscriptions: {Prod: {vnets: {Hub: {subnets: {Web: {resources: {VM: vm}}}}}}}")
    vm = found["subscriptions/prod/vnets/hub/subnets/web/resources/vm"]
    assert vm.shown_id == "subscriptions/Prod/vnets/Hub/subnets/Web/resources/VM"
    assert vm.envelope["parent"] == "subscriptions/prod/vnets/hub/subnets/web"
    assert vm.place == Place(
        "a.yaml", ("subscriptions", "Prod", "vnets", "Hub", "subnets", "Web", "resources", "VM")
    )


def test_a_machine_has_a_nic_in_its_subnet_with_its_asgs() -> None:
    found = records(
        "asgs: [A, B]\nvnets: {V: {subnets: {S: {resources: {VM: {type: vm x3, asg: [B, A], ip: 10.0.0.9}}}}}}"
    )
    vm, nic = found["vnets/v/subnets/s/resources/vm"], found["vnets/v/subnets/s/resources/vm/nic"]
    assert vm.properties == {"networkProfile": {"networkInterfaces": [{"id": nic.id}]}}
    assert (vm.envelope["count"], vm.envelope["each"]) == (3, False)
    configuration = nic.properties["ipConfigurations"][0]["properties"]
    assert configuration["subnet"] == {"id": "vnets/v/subnets/s"}
    assert configuration["privateIPAddress"] == "10.0.0.9"
    assert configuration["applicationSecurityGroups"] == [{"id": "asgs/a"}, {"id": "asgs/b"}]


def test_a_rule_line_says_what_the_full_fields_say() -> None:
    text = """
asgs: [App]
vnets: {V: {subnets: {Web: {address: [10.0.2.0/24, 10.0.1.0/24]}}}}
nsgs:
  Line: {rules: {r: "100 allow inbound tcp/443,80 from Web, Storage.westeurope to App"}}
  Full:
    rules:
      r: {priority: 100, access: allow, direction: inbound, protocol: tcp, source: [Web, Storage.westeurope],
          destination: App, destination_ports: [80, 443]}
"""
    found = records(text)
    line, full = found["nsgs/line/rules/r"].properties, found["nsgs/full/rules/r"].properties
    assert line == full | {"destinationPortRanges": line["destinationPortRanges"]}
    assert line["sourceAddressPrefixes"] == ["10.0.1.0/24", "10.0.2.0/24", "Storage.westeurope"]
    assert line["destinationApplicationSecurityGroups"] == [{"id": "asgs/app"}]
    assert line["destinationPortRanges"] == full["destinationPortRanges"] == ["80", "443"]


def test_a_route_to_a_firewall_leads_to_the_address_that_azure_gives_it() -> None:
    found = records(
        "vnets: {V: {subnets: {Fw: {address: 10.0.1.0/26, resources: {FW: firewall}}}}}\n"
        "route_tables: {RT: {routes: [0.0.0.0/0 -> FW, AzureMonitor -> internet, 10.9.0.0/16 -> 10.0.1.9]}}"
    )
    assert found["route_tables/rt/routes/to 0.0.0.0%2f0"].properties == {
        "addressPrefix": "0.0.0.0/0",
        "nextHopType": "VirtualAppliance",
        "nextHop": {"id": "vnets/v/subnets/fw/resources/fw"},
        "nextHopIpAddress": "10.0.1.4",
    }
    firewall = found["vnets/v/subnets/fw/resources/fw"].properties
    assert firewall["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.1.4"
    assert found["route_tables/rt/routes/to azuremonitor"].properties["nextHopType"] == "Internet"


def test_a_peering_has_two_halves_and_an_arrow_one() -> None:
    found = records(
        "vnets: [A, B, C]\npeerings: [{between: [A, B], gateway_transit: A, forwarded_traffic: true}, A -> C]"
    )
    here, there = found["vnets/a/peerings/b"].properties, found["vnets/b/peerings/a"].properties
    assert (here["allowGatewayTransit"], here["useRemoteGateways"]) == (True, False)
    assert (there["allowGatewayTransit"], there["useRemoteGateways"]) == (False, True)
    assert found["vnets/a/peerings/c"].properties["peeringState"] == "Initiated"
    assert "vnets/c/peerings/a" not in found


def test_an_appliance_forwards_and_a_route_server_stands_in_its_subnet() -> None:
    found = records("vnets: {V: {subnets: {S: {resources: {N: nva, R: {type: route_server, asn: 65515}}}}}}")
    assert found["vnets/v/subnets/s/resources/n"].type == "diagramgen/nva"
    assert found["vnets/v/subnets/s/resources/n/nic"].properties["enableIPForwarding"] is True
    server = found["vnets/v/subnets/s/resources/r"]
    assert (server.type, server.envelope["kind"]) == (NET + "virtualhubs", "RouteServer")
    part = found["vnets/v/subnets/s/resources/r/ipconfigurations/ipconfig1"]
    assert part.properties["subnet"] == {"id": "vnets/v/subnets/s"}


def test_a_virtual_hub_has_its_firewall_intent_and_connections() -> None:
    found = records(
        "vnets: [A]\nfirewall_policies: {P: }\n"
        "virtual_wans: {W: {hubs: {H: {address: 10.0.0.0/23, firewall: P, routing_intent: private, connections: [A]}}}}"
    )
    hub = found["virtual_wans/w/hubs/h"]
    assert hub.properties["azureFirewall"] == {"id": "virtual_wans/w/hubs/h/firewall"}
    assert found["virtual_wans/w/hubs/h/firewall"].properties["firewallPolicy"] == {
        "id": "firewall_policies/p"
    }
    intent = found["virtual_wans/w/hubs/h/routing_intent"].properties["routingPolicies"]
    assert intent == [
        {
            "name": "PrivateTraffic",
            "destinations": ["PrivateTraffic"],
            "nextHop": "virtual_wans/w/hubs/h/firewall",
        }
    ]
    connection = found["virtual_wans/w/hubs/h/connections/vnets%2fa"]
    assert connection.properties["remoteVirtualNetwork"] == {"id": "vnets/a"}


@pytest.mark.parametrize(
    ("line", "level", "status", "first"),
    [
        ("S | T", "subnet", "no-path", "vnets/v/subnets/s"),
        ("S | T by NSG", "subnet", "enforced", "vnets/v/subnets/s"),
        ("V | internet by FW", "internet", "enforced", "internet"),
        ("azure | Office", "on-premises", "no-path", "on_premises/office"),
        ("V | Store", "paas", "no-path", "services/store"),
    ],
)
def test_the_level_and_status_of_a_boundary_follow_from_its_sides(
    line: str, level: str, status: str, first: str
) -> None:
    text = "vnets: {V: {subnets: [S, T]}}\nnsgs: [NSG]\nservices: {Store: storage}\non_premises: [Office]\n"
    text += f"boundaries: ['{line}']"
    boundary = next(r for r in records(text).values() if r.type == "diagramgen/boundary")
    assert (boundary.properties["level"], boundary.properties["status"]) == (level, status)
    assert boundary.properties["a"] == {"id": first}


def test_a_name_near_the_one_that_refers_comes_first() -> None:
    text = """
vnets:
  A: {subnets: {S: {resources: {LB: {type: load_balancer, backends: [VM]}, VM: vm}}}}
  B: {subnets: {S: {resources: {VM: vm}}}}
"""
    assert records(text)["vnets/a/subnets/s/resources/lb"].envelope["backends"] == [
        "vnets/a/subnets/s/resources/vm"
    ]


def _essence(reading: Reading) -> list[Any]:
    """Records without their places."""
    return [(r.id, r.type, r.name, json.dumps(r.properties, sort_keys=True), r.location,
             json.dumps(r.envelope, sort_keys=True)) for r in reading.records]  # fmt: skip


def _shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {k: _shuffled(v, chance, k) for k, v in items}
    if isinstance(value, list):
        items = [_shuffled(v, chance) for v in value]
        if key not in ("order", "dns_servers"):
            chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("path", [*EXAMPLES, *PATTERNS], ids=str)
def test_the_order_of_lists_and_keys_does_not_matter(path: Path | str) -> None:
    text = path.read_text("utf-8") if isinstance(path, Path) else init_spec(path)
    value, _ = load_yaml("", text)
    expected = _essence(read_spec("a.yaml", text))
    for seed in range(5):
        shuffled = json.dumps(_shuffled(value, random.Random(seed)), ensure_ascii=False)
        assert _essence(read_spec("a.yaml", shuffled)) == expected


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_gives_records_or_an_input_error(text: str) -> None:
    _try(text)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([p.read_text("utf-8") for p in EXAMPLES] + [init_spec(p) for p in PATTERNS]), st.data()
)
def test_a_spoiled_spec_gives_records_or_an_input_error(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        new = data.draw(
            st.sampled_from(
                ["", " ", "\n", ":", "-", "x", "[", "}", "*", "&a ", "'", '"', "<-> ", "|", "/33", "0", "\t"]
            )
        )
        text = text[:at] + new + text[at + gone :]
    _try(text)


def _try(text: str) -> None:
    try:
        reading = read_spec("a.yaml", text)
    except InputError as error:
        assert any(d.severity == "error" for d in error.diagnostics)
        assert render_diagnostics(error.diagnostics, {"a.yaml": text})
    else:
        assert all(r.id == r.id.lower() for r in reading.records)


def test_a_spec_split_into_files_means_what_it_means_in_one() -> None:
    text = EXAMPLES[0].read_text("utf-8")
    value, _ = load_yaml("", text)
    parts = {
        f"{key}.yaml": json.dumps({key: inner}) for key, inner in value.items() if not key.startswith("x-")
    }
    subscriptions = value.get("subscriptions", {})
    for name, inner in subscriptions.items():
        for vnet, detail in inner.get("vnets", {}).items():
            parts[f"{vnet}.yaml"] = json.dumps({"subscriptions": {name: {"vnets": {vnet: detail}}}})
        rest = {k: v for k, v in inner.items() if k != "vnets"}
        parts[f"{name}.yaml"] = json.dumps({"subscriptions": {name: rest}})
    parts.pop("subscriptions.yaml", None)
    assert len(parts) > 10
    assert _essence(read_specs(parts)) == _essence(read_spec("a.yaml", text))


def test_files_that_contradict_each_other_are_an_error_with_both_places() -> None:
    with pytest.raises(InputError) as caught:
        read_specs({"a.yaml": "vnets: {A: {region: West}}", "b.yaml": "vnets: {A: {region: East}}"})
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.place, problem.related) == (
        "conflict",
        Place("b.yaml", ("vnets", "A", "region")),
        (("the other is here", Place("a.yaml", ("vnets", "A", "region"))),),
    )
