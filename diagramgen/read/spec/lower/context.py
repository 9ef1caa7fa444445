"""What every lowering function works with: the names, the records so far, and a way to complain."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from diagramgen.diagnostics import Diagnostic, Severity
from diagramgen.located import Place
from diagramgen.read.record import NAME_ONLY, UNTOLD, Record
from diagramgen.read.spec.check import Report, shorten
from diagramgen.read.spec.grammar import Piece, parse_cidr, parse_range
from diagramgen.read.spec.lower.azure import merged, near_misses, resolved
from diagramgen.read.spec.names import Named, NameTable
from diagramgen.read.spec.service_tags import SERVICE_TAGS, service_tag
from diagramgen.read.spec.shapes import Item, LineError, Mark, Told
from diagramgen.read.unknown import is_unknown


@dataclass(slots=True)
class Where:
    """What one side of a rule means: addresses and tags, ASGs, IP groups, public IPs and host names."""

    prefixes: list[str] = field(default_factory=list)
    asgs: list[str] = field(default_factory=list)
    ip_groups: list[str] = field(default_factory=list)
    public_ips: list[str] = field(default_factory=list)
    fqdns: list[str] = field(default_factory=list)

    def sort(self, keeps_order: bool = False) -> Where:
        for values in (self.prefixes, self.asgs, self.ip_groups, self.public_ips, self.fqdns):
            values[:] = list(dict.fromkeys(values)) if keeps_order else sorted(set(values))
        return self


_ADDRESS = re.compile(r"(?=[0-9A-Fa-f.:/]*[.:])[0-9A-Fa-f:][0-9A-Fa-f:.]*(/[0-9]*)?")
_RANGE = re.compile(r"[0-9]+(\.[0-9]+){3}\s*-\s*[0-9]+(\.[0-9]+){3}")
_FQDN = re.compile(r"(\*\.)?([A-Za-z0-9_-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}|\*")


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
                "duplicate-name",
                f"`{shorten(name)}` is told twice",
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

    def where(
        self, pieces: Collection[Piece], place: Place, has_names: bool = True, has_fqdns: bool = False
    ) -> Where:
        """What one side of a rule means; `place` is the line, or the value of the one piece."""
        side = Where()
        for piece in pieces:
            self._add_where(side, piece, place, has_names, has_fqdns)
        return side.sort(not self.has_defaults)

    def _add_where(self, side: Where, piece: Piece, place: Place, is_nsg: bool, has_fqdns: bool) -> None:
        text = piece.text
        if text.lower() in ("any", "*"):
            side.prefixes.append("*")
            return
        if is_unknown(text):
            side.prefixes.append(text)
            return
        if text.lower().startswith("tag:") and text[4:].strip():
            side.prefixes.append(text[4:].strip())
            return
        if _ADDRESS.fullmatch(text) or _RANGE.fullmatch(text):
            self._add_address(side, piece, place)
            return
        kinds = (
            {"asg", "subnet", "vnet", "site", "resource", "public_ip", "virtual_hub"}
            if is_nsg
            else {"subnet", "vnet", "site", "resource", "public_ip", "ip_group", "virtual_hub"}
        )
        found = self.names.named(text, kinds)
        if found:
            thing = self.names.find(text, kinds, place, piece.span)
            if thing is not None:
                self._add_thing(side, thing, piece, place)
        elif (tag := service_tag(text)) and not (has_fqdns and tag.count(".") > 1):
            side.prefixes.append(tag)
        elif has_fqdns and _FQDN.fullmatch(text):
            side.fqdns.append(text.lower())
        elif self.names.named(text, {"asg", "ip_group"}):
            other = self.names.named(text, {"asg", "ip_group"})[0]
            rule = "a firewall policy" if other.kind == "asg" else "an NSG"
            self.error(
                "wrong-kind",
                f"{rule} cannot name {'an ASG' if other.kind == 'asg' else 'an IP group'}",
                place,
                span=piece.span,
            )
        else:
            hint = self.names.suggestion(text, kinds, SERVICE_TAGS)
            self.error(
                "unknown-name",
                f"`{shorten(text)}` is no address, service tag, or name that a rule can use",
                place,
                hint,
                span=piece.span,
            )

    def _add_address(self, side: Where, piece: Piece, place: Place) -> None:
        try:
            is_range = "-" in piece.text
            side.prefixes.append(parse_range(piece.text) if is_range else self._network(piece.text))
        except LineError as error:
            span = (piece.start + error.span[0], error.span[1])
            self.error(error.code, error.message, place, *error.hints, span=span)

    def _network(self, text: str) -> str:
        """A network in its usual writing; as it is written, where the spec tells of what exists."""
        network = parse_cidr(text)
        return str(network) if self.has_defaults or "/" in text else text.strip()

    def _add_thing(self, side: Where, thing: Named, piece: Piece, place: Place) -> None:
        match thing.kind:
            case "asg":
                side.asgs.append(thing.key)
            case "ip_group":
                side.ip_groups.append(thing.key)
            case "public_ip":
                side.public_ips.append(thing.key)
                if address := thing.value.get("address"):
                    side.prefixes.append(address)
            case "resource":
                self._add_resource(side, thing, piece, place)
            case _ if thing.prefixes:
                side.prefixes.extend(thing.prefixes)
            case _:
                self.error(
                    "no-address",
                    f"`{shorten(thing.name)}` has no address, so a rule cannot name it",
                    place,
                    "give it an `address`",
                    span=piece.span,
                    related=(("it stands here", thing.place.key),),
                )

    def _add_resource(self, side: Where, thing: Named, piece: Piece, place: Place) -> None:
        count = thing.value.get("count", 1) if isinstance(thing.value, Told) else 1
        if count > 1:
            self.error(
                "no-address",
                f"`{shorten(thing.name)}` stands for {count} machines",
                place,
                "name their subnet or their ASG",
                span=piece.span,
            )
        elif address := self.address_of(thing):
            side.prefixes.append(address if is_unknown(address) else self._network(address))
        else:
            self.error(
                "no-address",
                f"`{shorten(thing.name)}` has no address, so a rule cannot name it",
                place,
                "give it an `ip`, or its subnet an `address`",
                span=piece.span,
                related=(("it stands here", thing.place.key),),
            )


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
