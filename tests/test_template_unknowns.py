"""What is not known: whatever it turns out to be, what was concluded without it holds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from template_scope import NO_GROUP, NO_SUBSCRIPTION, FakeScope, valued

from diagramgen.read.template.expressions import Budget, Target, TemplateProblem, TooMuch
from diagramgen.read.template.values import (
    Partial,
    Unknown,
    Value,
    contains_unknown,
    joined,
    plain,
    unknown_parameter,
)

U = unknown_parameter("x")
TEXT = unknown_parameter("name", "string")
SEGMENT = unknown_parameter("segment", "name")
LIST = unknown_parameter("list", "array")
PARTS = joined(["vnet-", SEGMENT, "/sub"])

KNOWN = [
    ("and(parameters('u'), false())", False),
    ("and(false(), parameters('u'))", False),
    ("or(parameters('u'), true())", True),
    ("if(parameters('u'), 'a', 'a')", "a"),
    ("if(parameters('u'), createObject('id', 1, 'x', 2), createObject('id', 1, 'x', 2)).id", 1),
    ("if(parameters('u'), createObject('id', 1, 'x', 2), createObject('id', 1, 'x', 3)).id", 1),
    ("length(if(parameters('u'), createArray('a', 'b'), createArray('a', 'c')))", 2),
    ("if(parameters('u'), fail('not so'), 'b')", "b"),
    ("if(parameters('u'), 'a', fail('not so'))", "a"),
    ("equals(parameters('u'), parameters('U'))", True),
    ("equals(concat('a', parameters('u')), concat('a', parameters('u')))", True),
    ("equals(parameters('u').a.b, parameters('u').a.b)", True),
    ("equals(concat('a', parameters('u')), 'b')", False),
    ("equals(concat('a', parameters('u')), 'a', )".replace(", )", ")"), None),
    ("equals(parameters('text'), 1)", False),
    ("equals(parameters('segment'), '')", False),
    ("equals(createArray(parameters('u'), 1), createArray(parameters('u'), 2))", False),
    ("length(createArray(parameters('u'), 1))", 2),
    ("empty(createArray(parameters('u')))", False),
    ("empty(concat('a', parameters('u')))", False),
    ("empty(parameters('segment'))", False),
    ("empty(concat(parameters('list'), createArray(1)))", False),
    ("contains(createArray(parameters('u'), 'b'), 'b')", True),
    ("contains(concat('abc', parameters('u')), 'bc')", True),
    ("contains(createObject('a', parameters('u')), 'A')", True),
    ("contains(concat(createArray('a'), parameters('list')), 'a')", True),
    ("first(concat(createArray('a'), parameters('list')))", "a"),
    ("last(concat(parameters('list'), createArray('z')))", "z"),
    ("last(split(parameters('parts'), '/'))", "sub"),
    ("last(split(concat(parameters('u'), '/x/y'), '/'))", "y"),
    ("split(concat('/a/b', parameters('u')), '/')[1]", "a"),
    ("take(concat('vnet', parameters('u')), 3)", "vne"),
    ("substring(concat('vnet', parameters('u')), 1, 2)", "ne"),
    ("first(concat('vnet', parameters('u')))", "v"),
    ("startsWith(concat('vnet', parameters('u')), 'VN')", True),
    ("startsWith(concat('vnet', parameters('u')), 'x')", False),
    ("endsWith(concat(parameters('u'), 'net'), 'T')", True),
    ("indexOf(concat('vnet', parameters('u')), 'ne')", 1),
    ("coalesce(null(), 'a', parameters('u'))", "a"),
    ("coalesce(parameters('text'), 'a')", TEXT),
    ("coalesce(parameters('u'), fail('needed'))", U),
    ("tryGet(createObject('a', parameters('u')), 'b')", None),
    ("union(createObject('a', parameters('u')), createObject('a', 1))", {"a": 1}),
    ("union(createObject('a', 1), createObject('b', parameters('u'))).a", 1),
    ("map(createArray(parameters('u'), 'b'), lambda('x', 1))", [1, 1]),
    ("filter(createArray(parameters('u'), 'b'), lambda('x', true()))[1]", "b"),
    ("replace(parameters('parts'), '?', 'x')", None),
    ("replace(resourceGroup().name, '/', '-')", NO_GROUP),
    ("format('{0}', parameters('segment'))", SEGMENT),
    ("concat(parameters('text'))", TEXT),
    ("string(parameters('text'))", TEXT),
    ("skip(concat('/subscriptions/', parameters('segment')), 15)", SEGMENT),
]


def given_scope() -> FakeScope:
    parameters = {"u": U, "text": TEXT, "segment": SEGMENT, "list": LIST, "parts": PARTS}
    return FakeScope(parameters, target=Target(NO_SUBSCRIPTION, NO_GROUP))


@pytest.mark.parametrize(("expression", "expected"), [row for row in KNOWN if row[1] is not None])
def test_what_is_not_known_decides_only_what_it_can_change(expression: str, expected: Any) -> None:
    assert repr(valued(expression, given_scope())) == repr(expected)


UNKNOWN = {
    "concat('vnet-', parameters('u'), '-', 1)": "vnet-{x}-1",
    "format('{0}-{1:D2}', parameters('text'), parameters('u'))": "{name}-{x:D2}",
    "toLower(concat('ST', uniqueString(resourceGroup().id)))": "st{uniqueString tloom}",
    "parameters('u').subnets[0].id": "{x.subnets[0].id}",
    "if(parameters('u'), 'hub', 'spoke')": "{hub or spoke}",
    "if(parameters('u'), '', parameters('text'))": None,
    "coalesce(parameters('u'), 'westeurope')": "{x or westeurope}",
    "coalesce(parameters('u'), createArray())[0].name": "{x[0].name}",
    "split(parameters('text'), '/')[8]": "{split(name, '/')[8]}",
    "equals(parameters('u'), 1)": "{equals(x, 1)}",
    "not(parameters('u'))": "{not(x)}",
    "union(parameters('u'), createObject())": None,
    "guid(parameters('text'), 'role')": None,
    "contains(parameters('u'), 'x')": None,
    "contains(createArray('a'), parameters('u'))": None,
    "length(parameters('list'))": "{length(list)}",
    "empty(parameters('text'))": "{empty(name)}",
    "if(parameters('u'), parameters('missing').x, createArray(1)[5])": None,
    "equals(newGuid(), newGuid())": None,
    "equals(parameters('text'), 'a')": None,
    "equals(parameters('x'), parameters('y'))": "{equals(x, y)}",
    "items(parameters('u'))": "{items(x)}",
    "filter(createArray('a', 'b'), lambda('n', equals(lambdaVariables('n'), parameters('u'))))": None,
    "sort(createArray(1, 2), lambda('a', 'b', parameters('u')))": None,
    "createObject(parameters('u'), 1).other": None,
    "cidrSubnet(parameters('text'), 24, 1)": "{cidrSubnet(name, 24, 1)}",
    "listKeys(resourceId('A.B/c', 'st'), '2023-01-01').keys[0].value": "{listKeys(st).keys[0].value}",
}


@pytest.mark.parametrize(("expression", "text"), UNKNOWN.items())
def test_what_is_not_known_stays_so_with_a_short_text(expression: str, text: str | None) -> None:
    found = valued(expression, given_scope())
    assert isinstance(found, Unknown)
    assert found.why
    assert len(found.text) <= 80
    assert text is None or found.text == text


def test_texts_tell_values_apart_that_look_alike() -> None:
    names = ["a" * 40 + str(number) for number in range(200)]
    texts = {
        valued("uniqueString(parameters('n'), 'x')", n=Unknown("{" + name + "}", "")).text for name in names
    }
    texts |= {valued(f"replace(parameters('n'), 'a', '{name}')", n=TEXT).text for name in names}
    texts |= {valued("toLower(parameters('n').x)", n=Unknown("{" + name + "}", "")).text for name in names}
    assert len(texts) == 600


def test_texts_are_the_same_in_every_run() -> None:
    first, second = (valued("uniqueString(resourceGroup().id)", given_scope()) for _ in range(2))
    assert first.text == second.text
    assert first.why == NO_SUBSCRIPTION.why


def test_a_text_shows_no_known_text_of_an_argument() -> None:
    found = valued("replace(parameters('t'), 'hunter2', 'hunter3')", t=TEXT)
    assert "hunter" not in found.text + found.why


# Properties: any value in the place of an unknown one agrees with what was concluded.

WORDS = st.sampled_from(["", "a", "A", "b", "ab", "a/b", "/a/b/c", "x-y", "a-b/c", "10.0.0.0/16", "vnet"])
NUMBERS = st.integers(-2, 6)
SCALARS = st.one_of(WORDS, NUMBERS, st.booleans(), st.none())
LISTS = st.lists(st.one_of(WORDS, NUMBERS), max_size=4)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "k", "id"]), st.one_of(SCALARS, LISTS), max_size=3)
PARAMETERS = st.fixed_dictionaries(
    {
        "s": WORDS,
        "t": WORDS,
        "i": NUMBERS,
        "b": st.booleans(),
        "l": LISTS,
        "m": LISTS,
        "o": OBJECTS,
        "p": OBJECTS,
        "n": SCALARS,
    }
)


def expressions() -> st.SearchStrategy[str]:
    """Expressions of every kind over the parameters, small."""
    texts: st.SearchStrategy[str]
    numbers: st.SearchStrategy[str]
    claims: st.SearchStrategy[str]
    lists: st.SearchStrategy[str]
    objects: st.SearchStrategy[str]
    texts = st.deferred(lambda: st.one_of(leaf_text, *(made(form) for form in TEXTS)))
    numbers = st.deferred(lambda: st.one_of(leaf_number, *(made(form) for form in COUNTS)))
    claims = st.deferred(lambda: st.one_of(leaf_claim, *(made(form) for form in CLAIMS)))
    lists = st.deferred(lambda: st.one_of(leaf_list, *(made(form) for form in ARRAYS)))
    objects = st.deferred(lambda: st.one_of(leaf_object, *(made(form) for form in BAGS)))
    leaf_text = st.sampled_from(["parameters('s')", "parameters('t')", "'a'", "'/'", "'b/c'"])
    leaf_number = st.sampled_from(["parameters('i')", "0", "1", "2"])
    leaf_claim = st.sampled_from(["parameters('b')", "true()"])
    leaf_list = st.sampled_from(["parameters('l')", "parameters('m')", "createArray('a', 1)"])
    leaf_object = st.sampled_from(["parameters('o')", "parameters('p')", "createObject('a', 1)"])
    values = st.one_of(texts, numbers, claims, lists, objects, st.just("parameters('n')"), st.just("null()"))
    kinds = {"S": texts, "I": numbers, "B": claims, "L": lists, "O": objects, "V": values}

    def made(form: str) -> st.SearchStrategy[str]:
        holes = re.findall(r"\b[SIBLOV]\b", form)
        return st.tuples(*(kinds[hole] for hole in holes)).map(lambda found: _filled(form, found))

    return values


def _filled(form: str, found: tuple[str, ...]) -> str:
    parts = iter(found)
    return re.sub(r"\b[SIBLOV]\b", lambda _: next(parts), form)


TEXTS = [
    "concat(S, S)", "concat(S, I, B)", "toLower(S)", "toUpper(S)", "trim(S)", "replace(S, S, S)",
    "replace(S, '/', S)", "take(S, I)", "skip(S, I)", "substring(S, I, I)", "substring(S, I)", "first(S)",
    "last(S)", "join(L, S)", "format('{0}-{1}', S, V)", "format('{0:D2}{1,3}', I, S)", "string(V)",
    "if(B, S, S)", "coalesce(parameters('n'), S)", "split(S, '/')[I]", "last(split(S, '/'))",
    "first(split(S, createArray('/', '-')))", "padLeft(S, 5, '0')", "uniqueString(S, S)", "guid(S)",
    "base64(S)", "resourceId('Ab.Cd/e/f', S, S)", "resourceId(S, 'Ab.Cd/e', S)", "O.a", "tryGet(O, 'b')",
    "L[I]", "first(L)", "last(L)", "tryIndexFromEnd(L, I)", "split(resourceId('Ab.Cd/e', S), '/')[I]",
    "reduce(L, S, lambda('a', 'x', concat(lambdaVariables('a'), lambdaVariables('x'))))",
]  # fmt: skip
COUNTS = [
    "add(I, I)", "sub(I, I)", "div(I, I)", "mod(I, I)", "length(L)", "length(S)", "length(O)", "indexOf(S, S)",
    "indexOf(L, V)", "lastIndexOf(S, S)", "lastIndexOf(L, V)", "min(I, I)", "if(B, I, I)",
    "length(split(S, '/'))",
]  # fmt: skip
CLAIMS = [
    "and(B, B)", "or(B, B)", "not(B)", "equals(V, V)", "equals(S, S)", "equals(L, L)", "equals(O, O)",
    "contains(S, S)", "contains(L, V)", "contains(O, S)", "empty(S)", "empty(L)", "empty(O)",
    "empty(parameters('n'))", "startsWith(S, S)", "endsWith(S, S)", "less(I, I)", "less(S, S)",
    "greaterOrEquals(I, I)", "if(B, B, B)", "equals(coalesce(V, V), V)", "like(S, '*/b*')",
    "contains(split(S, '/'), S)",
]  # fmt: skip
ARRAYS = [
    "createArray(V, V)", "concat(L, L)", "union(L, L)", "intersection(L, L)", "split(S, '/')", "take(L, I)",
    "skip(L, I)", "range(I, I)", "map(L, lambda('x', string(lambdaVariables('x'))))", "distinct(L)",
    "flatten(createArray(L, L))", "filter(L, lambda('x', equals(lambdaVariables('x'), V)))", "items(O)",
    "objectKeys(O)", "array(V)", "if(B, L, L)",
    "sort(L, lambda('x', 'y', less(string(lambdaVariables('x')), string(lambdaVariables('y')))))",
    "coalesce(O.a, L)",
]  # fmt: skip
BAGS = [
    "createObject('a', V, 'k', V)", "createObject(S, V)", "union(O, O)", "intersection(O, O)", "if(B, O, O)",
    "shallowMerge(createArray(O, O))", "mapValues(O, lambda('v', string(lambdaVariables('v'))))",
    "toObject(L, lambda('x', concat('k', string(lambdaVariables('x')))))",
    "groupBy(L, lambda('x', toLower(string(lambdaVariables('x')))))", "tryGet(createObject('a', O), 'a')",
]  # fmt: skip


class Veil:
    """Puts unknowns into values; equal values may get the same unknown."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.seen: dict[tuple[str, str], Unknown] = {}

    def over(self, value: Value) -> Value:
        kind = self.draw(st.sampled_from(["open", "shared", "whole", "parts"]))
        if kind == "open":
            return value
        if kind == "shared":
            return self.seen.setdefault((repr(value), "shared"), self.unknown(value))
        if kind == "parts" and isinstance(value, str) and value:
            cut = self.draw(st.integers(0, len(value)))
            return joined([value[:cut], self.unknown(value[cut:]), ""])
        if kind == "parts" and isinstance(value, list):
            return [self.over(inner) for inner in value]
        if kind == "parts" and isinstance(value, dict):
            if self.draw(st.booleans()):
                known = {key: self.over(inner) for key, inner in value.items() if self.draw(st.booleans())}
                return Partial(known, "partial", "veiled")
            return {self.key(key): self.over(inner) for key, inner in value.items()}
        return self.unknown(value)

    def key(self, key: str) -> str:
        return "{" + key + "}" if self.draw(st.integers(0, 9)) == 0 else key

    def unknown(self, value: Value) -> Unknown:
        kinds: list[Any] = [
            "",
            {str: "string", int: "int", bool: "bool", list: "array", dict: "object"}.get(type(value), ""),
        ]
        if isinstance(value, str) and value and "/" not in value:
            kinds.append("name")
        return Unknown("{" + str(len(self.seen)) + "}", "veiled", self.draw(st.sampled_from(kinds)))


def agrees(found: Value, actual: Value) -> bool:
    """Whether what was concluded holds for what a value turned out to be."""
    if isinstance(actual, Unknown):
        return True
    if isinstance(found, Unknown):
        return agrees_unknown(found, actual)
    if isinstance(found, Partial):
        return isinstance(actual, dict) and all(agrees(found[key], actual.get(key)) for key in found)
    if isinstance(found, dict) and isinstance(actual, dict):
        open_ = any("{" in key for key in found)
        return len(found) == len(actual) and all(
            key in actual and agrees(value, actual[key])
            for key, value in found.items()
            if not ("{" in key and open_)
        )
    if isinstance(found, list) and isinstance(actual, list):
        return len(found) == len(actual) and all(map(agrees, found, actual))
    return type(found) is type(actual) and bool(found == actual)


def agrees_unknown(found: Unknown, actual: Value) -> bool:
    kinds = {"string": str, "name": str, "int": int, "bool": bool, "array": list, "object": dict}
    if found.kind and type(actual) is not kinds[found.kind]:
        return False
    if found.kind == "name" and (not actual or "/" in actual):
        return False
    if isinstance(actual, str):
        pattern = "".join(re.escape(piece) if isinstance(piece, str) else "(?s:.*)" for piece in found.pieces)
        return not found.pieces or re.fullmatch(pattern, actual) is not None
    if isinstance(actual, list) and found.pieces:
        head = found.pieces[0] if isinstance(found.pieces[0], list) else []
        tail = found.pieces[-1] if isinstance(found.pieces[-1], list) else []
        certain = sum(len(piece) for piece in found.pieces if isinstance(piece, list))
        return (
            len(actual) >= certain
            and all(map(agrees, head, actual))
            and all(map(agrees, tail[::-1], actual[::-1]))
        )
    return True


@settings(max_examples=300, deadline=None)
@given(expressions(), PARAMETERS, st.data())
def test_any_value_agrees_with_what_was_concluded_without_it(
    expression: str, parameters: dict[str, Any], data: st.DataObject
) -> None:
    try:
        actual = valued(expression, FakeScope(parameters, budget=Budget(100_000, 100_000)))
    except TemplateProblem:
        return  # then there is no deployment
    veil = Veil(data.draw)
    veiled = {name: veil.over(value) for name, value in parameters.items()}
    try:
        found = valued(expression, FakeScope(veiled, budget=Budget(100_000, 100_000)))
    except TooMuch:
        return
    except TemplateProblem as problem:
        raise AssertionError(f"{expression} {parameters} {veiled}: {problem.message}") from problem
    assert agrees(found, actual), (expression, parameters, veiled, found, actual)
    assert contains_unknown(found) or not contains_unknown(plain(found))
