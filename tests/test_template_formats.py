"""Templates as they come: comments, envelopes, what tools have evaluated already, Bicep itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from template_samples import NET, ids, one, read, refusal, subnet, template, told, vnet, warnings

from diagramgen.read import Options
from diagramgen.read.render_diagnostics import render_diagnostics

COMMENTED = """// exported by hand
{
  /* the usual
     beginning */
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Network/virtualNetworks", // a hub
      "apiVersion": "2023-11-01",
      "name": "[concat('vnet-',
                       'hub')]",
      "properties": {"addressSpace": {"addressPrefixes": ["[add()]",]}},
    },
  ],
}
"""


def test_comments_long_strings_and_last_commas_are_taken() -> None:
    reading = read(COMMENTED)
    assert ids(reading) == ["virtualnetworks/vnet-hub"]
    shown = render_diagnostics(reading.diagnostics, reading.sources)
    assert "main.json:13:59: warning[template-expression]" in shown


@pytest.mark.parametrize(
    "envelope",
    [
        lambda main: {"template": main},
        lambda main: {"properties": {"mode": "Incremental", "template": main}},
        lambda main: {"properties": {"mainTemplate": main}},
        lambda main: {"status": "Succeeded", "properties": {"output": {"template": main}}},
        lambda main: {key: value for key, value in main.items() if key != "$schema"},
    ],
)
def test_templates_are_found_in_their_envelopes(envelope: Any) -> None:
    assert ids(read(envelope(template(vnet("hub"))))) == ["virtualnetworks/hub"]


def test_the_values_beside_a_template_in_a_deployment_count() -> None:
    main = template(vnet("[parameters('name')]"), parameters={"name": {"type": "string"}})
    body = {"properties": {"template": main, "parameters": {"name": {"value": "hub"}}}}
    assert ids(read(body)) == ["virtualnetworks/hub"]


def test_what_azure_could_not_export_is_told() -> None:
    details = [{"code": "ExportTemplateProviderError", "message": "Could not get resources of the type x."}]
    error = {"code": "ExportTemplateCompletedWithErrors", "details": details}
    (message,) = told(read({"template": template(vnet("hub")), "error": error}), "template-export-error")
    assert "Could not get resources of the type x." in message


def test_templates_of_a_template_spec_link_each_other() -> None:
    nested = {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "d",
              "properties": {"mode": "Incremental", "templateLink": {"relativePath": "parts/vnet.json"}}}  # fmt: skip
    linked = [{"path": "parts/vnet.json", "template": template(vnet("hub"))}]
    body = {"properties": {"mainTemplate": template(nested), "linkedTemplates": linked}}
    assert ids(read(body)) == ["virtualnetworks/hub"]


def _state(name: str, **more: Any) -> dict[str, Any]:
    rid = f"/subscriptions/s/resourceGroups/r/providers/{NET}/virtualNetworks/{name}"
    return {"id": rid, **vnet(name, subnet("web")), **more}


def test_a_snapshot_is_read_and_its_expressions_are_unknown() -> None:
    state = _state("hub", location="[resourceGroup().location]", tags={"ip": "[reference('x').ipAddress]"})
    foreign = {"type": "request@v1", "properties": {}}
    reading = read({"predictedResources": [state, foreign], "diagnostics": [], "outputs": {}})
    assert [r.id for r in reading.records if r.type == "microsoft.network/virtualnetworks"] == [
        state["id"].lower()
    ]
    assert one(reading, "/hub").location == "{location}"
    assert one(reading, "/hub").envelope["tags"] == {"ip": "{x.ipAddress}"}
    assert one(reading, "/subnets/web").envelope["isPlanned"] is True


def _what_if() -> dict[str, Any]:
    changes = [
        ("Create", None, _state("new")),
        ("Delete", _state("old"), None),
        ("Modify", _state("changed", tags={"v": "1"}), _state("changed", tags={"v": "2"})),
        ("Ignore", _state("other"), None),
        ("NoChange", _state("same"), _state("same")),
        ("Deploy", None, None),
    ]
    return {
        "status": "Succeeded",
        "changes": [
            {"resourceId": (after or before or _state("perhaps"))["id"], "changeType": kind, "before": before,
             "after": after, "delta": None}
            for kind, before, after in changes
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("side", "names", "tag"),
    [
        ("after", ["changed", "new", "other", "perhaps", "same"], "2"),
        ("before", ["changed", "old", "other", "same"], "1"),
    ],
)
def test_a_what_if_is_read_from_either_side(side: Any, names: list[str], tag: str) -> None:
    reading = read(_what_if(), options=Options(plan_side=side))
    assert [r.name for r in reading.records if r.type.endswith("virtualnetworks")] == names
    assert one(reading, "/changed").envelope["tags"] == {"v": tag}
    assert (
        read({"properties": _what_if()}, options=Options(plan_side=side)).records == reading.records or side
    )


def test_operations_that_tell_bodies_are_read_and_others_refused() -> None:
    target = {"id": _state("hub")["id"], "resourceType": f"{NET}/virtualNetworks", "resourceName": "hub"}
    rid = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Resources/deployments/d/operations/1"
    bare = {"id": rid, "operationId": "1", "properties": {"targetResource": target}}
    full = {**bare, "properties": {"targetResource": target, "response": {"content": _state("hub")}}}
    assert one(read([full]), "/hub").name == "hub"
    assert refusal([bare]).code == "unsupported-format"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            "param name string\nresource hub 'Microsoft.Network/virtualNetworks@2023-11-01' = {\n}\n",
            "bicep build",
        ),
        ("targetScope = 'subscription'\n\nmodule net './net.bicep' = {\n  name: 'net'\n}\n", "bicep build"),
        ("using './main.bicep'\n\nparam name = 'hub'\n", "bicep snapshot"),
    ],
)
def test_bicep_is_told_how_to_become_json(text: str, command: str) -> None:
    assert command in refusal(text).hints[0]


def test_a_template_reads_beside_an_export() -> None:
    exported = [{**_state("far"), "tenantId": "t"}]
    reading = read(template(vnet("hub")), exported)
    assert one(reading, "/hub").envelope["isPlanned"] is True
    assert "isPlanned" not in one(reading, "/far").envelope
    assert warnings(reading) == []


def test_names_of_parameters_are_not_taken_for_secrets_or_spelled_anew() -> None:
    parameters = {"publicIpAddress": {"type": "string", "defaultValue": "hub"}, "customData": {"type": "object",
                  "defaultValue": {"virtualHub": "x"}}}  # fmt: skip
    hub = vnet("[parameters('publicIpAddress')]", tags="[parameters('customData')]")
    assert one(read(template(hub, parameters=parameters)), "/hub").envelope["tags"] == {"virtualHub": "x"}


def test_any_shape_is_read_or_refused() -> None:
    shapes: list[Any] = [None, 1, "x", "[x", [], {}, [[]], [None], {"a": None}, {"a": []}, True]
    for part in ("parameters", "variables", "resources", "outputs", "functions", "definitions"):
        for shape in shapes:
            main = template(vnet("[concat('h', parameters('p'))]"), parameters={"p": {"type": "string"}})
            main[part] = shape
            _survives(main)
    for part in (
        "type",
        "name",
        "properties",
        "copy",
        "condition",
        "scope",
        "resources",
        "location",
        "existing",
    ):
        for shape in shapes:
            _survives(template({**vnet("hub"), part: shape}))
    for part in ("template", "templateLink", "parameters", "expressionEvaluationOptions", "parametersLink"):
        for shape in shapes:
            nested = {"type": "Microsoft.Resources/deployments", "name": "d", "properties": {part: shape}}
            _survives(template(nested))


def _survives(document: Any) -> None:
    from diagramgen.diagnostics import InputError

    try:
        read(json.dumps(document))
    except InputError as problem:
        assert all(d.message for d in problem.diagnostics)
