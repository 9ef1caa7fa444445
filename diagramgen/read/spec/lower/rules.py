"""Rules of NSGs and of the network manager -> records.

The names of subnets, VNets and sites in a rule mean their addresses; the line as written travels in the
envelope (`line`) for messages and tooltips.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    Piece,
    RuleLine,
)
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.where import Where, where
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.spec.shapes import Item, Mark, Told

_NET = "microsoft.network/"


_PROTOCOLS = {"any": "*", "tcp": "Tcp", "udp": "Udp", "icmp": "Icmp", "esp": "Esp", "ah": "Ah"}
_DIRECTION = {"inbound": "Inbound", "outbound": "Outbound"}
_ACCESS = {"allow": "Allow", "deny": "Deny", "always_allow": "AlwaysAllow"}


def lower_nsgs(context: Context) -> None:
    """NSGs with their rules."""
    for nsg in context.names.all("nsg"):
        rules, more = nsg.value.get("rules"), nsg.value.get("more")
        listed: dict[str, Any] = {}
        if more or (rules is not None and not context.has_defaults):
            names = [_Rule(item).name for item in rules or () if isinstance(item.value, (RuleLine, Told))]
            listed["securityRules"] = [{"id": f"{nsg.key}/rules/{escape(n).lower()}"} for n in names]
            listed["securityRules"] += [{"id": f"{nsg.key}/rules/{{more}}"}] if more else []
        context.add(nsg, _NET + "networksecuritygroups", listed)
        if nsg.value.get("outside"):
            continue
        for rule in _rules(nsg.value.get("rules", ()), nsg, context, 100):
            type_ = _NET + "networksecuritygroups/securityrules"
            rule.put(context, nsg, type_, f"{nsg.shown}/rules", _nsg_sides(rule, context))


class _Rule:
    """A rule in one shape, whether a line or in full; `sides` are the pieces of source and destination."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.place = item.place
        self.name = item.name
        self.description: str | None = None
        self.source_ports: tuple[str, ...] = ()
        value = item.value
        if isinstance(value, RuleLine):
            self.line: str | None = value.text
            self.priority: int | str | None = value.priority
            self.priority_at, self.priority_span = (
                item.place,
                (
                    value.text.index(str(value.priority)) if str(value.priority) in value.text else 0,
                    len(str(value.priority)),
                ),
            )
            self.access, self.direction, self.protocol, self.ports = (
                value.access,
                value.direction,
                value.protocol,
                value.ports,
            )
            self.sources = [(p, item.place) for p in value.sources]
            self.destinations = [(p, item.place) for p in value.destinations]
        else:
            self.line = None
            self.priority = value.get("priority")
            self.priority_at, self.priority_span = value.at("priority"), (0, 1)
            self.access, self.direction = value.get("access", "deny"), value.get("direction", "inbound")
            self.protocol = value.get("protocol", "any")
            self.ports = _ports(value.get("destination_ports", ()))
            self.source_ports = _ports(value.get("source_ports", ()))
            self.sources = _pieces(value.get("source"))
            self.destinations = _pieces(value.get("destination"))
            self.description = value.get("description")
        if not self.name:
            self.name = f"{self.access.replace('_', '-')}-{self.direction}-{self.priority}"

    def properties(self) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "access": _ACCESS.get(self.access, self.access),
            "direction": _DIRECTION.get(self.direction, self.direction),
            "protocol": _PROTOCOLS.get(self.protocol, self.protocol),
        }
        if self.priority is not None:
            properties["priority"] = self.priority
        if self.description:
            properties["description"] = self.description
        return properties

    def put(
        self, context: Context, parent: Named, type_: str, collection: str, sides: dict[str, Any]
    ) -> None:
        told = self.item.value if isinstance(self.item.value, Told) else None
        places = {
            p: (told.at(k) if told else self.place)
            for p, k in _RULE_PLACES.items()
            if told is None or k in told
        }
        has_line = self.line and context.has_defaults
        envelope = {"parent": parent.key, **({"line": self.line} if has_line else {})}
        context.put(
            f"{collection}/{escape(self.name)}",
            type_,
            self.name,
            {**self.properties(), **sides},
            self.place,
            places,
            "",
            envelope,
            told,
            parent,
        )


_RULE_PLACES = {
    "priority": "priority",
    "access": "access",
    "direction": "direction",
    "protocol": "protocol",
    "sourceAddressPrefix": "source",
    "sourceAddressPrefixes": "source",
    "sourceApplicationSecurityGroups": "source",
    "destinationAddressPrefix": "destination",
    "destinationAddressPrefixes": "destination",
    "destinationApplicationSecurityGroups": "destination",
    "destinationPortRange": "destination_ports",
    "destinationPortRanges": "destination_ports",
    "sourcePortRange": "source_ports",
    "sourcePortRanges": "source_ports",
}


def _rules(items: tuple[Item, ...], owner: Named, context: Context, low: int) -> Iterator[_Rule]:
    """The rules of one NSG or configuration, their priorities checked."""
    taken: dict[tuple[str, int | str], _Rule] = {}
    for item in items:
        if not isinstance(item.value, (RuleLine, Told)):
            continue
        rule = _Rule(item)
        if isinstance(rule.priority, int) and not low <= rule.priority <= 4096:
            context.refuse(
                "out-of-range",
                f"a priority of {rule.priority}: it must be from {low} to 4096",
                rule.priority_at,
                span=rule.priority_span,
            )
            if context.has_defaults:
                continue
        if rule.priority is not None and not isinstance(rule.priority, Mark):
            first = taken.setdefault((rule.direction, rule.priority), rule)
            if first is not rule:
                context.refuse(
                    "duplicate-priority",
                    f"two {rule.direction} rules of `{shorten(owner.name)}` have priority {rule.priority}",
                    rule.priority_at,
                    span=rule.priority_span,
                    related=(("first here", first.priority_at),),
                )
                if context.has_defaults:
                    continue
        yield rule


def _pieces(items: tuple[Item, ...] | None) -> list[tuple[Piece, Place]]:
    if items is None:
        return [(Piece("any"), Place(""))]
    return [(Piece(item.value.strip()), item.place) for item in items]


def _ports(items: tuple[Item, ...]) -> tuple[str, ...]:
    if any(item.value == () for item in items):
        return ()
    listed = ((item.value,) if isinstance(item.value, str) else item.value for item in items)
    return tuple(dict.fromkeys(port for ports in listed for port in ports))


def _side(pieces: list[tuple[Piece, Place]], context: Context, is_nsg: bool) -> Where:
    side = Where()
    for piece, place in pieces:
        part = where(context, (piece,), place, is_nsg)
        side.prefixes += part.prefixes
        side.asgs += part.asgs
    return side.sort(not context.has_defaults)


def _one_or_many(name: str, values: list[str]) -> dict[str, Any]:
    """`sourceAddressPrefix` for one, `sourceAddressPrefixes` for several, as Azure writes them."""
    if not values:
        return {}
    plural = name + ("es" if name.endswith("x") else "s")
    return {name: values[0]} if len(values) == 1 else {plural: values}


def _nsg_sides(rule: _Rule, context: Context) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for name, pieces in (("source", rule.sources), ("destination", rule.destinations)):
        side = _side(pieces, context, True)
        if side.asgs and side.prefixes:
            context.refuse(
                "mixed-rule",
                f"the {name} of a rule is either ASGs or addresses, not both",
                pieces[0][1],
                "write a rule for each",
                span=pieces[0][0].span,
            )
        prefixes = ["*"] if "*" in side.prefixes else side.prefixes
        sides |= _one_or_many(f"{name}AddressPrefix", prefixes)
        if side.asgs:
            sides[f"{name}ApplicationSecurityGroups"] = [{"id": key} for key in side.asgs]
    sides |= _one_or_many("sourcePortRange", list(rule.source_ports) or ["*"])
    sides |= _one_or_many("destinationPortRange", list(rule.ports) or ["*"])
    return sides


def admin_rules(configuration: Named, collection: str, context: Context) -> None:
    """The security admin rules of one configuration.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
    """
    for rule in _rules(configuration.value.get("rules", ()), configuration, context, 1):
        sides: dict[str, Any] = {
            "sourcePortRanges": list(rule.source_ports) or ["0-65535"],
            "destinationPortRanges": list(rule.ports) or ["0-65535"],
        }
        for name, pieces in (("sources", rule.sources), ("destinations", rule.destinations)):
            side = _side(pieces, context, True)
            if side.asgs:
                context.error(
                    "wrong-kind",
                    "a security admin rule cannot name an ASG",
                    pieces[0][1],
                    span=pieces[0][0].span,
                )
            sides[name] = [
                {"addressPrefixType": "ServiceTag" if service_tag(p) else "IPPrefix", "addressPrefix": p}
                for p in side.prefixes
            ]
        if rule.protocol == "any":
            sides["protocol"] = "Any"
        rule.put(
            context,
            configuration,
            _NET + "networkmanagers/securityadminconfigurations/rulecollections/rules",
            f"{collection}/rules",
            sides,
        )
