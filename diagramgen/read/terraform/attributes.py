"""An instance's attributes with what a plan leaves unknown filled in, each only when it is asked for.

Where a value is not known, the expression that gives it is: an id is taken from the one resource that the expression
can mean, and made up from names where Azure has yet to give it. Nothing else is guessed: what remains is a text in
braces with the attribute's address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from diagramgen.read.documents import Json
from diagramgen.read.record import key_of
from diagramgen.read.resource import is_resource_id, type_of
from diagramgen.read.terraform.address import Path
from diagramgen.read.terraform.configuration import Expression
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.links import Calls, Links, Open, Part, Parts, Scope, Things
from diagramgen.read.terraform.masks import below, hidden, is_nothing
from diagramgen.read.terraform.wanted import (
    is_link,
    is_list_of_links,
    is_name_of,
    segment_of_part,
    steps_implied,
    types_wanted,
)
from diagramgen.read.unknown import is_unknown, unknown


class Attributes(Mapping[str, Any]):
    """The attributes of one instance; a value is worked out when it is first asked for."""

    def __init__(self, names: dict[str, None], find: Callable[[str], Any]) -> None:
        self._names = names
        self._find = find
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            if name not in self._names:
                raise KeyError(name)
            self._found[name] = self._find(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Ids(Protocol):
    """What filling in must know of other instances."""

    def id_of_instance(self, instance: Instance) -> str:
        """An instance's Azure id, known or made up."""

    def attributes_of(self, instance: Instance) -> Mapping[str, Any]:
        """An instance's attributes, filled in."""


def mark(instance: Instance, path: str) -> str:
    """What stands for an attribute that is not known; without slashes, as it may become a part of an id.

    >>> from diagramgen.located import NOWHERE
    >>> mark(Instance((), "managed", "azurerm_subnet", "x", "10.0.0.0/24", "", {}, NOWHERE), "name")
    '{azurerm_subnet.x["10.0.0.0-24"].name}'
    """
    return mark_of(instance.address, path)


def mark_of(address: str, path: str) -> str:
    """The same for the instance with an address."""
    return unknown(f"{address}.{path}".replace("/", "-"))


class Filler:
    """Fills in the attributes of a plan's instances."""

    def __init__(self, links: Links, ids: Ids) -> None:
        self.links = links
        self.ids = ids
        self._asked: set[tuple[str, str]] = set()
        self.open_links: set[str] = set()
        """The marks of links that expressions give, and that could not be resolved."""

    def value(self, instance: Instance, name: str) -> Any:
        """One attribute, complete as far as it can be, without what is sensitive."""
        if instance.unknown is False and is_nothing(instance.sensitive):
            return instance.attributes.get(name)
        expressions = self.expressions_of(instance)
        mask = True if instance.unknown is True else below(_mask_of(instance, expressions), name)
        value = instance.attributes.get(name)
        sensitive = True if instance.sensitive is True else below(instance.sensitive, name)
        if is_nothing(mask) and is_nothing(sensitive):
            return value
        if not is_nothing(mask):
            asked = (instance.address, name)
            if asked in self._asked or len(self._asked) > _LONGEST_CHAIN:
                return mark(instance, name)
            self._asked.add(asked)
            filling = _Filling(self, instance, self.links.scope_of(instance))
            value = filling.fill(value, mask, expressions.get(name), name, name)
            self._asked.discard(asked)
        return hidden(value, sensitive, mark(instance, name))

    def expressions_of(self, instance: Instance) -> Mapping[str, Expression]:
        """The expressions of an instance's resource, by attribute."""
        told = self.links.configuration.resource(
            tuple(call.name for call in instance.module), instance.mode, instance.type, instance.name
        ).get("expressions")
        return told if isinstance(told, dict) else {}

    def names_of(self, instance: Instance) -> dict[str, None]:
        """The names of all attributes, known or not."""
        names = dict.fromkeys(instance.attributes)
        mask = _mask_of(instance, self.expressions_of(instance))
        if isinstance(mask, dict):
            names |= {name: None for name, told in mask.items() if told and not is_nothing(told)}
        return names | {"id": None}

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
            return self.ids.attributes_of(instance).get("name")
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


class _Filling:
    """Fills in one attribute of one instance. `is_inner`: what is filled in lies within an object that one expression
    gives as a whole, so that a resource it refers to may belong to any member."""

    def __init__(self, filler: Filler, instance: Instance, scope: Scope, is_inner: bool = False) -> None:
        self.filler = filler
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
        parts = self.filler.links.parts_of(expression, self.scope)
        found = self._linked(name, parts)
        if is_link(name) and (found is None or (len(found) > 1 and not is_list_of_links(name))):
            self.filler.open_links.add(own)
        if not is_list_of_links(name):
            return found[0] if found is not None and len(found) == 1 else own
        if found is None:  # what is known of the list, and that there may be more
            told = tuple(part for part in parts if isinstance(part, Things))
            found = [*(self._linked(name, told) or ()), own]
        return found

    def _linked(self, name: str, parts: Parts) -> list[Any] | None:
        return self.filler.linked(self.instance, name, parts, self.is_inner)

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
                filling = _Filling(self.filler, self.instance, self.scope, is_inner or self.is_inner)
                found[key] = filling.fill(found.get(key), told, inner, wanted, f"{path}.{key}")
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
        found = self._linked(name, self.filler.links.parts_of(expression, self.scope))
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

_LONGEST_CHAIN = 25
"""Values that wait for each other: a rule's for its group's, that for its network's; real chains have five."""


def _mask_of(instance: Instance, expressions: Mapping[str, Expression]) -> Json:
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


def _agree(value: Json, constant: Json) -> bool:
    """Whether a value can be what a constant became: providers turn texts into numbers and back."""
    if value == constant or value is None:
        return True
    if isinstance(value, str | int | float) and isinstance(constant, str | int | float):
        return str(value).lower() == str(constant).lower()
    if isinstance(value, list) and isinstance(constant, list):
        return sorted(map(str, value)) == sorted(map(str, constant))
    return False
