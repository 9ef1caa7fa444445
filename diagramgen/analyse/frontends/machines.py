"""Machines with public addresses: on interfaces, on instances of scale sets, and appliances in virtual hubs.

Every service that the NSGs let through arrives. An interface that forwards IP, or belongs to what a spec calls an NVA,
is an appliance's, whose own rules nobody here knows.
https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
"""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.addresses import NET, VNET
from diagramgen.analyse.frontends.entries import Frontend, FrontendKind, Target
from diagramgen.analyse.frontends.estate import LOAD_BALANCER, Estate
from diagramgen.analyse.frontends.interfaces import PUBLIC_IP, Configuration
from diagramgen.analyse.frontends.shapes import listed, text
from diagramgen.analyse.frontends.targets import of_configurations
from diagramgen.analyse.frontends.telling import platform_rule
from diagramgen.model.references import key, type_of_id
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, SERVICES

_APPLIANCE = NET + "networkvirtualappliances"
_KINDS: dict[str, FrontendKind] = {
    LOAD_BALANCER: "load-balancer",
    NET + "applicationgateways": "application-gateway",
    NET + "azurefirewalls": "firewall",
    NET + "bastionhosts": "bastion",
    NET + "virtualnetworkgateways": "gateway",
    NET + "networkinterfaces": "public-ip",
    "microsoft.compute/virtualmachinescalesets": "public-ip",
}
"""Kinds of entries by the type of what a public IP says that it is attached to."""


def machines(estate: Estate) -> Iterator[Frontend]:
    """The ways in at public addresses of interfaces, one for each address."""
    for configuration in estate.configurations.values():
        if configuration.public_ip:
            yield _of_interface(estate, configuration)
    for appliance in estate.of_type(_APPLIANCE):
        yield from _of_appliance(estate, appliance)


def _of_interface(estate: Estate, told: Configuration) -> Frontend:
    (target,) = of_configurations(estate, (told.id,), SERVICES)
    owner = estate.topology.resources.get(told.machine) or estate.topology.resources.get(told.nic)
    assert owner is not None, "an IP configuration comes from an interface or a scale set of the topology"
    rule = platform_rule(
        estate, owner, told.id, "", SERVICES, (told.public_ip,), (target,), told.place,
        kind="nva" if told.is_forwarding else "platform",
    )  # fmt: skip
    return Frontend(
        told.id, owner.name, "nva" if told.is_forwarding else "public-ip", target.vnet, target.subnet,
        (told.public_ip,), told.sku, SERVICES, None, (target,), "", "", True, told.place, rule,
        not told.chained, owner.id,
    )  # fmt: skip


def _of_appliance(estate: Estate, appliance: Resource) -> Iterator[Frontend]:
    """An appliance in a virtual hub, whose interfaces Azure manages.

    https://learn.microsoft.com/azure/virtual-wan/about-nva-hub
    """
    nics = listed(appliance.properties.get("virtualApplianceNics"))
    public = tuple(filter(None, (text(n.get("publicIPAddress") or n.get("publicIpAddress")) for n in nics)))
    if not public:
        return
    hub = key(appliance.properties.get("virtualHub"))
    targets = (Target(appliance.id, "", hub, NO_RANGES, SERVICES),)
    rule = platform_rule(
        estate, appliance, appliance.id, "", SERVICES, public, targets, appliance.place, kind="nva"
    )
    yield Frontend(
        appliance.id, appliance.name, "nva", hub, "", public, "standard", SERVICES, None, targets, "", "", True,
        appliance.place, rule, True, appliance.id,
    )  # fmt: skip


def strangers(estate: Estate, known: frozenset[str]) -> Iterator[Frontend]:
    """Public addresses that say that they are attached to something whose body the input does not hold. `known` are
    those of the other entries."""
    for public_ip in estate.of_type(PUBLIC_IP):
        attached = key(public_ip.properties.get("ipConfiguration"))
        owner_id = _owner_of(attached)
        owner = estate.get(owner_id)
        if public_ip.id in known or not owner_id or (owner is not None and owner.properties):
            continue
        kind = _KINDS.get(type_of_id(owner_id), "other")
        is_machine = kind == "public-ip"
        (found,) = of_configurations(estate, (attached,), SERVICES)
        targets = (found._replace(id=owner_id, is_known=False),) if is_machine else ()
        rule = platform_rule(
            estate, public_ip, public_ip.id, "", SERVICES, (public_ip.id,), targets, public_ip.place
        )
        yield Frontend(
            public_ip.id, public_ip.name, kind, found.vnet, found.subnet, (public_ip.id,),
            estate.sku(public_ip.id), SERVICES, None, targets, "unknown" if kind == "application-gateway" else "",
            "", is_machine, public_ip.place, rule, False, owner_id,
        )  # fmt: skip


def untold(estate: Estate) -> Iterator[Frontend]:
    """Balancers, gateways and firewalls of which the input tells no more than that they are there: they may let
    anything in, anywhere."""
    anywhere = tuple(
        Target(vnet.id, "", vnet.id, NO_RANGES, SERVICES, False) for vnet in estate.topology.of_type(VNET)
    )
    for resource in estate.topology.resources.values():
        kind = _KINDS.get(resource.type)
        if resource.is_untold and kind is not None and kind != "public-ip":
            vnet, subnet = estate.stands(resource)
            yield Frontend(
                f"{resource.id}/not-told", resource.name, kind, vnet, subnet, (), "unknown", SERVICES, None, anywhere,
                "unknown" if kind == "application-gateway" else "", "", False, resource.place, None, False, resource.id,
            )  # fmt: skip


def _owner_of(configuration: str) -> str:
    """The id of what an IP configuration belongs to: an interface, for one of a scale set's instances the set.

    >>> _owner_of("/s/providers/microsoft.network/bastionhosts/b/bastionhostipconfigurations/c")
    '/s/providers/microsoft.network/bastionhosts/b'
    """
    if "/virtualmachinescalesets/" in configuration:
        return configuration.split("/virtualmachines/")[0]
    return configuration.rsplit("/", 2)[0] if configuration.count("/") > 2 else ""
