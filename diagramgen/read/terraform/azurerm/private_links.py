"""Private endpoints, Private Link services, and the endpoint's DNS zone group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.resource import is_resource_id
from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, linked, parts, rest, several
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    flag,
    listed,
    plain,
    ref,
    refs,
    text,
    texts,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_CONNECTION: Fields = (
    Field("private_connection_resource_id", "privateLinkServiceId"),
    Field("private_connection_resource_alias", "privateLinkServiceId"),
    Field("subresource_names", "groupIds", texts),
    Field("request_message", "requestMessage"),
)
_DNS_CONFIGURATION: Fields = (
    Field("fqdn", "fqdn"),
    Field("ip_addresses", "ipAddresses", texts),
)
_ADDRESS: Fields = (
    Field("private_ip_address", "privateIPAddress"),
    Field("subresource_name", "groupId"),
    Field("member_name", "memberName"),
)
_ENDPOINT: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("custom_network_interface_name", "customNetworkInterfaceName"),
    Field("network_interface", "networkInterfaces", lambda v: refs([each.get("id") for each in blocks(v)])),
    Field("custom_dns_configs", "customDnsConfigs", several(_DNS_CONFIGURATION)),
)


def _endpoint(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A private endpoint. Terraform waits for its approval only where that is given without being asked for."""
    values = resource.values
    azure_id = lookup.id_of(resource)
    properties = body(values, _ENDPOINT)
    told = values.get("private_service_connection")
    for each in blocks(told):
        is_manual = flag(each.get("is_manual_connection")) is True
        name = "manualPrivateLinkServiceConnections" if is_manual else "privateLinkServiceConnections"
        properties.setdefault(name, []).append(_connection(azure_id, name, each, is_manual))
    if untold(told):
        properties["privateLinkServiceConnections"] = untold(told)
    addresses = parts(azure_id, "ipConfigurations", values.get("ip_configuration"), _ADDRESS)
    if addresses:
        properties["ipConfigurations"] = addresses
    if "customDnsConfigs" not in properties:
        properties |= _addresses(told)
    yield rest(resource, lookup, properties)
    yield from _zone_group(azure_id, values.get("private_dns_zone_group"))


def _connection(endpoint: str, collection: str, values: Mapping[str, Any], is_manual: bool) -> Json:
    """One connection: approved where it is not asked for by hand, as creating the endpoint fails otherwise.

    https://learn.microsoft.com/azure/private-link/private-endpoint-overview#access-to-a-private-link-resource-using-approval-workflow
    """
    name = text(values.get("name"))
    properties = body(values, _CONNECTION)
    if not is_manual:
        properties["privateLinkServiceConnectionState"] = {"status": "Approved"}
    return {"id": f"{endpoint}/{collection}/{name}", "name": name, "properties": properties}


def _addresses(connections: Any) -> Json:
    """The address that a connection tells where the endpoint's DNS configuration does not."""
    told = [text(each.get("private_ip_address")) for each in blocks(connections)]
    return {"customDnsConfigs": [{"ipAddresses": [each]} for each in told if each]} if any(told) else {}


def _zone_group(endpoint: str, value: Any) -> Iterator[Json]:
    told = block(value)
    name = text(told.get("name"))
    if not name:
        return
    zones = told.get("private_dns_zone_ids")
    configurations = untold(zones) or [_zone(each) for each in listed(zones) if text(each)]
    yield {
        "id": f"{endpoint}/privateDnsZoneGroups/{name}",
        "name": name,
        "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "properties": {"privateDnsZoneConfigs": configurations},
    }


def _zone(azure_id: str) -> Json:
    name = azure_id.rpartition("/")[2] if is_resource_id(azure_id) else azure_id
    return {"name": name, "properties": {"privateDnsZoneId": azure_id}}


_NAT: Fields = (
    Field("subnet_id", "subnet", ref),
    Field("private_ip_address", "privateIPAddress"),
    Field("private_ip_address_version", "privateIPAddressVersion"),
    Field("primary", "primary", flag),
)
_SERVICE: Fields = (
    Field("load_balancer_frontend_ip_configuration_ids", "loadBalancerFrontendIpConfigurations", refs),
    Field("destination_ip_address", "destinationIPAddress"),
    Field("auto_approval_subscription_ids", "autoApproval.subscriptions", texts),
    Field("visibility_subscription_ids", "visibility.subscriptions", texts),
    Field("fqdns", "fqdns", texts),
    Field("alias", "alias"),
)


def _service(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    properties = body(values, _SERVICE)
    told = parts(lookup.id_of(resource), "ipConfigurations", values.get("nat_ip_configuration"), _NAT)
    if plain(told):
        properties["ipConfigurations"] = told
    yield rest(resource, lookup, properties)


_ASG: Fields = (Field("application_security_group_id", "applicationSecurityGroups", lambda v: refs([v])),)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_private_endpoint": _endpoint,
    "azurerm_private_endpoint_application_security_group_association": linked("private_endpoint_id", _ASG),
    "azurerm_private_link_service": _service,
}
