"""The inventory tells all that was read and all that is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command import ROOT, diagramgen

HEAD = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers"
NET = f"{HEAD}/Microsoft.Network"


def inventory(folder: Path, *documents: Any) -> dict[str, Any]:
    for number, document in enumerate(documents):
        (folder / f"{number}.json").write_text(json.dumps(document))
    told: dict[str, Any] = json.loads(diagramgen("inventory", ".", "--format", "json", folder=folder).out)
    return told


def vnet(**properties: Any) -> dict[str, Any]:
    return {"id": f"{NET}/virtualNetworks/hub", "name": "hub", "type": "Microsoft.Network/virtualNetworks",
            "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, **properties}}  # fmt: skip


def test_counts_formats_and_types_not_understood_are_told(tmp_path: Path) -> None:
    odd = {
        "id": f"{HEAD}/Contoso.Odd/things/x",
        "name": "x",
        "type": "Contoso.Odd/things",
        "properties": {"a": 1},
    }
    told = inventory(tmp_path, {"value": [vnet(), odd]})
    assert told["files"] == {"0.json": "ARM REST list"}
    assert told["held"] == {"0.json": 2}
    assert told["counts"]["microsoft.network/virtualnetworks"] == 1
    assert told["not_understood"] == {"contoso.odd/things": 1}


def test_references_out_of_the_input_are_told_with_who_refers(tmp_path: Path) -> None:
    subnet = {
        "name": "web",
        "properties": {
            "addressPrefix": "10.0.0.0/24",
            "networkSecurityGroup": {"id": f"{NET}/networkSecurityGroups/missing"},
        },
    }
    told = inventory(tmp_path, {"value": [vnet(subnets=[subnet])]})
    outside = {each["id"].rsplit("/", 1)[-1]: each["by"] for each in told["outside"]}
    assert [rid.rsplit("/", 1)[-1] for rid in outside["missing"]] == ["web"]


def test_parts_of_what_is_there_are_not_missing(tmp_path: Path) -> None:
    nic = {"id": f"{NET}/networkInterfaces/nic", "name": "nic", "type": "Microsoft.Network/networkInterfaces",
           "properties": {"ipConfigurations": []}}  # fmt: skip
    subnet = {"name": "web", "properties": {"addressPrefix": "10.0.0.0/24", "ipConfigurations": [
        {"id": f"{NET}/networkInterfaces/nic/ipConfigurations/one"}]}}  # fmt: skip
    told = inventory(tmp_path, {"value": [vnet(subnets=[subnet]), nic]})
    assert not [each for each in told["outside"] if "networkinterfaces" in each["id"]]


def test_missing_pages_are_told(tmp_path: Path) -> None:
    told = inventory(tmp_path, {"count": 1, "total_records": 7, "data": [vnet()], "skip_token": "x"})
    assert "1 of 7" in told["incomplete"][0]


def test_the_text_names_everything_a_person_wants_to_know(tmp_path: Path) -> None:
    done = diagramgen("inventory", ROOT / "examples" / "contoso-estate.json", folder=tmp_path)
    text = done.out.decode()
    assert done.code == 0
    assert "1 file read" in text and "4 VNet (microsoft.network/virtualnetworks)" in text
    assert "Referred to, and not in the input" in text


def test_strict_turns_warnings_into_an_error_and_draws_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"count": 1, "total_records": 7, "data": [vnet()], "skip_token": "x"})
    )
    assert diagramgen("render", "a.json", "-o", "a.svg", folder=tmp_path).code == 0
    done = diagramgen("render", "a.json", "-o", "b.svg", "--strict", folder=tmp_path)
    assert done.code == 2 and "`--strict`" in done.err
    assert not (tmp_path / "b.svg").exists()


def test_braces_of_a_script_are_no_values_that_are_missing(tmp_path: Path) -> None:
    script = {"comment": "if ($a) {\n  say {b}\n}", "dhcpOptions": {"dnsServers": ["{dnsServer}"]}}
    assert inventory(tmp_path, {"value": [vnet(**script)]})["unknown_values"] == {"{dnsServer}": 1}


def test_parts_that_count_for_their_owner_are_understood(tmp_path: Path) -> None:
    balancer = {
        "id": f"{NET}/loadBalancers/lb",
        "type": "Microsoft.Network/loadBalancers",
        "properties": {"x": 1},
    }
    rules = [{"id": f"{NET}/loadBalancers/{owner}/inboundNatRules/ssh", "properties": {"frontendPort": 22},
              "type": "Microsoft.Network/loadBalancers/inboundNatRules"} for owner in ("lb", "elsewhere")]  # fmt: skip
    told = inventory(tmp_path, {"value": [vnet(), balancer, *rules]})
    assert told["not_understood"] == {"microsoft.network/loadbalancers/inboundnatrules": 1}
