"""The functions of template expressions: one table, a row a function, by name in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

from diagramgen.read.template.expressions.functions import (
    access,
    arrays,
    cidr,
    dates,
    encodings,
    formats,
    hashes,
    ids,
    lambdas,
    live,
    logic,
    numbers,
    objects,
    parts,
    patterns,
    texts,
)
from diagramgen.read.template.expressions.functions.row import Function

_GROUPS = (
    access,
    arrays,
    cidr,
    dates,
    encodings,
    formats,
    hashes,
    ids,
    lambdas,
    live,
    logic,
    numbers,
    objects,
    parts,
    patterns,
    texts,
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {row.name.lower(): row for row in chain.from_iterable(group.ROWS for group in _GROUPS)}
)


@lru_cache(maxsize=1_000)
def function_named(name: str) -> Function | None:
    """The function of a name in any case; resource providers have functions `list...` of their own."""
    folded = name.lower()
    if folded.startswith("list") and folded not in FUNCTIONS:
        return live.list_function(name)
    return FUNCTIONS.get(folded)
