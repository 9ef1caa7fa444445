"""Small estates of which Azure's documentation tells what becomes of a packet, each asked in three languages.

A case is a whole estate as a spec, and what must be said of it: verdicts of traces, the code of what decided, the way,
the status of boundaries, findings. The same estate is asked as the REST API lists it and as rows of Resource Graph;
`change` takes it to what the spec language has no words for, and is then asked as resources alone.

    10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:* over sa, fw, sb
    vnet a | b: enforced
    finds ZT-19, no ZT-05
"""

# ruff: noqa: E501 - a case reads best on few lines
from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from textwrap import dedent
from typing import Any, NamedTuple

import pytest
from spec_as_arm import spec_as_arm

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.ends import find_end, trace_between
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import LEVELS, Boundary
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import parse_service
from diagramgen.read import Source, read_records

Json = dict[str, Any]
FORMS = ("spec", "rest", "resource-graph")


class Case(NamedTuple):
    """`source` is the page, below https://learn.microsoft.com/azure/, that says so or from which it follows."""

    name: str
    source: str
    estate: str
    expected: str
    change: Callable[[list[Json]], None] | None = None
    tags: ServiceTags | None = None


# ---------------------------------------------------------------- NSGs
NSGS = "virtual-network/network-security-groups-overview"
HOW = "virtual-network/network-security-group-how-it-works"
TAGS = "virtual-network/service-tags-overview"
ADDRESSES = "virtual-network/ip-services/public-ip-addresses"
WEB = "[100 allow inbound tcp/80 from Internet to any]"


def one_vnet(
    s: str = "", w: str = "", nsg: str = "[]", nic: str = "[]", sku: str = "standard", more: str = ""
) -> str:
    """Two subnets, `s` and `w`; the machine in `s` has a public address, `s` and the machine may have NSGs."""
    return f"""
    vnets:
      v:
        address: 10.0.0.0/16
        subnets:
          s:
            address: 10.0.1.0/24
            {"nsg: nsg" if "subnet" in s else ""}
            resources:
              vm: {{type: vm, ip: 10.0.1.4, public_ip: pip{", nsg: nic" if "nic" in s else ""}}}
              vm2: {{type: vm, ip: 10.0.1.5}}
          w: {{address: 10.0.2.0/24, {w} resources: {{vmw: {{type: vm, ip: 10.0.2.4}}}}}}
    public_ips: {{pip: {{address: 20.50.60.70, sku: {sku}}}}}
    nsgs: {{nsg: {{rules: {nsg}}}, nic: {{rules: {nic}}}}}
    {more}
    """


FILTERS = (
    Case("the-subnet-denies-what-the-nic-allows", HOW, one_vnet("subnet nic", nic=WEB),
         "internet -> 10.0.1.4 tcp/80: denied by subnet:DenyAllInBound"),
    Case("the-nic-alone-allows", HOW, one_vnet("nic", nic=WEB), """
         internet -> 10.0.1.4 tcp/80: allowed by nic:100 over Internet, vm, s
         internet -> 10.0.1.4 tcp/443: denied by nic:DenyAllInBound"""),
    Case("no-nsg-and-a-standard-address", ADDRESSES, one_vnet(), """
         internet -> 10.0.1.4 tcp/80: denied by platform:StandardLbSecureByDefault
         internet in v: enforced"""),
    Case("no-nsg-and-a-basic-address", ADDRESSES, one_vnet(sku="basic"), """
         internet -> 10.0.1.4 tcp/80: allowed by none
         internet in v: gap"""),
    Case("both-nsgs-let-out", HOW, one_vnet("subnet nic"), "10.0.1.4 -> internet tcp/80: allowed by *:AllowInternetOutBound"),
    Case("the-nic-lets-nothing-out", HOW, one_vnet("subnet nic", nic="[100 deny outbound tcp/80 from any to Internet]"),
         "10.0.1.4 -> internet tcp/80: denied by nic:100 over s"),
    Case("neighbours-in-a-subnet-meet-its-nsg", HOW, one_vnet("subnet"),
         "10.0.1.4 -> 10.0.1.5 tcp/445: allowed by subnet:AllowVnetInBound"),
    Case("neighbours-in-a-subnet-are-kept-apart-on-the-way-out", HOW,
         one_vnet("subnet", nsg="[4096 deny outbound any from any to any]"),
         "10.0.1.4 -> 10.0.1.5 tcp/445: denied by subnet:4096 over s"),
    Case("a-rule-on-a-public-address-never-meets-its-own-machine", NSGS,
         one_vnet("subnet", nsg="[100 allow inbound tcp/443 from Internet to 20.50.60.70]"),
         "internet -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound"),
    Case("health-probes-pass-by-default", "load-balancer/load-balancer-custom-probe-overview", one_vnet("subnet"),
         "168.63.129.16 -> 10.0.1.4 tcp/80: allowed"),
    Case("a-rule-that-denies-all-denies-probes", "load-balancer/load-balancer-custom-probe-overview",
         one_vnet("subnet", nsg="[4096 deny inbound any from any to any]"), """
         168.63.129.16 -> 10.0.1.4 tcp/80: denied by subnet:4096
         10.0.1.4 -> 168.63.129.16 udp/53: allowed by platform:exempt
         10.0.1.4 -> 169.254.169.254 tcp/80: allowed by platform:exempt"""),
    Case("all-of-azure-is-nearly-the-internet", TAGS,
         one_vnet("subnet", nsg="[100 allow inbound tcp/443 from AzureCloud to any]"), """
         203.0.113.9 -> 10.0.1.4 tcp/443: unknown by subnet:100?
         internet in v: gap"""),
    Case("the-tag-internet-holds-public-services", TAGS,
         one_vnet("subnet", nsg="[100 deny outbound any from any to Internet]", more="services: {st: storage}"),
         "10.0.1.4 -> st tcp/443: denied by subnet:100 over s"),
    Case("a-service-by-its-tag-before-the-internet", TAGS,
         one_vnet("subnet", nsg="[100 allow outbound tcp/443 from any to Storage, 110 deny outbound any from any to Internet]",
                  more="services: {st: storage}"),
         "10.0.1.4 -> st tcp/443: allowed over s, st"),
    Case("another-services-tag-does-not-hold-it", TAGS,
         one_vnet("subnet", nsg="[100 allow outbound tcp/443 from any to Sql, 110 deny outbound any from any to Internet]",
                  more="services: {st: storage}"),
         "10.0.1.4 -> st tcp/443: denied by subnet:110"),
    Case("the-tag-of-the-network-is-not-the-internet", TAGS,
         one_vnet("subnet", nsg="[100 deny outbound any from any to VirtualNetwork]"), """
         10.0.1.4 -> 8.8.8.8 tcp/443: allowed
         10.0.1.4 -> 10.0.2.4 tcp/443: denied by subnet:100
         10.0.2.4 -> 10.0.1.4 tcp/443: allowed by subnet:AllowVnetInBound"""),
    Case("every-version-6-address-is-no-version-4-one", NSGS, one_vnet("subnet", nsg="['100 deny inbound any from ::/0 to any']"),
         "10.0.2.4 -> 10.0.1.4 tcp/443: allowed by subnet:AllowVnetInBound"),
    Case("every-version-4-address", NSGS, one_vnet("subnet", nsg="[100 deny inbound any from 0.0.0.0/0 to any]"),
         "10.0.2.4 -> 10.0.1.4 tcp/443: denied by subnet:100"),
    Case("esp-is-neither-ah-nor-udp", NSGS, one_vnet("subnet", nsg="[100 deny inbound esp from any to any]"), """
         10.0.2.4 -> 10.0.1.4 esp: denied by subnet:100
         10.0.2.4 -> 10.0.1.4 ah: allowed
         10.0.2.4 -> 10.0.1.4 udp/500: allowed"""),
    Case("icmp-alone-is-denied", NSGS, one_vnet("subnet", nsg="[100 deny inbound icmp from any to any]"), """
         10.0.2.4 -> 10.0.1.4 icmp: denied by subnet:100
         10.0.2.4 -> 10.0.1.4 tcp/22: allowed by subnet:AllowVnetInBound"""),
    Case("plural-fields-hold-too", NSGS,
         one_vnet("subnet", nsg="['100 deny inbound tcp/22,8000-8010 from 10.0.2.0/25, 10.0.3.7 to 10.0.1.0/26, 10.0.9.9']"), """
         10.0.2.4 -> 10.0.1.4 tcp/8005: denied by subnet:100
         10.0.2.4 -> 10.0.1.4 tcp/8011: allowed
         10.0.2.4 -> 10.0.1.4 udp/22: allowed"""),
    Case("deny-all-below-what-is-named", NSGS,
         one_vnet("subnet", nsg="[100 allow inbound tcp/443 from w to s, 4096 deny inbound any from VirtualNetwork to any,"
                  " 4096 deny outbound any from any to VirtualNetwork]"), """
         10.0.2.4 -> 10.0.1.4 tcp/443: allowed by subnet:100
         10.0.2.4 -> 10.0.1.4 tcp/22: denied by subnet:4096
         subnet s | w: enforced"""),
    Case("only-tcp-is-denied", NSGS, one_vnet("subnet", w="nsg: nsg,", nsg="[4096 deny inbound tcp from any to any]"), """
         10.0.2.4 -> 10.0.1.4 tcp/443: denied
         10.0.2.4 -> 10.0.1.4 icmp: allowed
         subnet s | w: gap"""),
    Case("an-any-any-rule-opens-the-line", NSGS,
         one_vnet("subnet", w="nsg: nsg,", nsg="[100 allow inbound any from any to any, 4096 deny inbound any from any to any]"),
         "subnet s | w: gap"),
    Case("all-ports-between-two-subnets-open-the-line", NSGS,
         one_vnet("subnet", w="nsg: nsg,", nsg="[100 allow inbound any from w to s, 4096 deny inbound any from any to any]"),
         "subnet s | w: gap"),
    Case("leaving-denied-on-both-sides-holds-the-line", NSGS,
         one_vnet("subnet", w="nsg: nsg,", nsg="[4096 deny outbound any from VirtualNetwork to VirtualNetwork]"),
         "subnet s | w: enforced"),
)  # fmt: skip

# ---------------------------------------------------------------- application security groups
TIERS = """
    vnets:
      v:
        address: 10.0.0.0/16
        subnets:
          web: {address: 10.0.1.0/24, nsg: n, resources: {w1: {type: vm, ip: 10.0.1.4, asg: AsgWeb, public_ip: true}}}
          app: {address: 10.0.2.0/24, nsg: n, resources: {
            l1: {type: vm, ip: 10.0.2.4, asg: AsgLogic}, d1: {type: vm, ip: 10.0.2.5, asg: AsgDb}}}
    asgs: [AsgWeb, AsgLogic, AsgDb]
    nsgs: {n: {rules: [100 allow inbound tcp/80 from Internet to AsgWeb, 110 allow inbound tcp/1433 from AsgLogic to AsgDb,
      120 deny inbound any/1433 from any to AsgDb]}}
    """
ASGS = "virtual-network/application-security-groups"
GROUPS = (
    Case("logic-reaches-the-database", ASGS, TIERS, "10.0.2.4 -> 10.0.2.5 tcp/1433: allowed by subnet:110"),
    Case("web-does-not-reach-the-database", ASGS, TIERS, """
         10.0.1.4 -> 10.0.2.5 tcp/1433: denied by subnet:120
         10.0.1.4 -> 10.0.2.5 udp/1433: denied by subnet:120"""),
    Case("a-rule-holds-for-members-alone", ASGS, TIERS, """
         10.0.1.4 -> 10.0.2.4 tcp/1433: allowed by subnet:AllowVnetInBound
         subnet web | app: gap"""),
)  # fmt: skip

# ---------------------------------------------------------------- security admin rules
ADMIN = "virtual-network-manager/concept-security-admins"


def admin(rules: str, nsg: str = "[]", s: str = "subnet", w: str = "", deployed: str = "true") -> str:
    return one_vnet(s, w, nsg, more=f"""
    network_manager:
      groups: {{g: {{members: [v]}}}}
      security_admin: {{base: {{groups: [g], deployed: {deployed}, rules: {rules}}}}}
    """)  # fmt: skip


def _to_another_region(resources: list[Json]) -> None:
    for row in resources:
        if row["type"].endswith("/commits"):
            row["properties"]["targetLocations"] = ["northeurope"]


MANAGER = (
    Case("always-allow-does-not-help-the-other-end", ADMIN,
         admin("[10 always_allow inbound tcp from any to any]", "[100 deny outbound any from any to any]", w="nsg: nsg,"),
         "10.0.2.4 -> 10.0.1.4 tcp/22: denied by subnet:100 over w"),
    Case("what-no-admin-rule-names-is-the-nsgs", ADMIN,
         admin("[10 deny inbound tcp/3389 from Internet to any]", "[100 allow inbound tcp/22 from any to any]"), """
         internet -> 10.0.1.4 tcp/22: allowed by subnet:100
         internet -> 10.0.1.4 tcp/3389: denied by admin:10"""),
    Case("admin-rules-hold-where-no-nsg-is", ADMIN, admin("[10 deny inbound tcp/22 from any to any]", s=""), """
         internet -> 10.0.1.4 tcp/22: denied by admin:10
         10.0.2.4 -> 10.0.1.4 tcp/22: denied by admin:10
         10.0.2.4 -> 10.0.1.4 tcp/23: allowed"""),
    Case("always-allow-opens-a-standard-address", ADMIN, admin("[10 always_allow inbound tcp/443 from Internet to any]", s=""), """
         internet -> 10.0.1.4 tcp/443: allowed by admin:10
         internet -> 10.0.1.4 tcp/444: denied by platform:StandardLbSecureByDefault
         internet in v: gap"""),
    Case("admin-rules-hold-on-the-way-out", ADMIN, admin("[10 deny outbound tcp/445 from any to any]"), """
         10.0.1.4 -> 10.0.2.4 tcp/445: denied by admin:10 over s
         10.0.1.4 -> 8.8.8.8 tcp/445: denied by admin:10
         10.0.1.4 -> 8.8.8.8 tcp/443: allowed"""),
    Case("an-exception-before-the-rule", ADMIN,
         admin("[10 allow inbound tcp/22 from 10.0.2.4/32 to any, 20 deny inbound tcp/22 from any to any]"), """
         10.0.2.4 -> 10.0.1.4 tcp/22: allowed by subnet:AllowVnetInBound
         internet -> 10.0.1.4 tcp/22: denied by admin:20"""),
    Case("not-deployed-is-without-effect", "virtual-network-manager/concept-deployments",
         admin("[10 deny inbound tcp/3389 from any to any]", deployed="false"),
         "10.0.2.4 -> 10.0.1.4 tcp/3389: allowed by subnet:AllowVnetInBound"),
    Case("deployed-to-another-region", "virtual-network-manager/concept-deployments",
         admin("[10 deny inbound tcp/3389 from any to any]"),
         "10.0.2.4 -> 10.0.1.4 tcp/3389: allowed by subnet:AllowVnetInBound", _to_another_region),
    Case("vnets-with-managed-instances-are-left-out", ADMIN,
         admin("[10 deny inbound tcp/3389 from any to any]", w="delegation: Microsoft.Sql/managedInstances,"),
         "10.0.2.4 -> 10.0.1.4 tcp/3389: allowed by subnet:AllowVnetInBound"),
)  # fmt: skip

# ---------------------------------------------------------------- routes
UDR = "virtual-network/virtual-networks-udr-overview"
ENDPOINTS = "private-link/disable-private-endpoint-network-policy"
TABLES = """
    vnets:
      v:
        address: 10.0.0.0/16
        subnets:
          one: {address: 10.0.0.0/24, route_table: rt, resources: {vm1: {type: vm, ip: 10.0.0.4}}}
          two: {address: 10.0.2.0/24, resources: {vm2: {type: vm, ip: 10.0.2.4}}}
          nva: {address: 10.0.100.0/24, resources: {nva1: {type: nva, ip: 10.0.100.4}}}
          GatewaySubnet: {address: 10.0.255.0/27, resources: {gw: vpn_gateway}}
      p: {address: [10.1.0.0/16, 10.2.0.0/16], subnets: {ps: {address: 10.1.2.0/24, resources: {vmp: {type: vm, ip: 10.1.2.4}}}}}
    route_tables: {rt: {routes: [10.0.0.0/16 -> nva1, 10.0.0.0/24 -> vnet, 10.1.0.0/16 -> none, 10.2.0.0/16 -> none,
      10.10.0.0/16 -> nva1, 0.0.0.0/0 -> nva1]}}
    peerings: [v <-> p]
    on_premises: {dc: {address: 10.10.0.0/16}}
    connections: [dc -> gw via vpn]
    """


def service(routes: str, endpoints: str = "", outbound: str = "") -> str:
    return f"""
    vnets:
      v:
        address: 10.0.0.0/16
        subnets:
          s: {{address: 10.0.1.0/24, {endpoints} {outbound} route_table: rt, resources: {{vm: {{type: vm, ip: 10.0.1.4}}}}}}
          AzureFirewallSubnet: {{address: 10.0.9.0/26, resources: {{fw: {{type: firewall, ip: 10.0.9.4, policy: pol}}}}}}
    route_tables: {{rt: {{routes: {routes}}}}}
    firewall_policies: {{pol: {{}}}}
    services: {{st: {{type: storage}}}}
    """


def endpoint(policies: str, route: str, peering: str = "- v <-> q") -> str:
    """A machine in `v`, a private endpoint and a machine in `q`, a firewall in `h`, which is peered with both."""
    return f"""
    vnets:
      v: {{address: 10.0.0.0/16, subnets: {{s: {{address: 10.0.1.0/24, route_table: rt, resources: {{vm: {{type: vm, ip: 10.0.1.4}}}}}}}}}}
      h: {{address: 10.9.0.0/16, subnets: {{AzureFirewallSubnet: {{address: 10.9.1.0/26, resources: {{
        fw: {{type: firewall, ip: 10.9.1.4, policy: pol}}}}}}}}}}
      q: {{address: 10.1.0.0/16, subnets: {{pes: {{address: 10.1.7.0/24, private_endpoint_policies: {policies}, resources: {{
        pe: {{type: private_endpoint, to: st, group: blob, ip: 10.1.7.5}}, vmq: {{type: vm, ip: 10.1.7.9}}}}}}}}}}
    route_tables: {{rt: {{routes: [{route}]}}}}
    firewall_policies: {{pol: {{}}}}
    services: {{st: {{type: storage, public_access: false}}}}
    peerings:
    - {{between: [v, h], forwarded_traffic: true}}
    - {{between: [h, q], forwarded_traffic: true}}
    {peering}
    """


ROUTES = (
    Case("a-user-route-covers-the-rest-of-the-vnet", UDR, TABLES, "10.0.0.4 -> 10.0.2.4 tcp/80: unknown by nva:* over one, nva1*, two"),
    Case("no-answer-comes-back-past-a-route-to-nowhere", UDR, TABLES, """
         10.1.2.4 -> 10.0.0.4 tcp/80: denied by return-route:None one way
         10.0.2.4 -> 10.1.2.4 tcp/80: allowed by route:VNetPeering
         vnet v | p: gap"""),
    Case("private-addresses-without-a-route-are-dropped", UDR, TABLES, """
         10.0.2.4 -> 192.168.5.5 tcp/80: denied by route:None over two
         10.0.2.4 -> 100.64.9.9 tcp/80: denied by route:None
         10.0.2.4 -> 10.99.1.1 tcp/80: denied by route:None
         10.0.0.4 -> 192.168.5.5 tcp/80: unknown by nva:*"""),
    Case("a-service-endpoint-avoids-the-default-route", UDR, service("[0.0.0.0/0 -> fw]", "service_endpoints: [Microsoft.Storage],"), """
         10.0.1.4 -> st tcp/443: allowed over s, st
         10.0.1.4 -> 8.8.8.8 tcp/443: unknown
         internet out v: enforced"""),
    Case("without-it-the-default-route-takes-services-too", UDR, service("[0.0.0.0/0 -> fw]"), """
         10.0.1.4 -> st tcp/443: denied by firewall:default-deny over s, fw
         paas st | v: enforced"""),
    Case("a-route-to-a-tag-takes-its-services", UDR, service("[0.0.0.0/0 -> fw, Storage -> internet]"), """
         10.0.1.4 -> st tcp/443: allowed over s, st
         10.0.1.4 -> 8.8.8.8 tcp/443: unknown"""),
    Case("a-route-to-another-tag-does-not", UDR, service("[0.0.0.0/0 -> fw, Sql -> internet]"),
         "10.0.1.4 -> st tcp/443: denied by firewall:default-deny"),
    Case("a-private-subnet-has-no-way-to-public-endpoints", "virtual-network/ip-services/default-outbound-access",
         service("[]", outbound="default_outbound: false,"), """
         10.0.1.4 -> internet tcp/443: denied by no-outbound-method
         10.0.1.4 -> st tcp/443: denied by no-outbound-method
         internet out v: no-path
         paas st | v: no-path"""),
    Case("a-private-subnet-reaches-services-by-endpoint", "virtual-network/ip-services/default-outbound-access",
         service("[]", "service_endpoints: [Microsoft.Storage],", "default_outbound: false,"),
         "10.0.1.4 -> st tcp/443: allowed"),
    Case("a-default-route-never-takes-a-private-endpoint", ENDPOINTS, endpoint("true", "0.0.0.0/0 -> fw"),
         "10.0.1.4 -> st tcp/443: allowed by private-endpoint over s, pes, pe, st"),
    Case("a-route-as-long-as-the-vnets-prefix-does", ENDPOINTS, endpoint("true", "10.1.0.0/16 -> fw"), """
         10.0.1.4 -> st tcp/443: denied by firewall:default-deny over s, fw
         10.0.1.4 -> 10.1.7.9 tcp/443: denied by firewall:default-deny"""),
    Case("but-not-without-network-policies", ENDPOINTS, endpoint("false", "10.1.0.0/16 -> fw"), """
         10.0.1.4 -> st tcp/443: allowed by private-endpoint
         10.0.1.4 -> 10.1.7.9 tcp/443: denied by firewall:default-deny"""),
    Case("a-route-to-the-endpoint-alone", ENDPOINTS, endpoint("true", "10.1.7.5/32 -> fw"), """
         10.0.1.4 -> st tcp/443: denied by firewall:default-deny
         10.0.1.4 -> 10.1.7.9 tcp/443: allowed"""),
    Case("endpoints-are-not-seen-across-two-peerings", ENDPOINTS, endpoint("false", "0.0.0.0/0 -> fw", ""),
         "10.0.1.4 -> st tcp/443: denied by firewall:default-deny"),
)  # fmt: skip

PREFIXES = ServiceTags("ServiceTags_Public_20240527.json", "Public", "1", {
    "azurecloud": ("20.0.0.0/8",), "storage": ("20.60.0.0/16", "20.61.0.0/16"), "storage.westeurope": ("20.60.0.0/16",),
    "azurefrontdoor.backend": ("20.80.0.0/16",),
})  # fmt: skip
TAGGED = (
    Case("longer-tags-before-shorter-ones", UDR, service("[0.0.0.0/0 -> fw, AzureCloud -> none, Storage -> internet]"), """
         10.0.1.4 -> 20.60.1.1 tcp/443: allowed
         10.0.1.4 -> 20.99.1.1 tcp/443: denied by route:None
         10.0.1.4 -> 8.8.8.8 tcp/443: denied by firewall:default-deny
         10.0.1.4 -> st tcp/443: allowed""", None, PREFIXES),
    Case("a-regions-tag-before-that-of-all-regions", UDR,
         service("[0.0.0.0/0 -> fw, Storage -> none, Storage.WestEurope -> internet]"), """
         10.0.1.4 -> 20.60.1.1 tcp/443: allowed
         10.0.1.4 -> 20.61.1.1 tcp/443: denied by route:None""", None, PREFIXES),
    Case("an-explicit-prefix-before-a-tag", UDR, service("[0.0.0.0/0 -> fw, Storage -> internet, 20.60.0.0/16 -> none]"), """
         10.0.1.4 -> 20.60.1.1 tcp/443: denied by route:None
         10.0.1.4 -> 20.61.1.1 tcp/443: allowed""", None, PREFIXES),
    Case("a-service-endpoint-before-all", UDR,
         service("[0.0.0.0/0 -> fw, 20.60.0.0/17 -> none]", "service_endpoints: [Microsoft.Storage],"), """
         10.0.1.4 -> 20.60.1.1 tcp/443: allowed
         10.0.1.4 -> 20.99.1.1 tcp/443: denied by firewall:default-deny""", None, PREFIXES),
    Case("the-prefixes-of-front-door", TAGS, one_vnet("subnet", nsg="[100 allow inbound tcp/443 from AzureFrontDoor.Backend to any]"), """
         20.80.0.9 -> 10.0.1.4 tcp/443: allowed by subnet:100
         203.0.113.9 -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound""", None, PREFIXES),
    Case("the-prefixes-of-all-of-azure", TAGS, one_vnet("subnet", nsg="[100 allow inbound tcp/443 from AzureCloud to any]"), """
         203.0.113.9 -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound
         internet in v: gap""", None, PREFIXES),
)  # fmt: skip

# ---------------------------------------------------------------- hubs and spokes
FIREWALL = "firewall/firewall-faq"
RULES = "firewall/rule-processing"
PEERING = "virtual-network/virtual-network-manage-peering"
MESH = "virtual-network-manager/concept-connectivity-configuration"
DEFAULT = "[0.0.0.0/0 -> fw]"


def hub(
    allow: str = "[tcp/443 from a to b]", routes: str = DEFAULT, a: str = "route_table: rt,", b: str = "route_table: rt,",
    a_forwarded: str = "true", b_forwarded: str = "true", policies: str = "", home: str = "", more: str = "",
) -> str:  # fmt: skip
    policies = (
        policies or f"{{pol: {{rule_collections: {{c: {{priority: 200, action: allow, rules: {allow}}}}}}}}}"
    )
    home = (
        home
        or "AzureFirewallSubnet: {address: 10.0.1.0/26, resources: {fw: {type: firewall, policy: pol, ip: 10.0.1.4}}}"
    )
    return f"""
    vnets:
      hub: {{address: 10.0.0.0/16, subnets: {{{home}, shared: {{address: 10.0.5.0/24, resources: {{dns: {{type: vm, ip: 10.0.5.4}}}}}}}}}}
      a: {{address: 10.1.0.0/16, subnets: {{sa: {{address: 10.1.1.0/24, {a} resources: {{vma: {{type: vm, ip: 10.1.1.4}}}}}}}}}}
      b: {{address: 10.2.0.0/16, subnets: {{sb: {{address: 10.2.1.0/24, {b} resources: {{vmb: {{type: vm, ip: 10.2.1.4}}}}}}}}}}
    route_tables: {{rt: {{routes: {routes}}}}}
    firewall_policies: {policies}
    peerings:
    - {{between: [hub, a], forwarded_traffic: {a_forwarded}}}
    - {{between: [hub, b], forwarded_traffic: {b_forwarded}}}
    {more}
    """


def appliances(kind: str, second: str = "") -> str:
    return ("nvas: {address: 10.0.1.0/26, resources: {fw: {type: load_balancer, internal: true, ip: 10.0.1.4, backends: [n1, n2]}, "
            f"n1: {{type: {kind}, ip: 10.0.1.5}}, n2: {{type: {second or kind}, ip: 10.0.1.6}}}}}}")  # fmt: skip


def collections(**told: str) -> str:
    """A policy whose collections are `NAME="PRIORITY ACTION LINE"`."""
    found = []
    for name, text in told.items():
        priority, action, line = text.split(" ", 2)
        found.append(f"{name}: {{priority: {priority}, action: {action}, rules: ['{line}']}}")
    return f"{{rule_collections: {{{', '.join(found)}}}}}"


def _always_translating(resources: list[Json]) -> None:
    for row in resources:
        if row["name"] == "pol":
            row["properties"]["snat"] = {"privateRanges": ["255.255.255.255/32"]}


def _without(*names: str) -> Callable[[list[Json]], None]:
    def change(resources: list[Json]) -> None:
        resources[:] = [row for row in resources if row["name"] not in names]

    return change


TWO_HUBS = """
    vnets:
      h1: {address: 10.0.0.0/16, subnets: {AzureFirewallSubnet: {address: 10.0.1.0/26, route_table: r1, resources: {
        fw1: {type: firewall, policy: pol1, ip: 10.0.1.4}}}}}
      h2: {address: 10.9.0.0/16, subnets: {AzureFirewallSubnet: {address: 10.9.1.0/26, route_table: r2, resources: {
        fw2: {type: firewall, policy: pol2, ip: 10.9.1.4}}}}}
      a: {address: 10.1.0.0/16, subnets: {sa: {address: 10.1.1.0/24, route_table: ra, resources: {vma: {type: vm, ip: 10.1.1.4}}}}}
      b: {address: 10.2.0.0/16, subnets: {sb: {address: 10.2.1.0/24, route_table: rb, resources: {vmb: {type: vm, ip: 10.2.1.4}}}}}
    route_tables:
      ra: {routes: [0.0.0.0/0 -> fw1]}
      rb: {routes: [0.0.0.0/0 -> fw2]}
      r1: {routes: [10.2.0.0/16 -> fw2]}
      r2: {routes: [10.1.0.0/16 -> fw1]}
    firewall_policies:
      pol1: {rule_collections: {c: {priority: 200, action: allow, rules: [tcp/443 from a to b, tcp/22 from a to b]}}}
      pol2: {rule_collections: {c: {priority: 200, action: allow, rules: [tcp/443 from a to b]}}}
    peerings:
    - {between: [h1, a], forwarded_traffic: true}
    - {between: [h2, b], forwarded_traffic: true}
    - {between: [h1, h2], forwarded_traffic: FORWARDED}
    """
GATEWAYS = """
    vnets:
      hub: {address: 10.0.0.0/16, subnets: {GatewaySubnet: {address: 10.0.255.0/27, resources: {gw: vpn_gateway}}}}
      a: {address: 10.1.0.0/16, subnets: {sa: {address: 10.1.1.0/24, resources: {vma: {type: vm, ip: 10.1.1.4}}}}}
      b: {address: 10.2.0.0/16, subnets: {sb: {address: 10.2.1.0/24, resources: {vmb: {type: vm, ip: 10.2.1.4}}}}}
    on_premises: {dc: {address: 172.20.0.0/16}}
    connections: [dc -> gw via vpn]
    peerings:
    - {between: [hub, a], gateway_transit: hub}
    - {between: [hub, b], gateway_transit: hub}
    """
SPOKES = (
    Case("a-route-to-a-tag-leaves-private-addresses-alone", UDR, hub(routes="[0.0.0.0/0 -> fw, AzureMonitor -> internet]"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:* over sa, fw, sb
         10.1.1.4 -> 10.2.1.4 tcp/3389: denied by firewall:default-deny over sa, fw
         vnet a | b: enforced"""),
    Case("routes-to-the-spokes-alone", FIREWALL, hub(routes="[10.1.0.0/16 -> fw, 10.2.0.0/16 -> fw]"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:*
         vnet a | b: enforced"""),
    Case("an-any-any-rule-inspects-nothing", RULES, hub("[any from any to any]"), """
         10.1.1.4 -> 10.2.1.4 tcp/3389: allowed by firewall:*
         vnet a | b: gap
         finds ZT-34"""),
    Case("all-ports-between-spokes-too", RULES, hub("[any from a to b]"), "vnet a | b: gap"),
    Case("no-leave-for-answers-from-the-hub", PEERING, hub(a_forwarded="false"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: unknown by *peering:allowForwardedTraffic=false
         vnet a | b: enforced"""),
    Case("a-machine-that-does-not-forward", UDR, hub(home="nvas: {address: 10.0.1.0/26, resources: {fw: {type: vm, ip: 10.0.1.4}}}"),
         "10.1.1.4 -> 10.2.1.4 tcp/443: denied by nva:no-ip-forwarding"),
    Case("a-pair-of-appliances-behind-a-balancer", UDR, hub(home=appliances("nva")), """
         10.1.1.4 -> 10.2.1.4 tcp/443: unknown by nva:* over sa, fw, sb
         vnet a | b: unknown"""),
    Case("a-balancer-before-machines-that-do-not-forward", UDR, hub(home=appliances("vm")),
         "10.1.1.4 -> 10.2.1.4 tcp/443: denied by nva:no-ip-forwarding"),
    Case("a-balancer-before-one-that-forwards-and-one-that-does-not", UDR, hub(home=appliances("nva", "vm")),
         "10.1.1.4 -> 10.2.1.4 tcp/443: unknown"),
    Case("a-next-hop-that-nobody-has", UDR, hub(routes="[0.0.0.0/0 -> 10.0.77.7]"), "vnet a | b: unknown"),
    Case("a-peering-begun-from-one-side", PEERING, hub(more="- {between: [a, b], state: initiated}"), """
         10.1.1.4 -> 10.2.1.4 tcp/3389: denied by firewall:default-deny
         vnet a | b: enforced"""),
    Case("a-peering-avoids-the-firewall", FIREWALL, hub(more="- a <-> b"), """
         10.1.1.4 -> 10.2.1.4 tcp/3389: allowed by route:VNetPeering over sa, sb
         vnet a | b: gap
         finds ZT-19"""),
    Case("a-mesh-avoids-the-firewall", MESH,
         hub(more="\n    network_manager: {groups: {g: {members: [a, b]}}, connectivity: {m: {topology: mesh, groups: [g]}}}"), """
         10.1.1.4 -> 10.2.1.4 tcp/3389: allowed by route:ConnectedGroup
         vnet a | b: gap
         finds ZT-19"""),
    Case("a-mesh-that-is-not-deployed", MESH,
         hub(more="\n    network_manager: {groups: {g: {members: [a, b]}},"
             " connectivity: {m: {topology: mesh, groups: [g], deployed: false}}}"),
         "vnet a | b: enforced"),
    Case("a-deny-of-the-hub-and-a-hubs-own-subnet", FIREWALL, hub(), """
         10.1.1.4 -> 10.0.5.4 tcp/53: allowed by route:VNetPeering
         vnet hub | a: gap"""),
    Case("always-translated-answers-find-back", "firewall/snat-private-range", hub(b=""),
         "10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:*", _always_translating),
    Case("proxied-answers-find-back", RULES, hub("['https/443 from a to *']", b=""), "10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:*"),
    Case("two-firewalls-in-a-row", FIREWALL, TWO_HUBS.replace("FORWARDED", "true"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:* over sa, fw1, fw2, sb
         10.1.1.4 -> 10.2.1.4 tcp/22: denied by firewall:default-deny over sa, fw1, fw2
         10.1.1.4 -> 10.2.1.4 tcp/23: denied by firewall:default-deny over sa, fw1
         vnet a | b: enforced"""),
    Case("no-leave-for-what-one-hub-sends-to-another", PEERING, TWO_HUBS.replace("FORWARDED", "false"),
         "10.1.1.4 -> 10.2.1.4 tcp/443: unknown by peering:allowForwardedTraffic=false"),
    Case("spokes-of-one-gateway-do-not-meet", "vpn-gateway/vpn-gateway-peering-gateway-transit", GATEWAYS, """
         10.1.1.4 -> 10.2.1.4 tcp/443: denied by route:None
         10.1.1.4 -> 172.20.1.1 tcp/443: allowed by route:VirtualNetworkGateway
         vnet a | b: no-path"""),
)  # fmt: skip

ORDER = (
    Case("the-lower-priority-allows", RULES, hub(policies="{pol: " + collections(
        A="200 allow tcp/443 from any to any", D="300 deny tcp/443 from any to any") + "}"),
        "10.1.1.4 -> 10.2.1.4 tcp/443: allowed by firewall:*"),
    Case("the-lower-priority-denies", RULES, hub(policies="{pol: " + collections(
        A="300 allow tcp/443 from any to any", D="200 deny tcp/443 from any to any") + "}"),
        "10.1.1.4 -> 10.2.1.4 tcp/443: denied by firewall:* over sa, fw"),
    Case("the-parent-allows-whatever-the-numbers", RULES, hub(policies="{base: " + collections(
        A="60000 allow tcp/443 from a to b") + ", pol: {parent: base, " + collections(
        D="100 deny tcp/443 from any to any")[1:] + "}"), "10.1.1.4 -> 10.2.1.4 tcp/443: allowed"),
    Case("network-rules-come-before-application-rules", RULES, hub(policies="{pol: " + collections(
        A="500 allow tcp/443 from a to b", D="100 deny https/443 from a to *") + "}"),
        "10.1.1.4 -> 10.2.1.4 tcp/443: allowed"),
    Case("any-is-every-protocol", RULES, hub("[any from a to b]"), "10.1.1.4 -> 10.2.1.4 icmp: allowed"),
    Case("a-port-means-tcp-and-udp", RULES, hub("[any/53 from a to b]"), """
         10.1.1.4 -> 10.2.1.4 udp/53: allowed
         10.1.1.4 -> 10.2.1.4 icmp: denied
         vnet a | b: enforced"""),
    Case("groups-of-addresses", RULES, hub("[tcp/443 from ga to gb]", more="\n    ip_groups: {ga: [10.1.0.0/16], gb: [10.2.1.0/24]}"),
         "10.1.1.4 -> 10.2.1.4 tcp/443: allowed"),
    Case("a-group-that-the-input-lacks", RULES,
         hub("[tcp/443 from ga to gb]", more="\n    ip_groups: {ga: [10.1.0.0/16], gb: [10.2.1.0/24]}"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: unknown
         10.1.1.4 -> 10.2.1.4 tcp/22: denied by firewall:default-deny""", _without("ga")),
    Case("a-parent-that-the-input-lacks", RULES, hub(policies="{base: " + collections(
        D="200 deny tcp/443 from any to any") + ", pol: {parent: base, " + collections(
        A="100 allow tcp/443 from a to b")[1:] + "}"), "vnet a | b: unknown", _without("base", "base-rules")),
)  # fmt: skip


# ---------------------------------------------------------------- two VNets
def two_vnets(
    peering: str = "a <-> b", a: str = "", b: str = "", a_space: str = "10.1.0.0/16", b_space: str = "10.2.0.0/16",
    a_prefix: str = "10.1.1.0/24", b_prefix: str = "10.2.1.0/24",
) -> str:  # fmt: skip
    return f"""
    subscriptions:
      One: {{vnets: {{a: {{address: {a_space}, subnets: {{sa: {{address: {a_prefix}, {a} resources: {{vma: {{type: vm, ip: 10.1.1.4}}}}}}}}}}}}}}
      Two: {{vnets: {{b: {{address: {b_space}, subnets: {{
        sb: {{address: {b_prefix}, {b} resources: {{vmb: {{type: vm, ip: 10.2.1.4}}}}}},
        sb2: {{address: 10.2.2.0/24, {b} resources: {{vmb2: {{type: vm, ip: 10.2.2.4}}}}}}}}}}}}}}
    nsgs:
      default: {{rules: []}}
      closed: {{rules: [4096 deny inbound any from any to any]}}
      named: {{rules: [100 allow inbound tcp/443 from 10.1.0.0/16 to any, 4096 deny inbound any from any to any]}}
      four: {{rules: [100 deny inbound any from 10.0.0.0/8 to any, 110 deny outbound any from any to 10.0.0.0/8]}}
    peerings: [{peering}]
    """


def _grown(resources: list[Json]) -> None:
    """`b` has a range that its peer does not know yet."""
    for row in resources:
        if row["name"] == "b":
            row["properties"]["addressSpace"]["addressPrefixes"].append("10.3.0.0/16")
            subnet = {
                "name": "sb3",
                "id": f"{row['id']}/subnets/sb3",
                "properties": {"addressPrefix": "10.3.1.0/24"},
            }
            row["properties"]["subnets"].append(subnet)
        if row["name"] == "a":
            row["properties"]["virtualNetworkPeerings"][0]["properties"]["peeringSyncLevel"] = (
                "RemoteNotInSync"
            )


def _of_subnets(resources: list[Json]) -> None:
    for row in resources:
        if row["name"] in ("a", "b"):
            half = row["properties"]["virtualNetworkPeerings"][0]["properties"]
            near, far = ("sa", "sb") if row["name"] == "a" else ("sb", "sa")
            half |= {"peerCompleteVnets": False, "localSubnetNames": [near], "remoteSubnetNames": [far]}


def _one_side_alone(resources: list[Json]) -> None:
    for row in resources:
        if row["name"] == "b":
            row["properties"]["virtualNetworkPeerings"] = []


DUAL = {"a_space": "[10.1.0.0/16, 'fd00:1::/48']", "b_space": "[10.2.0.0/16, 'fd00:2::/48']",
        "a_prefix": "[10.1.1.0/24, 'fd00:1:0:1::/64']", "b_prefix": "[10.2.1.0/24, 'fd00:2:0:1::/64']"}  # fmt: skip
PAIRS = (
    Case("peered-across-subscriptions", PEERING, two_vnets(a="nsg: default,", b="nsg: default,"), """
         subscription One | Two: gap
         finds ZT-05"""),
    Case("peered-and-held-by-nsgs", PEERING, two_vnets(a="nsg: closed,", b="nsg: named,"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by subnet:100
         10.2.1.4 -> 10.1.1.4 tcp/443: denied by subnet:4096
         subscription One | Two: enforced"""),
    Case("half-a-peering", PEERING, two_vnets("a -> b"), "vnet a | b: no-path"),
    Case("a-peering-cut-from-one-side", PEERING, two_vnets("{between: [a, b], state: disconnected}"), "subscription One | Two: no-path"),
    Case("without-access-default-nsgs-deny", PEERING,
         two_vnets("{between: [a, b], access: false}", "nsg: default,", "nsg: default,"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: denied by subnet:DenyAllOutBound
         vnet a | b: enforced"""),
    Case("without-access-and-nsgs-packets-pass", PEERING, two_vnets("{between: [a, b], access: false}"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by route:VNetPeering
         vnet a | b: gap"""),
    Case("half-a-peering-is-in-the-export", PEERING, two_vnets(),
         "10.1.1.4 -> 10.2.1.4 tcp/443: allowed by route:VNetPeering assuming ASSUME_REMOTE_PEER", _one_side_alone),
    Case("a-range-that-is-not-in-sync", PEERING, two_vnets(), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by route:VNetPeering
         10.1.1.4 -> 10.3.1.4 tcp/443: unknown by route:VNetPeering?
         finds ZT-06""", _grown),
    Case("subnets-alone-are-peered", "virtual-network/how-to-configure-subnet-peering", two_vnets(), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed by route:VNetPeering
         10.1.1.4 -> 10.2.2.4 tcp/443: denied by route:None
         10.2.2.4 -> 10.1.1.4 tcp/443: denied by route:None""", _of_subnets),
    Case("version-6-passes-what-denies-version-4", NSGS, two_vnets(a="nsg: four,", b="nsg: four,", **DUAL), """
         10.1.1.4 -> 10.2.1.4 tcp/443: denied
         fd00:1:0:1::4 -> fd00:2:0:1::4 tcp/443: allowed by subnet:AllowVnetInBound
         vnet a | b: gap"""),
    Case("any-denies-both-versions", NSGS, two_vnets(a="nsg: closed,", b="nsg: closed,", **DUAL), """
         fd00:1:0:1::4 -> fd00:2:0:1::4 tcp/443: denied by subnet:4096
         vnet a | b: enforced"""),
    Case("one-address-in-two-networks", PEERING, """
    vnets:
      hub: {address: 10.0.0.0/16, subnets: {sh: {address: 10.0.1.0/24, resources: {vmh: {type: vm, ip: 10.0.1.4}}}}}
      a: {address: 10.1.0.0/16, subnets: {sa: {address: 10.1.1.0/24, resources: {vma: {type: vm, ip: 10.1.1.4}}}}}
      b: {address: 10.1.0.0/16, subnets: {sb: {address: 10.1.1.0/24, resources: {vmb: {type: vm, ip: 10.1.1.4}}}}}
    peerings: [hub <-> a]
    """, """
         vmh -> vma tcp/443: allowed
         vmh -> vmb tcp/443: denied
         vma -> vmb tcp/443: denied
         vnet a | b: no-path
         vnet hub | b: no-path"""),
)  # fmt: skip


# ---------------------------------------------------------------- one VNet, by routes
def tiers(web: str, db: str, allow: str = "[]") -> str:
    return f"""
    vnets:
      v:
        address: 10.0.0.0/16
        subnets:
          AzureFirewallSubnet: {{address: 10.0.9.0/26, resources: {{fw: {{type: firewall, policy: pol, ip: 10.0.9.4}}}}}}
          web: {{address: 10.0.1.0/24, route_table: rw, resources: {{vmw: {{type: vm, ip: 10.0.1.4}}}}}}
          db: {{address: 10.0.2.0/24, route_table: rd, resources: {{vmd: {{type: vm, ip: 10.0.2.4}}}}}}
    route_tables: {{rw: {{routes: [{web}]}}, rd: {{routes: [{db}]}}}}
    firewall_policies: {{pol: {{rule_collections: {{c: {{priority: 200, action: allow, rules: {allow}}}}}}}}}
    """


SUBNETS = (
    Case("the-firewall-on-one-side-only", FIREWALL, tiers("10.0.2.0/24 -> fw", ""), """
         10.0.1.4 -> 10.0.2.4 tcp/1433: denied by firewall:default-deny
         10.0.2.4 -> 10.0.1.4 tcp/1433: unknown
         subnet web | db: gap"""),
    Case("the-firewall-by-the-vnets-whole-prefix", FIREWALL,
         tiers("10.0.0.0/16 -> fw", "10.0.0.0/16 -> fw", "[tcp/1433 from web to db]"), """
         10.0.1.4 -> 10.0.2.4 tcp/1433: allowed by firewall:* over web, fw, db
         subnet web | db: enforced"""),
    Case("half-of-a-subnet-goes-past-the-firewall", FIREWALL, tiers("10.0.2.0/25 -> fw", "10.0.1.0/24 -> fw"), """
         10.0.1.4 -> 10.0.2.4 tcp/1433: denied by firewall:default-deny
         subnet web | db: gap"""),
    Case("routes-to-nowhere-on-both-sides", UDR, tiers("10.0.2.0/24 -> none", "10.0.1.0/24 -> none"), "subnet web | db: enforced"),
    Case("a-route-to-nowhere-on-one-side", UDR, tiers("10.0.2.0/24 -> none", ""), """
         10.0.2.4 -> 10.0.1.4 tcp/1433: denied by return-route:None one way
         subnet web | db: gap"""),
)  # fmt: skip

# ---------------------------------------------------------------- on premises
INSPECT = "firewall/tutorial-hybrid-portal"
TRANSIT = "vpn-gateway/vpn-gateway-peering-gateway-transit"


def premises(
    gateway: str = "[10.1.0.0/16 -> fw]", spoke: str = DEFAULT, propagates: str = "false", nsg: str = "",
    allow: str = "[tcp/443 from dc to sa]", transit: str = "gateway_transit: hub,",
) -> str:  # fmt: skip
    return f"""
    vnets:
      hub: {{address: 10.0.0.0/16, subnets: {{
        AzureFirewallSubnet: {{address: 10.0.1.0/26, resources: {{fw: {{type: firewall, policy: pol, ip: 10.0.1.4}}}}}},
        GatewaySubnet: {{address: 10.0.255.0/27, route_table: rtg, resources: {{gw: vpn_gateway}}}}}}}}
      a: {{address: 10.1.0.0/16, subnets: {{sa: {{address: 10.1.1.0/24, route_table: rt, {nsg} resources: {{vma: {{type: vm, ip: 10.1.1.4}}}}}}}}}}
    route_tables: {{rt: {{routes: {spoke}, propagate_gateway_routes: {propagates}}}, rtg: {{routes: {gateway}}}}}
    firewall_policies: {{pol: {{rule_collections: {{c: {{priority: 200, action: allow, rules: {allow}}}}}}}}}
    nsgs:
      default: {{rules: []}}
      named: {{rules: [100 allow inbound tcp/443 from dc to sa, 110 deny inbound any from dc to any,
        120 deny outbound any from any to dc]}}
    on_premises: {{dc: {{address: 172.20.0.0/16}}}}
    connections: [dc -> gw via vpn]
    peerings: [{{between: [hub, a], {transit} forwarded_traffic: true}}]
    """


CIRCUITS = """
    vnets:
      a: {address: 10.1.0.0/16, subnets: {sa: {address: 10.1.1.0/24, resources: {vma: {type: vm, ip: 10.1.1.4}}},
        GatewaySubnet: {address: 10.1.255.0/27, resources: {gwa: expressroute_gateway}}}}
      b: {address: 10.2.0.0/16, subnets: {sb: {address: 10.2.1.0/24, resources: {vmb: {type: vm, ip: 10.2.1.4}}},
        GatewaySubnet: {address: 10.2.255.0/27, resources: {gwb: expressroute_gateway}}}}
    on_premises: {dc: {address: 172.20.0.0/16}}
    circuits: [one, two]
    connections:
    - {from: dc, to: gwa, type: expressroute, circuit: one}
    - {from: dc, to: gwb, type: expressroute, circuit: SECOND}
    """


def _flags(a: bool | None, b: bool | None) -> Callable[[list[Json]], None]:
    def change(resources: list[Json]) -> None:
        for row in resources:
            flag = {"gwa": a, "gwb": b}.get(row["name"])
            if flag is not None:
                row["properties"]["allowRemoteVnetTraffic"] = flag

    return change


def _with_clients(resources: list[Json]) -> None:
    for row in resources:
        if row["name"] == "gw":
            pool = {"vpnClientAddressPool": {"addressPrefixes": ["192.168.200.0/24"]}}
            row["properties"]["vpnClientConfiguration"] = pool


EXPRESSROUTE = "expressroute/expressroute-faqs"
OUTSIDE = (
    Case("default-nsgs-let-sites-in", TAGS, premises("[]", "[]", "true", "nsg: default,"), """
         172.20.1.1 -> 10.1.1.4 tcp/3389: allowed by subnet:AllowVnetInBound
         on-premises dc | a: gap
         finds ZT-15"""),
    Case("nsgs-that-name-the-site-hold", TAGS, premises("[]", "[]", "true", "nsg: named,"), """
         172.20.1.1 -> 10.1.1.4 tcp/443: allowed by subnet:100
         172.20.1.1 -> 10.1.1.4 tcp/22: denied by subnet:110
         10.1.1.4 -> 172.20.1.1 tcp/443: denied by subnet:120 over sa
         on-premises dc | a: enforced"""),
    Case("the-firewall-between-both-ways", INSPECT, premises(), """
         172.20.1.1 -> 10.1.1.4 tcp/443: allowed by firewall:*
         172.20.1.1 -> 10.1.1.4 tcp/22: denied by firewall:default-deny
         on-premises dc | a: enforced"""),
    Case("only-the-gateway-sends-to-the-firewall", INSPECT, premises(spoke="[]", propagates="true"), """
         172.20.1.1 -> 10.1.1.4 tcp/443: denied by asymmetric-return one way
         10.1.1.4 -> 172.20.1.1 tcp/443: unknown by route:VirtualNetworkGateway
         on-premises dc | a: gap"""),
    Case("only-the-spoke-sends-to-the-firewall", INSPECT, premises(gateway="[]"), """
         10.1.1.4 -> 172.20.1.1 tcp/443: denied by firewall:default-deny
         on-premises dc | a: gap
         finds ZT-17"""),
    Case("a-shorter-prefix-loses-to-the-peering", INSPECT, premises(gateway="[10.0.0.0/8 -> fw]"), "on-premises dc | a: gap"),
    Case("gateway-routes-avoid-the-firewall", INSPECT, premises(propagates="true"), """
         10.1.1.4 -> 172.20.1.1 tcp/443: unknown by route:VirtualNetworkGateway
         on-premises dc | a: gap
         finds ZT-16"""),
    Case("an-any-any-rule-between-sites-and-spokes", RULES, premises(allow="[any from any to any]"), "on-premises dc | a: gap"),
    Case("a-spoke-without-the-gateway", TRANSIT, premises("[]", "[]", "true", transit=""), """
         10.1.1.4 -> 172.20.1.1 tcp/443: denied by route:None
         172.20.1.1 -> 10.1.1.4 tcp/443: denied
         on-premises dc | a: no-path"""),
    Case("routes-of-the-site-to-nowhere", UDR, premises("[]", "[172.20.0.0/16 -> none]", "true"), """
         10.1.1.4 -> 172.20.1.1 tcp/443: denied by route:None
         172.20.1.1 -> 10.1.1.4 tcp/443: denied by return-route:None one way"""),
    Case("without-gateway-routes-answers-are-dropped", UDR, premises("[]", "[]", "false"), """
         10.1.1.4 -> 172.20.1.1 tcp/443: denied by route:None
         172.20.1.1 -> 10.1.1.4 tcp/443: denied by return-route:None one way"""),
    Case("a-longer-gateway-route-beats-the-users", UDR, premises("[]", "[172.16.0.0/12 -> fw]", "true"),
         "10.1.1.4 -> 172.20.1.1 tcp/443: allowed by route:VirtualNetworkGateway"),
    Case("the-users-route-beats-an-equal-one", UDR, premises("[]", "[172.20.0.0/16 -> fw]", "true"),
         "10.1.1.4 -> 172.20.1.1 tcp/443: denied by firewall:default-deny"),
    Case("clients-of-a-point-to-site-gateway", "vpn-gateway/point-to-site-about", premises("[]", "[]", "true"), """
         192.168.200.5 -> 10.1.1.4 tcp/443: allowed over clients of gw, gw, sa
         10.1.1.4 -> 192.168.200.5 tcp/443: allowed by route:VirtualNetworkGateway
         on-premises gw | a: gap""", _with_clients),
    Case("two-vnets-on-one-circuit", EXPRESSROUTE, CIRCUITS.replace("SECOND", "one"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed over sa, gwa, one, gwb, sb
         vnet a | b: gap
         finds ZT-18"""),
    Case("two-vnets-on-two-circuits", EXPRESSROUTE, CIRCUITS.replace("SECOND", "two"), "vnet a | b: no-path"),
    Case("gateways-that-both-refuse-other-vnets", EXPRESSROUTE, CIRCUITS.replace("SECOND", "one"), "vnet a | b: no-path", _flags(False, False)),
    Case("gateways-of-which-one-refuses", EXPRESSROUTE, CIRCUITS.replace("SECOND", "one"), "vnet a | b: unknown", _flags(True, False)),
    Case("gateways-that-allow", EXPRESSROUTE, CIRCUITS.replace("SECOND", "one"), "vnet a | b: gap", _flags(True, True)),
    Case("a-circuits-prefixes-are-not-in-an-export", EXPRESSROUTE, CIRCUITS.replace("SECOND", "one"), """
         10.1.1.4 -> 172.30.1.1 tcp/443: unknown
         172.30.1.1 -> 10.1.1.4 tcp/443: allowed""", _flags(None, None)),
)  # fmt: skip

# ---------------------------------------------------------------- the Internet
WAF = "web-application-firewall/ag/ag-overview"
BALANCER = "load-balancer/load-balancer-overview"
DNAT = "firewall/destination-nat-rules"
DOOR = "frontdoor/origin-security"
FROM_GATEWAY = "['100 allow inbound tcp/443 from gwsub to web', 4096 deny inbound any from any to any]"


def gateway(
    waf: str = "waf: W,", mode: str = "prevention", enabled: str = "true", nsg: str = FROM_GATEWAY, own: str = "",
    front: str = "public_ip: true", machine: str = "",
) -> str:  # fmt: skip
    return f"""
    vnets:
      v: {{address: 10.0.0.0/16, subnets: {{
        gwsub: {{address: 10.0.8.0/24, {own} resources: {{agw: {{type: application_gateway, {waf} backends: [vm], {front}}}}}}},
        web: {{address: 10.0.1.0/24, default_outbound: false, nsg: nw, resources: {{vm: {{type: vm, ip: 10.0.1.4{machine}}}}}}}}}}}
    waf_policies: {{W: {{mode: {mode}, enabled: {enabled}}}}}
    nsgs: {{nw: {{rules: {nsg}}}, closed: {{rules: []}}}}
    """


def balancer(sku: str = "standard", nsg: str = "", rules: str = "[]") -> str:
    return f"""
    vnets: {{v: {{address: 10.0.0.0/16, subnets: {{web: {{address: 10.0.1.0/24, default_outbound: false, {nsg} resources: {{
      vm: {{type: vm, ip: 10.0.1.4}}, lb: {{type: load_balancer, sku: {sku}, public_ip: pip, backends: [vm]}}}}}}}}}}}}
    nsgs: {{n: {{rules: {rules}}}}}
    public_ips: {{pip: {{sku: {sku}}}}}
    """


def dnat(
    sources: str = "any", to: str = "10.1.1.4:22", nsg: str = "", rules: str = "[]", beside: str = ""
) -> str:
    return f"""
    vnets:
      hub: {{address: 10.0.0.0/16, subnets: {{
        AzureFirewallSubnet: {{address: 10.0.1.0/26, resources: {{fw: {{type: firewall, policy: pol, ip: 10.0.1.4, public_ip: pip}}}}}}
        {beside}}}}}
      a: {{address: 10.1.0.0/16, subnets: {{sa: {{address: 10.1.1.0/24, route_table: rt, {nsg} resources: {{vma: {{type: vm, ip: 10.1.1.4}}}}}}}}}}
    route_tables: {{rt: {{routes: [0.0.0.0/0 -> fw]}}}}
    public_ips: {{pip: {{address: 20.50.60.70}}}}
    nsgs: {{n: {{rules: {rules}}}}}
    waf_policies: {{W: {{mode: prevention}}}}
    firewall_policies: {{pol: {{rule_collections: {{d: {{priority: 100, action: dnat, rules: [tcp/22 from {sources} to pip -> {to}]}}}}}}}}
    peerings: [{{between: [hub, a], forwarded_traffic: true}}]
    """


def egress(subnet: str = "", rules: str = "[]", allow: str = "[]") -> str:
    return f"""
    vnets:
      v: {{address: 10.0.0.0/16, subnets: {{
        AzureFirewallSubnet: {{address: 10.0.9.0/26, resources: {{fw: {{type: firewall, policy: pol, ip: 10.0.9.4}}}}}},
        s: {{address: 10.0.1.0/24, {subnet} resources: {{vm: {{type: vm, ip: 10.0.1.4}}}}}}}}}}
    route_tables: {{rt: {{routes: [0.0.0.0/0 -> fw]}}, nowhere: {{routes: [0.0.0.0/0 -> none]}}}}
    nat_gateways: [ng]
    nsgs: {{n: {{rules: {rules}}}}}
    firewall_policies: {{pol: {{rule_collections: {{c: {{priority: 200, action: allow, rules: {allow}}}}}}}}}
    """


def door(
    origins: str, waf: str = "waf: W,", machine: str = "", rules: str = "[]", access: str = "false"
) -> str:
    return f"""
    vnets: {{v: {{address: 10.0.0.0/16, subnets: {{s: {{address: 10.0.1.0/24, default_outbound: false, nsg: n, resources: {{
      vm: {{type: vm, ip: 10.0.1.4{machine}}}}}}}}}}}}}
    services:
      fd: {{type: front_door, {waf} origins: {origins}}}
      st: {{type: storage, public_access: {access}}}
    waf_policies: {{W: {{mode: prevention}}}}
    nsgs: {{n: {{rules: {rules}}}}}
    """


def _nat_rule(resources: list[Json]) -> None:
    """The balancer passes port 50022 to port 22 of the machine, and nothing else."""
    nic = next(row for row in resources if row["name"] == "vm-nic")["properties"]["ipConfigurations"][0]
    lb = next(row for row in resources if row["name"] == "lb")
    rule = f"{lb['id']}/inboundNatRules/ssh"
    nic["properties"]["loadBalancerInboundNatRules"] = [{"id": rule}]
    lb["properties"]["loadBalancingRules"] = []
    lb["properties"]["inboundNatRules"] = [{"name": "ssh", "id": rule, "properties": {
        "protocol": "Tcp", "frontendPort": 50022, "backendPort": 22, "backendIPConfiguration": {"id": nic["id"]},
        "frontendIPConfiguration": {"id": f"{lb['id']}/frontendIPConfigurations/front"},
    }}]  # fmt: skip


def _two_listeners(mode: str) -> Callable[[list[Json]], None]:
    """A second listener, on 8443, with a WAF policy of its own in a mode; "" for a gateway without one for all."""

    def change(resources: list[Json]) -> None:
        policy = next(row for row in resources if row["type"].endswith("ApplicationFirewallPolicies"))
        second = copy.deepcopy(policy)
        second |= {"id": f"{policy['id']}-2", "name": "W-2"}
        second["properties"]["policySettings"]["mode"] = mode
        resources.append(second)
        gateway = next(row for row in resources if row["name"] == "agw")
        parts = gateway["properties"]
        own = parts.pop("firewallPolicy")
        for segment in ("frontendPorts", "httpListeners", "requestRoutingRules"):
            parts[segment].append(
                json.loads(json.dumps(parts[segment][0]).replace('/x"', '/y"').replace('"x"', '"y"'))
            )
        parts["frontendPorts"][1]["properties"]["port"] = 8443
        first, other = (listener["properties"] for listener in parts["httpListeners"])
        first["firewallPolicy"] = own
        other["frontendIPConfiguration"] = first["frontendIPConfiguration"]
        if mode:
            other["firewallPolicy"] = {"id": second["id"]}
        rule = parts["requestRoutingRules"][1]["properties"]
        rule |= {
            key: parts["requestRoutingRules"][0]["properties"][key]
            for key in ("backendAddressPool", "backendHttpSettings")
        }

    return change


INGRESS = (
    Case("no-way-in-at-all", "security/zero-trust/azure-infrastructure-networking", gateway(front="ip: 10.0.8.10"), """
         internet -> 10.0.1.4 tcp/443: denied by no-public-entry
         internet in v: no-path"""),
    Case("a-gateway-with-a-waf", WAF, gateway(), """
         internet -> 10.0.1.4 tcp/443: allowed by application-gateway:* over Internet, agw*, web
         internet -> 10.0.1.4 tcp/22: denied
         internet in v: enforced"""),
    Case("the-backend-does-not-know-the-gateway", HOW, gateway(nsg="[4096 deny inbound any from any to any]"),
         "internet -> 10.0.1.4 tcp/443: denied by subnet:4096"),
    Case("the-gateways-own-nsg-is-closed", "application-gateway/configuration-infrastructure", gateway(own="nsg: closed,"), """
         internet -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound
         internet in v: enforced
         finds ZT-37"""),
    Case("a-waf-that-only-detects", WAF, gateway(mode="detection"), """
         internet in v: gap
         finds ZT-12"""),
    Case("a-waf-that-is-off", WAF, gateway(enabled="false"), "internet in v: gap"),
    Case("no-waf", WAF, gateway(waf=""), """
         internet in v: gap
         finds ZT-11"""),
    Case("around-the-waf", WAF, gateway(nsg="[100 allow inbound tcp/443 from Internet to web]", machine=", public_ip: true"), """
         internet in v: gap
         finds ZT-08"""),
    Case("two-listeners-of-which-one-is-not-protected", WAF, gateway(), """
         internet in v: gap
         internet -> 10.0.1.4 tcp/8443: allowed by application-gateway:*""", _two_listeners("Detection")),
    Case("two-listeners-both-protected", WAF, gateway(), "internet in v: enforced", _two_listeners("Prevention")),
    Case("a-listener-without-a-policy", WAF, gateway(), "internet in v: gap", _two_listeners("")),
    Case("a-standard-balancer-is-closed", BALANCER, balancer(), """
         internet -> 10.0.1.4 tcp/443: denied by platform:StandardLbSecureByDefault
         internet in v: enforced"""),
    Case("a-standard-balancer-and-an-nsg", BALANCER, balancer(nsg="nsg: n,", rules="[100 allow inbound tcp/443 from Internet to any]"), """
         internet -> 10.0.1.4 tcp/443: allowed by subnet:100
         internet in v: gap"""),
    Case("a-basic-balancer-is-open", BALANCER, balancer("basic"), """
         internet -> 10.0.1.4 tcp/443: allowed
         internet in v: gap"""),
    Case("a-basic-balancer-and-default-nsg", BALANCER, balancer("basic", "nsg: n,"), """
         internet -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound
         internet in v: enforced"""),
    Case("an-nsg-sees-the-backends-port", "load-balancer/inbound-nat-rules",
         balancer(nsg="nsg: n,", rules="[100 allow inbound tcp/22 from Internet to any]"), """
         internet -> 10.0.1.4 tcp/22: allowed by subnet:100
         internet -> 10.0.1.4 tcp/50022: allowed by subnet:100
         internet -> 10.0.1.4 tcp/443: denied by no-public-entry
         internet in v: gap""", _nat_rule),
    Case("not-the-balancers", "load-balancer/inbound-nat-rules",
         balancer(nsg="nsg: n,", rules="[100 allow inbound tcp/50022 from Internet to any]"), """
         internet -> 10.0.1.4 tcp/22: denied by subnet:DenyAllInBound
         internet in v: enforced""", _nat_rule),
    Case("dnat-for-anyone", DNAT, dnat(), """
         internet -> 10.1.1.4 tcp/22: allowed by firewall:*
         203.0.113.9 -> 10.1.1.4 tcp/443: denied by no-public-entry
         internet in a: gap
         finds ZT-14"""),
    Case("dnat-for-some", DNAT, dnat("203.0.113.0/24"), """
         203.0.113.9 -> 10.1.1.4 tcp/22: allowed by firewall:*
         198.51.100.7 -> 10.1.1.4 tcp/22: denied by firewall:*
         internet in a: enforced"""),
    Case("dnat-to-another-port", DNAT, dnat(to="10.1.1.4:3389"), """
         internet -> 10.1.1.4 tcp/3389: allowed by firewall:*
         internet -> 10.1.1.4 tcp/22: allowed by firewall:*"""),
    Case("behind-dnat-the-source-is-the-firewall", DNAT,
         dnat("203.0.113.0/24", nsg="nsg: n,", rules="[100 allow inbound tcp/22 from 203.0.113.0/24 to any, 4096 deny inbound any from any to any]"),
         "203.0.113.9 -> 10.1.1.4 tcp/22: denied by subnet:4096"),
    Case("an-nsg-that-lets-the-firewall-in", DNAT,
         dnat("203.0.113.0/24", nsg="nsg: n,", rules="[100 allow inbound tcp/22 from 10.0.1.0/26 to any, 4096 deny inbound any from any to any]"),
         "203.0.113.9 -> 10.1.1.4 tcp/22: allowed"),
    Case("an-nsg-that-keeps-the-firewall-out", DNAT, dnat(nsg="nsg: n,", rules="[4096 deny inbound any from any to any]"),
         "internet in a: enforced"),
    Case("the-firewall-before-a-gateway-with-a-waf", "architecture/example-scenario/gateway/firewall-application-gateway",
         dnat(to="10.0.8.10:443", beside=", gwsub: {address: 10.0.8.0/24, resources: {"
              "agw: {type: application_gateway, waf: W, backends: [vma], ip: 10.0.8.10}}}").replace("tcp/22", "tcp/443"), """
         internet -> 10.1.1.4 tcp/443: allowed over Internet, fw, agw*, sa
         internet in a: enforced
         internet in hub: enforced"""),
    Case("a-front-door-before-an-open-origin", DOOR,
         door("[vm]", machine=", public_ip: true", rules="[100 allow inbound tcp/443 from Internet to any]"), """
         internet in v: gap
         finds ZT-13"""),
    Case("a-front-door-before-an-origin-that-knows-its-tag", DOOR,
         door("[vm]", machine=", public_ip: true", rules="[100 allow inbound tcp/443 from AzureFrontDoor.Backend to any]"),
         "internet in v: unknown"),
    Case("a-front-door-before-a-closed-origin", DOOR, door("[vm]", machine=", public_ip: true"), """
         internet -> 10.0.1.4 tcp/443: denied by subnet:DenyAllInBound
         internet in v: enforced"""),
    Case("a-front-door-with-a-private-origin", "frontdoor/private-link", door("[{to: st, private_link: true}]"), """
         internet -> st tcp/443: allowed by front-door:* over Internet, fd*, st
         paas st | internet: enforced"""),
    Case("a-front-door-without-waf-with-a-private-origin", "frontdoor/private-link", door("[{to: st, private_link: true}]", waf=""), """
         internet -> st tcp/443: allowed by front-door:*
         paas st | internet: gap"""),
    Case("a-front-door-with-an-origin-that-is-closed-to-it", "frontdoor/private-link", door("[st]"),
         "internet -> st tcp/443: denied by public:disabled"),
)  # fmt: skip

EGRESS = (
    Case("out-by-default", "virtual-network/ip-services/default-outbound-access", egress(), """
         10.0.1.4 -> internet tcp/443: allowed by default-outbound-access
         internet out v: gap
         finds ZT-31"""),
    Case("out-by-a-nat-gateway", "nat-gateway/nat-overview", egress("default_outbound: false, nat_gateway: ng,"), """
         10.0.1.4 -> internet tcp/443: allowed by nat-gateway
         internet out v: gap"""),
    Case("not-out-past-an-nsg", NSGS, egress("nsg: n,", "[100 deny outbound any from any to Internet]"), """
         10.0.1.4 -> internet tcp/443: denied by subnet:100
         internet out v: enforced"""),
    Case("out-to-some-names", RULES, egress("route_table: rt,", allow="['https/443 from s to *.ubuntu.com']"), """
         10.0.1.4 -> internet tcp/443: unknown by firewall:*
         internet out v: enforced"""),
    Case("out-to-some-addresses", RULES, egress("route_table: rt,", allow="[tcp/443 from s to 20.1.2.3/32]"), """
         10.0.1.4 -> 20.1.2.3 tcp/443: allowed by firewall:*
         10.0.1.4 -> 8.8.8.8 tcp/443: denied by firewall:default-deny
         internet out v: enforced"""),
    Case("out-to-anywhere", RULES, egress("route_table: rt,", allow="[any from s to any]"), "internet out v: gap"),
    Case("out-to-nowhere", UDR, egress("route_table: nowhere,"), """
         10.0.1.4 -> internet tcp/443: denied by route:None
         internet out v: no-path"""),
    Case("the-firewall-before-the-nat-gateway", UDR, egress("route_table: rt, nat_gateway: ng,"),
         "10.0.1.4 -> internet tcp/443: denied by firewall:default-deny"),
)  # fmt: skip


# ---------------------------------------------------------------- platform services
def services(
    told: str = "",
    endpoints: str = "",
    private: str = "",
    nsg: str = "",
    rules: str = "[]",
    kind: str = "storage",
) -> str:
    return f"""
    vnets:
      v: {{address: 10.0.0.0/16, subnets: {{
        s: {{address: 10.0.1.0/24, {endpoints} resources: {{vm: {{type: vm, ip: 10.0.1.4}}}}}},
        s2: {{address: 10.0.2.0/24, resources: {{vm2: {{type: vm, ip: 10.0.2.4}}}}}},
        pes: {{address: 10.0.7.0/24, {nsg} resources: {{{private}}}}}}}}}
      q: {{address: 10.1.0.0/16, subnets: {{qs: {{address: 10.1.1.0/24, resources: {{vmq: {{type: vm, ip: 10.1.1.4}}}}}}}}}}
      lone: {{address: 10.2.0.0/16, subnets: {{ls: {{address: 10.2.1.0/24, resources: {{vml: {{type: vm, ip: 10.2.1.4}}}}}}}}}}
    services: {{st: {{type: {kind}{told}}}}}
    nsgs: {{n: {{rules: {rules}}}}}
    peerings: [v <-> q]
    """


def _state(word: str) -> Callable[[list[Json]], None]:
    def change(resources: list[Json]) -> None:
        for row in resources:
            for connection in row["properties"].get("privateLinkServiceConnections", ()):
                connection["properties"]["privateLinkServiceConnectionState"]["status"] = word

    return change


def _with_policy(resources: list[Json]) -> None:
    """The subnet may reach one other account alone over its service endpoint."""
    account = next(row for row in resources if row["name"] == "st")
    policy = f"{account['id'].split('/providers/')[0]}/providers/Microsoft.Network/serviceEndpointPolicies/p"
    definition = {
        "service": "Microsoft.Storage",
        "serviceResources": [account["id"].replace("/st", "/other")],
    }
    resources.append({"id": policy, "name": "p", "type": "Microsoft.Network/serviceEndpointPolicies", "properties": {
        "serviceEndpointPolicyDefinitions": [{"name": "d", "properties": definition}]}})  # fmt: skip
    subnets = next(row for row in resources if row["name"] == "v")["properties"]["subnets"]
    subnets[0]["properties"]["serviceEndpointPolicies"] = [{"id": policy}]


PRIVATE_ENDPOINT = "pe: {type: private_endpoint, to: st, group: blob, ip: 10.0.7.5}"
STORAGE = "storage/common/storage-network-security"
LINK = "private-link/private-endpoint-overview"
SQL = "azure-sql/database/firewall-configure"
CLOSED = ", public_access: false"
PLATFORM = (
    Case("a-private-endpoint-closes-nothing", STORAGE, services(private=PRIVATE_ENDPOINT), """
         203.0.113.9 -> st tcp/443: allowed by public:defaultAction=Allow
         paas st | internet: gap
         paas st | v: gap"""),
    Case("some-addresses-alone", STORAGE, services(", allowed_addresses: [203.0.113.0/24]"), """
         203.0.113.9 -> st tcp/443: allowed by ipRule
         198.51.100.7 -> st tcp/443: denied by public:defaultAction=Deny
         paas st | internet: enforced"""),
    Case("one-subnet-alone", STORAGE, services(", allowed_subnets: [v/s]", "service_endpoints: [Microsoft.Storage],"), """
         10.0.1.4 -> st tcp/443: allowed by vnetRule
         10.0.2.4 -> st tcp/443: denied by public:defaultAction=Deny
         10.1.1.4 -> st tcp/443: denied by public:defaultAction=Deny
         internet -> st tcp/443: denied by public:defaultAction=Deny
         paas st | v: enforced"""),
    Case("closed-but-for-a-private-endpoint", LINK, services(CLOSED, private=PRIVATE_ENDPOINT), """
         10.0.1.4 -> st tcp/443: allowed by private-endpoint
         10.1.1.4 -> st tcp/443: allowed by private-endpoint
         10.2.1.4 -> st tcp/443: denied by public:disabled
         internet -> st tcp/443: denied by public:disabled
         paas st | v: enforced
         paas st | internet: enforced"""),
    Case("a-private-endpoint-that-waits", LINK, services(CLOSED, private=PRIVATE_ENDPOINT),
         "10.0.1.4 -> st tcp/443: denied by public:disabled", _state("Pending")),
    Case("a-private-endpoint-that-was-refused", LINK, services(CLOSED, private=PRIVATE_ENDPOINT),
         "10.0.1.4 -> st tcp/443: denied by public:disabled", _state("Rejected")),
    Case("an-nsg-that-a-private-endpoint-does-not-meet", ENDPOINTS,
         services(CLOSED, private=PRIVATE_ENDPOINT, nsg="nsg: n,", rules="[4096 deny inbound any from any to any]"), """
         10.1.1.4 -> st tcp/443: allowed by private-endpoint
         finds ZT-28"""),
    Case("an-nsg-that-it-meets", ENDPOINTS,
         services(CLOSED, private=PRIVATE_ENDPOINT, nsg="nsg: n, private_endpoint_policies: true,", rules="[4096 deny inbound any from any to any]"),
         "10.1.1.4 -> st tcp/443: denied by subnet:4096"),
    Case("a-policy-that-names-another-account", "virtual-network/virtual-network-service-endpoint-policies-overview",
         services(endpoints="service_endpoints: [Microsoft.Storage],"), "10.0.1.4 -> st tcp/443: denied by service-endpoint-policy", _with_policy),
    Case("everything-in-azure", SQL, services(", allowed_addresses: [0.0.0.0]", kind="sql"), """
         10.2.1.4 -> st tcp/1433: allowed by azure-services
         paas st | internet: gap
         paas st | lone: gap"""),
    Case("closed-although-azure-is-allowed", SQL, services(CLOSED + ", allowed_addresses: [0.0.0.0]", kind="sql"), """
         10.2.1.4 -> st tcp/1433: denied by public:disabled
         paas st | internet: enforced"""),
)  # fmt: skip

# ---------------------------------------------------------------- Virtual WAN
INTENT = "virtual-wan/how-to-routing-policies"
HUB_ROUTES = "virtual-wan/about-virtual-hub-routing"


def wan(
    first: str = "", second: str = "", allow: str = "[]", near: str = "{v1: {}, v2: {}}", far: str = "{v3: {}}",
    table: str = "", kind: str = "standard",
) -> str:  # fmt: skip
    """`first` and `second` are the routing intents of the hubs; a hub with one has a firewall."""
    hubs = []
    for number, (intent, connections) in enumerate(((first, near), (second, far))):
        firewall = (
            f"firewall: {{policy: pol, ip: 10.10{number}.0.132}}, routing_intent: {intent}," if intent else ""
        )
        custom = "route_tables: {RT: {}}," if "RT" in connections else ""
        hubs.append(
            f"h{number + 1}: {{address: 10.10{number}.0.0/23, {firewall} {custom} connections: {connections}}}"
        )
    return f"""
    vnets:
      v1: {{address: 10.1.0.0/16, subnets: {{s1: {{address: 10.1.1.0/24, {table} resources: {{vm1: {{type: vm, ip: 10.1.1.4}}}}}},
        s1b: {{address: 10.1.2.0/24, resources: {{vm1b: {{type: vm, ip: 10.1.2.4}}}}}}}}}}
      v2: {{address: 10.2.0.0/16, subnets: {{s2: {{address: 10.2.1.0/24, resources: {{vm2: {{type: vm, ip: 10.2.1.4}}}}}}}}}}
      v3: {{address: 10.3.0.0/16, subnets: {{s3: {{address: 10.3.1.0/24, resources: {{vm3: {{type: vm, ip: 10.3.1.4}}}}}}}}}}
    firewall_policies: {{pol: {{rule_collections: {{c: {{priority: 200, action: allow, rules: {allow}}}}}}}}}
    route_tables: {{own: {{propagate_gateway_routes: false}}}}
    virtual_wans: {{w: {{type: {kind}, hubs: {{{", ".join(hubs)}}}}}}}
    """


BOTH = "[private, internet]"
SECURE = "{v1: {internet_security: true}, v2: {internet_security: false}}"
HUBS = (
    Case("any-to-any", "virtual-wan/scenario-any-to-any", wan(), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed over s1, h1, s2
         10.1.1.4 -> 10.3.1.4 tcp/443: allowed over s1, h1, h2, s3
         vnet v1 | v3: gap
         finds ZT-23"""),
    Case("a-basic-wan-joins-no-vnets", "virtual-wan/virtual-wan-about", wan(kind="basic"), "vnet v1 | v2: no-path"),
    Case("vnets-kept-apart-by-a-table", "virtual-wan/scenario-isolate-vnets",
         wan(near="{v1: {route_table: RT, propagate_to: [defaultRouteTable]}, v2: {route_table: RT, propagate_to: [defaultRouteTable]}}"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: denied by route:None
         vnet v1 | v2: no-path"""),
    Case("who-propagates-nowhere-gets-no-answer", HUB_ROUTES, wan(near="{v1: {propagate_to: [noneRouteTable]}, v2: {}}"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: denied by return-route:None one way
         10.2.1.4 -> 10.1.1.4 tcp/443: denied by route:None"""),
    Case("both-hubs-inspect", INTENT, wan(BOTH, BOTH, "[tcp/443 from v1 to v3]", SECURE), """
         10.1.1.4 -> 10.3.1.4 tcp/443: allowed by firewall:* over s1, h1, *, h2, *, s3
         10.1.1.4 -> 10.3.1.4 tcp/22: denied by firewall:default-deny over s1, h1, *
         10.1.1.4 -> 10.2.1.4 tcp/443: denied by firewall:default-deny
         10.1.1.4 -> 10.1.2.4 tcp/443: allowed by route:VnetLocal
         10.1.1.4 -> 8.8.8.8 tcp/443: denied by firewall:default-deny
         vnet v1 | v3: enforced
         internet out v1: enforced"""),
    Case("both-hubs-pass-all", INTENT, wan(BOTH, BOTH, "[any from any to any]", SECURE), "vnet v1 | v3: gap"),
    Case("one-hub-inspects", INTENT, wan(second=BOTH, allow="[tcp/443 from v1 to v3]"), """
         10.1.1.4 -> 10.2.1.4 tcp/443: allowed over s1, h1, s2
         10.1.1.4 -> 10.3.1.4 tcp/443: allowed by firewall:* over s1, h1, h2, *, s3
         10.3.1.4 -> 10.1.1.4 tcp/443: denied by firewall:default-deny
         vnet v1 | v2: gap
         vnet v1 | v3: enforced"""),
    Case("private-traffic-alone-is-inspected", INTENT, wan("[private]", "[private]", near=SECURE), """
         10.1.1.4 -> 8.8.8.8 tcp/443: allowed by default-outbound-access
         vnet v1 | v2: enforced"""),
    Case("internet-traffic-alone-is-inspected", INTENT, wan("[internet]", "[internet]", near=SECURE), """
         10.1.1.4 -> 8.8.8.8 tcp/443: denied by firewall:default-deny
         vnet v1 | v2: gap"""),
    Case("a-spoke-that-takes-no-routes-of-the-hub", INTENT, wan(BOTH, BOTH, near=SECURE, table="route_table: own,"), """
         10.1.1.4 -> 8.8.8.8 tcp/443: allowed by default-outbound-access
         internet out v1: gap
         finds ZT-22"""),
)  # fmt: skip

CASES = (
    *FILTERS,
    *GROUPS,
    *MANAGER,
    *ROUTES,
    *TAGGED,
    *SPOKES,
    *ORDER,
    *PAIRS,
    *SUBNETS,
    *OUTSIDE,
    *INGRESS,
    *EGRESS,
    *PLATFORM,
    *HUBS,
)
ASKED = [(case, form) for case in CASES for form in FORMS if form != "spec" or case.change is None]


@pytest.mark.parametrize(("case", "form"), ASKED, ids=[f"{case.name}-{form}" for case, form in ASKED])
def test_an_estate_is_judged_as_its_documentation_says(case: Case, form: str) -> None:
    analysis = _analysed(case, form)
    lines = [line.strip() for line in case.expected.strip().splitlines()]
    said = [_said(analysis, line) for line in lines]
    assert said == lines, f"https://learn.microsoft.com/azure/{case.source}"


def test_names_of_cases_are_unique_and_every_case_asks_something() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.expected.strip() for case in CASES)


# ---------------------------------------------------------------- asking


@lru_cache(maxsize=4)
def _analysed(case: Case, form: str) -> Analysis:
    text = dedent(case.estate)
    if form == "spec":
        return analyse_topology(
            build_topology(read_records([Source("estate.yaml", text.encode())])), case.tags
        )
    resources = spec_as_arm(text)
    if case.change:
        case.change(resources)
    document: Json = {"value": resources}
    if form == "resource-graph":
        rows = [
            {
                **row,
                "type": row["type"].lower(),
                "subscriptionId": row["id"].split("/")[2],
                "resourceGroup": "rg",
            }
            for row in resources
        ]
        document = {"count": len(rows), "totalRecords": len(rows), "data": rows}
    text = json.dumps(document)
    return analyse_topology(build_topology(read_records([Source("estate.json", text.encode())])), case.tags)


def _said(analysis: Analysis, line: str) -> str:
    """The line where the program says so; else what it says instead, in the same words."""
    if line.startswith("finds "):
        return _said_of_findings(analysis, line)
    question, _, told = line.rpartition(": ")
    if " -> " in question:
        return _said_of_packet(analysis, question, told)
    return f"{question}: {_status(analysis, question)}"


def _said_of_findings(analysis: Analysis, line: str) -> str:
    found = {finding.rule for finding in analysis.findings()}
    words = line.removeprefix("finds ").split(", ")
    is_so = all((word.removeprefix("no ") in found) != word.startswith("no ") for word in words)
    return line if is_so else f"finds {', '.join(sorted(found))}"


def _said_of_packet(analysis: Analysis, question: str, told: str) -> str:
    """A trace in the words of a line: of what the line says more than the verdict, the same."""
    ends, _, service = question.rpartition(" ")
    source, target = ends.split(" -> ")
    protocol, _, port = service.partition("/")
    services = parse_service(protocol, port) if port else parse_service(protocol)
    trace = trace_between(analysis, source, target, services)
    said = [trace.verdict]
    rest = told.partition(" ")[2]
    assumed = rest.partition("assuming ")[2]
    code = rest.partition("by ")[2].partition(" over ")[0].partition(" one way")[0].partition(" assuming")[0]
    way = rest.partition("over ")[2].partition(" assuming")[0]
    if code:
        said.append("by " + (code if _fits(trace.decided_by, code) else trace.decided_by))
    if way:
        names = [hop.name for hop in trace.hops]
        wanted = way.split(", ")
        is_so = len(names) == len(wanted) and all(map(_fits, names, wanted))
        said.append("over " + (way if is_so else ", ".join(names)))
    if "one way" in rest:
        said.append("one way" if trace.is_one_way else "both ways or none")
    if assumed:
        said.append("assuming " + (assumed if assumed in trace.assumptions else ", ".join(trace.assumptions)))
    return f"{question}: {' '.join(said)}"


def _fits(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _status(analysis: Analysis, question: str) -> str:
    """The status of `LEVEL A | B`, or of one direction: `internet in v`."""
    level, _, rest = question.partition(" ")
    if " | " not in rest:
        direction, name = rest.split(" ")
        boundary = analysis.boundary("internet", "internet", _id(analysis, name))
        return dict(boundary.directions)[direction] if boundary else "none"
    assert level in LEVELS
    a, b = rest.split(" | ")
    found: Boundary | None
    if level == "on-premises" and a not in _names(analysis):
        a = "on-premises"  # an export has one site for all that is outside
    found = analysis.boundary(level, _id(analysis, a), _id(analysis, b))  # type: ignore[arg-type]
    return found.status if found else "none"


def _names(analysis: Analysis) -> set[str]:
    sites = {site.label.lower() for site in analysis.topology.sites}
    return sites | {
        r.name.lower() for r in analysis.topology.of_type("microsoft.network/virtualnetworkgateways")
    }


def _id(analysis: Analysis, name: str) -> str:
    if name in ("internet", "on-premises"):
        return name
    vnets = analysis.zones.vnets_by_frame
    if name in ("One", "Two"):
        inside = {"One": "a", "Two": "b"}[name]
        return next(frame for frame, ids in vnets.items() if any(rid.endswith("/" + inside) for rid in ids))
    for resource in analysis.topology.resources.values():
        home = resource.kind.home if resource.kind is not None else ""
        if resource.name.lower() == name.lower() and home in ("container", "subnet", "service"):
            return resource.id
    return find_end(analysis, name, "--to")[0].id
