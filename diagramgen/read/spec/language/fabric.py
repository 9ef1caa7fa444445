"""The network manager and Virtual WANs."""

from __future__ import annotations

from diagramgen.read.spec.language.security import (
    ADMIN_RULE_LINE,
    HUB_ROUTE,
    ROUTE_LINE,
    lines,
    rule_form,
    rules,
)
from diagramgen.read.spec.language.words import (
    ADDRESS,
    CIDR,
    PART,
    PLAIN,
    SHARED,
    SKU,
    THING,
    flag,
    ref,
    some,
    text,
    whole,
    word,
)
from diagramgen.read.spec.shapes import Either, Flag, Form, Names, Word

NETWORK_GROUP = Form(
    "a network group",
    {
        "members": some(ref("a VNet"), "The VNets in it; globs such as `Spoke *` too."),
        **PLAIN,
        **PART,
    },
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
        "use_hub_gateway": flag("Whether the spokes use the hub's gateway."),
        "across_regions": flag("Whether a mesh joins VNets of several regions (global mesh)."),
        "deployed": _DEPLOYED,
        **PLAIN,
        **PART,
    },
    required=("topology",),
    title="connectivity",
)
_RULED = {
    "groups": some(ref("a network group")),
    "rules": rules(ADMIN_RULE_LINE, rule_form(("allow", "always_allow", "deny"), 1)),
}
SECURITY_ADMIN = Form(
    "a security admin configuration",
    {
        **_RULED,
        "collections": Names(
            "a rule collection",
            Form("a rule collection", {**_RULED, **PLAIN, **PART}, title="admin_rule_collection"),
            bare=False,
            description="Rules for several sets of groups, by name.",
        ),
        "deployed": _DEPLOYED,
        **PLAIN,
        **PART,
    },
    title="security_admin",
)
NETWORK_MANAGER = Form(
    "the network manager",
    {
        "scope": some(
            ref("a subscription or management group"),
            "The subscriptions and management groups that it manages.",
        ),
        "groups": Names("a network group", NETWORK_GROUP, description="Network groups, by name."),
        "connectivity": Names("a connectivity configuration", CONNECTIVITY, bare=False),
        "security_admin": Names("a security admin configuration", SECURITY_ADMIN, bare=False),
        **SHARED,
        "name": text("a name"),
    },
    title="network_manager",
)

_IN_HUB = Form(
    "a gateway",
    {
        "sku": SKU,
        "asn": whole(1, 4294967295, "The BGP autonomous system number."),
        "address": some(CIDR, "The addresses that users get who dial in."),
        **THING,
    },
    title="hub_gateway",
)
_HUB_FIREWALL = Form(
    "a hub's firewall",
    {
        "policy": ref("a firewall policy"),
        "sku": SKU,
        "ip": ADDRESS,
        "public_ip": some(ADDRESS, "Its public addresses."),
        **THING,
    },
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
        "static_routes": lines(ROUTE_LINE, HUB_ROUTE, "a route", "Static routes"),
        "internet_security": flag("Whether the VNet's Internet traffic goes through the hub."),
        **PLAIN,
        **PART,
    },
    title="hub_connection",
)
HUB = Form(
    "a virtual hub",
    {
        "address": CIDR,
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
                {
                    "labels": some(text("a label")),
                    "routes": lines(ROUTE_LINE, HUB_ROUTE, "a route", "Routes"),
                    **PLAIN,
                    **PART,
                },
                title="hub_route_table",
            ),
        ),
        "connections": Names("a VNet", HUB_CONNECTION, description="The VNets connected to the hub."),
        "bgp_connections": Names(
            "a BGP connection",
            Form(
                "a BGP connection",
                {
                    "ip": ADDRESS,
                    "asn": whole(1, 4294967295, "The BGP autonomous system number."),
                    "vnet": ref("a VNet", "The VNet in which the other end stands."),
                    **PART,
                },
                title="bgp_connection",
            ),
            bare=False,
            description="Appliances with which the hub exchanges routes, by name.",
        ),
        "prefers": word(
            "expressroute", "vpn", "as_path", description="Which way the hub takes where it learns several."
        ),
        "sku": word("standard", "basic"),
        **SHARED,
    },
    title="virtual_hub",
)
VIRTUAL_WAN = Form(
    "a Virtual WAN",
    {
        "type": word("standard", "basic"),
        "branch_to_branch": flag("Whether branches reach each other through its hubs."),
        "hubs": Names("a virtual hub", HUB, description="Virtual hubs, by name."),
        **SHARED,
    },
    title="virtual_wan",
)
