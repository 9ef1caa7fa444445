"""Makes up an Azure estate from a seed, and writes it as a spec (YAML) and as a Resource Graph answer (JSON).

    python benchmarks/make_estate.py --seed 7 --vnets 20 -o DIR
    python benchmarks/make_estate.py --seed 7 --vnets 20 --peering mesh --names unicode --set hubs=0 -o DIR

The same seed and options give the same bytes. What no option fixes is drawn by lot, so that a row of seeds covers
shapes that nobody thought of: no hub or four, rings and meshes of peerings, halves and dangling far ends, empty VNets
and full ones, virtual WAN, network groups across subscriptions, names in several scripts. `survey.py` draws them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml

Json = dict[str, Any]
T = TypeVar("T")
PEERINGS = ("none", "star", "pairs", "ring", "mesh", "random")
NAMES = ("plain", "words", "long", "unicode", "short")
REGIONS = ("westeurope", "northeurope", "eastus", "southeastasia", "brazilsouth")
TENANT = "6f2b9f0e-5d5b-4f0c-9a47-3a9d1d0a7c11"
"""Invented."""

_LOADS = (
    "erp",
    "shop",
    "crm",
    "payroll",
    "ledger",
    "robots",
    "reports",
    "portal",
    "claims",
    "fleet",
    "search",
    "mail",
)
_TIERS = (
    "web",
    "app",
    "data",
    "cache",
    "jobs",
    "mgmt",
    "integration",
    "build",
    "batch",
    "api",
    "queue",
    "files",
    "test",
    "ops",
)
_LONG = "customer-relationship-and-contract-management-platform-production-{}-westeurope-001"
_SCRIPTS = (
    "Größe {}",
    "データ基盤 {}",
    "сеть {}",
    "شبكة {}",
    "réseau d'été {}",
    "网络🚀 {}",
    "δίκτυο <{}> & Co",
    "רשת {}",
)
_TYPES = {
    "vm": ("Microsoft.Compute/virtualMachines", 9),
    "vmss": ("Microsoft.Compute/virtualMachineScaleSets", 3),
    "aks": ("Microsoft.ContainerService/managedClusters", 2),
    "load_balancer": ("Microsoft.Network/loadBalancers", 3),
    "private_endpoint": ("Microsoft.Network/privateEndpoints", 4),
    "sql_managed_instance": ("Microsoft.Sql/managedInstances", 1),
    "application_gateway": ("Microsoft.Network/applicationGateways", 1),
    "firewall": ("Microsoft.Network/azureFirewalls", 0),
    "bastion": ("Microsoft.Network/bastionHosts", 0),
    "vpn_gateway": ("Microsoft.Network/virtualNetworkGateways", 0),
    "expressroute_gateway": ("Microsoft.Network/virtualNetworkGateways", 0),
    "route_server": ("Microsoft.Network/virtualHubs", 0),
    "nva": ("Microsoft.Compute/virtualMachines", 1),
}
"""A spec's words: the ARM type, and how often it is drawn by lot for a workload's subnet."""
_SERVICES = {
    "storage": ("Microsoft.Storage/storageAccounts", "blob"),
    "sql": ("Microsoft.Sql/servers", "sqlServer"),
    "key_vault": ("Microsoft.KeyVault/vaults", "vault"),
    "app_service": ("Microsoft.Web/sites", "sites"),
    "cosmos": ("Microsoft.DocumentDB/databaseAccounts", "Sql"),
    "redis": ("Microsoft.Cache/redis", "redisCache"),
    "container_registry": ("Microsoft.ContainerRegistry/registries", "registry"),
    "front_door": ("Microsoft.Cdn/profiles", ""),
}
_HUB_SUBNETS = (
    ("AzureFirewallSubnet", "firewall", 0.7),
    ("GatewaySubnet", "vpn_gateway", 0.7),
    ("GatewaySubnet", "expressroute_gateway", 0.5),
    ("AzureBastionSubnet", "bastion", 0.5),
    ("RouteServerSubnet", "route_server", 0.25),
    ("snet-nva", "nva", 0.3),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an estate holds: numbers are counts, or the most that a frame holds; `broken` is a share of peerings."""

    seed: int
    vnets: int = 8
    hubs: int = 1
    subscriptions: int = 3
    management_groups: int = 0
    regions: int = 1
    subnets: int = 4
    resources: int = 3
    peering: str = "star"
    broken: float = 0.0
    dangling: int = 0
    wan_hubs: int = 0
    services: int = 2
    sites: int = 1
    groups: int = 0
    front_doors: int = 0
    flows: int = 2
    boundaries: int = 1
    traffic: int = 1
    names: str = "plain"


def draw_recipe(seed: int, vnets: int) -> Recipe:
    """A recipe by lot, with `vnets` VNets."""
    lot = random.Random(f"recipe {seed}")
    return Recipe(
        seed,
        vnets,
        hubs=min(vnets, lot.choice((0, 1, 1, 1, 2, 3, 4))),
        subscriptions=lot.choice((0, 1, 2, 3, 6, max(1, vnets // 2), vnets)),
        management_groups=lot.choice((0, 0, 2, 5)),
        regions=lot.choice((1, 1, 2, 3)),
        subnets=lot.choice((0, 1, 3, 5, 14)) if vnets < 30 else lot.choice((0, 1, 3)),
        resources=lot.choice((0, 1, 3, 6, 20)) if vnets < 15 else lot.choice((0, 1, 3)),
        peering=lot.choice(("star", *PEERINGS)),
        broken=lot.choice((0.0, 0.0, 0.3)),
        dangling=lot.choice((0, 0, 1, 4)),
        wan_hubs=lot.choice((0, 0, 0, 1, 2, 3)),
        services=lot.choice((0, 1, 3, 8)),
        sites=lot.choice((0, 1, 2, 4)),
        groups=lot.choice((0, 0, 1, 2)),
        front_doors=lot.choice((0, 0, 1)),
        flows=lot.choice((0, 2, 5)),
        boundaries=lot.choice((0, 1, 4)),
        traffic=lot.choice((0, 1, 2, 4)),
        names=lot.choice(("plain", "plain", *NAMES)),
    )


@dataclass(slots=True)
class Resource:
    """One thing in a subnet; `to` is a private endpoint's service or a balancer's machine."""

    name: str
    word: str
    count: int = 1
    to: str = ""


@dataclass(slots=True)
class Subnet:
    name: str
    address: str
    nsg: str = ""
    route_table: str = ""
    nat_gateway: str = ""
    resources: list[Resource] = field(default_factory=list)


@dataclass(slots=True)
class Vnet:
    name: str
    address: str
    region: str
    subscription: str
    subnets: list[Subnet] = field(default_factory=list)
    is_hub: bool = False


@dataclass(slots=True)
class Peering:
    """`state` as of the halves; `half`: the far VNet has none."""

    a: str
    b: str
    state: Literal["connected", "initiated", "disconnected"] = "connected"
    half: bool = False
    transit: bool = False


@dataclass(slots=True)
class Service:
    name: str
    word: str
    subscription: str
    origins: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Estate:
    recipe: Recipe
    management_groups: dict[str, str] = field(default_factory=dict)  # name to parent
    subscriptions: dict[str, str] = field(default_factory=dict)  # name to management group
    vnets: list[Vnet] = field(default_factory=list)
    peerings: list[Peering] = field(default_factory=list)
    dangling: list[str] = field(default_factory=list)  # VNets that peer with one outside the export
    hubs: dict[str, list[str]] = field(default_factory=dict)  # virtual hub to connected VNets
    services: list[Service] = field(default_factory=list)
    sites: dict[str, tuple[str, str]] = field(default_factory=dict)  # site to (gateway or hub, kind)
    groups: dict[str, list[str]] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)
    boundaries: list[tuple[str, str]] = field(default_factory=list)
    traffic: list[str] = field(default_factory=list)


def make_estate(recipe: Recipe) -> Estate:
    """The estate of a recipe."""
    estate = Estate(recipe)
    lot = random.Random(f"estate {recipe}")
    _add_subscriptions(estate, lot)
    for number in range(recipe.services):
        word = lot.choice([w for w in _SERVICES if w != "front_door"])
        estate.services.append(
            Service(_name(estate, lot, word[:4], 900 + number), word, _any_subscription(estate, lot))
        )
    for number in range(recipe.vnets):
        estate.vnets.append(_vnet(estate, lot, number))
    _add_peerings(estate, lot)
    estate.dangling = [v.name for v in _some(lot, estate.vnets, recipe.dangling)]
    for number in range(recipe.wan_hubs):
        estate.hubs[f"vhub-{REGIONS[number % len(REGIONS)]}-{number}"] = []
    for vnet in estate.vnets if estate.hubs else ():
        if not vnet.is_hub and lot.random() < 0.6:
            estate.hubs[lot.choice(list(estate.hubs))].append(vnet.name)
    _add_outside(estate, lot)
    for number in range(recipe.groups):
        names = [v.name for v in estate.vnets if not v.is_hub]
        estate.groups[f"ng-{number}"] = sorted(_some(lot, names, lot.randint(2, 6)))
    return estate


def _name(estate: Estate, lot: random.Random, stem: str, number: int) -> str:
    match estate.recipe.names:
        case "short":
            return f"{stem[0]}{number}-{lot.randrange(36**4):x}"
        case "words":
            return f"{stem.replace('-', ' ').capitalize()} {number}"
        case "long":
            return _LONG.format(f"{stem}-{number:02}") if lot.random() < 0.4 else f"{stem}-{number:02}"
        case "unicode":
            return lot.choice(_SCRIPTS).format(f"{stem} {number}")
        case _:
            return f"{stem}-{number:02}"


def _add_subscriptions(estate: Estate, lot: random.Random) -> None:
    groups = ["Platform", "Landing zones", "Corp", "Online", "Sandbox"][: estate.recipe.management_groups]
    estate.management_groups = {g: "Landing zones" if g in ("Corp", "Online") else "" for g in groups}
    for number in range(estate.recipe.subscriptions):
        name = (
            "Connectivity"
            if number == 0
            else f"{_LOADS[number % 12].capitalize()} {'production' if number < 12 else number}"
        )
        estate.subscriptions[name] = lot.choice(groups) if groups and lot.random() < 0.9 else ""


def _any_subscription(estate: Estate, lot: random.Random) -> str:
    return lot.choice(list(estate.subscriptions)) if estate.subscriptions else ""


def _some(lot: random.Random, things: list[T], count: int) -> list[T]:
    return lot.sample(things, min(count, len(things)))


def _vnet(estate: Estate, lot: random.Random, number: int) -> Vnet:
    recipe = estate.recipe
    is_hub = number < recipe.hubs
    region = REGIONS[number % recipe.regions if is_hub else lot.randrange(recipe.regions)]
    names = list(estate.subscriptions)
    home = names[0] if is_hub and names else _any_subscription(estate, lot)
    stem = "vnet-hub" if is_hub else f"vnet-{_LOADS[number % 12]}"
    vnet = Vnet(_name(estate, lot, stem, number), f"10.{number}.0.0/16", region, home, is_hub=is_hub)
    if is_hub:
        for subnet, word, chance in _HUB_SUBNETS:
            if lot.random() < chance:
                found = next((s for s in vnet.subnets if s.name == subnet), None)
                if found is None:
                    found = Subnet(subnet, f"10.{number}.{len(vnet.subnets)}.0/24")
                    vnet.subnets.append(found)
                found.resources.append(Resource(f"{word.split('_')[0]}-hub-{number:02}", word))
    for tier in _TIERS[: lot.randint(0, recipe.subnets) if number % 3 else recipe.subnets]:
        vnet.subnets.append(
            _subnet(estate, lot, number, f"snet-{tier}", f"10.{number}.{len(vnet.subnets)}.0/24")
        )
    return vnet


def _subnet(estate: Estate, lot: random.Random, vnet: int, name: str, address: str) -> Subnet:
    subnet = Subnet(name, address)
    stem = f"{vnet:02}-{name.removeprefix('snet-')}"
    subnet.nsg = f"nsg-{stem}" if lot.random() < 0.6 else ""
    subnet.route_table = f"rt-{vnet:02}" if lot.random() < 0.3 else ""
    subnet.nat_gateway = f"ng-{stem}" if lot.random() < 0.1 else ""
    words, weights = zip(*((w, weight) for w, (_, weight) in _TYPES.items() if weight), strict=True)
    for number in range(lot.randint(0, estate.recipe.resources)):
        word = lot.choices(words, weights)[0]
        resource = Resource(_name(estate, lot, f"{word.split('_')[0]}-{stem}", number), word)
        if word == "vm":
            resource.count = lot.choice((1, 1, 2, 5))
        elif word == "private_endpoint":
            if not estate.services:
                continue
            resource.to = lot.choice(estate.services).name
        subnet.resources.append(resource)
    return subnet


def _add_peerings(estate: Estate, lot: random.Random) -> None:
    names = [v.name for v in estate.vnets]
    hubs = [v.name for v in estate.vnets if v.is_hub]
    spokes = [name for name in names if name not in hubs]
    pairs: list[tuple[str, str]] = []
    if hubs and estate.recipe.peering != "none":
        pairs += [(lot.choice(hubs), spoke) for spoke in spokes]
        pairs += itertools.pairwise(hubs)
    match estate.recipe.peering:
        case "pairs":
            pairs += list(zip(spokes[::2], spokes[1::2], strict=False))
        case "ring" if len(spokes) > 2:
            pairs += list(zip(spokes, [*spokes[1:], spokes[0]], strict=True))
        case "mesh":
            part = spokes[:7]
            pairs += [(a, b) for i, a in enumerate(part) for b in part[i + 1 :]]
        case "random" if len(names) > 1:
            pairs += [tuple(lot.sample(names, 2)) for _ in range(len(names))]  # type: ignore[misc]
    for a, b in sorted({(min(p), max(p)) for p in pairs}):
        peering = Peering(a, b, transit=a in hubs and b not in hubs)
        if lot.random() < estate.recipe.broken:
            peering.state = lot.choice(("initiated", "disconnected"))
            peering.half = peering.state == "initiated" or lot.random() < 0.5
        estate.peerings.append(peering)


def _add_outside(estate: Estate, lot: random.Random) -> None:
    """Sites, Front Door, flows, boundaries and Internet traffic."""
    recipe = estate.recipe
    gateways = [
        (r.name, "vpn" if r.word == "vpn_gateway" else "expressroute")
        for v in estate.vnets
        for s in v.subnets
        for r in s.resources
        if r.word in ("vpn_gateway", "expressroute_gateway")
    ]
    gateways += [(hub, "vpn") for hub in estate.hubs]
    for number in range(recipe.sites if gateways else 0):
        estate.sites[("Amsterdam", "Lyon depot", "Head office and data centre", "Porto")[number % 4]] = (
            lot.choice(gateways)
        )
    entries = [f"{v.name}/{s.name}" for v in estate.vnets for s in v.subnets if s.resources]
    estate.traffic = sorted(_some(lot, entries, recipe.traffic))
    for number in range(recipe.front_doors if estate.services else 0):
        origins = [s.name for s in _some(lot, estate.services, 2)]
        estate.services.append(
            Service(f"afd-{number}", "front_door", _any_subscription(estate, lot), origins)
        )
    for vnet in _some(lot, [v for v in estate.vnets if len(v.subnets) > 1], recipe.flows):
        a, b = lot.sample(vnet.subnets, 2)
        estate.flows.append((f"{vnet.name}/{a.name}", f"{vnet.name}/{b.name}"))
    if len(estate.vnets) > 1 and recipe.flows > 2:
        one, two = lot.sample(estate.vnets, 2)
        if one.subnets and two.subnets:
            estate.flows.append((f"{one.name}/{one.subnets[-1].name}", f"{two.name}/{two.subnets[0].name}"))
    sides = [f"{v.name}/{s.name}" for v in estate.vnets for s in v.subnets[:2]]
    for kind in (list(estate.subscriptions), [v.name for v in estate.vnets], sides):
        for _ in range(recipe.boundaries // 2 if len(kind) > 1 else 0):
            one_side, other = lot.sample(kind, 2)
            if (other, one_side) not in estate.boundaries and (one_side, other) not in estate.boundaries:
                estate.boundaries.append((one_side, other))


# ---------------------------------------------------------------------------------------------------- as a spec


def as_spec(estate: Estate) -> Json:
    """The estate as the value of a YAML spec; what only an export can hold (dangling far ends) is left out."""
    spec: Json = {"title": f"Estate {estate.recipe.seed}"}
    spec["management_groups"] = {
        name: {"parent": parent} if parent else None for name, parent in estate.management_groups.items()
    }
    spec["subscriptions"] = {
        name: {
            **({"management_group": group} if group else {}),
            "vnets": {v.name: _spec_vnet(v) for v in estate.vnets if v.subscription == name},
            "services": {s.name: _spec_service(s) for s in estate.services if s.subscription == name},
        }
        for name, group in estate.subscriptions.items()
    }
    spec["vnets"] = {v.name: _spec_vnet(v) for v in estate.vnets if not v.subscription}
    spec["services"] = {s.name: _spec_service(s) for s in estate.services if not s.subscription}
    spec["peerings"] = [_spec_peering(p) for p in estate.peerings]
    subnets = [s for v in estate.vnets for s in v.subnets]
    spec["nsgs"] = {s.nsg: {"rules": ["4096 deny inbound any from any to any"]} for s in subnets if s.nsg}
    spec["route_tables"] = {
        s.route_table: {"routes": ["0.0.0.0/0 -> 10.0.0.4"]} for s in subnets if s.route_table
    }
    spec["nat_gateways"] = {s.nat_gateway: None for s in subnets if s.nat_gateway}
    if estate.hubs:
        subscription = next(iter(estate.subscriptions), "")
        spec["virtual_wans"] = {
            "Global WAN": {
                "hubs": {
                    hub: {
                        "address": f"172.16.{i}.0/24",
                        "firewall": i % 2 == 0,
                        "vpn_gateway": True,
                        "connections": vnets,
                        **({"subscription": subscription} if subscription else {}),
                    }
                    for i, (hub, vnets) in enumerate(estate.hubs.items())
                }
            }
        }
    spec["on_premises"] = {
        site: {
            "address": f"192.168.{i}.0/24",
            "users": ["Staff"],
            "resources": {f"{site} servers": "datacenter"},
        }
        for i, site in enumerate(estate.sites)
    }
    spec["connections"] = [{"from": s, "to": to, "type": kind} for s, (to, kind) in estate.sites.items()]
    if estate.groups:
        spec["network_manager"] = {
            "groups": {g: {"members": members} for g, members in estate.groups.items()}
        }
    spec["flows"] = [{"from": a, "to": b, "ports": "tcp/443"} for a, b in estate.flows]
    spec["boundaries"] = [{"between": list(pair)} for pair in estate.boundaries]
    if estate.traffic:
        spec["internet"] = {
            "traffic": [
                {"to": to, "direction": "both" if i % 2 else "in", **({"label": "HTTPS"} if i else {})}
                for i, to in enumerate(estate.traffic)
            ]
        }
    return {name: value for name, value in spec.items() if value}


def _spec_vnet(vnet: Vnet) -> Json:
    return {
        "address": vnet.address,
        "region": vnet.region,
        "subnets": {s.name: _spec_subnet(s) for s in vnet.subnets},
    }


def _spec_subnet(subnet: Subnet) -> Json:
    told = {"nsg": subnet.nsg, "route_table": subnet.route_table, "nat_gateway": subnet.nat_gateway}
    resources = {
        r.name: {
            "type": r.word,
            **({"to": r.to} if r.to else {}),
            **({"count": r.count} if r.count > 1 else {}),
        }
        for r in subnet.resources
    }
    return {"address": subnet.address, **{k: v for k, v in told.items() if v}, "resources": resources}


def _spec_service(service: Service) -> Json:
    return {"type": service.word, **({"origins": service.origins} if service.origins else {})}


def _spec_peering(peering: Peering) -> Json:
    told: Json = {"between": [peering.a, peering.b], "state": peering.state}
    if peering.transit and peering.state == "connected":
        told["gateway_transit"] = peering.a
    return told


# ------------------------------------------------------------------------------------- as a Resource Graph answer


@dataclass(slots=True)
class _Ids:
    """Ids as Azure forms them: the same names give the same ids."""

    estate: Estate

    def subscription(self, name: str) -> str:
        return f"/subscriptions/{uuid.uuid5(uuid.NAMESPACE_DNS, name or 'only')}"

    def of(self, arm_type: str, name: str, subscription: str) -> str:
        return f"{self.subscription(subscription)}/resourceGroups/rg-network/providers/{arm_type}/{name}"

    def vnet(self, name: str) -> str:
        home = next(v.subscription for v in self.estate.vnets if v.name == name)
        return self.of("Microsoft.Network/virtualNetworks", name, home)

    def service(self, name: str) -> str:
        found = next(s for s in self.estate.services if s.name == name)
        return self.of(_SERVICES[found.word][0], name, found.subscription)


def as_rows(estate: Estate) -> list[Json]:
    """The estate as rows of Resource Graph; what only a spec can hold (flows, declared boundaries) is left out."""
    ids = _Ids(estate)
    rows = [*_container_rows(estate, ids)]
    for vnet in estate.vnets:
        rows.append(_row(ids.vnet(vnet.name), _vnet_properties(vnet, estate, ids), vnet.region))
        for subnet in vnet.subnets:
            rows += _subnet_rows(vnet, subnet, ids)
    for service in estate.services:
        rid = ids.service(service.name)
        rows.append(_row(rid, {"publicNetworkAccess": "Disabled"}, "westeurope"))
        for origin in service.origins:
            rows.append(
                _row(
                    f"{rid}/originGroups/default/origins/{origin}",
                    {"azureOrigin": {"id": ids.service(origin)}},
                )
            )
    rows += _wan_rows(estate, ids)
    rows += _manager_rows(estate, ids)
    rows += _connection_rows(estate, ids)
    return list({row["id"].lower(): row for row in rows}.values())


def _row(rid: str, properties: Json, location: str = "global", **more: Any) -> Json:
    """One row, with the sixteen columns that a query without `project` gives."""
    parts = rid.rsplit("/providers/", 1)[-1].split("/")
    subscription = rid.split("/")[2] if rid.startswith("/subscriptions/") else ""
    row: Json = {
        "id": rid,
        "name": parts[-1],
        "type": "/".join([parts[0], *parts[1::2]]).lower(),
        "tenantId": TENANT,
        "kind": "",
        "location": location,
        "resourceGroup": "rg-network",
        "subscriptionId": subscription,
        "managedBy": "",
        "sku": None,
        "plan": None,
        "properties": {"provisioningState": "Succeeded", **properties},
        "tags": None,
        "identity": None,
        "zones": None,
        "extendedLocation": None,
    }
    return {**row, **more}


def _container_rows(estate: Estate, ids: _Ids) -> Iterator[Json]:
    root = "/providers/Microsoft.Management/managementGroups/"
    for name, parent in estate.management_groups.items():
        above = {
            "id": root + (parent.replace(" ", "-") or TENANT),
            "displayName": parent or "Tenant Root Group",
        }
        details = {"displayName": name, "tenantId": TENANT, "details": {"parent": above}}
        yield _row(root + name.replace(" ", "-"), details, "", resourceGroup="")
    for name, group in estate.subscriptions.items():
        chain = [{"displayName": group, "name": group.replace(" ", "-")}] if group else []
        told = {"state": "Enabled", "managementGroupAncestorsChain": chain}
        yield _row(
            ids.subscription(name),
            told,
            "",
            name=name,
            type="microsoft.resources/subscriptions",
            resourceGroup="",
        )


def _vnet_properties(vnet: Vnet, estate: Estate, ids: _Ids) -> Json:
    rid = ids.vnet(vnet.name)
    peerings = []
    for p in estate.peerings:
        if vnet.name not in (p.a, p.b) or (p.half and vnet.name == p.b):
            continue
        far = p.b if vnet.name == p.a else p.a
        near_transits = p.transit and vnet.name == p.a
        peerings.append(
            _peering_half(rid, ids.vnet(far), far, p.state, near_transits, p.transit and not near_transits)
        )
    if vnet.name in estate.dangling:
        far_id = ids.of(
            "Microsoft.Network/virtualNetworks", f"vnet-partner-{len(vnet.name) % 3}", "elsewhere"
        )
        peerings.append(_peering_half(rid, far_id, "partner", "connected", False, False))
    subnets = [
        {
            "name": s.name,
            "id": f"{rid}/subnets/{s.name}",
            "properties": _subnet_properties(vnet, s, ids),
            "type": "Microsoft.Network/virtualNetworks/subnets",
        }
        for s in vnet.subnets
    ]
    return {
        "addressSpace": {"addressPrefixes": [vnet.address]},
        "subnets": subnets,
        "virtualNetworkPeerings": peerings,
        "enableDdosProtection": False,
    }


def _peering_half(near: str, far_id: str, far: str, state: str, gives: bool, takes: bool) -> Json:
    told = {
        "peeringState": state.capitalize(),
        "peeringSyncLevel": "FullyInSync",
        "remoteVirtualNetwork": {"id": far_id},
        "allowVirtualNetworkAccess": True,
        "allowForwardedTraffic": True,
        "allowGatewayTransit": gives,
        "useRemoteGateways": takes,
        "remoteAddressSpace": {"addressPrefixes": ["10.250.0.0/16"]},
    }
    name = f"peer-{far}"
    return {
        "name": name,
        "id": f"{near}/virtualNetworkPeerings/{name}",
        "properties": told,
        "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
    }


def _subnet_properties(vnet: Vnet, subnet: Subnet, ids: _Ids) -> Json:
    named = (
        ("networkSecurityGroup", "networkSecurityGroups", subnet.nsg),
        ("routeTable", "routeTables", subnet.route_table),
        ("natGateway", "natGateways", subnet.nat_gateway),
    )
    told: Json = {
        "addressPrefix": subnet.address,
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
    }
    for key, kind, name in named:
        if name:
            told[key] = {"id": ids.of(f"Microsoft.Network/{kind}", name, vnet.subscription)}
    return told


def _subnet_rows(vnet: Vnet, subnet: Subnet, ids: _Ids) -> Iterator[Json]:
    told = _subnet_properties(vnet, subnet, ids)
    rid = f"{ids.vnet(vnet.name)}/subnets/{subnet.name}"
    for key, list_key in (
        ("networkSecurityGroup", "securityRules"),
        ("routeTable", "routes"),
        ("natGateway", "zones"),
    ):
        if key in told:
            yield _row(told[key]["id"], {list_key: [], "subnets": [{"id": rid}]}, vnet.region)
    for resource in subnet.resources:
        for number in range(resource.count):
            name = resource.name if resource.count == 1 else f"{resource.name}-{number}"
            yield from _resource_rows(vnet, rid, replace(resource, name=name), ids)


def _resource_rows(vnet: Vnet, subnet: str, resource: Resource, ids: _Ids) -> Iterator[Json]:
    rid = ids.of(_TYPES[resource.word][0], resource.name, vnet.subscription)
    here = {"subnet": {"id": subnet}}
    configurations = [{"name": "default", "id": f"{rid}/ipConfigurations/default", "properties": here}]
    match resource.word:
        case "vm" | "nva":
            nic = ids.of("Microsoft.Network/networkInterfaces", f"nic-{resource.name}", vnet.subscription)
            yield _row(rid, {"networkProfile": {"networkInterfaces": [{"id": nic}]}}, vnet.region)
            forwards = resource.word == "nva"
            yield _row(
                nic,
                {
                    "ipConfigurations": configurations,
                    "virtualMachine": {"id": rid},
                    "enableIPForwarding": forwards,
                },
                vnet.region,
            )
        case "vmss":
            nics = [{"name": "nic", "properties": {"ipConfigurations": configurations}}]
            profile = {"networkProfile": {"networkInterfaceConfigurations": nics}}
            yield _row(
                rid,
                {"virtualMachineProfile": profile},
                vnet.region,
                sku={"name": "Standard_D2s_v5", "capacity": 2},
            )
        case "aks":
            yield _row(rid, {"agentPoolProfiles": [{"name": "pool", "vnetSubnetID": subnet}]}, vnet.region)
        case "load_balancer":
            yield _row(
                rid, {"frontendIPConfigurations": configurations, "backendAddressPools": []}, vnet.region
            )
        case "private_endpoint":
            target = ids.service(resource.to)
            connection = {"privateLinkServiceId": target, "groupIds": ["default"]}
            yield _row(
                rid,
                {**here, "privateLinkServiceConnections": [{"name": "c", "properties": connection}]},
                vnet.region,
            )
        case "sql_managed_instance":
            yield _row(rid, {"subnetId": subnet}, vnet.region)
        case "application_gateway":
            yield _row(
                rid, {"gatewayIPConfigurations": configurations, "sku": {"tier": "WAF_v2"}}, vnet.region
            )
        case "vpn_gateway" | "expressroute_gateway":
            kind = "Vpn" if resource.word == "vpn_gateway" else "ExpressRoute"
            yield _row(rid, {"gatewayType": kind, "ipConfigurations": configurations}, vnet.region)
        case "route_server":
            configuration = f"{rid}/ipConfigurations/default"
            yield _row(
                rid,
                {"sku": "Standard", "ipConfigurations": [{"id": configuration}]},
                vnet.region,
                kind="RouteServer",
            )
            yield _row(configuration, here, vnet.region)
        case _:
            yield _row(rid, {"ipConfigurations": configurations}, vnet.region)


def _wan_rows(estate: Estate, ids: _Ids) -> Iterator[Json]:
    home = next(iter(estate.subscriptions), "")
    wan = ids.of("Microsoft.Network/virtualWans", "wan-global", home)
    for number, (name, vnets) in enumerate(estate.hubs.items()):
        hub = ids.of("Microsoft.Network/virtualHubs", name, home)
        yield _row(wan, {"type": "Standard"}, "westeurope")
        gateway = ids.of("Microsoft.Network/vpnGateways", f"vpng-{name}", home)
        told: Json = {
            "addressPrefix": f"172.16.{number}.0/24",
            "sku": "Standard",
            "virtualWan": {"id": wan},
            "vpnGateway": {"id": gateway},
        }
        yield _row(gateway, {"virtualHub": {"id": hub}}, "westeurope")
        if number % 2 == 0:
            firewall = ids.of("Microsoft.Network/azureFirewalls", f"afw-{name}", home)
            told["azureFirewall"] = {"id": firewall}
            yield _row(firewall, {"virtualHub": {"id": hub}, "sku": {"name": "AZFW_Hub"}}, "westeurope")
        yield _row(hub, told, "westeurope")
        for vnet in vnets:
            yield _row(
                f"{hub}/hubVirtualNetworkConnections/to-{vnet}",
                {"remoteVirtualNetwork": {"id": ids.vnet(vnet)}},
            )


def _manager_rows(estate: Estate, ids: _Ids) -> Iterator[Json]:
    home = next(iter(estate.subscriptions), "")
    manager = ids.of("Microsoft.Network/networkManagers", "avnm", home)
    for name, members in estate.groups.items():
        yield _row(
            manager,
            {"networkManagerScopes": {"subscriptions": [ids.subscription(s) for s in estate.subscriptions]}},
        )
        yield _row(f"{manager}/networkGroups/{name}", {"memberType": "VirtualNetwork"})
        for number, member in enumerate(members):
            yield _row(
                f"{manager}/networkGroups/{name}/staticMembers/m{number}", {"resourceId": ids.vnet(member)}
            )


def _connection_rows(estate: Estate, ids: _Ids) -> Iterator[Json]:
    home = next(iter(estate.subscriptions), "")
    for number, (site, (to, kind)) in enumerate(estate.sites.items()):
        slug = site.replace(" ", "-").lower()
        if to in estate.hubs:
            far = ids.of("Microsoft.Network/vpnSites", slug, home)
            gateway = ids.of("Microsoft.Network/vpnGateways", f"vpng-{to}", home)
            yield _row(far, {"addressSpace": {"addressPrefixes": [f"192.168.{number}.0/24"]}})
            yield _row(
                f"{gateway}/vpnConnections/{slug}",
                {"remoteVpnSite": {"id": far}, "connectionStatus": "Connected"},
            )
            continue
        vnet = next(v for v in estate.vnets if any(r.name == to for s in v.subnets for r in s.resources))
        near = ids.of("Microsoft.Network/virtualNetworkGateways", to, vnet.subscription)
        told: Json = {
            "connectionType": "IPsec" if kind == "vpn" else "ExpressRoute",
            "virtualNetworkGateway1": {"id": near},
        }
        if kind == "vpn":
            far = ids.of("Microsoft.Network/localNetworkGateways", f"lgw-{slug}", home)
            told["localNetworkGateway2"] = {"id": far}
            yield _row(far, {"localNetworkAddressSpace": {"addressPrefixes": [f"192.168.{number}.0/24"]}})
        else:
            far = ids.of("Microsoft.Network/expressRouteCircuits", f"erc-{slug}", home)
            told["peer"] = {"id": far}
            yield _row(far, {"serviceProviderProperties": {"serviceProviderName": "Equinix"}})
        yield _row(
            ids.of("Microsoft.Network/connections", f"cn-{slug}", vnet.subscription), told, vnet.region
        )


def write_estate(estate: Estate, folder: Path, stem: str) -> tuple[Path, Path]:
    """Writes both forms; returns their paths, spec first."""
    folder.mkdir(parents=True, exist_ok=True)
    spec, export = folder / f"{stem}.yaml", folder / f"{stem}.json"
    spec.write_text(yaml.safe_dump(as_spec(estate), sort_keys=False, allow_unicode=True, width=110), "utf-8")
    rows = as_rows(estate)
    answer = {"count": len(rows), "data": rows, "skip_token": None, "total_records": len(rows)}
    export.write_text(json.dumps(answer, ensure_ascii=False, indent=1), "utf-8")
    return spec, export


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1, help="how many estates, of seeds in a row")
    parser.add_argument("--vnets", type=int, help="1 to 60; by lot when not given")
    parser.add_argument("--peering", choices=PEERINGS)
    parser.add_argument("--names", choices=NAMES)
    numbers = [f.name for f in fields(Recipe) if f.name not in ("seed", "vnets", "peering", "names")]
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER", help=f"of {', '.join(numbers)}"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to write into")
    a = parser.parse_args()
    fixed: Json = {name: value for name in ("peering", "names") if (value := getattr(a, name))}
    for wish in a.set:
        name, _, value = wish.partition("=")
        if name not in numbers:
            parser.error(f"--set {wish}: no such number; known are {', '.join(numbers)}")
        fixed[name] = float(value) if name == "broken" else int(value)
    for seed in range(a.seed, a.seed + a.count):
        vnets = a.vnets or random.Random(f"size {seed}").choice(
            (1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 13, 17, 24, 36, 60)
        )
        recipe = replace(draw_recipe(seed, vnets), **fixed)
        write_estate(make_estate(recipe), a.output, f"estate-{seed:04}-{vnets:02}v")
    return 0


if __name__ == "__main__":
    sys.exit(main())
