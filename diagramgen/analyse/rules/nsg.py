"""Rules on NSGs: that they are there, that they segment, that they open nothing to everyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    NIC,
    SUBNET,
    Found,
    Role,
    Roles,
    Standing,
    delegated,
    evidence,
    is_sketch,
    known_subnets,
    label,
    labels,
    listed,
    residents,
    role_of,
    roles,
    verb,
)
from diagramgen.analyse.rules.nsg_fields import (
    NsgRule,
    addresses_of,
    deciding,
    is_any_any,
    known_nsgs,
    nsg_rules,
    rule_names,
    users_of,
)
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    NO_RANGES,
    TCP_PORTS,
    UDP_PORTS,
    Ranges,
    covers,
    intersection,
    size,
    union,
)

_TIERS: tuple[Role, ...] = ("workload", "endpoints", "application-gateway", "appliance")
_SENDS_ONLY = "microsoft.web/serverfarms"
"""Apps send through such a subnet, and nothing in it is reached."""
_SERVES = "by name what stands there and what it serves"
_NEEDS: Mapping[Role, str] = {
    "bastion": "443 from Internet and GatewayManager, and out 22, 3389 to VirtualNetwork and 443 to AzureCloud",
    "application-gateway": "its listeners' ports, 65200-65535 from GatewayManager, and AzureLoadBalancer",
}
"""What an NSG has to let through for a service to work, see ZT-37."""


def zt_01(estate: Estate) -> Iterator[Found]:
    """Every workload subnet has an NSG.

    Subnets of gateways, of Azure Firewall and of Route Server take none.
    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    standing = residents(topology)
    for subnet in known_subnets(topology):
        if subnet.id in topology.nsg_of or not _takes_nsg(subnet, standing):
            continue
        own = [r.id for r in standing.get(subnet.id, ()) if r.type == NIC]
        only_nics = bool(own) and all(nic in topology.nsg_of for nic in own)
        but = "; only its interfaces have one, and a new machine would stand without" if only_nics else ""
        name = label(topology, subnet.id)
        yield Found(
            (subnet.id,), f"subnet {name} has no NSG: nothing filters what enters and leaves it{but}",
            (evidence(subnet, f"{name} names no `networkSecurityGroup`"),),
            f"attach an NSG to {name} that allows {_NEEDS.get(role_of(subnet, standing), _SERVES)}, and ends with "
            "`4096 deny inbound any from any to any`",
        )  # fmt: skip


def _takes_nsg(subnet: Resource, standing: Standing) -> bool:
    return role_of(subnet, standing) not in ("gateway", "firewall", "route-server") and not any(
        service.startswith("microsoft.hardwaresecuritymodules/") for service in delegated(subnet)
    )


def zt_02(estate: Estate) -> Iterator[Found]:
    """NSGs deny what the default rule AllowVnetInBound would let in.

    A tier counts as open where less than half of the ports are denied to VirtualNetwork, or to another subnet.
    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    users, role = users_of(topology), roles(topology)
    for nsg, rules in known_nsgs(topology):
        open_places: dict[str, list[str]] = {}
        for place in users.get(nsg.id, ()):
            subnet = _subnet_at(topology, place)
            if role.get(subnet) in _TIERS and _SENDS_ONLY not in delegated(topology.resources[subnet]):
                towards = _open_towards(estate, rules, subnet, role)
                if towards and not _is_closed_beside(estate, place, subnet, role):
                    open_places[place] = towards
        if not open_places:
            continue
        siblings = sorted({rid for towards in open_places.values() for rid in towards} - {""})
        whom = labels(topology, siblings) if siblings else "everything in `VirtualNetwork`"
        denies = [
            r for r in rules if r.direction == "inbound" and r.access == "deny" and r.sources != ("internet",)
        ]
        only = f" but what {rule_names(denies)} names" if denies else ""
        places = labels(topology, open_places)
        yield Found(
            (nsg.id, *open_places),
            f"NSG {label(topology, nsg.id)} denies nothing from inside the virtual network{only}: "
            f"{places} {verb(open_places, 'stays', 'stay')} open to {whom} by `AllowVnetInBound`",
            (evidence(nsg, f"{label(topology, nsg.id)}: no inbound deny of `VirtualNetwork` below 65000"),
             *(rule.evidence for rule in denies)),
            f"allow by name in {label(topology, nsg.id)} what {places} {verb(open_places, 'serves', 'serve')}, and add "
            "`4096 deny inbound any from VirtualNetwork to any`",
        )  # fmt: skip


def _subnet_at(topology: Topology, place: str) -> str:
    resource = topology.resources.get(place)
    return place if resource is None or resource.type == SUBNET else resource.parent or ""


def _open_towards(estate: Estate, rules: tuple[NsgRule, ...], subnet: str, role: Roles) -> list[str]:
    """The subnets beside it to which a subnet is open by default; [""] where it has none and is open to all."""
    vnet = estate.topology.resources[subnet].parent or ""
    beside = [
        s
        for s in estate.addresses.subnets_of.get(vnet, ())
        if s != subnet and role.get(s, "workload") in _TIERS
    ]
    return [s for s in beside or [""] if _is_open(rules, estate.addresses.subnet(s))]


def _is_open(rules: tuple[NsgRule, ...], source: Ranges) -> bool:
    """Whether less than half of the ports are denied to a source; to all of VirtualNetwork where it is empty."""

    def means(words: tuple[str, ...]) -> bool:
        named = addresses_of(words)
        is_group = any(word.startswith("asg:") for word in words)  # its members may be all that is there
        return "*" in words or "virtualnetwork" in words or is_group or bool(source and covers(named, source))

    everyone = ("*", "virtualnetwork")
    counted = [r for r in rules if r.access != "allow" or any(word in everyone for word in r.sources)]
    # The destination of a deny is not asked: that the tiers are named at all is what this rule wants.
    decided = deciding([r._replace(destinations=("*",)) for r in counted], "inbound", means)
    denied: Ranges = NO_RANGES
    for rule, hit in decided:
        denied = denied if rule.access == "allow" else union(denied, hit)
    return size(intersection(denied, TCP_PORTS)) < 32768 or size(intersection(denied, UDP_PORTS)) < 32768


def _is_closed_beside(estate: Estate, place: str, subnet: str, role: Roles) -> bool:
    """Whether the other NSGs on the way, the subnet's or those of all its interfaces, close it or are not known."""
    topology = estate.topology
    if place != subnet:
        others = [topology.nsg_of[subnet]] if subnet in topology.nsg_of else []
    else:
        interfaces = estate.addresses.nics_in.get(subnet, ())
        others = [topology.nsg_of.get(nic, "") for nic in interfaces]
    if not others or "" in others:
        return False
    for nsg in others:
        rules = nsg_rules(topology, nsg)
        if rules is not None and _open_towards(estate, rules, subnet, role):
            return False
    return True


def zt_04(estate: Estate) -> Iterator[Found]:
    """No NSG rule allows everything to everyone.

    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    users = users_of(topology)
    for nsg, rules in known_nsgs(topology):
        broad = [r for r in rules if r.access == "allow" and is_any_any(r) and not _is_shadowed(r, rules)]
        if not broad:
            continue
        places = users.get(nsg.id, [])
        name, first = label(topology, nsg.id), broad[0]
        far = "in from" if first.direction == "inbound" else "out to"
        words = first.sources if first.direction == "inbound" else first.destinations
        whom = listed(_SHOWN.get(word, word) for word in words)
        at_places = f" at {labels(topology, places)}" if places else ""
        yield Found(
            (nsg.id, *places),
            f"NSG {name} has {rule_names(broad)}, which lets everything {far} {whom}{at_places}",
            tuple(rule.evidence for rule in broad),
            f"replace {rule_names(broad)} in {name} by a line for each service that is needed, such as "
            f"`{first.priority} allow {first.direction} tcp/443 from SUBNET to SUBNET`",
        )  # fmt: skip


_SHOWN: Mapping[str, str] = {
    "*": "anyone", "internet": "`Internet`", "virtualnetwork": "`VirtualNetwork`", "azurecloud": "`AzureCloud`",
}  # fmt: skip


def _is_shadowed(rule: NsgRule, rules: tuple[NsgRule, ...]) -> bool:
    """Whether rules above decide on everything that a rule could."""
    far = rule.sources if rule.direction == "inbound" else rule.destinations

    def means(words: tuple[str, ...]) -> bool:
        return "*" in words or set(far) <= set(words)

    return rule not in [each for each, _ in deciding(rules, rule.direction, means, rule.services)]
