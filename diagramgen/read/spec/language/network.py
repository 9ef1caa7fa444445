"""The tree: management groups, subscriptions, VNets and subnets; and resources of any type."""

from __future__ import annotations

from diagramgen.read.spec.language.resources import resources
from diagramgen.read.spec.language.words import (
    ADDRESS,
    AZURE,
    CIDRS,
    MORE,
    SHARED,
    SKU,
    THING,
    flag,
    ref,
    some,
    text,
)
from diagramgen.read.spec.shapes import Either, Form, Names, Word

_ENDPOINT = Form(
    "a service endpoint",
    {
        "service": text("a service such as `Microsoft.Storage`"),
        "locations": some(text("a region"), "The regions for which it holds; all if not given."),
    },
    required=("service",),
    title="service_endpoint",
)
SUBNET = Form(
    "a subnet",
    {
        "address": CIDRS,
        **{k: v for k, v in THING.items() if k not in ("region", "resource_group", "tags")},
        "nsg": ref("an NSG", "One of `nsgs`."),
        "route_table": ref("a route table", "One of `route_tables`."),
        "nat_gateway": ref("a NAT gateway", "One of `nat_gateways`."),
        "service_endpoints": some(
            Either((text("a service such as `Microsoft.Storage`"), _ENDPOINT)),
            "Services with an endpoint for this subnet.",
        ),
        "service_endpoint_policies": some(
            ref("a service endpoint policy"), "What may be reached over the service endpoints."
        ),
        "delegation": some(
            text("a service such as `Microsoft.Web/serverFarms`"),
            "The service that the subnet is delegated to.",
        ),
        "default_outbound": flag(
            "Whether machines reach the Internet without being told how; `false` makes the subnet private."
        ),
        "private_endpoint_policies": Either(
            (flag(), Word(("nsg", "routes"))),
            "Whether NSG and routes hold for private endpoints too; or only one of the two.",
        ),
        "resources": resources("What stands in the subnet, by name."),
    },
    title="subnet",
)

VNET = Form(
    "a VNet",
    {
        "address": CIDRS,
        **THING,
        "region": text("a region", "VNets of one region are drawn together.", "West Europe"),
        "style": Word(
            ("workload", "standalone", "member"),
            "The colour of its frame: the workload in question, one alone, or one of many.",
        ),
        "ddos_plan": ref("a DDoS plan", "One of `ddos_plans`."),
        "dns_servers": some(ADDRESS, "Custom DNS servers, the first first."),
        "subnets": Names("a subnet", SUBNET, description="The subnets, by name."),
        "more": MORE,
    },
    title="vnet",
)
VNETS = Names("a VNet", VNET, description="The VNets, by name.")
SERVICES = resources("PaaS and global services outside VNets: storage, key vaults, Front Door ...")

SUBSCRIPTION = Form(
    "a subscription",
    {
        **{k: v for k, v in THING.items() if k != "region"},
        "id": text("a GUID", "The subscription's id."),
        "resource_group": text(
            "a resource group", "The resource group of everything in it that does not say another."
        ),
        "management_group": ref("a management group", "One of `management_groups`."),
        "vnets": VNETS,
        "services": SERVICES,
    },
    title="subscription",
)
MANAGEMENT_GROUP = Form(
    "a management group",
    {
        "parent": ref("a management group", "The management group above it."),
        **{k: v for k, v in THING.items() if k not in ("region", "resource_group")},
    },
    title="management_group",
)
AZURE_RESOURCE = Form(
    "a resource of Azure",
    {
        **SHARED,
        "type": text("a type such as `Microsoft.Network/ipAllocations`", "Its type, as Azure writes it."),
        "in": ref("what it belongs to", "What it is a child of, or stands in: anything of the spec."),
        "kind": text("a kind"),
        "sku": SKU,
        "zones": some(text("a zone")),
        "properties": AZURE,
    },
    required=("type",),
    title="azure_resource",
)
