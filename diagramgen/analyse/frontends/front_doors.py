"""Front Doors: a way in for each route, and for each of its domains that has a WAF policy of its own.

A Front Door ends the client's connection and makes one of its own to the origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagramgen.analyse.addresses import NET
from diagramgen.analyse.frontends.door_classic import classic_routes, delivery_routes
from diagramgen.analyse.frontends.door_profiles import routes_of
from diagramgen.analyse.frontends.door_routes import Route
from diagramgen.analyse.frontends.entries import Frontend, FrontendKind, Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.shapes import is_of_spec, mapping, word
from diagramgen.analyse.frontends.telling import platform_rule
from diagramgen.analyse.verdicts import ControlKind
from diagramgen.model.references import last_segment
from diagramgen.model.topology import Resource

PROFILE = "microsoft.cdn/profiles"
CLASSIC = NET + "frontdoors"


def front_doors(estate: Estate) -> Iterator[Frontend]:
    """The ways in through Front Doors and other delivery networks."""
    for profile in estate.of_type(PROFILE):
        routes = routes_of(estate, profile) if _is_front_door(profile) else delivery_routes(estate, profile)
        yield from _frontends(estate, profile, routes)
    for door in estate.of_type(CLASSIC):
        is_told = isinstance(door.properties.get("routingRules"), list | tuple)
        yield from _frontends(
            estate, door, classic_routes(estate, door) if is_told else routes_of(estate, door)
        )


def _frontends(estate: Estate, owner: Resource, routes: Iterable[Route]) -> Iterator[Frontend]:
    is_door = owner.type == CLASSIC or _is_front_door(owner)
    kind: FrontendKind = "front-door" if is_door else "other"
    for route in routes:
        by_waf: dict[tuple[Waf, str], str] = {}
        for domain, waf, policy in route.wafs:
            by_waf.setdefault((waf, policy), domain)
        for order, (told, domain) in enumerate(by_waf.items()):
            suffix = f"/{last_segment(domain)}" if order else ""
            control: ControlKind = "waf" if told[0] == "prevention" else "platform"
            rule = platform_rule(
                estate, owner, route.id + suffix, route.name + suffix, route.listens, (), route.targets,
                route.place, None, control,
            )  # fmt: skip
            yield Frontend(
                route.id + suffix, rule.name, kind, "", "", (), "unknown", route.listens, None, route.targets,
                *told, False, route.place, rule, route.is_sure, owner.id,
            )  # fmt: skip


def _is_front_door(profile: Resource) -> bool:
    sku = word(mapping(profile.envelope.get("sku")).get("name"))
    return is_of_spec(profile) or not sku or sku.endswith("frontdoor")
