"""The azapi provider: its bodies are REST's already, in whatever way a document writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from terraform_plans import GROUP, NET, UNTOLD_NET, Json, Plan, const, records, ref, state, stated

from diagramgen.read.record import UNTOLD

VNETS = "Microsoft.Network/virtualNetworks"
BODY: Json = {
    "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "app", "properties": {"addressPrefix": "10.0.1.0/24"}}],
    }
}


def resource(body: Any = BODY, name: str = "v", kind: str = VNETS, parent: str = GROUP, **more: Any) -> Json:
    return {
        "id": f"{parent}/providers/{kind}/{name}", "type": f"{kind}@2024-01-01", "name": name, "parent_id": parent,
        "location": "westeurope", "body": body, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        json.dumps(BODY),
        json.dumps(BODY, indent=2),
        {"value": BODY, "type": ["object", {}]},
    ],
    ids=["2.0", "1.x", "1.x, indented", "2.0 in a state file"],
)
def test_a_body_is_a_resource(body: Any) -> None:
    found = records(state(stated("azapi_resource", resource(body, tags={"a": "b"}))))
    told = found["virtualnetworks/v"]
    assert told.type == "microsoft.network/virtualnetworks"
    assert told.properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert (told.location, told.envelope["tags"], told.envelope["isPlanned"]) == (
        "westeurope",
        {"a": "b"},
        True,
    )
    assert found["virtualnetworks/v/subnets/app"].properties["addressPrefix"] == "10.0.1.0/24"


def test_what_azure_answered_is_added_to_what_was_asked_for() -> None:
    output = {"properties": {"addressSpace": {"addressPrefixes": ["other"]}, "resourceGuid": "g"}}
    for each in (output, json.dumps(output)):
        told = records(state(stated("azapi_resource", resource(output=each))))["virtualnetworks/v"].properties
        assert (told["resourceGuid"], told["addressSpace"]) == ("g", {"addressPrefixes": ["10.0.0.0/16"]})


@pytest.mark.parametrize(
    ("kind", "parent", "found"),
    [
        (VNETS, GROUP, f"{NET}/virtualNetworks/x"),
        (f"{VNETS}/subnets", f"{NET}/virtualNetworks/v", f"{NET}/virtualNetworks/v/subnets/x"),
        ("Microsoft.Resources/resourceGroups", GROUP.rpartition("/resourceGroups")[0],
         GROUP.rpartition("/")[0] + "/x"),
        ("Microsoft.Insights/diagnosticSettings", f"{NET}/virtualNetworks/v",
         f"{NET}/virtualNetworks/v/providers/Microsoft.Insights/diagnosticSettings/x"),
    ],
)  # fmt: skip
def test_ids_are_made_below_the_parent(kind: str, parent: str, found: str) -> None:
    told = {"type": f"{kind}@2024-01-01", "name": "x", "parent_id": parent, "body": {"properties": {"a": 1}}}
    plan = Plan().keep("azapi_resource.v", resource()).create("azapi_resource.x", told)
    assert found in {record.shown_id for record in records(plan.document()).values()}


def planned(name: str, body: Any, expressions: Json, mask: Json) -> Plan:
    told = {"type": f"{VNETS}@2024-01-01", "name": name, "body": body}
    given = {"parent_id": const(GROUP), **expressions}
    return Plan().create(f"azapi_resource.{name}", {**told, "parent_id": GROUP}, given, mask)


def test_unknown_parts_of_a_body_take_what_fits_by_type() -> None:
    inner = {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {}, "routeTable": {}}
    body = {"properties": {"subnets": [{"name": "app", "properties": inner}], "flowTimeoutInMinutes": None}}
    unknown = {"networkSecurityGroup": {"id": True}, "routeTable": {"id": True}}
    plan = planned(
        "v", body,
        {"body": ref("azurerm_network_security_group.n.id", "var.timeout")},
        {"body": {"properties": {"subnets": [{"properties": unknown}], "flowTimeoutInMinutes": True}}},
    )  # fmt: skip
    plan.members = {"variables": {"timeout": {"value": 5}}}
    plan.create("azurerm_network_security_group.n", {"name": "n", "resource_group_name": "rg"})
    found = records(plan.document())
    told = found["virtualnetworks/v/subnets/app"].properties
    assert told["networkSecurityGroup"]["id"].endswith("/networkSecurityGroups/n")
    assert told["routeTable"] == {
        "id": "{azapi_resource.v.body.properties.subnets[0].properties.routeTable.id}"
    }
    assert found["virtualnetworks/v"].properties["flowTimeoutInMinutes"] == (
        "{azapi_resource.v.body.properties.flowTimeoutInMinutes}"
    )


def test_nothing_is_concluded_from_a_body_that_is_not_known() -> None:
    plan = planned("v", None, {"body": ref("azurerm_network_security_group.n.id")}, {"body": True})
    told = records(plan.document())["virtualnetworks/v"]
    assert told.envelope[UNTOLD] is True
    assert "isPlanned" not in told.envelope


def test_an_update_says_something_of_another_resource() -> None:
    update = {
        "type": f"{VNETS}@2024-01-01", "resource_id": f"{NET}/virtualNetworks/v", "id": f"{NET}/virtualNetworks/v",
        "body": {"properties": {"flowTimeoutInMinutes": 20}},
    }  # fmt: skip
    found = records(state(stated("azapi_resource", resource()), stated("azapi_update_resource", update)))
    told = found["virtualnetworks/v"].properties
    assert (told["flowTimeoutInMinutes"], told["addressSpace"]["addressPrefixes"]) == (20, ["10.0.0.0/16"])


def test_a_data_source_tells_what_it_was_asked_for() -> None:
    some = resource(None, output=BODY, response_export_values=["properties.addressSpace"])
    all_of = resource(None, "w", output={**BODY, "location": "x"}, response_export_values=["*"])
    listed = {
        "type": VNETS,
        "parent_id": GROUP,
        "output": {"value": [{**BODY, "id": f"{NET}/virtualNetworks/u"}, 7]},
    }
    found = records(state(
        stated("azapi_resource", resource(name="v2"), name="own"),
        stated("azapi_resource", some, mode="data"), stated("azapi_resource", all_of, mode="data", name="all"),
        stated("azapi_resource_list", listed, mode="data"),
    ))  # fmt: skip
    assert found["virtualnetworks/v"].envelope[UNTOLD] is True
    assert UNTOLD not in found["virtualnetworks/w"].envelope
    assert found["virtualnetworks/w"].properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert "virtualnetworks/u" in found


def test_azapi_and_azurerm_refer_to_each_other() -> None:
    plan = Plan().create(
        "azurerm_virtual_network.v", {"name": "v", "resource_group_name": "rg", "subnet": []}
    )
    told = {
        "type": f"{VNETS}/subnets@2024-01-01",
        "name": "app",
        "body": {"properties": {"addressPrefix": "10.0.1.0/24"}},
    }
    plan.create(
        "azapi_resource.s", told, {"parent_id": ref("azurerm_virtual_network.v.id")}, {"parent_id": True}
    )
    told = {"name": "n", "resource_group_name": "rg", "ip_configuration": [{"name": "ip"}]}
    expressions = {"ip_configuration": [{"subnet_id": ref("azapi_resource.s.id")}]}
    plan.create("azurerm_network_interface.n", told, expressions, {"ip_configuration": [{"subnet_id": True}]})
    found = records(plan.document())
    subnet = f"{UNTOLD_NET}/virtualNetworks/v/subnets/app"
    assert found["virtualnetworks/v/subnets/app"].shown_id == subnet
    told = found["networkinterfaces/n"].properties["ipConfigurations"][0]["properties"]
    assert told["subnet"] == {"id": subnet}


@pytest.mark.parametrize(
    "odd", [None, 7, "", "{", "[]", [], {"value": None, "type": "x"}, {"properties": 3}, "null"]
)
def test_odd_bodies_crash_nothing(odd: Any) -> None:
    for member in ("body", "output", "type", "name", "parent_id", "location", "tags", "id"):
        document = state(
            stated("azapi_resource", resource(), name="good"),
            stated("azapi_resource", resource(name="w") | {member: odd}),
        )
        assert "virtualnetworks/v" in records(document)


def test_secrets_in_bodies_are_taken_out() -> None:
    body = {"properties": {"sharedKey": "hunter2", "connectionString": "AccountKey=hunter3"}}
    kind = "Microsoft.Network/connections"
    for told in (body, json.dumps(body)):
        found = records(state(stated("azapi_resource", resource(told, "c", kind))))
        assert "hunter" not in repr(found)
