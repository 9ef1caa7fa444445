"""An overlay: what a team says of its estate in a file of its own, laid over a fresh export or any other input.

It is written in the spec's language and says what Azure does not know: titles, notes, views, sites on premises, users,
flows, declared boundaries, accepted findings, layout hints. It names what the input holds, by name, path or id. What it
names and the input no longer holds is told and left out; the rest stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.model.kinds import KINDS
from diagramgen.read.inputs import Source
from diagramgen.read.record import Reading, Record
from diagramgen.read.spec.declare import declare_names
from diagramgen.read.spec.lower import lower
from diagramgen.read.spec.names import Named, NameTable
from diagramgen.read.spec.reader import checked_specs
from diagramgen.read.spec.shapes import Told
from diagramgen.read.text import decode

KEYS = (
    "title", "subtitle", "title_block", "tenant", "on_premises", "connections", "internet", "users", "groups", "flows",
    "boundaries", "accepted", "views", "notes", "layout",
)  # fmt: skip
"""What an overlay may say; all else of the language makes an estate, and is an input."""

_UNMATCHED = frozenset({"unknown-name", "ambiguous-name", "wrong-kind"})
_KINDS = {
    "microsoft.resources/subscriptions": "subscription",
    "microsoft.management/managementgroups": "management_group",
    "microsoft.network/virtualnetworks": "vnet",
    "microsoft.network/virtualnetworks/subnets": "subnet",
    "microsoft.network/virtualhubs": "virtual_hub",
    "microsoft.network/virtualwans": "virtual_wan",
    "microsoft.network/networkmanagers/networkgroups": "network_group",
    "microsoft.network/networksecuritygroups": "nsg",
    "microsoft.network/applicationsecuritygroups": "asg",
    "microsoft.network/routetables": "route_table",
    "microsoft.network/firewallpolicies": "firewall_policy",
    "microsoft.network/natgateways": "nat_gateway",
    "microsoft.network/publicipaddresses": "public_ip",
    "microsoft.network/expressroutecircuits": "circuit",
    "microsoft.network/localnetworkgateways": "local_network",
    "microsoft.network/vpnsites": "vpn_site",
    "diagramgen/on-premises": "site",
    "diagramgen/users": "users",
    "diagramgen/group": "group",
}
"""What the language calls a thing of each type; resources and services by where KINDS says they live."""


def lay_over(reading: Reading, overlays: Iterable[Source]) -> Reading:
    """The reading with what the overlays say; where both say it, the overlays win.

    Raises:
        InputError: an overlay is no overlay, or has errors other than names that are not there.
    """
    texts = {overlay.name: decode(overlay.name, overlay.data) for overlay in overlays}
    if not texts:
        return reading
    found = _Found()
    spec = checked_specs(texts, found)
    if spec is not None:
        _refuse_estate(spec, found)
        names = declare_names(spec, found)
        _give(names, reading.records)
        records = lower(spec, names, found)
    if any(diagnostic.severity == "error" for diagnostic in found.diagnostics):
        raise InputError(found.diagnostics)
    return replace(
        reading,
        records=tuple(_laid_over(reading.records, records if spec is not None else ())),
        diagnostics=(*reading.diagnostics, *found.diagnostics),
        sources={**reading.sources, **texts},
        formats={**reading.formats, **dict.fromkeys(texts, "overlay")},
    )


class _Found:
    """Takes what is said of the overlay: what is not matched is a warning."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def __call__(self, diagnostic: Diagnostic) -> None:
        if diagnostic.code in _UNMATCHED:
            message = f"{diagnostic.message}; this part of the overlay is left out"
            diagnostic = replace(diagnostic, severity="warning", code="overlay-unmatched", message=message)
        self.diagnostics.append(diagnostic)


def _refuse_estate(spec: Told, found: _Found) -> None:
    for key in spec:
        if key not in KEYS:
            message = f"an overlay says nothing of `{key}`: that makes an estate"
            hint = f"give the file as an input; an overlay takes {', '.join(f'`{k}`' for k in KEYS)}"
            found(Diagnostic("error", "not-an-overlay", message, spec.at(key).key, (hint,)))


def _give(names: NameTable, records: Iterable[Record]) -> None:
    """Makes known what the input holds."""
    given: dict[str, Named] = {}
    for record in records:
        kind = _kind_of(record)
        if kind is None:
            continue
        parent = given.get(str(record.envelope.get("parent") or ""))
        thing = Named(kind, record.name, record.id, record.place, parent=parent)
        names.give(thing)
        given[record.id] = thing
        label = record.envelope.get("label")
        if isinstance(label, str) and label:
            names.add_alias(thing, label)


def _kind_of(record: Record) -> str | None:
    if record.type in _KINDS:
        return _KINDS[record.type]
    kind = KINDS.get(record.type)
    if kind is None or kind.home not in ("subnet", "hub", "service"):
        return None
    return "service" if kind.home == "service" else "resource"


def _laid_over(below: Iterable[Record], above: Iterable[Record]) -> Iterator[Record]:
    by_id: dict[str, Record] = {record.id: record for record in below}
    for record in above:
        known = by_id.get(record.id)
        if known is None:
            document: Mapping[str, object] = (
                {"isPartial": True} if record.type == "diagramgen/document" else {}
            )
            by_id[record.id] = replace(record, envelope={**record.envelope, **document})
        else:
            properties = {**known.properties, **record.properties}
            by_id[record.id] = replace(
                known, properties=properties, envelope={**known.envelope, **record.envelope}
            )
    for rid in sorted(by_id):
        yield by_id[rid]
