"""Small ARM templates, and what reading them gives, for the tests of templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.read import Options, Reading, Record, Source, read_records

GROUP = "/subscriptions/{subscription}/resourcegroups/{resourcegroup}/providers/microsoft.network"
RESOURCE_GROUP = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
SUBSCRIPTION = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
NET = "Microsoft.Network"


def template(*resources: Any, schema: str = RESOURCE_GROUP, **sections: Any) -> dict[str, Any]:
    """A template with these resources, and a VNet so that there is always something to draw."""
    return {
        "$schema": schema,
        "contentVersion": "1.0.0.0",
        **sections,
        "resources": [*resources, vnet("always")],
    }


def symbolic(resources: Mapping[str, Any], schema: str = RESOURCE_GROUP, **sections: Any) -> dict[str, Any]:
    """A template whose resources have symbolic names."""
    return {
        "$schema": schema,
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        **sections,
        "resources": {**resources, "always": vnet("always")},
    }


def vnet(name: str, *subnets: Any, **more: Any) -> dict[str, Any]:
    """A VNet as a template writes it."""
    return {
        "type": f"{NET}/virtualNetworks",
        "apiVersion": "2023-11-01",
        "name": name,
        "location": "westeurope",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": list(subnets)},
        **more,
    }


def subnet(name: str, prefix: str = "10.0.0.0/24", **properties: Any) -> dict[str, Any]:
    """A subnet inside a VNet."""
    return {"name": name, "properties": {"addressPrefix": prefix, **properties}}


def resource(kind: str, name: str, properties: Any = None, **more: Any) -> dict[str, Any]:
    """A resource of Microsoft.Network."""
    told = {} if properties is None else {"properties": properties}
    return {"type": f"{NET}/{kind}", "apiVersion": "2023-11-01", "name": name, **told, **more}


def deployment(name: str, inside: Any, given: Any = None, sees: str = "inner", **more: Any) -> dict[str, Any]:
    """A nested deployment; its parameters get the values that are `given`."""
    properties = {
        "mode": "Incremental",
        "expressionEvaluationOptions": {"scope": sees},
        "parameters": {key: {"value": value} for key, value in (given or {}).items()},
        "template": inside,
    }
    return {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name,
            "properties": properties, **more}  # fmt: skip


def link(name: str, given: Any = None, **how: Any) -> dict[str, Any]:
    """A linked deployment: `uri`, `relativePath` or `id` say how."""
    properties = {
        "mode": "Incremental",
        "templateLink": how,
        "parameters": {key: {"value": value} for key, value in (given or {}).items()},
    }
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": name,
        "properties": properties,
    }


def inner(
    *resources: Any, outputs: Any = None, schema: str = RESOURCE_GROUP, **parameters: str
) -> dict[str, Any]:
    """The template of a nested deployment; parameters by name with their types."""
    return {
        "$schema": schema,
        "contentVersion": "1.0.0.0",
        "parameters": {name: {"type": kind} for name, kind in parameters.items()},
        "resources": list(resources),
        "outputs": {name: {"type": "string", "value": value} for name, value in (outputs or {}).items()},
    }


def read(*documents: Any, options: Options = Options(), names: tuple[str, ...] = ()) -> Reading:  # noqa: B008
    """Reads documents as the files `main.json`, `file2.json` ..., or under the names given."""
    called = names or ("main.json", *(f"file{n}.json" for n in range(2, len(documents) + 1)))
    sources = [
        Source(name, (one if isinstance(one, str) else json.dumps(one)).encode())
        for name, one in zip(called, documents, strict=True)
    ]
    return read_records(sources, options)


def ids(reading: Reading, kind: str = "") -> list[str]:
    """The ids without the usual resource group, but for the VNet that is always there; of one type if given."""
    return [
        record.id.removeprefix(GROUP + "/")
        for record in reading.records
        if not record.id.endswith(("/virtualnetworks/always", "/subscriptions/{subscription}"))
        and (not kind or record.type == f"microsoft.network/{kind.lower()}")
    ]


def one(reading: Reading, ending: str) -> Record:
    """The record whose id ends so."""
    (found,) = [record for record in reading.records if record.id.endswith(ending.lower())]
    return found


def told(reading: Reading, code: str) -> list[str]:
    """The messages of a kind."""
    return [diagnostic.message for diagnostic in reading.diagnostics if diagnostic.code == code]


def warnings(reading: Reading) -> list[str]:
    """The codes of what is more than a note."""
    return [diagnostic.code for diagnostic in reading.diagnostics if diagnostic.severity != "note"]


def refusal(*documents: Any, options: Options = Options(), names: tuple[str, ...] = ()) -> Diagnostic:  # noqa: B008
    """The first error that reading ends in."""
    try:
        reading = read(*documents, options=options, names=names)
    except InputError as problem:
        return next(d for d in problem.diagnostics if d.severity == "error")
    raise AssertionError(f"read without error: {reading.formats}")
