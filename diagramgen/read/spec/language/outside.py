"""Links, sites, the Internet, users, groups, flows and declared boundaries."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.resources import RESOURCE_PATTERN
from diagramgen.read.spec.language.words import (
    AZURE,
    CIDR,
    CIDRS,
    LABEL,
    LEVELS,
    NOTE,
    PART,
    PLAIN,
    SHARED,
    STATUSES,
    flag,
    ref,
    some,
    text,
    word,
)
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole, Word

_PAIR = r"^.*\S.*<?->.*\S.*$"
_STATES = ("connected", "initiated", "disconnected", "unknown")
HALF: Shape = Either(
    (
        Word(("absent",)),
        Form(
            "one half of a peering",
            {
                "state": word(*_STATES),
                "sync": word(
                    "in_sync",
                    "local_not_in_sync",
                    "remote_not_in_sync",
                    "not_in_sync",
                    "unknown",
                    description="Whether the address spaces of both VNets are as the peering knows them.",
                ),
                "access": flag("Whether this VNet lets the other reach it."),
                "forwarded_traffic": flag("Whether it takes traffic from elsewhere."),
                "gateway_transit": flag("Whether it lends its gateway."),
                "remote_gateway": flag("Whether it uses the gateway of the other."),
                "remote_address": some(CIDR, "The networks of the other that it has routes to."),
                "subnets": some(text("the name of a subnet"), "Its subnets that are peered, if not all."),
                "remote_subnets": some(text("the name of a subnet"), "The other's subnets that are peered."),
                "complete": flag("`false`: only subnets are peered, not the whole VNets."),
                **PART,
            },
            title="peering_half",
        ),
    ),
    "What differs for this half, or `absent`.",
)
PEERING: Shape = Either(
    (
        Text("a peering such as `Hub <-> Spoke`", grammar.parse_peering, _PAIR, ("Hub VNet <-> Spoke VNet",)),
        Form(
            "a peering",
            {
                "between": Many(ref("a VNet"), description="The two VNets."),
                **PLAIN,
                "state": word(*_STATES, description="`connected` if not given."),
                "gateway_transit": ref("a VNet", "The one of the two whose gateway the other uses."),
                "forwarded_traffic": flag("Whether traffic from elsewhere may pass."),
                "access": flag("Whether the two reach each other; `true` if not given."),
                "through": some(ref("a subnet"), "The subnets at which the line ends, one of each VNet."),
                "subnets": some(ref("a subnet"), "The subnets that are peered, if not all of both VNets."),
                "a": HALF,
                "b": HALF,
                "azure": AZURE,
            },
            required=("between",),
            title="peering",
        ),
    ),
    "A peering: `A <-> B`, or in full.",
)

CONNECTION: Shape = Either(
    (
        Text(
            "a connection such as `Office -> VPN gateway via vpn`",
            grammar.parse_connection,
            _PAIR,
            ("Office -> VPN gateway via vpn",),
        ),
        Form(
            "a connection",
            {
                "from": ref("a site, a local network, a VPN site, a circuit or a gateway"),
                "to": ref("a gateway, a VNet, a virtual hub, or `azure`"),
                "type": Word(grammar.CONNECTION_TYPES),
                "circuit": ref("a circuit", "The ExpressRoute circuit that it runs over."),
                "label": LABEL,
                "note": NOTE,
                "tunnels": some(text("a text"), "What runs in it, listed beside it."),
                "status": word("connected", "connecting", "disconnected", "unknown"),
                "bgp": flag("Whether routes are learnt over it."),
                "route_table": ref(
                    "one of the hub's route tables", "Of a virtual hub: the table that decides for it."
                ),
                "propagate_to": some(
                    ref("one of the hub's route tables"), "The hub's route tables that learn its routes."
                ),
                "labels": some(text("a label"), "Labels of route tables that learn its routes."),
                **{k: v for k, v in SHARED.items() if k not in PLAIN and k != "outside"},
            },
            required=("from", "to"),
            title="connection",
        ),
    ),
    "`SITE -> GATEWAY via vpn`, or in full.",
)

FLOW: Shape = Either(
    (
        Text(
            "a flow such as `Web -> Data [tcp/1433]`",
            grammar.parse_flow,
            _PAIR,
            ("Web subnet -> Data subnet [tcp/1433]",),
        ),
        Form(
            "a flow",
            {
                "from": ref("anything drawn"),
                "to": ref("anything drawn"),
                "ports": text("ports such as `tcp/443`"),
                "both": Flag("Whether it runs both ways."),
                "label": LABEL,
            },
            required=("from", "to"),
            title="flow",
        ),
    ),
    "`A -> B [tcp/443]`, or in full.",
)

BOUNDARY: Shape = Either(
    (
        Text(
            "a boundary such as `Web | Data by NSG-data`",
            grammar.parse_boundary,
            r"^.*\S.*\|.*\S.*$",
            ("App subnet | Data subnet by NSG-data",),
        ),
        Form(
            "a boundary",
            {
                "between": Many(ref("anything drawn, `internet` or `azure`"), description="The two sides."),
                "level": Word(LEVELS, "Inferred from the two sides if not given."),
                "status": Word(STATUSES, "`enforced` with `by`, else `no-path`, if not given."),
                "by": some(text("a control"), "What enforces it: an NSG, a firewall ..."),
                "note": NOTE,
            },
            required=("between",),
            title="boundary",
        ),
    ),
    "A declared boundary: `A | B by CONTROL`, or in full.",
)

SITE = Form(
    "a site",
    {
        "address": CIDRS,
        "users": some(text("a kind of user"), "Who works there."),
        "stands_for": some(
            ref("a local network, VPN site or circuit"),
            "What Azure knows of this site: its connections end here.",
        ),
        "resources": Either(
            (
                Names(
                    "a resource",
                    Either(
                        (
                            Text(
                                "a type such as `datacenter`",
                                grammar.parse_on_premises_resource,
                                RESOURCE_PATTERN,
                                words=grammar.ON_PREMISES_WORDS,
                            ),
                            Form(
                                "a resource on premises",
                                {
                                    "type": Text(
                                        "a type such as `datacenter`",
                                        grammar.parse_on_premises_resource,
                                        RESOURCE_PATTERN,
                                        words=grammar.ON_PREMISES_WORDS,
                                    ),
                                    "count": Whole(1, grammar.MOST_OF_A_KIND),
                                    "icon": text("an icon"),
                                    "label": LABEL,
                                    "note": NOTE,
                                },
                                title="on_premises_resource",
                            ),
                        )
                    ),
                    bare=False,
                ),
                Many(
                    Text("a type such as `datacenter`", grammar.parse_on_premises_resource, RESOURCE_PATTERN)
                ),
            ),
            "What stands there.",
        ),
        **PLAIN,
    },
    title="site",
)

TRAFFIC = Form(
    "a stream of traffic",
    {
        "to": ref("where it goes"),
        "label": LABEL,
        "direction": Word(("in", "out", "both"), "`in` if not given."),
        "views": some(ref("a view"), "The views that show it; all if not given."),
    },
    required=("to",),
    title="traffic",
)
INTERNET: Shape = Either(
    (
        Flag(),
        Form(
            "the Internet",
            {"label": LABEL, "note": NOTE, "traffic": some(TRAFFIC, "What comes in and goes out.")},
            title="internet",
        ),
    )
)
USERS = Form(
    "users",
    {"to": some(ref("where they go")), "count": Whole(1, grammar.MOST_OF_A_KIND), **PLAIN},
    title="users",
)
GROUP = Form("a group", {"members": some(ref("anything drawn")), **PLAIN}, title="group")
