"""Rules on SSH and RDP: closed to the Internet, and open from Azure Bastion alone."""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found, label, labels, roles, vnet_of
from diagramgen.analyse.rules.nsg_fields import (
    addresses_of,
    is_internet,
    known_nsgs,
    opened_to_internet,
    rule_names,
    users_of,
)
from diagramgen.model.traffic import (
    NO_RANGES,
    Ranges,
    covers,
    intersection,
    parse_service,
    service_text,
    union,
)

MANAGEMENT = parse_service("tcp", "22,3389")
"""SSH and RDP."""


def zt_03(estate: Estate) -> Iterator[Found]:
    """No NSG lets the Internet in on SSH (22) or RDP (3389).

    A rule counts where no deny of everyone stands above it.
    https://learn.microsoft.com/azure/security/fundamentals/network-best-practices
    """
    topology = estate.topology
    users = users_of(topology)
    for nsg, rules in known_nsgs(topology):
        opened = opened_to_internet(rules, MANAGEMENT)
        if not opened:
            continue
        ports = NO_RANGES
        for _, hit in opened:
            ports = union(ports, hit)
        places = users.get(nsg.id, [])
        where = f" to {labels(topology, places)}" if places else " to whatever will use it"
        first, hit = opened[0]
        line = f"`{first.priority} allow inbound {service_text(hit)} from {_bastion(estate, places)} to any`"
        yield Found(
            (nsg.id, *places),
            f"NSG {label(topology, nsg.id)} lets the whole Internet in{where}, on {service_text(ports)}",
            tuple(rule.evidence for rule, _ in opened),
            f"delete {rule_names(r for r, _ in opened)} in {label(topology, nsg.id)}, or name who may come: {line}",
        )  # fmt: skip


def _bastion(estate: Estate, places: list[str]) -> str:
    """The prefix of a Bastion's subnet for a rule to name: in the VNet of the NSG's places, else in any."""
    topology = estate.topology
    near = {vnet_of(topology, place) for place in places}
    subnets = [topology.resources[subnet] for subnet, role in roles(topology).items() if role == "bastion"]
    for subnet in sorted(subnets, key=lambda each: each.parent not in near):
        prefix = subnet.properties.get("addressPrefix")
        if isinstance(prefix, str):
            return prefix
    return "the prefix of AzureBastionSubnet"


def zt_38(estate: Estate) -> Iterator[Found]:
    """SSH and RDP are allowed from Azure Bastion's subnet alone.

    A source counts where it is surely more than Bastion: a broad word, an ASG, an address of another subnet, of a site
    or of the Internet.
    https://learn.microsoft.com/azure/bastion/bastion-nsg
    """
    topology = estate.topology
    users, role = users_of(topology), roles(topology)
    bastion, others = NO_RANGES, union(estate.addresses.on_premises, estate.addresses.internet)
    for subnet, is_for in role.items():
        ranges = estate.addresses.subnet(subnet)
        bastion = union(bastion, ranges) if is_for == "bastion" else bastion
        others = others if is_for == "bastion" else union(others, ranges)
    for nsg, rules in known_nsgs(topology):
        places = [place for place in users.get(nsg.id, ()) if role.get(place) != "bastion"]
        wide = [
            rule for rule in rules
            if rule.direction == "inbound" and rule.access == "allow" and intersection(rule.services, MANAGEMENT)
            and _is_not_bastion(rule.sources, bastion, others)
        ]  # fmt: skip
        if not wide or (nsg.id in users and not places):
            continue
        ports = service_text(intersection(wide[0].services, MANAGEMENT))
        yield Found(
            (nsg.id, *places),
            f"NSG {label(topology, nsg.id)} allows {ports} by {rule_names(wide)} from elsewhere than Azure Bastion",
            tuple(rule.evidence for rule in wide),
            f"narrow {rule_names(wide)} in {label(topology, nsg.id)} to "
            f"`{wide[0].priority} allow inbound tcp/22,3389 from {_bastion(estate, places)} to any`",
        )  # fmt: skip


def _is_not_bastion(words: tuple[str, ...], bastion: Ranges, others: Ranges) -> bool:
    if any(
        word in ("*", "internet", "virtualnetwork", "azurecloud") or word.startswith("asg:") for word in words
    ):
        return True
    named = addresses_of(words)
    return is_internet(words) or (not covers(bastion, named) and bool(intersection(named, others)))
