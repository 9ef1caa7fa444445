"""What real files have taught of `import`, in small: each is drawn the same from its spec, with the same verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from import_portrait import differences, network, picture, verdicts

from diagramgen.analyse.verdicts import Boundary
from diagramgen.pipeline import (
    Source,
    Topology,
    analyse_topology,
    build_topology,
    check_topology,
    read_records,
    write_spec,
)

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"
NET = f"{GROUP}/Microsoft.Network"


def resource(kind: str, name: str, properties: Any, provider: str = "Microsoft.Network") -> dict[str, Any]:
    """A resource of the REST API; of a child the name is `parent/child`."""
    kinds, names = kind.split("/"), name.split("/")
    path = "/".join(f"{k}/{n}" for k, n in zip(kinds, names, strict=True))
    return {
        "id": f"{GROUP}/{provider}/{path}",
        "name": names[-1],
        "type": f"{provider}/{kind}",
        "location": "westeurope",
        "properties": properties,
    }


def ref(kind: str, name: str) -> dict[str, str]:
    return {"id": resource(kind, name, None)["id"]}


def vnet(**subnets: dict[str, Any]) -> dict[str, Any]:
    """A VNet with subnets, a /24 each."""
    listed = [
        {"name": name, "properties": {"addressPrefix": f"10.0.{number}.0/24", **more}}
        for number, (name, more) in enumerate(subnets.items())
    ]
    space = {"addressPrefixes": ["10.0.0.0/16"]}
    return resource(
        "virtualNetworks", "v", {"addressSpace": space, "subnets": listed, "virtualNetworkPeerings": []}
    )


def same_again(*resources: dict[str, Any]) -> Topology:
    """The estate, after its spec has been found to say the same."""
    told = resources[0] if "$schema" in resources[0] else list(resources)
    reading = read_records([Source("estate.json", json.dumps(told).encode())])
    topology = build_topology(reading)
    again = read_records([Source("spec.yaml", write_spec(topology, reading).encode())])
    assert [d.message for d in again.diagnostics if d.severity != "note"] == []
    same = build_topology(again)
    before, after = analyse_topology(topology), analyse_topology(same)
    assert differences(network(topology), network(same)) == []
    assert differences(verdicts(before), verdicts(after)) == []
    assert differences(picture(before)[0], picture(after)[0]) == []
    return topology


FRONT = {
    "name": "f",
    "id": ref("loadBalancers/frontendIPConfigurations", "lb/f")["id"],
    "properties": {"publicIPAddress": ref("publicIPAddresses", "ip")},
}
NIC = resource(
    "networkInterfaces",
    "nic",
    {
        "ipConfigurations": [
            {
                "name": "a",
                "id": f"{NET}/networkInterfaces/nic/ipConfigurations/a",
                "properties": {"subnet": ref("virtualNetworks/subnets", "v/web"), "primary": True,
                               "privateIPAddress": "10.0.0.4"},
            }
        ],
        "virtualMachine": {"id": f"{GROUP}/Microsoft.Compute/virtualMachines/vm"},
    },
)  # fmt: skip
MACHINE = resource(
    "virtualMachines",
    "vm",
    {"networkProfile": {"networkInterfaces": [ref("networkInterfaces", "nic")]}},
    "Microsoft.Compute",
)
ADDRESS = resource("publicIPAddresses", "ip", {"ipAddress": "20.0.0.4", "publicIPAllocationMethod": "Static"})
NAT = {
    "frontendIPConfiguration": {"id": FRONT["id"]},
    "backendIPConfiguration": {"id": f"{NET}/networkInterfaces/nic/ipConfigurations/a"},
    "protocol": "Tcp",
    "frontendPort": 2222,
    "backendPort": 22,
}


def test_a_nat_rule_that_is_a_resource_of_its_own() -> None:
    balancer = resource("loadBalancers", "lb", {"frontendIPConfigurations": [FRONT]})
    rule = resource("loadBalancers/inboundNatRules", "lb/ssh", NAT)
    topology = same_again(vnet(web={}), NIC, MACHINE, ADDRESS, balancer, rule)
    assert not topology.unknown
    inside = resource(
        "loadBalancers",
        "lb",
        {"frontendIPConfigurations": [FRONT], "inboundNatRules": [{"name": "ssh", "properties": NAT}]},
    )
    whole = same_again(vnet(web={}), NIC, MACHINE, ADDRESS, inside)
    assert differences(network(topology), network(whole)) == []
    (placed,) = whole.of_type("microsoft.network/loadbalancers")
    assert (placed.parent or "").endswith("/subnets/web")


def test_a_connection_of_a_vpn_site_that_says_bgp() -> None:
    site = resource("vpnSites", "branch", {"addressSpace": {"addressPrefixes": ["192.168.0.0/24"]}})
    hub = resource(
        "virtualHubs", "hub", {"addressPrefix": "10.9.0.0/24", "virtualWan": ref("virtualWans", "wan")}
    )
    link = {"remoteVpnSite": ref("vpnSites", "branch"), "enableBgp": True}
    gateway = resource("vpnGateways", "gw", {"virtualHub": ref("virtualHubs", "hub"), "connections": [
        {"name": "c", "properties": link}]})  # fmt: skip
    same_again(vnet(web={}), site, hub, resource("virtualWans", "wan", {"type": "Standard"}), gateway)


def boundaries(topology: Topology) -> Sequence[Boundary]:
    return check_topology(analyse_topology(topology))[0]


def deployed(**members: Any) -> dict[str, Any]:
    """A template that deploys a VNet and an Automation account."""
    account = {"type": "Microsoft.Automation/automationAccounts", "apiVersion": "2023-11-01", "name": "runs",
               "location": "westeurope", **members}  # fmt: skip
    network = {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-11-01", "name": "v",
               "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}  # fmt: skip
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"all": {"type": "object"}},
        "resources": [account, network],
    }


def test_a_planned_service_of_which_only_the_tier_is_said() -> None:
    statuses = [
        {b.status for b in boundaries(same_again(deployed(**said))) if b.level == "paas"}
        for said in ({"properties": {"sku": {"name": "Basic"}}}, {}, {"properties": "[parameters('all')]"})
    ]
    assert statuses == [{"gap"}, {"gap"}, {"unknown"}]


def test_a_planned_service_without_properties_is_one_behind_a_service_endpoint() -> None:
    store = {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "sa", "kind": "StorageV2",
             "location": "westeurope", "sku": {"name": "Standard_LRS"}}  # fmt: skip
    for properties in ({}, {"properties": {"accountType": "Standard_LRS"}}):
        document = deployed()
        subnet = {"addressPrefix": "10.0.0.0/24", "serviceEndpoints": [{"service": "Microsoft.Storage"}]}
        document["resources"][1]["properties"]["subnets"] = [{"name": "a", "properties": subnet}]
        document["resources"][0] = store | properties
        findings = check_topology(analyse_topology(same_again(document)))[1]
        assert "ZT-30" in {finding.rule for finding in findings}
