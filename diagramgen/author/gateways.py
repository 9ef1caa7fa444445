"""Firewalls, gateways, Bastion and Route Servers in subnets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagramgen.author.book import Book, one_or_many
from diagramgen.author.machines import is_lent
from diagramgen.author.places import HUB, NET, Thing
from diagramgen.author.policies import collections, safety
from diagramgen.author.rules import Networks
from diagramgen.author.values import Json, addresses, body, entries, flag, mapping, networks, texts, whole
from diagramgen.model.references import at, key

_CLASSIC = ("networkRuleCollections", "applicationRuleCollections", "natRuleCollections")


def write_gateways(book: Book) -> None:
    """All of them."""
    for thing in book.of("resources"):
        write = _WRITERS.get(thing.resource.type)
        if write is not None:
            write(thing, book)


def addresses_of(thing: Thing, book: Book) -> Json:
    """The private address and the public IPs of a thing's IP configurations."""
    fields: Json = {}
    public: list[str] = []
    for configuration in entries(thing.resource.properties.get("ipConfigurations")):
        p = body(configuration)
        told = addresses(p.get("privateIPAddress"))
        if told and "ip" not in fields and not is_lent(p, book):
            fields["ip"] = told[0]
        public.append(key(p.get("publicIPAddress")))
    if (said := book.public_ips(public, thing.id)) is not None:
        fields["public_ip"] = said
    return fields


def _firewall(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    policy = key(p.get("firewallPolicy"))
    if (name := book.name(policy, ("firewall_policy",))) is not None:
        entry["policy"] = name
    entry |= addresses_of(thing, book)
    tier = at(p, "sku", "tier")
    above = book.resource(policy)
    if isinstance(tier, str) and (
        above is None or str(at(above.properties, "sku", "tier")).lower() != tier.lower()
    ):
        entry["sku"] = tier
    if management := mapping(p.get("managementIpConfiguration")):
        public = book.name(key(body(management).get("publicIPAddress")), ("public_ip",))
        entry["management_ip"] = public if public is not None else True
    told = safety(p)
    if "threat_intelligence" in told:
        entry["threat_intelligence"] = told["threat_intelligence"]
    if any(p.get(name) for name in _CLASSIC):
        named = Networks(book)
        entry["rule_collections"] = {
            name: told for field in _CLASSIC for name, told in collections(p.get(field), book, named).items()
        }
        book.fall_back(thing.id, _CLASSIC, "rule_collections")


def _gateway(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    fields = addresses_of(thing, book)
    fields.pop("ip", None)
    entry |= fields
    if (asn := whole(at(p, "bgpSettings", "asn"), 1, 2**32 - 1)) is not None:
        entry["asn"] = asn
    if (active := flag(p.get("activeActive"))) is not None and active is not False:
        entry["active_active"] = active
    sku = at(p, "sku", "name")
    if isinstance(sku, str):
        entry["sku"] = sku
    if pool := networks(at(p, "vpnClientConfiguration", "vpnClientAddressPool", "addressPrefixes")):
        protocols = texts(at(p, "vpnClientConfiguration", "vpnClientProtocols"))
        entry["p2s"] = {"address": one_or_many(pool), "protocols": one_or_many(protocols)} if protocols else (
            one_or_many(pool))  # fmt: skip
    if (site := book.name(key(p.get("gatewayDefaultSite")), ("local_network",))) is not None:
        entry["default_site"] = site


def _route_server(thing: Thing, book: Book) -> None:
    p, entry = thing.resource.properties, thing.entry
    if (asn := whole(p.get("virtualRouterAsn"), 1, 2**32 - 1)) is not None:
        entry["asn"] = asn
    if (passes := flag(p.get("allowBranchToBranchTraffic"))) is not None:
        entry["branch_to_branch"] = passes
    for part in book.topology.parts_of(thing.id):
        if part.type == HUB + "/ipconfigurations":
            name = book.name(key(part.properties.get("publicIPAddress")), ("public_ip",))
            if name is not None:
                entry["public_ip"] = name
            book.rename(part.id, f"{thing.shown}/ipconfigurations/ipconfig1")
            break


def _bastion(thing: Thing, book: Book) -> None:
    fields = addresses_of(thing, book)
    fields.pop("ip", None)
    thing.entry |= fields


def _private_link_service(thing: Thing, book: Book) -> None:
    fields = addresses_of(thing, book)
    fields.pop("public_ip", None)
    thing.entry |= fields
    fronts = entries(thing.resource.properties.get("loadBalancerFrontendIpConfigurations"))
    if len(fronts) == 1:
        balancer = key(fronts[0]).split("/frontendipconfigurations/")[0]
        if (name := book.name(balancer, ("resource",))) is not None:
            thing.entry["load_balancer"] = name


_WRITERS: Mapping[str, Callable[[Thing, Book], None]] = {
    NET + "azurefirewalls": _firewall,
    NET + "virtualnetworkgateways": _gateway,
    "diagramgen/vpn-gateway": _gateway,
    NET + "bastionhosts": _bastion,
    NET + "privatelinkservices": _private_link_service,
    HUB: _route_server,
}
