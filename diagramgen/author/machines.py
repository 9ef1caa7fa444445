"""Machines and their network interfaces.

An interface of a machine's own, with one address in the machine's subnet, is told with the machine; any other one
stands under `nics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Wider, one_or_many
from diagramgen.author.essence import kept
from diagramgen.author.places import NIC, Thing
from diagramgen.author.pools import SCALE_SET
from diagramgen.author.references import referring
from diagramgen.author.values import Json, addresses, body, entries, flag
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.names import escape

MACHINES = ("microsoft.compute/virtualmachines", "diagramgen/nva")
_SIMPLE = {"ip", "asg", "nsg", "public_ip", "forwarding"}
"""What a machine may say of its interface itself."""


def write_machines(book: Book) -> None:
    """Machines, and interfaces that stand alone."""
    for thing in book.of("resources"):
        nics = book.nics.get(thing.id, [])
        if thing.resource.type in MACHINES or (thing.resource.type == SCALE_SET and book.unsaid == "default"):
            _write_machine(thing, nics, book)
        elif thing.resource.type == SCALE_SET:
            _write_scale_set(thing, book)
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


def _write_scale_set(thing: Thing, book: Book) -> None:
    """The interfaces that a scale set describes for each of its instances."""
    profile = at(
        thing.resource.properties, "virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"
    )
    nics = [_described(nic, thing.resource) for nic in entries(profile)]
    fields = [nic_fields(nic, thing, book) for nic in nics]

    def spread() -> None:
        for word in _SIMPLE:
            thing.entry.pop(word, None)
        thing.entry["nics"] = {nic.name: nic_fields(nic, thing, book, is_named=True) for nic in nics}

    if len(nics) == 1 and set(fields[0]) <= _SIMPLE:
        thing.entry.update(fields[0])
        book.widen[thing.id] = Wider(frozenset({"virtualMachineProfile"}), spread)
    elif nics:
        spread()


def _described(nic: Mapping[str, Any], scale_set: Resource) -> Resource:
    """The interface of an instance."""
    name = str(nic.get("name") or "nic")
    return Resource(f"{scale_set.id}/{name}".lower(), NIC, name, name, scale_set.parent, body(nic))


def _spread(thing: Thing, nics: list[Resource], fields: Mapping[str, Json], book: Book) -> None:
    """Tells the interfaces of a machine by their names."""
    for word in _SIMPLE:
        thing.entry.pop(word, None)
    listed = thing.entry["nics"] = {}
    for nic in nics:
        listed[nic.name] = book.entries[nic.id] = fields[nic.id]
        book.rename(nic.id, f"{thing.shown}/nics/{escape(nic.name)}")
        book.widen.pop(nic.id, None)


def nic_fields(nic: Resource, home: Thing, book: Book, is_named: bool = False) -> Json:
    """What the spec's words say of an interface that stands in, or belongs to, a thing; `is_named` gives its IP
    configurations their names."""
    fields: Json = {}
    told = entries(nic.properties.get("ipConfigurations"))
    if len(told) == 1 and not is_named:
        fields |= _configuration(told[0], home, book)
    elif told:
        names = [str(c.get("name") or f"ipconfig{number}") for number, c in enumerate(told, 1)]
        fields["ip_configurations"] = {
            name: _configuration(c, home, book) | (_in_azure(c, book) if is_named else {})
            for name, c in zip(names, told, strict=True)
        }
    attached = book.topology.nsg_of.get(nic.id) or key(nic.properties.get("networkSecurityGroup"))
    if (nsg := book.name(attached, ("nsg",))) is not None:
        fields["nsg"] = nsg
    forwarding = flag(nic.properties.get("enableIPForwarding"))
    usual = home.resource.type == "diagramgen/nva"
    if forwarding is not None and forwarding != usual:
        fields["forwarding"] = forwarding
    return fields


def _in_azure(configuration: Mapping[str, Any], book: Book) -> Json:
    """What only Azure has words for, of an IP configuration of a scale set."""
    fields = ("publicIPAddressConfiguration", "loadBalancerInboundNatPools")
    told = {field: value for field in fields if (value := body(configuration).get(field))}
    return {"azure": referring(kept("", SCALE_SET, told), book)} if told else {}


def elsewhere(subnet: str, home: Thing, book: Book) -> str | None:
    """The name of a subnet that is not the one where a thing stands."""
    is_there = not subnet or (home.parent is not None and subnet == home.parent.id)
    return None if is_there else book.name(subnet, ("subnet",))


def is_lent(p: Mapping[str, Any], book: Book) -> bool:
    """Whether a spec says no address, and one was lent to a rule or route that names the thing."""
    return book.unsaid == "default" and p.get("privateIPAllocationMethod") == "Dynamic"


def _configuration(configuration: Mapping[str, Any], home: Thing, book: Book) -> Json:
    p = body(configuration)
    fields: Json = {}
    if (found := addresses(p.get("privateIPAddress"))) and not is_lent(p, book):
        fields["ip"] = found[0]
    if (subnet := elsewhere(key(p.get("subnet")), home, book)) is not None:
        fields["subnet"] = subnet
    if groups := book.names_in(keys(p.get("applicationSecurityGroups")), ("asg",)):
        fields["asg"] = one_or_many(groups)
    if (public := book.public_ips([key(p.get("publicIPAddress"))], home.id)) is not None:
        fields["public_ip"] = public
    return fields
