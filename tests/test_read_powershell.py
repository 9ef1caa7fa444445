"""What Azure PowerShell gives is read as REST's bodies are, whichever cmdlet gave it."""

from __future__ import annotations

import json
from typing import Any

from read_samples import (
    GROUP,
    HUB,
    NSG,
    SPOKE,
    SUBSCRIPTION,
    by_id,
    nsg,
    read,
    refusal,
    rest_vnet,
    rule,
    said,
)

TABLE = f"{GROUP}/providers/Microsoft.Network/routeTables/rt-web"
NIC = f"{GROUP}/providers/Microsoft.Network/networkInterfaces/nic1"


def enveloped(resource: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A resource as `Get-AzResource -ExpandProperties` gives it."""
    return {
        "ResourceId": resource["id"],
        "Id": resource["id"],
        "Identity": None,
        "Kind": None,
        "Location": resource.get("location"),
        "ManagedBy": None,
        "ResourceName": resource["name"],
        "Name": resource["name"],
        "ExtensionResourceName": None,
        "ParentResource": None,
        "Plan": None,
        "Properties": resource["properties"],
        "ResourceGroupName": "rg-net",
        "Type": resource["type"],
        "ResourceType": resource["type"],
        "ExtensionResourceType": None,
        "Sku": None,
        "Tags": resource.get("tags"),
        "TagsTable": None,
        "SubscriptionId": SUBSCRIPTION,
        "CreatedTime": "2024-01-01",
        "ChangedTime": None,
        "ETag": None,
        **more,
    }


def unfilled(shown_id: str, *lists: str) -> dict[str, Any]:
    """A model that only refers: nothing is filled but its id, and its lists are empty."""
    return {
        **{name: [] for name in lists},
        "ProvisioningState": None,
        "Name": None,
        "Etag": None,
        "Id": shown_id,
    }


def model_vnet() -> dict[str, Any]:
    """The VNet of the samples as `Get-AzVirtualNetwork | ConvertTo-Json -Depth 100` writes it."""
    subnets = [
        {
            "AddressPrefix": ["10.0.1.0/24"],
            "IpConfigurations": [unfilled(f"{NIC}/ipConfigurations/one")],
            "NetworkSecurityGroup": unfilled(NSG, "SecurityRules", "DefaultSecurityRules", "Subnets"),
            "RouteTable": None,
            "Delegations": [
                {
                    "ServiceName": "Microsoft.Web/serverFarms",
                    "Actions": [],
                    "Name": "d",
                    "Id": f"{HUB}/subnets/web/delegations/d",
                }
            ],
            "ProvisioningState": "Succeeded",
            "Name": "web",
            "Etag": 'W/"1"',
            "Id": f"{HUB}/subnets/web",
            "DelegationsText": "[]",
        },
        {
            "AddressPrefix": ["10.0.2.0/24", "fd00::/64"],
            "NetworkSecurityGroup": None,
            "RouteTable": unfilled(TABLE, "Routes", "Subnets"),
            "Name": "data",
            "Id": f"{HUB}/subnets/data",
        },
    ]
    peering = {
        "ResourceGroupName": "rg-net",
        "VirtualNetworkName": "vnet-hub",
        "PeeringState": "Connected",
        "AllowVirtualNetworkAccess": True,
        "RemoteVirtualNetwork": {"Id": SPOKE},
        "PeeredRemoteAddressSpace": {"AddressPrefixes": ["10.9.0.0/16"], "AddressPrefixesText": "[]"},
        "Name": "to-spoke",
        "Id": f"{HUB}/virtualNetworkPeerings/to-spoke",
    }
    return {
        "AddressSpace": {"AddressPrefixes": ["10.0.0.0/16"], "AddressPrefixesText": '["10.0.0.0/16"]'},
        "DhcpOptions": {"DnsServers": None},
        "Subnets": subnets,
        "BgpCommunities": None,
        "VirtualNetworkPeerings": [peering],
        "EnableDdosProtection": False,
        "ResourceGroupName": "rg-net",
        "Location": "westeurope",
        "ResourceGuid": "c0c009f8-d32b-433c-a30a-b5f4b70a1506",
        "Type": "Microsoft.Network/virtualNetworks",
        "Tag": {"Owner": "net"},
        "TagsTable": "\r\nName   Value\r\n",
        "Name": "vnet-hub",
        "Etag": 'W/"1"',
        "Id": HUB,
        "AddressSpaceText": "{}",
        "SubnetsText": json.dumps(subnets),
        "VirtualNetworkPeeringsText": "[]",
    }


def model_nsg() -> dict[str, Any]:
    one = {
        "Description": None,
        "Protocol": "Tcp",
        "SourcePortRange": ["*"],
        "DestinationPortRange": ["443", "8443"],
        "SourceAddressPrefix": ["10.0.0.0/8"],
        "DestinationAddressPrefix": ["*"],
        "Access": "Allow",
        "Priority": 100,
        "Direction": "Inbound",
        "ProvisioningState": "Succeeded",
        "SourceApplicationSecurityGroups": [],
        "Name": "https",
        "Id": f"{NSG}/securityRules/https",
        "SourceApplicationSecurityGroupsText": "[]",
    }
    return {
        "SecurityRules": [one],
        "DefaultSecurityRules": [],
        "NetworkInterfaces": [],
        "Subnets": [unfilled(f"{HUB}/subnets/web", "IpConfigurations")],
        "Location": "westeurope",
        "Name": "nsg-web",
        "Id": NSG,
    }


def test_an_envelope_of_get_azresource_says_what_rest_says() -> None:
    assert said(read([enveloped(rest_vnet())])) == said(read([rest_vnet()]))
    assert said(read(enveloped(rest_vnet()))) == said(read(rest_vnet()))
    assert said(read({"value": [enveloped(rest_vnet())], "Count": 1})) == said(read([rest_vnet()]))


def test_entries_in_rests_shape_stand_among_those_of_powershell() -> None:
    other = nsg(rule("a", 100))
    reading = read([enveloped(rest_vnet()), other | {"Id": NSG, "ResourceId": NSG}])
    assert said(reading) == said(read([rest_vnet(), nsg(rule("a", 100))]))


def test_children_beside_the_properties_are_read_as_resources() -> None:
    child = {"id": f"{HUB}/subnets/more", "name": "more", "type": "Microsoft.Network/virtualNetworks/subnets"}
    child |= {"properties": {"addressPrefix": "10.0.3.0/24"}}
    role = {"RoleAssignmentId": "/x", "Scope": HUB}
    reading = read([enveloped(rest_vnet(), resources=[enveloped(child), role])])
    assert by_id(reading)[f"{HUB}/subnets/more".lower()].properties["addressPrefix"] == "10.0.3.0/24"
    assert [d.message for d in reading.diagnostics] == [
        "1 of 3 entries has no resource `id` and cannot be drawn"
    ]
    upper = read([enveloped(rest_vnet(), Resources=[enveloped(child)])])
    assert f"{HUB}/subnets/more".lower() in by_id(upper)


def test_a_subscription_has_its_name() -> None:
    account = {
        "Id": SUBSCRIPTION,
        "Name": "Production",
        "State": "Enabled",
        "TenantId": SUBSCRIPTION,
        "resources": [],
    }
    reading = read([account], [enveloped(rest_vnet())])
    assert by_id(reading)[f"/subscriptions/{SUBSCRIPTION}"].name == "Production"


def test_names_alone_are_refused_with_the_way_to_get_more() -> None:
    error = refusal([enveloped(rest_vnet()) | {"Properties": None}])
    assert error.code == "no-properties"
    assert "Get-AzResource -ExpandProperties" in error.hints[0]


def test_a_model_says_what_rest_says() -> None:
    reading = read([model_vnet()])
    found = by_id(reading)
    vnet = found[HUB.lower()]
    assert vnet.properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert vnet.envelope["tags"] == {"Owner": "net"}
    web, data = found[f"{HUB}/subnets/web".lower()], found[f"{HUB}/subnets/data".lower()]
    assert web.properties["addressPrefixes"] == ["10.0.1.0/24"]
    assert web.properties["networkSecurityGroup"] == {"id": NSG}
    assert web.properties["delegations"][0]["properties"]["serviceName"] == "Microsoft.Web/serverFarms"
    assert web.properties["ipConfigurations"] == [{"id": f"{NIC}/ipConfigurations/one"}]
    assert data.properties["routeTable"] == {"id": TABLE}
    peering = found[f"{HUB}/virtualNetworkPeerings/to-spoke".lower()]
    assert peering.properties["remoteAddressSpace"] == {"addressPrefixes": ["10.9.0.0/16"]}
    assert NSG.lower() not in found, "an empty reference tells of no NSG"
    assert reading.diagnostics == ()


def test_rules_of_a_model_have_rests_names() -> None:
    found = by_id(read([model_vnet()], model_nsg()))
    assert found[f"{NSG}/securityRules/https".lower()].properties == {
        "protocol": "Tcp",
        "sourcePortRanges": ["*"],
        "destinationPortRanges": ["443", "8443"],
        "sourceAddressPrefixes": ["10.0.0.0/8"],
        "destinationAddressPrefixes": ["*"],
        "access": "Allow",
        "priority": 100,
        "direction": "Inbound",
        "provisioningState": "Succeeded",
        "sourceApplicationSecurityGroups": [],
    }
    assert found[NSG.lower()].properties["subnets"] == [{"id": f"{HUB}/subnets/web"}]


def test_a_whole_model_inside_another_is_a_resource() -> None:
    vnet = model_vnet()
    vnet["Subnets"][0]["NetworkSecurityGroup"] = model_nsg() | {"ProvisioningState": "Succeeded"}
    found = by_id(read([vnet]))
    assert f"{NSG}/securityRules/https".lower() in found
    assert found[f"{HUB}/subnets/web".lower()].properties["networkSecurityGroup"] == {"id": NSG}


def test_a_rule_collection_group_is_unwrapped() -> None:
    group = f"{GROUP}/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/g"
    rules = [{"protocols": ["TCP"], "SourceAddresses": ["*"], "Name": "r", "RuleType": "NetworkRule"}]
    collection = {"Name": "c", "Priority": 1, "RuleCollectionType": "FirewallPolicyFilterRuleCollection"}
    inside = {"Priority": 100, "ruleCollection": [collection | {"rules": rules}], "Name": "g", "Id": group}
    found = by_id(read([model_vnet()], {"name": "g", "properties": inside}))
    told = found[group.lower()].properties
    assert told["priority"] == 100
    assert told["ruleCollections"][0]["rules"][0]["ipProtocols"] == ["TCP"]


def test_models_of_other_modules_are_names_alone() -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/sa1"
    reading = read(
        [model_vnet(), {"Id": account, "StorageAccountName": "sa1", "NetworkRuleSet": {"DefaultAction": 1}}]
    )
    record = by_id(reading)[account.lower()]
    assert (record.name, record.properties, record.envelope["isUntold"]) == ("sa1", {}, True)
    (warning,) = reading.diagnostics
    assert "only the names are read" in warning.message


def test_rows_of_search_azgraph_are_read() -> None:
    row = rest_vnet() | {"ResourceId": HUB, "tenantId": "t", "type": "microsoft.network/virtualnetworks"}
    assert by_id(read([row])).keys() == by_id(read([rest_vnet()])).keys()
    answer = {"Count": 1, "SkipToken": None, "Data": [row]}
    assert by_id(read(answer)).keys() == by_id(read([rest_vnet()])).keys()


def test_a_child_is_called_by_its_own_name() -> None:
    child = rest_vnet()["properties"]["subnets"][0] | {"name": "vnet-hub/web"}
    assert by_id(read([enveloped(child)]))[f"{HUB}/subnets/web".lower()].name == "web"
