"""Gates: one row a type of platform service, and the public endpoint of each service as a gate.

First the switch for public access and network security perimeters, then the firewall of the type. Where the REST API
always returns the switch, an export without it leaves a doubt; a spec that says nothing means the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from diagramgen.analyse.paas.answers import NOT_UNDERSTOOD, Answer, Gate
from diagramgen.analyse.paas.databases import cosmos_gate, redis_gate, server_gate, sql_gate
from diagramgen.analyse.paas.firewalls import (
    acl_gate,
    api_management_gate,
    batch_gate,
    databricks_gate,
    machine_learning_gate,
    messaging_gate,
    registry_gate,
    search_gate,
    storage_gate,
    topic_gate,
    vault_gate,
    volumes_gate,
)
from diagramgen.analyse.paas.sites import site_access, site_gate
from diagramgen.analyse.paas.subject import Subject
from diagramgen.located import Key
from diagramgen.model.references import at

Reader = Callable[[Subject, str], Gate]
Access = Literal["enabled", "disabled", "perimeter", "absent", "unreadable"]
_PUBLIC = ("publicNetworkAccess",)
_WORDS: Mapping[str, Access] = {
    "enabled": "enabled", "true": "enabled", "disabled": "disabled", "false": "disabled",
    "securedbyperimeter": "perimeter", "networksecurityperimeter": "perimeter",
}  # fmt: skip


class Plan(NamedTuple):
    """What there is to know of one type. `tags` are the service tags of its public addresses, `endpoints` the service
    endpoints that reach it, both lower case; `surfaces` are public endpoints with rules of their own besides "".

    `read` is None where there is a switch and no firewall. `is_access_optional`: the REST API leaves the switch out
    where it was never set, and then it is on.
    """

    read: Reader | None
    tags: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    is_access_optional: bool = False
    surfaces: tuple[str, ...] = ()


def gate_of(subject: Subject, surface: str = "") -> Gate:
    """The public endpoint of a service, or of one surface of it (`scm`, `ingestion` ...)."""
    service = subject.resource
    is_declared = service.is_planned and not service.is_untold  # what is not said is as by default
    if service.is_ghost or not (subject.properties or subject.is_told or is_declared):
        return Gate(Answer("unknown", "public:not in the input"))
    plan = PLANS.get(subject.resource.type)
    if plan is None:
        return Gate(NOT_UNDERSTOOD)
    access, path = _access(subject, surface)
    is_unsure = access == "unreadable" or (
        access == "absent" and not plan.is_access_optional and not subject.is_told
    )
    is_enforced = any(mode not in ("learning", "audit") for mode in subject.perimeters)
    if access == "perimeter" or is_enforced or (subject.perimeters and is_unsure):
        return Gate(Answer("unknown", "nsp"))
    if access == "disabled":
        gate = Gate(subject.answer("denied", "public:disabled", "public network access is disabled", *path))
    elif subject.is_told and "networkAcls" in subject.properties:
        knows_azure = plan.read in (sql_gate, server_gate, cosmos_gate)
        gate = acl_gate(subject, subject.properties["networkAcls"], "networkAcls", knows_azure=knows_azure)
    elif plan.read is None:
        gate = Gate(subject.open_to_all("public:enabled", "public network access is not disabled", *path))
    else:
        gate = plan.read(subject, surface)
    if is_unsure:
        return gate._replace(doubt=Answer("denied", "public:publicNetworkAccess not in the input"))
    if subject.perimeters:
        return gate._replace(doubt=Answer("allowed", "nsp"))
    return gate


def _access(subject: Subject, surface: str) -> tuple[Access, tuple[Key, ...]]:
    """Whether the public endpoint is on, and where that stands."""
    if subject.resource.type == "microsoft.web/sites":
        word, path = site_access(subject)
    elif subject.resource.type == "microsoft.operationalinsights/workspaces" and not subject.is_told:
        word, path = _workspace_access(subject, surface)
    else:
        word, path = subject.properties.get("publicNetworkAccess"), _PUBLIC
        nested = at(subject.properties, "network", "publicNetworkAccess")
        if word is None and nested is not None:
            word, path = nested, ("network", *_PUBLIC)
    if word is None or word == "":
        return "absent", path
    return _WORDS.get(str(word).lower() if isinstance(word, str | bool) else "", "unreadable"), path


def _workspace_access(subject: Subject, surface: str) -> tuple[object, tuple[Key, ...]]:
    """Log Analytics has a switch for what comes in and one for queries; without a surface the more open one counts.

    https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design#control-network-access-to-your-resources
    """
    names = [
        f"publicNetworkAccessFor{name}" for name in ("Ingestion", "Query") if surface in ("", name.lower())
    ]
    order = ("enabled", "securedbyperimeter", "", "disabled")

    def openness(name: str) -> int:
        word = str(subject.properties.get(name)).lower()
        return order.index(word if word in order else "")

    name = min(names, key=openness, default="publicNetworkAccess")
    return subject.properties.get(name), (name,)


PLANS: Mapping[str, Plan] = {
    "microsoft.storage/storageaccounts": Plan(
        storage_gate, ("storage",), ("microsoft.storage", "microsoft.storage.global"), True
    ),
    "microsoft.keyvault/vaults": Plan(vault_gate, ("azurekeyvault",), ("microsoft.keyvault",)),
    "microsoft.cognitiveservices/accounts": Plan(
        vault_gate, ("cognitiveservicesmanagement", "cognitiveservicesfrontend"), ("microsoft.cognitiveservices",)
    ),
    "microsoft.containerregistry/registries": Plan(
        registry_gate, ("azurecontainerregistry",), ("microsoft.containerregistry",)
    ),
    "microsoft.sql/servers": Plan(sql_gate, ("sql",), ("microsoft.sql",)),
    "microsoft.sql/servers/databases": Plan(sql_gate, ("sql",), ("microsoft.sql",)),
    "microsoft.dbforpostgresql/flexibleservers": Plan(server_gate, ("sql",)),
    "microsoft.dbformysql/flexibleservers": Plan(server_gate, ("sql",)),
    "microsoft.dbforpostgresql/servers": Plan(server_gate, ("sql",), ("microsoft.sql",)),
    "microsoft.dbformysql/servers": Plan(server_gate, ("sql",), ("microsoft.sql",)),
    "microsoft.synapse/workspaces": Plan(server_gate, ("sql",)),
    "microsoft.documentdb/databaseaccounts": Plan(cosmos_gate, ("azurecosmosdb",), ("microsoft.azurecosmosdb",)),
    "microsoft.cache/redis": Plan(redis_gate),
    "microsoft.web/sites": Plan(site_gate, ("appservice",), ("microsoft.web",), True, ("scm",)),
    "diagramgen/function-app": Plan(site_gate, ("appservice",), ("microsoft.web",), True, ("scm",)),
    "microsoft.eventhub/namespaces": Plan(messaging_gate, ("eventhub",), ("microsoft.eventhub",)),
    "microsoft.servicebus/namespaces": Plan(messaging_gate, ("servicebus",), ("microsoft.servicebus",)),
    "microsoft.eventgrid/topics": Plan(topic_gate, ("azureeventgrid",)),
    "microsoft.search/searchservices": Plan(search_gate, ("azurecognitivesearch",)),
    "microsoft.machinelearningservices/workspaces": Plan(machine_learning_gate, ("azuremachinelearning",)),
    "microsoft.batch/batchaccounts": Plan(batch_gate, ("batchnodemanagement",), (), False, ("nodeManagement",)),
    "microsoft.apimanagement/service": Plan(api_management_gate, ("apimanagement",)),
    "microsoft.databricks/workspaces": Plan(databricks_gate, ("azuredatabricks",)),
    "microsoft.netapp/netappaccounts": Plan(volumes_gate, (), (), True),
    "microsoft.datafactory/factories": Plan(None, ("datafactory", "datafactorymanagement"), (), True),
    "microsoft.automation/automationaccounts": Plan(None, ("guestandhybridmanagement",), (), True),
    "microsoft.recoveryservices/vaults": Plan(None, ("azurebackup", "azuresiterecovery")),
    "microsoft.operationalinsights/workspaces": Plan(
        None, ("azuremonitor",), (), False, ("ingestion", "query")
    ),
}  # fmt: skip
"""By ARM type. Tags: https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags,
service endpoints: https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview."""
