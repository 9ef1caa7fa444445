"""Service tags, and FQDN tags of Azure Firewall: words that a rule may use for addresses that Azure keeps.

Names as of https://learn.microsoft.com/azure/virtual-network/service-tags-overview and
https://learn.microsoft.com/azure/firewall/fqdn-tags. A tag may be followed by a region: `Storage.WestEurope`.
"""

from __future__ import annotations

# fmt: off
SERVICE_TAGS = (
    "ActionGroup", "ApiManagement", "AppConfiguration", "ApplicationInsightsAvailability", "AppService",
    "AppServiceManagement", "AutonomousDevelopmentPlatform", "AzureActiveDirectory",
    "AzureActiveDirectoryDomainServices", "AzureAdvancedThreatProtection", "AzureArcInfrastructure",
    "AzureAttestation", "AzureBackup", "AzureBotService", "AzureCloud", "AzureCognitiveSearch",
    "AzureConnectors", "AzureContainerAppsService", "AzureContainerRegistry", "AzureCosmosDB",
    "AzureDataExplorerManagement", "AzureDataLake", "AzureDatabricks", "AzureDeviceUpdate",
    "AzureDevOps", "AzureDevSpaces", "AzureDigitalTwins", "AzureEventGrid", "AzureFrontDoor",
    "AzureHealthcareAPIs", "AzureInformationProtection", "AzureIoTHub", "AzureKeyVault",
    "AzureLoadBalancer", "AzureLoadTestingInstanceManagement", "AzureMachineLearning",
    "AzureMachineLearningInference", "AzureManagedGrafana", "AzureMonitor", "AzureMonitorForSAP",
    "AzureOpenDatasets", "AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM",
    "AzureResourceManager", "AzureSentinel", "AzureSignalR", "AzureSiteRecovery", "AzureSphere",
    "AzureSpringCloud", "AzureStack", "AzureTrafficManager", "AzureUpdateDelivery",
    "AzureVirtualDesktop", "AzureWebPubSub", "BatchNodeManagement", "ChaosStudio",
    "CognitiveServicesFrontend", "CognitiveServicesManagement", "ContainerAppsManagement",
    "DataFactory", "DataFactoryManagement", "Dynamics365BusinessCentral",
    "Dynamics365ForMarketingEmail", "EOPExternalPublishedIPs", "EventHub", "GatewayManager",
    "GenevaActions", "GuestAndHybridManagement", "HDInsight", "Internet", "KustoAnalytics", "LogicApps",
    "LogicAppsManagement", "M365ManagementActivityApi", "Marketplace", "MicrosoftAzureFluidRelay",
    "MicrosoftCloudAppSecurity", "MicrosoftContainerRegistry", "MicrosoftDefenderForEndpoint",
    "MicrosoftPurviewPolicyDistribution", "OneDsCollector", "PowerBI", "PowerPlatformInfra",
    "PowerPlatformPlex", "PowerQueryOnline", "Scuba", "SerialConsole", "ServiceBus", "ServiceFabric",
    "Sql", "SqlManagement", "Storage", "StorageMover", "StorageSyncService", "VideoIndexer",
    "VirtualNetwork", "WindowsAdminCenter", "WindowsVirtualDesktop",
)
# fmt: on

# fmt: off
FQDN_TAGS = (
    "AppServiceEnvironment", "AzureBackup", "AzureHDInsight", "AzureKubernetesService",
    "CitrixHDXPlusForWindows365", "MicrosoftActiveProtectionService", "MicrosoftIntune",
    "WindowsDiagnostics", "WindowsUpdate", "WindowsVirtualDesktop", "Windows365",
)
# fmt: on

_BY_FOLDED = {tag.lower(): tag for tag in SERVICE_TAGS}
_FQDN_BY_FOLDED = {tag.lower(): tag for tag in FQDN_TAGS}


def service_tag(word: str) -> str | None:
    """The tag as Azure writes it, with its region if it has one; None if it is no tag.

    >>> service_tag("storage.WestEurope"), service_tag("contoso.com")
    ('Storage.WestEurope', None)
    """
    tag, dot, region = word.partition(".")
    known = _BY_FOLDED.get(tag.lower())
    if known is None or (dot and not region.replace(".", "").isalnum()):
        return None
    return known + dot + region


def fqdn_tag(word: str) -> str | None:
    """The FQDN tag as Azure writes it; None if it is none.

    >>> fqdn_tag("windowsupdate")
    'WindowsUpdate'
    """
    return _FQDN_BY_FOLDED.get(word.lower())
