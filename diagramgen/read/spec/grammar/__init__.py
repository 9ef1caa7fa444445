"""The grammars of the short lines: text -> what it says, each part with its place in the text.

    rule       100 allow inbound tcp/443 from Web subnet, 10.1.0.0/24 to ASG-app
    route      0.0.0.0/0 -> Azure Firewall
    filter     https/443 from 10.0.0.0/8 to www.contoso.com, *.ubuntu.com
    pair       Hub VNet <-> Spoke VNet      Front end -> App tier [tcp/8443]      Site -> Gateway via vpn
    boundary   App tier | Data tier by NSG-data
    resource   vm x3 each

Names are not looked up here: they stay pieces of text, because what they mean depends on the rest of the
file. A name that contains a separator of its line (` from `, ` to `, `,`, ` -> `) needs the full form of the
entry instead.
"""

from diagramgen.read.spec.grammar.entry import (
    ForwardingLine,
    ListeningLine,
    RestrictionLine,
    parse_forwarding,
    parse_listening,
    parse_restriction,
)
from diagramgen.read.spec.grammar.pairs import (
    CONNECTION_TYPES,
    BoundaryLine,
    parse_boundary,
    parse_connection,
    parse_flow,
    parse_peering,
)
from diagramgen.read.spec.grammar.pieces import PairLine, Piece
from diagramgen.read.spec.grammar.resources import (
    MOST_OF_A_KIND,
    ON_PREMISES_WORDS,
    ResourceLine,
    parse_on_premises_resource,
    parse_resource,
)
from diagramgen.read.spec.grammar.rules import (
    APPLICATION_PROTOCOLS,
    FILTER_PROTOCOLS,
    RULE_PROTOCOLS,
    RULE_SHAPE,
    FilterLine,
    RouteLine,
    RuleLine,
    parse_admin_rule,
    parse_filter,
    parse_route,
    parse_rule,
)
from diagramgen.read.spec.grammar.words import (
    Network,
    parse_address,
    parse_cidr,
    parse_date,
    parse_ports,
    parse_range,
    parse_reason,
    parse_rule_id,
)

__all__ = [
    "APPLICATION_PROTOCOLS",
    "CONNECTION_TYPES",
    "FILTER_PROTOCOLS",
    "MOST_OF_A_KIND",
    "ON_PREMISES_WORDS",
    "RULE_PROTOCOLS",
    "RULE_SHAPE",
    "BoundaryLine",
    "FilterLine",
    "ForwardingLine",
    "ListeningLine",
    "Network",
    "PairLine",
    "Piece",
    "ResourceLine",
    "RestrictionLine",
    "RouteLine",
    "RuleLine",
    "parse_address",
    "parse_admin_rule",
    "parse_boundary",
    "parse_cidr",
    "parse_connection",
    "parse_date",
    "parse_filter",
    "parse_flow",
    "parse_forwarding",
    "parse_listening",
    "parse_on_premises_resource",
    "parse_peering",
    "parse_ports",
    "parse_range",
    "parse_reason",
    "parse_resource",
    "parse_restriction",
    "parse_route",
    "parse_rule",
    "parse_rule_id",
]
