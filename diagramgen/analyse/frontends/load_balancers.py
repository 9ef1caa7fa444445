"""Load balancers: what their rules open, and what is behind a frontend.

A balancer passes packets on as they are: it has no filter and keeps the client's address.
https://learn.microsoft.com/azure/load-balancer/load-balancer-overview
https://learn.microsoft.com/azure/load-balancer/inbound-nat-rules
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.frontends.entries import Frontend, Sku, Target
from diagramgen.analyse.frontends.estate import LOAD_BALANCER, Estate
from diagramgen.analyse.frontends.shapes import (
    TCP_AND_UDP,
    body,
    is_of_spec,
    listed,
    named,
    part_id,
    part_name,
    port_number,
    ports,
    sku_of,
    text,
    word,
)
from diagramgen.analyse.frontends.targets import at_address, merged, of_configurations, of_thing
from diagramgen.analyse.frontends.telling import platform_rule
from diagramgen.located import Place
from diagramgen.model.references import key, keys, last_segment, leaves_open
from diagramgen.model.references import listed as all_listed
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, TCP, UDP, Ranges, intersection, overlap, union

_RULES = ("loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules")
_FARTHEST = 4
"""Balancers behind each other that are followed: a global one, a regional one, and some to spare."""


class Opening(NamedTuple):
    """What one rule of a balancer opens: the frontends (names) at which it listens, and where the packets go:
    `backend_port` is None where they keep theirs."""

    id: str
    name: str
    fronts: tuple[str, ...]
    listens: Ranges
    backend_port: int | None
    pools: tuple[str, ...]
    members: tuple[str, ...]
    place: Place
    is_sure: bool = True

    def arriving(self, services: Ranges) -> Ranges:
        """The services as which those that it listens to arrive."""
        taken = intersection(services, self.listens)
        if self.backend_port is None:
            return taken
        found = NO_RANGES
        for base in (TCP, UDP):
            if overlap(taken, ((base, base + 65535),)):
                found = union(found, ((base + self.backend_port, base + self.backend_port),))
        return found


def load_balancers(estate: Estate) -> Iterator[Frontend]:
    """The ways in through public load balancers, one for each rule of a public frontend."""
    for balancer in estate.of_type(LOAD_BALANCER):
        fronts = {
            part_name(item): body(item) for item, _ in estate.parts(balancer, "frontendIPConfigurations")
        }
        for opening in openings(estate, balancer):
            public = [fronts[name] for name in opening.fronts if public_ip_of(fronts.get(name, {}))]
            if public:
                yield _frontend(estate, balancer, opening, public)


def _frontend(
    estate: Estate, balancer: Resource, opening: Opening, fronts: list[Mapping[str, Any]]
) -> Frontend:
    public_ips = tuple(dict.fromkeys(public_ip_of(front) for front in fronts))
    targets = _targets(estate, balancer, opening, opening.listens)
    rule = platform_rule(
        estate, balancer, opening.id, opening.name, opening.listens, public_ips, targets, opening.place
    )
    return Frontend(
        opening.id, rule.name, "load-balancer", "", "", public_ips, _sku(estate, balancer, public_ips),
        opening.listens, None, targets, "", "", True, opening.place, rule,
        opening.is_sure and not any(key(front.get("gatewayLoadBalancer")) for front in fronts), balancer.id,
    )  # fmt: skip


def openings(estate: Estate, balancer: Resource) -> Iterator[Opening]:
    """What the rules of a balancer open, at public frontends and private ones."""
    told = [
        name for name in _RULES if name in balancer.properties or estate.children(balancer.id, name.lower())
    ]
    if not told:
        yield from _untold(estate, balancer)
        return
    fronts = [part_name(item) for item, _ in estate.parts(balancer, "frontendIPConfigurations")]
    for collection in _RULES[:3]:
        for item, place in estate.parts(balancer, collection):
            p = body(item)
            front = last_segment(key(p.get("frontendIPConfiguration")))
            first = port_number(p.get("frontendPortRangeStart", p.get("frontendPort")))
            last = port_number(p.get("frontendPortRangeEnd"))
            protocol = word(p.get("protocol"))
            listens = ports(protocol, first, last)
            rid = part_id(balancer.id, collection.lower(), item)
            pools = (key(p.get("backendAddressPool")), *keys(p.get("backendAddressPools")))
            is_clear = not isinstance(item.get("properties"), str) and not any(map(leaves_open, pools))
            if not is_clear:
                pools = tuple(part_id(balancer.id, "backendaddresspools", each)
                              for each, _ in estate.parts(balancer, "backendAddressPools"))  # fmt: skip
            yield Opening(
                rid,
                text(item.get("name")) or last_segment(rid),
                (front,) if front in fronts else tuple(fronts),
                listens or ports(protocol, 0, 65535) or TCP_AND_UDP,
                port_number(p.get("backendPort")) or None,
                tuple(dict.fromkeys(filter(None, pools))),
                (*keys([p.get("backendIPConfiguration")]), *estate.members.get(rid, ())),
                place,
                bool(listens) and front in fronts and is_clear,
            )
        if not all_listed(balancer.properties.get(collection))[1]:
            yield from _untold(estate, balancer, collection)


def _untold(estate: Estate, balancer: Resource, part: str = "") -> Iterator[Opening]:
    """A balancer whose rules the input does not tell. In a spec it stands for whatever its backends let in."""
    pools = tuple(
        part_id(balancer.id, "backendaddresspools", item)
        for item, _ in estate.parts(balancer, "backendAddressPools")
    )
    fronts = tuple(part_name(item) for item, _ in estate.parts(balancer, "frontendIPConfigurations"))
    if pools and fronts:
        yield Opening(
            f"{balancer.id}/{part.lower()}" if part else balancer.id,
            part,
            fronts,
            TCP_AND_UDP,
            None,
            pools,
            (),
            balancer.place,
            is_of_spec(balancer) and not part,
        )


def behind(estate: Estate, balancer: Resource, front: str, services: Ranges, depth: int = 0) -> list[Target]:
    """What packets reach that are sent to a frontend (its name; "" for any) of a balancer for these services."""
    found: list[Target] = []
    for opening in openings(estate, balancer):
        if (not front or front in opening.fronts) and overlap(opening.listens, services):
            found += _targets(estate, balancer, opening, services, depth)
    return joined(found)


def joined(targets: list[Target]) -> list[Target]:
    """The targets, each id once, in the order of their ids."""
    found: dict[str, Target] = {}
    for target in targets:
        found[target.id] = merged(found[target.id], target) if target.id in found else target
    return [found[rid] for rid in sorted(found)]


def _targets(
    estate: Estate, balancer: Resource, opening: Opening, services: Ranges, depth: int = 0
) -> tuple[Target, ...]:
    arriving = opening.arriving(services)
    found = of_configurations(estate, opening.members, arriving)
    for pool in opening.pools:
        found += of_pool(estate, balancer, pool, arriving, depth)
    return tuple(joined(found))


def of_pool(estate: Estate, balancer: Resource, pool: str, services: Ranges, depth: int = 0) -> list[Target]:
    """The members of a backend pool (its id)."""
    item = named([item for item, _ in estate.parts(balancer, "backendAddressPools")], pool) or {}
    p = body(item)
    backends = balancer.envelope.get("backends")
    if is_of_spec(balancer) and isinstance(backends, list | tuple):
        found = [target for rid in keys(backends) for target in of_thing(estate, rid, services)]
    else:
        found = of_configurations(estate, pool_members(estate, pool, p), services)
    for address in map(body, listed(p.get("loadBalancerBackendAddresses"))):
        found += _of_address(estate, p, address, services, depth)
    return found


def pool_members(estate: Estate, pool: str, told: Mapping[str, Any]) -> list[str]:
    """The IP configurations in a pool, by its own list, by theirs, and by its addresses."""
    addresses = map(body, listed(told.get("loadBalancerBackendAddresses")))
    cids = [
        *keys(told.get("backendIPConfigurations")),
        *estate.members.get(pool, ()),
        *keys([address.get("networkInterfaceIPConfiguration") for address in addresses]),
    ]
    return list(dict.fromkeys(cids))


def _of_address(
    estate: Estate, pool: Mapping[str, Any], told: Mapping[str, Any], services: Ranges, depth: int
) -> list[Target]:
    """What a backend address of a pool means where it is no interface: another balancer's frontend, or an address."""
    front = key(told.get("loadBalancerFrontendIPConfiguration"))
    if front:
        regional = estate.get(front.split("/frontendipconfigurations/")[0])
        if regional is None or depth > _FARTHEST:
            return [Target(front, "", "", NO_RANGES, services, False)]
        return behind(estate, regional, last_segment(front), services, depth + 1)
    if key(told.get("networkInterfaceIPConfiguration")) or not text(told.get("ipAddress")):
        return []
    subnet = key(told.get("subnet"))
    vnet = key(told.get("virtualNetwork")) or key(pool.get("virtualNetwork")) or estate.vnet_of(subnet)
    return [at_address(estate, text(told.get("ipAddress")), vnet, services)]


def public_ip_of(front: Mapping[str, Any]) -> str:
    """The id of the public address or prefix in a frontend's body; "" for a private one."""
    return key(front.get("publicIPAddress")) or key(front.get("publicIPPrefix"))


def _sku(estate: Estate, balancer: Resource, public_ips: tuple[str, ...]) -> Sku:
    """The SKU that decides: the balancer's, which is always that of its address."""
    own = sku_of(balancer.envelope.get("sku") or balancer.properties.get("sku"))
    known = {sku for sku in (own, *map(estate.sku, public_ips)) if sku != "unknown"}
    return known.pop() if len(known) == 1 else "unknown"
