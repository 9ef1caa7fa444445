"""Security: what NSGs and security admin rules do with packets at one end of a flow.

At the source: admin rules, then the NSG of the interface, then that of the subnet; at the destination: admin rules,
subnet, interface. Each that is there must allow, an absent one lets pass, and traffic inside a subnet is filtered too.
What filters a packet depends on the interface, so the stages split packets by the addresses of interfaces.

https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, Protocol

from diagramgen.analyse.addresses import PLATFORM, PUBLIC, Addresses
from diagramgen.analyse.manager import AdminCollection, admin_collections, unreached_subnets
from diagramgen.analyse.tags import ServiceTags, tag_match
from diagramgen.analyse.verdicts import Access, Match, Outcome, Rule, first_match
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import at, items, key, keys, leaves_open, listed, word
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    ADDRESSES,
    IPV4,
    NO_RANGES,
    NOTHING_AT_ALL,
    PORTS,
    SERVICES,
    TCP_PORTS,
    UDP_PORTS,
    Box,
    PacketSet,
    Ranges,
    covers,
    difference,
    intersection,
    normal,
    overlap,
    parse_addresses,
    parse_ports,
    parse_service,
    size,
    union,
)
from diagramgen.read.unknown import is_unknown

NET = "microsoft.network/"
SUBNET = NET + "virtualnetworks/subnets"
NIC = NET + "networkinterfaces"
Direction = Literal["inbound", "outbound"]
Sides = tuple[Ranges, Ranges]
"""All addresses of the zone at the source, and of the one at the destination."""

_DEFAULTS: Mapping[Direction, tuple[tuple[int, str, str, str, Access], ...]] = {
    "inbound": (
        (65000, "AllowVnetInBound", "VirtualNetwork", "VirtualNetwork", "allow"),
        (65001, "AllowAzureLoadBalancerInBound", "AzureLoadBalancer", "*", "allow"),
        (65500, "DenyAllInBound", "*", "*", "deny"),
    ),
    "outbound": (
        (65000, "AllowVnetOutBound", "VirtualNetwork", "VirtualNetwork", "allow"),
        (65001, "AllowInternetOutBound", "*", "Internet", "allow"),
        (65500, "DenyAllOutBound", "*", "*", "deny"),
    ),
}
"""https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules"""
_ANY = ("*", "any", "0.0.0.0/0", "")
_PLATFORM_TAGS: Mapping[str, Ranges] = {
    "azureplatformdns": parse_addresses("168.63.129.16") or (),
    "azureplatformimds": parse_addresses("169.254.169.254") or (),
    "azureplatformlkm": (),
}
_LOAD_BALANCER = parse_addresses("168.63.129.16") or ()


class Tagged(Protocol):
    """What the tag VirtualNetwork holds, surely and possibly; equal tokens mean equal contents."""

    @property
    def token(self) -> str: ...
    @property
    def sure(self) -> Ranges: ...
    @property
    def possible(self) -> Ranges: ...


class Reader(Protocol):
    """Tells what the tag VirtualNetwork holds for a subnet."""

    def virtual_network(self, subnet: str) -> Tagged: ...


class Passage(NamedTuple):
    """What the filters of one end do with packets: three disjoint sets, each stage with its outcome in order, the
    packets that some rule allows by name for sure, and with them those of which that is possible."""

    allowed: PacketSet
    unknown: PacketSet
    denied: PacketSet
    stages: tuple[tuple[str, Outcome], ...]
    specific: PacketSet
    perhaps_specific: PacketSet = NOTHING_AT_ALL


class Security:
    """The filters of a topology."""

    def __init__(
        self, topology: Topology, addresses: Addresses, routes: Reader, tags: ServiceTags | None = None
    ) -> None:
        self.topology = topology
        self.addresses = addresses
        self._routes = routes
        self._tags = tags
        self._resolved: dict[tuple[str, str, Direction], tuple[Match, ...] | None] = {}
        self._words: dict[tuple[str, str], tuple[Ranges, Ranges, tuple[str, ...]]] = {}
        self._read: dict[str, list[tuple[int, Direction, _Fields]]] = {}
        self._collections = admin_collections(topology)
        self._unreached = unreached_subnets(topology) if self._collections else frozenset()
        self._nsgs_of_nics = self._nic_filters()

    # The two ends

    def outbound(self, subnet: str, packets: PacketSet, sides: Sides) -> Passage:
        """What leaves `subnet` of `packets`: private endpoints never begin a conversation."""
        endpoints = self.endpoints_in.get(subnet)
        begun = packets
        if endpoints and overlap(packets.sources, endpoints):
            begun = packets - PacketSet.of(Box(sources=endpoints))
        passage = self._pass(subnet, begun, sides, "outbound")
        return (
            passage
            if begun is packets
            else passage._replace(denied=packets - passage.allowed - passage.unknown)
        )

    def inbound(self, subnet: str, packets: PacketSet, sides: Sides) -> Passage:
        """What `subnet` lets in of `packets`. NSGs hold for private endpoints only where the subnet says so.

        https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
        """
        endpoints = self.endpoints_in.get(subnet)
        exempt = beyond_admin = NOTHING_AT_ALL
        if endpoints and overlap(packets.destinations, endpoints):
            to_endpoints = packets & PacketSet.of(Box(destinations=endpoints))
            closed = self.closed_endpoints.get(subnet)
            if closed and overlap(packets.destinations, closed):
                return self._without_closed(subnet, packets, sides, closed)
            if self.filters_endpoints(subnet) is False:
                exempt, packets = to_endpoints, packets - to_endpoints
            else:
                beyond_admin, packets = to_endpoints, packets - to_endpoints
        passage = self._pass(subnet, packets, sides, "inbound")
        if beyond_admin:
            # Admin rules never reach private endpoints, NSGs may.
            other = self._pass(subnet, beyond_admin, sides, "inbound", has_admin=False)
            passage = Passage(passage.allowed | other.allowed, passage.unknown | other.unknown,
                              passage.denied | other.denied, (*passage.stages, *other.stages),
                              passage.specific | other.specific,
                              passage.perhaps_specific | other.perhaps_specific)  # fmt: skip
        if endpoints and self.filters_endpoints(subnet) is None:
            perhaps = passage.denied & PacketSet.of(Box(destinations=endpoints))
            passage = passage._replace(unknown=passage.unknown | perhaps, denied=passage.denied - perhaps)
        if exempt:
            rule = Rule(subnet + "/private-endpoints", "pe-exempt", subnet, self._name(subnet), "platform", "allow",
                        text="NSGs and admin rules do not hold for private endpoints of this subnet", stage="platform",
                        place=self._place(subnet))  # fmt: skip
            outcome = first_match(exempt, (), Match(rule, Box(), Box(), True))
            passage = passage._replace(
                allowed=passage.allowed | exempt, stages=(*passage.stages, ("platform", outcome))
            )
        unseen = self.unseen_endpoints.get(subnet)
        return self._past_unseen(subnet, passage, unseen) if unseen else passage

    def _past_unseen(self, subnet: str, passage: Passage, endpoints: Ranges) -> Passage:
        """A passage, in doubt for private endpoints of which the input does not tell whether they are approved."""
        part = passage.allowed & PacketSet.of(Box(destinations=endpoints))
        if not part:
            return passage
        rule = Rule(subnet + "/private-endpoint", "approval", subnet, self._name(subnet), "platform", "deny",
                    text="the private endpoint is not in the input, nor whether it is approved",
                    stage="private-endpoint", place=self._place(subnet))  # fmt: skip
        outcome = first_match(part, (Match(rule, None, Box()),))
        return passage._replace(allowed=passage.allowed - part, unknown=passage.unknown | part,
                                stages=(*passage.stages, ("private-endpoint", outcome)))  # fmt: skip

    def to_platform(self, subnet: str, packets: PacketSet) -> Passage:
        """What leaves a subnet for the platform's DNS and metadata: only rules that name the platform's tags hold."""
        stages: list[tuple[str, Outcome]] = []
        allowed, unknown = packets, NOTHING_AT_ALL
        for stage in ("nic", "subnet"):
            for part, nsg in self._split(stage, subnet, allowed, "outbound"):
                matches = self.matches(nsg, subnet, "outbound") if nsg else None
                if matches is None:
                    stages.append((stage, self._judge(nsg, subnet, part, "outbound", stage)))
                    unknown |= part
                    continue
                named = [m for m in matches if is_unknown(m.rule.text) or any(
                    tag in m.rule.text.lower() for tag in _PLATFORM_TAGS)]  # fmt: skip
                outcome = first_match(part, named)
                stages.append((stage, outcome))
                allowed = allowed - outcome.denied
                unknown |= outcome.unknown
        unknown = unknown & allowed
        return Passage(allowed - unknown, unknown, packets - allowed, tuple(stages), NOTHING_AT_ALL)

    def _without_closed(self, subnet: str, packets: PacketSet, sides: Sides, closed: Ranges) -> Passage:
        """What a subnet lets in but for private endpoints whose connection is not approved: they carry nothing."""
        refused = packets & PacketSet.of(Box(destinations=closed))
        rest = packets - refused
        rule = Rule(subnet + "/private-endpoint", "not-approved", subnet, self._name(subnet), "platform", "deny",
                    text="the private endpoint's connection is not approved", stage="private-endpoint",
                    place=self._place(subnet))  # fmt: skip
        outcome = first_match(refused, (Match(rule, Box(), Box()),))
        nothing = Passage(NOTHING_AT_ALL, NOTHING_AT_ALL, NOTHING_AT_ALL, (), NOTHING_AT_ALL)
        passage = self.inbound(subnet, rest, sides) if rest else nothing
        return passage._replace(denied=passage.denied | refused,
                                stages=(*passage.stages, ("private-endpoint", outcome)))  # fmt: skip

    def _pass(
        self, subnet: str, packets: PacketSet, sides: Sides, direction: Direction, has_admin: bool = True
    ) -> Passage:
        resource = self.topology.resources.get(subnet)
        is_told = resource is not None and (resource.type == SUBNET or self.topology.tells(subnet, "subnets"))
        if resource is None or resource.is_ghost or resource.is_untold or not is_told:
            rule = Rule(subnet + "/not-in-the-input", "?", subnet, self._name(subnet), "nsg", "deny", stage="subnet",
                        text="what filters there is not in the input")  # fmt: skip
            outcome = first_match(packets, (Match(rule, None, Box()),))
            return Passage(NOTHING_AT_ALL, packets, NOTHING_AT_ALL, (("subnet", outcome),), NOTHING_AT_ALL)
        stages: list[tuple[str, Outcome]] = []
        allowed, unknown = packets, NOTHING_AT_ALL
        specific = perhaps_specific = NOTHING_AT_ALL
        bypass = perhaps = NOTHING_AT_ALL  # what surely, and what possibly, goes past NSGs
        admin = self.admin_matches(subnet, direction) if self._collections and has_admin else ()
        if admin:
            outcome = first_match(packets, admin)
            stages.append(("admin", outcome))
            specific |= specifically(outcome, sides, is_closed=False)
            perhaps_specific |= perhaps_specifically(outcome, sides, is_closed=False)
            allowed, unknown = outcome.allowed, outcome.unknown
            for decision in outcome.decisions:
                if decision.match.rule.access == "always-allow":
                    bypass |= decision.sure & allowed
                    perhaps |= decision.possible - outcome.denied
            allowed = allowed - bypass
        order = ("nic", "subnet") if direction == "outbound" else ("subnet", "nic")
        for stage in order:
            passing = allowed | unknown if unknown else allowed
            if not passing:
                break
            for part, nsg in self._split(stage, subnet, passing, direction):
                outcome = self._judge(nsg, subnet, part, direction, stage)
                stages.append((stage, outcome))
                specific |= specifically(outcome, sides)
                perhaps_specific |= perhaps_specifically(outcome, sides)
                allowed = allowed - outcome.denied - outcome.unknown
                unknown = (unknown - outcome.denied) | outcome.unknown
        allowed |= bypass
        unknown |= perhaps - allowed
        return Passage(
            allowed, unknown, packets - allowed - unknown, tuple(stages), specific, perhaps_specific
        )

    def _judge(self, nsg: str, subnet: str, packets: PacketSet, direction: Direction, stage: str) -> Outcome:
        matches = self.matches(nsg, subnet, direction) if nsg else None
        if matches is None:
            text = (
                "its rules are not in the input"
                if nsg
                else "the NSGs of the interfaces there are not in the input"
            )
            rule = Rule(nsg + "/not-in-the-input", "?", nsg, self._name(nsg), "nsg", "deny", stage=stage,
                        text=text)  # fmt: skip
            return first_match(packets, (Match(rule, None, Box()),))
        return first_match(packets, matches)

    def _split(
        self, stage: str, subnet: str, packets: PacketSet, direction: Direction
    ) -> list[tuple[PacketSet, str]]:
        """The packets that an NSG of this stage filters, an entry an NSG; "" for an NSG that may or may not be."""
        if stage == "subnet":
            nsg = self.topology.nsg_of.get(subnet)
            return [(packets, nsg)] if nsg else []
        found = []
        for nsg, ranges in self._nsgs_of_nics.get(subnet, ()):
            box = Box(sources=ranges) if direction == "outbound" else Box(destinations=ranges)
            part = packets & PacketSet.of(box)
            if part:
                found.append((part, nsg))
        return found

    # Rules

    def matches(self, nsg: str, subnet: str, direction: Direction) -> tuple[Match, ...] | None:
        """The rules of an NSG as they hold for interfaces in `subnet`, defaults at the end; None where the input does
        not hold the NSG."""
        contents = self._routes.virtual_network(subnet)
        known = (nsg, contents.token, direction)
        if known not in self._resolved:
            resource = self.topology.resources.get(nsg)
            if resource is None or resource.is_conditional or not self.topology.tells(nsg, "securityRules"):
                self._resolved[known] = None
            else:
                rules = [rule for rule in self._rules(nsg) if rule[1] == direction]
                matches = [
                    self._resolve(fields, contents, "nsg")
                    for _, _, fields in sorted(rules, key=lambda r: r[0])
                ]
                defaults = [self._default(resource, row, contents) for row in _DEFAULTS[direction]]
                self._resolved[known] = tuple(m for pair in matches for m in pair) + tuple(defaults)
        return self._resolved[known]

    def admin_matches(self, subnet: str, direction: Direction) -> tuple[Match, ...]:
        """The security admin rules that hold, or may hold, in a subnet, first first."""
        resource = self.topology.resources.get(subnet)
        is_subnet = resource is not None and resource.type == SUBNET
        vnet = (resource.parent or "") if resource is not None and is_subnet else subnet
        if subnet in self._unreached:
            return ()
        contents = self._routes.virtual_network(subnet)
        known = ("admin " + vnet, contents.token, direction)
        if known not in self._resolved:
            found: list[tuple[int, str, Match]] = []
            for collection in self._collections:
                if vnet in collection.vnets:
                    found += self._admin_rules(collection, vnet, contents, direction)
            self._resolved[known] = tuple(match for _, _, match in sorted(found, key=lambda f: f[:2]))
        return self._resolved[known] or ()

    def _admin_rules(
        self, collection: AdminCollection, vnet: str, contents: Tagged, direction: Direction
    ) -> list[tuple[int, str, Match]]:
        found = []
        for rule in collection.rules:
            p = rule.properties
            told = _directions(p.get("direction"))
            if direction not in told:
                continue
            fields = _Fields(
                rule, collection.id, collection.name, _admin_words(p.get("sources")),
                _admin_words(p.get("destinations")), _word(p, "protocol"),
                _texts(p.get("sourcePortRanges")) or ("*",), _texts(p.get("destinationPortRanges")) or ("*",),
                len(told) == 1 and _priority(rule) > 0 and not rule.is_conditional,
            )  # fmt: skip
            for match in self._resolve(fields, contents, "admin"):
                if vnet in collection.only_allows and match.rule.access == "deny":
                    continue
                if not collection.is_sure:
                    match = match._replace(
                        sure=None, assumptions=(*match.assumptions, "ASSUME_GROUP_DEPLOYED")
                    )
                found.append((match.rule.priority, rule.id, match))
        if collection.is_open:
            found += [(0, match.rule.id, match) for match in _any_rules(collection)]
        return found

    def _rules(self, nsg: str) -> list[tuple[int, Direction, _Fields]]:
        """The rules of an NSG as texts, read once."""
        if nsg not in self._read:
            self._read[nsg] = self._read_rules(nsg)
        return self._read[nsg]

    def _read_rules(self, nsg: str) -> list[tuple[int, Direction, _Fields]]:
        found: list[tuple[int, Direction, _Fields]] = []
        owner = self.topology.resources[nsg]
        for rule in self.topology.parts_of(nsg):
            if not rule.type.endswith("/securityrules"):
                continue
            p = rule.properties
            told = _directions(p.get("direction"))
            fields = _Fields(
                rule, nsg, owner.label or owner.name, _end(p, "source"), _end(p, "destination"), _word(p, "protocol"),
                _texts(p.get("sourcePortRange")) + _texts(p.get("sourcePortRanges")) or ("*",),
                _texts(p.get("destinationPortRange")) + _texts(p.get("destinationPortRanges")) or ("*",),
                len(told) == 1 and _priority(rule) > 0 and not rule.is_conditional,
            )  # fmt: skip
            found += [(_priority(rule), direction, fields) for direction in told]
        return found

    def _resolve(self, fields: _Fields, contents: Tagged, stage: Literal["nsg", "admin"]) -> list[Match]:
        """The match of a rule; two that contradict each other, both only possible, where its access is unreadable."""
        rule = fields.rule
        sources = self._end(fields.sources, contents)
        destinations = self._end(fields.destinations, contents)
        services, ports_are_sure = _services(fields.protocol, fields.ports)
        source_ports, source_ports_are_sure = (PORTS, True) if fields.source_ports == ("*",) else _ports(
            fields.source_ports)  # fmt: skip
        if source_ports != PORTS:
            # Ports are a matter of TCP and UDP: ignored for a protocol without them, which `any` then leaves out.
            with_ports = intersection(services, union(TCP_PORTS, UDP_PORTS))
            services, source_ports = (with_ports, source_ports) if with_ports else (services, PORTS)
        is_sure = fields.is_sure and ports_are_sure and source_ports_are_sure
        box = Box(sources[1], destinations[1], services, source_ports)
        if not all(box):
            return []
        sure: Box | None = box
        if sources[0] != sources[1] or destinations[0] != destinations[1] or not is_sure:
            sure = Box(sources[0], destinations[0], services, source_ports)
            sure = sure if all(sure) and is_sure else None
        told = str(rule.properties.get("access") or "").lower()
        accesses: dict[str, Access] = {"allow": "allow", "deny": "deny", "alwaysallow": "always-allow"}
        access = accesses.get(told)
        text = str(rule.envelope.get("line") or "") or _line(rule, told, fields)
        assumptions = tuple(dict.fromkeys((*sources[2], *destinations[2])))
        found = []
        either: tuple[Access, ...] = ("always-allow" if stage == "admin" else "allow", "deny")
        for each in (access,) if access else either:
            made = Rule(rule.id, rule.label or rule.name, fields.control, fields.control_name, stage, each,
                        _priority(rule), text, rule.place, stage=stage)  # fmt: skip
            is_broad = _is_any(fields.sources) and any(covers(services, p) for p in (TCP_PORTS, UDP_PORTS))
            is_told = is_sure and destinations[0] == destinations[1]
            is_for_azure = is_told and any(
                word.lower().split(".")[0] == "azurecloud" for word in fields.sources
            )
            found.append(Match(made, sure if access else None, box, is_broad, assumptions, is_for_azure))
        return found

    def _default(self, nsg: Resource, row: tuple[int, str, str, str, Access], contents: Tagged) -> Match:
        priority, name, source, destination, access = row
        sources = self._word(source, contents)
        destinations = self._word(destination, contents)
        assumptions = tuple(dict.fromkeys((*sources[2], *destinations[2])))
        direction = "inbound" if name.endswith("InBound") else "outbound"
        text = f"{priority} {access} {direction} any from {source} to {destination} (default)"
        rule = Rule(f"{nsg.id}/{name.lower()}", name, nsg.id, nsg.label or nsg.name, "nsg", access, priority, text,
                    nsg.place, True, "nsg")  # fmt: skip
        possible = Box(sources[1], destinations[1])
        sure = possible if sources[0] == sources[1] and destinations[0] == destinations[1] else Box(
            sources[0], destinations[0])  # fmt: skip
        return Match(rule, sure if all(sure) else None, possible, True, assumptions)

    # Words of rules

    def _end(self, words: tuple[str, ...], contents: Tagged) -> tuple[Ranges, Ranges, tuple[str, ...]]:
        if len(words) == 1:
            return self._word(words[0], contents)
        sure, possible = self._prefixes(words)
        assumptions = ["ASSUME_ADDRESS_UNKNOWN"] if sure != possible else []
        for each in words:
            if parse_addresses(each) is None:
                found = self._word(each, contents)
                sure, possible = union(sure, found[0]), union(possible, found[1])
                assumptions += found[2]
        return sure, possible, tuple(dict.fromkeys(assumptions))

    def _prefixes(self, words: tuple[str, ...]) -> Sides:
        """What the prefixes among words match together, surely and possibly: everything where they are all of IPv4."""
        parsed = _united(words)
        if not parsed:
            return NO_RANGES, NO_RANGES
        return (ADDRESSES, ADDRESSES) if covers(parsed, IPV4) else self.addresses.expand(parsed)

    def _word(self, word: str, contents: Tagged) -> tuple[Ranges, Ranges, tuple[str, ...]]:
        known = self._words.get((word, contents.token))
        if known is None:
            known = self._words[(word, contents.token)] = self._read_word(word, contents)
        return known

    def _read_word(self, word: str, contents: Tagged) -> tuple[Ranges, Ranges, tuple[str, ...]]:
        folded = word.strip().lower()
        if folded in _ANY:
            return ADDRESSES, ADDRESSES, ()
        if folded.startswith("asg:"):
            return self._asg(folded.removeprefix("asg:"))
        if folded == "virtualnetwork":
            return (
                contents.sure,
                contents.possible,
                () if contents.sure == contents.possible else ("ASSUME_TAG_DEFAULT_ROUTE",),
            )
        if folded == "internet":
            # What is public and outside the virtual network: the public space of a VNet that nothing joins too.
            outside = difference(self._public, contents.sure)
            return outside, outside, ()
        if folded == "azureloadbalancer":
            return _LOAD_BALANCER, _LOAD_BALANCER, ()
        if folded in _PLATFORM_TAGS:
            return _PLATFORM_TAGS[folded], _PLATFORM_TAGS[folded], ()
        parsed = parse_addresses(folded)
        if parsed is not None:
            sure, possible = self.addresses.expand(parsed)
            return sure, possible, () if sure == possible else ("ASSUME_ADDRESS_UNKNOWN",)
        return tag_match(word, self._tags, self.addresses)

    @cached_property
    def _public(self) -> Ranges:
        """Public addresses, with those of platform services whose number the input does not tell."""
        public = PUBLIC
        for nameless in self.addresses.nameless.values():
            if nameless.tags:
                public = union(public, ((nameless.number, nameless.number),))
        return public

    def _asg(self, asg: str) -> tuple[Ranges, Ranges, tuple[str, ...]]:
        sure = self.asg_members.get(asg, NO_RANGES)
        possible = union(union(sure, self._unseen), self._perhaps_members)
        if leaves_open(asg) or (not possible and not self._is_closed):
            possible = ADDRESSES
        return sure, possible, () if sure == possible else ("ASSUME_ADDRESS_UNKNOWN",)

    # Who is where

    @cached_property
    def asg_members(self) -> Mapping[str, Ranges]:
        """The addresses in each application security group.

        https://learn.microsoft.com/azure/virtual-network/application-security-groups
        """
        found: dict[str, Ranges] = defaultdict(tuple)
        for nic, configurations in self._configurations():
            for configuration in configurations:
                for asg in keys(at(configuration, "properties", "applicationSecurityGroups")):
                    found[asg] = union(found[asg], self.addresses.nic(nic))
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            for asg in keys(endpoint.properties.get("applicationSecurityGroups")):
                found[asg] = union(found[asg], self.addresses.resource(endpoint.id))
        return found

    @cached_property
    def _perhaps_members(self) -> Ranges:
        """The addresses of interfaces and endpoints whose groups are not all known."""
        found: Ranges = NO_RANGES
        for nic, configurations in self._configurations():
            if any(_has_open_groups(at(each, "properties")) for each in configurations):
                found = union(found, self.addresses.nic(nic))
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            if _has_open_groups(endpoint.properties):
                found = union(found, self.addresses.resource(endpoint.id))
        return found

    def _configurations(self) -> list[tuple[str, list[object]]]:
        """The IP configurations of every interface, of scale sets too."""
        found = []
        for resource in self.topology.resources.values():
            if resource.type == NIC:
                found.append((resource.id, list(items(resource.properties.get("ipConfigurations")))))
            elif resource.type == "microsoft.compute/virtualmachinescalesets":
                for number, nic in enumerate(_scale_set_nics(resource)):
                    told = items(at(nic, "properties", "ipConfigurations"))
                    found.append((f"{resource.id}/networkinterfaces/{number}", list(told)))
        return found

    def _nic_filters(self) -> dict[str, list[tuple[str, Ranges]]]:
        """For each subnet the NSGs of its interfaces with the interfaces' addresses; "" for interfaces that the input
        names and lacks."""
        by_subnet: dict[str, dict[str, Ranges]] = defaultdict(lambda: defaultdict(tuple))
        scale_sets = {
            f"{resource.id}/networkinterfaces/{number}": key(at(nic, "properties", "networkSecurityGroup"))
            for resource in self.topology.of_type("microsoft.compute/virtualmachinescalesets")
            for number, nic in enumerate(_scale_set_nics(resource))
        }
        for subnet, nics in self.addresses.nics_in.items():
            for nic in nics:
                nsg = self.topology.nsg_of.get(nic) or scale_sets.get(nic, "")
                if nsg:
                    by_subnet[subnet][nsg] = union(by_subnet[subnet][nsg], self.addresses.nic(nic))
        for subnet, ranges in self.unseen_in.items():
            by_subnet[subnet][""] = ranges
        return {subnet: sorted(found.items()) for subnet, found in by_subnet.items()}

    @cached_property
    def unseen_in(self) -> Mapping[str, Ranges]:
        """Addresses where interfaces may stand that the input names and lacks: in the subnets that name them, or, where
        no subnet tells its interfaces, anywhere. Those of private endpoints do not count: no NSG of their own."""
        named, placed = self._named_interfaces()
        unseen = {nic for nic in named if not self._is_seen(nic)}
        is_anywhere = bool(unseen - placed.keys()) and not placed
        found: dict[str, Ranges] = {}
        for subnet in self.topology.of_type(SUBNET):
            if is_anywhere or any(home == subnet.id and nic in unseen for nic, home in placed.items()):
                seen: Ranges = NO_RANGES
                for nic in self.addresses.nics_in.get(subnet.id, ()):
                    seen = union(seen, self.addresses.nic(nic))
                found[subnet.id] = difference(self.addresses.subnet(subnet.id), seen)
        return found

    @cached_property
    def behind_unseen(self) -> Mapping[str, Ranges]:
        """The addresses in each subnet of interfaces that name pools of balancers or gateways that the input lacks."""
        found: dict[str, Ranges] = {}
        absent = {nic for nic, configurations in self._configurations() for configuration in configurations
                  for name in ("loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools")
                  for pool in keys(at(configuration, "properties", name))
                  if pool.split("/backendaddresspools/")[0] not in self.topology.resources}  # fmt: skip
        for subnet, nics in self.addresses.nics_in.items() if absent else ():
            for nic in nics:
                if nic in absent:
                    found[subnet] = union(found.get(subnet, NO_RANGES), self.addresses.nic(nic))
        return found

    def _named_interfaces(self) -> tuple[set[str], dict[str, str]]:
        """The interfaces that something names, but for those of private endpoints, and the subnets that name some."""
        standing = {nic for nics in self.addresses.nics_in.values() for nic in nics}
        named = {nic.id for nic in self.topology.of_type(NIC) if nic.id not in standing}
        placed: dict[str, str] = {}
        others: set[str] = set()
        for resource in self.topology.resources.values():
            p = resource.properties
            told = [*keys(at(p, "networkProfile", "networkInterfaces"))]
            if resource.type == SUBNET:
                placed |= dict.fromkeys(map(_interface_of, keys(p.get("ipConfigurations"))), resource.id)
            elif resource.type == NET + "privateendpoints":
                others.update(keys(p.get("networkInterfaces")))
            elif resource.type == NET + "networksecuritygroups":
                told += keys(p.get("networkInterfaces"))
            elif resource.type == NET + "publicipaddresses":
                told.append(_interface_of(key(p.get("ipConfiguration"))))
            elif resource.type == NET + "loadbalancers":
                for pool in items(p.get("backendAddressPools")):
                    told += map(_interface_of, keys(at(pool, "properties", "backendIPConfigurations")))
            named.update(told)
        placed = {nic: subnet for nic, subnet in placed.items() if nic}
        return {nic for nic in {*named, *placed} - others if nic and not self.topology.is_spec}, placed

    def _is_seen(self, nic: str) -> bool:
        if "/virtualmachinescalesets/" in nic:
            return nic.split("/virtualmachines/")[0] in self.topology.resources
        return any(nic in nics for nics in self.addresses.nics_in.values())

    @cached_property
    def _unseen(self) -> Ranges:
        found: Ranges = NO_RANGES
        for filters in self._nsgs_of_nics.values():
            for nsg, ranges in filters:
                if not nsg:
                    found = union(found, ranges)
        return found

    @cached_property
    def _is_closed(self) -> bool:
        """Whether the input tells of every machine: a spec does, an export that holds interfaces does."""
        return self.topology.is_spec or bool(self.topology.of_type(NIC))

    @cached_property
    def endpoints_in(self) -> Mapping[str, Ranges]:
        """The addresses of private endpoints in each subnet."""
        found: dict[str, Ranges] = dict(self.unseen_endpoints)
        for endpoint in self.topology.of_type(NET + "privateendpoints"):
            subnet = key(endpoint.properties.get("subnet")) or endpoint.parent or ""
            ranges = self.addresses.resource(endpoint.id)
            if subnet and ranges:
                found[subnet] = union(found.get(subnet, NO_RANGES), ranges)
        return found

    @cached_property
    def unseen_endpoints(self) -> Mapping[str, Ranges]:
        """The addresses in each subnet of private endpoints of which the input holds only the interface, so that it
        does not tell whether they are approved."""
        found: dict[str, Ranges] = {}
        for subnet, nics in self.addresses.nics_in.items():
            for nic in nics:
                resource = self.topology.resources.get(nic)
                endpoint = key(resource.properties.get("privateEndpoint")) if resource is not None else ""
                if endpoint and endpoint not in self.topology.resources:
                    found[subnet] = union(found.get(subnet, NO_RANGES), self.addresses.nic(nic))
        in_doubt = {link.endpoint for link in self.topology.private_links if is_unknown(link.status)}
        for endpoint_told in self.topology.of_type(NET + "privateendpoints"):
            if endpoint_told.id in in_doubt or not _tells_connections(endpoint_told):
                subnet = key(endpoint_told.properties.get("subnet")) or endpoint_told.parent or ""
                found[subnet] = union(found.get(subnet, NO_RANGES), self.addresses.resource(endpoint_told.id))
        return found

    @cached_property
    def closed_endpoints(self) -> Mapping[str, Ranges]:
        """The addresses of private endpoints in each subnet that are surely not approved.

        https://learn.microsoft.com/azure/private-link/private-endpoint-overview#access-to-a-private-link-resource-using-approval-workflow
        """
        found: dict[str, Ranges] = {}
        for link in self.topology.private_links:
            endpoint = self.topology.resources.get(link.endpoint)
            if endpoint is None or link.status.lower() not in ("pending", "rejected", "disconnected"):
                continue
            subnet = key(endpoint.properties.get("subnet")) or endpoint.parent or ""
            found[subnet] = union(found.get(subnet, NO_RANGES), self.addresses.resource(endpoint.id))
        return found

    def filters_endpoints(self, subnet: str) -> bool | None:
        """Whether the NSG of a subnet holds for its private endpoints too; absent means it does not, None that the
        input does not hold the subnet or that it cannot be read."""
        resource = self.topology.resources.get(subnet)
        if resource is None or not resource.is_told:
            return None
        told = word(resource.properties, "privateEndpointNetworkPolicies")
        return None if told is None else told in ("enabled", "networksecuritygroupenabled")

    def nic_only(self, subnet: str) -> Ranges:
        """The addresses of a subnet's interfaces where every one has an NSG and the subnet has none; else nothing."""
        if (
            self.topology.nsg_of.get(subnet)
            or not self.addresses.nics_in.get(subnet)
            or subnet in self.unseen_in
        ):
            return NO_RANGES
        own: Ranges = NO_RANGES
        for nic in self.addresses.nics_in[subnet]:
            own = union(own, self.addresses.nic(nic))
        covered: Ranges = NO_RANGES
        for nsg, ranges in self._nsgs_of_nics.get(subnet, ()):
            covered = union(covered, ranges) if nsg else covered
        return own if covers(covered, own) else NO_RANGES

    def _name(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return (resource.label or resource.name) if resource is not None else rid.rsplit("/", 1)[-1]

    def _place(self, rid: str) -> Place:
        resource = self.topology.resources.get(rid)
        return resource.place if resource is not None else NOWHERE


def without_nsg(passage: Passage) -> PacketSet:
    """The packets that pass because no NSG stands in their way: what admin rules always allow needs none."""
    if any(stage in ("nic", "subnet", "platform") for stage, _ in passage.stages):
        return NOTHING_AT_ALL
    passing = passage.allowed | passage.unknown
    for _, outcome in passage.stages:
        for decision in outcome.decisions:
            if decision.match.rule.access == "always-allow":
                passing = passing - decision.sure
    return passing


def perhaps_specifically(outcome: Outcome, sides: Sides, *, is_closed: bool = True) -> PacketSet:
    """The packets that may pass by name alone: those that only a rule opens besides of which the input does not tell
    all, so that it may be another rule than it seems."""
    if all(match.sure is match.possible or match.sure == match.possible for match in outcome.matches):
        return NOTHING_AT_ALL
    return specifically(outcome, sides, is_closed=is_closed, is_hopeful=True)


def specifically(
    outcome: Outcome, sides: Sides, *, is_closed: bool = True, is_hopeful: bool = False
) -> PacketSet:
    """The packets that pass, if they pass, only because a rule allows them by name: not by default, not by a rule that
    opens all of one side to all of the other, and not by one of these that the named rule merely goes before. So a
    further allow rule never closes a gap.

    `is_closed`: what no rule matches is denied at the end; else only what a rule surely matches counts. `is_hopeful`:
    only rules that surely open one side to the other count as such.
    """
    opens = _is_surely_open if is_hopeful else is_open
    named = opened = always = NOTHING_AT_ALL
    for decision in outcome.decisions:
        match = decision.match
        if match.rule.access == "deny":
            continue
        if opens(match, sides):
            opened |= decision.sure if is_hopeful else decision.possible
        elif match.rule.access == "always-allow":
            always |= decision.sure
        else:
            named |= decision.possible if is_closed else decision.sure
    named = named - opened if opened else named
    if named:
        unnamed = [m for m in outcome.matches if m.rule.access == "deny" or opens(m, sides)]
        judged = first_match(named, unnamed)
        named = named - (judged.allowed if is_hopeful else judged.passing)
    return named | always


def may_go_past_nsgs(passage: Passage) -> bool:
    """Whether an admin rule of which the input does not tell all may let packets in past every NSG."""
    return any(
        decision.match.rule.access == "always-allow" and bool(decision.possible - decision.sure)
        for _, outcome in passage.stages
        for decision in outcome.decisions
    )


def _is_surely_open(match: Match, sides: Sides) -> bool:
    """Whether a rule opens one zone to the other whatever the input leaves open of it."""
    if match.rule.is_default:
        return True
    return match.sure is not None and is_open(match._replace(possible=match.sure), sides)


def is_open(match: Match, sides: Sides) -> bool:
    """Whether a rule opens one zone to the other: a default, an any-any rule, or the whole of both sides on half of the
    ports or more."""
    if match.rule.is_default or match.is_broad:
        return True
    box = match.possible
    if not (covers(box.sources, sides[0]) and covers(box.destinations, sides[1])):
        return False
    return is_wide(match)


def is_wide(match: Match) -> bool:
    """Whether a rule speaks of half of all TCP ports or UDP ports, or more."""
    services = match.possible.services
    return any(size(intersection(services, ports)) >= 32768 for ports in (TCP_PORTS, UDP_PORTS))


class _Fields(NamedTuple):
    """What a rule says, as texts; ends as words: prefixes, tags, `asg:ID`, `?` for what cannot be read.

    `is_sure` is false where its place or its direction is not told: it may then decide before any other rule.
    """

    rule: Resource
    control: str
    control_name: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    protocol: str
    source_ports: tuple[str, ...]
    ports: tuple[str, ...]
    is_sure: bool = True


def _end(p: Mapping[str, object], end: str) -> tuple[str, ...]:
    single, several = p.get(f"{end}AddressPrefix"), p.get(f"{end}AddressPrefixes")
    groups = p.get(f"{end}ApplicationSecurityGroups")
    if isinstance(single, str) and single and not several and not groups and "," not in single:
        return (single,)
    words = [*_texts(single), *_texts(several)]
    named = [f"asg:{key(asg)}" if key(asg) else "?" for asg in items(groups)]
    if groups is not None and not isinstance(groups, list | tuple):
        named.append("?")
    return (*_parts(words), *named) or ("?",)


def _parts(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())


def _admin_words(ends: object) -> tuple[str, ...]:
    """The prefixes and tags of an admin rule's end; any where it names none."""
    if not isinstance(ends, list | tuple):
        return ("*",) if ends is None else ("?",)
    return _parts(word for end in ends for word in (_texts(at(end, "addressPrefix")) or ("?",))) or ("*",)


def _texts(value: object) -> tuple[str, ...]:
    """A text, or the texts of a list, also numbers; `?` for each that is neither."""
    if value is None or value == "":
        return ()
    listed = value if isinstance(value, list | tuple) else (value,)
    return tuple(
        str(each) if isinstance(each, str | int) and not isinstance(each, bool) else "?" for each in listed
    )


def _word(p: Mapping[str, object], name: str) -> str:
    told = p.get(name)
    return told if isinstance(told, str) and told else "?"


def _directions(told: object) -> tuple[Direction, ...]:
    """The direction of a rule; both where it cannot be read."""
    word = told.lower() if isinstance(told, str) else ""
    known: tuple[Direction, ...] = ("inbound", "outbound")
    return tuple(each for each in known if each == word) or known


@lru_cache(maxsize=20_000)
def _services(protocol: str, ports: tuple[str, ...]) -> tuple[Ranges, bool]:
    """The services that a rule means, and whether all of its words could be read."""
    found: Ranges = NO_RANGES
    is_sure = True
    for text in ports:
        services = parse_service(protocol, text)
        if not services:
            is_sure = False
            services = parse_service(protocol) or SERVICES
        found = union(found, services)
    return found, is_sure


def _ports(texts: tuple[str, ...]) -> tuple[Ranges, bool]:
    """The source ports that a rule means, and whether all of its words could be read: else any port."""
    found = [parse_ports(text) for text in texts]
    return (normal(r for ranges in found for r in ranges), True) if all(found) else (PORTS, False)


def _priority(rule: Resource) -> int:
    """The priority of a rule, 0 where it cannot be read."""
    told = rule.properties.get("priority")
    if isinstance(told, str) and told.isascii() and told.isdecimal():
        told = int(told[:9])
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else 0


def _is_any(words: tuple[str, ...]) -> bool:
    """Broad by its words: anyone, the Internet, the whole virtual network, all of Azure; and what cannot be read."""
    if any(
        word.lower() in (*_ANY, "?", "internet", "virtualnetwork", "azurecloud", "::/0") for word in words
    ):
        return True
    return len(words) > 1 and covers(_united(words), IPV4)


@lru_cache(maxsize=20_000)
def _united(words: tuple[str, ...]) -> Ranges:
    """The addresses of all prefixes among words."""
    return normal(r for word in words for r in parse_addresses(word) or ())


def _line(rule: Resource, access: str, fields: _Fields) -> str:
    direction = str(rule.properties.get("direction") or "").lower()
    protocol = "any" if fields.protocol == "*" else fields.protocol.lower()
    service = protocol if fields.ports == ("*",) else f"{protocol}/{','.join(fields.ports)}"
    ends = [
        ", ".join("any" if w in _ANY else w.rsplit("/", 1)[-1] if w.startswith("asg:") else w for w in words)
        for words in (fields.sources, fields.destinations)
    ]
    return f"{_priority(rule)} {access} {direction} {service} from {ends[0]} to {ends[1]}"


def _any_rules(collection: AdminCollection) -> list[Match]:
    """What stands for rules that are not told: they may allow every packet, and they may deny it."""
    accesses: tuple[Access, ...] = ("always-allow", "deny")
    return [
        Match(Rule(f"{collection.id}/not-in-the-input", "?", collection.id, collection.name, "admin", access,
                   text=f"rules of {collection.name} are not in the input", stage="admin"), None, Box())
        for access in accesses
    ]  # fmt: skip


def _tells_connections(endpoint: Resource) -> bool:
    """Whether the connections of a private endpoint can be read."""
    if endpoint.is_untold:
        return False
    for name in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        told, is_whole = listed(endpoint.properties.get(name))
        if not is_whole or any(isinstance(each.get("properties"), str) for each in told):
            return False
    return True


def _has_open_groups(p: object) -> bool:
    """Whether the input does not tell all application security groups of an interface."""
    told, is_whole = listed(at(p, "applicationSecurityGroups"))
    return not is_whole or any(leaves_open(key(asg)) for asg in told) or not isinstance(p, Mapping)


def _interface_of(configuration: str) -> str:
    """The interface of an IP configuration's id, "" where it is something else's."""
    return configuration.split("/ipconfigurations/")[0] if "/networkinterfaces/" in configuration else ""


def _scale_set_nics(resource: Resource) -> list[object]:
    told = at(
        resource.properties, "virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"
    )
    return list(told) if isinstance(told, list | tuple) else []


__all__ = [
    "PLATFORM", "Direction", "Passage", "Security", "is_open", "may_go_past_nsgs", "perhaps_specifically",
    "specifically", "without_nsg",
]  # fmt: skip
