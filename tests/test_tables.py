"""No module is missing from its table, and no table row from the command line."""

from __future__ import annotations

import pkgutil
import tomllib

from command import ROOT

import diagramgen.write
from diagramgen.cli import app
from diagramgen.cli.convert import Pattern
from diagramgen.cli.render import FORMATS
from diagramgen.model.kinds import KINDS
from diagramgen.read.spec import init_spec
from diagramgen.system import read_theme, theme_names
from diagramgen.write import WRITERS


def test_every_writer_is_in_the_table_of_formats() -> None:
    """A writer's module is named like its format, or `plan_json` for `.json`."""
    modules = {module.name for module in pkgutil.iter_modules(diagramgen.write.__path__)}
    assert {f".{name.removeprefix('plan_')}" for name in modules} == set(WRITERS)


def test_the_command_line_offers_every_format() -> None:
    assert set(FORMATS) == set(WRITERS)


def test_every_pattern_offered_can_be_written() -> None:
    assert all(init_spec(pattern.value).startswith("#") for pattern in Pattern)


def test_every_theme_file_is_a_theme() -> None:
    assert {file.stem for file in (ROOT / "styles").glob("*.yaml")} == set(theme_names())
    assert all(read_theme(name).metrics.icon > 0 for name in theme_names())


def test_every_kind_is_filed_under_its_own_type() -> None:
    for type_, kind in KINDS.items():
        assert type_ == type_.lower()
        assert kind.label


def test_every_stage_is_in_the_import_contract() -> None:
    """Contracts that leave a stage out would allow it everything."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {name for layer in layers for name in layer.split(" | ")}
    here = {module.name for module in pkgutil.iter_modules(diagramgen.__path__)}
    assert named == here


def test_the_readme_tells_every_command_and_theme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {c.name or str(c.callback.__name__) for c in app.registered_commands if c.callback}
    assert all(f"| `{name}" in readme for name in commands)
    assert all(f"`{theme}`" in readme for theme in theme_names())
