"""Which values an unknown attribute can have, from what its expression refers to.

Only what is certain counts: one resource that is not known yet itself, and of the type that the attribute wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from diagramgen.read.documents import Json
from diagramgen.read.record import key_of
from diagramgen.read.resource import is_resource_id, type_of
from diagramgen.read.terraform.address import Path
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.links import Links
from diagramgen.read.terraform.masks import below
from diagramgen.read.terraform.parts import Calls, Open, Part, Parts, Things
from diagramgen.read.terraform.wanted import is_link, is_name_of, segment_of_part, steps_implied, types_wanted
from diagramgen.read.unknown import is_unknown


class Ids(Protocol):
    """What filling in must know of other instances."""

    def id_of_instance(self, instance: Instance) -> str:
        """An instance's Azure id, known or made up."""

    def attributes_of(self, instance: Instance) -> Mapping[str, Any]:
        """An instance's attributes, filled in."""


class Candidates:
    """Finds the values that attributes can have."""

    def __init__(self, links: Links, ids: Ids) -> None:
        self.links = links
        self.ids = ids

    def linked(self, instance: Instance, name: str, parts: Parts, is_inner: bool = False) -> list[Any] | None:
        """The values that an attribute can have from the resources its expression refers to.

        None where it may have others as well. `is_inner`: what cannot be the value belongs to another member.
        """
        found: dict[Any, None] = {}
        deciding = self._deciding(parts)
        if is_inner and not types_wanted(name) and not (name.endswith("ip_address") and len(deciding) == 1):
            return None
        for part in deciding:
            values = self._values(part, name)
            if values is None and not (is_inner and isinstance(part, Things)):
                return None
            found |= dict.fromkeys(values or ())
        if name == "remote_virtual_network_id" and any(self._is_own_vnet(instance, far) for far in found):
            return None  # a ring of peerings: the index counts on
        return list(found) or None

    def _deciding(self, parts: Parts) -> list[Part]:
        """The parts that an unknown value can come from: not those that are known."""
        asking: list[Part] = [part for part in parts if isinstance(part, Things | Calls | Open)]
        unsure = [part for part in asking if not (isinstance(part, Things) and self._is_known(part))]
        return unsure or asking

    @staticmethod
    def _is_known(things: Things) -> bool:
        name = str(things.path[0].value) if things.path else "id"
        return all(
            instance.attributes.get(name) is not None and not below(instance.unknown, name)
            for instance in things.instances.values()
        )

    def _values(self, part: Part, name: str) -> list[Any] | None:
        if isinstance(part, Calls):
            return self._from_outputs(part, name)
        if not isinstance(part, Things):
            return None
        found = [self._from_instance(instance, part.path, name) for instance in part.instances.values()]
        return None if None in found else found

    def _from_outputs(self, calls: Calls, name: str) -> list[Any] | None:
        """From a module as a whole (`module.net[each.key].x` does not tell which output): the one id that fits."""
        if not types_wanted(name):
            return None
        found: dict[Any, None] = {}
        for parts in self.links.outputs_of(calls):
            if len(parts) == 1 and isinstance(parts[0], Things) and len(parts[0].instances) == 1:
                found |= dict.fromkeys(self._values(parts[0], name) or ())
        return list(found) if len(found) == 1 else None

    def _from_instance(self, instance: Instance, path: Path, name: str) -> Any:
        """What an attribute gets from an instance; None where that cannot be it."""
        if not instance.is_azure:
            return None
        steps = [step.value for step in path]
        if is_link(name):
            found = self._id_at(instance, steps)
            wanted = types_wanted(name)
            if found is None or (wanted and type_of(key_of(found)) not in wanted):
                return None
            return found
        told = str(steps[-1]) if steps else ""
        if is_name_of(name, instance.type) and told in ("", "name"):
            named = self.ids.attributes_of(instance).get("name")
            return named if isinstance(named, str) else None
        if told and (name == told == "resource_group_name" or _are_addresses(name, told)):
            found = _at(self.ids.attributes_of(instance), steps)
            return found if isinstance(found, str) and found else None
        return None

    def _id_at(self, instance: Instance, steps: list[str | int]) -> str | None:
        """The id that a way within an instance leads to: its own, one that it refers to, or that of a block."""
        if not steps or steps[0] == "id":
            return self.ids.id_of_instance(instance) or None
        found = _at(self.ids.attributes_of(instance), steps)
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, Mapping):
            found = found.get("id") or self._id_of_block(instance, str(steps[0]), found)
        elif steps[-1] == "id" and (found is None or is_unknown(found)):
            block = _at(self.ids.attributes_of(instance), steps[:-1])
            block = block[0] if isinstance(block, list) and len(block) == 1 else block
            found = self._id_of_block(instance, str(steps[0]), block)
        elif (found is None or is_unknown(found)) and (below := steps_implied(instance.type, str(steps[0]))):
            found = f"{self.ids.id_of_instance(instance)}/{below}"
        return found if is_resource_id(found) else None

    def _id_of_block(self, instance: Instance, block: str, values: Json) -> str | None:
        segment = segment_of_part(instance.type, block)
        name = values.get("name") if isinstance(values, Mapping) else None
        if not segment or not isinstance(name, str):
            return None
        return f"{self.ids.id_of_instance(instance)}/{segment}/{name}"

    def _is_own_vnet(self, peering: Instance, far: Any) -> bool:
        near = key_of(self.ids.id_of_instance(peering)).rpartition("/virtualnetworkpeerings/")[0]
        return near == key_of(str(far))


def _at(values: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(values, Mapping):
            values = values.get(str(step))
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


def _are_addresses(one: str, other: str) -> bool:
    return one.endswith("ip_address") and other.endswith("ip_address")
