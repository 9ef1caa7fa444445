"""The tree: management groups, subscriptions, VNets and subnets."""

from __future__ import annotations

from diagramgen.author.book import Book, Kept, one_or_many
from diagramgen.author.places import SUBNET, Thing
from diagramgen.author.values import addresses as ip_addresses
from diagramgen.author.values import body, entries, flag, mapping, networks, texts, word
from diagramgen.model.references import key, keys

_ATTACHED = (
    ("nsg", "nsg_of", "networkSecurityGroup"),
    ("route_table", "route_table_of", "routeTable"),
    ("nat_gateway", "nat_gateway_of", "natGateway"),
)
_ENDPOINT_POLICIES = {"networksecuritygroupenabled": "nsg", "routetableenabled": "routes"}


def write_tree(book: Book) -> None:
    """Every frame of the tree."""
    for thing in book.of("management_groups"):
        _write_management_group(thing, book)
    for thing in book.of("subscriptions"):
        _write_subscription(thing, book)
    for thing in book.of("vnets"):
        _write_vnet(thing, book)
    for thing in book.of("subnets"):
        _write_subnet(thing, book)


def _write_management_group(thing: Thing, book: Book) -> None:
    last = book.shown_id(thing.resource).rpartition("/")[2]
    if thing.resource.id.startswith("/") and last != thing.name:
        thing.entry["id"] = last
    if (parent := book.name(thing.resource.parent or "", ("management_group",))) is not None:
        thing.entry["parent"] = parent


def _write_subscription(thing: Thing, book: Book) -> None:
    resource = thing.resource
    if thing.name != resource.label:
        thing.entry["label"] = resource.label
    guid = resource.properties.get("subscriptionId") or resource.envelope.get("subscriptionId")
    last = resource.id.rpartition("/")[2] if resource.id.startswith("/subscriptions/") else ""
    if isinstance(told := guid or last, str) and told:
        thing.entry["id"] = told
    if (group := book.name(resource.parent or "", ("management_group",))) is not None:
        thing.entry["management_group"] = group


def _write_vnet(thing: Thing, book: Book) -> None:
    resource, entry = thing.resource, thing.entry
    if found := networks(mapping(resource.properties.get("addressSpace")).get("addressPrefixes")):
        entry["address"] = one_or_many(found)
    if resource.location:
        entry["region"] = resource.location
    if (style := resource.envelope.get("style")) is not None:
        entry["style"] = style
    if (plan := book.name(key(resource.properties.get("ddosProtectionPlan")), ("ddos_plan",))) is not None:
        entry["ddos_plan"] = plan
    if servers := ip_addresses(mapping(resource.properties.get("dhcpOptions")).get("dnsServers")):
        entry["dns_servers"] = one_or_many(servers)
    if not resource.is_ghost and not book.topology.tells(resource.id, "subnets"):
        entry["more"] = "unknown"
    elif not resource.is_ghost and book.unsaid != "default" and not book.inside(thing, "subnets"):
        entry["subnets"] = Kept()


def _write_subnet(thing: Thing, book: Book) -> None:
    resource, entry, p = thing.resource, thing.entry, thing.resource.properties
    told = [*texts(p.get("addressPrefix")), *texts(p.get("addressPrefixes"))]
    if found := networks(list(dict.fromkeys(told))):
        entry["address"] = one_or_many(found)
    for word_, attached, field in () if resource.is_outside else _ATTACHED:
        rid = getattr(book.topology, attached).get(resource.id, "")
        if (name := book.name(rid, (word_,))) is not None:
            entry[word_] = name
        elif rid:
            entry.setdefault("azure", {})[field] = {"id": rid} if mapping(p.get(field)) else p.get(field)
    if endpoints := _service_endpoints(thing):
        entry["service_endpoints"] = one_or_many(endpoints)
    if policies := book.names_in(keys(p.get("serviceEndpointPolicies")), ("service_endpoint_policy",)):
        entry["service_endpoint_policies"] = one_or_many(policies)
    services = [name for d in entries(p.get("delegations")) for name in texts(body(d).get("serviceName"))]
    if services:
        entry["delegation"] = one_or_many(services)
    if (outbound := flag(p.get("defaultOutboundAccess"))) is not None:
        entry["default_outbound"] = outbound
    followed = p.get("privateEndpointNetworkPolicies")
    if str(followed).lower() == "enabled":
        entry["private_endpoint_policies"] = True
    elif (only := word(followed, _ENDPOINT_POLICIES)) is not None:
        entry["private_endpoint_policies"] = only


def _service_endpoints(thing: Thing) -> list[object]:
    """Service endpoints: a name where they hold everywhere or where the VNet is."""
    vnet = thing.parent.resource if thing.parent else thing.resource
    found: list[object] = []
    for endpoint in entries(thing.resource.properties.get("serviceEndpoints")):
        service = endpoint.get("service")
        if not isinstance(service, str) or not service:
            continue
        places = texts(endpoint.get("locations"))
        if places and not (vnet.type == SUBNET or places == ["*"]):
            found.append({"service": service, "locations": one_or_many(places)})
        else:
            found.append(service)
    return found
