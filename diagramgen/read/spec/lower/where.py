"""What one side of a rule means: names, addresses, tags and host names -> what Azure writes for them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import Piece, parse_cidr, parse_range
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.service_tags import SERVICE_TAGS, service_tag
from diagramgen.read.spec.shapes import LineError, Told
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


def where(
    context: Context, pieces: Collection[Piece], place: Place, has_names: bool = True, has_fqdns: bool = False
) -> Where:
    """What one side of a rule means; `place` is the line, or the value of the one piece."""
    side = Where()
    for piece in pieces:
        _add_where(context, side, piece, place, has_names, has_fqdns)
    return side.sort(not context.has_defaults)


def _add_where(
    context: Context, side: Where, piece: Piece, place: Place, is_nsg: bool, has_fqdns: bool
) -> None:
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
        _add_address(context, side, piece, place)
        return
    kinds = (
        {"asg", "subnet", "vnet", "site", "resource", "public_ip", "virtual_hub"}
        if is_nsg
        else {"subnet", "vnet", "site", "resource", "public_ip", "ip_group", "virtual_hub"}
    )
    found = context.names.named(text, kinds)
    if found:
        thing = context.names.find(text, kinds, place, piece.span)
        if thing is not None:
            _add_thing(context, side, thing, piece, place)
    elif (tag := service_tag(text)) and not (has_fqdns and tag.count(".") > 1):
        side.prefixes.append(tag)
    elif has_fqdns and _FQDN.fullmatch(text):
        side.fqdns.append(text.lower())
    elif context.names.named(text, {"asg", "ip_group"}):
        other = context.names.named(text, {"asg", "ip_group"})[0]
        rule = "a firewall policy" if other.kind == "asg" else "an NSG"
        context.error(
            "wrong-kind",
            f"{rule} cannot name {'an ASG' if other.kind == 'asg' else 'an IP group'}",
            place,
            span=piece.span,
        )
    else:
        hint = context.names.suggestion(text, kinds, SERVICE_TAGS)
        context.error(
            "unknown-name",
            f"`{shorten(text)}` is no address, service tag, or name that a rule can use",
            place,
            hint,
            span=piece.span,
        )


def _add_address(context: Context, side: Where, piece: Piece, place: Place) -> None:
    try:
        is_range = "-" in piece.text
        side.prefixes.append(parse_range(piece.text) if is_range else _network(context, piece.text))
    except LineError as error:
        span = (piece.start + error.span[0], error.span[1])
        context.error(error.code, error.message, place, *error.hints, span=span)


def _network(context: Context, text: str) -> str:
    """A network in its usual writing; as it is written, where the spec tells of what exists."""
    network = parse_cidr(text)
    return str(network) if context.has_defaults or "/" in text else text.strip()


def _add_thing(context: Context, side: Where, thing: Named, piece: Piece, place: Place) -> None:
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
            _add_resource(context, side, thing, piece, place)
        case _ if thing.prefixes:
            side.prefixes.extend(thing.prefixes)
        case _:
            context.error(
                "no-address",
                f"`{shorten(thing.name)}` has no address, so a rule cannot name it",
                place,
                "give it an `address`",
                span=piece.span,
                related=(("it stands here", thing.place.key),),
            )


def _add_resource(context: Context, side: Where, thing: Named, piece: Piece, place: Place) -> None:
    count = thing.value.get("count", 1) if isinstance(thing.value, Told) else 1
    if count > 1:
        context.error(
            "no-address",
            f"`{shorten(thing.name)}` stands for {count} machines",
            place,
            "name their subnet or their ASG",
            span=piece.span,
        )
    elif address := context.address_of(thing):
        side.prefixes.append(address if is_unknown(address) else _network(context, address))
    else:
        context.error(
            "no-address",
            f"`{shorten(thing.name)}` has no address, so a rule cannot name it",
            place,
            "give it an `ip`, or its subnet an `address`",
            span=piece.span,
            related=(("it stands here", thing.place.key),),
        )
