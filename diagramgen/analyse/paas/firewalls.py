"""Firewalls: how each type of platform service reads its own network rules, a function a type.

Each links to what the rules mean; https://learn.microsoft.com/azure/templates/ has every property.
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.analyse.paas.answers import NOT_EXPORTED, NOT_UNDERSTOOD, Answer, Gate
from diagramgen.analyse.paas.lines import address_lines, joined, subnet_lines, unreadable
from diagramgen.analyse.paas.subject import Subject
from diagramgen.located import Key
from diagramgen.model.references import at
from diagramgen.model.topology import Resource


def acl_gate(
    subject: Subject, acls: object, *path: Key, absent: Answer | None = None, own: Resource | None = None,
    knows_azure: bool = False,
) -> Gate:  # fmt: skip
    """`networkAcls`, `networkRuleSet` ...: a default action, and the addresses and subnets let in against it.

    `absent` is the answer where there are none. With the default action Allow the rules have no effect:
    https://learn.microsoft.com/azure/storage/common/storage-network-security#change-the-default-network-access-rule
    """
    if acls is None:
        return Gate(absent or NOT_EXPORTED)
    if not isinstance(acls, Mapping):
        return unreadable(subject, "the network rules are no object", *path, own=own).before(NOT_UNDERSTOOD)
    lines = joined(
        subnet_lines(subject, acls.get("virtualNetworkRules"), *path, "virtualNetworkRules", own=own),
        address_lines(subject, acls.get("ipRules"), *path, "ipRules", own=own, knows_azure=knows_azure),
        address_lines(subject, acls.get("ipv6Rules"), *path, "ipv6Rules", own=own),
    )
    told = acls.get("defaultAction")
    action = told.lower() if isinstance(told, str) else ""
    where = (*path, "defaultAction")
    if action == "allow":
        answer = subject.open_to_all("public:defaultAction=Allow", "everyone is let in", *where, own=own)
        return Gate(answer, errors=lines.errors)
    if action == "deny":
        text = "everyone else is refused"
        return lines.before(subject.answer("denied", "public:defaultAction=Deny", text, *where, own=own))
    return lines.before(Answer("unknown", "public:defaultAction not in the input"))


def storage_gate(subject: Subject, surface: str) -> Gate:
    """Address rules of an account do not see callers of its own region.

    https://learn.microsoft.com/azure/storage/common/storage-network-security#grant-access-from-an-internet-ip-range
    """
    absent = subject.open_by_default() if subject.is_told else None
    gate = acl_gate(subject, subject.properties.get("networkAcls"), "networkAcls", absent=absent)
    return gate._replace(is_blind_in_region=True)


def vault_gate(subject: Subject, surface: str) -> Gate:
    """A vault or AI service without `networkAcls` has its firewall off, which is the default.

    https://learn.microsoft.com/azure/key-vault/general/network-security,
    https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks
    """
    acls = subject.properties.get("networkAcls")
    return acl_gate(subject, acls, "networkAcls", absent=subject.open_by_default())


def registry_gate(subject: Subject, surface: str) -> Gate:
    """Only the Premium tier has rules.

    https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
    """
    has_none = subject.is_told or _tier(subject) in ("basic", "standard")
    rules = subject.properties.get("networkRuleSet")
    return acl_gate(subject, rules, "networkRuleSet", absent=subject.open_by_default() if has_none else None)


def messaging_gate(subject: Subject, surface: str) -> Gate:
    """Event Hubs and Service Bus keep their rules in a child, `networkRuleSets/default`; the Basic tier has none.

    The default action Deny takes effect only with at least one rule:
    https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering
    """
    rules = next(iter(subject.children.get("networkrulesets", ())), None)
    if _tier(subject) == "basic" or (subject.is_told and rules is None):
        return Gate(subject.open_by_default())
    if rules is None:
        return Gate(NOT_EXPORTED)
    access = str(rules.properties.get("publicNetworkAccess")).lower()
    if access == "securedbyperimeter":
        return Gate(Answer("unknown", "nsp"))
    if access == "disabled":
        text = "public network access is disabled"
        return Gate(subject.answer("denied", "public:disabled", text, "publicNetworkAccess", own=rules))
    gate = acl_gate(subject, rules.properties, own=rules)
    if gate.otherwise.verdict == "denied" and not gate.entries and not gate.refused:
        text = "everyone is let in, as Deny takes effect only with a rule"
        answer = subject.open_to_all("public:no-rules", text, "defaultAction", own=rules)
        return gate._replace(otherwise=answer)
    return gate


def topic_gate(subject: Subject, surface: str) -> Gate:
    """https://learn.microsoft.com/azure/event-grid/configure-firewall"""
    return _allow_list(subject, subject.properties.get("inboundIpRules"), "inboundIpRules")


def search_gate(subject: Subject, surface: str) -> Gate:
    """https://learn.microsoft.com/azure/search/service-configure-firewall"""
    rules = subject.properties.get("networkRuleSet")
    if rules is None and not subject.is_told:
        return Gate(NOT_EXPORTED)
    if rules is not None and not isinstance(rules, Mapping):
        return Gate(NOT_UNDERSTOOD)
    return _allow_list(subject, at(rules, "ipRules"), "networkRuleSet", "ipRules")


def machine_learning_gate(subject: Subject, surface: str) -> Gate:
    """https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link"""
    return _allow_list(subject, subject.properties.get("ipAllowlist"), "ipAllowlist")


def _allow_list(subject: Subject, items: object, *path: Key) -> Gate:
    """A list of addresses that restricts where it is not empty."""
    lines = address_lines(subject, items, *path)
    if not lines.entries and not lines.refused:
        return Gate(subject.open_to_all("public:no-rules", "everyone is let in, as no rule is set", *path))
    return lines.before(
        subject.answer("denied", "public:defaultAction=Deny", "everyone else is refused", *path)
    )


def batch_gate(subject: Subject, surface: str) -> Gate:
    """https://learn.microsoft.com/azure/batch/public-network-access"""
    path = ("networkProfile", "nodeManagementAccess" if surface == "nodeManagement" else "accountAccess")
    return acl_gate(subject, at(subject.properties, *path), *path, absent=subject.open_by_default())


def api_management_gate(subject: Subject, surface: str) -> Gate:
    """Injected into a VNet, the gateway is filtered by the NSG of its subnet; as internal it has no public address.
    In the newer tiers `External` only means that it sends into a VNet.

    https://learn.microsoft.com/azure/api-management/virtual-network-concepts
    """
    told = subject.properties.get("virtualNetworkType")
    kind = told.lower() if isinstance(told, str) else ""
    if kind == "internal":
        text = "the gateway has no public address"
        return Gate(subject.answer("denied", "public:none", text, "virtualNetworkType"))
    if kind == "external" and not _tier(subject).endswith("v2"):
        return Gate(Answer("unknown", "api-management:NSG of the subnet decides"))
    if kind in ("none", "external") or (told is None and subject.is_told):
        text = "public network access is not disabled"
        return Gate(subject.open_to_all("public:enabled", text, "publicNetworkAccess"))
    return Gate(Answer("unknown", "public:virtualNetworkType not in the input"))


def databricks_gate(subject: Subject, surface: str) -> Gate:
    """Lists of addresses are kept inside the workspace.

    https://learn.microsoft.com/azure/databricks/security/network/front-end/ip-access-list
    """
    return Gate(Answer("unknown", "databricks:IP access lists not visible"))


def volumes_gate(subject: Subject, surface: str) -> Gate:
    """Volumes stand in a delegated subnet and nowhere else.

    https://learn.microsoft.com/azure/azure-netapp-files/azure-netapp-files-network-topologies
    """
    return Gate(subject.answer("denied", "public:none", "volumes have no public address"))


def _tier(subject: Subject) -> str:
    """The name of the SKU, lower case."""
    name = at(subject.resource.envelope, "sku", "name")
    return name.lower() if isinstance(name, str) else ""
