"""The spec: what a person writes of an Azure network, read into records. docs/spec.md is its reference."""

from diagramgen.read.spec.reader import read_spec

__all__ = ["read_spec"]
