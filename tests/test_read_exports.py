"""Every shape of an export gives the same records."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from read_samples import (
    HUB,
    NSG,
    SPOKE,
    SUBSCRIPTION,
    az_vnet,
    by_id,
    encoded,
    graph_answer,
    graph_row,
    nsg,
    read,
    rest_vnet,
    rule,
    said,
)

from diagramgen.read import key_of

SHAPES: dict[str, Any] = {
    "REST list": {"value": [rest_vnet()]},
    "REST object": rest_vnet(),
    "portal's JSON view": {**rest_vnet(), "apiVersion": "2024-05-01"},
    "pages": [{"value": [rest_vnet()], "nextLink": "https://x"}, {"value": []}],
    "several documents": b'{"value": []}\n' + encoded({"value": [rest_vnet()]}),
    "az list": [az_vnet()],
    "az show": az_vnet(),
    "az create": {"newVNet": az_vnet()},
    "az graph query": graph_answer(graph_row(rest_vnet())),
    "Resource Graph REST": {
        "totalRecords": 1,
        "count": 1,
        "data": [graph_row(rest_vnet())],
        "facets": [],
        "resultTruncated": "false",
    },
    "Resource Graph rows": [graph_row(rest_vnet())],
    "Resource Graph table": {
        "totalRecords": 1,
        "count": 1,
        "data": {
            "columns": [{"name": name, "type": "object"} for name in graph_row(rest_vnet())],
            "rows": [list(graph_row(rest_vnet()).values())],
        },
    },
    "PowerShell": [
        {
            "ResourceId": HUB,
            "Id": HUB,
            "Name": "vnet-hub",
            "ResourceName": "vnet-hub",
            "ResourceType": "Microsoft.Network/virtualNetworks",
            "Location": "westeurope",
            "Tags": {"owner": "net"},
            "Properties": rest_vnet()["properties"],
        }
    ],
    "UTF-16": b"\xff\xfe" + encoded({"value": [rest_vnet()]}).decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_says_the_same(shape: str) -> None:
    assert said(read(SHAPES[shape])) == said(read({"value": [rest_vnet()]}))


def test_children_become_records_and_the_parent_keeps_their_ids() -> None:
    records = by_id(read(rest_vnet()))
    assert [r.type.removeprefix("microsoft.network/") for r in records.values()] == [
        "virtualnetworks",
        "virtualnetworks/subnets",
        "virtualnetworks/subnets",
        "virtualnetworks/virtualnetworkpeerings",
    ]
    hub = records[key_of(HUB)]
    assert hub.properties["subnets"] == [{"id": f"{HUB}/subnets/data"}, {"id": f"{HUB}/subnets/web"}]
    assert hub.shown_id == HUB
    assert hub.envelope["subscriptionId"] == SUBSCRIPTION
    assert hub.envelope["resourceGroup"] == "rg-net"
    web = records[key_of(f"{HUB}/subnets/web")]
    assert web.envelope["parent"] == hub.id
    assert web.properties["addressPrefix"] == "10.0.1.0/24"
    assert web.place.path == ("properties", "subnets", 0)


def test_a_bare_list_of_children_knows_its_parent_from_the_id() -> None:
    (peering,) = read({"value": rest_vnet()["properties"]["virtualNetworkPeerings"]}).records
    assert peering.type == "microsoft.network/virtualnetworks/virtualnetworkpeerings"
    assert peering.envelope["parent"] == key_of(HUB)


def test_a_child_without_id_gets_one_from_its_parent_and_name() -> None:
    bare = rule("AllowWeb", 100)
    del bare["id"]
    records = by_id(read(nsg(bare)))
    assert key_of(f"{NSG}/securityRules/AllowWeb") in records


@pytest.mark.parametrize(
    "written",
    [
        HUB.replace("/resourceGroups/", "/resourceGroup/"),
        HUB.lstrip("/"),
        HUB.upper(),
        HUB + "/",
    ],
)
def test_ids_in_unusual_writing_mean_the_same_resource(written: str) -> None:
    other = copy.deepcopy(rest_vnet())
    other["id"] = written
    assert [r.id for r in read(rest_vnet(), other).records] == [r.id for r in read(rest_vnet()).records]


def test_rows_without_type_are_known_by_their_id() -> None:
    row = rest_vnet()
    del row["type"]
    assert said(read(row)) == said(read(rest_vnet()))


def test_az_gets_its_properties_back_at_every_level() -> None:
    nic = {
        "id": NSG.replace("networkSecurityGroups/nsg-web", "networkInterfaces/nic"),
        "name": "nic",
        "type": "Microsoft.Network/networkInterfaces",
        "enableIpForwarding": True,
        "ipConfigurations": [
            {
                "id": "/x/ipConfigurations/one",
                "name": "one",
                "privateIpAddress": "10.0.1.4",
                "subnet": {"id": f"{HUB}/subnets/web", "resourceGroup": "rg-net"},
            }
        ],
    }
    (record,) = read([nic]).records
    assert record.properties == {
        "enableIPForwarding": True,
        "ipConfigurations": [
            {
                "id": "/x/ipConfigurations/one",
                "name": "one",
                "properties": {"privateIPAddress": "10.0.1.4", "subnet": {"id": f"{HUB}/subnets/web"}},
            }
        ],
    }


def flattened(value: Any) -> Any:
    """What `az` prints for a resource: no `properties` at any level, and a group beside every id."""
    if isinstance(value, list):
        return [flattened(item) for item in value]
    if not isinstance(value, dict):
        return value
    flat = {key: flattened(inner) for key, inner in value.items() if key != "properties"}
    if "properties" in value:
        flat |= flattened(value["properties"])
    return flat | {"resourceGroup": "rg"} if "id" in value else flat


NETWORK_ROWS = [
    row
    for row in json.loads((Path(__file__).parent.parent / "examples" / "contoso-estate.json").read_text())[
        "data"
    ]
    if row["type"].startswith("microsoft.network/")
]


@pytest.mark.parametrize("row", NETWORK_ROWS, ids=lambda row: row["name"])
def test_a_flattened_row_means_the_same(row: dict[str, Any]) -> None:
    columns = {key: row[key] for key in ("id", "name", "type", "location", "properties")}
    nested, flat = read(columns), read([flattened(columns)])
    assert [(r.id, r.type, dict(r.properties)) for r in flat.records] == [
        (r.id, r.type, dict(r.properties)) for r in nested.records
    ]


def test_a_firewall_of_az_keeps_its_sku_among_the_properties() -> None:
    firewall = {
        "id": NSG.replace("networkSecurityGroups/nsg-web", "azureFirewalls/fw"),
        "name": "fw",
        "type": "Microsoft.Network/azureFirewalls",
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "threatIntelMode": "Deny",
    }
    (record,) = read([firewall]).records
    assert record.properties["sku"] == {"name": "AZFW_VNet", "tier": "Standard"}


def test_subscriptions_get_their_names_from_every_source() -> None:
    account = {"id": SUBSCRIPTION, "name": "Prod", "tenantId": "t", "state": "Enabled", "isDefault": True}
    row = {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "name": "Prod",
        "type": "microsoft.resources/subscriptions",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": "t",
        "properties": {"managementGroupAncestorsChain": [{"displayName": "Corp", "name": "corp"}]},
    }
    rest = {"id": f"/subscriptions/{SUBSCRIPTION}", "subscriptionId": SUBSCRIPTION, "displayName": "Prod"}
    for document in ([account], account, graph_answer(row), {"value": [rest]}):
        record = read(rest_vnet(), document).records[0]
        assert (record.id, record.type, record.name) == (
            f"/subscriptions/{SUBSCRIPTION}",
            "microsoft.resources/subscriptions",
            "Prod",
        )
    parent = read(rest_vnet(), graph_answer(row)).records[0].envelope["parent"]
    assert parent == "/providers/microsoft.management/managementgroups/corp"


def test_a_management_group_shown_with_its_members_gives_them_their_parent() -> None:
    shown = {
        "id": "/providers/Microsoft.Management/managementGroups/corp",
        "name": "corp",
        "displayName": "Corp",
        "type": "Microsoft.Management/managementGroups",
        "children": [
            {
                "id": f"/subscriptions/{SUBSCRIPTION}",
                "name": SUBSCRIPTION,
                "displayName": "Prod",
                "type": "/subscriptions",
            }
        ],
    }
    records = by_id(read(rest_vnet(), shown))
    assert records["/providers/microsoft.management/managementgroups/corp"].name == "Corp"
    subscription = records[f"/subscriptions/{SUBSCRIPTION}"]
    assert subscription.envelope["parent"] == "/providers/microsoft.management/managementgroups/corp"
    assert (subscription.type, subscription.name) == ("microsoft.resources/subscriptions", "Prod")


def test_secrets_do_not_survive_the_reading() -> None:
    connection = {
        "id": NSG.replace("networkSecurityGroups/nsg-web", "connections/cn"),
        "name": "cn",
        "type": "Microsoft.Network/connections",
        "properties": {
            "sharedKey": "hunter2",
            "connectionType": "IPsec",
            "nested": [{"adminPassword": "hunter2", "sslCertificates": [{"data": "hunter2"}]}],
            "appSettings": [{"name": "KEY", "value": "hunter2"}],
            "radiusServers": [{"radiusServerSecret": "hunter2"}],
        },
    }
    flat = {**{k: v for k, v in connection.items() if k != "properties"}, "sharedKey": "hunter2", "x": 1}
    reading = read(connection, [flat])
    assert "hunter2" not in repr(reading.records)
    assert reading.records[0].properties["connectionType"] == "IPsec"


def test_types_not_known_are_counted_and_kept() -> None:
    odd = {"id": f"{GROUP_ODD}/o1", "name": "o1", "type": "Microsoft.Odd/things", "properties": {"a": 1}}
    other = {**odd, "id": f"{GROUP_ODD}/o2", "name": "o2"}
    reading = read(rest_vnet(), [odd, other])
    assert reading.unknown == {"microsoft.odd/things": 2}
    assert sum(r.type == "microsoft.odd/things" for r in reading.records) == 2


GROUP_ODD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Odd/things"


def test_an_answer_of_which_pages_are_missing_is_told() -> None:
    reading = read(graph_answer(graph_row(rest_vnet()), total=5, token="next"))
    assert [(d.code, d.message) for d in reading.diagnostics] == [
        ("incomplete-export", "the export holds 1 of 5 rows: what is missing is not drawn")
    ]


def test_all_pages_together_are_complete() -> None:
    pages = (
        graph_answer(graph_row(rest_vnet()), total=2, token="next"),
        graph_answer(graph_row(nsg()), total=2),
    )
    assert read(*pages).diagnostics == ()


def test_a_list_that_ends_with_a_link_to_more_is_told() -> None:
    reading = read({"value": [rest_vnet()], "nextLink": "https://management.azure.com/next"})
    assert [d.code for d in reading.diagnostics] == ["incomplete-export"]


def test_a_page_that_follows_in_the_same_file_is_the_rest() -> None:
    first = {"value": [rest_vnet()], "nextLink": "https://management.azure.com/next"}
    last = {"value": [rest_vnet() | {"id": SPOKE}]}
    assert read([first, last]).diagnostics == ()
    assert read([first, {"value": []}]).diagnostics == ()
    others = {"value": [nsg()]}
    assert [d.code for d in read([first, others]).diagnostics] == ["incomplete-export"]
    assert [d.code for d in read([last, first]).diagnostics] == ["incomplete-export"]


def test_rows_without_properties_among_others_are_told() -> None:
    bare = {"id": NSG, "name": "nsg-web", "type": "microsoft.network/networksecuritygroups"}
    reading = read(graph_answer(graph_row(rest_vnet()), bare))
    assert [(d.code, d.message, d.place.path) for d in reading.diagnostics if d.place] == [
        ("no-properties", "1 of 2 rows has no `properties`: only their names are known", ("data", 1))
    ]


def test_entries_that_are_no_resources_are_told() -> None:
    reading = read([rest_vnet(), {"Name": "x"}, 7])
    assert [d.message for d in reading.diagnostics] == [
        "2 of 3 entries have no resource `id` and cannot be drawn"
    ]


def test_the_instances_of_a_scale_set_have_nics_like_any_other() -> None:
    whole = f"{GROUP_VMSS}/virtualMachines/0/networkInterfaces/nic"
    (record,) = read({"value": [{"id": whole, "name": "nic", "properties": {"primary": True}}]}).records
    assert record.type == "microsoft.network/networkinterfaces"


GROUP_VMSS = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/s"
)
