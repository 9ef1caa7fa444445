"""Policies of firewalls and of web application firewalls, and the rules that a firewall keeps itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.book import Book, Kept, one_or_many
from diagramgen.author.places import NET, Thing
from diagramgen.author.rules import Networks, is_network, one_or_none, where
from diagramgen.author.values import (
    Json,
    addresses,
    body,
    entries,
    flag,
    mapping,
    networks,
    ports,
    texts,
    whole,
    word,
)
from diagramgen.model.references import at, key, keys
from diagramgen.read.spec.grammar import parse_filter
from diagramgen.read.spec.names import escape
from diagramgen.read.spec.service_tags import fqdn_tag
from diagramgen.read.spec.shapes import LineError
from diagramgen.read.unknown import is_unknown

IN_FILTERS = frozenset({"subnet", "vnet", "site", "resource", "public_ip", "ip_group", "virtual_hub"})
"""What a firewall's rule may name."""
_TIERS = {"basic": "basic", "standard": "standard", "premium": "premium"}
_MODES = {"off": "off", "alert": "alert", "deny": "deny"}
_ACTIONS = {"allow": "allow", "deny": "deny", "dnat": "dnat", "nat": "dnat"}
_NETWORK = {"any": "any", "tcp": "tcp", "udp": "udp", "icmp": "icmp"}
_APPLICATION = {"http": "http", "https": "https", "mssql": "mssql"}
_USUAL_PORTS = {"http": 80, "https": 443, "mssql": 1433}
_WAF_MODES = {"prevention": "prevention", "detection": "detection"}
_WAF_STATES = {"enabled": True, "disabled": False}


def write_policies(book: Book) -> None:
    """Firewall policies with their rules, and WAF policies."""
    named = Networks(book)
    for thing in book.of("firewall_policies"):
        _write_firewall_policy(thing, book, named)
    for thing in book.of("waf_policies"):
        _write_waf_policy(thing)


def _write_firewall_policy(thing: Thing, book: Book, named: Networks) -> None:
    p, entry = thing.resource.properties, thing.entry
    if (parent := book.name(key(p.get("basePolicy")), ("firewall_policy",))) is not None:
        entry["parent"] = parent
    if (tier := word(at(p, "sku", "tier"), _TIERS)) is not None:
        entry["tier"] = tier
    entry.update(safety(p))
    groups = {}
    for part in book.topology.parts_of(thing.id):
        if part.type == NET + "firewallpolicies/rulecollectiongroups":
            groups[part.name] = book.entries[part.id] = {
                "priority": whole(part.properties.get("priority"), 100, 65000) or 100,
                "rule_collections": collections(part.properties.get("ruleCollections"), book, named),
            }
            book.rename(part.id, f"{thing.shown}/groups/{escape(part.name)}")
    if groups:
        entry["rule_collection_groups"] = dict(
            sorted(groups.items(), key=lambda g: (str(g[1]["priority"]).zfill(6), g[0]))
        )
    if thing.resource.is_ghost:
        return
    if not book.topology.tells(thing.id, "ruleCollectionGroups"):
        entry["more"] = "unknown"
    elif not groups and book.unsaid != "default":
        entry["rule_collection_groups"] = Kept()


def safety(p: Mapping[str, Any]) -> Json:
    """What a policy, or a firewall without one, does besides its rules."""
    said: Json = {
        "threat_intelligence": word(p.get("threatIntelMode"), _MODES),
        "intrusion_detection": word(at(p, "intrusionDetection", "mode"), _MODES),
        "private_ranges": one_or_many(networks(at(p, "snat", "privateRanges")) or [None]),
        "dns_proxy": flag(at(p, "dnsSettings", "enableProxy")) or None,
        "dns_servers": one_or_many(addresses(at(p, "dnsSettings", "servers")) or [None]),
    }
    return {name: value for name, value in said.items() if value is not None}


def collections(value: object, book: Book, named: Networks) -> Json:
    """Rule collections by name, those that are asked first first."""
    found: Json = {}
    for told in sorted(entries(value), key=_priority):
        p = body(told)
        found[_name(told)] = {
            "priority": whole(p.get("priority"), 100, 65000) or 65000,
            "action": word(at(p, "action", "type"), _ACTIONS) or "deny",
            "rules": {
                _name(r): _line(r, book) or filter_rule(body(r), book, named) for r in entries(p.get("rules"))
            },
        }
    return found


def _line(rule: Mapping[str, Any], book: Book) -> str | None:
    """The line that a spec says a rule in, and that is its name then."""
    name = rule.get("name")
    if book.unsaid != "default" or not isinstance(name, str):
        return None
    try:
        parse_filter(name)
    except LineError:
        return None
    return name


def _priority(told: Mapping[str, Any]) -> int:
    priority = body(told).get("priority")
    return priority if isinstance(priority, int) else 10**6


def _name(told: Mapping[str, Any]) -> str:
    name = told.get("name")
    return name if isinstance(name, str) and name.strip() else "unnamed"


def filter_rule(p: Mapping[str, Any], book: Book, named: Networks) -> Json:
    """The fields of a firewall's rule, without those that its words cannot say."""
    is_application = bool(p.get("protocols")) or str(p.get("ruleType")).lower() == "applicationrule"
    fields: Json = {"source": one_or_none(_side(p, "source", book, named))}
    fields |= _application(p) if is_application else _network(p, book, named)
    return {name: value for name, value in fields.items() if value is not None}


def _side(p: Mapping[str, Any], end: str, book: Book, named: Networks) -> list[str]:
    found = [where(text, book, named, IN_FILTERS) for text in texts(p.get(f"{end}Addresses"))]
    groups = [book.name(rid, ("ip_group",)) for rid in keys(p.get(f"{end}IpGroups"))]
    return [text for text in (*found, *groups) if text is not None]


def _network(p: Mapping[str, Any], book: Book, named: Networks) -> Json:
    protocols = [found for text in texts(p.get("ipProtocols")) if (found := word(text, _NETWORK)) is not None]
    numbers = ports(texts(p.get("destinationPorts")))
    hosts = [text for text in texts(p.get("destinationFqdns")) if "." in text or is_unknown(text)]
    fields: Json = {
        "protocol": None if protocols in ([], ["any"]) else one_or_many(protocols),
        "ports": one_or_many([int(n) if n.isdecimal() else n for n in numbers]) if numbers else None,
        "destination": one_or_none([*_side(p, "destination", book, named), *hosts]),
    }
    address = texts(p.get("translatedAddress")) or texts(p.get("translatedFqdn"))
    if address:
        port = p.get("translatedPort")
        fields["translated"] = f"{address[0]}:{port}" if port else address[0]
    return fields


def _application(p: Mapping[str, Any]) -> Json:
    told = [(str(t.get("protocolType")).lower(), t.get("port")) for t in entries(p.get("protocols"))]
    names = list(dict.fromkeys(name for name, _ in told if name in _APPLICATION))
    numbers = list(dict.fromkeys(port for _, port in told if isinstance(port, int)))
    is_usual = all(_USUAL_PORTS.get(name) == port for name, port in told)
    hosts = ["any" if host == "*" else host for host in texts(p.get("targetFqdns"))]
    tags = [tag if fqdn_tag(tag) == tag else f"tag:{tag}" for tag in texts(p.get("fqdnTags"))]
    return {
        "protocol": one_or_many(names) if names else "https",
        "ports": None if is_usual or not numbers else one_or_many(numbers),
        "destination": one_or_many([h for h in hosts if not is_network(h)] + tags or ["any"]),
        "urls": one_or_many(texts(p.get("targetUrls")) or [None]),
        "web_categories": one_or_many(texts(p.get("webCategories")) or [None]),
    }


def _write_waf_policy(thing: Thing) -> None:
    settings = mapping(thing.resource.properties.get("policySettings"))
    is_front = thing.resource.type.startswith(NET + "frontdoor")
    if (mode := word(settings.get("mode"), _WAF_MODES)) is not None:
        thing.entry["mode"] = mode
    state = settings.get("enabledState" if is_front else "state")
    enabled = _WAF_STATES.get(state.lower()) if isinstance(state, str) else None
    if enabled is not None:
        thing.entry["enabled"] = enabled
    if is_front:
        thing.entry["for"] = "front_door"
