"""The members of pools by the names of machines, scale sets, interfaces and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.author.book import Book
from diagramgen.author.values import body, entries, texts
from diagramgen.model.references import key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.spec.grammar import parse_address
from diagramgen.read.spec.shapes import LineError
from diagramgen.read.unknown import is_unknown


def members_of(pool: str, p: Mapping[str, Any], book: Book) -> list[str]:
    """The members of a pool by their names; those that have none are left to `azure`."""
    configurations = dict.fromkeys([*keys(p.get("backendIPConfigurations")), *book.in_pools.get(pool, ())])
    found = [machine(each, book) for each in configurations]
    listed = list(dict.fromkeys([*(name for name in found if name is not None), *_addresses(p)]))
    return [text for text in listed if _is_member(text) or book.means(text, ("resource",))]


def machine_behind(rule: str, p: Mapping[str, Any], book: Book) -> str | None:
    """The name of the machine behind a NAT rule."""
    told = [key(p.get("backendIPConfiguration")), *book.in_pools.get(rule, ())]
    return next((name for each in told if each and (name := machine(each, book)) is not None), None)


def machine(configuration: str, book: Book) -> str | None:
    """The name of the machine, scale set or interface of which a pool would take just this IP configuration."""
    if "/virtualmachinescalesets/" in configuration:
        return book.name(configuration.partition("/virtualmachines/")[0], ("resource",))
    nic = book.resource(configuration.split("/ipconfigurations/")[0])
    if nic is None or configuration != _first(nic):
        return None
    owner = book.owners.get(nic.id, "")
    if owner not in book.things:
        return book.name(nic.id, ("resource",))
    return book.name(owner, ("resource",)) if book.nics[owner][0] is nic else None


def _first(nic: Resource) -> str:
    """The id of an interface's first IP configuration."""
    told = entries(nic.properties.get("ipConfigurations"))
    name = (told[0].get("name") if told else None) or "ipconfig1"
    return (key(told[0]) if told else "") or f"{nic.id}/ipconfigurations/{name}".lower()


def _addresses(p: Mapping[str, Any]) -> Iterator[str]:
    """The addresses and host names in a pool."""
    for address in entries(p.get("backendAddresses")):
        yield from texts(address.get("ipAddress")) or [text.lower() for text in texts(address.get("fqdn"))]
    for address in entries(p.get("loadBalancerBackendAddresses")):
        yield from texts(body(address).get("ipAddress"))


def _is_member(text: str) -> bool:
    if is_unknown(text) or "." in text:
        return " " not in text
    try:
        parse_address(text)
    except LineError:
        return False
    return True
