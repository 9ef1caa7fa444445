"""What reading starts from: the inputs, and what the user said of how to read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from diagramgen.located import NOTHING


class Source(NamedTuple):
    """One input: its name for messages, and its bytes.

    `is_named`: the user named this very file. A file that was only found in a folder that the user named may
    be something else, and is then left out with a warning.
    """

    name: str
    data: bytes
    is_named: bool = True


PlanSide = Literal["before", "after"]
"""The two states that a Terraform plan or a what-if tells of."""


def no_files(source_name: str, relative_path: str) -> Source | None:
    """The answer where there are no files beside the inputs."""
    return None


class Options(NamedTuple):
    """How to read. `parameters` are parameter files for every template, the later ones win; `values` are single
    parameters (`name=value`), which win over all.

    `find_beside` gives the file that an input means by a relative path (a linked template, a parameter file), None
    where there is none. `effective_of` tells of which network interface (id or name) an input with effective rules or
    routes is, by the input's name.
    """

    parameters: tuple[Source, ...] = ()
    values: Mapping[str, str] = NOTHING
    plan_side: PlanSide = "after"
    find_beside: Callable[[str, str], Source | None] = no_files
    effective_of: Mapping[str, str] = NOTHING
