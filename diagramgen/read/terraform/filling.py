"""One attribute with its unknown parts filled in: the mask, the value and the expression walked side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.read.documents import Json
from diagramgen.read.terraform.candidates import Candidates
from diagramgen.read.terraform.configuration import Expression
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.marks import mark
from diagramgen.read.terraform.masks import below, is_nothing
from diagramgen.read.terraform.parts import Parts, Scope, Things
from diagramgen.read.terraform.wanted import is_link, is_list_of_links


class Filling:
    """Fills in one attribute of one instance. Links that stay open go to `open_links`.

    `is_inner`: what is filled in lies within an object that one expression gives as a whole, so that a resource it
    refers to may belong to any member.
    """

    def __init__(
        self,
        candidates: Candidates,
        open_links: set[str],
        instance: Instance,
        scope: Scope,
        is_inner: bool = False,
    ) -> None:
        self.candidates = candidates
        self.open_links = open_links
        self.instance = instance
        self.scope = scope
        self.is_inner = is_inner

    def fill(self, value: Json, mask: Json, expression: Expression, name: str, path: str) -> Any:
        """A value with its unknown parts filled in; `name` is that of the attribute which it belongs to."""
        if mask is True or path.count(".") + path.count("[") > _DEEPEST:
            return self._whole(expression, name, path)
        if isinstance(mask, dict) and mask:
            return self._members(value, mask, expression, name, path)
        if isinstance(mask, list) and any(not is_nothing(one) for one in mask):
            return self._entries(value, mask, expression, name, path)
        return value

    def _whole(self, expression: Expression, name: str, path: str) -> Any:
        own = mark(self.instance, path)
        if not isinstance(expression, Mapping):
            return [own] if is_list_of_links(name) else own
        parts = self.candidates.links.parts_of(expression, self.scope)
        found = self._linked(name, parts)
        if is_link(name) and (found is None or (len(found) > 1 and not is_list_of_links(name))):
            self.open_links.add(own)
        if not is_list_of_links(name):
            return found[0] if found is not None and len(found) == 1 else own
        if found is None:  # what is known of the list, and that there may be more
            told = tuple(part for part in parts if isinstance(part, Things))
            found = [*(self._linked(name, told) or ()), own]
        return found

    def _linked(self, name: str, parts: Parts) -> list[Any] | None:
        return self.candidates.linked(self.instance, name, parts, self.is_inner)

    def _members(
        self, value: Json, mask: dict[str, Any], expression: Expression, name: str, path: str
    ) -> Any:
        """The members of a block, or of an object that one expression gives as a whole."""
        found = dict(value) if isinstance(value, dict) else {}
        is_inner = _is_leaf(expression)
        for key, told in mask.items():
            if not is_nothing(told):
                inner = expression if is_inner else below(expression, key)
                wanted = f"{name}_id" if key == "id" and is_inner else key
                inside = Filling(
                    self.candidates, self.open_links, self.instance, self.scope, is_inner or self.is_inner
                )
                found[key] = inside.fill(found.get(key), told, inner, wanted, f"{path}.{key}")
        return found

    def _entries(self, value: Json, mask: list[Any], expression: Expression, name: str, path: str) -> Any:
        given = value if isinstance(value, list) else []
        entries = [*given, *[None] * (len(mask) - len(given))]
        if all(told is True or told is False for told in mask):
            return self._texts(entries, mask, expression, name, path)
        found = []
        for index, entry in enumerate(entries):
            told = mask[index] if index < len(mask) else False
            inner = expression
            if isinstance(expression, list) and not is_nothing(told):
                inner = self._block_of(entry, expression)
            found.append(self.fill(entry, told, inner, name, f"{path}[{index}]"))
        return found

    def _texts(
        self, entries: list[Any], mask: list[Any], expression: Expression, name: str, path: str
    ) -> Any:
        """The entries of a list that one expression gives: as many links as there are unknown entries."""
        open_ends = [index for index, told in enumerate(mask) if told is True]
        found = self._linked(name, self.candidates.links.parts_of(expression, self.scope))
        if found is None or len(found) != len(open_ends):
            found = [mark(self.instance, f"{path}[{index}]") for index in open_ends]
        for index, each in zip(open_ends, found, strict=True):
            entries[index] = each
        return entries

    def _block_of(self, entry: Json, blocks: list[Any]) -> Expression:
        """The block of the configuration that gives an entry: the only one whose constants agree with it.

        Sets are not in the order of their blocks, and dynamic blocks are not in a plan at all.
        """
        if len(blocks) > _MOST_BLOCKS:
            return None
        fitting = [block for block in blocks if self._fits(entry, block)]
        first = fitting[0] if fitting else None
        return first if all(block == first for block in fitting) else None

    def _fits(self, entry: Json, block: Expression) -> bool:
        if not isinstance(block, dict) or not isinstance(entry, dict):
            return False
        constants = {
            name: told["constant_value"]
            for name, told in block.items()
            if isinstance(told, dict) and "constant_value" in told
        }
        return all(_agree(entry.get(name), value) for name, value in constants.items())


_MOST_BLOCKS = 300
"""Blocks of one resource that are compared with its values."""

_DEEPEST = 40
"""Levels of blocks within blocks; real ones have fewer than ten."""


def mask_of(instance: Instance, expressions: Mapping[str, Expression]) -> Json:
    """Which attributes are not known; where the plan has no mask, those that are configured and have no value."""
    if instance.unknown is not None:
        return instance.unknown
    return _missing(instance.attributes, expressions)


def _missing(values: Json, expressions: Json, depth: int = 0) -> Json:
    if isinstance(expressions, list):
        entries = values if isinstance(values, list) else []
        if len(entries) != len(expressions):
            return [False] * len(entries)
        return [_missing(entry, block, depth) for entry, block in zip(entries, expressions, strict=True)]
    if not isinstance(expressions, Mapping) or _is_leaf(expressions) or not isinstance(values, dict):
        return False
    if depth > _DEEPEST:
        return False
    return {
        name: name not in values or _missing(values[name], told, depth + 1)
        for name, told in expressions.items()
    }


def _is_leaf(expression: Expression) -> bool:
    return isinstance(expression, Mapping) and (
        not expression or "references" in expression or "constant_value" in expression
    )


def _agree(value: Json, constant: Json) -> bool:
    """Whether a value can be what a constant became: providers turn texts into numbers and back."""
    if value == constant or value is None:
        return True
    if isinstance(value, str | int | float) and isinstance(constant, str | int | float):
        return str(value).lower() == str(constant).lower()
    if isinstance(value, list) and isinstance(constant, list):
        return sorted(map(str, value)) == sorted(map(str, constant))
    return False
