"""The grammar of template expressions, how a JSON value is walked, and the bounds on what a template may cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from template_scope import FakeScope, valued

from diagramgen.read.template.expressions import Budget, TemplateProblem, TooMuch, evaluate
from diagramgen.read.template.expressions.shown import shown
from diagramgen.read.template.expressions.syntax import DEEPEST_NESTING, Access, Call, Literal, parse
from diagramgen.read.template.values import Unknown, contains_unknown, joined, plain, unknown_parameter


def test_a_call_with_accesses_is_read_to_the_last_sign() -> None:
    tree = parse("[ns.Fn('it''s', -3)\n .a ['b'] [ add(1,2) ]]")
    call = Call("ns", "Fn", "fn", (Literal("it's"), Literal(-3)))
    sum_ = Call("", "add", "add", (Literal(1), Literal(2)))
    assert tree == Access(Access(Access(call, Literal("a")), Literal("b")), sum_)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("['literal']", "literal"),
        ("[5]", 5),
        ("[ 'a b' ]", "a b"),
        ("[concat('[', ']')]", "[]"),
        ("[concat('a\nb', 'c')]", "a\nbc"),
        ("[CONCAT('a', Sys.ToLower('B'))]", "ab"),
        ("[createObject('$schema', 1).$schema]", 1),
        ("[createObject('a', createArray(0, createObject('b', 7))).A[1]['B']]", 7),
        ("[[literal]", "[literal]"),
        ("[[literal] and more", "[[literal] and more"),
        ("[not closed", "[not closed"),
        (" [concat('a')]", " [concat('a')]"),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_a_string_is_an_expression_only_in_brackets(text: str, value: Any) -> None:
    assert evaluate(text, FakeScope(), Budget()) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "a function, a text or a number is missing at character 2"),
        ("[concat('a', )]", "a function, a text or a number is missing at character 14"),
        ("[concat('a' 'b')]", "`)` is missing at character 13"),
        ("[concat('a']", "`)` is missing at character 12"),
        ("[concat('a)]", "a function, a text or a number is missing at character 9"),
        ("[concat('a'))]", "`]` is missing at character 13"),
        ("[concat('a')] b]", "the end is missing at character 15"),
        ("[name]", "`(` is missing at character 6"),
        ("[concat('a').]", "a name is missing at character 14"),
        ("[::1]", "a function, a text or a number is missing at character 2"),
        ("[1.5]", "a name is missing at character 4"),
        ("[" + "not(" * 100 + ")" * 100 + "]", f"deeper than {DEEPEST_NESTING} levels"),
        ("[concat('a')" + "[0" * 100 + "]" * 101, f"deeper than {DEEPEST_NESTING} levels"),
    ],
)
def test_what_breaks_the_grammar_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        evaluate(text, FakeScope(), Budget())
    assert message in caught.value.message
    assert caught.value.expression


def test_a_whole_json_value_is_evaluated_in_values_and_in_names() -> None:
    value = {
        "name": "[concat('vnet-', parameters('n'))]",
        "[format('{0}-tag', parameters('n'))]": ["[add(1, 2)]", 3, None, True, 1.5, {"deep": "[null()]"}],
        "[parameters('unknown')]": "x",
    }
    found = evaluate(value, FakeScope({"n": "hub"}), Budget())
    assert found == {
        "name": "vnet-hub",
        "hub-tag": [3, 3, None, True, 1.5, {"deep": None}],
        "{unknown}": "x",
    }
    assert value["name"] == "[concat('vnet-', parameters('n'))]"


def test_a_value_that_is_given_is_never_changed() -> None:
    given = {"a": [1, 2], "o": {"x": {"y": 1}}}
    scope = FakeScope({"p": given})
    for expression in (
        "union(parameters('p').o, createObject('x', createObject('z', 2)))",
        "concat(parameters('p').a, createArray(3))",
        "flatten(createArray(parameters('p').a, createArray(3)))",
        "shallowMerge(createArray(parameters('p').o, createObject('q', 1)))",
        "map(parameters('p').a, lambda('x', add(lambdaVariables('x'), 1)))",
    ):
        valued(expression, scope)
    assert given == {"a": [1, 2], "o": {"x": {"y": 1}}}


def test_a_wrong_expression_can_be_replaced_and_the_rest_evaluated() -> None:
    met: list[TemplateProblem] = []

    def note(problem: TemplateProblem) -> str:
        met.append(problem)
        return "?"

    found = evaluate({"a": "[int('x')]", "b": "[add(1, 1)]"}, FakeScope(), Budget(), note)
    assert found == {"a": "?", "b": 2}
    assert [problem.expression for problem in met] == ["[int('…')]"]


def test_the_innermost_wrong_expression_is_told() -> None:
    scope = FakeScope(variables={"a": "[variables('b')]", "b": "[div(1, 0)]"})
    with pytest.raises(TemplateProblem) as caught:
        valued("concat(variables('a'))", scope)
    assert caught.value.expression == "[div(1, 0)]"


def test_no_message_shows_a_text_of_the_expression() -> None:
    for expression in (
        "int('hunter2')",
        "concat('hunter2', createArray('hunter2'))",
        "json('{hunter2')",
        "union('hunter2')",
        "concat('hunter2",
        "parameters('p')['hunter2x'",
        "base64ToString('hunter2!')",
        "cidrSubnet('hunter2', 24, 0)",
        "dateTimeAdd('2020-01-01T00:00:00Z', 'hunter2')",
        "padLeft('x', 3, 'hunter2')",
        "bool('hunter2')",
    ):
        with pytest.raises(TemplateProblem) as caught:
            valued(expression, FakeScope({"p": {"password": "hunter2"}}))
        assert "hunter2" not in caught.value.message + caught.value.expression


def test_a_long_expression_is_shown_short() -> None:
    assert shown(
        "[concat(parameters('name'), '/', 'Passw0rd', resourceId('Microsoft.Network/virtualNetworks', 'x'))]"
    ) == ("[concat(parameters('name'), '/', '…', resourceId('Microsoft.Network/virtualNetworks', '…'))]")
    assert len(shown("[concat(" + "parameters('name'), " * 100 + "'x')]")) == 120


def test_values_show_what_is_not_known_in_them() -> None:
    vnet = joined(["vnet-", unknown_parameter("location")])
    assert plain({"a": [vnet, 1]}) == {"a": ["vnet-{location}", 1]}
    assert (
        contains_unknown({"a": [vnet]})
        and contains_unknown({"{name}": 1})
        and not contains_unknown({"a": ["vnet"]})
    )
    assert joined(["a", "b"]) == "ab"
    assert joined([joined(["a", vnet]), "b"]).pieces == ("avnet-", unknown_parameter("location"), "b")
    assert {vnet: 1}[Unknown("vnet-{location}", "parameter `location` has no value")] == 1


# Bounds: whatever a template is built to do, it ends in words. `$x` stands for `lambdaVariables('x')`.

RANGE = "range(0, 10000)"
EXPLODING = {
    "many numbers": f"[map({RANGE}, lambda('i', {RANGE}))]",
    "a map in a map in a map": f"[map({RANGE}, lambda('i', map({RANGE}, lambda('j', map({RANGE}, lambda('k', 1))))))]",
    "empty work": f"[filter({RANGE}, lambda('i', contains({RANGE}, 'x')))]",
    "text that doubles": f"[reduce({RANGE}, 'ab', lambda('a', 'b', concat($a, $a)))]",
    "lists that double": f"[reduce({RANGE}, createArray(1), lambda('a', 'b', concat($a, $a)))]",
    "text that is replaced by itself": f"[reduce({RANGE}, 'aa', lambda('a', 'b', replace($a, 'a', $a)))]",
    "lists in lists": f"[reduce({RANGE}, 1, lambda('a', 'b', createArray($a, $a)))]",
    "one list in one list": f"[reduce({RANGE}, 1, lambda('a', 'b', createArray($a)))]",
    "objects in objects": f"[reduce({RANGE}, 1, lambda('a', 'b', createObject('a', $a, 'b', $a)))]",
    "a union that grows": f"[reduce({RANGE}, createArray(), lambda('a', 'b', union($a, {RANGE})))]",
    "an unknown text that grows": f"[reduce({RANGE}, parameters('u'), lambda('a', 'b', concat($a, '-', $a)))]",
    "unknown lists that grow": f"[reduce({RANGE}, parameters('u'), lambda('a', 'b', concat(createArray(1), $a, $a)))]",
    "a walk for every element": f"[map({RANGE}, lambda('i', string(createArray({RANGE}, parameters('u')))))]",
    "a comparison for every element": f"[map({RANGE}, lambda('i', equals({RANGE}, {RANGE})))]",
    "wide places": f"[map({RANGE}, lambda('i', format('{{0,10000}}', 'a')))]",
    "a wide pad": "[padLeft('a', 2000000000)]",
    "joined at length": f"[join({RANGE}, join({RANGE}, join({RANGE}, 'x')))]",
    "an order of many": f"[sort({RANGE}, lambda('a', 'b', contains({RANGE}, $a)))]",
    "names of many": f"[toObject({RANGE}, lambda('i', string(createArray({RANGE}, $i))))]",
    "a variable that needs itself": "[variables('loop')]",
    "variables that need each other": "[variables('ping')]",
    "variables that double": "[variables('v40')]",
    "json in json": "[json(concat(" + ", ".join(["'[[[[[[[[[['"] * 50) + "))]",
}
VARIABLES = {
    "loop": "[concat(variables('loop'), 'a')]",
    "ping": {"a": ["[variables('pong')]"]},
    "pong": {"b": "[variables('ping').a]"},
    "v0": [1, 2],
    **{f"v{n}": {"a": f"[variables('v{n - 1}')]", "b": f"[variables('v{n - 1}')]"} for n in range(1, 41)},
}


def written(expression: str) -> str:
    return re.sub(r"\$(\w+)", r"lambdaVariables('\1')", expression)


@pytest.mark.parametrize("expression", EXPLODING.values(), ids=EXPLODING.keys())
def test_a_template_that_is_built_to_explode_ends_in_words(expression: str) -> None:
    budget = Budget(60_000, 60_000)
    scope = FakeScope({"u": unknown_parameter("u")}, VARIABLES, budget=budget)
    with pytest.raises(TemplateProblem) as caught:
        evaluate({"properties": [written(expression)]}, scope, budget)
    assert caught.value.message
    assert caught.value.expression


def test_a_bound_is_told_with_its_number_and_cannot_be_replaced() -> None:
    budget = Budget(1_000, 1_000)
    with pytest.raises(TooMuch, match=r"more than 1,000 (steps|values)"):
        evaluate(EXPLODING["many numbers"], FakeScope(budget=budget), budget, lambda problem: "replaced")


def test_a_deep_document_ends_in_words() -> None:
    value: Any = "[concat('a')]"
    for _ in range(400):
        value = [value]
    with pytest.raises(TooMuch, match="nests deeper"):
        evaluate(value, FakeScope(), Budget())


def test_a_template_of_many_resources_is_within_the_bounds() -> None:
    rule = {
        "name": "[format('rule-{0}', copyIndex())]",
        "id": "[resourceId('Microsoft.Network/networkSecurityGroups/securityRules', variables('nsg'), 'x')]",
        "priority": "[add(100, mul(10, copyIndex()))]",
        "tags": "[union(variables('tags'), createObject('n', string(copyIndex())))]",
    }
    budget = Budget()
    scope = FakeScope(variables={"nsg": "nsg", "tags": {str(n): "x" * 60 for n in range(15)}}, budget=budget)
    for _ in range(10_000):
        evaluate(rule, scope, budget)
