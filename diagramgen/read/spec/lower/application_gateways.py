"""Application gateways -> their frontends, listeners, pools and rules.

https://learn.microsoft.com/azure/templates/microsoft.network/applicationgateways
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import ListeningLine
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.frontends import distinct, fronts_of, say_unknown
from diagramgen.read.spec.lower.parts import Properties, own_address, public_ips, subnet_ref
from diagramgen.read.spec.lower.pools import Pools, pools_of
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told


def lower_application_gateway(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """An application gateway."""
    told: Told = thing.value
    waf = told.get("waf")
    fronts = fronts_of(thing, context)
    subnet = subnet_ref(thing)
    if not fronts and "frontends" not in told:
        fronts = _usual_fronts(thing, context)
    properties: Properties = {}
    tier = "WAF_v2" if waf else "Standard_v2"
    if (sku := told.get("sku", tier if context.has_defaults else None)) is not None:
        properties["sku"] = {"name": sku, "tier": tier} if isinstance(sku, str) else sku
    if fronts or context.has_defaults:
        properties["frontendIPConfigurations"] = fronts
    if subnet:
        properties["gatewayIPConfigurations"] = [{"name": "gateway", "properties": {"subnet": subnet}}]
    if waf is True:
        properties["webApplicationFirewallConfiguration"] = {"enabled": True, "firewallMode": "Prevention"}
    elif waf and (policy := context.find(told, "waf", "waf_policy")):
        properties["firewallPolicy"] = policy.ref
    pools = pools_of(thing, context)
    if pools.listed:
        properties["backendAddressPools"] = pools.listed
    gateway = _Gateway(thing, [str(front["name"]) for front in fronts], pools, context)
    return properties | gateway.properties(), pools.envelope


def _usual_fronts(thing: Named, context: Context) -> list[dict[str, Any]]:
    """A private frontend where there is an address or no public IP, and one for each public IP."""
    fronts = []
    if subnet := subnet_ref(thing):
        if address := own_address(thing, context):
            fronts.append({"name": "private", "properties": {"subnet": subnet, **address}})
        elif "public_ip" not in thing.value and context.has_defaults:
            fronts.append({"name": "private", "properties": {"subnet": subnet}})
    return fronts + [
        {"name": f"public{i + 1}", "properties": {"publicIPAddress": {"id": ip}}}
        for i, ip in enumerate(public_ips(thing, context))
    ]


class _Gateway:
    """Listeners and what they lead to.

    Ports and settings of backends, which Azure lists apart, are named after what they say.
    """

    def __init__(self, thing: Named, fronts: list[str], pools: Pools, context: Context) -> None:
        self.thing, self.fronts, self.pools, self.context = thing, fronts, pools, context
        self.ports: dict[str, Any] = {}
        self.settings: dict[str, Properties] = {}
        self.protocols: dict[str, str] = {}

    def properties(self) -> Properties:
        """All of it, where any is told."""
        told: Told = self.thing.value
        if "listeners" not in told and "routing" not in told:
            return {}
        listeners = [self._listener(item) for item in told.get("listeners", ())]
        maps: list[dict[str, Any]] = []
        rules = [rule for item in told.get("routing", ()) if (rule := self._rule(item, maps))]
        said: Properties = {
            "frontendPorts": [{"name": n, "properties": {"port": p}} for n, p in self.ports.items()],
            "httpListeners": listeners,
            "backendHttpSettingsCollection": [{"name": n, "properties": p} for n, p in self.settings.items()],
            "requestRoutingRules": distinct(rules),
        }
        return said | ({"urlPathMaps": maps} if maps else {})

    def _part(self, segment: str, name: str) -> dict[str, str]:
        return {"id": f"{self.thing.key}/{segment}/{escape(name).lower()}"}

    def _listener(self, item: Item) -> dict[str, Any]:
        told: Told = item.value
        name = told.get("name", item.name)
        protocol = told.get("protocol", "https" if self.context.has_defaults else None)
        port = told.get("port", {"http": 80, "https": 443}.get(str(protocol)))
        said: Properties = {}
        front = told.get("frontend") or (self.fronts[0] if len(self.fronts) == 1 else None)
        if front:
            if front.strip().lower() not in {f.lower() for f in self.fronts}:
                say_unknown("frontend", front, self.fronts, item, self.context)
            said["frontendIPConfiguration"] = self._part("frontendipconfigurations", front)
        elif self.context.has_defaults:
            message = f"`{shorten(self.thing.name)}` has {len(self.fronts)} frontends: which is meant?"
            self.context.error("missing-key", message, item.place, "write `frontend: NAME`")
        if port is not None:
            self.ports.setdefault(f"port_{port}", port)
            said["frontendPort"] = self._part("frontendports", f"port_{port}")
        if protocol:
            said["protocol"] = capital(protocol)
            self.protocols[name.lower()] = protocol
        if hosts := told.get("hosts"):
            said["hostNames"] = [i.value for i in hosts]
        if policy := self.context.find(told, "waf", "waf_policy"):
            said["firewallPolicy"] = policy.ref
        return {"name": name, "properties": self.context.with_azure(said, told, self.thing)}

    def _rule(self, item: Item, maps: list[dict[str, Any]]) -> dict[str, Any] | None:
        line = item.value
        if isinstance(line, ListeningLine):
            told = Told(item.place, {"listener": line.listener.text, "pool": line.pool.text})
            port: Any = int(line.backend_port) if line.backend_port.isdecimal() else line.backend_port or None
        else:
            told, port = line, line.get("backend_port")
        listener = told.get("listener", "").strip()
        name = told.get("name", item.name or (f"{listener}-rule" if listener else "rule"))
        said: Properties = {}
        if "priority" in told:
            said["priority"] = told.get("priority")
        if listener:
            known = [i.value.get("name", i.name) for i in self.thing.value.get("listeners", ())]
            if listener.lower() not in {k.lower() for k in known}:
                say_unknown("listener", listener, known, item, self.context)
            said["httpListener"] = self._part("httplisteners", listener)
        goal = self._goal(told, port, listener, item)
        if "paths" in told:
            said |= {"ruleType": "PathBasedRouting", "urlPathMap": self._part("urlpathmaps", name)}
            maps.append(self._map(name, told, goal, listener, item))
        else:
            said |= {**self.context.usually(ruleType="Basic"), **goal}
        if isinstance(line, Told):
            said = self.context.with_azure(said, line, self.thing)
        return {"name": name, "properties": said}

    def _goal(self, told: Told, port: Any, listener: str, item: Item) -> Properties:
        """The pool, and how the gateway calls it."""
        goal: Properties = {}
        if pool := told.get("pool"):
            goal["backendAddressPool"] = self.pools.reference(pool, item)
        protocol = told.get("backend_protocol")
        if protocol is None and port is not None:
            protocol = "https" if port == 443 else "http"
        if protocol is None and self.context.has_defaults:
            protocol = self.protocols.get(listener.lower(), "http")
        if protocol is not None:
            port = port if port is not None else {"https": 443, "http": 80}.get(protocol)
            name = f"{protocol}_{port}"
            said = {"protocol": capital(protocol), **({"port": port} if port is not None else {})}
            self.settings.setdefault(name, said)
            goal["backendHttpSettings"] = self._part("backendhttpsettingscollection", name)
        return goal

    def _map(self, name: str, told: Told, goal: Properties, listener: str, item: Item) -> dict[str, Any]:
        renamed = {
            "backendAddressPool": "defaultBackendAddressPool",
            "backendHttpSettings": "defaultBackendHttpSettings",
        }
        said: Properties = {renamed[key]: value for key, value in goal.items()}
        said["pathRules"] = []
        for path in told.get("paths", ()):
            inner: Told = path.value
            rule: Properties = {"paths": [i.value for i in inner.get("paths", ())]}
            rule |= self._goal(inner, inner.get("backend_port"), listener, item)
            if policy := self.context.find(inner, "waf", "waf_policy"):
                rule["firewallPolicy"] = policy.ref
            rule = self.context.with_azure(rule, inner, self.thing)
            said["pathRules"].append({"name": inner.get("name", path.name), "properties": rule})
        return {"name": name, "properties": said}
