"""What an expression of the configuration leads to: values that are known, resources, or nobody knows what.

A plan keeps of an expression only what it refers to, so that `a.id`, `"${a.id}/x"` and `c ? a.id : b.id` look much the
same. What is found here is therefore only what an expression may be made of; `candidates.py` takes it for the value
where nothing else is possible. References lead up through the variables of modules and down through their outputs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.address import Call, Key, ModulePath, Path, Step, names_of
from diagramgen.read.terraform.configuration import Configuration, Expression, ModuleConfiguration
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.parts import (
    MOST_PARTS,
    Calls,
    Known,
    Open,
    Part,
    Parts,
    Scope,
    Things,
    entry_of,
    full_references,
    instances_at,
    is_scalar,
    is_several,
    key_among,
    key_by_name,
    walk,
)

DEEPEST = 30
"""Steps from expression to expression; real ones need as many as modules are nested."""

_SELECTORS = frozenset({"each", "count", "var", "local", "path", "terraform", "self"})


class Links:
    """Follows the expressions of one plan."""

    def __init__(self, configuration: Configuration, instances: Iterable[Instance]) -> None:
        self.configuration = configuration
        self._groups: dict[tuple[ModulePath, str, str, str], dict[Key, Instance]] = {}
        self._call_keys: dict[tuple[ModulePath, str], dict[Key, None]] = {}
        for instance in instances:
            group = (instance.module, instance.mode, instance.type, instance.name)
            self._groups.setdefault(group, {})[instance.key] = instance
            for depth, call in enumerate(instance.module):
                self._call_keys.setdefault((instance.module[:depth], call.name), {})[call.key] = None
        self._remembered: dict[tuple[str, ModulePath, str], Parts] = {}
        self._depth = 0

    def siblings(self, instance: Instance) -> int:
        """How many instances of the same resource there are in its module."""
        return len(self._groups[(instance.module, instance.mode, instance.type, instance.name)])

    def is_declared(self, instance: Instance) -> bool:
        """Whether the configuration has the instance's resource at all."""
        return bool(
            self.configuration.resource(
                names_of(instance.module), instance.mode, instance.type, instance.name
            )
        )

    def scope_of(self, instance: Instance) -> Scope:
        """Where the expressions of an instance's resource stand."""
        told = self.configuration.resource(
            names_of(instance.module), instance.mode, instance.type, instance.name
        )
        return Scope(instance.module, instance.key, told.get("for_each_expression"), self.siblings(instance))

    def parts_of(self, expression: Expression, scope: Scope) -> Parts:
        """What an expression is made of, in the order of its references."""
        if not isinstance(expression, Mapping):
            return (Open(),)
        if "constant_value" in expression:
            return (Known(expression["constant_value"]),)
        paths = full_references(expression.get("references"))
        if not paths:
            return (Open(),)
        if self._depth >= DEEPEST or len(paths) > MOST_PARTS:
            return (Open(),)
        self._depth += 1
        try:
            return tuple(itertools.islice(self._together(paths, scope), MOST_PARTS))
        finally:
            self._depth -= 1

    def _together(self, paths: list[Path], scope: Scope) -> Iterator[Part]:
        """The parts of an expression; what may be an index selects among the instances of the others."""
        selecting: list[Path] = []
        others: list[Path] = []
        for path in paths:
            (selecting if path[0].value in _SELECTORS else others).append(path)
        found = [part for path in others for part in self._referred(path, scope)]
        selectors = [part for path in selecting for part in self._referred(path, scope)]
        if any(is_several(part) for part in found) and selecting:
            uses_count = any(path[0].value == "count" for path in selecting)
            for part in found:
                yield from self._selected(part, selectors, scope if uses_count else None)
        else:
            yield from found
            yield from selectors

    def _referred(self, path: Path, scope: Scope) -> Parts:
        """What one reference leads to."""
        head, rest = path[0].value, path[1:]
        match head:
            case "var" if rest:
                return self._advance(self._variable(str(rest[0].value), scope.module), rest[1:])
            case "each" if rest and rest[0].value == "key":
                return (Known(scope.key),)
            case "each" if rest:
                return self._advance(self._each_value(scope), rest[1:])
            case "count":
                return (Known(scope.key),)
            case "module" if rest:
                return self._advance((self._calls(scope.module, str(rest[0].value)),), rest[1:])
            case "path" | "terraform":
                return (Known(""),)
            case "local" | "self":
                return (Open(str(head)),)
        mode = "managed"
        if head == "data" and rest:
            mode, head, rest = "data", rest[0].value, rest[1:]
        if not rest:
            return (Open(),)
        group = self._groups.get((scope.module, mode, str(head), str(rest[0].value)))
        return instances_at(group, rest[1:]) if group else ()

    def _variable(self, name: str, module: ModulePath) -> Parts:
        """A variable: at the root its value, in a module what the call gives it, else its default."""
        configured = self.configuration.modules.get(names_of(module), ModuleConfiguration())
        if not module:
            given = self.configuration.variables
            if name in given:
                return (Known(given[name]),)
        else:
            expressions = configured.call.get("expressions")
            if isinstance(expressions, Mapping) and name in expressions:
                expression = expressions[name]
                return self._remember(
                    ("var", module, name),
                    lambda: self.parts_of(expression, self._scope_of_call(module, configured)),
                )
        return (Known(configured.defaults[name]),) if name in configured.defaults else (Open(),)

    def _scope_of_call(self, module: ModulePath, configured: ModuleConfiguration) -> Scope:
        siblings = len(self._call_keys.get((module[:-1], module[-1].name), ()))
        return Scope(module[:-1], module[-1].key, configured.call.get("for_each_expression"), siblings)

    def _output(self, module: ModulePath, name: str) -> Parts:
        configured = self.configuration.modules.get(names_of(module))
        if configured is None or name not in configured.outputs:
            return (Open(),)
        expression = configured.outputs[name]
        return self._remember(
            ("output", module, name), lambda: self.parts_of(expression, Scope(module, None))
        )

    def _calls(self, parent: ModulePath, name: str) -> Calls:
        return Calls(parent, name, tuple(self._call_keys.get((parent, name), {None: None})))

    def outputs_of(self, calls: Calls) -> Iterator[Parts]:
        """The parts of every output of a module of which there is one instance."""
        if len(calls.keys) == 1:
            module = (*calls.parent, Call(calls.name, calls.keys[0]))
            configured = self.configuration.modules.get(names_of(module), ModuleConfiguration())
            for name in configured.outputs:
                yield self._output(module, name)

    def _remember(self, key: tuple[str, ModulePath, str], find: Callable[[], Parts]) -> Parts:
        if key not in self._remembered:
            self._remembered[key] = (Open(),)  # for what leads back to itself
            self._remembered[key] = find()
        return self._remembered[key]

    def _each_value(self, scope: Scope) -> Parts:
        """`each.value`: the entry of what `for_each` goes through; of a set the key itself."""
        parts = self.parts_of(scope.for_each, scope._replace(for_each=None, key=None))
        if len(parts) != 1:
            return (Open(),)
        match parts[0]:
            case Known(dict() as entries) if scope.key in entries:
                return (Known(entries[scope.key]),)
            case Known(list() as entries):
                return entry_of(entries, scope.key)
            case Things(instances, path) if scope.key in instances:
                return (Things({scope.key: instances[scope.key]}, path),)
            case Calls(parent, name, keys) if scope.key in keys:
                return (Calls(parent, name, (scope.key,)),)
        return (Open(),)

    def _advance(self, parts: Parts, path: Path) -> Parts:
        """The parts after further steps."""
        if not path:
            return parts
        return tuple(further for part in parts for further in self._advanced(part, path))

    def _advanced(self, part: Part, path: Path) -> Parts:
        match part:
            case Known(value):
                return walk(value, path)
            case Things(instances, ()) if is_several(part):
                return self._among(instances, path)
            case Things(instances, before):
                return (Things(instances, (*before, *path)),)
            case Calls():
                return self._into_module(part, path)
        return (part,)

    def _among(self, instances: Mapping[Key, Instance], path: Path) -> Parts:
        """One of the instances that an output gives as a map or list, by key or else by name."""
        key = key_among(instances, path[0].value)
        if key is None:
            key = key_by_name(instances, path[0].value)
        if key is not None:
            return (Things({None: instances[key]}, path[1:]),)
        if not path[0].is_key:
            return (Things(instances, path),)
        return (Things(instances, path[1:]),) if len(instances) == 1 else (Things(instances), Open("key"))

    def _into_module(self, calls: Calls, path: Path) -> Parts:
        """Further into a module: one of its instances, or an output of each that it may be."""
        if path[0].is_key and calls.keys != (None,):
            key = key_among(dict.fromkeys(calls.keys), path[0].value)
            return self._advance((calls._replace(keys=(key,)),), path[1:]) if key is not None else ()
        found: list[Part] = []
        for key in calls.keys:
            module = (*calls.parent, Call(calls.name, key))
            found += self._advance(self._output(module, str(path[0].value)), path[1:])
        return tuple(found[:MOST_PARTS])

    def _selected(self, part: Part, selectors: list[Part], counting: Scope | None) -> Iterator[Part]:
        """The instance that the selectors mean; the part as it is where they leave that open."""
        keys = self._keys_of(part)
        if len(keys) < 2:
            yield part
            return
        is_open = any(not is_scalar(selector) for selector in selectors)
        if counting is not None and counting.siblings > len(keys):
            is_open = True  # the index is divided, or begins anew
        told = (key_among(keys, selector.value) for selector in selectors if isinstance(selector, Known))
        meant = [key for key in dict.fromkeys(told) if key is not None]
        if is_open or len(meant) != 1:
            yield part
            yield Open("index")
        else:
            yield from self._advance((part,), (Step(meant[0], True),))

    def _keys_of(self, part: Part) -> Mapping[Key, Any]:
        match part:
            case Things(instances, ()):
                return instances
            case Calls():
                return dict.fromkeys(part.keys)
        return {}
