"""The network manager and Virtual WANs."""

from __future__ import annotations

from diagramgen.read.spec.language.security import ADMIN_RULE_LINE, ROUTE_LINE, rule_form, rules
from diagramgen.read.spec.language.words import ADDRESS, CIDR, LABEL, NOTE, PLAIN, ref, some, text
from diagramgen.read.spec.shapes import Either, Flag, Form, Names, Whole, Word

NETWORK_GROUP = Form(
    "a network group",
    {"members": some(ref("a VNet"), "The VNets in it; globs such as `Spoke *` too."), **PLAIN},
    title="network_group",
)
_DEPLOYED = Flag("Whether it is deployed; one that is not has no effect. `true` unless said.")
CONNECTIVITY = Form(
    "a connectivity configuration",
    {
        "topology": Word(("mesh", "hub_and_spoke")),
        "hub": ref("a VNet", "The hub of `hub_and_spoke`."),
        "groups": some(ref("a network group")),
        "direct": Flag("Whether the spokes are connected with each other too."),
        "use_hub_gateway": Flag("Whether the spokes use the hub's gateway."),
        "deployed": _DEPLOYED,
        **PLAIN,
    },
    required=("topology",),
    title="connectivity",
)
SECURITY_ADMIN = Form(
    "a security admin configuration",
    {
        "groups": some(ref("a network group")),
        "rules": rules(ADMIN_RULE_LINE, rule_form(("allow", "always_allow", "deny"), 1)),
        "deployed": _DEPLOYED,
        **PLAIN,
    },
    title="security_admin",
)
NETWORK_MANAGER = Form(
    "the network manager",
    {
        "name": text("a name"),
        "scope": some(
            ref("a subscription or management group"),
            "The subscriptions and management groups that it manages.",
        ),
        "groups": Names("a network group", NETWORK_GROUP, description="Network groups, by name."),
        "connectivity": Names("a connectivity configuration", CONNECTIVITY, bare=False),
        "security_admin": Names("a security admin configuration", SECURITY_ADMIN, bare=False),
        **PLAIN,
    },
    title="network_manager",
)

_IN_HUB = Form(
    "a gateway",
    {
        "label": LABEL,
        "note": NOTE,
        "sku": text("a SKU"),
        "asn": Whole(1, 4294967295, "The BGP autonomous system number."),
    },
    title="hub_gateway",
)
_HUB_FIREWALL = Form(
    "a hub's firewall",
    {"policy": ref("a firewall policy"), "sku": text("a SKU"), "ip": ADDRESS, **PLAIN},
    title="hub_firewall",
)
HUB_CONNECTION = Form(
    "a hub connection",
    {
        "route_table": ref(
            "one of the hub's route tables",
            "The hub's route table that decides where the VNet's traffic goes.",
        ),
        "propagate_to": some(
            ref("one of the hub's route tables"), "The hub's route tables that learn the VNet's prefixes."
        ),
        "labels": some(text("a label"), "Labels of route tables that learn the VNet's prefixes."),
        "static_routes": some(ROUTE_LINE),
        "internet_security": Flag("Whether the VNet's Internet traffic goes through the hub."),
        "label": LABEL,
    },
    title="hub_connection",
)
HUB = Form(
    "a virtual hub",
    {
        "subscription": ref("a subscription", "The subscription that it belongs to."),
        "address": CIDR,
        "region": text("a region"),
        "firewall": Either(
            (Flag(), ref("a firewall policy"), _HUB_FIREWALL),
            "`true`, the name of a firewall policy, or a mapping.",
        ),
        "vpn_gateway": Either((Flag(), _IN_HUB)),
        "expressroute_gateway": Either((Flag(), _IN_HUB)),
        "p2s_gateway": Either((Flag(), _IN_HUB), "The gateway for users."),
        "nva": Either((Flag(), _IN_HUB)),
        "routing_intent": some(
            Word(("internet", "private")), "Which traffic goes through the hub's firewall."
        ),
        "route_tables": Names(
            "a hub route table",
            Form(
                "a hub route table",
                {"labels": some(text("a label")), "routes": some(ROUTE_LINE), **PLAIN},
                title="hub_route_table",
            ),
        ),
        "connections": Names("a VNet", HUB_CONNECTION, description="The VNets connected to the hub."),
        **PLAIN,
    },
    title="virtual_hub",
)
VIRTUAL_WAN = Form(
    "a Virtual WAN",
    {
        "type": Word(("standard", "basic")),
        "hubs": Names("a virtual hub", HUB, description="Virtual hubs, by name."),
        **PLAIN,
    },
    title="virtual_wan",
)
