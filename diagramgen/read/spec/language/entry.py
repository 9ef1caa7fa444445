"""Where traffic enters: frontends, pools and rules of load balancers and application gateways."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.security import lines
from diagramgen.read.spec.language.words import ADDRESS, INNER, flag, ref, some, text, whole, word
from diagramgen.read.spec.shapes import Either, Form, Names, Shape, Text

FRONTEND = Names(
    "a frontend",
    Form(
        "a frontend",
        {
            "ip": ADDRESS,
            "subnet": ref("a subnet", "The subnet of a private frontend, if not that of the balancer."),
            "public_ip": ref("a public IP", "The public IP; a frontend without one is private."),
            "public_ip_prefix": ref("a public IP prefix"),
            **INNER,
        },
        title="frontend",
    ),
    bare=False,
    description="Its frontends, by name, where one is not enough.",
)
MEMBERS = some(
    text("a name, an address or a host name"),
    "Names of machines, scale sets, NICs or services, addresses, host names.",
)
BALANCER_POOL = Names(
    "a pool",
    Either(
        (MEMBERS, Form("a pool", {"members": MEMBERS, **INNER}, title="pool")), "Its members, or in full."
    ),
    bare=False,
    description="Backend pools, by name, where one is not enough.",
)
_PORT = text("a port or a range such as `443` or `50000-50099`")
BALANCER_RULE_LINE = Text(
    "a rule such as `tcp/443 -> web:8443`",
    grammar.parse_forwarding,
    r"^.*->.*$",
    ("tcp/443 -> web:8443", "tcp/443 at public -> web", "any -> appliances"),
    description="PROTOCOL[/PORT] [at FRONTEND] -> POOL[:PORT]",
)
_BALANCER_RULE = Form(
    "a rule",
    {
        "protocol": word("any", "tcp", "udp", description="`any` with all ports: an HA ports rule."),
        "port": _PORT,
        "frontend": text("the name of a frontend"),
        "pool": text("the name of a pool"),
        "backend_port": _PORT,
        "outbound_snat": flag("Whether the pool's machines reach the Internet through this frontend."),
        **INNER,
    },
    title="balancer_rule",
)
BALANCER_RULES: Shape = lines(BALANCER_RULE_LINE, _BALANCER_RULE)
INBOUND_NAT: Shape = lines(
    Text(
        "a rule such as `tcp/50001 -> VM:22`",
        grammar.parse_forwarding,
        r"^.*->.*$",
        ("tcp/50001 -> VM:22", "tcp/50000-50099 at public -> web:22"),
        description="PROTOCOL/PORT [at FRONTEND] -> MACHINE or POOL[:PORT]",
    ),
    Form(
        "an inbound NAT rule",
        {
            "protocol": word("any", "tcp", "udp"),
            "port": _PORT,
            "frontend": text("the name of a frontend"),
            "to": text("the name of a machine or of a pool"),
            "backend_port": _PORT,
            **INNER,
        },
        title="inbound_nat_rule",
    ),
    "an inbound NAT rule",
    "Inbound NAT rules",
)
OUTBOUND = Names(
    "an outbound rule",
    Form(
        "an outbound rule",
        {
            "pool": text("the name of a pool"),
            "frontend": some(text("the name of a frontend")),
            "protocol": word("any", "tcp", "udp"),
            **INNER,
        },
        title="outbound_rule",
    ),
    bare=False,
    description="Outbound rules, by name: pools that reach the Internet through a frontend.",
)
LISTENER = Names(
    "a listener",
    Form(
        "a listener",
        {
            "frontend": text("the name of a frontend"),
            "port": whole(1, 65535, "`443`, or `80` for http, if not given."),
            "protocol": word("http", "https", "tcp", "tls", description="`https` if not given."),
            "hosts": some(text("a host name"), "The host names that it answers to; all if not given."),
            "waf": ref("a WAF policy", "The WAF policy of this listener alone."),
            **INNER,
        },
        title="listener",
    ),
    bare=False,
    description="Where it listens, by name.",
)
_GATEWAY_PATH = Form(
    "a path",
    {
        "paths": some(text("a path such as `/images/*`")),
        "pool": text("the name of a pool"),
        "backend_port": whole(1, 65535),
        "backend_protocol": word("http", "https"),
        "waf": ref("a WAF policy", "The WAF policy of this path alone."),
        **INNER,
    },
    title="gateway_path",
)
GATEWAY_RULE: Shape = lines(
    Text(
        "a rule such as `public-https -> web:8080`",
        grammar.parse_listening,
        r"^.*->.*$",
        ("public-https -> web:8080", "public-http -> web"),
        description="LISTENER -> POOL[:PORT]",
    ),
    Form(
        "a rule",
        {
            "listener": text("the name of a listener"),
            "pool": text("the name of a pool"),
            "backend_port": whole(1, 65535, "Where the gateway calls the pool."),
            "backend_protocol": word("http", "https", "tcp", "tls"),
            "priority": whole(1, 20000, "The lowest number is asked first."),
            "paths": Names(
                "a path", _GATEWAY_PATH, bare=False, description="Pools of single paths, by name."
            ),
            **INNER,
        },
        title="gateway_rule",
    ),
)
