"""App Service: web apps, function apps and logic apps, their slots, plans and environments.

https://learn.microsoft.com/azure/app-service/overview-access-restrictions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.terraform.azurerm.access import access_of, service
from diagramgen.read.terraform.azurerm.shape import Field, Fields, body, piece, rest, simple
from diagramgen.read.terraform.azurerm.values import (
    Json,
    block,
    blocks,
    first_of,
    flag,
    listed,
    number,
    plain,
    ref,
    text,
    untold,
)
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource
from diagramgen.read.unknown import is_unknown

_SITE: Fields = (
    Field("service_plan_id", "serverFarmId"),
    Field("app_service_plan_id", "serverFarmId"),
    Field("virtual_network_subnet_id", "virtualNetworkSubnetId"),
    Field("default_hostname", "defaultHostName"),
    Field("default_site_hostname", "defaultHostName"),
    Field("https_only", "httpsOnly", flag),
    Field("enabled", "enabled", flag),
)
_CONFIG: Fields = (
    Field("vnet_route_all_enabled", "vnetRouteAllEnabled", flag),
    Field("scm_use_main_ip_restriction", "scmIpSecurityRestrictionsUseMain", flag, False),
    Field("ip_restriction_default_action", "ipSecurityRestrictionsDefaultAction"),
    Field("scm_ip_restriction_default_action", "scmIpSecurityRestrictionsDefaultAction"),
)
_LINE: Fields = (
    Field("name", "name"),
    Field("action", "action", default="Allow"),
    Field("priority", "priority", number, 65000),
    Field("virtual_network_subnet_id", "vnetSubnetResourceId"),
    Field("subnet_id", "vnetSubnetResourceId"),
)
_HEADERS = {
    "x_azure_fdid": "x-azure-fdid",
    "x_fd_health_probe": "x-fd-healthprobe",
    "x_forwarded_for": "x-forwarded-for",
    "x_forwarded_host": "x-forwarded-host",
}


def _site(kind: str) -> Converter:
    """The converter of an app, or of a slot, which has all that an app has."""

    def convert(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
        values = resource.values
        properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _SITE)}
        told = values.get("site_config")
        if untold(told):
            properties["siteConfig"] = untold(told)
        elif resource.mode == "managed" or block(told):
            properties["siteConfig"] = _config(block(told))
        environment = _environment(resource, lookup)
        if environment is not None:
            properties["hostingEnvironmentProfile"] = environment
        hosts = _host_names(resource, lookup)
        if hosts:
            properties["hostNames"] = hosts
        own = text(values.get("kind"))
        known = own if own and not is_unknown(own) else kind
        yield rest(resource, lookup, properties, {"kind": known} if known else {})

    return convert


def _host_names(resource: TerraformResource, lookup: Lookup) -> list[str]:
    """The names of an app, where the document binds some besides the one that Azure gives."""
    values = resource.values
    app = (text(values.get("name")), text(values.get("resource_group_name")))
    bound = [
        text(each.values.get("hostname"))
        for each in lookup.of_type("azurerm_app_service_custom_hostname_binding")
        if (text(each.values.get("app_service_name")), text(each.values.get("resource_group_name"))) == app
    ]
    own = text(first_of(values, "default_hostname", "default_site_hostname"))
    return [name for name in (own, *bound) if name] if bound else []


def _config(values: Mapping[str, Any]) -> Json:
    found = body(values, _CONFIG)
    for attribute, name in (
        ("ip_restriction", "ipSecurityRestrictions"),
        ("scm_ip_restriction", "scmIpSecurityRestrictions"),
    ):
        told = values.get(attribute)
        found[name] = untold(told) or [_line(each) for each in listed(told)]
    return found


def _line(values: Any) -> Any:
    """One access restriction: for a network, a service tag, or a subnet."""
    if not isinstance(values, Mapping):
        return values
    found = body(values, _LINE)
    tag = plain(values.get("service_tag"))
    if tag is not None:
        found |= {"ipAddress": tag, "tag": "ServiceTag"}
    elif plain(values.get("ip_address")) is not None:
        found |= {"ipAddress": values["ip_address"], "tag": "Default"}
    headers = {
        name: each[attribute]
        for each in blocks(values.get("headers"))
        for attribute, name in _HEADERS.items()
        if plain(each.get(attribute)) is not None
    }
    if headers or untold(values.get("headers")):
        found["headers"] = headers or untold(values.get("headers"))
    return found


def _environment(resource: TerraformResource, lookup: Lookup) -> Json | None:
    """The App Service Environment in which an app stands: its plan tells it before the app itself does."""
    plan = lookup.with_id(text(first_of(resource.values, "service_plan_id", "app_service_plan_id")))
    if plan is not None and plan.mode == "managed":
        return ref(first_of(plan.values, "app_service_environment_id"))
    return ref(first_of(resource.values, "hosting_environment_id", "app_service_environment_id"))


_PLAN: Fields = (Field("app_service_environment_id", "hostingEnvironmentProfile", ref),)


def _plan(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    values = resource.values
    size = first_of(block(values.get("sku")), "size") or first_of(values, "sku_name")
    yield rest(resource, lookup, body(values, _PLAN), {"sku": {"name": size}} if size else {})


_ENVIRONMENT: Fields = (
    Field("subnet_id", "virtualNetwork", ref),
    Field("internal_load_balancing_mode", "internalLoadBalancingMode", default="None"),
    Field("dns_suffix", "dnsSuffix"),
)


def _integration(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """The subnet into which an app, or one of its slots, sends."""
    values = resource.values
    site, slot = text(values.get("app_service_id")), text(values.get("slot_name"))
    target = f"{site}/slots/{slot}" if site and slot else site
    yield from piece(target, body(values, (Field("subnet_id", "virtualNetworkSubnetId"),)))


def _binding(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A name bound to an app, which the app itself tells."""
    yield from ()


_KINDS = {
    "app_service": "app",
    "linux_web_app": "app,linux",
    "windows_web_app": "app",
    "function_app": "functionapp",
    "linux_function_app": "functionapp,linux",
    "windows_function_app": "functionapp",
}
CONVERTERS: Mapping[str, Converter] = {
    **{f"azurerm_{name}{slot}": _site(kind) for name, kind in _KINDS.items() for slot in ("", "_slot")},
    "azurerm_function_app_flex_consumption": _site("functionapp,linux"),
    "azurerm_logic_app_standard": _site("functionapp,workflowapp"),
    "azurerm_app_service_virtual_network_swift_connection": _integration,
    "azurerm_app_service_slot_virtual_network_swift_connection": _integration,
    "azurerm_app_service_custom_hostname_binding": _binding,
    "azurerm_service_plan": _plan,
    "azurerm_app_service_plan": _plan,
    "azurerm_app_service_environment": simple(_ENVIRONMENT),
    "azurerm_app_service_environment_v3": simple(_ENVIRONMENT),
    "azurerm_static_web_app": service((Field("default_host_name", "defaultHostname"),)),
    "azurerm_static_site": service((Field("default_host_name", "defaultHostname"),)),
}
