"""The names by which a spec's entries refer to things: each the shortest text that means one thing alone to the reader
of the spec, whose own table of names is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from diagramgen.author.places import HUB_PARTS, Thing
from diagramgen.author.values import Json
from diagramgen.located import Place
from diagramgen.read.spec.check import check
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.language import SPEC
from diagramgen.read.spec.names import NameTable
from diagramgen.read.spec.shapes import Told


class Naming:
    """The names of a spec that has all its things, and need not say anything of them."""

    def __init__(self, things: Iterable[Thing]) -> None:
        checked = check(SPEC, _skeleton(things), Place(""), lambda _: None)
        assert isinstance(checked, Told), "things stand where the language has them"
        self._table: NameTable = declare_names(checked, lambda _: None)
        self._known: dict[tuple[str, frozenset[str]], str | None] = {}

    def name(self, path: str, kinds: Collection[str]) -> str | None:
        """The shortest text that means what stands at a path, among the things of some kinds; None for what has no
        name, or is of none of them."""
        asked = (path, kinds if isinstance(kinds, frozenset) else frozenset(kinds))
        if asked not in self._known:
            self._known[asked] = self._shortest(path, asked[1])
        return self._known[asked]

    def _shortest(self, path: str, kinds: Collection[str]) -> str | None:
        thing = self._table.by_key.get(path)
        if thing is None or thing.kind not in kinds:
            return None
        parts, parent = [thing.name], thing.parent
        while True:
            text = "/".join(parts)
            if "/" not in thing.name and self._table.named(text, kinds) == [thing]:
                return text
            if parent is None:
                return thing.shown
            parts.insert(0, parent.name)
            parent = parent.parent

    def called(self, name: str, *kinds: str) -> list[str]:
        """The paths of all things of some kinds that have a name."""
        return [thing.shown for thing in self._table.named(name, kinds)]

    def means(self, text: str, kinds: Collection[str]) -> bool:
        """Whether the reader would take a text for the name of a thing of some kinds."""
        return bool(self._table.named(text, kinds))


def _skeleton(things: Iterable[Thing]) -> Json:
    """A spec in which every thing stands in its place and says no more than its type."""
    document: Json = {}
    made: dict[Thing, Json] = {}
    for thing in sorted(things, key=_depth):
        above = document if thing.parent is None else made[thing.parent]
        entry: Json = {"type": thing.entry["type"]} if "type" in thing.entry else {}
        made[thing] = entry
        if thing.collection in HUB_PARTS.values():
            above[thing.collection] = entry
        else:
            above.setdefault(thing.collection, {})[thing.name] = entry
    return document


def _depth(thing: Thing) -> int:
    depth, parent = 0, thing.parent
    while parent is not None:
        depth, parent = depth + 1, parent.parent
    return depth
