"""The flat attributes of old states: `ip_configuration.0.name` -> nested values.

Terraform before 0.12 kept texts alone: `x.#` is the length of a list or set (whose entries are numbered or hashed),
`x.%` that of a map. https://github.com/hashicorp/terraform/blob/v0.11.15/flatmap/expand.go
"""

from __future__ import annotations

from typing import Any

_WORDS = {"true": True, "false": False}


def expand(flat: dict[str, Any]) -> dict[str, Any]:
    """The nested attributes.

    >>> expand({"name": "a", "dns.#": "1", "dns.0": "10.0.0.4", "tags.%": "0", "rule.#": "1", "rule.77.name": "b"})
    {'name': 'a', 'dns': ['10.0.0.4'], 'tags': {}, 'rule': [{'name': 'b'}]}
    """
    root: dict[str, Any] = {}
    for path, value in flat.items():
        node: Any = root
        steps = _steps(path)
        for step in steps[:-1]:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                break
            node = below
        else:
            node.setdefault(steps[-1], value)
    found = _nested(root)
    return found if isinstance(found, dict) else {}


def _steps(path: str) -> list[str]:
    """The steps of a path; the keys of tags may hold points themselves.

    >>> _steps("tags.a.b"), _steps("x.0.y")
    (['tags', 'a.b'], ['x', '0', 'y'])
    """
    first, point, rest = path.partition(".")
    if point and first == "tags":
        return [first, rest]
    return path.split(".")[:50]


def _nested(node: Any) -> Any:
    if not isinstance(node, dict):
        return _WORDS.get(node, node) if isinstance(node, str) else node
    if "#" in node:
        keys = [key for key in node if key != "#"]
        keys.sort(key=lambda key: (0, int(key[:18]), key) if key.isdecimal() else (1, 0, key))
        return [_nested(node[key]) for key in keys]
    return {key: _nested(value) for key, value in node.items() if key != "%"}
