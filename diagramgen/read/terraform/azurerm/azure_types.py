"""Which Azure type an azurerm resource makes, and from which attributes its id is made: a row each.

The third column says what stands above it: nothing for a resource of a resource group; an attribute that ends in `_id`
for a child whose attribute holds its parent's id; else the attributes with the names of its parents. Alternatives, for
different versions of the provider, are separated by `|`. The names of types are those of
https://learn.microsoft.com/azure/templates/, ids are in the `Import` section of each page of
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_NET = "Microsoft.Network/"
_VNETS = _NET + "virtualNetworks"
_HUBS = _NET + "virtualHubs"
_NSPS = _NET + "networkSecurityPerimeters"
_MANAGERS = _NET + "networkManagers"
_ADMIN = _MANAGERS + "/securityAdminConfigurations"
_ROUTING = _MANAGERS + "/routingConfigurations"
_DOORS = "Microsoft.Cdn/profiles"
_SITES = "Microsoft.Web/sites"


class Kind(NamedTuple):
    """A type: `azure` as REST writes it; `parents` as in the table."""

    azure: str
    parents: str = ""


_ROWS: tuple[tuple[str, str, str], ...] = (
    # Containers, whose ids `ids.py` makes
    ("resource_group", "Microsoft.Resources/subscriptions/resourceGroups", ""),
    ("subscription", "Microsoft.Resources/subscriptions", ""),
    ("subscriptions", "Microsoft.Resources/subscriptions", ""),
    ("management_group", "Microsoft.Management/managementGroups", ""),
    # Networks
    ("virtual_network", _VNETS, ""),
    ("subnet", _VNETS + "/subnets", "virtual_network_name"),
    ("virtual_network_peering", _VNETS + "/virtualNetworkPeerings", "virtual_network_name"),
    ("network_ddos_protection_plan", _NET + "ddosProtectionPlans", ""),
    ("ddos_protection_plan", _NET + "ddosProtectionPlans", ""),
    ("network_security_group", _NET + "networkSecurityGroups", ""),
    ("network_security_rule", _NET + "networkSecurityGroups/securityRules", "network_security_group_name"),
    ("application_security_group", _NET + "applicationSecurityGroups", ""),
    ("route_table", _NET + "routeTables", ""),
    ("route", _NET + "routeTables/routes", "route_table_name"),
    ("network_interface", _NET + "networkInterfaces", ""),
    ("public_ip", _NET + "publicIPAddresses", ""),
    ("public_ip_prefix", _NET + "publicIPPrefixes", ""),
    ("custom_ip_prefix", _NET + "customIpPrefixes", ""),
    ("nat_gateway", _NET + "natGateways", ""),
    ("subnet_service_endpoint_storage_policy", _NET + "serviceEndpointPolicies", ""),
    ("network_profile", _NET + "networkProfiles", ""),
    ("network_watcher", _NET + "networkWatchers", ""),
    ("network_watcher_flow_log", _NET + "networkWatchers/flowLogs", "network_watcher_name"),
    ("network_security_perimeter", _NSPS, ""),
    ("network_security_perimeter_profile", _NSPS + "/profiles", "network_security_perimeter_id"),
    ("network_security_perimeter_access_rule", _NSPS + "/profiles/accessRules",
     "network_security_perimeter_profile_id"),
    ("network_security_perimeter_association", _NSPS + "/resourceAssociations", ""),  # see `ids.py`
    # Firewalls
    ("firewall", _NET + "azureFirewalls", ""),
    ("firewall_policy", _NET + "firewallPolicies", ""),
    ("firewall_policy_rule_collection_group", _NET + "firewallPolicies/ruleCollectionGroups", "firewall_policy_id"),
    ("ip_group", _NET + "ipGroups", ""),
    ("web_application_firewall_policy", _NET + "ApplicationGatewayWebApplicationFirewallPolicies", ""),
    ("cdn_frontdoor_firewall_policy", _NET + "FrontDoorWebApplicationFirewallPolicies", ""),
    ("frontdoor_firewall_policy", _NET + "FrontDoorWebApplicationFirewallPolicies", ""),
    # Gateways
    ("virtual_network_gateway", _NET + "virtualNetworkGateways", ""),
    ("virtual_network_gateway_connection", _NET + "connections", ""),
    ("local_network_gateway", _NET + "localNetworkGateways", ""),
    ("express_route_circuit", _NET + "expressRouteCircuits", ""),
    ("express_route_circuit_peering", _NET + "expressRouteCircuits/peerings", "express_route_circuit_name"),
    ("express_route_circuit_authorization", _NET + "expressRouteCircuits/authorizations", "express_route_circuit_name"),
    ("express_route_port", _NET + "expressRoutePorts", ""),
    ("express_route_gateway", _NET + "expressRouteGateways", ""),
    ("express_route_connection", _NET + "expressRouteGateways/expressRouteConnections", "express_route_gateway_id"),
    ("route_filter", _NET + "routeFilters", ""),
    ("bastion_host", _NET + "bastionHosts", ""),
    # Virtual WAN
    ("virtual_wan", _NET + "virtualWans", ""),
    ("virtual_hub", _HUBS, ""),
    ("virtual_hub_connection", _HUBS + "/hubVirtualNetworkConnections", "virtual_hub_id"),
    ("virtual_hub_route_table", _HUBS + "/hubRouteTables", "virtual_hub_id"),
    ("virtual_hub_routing_intent", _HUBS + "/routingIntent", "virtual_hub_id"),
    ("virtual_hub_ip", _HUBS + "/ipConfigurations", "virtual_hub_id"),
    ("virtual_hub_bgp_connection", _HUBS + "/bgpConnections", "virtual_hub_id"),
    ("virtual_hub_security_partner_provider", _NET + "securityPartnerProviders", ""),
    ("route_map", _HUBS + "/routeMaps", "virtual_hub_id"),
    ("route_server", _HUBS, ""),
    ("route_server_bgp_connection", _HUBS + "/bgpConnections", "route_server_id"),
    ("vpn_gateway", _NET + "vpnGateways", ""),
    ("vpn_gateway_connection", _NET + "vpnGateways/vpnConnections", "vpn_gateway_id"),
    ("vpn_site", _NET + "vpnSites", ""),
    ("point_to_site_vpn_gateway", _NET + "p2sVpnGateways", ""),
    ("vpn_server_configuration", _NET + "vpnServerConfigurations", ""),
    ("palo_alto_virtual_network_appliance", _NET + "networkVirtualAppliances", ""),
    # Private Link and DNS
    ("private_endpoint", _NET + "privateEndpoints", ""),
    ("private_link_service", _NET + "privateLinkServices", ""),
    ("private_dns_zone", _NET + "privateDnsZones", ""),
    ("private_dns_zone_virtual_network_link", _NET + "privateDnsZones/virtualNetworkLinks",
     "private_dns_zone_id|private_dns_zone_name"),
    ("dns_zone", _NET + "dnsZones", ""),
    ("private_dns_resolver", _NET + "dnsResolvers", ""),
    ("private_dns_resolver_inbound_endpoint", _NET + "dnsResolvers/inboundEndpoints", "private_dns_resolver_id"),
    ("private_dns_resolver_outbound_endpoint", _NET + "dnsResolvers/outboundEndpoints", "private_dns_resolver_id"),
    ("private_dns_resolver_dns_forwarding_ruleset", _NET + "dnsForwardingRulesets", ""),
    ("private_dns_resolver_forwarding_rule", _NET + "dnsForwardingRulesets/forwardingRules",
     "dns_forwarding_ruleset_id"),
    ("private_dns_resolver_virtual_network_link", _NET + "dnsForwardingRulesets/virtualNetworkLinks",
     "dns_forwarding_ruleset_id"),
    # Edge
    ("lb", _NET + "loadBalancers", ""),
    ("lb_backend_address_pool", _NET + "loadBalancers/backendAddressPools", "loadbalancer_id"),
    ("lb_rule", _NET + "loadBalancers/loadBalancingRules", "loadbalancer_id"),
    ("lb_nat_rule", _NET + "loadBalancers/inboundNatRules", "loadbalancer_id"),
    ("lb_nat_pool", _NET + "loadBalancers/inboundNatPools", "loadbalancer_id"),
    ("lb_outbound_rule", _NET + "loadBalancers/outboundRules", "loadbalancer_id"),
    ("lb_probe", _NET + "loadBalancers/probes", "loadbalancer_id"),
    ("application_gateway", _NET + "applicationGateways", ""),
    ("cdn_frontdoor_profile", _DOORS, ""),
    ("cdn_frontdoor_endpoint", _DOORS + "/afdEndpoints", "cdn_frontdoor_profile_id"),
    ("cdn_frontdoor_route", _DOORS + "/afdEndpoints/routes", "cdn_frontdoor_endpoint_id"),
    ("cdn_frontdoor_origin_group", _DOORS + "/originGroups", "cdn_frontdoor_profile_id"),
    ("cdn_frontdoor_origin", _DOORS + "/originGroups/origins", "cdn_frontdoor_origin_group_id"),
    ("cdn_frontdoor_custom_domain", _DOORS + "/customDomains", "cdn_frontdoor_profile_id"),
    ("cdn_frontdoor_security_policy", _DOORS + "/securityPolicies", "cdn_frontdoor_profile_id"),
    ("cdn_frontdoor_rule_set", _DOORS + "/ruleSets", "cdn_frontdoor_profile_id"),
    ("cdn_frontdoor_secret", _DOORS + "/secrets", "cdn_frontdoor_profile_id"),
    ("cdn_profile", _DOORS, ""),
    ("cdn_endpoint", _DOORS + "/endpoints", "profile_name"),
    ("frontdoor", _NET + "frontDoors", ""),
    ("traffic_manager_profile", _NET + "trafficManagerProfiles", ""),
    ("traffic_manager_azure_endpoint", _NET + "trafficManagerProfiles/azureEndpoints", "profile_id"),
    ("traffic_manager_external_endpoint", _NET + "trafficManagerProfiles/externalEndpoints", "profile_id"),
    ("traffic_manager_nested_endpoint", _NET + "trafficManagerProfiles/nestedEndpoints", "profile_id"),
    ("traffic_manager_endpoint", _NET + "trafficManagerProfiles/azureEndpoints", "profile_name"),
    # Network manager
    ("network_manager", _MANAGERS, ""),
    ("network_manager_network_group", _MANAGERS + "/networkGroups", "network_manager_id"),
    ("network_manager_static_member", _MANAGERS + "/networkGroups/staticMembers", "network_group_id"),
    ("network_manager_connectivity_configuration", _MANAGERS + "/connectivityConfigurations", "network_manager_id"),
    ("network_manager_security_admin_configuration", _ADMIN, "network_manager_id"),
    ("network_manager_admin_rule_collection", _ADMIN + "/ruleCollections", "security_admin_configuration_id"),
    ("network_manager_admin_rule", _ADMIN + "/ruleCollections/rules", "admin_rule_collection_id"),
    ("network_manager_deployment", _MANAGERS + "/commits", "network_manager_id"),
    ("network_manager_scope_connection", _MANAGERS + "/scopeConnections", "network_manager_id"),
    ("network_manager_routing_configuration", _ROUTING, "network_manager_id"),
    ("network_manager_routing_rule_collection", _ROUTING + "/ruleCollections", "routing_configuration_id"),
    ("network_manager_routing_rule", _ROUTING + "/ruleCollections/rules", "rule_collection_id"),
    ("network_manager_ipam_pool", _MANAGERS + "/ipamPools", "network_manager_id"),
    ("network_manager_verifier_workspace", _MANAGERS + "/verifierWorkspaces", "network_manager_id"),
    # Machines
    ("linux_virtual_machine", "Microsoft.Compute/virtualMachines", ""),
    ("windows_virtual_machine", "Microsoft.Compute/virtualMachines", ""),
    ("virtual_machine", "Microsoft.Compute/virtualMachines", ""),
    ("linux_virtual_machine_scale_set", "Microsoft.Compute/virtualMachineScaleSets", ""),
    ("windows_virtual_machine_scale_set", "Microsoft.Compute/virtualMachineScaleSets", ""),
    ("orchestrated_virtual_machine_scale_set", "Microsoft.Compute/virtualMachineScaleSets", ""),
    ("virtual_machine_scale_set", "Microsoft.Compute/virtualMachineScaleSets", ""),
    ("availability_set", "Microsoft.Compute/availabilitySets", ""),
    ("container_group", "Microsoft.ContainerInstance/containerGroups", ""),
    ("container_app_environment", "Microsoft.App/managedEnvironments", ""),
    ("container_app", "Microsoft.App/containerApps", ""),
    ("kubernetes_cluster", "Microsoft.ContainerService/managedClusters", ""),
    ("kubernetes_automatic_cluster", "Microsoft.ContainerService/managedClusters", ""),
    ("kubernetes_cluster_node_pool", "Microsoft.ContainerService/managedClusters/agentPools", "kubernetes_cluster_id"),
    ("redhat_openshift_cluster", "Microsoft.RedHatOpenShift/openShiftClusters", ""),
    ("batch_account", "Microsoft.Batch/batchAccounts", ""),
    ("spring_cloud_service", "Microsoft.AppPlatform/spring", ""),
    ("hdinsight_hadoop_cluster", "Microsoft.HDInsight/clusters", ""),
    ("hdinsight_hbase_cluster", "Microsoft.HDInsight/clusters", ""),
    ("hdinsight_interactive_query_cluster", "Microsoft.HDInsight/clusters", ""),
    ("hdinsight_kafka_cluster", "Microsoft.HDInsight/clusters", ""),
    ("hdinsight_spark_cluster", "Microsoft.HDInsight/clusters", ""),
    # Data
    ("storage_account", "Microsoft.Storage/storageAccounts", ""),
    ("netapp_account", "Microsoft.NetApp/netAppAccounts", ""),
    ("netapp_pool", "Microsoft.NetApp/netAppAccounts/capacityPools", "account_name"),
    ("netapp_volume", "Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "account_name/pool_name"),
    ("mssql_server", "Microsoft.Sql/servers", ""),
    ("mssql_database", "Microsoft.Sql/servers/databases", "server_id"),
    ("mssql_firewall_rule", "Microsoft.Sql/servers/firewallRules", "server_id"),
    ("mssql_virtual_network_rule", "Microsoft.Sql/servers/virtualNetworkRules", "server_id"),
    ("mssql_elasticpool", "Microsoft.Sql/servers/elasticPools", "server_name"),
    ("mssql_managed_instance", "Microsoft.Sql/managedInstances", ""),
    ("sql_server", "Microsoft.Sql/servers", ""),
    ("sql_database", "Microsoft.Sql/servers/databases", "server_name"),
    ("sql_firewall_rule", "Microsoft.Sql/servers/firewallRules", "server_name"),
    ("sql_virtual_network_rule", "Microsoft.Sql/servers/virtualNetworkRules", "server_name"),
    ("sql_managed_instance", "Microsoft.Sql/managedInstances", ""),
    ("postgresql_flexible_server", "Microsoft.DBforPostgreSQL/flexibleServers", ""),
    ("postgresql_flexible_server_firewall_rule", "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules",
     "server_id"),
    ("postgresql_server", "Microsoft.DBforPostgreSQL/servers", ""),
    ("postgresql_firewall_rule", "Microsoft.DBforPostgreSQL/servers/firewallRules", "server_name"),
    ("postgresql_virtual_network_rule", "Microsoft.DBforPostgreSQL/servers/virtualNetworkRules", "server_name"),
    ("mysql_flexible_server", "Microsoft.DBforMySQL/flexibleServers", ""),
    ("mysql_flexible_server_firewall_rule", "Microsoft.DBforMySQL/flexibleServers/firewallRules", "server_name"),
    ("mysql_server", "Microsoft.DBforMySQL/servers", ""),
    ("mysql_firewall_rule", "Microsoft.DBforMySQL/servers/firewallRules", "server_name"),
    ("mysql_virtual_network_rule", "Microsoft.DBforMySQL/servers/virtualNetworkRules", "server_name"),
    ("mariadb_server", "Microsoft.DBforMariaDB/servers", ""),
    ("mariadb_firewall_rule", "Microsoft.DBforMariaDB/servers/firewallRules", "server_name"),
    ("mariadb_virtual_network_rule", "Microsoft.DBforMariaDB/servers/virtualNetworkRules", "server_name"),
    ("cosmosdb_account", "Microsoft.DocumentDB/databaseAccounts", ""),
    ("redis_cache", "Microsoft.Cache/redis", ""),
    ("redis_firewall_rule", "Microsoft.Cache/redis/firewallRules", "redis_cache_name"),
    ("redis_enterprise_cluster", "Microsoft.Cache/redisEnterprise", ""),
    ("managed_redis", "Microsoft.Cache/redisEnterprise", ""),
    ("synapse_workspace", "Microsoft.Synapse/workspaces", ""),
    ("synapse_firewall_rule", "Microsoft.Synapse/workspaces/firewallRules", "synapse_workspace_id"),
    ("databricks_workspace", "Microsoft.Databricks/workspaces", ""),
    ("data_factory", "Microsoft.DataFactory/factories", ""),
    ("kusto_cluster", "Microsoft.Kusto/clusters", ""),
    ("purview_account", "Microsoft.Purview/accounts", ""),
    # Services
    ("key_vault", "Microsoft.KeyVault/vaults", ""),
    ("key_vault_managed_hardware_security_module", "Microsoft.KeyVault/managedHSMs", ""),
    ("container_registry", "Microsoft.ContainerRegistry/registries", ""),
    ("cognitive_account", "Microsoft.CognitiveServices/accounts", ""),
    ("ai_services", "Microsoft.CognitiveServices/accounts", ""),
    ("search_service", "Microsoft.Search/searchServices", ""),
    ("machine_learning_workspace", "Microsoft.MachineLearningServices/workspaces", ""),
    ("ai_foundry", "Microsoft.MachineLearningServices/workspaces", ""),
    ("servicebus_namespace", "Microsoft.ServiceBus/namespaces", ""),
    ("eventhub_namespace", "Microsoft.EventHub/namespaces", ""),
    ("eventgrid_topic", "Microsoft.EventGrid/topics", ""),
    ("eventgrid_domain", "Microsoft.EventGrid/domains", ""),
    ("eventgrid_namespace", "Microsoft.EventGrid/namespaces", ""),
    ("relay_namespace", "Microsoft.Relay/namespaces", ""),
    ("signalr_service", "Microsoft.SignalRService/signalR", ""),
    ("web_pubsub", "Microsoft.SignalRService/webPubSub", ""),
    ("iothub", "Microsoft.Devices/IotHubs", ""),
    ("app_configuration", "Microsoft.AppConfiguration/configurationStores", ""),
    ("api_management", "Microsoft.ApiManagement/service", ""),
    ("recovery_services_vault", "Microsoft.RecoveryServices/vaults", ""),
    ("log_analytics_workspace", "Microsoft.OperationalInsights/workspaces", ""),
    ("automation_account", "Microsoft.Automation/automationAccounts", ""),
    # Web
    ("service_plan", "Microsoft.Web/serverFarms", ""),
    ("app_service_plan", "Microsoft.Web/serverFarms", ""),
    ("app_service_environment", "Microsoft.Web/hostingEnvironments", ""),
    ("app_service_environment_v3", "Microsoft.Web/hostingEnvironments", ""),
    ("static_web_app", "Microsoft.Web/staticSites", ""),
    ("static_site", "Microsoft.Web/staticSites", ""),
    ("app_service", _SITES, ""),
    ("function_app", _SITES, ""),
    ("linux_web_app", _SITES, ""),
    ("windows_web_app", _SITES, ""),
    ("linux_function_app", _SITES, ""),
    ("windows_function_app", _SITES, ""),
    ("function_app_flex_consumption", _SITES, ""),
    ("logic_app_standard", _SITES, ""),
    ("app_service_slot", _SITES + "/slots", "app_service_name"),
    ("function_app_slot", _SITES + "/slots", "function_app_name"),
    ("linux_web_app_slot", _SITES + "/slots", "app_service_id"),
    ("windows_web_app_slot", _SITES + "/slots", "app_service_id"),
    ("linux_function_app_slot", _SITES + "/slots", "function_app_id"),
    ("windows_function_app_slot", _SITES + "/slots", "function_app_id"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {f"azurerm_{name}": Kind(azure, parents) for name, azure, parents in _ROWS}
"""By Terraform's type."""


def azure_type(terraform_type: str) -> str:
    """The Azure type that a Terraform type makes, as REST writes it; "" for one that is not known here, or makes none.

    >>> azure_type("azurerm_subnet"), azure_type("azurerm_role_assignment")
    ('Microsoft.Network/virtualNetworks/subnets', '')
    """
    kind = KINDS.get(terraform_type)
    return kind.azure if kind is not None else ""
