"""NSGs, ASGs, route tables, firewall and WAF policies, and the other top-level things -> records.

Rules lower to what the REST API says of them. The names of subnets, VNets and sites in a rule mean their addresses;
the line as written travels in the envelope (`line`) for messages and tooltips.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.context import Context, Where
from diagramgen.read.spec.lines import APPLICATION_PROTOCOLS, FilterLine, Piece, RouteLine, RuleLine
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.service_tags import fqdn_tag, service_tag
from diagramgen.read.spec.shapes import Item, LineError, Told
from diagramgen.read.spec.lines import Network, parse_cidr

_NET = "microsoft.network/"
_PROTOCOLS = {"any": "*", "tcp": "Tcp", "udp": "Udp", "icmp": "Icmp", "esp": "Esp", "ah": "Ah"}
_FILTER_PROTOCOLS = {"any": "Any", "tcp": "TCP", "udp": "UDP", "icmp": "ICMP"}
_ACCESS = {"allow": "Allow", "deny": "Deny", "always_allow": "AlwaysAllow"}
_KEYWORD_HOPS = {"internet": "Internet", "gateway": "VirtualNetworkGateway", "vnet": "VnetLocal", "none": "None"}


def lower_security(spec: Told, context: Context) -> None:
    """Everything that the tree refers to by name, and the network manager's rules."""
    for nsg in context.names.all("nsg"):
        context.add(nsg, _NET + "networksecuritygroups", {})
        for rule in _rules(nsg.value.get("rules", ()), nsg, context, 100):
            rule.put(context, nsg, _NET + "networksecuritygroups/securityrules", f"{nsg.shown}/rules", _nsg_sides(rule, context))
    for asg in context.names.all("asg"):
        context.add(asg, _NET + "applicationsecuritygroups", {})
    for table in context.names.all("route_table"):
        _lower_route_table(table, context)
    for policy in context.names.all("firewall_policy"):
        _lower_firewall_policy(policy, context)
    refuse_circles("firewall_policy", context)
    for policy in context.names.all("waf_policy"):
        _lower_waf_policy(policy, context)
    for group in context.names.all("ip_group"):
        addresses = sorted({item.value for item in group.value or ()}, key=lambda n: (n.version, n))
        context.put(group.shown, _NET + "ipgroups", group.name, {"ipAddresses": [str(n) for n in addresses]}, group.place)
    _lower_plain_things(context)


# Rules of NSGs and of the network manager --------------------------------------------------------------------------


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
            self.priority: int | None = value.priority
            self.priority_at, self.priority_span = item.place, (value.text.index(str(value.priority)) if str(value.priority) in value.text else 0, len(str(value.priority)))
            self.access, self.direction, self.protocol, self.ports = value.access, value.direction, value.protocol, value.ports
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
        properties: dict[str, Any] = {"access": _ACCESS[self.access], "direction": self.direction.capitalize(),
                                      "protocol": _PROTOCOLS[self.protocol]}  # fmt: skip
        if self.priority is not None:
            properties["priority"] = self.priority
        if self.description:
            properties["description"] = self.description
        return properties

    def put(self, context: Context, parent: Named, type_: str, collection: str, sides: dict[str, Any]) -> None:
        told = self.item.value if isinstance(self.item.value, Told) else None
        places = {p: (told.at(k) if told else self.place) for p, k in _RULE_PLACES.items() if told is None or k in told}
        envelope = {"parent": parent.key, **({"line": self.line} if self.line else {})}
        context.put(f"{collection}/{escape(self.name)}", type_, self.name, {**self.properties(), **sides}, self.place, places, "", envelope)


_RULE_PLACES = {"priority": "priority", "access": "access", "direction": "direction", "protocol": "protocol",
                "sourceAddressPrefix": "source", "sourceAddressPrefixes": "source", "sourceApplicationSecurityGroups": "source",
                "destinationAddressPrefix": "destination", "destinationAddressPrefixes": "destination",
                "destinationApplicationSecurityGroups": "destination", "destinationPortRange": "destination_ports",
                "destinationPortRanges": "destination_ports", "sourcePortRange": "source_ports",
                "sourcePortRanges": "source_ports"}  # fmt: skip


def _rules(items: tuple[Item, ...], owner: Named, context: Context, low: int) -> Iterator[_Rule]:
    """The rules of one NSG or configuration, their priorities checked."""
    taken: dict[tuple[str, int], _Rule] = {}
    for item in items:
        if not isinstance(item.value, (RuleLine, Told)):
            continue
        rule = _Rule(item)
        if rule.priority is not None and not low <= rule.priority <= 4096:
            context.error("out-of-range", f"a priority of {rule.priority}: it must be from {low} to 4096", rule.priority_at, span=rule.priority_span)
            continue
        if rule.priority is not None:
            first = taken.setdefault((rule.direction, rule.priority), rule)
            if first is not rule:
                context.error("duplicate-priority", f"two {rule.direction} rules of `{shorten(owner.name)}` have the priority {rule.priority}",
                              rule.priority_at, span=rule.priority_span, related=(("first here", first.priority_at),))
                continue
        yield rule


def _pieces(items: tuple[Item, ...] | None) -> list[tuple[Piece, Place]]:
    if items is None:
        return [(Piece("any"), Place(""))]
    return [(Piece(item.value.strip()), item.place) for item in items]


def _ports(items: tuple[Item, ...]) -> tuple[str, ...]:
    if any(item.value == () for item in items):
        return ()
    return tuple(dict.fromkeys(p for item in items for p in item.value))


def _side(pieces: list[tuple[Piece, Place]], context: Context, is_nsg: bool) -> Where:
    side = Where()
    for piece, place in pieces:
        part = context.where((piece,), place, is_nsg)
        side.prefixes += part.prefixes
        side.asgs += part.asgs
    return side.sort()


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
            context.error("mixed-rule", f"the {name} of a rule is either ASGs or addresses, not both", pieces[0][1],
                          "write a rule for each", span=pieces[0][0].span)
        prefixes = ["*"] if "*" in side.prefixes else side.prefixes
        sides |= _one_or_many(f"{name}AddressPrefix", prefixes)
        if side.asgs:
            sides[f"{name}ApplicationSecurityGroups"] = [{"id": key} for key in side.asgs]
    sides |= _one_or_many("sourcePortRange", list(rule.source_ports) or ["*"])
    sides |= _one_or_many("destinationPortRange", list(rule.ports) or ["*"])
    return sides


def admin_rules(configuration: Named, collection: str, context: Context) -> None:
    """The security admin rules of one configuration: https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins"""
    for rule in _rules(configuration.value.get("rules", ()), configuration, context, 1):
        sides: dict[str, Any] = {"sourcePortRanges": list(rule.source_ports) or ["0-65535"],
                                 "destinationPortRanges": list(rule.ports) or ["0-65535"]}  # fmt: skip
        for name, pieces in (("sources", rule.sources), ("destinations", rule.destinations)):
            side = _side(pieces, context, True)
            if side.asgs:
                context.error("wrong-kind", "a security admin rule cannot name an ASG", pieces[0][1], span=pieces[0][0].span)
            sides[name] = [{"addressPrefixType": "ServiceTag" if service_tag(p) else "IPPrefix", "addressPrefix": p}
                           for p in side.prefixes]  # fmt: skip
        if rule.protocol == "any":
            sides["protocol"] = "Any"
        rule.put(context, configuration, _NET + "networkmanagers/securityadminconfigurations/rulecollections/rules",
                 f"{collection}/rules", sides)  # fmt: skip


# Routes -------------------------------------------------------------------------------------------------------------


def _lower_route_table(table: Named, context: Context) -> None:
    told: Told = table.value
    context.add(table, _NET + "routetables", {"disableBgpRoutePropagation": not told.get("propagate_gateway_routes", True)},
                {"disableBgpRoutePropagation": "propagate_gateway_routes"})
    for item in told.get("routes", ()):
        if not isinstance(item.value, RouteLine):
            continue
        route = item.value
        prefix = route_prefix(route, item.place, context)
        hop = next_hop(route, item.place, context)
        if prefix is None or hop is None:
            continue
        name = item.name or f"to {prefix}"
        context.put(f"{table.shown}/routes/{escape(name)}", _NET + "routetables/routes", name, {"addressPrefix": prefix, **hop},
                    item.place, {k: item.place for k in ("addressPrefix", *hop)}, "", {"parent": table.key, "line": route.text})


def route_prefix(route: RouteLine, place: Place, context: Context) -> str | None:
    """The prefix or tag of a route."""
    text = route.prefix.text
    if tag := service_tag(text):
        return tag
    found = context.names.named(text, {"vnet", "subnet", "site"})
    if len(found) == 1 and len(found[0].networks) == 1:
        return str(found[0].networks[0])
    try:
        network: Network = parse_cidr(text)
        return str(network)
    except LineError as error:
        if "/" in text and text[0].isdigit():
            context.error(error.code, error.message, place, *error.hints, span=(route.prefix.start + error.span[0], error.span[1]))
        elif found:
            context.error("no-address", f"`{shorten(text)}` has not exactly one address", place, "write a route for each of its networks",
                          span=route.prefix.span)
        else:
            context.error("bad-cidr", f"`{shorten(text)}` is no network, service tag, or name of a VNet, subnet or site", place,
                          context.names.suggestion(text, ("vnet", "subnet", "site")), span=route.prefix.span)
        return None


def next_hop(route: RouteLine, place: Place, context: Context) -> dict[str, Any] | None:
    """Where a route leads; `nextHop` names the appliance where the spec does."""
    text = route.next_hop.text
    if text.lower() in _KEYWORD_HOPS:
        return {"nextHopType": _KEYWORD_HOPS[text.lower()]}
    if text[0].isdigit() or ":" in text:
        address = context.where((route.next_hop,), place).prefixes
        return {"nextHopType": "VirtualAppliance", "nextHopIpAddress": address[0].split("/")[0]} if address else None
    kinds = ("resource", "hub_resource")
    named = context.names.named(text, kinds)
    if not named:
        others = context.names.named(text, {"vnet", "subnet", "site"})
        if others:
            context.names.find(text, kinds, place, route.next_hop.span)
        else:
            context.error("unknown-name", f"`{shorten(text)}` is no next hop", place, context.names.suggestion(text, kinds, tuple(_KEYWORD_HOPS))
                          or "write an address, the name of a firewall or appliance, `internet`, `gateway`, `vnet` or `none`",
                          span=route.next_hop.span)
        return None
    appliance = context.names.find(text, kinds, place, route.next_hop.span)
    if appliance is None:
        return None
    hop: dict[str, Any] = {"nextHopType": "VirtualAppliance", "nextHop": appliance.ref}
    if address_text := context.address_of(appliance):
        hop["nextHopIpAddress"] = address_text
    return hop


# Firewall and WAF policies ------------------------------------------------------------------------------------------


def _lower_firewall_policy(policy: Named, context: Context) -> None:
    told: Told = policy.value
    properties: dict[str, Any] = {"sku": {"tier": told.get("tier", "standard").capitalize()}}
    if mode := told.get("threat_intelligence"):
        properties["threatIntelMode"] = mode.capitalize()
    if parent := context.find(told, "parent", "firewall_policy"):
        properties["basePolicy"] = parent.ref
    context.add(policy, _NET + "firewallpolicies", properties, {"basePolicy": "parent", "sku": "tier", "threatIntelMode": "threat_intelligence"})
    collections = told.get("rule_collections", ())
    if not collections:
        return
    lowered = [c for item in sorted(collections, key=lambda c: c.name.lower()) if (c := _rule_collection(item, context))]
    _refuse_equal_priorities(collections, policy, context)
    context.put(f"{policy.shown}/groups/default", _NET + "firewallpolicies/rulecollectiongroups", "default",
                {"priority": 200, "ruleCollections": lowered}, told.at("rule_collections"),
                {"ruleCollections": told.at("rule_collections")}, "", {"parent": policy.key})  # fmt: skip


def _refuse_equal_priorities(collections: tuple[Item, ...], policy: Named, context: Context) -> None:
    taken: dict[int, Item] = {}
    for item in collections:
        priority = item.value.get("priority")
        if priority is not None and taken.setdefault(priority, item) is not item:
            context.error("duplicate-priority", f"two rule collections of `{shorten(policy.name)}` have the priority {priority}",
                          item.value.at("priority"), related=(("first here", taken[priority].value.at("priority")),))


def _rule_collection(item: Item, context: Context) -> dict[str, Any] | None:
    told: Told = item.value
    action = told.get("action", "deny")
    rules, kinds = [], {}
    for rule in told.get("rules", ()):
        if isinstance(rule.value, FilterLine):
            lowered = _filter_rule(rule, action, context)
            kinds.setdefault(lowered["ruleType"], rule)
            rules.append(lowered)
    if len(kinds) > 1:
        second = list(kinds.values())[1]
        context.error("mixed-collection", f"the rule collection `{shorten(item.name)}` mixes network and application rules", second.place,
                      "Azure keeps them apart: write a collection for each", related=(("the first kind is here", next(iter(kinds.values())).place),))
    is_nat = action == "dnat"
    return {
        "name": item.name,
        "priority": told.get("priority", 65000),
        "ruleCollectionType": "FirewallPolicyNatRuleCollection" if is_nat else "FirewallPolicyFilterRuleCollection",
        "action": {"type": "DNAT" if is_nat else action.capitalize()},
        "rules": sorted(rules, key=lambda r: str(r["name"])),
    }


def _filter_rule(item: Item, action: str, context: Context) -> dict[str, Any]:
    line: FilterLine = item.value
    name = item.name or line.text
    source = context.where(line.sources, item.place, has_names=False)
    rule: dict[str, Any] = {"name": name, "sourceAddresses": source.prefixes, "sourceIpGroups": source.ip_groups}
    is_application = line.protocols[0] in APPLICATION_PROTOCOLS
    if (action == "dnat") != (line.translated is not None):
        wanted = "needs ` -> ADDRESS:PORT` after it" if action == "dnat" else "has ` -> ADDRESS:PORT`, but its collection's action is not `dnat`"
        context.error("bad-line", f"the rule {wanted}", item.place, span=(0, len(line.text)))
    if is_application:
        ports = line.ports or ({"http": "80", "https": "443", "mssql": "1433"}[line.protocols[0]],)
        return rule | {"ruleType": "ApplicationRule", **_fqdns(line, item, context), "protocols": [
            {"protocolType": p.capitalize(), "port": int(port.split("-")[0])} for p in line.protocols for port in ports]}  # fmt: skip
    target = context.where(line.destinations, item.place, has_names=False, has_fqdns=True)
    rule |= {"ipProtocols": [_FILTER_PROTOCOLS[p] for p in line.protocols], "destinationAddresses": target.prefixes,
             "destinationPorts": list(line.ports) or ["*"]}  # fmt: skip
    if line.translated:
        return rule | {"ruleType": "NatRule", "translatedAddress": line.translated[0], "translatedPort": line.translated[1],
                       **({"destinationPublicIps": [{"id": k} for k in target.public_ips]} if target.public_ips else {})}  # fmt: skip
    return rule | {"ruleType": "NetworkRule", "destinationIpGroups": target.ip_groups, "destinationFqdns": target.fqdns}


def _fqdns(line: FilterLine, item: Item, context: Context) -> dict[str, Any]:
    fqdns, tags = [], []
    for piece in line.destinations:
        text = piece.text
        if text.lower() in ("any", "*"):
            fqdns.append("*")
        elif tag := fqdn_tag(text):
            tags.append(tag)
        elif "." in text and " " not in text and "/" not in text.partition("/")[0]:
            fqdns.append(text.lower())
        else:
            context.error("bad-line", f"`{shorten(text)}` is no host name or FQDN tag, which an application rule leads to", item.place,
                          "write `www.contoso.com`, `*.contoso.com`, `WindowsUpdate` or `any`", span=piece.span)
    return {"targetFqdns": sorted(set(fqdns)), "fqdnTags": sorted(set(tags))}


def refuse_circles(kind: str, context: Context) -> None:
    """An error for every circle of parents."""
    parents: dict[str, Named] = {}
    for thing in context.names.all(kind):
        found = context.names.named(thing.value.get("parent", ""), {kind})
        if len(found) == 1:
            parents[thing.key] = found[0]
    done: set[str] = set()
    for thing in context.names.all(kind):
        trail: list[Named] = []
        here: Named | None = thing
        while here is not None and here.key not in done and here not in trail:
            trail.append(here)
            here = parents.get(here.key)
        if here is not None and here in trail:
            circle = trail[trail.index(here):]
            way = " -> ".join(f"`{shorten(t.name, 40)}`" for t in (*circle[:6], circle[0]))
            context.error("circle", f"parents that run in a circle: {way}", circle[0].value.at("parent"))
        done.update(t.key for t in trail)


def _lower_waf_policy(policy: Named, context: Context) -> None:
    told: Told = policy.value
    users = [r for r in context.names.all("resource", "service") if isinstance(r.value, Told) and isinstance(r.value.get("waf"), str)
             and policy in context.names.named(r.value.get("waf"), {"waf_policy"})]  # fmt: skip
    fronts = [u for u in users if u.word.startswith("front_door")]
    if fronts and len(fronts) < len(users):
        other = next(u for u in users if u not in fronts)
        context.error("wrong-kind", f"the WAF policy `{shorten(policy.name)}` cannot serve a Front Door and an Application Gateway",
                      policy.place.key, "Azure keeps the two apart: write a policy for each",
                      related=(("a Front Door uses it here", fronts[0].value.at("waf")), ("an Application Gateway here", other.value.at("waf"))))
    settings: dict[str, Any] = {"mode": told.get("mode", "prevention").capitalize()}
    state = "Enabled" if told.get("enabled", True) else "Disabled"
    settings["enabledState" if fronts else "state"] = state
    type_ = "frontdoorwebapplicationfirewallpolicies" if fronts else "applicationgatewaywebapplicationfirewallpolicies"
    context.add(policy, _NET + type_, {"policySettings": settings}, {"policySettings": "mode"})


def _lower_plain_things(context: Context) -> None:
    for plan in context.names.all("ddos_plan"):
        context.add(plan, _NET + "ddosprotectionplans", {})
    for ip in context.names.all("public_ip"):
        sku = ip.value.get("sku", "standard").capitalize()
        properties = {"publicIPAllocationMethod": "Static"}
        if address := ip.value.get("address"):
            properties["ipAddress"] = address
        context.add(ip, _NET + "publicipaddresses", properties, {"ipAddress": "address"}, sku={"name": sku})
    for nat in context.names.all("nat_gateway"):
        ips = context.find_all(nat.value.get("public_ip"), ("public_ip",))
        context.add(nat, _NET + "natgateways", {"publicIpAddresses": [i.ref for i in ips]} if ips else {},
                    {"publicIpAddresses": "public_ip"}, sku={"name": "Standard"})
    for zone in context.names.all("private_dns_zone"):
        context.add(zone, _NET + "privatednszones", {})
        for vnet in context.find_all(zone.value.get("vnets"), ("vnet",)):
            context.put(f"{zone.shown}/links/{escape(vnet.shown)}", _NET + "privatednszones/virtualnetworklinks", vnet.name,
                        {"virtualNetwork": vnet.ref, "registrationEnabled": False}, zone.value.at("vnets"),
                        {"virtualNetwork": zone.value.at("vnets")}, "", {"parent": zone.key})  # fmt: skip
    for circuit in context.names.all("circuit"):
        _lower_circuit(circuit, context)


def _lower_circuit(circuit: Named, context: Context) -> None:
    told: Told = circuit.value
    provider: dict[str, Any] = {}
    if name := told.get("provider"):
        provider["serviceProviderName"] = name
    if location := told.get("location"):
        provider["peeringLocation"] = location
    if bandwidth := told.get("bandwidth"):
        number, _, unit = bandwidth.strip().partition(" ")
        scale = {"gbps": 1000, "mbps": 1}.get(unit.strip().lower())
        if scale is None or not number.replace(".", "", 1).isdecimal() or not number.isascii():
            context.error("wrong-value", f"`{shorten(bandwidth)}` is no bandwidth", told.at("bandwidth"), "write `50 Mbps` or `1 Gbps`")
        else:
            provider["bandwidthInMbps"] = int(float(number) * scale)
    context.add(circuit, _NET + "expressroutecircuits", {"serviceProviderProperties": provider} if provider else {},
                {"serviceProviderProperties": "provider"})
