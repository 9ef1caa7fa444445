"""Load balancers -> their frontends, pools and rules.

https://learn.microsoft.com/azure/templates/microsoft.network/loadbalancers
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import ForwardingLine, Piece
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.frontends import distinct, front, fronts_of, say_unknown
from diagramgen.read.spec.lower.parts import Properties, own_address, public_ips, sku_of, subnet_ref
from diagramgen.read.spec.lower.pools import Pools, pools_of
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_PROTOCOLS = {"any": "All", "tcp": "Tcp", "udp": "Udp"}


def lower_load_balancer(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """A load balancer."""
    told: Told = thing.value
    ips = public_ips(thing, context)
    if told.get("internal") and ips:
        context.error(
            "contradiction",
            f"`{shorten(thing.name)}` is internal and has a public IP",
            told.at("internal"),
            "leave one of the two",
            related=(("here", told.at("public_ip")),),
        )
    fronts = fronts_of(thing, context)
    if not fronts and "frontends" not in told:
        fronts = [
            front(thing, f"frontend{i + 1}", {"publicIPAddress": {"id": ip}}) for i, ip in enumerate(ips)
        ]
        if not fronts and (subnet := subnet_ref(thing)):
            fronts = [front(thing, "frontend1", {"subnet": subnet, **own_address(thing, context)})]
    pools = pools_of(thing, context)
    balancer = _Balancer(thing, [str(front["name"]) for front in fronts], pools, context)
    properties: Properties = {"frontendIPConfigurations": fronts} if fronts or context.has_defaults else {}
    if pools.listed:
        properties["backendAddressPools"] = pools.listed
    for key, collection, lower in (
        ("rules", "loadBalancingRules", balancer.rule),
        ("inbound_nat", "inboundNatRules", balancer.nat),
        ("outbound", "outboundRules", balancer.outbound),
    ):
        if key in told:
            rules = [rule for item in told.get(key) if (rule := lower(item))]
            properties[collection] = distinct(rules)
    usual = "Standard" if context.has_defaults else None
    return properties, {"sku": sku_of(told, usual), **pools.envelope}


class _Balancer:
    """What the rules of a load balancer refer to."""

    def __init__(self, thing: Named, fronts: list[str], pools: Pools, context: Context) -> None:
        self.thing, self.fronts, self.pools, self.context = thing, fronts, pools, context

    def rule(self, item: Item) -> dict[str, Any] | None:
        """A load balancing rule."""
        told = item.value if isinstance(item.value, Told) else None
        line = self._line(item, "pool")
        pool = self._pool(line.target, item) if line.target.text else {}
        port = line.port or ("0" if line.protocol == "any" else "")
        said: Properties = {
            "protocol": _PROTOCOLS.get(line.protocol, line.protocol),
            **_number("frontendPort", port),
            **_number("backendPort", line.backend_port or port),
            **self._front_of(line, item),
            **({"backendAddressPool": pool} if pool else {}),
        }
        if told is not None and "outbound_snat" in told:
            snat = told.get("outbound_snat")
            said["disableOutboundSnat"] = not snat if isinstance(snat, bool) else snat
        return self._named(item, f"{line.protocol}-{line.port or 'all'}", said)

    def nat(self, item: Item) -> dict[str, Any] | None:
        """An inbound NAT rule, to a machine or to a pool."""
        line = self._line(item, "to")
        said: Properties = {
            "protocol": _PROTOCOLS.get(line.protocol, line.protocol),
            **self._front_of(line, item),
        }
        first, dash, last = line.port.partition("-")
        if dash:
            said |= {**_number("frontendPortRangeStart", first), **_number("frontendPortRangeEnd", last)}
        else:
            said |= _number("frontendPort", line.port)
        said |= _number("backendPort", line.backend_port or ("" if dash else line.port))
        if line.target.text:
            if line.target.text.lower() in self.pools.ids:
                said["backendAddressPool"] = self._pool(line.target, item)
            elif member := self.pools.member(line.target, item):
                said["backendIPConfiguration"] = {"id": member}
        return self._named(item, f"{line.protocol}-{line.port or 'all'}", said)

    def outbound(self, item: Item) -> dict[str, Any] | None:
        """https://learn.microsoft.com/azure/load-balancer/outbound-rules"""
        told: Told = item.value
        said: Properties = {}
        if protocol := told.get("protocol", "any" if self.context.has_defaults else None):
            said["protocol"] = _PROTOCOLS.get(protocol, protocol)
        names = [i.value for i in told.get("frontend", ())] or (
            self.fronts if self.context.has_defaults else []
        )
        if names:
            said["frontendIPConfigurations"] = [self._front_id(name, item) for name in names]
        if pool := told.get("pool"):
            said["backendAddressPool"] = self._pool(Piece(pool.strip()), item)
        return self._named(item, item.name, said)

    def _line(self, item: Item, target: str) -> ForwardingLine:
        if isinstance(item.value, ForwardingLine):
            return item.value
        told: Told = item.value
        return ForwardingLine(
            "",
            told.get("protocol", "any"),
            told.get("port", "").strip(),
            told.get("frontend", "").strip(),
            Piece(told.get(target, "").strip()),
            told.get("backend_port", "").strip(),
        )

    def _named(self, item: Item, name: str, said: Properties) -> dict[str, Any]:
        if isinstance(item.value, Told):
            said = self.context.with_azure(said, item.value, self.thing)
            return {"name": item.value.get("name", item.name or name), "properties": said}
        return {"name": item.name or name, "properties": said}

    def _front_of(self, line: ForwardingLine, item: Item) -> Properties:
        if line.frontend:
            return {"frontendIPConfiguration": self._front_id(line.frontend, item)}
        if len(self.fronts) == 1:
            return {"frontendIPConfiguration": self._front_id(self.fronts[0], item)}
        if self.fronts and self.context.has_defaults:
            listed = ", ".join(f"`{name}`" for name in self.fronts)
            message = f"`{shorten(self.thing.name)}` has several frontends: which is meant?"
            self.context.error(
                "missing-key", message, item.place, f"write ` at FRONTEND`; there are {listed}"
            )
        return {}

    def _front_id(self, name: str, item: Item) -> dict[str, str]:
        known = {front.lower(): front for front in self.fronts}
        if name.strip().lower() not in known:
            say_unknown("frontend", name, self.fronts, item, self.context)
        rid = f"{self.thing.key}/frontendipconfigurations/{escape(name).lower()}"
        return {"id": rid}

    def _pool(self, piece: Piece, item: Item) -> dict[str, str]:
        return self.pools.reference(piece.text, item)


def _number(name: str, text: str) -> Properties:
    if not text:
        return {}
    return {name: int(text) if text.isdecimal() else text}
