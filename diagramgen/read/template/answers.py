"""What the functions of a deployment give of its surroundings: names and ids where the template tells them.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-scope
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.read.template.expressions import Target, TemplateProblem
from diagramgen.read.template.targets import scope_id
from diagramgen.read.template.values import Partial, Unknown, Value, joined

_AT_DEPLOYMENT = "it is known when the template is deployed"


def resource_group(target: Target, location_of: Callable[[Value], Value]) -> Value:
    """What `resourceGroup()` gives; `location_of` tells where the group of an id is, None where nobody knows."""
    if target.resource_group is None:
        raise TemplateProblem("there is no resource group at this scope")
    rid = scope_id(target)
    location = location_of(rid)
    if location is None:
        location = Unknown(
            "{location}", "the resource group tells the location", "name", f"location of {rid}"
        )
    return Partial(
        {
            "id": rid,
            "name": target.resource_group,
            "type": "Microsoft.Resources/resourceGroups",
            "location": location,
            "properties": {"provisioningState": "Succeeded"},
        },
        "resourceGroup",
        _AT_DEPLOYMENT,
    )


def subscription(target: Target) -> Value:
    """What `subscription()` gives."""
    if target.subscription is None:
        raise TemplateProblem("there is no subscription at this scope")
    known = {
        "id": joined(["/subscriptions/", target.subscription]),
        "subscriptionId": target.subscription,
        "tenantId": _TENANT,
    }
    return Partial(known, "subscription", _AT_DEPLOYMENT)


def management_group(target: Target) -> Value:
    """What `managementGroup()` gives."""
    if target.management_group is None:
        raise TemplateProblem("there is no management group at this scope")
    known = {
        "id": scope_id(target),
        "name": target.management_group,
        "type": "Microsoft.Management/managementGroups",
    }
    return Partial(known, "managementGroup", _AT_DEPLOYMENT)


def tenant() -> Value:
    """What `tenant()` gives."""
    return Partial({"tenantId": _TENANT}, "tenant", _AT_DEPLOYMENT)


def deployment(name: Value, link: Value, template: Mapping[str, Any]) -> Value:
    """What `deployment()` gives; `link` is where the template was read from."""
    if link is None:
        link = _LINK
    version = str(template.get("contentVersion", "1.0.0.0"))
    properties = {
        "templateLink": Partial({"uri": link, "contentVersion": version}, "templateLink", _AT_DEPLOYMENT),
        "template": {"$schema": str(template.get("$schema", "")), "contentVersion": version},
        "mode": "Incremental",
        "provisioningState": "Accepted",
    }
    known = {"name": name, "properties": Partial(properties, "deployment", _AT_DEPLOYMENT)}
    return Partial(known, "deployment", _AT_DEPLOYMENT)


def environment() -> Value:
    """What `environment()` gives in Azure's public cloud.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment#environment
    """
    return _PUBLIC_CLOUD


_TENANT = Unknown("{tenant}", _AT_DEPLOYMENT, "name", "tenant")
_LINK = joined([Unknown("{templateLink}", _AT_DEPLOYMENT, "string", "templateLink"), "/azuredeploy.json"])

_PUBLIC_CLOUD = {
    "name": "AzureCloud",
    "gallery": "https://gallery.azure.com/",
    "graph": "https://graph.windows.net/",
    "portal": "https://portal.azure.com",
    "graphAudience": "https://graph.windows.net/",
    "activeDirectoryDataLake": "https://datalake.azure.net/",
    "batch": "https://batch.core.windows.net/",
    "media": "https://rest.media.azure.net",
    "sqlManagement": "https://management.core.windows.net:8443/",
    "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
    "resourceManager": "https://management.azure.com/",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com/",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
        "azureFrontDoorEndpointSuffix": "azurefd.net",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
}
