# ruff: noqa: E501  the planted files are set by hand
"""No secret of any input is in any output: drawings, reports, traces, inventories, specs, messages, excerpts."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from diagramgen.cli import app
from diagramgen.read.secrets import masked, without_secrets

SECRET = "Sw0rdf1sh"
"""Every planted secret begins so."""
_RG = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"
_NET = f"{_RG}/Microsoft.Network"


def secret(number: int) -> str:
    return f"{SECRET}-{number}-Xy7"


SAS = f"https://x.blob.core.windows.net/c?sv=2021&sp=r&sig={secret(90)}%3D"
CONNECTION = (
    f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={secret(91)}==;EndpointSuffix=core.windows.net"
)
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{secret(92)}\n-----END RSA PRIVATE KEY-----"


def resource(kind: str, name: str, **properties: Any) -> dict[str, Any]:
    provider, _, type_ = kind.partition("/")
    return {"id": f"{_RG}/{provider}/{type_}/{name}", "name": name, "type": kind, "location": "westeurope",
            "properties": properties}  # fmt: skip


def estate() -> list[dict[str, Any]]:
    """Resources in REST's shape, with secrets wherever real exports have them."""
    vnet = resource("Microsoft.Network/virtualNetworks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}, subnets=[
        {"name": "GatewaySubnet", "properties": {"addressPrefix": "10.0.0.0/24"}},
        {"name": "web", "properties": {"addressPrefix": "10.0.1.0/24"}}])  # fmt: skip
    vnet["tags"] = {"owner": "x", "dbPassword": secret(1), "link": SAS, "conn": CONNECTION}
    gateway = resource("Microsoft.Network/virtualNetworkGateways", "vpn", gatewayType="Vpn", ipConfigurations=[
        {"name": "c", "properties": {"subnet": {"id": f"{_NET}/virtualNetworks/hub/subnets/GatewaySubnet"}}}],
        vpnClientConfiguration={"radiusServerSecret": secret(2), "vpnClientRootCertificates": [
            {"name": "root", "properties": {"publicCertData": secret(3)}}]})  # fmt: skip
    connection = resource("Microsoft.Network/connections", "to-office", connectionType="IPsec", sharedKey=secret(4),
                          virtualNetworkGateway1={"id": f"{_NET}/virtualNetworkGateways/vpn"},
                          localNetworkGateway2={"id": f"{_NET}/localNetworkGateways/office"}, authorizationKey=secret(5))  # fmt: skip
    circuit = resource("Microsoft.Network/expressRouteCircuits", "er", serviceKey=secret(6))
    appgw = resource("Microsoft.Network/applicationGateways", "agw", sslCertificates=[
        {"name": "cert", "properties": {"data": secret(7), "password": secret(8), "publicCertData": secret(9)}}])  # fmt: skip
    nic = resource("Microsoft.Network/networkInterfaces", "nic", ipConfigurations=[
        {"name": "c", "properties": {"subnet": {"id": f"{_NET}/virtualNetworks/hub/subnets/web"},
                                     "privateIPAddress": "10.0.1.4"}}])  # fmt: skip
    machine = resource("Microsoft.Compute/virtualMachines", "vm", networkProfile={"networkInterfaces": [{"id": nic["id"]}]},
                       osProfile={"adminPassword": secret(10), "customData": base64.b64encode(secret(11).encode()).decode(),
                                  "secrets": [{"certificateUrl": SAS}]}, userData=secret(12))  # fmt: skip
    site = resource("Microsoft.Web/sites", "site", siteConfig={
        "appSettings": [{"name": "API_KEY", "value": secret(13)}], "connectionStrings": [
            {"name": "db", "connectionString": f"Server=x;Password={secret(14)};"}], "x": CONNECTION})  # fmt: skip
    group = resource("Microsoft.ContainerInstance/containerGroups", "aci", containers=[{"name": "c", "properties": {
        "environmentVariables": [{"name": "TOKEN", "secureValue": secret(15)}, {"name": "PASSWORD", "value": secret(16)}]}}],
        diagnostics={"logAnalytics": {"workspaceKey": PEM}})  # fmt: skip
    return [vnet, gateway, connection, circuit, appgw, nic, machine, site, group]


def as_az(value: Any) -> Any:
    """The same as the Azure CLI flattens it."""
    if isinstance(value, dict):
        flat = {k: as_az(v) for k, v in value.items() if k != "properties"}
        return flat | as_az(value["properties"]) if "properties" in value else flat
    return [as_az(v) for v in value] if isinstance(value, list) else value


def as_powershell(row: dict[str, Any]) -> dict[str, Any]:
    return {"ResourceId": row["id"], "Name": row["name"], "ResourceType": row["type"], "Location": row["location"],
            "Properties": row["properties"], "Tags": row.get("tags")}  # fmt: skip


def as_template() -> dict[str, Any]:
    """The same as a template, with secrets in parameters, variables and outputs too."""
    resources = [
        {k: v for k, v in row.items() if k != "id"} | {"apiVersion": "2023-01-01"} for row in estate()
    ]
    resources[2]["properties"]["sharedKey"] = "[parameters('sharedKey')]"
    resources[6]["properties"]["osProfile"]["adminPassword"] = (
        "[concat(parameters('pass'), variables('tail'))]"
    )
    resources[0]["properties"]["comment"] = "[concat('AccountKey=', parameters('plain'))]"
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": {"sharedKey": {"type": "string", "defaultValue": secret(20)}, "plain": {"type": "string", "defaultValue": secret(21)},
                       "pass": {"type": "secureString", "defaultValue": secret(22)}, "o": {"type": "secureObject", "defaultValue": {"a": secret(23)}},
                       "given": {"type": "securestring"}, "text": {"type": "string"}},
        "variables": {"tail": "x", "adminPassword": secret(24), "name": "[concat('vnet-', parameters('given'))]"},
        "resources": [*resources, {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-01-01", "name": "[variables('name')]",
                                   "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16", "[parameters('given')]"]},
                                                  "subnets": "[parameters('o')]"}}],
        "outputs": {"key": {"type": "string", "value": "[parameters('pass')]"}, "connectionString": {"type": "string", "value": CONNECTION}},
    }  # fmt: skip


def as_parameters() -> dict[str, Any]:
    return {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
            "parameters": {"given": {"value": secret(25)}, "pass": {"value": secret(26)}, "text": {"value": CONNECTION},
                           "unused": {"value": secret(27)}}}  # fmt: skip


def terraform_values() -> list[tuple[str, str, dict[str, Any], list[str]]]:
    """Type, name, attributes, and the names of the sensitive ones."""
    common = {"resource_group_name": "rg", "location": "westeurope"}
    return [
        ("azurerm_virtual_network", "hub", {"id": f"{_NET}/virtualNetworks/hub", "name": "hub", "address_space": ["10.0.0.0/16"],
                                            "subnet": [], "tags": {"password": secret(30)}, **common}, []),
        ("azurerm_virtual_network_gateway_connection", "c", {"id": f"{_NET}/connections/c", "name": "c", "type": "IPsec",
                                                             "shared_key": secret(31), "authorization_key": secret(32),
                                                             "virtual_network_gateway_id": f"{_NET}/virtualNetworkGateways/vpn",
                                                             "local_network_gateway_id": f"{_NET}/localNetworkGateways/office", **common}, ["shared_key"]),
        ("azurerm_express_route_circuit", "er", {"id": f"{_NET}/expressRouteCircuits/er", "name": "er", "service_key": secret(33), **common}, []),
        ("azurerm_linux_virtual_machine", "vm", {"id": f"{_RG}/Microsoft.Compute/virtualMachines/vm", "name": "vm", "admin_password": secret(34),
                                                 "custom_data": secret(35), "computer_name": secret(36), "network_interface_ids": [], **common}, ["computer_name"]),
        ("azurerm_storage_account", "st", {"id": f"{_RG}/Microsoft.Storage/storageAccounts/st", "name": "st", "primary_access_key": secret(37),
                                           "primary_connection_string": CONNECTION, "primary_blob_connection_string": CONNECTION, **common}, []),
        ("azurerm_kubernetes_cluster", "aks", {"id": f"{_RG}/Microsoft.ContainerService/managedClusters/aks", "name": "aks",
                                               "kube_config_raw": secret(38), "kube_config": [{"client_key": secret(39), "password": secret(40)}], **common}, []),
        ("azapi_resource", "x", {"id": f"{_NET}/virtualNetworks/x", "name": "x", "type": "Microsoft.Network/virtualNetworks@2023-11-01",
                                 "parent_id": _RG.removesuffix("/providers"), "body": {"properties": {
                                     "addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}, "sharedKey": secret(41)}},
                                 "output": {"properties": {"password": secret(42)}}}, []),
        ("random_password", "p", {"id": "none", "result": secret(43), "bcrypt_hash": secret(44)}, ["result", "bcrypt_hash"]),
    ]  # fmt: skip


def as_state() -> dict[str, Any]:
    return {"version": 4, "terraform_version": "1.7.0", "serial": 1, "lineage": "l",
            "outputs": {"db": {"value": secret(45), "type": "string", "sensitive": True}},
            "resources": [{"mode": "managed", "type": kind, "name": name, "provider": 'provider["registry.terraform.io/hashicorp/azurerm"]',
                           "instances": [{"schema_version": 0, "attributes": values, "private": secret(46), "sensitive_attributes":
                                          [[{"type": "get_attr", "value": each}] for each in sensitive]}]}
                          for kind, name, values, sensitive in terraform_values()]}  # fmt: skip


def as_shown() -> dict[str, Any]:
    return {"format_version": "1.0", "terraform_version": "1.7.0", "values": {
        "outputs": {"db": {"value": secret(47), "sensitive": True}}, "root_module": {"resources": _module()}}}  # fmt: skip


def _module() -> list[dict[str, Any]]:
    return [{"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name,
             "provider_name": "registry.terraform.io/hashicorp/azurerm", "values": values,
             "sensitive_values": dict.fromkeys(sensitive, True)} for kind, name, values, sensitive in terraform_values()]  # fmt: skip


def as_plan() -> dict[str, Any]:
    changes = [{"address": each["address"], "mode": "managed", "type": each["type"], "name": each["name"], "provider_name": each["provider_name"],
                "change": {"actions": ["create"], "before": None, "after": each["values"], "after_unknown": {"id": True},
                           "before_sensitive": False, "after_sensitive": each["sensitive_values"]}} for each in _module()]  # fmt: skip
    return {"format_version": "1.2", "terraform_version": "1.7.0", "variables": {"vpn_password": {"value": secret(48)}},
            "planned_values": {"root_module": {"resources": _module()}}, "resource_changes": changes,
            "configuration": {"root_module": {"resources": [], "variables": {"vpn_password": {"default": secret(49), "sensitive": True}}}}}  # fmt: skip


def as_csv() -> str:
    def cell(value: Any) -> str:
        text = value if isinstance(value, str) else json.dumps(value)
        return '"' + text.replace('"', '""') + '"'

    rows = [
        ",".join(cell(row.get(key, {})) for key in ("id", "name", "type", "location", "tags", "properties"))
        for row in estate()
    ]
    return "\r\n".join(["id,name,type,location,tags,properties", *rows]) + "\r\n"


SPEC = f"""
vnets:
  Hub:
    address: 10.0.0.0/16
    azure: {{sharedKey: {secret(50)}, comment: "{CONNECTION}"}}
    subnets: {{GatewaySubnet: {{address: 10.0.0.0/24, resources: {{VPN: {{type: vpn_gateway, azure: {{adminPassword: {secret(51)}}}}}}}}}}}
"""
FORMATS: dict[str, Callable[[], dict[str, Any]]] = {
    "REST list": lambda: {"a.json": {"value": estate()}},
    "az list": lambda: {"a.json": as_az(estate())},
    "Resource Graph": lambda: {"a.json": {"count": 9, "total_records": 9, "data": estate()}},
    "Resource Graph table": lambda: {"a.json": {"count": 9, "totalRecords": 9, "data": {
        "columns": [{"name": key} for key in ("id", "name", "type", "location", "properties", "tags")],
        "rows": [[row.get(key) for key in ("id", "name", "type", "location", "properties", "tags")] for row in estate()]}}},
    "Resource Graph CSV": lambda: {"a.csv": as_csv()},
    "PowerShell": lambda: {"a.json": [as_powershell(row) for row in estate()]},
    "ARM template": lambda: {"a.json": as_template(), "a.parameters.json": as_parameters()},
    "Bicep snapshot": lambda: {"a.json": {"predictedResources": estate(), "diagnostics": [], "outputs": {}}},
    "what-if": lambda: {"a.json": {"status": "Succeeded", "changes": [
        {"resourceId": row["id"], "changeType": "Create", "before": None, "after": row, "delta": None} for row in estate()]}},
    "Terraform state": lambda: {"a.tfstate": as_state()},
    "Terraform show": lambda: {"a.json": as_shown()},
    "Terraform plan": lambda: {"a.json": as_plan()},
    "spec": lambda: {"a.yaml": SPEC},
}  # fmt: skip
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("render", "-o", "o.svg", "-o", "o.dot", "-o", "o.json"),
    ("check", "--format", "text", "--all"),
    ("check", "-o", "o.json", "-o", "o.sarif", "-o", "o.xml", "-o", "o.md", "--write-baseline", "o.base"),
    ("trace", "--from", "internet", "--to", "10.0.1.4", "--format", "json"),
    ("inventory", "--format", "json"),
    ("inventory",),
    ("render", "--anonymise", "-o", "o.svg"),
    ("import", "-o", "o.yaml"),
)


@pytest.fixture(params=FORMATS)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, document in FORMATS[request.param]().items():
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        assert SECRET in text
        (tmp_path / name).write_text(text, newline="")
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def said(folder: Path, *command: str) -> str:
    """All that a command says and writes."""
    name = sorted(
        file.name for file in folder.iterdir() if file.name.startswith("a.") and "param" not in file.name
    )[0]
    done = CliRunner().invoke(app, [command[0], name, *command[1:]])
    assert done.exit_code in (0, 1, 2), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return (
        done.output
        + done.stderr
        + "".join(f.read_text() for f in folder.iterdir() if f.name.startswith("o."))
    )


def leaks(text: str) -> list[str]:
    encoded = base64.b64encode(secret(11).encode()).decode()
    return sorted({*re.findall(rf"{SECRET}-\d+", text), *([encoded] if encoded in text else [])})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_output_holds_a_secret(folder: Path, command: tuple[str, ...]) -> None:
    text = said(folder, *command)
    assert text
    assert not leaks(text)


def test_the_secrets_are_counted(folder: Path) -> None:
    assert re.search(r"Secrets left out\n +[1-9]", said(folder, "inventory"))


def test_an_excerpt_of_a_broken_file_shows_no_secret(folder: Path) -> None:
    """A broken line is shown; wherever the file breaks, the line may be one with a secret in it."""
    name = next(
        file.name
        for file in sorted(folder.iterdir())
        if file.name.startswith("a.") and "param" not in file.name
    )
    lines = (folder / name).read_bytes().decode().split("\n")
    for number in [n for n, line in enumerate(lines) if SECRET in line][:25]:
        at = lines[number].index(SECRET)
        for broken in (lines[number] + " }]", lines[number][: at + 14], lines[number].replace('"', "", 1)):
            (folder / name).write_text("\n".join([*lines[:number], broken, *lines[number + 1 :]]), newline="")
            assert not leaks(said(folder, "render", "-o", "o.svg"))


@pytest.mark.parametrize(
    "text",
    [
        f'"sharedKey": "{SECRET}"', f"sharedKey: {SECRET}", f"shared_key = \"{SECRET}\"", f'""adminPassword"":""{SECRET}""',
        f"Server=x;Password={SECRET};", f"https://x?sv=1&sig={SECRET}", f'\\"accessKey\\":\\"{SECRET}\\"',
        f"-----BEGIN PRIVATE KEY-----\\n{SECRET}\\n-----END", f'"password" : \'{SECRET}\'', f"  password:\n    {SECRET}",
    ],
)  # fmt: skip
def test_a_text_is_masked_and_keeps_its_length(text: str) -> None:
    assert SECRET not in masked(text)
    assert len(masked(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        '"name": "web"',
        "nsg: NSG-web",
        '"disablePasswordAuthentication": true',
        "address: 10.0.0.0/24",
        "10 allow tcp/443",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text
    assert without_secrets(text) == text
