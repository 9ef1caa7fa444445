"""Random small estates, as resources in the shape of the ARM REST API, and packets among their addresses.

Everything is drawn from a small universe of prefixes, ports, tags and application security groups, so that rules,
routes and packets meet each other often. Shrinking leads to fewer and plainer things.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from simulator import Packet
from simulator.arm import Arm, Resource, Rule, application_collection, network_collection

FIREWALL = "10.0.100.4"
NVA = "10.0.101.4"
SITE = "172.20.0.0/16"
SECOND_SITE = "192.168.100.0/24"
OUTSIDE = ("203.0.113.9", "8.8.8.8", "198.51.100.7")
NOWHERE = ("10.99.1.1", "192.168.5.5", "100.64.9.9", "172.31.1.1")
PLATFORM_DNS = "168.63.129.16"
PORTS = (22, 443, 1000, 1433, 1999, 3389)
SOURCE_PORTS = (500, 1025, 50000)
RULE_PORTS: tuple[Any, ...] = (
    "*",
    "*",
    "22",
    "443",
    "1433",
    "1000-1999",
    ["22", "3389"],
    ["443", "1000-1500"],
)
RULE_SOURCE_PORTS: tuple[Any, ...] = ("*", "*", "*", "*", "*", "1024-65535", ["500", "50000"])
PROTOCOLS = ("Tcp", "Tcp", "Tcp", "Udp", "Icmp", "*", "*")
DEPLOYED = (True, True, True, True, None, False)
LOCATIONS = ("westeurope", "westeurope", "westeurope", "northeurope")


class Estate(NamedTuple):
    """An estate and what its packets are made from: `machines` have a NIC, `places` are addresses without one."""

    arm: Arm
    machines: tuple[str, ...]
    places: tuple[str, ...]
    endpoints: tuple[str, ...]
    sites: tuple[str, ...]
    has_circuit: bool

    def has_space_for(self, address: str) -> bool:
        """Whether some VNet's space holds an address."""
        vnets = [found for found in self.arm.resources if found["type"].endswith("/virtualNetworks")]
        spaces = [space for vnet in vnets for space in vnet["properties"]["addressSpace"]["addressPrefixes"]]
        return any(ipaddress.ip_address(address) in ipaddress.ip_network(space) for space in spaces)

    def packets(self, seed: int, amount: int) -> list[Packet]:
        """Packets among the addresses of the estate, of its sites and of the Internet; equal for equal seeds."""
        chance = random.Random(seed)
        inner = [*self.machines, *self.machines, *self.places]
        # What a circuit brings is not in the input, so that addresses of nobody would be its own.
        # Nor is a VNet's address where it has no subnet an address of anybody.
        nowhere = () if self.has_circuit else tuple(one for one in NOWHERE if not self.has_space_for(one))
        targets = [*inner * 3, *self.endpoints * 3, *self.sites * 2, *OUTSIDE, *nowhere]
        found: list[Packet] = []
        while len(found) < amount:
            source = chance.choice([*inner * 2, *self.sites * 2, *OUTSIDE])
            target = chance.choice(inner if source in OUTSIDE else targets)
            if source == target or (source in self.sites and target in self.sites):
                continue
            if source in self.sites and (target in OUTSIDE or target in nowhere):
                continue
            protocol = chance.choice(("Tcp", "Tcp", "Tcp", "Udp", "Icmp"))
            packet = Packet(source, target, protocol, chance.choice(SOURCE_PORTS), chance.choice(PORTS))
            if source in inner and chance.random() < 0.01:
                packet = Packet(source, PLATFORM_DNS, "Udp", 50000, 53)
            found.append(packet)
        return found


class _Maker:
    """One estate in the making; `draw` is Hypothesis's."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.arm = Arm()
        self.vnets: list[str] = []
        self.spaces: dict[str, list[str]] = {}
        self.subnets: list[tuple[str, str, str]] = []  # id, VNet, prefix
        self.prefixes: list[str] = []
        self.hosts: list[str] = []
        self.machines: list[str] = []
        self.nics: list[str] = []
        self.endpoints: list[str] = []
        self.sites: list[str] = []
        self.has_circuit = False
        self.gateways: dict[str, str] = {}

    def pick(self, options: Sequence[Any]) -> Any:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred; shrinks to False."""
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def some(self, options: Sequence[Any], most: int) -> list[Any]:
        """Up to so many different options, in their order."""
        amount = self.draw(st.integers(0, min(most, len(options))))
        picked = {self.draw(st.integers(0, len(options) - 1)) for _ in range(amount)}
        return [options[place] for place in sorted(picked)]

    # The estate, in order of making

    def make(self) -> Estate:
        # A hub and its spokes as they are meant to be, in which only the rules are random: else hardly a packet gets
        # through a firewall and back.
        self.is_designed = self.chance(40)
        self.make_vnets()
        self.make_filters()
        self.make_firewall()
        self.make_peerings()
        self.make_gateways()
        self.make_routes()
        self.make_machines()
        self.make_manager()
        places = [prefix.replace("0/24", "200") for _, _, prefix in self.subnets]
        return Estate(
            self.arm, tuple(self.machines), tuple(places), tuple(self.endpoints), tuple(self.sites), self.has_circuit
        )  # fmt: skip

    def make_vnets(self) -> None:
        """VNets 10.N.0.0/16 with subnets 10.N.M.0/24; now and then a second space, or one that Azure reserves."""
        for place in range(self.draw(st.integers(1, 4))):
            spaces = [f"10.{place}.0.0/16"]
            if place == 3 and self.chance(30):
                spaces = [self.pick(("192.168.0.0/16", "100.64.0.0/16", "20.30.0.0/16"))]
            elif self.chance(15):
                spaces.append(f"10.{20 + place}.0.0/16")
            vnet = self.arm.vnet(f"v{place}", *spaces, location=self.pick(LOCATIONS))
            self.vnets.append(vnet)
            self.spaces[vnet] = spaces
            self.prefixes += spaces
            for number, space in enumerate(spaces):
                for part in range(1, 1 + (1 if number else self.draw(st.integers(1, 3)))):
                    prefix = space.split(".0.0/")[0] + f".{part}.0/24"
                    self.make_subnet(vnet, f"s{place}-{number}-{part}", prefix)

    def make_subnet(self, vnet: str, name: str, prefix: str) -> None:
        properties: dict[str, Any] = {}
        if self.chance(30):
            properties["defaultOutboundAccess"] = self.pick((True, False, False))
        if self.chance(30):
            policies = ("Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled")
            properties["privateEndpointNetworkPolicies"] = self.pick(policies)
        if self.chance(8):
            nat = self.arm.add("natGateways", f"nat-{name}", {}, sku={"name": "Standard"})
            properties["nat"] = nat
        self.subnets.append((self.arm.subnet(vnet, name, prefix, **properties), vnet, prefix))
        self.prefixes.append(prefix)
        self.hosts += [prefix.replace("0/24", "4"), prefix.replace("0/24", "5")]

    # Filters

    def address(self, has_asgs: bool = True) -> Any:
        """Where a rule's packets come from or go to."""
        kind = self.draw(st.integers(0, 11))
        if kind <= 2:
            return "*"
        if kind <= 4:
            return self.pick(("VirtualNetwork", "VirtualNetwork", "Internet", "AzureLoadBalancer", "Storage",
                              "AzureCloud.westeurope", "0.0.0.0/0"))  # fmt: skip
        if kind == 5 and has_asgs:
            return self.pick(("asg:one", "asg:two"))
        if kind <= 8:
            return self.pick(self.prefixes)
        if kind == 9:
            return self.pick(self.hosts)
        if kind == 10:
            return self.pick(("10.0.0.0/8", "203.0.113.0/24", SITE, "172.16.0.0/12", "8.8.8.8/32"))
        return [self.pick(self.prefixes), self.pick(self.hosts)]

    def rules(self, accesses: Sequence[str], has_asgs: bool = True) -> list[Rule]:
        """Rules with a priority each."""
        found: list[Rule] = []
        for place in range(self.draw(st.integers(0, 6))):
            source, target = self.address(has_asgs), self.address(has_asgs)
            access = self.pick(accesses)
            if (
                access == "AlwaysAllow"
            ):  # what it does to a Standard public address without an NSG no page tells
                source = self.pick(self.prefixes)
            found.append((100 + 10 * place, self.pick(("In", "In", "Out")), access, self.pick(PROTOCOLS), source,
                          self.pick(RULE_SOURCE_PORTS), target, self.pick(RULE_PORTS)))  # fmt: skip
        return found

    def make_filters(self) -> None:
        """A few NSGs for subnets and NICs to share."""
        self.asgs = {"one": self.arm.asg("one"), "two": self.arm.asg("two")}
        self.nsgs: list[str | None] = [None]
        for place in range(self.draw(st.integers(0, 4))):
            self.nsgs.append(self.arm.nsg(f"nsg{place}", self.rules(("Allow", "Deny")), self.asgs))
        for subnet, _, _ in self.subnets:
            nsg = self.pick(self.nsgs)
            if nsg:
                self.arm.set(subnet, networkSecurityGroup={"id": nsg})
        if self.chance(2):
            self.arm.set(
                self.subnets[0][0], networkSecurityGroup={"id": self.arm.id_of("networkSecurityGroups", "x")}
            )

    # Firewall and other appliances

    def make_firewall(self) -> None:
        self.appliances: list[str] = []
        if self.is_designed or self.chance(70):
            subnet = self.arm.subnet(self.vnets[0], "AzureFirewallSubnet", "10.0.100.0/26")
            if self.chance(8):
                self.arm.firewall("fw", subnet, FIREWALL, networkRuleCollections=self.classic())
            else:
                self.arm.firewall("fw", subnet, FIREWALL, self.policy())
            self.appliances += [FIREWALL] * 6
        if not self.is_designed and self.chance(20):
            subnet = self.arm.subnet(self.vnets[0], "nva", "10.0.101.0/24")
            self.arm.nic("nva", subnet, NVA, forwarding=self.pick((True, True, False)))
            self.appliances.append(NVA)
        if self.chance(5):
            self.appliances.append("10.0.102.4")  # nobody is there

    def classic(self) -> list[Resource]:
        return [
            {"name": f"classic{place}", "properties": {
                "priority": 100 + place, "action": {"type": self.pick(("Allow", "Allow", "Deny"))},
                "rules": [{
                    "name": "r", "protocols": [self.pick(("TCP", "Any"))],
                    "sourceAddresses": [self.pick(self.prefixes)],
                    "destinationAddresses": [self.pick((*self.prefixes, "*"))],
                    "destinationPorts": [self.pick(("*", "443", "1000-1999"))],
                }],
            }}
            for place in range(self.draw(st.integers(0, 2)))
        ]  # fmt: skip

    def policy(self) -> str:
        parent = None
        if self.chance(25):
            parent = self.arm.policy("parent")
            self.rule_groups(parent)
        elif self.chance(2):
            parent = self.arm.id_of("firewallPolicies", "not-in-input")
        policy = self.arm.policy("policy", parent)
        self.rule_groups(policy)
        return policy

    def rule_groups(self, policy: str) -> None:
        name = policy.rpartition("/")[2]
        for place in range(self.draw(st.integers(1, 2))):
            collections = [self.collection(f"{name}-{place}-{part}", 300 - 10 * part + place)
                           for part in range(self.draw(st.integers(0, 3)))]  # fmt: skip
            if self.chance(35):
                rule = (["Any"], "*", self.pick(("*", "10.0.0.0/8")), "*")
                collections.append(network_collection(f"{name}-{place}-all", 4000, "Allow", [rule]))
            self.arm.rule_group(policy, f"{name}-{place}", 400 - 100 * place, collections)

    def collection(self, name: str, priority: int) -> Resource:
        access = self.pick(("Allow", "Allow", "Allow", "Deny"))
        if self.chance(12):
            source = self.pick(("*", *self.prefixes))
            protocols = [self.pick((("Https", 443), ("Http", 1000)))]
            return application_collection(name, priority, access, source, ["*.example.org"], protocols)
        rules = []
        for _ in range(self.draw(st.integers(1, 2))):
            protocols = self.pick((["TCP"], ["TCP", "UDP"], ["Any"], ["Any"], ["ICMP"], ["UDP"]))
            rules.append((protocols, self.firewall_address(), self.firewall_address(has_tags=True),
                          self.pick(RULE_PORTS)))  # fmt: skip
        return network_collection(name, priority, access, rules)

    def firewall_address(self, has_tags: bool = False) -> Any:
        kind = self.draw(st.integers(0, 9))
        if kind <= 2:
            return "*"
        if kind <= 6:
            return self.pick((*self.prefixes, "10.0.0.0/8", SITE))
        if kind == 7:
            group = self.arm.id_of("ipGroups", "g")
            if group not in self.arm.by_id and self.chance(90):
                self.arm.ip_group(
                    "g", self.pick(self.prefixes), "203.0.113.0-203.0.113.255", self.pick(self.hosts)
                )
            return f"group:{group}"
        if kind == 8 and has_tags:
            return self.pick(("AzureCloud", "8.8.8.8", "203.0.113.0/24"))
        return [self.pick(self.prefixes), self.pick(self.hosts)]

    # What joins VNets

    def make_peerings(self) -> None:
        for place, one in enumerate(self.vnets):
            for other in self.vnets[place + 1 :]:
                if (place == 0 and self.is_designed) or self.chance(80 if place == 0 else 20):
                    self.make_peering(one, other)

    def make_peering(self, one: str, other: str) -> None:
        shape = "whole" if self.is_designed else self.pick(("whole",) * 9 + ("initiated", "orphan", "torn"))
        for near, far in ((one, other), (other, one)):
            flags: dict[str, Any] = {
                "allowForwardedTraffic": self.is_designed or self.pick((True, True, True, False)),
                "allowVirtualNetworkAccess": not self.chance(12), "allowGatewayTransit": not self.chance(30),
            }  # fmt: skip
            if len(self.spaces[far]) > 1 and self.chance(30):
                flags["peeringSyncLevel"] = "LocalNotInSync"
                flags["remoteAddressSpace"] = {"addressPrefixes": self.spaces[far][:1]}
            state = {"whole": "Connected", "initiated": "Initiated", "orphan": "Disconnected",
                     "torn": "Disconnected" if near == other else "Connected"}[shape]  # fmt: skip
            self.arm.half_peering(near, far, state, **flags)
            if shape in ("initiated", "orphan"):
                return

    def make_gateways(self) -> None:
        """A VPN gateway in the first VNet for the others to use; others with their own; a circuit for two."""
        owners = [vnet for place, vnet in enumerate(self.vnets) if self.chance(50 if place == 0 else 8)]
        kind = "ExpressRoute" if len(owners) > 1 and self.chance(40) else "Vpn"
        for vnet in owners:
            if self.spaces[vnet][0].startswith("10."):
                self.make_gateway(vnet, kind)
        for vnet in self.vnets:
            halves = self.arm.by_id[vnet]["properties"]["virtualNetworkPeerings"]
            lenders = [
                half for half in halves if half["properties"]["remoteVirtualNetwork"]["id"] in self.gateways
            ]
            if lenders and vnet not in self.gateways and self.chance(70):
                self.pick(lenders)["properties"]["useRemoteGateways"] = True

    def make_gateway(self, vnet: str, kind: str) -> None:
        name = vnet.rpartition("/")[2]
        prefix = self.spaces[vnet][0].replace("0.0/16", "255.0/27")
        gateway = self.arm.gateway(f"gw-{name}", self.arm.subnet(vnet, "GatewaySubnet", prefix), kind)
        self.gateways[vnet] = gateway
        if kind == "ExpressRoute":
            circuit = self.arm.id_of("expressRouteCircuits", "c")
            if circuit not in self.arm.by_id:
                self.arm.circuit("c")
            self.arm.connection(f"cn-{name}", gateway, circuit, "ExpressRoute")
            self.has_circuit = True
        elif not self.chance(10):
            prefixes = [SITE] if vnet == self.vnets[0] else [SECOND_SITE]
            if self.chance(5):
                prefixes.append("0.0.0.0/0")
            self.arm.connection(f"cn-{name}", gateway, self.arm.site(f"site-{name}", *prefixes))
            self.sites.append("172.20.1.1" if prefixes[0] == SITE else "192.168.100.7")

    # Routes

    def make_routes(self) -> None:
        """Every VNet a table that its subnets may share, some subnets one of their own, gateways now and then."""
        for place, vnet in enumerate(self.vnets):
            shared = self.route_table(f"rt{place}", vnet) if self.is_designed or self.chance(65) else None
            for subnet, home, _ in self.subnets:
                if home != vnet:
                    continue
                table = shared
                if not self.is_designed and self.chance(12):
                    table = self.route_table("rt-" + subnet.rpartition("/")[2], vnet)
                if table and (self.is_designed or not self.chance(15)):
                    self.arm.set(subnet, routeTable={"id": table})
            inner = f"{vnet}/subnets/GatewaySubnet"
            if inner in self.arm.by_id and self.appliances and self.chance(60):
                spaces = [space for spaces in self.spaces.values() for space in spaces]
                spokes = spaces[1:] if self.is_designed else self.some(spaces, 4)
                routes = [(space, "VirtualAppliance", self.appliances[0]) for space in spokes]
                self.arm.set(inner, routeTable={"id": self.arm.route_table(f"rt-gw{place}", routes)})

    def route_table(self, name: str, vnet: str) -> str:
        routes: dict[str, tuple[str, str, str | None]] = {}
        if self.is_designed:
            if vnet == self.vnets[0]:
                return self.arm.route_table(name, [])
            routes = {"0.0.0.0/0": ("0.0.0.0/0", "VirtualAppliance", FIREWALL)}
            for target in self.some([space for spaces in self.spaces.values() for space in spaces], 1):
                routes[target] = (target, "VirtualAppliance", FIREWALL)
            return self.arm.route_table(
                name, routes.values(), propagates=self.pick((False, False, False, True))
            )
        if self.appliances and self.chance(70):
            for target in self.pick((["0.0.0.0/0"], ["0.0.0.0/0", "10.0.0.0/8"], ["0.0.0.0/0", SITE])):
                routes[target] = (target, "VirtualAppliance", self.pick(self.appliances))
        for _ in range(self.draw(st.integers(0, 2))):
            target = self.pick((*self.prefixes, SITE, "203.0.113.0/24", "0.0.0.0/0", "192.168.0.0/16"))
            hop = self.pick(
                ("VirtualAppliance",) * 4 + ("None", "Internet", "VirtualNetworkGateway", "VnetLocal")
            )
            if hop == "VirtualAppliance" and not self.appliances:
                hop = "None"
            if hop == "VnetLocal":
                target = self.pick([one for _, home, one in self.subnets if home == vnet])
            if hop == "VirtualNetworkGateway":
                target = self.pick((SITE, "0.0.0.0/0"))
            routes[target] = (target, hop, self.pick(self.appliances) if hop == "VirtualAppliance" else None)
        return self.arm.route_table(name, routes.values(), propagates=self.pick((True, True, False)))

    # Machines

    def make_machines(self) -> None:
        for place, (subnet, vnet, prefix) in enumerate(self.subnets):
            for host in range(self.draw(st.integers(1, 2))):
                address = prefix.replace("0/24", str(4 + host))
                public = ""
                if self.chance(25):
                    public = self.arm.public_ip(f"pip{place}-{host}", self.pick(("Standard", "Basic")))
                # All members of an ASG are in one VNet.
                groups = [self.asgs[name] for name, home in (("one", 0), ("two", 1))
                          if vnet == self.vnets[min(home, len(self.vnets) - 1)] and self.chance(50)]  # fmt: skip
                nsg = self.pick(self.nsgs) if self.chance(30) else None
                nic = self.arm.nic(
                    f"m{place}-{host}", subnet, address, nsg=nsg, public_ip=public, asgs=groups
                )
                self.nics.append(nic)
                self.machines.append(address)
            if self.chance(12):
                storage = self.arm.add("Microsoft.Storage/storageAccounts", f"st{place}", {})
                status = self.pick(("Approved", "Approved", "Approved", "Pending"))
                address = prefix.replace("0/24", "20")
                self.arm.private_endpoint(f"pe{place}", subnet, address, storage, status=status)
                self.endpoints.append(address)
        if self.chance(10):
            self.make_load_balancer()

    def make_load_balancer(self) -> None:
        sku = self.pick(("Standard", "Basic"))
        nics = self.some(self.nics, 2) or self.nics[:1]
        rules = [("Tcp", 443, 443)] if self.chance(80) else []
        self.arm.load_balancer(
            "lb",
            nics,
            sku,
            public_ip=self.arm.public_ip("pip-lb", sku),
            rules=rules,
            has_outbound=self.chance(50),
        )

    # Network manager

    def make_manager(self) -> None:
        if not self.chance(40):
            return
        manager = self.arm.manager()
        if len(self.vnets) > 2 and self.chance(50):  # the hub stays outside
            mesh = self.arm.group(manager, "mesh", self.vnets[1:])
            self.arm.connectivity(manager, "mesh", mesh, hub=self.pick(("", self.vnets[0])),
                                  is_global=self.chance(50), deployed=self.pick(DEPLOYED))  # fmt: skip
        if self.chance(70):
            collections = []
            priority = 0
            for place in range(self.draw(st.integers(1, 2))):
                group = self.arm.group(manager, f"g{place}", self.some(self.vnets, 4) or self.vnets[:1])
                rules = []
                for rule in self.rules(("Allow", "Deny", "Deny", "AlwaysAllow"), has_asgs=False):
                    priority += 1
                    rules.append((priority, *rule[1:]))
                collections.append((group, rules))
            self.arm.admin_rules(manager, "baseline", collections, deployed=self.pick(DEPLOYED))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Estates of one to four VNets."""
    return _Maker(draw).make()
