"""Network interfaces, and the associations that add to them: NSGs, application security groups, backend pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, linked, parts, piece, rest
from diagramgen.read.terraform.azurerm.values import Json, blocks, flag, ref, refs, text, texts
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_ASGS = "applicationSecurityGroups"
_LB_POOLS = "loadBalancerBackendAddressPools"
_GATEWAY_POOLS = "applicationGatewayBackendAddressPools"
_NAT_RULES = "loadBalancerInboundNatRules"
_INTERFACE: Fields = (
    Field("ip_forwarding_enabled", "enableIPForwarding", flag),
    Field("enable_ip_forwarding", "enableIPForwarding", flag, False),
    Field("accelerated_networking_enabled", "enableAcceleratedNetworking", flag),
    Field("enable_accelerated_networking", "enableAcceleratedNetworking", flag),
    Field("dns_servers", "dnsSettings.dnsServers", texts),
    Field("virtual_machine_id", "virtualMachine", lambda v: None if is_unknown(v) else ref(v)),
    Field("network_security_group_id", "networkSecurityGroup", ref),
)
"""Which machine has an interface is known once both are there; till then the machine names its interfaces."""
CONFIGURATION: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_address_allocation", "privateIPAllocationMethod"),
    Field("private_ip_address_version", "privateIPAddressVersion"),
    Field("primary", "primary", flag),
    Field("public_ip_address_id", "publicIPAddress", ref),
    Field("gateway_load_balancer_frontend_ip_configuration_id", "gatewayLoadBalancer", ref),
    Field("application_security_group_ids", _ASGS, refs),
    Field("load_balancer_backend_address_pools_ids", _LB_POOLS, refs),
    Field("application_gateway_backend_address_pools_ids", _GATEWAY_POOLS, refs),
    Field("load_balancer_inbound_nat_rules_ids", _NAT_RULES, refs),
)
"""An IP configuration; pools and groups stand here in old versions of the provider and in data sources."""


def _interface(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = body(values, _INTERFACE)
    told = parts(lookup.id_of(resource), "ipConfigurations", values.get("ip_configuration"), CONFIGURATION)
    if told is not None:
        properties["ipConfigurations"] = told
    yield rest(resource, lookup, properties)


def _in_pool(attribute: str, name: str) -> Converter:
    """The converter of what puts one IP configuration into a pool."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        yield from _configured(
            values.get("network_interface_id"),
            [text(values.get("ip_configuration_name"))],
            {name: refs([values.get(attribute)])},
        )

    return convert


def _in_group(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An application security group is given to an interface, and holds for all of its IP configurations."""
    values = resource.values
    nic = values.get("network_interface_id")
    owner = lookup.with_id(text(nic))
    told = blocks(owner.values.get("ip_configuration")) if owner is not None else []
    groups = refs([values.get("application_security_group_id")])
    yield from _configured(nic, [text(each.get("name")) for each in told], {_ASGS: groups})


def _configured(nic: Any, names: list[str], properties: Json) -> Iterator[Json]:
    """What is known of some IP configurations of an interface; nothing where none is known by name."""
    named = [{"id": f"{nic}/ipConfigurations/{name}", "name": name} for name in names if name]
    if named and all(properties.values()):
        told = [{**each, "properties": dict(properties)} for each in named]
        yield from piece(nic, {"ipConfigurations": told})


_NSG: Fields = (Field("network_security_group_id", "networkSecurityGroup", ref),)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_network_interface": _interface,
    "azurerm_network_interface_security_group_association": linked("network_interface_id", _NSG),
    "azurerm_network_interface_application_security_group_association": _in_group,
    "azurerm_network_interface_backend_address_pool_association": _in_pool(
        "backend_address_pool_id", _LB_POOLS
    ),
    "azurerm_network_interface_application_gateway_backend_address_pool_association": _in_pool(
        "backend_address_pool_id", _GATEWAY_POOLS
    ),
    "azurerm_network_interface_nat_rule_association": _in_pool("nat_rule_id", _NAT_RULES),
}
