"""Rules on the network manager: security admin rules that protect everyone, and that bypass no NSG broadly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.manager import ADMIN, is_deployed, unreached_subnets
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import NET, VNET, Found, entries, evidence, is_known, label, labels, verb
from diagramgen.analyse.rules.nsg_fields import (
    NsgRule,
    admin_rule,
    deciding,
    is_any_any,
    is_internet,
    rule_names,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import at, key, subscription_of
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES, Ranges, difference, parse_service, service_text, union

HIGH_RISK = union(
    parse_service("tcp", "22,23,135,139,445,1433,3306,3389,5432,5985,5986"),
    parse_service("udp", "69,161,389"),
)
"""Ports of administration, file shares and databases that no Internet client needs.

https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins#protect-high-risk-ports
"""
_FIRST = parse_service("tcp", "22,3389")


def zt_35(estate: Estate) -> Iterator[Found]:
    """Where there is a network manager, deployed admin rules keep the Internet off management ports of every VNet.

    The finding lists VNets in its scope that no such rule covers. Subnets where admin rules never hold are evidence.
    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
    """
    topology = estate.topology
    for manager in topology.of_type(NET + "networkmanagers"):
        if not is_known(manager):
            continue
        configurations = [
            c for c in topology.of_type(ADMIN) if _owner(c, "/securityadminconfigurations/") == manager.id
        ]
        undeployed = [c for c in configurations if is_deployed(topology, c) is False]
        covered = _covered(topology, [c for c in configurations if c not in undeployed])
        if not configurations and manager.is_exported:
            continue  # an export of the manager alone
        scope = _scope(topology, manager)
        bare = {vnet: difference(_FIRST, covered.get(vnet, NO_RANGES)) for vnet in scope}
        bare = {vnet: ports for vnet, ports in bare.items() if ports}
        if not bare or _has_unknown_members(topology):
            continue
        ports = NO_RANGES
        for left in bare.values():
            ports = union(ports, left)
        name = label(topology, manager.id)
        not_yet = f" ({labels(topology, [c.id for c in undeployed])} is not deployed)" if undeployed else ""
        yield Found(
            (manager.id, *bare),
            f"no admin rule of {name} keeps the Internet off {service_text(ports)} in {labels(topology, bare)}"
            f"{not_yet}",
            (evidence(manager, f"the security admin configurations of {name}"),
             *(evidence(c, f"{label(topology, c.id)} is not deployed", "deployed") for c in undeployed),
             *_never_reached(topology, scope)),
            f"deploy in {name} {_deny_lines()} for a network group that holds {labels(topology, bare)}",
        )  # fmt: skip


def _deny_lines() -> str:
    """Admin rules, as a spec has them, that close what is of high risk."""
    words = service_text(HIGH_RISK).split()
    return " and ".join(
        f"`{10 + n} deny inbound {word} from Internet to any`" for n, word in enumerate(words)
    )


def _owner(child: Resource, segment: str) -> str:
    return key(child.envelope.get("parent")) or child.id.rsplit(segment, 1)[0]


def _covered(topology: Topology, configurations: list[Resource]) -> dict[str, Ranges]:
    """The management ports that admin rules surely deny the Internet, by VNet."""
    members = {group.id: group.members for group in topology.network_groups}
    found: dict[str, Ranges] = {}
    mine = {c.id for c in configurations}
    for collection in topology.of_type(ADMIN + "/rulecollections"):
        if _owner(collection, "/rulecollections/") not in mine:
            continue
        rules = sorted(
            (admin_rule(r) for r in _rules_of(topology, collection)), key=lambda rule: rule.priority
        )
        denied = NO_RANGES
        for rule, hit in deciding(rules, "inbound", is_internet, _FIRST):
            denied = union(denied, hit) if rule.access in ("deny", "?") else denied
        for applied in entries(collection.properties.get("appliesToGroups")):
            for vnet in members.get(key(at(applied, "networkGroupId")), ()):
                found[vnet] = union(found.get(vnet, NO_RANGES), denied)
    return found


def _rules_of(topology: Topology, collection: Resource) -> list[Resource]:
    kind = ADMIN + "/rulecollections/rules"
    return [rule for rule in topology.of_type(kind) if _owner(rule, "/rules/") == collection.id]


def _scope(topology: Topology, manager: Resource) -> list[str]:
    """The VNets of the input that a manager is for; all of them where its scope is no list of subscriptions."""
    told = at(manager.properties, "networkManagerScopes", "subscriptions")
    wanted = {str(each).lower().rstrip("/") for each in told} if isinstance(told, list | tuple) else set()
    is_wide = bool(at(manager.properties, "networkManagerScopes", "managementGroups")) or not wanted
    vnets = [vnet for vnet in topology.of_type(VNET) if is_known(vnet)]
    return [v.id for v in vnets if is_wide or (v.parent or subscription_of(v.id)) in wanted]


def _has_unknown_members(topology: Topology) -> bool:
    """Whether a network group of the input has no member in it, as where a policy adds them."""
    return any(not group.members for group in topology.network_groups)


def _never_reached(topology: Topology, scope: list[str]) -> Iterator[Evidence]:
    for subnet in sorted(unreached_subnets(topology)):
        resource = topology.resources.get(subnet)
        if resource is not None and resource.parent in scope:
            yield evidence(resource, f"admin rules never hold in {label(topology, subnet)}")


def zt_36(estate: Estate) -> Iterator[Found]:
    """AlwaysAllow admin rules name who and what: NSGs cannot stop what they let in.

    https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins#evaluation-of-security-admin-rules-and-nsgs
    """
    topology = estate.topology
    broad: dict[str, list[NsgRule]] = defaultdict(list)
    for resource in topology.of_type(ADMIN + "/rulecollections/rules"):
        rule = admin_rule(resource)
        if rule.access == "always-allow" and is_any_any(rule):
            broad[_owner(resource, "/rules/")].append(rule)
    for collection, rules in broad.items():
        name = label(topology, collection)
        yield Found(
            (collection, *(rule.id for rule in rules)),
            f"{rule_names(rules)} of {name} always {verb(rules, 'allows', 'allow')} all ports to everyone: no NSG can "
            "stop that",
            tuple(rule.evidence for rule in rules),
            f"name a source and ports in {rule_names(rules)} of {name}, or make it `allow`, so that NSGs decide",
        )  # fmt: skip
