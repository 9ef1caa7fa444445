"""Policies of firewalls and of web application firewalls, and the rules that a firewall keeps itself."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.security import WHERE, lines
from diagramgen.read.spec.language.words import (
    ADDRESS,
    CIDR,
    INNER,
    MORE,
    NOTE,
    PART,
    PORTS,
    SHARED,
    flag,
    ref,
    some,
    text,
    whole,
    word,
)
from diagramgen.read.spec.shapes import Form, Names, Shape, Text

FILTER_LINE = Text(
    "a rule such as `tcp/443 from 10.0.0.0/8 to Storage`",
    grammar.parse_filter,
    r"^\s*\S.*\s[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
    (
        "tcp/443 from 10.0.0.0/8 to Storage",
        "https/443 from Spoke VNet to *.ubuntu.com",
        "tcp/443 from Internet to 20.50.60.70 -> 10.0.0.4:443",
    ),
)
FILTER = Form(
    "a rule",
    {
        "protocol": some(
            word(*grammar.FILTER_PROTOCOLS, *grammar.APPLICATION_PROTOCOLS), "`any` if not given."
        ),
        "ports": some(PORTS, "Of the destination; all, or the protocol's own, if not given."),
        "source": WHERE,
        "destination": some(
            text("an address, a tag, a name or a host name"),
            "Addresses, service tags, IP groups, VNets, host names, FQDN tags; `any`.",
        ),
        "translated": text(
            "an address or host name and a port", "Where a DNAT rule sends it: `ADDRESS:PORT`."
        ),
        "urls": some(text("a URL"), "URLs that an application rule leads to, where TLS is inspected."),
        "web_categories": some(text("a web category")),
        "description": NOTE,
        **INNER,
    },
    title="filter",
)
RULE_COLLECTION = Form(
    "a rule collection",
    {
        "priority": whole(100, 65000, "The lowest number is asked first."),
        "action": word("allow", "deny", "dnat", description="What happens to traffic that fits."),
        "rules": lines(FILTER_LINE, FILTER),
        **INNER,
    },
    required=("priority", "action"),
    title="rule_collection",
)
RULE_COLLECTIONS: Shape = Names(
    "a rule collection", RULE_COLLECTION, bare=False, description="Rule collections, by name."
)
RULE_COLLECTION_GROUP = Form(
    "a group of rule collections",
    {
        "priority": whole(100, 65000, "The lowest number is asked first."),
        "rule_collections": RULE_COLLECTIONS,
        **PART,
    },
    required=("priority",),
    title="rule_collection_group",
)
THREAT_INTELLIGENCE = word(
    "off", "alert", "deny", description="What happens to traffic from and to known bad addresses."
)
FIREWALL_POLICY = Form(
    "a firewall policy",
    {
        "parent": ref("a firewall policy", "The policy whose rules come first."),
        "tier": word("basic", "standard", "premium"),
        "threat_intelligence": THREAT_INTELLIGENCE,
        "intrusion_detection": word("off", "alert", "deny", description="IDPS, of the premium tier."),
        "private_ranges": some(
            CIDR, "Destinations to which the firewall keeps the source address (SNAT private ranges)."
        ),
        "dns_proxy": flag("Whether the firewall answers DNS."),
        "dns_servers": some(ADDRESS, "The DNS servers that it asks."),
        "rule_collections": RULE_COLLECTIONS,
        "rule_collection_groups": Names(
            "a group of rule collections",
            RULE_COLLECTION_GROUP,
            bare=False,
            description="Rule collections in groups with priorities of their own.",
        ),
        "more": MORE,
        **SHARED,
    },
    title="firewall_policy",
)
WAF_POLICY = Form(
    "a WAF policy",
    {
        "mode": word("prevention", "detection", description="Whether it stops what it finds, or only tells."),
        "enabled": flag(),
        "for": word(
            "application_gateway",
            "front_door",
            description="What it is for; known from what uses it, if not given.",
        ),
        **SHARED,
    },
    title="waf_policy",
)
