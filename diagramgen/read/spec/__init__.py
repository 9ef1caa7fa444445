"""The spec: what a person writes of an Azure network, read into records. docs/spec.md is its reference."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.reader import read_spec, read_specs

__all__ = ["init_spec", "read_spec", "read_specs", "spec_schema"]


def __getattr__(name: str) -> Any:
    """What drawing does not need is imported where it is asked for."""
    if name == "spec_schema":
        from diagramgen.read.spec.schema import spec_schema

        return spec_schema
    if name == "init_spec":
        from diagramgen.read.spec.patterns import init_spec

        return init_spec
    raise AttributeError(name)
