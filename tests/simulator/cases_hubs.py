"""Vectors HS-* and OP-*: hubs, spokes, on-premises networks, as whole estates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.arm import Arm, network_collection
from simulator.cases import Case, Json, ask_of
from simulator.cases_filters import around

SUBNETS = {"hub": "10.0.5.0/24", "a": "10.1.1.0/24", "b": "10.2.1.0/24"}
FLAGS = {"forwarded": "allowForwardedTraffic"}

CHANGES: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "": lambda given: None,
    "but udr.b absent": lambda given: given["udr"].pop("b"),
    "plus peering a-b Connected": lambda given: given["peerings"].append(["a", "b", "Connected"]),
    "plus AVNM hub-spoke group {a,b} DirectlyConnected, deployed": lambda given: given.update(
        direct=["a", "b"]
    ),
    "but peering b->hub forwarded=false": lambda given: given.update(unforwarded=("b", "hub")),
    "but next hop is a VM NIC with enableIPForwarding=true": lambda given: given.update(
        nva=given.pop("firewall")
    ),
    "but spoke_disable_bgp false": lambda given: given.update(spoke_disable_bgp=False),
}
"""What `as XX-nn ...` changes in the vector that it refers to."""


def is_of_hubs(given: Json) -> bool:
    return any(
        word in given for word in ("vnets", "hub", "gatewaysubnet_udr", "gateway_routes", "connection")
    )


def expand_hubs(given: Json, flow: Json | None) -> Case:
    if "vnets" in given and any(isinstance(space, Mapping) for space in given["vnets"].values()):
        return _two_subscriptions(given)
    if "vnets" in given:
        return _spokes(given, flow or {})
    if "gateway_routes" in given:
        return _tunnelled_internet(given, flow or {})
    if "connection" in given:
        return _bare_connection(given)
    return _on_premises(given, flow or {})


def _spokes(given: Json, flow: Json) -> Case:
    """VNets joined as given; the subnets are those given, or one for each VNet."""
    arm = Arm()
    vnets = {name: arm.vnet(name, *spaces) for name, spaces in given["vnets"].items()}
    tables = {
        name: arm.route_table(f"rt-{name}", routes) for name, routes in (given.get("udr") or {}).items()
    }
    named = given.get("subnets") or {}
    subnets = {}
    for name, prefix in named.items():
        subnets[name] = arm.subnet(next(iter(vnets.values())), name, prefix, route_table=tables.get(name))
    for name, vnet in vnets.items() if not named else ():
        subnets[name] = arm.subnet(vnet, f"s-{name}", SUBNETS[name], route_table=tables.get(name))
    for end in (flow["src"], flow["dst"]):
        home = next(
            rid
            for name, rid in subnets.items()
            if around(end) == arm.by_id[rid]["properties"]["addressPrefix"]
        )
        arm.nic("vm" + end.replace(".", "-"), home, end)
    for one, other, state, *flags in given.get("peerings") or ():
        _peer(arm, given, vnets, (one, other, state, flags[0] if flags else {}))
    _appliances(arm, given, vnets)
    if given.get("direct"):
        manager = arm.manager()
        group = arm.group(manager, "spokes", [vnets[name] for name in given["direct"]])
        arm.connectivity(manager, "star", group, hub=vnets["hub"], direct=True)
    if given.get("er"):
        circuit = arm.circuit(given["er"]["circuit"])
        for name in given["er"]["connections"]:
            prefix = given["vnets"][name][0].replace("0.0/16", "255.0/27")
            gateway = arm.gateway(
                f"gw-{name}", arm.subnet(vnets[name], "GatewaySubnet", prefix), "ExpressRoute"
            )
            arm.connection(f"cn-{name}", gateway, circuit, "ExpressRoute")
    if named:
        return Case(arm, ask_of(flow), ("subnet", subnets["web"], subnets["db"]))
    return Case(arm, ask_of(flow), ("vnet", vnets["a"], vnets["b"]))


def _peer(arm: Arm, given: Json, vnets: Mapping[str, str], peering: tuple[str, str, str, Json]) -> None:
    one, other, state, flags = peering
    shaped = {FLAGS[name]: value for name, value in flags.items()}
    for near, far in ((one, other), (other, one)):
        own = dict(shaped)
        if given.get("unforwarded") == (near, far):
            own["allowForwardedTraffic"] = False
        arm.half_peering(vnets[near], vnets[far], state, **own)


def _appliances(arm: Arm, given: Json, vnets: Mapping[str, str]) -> None:
    """The firewall with its rules, or the machine that stands in its place."""
    home = vnets.get("hub") or next(iter(vnets.values()))
    if given.get("firewall"):
        address = given["firewall"]["ip"]
        policy = rules_of(arm, given["firewall"]["rules"])
        arm.firewall("fw", arm.subnet(home, "AzureFirewallSubnet", around(address, 26)), address, policy)
    if given.get("nva"):
        address = given["nva"]["ip"]
        arm.nic("nva", arm.subnet(home, "nva", around(address)), address, forwarding=True)


def rules_of(arm: Arm, text: Any) -> str:
    """A policy of one network rule, written `FROM->TO:PORT Allow`, or of none.

    Priorities and protocols are not given; TCP is meant.
    """
    policy = arm.policy("policy")
    if text:
        ends, access = str(text).split()
        source, target = ends.split("->")
        target, port = target.rsplit(":", 1)
        arm.rule_group(
            policy, "g", 200, [network_collection("rules", 200, access, [("TCP", source, target, port)])]
        )
    return policy


def _two_subscriptions(given: Json) -> Case:
    """A VNet each in two subscriptions, peered where a link is given, with NSGs of defaults where given."""
    arm = Arm()
    vnets = []
    for place, name in enumerate(given["vnets"]):
        subscription = f"00000000-0000-0000-0000-00000000000{place + 1}"
        vnet = arm.vnet(name, f"10.{place + 1}.0.0/16", subscription=subscription)
        nsg = arm.nsg(f"nsg-{name}", []) if given.get("nsg") == "default" else None
        subnet = arm.subnet(vnet, f"s-{name}", f"10.{place + 1}.1.0/24", nsg=nsg)
        arm.nic(f"vm-{name}", subnet, f"10.{place + 1}.1.4")
        vnets.append(vnet)
    if "peering" in given["links"]:
        arm.peer(*vnets)
    sides = ["/".join(vnet.split("/")[:3]) for vnet in vnets]
    return Case(arm, boundary=("subscription", sides[0], sides[1]))


def _on_premises(given: Json, flow: Json) -> Case:
    """A hub with a VPN gateway and a site, and one spoke that uses it, or does not."""
    arm = Arm()
    hub, spoke = arm.vnet("hub", "10.0.0.0/16"), arm.vnet("spoke", "10.1.0.0/16")
    uses = (given.get("spoke") or {}).get("useRemoteGateways", True)
    arm.half_peering(hub, spoke, allowGatewayTransit=True, allowForwardedTraffic=True)
    arm.half_peering(spoke, hub, useRemoteGateways=uses, allowForwardedTraffic=True)
    inner = arm.route_table("rt-gateway", given.get("gatewaysubnet_udr") or [])
    gateway = arm.gateway("gw", arm.subnet(hub, "GatewaySubnet", "10.0.255.0/27", route_table=inner))
    arm.connection(
        "cn", gateway, arm.site("site", *(given.get("hub") or {}).get("onprem", ["172.20.0.0/16"]))
    )
    table = None
    if given.get("spoke_udr"):
        table = arm.route_table("rt-spoke", given["spoke_udr"], propagates=not given.get("spoke_disable_bgp"))
    arm.nic("vm", arm.subnet(spoke, "s-spoke", "10.1.1.0/24", route_table=table), "10.1.1.4")
    _appliances(arm, given, {"hub": hub})
    return Case(arm, ask_of(flow), ("on-premises", "on-premises", spoke))


def _tunnelled_internet(given: Json, flow: Json) -> Case:
    """A VNet whose gateway brings a default route."""
    arm = Arm()
    vnet = arm.vnet("spoke", *given["vnet_space"])
    arm.nic("vm", arm.subnet(vnet, "s-spoke", around(flow["src"])), flow["src"])
    prefix = given["vnet_space"][0].replace("0.0/16", "255.0/27")
    gateway = arm.gateway("gw", arm.subnet(vnet, "GatewaySubnet", prefix), "Vpn", enableBgp=True)
    arm.connection("cn", gateway, arm.site("site", *given["gateway_routes"]), enableBgp=True)
    return Case(arm, ask_of(flow))


def _bare_connection(given: Json) -> Case:
    """A VNet with a gateway, a site, and a connection of which the status is not told."""
    arm = Arm()
    vnet = arm.vnet("v", "10.1.0.0/16")
    arm.nic("vm", arm.subnet(vnet, "s", "10.1.1.0/24"), "10.1.1.4")
    gateway = arm.gateway("gw", arm.subnet(vnet, "GatewaySubnet", "10.1.255.0/27"))
    connection = arm.connection("cn", gateway, arm.site("site", "172.20.0.0/16"), given["connection"]["type"])
    arm.set(connection, connectionStatus=given["connection"]["status"])
    return Case(arm, boundary=("on-premises", "on-premises", vnet))
