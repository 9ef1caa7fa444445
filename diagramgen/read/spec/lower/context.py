"""What every lowering function works with: the names, the records so far, and a way to complain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from diagramgen.diagnostics import Diagnostic, Severity
from diagramgen.located import Place
from diagramgen.read.record import NAME_ONLY, UNTOLD, Record
from diagramgen.read.spec.check import Report, shorten
from diagramgen.read.spec.lower.azure import merged, near_misses, resolved
from diagramgen.read.spec.names import Named, NameTable
from diagramgen.read.spec.shapes import Item, Mark, Told

_KNOWN_OUTSIDE = frozenset(
    {
        *("addressSpace", "addressPrefix", "addressPrefixes", "virtualWan", "virtualHub", "displayName"),
        *("networkSecurityGroup", "routeTable", "natGateway"),
    }
)
"""What may be said of a thing that is outside."""


class Context:
    """One spec that is being lowered.

    `has_defaults`: what the spec does not say is at Azure's default, and its lists have no order; else (`unsaid` is
    `unknown` or `planned`) only what it says is written, in its order, and what is odd is told without refusing it.
    """

    def __init__(self, names: NameTable, report: Report, unsaid: str = "default") -> None:
        self.names, self.report, self.unsaid = names, report, unsaid
        self.has_defaults = unsaid == "default"
        self.records: dict[str, Record] = {}
        self.lent_addresses: dict[str, str] = {}

    # Saying ----

    def error(
        self,
        code: str,
        message: str,
        place: Place,
        *hints: str,
        span: tuple[int, int] | None = None,
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        self.report(
            Diagnostic("error", code, message, place, tuple(h for h in hints if h), related, span=span)
        )

    def warn(
        self, code: str, message: str, place: Place, *hints: str, related: tuple[tuple[str, Place], ...] = ()
    ) -> None:
        self.report(Diagnostic("warning", code, message, place, tuple(h for h in hints if h), related))

    def refuse(
        self,
        code: str,
        message: str,
        place: Place,
        *hints: str,
        span: tuple[int, int] | None = None,
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:
        """An error, or a warning where the spec tells of what exists."""
        hints = tuple(h for h in hints if h)
        severity: Severity = "error" if self.has_defaults else "warning"
        self.report(Diagnostic(severity, code, message, place, hints, related, span=span))

    def usually(self, **properties: Any) -> dict[str, Any]:
        """Properties that hold where the spec does not say otherwise; none where that is then unknown."""
        return properties if self.has_defaults else {}

    def ordered(self, values: Iterable[Any], key: Callable[[Any], Any] | None = None) -> list[Any]:
        """Values each once: sorted, or as they are told."""
        unique = list(dict.fromkeys(values))
        return sorted(unique, key=key) if self.has_defaults else unique

    def ordered_by_text(self, values: list[dict[str, str]]) -> list[dict[str, str]]:
        """Small mappings sorted by what they say, or as they are told."""
        return sorted(values, key=str) if self.has_defaults else values

    # Records ----

    def add(
        self,
        thing: Named,
        type_: str,
        properties: Mapping[str, Any],
        places: Mapping[str, str] | None = None,
        location: str = "",
        **envelope: Any,
    ) -> Record | None:
        """The record of a named thing; `places` maps a property to the spec's key that says it."""
        told = thing.value if isinstance(thing.value, Told) else Told(thing.place)
        beside: dict[str, Any] = {k: v for k in ("icon",) if (v := told.get(k)) is not None}
        if thing.parent is not None:
            beside["parent"] = thing.parent.key
        elif subscription := self.find(told, "subscription", "subscription"):
            beside["parent"] = subscription.key
        beside.update({k: v for k, v in envelope.items() if v is not None})
        where = {p: told.at(k) for p, k in (places or {}).items() if k in told}
        location = location or told.get("region", "")
        return self.put(
            thing.shown, type_, thing.name, properties, thing.place, where, location, beside, told, thing
        )

    def put(
        self,
        shown: str,
        type_: str,
        name: str,
        properties: Mapping[str, Any],
        place: Place,
        places: Mapping[str, Place] | None = None,
        location: str = "",
        envelope: Mapping[str, Any] | None = None,
        told: Told | None = None,
        near: Named | None = None,
    ) -> Record | None:
        """A record of what has no name of its own; a second one with the same id is refused.

        `told` is what the spec says of it: of that, what may be said of everything is taken here.
        """
        told = told or Told(place)
        if told.get("outside") is True:
            properties = {k: v for k, v in properties.items() if k in _KNOWN_OUTSIDE}
        record = Record(
            shown.lower(),
            type_,
            told.get("name", name),
            self.with_azure(properties, told, near),
            place,
            shown,
            location,
            {**said_of_all(told, self.unsaid, type_), **(envelope or {})},
            places or {},
        )
        first = self.records.setdefault(record.id, record)
        if first is not record:
            self.error(
                "said-twice",
                f"`{shorten(name)}` is said twice",
                place,
                related=(("first here", first.place),),
            )
            return None
        return record

    def with_azure(
        self, properties: Mapping[str, Any], told: Told, near: Named | None = None
    ) -> dict[str, Any]:
        """The properties with what is told in Azure's own shape over them."""
        for key in ("properties", "azure"):
            if isinstance(more := told.get(key), Mapping):
                place = told.at(key)
                for text, hint, here in near_misses(more, self.names, place):
                    self.warn("unknown-name", f"nothing here is called `{text}`", here, hint)
                properties = merged(properties, resolved(more, self.names, place, near))
        return dict(properties)

    # Names ----

    def find(self, told: Told, key: str, *kinds: str, near: Named | None = None) -> Named | None:
        """What the name behind a key means; None if the key is absent or the name wrong."""
        text = told.get(key)
        return self.names.find(text, kinds, told.at(key), near=near) if isinstance(text, str) else None

    def find_all(
        self, items: tuple[Item, ...] | None, kinds: Collection[str], near: Named | None = None
    ) -> list[Named]:
        """What a list of names means, sorted by id, each once."""
        found = {}
        for item in items or ():
            if (thing := self.names.find(item.value, kinds, item.place, near=near)) is not None:
                found[thing.key] = thing
        return [found[key] for key in sorted(found)]

    # Addresses ----

    def address_of(self, thing: Named) -> str | None:
        """The private address of a resource: what the spec says, or the one that Azure would give it.

        Azure keeps the first four addresses of a subnet and gives the next that is free:
        https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
        """
        told = thing.value
        if isinstance(told, Told) and told.get("ip"):
            return str(told.get("ip"))
        if thing.key in self.lent_addresses:
            return self.lent_addresses[thing.key]
        if not self.has_defaults:
            return None
        subnet = thing.within("subnet")
        network = next((n for n in subnet.networks if n.version == 4), None) if subnet else None
        if subnet is None or network is None:
            return None
        siblings = sorted((c for c in subnet.children if c.kind == "resource"), key=lambda c: c.key)
        taken = {c.value.get("ip") for c in siblings if isinstance(c.value, Told)}
        free = int(network.network_address) + 4
        for sibling in siblings:
            if isinstance(sibling.value, Told) and sibling.value.get("ip"):
                continue
            while str(ip_address(free)) in taken:
                free += 1
            if sibling is thing:
                break
            free += 1
        if ip_address(free) not in network:
            return None
        return self.lent_addresses.setdefault(thing.key, str(ip_address(free)))


def said_of_all(told: Told, unsaid: str, type_: str) -> dict[str, Any]:
    """What may be said of everything in Azure, as it stands beside the properties."""
    tags = {item.name: item.value for item in told.get("tags", ())}
    is_outside, is_untold = told.get("outside") is True, told.get("untold") is True
    is_azure = not type_.startswith("diagramgen/") or type_ == "diagramgen/nva"
    is_planned = told.get("unsaid", unsaid) == "planned" and is_azure and not (is_outside or is_untold)
    condition = told.get("condition")
    said = {
        "label": told.get("label"),
        "note": told.get("note"),
        "resourceGroup": told.get("resource_group"),
        "azureId": told.get("id"),
        "tags": tags or None,
        NAME_ONLY: is_outside or None,
        UNTOLD: is_untold or None,
        "isPlanned": is_planned or None,
        "isConditional": True if condition else None,
        "condition": condition,
    }
    return {key: value for key, value in said.items() if value is not None}


def capital(word: str) -> str:
    """A word of the spec as Azure writes it; a mark of what is not known stays as it is."""
    return word if isinstance(word, Mark) else word[:1].upper() + word[1:]
