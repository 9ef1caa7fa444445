"""The spec language, defined once: every key, what it takes, and what it is for.

From these definitions come the checks (`check`), the JSON Schema (`schema`) and the keys that docs/spec.md must
name (a test compares). What a definition cannot say (names that must exist, subnets that must not overlap) is
checked while lowering.
"""

from __future__ import annotations

from typing import Any

from diagramgen.model.kinds import KINDS
from diagramgen.read.spec import lines
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Names, Shape, Text, Whole, Word

LEVELS = ("subscription", "vnet", "subnet", "internet", "on-premises", "paas")
STATUSES = ("no-path", "enforced", "gap", "unknown")
FRAMES = ("azure", "management_group", "subscription", "region", "vnet", "virtual_hub", "subnet", "network_group",
          "group", "on_premises")
CLASSES = ("internet", "on_premises", "users", "services", "peerings", "connections", "flows", "nsgs", "asgs",
           "route_tables", "network_groups", "regions", "groups", "azure", "subscriptions", "vnets", "subnets",
           "resources", "notes")
"""Words that a view may use for a class of things."""

# Scalars ----------------------------------------------------------------------------------------------------------


def text(what: str, description: str = "", *examples: str, words: tuple[str, ...] = ()) -> Text:
    return Text(what, description=description, examples=examples, words=words)


def ref(what: str, description: str = "") -> Text:
    return Text(f"the name of {what}", description=description or f"The name of {what}.")


LABEL = text("a text", 'Shown instead of the name; "" shows none.')
NOTE = text("a text", "A remark, told in the tooltip.")
CIDR = Text("a CIDR such as `10.0.0.0/16`", lines.parse_cidr, r"^\s*[0-9A-Fa-f:.]+(/[0-9]+)?\s*$", ("10.0.0.0/16", "fd00:1::/48"))
ADDRESS = Text("an IP address", lines.parse_address, r"^\s*[0-9A-Fa-f:.]+(%.*)?\s*$", ("10.0.0.4",), description="A private IP address.")
PORTS = Text("ports such as `443` or `8000-8100`", lines.parse_ports, examples=("443", "80,443", "8000-8100"))


def some(shape: Shape, description: str = "") -> Many:
    """One, or a list."""
    return Many(shape, lone=True, description=description)


CIDRS = some(CIDR, "One network in CIDR notation, or several.")

# The network ------------------------------------------------------------------------------------------------------

RESOURCE_WORDS = tuple(sorted({k.word for k in KINDS.values() if k.home in ("subnet", "service")} | {"other"}))
_MACHINES = frozenset({"vm", "vmss", "nva", "nic"})
_GATEWAYS = frozenset({"gateway", "vpn_gateway", "expressroute_gateway"})
_SERVICES = frozenset(k.word for k in KINDS.values() if k.home == "service") | {"aks", "container_apps", "sql_managed_instance"}

BELONGS: dict[str, frozenset[str]] = {
    "asg": _MACHINES | {"private_endpoint"},
    "nsg": _MACHINES,
    "public_ip": _MACHINES | _GATEWAYS | {"firewall", "application_gateway", "load_balancer", "bastion", "route_server",
                                          "api_management", "aks", "container_group"},
    "ip": _MACHINES | {"firewall", "application_gateway", "load_balancer", "private_endpoint", "private_link_service",
                       "dns_resolver", "sql_managed_instance", "container_group", "app_service_environment"},
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

_RESOURCE_LINE = r"^\s*\S.*$"
_ORIGIN = Form("an origin", {
    "to": ref("what stands behind: a service, an application gateway, a load balancer, a Private Link service"),
    "host": text("a host name", "The origin's host name, where it is not in the drawing.", "www.contoso.com"),
    "private_link": Flag("Whether the way to it is a private link."),
}, title="origin")  # fmt: skip
_RESOURCE_FIELDS: dict[str, Shape] = {
    "type": Text("a type such as `vm`", lines.parse_resource, _RESOURCE_LINE, words=RESOURCE_WORDS,
                 description="What it is: `vm`, `firewall`, `storage` ...; `other` for anything else."),
    "count": Whole(1, lines.MOST_OF_A_KIND, "How many equal ones there are."),
    "each": Flag("Draw every one of them, not one with their count."),
    "label": LABEL,
    "note": NOTE,
    "icon": text("an icon such as `compute/vm`", "An icon of the `diagrams` package, `folder/name`, for `type: other`.", "general/heart"),
    "region": text("a region", "Where it runs, if not in its VNet's region."),
    "zones": some(text("a zone"), "The availability zones."),
    "sku": text("a SKU", "The tier that is bought, such as `Standard` or `VpnGw2AZ`."),
    "ip": ADDRESS,
    "public_ip": Either((Flag(), some(ref("a public IP"))), "`true` for a public IP of its own, or the names of such under `public_ips`."),
    "asg": some(ref("an ASG"), "The application security groups that its NIC is in."),
    "nsg": ref("an NSG", "The NSG of its NIC (that of the subnet stands at the subnet)."),
    "policy": ref("a firewall policy", "A firewall's policy, one of `firewall_policies`."),
    "waf": Either((Flag(), ref("a WAF policy")), "`true`, or one of `waf_policies`."),
    "backends": some(text("a name, an address or a host name"), "What it passes traffic to: names of machines, scale sets or services, addresses, host names."),
    "internal": Flag("A load balancer with a private address alone."),
    "to": ref("a service", "The service that a private endpoint leads to, or a Private Link service."),
    "group": text("a sub-resource such as `blob`", "The part of the service that a private endpoint leads to.", "blob", "vault", "sqlServer"),
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
}  # fmt: skip
RESOURCE_FORM = Form("a resource", _RESOURCE_FIELDS, title="resource", description="A resource in full.")
RESOURCE: Shape = Either((Text("a type such as `vm x3`", lines.parse_resource, _RESOURCE_LINE, ("vm", "vm x3", "vm x3 each", "firewall"),
                               words=RESOURCE_WORDS, description="`TYPE [xN] [each]`"), RESOURCE_FORM))  # fmt: skip


def resources(description: str) -> Shape:
    """Resources by name, or a list of types that serve as names."""
    return Either((Names("a resource", RESOURCE, bare=False),
                   Many(Text("a type such as `vm x3`", lines.parse_resource, _RESOURCE_LINE, words=RESOURCE_WORDS))), description)  # fmt: skip


SUBNET = Form("a subnet", {
    "address": CIDRS,
    "label": LABEL,
    "note": NOTE,
    "nsg": ref("an NSG", "One of `nsgs`."),
    "route_table": ref("a route table", "One of `route_tables`."),
    "nat_gateway": ref("a NAT gateway", "One of `nat_gateways`."),
    "service_endpoints": some(text("a service such as `Microsoft.Storage`"), "Services with an endpoint for this subnet."),
    "delegation": some(text("a service such as `Microsoft.Web/serverFarms`"), "The service that the subnet is delegated to."),
    "default_outbound": Flag("Whether machines reach the Internet without being told how; `false` makes the subnet private."),
    "private_endpoint_policies": Flag("Whether NSG and routes hold for private endpoints too."),
    "resources": resources("What stands in the subnet, by name."),
}, title="subnet")  # fmt: skip

VNET = Form("a VNet", {
    "address": CIDRS,
    "region": text("a region", "VNets of one region are drawn together.", "West Europe"),
    "label": LABEL,
    "note": NOTE,
    "style": Word(("workload", "standalone", "member"), "The colour of its frame: the workload in question, one alone, or one of many."),
    "ddos_plan": ref("a DDoS plan", "One of `ddos_plans`."),
    "dns_servers": some(ADDRESS, "Custom DNS servers, the first first."),
    "subnets": Names("a subnet", SUBNET, description="The subnets, by name."),
}, title="vnet")  # fmt: skip
VNETS = Names("a VNet", VNET, description="The VNets, by name.")
SERVICES = resources("PaaS and global services outside VNets: storage, key vaults, Front Door ...")

SUBSCRIPTION = Form("a subscription", {
    "id": text("a GUID", "The subscription's id."),
    "management_group": ref("a management group", "One of `management_groups`."),
    "label": LABEL,
    "note": NOTE,
    "vnets": VNETS,
    "services": SERVICES,
}, title="subscription")  # fmt: skip
MANAGEMENT_GROUP = Form("a management group", {
    "parent": ref("a management group", "The management group above it."), "label": LABEL, "note": NOTE,
}, title="management_group")  # fmt: skip

# Security ---------------------------------------------------------------------------------------------------------

_WHERE = some(text("an address, a tag or a name"), "Addresses, service tags, ASGs, subnets, VNets; `any`.")


def rule_form(accesses: tuple[str, ...], low: int) -> Form:
    return Form("a rule", {
        "priority": Whole(low, 4096, "The lowest number is asked first."),
        "access": Word(accesses, "What happens to traffic that fits."),
        "direction": Word(("inbound", "outbound")),
        "protocol": Word(lines.RULE_PROTOCOLS, "`any` if not given."),
        "source": _WHERE,
        "source_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
        "destination": _WHERE,
        "destination_ports": some(PORTS, "`443`, `80,443`, `8000-8100`; all if not given."),
        "description": NOTE,
    }, required=("priority", "access", "direction"), title="rule" if len(accesses) == 2 else "admin_rule")  # fmt: skip


RULE_LINE = Text("a rule such as `100 allow inbound tcp/443 from Internet to any`", lines.parse_rule,
                 r"^\s*[0-9]+\s+[A-Za-z]+\s+[A-Za-z]+\s+\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
                 ("100 allow inbound tcp/443 from Internet to ASG-web", "4096 deny inbound any from any to any"),
                 description=lines.RULE_SHAPE)  # fmt: skip
ADMIN_RULE_LINE = Text("a rule such as `100 deny inbound tcp/3389 from Internet to any`", lines.parse_admin_rule,
                       r"^\s*[0-9]+\s+[A-Za-z_]+\s+[A-Za-z]+\s+\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
                       ("100 deny inbound tcp/3389 from Internet to any",), description=lines.RULE_SHAPE)  # fmt: skip


def rules(line: Text, form: Form) -> Shape:
    return Either((Many(Either((line, form))), Names("a rule", Either((line, form)), bare=False)),
                  "Rules: a list of lines, or by name.")  # fmt: skip


NSG = Form("an NSG", {"rules": rules(RULE_LINE, rule_form(("allow", "deny"), 100)), "label": LABEL, "note": NOTE}, title="nsg")

ROUTE_LINE = Text("a route such as `0.0.0.0/0 -> Azure Firewall`", lines.parse_route, r"^.*->.*$",
                  ("0.0.0.0/0 -> Azure Firewall", "10.0.0.0/8 -> 10.0.1.4", "AzureMonitor -> internet"),
                  description="PREFIX|TAG -> an address, the name of a firewall or appliance, `internet`, `gateway`, `vnet` or `none`")  # fmt: skip
ROUTE_TABLE = Form("a route table", {
    "routes": Either((Many(ROUTE_LINE), Names("a route", ROUTE_LINE, bare=False)), "Routes: a list of lines, or by name."),
    "propagate_gateway_routes": Flag("Whether routes learnt from gateways hold too; `true` if not given."),
    "label": LABEL,
    "note": NOTE,
}, title="route_table")  # fmt: skip

FILTER_LINE = Text("a rule such as `tcp/443 from 10.0.0.0/8 to Storage`", lines.parse_filter,
                   r"^\s*\S+\s+[Ff][Rr][Oo][Mm]\s+.*\s[Tt][Oo]\s.*$",
                   ("tcp/443 from 10.0.0.0/8 to Storage", "https/443 from Spoke VNet to *.ubuntu.com",
                    "tcp/443 from Internet to 20.50.60.70 -> 10.0.0.4:443"))  # fmt: skip
RULE_COLLECTION = Form("a rule collection", {
    "priority": Whole(100, 65000, "The lowest number is asked first."),
    "action": Word(("allow", "deny", "dnat"), "What happens to traffic that fits."),
    "rules": Either((Many(FILTER_LINE), Names("a rule", FILTER_LINE, bare=False)), "Rules: a list of lines, or by name."),
}, required=("priority", "action"), title="rule_collection")  # fmt: skip
FIREWALL_POLICY = Form("a firewall policy", {
    "parent": ref("a firewall policy", "The policy whose rules come first."),
    "tier": Word(("basic", "standard", "premium")),
    "threat_intelligence": Word(("off", "alert", "deny"), "What happens to traffic from and to known bad addresses."),
    "rule_collections": Names("a rule collection", RULE_COLLECTION, bare=False, description="Rule collections, by name."),
    "label": LABEL,
    "note": NOTE,
}, title="firewall_policy")  # fmt: skip
WAF_POLICY = Form("a WAF policy", {
    "mode": Word(("prevention", "detection"), "Whether it stops what it finds, or only tells."),
    "enabled": Flag(), "label": LABEL, "note": NOTE,
}, title="waf_policy")  # fmt: skip
_PLAIN = {"label": LABEL, "note": NOTE}
PUBLIC_IP = Form("a public IP", {"address": ADDRESS, "sku": Word(("standard", "basic")), **_PLAIN}, title="public_ip")
NAT_GATEWAY = Form("a NAT gateway", {"public_ip": some(ref("a public IP")), **_PLAIN}, title="nat_gateway")
DNS_ZONE = Form("a private DNS zone", {"vnets": some(ref("a VNet"), "The VNets that see the zone."), **_PLAIN}, title="private_dns_zone")
CIRCUIT = Form("a circuit", {
    "provider": text("a provider"), "bandwidth": text("a bandwidth such as `1 Gbps`"), "location": text("a peering location"), **_PLAIN,
}, title="circuit")  # fmt: skip

# Network manager and Virtual WAN ----------------------------------------------------------------------------------

NETWORK_GROUP = Form("a network group", {"members": some(ref("a VNet"), "The VNets in it; globs such as `Spoke *` too."), **_PLAIN}, title="network_group")
CONNECTIVITY = Form("a connectivity configuration", {
    "topology": Word(("mesh", "hub_and_spoke")),
    "hub": ref("a VNet", "The hub of `hub_and_spoke`."),
    "groups": some(ref("a network group")),
    "direct": Flag("Whether the spokes are connected with each other too."),
    "use_hub_gateway": Flag("Whether the spokes use the hub's gateway."),
    **_PLAIN,
}, required=("topology",), title="connectivity")  # fmt: skip
SECURITY_ADMIN = Form("a security admin configuration", {
    "groups": some(ref("a network group")),
    "rules": rules(ADMIN_RULE_LINE, rule_form(("allow", "always_allow", "deny"), 1)),
    **_PLAIN,
}, title="security_admin")  # fmt: skip
NETWORK_MANAGER = Form("the network manager", {
    "name": text("a name"),
    "scope": some(ref("a subscription or management group"), "The subscriptions and management groups that it manages."),
    "groups": Names("a network group", NETWORK_GROUP, description="Network groups, by name."),
    "connectivity": Names("a connectivity configuration", CONNECTIVITY, bare=False),
    "security_admin": Names("a security admin configuration", SECURITY_ADMIN, bare=False),
    **_PLAIN,
}, title="network_manager")  # fmt: skip

_IN_HUB = Form("a gateway", {"label": LABEL, "note": NOTE, "sku": text("a SKU"), "asn": Whole(1, 4294967295, "The BGP autonomous system number.")}, title="hub_gateway")
_HUB_FIREWALL = Form("a hub's firewall", {"policy": ref("a firewall policy"), "sku": text("a SKU"), "ip": ADDRESS, **_PLAIN}, title="hub_firewall")
HUB_CONNECTION = Form("a hub connection", {
    "route_table": ref("one of the hub's route tables", "The hub's route table that decides where the VNet's traffic goes."),
    "propagate_to": some(ref("one of the hub's route tables"), "The hub's route tables that learn the VNet's prefixes."),
    "labels": some(text("a label"), "Labels of route tables that learn the VNet's prefixes."),
    "static_routes": some(ROUTE_LINE),
    "internet_security": Flag("Whether the VNet's Internet traffic goes through the hub."),
    "label": LABEL,
}, title="hub_connection")  # fmt: skip
HUB = Form("a virtual hub", {
    "subscription": ref("a subscription", "The subscription that it belongs to."),
    "address": CIDR,
    "region": text("a region"),
    "firewall": Either((Flag(), ref("a firewall policy"), _HUB_FIREWALL), "`true`, the name of a firewall policy, or a mapping."),
    "vpn_gateway": Either((Flag(), _IN_HUB)),
    "expressroute_gateway": Either((Flag(), _IN_HUB)),
    "p2s_gateway": Either((Flag(), _IN_HUB), "The gateway for users."),
    "nva": Either((Flag(), _IN_HUB)),
    "routing_intent": some(Word(("internet", "private")), "Which traffic goes through the hub's firewall."),
    "route_tables": Names("a hub route table", Form("a hub route table", {
        "labels": some(text("a label")), "routes": some(ROUTE_LINE), **_PLAIN}, title="hub_route_table")),
    "connections": Names("a VNet", HUB_CONNECTION, description="The VNets connected to the hub."),
    **_PLAIN,
}, title="virtual_hub")  # fmt: skip
VIRTUAL_WAN = Form("a Virtual WAN", {
    "type": Word(("standard", "basic")),
    "hubs": Names("a virtual hub", HUB, description="Virtual hubs, by name."),
    **_PLAIN,
}, title="virtual_wan")  # fmt: skip

# Links and what is outside ----------------------------------------------------------------------------------------

_PAIR = r"^.*\S.*<?->.*\S.*$"
PEERING: Shape = Either((
    Text("a peering such as `Hub <-> Spoke`", lines.parse_peering, _PAIR, ("Hub VNet <-> Spoke VNet",)),
    Form("a peering", {
        "between": Many(ref("a VNet"), description="The two VNets."),
        "label": LABEL,
        "note": NOTE,
        "state": Word(("connected", "initiated", "disconnected"), "`connected` if not given."),
        "gateway_transit": ref("a VNet", "The one of the two whose gateway the other uses."),
        "forwarded_traffic": Flag("Whether traffic from elsewhere may pass."),
        "access": Flag("Whether the two reach each other; `true` if not given."),
        "through": some(ref("a subnet"), "The subnets at which the line ends, one of each VNet."),
    }, required=("between",), title="peering")), "A peering: `A <-> B`, or in full.")  # fmt: skip

CONNECTION: Shape = Either((
    Text("a connection such as `Office -> VPN gateway via vpn`", lines.parse_connection, _PAIR, ("Office -> VPN gateway via vpn",)),
    Form("a connection", {
        "from": ref("a site"),
        "to": ref("a gateway, a VNet, a virtual hub, or `azure`"),
        "type": Word(lines.CONNECTION_TYPES),
        "circuit": ref("a circuit", "The ExpressRoute circuit that it runs over."),
        "label": LABEL,
        "note": NOTE,
        "tunnels": some(text("a text"), "What runs in it, listed beside it."),
        "status": Word(("connected", "connecting", "disconnected")),
    }, required=("from", "to"), title="connection")), "`SITE -> GATEWAY via vpn`, or in full.")  # fmt: skip

FLOW: Shape = Either((
    Text("a flow such as `Web -> Data [tcp/1433]`", lines.parse_flow, _PAIR, ("Web subnet -> Data subnet [tcp/1433]",)),
    Form("a flow", {"from": ref("anything drawn"), "to": ref("anything drawn"), "ports": text("ports such as `tcp/443`"),
                    "both": Flag("Whether it runs both ways."), "label": LABEL}, required=("from", "to"), title="flow"),
), "`A -> B [tcp/443]`, or in full.")  # fmt: skip

BOUNDARY: Shape = Either((
    Text("a boundary such as `Web | Data by NSG-data`", lines.parse_boundary, r"^.*\S.*\|.*\S.*$", ("App subnet | Data subnet by NSG-data",)),
    Form("a boundary", {
        "between": Many(ref("anything drawn, `internet` or `azure`"), description="The two sides."),
        "level": Word(LEVELS, "Inferred from the two sides if not given."),
        "status": Word(STATUSES, "`enforced` with `by`, else `no-path`, if not given."),
        "by": some(text("a control"), "What enforces it: an NSG, a firewall ..."),
        "note": NOTE,
    }, required=("between",), title="boundary")), "A declared boundary: `A | B by CONTROL`, or in full.")  # fmt: skip

SITE = Form("a site", {
    "address": CIDRS,
    "users": some(text("a kind of user"), "Who works there."),
    "resources": Either((Names("a resource", Either((
        Text("a type such as `datacenter`", lines.parse_on_premises_resource, _RESOURCE_LINE, words=lines.ON_PREMISES_WORDS),
        Form("a resource on premises", {
            "type": Text("a type such as `datacenter`", lines.parse_on_premises_resource, _RESOURCE_LINE, words=lines.ON_PREMISES_WORDS),
            "count": Whole(1, lines.MOST_OF_A_KIND), "icon": text("an icon"), "label": LABEL, "note": NOTE,
        }, title="on_premises_resource"))), bare=False),
        Many(Text("a type such as `datacenter`", lines.parse_on_premises_resource, _RESOURCE_LINE))), "What stands there."),
    **_PLAIN,
}, title="site")  # fmt: skip

TRAFFIC = Form("a stream of traffic", {
    "to": ref("where it goes"),
    "label": LABEL,
    "direction": Word(("in", "out", "both"), "`in` if not given."),
    "views": some(ref("a view"), "The views that show it; all if not given."),
}, required=("to",), title="traffic")  # fmt: skip
INTERNET: Shape = Either((Flag(), Form("the Internet", {"label": LABEL, "note": NOTE, "traffic": some(TRAFFIC, "What comes in and goes out.")}, title="internet")))
USERS = Form("users", {"to": some(ref("where they go")), "count": Whole(1, lines.MOST_OF_A_KIND), **_PLAIN}, title="users")
GROUP = Form("a group", {"members": some(ref("anything drawn")), **_PLAIN}, title="group")

# What is shown ----------------------------------------------------------------------------------------------------

LAYOUT_FIELDS: dict[str, Shape] = {
    "order": some(ref("anything drawn"), "Names in the order in which they are to stand."),
    "hub": some(ref("a VNet or virtual hub"), "The VNets that are hubs, where the peerings do not tell."),
    "ratio": Either((Whole(1, 10), Text("a ratio such as `1.5` or `16:9`", None, r"^[0-9.]+(:[0-9.]+)?$")), "Width to height of the page."),
    "columns": Whole(1, 100, "How many columns of subscriptions or VNets."),
}
LAYOUT = Form("the layout", LAYOUT_FIELDS, title="layout")
_SELECTION = some(text("a name, a glob or a class of things"), "Names, paths (`VNet/Subnet`), globs (`* tier subnet`), or words: "
                  + ", ".join(f"`{c}`" for c in CLASSES) + ".")  # fmt: skip
VIEW = Form("a view", {
    "title": text("a text", "The drawing's title in this view."),
    "show": _SELECTION,
    "hide": _SELECTION,
    "focus": _SELECTION,
    "fade": _SELECTION,
    "frames": Either((Word(("all", "none")), Many(Word(FRAMES))), "Which outer frames are drawn."),
    "boundaries": Either((Word(("declared", "all", "none")), Many(Word(LEVELS))), "Which boundaries are drawn."),
    "numbers": Either((Word(("auto", "none")), Many(Word(LEVELS))), "Which boundaries are numbered."),
    "key": Word(("full", "abbreviations", "none"), "How much the key tells."),
    "subnets": Flag("Whether subnets are drawn."),
    "resources": Flag("Whether resources are drawn."),
    "layout": LAYOUT,
    "note": NOTE,
}, title="view")  # fmt: skip
NOTE_ENTRY: Shape = Either((text("a text"), Form("a note", {"on": ref("anything"), "text": text("a text")}, required=("text",), title="note")))

SPEC = Form("a spec", {
    "title": text("a text", "The drawing's title."),
    "subtitle": text("a text", "A line under the title."),
    "title_block": Names("a field", text("a text"), bare=False, description="Fields of the title block: author, version, date ..."),
    "tenant": text("a name", "The Entra tenant."),
    "management_groups": Names("a management group", MANAGEMENT_GROUP, description="Management groups, by name."),
    "subscriptions": Names("a subscription", SUBSCRIPTION, description="Subscriptions, by name."),
    "vnets": Names("a VNet", VNET, description="VNets outside any subscription, for a spec without subscriptions."),
    "services": SERVICES,
    "groups": Names("a group", GROUP, bare=False, description="Frames round things that belong together."),
    "virtual_wans": Names("a Virtual WAN", VIRTUAL_WAN, description="Virtual WANs with their hubs."),
    "nsgs": Names("an NSG", NSG, description="Network security groups."),
    "asgs": Names("an ASG", Form("an ASG", _PLAIN, title="asg"), description="Application security groups."),
    "route_tables": Names("a route table", ROUTE_TABLE, description="Route tables."),
    "firewall_policies": Names("a firewall policy", FIREWALL_POLICY, description="Azure Firewall policies."),
    "ip_groups": Names("an IP group", some(CIDR), bare=False, description="IP groups of firewall policies."),
    "waf_policies": Names("a WAF policy", WAF_POLICY, description="Policies of web application firewalls."),
    "ddos_plans": Names("a DDoS plan", Form("a DDoS plan", _PLAIN, title="ddos_plan"), description="DDoS protection plans."),
    "nat_gateways": Names("a NAT gateway", NAT_GATEWAY, description="NAT gateways."),
    "public_ips": Names("a public IP", PUBLIC_IP, description="Public IP addresses."),
    "private_dns_zones": Names("a private DNS zone", DNS_ZONE, description="Private DNS zones and the VNets that see them."),
    "circuits": Names("a circuit", CIRCUIT, description="ExpressRoute circuits."),
    "network_manager": NETWORK_MANAGER,
    "peerings": Many(PEERING, description="VNet peerings."),
    "connections": Many(CONNECTION, description="Connections with sites on premises."),
    "on_premises": Names("a site", SITE, description="Sites on premises, by name."),
    "internet": INTERNET,
    "users": Names("users", USERS, description="Users outside, by name."),
    "flows": Many(FLOW, description="Traffic that is meant to pass, drawn as green arrows."),
    "boundaries": Many(BOUNDARY, description="Declared boundaries, drawn as red lines."),
    "views": Names("a view", VIEW, description="Drawings of parts of this spec, by name."),
    "notes": Many(NOTE_ENTRY, lone=True, description="Remarks."),
    "layout": LAYOUT,
}, title="spec", may_extend=True, description="An Azure network and its segmentation, for diagramgen.")  # fmt: skip


def looks_like_spec(value: Any) -> bool:
    """Whether a loaded YAML value has at least one key of a spec."""
    return isinstance(value, dict) and any(key in SPEC.fields for key in value)
