"""Azure Firewalls: what they let pass, translate, and put their own address on.

Three passes: DNAT, network rules, application rules; in each the first rule that matches decides, and what none matches
is denied. Threat intelligence and IDPS can only stop what rules allow, so an allowed packet is one that they may still
drop; the names that Azure's own machines need and that every firewall lets pass are not counted.

https://learn.microsoft.com/azure/firewall/rule-processing
https://learn.microsoft.com/azure/firewall/infrastructure-fqdns
"""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall.addresses import FirewallAddresses, Translation
from diagramgen.analyse.firewall.chain import FIREWALL, Chain, Chains, body_of
from diagramgen.analyse.firewall.rules import ApplicationRule, NatRule
from diagramgen.analyse.firewall.words import NAME_ASSUMPTIONS, Words
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import Decision, Match, Outcome, Rule, first_match
from diagramgen.located import NOWHERE
from diagramgen.model.references import at
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import (
    NOTHING_AT_ALL,
    Box,
    PacketSet,
    Ranges,
    difference,
    overlap,
)

__all__ = ["ApplicationRule", "FirewallRules", "Firewalls", "NatRule", "Translation"]

_MODES = ("off", "alert", "deny")


class FirewallRules(NamedTuple):
    """The rules of one firewall in order of evaluation, and what is missing of them.

    `policy` is "" for classic rules and for none; `chain` its parents, the furthest first, and itself. `nat` holds
    every DNAT rule; one on addresses that are not the firewall's matches nothing. `unread` are the ids of policies and
    groups of rules that are referred to and absent or illegible, and names of such collections; `missing` are these
    and absent IP groups. `threat_intelligence` and `idps` are `Off`, `Alert`, `Deny` or "", as the input tells.
    `order` are the names of the collections in order.
    """

    firewall: str
    name: str
    policy: str
    chain: tuple[str, ...]
    nat: tuple[NatRule, ...]
    network: tuple[Match, ...]
    application: tuple[ApplicationRule, ...]
    default: Match
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    threat_intelligence: str = ""
    idps: str = ""
    tier: str = ""
    inspects_tls: bool = False
    order: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all rules are in the input; else any packet on which no rule of a parent decides may pass."""
        return not self.unread


class Firewalls:
    """The Azure Firewalls of a topology, in VNets and in virtual hubs. Of an id that is none of `ids` nothing is
    known, so that a firewall that the input lacks may let everything pass."""

    def __init__(self, topology: Topology, addresses: Addresses, tags: ServiceTags | None = None) -> None:
        self.topology, self.addresses, self._tags = topology, addresses, tags
        self.ids: tuple[str, ...] = tuple(sorted(f.id for f in topology.of_type(FIREWALL)))
        self._own = FirewallAddresses(topology, addresses)
        self._seen = -1
        self._refresh()

    def _refresh(self) -> None:
        """Rules know the nameless addresses that there were when they were read; others may have named more."""
        if self._seen == len(self.addresses.nameless):
            return
        for firewall in self.ids:
            self._own.public(firewall)  # names what is not told
        _ = self.addresses.internet  # names the sites
        self._chains = Chains(self.topology, Words(self.topology, self.addresses, self._tags))
        self._rules: dict[str, FirewallRules] = {}
        self._ready: dict[str, tuple[Chain, Match]] = {}
        self._unchanged: dict[str, Ranges] = {}
        self._seen = len(self.addresses.nameless)

    # Rules

    def rules(self, firewall: str) -> FirewallRules:
        """All that is known of a firewall's rules."""
        self._refresh()
        if firewall not in self._rules:
            self._rules[firewall] = self._read(firewall)
        return self._rules[firewall]

    def order(self, firewall: str) -> tuple[str, ...]:
        """The names of the collections in the order in which they are processed."""
        return self.rules(firewall).order

    def _read(self, firewall: str) -> FirewallRules:
        chain = self._chains.of(firewall)
        body = body_of(self.topology, firewall)
        p = body.properties if body is not None else {}
        policy = chain.ids[-1] if chain.ids else ""
        settings = [each.properties for each in chain.policies] if policy else [p]
        own = self.topology.resources.get(policy) if policy else body
        nearest = own.properties if own is not None else {}
        return FirewallRules(
            firewall, self._name(firewall), policy, chain.ids,
            tuple(self._own.narrowed(firewall, nat) for nat in chain.nat), chain.network, chain.application,
            self._default(firewall), (*chain.unread, *chain.missing_groups), chain.unread,
            _strictest([each.get("threatIntelMode") for each in settings]),
            _strictest([at(nearest, "intrusionDetection", "mode")]),
            str(at(p, "sku", "tier") or at(nearest, "sku", "tier") or ""),
            bool(at(nearest, "transportSecurity", "certificateAuthority")), chain.order,
        )  # fmt: skip

    def _default(self, firewall: str) -> Match:
        resource = self.topology.resources.get(firewall)
        place = resource.place if resource is not None else NOWHERE
        rule = Rule(f"{firewall}/default-deny", "default-deny", firewall, self._name(firewall), "firewall", "deny",
                    text="no rule matches: deny", place=place, is_default=True, stage="firewall")  # fmt: skip
        return Match(rule, Box(), Box())

    def _name(self, firewall: str) -> str:
        resource = self.topology.resources.get(firewall)
        return (resource.label or resource.name) if resource is not None else firewall.rsplit("/", 1)[-1]

    # Decisions

    def decide(self, firewall: str, packets: PacketSet, *, is_inbound: bool = False) -> Outcome:
        """What becomes of packets that are routed through a firewall. Application rules see no inbound ones.

        https://learn.microsoft.com/azure/firewall/rule-processing
        """
        chain, default = self._prepared(firewall)
        mask = near = 0
        for box in packets.boxes:
            sources = chain.matches.sources(box.sources)
            near |= sources
            mask |= sources & chain.matches.destinations(box.destinations)
        if is_inbound:
            mask &= chain.network_bits
            near &= chain.network_bits
        if mask:
            outcome = first_match(packets, chain.matches.pick(mask), default)
        else:
            decisions = (Decision(default, packets, packets),) if packets else ()
            outcome = Outcome(NOTHING_AT_ALL, packets, decisions=decisions)
        near &= chain.name_bits
        return _with_names(outcome, chain.matches.pick(near)) if near else outcome

    def sources_mask(self, firewall: str, ranges: Ranges) -> int:
        """A bit for each network and application rule that may match a packet from one of these addresses."""
        return self._prepared(firewall)[0].matches.sources(ranges)

    def destinations_mask(self, firewall: str, ranges: Ranges) -> int:
        """The same by destination: where the two masks share no bit, everything is denied by default."""
        return self._prepared(firewall)[0].matches.destinations(ranges)

    def proxied(self, firewall: str, outcome: Outcome) -> PacketSet:
        """The packets of an outcome that an application rule lets pass, or may: the far side always sees the firewall.

        https://learn.microsoft.com/azure/firewall/snat-private-range
        """
        rules = self._prepared(firewall)[0].proxied
        found = NOTHING_AT_ALL
        for decision in outcome.decisions:
            if decision.match.rule.access != "deny" and decision.match.rule.id in rules:
                found |= decision.possible
        return found - outcome.denied

    def _prepared(self, firewall: str) -> tuple[Chain, Match]:
        self._refresh()
        if firewall not in self._ready:
            self._ready[firewall] = (self._chains.of(firewall), self._default(firewall))
        return self._ready[firewall]

    # Translation

    def translate(self, firewall: str, packets: PacketSet) -> list[Translation]:
        """What DNAT does with packets sent to a firewall's own addresses, in order of its rules; at the end, what rules
        that are not in the input may do, to any address."""
        unknown = self._prepared(firewall)[0].unknown[:1]
        return self._own.translate(firewall, self.rules(firewall).nat, unknown, packets)

    # Addresses

    def private_address(self, firewall: str) -> Ranges:
        """The address to which routes lead; none where the input does not tell it."""
        return self._own.private(firewall)

    def public_addresses(self, firewall: str) -> Ranges:
        """The addresses on which DNAT rules listen, nameless ones for those that the input does not tell."""
        return self._own.public(firewall)

    def snat_addresses(self, firewall: str) -> Ranges:
        """What a private destination sees in place of a source: any address of the firewall's subnet, or of its hub."""
        return self._own.seen(firewall)

    def snats(self, firewall: str, destinations: Ranges) -> Ranges:
        """The destinations for which network rules put the firewall's own address in place of the source: public ones,
        and whatever the policy counts as such. After an application rule it is so for all, see `proxied`.

        https://learn.microsoft.com/azure/firewall/snat-private-range
        """
        chain, _ = self._prepared(firewall)
        if firewall not in self._unchanged:
            self._unchanged[firewall] = self._own.unchanged(firewall, chain.policies)
        return difference(destinations, self._unchanged[firewall])


def _with_names(outcome: Outcome, near: list[Match]) -> Outcome:
    """Denied because rules on host names are taken to lead elsewhere: that rests on what names mean."""
    code = NAME_ASSUMPTIONS[1]
    if not outcome.denied or code in outcome.assumptions:
        return outcome
    for match in near:
        if match.rule.access == "deny":
            continue
        for box in outcome.denied.boxes:
            if overlap(match.possible.services, box.services) and overlap(
                match.possible.sources, box.sources
            ):
                return outcome._replace(assumptions=(*outcome.assumptions, code))
    return outcome


def _strictest(modes: list[object]) -> str:
    """Of the modes of a policy and its parents the one that holds: a child can only be stricter.

    https://learn.microsoft.com/azure/firewall-manager/policy-overview#hierarchical-policies

    >>> _strictest(["Alert", None, "Deny"])
    'Deny'
    """
    ranks = [_MODES.index(str(mode).lower()) for mode in modes if str(mode).lower() in _MODES]
    return _MODES[max(ranks)].capitalize() if ranks else ""
