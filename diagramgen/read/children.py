"""Which children a resource carries inside its properties: one table, a row a collection.

Exports repeat children inside their parent (a VNet's subnets) and beside it (a list of subnets). Each becomes
a record of its own, so both meet under one id; the parent keeps their ids, which tells a VNet without subnets
from one whose subnets are not known. Collections that are no resources to us (IP configurations, the parts of
a load balancer) stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping

_ROWS: tuple[tuple[str, str, str], ...] = (
    # type, property that holds the children, their segment in ids and types
    ("microsoft.network/virtualnetworks", "subnets", "subnets"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings", "virtualNetworkPeerings"),
    ("microsoft.network/networksecuritygroups", "securityRules", "securityRules"),
    ("microsoft.network/networksecuritygroups", "defaultSecurityRules", "defaultSecurityRules"),
    ("microsoft.network/routetables", "routes", "routes"),
    ("microsoft.network/virtualhubs", "hubVirtualNetworkConnections", "hubVirtualNetworkConnections"),
    ("microsoft.network/virtualhubs", "virtualNetworkConnections", "hubVirtualNetworkConnections"),
    ("microsoft.network/virtualhubs", "hubRouteTables", "hubRouteTables"),
    ("microsoft.network/virtualhubs", "routingIntent", "routingIntent"),
    ("microsoft.network/virtualhubs", "bgpConnections", "bgpConnections"),
    ("microsoft.network/virtualhubs", "ipConfigurations", "ipConfigurations"),
    ("microsoft.network/vpngateways", "connections", "vpnConnections"),
    ("microsoft.network/expressroutegateways", "expressRouteConnections", "expressRouteConnections"),
    ("microsoft.network/expressroutecircuits", "peerings", "peerings"),
    ("microsoft.network/firewallpolicies", "ruleCollectionGroups", "ruleCollectionGroups"),
    ("microsoft.network/privateendpoints", "privateDnsZoneGroups", "privateDnsZoneGroups"),
    ("microsoft.network/privatednszones", "virtualNetworkLinks", "virtualNetworkLinks"),
    ("microsoft.network/networkwatchers", "flowLogs", "flowLogs"),
    ("microsoft.network/networkmanagers", "networkGroups", "networkGroups"),
    ("microsoft.network/networkmanagers", "connectivityConfigurations", "connectivityConfigurations"),
    ("microsoft.network/networkmanagers", "securityAdminConfigurations", "securityAdminConfigurations"),
    ("microsoft.network/networkmanagers/networkgroups", "staticMembers", "staticMembers"),
    ("microsoft.network/networkmanagers/securityadminconfigurations", "ruleCollections", "ruleCollections"),
    ("microsoft.network/networkmanagers/securityadminconfigurations/rulecollections", "rules", "rules"),
)


def _by_type() -> Mapping[str, tuple[tuple[str, str], ...]]:
    table: dict[str, tuple[tuple[str, str], ...]] = {}
    for parent, collection, segment in _ROWS:
        table[parent] = (*table.get(parent, ()), (collection, segment))
    return table


CHILDREN: Mapping[str, tuple[tuple[str, str], ...]] = _by_type()
"""By the parent's type, lower case: (property, segment) of each collection."""
