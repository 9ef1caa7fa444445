"""Gates of databases, whose firewall rules are often resources of their own: a first and a last address each."""

from __future__ import annotations

from diagramgen.analyse.paas.answers import NOT_EXPORTED, Answer, Gate
from diagramgen.analyse.paas.lines import (
    Lines,
    address_lines,
    child_address_lines,
    joined,
    subnet_line,
    subnet_lines,
)
from diagramgen.analyse.paas.subject import Subject
from diagramgen.model.references import at, key

IN_DATABASE = "sql:server-default-deny; db-level rules not visible"


def sql_gate(subject: Subject, surface: str) -> Gate:
    """Azure SQL: the server refuses whom no rule lets in, but rules inside a database may let them in before that.

    https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
    """
    lines = _server_lines(subject)
    return (lines or Lines()).before(NOT_EXPORTED if lines is None else Answer("unknown", IN_DATABASE))


def server_gate(subject: Subject, surface: str) -> Gate:
    """PostgreSQL, MySQL, Synapse: refused unless a rule lets in; injected into a subnet, there is no public address.

    https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-public,
    https://learn.microsoft.com/azure/synapse-analytics/security/synapse-workspace-ip-firewall
    """
    if key(at(subject.properties, "network", "delegatedSubnetResourceId")):
        text = "the server has no public address: it stands in a subnet"
        return Gate(subject.answer("denied", "public:none", text, "network", "delegatedSubnetResourceId"))
    lines = _server_lines(subject)
    if lines is None:
        return Gate(NOT_EXPORTED)
    return lines.before(subject.answer("denied", "server-default-deny", "everyone else is refused"))


def redis_gate(subject: Subject, surface: str) -> Gate:
    """Redis: rules restrict only where there are some; injected into a subnet, there is no public address.

    https://learn.microsoft.com/azure/azure-cache-for-redis/cache-network-isolation
    """
    if key(subject.properties.get("subnetId")):
        text = "the cache has no public address: it stands in a subnet"
        return Gate(subject.answer("denied", "public:none", text, "subnetId"))
    lines = _server_lines(subject, knows_azure=False)
    if lines is None:
        return Gate(NOT_EXPORTED)
    if not lines.entries and not lines.refused:
        return Gate(subject.open_to_all("public:no-rules", "everyone is let in, as no rule is set"))
    return lines.before(subject.answer("denied", "server-default-deny", "everyone else is refused"))


def cosmos_gate(subject: Subject, surface: str) -> Gate:
    """Cosmos DB: everyone is let in until there are address rules or the filter for subnets is on.

    https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall,
    https://learn.microsoft.com/azure/cosmos-db/how-to-configure-vnet-service-endpoint
    """
    p = subject.properties
    names = ("ipRules", "ipRangeFilter", "isVirtualNetworkFilterEnabled")
    if not subject.is_told and not any(name in p for name in names):
        return Gate(NOT_EXPORTED)
    name = "ipRules" if p.get("ipRules") is not None else "ipRangeFilter"
    lines = address_lines(subject, p.get(name), name, knows_azure=True)
    is_filtering = p.get("isVirtualNetworkFilterEnabled")
    if is_filtering is True:
        lines = joined(subnet_lines(subject, p.get("virtualNetworkRules"), "virtualNetworkRules"), lines)
    if lines.entries or lines.refused:
        text = "everyone else is refused"
        return lines.before(subject.answer("denied", "public:defaultAction=Deny", text, name))
    if is_filtering is True:
        return lines.before(Answer("unknown", "public:filter without rules"))
    if is_filtering not in (False, None):
        return lines.before(Answer("unknown", "public:not-understood"))
    return lines.before(subject.open_to_all("public:no-rules", "everyone is let in, as no rule is set", name))


def _server_lines(subject: Subject, knows_azure: bool = True) -> Lines | None:
    """The rules of a server, whether children or listed in its properties; None where an export holds none at all.

    Exports of servers come without their rules unless those are asked for, so that none may mean not asked.
    """
    addresses = (*subject.children.get("firewallrules", ()), *subject.children.get("ipv6firewallrules", ()))
    subnets = subject.children.get("virtualnetworkrules", ())
    p = subject.properties
    listed = ("firewallRules", "ipv6FirewallRules", "virtualNetworkRules")
    if not (addresses or subnets or subject.is_told or any(p.get(name) is not None for name in listed)):
        return None
    return joined(
        *(subnet_line(subject, child.properties, own=child) for child in subnets),
        subnet_lines(subject, p.get("virtualNetworkRules"), "virtualNetworkRules"),
        child_address_lines(subject, addresses, knows_azure),
        address_lines(subject, p.get("firewallRules"), "firewallRules", knows_azure=knows_azure),
        address_lines(subject, p.get("ipv6FirewallRules"), "ipv6FirewallRules", knows_azure=knows_azure),
    )
