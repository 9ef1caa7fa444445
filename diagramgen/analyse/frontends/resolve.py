"""Resolve: what is behind an id, a private address or a host name, through balancers and public addresses.

Names are resolved only as far as the input tells them: a public IP's label, a service's own names. What DNS zones or
custom names add is not seen, so that a name nobody here has leads to a target that is not known.
"""

from __future__ import annotations

from diagramgen.analyse.addresses import NET
from diagramgen.analyse.frontends.entries import Target
from diagramgen.analyse.frontends.estate import LOAD_BALANCER, Estate
from diagramgen.analyse.frontends.interfaces import PUBLIC_IP
from diagramgen.analyse.frontends.load_balancers import behind, joined, public_ip_of
from diagramgen.analyse.frontends.shapes import body, part_name, text
from diagramgen.analyse.frontends.targets import at_address, of_thing
from diagramgen.model.references import key, keys, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, Ranges, parse_addresses

_FRONT = "/frontendipconfigurations/"


def of_resource(estate: Estate, rid: str, services: Ranges) -> list[Target]:
    """What packets for these services reach that are sent to the thing with this id."""
    resource = estate.get(rid)
    if resource is None and _FRONT in rid:
        owner, _, front = rid.partition(_FRONT)
        return _behind_front(estate, owner, front, services)
    if resource is None:
        return of_thing(estate, rid, services)
    if resource.type == PUBLIC_IP:
        return _of_public_ip(estate, resource, services)
    if resource.type == LOAD_BALANCER:
        return behind(estate, resource, "", services)
    if resource.type == NET + "privatelinkservices":
        return _of_link_service(estate, resource, services)
    return of_thing(estate, rid, services)


def of_address(estate: Estate, address: str, vnet: str, services: Ranges) -> list[Target]:
    """What packets reach that are sent from a VNet or hub to a private address, through an internal balancer too."""
    number = parse_addresses(address)
    fronts = estate.private_fronts.get(number[0][0], ()) if number else ()
    for vnets in estate.near(vnet) if fronts else ():
        for balancer, front, home in fronts:
            if home in vnets:
                return behind(estate, balancer, front, services)
    return [at_address(estate, address, vnet, services)]


def of_host(estate: Estate, host: str, services: Ranges, vnet: str = "") -> list[Target]:
    """What packets reach that are sent to a host name or an address, public or (seen from `vnet`) private."""
    name = host.strip().lower().rstrip(".")
    known = estate.hosts.get(name)
    if known is not None:
        return of_resource(estate, known, services)
    if parse_addresses(name) and vnet:
        return of_address(estate, name, vnet, services)
    return [Target(name, "", "", parse_addresses(name) or NO_RANGES, services, False)]


def _of_public_ip(estate: Estate, public_ip: Resource, services: Ranges) -> list[Target]:
    """What has a public address, by its own word or the public address's."""
    holder = estate.holders.get(public_ip.id, "")
    owner = estate.topology.resources.get(holder)
    attached = key(public_ip.properties.get("ipConfiguration"))
    if owner is not None and owner.type == LOAD_BALANCER:
        parts = estate.parts(owner, "frontendIPConfigurations")
        fronts = [part_name(item) for item, _ in parts if public_ip_of(body(item)) == public_ip.id]
        return joined([target for front in fronts for target in behind(estate, owner, front, services)])
    if holder:
        return of_thing(estate, holder, services)
    if _FRONT in attached:
        owner_id, _, front = attached.partition(_FRONT)
        return _behind_front(estate, owner_id, front, services)
    return of_thing(estate, attached.rsplit("/", 2)[0] if attached.count("/") > 2 else public_ip.id, services)


def _behind_front(estate: Estate, owner: str, front: str, services: Ranges) -> list[Target]:
    """What is behind a frontend configuration of a balancer or gateway."""
    resource = estate.get(owner)
    if resource is not None and resource.type == LOAD_BALANCER:
        return behind(estate, resource, last_segment(front), services)
    return of_thing(estate, owner, services)


def _of_link_service(estate: Estate, service: Resource, services: Ranges) -> list[Target]:
    """What a Private Link service publishes: the frontends of its balancer, or one address.

    https://learn.microsoft.com/azure/private-link/private-link-service-overview
    """
    fronts = keys(service.properties.get("loadBalancerFrontendIpConfigurations"))
    address = text(service.properties.get("destinationIPAddress"))
    found = [target for front in fronts for target in of_resource(estate, front, services)]
    if address:
        found += of_address(estate, address, estate.stands(service)[0], services)
    return joined(found) if fronts or address else of_thing(estate, service.id, services)
