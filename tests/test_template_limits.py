"""Templates built to explode end in words, before they have cost much."""

from __future__ import annotations

from typing import Any

import pytest
from template_samples import deployment, inner, refusal, template, vnet


def _nested_loops(depth: int) -> dict[str, Any]:
    body: Any = {"x": "y"}
    for level in range(depth):
        body = {"copy": [{"name": f"l{level}", "count": 800, "input": body}]}
    return template(vnet("hub", tags=body))


def _doubling() -> dict[str, Any]:
    variables: dict[str, Any] = {"v0": "[createArray('a', 'b')]"}
    for n in range(1, 60):
        variables[f"v{n}"] = f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]"
    return template(vnet("hub", tags={"t": "[variables('v59')]"}), variables=variables)


def _deployments(depth: int, width: int) -> dict[str, Any]:
    inside = inner(vnet("deep"))
    for _ in range(depth):
        inside = inner(deployment("[concat('d', copyIndex())]", inside, copy={"name": "l", "count": width}))
    return template(deployment("top", inside))


EXPLODING = {
    "loops in loops": _nested_loops(5),
    "a long range": template(vnet("hub", tags={"t": "[range(0, 2000000000)]"})),
    "a loop of billions": template(
        vnet("[concat('v', copyIndex())]", copy={"name": "l", "count": 2_000_000_000})
    ),
    "a list that doubles": _doubling(),
    "deployments in deployments": _deployments(6, 100),
    "deep deployments": _deployments(40, 1),
}


@pytest.mark.parametrize("name", EXPLODING)
def test_an_exploding_template_ends_in_words(name: str) -> None:
    main = EXPLODING[name]
    try:
        error = refusal(main)
    except AssertionError:
        assert name == "a long range"  # may be the problem of one expression alone
    else:
        assert error.code == "template-too-large"
        assert error.place is not None


def test_deep_values_end_in_words() -> None:
    deep: Any = {}
    for _ in range(300):
        deep = {"x": deep}
    assert refusal(template(vnet("hub", tags=deep))).code in ("template-too-large", "json-too-deep")
