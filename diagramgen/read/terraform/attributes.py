"""An instance's attributes with what a plan leaves unknown filled in, each only when it is asked for.

Where a value is not known, the expression that gives it is: an id is taken from the one resource that the expression
can mean, and made up from names where Azure has yet to give it. Nothing else is guessed: what remains is a text in
braces with the attribute's address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.candidates import Candidates, Ids
from diagramgen.read.terraform.configuration import Expression
from diagramgen.read.terraform.filling import Filling, mask_of
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.links import Links
from diagramgen.read.terraform.marks import mark
from diagramgen.read.terraform.masks import below, hidden, is_nothing


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


class Filler:
    """Fills in the attributes of a plan's instances."""

    def __init__(self, links: Links, ids: Ids) -> None:
        self.links = links
        self._candidates = Candidates(links, ids)
        self._asked: set[tuple[str, str]] = set()
        self.open_links: set[str] = set()
        """The marks of links that expressions give, and that could not be resolved."""

    def value(self, instance: Instance, name: str) -> Any:
        """One attribute, complete as far as it can be, without what is sensitive."""
        if instance.unknown is False and is_nothing(instance.sensitive):
            return instance.attributes.get(name)
        expressions = self.expressions_of(instance)
        mask = True if instance.unknown is True else below(mask_of(instance, expressions), name)
        value = instance.attributes.get(name)
        sensitive = True if instance.sensitive is True else below(instance.sensitive, name)
        if is_nothing(mask) and is_nothing(sensitive):
            return value
        if not is_nothing(mask):
            asked = (instance.address, name)
            if asked in self._asked or len(self._asked) > _LONGEST_CHAIN:
                return mark(instance, name)
            self._asked.add(asked)
            filling = Filling(self._candidates, self.open_links, instance, self.links.scope_of(instance))
            try:
                value = filling.fill(value, mask, expressions.get(name), name, name)
            finally:
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
        mask = mask_of(instance, self.expressions_of(instance))
        if isinstance(mask, dict):
            names |= {name: None for name, told in mask.items() if told and not is_nothing(told)}
        return names | {"id": None}


_LONGEST_CHAIN = 25
"""Values that wait for each other: a rule's for its group's, that for its network's; real chains have five."""
