"""Resources of subnets, and services outside VNets: what each type takes."""

from __future__ import annotations

from diagramgen.model.kinds import KINDS
from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.entry import (
    BALANCER_POOL,
    BALANCER_RULES,
    FRONTEND,
    GATEWAY_RULE,
    INBOUND_NAT,
    LISTENER,
    OUTBOUND,
)
from diagramgen.read.spec.language.machines import ASGS, FORWARDING, NIC, PUBLIC_IPS
from diagramgen.read.spec.language.policies import RULE_COLLECTIONS, THREAT_INTELLIGENCE
from diagramgen.read.spec.language.security import lines
from diagramgen.read.spec.language.words import (
    ADDRESS,
    AZURE,
    CIDR,
    INNER,
    SKU,
    THING,
    flag,
    ref,
    some,
    text,
    whole,
    word,
)
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole

_ELSEWHERE = {"virtual_wan", "private_dns_zone"}
"""Services with a place of their own in a spec."""
RESOURCE_WORDS = tuple(
    sorted({k.word for k in KINDS.values() if k.home in ("subnet", "service")} - _ELSEWHERE | {"other"})
)
_MACHINES = frozenset({"vm", "vmss", "nva", "nic"})
_GATEWAYS = frozenset({"gateway", "vpn_gateway", "expressroute_gateway"})
_SERVICES = frozenset(k.word for k in KINDS.values() if k.home == "service") | {
    "aks",
    "container_apps",
    "sql_managed_instance",
}

_SITES = frozenset({"app_service", "function_app"})
_RULED = frozenset(
    {
        *("storage", "key_vault", "cognitive_services", "container_registry", "search", "event_grid"),
        *("machine_learning", "event_hub", "service_bus", "cosmos", "batch", "sql", "postgresql"),
        *("postgresql_single", "mysql", "mysql_single", "synapse", "redis"),
    }
)
"""Services with a firewall of their own."""
_FRONTS = frozenset({"load_balancer", "application_gateway"})

BELONGS: dict[str, frozenset[str]] = {
    "asg": _MACHINES | {"private_endpoint"},
    "nsg": _MACHINES,
    "forwarding": _MACHINES,
    "nics": (_MACHINES - {"nic"}) | {"private_endpoint"},
    "ip_configurations": frozenset({"nic"}),
    "public_ip": _MACHINES
    | _GATEWAYS
    | {
        "firewall",
        "application_gateway",
        "load_balancer",
        "bastion",
        "route_server",
        "api_management",
        "aks",
        "container_group",
    },
    "ip": _MACHINES
    | {
        "firewall",
        "application_gateway",
        "load_balancer",
        "private_endpoint",
        "private_link_service",
        "dns_resolver",
        "sql_managed_instance",
        "container_group",
        "app_service_environment",
    },
    "policy": frozenset({"firewall"}),
    "management_ip": frozenset({"firewall"}),
    "rule_collections": frozenset({"firewall"}),
    "threat_intelligence": frozenset({"firewall"}),
    "waf": frozenset({"application_gateway", "front_door", "front_door_classic"}),
    "backends": _FRONTS,
    "frontends": _FRONTS,
    "pools": _FRONTS,
    "rules": frozenset({"load_balancer"}),
    "routing": frozenset({"application_gateway"}),
    "listeners": frozenset({"application_gateway"}),
    "inbound_nat": frozenset({"load_balancer"}),
    "outbound": frozenset({"load_balancer"}),
    "internal": frozenset({"load_balancer"}),
    "to": frozenset({"private_endpoint"}),
    "group": frozenset({"private_endpoint"}),
    "state": frozenset({"private_endpoint"}),
    "dns_zone": frozenset({"private_endpoint"}),
    "load_balancer": frozenset({"private_link_service"}),
    "asn": _GATEWAYS | {"route_server"},
    "active_active": _GATEWAYS,
    "p2s": _GATEWAYS,
    "default_site": _GATEWAYS,
    "branch_to_branch": frozenset({"route_server"}),
    "origins": frozenset({"front_door", "front_door_classic", "traffic_manager"}),
    "public_access": _SERVICES,
    "allowed_subnets": _SERVICES,
    "allowed_addresses": _SERVICES,
    "bypass": _RULED,
    "restrictions": _SITES,
    "integration": _SITES | {"api_management"},
    "private_cluster": frozenset({"aks"}),
}
"""Which types a key of a resource belongs to; keys that are not here belong to all."""

RESOURCE_PATTERN = r"^\s*\S.*$"
_ORIGIN = Form(
    "an origin",
    {
        "to": ref(
            "what stands behind: a service, an application gateway, a load balancer, a Private Link service"
        ),
        "host": text(
            "a host name", "The origin's host name, where it is not in the drawing.", "www.contoso.com"
        ),
        "private_link": Flag("Whether the way to it is a private link."),
    },
    title="origin",
)
P2S: Shape = Either(
    (
        some(CIDR),
        Form(
            "point-to-site",
            {
                "address": some(CIDR, "The addresses that users get."),
                "protocols": some(text("a protocol such as `OpenVPN`")),
                "azure": AZURE,
            },
            title="p2s",
        ),
    ),
    "The addresses that users get who dial in (point-to-site), or in full.",
)
RANGE = Text(
    "a network such as `203.0.113.0/24`, or `203.0.113.4-203.0.113.9`",
    grammar.parse_range,
    r"^\s*[0-9A-Fa-f:./ -]+\s*$",
    ("203.0.113.0/24", "203.0.113.4-203.0.113.9"),
    may_be_unknown=True,
)
RESTRICTION_LINE = Text(
    "a restriction such as `100 allow from 203.0.113.0/24`",
    grammar.parse_restriction,
    r"^\s*\S.*\s[Ff][Rr][Oo][Mm]\s+.*$",
    ("100 allow from 203.0.113.0/24", "200 allow from Web subnet", "2147483647 deny from any"),
    description="PRIORITY allow|deny from WHERE",
)
RESTRICTION = Form(
    "a restriction",
    {
        "priority": whole(1, 2147483647, "The lowest number is asked first."),
        "access": word("allow", "deny"),
        "source": some(text("a network, a service tag, a subnet, or `any`")),
        **INNER,
    },
    required=("priority", "access"),
    title="restriction",
)
_RESOURCE_FIELDS: dict[str, Shape] = {
    "type": Text(
        "a type such as `vm`",
        grammar.parse_resource,
        RESOURCE_PATTERN,
        words=RESOURCE_WORDS,
        description="What it is: `vm`, `firewall`, `storage` ...; `other` for anything else.",
    ),
    "count": Whole(1, grammar.MOST_OF_A_KIND, "How many equal ones there are."),
    "each": Flag("Draw every one of them, not one with their count."),
    **THING,
    "kind": text("a kind", "What kind of its type it is, such as `functionapp,linux`, as Azure writes it."),
    "icon": text(
        "an icon such as `compute/vm`",
        "An icon of the `diagrams` package, `folder/name`, for `type: other`.",
        "general/heart",
    ),
    "region": text("a region", "Where it runs, if not in its VNet's region."),
    "zones": some(text("a zone"), "The availability zones."),
    "sku": SKU,
    "ip": ADDRESS,
    "public_ip": PUBLIC_IPS,
    "asg": ASGS,
    "nsg": ref("an NSG", "The NSG of its NIC (that of the subnet stands at the subnet)."),
    "forwarding": FORWARDING,
    "nics": Names("a NIC", NIC, description="Its NICs, by name, where it has several or one in full."),
    "ip_configurations": NIC.fields["ip_configurations"],
    "management_ip": Either(
        (Flag(), ref("a public IP")),
        "The public IP for the firewall's own traffic, where all other traffic is sent elsewhere.",
    ),
    "rule_collections": RULE_COLLECTIONS,
    "threat_intelligence": THREAT_INTELLIGENCE,
    "policy": ref("a firewall policy", "A firewall's policy, one of `firewall_policies`."),
    "waf": Either((Flag(), ref("a WAF policy")), "`true`, or one of `waf_policies`."),
    "backends": some(
        text("a name, an address or a host name"),
        "What it passes traffic to: names of machines, scale sets or services, addresses, host names.",
    ),
    "frontends": FRONTEND,
    "pools": BALANCER_POOL,
    "listeners": LISTENER,
    "rules": BALANCER_RULES,
    "routing": GATEWAY_RULE,
    "inbound_nat": INBOUND_NAT,
    "outbound": OUTBOUND,
    "internal": Flag("A load balancer with a private address alone."),
    "to": ref("a service", "The service that a private endpoint leads to, or a Private Link service."),
    "group": text(
        "a sub-resource such as `blob`",
        "The part of the service that a private endpoint leads to.",
        "blob",
        "vault",
        "sqlServer",
    ),
    "state": word(
        "approved",
        "pending",
        "rejected",
        "disconnected",
        "unknown",
        description="Whether the private endpoint is let in; `approved` if not given.",
    ),
    "dns_zone": some(ref("a private DNS zone"), "The zones that hold the private endpoint's name."),
    "load_balancer": ref("a load balancer", "The load balancer behind a Private Link service."),
    "asn": whole(1, 4294967295, "The BGP autonomous system number."),
    "active_active": flag("A gateway with both instances active."),
    "p2s": P2S,
    "default_site": ref(
        "a local network", "Where a VPN gateway sends Internet traffic that is forced through the tunnel."
    ),
    "branch_to_branch": flag("Whether a Route Server passes routes from branch to branch."),
    "origins": some(Either((ref("an origin"), _ORIGIN)), "What a Front Door passes traffic to."),
    "public_access": flag("Whether the service answers on its public address."),
    "allowed_subnets": some(ref("a subnet"), "Subnets that its firewall lets in, by service endpoint."),
    "allowed_addresses": Either(
        (some(RANGE), Names("a rule", RANGE, bare=False)),
        "Public addresses that its firewall lets in: networks, or `FIRST-LAST`; a list, or by name.",
    ),
    "bypass": some(
        text("what passes its firewall, such as `AzureServices`"),
        "Services of Azure that pass its firewall, such as `AzureServices`; `None` for none.",
    ),
    "restrictions": lines(RESTRICTION_LINE, RESTRICTION, "a restriction", "Access restrictions"),
    "integration": ref("a subnet", "The subnet through which an app reaches the VNet (VNet integration)."),
    "private_cluster": flag("Whether the cluster's API server has a private address alone."),
}
RESOURCE_FORM = Form("a resource", _RESOURCE_FIELDS, title="resource", description="A resource in full.")
RESOURCE: Shape = Either(
    (
        Text(
            "a type such as `vm x3`",
            grammar.parse_resource,
            RESOURCE_PATTERN,
            ("vm", "vm x3", "vm x3 each", "firewall"),
            words=RESOURCE_WORDS,
            description="`TYPE [xN] [each]`",
        ),
        RESOURCE_FORM,
    )
)


def resources(description: str) -> Shape:
    """Resources by name, or a list of types that serve as names."""
    return Either(
        (
            Names("a resource", RESOURCE, bare=False),
            Many(
                Text("a type such as `vm x3`", grammar.parse_resource, RESOURCE_PATTERN, words=RESOURCE_WORDS)
            ),
        ),
        description,
    )
