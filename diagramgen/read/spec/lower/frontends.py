"""What load balancers and application gateways share: their frontends, and rules told apart by their names."""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import did_you_mean
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.parts import Properties, subnet_ref
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told


def fronts_of(thing: Named, context: Context) -> list[dict[str, Any]]:
    """The frontends that are told in detail."""
    found = []
    for item in thing.value.get("frontends", ()):
        told: Told = item.value
        said: Properties = {}
        if ip := context.find(told, "public_ip", "public_ip"):
            said["publicIPAddress"] = ip.ref
        elif prefix := context.find(told, "public_ip_prefix", "public_ip_prefix"):
            said["publicIPPrefix"] = prefix.ref
        else:
            subnet = context.find(told, "subnet", "subnet", near=thing)
            at = subnet.ref if subnet else subnet_ref(thing)
            said |= {"subnet": at} if at else {}
            said |= {"privateIPAddress": told.get("ip")} if "ip" in told else {}
        name = told.get("name", item.name)
        found.append(front(thing, name, context.with_azure(said, told, thing)))
    return found


def front(thing: Named, name: str, properties: Properties) -> dict[str, Any]:
    rid = f"{thing.key}/frontendipconfigurations/{escape(name).lower()}"
    return {"id": rid, "name": name, "properties": properties}


def distinct(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules, those of one name told apart by a number."""
    taken: set[str] = set()
    for rule in rules:
        name, number = str(rule["name"]), 2
        while rule["name"].lower() in taken:
            rule["name"], number = f"{name}-{number}", number + 1
        taken.add(rule["name"].lower())
    return rules


def say_unknown(what: str, name: str, known: list[str], item: Item, context: Context) -> None:
    message = f"no {what} is called `{shorten(name)}`"
    context.refuse("unknown-name", message, item.place, *did_you_mean(name, known))
