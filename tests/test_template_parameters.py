"""Parameters of templates: where their values come from, and what becomes of those without."""

from __future__ import annotations

import json
from typing import Any

import pytest
from template_samples import ids, one, read, refusal, resource, template, told, vnet, warnings

from diagramgen.read import Options, Source


def parameter_file(**values: Any) -> dict[str, Any]:
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {name: {"value": value} for name, value in values.items()},
    }


def given(*files: Any, **values: str) -> Options:
    """Options with parameter files and single values."""
    sources = tuple(Source(f"values{n}.json", json.dumps(one).encode()) for n, one in enumerate(files))
    return Options(parameters=sources, values=values)


def hub(kind: str = "string", **more: Any) -> dict[str, Any]:
    """A template with a VNet that is called as the parameter `name` says."""
    return template(vnet("[parameters('name')]"), parameters={"name": {"type": kind, **more}})


def test_a_default_may_refer_to_other_parameters() -> None:
    parameters = {
        "name": {"type": "string", "defaultValue": "[concat(parameters('prefix'), '-hub')]"},
        "prefix": {"type": "string", "defaultValue": "prod"},
    }
    assert ids(read(template(vnet("[parameters('NAME')]"), parameters=parameters))) == [
        "virtualnetworks/prod-hub"
    ]


def test_a_parameter_without_a_value_stays_visible() -> None:
    reading = read(hub())
    assert ids(reading) == ["virtualnetworks/{name}"]
    (warning,) = [d for d in reading.diagnostics if d.code == "template-parameter"]
    assert "`name`" in warning.message
    assert "--parameters" in warning.hints[0]


def test_files_are_read_in_their_order_and_single_values_win() -> None:
    first, second = parameter_file(name="first"), parameter_file(name="second")
    assert ids(read(hub(), options=given(first, second))) == ["virtualnetworks/second"]
    assert ids(read(hub(), options=given(first, name="single"))) == ["virtualnetworks/single"]


def test_a_parameter_file_may_lack_its_envelope() -> None:
    assert ids(read(hub(), options=given({"name": {"value": "hub"}}))) == ["virtualnetworks/hub"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "3", 3),
        ("bool", "TRUE", True),
        ("array", '["a"]', ["a"]),
        ("object", '{"a": 1}', {"a": 1}),
        ("string", "3", "3"),
    ],
)
def test_single_values_are_of_the_type_of_their_parameter(kind: str, text: str, value: Any) -> None:
    hub_vnet = vnet("hub", tags={"told": "[parameters('x')]"})
    main = template(hub_vnet, parameters={"x": {"type": kind}})
    assert one(read(main, options=given(x=text)), "/hub").envelope["tags"]["told"] == value


@pytest.mark.parametrize(
    ("kind", "text"), [("int", "three"), ("bool", "yes"), ("array", "{}"), ("object", "[")]
)
def test_a_single_value_of_another_type_is_an_error_that_does_not_repeat_it(kind: str, text: str) -> None:
    error = refusal(hub(kind), options=given(name=text))
    assert error.code == "template-parameter-value"
    assert text not in error.message.replace("`name`", "")


def test_a_value_for_no_parameter_is_a_warning() -> None:
    reading = read(hub(defaultValue="hub"), options=given(parameter_file(nmae="x"), other="y"))
    (message,) = told(reading, "template-parameter-unknown")
    assert "`nmae`" in message
    assert "`other`" in message
    (hints,) = (d.hints for d in reading.diagnostics if d.code == "template-parameter-unknown")
    assert "did you mean `name`?" in hints


@pytest.mark.parametrize(
    "name", ["main.parameters.json", "main.param.json", "main.parameters.dev.json", "prod.json"]
)
def test_a_parameter_file_among_the_inputs_goes_to_its_template(name: str) -> None:
    other = template(
        vnet("[parameters('other')]"), parameters={"other": {"type": "string", "defaultValue": "o"}}
    )
    reading = read(hub(), other, parameter_file(name="hub"), names=("main.json", "other.json", name))
    assert ids(reading) == ["virtualnetworks/hub", "virtualnetworks/o"]
    assert reading.formats[name] == "ARM parameters"


def test_two_parameter_files_of_one_template_are_not_chosen_from() -> None:
    names = ("main.json", "main.parameters.dev.json", "main.parameters.prod.json")
    reading = read(hub(), parameter_file(name="dev"), parameter_file(name="prod"), names=names)
    assert ids(reading) == ["virtualnetworks/{name}"]
    assert warnings(reading).count("template-parameters") == 2


@pytest.mark.parametrize("name", ["main.parameters.json", "main.param.json", "parameters.json"])
def test_a_parameter_file_beside_the_template_is_found(name: str) -> None:
    def beside(source: str, path: str) -> Source | None:
        return Source(name, json.dumps(parameter_file(name="hub")).encode()) if path == name else None

    assert ids(read(hub(), options=Options(find_beside=beside))) == ["virtualnetworks/hub"]


def test_what_lies_beside_gives_way_to_what_the_user_gave() -> None:
    def beside(source: str, path: str) -> Source | None:
        return Source(path, json.dumps(parameter_file(name="beside")).encode())

    options = given(parameter_file(name="given"))._replace(find_beside=beside)
    assert ids(read(hub(), options=options)) == ["virtualnetworks/given"]


def test_a_parameter_file_alone_asks_for_its_template() -> None:
    error = refusal(parameter_file(name="hub"), names=("hub.parameters.json",))
    assert error.code == "unsupported-format"
    assert "--parameters hub.parameters.json" in error.hints[0]


def test_null_is_no_value_and_a_secret_reference_is_unknown() -> None:
    assert ids(read(hub(), options=given(parameter_file(name=None)))) == ["virtualnetworks/{name}"]
    reference = {"parameters": {"name": {"reference": {"keyVault": {"id": "/x"}, "secretName": "s"}}}}
    assert ids(read(hub(), options=given(reference))) == ["virtualnetworks/{name}"]


def test_a_nullable_parameter_is_null() -> None:
    main = template(
        vnet("[coalesce(parameters('name'), 'hub')]"),
        parameters={"name": {"type": "string", "nullable": True}},
    )
    assert ids(read(main)) == ["virtualnetworks/hub"]
    assert warnings(read(main)) == []


def test_types_may_be_defined_elsewhere() -> None:
    definitions = {"name": {"$ref": "#/definitions/text"}, "text": {"type": "string", "nullable": True}}
    main = template(vnet("[coalesce(parameters('name'), 'hub')]"), definitions=definitions,
                    parameters={"name": {"$ref": "#/definitions/name"}})  # fmt: skip
    assert ids(read(main)) == ["virtualnetworks/hub"]


def test_a_value_that_is_not_allowed_is_used_with_a_warning() -> None:
    reading = read(hub(defaultValue="spoke", allowedValues=["hub"]))
    assert ids(reading) == ["virtualnetworks/spoke"]
    assert warnings(reading) == ["template-parameter-value"]


def test_names_in_the_portals_parameters_are_recovered() -> None:
    main = template(vnet("[parameters('virtualNetworks_vnet_hub_name')]"),
                    parameters={"virtualNetworks_vnet_hub_name": {"type": "String"}})  # fmt: skip
    reading = read(main)
    assert ids(reading) == ["virtualnetworks/vnet_hub"]
    assert len(told(reading, "template-name")) == 1


def test_ids_in_the_portals_parameters_show_what_is_outside() -> None:
    far = "/subscriptions/s2/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/far"
    far_id = "[parameters('virtualNetworks_far_externalid')]"
    peering = resource(
        "virtualNetworks/virtualNetworkPeerings", "always/far", {"remoteVirtualNetwork": {"id": far_id}}
    )
    parameters = {"virtualNetworks_far_externalid": {"type": "String", "defaultValue": far}}
    reading = read(template(peering, parameters=parameters))
    assert one(reading, "/virtualnetworkpeerings/far").properties["remoteVirtualNetwork"]["id"] == far


@pytest.mark.parametrize("kind", ["secureString", "securestring", "secureObject", "string"])
def test_secrets_are_never_used(kind: str) -> None:
    secret = "hunter2-hunter2"
    main = template(vnet("[concat('v-', parameters('adminPassword'))]", tags={"t": "[parameters('adminPassword')]"}),
                    parameters={"adminPassword": {"type": kind, "defaultValue": secret}})  # fmt: skip
    single = json.dumps({"a": secret}) if kind == "secureObject" else secret
    for options in (Options(), given(parameter_file(adminPassword=secret), adminPassword=single)):
        reading = read(main, options=options)
        said = [str((r.id, r.name, r.properties, r.envelope)) for r in reading.records]
        assert secret not in " ".join([*said, *(d.message for d in reading.diagnostics)])


def test_a_parameter_file_that_is_bicep_asks_for_json() -> None:
    options = Options(parameters=(Source("main.bicepparam", b"using 'main.bicep'\nparam name = 'x'"),))
    assert "bicep build-params" in refusal(hub(), options=options).hints[0]


def test_a_parameter_that_the_deployment_would_give_is_named() -> None:
    parameters = {
        "region": {"type": "string", "defaultValue": "[deployment().location]"},
        "name": {"type": "string", "defaultValue": "[newGuid()]"},
    }
    document = template(
        vnet("[concat('hub-', parameters('region'), parameters('name'))]"), parameters=parameters
    )
    (note,) = (d for d in read(document).diagnostics if d.code == "template-unknown")
    assert note.hints == ("give what the place of the deployment would tell: `--parameters region=...`",)
    regional = template(vnet("[concat('hub-', parameters('region'))]"), parameters=parameters)
    assert ids(read(regional, options=given(region="eastus"))) == ["virtualnetworks/hub-eastus"]


def test_a_default_that_is_null_is_none() -> None:
    reading = read(hub(defaultValue=None))
    assert ids(reading) == ["virtualnetworks/{name}"]
    assert warnings(reading) == ["template-parameter"]
    assert ids(read(hub(defaultValue=None), options=given(name="x"))) == ["virtualnetworks/x"]
