"""What an expression of the configuration leads to: values that are known, resources, or nobody knows what.

A plan keeps of an expression only what it refers to, so that `a.id`, `"${a.id}/x"` and `c ? a.id : b.id` look much the
same. What is found here is therefore only what an expression may be made of; `attributes.py` takes it for the value
where nothing else is possible. References lead up through the variables of modules and down through their outputs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.read.documents import Json
from diagramgen.read.terraform.address import Call, Key, ModulePath, Path, Step, names_of, parse_path
from diagramgen.read.terraform.configuration import Configuration, Expression, ModuleConfiguration
from diagramgen.read.terraform.instance import Instance

DEEPEST = 30
"""Steps from expression to expression; real ones need as many as modules are nested."""

MOST_PARTS = 500
"""Parts of one expression that are followed; beyond, it counts as open."""


class Scope(NamedTuple):
    """Where an expression stands: in which module, and in which instance of a resource or of a module call.

    `siblings` is how many instances there are of that resource.
    """

    module: ModulePath
    key: Key = None
    for_each: Expression = None
    siblings: int = 1


class Known(NamedTuple):
    """A value that the plan tells."""

    value: Json


class Things(NamedTuple):
    """Instances of one resource by key, and the way to the value within each; several where the expression does not
    tell which, or means all."""

    instances: Mapping[Key, Instance]
    path: Path = ()


class Calls(NamedTuple):
    """Instances of a module that is called, as whole objects; several where the expression does not tell which."""

    parent: ModulePath
    name: str
    keys: tuple[Key, ...]


class Open(NamedTuple):
    """Something that the plan does not tell: a local value, a provider's function, a deeper expression."""

    what: str = ""


Part = Known | Things | Calls | Open
Parts = tuple[Part, ...]


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
        paths = _full(expression.get("references"))
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
        if any(_is_several(part) for part in found) and selecting:
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
        return _instances_at(group, rest[1:]) if group else ()

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
                return _entry(entries, scope.key)
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
                return _walk(value, path)
            case Things(instances, ()) if _is_several(part):
                return self._among(instances, path)
            case Things(instances, before):
                return (Things(instances, (*before, *path)),)
            case Calls():
                return self._into_module(part, path)
        return (part,)

    def _among(self, instances: Mapping[Key, Instance], path: Path) -> Parts:
        """One of the instances that an output gives as a map or list, by key or else by name."""
        key = _key_among(instances, path[0].value)
        if key is None:
            key = _key_by_name(instances, path[0].value)
        if key is not None:
            return (Things({None: instances[key]}, path[1:]),)
        if not path[0].is_key:
            return (Things(instances, path),)
        return (Things(instances, path[1:]),) if len(instances) == 1 else (Things(instances), Open("key"))

    def _into_module(self, calls: Calls, path: Path) -> Parts:
        """Further into a module: one of its instances, or an output of each that it may be."""
        if path[0].is_key and calls.keys != (None,):
            key = _key_among(dict.fromkeys(calls.keys), path[0].value)
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
        is_open = any(not _is_scalar(selector) for selector in selectors)
        if counting is not None and counting.siblings > len(keys):
            is_open = True  # the index is divided, or begins anew
        told = (_key_among(keys, selector.value) for selector in selectors if isinstance(selector, Known))
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


_SELECTORS = frozenset({"each", "count", "var", "local", "path", "terraform", "self"})


def _full(references: Json) -> list[Path]:
    """The references as paths, without those that are only the beginning of another."""
    paths = [parse_path(text) for text in references or () if isinstance(text, str)] if (
        isinstance(references, list)
    ) else []  # fmt: skip
    beginnings = {path[:end] for path in paths for end in range(1, len(path))}
    return list(dict.fromkeys(path for path in paths if path and path not in beginnings))


def _is_several(part: Part) -> bool:
    match part:
        case Things(instances, ()):
            return len(instances) > 1 or None not in instances
        case Calls():
            return len(part.keys) > 1
    return False


def _is_scalar(part: Part) -> bool:
    return isinstance(part, Known) and (
        part.value is None or isinstance(part.value, str | int | float | bool)
    )


def _instances_at(group: Mapping[Key, Instance], path: Path) -> Parts:
    """The instances that a reference to a resource means; none where it has no instance with that key."""
    if not path or not path[0].is_key or path[0].value == "*":
        return (Things(group, path[1:] if path and path[0].is_key else path),)
    key = _key_among(group, path[0].value)
    return () if key is None else (Things({None: group[key]}, path[1:]),)


def _key_among(keys: Mapping[Key, Any], value: Json) -> Key:
    """The key that equals a value; None where there is none.

    >>> _key_among({0: "a", 1: "b"}, "1"), _key_among({"a": 0}, "b"), _key_among({1: "a"}, True)
    (1, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if value in keys:
        return value
    number = int(value[:18]) if isinstance(value, str) and value.isdecimal() else None
    return number if number in keys else None


def _key_by_name(instances: Mapping[Key, Instance], name: Json) -> Key:
    """The key of the only instance with this name; outputs often give maps by name."""
    if len(instances) > MOST_PARTS:
        return None
    named = [key for key, instance in instances.items() if instance.attributes.get("name") == name]
    return named[0] if len(named) == 1 else None


def _entry(entries: list[Json], key: Key) -> Parts:
    """The entry of a list that became a map or set: the key itself, or the one object that is known by it."""
    if key in entries:
        return (Known(key),)
    named = [
        entry
        for entry in entries
        if isinstance(entry, dict) and key in (entry.get("name"), entry.get("key"), entry.get("id"))
    ]
    return (Known(named[0]),) if len(named) == 1 else (Open(),)


def _walk(value: Json, path: Path) -> Parts:
    for step in path:
        is_there = (
            step.value in value
            if isinstance(value, dict)
            else isinstance(value, list) and isinstance(step.value, int) and step.value < len(value)
        )
        if not is_there:
            return (Open(),)
        value = value[step.value]
    return (Known(value),)
