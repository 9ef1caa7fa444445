"""Load balancers: frontends, pools, balancing, NAT and outbound rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.frontends import Parts, named, told, write_frontends, write_pools
from diagramgen.author.members import machine_behind
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import Json, entries, flag, word

_PROTOCOLS = {"tcp": "tcp", "udp": "udp", "all": "any", "*": "any"}
_WORDS = ("pools", "backends", "rules", "inbound_nat", "outbound")
_FIELDS = ("backendAddressPools", "loadBalancingRules", "inboundNatRules", "outboundRules")


def write_balancers(book: Book) -> None:
    """All of them."""
    for thing in book.of("resources"):
        if thing.resource.type == NET + "loadbalancers":
            _write(thing, book)
            book.fall_back(thing.id, _FIELDS, *_WORDS, is_last=True)


def _write(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    parts = Parts(p)
    write_frontends(thing, book, "frontend{}", "frontend1")
    write_pools(thing, book)
    for word_, field, write in (
        ("rules", "loadBalancingRules", _balancing), ("outbound", "outboundRules", _outbound),
    ):  # fmt: skip
        if isinstance(p.get(field), list | tuple):
            entry[word_] = {name: write(rule, parts) for name, rule in named(p[field])}
    if isinstance(p.get("inboundNatRules"), list | tuple):
        entry["inbound_nat"] = {
            name: _inbound_nat(
                rule, machine_behind(f"{thing.id}/inboundnatrules/{name}".lower(), rule, book), parts
            )
            for name, rule in named(p["inboundNatRules"])
        }


def _port(value: object) -> int | str | None:
    """A port, as a number where it is one."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and value.isascii() else value or None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _balancing(p: Mapping[str, Any], parts: Parts) -> Json:
    port, backend = _port(p.get("frontendPort")), _port(p.get("backendPort"))
    protocol = word(p.get("protocol"), _PROTOCOLS) or "any"
    is_all = protocol == "any" and port == 0
    snat = flag(p.get("disableOutboundSnat"))
    pools = entries(p.get("backendAddressPools"))
    return told({
        "protocol": protocol, "port": None if is_all else port, "frontend": parts.front(p),
        "pool": parts.of(p.get("backendAddressPool")) or (parts.of(pools[0]) if pools else ""),
        "backend_port": None if backend == port else backend,
        "outbound_snat": (not snat if isinstance(snat, bool) else snat) if snat else None,
    })  # fmt: skip


def _inbound_nat(p: Mapping[str, Any], machine: str | None, parts: Parts) -> Json:
    first, last = p.get("frontendPortRangeStart"), p.get("frontendPortRangeEnd")
    is_range = isinstance(first, int) and isinstance(last, int) and last > 0
    port = f"{first}-{last}" if is_range else _port(p.get("frontendPort"))
    backend = _port(p.get("backendPort"))
    return told({
        "protocol": word(p.get("protocol"), _PROTOCOLS) or "any", "port": port, "frontend": parts.front(p),
        "to": machine or parts.of(p.get("backendAddressPool")),
        "backend_port": None if backend == port else backend,
    })  # fmt: skip


def _outbound(p: Mapping[str, Any], parts: Parts) -> Json:
    fronts = [parts.of(front) for front in entries(p.get("frontendIPConfigurations"))]
    return told({
        "protocol": word(p.get("protocol"), _PROTOCOLS), "pool": parts.of(p.get("backendAddressPool")),
        "frontend": one_or_many(fronts) if fronts else None,
    })  # fmt: skip
