"""Vectors PS-* and OP-07: platform services, as whole estates."""

from __future__ import annotations

from typing import Any

from simulator.arm import Arm
from simulator.cases import Ask, Case, Json

APP, PEER, SITE = "10.0.1.4", "10.1.1.4", "172.20.1.1"
DENY_ALL = [(100, "In", "Deny", "*", "*", "*", "*", "*")]
TYPES = {"storage": "Microsoft.Storage/storageAccounts", "sql": "Microsoft.Sql/servers"}


def is_of_services(given: Json) -> bool:
    return "storage" in given or given.get("type") in TYPES


def expand_service(given: Json, flow: Json) -> Case:
    """A service, a VNet with a subnet of machines and one of private endpoints, and a peer."""
    if "storage" in given:
        given = {"type": "storage", **given["storage"], "src_subnet_endpoints": ["Microsoft.Storage"]}
    arm = Arm()
    vnet, peer = arm.vnet("vnet", "10.0.0.0/16"), arm.vnet("peer", "10.1.0.0/16")
    arm.peer(vnet, peer)
    endpoints = [{"service": service} for service in given.get("src_subnet_endpoints") or ()]
    if given.get("sep"):
        endpoints = [{"service": "Microsoft.Storage"}]
    app = arm.subnet(vnet, "app", "10.0.1.0/24", serviceEndpoints=endpoints)
    arm.nic("vm", app, APP)
    arm.nic("far", arm.subnet(peer, "s", "10.1.1.0/24"), PEER)
    target = _service(arm, given, app)
    if given.get("sep"):
        _policy(arm, app, given["sep"], target)
    if given.get("pe"):
        policies = {"privateEndpointNetworkPolicies": given["pe_policy"]} if "pe_policy" in given else {}
        nsg = arm.nsg("nsg-pe", DENY_ALL) if "pe_subnet_nsg" in given else None
        inner = arm.subnet(vnet, "endpoints", "10.0.7.0/24", nsg=nsg, **policies)
        group = (given.get("pe_groups") or ["blob"])[0]
        arm.private_endpoint("pe", inner, "10.0.7.5", target, group, given["pe"])
    source = flow["src"]
    if source == "onprem":
        gateway = arm.gateway("gw", arm.subnet(vnet, "GatewaySubnet", "10.0.255.0/27"))
        arm.connection("cn", gateway, arm.site("site", "172.20.0.0/16"))
        source = SITE
    inside = {APP: vnet, PEER: peer}.get(source, "internet")
    case = Case(arm, Ask(source, target), ("paas", inside, target))
    return case._replace(boundary=None) if source == SITE else case


def _service(arm: Arm, given: Json, app: str) -> str:
    """The service with its own network rules."""
    properties: dict[str, Any] = {"publicNetworkAccess": given.get("publicNetworkAccess")}
    name = "account-b" if given.get("target") == "B" else "service"
    if given["type"] == "sql":
        return arm.add(
            TYPES["sql"], name, {**properties, "fullyQualifiedDomainName": "x.database.windows.net"}
        )
    if "defaultAction" in given or "virtualNetworkRules" in given:
        properties["networkAcls"] = {
            "defaultAction": given.get("defaultAction", "Deny"), "bypass": "None",
            "ipRules": [{"value": prefix, "action": "Allow"} for prefix in given.get("ipRules") or ()],
            "virtualNetworkRules": [
                {"id": app, "action": "Allow"} for _ in given.get("virtualNetworkRules") or ()
            ],
        }  # fmt: skip
    return arm.add(TYPES["storage"], name, properties, kind="StorageV2", sku={"name": "Standard_LRS"})


def _policy(arm: Arm, subnet: str, accounts: list[str], target: str) -> None:
    """A service endpoint policy that lists other accounts than the target."""
    listed = [target.replace("account-b", f"account-{account.lower()}") for account in accounts]
    definition = {"name": "d", "properties": {"service": "Microsoft.Storage", "serviceResources": listed}}
    policy = arm.add("serviceEndpointPolicies", "sep", {"serviceEndpointPolicyDefinitions": [definition]})
    arm.set(subnet, serviceEndpointPolicies=[{"id": policy}])
