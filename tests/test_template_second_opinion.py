"""A second, independent evaluator of expressions agrees, on every expression of real templates that both evaluate.

It is `armexpr` of https://pypi.org/project/bicep-cost/. Where the two differ, `EXPLAINED` says who is right and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from bicep_cost import armexpr
from template_scope import SUBSCRIPTION, FakeScope, valued

from diagramgen.read.relaxed import relaxed
from diagramgen.read.template.expressions import TemplateProblem, evaluate
from diagramgen.read.template.expressions.syntax import is_expression
from diagramgen.read.template.values import contains_unknown

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
FOLDERS = {"arm-template": 750, "arm-bicep-build": 1400, "arm-portal-export": 50}
"""With how many expressions of a folder both evaluate at least."""
SAMPLES = {"securestring": "sample", "int": 2, "bool": True, "array": ["a", "b"], "object": {"a": "b"}}
GROUP = {
    "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net",
    "name": "rg-net",
    "location": "westeurope",
}


class Explained(NamedTuple):
    """Expressions that the two evaluate differently: those that `expression` is found in."""

    expression: str
    ours: str
    theirs: str
    because: str


EXPLAINED = (
    Explained(
        r"subscriptionResourceId\('Microsoft.Resources/resourceGroups', '",
        "/subscriptions/{subscription}/resourceGroups/{name}",
        "/subscriptions/{subscription}/providers/Microsoft.Resources/resourceGroups/{name}",
        "ours: it is the id of a resource group, as `bicep build` writes it, and such ids have no provider in them"
        " (https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-scope#resourcegroup)",
    ),
)

ALONE = (
    ("guid('asdf')", "228d27cc-6fdb-5934-b7ac-1efccebade04"),
    ("uniqueString('asd', 'asdf', 'asdf')", "iizpqit7ih3cc"),
    ("format('{0}', false())", "False"),
)
"""What Azure's own engine gives (see test_template_functions.py) and `armexpr` does not: its hashes are others, and it
writes claims in texts as JSON does. To compare what is made of hashes, its own are replaced by ours."""


class SecondScope:
    """What `armexpr` asks of a template."""

    default_subscription_id = SUBSCRIPTION
    default_resource_group = "rg-net"

    def __init__(self, parameters: dict[str, Any], variables: dict[str, Any]) -> None:
        self.parameters = {name.lower(): value for name, value in parameters.items()}
        self.variables = {name.lower(): value for name, value in variables.items()}

    def get_parameter(self, name: str) -> Any:
        return self.deep(self.parameters.get(name.lower(), armexpr.Unknown()))

    def get_variable(self, name: str) -> Any:
        return self.deep(self.variables.get(name.lower(), armexpr.Unknown()))

    def deep(self, value: Any) -> Any:
        if isinstance(value, str):
            return armexpr.evaluate_string(value, self)
        if isinstance(value, dict):
            return {str(self.deep(key)): self.deep(inner) for key, inner in value.items()}
        return [self.deep(inner) for inner in value] if isinstance(value, list) else value

    def copy_index(self, loop_name: str | None) -> int:
        if loop_name is not None:
            raise armexpr.ArmError("no such loop")
        return 0

    def reference(self, args: Sequence[Any]) -> Any:
        return armexpr.Unknown()

    def resource_group(self) -> Any:
        return GROUP

    def subscription(self) -> Any:
        return {"id": f"/subscriptions/{SUBSCRIPTION}", "subscriptionId": SUBSCRIPTION}

    def deployment(self) -> Any:
        return {"name": "main"}


def templates(value: Any) -> Iterator[dict[str, Any]]:
    """A template and those nested in it."""
    if isinstance(value, dict):
        if isinstance(value.get("resources"), list | dict) and "$schema" in value:
            yield value
        for inner in value.values():
            yield from templates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from templates(inner)


def expressions(value: Any, top: bool = True) -> Iterator[str]:
    """The expressions of a template without those of nested ones."""
    if isinstance(value, str):
        if is_expression(value):
            yield value
    elif isinstance(value, list):
        for inner in value:
            yield from expressions(inner, False)
    elif isinstance(value, dict) and (top or "$schema" not in value):
        for inner in value.values():
            yield from expressions(inner, False)


def given(template: dict[str, Any]) -> dict[str, Any]:
    """A value for each parameter: its default, or a sample of its type."""
    declared = template.get("parameters")
    found = {}
    for name, parameter in (declared if isinstance(declared, dict) else {}).items():
        if isinstance(parameter, dict):
            kind = str(parameter.get("type", "string")).lower()
            found[name] = parameter.get("defaultValue", SAMPLES.get(kind, "sample"))
    return found


def variables(template: dict[str, Any]) -> dict[str, Any]:
    declared = template.get("variables")
    if not isinstance(declared, dict):
        return {}
    return {name: value for name, value in declared.items() if name.lower() != "copy"}


def compared(template: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The expressions of a template that both evaluate, with both values."""
    parameters, local = given(template), variables(template)
    first, second = Lazy(parameters, local), SecondScope(parameters, local)
    for expression in dict.fromkeys(expressions(template)):
        try:
            ours = evaluate(expression, first, first.budget)
        except TemplateProblem:
            continue
        theirs = second.deep(expression)
        if not contains_unknown(ours) and "Unknown(" not in repr(theirs):
            yield expression, ours, theirs


class Lazy(FakeScope):
    """Defaults of parameters are expressions too."""

    def parameter(self, name: str) -> Any:
        return evaluate(super().parameter(name), self, self.budget)

    def resource_group(self) -> Any:
        return GROUP


def differences(path: Path) -> tuple[int, list[tuple[str, Any, Any]]]:
    """How many expressions of a file both evaluate, and those on which they differ."""
    document = orjson.loads(relaxed(path.read_text(encoding="utf-8-sig")))
    both = [found for template in templates(document) for found in compared(template)]
    return len(both), [found for found in both if repr(found[1]) != repr(found[2])]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_second_evaluator_agrees_on_real_templates(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("guid", "uniqueString"):
        ours = lambda args, _, name=name: valued(f"{name}({', '.join(map(quoted, args))})")  # noqa: E731
        monkeypatch.setitem(armexpr._FUNCTIONS, name.lower(), ours)
    total, differing = 0, []
    for path in sorted((CORPUS / folder).glob("**/*.json")):
        both, different = differences(path)
        total += both
        differing += different
    assert [found for found in differing if not any(map(explains(found[0]), EXPLAINED))] == []
    assert total >= FOLDERS[folder]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_every_explanation_is_still_needed() -> None:
    names = [
        name for folder in FOLDERS for path in (CORPUS / folder).glob("**/*.json") for name in differing(path)
    ]
    assert all(any(explains(name)(one) for name in names) for one in EXPLAINED)


@pytest.mark.parametrize(("expression", "engine"), ALONE)
def test_where_the_second_evaluator_is_wrong_ours_gives_what_azure_gives(
    expression: str, engine: str
) -> None:
    assert valued(expression) == engine
    assert armexpr.evaluate_string(f"[{expression}]", SecondScope({}, {})) != engine


def differing(path: Path) -> list[str]:
    return [found[0] for found in differences(path)[1]]


def explains(expression: str) -> Any:
    return lambda one: re.search(one.expression, expression) is not None


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
