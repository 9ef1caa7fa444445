"""The spec language, defined once: every key, what it takes, and what it is for.

From these definitions come the checks (`check`), the JSON Schema (`schema`) and the keys that docs/spec.md
must name (a test compares). What a definition cannot say (names that must exist, subnets that must not
overlap) is checked while lowering.
"""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.language.accepted import ACCEPTANCE
from diagramgen.read.spec.language.fabric import NETWORK_MANAGER, VIRTUAL_WAN
from diagramgen.read.spec.language.network import (
    AZURE_RESOURCE,
    MANAGEMENT_GROUP,
    SERVICES,
    SUBSCRIPTION,
    VNET,
)
from diagramgen.read.spec.language.outside import (
    BOUNDARY,
    CONNECTION,
    FLOW,
    GROUP,
    INTERNET,
    PEERING,
    SITE,
    USERS,
)
from diagramgen.read.spec.language.policies import FIREWALL_POLICY, WAF_POLICY
from diagramgen.read.spec.language.security import (
    ASG,
    CIRCUIT,
    DDOS_PLAN,
    DNS_ZONE,
    IP_GROUP,
    LOCAL_NETWORK,
    NAT_GATEWAY,
    NSG,
    PUBLIC_IP,
    PUBLIC_IP_PREFIX,
    ROUTE_TABLE,
    SERVICE_ENDPOINT_POLICY,
    VPN_SITE,
)
from diagramgen.read.spec.language.views import LAYOUT, NOTE_ENTRY, VIEW
from diagramgen.read.spec.language.words import UNSAID, text
from diagramgen.read.spec.shapes import Form, Many, Names

SPEC = Form(
    "a spec",
    {
        "title": text("a text", "The drawing's title."),
        "subtitle": text("a text", "A line under the title."),
        "title_block": Names(
            "a field",
            text("a text"),
            bare=False,
            description="Fields of the title block: author, version, date ...",
        ),
        "tenant": text("a name", "The Entra tenant."),
        "unsaid": UNSAID,
        "management_groups": Names(
            "a management group", MANAGEMENT_GROUP, description="Management groups, by name."
        ),
        "subscriptions": Names("a subscription", SUBSCRIPTION, description="Subscriptions, by name."),
        "vnets": Names(
            "a VNet", VNET, description="VNets outside any subscription, for a spec without subscriptions."
        ),
        "services": SERVICES,
        "groups": Names(
            "a group", GROUP, bare=False, description="Frames round things that belong together."
        ),
        "virtual_wans": Names("a Virtual WAN", VIRTUAL_WAN, description="Virtual WANs with their hubs."),
        "nsgs": Names("an NSG", NSG, description="Network security groups."),
        "asgs": Names("an ASG", ASG, description="Application security groups."),
        "route_tables": Names("a route table", ROUTE_TABLE, description="Route tables."),
        "firewall_policies": Names(
            "a firewall policy", FIREWALL_POLICY, description="Azure Firewall policies."
        ),
        "ip_groups": Names(
            "an IP group", IP_GROUP, bare=False, description="IP groups of firewall policies."
        ),
        "waf_policies": Names(
            "a WAF policy", WAF_POLICY, description="Policies of web application firewalls."
        ),
        "ddos_plans": Names("a DDoS plan", DDOS_PLAN, description="DDoS protection plans."),
        "nat_gateways": Names("a NAT gateway", NAT_GATEWAY, description="NAT gateways."),
        "public_ips": Names("a public IP", PUBLIC_IP, description="Public IP addresses."),
        "private_dns_zones": Names(
            "a private DNS zone", DNS_ZONE, description="Private DNS zones and the VNets that see them."
        ),
        "public_ip_prefixes": Names(
            "a public IP prefix", PUBLIC_IP_PREFIX, description="Ranges of public IP addresses."
        ),
        "service_endpoint_policies": Names(
            "a service endpoint policy",
            SERVICE_ENDPOINT_POLICY,
            bare=False,
            description="What may be reached over service endpoints.",
        ),
        "circuits": Names("a circuit", CIRCUIT, description="ExpressRoute circuits."),
        "local_networks": Names(
            "a local network",
            LOCAL_NETWORK,
            description="Networks on premises as VPN gateways know them (local network gateways).",
        ),
        "vpn_sites": Names(
            "a VPN site", VPN_SITE, description="Networks on premises as a Virtual WAN knows them."
        ),
        "azure_resources": Names(
            "a resource of Azure",
            AZURE_RESOURCE,
            bare=False,
            description="Any other resource of Azure, by name.",
        ),
        "network_manager": NETWORK_MANAGER,
        "peerings": Many(PEERING, description="VNet peerings."),
        "connections": Many(CONNECTION, description="Connections with sites on premises."),
        "on_premises": Names("a site", SITE, description="Sites on premises, by name."),
        "internet": INTERNET,
        "users": Names("users", USERS, description="Users outside, by name."),
        "flows": Many(FLOW, description="Traffic that is meant to pass, drawn as green arrows."),
        "boundaries": Many(BOUNDARY, description="Declared boundaries, drawn as red grammar."),
        "accepted": Many(
            ACCEPTANCE,
            description="Findings and boundaries that are accepted, each with a reason and an end.",
        ),
        "views": Names("a view", VIEW, description="Drawings of parts of this spec, by name."),
        "notes": Many(NOTE_ENTRY, lone=True, description="Remarks."),
        "layout": LAYOUT,
    },
    title="spec",
    may_extend=True,
    description="An Azure network and its segmentation, for diagramgen.",
)


def looks_like_spec(value: Any) -> bool:
    """Whether a loaded YAML value has at least one key of a spec."""
    return isinstance(value, dict) and any(key in SPEC.fields for key in value)
