"""What stands at the top of a spec under a key of its own, but NSGs, route tables and policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.places import NET, Thing
from diagramgen.author.values import addresses, body, entries, mapping, networks, texts, whole, word
from diagramgen.model.references import at, key, keys
from diagramgen.read.spec.names import escape
from diagramgen.read.unknown import is_unknown

_DDOS = {"enabled": "enabled", "disabled": "disabled", "virtualnetworkinherited": "inherited"}
_PEERINGS = {
    "azureprivatepeering": "private",
    "microsoftpeering": "microsoft",
    "azurepublicpeering": "public",
}


def write_shared(book: Book) -> None:
    """All of them."""
    for collection, write in _WRITERS.items():
        for thing in book.of(collection):
            write(thing, book)


def _ip_group(thing: Thing, book: Book) -> None:
    if found := networks(thing.resource.properties.get("ipAddresses")):
        thing.entry["address"] = one_or_many(found)


def _public_ip(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    if found := addresses(p.get("ipAddress")):
        entry["address"] = found[0]
    sku = word(
        mapping(thing.resource.envelope.get("sku")).get("name"), {"standard": "standard", "basic": "basic"}
    )
    if sku is not None:
        entry["sku"] = sku
    if (ddos := word(at(p, "ddosSettings", "protectionMode"), _DDOS)) is not None:
        entry["ddos"] = ddos
    if (prefix := book.name(key(p.get("publicIPPrefix")), ("public_ip_prefix",))) is not None:
        entry["prefix"] = prefix


def _public_ip_prefix(thing: Thing, book: Book) -> None:
    if found := networks(thing.resource.properties.get("ipPrefix")):
        thing.entry["address"] = found[0]


def _nat_gateway(thing: Thing, book: Book) -> None:
    p = thing.resource.properties
    if ips := book.names_in(keys(p.get("publicIpAddresses")), ("public_ip",)):
        thing.entry["public_ip"] = one_or_many(ips)
    if prefixes := book.names_in(keys(p.get("publicIpPrefixes")), ("public_ip_prefix",)):
        thing.entry["public_ip_prefix"] = one_or_many(prefixes)


def _private_dns_zone(thing: Thing, book: Book) -> None:
    links = [
        part for part in book.topology.parts_of(thing.id)
        if part.type == NET + "privatednszones/virtualnetworklinks"
    ]  # fmt: skip
    found = {}
    for link in links:
        vnet = key(link.properties.get("virtualNetwork"))
        if (name := book.name(vnet, ("vnet",))) is not None and name not in found:
            found[name] = link
            book.rename(link.id, f"{thing.shown}/links/{escape(book.shown(vnet))}")
    if found:
        thing.entry["vnets"] = one_or_many(sorted(found, key=str.lower))


def _circuit(thing: Thing, book: Book) -> None:
    told = mapping(thing.resource.properties.get("serviceProviderProperties"))
    for word_, name in (("provider", "serviceProviderName"), ("location", "peeringLocation")):
        if isinstance(value := told.get(name), str) and value:
            thing.entry[word_] = value
    speed = told.get("bandwidthInMbps")
    if isinstance(speed, int) and speed > 0:
        thing.entry["bandwidth"] = f"{speed // 1000} Gbps" if speed % 1000 == 0 else f"{speed} Mbps"
    peerings = []
    for part in book.topology.parts_of(thing.id):
        used_for = _PEERINGS.get(part.name.lower())
        if part.type.endswith("expressroutecircuits/peerings") and used_for is not None:
            peerings.append(used_for)
            book.rename(part.id, f"{thing.shown}/peerings/{part.name}")
    if peerings:
        thing.entry["peerings"] = one_or_many(sorted(peerings))


def _local_network(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    if found := networks(at(p, "localNetworkAddressSpace", "addressPrefixes")):
        entry["address"] = one_or_many(found)
    if (gateway := texts(p.get("gatewayIpAddress")) or texts(p.get("fqdn"))) and not is_unknown(gateway[0]):
        entry["gateway"] = gateway[0]
    if (asn := whole(at(p, "bgpSettings", "asn"), 1, 2**32 - 1)) is not None:
        entry["asn"] = asn


def _vpn_site(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    if found := networks(at(p, "addressSpace", "addressPrefixes")):
        entry["address"] = one_or_many(found)
    links = entries(p.get("vpnSiteLinks"))
    link = body(links[0]) if len(links) == 1 else {}
    if (gateway := texts(link.get("ipAddress")) or texts(link.get("fqdn"))) and not is_unknown(gateway[0]):
        entry["gateway"] = gateway[0]
    if (asn := whole(at(link, "bgpProperties", "asn"), 1, 2**32 - 1)) is not None:
        entry["asn"] = asn
    if (wan := book.name(key(p.get("virtualWan")), ("virtual_wan",))) is not None:
        entry["virtual_wan"] = wan


def _service_endpoint_policy(thing: Thing, book: Book) -> None:
    allows = {}
    for definition in entries(thing.resource.properties.get("serviceEndpointPolicyDefinitions")):
        p = body(definition)
        reached = [
            book.name(key(r), ("service", "subscription")) or r for r in texts(p.get("serviceResources"))
        ]
        if isinstance(service := p.get("service"), str) and service and service not in allows:
            allows[service] = one_or_many(reached) if reached else []
    if allows:
        thing.entry["allows"] = allows


def _plain(thing: Thing, book: Book) -> None:
    """Nothing but its name."""


_WRITERS: Mapping[str, Callable[[Thing, Book], None]] = {
    "asgs": _plain,
    "ddos_plans": _plain,
    "ip_groups": _ip_group,
    "public_ips": _public_ip,
    "public_ip_prefixes": _public_ip_prefix,
    "nat_gateways": _nat_gateway,
    "private_dns_zones": _private_dns_zone,
    "circuits": _circuit,
    "local_networks": _local_network,
    "vpn_sites": _vpn_site,
    "service_endpoint_policies": _service_endpoint_policy,
}
