"""Services that stand in a subnet, so that its NSG and routes hold for them, and have no public address."""

from __future__ import annotations

from collections.abc import Iterator

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.paas.dns import DnsZones
from diagramgen.analyse.paas.sites import is_internal
from diagramgen.analyse.paas.subject import place_of
from diagramgen.analyse.paas.ways import PrivatePath, items, parsed, vnet_of
from diagramgen.analyse.verdicts import Rule
from diagramgen.located import Key
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES, Ranges, normal

_INJECTED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("microsoft.dbforpostgresql/flexibleservers", ("network", "delegatedSubnetResourceId"), ""),
    ("microsoft.dbformysql/flexibleservers", ("network", "delegatedSubnetResourceId"), ""),
    ("microsoft.cache/redis", ("subnetId",), "staticIP"),
    (
        "microsoft.apimanagement/service",
        ("virtualNetworkConfiguration", "subnetResourceId"),
        "privateIPAddresses",
    ),
)
"""Types that may stand in a subnet, where their properties name it, and where their addresses stand."""


def injected_paths(topology: Topology, addresses: Addresses, zones: DnsZones) -> Iterator[PrivatePath]:
    """Services that stand in a subnet, so that its NSG and routes hold for them."""
    for type_name, path, address_key in _INJECTED:
        for resource in topology.of_type(type_name):
            subnet = key(at(resource.properties, *path))
            if subnet and _is_inside(resource):
                own = parsed(resource.properties.get(address_key))
                zone = key(at(resource.properties, "network", "privateDnsZoneArmResourceId"))
                yield _inside(topology, addresses, zones, resource, resource.id, subnet, own, path, zone)
    for volume in topology.of_type("microsoft.netapp/netappaccounts/capacitypools/volumes"):
        subnet = key(volume.properties.get("subnetId"))
        if subnet:
            targets = items(volume.properties.get("mountTargets"))
            own = normal(r for item in targets for r in parsed(at(item, "ipAddress")))
            account = volume.id.split("/capacitypools/")[0]
            yield _inside(topology, addresses, zones, volume, account, subnet, own, ("subnetId",), "")
    for site in topology.of_type("microsoft.web/sites"):
        environment = topology.resources.get(key(site.properties.get("hostingEnvironmentProfile")))
        subnet = key(at(environment.properties, "virtualNetwork")) if environment is not None else ""
        if environment is not None and subnet and is_internal(environment):
            path = ("hostingEnvironmentProfile",)
            way = _inside(topology, addresses, zones, site, site.id, subnet, NO_RANGES, path, "")
            yield way._replace(is_approved=None, state="access restrictions hold here too")


def _is_inside(resource: Resource) -> bool:
    """API Management names a subnet in newer tiers also where it only sends into it."""
    if resource.type != "microsoft.apimanagement/service":
        return True
    kind = str(resource.properties.get("virtualNetworkType") or "Internal").lower()
    tier = str(at(resource.envelope, "sku", "name") or "").lower()
    return kind == "internal" or (kind == "external" and not tier.endswith("v2"))


def _inside(
    topology: Topology, addresses: Addresses, zones: DnsZones, resource: Resource, service: str, subnet: str,
    own: Ranges, path: tuple[Key, ...], zone: str,
) -> PrivatePath:  # fmt: skip
    said = f"{resource.label} stands in subnet {last_segment(subnet)}"
    name = resource.label
    rule = Rule(f"{resource.id}/injected", name, resource.id, name, "private-link", "allow", 0, said,
                place_of(resource, *path), stage="service")  # fmt: skip
    where = own or addresses.subnet(subnet)
    return PrivatePath(service, service, (), subnet, vnet_of(topology, subnet), where, "VNet injection", True, rule,
                       "injected", zones.of([zone] if zone else []), zones.custom)  # fmt: skip
