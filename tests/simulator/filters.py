"""Admin rules and NSGs at one end of a flow: what they do with one packet in one direction.

https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from simulator.addresses import PLATFORM_DNS, PLATFORM_IMDS, Network, is_private, network, ports
from simulator.estate import Estate, Json, Subnet, key
from simulator.routes import Routes

DEFAULTS: tuple[tuple[int, str, str, str, str, str], ...] = (
    # https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
    (65000, "inbound", "allow", "AllowVnetInBound", "VirtualNetwork", "VirtualNetwork"),
    (65001, "inbound", "allow", "AllowAzureLoadBalancerInBound", "AzureLoadBalancer", "0.0.0.0/0"),
    (65500, "inbound", "deny", "DenyAllInBound", "0.0.0.0/0", "0.0.0.0/0"),
    (65000, "outbound", "allow", "AllowVnetOutBound", "VirtualNetwork", "VirtualNetwork"),
    (65001, "outbound", "allow", "AllowInternetOutBound", "0.0.0.0/0", "Internet"),
    (65500, "outbound", "deny", "DenyAllOutBound", "0.0.0.0/0", "0.0.0.0/0"),
)
PLATFORM_TAGS = {
    "azureplatformdns": PLATFORM_DNS, "azureplatformimds": PLATFORM_IMDS, "azureplatformlkm": None,
}  # fmt: skip
NOT_UNDER_ADMIN = ("AzureFirewallSubnet", "AzureFirewallManagementSubnet", "AzureBastionSubnet", "RouteServerSubnet",
                   "GatewaySubnet")  # fmt: skip


class Rule(NamedTuple):
    """`sources` and `targets` are networks, words (tags) and (`asg`, id); ports are ranges."""

    label: str
    priority: int
    direction: str
    access: str
    protocol: str
    sources: tuple[Any, ...]
    source_ports: tuple[tuple[int, int], ...]
    targets: tuple[Any, ...]
    ports: tuple[tuple[int, int], ...]
    is_sure: bool = True


class Verdict(NamedTuple):
    """`verdict` is allowed, denied or unknown."""

    verdict: str
    decided_by: str


class Wire(NamedTuple):
    """A packet as the filters see it, addresses as numbers."""

    source: int
    target: int
    protocol: str
    source_port: int
    port: int


class Filters:
    """The filters of an estate."""

    def __init__(self, estate: Estate, routes: Routes) -> None:
        self.estate = estate
        self.routes = routes
        self._nsgs: dict[tuple[str, str], list[Rule] | None] = {}
        self._admin: dict[tuple[str, str], list[Rule]] = {}

    def judge(self, wire: Wire, address: int, subnet: Subnet, direction: str) -> Verdict:
        """What the filters round `address` (one end of the flow, in `subnet`) say: direction inbound or outbound."""
        nic = self.estate.nic_of(address, subnet.vnet)
        stages = [("subnet", subnet.nsg), ("nic", nic.nsg if nic else "")]
        if direction == "outbound":
            stages.reverse()
        if direction == "inbound" and nic is not None and nic.endpoint_status:
            return self._judge_endpoint(wire, subnet)
        if direction == "outbound" and wire.target in (PLATFORM_DNS, PLATFORM_IMDS):
            return self._judge_platform(wire, subnet, stages)
        by_nsgs = self._judge_nsgs(wire, subnet, direction, stages)
        # Choice: platform traffic above is exempt from admin rules as well; the pages name NSGs only.
        possible = self._first_match(self._admin_rules(subnet, direction), wire, subnet)
        verdicts = []
        for access, label, _ in possible:
            if access == "deny":
                verdicts.append(Verdict("denied", label))
            elif access == "alwaysallow":
                verdicts.append(Verdict("allowed", label))
            else:
                verdicts.append(by_nsgs)
        if not possible or not possible[-1][2]:
            verdicts.append(by_nsgs)
        if len({verdict.verdict for verdict in verdicts}) == 1:
            return verdicts[0]
        return Verdict("unknown", f"{possible[0][1]}?")

    def has_nsg(self, address: int, subnet: Subnet) -> bool:
        nic = self.estate.nic_of(address, subnet.vnet)
        return bool(subnet.nsg or (nic is not None and nic.nsg))

    def _judge_nsgs(
        self, wire: Wire, subnet: Subnet, direction: str, stages: list[tuple[str, str]]
    ) -> Verdict:
        """Every NSG that is there must allow; the first that denies for sure decides, whatever is unknown before."""
        decided = Verdict("allowed", "none")
        for stage, nsg in stages:
            if not nsg:
                continue
            verdict = self._judge_rules(wire, subnet, stage, self._rules(nsg, direction))
            if verdict.verdict == "denied":
                return verdict
            if decided.verdict != "unknown":
                decided = verdict
        return decided

    def _judge_rules(self, wire: Wire, subnet: Subnet, stage: str, rules: list[Rule] | None) -> Verdict:
        if rules is None:
            return Verdict("unknown", f"{stage}:not-in-input")
        possible = self._first_match(rules, wire, subnet)
        accesses = {access for access, _, _ in possible}
        label = f"{stage}:{possible[0][1]}"
        if len(accesses) > 1:
            return Verdict("unknown", f"{label}?")
        return Verdict("allowed" if accesses == {"allow"} else "denied", label)

    def _judge_endpoint(self, wire: Wire, subnet: Subnet) -> Verdict:
        """A private endpoint is out of reach of admin rules, and of NSGs unless its subnet says otherwise.

        Source ports do not count there. https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
        """
        if (
            subnet.endpoint_policies.lower() not in ("enabled", "networksecuritygroupenabled")
            or not subnet.nsg
        ):
            return Verdict("allowed", "platform:pe-exempt")
        rules = self._rules(subnet.nsg, "inbound")
        if rules is not None:
            rules = [rule._replace(source_ports=((0, 65535),)) for rule in rules]
        return self._judge_rules(wire, subnet, "subnet", rules)

    def _judge_platform(self, wire: Wire, subnet: Subnet, stages: list[tuple[str, str]]) -> Verdict:
        """To the platform's own addresses only rules that name its tags count.

        https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
        """
        for stage, nsg in stages:
            for rule in (self._rules(nsg, "outbound") or ()) if nsg else ():
                names = [word for word in rule.targets if isinstance(word, str) and word in PLATFORM_TAGS]
                if names and self._matches(rule, wire, subnet) == "yes":
                    if rule.access == "deny":
                        return Verdict("denied", f"{stage}:{rule.label}")
                    break
        return Verdict("allowed", "platform:exempt")

    def _rules(self, nsg: str, direction: str) -> list[Rule] | None:
        """The rules of an NSG in order of evaluation, its defaults last; None where the input lacks the NSG."""
        if (nsg, direction) not in self._nsgs:
            found: list[Rule] | None = None
            if self.estate.get(nsg):
                found = [
                    _nsg_rule(self.estate.properties(rid)) for rid in self.estate.parts(nsg, "securityRules")
                ]
                for priority, way, access, name, source, target in DEFAULTS:
                    everything = ((0, 65535),)
                    found.append(Rule(name, priority, way, access, "*", (_where(source),), everything,
                                      (_where(target),), everything))  # fmt: skip
                found = sorted((r for r in found if r.direction == direction), key=lambda r: r.priority)
            self._nsgs[nsg, direction] = found
        return self._nsgs[nsg, direction]

    def _admin_rules(self, subnet: Subnet, direction: str) -> list[Rule]:
        """The admin rules that hold, or may hold, for a subnet's VNet, in order."""
        if (subnet.id, direction) in self._admin:
            return self._admin[subnet.id, direction]
        found: list[Rule] = []
        for configuration in self.estate.of_type("networkmanagers/securityadminconfigurations"):
            deployed = self.routes.is_deployed(configuration)
            if subnet.name in NOT_UNDER_ADMIN or deployed == "no":
                continue
            for collection in self.estate.parts(configuration, "ruleCollections"):
                applied = self.estate.properties(collection).get("appliesToGroups") or ()
                groups = [str(one.get("networkGroupId")).lower() for one in applied]
                if any(subnet.vnet.id in self.routes.members(group) for group in groups):
                    for rid in self.estate.parts(collection, "rules"):
                        rule = self._admin_rule(self.estate.properties(rid))
                        found.append(rule._replace(is_sure=deployed == "yes"))
        kept = sorted((r for r in found if r.direction == direction), key=lambda r: r.priority)
        self._admin[subnet.id, direction] = kept
        return kept

    def _admin_rule(self, p: Json) -> Rule:
        protocol = str(p.get("protocol")).lower()
        return Rule(
            f"admin:{p['priority']}", int(p["priority"]), str(p["direction"]).lower(), str(p["access"]).lower(),
            "*" if protocol == "any" else protocol, tuple(self._items(p.get("sources"))),
            _port_ranges(p.get("sourcePortRanges")), tuple(self._items(p.get("destinations"))),
            _port_ranges(p.get("destinationPortRanges")),
        )  # fmt: skip

    def _items(self, items: object) -> Iterable[Any]:
        for item in items if isinstance(items, list) else ():
            text = str(item.get("addressPrefix"))
            if str(item.get("addressPrefixType")).lower() != "networkgroup":
                yield _where(text)
                continue
            for member in self.routes.members(text.lower()):
                vnet = self.estate.vnets.get(member)
                yield from vnet.spaces if vnet else ()

    def _first_match(self, rules: list[Rule], wire: Wire, subnet: Subnet) -> list[tuple[str, str, bool]]:
        """The rules that may decide, in order: (access, label, whether it is sure); the first sure one ends it.

        Choice: uncertain matches are independent of each other, even those of one tag in two rules.
        """
        possible = []
        for rule in rules:
            match = self._matches(rule, wire, subnet)
            if match != "no":
                possible.append((rule.access, rule.label, match == "yes"))
            if match == "yes":
                break
        return possible

    def _matches(self, rule: Rule, wire: Wire, subnet: Subnet) -> str:
        if rule.protocol not in ("*", wire.protocol):
            return "no"
        # Choice: ICMP, ESP and AH have no ports. A rule for one of them means all of it, whatever its port fields say;
        # a rule for any protocol that names ports means TCP and UDP, as Azure Firewall's rules do.
        if wire.protocol in ("tcp", "udp"):
            if not any(low <= wire.source_port <= high for low, high in rule.source_ports):
                return "no"
            if not any(low <= wire.port <= high for low, high in rule.ports):
                return "no"
        elif rule.protocol == "*" and not (_are_all(rule.source_ports) and _are_all(rule.ports)):
            return "no"
        source = self._is_among(wire.source, rule.sources, subnet)
        if source == "no":
            return "no"
        target = self._is_among(wire.target, rule.targets, subnet)
        if target == "no":
            return "no"
        return "yes" if source == target == "yes" and rule.is_sure else "maybe"

    def _is_among(self, address: int, wheres: tuple[Any, ...], subnet: Subnet) -> str:
        answers = [self._is_in(address, where, subnet) for where in wheres]
        # Choice: a rule without any source or destination that can be read may match.
        return "yes" if "yes" in answers else "maybe" if "maybe" in answers or not wheres else "no"

    def _is_in(self, address: int, where: Any, subnet: Subnet) -> str:
        if isinstance(where, Network):
            return "yes" if where.holds(address) else "no"
        if isinstance(where, tuple):
            nics = self.estate.nics.get(address, ())
            return "yes" if any(where[1] in nic.asgs for nic in nics) else "no"
        if where == "virtualnetwork":
            return self.routes.is_virtual_network(address, subnet)
        if where == "internet":
            return "yes" if self.routes.is_internet(address, subnet) else "no"
        if where == "azureloadbalancer":
            return "yes" if address == PLATFORM_DNS else "no"
        if where in PLATFORM_TAGS:
            return "yes" if address == PLATFORM_TAGS[where] else "no"
        # Any other tag: its prefixes are not known. Choice: they are public, so no private address is among them,
        # nor any of a VNet's own or of the platform.
        is_public = not is_private(address) and address not in (PLATFORM_DNS, PLATFORM_IMDS)
        return "maybe" if is_public and self.estate.vnet_of(address) is None else "no"


def _are_all(ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low == 0 and high == 65535 for low, high in ranges)


def _nsg_rule(p: Json) -> Rule:
    """A rule of an NSG: singular and plural fields and ASGs together."""

    def both(single: str, plural: str) -> list[str]:
        values = [p.get(single), *(p.get(plural) or ())]
        return [str(value) for value in values if value not in (None, "")]

    wheres = []
    for word in ("source", "destination"):
        asgs = [("asg", key(asg)) for asg in p.get(f"{word}ApplicationSecurityGroups") or ()]
        texts = both(f"{word}AddressPrefix", f"{word}AddressPrefixes")
        wheres.append((*asgs, *(_where(text) for text in texts)))
    return Rule(
        str(p["priority"]), int(p["priority"]), str(p["direction"]).lower(), str(p["access"]).lower(),
        str(p["protocol"]).lower(), wheres[0], _port_ranges(both("sourcePortRange", "sourcePortRanges")),
        wheres[1], _port_ranges(both("destinationPortRange", "destinationPortRanges")),
    )  # fmt: skip


def _where(text: str) -> Any:
    """A network, or the word of a tag in lower case."""
    found = network(text)
    return text.lower() if found is None else found


def _port_ranges(texts: object) -> tuple[tuple[int, int], ...]:
    listed = texts if isinstance(texts, list) else ()
    return tuple(found for text in listed if (found := ports(str(text))) is not None)
