"""What every command that reads an estate takes: the inputs, how to read them, and which part is meant.

`takes_estate` gives a command these arguments, packed as one `Asked`, so that they are said in one place.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from diagramgen.cli.words import fail
from diagramgen.diagnostics import did_you_mean

if TYPE_CHECKING:
    from diagramgen.read import Options, Source

DRAWINGS = (".svg", ".png", ".dot", ".pdf", ".md", ".html")
"""Files in a folder that are drawings and texts about them: not worth a warning each."""


class PlanSide(StrEnum):
    """The sides of a Terraform plan or a what-if."""

    before = "before"
    after = "after"


class Asked(NamedTuple):
    """What a command was asked to read, and how; lists in the order of the call."""

    inputs: list[str]
    parameters: list[str]
    plan_side: PlanSide
    effective: list[str]
    overlay: list[Path]
    subscription: list[str]
    vnet: list[str]
    resource_group: list[str]
    management_group: list[str]
    tag: list[str]
    exclude: list[str]
    anonymise: bool
    strict: bool
    service_tags: Path | None


def _several(*names: str, metavar: str, help: str) -> Any:
    return Annotated[list[str] | None, typer.Option(*names, metavar=metavar, help=help)]


_INPUTS = Annotated[list[str], typer.Argument(metavar="INPUT...", help="Specs, exported state, ARM templates, "
                    "Terraform state or plans: files, folders or - for stdin; all are merged into one.")]  # fmt: skip
_OPTIONS: tuple[tuple[str, Any, Any], ...] = (
    ("parameters", _several("--parameters", metavar="FILE|NAME=VALUE", help="Parameters of ARM templates: a parameter "
                            "file, or a value; repeatable."), None),
    ("plan_side", Annotated[PlanSide, typer.Option(help="Which side of a Terraform plan or a what-if to read.")],
     PlanSide.after),
    ("effective", _several("--effective", metavar="NIC=FILE", help="Of which network interface (or VNet) a file tells "
                           "the effective rules or routes, where it does not say so itself; repeatable."), None),
    ("overlay", Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Titles, notes, views, sites and layout "
                          "hints of your own, laid over the input; repeatable.")], None),
    ("subscription", _several("--subscription", metavar="GLOB", help="Only these subscriptions, by name or id; what "
                              "is joined with them stays as ghosts. Repeatable, as the next five."), None),
    ("vnet", _several("--vnet", metavar="GLOB", help="Only these VNets and virtual hubs."), None),
    ("resource_group", _several("--resource-group", metavar="GLOB", help="Only these resource groups."), None),
    ("management_group", _several("--management-group", metavar="GLOB", help="Only what is below these."), None),
    ("tag", _several("--tag", metavar="NAME[=GLOB]", help="Only what has this tag, or is in what has it."), None),
    ("exclude", _several("--exclude", metavar="GLOB", help="Without what is so called, and what that holds."), None),
    ("anonymise", Annotated[bool, typer.Option("--anonymise", help="Replace names and addresses, always by the same; "
                            "the structure stays.")], False),
    ("strict", Annotated[bool, typer.Option("--strict", help="End with 2 on warnings of reading.")], False),
    ("service_tags", Annotated[Path | None, typer.Option(metavar="FILE", help="Microsoft's weekly ServiceTags_Public "
                               "file: the addresses behind service tags.")], None),
)  # fmt: skip


def takes_estate(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the arguments of `Asked` in place of its first parameter `asked`."""
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    first = inspect.Parameter("inputs", keyword, annotation=_INPUTS)
    shared = [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, annotation, default in _OPTIONS
    ]
    parameters = [first, *(each.replace(kind=keyword) for each in own), *shared]

    @functools.wraps(command)
    def with_estate(**given: Any) -> None:
        packed = {name: given.pop(name) for name in Asked._fields}
        command(Asked(**{name: [] if value is None and name != "service_tags" else value
                         for name, value in packed.items()}), **given)  # fmt: skip

    del with_estate.__wrapped__  # else its signature is looked at
    with_estate.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_estate.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_estate


def sources_of(asked: Asked) -> list[Source]:
    """Every input, each once; files of folders in the order of their names."""
    found = {
        source.name: source for source in _sources([*asked.inputs, *(file for _, file in _effective(asked))])
    }
    return list(found.values())


def options_of(asked: Asked) -> Options:
    """How to read what was asked for."""
    from diagramgen.read import Options, Source
    from diagramgen.system import find_beside, read_source

    files, values = [], {}
    for given in asked.parameters:
        name, is_value, value = given.partition("=")
        if is_value and not Path(given).exists():
            values[name.strip()] = value
        else:
            _must_exist(given)
            files.append(Source(given, read_source(given)))
    effective = {file: nic for nic, file in _effective(asked)}
    return Options(tuple(files), values, asked.plan_side.value, find_beside, effective)


def overlays_of(asked: Asked) -> list[Source]:
    """The files to lay over the inputs."""
    from diagramgen.read import Source
    from diagramgen.system import read_source

    for file in asked.overlay:
        _must_exist(str(file))
    return [Source(str(file), read_source(file)) for file in asked.overlay]


def stem_of(inputs: list[str]) -> str:
    """What the drawings of these inputs are called."""
    if inputs[0] == "-":
        return "estate"
    path = Path(inputs[0]).resolve()
    return (path.name if path.is_dir() else path.stem) or "estate"


def _effective(asked: Asked) -> Iterator[tuple[str, str]]:
    for given in asked.effective:
        nic, found, file = given.rpartition("=")
        if not found or not nic or not file:
            fail(
                f"`--effective {given}` does not say whose rules or routes they are",
                "write --effective NIC=FILE",
            )
        yield nic, file


def _sources(inputs: list[str]) -> Iterator[Source]:
    from diagramgen.read import Source
    from diagramgen.system import read_source

    for name in inputs:
        path = Path(name)
        if name == "-":
            yield Source("<stdin>", read_source("-"), True)
        elif path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file, path)
                     and file.suffix.lower() not in DRAWINGS]  # fmt: skip
            if not files:
                fail(
                    f"the folder `{name}` holds no input", "put specs (.yaml) or exported state (.json) there"
                )
            yield from (Source(str(file), read_source(file), False) for file in files)
        else:
            _must_exist(name)
            yield Source(name, read_source(path), True)


def _must_exist(name: str) -> None:
    path = Path(name)
    if not path.exists():
        beside = sorted(path.parent.glob("*")) if path.parent.is_dir() else []
        near = [
            str(file)
            for file in beside
            if file.suffix.lower() not in DRAWINGS and not file.name.startswith(".")
        ]
        fail(f"there is no file `{name}`", *did_you_mean(name, near[:200]))


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
