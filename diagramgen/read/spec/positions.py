"""A place in a spec -> line and column in its text, worked out only when a message is printed.

The text is parsed once more, into a light tree of marks; the last few trees are kept, since messages come in
bunches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from diagramgen.located import Place, lines_of
from diagramgen.read.spec.loading import DEEPEST, Loader


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column from 1, and how many characters of that line are meant."""

    line: int
    column: int
    length: int = 1


@dataclass(slots=True)
class _Node:
    """A value: where it begins and ends, the text of a scalar, and what is in it by key or index."""

    start: Any
    end: Any
    text: str | None = None
    children: dict[str | int, tuple[_Node, _Node]] = field(default_factory=dict)
    merged: list[_Node] = field(default_factory=list)


def locate(text: str, place: Place, span: tuple[int, int] | None = None) -> Spot | None:
    """Where a place stands: the deepest value known of its path, and None where the text is no YAML.

    `span` is a part of a scalar (first character from 0, length): it is found where the scalar stands on one
    line.

    >>> locate("vnets:\\n  Hub: {address: 10.0.0.0/16}\\n", Place("", ("vnets", "Hub", "address")))
    Spot(line=2, column=18, length=11)
    >>> locate("vnets:\\n  Hub: {address: 10.0.0.0/16}\\n", Place("", ("vnets", "Hub")).key)
    Spot(line=2, column=3, length=3)
    """
    root = _tree(text)
    if root is None:
        return None
    key, node, is_found = _walk(root, place)
    shown = key if key is not None and (place.at_key or not is_found) else node
    if span is not None and shown is node and is_found:
        return _part(text, node, span) or _spot(node)
    return _spot(shown)


def _walk(root: _Node, place: Place) -> tuple[_Node | None, _Node, bool]:
    """The last key and value on a path, and whether the whole path is there."""
    key, node = None, root
    for step in place.path:
        found = _child(node, step)
        if found is None:
            return key, node, False
        key, node = found if isinstance(step, str) else (None, found[1])
    return key, node, True


def _child(node: _Node, step: str | int) -> tuple[_Node, _Node] | None:
    if (found := node.children.get(step)) is not None:
        return found
    return next((f for m in node.merged if (f := _child(m, step)) is not None), None)


def _spot(node: _Node) -> Spot:
    start, end = node.start, node.end
    length = end.column - start.column if end.line == start.line and node.text is not None else 1
    return Spot(start.line + 1, start.column + 1, max(1, length))


def _part(text: str, node: _Node, span: tuple[int, int]) -> Spot | None:
    """A part of a scalar, where it is written on one line and without escapes."""
    if node.text is None or node.start.line != node.end.line:
        return None
    line = lines_of(text)[node.start.line]
    written = line[node.start.column : node.end.column]
    offset = written.find(node.text)
    if offset < 0:
        return None
    return Spot(node.start.line + 1, node.start.column + 1 + offset + span[0], max(1, span[1]))


@lru_cache(maxsize=4)
def _tree(text: str) -> _Node | None:
    try:
        return _Builder(Loader(text.removeprefix("\ufeff"))).build()
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return None


class _Builder:
    """The tree of marks from the parser's events."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.anchors: dict[str, _Node] = {}

    def build(self) -> _Node | None:
        while True:
            event = self.loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                return self._node(self.loader.get_event(), 0)
            if isinstance(event, yaml.StreamEndEvent):
                return None

    def _node(self, event: Any, depth: int) -> _Node:
        if depth > DEEPEST + 1:
            raise RecursionError
        node = _Node(event.start_mark, event.end_mark)
        if isinstance(event, yaml.AliasEvent):
            target = self.anchors.get(event.anchor or "")
            return target if target is not None else node
        if event.anchor:
            self.anchors[event.anchor] = node
        if isinstance(event, yaml.ScalarEvent):
            node.text = event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            index = 0
            while not isinstance(inner := self.loader.get_event(), yaml.SequenceEndEvent):
                item = self._node(inner, depth + 1)
                node.children[index] = (item, item)
                index += 1
            node.end = inner.end_mark
        else:
            self._mapping(node, depth)
        return node

    def _mapping(self, node: _Node, depth: int) -> None:
        while not isinstance(inner := self.loader.get_event(), yaml.MappingEndEvent):
            is_merge = isinstance(inner, yaml.ScalarEvent) and inner.value == "<<" and not inner.style
            key = self._node(inner, depth + 1)
            value = self._node(self.loader.get_event(), depth + 1)
            if is_merge:
                items = [item for _, item in value.children.values()]
                node.merged += (
                    items if value.children and all(isinstance(k, int) for k in value.children) else [value]
                )
            elif key.text is not None:
                node.children.setdefault(key.text, (key, value))
        node.end = inner.end_mark
