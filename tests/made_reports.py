"""A made-up estate with made-up verdicts, for tests of reports: whatever the analysis finds, reports show it."""

from __future__ import annotations

from typing import NamedTuple

from diagramgen.analyse.verdicts import AllowedFlow, Boundary, Evidence, Finding, Rule
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import EVERYTHING, Box, PacketSet, parse_service
from diagramgen.read import Reading, Source, read_records
from diagramgen.report import Applied, Report, apply_acceptances, build_report

SPEC = """\
title: Contoso shop
subscriptions:
  Connectivity:
    vnets:
      Hub:
        address: 10.0.0.0/16
        subnets:
          Firewall: {address: 10.0.1.0/26, resources: {FW: firewall}}
          Ops: {address: 10.0.2.0/24, nsg: NSG-ops, resources: {Jump host: {type: vm, public_ip: true}}}
  Production:
    vnets:
      Shop:
        address: 10.1.0.0/16
        subnets:
          Web: {address: 10.1.1.0/24, nsg: NSG-web}
          Data: {address: 10.1.2.0/24, nsg: NSG-data}
    services: {Orders: storage}
nsgs:
  NSG-ops: {rules: [100 allow inbound tcp/22 from Internet to any]}
  NSG-web: {rules: [100 allow inbound tcp/443 from Internet to Web]}
  NSG-data: {rules: [100 allow inbound tcp/1433 from Web to Data, 4096 deny inbound any from any to any]}
peerings: [Hub <-> Shop]
on_premises: {Head office: {address: 192.168.0.0/16}}
connections: [Head office -> Hub via vpn]
accepted:
  - {rule: ZT-08, on: Jump host, reason: until the VPN is up, until: 2026-12-31}
  - {between: [Head office, Hub], reason: one firewall is ordered, until: 2027-06-30}
  - {rule: ZT-39, on: Hub, reason: too dear, until: 2025-01-31}
  - {rule: ZT-33, on: FW, reason: nobody remembers, until: 2027-01-31}
"""
FILE = "shop.yaml"
SHOP = "subscriptions/production/vnets/shop"
HUB = "subscriptions/connectivity/vnets/hub"
WEB, DATA = f"{SHOP}/subnets/web", f"{SHOP}/subnets/data"
OPS = f"{HUB}/subnets/ops"
JUMP = f"{OPS}/resources/jump host"
OFFICE = "on_premises/head office"
ORDERS = "subscriptions/production/services/orders"
TODAY = "2026-03-01"


class Estate(NamedTuple):
    """What a report is made of."""

    reading: Reading
    topology: Topology
    boundaries: tuple[Boundary, ...]
    findings: tuple[Finding, ...]


def packets(protocol: str, ports: str) -> PacketSet:
    return PacketSet.of(Box(services=parse_service(protocol, ports)))


def place(*path: str | int) -> Place:
    return Place(FILE, path)


SSH = place("nsgs", "NSG-ops", "rules", 0)
SQL_RULE = Rule(
    "nsgs/nsg-data/rules/allow-inbound-100", "allow-inbound-100", "nsgs/nsg-data", "NSG-data", "nsg", "allow", 100,
    "100 allow inbound tcp/1433 from Web to Data", place("nsgs", "NSG-data", "rules", 0),
)  # fmt: skip
BOUNDARIES = (
    Boundary(
        "subnet", DATA, WEB, "enforced", ("NSG-data",), ("nsgs/nsg-data",),
        (AllowedFlow(WEB, DATA, packets("tcp", "1433"), (SQL_RULE,), is_specific=True),), (SQL_RULE,),
        ("ASSUME_NO_GUEST_FIREWALL",),
    ),
    Boundary(
        "vnet", HUB, SHOP, "gap", flows=(AllowedFlow(HUB, SHOP, EVERYTHING),),
        reason="the peering joins them and `AllowVnetInBound` of NSG-web lets everything in",
        declared="enforced", declared_place=place("peerings", 0),
    ),
    Boundary(
        "internet", "internet", HUB, "gap", flows=(AllowedFlow("internet", OPS, packets("tcp", "22")),),
        reason="NSG-ops allows it from anywhere", severity="critical",
    ),
    Boundary("internet", "internet", SHOP, "no-path", reason="no public IP leads there"),
    Boundary(
        "on-premises", OFFICE, HUB, "unknown", flows=(AllowedFlow(OFFICE, HUB, EVERYTHING, is_sure=False),),
        assumptions=("ASSUME_ONPREM_PREFIXES", "ASSUME_RUNTIME_UP"),
        reason="the routes of the VPN are not in the input",
    ),
    Boundary("paas", ORDERS, SHOP, "unknown", assumptions=("ASSUME_NO_TAG_DATA",)),
    Boundary("subscription", "subscriptions/connectivity", "subscriptions/production", "gap"),
)  # fmt: skip
FINDINGS = (
    Finding("ZT-08", "high", (JUMP,), "`Jump host` has a public IP of its own", (
        Evidence(place("subscriptions", "Connectivity", "vnets", "Hub", "subnets", "Ops", "resources", "Jump host"),
                 "public_ip: true", JUMP),
    ), "reach it by Bastion, and take the public IP away"),
    Finding("ZT-03", "critical", ("nsgs/nsg-ops", JUMP), "the Internet reaches port 22 of `Jump host`", (
        Evidence(SSH, "100 allow inbound tcp/22 from Internet to any", "nsgs/nsg-ops/rules/allow-inbound-100"),
    ), "allow the addresses of your administrators alone"),
    Finding("SEG-02", "high", (HUB, SHOP), "everything passes between `Hub` and `Shop`", (
        Evidence(place("peerings", 0), "Hub <-> Shop"),
    )),
    Finding("SEG-02", "high", (OFFICE, HUB), "nobody knows what passes between `Head office` and `Hub`"),
    Finding("ZT-39", "low", (HUB,), "`Hub` has public endpoints and no DDoS protection"),
    Finding("ZT-31", "medium", (WEB,), "machines of `Shop/Web` reach the Internet by default", (),
            "write `default_outbound: false`"),
)  # fmt: skip


def estate(spec: str = SPEC) -> Estate:
    reading = read_records([Source(FILE, spec.encode())])
    return Estate(reading, build_topology(reading), BOUNDARIES, FINDINGS)


def applied(made: Estate, today: str = TODAY) -> Applied:
    return apply_acceptances(made.findings, made.boundaries, made.topology.acceptances, today)


def report(made: Estate | None = None, today: str = TODAY) -> Report:
    made = made or estate()
    return build_report(
        made.reading, made.topology, made.boundaries, applied(made, today), omitted=(("vnet", 481_000),)
    )
