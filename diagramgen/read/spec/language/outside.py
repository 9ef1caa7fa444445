"""Links, sites, the Internet, users, groups, flows and declared boundaries."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.network import RESOURCE_PATTERN
from diagramgen.read.spec.language.words import CIDRS, LABEL, LEVELS, NOTE, PLAIN, STATUSES, ref, some, text
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole, Word

_PAIR = r"^.*\S.*<?->.*\S.*$"
PEERING: Shape = Either(
    (
        Text("a peering such as `Hub <-> Spoke`", grammar.parse_peering, _PAIR, ("Hub VNet <-> Spoke VNet",)),
        Form(
            "a peering",
            {
                "between": Many(ref("a VNet"), description="The two VNets."),
                "label": LABEL,
                "note": NOTE,
                "state": Word(("connected", "initiated", "disconnected"), "`connected` if not given."),
                "gateway_transit": ref("a VNet", "The one of the two whose gateway the other uses."),
                "forwarded_traffic": Flag("Whether traffic from elsewhere may pass."),
                "access": Flag("Whether the two reach each other; `true` if not given."),
                "through": some(ref("a subnet"), "The subnets at which the line ends, one of each VNet."),
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
                "from": ref("a site"),
                "to": ref("a gateway, a VNet, a virtual hub, or `azure`"),
                "type": Word(grammar.CONNECTION_TYPES),
                "circuit": ref("a circuit", "The ExpressRoute circuit that it runs over."),
                "label": LABEL,
                "note": NOTE,
                "tunnels": some(text("a text"), "What runs in it, listed beside it."),
                "status": Word(("connected", "connecting", "disconnected")),
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
