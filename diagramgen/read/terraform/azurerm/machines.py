"""Virtual machines and scale sets, with the interfaces that a scale set describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, members, nested, piece, rest
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    first_of,
    flag,
    listed,
    ref,
    refs,
    text,
    texts,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_MACHINE: Fields = (
    Field("size", "hardwareProfile.vmSize"),
    Field("vm_size", "hardwareProfile.vmSize"),
    Field("availability_set_id", "availabilitySet", ref),
    Field("virtual_machine_scale_set_id", "virtualMachineScaleSet", ref),
    Field("source_image_reference", "storageProfile.imageReference", nested((Field("offer", "offer"),))),
    Field("storage_image_reference", "storageProfile.imageReference", nested((Field("offer", "offer"),))),
)


def _machine(system: str) -> Converter:
    """The converter of a machine; it also tells its interfaces whose they are, which these may not know yet."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        azure_id = lookup.id_of(resource)
        properties = body(values, _MACHINE)
        nics = values.get("network_interface_ids")
        if is_unknown(nics):
            properties["networkProfile"] = {"networkInterfaces": nics}
        elif listed(nics):
            properties["networkProfile"] = {"networkInterfaces": refs(nics)}
        if system:
            properties["storageProfile"] = {
                **properties.get("storageProfile", {}),
                "osDisk": {"osType": system},
            }
        yield rest(resource, lookup, properties)
        for nic in listed(nics):
            yield from piece(nic, {"virtualMachine": {"id": azure_id}})

    return convert


_PUBLIC: Fields = (
    Field("domain_name_label", "dnsSettings.domainNameLabel"),
    Field("idle_timeout_in_minutes", "idleTimeoutInMinutes"),
    Field("idle_timeout", "idleTimeoutInMinutes"),
    Field("public_ip_prefix_id", "publicIPPrefix", ref),
    Field("version", "publicIPAddressVersion"),
)


def _public_address(value: Any) -> Any:
    """The public address that every instance gets. Its SKU is told for flexible scale sets alone."""
    told = block(value)
    if not told:
        return value if is_unknown(value) else None
    found: Json = {"name": text(told.get("name")), "properties": body(told, _PUBLIC)}
    sku = text(told.get("sku_name"))
    return {**found, "sku": {"name": sku.partition("_")[0], "tier": sku.partition("_")[2]}} if sku else found


_CONFIGURATION: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("primary", "primary", flag),
    Field("version", "privateIPAddressVersion"),
    Field("application_gateway_backend_address_pool_ids", "applicationGatewayBackendAddressPools", refs),
    Field("application_security_group_ids", "applicationSecurityGroups", refs),
    Field("load_balancer_backend_address_pool_ids", "loadBalancerBackendAddressPools", refs),
    Field("load_balancer_inbound_nat_rules_ids", "loadBalancerInboundNatPools", refs),
    Field("public_ip_address", "publicIPAddressConfiguration", _public_address),
    Field("public_ip_address_configuration", "publicIPAddressConfiguration", _public_address),
)
_INTERFACE: Fields = (
    Field("primary", "primary", flag),
    Field("ip_forwarding_enabled", "enableIPForwarding", flag),
    Field("enable_ip_forwarding", "enableIPForwarding", flag),
    Field("ip_forwarding", "enableIPForwarding", flag, False),
    Field("network_security_group_id", "networkSecurityGroup", ref),
    Field("dns_servers", "dnsSettings.dnsServers", texts),
    Field("ip_configuration", "ipConfigurations", members(_CONFIGURATION)),
)
_INTERFACES = "virtualMachineProfile.networkProfile.networkInterfaceConfigurations"
_SCALE_SET: Fields = (
    Field("network_interface", _INTERFACES, members(_INTERFACE)),
    Field("network_profile", _INTERFACES, members(_INTERFACE)),
    Field("platform_fault_domain_count", "platformFaultDomainCount"),
)


def _scale_set(mode: str) -> Converter:
    """The converter of a scale set. What the provider calls NAT rules are NAT pools in REST.

    https://learn.microsoft.com/rest/api/compute/virtual-machine-scale-sets/get
    """

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        properties = {"orchestrationMode": mode, **body(values, _SCALE_SET)}
        yield rest(resource, lookup, properties, _sku(values))

    return convert


def _sku(values: Mapping[str, Any]) -> Json:
    """The size of the instances and how many there are: attributes, or in the oldest resource a block."""
    told = block(values.get("sku"))
    name = told.get("name") if told else first_of(values, "sku", "sku_name")
    capacity = told.get("capacity") if told else first_of(values, "instances")
    sku = {"name": name, "capacity": capacity}
    return {"sku": {key: value for key, value in sku.items() if isinstance(value, str | int)}}


CONVERTERS: Mapping[str, Converter] = {
    "azurerm_linux_virtual_machine": _machine("Linux"),
    "azurerm_windows_virtual_machine": _machine("Windows"),
    "azurerm_virtual_machine": _machine(""),
    "azurerm_linux_virtual_machine_scale_set": _scale_set("Uniform"),
    "azurerm_windows_virtual_machine_scale_set": _scale_set("Uniform"),
    "azurerm_orchestrated_virtual_machine_scale_set": _scale_set("Flexible"),
    "azurerm_virtual_machine_scale_set": _scale_set("Uniform"),
}
