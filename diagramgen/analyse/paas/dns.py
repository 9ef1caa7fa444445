"""Private DNS zones: which VNets resolve the names of a private endpoint to its address.

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

from collections import defaultdict

from diagramgen.analyse.addresses import NET, VNET
from diagramgen.model.references import at, key, strings
from diagramgen.model.topology import Topology

_ENDPOINT = NET + "privateendpoints"
_AZURE_DNS = "168.63.129.16"
"""https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""


class DnsZones:
    """Private DNS: which VNets see the zones of an endpoint, and which ask servers of their own."""

    def __init__(self, topology: Topology) -> None:
        self._resources = topology.resources
        self._links: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, list[str]] = defaultdict(list)
        custom: set[str] = set()
        for resource in topology.resources.values():
            parent = key(resource.envelope.get("parent")) or resource.id.rsplit("/", 2)[0]
            if resource.type == NET + "privatednszones/virtualnetworklinks":
                self._links[parent].add(key(resource.properties.get("virtualNetwork")))
            elif resource.type == _ENDPOINT + "/privatednszonegroups":
                configurations = resource.properties.get("privateDnsZoneConfigs")
                self._groups[parent] += [
                    text.strip().lower().rstrip("/")
                    for name, text in strings(configurations)
                    if name == "privateDnsZoneId"
                ]
            elif resource.type == VNET:
                servers = at(resource.properties, "dhcpOptions", "dnsServers")
                if isinstance(servers, list | tuple) and any(server != _AZURE_DNS for server in servers):
                    custom.add(resource.id)
        self.custom = frozenset(custom)

    def of_endpoint(self, endpoint: str) -> frozenset[str] | None:
        """The VNets linked to the zones of an endpoint's zone group; None where it has none in the input."""
        return self.of(self._groups.get(endpoint, []))

    def of(self, zones: list[str]) -> frozenset[str] | None:
        """The VNets linked to all of these zones; None where there is no zone, or its links are not all known."""
        found: frozenset[str] | None = None
        for zone in zones:
            resource = self._resources.get(zone)
            links = self._links.get(zone, set())
            told = resource.properties.get("numberOfVirtualNetworkLinks") if resource is not None else None
            if resource is None or (isinstance(told, int) and told > len(links)):
                return None
            found = frozenset(links) if found is None else found & links
        return found
