"""Application gateways: a way in for each listener, and for each path of it that has a WAF policy of its own.

A gateway ends the client's connection and makes one of its own to the backend, from its subnet.
https://learn.microsoft.com/azure/application-gateway/how-application-gateway-works
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.addresses import NET
from diagramgen.analyse.frontends.entries import Frontend, Target, Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.load_balancers import joined, pool_members, public_ip_of
from diagramgen.analyse.frontends.resolve import of_host, of_resource
from diagramgen.analyse.frontends.shapes import (
    HTTP,
    HTTPS,
    WEB,
    body,
    is_of_spec,
    listed,
    named,
    part_id,
    part_name,
    port_number,
    ports,
    text,
    word,
)
from diagramgen.analyse.frontends.targets import of_configurations
from diagramgen.analyse.frontends.telling import platform_rule
from diagramgen.analyse.frontends.waf import of_gateway
from diagramgen.analyse.verdicts import ControlKind
from diagramgen.located import Place
from diagramgen.model.references import key, keys, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, TCP_PORTS, Ranges

APPLICATION_GATEWAY = NET + "applicationgateways"
_LISTENERS = (
    # listeners, their rules, what rules call the listener, the backend's settings: web, then other TCP and TLS
    (
        "httpListeners",
        "requestRoutingRules",
        "httpListener",
        "backendHttpSettings",
        "backendHttpSettingsCollection",
    ),
    ("listeners", "routingRules", "listener", "backendSettings", "backendSettingsCollection"),
)


class _Way(NamedTuple):
    """Where a listener leads for some path: the WAF policy of the path, the pool, the backend's settings."""

    name: str
    policy: object
    pool: object
    settings: object
    is_sure: bool = True


def application_gateways(estate: Estate) -> Iterator[Frontend]:
    """The ways in through application gateways; those of private listeners are open to nobody from outside."""
    for gateway in estate.of_type(APPLICATION_GATEWAY):
        p = gateway.properties
        if not any(isinstance(p.get(row[0]), list | tuple) for row in _LISTENERS):
            yield from _untold(estate, gateway)
        for row in _LISTENERS:
            for item, place in estate.parts(gateway, row[0]):
                yield from _of_listener(estate, gateway, item, place, row)


def _of_listener(
    estate: Estate, gateway: Resource, listener: Mapping[str, Any], place: Place, row: tuple[str, ...]
) -> Iterator[Frontend]:
    p = body(listener)
    front = named(gateway.properties.get("frontendIPConfigurations"), p.get("frontendIPConfiguration"))
    port = named(gateway.properties.get("frontendPorts"), p.get("frontendPort"))
    protocol = word(p.get("protocol"))
    number = port_number(body(port).get("port")) if port is not None else None
    listens = ports("tcp", number) or (
        HTTP if protocol == "http" else HTTPS if protocol == "https" else TCP_PORTS
    )
    is_web = row is _LISTENERS[0]
    by_waf: dict[tuple[Waf, str], list[_Way]] = {}
    for way in _ways(gateway, listener, row):
        waf = of_gateway(estate, gateway, way.policy, p.get("firewallPolicy")) if is_web else ("", "")
        by_waf.setdefault(waf, []).append(way)
    if not by_waf:
        by_waf[of_gateway(estate, gateway, p.get("firewallPolicy")) if is_web else ("", "")] = []
    lid = part_id(gateway.id, row[0].lower(), listener)
    for order, (waf, ways) in enumerate(by_waf.items()):
        rid = lid if order == 0 else f"{lid}/{ways[0].name}"
        name = text(listener.get("name")) or last_segment(lid)
        part = name if order == 0 else f"{name}/{ways[0].name}"
        found = [t for way in ways for t in _pool(estate, gateway, way, row, protocol)]
        is_sure = front is not None and number is not None and all(way.is_sure for way in ways)
        yield _frontend(estate, gateway, rid, part, place, front or {}, listens, found, waf, is_sure)


def _frontend(
    estate: Estate, gateway: Resource, rid: str, part: str, place: Place, front: Mapping[str, Any],
    listens: Ranges, targets: list[Target], waf: tuple[Waf, str], is_sure: bool,
) -> Frontend:  # fmt: skip
    public_ip = public_ip_of(body(front))
    sources = None if public_ip or not front else NO_RANGES
    public_ips = (public_ip,) if public_ip else ()
    vnet, subnet = estate.stands(gateway)
    to = tuple(joined(targets))
    kind: ControlKind = "waf" if waf[0] == "prevention" else "platform"
    rule = platform_rule(estate, gateway, rid, part, listens, public_ips, to, place, sources, kind)
    return Frontend(
        rid, rule.name, "application-gateway", vnet, subnet, public_ips, estate.sku(public_ip), listens, sources,
        to, *waf, False, place, rule, is_sure, gateway.id,
    )  # fmt: skip


def _untold(estate: Estate, gateway: Resource) -> Iterator[Frontend]:
    """A gateway whose listeners the input does not tell: a web server, in a spec surely."""
    pools = [part_name(item) for item, _ in estate.parts(gateway, "backendAddressPools")]
    targets = [
        t for pool in pools for t in _pool(estate, gateway, _Way("", None, pool, None), _LISTENERS[0], "")
    ]
    fronts = listed(gateway.properties.get("frontendIPConfigurations"))
    for order, front in enumerate(sorted(fronts, key=lambda f: not public_ip_of(body(f)))):
        rid = gateway.id if order == 0 else part_id(gateway.id, "frontendipconfigurations", front)
        part = "" if order == 0 else part_name(front)
        waf = of_gateway(estate, gateway)
        is_sure = is_of_spec(gateway)
        yield _frontend(estate, gateway, rid, part, gateway.place, front, WEB, targets, waf, is_sure)


def _ways(gateway: Resource, listener: Mapping[str, Any], row: tuple[str, ...]) -> Iterator[_Way]:
    """Where the rules of a listener lead, the default of a path map before its paths."""
    _, rules, listener_key, settings_key, _ = row
    maps = gateway.properties.get("urlPathMaps")
    for rule in listed(gateway.properties.get(rules)):
        p = body(rule)
        if named([listener], p.get(listener_key)) is None:
            continue
        name = part_name(rule)
        if not p.get("urlPathMap"):
            yield _Way(name, None, p.get("backendAddressPool"), p.get(settings_key))
            continue
        path_map = named(maps, p.get("urlPathMap"))
        told = body(path_map or {})
        default = (told.get("defaultBackendAddressPool"), told.get("defaultBackendHttpSettings"))
        yield _Way(name, None, *default, path_map is not None)
        for path in listed(told.get("pathRules")):
            inner = body(path)
            pool = inner.get("backendAddressPool")
            yield _Way(part_name(path), inner.get("firewallPolicy"), pool, inner.get(settings_key))


def _pool(estate: Estate, gateway: Resource, way: _Way, row: tuple[str, ...], protocol: str) -> list[Target]:
    """The members of the pool that a way names, with the port at which the gateway calls them."""
    pool = named(gateway.properties.get("backendAddressPools"), way.pool)
    if pool is None:
        return [Target(key(way.pool), "", "", NO_RANGES, NO_RANGES, False)] if key(way.pool) else []
    settings = body(named(gateway.properties.get(row[4]), way.settings) or {})
    is_tls = (word(settings.get("protocol")) or protocol) in ("https", "tls")
    services = ports("tcp", port_number(settings.get("port")))
    services = services or ((HTTPS if is_tls else HTTP) if settings else TCP_PORTS)
    p = body(pool)
    backends = gateway.envelope.get("backends")
    by_name: dict[str, str] = {}
    if is_of_spec(gateway) and isinstance(backends, list | tuple):
        by_name = {last_segment(rid).replace("%2f", "/"): rid for rid in keys(backends)}
        found = [t for rid in keys(backends) for t in of_resource(estate, rid, services)]
    else:
        members = pool_members(estate, part_id(gateway.id, "backendaddresspools", pool), p)
        found = of_configurations(estate, members, services)
    home = estate.stands(gateway)[0]
    for address in listed(p.get("backendAddresses")):
        host = text(address.get("ipAddress")) or text(address.get("fqdn"))
        if host and host.lower() not in by_name:
            found += of_host(estate, host, services, home)
    return found
