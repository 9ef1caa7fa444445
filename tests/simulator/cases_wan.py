"""Vectors VW-*: virtual hubs, their route tables and routing intent, as whole estates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.arm import Arm, network_collection
from simulator.cases import Ask, Case, Json

OUTSIDE = "8.8.8.8"


class Wan:
    """A virtual WAN in the making: hubs with route tables and firewalls, VNets on hubs."""

    def __init__(self) -> None:
        self.arm = Arm()
        self.wan = self.arm.add(
            "virtualWans", "wan", {"type": "Standard", "allowBranchToBranchTraffic": True}
        )
        self.hubs: dict[str, str] = {}
        self.firewalls: dict[str, str] = {}
        self.vnets: dict[str, str] = {}
        self.addresses: dict[str, str] = {}

    def hub(self, name: str) -> str:
        prefix = f"10.{200 + len(self.hubs)}.0.0/23"
        self.hubs[name] = self.arm.add("virtualHubs", name, {
            "addressPrefix": prefix, "virtualWan": {"id": self.wan}, "sku": "Standard",
        })  # fmt: skip
        self.table(name, "defaultRouteTable", ["default"])
        self.table(name, "noneRouteTable", ["none"])
        return self.hubs[name]

    def table(
        self, hub: str, name: str, labels: Sequence[str] = (), routes: Sequence[tuple[str, str]] = ()
    ) -> str:
        """A route table; routes are (prefix, id of the next hop)."""
        listed = [
            {"name": f"r{place}", "destinationType": "CIDR", "destinations": [prefix], "nextHopType": "ResourceId",
             "nextHop": hop}
            for place, (prefix, hop) in enumerate(routes)
        ]  # fmt: skip
        rid = f"{self.hubs[hub]}/hubRouteTables/{name}"
        if rid in self.arm.by_id:
            self.arm.set(rid, routes=listed)
            return rid
        return self.arm.child(
            self.hubs[hub], "hubRouteTables", name, {"labels": list(labels), "routes": listed}
        )

    def firewall(self, hub: str, rules: Sequence[tuple[str, str]] = ()) -> str:
        policy = self.arm.policy(f"policy-{hub}")
        allowed = [("Any", source, target, "*") for source, target in rules]
        self.arm.rule_group(
            policy, "g", 200, [network_collection("rules", 200, "Allow", allowed)] if allowed else []
        )
        addresses = {
            "privateIPAddress": f"10.{200 + list(self.hubs).index(hub)}.0.132",
            "publicIPs": {"count": 1},
        }
        self.firewalls[hub] = self.arm.add("azureFirewalls", f"fw-{hub}", {
            "sku": {"name": "AZFW_Hub", "tier": "Standard"}, "virtualHub": {"id": self.hubs[hub]},
            "hubIPAddresses": addresses, "firewallPolicy": {"id": policy},
        })  # fmt: skip
        return self.firewalls[hub]

    def intent(self, hub: str, kinds: Sequence[str]) -> None:
        words = {"private": "PrivateTraffic", "internet": "Internet"}
        policies = [
            {"name": kind, "destinations": [words[kind]], "nextHop": self.firewalls[hub]} for kind in kinds
        ]
        self.arm.child(self.hubs[hub], "routingIntent", "intent", {"routingPolicies": policies})

    def vnet(
        self, name: str, hub: str, table: str = "", spreads_to: Sequence[str] = (), *, is_secured: bool = True,
        route_table: str | None = None, subnets: Sequence[str] = ("s",),
    ) -> str:  # fmt: skip
        """A VNet on a hub; without `table` it is associated with the default table and propagates to it."""
        number = len(self.vnets) + 1
        vnet = self.vnets[name] = self.arm.vnet(name, f"10.{number}.0.0/16")
        for place, subnet in enumerate(subnets):
            prefix = f"10.{number}.{place + 1}"
            rid = self.arm.subnet(vnet, subnet, f"{prefix}.0/24", route_table=route_table)
            self.arm.nic(f"vm-{name}-{subnet}", rid, f"{prefix}.4")
            self.addresses[name if subnet == "s" else f"{name}/{subnet}"] = f"{prefix}.4"
        home = self.hubs[hub]
        spreads = [f"{home}/hubRouteTables/{one}" for one in spreads_to or ["defaultRouteTable"]]
        self.arm.child(home, "hubVirtualNetworkConnections", f"to-{name}", {
            "remoteVirtualNetwork": {"id": vnet}, "enableInternetSecurity": is_secured,
            "routingConfiguration": {
                "associatedRouteTable": {"id": f"{home}/hubRouteTables/{table or 'defaultRouteTable'}"},
                "propagatedRouteTables": {"labels": [], "ids": [{"id": rid} for rid in spreads]},
            },
        })  # fmt: skip
        return vnet

    def branch(
        self, name: str, hub: str, prefix: str, spreads_to: Sequence[str] = ("defaultRouteTable",)
    ) -> None:
        """A VPN site on a hub's gateway."""
        gateway = self.arm.id_of("vpnGateways", f"vpn-{hub}")
        if gateway not in self.arm.by_id:
            self.arm.add(
                "vpnGateways", f"vpn-{hub}", {"virtualHub": {"id": self.hubs[hub]}, "connections": []}
            )
        site = self.arm.add("vpnSites", name, {
            "addressSpace": {"addressPrefixes": [prefix]}, "virtualWan": {"id": self.wan},
        })  # fmt: skip
        home = self.hubs[hub]
        self.arm.child(gateway, "vpnConnections", f"cn-{name}", {
            "remoteVpnSite": {"id": site},
            "routingConfiguration": {
                "associatedRouteTable": {"id": f"{home}/hubRouteTables/defaultRouteTable"},
                "propagatedRouteTables": {
                    "labels": [], "ids": [{"id": f"{home}/hubRouteTables/{one}"} for one in spreads_to],
                },
            },
        })  # fmt: skip

    def case(self, flow: Json, a: str = "", b: str = "") -> Case:
        if not flow:
            return Case(self.arm)
        source = self.addresses[flow["from"]]
        target = OUTSIDE if flow["to"] == "internet" else self.addresses[flow["to"]]
        one = self.vnets[flow["from"].split("/")[0]]
        if flow["to"] == "internet":
            return Case(self.arm, Ask(source, target), ("internet", "internet", one), direction="outbound")
        other = self.vnets[flow["to"].split("/")[0]]
        return Case(self.arm, Ask(source, target), ("vnet", one, other) if one != other else None)


def expand_wan(given: Json, flow: Json) -> Case:
    wan = Wan()
    if "branches" in given and "vnets" in given:
        return _isolated_vnets(wan, flow)
    if "blue" in given:
        return _coloured(wan, flow)
    if "hub1" in given:
        return _two_hubs(wan, given, flow)
    return _one_hub(wan, given, flow)


def _isolated_vnets(wan: Wan, flow: Json) -> Case:
    """https://learn.microsoft.com/azure/virtual-wan/scenario-isolate-vnets"""
    wan.hub("hub")
    wan.table("hub", "RT_VNET")
    for name in ("vnet1", "vnet2"):
        wan.vnet(name, "hub", "RT_VNET", ["defaultRouteTable"])
    wan.branch("branch", "hub", "172.20.0.0/16", ["RT_VNET", "defaultRouteTable"])
    return wan.case(flow)


def _coloured(wan: Wan, flow: Json) -> Case:
    """https://learn.microsoft.com/azure/virtual-wan/scenario-isolate-virtual-networks-branches"""
    hub = wan.hub("hub")
    spaces = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
    rules = [("172.20.0.0/16", spaces[0]), ("172.20.0.0/16", spaces[1]), ("172.21.0.0/16", spaces[2])]
    firewall = wan.firewall("hub", rules)
    assert hub
    wan.table("hub", "defaultRouteTable", ["default"], [(space, firewall) for space in spaces])
    for table in ("RT_BLUE", "RT_RED"):
        wan.table("hub", table, [], [("0.0.0.0/0", firewall)])
    names = {"blue-vnet": "RT_BLUE", "blue-vnet2": "RT_BLUE", "red-vnet": "RT_RED"}
    for name, table in names.items():
        wan.vnet(name, "hub", table, [table])
    wan.branch("blue-branch", "hub", "172.20.0.0/16")
    wan.branch("red-branch", "hub", "172.21.0.0/16")
    if flow:
        flow = {key: "blue-vnet" if value == "blue-vnet1" else value for key, value in flow.items()}
    return wan.case(flow)


def _two_hubs(wan: Wan, given: Json, flow: Json) -> Case:
    """Two hubs, each with its routing intent; flows of one hub have two VNets there."""
    for name in ("hub1", "hub2"):
        wan.hub(name)
        if given[name]["intent"]:
            wan.firewall(name, [("*", "*")])
            wan.intent(name, given[name]["intent"])
    tables = {name: ["noneRouteTable"] if given[name]["intent"] else [] for name in ("hub1", "hub2")}
    for name in ("hub1-vnet", "hub1-vnet1", "hub1-vnet2"):
        wan.vnet(name, "hub1", "", tables["hub1"])
    wan.vnet("hub2-vnet", "hub2", "", tables["hub2"])
    return wan.case(flow)


def _one_hub(wan: Wan, given: Json, flow: Json) -> Case:
    """One hub with a firewall; `spoke_rt` and `connection` are those of its VNet."""
    wan.hub("hub")
    wan.firewall("hub", [("*", "*")])
    wan.intent("hub", given["hub"]["intent"])
    custom: Any = given["hub"].get("custom_route_tables") or ()
    for table in custom:
        wan.table("hub", table)
    routes = None
    if "spoke_rt" in given:
        routes = wan.arm.route_table(
            "rt", given["spoke_rt"]["routes"], propagates=given["spoke_rt"]["propagate"]
        )
    secured = (given.get("connection") or {}).get("enableInternetSecurity", True)
    spread = ["noneRouteTable"] if "private" in given["hub"]["intent"] else ["defaultRouteTable"]
    wan.vnet("vnet1", "hub", custom[0] if custom else "", spread, is_secured=secured, route_table=routes,
             subnets=("s", "subnetA", "subnetB"))  # fmt: skip
    if custom and not flow:
        wan.vnet("vnet2", "hub", "", spread)
        return wan.case({"from": "vnet1", "to": "vnet2"})
    return wan.case(flow)
