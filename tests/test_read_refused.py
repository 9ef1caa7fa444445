"""Files that are no export: each is named, with what to do instead."""

import json
import time
from typing import Any

import pytest
from read_samples import HUB, NSG, encoded, read, refusal, rest_vnet

from diagramgen.diagnostics import InputError
from diagramgen.read import Source, read_records, texts_of

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/"
FOREIGN: dict[str, tuple[Any, str]] = {
    "parameters": ({"$schema": f"{SCHEMA}deploymentParameters.json#", "parameters": {}}, "a parameter file"),
    "form": (
        {
            "$schema": "https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#"
        },
        "a form that the portal shows",
    ),
    "initiative": ({"name": "x", "properties": {"policyDefinitions": []}}, "a definition of Azure Policy"),
    "driftctl": ([{"Id": NSG, "Type": "azurerm_network_security_group", "Attrs": {}}], "driftctl"),
    "Terraform log": (
        {"@level": "info", "@message": "x", "type": "planned_change"},
        "the log of `terraform plan",
    ),
    "Terraform schemas": (
        {"format_version": "1.0", "provider_schemas": {}},
        "the schemas of Terraform's providers",
    ),
    "Terraform JSON": (
        {"provider": {"azurerm": {}}, "resource": {"azurerm_subnet": {"a": {}}}},
        "Terraform configuration in JSON",
    ),
    "aztfexport": (
        {HUB: {"resource_id": HUB, "resource_type": "azurerm_virtual_network", "resource_name": "a"}},
        "what aztfexport mapped",
    ),
    "az resource list": (
        [{"id": HUB, "type": "x", "createdTime": "2024", "properties": None}],
        "az resource list",
    ),
    "ConvertTo-Json": (
        [{"id": HUB, "type": "x", "properties": "@{addressSpace=; subnets=System.Object[]}"}],
        "cut off",
    ),
    "ConvertTo-Json, deeper": (
        [{"id": HUB, "type": "x", "properties": {"subnets": ["@{name=web; id=/x}", "System.Object[]"]}}],
        "holds `@{name=...}` in place of",
    ),
    "ConvertTo-Json, lists": ([{"id": HUB, "properties": {"subnets": "System.Object[]"}}], "cut off"),
    "ConvertTo-Json, models": (
        {"Id": HUB, "Subnets": ["Microsoft.Azure.Commands.Network.Models.PSSubnet"]},
        "cut off by PowerShell",
    ),
    "Get-Az": ([{"Id": 7, "Name": "v", "AddressSpace": {}}], "a cmdlet of PowerShell"),
    "Get-Az selected": ([{"Name": "v", "ResourceGroupName": "rg"}], "a cmdlet of PowerShell"),
    "flow log": (
        {"records": [{"time": "2024", "category": "NetworkSecurityGroupFlowEvent", "properties": {}}]},
        "a log of traffic",
    ),
    "activity log": (
        [{"operationName": {"value": "x"}, "eventTimestamp": "2024", "id": HUB}],
        "an activity log",
    ),
    "service tags": ({"changeNumber": 1, "cloud": "Public", "values": []}, "service tags"),
    "connectivity": ({"hops": [], "connectionStatus": "Reachable"}, "one question"),
    "jsonc": ("\x1b[0m[\n  {\n", "colours"),
    "Export-Csv": ('#TYPE Microsoft.Azure.Commands.Network.Models.PSSubnet\r\n"Name"\r\n', "Export-Csv"),
    "Format-List": ("\nName              : hub\nResourceGroupName : rg\n", "shows on the screen"),
    "tsv": (f"hub\trg\t{HUB}\n", "-o tsv"),
    "ids": (f"{HUB}\n{HUB}\n", "a list of resource ids"),
    "error": ({"error": {"code": "AuthorizationFailed", "message": "no"}}, "an error that Azure answered"),
    "message": ("ERROR: Please run 'az login' to setup account.\n", "a message of the command line tool"),
    "table": ("Name    ResourceGroup\n------  -------------\nhub     rg\n", "-o table"),
    "yaml of az": (f"- addressSpace:\n    addressPrefixes: []\n  id: {HUB}\n", "-o yaml"),
    "csv": ("NAME,TYPE,LOCATION\nhub,Virtual network,West Europe\n", "is a table (CSV) of names for people"),
    "bicep": (
        "param location string\nresource v 'Microsoft.Network/virtualNetworks@2023-01-01' = {\n}\n",
        "a Bicep file",
    ),
    "what-if for people": (
        "Resource and property changes are indicated with these symbols:\n  + Create\n\nThe deployment ...\n",
        "what a what-if prints for people",
    ),
    "bicepparam": ("using './main.bicep'\n\nparam location = 'westeurope'\n", "parameters for Bicep"),
    "building blocks": (
        {"$schema": "https://x/template-building-blocks/schemas/buildingBlocks.json", "parameters": {}},
        "a file of Azure Building Blocks",
    ),
    "policy": ({"name": "p", "properties": {"policyRule": {}}}, "a definition of Azure Policy"),
    "build-params": ({"parametersJson": "{}", "templateJson": "{}"}, "bicep build-params"),
    "terraform": ('resource "azurerm_virtual_network" "hub" {\n}\n', "Terraform configuration"),
    "terraform plan": (
        "Terraform will perform the following actions:\n\n  # azurerm_subnet.a will be created\n",
        "what `terraform plan` or `terraform show` prints",
    ),
    "svg": ('<?xml version="1.0"?><svg/>', "markup"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_named_with_advice(name: str) -> None:
    document, words = FOREIGN[name]
    found = refusal(document)
    assert found.code == "unsupported-format"
    assert words in found.message
    assert found.hints


@pytest.mark.parametrize(
    ("document", "code", "words"),
    [
        ("", "empty-input", "`file1.json` is empty"),
        (" \n", "empty-input", "is empty"),
        ([{"Name": "a", "RG": "b"}], "not-an-export", "1 entry but no Azure resource"),
        ([1, 2, "three"], "not-an-export", "3 entries but no Azure resource"),
        ({"hello": "world"}, "not-an-export", "an object with `hello`"),
        ("[[[[]]]]", "nothing-to-draw", "no resources at all"),
        ({"value": []}, "nothing-to-draw", "the input holds no resources at all"),
        (
            {"$schema": f"{SCHEMA}deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": []},
            "nothing-to-draw",
            "the template deploys nothing with these values",
        ),
        ('"a secret alone"', "not-a-spec", "it holds a text, which may be a secret and is not shown"),
        ("- a list\n- of texts", "not-a-spec", "this is YAML, and no spec: it holds a list"),
        ([{"id": HUB}], "no-properties", "holds only names and ids"),
        (
            {"count": 1, "data": [{"location": "westeurope", "count_": 3}], "total_records": 1},
            "not-an-export",
            "the first has `location`, `count_`",
        ),
        (
            [
                {
                    "id": NSG.replace("Microsoft.Network", "Microsoft.Odd"),
                    "type": "Microsoft.Odd/x",
                    "properties": {"a": 1},
                }
            ],
            "nothing-to-draw",
            "nothing in the input makes a network: only 1 `microsoft.odd/x`",
        ),
        ('{"value": [{"id": "', "json-syntax", "the file breaks off"),
        ("[" * 102 + "]" * 102, "json-too-deep", "nests deeper than 100 levels"),
        (b"\x89PNG\r\n", "not-text", "a PNG picture"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(document: Any, code: str, words: str) -> None:
    found = refusal(document)
    assert found.code == code
    assert words in found.message


def test_the_faults_of_all_files_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        read("", {"hello": "world"}, rest_vnet(), '{"a"')
    found = sorted(d.code for d in caught.value.diagnostics)
    assert found == ["empty-input", "json-syntax", "not-an-export"]


def test_no_input_at_all_is_an_error() -> None:
    assert refusal().message == "no input to read: neither a spec nor an export"


def test_a_stranger_found_in_a_folder_is_left_out_with_a_warning() -> None:
    sources = [
        Source("export/vnets.json", encoded([rest_vnet()])),
        Source("export/logo.png", b"\x89PNG\r\n", is_named=False),
        Source("export/package.json", b'{"name": "x"}', is_named=False),
    ]
    reading = read_records(sources)
    assert [(d.severity, d.code) for d in reading.diagnostics] == [
        ("warning", "not-text"),
        ("warning", "not-an-export"),
    ]
    assert all(d.message.endswith("left out") for d in reading.diagnostics)


SCRIPTS = {
    "deploy.sh": "#!/bin/bash\nset -e\nfor x in a b; do\n  az group create -n $x: y\ndone\n",
    "New-Lab.ps1": '[CmdletBinding()]\nparam([string] $Name)\nWrite-Host "a: $Name"\n',
    "cloud-init.yaml": "#cloud-config\nusers:\n  - default\npackages:\n  - nginx\n",
    "test.feature": "Feature: x\n\tScenario: y\n",
    "chart.yaml": "{{- if .Values.x }}\nkind: Service\n{{- end }}\n",
    "LICENSE": "MIT License\n\nPermission is granted: to any person\n - a: b\n",
    "README": "Just words.\n",
}


def test_scripts_in_a_folder_are_left_out_and_told_together() -> None:
    found = [Source(name, text.encode(), is_named=False) for name, text in SCRIPTS.items()]
    reading = read_records([Source("vnets.json", encoded([rest_vnet()])), *found])
    assert {d.severity for d in reading.diagnostics} == {"warning"}
    together = next(d for d in reading.diagnostics if d.code == "not-a-spec")
    assert together.message.startswith("5 files are left out, as each is text that is no spec: `deploy.sh`, ")
    assert together.message.endswith(" and 2 more")
    for name, text in SCRIPTS.items():
        assert refusal(text).severity == "error", name


def test_a_spec_or_an_export_that_is_broken_is_an_error_in_a_folder_too() -> None:
    vnets = Source("vnets.json", encoded([rest_vnet()]))
    for text in ("vnets:\n  a: [\n", "notes:\n  - [\n", '{"value": [', '[{"id": "x",,}]', '[\n  {"id": 1'):
        with pytest.raises(InputError):
            read_records([vnets, Source("found", text.encode(), is_named=False)])
    commented = "// made by hand\n" + json.dumps(
        {"$schema": f"{SCHEMA}deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": []}
    )
    assert not read_records([vnets, Source("found", commented.encode(), is_named=False)]).diagnostics


def test_a_hundred_megabytes_of_brackets_end_at_once() -> None:
    start = time.perf_counter()
    assert refusal(b"[" * 100_000_000).code == "json-too-deep"
    assert time.perf_counter() - start < 10


def test_the_texts_for_messages_are_there_after_a_failure() -> None:
    sources = [Source("broken.json", b'{"a":'), Source("logo.png", b"\x89PNG")]
    assert texts_of(sources) == {"broken.json": '{"a":'}
