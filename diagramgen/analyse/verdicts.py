"""The words in which the analysis speaks: rules and what they decide, ways, flows, boundaries, findings.

Verdicts have three values. What the input does not tell (a tag without prefixes, an NSG that is referred to and absent)
is `unknown`; it never turns into `denied`. That is kept exactly: a rule matches some packets surely and others
possibly, and the first rule that matches decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from diagramgen.located import NOWHERE, Place
from diagramgen.model.traffic import NOTHING_AT_ALL, Box, PacketSet

Level = Literal["subscription", "vnet", "subnet", "internet", "on-premises", "paas"]
Status = Literal["no-path", "enforced", "gap", "unknown"]
FlowVerdict = Literal["allowed", "denied", "unknown"]
Severity = Literal["critical", "high", "medium", "low"]
Access = Literal["allow", "deny", "always-allow"]
ControlKind = Literal[
    "nsg", "admin", "firewall", "nva", "waf", "paas", "private-link", "route", "peering", "platform"
]

LEVELS: tuple[Level, ...] = ("subscription", "vnet", "subnet", "internet", "on-premises", "paas")
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")

ASSUMPTIONS: dict[str, str] = {
    "ASSUME_EXPORT_COMPLETE": "the input holds everything that could join the two sides",
    "ASSUME_REMOTE_PEER": "the far half of a peering is not in the input; its near half says that it is connected",
    "ASSUME_PEERINGS_DEPLOYED": "peerings are judged as they will be when deployed",
    "ASSUME_RUNTIME_UP": "gateways, tunnels and appliances are up; what is configured is taken as working",
    "ASSUME_NO_GUEST_FIREWALL": "firewalls inside machines are not seen and not counted",
    "ASSUME_NVA_POLICY_UNKNOWN": "the rules of a third-party appliance are not in the input",
    "ASSUME_NIC_ONLY": "only the NSGs of network interfaces protect; a new machine would stand without one",
    "ASSUME_TAG_DATA": "prefixes of service tags are those of the file given with --service-tags",
    "ASSUME_NO_TAG_DATA": "prefixes of a service tag are not known; --service-tags gives them",
    "ASSUME_DNS_PRIVATE_ZONE": "names resolve to private endpoints as the zones' links say; custom DNS is not seen",
    "ASSUME_ONPREM_PREFIXES": "the prefixes of the on-premises network are not in the input",
    "ASSUME_GROUP_DEPLOYED": "configurations of the network manager count as deployed",
    "ASSUME_GROUP_MEMBERS": "members of a network group that a policy adds are not in the input",
    "ASSUME_CIRCUIT_TRANSIT": "networks on one ExpressRoute circuit reach each other, as no gateway flag forbids it",
    "ASSUME_TAG_DEFAULT_ROUTE": "the tag VirtualNetwork may hold the default route of the subnet",
    "ASSUME_ADDRESS_UNKNOWN": "an address that decides is not in the input",
    "ASSUME_FIREWALL_RULES_UNKNOWN": "rules of a firewall are not in the input, or cannot be read",
    "ASSUME_NAT_INHERITED": "pages of Azure disagree on whether a policy inherits its parent's DNAT rules",
    "ASSUME_DATA_PLANE_AUTH": "network admission only; keys and identities of a service are not judged",
}
"""Codes that a report prints, and what each means."""


class Rule(NamedTuple):
    """A rule of some control, as the input gives it. `text` is the rule on one line, as an architect reads it.

    `id` is the rule's resource id; rules that have none (defaults, the platform's) have `CONTROL/NAME`.
    `control` is the id of the NSG, firewall policy, service ... that holds it. `stage` says where it was met: `subnet`,
    `nic`, `admin`, `firewall`, `platform`, `service`.
    """

    id: str
    name: str
    control: str
    control_name: str
    kind: ControlKind
    access: Access
    priority: int = 0
    text: str = ""
    place: Place = NOWHERE
    is_default: bool = False
    stage: str = ""


class Match(NamedTuple):
    """A rule with the packets that it matches for sure (None: not one is sure) and those that it may match.

    `is_broad`: by its own words it is an any-any rule (any source, any port), see `boundaries`. `is_for_azure`: its
    source is all of Azure or of a region, other customers' machines too, whatever the addresses.
    """

    rule: Rule
    sure: Box | None
    possible: Box
    is_broad: bool = False
    assumptions: tuple[str, ...] = ()
    is_for_azure: bool = False


class Decision(NamedTuple):
    """The packets that one rule decided on, surely and possibly."""

    match: Match
    sure: PacketSet
    possible: PacketSet


class Outcome(NamedTuple):
    """What a control does with packets: three disjoint sets, and which rule decided what, in order of evaluation.

    `matches` are the rules that were asked, those that decided nothing too.
    """

    allowed: PacketSet
    denied: PacketSet = NOTHING_AT_ALL
    unknown: PacketSet = NOTHING_AT_ALL
    decisions: tuple[Decision, ...] = ()
    assumptions: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()

    @property
    def passing(self) -> PacketSet:
        """What may pass: allowed and unknown."""
        return self.allowed | self.unknown


def first_match(packets: PacketSet, matches: Iterable[Match], otherwise: Match | None = None) -> Outcome:
    """What an ordered list of rules does with `packets`: the first that matches decides.

    Packets that no rule matches are decided by `otherwise`, and without it they are allowed. A packet is allowed where
    every reading of the uncertain rules allows it, denied where every one denies it, and else unknown.
    """
    must = may = packets  # those that surely, and that possibly, get as far as the rule
    is_certain = True  # while the two are the same
    allowed: list[Box] = []
    denied: list[Box] = []
    decisions: list[Decision] = []
    assumptions: dict[str, None] = {}
    asked = tuple(matches) if otherwise is None else (*matches, otherwise)
    for match in asked:
        hit, rest = may.split(match.possible)
        if not hit.boxes:
            continue
        sure = hit if match.sure is match.possible else hit & PacketSet.of(match.sure)
        decisions.append(Decision(match, sure if is_certain else must & sure, hit))
        (denied if match.rule.access == "deny" else allowed).extend(hit.boxes)
        must = rest if is_certain else must.split(match.possible)[1]
        if sure is hit:
            may = rest
        else:
            may -= sure
            is_certain = False
            assumptions |= dict.fromkeys(match.assumptions)
        if not may.boxes:
            break
    if not denied:
        return Outcome(packets, decisions=tuple(decisions), assumptions=tuple(assumptions), matches=asked)
    if not allowed and not may.boxes:
        return Outcome(NOTHING_AT_ALL, packets, NOTHING_AT_ALL, tuple(decisions), tuple(assumptions), asked)
    may_allow, may_deny = PacketSet.joined((*allowed, *may.boxes)), PacketSet.joined(denied)
    unknown = NOTHING_AT_ALL if is_certain else may_allow & may_deny
    return Outcome(
        may_allow - unknown, may_deny - unknown, unknown, tuple(decisions), tuple(assumptions), asked
    )


class Hop(NamedTuple):
    """One step of a way: the element (`kind` is `subnet`, `vnet`, `firewall`, `nva`, `load-balancer`, `gateway`,
    `virtual-hub`, `circuit`, `site`, `internet`, `service`, `private-endpoint`), the route that led on from it
    (its next hop type and text), and what the filters met there decided."""

    kind: str
    id: str
    name: str
    route: str = ""
    route_place: Place = NOWHERE
    outcomes: tuple[tuple[str, Outcome], ...] = ()


class AllowedFlow(NamedTuple):
    """Packets that pass, or may pass, from one zone to another by one way.

    `is_specific`: some rule on the way allows them by name; else they pass by default, by an any-any rule or because
    nothing stands in the way. `is_sure` is false for what is only possible.
    """

    source: str
    target: str
    packets: PacketSet
    rules: tuple[Rule, ...] = ()
    way: tuple[Hop, ...] = ()
    is_specific: bool = False
    is_sure: bool = True
    reason: str = ""


class Boundary(NamedTuple):
    """The verdict on one boundary. `a` and `b` are ids in sorted order; for the outer levels `a` is the outside.

    `by` names the controls that enforce it and `by_ids` are their ids; `flows` are the packets that pass, worst first;
    `rules` those that decided, denying ones too; `declared` is the status that a spec declares, "" where it does not.
    `directions` tells the Internet's `in` and `out` apart.
    """

    level: Level
    a: str
    b: str
    status: Status
    by: tuple[str, ...] = ()
    by_ids: tuple[str, ...] = ()
    flows: tuple[AllowedFlow, ...] = ()
    rules: tuple[Rule, ...] = ()
    assumptions: tuple[str, ...] = ()
    reason: str = ""
    declared: str = ""
    declared_place: Place = NOWHERE
    declared_by: tuple[str, ...] = ()
    severity: Severity = "high"
    directions: tuple[tuple[str, Status], ...] = ()

    @property
    def gaps(self) -> tuple[AllowedFlow, ...]:
        """The flows that make it a gap."""
        return tuple(flow for flow in self.flows if flow.is_sure and not flow.is_specific)


class Evidence(NamedTuple):
    """What a finding rests on: a place in the input and what stands there."""

    place: Place
    text: str
    id: str = ""


class Finding(NamedTuple):
    """Something that a rule found: `rule` is its id (`ZT-08`), `ids` the resources concerned, most telling first."""

    rule: str
    severity: Severity
    ids: tuple[str, ...]
    message: str
    evidence: tuple[Evidence, ...] = ()
    fix: str = ""
