"""Terraform documents in the making, in the shape that Terraform itself prints; for tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagramgen.read import Source, read_records
from diagramgen.read.inputs import Options, PlanSide
from diagramgen.read.record import Reading, Record
from diagramgen.read.terraform.address import parse_path, split_module

Json = dict[str, Any]
SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
NET = f"{GROUP}/providers/Microsoft.Network"
UNTOLD_GROUP = "/subscriptions/{subscription}/resourceGroups/rg"
UNTOLD_NET = f"{UNTOLD_GROUP}/providers/Microsoft.Network"
NAMED = {"resource_group_name": "rg", "location": "westeurope"}


def ref(*references: str) -> Json:
    """An expression: each reference with all its beginnings, as Terraform lists them."""
    listed: list[str] = []
    for text in references:
        listed.append(text)
        while (shorter := re.sub(r"(\.[\w-]+|\[[^\[\]]*\])$", "", text)) != text and _is_whole(shorter):
            listed.append(shorter)
            text = shorter
    return {"references": listed}


def const(value: Any) -> Json:
    """The expression of a constant."""
    return {"constant_value": value}


def _is_whole(text: str) -> bool:
    """Whether a beginning still names something: `azurerm_subnet.a` does, `azurerm_subnet` does not."""
    least = {"data": 3, "module": 2, "var": 2, "each": 2, "count": 2}.get(text.split(".")[0], 2)
    return text.count(".") + 1 >= least


class Plan:
    """A plan: every resource is entered in all parts where Terraform has it."""

    def __init__(self, **members: Any) -> None:
        self.planned: list[Json] = []
        self.prior: list[Json] = []
        self.changes: list[Json] = []
        self.root: Json = {"resources": [], "module_calls": {}, "outputs": {}}
        self.members = members

    def create(
        self,
        address: str,
        values: Mapping[str, Any],
        expressions: Mapping[str, Any] | None = None,
        unknown: Mapping[str, Any] | None = None,
        **change: Any,
    ) -> Plan:
        """A resource that is created: `values` are known, `unknown` is the mask of the others; both with an id."""
        mask = {"id": True, **(unknown or {})}
        self._enter(address, ("create",), None, dict(values), mask, expressions, **change)
        return self

    def keep(
        self, address: str, values: Mapping[str, Any], expressions: Mapping[str, Any] | None = None
    ) -> Plan:
        """A resource that stays as it is."""
        self._enter(address, ("no-op",), dict(values), dict(values), {}, expressions)
        return self

    def change(self, address: str, actions: Sequence[str], before: Any, after: Any, **more: Any) -> Plan:
        """A resource with any other action."""
        self._enter(
            address, actions, before, after, more.pop("unknown", {}), more.pop("expressions", None), **more
        )
        return self

    def look_up(self, address: str, values: Mapping[str, Any]) -> Plan:
        """A data source that was read while planning: it is in the prior state alone."""
        self.prior.append(_resource(address, dict(values)))
        return self

    def call(self, path: str, name: str, expressions: Mapping[str, Any] | None = None, **call: Any) -> Plan:
        """A module that the module at `path` (`spoke/net`, empty for the root) calls."""
        inner = {"resources": [], "module_calls": {}, "outputs": {}}
        self._module(path)["module_calls"][name] = {
            "expressions": dict(expressions or {}),
            "module": inner,
            **call,
        }
        return self

    def output(self, path: str, name: str, expression: Json) -> Plan:
        """An output of the module at `path`."""
        self._module(path)["outputs"][name] = {"expression": expression}
        return self

    def declare(self, address: str, expressions: Mapping[str, Any], **more: Any) -> Plan:
        """The configuration of a resource, once for all its instances."""
        calls, rest = split_module(parse_path(address))
        steps = [str(step.value) for step in rest]
        mode = "data" if steps[0] == "data" else "managed"
        kind, name = steps[-2:] if mode == "managed" else steps[1:3]
        told = {"mode": mode, "type": kind, "name": name, "expressions": dict(expressions), **more}
        self._module("/".join(call.name for call in calls))["resources"].append(told)
        return self

    def document(self) -> Json:
        """The plan as JSON."""
        found: Json = {"format_version": "1.2", "terraform_version": "1.11.4"}
        if self.prior:
            found["prior_state"] = {"format_version": "1.0", "values": {"root_module": _tree(self.prior)}}
        return {
            **found,
            "planned_values": {"root_module": _tree(self.planned)},
            "resource_changes": self.changes,
            "configuration": {"root_module": self.root},
            **self.members,
        }

    def _module(self, path: str) -> Json:
        module = self.root
        for name in filter(None, path.split("/")):
            module = module["module_calls"][name]["module"]
        return module

    def _enter(
        self,
        address: str,
        actions: Sequence[str],
        before: Json | None,
        after: Json | None,
        unknown: Any,
        expressions: Mapping[str, Any] | None,
        **more: Any,
    ) -> None:
        entry = _resource(address, {})
        del entry["values"]
        change = {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": unknown,
            **more,
        }
        self.changes.append({**entry, "change": change})
        if after is not None:
            self.planned.append(_resource(address, after))
        if before is not None:
            self.prior.append(_resource(address, before))
        if expressions is not None:
            self.declare(address, expressions)


def _resource(address: str, values: Json) -> Json:
    _, rest = split_module(parse_path(address))
    mode = "data" if rest[0].value == "data" else "managed"
    kind, name, *key = rest[1:] if mode == "data" else rest
    found = {"address": address, "mode": mode, "type": kind.value, "name": name.value, "values": values}
    owner = str(kind.value).partition("_")[0]
    found["provider_name"] = f"registry.terraform.io/hashicorp/{owner}"
    return found | ({"index": key[0].value} if key else {})


def _tree(resources: list[Json]) -> Json:
    """The modules of these resources, flat below the root: Terraform nests them, and names each in full."""
    root: Json = {"resources": [], "child_modules": []}
    modules: dict[str, Json] = {}
    for resource in resources:
        calls, _ = split_module(parse_path(resource["address"]))
        if not calls:
            root["resources"].append(resource)
            continue
        address = resource["address"][: resource["address"].rindex(f".{resource['type']}.")].removesuffix(
            ".data"
        )
        module = modules.setdefault(address, {"address": address, "resources": []})
        module["resources"].append(resource)
    root["child_modules"] = list(modules.values())
    return root


def state(*resources: Json, **members: Any) -> Json:
    """A state file of version 4."""
    return {
        "version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "outputs": {}, **members,
        "resources": list(resources),
    }  # fmt: skip


def stated(kind: str, *instances: Json, name: str = "x", mode: str = "managed", **members: Any) -> Json:
    """A resource of a state file; an instance is its attributes, or a whole entry where it has `attributes`."""
    provider = f'provider["registry.terraform.io/hashicorp/{kind.partition("_")[0]}"]'
    entries = [
        each if "attributes" in each else {"schema_version": 0, "attributes": each} for each in instances
    ]
    return {"mode": mode, "type": kind, "name": name, "provider": provider, **members, "instances": entries}


def vnet(name: str = "hub", **values: Any) -> Json:
    """The attributes of a network, with an id."""
    return {
        "id": f"{NET}/virtualNetworks/{name}",
        "name": name,
        "address_space": ["10.0.0.0/16"],
        **NAMED,
        **values,
    }


def subnet(name: str = "app", network: str = "hub", **values: Any) -> Json:
    """The attributes of a subnet, with an id."""
    return {
        "id": f"{NET}/virtualNetworks/{network}/subnets/{name}", "name": name, "virtual_network_name": network,
        "resource_group_name": "rg", "address_prefixes": ["10.0.1.0/24"], **values,
    }  # fmt: skip


def nsg(name: str = "nsg", **values: Any) -> Json:
    """The attributes of an NSG, with an id."""
    return {"id": f"{NET}/networkSecurityGroups/{name}", "name": name, **NAMED, **values}


def rule(name: str = "https", group: str = "nsg", **values: Any) -> Json:
    """The attributes of a security rule, with an id."""
    return {
        "id": f"{NET}/networkSecurityGroups/{group}/securityRules/{name}", "name": name,
        "network_security_group_name": group, "resource_group_name": "rg", "priority": 100, "direction": "Inbound",
        "access": "Allow", "protocol": "Tcp", "source_address_prefix": "*", "source_port_range": "*",
        "destination_address_prefix": "*", "destination_port_range": "443", **values,
    }  # fmt: skip


def without(values: Json, *names: str) -> Json:
    """Attributes without some of them."""
    return {name: value for name, value in values.items() if name not in names}


def read(*documents: Json, side: PlanSide = "after") -> Reading:
    """Everything that the program reads from these documents."""
    sources = [Source(f"{index}.json", orjson.dumps(each)) for index, each in enumerate(documents)]
    return read_records(sources, Options(plan_side=side))


def records(*documents: Json, side: PlanSide = "after") -> dict[str, Record]:
    """The records of these documents by their ids in lower case, without what all ids here have in common."""
    found = read(*documents, side=side).records
    return {shortened(record.id): record for record in found}


def shortened(azure_id: str) -> str:
    """The end of an id, in lower case: what comes after its resource group and provider."""
    return re.sub(
        r"^/subscriptions/[^/]*/resourcegroups/rg(/providers/microsoft\.network)?/", "", azure_id.lower()
    )


def codes(reading: Reading) -> list[str]:
    """The codes of all that was said."""
    return [diagnostic.code for diagnostic in reading.diagnostics]
