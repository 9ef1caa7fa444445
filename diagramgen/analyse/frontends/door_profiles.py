"""Front Door Standard and Premium: endpoints, routes, origin groups and security policies, each a resource.

What a rule set may change of a route is not judged.
https://learn.microsoft.com/azure/frontdoor/front-door-routing-architecture
https://learn.microsoft.com/azure/frontdoor/private-link
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diagramgen.analyse.frontends.door_routes import Route, forwarded_as, is_on, listens_to, origin_ports
from diagramgen.analyse.frontends.entries import Target, Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.load_balancers import joined
from diagramgen.analyse.frontends.resolve import of_host, of_resource
from diagramgen.analyse.frontends.shapes import WEB, is_of_spec, listed, mapping, text, texts, word
from diagramgen.analyse.frontends.waf import of_policy
from diagramgen.model.references import at, key, keys, leaves_open
from diagramgen.model.references import listed as all_listed
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import Ranges
from diagramgen.read.unknown import is_unknown


def routes_of(estate: Estate, profile: Resource) -> Iterator[Route]:
    """The routes of a profile. Where none is in the input, each endpoint may lead to every origin; what a spec says of
    its one group holds."""
    endpoints = estate.children(profile.id, "afdendpoints")
    running = [endpoint for endpoint in endpoints if is_on(endpoint.properties)]
    if any(estate.children(endpoint.id, "routes") for endpoint in endpoints):
        for endpoint in running:
            yield from _of_endpoint(estate, profile, endpoint)
        return
    groups = estate.children(profile.id, "origingroups")
    targets = tuple(joined([t for group in groups for t in _of_group(estate, group.id, WEB)]))
    for owner in running if endpoints else [profile]:
        wafs = ((owner.id, *_waf_of(estate, profile, owner.id, ())),)
        name = owner.name if endpoints else ""
        yield Route(owner.id, name, WEB, wafs, targets, owner.place, is_of_spec(profile))


def _of_endpoint(estate: Estate, profile: Resource, endpoint: Resource) -> Iterator[Route]:
    """The routes of an endpoint that are switched on.

    https://learn.microsoft.com/rest/api/frontdoor/azurefrontdoorstandardpremium/routes/get
    """
    for route in estate.children(endpoint.id, "routes"):
        p = route.properties
        domains = list(keys(p.get("customDomains")))
        if word(p.get("linkToDefaultDomain")) != "disabled":
            domains.insert(0, endpoint.id)
        if not is_on(p) or not domains:
            continue
        listens = listens_to(p.get("supportedProtocols"))
        group = key(p.get("originGroup"))
        targets = _of_group(estate, group, forwarded_as(p.get("forwardingProtocol"), listens))
        patterns = texts(p.get("patternsToMatch"))
        wafs = tuple((d, *_waf_of(estate, profile, d, patterns)) for d in domains)
        is_sure = estate.get(group) is not None and not _are_links_open(estate, group)
        yield Route(route.id, f"{endpoint.name}/{route.name}", listens, wafs, tuple(joined(targets)),
                    route.place, is_sure)  # fmt: skip


def _waf_of(estate: Estate, profile: Resource, domain: str, patterns: Sequence[str]) -> tuple[Waf, str]:
    """The WAF that a security policy puts before a domain, for all paths of `patterns`; some only is none.

    Where no child of the profile is in the input but its endpoints, its security policies are not told.
    https://learn.microsoft.com/azure/frontdoor/how-to-configure-endpoints
    """
    policies = estate.children(profile.id, "securitypolicies")
    may_cover = False
    for policy in policies:
        parameters = mapping(policy.properties.get("parameters"))
        if word(parameters.get("type")) not in ("webapplicationfirewall", "") and not is_unknown(
            parameters.get("type")
        ):
            continue
        associations = parameters.get("associations")
        if any(_covers(a, domain, patterns) for a in listed(associations)) or (
            associations is None and is_of_spec(profile)
        ):
            waf = key(parameters.get("wafPolicy"))
            if not waf:
                return ("prevention" if is_of_spec(profile) else "unknown"), ""
            return of_policy(estate, waf), waf
        may_cover = may_cover or not _is_clear(policy.properties.get("parameters"))
    if may_cover:
        return "unknown", ""
    is_told = is_of_spec(profile) or policies or estate.children(profile.id, "origingroups")
    return ("none" if is_told else "unknown"), ""


def _is_clear(parameters: object) -> bool:
    """Whether all is told of what a security policy covers."""
    associations, is_whole = all_listed(at(parameters, "associations"))
    return is_whole and isinstance(parameters, Mapping) and all(
        all_listed(each.get("domains"))[1] and not any(map(leaves_open, keys(each.get("domains"))))
        and not any(map(is_unknown, texts(each.get("patternsToMatch"))))
        for each in associations
    )  # fmt: skip


def _covers(association: Mapping[str, Any], domain: str, patterns: Sequence[str]) -> bool:
    covered = texts(association.get("patternsToMatch"))
    return domain in keys(association.get("domains")) and (
        not covered or "/*" in covered or (bool(patterns) and set(patterns) <= set(covered))
    )


def _of_group(estate: Estate, group: str, services: Ranges) -> list[Target]:
    """The origins of a group that are switched on; a Private Link that is not approved carries nothing."""
    found: list[Target] = []
    for origin in estate.children(group, "origins"):
        p = origin.properties
        if not is_on(p):
            continue
        arriving = origin_ports(p, services)
        link = mapping(p.get("sharedPrivateLinkResource"))
        private = key(link.get("privateLink"))
        if private and word(link.get("status")) in ("", "approved"):
            found += [t._replace(is_private_link=True) for t in of_resource(estate, private, arriving)]
        elif not private and key(p.get("azureOrigin")):
            found += of_resource(estate, key(p.get("azureOrigin")), arriving)
        elif not private:
            found += of_host(estate, text(p.get("hostName")) or origin.name, arriving)
    return found


def _are_links_open(estate: Estate, group: str) -> bool:
    """Whether the input does not tell of some Private Link of a group's origins if it is approved."""
    links = [
        mapping(o.properties.get("sharedPrivateLinkResource")) for o in estate.children(group, "origins")
    ]
    return any(key(link.get("privateLink")) and not word(link.get("status")) for link in links)
