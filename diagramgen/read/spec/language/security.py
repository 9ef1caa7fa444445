"""What the tree refers to: NSGs, route tables, policies, and the other things with a name."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.words import ADDRESS, LABEL, NOTE, PLAIN, PORTS, ref, some, text
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole, Word

_WHERE = some(text("an address, a tag or a name"), "Addresses, service tags, ASGs, subnets, VNets; `any`.")


def rule_form(accesses: tuple[str, ...], low: int) -> Form:
    return Form(
        "a rule",
        {
            "priority": Whole(low, 4096, "The lowest number is asked first."),
            "access": Word(accesses, "What happens to traffic that fits."),
            "direction": Word(("inbound", "outbound")),
            "protocol": Word(grammar.RULE_PROTOCOLS, "`any` if not given."),
            "source": _WHERE,
            "source_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
            "destination": _WHERE,
            "destination_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
            "description": NOTE,
        },
        required=("priority", "access", "direction"),
        title="rule" if len(accesses) == 2 else "admin_rule",
    )


RULE_LINE = Text(
    "a rule such as `100 allow inbound tcp/443 from Internet to any`",
    grammar.parse_rule,
    r"^\s*[0-9]+\s+[A-Za-z]+\s+[A-Za-z]+\s+\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
    ("100 allow inbound tcp/443 from Internet to ASG-web", "4096 deny inbound any from any to any"),
    description=grammar.RULE_SHAPE,
)
ADMIN_RULE_LINE = Text(
    "a rule such as `100 deny inbound tcp/3389 from Internet to any`",
    grammar.parse_admin_rule,
    r"^\s*[0-9]+\s+[A-Za-z_]+\s+[A-Za-z]+\s+\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
    ("100 deny inbound tcp/3389 from Internet to any",),
    description=grammar.RULE_SHAPE,
)


def rules(line: Text, form: Form) -> Shape:
    return Either(
        (Many(Either((line, form))), Names("a rule", Either((line, form)), bare=False)),
        "Rules: a list of lines, or by name.",
    )


NSG = Form(
    "an NSG",
    {"rules": rules(RULE_LINE, rule_form(("allow", "deny"), 100)), "label": LABEL, "note": NOTE},
    title="nsg",
)

ROUTE_LINE = Text(
    "a route such as `0.0.0.0/0 -> Azure Firewall`",
    grammar.parse_route,
    r"^.*->.*$",
    ("0.0.0.0/0 -> Azure Firewall", "10.0.0.0/8 -> 10.0.1.4", "AzureMonitor -> internet"),
    description="PREFIX|TAG -> an address, an appliance by name, `internet`, `gateway`, `vnet` or `none`",
)
ROUTE_TABLE = Form(
    "a route table",
    {
        "routes": Either(
            (Many(ROUTE_LINE), Names("a route", ROUTE_LINE, bare=False)),
            "Routes: a list of lines, or by name.",
        ),
        "propagate_gateway_routes": Flag(
            "Whether routes learnt from gateways hold too; `true` if not given."
        ),
        "label": LABEL,
        "note": NOTE,
    },
    title="route_table",
)

FILTER_LINE = Text(
    "a rule such as `tcp/443 from 10.0.0.0/8 to Storage`",
    grammar.parse_filter,
    r"^\s*\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
    (
        "tcp/443 from 10.0.0.0/8 to Storage",
        "https/443 from Spoke VNet to *.ubuntu.com",
        "tcp/443 from Internet to 20.50.60.70 -> 10.0.0.4:443",
    ),
)
RULE_COLLECTION = Form(
    "a rule collection",
    {
        "priority": Whole(100, 65000, "The lowest number is asked first."),
        "action": Word(("allow", "deny", "dnat"), "What happens to traffic that fits."),
        "rules": Either(
            (Many(FILTER_LINE), Names("a rule", FILTER_LINE, bare=False)),
            "Rules: a list of lines, or by name.",
        ),
    },
    required=("priority", "action"),
    title="rule_collection",
)
FIREWALL_POLICY = Form(
    "a firewall policy",
    {
        "parent": ref("a firewall policy", "The policy whose rules come first."),
        "tier": Word(("basic", "standard", "premium")),
        "threat_intelligence": Word(
            ("off", "alert", "deny"), "What happens to traffic from and to known bad addresses."
        ),
        "rule_collections": Names(
            "a rule collection", RULE_COLLECTION, bare=False, description="Rule collections, by name."
        ),
        "label": LABEL,
        "note": NOTE,
    },
    title="firewall_policy",
)
WAF_POLICY = Form(
    "a WAF policy",
    {
        "mode": Word(("prevention", "detection"), "Whether it stops what it finds, or only tells."),
        "enabled": Flag(),
        "label": LABEL,
        "note": NOTE,
    },
    title="waf_policy",
)
PUBLIC_IP = Form(
    "a public IP", {"address": ADDRESS, "sku": Word(("standard", "basic")), **PLAIN}, title="public_ip"
)
NAT_GATEWAY = Form("a NAT gateway", {"public_ip": some(ref("a public IP")), **PLAIN}, title="nat_gateway")
DNS_ZONE = Form(
    "a private DNS zone",
    {"vnets": some(ref("a VNet"), "The VNets that see the zone."), **PLAIN},
    title="private_dns_zone",
)
CIRCUIT = Form(
    "a circuit",
    {
        "provider": text("a provider"),
        "bandwidth": text("a bandwidth such as `1 Gbps`"),
        "location": text("a peering location"),
        **PLAIN,
    },
    title="circuit",
)
