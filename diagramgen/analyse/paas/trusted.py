"""Exceptions of a service's firewall for services of Microsoft and for single resources.

They let in named services with their identity, no network, and so are told and not counted as a gap:
https://learn.microsoft.com/azure/storage/common/storage-network-security#grant-access-to-trusted-azure-services
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.analyse.paas.subject import Subject
from diagramgen.analyse.verdicts import Rule
from diagramgen.model.references import at, key, last_segment

_BYPASSES: tuple[tuple[str, ...], ...] = (
    ("networkAcls", "bypass"), ("networkRuleSet", "bypass"), ("networkAclBypass",), ("networkRuleBypassOptions",),
)  # fmt: skip


def trusted_rules(subject: Subject) -> tuple[Rule, ...]:
    """A rule for each exception, in the order in which they stand here."""
    found = []
    for path in _BYPASSES:
        told = at(subject.properties, *path)
        for word in told.split(",") if isinstance(told, str) else ():
            if word.strip() and word.strip().lower() != "none":
                found.append(subject.rule("allow", f"allow trusted services ({word.strip()})", *path))
    for child in subject.children.get("networkrulesets", ()):
        if child.properties.get("trustedServiceAccessEnabled") is True:
            name = "trustedServiceAccessEnabled"
            found.append(subject.rule("allow", "allow trusted services", name, own=child))
    listed = at(subject.properties, "networkAcls", "resourceAccessRules")
    for number, item in enumerate(listed if isinstance(listed, list | tuple) else ()):
        resource = at(item, "resourceId")
        if isinstance(item, Mapping) and isinstance(resource, str):
            said = f"allow resource {last_segment(key(resource))}"
            found.append(subject.rule("allow", said, "networkAcls", "resourceAccessRules", number))
    return tuple(found)
