"""Load balancers: frontends in the balancer itself; pools, rules and probes are resources of their own, and in REST
parts of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    owner_of,
    part_ref,
    parts,
    piece,
    rest,
)
from diagramgen.read.terraform.azurerm.values import (
    Json,
    back_refs,
    blocks,
    first_of,
    flag,
    number,
    plain,
    ref,
    refs,
    text,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_FRONTS = "frontendIPConfigurations"
_FRONT: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_address_allocation", "privateIPAllocationMethod"),
    Field("private_ip_address_version", "privateIPAddressVersion"),
    Field("public_ip_address_id", "publicIPAddress", ref),
    Field("public_ip_prefix_id", "publicIPPrefix", ref),
    Field("gateway_load_balancer_frontend_ip_configuration_id", "gatewayLoadBalancer", ref),
)
_COLLECTIONS = ("backendAddressPools", "loadBalancingRules", "inboundNatRules", "outboundRules")


def _balancer(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A balancer with its frontends. One that a plan creates has no rules but those that the document tells."""
    values = resource.values
    properties: Json = {name: [] for name in _COLLECTIONS} if resource.is_new else {}
    fronts = parts(lookup.id_of(resource), _FRONTS, values.get("frontend_ip_configuration"), _FRONT)
    if fronts is not None:
        properties[_FRONTS] = fronts
    sku = body(values, (Field("sku", "sku.name"), Field("sku_tier", "sku.tier")))
    yield rest(resource, lookup, properties, sku)


def _part(
    collection: str, fields: Fields, more: Callable[[str, Mapping[str, Any]], Json] | None = None
) -> Converter:
    """The converter of a part; `more` gives what refers to other parts, from the balancer's id and the attributes."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        balancer = text(values.get("loadbalancer_id"))
        properties = body(values, fields) | (more(balancer, values) if more is not None else {})
        name = text(values.get("name"))
        told = {"id": f"{balancer}/{collection}/{name}", "name": name, "properties": properties}
        yield from piece(balancer, {collection: [told]})

    return convert


def _front(balancer: str, values: Mapping[str, Any]) -> Json:
    """The frontend that a rule names."""
    found = part_ref(balancer, _FRONTS, first_of(values, "frontend_ip_configuration_name"))
    return {"frontendIPConfiguration": found} if found else {}


def _fronts(balancer: str, values: Mapping[str, Any]) -> Json:
    """The frontends that an outbound rule names."""
    names = [text(each.get("name")) for each in blocks(values.get("frontend_ip_configuration"))]
    return {_FRONTS: [{"id": f"{balancer}/{_FRONTS}/{name}"} for name in names if name]}


def _nat_front(balancer: str, values: Mapping[str, Any]) -> Json:
    """A NAT rule's frontend; the provider writes 0 for ports that are not set."""
    ports = {
        name: number(values.get(attribute))
        for attribute, name in (
            ("frontend_port", "frontendPort"),
            ("frontend_port_start", "frontendPortRangeStart"),
            ("frontend_port_end", "frontendPortRangeEnd"),
        )
    }
    return _front(balancer, values) | {name: told for name, told in ports.items() if told not in (None, 0)}


_POOL: Fields = (
    Field("virtual_network_id", "virtualNetwork", ref),
    Field("backend_ip_configurations", "backendIPConfigurations", back_refs),
)
_RULE: Fields = (
    Field("protocol", "protocol"),
    Field("frontend_port", "frontendPort", number),
    Field("backend_port", "backendPort", number),
    Field("backend_address_pool_ids", "backendAddressPools", refs),
    Field("backend_address_pool_id", "backendAddressPool", ref),
    Field("probe_id", "probe", ref),
    Field("floating_ip_enabled", "enableFloatingIP", flag),
    Field("enable_floating_ip", "enableFloatingIP", flag),
    Field("disable_outbound_snat", "disableOutboundSnat", flag),
    Field("load_distribution", "loadDistribution"),
)
_NAT_RULE: Fields = (
    Field("protocol", "protocol"),
    Field("backend_port", "backendPort", number),
    Field("backend_address_pool_id", "backendAddressPool", ref),
    Field("floating_ip_enabled", "enableFloatingIP", flag),
    Field("enable_floating_ip", "enableFloatingIP", flag),
)
_OUTBOUND: Fields = (
    Field("protocol", "protocol"),
    Field("backend_address_pool_id", "backendAddressPool", ref),
    Field("allocated_outbound_ports", "allocatedOutboundPorts", number),
)
_PROBE: Fields = (
    Field("protocol", "protocol"),
    Field("port", "port", number),
    Field("request_path", "requestPath"),
)
_ADDRESS: Fields = (
    Field("ip_address", "ipAddress"),
    Field("virtual_network_id", "virtualNetwork", ref),
    Field("backend_address_ip_configuration_id", "loadBalancerFrontendIPConfiguration", ref),
)


def _pool(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A pool; addresses that the pool itself tells are those of old versions of the provider."""
    values = resource.values
    balancer = text(values.get("loadbalancer_id"))
    properties = body(values, _POOL)
    told = parts(
        lookup.id_of(resource), "loadBalancerBackendAddresses", values.get("backend_address"), _ADDRESS
    )
    if plain(told):
        properties["loadBalancerBackendAddresses"] = told
    name = text(values.get("name"))
    pool = {"id": lookup.id_of(resource), "name": name, "properties": properties}
    yield from piece(balancer, {"backendAddressPools": [pool]})


def _address(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An address of a pool: a bare one in a network, or the frontend of another balancer."""
    values = resource.values
    pool = text(values.get("backend_address_pool_id"))
    name = text(values.get("name"))
    address = {
        "id": f"{pool}/loadBalancerBackendAddresses/{name}",
        "name": name,
        "properties": body(values, _ADDRESS),
    }
    told = {
        "id": pool,
        "name": pool.rpartition("/")[2],
        "properties": {"loadBalancerBackendAddresses": [address]},
    }
    yield from piece(owner_of(pool) if "/" in pool else "", {"backendAddressPools": [told]})


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_lb": _balancer,
    "azurerm_lb_backend_address_pool": _pool,
    "azurerm_lb_backend_address_pool_address": _address,
    "azurerm_lb_rule": _part("loadBalancingRules", _RULE, _front),
    "azurerm_lb_nat_rule": _part("inboundNatRules", _NAT_RULE, _nat_front),
    "azurerm_lb_nat_pool": _part("inboundNatPools", _NAT_RULE, _nat_front),
    "azurerm_lb_outbound_rule": _part("outboundRules", _OUTBOUND, _fronts),
    "azurerm_lb_probe": _part("probes", _PROBE),
}
