"""The `configuration` of a plan: which expression gives each attribute, module by module.

Expressions are not there themselves, only what they refer to (`references`) or their value where it is a constant.
https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.located import NOTHING
from diagramgen.read.documents import Json

Expression = Json
"""`{"references": [...]}`, `{"constant_value": ...}`, or a list of blocks of these."""

Names = tuple[str, ...]
"""A module's path without keys."""


class ModuleConfiguration(NamedTuple):
    """What one module declares. `call` is the call that made it, in its parent; nothing for the root."""

    resources: Mapping[tuple[str, str, str], Mapping[str, Any]] = NOTHING  # by mode, type and name
    outputs: Mapping[str, Expression] = NOTHING
    defaults: Mapping[str, Json] = NOTHING  # of variables that have one
    call: Mapping[str, Any] = NOTHING


class Configuration(NamedTuple):
    """All modules by their paths, the values of the root's variables, and the providers' own expressions."""

    modules: Mapping[Names, ModuleConfiguration] = NOTHING
    variables: Mapping[str, Json] = NOTHING
    providers: Mapping[str, Mapping[str, Any]] = NOTHING

    def resource(self, module: Names, mode: str, kind: str, name: str) -> Mapping[str, Any]:
        """What a module declares of a resource; nothing where it does not."""
        return self.modules.get(module, ModuleConfiguration()).resources.get((mode, kind, name), NOTHING)


def read_configuration(plan: Mapping[str, Any]) -> Configuration:
    """The configuration of a plan; an empty one where it has none."""
    configuration = plan.get("configuration")
    if not isinstance(configuration, dict):
        configuration = {}
    providers = _mapping(configuration.get("provider_config"))
    return Configuration(
        _modules(configuration.get("root_module")),
        {
            name: told["value"]
            for name, told in _mapping(plan.get("variables")).items()
            if isinstance(told, dict) and "value" in told
        },
        {name: told for name, told in providers.items() if isinstance(told, dict)},
    )


def _modules(root: Json) -> dict[Names, ModuleConfiguration]:
    found: dict[Names, ModuleConfiguration] = {}
    waiting: list[tuple[Names, Json, Mapping[str, Any]]] = [((), root, NOTHING)]
    while waiting:
        path, module, call = waiting.pop()
        if not isinstance(module, dict):
            continue
        found[path] = _module(module, call)
        for name, inner in _mapping(module.get("module_calls")).items():
            if isinstance(inner, dict):
                waiting.append(((*path, name), inner.get("module"), inner))
    return found


def _module(module: dict[str, Any], call: Mapping[str, Any]) -> ModuleConfiguration:
    resources = {}
    listed = module.get("resources")
    for told in listed if isinstance(listed, list) else ():
        if isinstance(told, dict):
            mode = "data" if told.get("mode") == "data" else "managed"
            resources[(mode, str(told.get("type")), str(told.get("name")))] = told
    outputs = _mapping(module.get("outputs"))
    variables = _mapping(module.get("variables"))
    return ModuleConfiguration(
        resources,
        {name: told.get("expression") for name, told in outputs.items() if isinstance(told, dict)},
        {
            name: told["default"]
            for name, told in variables.items()
            if isinstance(told, dict) and "default" in told
        },
        call,
    )


def _mapping(value: Json) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else NOTHING
