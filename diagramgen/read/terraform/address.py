"""Addresses of modules, resources and what they refer to: text -> parts, and back.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

Key = str | int | None
"""Which of several: `count` gives numbers, `for_each` texts; None where there is one alone."""


class Step(NamedTuple):
    """One step of a path: an attribute or name, or what stands in brackets."""

    value: str | int
    is_key: bool = False


Path = tuple[Step, ...]


class Call(NamedTuple):
    """A module within its parent: its name, and which instance of it."""

    name: str
    key: Key = None


ModulePath = tuple[Call, ...]

_STEP = re.compile(r'\.?(?:([^\s.\[\]"]+)|\[(\d+|"(?:[^"\\]|\\.)*"|\*)\])')
LONGEST_PATH = 200
"""Steps of an address; real ones have a dozen."""


def parse_path(text: str) -> Path:
    """The steps of an address or reference; nothing for what is no such text.

    >>> [step.value for step in parse_path('module.a["x.y"].azurerm_subnet.b[0].id')]
    ['module', 'a', 'x.y', 'azurerm_subnet', 'b', 0, 'id']
    """
    steps: list[Step] = []
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None or len(steps) > LONGEST_PATH:
            return ()
        name, key = found.groups()
        steps.append(Step(name) if name is not None else Step(_key(key), True))
        position = found.end()
    return tuple(steps)


def split_module(path: Path) -> tuple[ModulePath, Path]:
    """The modules that a path leads through, and the rest of it.

    >>> split_module(parse_path('module.a["x"].module.b.azurerm_subnet.c'))[0]
    (Call(name='a', key='x'), Call(name='b', key=None))
    """
    calls: list[Call] = []
    rest = path
    while len(rest) > 1 and rest[0] == Step("module"):
        key = rest[2].value if len(rest) > 2 and rest[2].is_key else None
        calls.append(Call(str(rest[1].value), key))
        rest = rest[2 if key is None else 3 :]
    return tuple(calls), rest


def write_module(module: ModulePath) -> str:
    """The address of a module instance.

    >>> write_module((Call("a", "x"), Call("b", 0)))
    'module.a["x"].module.b[0]'
    """
    return ".".join(f"module.{call.name}{_in_brackets(call.key)}" for call in module)


def write_address(module: ModulePath, mode: str, kind: str, name: str, key: Key) -> str:
    """The full address of a resource instance.

    >>> write_address((Call("a"),), "data", "azurerm_subnet", "b", 0)
    'module.a.data.azurerm_subnet.b[0]'
    """
    parts = [write_module(module)] if module else []
    parts += ["data"] if mode == "data" else []
    return ".".join([*parts, kind, name + _in_brackets(key)])


def names_of(module: Iterable[Call]) -> tuple[str, ...]:
    """A module's path without keys: all its instances have one configuration."""
    return tuple(call.name for call in module)


def _key(text: str) -> str | int:
    if text.isdecimal():
        return int(text[:18])
    if text == "*":
        return text
    try:
        found = json.loads(text)
    except ValueError:
        return text.strip('"')
    return found if isinstance(found, str) else text


def _in_brackets(key: Key) -> str:
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    is_plain = key.isprintable() and '"' not in key and "\\" not in key
    return f'["{key}"]' if is_plain else f"[{json.dumps(key, ensure_ascii=False)}]"
