"""Vectors of kind `nsg`, `route` and `firewall` as whole estates."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.arm import Arm, Resource, application_collection, nat_collection, network_collection
from simulator.cases import Ask, Case, Json, ask_of

INTERNET = ("203.0.113.", "8.8.8.", "198.51.100.")


def is_internet(address: str) -> bool:
    return address.startswith(INTERNET)


def around(address: str, length: int = 24) -> str:
    """The network of that length round an address.

    >>> around("10.0.1.4")
    '10.0.1.0/24'
    """
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


# ---------------------------------------------------------------- NSGs and admin rules


def expand_nsg(given: Json, flow: Json) -> Case:
    """A VNet whose filters are those given at the flow's one end; the other end is where its address says.

    What the tag VirtualNetwork is said to hold, it holds: the VNet and its peers; other private ends lie in a peer
    that the tag is told to leave out.
    """
    if "reply_of" in flow:
        flow = flow["reply_of"]  # a reply passes where the flow that it answers passes
    arm = Arm()
    inbound = flow["dir"] == "In"
    here, there = (flow["dst"], flow["src"]) if inbound else (flow["src"], flow["dst"])
    space, *peers = given["vnet_tag"]
    vnet = arm.vnet("v", space)
    asgs = {name: arm.asg(name) for name in given.get("asgs") or ()}
    nsg = None if given.get("subnet_nsg") is None else arm.nsg("nsg-subnet", given["subnet_nsg"], asgs)
    nic_nsg = None if given.get("nic_nsg") is None else arm.nsg("nsg-nic", given["nic_nsg"], asgs)
    routes = None
    if given.get("vnet_tag_maybe"):
        routes = arm.route_table("rt", [("0.0.0.0/0", "VirtualAppliance", "10.0.200.4")])
    machines: dict[str, list[str]] = {here: []}
    for name, members in (given.get("asgs") or {}).items():
        for member in members:
            machines.setdefault(member, []).append(asgs[name])
    subnets: dict[str, str] = {}
    for address, groups in machines.items():
        prefix = around(address)
        if prefix not in subnets:
            policy = {"privateEndpointNetworkPolicies": given["pe_policy"]} if "pe_policy" in given else {}
            name = f"s{len(subnets)}"
            subnets[prefix] = arm.subnet(vnet, name, prefix, nsg=nsg, route_table=routes, **policy)
        _place(arm, given, flow, subnets[prefix], address, groups, nic_nsg if address == here else None)
    _place_other_end(arm, given, vnet, there, peers, subnets)
    _add_admin(arm, given, vnet)
    # The way back of an Internet flow would break on the default route that the tag's doubt needs.
    return Case(arm, ask_of(flow), at=subnets[around(here)], direction=flow["dir"])


def _place(
    arm: Arm, given: Json, flow: Json, subnet: str, address: str, groups: Sequence[str], nsg: str | None
) -> None:
    name = "m" + address.replace(".", "-")
    if given.get("dst_is_private_endpoint") and address == flow["dst"]:
        storage = arm.add("Microsoft.Storage/storageAccounts", "st", {"publicNetworkAccess": "Disabled"})
        arm.private_endpoint("pe", subnet, address, storage)
        return
    public = ""
    if flow["dir"] == "In" and is_internet(flow["src"]) and not given.get("vnet_tag_maybe"):
        public = arm.public_ip(f"pip-{name}", given.get("ingress_public_sku") or "Standard")
    arm.nic(name, subnet, address, nsg=nsg, asgs=groups, public_ip=public)


def _place_other_end(
    arm: Arm, given: Json, vnet: str, there: str, peers: Sequence[str], subnets: dict[str, str]
) -> None:
    for place, prefix in enumerate(peers):
        peer = arm.vnet(f"peer{place}", prefix)
        arm.peer(vnet, peer)
        if ipaddress.ip_address(there) in ipaddress.ip_network(prefix):
            arm.subnet(peer, "s", around(there))
    inside = any(ipaddress.ip_address(there) in ipaddress.ip_network(tag) for tag in given["vnet_tag"])
    is_far = not is_internet(there) and not there.startswith(("168.", "169."))
    if inside and around(there) not in subnets and not peers:
        subnets[around(there)] = arm.subnet(vnet, "other", around(there))
    elif (is_far and not inside) or given.get("vnet_tag_maybe"):
        far = arm.vnet("far", around(there, 16 if is_far else 24))
        arm.subnet(far, "s", around(there))
        arm.half_peering(vnet, far, allowVirtualNetworkAccess=False)
        arm.half_peering(far, vnet)


def _add_admin(arm: Arm, given: Json, vnet: str) -> None:
    if not given.get("admin"):
        return
    manager = arm.manager()
    group = arm.group(manager, "all", [vnet])
    deployed = given.get("admin_deployed", True)
    arm.admin_rules(manager, "baseline", [(group, given["admin"])], deployed=deployed)


# ---------------------------------------------------------------- routes


def expand_route(given: Json, flow: Json) -> Case:
    """A VNet with one subnet that has the routes given, and a subnet round every target."""
    arm = Arm()
    if given.get("service_endpoint_prefixes") and flow["dst"].startswith("192.0.2."):
        return Case(arm, unsupported="prefixes of service endpoints are known to Azure alone")
    space = given["vnet_space"]
    vnet = arm.vnet("v", *space)
    table = None
    if given.get("udr") or given.get("disable_bgp_propagation"):
        table = arm.route_table("rt", given["udr"], propagates=not given.get("disable_bgp_propagation"))
    subnet = arm.subnet(vnet, "subnet1", "10.0.0.0/24", route_table=table)
    arm.nic("vm", subnet, "10.0.0.4")
    if _is_in(flow["dst"], space) and not _is_in(flow["dst"], ["10.0.0.0/24"]):
        arm.subnet(vnet, "target", around(flow["dst"]))
    for place, peer in enumerate(given.get("peers") or ()):
        far = arm.vnet(f"peer{place}", *peer["space"])
        if peer["state"] == "Connected":
            arm.peer(vnet, far)
        else:
            arm.half_peering(vnet, far, peer["state"])
        _target_subnet(arm, given, far, peer["space"], flow["dst"])
    for place, one in enumerate(given.get("connected_groups") or ()):
        far = arm.vnet(f"mesh{place}", *one["space"])
        _target_subnet(arm, given, far, one["space"], flow["dst"])
        manager = arm.manager()
        arm.connectivity(manager, "mesh", arm.group(manager, "g", [vnet, far]))
    if given.get("gateway_routes"):
        gateway = arm.gateway("gw", arm.subnet(vnet, "GatewaySubnet", "10.0.255.0/27"))
        arm.connection("cn", gateway, arm.site("site", *given["gateway_routes"]))
    return Case(arm, Ask("10.0.0.4", flow["dst"]), at=subnet)


def _target_subnet(arm: Arm, given: Json, vnet: str, spaces: Sequence[str], target: str) -> None:
    if not _is_in(target, spaces):
        return
    endpoint = next((one for one in given.get("private_endpoints") or () if one["ip"] == target), None)
    policy = {"privateEndpointNetworkPolicies": endpoint["policy"]} if endpoint else {}
    subnet = arm.subnet(vnet, "target", around(target), **policy)
    if endpoint:
        storage = arm.add("Microsoft.Storage/storageAccounts", "st", {"publicNetworkAccess": "Disabled"})
        arm.private_endpoint("pe", subnet, target, storage)
    else:
        arm.nic("target", subnet, target)


def _is_in(address: str, prefixes: Sequence[str]) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(prefix) for prefix in prefixes)


# ---------------------------------------------------------------- firewall


def expand_firewall(given: Json, flow: Json | None) -> Case:
    """Two spokes and a hub with the firewall, both spokes routed through it in both directions."""
    arm = Arm()
    hub = arm.vnet("hub", "10.0.0.0/16")
    firewall = arm.firewall("fw", arm.subnet(hub, "AzureFirewallSubnet", "10.0.1.0/26"), "10.0.1.4",
                            rule_policy(arm, given["rules"]))  # fmt: skip
    routes = arm.route_table("rt", [("0.0.0.0/0", "VirtualAppliance", "10.0.1.4")])
    for name, prefix in (("a", "10.1.0"), ("b", "10.2.0")):
        spoke = arm.vnet(name, f"{prefix}.0/16")
        subnet = arm.subnet(spoke, "s", f"{prefix}.0/24", route_table=routes)
        arm.nic(f"vm-{name}", subnet, f"{prefix}.4")
        arm.peer(hub, spoke, allowForwardedTraffic=True)
    if flow is None:
        return Case(arm, firewall=firewall)
    if given.get("direction") == "inbound":
        return Case(arm, ask_of(flow), firewall=firewall, is_filter_only=True)
    return Case(arm, ask_of(flow), firewall=firewall)


def rule_policy(arm: Arm, rules: Sequence[Sequence[Any]]) -> str:
    """The policy, with a parent where a rule is the parent's, of rules as the vectors write them."""
    parent = arm.policy("parent") if any(rule[10] == "parent" for rule in rules) else None
    policies = {"parent": parent, "child": arm.policy("policy", parent)}
    groups: dict[tuple[str, str, int], list[Resource]] = {}
    for rule in rules:
        group, group_priority, *_, layer = rule
        groups.setdefault((layer, group, group_priority), []).append(_collection(rule))
    for (layer, group, priority), collections in groups.items():
        arm.rule_group(str(policies[layer]), group, priority, collections)
    return str(policies["child"])


def _collection(rule: Sequence[Any]) -> Resource:
    _, _, name, priority, kind, access, protocol, source, target, ports, _ = rule
    if kind == "Network":
        return network_collection(name, priority, access, [(protocol.upper(), source, target, ports)])
    if kind == "Application":
        names = [target.removeprefix("fqdn:")]
        return application_collection(
            name, priority, access, source, names, [(protocol, int(port)) for port in ports]
        )
    nat: Mapping[str, Any] = {
        "ipProtocols": [protocol.upper()], "sourceAddresses": [source], "destinationAddresses": [target],
        "destinationPorts": list(ports), "translatedAddress": "10.1.0.4", "translatedPort": "1",
    }  # fmt: skip
    return nat_collection(name, priority, nat)
