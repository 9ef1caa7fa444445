"""Resources of templates: names, loops, conditions, children, scopes; what becomes of what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from template_samples import (
    GROUP,
    NET,
    SUBSCRIPTION,
    ids,
    one,
    read,
    resource,
    subnet,
    symbolic,
    template,
    told,
    vnet,
    warnings,
)

from diagramgen.model.build import build_topology

RULE = {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "*"}


def test_a_resource_gets_its_id_in_an_unknown_subscription_and_group() -> None:
    reading = read(template(vnet("hub", subnet("web"))))
    assert ids(reading) == ["virtualnetworks/hub", "virtualnetworks/hub/subnets/web"]
    hub = one(reading, "/hub")
    assert hub.shown_id.startswith("/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/")
    assert hub.location == "westeurope"
    assert hub.envelope["isPlanned"] is True


def test_the_place_of_a_resource_is_where_it_is_written() -> None:
    reading = read(template(vnet("a"), vnet("b", subnet("web"))))
    assert one(reading, "/b").place.path == ("resources", 1)
    assert one(reading, "/web").place.path == ("resources", 1, "properties", "subnets", 0)


def test_the_frame_of_an_unknown_subscription_has_a_name() -> None:
    topology = build_topology(read(template(vnet("hub"))))
    assert topology.resources["/subscriptions/{subscription}"].label == "Subscription of the deployment"


def test_type_and_name_are_zipped() -> None:
    reading = read(template(resource("virtualNetworks/subnets", "hub/web", {"addressPrefix": "10.0.1.0/24"})))
    assert ids(reading) == ["virtualnetworks/hub/subnets/web"]
    assert one(reading, "/web").name == "web"


def test_children_inside_a_resource_have_relative_types_and_names() -> None:
    child = {"type": "subnets", "name": "web", "properties": {"addressPrefix": "10.0.1.0/24"}}
    grandchild = {"type": "providers/locks", "name": "Microsoft.Authorization/keep", "properties": {}}
    reading = read(template(vnet("hub", resources=[child, grandchild])))
    assert "virtualnetworks/hub/subnets/web" in ids(reading)
    lock = "/providers/microsoft.network/virtualnetworks/hub/providers/microsoft.authorization/locks/keep"
    assert one(reading, lock)


def test_children_inside_and_beside_their_parent_are_one() -> None:
    beside = resource("virtualNetworks/subnets", "hub/web", {"addressPrefix": "10.0.0.0/24"})
    reading = read(template(vnet("hub", subnet("web")), beside))
    assert ids(reading) == ["virtualnetworks/hub", "virtualnetworks/hub/subnets/web"]


def test_dependencies_may_go_in_a_circle() -> None:
    first = vnet("a", dependsOn=[f"[resourceId('{NET}/virtualNetworks', 'b')]"])
    second = vnet("b", dependsOn=[f"[resourceId('{NET}/virtualNetworks', 'a')]"])
    assert ids(read(template(first, second))) == ["virtualnetworks/a", "virtualnetworks/b"]


def test_a_loop_makes_one_resource_a_turn() -> None:
    looped = vnet("[concat('spoke', copyIndex(1))]", copy={"name": "spokes", "count": 3, "mode": "serial"})
    reading = read(template(looped))
    assert ids(reading) == [f"virtualnetworks/spoke{n}" for n in (1, 2, 3)]
    assert one(reading, "/spoke2").place.path == ("resources", 0)


def test_a_loop_may_turn_never() -> None:
    looped = vnet("[concat('spoke', copyIndex())]", copy={"name": "spokes", "count": "[sub(1, 1)]"})
    assert ids(read(template(looped))) == []


def test_a_loop_of_unknown_length_gives_one_resource_that_may_not_be_there() -> None:
    looped = vnet(
        "[concat('spoke', copyIndex())]",
        copy={"name": "spokes", "count": "[length(parameters('names'))]"},
    )
    reading = read(template(looped, parameters={"names": {"type": "array"}}))
    (spoke,) = [r for r in reading.records if "spoke" in r.id]
    assert spoke.name == "spoke{spokes 1..n}"
    assert spoke.envelope["isConditional"] is True
    assert "template-loop" in warnings(reading)


def test_a_loop_over_a_property_makes_a_list() -> None:
    hub = vnet("hub")
    hub["properties"]["copy"] = [
        {
            "name": "subnets",
            "count": "[length(variables('names'))]",
            "input": {
                "name": "[variables('names')[copyIndex('subnets')]]",
                "properties": {"addressPrefix": "[format('10.0.{0}.0/24', copyIndex('subnets'))]"},
            },
        }
    ]
    del hub["properties"]["subnets"]
    reading = read(template(hub, variables={"names": ["web", "data"]}))
    assert ids(reading, "virtualNetworks/subnets") == [
        f"virtualnetworks/hub/subnets/{n}" for n in ("data", "web")
    ]
    assert one(reading, "/data").properties["addressPrefix"] == "10.0.1.0/24"


def test_a_loop_over_a_property_within_a_loop_over_resources() -> None:
    hub = vnet("[concat('v', copyIndex())]", copy={"name": "vnets", "count": 2})
    hub["properties"] = {
        "copy": [
            {
                "name": "subnets",
                "count": 2,
                "input": {"name": "[format('s{0}{1}', copyIndex(), copyIndex('subnets'))]", "properties": {}},
            }
        ]
    }
    assert ids(read(template(hub)), "virtualNetworks/subnets") == [
        "virtualnetworks/v0/subnets/s00",
        "virtualnetworks/v0/subnets/s01",
        "virtualnetworks/v1/subnets/s10",
        "virtualnetworks/v1/subnets/s11",
    ]


def test_a_loop_over_a_property_of_unknown_length_leaves_the_property_unknown() -> None:
    nsg = resource(
        "networkSecurityGroups", "nsg",
        {"copy": [{"name": "securityRules", "count": "[length(parameters('rules'))]", "input": {"name": "x"}}]},
    )  # fmt: skip
    reading = read(template(nsg, parameters={"rules": {"type": "array"}}))
    assert one(reading, "/nsg").properties["securityRules"] == "{securityRules}"


def test_loops_in_variables_with_and_without_a_name_above() -> None:
    variables = {
        "copy": [
            {"name": "prefixes", "count": 2, "input": "[format('10.{0}.0.0/16', copyIndex('prefixes'))]"}
        ],
        "deep": {"copy": [{"name": "names", "count": 2, "input": "[concat('n', copyIndex('names', 1))]"}]},
    }
    hub = vnet("[variables('deep').names[1]]")
    hub["properties"]["addressSpace"]["addressPrefixes"] = "[variables('prefixes')]"
    reading = read(template(hub, variables=variables))
    assert one(reading, "/n2").properties["addressSpace"]["addressPrefixes"] == ["10.0.0.0/16", "10.1.0.0/16"]


def test_what_a_false_condition_leaves_out_is_counted() -> None:
    reading = read(template(vnet("hub", condition="[equals(1, 2)]")))
    assert ids(reading) == []
    assert told(reading, "template-expanded") == ["1 resource is not deployed, as its condition is false"]


def test_under_an_unknown_condition_a_resource_is_kept_and_says_so() -> None:
    parameters = {"withHub": {"type": "bool"}}
    reading = read(
        template(vnet("hub", subnet("web"), condition="[parameters('withHub')]"), parameters=parameters)
    )
    for record in (one(reading, "/hub"), one(reading, "/web")):
        assert record.envelope["isConditional"] is True
        assert record.envelope["condition"] == "{withHub}"
    assert len(told(reading, "template-condition")) == 1


def test_an_existing_resource_is_only_referred_to() -> None:
    resources = {
        "hub": {"existing": True, "type": f"{NET}/virtualNetworks", "apiVersion": "2023-11-01", "name": "hub",
                "subscriptionId": "11111111-1111-1111-1111-111111111111", "resourceGroup": "rg-hub"},
        "peering": resource("virtualNetworks/virtualNetworkPeerings", "always/to-hub",
                            {"remoteVirtualNetwork": {"id": "[resourceInfo('hub').id]"}}),
    }  # fmt: skip
    reading = read(symbolic(resources))
    assert ids(reading) == ["virtualnetworks/always/virtualnetworkpeerings/to-hub"]
    assert one(reading, "/to-hub").properties["remoteVirtualNetwork"]["id"] == (
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-hub"
        "/providers/Microsoft.Network/virtualNetworks/hub"
    )


@pytest.mark.parametrize(
    ("scope", "base"),
    [
        (f"[resourceId('{NET}/virtualNetworks', 'hub')]", f"{GROUP}/virtualnetworks/hub"),
        (f"{NET}/virtualNetworks/hub", f"{GROUP}/virtualnetworks/hub"),
        ("/subscriptions/s/resourceGroups/r", "/subscriptions/s/resourcegroups/r"),
    ],
)
def test_an_extension_goes_below_what_it_extends(scope: str, base: str) -> None:
    lock = {"type": "Microsoft.Authorization/locks", "apiVersion": "2020-05-01", "name": "keep", "scope": scope,
            "properties": {"level": "CanNotDelete"}}  # fmt: skip
    assert (
        one(read(template(lock)), "/locks/keep").id == f"{base}/providers/microsoft.authorization/locks/keep"
    )


def test_a_subscription_template_makes_resource_groups() -> None:
    group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2022-09-01", "name": "rg-hub",
             "location": "westeurope"}  # fmt: skip
    reading = read(template(group, schema=SUBSCRIPTION))
    record = one(reading, "/resourcegroups/rg-hub")
    assert record.id == "/subscriptions/{subscription}/resourcegroups/rg-hub"
    assert record.type == "microsoft.resources/subscriptions/resourcegroups"


def test_names_of_members_count_without_case() -> None:
    reading = read(template({"Type": f"{NET}/virtualNetworks", "apiversion": "1", "Name": "hub",
                             "Properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}))  # fmt: skip
    assert one(reading, "/hub").properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}


def test_an_nsg_without_properties_is_no_name_alone() -> None:
    reading = read(template(resource("networkSecurityGroups", "nsg")))
    assert "isUntold" not in one(reading, "/nsg").envelope
    assert warnings(reading) == []


def test_properties_that_are_not_known_are_told() -> None:
    nsg = resource("networkSecurityGroups", "nsg", "[parameters('all')]")
    reading = read(template(nsg, parameters={"all": {"type": "object"}}))
    assert one(reading, "/nsg").envelope["isUntold"] is True
    assert "template-properties" in warnings(reading)


def test_escaped_brackets_are_text() -> None:
    reading = read(template(vnet("hub", tags={"note": "[[not an expression]"})))
    assert one(reading, "/hub").envelope["tags"] == {"note": "[not an expression]"}


def test_keys_may_be_expressions() -> None:
    reading = read(template(vnet("hub", tags={"[concat('o', 'wner')]": "net"})))
    assert one(reading, "/hub").envelope["tags"] == {"owner": "net"}


def test_a_wrong_expression_costs_no_more_than_its_value() -> None:
    hub = vnet("hub", subnet("web", "[add('x', 1)]"), subnet("data"))
    reading = read(template(hub))
    assert one(reading, "/web").properties["addressPrefix"] == "{?1}"
    assert one(reading, "/data").properties["addressPrefix"] == "10.0.0.0/24"
    (problem,) = [d for d in reading.diagnostics if d.code == "template-expression"]
    assert problem.place is not None
    assert problem.place.path == ("resources", 0, "properties", "subnets", 0, "properties", "addressPrefix")


def test_variables_that_define_each_other_end() -> None:
    variables = {"a": "[variables('b')]", "b": "[variables('a')]"}
    reading = read(template(vnet("[concat('v-', variables('a'))]"), variables=variables))
    assert [r.name for r in reading.records if r.name.startswith("v-")] == ["v-{?1}"]


def test_user_functions_see_their_own_parameters() -> None:
    functions = [
        {
            "namespace": "net",
            "members": {
                "named": {
                    "parameters": [{"name": "what", "type": "string"}],
                    "output": {"type": "string", "value": "[concat('vnet-', parameters('what'))]"},
                }
            },
        }
    ]
    assert ids(read(template(vnet("[net.named('hub')]"), functions=functions))) == [
        "virtualnetworks/vnet-hub"
    ]


def test_reference_gives_what_the_template_writes_and_marks_the_rest() -> None:
    address = resource("publicIPAddresses", "pip", {"publicIPAllocationMethod": "Static"})
    table = resource("routeTables", "table", {"routes": [
        {"name": "a", "properties": {"nextHopType": "[reference('pip').publicIPAllocationMethod]",
                                     "nextHopIpAddress": "[reference('pip').ipAddress]"}},
    ]})  # fmt: skip
    route = one(read(template(address, table)), "/routes/a")
    assert route.properties["nextHopType"] == "Static"
    assert route.properties["nextHopIpAddress"] == "{pip.ipAddress}"


def test_reference_gives_the_ids_of_the_parts_of_a_resource() -> None:
    nic = resource("networkInterfaces", "nic", {"ipConfigurations": [
        {"name": "a", "properties": {"subnet": {"id": "[reference('hub').subnets[1].id]"}}}]})  # fmt: skip
    resources = {"hub": vnet("vnet-hub", subnet("a"), subnet("b")), "nic": nic}
    (configuration,) = one(read(symbolic(resources)), "/nic").properties["ipConfigurations"]
    assert configuration["properties"]["subnet"]["id"].endswith("/virtualNetworks/vnet-hub/subnets/b")


def test_references_that_go_in_a_circle_are_unknown() -> None:
    a = resource("publicIPAddresses", "a", {"x": "[reference('b').x]"})
    b = resource("publicIPAddresses", "b", {"x": "[reference('a').x]"})
    reading = read(template(a, b))
    assert one(reading, "/publicipaddresses/a").properties["x"].startswith("{")


def test_the_turn_of_a_symbolic_loop_is_referred_to() -> None:
    resources: dict[str, Any] = {
        "hubs": vnet("[concat('hub', copyIndex())]", copy={"name": "hubs", "count": 2}),
        "nsg": resource("networkSecurityGroups", "nsg", {
            "one": "[reference('hubs[1]').addressSpace.addressPrefixes[0]]",
            "all": "[length(references('hubs'))]",
        }),
    }  # fmt: skip
    properties = one(read(symbolic(resources)), "/nsg").properties
    assert properties["one"] == "10.0.0.0/16"
    assert properties["all"] == 2


def test_both_kinds_of_resources_read_alike() -> None:
    listed = template(vnet("hub", subnet("web")), resource("networkSecurityGroups", "nsg"))
    named = symbolic({"a": vnet("hub", subnet("web")), "b": resource("networkSecurityGroups", "nsg")})
    assert ids(read(listed)) == ids(read(named))


def test_what_is_referred_to_under_a_false_condition_needs_no_name() -> None:
    resources = {
        "vault": {
            "existing": True,
            "condition": "[not(empty(parameters('key')))]",
            "type": "Microsoft.KeyVault/vaults",
            "apiVersion": "2023-07-01",
            "name": "[last(split(parameters('key'), '/'))]",
        },
        "nsg": resource("networkSecurityGroups", "nsg", {"label": "[reference('elsewhere').sku]"}),
    }
    document = symbolic(resources, parameters={"key": {"type": "string", "nullable": True}})
    assert "template-expression" not in warnings(read(document))


def test_a_name_that_nobody_declares_stands_for_itself_everywhere() -> None:
    gateway = resource("vpnGateways", "[parameters('gateway')]", {})
    connection = resource(
        "vpnGateways/vpnConnections", "[concat(parameters('gateway'), '/', variables('c'))]", {}
    )
    reading = read(template(gateway, connection))
    assert ids(reading, "vpnGateways") == ["vpngateways/{gateway}"]
    assert ids(reading, "vpnGateways/vpnConnections") == ["vpngateways/{gateway}/vpnconnections/{c}"]
    assert sorted(told(reading, "template-expression")) == [
        "an expression cannot be evaluated: there is no parameter `gateway` (2 times)",
        "an expression cannot be evaluated: there is no variable `c`",
    ]
