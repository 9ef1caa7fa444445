"""Machines and their network interfaces.

An interface of a machine's own, with one address in the machine's subnet, is told with the machine; any other one
stands under `nics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Json, Wider, one_or_many
from diagramgen.author.places import NIC, Thing
from diagramgen.author.values import addresses, body, entries, flag
from diagramgen.model.references import key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape

MACHINES = ("microsoft.compute/virtualmachines", "diagramgen/nva")
_SIMPLE = {"ip", "asg", "nsg", "public_ip", "forwarding"}
"""What a machine may say of its interface itself."""


def write_machines(book: Book) -> None:
    """Machines, and interfaces that stand alone."""
    for thing in book.of("resources"):
        if thing.resource.type in MACHINES:
            _write_machine(thing, book.nics.get(thing.id, []), book)
        elif thing.resource.type == NIC:
            thing.entry.update(nic_fields(thing.resource, thing, book))


def _write_machine(thing: Thing, nics: list[Resource], book: Book) -> None:
    fields = {nic.id: nic_fields(nic, thing, book) for nic in nics}
    if len(nics) == 1 and set(fields[nics[0].id]) <= _SIMPLE:
        (nic,) = nics
        thing.entry.update(fields[nic.id])
        book.rename(nic.id, f"{thing.shown}/nic")
        book.widen[nic.id] = Wider(None, lambda: _spread(thing, nics, fields, book))
    elif nics:
        _spread(thing, nics, fields, book)


def _spread(thing: Thing, nics: list[Resource], fields: Mapping[str, Json], book: Book) -> None:
    """Tells the interfaces of a machine by their names."""
    for word in _SIMPLE:
        thing.entry.pop(word, None)
    listed = thing.entry["nics"] = {}
    for nic in nics:
        listed[nic.name] = book.entries[nic.id] = fields[nic.id]
        book.rename(nic.id, f"{thing.shown}/nics/{escape(nic.name)}")
        book.widen.pop(nic.id, None)


def nic_fields(nic: Resource, home: Thing, book: Book) -> Json:
    """What the spec's words say of an interface that stands in, or belongs to, a thing."""
    fields: Json = {}
    configurations = entries(nic.properties.get("ipConfigurations"))
    if len(configurations) == 1:
        fields |= _configuration(configurations[0], home, book)
    elif configurations:
        fields["ip_configurations"] = {
            str(c.get("name") or f"ipconfig{n + 1}"): _configuration(c, home, book)
            for n, c in enumerate(configurations)
        }
    if (nsg := book.name(book.topology.nsg_of.get(nic.id, ""), ("nsg",))) is not None:
        fields["nsg"] = nsg
    forwarding = flag(nic.properties.get("enableIPForwarding"))
    usual = home.resource.type == "diagramgen/nva"
    if forwarding is not None and forwarding != usual:
        fields["forwarding"] = forwarding
    return fields


def is_lent(p: Mapping[str, Any], book: Book) -> bool:
    """Whether a spec says no address, and one was lent to a rule or route that names the thing."""
    return book.unsaid == "default" and p.get("privateIPAllocationMethod") == "Dynamic"


def _configuration(configuration: Mapping[str, Any], home: Thing, book: Book) -> Json:
    p = body(configuration)
    fields: Json = {}
    if (found := addresses(p.get("privateIPAddress"))) and not is_lent(p, book):
        fields["ip"] = found[0]
    subnet = key(p.get("subnet"))
    if subnet and subnet != (home.parent.id if home.parent else ""):
        if (name := book.name(subnet, ("subnet",))) is not None:
            fields["subnet"] = name
    if groups := book.names_in(keys(p.get("applicationSecurityGroups")), ("asg",)):
        fields["asg"] = one_or_many(groups)
    if (public := book.public_ips([key(p.get("publicIPAddress"))], home.id)) is not None:
        fields["public_ip"] = public
    return fields
