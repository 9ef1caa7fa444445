"""Load balancers and application gateways, told so that two of them can be compared: parts by their names, ports and
settings where they are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.author.canon_network import only, owner_of, plain_configuration
from diagramgen.author.essence import as_text, essence
from diagramgen.author.knows import Knows, Properties
from diagramgen.author.places import NET
from diagramgen.author.values import body, entries, texts
from diagramgen.model.references import key, keys, last_segment

_BACK_REFERENCES = frozenset({
    "httpListeners", "requestRoutingRules", "urlPathMaps", "loadBalancingRules", "outboundRules", "inboundNatRules",
    "inboundNatPools", "pathRules", "backendHttpSettingsCollection",
})  # fmt: skip


def _parts(parts: object) -> list[Properties]:
    """The parts of a list by name, without ids, and without the lists of what refers to them."""
    found = [
        {"name": str(part.get("name") or last_segment(key(part))).lower(),
         **{n: v for n, v in body(part).items() if n not in _BACK_REFERENCES}}
        for part in entries(parts)
    ]  # fmt: skip
    return sorted(found, key=lambda part: str(part["name"]))


def _balancer(p: Properties, knows: Knows) -> None:
    fronts = _parts(p.get("frontendIPConfigurations"))
    p["frontendIPConfigurations"] = [
        {
            "name": f["name"],
            **plain_configuration(f, knows),
            **only(f, "publicIPPrefix", "gatewayLoadBalancer"),
        }
        for f in fronts
    ]
    p["backendAddressPools"] = [_pool(pool) for pool in _parts(p.get("backendAddressPools"))]
    for field in ("loadBalancingRules", "outboundRules", "inboundNatRules", "inboundNatPools"):
        if field in p:
            p[field] = sorted((_balancer_rule(rule) for rule in _parts(p[field])), key=_as_text)
    if not p.get("inboundNatPools"):
        p.pop("inboundNatPools", None)


def _pool(pool: Properties) -> Properties:
    listed = [
        body(a).get("ipAddress") for a in entries(pool.get("loadBalancerBackendAddresses"))
        if not key(body(a).get("networkInterfaceIPConfiguration"))
    ]  # fmt: skip
    addresses = [a.get("ipAddress") or a.get("fqdn") for a in entries(pool.get("backendAddresses"))]
    return {
        "name": pool["name"],
        "configurations": sorted({_of_scale_set(rid) for rid in keys(pool.get("backendIPConfigurations"))}),
        "addresses": sorted(map(str, filter(None, [*listed, *addresses]))),
    }


def _of_scale_set(configuration: str) -> str:
    """The scale set that has an IP configuration, whichever its instance; else the IP configuration."""
    return owner_of(configuration) if "/virtualmachinescalesets/" in configuration else configuration


def _as_text(rule: Properties) -> str:
    return as_text(essence(rule))


def _balancer_rule(rule: Properties) -> Properties:
    """A rule without its name, to which nothing refers."""
    found = {field: value for field, value in rule.items() if field != "name"}
    pools = keys(found.pop("backendAddressPools", ()))
    if pools and not found.get("backendAddressPool"):
        found["backendAddressPool"] = {"id": pools[0]}
    if str(found.get("protocol")).lower() in ("*", "all"):
        found["protocol"] = "all"
    if not found.get("frontendPortRangeEnd"):
        found.pop("frontendPortRangeStart", None)
        found.pop("frontendPortRangeEnd", None)
    else:
        found.pop("frontendPort", None)
    return found


def _gateway(p: Properties, knows: Knows) -> None:
    """With ports and settings where they are used, whatever they are called."""
    ports = {part["name"]: part.get("port") for part in _parts(p.pop("frontendPorts", ()))}
    settings = {
        part["name"]: only(part, "port", "protocol")
        for part in _parts(p.pop("backendHttpSettingsCollection", ()))
    }
    maps = {part["name"]: part for part in _whole(p.pop("urlPathMaps", ()))}
    fronts = _parts(p.get("frontendIPConfigurations"))
    p["frontendIPConfigurations"] = [{"name": f["name"], **plain_configuration(f, knows)} for f in fronts]
    p["backendAddressPools"] = [_pool(pool) for pool in _parts(p.get("backendAddressPools"))]
    p["gatewayIPConfigurations"] = [
        only(body(c), "subnet") for c in entries(p.get("gatewayIPConfigurations"))
    ]
    p["httpListeners"] = [_listener(each, ports) for each in _parts(p.get("httpListeners"))]
    p["requestRoutingRules"] = [
        _routing(each, settings, maps) for each in _parts(p.get("requestRoutingRules"))
    ]
    p.pop("forceFirewallPolicyAssociation", None)
    if isinstance(p.get("sku"), Mapping):
        p["sku"] = only(p["sku"], "name", "tier")


def _whole(parts: object) -> list[Properties]:
    """The parts of a list by name, with all that they say."""
    return [
        {"name": str(part.get("name") or last_segment(key(part))).lower(), **body(part)}
        for part in entries(parts)
    ]


def _name(reference: object) -> str:
    return last_segment(key(reference))


def _listener(p: Properties, ports: Mapping[str, Any]) -> Properties:
    found = only(p, "name", "protocol", "firewallPolicy")
    found["front"] = _name(p.get("frontendIPConfiguration"))
    found["port"] = ports.get(_name(p.get("frontendPort")))
    found["hosts"] = texts(p.get("hostNames")) or texts(p.get("hostName"))
    return found


def _routing(p: Properties, settings: Mapping[str, Properties], maps: Mapping[str, Properties]) -> Properties:
    found = only(p, "name", "priority")
    found["listener"] = _name(p.get("httpListener"))
    paths = maps.get(_name(p.get("urlPathMap")))
    if paths is None:
        return (
            found
            | _goal(p, settings, "backendAddressPool", "backendHttpSettings")
            | only(p, "redirectConfiguration")
        )
    found |= _goal(paths, settings, "defaultBackendAddressPool", "defaultBackendHttpSettings")
    found["paths"] = [
        {"name": str(r.get("name")).lower(), **_goal(body(r), settings, "backendAddressPool", "backendHttpSettings"),
         **only(body(r), "paths", "firewallPolicy")}
        for r in entries(paths.get("pathRules"))
    ]  # fmt: skip
    return found


def _goal(p: Mapping[str, Any], settings: Mapping[str, Properties], pool: str, setting: str) -> Properties:
    return {"pool": _name(p.get(pool)), "how": settings.get(_name(p.get(setting)), {})}


BALANCERS = {NET + "loadbalancers": _balancer, NET + "applicationgateways": _gateway}
"""How a resource of each type is changed."""
