"""Network security groups with their rules, and application security groups.

The default rules are in no Terraform document; the analysis adds them to every NSG.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.read.terraform.azurerm.shape import Field, Fields, parts, rest, simple
from diagramgen.read.terraform.azurerm.values import Json, number, refs, texts
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource


def _end(end: str) -> Fields:
    """One end of a rule: one prefix, several, or application security groups; one range of ports or several."""
    return (
        Field(f"{end}_address_prefix", f"{end}AddressPrefix"),
        Field(f"{end}_address_prefixes", f"{end}AddressPrefixes", texts),
        Field(f"{end}_application_security_group_ids", f"{end}ApplicationSecurityGroups", refs),
        Field(f"{end}_port_range", f"{end}PortRange"),
        Field(f"{end}_port_ranges", f"{end}PortRanges", texts),
    )


_RULE: Fields = (
    Field("description", "description"),
    Field("priority", "priority", number),
    Field("direction", "direction"),
    Field("access", "access"),
    Field("protocol", "protocol"),
    *_end("source"),
    *_end("destination"),
)


def _nsg(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    told = resource.values.get("security_rule")
    rules = parts(lookup.id_of(resource), "securityRules", told, _RULE)
    known = isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules)
    yield rest(resource, lookup, {"securityRules": rules} if known else {})


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_network_security_group": _nsg,
    "azurerm_network_security_rule": simple(_RULE),
    "azurerm_application_security_group": simple(()),
}
