"""Every property that the program reads is known to the import, so that a spec keeps it.

The names are found in the source of the stages that read properties: every constant in camel case, and every lower-case
word where a property is asked for. Words that are no properties of a resource are listed here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from diagramgen.author.read_names import READ

SOURCE = Path(__file__).parent.parent / "diagramgen"
STAGES = ("analyse", "model", "view")
CAMEL = re.compile(r"[a-z][a-z0-9]*[A-Z][A-Za-z0-9]*")
LOWER = re.compile(r"[a-z][a-z0-9]*")
ASKING = frozenset({"get", "at", "flag", "word", "listed", "items", "entries", "keys", "texts"})
"""Functions and methods that are given the names of properties."""
BESIDE = frozenset({
    "isConditional", "isOutOfScope", "isPartial", "isPlanned", "isUntold", "resourceGroup", "subscriptionId",
    "managedBy", "condition", "count", "each", "icon", "label", "line", "note", "style", "members", "backends",
})  # fmt: skip
"""What stands in the envelope of a resource: `common` and others say it."""
SPOKEN = frozenset({
    "a", "b", "between", "both", "boundaries", "by", "circuit", "columns", "connectionType", "fade", "focus", "frames",
    "from", "hide", "layout", "level", "on", "order", "ratio", "reason", "show", "standsFor", "subtitle", "text",
    "through", "title", "titleBlock", "traffic", "tunnels", "until", "users", "views", "workload",
})  # fmt: skip
"""What only a spec says, of what is no resource: `outside` writes it."""


OTHER = frozenset({
    "all", "auto", "internet", "named", "numbers", "other", "paas", "privatetraffic", "unknown", "unreadable", "vpn",
    "firewallrules", "ipv6firewallrules", "networkrulesets", "origins", "virtualnetworkrules",
})  # fmt: skip
"""Words of the program's own, and the types of children."""


def docstrings(tree: ast.AST) -> set[int]:
    """The identities of the nodes that are docstrings."""
    bodies = (
        n.body
        for n in ast.walk(tree)
        if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef) and n.body
    )
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}


def asked_for(tree: ast.AST) -> Iterator[str]:
    """The words that are given to functions that read properties, or stand between brackets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ASKING:
                yield from (
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                )
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield from [node.slice.value] if isinstance(node.slice.value, str) else []


def constants(tree: ast.AST) -> Iterator[str]:
    told = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def names_in(stage: str) -> set[str]:
    found: set[str] = set()
    for file in (SOURCE / stage).rglob("*.py"):
        tree = ast.parse(file.read_text())
        found |= {text for text in constants(tree) if CAMEL.fullmatch(text)}
        found |= {text for text in asked_for(tree) if LOWER.fullmatch(text)}
    return found


def test_the_import_knows_every_property_that_is_read() -> None:
    names = {name for stage in STAGES for name in names_in(stage)}
    assert sorted(names - READ - BESIDE - SPOKEN - OTHER) == [], (
        "add what is a property to author/read_names.py"
    )
