"""Storage accounts, key vaults and NetApp Files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.read.resource import is_resource_id
from diagramgen.read.terraform.azurerm.access import access_of, acls, service
from diagramgen.read.terraform.azurerm.ids import group_prefix
from diagramgen.read.terraform.azurerm.shape import (
    Field,
    Fields,
    body,
    not_told,
    piece,
    rest,
    settled,
    simple,
)
from diagramgen.read.terraform.azurerm.values import Json, blocks, flag, listed, text, texts
from diagramgen.read.terraform.resource import Converter, Lookup, TerraformResource

_ENDPOINTS = ("blob", "queue", "table", "file", "dfs", "web")
_STORAGE: Fields = (
    Field("https_traffic_only_enabled", "supportsHttpsTrafficOnly", flag),
    Field("enable_https_traffic_only", "supportsHttpsTrafficOnly", flag),
    Field("is_hns_enabled", "isHnsEnabled", flag),
    Field("allow_nested_items_to_be_public", "allowBlobPublicAccess", flag),
    Field("allow_blob_public_access", "allowBlobPublicAccess", flag),
    *(Field(f"primary_{name}_endpoint", f"primaryEndpoints.{name}") for name in _ENDPOINTS),
)


def _account(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """An account. Without rules it lets everyone in, which a plan tells of an account that it creates."""
    values = resource.values
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(values, _STORAGE)}
    rules = acls(settled(resource, "network_rules", lookup))
    if rules is None and resource.is_new and not _has_own_rules(lookup.id_of(resource), lookup):
        rules = {
            "defaultAction": "Allow",
            "bypass": "AzureServices",
            "ipRules": [],
            "virtualNetworkRules": [],
        }
    if rules is not None:
        properties["networkAcls"] = rules
    sku = [text(values.get(name)) for name in ("account_tier", "account_replication_type")]
    envelope: Json = {"sku": {"name": "_".join(sku), "tier": sku[0]}} if all(sku) else {}
    kind = text(values.get("account_kind"))
    yield rest(resource, lookup, properties, envelope | ({"kind": kind} if kind else {}))


_RULES = "azurerm_storage_account_network_rules"


def _has_own_rules(account: str, lookup: Lookup) -> bool:
    """Whether rules of their own are for an account, or may be, as their account is not told."""
    if lookup.referring(_RULES, "storage_account_id", account):
        return True
    named = (_account_of(each, lookup) for each in lookup.of_type(_RULES))
    return any(told.lower() == account.lower() or not is_resource_id(told) for told in named)


def _account_of(rules: TerraformResource, lookup: Lookup) -> str:
    """The account that rules of their own are for: by its id, in old versions of the provider by its name."""
    values = rules.values
    named = text(values.get("storage_account_id"))
    if named:
        return named
    name = text(values.get("storage_account_name"))
    group = group_prefix(rules, lookup)
    return f"{group}/providers/Microsoft.Storage/storageAccounts/{name}" if name else ""


def _account_rules(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    yield from piece(_account_of(resource, lookup), {"networkAcls": acls([resource.values])})


_VAULT: Fields = (Field("vault_uri", "vaultUri"), Field("sku_name", "sku.name"))


def _vault(resource: TerraformResource, lookup: Lookup) -> Iterator[Json]:
    """A key vault: without rules its firewall is off; a data source tells of no rules at all."""
    properties = {"publicNetworkAccess": access_of(resource, lookup), **body(resource.values, _VAULT)}
    rules = acls(settled(resource, "network_acls", lookup))
    if rules is not None or resource.mode == "data":
        properties["networkAcls"] = rules or {"defaultAction": not_told(resource, "network_acls")}
    yield rest(resource, lookup, properties)


def _targets(value: Any) -> Any:
    """The addresses at which a volume is mounted, listed or in blocks."""
    told = [each.get("ip_address") for each in blocks(value)] or listed(value)
    return [{"ipAddress": each} for each in told if text(each)] or None


_VOLUME: Fields = (
    Field("subnet_id", "subnetId"),
    Field("mount_target", "mountTargets", _targets),
    Field("mount_ip_addresses", "mountTargets", _targets),
    Field("protocols", "protocolTypes", texts),
    Field("network_features", "networkFeatures"),
)
CONVERTERS: Mapping[str, Converter] = {
    "azurerm_storage_account": _account,
    _RULES: _account_rules,
    "azurerm_key_vault": _vault,
    "azurerm_key_vault_managed_hardware_security_module": service(),
    "azurerm_netapp_account": simple(()),
    "azurerm_netapp_volume": simple(_VOLUME),
}
