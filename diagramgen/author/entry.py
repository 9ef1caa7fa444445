"""Load balancers and application gateways: frontends, pools, listeners and rules, each by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.author.book import Book, Json, one_or_many
from diagramgen.author.machines import is_lent
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import addresses, body, entries, flag, mapping, texts, whole, word
from diagramgen.model.references import key, keys, last_segment
from diagramgen.read.spec.grammar import parse_address
from diagramgen.read.spec.shapes import LineError
from diagramgen.read.unknown import is_unknown

BALANCER = NET + "loadbalancers"
GATEWAY = NET + "applicationgateways"
_PROTOCOLS = {"tcp": "tcp", "udp": "udp", "all": "any", "*": "any"}
_LISTENED = {"http": "http", "https": "https", "tcp": "tcp", "tls": "tls"}
_BALANCER_WORDS = ("frontends", "pools", "backends", "ip", "public_ip", "rules", "inbound_nat", "outbound")
_GATEWAY_WORDS = ("frontends", "pools", "backends", "ip", "public_ip", "listeners", "routing")
_BALANCER_FIELDS = (
    "frontendIPConfigurations", "backendAddressPools", "loadBalancingRules", "inboundNatRules", "outboundRules",
)  # fmt: skip
_GATEWAY_FIELDS = ("frontendIPConfigurations", "backendAddressPools", "httpListeners", "requestRoutingRules")


def write_entries(book: Book) -> None:
    """All of both."""
    members = Members(book)
    for thing in book.of("resources"):
        if thing.resource.type == BALANCER:
            _write_balancer(thing, members, book)
            book.fall_back(thing.id, _BALANCER_FIELDS, *_BALANCER_WORDS)
        elif thing.resource.type == GATEWAY:
            _write_gateway(thing, members, book)
            book.fall_back(thing.id, _GATEWAY_FIELDS, *_GATEWAY_WORDS)


def _named(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The parts of a list by their names, with what each says."""
    for number, part in enumerate(entries(value), 1):
        name = part.get("name") or last_segment(key(part)) or f"part{number}"
        yield str(name), body(part)


def _of(reference: object) -> str:
    """The name of the part that a reference means, as it is written there."""
    told = reference.get("id") if isinstance(reference, Mapping) else reference
    return last_segment(told) if isinstance(told, str) else ""


class Members:
    """What the pools of balancers and gateways hold, told from either side."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._of_pool: dict[str, list[str]] = {}
        for nic in book.topology.of_type(NET + "networkinterfaces"):
            for configuration in entries(nic.properties.get("ipConfigurations")):
                p = body(configuration)
                rid = key(configuration) or f"{nic.id}/ipconfigurations/{configuration.get('name')}".lower()
                for field in ("loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools"):
                    for pool in keys(p.get(field)):
                        self._of_pool.setdefault(pool, []).append(rid)

    def configurations(self, pool: str, p: Mapping[str, Any]) -> list[str]:
        """The ids of the IP configurations in a pool."""
        return list(dict.fromkeys([*keys(p.get("backendIPConfigurations")), *self._of_pool.get(pool, ())]))

    def of(self, pool: str, p: Mapping[str, Any]) -> list[str]:
        """The members of a pool as the spec names them; those that it cannot name are left out."""
        found = [name for rid in self.configurations(pool, p) if (name := self.machine(rid)) is not None]
        for address in entries(p.get("backendAddresses")):
            found += texts(address.get("ipAddress")) or texts(address.get("fqdn"))
        for address in entries(p.get("loadBalancerBackendAddresses")):
            found += texts(body(address).get("ipAddress"))
        return [
            text for text in dict.fromkeys(found) if _is_member(text) or self.book.means(text, ("resource",))
        ]

    def machine(self, configuration: str) -> str | None:
        """The name of the machine, scale set or interface that has an IP configuration."""
        scale_set, found, _ = configuration.partition("/virtualmachines/")
        if found and "/virtualmachinescalesets/" in configuration:
            return self.book.name(scale_set, ("resource",))
        nic = self.book.resource(configuration.split("/ipconfigurations/")[0])
        if nic is None:
            return None
        owner = self.book.owners.get(nic.id, "")
        return self.book.name(owner if owner in self.book.things else nic.id, ("resource",))


def _is_member(text: str) -> bool:
    if is_unknown(text) or "." in text:
        return " " not in text
    try:
        parse_address(text)
    except LineError:
        return False
    return True


def _frontends(thing: Thing, book: Book) -> Json:
    found: Json = {}
    for name, p in _named(thing.resource.properties.get("frontendIPConfigurations")):
        fields: Json = {}
        if (ip := book.name(key(p.get("publicIPAddress")), ("public_ip",))) is not None:
            fields["public_ip"] = ip
        elif (prefix := book.name(key(p.get("publicIPPrefix")), ("public_ip_prefix",))) is not None:
            fields["public_ip_prefix"] = prefix
        else:
            subnet = key(p.get("subnet"))
            if subnet and subnet != (thing.parent.id if thing.parent else ""):
                if (at := book.name(subnet, ("subnet",))) is not None:
                    fields["subnet"] = at
            if (told := addresses(p.get("privateIPAddress"))) and not is_lent(p, book):
                fields["ip"] = told[0]
        found[name] = fields
    return found


def _write_frontends(thing: Thing, book: Book, public: str, private: str) -> Json:
    """Says the frontends, in few words where they are called as they are without being told."""
    told = [body(f) for f in entries(thing.resource.properties.get("frontendIPConfigurations"))]
    fronts = _frontends(thing, book)
    ips = [key(p.get("publicIPAddress")) for p in told if p.get("publicIPAddress")]
    usual = [public.format(number) for number, _ in enumerate(ips, 1)]
    inner = [name for name in fronts if name not in usual]
    is_usual = [*inner, *usual] == list(fronts) and inner in ([], [private]) and set(fronts) != {""}
    if is_usual and (not inner or not usual or private == "private") and not any("subnet" in f for f in fronts.values()):
        if (said := book.public_ips(ips, thing.id)) is not None:
            thing.entry["public_ip"] = said
        if inner and "ip" in fronts[private]:
            thing.entry["ip"] = fronts[private]["ip"]
    elif fronts:
        thing.entry["frontends"] = fronts
    return fronts


def _write_pools(thing: Thing, members: Members) -> None:
    pools = _pools(thing, members)
    if set(pools) == {"backends"}:
        thing.entry["backends"] = pools["backends"]
    elif pools:
        thing.entry["pools"] = pools


def _pools(thing: Thing, members: Members) -> Json:
    found: Json = {}
    for pool in entries(thing.resource.properties.get("backendAddressPools")):
        name = str(pool.get("name") or last_segment(key(pool)) or "pool")
        rid = key(pool) or f"{thing.id}/backendaddresspools/{name}".lower()
        listed = members.of(rid, body(pool))
        found[name] = one_or_many(listed) if listed else []
    return found


def _write_balancer(thing: Thing, members: Members, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    fronts = _write_frontends(thing, book, "frontend{}", "frontend1")
    _write_pools(thing, members)
    alone = next(iter(fronts)).lower() if len(fronts) == 1 else ""
    for word_, field, write in (
        ("rules", "loadBalancingRules", _balancing), ("inbound_nat", "inboundNatRules", _inbound_nat),
        ("outbound", "outboundRules", _outbound),
    ):  # fmt: skip
        if field in p and isinstance(p[field], list | tuple):
            entry[word_] = {name: write(rule, alone, members) for name, rule in _named(p[field])}


def _port(value: object) -> str | None:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else (
        value if isinstance(value, str) and value else None)  # fmt: skip


def _told(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _front(p: Mapping[str, Any], alone: str) -> str:
    name = _of(p.get("frontendIPConfiguration"))
    return "" if name.lower() == alone else name


def _balancing(p: Mapping[str, Any], alone: str, members: Members) -> Json:
    port, backend = _port(p.get("frontendPort")), _port(p.get("backendPort"))
    protocol = word(p.get("protocol"), _PROTOCOLS) or "any"
    is_all = protocol == "any" and port == "0"
    snat = flag(p.get("disableOutboundSnat"))
    pools = entries(p.get("backendAddressPools"))
    return _told({
        "protocol": protocol, "port": None if is_all else port, "frontend": _front(p, alone),
        "pool": _of(p.get("backendAddressPool")) or (_of(pools[0]) if pools else ""),
        "backend_port": None if backend == port else backend,
        "outbound_snat": (not snat if isinstance(snat, bool) else snat) if snat else None,
    })  # fmt: skip


def _inbound_nat(p: Mapping[str, Any], alone: str, members: Members) -> Json:
    first, last = p.get("frontendPortRangeStart"), p.get("frontendPortRangeEnd")
    is_range = isinstance(first, int) and isinstance(last, int) and last > 0
    port = f"{first}-{last}" if is_range else _port(p.get("frontendPort"))
    backend = _port(p.get("backendPort"))
    machine = (
        members.machine(key(p.get("backendIPConfiguration"))) if p.get("backendIPConfiguration") else None
    )
    return _told({
        "protocol": word(p.get("protocol"), _PROTOCOLS) or "any", "port": port, "frontend": _front(p, alone),
        "to": machine or _of(p.get("backendAddressPool")), "backend_port": None if backend == port else backend,
    })  # fmt: skip


def _outbound(p: Mapping[str, Any], alone: str, members: Members) -> Json:
    fronts = [_of(front) for front in entries(p.get("frontendIPConfigurations"))]
    return _told({
        "protocol": word(p.get("protocol"), _PROTOCOLS), "pool": _of(p.get("backendAddressPool")),
        "frontend": one_or_many(fronts) if fronts else None,
    })  # fmt: skip


# Application gateways


def _write_gateway(thing: Thing, members: Members, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    sku = mapping(p.get("sku"))
    told = {name: sku[name] for name in ("name", "tier") if isinstance(sku.get(name), str)}
    if told:
        entry["sku"] = told["name"] if _is_usual(told, p, book) else told
    if (policy := book.name(key(p.get("firewallPolicy")), ("waf_policy",))) is not None:
        entry["waf"] = policy
    fronts = _write_frontends(thing, book, "public{}", "private")
    _write_pools(thing, members)
    ports = dict(_named(p.get("frontendPorts")))
    settings = dict(_named(p.get("backendHttpSettingsCollection")))
    alone = next(iter(fronts)).lower() if len(fronts) == 1 else ""
    listeners = {
        name: _listener(each, alone, _folded(ports), book) for name, each in _named(p.get("httpListeners"))
    }
    if listeners:
        entry["listeners"] = listeners
    maps = _folded(dict(_named(p.get("urlPathMaps"))))
    routing = {
        name: _routing(each, maps, _folded(settings), book)
        for name, each in _named(p.get("requestRoutingRules"))
    }
    if routing:
        entry["routing"] = routing


def _is_usual(sku: Mapping[str, str], p: Mapping[str, Any], book: Book) -> bool:
    """Whether the tier is the one that follows from the WAF policy."""
    has_policy = book.name(key(p.get("firewallPolicy")), ("waf_policy",)) is not None
    return sku.get("tier", "").lower() == ("waf_v2" if has_policy else "standard_v2") and "name" in sku


def _folded(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {name.lower(): part for name, part in parts.items()}


def _listener(p: Mapping[str, Any], alone: str, ports: Mapping[str, Mapping[str, Any]], book: Book) -> Json:
    protocol = word(p.get("protocol"), _LISTENED)
    port = whole(mapping(ports.get(_of(p.get("frontendPort")).lower())).get("port"), 1, 65535)
    hosts = texts(p.get("hostNames")) or texts(p.get("hostName"))
    return _told({
        "frontend": _front(p, alone), "protocol": protocol,
        "port": None if port == {"http": 80, "https": 443}.get(str(protocol)) else port,
        "hosts": one_or_many(hosts) if hosts else None,
        "waf": book.name(key(p.get("firewallPolicy")), ("waf_policy",)),
    })  # fmt: skip


def _routing(
    p: Mapping[str, Any],
    maps: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Mapping[str, Any]],
    book: Book,
) -> Json:
    fields: Json = {"listener": _of(p.get("httpListener")), "priority": whole(p.get("priority"), 1, 20000)}
    paths = maps.get(_of(p.get("urlPathMap")).lower())
    if paths is None:
        return _told(fields | _goal(p, settings, "backendAddressPool", "backendHttpSettings"))
    fields |= _goal(paths, settings, "defaultBackendAddressPool", "defaultBackendHttpSettings")
    fields["paths"] = {name: _path(rule, settings, book) for name, rule in _named(paths.get("pathRules"))}
    return _told(fields)


def _path(p: Mapping[str, Any], settings: Mapping[str, Mapping[str, Any]], book: Book) -> Json:
    listed = texts(p.get("paths"))
    return _told({
        "paths": one_or_many(listed) if listed else None,
        **_goal(p, settings, "backendAddressPool", "backendHttpSettings"),
        "waf": book.name(key(p.get("firewallPolicy")), ("waf_policy",)),
    })  # fmt: skip


def _goal(p: Mapping[str, Any], settings: Mapping[str, Mapping[str, Any]], pool: str, setting: str) -> Json:
    """The pool, and how the gateway calls it: what follows from the port is not said."""
    how = mapping(settings.get(_of(p.get(setting)).lower()))
    port, protocol = whole(how.get("port"), 1, 65535), word(how.get("protocol"), _LISTENED)
    usual = None if port is None else "https" if port == 443 else "http"
    return {
        "pool": _of(p.get(pool)), "backend_port": port, "backend_protocol": None if protocol == usual else protocol,
    }  # fmt: skip
