"""Application gateways: frontends, pools, listeners and routing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.frontends import Parts, folded, named, told, write_frontends, write_pools
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import Json, mapping, texts, whole, word
from diagramgen.model.references import key

_LISTENED = {"http": "http", "https": "https", "tcp": "tcp", "tls": "tls"}
_WORDS = ("pools", "backends", "listeners", "routing")
_FIELDS = ("backendAddressPools", "httpListeners", "requestRoutingRules")


def write_app_gateways(book: Book) -> None:
    """All of them."""
    for thing in book.of("resources"):
        if thing.resource.type == NET + "applicationgateways":
            _write(thing, book)
            book.fall_back(thing.id, _FIELDS, *_WORDS, is_last=True)


def _write(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    sku = mapping(p.get("sku"))
    told = {name: sku[name] for name in ("name", "tier") if isinstance(sku.get(name), str)}
    if told:
        entry["sku"] = told["name"] if _is_usual(told, p, book) else told
    if (policy := book.name(key(p.get("firewallPolicy")), ("waf_policy",))) is not None:
        entry["waf"] = policy
    write_frontends(thing, book, "public{}", "private")
    write_pools(thing, book)
    writing = _Writing(thing, book)
    listeners = {name: writing.listener(each) for name, each in named(p.get("httpListeners"))}
    if listeners:
        entry["listeners"] = listeners
    routing = {name: writing.routing(each) for name, each in named(p.get("requestRoutingRules"))}
    if routing:
        entry["routing"] = routing


def _is_usual(sku: Mapping[str, str], p: Mapping[str, Any], book: Book) -> bool:
    """Whether the tier is the one that follows from the WAF policy."""
    has_policy = book.name(key(p.get("firewallPolicy")), ("waf_policy",)) is not None
    return sku.get("tier", "").lower() == ("waf_v2" if has_policy else "standard_v2") and "name" in sku


class _Writing:
    """The listeners and rules of one gateway."""

    def __init__(self, thing: Thing, book: Book) -> None:
        p = thing.resource.properties
        self.book, self.parts = book, Parts(p)
        self.ports = folded(p.get("frontendPorts"))
        self.settings = folded(p.get("backendHttpSettingsCollection"))
        self.maps = folded(p.get("urlPathMaps"))

    def listener(self, p: Mapping[str, Any]) -> Json:
        """Where the gateway listens, for which hosts."""
        protocol = word(p.get("protocol"), _LISTENED)
        port = whole(
            mapping(self.ports.get(self.parts.of(p.get("frontendPort")).lower())).get("port"), 1, 65535
        )
        hosts = texts(p.get("hostNames")) or texts(p.get("hostName"))
        return told({
            "frontend": self.parts.front(p), "protocol": protocol,
            "port": None if port == {"http": 80, "https": 443}.get(str(protocol)) else port,
            "hosts": one_or_many(hosts) if hosts else None,
            "waf": self._policy(p),
        })  # fmt: skip

    def routing(self, p: Mapping[str, Any]) -> Json:
        """Where a listener's traffic goes, by path where the rule has a map of them."""
        fields: Json = {
            "listener": self.parts.of(p.get("httpListener")),
            "priority": whole(p.get("priority"), 1, 20000),
        }
        paths = self.maps.get(self.parts.of(p.get("urlPathMap")).lower())
        if paths is None:
            return told(fields | self._goal(p, "backendAddressPool", "backendHttpSettings"))
        fields |= self._goal(paths, "defaultBackendAddressPool", "defaultBackendHttpSettings")
        fields["paths"] = {name: self._path(rule) for name, rule in named(paths.get("pathRules"))}
        return told(fields)

    def _path(self, p: Mapping[str, Any]) -> Json:
        listed = texts(p.get("paths"))
        return told({
            "paths": one_or_many(listed) if listed else None,
            **self._goal(p, "backendAddressPool", "backendHttpSettings"),
            "waf": self._policy(p),
        })  # fmt: skip

    def _goal(self, p: Mapping[str, Any], pool: str, setting: str) -> Json:
        """The pool, and how the gateway calls it: what follows from the port is not said."""
        how = mapping(self.settings.get(self.parts.of(p.get(setting)).lower()))
        port, protocol = whole(how.get("port"), 1, 65535), word(how.get("protocol"), _LISTENED)
        usual = None if port is None else "https" if port == 443 else "http"
        return {
            "pool": self.parts.of(p.get(pool)), "backend_port": port,
            "backend_protocol": None if protocol == usual else protocol,
        }  # fmt: skip

    def _policy(self, p: Mapping[str, Any]) -> str | None:
        return self.book.name(key(p.get("firewallPolicy")), ("waf_policy",))
