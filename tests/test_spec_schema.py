"""The schema takes what the program takes and refuses unknown keys; the docs name every key."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagramgen.diagnostics import InputError
from diagramgen.read.spec import init_spec, read_spec, spec_schema
from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.loading import load_yaml
from diagramgen.read.spec.patterns import PATTERNS
from diagramgen.read.spec.schema import EXAMPLE
from diagramgen.read.spec.shapes import Either, Flag, Form, Free, Many, Names, Shape, Text, Whole, Word

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).parent.parent
SPECS = {p.name: p.read_text("utf-8") for p in sorted((ROOT / "examples").glob("*.yaml"))} | {
    f"init {p}": init_spec(p) for p in PATTERNS
}


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = spec_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", SPECS)
def test_examples_and_first_specs_are_read_without_a_word_and_fit_the_schema(
    name: str, validator: Any
) -> None:
    assert read_spec(name, SPECS[name]).diagnostics == ()
    value, _ = load_yaml(name, SPECS[name])
    assert [e.message for e in validator.iter_errors(value)] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_first_specs_are_short_and_teach_by_their_comments(pattern: str) -> None:
    text = init_spec(pattern)
    assert 20 <= text.count("\n") <= 75
    assert text.count("#") >= 5
    assert max(map(len, text.splitlines())) <= 122


def test_the_reference_spec_is_short() -> None:
    assert SPECS["reference-architecture.yaml"].count("\n") <= 120


def test_an_unknown_pattern_is_refused() -> None:
    with pytest.raises(KeyError):
        init_spec("../secrets")


def test_the_example_in_the_schema_is_a_spec(validator: Any) -> None:
    assert read_spec("example", json.dumps(EXAMPLE)).diagnostics == ()
    assert validator.is_valid(EXAMPLE)


def _mappings(value: Any, shape: Shape, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all mappings with known keys."""
    match shape:
        case Form() if isinstance(value, dict):
            yield path
            for key, inner in value.items():
                if key in shape.fields:
                    yield from _mappings(inner, shape.fields[key], (*path, key))
        case Names() if isinstance(value, dict):
            for key, inner in value.items():
                yield from _mappings(inner, shape.entry, (*path, key))
        case Many():
            for index, inner in enumerate(value if isinstance(value, list) else ()):
                yield from _mappings(inner, shape.item, (*path, index))
        case Either():
            for option in shape.shapes:
                yield from _mappings(value, option, path)
        case _:
            return


@pytest.mark.parametrize("name", ["reference-architecture.yaml", "virtual-wan.yaml", "hub-and-spoke.yaml"])
def test_an_unknown_key_is_refused_wherever_it_stands_by_both(name: str, validator: Any) -> None:
    value, _ = load_yaml(name, SPECS[name])
    paths = sorted(set(_mappings(value, SPEC)), key=str)
    assert len(paths) > 20
    for path in paths[:: max(1, len(paths) // 25)]:
        spoiled = copy.deepcopy(value)
        here = spoiled
        for step in path:
            here = here[step]
        here["zzz"] = 1
        assert not validator.is_valid(spoiled)
        with pytest.raises(InputError):
            read_spec(name, json.dumps(spoiled))


def _values(shape: Shape) -> st.SearchStrategy[Any]:
    """Values that fit a shape, and some that nearly do."""
    if getattr(shape, "may_be_unknown", False):
        plain = replace(shape, may_be_unknown=False)
        return st.one_of(_values(plain), st.sampled_from(["{x}", "10.{x}.0.0/16", "{a}-{b}"]))
    name = st.sampled_from(["A", "B", "Hub", "x y", "10.0.0.0/16", "10.0.1.0/24", "vm", "vm x2", "internet"])
    match shape:
        case Text():
            return st.one_of(name, st.sampled_from([*shape.examples, *shape.words[:3], 5, True]))
        case Flag():
            return st.booleans()
        case Whole():
            return st.integers(shape.low, min(shape.high, shape.low + 10))
        case Word():
            return st.sampled_from(shape.words)
        case Free():
            return st.dictionaries(
                name, st.one_of(name, st.integers(), st.none(), st.lists(name)), max_size=2
            )
        case Many():
            return st.lists(st.deferred(lambda: _values(shape.item)), max_size=2)
        case Names():
            entry = st.one_of(st.none(), st.deferred(lambda: _values(shape.entry)))
            return st.dictionaries(name, entry, max_size=2)
        case Form():
            fields = {k: st.deferred(lambda v=v: _values(v)) for k, v in shape.fields.items()}
            return st.fixed_dictionaries(
                {k: fields[k] for k in shape.required}, optional=_few(fields, shape.required)
            )
        case Either():
            return st.one_of([st.deferred(lambda s=s: _values(s)) for s in shape.shapes])


def _few(fields: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if k not in required}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), key=st.sampled_from(sorted(SPEC.fields)))
def test_the_schema_takes_whatever_the_program_takes(data: Any, key: str, validator: Any) -> None:
    spec = {key: data.draw(_values(SPEC.fields[key])), "vnets": {"A": None, "B": {"subnets": {"x y": None}}}}
    try:
        read_spec("a", json.dumps(spec))
    except InputError:
        return
    assert [e.message for e in validator.iter_errors(spec)] == []


def _keys(shape: Shape) -> Iterator[str]:
    match shape:
        case Form():
            for key, field in shape.fields.items():
                yield key
                yield from _keys(field)
        case Names():
            yield from _keys(shape.entry)
        case Many():
            yield from _keys(shape.item)
        case Either():
            for option in shape.shapes:
                yield from _keys(option)
        case _:
            return


def test_the_reference_of_the_language_names_every_key_and_type() -> None:
    from diagramgen.read.spec.language.resources import RESOURCE_WORDS

    text = (ROOT / "docs" / "spec.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    shown = " ".join([*blocks, *re.findall(r"`[^`]+`", prose)])
    words = set(re.findall(r"[a-z_0-9]+", shown))
    missing = {k for k in (*_keys(SPEC), *RESOURCE_WORDS) if k not in words}
    assert missing == set()


def test_every_example_in_the_reference_of_the_language_is_a_spec() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "spec.md").read_text("utf-8"), re.S)
    assert len(blocks) >= 8
    for block in blocks:
        read_spec("docs/spec.md", block)
