"""`trace` as a command: what it says of a packet, how it ends, and what its drawing shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import diagramgen

SPEC = """\
vnets:
  Shop:
    address: 10.0.0.0/16
    subnets:
      Web: {address: 10.0.1.0/24, nsg: N, resources: {VM: vm}}
      Data: {address: 10.0.2.0/24, resources: {Orders: vm}}
nsgs:
  N: {rules: [100 allow inbound tcp/443 from Data to Web, 4096 deny inbound any from any to any]}
"""
VNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v"
EXPORT = [
    {
        "id": VNET,
        "type": "Microsoft.Network/virtualNetworks",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [
                {"name": "a", "properties": {"addressPrefix": "10.0.1.0/24"}},
                {
                    "name": "b",
                    "properties": {
                        "addressPrefix": "10.0.2.0/24",
                        "networkSecurityGroup": {
                            "id": VNET.replace("virtualNetworks/v", "networkSecurityGroups/n")
                        },
                    },
                },
            ],
        },
    }
]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(SPEC)
    return file


def test_the_exit_code_tells_whether_the_packet_gets_through(spec: Path) -> None:
    ends = ("trace", spec, "--from", "Data", "--to", "Web")
    passing = diagramgen(*ends, "--port", "443", folder=spec.parent)
    dropped = diagramgen(*ends, "--port", "22", folder=spec.parent)
    assert (passing.code, dropped.code) == (0, 1)
    assert passing.out.startswith(b"ALLOWED: tcp/443 from Data (10.0.2.4) to Web (10.0.1.4)\n")
    assert b"  decided by subnet:4096\n" in dropped.out


def test_what_is_not_known_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(json.dumps(EXPORT))
    done = diagramgen("trace", "e.json", "--from", "a", "--to", "b", "--port", "443", folder=tmp_path)
    assert done.code == 1
    assert b"  decided by subnet:??\n  the rules of an NSG are not in the input\n" in done.out


def test_both_ends_stand_out_though_the_packet_does_not_arrive(spec: Path) -> None:
    ends = ("--from", "internet", "--to", "Web", "--port", "443")
    assert diagramgen("trace", spec, *ends, "-o", "way.json", folder=spec.parent).code == 1
    boxes = json.loads((spec.parent / "way.json").read_text())["boxes"]
    faded = {box["name"]: box.get("faded", False) for box in boxes}
    assert (faded["Web"], faded["Data"]) == (False, True)
