"""Host names of rules -> the addresses to which they may lead, as far as the input tells; nothing is resolved.

A name leads to public addresses. Besides, it leads to a private endpoint where it is of the service behind it, and
anywhere where it is in a private DNS zone of the input or in a domain that no public server knows. What servers of
one's own answer is not seen: `ASSUME_DNS_PRIVATE_ZONE`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from diagramgen.analyse.addresses import PUBLIC, Addresses
from diagramgen.model.references import at
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import ADDRESSES, Ranges, normal, overlap, union

NET = "microsoft.network/"
_INNER_DOMAINS = frozenset({"local", "internal", "intranet", "private", "corp", "home", "lan"})
"""Top-level domains that only private networks use: https://www.rfc-editor.org/rfc/rfc6762#appendix-G"""
_DOMAINS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "cognitiveservices.azure.com",
        "openai.azure.com",
        "services.ai.azure.com",
        "purview.azure.com",
    ),
    "amlworkspace": ("azureml.ms", "notebooks.azure.net"),
    "azuremonitor": (
        "monitor.azure.com", "opinsights.azure.com", "azure-automation.net", "applicationinsights.azure.com",
        "blob.core.windows.net",
    ),
    "blob": ("blob.core.windows.net",),
    "blob_secondary": ("blob.core.windows.net",),
    "configurationstores": ("azconfig.io",),
    "databricks_ui_api": ("azuredatabricks.net",),
    "datafactory": ("datafactory.azure.net",),
    "dev": ("dev.azuresynapse.net",),
    "dfs": ("dfs.core.windows.net",),
    "dfs_secondary": ("dfs.core.windows.net",),
    "file": ("file.core.windows.net",),
    "gateway": ("azure-api.net",),
    "iothub": ("azure-devices.net", "servicebus.windows.net"),
    "managedinstance": ("database.windows.net",),
    "management": ("azmk8s.io",),
    "mongodb": ("mongo.cosmos.azure.com",),
    "mysqlserver": ("mysql.database.azure.com",),
    "namespace": ("servicebus.windows.net",),
    "postgresqlserver": ("postgres.database.azure.com",),
    "queue": ("queue.core.windows.net",),
    "rediscache": ("redis.cache.windows.net",),
    "registry": ("azurecr.io",),
    "searchservice": ("search.windows.net",),
    "sites": ("azurewebsites.net",),
    "sql": ("documents.azure.com", "sql.azuresynapse.net"),
    "sqlondemand": ("sql.azuresynapse.net",),
    "sqlserver": ("database.windows.net",),
    "table": ("table.core.windows.net", "table.cosmos.azure.com"),
    "vault": ("vault.azure.net",),
    "web": ("web.core.windows.net",),
}  # fmt: skip
"""The domains of a service by the group of its private endpoint, lower case.

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""
_ANY_SERVICE = tuple(sorted({
    "azure.com", "azure.net", "windows.net", "azurestaticapps.net", "azurehdinsight.net", "azurecontainerapps.io",
    *(domain for domains in _DOMAINS.values() for domain in domains),
}))  # fmt: skip


class HostNames:
    """What names may mean in a topology; it knows the nameless addresses there are when it is made."""

    def __init__(self, topology: Topology, addresses: Addresses) -> None:
        zones = (zone.name.lower() for zone in topology.of_type(NET + "privatednszones"))
        self._zones = tuple(zone for zone in zones if not zone.startswith("privatelink."))
        self._endpoints = _endpoints(topology, addresses)
        self.public: Ranges = union(
            PUBLIC,
            normal((n.number, n.number) for n in addresses.nameless.values() if overlap(PUBLIC, n.within)),
        )

    def addresses_of(self, names: Iterable[str]) -> Ranges:
        """Every address to which one of the names may lead; a name may begin with `*.`."""
        found = self.public
        for name in names:
            bare = name.strip().lower().lstrip("*").strip(".")
            is_inner = "." not in bare or bare.rsplit(".", 1)[-1] in _INNER_DOMAINS
            if is_inner or any(_meet(bare, zone) for zone in self._zones):
                return ADDRESSES
            for domains, ranges in self._endpoints:
                if any(_meet(bare, domain) for domain in domains):
                    found = union(found, ranges)
        return found


def _endpoints(topology: Topology, addresses: Addresses) -> tuple[tuple[frozenset[str], Ranges], ...]:
    """The private endpoints, those with the same domains together: all domains of services where the input does not
    tell which service is behind."""
    groups: dict[str, set[str]] = defaultdict(set)
    for link in topology.private_links:
        groups[link.endpoint].update(link.group.lower().split(", "))
    found: dict[frozenset[str], Ranges] = defaultdict(tuple)
    for endpoint in topology.of_type(NET + "privateendpoints"):
        domains: set[str] = set()
        for group in groups.get(endpoint.id, {""}):
            domains.update(_DOMAINS.get(group, _ANY_SERVICE))
        told = endpoint.properties.get("customDnsConfigs")
        for configuration in told if isinstance(told, list | tuple) else ():
            name = at(configuration, "fqdn")
            domains.update({name.lower()} if isinstance(name, str) and name else ())
        known = frozenset(domains)
        found[known] = union(found[known], addresses.resource(endpoint.id))
    return tuple(found.items())


def _meet(name: str, domain: str) -> bool:
    """Whether one is the other or lies below it.

    >>> _meet("blob.core.windows.net", "x.blob.core.windows.net"), _meet("windows.net", "ws.net")
    (True, False)
    """
    return name == domain or name.endswith("." + domain) or domain.endswith("." + name)
