"""States in all their forms: every instance comes out, whatever module it is in and whoever wrote the file."""

from __future__ import annotations

from typing import Any

import pytest
from terraform_plans import (
    GROUP,
    NET,
    codes,
    nsg,
    read,
    records,
    rule,
    shortened,
    state,
    stated,
    subnet,
    vnet,
    without,
)

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.read.terraform.address import parse_path, split_module
from diagramgen.read.terraform.state import instances_of_old_state, instances_of_state


def test_a_state_gives_its_networks_with_their_places() -> None:
    found = records(state(stated("azurerm_virtual_network", vnet("a"), vnet("b"))))
    assert found["virtualnetworks/a"].properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert found["virtualnetworks/b"].place == Place("0.json", ("resources", 0, "instances", 1))


@pytest.mark.parametrize(
    ("module", "key", "address"),
    [
        ({}, None, "azurerm_subnet.x"),
        ({}, 0, "azurerm_subnet.x[0]"),
        ({"module": "module.net"}, "a", 'module.net.azurerm_subnet.x["a"]'),
        (
            {"module": 'module.net["w.e"].module.b[1]'},
            'a"b',
            'module.net["w.e"].module.b[1].azurerm_subnet.x["a\\"b"]',
        ),
    ],
)
def test_instances_are_known_by_module_and_key(
    module: dict[str, str], key: str | int | None, address: str
) -> None:
    entry: dict[str, Any] = {"attributes": subnet()} | ({} if key is None else {"index_key": key})
    (found,) = instances_of_state(state(stated("azurerm_subnet", entry, **module)), Place("a"))
    assert found.address == address
    calls, rest = split_module(parse_path(found.address))
    assert calls == found.module
    assert [step.value for step in rest[:2]] == ["azurerm_subnet", "x"]


def test_show_json_and_the_state_file_say_the_same() -> None:
    parts = (vnet(subnet=[]), subnet(), nsg(security_rule=[]), rule())
    kinds = ("virtual_network", "subnet", "network_security_group", "network_security_rule")
    file = state(*(stated(f"azurerm_{kind}", each) for kind, each in zip(kinds, parts, strict=True)))
    resources = [
        {"address": f"module.m.azurerm_{kind}.x", "mode": "managed", "type": f"azurerm_{kind}", "name": "x",
         "provider_name": "registry.terraform.io/hashicorp/azurerm", "values": each}
        for kind, each in zip(kinds, parts, strict=True)
    ]  # fmt: skip
    inner = {"address": "module.m", "resources": resources[1:]}
    shown = {
        "format_version": "1.0",
        "terraform_version": "1.9.0",
        "values": {"root_module": {"resources": resources[:1], "child_modules": [inner]}},
    }
    ours, theirs = records(file), records(shown)
    assert {key: (r.type, r.properties) for key, r in ours.items()} == {
        key: (r.type, r.properties) for key, r in theirs.items()
    }
    assert set(ours) >= {"virtualnetworks/hub/subnets/app", "networksecuritygroups/nsg/securityrules/https"}


def test_a_state_of_version_3_is_read_with_its_flat_attributes() -> None:
    document = {
        "version": 3, "terraform_version": "0.11.14", "serial": 1,
        "modules": [
            {"path": ["root"], "resources": {
                "azurerm_virtual_network.hub": {"type": "azurerm_virtual_network", "primary": {"attributes": {
                    "id": f"{NET}/virtualNetworks/hub", "name": "hub", "address_space.#": "2",
                    "address_space.0": "10.0.0.0/16", "address_space.1": "10.1.0.0/16", "tags.%": "1",
                    "tags.cost.centre": "7", "subnet.#": "0"}}}}},
            {"path": ["root", "net"], "resources": {
                "azurerm_network_security_group.n.1": {"type": "azurerm_network_security_group", "primary": {
                    "attributes": {
                        "id": f"{NET}/networkSecurityGroups/n", "name": "n", "security_rule.#": "1",
                        "security_rule.2718.name": "a", "security_rule.2718.priority": "120",
                        "security_rule.2718.access": "Deny", "security_rule.2718.direction": "Inbound",
                        "security_rule.2718.source_address_prefixes.#": "1",
                        "security_rule.2718.source_address_prefixes.99": "10.9.0.0/16"}}}}},
        ],
    }  # fmt: skip
    found = records(document)
    assert found["virtualnetworks/hub"].properties["addressSpace"]["addressPrefixes"] == [
        "10.0.0.0/16",
        "10.1.0.0/16",
    ]
    assert found["virtualnetworks/hub"].envelope["tags"] == {"cost.centre": "7"}
    told = found["networksecuritygroups/n/securityrules/a"].properties
    assert (told["priority"], told["access"], told["sourceAddressPrefixes"]) == (120, "Deny", ["10.9.0.0/16"])
    addresses = [instance.address for instance in instances_of_old_state(document, Place("a"))]
    assert addresses == ["azurerm_virtual_network.hub", "module.net.azurerm_network_security_group.n[1]"]


def test_instances_with_one_address_are_all_read() -> None:
    found = records(
        state(
            stated("azurerm_virtual_network", vnet("a"), vnet("b")),
            stated("azurerm_virtual_network", vnet("c")),
        )
    )
    assert {f"virtualnetworks/{name}" for name in "abc"} <= set(found)


def test_what_waits_to_be_destroyed_is_left_out() -> None:
    old = {"deposed": "4f1a", "attributes": vnet("old")}
    assert "virtualnetworks/old" not in records(state(stated("azurerm_virtual_network", old, vnet())))


def test_flat_attributes_of_an_upgraded_state_are_read() -> None:
    entry = {
        "attributes": None,
        "attributes_flat": {"id": f"{NET}/virtualNetworks/v", "name": "v", "subnet.#": "0"},
    }
    assert "virtualnetworks/v" in records(state(stated("azurerm_virtual_network", entry)))


def test_two_states_make_one_estate() -> None:
    network = state(stated("azurerm_virtual_network", vnet(subnet=[])), stated("azurerm_subnet", subnet()))
    table = f"{NET}/routeTables/rt"
    joined = {"id": subnet()["id"], "subnet_id": subnet()["id"], "route_table_id": table}
    routing = state(
        stated("azurerm_subnet_route_table_association", joined, module="module.x"),
        stated("azurerm_route_table", {"id": table, "name": "rt", "route": [], "resource_group_name": "rg"}),
    )
    found = records(network, routing)
    assert found["virtualnetworks/hub/subnets/app"].properties["routeTable"] == {"id": table}
    assert found["virtualnetworks/hub/subnets/app"].properties["addressPrefix"] == "10.0.1.0/24"
    assert "networkSecurityGroup" not in found["virtualnetworks/hub/subnets/app"].properties


def test_several_documents_in_one_file_are_several_states() -> None:
    import orjson

    from diagramgen.read import Source, read_records

    one = orjson.dumps(state(stated("azurerm_virtual_network", vnet("a"))))
    two = orjson.dumps(state(stated("azurerm_virtual_network", vnet("b"))))
    found = read_records([Source("all.json", one + b"\n" + two)])
    assert {shortened(record.id) for record in found.records} >= {"virtualnetworks/a", "virtualnetworks/b"}


def test_a_state_in_utf_16_is_read() -> None:
    import orjson

    from diagramgen.read import Source, read_records

    text = orjson.dumps(state(stated("azurerm_virtual_network", vnet()))).decode()
    assert read_records([Source("a.tfstate", ("\ufeff" + text).encode("utf-16-le"))]).records


def test_resources_of_other_providers_are_counted_in_one_note() -> None:
    found = read(state(
        stated("azurerm_virtual_network", vnet()),
        stated("random_pet", {"id": "a-b"}, {"id": "c-d"}), stated("kubernetes_pod", {"id": "p"}),
        stated("http", {"id": "x"}, mode="data"),
    ))  # fmt: skip
    (note,) = [d for d in found.diagnostics if d.code == "terraform-provider"]
    assert "3 resources (2 `random_pet`, 1 `kubernetes_pod`)" in note.message


def test_azure_types_that_are_not_understood_are_counted_by_type() -> None:
    lock = {"id": f"{subnet()['id']}", "name": "lock"}
    found = read(state(stated("azurerm_subnet", subnet()), stated("azurerm_management_lock", lock, {**lock})))
    assert found.unknown["terraform/azurerm_management_lock"] >= 1
    (told,) = [
        record for record in found.records if shortened(record.id) == "virtualnetworks/hub/subnets/app"
    ]
    assert told.type == "microsoft.network/virtualnetworks/subnets"
    assert "address" not in told.properties


def test_data_sources_tell_what_lies_outside() -> None:
    outside = vnet("far", subnets=["app", "db"], vnet_peerings={"back": vnet()["id"]})
    found = read(
        state(
            stated("azurerm_virtual_network", vnet()), stated("azurerm_virtual_network", outside, mode="data")
        )
    )
    by_id = {shortened(record.id): record for record in found.records}
    assert by_id["virtualnetworks/far"].properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert "isPlanned" not in by_id["virtualnetworks/far"].envelope
    assert by_id["virtualnetworks/hub"].envelope["isPlanned"] is True
    assert "terraform-data" in codes(found)


@pytest.mark.parametrize(
    "document",
    [
        {"format_version": "1.0"},
        {"format_version": "1.0", "terraform_version": "1.5.7"},
        state(),
        {"version": 3, "terraform_version": "0.11.1", "modules": []},
    ],
)
def test_an_empty_state_says_that_there_is_nothing(document: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read(document)
    assert [d.code for d in caught.value.diagnostics] == ["nothing-to-draw"]


def test_what_is_marked_as_sensitive_is_in_no_record_and_counted() -> None:
    path = [[{"type": "get_attr", "value": "address_space"}], [{"type": "get_attr", "value": "dns_servers"},
            {"type": "index", "value": {"value": 0, "type": "number"}}]]  # fmt: skip
    entry = {"attributes": vnet(dns_servers=["hunter2", "10.0.0.5"]), "sensitive_attributes": path}
    connection = {
        "id": f"{NET}/connections/c", "name": "c", "type": "IPsec", "shared_key": "hunter3",
        "resource_group_name": "rg", "virtual_network_gateway_id": f"{NET}/virtualNetworkGateways/g",
    }  # fmt: skip
    found = read(state(
        stated("azurerm_virtual_network", entry), stated("azurerm_virtual_network_gateway_connection", connection),
        stated("random_password", {"id": "none", "result": "hunter4"}),
    ))  # fmt: skip
    assert "hunter" not in repr(found.records) + repr(found.diagnostics)
    assert found.secrets["0.json"] >= 3
    (told,) = [record for record in found.records if record.name == "hub"]
    assert "10.0.0.0/16" not in repr(told.properties)
    assert "{azurerm_virtual_network.x.dns_servers}" in repr(told.properties)


def test_an_id_that_is_marked_as_sensitive_is_made_up_again() -> None:
    entry = {"attributes": vnet(), "sensitive_attributes": [[{"type": "get_attr", "value": "id"}]]}
    found = read(state(stated("azurerm_virtual_network", entry)))
    assert any(record.name == "hub" for record in found.records)


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [None], [{"attributes": 3}], [[]]])
def test_odd_shapes_in_a_state_crash_nothing(odd: Any) -> None:
    good = stated("azurerm_virtual_network", vnet())
    for broken in (
        state(good, odd),
        state(good, {**good, "instances": odd}),
        state(good, {**good, "type": odd}),
        state(good, {**good, "module": odd}),
        state(
            good,
            stated("azurerm_subnet", {"attributes": {**subnet(), "name": odd, "id": odd}, "index_key": odd}),
        ),
        state(good, stated("azurerm_virtual_network", {**vnet("b"), "subnet": odd, "address_space": odd})),
        state(good, stated("azurerm_subnet", {"attributes": subnet(), "sensitive_attributes": odd})),
    ):
        assert "virtualnetworks/hub" in records(broken)


def test_a_trimmed_state_is_taken_at_its_word() -> None:
    found = records(state(
        stated("azurerm_virtual_network", vnet()), stated("azurerm_subnet", without(subnet(), "id")),
        stated("azurerm_resource_group", {"id": GROUP, "name": "rg", "location": "westeurope"}),
    ))  # fmt: skip
    assert [each["id"] for each in found["virtualnetworks/hub"].properties["subnets"]] == [subnet()["id"]]


def test_of_two_states_of_one_lineage_the_later_counts() -> None:
    rules = [rule("open", destination_port_range="22")]
    old = state(stated("azurerm_network_security_group", nsg(security_rule=rules)), serial=4)
    now = state(stated("azurerm_network_security_group", nsg(security_rule=[])), serial=6)
    for reading in (read(old, now), read(now, old)):
        assert not [r.id for r in reading.records if r.type.endswith("/securityrules")]
        (warning,) = (d for d in reading.diagnostics if d.code == "terraform-older")
        assert "is an older state (serial 4)" in warning.message
    emptied = read(old, state(serial=7), state(stated("azurerm_virtual_network", vnet("a")), lineage="y"))
    assert not [r.id for r in emptied.records if r.type.endswith("networksecuritygroups")]


def test_copies_of_a_state_that_tell_of_other_things_all_count() -> None:
    test = state(stated("azurerm_virtual_network", vnet("a")), serial=4)
    live = state(stated("azurerm_virtual_network", vnet("b")), serial=9)
    assert records(test, live).keys() >= {"virtualnetworks/a", "virtualnetworks/b"}
