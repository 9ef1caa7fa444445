"""ZT-37: NSGs where Azure supports none, and NSGs that lack rules without which a platform service stops working."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    APPLICATION_GATEWAY,
    BASTION,
    Found,
    Standing,
    entries,
    evidence,
    inner,
    label,
    listed,
    residents,
    roles,
    tier_of,
)
from diagramgen.analyse.rules.nsg_fields import Direction, NsgRule, addresses_of, deciding, nsg_rules
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import key
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, Ranges, difference, intersection, parse_service, union
from diagramgen.read.unknown import is_unknown


class Required(NamedTuple):
    """Traffic that must pass an NSG: its direction, the tag at its far end, its services, and a rule that lets it."""

    direction: Direction
    tag: str
    services: Ranges
    line: str


_TCP_443 = parse_service("tcp", "443")
_BASTION = (
    Required("inbound", "gatewaymanager", _TCP_443, "110 allow inbound tcp/443 from GatewayManager to any"),
    Required("outbound", "virtualnetwork", parse_service("tcp", "22,3389"),
             "100 allow outbound tcp/22,3389 from any to VirtualNetwork"),
    Required("outbound", "azurecloud", _TCP_443, "110 allow outbound tcp/443 from any to AzureCloud"),
)  # fmt: skip
_BASTION_PUBLIC = Required("inbound", "internet", _TCP_443, "100 allow inbound tcp/443 from Internet to any")
"""https://learn.microsoft.com/azure/bastion/bastion-nsg"""
_PROBES = Required(
    "inbound", "azureloadbalancer", _TCP_443, "120 allow inbound any from AzureLoadBalancer to any"
)
_V1 = Required("inbound", "gatewaymanager", parse_service("tcp", "65503-65534"),
               "110 allow inbound tcp/65503-65534 from GatewayManager to any")  # fmt: skip
_V2 = Required("inbound", "gatewaymanager", parse_service("tcp", "65200-65535"),
               "110 allow inbound tcp/65200-65535 from GatewayManager to any")  # fmt: skip
"""https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#network-security-groups"""


def zt_37(estate: Estate) -> Iterator[Found]:
    """No NSG at GatewaySubnet; at the subnets of Bastion and Application Gateway the rules that these need.

    https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
    """
    topology = estate.topology
    standing = residents(topology)
    for subnet_id, role in roles(topology).items():
        subnet, nsg = topology.resources[subnet_id], topology.nsg_of.get(subnet_id)
        if not nsg or is_unknown(subnet.properties.get("networkSecurityGroup")):
            continue
        name = label(topology, subnet_id)
        if role == "gateway":
            yield Found(
                (subnet_id, nsg),
                f"NSG {label(topology, nsg)} stands at gateway subnet {name}, where NSGs are not supported and may "
                "stop the gateway",
                (evidence(subnet, f"{name} names NSG {label(topology, nsg)}", "networkSecurityGroup"),),
                f"take {label(topology, nsg)} off {name}, and filter in the subnets behind or at a firewall",
            )  # fmt: skip
        elif role in ("bastion", "application-gateway"):
            rules = nsg_rules(topology, nsg)
            missing = [
                r for r in _required(subnet_id, role, standing) if rules is not None and _is_stopped(r, rules)
            ]
            if rules is None or not missing:
                continue
            service = "Azure Bastion" if role == "bastion" else "Application Gateway"
            lines = listed(f"`{each.line}`" for each in missing)
            yield Found(
                (nsg, subnet_id),
                f"NSG {label(topology, nsg)} at {name} stops traffic that {service} needs",
                tuple(_denying(topology.resources[nsg], each, rules) for each in missing),
                f"add to {label(topology, nsg)}: {lines}",
            )  # fmt: skip


def _required(subnet: str, role: str, standing: Standing) -> list[Required]:
    inside = standing.get(subnet, [])
    if role == "bastion":
        hosts = [r for r in inside if r.type == BASTION]
        is_public = any(
            key(inner(c).get("publicIPAddress"))
            for h in hosts
            for c in entries(h.properties.get("ipConfigurations"))
        )
        return [*_BASTION, _BASTION_PUBLIC] if is_public else list(_BASTION)
    found = []
    for gateway in (r for r in inside if r.type == APPLICATION_GATEWAY):
        fronts = [inner(front) for front in entries(gateway.properties.get("frontendIPConfigurations"))]
        if not any(key(front.get("publicIPAddress")) for front in fronts):
            continue  # a private deployment may do without, which the input does not tell
        found += [_PROBES, _V2 if tier_of(gateway).endswith("v2") else _V1]
    return list(dict.fromkeys(found))


def _means(tag: str, words: tuple[str, ...]) -> bool:
    return "*" in words or tag in words or (tag in ("gatewaymanager", "azurecloud") and "internet" in words)


def _is_stopped(required: Required, rules: tuple[NsgRule, ...]) -> bool:
    """Whether required traffic is surely denied, by a rule or by the defaults.

    Where an allow names addresses the input does not tell whether they are those of the tag.
    """
    if any(_may_allow(required, rule) for rule in rules):
        return False
    decided = _decided(required, rules)
    denied = NO_RANGES
    left = required.services
    for rule, hit in decided:
        denied = union(denied, hit) if rule.access == "deny" else denied
        left = difference(left, hit)
    by_default = required.direction == "inbound" and required.tag in ("gatewaymanager", "internet")
    return bool(denied) or (by_default and bool(left))


def _may_allow(required: Required, rule: NsgRule) -> bool:
    """Whether a rule allows addresses, or a part of the tag, that may be all that is required."""
    far = rule.sources if rule.direction == "inbound" else rule.destinations
    may_mean = bool(addresses_of(far)) or any(word.startswith((required.tag + ".", "asg:")) for word in far)
    is_allow = rule.direction == required.direction and rule.access == "allow" and "*" not in far
    return is_allow and may_mean and bool(intersection(rule.services, required.services))


def _decided(required: Required, rules: tuple[NsgRule, ...]) -> list[tuple[NsgRule, Ranges]]:
    near_any = [rule._replace(destinations=("*",)) if rule.direction == "inbound" else rule._replace(sources=("*",))
                for rule in rules]  # fmt: skip
    return deciding(
        near_any, required.direction, lambda words: _means(required.tag, words), required.services
    )


def _denying(nsg: Resource, required: Required, rules: tuple[NsgRule, ...]) -> Evidence:
    for rule, _ in _decided(required, rules):
        if rule.access == "deny":
            return rule.evidence
    return evidence(nsg, f"nothing allows what `{required.line}` would, and `DenyAllInBound` stops it")
