"""Rules on platform services: closed to the public, reached privately, and no way out to anybody's account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.paas import PrivatePath
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found, evidence, is_exported, is_known, is_sketch, label, labels
from diagramgen.analyse.rules.openness import anyone_in
from diagramgen.analyse.verdicts import Evidence, Rule
from diagramgen.model.references import at
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import parse_addresses, size

_RULED_BY_ADDRESS = (
    "microsoft.sql/servers", "microsoft.dbforpostgresql/servers", "microsoft.dbforpostgresql/flexibleservers",
    "microsoft.dbformysql/servers", "microsoft.dbformysql/flexibleservers", "microsoft.synapse/workspaces",
    "microsoft.dbformariadb/servers",
)  # fmt: skip
"""Servers with firewall rules from a first address to a last."""
_PRIVATE = (
    "microsoft.storage/storageaccounts", "microsoft.keyvault/vaults", "microsoft.sql/servers",
    "microsoft.documentdb/databaseaccounts", "microsoft.containerregistry/registries", "microsoft.eventhub/namespaces",
    "microsoft.servicebus/namespaces", "microsoft.eventgrid/topics", "microsoft.cognitiveservices/accounts",
    "microsoft.machinelearningservices/workspaces", "microsoft.search/searchservices", "microsoft.cache/redis",
    "microsoft.dbforpostgresql/flexibleservers", "microsoft.dbforpostgresql/servers",
    "microsoft.dbformysql/flexibleservers", "microsoft.dbformysql/servers", "microsoft.synapse/workspaces",
    "microsoft.recoveryservices/vaults", "microsoft.automation/automationaccounts", "microsoft.datafactory/factories",
)  # fmt: skip
"""Services that hold data and that Private Link serves; apps meant for the public are not among them.

https://learn.microsoft.com/azure/private-link/availability
"""
MANY = 256
"""More addresses than this make a rule of a database server too wide: a /24."""


def zt_24(estate: Estate) -> Iterator[Found]:
    """The public endpoint of a service is off, or its firewall denies by default.

    Servers whose firewall rules are ranges of addresses are those of ZT-27.
    https://learn.microsoft.com/azure/storage/common/storage-network-security
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    for service in estate.services.ids:
        resource = topology.resources[service]
        rule = anyone_in(estate, service) if resource.type not in _RULED_BY_ADDRESS else None
        if rule is None:
            continue
        name = label(topology, service)
        yield Found(
            (service,),
            f"{name} lets everyone on the Internet in over its public endpoint",
            (_proof(rule),),
            f"set `publicNetworkAccess: Disabled` on {name} and give its clients a private endpoint, or set "
            "`networkAcls.defaultAction: Deny` and name its clients",
        )  # fmt: skip


def _proof(rule: Rule) -> Evidence:
    """A rule of a service, or its private way, as evidence."""
    text = rule.text if rule.kind == "private-link" or rule.is_default else f"{rule.name}: {rule.text}"
    return Evidence(rule.place, text, rule.control)


def zt_25(estate: Estate) -> Iterator[Found]:
    """Services that hold data are reached by private endpoints.

    An export has to tell the connections of a service; without them only a spec proves that there is none.
    https://learn.microsoft.com/azure/private-link/private-endpoint-overview
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    for service in estate.services.ids:
        resource = topology.resources[service]
        if resource.type not in _PRIVATE or not is_known(resource):
            continue
        paths = estate.services.private_paths(service)
        if any(path.is_approved is not False for path in paths) or not (
            paths or _tells_connections(resource)
        ):
            continue
        if (
            estate.services.is_public_open(service) == "denied"
            and not paths
            and not _clients(estate, service)
        ):
            continue  # nobody reaches it
        name = label(topology, service)
        waiting = "; ".join(f"{label(topology, p.endpoint)} is {p.state}" for p in paths)
        yield Found(
            (service, *(path.endpoint for path in paths)),
            f"{name} is reached over its public endpoint: no private endpoint of it is approved"
            + (f" ({waiting})" if waiting else ""),
            tuple(_proof(path.rule) for path in paths)
            or (evidence(resource, f"{name} has no private endpoint", "privateEndpointConnections"),),
            f"approve {labels(topology, [p.endpoint for p in paths])}" if paths
            else f"add a private endpoint for {name} in the VNet of its clients, and link its private DNS zone there",
        )  # fmt: skip


def _tells_connections(service: Resource) -> bool:
    """Whether the input tells all private endpoints of a service: a spec that says who may reach it does."""
    if is_exported(service):
        return isinstance(service.properties.get("privateEndpointConnections"), list | tuple)
    return "publicNetworkAccess" in service.properties or "networkAcls" in service.properties


def _clients(estate: Estate, service: str) -> bool:
    """Whether the firewall of a service lets a subnet in."""
    return any(
        link.service == service and link.kind == "service-endpoint" for link in estate.topology.service_links
    )


def zt_26(estate: Estate) -> Iterator[Found]:
    """A private endpoint alone closes nothing: the public endpoint beside it has to be closed.

    https://learn.microsoft.com/azure/storage/common/storage-private-endpoints
    """
    topology = estate.topology
    for service in estate.services.ids:
        approved = [p for p in estate.services.private_paths(service)
                    if p.is_approved and p.kind in ("private-endpoint", "front-door")]  # fmt: skip
        rule = anyone_in(estate, service) if approved else None
        if rule is None:
            continue
        name, endpoints = label(topology, service), [path.endpoint for path in approved]
        yield Found(
            (service, *dict.fromkeys(endpoints)),
            f"{name} has {_named(estate, approved)}, and its public endpoint still lets everyone in",
            tuple(_proof(each) for each in (rule, *(path.rule for path in approved))),
            f"set `publicNetworkAccess: Disabled` on {name}, now that clients come by {labels(topology, endpoints)}",
        )  # fmt: skip


def _named(estate: Estate, paths: list[PrivatePath]) -> str:
    words = "a private endpoint" if paths[0].kind == "private-endpoint" else "a private link"
    return f"{words} ({labels(estate.topology, dict.fromkeys(path.endpoint for path in paths))})"


def zt_27(estate: Estate) -> Iterator[Found]:
    """The firewall of a database server has no rule for all of Azure, and none for a large range.

    0.0.0.0 to 0.0.0.0 lets in every machine in Azure, whoever's it is.
    https://learn.microsoft.com/azure/azure-sql/database/firewall-configure#connections-from-inside-azure
    """
    topology = estate.topology
    wide: dict[str, list[tuple[str, Evidence]]] = defaultdict(list)
    for resource in topology.resources.values():
        if resource.type in _RULED_BY_ADDRESS and is_known(resource) and not _is_closed(resource):
            for number, rule in enumerate(_listed(at(resource.properties, "networkAcls", "ipRules"))):
                _judge(wide, resource.id, "ipRules", at(rule, "value"), None,
                       evidence(resource, str(at(rule, "value")), "networkAcls", "ipRules", number))  # fmt: skip
        elif resource.type.rpartition("/")[0] in _RULED_BY_ADDRESS and resource.type.endswith(
            "/firewallrules"
        ):
            server = str(
                resource.envelope.get("parent") or resource.id.rsplit("/firewallrules/", 1)[0]
            ).lower()
            holder = topology.resources.get(server)
            if holder is None or not _is_closed(holder):
                first, last = (resource.properties.get(f"{end}IpAddress") for end in ("start", "end"))
                _judge(wide, server, resource.label, first, last,
                       evidence(resource, f"{resource.label}: {first} - {last}", "startIpAddress"))  # fmt: skip
    for server, rules in sorted(wide.items()):
        name = label(topology, server)
        yield Found(
            (server,), f"the firewall of {name} is too wide: {'; '.join(why for why, _ in rules[:4])}",
            tuple(proof for _, proof in rules),
            f"delete these rules of {name}; let clients in by a private endpoint, or name their addresses",
        )  # fmt: skip


def _judge(
    wide: dict[str, list[tuple[str, Evidence]]],
    server: str,
    name: str,
    first: object,
    last: object,
    proof: Evidence,
) -> None:
    """Adds a rule that is too wide to those of its server."""
    if first == last == "0.0.0.0":
        wide[server].append((f"`{name}` lets in everything in Azure, of every customer", proof))
        return
    text = f"{first}-{last}" if last is not None else str(first)
    ranges = parse_addresses(text) if isinstance(first, str) else None
    if ranges and size(ranges) > MANY:
        wide[server].append((f"`{name}` lets in {size(ranges):,} addresses ({text})", proof))


def _is_closed(server: Resource) -> bool:
    access = server.properties.get("publicNetworkAccess") or at(
        server.properties, "network", "publicNetworkAccess"
    )
    return isinstance(access, str) and access.lower() == "disabled"


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
