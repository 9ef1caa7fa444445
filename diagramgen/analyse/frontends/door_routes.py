"""Routes of Front Doors, the same for every kind, and what their words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.frontends.entries import Target, Waf
from diagramgen.analyse.frontends.shapes import HTTP, HTTPS, port_number, ports, texts, word
from diagramgen.located import Place
from diagramgen.model.traffic import NO_RANGES, Ranges, overlap, union


class Route(NamedTuple):
    """A route of any Front Door: the domains that it serves, with the WAF of each, and where it leads."""

    id: str
    name: str
    listens: Ranges
    wafs: tuple[tuple[str, Waf, str], ...]  # domain, what its WAF does, its policy
    targets: tuple[Target, ...]
    place: Place
    is_sure: bool = True


def is_on(p: Mapping[str, Any]) -> bool:
    """Whether something is switched on, which it is where it does not say."""
    return word(p.get("enabledState")) != "disabled"


def listens_to(protocols: object) -> Ranges:
    """The services of a route's list of `Http` and `Https`; both where it has none."""
    words = {name.lower() for name in texts(protocols)}
    http = HTTP if not words or "http" in words else NO_RANGES
    return union(http, HTTPS if not words or "https" in words else NO_RANGES)


def forwarded_as(protocol: object, listens: Ranges) -> Ranges:
    """The services by which origins are called: as a route says, else as the client came."""
    return {"httponly": HTTP, "httpsonly": HTTPS}.get(word(protocol), listens)


def origin_ports(origin: Mapping[str, Any], services: Ranges) -> Ranges:
    """The ports at which an origin is called for HTTP and HTTPS, 80 and 443 where it does not say."""
    found = NO_RANGES
    for web, name in ((HTTP, "httpPort"), (HTTPS, "httpsPort")):
        if overlap(web, services):
            found = union(found, ports("tcp", port_number(origin.get(name))) or web)
    return found
