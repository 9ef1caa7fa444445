"""The estate, in words of its own: what every format tells of it. Each writer knows this and its format alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

REGION = "westeurope"
PLATFORM = "11111111-1111-1111-1111-111111111111"
WORKLOADS = "22222222-2222-2222-2222-222222222222"
TENANT = "99999999-9999-9999-9999-999999999999"


class Place(NamedTuple):
    """A subscription and a resource group in it."""

    subscription: str
    group: str


Places = Mapping[str, Place]
"""Where the parts of the estate (`hub`, `shop`, `data`) are."""

ONE_PLACE: Places = dict.fromkeys(("hub", "shop", "data"), Place(PLATFORM, "rg-net"))
TWO_SUBSCRIPTIONS: Places = {
    "hub": Place(PLATFORM, "rg-hub"),
    "shop": Place(WORKLOADS, "rg-shop"),
    "data": Place(WORKLOADS, "rg-data"),
}


class Subnet(NamedTuple):
    """A subnet; `endpoint_policies` is REST's word for whether NSG and routes hold for private endpoints."""

    name: str
    prefix: str
    nsg: str = ""
    table: str = ""
    nat: str = ""
    service: str = ""
    endpoint_policies: str = "Disabled"
    default_outbound: bool = True


class Vnet(NamedTuple):
    """A VNet of a part of the estate."""

    name: str
    part: str
    space: tuple[str, ...]
    subnets: tuple[Subnet, ...]
    dns: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rule of an NSG; sources and destinations are prefixes, tags, or `asg-...`."""

    name: str
    priority: int
    direction: str
    access: str
    protocol: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: tuple[str, ...]
    source_ports: tuple[str, ...] = ("*",)
    description: str = ""


class Route(NamedTuple):
    """A route; `address` is that of an appliance."""

    name: str
    prefix: str
    hop: str
    address: str = ""


class Table(NamedTuple):
    """A route table."""

    part: str
    propagates: bool
    routes: tuple[Route, ...]


class Group(NamedTuple):
    """An NSG."""

    part: str
    rules: tuple[Rule, ...]


class Peering(NamedTuple):
    """A half of a peering, in the VNet `near`."""

    name: str
    near: str
    far: str
    forwarded: bool
    gives_gateway: bool
    uses_gateway: bool


class Nic(NamedTuple):
    """An interface with its machine; `machine` is empty for none."""

    name: str
    part: str
    subnet: str
    address: str
    machine: str
    asg: str = ""
    nsg: str = ""
    public_ip: str = ""
    pool: str = ""
    forwards: bool = False


HUB, SHOP, DATA = "vnet-hub", "vnet-shop", "vnet-data"
VNETS = (
    Vnet(HUB, "hub", ("10.0.0.0/16",), (
        Subnet("GatewaySubnet", "10.0.0.0/27", table="rt-gateway"),
        Subnet("AzureFirewallSubnet", "10.0.1.0/26"),
        Subnet("AzureBastionSubnet", "10.0.2.0/26"),
        Subnet("snet-ingress", "10.0.3.0/24", nsg="nsg-ingress"),
    )),
    Vnet(SHOP, "shop", ("10.1.0.0/16",), (
        Subnet("snet-web", "10.1.1.0/24", "nsg-web", "rt-shop"),
        Subnet("snet-app", "10.1.2.0/24", "nsg-app", "rt-shop"),
        Subnet("snet-endpoints", "10.1.3.0/24", "nsg-endpoints", endpoint_policies="Enabled"),
    ), ("10.0.1.4",)),
    Vnet(DATA, "data", ("10.2.0.0/17", "10.2.128.0/17"), (
        Subnet("snet-sql", "10.2.1.0/24", "nsg-sql", "rt-data", default_outbound=False),
        Subnet("snet-jobs", "10.2.2.0/24", nat="nat-jobs"),
        Subnet("snet-tools", "10.2.130.0/24", service="Microsoft.Storage"),
    )),
)  # fmt: skip
PEERINGS = (
    Peering("hub-to-shop", HUB, SHOP, forwarded=True, gives_gateway=True, uses_gateway=False),
    Peering("shop-to-hub", SHOP, HUB, forwarded=True, gives_gateway=False, uses_gateway=True),
    Peering("hub-to-data", HUB, DATA, forwarded=False, gives_gateway=True, uses_gateway=False),
    Peering("data-to-hub", DATA, HUB, forwarded=True, gives_gateway=False, uses_gateway=False),
)

_IN, _OUT, _ALLOW, _DENY = "Inbound", "Outbound", "Allow", "Deny"
_ANY = ("*",)
_LAST = Rule("deny-rest", 4096, _IN, _DENY, "*", _ANY, _ANY, _ANY)
NSGS: Mapping[str, Group] = {
    "nsg-ingress": Group("hub", (
        Rule("allow-web", 100, _IN, _ALLOW, "Tcp", ("Internet",), ("10.0.3.0/24",), ("80", "443")),
        Rule("allow-manager", 110, _IN, _ALLOW, "Tcp", ("GatewayManager",), _ANY, ("65200-65535",)),
    )),
    "nsg-web": Group("shop", (
        Rule("allow-gateway", 100, _IN, _ALLOW, "Tcp", ("10.0.3.0/24",), ("asg-web",), ("443",)),
        Rule("allow-admins", 110, _IN, _ALLOW, "Tcp", ("192.168.0.0/16", "10.0.2.0/26"), _ANY, ("22", "3389"),
             description="from the office and through Bastion"),
        _LAST,
    )),
    "nsg-app": Group("shop", (
        Rule("allow-web", 100, _IN, _ALLOW, "Tcp", ("asg-web",), ("asg-app",), ("8443", "9000-9010"),
             ("1024-65535",)),
        Rule("allow-probes", 110, _IN, _ALLOW, "*", ("AzureLoadBalancer",), _ANY, _ANY),
        _LAST,
        Rule("allow-storage", 200, _OUT, _ALLOW, "Tcp", ("VirtualNetwork",), ("Storage.WestEurope",), ("443",)),
        Rule("deny-internet", 4000, _OUT, _DENY, "*", _ANY, ("Internet",), _ANY),
    )),
    "nsg-endpoints": Group("shop", (
        Rule("allow-app", 100, _IN, _ALLOW, "Tcp", ("10.1.2.0/24",), ("10.1.3.4/32",), ("443",)),
        _LAST,
    )),
    "nsg-sql": Group("data", (
        Rule("allow-app", 100, _IN, _ALLOW, "Tcp", ("10.1.2.0/24",), ("10.2.1.0/24",), ("1433",)),
        Rule("allow-time", 110, _IN, _ALLOW, "Udp", ("10.0.0.0/8",), ("10.2.1.4", "10.2.1.5"), ("123",)),
        _LAST,
    )),
    "nsg-tools": Group("data", (
        Rule("allow-partner", 100, _IN, _ALLOW, "Tcp", ("203.0.113.0/24",), ("10.2.130.4",), ("22",)),
    )),
    "nsg-empty": Group("data", ()),
}  # fmt: skip
_FIREWALL_IP = "10.0.1.4"
_VIA_FIREWALL = Route("default", "0.0.0.0/0", "VirtualAppliance", _FIREWALL_IP)
TABLES: Mapping[str, Table] = {
    "rt-gateway": Table("hub", True, (
        Route("shop", "10.1.0.0/16", "VirtualAppliance", _FIREWALL_IP),
        Route("data", "10.2.0.0/16", "VirtualAppliance", _FIREWALL_IP),
    )),
    "rt-shop": Table("shop", False, (
        _VIA_FIREWALL, Route("hub", "10.0.0.0/16", "VirtualAppliance", _FIREWALL_IP),
    )),
    "rt-data": Table("data", False, (
        _VIA_FIREWALL, Route("monitor", "AzureMonitor", "Internet"), Route("lab", "10.9.0.0/16", "None"),
    )),
}  # fmt: skip
ASGS: Mapping[str, str] = {"asg-web": "shop", "asg-app": "shop"}
PUBLIC_IPS: Mapping[str, tuple[str, str]] = {
    "pip-firewall": ("hub", "20.50.60.1"),
    "pip-vpn": ("hub", "20.50.60.2"),
    "pip-bastion": ("hub", "20.50.60.3"),
    "pip-gateway": ("hub", "20.50.60.4"),
    "pip-jobs": ("data", "20.50.60.5"),
    "pip-tools": ("data", "20.50.60.6"),
}
NICS = (
    Nic("nic-web", "shop", f"{SHOP}/snet-web", "10.1.1.4", "vm-web", asg="asg-web"),
    Nic("nic-app-1", "shop", f"{SHOP}/snet-app", "10.1.2.4", "vm-app-1", asg="asg-app", pool="pool"),
    Nic("nic-app-2", "shop", f"{SHOP}/snet-app", "10.1.2.5", "vm-app-2", asg="asg-app", pool="pool"),
    Nic("nic-sql", "data", f"{DATA}/snet-sql", "10.2.1.4", "vm-sql"),
    Nic("nic-jobs", "data", f"{DATA}/snet-jobs", "10.2.2.4", "vm-jobs", forwards=True),
    Nic("nic-tools", "data", f"{DATA}/snet-tools", "10.2.130.4", "vm-tools", nsg="nsg-tools", public_ip="pip-tools"),
)  # fmt: skip


class FirewallRule(NamedTuple):
    """A rule of a firewall's policy: `to` are addresses, or names for an application rule; `tags` its FQDN tags;
    `translated` the address and port of a DNAT rule."""

    name: str
    protocols: tuple[str, ...]
    ports: tuple[str, ...]
    sources: tuple[str, ...] = ()
    source_group: str = ""
    to: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    translated: tuple[str, str] = ("", "")


class Collection(NamedTuple):
    """A rule collection; `kind` is `dnat`, `network` or `application`."""

    name: str
    kind: str
    priority: int
    action: str
    rules: tuple[FirewallRule, ...]


FIREWALL, FIREWALL_IP, POLICY = "afw-hub", _FIREWALL_IP, "afwp-hub"
RULE_GROUP, RULE_GROUP_PRIORITY = "rcg-estate", 200
IP_GROUP: tuple[str, tuple[str, ...]] = ("ipg-spokes", ("10.1.0.0/16", "10.2.0.0/16"))
COLLECTIONS = (
    Collection("dnat", "dnat", 100, "Dnat", (
        FirewallRule("partner", ("TCP",), ("2222",), ("203.0.113.0/24",), to=("20.50.60.1",),
                     translated=("10.2.130.4", "22")),
    )),
    Collection("network", "network", 200, "Allow", (
        FirewallRule("app-to-sql", ("TCP",), ("1433",), ("10.1.2.0/24",), to=("10.2.1.0/24",)),
        FirewallRule("time", ("UDP",), ("123",), source_group="ipg-spokes", to=("10.2.1.4", "10.2.1.5")),
        FirewallRule("storage", ("TCP",), ("443",), ("10.1.2.0/24",), to=("Storage.WestEurope",)),
    )),
    Collection("application", "application", 300, "Allow", (
        FirewallRule("ubuntu", ("Http:80", "Https:443"), (), source_group="ipg-spokes", to=("*.ubuntu.com",)),
        FirewallRule("updates", ("Https:443",), (), ("10.2.1.0/24",), tags=("WindowsUpdate",)),
    )),
)  # fmt: skip

BASTION = "bas-hub"
VPN, ASN = "vgw-hub", 65515
LOCAL, LOCAL_SPACE, LOCAL_ADDRESS = "lgw-office", ("192.168.0.0/16",), "203.0.113.10"
CONNECTION = "con-office"
GATEWAY, WAF = "agw-ingress", "waf-ingress"
GATEWAY_BACKEND = "10.1.1.4"
BALANCER, BALANCER_IP, BALANCER_SUBNET = "lbi-app", "10.1.2.10", f"{SHOP}/snet-app"
NAT, NAT_IP = "nat-jobs", "pip-jobs"
STORAGE, STORAGE_SUBNET = "stcontosoorders", f"{DATA}/snet-tools"
ENDPOINT, ENDPOINT_IP, ENDPOINT_SUBNET = "pe-orders", "10.1.3.4", f"{SHOP}/snet-endpoints"
ENDPOINT_NIC = "pe-orders-nic"
ZONE, ZONE_LINK = "privatelink.blob.core.windows.net", "shop"


def subnets() -> Iterator[tuple[Vnet, Subnet]]:
    """Every subnet with its VNet."""
    for vnet in VNETS:
        for subnet in vnet.subnets:
            yield vnet, subnet
