"""The resources of a deployment, loops unrolled and children beside their parents, and how they are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from diagramgen.located import Place
from diagramgen.read.template.frames import Frame, Loop
from diagramgen.read.template.instance import Instance, spelled
from diagramgen.read.template.targets import id_text, path_segments, resource_id
from diagramgen.read.template.values import Unknown, Value
from diagramgen.read.template.walk import count_of
from diagramgen.read.unknown import unknown

if TYPE_CHECKING:
    from diagramgen.read.template.deployment import Deployment

_TURN = re.compile(r"(.+)\[(.*)\]")


class Resources:
    """Made when first asked for. What is asked for while they are being made sees those made so far."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._made: list[Instance] | None = None
        self._by_symbol: dict[str, list[Instance]] = {}
        self._by_key: dict[str, Instance] | None = None

    def __iter__(self) -> Iterator[Instance]:
        return iter(self._all())

    def named(self, symbol: str) -> list[Instance]:
        """All turns of the resource of this symbolic name."""
        self._all()
        return self._by_symbol.get(symbol.lower(), [])

    def of_loop(self, name: str) -> list[Instance]:
        """All turns of the resource whose loop has this name."""
        folded = name.lower()
        return [one for one in self._all() if one.turn is not None and _loop_name(one) == folded]

    def find(self, target: Value) -> Instance | None:
        """The resource that a symbolic name, an id, `type/name` or a bare name means; in this template, in those
        around it, and in all others if an earlier expansion has shown where."""
        text = id_text(target)
        symbolic = self._with_symbol(text)
        if symbolic is not None:
            return symbolic
        if "/" not in text:
            return self._with_name(text)
        own = self._keyed()
        key = text.lower().rstrip("/")
        found = own.get(key) or self._above(key) or self.deployment.run.follow(key)
        if found is not None:
            return found
        if not text.startswith("/"):
            relative = self._relative_key(target)
            if relative in own:
                return own[relative]
        return self._elsewhere(key)

    def at(self, position: int) -> Instance | None:
        """The resource at a position in the order of the template."""
        made = self._all()
        return made[position] if position < len(made) else None

    def group_location(self, group: Value) -> Value:
        """The location of the resource group of this id where a template around this one creates it, else None."""
        key = id_text(group).lower()
        found = self._above(key) or self.deployment.run.follow(key)
        if found is None or found.is_existing or found.in_progress():
            return None
        return found.body().get("location")

    def _above(self, key: str) -> Instance | None:
        """The resource with this id in the templates around this one."""
        above = self.deployment.parent
        while above is not None:
            found = above.resources._keyed().get(key)
            if found is not None:
                return found
            above = above.parent
        return None

    def _all(self) -> list[Instance]:
        if self._made is None:
            self._made = []
            listed = self.deployment.template.get("resources")
            place = self.deployment.place / "resources"
            for instance in self._made_of(listed, place, self.deployment.frame, None):
                self._made.append(instance)
        return self._made

    def _made_of(
        self, listed: Any, place: Place, frame: Frame, parent: Instance | None
    ) -> Iterator[Instance]:
        """The instances of the resources in a list, or in an object by symbolic names; those inside one after it."""
        pairs = (
            listed.items()
            if isinstance(listed, dict)
            else enumerate(listed if isinstance(listed, list) else ())
        )
        for key, raw in pairs:
            if not isinstance(raw, dict):
                continue
            symbol = key if isinstance(key, str) else ""
            for instance in self._turns(spelled(raw), place / key, frame, symbol, parent):
                if symbol:
                    self._by_symbol.setdefault(symbol.lower(), []).append(instance)
                yield instance
                inside = instance.raw.get("resources")
                if inside and not instance.is_deployment:
                    yield from self._made_of(inside, place / key / "resources", instance.frame, instance)

    def _turns(
        self, raw: dict[str, Any], place: Place, frame: Frame, symbol: str, parent: Instance | None
    ) -> Iterator[Instance]:
        """A resource for each turn of its loop; one that stands for all where nobody knows how many there are."""
        run, loop = self.deployment.run, raw.get("copy")
        if not isinstance(loop, dict) or "count" not in loop:
            run.room_for(1)
            yield Instance(raw, place, self.deployment, frame, symbol, None, parent)
            return
        name = str(loop.get("name", ""))
        count = count_of(loop, frame, place / "copy", run)
        if isinstance(count, Unknown):
            run.room_for(1)
            run.open_loops.setdefault(name or symbol, place)
            any_turn = Unknown(unknown(f"{name or symbol} 1..n"), count.why, "int")
            inner = frame.inside(Loop(name, any_turn))
            yield Instance(raw, place, self.deployment, inner, symbol, any_turn, parent)
            return
        run.room_for(count)
        for turn in range(count):
            inner = frame.inside(Loop(name, turn))
            yield Instance(raw, place, self.deployment, inner, symbol, turn, parent)

    def _keyed(self) -> dict[str, Instance]:
        if self._by_key is None:
            self._by_key = {}
            for instance in self._all():
                if instance.condition is not False:  # else its name need not make sense
                    known = self._by_key.get(instance.key)
                    if known is None or known.is_existing:
                        self._by_key[instance.key] = instance
        return self._by_key

    def _with_symbol(self, text: str) -> Instance | None:
        found = self.named(text)
        if found:
            return found[0]
        indexed = _TURN.fullmatch(text)
        if indexed is None:
            return None
        turns = self.named(indexed.group(1))
        for instance in turns:
            if str(instance.turn) == indexed.group(2) or isinstance(instance.turn, Unknown):
                return instance
        return None

    def _with_name(self, text: str) -> Instance | None:
        """The one resource with this name; of several the first that is deployed."""
        folded = text.lower()
        found = [one for one in self._all() if id_text(one.name).lower() == folded]
        deployed = [one for one in found if one.condition is not False and not one.is_existing]
        return next(iter(deployed or found), None)

    def _relative_key(self, target: Value) -> str:
        """The key of `Microsoft.Network/virtualNetworks/hub`, which is no whole id."""
        steps = path_segments(target)
        if len(steps) < 3:
            return ""
        kind = "/".join(id_text(step) for step in [steps[0], *steps[1::2]])
        name = "/".join(id_text(step) for step in steps[2::2])
        return id_text(resource_id(kind, name, self.deployment.goes_to)).lower()

    def _elsewhere(self, key: str) -> Instance | None:
        """The one resource of this template with the same type and name in another resource group: a template may
        name the group of its own deployment, which nobody else knows."""
        _, mark, end = key.rpartition("/providers/")
        if not mark:
            return None
        found = [one for one in self._keyed().values() if one.key.rpartition("/providers/")[2] == end]
        return found[0] if len(found) == 1 else None


def _loop_name(instance: Instance) -> str:
    return str(instance.raw["copy"].get("name", "")).lower()
