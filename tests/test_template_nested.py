"""Deployments inside templates: scopes, targets, outputs, and links to other files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from template_samples import (
    NET,
    SUBSCRIPTION,
    deployment,
    ids,
    inner,
    link,
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

from diagramgen.read import Options, Source
from diagramgen.read.unknown import is_unknown


def test_a_template_with_inner_scope_sees_its_own_parameters() -> None:
    inside = inner(vnet("[concat('v-', parameters('name'))]"), name="string")
    main = template(deployment("net", inside, {"name": "[parameters('name')]"}),
                    parameters={"name": {"type": "string", "defaultValue": "hub"}})  # fmt: skip
    reading = read(main)
    assert ids(reading) == ["virtualnetworks/v-hub"]
    assert one(reading, "/v-hub").place.path == ("resources", 0, "properties", "template", "resources", 0)
    assert told(reading, "template-expanded") == ["1 nested deployment was expanded"]


def test_a_template_with_outer_scope_sees_those_of_the_template_around_it() -> None:
    inside = inner(vnet("[variables('name')]"))
    inside["variables"] = {"name": "inside"}
    main = template(deployment("net", inside, sees="outer"), variables={"name": "outside"})
    assert ids(read(main)) == ["virtualnetworks/outside"]


def test_a_loop_around_a_deployment_is_seen_inside_with_outer_scope() -> None:
    inside = inner(vnet("[concat('v', copyIndex())]"))
    main = template(
        deployment("[concat('d', copyIndex())]", inside, sees="outer", copy={"name": "l", "count": 2})
    )
    assert ids(read(main)) == ["virtualnetworks/v0", "virtualnetworks/v1"]


@pytest.mark.parametrize(
    ("where", "base"),
    [
        ({"resourceGroup": "rg-2"}, "/subscriptions/{subscription}/resourcegroups/rg-2"),
        ({"subscriptionId": "s2", "resourceGroup": "rg-2"}, "/subscriptions/s2/resourcegroups/rg-2"),
        ({"scope": "/subscriptions/s2/resourceGroups/rg-2"}, "/subscriptions/s2/resourcegroups/rg-2"),
        (
            {"scope": "[concat('/subscriptions/s2/resourceGroups/', 'rg-2')]"},
            "/subscriptions/s2/resourcegroups/rg-2",
        ),
        ({"resourceGroup": "[parameters('group')]"}, "/subscriptions/{subscription}/resourcegroups/{group}"),
    ],
)
def test_a_deployment_may_go_elsewhere(where: dict[str, Any], base: str) -> None:
    other = resource("virtualNetworks", "far", {"peer": f"[resourceId('{NET}/virtualNetworks', 'near')]"})
    main = template(deployment("net", inner(other), **where), parameters={"group": {"type": "string"}})
    far = one(read(main), "/far")
    assert far.id == f"{base}/providers/microsoft.network/virtualnetworks/far"
    assert far.properties["peer"].lower() == f"{base}/providers/microsoft.network/virtualnetworks/near"


def test_with_outer_scope_functions_see_the_group_of_the_template_around() -> None:
    other = resource("virtualNetworks", "far", {"peer": f"[resourceId('{NET}/virtualNetworks', 'near')]"})
    far = one(read(template(deployment("net", inner(other), sees="outer", resourceGroup="rg-2"))), "/far")
    assert "/resourcegroups/rg-2/" in far.id
    assert "/resourceGroups/{resourceGroup}/" in far.properties["peer"]


def test_the_place_of_a_group_that_the_template_makes_is_known_in_it() -> None:
    group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2022-09-01", "name": "rg",
             "location": "northeurope"}  # fmt: skip
    inside = inner(vnet("hub", location="[resourceGroup().location]"))
    main = template(group, deployment("net", inside, resourceGroup="rg"), schema=SUBSCRIPTION)
    assert one(read(main), "/hub").location == "northeurope"


def test_outputs_pass_ids_from_one_deployment_to_the_next() -> None:
    network = inner(
        vnet("hub", subnet("web")),
        outputs={"web": f"[resourceId('{NET}/virtualNetworks/subnets', 'hub', 'web')]"},
    )
    machine = inner(
        resource("networkInterfaces", "nic", {"ipConfigurations": [
            {"name": "a", "properties": {"subnet": {"id": "[parameters('subnet')]"}}}]}),
        subnet="string",
    )  # fmt: skip
    by_id = "[reference(resourceId('Microsoft.Resources/deployments', 'network')).outputs.web.value]"
    by_name = "[reference('network').outputs.web.value]"
    for expression in (by_id, by_name):
        main = template(
            deployment("machine", machine, {"subnet": expression}), deployment("network", network)
        )
        (configuration,) = one(read(main), "/nic").properties["ipConfigurations"]
        assert configuration["properties"]["subnet"]["id"].endswith("/virtualNetworks/hub/subnets/web")


def test_outputs_by_symbolic_name_and_loop() -> None:
    network = inner(vnet("[parameters('name')]"), outputs={"name": "[parameters('name')]"}, name="string")
    resources = {
        "networks": deployment("[concat('n', copyIndex())]", network, {"name": "[concat('v', copyIndex())]"},
                               copy={"name": "networks", "count": 2}),
        "nsg": resource("networkSecurityGroups", "[concat('nsg-', reference('networks[1]').outputs.name.value)]"),
    }  # fmt: skip
    assert ids(read(symbolic(resources)), "networkSecurityGroups") == ["networksecuritygroups/nsg-v1"]


def test_a_resource_of_another_deployment_is_found_by_its_id() -> None:
    first = inner(resource("publicIPAddresses", "pip", {"dnsSettings": {"domainNameLabel": "shop"}}))
    rid = f"[reference(resourceId('{NET}/publicIPAddresses', 'pip')).dnsSettings.domainNameLabel]"
    second = inner(resource("networkSecurityGroups", "nsg", {"label": rid}))
    for order in ((first, second), (second, first)):
        main = template(*(deployment(f"d{n}", one) for n, one in enumerate(order)))
        assert one(read(main), "/nsg").properties["label"] == "shop"


def test_a_deployment_under_an_unknown_condition_makes_all_in_it_conditional() -> None:
    nested = deployment("net", inner(vnet("hub", subnet("web"))), condition="[parameters('on')]")
    reading = read(template(nested, parameters={"on": {"type": "bool"}}))
    assert one(reading, "/web").envelope["condition"] == "{on}"


def test_values_of_a_deployment_may_come_from_a_loop() -> None:
    inside = inner(vnet("hub"), subnets="array")
    inside["resources"][0]["properties"]["subnets"] = "[parameters('subnets')]"
    nested = deployment("net", inside)
    nested["properties"]["parameters"] = {
        "subnets": {
            "copy": [{"name": "value", "count": 2, "input": {"name": "[concat('s', copyIndex('value'))]"}}]
        }
    }
    assert ids(read(template(nested)), "virtualNetworks/subnets") == [
        f"virtualnetworks/hub/subnets/s{n}" for n in (0, 1)
    ]


def test_a_linked_template_among_the_inputs_is_drawn_once_and_with_its_values() -> None:
    main = template(link("net", {"name": "hub"}, relativePath="nested/vnet.json"))
    linked = inner(vnet("[parameters('name')]", subnet("web")), name="string")
    for order in ((0, 1), (1, 0)):
        files = [("main.json", main), ("nested/vnet.json", linked)]
        names, documents = zip(*(files[n] for n in order), strict=True)
        reading = read(*documents, names=names)
        assert ids(reading) == ["virtualnetworks/hub", "virtualnetworks/hub/subnets/web"]
        assert one(reading, "/hub").place.source == "nested/vnet.json"
        assert reading.formats["nested/vnet.json"] == "ARM template, linked from another"
        assert warnings(reading) == []


@pytest.mark.parametrize(
    "uri",
    [
        "https://raw.githubusercontent.com/a/b/master/nested/vnet.json",
        "[uri(deployment().properties.templateLink.uri, 'nested/vnet.json')]",
        "[concat(parameters('_artifactsLocation'), '/nested/vnet.json', parameters('_artifactsLocationSasToken'))]",
        "[variables('vnetUri')]",
    ],
)
def test_a_uri_leads_to_the_file_beside_the_template(uri: str) -> None:
    main = template(
        link("net", uri=uri),
        parameters={"_artifactsLocation": {"type": "string"}, "_artifactsLocationSasToken": {"type": "securestring"}},
        variables={"vnetUri": "[uri(parameters('_artifactsLocation'), concat('nested/vnet.json', variables('sas')))]",
                   "sas": "[parameters('_artifactsLocationSasToken')]"},
    )  # fmt: skip
    files = {"nested/vnet.json": json.dumps(inner(vnet("hub"))).encode()}

    def beside(source: str, path: str) -> Source | None:
        return Source(path, files[path]) if path in files else None

    assert ids(read(main, options=Options(find_beside=beside))) == ["virtualnetworks/hub"]


def test_a_link_that_leads_nowhere_is_named() -> None:
    reading = read(
        template(link("net", uri="https://example.org/t/vnet.json"), link("spec", id="/x/templateSpecs/y"))
    )
    assert len(told(reading, "template-link")) == 2
    assert "`https://example.org/t/vnet.json`" in told(reading, "template-link")[0]


def test_what_signs_a_link_is_in_no_message() -> None:
    reading = read(
        template(link("net", uri="https://x.blob.core.windows.net/t/vnet.json?sv=2020&sig=hunter2hunter2"))
    )
    assert "hunter2" not in str(reading.diagnostics)


def test_templates_that_link_each_other_end() -> None:
    first = template(link("b", relativePath="b.json"), vnet("in-a"))
    second = template(link("a", relativePath="a.json"), vnet("in-b"))
    reading = read(first, second, names=("a.json", "b.json"))
    assert ids(reading) == ["virtualnetworks/in-a", "virtualnetworks/in-b"]


def test_a_linked_parameter_file_gives_values() -> None:
    nested = link("net", relativePath="vnet.json")
    nested["properties"]["parametersLink"] = {"relativePath": "vnet.values.json"}
    del nested["properties"]["parameters"]
    values = {"$schema": "x/deploymentParameters.json#", "parameters": {"name": {"value": "hub"}}}
    reading = read(template(nested), inner(vnet("[parameters('name')]"), name="string"), values,
                   names=("main.json", "vnet.json", "vnet.values.json"))  # fmt: skip
    assert ids(reading) == ["virtualnetworks/hub"]


def test_a_template_may_be_a_text_in_a_variable() -> None:
    nested = deployment("net", "[variables('inside')]")
    main = template(nested, variables={"inside": inner(vnet("[[parameters('name')]"), name="string")})
    main["resources"][0]["properties"]["parameters"] = {"name": {"value": "hub"}}
    assert ids(read(main)) == ["virtualnetworks/hub"]


def test_what_is_deployed_later_replaces_what_was_there() -> None:
    def nic(how: str, **more: Any) -> dict[str, Any]:
        configuration = {"name": "a", "properties": {"privateIPAllocationMethod": how}}
        return inner(resource("networkInterfaces", "nic", {"ipConfigurations": [configuration], **more}))

    made = deployment("make", nic("Dynamic", enableIPForwarding=True))
    fixed = deployment(
        "fix", nic("Static"), dependsOn=["[resourceId('Microsoft.Resources/deployments', 'make')]"]
    )
    for order in ((made, fixed), (fixed, made)):
        reading = read(template(*order))
        properties = one(reading, "/nic").properties
        assert properties["ipConfigurations"][0]["properties"]["privateIPAllocationMethod"] == "Static"
        assert "enableIPForwarding" not in properties
        assert warnings(reading) == []


def test_a_vnet_that_is_deployed_again_without_subnets_keeps_them() -> None:
    first = deployment("first", inner(vnet("hub", subnet("web"))))
    again = resource("virtualNetworks", "hub", {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}})
    second = deployment("second", inner(again), dependsOn=["first"])
    reading = read(template(first, second))
    assert ids(reading) == ["virtualnetworks/hub", "virtualnetworks/hub/subnets/web"]
    assert one(reading, "/hub").properties["dhcpOptions"] == {"dnsServers": ["10.0.0.4"]}


def test_of_what_is_deployed_twice_without_an_order_nothing_is_chosen() -> None:
    both = [
        deployment(name, inner(resource("networkSecurityGroups", "nsg", {"x": name}))) for name in ("a", "b")
    ]
    assert warnings(read(template(*both))) == ["conflict"]


def test_what_is_escaped_in_outer_scope_is_for_the_deployment_inside() -> None:
    peering = resource(
        "virtualNetworks/virtualNetworkPeerings",
        "[[concat(parameters('hub'), '/to-', last(split(parameters('far'), '/')))]",
        {"remoteVirtualNetwork": {"id": "[[parameters('far')]"}, "note": "[[parameters('nobody')]"},
    )
    back = deployment("back", inner(peering, hub="string", far="string"), resourceGroup="rg-hub",
                      given={"hub": "[parameters('hub')]", "far": "[concat('/x/', variables('name'))]"})  # fmt: skip
    outer = deployment("net", inner(vnet("[variables('name')]"), back), sees="outer")
    main = template(
        outer, parameters={"hub": {"type": "string", "defaultValue": "h"}}, variables={"name": "spoke"}
    )
    reading = read(main)
    record = one(reading, "/virtualnetworkpeerings/to-spoke")
    assert "/resourcegroups/rg-hub/" in record.id
    assert record.properties["remoteVirtualNetwork"]["id"] == "/x/spoke"
    assert record.properties["note"] == "[parameters('nobody')]"
    assert warnings(reading) == []


def test_a_link_is_called_by_the_path_that_is_known_of_it() -> None:
    document = template(
        {
            "type": "Microsoft.Resources/deployments",
            "name": "network",
            "properties": {
                "templateLink": {
                    "uri": "[uri(parameters('base'), concat('nested/vnet-', parameters('kind'), '.json'))]"
                }
            },
        },
        parameters={"base": {"type": "string"}, "kind": {"type": "string", "defaultValue": "new"}},
    )
    (warning,) = (d for d in read(document).diagnostics if d.code == "template-link")
    assert warning.message.endswith("`{base}/nested/vnet-new.json`")


def test_what_a_deployment_reads_of_what_a_later_one_writes_is_not_known() -> None:
    kind = f"{NET}/virtualNetworks/subnets"
    first = inner(outputs={"prefix": f"[reference(resourceId('{kind}', 'hub', 'a')).addressPrefix]"})
    again = resource("virtualNetworks/subnets", "hub/a", {"addressPrefix": "[parameters('prefix')]"})
    deployed = "[reference(resourceId('Microsoft.Resources/deployments', 'before')).outputs.prefix.value]"
    last = deployment("after", inner(again, prefix="string"), {"prefix": deployed})
    reading = read(template(deployment("before", first), last))
    assert "template-expression" not in warnings(reading)
    assert is_unknown(one(reading, "/subnets/a").properties["addressPrefix"])


def test_what_a_template_leaves_to_azure_with_null_is_not_known() -> None:
    address = resource("publicIPAddresses", "ip", {"ipAddress": "[json('null')]"})
    label = "[concat('v-', reference('ip').ipAddress)]"
    reading = read(template(address, resource("networkSecurityGroups", "nsg", {"label": label})))
    assert one(reading, "/nsg").properties["label"] == "v-{ip.ipAddress}"
    assert not warnings(reading)
