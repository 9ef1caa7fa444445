"""VNet peerings: one entry a pair, with what differs between its halves under `a` and `b`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Kept, one_or_many
from diagramgen.author.values import Json, flag, mapping, networks, texts, word
from diagramgen.model.topology import Peering, PeeringHalf
from diagramgen.read.spec.names import escape

_STATES = {"connected": "connected", "initiated": "initiated", "disconnected": "disconnected"}
_SYNC = {
    "fullyinsync": "in_sync", "localnotinsync": "local_not_in_sync", "remotenotinsync": "remote_not_in_sync",
    "localandremotenotinsync": "not_in_sync",
}  # fmt: skip
_FLAGS = {
    "access": ("allowVirtualNetworkAccess", True),
    "forwarded_traffic": ("allowForwardedTraffic", False),
    "gateway_transit": ("allowGatewayTransit", False),
    "remote_gateway": ("useRemoteGateways", False),
}
"""The spec's word for each flag of a half, Azure's, and what holds where the spec does not say."""


def write_peerings(book: Book) -> None:
    """All peerings, those of hubs first."""
    counts: dict[str, int] = {}
    for peering in book.topology.peerings:
        for end in (peering.a, peering.b):
            counts[end] = counts.get(end, 0) + 1
    found = []
    for peering in book.topology.peerings:
        if any(half is not None and half.id for half in (peering.a_half, peering.b_half)):
            ends = sorted((peering.a, peering.b), key=lambda end: (-counts[end], _label(book, end)))
            entry = _entry(peering, ends, book)
            if entry is not None:
                found.append((-max(counts[end] for end in ends), *(_label(book, end) for end in ends), entry))
    if found:
        book.document["peerings"] = [entry for *_, entry in sorted(found, key=lambda row: row[:-1])]


def _label(book: Book, rid: str) -> str:
    return (book.name(rid, ("vnet",)) or rid).lower()


def _entry(peering: Peering, ends: list[str], book: Book) -> Json | None:
    """A peering in full; None where the spec does not name both VNets."""
    names = book.names_in(ends, ("vnet",))
    if names is None:
        return None
    halves = {peering.a: peering.a_half, peering.b: peering.b_half}
    entry: Json = {"between": names}
    if peering.label:
        entry["label"] = peering.label
    own: dict[str, Any] = {}
    for key, end, other in (("a", ends[0], ends[1]), ("b", ends[1], ends[0])):
        own[key] = _half(halves[end], other, book)
        if own[key] is not None and _is_ghost(end, book):
            own[key] = Kept(own[key])
        _register(halves[end], own[key], end, other, book)
    _lift(entry, own, names)
    if through := book.names_in(peering.through, ("subnet",)):
        entry["through"] = through
    for key, end in (("a", ends[0]), ("b", ends[1])):
        if own[key] is not None:
            entry[key] = own[key]
        elif not _is_ghost(end, book):
            entry[key] = "absent"
    return entry


def _is_ghost(rid: str, book: Book) -> bool:
    """Whether the input only names a VNet: the spec then tells a half of it only where it spells it out."""
    resource = book.resource(rid)
    return resource is not None and resource.is_ghost


def _register(half: PeeringHalf | None, fields: Json | None, here: str, there: str, book: Book) -> None:
    if half is None or fields is None or not half.id:
        return
    resource = book.resource(there)
    twins = resource is not None and len(book.called(resource.name, "vnet")) > 1
    name = book.shown(there) if twins else book.things[there].name
    book.rename(half.id, f"{book.shown(here)}/peerings/{escape(name)}")
    book.entries[half.id] = fields


def _half(half: PeeringHalf | None, far: str, book: Book) -> Json | None:
    """What a half says; None where there is none."""
    resource = book.resource(half.id) if half is not None else None
    if resource is None:
        return None
    p = resource.properties
    fields: Json = {}
    state = p.get("peeringState")
    known = word(state, _STATES)
    fields["state"] = known or ("unknown" if not resource.is_planned else None)
    sync = word(p.get("peeringSyncLevel"), _SYNC)
    if sync is not None and sync != ("in_sync" if known == "connected" else "remote_not_in_sync"):
        fields["sync"] = sync
    for name, (told, usual) in _FLAGS.items():
        value = flag(p.get(told))
        if value is not None and value != usual:
            fields[name] = value
    prefixes = networks(mapping(p.get("remoteAddressSpace")).get("addressPrefixes"))
    if prefixes and set(prefixes) != set(_prefixes(far, book)):
        fields["remote_address"] = one_or_many(prefixes)
    for name, told in (("subnets", "localSubnetNames"), ("remote_subnets", "remoteSubnetNames")):
        if subnets := texts(p.get(told)):
            fields[name] = one_or_many(subnets)
    if (complete := flag(p.get("peerCompleteVnets"))) is not None and complete is not True:
        fields["complete"] = complete
    return {name: value for name, value in fields.items() if value is not None}


def _prefixes(vnet: str, book: Book) -> list[str]:
    resource = book.resource(vnet)
    space = resource.properties.get("addressSpace") if resource is not None else None
    return texts(space.get("addressPrefixes")) if isinstance(space, Mapping) else []


def _lift(entry: Json, own: dict[str, Any], names: list[str]) -> None:
    """What both halves say alike is said once of the peering."""
    halves = [half for half in own.values() if half is not None]
    states = {half.get("state") for half in halves}
    if len(states) == 1 and (state := states.pop()) is not None:
        if state != "connected":
            entry["state"] = state
        for half in halves:
            half.pop("state", None)
    for name in ("access", "forwarded_traffic"):
        values = {str(half.get(name)): half.get(name) for half in halves}
        if len(values) == 1 and None not in values.values():
            entry[name] = next(iter(values.values()))
            for half in halves:
                del half[name]
    a, b = own["a"] or {}, own["b"] or {}
    for lender, user, name in ((a, b, names[0]), (b, a, names[1])):
        is_whole = user.get("remote_gateway") is True and lender.get("gateway_transit") is True
        is_alone = (own["a"] is None or own["b"] is None) and (
            user.get("remote_gateway") is True or lender.get("gateway_transit") is True
        )
        if "gateway_transit" not in entry and (is_whole or is_alone):
            entry["gateway_transit"] = name
            user.pop("remote_gateway", None)
            lender.pop("gateway_transit", None)
