"""What the tree refers to: NSGs, route tables, and the other things with a name that stand once."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.words import (
    ADDRESS,
    CIDR,
    CIDRS,
    INNER,
    MORE,
    NOTE,
    PART,
    PORTS,
    SHARED,
    SKU,
    flag,
    ref,
    some,
    text,
    whole,
    word,
)
from diagramgen.read.spec.shapes import Either, Form, Many, Names, Shape, Text, Word

WHERE = some(text("an address, a tag or a name"), "Addresses, service tags, ASGs, subnets, VNets; `any`.")


def rule_form(accesses: tuple[str, ...], low: int) -> Form:
    return Form(
        "a rule",
        {
            "priority": whole(low, 4096, "The lowest number is asked first."),
            "access": word(*accesses, description="What happens to traffic that fits."),
            "direction": word("inbound", "outbound"),
            "protocol": word(*grammar.RULE_PROTOCOLS, description="`any` if not given."),
            "source": WHERE,
            "source_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
            "destination": WHERE,
            "destination_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
            "description": NOTE,
            **PART,
        },
        required=("priority", "access", "direction"),
        title="rule" if len(accesses) == 2 else "admin_rule",
    )


_RULE_PATTERN = r"^\s*\S.*\s[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$"
RULE_LINE = Text(
    "a rule such as `100 allow inbound tcp/443 from Internet to any`",
    grammar.parse_rule,
    _RULE_PATTERN,
    ("100 allow inbound tcp/443 from Internet to ASG-web", "4096 deny inbound any from any to any"),
    description=grammar.RULE_SHAPE,
)
ADMIN_RULE_LINE = Text(
    "a rule such as `100 deny inbound tcp/3389 from Internet to any`",
    grammar.parse_admin_rule,
    _RULE_PATTERN,
    ("100 deny inbound tcp/3389 from Internet to any",),
    description=grammar.RULE_SHAPE,
)


def lines(line: Text, form: Form | None = None, what: str = "a rule", plural: str = "Rules") -> Shape:
    """Short lines in a list or by name, any of which may be in full."""
    entry: Shape = Either((line, form)) if form is not None else line
    return Either((Many(entry), Names(what, entry, bare=False)), f"{plural}: a list of lines, or by name.")


def rules(line: Text, form: Form) -> Shape:
    return lines(line, form)


NSG = Form(
    "an NSG",
    {"rules": rules(RULE_LINE, rule_form(("allow", "deny"), 100)), "more": MORE, **SHARED},
    title="nsg",
)
ASG = Form("an ASG", SHARED, title="asg")

ROUTE_LINE = Text(
    "a route such as `0.0.0.0/0 -> Azure Firewall`",
    grammar.parse_route,
    r"^.*->.*$",
    ("0.0.0.0/0 -> Azure Firewall", "10.0.0.0/8 -> 10.0.1.4", "AzureMonitor -> internet"),
    description="PREFIX|TAG -> an address, an appliance by name, `internet`, `gateway`, `vnet` or `none`",
)
_ROUTE: dict[str, Shape] = {
    "prefix": text("a network, a service tag, or the name of a VNet, subnet or site"),
    "next": text("an address, an appliance by name, `internet`, `gateway`, `vnet` or `none`"),
}
ROUTE = Form("a route", {**_ROUTE, **PART}, required=("prefix", "next"), title="route")
HUB_ROUTE = Form("a route", {**_ROUTE, **INNER}, required=("prefix", "next"), title="hub_route")
"""One in a virtual hub, where routes have no ids of their own."""
ROUTE_TABLE = Form(
    "a route table",
    {
        "routes": lines(ROUTE_LINE, ROUTE, "a route", "Routes"),
        "propagate_gateway_routes": flag(
            "Whether routes learnt from gateways hold too; `true` if not given."
        ),
        "more": MORE,
        **SHARED,
    },
    title="route_table",
)

PUBLIC_IP = Form(
    "a public IP",
    {
        "address": ADDRESS,
        "sku": word("standard", "basic"),
        "ddos": word("enabled", "disabled", "inherited", description="DDoS protection of this address."),
        "prefix": ref("a public IP prefix", "The public IP prefix that it is from."),
        "host": text("a host name", "Its host name in Azure's DNS."),
        **SHARED,
    },
    title="public_ip",
)
PUBLIC_IP_PREFIX = Form("a public IP prefix", {"address": CIDR, **SHARED}, title="public_ip_prefix")
NAT_GATEWAY = Form(
    "a NAT gateway",
    {
        "public_ip": some(ref("a public IP")),
        "public_ip_prefix": some(ref("a public IP prefix")),
        **SHARED,
    },
    title="nat_gateway",
)
IP_GROUP: Shape = Either(
    (
        CIDRS,
        Form("an IP group", {"address": CIDRS, **SHARED}, title="ip_group"),
    ),
    "Its networks, or in full.",
)
DDOS_PLAN = Form("a DDoS plan", SHARED, title="ddos_plan")
DNS_ZONE = Form(
    "a private DNS zone",
    {
        "vnets": some(ref("a VNet"), "The VNets that see the zone."),
        **SHARED,
    },
    title="private_dns_zone",
)
CIRCUIT = Form(
    "a circuit",
    {
        "provider": text("a provider"),
        "bandwidth": text("a bandwidth such as `1 Gbps`"),
        "location": text("a peering location"),
        "peerings": some(Word(("private", "microsoft", "public")), "What it is used for."),
        "sku": SKU,
        **SHARED,
    },
    title="circuit",
)
LOCAL_NETWORK = Form(
    "a local network",
    {
        "address": some(CIDR, "The networks behind it."),
        "gateway": text("an address or host name", "The address of the VPN device there."),
        "asn": whole(1, 4294967295, "The BGP autonomous system number."),
        **SHARED,
    },
    title="local_network",
)
VPN_SITE = Form(
    "a VPN site",
    {
        "address": some(CIDR, "The networks behind it."),
        "gateway": text("an address or host name", "The address of the VPN device there."),
        "asn": whole(1, 4294967295, "The BGP autonomous system number."),
        "virtual_wan": ref("a Virtual WAN"),
        **SHARED,
    },
    title="vpn_site",
)
SERVICE_ENDPOINT_POLICY = Form(
    "a service endpoint policy",
    {
        "allows": Names(
            "a service",
            some(text("the name or the Azure id of what may be reached")),
            bare=False,
            description="What may be reached, by service such as `Microsoft.Storage`: names of services, or ids of "
            "accounts, resource groups and subscriptions.",
        ),
        **SHARED,
    },
    title="service_endpoint_policy",
)
