"""KINDS: every Azure type that the program knows, a row each.

A row says what the type is called in a spec and in a drawing, where such a resource lives, and which icon stands
for it. Types that are not here are reported by name and count, never dropped in silence.

`home` says where the drawing shows it:
  `container`   it is a frame (VNet, subnet, subscription, virtual hub)
  `subnet`      an icon in the subnet that its configuration names (else beside the VNets)
  `hub`         an icon in its virtual hub
  `service`     an icon outside VNets: PaaS and global services
  `mark`        a sign on what it is attached to (NSG on a subnet, WAF policy on a gateway)
  `link`        a line between two things (peering, connection)
  `part`        a detail of another resource, told in its tooltip
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Home = Literal["container", "subnet", "hub", "service", "mark", "link", "part"]


class Kind(NamedTuple):
    """One Azure type: `type` in lower case, `word` as written in a spec, `label` as shown when unnamed.

    `icon` is `folder/name` among the Azure icons of the `diagrams` package, or `own/name` for a mark that this
    program draws itself. `entry`: stands in the left column of a VNet, where traffic enters.
    """

    type: str
    word: str
    label: str
    home: Home
    icon: str = ""
    entry: bool = False
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()


_NET = "microsoft.network/"
_ROWS: tuple[Kind, ...] = (
    # Containers
    Kind("microsoft.management/managementgroups", "management_group", "Management group", "container",
         "general/managementgroups"),
    Kind("microsoft.resources/subscriptions", "subscription", "Subscription", "container", "own/subscription"),
    Kind("microsoft.resources/subscriptions/resourcegroups", "resource_group", "Resource group", "part",
         "general/resourcegroups"),
    Kind(_NET + "virtualnetworks", "vnet", "VNet", "container", "networking/virtual-networks"),
    Kind(_NET + "virtualnetworks/subnets", "subnet", "Subnet", "container", "networking/subnet"),
    Kind(_NET + "virtualhubs", "virtual_hub", "Virtual hub", "container", "networking/virtual-wan-hub"),
    # Machines
    Kind("microsoft.compute/virtualmachines", "vm", "VM", "subnet", "compute/virtual-machine",
         aliases=("virtual machine",)),
    Kind("microsoft.compute/virtualmachinescalesets", "vmss", "Scale set", "subnet", "compute/vm-scale-sets",
         aliases=("scale set",)),
    Kind("diagramgen/nva", "nva", "NVA", "subnet", "own/nva", entry=True, abbreviation="Network Virtual Appliance"),
    Kind(_NET + "networkvirtualappliances", "hub_nva", "NVA", "hub", "own/nva",
         abbreviation="Network Virtual Appliance"),
    Kind(_NET + "networkinterfaces", "nic", "NIC", "subnet", "networking/network-interfaces",
         abbreviation="Network Interface"),
    Kind("microsoft.containerservice/managedclusters", "aks", "AKS", "subnet", "compute/kubernetes-services",
         abbreviation="Azure Kubernetes Service"),
    Kind("microsoft.redhatopenshift/openshiftclusters", "openshift", "OpenShift", "subnet",
         "compute/kubernetes-services"),
    Kind("microsoft.containerinstance/containergroups", "container_group", "Container group", "subnet",
         "compute/container-instances"),
    Kind("microsoft.app/managedenvironments", "container_apps", "Container Apps", "subnet", "compute/container-apps"),
    Kind("microsoft.batch/batchaccounts", "batch", "Batch account", "service", "compute/batch-accounts"),
    # Network services with a place in a subnet
    Kind(_NET + "azurefirewalls", "firewall", "Azure Firewall", "subnet", "networking/firewalls", entry=True,
         aliases=("azure firewall",)),
    Kind(_NET + "applicationgateways", "application_gateway", "Application Gateway", "subnet",
         "networking/application-gateways", entry=True, aliases=("app gateway", "agw")),
    Kind(_NET + "bastionhosts", "bastion", "Azure Bastion", "subnet", "networking/bastions", entry=True),
    Kind(_NET + "virtualnetworkgateways", "gateway", "Virtual network gateway", "subnet",
         "networking/virtual-network-gateways", entry=True),
    Kind("diagramgen/vpn-gateway", "vpn_gateway", "VPN gateway", "subnet", "networking/virtual-network-gateways",
         entry=True),
    Kind("diagramgen/expressroute-gateway", "expressroute_gateway", "ExpressRoute gateway", "subnet",
         "networking/virtual-network-gateways", entry=True),
    Kind("diagramgen/route-server", "route_server", "Route Server", "subnet", "networking/virtual-router", entry=True),
    Kind(_NET + "loadbalancers", "load_balancer", "Load balancer", "subnet", "networking/load-balancers",
         aliases=("lb",)),
    Kind(_NET + "privateendpoints", "private_endpoint", "Private endpoint", "subnet", "network/private-endpoint",
         aliases=("pe",)),
    Kind(_NET + "privatelinkservices", "private_link_service", "Private Link service", "subnet",
         "networking/private-link-services"),
    Kind(_NET + "dnsresolvers", "dns_resolver", "DNS resolver", "subnet", "networking/dns-private-resolver"),
    # Virtual WAN
    Kind(_NET + "virtualwans", "virtual_wan", "Virtual WAN", "service", "networking/virtual-wans"),
    Kind(_NET + "vpngateways", "hub_vpn_gateway", "VPN gateway", "hub", "networking/virtual-network-gateways"),
    Kind(_NET + "expressroutegateways", "hub_expressroute_gateway", "ExpressRoute gateway", "hub",
         "networking/virtual-network-gateways"),
    Kind(_NET + "p2svpngateways", "hub_p2s_gateway", "P2S VPN gateway", "hub",
         "networking/virtual-network-gateways"),
    Kind(_NET + "vpnsites", "vpn_site", "VPN site", "part", "networking/local-network-gateways"),
    Kind(_NET + "virtualhubs/hubvirtualnetworkconnections", "hub_connection", "Hub connection", "link"),
    Kind(_NET + "virtualhubs/hubroutetables", "hub_route_table", "Hub route table", "part",
         "networking/route-tables"),
    Kind(_NET + "virtualhubs/routingintent", "routing_intent", "Routing intent", "part"),
    Kind(_NET + "virtualhubs/bgpconnections", "bgp_connection", "BGP connection", "part"),
    Kind(_NET + "virtualhubs/ipconfigurations", "hub_ip_configuration", "IP configuration", "part"),
    # Links
    Kind(_NET + "virtualnetworks/virtualnetworkpeerings", "peering", "VNet peering", "link"),
    Kind(_NET + "connections", "connection", "Connection", "link", "networking/connections"),
    Kind(_NET + "vpngateways/vpnconnections", "hub_vpn_connection", "VPN connection", "link"),
    Kind(_NET + "expressroutegateways/expressrouteconnections", "hub_expressroute_connection",
         "ExpressRoute connection", "link"),
    Kind(_NET + "expressroutecircuits", "circuit", "ExpressRoute circuit", "part",
         "networking/expressroute-circuits"),
    Kind(_NET + "expressroutecircuits/peerings", "circuit_peering", "Circuit peering", "part"),
    Kind(_NET + "expressrouteports", "expressroute_port", "ExpressRoute Direct", "part"),
    Kind(_NET + "localnetworkgateways", "local_network", "Local network", "part",
         "networking/local-network-gateways"),
    # Marks: what is attached to something else
    Kind(_NET + "networksecuritygroups", "nsg", "NSG", "mark", "own/nsg", abbreviation="Network Security Group"),
    Kind(_NET + "networksecuritygroups/securityrules", "rule", "Security rule", "part"),
    Kind(_NET + "networksecuritygroups/defaultsecurityrules", "default_rule", "Default rule", "part"),
    Kind(_NET + "applicationsecuritygroups", "asg", "ASG", "mark", "security/application-security-groups",
         abbreviation="Application Security Group"),
    Kind(_NET + "routetables", "route_table", "Route table", "mark", "networking/route-tables"),
    Kind(_NET + "routetables/routes", "route", "Route", "part"),
    Kind(_NET + "natgateways", "nat_gateway", "NAT gateway", "mark", "networking/nat"),
    Kind(_NET + "publicipaddresses", "public_ip", "Public IP", "mark", "networking/public-ip-addresses"),
    Kind(_NET + "publicipprefixes", "public_ip_prefix", "Public IP prefix", "part",
         "networking/public-ip-prefixes"),
    Kind(_NET + "ddosprotectionplans", "ddos_plan", "DDoS protection plan", "mark",
         "networking/ddos-protection-plans"),
    Kind(_NET + "applicationgatewaywebapplicationfirewallpolicies", "waf_policy", "WAF policy", "mark",
         "networking/web-application-firewall-policieswaf", abbreviation="Web Application Firewall"),
    Kind(_NET + "frontdoorwebapplicationfirewallpolicies", "front_door_waf_policy", "WAF policy", "mark",
         "networking/web-application-firewall-policieswaf", abbreviation="Web Application Firewall"),
    Kind(_NET + "firewallpolicies", "firewall_policy", "Firewall policy", "mark",
         "networking/azure-firewall-policy"),
    Kind(_NET + "firewallpolicies/rulecollectiongroups", "rule_collection_group", "Rule collection group", "part"),
    Kind(_NET + "ipgroups", "ip_group", "IP group", "part", "networking/ip-groups"),
    Kind(_NET + "serviceendpointpolicies", "service_endpoint_policy", "Service endpoint policy", "part",
         "networking/service-endpoint-policies"),
    Kind(_NET + "routefilters", "route_filter", "Route filter", "part", "networking/route-filters"),
    Kind(_NET + "networkwatchers", "network_watcher", "Network Watcher", "part", "networking/network-watcher"),
    Kind(_NET + "networkwatchers/flowlogs", "flow_log", "Flow log", "part"),
    Kind(_NET + "networkintentpolicies", "network_intent_policy", "Network intent policy", "part"),
    Kind(_NET + "networksecurityperimeters", "network_security_perimeter", "Network security perimeter", "part"),
    Kind(_NET + "networkprofiles", "network_profile", "Network profile", "part"),
    # Network manager
    Kind(_NET + "networkmanagers", "network_manager", "Virtual Network Manager", "part", "own/network-manager",
         abbreviation="Azure Virtual Network Manager"),
    Kind(_NET + "networkmanagers/networkgroups", "network_group", "Network group", "part"),
    Kind(_NET + "networkmanagers/networkgroups/staticmembers", "static_member", "Static member", "part"),
    Kind(_NET + "networkgroupmemberships", "network_group_membership", "Network group membership", "part"),
    Kind(_NET + "effectiveconnectivityconfigurations", "effective_connectivity", "Effective connectivity", "part"),
    Kind(_NET + "effectivesecurityadminrules", "effective_admin_rules", "Effective admin rules", "part"),
    Kind(_NET + "networkmanagers/commits", "manager_deployment", "Deployment of a network manager", "part"),
    Kind(_NET + "networkmanagers/connectivityconfigurations", "connectivity_configuration",
         "Connectivity configuration", "part"),
    Kind(_NET + "networkmanagers/securityadminconfigurations", "security_admin_configuration",
         "Security admin configuration", "part"),
    Kind(_NET + "networkmanagers/securityadminconfigurations/rulecollections", "admin_rule_collection",
         "Admin rule collection", "part"),
    Kind(_NET + "networkmanagers/securityadminconfigurations/rulecollections/rules", "admin_rule",
         "Admin rule", "part"),
    # Global and PaaS services
    Kind("microsoft.cdn/profiles", "front_door", "Azure Front Door", "service", "network/front-doors", entry=True,
         abbreviation="Front Door"),
    Kind(_NET + "frontdoors", "front_door_classic", "Azure Front Door (classic)", "service", "network/front-doors",
         entry=True),
    Kind("microsoft.cdn/profiles/origingroups", "origin_group", "Origin group", "part"),
    Kind("microsoft.cdn/profiles/origingroups/origins", "origin", "Origin", "part"),
    Kind("microsoft.cdn/profiles/afdendpoints", "front_door_endpoint", "Front Door endpoint", "part"),
    Kind("microsoft.cdn/profiles/securitypolicies", "front_door_security_policy", "Security policy", "part"),
    Kind(_NET + "trafficmanagerprofiles", "traffic_manager", "Traffic Manager", "service",
         "networking/traffic-manager-profiles", entry=True),
    Kind(_NET + "privatednszones", "private_dns_zone", "Private DNS zone", "service", "network/dns-private-zones"),
    Kind(_NET + "privatednszones/virtualnetworklinks", "dns_zone_link", "DNS zone link", "part"),
    Kind(_NET + "dnszones", "dns_zone", "DNS zone", "service", "networking/dns-zones"),
    Kind(_NET + "privateendpoints/privatednszonegroups", "dns_zone_group", "DNS zone group", "part"),
    Kind("microsoft.storage/storageaccounts", "storage", "Storage account", "service",
         "storage/storage-accounts-classic", aliases=("storage account",)),
    Kind("microsoft.sql/servers", "sql", "SQL server", "service", "databases/sql-server", aliases=("sql server",)),
    Kind("microsoft.sql/servers/databases", "sql_database", "SQL database", "service", "databases/sql-database"),
    Kind("microsoft.sql/managedinstances", "sql_managed_instance", "SQL managed instance", "subnet",
         "databases/sql-managed-instance", aliases=("sqlmi", "sql mi")),
    Kind("microsoft.dbforpostgresql/flexibleservers", "postgresql", "PostgreSQL", "service",
         "databases/azure-database-postgresql-server"),
    Kind("microsoft.dbforpostgresql/servers", "postgresql_single", "PostgreSQL", "service",
         "databases/azure-database-postgresql-server"),
    Kind("microsoft.dbformysql/flexibleservers", "mysql", "MySQL", "service", "databases/azure-database-mysql-server"),
    Kind("microsoft.dbformysql/servers", "mysql_single", "MySQL", "service",
         "databases/azure-database-mysql-server"),
    Kind("microsoft.documentdb/databaseaccounts", "cosmos", "Cosmos DB", "service", "databases/azure-cosmos-db",
         aliases=("cosmos db",)),
    Kind("microsoft.cache/redis", "redis", "Redis cache", "service", "databases/cache-redis"),
    Kind("microsoft.keyvault/vaults", "key_vault", "Key Vault", "service", "security/key-vaults",
         aliases=("keyvault",)),
    Kind("microsoft.web/sites", "app_service", "App Service", "service", "compute/app-services",
         aliases=("web app", "app service")),
    Kind("diagramgen/function-app", "function_app", "Function app", "service", "compute/function-apps"),
    Kind("microsoft.web/serverfarms", "app_service_plan", "App Service plan", "part", "web/app-service-plans"),
    Kind("microsoft.web/hostingenvironments", "app_service_environment", "App Service Environment", "subnet",
         "web/app-service-environments"),
    Kind("microsoft.apimanagement/service", "api_management", "API Management", "service",
         "web/api-management-services", aliases=("apim",)),
    Kind("microsoft.containerregistry/registries", "container_registry", "Container registry", "service",
         "compute/container-registries", aliases=("acr",)),
    Kind("microsoft.eventhub/namespaces", "event_hub", "Event Hubs", "service", "analytics/event-hubs"),
    Kind("microsoft.servicebus/namespaces", "service_bus", "Service Bus", "service",
         "integration/service-bus"),
    Kind("microsoft.eventgrid/topics", "event_grid", "Event Grid", "service", "integration/event-grid-topics"),
    Kind("microsoft.cognitiveservices/accounts", "cognitive_services", "AI services", "service",
         "web/cognitive-services", aliases=("openai",)),
    Kind("microsoft.machinelearningservices/workspaces", "machine_learning", "Machine Learning", "service",
         "aimachinelearning/machine-learning"),
    Kind("microsoft.databricks/workspaces", "databricks", "Azure Databricks", "service",
         "analytics/azure-databricks"),
    Kind("microsoft.synapse/workspaces", "synapse", "Synapse workspace", "service",
         "databases/azure-synapse-analytics"),
    Kind("microsoft.datafactory/factories", "data_factory", "Data Factory", "service", "databases/data-factories"),
    Kind("microsoft.search/searchservices", "search", "AI Search", "service", "web/cognitive-search"),
    Kind("microsoft.netapp/netappaccounts", "netapp", "NetApp Files", "service", "storage/azure-netapp-files"),
    Kind("microsoft.recoveryservices/vaults", "recovery_vault", "Recovery vault", "service",
         "storage/recovery-services-vaults"),
    Kind("microsoft.operationalinsights/workspaces", "log_analytics", "Log Analytics", "service",
         "analytics/log-analytics-workspaces"),
    Kind("microsoft.automation/automationaccounts", "automation", "Automation account", "service",
         "managementgovernance/automation-accounts"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {row.type: row for row in _ROWS}
"""By ARM type, lower case."""

WORDS: Mapping[str, Kind] = {w: row for row in _ROWS for w in (row.word, *row.aliases)}
"""By the word that a spec uses, `_` between its parts; the two share no word."""


def kind_of_word(word: str) -> Kind | None:
    """The kind that a spec's word means: case, `-`, `_` and blanks count as one.

    >>> kind_of_word("Key-Vault").label
    'Key Vault'
    """
    folded = " ".join(word.replace("_", " ").replace("-", " ").lower().split())
    return WORDS.get(folded.replace(" ", "_")) or WORDS.get(folded)
