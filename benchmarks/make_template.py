"""A large ARM template as `bicep build` writes it, and how long it takes to read: `python benchmarks/make_template.py
[MEGABYTES] [FILE]`.

A subscription template: a hub, and spokes each of which is a module of its own, its template written out. A spoke has
parameters, variables, an NSG and a route table with loops over their rules, a VNet with a loop over subnets, and both
halves of its peering; it takes ids from the outputs of other modules.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

SCHEMA = "https://schema.management.azure.com/schemas/{}#"
NET = "Microsoft.Network/"


def make_template(megabytes: float) -> str:
    """The text of a template of about this size."""
    resources: dict[str, Any] = {"rgHub": _group("hub"), "hub": _module("hub", _hub(), {})}
    size, number = 0, 0
    while size < megabytes * 1e6:
        name = f"spoke{number}"
        given = {
            "number": {"value": number},
            "hubId": {"value": "[reference('hub').outputs.id.value]"},
            "firewall": {"value": "[reference('hub').outputs.firewall.value]"},
        }
        resources[f"rg{number}"] = _group(name)
        resources[name] = _module(name, _spoke(), given)
        size += len(json.dumps(resources[name], indent=2))
        number += 1
    template = {
        "$schema": SCHEMA.format("2018-05-01/subscriptionDeploymentTemplate.json"),
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "parameters": {"location": {"type": "string", "defaultValue": "westeurope"}},
        "resources": resources,
    }
    return json.dumps(template, indent=2)


def _group(name: str) -> dict[str, Any]:
    return {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2022-09-01", "name": f"rg-{name}",
            "location": "[parameters('location')]"}  # fmt: skip


def _module(name: str, template: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": f"[format('{{0}}-{name}', deployment().name)]",
        "resourceGroup": f"rg-{name}",
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "mode": "Incremental",
            "parameters": {"prefix": {"value": name}, **given},
            "template": template,
        },
        "dependsOn": ["hub"],
    }


def _template(parameters: dict[str, str], variables: Any, resources: Any, outputs: Any) -> dict[str, Any]:
    return {
        "$schema": SCHEMA.format("2019-04-01/deploymentTemplate.json"),
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "parameters": {
            **{name: {"type": kind} for name, kind in parameters.items()},
            "location": {"type": "string", "defaultValue": "[resourceGroup().location]"},
        },
        "variables": variables,
        "resources": resources,
        "outputs": outputs,
    }


def _resource(kind: str, name: str, properties: Any) -> dict[str, Any]:
    return {"type": NET + kind, "apiVersion": "2023-11-01", "name": name, "location": "[parameters('location')]",
            "properties": properties}  # fmt: skip


def _id_of(kind: str, prefix: str) -> str:
    return f"[resourceId('{NET}{kind}', format('{prefix}-{{0}}', parameters('prefix')))]"


def _output(kind: str, value: str) -> dict[str, str]:
    return {"type": kind, "value": value}


def _hub() -> dict[str, Any]:
    name = "[format('vnet-{0}', parameters('prefix'))]"
    subnets = [
        {"name": one, "properties": {"addressPrefix": f"10.0.{n}.0/24"}}
        for n, one in enumerate(("AzureFirewallSubnet", "GatewaySubnet"))
    ]
    vnet = _resource(
        "virtualNetworks", name, {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    )
    outputs = {
        "id": _output("string", _id_of("virtualNetworks", "vnet")),
        "firewall": _output("string", "10.0.0.4"),
    }
    return _template({"prefix": "string"}, {}, {"vnet": vnet}, outputs)


def _spoke() -> dict[str, Any]:
    names = ("web", "app", "data", "admin", "jobs", "cache", "build", "share")
    variables = {
        "subnetNames": list(names),
        "base": "[format('10.{0}.{1}', add(1, div(parameters('number'), 256)), mod(parameters('number'), 256))]",
        "tags": {"owner": "[parameters('prefix')]", "cost": "[format('cc-{0}', parameters('number'))]"},
        "copy": [{
            "name": "rules", "count": "[length(variables('subnetNames'))]",
            "input": {"name": "[format('allow-{0}', variables('subnetNames')[copyIndex('rules')])]",
                      "port": "[string(add(8000, copyIndex('rules')))]"},
        }],
    }  # fmt: skip
    rule = {
        "name": "[variables('rules')[copyIndex('securityRules')].name]",
        "properties": {
            "priority": "[add(100, mul(copyIndex('securityRules'), 10))]",
            "direction": "Inbound",
            "access": "[if(equals(mod(copyIndex('securityRules'), 2), 0), 'Allow', 'Deny')]",
            "protocol": "Tcp",
            "sourceAddressPrefix": "[format('{0}.{1}/27', variables('base'), mul(32, copyIndex('securityRules')))]",
            "sourcePortRange": "*",
            "destinationAddressPrefix": "[concat(variables('base'), '.0/24')]",
            "destinationPortRange": "[variables('rules')[copyIndex('securityRules')].port]",
        },
    }
    subnet = {
        "name": "[variables('subnetNames')[copyIndex('subnets')]]",
        "properties": {
            "addressPrefix": "[format('{0}.{1}/27', variables('base'), mul(32, copyIndex('subnets')))]",
            "networkSecurityGroup": {"id": "[resourceInfo('nsg').id]"},
            "routeTable": {"id": _id_of("routeTables", "rt")},
        },
    }  # fmt: skip
    route = {
        "name": "default",
        "properties": {
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "[parameters('firewall')]",
        },
    }
    space = {"addressPrefixes": ["[format('{0}.0/24', variables('base'))]"]}
    resources = {
        "nsg": _resource("networkSecurityGroups", "[format('nsg-{0}', parameters('prefix'))]",
                         {"copy": [_loop("securityRules", rule)]}),
        "table": _resource("routeTables", "[format('rt-{0}', parameters('prefix'))]", {"routes": [route]}),
        "vnet": _resource("virtualNetworks", "[format('vnet-{0}', parameters('prefix'))]",
                          {"addressSpace": space, "copy": [_loop("subnets", subnet)]}),
        "out": _peering("[format('vnet-{0}/to-hub', parameters('prefix'))]", "[parameters('hubId')]"),
        "back": {
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "resourceGroup": "rg-hub",
            "name": "[format('{0}-back', parameters('prefix'))]",
            "properties": {
                "expressionEvaluationOptions": {"scope": "inner"}, "mode": "Incremental",
                "parameters": {"prefix": {"value": "[parameters('prefix')]"},
                               "far": {"value": "[resourceInfo('vnet').id]"}},
                "template": _template({"prefix": "string", "far": "string"}, {}, {
                    "peering": _peering("[format('vnet-hub/to-{0}', parameters('prefix'))]", "[parameters('far')]"),
                }, {}),
            },
        },
    }  # fmt: skip
    parameters = {"prefix": "string", "number": "int", "hubId": "string", "firewall": "string"}
    outputs = {"id": _output("string", "[resourceInfo('vnet').id]")}
    return _template(parameters, variables, resources, outputs)


def _loop(name: str, body: Any) -> dict[str, Any]:
    return {"name": name, "count": "[length(variables('subnetNames'))]", "input": body}


def _peering(name: str, far: str) -> dict[str, Any]:
    properties = {"allowForwardedTraffic": True, "remoteVirtualNetwork": {"id": far}}
    return {"type": NET + "virtualNetworks/virtualNetworkPeerings", "apiVersion": "2023-11-01", "name": name,
            "properties": properties}  # fmt: skip


def main() -> None:
    """Writes the template to a file, or reads it and prints the time."""
    text = make_template(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as out:
            out.write(text)
        return
    from diagramgen.read import Source, read_records

    started = time.perf_counter()
    reading = read_records([Source("large.json", text.encode())])
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(text) / 1e6:.1f} MB, {len(reading.records)} records: {taken:.1f} s, {peak} MiB")


if __name__ == "__main__":
    main()
