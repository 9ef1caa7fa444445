"""The rules by their ids: what each demands in one line, and which of them a call asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagramgen.analyse.verdicts import Severity
from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.topology import Acceptance
from diagramgen.report.facts import RuleFacts

_LEARN = "https://learn.microsoft.com/"
_ARTICLE = _LEARN + "security/zero-trust/azure-networking-segmentation"
_HUB = _LEARN + "security/zero-trust/azure-infrastructure-networking"
_VNET = _LEARN + "azure/virtual-network/"
_AVNM = _LEARN + "azure/virtual-network-manager/"
_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    ("SEG-01", "high", "What the input holds agrees with the boundaries that the spec declares", _ARTICLE),
    ("SEG-02", "high", "No boundary has a gap: what passes is allowed by a rule that names it", _ARTICLE),
    ("ZT-01", "high", "Every workload subnet has an NSG", _ARTICLE),
    ("ZT-02", "high", "An NSG denies what its default rules allow inside the virtual network", _ARTICLE),
    ("ZT-03", "critical", "The Internet does not reach ports 22 and 3389", _AVNM + "concept-security-admins"),
    ("ZT-04", "critical", "No rule allows anything from anywhere", _ARTICLE),
    ("ZT-05", "high", "Peered VNets reach each other only through a firewall", _ARTICLE),
    ("ZT-06", "medium", "Peerings are connected and in sync", _VNET + "virtual-network-manage-peering"),
    ("ZT-07", "high", "Spoke subnets send their default route to a firewall", _ARTICLE),
    ("ZT-08", "high", "No machine has a public IP of its own", _ARTICLE),
    ("ZT-09", "critical", "What the Internet can reach stands behind an NSG",
     _LEARN + "azure/load-balancer/load-balancer-overview"),
    ("ZT-10", "medium", "Traffic from the Internet enters by one kind of way", _ARTICLE),
    ("ZT-11", "high", "HTTP from the Internet passes a web application firewall", _ARTICLE),
    ("ZT-12", "high", "Web application firewalls are enabled and prevent",
     _LEARN + "azure/web-application-firewall/ag/ag-overview"),
    ("ZT-13", "high", "Nobody gets to the origins of a Front Door past it",
     _LEARN + "azure/frontdoor/origin-security"),
    ("ZT-14", "medium", "Other traffic from the Internet passes a firewall, from named sources",
     _LEARN + "azure/firewall/rule-processing"),
    ("ZT-15", "high", "Spokes use a remote gateway only where on-premises traffic is inspected", _ARTICLE),
    ("ZT-16", "high", "Subnets routed to a firewall learn no routes from gateways", _HUB),
    ("ZT-17", "high", "The gateway's subnet sends spoke traffic to the firewall", _HUB),
    ("ZT-18", "high", "VNets that are to be apart share no ExpressRoute circuit",
     _LEARN + "azure/expressroute/expressroute-faqs"),
    ("ZT-19", "high", "Nothing joins spokes past the firewall of the hub",
     _AVNM + "concept-connectivity-configuration"),
    ("ZT-20", "medium", "A firewall between subnets of one VNet is in the routes of both",
     _LEARN + "azure/firewall/firewall-faq"),
    ("ZT-21", "high", "Virtual hubs are secured and have routing intent",
     _LEARN + "azure/virtual-wan/how-to-routing-policies"),
    ("ZT-22", "medium", "Hub connections that go out by the hub have Internet security on",
     _LEARN + "azure/virtual-wan/how-to-routing-policies"),
    ("ZT-23", "high", "Without routing intent, route tables and labels part what a virtual hub joins",
     _LEARN + "azure/virtual-wan/scenario-any-to-any"),
    ("ZT-24", "high", "Platform services are closed to public networks, or deny by default", _ARTICLE),
    ("ZT-25", "medium", "Platform services are reached by private endpoints", _ARTICLE),
    ("ZT-26", "high", "What has a private endpoint is not open to the public too",
     _LEARN + "azure/storage/common/storage-network-security"),
    ("ZT-27", "high", "SQL servers let in neither all of Azure nor large ranges",
     _LEARN + "azure/azure-sql/database/network-access-controls-overview"),
    ("ZT-28", "medium", "Subnets of private endpoints have network policies where NSG or routes are to hold",
     _LEARN + "azure/private-link/disable-private-endpoint-network-policy"),
    ("ZT-29", "medium", "VNets that use a private endpoint see its private DNS zone", _ARTICLE),
    ("ZT-30", "medium", "Service endpoints come with rules of the service or endpoint policies",
     _VNET + "virtual-network-service-endpoint-policies-overview"),
    ("ZT-31", "medium", "Subnets have no default way out",
     _VNET + "ip-services/default-outbound-access"),
    ("ZT-32", "medium", "Only appliances forward packets", _VNET + "virtual-networks-udr-overview"),
    ("ZT-33", "medium", "Firewalls deny known bad addresses and intrusions", _HUB),
    ("ZT-34", "high", "Firewall rules are not any to any", _ARTICLE),
    ("ZT-35", "medium", "Admin rules of the network manager deny risky ports everywhere",
     _AVNM + "concept-security-admins"),
    ("ZT-36", "high", "Admin rules that always allow are narrow", _AVNM + "concept-security-admins"),
    ("ZT-37", "medium", "Subnets of gateways have no NSG, those of Bastion and Application Gateway the right one",
     _LEARN + "azure/bastion/bastion-nsg"),
    ("ZT-38", "medium", "Administrators come in by Bastion alone", _LEARN + "azure/bastion/bastion-nsg"),
    ("ZT-39", "low", "VNets with public endpoints have DDoS protection", _HUB),
    ("ZT-40", "low", "No default route goes on premises without intent", _ARTICLE),
)  # fmt: skip

RULES: tuple[RuleFacts, ...] = tuple(
    RuleFacts(rid, title, severity, "", reference) for rid, severity, title, reference in _ROWS
)


def chosen_rules(
    rules: Sequence[RuleFacts], select: Iterable[str], ignore: Iterable[str]
) -> tuple[RuleFacts, ...]:
    """The rules that a call asks for: those of `select` (all, if it is empty) without those of `ignore`.

    Words are ids, or families such as `ZT`; several may stand in one, with commas.

    Raises:
        InputError: a word is neither; carries one diagnostic a word.
    """
    wanted, unwanted = _words(select), _words(ignore)
    known = [rule.id for rule in rules]
    families = sorted({rid.partition("-")[0] for rid in known})
    wrong = [
        Diagnostic(
            "error", "unknown-rule", f"there is no rule `{word}` ({option})", hints=_hints(word, known)
        )
        for option, words in (("--select", wanted), ("--ignore", unwanted))
        for word in words
        if word not in known and word not in families
    ]
    if wrong:
        raise InputError(wrong)
    return tuple(
        rule
        for rule in rules
        if (not wanted or _is_named(rule.id, wanted)) and not _is_named(rule.id, unwanted)
    )


def unknown_rules(acceptances: Iterable[Acceptance], rules: Sequence[RuleFacts]) -> tuple[Diagnostic, ...]:
    """An error for each acceptance whose rule there is not: it would never accept anything."""
    known = [rule.id for rule in rules]
    return tuple(
        Diagnostic(
            "error", "unknown-rule", f"there is no rule `{a.rule}`", a.place / "rule", _hints(a.rule, known)
        )
        for a in acceptances
        if a.rule and a.rule not in known
    )


def _words(options: Iterable[str]) -> tuple[str, ...]:
    words = [_padded(word.strip().upper()) for option in options for word in option.split(",")]
    return tuple(dict.fromkeys(filter(None, words)))


def _padded(word: str) -> str:
    """An id with its number in two digits, as all have it.

    >>> _padded("ZT-8"), _padded("ZT")
    ('ZT-08', 'ZT')
    """
    family, dash, number = word.partition("-")
    return f"{family}-{number.zfill(2)}" if dash and number.isdecimal() else word


def _is_named(rid: str, words: tuple[str, ...]) -> bool:
    return rid in words or rid.partition("-")[0] in words


def _hints(word: str, known: Sequence[str]) -> tuple[str, ...]:
    family = word.partition("-")[0]
    mine = [rid for rid in known if rid.partition("-")[0] == family]
    return did_you_mean(word, known) or ((f"there are {mine[0]} to {mine[-1]}",) if mine else ())
