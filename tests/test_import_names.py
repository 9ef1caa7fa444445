"""The names in an imported spec: Azure's own where they are unique, else with what tells things apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from import_portrait import faults

from diagramgen.pipeline import Reading, Source, build_topology, read_records, write_spec

Json = dict[str, Any]
ODD = (
    "no",
    "1.10",
    "a: b",
    "Ünïcode 日本",
    "x -> y",
    "a, b",
    "from here",
    "10.0.0.0",
    "internet",
    "- x",
    "#1",
    "'q'",
)


def rid(kind: str, name: str, group: str = "rg", subscription: str = "1") -> str:
    head = f"/subscriptions/{subscription}0000000-0000-4000-8000-000000000000/resourceGroups/{group}"
    return f"{head}/providers/Microsoft.Network/{kind}/{name}"


def vnet(name: str, prefix: str, nsg: str, **where: str) -> Json:
    subnet = {"addressPrefix": f"{prefix}.1.0/24", "networkSecurityGroup": {"id": nsg}}
    return {
        "id": rid("virtualNetworks", name, **where), "type": "microsoft.network/virtualnetworks", "name": name,
        "location": "westeurope",
        "properties": {"addressSpace": {"addressPrefixes": [f"{prefix}.0.0/16"]},
                       "subnets": [{"name": "web", "properties": subnet}]},
    }  # fmt: skip


def nsg(name: str, *rules: str, **where: str) -> Json:
    told = {
        "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*",
        "sourceAddressPrefix": "10.1.1.0/24", "destinationAddressPrefix": "*", "destinationPortRange": "443",
    }  # fmt: skip
    listed = [{"name": rule, "properties": {**told, "priority": 100 + n}} for n, rule in enumerate(rules)]
    return {
        "id": rid("networkSecurityGroups", name, **where), "type": "microsoft.network/networksecuritygroups",
        "name": name, "location": "westeurope", "properties": {"securityRules": listed},
    }  # fmt: skip


def reading(*resources: Json) -> Reading:
    return read_records([Source("estate.json", json.dumps({"data": list(resources)}).encode())])


def imported(*resources: Json) -> str:
    found = reading(*resources)
    assert faults(found) == []
    return write_spec(build_topology(found), found)


def test_two_things_of_one_name_are_told_apart_by_their_resource_groups() -> None:
    text = imported(
        nsg("web", "allow", group="rg-1"), nsg("web", "allow", group="rg-2"),
        vnet("one", "10.1", rid("networkSecurityGroups", "web", "rg-1")),
        vnet("two", "10.2", rid("networkSecurityGroups", "web", "rg-2")),
    )  # fmt: skip
    assert "nsg: web (rg-1)" in text and "nsg: web (rg-2)" in text
    assert "  web (rg-1):\n    name: web\n" in text


def test_two_things_of_one_name_and_group_are_told_apart_by_their_subscriptions() -> None:
    text = imported(
        nsg("web", "allow", subscription="1"), nsg("web", "allow", subscription="2"),
        vnet("one", "10.1", rid("networkSecurityGroups", "web"), subscription="1"),
        vnet("two", "10.2", rid("networkSecurityGroups", "web", subscription="2"), subscription="2"),
    )  # fmt: skip
    assert "nsg: web (Subscription 10000000)" in text and "nsg: web (Subscription 20000000)" in text


def test_things_of_one_name_in_different_places_are_called_by_their_paths() -> None:
    text = imported(
        nsg("open", "allow"), vnet("one", "10.1", rid("networkSecurityGroups", "open")),
        vnet("two", "10.2", rid("networkSecurityGroups", "open")),
    )  # fmt: skip
    assert "allow: 100 allow inbound tcp/443 from one/web to any" in text


def test_a_prefix_that_two_subnets_have_stays_a_prefix() -> None:
    text = imported(nsg("open", "allow"), vnet("one", "10.1", ""), vnet("two", "10.1", ""))
    assert "allow: 100 allow inbound tcp/443 from 10.1.1.0/24 to any" in text


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_stays_right(name: str) -> None:
    text = imported(
        nsg(name, name, "a/b", "A/B "),
        vnet(name, "10.1", rid("networkSecurityGroups", name)),
        vnet("two", "10.2", ""),
    )
    assert text


def test_the_order_of_the_input_means_nothing() -> None:
    things = [
        nsg("a", "x"),
        nsg("b", "y", group="rg-2"),
        nsg("b", "z"),
        vnet("one", "10.1", rid("networkSecurityGroups", "a")),
    ]
    assert imported(*things) == imported(*reversed(things))
