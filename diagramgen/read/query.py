"""The commands that export from Azure what a drawing wants, as text: nothing here runs them.

Resource Graph answers across subscriptions at once, a thousand rows a page, so a token leads from page to page. What
it does not keep (the children of virtual hubs, of Front Door, the firewall rules of databases ...) is asked of each
parent, and what is deployed of each network manager. The result is a folder of JSON files, which `diagramgen render`
takes as it is. Which table of Resource Graph holds what:
https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from diagramgen.model.kinds import KINDS
from diagramgen.read.query_scripts import BASH, POWERSHELL
from diagramgen.read.resource import CONTAINERS, MANAGEMENT_GROUP

Shell = Literal["bash", "powershell"]

_CHILDREN_IN_RESOURCES = (
    "microsoft.cdn/profiles/afdendpoints",
    "microsoft.network/networkwatchers/flowlogs",
    "microsoft.network/privatednszones/virtualnetworklinks",
    "microsoft.network/virtualhubs/bgpconnections",
    "microsoft.network/virtualhubs/ipconfigurations",
)
_NETWORK_RESOURCES = (
    "microsoft.network/effectiveconnectivityconfigurations",
    "microsoft.network/effectivesecurityadminrules",
    "microsoft.network/firewallpolicies/rulecollectiongroups",
    "microsoft.network/networkgroupmemberships",
    "microsoft.network/networkmanagers/connectivityconfigurations",
    "microsoft.network/networkmanagers/networkgroups",
    "microsoft.network/networkmanagers/networkgroups/staticmembers",
    "microsoft.network/networkmanagers/securityadminconfigurations",
    "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections",
    "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules",
    "microsoft.network/networksecurityperimeters/profiles",
    "microsoft.network/networksecurityperimeters/profiles/accessrules",
    "microsoft.network/networksecurityperimeters/resourceassociations",
)


@dataclass(frozen=True, slots=True)
class _Below:
    """Children that Resource Graph does not keep: `path` below each parent, as `originGroups/origins`."""

    parents: str
    path: str
    api_version: str


def _all(kind: str, condition: str = "") -> str:
    """The query for all resources of a type."""
    return f"resources | where type =~ '{kind}'" + (f" and {condition}" if condition else "")


_NETWORK_API = "2024-05-01"
_HUBS = _all("microsoft.network/virtualhubs")
_FRONT_DOORS = _all("microsoft.cdn/profiles", "sku.name contains 'AzureFrontDoor'")
_SQL = _all("microsoft.sql/servers")
_BELOW: tuple[_Below, ...] = (
    # https://learn.microsoft.com/rest/api/virtualwan/hub-virtual-network-connections/list and its neighbours
    _Below(_HUBS, "hubVirtualNetworkConnections", _NETWORK_API),
    _Below(_HUBS, "hubRouteTables", _NETWORK_API),
    _Below(_HUBS, "routingIntent", _NETWORK_API),
    _Below(_HUBS, "bgpConnections", _NETWORK_API),
    _Below(_all("microsoft.network/expressroutegateways"), "expressRouteConnections", _NETWORK_API),
    # https://learn.microsoft.com/rest/api/virtualnetwork/firewall-policy-rule-collection-groups/list
    _Below(_all("microsoft.network/firewallpolicies"), "ruleCollectionGroups", _NETWORK_API),
    # https://learn.microsoft.com/rest/api/frontdoor/azurefrontdoorstandardpremium/routes/list-by-endpoint
    _Below(_FRONT_DOORS, "afdEndpoints/routes", "2024-02-01"),
    _Below(_FRONT_DOORS, "originGroups/origins", "2024-02-01"),
    _Below(_FRONT_DOORS, "customDomains", "2024-02-01"),
    _Below(_FRONT_DOORS, "securityPolicies", "2024-02-01"),
    # https://learn.microsoft.com/rest/api/sql/firewall-rules/list-by-server
    _Below(_SQL, "firewallRules", "2023-08-01"),
    _Below(_SQL, "ipv6FirewallRules", "2023-08-01"),
    _Below(_SQL, "virtualNetworkRules", "2023-08-01"),
    # https://learn.microsoft.com/rest/api/postgresql/firewall-rules/list-by-server
    _Below(_all("microsoft.dbforpostgresql/flexibleservers"), "firewallRules", "2024-08-01"),
    _Below(_all("microsoft.dbforpostgresql/servers"), "firewallRules", "2017-12-01"),
    _Below(_all("microsoft.dbforpostgresql/servers"), "virtualNetworkRules", "2017-12-01"),
    # https://learn.microsoft.com/rest/api/mysql/flexibleserver/firewall-rules/list-by-server
    _Below(_all("microsoft.dbformysql/flexibleservers"), "firewallRules", "2023-12-30"),
    _Below(_all("microsoft.dbformysql/servers"), "firewallRules", "2017-12-01"),
    _Below(_all("microsoft.dbformysql/servers"), "virtualNetworkRules", "2017-12-01"),
    # https://learn.microsoft.com/rest/api/redis/firewall-rules/list
    _Below(_all("microsoft.cache/redis"), "firewallRules", "2024-03-01"),
    # https://learn.microsoft.com/rest/api/synapse/resourcemanager/ip-firewall-rules/list-by-workspace
    _Below(_all("microsoft.synapse/workspaces"), "firewallRules", "2021-06-01"),
    # https://learn.microsoft.com/rest/api/eventhub/namespaces-network-rule-set/list-network-rule-set
    _Below(_all("microsoft.eventhub/namespaces"), "networkRuleSets", "2021-11-01"),
    # https://learn.microsoft.com/rest/api/servicebus/controlplane-stable/namespaces-network-rule-set/list-network-rule-sets
    _Below(_all("microsoft.servicebus/namespaces"), "networkRuleSets", "2021-11-01"),
)
_SINGLE: tuple[_Below, ...] = (
    # https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration
    _Below(_all("microsoft.web/sites"), "config/web", "2023-12-01"),
)
_ANSWERS: tuple[tuple[_Below, str], ...] = (
    # https://learn.microsoft.com/rest/api/networkmanager/network-manager-deployment-status/list
    (
        _Below(_all("microsoft.network/networkmanagers"), "listDeploymentStatus", _NETWORK_API),
        "networkManagerId",
    ),
)
"""Questions (POST), with the name under which the answer has the id of what was asked."""


def resource_types() -> tuple[str, ...]:
    """The types asked of the table `resources`, sorted: every known type that is no child, and a few that
    are.
    """
    tops = (
        kind
        for kind in KINDS
        if kind.startswith("microsoft.") and kind.count("/") == 1 and kind not in CONTAINERS
    )
    return tuple(sorted({*tops, *_CHILDREN_IN_RESOURCES} - set(_NETWORK_RESOURCES)))


def graph_queries() -> Mapping[str, str]:
    """The Resource Graph queries, by the name of the file that holds the answer."""
    containers = (MANAGEMENT_GROUP, "microsoft.resources/subscriptions")
    return {
        "containers": _query("resourcecontainers", containers),
        "resources": _query("resources", resource_types()),
        "networkresources": _query("networkresources", _NETWORK_RESOURCES),
    }


def query_commands(shell: Shell = "bash") -> str:
    """A script that exports everything into the folder `export`, for bash or PowerShell; ends in a line break."""
    head, graph, below, single, answer = (
        (BASH, "graph", "below", "single", "answer")
        if shell == "bash"
        else (POWERSHELL, "Save-Graph", "Save-Below", "Save-Single", "Save-Answer")
    )
    lines = [f'{graph} {name} "{query}"' for name, query in graph_queries().items()]
    lines += [f'{below} "{row.parents}" {row.path} {row.api_version}' for row in _BELOW]
    lines += [f'{single} "{row.parents}" {row.path} {row.api_version}' for row in _SINGLE]
    lines += [f'{answer} "{row.parents}" {row.path} {row.api_version} {name}' for row, name in _ANSWERS]
    return head + "\n".join(["", *lines]) + "\n"


def _query(table: str, types: tuple[str, ...]) -> str:
    """One query, sorted by id so that pages neither overlap nor leave gaps."""
    return f"{table} | where type in~ ({', '.join(repr(t) for t in types)}) | order by id asc"
