"""The classic Front Door, which has all in its properties, and the endpoints of classic content delivery networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.analyse.frontends.door_routes import Route, forwarded_as, is_on, listens_to, origin_ports
from diagramgen.analyse.frontends.entries import Target, Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.load_balancers import joined
from diagramgen.analyse.frontends.resolve import of_host, of_resource
from diagramgen.analyse.frontends.shapes import (
    HTTP,
    HTTPS,
    body,
    listed,
    mapping,
    part_id,
    part_name,
    text,
    word,
)
from diagramgen.analyse.frontends.waf import of_policy
from diagramgen.model.references import key, keys, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, Ranges, union


def classic_routes(estate: Estate, door: Resource) -> Iterator[Route]:
    """The routing rules of a classic Front Door; those that only redirect lead nowhere.

    https://learn.microsoft.com/azure/templates/microsoft.network/frontdoors
    """
    if not is_on(door.properties):
        return
    ends = {part_name(item): body(item) for item, _ in estate.parts(door, "frontendEndpoints")}
    pools = {part_name(item): body(item) for item, _ in estate.parts(door, "backendPools")}
    for item, place in estate.parts(door, "routingRules"):
        p = body(item)
        domains = [last_segment(ref) for ref in keys(p.get("frontendEndpoints"))]
        if not is_on(p) or not domains:
            continue
        listens = listens_to(p.get("acceptedProtocols"))
        configuration = mapping(p.get("routeConfiguration")) or p
        pool = last_segment(key(configuration.get("backendPool")))
        forwarded = forwarded_as(configuration.get("forwardingProtocol"), listens)
        targets = [
            t for b in listed(pools.get(pool, {}).get("backends")) for t in _backend(estate, b, forwarded)
        ]
        own = key(p.get("webApplicationFirewallPolicyLink"))
        wafs = tuple((d, *_classic_waf(estate, ends.get(d), own)) for d in domains)
        is_sure = not pool or pool in pools
        yield Route(part_id(door.id, "routingrules", item), text(item.get("name")), listens, wafs,
                    tuple(joined(targets)), place, is_sure)  # fmt: skip


def _classic_waf(estate: Estate, endpoint: Mapping[str, Any] | None, own: str) -> tuple[Waf, str]:
    policy = own or key((endpoint or {}).get("webApplicationFirewallPolicyLink"))
    if policy:
        return of_policy(estate, policy), policy
    return ("unknown" if endpoint is None else "none"), ""


def _backend(estate: Estate, backend: Mapping[str, Any], services: Ranges) -> list[Target]:
    if not is_on(backend):
        return []
    arriving = origin_ports(backend, services)
    private = key(backend.get("privateLinkResourceId"))
    if not private:
        return of_host(estate, text(backend.get("address")), arriving)
    if word(backend.get("privateEndpointStatus")) not in ("", "approved"):
        return []
    return [t._replace(is_private_link=True) for t in of_resource(estate, private, arriving)]


def delivery_routes(estate: Estate, profile: Resource) -> Iterator[Route]:
    """The endpoints of a classic content delivery network.

    https://learn.microsoft.com/azure/templates/microsoft.cdn/profiles/endpoints
    """
    for endpoint in estate.children(profile.id, "endpoints"):
        p = endpoint.properties
        policy = key(p.get("webApplicationFirewallPolicyLink"))
        listens = union(
            NO_RANGES if p.get("isHttpAllowed") is False else HTTP,
            NO_RANGES if p.get("isHttpsAllowed") is False else HTTPS,
        )
        origins = [body(origin) for origin in listed(p.get("origins"))]
        targets = [
            t for o in origins for t in of_host(estate, text(o.get("hostName")), origin_ports(o, listens))
        ]
        waf: tuple[Waf, str] = (of_policy(estate, policy), policy) if policy else ("none", "")
        yield Route(endpoint.id, endpoint.name, listens, ((endpoint.id, *waf),), tuple(joined(targets)),
                    endpoint.place)  # fmt: skip
