"""Pairs of Terraform and REST: containers, data, messaging, web and other platform services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terraform_pairs import WEU, Json, Pair, arm, body, here, net

_SUBNET = net("virtualNetworks/subnets", "hub", "app")
_IP = net("publicIPAddresses", "pip")
_ZONE = net("privateDnsZones", "privatelink.x")


def _one(terraform: str, azure_id: str, values: Json, properties: Json, /, **more: Any) -> Pair:
    """A pair of one instance and one body."""
    return Pair(((terraform, here(azure_id, **values)),), (body(azure_id, properties, **WEU, **more),))


_ACI = arm("Microsoft.ContainerInstance/containerGroups", "aci")
_AKS = arm("Microsoft.ContainerService/managedClusters", "aks")
_ARO = arm("Microsoft.RedHatOpenShift/openShiftClusters", "aro")
CONTAINERS: Mapping[str, Pair] = {
    "a container group in a subnet": _one(
        "container_group", _ACI,
        {"ip_address_type": "Private", "ip_address": "10.0.1.5", "subnet_ids": [_SUBNET], "network_profile_id": None,
         "os_type": "Linux", "dns_name_label": "", "fqdn": "", "exposed_port": [{"port": 80, "protocol": "TCP"}]},
        {"osType": "Linux", "subnetIds": [{"id": _SUBNET}],
         "ipAddress": {"type": "Private", "ip": "10.0.1.5", "ports": [{"port": 80, "protocol": "TCP"}]}},
    ),
    "a public container group with a port of its container": _one(
        "container_group", _ACI,
        {"ip_address_type": "Public", "ip_address": "20.2.2.2", "subnet_ids": None, "os_type": "Linux",
         "dns_name_label": "shop", "fqdn": "shop.x", "exposed_port": [],
         "container": [{"name": "c", "ports": [{"port": 8080, "protocol": "TCP"}]}]},
        {"osType": "Linux", "ipAddress": {"type": "Public", "ip": "20.2.2.2", "dnsNameLabel": "shop", "fqdn": "shop.x",
                                          "ports": [{"port": 8080, "protocol": "TCP"}]}},
    ),
    "a Container Apps environment": _one(
        "container_app_environment", arm("Microsoft.App/managedEnvironments", "cae"),
        {"infrastructure_subnet_id": _SUBNET, "internal_load_balancer_enabled": True, "static_ip_address": "10.0.1.9",
         "default_domain": "x.westeurope.azurecontainerapps.io", "public_network_access": "Disabled"},
        {"vnetConfiguration": {"infrastructureSubnetId": _SUBNET, "internal": True}, "staticIp": "10.0.1.9",
         "defaultDomain": "x.westeurope.azurecontainerapps.io", "publicNetworkAccess": "Disabled"},
    ),
    "a cluster with a further pool": Pair(
        (
            ("kubernetes_cluster", here(
                _AKS, private_cluster_enabled=False, private_dns_zone_id="", kubernetes_version="1.29",
                node_resource_group="MC_x", fqdn="aks.hcp.westeurope.azmk8s.io", private_fqdn="",
                api_server_access_profile=[{"authorized_ip_ranges": ["20.0.0.0/24"]}],
                default_node_pool=[{"name": "system", "vnet_subnet_id": _SUBNET, "pod_subnet_id": "", "node_count": 3,
                                    "node_public_ip_enabled": False, "node_public_ip_prefix_id": ""}],
                network_profile=[{"network_plugin": "azure", "network_plugin_mode": "overlay",
                    "network_policy": "calico",
                                  "outbound_type": "loadBalancer", "load_balancer_sku": "standard",
                                      "pod_cidr": "10.244.0.0/16",
                                  "service_cidr": "10.2.0.0/16", "load_balancer_profile": [{
                                      "outbound_ip_address_ids": [], "outbound_ip_prefix_ids": [],
                                      "effective_outbound_ips": [_IP]}]}])),
            ("kubernetes_cluster_node_pool", {
                "id": f"{_AKS}/agentPools/apps", "name": "apps", "kubernetes_cluster_id": _AKS, "node_count": 2,
                "vnet_subnet_id": f"{_SUBNET}2", "node_public_ip_enabled": False, "pod_subnet_id": ""}),
        ),
        (body(_AKS, {
            "apiServerAccessProfile": {"enablePrivateCluster": False, "authorizedIPRanges": ["20.0.0.0/24"]},
            "kubernetesVersion": "1.29", "nodeResourceGroup": "MC_x", "fqdn": "aks.hcp.westeurope.azmk8s.io",
            "agentPoolProfiles": [
                {"name": "apps", "count": 2, "enableNodePublicIP": False, "vnetSubnetID": f"{_SUBNET}2"},
                {"name": "system", "count": 3, "enableNodePublicIP": False, "vnetSubnetID": _SUBNET}],
            "networkProfile": {
                "networkPlugin": "azure", "networkPluginMode": "overlay", "networkPolicy": "calico",
                "outboundType": "loadBalancer", "loadBalancerSku": "standard", "podCidr": "10.244.0.0/16",
                "serviceCidr": "10.2.0.0/16", "loadBalancerProfile": {"effectiveOutboundIPs": [{"id": _IP}]}},
        }, **WEU),),
    ),
    "an OpenShift cluster": _one(
        "redhat_openshift_cluster", _ARO,
        {"api_server_profile": [{"visibility": "Private"}], "ingress_profile": [{"visibility": "Public",
            "name": "default"}],
         "main_profile": [{"subnet_id": _SUBNET, "vm_size": "x"}],
         "worker_profile": [{"subnet_id": f"{_SUBNET}2", "vm_size": "x", "node_count": 3}]},
        {"apiserverProfile": {"visibility": "Private"}, "ingressProfiles": [{"visibility": "Public"}],
         "masterProfile": {"subnetId": _SUBNET}, "workerProfiles": [{"subnetId": f"{_SUBNET}2"}]},
    ),
}  # fmt: skip

_SA = arm("Microsoft.Storage/storageAccounts", "sa")
_KV = arm("Microsoft.KeyVault/vaults", "kv")
_SQL = arm("Microsoft.Sql/servers", "sql")
_PG = arm("Microsoft.DBforPostgreSQL/flexibleServers", "pg")
_MY = arm("Microsoft.DBforMySQL/flexibleServers", "my")
_OLD = arm("Microsoft.DBforPostgreSQL/servers", "old")
_REDIS = arm("Microsoft.Cache/redis", "redis")
_SYN = arm("Microsoft.Synapse/workspaces", "syn")
_VOLUME = arm("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "na", "p", "v")
_RANGE = {"start_ip_address": "20.1.0.0", "end_ip_address": "20.1.0.255"}
_RANGE_REST = {"startIpAddress": "20.1.0.0", "endIpAddress": "20.1.0.255"}


def _child(parent: str, collection: str, name: str, **values: Any) -> Json:
    return {"id": f"{parent}/{collection}/{name}", "name": name, **values}


DATA: Mapping[str, Pair] = {
    "a storage account": _one(
        "storage_account", _SA,
        {"account_tier": "Standard", "account_replication_type": "LRS", "account_kind": "StorageV2",
         "https_traffic_only_enabled": True, "is_hns_enabled": False, "allow_nested_items_to_be_public": False,
         "public_network_access_enabled": True, "primary_blob_endpoint": "https://sa.blob.core.windows.net/",
         "network_rules": [{"default_action": "Deny", "bypass": ["AzureServices", "Logging"], "ip_rules": ["20.1.2.3"],
                            "virtual_network_subnet_ids": [_SUBNET], "private_link_access": [
                                {"endpoint_resource_id": "/subscriptions/s/x", "endpoint_tenant_id": "t"}]}]},
        {"publicNetworkAccess": "Enabled", "supportsHttpsTrafficOnly": True, "isHnsEnabled": False,
         "allowBlobPublicAccess": False, "primaryEndpoints": {"blob": "https://sa.blob.core.windows.net/"},
         "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices, Logging",
                         "ipRules": [{"value": "20.1.2.3", "action": "Allow"}],
                             "virtualNetworkRules": [{"id": _SUBNET}],
                         "resourceAccessRules": [{"resourceId": "/subscriptions/s/x", "tenantId": "t"}]}},
        kind="StorageV2", sku={"name": "Standard_LRS", "tier": "Standard"},
    ),
    "a storage account with rules of their own": Pair(
        (
            ("storage_account", here(_SA, account_tier="Standard", account_replication_type="LRS",
                                     public_network_access_enabled=True, network_rules=None)),
            ("storage_account_network_rules", {"id": _SA, "storage_account_id": _SA, "default_action": "Deny",
                                               "bypass": ["None"], "ip_rules": [],
                                                   "virtual_network_subnet_ids": [_SUBNET]}),
        ),
        (body(_SA, {"publicNetworkAccess": "Enabled", "networkAcls": {
            "defaultAction": "Deny", "bypass": "None", "ipRules": [], "virtualNetworkRules": [{"id": _SUBNET}]}},
            sku={"name": "Standard_LRS", "tier": "Standard"}, **WEU),),
    ),
    "a key vault": _one(
        "key_vault", _KV,
        {"public_network_access_enabled": False, "sku_name": "standard", "vault_uri": "https://kv.vault.azure.net/",
         "network_acls": [{"default_action": "Deny", "bypass": "AzureServices", "ip_rules": ["20.1.2.0/24"],
                           "virtual_network_subnet_ids": [_SUBNET]}]},
        {"publicNetworkAccess": "Disabled", "sku": {"name": "standard"}, "vaultUri": "https://kv.vault.azure.net/",
         "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices",
                         "ipRules": [{"value": "20.1.2.0/24", "action": "Allow"}],
                             "virtualNetworkRules": [{"id": _SUBNET}]}},
    ),
    "an SQL server with its rules and a database": Pair(
        (
            ("mssql_server", here(_SQL, public_network_access_enabled=True,
                                  fully_qualified_domain_name="sql.database.windows.net")),
            ("mssql_firewall_rule", _child(_SQL, "firewallRules", "office", server_id=_SQL, **_RANGE)),
            ("mssql_virtual_network_rule", _child(_SQL, "virtualNetworkRules", "app", server_id=_SQL, subnet_id=_SUBNET,
                                                  ignore_missing_vnet_service_endpoint=False)),
            ("mssql_database", _child(_SQL, "databases", "db", server_id=_SQL, elastic_pool_id="", collation="x")),
        ),
        (
            body(_SQL, {"publicNetworkAccess": "Enabled", "fullyQualifiedDomainName": "sql.database.windows.net"},
                **WEU),
            body(f"{_SQL}/firewallRules/office", _RANGE_REST),
            body(f"{_SQL}/virtualNetworkRules/app", {"virtualNetworkSubnetId": _SUBNET,
                                                     "ignoreMissingVnetServiceEndpoint": False}),
            body(f"{_SQL}/databases/db", {"collation": "x"}),
        ),
    ),
    "an SQL managed instance": _one(
        "mssql_managed_instance", arm("Microsoft.Sql/managedInstances", "mi"),
        {"subnet_id": _SUBNET, "public_data_endpoint_enabled": True, "fqdn": "mi.x.database.windows.net"},
        {"subnetId": _SUBNET, "publicDataEndpointEnabled": True,
            "fullyQualifiedDomainName": "mi.x.database.windows.net"},
    ),
    "a flexible server in a subnet": _one(
        "postgresql_flexible_server", _PG,
        {"delegated_subnet_id": _SUBNET, "private_dns_zone_id": _ZONE, "public_network_access_enabled": False,
            "fqdn": "pg.x"},
        {"network": {"delegatedSubnetResourceId": _SUBNET, "privateDnsZoneArmResourceId": _ZONE,
                     "publicNetworkAccess": "Disabled"}, "fullyQualifiedDomainName": "pg.x"},
    ),
    "flexible and single servers with rules": Pair(
        (
            ("mysql_flexible_server", here(_MY, delegated_subnet_id="", public_network_access="Enabled", fqdn="my.x")),
            ("mysql_flexible_server_firewall_rule", _child(_MY, "firewallRules", "r", server_name="my",
                                                           resource_group_name="rg", **_RANGE)),
            ("postgresql_server", here(_OLD, public_network_access_enabled=True, fqdn="old.x")),
            ("postgresql_firewall_rule", _child(_OLD, "firewallRules", "r", server_name="old",
                resource_group_name="rg", **_RANGE)),
            ("postgresql_virtual_network_rule", _child(_OLD, "virtualNetworkRules", "v", server_name="old",
                                                       resource_group_name="rg", subnet_id=_SUBNET)),
            ("postgresql_flexible_server_firewall_rule", _child(_PG, "firewallRules", "r", server_id=_PG, **_RANGE)),
        ),
        (
            body(_MY, {"network": {"publicNetworkAccess": "Enabled"}, "fullyQualifiedDomainName": "my.x"}, **WEU),
            body(f"{_MY}/firewallRules/r", _RANGE_REST),
            body(_OLD, {"publicNetworkAccess": "Enabled", "fullyQualifiedDomainName": "old.x"}, **WEU),
            body(f"{_OLD}/firewallRules/r", _RANGE_REST),
            body(f"{_OLD}/virtualNetworkRules/v", {"virtualNetworkSubnetId": _SUBNET}),
            body(f"{_PG}/firewallRules/r", _RANGE_REST),
        ),
    ),
    "Cosmos DB": _one(
        "cosmosdb_account", arm("Microsoft.DocumentDB/databaseAccounts", "cos"),
        {"kind": "GlobalDocumentDB", "public_network_access_enabled": True, "ip_range_filter": ["20.1.2.3", "0.0.0.0"],
         "is_virtual_network_filter_enabled": True, "endpoint": "https://cos.documents.azure.com:443/",
         "virtual_network_rule": [{"id": _SUBNET, "ignore_missing_vnet_service_endpoint": False}],
         "network_acl_bypass_for_azure_services": True, "network_acl_bypass_ids": [],
         "geo_location": [{"location": "westeurope", "failover_priority": 0}]},
        {"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": True,
         "ipRules": [{"ipAddressOrRange": "20.1.2.3"}, {"ipAddressOrRange": "0.0.0.0"}],
         "virtualNetworkRules": [{"id": _SUBNET}], "networkAclBypass": "AzureServices",
         "locations": [{"locationName": "westeurope"}], "documentEndpoint": "https://cos.documents.azure.com:443/"},
        kind="GlobalDocumentDB",
    ),
    "caches and Synapse": Pair(
        (
            ("redis_cache", here(_REDIS, sku_name="Premium", family="P", capacity=1, subnet_id=_SUBNET,
                                 private_static_ip_address="10.0.1.20", public_network_access_enabled=True,
                                 hostname="redis.redis.cache.windows.net", non_ssl_port_enabled=False)),
            ("redis_firewall_rule", _child(_REDIS, "firewallRules", "r", redis_cache_name="redis",
                resource_group_name="rg",
                                           start_ip="20.1.0.0", end_ip="20.1.0.9")),
            ("synapse_workspace", here(_SYN, public_network_access_enabled=True, managed_virtual_network_enabled=True,
                                       connectivity_endpoints={"web": "https://x"})),
            ("synapse_firewall_rule", _child(_SYN, "firewallRules", "r", synapse_workspace_id=_SYN, **_RANGE)),
        ),
        (
            body(_REDIS, {"sku": {"name": "Premium", "family": "P", "capacity": 1}, "subnetId": _SUBNET,
                          "staticIP": "10.0.1.20", "publicNetworkAccess": "Enabled", "enableNonSslPort": False,
                          "hostName": "redis.redis.cache.windows.net"}, **WEU),
            body(f"{_REDIS}/firewallRules/r", {"startIP": "20.1.0.0", "endIP": "20.1.0.9"}),
            body(_SYN, {"publicNetworkAccess": "Enabled", "managedVirtualNetwork": "default",
                        "connectivityEndpoints": {"web": "https://x"}}, **WEU),
            body(f"{_SYN}/firewallRules/r", _RANGE_REST),
        ),
    ),
    "a volume": Pair(
        (("netapp_volume", here(_VOLUME, account_name="na", pool_name="p", subnet_id=_SUBNET, protocols=["NFSv3"],
                                network_features="Standard", mount_ip_addresses=["10.0.1.30"])),),
        (body(_VOLUME, {"subnetId": _SUBNET, "protocolTypes": ["NFSv3"], "networkFeatures": "Standard",
                        "mountTargets": [{"ipAddress": "10.0.1.30"}]}, **WEU),),
    ),
}  # fmt: skip

_SB, _EH = arm("Microsoft.ServiceBus/namespaces", "sb"), arm("Microsoft.EventHub/namespaces", "eh")
_APIM = arm("Microsoft.ApiManagement/service", "apim")
SERVICES: Mapping[str, Pair] = {
    "messaging with its rules": Pair(
        (
            ("servicebus_namespace", here(
                _SB, sku="Premium", capacity=1, public_network_access_enabled=True, network_rule_set=[{
                    "default_action": "Deny", "public_network_access_enabled": True, "trusted_services_allowed": True,
                    "ip_rules": ["20.1.2.3"],
                    "network_rules": [{"subnet_id": _SUBNET, "ignore_missing_vnet_service_endpoint": False}]}])),
            ("eventhub_namespace", here(
                _EH, sku="Standard", capacity=2, public_network_access_enabled=True, network_rulesets=[{
                    "default_action": "Deny", "public_network_access_enabled": True,
                        "trusted_service_access_enabled": False,
                    "ip_rule": [{"ip_mask": "20.1.0.0/16", "action": "Allow"}],
                    "virtual_network_rule": [{"subnet_id": _SUBNET}]}])),
        ),
        (
            body(_SB, {"publicNetworkAccess": "Enabled"}, sku={"name": "Premium", "capacity": 1}, **WEU),
            body(f"{_SB}/networkRuleSets/default", {
                "defaultAction": "Deny", "publicNetworkAccess": "Enabled", "trustedServiceAccessEnabled": True,
                "ipRules": [{"ipMask": "20.1.2.3", "action": "Allow"}],
                    "virtualNetworkRules": [{"subnet": {"id": _SUBNET}}]}),
            body(_EH, {"publicNetworkAccess": "Enabled"}, sku={"name": "Standard", "capacity": 2}, **WEU),
            body(f"{_EH}/networkRuleSets/default", {
                "defaultAction": "Deny", "publicNetworkAccess": "Enabled", "trustedServiceAccessEnabled": False,
                "ipRules": [{"ipMask": "20.1.0.0/16", "action": "Allow"}],
                "virtualNetworkRules": [{"subnet": {"id": _SUBNET}}]}),
        ),
    ),
    "a registry": _one(
        "container_registry", arm("Microsoft.ContainerRegistry/registries", "acr"),
        {"sku": "Premium", "public_network_access_enabled": True, "login_server": "acr.azurecr.io",
            "admin_enabled": False,
         "network_rule_bypass_option": "AzureServices",
         "network_rule_set": [{"default_action": "Deny", "ip_rule": [{"action": "Allow", "ip_range": "20.1.2.0/24"}]}]},
        {"publicNetworkAccess": "Enabled", "loginServer": "acr.azurecr.io", "adminUserEnabled": False,
         "networkRuleBypassOptions": "AzureServices", "networkRuleSet": {
             "defaultAction": "Deny", "ipRules": [{"value": "20.1.2.0/24", "action": "Allow"}],
                 "virtualNetworkRules": []}},
        sku={"name": "Premium"},
    ),
    "an AI service": _one(
        "cognitive_account", arm("Microsoft.CognitiveServices/accounts", "ai"),
        {"kind": "OpenAI", "sku_name": "S0", "public_network_access_enabled": True, "custom_subdomain_name": "ai",
         "endpoint": "https://ai.openai.azure.com/", "outbound_network_access_restricted": False,
         "network_acls": [{"default_action": "Deny", "ip_rules": ["20.1.2.3"], "bypass": "",
                           "virtual_network_rules": [{"subnet_id": _SUBNET,
                               "ignore_missing_vnet_service_endpoint": False}]}]},
        {"publicNetworkAccess": "Enabled", "customSubDomainName": "ai", "endpoint": "https://ai.openai.azure.com/",
         "restrictOutboundNetworkAccess": False, "networkAcls": {
             "defaultAction": "Deny", "ipRules": [{"value": "20.1.2.3", "action": "Allow"}],
             "virtualNetworkRules": [{"id": _SUBNET}]}},
        kind="OpenAI", sku={"name": "S0"},
    ),
    "a search service": _one(
        "search_service", arm("Microsoft.Search/searchServices", "srch"),
        {"sku": "standard", "public_network_access_enabled": True, "allowed_ips": ["20.1.2.3"],
         "network_rule_bypass_option": "None"},
        {"publicNetworkAccess": "Enabled",
         "networkRuleSet": {"ipRules": [{"value": "20.1.2.3", "action": "Allow"}], "bypass": "None"}},
        sku={"name": "standard"},
    ),
    "Machine Learning": _one(
        "machine_learning_workspace", arm("Microsoft.MachineLearningServices/workspaces", "ml"),
        {"public_network_access_enabled": False, "managed_network": [{"isolation_mode": "AllowOnlyApprovedOutbound"}],
         "discovery_url": "https://x"},
        {"publicNetworkAccess": "Disabled", "managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"},
         "discoveryUrl": "https://x"},
    ),
    "an Event Grid topic": _one(
        "eventgrid_topic", arm("Microsoft.EventGrid/topics", "topic"),
        {"public_network_access_enabled": True, "endpoint": "https://topic.x",
         "inbound_ip_rule": [{"ip_mask": "20.1.2.3", "action": "Allow"}]},
        {"publicNetworkAccess": "Enabled", "endpoint": "https://topic.x",
         "inboundIpRules": [{"ipMask": "20.1.2.3", "action": "Allow"}]},
    ),
    "Batch": _one(
        "batch_account", arm("Microsoft.Batch/batchAccounts", "batch"),
        {"public_network_access_enabled": True, "pool_allocation_mode": "BatchService", "account_endpoint": "batch.x",
         "network_profile": [{"account_access": [{"default_action": "Deny",
                                                  "ip_rule": [{"ip_range": "20.1.2.3", "action": "Allow"}]}],
                              "node_management_access": []}]},
        {"publicNetworkAccess": "Enabled", "poolAllocationMode": "BatchService", "accountEndpoint": "batch.x",
         "networkProfile": {"accountAccess": {"defaultAction": "Deny", "ipRules": [{"value": "20.1.2.3",
             "action": "Allow"}],
                                              "virtualNetworkRules": []}}},
    ),
    "API Management": _one(
        "api_management", _APIM,
        {"sku_name": "Developer_1", "virtual_network_type": "External", "public_network_access_enabled": True,
         "virtual_network_configuration": [{"subnet_id": _SUBNET}], "public_ip_address_id": _IP,
         "public_ip_addresses": ["20.1.2.3"], "private_ip_addresses": [], "gateway_url": "https://apim.azure-api.net",
         "hostname_configuration": [{"proxy": [{"host_name": "api.contoso.com"}], "management": [], "portal": []}]},
        {"publicNetworkAccess": "Enabled", "virtualNetworkType": "External",
         "virtualNetworkConfiguration": {"subnetResourceId": _SUBNET}, "publicIpAddressId": _IP,
         "publicIpAddresses": ["20.1.2.3"], "gatewayUrl": "https://apim.azure-api.net",
         "hostnameConfigurations": [{"type": "Proxy", "hostName": "api.contoso.com"}]},
        sku={"name": "Developer", "capacity": 1},
    ),
    "Databricks": _one(
        "databricks_workspace", arm("Microsoft.Databricks/workspaces", "dbx"),
        {"sku": "premium", "public_network_access_enabled": True, "network_security_group_rules_required": "AllRules",
         "managed_resource_group_id": "/subscriptions/s/resourceGroups/m", "workspace_url": "adb.x",
         "custom_parameters": [{"virtual_network_id": net("virtualNetworks", "hub"), "public_subnet_name": "pub",
                                "private_subnet_name": "priv", "no_public_ip": True, "nat_gateway_name": ""}]},
        {"publicNetworkAccess": "Enabled", "requiredNsgRules": "AllRules", "workspaceUrl": "adb.x",
         "managedResourceGroupId": "/subscriptions/s/resourceGroups/m", "parameters": {
             "customVirtualNetworkId": {"value": net("virtualNetworks", "hub")},
                 "customPublicSubnetName": {"value": "pub"},
             "customPrivateSubnetName": {"value": "priv"}, "enableNoPublicIp": {"value": True}}},
        sku={"name": "premium"},
    ),
    "Data Factory": _one(
        "data_factory", arm("Microsoft.DataFactory/factories", "adf"), {"public_network_enabled": False},
        {"publicNetworkAccess": "Disabled"},
    ),
    "a recovery vault": _one(
        "recovery_services_vault", arm("Microsoft.RecoveryServices/vaults", "rsv"),
        {"sku": "Standard", "public_network_access_enabled": True}, {"publicNetworkAccess": "Enabled"},
            sku={"name": "Standard"},
    ),
    "Automation": _one(
        "automation_account", arm("Microsoft.Automation/automationAccounts", "aa"),
        {"sku_name": "Basic", "public_network_access_enabled": True}, {"publicNetworkAccess": "Enabled"},
            sku={"name": "Basic"},
    ),
    "Log Analytics": _one(
        "log_analytics_workspace", arm("Microsoft.OperationalInsights/workspaces", "law"),
        {"sku": "PerGB2018", "internet_ingestion_enabled": False, "internet_query_enabled": True},
        {"sku": {"name": "PerGB2018"}, "publicNetworkAccessForIngestion": "Disabled",
            "publicNetworkAccessForQuery": "Enabled"},
    ),
    "Spring and HDInsight": Pair(
        (
            ("spring_cloud_service", here(arm("Microsoft.AppPlatform/spring", "spring"), sku_name="S0", network=[
                {"app_subnet_id": _SUBNET, "service_runtime_subnet_id": f"{_SUBNET}2", "cidr_ranges": []}])),
            ("hdinsight_spark_cluster", here(arm("Microsoft.HDInsight/clusters", "hdi"), cluster_version="5.1", roles=[{
                "head_node": [{"virtual_network_id": net("virtualNetworks", "hub"), "subnet_id": _SUBNET}],
                "worker_node": [{"virtual_network_id": "", "subnet_id": ""}], "zookeeper_node": []}])),
        ),
        (
            body(arm("Microsoft.AppPlatform/spring", "spring"), {"networkProfile": {
                "appSubnetId": _SUBNET, "serviceRuntimeSubnetId": f"{_SUBNET}2"}}, sku={"name": "S0"}, **WEU),
            body(arm("Microsoft.HDInsight/clusters", "hdi"), {"clusterVersion": "5.1", "computeProfile": {"roles": [
                {"name": "headnode", "virtualNetworkProfile": {"id": net("virtualNetworks", "hub"), "subnet": _SUBNET}},
                {"name": "workernode"}]}}, **WEU),
        ),
    ),
}  # fmt: skip

_ASE, _PLAN = arm("Microsoft.Web/hostingEnvironments", "ase"), arm("Microsoft.Web/serverFarms", "plan")
_APP, _FUNC = arm("Microsoft.Web/sites", "app"), arm("Microsoft.Web/sites", "func")
_OPEN = {
    "ipSecurityRestrictions": [],
    "scmIpSecurityRestrictions": [],
    "scmIpSecurityRestrictionsUseMain": False,
}
SITES: Mapping[str, Pair] = {
    "apps with restrictions and integration": Pair(
        (
            ("linux_web_app", here(
                _APP, service_plan_id=_PLAN, virtual_network_subnet_id=_SUBNET,
                    default_hostname="app.azurewebsites.net",
                https_only=True, enabled=True, public_network_access_enabled=True, kind="app,linux",
                    hosting_environment_id="",
                site_config=[{
                    "vnet_route_all_enabled": True, "scm_use_main_ip_restriction": False,
                    "ip_restriction_default_action": "Deny", "scm_ip_restriction_default_action": "Allow",
                    "ip_restriction": [
                        {"name": "fd", "action": "Allow", "priority": 100, "service_tag": "AzureFrontDoor.Backend",
                         "ip_address": "", "virtual_network_subnet_id": "", "headers": [
                             {"x_azure_fdid": ["guid"], "x_fd_health_probe": [], "x_forwarded_for": [],
                                 "x_forwarded_host": []}]},
                        {"name": "office", "action": "Allow", "priority": 200, "service_tag": "",
                            "ip_address": "20.1.2.0/24",
                         "virtual_network_subnet_id": "", "headers": []},
                        {"name": "app", "action": "Deny", "priority": 300, "service_tag": "", "ip_address": "",
                         "virtual_network_subnet_id": _SUBNET, "headers": []}],
                    "scm_ip_restriction": []}])),
            ("app_service_custom_hostname_binding", {
                "id": f"{_APP}/hostNameBindings/shop.contoso.com", "hostname": "shop.contoso.com",
                    "app_service_name": "app",
                "resource_group_name": "rg"}),
            ("service_plan", here(_PLAN, sku_name="P1v3", app_service_environment_id="", os_type="Linux")),
            ("linux_web_app_slot", {
                "id": f"{_APP}/slots/blue", "name": "blue", "app_service_id": _APP,
                    "public_network_access_enabled": False,
                "service_plan_id": None, "virtual_network_subnet_id": None, "kind": "app,linux", "enabled": True,
                "https_only": False, "site_config": [{"ip_restriction": [], "scm_ip_restriction": [],
                                                      "scm_use_main_ip_restriction": False}]}),
        ),
        (
            body(_APP, {
                "publicNetworkAccess": "Enabled", "serverFarmId": _PLAN, "virtualNetworkSubnetId": _SUBNET,
                "defaultHostName": "app.azurewebsites.net", "httpsOnly": True, "enabled": True,
                "hostNames": ["app.azurewebsites.net", "shop.contoso.com"], "siteConfig": {
                    "vnetRouteAllEnabled": True, "scmIpSecurityRestrictionsUseMain": False,
                    "ipSecurityRestrictionsDefaultAction": "Deny", "scmIpSecurityRestrictionsDefaultAction": "Allow",
                    "ipSecurityRestrictions": [
                        {"name": "fd", "action": "Allow", "priority": 100, "ipAddress": "AzureFrontDoor.Backend",
                         "tag": "ServiceTag", "headers": {"x-azure-fdid": ["guid"]}},
                        {"name": "office", "action": "Allow", "priority": 200, "ipAddress": "20.1.2.0/24",
                            "tag": "Default"},
                        {"name": "app", "action": "Deny", "priority": 300, "vnetSubnetResourceId": _SUBNET}],
                    "scmIpSecurityRestrictions": []}}, kind="app,linux", **WEU),
            body(_PLAN, {}, sku={"name": "P1v3"}, **WEU),
            body(f"{_APP}/slots/blue", {"publicNetworkAccess": "Disabled", "enabled": True, "httpsOnly": False,
                                        "siteConfig": _OPEN}, kind="app,linux"),
        ),
    ),
    "a function app in an environment": Pair(
        (
            ("windows_function_app", here(
                _FUNC, service_plan_id=f"{_PLAN}2", virtual_network_subnet_id="", default_hostname="func.x",
                    enabled=True,
                https_only=False, public_network_access_enabled=True, kind="functionapp", site_config=[{}])),
            ("service_plan", here(f"{_PLAN}2", sku_name="I1v2", app_service_environment_id=_ASE, os_type="Windows")),
            ("app_service_environment_v3", here(_ASE, subnet_id=_SUBNET, internal_load_balancing_mode="Web, Publishing",
                                                dns_suffix="ase.x")),
            ("app_service_virtual_network_swift_connection", {
                "id": f"{_FUNC}/config/virtualNetwork", "app_service_id": _FUNC, "subnet_id": _SUBNET}),
            ("static_web_app", here(arm("Microsoft.Web/staticSites", "swa"), public_network_access_enabled=True,
                                    default_host_name="swa.x")),
        ),
        (
            body(_FUNC, {
                "publicNetworkAccess": "Enabled", "serverFarmId": f"{_PLAN}2", "defaultHostName": "func.x",
                    "enabled": True,
                "httpsOnly": False, "siteConfig": _OPEN, "hostingEnvironmentProfile": {"id": _ASE},
                "virtualNetworkSubnetId": _SUBNET}, kind="functionapp", **WEU),
            body(f"{_PLAN}2", {"hostingEnvironmentProfile": {"id": _ASE}}, sku={"name": "I1v2"}, **WEU),
            body(_ASE, {"virtualNetwork": {"id": _SUBNET}, "internalLoadBalancingMode": "Web, Publishing",
                        "dnsSuffix": "ase.x"}, **WEU),
            body(arm("Microsoft.Web/staticSites", "swa"), {"publicNetworkAccess": "Enabled",
                "defaultHostname": "swa.x"}, **WEU),
        ),
    ),
}  # fmt: skip
