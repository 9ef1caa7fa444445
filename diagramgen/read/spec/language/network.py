"""The tree: management groups, subscriptions, VNets, subnets, resources and services."""

from __future__ import annotations

from diagramgen.model.kinds import KINDS
from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.words import ADDRESS, CIDR, CIDRS, LABEL, NOTE, ref, some, text
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole, Word

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

BELONGS: dict[str, frozenset[str]] = {
    "asg": _MACHINES | {"private_endpoint"},
    "nsg": _MACHINES,
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
    "waf": frozenset({"application_gateway", "front_door", "front_door_classic"}),
    "backends": frozenset({"application_gateway", "load_balancer"}),
    "internal": frozenset({"load_balancer"}),
    "to": frozenset({"private_endpoint"}),
    "group": frozenset({"private_endpoint"}),
    "dns_zone": frozenset({"private_endpoint"}),
    "load_balancer": frozenset({"private_link_service"}),
    "asn": _GATEWAYS | {"route_server"},
    "active_active": _GATEWAYS,
    "branch_to_branch": frozenset({"route_server"}),
    "origins": frozenset({"front_door", "front_door_classic", "traffic_manager"}),
    "public_access": _SERVICES,
    "allowed_subnets": _SERVICES,
    "allowed_addresses": _SERVICES,
    "integration": frozenset({"app_service", "function_app", "api_management"}),
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
    "label": LABEL,
    "note": NOTE,
    "icon": text(
        "an icon such as `compute/vm`",
        "An icon of the `diagrams` package, `folder/name`, for `type: other`.",
        "general/heart",
    ),
    "region": text("a region", "Where it runs, if not in its VNet's region."),
    "zones": some(text("a zone"), "The availability zones."),
    "sku": text("a SKU", "The tier that is bought, such as `Standard` or `VpnGw2AZ`."),
    "ip": ADDRESS,
    "public_ip": Either(
        (Flag(), some(ref("a public IP"))),
        "`true` for a public IP of its own, or the names of such under `public_ips`.",
    ),
    "asg": some(ref("an ASG"), "The application security groups that its NIC is in."),
    "nsg": ref("an NSG", "The NSG of its NIC (that of the subnet stands at the subnet)."),
    "policy": ref("a firewall policy", "A firewall's policy, one of `firewall_policies`."),
    "waf": Either((Flag(), ref("a WAF policy")), "`true`, or one of `waf_policies`."),
    "backends": some(
        text("a name, an address or a host name"),
        "What it passes traffic to: names of machines, scale sets or services, addresses, host names.",
    ),
    "internal": Flag("A load balancer with a private address alone."),
    "to": ref("a service", "The service that a private endpoint leads to, or a Private Link service."),
    "group": text(
        "a sub-resource such as `blob`",
        "The part of the service that a private endpoint leads to.",
        "blob",
        "vault",
        "sqlServer",
    ),
    "dns_zone": ref("a private DNS zone", "The zone that holds the private endpoint's name."),
    "load_balancer": ref("a load balancer", "The load balancer behind a Private Link service."),
    "asn": Whole(1, 4294967295, "The BGP autonomous system number."),
    "active_active": Flag("A gateway with both instances active."),
    "branch_to_branch": Flag("Whether a Route Server passes routes from branch to branch."),
    "origins": some(Either((ref("an origin"), _ORIGIN)), "What a Front Door passes traffic to."),
    "public_access": Flag("Whether the service answers on its public address."),
    "allowed_subnets": some(ref("a subnet"), "Subnets that its firewall lets in, by service endpoint."),
    "allowed_addresses": some(CIDR, "Public addresses that its firewall lets in."),
    "integration": ref("a subnet", "The subnet through which an app reaches the VNet (VNet integration)."),
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


SUBNET = Form(
    "a subnet",
    {
        "address": CIDRS,
        "label": LABEL,
        "note": NOTE,
        "nsg": ref("an NSG", "One of `nsgs`."),
        "route_table": ref("a route table", "One of `route_tables`."),
        "nat_gateway": ref("a NAT gateway", "One of `nat_gateways`."),
        "service_endpoints": some(
            text("a service such as `Microsoft.Storage`"), "Services with an endpoint for this subnet."
        ),
        "delegation": some(
            text("a service such as `Microsoft.Web/serverFarms`"),
            "The service that the subnet is delegated to.",
        ),
        "default_outbound": Flag(
            "Whether machines reach the Internet without being told how; `false` makes the subnet private."
        ),
        "private_endpoint_policies": Flag("Whether NSG and routes hold for private endpoints too."),
        "resources": resources("What stands in the subnet, by name."),
    },
    title="subnet",
)

VNET = Form(
    "a VNet",
    {
        "address": CIDRS,
        "region": text("a region", "VNets of one region are drawn together.", "West Europe"),
        "label": LABEL,
        "note": NOTE,
        "style": Word(
            ("workload", "standalone", "member"),
            "The colour of its frame: the workload in question, one alone, or one of many.",
        ),
        "ddos_plan": ref("a DDoS plan", "One of `ddos_plans`."),
        "dns_servers": some(ADDRESS, "Custom DNS servers, the first first."),
        "subnets": Names("a subnet", SUBNET, description="The subnets, by name."),
    },
    title="vnet",
)
VNETS = Names("a VNet", VNET, description="The VNets, by name.")
SERVICES = resources("PaaS and global services outside VNets: storage, key vaults, Front Door ...")

SUBSCRIPTION = Form(
    "a subscription",
    {
        "id": text("a GUID", "The subscription's id."),
        "management_group": ref("a management group", "One of `management_groups`."),
        "label": LABEL,
        "note": NOTE,
        "vnets": VNETS,
        "services": SERVICES,
    },
    title="subscription",
)
MANAGEMENT_GROUP = Form(
    "a management group",
    {
        "parent": ref("a management group", "The management group above it."),
        "label": LABEL,
        "note": NOTE,
    },
    title="management_group",
)
