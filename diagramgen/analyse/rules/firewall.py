"""Rules on Azure Firewall: that it stops what it finds, and that its own rules are specific."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.addresses import PUBLIC
from diagramgen.analyse.firewall import FirewallRules
from diagramgen.analyse.firewall.rules import NatRule
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found, evidence, is_known, label, labels, listed, tier_of, told
from diagramgen.analyse.verdicts import Evidence, Match
from diagramgen.model.references import key
from diagramgen.model.traffic import IPV4, TCP_PORTS, UDP_PORTS, Ranges, intersection, overlap, size

_HALF = 32768


def zt_33(estate: Estate) -> Iterator[Found]:
    """Firewalls deny what threat intelligence knows; in the Premium tier IDPS denies too.

    The strictest word of the chain of policies counts. The Basic tier can only alert.
    https://learn.microsoft.com/azure/firewall/threat-intel and https://learn.microsoft.com/azure/firewall/premium-features
    """
    topology = estate.topology
    by_policy: dict[str, list[FirewallRules]] = defaultdict(list)
    for firewall in estate.firewalls.ids:
        rules = estate.firewalls.rules(firewall)
        by_policy[rules.policy or firewall].append(rules)
    for owner, users in by_policy.items():
        rules, resource = users[0], topology.resources.get(owner)
        if (
            resource is None
            or not is_known(resource)
            or any(not _is_there(estate, rid) for rid in rules.chain)
        ):
            continue
        faults, proofs = [], []
        tiers = {tier_of(resource), *(user.tier.lower() for user in users)}
        if rules.threat_intelligence.lower() in ("off", "alert") and "basic" not in tiers:
            faults.append(f"threat intelligence is on `{rules.threat_intelligence}`")
            proofs.append(
                evidence(resource, f"`threatIntelMode` is {rules.threat_intelligence}", "threatIntelMode")
            )
        if "premium" in tiers and rules.idps.lower() in ("off", "alert"):
            faults.append(f"IDPS is on `{rules.idps}`")
            proofs.append(
                evidence(resource, f"`intrusionDetection.mode` is {rules.idps}", "intrusionDetection", "mode")
            )
        if not faults:
            continue
        firewalls = [user.firewall for user in users if user.firewall != owner]
        whose = f" of {labels(topology, firewalls)}" if firewalls else ""
        may_inspect = "premium" in tiers and not rules.inspects_tls
        tls = "; inspect TLS too, where clients can trust its certificate" if may_inspect else ""
        yield Found(
            (owner, *firewalls),
            f"{label(topology, owner)}{whose} lets pass what it knows to be bad: {listed(faults)}",
            tuple(proofs),
            f"set {listed([f'`{word}`' for word in _wanted(proofs)])} on {label(topology, owner)}{tls}",
        )  # fmt: skip


def _is_there(estate: Estate, rid: str) -> bool:
    return is_known(estate.topology.resources.get(rid))


def _wanted(proofs: list[Evidence]) -> list[str]:
    return [
        "intrusionDetection.mode: Deny" if "intrusion" in proof.text else "threatIntelMode: Deny"
        for proof in proofs
    ]


def zt_34(estate: Estate) -> Iterator[Found]:
    """No firewall rule lets anyone reach anything, and no DNAT rule for everyone is left over.

    A DNAT rule is left over where its address is none of the firewall's public ones.
    https://learn.microsoft.com/azure/firewall/rule-processing
    """
    topology = estate.topology
    found: dict[str, dict[str, tuple[Match, str]]] = defaultdict(dict)
    users: dict[str, dict[str, None]] = defaultdict(dict)
    for firewall in estate.firewalls.ids:
        rules = estate.firewalls.rules(firewall)
        broad = [
            (m, "lets anyone reach anything") for m in rules.network if _is_any_any(m) and _opens_half(m)
        ]
        broad += [(a.match, "lets anyone reach any website") for a in rules.application
                  if "*" in a.fqdns and _is_any_any(a.match)]  # fmt: skip
        for nat in rules.nat:
            if not _is_for_everyone(nat.match):
                continue
            if _is_left_over(estate, firewall, nat):
                broad.append((nat.match, "is for anyone, and its address is none of the firewall's"))
            elif nat.match.sure is not None and _opens_half(nat.match):
                broad.append((nat.match, "passes all ports on, for anyone"))
        for match, why in broad:
            found[match.rule.control][match.rule.id] = (match, why)
            users[match.rule.control][firewall] = None
    for control, lines in found.items():
        names = listed(f"`{match.rule.name}` {why}" for match, why in lines.values())
        which = listed(f"`{match.rule.name}`" for match, _ in lines.values())
        firewalls = [firewall for firewall in users[control] if firewall != control]
        yield Found(
            (control, *firewalls),
            f"{label(topology, control)} is not specific: {names}",
            tuple(Evidence(match.rule.place, match.rule.text, match.rule.id) for match, _ in lines.values()),
            f"replace {which} in {label(topology, control)} by rules that name sources, destinations and ports, and "
            "delete DNAT rules that nothing uses",
        )  # fmt: skip


def _is_any_any(match: Match) -> bool:
    """Whether a rule surely allows a broad source, a /8 or more, to reach a broad destination."""
    if match.rule.access == "deny" or match.sure is None:
        return False
    return _is_large(match.sure.sources) and _is_large(match.sure.destinations)


def _is_large(ranges: Ranges) -> bool:
    return size(intersection(ranges, IPV4)) >= 1 << 24


def _opens_half(match: Match) -> bool:
    services = match.possible.services
    return any(size(intersection(services, ports)) >= _HALF for ports in (TCP_PORTS, UDP_PORTS))


def _is_for_everyone(match: Match) -> bool:
    """Whether a DNAT rule names the Internet at large as its source, by words that are known."""
    return not match.assumptions and _is_large(intersection(match.possible.sources, PUBLIC))


def _is_left_over(estate: Estate, firewall: str, nat: NatRule) -> bool:
    """Whether the addresses of a DNAT rule are surely none of the firewall's, whose own are all known.

    A firewall in a virtual hub has addresses that Azure gives, and is not judged.
    """
    topology = estate.topology
    resource = topology.resources.get(firewall)
    own = topology.public_ips_of.get(firewall, ())
    if resource is None or not is_known(resource) or not own or key(resource.properties.get("virtualHub")):
        return False
    if nat.public_ips:
        return not set(nat.public_ips) & set(own)
    are_told = all(
        ip in topology.resources and told(topology.resources[ip].properties, "ipAddress") for ip in own
    )
    is_public = bool(intersection(nat.named[0], PUBLIC))
    return are_told and is_public and not overlap(nat.named[1], estate.firewalls.public_addresses(firewall))
