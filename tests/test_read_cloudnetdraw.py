"""cloudnetdraw's topology: what it keeps is drawn, what it loses is unknown."""

from __future__ import annotations

from typing import Any

import pytest
from read_samples import GROUP, HUB, SPOKE, SUBSCRIPTION, by_id, read, rest_vnet

from diagramgen.pipeline import analyse_topology, build_topology
from diagramgen.read.unknown import is_unknown

ALONE = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-alone"


def network(shown_id: str, address: str, *peers: str, **more: Any) -> dict[str, Any]:
    """A VNet as cloudnetdraw writes it."""
    return {
        "name": shown_id.rsplit("/", 1)[1],
        "address_space": address,
        "subnets": [{"name": "default", "address": address, "nsg": "Yes", "udr": "No"}],
        "resource_id": shown_id,
        "tenant_id": "t",
        "subscription_id": SUBSCRIPTION,
        "subscription_name": "Production",
        "resourcegroup_id": GROUP,
        "resourcegroup_name": "rg-net",
        "expressroute": "Yes",
        "vpn_gateway": "Yes",
        "firewall": "Yes",
        "peering_resource_ids": list(peers),
        "peerings_count": len(peers),
        **more,
    }


def topology() -> dict[str, Any]:
    return {
        "vnets": [
            network(HUB, "10.0.0.0/16", SPOKE),
            network(SPOKE, "10.1.0.0/16", HUB),
            network(
                ALONE, "10.2.0.0/16", subnets=[{"name": "a", "address": "N/A", "nsg": "No", "udr": "Yes"}]
            ),
        ]
    }


def test_what_it_keeps_is_read() -> None:
    reading = read(topology())
    estate = build_topology(reading)
    assert [(p.a, p.b) for p in estate.peerings] == [(HUB.lower(), SPOKE.lower())]
    assert estate.resources[f"/subscriptions/{SUBSCRIPTION}"].label == "Production"
    assert set(estate.nsg_of) == {f"{HUB}/subnets/default".lower(), f"{SPOKE}/subnets/default".lower()}
    assert set(estate.route_table_of) == {f"{ALONE}/subnets/a".lower()}
    assert not [r for r in estate.resources.values() if "gateway" in r.type or "firewall" in r.type]
    assert [d.code for d in reading.diagnostics] == ["incomplete-export"]


def test_what_it_loses_is_unknown() -> None:
    found = by_id(read(topology()))
    prefixes = found[HUB.lower()].properties["addressSpace"]["addressPrefixes"]
    assert prefixes[0] == "10.0.0.0/16"
    assert is_unknown(prefixes[1])
    assert found[f"{ALONE}/subnets/a".lower()].properties["addressPrefixes"] == ["{more}"]
    estate = build_topology(read(topology()))
    assert estate.peerings[0].state == "unknown"


def test_nothing_is_concluded_from_what_it_loses() -> None:
    boundaries = analyse_topology(build_topology(read(topology()))).boundaries("vnet")
    status = {(b.a, b.b): b.status for b in boundaries}
    assert status[HUB.lower(), SPOKE.lower()] == "unknown"
    assert "gap" not in status.values()


def test_an_export_beside_it_counts() -> None:
    found = by_id(read(topology(), rest_vnet()))
    web = f"{HUB}/subnets/web".lower()
    assert found[HUB.lower()].properties["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert found[web].properties["addressPrefix"] == "10.0.1.0/24"


def test_a_virtual_hub_is_a_hub() -> None:
    hub = f"{GROUP}/providers/Microsoft.Network/virtualHubs/hub1"
    one = network(hub, "10.9.0.0/23", type="virtual_hub", subnets=[])
    record = by_id(read({"vnets": [one]}))[hub.lower()]
    assert record.type == "microsoft.network/virtualhubs"
    assert record.properties["addressPrefix"] == "10.9.0.0/23"
    assert is_unknown(record.properties["virtualNetworkConnections"])


def test_an_old_topology_names_its_peers() -> None:
    def old(name: str, *peers: str) -> dict[str, Any]:
        subnets = [{"name": "s", "address": "10.0.0.0/24", "nsg": "No", "udr": "No"}]
        own = {"name": name, "address_space": "10.0.0.0/16", "subnets": subnets, "peerings": list(peers)}
        return own | {"subscription_name": "HUB", "expressroute": "No", "peerings_count": len(peers)}

    estate = build_topology(read({"hub": old("hub", "app", "gone"), "spokes": [old("app", "hub")]}))
    names = {rid: resource.name for rid, resource in estate.resources.items()}
    assert sorted(tuple(sorted((names[p.a], names[p.b]))) for p in estate.peerings) == [
        ("app", "hub"),
        ("gone", "hub"),
    ]


def test_several_topologies_by_name_are_all_read() -> None:
    vnet = {
        "id": HUB,
        "name": "vnet-hub",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "default", "addressPrefix": "10.0.1.0/24"}],
        "peerings": [
            {
                "name": "to",
                "remoteVirtualNetwork": {"id": SPOKE},
                "peeringState": "Connected",
                "useRemoteGateways": True,
            }
        ],
    }
    other = {**vnet, "id": SPOKE, "name": "vnet-spoke", "peerings": []}
    found = by_id(
        read({"one": {"vnets": [vnet]}, "more": {"two": {"vnets": [other]}, "empty": {"vnets": []}}})
    )
    assert {HUB.lower(), SPOKE.lower()} <= found.keys()
    half = found[f"{HUB}/virtualNetworkPeerings/to".lower()].properties
    assert half == {
        "remoteVirtualNetwork": {"id": SPOKE},
        "peeringState": "Connected",
        "useRemoteGateways": True,
    }
    assert is_unknown(found[f"{HUB}/subnets/default".lower()].properties["networkSecurityGroup"])


@pytest.mark.parametrize("broken", [None, 7, "x", [], {}, [None], {"name": None}, [{"name": 1}]])
@pytest.mark.parametrize("field", ["name", "address_space", "subnets", "resource_id", "peering_resource_ids"])
def test_broken_networks_never_crash(field: str, broken: Any) -> None:
    document = topology()
    document["vnets"].append(network(ALONE + "2", "10.3.0.0/16", HUB) | {field: broken})
    document["vnets"].append(broken)
    read(document)


def test_a_gateway_subnet_may_join_its_network_to_others() -> None:
    gateways = [{"name": "GatewaySubnet", "address": "10.0.0.0/27", "nsg": "No", "udr": "No"}]
    first = network(HUB, "10.0.0.0/16", SPOKE, subnets=gateways)
    second = network(f"{HUB}2", "10.4.0.0/16", subnets=gateways)
    document = {"vnets": [first, second, network(SPOKE, "10.1.0.0/16", HUB), network(ALONE, "10.2.0.0/16")]}
    analysis = analyse_topology(build_topology(read(document)))
    status = {tuple(sorted((b.a, b.b))): b.status for b in analysis.boundaries()}
    hub, other, spoke, alone = (rid.lower() for rid in (HUB, f"{HUB}2", SPOKE, ALONE))
    assert status[hub, other] == status[other, spoke] == "unknown"
    assert status[alone, hub] == status[alone, spoke] == "no-path"
    assert status[hub, "internet"] == "unknown"


def test_no_nsg_is_claimed_where_it_is_not_told() -> None:
    vnet = {
        "id": HUB,
        "name": "vnet-hub",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "GatewaySubnet", "addressPrefix": "10.0.1.0/24"}],
        "peerings": [],
    }
    estate = build_topology(read({"one": {"vnets": [vnet]}}))
    assert [f for f in analyse_topology(estate).findings() if f.id == "ZT-37"] == []
