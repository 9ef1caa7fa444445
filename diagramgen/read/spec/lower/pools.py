"""Backend pools of load balancers and application gateways -> what is in them."""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import did_you_mean
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import Piece
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.far import is_address
from diagramgen.read.spec.lower.machines import configuration_of
from diagramgen.read.spec.lower.parts import MACHINES, Properties
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told
from diagramgen.read.unknown import is_unknown

USUAL = "backends"
_MEMBERS = ("resource", "service")


class Pools:
    """The pools of one thing: `listed` as Azure lists them; `ids` by name; `envelope` holds the keys of what the one
    pool without a name leads to."""

    def __init__(self, thing: Named, context: Context) -> None:
        self.thing, self.context = thing, context
        self.listed: list[dict[str, Any]] = []
        self.envelope: dict[str, Any] = {}
        self.ids: dict[str, str] = {}

    def add(self, name: str, members: tuple[Item, ...], told: Told | None) -> list[str]:
        """Adds a pool; gives the keys of the things in it."""
        properties, keys = self._contents(members)
        rid = f"{self.thing.key}/backendaddresspools/{escape(name).lower()}"
        if told is not None:
            properties = self.context.with_azure(properties, told, self.thing)
            self.listed.append({"id": rid, "name": name, "properties": properties})
        else:
            self.listed.append({"name": name, "properties": properties})
        self.ids[name.lower()] = rid
        return keys

    def reference(self, name: str, item: Item) -> dict[str, str]:
        """A reference to a pool by its name; complains where there is none."""
        folded = name.strip().lower()
        if folded not in self.ids:
            known = [str(pool["name"]) for pool in self.listed]
            message = f"no pool is called `{shorten(name)}`"
            self.context.refuse("unknown-name", message, item.place, *did_you_mean(name, known))
        return {"id": f"{self.thing.key}/backendaddresspools/{escape(name).lower()}"}

    def member(self, piece: Piece, item: Item) -> str:
        """The IP configuration of one machine."""
        span = piece.span if piece.start else None
        found = self.context.names.find(piece.text, ("resource",), item.place, span, near=self.thing)
        return configuration_of(found, self.context) if found and found.word in MACHINES else ""

    def _contents(self, members: tuple[Item, ...]) -> tuple[Properties, list[str]]:
        configurations, addresses, keys = [], [], []
        for item in members:
            target = self._target(item)
            if isinstance(target, Named):
                keys.append(target.key)
                if target.word in MACHINES:
                    configurations.append({"id": configuration_of(target, self.context)})
                else:
                    addresses.append({"fqdn": target.name})
            elif target:
                addresses.append({"ipAddress": target} if is_address(target) else {"fqdn": target})
        pool: Properties = {}
        if configurations:
            pool["backendIPConfigurations"] = self.context.ordered_by_text(configurations)
        if addresses and self.thing.word == "load_balancer" and "pools" in self.thing.value:
            pool["loadBalancerBackendAddresses"] = [_balanced(a, self.thing) for a in addresses]
        elif addresses:
            pool["backendAddresses"] = self.context.ordered_by_text(addresses)
        return pool, sorted(keys)

    def _target(self, item: Item) -> Named | str | None:
        text = item.value.strip()
        names = self.context.names
        for kinds in (_MEMBERS, (*_MEMBERS, "subnet")):
            if names.named(text, kinds):
                return names.find(text, kinds, item.place, near=self.thing)
        if is_unknown(text):
            return str(text)
        if "." in text or ":" in text:
            return text.lower() if " " not in text else None
        names.find(text, (*_MEMBERS, "subnet"), item.place, near=self.thing)
        return None


def _balanced(address: dict[str, str], thing: Named) -> dict[str, Any]:
    """An address in a balancer's pool: https://learn.microsoft.com/azure/load-balancer/backend-pool-management"""
    text = address.get("ipAddress") or address.get("fqdn", "")
    vnet = thing.within("vnet")
    said: Properties = {"ipAddress": text, **({"virtualNetwork": vnet.ref} if vnet else {})}
    return {"name": text, "properties": said}


def pools_of(thing: Named, context: Context) -> Pools:
    """The pools that are told by name, or the one of `backends`."""
    told: Told = thing.value
    pools = Pools(thing, context)
    for item in told.get("pools", ()):
        inner = item.value if isinstance(item.value, Told) else Told(item.place, {"members": item.value})
        pools.add(inner.get("name", item.name), inner.get("members", ()), inner)
    if told.get("backends"):
        keys = pools.add(USUAL, told.get("backends"), None)
        if not pools.listed[-1]["properties"]:
            pools.listed.pop()
        elif keys:
            pools.envelope = {"backends": keys}
    return pools
